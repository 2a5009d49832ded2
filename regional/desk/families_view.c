#include "regional/desk/families_view.h"

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/field.h"

/* As all queries here number them. */
#define MAY_SEE FIND_LIST_MAY_SEE("c.id", "?1", "?2", "?3")
#define NAME " trim(ifnull(c.given, '') || ' ' || ifnull(c.family, ''))"

static int32_t day_of(struct rows *rows, int col)
{
	return field_day_of_sql(rows_text(rows, col));
}

static int begin(struct db *db, struct rows *r, const char *sql,
		 const struct find_viewer *who, int64_t more, int64_t limit)
{
	char today[DATE_TEXT];

	return db_rows(db, r, sql, "isiii", who->staff,
		       date_format(who->today, today), (int64_t)who->all, more,
		       limit);
}

int families_view_due(struct db *db, struct arena *a,
		      const struct find_viewer *who, int64_t limit,
		      struct families_due **out, size_t *n)
{
	/* Days since 1970, as dates are counted in the program. */
	static const char sql[] =
		"SELECT c.id," NAME ", n.opened, (SELECT max(asked)"
		"  FROM survey WHERE kase = n.kase) AS asked"
		" FROM case_now n JOIN child c ON c.id = n.child"
		" WHERE ?3 >= 0 AND n.staff IN (SELECT ?1 WHERE ?1 > 0"
		"  UNION ALL SELECT staff FROM cover WHERE cover = ?1"
		"  AND since <= ?2 AND (until IS NULL OR until >= ?2))"
		" AND n.opened <= date(?4 * 86400, 'unixepoch')"
		" AND NOT EXISTS (SELECT 1 FROM survey WHERE kase = n.kase"
		"  AND asked > date(?4 * 86400, 'unixepoch'))"
		" ORDER BY asked IS NOT NULL, asked, n.opened, c.id LIMIT ?5";
	struct arena_list l = {.arena = a, .size = sizeof(struct families_due)};
	struct rows r;
	int x = begin(db, &r, sql, who, who->today - FAMILIES_ASK_DAYS, limit);

	while (x == 0 && (x = rows_next(&r)) == ROWS_ROW) {
		struct families_due *d = arena_add(&l);

		x = d ? 0 : E_NOMEM;
		if (d)
			*d = (struct families_due){.child = rows_int(&r, 0),
						   .name = rows_dup(a, &r, 1),
						   .opened = day_of(&r, 2),
						   .asked = day_of(&r, 3)};
	}
	rows_end(&r);
	*out = l.items;
	*n = l.n;
	return x < 0 ? x : 0;
}

int families_view_surveys(struct db *db, struct arena *a,
			  const struct find_viewer *who, bool returned,
			  int64_t limit, struct families_survey **out,
			  size_t *n)
{
	static const char sql[] =
		"SELECT s.id, c.id," NAME ", s.occasion, s.needs_met,"
		" s.asked, s.returned, ifnull(s.satisfaction, -1)"
		" FROM survey s JOIN care_case k ON k.id = s.kase"
		" JOIN child c ON c.id = k.child"
		" WHERE (s.returned IS NOT NULL) = ?4 AND" MAY_SEE
		" ORDER BY ifnull(s.returned, s.asked) DESC, s.id DESC"
		" LIMIT ?5";
	struct arena_list l = {.arena = a,
			       .size = sizeof(struct families_survey)};
	struct rows r;
	int x = begin(db, &r, sql, who, returned, limit);

	while (x == 0 && (x = rows_next(&r)) == ROWS_ROW) {
		struct families_survey *s = arena_add(&l);

		x = s ? 0 : E_NOMEM;
		if (s)
			*s = (struct families_survey){
				.id = rows_int(&r, 0),
				.child = rows_int(&r, 1),
				.name = rows_dup(a, &r, 2),
				.occasion = rows_dup(a, &r, 3),
				.needs_met = rows_dup(a, &r, 4),
				.asked = day_of(&r, 5),
				.returned = day_of(&r, 6),
				.satisfaction = rows_int(&r, 7)};
	}
	rows_end(&r);
	*out = l.items;
	*n = l.n;
	return x < 0 ? x : 0;
}

