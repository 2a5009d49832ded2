#include "tests/unit/case_world.h"

struct fix {
	struct case_world w;
	int64_t need;
};

static int setup(void **state)
{
	static struct fix f;

	case_world_init(&f.w);
	f.need = case_world_need(&f.w);
	case_world_consent(&f.w, 1);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	case_world_fini(&f->w);
	return 0;
}

/* Written down from the implementation guide's drawing, not from the code: a
 * row is where a referral is, a column where it is to go; x is an edge, = the
 * same state. */
static const char *const drawing[] = {
	/* dr rq ac rj ca ip oh fa co er */
	"= x . . . . . . . x", /* draft */
	". = x x x . . . . x", /* requested */
	". . = . x x x x x x", /* accepted */
	". . . = . . . . . x", /* rejected */
	". . . . = . . . . x", /* cancelled */
	". . . . x = x x x x", /* in-progress */
	". . . . x x = x x x", /* on-hold */
	". . . . . . . = . x", /* failed */
	". . . . . . . . = x", /* completed */
	". . . . . . . . . =", /* entered-in-error */
};

static char drawn(int from, int to)
{
	return drawing[from][to * 2];
}

static int64_t draft(struct fix *f, const char *on)
{
	int64_t id = 0;

	check_ok(referral_add(&f->w.rec, f->need, 0, 0, day(on), &id));
	return id;
}

static int64_t sent(struct fix *f, const char *on)
{
	int64_t id = draft(f, on);

	check_ok(referral_move(&f->w.rec, id, REFERRAL_REQUESTED, day(on),
			       NULL));
	return id;
}

/* A new referral brought to @s on 2026-02-01 by a way that the drawing has. */
static int64_t in_state(struct fix *f, int s)
{
	static const int way[REFERRAL_STATES][4] = {
		[REFERRAL_REQUESTED] = {1},
		[REFERRAL_ACCEPTED] = {1, 2},
		[REFERRAL_REJECTED] = {1, 3},
		[REFERRAL_CANCELLED] = {1, 4},
		[REFERRAL_IN_PROGRESS] = {1, 2, 5},
		[REFERRAL_ON_HOLD] = {1, 2, 6},
		[REFERRAL_FAILED] = {1, 2, 7},
		[REFERRAL_COMPLETED] = {1, 2, 8},
		[REFERRAL_ENTERED_IN_ERROR] = {9},
	};
	int64_t id = draft(f, "2026-02-01");

	for (int i = 0; i < 4 && way[s][i]; i++)
		check_ok(referral_move(&f->w.rec, id,
				       (enum referral_state)way[s][i],
				       day("2026-02-01"), "because"));
	return id;
}

static struct referral got(struct fix *f, int64_t id)
{
	struct referral r;

	check_ok(referral_get(f->w.db, id, &r));
	return r;
}

static void try_edge(struct fix *f, int from, int to)
{
	int64_t id = in_state(f, from);
	int64_t history =
		case_world_int(&f->w, "SELECT count(*) FROM referral_status");
	int x = referral_move(&f->w.rec, id, (enum referral_state)to,
			      day("2026-02-02"), "because");

	if (drawn(from, to) == '.') {
		assert_int_equal(x, E_STATE);
		assert_int_equal(got(f, id).state, from);
	} else {
		assert_int_equal(x, 0);
		assert_int_equal(got(f, id).state, to);
	}
	assert_int_equal(
		case_world_int(&f->w, "SELECT count(*) FROM referral_status"),
		history + (drawn(from, to) == 'x'));
}

static void life_cycle_is_the_drawing(void **state)
{
	struct fix *f = *state;
	int edges = 0;

	/* One commit for all: what is tried is the life cycle, not the disk. */
	check_ok(records_begin(&f->w.rec));
	for (int from = 0; from < REFERRAL_STATES; from++) {
		for (int to = 0; to < REFERRAL_STATES; to++) {
			assert_int_equal(referral_may((enum referral_state)from,
						      (enum referral_state)to),
					 drawn(from, to) == 'x');
			try_edge(f, from, to);
			edges += drawn(from, to) == 'x';
		}
	}
	check_ok(records_end(&f->w.rec, 0));
	assert_int_equal(edges, 1 + 3 + 5 + 4 + 4 + 9);
}

