/* The part of db.h that runs statements. */
#include "daemon/core/db_impl.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/arena.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"

enum {
	ENTRIES_MAX = 1024, /* beyond that, statements are not kept */
	LOOSE = -1	    /* entry of a statement that is not kept */
};

static unsigned bucket_of(const char *sql)
{
	unsigned h = 2166136261u; /* FNV-1a */

	for (; *sql; sql++)
		h = (h ^ (unsigned char)*sql) * 16777619u;
	return h % DB_BUCKETS;
}

/* A busy one is passed over: the same SQL may be open in an outer loop, and
 * then has a second entry. */
static int find_idle(struct db *db, const char *sql)
{
	int i = db->bucket[bucket_of(sql)];

	while (i >= 0 && (db->entry[i].busy || strcmp(db->entry[i].sql, sql)))
		i = db->entry[i].next;
	return i;
}

/* Definitions bring their own SQL, so what is wrong with it is a result, never
 * an assertion. A second statement behind the first would never run: refuse. */
static int prepare(struct db *db, const char *sql, sqlite3_stmt **out)
{
	const char *tail;
	/* PERSISTENT: it will live long, so not from lookaside memory. */
	int rc = sqlite3_prepare_v3(db->conn, sql, -1,
				    SQLITE_PREPARE_PERSISTENT, out, &tail);

	if (rc != SQLITE_OK)
		return db_fail(db, rc);
	if (!*out || tail[strspn(tail, " \t\r\n;")]) {
		sqlite3_finalize(*out);
		*out = NULL;
		return err_set(E_INVALID, "database: not one statement");
	}
	return 0;
}

/* Keep @stmt for the next time. If there is no memory or too many are kept,
 * it stays loose: nothing is lost but the time to prepare it again. */
static int keep(struct db *db, const char *sql, sqlite3_stmt *stmt)
{
	unsigned b = bucket_of(sql);
	struct entry *e;
	char *copy;

	if (db->n_entries == ENTRIES_MAX)
		return LOOSE;
	if (db->n_entries == db->room) {
		int room = db->room ? db->room * 2 : 32;

		e = mem_realloc(db->entry, (size_t)room * sizeof *e);
		if (!e)
			return LOOSE;
		db->entry = e;
		db->room = room;
	}
	/* The caller's text may be on its stack, and the key must outlive it. */
	copy = mem_strdup(sql);
	if (!copy)
		return LOOSE;
	e = &db->entry[db->n_entries];
	*e = (struct entry){stmt, copy, true, db->bucket[b]};
	db->bucket[b] = db->n_entries;
	return db->n_entries++;
}

/* Copied (TRANSIENT), because the caller's values may be gone by the time that
 * the rows are read. */
static int bind_all(struct db *db, sqlite3_stmt *stmt, const char *fmt,
		    va_list ap)
{
	int n = fmt ? (int)strlen(fmt) : 0;
	int rc = SQLITE_OK;

	/* SQLite would take a value left out for NULL, in silence. */
	if (sqlite3_bind_parameter_count(stmt) != n)
		return err_set(
			E_USAGE,
			"database: the statement takes %d values, not %d",
			sqlite3_bind_parameter_count(stmt), n);
	for (int i = 1; i <= n && rc == SQLITE_OK; i++) {
		const void *p;

		switch (fmt[i - 1]) {
		case 'i':
			rc = sqlite3_bind_int64(stmt, i, va_arg(ap, int64_t));
			break;
		case 'd':
			rc = sqlite3_bind_double(stmt, i, va_arg(ap, double));
			break;
		case 's':
			p = va_arg(ap, const char *);
			rc = sqlite3_bind_text(stmt, i, p, -1,
					       SQLITE_TRANSIENT);
			break;
		case 'b':
			p = va_arg(ap, const void *);
			rc = sqlite3_bind_blob64(stmt, i, p, va_arg(ap, size_t),
						 SQLITE_TRANSIENT);
			break;
		default:
			assert(fmt[i - 1] == 'n');
			rc = sqlite3_bind_null(stmt, i);
		}
	}
	return rc == SQLITE_OK ? 0 : db_fail(db, rc);
}

/* Everything that runs a statement begins here. */
static int rows_open(struct db *db, struct rows *r, const char *sql,
		     const char *fmt, va_list ap)
{
	int x, i;

	*r = (struct rows){.db = db, .entry = LOOSE};
	/* SQLite ends a transaction by itself when the disk is full. What was
	 * meant to be inside must not commit on its own. */
	if (db->depth > 0 && sqlite3_get_autocommit(db->conn))
		return db_undone();
	i = find_idle(db, sql);
	if (i >= 0) {
		db->entry[i].busy = true;
		r->stmt = db->entry[i].stmt;
		r->entry = i;
	} else {
		x = prepare(db, sql, &r->stmt);
		if (x < 0)
			return x;
		r->entry = keep(db, sql, r->stmt);
	}
	x = bind_all(db, r->stmt, fmt, ap);
	if (x < 0)
		rows_end(r);
	return x;
}

