#include "tests/unit/case_world.h"

#include "regional/case/attachment.h"
#include "regional/case/seal.h"

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

static const char *key_file(struct fix *f)
{
	return scratch_path(f->w.dir, "record.key");
}

static void the_file_is_made_once_and_read_again(void **state)
{
	struct fix *f = *state;
	unsigned char key[SEAL_KEY];

	check_ok(seal_load(&f->w.rec, disk_system(), key_file(f)));
	assert_true(f->w.rec.sealing);
	memcpy(key, f->w.rec.seal_key, SEAL_KEY);
	memset(f->w.rec.seal_key, 0, SEAL_KEY);
	check_ok(seal_load(&f->w.rec, disk_system(), key_file(f)));
	assert_memory_equal(key, f->w.rec.seal_key, SEAL_KEY);
}

static void a_damaged_file_is_named(void **state)
{
	struct fix *f = *state;
	char *text = NULL;
	size_t len;

	check_ok(seal_load(&f->w.rec, disk_system(), key_file(f)));
	check_ok(disk_read(disk_system(), key_file(f), 4096, &text, &len));
	text[len - 2] = text[len - 2] == 'a' ? 'b' : 'a';
	check_ok(disk_write(disk_system(), key_file(f), text, len, 0600));
	mem_free(text);
	assert_int_equal(seal_load(&f->w.rec, disk_system(), key_file(f)),
			 E_FORMAT);
	check_says("record.key is not a whole record key");
	assert_false(f->w.rec.sealing);
	check_ok(disk_write(disk_system(), key_file(f), "", 0, 0600));
	assert_int_equal(seal_load(&f->w.rec, disk_system(), key_file(f)),
			 E_FORMAT);
}

/* No new key is made where an old one is needed. */
static void a_missing_file_is_asked_for(void **state)
{
	struct fix *f = *state;
	int64_t child = case_world_child(&f->w, "2018-01-01"), id;
	unsigned char *data;
	size_t len;

	check_ok(seal_load(&f->w.rec, disk_system(), key_file(f)));
	check_ok(attachment_add(&f->w.rec, child, "report", "", "a", 1, &id));
	assert_int_equal(remove(key_file(f)), 0);
	check_ok(seal_load(&f->w.rec, disk_system(), key_file(f)));
	assert_false(f->w.rec.sealing);
	assert_int_equal(attachment_read(&f->w.rec, id, &data, &len), E_STATE);
	check_says("record.key of this node is missing");
	assert_int_equal(
		attachment_add(&f->w.rec, child, "report", "", "a", 1, &id),
		E_STATE);
}

static void another_key_opens_nothing(void **state)
{
	struct fix *f = *state;
	int64_t child = case_world_child(&f->w, "2018-01-01"), id;
	unsigned char *data;
	size_t len;

	check_ok(attachment_add(&f->w.rec, child, "report", "", "a", 1, &id));
	f->w.rec.seal_key[0] ^= 1;
	assert_int_equal(attachment_read(&f->w.rec, id, &data, &len), E_AUTH);
	check_says("record.key is not the one");
}

static void a_value_is_bound_to_its_place(void **state)
{
	struct fix *f = *state;
	unsigned char key[SEAL_KEY] = "k", *sealed = NULL, *plain = NULL;
	size_t len, plain_len;

	check_ok(seal_close(&f->w.rec, key, "t", 1, "c", "abc", 3, &sealed,
			    &len));
	assert_int_equal(len, 3 + SEAL_OVER);
	check_ok(seal_open(key, "t", 1, "c", sealed, len, &plain, &plain_len));
	assert_string_equal((char *)plain, "abc");
	mem_free(plain);
	plain = NULL;
	assert_int_equal(
		seal_open(key, "u", 1, "c", sealed, len, &plain, &plain_len),
		E_AUTH);
	assert_int_equal(
		seal_open(key, "t", 2, "c", sealed, len, &plain, &plain_len),
		E_AUTH);
	assert_int_equal(
		seal_open(key, "t", 1, "d", sealed, len, &plain, &plain_len),
		E_AUTH);
	for (size_t i = 0; i < len; i++) {
		sealed[i] ^= 1;
		assert_int_equal(seal_open(key, "t", 1, "c", sealed, len,
					   &plain, &plain_len),
				 E_AUTH);
		sealed[i] ^= 1;
		assert_int_equal(seal_open(key, "t", 1, "c", sealed, i, &plain,
					   &plain_len),
				 E_AUTH);
	}
	assert_null(plain);
	mem_free(sealed);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_file_is_made_once_and_read_again),
		T(a_damaged_file_is_named),
		T(a_missing_file_is_asked_for),
		T(another_key_opens_nothing),
		T(a_value_is_bound_to_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
