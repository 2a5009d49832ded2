#include "daemon/hub/hub.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "daemon/core/bus.h"
#include "daemon/core/clock.h"
#include "daemon/core/conf.h"
#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/disk.h"
#include "daemon/core/err.h"
#include "daemon/core/log.h"
#include "daemon/core/mem.h"
#include "daemon/core/rand.h"
#include "daemon/core/utf8.h"
#include "daemon/hub/hub_schema.h"
#include "daemon/hub/ingest.h"
#include "daemon/hub/roster.h"
#include "daemon/hub/store.h"
#include "daemon/web/web_conf.h"
#include "proto/catalogue.h"

enum { HOURS_MAX = 30 * 24 };

#define TEXT(m) offsetof(struct hub_conf, m), sizeof(((struct hub_conf *)0)->m)

static const struct conf_opt option[] = {
	{"hub", "bus", CONF_STRING, TEXT(bus), "tcp://127.0.0.1:7400",
	 "address at which regions report", 0, 0},
	WEB_CONF_ROWS("hub", struct hub_conf, "127.0.0.1:8400"),
	{"hub", "log_level", CONF_STRING, TEXT(log_level), "info",
	 "error, warn, info or debug", 0, 0},
	{"hub", "public", CONF_BOOL, offsetof(struct hub_conf, public_view), 0,
	 "no", "a page of a few rounded figures for everybody, /public", 0, 0},
	{"hub", "chromium", CONF_STRING, TEXT(chromium), "",
	 "prints reports as PDF, /usr/bin/chromium", 0, 0},
};

static int path(const char *dir, const char *name, char *out, size_t size)
{
	int n = snprintf(out, size, "%s/%s", dir, name);

	if (n < 0 || (size_t)n >= size)
		return err_set(E_INVALID, "too long a folder's name: %s", dir);
	return 0;
}

static int must_be_new(struct disk *disk, const char *dir)
{
	static const char *const held[] = {"hub.db", "hub.key", "node.db"};
	char file[600], *bytes;
	size_t len;
	int r;

	for (int i = 0; i < 3; i++) {
		bytes = NULL;
		r = path(dir, held[i], file, sizeof file);
		if (r < 0)
			return r;
		/* Too big to be read is there, too. */
		r = disk_read(disk, file, 1, &bytes, &len);
		mem_free(bytes);
		if (r != E_NOTFOUND)
			return err_set(E_EXISTS, "%s holds %s already", dir,
				       i == 2 ? "a region's node" : "a hub");
	}
	err_clear();
	return 0;
}

static int write_conf(struct disk *disk, const char *dir,
		      const struct hub_new *how)
{
	char text[600], file[600];
	int n, r;

	n = snprintf(text, sizeof text,
		     "# The state's hub. Restart it after a change.\n\n"
		     "[hub]\n"
		     "# where regions report; on a network: an address of the "
		     "tunnel\n"
		     "bus = %s\n"
		     "# the page; empty for none\n"
		     "http = %s\n"
		     "log_level = info\n",
		     how->bus, how->http);
	if (n < 0 || (size_t)n >= sizeof text || strpbrk(how->bus, " ;\n") ||
	    strpbrk(how->http, " ;\n"))
		return err_set(E_INVALID, "an address has no blanks");
	r = path(dir, "ccfed.conf", file, sizeof file);
	return r < 0 ? r : disk_write(disk, file, text, (size_t)n, 0600);
}

static int write_policy(struct db *db, const struct policy *p,
			const struct keys *keys, int64_t now)
{
	unsigned char *bytes = NULL, sig[64];
	size_t len;
	int r;

	r = codec_policy(p, &bytes, &len);
	if (r == 0)
		r = policy_sign(bytes, len, keys->sign_sk, sig);
	if (r == 0)
		r = db_run(db, "INSERT INTO policy VALUES (?, ?, ?, ?)", "ibbi",
			   (int64_t)p->number, bytes, len, sig, sizeof sig,
			   now);
	mem_free(bytes);
	return r;
}

