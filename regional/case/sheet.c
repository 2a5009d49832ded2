#include "regional/case/sheet.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/audit.h"
#include "regional/case/field.h"

enum { SQL_MAX = 1600 };

static const void *member(const struct sheet_column *c, const void *rec)
{
	return (const char *)rec + c->at;
}

static int64_t int_of(const struct sheet_column *c, const void *rec)
{
	return *(const int64_t *)member(c, rec);
}

static int32_t day_of(const struct sheet_column *c, const void *rec)
{
	return *(const int32_t *)member(c, rec);
}

const char *sheet_text(const struct sheet_column *c, const void *rec,
		       char buf[SHEET_BUF])
{
	int64_t v;

	switch (c->kind) {
	case SHEET_TEXT:
	case SHEET_WORD:
	case SHEET_ONE:
		return field_sql_text(member(c, rec));
	case SHEET_DAY:
	case SHEET_AHEAD:
		return field_sql_day(day_of(c, rec), buf);
	case SHEET_ID:
		return field_id_text(int_of(c, rec), buf);
	case SHEET_INT:
	case SHEET_YES:
		break;
	}
	v = int_of(c, rec);
	if (v == SHEET_UNKNOWN)
		return NULL;
	snprintf(buf, SHEET_BUF, "%lld", (long long)v);
	return buf;
}

static void set_member(const struct sheet_column *c, void *rec,
		       const char *text, int64_t v)
{
	char *at = (char *)rec + c->at;
	int32_t day;

	switch (c->kind) {
	case SHEET_TEXT:
	case SHEET_WORD:
	case SHEET_ONE:
		field_copy(at, c->size, text);
		return;
	case SHEET_DAY:
	case SHEET_AHEAD:
		day = field_day_of_sql(text);
		memcpy(at, &day, sizeof day);
		return;
	case SHEET_ID:
	case SHEET_INT:
	case SHEET_YES:
		if (!text)
			v = c->kind == SHEET_ID ? 0 : SHEET_UNKNOWN;
		memcpy(at, &v, sizeof v);
		return;
	}
}

void sheet_blank(const struct sheet *s, void *rec)
{
	memset(rec, 0, s->size);
	for (int i = 0; i < s->n; i++)
		set_member(&s->column[i], rec, NULL, 0);
}

/* Is @text one of "open, done"? */
static int check_one(const struct sheet_column *c, const char *text)
{
	size_t len = strlen(text);

	for (const char *p = c->of; p; p = strchr(p, ' ')) {
		p += *p == ' ';
		if (strncmp(p, text, len) == 0 &&
		    (p[len] == ',' || p[len] == '\0'))
			return 0;
	}
	return err_set(E_INVALID, "\"%.40s\" is not a %s; it is one of: %s",
		       text, c->what, c->of);
}

static int check_ahead(const struct sheet_column *c, int32_t day)
{
	char a[DATE_TEXT];

	if (day >= date_from_ymd(1900, 1, 1) &&
	    day <= date_from_ymd(2200, 12, 31))
		return 0;
	return err_set(E_INVALID, "The %s, %s, is not between 1900 and 2200",
		       c->what, date_format(day, a));
}

static int check_int(const struct sheet_column *c, int64_t v)
{
	int64_t min = c->kind == SHEET_YES ? 0 : c->min;
	int64_t max = c->kind == SHEET_YES ? 1 : c->max;

	if (v >= min && v <= max)
		return 0;
	return err_set(E_INVALID, "The %s is %lld to %lld, not %lld", c->what,
		       (long long)min, (long long)max, (long long)v);
}

/* The table's name is the word for its record too. */
static int check_id(const struct records *r, const struct sheet_column *c,
		    int64_t id)
{
	int64_t there = 0;
	char sql[100];
	int x;

	snprintf(sql, sizeof sql, "SELECT count(*) FROM %s WHERE id = ?",
		 c->of);
	x = db_int(r->db, &there, sql, "i", id);
	if (x < 0 || there)
		return x;
	return err_set(E_NOTFOUND, "There is no %s %lld", c->what,
		       (long long)id);
}

