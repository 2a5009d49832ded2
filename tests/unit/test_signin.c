/* Tests of daemon/web/signin and the account pages: how people come in and go,
 * and what is kept for them. */
#include "tests/unit/pages_fix.h"

#include "daemon/web/totp.h"

#define PASSWORD "correct-horse-battery"

static int try(struct fix *f, const char *name, const char *password)
{
	char form[300];

	snprintf(form, sizeof form, "name=%s&password=%s&next=%%2Fthing%%2F1",
		 name, password);
	return web_post(&f->c, "/sign-in", form);
}

static void name_and_password_let_in(void **state)
{
	struct fix *f = *state;
	char before[120];

	set_password(f, f->ann, PASSWORD);
	assert_int_equal(try(f, "ann", "correct horse batterz"), 422);
	has(f, "do not go together");
	assert_int_equal(try(f, "nobody", PASSWORD), 422);
	has(f, "do not go together");
	assert_int_equal(seen(f, "address:127.0.0.1", "sign-in", "denied"), 2);
	assert_int_equal(try(f, "Ann", PASSWORD), 303);
	assert_string_equal(web_header(&f->c, "Location"), "/thing/1");
	has(f, "HttpOnly; SameSite=Strict");
	snprintf(before, sizeof before, "%s", f->c.cookie[0]);
	assert_int_equal(web_get(&f->c, "/thing/1"), 200);
	assert_int_equal(seen(f, "user:ann", "account", "signed-in"), 1);
	/* Every sign-in makes a new session. */
	assert_int_equal(try(f, "ann", PASSWORD), 303);
	assert_string_not_equal(before, f->c.cookie[0]);
}

static void next_stays_on_the_site(void **state)
{
	struct fix *f = *state;
	static const char *const next[] = {"//evil.example", "http://evil",
					   "%5c%5cevil", "/%5cevil",
					   "/%0d%0aX-Evil:1"};
	char form[200];

	set_password(f, f->ann, PASSWORD);
	for (int i = 0; i < 5; i++) {
		snprintf(form, sizeof form,
			 "name=ann&password=" PASSWORD "&next=%s", next[i]);
		assert_int_equal(web_post(&f->c, "/sign-in", form), 303);
		assert_string_equal(web_header(&f->c, "Location"), "/home");
		assert_string_equal(web_header(&f->c, "X-Evil"), "");
	}
}

static void signing_out_ends_the_session(void **state)
{
	struct fix *f = *state;
	char cookie[120];

	sign_in(f, f->ann);
	snprintf(cookie, sizeof cookie, "%s", f->c.cookie[0]);
	assert_int_equal(web_send(&f->c, "/sign-out", "a=1"), 303);
	assert_string_equal(f->c.cookie[0], "");
	snprintf(f->c.cookie[0], sizeof f->c.cookie[0], "%s", cookie);
	assert_int_equal(web_get(&f->c, "/home"), 401);
}

/* 58 */
static void disabled_user_is_out_at_once(void **state)
{
	struct fix *f = *state;

	set_password(f, f->ann, PASSWORD);
	sign_in(f, f->ann);
	check_ok(accounts_disable(pages_accounts(f->pages), f->ann, true));
	assert_int_equal(web_get(&f->c, "/home"), 401);
	assert_int_equal(web_send(&f->c, "/thing/1", "name=x"), 401);
	assert_string_equal(thing(f), "one");
	assert_int_equal(try(f, "ann", PASSWORD), 422);
	f->c.socket = f->conf.proxy_socket;
	f->c.headers = "X-Remote-User: ann@sso\r\n";
	assert_int_equal(web_get(&f->c, "/home"), 403);
}

static void guessing_has_to_wait(void **state)
{
	struct fix *f = *state;

	set_password(f, f->ann, PASSWORD);
	for (int i = 0; i < 5; i++)
		assert_int_equal(try(f, "ann", "wrong"), 422);
	assert_int_equal(try(f, "ann", PASSWORD), 429);
	has(f, "wait 1 seconds");
	/* A name that is nobody's waits in the same way. */
	for (int i = 0; i < 5; i++)
		assert_int_equal(try(f, "nobody", "wrong"), 422);
	assert_int_equal(try(f, "nobody", "wrong"), 429);
	clock_set_advance(&f->clock, 1000);
	assert_int_equal(try(f, "ann", PASSWORD), 303);
}

