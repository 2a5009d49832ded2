#include "regional/node.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/clock.h"
#include "daemon/core/conf.h"
#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/disk.h"
#include "daemon/core/err.h"
#include "daemon/core/log.h"
#include "daemon/core/mem.h"
#include "daemon/core/rand.h"
#include "daemon/web/web_conf.h"
#include "proto/catalogue.h"
#include "proto/lattice.h"
#include "regional/case/derive.h"
#include "regional/case/seal.h"
#include "regional/release/publish.h"
#include "regional/schema/schema.h"

enum { PATH = 600, FILE_MAX = 64 * 1024 };

/* A difference of clocks is news when it has moved this much. */
enum { HEARD_MOVED_MS = 60 * 1000 };

#define OPT(section, key, type, member, initial, min, max, help)          \
	{                                                                 \
		section, key, type, offsetof(struct node_conf, member),   \
			sizeof(((struct node_conf *)0)->member), initial, \
			help, min, max                                    \
	}

static const struct conf_opt OPTS[] = {
	OPT("release", "floor", CONF_INT, floor, "0", 0, 1000000,
	    "Fewest children that a number to the state stands for. 0: as the\n"
	    "# network's policy says; a smaller one than that has no effect."),
	OPT("release", "review", CONF_BOOL, review, "no", 0, 0,
	    "Hold numbers to the state until a supervisor releases them, even\n"
	    "# if the policy does not demand it."),
	OPT("release", "agreement", CONF_STRING, agreement, "", 0, 0,
	    "The data use agreement that this region has confirmed, word for\n"
	    "# word as the policy names it. Without it no floor under 11 is\n"
	    "# followed in a real network."),
	OPT("hub", "heartbeat_s", CONF_INT, heartbeat_s, "20", 1, 120,
	    "Seconds between signs of life to the hub, which takes a region\n"
	    "# that was not heard for five minutes for silent."),
	OPT("hub", "deadline_s", CONF_INT, deadline_s, "8", 1, 600,
	    "Seconds to wait for an answer of the hub before dialing again."),
	OPT("log", "level", CONF_STRING, log_level, "info", 0, 0,
	    "error, warn, info or debug."),
	WEB_CONF_ROWS("web", struct node_conf, ""),
};
enum { N_OPTS = sizeof OPTS / sizeof OPTS[0] };

static const char *path_in(const char *dir, const char *name, char out[PATH])
{
	snprintf(out, PATH, "%s/%s", dir, name);
	return out;
}

/* --- making one --- */

static int check_absent(const struct seams *s, const char *dir)
{
	static const char *const NAMES[] = {"node.key", "node.db", "hub.key",
					    "hub.db"};
	char path[PATH];

	for (int i = 0; i < 4; i++) {
		char *bytes = NULL;
		size_t len;
		int r = disk_read(s->disk, path_in(dir, NAMES[i], path),
				  FILE_MAX, &bytes, &len);

		mem_free(bytes);
		if (r != E_NOTFOUND)
			return err_set(E_EXISTS,
				       "The file %s is there already; choose "
				       "another directory",
				       path);
	}
	return 0;
}

static int write_conf(const struct seams *s, const char *dir, const char *http)
{
	char text[8192], path[PATH];
	const char *section = "";
	int used;

	used = snprintf(text, sizeof text,
			"# Options of this node. Each is shown with its "
			"default; take away the '#' to change it.\n");
	for (int i = 0; i < N_OPTS; i++) {
		const struct conf_opt *o = &OPTS[i];

		if (strcmp(section, o->section) != 0)
			used += snprintf(text + used,
					 sizeof text - (size_t)used, "\n[%s]\n",
					 o->section);
		section = o->section;
		if (http && strcmp(o->key, "http") == 0)
			used += snprintf(
				text + used, sizeof text - (size_t)used,
				"# %s\n%s = %s\n", o->help, o->key, http);
		else
			used += snprintf(text + used,
					 sizeof text - (size_t)used,
					 "# %s\n#%s = %s\n", o->help, o->key,
					 o->initial);
	}
	return disk_write(s->disk, path_in(dir, "ccfed.conf", path), text,
			  (size_t)used, 0600);
}

static int write_keys(const struct seams *s, const char *dir)
{
	struct keys keys;
	char path[PATH];
	int r;

	keys_make(&keys, s->rng);
	r = keys_save(&keys, s->disk, path_in(dir, "node.key", path));
	keys_wipe(&keys);
	return r;
}

