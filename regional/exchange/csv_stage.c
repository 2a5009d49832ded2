/* Rows that passed their checks wait in temporary tables, which db.h keeps in
 * memory. */
#include "regional/exchange/csv_item.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"

static const char drop[] = "DROP TABLE IF EXISTS temp.csv_stage;"
			   "DROP TABLE IF EXISTS temp.csv_key;"
			   "DROP TABLE IF EXISTS temp.csv_order;";
static const char schema[] =
	"CREATE TEMP TABLE csv_stage (seq INTEGER PRIMARY KEY, line INTEGER,"
	" child TEXT, opened INTEGER, first INTEGER, item BLOB);"
	"CREATE INDEX temp.csv_stage_child ON csv_stage (child, first);"
	/* @place: of the row and its group, in the order of writing. */
	"CREATE TEMP TABLE csv_key (kind INTEGER, key TEXT, seq INTEGER,"
	" grp INTEGER, ends INTEGER, day INTEGER, place INTEGER, hash TEXT);"
	"CREATE INDEX temp.csv_key_hash ON csv_key (kind, key, hash)"
	" WHERE hash IS NOT NULL;"
	"CREATE TEMP TABLE csv_order (ord INTEGER PRIMARY KEY,"
	" seq INTEGER UNIQUE);";

int csv_stage_open(struct records *r)
{
	int x = db_script(r->db, drop);

	return x < 0 ? x : db_script(r->db, schema);
}

void csv_stage_close(struct records *r)
{
	db_script(r->db, drop);
}

void csv_stage_hash(struct records *r, const char *what, const void *data,
		    size_t len, char out[CSV_KEY])
{
	unsigned char hash[16];
	crypto_generichash_state s;

	crypto_generichash_init(&s, r->audit_key, sizeof r->audit_key,
				sizeof hash);
	crypto_generichash_update(&s, (const unsigned char *)what,
				  strlen(what) + 1);
	crypto_generichash_update(&s, data, len);
	crypto_generichash_final(&s, hash, sizeof hash);
	sodium_bin2hex(out, CSV_KEY, hash, sizeof hash);
}

/* --- rows --- */

struct key_row {
	enum csv_kind kind;
	const char *key, *hash; /* @hash: of what may be there several times */
	int64_t seq;
	int g;
	bool ends;
	int32_t day;
};

static int add_key(struct records *r, const struct key_row *k)
{
	return db_run(r->db,
		      "INSERT INTO temp.csv_key (kind, key, seq, grp, ends,"
		      " day, hash) VALUES (?, ?, ?, ?, ?,"
		      " nullif(?, -2147483648), ?)",
		      "isiiiis", (int64_t)k->kind, k->key, k->seq,
		      (int64_t)k->g, (int64_t)k->ends, (int64_t)k->day,
		      k->hash);
}

/* Two calls of one day with one person are two contacts, unless they are the
 * same row again: which of those with the same key this is. */
static int count_same(struct records *r, enum csv_kind kind, const char *key,
		      const char *hash, int *nth)
{
	int64_t n = 0;
	int x = db_int(r->db, &n,
		       "SELECT count(DISTINCT hash) FROM temp.csv_key"
		       " WHERE kind = ?1 AND key = ?2 AND hash IS NOT NULL"
		       " AND rowid < ifnull((SELECT min(rowid)"
		       " FROM temp.csv_key WHERE kind = ?1 AND key = ?2"
		       " AND hash = ?3), 9223372036854775807)",
		       "iss", (int64_t)kind, key, hash);

	*nth = (int)n;
	return x;
}

static int make_key(struct records *r, struct csv_staged *it,
		    enum csv_section s, int g, int64_t seq)
{
	char *key = it->key[s][g], hash[CSV_KEY];
	struct key_row row = {
		.kind = s + 1, .key = key, .seq = seq, .g = g, .day = NO_DATE};
	int nth, x = 0;