static void link_makes_the_first_account(void **state)
{
	struct fix *f = *state;
	char token[SECRET_TOKEN], path[80];

	check_ok(accounts_link(pages_accounts(f->pages), 0, 1, token));
	snprintf(path, sizeof path, "/link/%s", token);
	assert_int_equal(web_get(&f->c, path), 200);
	has(f, "The first account: supervisor");
	assert_int_equal(web_post(&f->c, path,
				  "title=Zoe&name=Zo%C3%AB&password=short&"
				  "password2=shorter"),
			 422);
	has(f, "at least 12 characters");
	assert_int_equal(web_post(&f->c, path,
				  "title=Zoe&name=zoe&password=" PASSWORD
				  "&password2=other"),
			 422);
	has(f, "not the same");
	assert_int_equal(web_post(&f->c, path,
				  "title=Zoe&name=ann&password=" PASSWORD
				  "&password2=" PASSWORD),
			 422);
	has(f, "There is an account");
	assert_int_equal(web_post(&f->c, path,
				  "title=Zoe&name=zoe&password=" PASSWORD
				  "&password2=" PASSWORD),
			 303);
	assert_int_equal(web_get(&f->c, "/accounts"), 200);
	assert_int_equal(web_get(&f->c, path), 404);
	has(f, "was used");
}

static void supervisor_adds_and_resets_accounts(void **state)
{
	struct fix *f = *state;
	char link[80];
	const char *at;

	sign_in(f, f->sue);
	assert_int_equal(web_send(&f->c, "/accounts/new",
				  "name=kim&title=Kim+K&roles=operator"),
			 422);
	has(f, "is not a role here");
	assert_int_equal(web_send(&f->c, "/accounts/new",
				  "name=kim&title=Kim+K&roles=viewer&roles="
				  "coordinator&lang=es"),
			 303);
	assert_int_equal(web_get(&f->c, web_header(&f->c, "Location")), 200);
	at = strstr(f->c.got, "/link/");
	assert_non_null(at);
	snprintf(link, sizeof link, "%.49s", at);
	memset(f->c.cookie, 0, sizeof f->c.cookie);
	assert_int_equal(web_post(&f->c, link,
				  "password=" PASSWORD "&password2=" PASSWORD),
			 303);
	assert_int_equal(web_get(&f->c, "/home"), 200);
	has(f, "home of kim");
	has(f, "<html lang=\"es\">");
	assert_int_equal(web_get(&f->c, "/accounts"), 403);
	/* The last supervisor stays one. */
	sign_in(f, f->sue);
	assert_int_equal(web_send(&f->c, "/accounts/2/disable", "a=1"), 422);
	has(f, "last supervisor");
	assert_int_equal(
		web_send(&f->c, "/accounts/2", "title=Sue&roles=viewer"), 422);
	assert_int_equal(web_send(&f->c, "/accounts/3/disable", "a=1"), 303);
	assert_int_equal(seen(f, "user:sue", "account", "disabled"), 1);
}

static void password_is_changed_by_who_knows_it(void **state)
{
	struct fix *f = *state;

	set_password(f, f->ann, PASSWORD);
	sign_in(f, f->ann);
	assert_int_equal(web_send(&f->c, "/account/password",
				  "password_now=wrong&password=a+new+good+one&"
				  "password2=a+new+good+one"),
			 422);
	has(f, "not your password");
	assert_false(web_has(&f->c, "a new good one"));
	assert_int_equal(web_send(&f->c, "/account/password",
				  "password_now=" PASSWORD
				  "&password=a+new+good+one&"
				  "password2=a+new+good+one"),
			 303);
	assert_int_equal(web_get(&f->c, "/account"), 200);
	has(f, "password is changed");
	assert_int_equal(try(f, "ann", PASSWORD), 422);
	assert_int_equal(try(f, "ann", "a+new+good+one"), 303);
}