static void refusal_says_what_is_possible(void **state)
{
	struct fix *f = *state;
	int64_t id = in_state(f, REFERRAL_ACCEPTED);

	assert_int_equal(referral_move(&f->w.rec, id, REFERRAL_REQUESTED,
				       day("2026-02-02"), NULL),
			 E_STATE);
	check_says("Referral 1 is accepted; it can go to in-progress, on-hold, "
		   "cancelled, completed or failed, not to requested");
	id = in_state(f, REFERRAL_COMPLETED);
	assert_int_equal(referral_move(&f->w.rec, id, REFERRAL_ON_HOLD,
				       day("2026-02-02"), "x"),
			 E_STATE);
	check_says("Referral 2 is completed, which is its end");
}

static void states_parse_as_they_print(void **state)
{
	enum referral_state s;

	for (int i = 0; i < REFERRAL_STATES; i++) {
		check_ok(referral_state_parse(
			referral_state_text((enum referral_state)i), &s));
		assert_int_equal(s, i);
	}
	assert_int_equal(referral_state_parse("done", &s), E_INVALID);
}

static void first_dates_are_kept(void **state)
{
	struct fix *f = *state;
	int64_t id = draft(f, "2026-02-01");
	struct records *r = &f->w.rec;
	struct referral g;

	assert_int_equal(got(f, id).sent, NO_DATE);
	check_ok(referral_move(r, id, REFERRAL_REQUESTED, day("2026-02-03"),
			       NULL));
	check_ok(referral_move(r, id, REFERRAL_ACCEPTED, day("2026-02-05"),
			       NULL));
	check_ok(referral_move(r, id, REFERRAL_ON_HOLD, day("2026-02-06"),
			       "holiday"));
	check_ok(referral_move(r, id, REFERRAL_IN_PROGRESS, day("2026-02-07"),
			       NULL));
	check_ok(referral_move(r, id, REFERRAL_COMPLETED, day("2026-02-09"),
			       NULL));
	check_ok(referral_move(r, id, REFERRAL_ENTERED_IN_ERROR,
			       day("2026-02-10"), NULL));
	g = got(f, id);
	assert_int_equal(g.drafted, day("2026-02-01"));
	assert_int_equal(g.sent, day("2026-02-03"));
	assert_int_equal(g.accepted, day("2026-02-05"));
	assert_int_equal(g.answered, day("2026-02-05"));
	assert_int_equal(g.ended, day("2026-02-09"));
}

static void days_go_forward_to_today(void **state)
{
	struct fix *f = *state;
	struct records *r = &f->w.rec;
	int64_t id = sent(f, "2026-02-03"), other;

	assert_int_equal(referral_move(r, id, REFERRAL_ACCEPTED,
				       day("2026-02-02"), NULL),
			 E_INVALID);
	check_says("last change of the referral, 2026-02-03");
	assert_int_equal(referral_move(r, id, REFERRAL_ACCEPTED,
				       day("2026-07-01"), NULL),
			 E_INVALID);
	check_says("in the future; today is 2026-06-30");
	check_ok(referral_move(r, id, REFERRAL_ACCEPTED, day("2026-06-30"),
			       NULL));
	assert_int_equal(
		referral_add(r, f->need, 0, 0, day("2025-12-31"), &other),
		E_INVALID);
	check_says("need was found, 2026-01-01");
	assert_int_equal(
		referral_add(r, f->need, 0, 0, day("2026-07-01"), &other),
		E_INVALID);
}

static void bad_ends_want_a_reason(void **state)
{
	static const enum referral_state bad[] = {
		REFERRAL_REJECTED, REFERRAL_CANCELLED, REFERRAL_ON_HOLD,
		REFERRAL_FAILED};
	struct fix *f = *state;
	struct records *r = &f->w.rec;

	for (int i = 0; i < 4; i++) {
		int from = i < 2 ? REFERRAL_REQUESTED : REFERRAL_ACCEPTED;
		int64_t id = in_state(f, from);

		assert_int_equal(
			referral_move(r, id, bad[i], day("2026-02-02"), NULL),
			E_INVALID);
		check_says("Say in a few words why");
		assert_int_equal(
			referral_move(r, id, bad[i], day("2026-02-02"), ""),
			E_INVALID);
		check_ok(referral_reason(r, id, "OTHER", day("2026-02-02")));
		check_ok(referral_move(r, id, bad[i], day("2026-02-02"), NULL));
	}
}

