/* The care plan as a browser sends it: begun, written, agreed, printed in two
 * languages, given away only with consent; and rows of another child. */
#include "tests/unit/node_world.h"
#include "tests/unit/routes_fix.h"

#include "regional/case/child.h"
#include "regional/case/kase.h"
#include "regional/desk/desk.h"

struct fix {
	struct node_world w;
	struct desk desk;
	struct routes t;
};

static void quiet(void *arg, enum log_level level, const char *line)
{
}

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);
	struct records *r;

	log_to(quiet, NULL);
	node_world_init(&f->w, NETWORK_SYNTHETIC, -1);
	r = &f->w.n->rec;
	for (int i = 0; i < 2; i++) {
		struct child c = {.birth = date_from_ymd(2017, 6, 9),
				  .sex = "unknown"};
		int64_t id, kase;

		snprintf(c.given, sizeof c.given, "%s", i ? "Omar" : "Lily");
		check_ok(child_add(r, &c, &id));
		check_ok(kase_open(r, id, records_today(r), &kase));
	}
	desk_init(&f->desk, f->w.n);
	routes_open(&f->t, &f->desk.hooks, desk_routes, f->w.dir);
	routes_become(&f->t, routes_account(&f->t, "sue", ROLE_SUPERVISOR));
	assert_int_equal(web_get(&f->t.c, "/child/1/plan"), 200);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	routes_close(&f->t);
	node_world_fini(&f->w);
	log_to(NULL, NULL);
	mem_free(f);
	return 0;
}

static void send_ok(struct fix *f, const char *path, const char *form)
{
	int status = web_send(&f->t.c, path, form);

	if (status != 303)
		fail_msg("%s: %d %s", path, status, f->t.c.got);
}

/* A draft of the first child with a goal and a step. */
static void write_plan(struct fix *f, const char *today)
{
	char form[200];

	snprintf(form, sizeof form, "started=%s", today);
	send_ok(f, "/child/1/edit/plan-begin/new", form);
	send_ok(f, "/child/1/edit/plan-wishes/1",
		"was_wishes=&wishes=Que+duerma+bien");
	send_ok(f, "/child/1/edit/goal-new/new", "goal=Lily+sleeps&need=");
	send_ok(f, "/child/1/edit/step-new/new",
		"goal=1&action=Same+bedtime&owner=Elena&due=2030-11-03");
}

static void agree(struct fix *f, const char *today)
{
	char form[200];

	snprintf(form, sizeof form, "agreed=%s&agreed_by=Elena+Soto", today);
	send_ok(f, "/child/1/edit/plan-agree/1", form);
}

static void a_plan_is_written_agreed_and_printed(void **state)
{
	struct fix *f = *state;
	char today[DATE_TEXT];

	assert_true(web_has(&f->t.c, "Begin the plan"));
	date_format(records_today(&f->w.n->rec), today);
	write_plan(f, today);
	assert_int_equal(web_get(&f->t.c, "/child/1/plan"), 200);
	assert_true(web_has(&f->t.c, "Being written since"));
	assert_true(web_has(&f->t.c, "Same bedtime"));
	send_ok(f, "/child/1/edit/step/1",
		"was_action=Same+bedtime&was_owner=Elena&was_due=2030-11-03"
		"&was_state=open&action=Same+bedtime&owner=Elena"
		"&due=2030-11-03&state=done");
	agree(f, today);
	assert_int_equal(web_get(&f->t.c, "/child/1/plan"), 200);
	assert_true(web_has(&f->t.c, "Agreed with Elena Soto"));
	assert_int_equal(web_get(&f->t.c, "/child/1/plan/print"), 200);
	assert_true(web_has(&f->t.c, "What matters to us"));
	assert_true(web_has(&f->t.c, "November 3"));
	assert_int_equal(web_get(&f->t.c, "/child/1/plan/print?lang=es"), 200);
	assert_true(web_has(&f->t.c, "Acordado con Elena Soto"));
	assert_true(web_has(&f->t.c, "3 de noviembre"));
	assert_true(web_has(&f->t.c, "Que duerma bien"));
}

