#include "tests/unit/case_world.h"

#include "regional/case/audit.h"
#include "regional/case/contact.h"

struct fix {
	struct case_world w;
	int64_t kase, sibling; /* open since 2026-01-01 */
};

static int64_t case_of_new_child(struct fix *f)
{
	int64_t id = 0;

	check_ok(kase_open(&f->w.rec, case_world_child(&f->w, "2020-01-01"),
			   day("2026-01-01"), &id));
	return id;
}

static int setup(void **state)
{
	static struct fix f;

	case_world_init(&f.w);
	f.kase = case_of_new_child(&f);
	f.sibling = case_of_new_child(&f);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;
	int64_t rows;

	check_ok(audit_verify(f->w.db, &rows));
	case_world_fini(&f->w);
	return 0;
}

static struct contact call(void)
{
	struct contact c;

	sheet_blank(&contact_sheet, &c);
	c.happened = day("2026-03-01");
	put(c.mode, "phone");
	put(c.party, "family");
	put(c.made_by, "N. Coordinator");
	c.reached = 1;
	c.minutes = 12;
	return c;
}

static int64_t called(struct fix *f)
{
	struct contact c = call();
	int64_t id = 0;

	check_ok(contact_add(&f->w.rec, &c, &f->kase, 1, &id));
	return id;
}

/* It is refused, and nothing is left of it. */
static void refused(struct fix *f, const struct contact *c, const char *says)
{
	int64_t id;

	assert_int_equal(contact_add(&f->w.rec, c, &f->kase, 1, &id),
			 E_INVALID);
	check_says(says);
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM contact"),
			 0);
}

static void add_keeps_every_field(void **state)
{
	struct fix *f = *state;
	struct contact c = call(), is;
	int64_t both[2] = {f->kase, f->sibling}, id = 0;
	char text[80];

	put(c.person, "Grandmother");
	put(c.focus, "education");
	put(c.activity, "iep");
	put(c.prevented, "ed");
	put(c.note, "Meeting set");
	check_ok(contact_add(&f->w.rec, &c, both, 2, &id));
	check_ok(contact_get(f->w.db, id, &is));
	c.id = id;
	assert_memory_equal(&is, &c, sizeof c);
	check_ok(sheet_marks(f->w.db, &contact_cases, id, text, sizeof text));
	assert_string_equal(text, "1, 2");
	/* Every field that is known is one row of the audit. */
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM audit"
					       " WHERE record = 'contact'"),
			 11);
	assert_int_equal(case_world_int(&f->w,
					"SELECT count(*) FROM audit"
					" WHERE record = 'contact_case'"),
			 2);
}

static void add_refuses_what_no_contact_is(void **state)
{
	struct fix *f = *state;
	struct contact c = call();
	int64_t id;

	put(c.mode, "pigeon");
	refused(f, &c, "\"pigeon\" is not a mode; it is one of: phone");
	c = call();
	c.happened = NO_DATE;
	refused(f, &c, "The day of the contact is missing");
	c.happened = day("2026-07-01");
	refused(f, &c, "is in the future");
	c.happened = day("2025-12-31");
	refused(f, &c, "before the day the case was opened");
	c = call();
	c.minutes = 1441;
	refused(f, &c, "number of minutes is 0 to 1440, not 1441");
	c = call();
	c.reached = SHEET_UNKNOWN;
	refused(f, &c, "whether somebody was reached is missing");
	c.reached = 0;
	put(c.prevented, "ed");
	refused(f, &c, "reached nobody");
	c = call();
	c.made_by[0] = '\0';
	refused(f, &c, "who made the contact is missing");
	c = call();
	put(c.note, "a\tb");
	refused(f, &c, "control character");
	c = call();
	assert_int_equal(contact_add(&f->w.rec, &c, NULL, 0, &id), E_INVALID);
	check_says("at least one case");
}

static void one_contact_serves_several(void **state)
{
	struct fix *f = *state;
	int64_t id = called(f);

	check_ok(contact_serve(&f->w.rec, id, f->sibling, true));
	check_ok(contact_serve(&f->w.rec, id, f->sibling, true));
	check_ok(contact_serve(&f->w.rec, id, f->kase, false));
	assert_int_equal(contact_serve(&f->w.rec, id, f->sibling, false),
			 E_STATE);
	check_says("serves no other case");
	assert_int_equal(contact_serve(&f->w.rec, id, 99, true), E_NOTFOUND);
	check_ok(kase_close(&f->w.rec, f->kase, day("2026-02-01")));
	assert_int_equal(contact_serve(&f->w.rec, id, f->kase, true), E_STATE);
	check_says("after case 1 was closed");
}

