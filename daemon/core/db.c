#include "daemon/core/db.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "daemon/core/disk.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"

enum {
	BUSY_MS = 10000,
	BUCKETS = 256,
	ENTRIES_MAX = 1024, /* beyond that, statements are not kept */
	LOOSE = -1	    /* entry of a statement that is not kept */
};

/* A kept statement. Entries never move to another index: rows name them. */
struct entry {
	sqlite3_stmt *stmt;
	char *sql;
	bool busy;
	int next; /* in its bucket; -1 ends */
};

struct db {
	sqlite3 *conn;
	struct entry *entry;
	int n_entries, room;
	int bucket[BUCKETS];
	int depth; /* of open transactions */
	int changes;
};

static int code_of(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_OK:
		return 0;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return E_BUSY;
	case SQLITE_NOMEM:
		return E_NOMEM;
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		return E_IO;
	case SQLITE_NOTADB:
		return E_FORMAT;
	case SQLITE_TOOBIG:
		return E_TOOBIG;
	case SQLITE_AUTH:
		return E_DENIED;
	case SQLITE_INTERRUPT: /* a deadline's progress handler */
		return E_TIMEOUT;
	case SQLITE_CONSTRAINT:
		if (rc == SQLITE_CONSTRAINT_UNIQUE ||
		    rc == SQLITE_CONSTRAINT_PRIMARYKEY ||
		    rc == SQLITE_CONSTRAINT_ROWID)
			return E_EXISTS;
		return E_INVALID;
	default:
		return E_DB;
	}
}

/* SQLite's sentences name tables and columns, never a bound value. */
static int fail(struct db *db, int rc)
{
	return err_set(code_of(rc), "database: %s", sqlite3_errmsg(db->conn));
}

static int undone(void)
{
	return err_set(E_STATE, "database: the transaction was undone by an "
				"earlier failure");
}

static int exec(struct db *db, const char *sql)
{
	int rc = sqlite3_exec(db->conn, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : fail(db, rc);
}

/* Without this SQLite would make the file readable for everybody. A VFS of a
 * test keeps its own files. */
static int make_private(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return err_set(errno == ENOENT ? E_NOTFOUND : E_IO,
			       "can't make %s: %s", path, strerror(errno));
	close(fd);
	return 0;
}

static int check_present(struct disk *disk, const char *path)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find(disk->vfs);
	int there = 0;

	if (!vfs)
		return err_set(E_STATE, "there is no SQLite VFS \"%s\"",
			       disk->vfs ? disk->vfs : "");
	vfs->xAccess(vfs, path, SQLITE_ACCESS_EXISTS, &there);
	if (!there)
		return err_set(E_NOTFOUND, "there is no file %s", path);
	return 0;
}

