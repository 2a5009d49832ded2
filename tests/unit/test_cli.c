#include "tests/unit/cli_fix.h"

static void help_and_version_are_everywhere(void **state)
{
	struct fix *f = *state;

	runs(f, "--help");
	prints(f, "ccfed NOUN VERB --help");
	runs(f, "--version");
	assert_string_equal(f->out, "ccfed " CCFED_VERSION "\n");
	for (int l = 0; cli_commands[l]; l++) {
		for (const struct command *m = cli_commands[l]; m->noun; m++) {
			char usage[80];

			snprintf(usage, sizeof usage, "Usage: ccfed %s%s%s",
				 m->noun, *m->verb ? " " : "", m->verb);
			if (*m->verb)
				runs(f, m->noun, m->verb, "--help");
			else
				runs(f, m->noun, "--help");
			prints(f, usage);
			prints(f, "--format");
			assert_string_equal(f->err, "");
		}
	}
}

/* Two rows of one name would hide the second; a help must fit a terminal. */
static void table_of_commands_is_sound(void **state)
{
	for (int l = 0; cli_commands[l]; l++) {
		for (const struct command *m = cli_commands[l]; m->noun; m++) {
			int same = 0;

			for (int k = 0; cli_commands[k]; k++) {
				for (const struct command *o = cli_commands[k];
				     o->noun; o++)
					same += !strcmp(o->noun, m->noun) &&
						!strcmp(o->verb, m->verb);
			}
			assert_int_equal(same, 1);
			assert_non_null(m->run);
			assert_true(strlen(m->help) > 0);
			assert_true(strcspn(m->help, "\n") <= 72);
			assert_true(m->max_args < 0 ||
				    m->max_args >= m->min_args);
		}
	}
}

static void wrong_words_suggest_the_nearest(void **state)
{
	struct fix *f = *state;

	assert_int_equal(run(f, "chidl", "list"), CLI_USAGE);
	complains(f, "did you mean \"ccfed child\"?");
	assert_int_equal(run(f, "organization"), CLI_USAGE);
	complains(f, "did you mean \"ccfed org\"?");
	assert_int_equal(run(f, "refer", "acept", "1"), CLI_USAGE);
	complains(f, "did you mean \"ccfed refer accept\"?");
	assert_int_equal(run(f, "child", "list", "--limt", "3"), CLI_USAGE);
	complains(f, "did you mean --limit?");
	assert_int_equal(run(f, "xyzzyplugh"), CLI_USAGE);
	assert_null(strstr(f->err, "did you mean"));
	assert_string_equal(f->out, "");
}

static void wrong_use_exits_2_and_says_what(void **state)
{
	struct fix *f = *state;

	assert_int_equal(run(f, "child"), CLI_USAGE);
	assert_int_equal(run(f, "child", "show"), CLI_USAGE);
	complains(f, "ccfed child show CHILD");
	assert_int_equal(run(f, "child", "show", "1", "2"), CLI_USAGE);
	complains(f, "\"2\" is one argument too many");
	assert_int_equal(run(f, "child", "show", "one"), CLI_USAGE);
	complains(f, "\"one\" is not the number of a child");
	assert_int_equal(run(f, "child", "show", "99999999999999999999"),
			 CLI_USAGE);
	assert_int_equal(run(f, "child", "list", "--format", "xml"), CLI_USAGE);
	complains(f, "table, csv or json");
	assert_int_equal(run(f, "child", "list", "--limit"), CLI_USAGE);
	complains(f, "--limit needs a value");
	assert_int_equal(run(f, "child", "list", "--limit", "0"), CLI_USAGE);
	assert_int_equal(run(f, "case", "list", "--open=yes"), CLI_USAGE);
	complains(f, "--open takes no value");
	assert_int_equal(run(f, "child", "add", "--birth", "2021-02-29"),
			 CLI_USAGE);
	complains(f, "--birth");
	unsetenv("CCFED_DIR");
	assert_int_equal(run(f, "child", "list"), CLI_USAGE);
	complains(f, "CCFED_DIR");
}

