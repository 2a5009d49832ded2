#include "regional/desk/cases_list.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/field.h"

enum { SQL = 2400 };

static const char *const whose_ids[CASES_WHOSE] = {"mine", "unassigned",
						   "staff", "all"};
static const char *const sort_ids[CASES_SORTS] = {"name", "due", "opened",
						  "last", "level"};

const char *cases_whose_id(enum cases_whose w)
{
	return whose_ids[w];
}

const char *cases_sort_id(enum cases_sort s)
{
	return sort_ids[s];
}

static int id_of(const char *const *ids, int n, const char *id)
{
	for (int i = 0; i < n; i++)
		if (strcmp(ids[i], id) == 0)
			return i;
	return -1;
}

int cases_whose_of(const char *id)
{
	return id_of(whose_ids, CASES_WHOSE, id);
}

int cases_sort_of(const char *id)
{
	return id_of(sort_ids, CASES_SORTS, id);
}

/* Only who they are and the order decide on the index; the rest is looked at
 * line by line. A text each, all bound alike. */
static const char *const from_whose[CASES_WHOSE] = {
	" n.staff IN (SELECT ?1 WHERE ?1 > 0 UNION ALL SELECT staff FROM cover"
	" WHERE cover = ?1 AND since <= ?3"
	" AND (until IS NULL OR until >= ?3)) AND ?2 >= 0",
	" n.staff = 0 AND ?1 >= 0 AND ?2 >= 0",
	" n.staff = ?2 AND ?1 >= 0",
	" ?1 >= 0 AND ?2 >= 0",
};
#define FITS                                                        \
	" AND ?3 <> '' AND (?4 = '' OR n.level = ?4)"               \
	" AND (?5 = '' OR instr(n.needs, ',' || ?5 || ',') > 0)"    \
	" AND (?6 = '' OR n.stage = ?6) AND (?7 = 0 OR n.due < ?3)" \
	" AND (?8 = '' OR n.language = ?8)"                         \
	" AND (?9 = '' OR substr(n.zip, 1, length(?9)) = ?9)"

/* The key of the order; the case's number decides between equals. */
static const struct order {
	const char *key, *down, *beyond;
} orders[CASES_SORTS] = {
	{"n.sort", "", ">"},	    {"ifnull(n.due, '9999')", "", ">"},
	{"n.opened", " DESC", "<"}, {"ifnull(n.last, '')", "", ">"},
	{"n.level", " DESC", "<"},
};

static int cases_rows(struct db *db, struct rows *rows,
		      const struct cases_query *q, const char *sql,
		      const char *fmt, const char *key)
{
	char today[DATE_TEXT];

	return db_rows(db, rows, sql, fmt, q->me, q->staff,
		       date_format(q->today, today), q->level, q->need,
		       q->stage, (int64_t)q->overdue, q->language, q->zip, key,
		       q->after, (int64_t)q->limit + 1);
}

static void take_line(struct arena *a, struct rows *rows, struct cases_line *l)
{
	l->kase = rows_int(rows, 0);
	l->child = rows_int(rows, 1);
	l->staff = rows_int(rows, 2);
	l->given = rows_dup(a, rows, 3);
	l->family = rows_dup(a, rows, 4);
	l->staff_name = rows_dup(a, rows, 5);
	l->birth = field_day_of_sql(rows_text(rows, 6));
	l->opened = field_day_of_sql(rows_text(rows, 7));
	l->last = field_day_of_sql(rows_text(rows, 8));
	l->due = field_day_of_sql(rows_text(rows, 9));
	l->level = rows_dup(a, rows, 10);
	l->stage = rows_dup(a, rows, 11);
	l->needs = rows_dup(a, rows, 12);
	l->language = rows_dup(a, rows, 13);
	l->zip = rows_dup(a, rows, 14);
}

/* The key of the last case of the page before; NULL: from the beginning. */
static int find_key(struct db *db, const struct cases_query *q, char *key,
		    size_t size, bool *from)
{
	char sql[SQL];
	int x;

	*from = false;
	if (!q->after)
		return 0;
	snprintf(sql, sizeof sql, "SELECT %s FROM case_now n WHERE kase = ?",
		 orders[q->sort].key);
	x = db_text(db, key, size, sql, "i", q->after);
	*from = x == 0;
	if (x == E_NOTFOUND)
		err_clear();
	return x == E_NOTFOUND ? 0 : x;
}

int cases_list(struct db *db, const struct cases_query *q, struct arena *a,
	       struct cases_line **out, size_t *n, bool *more)
{
	const struct order *o = &orders[q->sort];
	struct arena_list lines = {.arena = a, .size = sizeof **out};
	char sql[SQL], key[2 * NAME_TEXT] = "", beyond[120] = "";
	struct rows rows;
	bool from;
	int x;

	*more = false;
	x = find_key(db, q, key, sizeof key, &from);
	if (x < 0)
		return x;
	if (from)
		snprintf(beyond, sizeof beyond,
			 " AND (%s, n.kase) %s (?10, ?11)", o->key, o->beyond);
	snprintf(sql, sizeof sql,
		 "SELECT n.kase, n.child, n.staff, c.given, c.family, s.name,"
		 " c.birth, n.opened, n.last, n.due, n.level, n.stage,"
		 " n.needs, n.language, n.zip FROM case_now n"
		 " JOIN child c ON c.id = n.child"
		 " LEFT JOIN staff s ON s.id = n.staff"
		 " WHERE%s" FITS "%s AND ?10 IS NOT NULL AND ?11 >= 0"
		 " ORDER BY %s%s, n.kase%s LIMIT ?12",
		 from_whose[q->whose], beyond, o->key, o->down, o->down);
	x = cases_rows(db, &rows, q, sql, "iissssisssii", key);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		struct cases_line *l;

		x = 0;
		if (lines.n == (size_t)q->limit) {
			*more = true;
			break;
		}
		l = arena_add(&lines);
		if (!l)
			break;
		take_line(a, &rows, l);
	}
	rows_end(&rows);
	*out = lines.items;
	*n = lines.n;
	return x < 0 ? x : arena_check(a);
}

/* @and narrows further, by an index of its own. */
static int count_some(struct db *db, const struct cases_query *q,
		      const char *and, int64_t *out)
{
	char sql[SQL];
	struct rows rows;
	int x;

	snprintf(sql, sizeof sql,
		 "SELECT count(*) FROM (SELECT 1 FROM case_now n WHERE%s" FITS
		 "%s AND ?10 IS NOT NULL AND ?11 >= 0 AND ?12 > 0 LIMIT %d)",
		 from_whose[q->whose], and, CASES_COUNTED);
	x = cases_rows(db, &rows, q, sql, "iissssisssii", "");
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW)
		*out = rows_int(&rows, 0);
	rows_end(&rows);
	return x < 0 ? x : 0;
}

int cases_count(struct db *db, const struct cases_query *q, int64_t *all,
		int64_t *overdue)
{
	int x = count_some(db, q, "", all);

	return x < 0 ? x
		     : count_some(db, q, " AND ifnull(n.due, '9999') < ?3",
				  overdue);
}
