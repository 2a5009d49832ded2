#include "daemon/hub/roster.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/store.h"
#include "proto/catalogue.h"

enum {
	VIEW_OF_TOTALS = 1, /* detail */
	EPOCH_LEAP = 1000   /* more than a hub can have forgotten */
};
static const int64_t trouble_ms = 7LL * 24 * 3600 * 1000;

static int take_key(struct rows *r, int col, unsigned char out[32])
{
	size_t len;
	const void *p = rows_blob(r, col, &len);

	if (len != 32)
		return err_set(E_DB, "a node's key is damaged");
	memcpy(out, p, 32);
	return 0;
}

static void take_text(struct rows *r, int col, char *out, size_t size)
{
	const char *text = rows_text(r, col);

	snprintf(out, size, "%s", text ? text : "");
}

int roster_member(struct db *db, const unsigned char sign_pk[32],
		  struct member *out)
{
	struct rows r;
	int x;

	x = db_rows(db, &r,
		    "SELECT n.box_pk, n.region, n.state = 'active', n.invite, "
		    "g.epoch, g.title FROM node n "
		    "JOIN region g ON g.id = n.region WHERE n.sign_pk = ?",
		    "b", sign_pk, (size_t)32);
	if (x == 0)
		x = rows_next(&r);
	if (x == ROWS_ROW) {
		memset(out, 0, sizeof *out);
		memcpy(out->sign_pk, sign_pk, 32);
		x = take_key(&r, 0, out->box_pk);
		take_text(&r, 1, out->region, sizeof out->region);
		out->active = rows_int(&r, 2);
		out->invite = rows_int(&r, 3);
		out->epoch = (uint32_t)rows_int(&r, 4);
		take_text(&r, 5, out->region_title, sizeof out->region_title);
	} else if (x == ROWS_DONE) {
		x = E_NOTFOUND;
	}
	rows_end(&r);
	return x;
}

static int set_epoch(struct db *db, struct member *m, uint32_t epoch)
{
	m->epoch = epoch;
	return db_run(db, "UPDATE region SET epoch = ? WHERE id = ?", "is",
		      (int64_t)epoch, m->region);
}

static int read_region(struct db *db, struct member *m)
{
	int64_t epoch = 0;
	int x;

	x = db_int(db, &epoch, "SELECT epoch FROM region WHERE id = ?", "s",
		   m->region);
	if (x == 0)
		x = db_text(db, m->region_title, sizeof m->region_title,
			    "SELECT title FROM region WHERE id = ?", "s",
			    m->region);
	m->epoch = (uint32_t)epoch;
	return x;
}

int roster_admit(struct db *db, struct member *m, int64_t now_utc_ms)
{
	int x;

	x = db_run(db,
		   "UPDATE node SET state = 'replaced' "
		   "WHERE region = ? AND sign_pk <> ?",
		   "sb", m->region, m->sign_pk, (size_t)32);
	if (x == 0)
		x = db_run(db,
			   "INSERT INTO node (sign_pk, box_pk, region, state, "
			   "invite, joined_utc_ms) "
			   "VALUES (?, ?, ?, 'active', ?, ?) "
			   "ON CONFLICT (sign_pk) DO UPDATE SET "
			   "box_pk = excluded.box_pk, state = 'active', "
			   "invite = excluded.invite, "
			   "joined_utc_ms = excluded.joined_utc_ms",
			   "bbsii", m->sign_pk, (size_t)32, m->box_pk,
			   (size_t)32, m->region, m->invite, now_utc_ms);
	if (x == 0)
		x = read_region(db, m);
	if (x == 0)
		x = set_epoch(db, m, m->epoch + 1);
	m->active = true;
	return x;
}

int roster_grant(struct db *db, struct member *m, uint32_t node_epoch)
{
	uint32_t base = m->epoch;

	/* A hub that was restored knows less than the node. */
	if (node_epoch > base && node_epoch - base < EPOCH_LEAP)
		base = node_epoch;
	return set_epoch(db, m, base + 1);
}

int roster_hello(struct db *db, const char *region,
		 const unsigned char request[REQUEST_ID], bool *again)
{
	int x;

	x = db_run(db, "INSERT INTO hello VALUES (?, ?) ON CONFLICT DO NOTHING",
		   "sb", region, request, (size_t)REQUEST_ID);
	*again = x == 0 && db_changes(db) == 0;
	return x;
}

int roster_contact(struct db *db, const char *region, const struct contact *c)
{
	int64_t off = c->node_utc_ms - c->heard_utc_ms;
	int x;

	x = db_run(db,
		   "INSERT INTO contact (region, heard_utc_ms, clock_off_ms) "
		   "VALUES (?, ?, ?) ON CONFLICT (region) DO UPDATE SET "
		   "heard_utc_ms = excluded.heard_utc_ms, "
		   "clock_off_ms = excluded.clock_off_ms",
		   "sii", region, c->heard_utc_ms, off);
	if (x == 0 && c->has_state)
		x = db_run(db,
			   "UPDATE contact SET waiting = ?, version = ? "
			   "WHERE region = ?",
			   "iss", (int64_t)c->waiting, c->version, region);
	if (x == 0 && c->compared)
		x = db_run(db,
			   "UPDATE contact SET compared_utc_ms = ? "
			   "WHERE region = ?",
			   "is", c->heard_utc_ms, region);
	return x;
}

int roster_compared(struct db *db, const char *region, int64_t *utc_ms)
{
	int x = db_int(db, utc_ms,
		       "SELECT compared_utc_ms FROM contact WHERE region = ?",
		       "s", region);

	return x == E_NOTFOUND ? 0 : x;
}

