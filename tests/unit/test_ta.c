/* Tests of daemon/hub/ta: items open once, nothing is lost, each change is in
 * the audit; ta_watch opens what it should, and only that. */
#include "tests/unit/hub_world.h"

#include "daemon/hub/hub_audit.h"
#include "daemon/hub/ta.h"
#include "daemon/hub/ta_effect.h"
#include "daemon/hub/ta_watch.h"

struct fix {
	struct world w;
	struct hand north, south;
	struct ta_hand by;
	uint64_t seq;
};

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	world_init(&f->w, NETWORK_SYNTHETIC);
	hand_joined(&f->north, &f->w, "north");
	hand_joined(&f->south, &f->w, "south");
	f->by = (struct ta_hand){.db = f->w.hub->db,
				 .now_utc_ms = world_now(),
				 .today = date_of_utc(world_now()),
				 .who = "user:ann"};
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	hand_fini(&f->north);
	hand_fini(&f->south);
	world_fini(&f->w);
	mem_free(f);
	return 0;
}

/* A month with @linked of @linked + @not referrals linked. */
static void month(struct fix *f, struct hand *n, int32_t at, uint32_t linked,
		  uint32_t not )
{
	struct release r;

	hand_release(n, &r, at, 1);
	add_block(f->w.table, &r, 0, 0, at, 0, linked, not );
	assert_int_equal(hand_deliver(n, &r, ++f->seq), KIND_RECEIPT);
	release_fini(&r);
}

static int64_t open_one(struct fix *f, const char *region, const char *measure)
{
	struct ta_item new = {.cause = TA_BY_HAND};
	int64_t id = 0;

	snprintf(new.region, sizeof new.region, "%s", region);
	snprintf(new.measure, sizeof new.measure, "%s", measure);
	snprintf(new.topic, sizeof new.topic, "Fewer are linked");
	check_ok(ta_open(&f->by, &new, &id));
	return id;
}

static int count_item(void *arg, const struct ta_item *i)
{
	++*(int *)arg;
	return 0;
}

static int items(struct fix *f, enum ta_which which)
{
	int n = 0;

	check_ok(ta_list(f->w.hub->db, NULL, which, f->by.today, count_item,
			 &n));
	return n;
}

static int64_t audited(struct fix *f, const char *record, const char *field)
{
	int64_t n = 0, rows;

	check_ok(db_int(f->w.hub->db, &n,
			"SELECT count(*) FROM audit WHERE record = ? AND "
			"field = ? AND who = 'user:ann'",
			"ss", record, field));
	check_ok(hub_audit_verify(f->w.hub->db, &rows));
	return n;
}

static void what_opens_by_itself_opens_once(void **state)
{
	struct fix *f = *state;
	struct ta_item new = {.cause = TA_THRESHOLD, .evidence = 100};
	int64_t id, again;

	snprintf(new.region, sizeof new.region, "north");
	snprintf(new.measure, sizeof new.measure, "M10");
	snprintf(new.topic, sizeof new.topic, "Below");
	check_ok(ta_open(&f->by, &new, &id));
	new.evidence = 200;
	assert_int_equal(ta_open(&f->by, &new, &again), E_EXISTS);
	check_ok(ta_close(&f->by, id, TA_YES, "Ask weekly"));
	new.evidence = 100; /* nothing new since */
	assert_int_equal(ta_open(&f->by, &new, &again), E_EXISTS);
	new.evidence = 103;
	check_ok(ta_open(&f->by, &new, &again));
	assert_int_equal(items(f, TA_OPEN), 1);
	assert_int_equal(items(f, TA_ALL), 2);
	/* The first can't open beside the second. */
	assert_int_equal(ta_reopen(&f->by, id), E_STATE);
}

