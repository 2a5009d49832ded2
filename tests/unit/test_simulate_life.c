#include <sodium.h>

#include "regional/case/audit.h"
#include "regional/case/simulate.h"
#include "tests/unit/case_world.h"

struct fix {
	struct case_world w;
};

static int setup(void **state)
{
	static struct fix f;

	case_world_init(&f.w);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	case_world_fini(&f->w);
	return 0;
}

static struct simulate_opts some(int children)
{
	return (struct simulate_opts){.kind = NETWORK_SYNTHETIC,
				      .children = children,
				      .years = 2,
				      .until = day("2026-05-31"),
				      .seed = 7,
				      .whole = true};
}

/* One region for all tests that only look at it. */
static struct fix region;

static int make_region(void **state)
{
	struct simulate_opts o = some(900);

	(void)state;
	case_world_init(&region.w);
	return simulate_run(&region.w.rec, &o, NULL, NULL);
}

static int drop_region(void **state)
{
	(void)state;
	case_world_fini(&region.w);
	return 0;
}

/* Everything that the query gives, as text. */
static void hash_rows(struct db *db, const char *sql,
		      crypto_generichash_state *h)
{
	struct rows r;

	check_ok(db_rows(db, &r, sql, ""));
	while (rows_next(&r) == ROWS_ROW) {
		for (int i = 0; i < rows_columns(&r); i++) {
			const char *text = rows_text(&r, i);

			text = text ? text : "<none>";
			crypto_generichash_update(h,
						  (const unsigned char *)text,
						  strlen(text) + 1);
		}
	}
	rows_end(&r);
}

/* All tables but the audit, whose times are the clock's, and what is sealed,
 * with keys that are never the same. */
static void hash_all(struct db *db, unsigned char out[32])
{
	static char name[120][64];
	crypto_generichash_state h;
	struct rows r;
	int n = 0;

	crypto_generichash_init(&h, NULL, 0, 32);
	check_ok(db_rows(db, &r,
			 "SELECT name FROM sqlite_schema WHERE type = 'table'"
			 " AND name NOT LIKE 'sqlite%' AND name NOT IN"
			 " ('audit', 'child_key', 'attachment_content')"
			 " ORDER BY name",
			 ""));
	while (rows_next(&r) == ROWS_ROW) {
		assert_true(n < 120);
		put(name[n++], rows_text(&r, 0));
	}
	rows_end(&r);
	assert_true(n > 50);
	for (int i = 0; i < n; i++) {
		char sql[120];

		snprintf(sql, sizeof sql, "SELECT * FROM \"%s\"", name[i]);
		hash_rows(db, sql, &h);
	}
	hash_rows(db, "SELECT seq, record, id, field FROM audit", &h);
	crypto_generichash_final(&h, out, 32);
}

static void hash_referrals(struct db *db, unsigned char out[32])
{
	crypto_generichash_state h;

	crypto_generichash_init(&h, NULL, 0, 32);
	hash_rows(db,
		  "SELECT referral, need, sent, accepted, answered, contacted,"
		  " received, addressed, reason, status, age_band"
		  " FROM fact_referral",
		  &h);
	hash_rows(db, "SELECT * FROM referral_status", &h);
	/* Without those that were recorded twice. */
	hash_rows(db,
		  "SELECT given, family, birth, sex, zip, source_id FROM child"
		  " WHERE source_id NOT LIKE '%-again' ORDER BY id",
		  &h);
	crypto_generichash_final(&h, out, 32);
}

static void run_apart(const struct simulate_opts *o, bool all,
		      unsigned char out[32])
{
	struct case_world w;

	case_world_init(&w);
	check_ok(simulate_run(&w.rec, o, NULL, NULL));
	if (all)
		hash_all(w.db, out);
	else
		hash_referrals(w.db, out);
	case_world_fini(&w);
}

static void same_seed_gives_the_same_record(void **state)
{
	struct simulate_opts o = some(60);
	unsigned char a[32], b[32];

	(void)state;
	run_apart(&o, true, a);
	run_apart(&o, true, b);
	assert_memory_equal(a, b, 32);
	o.seed = 8;
	run_apart(&o, true, b);
	assert_memory_not_equal(a, b, 32);
}