static void update_keeps_what_was(void **state)
{
	struct fix *f = *state;
	int64_t id = called(f);
	struct contact c;

	check_ok(contact_get(f->w.db, id, &c));
	c.minutes = 30;
	check_ok(contact_update(&f->w.rec, &c));
	assert_int_equal(
		case_world_int(&f->w, "SELECT count(*) FROM history"
				      " WHERE record = 'contact'"
				      " AND field = 'minutes' AND was = '12'"),
		1);
	c.happened = day("2025-06-01");
	assert_int_equal(contact_update(&f->w.rec, &c), E_INVALID);
	check_ok(contact_error(&f->w.rec, id));
	check_ok(contact_error(&f->w.rec, id));
	c.happened = day("2026-03-02");
	assert_int_equal(contact_update(&f->w.rec, &c), E_STATE);
	check_says("entered in error");
	c.id = 99;
	assert_int_equal(contact_update(&f->w.rec, &c), E_NOTFOUND);
	check_says("no contact 99");
}

static void what_came_of_it_is_of_the_vocabulary(void **state)
{
	struct fix *f = *state;
	int64_t id = called(f);
	char text[80];

	check_ok(contact_achieve(&f->w.rec, id, "need-met", true));
	check_ok(contact_achieve(&f->w.rec, id, "advised", true));
	check_ok(contact_achieve(&f->w.rec, id, "need-met", false));
	check_ok(
		sheet_marks(f->w.db, &contact_achieved, id, text, sizeof text));
	assert_string_equal(text, "advised");
	assert_int_equal(contact_achieve(&f->w.rec, id, "magic", true),
			 E_INVALID);
	check_says("it is one of: advised");
	/* The tool's categories lead to ours. */
	assert_int_equal(
		vocabulary_map(f->w.words, WORDS_ACHIEVED, "ccmt", "met-needs"),
		vocabulary_find(f->w.words, WORDS_ACHIEVED, "need-met"));
	assert_int_equal(vocabulary_map(f->w.words, WORDS_PREVENTED, "ccmt",
					"prevented-ed"),
			 vocabulary_find(f->w.words, WORDS_PREVENTED, "ed"));
}

/* Every category of the tool, by the short names of the vocabulary. */
static void the_tool_leads_to_our_words(void **state)
{
	static const struct {
		enum words list;
		int n;
		const char *code[16];
	} tool[] = {
		{WORDS_FOCUS,
		 8,
		 {"mental-health", "developmental-behavioral", "educational",
		  "legal", "growth-nutrition", "referral-management",
		  "clinical-management", "social-services"}},
		{WORDS_PREVENTED,
		 6,
		 {"prevented-ed", "prevented-specialist",
		  "prevented-hospitalization", "prevented-office",
		  "prevented-lab", "prevented-therapy"}},
		{WORDS_ACHIEVED,
		 15,
		 {"advised-family", "referral-ed", "referral-specialist",
		  "referral-hospital", "referral-office", "referral-lab",
		  "referral-agency", "referral-therapy", "ordered-supplies",
		  "reconciled-discrepancy", "reviewed-records", "advocacy",
		  "met-needs", "unmet-need", "pending"}},
		{WORDS_MINUTES,
		 7,
		 {"time-1", "time-2", "time-3", "time-4", "time-5", "time-6",
		  "time-7"}},
		{WORDS_ACTIVITY,
		 8,
		 {"consultant", "form-processing", "confer-primary-care",
		  "report-to-agency", "written-communication", "chart-review",
		  "patient-research", "care-plan"}},
		{WORDS_PARTY,
		 8,
		 {"patient", "family", "school", "agency", "hospital", "payer",
		  "vocational", "pharmacy"}},
	};
	struct fix *f = *state;

	for (size_t i = 0; i < sizeof tool / sizeof *tool; i++)
		for (int k = 0; k < tool[i].n; k++)
			if (vocabulary_map(f->w.words, tool[i].list, "ccmt",
					   tool[i].code[k]) < 0)
				fail_msg("%s leads nowhere", tool[i].code[k]);
}

static void minutes_have_bands(void **state)
{
	static const struct {
		int64_t minutes;
		const char *id;
	} is[] = {{0, "m0-4"},	  {4, "m0-4"},	  {5, "m5-9"},
		  {9, "m5-9"},	  {10, "m10-19"}, {20, "m20-29"},
		  {39, "m30-39"}, {49, "m40-49"}, {50, "m50"},
		  {1440, "m50"}};
	struct fix *f = *state;

	for (size_t i = 0; i < sizeof is / sizeof *is; i++)
		assert_string_equal(contact_band(f->w.words, is[i].minutes)->id,
				    is[i].id);
	assert_null(contact_band(f->w.words, SHEET_UNKNOWN));
}

