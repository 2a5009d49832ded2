#include "daemon/cli/cli.h"

#include <stdlib.h>
#include <unistd.h>

#include "daemon/core/clock.h"
#include "daemon/core/disk.h"
#include "daemon/core/rand.h"
#include "proto/catalogue.h"
#include "regional/node.h"
#include "tests/lib/check.h"
#include "tests/lib/scratch.h"

enum { OUTPUT = 64 * 1024 };

/* A node's directory, and what the last command printed. */
struct fix {
	char *dir;
	char out[OUTPUT], err[OUTPUT];
};

static int setup(void **state)
{
	static struct fix f;
	struct seams s = {.clock = clock_system(),
			  .rng = rand_system(),
			  .disk = disk_system()};
	struct node_new how = {.kind = NETWORK_SYNTHETIC, .first_period = -1};
	struct catalogue *cat = NULL;

	memset(&f, 0, sizeof f);
	f.dir = scratch_new();
	setenv("CCFED_SHARE", source_path("proto"), 1);
	setenv("CCFED_DIR", scratch_path(f.dir, "node"), 1);
	check_ok(catalogue_load(&cat, catalogue_share()));
	check_ok(node_init(&s, cat, getenv("CCFED_DIR"), &how));
	catalogue_free(cat);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	scratch_free(f->dir);
	return 0;
}

static void slurp(const char *path, char out[OUTPUT])
{
	FILE *f = fopen(path, "r");
	size_t n;

	assert_non_null(f);
	n = fread(out, 1, OUTPUT - 1, f);
	out[n] = '\0';
	fclose(f);
}

/* Run with stdout and stderr going to files; NULL ends the arguments. */
static int run_argv(struct fix *f, const char *const *argv)
{
	const char *out = scratch_path(f->dir, "out");
	const char *err = scratch_path(f->dir, "err");
	int old_out, old_err, argc = 0, x;

	while (argv[argc])
		argc++;
	fflush(stdout);
	fflush(stderr);
	old_out = dup(STDOUT_FILENO);
	old_err = dup(STDERR_FILENO);
	assert_non_null(freopen(out, "w", stdout));
	assert_non_null(freopen(err, "w", stderr));
	x = cli_main(argc, (char **)argv);
	fflush(stdout);
	fflush(stderr);
	dup2(old_out, STDOUT_FILENO);
	dup2(old_err, STDERR_FILENO);
	close(old_out);
	close(old_err);
	clearerr(stdout);
	slurp(out, f->out);
	slurp(err, f->err);
	return x;
}

#define run(f, ...) run_argv(f, (const char *[]){"ccfed", __VA_ARGS__, NULL})

#define prints(f, part)                                                   \
	do {                                                              \
		if (!strstr((f)->out, part))                              \
			fail_msg("\"%s\" not in \"%s\"", part, (f)->out); \
	} while (0)
#define complains(f, part)                                                \
	do {                                                              \
		if (!strstr((f)->err, part))                              \
			fail_msg("\"%s\" not in \"%s\"", part, (f)->err); \
	} while (0)
#define runs(f, ...)                               \
	do {                                       \
		if (run(f, __VA_ARGS__) != CLI_OK) \
			fail_msg("%s", (f)->err);  \
	} while (0)

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

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

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