static void referrals_are_the_same_without_the_rest(void **state)
{
	struct simulate_opts o = some(100);
	unsigned char a[32], b[32];

	(void)state;
	run_apart(&o, false, a);
	o.whole = false;
	run_apart(&o, false, b);
	assert_memory_equal(a, b, 32);
}

static double rate(const char *what)
{
	for (int i = 0; i < simulate_rates_count; i++)
		if (strstr(simulate_rates[i].what, what))
			return simulate_rates[i].percent;
	fail_msg("no rate is called %s", what);
	return 0;
}

/* Old enough to have had all of its first forty days. */
#define GROWN                                           \
	" opened < date('2026-05-31', '-60 days') AND " \
	"ifnull(closed, '9999') > date(opened, '+41 days')"

/* @sql gives hits and how many there were; the share is within four standard
 * deviations of the percentage of that rate times @of. */
static const struct {
	const char *rate;
	double of;
	const char *sql;
} shares[] = {
	{"families who consent", 1,
	 "SELECT count(DISTINCT child), (SELECT count(*) FROM child)"
	 " FROM consent"},
	{"children with Medicaid", 1,
	 "SELECT sum(kind = 'medicaid'), count(*) FROM coverage"},
	/* 60 of 100 Hispanic children: siblings may bring their own. */
	{"who speak Spanish at home", .3,
	 "SELECT sum(language = 'spanish'), count(*) FROM family"},
	{"another program coordinates", 1,
	 "SELECT count(DISTINCT kase), (SELECT count(*) FROM care_case)"
	 " FROM case_coordinator"},
	{"families with protective factors", 1,
	 "SELECT count(DISTINCT f.kase), count(DISTINCT k.id) FROM care_case k"
	 " LEFT JOIN survey_factor f ON f.kase = k.id WHERE" GROWN},
	{"closed cases that are opened again", 1,
	 "SELECT count(DISTINCT r.kase), count(DISTINCT k.id) FROM care_case k"
	 " LEFT JOIN case_reopening r ON r.kase = k.id"
	 " WHERE ifnull(r.closed, k.closed) < '2025-11-01'"},
	{"moved to another region", 1,
	 "SELECT sum(moved_region IS NOT NULL), count(*) FROM care_case"
	 " WHERE closed IS NOT NULL"},
	{"children of Hispanic", 1,
	 "SELECT sum(ethnicity = 'hispanic'), count(*) FROM child"
	 " WHERE ethnicity IS NOT NULL"},
	{"with a primary care practice", 1,
	 "SELECT count(DISTINCT child), (SELECT count(*) FROM child"
	 " WHERE merged_into IS NULL) FROM child_practice"},
	{"cases referred by a practice", 1,
	 "SELECT sum(source = 'practice'), count(*) FROM care_case"},
	{"asked by the Hunger Vital Sign", 1,
	 "SELECT count(DISTINCT s.child), (SELECT count(*) FROM child)"
	 " FROM screening s WHERE instrument = 'HVS'"},
	{"of those with a food need: at risk", .85,
	 "SELECT sum(n.source = 'screening'), count(*) FROM need n"
	 " JOIN referral r ON r.need = n.id WHERE n.domain = 'food'"},
	{"of the complex medical tier", 1,
	 "SELECT sum(medical = 'complex'), count(*) FROM need_level"},
	{"written shared care plan", 1,
	 "SELECT count(p.id), count(*) FROM care_case k LEFT JOIN care_plan p"
	 " ON p.kase = k.id AND p.version = 1 WHERE" GROWN},
	{"contacts by phone", 1,
	 "SELECT sum(mode = 'phone'), count(*) FROM contact"},
	{"contacts with the family", 1,
	 "SELECT sum(party = 'family'), count(*) FROM contact"},
	{"contacts that reached somebody", 1,
	 "SELECT sum(reached), count(*) FROM contact"},
	{"prevented a use of care", 1,
	 "SELECT sum(prevented IS NOT NULL), count(*) FROM contact"
	 " WHERE reached = 1"},
	{"meet the criteria", 1,
	 "SELECT sum(criteria), count(*) FROM ed_episode WHERE behavioral = 1"},
	{"of those: enrolled", 1,
	 "SELECT sum(enrolled = 'accepted'), count(*) FROM ed_episode"
	 " WHERE criteria = 1"},
	{"followed up within 7 days", 1,
	 "SELECT sum(ifnull(follow_up_days, 99) <= 7), count(*)"
	 " FROM ed_outcome o WHERE (SELECT behavioral FROM ed_episode e"
	 " WHERE e.id = o.id) = 1 AND day0 < date('2026-05-31', '-7 days')"},
	{"got all three items", 1,
	 "SELECT sum(alone AND skills AND discussed), count(*)"
	 " FROM transition_visit"},
	{"surveys at close that come back", 1,
	 "SELECT sum(returned IS NOT NULL), count(*) FROM survey"
	 " WHERE asked < date('2026-05-31', '-30 days')"},
	{"of those: satisfied (4", 1,
	 "SELECT sum(satisfaction >= 4), count(*) FROM survey"
	 " WHERE returned IS NOT NULL"},
	{"come to a monthly meeting", 1,
	 "SELECT count(*), (SELECT 26 * count(*) FROM collaborative_meeting)"
	 " FROM collaborative_attendance"},
};