static int set_up(struct db *db, enum db_mode mode)
{
	int r;

	sqlite3_busy_timeout(db->conn, BUSY_MS);
	sqlite3_db_config(db->conn, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db->conn, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(db->conn, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	/* temp_store: what a sort spills must not reach another disk. */
	r = exec(db, "PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON;"
		     "PRAGMA temp_store = MEMORY;");
	if (r < 0 || mode == DB_READ)
		return r;
	return exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
			"PRAGMA secure_delete = ON;");
}

int db_open(struct db **out, struct disk *disk, const char *path,
	    enum db_mode mode)
{
	int flags = mode == DB_READ ? SQLITE_OPEN_READONLY
				    : SQLITE_OPEN_READWRITE;
	bool memory = strcmp(path, ":memory:") == 0;
	struct db *db;
	int rc, r = 0;

	db = mem_calloc(1, sizeof *db);
	if (!db)
		return err_set(E_NOMEM, "out of memory for %s", path);
	memset(db->bucket, 0xff, sizeof db->bucket); /* all -1 */
	if (mode == DB_CREATE && !memory) {
		flags |= SQLITE_OPEN_CREATE;
		if (!disk->vfs)
			r = make_private(path);
	} else if (!memory) {
		r = check_present(disk, path);
	}
	if (r < 0)
		goto out;
	rc = sqlite3_open_v2(
		path, &db->conn,
		flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, disk->vfs);
	r = rc == SQLITE_OK ? set_up(db, mode) : fail(db, rc);
	if (r < 0) {
		r = err_prefix(r, "%s", path);
		goto out;
	}
	*out = db;
	db = NULL; /* handed over */
out:
	db_close(db);
	return r;
}

void db_close(struct db *db)
{
	int rc;

	if (!db)
		return;
	for (int i = 0; i < db->n_entries; i++) {
		sqlite3_finalize(db->entry[i].stmt);
		mem_free(db->entry[i].sql);
	}
	rc = sqlite3_close(db->conn);
	/* Not so: a caller left rows open or a backup unfinished. */
	assert(rc == SQLITE_OK);
	mem_free(db->entry);
	mem_free(db);
}

/* Statements by their text */

static unsigned bucket_of(const char *sql)
{
	unsigned h = 2166136261u; /* FNV-1a */

	for (; *sql; sql++)
		h = (h ^ (unsigned char)*sql) * 16777619u;
	return h % BUCKETS;
}

static int find_idle(struct db *db, const char *sql)
{
	int i = db->bucket[bucket_of(sql)];

	while (i >= 0 && (db->entry[i].busy || strcmp(db->entry[i].sql, sql)))
		i = db->entry[i].next;
	return i;
}

static int prepare(struct db *db, const char *sql, sqlite3_stmt **out)
{
	const char *tail;
	int rc = sqlite3_prepare_v3(db->conn, sql, -1,
				    SQLITE_PREPARE_PERSISTENT, out, &tail);

	if (rc != SQLITE_OK)
		return fail(db, rc);
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
	copy = mem_strdup(sql);
	if (!copy)
		return LOOSE;
	e = &db->entry[db->n_entries];
	*e = (struct entry){stmt, copy, true, db->bucket[b]};
	db->bucket[b] = db->n_entries;
	return db->n_entries++;
}

static int bind_all(struct db *db, sqlite3_stmt *stmt, const char *fmt,
		    va_list ap)
{
	int n = fmt ? (int)strlen(fmt) : 0;
	int rc = SQLITE_OK;

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
	return rc == SQLITE_OK ? 0 : fail(db, rc);
}

static int rows_open(struct db *db, struct rows *r, const char *sql,
		     const char *fmt, va_list ap)
{
	int x, i;

	*r = (struct rows){.db = db, .entry = LOOSE};
	/* SQLite ends a transaction by itself when the disk is full. What was
	 * meant to be inside must not commit on its own. */
	if (db->depth > 0 && sqlite3_get_autocommit(db->conn))
		return undone();
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
		return fail(r->db, rc);
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

double rows_real(struct rows *r, int col)
{
	return sqlite3_column_double(r->stmt, col);
}

const char *rows_text(struct rows *r, int col)
{
	return (const char *)sqlite3_column_text(r->stmt, col);
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
		snprintf(out, size, "%s", text ? text : "");
	}
	rows_end(&r);
	return x;
}

int db_script(struct db *db, const char *sql)
{
	return exec(db, sql);
}

struct sqlite3 *db_handle(struct db *db)
{
	return db->conn;
}

/* Transactions */

static int exec_level(struct db *db, const char *verb, int level)
{
	char sql[64];

	snprintf(sql, sizeof sql, "%s level_%d", verb, level);
	return exec(db, sql);
}

int db_begin(struct db *db)
{
	int r;

	if (db->depth == 0)
		r = exec(db, "BEGIN IMMEDIATE");
	else if (sqlite3_get_autocommit(db->conn))
		r = undone();
	else
		r = exec_level(db, "SAVEPOINT", db->depth);
	if (r == 0)
		db->depth++;
	return r;
}

/* COMMIT has three outcomes. Still inside: it did not hold, undo. Outside
 * after an I/O error: the log may have reached the disk or not, and only a
 * later reader can tell. Outside after another error: SQLite undid it. */
static int commit_outermost(struct db *db)
{
	int rc = sqlite3_exec(db->conn, "COMMIT", NULL, NULL, NULL);
	int r;

	if (rc == SQLITE_OK)
		return 0;
	r = fail(db, rc);
	if (!sqlite3_get_autocommit(db->conn)) {
		sqlite3_exec(db->conn, "ROLLBACK", NULL, NULL, NULL);
		return r;
	}
	if ((rc & 0xff) == SQLITE_IOERR)
		return err_prefix(E_UNKNOWN,
				  "it is not known whether the commit held");
	return r;
}

int db_commit(struct db *db)
{
	int r;

	assert(db->depth > 0);
	if (sqlite3_get_autocommit(db->conn)) {
		db->depth--;
		return undone();
	}
	if (db->depth == 1) {
		r = commit_outermost(db);
		db->depth = 0;
		return r;
	}
	r = exec_level(db, "RELEASE", db->depth - 1);
	if (r < 0) {
		db_rollback(db);
		return r;
	}
	db->depth--;
	return 0;
}

void db_rollback(struct db *db)
{
	char sql[80];

	assert(db->depth > 0);
	db->depth--;
	/* SQLite may have undone everything by itself already. */
	if (sqlite3_get_autocommit(db->conn))
		return;
	if (db->depth == 0)
		snprintf(sql, sizeof sql, "ROLLBACK");
	else
		snprintf(sql, sizeof sql,
			 "ROLLBACK TO level_%d; RELEASE level_%d", db->depth,
			 db->depth);
	/* No sentence: the caller's, about why, must survive. */
	sqlite3_exec(db->conn, sql, NULL, NULL, NULL);
}

int db_end(struct db *db, int r)
{
	int x;

	if (r < 0) {
		db_rollback(db);
		return r;
	}
	x = db_commit(db);
	return x < 0 ? x : r;
}

bool db_in_transaction(struct db *db)
{
	return db->depth > 0;
}
