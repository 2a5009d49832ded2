#include "tests/unit/fhir_fix.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

/* The whole file was left out, and why. */
static enum fhir_reason refused(struct fix *f, const char *path)
{
	fix_import(f, path);
	if (f->res.files_left == 0)
		return FHIR_OK;
	assert_int_equal(f->res.files_left, 1);
	assert_int_equal(f->reports, 1);
	assert_int_equal(f->res.read, 0);
	return f->why[0];
}

static void each_file(struct fix *f, const char *folder,
		      void (*fn)(struct fix *f, const char *name,
				 enum fhir_reason why))
{
	const char *root = data_path(folder);
	struct dirent *e;
	char path[1200];
	DIR *d;
	int n = 0;

	if (!root)
		skip();
	d = opendir(root);
	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%s", root, e->d_name);
		fn(f, e->d_name, refused(f, path));
		n++;
	}
	closedir(d);
	assert_true(n > 100);
}

static void judge_json(struct fix *f, const char *name, enum fhir_reason why)
{
	/* What parses is no FHIR, and is told apart from what does not. */
	bool parses = why == FHIR_NOT_FHIR;

	if (name[0] == 'n' && parses)
		fail_msg("%s was taken for JSON", name);
	/* A name twice is no FHIR; the parser knows no NUL in a name. */
	if (strstr(name, "duplicated_key") ||
	    strstr(name, "escaped_null_in_key"))
		return;
	if (name[0] == 'y' && !parses)
		fail_msg("%s: %s", name, fhir_reason_text(why));
}

static void json_suite_is_judged_rightly(void **state)
{
	each_file(*state, "bad-input/json-test-suite/test_parsing", judge_json);
}

static void judge_nothing(struct fix *f, const char *name, enum fhir_reason why)
{
}

static void validator_cases_pass_one_by_one(void **state)
{
	each_file(*state, "fhir/validator-cases", judge_nothing);
}

/* Patient whose family name is these bytes between quotes. */
static size_t patient(char *out, size_t size, const char *name, size_t len)
{
	int a = snprintf(out, size,
			 "{\"resourceType\":\"Patient\",\"id\":\"p\","
			 "\"birthDate\":\"2018-01-01\",\"name\":[{\"family\":");
	int b;

	assert_true((size_t)a + len + 10 < size);
	memcpy(out + a, name, len);
	b = snprintf(out + a + len, size - (size_t)a - len, "}]}");
	return (size_t)a + len + (size_t)b;
}

/* Bytes of "C2 A9" or "e0a080"; 0 when it is none. */
static size_t unhex(const char *s, unsigned char *out, size_t room)
{
	size_t n = 0;
	unsigned v;

	for (; *s && *s != ':' && *s != '\n' && n < room; s += 2) {
		s += strspn(s, " ");
		if (sscanf(s, "%2x", &v) != 1)
			break;
		out[n++] = (unsigned char)v;
	}
	return n;
}

static void bytes_that_are_no_utf8_leave_the_file_out(void **state)
{
	struct fix *f = *state;
	const char *path = data_path("bad-input/utf8/utf8-cases-a.txt");
	int valid = 0, invalid = 0;
	char line[2000], text[3000];
	unsigned char name[1000];
	FILE *in;

	if (!path)
		skip();
	in = fopen(path, "r");
	assert_non_null(in);
	while (fgets(line, sizeof line, in)) {
		char *hex = strstr(line, "valid hex:");
		bool bad = strstr(line, "invalid hex:") != NULL;
		enum fhir_reason why;
		size_t n;

		if (!hex || line[0] == '#')
			continue;
		name[0] = '"';
		n = unhex(hex + 10, name + 1, sizeof name - 2) + 1;
		name[n++] = '"';
		n = patient(text, sizeof text, (char *)name, n);
		why = refused(f, fix_put_bytes(f, "u.json", text, n));
		if (bad != (why == FHIR_NOT_UTF8) && !memchr(name, '\0', n))
			fail_msg("%s: %s", line, fhir_reason_text(why));
		*(bad ? &invalid : &valid) += 1;
	}
	fclose(in);
	assert_true(valid > 5 && invalid > 30);
}

