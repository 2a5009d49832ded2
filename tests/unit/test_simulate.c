#include "regional/case/simulate.h"

#include <sodium.h>

#include "regional/case/audit.h"
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

static struct simulate_opts small(void)
{
	return (struct simulate_opts){.kind = NETWORK_SYNTHETIC,
				      .children = 120,
				      .years = 2,
				      .until = day("2026-05-31"),
				      .seed = 7};
}

/* Everything that stands in one table, in the order of its rows. */
static void hash_table(struct db *db, const char *sql,
		       crypto_generichash_state *h)
{
	struct rows r;
	int x;

	check_ok(db_rows(db, &r, sql, ""));
	while ((x = rows_next(&r)) == ROWS_ROW) {
		for (int i = 0; i < rows_columns(&r); i++) {
			const char *text = rows_text(&r, i);

			text = text ? text : "<none>";
			crypto_generichash_update(h,
						  (const unsigned char *)text,
						  strlen(text) + 1);
		}
	}
	assert_int_equal(x, ROWS_DONE);
	rows_end(&r);
}

static void hash_all(struct db *db, unsigned char out[32])
{
	static const char *const tables[] = {
		"SELECT * FROM child",
		"SELECT * FROM care_case",
		"SELECT * FROM need",
		"SELECT * FROM organization",
		"SELECT * FROM referral",
		"SELECT * FROM referral_status",
		"SELECT * FROM referral_answer",
		"SELECT * FROM referral_linkage",
		"SELECT seq, record, id, field FROM audit",
		"SELECT * FROM history",
		"SELECT * FROM fact_referral",
	};
	crypto_generichash_state h;

	crypto_generichash_init(&h, NULL, 0, 32);
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		hash_table(db, tables[i], &h);
	crypto_generichash_final(&h, out, 32);
}

static void run_apart(uint64_t seed, unsigned char out[32])
{
	struct simulate_opts o = small();
	struct case_world w;

	case_world_init(&w);
	o.seed = seed;
	check_ok(simulate_run(&w.rec, &o, NULL, NULL));
	hash_all(w.db, out);
	case_world_fini(&w);
}

static void same_seed_gives_the_same_rows(void **state)
{
	struct fix *f = *state;
	struct simulate_opts o = small();
	unsigned char a[32], b[32];

	check_ok(simulate_run(&f->w.rec, &o, NULL, NULL));
	hash_all(f->w.db, a);
	run_apart(7, b);
	assert_memory_equal(a, b, 32);
	run_apart(8, b);
	assert_memory_not_equal(a, b, 32);
}

static void only_a_synthetic_network_takes_them(void **state)
{
	struct fix *f = *state;
	struct simulate_opts o = small();

	o.kind = NETWORK_REAL;
	assert_int_equal(simulate_run(&f->w.rec, &o, NULL, NULL), E_DENIED);
	check_says("synthetic network");
	o.kind = 0;
	assert_int_equal(simulate_run(&f->w.rec, &o, NULL, NULL), E_DENIED);
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM child"),
			 0);
}

static void second_run_is_refused(void **state)
{
	struct fix *f = *state;
	struct simulate_opts o = small();

	check_ok(simulate_run(&f->w.rec, &o, NULL, NULL));
	assert_int_equal(simulate_run(&f->w.rec, &o, NULL, NULL), E_EXISTS);
	check_says("seed 7");
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM child"),
			 120);
	/* Other children may join them, at the same organizations. */
	o.seed = 8;
	check_ok(simulate_run(&f->w.rec, &o, NULL, NULL));
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM child"),
			 240);
	assert_int_equal(
		case_world_int(&f->w, "SELECT count(*) FROM organization"), 12);
}

static void options_are_checked(void **state)
{
	struct fix *f = *state;
	struct simulate_opts o = small();

	o.until = day("2026-07-01");
	assert_int_equal(simulate_run(&f->w.rec, &o, NULL, NULL), E_INVALID);
	o = small();
	o.children = 0;
	assert_int_equal(simulate_run(&f->w.rec, &o, NULL, NULL), E_INVALID);
	o = small();
	o.years = 21;
	assert_int_equal(simulate_run(&f->w.rec, &o, NULL, NULL), E_INVALID);
}

static void nothing_is_after_the_last_day(void **state)
{
	struct fix *f = *state;
	struct simulate_opts o = small();
	int64_t rows;

	f->w.rec.today = day("2026-06-15");
	check_ok(simulate_run(&f->w.rec, &o, NULL, NULL));
	assert_int_equal(f->w.rec.today, day("2026-06-15"));
	assert_int_equal(
		case_world_int(
			&f->w,
			"SELECT count(*) FROM referral r, referral_status s,"
			" need n, care_case k WHERE r.id = s.referral AND"
			" n.id = r.need AND k.id = n.kase AND"
			" '2026-05-31' < max(s.since, n.found, k.opened,"
			" ifnull(n.closed, ''), ifnull(k.closed, ''),"
			" ifnull(r.received, ''), ifnull(r.satisfied, ''),"
			" ifnull(r.reason_on, ''), ifnull(r.answered, ''))"),
		0);
	/* And what was under way then is still open. */
	assert_true(case_world_int(&f->w, "SELECT count(*) FROM referral"
					  " WHERE ended IS NULL") > 0);
	assert_true(case_world_int(&f->w, "SELECT count(*) FROM need"
					  " WHERE closed IS NULL") > 0);
	/* 1 June 2024 is the first of two years' days. */
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM referral"
					       " WHERE sent < '2024-06-01'"),
			 0);
	check_ok(audit_verify(f->w.db, &rows));
	assert_true(rows > 1000);
}