static void same_state_is_no_change(void **state)
{
	struct fix *f = *state;
	int64_t id = sent(f, "2026-02-03"), rows;

	rows = case_world_int(&f->w, "SELECT count(*) FROM audit");
	check_ok(referral_move(&f->w.rec, id, REFERRAL_REQUESTED,
			       day("2026-01-01"), NULL));
	assert_int_equal(got(f, id).sent, day("2026-02-03"));
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM audit"),
			 rows);
}

static void text_is(struct fix *f, const char *sql, const char *want)
{
	char text[64] = "?";

	check_ok(db_text(f->w.db, text, sizeof text, sql, ""));
	assert_string_equal(text, want);
}

static void first_answer_is_the_earliest(void **state)
{
	struct fix *f = *state;
	struct records *r = &f->w.rec;
	int64_t id = sent(f, "2026-02-01");

	/* Having room is no answer to the family. */
	check_ok(referral_answer(r, id, day("2026-02-02"), "capacity", NULL));
	assert_int_equal(got(f, id).answered, NO_DATE);
	check_ok(referral_move(r, id, REFERRAL_ACCEPTED, day("2026-02-20"),
			       NULL));
	text_is(f, "SELECT answer FROM fact_referral", "accepted");
	/* Entered later, given earlier. */
	check_ok(referral_answer(r, id, day("2026-02-10"), "waitlist", NULL));
	text_is(f, "SELECT answer || answered FROM fact_referral",
		"waitlist2026-02-10");
	/* The same day, or later: the first one stands. */
	check_ok(referral_answer(r, id, day("2026-02-10"), "no-capacity",
				 "enrolled"));
	text_is(f, "SELECT answer || answered FROM fact_referral",
		"waitlist2026-02-10");
	assert_string_equal(got(f, id).capacity, "no-capacity");
	assert_string_equal(got(f, id).enrollment, "enrolled");
	/* Older than what is known: the newest stays. */
	check_ok(referral_answer(r, id, day("2026-02-03"), "capacity",
				 "not-enrolled-on-waitlist"));
	assert_string_equal(got(f, id).capacity, "no-capacity");
	text_is(f, "SELECT answer || answered FROM fact_referral",
		"waitlist2026-02-03");
}

static void acceptance_entered_late_is_the_first_answer(void **state)
{
	struct fix *f = *state;
	struct records *r = &f->w.rec;
	int64_t id = sent(f, "2026-02-01");

	check_ok(referral_answer(r, id, day("2026-02-20"), "waitlist", NULL));
	check_ok(referral_move(r, id, REFERRAL_ACCEPTED, day("2026-02-10"),
			       NULL));
	text_is(f, "SELECT answer || answered FROM fact_referral",
		"accepted2026-02-10");
}

static void answers_come_from_the_lists(void **state)
{
	struct fix *f = *state;
	struct records *r = &f->w.rec;
	int64_t id = sent(f, "2026-02-01");
	int32_t on = day("2026-02-02");

	assert_int_equal(referral_answer(r, id, on, NULL, NULL), E_INVALID);
	assert_int_equal(referral_answer(r, id, on, "full", NULL), E_INVALID);
	check_says("no-capacity");
	assert_int_equal(referral_answer(r, id, on, NULL, "yes"), E_INVALID);
	check_says("not-enrolled");
	assert_int_equal(
		referral_answer(r, id, day("2026-01-31"), "waitlist", NULL),
		E_INVALID);
	check_says("sent, 2026-02-01");
}

static void nothing_hangs_on_a_draft_or_an_error(void **state)
{
	struct fix *f = *state;
	struct records *r = &f->w.rec;
	int32_t on = day("2026-02-02");

	for (int i = 0; i < 2; i++) {
		int64_t id = i == 0 ? draft(f, "2026-02-01")
				    : sent(f, "2026-02-01");

		if (i == 1)
			check_ok(referral_move(r, id, REFERRAL_ENTERED_IN_ERROR,
					       on, NULL));
		assert_int_equal(referral_answer(r, id, on, "waitlist", NULL),
				 E_STATE);
		assert_int_equal(referral_link(r, id, "received", on), E_STATE);
		assert_int_equal(referral_reason(r, id, "OTHER", on), E_STATE);
	}
}

