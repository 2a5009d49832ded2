/* What was read waits in temporary tables, which db.h keeps in memory: SQL
 * puts it in order, finds the last of several copies, and follows references
 * across files without another container. */
#include "regional/exchange/fhir_item.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"

enum {
	RANK_SHIFT = 40, /* ord: rank, then the order of reading */
	RANK_STEPS = 8,	 /* of one kind */
	RANK_CLOSING = FHIR_KINDS * RANK_STEPS,
	ANY_FILE = -1
};

static const char schema[] =
	"DROP TABLE IF EXISTS temp.fhir_stage;"
	"DROP TABLE IF EXISTS temp.fhir_alias;"
	"DROP TABLE IF EXISTS temp.fhir_file;"
	"DROP TABLE IF EXISTS temp.fhir_answer;"
	"DROP TABLE IF EXISTS temp.fhir_scan;"
	"CREATE TEMP TABLE fhir_scan (seq INTEGER PRIMARY KEY, file INTEGER,"
	" data TEXT);"
	"CREATE TEMP TABLE fhir_answer (id TEXT PRIMARY KEY);"
	"CREATE TEMP TABLE fhir_file (id INTEGER PRIMARY KEY, path TEXT);"
	"CREATE TEMP TABLE fhir_stage (ord INTEGER PRIMARY KEY, seq INTEGER,"
	" kind INTEGER, id TEXT, file INTEGER, line INTEGER, entry INTEGER,"
	" closing INTEGER, problem INTEGER, day INTEGER, child TEXT,"
	" focus TEXT, reason TEXT, item BLOB, visit TEXT);"
	"CREATE INDEX temp.fhir_stage_visit ON fhir_stage (visit)"
	" WHERE visit IS NOT NULL;"
	"CREATE INDEX temp.fhir_stage_key ON fhir_stage (kind, id, seq);"
	"CREATE INDEX temp.fhir_stage_child ON fhir_stage (child, day)"
	" WHERE child IS NOT NULL;"
	"CREATE INDEX temp.fhir_stage_focus ON fhir_stage (focus, day)"
	" WHERE focus IS NOT NULL;"
	"CREATE INDEX temp.fhir_stage_reason ON fhir_stage (reason, day)"
	" WHERE reason IS NOT NULL;"
	/* An id of '': several have this name, so it names none. */
	"CREATE TEMP TABLE fhir_alias (type TEXT, name TEXT, file INTEGER,"
	" id TEXT, of_file INTEGER, PRIMARY KEY (type, name, file));"
	"CREATE INDEX temp.fhir_alias_id ON fhir_alias (type, id);";

int fhir_stage_open(struct fhir_stage *s, struct records *r, const char *source)
{
	memset(s, 0, sizeof *s);
	s->r = r;
	s->source = source;
	return db_script(r->db, schema);
}

void fhir_stage_close(struct fhir_stage *s)
{
	if (s->r)
		db_script(s->r->db, "DROP TABLE IF EXISTS temp.fhir_stage;"
				    "DROP TABLE IF EXISTS temp.fhir_alias;"
				    "DROP TABLE IF EXISTS temp.fhir_answer;"
				    "DROP TABLE IF EXISTS temp.fhir_scan;"
				    "DROP TABLE IF EXISTS temp.fhir_file;");
	s->r = NULL;
}

int fhir_stage_file(struct fhir_stage *s, const char *path)
{
	s->file++;
	return db_run(s->r->db, "INSERT INTO temp.fhir_file VALUES (?, ?)",
		      "is", s->file, path);
}

int fhir_stage_forget(struct fhir_stage *s)
{
	int x = db_run(s->r->db, "DELETE FROM temp.fhir_stage WHERE file = ?",
		       "i", s->file);

	if (x == 0)
		x = db_run(s->r->db,
			   "DELETE FROM temp.fhir_scan WHERE file = ?", "i",
			   s->file);
	if (x < 0)
		return x;
	return db_run(s->r->db, "DELETE FROM temp.fhir_alias WHERE of_file = ?",
		      "i", s->file);
}

/* Several tasks of one request are written in the order of their states: of
 * two that were authored on one day the accepted comes before the completed. */
