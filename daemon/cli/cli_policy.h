/* cli_policy: `ccfed hub policy`, the network's rules on the command line. */
#ifndef CCFED_CLI_POLICY_H
#define CCFED_CLI_POLICY_H

#include "daemon/cli/cli.h"
#include "proto/policy.h"

extern const struct cli_opt cli_policy_opts[];
/* show [NUMBER] or set. */
int cli_policy_run(struct cli *c);
/* Into *@out the code of --withdrawal, if it is given. */
int cli_policy_withdrawal(struct cli *c, enum policy_withdrawal *out);

#endif