static int check_column(const struct records *r, const struct sheet_column *c,
			const void *rec)
{
	const char *at = member(c, rec);
	char buf[SHEET_BUF];
	int x;

	if (c->kind == SHEET_TEXT || c->kind == SHEET_ONE ||
	    c->kind == SHEET_WORD) {
		x = field_text(c->what, at, c->size);
		if (x < 0)
			return x;
	}
	if (!sheet_text(c, rec, buf)) {
		if (!c->must)
			return 0;
		return c->kind == SHEET_DAY
			       ? field_day(r, c->what, NO_DATE)
			       : err_set(E_INVALID, "The %s is missing",
					 c->what);
	}
	switch (c->kind) {
	case SHEET_TEXT:
		return 0;
	case SHEET_WORD:
		return field_word(r->words, c->list, c->what, at);
	case SHEET_ONE:
		return check_one(c, at);
	case SHEET_DAY:
		return field_day(r, c->what, day_of(c, rec));
	case SHEET_AHEAD:
		return check_ahead(c, day_of(c, rec));
	case SHEET_INT:
	case SHEET_YES:
		return check_int(c, int_of(c, rec));
	case SHEET_ID:
		return check_id(r, c, int_of(c, rec));
	}
	return 0;
}

int sheet_check(const struct records *r, const struct sheet *s, const void *rec)
{
	int x = 0;

	for (int i = 0; i < s->n && x == 0; i++)
		x = check_column(r, &s->column[i], rec);
	return x;
}

/* "a, b, c" with @each behind every name. */
static void names(const struct sheet *s, const char *each, char *out)
{
	size_t used = 0;

	*out = '\0';
	for (int i = 0; i < s->n && used < SQL_MAX / 2; i++)
		used += (size_t)snprintf(out + used, SQL_MAX / 2 - used,
					 "%s%s%s", i ? ", " : "",
					 s->column[i].name, each);
	assert(used < SQL_MAX / 2);
}

/* Values go in as texts, which STRICT tables turn into what the column is.
 * More arguments than @fmt has letters are not looked at. */
static int run(struct db *db, const char *sql, int n, const char *const *v)
{
	static const char all[] = "sssssssssssssssssssss";

	return db_run(db, sql, all + (sizeof all - 1 - (size_t)n), v[0], v[1],
		      v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10],
		      v[11], v[12], v[13], v[14], v[15], v[16], v[17], v[18],
		      v[19], v[20]);
}

static int insert(struct records *r, const struct sheet *s, const void *rec,
		  int64_t *id)
{
	char buf[SHEET_COLUMNS][SHEET_BUF], list[SQL_MAX / 2], sql[SQL_MAX];
	const char *v[SHEET_COLUMNS + 1] = {NULL};
	struct audit_field f[SHEET_COLUMNS];
	int x;

	assert(s->n <= SHEET_COLUMNS);
	names(s, "", list);
	for (int i = 0; i < s->n; i++) {
		v[i] = sheet_text(&s->column[i], rec, buf[i]);
		f[i] = (struct audit_field){s->column[i].name, NULL, v[i]};
	}
	snprintf(sql, sizeof sql, "INSERT INTO %s (%s) VALUES (%.*s)", s->table,
		 list, s->n * 2 - 1, "?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?");
	x = run(r->db, sql, s->n, v);
	if (x < 0)
		return x;
	*id = db_last_id(r->db);
	return audit_changes(r, s->table, *id, f, s->n);
}