static void an_item_is_closed_by_one(void **state)
{
	struct fix *f = *state;
	int64_t id = open_one(f, "north", "M10");
	struct ta_item i;

	assert_int_equal(ta_close(&f->by, id, TA_NOT_ASKED, ""), E_INVALID);
	check_ok(ta_close(&f->by, id, TA_PARTLY, "Ask weekly"));
	assert_int_equal(ta_close(&f->by, id, TA_NO, ""), E_STATE);
	check_ok(ta_get(f->w.hub->db, id, f->by.today, &i));
	assert_int_equal(i.helped, TA_PARTLY);
	assert_string_equal(i.lesson, "Ask weekly");
	check_ok(ta_reopen(&f->by, id));
	assert_int_equal(items(f, TA_OPEN), 1);
	assert_int_equal(audited(f, "ta_item", "opened"), 1);
	assert_int_equal(audited(f, "ta_item", "closed"), 1);
	assert_int_equal(audited(f, "ta_item", "opened again"), 1);
}

static int on_mark(void *arg, int32_t day, int64_t item)
{
	*(int32_t *)arg = day;
	return 0;
}

static void the_first_visit_is_the_mark(void **state)
{
	struct fix *f = *state;
	int64_t id = open_one(f, "north", "M10"), e;
	struct ta_entry x = {.item = id, .on_day = f->by.today - 9};
	int32_t mark = 0;

	snprintf(x.kind, sizeof x.kind, "note");
	snprintf(x.text, sizeof x.text, "They know it");
	check_ok(ta_entry_add(&f->by, &x, &e));
	check_ok(ta_marks(f->w.hub->db, "M10", "north", on_mark, &mark));
	assert_int_equal(mark, 0);
	snprintf(x.kind, sizeof x.kind, "visit");
	for (int d = 5; d >= 3; d -= 2) {
		x.on_day = f->by.today - d;
		check_ok(ta_entry_add(&f->by, &x, &e));
	}
	check_ok(ta_marks(f->w.hub->db, "M10", "north", on_mark, &mark));
	assert_int_equal(mark, f->by.today - 5);
	x.on_day = f->by.today + 1;
	assert_int_equal(ta_entry_add(&f->by, &x, &e), E_INVALID);
	assert_int_equal(audited(f, "ta_entry", "added"), 3);
}

static void actions_can_be_taken_back(void **state)
{
	struct fix *f = *state;
	int64_t item = open_one(f, "north", ""), id, of;
	struct ta_action a = {.item = item, .due = f->by.today - 1};
	struct ta_item i;
	char before[8];

	snprintf(a.what, sizeof a.what, "Ask which programs have openings");
	assert_int_equal(ta_action_add(&f->by, &a, &id), E_INVALID);
	snprintf(a.owner, sizeof a.owner, "Center");
	check_ok(ta_action_add(&f->by, &a, &id));
	check_ok(ta_get(f->w.hub->db, item, f->by.today, &i));
	assert_int_equal(i.actions_late, 1);
	check_ok(ta_action_set(&f->by, id, "done", before, &of));
	assert_string_equal(before, "open");
	assert_int_equal(of, item);
	check_ok(ta_get(f->w.hub->db, item, f->by.today, &i));
	assert_int_equal(i.actions_open, 0);
}

static void a_rate_beyond_the_threshold_opens(void **state)
{
	struct fix *f = *state;
	struct ta_threshold t = {.measure = "M10", .below = true};
	int opened;

	for (int m = 0; m < 12; m++) {
		month(f, &f->north, month_no(2026, 1) + m, 400, 100);
		month(f, &f->south, month_no(2026, 1) + m, 400,
		      m < 9 ? 100 : 600);
	}
	t.tenths = 600;
	check_ok(ta_threshold_set(&f->by, &t));
	check_ok(ta_watch(f->w.hub, &opened));
	assert_int_equal(opened, 1); /* south, in its last quarter */
	check_ok(ta_watch(f->w.hub, &opened));
	assert_int_equal(opened, 0);
	t.tenths = -1;
	check_ok(ta_threshold_set(&f->by, &t));
}

