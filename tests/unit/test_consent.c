#include "tests/unit/case_world.h"

#include "regional/case/attachment.h"
#include "regional/case/caregiver.h"
#include "regional/case/consent.h"
#include "regional/case/custody.h"
#include "regional/case/family.h"

/* Ana may sign for a child born on 2010-03-01; the clinic is organization 1. */
struct fix {
	struct case_world w;
	int64_t child, ana, clinic, school;
};

static int64_t an_organization(struct fix *f, const char *name)
{
	struct organization o = {.active = true};
	int64_t id;

	put(o.name, name);
	check_ok(organization_add(&f->w.rec, &o, &id));
	return id;
}

static int setup(void **state)
{
	static struct fix f;
	struct family home = {.name = "One"};
	struct caregiver c = {.given = "Ana", .active = true};
	struct custody q = {.relation = "mother",
			    .custody = "sole",
			    .authority = "parent",
			    .since = NO_DATE,
			    .until = NO_DATE};
	int64_t id;

	case_world_init(&f.w);
	f.child = case_world_child(&f.w, "2010-03-01");
	check_ok(family_add(&f.w.rec, &home, &c.family));
	check_ok(caregiver_add(&f.w.rec, &c, &f.ana));
	q.child = f.child;
	q.caregiver = f.ana;
	check_ok(custody_add(&f.w.rec, &q, &id));
	f.clinic = an_organization(&f, "Clinic");
	f.school = an_organization(&f, "School");
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	case_world_fini(&f->w);
	return 0;
}

static struct consent to_clinic(struct fix *f)
{
	return (struct consent){.child = f->child,
				.scopes = 2,
				.scope = {"share-plan", "refer"},
				.to = {.organization = f->clinic},
				.since = day("2026-01-10"),
				.until = NO_DATE,
				.signed_on = day("2026-01-05"),
				.signer = f->ana,
				.authority = "parent",
				.withdrawn = NO_DATE};
}

static int allows(struct fix *f, const char *scope, int64_t org, const char *on)
{
	struct consent_receiver to = {.organization = org};

	return consent_allows(&f->w.rec, f->child, scope, &to, day(on), NULL);
}

static void it_allows_what_it_names_and_nothing_else(void **state)
{
	struct fix *f = *state;
	struct consent c = to_clinic(f), got;
	int64_t id;

	assert_int_equal(allows(f, "refer", f->clinic, "2026-02-01"), E_DENIED);
	check_says("no consent");
	check_ok(consent_add(&f->w.rec, &c, &id));
	check_ok(allows(f, "refer", f->clinic, "2026-01-10"));
	check_ok(allows(f, "share-plan", f->clinic, "2026-02-01"));
	assert_int_equal(allows(f, "refer", f->clinic, "2026-01-09"), E_DENIED);
	check_says("begins only on 2026-01-10");
	assert_int_equal(allows(f, "refer", f->school, "2026-02-01"), E_DENIED);
	assert_int_equal(allows(f, "refer", 0, "2026-02-01"), E_DENIED);
	assert_int_equal(allows(f, "contact-school", f->clinic, "2026-02-01"),
			 E_DENIED);
	assert_int_equal(allows(f, "party", f->clinic, "2026-02-01"),
			 E_INVALID);
	check_ok(consent_get(f->w.db, id, &got));
	assert_int_equal(got.scopes, 2);
	assert_string_equal(got.scope[0], "refer");
	assert_true(got.counted);
	/* Without a receiver: whoever is needed. */
	c.to.organization = 0;
	check_ok(consent_add(&f->w.rec, &c, &id));
	check_ok(allows(f, "refer", f->school, "2026-02-01"));
}

static void it_ends_on_its_last_day(void **state)
{
	struct fix *f = *state;
	struct consent c = to_clinic(f);
	int64_t id;

	c.until = day("2026-03-31");
	check_ok(consent_add(&f->w.rec, &c, &id));
	check_ok(allows(f, "refer", f->clinic, "2026-03-31"));
	assert_int_equal(allows(f, "refer", f->clinic, "2026-04-01"), E_DENIED);
	check_says("ended on 2026-03-31; renew it");
}

static void withdrawn_it_stops_at_once(void **state)
{
	struct fix *f = *state;
	struct consent c = to_clinic(f);
	int64_t id;

	check_ok(consent_add(&f->w.rec, &c, &id));
	assert_int_equal(
		consent_withdraw(&f->w.rec, id, day("2026-01-04"), NULL),
		E_INVALID);
	assert_int_equal(
		consent_withdraw(&f->w.rec, id, day("2026-07-01"), NULL),
		E_INVALID);
	check_ok(consent_withdraw(&f->w.rec, id, day("2026-06-30"),
				  "changed their mind"));
	check_ok(allows(f, "refer", f->clinic, "2026-06-29"));
	assert_int_equal(allows(f, "refer", f->clinic, "2026-06-30"), E_DENIED);
	check_says("withdrawn on 2026-06-30");
	assert_int_equal(
		consent_withdraw(&f->w.rec, id, day("2026-06-30"), NULL),
		E_STATE);
}

