/* Planted children in two regions of a running network: nothing that names
 * one is in what leaves a node, in the hub's files or in a log line. The
 * node's own file has them all, so the search can fail. */
#include "tests/lib/check.h"

#include <stdlib.h>

#include "daemon/core/date.h"
#include "daemon/core/disk.h"
#include "daemon/core/log.h"
#include "proto/envelope.h"
#include "regional/case/child.h"
#include "regional/case/kase.h"
#include "regional/case/need.h"
#include "regional/case/organization.h"
#include "regional/case/referral.h"
#include "tests/lib/fix_network.h"
#include "tests/privacy/canary.h"

enum {
	REGIONS = 2,
	CHILDREN = 720, /* in each region; seven values a child */
	ROUNDS = 20000,
	SEEN_MAX = 1 << 20
};

struct fix {
	struct network w;
	struct canary *all, *of[REGIONS];
	struct canary *control; /* what has to be found */
	struct rng_seeded rng;
	int planted, planted_in[REGIONS];
	/* What left, and what was found in it. */
	int messages, opened, releases;
	size_t bytes;
	int lines, hits, controls;
};

/* A text that is nowhere else. */
static void value(struct fix *f, const char *begin, char *out, size_t size)
{
	snprintf(out, size, "%s%010llx", begin,
		 (unsigned long long)(rand_u64(&f->rng.base) >> 24));
}

static void plant(struct fix *f, int region, const char *text)
{
	check_ok(canary_add(f->all, text));
	check_ok(canary_add(f->of[region], text));
	f->planted++;
	f->planted_in[region]++;
}

/* Births of one year, so that a count of the right size in a log line is not
 * taken for the days since 1970 of one of many years. */
static void plant_dates(struct fix *f)
{
	for (int i = 0; i < 365; i++)
		check_ok(
			canary_add_date(f->all, date_from_ymd(2013, 1, 1) + i));
}

static int64_t add_child(struct fix *f, struct records *r, int region)
{
	struct child c = {.birth = date_from_ymd(2013, 1, 1) +
				   (int32_t)rand_below(&f->rng.base, 365)};
	int64_t id;

	value(f, "Zephyrine Z", c.given, sizeof c.given);
	value(f, "Qu\xc3\xadllfeather \"Q\" ", c.family, sizeof c.family);
	value(f, "MRN-", c.source_id, sizeof c.source_id);
	snprintf(c.sex, sizeof c.sex, "female");
	snprintf(c.zip, sizeof c.zip, "99999");
	check_ok(child_add(r, &c, &id));
	plant(f, region, c.given);
	plant(f, region, c.family);
	plant(f, region, c.source_id);

	/* A correction: the old name stays in the history. */
	c.id = id;
	value(f, "Calliope C", c.given, sizeof c.given);
	check_ok(child_update(r, &c));
	plant(f, region, c.given);
	return id;
}

static void refer(struct fix *f, struct records *r, int region, int64_t need,
		  int32_t sent)
{
	struct organization o = {.active = true};
	struct service s = {.active = true};
	char why[NAME_TEXT], again[NAME_TEXT];
	int64_t id;

	value(f, "House of ", o.name, sizeof o.name);
	check_ok(organization_add(r, &o, &s.organization));
	value(f, "Help by ", s.name, sizeof s.name);
	check_ok(service_add(r, &s, &s.id));
	check_ok(referral_add(r, need, s.organization, s.id, sent, &id));
	check_ok(referral_send(r, id, sent, "agreed on the telephone"));
	value(f, "her mother said ", why, sizeof why);
	value(f, "no wonder, ", again, sizeof again);
	plant(f, region, o.name);
	plant(f, region, s.name);
	if (rand_unit(&f->rng.base) < .6) {
		check_ok(referral_move(r, id, REFERRAL_ACCEPTED, sent + 3,
				       NULL));
		check_ok(referral_move(r, id, REFERRAL_ON_HOLD, sent + 5, why));
		check_ok(referral_link(r, id, "received", sent + 9));
		plant(f, region, why);
		return;
	}
	check_ok(referral_move(r, id, REFERRAL_REJECTED, sent + 4, again));
	check_ok(referral_reason(r, id, "NO_CAPACITY", sent + 4));
	plant(f, region, again);
}

static void plant_region(struct fix *f, int region)
{
	struct seams s = {&f->w.clock.base, &f->w.rng.base, disk_system(),
			  NULL};
	struct node *n;

	check_ok(node_open(&n, &s, f->w.cat, network_path(&f->w, region)));
	n->rec.today = f->w.o.until;
	check_ok(records_begin(&n->rec));
	for (int i = 0; i < CHILDREN; i++) {
		int64_t child, kase, need;
		int32_t day = date_from_ymd(2025, 1, 1) +
			      (int32_t)rand_below(&f->rng.base, 360);

		child = add_child(f, &n->rec, region);
		check_ok(kase_open(&n->rec, child, day, &kase));
		check_ok(need_add(&n->rec, kase, i % 3 ? "food" : "housing",
				  day, &need));
		refer(f, &n->rec, region, need, day);
	}
	check_ok(records_end(&n->rec, 0));
	node_close(n);
}

/* --- listening --- */

static void on_hit(void *arg, const struct canary_hit *hit)
{
	struct fix *f = arg;

	if (f->hits++ < 10)
		print_message("# in %s: \"%s\" as %s\n", hit->where, hit->value,
			      canary_code_text(hit->code));
}

static void on_line(void *arg, enum log_level level, const char *line)
{
	struct fix *f = arg;

	f->lines++;
	canary_search(f->all, "a log line", line, strlen(line), on_hit, f);
}

