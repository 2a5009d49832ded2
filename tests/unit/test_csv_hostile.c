#include "tests/unit/csv_fix.h"

#include <jansson.h>

/* --- values --- */

static void days_are_read_as_said(void **state)
{
	static const struct {
		const char *file, *day, *want;
	} list[] = {
		{"date = MM/DD/YYYY\n", "02/29/2024", "2024-02-29"},
		{"date = MM/DD/YYYY\n", "2/9/2024", "2024-02-09"},
		{"date = MM/DD/YYYY\n", "02/30/2024", NULL},
		{"date = MM/DD/YYYY\n", "02/29/24", NULL},
		{"pivot = 30\ndate = MM/DD/YYYY\n", "02/29/24", "2024-02-29"},
		{"pivot = 30\ndate = MM/DD/YY\n", "02/28/31", NULL},
		{"date = DD.MM.YYYY\n", "31.12.2020", "2020-12-31"},
		{"date = MM/DD/YYYY, YYYY-MM-DD\n", "2020-12-31", "2020-12-31"},
		{"date = YYYYMMDD\n", "20201231", "2020-12-31"},
		{"", "2020-12-31x", NULL},
		{"", "2020-12", NULL},
		{"", "+020-12-01", NULL},
		{"", "", NULL},
		{"", "0000-00-00", NULL},
		{"", "1899-12-31", NULL},
		{"", "2026-11-25", NULL},
		{"", "99999999999-12-31", NULL},
	};
	struct fix *f = *state;
	char map[300], rows[200];

	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		snprintf(map, sizeof map, "[file]\n%s%s", list[i].file, CHILD);
		snprintf(rows, sizeof rows, "No,Last,DOB\n%d,N,%s\n", (int)i,
			 list[i].day);
		check_ok(take(f, map, rows));
		if (list[i].want)
			assert_string_equal(text(f, "SELECT birth FROM child"
						    " ORDER BY id DESC"),
					    list[i].want);
		if (f->res.kind[CSV_ROW].taken != (list[i].want != NULL))
			fail_msg("%s%s: %s", list[i].file, list[i].day,
				 f->said);
	}
}

static void short_years_ask_for_a_pivot(void **state)
{
	struct fix *f = *state;

	check_ok(take(f, "[file]\ndate = MM/DD/YYYY\n" CHILD,
		      "No,Last,DOB\n1,N,01/02/18\n"));
	said(f, "2 DOB: a day that exists is wanted, as MM/DD/YYYY, the year "
		"in four digits");
	assert_int_equal(take(f, "[file]\ndate = MM/DD/YY\n" CHILD, ""),
			 E_INVALID);
	check_says("pivot");
}

static void every_wrong_value_of_a_row_is_told(void **state)
{
	struct fix *f = *state;

	check_ok(take(f, CHILD NEED "[child sex values]\nF = female\n",
		      "No,Last,DOB,Need,Found\n"
		      "1,a\tb,nonsense,shrug,later\n"));
	assert_int_equal(f->reports, 4);
	counts(f, CSV_ROW, 0, 0, 0, 1);
	said(f, "2 Last: it has a control character");
	said(f, "2 Found: a day");
}

static void bad_bytes_are_row_errors(void **state)
{
	static const char *const bad[] = {
		"a\xff",      "\xc3",	  "\xed\xa0\x80",
		"x\x01y",     "x\x1b[2J", "\xe2\x80\xaeyx",
		"x\xc2\x85y", "x\x7f",	  "\"x\ny\"",
	};
	struct fix *f = *state;
	char rows[100];

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		snprintf(rows, sizeof rows,
			 "No,Last,DOB\n1,%s,2018-01-01\n2,Ok%d,2018-01-01\n",
			 bad[i], (int)i);
		check_ok(take(f, CHILD, rows));
		if (f->res.why[CSV_VALUE] != 1 || f->reports != 1)
			fail_msg("%d: %s", (int)i, f->said);
		said(f, "2 Last: it ");
		assert_int_equal(f->res.kind[CSV_ROW].left, 1);
	}
}

static void nul_is_a_row_error(void **state)
{
	static const char rows[] = "No,Last,DOB\n1,a\0b,2018-01-01\n";
	struct fix *f = *state;

	put(f, f->map, "map.conf", CHILD);
	snprintf(f->file, sizeof f->file, "%s",
		 scratch_path(f->dir, "nul.csv"));
	check_ok(disk_write(disk_system(), f->file, rows, sizeof rows - 1,
			    0600));
	check_ok(run(f));
	assert_int_equal(f->res.why[CSV_VALUE], 1);
}

