/* The search for planted values finds each, however it was encoded, and
 * nothing where there is none. The encoded forms below were made elsewhere. */
#include "tests/lib/check.h"

#include <sys/stat.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/disk.h"
#include "daemon/core/rand.h"
#include "tests/lib/scratch.h"
#include "tests/privacy/canary.h"

#define NAME                                              \
	"Zo\xc3\xab \"Ziggy\" Canarini/N\xc3\xba\xc3\xb1" \
	"ez"
#define SIMPLE "Thistledown"
#define RECORD "90817263"

static int setup(void **state)
{
	struct canary *c = NULL;

	check_ok(canary_new(&c));
	check_ok(canary_add(c, NAME));
	check_ok(canary_add(c, SIMPLE));
	check_ok(canary_add(c, RECORD));
	check_ok(canary_add_date(c, date_from_ymd(2019, 7, 4)));
	*state = c;
	return 0;
}

static int teardown(void **state)
{
	canary_free(*state);
	return 0;
}

struct last {
	char value[200], where[200];
	enum canary_code code;
	size_t at;
};

static void keep(void *arg, const struct canary_hit *hit)
{
	struct last *l = arg;

	snprintf(l->value, sizeof l->value, "%s", hit->value);
	snprintf(l->where, sizeof l->where, "%s", hit->where);
	l->code = hit->code;
	l->at = hit->at;
}

/* @text alone, at the end, and within other bytes. */
static void found(struct canary *c, const char *text, enum canary_code code)
{
	char within[400];
	struct last last = {.code = CANARY_CODES};
	int n = snprintf(within, sizeof within, "a=<%s>;", text);

	if (canary_search(c, "here", text, strlen(text), NULL, NULL) != 1)
		fail_msg("\"%s\" alone is not found once", text);
	assert_int_equal(
		canary_search(c, "here", within, (size_t)n, keep, &last), 1);
	assert_int_equal(last.code, code);
	assert_int_equal(last.at, 3);
	assert_string_equal(last.where, "here");
	/* One byte less of it is not it. */
	assert_int_equal(
		canary_search(c, "here", text, strlen(text) - 1, NULL, NULL),
		0);
}

static void values_are_found_as_they_are(void **state)
{
	found(*state, NAME, CANARY_AS_IS);
	found(*state, SIMPLE, CANARY_AS_IS);
	found(*state, RECORD, CANARY_AS_IS);
	found(*state, "2019-07-04", CANARY_AS_IS);
}

static void values_are_found_in_other_letters(void **state)
{
	found(*state, "thistledown", CANARY_LOWER);
	found(*state, "THISTLEDOWN", CANARY_UPPER);
	found(*state, "nwodeltsihT", CANARY_REVERSED);
	found(*state, "36271809", CANARY_REVERSED);
}

static void values_are_found_in_hex(void **state)
{
	found(*state, "54686973746c65646f776e", CANARY_HEX);
	found(*state, "54686973746C65646F776E", CANARY_HEX);
	found(*state,
	      "5a6fc3ab20225a69676779222043616e6172696e692f4ec3bac3b1657a",
	      CANARY_HEX);
}

/* Before the name stand no, one and two other bytes. */
static void values_are_found_in_base64(void **state)
{
	static const char *const text[] = {
		"Wm/DqyAiWmlnZ3kiIENhbmFyaW5pL07DusOxZXp5eQ==",
		"eFpvw6sgIlppZ2d5IiBDYW5hcmluaS9Ow7rDsWV6eXk=",
		"eHhab8OrICJaaWdneSIgQ2FuYXJpbmkvTsO6w7Flenl5"};

	for (int i = 0; i < 3; i++) {
		struct last last = {.code = CANARY_CODES};

		assert_int_equal(canary_search(*state, "here", text[i],
					       strlen(text[i]), keep, &last),
				 1);
		assert_int_equal(last.code, CANARY_BASE64);
		assert_string_equal(last.value, NAME);
	}
	assert_int_equal(canary_search(*state, "url",
				       "Wm_DqyAiWmlnZ3kiIENhbmFy"
				       "aW5pL07DusOxZXo",
				       39, NULL, NULL),
			 1);
}

static void values_are_found_in_utf16(void **state)
{
	static const unsigned char wide[] = {1, 'T', 0, 'h', 0, 'i', 0, 's',
					     0, 't', 0, 'l', 0, 'e', 0, 'd',
					     0, 'o', 0, 'w', 0, 'n', 0, 255};
	struct last last = {.code = CANARY_CODES};

	assert_int_equal(
		canary_search(*state, "here", wide, sizeof wide, keep, &last),
		1);
	assert_int_equal(last.code, CANARY_UTF16);
	assert_int_equal(last.at, 1);
}

