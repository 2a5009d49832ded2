/* Rows that passed their checks wait in temporary tables, which db.h keeps in
 * memory. What a row is about is known by keyed hashes: of the sheet's own
 * numbers where there are any, else of what does not change. */
#include "regional/exchange/csv_item.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"

static const char drop[] = "DROP TABLE IF EXISTS temp.csv_stage;"
			   "DROP TABLE IF EXISTS temp.csv_key;"
			   "DROP TABLE IF EXISTS temp.csv_order;";
static const char schema[] =
	"CREATE TEMP TABLE csv_stage (seq INTEGER PRIMARY KEY, line INTEGER,"
	" child TEXT, opened INTEGER, first INTEGER, item BLOB);"
	"CREATE INDEX temp.csv_stage_child ON csv_stage (child, first);"
	/* @place: of the row and its group, in the order of writing. */
	"CREATE TEMP TABLE csv_key (kind INTEGER, key TEXT, seq INTEGER,"
	" grp INTEGER, ends INTEGER, day INTEGER, place INTEGER);"
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

/* --- keys --- */

/* A number of the sheet's may stand in two columns, so names and birth dates
 * are never mixed with it. */
static void child_key(struct records *r, const struct csv_child *c,
		      char out[CSV_KEY])
{
	struct {
		char given[NAME_TEXT], family[NAME_TEXT];
		int32_t birth;
	} who;

	if (*c->source_id) {
		csv_stage_hash(r, "child by number", c->source_id,
			       strlen(c->source_id), out);
		return;
	}
	memset(&who, 0, sizeof who);
	memcpy(who.given, c->given, sizeof who.given);
	memcpy(who.family, c->family, sizeof who.family);
	who.birth = c->birth;
	csv_stage_hash(r, "child by name", &who, sizeof who, out);
}

static void need_key(struct records *r, const char *child,
		     const struct csv_need *n, char out[CSV_KEY])
{
	struct {
		char child[CSV_KEY], source_id[CSV_ID], domain[VOCABULARY_ID];
		int32_t found;
	} is;

	memset(&is, 0, sizeof is);
	memcpy(is.child, child, sizeof is.child);
	memcpy(is.source_id, n->source_id, sizeof is.source_id);
	if (!*n->source_id) {
		memcpy(is.domain, n->domain, sizeof is.domain);
		is.found = n->found;
	}
	csv_stage_hash(r, "need", &is, sizeof is, out);
}

static void referral_key(struct records *r, const char *child, const char *need,
			 const struct csv_referral *f, char out[CSV_KEY])
{
	struct {
		char of[CSV_KEY], source_id[CSV_ID];
		char organization[NAME_TEXT], service[NAME_TEXT];
		int32_t drafted, sent;
	} is;

	memset(&is, 0, sizeof is);
	memcpy(is.of, *f->source_id ? child : need, sizeof is.of);
	memcpy(is.source_id, f->source_id, sizeof is.source_id);
	if (!*f->source_id) {
		memcpy(is.organization, f->organization,
		       sizeof is.organization);
		memcpy(is.service, f->service, sizeof is.service);
		is.drafted = f->drafted;
		is.sent = f->sent;
	}
	csv_stage_hash(r, "referral", &is, sizeof is, out);
}

/* An episode is known by its day. */
static void case_key(struct records *r, const char *child,
		     const struct csv_case *k, char out[CSV_KEY])
{
	struct {
		char child[CSV_KEY];
		int32_t opened;
	} is;

	memset(&is, 0, sizeof is);
	memcpy(is.child, child, sizeof is.child);
	is.opened = k->opened;
	csv_stage_hash(r, "case", &is, sizeof is, out);
}

static void make_keys(struct records *r, struct csv_staged *it)
{
	child_key(r, &it->item.child, it->child);
	case_key(r, it->child, &it->item.kase, it->kase);
	for (int g = 0; g < CSV_GROUPS; g++) {
		const struct csv_group *is = &it->item.group[g];

		it->need[g][0] = it->referral[g][0] = '\0';
		if (is->has_need)
			need_key(r, it->child, &is->need, it->need[g]);
		if (is->has_referral)
			referral_key(r, it->child, it->need[g], &is->referral,
				     it->referral[g]);
	}
}

/* --- rows --- */

static int add_key(struct records *r, enum csv_kind kind, const char *key,
		   int64_t seq, int g, bool ends, int32_t day)
{
	return db_run(r->db,
		      "INSERT INTO temp.csv_key (kind, key, seq, grp, ends,"
		      " day) VALUES (?, ?, ?, ?, ?, nullif(?, -2147483648))",
		      "isiiii", (int64_t)kind, key, seq, (int64_t)g,
		      (int64_t)ends, (int64_t)day);
}

/* Without the zeros at the end. */
static size_t used_size(const struct csv_item *item)
{
	const unsigned char *p = (const unsigned char *)item;
	size_t n = sizeof *item;

	while (n > 1 && p[n - 1] == 0)
		n--;
	return n;
}

int csv_stage_add(struct records *r, const struct csv_item *item, int64_t line)
{
	struct csv_staged it = {.item = *item};
	int64_t seq;
	int x;

	make_keys(r, &it);
	x = db_run(r->db,
		   "INSERT INTO temp.csv_stage (line, child, opened, first,"
		   " item) VALUES (?, ?, nullif(?, -2147483648),"
		   " nullif(?, -2147483648), ?)",
		   "isiib", line, it.child, (int64_t)item->kase.opened,
		   (int64_t)item->first, (const void *)item, used_size(item));
	if (x < 0)
		return x;
	seq = db_last_id(r->db);
	x = add_key(r, CSV_CHILD, it.child, seq, 0, false, NO_DATE);
	if (x == 0)
		x = add_key(r, CSV_CASE, it.kase, seq, 0,
			    item->kase.closed != NO_DATE, NO_DATE);
	for (int g = 0; x == 0 && g < CSV_GROUPS; g++) {
		if (item->group[g].has_need)
			x = add_key(r, CSV_NEED, it.need[g], seq, g,
				    item->group[g].need.closed != NO_DATE,
				    csv_row_first(item, g));
	}
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

static void item_into(struct rows *rows, int col, struct csv_item *out)
{
	size_t len;
	const void *blob = rows_blob(rows, col, &len);

	memset(out, 0, sizeof *out);
	if (blob && len <= sizeof *out)
		memcpy(out, blob, len);
}

int csv_stage_next(struct records *r, int64_t ord, struct csv_staged *out)
{
	struct rows rows;
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
		item_into(&rows, 2, &out->item);
		make_keys(r, out);
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

int csv_stage_ending(struct records *r, enum csv_kind kind, const char *key,
		     int64_t place, struct csv_item *out, int *group)
{
	struct rows rows;
	int x;

	x = db_rows(r->db, &rows,
		    "SELECT s.item, k.grp FROM temp.csv_key k"
		    " JOIN temp.csv_stage s ON s.seq = k.seq WHERE k.kind = ?"
		    " AND k.key = ? AND k.place <= ? AND k.ends"
		    " ORDER BY k.place DESC LIMIT 1",
		    "isi", (int64_t)kind, key, place);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		item_into(&rows, 0, out);
		*group = (int)rows_int(&rows, 1);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = CSV_STAGE_END;
	}
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