static int64_t rank_of(const struct fhir_item *item)
{
	int64_t rank = (int64_t)item->kind * RANK_STEPS;

	if (item->kind == FHIR_KIND_OBSERVATION) /* panels come first */
		return rank + !*item->u.screen.instrument;
	if (item->kind != FHIR_KIND_TASK)
		return rank;
	switch (item->u.task.state) {
	case REFERRAL_DRAFT:
	case REFERRAL_REQUESTED:
		return rank;
	case REFERRAL_ACCEPTED:
		return rank + 1;
	case REFERRAL_IN_PROGRESS:
	case REFERRAL_ON_HOLD:
		return rank + 2;
	case REFERRAL_ENTERED_IN_ERROR:
		return rank + 4;
	default:
		return rank + 3;
	}
}

static bool comes_again(const struct fhir_item *item)
{
	if (item->problem != FHIR_OK)
		return false;
	if (item->kind == FHIR_KIND_CONDITION)
		return item->u.condition.clinical == FHIR_RESOLVED;
	return item->kind <= FHIR_KIND_SERVICE && !item->u.organization.active;
}

static int add_alias(struct fhir_stage *s, const char *type, const char *name,
		     int64_t file, const char *id)
{
	return db_run(s->r->db,
		      "INSERT INTO temp.fhir_alias VALUES (?, ?, ?, ?, ?)"
		      " ON CONFLICT DO UPDATE SET"
		      " id = iif(id = excluded.id, id, '')",
		      "ssisi", type, name, file, id, s->file);
}

static int add_aliases(struct fhir_stage *s, const struct fhir_item *item)
{
	const char *type = fhir_kind_text(item->kind);
	int x = 0;

	if (item->problem != FHIR_OK)
		return 0;
	if (*item->bundle_id)
		x = add_alias(s, type, item->bundle_id, s->file, item->id);
	for (int i = 0; x == 0 && i < FHIR_ALIASES && *item->alias[i]; i++)
		x = add_alias(s, type, item->alias[i], ANY_FILE, item->id);
	return x;
}

static const char *name_in(const struct fhir_ref *ref, const char *type)
{
	if (!*ref->id || (*ref->type && strcmp(ref->type, type) != 0))
		return NULL;
	return ref->id;
}

struct links {
	const char *child, *focus, *reason, *visit;
};

/* Whose it is; NULL: nobody's. */
static const struct fhir_ref *child_of(const struct fhir_item *item)
{
	switch (item->kind) {
	case FHIR_KIND_PERSON:
		return &item->u.person.child;
	case FHIR_KIND_COVERAGE:
		return &item->u.coverage.child;
	case FHIR_KIND_CONSENT:
		return &item->u.consent.child;
	case FHIR_KIND_CONDITION:
		return &item->u.condition.child;
	case FHIR_KIND_REQUEST:
		return &item->u.request.child;
	case FHIR_KIND_TASK:
		return &item->u.task.child;
	case FHIR_KIND_PROCEDURE:
		return &item->u.procedure.child;
	case FHIR_KIND_ENCOUNTER:
		return &item->u.encounter.child;
	case FHIR_KIND_ANSWERED:
	case FHIR_KIND_OBSERVATION:
		return &item->u.screen.child;
	case FHIR_KIND_GOAL:
		return &item->u.goal.child;
	case FHIR_KIND_PLAN:
		return &item->u.plan.self.child;
	case FHIR_KIND_TEAM:
		return &item->u.team.child;
	default:
		return NULL;
	}
}

static struct links links_of(const struct fhir_item *item)
{
	struct links l = {NULL, NULL, NULL, NULL};
	const struct fhir_ref *child = child_of(item);

	if (child)
		l.child = name_in(child, "Patient");
	if (item->kind == FHIR_KIND_CONDITION) {
		l.visit = name_in(&item->u.condition.visit, "Encounter");
	} else if (item->kind == FHIR_KIND_REQUEST) {
		l.reason = name_in(&item->u.request.reason[0], "Condition");
	} else if (item->kind == FHIR_KIND_TASK) {
		l.focus = name_in(&item->u.task.focus, "ServiceRequest");
		l.reason = name_in(&item->u.task.reason, "Condition");
	}
	return l;
}