static void windows_is_read_only_when_said(void **state)
{
	struct fix *f = *state;
	static const char rows[] = "No,Last,DOB\n1,Jos\xe9 \x96 \x9a,"
				   "2018-01-01\n";

	check_ok(take(f, CHILD, rows));
	said(f, "encoding = windows-1252");
	counts(f, CSV_ROW, 0, 0, 0, 1);
	check_ok(take(f, "[file]\nencoding = windows-1252\n" CHILD, rows));
	assert_string_equal(text(f, "SELECT family FROM child"), "José – š");
	/* Excel's own mark is believed before the mapping. */
	check_ok(take(f, "[file]\nencoding = windows-1252\n" CHILD,
		      "\xef\xbb\xbfNo,Last,DOB\n2,José,2018-01-01\n"));
	assert_string_equal(text(f, "SELECT family FROM child WHERE source_id"
				    " = '2'"),
			    "José");
}

/* --- files --- */

static void broken_file_is_left_out_whole(void **state)
{
	static const struct {
		const char *rows, *says;
	} list[] = {
		{"No,Last,DOB\n1,A,2018-01-01\n2,\"B,2018-01-01\n3,C,x\n",
		 "in the row of line 3"},
		{"No,Last,DOB\n1,A,2018-01-01\n2,\"B\"x,2018-01-01\n",
		 "line 3: quotes"},
		{"No,Last,DOB\r1,A,2018-01-01\r2,B\"x\",2018-01-01\r",
		 "line 3: quotes"},
		{"", "no header"},
		{"\n\n\n", "no header"},
		{"\xff\xfeN\0o", "UTF-16"},
		{"No,Last\n1,A\n", "no column is called \"DOB\""},
		{"No,Last,DOB,last\n1,A,2018-01-01,B\n", "two columns"},
	};
	struct fix *f = *state;

	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		int x = take(f, CHILD, list[i].rows);

		if (x != E_FORMAT && x != E_INVALID)
			fail_msg("%d: %s", (int)i, err_name(x));
		check_says(list[i].says);
		check_says("in.csv");
		assert_int_equal(number(f, "SELECT count(*) FROM child"), 0);
	}
}

static void rows_of_other_lengths_follow_the_policy(void **state)
{
	struct fix *f = *state;
	static const char rows[] = "No,Last,DOB,Note\n1,A,2018-01-01\n"
				   "2,B,2018-01-01,x,,\n3,C,2018-01-01,x,y\n";

	check_ok(take(f, CHILD, rows));
	assert_int_equal(f->res.why[CSV_FIELDS], 3);
	said(f, "2 : the row has 3 fields, the header 4");
	assert_int_equal(take(f, "[file]\nfields = file\n" CHILD, rows),
			 E_FORMAT);
	check_says("line 2");
	check_ok(take(f, "[file]\nfields = pad\n" CHILD, rows));
	counts(f, CSV_ROW, 2, 0, 0, 1);
	said(f, "4 : the row has 5 fields");
}

static void lines_and_delimiters_are_all_read(void **state)
{
	static const char *const list[] = {
		"No,Last,DOB\n\"1\",\"A, \"\"B\"\"\",2018-01-01\n",
		"No;Last;DOB\r\n1;\"A, \"\"B\"\"\";2018-01-01",
		"No\tLast\tDOB\r1\t\"A, \"\"B\"\"\"\t2018-01-01\r",
		("\xef\xbb\xbfNo,Last,DOB\n\n,,\n1 , \"A, \"\"B\"\"\" ,"
		 "2018-01-01\n\n"),
		" no , \"LAST\" ,dob\n1,\"A, \"\"B\"\"\",2018-01-01\n",
	};
	struct fix *f = *state;

	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		check_ok(take(f, CHILD, list[i]));
		counts(f, CSV_ROW, i == 0, 0, i > 0, 0);
		assert_string_equal(text(f, "SELECT family FROM child"),
				    "A, \"B\"");
	}
	check_ok(take(f, "[file]\nheader = 2\ndelimiter = comma\n" CHILD,
		      "A; title; of; much\nNo,Last,DOB\n"
		      "1,\"A, \"\"B\"\"\",2018-01-01\n"));
	counts(f, CSV_ROW, 0, 0, 1, 0);
}

