/* Two published tables, from screenings and cases to the state's measures: with
 * a floor of 1 every count and percent comes back, unions with their overlaps;
 * with a floor of 11 every true figure lies in its range. Synthetic: which child
 * is positive on what is made up so that the published counts come out. */
#include "tests/lib/check.h"

#include <math.h>
#include <stdlib.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/disk.h"
#include "daemon/core/log.h"
#include "daemon/hub/measures.h"
#include "tests/lib/fix_network.h"
#include "tests/lib/scratch.h"

/* J Dev Behav Pediatr 2014;35:334, Table 2 (PMC4064124): children positive. The
 * unions are no measures of this package: a test's own files ask for them. */
#define ANY(instrument) "d.instrument = '" instrument "'"
#define ONE(instrument, domain) ANY(instrument) " AND d.domain = '" domain "'"
#define YOUNG "ASQ-3"
#define OLDER "PEDS"
static const struct published {
	const char *id, *what, *of, *positive;
	int count;
	double percent;
} published[] = {
	{"T1", "communication", YOUNG, ONE("ASQ-3", "communication"), 14, 3.8},
	{"T2", "gross motor", YOUNG, ONE("ASQ-3", "gross-motor"), 14, 3.8},
	{"T3", "fine motor", YOUNG, ONE("ASQ-3", "fine-motor"), 32, 8.6},
	{"T4", "problem solving", YOUNG, ONE("ASQ-3", "problem-solving"), 40,
	 10.8},
	{"T5", "personal-social", YOUNG, ONE("ASQ-3", "personal-social"), 18,
	 4.9},
	{"T6", "any developmental", YOUNG, ANY("ASQ-3"), 73, 19.7},
	{"T7", "ASQ:SE", YOUNG, ANY("ASQ-SE-2"), 76, 20.5},
	{"T8", "ECSA, child", YOUNG, ONE("ECSA", "child"), 60, 16.2},
	{"T9", "any social-emotional", YOUNG,
	 ANY("ASQ-SE-2") " OR " ONE("ECSA", "child"), 101, 27.2},
	{"T10", "ECSA, parent distress", YOUNG, ONE("ECSA", "parent"), 50,
	 13.5},
	{"T11", "either", YOUNG,
	 ANY("ASQ-3") " OR " ANY("ASQ-SE-2") " OR " ONE("ECSA", "child"), 140,
	 37.7},
	{"T12", "PEDS", OLDER, ANY("PEDS"), 60, 20.5},
	{"T13", "PSC-35", OLDER, ANY("PSC-35"), 16, 5.5},
	{"T14", "PEDS or PSC-35", OLDER, ANY("PEDS") " OR " ANY("PSC-35"), 63,
	 21.5},
};
enum {
	PUBLISHED = sizeof published / sizeof *published,
	N_YOUNG = 371,
	N_OLDER = 293,
	/* AHA case study: children screened, and connected of them. */
	N_SCREENED = 12500,
	N_CONNECTED = 8029,
	REGIONS = 5,
};
#define CONNECTED_PERCENT 64.2

/* Child @i is positive there: @n children from the @from-th on. */
static bool among(int i, int from, int n)
{
	return i >= from && i < from + n;
}

/* The five domains take turns over the 73, none twice in one: 118 in all. */
static bool turn(int i, int from, int n)
{
	return among(i, from, n) || among(i + 73, from, n);
}

static const struct made {
	const char *instrument, *domain;
	int from, n; /* from -1: of the 73, by turns from @turn */
	int turn;
} made[] = {
	{"ASQ-3", "communication", -1, 14, 0},
	{"ASQ-3", "gross-motor", -1, 14, 14},
	{"ASQ-3", "fine-motor", -1, 32, 28},
	{"ASQ-3", "problem-solving", -1, 40, 60},
	{"ASQ-3", "personal-social", -1, 18, 100},
	/* 34 of the 73 are among the 101; 35 of the 101 are in both. */
	{"ASQ-SE-2", "social-emotional", 39, 76, 0},
	{"ECSA", "child", 80, 60, 0},
	{"ECSA", "parent", 0, 50, 0},
	{"PEDS", "predictive", 0, 60, 0},
	{"PSC-35", "parent", 47, 16, 0},
};
enum { MADE = sizeof made / sizeof *made, MADE_YOUNG = 8 };