	csv_key_record(r, it, s, g, 0, key);
	if (s == CSV_OF_NEED) {
		row.ends = it->item.need[g].closed != NO_DATE;
		row.day = csv_row_first(&it->item, g);
	} else if (s == CSV_OF_REFERRAL) {
		return 0;
	} else if (csv_sections[s].repeats) {
		csv_stage_hash(r, csv_sections[s].name,
			       csv_row_record(&it->item, s, g),
			       csv_sections[s].size, hash);
		row.hash = hash;
		x = count_same(r, row.kind, key, hash, &nth);
		if (x == 0)
			x = add_key(r, &row);
		if (x == 0 && nth > 0)
			csv_key_record(r, it, s, g, nth, key);
		return x;
	} else if (s != CSV_OF_SCREENING) {
		return 0;
	}
	return add_key(r, &row);
}

/* Of the last goal of a child hangs that its plan was agreed to. */
static int make_keys(struct records *r, struct csv_staged *it, int64_t seq)
{
	struct key_row row = {.seq = seq, .day = NO_DATE};
	int x;

	csv_key_child(r, &it->item.child, it->child);
	csv_key_case(r, it->child, &it->item.kase, it->kase);
	row.kind = CSV_CHILD;
	row.key = it->child;
	x = add_key(r, &row);
	row.kind = CSV_CASE;
	row.key = it->kase;
	row.ends = it->item.kase.closed != NO_DATE;
	if (x == 0)
		x = add_key(r, &row);
	row.kind = CSV_GOAL;
	row.key = it->child;
	row.ends = false;
	for (int s = CSV_OF_NEED; x == 0 && s < CSV_SECTIONS; s++) {
		for (int g = 0; x == 0 && g < CSV_GROUPS; g++) {
			if (!it->item.has[s][g])
				continue;
			x = make_key(r, it, s, g, seq);
			row.g = g;
			if (x == 0 && s == CSV_OF_GOAL)
				x = add_key(r, &row);
		}
	}
	return x;
}

int csv_stage_add(struct records *r, const struct csv_item *item, int64_t line)
{
	struct csv_staged *it = mem_calloc(1, sizeof *it);
	void *blob = NULL;
	int64_t seq = 0;
	size_t len = 0;
	int x;

	if (!it)
		return err_set(E_NOMEM, "out of memory for a row");
	it->item = *item;
	x = db_int(r->db, &seq,
		   "SELECT ifnull(max(seq), 0) + 1 FROM temp.csv_stage", NULL);
	if (x == 0)
		x = make_keys(r, it, seq);
	if (x == 0)
		x = csv_key_pack(it, &blob, &len);
	if (x == 0)
		x = db_run(r->db,
			   "INSERT INTO temp.csv_stage (seq, line, child,"
			   " opened, first, item) VALUES (?, ?, ?,"
			   " nullif(?, -2147483648), nullif(?, -2147483648),"
			   " ?)",
			   "iisiib", seq, line, it->child,
			   (int64_t)item->kase.opened, (int64_t)item->first,
			   (const void *)blob, len);
	mem_free(blob);
	mem_free(it);
	return x;
}

int csv_stage_sort(struct records *r, int64_t *count)
{
	int x = db_script(
		r->db,
		"INSERT INTO temp.csv_order (seq) SELECT s.seq"
		" FROM temp.csv_stage s JOIN (SELECT child, min(seq) AS first"
		" FROM temp.csv_stage GROUP BY child) c ON c.child = s.child"
		" ORDER BY c.first, ifnull(s.opened, -2147483648), s.seq;"
		"UPDATE temp.csv_key SET place = grp + 6 * (SELECT ord"
		" FROM temp.csv_order o WHERE o.seq = csv_key.seq);"
		"CREATE INDEX temp.csv_key_place"
		" ON csv_key (kind, key, place);");

	_Static_assert(CSV_GROUPS == 6, "the SQL has it as a number");
	return x < 0 ? x
		     : db_int(r->db, count,
			      "SELECT count(*) FROM temp.csv_order", NULL);
}

int csv_stage_next(struct records *r, int64_t ord, struct csv_staged *out)
{
	const void *blob;
	struct rows rows;
	size_t len;
	int x;

	x = db_rows(r->db, &rows,
		    "SELECT o.ord, s.line, s.item FROM temp.csv_order o"
		    " JOIN temp.csv_stage s ON s.seq = o.seq WHERE o.ord > ?"
		    " ORDER BY o.ord LIMIT 1",
		    "i", ord);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		out->ord = rows_int(&rows, 0);
		out->line = rows_int(&rows, 1);
		blob = rows_blob(&rows, 2, &len);
		csv_key_unpack(blob, len, out);
		csv_key_child(r, &out->item.child, out->child);
		csv_key_case(r, out->child, &out->item.kase, out->kase);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = CSV_STAGE_END;
	}
	rows_end(&rows);
	return x;
}