/* Without the zeros at the end: a hundred thousand tasks stay small. */
static size_t used_size(const struct fhir_item *item)
{
	const unsigned char *u = (const unsigned char *)&item->u;
	size_t n = fhir_item_size(item->kind);

	while (n > 1 && u[n - 1] == 0)
		n--;
	return n;
}

static int add_row(struct fhir_stage *s, const struct fhir_item *item,
		   int64_t line, int64_t entry, bool closing)
{
	int64_t rank = closing ? RANK_CLOSING : rank_of(item);
	struct links l = links_of(item);

	return db_run(s->r->db,
		      "INSERT INTO temp.fhir_stage VALUES (?, ?, ?, ?, ?, ?, ?,"
		      " ?, ?, nullif(?, -2147483648), ?, ?, ?, ?, ?)",
		      "iiisiiiiiisssbs", rank << RANK_SHIFT | s->seq, s->seq,
		      (int64_t)item->kind, item->id, s->file, line, entry,
		      (int64_t)closing, (int64_t)item->problem,
		      (int64_t)item->day, l.child, l.focus, l.reason,
		      (const void *)&item->u, used_size(item), l.visit);
}

int fhir_stage_add(struct fhir_stage *s, const struct fhir_item *item,
		   int64_t line, int64_t entry)
{
	int x;

	s->seq++;
	x = add_row(s, item, line, entry, false);
	if (x == 0 && comes_again(item))
		x = add_row(s, item, line, entry, true);
	if (x == 0)
		x = fhir_stage_scan(s, item);
	return x < 0 ? x : add_aliases(s, item);
}

/* ?1 the name, ?2 the file, ?3 the type, ?4 the source. */
#define FOLLOW(name, file, type, source)                                    \
	"coalesce((SELECT a.id FROM temp.fhir_alias a WHERE a.type = " type \
	" AND a.name = " name " AND a.file IN (" file                       \
	", -1) ORDER BY a.file DESC LIMIT 1), (SELECT p.source_id"          \
	" FROM main.import_alias p WHERE p.source = " source                \
	" AND p.type = " type " AND p.alias = " name "), " name ")"

int fhir_stage_resolve(struct fhir_stage *s)
{
	static const char *const sql[] = {
		"UPDATE temp.fhir_stage SET child = " FOLLOW(
			"child", "file", "'Patient'",
			"?") " WHERE child IS NOT NULL",
		"UPDATE temp.fhir_stage SET focus = " FOLLOW(
			"focus", "file", "'ServiceRequest'",
			"?") " WHERE focus IS NOT NULL",
		"UPDATE temp.fhir_stage SET reason = " FOLLOW(
			"reason", "file", "'Condition'",
			"?") " WHERE reason IS NOT NULL",
		"UPDATE temp.fhir_stage SET visit = " FOLLOW(
			"visit", "file", "'Encounter'",
			"?") " WHERE visit IS NOT NULL",
	};
	int x = 0;

	for (int i = 0; x == 0 && i < 4; i++)
		x = db_run(s->r->db, sql[i], "s", s->source);
	return x;
}

int fhir_stage_count(struct fhir_stage *s, int64_t *out)
{
	return db_int(s->r->db, out, "SELECT count(*) FROM temp.fhir_stage",
		      NULL);
}

static void text_into(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text ? text : "");
}

static void row_into(struct rows *rows, struct fhir_staged *out)
{
	const void *blob;
	size_t len;

	memset(out, 0, sizeof *out);
	out->ord = rows_int(rows, 0);
	out->seq = rows_int(rows, 1);
	out->item.kind = (enum fhir_kind)rows_int(rows, 2);
	text_into(out->item.id, FHIR_ID, rows_text(rows, 3));
	out->file = rows_int(rows, 4);
	out->line = rows_int(rows, 5);
	out->entry = rows_int(rows, 6);
	out->closing = rows_int(rows, 7) != 0;
	out->item.problem = (enum fhir_reason)rows_int(rows, 8);
	out->item.day = rows_null(rows, 9) ? NO_DATE
					   : (int32_t)rows_int(rows, 9);
	text_into(out->child, FHIR_ID, rows_text(rows, 10));
	text_into(out->focus, FHIR_ID, rows_text(rows, 11));
	blob = rows_blob(rows, 12, &len);
	if (blob && len <= sizeof out->item.u)
		memcpy(&out->item.u, blob, len);
}

