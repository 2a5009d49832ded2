/* cli_status: `ccfed status`: how the node or the hub in DIR is. */
#ifndef CCFED_CLI_STATUS_H
#define CCFED_CLI_STATUS_H

struct cli;

int cli_status_node(struct cli *c);
int cli_status_hub(struct cli *c);

#endif
