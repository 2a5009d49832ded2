#include "tests/unit/cli_fix.h"

static void family(struct fix *f)
{
	runs(f, "child", "add", "--given", "Pebble", "--birth", "2020-01-15");
	runs(f, "case", "open", "1", "--on", "2026-01-10");
}

static void screening_goes_its_way(void **state)
{
	struct fix *f = *state;

	family(f);
	runs(f, "screen", "add", "1", "HVS", "--answers", "1=often,2=never",
	     "--on", "2026-02-14");
	assert_string_equal(f->out, "Screening 1 added\n");
	runs(f, "screen", "results", "1", "--format", "csv");
	assert_string_equal(f->out,
			    "domain,score,cutoff,zone,result,class,by,need,"
			    "notice\n"
			    "food,1,,,at-risk,positive,rule,food,"
			    "Synthetic data\n");
	runs(f, "screen", "answers", "1", "--format", "csv");
	prints(f, "1,often,Synthetic data\n2,never,Synthetic data\n");
	runs(f, "screen", "show", "1");
	prints(f, "Instrument   HVS (1)\n");
	prints(f, "Months old   72\n");
	runs(f, "screen", "propose", "1", "--format", "csv");
	prints(f, "food,food,,,Synthetic data\n");
	runs(f, "screen", "propose", "1", "--take");
	assert_string_equal(f->out, "1 need added from screening 1\n");
	runs(f, "need", "show", "1");
	prints(f, "Found by  screening\n");
	runs(f, "screen", "propose", "1", "--format", "csv");
	prints(f, "food,food,1,1,Synthetic data\n");
	runs(f, "screen", "list", "1", "--format", "json");
	prints(f, "\"instrument\":\"HVS (1)\"");
	runs(f, "screen", "error", "1");
	runs(f, "screen", "list");
	prints(f, "No screening is recorded.");
	runs(f, "audit", "verify");
}

/* The numbers of the site's file are made up. */
static void cutoffs_come_with_entry_or_from_the_site(void **state)
{
	const char *text = "[ASQ-3 24]\ngross-motor = 25.5, 38\n";
	struct fix *f = *state;

	runs(f, "child", "add", "--given", "Pebble", "--birth", "2024-01-15");
	assert_int_equal(run(f, "screen", "add", "1", "ASQ-3", "--form", "24",
			     "--scores", "gross-motor=30", "--on",
			     "2026-01-20"),
			 CLI_FAILED);
	complains(f, "cut-off of gross-motor comes with the licensed form");
	runs(f, "screen", "add", "1", "ASQ-3", "--form", "24", "--scores",
	     "gross-motor=30", "--cutoffs", "gross-motor=31.25/40", "--on",
	     "2026-01-20");
	runs(f, "screen", "results", "1", "--format", "csv");
	prints(f, "gross-motor,30,31.25,40,refer,positive,rule,developmental");
	check_ok(disk_write(disk_system(),
			    scratch_path(getenv("CCFED_DIR"), "cutoffs.conf"),
			    text, strlen(text), 0600));
	runs(f, "screen", "add", "1", "ASQ-3", "--form", "24", "--scores",
	     "gross-motor=30", "--results", "fine-motor=typical", "--on",
	     "2026-01-20");
	runs(f, "screen", "results", "2", "--format", "csv");
	prints(f,
	       "gross-motor,30,25.5,38,monitor,watch,rule,,Synthetic data\n");
	prints(f, "fine-motor,,,,typical,clear,entry,,Synthetic data\n");
}

static void instruments_are_listed_with_their_source(void **state)
{
	struct fix *f = *state;

	runs(f, "screen", "instruments");
	prints(f, "M-CHAT-RF");
	prints(f, "88121-9");
	runs(f, "screen", "instruments", "M-CHAT-RF");
	prints(f, "low 0, follow-up 3, refer 8");
	prints(f, "cdc.gov");
	runs(f, "screen", "instruments", "PEDS");
	prints(f, "unresolved");
	assert_int_equal(run(f, "screen", "instruments", "IQ"), CLI_FAILED);
	complains(f, "There is no instrument \"IQ\"");
}

