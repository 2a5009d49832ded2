#include "tests/lib/check.h"

#include <sys/stat.h>
#include <unistd.h>

#include "daemon/core/disk.h"
#include "tests/lib/scratch.h"

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

static void write_then_read_gives_the_bytes(void **state)
{
	const char *path = scratch_path(*state, "f");
	struct stat st;
	char *text;
	size_t len;

	check_ok(disk_write(disk_system(), path, "a\0b", 3, 0640));
	check_ok(disk_read(disk_system(), path, 3, &text, &len));
	assert_int_equal(len, 3);
	assert_memory_equal(text, "a\0b", 4);
	mem_free(text);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
}

static void write_replaces_whole_and_leaves_nothing(void **state)
{
	const char *path = scratch_path(*state, "f");
	char *text;
	size_t len;

	check_ok(disk_write(disk_system(), path, "longer text", 11, 0600));
	check_ok(disk_write(disk_system(), path, "short", 5, 0600));
	check_ok(disk_read(disk_system(), path, 100, &text, &len));
	assert_string_equal(text, "short");
	mem_free(text);
	unlink(path);
	/* Fails if a temporary file stayed. */
	assert_int_equal(rmdir(*state), 0);
	assert_int_equal(mkdir(*state, 0700), 0);
}

static void failed_write_keeps_the_old_file(void **state)
{
	const char *path = scratch_path(*state, "d");

	/* A file can't be renamed over a directory. */
	assert_int_equal(mkdir(path, 0700), 0);
	assert_true(disk_write(disk_system(), path, "x", 1, 0600) < 0);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rmdir(*state), 0);
	assert_int_equal(mkdir(*state, 0700), 0);
}

static void read_refuses_a_larger_file(void **state)
{
	const char *path = scratch_path(*state, "f");
	char *text = NULL;
	size_t len;

	check_ok(disk_write(disk_system(), path, "12345", 5, 0600));
	assert_int_equal(disk_read(disk_system(), path, 4, &text, &len),
			 E_TOOBIG);
	assert_null(text);
	check_ok(disk_read(disk_system(), path, 5, &text, &len));
	mem_free(text);
}

static void read_takes_large_and_empty_files(void **state)
{
	const char *path = scratch_path(*state, "f");
	static char big[100000];
	char *text;
	size_t len;

	memset(big, 'y', sizeof big);
	check_ok(disk_write(disk_system(), path, big, sizeof big, 0600));
	check_ok(disk_read(disk_system(), path, 1 << 20, &text, &len));
	assert_int_equal(len, sizeof big);
	assert_memory_equal(text, big, len);
	mem_free(text);
	check_ok(disk_write(disk_system(), path, "", 0, 0600));
	check_ok(disk_read(disk_system(), path, 10, &text, &len));
	assert_int_equal(len, 0);
	assert_string_equal(text, "");
	mem_free(text);
}

static void missing_file_is_not_found(void **state)
{
	const char *path = scratch_path(*state, "none");
	char *text;
	size_t len;

	assert_int_equal(disk_read(disk_system(), path, 9, &text, &len),
			 E_NOTFOUND);
	check_says("none");
}

static void make_dir_makes_parents_once(void **state)
{
	const char *path = scratch_path(*state, "a/b/c");
	struct stat st;

	check_ok(disk_make_dir(disk_system(), path));
	check_ok(disk_make_dir(disk_system(), path));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	check_ok(disk_write(disk_system(), scratch_path(*state, "f"), "", 0,
			    0600));
	assert_true(disk_make_dir(disk_system(), scratch_path(*state, "f")) <
		    0);
	assert_true(disk_make_dir(disk_system(), scratch_path(*state, "f/g")) <
		    0);
}

static void read_and_write_survive_oom(void **state)
{
	const char *path = scratch_path(*state, "f");

	SWEEP
	{
		SWEEP_END(disk_write(disk_system(), path, "x", 1, 0600));
	}
	SWEEP
	{
		char *text = NULL;
		size_t len;
		int r = disk_read(disk_system(), path, 9, &text, &len);

		SWEEP_END(r);
		mem_free(text);
	}
	SWEEP
	{
		SWEEP_END(disk_make_dir(disk_system(),
					scratch_path(*state, "d")));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(write_then_read_gives_the_bytes,
						setup, teardown),
		cmocka_unit_test_setup_teardown(
			write_replaces_whole_and_leaves_nothing, setup,
			teardown),
		cmocka_unit_test_setup_teardown(failed_write_keeps_the_old_file,
						setup, teardown),
		cmocka_unit_test_setup_teardown(read_refuses_a_larger_file,
						setup, teardown),
		cmocka_unit_test_setup_teardown(
			read_takes_large_and_empty_files, setup, teardown),
		cmocka_unit_test_setup_teardown(missing_file_is_not_found,
						setup, teardown),
		cmocka_unit_test_setup_teardown(make_dir_makes_parents_once,
						setup, teardown),
		cmocka_unit_test_setup_teardown(read_and_write_survive_oom,
						setup, teardown),
	};

	return cmocka_run_group_tests_name("disk", tests, NULL, NULL);
}
