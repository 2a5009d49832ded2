#include "tests/unit/case_world.h"

#include "regional/case/audit.h"
#include "regional/case/collaborative.h"

struct fix {
	struct case_world w;
	int64_t id, org; /* begun 2026-01-01 */
};

static int setup(void **state)
{
	static struct fix f;
	struct organization o = {.active = true, .name = "Town Helpers"};
	struct collaborative c;

	case_world_init(&f.w);
	check_ok(organization_add(&f.w.rec, &o, &f.org));
	sheet_blank(&collaborative_sheet, &c);
	put(c.name, "North");
	c.begun = day("2026-01-01");
	check_ok(collaborative_add(&f.w.rec, &c, &f.id));
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

static struct collaborative_member member(struct fix *f)
{
	struct collaborative_member m;

	sheet_blank(&collaborative_member_sheet, &m);
	m.collaborative = f->id;
	m.organization = f->org;
	put(m.sector, "food");
	m.joined = day("2026-02-01");
	return m;
}

static int64_t meeting(struct fix *f, const char *met)
{
	struct collaborative_meeting m;
	int64_t id = 0;

	sheet_blank(&collaborative_meeting_sheet, &m);
	m.collaborative = f->id;
	m.met = day(met);
	check_ok(collaborative_meet(&f->w.rec, &m, &id));
	return id;
}

static int note(void *arg, const void *row)
{
	int64_t *seen = arg;

	*seen = *seen * 10 + *(const int64_t *)row;
	return 0;
}

static void an_agency_joins_and_leaves(void **state)
{
	struct fix *f = *state;
	struct collaborative_member m = member(f);
	int64_t id = 0, again, seen = 0;

	m.joined = day("2025-12-31");
	assert_int_equal(collaborative_join(&f->w.rec, &m, &id), E_INVALID);
	check_says("before the day the collaborative was begun");
	m = member(f);
	put(m.sector, "");
	assert_int_equal(collaborative_join(&f->w.rec, &m, &id), E_INVALID);
	check_says("The sector is missing");
	m = member(f);
	check_ok(collaborative_join(&f->w.rec, &m, &id));
	assert_int_equal(collaborative_join(&f->w.rec, &m, &again), E_EXISTS);
	check_says("is a member already");
	assert_int_equal(collaborative_leave(&f->w.rec, id, day("2026-01-31")),
			 E_INVALID);
	check_ok(collaborative_leave(&f->w.rec, id, day("2026-04-01")));
	assert_int_equal(collaborative_leave(&f->w.rec, id, day("2026-04-01")),
			 E_STATE);
	m.joined = day("2026-05-01");
	check_ok(collaborative_join(&f->w.rec, &m, &again));
	check_ok(collaborative_members(f->w.db, f->id, day("2026-03-01"), 0, 10,
				       note, &seen));
	assert_int_equal(seen, 1);
	/* Its last day is one of membership. */
	seen = 0;
	check_ok(collaborative_members(f->w.db, f->id, day("2026-04-01"), 0, 10,
				       note, &seen));
	assert_int_equal(seen, 1);
	seen = 0;
	check_ok(collaborative_members(f->w.db, f->id, day("2026-04-02"), 0, 10,
				       note, &seen));
	assert_int_equal(seen, 0);
	seen = 0;
	check_ok(collaborative_members(f->w.db, f->id, NO_DATE, 0, 10, note,
				       &seen));
	assert_int_equal(seen, 12);
}

static void only_members_attend(void **state)
{
	struct fix *f = *state;
	struct collaborative_member m = member(f);
	struct collaborative_meeting again;
	int64_t id = 0, met = meeting(f, "2026-03-01"), n = 0;
	int64_t early = meeting(f, "2026-01-15");

	check_ok(collaborative_join(&f->w.rec, &m, &id));
	check_ok(collaborative_attend(&f->w.rec, met, id, true));
	check_ok(collaborative_attend(&f->w.rec, met, id, true));
	check_ok(collaborative_attended(f->w.db, met, &n));
	assert_int_equal(n, 1);
	assert_int_equal(collaborative_attend(&f->w.rec, early, id, true),
			 E_INVALID);
	check_says("was no member");
	assert_int_equal(collaborative_attend(&f->w.rec, met, 99, true),
			 E_NOTFOUND);
	check_says("There is no member 99");
	check_ok(collaborative_leave(&f->w.rec, id, day("2026-04-01")));
	check_ok(collaborative_attend(&f->w.rec, meeting(f, "2026-04-01"), id,
				      true));
	assert_int_equal(collaborative_attend(
				 &f->w.rec, meeting(f, "2026-04-02"), id, true),
			 E_INVALID);
	check_says("was no member of the collaborative on 2026-04-02");
	check_ok(collaborative_attend(&f->w.rec, met, id, false));
	check_ok(collaborative_attended(f->w.db, met, &n));
	assert_int_equal(n, 0);
	check_ok(collaborative_meeting_get(f->w.db, met, &again));
	assert_int_equal(collaborative_meet(&f->w.rec, &again, &id), E_EXISTS);
	check_says("a meeting on 2026-03-01 already");
	again.met = day("2025-12-01");
	assert_int_equal(collaborative_meet(&f->w.rec, &again, &id), E_INVALID);
}

static void child_named(struct fix *f, const char *given, const char *family)
{
	struct child c = {.birth = day("2020-01-01"), .sex = "unknown"};
	int64_t id;

	put(c.given, given);
	put(c.family, family);
	check_ok(child_add(&f->w.rec, &c, &id));
}

static void no_text_names_a_child(void **state)
{
	static const char *const names[] = {
		"Ask for May today",	"Mrs. Stone called", "STONE family",
		"may stone has no bed", "for Ana-Maria",     "ask Maria",
		"the Cruz home",	"De La Cruz",	     "JOS\303\211 came",
		"Jos\303\251's school", "Li is well",	     "for stone, may",
	};
	static const char *const fine[] = {
		"It may rain on a stone",
		"A school age boy, no bed",
		"Stones",
		"Mayor of the town",
		"La Crosse",
		"",
		"josephine",
	};
	struct fix *f = *state;

	child_named(f, "May", "Stone");
	child_named(f, "Ana-Maria", "De La Cruz");
	child_named(f, "Jos\303\251", "");
	child_named(f, "", "Li");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (collaborative_anonymous(&f->w.rec, "question", names[i]) !=
		    E_INVALID)
			fail_msg("\"%s\" passed", names[i]);
		check_says("The question holds a name of child");
	}
	for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
		check_ok(collaborative_anonymous(&f->w.rec, "question",
						 fine[i]));
}

