#include "tests/lib/fix_network.h"

#include <dirent.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/core/date.h"
#include "daemon/core/disk.h"
#include "daemon/core/log.h"
#include "daemon/hub/store.h"
#include "regional/case/simulate.h"
#include "regional/release/release.h"
#include "tests/lib/check.h"
#include "tests/lib/scratch.h"

#define BUS "mem://hub"

enum { STEP_MS = 250, SETTLE_ROUNDS = 4000, DAY_MS = 24 * 3600 * 1000 };

const char *const network_region[NETWORK_MAX] = {
	"eastern", "north-central", "northwest", "south-central", "southwest"};

const char *network_path(const struct network *w, int region)
{
	return scratch_path(w->dir,
			    region < 0 ? "hub" : network_region[region]);
}

static struct seams seams_of(struct network *w)
{
	return (struct seams){&w->clock.base, &w->rng.base, disk_system(),
			      w->bus};
}

/* --- making and copying --- */

void network_few_tables(const char *dir)
{
	char *copy = mem_printf(
		"mkdir -p %s/few/facts %s/few/measures && cd %s && cp -r "
		"vocabulary.conf"
		" alike.conf levels.conf instruments %s/few && cd facts &&"
		" cp children_new.conf children_state.conf first_needs.conf"
		" needs_closed.conf needs_contact.conf needs_found.conf"
		" referrals_90d.conf referrals_sent.conf %s/few/facts",
		dir, dir, source_path("proto"), dir, dir);

	assert_int_equal(system(copy), 0);
	mem_free(copy);
	setenv("CCFED_SHARE", scratch_path(dir, "few"), 1);
}

void network_all_tables(void)
{
	unsetenv("CCFED_SHARE");
}

static void set_up(struct network *w, const struct network_opts *o)
{
	memset(w, 0, sizeof *w);
	w->o = *o;
	log_level(LOG_LEVEL_ERROR);
	check_ok(date_zone("America/New_York"));
	clock_set_init(&w->clock, date_noon_utc_ms(o->today));
	rand_seed(&w->rng, o->seed);
	check_ok(bus_mem_new(&w->bus, &w->rng.base));
	check_ok(catalogue_load(&w->cat, catalogue_share()));
	w->dir = scratch_new();
}

static void make_hub(struct network *w)
{
	struct hub_new how = {.bus = BUS};

	policy_defaults(&how.policy, NETWORK_SYNTHETIC, "Test network");
	how.policy.number = 1;
	how.policy.floor = w->o.floor;
	how.policy.review = w->o.review;
	check_ok(hub_init(&w->clock.base, &w->rng.base, disk_system(), w->cat,
			  network_path(w, -1), &how));
}

static void make_node(struct network *w, int region)
{
	struct node_new how = {NETWORK_SYNTHETIC, w->o.first};
	struct simulate_opts sim = {.kind = NETWORK_SYNTHETIC,
				    .children = w->o.children,
				    .years = 3,
				    .until = w->o.until,
				    .seed = w->o.seed * 10 + (uint64_t)region,
				    .outcomes = SIMULATE_TYPICAL};
	struct seams s = seams_of(w);
	struct node *n;

	check_ok(node_init(&s, w->cat, network_path(w, region), &how));
	check_ok(node_open(&n, &s, w->cat, network_path(w, region)));
	n->rec.today = w->o.until;
	if (w->o.children > 0)
		check_ok(simulate_run(&n->rec, &sim, NULL, NULL));
	check_ok(node_history_in(n));
	node_close(n);
}

void network_make(struct network *w, const struct network_opts *o)
{
	set_up(w, o);
	make_hub(w);
	for (int i = 0; i < o->regions; i++)
		make_node(w, i);
}

static void copy_file(const char *from, const char *to)
{
	char *bytes = NULL;
	size_t len;

	check_ok(disk_read(disk_system(), from, 256 << 20, &bytes, &len));
	check_ok(disk_write(disk_system(), to, bytes, len, 0600));
	mem_free(bytes);
}

