/* A published funnel, end to end: FHIR files in, five regions, the hub's
 * measures out. With a floor of 1 every count and percent of the paper comes
 * back exactly; with a floor of 11 every true figure lies in its range. */
#include "tests/lib/check.h"

#include <math.h>
#include <stdlib.h>

#include "daemon/core/date.h"
#include "daemon/core/disk.h"
#include "daemon/core/log.h"
#include "daemon/hub/measures.h"
#include "proto/vocabulary.h"
#include "regional/exchange/fhir.h"
#include "tests/flow/funnel.h"
#include "tests/lib/fix_network.h"
#include "tests/lib/scratch.h"

/* MetroHealth, Cleveland: food referrals of 15 February to 30 April 2021.
 * J Prim Care Community Health, 14 December 2021, PMC8679017. 360 were
 * accepted. "Other" is what is left: 360 - 98 - 151 - 71 - 30. */
static const struct published {
	const char *what;
	const char *measure; /* whose numerator it is */
	unsigned ends;
	int count;
	double percent; /* of 360, to one decimal */
} published[] = {
	{"resolved", "M10", 1 << FUNNEL_RESOLVED, 98, 27.2},
	{"unable to contact", "T1", 1 << FUNNEL_NO_CONTACT, 151, 41.9},
	{"no reason", "T2", 1 << FUNNEL_NO_REASON, 71, 19.7},
	{"declined", "T3", 1 << FUNNEL_DECLINED, 30, 8.3},
	{"other", "T4", 1 << FUNNEL_OTHER, 10, 2.8},
	{"unresolved", "M16R",
	 1 << FUNNEL_NO_CONTACT | 1 << FUNNEL_NO_REASON | 1 << FUNNEL_DECLINED |
		 1 << FUNNEL_OTHER,
	 262, 72.8},
};
enum {
	PUBLISHED = sizeof published / sizeof *published,
	ACCEPTED = 360,
	RESOLVED_PERCENT = 27, /* as the paper prints it */
	ALL_ENDS = (1 << FUNNEL_ENDS) - 1,
};

/* The paper's reasons are not measures of ours: a test's own files ask for
 * them, as any state could. */
static const struct {
	const char *id, *title, *numerator;
} asked[] = {
	{"T1", "Unable to contact", "not_reached"},
	{"T2", "No reason recorded", "no_reason"},
	{"T3", "Declined", "choice"},
	{"T4", "Other reasons", "other"},
};

/* For the ranges: invented, so that needs hide behind each other. */
static const int more[FUNNEL_NEEDS][FUNNEL_ENDS] = {
	{0}, {60, 70, 30, 12, 8}, {25, 50, 45, 9, 6}, {40, 35, 20, 13, 7}};

struct fix {
	struct funnel funnel;
	struct network net;
	char *dir;
};

static void write_measure(const char *dir, int i)
{
	char name[40], text[600];
	int n;

	n = snprintf(text, sizeof text,
		     "id = %s\nversion = 1\ntitle = %s\n"
		     "formula = %s, of all referrals sent\n"
		     "unit = proportion\ntable = referrals_90d\n"
		     "numerator = %s\ndenominator = linked + not_linked\n"
		     "window = referrals by the month they were sent\n"
		     "better = neither\nsource = PMC8679017\n"
		     "is_not = Not a measure of this package.\n",
		     asked[i].id, asked[i].title, asked[i].numerator,
		     asked[i].numerator);
	snprintf(name, sizeof name, "share/measures/%s.conf", asked[i].id);
	check_ok(disk_write(disk_system(), scratch_path(dir, name), text,
			    (size_t)n, 0600));
}

/* A package's files with four measures more. */
static void make_share(const char *dir)
{
	char *copy = mem_printf(
		"mkdir %s/share && cd %s && cp -r "
		"vocabulary.conf alike.conf levels.conf facts measures "
		"instruments %s/share",
		dir, source_path("proto"), dir);

	assert_int_equal(system(copy), 0);
	mem_free(copy);
	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
		write_measure(dir, (int)i);
	setenv("CCFED_SHARE", scratch_path(dir, "share"), 1);
}

static void import_region(struct fix *f, int region)
{
	struct seams s = {&f->net.clock.base, &f->net.rng.base, disk_system(),
			  NULL};
	struct fhir_result *res = mem_calloc(1, sizeof *res);
	const char *path = scratch_path(f->dir, network_region[region]);
	struct fhir_opts o = {.paths = &path, .n_paths = 1, .as_of = NO_DATE};
	struct node *n;
	int written;

	assert_non_null(res);
	check_ok(disk_make_dir(disk_system(), path));
	written = funnel_write(&f->funnel, region, path);
	check_ok(node_open(&n, &s, f->net.cat, network_path(&f->net, region)));
	check_ok(fhir_import(&n->rec, &o, res));
	assert_int_equal(res->read, written);
	assert_int_equal(res->files_left, 0);
	for (int i = 0; i < res->n; i++) {
		bool day_only = strcmp(res->row[i].type, "Procedure") == 0;

		if (res->row[i].left > 0 && !day_only)
			fail_msg("%lld of %s were left out",
				 (long long)res->row[i].left, res->row[i].type);
	}
	node_close(n);
	mem_free(res);
}

