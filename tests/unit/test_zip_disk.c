#include "tests/lib/check.h"

#include <string.h>

#include "daemon/core/err.h"
#include "regional/exchange/zip_disk.h"

static void the_checksum_is_that_of_the_standard(void **state)
{
	/* The check value of CRC-32/ISO-HDLC. */
	assert_int_equal(zip_disk_crc("123456789", 9), 0xcbf43926);
	assert_int_equal(zip_disk_crc("", 0), 0);
}

static uint32_t number(const char *at)
{
	const unsigned char *b = (const unsigned char *)at;

	return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
	       (uint32_t)b[3] << 24;
}

static void files_are_listed_where_they_stand(void **state)
{
	struct zip_disk z;
	const char *end, *list;

	zip_disk_init(&z);
	check_ok(disk_make_dir(&z.base, "/out"));
	check_ok(disk_write(&z.base, "/out/a.csv", "id\r\n1\r\n", 7, 0644));
	check_ok(disk_write(&z.base, "/out/empty.csv", "", 0, 0644));
	check_ok(zip_disk_end(&z));
	end = z.made + z.size - 22;
	assert_int_equal(number(end), 0x06054b50);
	assert_int_equal(number(end + 8), 2 | 2 << 16);
	list = z.made + number(end + 16);
	assert_int_equal(number(list), 0x02014b50);
	assert_int_equal(number(list + 16), zip_disk_crc("id\r\n1\r\n", 7));
	assert_int_equal(number(list + 42), 0);
	assert_memory_equal(list + 46, "a.csv", 5);
	assert_int_equal(number(z.made), 0x04034b50);
	assert_memory_equal(z.made + 30, "a.csvid\r\n1\r\n", 12);
	list += 46 + 5;
	assert_memory_equal(list + 46, "empty.csv", 9);
	assert_int_equal(number(list + 42), 30 + 12);
	zip_disk_fini(&z);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_checksum_is_that_of_the_standard),
		cmocka_unit_test(files_are_listed_where_they_stand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
