#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/directory.h"
#include "regional/case/field.h"

/* ?1 need, ?2 place, ?3 language, ?4 age, ?5 one pattern of the search. */
static const char sql[] =
	"SELECT s.id FROM (SELECT l.id, l.name, l.age_from, l.age_to,"
	"  l.name || ' ' || ifnull(l.offered_by, '') || ' '"
	"  || ifnull(t.eligibility, '') || ' ' || ifnull(t.note, '') AS words"
	"  FROM service_listing l JOIN service t ON t.id = l.id) s"
	" WHERE (?1 = '' OR EXISTS (SELECT 1 FROM service_need n"
	"  WHERE n.service = s.id AND n.need = ?1))"
	" AND (?2 = '' OR NOT EXISTS (SELECT 1 FROM service_place p"
	"  WHERE p.service = s.id) OR EXISTS (SELECT 1 FROM service_place p"
	"  WHERE p.service = s.id AND p.place = ?2))"
	" AND (?3 = '' OR NOT EXISTS (SELECT 1 FROM service_language l"
	"  WHERE l.service = s.id) OR EXISTS (SELECT 1 FROM service_language l"
	"  WHERE l.service = s.id AND l.language = ?3))"
	" AND (?4 < 0 OR ?4 BETWEEN ifnull(s.age_from, 0)"
	"  AND ifnull(s.age_to, 99))"
	" AND s.words LIKE ?5 ESCAPE '\\'"
	" AND s.words LIKE ?6 ESCAPE '\\'"
	" AND s.words LIKE ?7 ESCAPE '\\'"
	" AND s.words LIKE ?8 ESCAPE '\\'"
	" AND s.words LIKE ?9 ESCAPE '\\'"
	" AND s.words LIKE ?10 ESCAPE '\\'"
	" AND s.words LIKE ?11 ESCAPE '\\'"
	" AND s.words LIKE ?12 ESCAPE '\\'"
	" ORDER BY s.name, s.id LIMIT ?13 OFFSET ?14";

int directory_find(struct db *db, const struct directory_search *s,
		   int64_t offset, int64_t limit, sheet_fn *fn, void *arg)
{
	struct directory_line line;
	struct field_search w;
	struct rows rows;
	int x;

	x = field_search(s->text, &w);
	if (x < 0)
		return x;
	x = db_rows(db, &rows, sql, "sssissssssssii", s->need, s->place,
		    s->language, s->age, w.like[0], w.like[1], w.like[2],
		    w.like[3], w.like[4], w.like[5], w.like[6], w.like[7],
		    limit, offset);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		x = sheet_get(db, &directory_line_sheet, rows_int(&rows, 0),
			      &line);
		if (x == 0)
			x = fn(arg, &line);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

int directory_stale(struct db *db, int32_t today, int64_t offset, int64_t limit,
		    sheet_fn *fn, void *arg)
{
	/* Days since 1970, as dates are counted in the program. */
	static const char tail[] =
		"WHERE verified IS NULL"
		" OR verified < date(?1 * 86400, 'unixepoch')"
		" ORDER BY verified, name, id";

	return sheet_list(db, &directory_line_sheet, tail,
			  today - DIRECTORY_STALE_DAYS, 0, offset, limit, fn,
			  arg);
}