static void mapping_errors_name_the_line(void **state)
{
	static const struct {
		const char *map, *says;
	} list[] = {
		{"[child]\nfirst = A\n", "map.conf:2: [child] has no field "
					 "first; it has: source_id, given"},
		{"[kid]\nx = y\n", "map.conf:2: there is no section [kid]"},
		{CHILD "given = A\ngiven = B\n", "map.conf:6: given is given"},
		{"[child]\nfamily = A\n", "[child] wants \"birth\""},
		{CHILD "[referral]\nsent = S\n", "\"domain\" in [need]"},
		{CHILD "[need domain values]\nx = foood\n",
		 "map.conf:6: \"foood\" is not one of: food, housing"},
		{CHILD "[need closed values]\nx = y\n", "not a field of words"},
		{CHILD "[need 7]\ndomain = x\n", "there is no section"},
		{"[file]\ndate = DD/MM\n", "not a format of dates"},
		{"[file]\ndate = MM/DD/YYY\n", "not a format of dates"},
		{"[file]\ndelimiter = pipe\n", "comma"},
		{"[file]\nencoding = latin\n", "utf-8 or windows-1252"},
		{"[file]\ncolour = red\n", "not colour"},
		{"[file]\nheader = 0\n", "from 1 to 1000"},
	};
	struct fix *f = *state;

	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		assert_int_equal(take(f, list[i].map, "No,Last,DOB\n"),
				 E_INVALID);
		check_says(list[i].says);
	}
}

static void suggestion_is_a_mapping_that_works(void **state)
{
	struct fix *f = *state;
	char *made = NULL;

	use_center(f);
	check_ok(csv_suggest(f->file, &made));
	assert_non_null(strstr(made, "\nbirth = DOB\n"));
	assert_non_null(strstr(made, "\norganization = Agency\n"));
	assert_non_null(strstr(made, "#\tNotes\n"));
	put(f, f->map, "map.conf", made);
	mem_free(made);
	f->o.dry_run = true;
	check_ok(run(f));
	assert_true(f->res.kind[CSV_CHILD].taken > 0);
	/* Hostile headers make comments, not keys. */
	put(f, f->file, "in.csv", "DOB,\"Last\n[x]\",First;,\x1b[2J\n");
	check_ok(csv_suggest(f->file, &made));
	assert_null(strstr(made, "\n[x]"));
	assert_null(strchr(made, '\x1b'));
	mem_free(made);
}

/* --- what others collected --- */

struct compare {
	json_t *want;
	char **header;
	int n, rows;
};

static int on_spectrum(void *arg, const struct csv_cells *row)
{
	struct compare *c = arg;

	if (c->n++ == 0) {
		c->header = mem_calloc((size_t)row->n, sizeof *c->header);
		c->rows = row->n;
		for (int i = 0; i < row->n; i++)
			c->header[i] = mem_strdup(row->cell[i]);
		return 0;
	}
	for (int i = 0; i < row->n; i++) {
		json_t *of = json_array_get(c->want, (size_t)c->n - 2);
		const char *want =
			json_string_value(json_object_get(of, c->header[i]));

		assert_non_null(want);
		assert_string_equal(row->cell[i], want);
	}
	return 0;
}

static void csv_spectrum_is_read_as_it_says(void **state)
{
	static const char *const names[] = {"comma_in_quotes", "empty",
					    "newlines", "simple",
					    "simple_crlf"};
	const struct csv_shape shape = {.header = 1};

	if (!data_path("bad-input/csv-spectrum"))
		skip();
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct compare c = {NULL};
		char path[200], *bytes;
		size_t len;

		snprintf(path, sizeof path,
			 "bad-input/csv-spectrum/json/%s.json", names[i]);
		c.want = json_load_file(data_path(path), 0, NULL);
		assert_non_null(c.want);
		snprintf(path, sizeof path,
			 "bad-input/csv-spectrum/csvs/%s.csv", names[i]);
		check_ok(csv_read_file(data_path(path), &shape, &bytes, &len));
		check_ok(csv_read_text(&shape, bytes, len, on_spectrum, &c));
		assert_int_equal(c.n - 1, (int)json_array_size(c.want));
		for (int k = 0; k < c.rows; k++)
			mem_free(c.header[k]);
		mem_free(c.header);
		mem_free(bytes);
		json_decref(c.want);
	}
}

static int on_count(void *arg, const struct csv_cells *row)
{
	int *n = arg;

	assert_int_equal(row->n, 3);
	n[0]++;
	n[1] = (int)row->line;
	return 0;
}