static void empty_dir(const char *path)
{
	char *dir = mem_strdup(path);
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d && (e = readdir(d))) {
		if (e->d_name[0] != '.')
			unlink(scratch_path(dir, e->d_name));
	}
	if (d)
		closedir(d);
	mem_free(dir);
}

static void copy_dir(const char *from_path, const char *to_path)
{
	/* The paths given may be in scratch_path's few buffers. */
	char *from = mem_strdup(from_path), *to = mem_strdup(to_path);
	struct dirent *e;
	DIR *d;

	check_ok(disk_make_dir(disk_system(), to));
	empty_dir(to);
	d = opendir(from);
	assert_non_null(d);
	while ((e = readdir(d))) {
		if (e->d_name[0] != '.')
			copy_file(scratch_path(from, e->d_name),
				  scratch_path(to, e->d_name));
	}
	closedir(d);
	mem_free(from);
	mem_free(to);
}

void network_copy(struct network *w, const struct network *from, uint64_t seed)
{
	struct network_opts o = from->o;

	o.seed = seed;
	set_up(w, &o);
	w->clock = from->clock;
	for (int i = -1; i < o.regions; i++)
		copy_dir(network_path(from, i), network_path(w, i));
}

void network_save(const struct network *w, int region, const char *to)
{
	copy_dir(network_path(w, region), to);
}

void network_restore(const struct network *w, int region, const char *from)
{
	copy_dir(from, network_path(w, region));
}

void network_free(struct network *w)
{
	network_stop(w);
	bus_mem_free(w->bus);
	catalogue_free(w->cat);
	scratch_free(w->dir);
	memset(w, 0, sizeof *w);
}

/* --- running --- */

struct asking {
	struct node *n;
	const struct join_code *code;
	int answered, result;
};

static void on_joined(void *arg, const void *data, size_t len)
{
	struct asking *a = arg;

	a->answered++;
	a->result = node_join_answer(a->n, a->code, data, len);
}

void network_join(struct network *w, int region)
{
	static unsigned char request[ENVELOPE_SIZE];
	struct bus_mem_faults none = {0};
	char text[JOIN_CODE_TEXT];
	struct join_code code;
	struct asking a = {w->node[region], &code, 0, 0};
	struct bus_dialer *d;

	bus_mem_faults(w->bus, &none);
	check_ok(hub_invite(w->hub, network_region[region], 24, text));
	check_ok(join_code_parse(text, &code));
	check_ok(node_join_request(a.n, &code, request));
	check_ok(w->bus->dial(w->bus, code.addr, on_joined, &a, &d));
	check_ok(w->bus->ask(d, request, sizeof request));
	while (bus_mem_step(w->bus) > 0)
		;
	w->bus->hangup(d);
	assert_int_equal(a.answered, 1);
	check_ok(a.result);
}

static void open_node(struct network *w, int region)
{
	struct seams s = seams_of(w);

	check_ok(node_open(&w->node[region], &s, w->cat,
			   network_path(w, region)));
	log_level(LOG_LEVEL_ERROR);
}

void network_open(struct network *w, const char *dir, struct node **out)
{
	struct seams s = seams_of(w);

	check_ok(node_open(out, &s, w->cat, dir));
	check_ok(node_start(*out));
}

void network_replace(struct network *w, int region)
{
	network_kill(w, region);
	empty_dir(network_path(w, region));
	make_node(w, region);
	open_node(w, region);
	network_join(w, region);
	check_ok(node_start(w->node[region]));
}

void network_revive_hub(struct network *w)
{
	check_ok(hub_open(&w->hub, &w->clock.base, &w->rng.base, disk_system(),
			  w->bus, w->cat, network_path(w, -1)));
	check_ok(hub_start(w->hub));
	log_level(LOG_LEVEL_ERROR); /* whatever its options say */
}

void network_kill_hub(struct network *w)
{
	if (w->hub)
		hub_stop(w->hub);
	hub_close(w->hub);
	w->hub = NULL;
}

void network_revive(struct network *w, int region)
{
	open_node(w, region);
	check_ok(node_start(w->node[region]));
}