static void set_up(struct fix *f, uint32_t floor, bool more_needs)
{
	struct network_opts o = {.seed = 8679017,
				 .regions = FUNNEL_REGIONS,
				 .first = 2021 * 12,
				 .until = date_from_ymd(2022, 3, 1),
				 .today = date_from_ymd(2022, 3, 1),
				 .floor = floor};
	int32_t first = date_from_ymd(2021, 2, 15);
	int32_t last = date_from_ymd(2021, 4, 30);
	int count[FUNNEL_ENDS];
	struct rng_seeded rng;

	memset(f, 0, sizeof *f);
	f->dir = scratch_new();
	make_share(f->dir);
	rand_seed(&rng, floor);
	for (int e = 0; e < FUNNEL_ENDS; e++)
		count[e] = published[e].count;
	funnel_add(&f->funnel, &rng.base, 0, count, first, last);
	for (int n = 1; more_needs && n < FUNNEL_NEEDS; n++)
		funnel_add(&f->funnel, &rng.base, n, more[n], first, last);
	network_make(&f->net, &o);
	for (int i = 0; i < FUNNEL_REGIONS; i++)
		import_region(f, i);
	network_start(&f->net);
	assert_true(network_settle(&f->net, 20000));
}

static void tear_down(struct fix *f)
{
	network_free(&f->net);
	unsetenv("CCFED_SHARE");
	scratch_free(f->dir);
}

static struct period half(void)
{
	struct period p;

	check_ok(period_parse("2021H1", &p));
	return p;
}

static int region_no(const char *id)
{
	for (int i = 0; i < FUNNEL_REGIONS; i++)
		if (strcmp(id, network_region[i]) == 0)
			return i;
	return -1;
}

/* --- a floor of one --- */

struct exact {
	const struct fix *f;
	const struct published *p;
	int64_t regions, all; /* sums */
	int rows;
};

static int on_exact(void *arg, const struct measure_row *r)
{
	struct exact *x = arg;
	int region = region_no(r->region);
	int want = funnel_count(&x->f->funnel, region, half(), -1, x->p->ends);
	int of = funnel_count(&x->f->funnel, region, half(), -1, ALL_ENDS);

	if (r->numerator.low != want || r->numerator.high != want ||
	    r->denominator.low != of || r->denominator.high != of)
		fail_msg("%s, %s: %lld to %lld of %lld to %lld, not %d of %d",
			 x->p->what, *r->region ? r->region : "state",
			 (long long)r->numerator.low,
			 (long long)r->numerator.high,
			 (long long)r->denominator.low,
			 (long long)r->denominator.high, want, of);
	x->rows++;
	if (region >= 0) {
		x->regions += r->numerator.low;
		x->all += r->denominator.low;
		return 0;
	}
	assert_int_equal(r->numerator.low, x->p->count);
	assert_int_equal(r->denominator.low, ACCEPTED);
	assert_true(r->rate_low == r->rate_high);
	if (fabs(round(r->rate_low * 1000) / 10 - x->p->percent) > 1e-9)
		fail_msg("%s: %.3f %%, published %.1f %%", x->p->what,
			 r->rate_low * 100, x->p->percent);
	if (x->p->ends == 1 << FUNNEL_RESOLVED)
		assert_int_equal(lround(r->rate_low * 100), RESOLVED_PERCENT);
	return 0;
}

static const struct measure *measure_of(const struct fix *f, const char *id)
{
	int i = catalogue_find_measure(f->net.cat, id);

	assert_true(i >= 0);
	return catalogue_measure(f->net.cat, i);
}

static void published_funnel_comes_back(void **state)
{
	struct period p = half();
	struct fix f;

	set_up(&f, 1, false);
	for (int i = 0; i < PUBLISHED; i++) {
		struct exact x = {.f = &f, .p = &published[i]};

		check_ok(measures_show(f.net.hub, f.net.hub->db,
				       measure_of(&f, published[i].measure), &p,
				       1, BY_REGION, NULL, on_exact, &x));
		assert_int_equal(x.rows, 1 + FUNNEL_REGIONS);
		assert_int_equal(x.regions, published[i].count);
		assert_int_equal(x.all, ACCEPTED);
		print_message("# %-18s %3d of %d, %.1f %%\n", published[i].what,
			      published[i].count, ACCEPTED,
			      published[i].percent);
	}
	tear_down(&f);
}

