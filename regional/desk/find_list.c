#include "regional/desk/find_list.h"

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/utf8.h"
#include "regional/case/field.h"

enum { LINES = 100 };

int find_list_open(struct db *db, const struct find_viewer *who, int64_t child,
		   bool *out)
{
	char today[DATE_TEXT];
	int64_t may = 0;
	int x = db_int(db, &may,
		       "SELECT" FIND_LIST_MAY_SEE("?1", "?2", "?3", "?4"),
		       "iisi", child, who->staff,
		       date_format(who->today, today), (int64_t)who->all);

	*out = may != 0;
	return x;
}

const char *find_list_initials(struct arena *a, const char *given,
			       const char *family)
{
	int g = utf8_len(given, 4), f = utf8_len(family, 4);

	return arena_str(a, "%.*s%s%.*s%s", g, given, g ? ". " : "", f, family,
			 f ? "." : "");
}

static int take_line(struct db *db, const struct find_hit *h,
		     const struct find_viewer *who, struct arena *a,
		     struct find_line *l)
{
	struct rows rows;
	int m, d, x;

	l->child = h->child;
	l->by = h->by;
	x = find_list_open(db, who, h->child, &l->whole);
	if (x == 0)
		x = db_rows(db, &rows,
			    "SELECT c.given, c.family, c.birth, n.kase,"
			    " n.language, s.name FROM child c"
			    " LEFT JOIN case_now n ON n.child = c.id"
			    " LEFT JOIN staff s ON s.id = n.staff"
			    " WHERE c.id = ?",
			    "i", h->child);
	else
		return x;
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		l->given = rows_dup(a, &rows, 0);
		l->family = rows_dup(a, &rows, 1);
		l->birth = field_day_of_sql(rows_text(&rows, 2));
		l->kase = rows_int(&rows, 3);
		l->language = rows_dup(a, &rows, 4);
		l->staff = rows_dup(a, &rows, 5);
		date_to_ymd(l->birth, &l->year, &m, &d);
	}
	rows_end(&rows);
	if (x < 0 || arena_check(a) < 0)
		return x < 0 ? x : E_NOMEM;
	l->initials = find_list_initials(a, l->given, l->family);
	if (!l->whole) {
		/* Not even by mistake on a page. */
		l->given = l->family = l->language = "";
		l->birth = NO_DATE;
		l->by = 0;
	}
	return 0;
}

int find_list(struct db *db, const char *text, const struct find_viewer *who,
	      int limit, struct arena *a, struct find_line **out, size_t *n,
	      bool *more)
{
	struct arena_list lines = {.arena = a, .size = sizeof **out};
	struct find_hit hit[LINES];
	int found, x;

	x = find_children(db, text, hit, limit < LINES ? limit : LINES, &found,
			  more);
	for (int i = 0; i < found && x == 0; i++) {
		struct find_line *l = arena_add(&lines);

		x = l ? take_line(db, &hit[i], who, a, l) : E_NOMEM;
	}
	*out = lines.items;
	*n = lines.n;
	return x < 0 ? x : arena_check(a);
}
