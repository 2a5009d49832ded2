#include "regional/case/row.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"

enum { SQL = 700 };

static int add(char sql[SQL], int used, const char *a, const char *b)
{
	int n = snprintf(sql + used, (size_t)(SQL - used), "%s%s", a, b);

	assert(used + n < SQL);
	return used + n;
}

/* Letters of the format beyond those of the fields bind nothing, so that one
 * call does for any number of them. A column of numbers takes its text for
 * the number (SQLite's affinity). */
static int run(struct records *r, const char *sql, const struct audit_field *f,
	       int n, int64_t id)
{
	const char *v[ROW_FIELDS] = {NULL};
	char fmt[ROW_FIELDS + 2];

	assert(n <= ROW_FIELDS);
	memset(fmt, 's', sizeof fmt);
	for (int i = 0; i < n; i++)
		v[i] = f[i].now;
	fmt[n] = '\0';
	if (id == 0)
		return db_run(r->db, sql, fmt, v[0], v[1], v[2], v[3], v[4],
			      v[5], v[6], v[7], v[8], v[9], v[10], v[11]);
	/* The id goes first, as ?1. */
	memmove(fmt + 1, fmt, (size_t)n + 1);
	fmt[0] = 'i';
	return db_run(r->db, sql, fmt, id, v[0], v[1], v[2], v[3], v[4], v[5],
		      v[6], v[7], v[8], v[9], v[10], v[11]);
}

int row_insert(struct records *r, const char *table,
	       const struct audit_field *f, int n, int64_t *id)
{
	char sql[SQL];
	int used, x;

	used = add(sql, 0, "INSERT INTO ", table);
	for (int i = 0; i < n; i++)
		used = add(sql, used, i ? ", " : " (", f[i].name);
	for (int i = 0; i < n; i++)
		used = add(sql, used, i ? ", ?" : ") VALUES (?", "");
	add(sql, used, ")", "");
	x = run(r, sql, f, n, 0);
	if (x < 0)
		return x;
	*id = db_last_id(r->db);
	return audit_changes(r, table, *id, f, n);
}

static bool differs(const struct audit_field *f)
{
	return f->was != f->now &&
	       (!f->was || !f->now || strcmp(f->was, f->now) != 0);
}

int row_update(struct records *r, const char *table, int64_t id,
	       const struct audit_field *f, int n)
{
	bool any = false;
	char sql[SQL];
	int used, x;

	for (int i = 0; i < n; i++)
		any = any || differs(&f[i]);
	if (!any)
		return 0;
	used = add(sql, 0, "UPDATE ", table);
	for (int i = 0; i < n; i++) {
		char value[16];

		snprintf(value, sizeof value, " = ?%d", i + 2);
		used = add(sql, used, i ? ", " : " SET ", f[i].name);
		used = add(sql, used, value, "");
	}
	add(sql, used, " WHERE id = ?1", "");
	x = run(r, sql, f, n, id);
	return x < 0 ? x : audit_changes(r, table, id, f, n);
}

int row_there(struct db *db, const char *table, const char *what, int64_t id)
{
	char sql[SQL];
	int64_t one;
	int x;

	snprintf(sql, sizeof sql, "SELECT 1 FROM %s WHERE id = ?", table);
	x = db_int(db, &one, sql, "i", id);
	if (x == E_NOTFOUND)
		return err_set(E_NOTFOUND, "There is no %s %lld", what,
			       (long long)id);
	return x;
}

const char *row_flag(bool on)
{
	return on ? "1" : "0";
}
