/* Tests of daemon/web/pages: who gets what, what a refused form looks like, and
 * that the audit comes before the reply. */
#include "tests/unit/pages_fix.h"

static void page_is_drawn_in_its_frame(void **state)
{
	struct fix *f = *state;

	sign_in(f, f->ann);
	has(f, "<h1>Home</h1>");
	has(f, "home of ann");
	has(f, "ann Tester");
	has(f, "Cache-Control: no-store");
	assert_int_equal(web_get(&f->c, "/nothing"), 404);
	has(f, "There is no such page");
	assert_int_equal(web_get(&f->c, "/slow"), 405);
	assert_int_equal(web_get(&f->c, "/thing/x"), 404);
	assert_int_equal(web_get(&f->c, "/thing/99999999999999999999"), 404);
}

static void failure_says_nothing_of_itself(void **state)
{
	struct fix *f = *state;

	sign_in(f, f->ann);
	assert_int_equal(web_get(&f->c, "/broken"), 500);
	assert_false(web_has(&f->c, "secret"));
	assert_false(web_has(&f->c, "fire"));
}

static void views_are_audited_before_they_leave(void **state)
{
	struct fix *f = *state;

	sign_in(f, f->ann);
	assert_int_equal(web_get(&f->c, "/thing/1"), 200);
	assert_int_equal(seen(f, "user:ann", "thing", "viewed"), 1);
	f->no_audit = true;
	assert_int_equal(web_get(&f->c, "/thing/1"), 503);
	assert_false(web_has(&f->c, "[one]"));
}

/* 48: what is somebody else's, and what is not there. */
static void denials_are_audited(void **state)
{
	struct fix *f = *state;

	sign_in(f, f->ann);
	assert_int_equal(web_get(&f->c, "/thing/2"), 403);
	has(f, "this thing is somebody else");
	assert_int_equal(web_get(&f->c, "/thing/5"), 404);
	assert_int_equal(web_get(&f->c, "/csv"), 403);
	assert_int_equal(seen(f, "user:ann", "/thing/{id}", "denied"), 2);
	assert_int_equal(seen(f, "user:ann", "/csv", "denied"), 1);
	assert_int_equal(seen(f, "user:ann", "thing", "viewed"), 0);
}

static void change_leads_on_with_a_note_once(void **state)
{
	struct fix *f = *state;

	sign_in(f, f->ann);
	assert_int_equal(web_send(&f->c, "/thing/1", "name=+two+"), 303);
	assert_string_equal(web_header(&f->c, "Location"), "/thing/1");
	assert_string_equal(thing(f), "two");
	assert_int_equal(web_get(&f->c, "/thing/1"), 200);
	has(f, "Saved as two.");
	has(f, "action=\"/thing/undo\"");
	has(f, "value=\"7\"");
	assert_int_equal(web_send(&f->c, "/thing/undo", "undo=7"), 303);
	assert_int_equal(web_get(&f->c, "/thing/1"), 200);
	assert_false(web_has(&f->c, "Saved as"));
}

static void refused_form_comes_again(void **state)
{
	struct fix *f = *state;

	sign_in(f, f->ann);
	assert_int_equal(web_send(&f->c, "/thing/1", "name=&other=x"), 422);
	has(f, "There is a problem");
	has(f, "<a href=\"#name\">Enter a name</a>");
	has(f, "[one] error=Enter a name");
	assert_string_equal(thing(f), "one");
	/* What the page's function returned is an error of the whole form. */
	assert_int_equal(web_send(&f->c, "/thing/1", "name=taken"), 422);
	has(f, "that name is taken");
	has(f, "value=taken");
	assert_string_equal(thing(f), "one");
	assert_int_equal(web_get(&f->c, "/thing/1"), 200);
	assert_false(web_has(&f->c, "Saved as"));
}

static void slow_change_runs_in_the_pool(void **state)
{
	struct fix *f = *state;

	sign_in(f, f->ann);
	assert_int_equal(web_send(&f->c, "/slow", "a=1"), 303);
	assert_string_equal(thing(f), "counted");
	assert_int_equal(web_get(&f->c, "/home"), 200);
	has(f, "Counting is done.");
}

/* 49 */
static void export_escapes_formulas(void **state)
{
	struct fix *f = *state;

	sign_in(f, f->sue);
	assert_int_equal(web_get(&f->c, "/csv"), 200);
	has(f, "\r\n\r\n\"'=cmd()\",\"say \"\"hi\"\"\",-3\r\n");
	assert_string_equal(web_header(&f->c, "Content-Disposition"),
			    "attachment; filename=\"things--1-.csv\"");
	assert_int_equal(seen(f, "user:sue", "thing", "exported"), 1);
}

