/* hub_schema: the numbered migrations of the hub's database (hub.db), one SQL
 * file each, embedded at build time. */
#ifndef CCFED_HUB_SCHEMA_H
#define CCFED_HUB_SCHEMA_H

enum { HUB_APP_ID = 0x63636668 }; /* "ccfh" */
extern const char *const hub_schema[];
extern const int hub_schema_count;

#endif