int roster_find(struct db *db, const char *word, char id[REGION_ID])
{
	int x;

	/* An id goes before a title that happens to be the same. */
	x = db_text(db, id, REGION_ID,
		    "SELECT id FROM region WHERE id = ?1 COLLATE NOCASE OR "
		    "title = ?1 COLLATE NOCASE "
		    "ORDER BY id = ?1 COLLATE NOCASE DESC, id LIMIT 1",
		    "s", word);
	if (x == E_NOTFOUND)
		return err_set(E_NOTFOUND,
			       "There is no region %.40s; see ccfed hub region "
			       "list, or add it first",
			       word);
	return x;
}

int roster_trouble(struct db *db, const char *region, enum trouble kind,
		   const char *what, int64_t now_utc_ms)
{
	return db_run(
		db,
		"INSERT INTO trouble (region, kind, what, first_utc_ms, "
		"last_utc_ms) SELECT id, ?, ?, ?, ? FROM region WHERE id = ? "
		"ON CONFLICT (region, kind, what) DO UPDATE SET "
		"times = times + 1, last_utc_ms = excluded.last_utc_ms",
		"ssiis", kind == TROUBLE_ALARM ? "alarm" : "refusal", what,
		now_utc_ms, now_utc_ms, region);
}

static int read_trouble(struct db *db, int64_t now, struct region_row *row)
{
	char day[DATE_TEXT], age[HUB_AGE_TEXT];
	size_t used = 0;
	struct rows r;
	int x;

	if (row->silent_ms)
		used = (size_t)snprintf(row->trouble, sizeof row->trouble,
					"not heard for %s",
					hub_age(row->silent_ms, age));
	x = db_rows(db, &r,
		    "SELECT what, last_utc_ms FROM trouble "
		    "WHERE region = ?1 AND last_utc_ms > ?2 AND "
		    "(kind = 'alarm' OR last_utc_ms > coalesce((SELECT "
		    "max(received_utc_ms) FROM release WHERE region = ?1), "
		    "-1)) ORDER BY kind, last_utc_ms DESC, id DESC LIMIT 1",
		    "si", row->id, now - trouble_ms);
	if (x == 0)
		x = rows_next(&r);
	if (x == ROWS_ROW)
		snprintf(row->trouble + used, sizeof row->trouble - used,
			 "%s%s: %s", used ? "; " : "",
			 date_format(date_of_utc(rows_int(&r, 1)), day),
			 rows_text(&r, 0));
	rows_end(&r);
	return x < 0 ? x : 0;
}

/* Numbers are through the month that every table has closed. Of a table that
 * starts later there is nothing to close before. */
static int read_closed(struct db *db, const struct catalogue *cat,
		       struct region_row *row)
{
	bool first = true;

	row->closed = -1;
	for (int i = 0; i < catalogue_tables(cat); i++) {
		const struct fact_table *t = catalogue_table(cat, i);
		int32_t closed;
		int x;

		/* It says again what other tables have said. */
		if (t->restates)
			continue;
		x = store_closed(db, row->id, t->id, &closed);

		if (x < 0)
			return x;
		if (closed < t->starts - 1)
			closed = t->starts - 1;
		if (first || closed < row->closed)
			row->closed = closed;
		first = false;
	}
	return 0;
}

static void set_silent(int64_t now, struct region_row *row)
{
	int64_t since = row->heard_utc_ms > row->joined_utc_ms
				? row->heard_utc_ms
				: row->joined_utc_ms;

	if (row->joined && now - since >= HUB_SILENT_MS)
		row->silent_ms = now - since;
}

static int read_row(struct db *db, const struct catalogue *cat, struct rows *r,
		    int64_t now, struct region_row *row)
{
	unsigned char sign_pk[32], box_pk[32];
	struct store_total t;
	int x = 0;

	memset(row, 0, sizeof *row);
	take_text(r, 0, row->id, sizeof row->id);
	take_text(r, 1, row->title, sizeof row->title);
	row->epoch = (uint32_t)rows_int(r, 2);
	row->joined = !rows_null(r, 3);
	row->joined_utc_ms = rows_int(r, 5);
	row->heard_utc_ms = rows_int(r, 6);
	row->clock_off_ms = rows_int(r, 7);
	if (row->joined) {
		x = take_key(r, 3, sign_pk);
		if (x == 0)
			x = take_key(r, 4, box_pk);
		if (x == 0)
			keys_fingerprint(sign_pk, box_pk, row->fingerprint);
	}
	if (x == 0)
		x = store_total(db, row->id, VIEW_OF_TOTALS, &t);
	if (x == 0)
		x = read_closed(db, cat, row);
	if (x < 0)
		return x;
	set_silent(now, row);
	row->releases = t.releases;
	row->events = t.events;
	row->occurrences = t.occurrences;
	return read_trouble(db, now, row);
}

int roster_regions(struct db *db, const struct catalogue *cat,
		   int64_t now_utc_ms,
		   int (*fn)(void *arg, const struct region_row *r), void *arg)
{
	struct region_row row;
	struct rows r;
	int x;

	x = db_rows(db, &r,
		    "SELECT g.id, g.title, g.epoch, n.sign_pk, n.box_pk, "
		    "n.joined_utc_ms, c.heard_utc_ms, c.clock_off_ms "
		    "FROM region g "
		    "LEFT JOIN node n ON n.region = g.id AND "
		    "n.state = 'active' "
		    "LEFT JOIN contact c ON c.region = g.id ORDER BY g.id",
		    NULL);
	while (x == 0 && (x = rows_next(&r)) == ROWS_ROW) {
		x = read_row(db, cat, &r, now_utc_ms, &row);
		if (x == 0)
			x = fn(arg, &row);
	}
	rows_end(&r);
	return x == ROWS_DONE ? 0 : x;
}