void network_kill(struct network *w, int region)
{
	if (w->node[region])
		node_stop(w->node[region]);
	node_close(w->node[region]);
	w->node[region] = NULL;
}

void network_start(struct network *w)
{
	network_revive_hub(w);
	for (int i = 0; i < w->o.regions; i++) {
		open_node(w, i);
		if (!w->node[i]->joined) {
			check_ok(hub_region_add(w->hub, network_region[i],
						network_region[i]));
			network_join(w, i);
		}
		check_ok(node_start(w->node[i]));
	}
}

void network_stop(struct network *w)
{
	for (int i = 0; i < w->o.regions; i++)
		network_kill(w, i);
	network_kill_hub(w);
}

int network_step(struct network *w)
{
	int moved;

	for (int i = 0; i < w->o.regions; i++) {
		if (w->node[i])
			node_tick(w->node[i]);
	}
	moved = bus_mem_step(w->bus);
	clock_set_advance(&w->clock, STEP_MS);
	return moved;
}

bool network_settle(struct network *w, int rounds)
{
	for (int i = 0; i < rounds; i++) {
		bool idle = network_step(w) == 0;

		for (int k = 0; k < w->o.regions; k++)
			idle &= !w->node[k] || node_idle(w->node[k]);
		if (idle)
			return true;
	}
	return false;
}

int32_t network_today(const struct network *w)
{
	return date_of_utc(w->clock.now_utc_ms);
}

void network_days(struct network *w, int days)
{
	for (int i = 0; i < days; i++)
		network_leap(w, 1);
}

void network_leap(struct network *w, int days)
{
	int64_t noon = date_noon_utc_ms(network_today(w) + days);

	clock_set_advance(&w->clock, noon - w->clock.now_utc_ms);
	assert_true(network_settle(w, SETTLE_ROUNDS));
}

/* --- looking --- */

struct figures {
	crypto_generichash_state h;
	int releases;
};

static int add_release(void *arg, const struct release *r)
{
	struct release plain = *r;
	struct figures *f = arg;
	unsigned char *bytes;
	size_t len;

	plain.key.epoch = plain.key.version = 1;
	check_ok(codec_release(&plain, &bytes, &len));
	crypto_generichash_update(&f->h, bytes, len);
	mem_free(bytes);
	f->releases++;
	return 0;
}

void network_figures(struct network *w, unsigned char out[DIGEST],
		     int *releases)
{
	int32_t first = lattice_half(w->o.first);
	int32_t last = lattice_half(period_month_of_day(network_today(w)));
	struct figures f = {.releases = 0};

	crypto_generichash_init(&f.h, NULL, 0, DIGEST);
	for (int i = 0; i < w->o.regions; i++) {
		for (int t = 0; t < catalogue_tables(w->cat); t++) {
			const char *table = catalogue_table(w->cat, t)->id;

			for (int32_t h = first; h <= last; h++)
				check_ok(store_half(w->hub->db,
						    network_region[i], table, h,
						    add_release, &f));
		}
	}
	crypto_generichash_final(&f.h, out, DIGEST);
	if (releases)
		*releases = f.releases;
}

static void check_account(struct network *w, int region,
			  const struct fact_table *t, int view)
{
	struct account a;

	check_ok(release_account(w->node[region], t, view, &a));
	if (a.facts != a.published + a.waiting + a.withheld + a.drift)
		fail_msg("%s %s %s: %lld facts are not %lld published, %lld "
			 "waiting, %lld withheld, %lld drift",
			 network_region[region], t->id, t->view[view].id,
			 (long long)a.facts, (long long)a.published,
			 (long long)a.waiting, (long long)a.withheld,
			 (long long)a.drift);
}

void network_check_accounts(struct network *w)
{
	for (int i = 0; i < w->o.regions; i++) {
		for (int t = 0; t < catalogue_tables(w->cat); t++) {
			const struct fact_table *f = catalogue_table(w->cat, t);

			for (int v = 0; v < f->n_views; v++)
				check_account(w, i, f, v);
		}
	}
}