static int note(void *arg, const void *row)
{
	int64_t *seen = arg;

	*seen = *seen * 10 + *(const int64_t *)row;
	return 0;
}

static void list_is_newest_first(void **state)
{
	struct fix *f = *state;
	struct contact c = call();
	int64_t id, seen = 0;
	int32_t last = 0;

	called(f);
	c.happened = day("2026-04-01");
	check_ok(contact_add(&f->w.rec, &c, &f->sibling, 1, &id));
	c.happened = day("2026-02-01");
	check_ok(contact_add(&f->w.rec, &c, &f->kase, 1, &id));
	check_ok(contact_list(f->w.db, 0, 0, 10, note, &seen));
	assert_int_equal(seen, 213);
	seen = 0;
	check_ok(contact_list(f->w.db, f->kase, 0, 10, note, &seen));
	assert_int_equal(seen, 13);
	check_ok(contact_last(f->w.db, f->kase, &last));
	assert_int_equal(last, day("2026-03-01"));
	check_ok(contact_error(&f->w.rec, 1));
	check_ok(contact_last(f->w.db, f->kase, &last));
	assert_int_equal(last, day("2026-02-01"));
	check_ok(contact_last(f->w.db, 99, &last));
	assert_int_equal(last, NO_DATE);
}

static struct contact_planned plan(struct fix *f)
{
	struct contact_planned p;

	sheet_blank(&contact_planned_sheet, &p);
	p.kase = f->kase;
	p.due = day("2026-08-01");
	put(p.purpose, "Ask how school went");
	return p;
}

static void a_plan_is_done_by_a_contact_of_its_case(void **state)
{
	struct fix *f = *state;
	struct contact_planned p = plan(f);
	struct contact c = call();
	int64_t id = 0, other = 0, mine = called(f), seen = 0;

	check_ok(contact_add(&f->w.rec, &c, &f->sibling, 1, &other));
	check_ok(contact_plan(&f->w.rec, &p, &id));
	check_ok(contact_planned_list(f->w.db, f->kase, NO_DATE, 0, 10, note,
				      &seen));
	assert_int_equal(seen, 1);
	seen = 0;
	check_ok(contact_planned_list(f->w.db, 0, day("2026-07-31"), 0, 10,
				      note, &seen));
	assert_int_equal(seen, 0);
	check_ok(contact_planned_list(f->w.db, 0, day("2026-08-01"), 0, 10,
				      note, &seen));
	assert_int_equal(seen, 1);
	assert_int_equal(contact_done(&f->w.rec, id, other), E_INVALID);
	check_says("does not serve case 1");
	check_ok(contact_done(&f->w.rec, id, mine));
	assert_int_equal(contact_done(&f->w.rec, id, mine), E_STATE);
	assert_int_equal(contact_drop(&f->w.rec, id, day("2026-06-01"), "x"),
			 E_STATE);
	check_says("it was contact 1");
}

static void a_plan_is_dropped_with_a_reason(void **state)
{
	struct fix *f = *state;
	struct contact_planned p = plan(f);
	int64_t id = 0, seen = 0;

	p.purpose[0] = '\0';
	assert_int_equal(contact_plan(&f->w.rec, &p, &id), E_INVALID);
	check_says("purpose is missing");
	p = plan(f);
	check_ok(contact_plan(&f->w.rec, &p, &id));
	p.id = id;
	p.due = day("2026-09-01");
	check_ok(contact_replan(&f->w.rec, &p));
	assert_int_equal(contact_drop(&f->w.rec, id, day("2026-06-01"), ""),
			 E_INVALID);
	check_says("Say why");
	check_ok(contact_drop(&f->w.rec, id, day("2026-06-01"), "moved"));
	assert_int_equal(contact_replan(&f->w.rec, &p), E_STATE);
	check_ok(contact_planned_list(f->w.db, 0, NO_DATE, 0, 10, note, &seen));
	assert_int_equal(seen, 0);
	check_ok(kase_close(&f->w.rec, f->kase, day("2026-06-02")));
	p = plan(f);
	assert_int_equal(contact_plan(&f->w.rec, &p, &id), E_STATE);
	check_says("Case 1 is closed");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(add_keeps_every_field),
		T(add_refuses_what_no_contact_is),
		T(one_contact_serves_several),
		T(update_keeps_what_was),
		T(what_came_of_it_is_of_the_vocabulary),
		T(the_tool_leads_to_our_words),
		T(minutes_have_bands),
		T(list_is_newest_first),
		T(a_plan_is_done_by_a_contact_of_its_case),
		T(a_plan_is_dropped_with_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