int db_rows(struct db *db, struct rows *r, const char *sql, const char *fmt,
	    ...)
{
	va_list ap;
	int x;

	va_start(ap, fmt);
	x = rows_open(db, r, sql, fmt, ap);
	va_end(ap);
	return x;
}

/* On failure the statement is done, too, and its message was kept by db_fail;
 * rows_end resets it. */
int rows_next(struct rows *r)
{
	int rc;

	/* Another step would silently run the statement again. */
	if (r->done)
		return ROWS_DONE;
	rc = sqlite3_step(r->stmt);
	if (rc == SQLITE_ROW)
		return ROWS_ROW;
	r->done = true;
	if (rc != SQLITE_DONE)
		return db_fail(r->db, rc);
	/* Now, because the next statement of somebody else overwrites it. */
	r->db->changes = sqlite3_changes(r->db->conn);
	/* Lets go of the read snapshot before the caller ends it. */
	sqlite3_reset(r->stmt);
	return ROWS_DONE;
}

void rows_end(struct rows *r)
{
	if (!r->stmt)
		return;
	/* Bindings hold copies of values from cases: don't keep them. */
	sqlite3_reset(r->stmt);
	sqlite3_clear_bindings(r->stmt);
	if (r->entry == LOOSE)
		sqlite3_finalize(r->stmt);
	else
		r->db->entry[r->entry].busy = false;
	r->stmt = NULL;
	r->done = true;
}

int64_t rows_int(struct rows *r, int col)
{
	return sqlite3_column_int64(r->stmt, col);
}

const char *rows_text(struct rows *r, int col)
{
	return (const char *)sqlite3_column_text(r->stmt, col);
}

const char *rows_dup(struct arena *a, struct rows *r, int col)
{
	const char *text = rows_text(r, col);

	return text && *text ? arena_dup(a, text) : "";
}

const void *rows_blob(struct rows *r, int col, size_t *len)
{
	const void *p = sqlite3_column_blob(r->stmt, col);

	*len = (size_t)sqlite3_column_bytes(r->stmt, col);
	return p;
}

bool rows_null(struct rows *r, int col)
{
	return sqlite3_column_type(r->stmt, col) == SQLITE_NULL;
}

int rows_columns(struct rows *r)
{
	return sqlite3_column_count(r->stmt);
}

const char *rows_name(struct rows *r, int col)
{
	return sqlite3_column_name(r->stmt, col);
}

int db_run(struct db *db, const char *sql, const char *fmt, ...)
{
	struct rows r;
	va_list ap;
	int x;

	va_start(ap, fmt);
	x = rows_open(db, &r, sql, fmt, ap);
	va_end(ap);
	if (x < 0)
		return x;
	/* A PRAGMA or RETURNING may give rows; they belong to nobody. */
	do {
		x = rows_next(&r);
	} while (x == ROWS_ROW);
	rows_end(&r);
	return x < 0 ? x : 0;
}

int db_changes(struct db *db)
{
	return db->changes;
}

int64_t db_last_id(struct db *db)
{
	return sqlite3_last_insert_rowid(db->conn);
}

/* Open and step to the first row: 0, or E_NOTFOUND without a sentence. */
static int one_row(struct db *db, struct rows *r, const char *sql,
		   const char *fmt, va_list ap)
{
	int x = rows_open(db, r, sql, fmt, ap);

	if (x == 0)
		x = rows_next(r);
	if (x == ROWS_DONE) {
		err_clear();
		return E_NOTFOUND;
	}
	return x == ROWS_ROW ? 0 : x;
}

int db_int(struct db *db, int64_t *out, const char *sql, const char *fmt, ...)
{
	struct rows r;
	va_list ap;
	int x;

	va_start(ap, fmt);
	x = one_row(db, &r, sql, fmt, ap);
	va_end(ap);
	if (x == 0)
		*out = rows_int(&r, 0);
	rows_end(&r);
	return x;
}

int db_text(struct db *db, char *out, size_t size, const char *sql,
	    const char *fmt, ...)
{
	const char *text;
	struct rows r;
	va_list ap;
	int x;

	va_start(ap, fmt);
	x = one_row(db, &r, sql, fmt, ap);
	va_end(ap);
	if (x == 0) {
		text = rows_text(&r, 0);
		/* Cut to fit: the header says so. */
		snprintf(out, size, "%s", text ? text : "");
	}
	rows_end(&r);
	return x;
}

void db_forget_all(struct db *db)
{
	for (int i = 0; i < db->n_entries; i++) {
		sqlite3_finalize(db->entry[i].stmt);
		mem_free(db->entry[i].sql);
	}
	mem_free(db->entry);
	db->entry = NULL;
	db->n_entries = 0;
}
