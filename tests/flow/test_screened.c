/* Two published tables, from screenings and cases that are entered through the
 * record's own calls to the state's measures: with a floor of 1 every count and
 * percent comes back, unions with their overlaps; with a floor of 11 every true
 * figure lies in its range. Synthetic: which child is positive on what is made
 * up so that the published counts come out. */
#include "tests/lib/check.h"

#include <math.h>
#include <stdlib.h>

#include "daemon/core/date.h"
#include "daemon/core/disk.h"
#include "daemon/core/log.h"
#include "daemon/hub/measures.h"
#include "regional/case/caregiver.h"
#include "regional/case/child.h"
#include "regional/case/consent.h"
#include "regional/case/custody.h"
#include "regional/case/family.h"
#include "regional/case/kase.h"
#include "regional/case/need.h"
#include "regional/case/organization.h"
#include "regional/case/referral.h"
#include "regional/case/screening.h"
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
enum { MADE = sizeof made / sizeof *made, MADE_YOUNG = 8, ENTRIES = 48 };

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
		"cp -r vocabulary.conf alike.conf levels.conf instruments "
		"%s/share",
		dir, dir, source_path("proto"), dir, dir, dir);

	assert_int_equal(system(copy), 0);
	mem_free(copy);
	for (int i = 0; i < PUBLISHED; i++)
		write_asked(dir, &published[i]);
	setenv("CCFED_SHARE", scratch_path(dir, "share"), 1);
}

/* --- the record, through the calls of who works with it --- */

/* A region while its record is written. */
struct region {
	struct records *r;
	int no; /* which */
	int64_t home, guardian, agency;
};

/* All children of a region live in one home, whose guardian signs for them. */
static void make_home(struct region *g)
{
	struct family f = {.name = "Children's home (fictional)"};
	struct caregiver c = {.given = "Guardian", .active = true};
	struct organization o = {.name = "Agency (fictional)", .active = true};

	g->r->today = date_from_ymd(2024, 12, 31);
	check_ok(family_add(g->r, &f, &g->home));
	c.family = g->home;
	check_ok(caregiver_add(g->r, &c, &g->guardian));
	check_ok(organization_add(g->r, &o, &g->agency));
}

static int64_t add_child(struct region *g, int year, int32_t day)
{
	struct child c = {.given = "Pebble",
			  .birth = date_from_ymd(year, 1, 1),
			  .sex = "unknown"};
	int64_t id;

	g->r->today = day;
	check_ok(child_add(g->r, &c, &id));
	return id;
}

/* What was filled in, with room for its texts. */
struct form {
	struct screening s;
	struct screening_entry e[ENTRIES];
	char name[ENTRIES][4];
	int n;
};

static void answer(struct form *f, int first, int last, const char *value)
{
	for (int i = first; i <= last; i++) {
		snprintf(f->name[f->n], sizeof f->name[0], "%d", i);
		f->e[f->n] = (struct screening_entry){SCREENING_ANSWER,
						      f->name[f->n], value};
		f->n++;
	}
}

static void entered(struct form *f, const char *domain, const char *score,
		    const char *result)
{
	f->e[f->n++] = (struct screening_entry){SCREENING_SCORE, domain, score};
	f->e[f->n++] =
		(struct screening_entry){SCREENING_RESULT, domain, result};
}

/* Where the package has the rule, answers that it comes to the result by;
 * where it has not, the score and what the reader of the form found. */
static void fill(struct form *f, const struct made *m, bool yes)
{
	if (strcmp(m->instrument, "ECSA") == 0 && *m->domain == 'c') {
		answer(f, 1, 18, yes ? "sometimes" : "never");
		answer(f, 19, 36, "never");
	} else if (strcmp(m->instrument, "ECSA") == 0) {
		answer(f, 37, 38, yes ? "sometimes" : "never");
		answer(f, 39, 40, "never");
	} else if (strcmp(m->instrument, "PSC-35") == 0) {
		answer(f, 1, 28, yes ? "sometimes" : "never");
		answer(f, 29, 35, "never");
	} else if (strcmp(m->instrument, "PEDS") == 0) {
		entered(f, m->domain, yes ? "2" : "0", yes ? "refer" : "low");
	} else {
		entered(f, m->domain, yes ? "10" : "50",
			yes ? "refer" : "typical");
	}
}

static void screen(struct region *g, struct form *f, int64_t child,
		   const char *instrument, int32_t day)
{
	int64_t id;

	f->s.child = child;
	f->s.done = day;
	f->s.errored = NO_DATE;
	snprintf(f->s.instrument, sizeof f->s.instrument, "%s", instrument);
	snprintf(f->s.respondent, sizeof f->s.respondent, "parent");
	if (strncmp(instrument, "ASQ", 3) == 0)
		snprintf(f->s.form, sizeof f->s.form, "48");
	else if (strcmp(instrument, "PSC-35") == 0)
		snprintf(f->s.form, sizeof f->s.form, "parent");
	check_ok(screening_add(g->r, &f->s, f->e, f->n, NULL, &id));
	*f = (struct form){.n = 0};
}

