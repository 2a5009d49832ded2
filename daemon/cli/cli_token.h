/* cli_token: `hub token`: keys with which programs read the figures. */
#ifndef CCFED_CLI_TOKEN_H
#define CCFED_CLI_TOKEN_H

struct cli;

int cli_token_run(struct cli *c);

#endif