static int write_db(const struct seams *s, const char *dir,
		    const struct node_new *how)
{
	unsigned char audit_key[32];
	struct db *db = NULL;
	char path[PATH];
	int r;

	rand_bytes(s->rng, audit_key, sizeof audit_key);
	r = db_open(&db, s->disk, path_in(dir, "node.db", path), DB_CREATE);
	if (r == 0)
		r = db_migrate(db, NODE_APP_ID, node_schema, node_schema_count);
	if (r == 0)
		r = db_run(db,
			   "INSERT INTO node (id, kind, audit_key, "
			   "first_month, history_in) "
			   "VALUES (1, ?, ?, nullif(?, -1), ?)",
			   "ibii", (int64_t)how->kind, audit_key,
			   sizeof audit_key, (int64_t)how->first_period,
			   (int64_t)(how->first_period < 0));
	db_close(db);
	sodium_memzero(audit_key, sizeof audit_key);
	return r;
}

int node_init(const struct seams *s, const struct catalogue *cat,
	      const char *dir, const struct node_new *how)
{
	int r;

	if (strlen(dir) >= sizeof((struct node *)0)->dir)
		return err_set(E_INVALID, "the directory's path is too long");
	r = check_absent(s, dir);
	if (r == 0)
		r = disk_make_dir(s->disk, dir);
	if (r == 0)
		r = write_conf(s, dir, how->http);
	if (r == 0)
		r = write_keys(s, dir);
	if (r == 0)
		r = write_db(s, dir, how);
	return r;
}

/* --- opening one --- */

static int copy_blob(struct rows *rows, int col, unsigned char *out,
		     size_t size)
{
	size_t len;
	const void *p = rows_blob(rows, col, &len);

	if (!p)
		return 0;
	if (len != size)
		return err_set(E_FORMAT, "node.db: column %s is damaged",
			       rows_name(rows, col));
	memcpy(out, p, size);
	return 0;
}

static void copy_text(struct rows *rows, int col, char *out, size_t size)
{
	const char *text = rows_text(rows, col);

	snprintf(out, size, "%s", text ? text : "");
}

static int use_policy(struct node *n, struct rows *rows, int col)
{
	size_t len;
	const void *p = rows_blob(rows, col, &len);

	if (!p) {
		policy_defaults(&n->policy, n->kind, "");
		return date_zone(n->policy.zone);
	}
	if (codec_policy_parse(p, len, &n->policy) < 0)
		return err_prefix(E_FORMAT, "the policy in node.db");
	n->rec.uncounts = n->policy.withdrawal == POLICY_UNCOUNTED;
	return date_zone(n->policy.zone);
}

static int take_row(struct node *n, struct rows *rows)
{
	int r;

	n->kind = (enum network_kind)rows_int(rows, 0);
	n->first_month = rows_null(rows, 2) ? -1 : (int32_t)rows_int(rows, 2);
	n->history_in = rows_int(rows, 3) != 0;
	n->joined = !rows_null(rows, 4);
	copy_text(rows, 4, n->region, sizeof n->region);
	copy_text(rows, 5, n->region_title, sizeof n->region_title);
	copy_text(rows, 9, n->hub_addr, sizeof n->hub_addr);
	n->epoch = (uint32_t)rows_int(rows, 10);
	n->hello_epoch = (uint32_t)rows_int(rows, 11);
	n->hub_off_ms = rows_int(rows, 13);
	n->heard_utc_ms = rows_int(rows, 14);
	copy_text(rows, 15, n->trouble, sizeof n->trouble);
	n->silent = rows_int(rows, 16) != 0;
	r = copy_blob(rows, 1, n->rec.audit_key, sizeof n->rec.audit_key);
	if (r == 0)
		r = copy_blob(rows, 6, n->network, sizeof n->network);
	if (r == 0)
		r = copy_blob(rows, 7, n->hub_sign_pk, sizeof n->hub_sign_pk);
	if (r == 0)
		r = copy_blob(rows, 8, n->hub_box_pk, sizeof n->hub_box_pk);
	if (r == 0)
		r = use_policy(n, rows, 12);
	return r;
}

int node_reload(struct node *n)
{
	struct rows rows;
	int r = 0, x;

	x = db_rows(n->db, &rows,
		    "SELECT kind, audit_key, first_month, history_in, region, "
		    "title, network, hub_sign_pk, hub_box_pk, hub_addr, epoch, "
		    "hello_epoch, policy, hub_off_ms, heard_utc_ms, trouble, "
		    "silent FROM node WHERE id = 1",
		    "");
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW)
		r = take_row(n, &rows);
	else if (x == ROWS_DONE)
		r = err_set(E_FORMAT,
			    "node.db was not made to its end; remove "
			    "%s and run `ccfed node init` again",
			    n->dir);
	else
		r = x;
	rows_end(&rows);
	return r;
}