int csv_stage_last(struct records *r, enum csv_kind kind, const char *key,
		   int64_t place, bool *out)
{
	int64_t more = 0;
	int x = db_int(r->db, &more,
		       "SELECT EXISTS (SELECT 1 FROM temp.csv_key"
		       " WHERE kind = ? AND key = ? AND place > ?)",
		       "isi", (int64_t)kind, key, place);

	*out = !more;
	return x;
}

/* Give the item of each row of @rows to @fn. */
static int each_item(struct rows *rows,
		     int (*fn)(void *arg, const struct csv_item *item,
			       int group),
		     void *arg)
{
	struct csv_staged *it = mem_calloc(1, sizeof *it);
	size_t len;
	int x;

	if (!it)
		return err_set(E_NOMEM, "out of memory for a row");
	while ((x = rows_next(rows)) == ROWS_ROW) {
		const void *blob = rows_blob(rows, 0, &len);

		csv_key_unpack(blob, len, it);
		x = fn(arg, &it->item, (int)rows_int(rows, 1));
		if (x != 0)
			break;
	}
	mem_free(it);
	return x == ROWS_DONE ? 0 : x;
}

struct ending {
	struct csv_item *out;
	int *group;
	bool found;
};

static int take_ending(void *arg, const struct csv_item *item, int group)
{
	struct ending *e = arg;

	*e->out = *item;
	*e->group = group;
	e->found = true;
	return 0;
}

int csv_stage_ending(struct records *r, enum csv_kind kind, const char *key,
		     int64_t place, struct csv_item *out, int *group)
{
	struct ending e = {out, group, false};
	struct rows rows;
	int x;

	x = db_rows(r->db, &rows,
		    "SELECT s.item, k.grp FROM temp.csv_key k"
		    " JOIN temp.csv_stage s ON s.seq = k.seq WHERE k.kind = ?"
		    " AND k.key = ? AND k.place <= ? AND k.ends"
		    " ORDER BY k.place DESC LIMIT 1",
		    "isi", (int64_t)kind, key, place);
	if (x == 0)
		x = each_item(&rows, take_ending, &e);
	rows_end(&rows);
	return x < 0 ? x : e.found ? 0 : CSV_STAGE_END;
}

int csv_stage_each(struct records *r, enum csv_kind kind, const char *key,
		   int (*fn)(void *arg, const struct csv_item *item, int group),
		   void *arg)
{
	struct rows rows;
	int x;

	x = db_rows(r->db, &rows,
		    "SELECT s.item, k.grp FROM temp.csv_key k"
		    " JOIN temp.csv_stage s ON s.seq = k.seq WHERE k.kind = ?"
		    " AND k.key = ? ORDER BY k.place",
		    "is", (int64_t)kind, key);
	if (x == 0)
		x = each_item(&rows, fn, arg);
	rows_end(&rows);
	return x;
}

int csv_stage_first(struct records *r, const char *child, int32_t *out)
{
	int64_t day = 0;
	int x = db_int(r->db, &day,
		       "SELECT first FROM temp.csv_stage WHERE child = ?"
		       " AND first IS NOT NULL ORDER BY first LIMIT 1",
		       "s", child);

	*out = x == 0 ? (int32_t)day : NO_DATE;
	return x == E_NOTFOUND ? 0 : x;
}

int csv_stage_found(struct records *r, const char *need, int32_t *out)
{
	int64_t day = 0;
	int x = db_int(r->db, &day,
		       "SELECT day FROM temp.csv_key WHERE kind = ?"
		       " AND key = ? AND day IS NOT NULL ORDER BY day LIMIT 1",
		       "is", (int64_t)CSV_NEED, need);

	*out = x == 0 ? (int32_t)day : NO_DATE;
	return x == E_NOTFOUND ? 0 : x;
}
