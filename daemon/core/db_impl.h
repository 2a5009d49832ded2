/* db_impl: what the sources of db share; nobody else includes it. */
#ifndef CCFED_DB_IMPL_H
#define CCFED_DB_IMPL_H

#include "daemon/core/db.h"

#include <sqlite3.h>

enum { DB_BUCKETS = 256 };

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
	int bucket[DB_BUCKETS];
	int depth; /* of open transactions */
	int changes;
	int (*before_commit)(struct db *db);
};

/* The code for SQLite's @rc, after err_set with SQLite's sentence. Those name
 * tables and columns, never a bound value. */
int db_fail(struct db *db, int rc);
/* E_STATE: SQLite has left the transaction by itself. */
int db_undone(void);
/* Finalize every kept statement. */
void db_forget_all(struct db *db);

#endif
