/* Half-years whose facts change after they were closed: whenever the gate lets
 * a new version leave, all versions together give nothing away. */
#include "tests/lib/check.h"

#include "daemon/core/rand.h"
#include "proto/catalogue.h"
#include "tests/lib/scratch.h"
#include "tests/privacy/audit.h"
#include "tests/privacy/world.h"

enum { FLOOR = 11, VERSIONS = 4, N_SIZES = 4 };
static const int children[N_SIZES] = {300, 600, 1800, 5000};

struct fix {
	struct catalogue *cat;
	const struct fact_table *t;
	int connected, not_connected; /* a leaf of either base outcome */
	struct rng_seeded rng;
};

/* One half-year and its versions, each with facts and six releases. */
struct history {
	struct world *w;
	int half, n;
	struct gate_fact *fact[VERSIONS];
	size_t n_facts[VERSIONS];
	struct release made[VERSIONS][LATTICE_MONTHS];
};

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);
	int i;

	assert_non_null(f);
	check_ok(catalogue_load(&f->cat, source_path("proto")));
	i = catalogue_find_table(f->cat, "referrals_90d");
	assert_true(i >= 0);
	f->t = catalogue_table(f->cat, i);
	f->connected = fact_table_outcome(f->t, "linked_0_15");
	f->not_connected = fact_table_outcome(f->t, "no_service");
	assert_true(f->connected >= 0 && f->not_connected >= 0);
	rand_seed(&f->rng, 11);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	catalogue_free(f->cat);
	mem_free(f);
	audit_end();
	return 0;
}

/* The first version is what the gate makes of the facts. */
static void begin(struct history *h, struct world *w, int half)
{
	memset(h, 0, sizeof *h);
	h->w = w;
	h->half = half;
	h->n = 1;
	h->n_facts[0] = w->half[half].n;
	h->fact[0] = mem_alloc((h->n_facts[0] + 1) * sizeof *h->fact[0]);
	assert_non_null(h->fact[0]);
	memcpy(h->fact[0], w->half[half].fact,
	       h->n_facts[0] * sizeof *h->fact[0]);
	check_ok(world_close(w, half, FLOOR, -1, h->made[0]));
}

static void end(struct history *h)
{
	for (int i = 0; i < h->n; i++) {
		mem_free(h->fact[i]);
		for (int m = 0; m < LATTICE_MONTHS; m++)
			release_fini(&h->made[i][m]);
	}
}

/* What happens to a share of the facts: those connected in one month turn out
 * not to be; they are there once more, and some of them with the other
 * outcome; or they go away. */
enum change { ONE_MONTH, ONCE_MORE, GO_AWAY, CHANGES };

static struct gate_fact *changed(struct fix *f, const struct history *h,
				 enum change how, double share, size_t *n)
{
	int i = h->n - 1, month = (int)rand_below(&f->rng.base, 6);
	struct gate_fact *out =
		mem_alloc((2 * h->n_facts[i] + 1) * sizeof *out);

	double flips = rand_below(&f->rng.base, 2) ? .001 : 0;

	assert_non_null(out);
	*n = 0;
	for (size_t k = 0; k < h->n_facts[i]; k++) {
		struct gate_fact x = h->fact[i][k];
		int leaf = fact_table_under(f->t, x.outcome,
					    f->t->view[0].outcome[0])
				   ? f->not_connected
				   : f->connected;
		bool hit = rand_unit(&f->rng.base) < share;

		if (how == ONE_MONTH)
			hit = hit && x.cell / f->t->dim.leaves == month &&
			      leaf == f->not_connected;
		if (hit && how == GO_AWAY)
			continue;
		if (hit && how == ONCE_MORE)
			out[(*n)++] = x;
		if (how == ONCE_MORE)
			hit = rand_unit(&f->rng.base) < flips;
		if (hit)
			x.outcome = (uint8_t)leaf;
		out[(*n)++] = x;
	}
	return out;
}