static void naughty_names_are_kept_or_reported(void **state)
{
	struct fix *f = *state;
	const char *path =
		data_path("bad-input/naughty-strings/naughty-strings-a.json");
	json_error_t e;
	json_t *list, *v;
	char source[24];
	size_t i;
	int kept = 0, left = 0;

	if (!path)
		skip();
	list = json_load_file(path, 0, &e);
	assert_true(json_is_array(list));
	json_array_foreach (list, i, v) {
		char *name = json_dumps(v, JSON_ENCODE_ANY);
		char text[9000];
		size_t n = patient(text, sizeof text, name, strlen(name));

		/* Each another's "p". */
		snprintf(source, sizeof source, "s%zu", i);
		f->o.source = source;
		fix_import(f, fix_put_bytes(f, "n.json", text, n));
		assert_int_equal(f->res.files, 1);
		kept += fix_row(f, "Patient")->taken > 0;
		left += fix_row(f, "Patient")->left > 0;
		free(name);
	}
	assert_int_equal(kept + left, json_array_size(list));
	assert_true(kept > 150 && left > 5);
	json_decref(list);
}

static const struct {
	const char *rest;
	enum fhir_reason why;
} bad_patients[] = {
	{"\"id\":\"p\",\"name\":[{\"family\":\"A\"}]", FHIR_BAD_BIRTH},
	{"\"id\":\"p\",\"name\":[{\"family\":\"A\"}],\"birthDate\":"
	 "\"2018-01\"",
	 FHIR_BAD_BIRTH},
	{"\"id\":\"p\",\"name\":[{\"family\":\"A\"}],\"birthDate\":"
	 "\"2018-02-30\"",
	 FHIR_BAD_BIRTH},
	{"\"id\":\"p\",\"name\":[{\"family\":\"A\"}],\"birthDate\":"
	 "\"2027-01-01\"",
	 FHIR_FUTURE},
	{"\"id\":\"p\",\"name\":[{\"family\":\"A\"}],\"birthDate\":"
	 "\"1899-12-31\"",
	 FHIR_OLD_BIRTH},
	{"\"id\":\"p\",\"name\":[{\"family\":\"A\"}],\"birthDate\":"
	 "\"2005-11-24\"",
	 FHIR_ADULT},
	{"\"id\":\"p\",\"name\":[{\"family\":\"A\"}],\"birthDate\":"
	 "\"2018-01-01\",\"deceasedBoolean\":true",
	 FHIR_DECEASED},
	{"\"id\":\"p\",\"name\":[{\"family\":\"A\"}],\"birthDate\":"
	 "\"2018-01-01\",\"active\":false",
	 FHIR_INACTIVE},
	{"\"id\":\"p\",\"birthDate\":\"2018-01-01\"", FHIR_NO_NAME},
	{"\"id\":\"p\",\"name\":[{\"family\":7}],\"birthDate\":"
	 "\"2018-01-01\"",
	 FHIR_NOT_TEXT},
	{"\"id\":\"p\",\"name\":[{\"family\":\"a\\u0000b\"}],"
	 "\"birthDate\":\"2018-01-01\"",
	 FHIR_CONTROL},
	{"\"id\":\"p\",\"name\":[{\"family\":\"a\\u202eb\"}],"
	 "\"birthDate\":\"2018-01-01\"",
	 FHIR_CONTROL},
	{"\"id\":\"p\",\"name\":[{\"family\":\"a\\u001b[2J\"}],"
	 "\"birthDate\":\"2018-01-01\"",
	 FHIR_CONTROL},
	{"\"id\":\"p\",\"name\":[{\"family\":\"A\"}],\"gender\":\"x\","
	 "\"birthDate\":\"2018-01-01\"",
	 FHIR_BAD_CODE},
	{"\"id\":\"a b\",\"name\":[{\"family\":\"A\"}],"
	 "\"birthDate\":\"2018-01-01\"",
	 FHIR_NO_ID},
	{"\"id\":\"p\",\"name\":[{\"family\":\"A\"}],\"birthDate\":"
	 "\"2018-01-01\",\"modifierExtension\":[{\"url\":\"x\"}]",
	 FHIR_MODIFIER},
};

