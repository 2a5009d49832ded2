#include "tests/unit/today_fix.h"

#include "regional/desk/contact_view.h"

static int64_t log_one(struct fix *f, const char *on)
{
	struct contact c;
	int64_t id;

	sheet_blank(&contact_sheet, &c);
	c.happened = day(on);
	c.reached = 1;
	put(c.mode, "phone");
	put(c.party, "family");
	put(c.made_by, "Ann Tester");
	check_ok(contact_add(&f->w.rec, &c, &f->kase, 1, &id));
	return id;
}

static void the_log_is_newest_first_without_errors(void **state)
{
	struct fix *f = *state;
	struct contact *l;
	int64_t all, wrong;
	size_t n;

	log_one(f, "2026-05-02");
	wrong = log_one(f, "2026-05-04");
	log_one(f, "2026-05-03");
	check_ok(contact_error(&f->w.rec, wrong));
	check_ok(contact_view_count(f->w.db, f->child, &all));
	assert_int_equal(all, 2);
	check_ok(contact_view_list(f->w.db, &f->a, f->child, 0, 10, &l, &n));
	assert_int_equal(n, 2);
	assert_int_equal(l[0].happened, day("2026-05-03"));
	check_ok(contact_view_list(f->w.db, &f->a, f->child, 1, 10, &l, &n));
	assert_int_equal(n, 1);
	assert_int_equal(l[0].happened, day("2026-05-02"));
}

static void a_contact_is_of_its_children_only(void **state)
{
	struct fix *f = *state;
	int64_t id = log_one(f, "2026-05-02");
	struct contact_child *l;
	size_t n;

	check_ok(contact_view_children(f->w.db, &f->a, id, f->child, &l, &n));
	assert_int_equal(n, 1);
	assert_int_equal(l[0].kase, f->kase);
	assert_int_equal(
		contact_view_children(f->w.db, &f->a, id, f->child + 1, &l, &n),
		E_NOTFOUND);
	err_clear();
}

static void what_is_planned_belongs_to_the_case(void **state)
{
	struct fix *f = *state;
	struct contact_planned p, *l;
	int64_t id, contact, was;
	size_t n;

	sheet_blank(&contact_planned_sheet, &p);
	p.kase = f->kase;
	p.due = day("2026-07-01");
	put(p.purpose, "Ask about the ride");
	check_ok(contact_plan(&f->w.rec, &p, &id));
	check_ok(contact_view_planned(f->w.db, &f->a, f->kase, &l, &n));
	assert_int_equal(n, 1);
	check_ok(contact_view_planned(f->w.db, &f->a, 0, &l, &n));
	assert_int_equal(n, 0);
	contact = log_one(f, "2026-05-02");
	check_ok(contact_view_was_planned(f->w.db, contact, &was));
	assert_int_equal(was, 0);
	check_ok(contact_done(&f->w.rec, id, contact));
	check_ok(contact_view_was_planned(f->w.db, contact, &was));
	assert_int_equal(was, id);
}

static void what_changed_is_seen(void **state)
{
	struct fix *f = *state;
	char before[CONTACT_SEEN], after[CONTACT_SEEN];
	struct contact c;

	check_ok(contact_get(f->w.db, log_one(f, "2026-05-02"), &c));
	contact_view_seen(&c, before);
	put(c.person, "Muna");
	contact_view_seen(&c, after);
	assert_string_not_equal(before, after);
	*c.person = '\0';
	put(c.note, "Muna");
	contact_view_seen(&c, before);
	assert_string_not_equal(before, after);
}

static void only_safe_ways_are_taken_along(void **state)
{
	struct fix *f = *state;
	struct reach r = {.caregiver = f->mother,
			  .way = "phone",
			  .value = "203-555-0199",
			  .active = true};
	struct contact_way *l;
	int64_t id;
	size_t n;

	check_ok(reach_add(&f->w.rec, &r, &id));
	put(r.value, "203-555-0142");
	r.safe = true;
	check_ok(reach_add(&f->w.rec, &r, &id));
	check_ok(contact_view_ways(f->w.db, &f->a, f->child, &l, &n));
	assert_int_equal(n, 1);
	assert_string_equal(l[0].value, "203-555-0142");
	assert_false(l[0].message);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_log_is_newest_first_without_errors),
		T(a_contact_is_of_its_children_only),
		T(what_is_planned_belongs_to_the_case),
		T(what_changed_is_seen),
		T(only_safe_ways_are_taken_along),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
