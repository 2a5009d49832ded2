#include "tests/lib/check.h"

#include <stdlib.h>
#include <unistd.h>

#include "daemon/core/date.h"
#include "daemon/core/disk.h"
#include "proto/catalogue.h"
#include "proto/codec.h"
#include "proto/fact_file.h"
#include "proto/picture.h"
#include "tests/lib/scratch.h"

struct fix {
	struct catalogue *c; /* the shipped one */
	char *dir;	     /* a copy that tests may spoil */
};

static void copy(struct fix *f, const char *name, const char *find,
		 const char *replace)
{
	char *text = NULL, *out = NULL, *at;
	const char *from = mem_printf("%s/%s", source_path("proto"), name);
	size_t len;

	check_ok(disk_read(disk_system(), from, 1 << 20, &text, &len));
	at = find ? strstr(text, find) : text;
	if (!at)
		fail_msg("%s does not contain \"%s\"", name, find);
	out = mem_printf("%.*s%s%s", (int)(at - text), text, replace,
			 at + (find ? strlen(find) : 0));
	check_ok(disk_write(disk_system(), scratch_path(f->dir, name), out,
			    strlen(out), 0600));
	mem_free((void *)(uintptr_t)from);
	mem_free(text);
	mem_free(out);
}

static const char *const file[] = {
	"vocabulary.conf",
	"facts/children_new.conf",
	"facts/children_state.conf",
	"facts/meetings.conf",
	"facts/referrals_90d.conf",
	"facts/referrals_sent.conf",
	"facts/stock_referrals.conf",
	"measures/M10.conf",
	"measures/M12.conf",
	"measures/M12D.conf",
	"measures/M13.conf",
	"measures/M14.conf",
	"measures/M16R.conf",
	"measures/M17R.conf",
	"measures/M18R.conf",
	"measures/M19.conf",
	"levels.conf",
	"alike.conf",
	"instruments/HVS.conf",
};
enum { FILES = sizeof file / sizeof file[0] };

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	*state = f;
	f->dir = scratch_new();
	check_ok(disk_make_dir(disk_system(), scratch_path(f->dir, "facts")));
	check_ok(
		disk_make_dir(disk_system(), scratch_path(f->dir, "measures")));
	check_ok(disk_make_dir(disk_system(),
			       scratch_path(f->dir, "instruments")));
	for (int i = 0; i < FILES; i++)
		copy(f, file[i], NULL, "");
	check_ok(catalogue_load(&f->c, source_path("proto")));
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	catalogue_free(f->c);
	scratch_free(f->dir);
	mem_free(f);
	return 0;
}

static const struct fact_table *table(struct fix *f, const char *id)
{
	int i = catalogue_find_table(f->c, id);

	assert_true(i >= 0);
	return catalogue_table(f->c, i);
}

static const struct measure *measure(struct fix *f, const char *id)
{
	int i = catalogue_find_measure(f->c, id);

	assert_true(i >= 0);
	return catalogue_measure(f->c, i);
}

static uint32_t bit(const struct fact_table *t, const char *id)
{
	int o = fact_table_outcome(t, id);

	assert_true(o >= 0);
	return (uint32_t)1 << o;
}

static void shipped_tables_load(void **state)
{
	struct fix *f = *state;
	const struct fact_table *t = table(f, "referrals_90d");
	const struct view *w = &t->view[4];

	assert_int_equal(catalogue_tables(f->c), 29);
	assert_int_equal(t->matures_days, 90);
	assert_int_equal(t->dim.leaves, 12);
	assert_true(t->n_views > 4);
	assert_int_equal(t->view[0].kind, VIEW_TREND);
	assert_int_equal(t->view[1].kind, VIEW_DETAIL);
	assert_int_equal(t->view[1].n_steps, 5);
	assert_int_equal(t->view[1].step[3].months, 6);
	assert_int_equal(t->view[1].step[3].level, LEVEL_GROUP);
	assert_int_equal(t->view[1].n_outcomes, 2);
	assert_string_equal(w->id, "barriers");
	assert_string_equal(t->view[w->parent].id, "reasons");
	assert_int_equal(w->splits, fact_table_outcome(t, "barrier"));
	assert_int_equal(w->n_outcomes, 3);
	assert_int_equal(table(f, "referrals_sent")->n_views, 4);
}