static void csvlint_line_ends_are_counted(void **state)
{
	static const struct {
		const char *name;
		int rows;
	} list[] = {
		{"cr-line-endings", 3}, {"crlf-line-endings", 3},
		{"lf-line-endings", 3}, {"title-row", 4},
		{"valid", 3},
	};
	const struct csv_shape shape = {.header = 1};

	if (!data_path("bad-input/csvlint"))
		skip();
	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		char path[200], *bytes;
		int n[2] = {0};
		size_t len;

		snprintf(path, sizeof path, "bad-input/csvlint/%s.csv",
			 list[i].name);
		check_ok(csv_read_file(data_path(path), &shape, &bytes, &len));
		check_ok(csv_read_text(&shape, bytes, len, on_count, n));
		if (n[0] != list[i].rows || n[1] != n[0])
			fail_msg("%s: %d rows, the last on line %d",
				 list[i].name, n[0], n[1]);
		mem_free(bytes);
	}
}

/* A cell of any text, as RFC 4180 writes it. */
static size_t put_cell(char *out, const char *s, size_t len)
{
	size_t n = 0;

	out[n++] = '"';
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '"')
			out[n++] = '"';
		out[n++] = s[i];
	}
	out[n++] = '"';
	return n;
}

static void naughty_names_come_in_or_are_told(void **state)
{
	const char *path = data_path("bad-input/naughty-strings/"
				     "naughty-strings-a.json");
	struct fix *f = *state;
	size_t i, used, n = 0;
	char *rows;
	json_t *list, *v;

	if (!path)
		skip();
	list = json_load_file(path, JSON_ALLOW_NUL, NULL);
	assert_non_null(list);
	rows = mem_alloc(4 * 1024 * 1024);
	used = (size_t)snprintf(rows, 100, "No,Last,DOB\n");
	json_array_foreach (list, i, v) {
		used += (size_t)snprintf(rows + used, 20, "%d,", (int)i);
		used += put_cell(rows + used, json_string_value(v),
				 json_string_length(v));
		used += (size_t)snprintf(rows + used, 20, ",2018-01-01\n");
		n++;
	}
	json_decref(list);
	put(f, f->map, "map.conf", CHILD);
	snprintf(f->file, sizeof f->file, "%s",
		 scratch_path(f->dir, "naughty.csv"));
	check_ok(disk_write(disk_system(), f->file, rows, used, 0600));
	mem_free(rows);
	check_ok(run(f));
	assert_true(n > 200);
	assert_int_equal(f->res.kind[CSV_ROW].taken + f->res.kind[CSV_ROW].left,
			 n);
	assert_int_equal(f->reports, f->res.kind[CSV_ROW].left);
	assert_true(f->res.kind[CSV_ROW].taken > 150);
	assert_int_equal(number(f, "SELECT count(*) FROM child WHERE family"
				   " GLOB char(42,91,1,45,31,93,42)"),
			 0);
	check_ok(run(f));
	assert_int_equal(f->res.kind[CSV_ROW].taken, 0);
	assert_int_equal(f->res.kind[CSV_ROW].updated, 0);
}

static void import_survives_oom(void **state)
{
	struct fix *f = *state;
	char *made;

	use_center(f);
	f->o.dry_run = true;
	f->o.report = NULL;
	SWEEP
	{
		int x = csv_import(&f->rec, &f->o, &f->res);

		/* Keeping a statement is no more than an aid to speed. */
		if (x == 0 && mem_fault_off())
			continue;
		SWEEP_END(x);
	}
	SWEEP
	{
		int x;

		made = NULL;
		x = csv_suggest(f->file, &made);
		mem_free(made);
		/* The parser asks again for less. */
		if (x == 0 && mem_fault_off())
			continue;
		SWEEP_END(x);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(days_are_read_as_said),
		T(short_years_ask_for_a_pivot),
		T(every_wrong_value_of_a_row_is_told),
		T(bad_bytes_are_row_errors),
		T(nul_is_a_row_error),
		T(windows_is_read_only_when_said),
		T(broken_file_is_left_out_whole),
		T(rows_of_other_lengths_follow_the_policy),
		T(lines_and_delimiters_are_all_read),
		T(mapping_errors_name_the_line),
		T(suggestion_is_a_mapping_that_works),
		T(csv_spectrum_is_read_as_it_says),
		T(csvlint_line_ends_are_counted),
		T(naughty_names_come_in_or_are_told),
		T(import_survives_oom),
	};

	return cmocka_run_group_tests_name("csv_hostile", tests, NULL, NULL);
}