static void patients_that_can_not_be_taken_say_why(void **state)
{
	struct fix *f = *state;
	char text[600];

	for (size_t i = 0; i < sizeof bad_patients / sizeof *bad_patients;
	     i++) {
		snprintf(text, sizeof text, "{\"resourceType\":\"Patient\",%s}",
			 bad_patients[i].rest);
		fix_take(f, text);
		fix_left(f, "Patient", bad_patients[i].why);
		assert_int_equal(f->reports,
				 fhir_reason_listed(bad_patients[i].why));
	}
	assert_int_equal(fix_int(f, "SELECT count(*) FROM child"), 0);
}

static void names_too_long_are_reported(void **state)
{
	struct fix *f = *state;
	char name[NAME_TEXT + 3], text[600];

	memset(name, 'n', sizeof name);
	name[0] = name[NAME_TEXT + 1] = '"';
	fix_import(f, fix_put_bytes(
			      f, "a.json", text,
			      patient(text, sizeof text, name, NAME_TEXT + 2)));
	fix_left(f, "Patient", FHIR_TOO_LONG);
	name[NAME_TEXT] = '"';
	fix_import(f, fix_put_bytes(
			      f, "a.json", text,
			      patient(text, sizeof text, name, NAME_TEXT + 1)));
	assert_int_equal(fix_row(f, "Patient")->taken, 1);
}

/* A file that ends anywhere is left out whole and writes nothing. */
static void truncated_anywhere_nothing_is_taken(void **state)
{
	struct fix *f = *state;
	const char *folder = data_path("fhir/synthea-covid-children");
	char path[1200], *text = NULL;
	struct dirent *e;
	size_t len = 0;
	DIR *d;

	if (!folder)
		skip();
	d = opendir(folder);
	assert_non_null(d);
	while ((e = readdir(d)) && !strstr(e->d_name, ".json"))
		;
	assert_non_null(e);
	snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
	closedir(d);
	check_ok(disk_read(disk_system(), path, 1 << 24, &text, &len));
	while (len > 0 && text[len - 1] != '}')
		len--;
	for (size_t at = 0; at < len; at += 1000) {
		enum fhir_reason why =
			refused(f, fix_put_bytes(f, "cut.json", text, at));

		assert_true(why == FHIR_ENDS || why == FHIR_NOT_JSON);
	}
	assert_int_equal(
		refused(f, fix_put_bytes(f, "cut.json", text, len - 1)),
		FHIR_ENDS);
	assert_int_equal(fix_int(f, "SELECT count(*) FROM imported"), 0);
	assert_int_equal(refused(f, fix_put_bytes(f, "cut.json", text, len)),
			 FHIR_OK);
	mem_free(text);
}

static void every_single_byte_is_no_file_of_ours(void **state)
{
	struct fix *f = *state;

	for (int c = 0; c < 256; c++) {
		char byte = (char)c;

		assert_true(refused(f, fix_put_bytes(f, "b.json", &byte, 1)) !=
			    FHIR_OK);
		fix_run(f, fix_put_bytes(f, "b.ndjson", &byte, 1));
	}
	assert_true(refused(f, fix_put(f, "b.json", "")) != FHIR_OK);
	/* A Bulk Data file without resources is one. */
	assert_int_equal(refused(f, fix_put(f, "b.ndjson", "")), FHIR_OK);
}

