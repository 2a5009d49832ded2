/* The forms of the record as a browser sends them: two people at one record,
 * undo, and rows of another child. */
#include "tests/unit/node_world.h"
#include "tests/unit/routes_fix.h"

#include "regional/case/child.h"
#include "regional/case/coverage.h"
#include "regional/case/family.h"
#include "regional/desk/desk.h"

struct fix {
	struct node_world w;
	struct desk desk;
	struct routes t;
	int64_t sue;
};

static void quiet(void *arg, enum log_level level, const char *line)
{
}

static int64_t a_child(struct records *r, const char *given)
{
	struct child c = {.birth = date_from_ymd(2017, 6, 9), .sex = "unknown"};
	int64_t id;

	snprintf(c.given, sizeof c.given, "%s", given);
	check_ok(child_add(r, &c, &id));
	return id;
}

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);
	struct family home = {.name = "Tran", .address = "1 Elm Street"};
	struct coverage other = {.child = 2,
				 .kind = "medicaid",
				 .since = NO_DATE,
				 .until = NO_DATE};
	struct records *r;
	int64_t id;

	log_to(quiet, NULL);
	node_world_init(&f->w, NETWORK_SYNTHETIC, -1);
	r = &f->w.n->rec;
	assert_int_equal(a_child(r, "Lily"), 1);
	assert_int_equal(a_child(r, "Omar"), 2);
	check_ok(family_add(r, &home, &id));
	check_ok(family_join(r, 1, 1, true, NO_DATE, &id));
	check_ok(coverage_add(r, &other, &id));
	desk_init(&f->desk, f->w.n);
	routes_open(&f->t, &f->desk.hooks, desk_routes, f->w.dir);
	f->sue = routes_account(&f->t, "sue", ROLE_SUPERVISOR);
	routes_become(&f->t, f->sue);
	assert_int_equal(web_get(&f->t.c, "/child/1/people"), 200);
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

static int sent(struct fix *f, const char *path, const char *form)
{
	return web_send(&f->t.c, path, form);
}

static void address_is(struct fix *f, const char *want)
{
	struct family home;

	check_ok(family_get(f->w.n->db, 1, &home));
	assert_string_equal(home.address, want);
}

#define HOME "/child/1/edit/family/1"
#define BEGAN "was_name=Tran&was_address=1+Elm+Street&name=Tran"

static void a_change_that_was_not_seen_is_not_written_over(void **state)
{
	struct fix *f = *state;

	assert_int_equal(sent(f, HOME, BEGAN "&address=2+Elm+Street"), 303);
	address_is(f, "2 Elm Street");
	/* The same beginning, another end. */
	assert_int_equal(sent(f, HOME, BEGAN "&address=3+Elm+Street"), 422);
	assert_true(web_has(&f->t.c, "Yours: 3 Elm Street"));
	assert_true(web_has(&f->t.c, "On record now: 2 Elm Street"));
	assert_true(web_has(&f->t.c, "Changed by sue"));
	/* Nothing chosen, and a choice between others than these. */
	assert_int_equal(sent(f, HOME,
			      BEGAN "&address=3+Elm+Street"
				    "&saw_address=2+Elm+Street"),
			 422);
	assert_int_equal(sent(f, HOME,
			      BEGAN "&address=3+Elm+Street&take_address=mine"
				    "&saw_address=1+Elm+Street"),
			 422);
	/* A form without its beginning. */
	assert_int_equal(sent(f, HOME, "name=Tran&address=4+Elm+Street"), 422);
	address_is(f, "2 Elm Street");
	assert_int_equal(sent(f, HOME,
			      BEGAN "&address=3+Elm+Street&take_address=theirs"
				    "&saw_address=2+Elm+Street"),
			 303);
	address_is(f, "2 Elm Street");
	assert_int_equal(sent(f, HOME,
			      BEGAN "&address=3+Elm+Street&take_address=mine"
				    "&saw_address=2+Elm+Street"),
			 303);
	address_is(f, "3 Elm Street");
	/* Who wants what stands there already has no conflict. */
	assert_int_equal(sent(f, HOME, BEGAN "&address=3+Elm+Street"), 303);
}

static void undo_puts_back_only_what_is_still_so(void **state)
{
	struct fix *f = *state;

	assert_int_equal(sent(f, HOME, BEGAN "&address=2+Elm+Street"), 303);
	assert_int_equal(sent(f, HOME,
			      "undo=address%3D1%2520Elm%2520Street"
			      "%3D9%2520Elm%2520Street%26"),
			 422);
	address_is(f, "2 Elm Street");
	assert_int_equal(sent(f, HOME,
			      "undo=address%3D1%2520Elm%2520Street"
			      "%3D2%2520Elm%2520Street%26"),
			 303);
	address_is(f, "1 Elm Street");
	assert_int_equal(sent(f, HOME, "undo=address%3D1"), 422);
	address_is(f, "1 Elm Street");
}

static void a_row_of_another_child_is_not_there(void **state)
{
	static const char *const PATH[] = {
		"/child/2/edit/family/1",     "/child/1/edit/coverage-end/1",
		"/child/2/edit/child/1",      "/child/1/edit/origin/2",
		"/child/1/edit/no-such/1",    "/child/1/edit/child/new",
		"/child/1/edit/coverage/1",   "/child/1/edit/close/1",
		"/child/1/edit/element/new",  "/child/1/edit/visit/1",
		"/child/1/edit/caregiver/99", "/child/1/edit/family/0",
	};
	struct fix *f = *state;
	int64_t ends;

	for (size_t i = 0; i < sizeof PATH / sizeof *PATH; i++)
		if (web_get(&f->t.c, PATH[i]) != 404)
			fail_msg("%s: %s", PATH[i], f->t.c.got);
	assert_int_equal(sent(f, "/child/1/edit/coverage-end/1",
			      "was_until=&until=2026-11-01"),
			 404);
	check_ok(db_int(f->w.n->db, &ends,
			"SELECT count(*) FROM coverage WHERE until IS NOT NULL",
			""));
	assert_int_equal(ends, 0);
}

static void errors_keep_what_was_typed(void **state)
{
	struct fix *f = *state;

	assert_int_equal(sent(f, HOME,
			      "was_name=Tran&was_address=1+Elm+Street&name="
			      "&address=8+Elm+Street"),
			 422);
	assert_true(web_has(&f->t.c, "id=\"name-error\""));
	assert_true(web_has(&f->t.c, "value=\"8 Elm Street\""));
	assert_int_equal(sent(f, "/child/1/edit/child/1",
			      "was_given=Lily&was_birth=2017-06-09"
			      "&was_sex=unknown&given=Lily&birth=2017-02-30"
			      "&sex=unknown"),
			 422);
	assert_true(web_has(&f->t.c, "Enter a date that exists"));
	address_is(f, "1 Elm Street");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(a_change_that_was_not_seen_is_not_written_over),
		T(undo_puts_back_only_what_is_still_so),
		T(a_row_of_another_child_is_not_there),
		T(errors_keep_what_was_typed),
	};

	return cmocka_run_group_tests_name("edit", tests, NULL, NULL);
}
