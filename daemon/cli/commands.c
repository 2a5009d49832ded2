#include <stddef.h>

#include "daemon/cli/cli.h"

/* In the order in which `ccfed --help` shows them. */
const struct command *const cli_commands[] = {
	cli_child_commands,	  cli_family_commands,
	cli_caregiver_commands,	  cli_custody_commands,
	cli_reach_commands,	  cli_coverage_commands,
	cli_benefit_commands,	  cli_practice_commands,
	cli_consent_commands,	  cli_attachment_commands,
	cli_merge_commands,	  cli_case_commands,
	cli_coordinator_commands, cli_need_commands,
	cli_screen_commands,	  cli_level_commands,
	cli_org_commands,	  cli_refer_commands,
	cli_service_commands,	  cli_plan_commands,
	cli_contact_commands,	  cli_ed_commands,
	cli_transition_commands,  cli_survey_commands,
	cli_collab_commands,	  cli_staff_commands,
	cli_assign_commands,	  cli_cover_commands,
	cli_audit_commands,	  cli_import_commands,
	cli_export_commands,	  cli_node_commands,
	cli_fact_commands,	  cli_release_commands,
	cli_accounts_commands,	  cli_ledger_commands,
	cli_hub_commands,	  cli_measure_commands,
	cli_account_commands,	  cli_status_commands,
	cli_simulate_commands,	  NULL,
};