static void nesting_is_limited_and_told_where(void **state)
{
	struct fix *f = *state;
	char text[800];
	size_t n = 0;

	n += (size_t)snprintf(text, sizeof text,
			      "{\"resourceType\":\"List\",\n\"x\":\"[[\","
			      "\"y\":");
	for (int i = 0; i < 200; i++)
		text[n++] = '[';
	for (int i = 0; i < 200; i++)
		text[n++] = ']';
	text[n++] = '}';
	assert_int_equal(refused(f, fix_put_bytes(f, "d.json", text, n)),
			 FHIR_TOO_DEEP);
	assert_int_equal(f->line[0], 2);
	assert_true(f->column[0] > 100);
	/* 99 within the object are fine. */
	memmove(text + n - 201 - 101, text + n - 201, 99);
	text[n - 201 - 101 + 99] = '}';
	assert_int_equal(refused(f, fix_put_bytes(f, "d.json", text, n - 202)),
			 FHIR_OK);
}

static void broken_line_leaves_the_whole_ndjson_out(void **state)
{
	struct fix *f = *state;

	assert_int_equal(
		refused(f, fix_put(f, "a.ndjson",
				   "{\"resourceType\":\"Organization\",\"id\":"
				   "\"o\",\"name\":\"Pantry\"}\r\n\n"
				   "{\"resourceType\":\"Flag\",\"id\":\"f\"}\n"
				   "{\"resourceType\":\"Organization\", \n")),
		FHIR_ENDS);
	assert_int_equal(f->line[0], 4);
	assert_true(f->column[0] > 20);
	assert_int_equal(fix_int(f, "SELECT count(*) FROM organization"), 0);
	fix_import(f, fix_put(f, "a.ndjson",
			      "\xef\xbb\xbf{\"resourceType\":\"Organization\","
			      "\"id\":\"o\",\"name\":\"Pantry\"}\r\n\n"
			      "{\"resourceType\":\"Organization\",\"id\":\"q\"}"
			      "\n"));
	assert_int_equal(fix_row(f, "Organization")->taken, 1);
	fix_left(f, "Organization", FHIR_NO_NAME);
	assert_int_equal(f->line[0], 3);
	assert_string_equal(f->id[0], "q");
}

static void odd_files_are_refused_without_waiting(void **state)
{
	struct fix *f = *state;
	char a[600], b[600];

	assert_int_equal(refused(f, scratch_path(f->dir, "none.json")),
			 FHIR_MISSING);
	assert_int_equal(refused(f, fix_put(f, "a.json.gz", "{}")),
			 FHIR_PACKED);
	snprintf(a, sizeof a, "%s", scratch_path(f->dir, "pipe.json"));
	assert_int_equal(mkfifo(a, 0600), 0);
	assert_int_equal(refused(f, a), FHIR_NOT_FILE);
	assert_int_equal(refused(f, "/dev/zero"), FHIR_NOT_FILE);
	assert_int_equal(unlink(a), 0);
	snprintf(b, sizeof b, "%s", scratch_path(f->dir, "loop.json"));
	assert_int_equal(symlink(b, a), 0);
	assert_int_equal(symlink(a, b), 0);
	assert_int_equal(refused(f, a), FHIR_UNREADABLE);
}

static void folders_are_read_without_running_in_circles(void **state)
{
	struct fix *f = *state;
	char dir[600], in[700];

	snprintf(dir, sizeof dir, "%s", scratch_path(f->dir, "d"));
	assert_int_equal(mkdir(dir, 0700), 0);
	snprintf(in, sizeof in, "%s/up", dir);
	assert_int_equal(symlink("..", in), 0);
	snprintf(in, sizeof in, "%s/note.txt", dir);
	check_ok(disk_write(disk_system(), in, "x", 1, 0600));
	snprintf(in, sizeof in, "%s/deep", dir);
	assert_int_equal(mkdir(in, 0700), 0);
	snprintf(in, sizeof in, "%s/deep/o.json", dir);
	check_ok(disk_write(disk_system(), in,
			    "{\"resourceType\":\"Flag\",\"id\":\"1\"}", 32,
			    0600));
	fix_import(f, dir);
	assert_int_equal(f->res.files, 1);
	assert_int_equal(f->res.files_ignored, 2);
	assert_int_equal(f->res.read, 1);
}

static void unreadable_file_is_reported(void **state)
{
	struct fix *f = *state;
	const char *path = fix_put(f, "shut.json", "{}");

	if (geteuid() == 0)
		skip(); /* may read everything */
	assert_int_equal(chmod(path, 0), 0);
	assert_int_equal(refused(f, path), FHIR_UNREADABLE);
}

