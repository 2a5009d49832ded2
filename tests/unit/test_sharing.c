#include "tests/unit/case_world.h"

#include "regional/case/audit.h"
#include "regional/case/care_plan.h"
#include "regional/case/contact.h"
#include "regional/case/practice.h"
#include "regional/case/transition.h"

/* Child 1, born 2020-01-01, with need 1; its consent is number 1. */
struct fix {
	struct case_world w;
	int64_t child, need, consent, clinic, pantry;
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

	case_world_init(&f.w);
	f.need = case_world_need(&f.w);
	f.child = 1;
	f.consent = case_world_consent(&f.w, f.child);
	f.clinic = an_organization(&f, "Clinic");
	f.pantry = an_organization(&f, "Pantry");
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	case_world_fini(&f->w);
	return 0;
}

/* Another one by the mother, for @org, of the scopes that a plan needs too. */
static int64_t consent_for(struct fix *f, int64_t org, const char *on)
{
	struct consent c;
	int64_t id;

	check_ok(consent_get(f->w.db, f->consent, &c));
	c.to.organization = org;
	c.since = c.signed_on = day(on);
	c.withdrawn = NO_DATE;
	check_ok(consent_add(&f->w.rec, &c, &id));
	return id;
}

static struct referral draft(struct fix *f, int64_t org)
{
	struct referral r;
	int64_t id;

	check_ok(referral_add(&f->w.rec, f->need, org, 0, day("2026-02-01"),
			      &id));
	check_ok(referral_get(f->w.db, id, &r));
	return r;
}

static int sends(struct fix *f, int64_t org, const char *on,
		 const char *because, struct referral *out)
{
	int x;

	*out = draft(f, org);
	x = referral_send(&f->w.rec, out->id, day(on), because);
	if (x == 0)
		check_ok(referral_get(f->w.db, out->id, out));
	return x;
}

static int64_t audited(struct fix *f, const char *record, int64_t id,
		       const char *field)
{
	int64_t n = -1;

	check_ok(db_int(f->w.db, &n,
			"SELECT count(*) FROM audit WHERE record = ?"
			" AND id = ? AND field = ?",
			"sis", record, id, field));
	return n;
}

static void a_referral_rests_on_a_consent(void **state)
{
	struct fix *f = *state;
	struct referral r;
	int64_t own;

	check_ok(sends(f, f->clinic, "2026-02-02", "not needed", &r));
	assert_int_equal(r.consent, f->consent);
	assert_string_equal(r.without_consent, "");
	assert_int_equal(audited(f, "referral", r.id, "consent"), 1);
	assert_int_equal(audited(f, "referral", r.id, "without_consent"), 0);
	/* Rather one for this very receiver. */
	own = consent_for(f, f->clinic, "2026-01-01");
	consent_for(f, 0, "2026-01-15");
	check_ok(sends(f, f->clinic, "2026-02-02", NULL, &r));
	assert_int_equal(r.consent, own);
	check_ok(consent_open_referrals(f->w.db, own, &own));
	assert_int_equal(own, 1);
	/* And by the other door, too. */
	r = draft(f, f->pantry);
	check_ok(db_run(f->w.db,
			"DELETE FROM consent_scope"
			" WHERE scope = 'refer'",
			""));
	assert_int_equal(referral_move(&f->w.rec, r.id, REFERRAL_REQUESTED,
				       day("2026-02-02"), NULL),
			 E_DENIED);
	check_says("Child 1 has no consent to refer to services (refer) for "
		   "organization 2; ask the family for one");
	check_ok(referral_get(f->w.db, r.id, &r));
	assert_int_equal(r.state, REFERRAL_DRAFT);
}

static void withdrawn_nothing_is_sent(void **state)
{
	struct fix *f = *state;
	struct referral r;

	check_ok(consent_withdraw(&f->w.rec, f->consent, day("2026-03-01"),
				  NULL));
	check_ok(sends(f, f->clinic, "2026-02-28", NULL, &r));
	assert_int_equal(sends(f, f->clinic, "2026-03-01", NULL, &r), E_DENIED);
	check_says("consent 1 to refer to services (refer) for organization "
		   "1 was withdrawn on 2026-03-01; ask the family for a new");
	/* What can't wait says why. */
	check_ok(sends(f, f->clinic, "2026-03-01", "order of the court", &r));
	assert_int_equal(r.consent, 0);
	assert_string_equal(r.without_consent, "order of the court");
	assert_int_equal(audited(f, "referral", r.id, "without_consent"), 1);
	assert_int_equal(sends(f, f->clinic, "2026-03-01", "a\nb", &r),
			 E_INVALID);
	check_says("reason to share without consent has a control");
}