static bool positive(const struct made *m, int i)
{
	if (m->from >= 0)
		return among(i, m->from, m->n);
	return i < 73 && turn(i, m->turn, m->n);
}

/* Shares of the regions are uneven: 2 of 15 to 4 of 15. */
static int region_of(int i)
{
	static const int deal[] = {0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4};

	return deal[(unsigned)i * 7u % 15u];
}

struct fix {
	struct network net;
	char *dir;
};

static void write_text(const char *dir, const char *name, const char *text)
{
	check_ok(disk_write(disk_system(), scratch_path(dir, name), text,
			    strlen(text), 0600));
}

static void write_asked(const char *dir, const struct published *p)
{
	char name[60], table[20], text[2000];

	snprintf(table, sizeof table, "t%s", p->id + 1);
	snprintf(text, sizeof text,
		 "id = %s\nversion = 1\ntitle = %s\ncounts = A test's own.\n"
		 "is_not = Not of this package.\ndim = age\nmatures = 0\n"
		 "sql =\n\tSELECT s.screening AS occurrence, s.child AS child,"
		 " s.done AS date, s.age AS stratum,\n"
		 "\tCASE WHEN EXISTS (SELECT 1 FROM fact_screen_domain d"
		 " WHERE d.child = s.child AND d.class = 'positive'\n"
		 "\tAND (%s)) THEN 'found' ELSE 'clear' END AS outcome\n"
		 "\tFROM fact_screen s WHERE s.instrument = '%s'\n"
		 "[outcome found]\ntitle = F\n[outcome clear]\ntitle = C\n"
		 "[view trend]\ntitle = T\nkind = trend\n"
		 "steps = 1 any, 3 any, 6 any\n"
		 "[view detail]\ntitle = D\nkind = detail\n"
		 "steps = 1 leaf, 3 leaf, 6 leaf, 6 any\n",
		 table, p->what, p->positive, p->of);
	snprintf(name, sizeof name, "share/facts/%s.conf", table);
	write_text(dir, name, text);
	snprintf(text, sizeof text,
		 "id = %s\nversion = 1\ntitle = %s\nformula = F\n"
		 "unit = proportion\ntable = %s\nnumerator = found\n"
		 "denominator = found + clear\nwindow = W\nbetter = neither\n"
		 "source = PMC4064124\nis_not = Not of this package.\n",
		 p->id, p->what, table);
	snprintf(name, sizeof name, "share/measures/%s.conf", p->id);
	write_text(dir, name, text);
}

static void make_share(const char *dir)
{
	char *copy = mem_printf(
		"mkdir -p %s/share/facts %s/share/measures && cd %s && "
		"cp facts/children_new.conf %s/share/facts && "
		"cp measures/M09.conf %s/share/measures && "
		"cp -r vocabulary.conf levels.conf instruments %s/share",
		dir, dir, source_path("proto"), dir, dir, dir);

	assert_int_equal(system(copy), 0);
	mem_free(copy);
	for (int i = 0; i < PUBLISHED; i++)
		write_asked(dir, &published[i]);
	setenv("CCFED_SHARE", scratch_path(dir, "share"), 1);
}

static void add_child(struct db *db, int64_t id)
{
	check_ok(db_run(db,
			"INSERT INTO child (id, given, birth, sex)"
			" VALUES (?, 'Pebble', '2021-01-01', 'unknown')",
			"i", id));
}

