#include "tests/unit/case_world.h"

#include "regional/case/attachment.h"

struct fix {
	struct case_world w;
};

static int setup(void **state)
{
	static struct fix f;

	case_world_init(&f.w);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	case_world_fini(&f->w);
	return 0;
}

static const char secret[] = "%PDF-1.4 the words of a planted canary";

static int64_t a_document(struct fix *f, int64_t child)
{
	int64_t id;

	check_ok(attachment_add(&f->w.rec, child, "report", "A report", secret,
				sizeof secret - 1, &id));
	return id;
}

static void what_was_added_is_read_again(void **state)
{
	struct fix *f = *state;
	int64_t child = case_world_child(&f->w, "2018-01-01");
	int64_t id = a_document(f, child);
	unsigned char *data = NULL;
	struct attachment a;
	size_t len;

	check_ok(attachment_get(f->w.db, id, &a));
	assert_string_equal(a.type, "pdf");
	assert_string_equal(a.title, "A report");
	assert_int_equal(a.size, sizeof secret - 1);
	check_ok(attachment_read(&f->w.rec, id, &data, &len));
	assert_int_equal(len, sizeof secret - 1);
	assert_memory_equal(data, secret, len);
	mem_free(data);
}

static void the_type_is_told_by_the_bytes(void **state)
{
	(void)state;
	assert_string_equal(attachment_type("%PDF-1.7\n", 9), "pdf");
	assert_string_equal(attachment_type("\x89PNG\r\n\x1a\n1", 9), "png");
	assert_string_equal(attachment_type("\xff\xd8\xff\xe0", 4), "jpeg");
	assert_string_equal(attachment_type("\xc3\xa9t\xc3\xa9\n", 6), "text");
	assert_string_equal(attachment_type("\xc3\xa9t\xc3\xa9", 5), "text");
	assert_null(attachment_type("", 0));
	assert_null(attachment_type("\xc3", 1));
	assert_null(attachment_type("a\xc3", 2));
	assert_null(attachment_type("a\0b", 3));
	assert_null(attachment_type("\x7f"
				    "ELF\x02",
				    5));
	assert_null(attachment_type("PK\x03\x04", 4));
	assert_null(attachment_type("\x89PNG", 4));
	assert_null(attachment_type("GIF89a\x01", 7));
	assert_null(attachment_type("\x1b[31m", 5));
}

static void one_is_taken_out_with_a_reason(void **state)
{
	struct fix *f = *state;
	int64_t child = case_world_child(&f->w, "2018-01-01");
	int64_t id = a_document(f, child), other = a_document(f, child);
	unsigned char *data = NULL;
	struct attachment a;
	size_t len;

	assert_int_equal(attachment_remove(&f->w.rec, id, ""), E_INVALID);
	check_says("Say why");
	check_ok(attachment_remove(&f->w.rec, id, "Another child's report"));
	check_ok(attachment_get(f->w.db, id, &a));
	assert_string_equal(a.why, "Another child's report");
	assert_string_equal(a.title, "");
	assert_int_equal(attachment_read(&f->w.rec, id, &data, &len), E_STATE);
	check_says("erased");
	assert_int_equal(attachment_remove(&f->w.rec, id, "again"), E_STATE);
	check_says("taken out");
	check_ok(attachment_read(&f->w.rec, other, &data, &len));
	mem_free(data);
	assert_int_equal(case_world_int(&f->w,
					"SELECT count(*) FROM history WHERE"
					" record = 'attachment'"),
			 0);
}

static void too_much_and_too_strange_is_refused(void **state)
{
	struct fix *f = *state;
	int64_t child = case_world_child(&f->w, "2018-01-01"), id;
	char *big = mem_calloc(1, ATTACHMENT_MAX + 1);

	assert_non_null(big);
	memset(big, 'x', ATTACHMENT_MAX + 1);
	assert_int_equal(attachment_add(&f->w.rec, child, "report", "", big,
					ATTACHMENT_MAX + 1, &id),
			 E_TOOBIG);
	check_says("at most 10 MiB");
	check_ok(attachment_add(&f->w.rec, child, "report", "", big,
				ATTACHMENT_MAX, &id));
	mem_free(big);
	assert_int_equal(attachment_add(&f->w.rec, child, "report", "",
					"MZ\x90", 3, &id),
			 E_INVALID);
	check_says("neither PDF, PNG, JPEG nor plain text");
	assert_int_equal(
		attachment_add(&f->w.rec, child, "report", "", "", 0, &id),
		E_INVALID);
	check_says("empty");
	assert_int_equal(
		attachment_add(&f->w.rec, child, "poem", "", "a", 1, &id),
		E_INVALID);
	assert_int_equal(
		attachment_add(&f->w.rec, 77, "report", "", "a", 1, &id),
		E_NOTFOUND);
	assert_int_equal(
		case_world_int(&f->w, "SELECT count(*) FROM attachment"), 1);
}