static void outcomes_form_a_tree(void **state)
{
	struct fix *f = *state;
	const struct fact_table *t = table(f, "referrals_90d");
	int no_opening = fact_table_outcome(t, "no_opening");
	int not_linked = fact_table_outcome(t, "not_linked");
	int linked = fact_table_outcome(t, "linked");

	assert_true(fact_table_under(t, no_opening, not_linked));
	assert_true(fact_table_under(t, linked, linked));
	assert_false(fact_table_under(t, not_linked, no_opening));
	assert_false(fact_table_under(t, no_opening, linked));
	assert_false(fact_table_under(t, linked, -1));
	assert_true(t->outcome[not_linked].sensitive);
	assert_false(t->outcome[linked].sensitive);
	assert_int_equal(fact_table_outcome(t, "none"), -1);
}

static void shipped_measures_load(void **state)
{
	struct fix *f = *state;
	const struct fact_table *t = table(f, "referrals_90d");
	const struct measure *m;

	assert_int_equal(catalogue_measures(f->c), 61);
	m = measure(f, "M14");
	assert_int_equal(m->unit, MEASURE_PROPORTION);
	assert_int_equal(m->numerator.outcomes,
			 bit(t, "linked_0_15") | bit(t, "linked_16_30"));
	assert_int_equal(m->denominator.outcomes,
			 bit(t, "linked") | bit(t, "not_linked"));
	m = measure(f, "M13");
	assert_int_equal(m->unit, MEASURE_DAYS);
	assert_int_equal(m->n_parts, 4);
	assert_int_equal(t->outcome[m->part[3]].days_to, 90);
	m = measure(f, "M18R");
	assert_int_equal(m->unit, MEASURE_RANK);
	assert_int_equal(m->n_parts, 3);
	assert_int_equal(m->denominator.outcomes, bit(t, "barrier"));
	assert_int_equal(catalogue_find_measure(f->c, "M99"), -1);
}

static void a_definition_has_the_hash_of_its_file(void **state)
{
	struct fix *f = *state;
	unsigned char hash[DIGEST];
	char *text = NULL;
	size_t len;

	check_ok(disk_read(disk_system(),
			   source_path("proto/facts/referrals_90d.conf"),
			   1 << 20, &text, &len));
	codec_digest(text, len, hash);
	assert_memory_equal(table(f, "referrals_90d")->hash, hash, DIGEST);
	mem_free(text);
}

static void a_month_matures_after_its_last_day(void **state)
{
	struct fix *f = *state;
	char text[DATE_TEXT];

	date_format(
		fact_table_matured(table(f, "referrals_90d"), 2026 * 12 + 6),
		text);
	assert_string_equal(text, "2026-10-29");
}

static int load(struct fix *f)
{
	struct catalogue *c = NULL;
	int r = catalogue_load(&c, f->dir);

	catalogue_free(c);
	return r;
}

/* One change to a shipped file, and what is said about it. */
struct spoilt {
	const char *find, *replace, *says;
};

static void check_spoilt(struct fix *f, const char *name,
			 const struct spoilt *s, size_t n)
{
	check_ok(load(f));
	for (size_t i = 0; i < n; i++) {
		int r;

		copy(f, name, s[i].find, s[i].replace);
		r = load(f);
		if (r != E_INVALID && r != E_TOOBIG)
			fail_msg("%s: \"%s\" was accepted", name, s[i].replace);
		check_says(s[i].says);
		check_says(name);
	}
	copy(f, name, NULL, "");
}

#define TABLE "facts/referrals_90d.conf"
#define N(list) (sizeof list / sizeof list[0])

static void wrong_heads_are_refused(void **state)
{
	static const struct spoilt s[] = {
		{"version = 1", "version = one", "not a number"},
		{"version = 1", "", "version is missing"},
		{"id = referrals_90d", "id = Referrals", "lower case"},
		{"id = referrals_90d", "id = a b", "is not an id"},
		{"id = referrals_90d", "id = other", "must be other.conf"},
		{"title = Referrals,", "titel =", "unknown key \"titel\""},
		{"matures = 90", "matures = 9000", "from 0 to 730"},
		{"matures = 90", "matures = 90\nmatures = 91", "given twice"},
		{"matures = 90", "matures =\n\t90", "not a number"},
		{"dim = need", "dim = town", "no dimension"},
		{"SELECT referral", "DELETE referral", "SELECT or WITH"},
		{"SELECT referral", "SELECTED referral", "SELECT or WITH"},
		{"dim = need", "dim = need\nstarts = soon", "not a period"},
		{"dim = need", "dim = need\nstarts = 2026Q1", "is a month"},
		{"[outcome linked]", "[outcomes linked]", "unknown section"},
	};

	check_spoilt(*state, TABLE, s, N(s));
}