static void shares_are_the_tables(void **state)
{
	struct fix *f = &region;

	(void)state;
	for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
		double p = rate(shares[i].rate) / 100 * shares[i].of, hit, n;
		struct rows r;

		check_ok(db_rows(f->w.db, &r, shares[i].sql, ""));
		assert_int_equal(rows_next(&r), ROWS_ROW);
		hit = (double)rows_int(&r, 0);
		n = (double)rows_int(&r, 1);
		rows_end(&r);
		if (n < 5 ||
		    (hit - n * p) * (hit - n * p) > 16 * n * p * (1 - p))
			fail_msg("%s: %g of %g, expected %g", shares[i].rate,
				 hit, n, n * p);
	}
}

/* The record holds together: each says what must not be found. */
static const char *const wrong[] = {
	"SELECT count(*) FROM screening WHERE scorable = 0",
	"SELECT count(*) FROM screening WHERE instrument = 'M-CHAT-RF'"
	" AND age_months NOT BETWEEN 16 AND 30",
	/* A need that a screening found has it, and it was positive. */
	"SELECT count(*) FROM need n WHERE source = 'screening' AND NOT EXISTS"
	" (SELECT 1 FROM screening_need m JOIN screening_result t"
	" ON t.screening = m.screening AND t.need = n.domain"
	" AND t.class = 'positive' WHERE m.need = n.id)",
	"SELECT count(*) FROM need n JOIN care_case k ON k.id = n.kase"
	" WHERE n.closed IS NULL AND k.closed IS NOT NULL",
	/* What was shared was allowed. */
	"SELECT count(*) FROM care_share s JOIN care_plan p ON p.id = s.plan"
	" JOIN care_case k ON k.id = p.kase WHERE NOT EXISTS (SELECT 1"
	" FROM consent c WHERE c.child = k.child AND c.since <= s.shared"
	" AND ifnull(c.withdrawn, '9999') > s.shared)",
	"SELECT count(*) FROM assignment a JOIN staff s ON s.id = a.staff"
	" WHERE s.role <> a.suggested",
	"SELECT count(*) FROM care_case WHERE closed IS NOT NULL"
	" AND close_reason IS NULL",
	"SELECT count(*) FROM care_case WHERE intake IS NULL OR source IS NULL",
	/* All but those that were recorded once more. */
	"SELECT count(*) FROM care_case c WHERE NOT EXISTS (SELECT 1"
	" FROM family_child f WHERE f.child = c.child)",
	"SELECT count(*) FROM care_case c WHERE NOT EXISTS (SELECT 1"
	" FROM custody u WHERE u.child = c.child)",
	"SELECT count(*) FROM (SELECT 1 FROM family_child GROUP BY child"
	" HAVING sum(main) <> 1)",
	/* Of a child in foster care the agency signs. */
	"SELECT count(*) FROM consent c WHERE authority = 'parent' AND EXISTS"
	" (SELECT 1 FROM custody u WHERE u.child = c.child"
	" AND u.relation = 'foster-parent')",
	"SELECT count(*) FROM family WHERE interpreter = 1"
	" AND language = 'english'",
	/* What is planned is so for a case that is open. */
	"SELECT count(*) FROM contact_planned p JOIN care_case k"
	" ON k.id = p.kase WHERE p.contact IS NULL AND p.dropped IS NULL"
	" AND k.closed IS NOT NULL",
	"SELECT count(*) FROM cover a JOIN cover b ON a.staff = b.cover"
	" AND a.since <= b.until AND b.since <= a.until",
	"SELECT count(*) FROM reach WHERE way = 'phone'"
	" AND value NOT LIKE '%-555-01__'",
	"SELECT count(*) - 24 FROM collaborative_meeting",
	/* Nothing is after the last day. */
	"SELECT count(*) FROM contact WHERE happened > '2026-05-31'",
	"SELECT count(*) FROM service_opening WHERE seen > '2026-05-31'",
	"SELECT count(*) FROM practice_outreach WHERE day > '2026-05-31'",
	"SELECT count(*) FROM survey_engagement WHERE happened > '2026-05-31'",
	"SELECT count(*) FROM case_reopening WHERE reopened > '2026-05-31'",
	"SELECT count(*) FROM transition WHERE '2026-05-31' <"
	" max(begun, ifnull(package, ''), ifnull(confirmed, ''))",
	"SELECT count(*) FROM screening WHERE done > '2026-05-31'",
	"SELECT count(*) FROM ed_episode WHERE '2026-05-31' <"
	" max(visited, ifnull(followed_up, ''))",
	"SELECT count(*) FROM survey WHERE '2026-05-31' <"
	" max(asked, ifnull(returned, ''))",
	"SELECT count(*) FROM consent WHERE '2026-05-31' <"
	" max(signed, ifnull(withdrawn, ''))",
	"SELECT count(*) FROM care_share WHERE '2026-05-31' <"
	" max(shared, ifnull(confirmed, ''))",
	"SELECT count(*) FROM need WHERE '2026-05-31' <"
	" max(found, ifnull(closed, ''))",
};