static void a_discussion_has_no_names(void **state)
{
	struct fix *f = *state;
	struct collaborative_discussion d;
	int64_t id = 0;

	child_named(f, "Pebble", "Testperson");
	sheet_blank(&collaborative_discussion_sheet, &d);
	d.meeting = meeting(f, "2026-03-01");
	put(d.need, "housing");
	put(d.age_band, "6-11");
	put(d.question, "Pebble has no bed");
	assert_int_equal(collaborative_discuss(&f->w.rec, &d, &id), E_INVALID);
	/* Nor does the refusal. */
	check_says("a name of child 1; say it without names");
	put(d.question, "A boy has no bed");
	put(d.advice, "Ask the Testperson family");
	assert_int_equal(collaborative_discuss(&f->w.rec, &d, &id), E_INVALID);
	/* Apostrophes and quotes as telephones type them end a word. */
	put(d.advice, "Ask Pebble\u2019s school");
	assert_int_equal(collaborative_discuss(&f->w.rec, &d, &id), E_INVALID);
	put(d.advice, "Ask \u201cPebble\u201d");
	assert_int_equal(collaborative_discuss(&f->w.rec, &d, &id), E_INVALID);
	put(d.advice, "Ask Pebble\u00e9s and the bed bank");
	check_ok(collaborative_discuss(&f->w.rec, &d, &id));
	d.id = id;
	put(d.advice, "Call Pebble");
	assert_int_equal(collaborative_discussion_update(&f->w.rec, &d),
			 E_INVALID);
	d.meeting = 99;
	assert_int_equal(collaborative_discuss(&f->w.rec, &d, &id), E_NOTFOUND);
	check_says("There is no meeting 99");
}

static struct collaborative_gap gap(struct fix *f)
{
	struct collaborative_gap g;

	sheet_blank(&collaborative_gap_sheet, &g);
	g.collaborative = f->id;
	g.raised = day("2026-03-01");
	put(g.need, "transportation");
	put(g.gap, "No rides to the clinic after five");
	put(g.status, "open");
	return g;
}

static void refused(struct fix *f, const struct collaborative_gap *g,
		    const char *says)
{
	int64_t id;

	assert_int_equal(collaborative_gap_add(&f->w.rec, g, &id), E_INVALID);
	check_says(says);
}

static void a_gap_says_what_followed(void **state)
{
	struct fix *f = *state;
	struct collaborative_gap g = gap(f);
	int64_t seen = 0;

	put(g.status, "working");
	refused(f, &g, "has an owner");
	put(g.status, "closed");
	refused(f, &g, "Say what followed");
	put(g.status, "open");
	put(g.started, "A shuttle");
	refused(f, &g, "The day it was started is missing");
	g.started_on = day("2026-02-28");
	refused(f, &g, "before the day the gap was raised");
	g.started[0] = '\0';
	refused(f, &g, "The note of what was started is missing");
	g = gap(f);
	child_named(f, "Pebble", "Testperson");
	put(g.gap, "No ride for Pebble");
	refused(f, &g, "The gap holds a name");
	g = gap(f);
	check_ok(collaborative_gap_add(&f->w.rec, &g, &g.id));
	check_ok(collaborative_gaps(f->w.db, f->id, true, 0, 10, note, &seen));
	assert_int_equal(seen, 1);
	put(g.owner, "Town Helpers");
	put(g.status, "closed");
	put(g.followed, "A shuttle runs");
	g.followed_on = day("2026-06-01");
	check_ok(collaborative_gap_update(&f->w.rec, &g));
	seen = 0;
	check_ok(collaborative_gaps(f->w.db, f->id, true, 0, 10, note, &seen));
	assert_int_equal(seen, 0);
	check_ok(collaborative_gaps(f->w.db, f->id, false, 0, 10, note, &seen));
	assert_int_equal(seen, 1);
}

static void a_name_is_there_once(void **state)
{
	struct fix *f = *state;
	struct collaborative c;
	int64_t id;

	check_ok(collaborative_get(f->w.db, f->id, &c));
	assert_int_equal(collaborative_add(&f->w.rec, &c, &id), E_EXISTS);
	check_says("a collaborative called \"North\" already");
	c.ended = day("2025-12-31");
	assert_int_equal(collaborative_update(&f->w.rec, &c), E_INVALID);
	c.ended = day("2026-06-01");
	check_ok(collaborative_update(&f->w.rec, &c));
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(an_agency_joins_and_leaves), T(only_members_attend),
		T(no_text_names_a_child),      T(a_discussion_has_no_names),
		T(a_gap_says_what_followed),   T(a_name_is_there_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