static void withdrawn_for_one_bars_what_is_for_all(void **state)
{
	struct fix *f = *state;
	int64_t own = consent_for(f, f->clinic, "2026-01-05");
	struct referral r;

	check_ok(consent_withdraw(&f->w.rec, own, day("2026-03-01"), NULL));
	check_ok(sends(f, f->clinic, "2026-02-28", NULL, &r));
	assert_int_equal(sends(f, f->clinic, "2026-03-02", NULL, &r), E_DENIED);
	check_says("was withdrawn on 2026-03-01");
	check_ok(sends(f, f->pantry, "2026-03-02", NULL, &r));
	assert_int_equal(r.consent, f->consent);
	/* Whatever the family signs since holds. */
	own = consent_for(f, 0, "2026-03-05");
	check_ok(sends(f, f->clinic, "2026-03-05", NULL, &r));
	assert_int_equal(r.consent, own);
	/* The other way round nothing is barred. */
	own = consent_for(f, f->pantry, "2026-03-06");
	check_ok(consent_withdraw(&f->w.rec, f->consent, day("2026-04-01"),
				  NULL));
	check_ok(sends(f, f->pantry, "2026-04-02", NULL, &r));
	assert_int_equal(r.consent, own);
}

static void of_age_the_youth_is_asked(void **state)
{
	struct fix *f = *state;
	struct referral r;
	struct child c;

	check_ok(child_get(f->w.db, f->child, &c));
	c.birth = day("2008-04-01");
	check_ok(child_update(&f->w.rec, &c));
	check_ok(sends(f, f->clinic, "2026-03-31", NULL, &r));
	assert_int_equal(sends(f, f->clinic, "2026-04-01", NULL, &r), E_DENIED);
	check_says("ended on 2026-03-31, the day before the child came of "
		   "age; the youth must sign now");
}

static void what_happened_elsewhere_is_history(void **state)
{
	struct fix *f = *state;
	struct referral r;

	check_ok(consent_withdraw(&f->w.rec, f->consent, day("2026-01-15"),
				  NULL));
	f->w.rec.elsewhere = true;
	check_ok(sends(f, f->clinic, "2026-02-02", NULL, &r));
	f->w.rec.elsewhere = false;
	assert_int_equal(r.consent, 0);
	assert_string_equal(r.without_consent, "");
	assert_int_equal(sends(f, f->clinic, "2026-02-02", NULL, &r), E_DENIED);
}

/* --- plans --- */

static int64_t a_plan(struct fix *f)
{
	struct care_goal g;
	int64_t plan, id;

	check_ok(care_plan_start(&f->w.rec, 1, day("2026-02-01"), &plan));
	sheet_blank(&care_goal_sheet, &g);
	g.plan = plan;
	put(g.goal, "Enough to eat");
	put(g.state, "open");
	check_ok(care_plan_goal_add(&f->w.rec, &g, &id));
	check_ok(care_plan_finalize(&f->w.rec, plan, day("2026-02-01"),
				    day("2026-02-01"), "Ana"));
	return plan;
}

static int shares(struct fix *f, int64_t plan, const char *party,
		  struct care_share *s)
{
	int64_t id;
	int x;

	s->plan = plan;
	put(s->party, party);
	put(s->what, "plan");
	put(s->way, "fax");
	s->shared = day("2026-03-02");
	s->confirmed = NO_DATE;
	x = care_plan_share(&f->w.rec, s, &id);
	if (x == 0)
		check_ok(care_plan_share_get(f->w.db, id, s));
	return x;
}

static void a_plan_rests_on_a_consent(void **state)
{
	struct fix *f = *state;
	struct care_share s = {.id = 0};
	int64_t plan = a_plan(f);

	check_ok(shares(f, plan, "school", &s));
	assert_int_equal(s.consent, f->consent);
	assert_int_equal(audited(f, "care_share", s.id, "consent"), 1);
	check_ok(consent_withdraw(&f->w.rec, f->consent, day("2026-03-01"),
				  NULL));
	assert_int_equal(shares(f, plan, "school", &s), E_DENIED);
	check_says("to share the care plan (share-plan) for a receiver that "
		   "is not named was withdrawn on 2026-03-01");
	put(s.without_consent, "the child was in danger");
	s.organization = f->clinic;
	check_ok(shares(f, plan, "child-welfare", &s));
	assert_int_equal(s.consent, 0);
	assert_string_equal(s.without_consent, "the child was in danger");
	assert_int_equal(s.organization, f->clinic);
	assert_int_equal(audited(f, "care_share", s.id, "without_consent"), 1);
	s.practice = 1;
	assert_int_equal(shares(f, plan, "agency", &s), E_INVALID);
}

