#include "tests/lib/check.h"

#include "daemon/core/log.h"

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
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
