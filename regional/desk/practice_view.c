#include "regional/desk/practice_view.h"

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/field.h"

/* As both queries number them. */
#define MAY_SEE FIND_LIST_MAY_SEE("c.id", "?2", "?3", "?4")
#define NAME " trim(ifnull(c.given, '') || ' ' || ifnull(c.family, ''))"

int practice_view_children(struct db *db, struct arena *a, int64_t practice,
			   const struct find_viewer *who, int64_t limit,
			   struct practice_child **out, size_t *n)
{
	static const char sql[] =
		"SELECT c.id," NAME ", p.clinician, c.birth,"
		" EXISTS (SELECT 1 FROM case_now n WHERE n.child = c.id)"
		" FROM child_practice p JOIN child c ON c.id = p.child"
		" WHERE p.practice = ?1 AND p.until IS NULL AND" MAY_SEE
		" ORDER BY c.family, c.given, c.id LIMIT ?5";
	struct arena_list l = {.arena = a,
			       .size = sizeof(struct practice_child)};
	char today[DATE_TEXT];
	struct rows r;
	int x = db_rows(db, &r, sql, "iisii", practice, who->staff,
			date_format(who->today, today), (int64_t)who->all,
			limit);

	while (x == 0 && (x = rows_next(&r)) == ROWS_ROW) {
		struct practice_child *c = arena_add(&l);

		x = c ? 0 : E_NOMEM;
		if (c)
			*c = (struct practice_child){
				.child = rows_int(&r, 0),
				.name = rows_dup(a, &r, 1),
				.clinician = rows_dup(a, &r, 2),
				.birth = field_day_of_sql(rows_text(&r, 3)),
				.open = rows_int(&r, 4) != 0};
	}
	rows_end(&r);
	*out = l.items;
	*n = l.n;
	return x < 0 ? x : 0;
}

int practice_view_shares(struct db *db, struct arena *a, int64_t practice,
			 const struct find_viewer *who, int64_t limit,
			 struct practice_share **out, size_t *n)
{
	static const char sql[] =
		"SELECT c.id," NAME ", s.what, s.way, s.shared, s.confirmed,"
		" s.confirmed_by FROM child_practice p"
		" JOIN child c ON c.id = p.child"
		" JOIN care_case k ON k.child = c.id"
		" JOIN care_plan v ON v.kase = k.id"
		" JOIN care_share s ON s.plan = v.id"
		" WHERE p.practice = ?1 AND p.until IS NULL"
		" AND s.party = 'primary-care' AND" MAY_SEE
		" ORDER BY s.confirmed IS NOT NULL, s.shared DESC, s.id DESC"
		" LIMIT ?5";
	struct arena_list l = {.arena = a,
			       .size = sizeof(struct practice_share)};
	char today[DATE_TEXT];
	struct rows r;
	int x = db_rows(db, &r, sql, "iisii", practice, who->staff,
			date_format(who->today, today), (int64_t)who->all,
			limit);

	while (x == 0 && (x = rows_next(&r)) == ROWS_ROW) {
		struct practice_share *s = arena_add(&l);

		x = s ? 0 : E_NOMEM;
		if (s)
			*s = (struct practice_share){
				.child = rows_int(&r, 0),
				.name = rows_dup(a, &r, 1),
				.what = rows_dup(a, &r, 2),
				.way = rows_dup(a, &r, 3),
				.shared = field_day_of_sql(rows_text(&r, 4)),
				.confirmed = field_day_of_sql(rows_text(&r, 5)),
				.confirmed_by = rows_dup(a, &r, 6)};
	}
	rows_end(&r);
	*out = l.items;
	*n = l.n;
	return x < 0 ? x : 0;
}

int practice_view_last(struct db *db, int64_t practice, int32_t *day)
{
	char text[DATE_TEXT];
	int x = db_text(db, text, sizeof text,
			"SELECT max(day) FROM practice_outreach"
			" WHERE practice = ?",
			"i", practice);

	*day = x == 0 && *text ? field_day_of_sql(text) : NO_DATE;
	return x;
}