static void linked_share_is_the_tables(void **state)
{
	static const char share[] =
		"SELECT 1000 * sum(received <= date(sent, '+90 days'))"
		" / count(*) FROM fact_referral WHERE sent < '2026-03-01'";
	struct fix *f = *state;
	struct simulate_opts o = small();
	int64_t permille;

	o.children = 500;
	check_ok(simulate_run(&f->w.rec, &o, NULL, NULL));
	permille = case_world_int(&f->w, share);
	/* 60 %, give or take three standard deviations of 900 draws. */
	assert_in_range(permille, 551, 649);
	for (int band = 0; band < 4; band++) {
		static const int to[] = {-1, 15, 30, 60, 90};
		int64_t n = 0;

		check_ok(db_int(f->w.db, &n,
				"SELECT count(*) FROM fact_referral WHERE"
				" julianday(received) - julianday(sent) > ?"
				" AND julianday(received) - julianday(sent)"
				" <= ?",
				"ii", (int64_t)to[band],
				(int64_t)to[band + 1]));
		assert_true(n > 30);
	}
	/* Every need, age band in reach, answer and barrier occurs. */
	assert_int_equal(case_world_int(&f->w, "SELECT count(DISTINCT need)"
					       " FROM fact_referral"),
			 12);
	assert_int_equal(case_world_int(&f->w, "SELECT count(DISTINCT age_band)"
					       " FROM fact_referral"),
			 6);
	assert_int_equal(case_world_int(&f->w, "SELECT count(DISTINCT answer)"
					       " FROM fact_referral"),
			 5);
	assert_int_equal(case_world_int(&f->w, "SELECT count(DISTINCT reason)"
					       " FROM fact_referral"),
			 20);
}

/* Who was first sent so early that all is known: 8,029 of 12,500. */
static void published_share_is_met(void **state)
{
	struct fix *f = *state;
	struct simulate_opts o = small();
	int64_t known, linked;

	o.children = 400;
	o.outcomes = SIMULATE_PUBLISHED;
	check_ok(simulate_run(&f->w.rec, &o, NULL, NULL));
	known = case_world_int(&f->w,
			       "SELECT count(*) FROM (SELECT min(sent) AS s"
			       " FROM fact_referral GROUP BY child)"
			       " WHERE s <= date('2026-05-31', '-90 days')");
	linked = case_world_int(&f->w,
				"SELECT count(*) FROM (SELECT min(sent) AS s,"
				" max(received) AS l FROM fact_referral"
				" GROUP BY child) WHERE l IS NOT NULL AND"
				" s <= date('2026-05-31', '-90 days')");
	assert_in_range(known, 300, 400);
	assert_in_range(linked * 1000 / known, 600, 685);
	assert_int_equal(case_world_int(&f->w, "SELECT count(DISTINCT reason)"
					       " FROM fact_referral"),
			 4);
}

struct told {
	int calls;
	int64_t done, of;
};

static void tell(void *arg, int64_t done, int64_t of)
{
	struct told *t = arg;

	assert_true(done > t->done);
	t->calls++;
	t->done = done;
	t->of = of;
}

static void progress_ends_with_all(void **state)
{
	struct fix *f = *state;
	struct simulate_opts o = small();
	struct told t = {0};

	check_ok(simulate_run(&f->w.rec, &o, tell, &t));
	assert_true(t.calls > 1);
	assert_int_equal(t.done, 120);
	assert_int_equal(t.of, 120);
	assert_false(db_in_transaction(f->w.db));
}

static void every_rate_has_a_source(void **state)
{
	assert_true(simulate_rates_count > 20);
	for (int i = 0; i < simulate_rates_count; i++) {
		assert_true(strlen(simulate_rates[i].what) > 0);
		assert_true(strlen(simulate_rates[i].source) > 0);
		assert_true(simulate_rates[i].percent >= 0 &&
			    simulate_rates[i].percent <= 100);
	}
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(same_seed_gives_the_same_rows),
		T(only_a_synthetic_network_takes_them),
		T(second_run_is_refused),
		T(options_are_checked),
		T(nothing_is_after_the_last_day),
		T(linked_share_is_the_tables),
		T(published_share_is_met),
		T(progress_ends_with_all),
		T(every_rate_has_a_source),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