/* 57: a code counts once. */
static void time_code_counts_once(void **state)
{
	struct fix *f = *state;
	struct accounts *a = pages_accounts(f->pages);
	unsigned char secret[TOTP_SECRET];
	char code[TOTP_CODE], form[80];

	set_password(f, f->ann, PASSWORD);
	totp_make(a, secret);
	check_ok(totp_code(secret, f->clock.now_utc_ms, code));
	check_ok(totp_start(a, f->ann, secret, code));
	assert_int_equal(try(f, "ann", PASSWORD), 303);
	assert_string_equal(web_header(&f->c, "Location"),
			    "/time-code?next=%2Fthing%2F1");
	assert_int_equal(web_get(&f->c, "/home"), 401);
	/* It was used to begin with. */
	snprintf(form, sizeof form, "code=%s&next=%%2Fthing%%2F1", code);
	assert_int_equal(web_post(&f->c, "/time-code", form), 422);
	has(f, "used already");
	clock_set_advance(&f->clock, 30000);
	check_ok(totp_code(secret, f->clock.now_utc_ms, code));
	snprintf(form, sizeof form, "code=%s&next=%%2Fthing%%2F1", code);
	assert_int_equal(web_post(&f->c, "/time-code", form), 303);
	assert_int_equal(web_get(&f->c, "/thing/1"), 200);
	assert_int_equal(try(f, "ann", PASSWORD), 303);
	assert_int_equal(web_post(&f->c, "/time-code", form), 422);
}

static void session_ends_when_it_is_idle(void **state)
{
	struct fix *f = *state;

	sign_in(f, f->ann);
	for (int i = 0; i < 40; i++) {
		clock_set_advance(&f->clock, 14 * 60 * 1000);
		assert_int_equal(web_get(&f->c, "/home"), 200);
	}
	clock_set_advance(&f->clock, SESSION_IDLE_MS);
	assert_int_equal(web_get(&f->c, "/home"), 401);
	has(f, "Your session has ended");
	sign_in(f, f->ann);
	for (int i = 0; i < 60; i++) {
		clock_set_advance(&f->clock, 10 * 60 * 1000);
		if (web_get(&f->c, "/home") != 200)
			break;
	}
	assert_int_equal(web_get(&f->c, "/home"), 401);
}

/* What was typed when the session was over comes back, without script. */
static void form_survives_the_end_of_its_session(void **state)
{
	struct fix *f = *state;

	set_password(f, f->ann, PASSWORD);
	sign_in(f, f->ann);
	clock_set_advance(&f->clock, SESSION_IDLE_MS);
	assert_int_equal(web_send(&f->c, "/thing/1", "name=long+text"), 401);
	has(f, "What you typed is kept");
	has(f, "name=\"next\" value=\"/thing/1\"");
	assert_string_equal(thing(f), "one");
	assert_int_equal(try(f, "ann", PASSWORD), 303);
	assert_int_equal(web_get(&f->c, "/thing/1"), 200);
	has(f, "value=long text");
	has(f, "Not saved yet");
	assert_int_equal(web_send(&f->c, "/draft/discard", "undo=/thing/1"),
			 303);
	assert_int_equal(web_get(&f->c, "/thing/1"), 200);
	has(f, "value=one");
}

/* Somebody else's session keeps nothing for ann, nor one without its token. */
static void drafts_are_their_owners(void **state)
{
	struct fix *f = *state;

	sign_in(f, f->ann);
	assert_int_equal(web_send(&f->c, "/draft",
				  "draft=/thing/1&name=mine&password=x"),
			 204);
	assert_int_equal(web_get(&f->c, "/thing/1"), 200);
	has(f, "value=mine");
	clock_set_advance(&f->clock, SESSION_IDLE_MS);
	assert_int_equal(web_post(&f->c, "/thing/1", "name=forged"), 401);
	sign_in(f, f->ann);
	assert_int_equal(web_get(&f->c, "/thing/1"), 200);
	has(f, "value=mine");
	/* Saved: the draft is done with. */
	assert_int_equal(web_send(&f->c, "/thing/1", "name=saved"), 303);
	assert_int_equal(web_get(&f->c, "/thing/1"), 200);
	has(f, "value=saved");
	assert_false(web_has(&f->c, "Not saved yet"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(name_and_password_let_in),
		T(next_stays_on_the_site),
		T(signing_out_ends_the_session),
		T(disabled_user_is_out_at_once),
		T(guessing_has_to_wait),
		T(link_makes_the_first_account),
		T(supervisor_adds_and_resets_accounts),
		T(password_is_changed_by_who_knows_it),
		T(time_code_counts_once),
		T(session_ends_when_it_is_idle),
		T(form_survives_the_end_of_its_session),
		T(drafts_are_their_owners),
	};

	return cmocka_run_group_tests_name("signin", tests, NULL, NULL);
}
