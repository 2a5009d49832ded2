/* Tests of daemon/web/accounts and what it stands on: secret, session,
 * throttle, totp, draft, without pages. */
#include "tests/lib/check.h"

#include <sys/stat.h>

#include "daemon/core/clock.h"
#include "daemon/core/db.h"
#include "daemon/core/disk.h"
#include "daemon/core/rand.h"
#include "daemon/web/accounts.h"
#include "daemon/web/draft.h"
#include "daemon/web/session.h"
#include "daemon/web/throttle.h"
#include "daemon/web/totp.h"
#include "tests/lib/scratch.h"

struct fix {
	char *dir;
	struct clock_set clock;
	struct accounts *a;
	int64_t ann, sue;
};

static int64_t add(struct fix *f, const char *name, unsigned roles)
{
	struct account x = {.disabled = false};

	snprintf(x.person.name, sizeof x.person.name, "%s", name);
	snprintf(x.person.title, sizeof x.person.title, "%s Tester", name);
	x.person.roles = roles;
	check_ok(accounts_add(f->a, &x));
	return x.person.account;
}

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	f->dir = scratch_new();
	clock_set_init(&f->clock, INT64_C(1780000000000));
	check_ok(accounts_open(&f->a, disk_system(), &f->clock.base,
			       rand_system(), f->dir, ROLES_OF_NODE));
	f->ann = add(f, "Ann", ROLE_COORDINATOR);
	f->sue = add(f, "sue", ROLE_SUPERVISOR | ROLE_COORDINATOR);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	accounts_close(f->a);
	scratch_free(f->dir);
	mem_free(f);
	return 0;
}

static void names_are_small_and_single(void **state)
{
	static const char *const bad[] = {"", "two words", "se\xc3\xb1or",
					  "a/b"};
	struct fix *f = *state;
	struct account x = {.disabled = false};

	check_ok(accounts_find(f->a, "ANN", &x));
	assert_string_equal(x.person.name, "ann");
	assert_int_equal(accounts_find(f->a, "nobody", &x), E_NOTFOUND);
	memset(&x, 0, sizeof x);
	x.person.roles = ROLE_VIEWER;
	snprintf(x.person.title, sizeof x.person.title, "x");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		snprintf(x.person.name, sizeof x.person.name, "%s", bad[i]);
		assert_int_equal(accounts_add(f->a, &x), E_INVALID);
	}
	snprintf(x.person.name, sizeof x.person.name, "SUE");
	assert_int_equal(accounts_add(f->a, &x), E_EXISTS);
	snprintf(x.person.name, sizeof x.person.name, "op");
	x.person.roles = ROLE_OPERATOR;
	assert_int_equal(accounts_add(f->a, &x), E_INVALID);
	check_says("coordinator,supervisor,viewer");
}

static void last_administrator_stays(void **state)
{
	struct fix *f = *state;
	struct account x;

	assert_int_equal(accounts_disable(f->a, f->sue, true), E_STATE);
	check_ok(accounts_get(f->a, f->sue, &x));
	assert_false(x.disabled);
	x.person.roles = ROLE_COORDINATOR;
	assert_int_equal(accounts_update(f->a, &x), E_STATE);
	add(f, "sam", ROLE_SUPERVISOR);
	check_ok(accounts_update(f->a, &x));
	check_ok(accounts_disable(f->a, f->sue, true));
}