/* One of the two groups of the paper, born in @year. */
static void add_screened(struct region *g, int n, int year, int first_made,
			 int last_made)
{
	for (int i = 0; i < n; i++) {
		int32_t day = date_from_ymd(2025, 1 + i * 6 / n, 1 + i % 28);
		struct form f = {.n = 0};
		int64_t child;

		if (region_of(i) != g->no)
			continue;
		child = add_child(g, year, day);
		for (int k = first_made; k < last_made; k++) {
			fill(&f, &made[k], positive(&made[k], i));
			if (k + 1 == last_made ||
			    strcmp(made[k + 1].instrument,
				   made[k].instrument) != 0)
				screen(g, &f, child, made[k].instrument, day);
		}
	}
}

static bool connected(int i)
{
	return (int64_t)i * N_CONNECTED % N_SCREENED < N_CONNECTED;
}

static void sign(struct region *g, int64_t child, int32_t day)
{
	struct custody u = {.child = child,
			    .caregiver = g->guardian,
			    .relation = "guardian",
			    .custody = "sole",
			    .authority = "guardian",
			    .since = NO_DATE,
			    .until = NO_DATE};
	struct consent c = {.child = child,
			    .scopes = 1,
			    .scope = {"refer"},
			    .since = day,
			    .until = NO_DATE,
			    .signed_on = day,
			    .signer = g->guardian,
			    .authority = "guardian",
			    .withdrawn = NO_DATE,
			    .counted = true};
	int64_t id;

	check_ok(custody_add(g->r, &u, &id));
	check_ok(consent_add(g->r, &c, &id));
}

/* Of the case study: screened when their case was opened, and sent on. */
static void add_cases(struct region *g)
{
	for (int i = 0; i < N_SCREENED; i++) {
		int32_t day = date_from_ymd(2025, 1, 1) + i % 181;
		int64_t child, kase, need, referral;
		struct form f = {.n = 0};

		if (region_of(i) != g->no)
			continue;
		child = add_child(g, 2021, day);
		check_ok(kase_open(g->r, child, day, &kase));
		answer(&f, 1, 2, "never");
		screen(g, &f, child, "HVS", day);
		sign(g, child, day);
		check_ok(need_add(g->r, kase, "food", day, &need));
		check_ok(
			referral_add(g->r, need, g->agency, 0, day, &referral));
		check_ok(referral_move(g->r, referral, REFERRAL_REQUESTED, day,
				       NULL));
		if (!connected(i))
			continue;
		g->r->today = day + i % 91;
		check_ok(referral_link(g->r, referral, "received",
				       day + i % 91));
	}
}

/* Once for all tests: they differ in what leaves, not in the record. */
static char *kept;

static void fill_region(struct network *net, int no)
{
	struct seams s = {&net->clock.base, &net->rng.base, disk_system(),
			  NULL};
	struct region g = {.no = no};
	struct node *n;
	int32_t today;

	check_ok(node_open(&n, &s, net->cat, network_path(net, no)));
	g.r = &n->rec;
	today = g.r->today;
	check_ok(records_begin(g.r));
	make_home(&g);
	add_cases(&g);
	add_screened(&g, N_YOUNG, 2021, 0, MADE_YOUNG);
	add_screened(&g, N_OLDER, 2018, MADE_YOUNG, MADE);
	check_ok(records_end(g.r, 0));
	g.r->today = today;
	node_close(n);
	network_save(net, no, scratch_path(kept, network_region[no]));
}

static void make_network(struct network *net, uint32_t floor)
{
	struct network_opts o = {.seed = 4064124,
				 .regions = REGIONS,
				 .first = 2025 * 12,
				 .until = date_from_ymd(2026, 2, 1),
				 .today = date_from_ymd(2026, 2, 1),
				 .floor = floor};

	network_make(net, &o);
}

static int make_record(void **state)
{
	struct network net;

	(void)state;
	kept = scratch_new();
	make_share(kept);
	make_network(&net, 1);
	for (int i = 0; i < REGIONS; i++)
		fill_region(&net, i);
	network_free(&net);
	return 0;
}

static int drop_record(void **state)
{
	(void)state;
	unsetenv("CCFED_SHARE");
	scratch_free(kept);
	return 0;
}

static void set_up(struct fix *f, uint32_t floor)
{
	memset(f, 0, sizeof *f);
	make_network(&f->net, floor);
	for (int i = 0; i < REGIONS; i++)
		network_restore(&f->net, i,
				scratch_path(kept, network_region[i]));
	network_start(&f->net);
	assert_true(network_settle(&f->net, 20000));
}

static void tear_down(struct fix *f)
{
	network_free(&f->net);
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
	return cmocka_run_group_tests(tests, make_record, drop_record);
}
