/* Tests of daemon/cli/cli_hub, cli_status and cli_measure: what is said about
 * a hub, and what is refused. */
#include "daemon/cli/cli.h"

#include <stdlib.h>
#include <unistd.h>

#include "tests/lib/check.h"
#include "tests/lib/scratch.h"

enum { OUTPUT = 64 * 1024 };

struct fix {
	char *dir;
	char out[OUTPUT], err[OUTPUT];
};

static void slurp(const char *path, char out[OUTPUT])
{
	FILE *f = fopen(path, "r");
	size_t n;

	assert_non_null(f);
	n = fread(out, 1, OUTPUT - 1, f);
	out[n] = '\0';
	fclose(f);
}

static int run_argv(struct fix *f, const char *const *argv)
{
	int old_out, old_err, argc = 0, x;

	while (argv[argc])
		argc++;
	fflush(stdout);
	old_out = dup(STDOUT_FILENO);
	old_err = dup(STDERR_FILENO);
	assert_non_null(freopen(scratch_path(f->dir, "out"), "w", stdout));
	assert_non_null(freopen(scratch_path(f->dir, "err"), "w", stderr));
	x = cli_main(argc, (char **)argv);
	fflush(stdout);
	fflush(stderr);
	dup2(old_out, STDOUT_FILENO);
	dup2(old_err, STDERR_FILENO);
	close(old_out);
	close(old_err);
	slurp(scratch_path(f->dir, "out"), f->out);
	slurp(scratch_path(f->dir, "err"), f->err);
	return x;
}

#define run(f, ...) run_argv(f, (const char *[]){"ccfed", __VA_ARGS__, NULL})

static void has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("\"%s\" not in \"%s\"", part, text);
}

static int setup(void **state)
{
	static struct fix f;

	memset(&f, 0, sizeof f);
	f.dir = scratch_new();
	setenv("CCFED_SHARE", source_path("proto"), 1);
	setenv("CCFED_DIR", scratch_path(f.dir, "hub"), 1);
	assert_int_equal(
		run(&f, "hub", "init", "--name", "Test network", "--synthetic"),
		CLI_OK);
	assert_int_equal(run(&f, "hub", "region", "add", "north", "North"),
			 CLI_OK);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	scratch_free(((struct fix *)*state)->dir);
	return 0;
}

static void addresses_are_checked(void **state)
{
	static const char *const bus[] = {"127.0.0.1:7400", "tcp://",
					  "tcp://:7400",    "tcp://host",
					  "tcp://host:0",   "tcp://host:65536",
					  "tcp://a b:1",    "tcp://h:1/x"};
	static const char *const http[] = {"8400", ":8400", "http://h:8400",
					   "127.0.0.1:", "[::1:8400"};
	struct fix *f = *state;
	char dir[300];

	snprintf(dir, sizeof dir, "%s", scratch_path(f->dir, "new"));
	for (size_t i = 0; i < sizeof bus / sizeof *bus; i++) {
		assert_int_equal(run(f, "hub", "init", "-d", dir, "--name", "X",
				     "--bus", bus[i]),
				 CLI_USAGE);
		has(f->err, "--bus takes tcp://HOST:PORT");
	}
	for (size_t i = 0; i < sizeof http / sizeof *http; i++) {
		assert_int_equal(run(f, "hub", "init", "-d", dir, "--name", "X",
				     "--http", http[i]),
				 CLI_USAGE);
		has(f->err, "--http takes HOST:PORT");
	}
	assert_int_equal(run(f, "hub", "init", "-d", dir, "--name", "X",
			     "--bus", "tcp://[fd00::1]:7400", "--http", "none"),
			 CLI_OK);
}

static void a_place_without_either_is_said(void **state)
{
	struct fix *f = *state;

	assert_int_equal(run(f, "status", "-d", "/nonexist"), CLI_FAILED);
	has(f->err, "There is no node or hub in /nonexist");
}

static void titles_are_corrected(void **state)
{
	struct fix *f = *state;

	assert_int_equal(run(f, "hub", "region", "title", "NORTH", "Upper"),
			 CLI_OK);
	assert_int_equal(run(f, "hub", "region", "list", "--format", "csv"),
			 CLI_OK);
	has(f->out, "\nnorth,Upper,");
	assert_int_equal(run(f, "hub", "region", "title", "mars", "x"),
			 CLI_FAILED);
	has(f->err, "There is no region mars");
	assert_int_equal(run(f, "hub", "region", "title", "north"), CLI_USAGE);
}