static void nothing_secret_is_stored_in_the_clear(void **state)
{
	struct fix *f = *state;
	unsigned char secret[TOTP_SECRET];
	char token[SECRET_TOKEN], code[TOTP_CODE], base32[TOTP_BASE32];
	struct session s;
	struct stat st;
	size_t len;
	char *bytes;

	totp_make(f->a, secret);
	check_ok(totp_base32(secret, base32));
	check_ok(totp_code(secret, f->clock.now_utc_ms, code));
	check_ok(totp_start(f->a, f->ann, secret, code));
	check_ok(session_begin(f->a, f->ann, token, &s));
	check_ok(db_script(f->a->db, "PRAGMA wal_checkpoint(TRUNCATE)"));
	check_ok(disk_read(disk_system(), scratch_path(f->dir, "accounts.db"),
			   1 << 20, &bytes, &len));
	assert_null(memmem(bytes, len, token, SECRET_TOKEN - 1));
	assert_null(memmem(bytes, len, secret, sizeof secret));
	assert_null(memmem(bytes, len, base32, TOTP_BASE32 - 1));
	mem_free(bytes);
	assert_int_equal(stat(scratch_path(f->dir, "web.key"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(stat(scratch_path(f->dir, "accounts.db"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

/* 57 */
static void time_code_counts_once(void **state)
{
	struct fix *f = *state;
	unsigned char secret[TOTP_SECRET];
	char code[TOTP_CODE];

	totp_make(f->a, secret);
	assert_int_equal(totp_check(f->a, f->ann, "123456"), E_STATE);
	assert_int_equal(totp_start(f->a, f->ann, secret, "12345"), E_INVALID);
	check_ok(totp_code(secret, f->clock.now_utc_ms, code));
	check_ok(totp_start(f->a, f->ann, secret, code));
	assert_int_equal(totp_check(f->a, f->ann, code), E_AUTH);
	clock_set_advance(&f->clock, 30000);
	assert_int_equal(totp_check(f->a, f->ann, code), E_AUTH);
	check_ok(totp_code(secret, f->clock.now_utc_ms, code));
	check_ok(totp_check(f->a, f->ann, code));
	assert_int_equal(totp_check(f->a, f->ann, code), E_AUTH);
	/* A phone half a minute ahead, then the clock's own: too old by then. */
	check_ok(totp_code(secret, f->clock.now_utc_ms + 30000, code));
	check_ok(totp_check(f->a, f->ann, code));
	check_ok(totp_code(secret, f->clock.now_utc_ms + 90000, code));
	assert_int_equal(totp_check(f->a, f->ann, code), E_AUTH);
}

/* The values of RFC 6238, appendix B, cut to six digits. */
static void time_codes_are_those_of_the_standard(void **state)
{
	static const unsigned char secret[TOTP_SECRET + 1] =
		"12345678901234567890";
	static const struct {
		int64_t s;
		const char *code;
	} want[] = {{59, "287082"},
		    {1111111109, "081804"},
		    {1234567890, "005924"},
		    {20000000000, "353130"}};
	char code[TOTP_CODE];

	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		check_ok(totp_code(secret, want[i].s * 1000, code));
		assert_string_equal(code, want[i].code);
	}
}

static void links_work_once_and_for_a_time(void **state)
{
	struct fix *f = *state;
	char first[SECRET_TOKEN], second[SECRET_TOKEN];
	int64_t whose;

	check_ok(accounts_link(f->a, f->ann, 24, first));
	check_ok(accounts_link_of(f->a, first, &whose));
	assert_int_equal(whose, f->ann);
	check_ok(accounts_link(f->a, f->ann, 24, second));
	assert_int_equal(accounts_link_of(f->a, first, &whose), E_NOTFOUND);
	check_ok(accounts_link_use(f->a, second));
	assert_int_equal(accounts_link_use(f->a, second), E_NOTFOUND);
	assert_int_equal(accounts_link_of(f->a, second, &whose), E_NOTFOUND);
	check_ok(accounts_link(f->a, f->ann, 24, first));
	clock_set_advance(&f->clock, INT64_C(24) * 3600 * 1000 + 1);
	assert_int_equal(accounts_link_of(f->a, first, &whose), E_NOTFOUND);
	assert_int_equal(accounts_link_of(f->a, "short", &whose), E_NOTFOUND);
}

static void waiting_doubles(void **state)
{
	struct fix *f = *state;
	int64_t s, before = 0;

	for (int i = 0; i < 5; i++) {
		check_ok(throttle_wait(f->a, "name:ann", 5, &s));
		assert_int_equal(s, 0);
		check_ok(throttle_failed(f->a, "name:ann"));
	}
	for (int i = 0; i < 12; i++) {
		check_ok(throttle_wait(f->a, "name:ann", 5, &s));
		assert_int_equal(
			s,
			before ? (2 * before < 900 && i < 10 ? 2 * before : 900)
			       : 1);
		before = s;
		clock_set_advance(&f->clock, s * 1000);
		check_ok(throttle_wait(f->a, "name:ann", 5, &s));
		assert_int_equal(s, 0);
		check_ok(throttle_failed(f->a, "name:ann"));
	}
	check_ok(throttle_wait(f->a, "name:sue", 5, &s));
	assert_int_equal(s, 0);
	check_ok(throttle_clear(f->a, "name:ann"));
	check_ok(throttle_wait(f->a, "name:ann", 5, &s));
	assert_int_equal(s, 0);
}

static void sealed_drafts_stay_where_they_belong(void **state)
{
	struct fix *f = *state;
	char text[] = "name=Muna+T%C3%A9st&csrf=x&password=secret&empty=";
	struct fields in = {0}, out = {0};
	char *kept = NULL;
	int64_t at;

	check_ok(fields_urlencoded(&in, text, strlen(text)));
	check_ok(draft_keep(f->a, f->ann, "/child/new", &in));
	check_ok(draft_get(f->a, f->ann, "/child/new", &out, &kept, &at));
	assert_int_equal(out.n, 1);
	assert_string_equal(fields_get(&out, "name"), "Muna T\xc3\xa9st");
	fields_fini(&out);
	mem_free(kept);
	assert_int_equal(
		draft_get(f->a, f->sue, "/child/new", &out, &kept, &at),
		E_NOTFOUND);
	/* Moved to another account in the file, it does not open. */
	check_ok(db_run(f->a->db, "UPDATE draft SET account = ?", "i", f->sue));
	assert_int_equal(
		draft_get(f->a, f->sue, "/child/new", &out, &kept, &at),
		E_AUTH);
	clock_set_advance(&f->clock, DRAFT_KEPT_MS + 1);
	check_ok(draft_tidy(f->a));
	assert_int_equal(
		draft_get(f->a, f->sue, "/child/new", &out, &kept, &at),
		E_NOTFOUND);
	fields_fini(&in);
}

static void weak_passwords_are_refused(void **state)
{
	static const char *const bad[] = {"short", "password1234",
					  "aaaaaaaaaaaaaaaa", "Qwerty123456"};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(secret_password_check(bad[i]), E_INVALID);
	check_ok(secret_password_check("a few words to remember"));
	check_ok(secret_password_check("\xc3\xb1\xc3\xb1\xc3\xb1\xc3\xb1"
				       " unas palabras"));
}

/* Nobody's name takes as long as somebody's: the same work is done. */
static void password_is_checked_for_nobody_too(void **state)
{
	char hash[SECRET_PASSWORD];

	check_ok(secret_password_hash("a few words to remember", hash));
	assert_non_null(strstr(hash, "$argon2id$v=19$m=65536,t=2,p=1$"));
	assert_true(secret_password_is(hash, "a few words to remember"));
	assert_false(secret_password_is(hash, "a few words to forget"));
	assert_false(secret_password_is(NULL, "a few words to remember"));
}

static void memory_may_run_out(void **state)
{
	struct fix *f = *state;

	bool fired = true;

	/* A statement that can't be kept is no failure. */
	for (int n = 0; fired; n++) {
		struct accounts *a = NULL;
		int r;

		mem_fault(n);
		r = accounts_open(&a, disk_system(), &f->clock.base,
				  rand_system(), f->dir, ROLES_OF_NODE);
		fired = mem_fault_off();
		assert_true(r == 0 || (fired && r == E_NOMEM));
		assert_int_equal(r == 0, a != NULL);
		accounts_close(a);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(names_are_small_and_single),
		T(last_administrator_stays),
		T(nothing_secret_is_stored_in_the_clear),
		T(time_code_counts_once),
		T(time_codes_are_those_of_the_standard),
		T(links_work_once_and_for_a_time),
		T(waiting_doubles),
		T(sealed_drafts_stay_where_they_belong),
		T(weak_passwords_are_refused),
		T(password_is_checked_for_nobody_too),
		T(memory_may_run_out),
	};

	return cmocka_run_group_tests_name("accounts", tests, NULL, NULL);
}