static void record_holds_together(void **state)
{
	struct fix *f = &region;
	int64_t rows;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (case_world_int(&f->w, wrong[i]) != 0)
			fail_msg("%s", wrong[i]);
	check_ok(audit_verify(f->w.db, &rows));
	assert_true(rows > 10000);
	assert_false(db_in_transaction(f->w.db));
}

static const char *const tables[] = {"attachment",
				     "benefit",
				     "case_coordinator",
				     "case_reopening",
				     "child_merge",
				     "contact_planned",
				     "cover",
				     "practice_outreach",
				     "service_language",
				     "service_opening",
				     "staff_training",
				     "survey_engagement",
				     "survey_factor",
				     "transition_readiness",
				     "caregiver",
				     "care_action",
				     "care_goal",
				     "care_share",
				     "case_focus",
				     "child_race",
				     "collaborative_discussion",
				     "collaborative_gap",
				     "contact_achieved",
				     "ed_episode",
				     "reach",
				     "service_need",
				     "staff_fte",
				     "survey",
				     "transition",
				     "transition_visit"};

static void every_kind_of_record_occurs(void **state)
{
	struct fix *f = &region;
	char sql[100];

	(void)state;
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", tables[i]);
		if (case_world_int(&f->w, sql) == 0)
			fail_msg("%s is empty", tables[i]);
	}
	assert_int_equal(case_world_int(&f->w,
					"SELECT count(DISTINCT instrument)"
					" FROM screening"),
			 6);
	assert_true(case_world_int(&f->w,
				   "SELECT count(*) FROM screening a JOIN"
				   " screening b USING (child) WHERE"
				   " a.form = 'pre' AND b.form = 'post'") > 5);
	assert_true(case_world_int(&f->w,
				   "SELECT count(*) FROM screening_result"
				   " WHERE domain = 'interview'") > 0);
	/* Families have their siblings, a level its four kinds. */
	assert_true(case_world_int(&f->w, "SELECT count(*) FROM family") <
		    case_world_int(&f->w, "SELECT count(*) FROM child"));
	assert_int_equal(case_world_int(&f->w, "SELECT count(DISTINCT level)"
					       " FROM need_level"),
			 4);
	assert_int_equal(case_world_int(&f->w, "SELECT count(DISTINCT role)"
					       " FROM assignment a JOIN staff s"
					       " ON s.id = a.staff"),
			 3);
}