static void primary_care_is_the_childs_practice(void **state)
{
	struct fix *f = *state;
	struct practice p = {.name = "Elm Street", .active = true};
	struct child_practice its = {.child = f->child,
				     .since = day("2020-01-01"),
				     .until = NO_DATE};
	struct care_share s = {.id = 0};
	int64_t plan = a_plan(f), id;
	struct consent c;

	check_ok(practice_add(&f->w.rec, &p, &its.practice));
	check_ok(practice_assign(&f->w.rec, &its, &id));
	check_ok(consent_withdraw(&f->w.rec, f->consent, day("2026-02-01"),
				  NULL));
	check_ok(consent_get(f->w.db, f->consent, &c));
	c.to.practice = its.practice;
	c.since = c.signed_on = day("2026-02-02");
	check_ok(consent_add(&f->w.rec, &c, &id));
	check_ok(shares(f, plan, "primary-care", &s));
	assert_int_equal(s.consent, id);
	assert_int_equal(s.practice, its.practice);
	memset(&s, 0, sizeof s);
	assert_int_equal(shares(f, plan, "specialist", &s), E_DENIED);
}

static void the_family_has_its_own_plan(void **state)
{
	struct fix *f = *state;
	struct care_share s = {.id = 0};
	int64_t plan = a_plan(f);
	struct child c;

	check_ok(consent_withdraw(&f->w.rec, f->consent, day("2026-02-01"),
				  NULL));
	check_ok(shares(f, plan, "family", &s));
	assert_int_equal(s.consent, 0);
	check_ok(shares(f, plan, "youth", &s));
	/* Of age, it is the youth's. */
	check_ok(child_get(f->w.db, f->child, &c));
	c.birth = day("2008-03-02");
	check_ok(child_update(&f->w.rec, &c));
	assert_int_equal(shares(f, plan, "family", &s), E_DENIED);
	check_ok(shares(f, plan, "youth", &s));
}

static void a_transfer_package_rests_on_a_consent(void **state)
{
	struct fix *f = *state;
	struct transition t;
	struct child c;
	int64_t id;

	check_ok(child_get(f->w.db, f->child, &c));
	c.birth = day("2009-04-01");
	check_ok(child_update(&f->w.rec, &c));
	check_ok(transition_start(&f->w.rec, f->child, day("2026-01-02"), &id));
	check_ok(transition_get(f->w.db, id, &t));
	put(t.adult_provider, "Adult Medicine");
	t.package = day("2026-02-01");
	check_ok(transition_update(&f->w.rec, &t));
	check_ok(transition_get(f->w.db, id, &t));
	assert_int_equal(t.consent, f->consent);
	/* What is there stays, whatever became of the consent since. */
	check_ok(consent_withdraw(&f->w.rec, f->consent, day("2026-01-15"),
				  NULL));
	put(t.note, "arrived");
	check_ok(transition_update(&f->w.rec, &t));
	t.package = day("2026-02-02");
	assert_int_equal(transition_update(&f->w.rec, &t), E_DENIED);
	put(t.without_consent, "the youth asked for it on the telephone");
	check_ok(transition_update(&f->w.rec, &t));
	check_ok(transition_get(f->w.db, id, &t));
	assert_int_equal(t.consent, 0);
	t.package = NO_DATE;
	check_ok(transition_update(&f->w.rec, &t));
	check_ok(transition_get(f->w.db, id, &t));
	assert_string_equal(t.without_consent, "");
}