static int64_t add_screening(struct db *db, int64_t child,
			     const char *instrument, const char *done)
{
	int64_t id;

	check_ok(db_run(db,
			"INSERT INTO screening (child, instrument, version,"
			" done, age_months, respondent, complete, scorable)"
			" VALUES (?, ?, 1, ?, 50, 'parent', 1, 1)",
			"iss", child, instrument, done));
	check_ok(db_int(db, &id, "SELECT max(id) FROM screening", ""));
	return id;
}

/* One of the two groups of the paper. */
static void add_screened(struct db *db, int region, int n, int first_made,
			 int last_made, int64_t base)
{
	for (int i = 0; i < n; i++) {
		const char *now = "";
		char done[DATE_TEXT];
		int64_t id = 0;

		if (region_of(i) != region)
			continue;
		date_format(date_from_ymd(2025, 1 + i * 6 / n, 1 + i % 28),
			    done);
		add_child(db, base + i);
		for (int k = first_made; k < last_made; k++) {
			if (strcmp(now, made[k].instrument) != 0)
				id = add_screening(db, base + i,
						   made[k].instrument, done);
			now = made[k].instrument;
			check_ok(db_run(db,
					"INSERT INTO screening_result"
					" (screening, domain, result, class,"
					" by_rule) VALUES (?, ?, 'x', ?, 1)",
					"iss", id, made[k].domain,
					positive(&made[k], i) ? "positive"
							      : "clear"));
		}
	}
}

static bool connected(int i)
{
	return (int64_t)i * N_CONNECTED % N_SCREENED < N_CONNECTED;
}

/* Of the case study: screened when their case was opened. */
static void add_cases(struct db *db, int region)
{
	for (int i = 0; i < N_SCREENED; i++) {
		int64_t id = 1 + i;
		int32_t on = date_from_ymd(2025, 1, 1) + i % 181;
		char open[DATE_TEXT], end[DATE_TEXT];

		if (region_of(i) != region)
			continue;
		date_format(on, open);
		date_format(on + i % 91, end);
		add_child(db, id);
		check_ok(db_run(db,
				"INSERT INTO care_case (id, child, opened)"
				" VALUES (?1, ?1, ?2)",
				"is", id, open));
		add_screening(db, id, "HVS", open);
		check_ok(db_run(db,
				"INSERT INTO need (id, kase, domain, found,"
				" state) VALUES (?1, ?1, 'food', ?2, 'open')",
				"is", id, open));
		check_ok(db_run(db,
				"INSERT INTO referral (id, need, state, moved,"
				" drafted, sent, received, age_band) VALUES"
				" (?1, ?1, 'requested', ?2, ?2, ?2, ?3, '3-5')",
				"iss", id, open, connected(i) ? end : NULL));
	}
}

static void fill_region(struct fix *f, int region)
{
	struct seams s = {&f->net.clock.base, &f->net.rng.base, disk_system(),
			  NULL};
	struct node *n;

	check_ok(node_open(&n, &s, f->net.cat, network_path(&f->net, region)));
	check_ok(db_begin(n->db));
	add_cases(n->db, region);
	add_screened(n->db, region, N_YOUNG, 0, MADE_YOUNG, 20001);
	add_screened(n->db, region, N_OLDER, MADE_YOUNG, MADE, 30001);
	check_ok(db_end(n->db, 0));
	node_close(n);
}

static void set_up(struct fix *f, uint32_t floor)
{
	struct network_opts o = {.seed = 4064124,
				 .regions = REGIONS,
				 .first = 2025 * 12,
				 .until = date_from_ymd(2026, 2, 1),
				 .today = date_from_ymd(2026, 2, 1),
				 .floor = floor};

	memset(f, 0, sizeof *f);
	f->dir = scratch_new();
	make_share(f->dir);
	network_make(&f->net, &o);
	for (int i = 0; i < REGIONS; i++)
		fill_region(f, i);
	network_start(&f->net);
	assert_true(network_settle(&f->net, 20000));
}

