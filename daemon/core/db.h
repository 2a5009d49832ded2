/* db: one SQLite connection, set up as the design demands (WAL,
 * synchronous=FULL, foreign keys, busy timeout), with prepared statements kept
 * by their text.
 *
 * A connection belongs to one thread. Every statement is prepared and bound;
 * there is no way to paste a value into SQL. @fmt names the arguments bound,
 * one letter each: i int64_t (pass as int64_t or cast), s const char * (NULL
 * binds NULL), b const void * and size_t (NULL binds NULL), n nothing, NULL.
 * d double. */
#ifndef CCFED_DB_H
#define CCFED_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;	/* daemon/core/arena.h */
struct db;	/* opaque */
struct disk;	/* daemon/core/disk.h */
struct sqlite3; /* sqlite3.h */
struct sqlite3_stmt;

enum db_mode {
	DB_READ,   /* read only; the file must exist */
	DB_WRITE,  /* read and write; the file must exist */
	DB_CREATE, /* read and write; made with mode 0600 if missing */
};

/* Open @path. On 0 the caller owns *out. A missing file is E_NOTFOUND. */
int db_open(struct db **out, struct disk *disk, const char *path,
	    enum db_mode mode);
void db_close(struct db *db); /* NULL is fine; open rows must be ended */

/* Numbered migrations: @step[i] is the SQL that leads from version i to i + 1
 * (several statements). Those missing run, each in a transaction, and set
 * user_version. @app_id is SQLite's application_id: a file of another
 * application is E_FORMAT, one of a newer schema too, with a sentence. */
int db_migrate(struct db *db, int32_t app_id, const char *const *step, int n);
/* As a reader: E_FORMAT unless the file is at exactly version @n. */
int db_check_version(struct db *db, int32_t app_id, int n);

/* Transactions nest: the outermost is BEGIN IMMEDIATE, inner ones are
 * savepoints, so callers may group calls. db_commit of the outermost returns 0
 * (durable), negative (not held, rolled back), or E_UNKNOWN: read again. */
int db_begin(struct db *db);
int db_commit(struct db *db);
void db_rollback(struct db *db); /* the innermost open one */
/* End like this: r = db_end(db, r): commits if r is 0 or positive, else rolls
 * back; returns r, or what the commit returned if that failed. */
int db_end(struct db *db, int r);
bool db_in_transaction(struct db *db);
/* Before every commit of the outermost one @fn runs inside it; if it fails,
 * nothing holds. One at a time; NULL: none. */
void db_before_commit(struct db *db, int (*fn)(struct db *db));

/* Run one statement to its end. 0 or negative; E_EXISTS for a broken UNIQUE
 * or PRIMARY KEY, E_INVALID for CHECK, NOT NULL or a foreign key, E_BUSY. */
int db_run(struct db *db, const char *sql, const char *fmt, ...);
/* Rows changed by the last db_run; the rowid it inserted. */
int db_changes(struct db *db);
int64_t db_last_id(struct db *db);

/* One value of the first row: 0, or E_NOTFOUND if there is no row (then *out
 * is unchanged; no sentence is set). NULL reads as 0. */
int db_int(struct db *db, int64_t *out, const char *sql, const char *fmt, ...);
/* One text into @out, cut to fit @size with its NUL. NULL reads as "". */
int db_text(struct db *db, char *out, size_t size, const char *sql,
	    const char *fmt, ...);

/* Many rows:
 *	struct rows r;
 *	int x = db_rows(db, &r, "SELECT a, b FROM t WHERE c = ?", "i", c);
 *	while (x == 0 && (x = rows_next(&r)) == ROWS_ROW) { x = 0; ... }
 *	rows_end(&r);
 * rows_next: ROWS_ROW, ROWS_DONE, or negative. The same SQL may be open twice.
 * Texts and blobs are lent until the next rows_next or rows_end. */
enum { ROWS_ROW = 1, ROWS_DONE = 2 };
struct rows {
	struct db *db;
	struct sqlite3_stmt *stmt;
	int entry;
	bool done;
};
int db_rows(struct db *db, struct rows *r, const char *sql, const char *fmt,
	    ...);
int rows_next(struct rows *r);
void rows_end(struct rows *r); /* also fine after a failed db_rows */
int64_t rows_int(struct rows *r, int col);
const char *rows_text(struct rows *r, int col); /* NULL if NULL */
/* A copy that lives as long as @a, "" if NULL. */
const char *rows_dup(struct arena *a, struct rows *r, int col);
const void *rows_blob(struct rows *r, int col, size_t *len);
bool rows_null(struct rows *r, int col);
int rows_columns(struct rows *r);
const char *rows_name(struct rows *r, int col);

/* Several statements without values (schema, PRAGMA). */
int db_script(struct db *db, const char *sql);
/* The connection itself, for the authorizer, functions, backup. */
struct sqlite3 *db_handle(struct db *db);
/* Changes whenever another connection has committed (PRAGMA data_version). */
int64_t db_data_version(struct db *db);

#endif