int fhir_stage_next(struct fhir_stage *s, int64_t ord, struct fhir_staged *out)
{
	struct rows rows;
	int x;

	x = db_rows(s->r->db, &rows,
		    "SELECT ord, seq, kind, id, file, line, entry, closing,"
		    " problem, day, child, focus, item FROM temp.fhir_stage"
		    " WHERE ord > ? ORDER BY ord LIMIT 1",
		    "i", ord);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		row_into(&rows, out);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = FHIR_STAGE_END;
	}
	rows_end(&rows);
	return x;
}

int fhir_stage_path(struct fhir_stage *s, int64_t file, char *out, size_t size)
{
	return db_text(s->r->db, out, size,
		       "SELECT path FROM temp.fhir_file WHERE id = ?", "i",
		       file);
}

int fhir_stage_repeat(struct fhir_stage *s, const struct fhir_staged *it)
{
	int64_t same;
	int x;

	x = db_int(s->r->db, &same,
		   "SELECT b.item = a.item AND b.problem = a.problem"
		   " FROM temp.fhir_stage b, temp.fhir_stage a"
		   " WHERE b.kind = ?1 AND b.id = ?2 AND b.seq > ?3"
		   " AND b.closing = 0 AND a.ord = ?4"
		   " ORDER BY b.seq DESC LIMIT 1",
		   "isii", (int64_t)it->item.kind, it->item.id, it->seq,
		   it->ord);
	if (x == E_NOTFOUND)
		return FHIR_OK;
	if (x < 0)
		return x;
	return same ? FHIR_SAME : FHIR_REPEATED;
}

int fhir_stage_name(struct fhir_stage *s, const struct fhir_ref *ref,
		    int64_t file, const char *type, char out[FHIR_ID])
{
	const char *name = name_in(ref, type);
	int x;

	if (!name)
		return FHIR_STAGE_END;
	x = db_text(s->r->db, out, FHIR_ID,
		    "SELECT " FOLLOW("?1", "?2", "?3", "?4"), "siss", name,
		    file, type, s->source);
	return x == 0 && !*out ? FHIR_STAGE_END : x;
}

int fhir_stage_has(struct fhir_stage *s, enum fhir_kind kind, const char *id,
		   bool *out)
{
	int64_t n = 0;
	int x;

	x = db_int(s->r->db, &n,
		   "SELECT EXISTS (SELECT 1 FROM temp.fhir_stage"
		   " WHERE kind = ? AND id = ?)",
		   "is", (int64_t)kind, id);
	*out = n != 0;
	return x;
}

static int day_of(int x, int64_t day, int32_t *out)
{
	*out = x == 0 ? (int32_t)day : NO_DATE;
	return x == E_NOTFOUND ? 0 : x;
}

int fhir_stage_first(struct fhir_stage *s, const char *child, int32_t *out)
{
	int64_t day = 0;
	int x = db_int(s->r->db, &day,
		       "SELECT s.day FROM temp.fhir_stage s WHERE s.child = ?1"
		       " AND s.day IS NOT NULL AND s.problem = 0"
		       /* A visit or a screening by itself opens no case. */
		       " AND s.kind IN (?2, ?3, ?4, ?5, ?6)"
		       /* Another reason may make it no referral of ours. */
		       " AND (s.reason IS NULL OR EXISTS (SELECT 1"
		       " FROM temp.fhir_stage c WHERE c.kind = ?2"
		       " AND c.id = s.reason AND c.problem = 0))"
		       " ORDER BY s.day LIMIT 1",
		       "siiiii", child, (int64_t)FHIR_KIND_CONDITION,
		       (int64_t)FHIR_KIND_REQUEST, (int64_t)FHIR_KIND_TASK,
		       (int64_t)FHIR_KIND_GOAL, (int64_t)FHIR_KIND_PLAN);

	return day_of(x, day, out);
}