static int check_level(const struct node_conf *c)
{
	static const char *const LEVELS[] = {"error", "warn", "info", "debug"};

	for (int i = 0; i < 4; i++) {
		if (strcmp(c->log_level, LEVELS[i]) == 0)
			return 0;
	}
	return err_set(E_INVALID,
		       "ccfed.conf: log level is \"%s\"; it must be error, "
		       "warn, info or debug",
		       c->log_level);
}

static int open_parts(struct node *n)
{
	char path[PATH];
	int r;

	r = db_open(&n->db, n->s.disk, path_in(n->dir, "node.db", path),
		    DB_WRITE);
	if (r == E_NOTFOUND)
		return err_set(E_NOTFOUND,
			       "there is no node in %s; make one with "
			       "`ccfed node init -d %s`",
			       n->dir, n->dir);
	if (r == 0)
		r = conf_load(path_in(n->dir, "ccfed.conf", path), OPTS, N_OPTS,
			      &n->conf);
	if (r == 0)
		r = check_level(&n->conf);
	if (r == 0)
		r = keys_load(&n->keys, n->s.disk,
			      path_in(n->dir, "node.key", path));
	if (r == 0)
		r = db_migrate(n->db, NODE_APP_ID, node_schema,
			       node_schema_count);
	if (r == 0)
		r = derive_catch_up(n->db);
	if (r == 0)
		db_before_commit(n->db, derive_run);
	if (r == 0)
		r = node_reload(n);
	n->rec.db = n->db;
	n->rec.clock = n->s.clock;
	n->rec.rng = n->s.rng;
	if (r == 0)
		r = seal_load(&n->rec, n->s.disk,
			      path_in(n->dir, "record.key", path));
	return r;
}

int node_open(struct node **out, const struct seams *s,
	      const struct catalogue *cat, const char *dir)
{
	struct node *n;
	int r;

	if (strlen(dir) >= sizeof n->dir)
		return err_set(E_INVALID, "the directory's path is too long");
	n = mem_calloc(1, sizeof *n);
	if (!n)
		return err_set(E_NOMEM, "out of memory for the node");
	n->s = *s;
	n->cat = cat;
	snprintf(n->dir, sizeof n->dir, "%s", dir);
	r = open_parts(n);
	if (r < 0)
		goto out;
	n->rec.words = catalogue_vocabulary(cat);
	n->rec.cat = cat;
	n->rec.today = NO_DATE;
	snprintf(n->rec.who, sizeof n->rec.who, "node");
	*out = n;
	n = NULL; /* handed over */
out:
	node_close(n);
	return r;
}

void node_close(struct node *n)
{
	if (!n)
		return;
	publish_free(n->publish);
	db_close(n->db);
	keys_wipe(&n->keys);
	sodium_memzero(n, sizeof *n);
	mem_free(n);
}

int node_reader(const struct node *n, struct db **out)
{
	char path[PATH];

	return db_open(out, n->s.disk, path_in(n->dir, "node.db", path),
		       DB_READ);
}

int node_writer(const struct node *n, struct db **out)
{
	char path[PATH];
	int r = db_open(out, n->s.disk, path_in(n->dir, "node.db", path),
			DB_WRITE);

	if (r == 0)
		db_before_commit(*out, derive_run);
	return r;
}

/* --- its rules --- */

uint32_t node_floor(const struct node *n)
{
	uint32_t floor = n->policy.floor;
	bool confirmed = n->policy.agreement[0] &&
			 strcmp(n->policy.agreement, n->conf.agreement) == 0;

	if (n->kind == NETWORK_REAL && !confirmed && floor < POLICY_FLOOR)
		floor = POLICY_FLOOR;
	if (n->conf.floor > 0 && (uint32_t)n->conf.floor > floor)
		floor = (uint32_t)n->conf.floor;
	return floor;
}

bool node_review(const struct node *n)
{
	return n->policy.review || n->conf.review;
}

int node_history_in(struct node *n)
{
	int r;

	if (n->history_in)
		return err_set(E_STATE, "no history is awaited");
	r = db_run(n->db, "UPDATE node SET history_in = 1 WHERE id = 1", "");
	if (r == 0)
		n->history_in = true;
	return r;
}