/* 47 */
static void change_wants_the_token_of_its_session(void **state)
{
	struct fix *f = *state;
	char other[64];

	sign_in(f, f->sue);
	snprintf(other, sizeof other, "csrf=%s&name=x", f->c.token);
	sign_in(f, f->ann);
	assert_int_equal(web_post(&f->c, "/thing/1", "name=x"), 403);
	assert_int_equal(web_post(&f->c, "/thing/1", other), 403);
	assert_int_equal(web_post(&f->c, "/thing/1", "csrf=&name=x"), 403);
	assert_int_equal(seen(f, "user:ann", "/thing/{id}", "denied"), 3);
	assert_string_equal(thing(f), "one");
}

static void change_from_elsewhere_is_refused(void **state)
{
	struct fix *f = *state;
	static const struct {
		const char *headers;
		int status;
	} from[] = {
		{"Origin: http://evil.example\r\n", 403},
		{"Origin: http://localhost.evil.example\r\n", 403},
		{"Origin: null\r\n", 403},
		{"Sec-Fetch-Site: cross-site\r\n", 403},
		{"Sec-Fetch-Site: same-site\r\n", 403},
		{"Sec-Fetch-Site: cross-site\r\nOrigin: http://localhost\r\n",
		 403},
		{"Sec-Fetch-Site: same-origin\r\nOrigin: http://x\r\n", 403},
		{"Origin: http://localhost\r\n", 303},
		{"Sec-Fetch-Site: same-origin\r\nOrigin: null\r\n", 303},
	};

	sign_in(f, f->ann);
	for (size_t i = 0; i < sizeof from / sizeof *from; i++) {
		f->c.headers = from[i].headers;
		assert_int_equal(web_send(&f->c, "/thing/1", "name=y"),
				 from[i].status);
	}
	/* Signing somebody in from elsewhere neither. */
	f->c.headers = from[0].headers;
	assert_int_equal(web_post(&f->c, "/sign-in", "name=ann&password=x"),
			 403);
}

/* Draws no page of the site for strangers; the form leads where they were. */
static void stranger_is_asked_to_sign_in(void **state)
{
	struct fix *f = *state;

	assert_int_equal(web_get(&f->c, "/thing/1?tab=a&b=%22"), 401);
	has(f, "name=\"next\" value=\"/thing/1?tab=a&amp;b=%22\"");
	assert_false(web_has(&f->c, "[one]"));
	assert_int_equal(web_post(&f->c, "/thing/1", "name=x"), 401);
	assert_string_equal(thing(f), "one");
	snprintf(f->c.cookie[0], sizeof f->c.cookie[0],
		 "ccfed-%d=0123456789012345678901234567890123456789012",
		 f->c.port);
	assert_int_equal(web_get(&f->c, "/thing/1"), 401);
}

/* 56: the header counts on the proxy's socket only. */
static void proxy_signs_people_in(void **state)
{
	struct fix *f = *state;

	f->c.headers = "X-Remote-User: ann@sso\r\n";
	assert_int_equal(web_get(&f->c, "/home"), 401);
	f->c.socket = f->conf.proxy_socket;
	assert_int_equal(web_get(&f->c, "/home"), 200);
	has(f, "home of ann");
	has(f, "Set-Cookie: __Host-ccfed=");
	has(f, "; Secure");
	assert_int_equal(web_send(&f->c, "/thing/1", "name=z"), 303);
	/* Somebody else at the same browser is somebody else. */
	f->c.headers = "X-Remote-User: sue@sso\r\n";
	assert_int_equal(web_get(&f->c, "/home"), 200);
	has(f, "home of sue");
	f->c.headers = "X-Remote-User: nobody@sso\r\n";
	assert_int_equal(web_get(&f->c, "/home"), 403);
	has(f, "no account here for nobody@sso");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(page_is_drawn_in_its_frame),
		T(failure_says_nothing_of_itself),
		T(views_are_audited_before_they_leave),
		T(denials_are_audited),
		T(change_leads_on_with_a_note_once),
		T(refused_form_comes_again),
		T(slow_change_runs_in_the_pool),
		T(export_escapes_formulas),
		T(change_wants_the_token_of_its_session),
		T(change_from_elsewhere_is_refused),
		T(stranger_is_asked_to_sign_in),
		T(proxy_signs_people_in),
	};

	return cmocka_run_group_tests_name("pages", tests, NULL, NULL);
}