static void an_agreed_version_does_not_change(void **state)
{
	struct fix *f = *state;
	char today[DATE_TEXT], form[100];

	date_format(records_today(&f->w.n->rec), today);
	write_plan(f, today);
	agree(f, today);
	assert_int_equal(web_send(&f->t.c, "/child/1/edit/goal/1",
				  "was_goal=Lily+sleeps&was_need="
				  "&was_state=open&goal=Other&state=open"),
			 422);
	snprintf(form, sizeof form, "started=%s", today);
	send_ok(f, "/child/1/edit/plan-begin/new", form);
	send_ok(f, "/child/1/edit/goal/2",
		"was_goal=Lily+sleeps&was_need=&was_state=open"
		"&goal=Lily+sleeps&need=&state=reached");
	assert_int_equal(web_get(&f->t.c, "/child/1/plan"), 200);
	assert_true(web_has(&f->t.c, "Goal reached"));
	assert_false(web_has(&f->t.c, "New step"));
	assert_int_equal(web_get(&f->t.c, "/child/1/plan?version=1"), 200);
	assert_true(web_has(&f->t.c, "Care plan, version 1"));
	assert_false(web_has(&f->t.c, "/edit/goal/1"));
}

static void without_consent_it_stays_here(void **state)
{
	struct fix *f = *state;
	char today[DATE_TEXT], form[300];
	int64_t n;

	date_format(records_today(&f->w.n->rec), today);
	write_plan(f, today);
	agree(f, today);
	snprintf(form, sizeof form,
		 "party=primary-care&recipient=Maplewood&what=plan&way=fax"
		 "&shared=%s",
		 today);
	assert_int_equal(
		web_send(&f->t.c, "/child/1/edit/plan-share/new", form), 422);
	assert_true(web_has(&f->t.c, "id=\"without_consent-error\""));
	snprintf(form, sizeof form,
		 "party=family&recipient=Elena&what=plan&way=in-person"
		 "&shared=%s",
		 today);
	send_ok(f, "/child/1/edit/plan-share/new", form);
	snprintf(form, sizeof form, "confirmed=%s&confirmed_by=Elena", today);
	send_ok(f, "/child/1/edit/plan-confirm/1", form);
	check_ok(db_int(f->w.n->db, &n,
			"SELECT count(*) FROM care_share WHERE confirmed"
			" IS NOT NULL",
			""));
	assert_int_equal(n, 1);
}

static void a_plan_of_another_child_is_not_there(void **state)
{
	static const char *const PATH[] = {
		"/child/2/edit/plan-wishes/1",	"/child/2/edit/plan-agree/1",
		"/child/2/edit/goal/1",		"/child/2/edit/step/1",
		"/child/2/edit/goal-new/new",	"/child/2/edit/step-new/new",
		"/child/2/edit/plan-share/new", "/child/2/plan/print",
	};
	struct fix *f = *state;
	char today[DATE_TEXT], form[100];

	date_format(records_today(&f->w.n->rec), today);
	write_plan(f, today);
	for (size_t i = 0; i < sizeof PATH / sizeof *PATH; i++)
		if (web_get(&f->t.c, PATH[i]) != 404)
			fail_msg("%s: %s", PATH[i], f->t.c.got);
	snprintf(form, sizeof form, "started=%s", today);
	send_ok(f, "/child/2/edit/plan-begin/new", form);
	/* A step for a goal of the first child. */
	assert_int_equal(web_send(&f->t.c, "/child/2/edit/step-new/new",
				  "goal=1&action=X&owner=Y"),
			 404);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(a_plan_is_written_agreed_and_printed),
		T(an_agreed_version_does_not_change),
		T(without_consent_it_stays_here),
		T(a_plan_of_another_child_is_not_there),
	};

	return cmocka_run_group_tests_name("desk_plan", tests, NULL, NULL);
}