int node_first_period(struct node *n, int32_t month)
{
	char was[PERIOD_TEXT];
	int64_t closed = 0;
	int r;

	if (n->history_in)
		return err_set(
			E_STATE,
			"no history is awaited here; bring it to another "
			"node, made with an earlier --first-period");
	r = db_int(n->db, &closed, "SELECT count(*) FROM closing_state", "");
	if (r < 0)
		return r;
	if (closed > 0)
		return err_set(E_STATE,
			       "months have closed already; bring the history "
			       "to another node, made with an earlier "
			       "--first-period");
	if (month >= n->first_month)
		return err_set(
			E_STATE,
			"the first month is %s; it can only be moved to "
			"an earlier one",
			period_format((struct period){n->first_month, 1}, was));
	r = db_run(n->db, "UPDATE node SET first_month = ? WHERE id = 1", "i",
		   (int64_t)month);
	if (r == 0)
		n->first_month = month;
	return r;
}

/* One commit at most a heartbeat, though releases go every few milliseconds;
 * a quarter less, so that of two heartbeats none is missed. */
static bool is_news(const struct node *n, int64_t now, int64_t off)
{
	int64_t since = now - n->heard_utc_ms;

	return n->silent || llabs(off - n->hub_off_ms) >= HEARD_MOVED_MS ||
	       since < 0 || since >= (int64_t)n->conf.heartbeat_s * 750;
}

static int note_heard(struct node *n, int64_t now, int64_t off)
{
	int64_t silent_s = (now - n->heard_utc_ms) / 1000;
	int r;

	if (!is_news(n, now, off))
		return 0;
	r = db_run(n->db,
		   "UPDATE node SET hub_off_ms = ?, heard_utc_ms = ?, "
		   "silent = 0 WHERE id = 1",
		   "ii", off, now);
	if (r < 0)
		return r;
	if (n->silent)
		log_info("hub_answers", "silent_s=%lld", (long long)silent_s);
	n->silent = false;
	n->hub_off_ms = off;
	n->heard_utc_ms = now;
	return 0;
}

int node_heard(struct node *n, int64_t hub_utc_ms)
{
	int64_t now = clock_utc_ms(n->s.clock);

	/* No clock is more than some thousand years off; a hub that says so
	 * must not make a difference overflow. */
	if (hub_utc_ms < 0 || hub_utc_ms > INT64_MAX / 2)
		return err_set(E_INVALID, "the hub's clock can't be so");
	return note_heard(n, now, now - hub_utc_ms);
}

int node_answered(struct node *n)
{
	return note_heard(n, clock_utc_ms(n->s.clock), n->hub_off_ms);
}

int node_silent(struct node *n, bool silent)
{
	char since[21];
	int r;

	if (n->silent == silent)
		return 0;
	r = db_run(n->db, "UPDATE node SET silent = ? WHERE id = 1", "i",
		   (int64_t)silent);
	if (r < 0)
		return r;
	n->silent = silent;
	if (silent)
		log_warn("hub_silent",
			 "hub=%s heard=%s why=\"the hub can't be reached\" "
			 "help=\"is ccfed hub run up there? This node goes on "
			 "asking\"",
			 n->hub_addr, date_format_utc(n->heard_utc_ms, since));
	return 0;
}

int node_pin_policy(struct node *n, const unsigned char *bytes, size_t len,
		    const unsigned char sig[64])
{
	struct policy p;
	int r;

	r = policy_verify(bytes, len, sig, n->hub_sign_pk);
	if (r == 0)
		r = codec_policy_parse(bytes, len, &p);
	if (r == 0)
		r = policy_check(&p);
	if (r < 0)
		return err_prefix(r, "the hub's policy");
	if (p.kind != n->kind)
		return err_set(E_STATE,
			       "the hub's network is %s and this node is made "
			       "for %s: real and synthetic data never mix",
			       p.kind == NETWORK_REAL ? "real" : "synthetic",
			       n->kind == NETWORK_REAL ? "a real one"
						       : "a synthetic one");
	if (n->joined && p.number <= n->policy.number)
		return err_set(E_STATE,
			       "the hub's policy has number %u; number %u is "
			       "in force here already",
			       p.number, n->policy.number);
	r = db_run(n->db,
		   "UPDATE node SET policy = ?, policy_sig = ?, uncounts = ?"
		   " WHERE id = 1",
		   "bbi", bytes, len, sig, (size_t)64,
		   (int64_t)(p.withdrawal == POLICY_UNCOUNTED));
	if (r == 0)
		r = date_zone(p.zone);
	if (r < 0)
		return r;
	n->policy = p;
	n->rec.uncounts = p.withdrawal == POLICY_UNCOUNTED;
	return 0;
}