/* "Accepted" in the paper: the receiver took each of them. */
static int on_accepted(void *arg, const struct measure_row *r)
{
	assert_int_equal(r->numerator.low, ACCEPTED);
	assert_int_equal(r->numerator.high, ACCEPTED);
	assert_int_equal(r->denominator.low, ACCEPTED);
	(*(int *)arg)++;
	return 0;
}

static void published_referrals_were_accepted(void **state)
{
	struct period p = half();
	struct fix f;
	int rows = 0;

	set_up(&f, 1, false);
	check_ok(measures_show(f.net.hub, f.net.hub->db, measure_of(&f, "M12"),
			       &p, 1, 0, NULL, on_accepted, &rows));
	assert_int_equal(rows, 1);
	tear_down(&f);
}

/* --- a floor of eleven --- */

struct ranges {
	const struct fix *f;
	const struct published *p;
	int rows, exact, wide;
};

static int truth(const struct fix *f, const struct measure_row *r,
		 unsigned ends)
{
	const struct vocabulary *words = catalogue_vocabulary(f->net.cat);
	const struct fact_table *t = catalogue_table(
		f->net.cat, catalogue_find_table(f->net.cat, "referrals_90d"));
	int n = 0;

	for (int need = 0; need < FUNNEL_NEEDS; need++) {
		int leaf =
			vocabulary_find(words, WORDS_NEED, funnel_need[need]);

		assert_true(leaf >= 0);
		if (r->stratum.level == LEVEL_LEAF && r->stratum.no != leaf)
			continue;
		if (r->stratum.level == LEVEL_GROUP &&
		    t->dim.group_of[leaf] != r->stratum.no)
			continue;
		n += funnel_count(&f->funnel, region_no(r->region), r->period,
				  need, ends);
	}
	return n;
}

static void inside(const struct ranges *x, const struct measure_row *r,
		   const char *what, struct range range, int true_count)
{
	char period[PERIOD_TEXT];

	if (range.low <= true_count && true_count <= range.high)
		return;
	fail_msg("%s, %s, %s, %s: %s is %d, not in %lld to %lld", x->p->what,
		 *r->region ? r->region : "state",
		 period_format(r->period, period),
		 *r->stratum_id ? r->stratum_id : "any", what, true_count,
		 (long long)range.low, (long long)range.high);
}

static int on_range(void *arg, const struct measure_row *r)
{
	struct ranges *x = arg;
	int of = truth(x->f, r, ALL_ENDS);
	int n = truth(x->f, r, x->p->ends);

	inside(x, r, "the numerator", r->numerator, n);
	inside(x, r, "the denominator", r->denominator, of);
	if (r->has_rate && of > 0) {
		assert_true(r->rate_low <= (double)n / of + 1e-9);
		assert_true(r->rate_high >= (double)n / of - 1e-9);
	}
	x->rows++;
	x->exact += of > 0 && r->denominator.low == r->denominator.high;
	x->wide += r->denominator.high == UNBOUNDED;
	return 0;
}

/* Every month, quarter, half-year and the year that the funnel touches. */
static const char *const periods[] = {"2021-02", "2021-03", "2021-04", "2021Q1",
				      "2021Q2",	 "2021H1",  "2021H2",  "2021"};
enum { PERIODS = sizeof periods / sizeof *periods };

static void true_figures_lie_in_their_ranges(void **state)
{
	struct period p[PERIODS];
	struct ranges x = {0};
	struct fix f;

	set_up(&f, 11, true);
	x.f = &f;
	for (int i = 0; i < PERIODS; i++)
		check_ok(period_parse(periods[i], &p[i]));
	for (int i = 0; i < PUBLISHED; i++) {
		const struct measure *m = measure_of(&f, published[i].measure);

		x.p = &published[i];
		for (int by = 0; by <= (BY_REGION | BY_STRATUM | BY_GROUP);
		     by++)
			check_ok(measures_show(f.net.hub, f.net.hub->db, m, p,
					       PERIODS, by, NULL, on_range,
					       &x));
	}
	print_message("# %d figures, %d exact, %d without an upper limit\n",
		      x.rows, x.exact, x.wide);
	assert_true(x.rows > 1000);
	assert_true(x.exact > 50);
	tear_down(&f);
}

/* A line for each release would bury what failed. */
static void only_trouble(void *arg, enum log_level level, const char *line)
{
	if (level <= LOG_LEVEL_WARN)
		print_message("# %s\n", line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_funnel_comes_back),
		cmocka_unit_test(published_referrals_were_accepted),
		cmocka_unit_test(true_figures_lie_in_their_ranges),
	};

	log_to(only_trouble, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