static void wrong_lists_are_wrong_use(void **state)
{
	struct fix *f = *state;

	family(f);
	assert_int_equal(run(f, "screen", "add", "1", "HVS", "--answers", "1"),
			 CLI_USAGE);
	complains(f, "a list like NAME=VALUE, not \"1\"");
	assert_int_equal(
		run(f, "screen", "add", "1", "HVS", "--answers", "1=often,"),
		CLI_USAGE);
	assert_int_equal(run(f, "screen", "add", "1", "HVS"), CLI_FAILED);
	assert_int_equal(run(f, "staff", "add", "A", "nurse", "--fte", "half"),
			 CLI_USAGE);
	complains(f, "like 0.8 or 1");
	assert_int_equal(run(f, "level", "set", "1", "none", "--social", "4"),
			 CLI_USAGE);
	complains(f, "--social");
}

static void level_and_staff_go_their_way(void **state)
{
	struct fix *f = *state;

	family(f);
	runs(f, "need", "add", "1", "housing", "--source", "family", "--on",
	     "2026-01-11");
	runs(f, "level", "set", "1", "complex", "--method", "PMCA",
	     "--method-version", "3.0", "--on", "2026-01-12");
	assert_string_equal(f->out, "Case 1 is at level IV\n");
	runs(f, "level", "show", "1");
	prints(f, "Contact every, days        14\n");
	runs(f, "level", "list", "1", "--format", "csv");
	prints(f,
	       "1,2026-01-12,IV,complex,PMCA 3.0,yes,2,2,2,,Synthetic data\n");
	runs(f, "staff", "add", "Ann Tester", "nurse", "--on", "2025-01-01");
	runs(f, "staff", "add", "Cat Tester", "coordinator", "--fte", "0.5",
	     "--on", "2025-01-01");
	runs(f, "staff", "fte", "2", "0.75", "--on", "2026-01-01");
	runs(f, "staff", "train", "1", "Registered nurse", "--credential",
	     "--expires", "2026-09-30", "--on", "2024-10-01");
	runs(f, "staff", "training", "--expires-by", "2026-12-31", "--format",
	     "csv");
	prints(f, "1,credential,Registered nurse,2024-10-01,2026-09-30\n");
	runs(f, "assign", "suggest", "1", "--on", "2026-01-13");
	prints(f, "complex chronic disease (PMCA 3.0), social tier 2");
	assert_int_equal(
		run(f, "assign", "set", "1", "2", "--on", "2026-01-13"),
		CLI_FAILED);
	complains(f, "A nurse is suggested");
	runs(f, "assign", "set", "1", "1", "--on", "2026-01-13");
	runs(f, "cover", "add", "1", "2", "--from", "2026-02-01", "--until",
	     "2026-02-10", "--leave", "training");
	runs(f, "staff", "list", "--on", "2026-02-05", "--format", "csv");
	prints(f, "1,Ann Tester,nurse,2025-01-01,,1,1,0\n");
	prints(f, "2,Cat Tester,coordinator,2025-01-01,,0.75,0,1\n");
	runs(f, "cover", "list", "--on", "2026-02-05", "--format", "csv");
	prints(f, "1,1,2,2026-02-01,2026-02-10,training\n");
	runs(f, "cover", "end", "1", "--on", "2026-02-03");
	runs(f, "cover", "list", "--on", "2026-02-05");
	prints(f, "No such cover.");
	runs(f, "assign", "end", "1", "--on", "2026-03-01");
	runs(f, "assign", "list", "1", "--format", "csv");
	prints(f, "1,1,2026-01-13,2026-03-01,nurse,");
	runs(f, "staff", "update", "1", "--role", "supervisor");
	runs(f, "staff", "end", "1", "--on", "2026-03-02");
	runs(f, "staff", "list", "--on", "2026-03-03", "--role", "supervisor");
	prints(f, "No such staff.");
	runs(f, "staff", "show", "1");
	prints(f, "2026-03-02");
	runs(f, "audit", "verify");
	prints(f, "The audit is whole:");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(screening_goes_its_way),
		T(cutoffs_come_with_entry_or_from_the_site),
		T(instruments_are_listed_with_their_source),
		T(wrong_lists_are_wrong_use),
		T(level_and_staff_go_their_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
