#include "tests/lib/check.h"

#include "daemon/core/conf.h"
#include "daemon/core/disk.h"
#include "tests/lib/scratch.h"

/* Everything that was read, as "section.key=value@line;" and '+' for more. */
struct seen {
	char text[2000];
	const char *refuse;
};

static int note(void *arg, const char *section, const char *key,
		const char *value, bool more, int line)
{
	struct seen *s = arg;
	size_t used = strlen(s->text);

	if (s->refuse && strcmp(key, s->refuse) == 0)
		return err_set(E_INVALID, "no %s here", key);
	snprintf(s->text + used, sizeof s->text - used, "%s.%s%s=%s@%d;",
		 section, key, more ? "+" : "", value, line);
	return 0;
}

static int read_text(struct seen *s, const char *text)
{
	memset(s->text, 0, sizeof s->text);
	return conf_read_text("t.conf", text, strlen(text), note, s);
}

static void reads_sections_keys_and_lines(void **state)
{
	struct seen s = {.refuse = NULL};

	check_ok(read_text(&s, "# a comment\n"
			       "top = 1\n"
			       "\n"
			       "[one]\n"
			       "; another\n"
			       "a = b = c\n"
			       "url=tcp://x:1,tcp://y:2\r\n"
			       "[two]\n"
			       "a =   spaced out  \n"
			       "empty ="));
	assert_string_equal(s.text, ".top=1@2;one.a=b = c@6;"
				    "one.url=tcp://x:1,tcp://y:2@7;"
				    "two.a=spaced out@9;two.empty=@10;");
}

static void indented_lines_go_on_with_the_value(void **state)
{
	struct seen s = {.refuse = NULL};

	check_ok(read_text(&s, "[q]\n"
			       "sql = SELECT a\n"
			       "\tFROM t\n"
			       "\n"
			       "\t# inside\n"
			       "    WHERE b = 'x;y'\n"
			       "next = 1\n"
			       "[r]\n"
			       "  first = 2\n"));
	assert_string_equal(s.text, "q.sql=SELECT a@2;q.sql+=FROM t@3;"
				    "q.sql+=WHERE b = 'x;y'@6;q.next=1@7;"
				    "r.first=2@9;");
}

static void overlong_lines_are_an_error(void **state)
{
	struct seen s = {.refuse = NULL};
	char text[400];

	snprintf(text, sizeof text, "[a]\nk = %0186d\nl = 1\n", 0);
	check_ok(read_text(&s, text));
	snprintf(text, sizeof text, "[a]\nk = %0187d\nl = 1\n", 0);
	assert_int_equal(read_text(&s, text), E_INVALID);
	check_says("t.conf:2: the line is longer than 190 bytes");
	/* Nothing after the first error is handed on. */
	assert_string_equal(s.text, "");
}

static void bytes_that_are_not_utf8_are_refused(void **state)
{
	static const char *const bad[] = {
		"k = \xff\n",	      "k = \xc3\n",
		"k = \xc0\xaf\n",     "k = \xed\xa0\x80\n",
		"k = \xe0\x80\xaf\n", "k = \xf5\x80\x80\x80\n",
		"# \xe9t\xe9\n",
	};
	struct seen s = {.refuse = NULL};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(read_text(&s, bad[i]), E_INVALID);
	assert_int_equal(conf_read_text("t", "k = a\0b", 7, note, &s),
			 E_INVALID);
	assert_int_equal(read_text(&s, "\xef\xbb\xbf\xef\xbb\xbf=\n"),
			 E_INVALID);
	check_ok(read_text(&s, "\xef\xbb\xbfk = caf\xc3\xa9 \xf0\x9f\x8d\x8e"));
	assert_string_equal(s.text, ".k=caf\xc3\xa9 \xf0\x9f\x8d\x8e@1;");
}

static void what_inih_would_cut_is_refused(void **state)
{
	static const char *const bad[] = {
		"k = a ; b\n",
		"k = a\n\tb ; c\n",
		"[s] ; c\n",
		"k : a\n",
		"no value\n",
		"= a\n",
		"[open\n",
		"[s] rest\n",
		"a_key_of_more_than_forty-nine_bytes_is_cut_in_two_ = 1\n",
		"[a_section_of_more_than_forty-nine_bytes_is_cut_in_two]\n",
	};
	struct seen s = {.refuse = NULL};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		if (read_text(&s, bad[i]) != E_INVALID)
			fail_msg("accepted: %s", bad[i]);
	}
	check_ok(read_text(&s, "k = a;b\n"));
	assert_string_equal(s.text, ".k=a;b@1;");
}