static void bundles_of_odd_things_are_counted_whole(void **state)
{
	struct fix *f = *state;

	fix_take(f, "{\"resourceType\":\"Bundle\",\"entry\":[null,7,{},"
		    "{\"resource\":[]},{\"resource\":{}},"
		    "{\"resource\":{\"resourceType\":\"<b>\"}},"
		    "{\"resource\":{\"resourceType\":\"Bundle\",\"id\":\"b\"}},"
		    "{\"resource\":{\"resourceType\":\"Task\",\"id\":\"t\","
		    "\"output\":\"no\",\"code\":7,\"focus\":[]}},"
		    "{\"resource\":{\"resourceType\":\"Condition\",\"id\":"
		    "\"c\",\"category\":{\"coding\":{}},\"subject\":9}},"
		    "{\"resource\":{\"resourceType\":\"ServiceRequest\","
		    "\"id\":\"s\",\"reasonReference\":[1,2,3]}}]}");
	assert_int_equal(f->res.read, 10);
	assert_int_equal(fix_row(f, "(no type)")->left, 6);
	fix_left(f, "Bundle", FHIR_NESTED);
	fix_left(f, "Task", FHIR_NOT_FULFILL);
	fix_left(f, "Condition", FHIR_NOT_SOCIAL);
	assert_int_equal(fix_row(f, "ServiceRequest")->left, 1);
}

static void invented_types_do_not_fill_the_table(void **state)
{
	struct fix *f = *state;
	char *text = mem_alloc(40000);
	size_t n = 0;

	assert_non_null(text);
	for (int i = 0; i < 400; i++)
		n += (size_t)snprintf(text + n, 40000 - n,
				      "{\"resourceType\":\"X%c%c\"}\n",
				      'a' + i / 26, 'a' + i % 26);
	n += (size_t)snprintf(text + n, 40000 - n,
			      "{\"resourceType\":\"Organization\","
			      "\"id\":\"o\",\"name\":\"Pantry\"}");
	fix_import(f, fix_put_bytes(f, "x.ndjson", text, n));
	mem_free(text);
	assert_int_equal(f->res.read, 401);
	assert_int_equal(fix_row(f, "Xaa")->left, 1);
	assert_true(fix_row(f, "(other)")->left > 200);
	/* What is taken keeps its own row. */
	assert_int_equal(fix_row(f, "Organization")->taken, 1);
}

static void survives_want_of_memory(void **state)
{
	struct fix *f = *state;
	char path[600];

	snprintf(path, sizeof path, "%s",
		 fix_put(f, "o.json",
			 "{\"resourceType\":\"Organization\",\"id\":\"o\","
			 "\"name\":\"Pantry\"}"));
	f->o.dry_run = true;
	SWEEP
	{
		int x = fix_run(f, path);

		/* Keeping a statement is no more than an aid to speed. */
		if (x == 0 && mem_fault_off())
			continue;
		SWEEP_END(x);
	}
}

#define T(name) cmocka_unit_test_setup_teardown(name, fix_set_up, fix_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(json_suite_is_judged_rightly),
		T(validator_cases_pass_one_by_one),
		T(bytes_that_are_no_utf8_leave_the_file_out),
		T(naughty_names_are_kept_or_reported),
		T(patients_that_can_not_be_taken_say_why),
		T(names_too_long_are_reported),
		T(truncated_anywhere_nothing_is_taken),
		T(every_single_byte_is_no_file_of_ours),
		T(nesting_is_limited_and_told_where),
		T(broken_line_leaves_the_whole_ndjson_out),
		T(odd_files_are_refused_without_waiting),
		T(folders_are_read_without_running_in_circles),
		T(unreadable_file_is_reported),
		T(bundles_of_odd_things_are_counted_whole),
		T(invented_types_do_not_fill_the_table),
		T(survives_want_of_memory),
	};

	return cmocka_run_group_tests_name("fhir_hostile", tests, NULL, NULL);
}