/* What a day at the desk begins with: each says what must be found. */
static const char *const due[] = {
	"SELECT count(*) FROM contact_planned WHERE contact IS NULL"
	" AND due < '2026-05-31'",
	"SELECT count(*) FROM contact_planned WHERE contact IS NULL"
	" AND due BETWEEN '2026-05-31' AND '2026-06-07'",
	"SELECT count(*) FROM referral WHERE state = 'requested'"
	" AND answered IS NULL AND sent < '2026-05-01'",
	"SELECT count(*) FROM ed_episode WHERE behavioral = 1"
	" AND followed_up IS NULL AND visited >= '2026-05-01'",
	"SELECT count(*) FROM consent c JOIN care_case k ON k.child = c.child"
	" WHERE k.closed IS NULL AND c.withdrawn IS NULL"
	" AND c.until BETWEEN '2026-05-31' AND '2026-06-30'",
	"SELECT count(*) FROM care_case k WHERE closed IS NULL AND (SELECT"
	" max(finalized) FROM care_plan p WHERE p.kase = k.id)"
	" < '2025-12-02'",
	"SELECT count(*) FROM care_case k WHERE closed IS NULL"
	" AND opened < '2026-05-01' AND NOT EXISTS (SELECT 1 FROM screening s"
	" WHERE s.kase = k.id)",
	"SELECT count(*) FROM staff_training WHERE expires"
	" BETWEEN '2026-05-31' AND '2026-07-31'",
	"SELECT count(*) FROM cover WHERE '2026-05-31'"
	" BETWEEN since AND until",
	"SELECT count(*) FROM child a JOIN child b ON a.birth = b.birth"
	" AND a.given = b.given AND a.id < b.id AND b.merged_into IS NULL",
	/* Each of those who have cases has some. */
	"SELECT (SELECT count(DISTINCT staff) FROM assignment a JOIN care_case"
	" k ON k.id = a.kase WHERE a.until IS NULL AND k.closed IS NULL) = 7",
};

static void something_is_due_on_the_last_day(void **state)
{
	struct fix *f = &region;

	(void)state;
	for (size_t i = 0; i < sizeof due / sizeof *due; i++)
		if (case_world_int(&f->w, due[i]) == 0)
			fail_msg("%s", due[i]);
}

/* Another seed joins the same staff, practices and agencies. */
static void second_seed_joins_the_region(void **state)
{
	struct fix *f = *state;
	struct simulate_opts o = some(20);

	check_ok(simulate_run(&f->w.rec, &o, NULL, NULL));
	o.seed = 8;
	check_ok(simulate_run(&f->w.rec, &o, NULL, NULL));
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM staff"),
			 8);
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM practice"),
			 10);
	assert_int_equal(case_world_int(&f->w, "SELECT count(*)"
					       " FROM collaborative_member"),
			 26);
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM child"),
			 40);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares_are_the_tables),
		cmocka_unit_test(record_holds_together),
		cmocka_unit_test(every_kind_of_record_occurs),
		cmocka_unit_test(something_is_due_on_the_last_day),
		cmocka_unit_test(same_seed_gives_the_same_record),
		cmocka_unit_test(referrals_are_the_same_without_the_rest),
		T(second_seed_joins_the_region),
	};

	return cmocka_run_group_tests(tests, make_region, drop_region);
}