/* The bytes of every file of the database. */
static bool on_disk(struct fix *f, const void *what, size_t n)
{
	static const char *const name[] = {"node.db", "node.db-wal"};
	bool found = false;

	for (int i = 0; i < 2; i++) {
		char *text = NULL;
		size_t len = 0;

		if (disk_read(disk_system(), scratch_path(f->w.dir, name[i]),
			      64 << 20, &text, &len) == 0)
			found = found || memmem(text, len, what, n);
		mem_free(text);
	}
	return found;
}

static void nothing_readable_is_on_disk(void **state)
{
	struct fix *f = *state;

	a_document(f, case_world_child(&f->w, "2018-01-01"));
	assert_true(on_disk(f, "A report", 8));
	assert_false(on_disk(f, "planted canary", 14));
}

static void content_that_was_altered_or_moved_is_not_given(void **state)
{
	struct fix *f = *state;
	int64_t child = case_world_child(&f->w, "2018-01-01");
	int64_t id = a_document(f, child), other = a_document(f, child);
	unsigned char *data = NULL;
	size_t len;

	check_ok(db_run(f->w.db,
			"UPDATE attachment_content SET sealed = (SELECT sealed"
			" FROM attachment_content WHERE attachment = ?)"
			" WHERE attachment = ?",
			"ii", other, id));
	assert_int_equal(attachment_read(&f->w.rec, id, &data, &len), E_AUTH);
	assert_null(data);
	check_ok(attachment_read(&f->w.rec, other, &data, &len));
	mem_free(data);
	check_ok(db_run(f->w.db, "UPDATE attachment SET hash = zeroblob(32)",
			""));
	data = NULL;
	assert_int_equal(attachment_read(&f->w.rec, other, &data, &len),
			 E_AUTH);
	check_says("not what was added");
	assert_null(data);
}

static void erased_it_is_gone_for_good(void **state)
{
	struct fix *f = *state;
	int64_t child = case_world_child(&f->w, "2018-01-01");
	int64_t other = case_world_child(&f->w, "2019-01-01");
	int64_t id = a_document(f, child), kept = a_document(f, other), n;
	unsigned char wrapped[32 + 24 + 16], *data = NULL;
	const void *blob;
	struct attachment a;
	struct rows rows;
	size_t len = 0;

	check_ok(db_rows(f->w.db, &rows,
			 "SELECT wrapped FROM child_key WHERE child = ?", "i",
			 child));
	assert_int_equal(rows_next(&rows), ROWS_ROW);
	blob = rows_blob(&rows, 0, &len);
	assert_int_equal(len, sizeof wrapped);
	memcpy(wrapped, blob, sizeof wrapped);
	rows_end(&rows);
	assert_true(on_disk(f, wrapped, len));
	check_ok(attachment_erase(&f->w.rec, child, &n));
	assert_int_equal(n, 1);
	assert_false(on_disk(f, wrapped, len));
	assert_int_equal(attachment_read(&f->w.rec, id, &data, &len), E_STATE);
	check_says("was erased on 2026-06-30");
	check_ok(attachment_get(f->w.db, id, &a));
	assert_string_equal(a.title, "");
	check_ok(attachment_read(&f->w.rec, kept, &data, &len));
	mem_free(data);
	/* A new one has a new key. */
	id = a_document(f, child);
	check_ok(attachment_read(&f->w.rec, id, &data, &len));
	mem_free(data);
	assert_int_equal(attachment_erase(&f->w.rec, 99, &n), E_NOTFOUND);
}

static void memory_may_run_out(void **state)
{
	struct fix *f = *state;
	int64_t child = case_world_child(&f->w, "2018-01-01");
	bool fired = true;
	int failed = 0;

	a_document(f, child);
	for (int n = 0; fired; n++) {
		unsigned char *data = NULL;
		int64_t id = 0;
		size_t len;
		int x;

		mem_fault(n);
		x = attachment_add(&f->w.rec, child, "report", "", secret,
				   sizeof secret - 1, &id);
		if (x == 0)
			x = attachment_read(&f->w.rec, id, &data, &len);
		fired = mem_fault_off();
		/* A statement that can't be kept is only slower. */
		assert_true(x == 0 || (fired && x == E_NOMEM));
		failed += x == E_NOMEM;
		mem_free(data);
	}
	assert_true(failed >= 2);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(what_was_added_is_read_again),
		T(the_type_is_told_by_the_bytes),
		T(one_is_taken_out_with_a_reason),
		T(too_much_and_too_strange_is_refused),
		T(nothing_readable_is_on_disk),
		T(content_that_was_altered_or_moved_is_not_given),
		T(erased_it_is_gone_for_good),
		T(memory_may_run_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