static int fill(struct db *db, const struct policy *p, const struct keys *keys,
		struct rng *rng, int64_t now)
{
	unsigned char network[NETWORK_ID];
	int r;

	rand_bytes(rng, network, sizeof network);
	r = db_begin(db);
	if (r < 0)
		return r;
	r = db_run(db, "INSERT INTO network VALUES (1, ?, ?)", "bi", network,
		   sizeof network, now);
	if (r == 0)
		r = write_policy(db, p, keys, now);
	return db_end(db, r);
}

int hub_init(struct clock *clock, struct rng *rng, struct disk *disk,
	     const struct catalogue *cat, const char *dir,
	     const struct hub_new *how)
{
	struct policy policy = how->policy;
	struct keys keys = {0};
	struct db *db = NULL;
	char key[600], file[600];
	int r;

	if (policy.number == 0)
		policy.number = 1;
	r = policy_check(&policy);
	if (r == 0)
		r = path(dir, "hub.key", key, sizeof key);
	if (r == 0)
		r = path(dir, "hub.db", file, sizeof file);
	if (r == 0)
		r = disk_make_dir(disk, dir);
	if (r == 0)
		r = must_be_new(disk, dir);
	if (r == 0)
		r = write_conf(disk, dir, how);
	if (r < 0)
		goto out;
	keys_make(&keys, rng);
	r = keys_save(&keys, disk, key);
	if (r == 0)
		r = db_open(&db, disk, file, DB_CREATE);
	if (r == 0)
		r = db_migrate(db, HUB_APP_ID, hub_schema, hub_schema_count);
	if (r == 0)
		r = fill(db, &policy, &keys, rng, clock_utc_ms(clock));
out:
	keys_wipe(&keys);
	db_close(db);
	return r;
}

int hub_policy(const struct hub *h, struct db *db, uint32_t number,
	       struct policy *out)
{
	struct rows r;
	int x;

	x = db_rows(db, &r,
		    "SELECT bytes, sig FROM policy WHERE number = ?1 OR ?1 = 0 "
		    "ORDER BY number DESC LIMIT 1",
		    "i", (int64_t)number);
	if (x == 0)
		x = rows_next(&r);
	if (x == ROWS_ROW) {
		size_t len, sig_len;
		const void *bytes = rows_blob(&r, 0, &len);
		const void *sig = rows_blob(&r, 1, &sig_len);

		x = sig_len == 64
			    ? policy_verify(bytes, len, sig, h->keys.sign_pk)
			    : E_AUTH;
		if (x == E_AUTH)
			x = err_set(E_AUTH, "the policy in hub.db is not "
					    "signed by hub.key");
		if (x == 0)
			x = codec_policy_parse(bytes, len, out);
	} else if (x == ROWS_DONE) {
		x = number ? err_set(E_NOTFOUND, "there is no policy %u",
				     (unsigned)number)
			   : err_set(E_FORMAT, "hub.db holds no policy");
	}
	rows_end(&r);
	return x < 0 ? x : 0;
}

/* The fields one by one: there is padding between them. */
static bool same_policy(const struct policy *a, const struct policy *b)
{
	return a->floor == b->floor && a->settle_days == b->settle_days &&
	       strcmp(a->network, b->network) == 0 &&
	       strcmp(a->agreement, b->agreement) == 0 &&
	       a->review == b->review && a->keep_years == b->keep_years &&
	       a->withdrawal == b->withdrawal;
}

static int set_policy(struct hub *h, struct policy *p)
{
	struct policy now;
	int r = hub_policy(h, h->db, 0, &now);

	if (r < 0)
		return r;
	if (p->kind != now.kind || strcmp(p->zone, now.zone) != 0 ||
	    p->state_fiscal_month != now.state_fiscal_month)
		return err_set(E_INVALID, "kind, time zone and fiscal year "
					  "are fixed when the hub is made");
	if (same_policy(p, &now))
		return err_set(E_STATE,
			       "policy %u says so already; nothing changed",
			       (unsigned)now.number);
	p->number = now.number + 1;
	r = policy_check(p);
	if (r < 0)
		return r;
	return write_policy(h->db, p, &h->keys, clock_utc_ms(h->clock));
}