static void nothing_opens_where_nothing_is(void **state)
{
	struct fix *f = *state;
	struct ta_threshold t = {
		.measure = "M10", .below = true, .tenths = 600};
	int opened;

	for (int m = 0; m < 12; m++) {
		month(f, &f->north, month_no(2026, 1) + m, 400, 100);
		month(f, &f->south, month_no(2026, 1) + m, 400, 111);
	}
	check_ok(ta_threshold_set(&f->by, &t));
	check_ok(ta_watch(f->w.hub, &opened));
	assert_int_equal(opened, 0);
}

static int signals(struct fix *f, const char *id)
{
	int opened;

	check_ok(ta_watch_signals(
		f->w.hub, catalogue_find_measure(f->w.cat, id), &opened));
	return opened;
}

static void a_signal_on_the_chart_opens(void **state)
{
	struct fix *f = *state;

	for (int m = 0; m < 20; m++) {
		month(f, &f->north, month_no(2025, 1) + m, 400, 100);
		month(f, &f->south, month_no(2025, 1) + m, 400,
		      m < 18 ? 100 : 160);
	}
	assert_int_equal(signals(f, "M10"), 1);
	assert_int_equal(signals(f, "M10"), 0);
	/* What became better is nothing to help with. */
	month(f, &f->north, month_no(2026, 9), 480, 20);
	assert_int_equal(signals(f, "M10"), 0);
}

static void silence_opens_after_three_days(void **state)
{
	struct fix *f = *state;
	int opened;

	f->w.clock.now_utc_ms += 2LL * 24 * 3600 * 1000;
	check_ok(ta_watch(f->w.hub, &opened));
	assert_int_equal(opened, 0);
	f->w.clock.now_utc_ms += 2LL * 24 * 3600 * 1000;
	check_ok(ta_watch(f->w.hub, &opened));
	assert_int_equal(opened, 2);
	check_ok(ta_watch(f->w.hub, &opened));
	assert_int_equal(opened, 0);
}

/* North becomes better after a visit in 2026's second quarter, south stays. */
static void before_and_after(void **state)
{
	struct fix *f = *state;
	int64_t id = open_one(f, "north", "M10"), e;
	struct ta_entry x = {.item = id, .on_day = date_from_ymd(2026, 5, 3)};
	struct ta_effect out;
	struct ta_item i;

	for (int m = 0; m < 18; m++) {
		int32_t at = month_no(2025, 7) + m;

		month(f, &f->north, at, m < 12 ? 300 : 450, 100);
		month(f, &f->south, at, 300, 100);
	}
	snprintf(x.kind, sizeof x.kind, "visit");
	snprintf(x.text, sizeof x.text, "Met the intake team");
	check_ok(ta_entry_add(&f->by, &x, &e));
	check_ok(ta_get(f->w.hub->db, id, f->by.today, &i));
	check_ok(ta_effect(f->w.hub, f->w.hub->db, &i, &out));
	assert_int_equal(out.before.month, month_no(2025, 10));
	assert_int_equal(out.after.month, month_no(2026, 7));
	assert_true(out.ready);
	assert_int_equal(out.n_others, 1);
	assert_int_equal(out.region_moved, 1);
	assert_int_equal(out.others_moved, 0);
	assert_int_equal(out.region[0].numerator.low, 1800);
	assert_int_equal(out.region[1].numerator.low, 2700);
	assert_int_equal(out.others[1].denominator.low, 2400);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
		T(what_opens_by_itself_opens_once),
		T(an_item_is_closed_by_one),
		T(the_first_visit_is_the_mark),
		T(actions_can_be_taken_back),
		T(a_rate_beyond_the_threshold_opens),
		T(nothing_opens_where_nothing_is),
		T(a_signal_on_the_chart_opens),
		T(silence_opens_after_three_days),
		T(before_and_after),
	};

	return cmocka_run_group_tests_name("ta", tests, NULL, NULL);
}
