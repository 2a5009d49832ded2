/* accounts_schema: the numbered migrations of accounts.db, embedded at build
 * time. */
#ifndef CCFED_ACCOUNTS_SCHEMA_H
#define CCFED_ACCOUNTS_SCHEMA_H

enum { ACCOUNTS_APP_ID = 0x63636661 }; /* "ccfa" */
extern const char *const accounts_schema[];
extern const int accounts_schema_count;

#endif