int hub_policy_set(struct hub *h, struct policy *p)
{
	int r = db_begin(h->db);

	if (r < 0)
		return r;
	r = db_end(h->db, set_policy(h, p));
	if (r == 0)
		h->policy = *p;
	return r;
}

static int read_network(struct hub *h)
{
	struct rows r;
	int x;

	x = db_rows(h->db, &r, "SELECT id FROM network", NULL);
	if (x == 0)
		x = rows_next(&r);
	if (x == ROWS_ROW) {
		size_t len;
		const void *id = rows_blob(&r, 0, &len);

		if (len == NETWORK_ID)
			memcpy(h->network, id, NETWORK_ID);
		x = len == NETWORK_ID ? 0 : E_FORMAT;
	} else if (x == ROWS_DONE) {
		x = E_FORMAT;
	}
	rows_end(&r);
	if (x == E_FORMAT)
		return err_set(E_FORMAT, "the hub was not made whole; remove "
					 "the folder and init again");
	return x;
}

static int set_log_level(const char *name)
{
	static const struct {
		const char *name;
		enum log_level level;
	} level[] = {{"error", LOG_LEVEL_ERROR},
		     {"warn", LOG_LEVEL_WARN},
		     {"info", LOG_LEVEL_INFO},
		     {"debug", LOG_LEVEL_DEBUG}};

	for (int i = 0; i < 4; i++) {
		if (strcmp(level[i].name, name) == 0) {
			log_level(level[i].level);
			return 0;
		}
	}
	return err_set(E_INVALID,
		       "log_level is error, warn, info or debug, not \"%s\"",
		       name);
}

static int load(struct hub *h)
{
	char file[600];
	int r;

	r = path(h->dir, "hub.db", file, sizeof file);
	if (r == 0)
		r = db_open(&h->db, h->disk, file, DB_WRITE);
	if (r == 0)
		r = db_migrate(h->db, HUB_APP_ID, hub_schema, hub_schema_count);
	if (r == 0)
		r = path(h->dir, "ccfed.conf", file, sizeof file);
	if (r == 0)
		r = conf_load(file, option, sizeof option / sizeof *option,
			      &h->conf);
	if (r == 0)
		r = set_log_level(h->conf.log_level);
	if (r == 0)
		r = path(h->dir, "hub.key", file, sizeof file);
	if (r == 0)
		r = keys_load(&h->keys, h->disk, file);
	if (r == 0)
		r = read_network(h);
	if (r == 0)
		r = hub_policy(h, h->db, 0, &h->policy);
	if (r == 0)
		r = date_zone(h->policy.zone);
	return r;
}

int hub_open(struct hub **out, struct clock *clock, struct rng *rng,
	     struct disk *disk, struct bus *bus, const struct catalogue *cat,
	     const char *dir)
{
	struct hub *h;
	int r = E_NOMEM;

	h = mem_calloc(1, sizeof *h);
	if (!h)
		goto out;
	h->clock = clock;
	h->rng = rng;
	h->disk = disk;
	h->bus = bus;
	h->cat = cat;
	r = path(dir, "", h->dir, sizeof h->dir);
	if (r < 0)
		goto out;
	snprintf(h->dir, sizeof h->dir, "%s", dir);
	r = load(h);
	if (r < 0)
		goto out;

	*out = h;
	h = NULL; /* handed over */
out:
	hub_close(h);
	return r;
}

void hub_close(struct hub *h)
{
	if (!h)
		return;
	hub_stop(h);
	keys_wipe(&h->keys);
	db_close(h->db);
	mem_free(h);
}