static void the_policy_is_shown_and_set(void **state)
{
	struct fix *f = *state;
	char real[300];

	assert_int_equal(run(f, "hub", "policy", "show", "--format", "csv"),
			 CLI_OK);
	has(f->out, "\n1,Test network,synthetic,11,,10,no,7,counted,America/"
		    "New_York,7,");
	assert_int_equal(run(f, "hub", "policy", "set"), CLI_USAGE);
	has(f->err, "Say what changes");
	assert_int_equal(run(f, "hub", "policy", "set", "--floor", "11"),
			 CLI_FAILED);
	has(f->err, "olicy 1 says so already");
	assert_int_equal(run(f, "hub", "policy", "set", "--floor", "15",
			     "--withdrawal", "uncounted", "--review", "yes",
			     "--format", "json"),
			 CLI_OK);
	has(f->out, "{\"id\":2}");
	assert_int_equal(run(f, "hub", "policy", "show", "--format", "csv"),
			 CLI_OK);
	has(f->out, "\n2,Test network,synthetic,15,,10,yes,7,uncounted,");
	assert_int_equal(run(f, "hub", "policy", "show", "1"), CLI_OK);
	has(f->out, "counted");
	assert_int_equal(run(f, "hub", "policy", "show", "3"), CLI_FAILED);
	has(f->err, "There is no policy 3");
	assert_int_equal(run(f, "hub", "policy", "set", "--withdrawal", "no"),
			 CLI_USAGE);
	has(f->err, "is counted or uncounted");
	/* Laxer than a real network may be. */
	snprintf(real, sizeof real, "%s", scratch_path(f->dir, "real"));
	assert_int_equal(run(f, "hub", "init", "-d", real, "--name", "Real",
			     "--withdrawal", "uncounted"),
			 CLI_OK);
	assert_int_equal(
		run(f, "hub", "policy", "set", "-d", real, "--floor", "5"),
		CLI_FAILED);
	has(f->err, "floor under 11 needs a synthetic network or a data use "
		    "agreement");
	assert_int_equal(run(f, "hub", "policy", "show", "-d", real), CLI_OK);
	has(f->out, "uncounted");
	assert_int_equal(run(f, "hub", "policy", "set", "-d", real, "--floor",
			     "5", "--agreement", "DUA 7"),
			 CLI_OK);
	assert_int_equal(run(f, "hub", "policy", "show", "-d", real), CLI_OK);
	has(f->out, "Limited data set under DUA 7");
}

static void measures_are_found_in_any_case(void **state)
{
	struct fix *f = *state;

	assert_int_equal(run(f, "measure", "show", "m10", "--region", "NORTH",
			     "--period", "2025"),
			 CLI_OK);
	has(f->out, "not closed yet");
	assert_int_equal(run(f, "measure", "show", "m10", "--region", "north",
			     "--period", "2025", "--format", "json"),
			 CLI_OK);
	has(f->out, "\"low\":null");
	has(f->out, "\"numerator\":null");
	has(f->out, "\"regions_heard\":0,\"regions\":1");
	has(f->out, "\"part_title\":null");
}

static void never_by_need_is_one_sentence(void **state)
{
	struct fix *f = *state;

	assert_int_equal(run(f, "measure", "show", "M17R", "--by",
			     "region,need", "--period", "2025", "--format",
			     "csv"),
			 CLI_OK);
	has(f->out, "M17R is never published by need");
	assert_null(strstr(f->out, "Food"));
	assert_int_equal(run(f, "measure", "show", "M10", "--by", "region,need",
			     "--period", "2025"),
			 CLI_OK);
	has(f->out, "Food");
	assert_null(strstr(f->out, "never published"));
}

static void keys_are_made_and_revoked(void **state)
{
	struct fix *f = *state;

	assert_int_equal(run(f, "hub", "token", "add"), CLI_USAGE);
	assert_int_equal(run(f, "hub", "token", "add", "Dashboard"), CLI_OK);
	assert_int_equal(strspn(f->out, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijk"
					"lmnopqrstuvwxyz0123456789-_"),
			 43);
	assert_int_equal(run(f, "hub", "token", "revoke", "1"), CLI_OK);
	assert_int_equal(run(f, "hub", "token", "revoke", "1"), CLI_FAILED);
	has(f->err, "revoked already");
	assert_int_equal(run(f, "hub", "token", "list", "--format", "csv"),
			 CLI_OK);
	has(f->out, "1,Dashboard,");
}

static void reports_say_what_is_missing(void **state)
{
	struct fix *f = *state;

	assert_int_equal(run(f, "report", "ta", "north"), CLI_USAGE);
	has(f->err, "--period 2026Q3");
	assert_int_equal(run(f, "report", "ta", "north", "--period", "2026Q3",
			     "--format", "word"),
			 CLI_USAGE);
	has(f->err, "html, json or pdf");
	assert_int_equal(run(f, "report", "ta", "north", "--period", "2026Q3"),
			 CLI_FAILED);
	has(f->err, "closed nothing in that quarter");
	assert_int_equal(run(f, "report", "ta", "--number", "1"), CLI_FAILED);
	has(f->err, "There is no report 1");
	assert_int_equal(run(f, "measure", "show", "M10", "--period", "2025",
			     "--as-of", "yesterday"),
			 CLI_USAGE);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(addresses_are_checked),
		T(a_place_without_either_is_said),
		T(titles_are_corrected),
		T(the_policy_is_shown_and_set),
		T(measures_are_found_in_any_case),
		T(never_by_need_is_one_sentence),
		T(keys_are_made_and_revoked),
		T(reports_say_what_is_missing),
	};

	return cmocka_run_group_tests_name("cli_hub", tests, NULL, NULL);
}