int fhir_stage_sent(struct fhir_stage *s, const char *request, int32_t *out)
{
	int64_t day = 0;
	int x = db_int(s->r->db, &day,
		       "SELECT day FROM temp.fhir_stage WHERE focus = ?"
		       " AND day IS NOT NULL AND problem = 0"
		       " ORDER BY day LIMIT 1",
		       "s", request);

	return day_of(x, day, out);
}

int fhir_stage_cited(struct fhir_stage *s, const char *condition, int32_t *out)
{
	int64_t day = 0;
	int x;

	x = db_int(s->r->db, &day,
		   "SELECT day FROM (SELECT day FROM temp.fhir_stage"
		   " WHERE reason = ?1 AND problem = 0 UNION ALL"
		   " SELECT t.day FROM temp.fhir_stage q"
		   " JOIN temp.fhir_stage t ON t.focus = q.id"
		   " WHERE q.reason = ?1 AND q.kind = ?2 AND t.problem = 0)"
		   " WHERE day IS NOT NULL ORDER BY day LIMIT 1",
		   "si", condition, (int64_t)FHIR_KIND_REQUEST);
	return day_of(x, day, out);
}

int fhir_stage_get(struct fhir_stage *s, enum fhir_kind kind, const char *id,
		   struct fhir_item *out)
{
	struct rows rows;
	const void *blob;
	size_t len;
	int x;

	memset(out, 0, sizeof *out);
	x = db_rows(s->r->db, &rows,
		    "SELECT problem, item FROM temp.fhir_stage WHERE kind = ?"
		    " AND id = ? AND closing = 0 ORDER BY seq DESC LIMIT 1",
		    "is", (int64_t)kind, id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		out->kind = kind;
		out->problem = (enum fhir_reason)rows_int(&rows, 0);
		blob = rows_blob(&rows, 1, &len);
		if (blob && len <= sizeof out->u)
			memcpy(&out->u, blob, len);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = FHIR_STAGE_END;
	}
	rows_end(&rows);
	return x;
}

int fhir_stage_crisis(struct fhir_stage *s, const char *visit, bool *out)
{
	int64_t n = 0;
	int x;

	/* Conditions have a visit here only if they are behavioral. */
	x = db_int(s->r->db, &n,
		   "SELECT EXISTS (SELECT 1 FROM temp.fhir_stage"
		   " WHERE visit = ?)",
		   "s", visit);
	*out = n != 0;
	return x;
}

int fhir_stage_answer(struct fhir_stage *s, const char *id)
{
	return db_run(s->r->db,
		      "INSERT INTO temp.fhir_answer VALUES (?)"
		      " ON CONFLICT DO NOTHING",
		      "s", id);
}

int fhir_stage_is_answer(struct fhir_stage *s, const char *id, bool *out)
{
	int64_t n = 0;
	int x;

	x = db_int(s->r->db, &n,
		   "SELECT EXISTS (SELECT 1 FROM temp.fhir_answer"
		   " WHERE id = ?)",
		   "s", id);
	*out = n != 0;
	return x;
}

int fhir_stage_service_day(struct fhir_stage *s, const char *id, int32_t *out)
{
	struct fhir_item found;
	int x = fhir_stage_get(s, FHIR_KIND_PROCEDURE, id, &found);

	*out = x == 0 && found.problem == FHIR_OK ? found.u.procedure.on
						  : NO_DATE;
	return x < 0 ? x : 0;
}

int fhir_stage_owner(struct fhir_stage *s, const char *request,
		     struct fhir_ref *owner, int64_t *file)
{
	struct rows rows;
	int x;

	x = db_rows(s->r->db, &rows,
		    "SELECT item, file FROM temp.fhir_stage WHERE focus = ?"
		    " AND kind = ? AND problem = 0 ORDER BY ord DESC",
		    "si", request, (int64_t)FHIR_KIND_TASK);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		struct fhir_task t;
		size_t len;
		const void *blob = rows_blob(&rows, 0, &len);

		x = 0;
		if (!blob || len > sizeof t)
			continue;
		memset(&t, 0, sizeof t);
		memcpy(&t, blob, len);
		if (!*t.owner.id)
			continue;
		*owner = t.owner;
		*file = rows_int(&rows, 1);
		rows_end(&rows);
		return 0;
	}
	rows_end(&rows);
	return x == ROWS_DONE ? FHIR_STAGE_END : x;
}