int hub_start(struct hub *h)
{
	int r;

	if (!h->bus)
		return err_set(E_STATE, "there is no bus to listen on");
	if (h->listener)
		return err_set(E_STATE, "the hub is listening already");
	h->started_utc_ms = h->watched_utc_ms = clock_utc_ms(h->clock);
	r = h->bus->listen(h->bus, h->conf.bus, ingest_batch, h, &h->listener);
	if (r < 0)
		return r;
	log_info("hub_started", "bus=%s policy=%u", h->conf.bus,
		 (unsigned)h->policy.number);
	return 0;
}

void hub_stop(struct hub *h)
{
	if (!h->listener)
		return;
	h->bus->unlisten(h->listener);
	h->listener = NULL;
	log_info("hub_stopped",
		 "envelopes=%lld refused=%lld releases=%lld alarms=%lld",
		 (long long)h->metrics.envelopes_in,
		 (long long)h->metrics.envelopes_refused,
		 (long long)h->metrics.releases_new,
		 (long long)h->metrics.alarms);
}

struct watching {
	struct hub *h;
	int64_t now_utc_ms;
};

/* Silent since when? Not before this hub was up to hear it. */
static int watch_region(void *arg, const struct region_row *r)
{
	struct watching *w = arg;
	int64_t since = w->now_utc_ms - r->silent_ms;

	if (!r->silent_ms)
		return 0;
	if (since < w->h->started_utc_ms)
		since = w->h->started_utc_ms;
	since += HUB_SILENT_MS;
	if (since <= w->h->watched_utc_ms || since > w->now_utc_ms)
		return 0;
	w->h->metrics.alarms++;
	log_warn("region_silent", "region=%s seconds=%lld", r->id,
		 (long long)(r->silent_ms / 1000));
	return 0;
}

int hub_watch(struct hub *h)
{
	struct watching w = {h, clock_utc_ms(h->clock)};
	int r;

	r = hub_regions(h, watch_region, &w);
	if (r == 0)
		h->watched_utc_ms = w.now_utc_ms;
	return r;
}

static int check_title(const char *title)
{
	size_t n = strlen(title);

	if (n == 0)
		return err_set(E_INVALID, "a region's title is missing");
	if (n >= sizeof((struct region_row *)0)->title)
		return err_set(
			E_INVALID,
			"a region's title is too long: only its first "
			"%zu characters fit",
			utf8_chars(title,
				   sizeof((struct region_row *)0)->title - 1));
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)title[i] < 0x20 || title[i] == 0x7f)
			return err_set(E_INVALID,
				       "a region's title is one line of text");
	return 0;
}

static int check_region(const char *id, const char *title)
{
	size_t n = strlen(id);

	if (n == 0 || n >= REGION_ID ||
	    strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") != n ||
	    id[0] == '-' || id[n - 1] == '-')
		return err_set(E_INVALID,
			       "\"%.40s\" is not a region's id: small letters, "
			       "digits and hyphens, at most %d",
			       id, REGION_ID - 1);
	return check_title(title);
}

int hub_region_add(struct hub *h, const char *id, const char *title)
{
	int r = check_region(id, title);

	if (r < 0)
		return r;
	r = db_run(h->db,
		   "INSERT INTO region (id, title, added_utc_ms) "
		   "VALUES (?, ?, ?)",
		   "ssi", id, title, clock_utc_ms(h->clock));
	if (r == E_EXISTS)
		return err_set(E_EXISTS, "there is a region %s already", id);
	return r;
}

int hub_region_title(struct hub *h, const char *id, const char *title)
{
	int r = check_title(title);

	if (r == 0)
		r = db_run(h->db, "UPDATE region SET title = ? WHERE id = ?",
			   "ss", title, id);
	if (r == 0 && db_changes(h->db) == 0)
		return err_set(E_NOTFOUND, "there is no region %.40s", id);
	return r;
}