static void first_refusal_names_file_and_line(void **state)
{
	struct seen s = {.refuse = "b"};

	assert_int_equal(read_text(&s, "[x]\na = 1\nb = 2\nc = 3\n"),
			 E_INVALID);
	assert_string_equal(err_text(0), "t.conf:3: no b here");
	assert_string_equal(s.text, "x.a=1@2;");
}

struct settings {
	int port;
	bool open;
	char name[8];
	int any;
};

static const struct conf_opt opts[] = {
	{"hub", "port", CONF_INT, offsetof(struct settings, port), 0, "80",
	 "port", 1, 65535},
	{"hub", "open", CONF_BOOL, offsetof(struct settings, open), 0, "no",
	 "open", 0, 0},
	{"hub", "name", CONF_STRING, offsetof(struct settings, name), 8, NULL,
	 "name", 0, 0},
	{"log", "any", CONF_INT, offsetof(struct settings, any), 0, "-1", "any",
	 0, 0},
};

static int load(void **state, const char *text, struct settings *s)
{
	const char *path = scratch_path(*state, "c.conf");

	memset(s, 0, sizeof *s);
	check_ok(disk_write(disk_system(), path, text, strlen(text), 0600));
	return conf_load(path, opts, 4, s);
}

static void load_fills_defaults_then_file(void **state)
{
	struct settings s;

	check_ok(load(state, "[hub]\nname = abc\nopen = yes\n", &s));
	assert_int_equal(s.port, 80);
	assert_true(s.open);
	assert_string_equal(s.name, "abc");
	assert_int_equal(s.any, -1);
}

static void load_refuses_wrong_files(void **state)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{"", "name in section [hub] must be given"},
		{"[hub]\nname = x\nport = 0\n", "c.conf:3: port must be"},
		{"[hub]\nname = x\nport = 1x\n", "c.conf:3: port is a whole"},
		{"[hub]\nname = x\nport =\n", "port is a whole number"},
		{"[hub]\nname = x\nport = 99999999999999999999\n", "port"},
		{"[hub]\nopen = maybe\n", "open is yes or no"},
		{"[hub]\nname = 12345678\n", "longer than 7 bytes"},
		{"[hub]\nname = a\nname = b\n", "name is given twice"},
		{"[hub]\nname = a\n  b\n", "name takes one line"},
		{"[hub]\nnmae = a\n", "c.conf:2: there is no option nmae"},
		{"[hug]\nname = a\n", "no option name in section [hug]"},
	};
	struct settings s;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(load(state, bad[i].text, &s), E_INVALID);
		check_says(bad[i].says);
	}
}

static void missing_file_is_not_found(void **state)
{
	struct settings s;

	assert_int_equal(conf_load(scratch_path(*state, "none"), opts, 4, &s),
			 E_NOTFOUND);
}

static void load_survives_oom(void **state)
{
	const char *path = scratch_path(*state, "c.conf");
	struct settings s;

	check_ok(load(state, "[hub]\nname = abc\n", &s));
	SWEEP
	{
		SWEEP_END(conf_load(path, opts, 4, &s));
	}
}

static int setup(void **state)
{
	*state = scratch_new();
	return 0;
}

static int teardown(void **state)
{
	scratch_free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_sections_keys_and_lines),
		cmocka_unit_test(indented_lines_go_on_with_the_value),
		cmocka_unit_test(overlong_lines_are_an_error),
		cmocka_unit_test(bytes_that_are_not_utf8_are_refused),
		cmocka_unit_test(what_inih_would_cut_is_refused),
		cmocka_unit_test(first_refusal_names_file_and_line),
		cmocka_unit_test_setup_teardown(load_fills_defaults_then_file,
						setup, teardown),
		cmocka_unit_test_setup_teardown(load_refuses_wrong_files, setup,
						teardown),
		cmocka_unit_test_setup_teardown(missing_file_is_not_found,
						setup, teardown),
		cmocka_unit_test_setup_teardown(load_survives_oom, setup,
						teardown),
	};

	return cmocka_run_group_tests_name("conf", tests, NULL, NULL);
}