static void it_ends_when_the_child_is_of_age_unless_renewed(void **state)
{
	struct fix *f = *state;
	struct consent c = to_clinic(f), again;
	struct child k;
	int64_t id, new_id;

	/* Of age on 2026-03-01. */
	check_ok(child_get(f->w.db, f->child, &k));
	k.birth = day("2008-03-01");
	check_ok(child_update(&f->w.rec, &k));
	c.until = day("2027-12-31");
	check_ok(consent_add(&f->w.rec, &c, &id));
	check_ok(allows(f, "refer", f->clinic, "2026-02-28"));
	assert_int_equal(allows(f, "refer", f->clinic, "2026-03-01"), E_DENIED);
	check_says("ended on 2026-02-28");
	again = (struct consent){.since = day("2026-03-05"),
				 .until = NO_DATE,
				 .signed_on = day("2026-03-05"),
				 .signer = f->ana,
				 .authority = "parent"};
	assert_int_equal(consent_renew(&f->w.rec, id, &again, &new_id),
			 E_INVALID);
	check_says("the youth must sign");
	again.signer = 0;
	put(again.authority, "youth");
	check_ok(consent_renew(&f->w.rec, id, &again, &new_id));
	check_ok(allows(f, "share-plan", f->clinic, "2026-06-30"));
	check_ok(consent_get(f->w.db, new_id, &again));
	assert_int_equal(again.renews, id);
	assert_int_equal(consent_last_day(&again, k.birth), NO_DATE);
}

static void a_leap_day_child_is_of_age_on_march_1(void **state)
{
	struct fix *f = *state;
	struct consent c = to_clinic(f);

	assert_int_equal(consent_last_day(&c, day("2008-02-29")),
			 day("2026-02-28"));
	assert_int_equal(consent_last_day(&c, day("2008-03-01")),
			 day("2026-02-28"));
}

static void refused(struct fix *f, struct consent c, int r, const char *says)
{
	int64_t id;

	assert_int_equal(consent_add(&f->w.rec, &c, &id), r);
	check_says(says);
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM consent"),
			 0);
}

static void wrong_consents_are_refused(void **state)
{
	struct fix *f = *state;
	struct consent c = to_clinic(f);

	c.scopes = 0;
	refused(f, c, E_INVALID, "what the family consents to");
	c = to_clinic(f);
	put(c.scope[1], "all");
	refused(f, c, E_INVALID, "\"all\" is not a scope");
	c = to_clinic(f);
	put(c.scope[1], c.scope[0]);
	refused(f, c, E_INVALID, "named twice");
	c = to_clinic(f);
	c.to.organization = 99;
	refused(f, c, E_NOTFOUND, "no organization 99");
	c = to_clinic(f);
	c.to.practice = 1;
	refused(f, c, E_INVALID, "make two");
	c = to_clinic(f);
	c.signed_on = day("2026-07-01");
	refused(f, c, E_INVALID, "in the future");
	c = to_clinic(f);
	c.since = day("2026-01-04");
	refused(f, c, E_INVALID, "before the day it was signed");
	c = to_clinic(f);
	c.until = day("2026-01-09");
	refused(f, c, E_INVALID, "before its first");
	c = to_clinic(f);
	put(c.authority, "guardian");
	refused(f, c, E_DENIED, "may not sign as guardian");
	c = to_clinic(f);
	c.signer = 0;
	put(c.authority, "youth");
	refused(f, c, E_DENIED, "not of age");
	c = to_clinic(f);
	c.attachment = 5;
	refused(f, c, E_NOTFOUND, "no document 5");
}

static void the_scan_is_the_childs_own(void **state)
{
	struct fix *f = *state;
	int64_t other = case_world_child(&f->w, "2012-01-01"), scan, id;
	struct consent c = to_clinic(f);

	check_ok(consent_add(&f->w.rec, &c, &id));
	check_ok(attachment_add(&f->w.rec, other, "consent", "", "%PDF-1.4", 8,
				&scan));
	assert_int_equal(consent_attach(&f->w.rec, id, scan), E_INVALID);
	check_says("another child's");
	check_ok(attachment_add(&f->w.rec, f->child, "consent", "", "%PDF-1.4",
				8, &scan));
	check_ok(consent_attach(&f->w.rec, id, scan));
	check_ok(consent_get(f->w.db, id, &c));
	assert_int_equal(c.attachment, scan);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(it_allows_what_it_names_and_nothing_else),
		T(it_ends_on_its_last_day),
		T(withdrawn_it_stops_at_once),
		T(it_ends_when_the_child_is_of_age_unless_renewed),
		T(a_leap_day_child_is_of_age_on_march_1),
		T(wrong_consents_are_refused),
		T(the_scan_is_the_childs_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
