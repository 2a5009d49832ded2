#include "regional/case/child.h"

#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/audit.h"
#include "regional/case/field.h"
#include "regional/case/referral.h"

#define COLUMNS "id, given, family, birth, sex, zip, source_id, merged_into"

enum { FIELDS = 6 };

static void child_row(struct rows *rows, struct child *c)
{
	memset(c, 0, sizeof *c);
	c->id = rows_int(rows, 0);
	field_copy(c->given, sizeof c->given, rows_text(rows, 1));
	field_copy(c->family, sizeof c->family, rows_text(rows, 2));
	c->birth = field_day_of_sql(rows_text(rows, 3));
	field_copy(c->sex, sizeof c->sex, rows_text(rows, 4));
	field_copy(c->zip, sizeof c->zip, rows_text(rows, 5));
	field_copy(c->source_id, sizeof c->source_id, rows_text(rows, 6));
	c->merged_into = rows_int(rows, 7);
}

static int check_sex(const char *sex)
{
	static const char *const known[] = {"female", "male", "other",
					    "unknown"};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (strcmp(sex, known[i]) == 0)
			return 0;
	}
	return err_set(E_INVALID,
		       "The sex \"%.15s\" is not one of: female, "
		       "male, other, unknown",
		       sex);
}

static int child_check(const struct records *r, const struct child *c)
{
	int x;

	if ((x = field_text("given name", c->given, sizeof c->given)) < 0 ||
	    (x = field_text("family name", c->family, sizeof c->family)) < 0 ||
	    (x = field_text("sex", c->sex, sizeof c->sex)) < 0 ||
	    (x = field_text("ZIP code", c->zip, sizeof c->zip)) < 0 ||
	    (x = field_text("record number elsewhere", c->source_id,
			    sizeof c->source_id)) < 0)
		return x;
	if (!*c->given && !*c->family)
		return err_set(E_INVALID,
			       "A child needs a given name, a family "
			       "name, or both");
	if ((x = field_day(r, "birth date", c->birth)) < 0 ||
	    (x = check_sex(c->sex)) < 0)
		return x;
	return field_zip(c->zip);
}

/* What the audit compares; @was NULL: a new child. */
static int child_audit(struct records *r, int64_t id, const struct child *was,
		       const struct child *now)
{
	char a[DATE_TEXT], b[DATE_TEXT];
	struct audit_field f[FIELDS] = {
		{"given", NULL, field_sql_text(now->given)},
		{"family", NULL, field_sql_text(now->family)},
		{"birth", NULL, field_sql_day(now->birth, b)},
		{"sex", NULL, now->sex},
		{"zip", NULL, field_sql_text(now->zip)},
		{"source_id", NULL, field_sql_text(now->source_id)},
	};

	if (was) {
		f[0].was = field_sql_text(was->given);
		f[1].was = field_sql_text(was->family);
		f[2].was = field_sql_day(was->birth, a);
		f[3].was = was->sex;
		f[4].was = field_sql_text(was->zip);
		f[5].was = field_sql_text(was->source_id);
	}
	return audit_changes(r, "child", id, f, FIELDS);
}

