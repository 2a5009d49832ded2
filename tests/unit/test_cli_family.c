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

enum { OUTPUT = 16 * 1024 };

/* A node's directory, and what the last command printed. */
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
#define runs(f, ...)                               \
	do {                                       \
		if (run(f, __VA_ARGS__) != CLI_OK) \
			fail_msg("%s", (f)->err);  \
	} while (0)
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

/* With a child in a family, whose mother may sign. */
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
	runs(&f, "child", "add", "--given", "Ana", "--birth", "2020-01-01");
	runs(&f, "family", "add", "--name", "Notreal", "--interpreter", "yes");
	runs(&f, "family", "join", "1", "1");
	runs(&f, "caregiver", "add", "1", "--given", "Bo");
	runs(&f, "custody", "add", "1", "--caregiver", "1", "--relation",
	     "mother", "--custody", "sole", "--authority", "parent");
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	scratch_free(f->dir);
	return 0;
}

static void the_family_is_shown(void **state)
{
	struct fix *f = *state;

	runs(f, "family", "homes", "1", "--format", "csv");
	prints(f, "1,1,yes,,");
	runs(f, "custody", "list", "1", "--format", "csv");
	prints(f, "1,1,1,mother,sole,parent,,");
	assert_int_equal(run(f, "family", "add", "--name", "X", "--interpreter",
			     "maybe"),
			 CLI_USAGE);
	complains(f, "--interpreter takes yes or no");
	assert_int_equal(run(f, "reach", "add", "--way", "phone"), CLI_USAGE);
	complains(f, "either --caregiver N or --child N");
	assert_int_equal(run(f, "reach", "add", "--caregiver", "1", "--way",
			     "phone", "--value", "1", "--preferred", "yes"),
			 CLI_FAILED);
	complains(f, "not safe");
	runs(f, "child", "about", "1", "--race", "white,asian");
	runs(f, "child", "about", "1", "--format", "csv");
	prints(f, "\"asian,white\"");
}

static void consent_is_given_and_withdrawn(void **state)
{
	struct fix *f = *state;

	assert_int_equal(run(f, "consent", "check", "1", "refer"), CLI_FAILED);
	complains(f, "no consent");
	assert_int_equal(run(f, "consent", "add", "1", "refer"), CLI_FAILED);
	complains(f, "not of age");
	runs(f, "consent", "add", "1", "refer", "--signer", "1");
	runs(f, "consent", "check", "1", "refer");
	runs(f, "consent", "list", "1", "--format", "json");
	prints(f, "\"last\":\"2037-12-31\"");
	runs(f, "consent", "withdraw", "1");
	assert_int_equal(run(f, "consent", "check", "1", "refer"), CLI_FAILED);
	complains(f, "withdrawn on");
}

static void a_document_goes_in_and_out(void **state)
{
	struct fix *f = *state;
	const char *in = scratch_path(f->dir, "in.txt");
	const char *out = scratch_path(f->dir, "out.txt");
	char *text = NULL;
	size_t len;

	check_ok(disk_write(disk_system(), in, "words", 5, 0600));
	runs(f, "attachment", "add", "1", "report", in);
	assert_int_equal(run(f, "attachment", "save", "1", in), CLI_FAILED);
	complains(f, "is there already");
	runs(f, "attachment", "save", "1", out);
	check_ok(disk_read(disk_system(), out, 100, &text, &len));
	assert_string_equal(text, "words");
	mem_free(text);
	assert_int_equal(run(f, "attachment", "erase", "1"), CLI_USAGE);
	runs(f, "attachment", "erase", "1", "--yes");
	assert_int_equal(run(f, "attachment", "save", "1", "x"), CLI_FAILED);
	complains(f, "was erased on");
}

static void a_case_begins_ends_and_goes_on(void **state)
{
	struct fix *f = *state;

	runs(f, "case", "open", "1");
	runs(f, "case", "intake", "1", "--source", "practice", "--first",
	     "food,housing");
	runs(f, "case", "intake", "1", "--format", "csv");
	prints(f, ",practice,,,\"food,housing\"");
	assert_int_equal(run(f, "case", "close", "1", "--reason", "bored"),
			 CLI_FAILED);
	complains(f, "goals-met");
	runs(f, "case", "move", "1", "eastern");
	runs(f, "case", "list", "--format", "csv");
	prints(f, ",moved-region,eastern");
	runs(f, "case", "reopen", "1", "--why", "they are back");
	runs(f, "case", "list", "--open", "--format", "csv");
	prints(f, "1,1,,Ana,");
}

static void two_records_become_one_and_two_again(void **state)
{
	struct fix *f = *state;

	runs(f, "child", "add", "--given", "Ana", "--birth", "2020-01-01");
	runs(f, "merge", "suspects", "--format", "csv");
	prints(f, "1,2,Synthetic data\n");
	runs(f, "merge", "children", "1", "2");
	assert_int_equal(run(f, "case", "open", "2"), CLI_FAILED);
	complains(f, "now child 1");
	runs(f, "merge", "undo", "1");
	runs(f, "case", "open", "2");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_family_is_shown),
		T(consent_is_given_and_withdrawn),
		T(a_document_goes_in_and_out),
		T(a_case_begins_ends_and_goes_on),
		T(two_records_become_one_and_two_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