/* How many releases are in an envelope that carries some. */
static int releases_in(const unsigned char *payload, size_t n)
{
	struct delivery d;
	int count;

	check_ok(codec_delivery_parse(payload, n, &d));
	count = d.n;
	delivery_fini(&d);
	return count;
}

static bool open_with(struct fix *f, uint8_t kind, const void *data, size_t len,
		      const struct keys *keys)
{
	static unsigned char buf[ENVELOPE_SIZE];
	const unsigned char *payload;
	size_t n;

	if (envelope_open(data, len, keys, buf, &payload, &n) != 0)
		return false;
	canary_search(f->all, "a payload", payload, n, on_hit, f);
	f->controls += canary_search(f->control, "", payload, n, NULL, NULL);
	f->bytes += n;
	if (kind == KIND_RELEASE)
		f->releases += releases_in(payload, n);
	return true;
}

/* Every message on the bus: the bytes as they are, and what is sealed in
 * them. */
static void on_message(void *arg, const void *data, size_t len)
{
	struct fix *f = arg;
	struct envelope_header h;
	bool open;

	f->messages++;
	canary_search(f->all, "the wire", data, len, on_hit, f);
	if (envelope_peek(data, len, &h) != 0)
		return;
	open = f->w.hub && open_with(f, h.kind, data, len, &f->w.hub->keys);
	for (int i = 0; i < REGIONS && !open; i++)
		open = f->w.node[i] &&
		       open_with(f, h.kind, data, len, &f->w.node[i]->keys);
	f->opened += open;
}

/* --- the values that a folder has --- */

struct present {
	const char **value;
	int n;
};

static void note_value(void *arg, const struct canary_hit *hit)
{
	struct present *p = arg;

	if (hit->code == CANARY_AS_IS && p->n < SEEN_MAX)
		p->value[p->n++] = hit->value;
}

static int by_address(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return (*x > *y) - (*x < *y);
}

/* How many different ones of @c are in the folder. */
static int different(const struct canary *c, const char *dir)
{
	struct present p = {mem_calloc(SEEN_MAX, sizeof *p.value), 0};
	int n = 0;

	assert_non_null(p.value);
	assert_true(canary_search_dir(c, dir, note_value, &p) >= 0);
	qsort(p.value, (size_t)p.n, sizeof *p.value, by_address);
	for (int i = 0; i < p.n; i++)
		n += i == 0 || p.value[i] != p.value[i - 1];
	mem_free(p.value);
	return n;
}

static void check_files(struct fix *f)
{
	int hub = canary_search_dir(f->all, network_path(&f->w, -1), on_hit, f);

	assert_int_equal(hub, 0);
	assert_true(canary_search_dir(f->control, network_path(&f->w, -1), NULL,
				      NULL) > 0);
	for (int i = 0; i < REGIONS; i++) {
		const char *dir = network_path(&f->w, i);

		assert_int_equal(different(f->of[i], dir), f->planted_in[i]);
		/* Nor does one region have the other's. */
		assert_int_equal(different(f->of[!i], dir), 0);
	}
}

static int setup(void **state)
{
	struct network_opts o = {.seed = 3,
				 .regions = REGIONS,
				 .first = 2025 * 12,
				 .until = date_from_ymd(2026, 4, 30),
				 .today = date_from_ymd(2026, 4, 30),
				 .floor = 11};
	struct fix *f = mem_calloc(1, sizeof *f);

	assert_non_null(f);
	rand_seed(&f->rng, 3);
	check_ok(canary_new(&f->all));
	check_ok(canary_new(&f->control));
	check_ok(canary_add(f->control, "referrals_90d"));
	for (int i = 0; i < REGIONS; i++)
		check_ok(canary_new(&f->of[i]));
	network_make(&f->w, &o);
	log_to(on_line, f);
	bus_mem_tap(f->w.bus, on_message, f);
	for (int i = 0; i < REGIONS; i++)
		plant_region(f, i);
	plant_dates(f);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	network_free(&f->w);
	log_to(NULL, NULL);
	canary_free(f->all);
	canary_free(f->control);
	for (int i = 0; i < REGIONS; i++)
		canary_free(f->of[i]);
	mem_free(f);
	return 0;
}

/* With lost, repeated and broken messages, so that there is something to log;
 * then a node's record is changed and closes on. */
static void nothing_that_names_a_child_leaves(void **state)
{
	struct bus_mem_faults faults = {.05, .05, .05, .05}, none = {0};
	struct fix *f = *state;

	network_start(&f->w);
	log_level(LOG_LEVEL_DEBUG); /* opening sets it to errors only */
	bus_mem_faults(f->w.bus, &faults);
	assert_true(network_settle(&f->w, ROUNDS));
	bus_mem_faults(f->w.bus, &none);
	network_days(&f->w, 40);
	check_files(f);
	network_stop(&f->w);
	check_files(f);

	print_message("# %d values planted; %d messages, %d opened, %d "
		      "releases, %zu bytes in them; %d log lines\n",
		      f->planted, f->messages, f->opened, f->releases, f->bytes,
		      f->lines);
	assert_true(f->planted >= 10000);
	assert_true(f->releases > 2 * 12 * REGIONS);
	assert_true(f->opened > f->messages * 9 / 10);
	/* One table of each region has what is looked for, at least. */
	assert_true(f->controls >= 12 * REGIONS);
	assert_true(f->lines > 20);
	assert_int_equal(f->hits, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			nothing_that_names_a_child_leaves, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