int families_view_parts(struct db *db, struct arena *a,
			const struct find_viewer *who, int64_t limit,
			struct families_part **out, size_t *n)
{
	static const char sql[] =
		"SELECT e.id, ifnull(c.id, 0)," NAME ", e.engagement, e.note,"
		" e.noted_by, e.happened, ifnull(e.families, -1)"
		" FROM survey_engagement e"
		" LEFT JOIN care_case k ON k.id = e.kase"
		" LEFT JOIN child c ON c.id = k.child"
		" WHERE ?4 = 0 AND (e.kase IS NULL OR" MAY_SEE ")"
		" ORDER BY e.happened DESC, e.id DESC LIMIT ?5";
	struct arena_list l = {.arena = a,
			       .size = sizeof(struct families_part)};
	struct rows r;
	int x = begin(db, &r, sql, who, 0, limit);

	while (x == 0 && (x = rows_next(&r)) == ROWS_ROW) {
		struct families_part *f = arena_add(&l);

		x = f ? 0 : E_NOMEM;
		if (f)
			*f = (struct families_part){.id = rows_int(&r, 0),
						    .child = rows_int(&r, 1),
						    .name = rows_dup(a, &r, 2),
						    .kind = rows_dup(a, &r, 3),
						    .note = rows_dup(a, &r, 4),
						    .by = rows_dup(a, &r, 5),
						    .happened = day_of(&r, 6),
						    .families =
							    rows_int(&r, 7)};
	}
	rows_end(&r);
	*out = l.items;
	*n = l.n;
	return x < 0 ? x : 0;
}

static void take_peer(struct arena *a, struct rows *r,
		      const struct find_viewer *who, struct families_peer *f)
{
	bool whole = rows_int(r, 8) != 0;
	int32_t birth = day_of(r, 2);

	*f = (struct families_peer){
		.child = whole ? rows_int(r, 0) : 0,
		.name = whole ? rows_dup(a, r, 1) : "",
		.birth = whole ? birth : NO_DATE,
		.language = rows_dup(a, r, 3),
		.staff = rows_dup(a, r, 4),
		.note = whole ? rows_dup(a, r, 5) : "",
		.agreed = day_of(r, 6),
		.id = rows_int(r, 7),
		.years = birth == NO_DATE ? SHEET_UNKNOWN
					  : (who->today - birth) / 365};
}

int families_view_peers(struct db *db, struct arena *a,
			const struct find_viewer *who, int64_t limit,
			struct families_peer **out, size_t *n)
{
	static const char sql[] =
		"SELECT c.id," NAME ", c.birth, o.language, s.name, e.note,"
		" max(e.happened), e.id," MAY_SEE
		" FROM survey_engagement e JOIN care_case k ON k.id = e.kase"
		" JOIN child c ON c.id = k.child"
		" JOIN case_now o ON o.child = c.id"
		" LEFT JOIN staff s ON s.id = o.staff"
		" WHERE e.engagement = 'peer' AND ?4 = 0 GROUP BY c.id"
		" ORDER BY max(e.happened) DESC, c.id LIMIT ?5";
	struct arena_list l = {.arena = a,
			       .size = sizeof(struct families_peer)};
	struct rows r;
	int x = begin(db, &r, sql, who, 0, limit);

	while (x == 0 && (x = rows_next(&r)) == ROWS_ROW) {
		struct families_peer *f = arena_add(&l);

		x = f ? 0 : E_NOMEM;
		if (f)
			take_peer(a, &r, who, f);
	}
	rows_end(&r);
	*out = l.items;
	*n = l.n;
	return x < 0 ? x : 0;
}