static void missing_node_is_named(void **state)
{
	struct fix *f = *state;

	assert_int_equal(run(f, "-d", "/nowhere", "child", "list"), CLI_FAILED);
	complains(f, "no node in /nowhere");
	assert_int_equal(run(f, "child", "show", "5"), CLI_FAILED);
	assert_string_equal(f->err, "ccfed: There is no child 5.\n");
}

static void csv_quotes_and_disarms(void **state)
{
	struct fix *f = *state;

	add_children(f);
	runs(f, "child", "list", "--format", "csv");
	assert_string_equal(
		f->out, "child,family,given,birth,sex,zip,source_id,notice\n"
			"3,'@home,-5,2021-12-01,unknown,,,Synthetic data\n"
			"1,\"O\"\"Neil, Jr\",'=1+1,2020-02-29,unknown,06106,,"
			"Synthetic data\n"
			"2,\xe6\x9d\x8e,Jos\xc3\xa9,2021-12-01,unknown,,,"
			"Synthetic data\n");
	runs(f, "child", "list", "nobody", "--format", "csv");
	assert_string_equal(
		f->out, "child,family,given,birth,sex,zip,source_id,notice\n");
}

static void json_is_whole(void **state)
{
	struct fix *f = *state;

	add_children(f);
	runs(f, "child", "list", "o\"neil", "--format", "json");
	assert_string_equal(
		f->out,
		"{\"notice\":\"Synthetic data\",\"rows\":[\n"
		"{\"child\":1,\"family\":\"O\\\"Neil, Jr\",\"given\":\"=1+1\","
		"\"birth\":\"2020-02-29\",\"sex\":\"unknown\","
		"\"zip\":\"06106\",\"source_id\":null}]}\n");
	runs(f, "child", "list", "nobody", "--format", "json");
	assert_string_equal(f->out,
			    "{\"notice\":\"Synthetic data\",\"rows\":[]}\n");
}

static void json_numbers_come_out_as_written(void **state)
{
	struct fix *f = *state;

	runs(f, "simulate", "--rates", "--format", "json");
	assert_non_null(strstr(f->out, "\"percent\":57.6,"));
	assert_non_null(strstr(f->out, "\"percent\":64.232,"));
	assert_null(strstr(f->out, "0000"));
}

static void terminal_gets_no_orders(void **state)
{
	struct fix *f = *state;

	assert_int_equal(run(f, "import", "fhir", "/no\x1b[31m\xc2\x9b"),
			 CLI_FAILED);
	complains(f, "/no?[31m?");
	assert_null(strchr(f->err, '\x1b'));
}

/* One of these letters takes two columns of the screen, one takes two bytes
 * and one column. */
static void table_is_aligned_as_seen(void **state)
{
	struct fix *f = *state;

	add_children(f);
	runs(f, "child", "list");
	assert_string_equal(
		f->out,
		"Child  Family name  Given name  Born        Sex      ZIP    "
		"Elsewhere\n"
		"    3  @home        -5          2021-12-01  unknown\n"
		"    1  O\"Neil, Jr   =1+1        2020-02-29  unknown  06106\n"
		"    2  \xe6\x9d\x8e           Jos\xc3\xa9        2021-12-01  "
		"unknown\n"
		"\n"
		"Synthetic data\n");
	runs(f, "child", "list", "nobody");
	assert_string_equal(f->out, "No such child.\n\nSynthetic data\n");
}

/* However the rest is broken: that is what must not be missed. */
static void banner_is_a_line_of_its_own(void **state)
{
	struct fix *f = *state;
	char hub[300];

	snprintf(hub, sizeof hub, "%s", scratch_path(f->dir, "hub"));
	runs(f, "hub", "init", "-d", hub, "--synthetic", "--name",
	     "A network with a name of sixty-five characters, which is long");
	runs(f, "status", "-d", hub);
	prints(f, "long.\nSynthetic data\n");
}