static void pictures_say_when_they_are_taken(void **state)
{
	struct fix *f = *state;
	const struct fact_table *year = table(f, "children_state");
	const struct fact_table *stock = table(f, "stock_referrals");
	struct period quarter = {2026 * 12 + 3, 3}, month = {2026 * 12 + 3, 1};

	assert_int_equal(year->kind, FACTS_YEAR);
	assert_string_equal(catalogue_table(f->c, year->beside)->id,
			    "children_new");
	assert_true(picture_due(year, 2026 * 12 + 5));
	assert_false(picture_due(year, 2026 * 12 + 11));
	assert_true(picture_due(stock, 2026 * 12 + 11));
	assert_false(picture_due(stock, 2026 * 12 + 10));
	assert_int_equal(picture_span(year, 2026 * 12 + 5).month,
			 2025 * 12 + 6);
	assert_int_equal(picture_last(stock, quarter, INT32_MAX).month,
			 2026 * 12 + 5);
	assert_int_equal(picture_last(stock, quarter, 2026 * 12 + 4).months, 0);
	assert_int_equal(picture_last(stock, month, INT32_MAX).months, 0);
	assert_int_equal(picture_last(year, quarter, INT32_MAX).months, 12);
	assert_true(table(f, "members")->plain);
	assert_int_equal(stock->view[1].step[0].months, 1);
	assert_int_equal(picture_thing(picture_occurrence(77, 2026 * 12)), 77);
}

static void wrong_pictures_are_refused(void **state)
{
	static const struct spoilt stock[] = {
		{"kind = snapshot", "kind = photo", "kind \"photo\""},
		{"kind = snapshot", "kind = snapshot\nof = cats",
		 "of \"cats\""},
		{"kind = snapshot", "kind = year", "year_ends is missing"},
		{"kind = snapshot", "kind = snapshot\nyear_ends = 6",
		 "goes with kind = year"},
		{"kind = snapshot", "kind = snapshot\nbeside = children_new",
		 "beside goes with"},
		{"dim = age", "dim = need", "at most 8, like age"},
		{"kind = snapshot", "replaces = stock_home",
		 "goes with a snapshot"},
		{"steps = leaf, any", "steps = 1 leaf", "leaf, group or any"},
		{"steps = leaf, any", "steps = any, leaf", "not coarser"},
	};
	static const struct spoilt year[] = {
		{"year_ends = 6", "year_ends = 13", "from 1 to 12"},
		{"beside = children_new", "beside = none", "no fact table"},
		{"beside = children_new", "beside = stock_referrals",
		 "what happened to children"},
		{"beside = children_new", "beside = meetings",
		 "what happened to children"},
		{"matures = 90", "matures = 89", "before children_new"},
		{"year_ends = 6", "year_ends = 9\nrestates = yes",
		 "ends in June or December"},
		{"beside = children_new", "restates = yes", "goes with beside"},
		{"beside = children_new",
		 "beside = children_new\nrestates = yes",
		 "\"served\" is no base outcome of children_new"},
	};

	check_spoilt(*state, "facts/stock_referrals.conf", stock, N(stock));
	check_spoilt(*state, "facts/children_state.conf", year, N(year));
}

static void wrong_outcomes_are_refused(void **state)
{
	static const struct spoilt s[] = {
		{"[outcome linked]\n", "[outcome linked]\nparent = linked\n",
		 "does not stand above"},
		{"[outcome linked]\n", "[outcome linked]\nparent = barrier\n",
		 "does not stand above"},
		{"parent = barrier", "parent = linked_0_15", "only child"},
		{"[outcome not_linked]",
		 "[outcome no-sql]\ntitle = T\n"
		 "[view x]\ntitle = T\nkind = trend\n"
		 "steps = 1 any\n[outcome y]",
		 "stand before views"},
		{"[outcome linked_16_30]", "[outcome linked_0_15]",
		 "given twice"},
		{"[outcome not_reached]", "[outcome linked]", "there twice"},
		{"days = 16-30", "days = 16", "like 16-30"},
		{"days = 16-30", "days = 30-16", "like 16-30"},
		{"days = 16-30", "days = 16-30-40", "like 16-30"},
		{"days = 16-30", "days = sixteen", "like 16-30"},
		{"sensitive = yes", "sensitive = maybe", "yes or no"},
		{"title = Connected\n", "sensitive = no\n", "title is missing"},
	};

	check_spoilt(*state, TABLE, s, N(s));
}

