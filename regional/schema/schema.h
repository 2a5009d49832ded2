/* schema: the numbered migrations of a node's database (node.db), one SQL file
 * each, embedded at build time. The one home of its tables and views. */
#ifndef CCFED_NODE_SCHEMA_H
#define CCFED_NODE_SCHEMA_H

enum { NODE_APP_ID = 0x6363666e }; /* "ccfn" */
extern const char *const node_schema[];
extern const int node_schema_count;

#endif