static void tear_down(struct fix *f)
{
	network_free(&f->net);
	unsetenv("CCFED_SHARE");
	scratch_free(f->dir);
}

/* What the state is told of one measure. */
struct told {
	int64_t low, high, of_low, of_high;
	double rate_low, rate_high;
	int64_t regions; /* sum of the regions' low */
};

static int on_row(void *arg, const struct measure_row *r)
{
	struct told *t = arg;

	if (*r->region) {
		t->regions += r->numerator.low;
		return 0;
	}
	t->low = r->numerator.low;
	t->high = r->numerator.high;
	t->of_low = r->denominator.low;
	t->of_high = r->denominator.high;
	t->rate_low = r->rate_low;
	t->rate_high = r->rate_high;
	return 0;
}

static struct told ask(struct fix *f, const char *id)
{
	int i = catalogue_find_measure(f->net.cat, id);
	struct told t = {0};
	struct period p;

	assert_true(i >= 0);
	check_ok(period_parse("2025H1", &p));
	check_ok(measures_show(f->net.hub, f->net.hub->db,
			       catalogue_measure(f->net.cat, i), &p, 1,
			       BY_REGION, NULL, on_row, &t));
	return t;
}

static void is_exactly(struct fix *f, const char *id, const char *what,
		       int count, int of, double percent)
{
	struct told t = ask(f, id);

	if (t.low != count || t.high != count || t.of_low != of ||
	    t.of_high != of || t.regions != count ||
	    fabs(round(t.rate_low * 1000) / 10 - percent) > 1e-9)
		fail_msg("%s: %lld to %lld of %lld to %lld (regions %lld), "
			 "published %d of %d",
			 what, (long long)t.low, (long long)t.high,
			 (long long)t.of_low, (long long)t.of_high,
			 (long long)t.regions, count, of);
	print_message("# %-22s %4d of %5d, %.1f %%\n", what, count, of,
		      percent);
}

static int of_whom(const struct published *p)
{
	return strcmp(p->of, YOUNG) == 0 ? N_YOUNG : N_OLDER;
}

static void published_tables_come_back(void **state)
{
	struct fix f;

	(void)state;
	set_up(&f, 1);
	for (int i = 0; i < PUBLISHED; i++)
		is_exactly(&f, published[i].id, published[i].what,
			   published[i].count, of_whom(&published[i]),
			   published[i].percent);
	is_exactly(&f, "M09", "connected", N_CONNECTED, N_SCREENED,
		   CONNECTED_PERCENT);
	tear_down(&f);
}

static void inside(struct fix *f, const char *id, int count, int of)
{
	struct told t = ask(f, id);

	if (t.low > count || t.high < count || t.of_low > of || t.of_high < of)
		fail_msg("%s: %d of %d is not in %lld to %lld of %lld to %lld",
			 id, count, of, (long long)t.low, (long long)t.high,
			 (long long)t.of_low, (long long)t.of_high);
	assert_true(t.rate_low <= (double)count / of + 1e-9);
	assert_true(t.rate_high >= (double)count / of - 1e-9);
}

static void true_figures_lie_in_their_ranges(void **state)
{
	struct fix f;

	(void)state;
	set_up(&f, 11);
	for (int i = 0; i < PUBLISHED; i++)
		inside(&f, published[i].id, published[i].count,
		       of_whom(&published[i]));
	inside(&f, "M09", N_CONNECTED, N_SCREENED);
	tear_down(&f);
}

/* A line for each release would bury what failed. */
static void only_trouble(void *arg, enum log_level level, const char *line)
{
	(void)arg;
	if (level <= LOG_LEVEL_WARN)
		print_message("# %s\n", line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_tables_come_back),
		cmocka_unit_test(true_figures_lie_in_their_ranges),
	};

	log_to(only_trouble, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
