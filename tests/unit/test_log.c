#include "daemon/core/log.h"

#include <stdlib.h>
#include <unistd.h>

#include "tests/lib/check.h"
#include "tests/lib/scratch.h"

struct fix {
	char line[4096];
	int level, lines;
};

static void sink(void *arg, enum log_level level, const char *line)
{
	struct fix *f = arg;

	snprintf(f->line, sizeof f->line, "%s", line);
	f->level = (int)level;
	f->lines++;
}

static int setup(void **state)
{
	static struct fix f;

	memset(&f, 0, sizeof f);
	*state = &f;
	log_to(sink, &f);
	return 0;
}

static int teardown(void **state)
{
	log_to(NULL, NULL);
	log_level(LOG_LEVEL_INFO);
	return 0;
}

static void line_has_level_id_and_pairs(void **state)
{
	struct fix *f = *state;

	log_warn("release_sent", "version=%d", 3);
	assert_string_equal(f->line, "warn release_sent version=3");
	assert_int_equal(f->level, LOG_LEVEL_WARN);
}

static void less_urgent_lines_are_dropped(void **state)
{
	struct fix *f = *state;

	log_debug("noise", "a=%d", 1);
	assert_int_equal(f->lines, 0);
	log_level(LOG_LEVEL_DEBUG);
	log_debug("noise", "a=%d", 1);
	assert_int_equal(f->lines, 1);
	log_level(LOG_LEVEL_ERROR);
	log_info("news", "a=%d", 1);
	assert_int_equal(f->lines, 1);
	log_error("fire", "a=%d", 1);
	assert_string_equal(f->line, "error fire a=1");
}

static void values_cannot_begin_a_line(void **state)
{
	struct fix *f = *state;

	log_info("peer", "addr=%s", "x\n<3>error forged\x1b[2J");
	assert_null(strchr(f->line, '\n'));
	assert_null(strchr(f->line, '\x1b'));
	assert_string_equal(f->line, "info peer addr=x?<3>error forged?[2J");
}

static void long_lines_are_cut(void **state)
{
	struct fix *f = *state;
	char big[4000];

	memset(big, 'x', sizeof big - 1);
	big[sizeof big - 1] = '\0';
	log_info("big", "v=%s", big);
	assert_int_equal(strlen(f->line), 2047);
	log_info(big, "v=%d", 1);
	assert_int_equal(strlen(f->line), 2047);
}

/* One line of stderr, as it is with and without the journal. */
static void printed(char *out, size_t size)
{
	char *dir = scratch_new();
	const char *path = scratch_path(dir, "err");
	int old = dup(STDERR_FILENO);
	FILE *f;

	assert_non_null(freopen(path, "w", stderr));
	log_info("news", "a=%d", 1);
	dup2(old, STDERR_FILENO);
	close(old);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_non_null(fgets(out, (int)size, f));
	fclose(f);
	scratch_free(dir);
}

static void time_is_told_where_no_journal_is(void **state)
{
	char line[100];
	int year, month, day, hour, minute, second, end = 0;

	log_to(NULL, NULL);
	unsetenv("JOURNAL_STREAM");
	printed(line, sizeof line);
	sscanf(line, "%4d-%2d-%2dT%2d:%2d:%2dZ info news a=1\n%n", &year,
	       &month, &day, &hour, &minute, &second, &end);
	assert_int_equal(end, strlen(line));
	assert_true(year >= 2026);
	setenv("JOURNAL_STREAM", "8:1", 1);
	printed(line, sizeof line);
	assert_string_equal(line, "<6>info news a=1\n");
	unsetenv("JOURNAL_STREAM");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(line_has_level_id_and_pairs,
						setup, teardown),
		cmocka_unit_test_setup_teardown(less_urgent_lines_are_dropped,
						setup, teardown),
		cmocka_unit_test_setup_teardown(values_cannot_begin_a_line,
						setup, teardown),
		cmocka_unit_test_setup_teardown(long_lines_are_cut, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
			time_is_told_where_no_journal_is, setup, teardown),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