static void earlier_linkage_wins(void **state)
{
	struct fix *f = *state;
	struct records *r = &f->w.rec;
	int64_t id = sent(f, "2026-02-01");
	struct referral g;

	check_ok(referral_link(r, id, "received", day("2026-03-01")));
	check_ok(referral_link(r, id, "received", day("2026-03-05")));
	assert_int_equal(got(f, id).received, day("2026-03-01"));
	check_ok(referral_link(r, id, "received", day("2026-02-20")));
	check_ok(referral_link(r, id, "satisfied", day("2026-04-01")));
	g = got(f, id);
	assert_int_equal(g.received, day("2026-02-20"));
	assert_int_equal(g.satisfied, day("2026-04-01"));
	assert_int_equal(g.contacted, NO_DATE);
	assert_int_equal(g.addressed, NO_DATE);
	text_is(f,
		"SELECT reached FROM referral_linkage"
		" WHERE outcome = 'received'",
		"2026-02-20");
	assert_int_equal(referral_link(r, id, "linked", day("2026-04-01")),
			 E_INVALID);
	check_says("contacted, received, addressed, satisfied");
	assert_int_equal(referral_link(r, id, "received", day("2026-01-31")),
			 E_INVALID);
}

static void every_linkage_has_its_column(void **state)
{
	struct fix *f = *state;
	int64_t id = sent(f, "2026-02-01");

	for (int i = 0; i < vocabulary_count(f->w.words, WORDS_LINKAGE); i++)
		check_ok(referral_link(
			&f->w.rec, id,
			vocabulary_word(f->w.words, WORDS_LINKAGE, i)->id,
			day("2026-02-02") + i));
	text_is(f,
		"SELECT contacted || received || addressed || satisfied"
		" FROM fact_referral",
		"2026-02-022026-02-032026-02-042026-02-05");
}

static void reason_is_taken_back(void **state)
{
	struct fix *f = *state;
	struct records *r = &f->w.rec;
	int64_t id = sent(f, "2026-02-01");

	assert_int_equal(
		referral_reason(r, id, "NOT_A_CODE", day("2026-02-02")),
		E_INVALID);
	check_ok(referral_reason(r, id, "LANGUAGE", day("2026-02-02")));
	assert_string_equal(got(f, id).reason, "LANGUAGE");
	assert_int_equal(got(f, id).reason_on, day("2026-02-02"));
	check_ok(referral_reason(r, id, "", day("2026-02-03")));
	assert_string_equal(got(f, id).reason, "");
	assert_int_equal(got(f, id).reason_on, NO_DATE);
}

static void service_names_its_organization(void **state)
{
	struct fix *f = *state;
	struct records *r = &f->w.rec;
	struct organization a = {.name = "One", .active = true};
	struct organization b = {.name = "Two", .active = true};
	struct service s = {.name = "Help", .active = true};
	int64_t id;

	check_ok(organization_add(r, &a, &a.id));
	check_ok(organization_add(r, &b, &b.id));
	assert_int_equal(organization_add(r, &b, &id), E_EXISTS);
	s.organization = b.id;
	check_ok(service_add(r, &s, &s.id));
	check_ok(referral_add(r, f->need, 0, s.id, day("2026-02-01"), &id));
	assert_int_equal(got(f, id).organization, b.id);
	assert_int_equal(
		referral_add(r, f->need, a.id, s.id, day("2026-02-01"), &id),
		E_INVALID);
	b.active = false;
	check_ok(organization_update(r, &b));
	assert_int_equal(
		referral_add(r, f->need, b.id, 0, day("2026-02-01"), &id),
		E_STATE);
	assert_int_equal(
		referral_add(r, f->need, 77, 0, day("2026-02-01"), &id),
		E_NOTFOUND);
}

static void closed_need_takes_no_referral(void **state)
{
	struct fix *f = *state;
	int64_t id;

	check_ok(need_close(&f->w.rec, f->need, day("2026-02-01"), true, ""));
	assert_int_equal(
		referral_add(&f->w.rec, f->need, 0, 0, day("2026-02-01"), &id),
		E_STATE);
	check_says("reopen it");
}