static void referral_goes_its_way(void **state)
{
	struct fix *f = *state;

	add_children(f);
	runs(f, "case", "open", "1", "--on", "2026-01-01");
	runs(f, "need", "add", "1", "food", "--on", "2026-01-02");
	runs(f, "org", "add", "Lantern Street Pantry");
	add_consent(f);
	runs(f, "refer", "add", "1", "--org", "1", "--send", "--on",
	     "2026-01-03");
	assert_string_equal(f->out, "Referral 1 sent\n");
	runs(f, "refer", "answer", "1", "--capacity", "waitlist", "--on",
	     "2026-01-05");
	runs(f, "refer", "accept", "1", "--on", "2026-01-06");
	assert_int_equal(run(f, "refer", "send", "1"), CLI_FAILED);
	assert_string_equal(f->err,
			    "ccfed: Referral 1 is accepted; it can go to "
			    "in-progress, on-hold, cancelled, completed or "
			    "failed, not to requested.\n");
	runs(f, "refer", "start", "1", "--on", "2026-01-07");
	runs(f, "refer", "hold", "1", "--on", "2026-01-08", "--why", "holiday");
	runs(f, "refer", "resume", "1", "--on", "2026-01-09");
	runs(f, "refer", "link", "1", "received", "--on", "2026-01-10");
	runs(f, "refer", "complete", "1", "--on", "2026-01-11");
	runs(f, "refer", "show", "1");
	prints(f, "First answer      2026-01-05\n");
	prints(f, "Received          2026-01-10\n");
	runs(f, "need", "close", "1", "--met", "--on", "2026-01-12");
	runs(f, "case", "close", "1", "--on", "2026-01-13");
	runs(f, "audit", "verify");
	prints(f, "The audit is whole:");
}

/* Sent in one piece or not at all. */
static void add_and_send_are_one(void **state)
{
	struct fix *f = *state;

	add_children(f);
	runs(f, "case", "open", "1", "--on", "2026-01-01");
	runs(f, "need", "add", "1", "food", "--on", "2026-01-02");
	assert_int_equal(run(f, "refer", "add", "1", "--org", "9", "--send"),
			 CLI_FAILED);
	runs(f, "refer", "list");
	prints(f, "No such referral.");
}

static void simulate_fills_a_node_once(void **state)
{
	struct fix *f = *state;

	runs(f, "simulate", "--children", "20", "--years", "1", "--until",
	     "2026-06-30", "--seed", "3");
	assert_string_equal(f->out, "20 made-up children added\n");
	assert_int_equal(run(f, "simulate", "--children", "20", "--years", "1",
			     "--until", "2026-06-30", "--seed", "3"),
			 CLI_FAILED);
	complains(f, "seed 3 are here already");
	assert_int_equal(run(f, "simulate"), CLI_USAGE);
	runs(f, "simulate", "--rates", "--format", "csv");
	prints(f, "64.232,");
}

/* Whatever allocation fails, the command says so and ends. */
static void memory_may_run_out_anywhere(void **state)
{
	struct fix *f = *state;
	static char whole[OUTPUT];
	bool fired = true;
	int failed = 0;

	add_children(f);
	runs(f, "child", "list", "--format", "json");
	snprintf(whole, sizeof whole, "%s", f->out);
	for (int n = 0; fired; n++) {
		int x;

		mem_fault(n);
		x = run(f, "child", "list", "--format", "json");
		fired = mem_fault_off();
		/* A statement that can't be kept is only slower. */
		assert_true(x == CLI_OK || (fired && x == CLI_FAILED));
		if (x == CLI_OK)
			assert_string_equal(f->out, whole);
		if (x == CLI_FAILED) {
			complains(f, "memory");
			assert_string_equal(f->out, "");
			failed++;
		}
	}
	assert_true(failed > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(help_and_version_are_everywhere),
		T(table_of_commands_is_sound),
		T(wrong_words_suggest_the_nearest),
		T(wrong_use_exits_2_and_says_what),
		T(missing_node_is_named),
		T(csv_quotes_and_disarms),
		T(json_is_whole),
		T(json_numbers_come_out_as_written),
		T(terminal_gets_no_orders),
		T(table_is_aligned_as_seen),
		T(banner_is_a_line_of_its_own),
		T(referral_goes_its_way),
		T(add_and_send_are_one),
		T(simulate_fills_a_node_once),
		T(memory_may_run_out_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