/* Take the facts as the next version if the gate says that they may be. */
static bool restate(struct history *h, struct gate_fact *fact, size_t n)
{
	const struct release *first[LATTICE_MONTHS];
	struct gate_version was[VERSIONS];
	struct gate_in now = {.table = h->w->table,
			      .closing = world_month(h->w, h->half) +
					 LATTICE_MONTHS - 1,
			      .floor = FLOOR,
			      .fact = fact,
			      .n_facts = n,
			      .earlier = first,
			      .n_earlier = LATTICE_MONTHS};
	int r;

	for (int m = 0; m < LATTICE_MONTHS; m++)
		first[m] = &h->made[h->n - 1][m];
	for (int i = 0; i < h->n; i++)
		was[i] = (struct gate_version){h->fact[i], h->n_facts[i]};
	r = gate_may_restate(&now, was, h->n);
	assert_true(r >= 0);
	if (r == GATE_KEEP) {
		mem_free(fact);
		return false;
	}
	for (int m = 0; m < LATTICE_MONTHS; m++) {
		struct release *made = &h->made[h->n][m];

		check_ok(gate_recount(&now, first[m], made));
		made->key.version = (uint32_t)h->n + 1;
	}
	h->fact[h->n] = fact;
	h->n_facts[h->n++] = n;
	return true;
}

static void print_leak(void *arg, const struct audit_leak *leak)
{
	print_message("# %s\n", leak->text);
}

static int audit(const struct history *h)
{
	const struct release *list[VERSIONS * LATTICE_MONTHS];
	struct audit_facts facts[VERSIONS];
	struct audit_fact *copy[VERSIONS] = {NULL};
	struct audit_in in = {h->w->table,
			      FLOOR,
			      lattice_half(world_month(h->w, h->half)),
			      list,
			      h->n * LATTICE_MONTHS,
			      facts,
			      h->n};
	int r;

	for (int i = 0; i < h->n; i++) {
		copy[i] = mem_alloc((h->n_facts[i] + 1) * sizeof *copy[i]);
		assert_non_null(copy[i]);
		for (size_t k = 0; k < h->n_facts[i]; k++)
			copy[i][k] = (struct audit_fact){h->fact[i][k].child,
							 h->fact[i][k].cell,
							 h->fact[i][k].outcome};
		facts[i] = (struct audit_facts){copy[i], h->n_facts[i]};
		for (int m = 0; m < LATTICE_MONTHS; m++)
			list[i * LATTICE_MONTHS + m] = &h->made[i][m];
	}
	r = audit_half(&in, print_leak, NULL);
	for (int i = 0; i < h->n; i++)
		mem_free(copy[i]);
	assert_true(r >= 0);
	return r;
}

static void versions_give_nothing_away(void **state)
{
	static const double share[] = {.01, .03, .1, .5, .9, 1};
	static const char *const name[CHANGES] = {"connected to not, one month",
						  "once more, all months",
						  "gone, all months"};
	int may[CHANGES] = {0}, tries[CHANGES] = {0}, leaks = 0;
	struct fix *f = *state;

	for (int i = 0; i < N_SIZES; i++) {
		struct world w;

		check_ok(world_init(&w, f->t, children[i], (uint64_t)i + 50));
		for (int half = 2; half < WORLD_HALVES; half++) {
			struct history h;

			begin(&h, &w, half);
			for (int k = 0; k < 36 && h.n < VERSIONS; k++) {
				enum change how = (enum change)(k % CHANGES);
				size_t n;
				struct gate_fact *x = changed(
					f, &h, how, share[k / CHANGES % 6], &n);

				tries[how]++;
				may[how] += restate(&h, x, n);
			}
			leaks += audit(&h);
			end(&h);
		}
		world_fini(&w);
	}
	for (int c = 0; c < CHANGES; c++)
		print_message("# %s: %d of %d new versions allowed\n", name[c],
			      may[c], tries[c]);
	assert_int_equal(leaks, 0);
	assert_true(may[0] + may[1] + may[2] > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_give_nothing_away),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