/* A failed call in a group takes back its own part only. */
static void failed_call_leaves_earlier_ones(void **state)
{
	struct fix *f = *state;
	struct records *r = &f->w.rec;
	int64_t id = draft(f, "2026-02-01");

	check_ok(db_script(f->w.db, "CREATE TRIGGER stop BEFORE INSERT ON audit"
				    " WHEN new.field = 'why' BEGIN"
				    " SELECT raise(ABORT, 'no'); END"));
	check_ok(records_begin(r));
	check_ok(referral_move(r, id, REFERRAL_REQUESTED, day("2026-02-02"),
			       NULL));
	assert_true(referral_move(r, id, REFERRAL_CANCELLED, day("2026-02-03"),
				  "no more") < 0);
	check_ok(referral_reason(r, id, "OTHER", day("2026-02-04")));
	check_ok(records_end(r, 0));
	assert_int_equal(got(f, id).state, REFERRAL_REQUESTED);
	assert_int_equal(got(f, id).ended, NO_DATE);
	assert_string_equal(got(f, id).reason, "OTHER");
	assert_int_equal(
		case_world_int(&f->w, "SELECT count(*) FROM referral_status"),
		2);
}

static void failed_group_leaves_nothing(void **state)
{
	struct fix *f = *state;
	struct records *r = &f->w.rec;
	int64_t id = draft(f, "2026-02-01");
	int64_t rows = case_world_int(&f->w, "SELECT count(*) FROM audit");

	check_ok(records_begin(r));
	check_ok(referral_move(r, id, REFERRAL_REQUESTED, day("2026-02-02"),
			       NULL));
	assert_int_equal(records_end(r, E_INVALID), E_INVALID);
	assert_int_equal(got(f, id).state, REFERRAL_DRAFT);
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM audit"),
			 rows);
}

static void linkage_is_taken_back(void **state)
{
	struct fix *f = *state;
	struct records *r = &f->w.rec;
	int64_t id = sent(f, "2026-02-01");

	assert_int_equal(referral_unlink(r, id, "received"), E_STATE);
	check_says("not recorded");
	check_ok(referral_link(r, id, "received", day("2026-03-01")));
	check_ok(referral_link(r, id, "satisfied", day("2026-03-02")));
	assert_int_equal(referral_unlink(r, id, "linked"), E_INVALID);
	check_ok(referral_unlink(r, id, "received"));
	assert_int_equal(got(f, id).received, NO_DATE);
	assert_int_equal(referral_linked(&(struct referral){0}, "x"), NO_DATE);
	assert_int_equal(got(f, id).satisfied, day("2026-03-02"));
	text_is(f, "SELECT outcome FROM referral_linkage", "satisfied");
	text_is(f, "SELECT was FROM history WHERE field = 'received'",
		"2026-03-01");
	text_is(f, "SELECT field FROM audit ORDER BY seq DESC LIMIT 1",
		"received");
	check_ok(referral_link(r, id, "received", day("2026-03-20")));
	assert_int_equal(got(f, id).received, day("2026-03-20"));
	check_ok(referral_move(r, id, REFERRAL_ENTERED_IN_ERROR,
			       day("2026-03-20"), NULL));
	assert_int_equal(referral_unlink(r, id, "received"), E_STATE);
	assert_int_equal(referral_unlink(r, 99, "received"), E_NOTFOUND);
}

static void case_in_error_takes_no_referral(void **state)
{
	struct fix *f = *state;
	int64_t id = draft(f, "2026-02-01"), other;

	check_ok(kase_error(&f->w.rec, 1));
	assert_int_equal(referral_add(&f->w.rec, f->need, 0, 0,
				      day("2026-02-02"), &other),
			 E_STATE);
	check_says("opened in error on 2026-06-30");
	assert_int_equal(referral_move(&f->w.rec, id, REFERRAL_REQUESTED,
				       day("2026-02-02"), NULL),
			 E_STATE);
	check_says("opened in error");
	check_ok(referral_move(&f->w.rec, id, REFERRAL_ENTERED_IN_ERROR,
			       day("2026-02-02"), NULL));
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(life_cycle_is_the_drawing),
		T(refusal_says_what_is_possible),
		T(states_parse_as_they_print),
		T(first_dates_are_kept),
		T(days_go_forward_to_today),
		T(bad_ends_want_a_reason),
		T(same_state_is_no_change),
		T(first_answer_is_the_earliest),
		T(acceptance_entered_late_is_the_first_answer),
		T(answers_come_from_the_lists),
		T(nothing_hangs_on_a_draft_or_an_error),
		T(earlier_linkage_wins),
		T(every_linkage_has_its_column),
		T(reason_is_taken_back),
		T(service_names_its_organization),
		T(closed_need_takes_no_referral),
		T(failed_call_leaves_earlier_ones),
		T(failed_group_leaves_nothing),
		T(linkage_is_taken_back),
		T(case_in_error_takes_no_referral),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