static void values_are_found_in_json(void **state)
{
	found(*state, "Zo\\u00eb \\\"Ziggy\\\" Canarini/N\\u00fa\\u00f1ez",
	      CANARY_JSON);
	found(*state, "Zo\\u00EB \\\"Ziggy\\\" Canarini\\/N\\u00FA\\u00F1ez",
	      CANARY_JSON);
}

static void dates_are_found_in_other_forms(void **state)
{
	found(*state, "07/04/2019", CANARY_DATE);
	found(*state, "7/4/2019", CANARY_DATE);
	found(*state, "2019/07/04", CANARY_DATE);
	found(*state, "20190704", CANARY_DATE);
	found(*state, "4.7.2019", CANARY_DATE);
	found(*state, "Jul 4, 2019", CANARY_DATE);
	found(*state, "18081", CANARY_DATE);
}

static void what_is_not_there_is_not_found(void **state)
{
	static const char text[] =
		"Thistle down, 190817263, 908172630, 2019-07-05, 118081, "
		"Zoe Ziggy";
	static unsigned char noise[1 << 20];
	struct rng_seeded rng;

	assert_int_equal(canary_search(*state, "text", text, sizeof text - 1,
				       NULL, NULL),
			 0);
	assert_int_equal(canary_search(*state, "none", "", 0, NULL, NULL), 0);
	rand_seed(&rng, 5);
	rand_bytes(&rng.base, noise, sizeof noise);
	assert_int_equal(
		canary_search(*state, "noise", noise, sizeof noise, NULL, NULL),
		0);
}

static void short_values_are_refused(void **state)
{
	assert_int_equal(canary_add(*state, "Ann"), E_INVALID);
}

/* In a database that is open, so that it is in the write-ahead log alone, and
 * in a folder below. */
static void files_of_a_folder_are_searched(void **state)
{
	char *dir = scratch_new();
	struct last last = {.code = CANARY_CODES};
	struct db *db = NULL;

	assert_int_equal(canary_search_dir(*state, dir, NULL, NULL), 0);
	check_ok(db_open(&db, disk_system(), scratch_path(dir, "a.db"),
			 DB_CREATE));
	check_ok(db_script(db, "CREATE TABLE t (name TEXT)"));
	check_ok(db_run(db, "INSERT INTO t VALUES (?)", "s", SIMPLE));
	assert_int_equal(canary_search_dir(*state, dir, keep, &last), 1);
	assert_string_equal(last.where, scratch_path(dir, "a.db-wal"));
	db_close(db);
	assert_int_equal(canary_search_dir(*state, dir, keep, &last), 1);
	assert_string_equal(last.where, scratch_path(dir, "a.db"));

	check_ok(disk_make_dir(disk_system(), scratch_path(dir, "b/c")));
	check_ok(disk_write(disk_system(), scratch_path(dir, "b/c/d"), RECORD,
			    sizeof RECORD - 1, 0600));
	assert_int_equal(canary_search_dir(*state, dir, NULL, NULL), 2);
	scratch_free(dir);
}

static void ten_thousand_values_are_searched(void **state)
{
	static unsigned char noise[1 << 20];
	struct canary *c = NULL;
	struct rng_seeded rng;

	check_ok(canary_new(&c));
	rand_seed(&rng, 6);
	for (int i = 0; i < 10000; i++) {
		char name[40];

		snprintf(name, sizeof name, "Canary%c%c %08x", 'a' + i % 26,
			 'a' + i / 26 % 26, (unsigned)rand_u64(&rng.base));
		check_ok(canary_add(c, name));
		if (i == 9999)
			memcpy(noise + 500000, name, strlen(name));
	}
	assert_int_equal(
		canary_search(c, "noise", noise, sizeof noise, NULL, NULL), 1);
	canary_free(c);
}

int main(void)
{
#define WITH(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		WITH(values_are_found_as_they_are),
		WITH(values_are_found_in_other_letters),
		WITH(values_are_found_in_hex),
		WITH(values_are_found_in_base64),
		WITH(values_are_found_in_utf16),
		WITH(values_are_found_in_json),
		WITH(dates_are_found_in_other_forms),
		WITH(what_is_not_there_is_not_found),
		WITH(short_values_are_refused),
		WITH(files_of_a_folder_are_searched),
		WITH(ten_thousand_values_are_searched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
