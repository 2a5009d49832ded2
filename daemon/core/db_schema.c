/* The part of db.h that tells versions of data and schema; it needs only the
 * other part. */
#include "daemon/core/db.h"

#include <stdio.h>

#include "daemon/core/err.h"

/* Whose file it is comes first: the version of another application's file means
 * nothing. An application_id of 0 is everybody's default, so a file with tables
 * and without a number is not ours either. */
static int read_version(struct db *db, int32_t app_id, int64_t *version)
{
	int64_t id = 0, tables = 0;
	int r;

	r = db_int(db, &id, "PRAGMA application_id", NULL);
	if (r == 0)
		r = db_int(db, version, "PRAGMA user_version", NULL);
	if (r == 0)
		r = db_int(db, &tables, "SELECT count(*) FROM sqlite_schema",
			   NULL);
	if (r < 0)
		return r;
	/* No step leads from there; it would be looked up before the first. */
	if (*version < 0)
		return err_set(E_FORMAT,
			       "the file's schema is version %d, which none "
			       "is; restore it from a backup",
			       (int)*version);
	/* An empty file belongs to nobody yet. */
	if (id == app_id || (id == 0 && *version == 0 && tables == 0))
		return 0;
	return err_set(E_FORMAT, "the file belongs to another application");
}

/* Step from version @i, unless another process was faster. */
static int migrate_step(struct db *db, int32_t app_id, const char *sql, int i)
{
	int64_t version = 0;
	char pragma[96];
	int r;

	/* A PRAGMA takes no bound values; these two are numbers of ours. */
	snprintf(pragma, sizeof pragma,
		 "PRAGMA application_id = %d; PRAGMA user_version = %d",
		 (int)app_id, i + 1);
	r = db_begin(db);
	if (r < 0)
		return r;
	/* Again, now that nobody else can write: a daemon and the command line
	 * may both have found the old version. */
	r = read_version(db, app_id, &version);
	if (r == 0 && version == i)
		r = db_script(db, sql);
	if (r == 0 && version == i)
		r = db_script(db, pragma);
	r = db_end(db, r);
	if (r < 0)
		return err_prefix(r, "schema version %d", i + 1);
	return 0;
}

/* One transaction a step: a step that fails leaves the version before it, and
 * the next start goes on from there. */
int db_migrate(struct db *db, int32_t app_id, const char *const *step, int n)
{
	int64_t version = 0;
	int r = read_version(db, app_id, &version);

	if (r == 0 && version > n)
		r = err_set(E_FORMAT,
			    "the file's schema is version %d, newer than this "
			    "program's %d; run a newer ccfed",
			    (int)version, n);
	for (int i = (int)version; i < n && r == 0; i++)
		r = migrate_step(db, app_id, step[i], i);
	return r;
}

int db_check_version(struct db *db, int32_t app_id, int n)
{
	int64_t version = 0;
	int r = read_version(db, app_id, &version);

	if (r == 0 && version != n)
		r = err_set(E_FORMAT,
			    "the file's schema is version %d, this program's "
			    "%d",
			    (int)version, n);
	return r;
}

/* 0 on failure, which is like no change: the caller asks again soon. */
int64_t db_data_version(struct db *db)
{
	int64_t v = 0;

	db_int(db, &v, "PRAGMA data_version", NULL);
	return v;
}