char *hub_age(int64_t ms, char out[HUB_AGE_TEXT])
{
	int64_t minutes = ms / 60000, hours = minutes / 60, days = hours / 24;

	if (hours < 2)
		snprintf(out, HUB_AGE_TEXT, "%lld minutes", (long long)minutes);
	else if (days < 2)
		snprintf(out, HUB_AGE_TEXT, "%lld hours", (long long)hours);
	else
		snprintf(out, HUB_AGE_TEXT, "%lld days", (long long)days);
	return out;
}

/* An earlier code that nobody used is dead from now on. */
static int write_invite(struct hub *h, const char *region, int hours,
			const unsigned char hash[32])
{
	int64_t now = clock_utc_ms(h->clock);
	int r;

	r = db_begin(h->db);
	if (r < 0)
		return r;
	r = db_run(h->db,
		   "UPDATE invite SET state = 'burned' "
		   "WHERE region = ? AND state = 'open'",
		   "s", region);
	if (r == 0)
		r = db_run(h->db,
			   "INSERT INTO invite (region, hash, made_utc_ms, "
			   "expires_utc_ms) VALUES (?, ?, ?, ?)",
			   "sbii", region, hash, (size_t)32, now,
			   now + (int64_t)hours * 3600 * 1000);
	return db_end(h->db, r);
}

int hub_invite(struct hub *h, const char *region, int hours,
	       char out[JOIN_CODE_TEXT])
{
	struct join_code code = {0};
	unsigned char hash[32];
	int64_t there = 0;
	int r;

	if (hours < 1 || hours > HOURS_MAX)
		return err_set(E_INVALID,
			       "a join code is valid for 1 to %d hours",
			       HOURS_MAX);
	r = db_int(h->db, &there, "SELECT count(*) FROM region WHERE id = ?",
		   "s", region);
	if (r < 0)
		return r;
	if (!there)
		return err_set(E_NOTFOUND,
			       "there is no region %.40s; add it first",
			       region);
	memcpy(code.network, h->network, NETWORK_ID);
	memcpy(code.hub_sign_pk, h->keys.sign_pk, 32);
	memcpy(code.hub_box_pk, h->keys.box_pk, 32);
	rand_bytes(h->rng, code.secret, sizeof code.secret);
	snprintf(code.region, sizeof code.region, "%s", region);
	snprintf(code.addr, sizeof code.addr, "%s", h->conf.bus);
	join_secret_hash(code.secret, hash);
	r = write_invite(h, region, hours, hash);
	if (r == 0)
		join_code_format(&code, out);
	sodium_memzero(&code, sizeof code);
	return r;
}

int hub_regions(struct hub *h, int (*fn)(void *arg, const struct region_row *r),
		void *arg)
{
	return roster_regions(h->db, h->cat, clock_utc_ms(h->clock), fn, arg);
}

struct summing {
	struct hub *h;
	int (*fn)(void *arg, const struct hub_sum *s);
	void *arg;
};

/* Stored by number; a table that this program no longer knows keeps it. */
static int on_sum(void *arg, const struct store_sum *s)
{
	struct summing *sm = arg;
	struct hub_sum out = {.events = s->events,
			      .occurrences = s->occurrences,
			      .releases = s->releases};
	int i = catalogue_find_table(sm->h->cat, s->table);
	const struct fact_table *t = i < 0 ? NULL
					   : catalogue_table(sm->h->cat, i);

	snprintf(out.region, sizeof out.region, "%s", s->region);
	snprintf(out.table, sizeof out.table, "%s", s->table);
	if (t && s->view < t->n_views)
		snprintf(out.view, sizeof out.view, "%s", t->view[s->view].id);
	else
		snprintf(out.view, sizeof out.view, "%d", s->view);
	return sm->fn(sm->arg, &out);
}

int hub_sums(struct hub *h, int (*fn)(void *arg, const struct hub_sum *s),
	     void *arg)
{
	struct summing sm = {h, fn, arg};

	return store_sums(h->db, on_sum, &sm);
}
