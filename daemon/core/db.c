#include "daemon/core/db_impl.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "daemon/core/disk.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"

enum {
	/* Longer than any transaction of a daemon (50 ms), or of the command
	 * line's imports, which go in batches. */
	BUSY_MS = 10000
};

/* Callers tell a person, wait, or give up: as many codes as they need for that.
 * @rc is extended; only constraints look at the second byte. */
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
int db_fail(struct db *db, int rc)
{
	return err_set(code_of(rc), "database: %s", sqlite3_errmsg(db->conn));
}

int db_undone(void)
{
	return err_set(E_STATE, "database: the transaction was undone by an "
				"earlier failure");
}

/* For fixed texts only: nothing of ours ever goes into them. */
static int exec(struct db *db, const char *sql)
{
	int rc = sqlite3_exec(db->conn, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : db_fail(db, rc);
}

/* Without this SQLite would make the file readable for everybody. A VFS of a
 * test keeps its own files. */
static int make_private(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_set(errno == ENOENT ? E_NOTFOUND : E_IO,
			       "can't make %s: %s", path, strerror(errno));
	close(fd);
	return 0;
}

/* Asked of the VFS, not of the machine: a test's files may be nowhere else.
 * SQLite itself says no more than "unable to open". */
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

	/* The command line is a second writer, so waiting is normal. */
	sqlite3_busy_timeout(db->conn, BUSY_MS);
	/* A damaged or planted file can't rewrite its own schema, and a
	 * misspelled "column" is an error instead of a string. */
	sqlite3_db_config(db->conn, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db->conn, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(db->conn, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	/* temp_store: what a sort spills must not reach another disk. */
	r = exec(db, "PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON;"
		     "PRAGMA temp_store = MEMORY;");
	if (r < 0 || mode == DB_READ)
		return r;
	/* A receipt follows a durable commit: FULL syncs at each. Erased values
	 * are overwritten, not only unlinked. The cache of 64 MiB fills only
	 * as far as it is used; with SQLite's 2 MB, counting a large region's
	 * occurrences reads the same pages again and again. */
	return exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
			"PRAGMA secure_delete = ON;"
			"PRAGMA cache_size = -65536;");
}

/* SQLite counts every byte it holds under a mutex of the whole process; nobody
 * asks for the count. Too late, where a VFS was added before: then it counts. */
static void uncount(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* NOMUTEX because a connection belongs to one thread; EXRESCODE so that code_of
 * sees which constraint broke. */
int db_open(struct db **out, struct disk *disk, const char *path,
	    enum db_mode mode)
{
	int flags = mode == DB_READ ? SQLITE_OPEN_READONLY
				    : SQLITE_OPEN_READWRITE;
	bool memory = strcmp(path, ":memory:") == 0;
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct db *db;
	int rc, r = 0;

	pthread_once(&once, uncount);
	db = mem_calloc(1, sizeof *db);
	if (!db)
		return err_set(E_NOMEM, "out of memory for %s", path);
	memset(db->bucket, 0xff, sizeof db->bucket); /* all -1: empty */
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
	/* SQLite opens lazily: a file that is none shows in set_up. */
	r = rc == SQLITE_OK ? set_up(db, mode) : db_fail(db, rc);
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
	db_forget_all(db);
	rc = sqlite3_close(db->conn);
	/* Not so: a caller left rows open or a backup unfinished. */
	assert(rc == SQLITE_OK);
	mem_free(db);
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

/* Savepoints are named by depth, so that an inner one can't release an
 * outer. */
enum { LEVELS = 8 };
#define LEVEL(n)                                           \
	{                                                  \
		"SAVEPOINT level_" #n, "RELEASE level_" #n \
	}
static const struct {
	const char *begin, *end;
} level[LEVELS] = {LEVEL(0), LEVEL(1), LEVEL(2), LEVEL(3),
		   LEVEL(4), LEVEL(5), LEVEL(6), LEVEL(7)};

int db_begin(struct db *db)
{
	int r;

	assert(db->depth < LEVELS);
	/* IMMEDIATE: a writer that began as a reader would fail in the middle
	 * when another has written since. */
	if (db->depth == 0)
		r = exec(db, "BEGIN IMMEDIATE");
	else if (sqlite3_get_autocommit(db->conn))
		r = db_undone();
	else
		r = db_run(db, level[db->depth].begin, "");
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
	r = db_fail(db, rc);
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
	/* Not silence: the caller believes that its changes are inside. */
	if (sqlite3_get_autocommit(db->conn)) {
		db->depth--;
		return db_undone();
	}
	if (db->depth == 1) {
		r = db->before_commit ? db->before_commit(db) : 0;
		if (r < 0) {
			db_rollback(db);
			return r;
		}
		r = commit_outermost(db);
		db->depth = 0;
		return r;
	}
	/* An inner commit holds only if the outermost one does. */
	r = db_run(db, level[db->depth - 1].end, "");
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
	/* An outcome of the caller's, like "known already", survives the commit. */
	x = db_commit(db);
	return x < 0 ? x : r;
}

bool db_in_transaction(struct db *db)
{
	return db->depth > 0;
}

void db_before_commit(struct db *db, int (*fn)(struct db *db))
{
	db->before_commit = fn;
}