int sheet_add(struct records *r, const struct sheet *s, const void *rec,
	      int64_t *id)
{
	int64_t new_id = 0;
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = sheet_check(r, s, rec);
	if (x == 0)
		x = insert(r, s, rec, &new_id);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

static int write(struct records *r, const struct sheet *s, const void *rec)
{
	char buf[SHEET_COLUMNS][SHEET_BUF], was_buf[SHEET_COLUMNS][SHEET_BUF];
	char list[SQL_MAX / 2], sql[SQL_MAX], id_text[24];
	const char *v[SHEET_COLUMNS + 1] = {NULL};
	struct audit_field f[SHEET_COLUMNS];
	_Alignas(int64_t) char was[8192];
	int64_t id = *(const int64_t *)rec;
	int x;

	assert(s->size <= sizeof was);
	x = sheet_get(r->db, s, id, was);
	if (x < 0)
		return x;
	names(s, " = ?", list);
	for (int i = 0; i < s->n; i++) {
		v[i] = sheet_text(&s->column[i], rec, buf[i]);
		f[i] = (struct audit_field){
			s->column[i].name,
			sheet_text(&s->column[i], was, was_buf[i]), v[i]};
	}
	v[s->n] = field_id_text(id, id_text);
	snprintf(sql, sizeof sql, "UPDATE %s SET %s WHERE id = ?", s->table,
		 list);
	x = run(r->db, sql, s->n + 1, v);
	return x < 0 ? x : audit_changes(r, s->table, id, f, s->n);
}

int sheet_update(struct records *r, const struct sheet *s, const void *rec)
{
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = sheet_check(r, s, rec);
	if (x == 0)
		x = write(r, s, rec);
	return records_end(r, x);
}

static void read_row(struct rows *rows, const struct sheet *s, void *out)
{
	memset(out, 0, s->size);
	*(int64_t *)out = rows_int(rows, 0);
	for (int i = 0; i < s->n; i++) {
		/* The number first: reading the text turns it into one. */
		int64_t v = rows_int(rows, i + 1);

		set_member(&s->column[i], out, rows_text(rows, i + 1), v);
	}
}

int sheet_get(struct db *db, const struct sheet *s, int64_t id, void *out)
{
	char list[SQL_MAX / 2], sql[SQL_MAX];
	struct rows rows;
	int x;

	names(s, "", list);
	snprintf(sql, sizeof sql, "SELECT id, %s FROM %s WHERE id = ?", list,
		 s->table);
	x = db_rows(db, &rows, sql, "i", id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		read_row(&rows, s, out);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND, "There is no %s %lld", s->what,
			    (long long)id);
	}
	rows_end(&rows);
	return x;
}

int sheet_list(struct db *db, const struct sheet *s, const char *tail,
	       int64_t a, int64_t b, int64_t offset, int64_t limit,
	       sheet_fn *fn, void *arg)
{
	char list[SQL_MAX / 2], sql[SQL_MAX];
	_Alignas(int64_t) char row[8192];
	struct rows rows;
	int x;

	assert(s->size <= sizeof row);
	names(s, "", list);
	x = snprintf(sql, sizeof sql,
		     "SELECT id, %s FROM %s %s LIMIT ?3 OFFSET ?4", list,
		     s->table, tail);
	assert(x < SQL_MAX);
	x = db_rows(db, &rows, sql, "iiii", a, b, limit, offset);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		read_row(&rows, s, row);
		x = fn(arg, row);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

int sheet_mark(struct records *r, const struct sheet_set *s, int64_t owner,
	       const char *value, bool in)
{
	char sql[200], id[24];
	int x = records_begin(r);

	if (x < 0)
		return x;
	snprintf(sql, sizeof sql,
		 in ? "INSERT OR IGNORE INTO %s (%s, %s) VALUES (?, ?)"
		    : "DELETE FROM %s WHERE %s = ? AND %s = ?",
		 s->table, s->owner, s->value);
	x = db_run(r->db, sql, "ss", field_id_text(owner, id), value);
	if (x == 0 && db_changes(r->db) > 0)
		x = audit_change(r, s->table, owner, s->value,
				 in ? NULL : value, in ? value : NULL);
	return records_end(r, x);
}

int sheet_marks(struct db *db, const struct sheet_set *s, int64_t owner,
		char *out, size_t size)
{
	char sql[200];

	snprintf(sql, sizeof sql,
		 "SELECT group_concat(v, ', ') FROM (SELECT %s AS v FROM %s"
		 " WHERE %s = ? ORDER BY 1)",
		 s->value, s->table, s->owner);
	return db_text(db, out, size, sql, "i", owner);
}
