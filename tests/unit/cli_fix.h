/* cli_fix: a synthetic node's directory, and command lines run on it, for the
 * test_cli*.c files. */
#ifndef CCFED_TEST_CLI_FIX_H
#define CCFED_TEST_CLI_FIX_H

#include <stdlib.h>
#include <unistd.h>

#include "daemon/cli/cli.h"
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

static inline int setup(void **state)
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

static inline int teardown(void **state)
{
	struct fix *f = *state;

	scratch_free(f->dir);
	return 0;
}

static inline void slurp(const char *path, char out[OUTPUT])
{
	FILE *f = fopen(path, "r");
	size_t n;

	assert_non_null(f);
	n = fread(out, 1, OUTPUT - 1, f);
	out[n] = '\0';
	fclose(f);
}

/* Run with stdout and stderr going to files; NULL ends the arguments. */
static inline int run_argv(struct fix *f, const char *const *argv)
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

static inline void add_children(struct fix *f)
{
	runs(f, "child", "add", "--given", "=1+1", "--family", "O\"Neil, Jr",
	     "--birth", "2020-02-29", "--zip=06106");
	assert_string_equal(f->out, "Child 1 added\n");
	runs(f, "child", "add", "--given", "Jos\xc3\xa9", "--family",
	     "\xe6\x9d\x8e", "--birth", "2021-12-01", "--format", "json");
	assert_string_equal(f->out, "{\"id\":2}\n");
	runs(f, "child", "add", "--given", "-5", "--family", "@home", "--birth",
	     "2021-12-01", "--format", "csv");
	assert_string_equal(f->out, "");
}

/* The mother of child 1 consents to all that the others' tests share. */
static inline void add_consent(struct fix *f)
{
	runs(f, "family", "add", "--name", "O'Neil");
	runs(f, "caregiver", "add", "1", "--given", "Bo");
	runs(f, "custody", "add", "1", "--caregiver", "1", "--relation",
	     "mother", "--custody", "sole", "--authority", "parent");
	runs(f, "consent", "add", "1", "coordinate", "refer", "share-plan",
	     "--signer", "1", "--signed", "2026-01-01");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

#endif
