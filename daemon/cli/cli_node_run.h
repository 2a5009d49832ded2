/* cli_node_run: a node's daemon: one loop, a timer, signals. */
#ifndef CCFED_CLI_NODE_RUN_H
#define CCFED_CLI_NODE_RUN_H

struct node;

/* Until SIGINT or SIGTERM. E_STATE if one runs in this directory already. */
int cli_node_run(struct node *n);

#endif