static void a_contact_is_noted_whatever_was_consented(void **state)
{
	struct fix *f = *state;
	struct contact c;
	struct consent k;
	int64_t kase = 1, id;

	sheet_blank(&contact_sheet, &c);
	c.happened = day("2026-03-01");
	put(c.mode, "phone");
	put(c.party, "school");
	put(c.made_by, "Desk");
	c.reached = 1;
	check_ok(contact_add(&f->w.rec, &c, &kase, 1, &id));
	assert_int_equal(contact_consent(&f->w.rec, &c, kase), E_DENIED);
	check_says("no consent to speak with the school (contact-school)");
	/* A consent for one school does: which one it was is only a name. */
	check_ok(consent_get(f->w.db, f->consent, &k));
	k.scopes = 1;
	k.to.organization = f->clinic;
	put(k.scope[0], "contact-school");
	check_ok(consent_add(&f->w.rec, &k, &id));
	check_ok(contact_consent(&f->w.rec, &c, kase));
	put(c.party, "hospital");
	assert_int_equal(contact_consent(&f->w.rec, &c, kase), E_DENIED);
	check_says("(contact-health)");
	put(c.party, "family");
	check_ok(contact_consent(&f->w.rec, &c, kase));
	put(c.mode, "text");
	assert_int_equal(contact_consent(&f->w.rec, &c, kase), E_DENIED);
	check_says("(message)");
	put(c.party, "payer");
	c.reached = 0;
	check_ok(contact_consent(&f->w.rec, &c, kase));
}

/* --- counting --- */

static int64_t uncounted(struct fix *f)
{
	return case_world_int(&f->w, "SELECT count(*) FROM fact_uncounted");
}

static void say_policy(struct fix *f, bool uncounts)
{
	f->w.rec.uncounts = uncounts;
	check_ok(db_run(f->w.db,
			"INSERT INTO node (id, kind, audit_key, history_in,"
			" uncounts) VALUES (1, 2, zeroblob(32), 1, ?1)"
			" ON CONFLICT (id) DO UPDATE SET uncounts = ?1",
			"i", (int64_t)uncounts));
}

static void counting_is_the_policys_word(void **state)
{
	struct fix *f = *state;
	struct referral r;
	struct consent c;

	say_policy(f, false);
	check_ok(sends(f, f->clinic, "2026-02-02", NULL, &r));
	assert_int_equal(
		case_world_int(&f->w, "SELECT count(*) FROM fact_referral"), 1);
	check_ok(consent_withdraw(&f->w.rec, f->consent, day("2026-03-01"),
				  NULL));
	assert_int_equal(uncounted(f), 0);
	/* Another word, whenever the family withdrew. */
	say_policy(f, true);
	assert_int_equal(uncounted(f), 1);
	assert_int_equal(
		case_world_int(&f->w, "SELECT count(*) FROM fact_referral"), 0);
	assert_int_equal(
		case_world_int(&f->w, "SELECT count(*) FROM fact_need"), 0);
	say_policy(f, false);
	assert_int_equal(uncounted(f), 0);
	/* Who withdrew while it said so stays out when it no more does. */
	say_policy(f, true);
	f->consent = consent_for(f, 0, "2026-03-01");
	assert_int_equal(uncounted(f), 0);
	check_ok(consent_withdraw(&f->w.rec, f->consent, day("2026-03-02"),
				  NULL));
	check_ok(consent_get(f->w.db, f->consent, &c));
	assert_false(c.counted);
	assert_int_equal(audited(f, "consent", f->consent, "counted"), 1);
	say_policy(f, false);
	assert_int_equal(uncounted(f), 1);
	/* Until the family comes back. */
	consent_for(f, 0, "2026-03-03");
	assert_int_equal(uncounted(f), 0);
}

static void only_coordination_is_about_counting(void **state)
{
	struct fix *f = *state;
	struct consent c;
	int64_t id;

	say_policy(f, true);
	check_ok(consent_get(f->w.db, f->consent, &c));
	c.scopes = 1;
	put(c.scope[0], "message");
	check_ok(consent_add(&f->w.rec, &c, &id));
	check_ok(consent_withdraw(&f->w.rec, id, day("2026-03-01"), NULL));
	assert_int_equal(uncounted(f), 0);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_referral_rests_on_a_consent),
		T(withdrawn_nothing_is_sent),
		T(withdrawn_for_one_bars_what_is_for_all),
		T(of_age_the_youth_is_asked),
		T(what_happened_elsewhere_is_history),
		T(a_plan_rests_on_a_consent),
		T(primary_care_is_the_childs_practice),
		T(the_family_has_its_own_plan),
		T(a_transfer_package_rests_on_a_consent),
		T(a_contact_is_noted_whatever_was_consented),
		T(counting_is_the_policys_word),
		T(only_coordination_is_about_counting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