static void wrong_views_are_refused(void **state)
{
	static const struct spoilt s[] = {
		{"kind = trend", "kind = detail", "this one is no trend"},
		{"kind = detail", "kind = side", "this one is no detail"},
		{"kind = side", "kind = trend", "this one is no side"},
		{"kind = side", "kind = other", "trend, detail or side"},
		{"1 any, 3 any", "1 leaf, 3 any", "no strata"},
		{"1 any, 3 any", "3 any, 1 any", "not coarser"},
		{"1 any, 3 any", "3 any, 3 any", "not coarser"},
		{"6 group, 6 any", "6 any, 6 group", "not coarser"},
		{"3 leaf, 6 leaf", "3 group, 6 leaf", "not coarser"},
		{"1 any, 3 any", "2 any, 3 any", "a step is"},
		{"1 any, 3 any", "1 all, 3 any", "a step is"},
		{"1 any, 3 any", "1 any any, 3 any", "a step is"},
		{"1 any, 3 any", "1 any,, 3 any", "is empty"},
		{"of = trend", "of = nothing", "no view \"nothing\""},
		{"of = trend", "of = days", "no view \"days\""},
		{"of = reasons", "of = days", "does not publish barrier"},
		{"of = reasons", "of = trend", "does not publish barrier"},
		{"splits = linked", "splits = none", "no outcome \"none\""},
		{"splits = not_linked", "splits = linked",
		 "splits linked alre"},
		{"splits = barrier\nof = reasons",
		 "splits = no_service\nof = reasons", "no children"},
		{"of = trend\nsteps = 3 any", "of = trend\nsteps = 3 leaf",
		 "a side view has no strata"},
		{"of = trend\nsteps = 3 any, 6 any",
		 "of = trend\nsteps = 6 group", "a side view has no strata"},
		{"of = reasons\nsteps = 3 any", "of = reasons\nsteps = 1 any",
		 "finer than"},
		{"[view reasons]", "[view days]", "given twice"},
		{"[view reasons]", "[view trend]", "there twice"},
		{"kind = detail", "kind = detail\nof = trend", "only a side"},
	};

	check_spoilt(*state, TABLE, s, N(s));
}

static void wrong_measures_are_refused(void **state)
{
	static const struct spoilt proportion[] = {
		{"table = referrals_90d", "table = none", "no fact table"},
		{"unit = proportion", "unit = share", "unit \"share\""},
		{"unit = proportion", "unit = count", "does not belong"},
		{"unit = proportion", "unit = days", "does not belong"},
		{"unit = proportion", "unit = rank", "does not belong"},
		{"better = higher", "better = yes", "better \"yes\""},
		{"numerator = linked\n", "", "numerator is missing"},
		{"numerator = linked\n", "numerator =\n", "is empty"},
		{"numerator = linked\n", "numerator = linked +\n\t+ x\n",
		 "is empty"},
		{"numerator = linked\n", "numerator = links\n",
		 "no outcome \"links\""},
		{"numerator = linked\n", "numerator = linked + linked_0_15\n",
		 "contains the other"},
		{"numerator = linked\n", "numerator = linked + linked\n",
		 "contains the other"},
		{"denominator = linked + not_linked",
		 "denominator = not_linked", "not in the denominator"},
		{"id = M10", "id = M10_TOO_LONG", "is not an id"},
		{"id = M10", "id = M11", "must be M11.conf"},
		{"does not count.\n", "does not count.\n[more]\na = b\n",
		 "no sections"},
	};
	static const struct spoilt days[] = {
		{"linked_0_15, linked_16_30", "linked_0_15", "at day 16"},
		{"linked_0_15, linked_16_30", "linked_16_30, linked_0_15",
		 "at day 0"},
		{"linked_0_15, ", "", "at day 0"},
		{"linked_0_15, ", "no_service, ", "not a band"},
		{"linked_0_15, linked_16_30, linked_31_60, linked_61_90",
		 "linked_0_15", "two parts or more"},
		{"parts = ", "numerator = linked\nparts = ", "does not belong"},
	};
	static const struct spoilt rank[] = {
		{"no_opening, not", "no_opening, no_service, not",
		 "not in the denominator"},
		{"no_opening, not", "no_opening, no_opening, not",
		 "contains the other"},
		{"denominator = barrier\n", "", "denominator is missing"},
	};

	check_spoilt(*state, "measures/M10.conf", proportion, N(proportion));
	check_spoilt(*state, "measures/M13.conf", days, N(days));
	check_spoilt(*state, "measures/M18R.conf", rank, N(rank));
}