int child_add(struct records *r, const struct child *c, int64_t *id)
{
	char birth[DATE_TEXT];
	int64_t new_id = 0;
	int x;

	x = child_check(r, c);
	if (x < 0)
		return x;
	x = records_begin(r);
	if (x < 0)
		return x;
	x = db_run(r->db,
		   "INSERT INTO child (given, family, birth, sex, zip,"
		   " source_id) VALUES (?, ?, ?, ?, ?, ?)",
		   "ssssss", field_sql_text(c->given),
		   field_sql_text(c->family), date_format(c->birth, birth),
		   c->sex, field_sql_text(c->zip),
		   field_sql_text(c->source_id));
	if (x == 0) {
		new_id = db_last_id(r->db);
		x = child_audit(r, new_id, NULL, c);
	}
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

/* A corrected birth date must not turn what is recorded into nonsense. */
static int check_birth_fits(struct records *r, const struct child *c)
{
	char first[DATE_TEXT];
	int x;

	x = db_text(r->db, first, sizeof first,
		    "SELECT min(day) FROM (SELECT opened AS day FROM care_case"
		    " WHERE child = ?1 UNION ALL SELECT n.found FROM need n"
		    " JOIN care_case k ON k.id = n.kase WHERE k.child = ?1"
		    " UNION ALL SELECT done FROM screening WHERE child = ?1)",
		    "i", c->id);
	if (x < 0 || !*first)
		return x;
	return field_order("first day in the child's record",
			   field_day_of_sql(first), c->birth, "the birth date");
}

static int child_write(struct records *r, const struct child *c,
		       const struct child *was)
{
	char birth[DATE_TEXT];
	int x;

	x = db_run(r->db,
		   "UPDATE child SET given = ?, family = ?, birth = ?, sex = ?,"
		   " zip = ?, source_id = ? WHERE id = ?",
		   "ssssssi", field_sql_text(c->given),
		   field_sql_text(c->family), date_format(c->birth, birth),
		   c->sex, field_sql_text(c->zip), field_sql_text(c->source_id),
		   c->id);
	if (x == 0)
		x = child_audit(r, c->id, was, c);
	if (x == 0 && c->birth != was->birth)
		x = referral_reband(r, c->id, c->birth);
	return x;
}

int child_update(struct records *r, const struct child *c)
{
	struct child was;
	int x;

	x = child_check(r, c);
	if (x < 0)
		return x;
	x = records_begin(r);
	if (x < 0)
		return x;
	x = child_here(r->db, c->id, &was);
	if (x == 0 && c->birth != was.birth)
		x = check_birth_fits(r, c);
	if (x == 0)
		x = child_write(r, c, &was);
	return records_end(r, x);
}

int child_twin(struct db *db, const struct child *c, int64_t *id)
{
	char birth[DATE_TEXT];

	return db_int(db, id,
		      "SELECT id FROM child WHERE coalesce(family, given)"
		      " = coalesce(?2, ?1) COLLATE NOCASE"
		      " AND given IS ?1 COLLATE NOCASE"
		      " AND family IS ?2 COLLATE NOCASE"
		      " AND birth = ?3 AND id <> ?4 ORDER BY id LIMIT 1",
		      "sssi", field_sql_text(c->given),
		      field_sql_text(c->family), date_format(c->birth, birth),
		      c->id);
}

int child_get(struct db *db, int64_t id, struct child *out)
{
	struct rows rows;
	int x;

	x = db_rows(db, &rows, "SELECT " COLUMNS " FROM child WHERE id = ?",
		    "i", id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		child_row(&rows, out);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND, "There is no child %lld",
			    (long long)id);
	}
	rows_end(&rows);
	return x;
}

int child_here(struct db *db, int64_t id, struct child *out)
{
	int x = child_get(db, id, out);

	if (x == 0 && out->merged_into)
		x = err_set(E_STATE,
			    "Child %lld was recorded twice and is now child "
			    "%lld; use that number",
			    (long long)id, (long long)out->merged_into);
	return x;
}

int child_list(struct db *db, const char *text, int64_t offset, int64_t limit,
	       int (*fn)(void *arg, const struct child *c), void *arg)
{
	/* The same order as the index child_by_name, so that a page of many
	 * thousand children is read without sorting them. */
	static const char sql[] =
		"SELECT " COLUMNS ", ifnull(given, '') || ' ' ||"
		" ifnull(family, '') || ' ' || birth || ' ' || ifnull(zip, '')"
		" AS hay FROM child"
		" WHERE merged_into IS NULL AND hay LIKE ?1 ESCAPE '\\' AND "
		"hay LIKE ?2 ESCAPE '\\'"
		" AND hay LIKE ?3 ESCAPE '\\' AND hay LIKE ?4 ESCAPE '\\'"
		" AND hay LIKE ?5 ESCAPE '\\' AND hay LIKE ?6 ESCAPE '\\'"
		" AND hay LIKE ?7 ESCAPE '\\' AND hay LIKE ?8 ESCAPE '\\'"
		" ORDER BY coalesce(family, given) COLLATE NOCASE,"
		" given COLLATE NOCASE, id LIMIT ?9 OFFSET ?10";
	struct field_search s;
	struct rows rows;
	struct child c;
	int x;

	x = field_search(text, &s);
	if (x < 0)
		return x;
	x = db_rows(db, &rows, sql, "ssssssssii", s.like[0], s.like[1],
		    s.like[2], s.like[3], s.like[4], s.like[5], s.like[6],
		    s.like[7], limit, offset);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		child_row(&rows, &c);
		x = fn(arg, &c);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}
