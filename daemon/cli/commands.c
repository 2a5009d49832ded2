#include <stddef.h>

#include "daemon/cli/cli.h"

/* In the order in which `ccfed --help` shows them. */
const struct command *const cli_commands[] = {
	cli_child_commands,    cli_case_commands,
	cli_need_commands,     cli_org_commands,
	cli_refer_commands,    cli_audit_commands,
#ifdef CLI_IMPORT
	cli_import_commands,
#endif
#ifdef CLI_NODE
	cli_node_commands,
#endif
	cli_fact_commands,
#ifdef CLI_RELEASE
	cli_release_commands,
#endif
	cli_ledger_commands,
#ifdef CLI_HUB
	cli_hub_commands,
#endif
#ifdef CLI_MEASURE
	cli_measure_commands,
#endif
#ifdef CLI_STATUS
	cli_status_commands,
#endif
	cli_simulate_commands, NULL,
};