static void a_measure_needs_a_view_that_publishes(void **state)
{
	struct fix *f = *state;

	copy(f, TABLE,
	     "[view days]\ntitle = Days until connected\nkind = side\n"
	     "splits = linked\nof = trend\nsteps = 3 any, 6 any\n",
	     "");
	assert_int_equal(load(f), E_INVALID);
	check_says("measures/M13.conf");
	check_says("no view publishes linked_0_15");
	copy(f, TABLE, NULL, "");
}

/* The largest table that a file can hold, and one that only a program can. */
static void a_release_that_cannot_fit_is_refused(void **state)
{
	struct fix *f = *state;
	const struct fact_table *t = table(f, "referrals_90d");
	struct fact_table wide = *t;

	assert_int_equal(fact_file_groups_max(t),
			 6 + 72 + 2 * (t->n_views - 2));
	assert_true(fact_file_bytes_max(t) < 8000);
	wide.dim.leaves = LATTICE_LEAVES_MAX;
	wide.n_views = VIEWS_MAX;
	for (int i = 0; i < VIEWS_MAX; i++) {
		wide.view[i].step[0] = (struct step){1, LEVEL_ANY};
		wide.view[i].n_outcomes = SPLIT_MAX;
	}
	wide.view[1].step[0].level = LEVEL_LEAF;
	check_ok(fact_file_fits(&wide));
	for (int i = 0; i < VIEWS_MAX; i++)
		wide.view[i].step[0].level = LEVEL_LEAF;
	assert_int_equal(fact_file_groups_max(&wide), 8 * 126);
	assert_true(fact_file_bytes_max(&wide) > 8 * 126 * 90);
	assert_int_equal(fact_file_fits(&wide), E_TOOBIG);
	check_says("may hold 1008 blocks");
}

static void load_survives_oom(void **state)
{
	struct fix *f = *state;

	SWEEP
	{
		struct catalogue *c = NULL;
		int r = catalogue_load(&c, f->dir);

		SWEEP_END(r);
		catalogue_free(c);
	}
}

static void the_share_folder_can_be_given(void **state)
{
	struct fix *f = *state;
	struct catalogue *c = NULL;

	setenv("CCFED_SHARE", f->dir, 1);
	assert_string_equal(catalogue_share(), f->dir);
	unsetenv("CCFED_SHARE");
	check_ok(catalogue_load(&c, catalogue_share()));
	catalogue_free(c);
	assert_int_equal(catalogue_load(&c, scratch_path(f->dir, "facts")),
			 E_NOTFOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shipped_tables_load),
		cmocka_unit_test(outcomes_form_a_tree),
		cmocka_unit_test(shipped_measures_load),
		cmocka_unit_test(a_definition_has_the_hash_of_its_file),
		cmocka_unit_test(a_month_matures_after_its_last_day),
		cmocka_unit_test(wrong_heads_are_refused),
		cmocka_unit_test(pictures_say_when_they_are_taken),
		cmocka_unit_test(wrong_pictures_are_refused),
		cmocka_unit_test(wrong_outcomes_are_refused),
		cmocka_unit_test(wrong_views_are_refused),
		cmocka_unit_test(wrong_measures_are_refused),
		cmocka_unit_test(a_measure_needs_a_view_that_publishes),
		cmocka_unit_test(a_release_that_cannot_fit_is_refused),
		cmocka_unit_test(load_survives_oom),
		cmocka_unit_test(the_share_folder_can_be_given),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
