#include "regional/desk/contact_view.h"

#include <sodium.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/field.h"

/* Rows of child, case, given, family, birth. */
static int take_children(struct arena *a, struct rows *r, int x,
			 struct contact_child **out, size_t *n)
{
	struct arena_list list = {.arena = a, .size = sizeof **out};

	while (x == 0 && (x = rows_next(r)) == ROWS_ROW) {
		struct contact_child *c = arena_add(&list);

		x = c ? 0 : E_NOMEM;
		if (!c)
			break;
		*c = (struct contact_child){
			.child = rows_int(r, 0),
			.kase = rows_int(r, 1),
			.given = rows_dup(a, r, 2),
			.family = rows_dup(a, r, 3),
			.birth = field_day_of_sql(rows_text(r, 4)),
		};
	}
	rows_end(r);
	*out = list.items;
	*n = list.n;
	return x < 0 ? x : 0;
}

int contact_view_children(struct db *db, struct arena *a, int64_t id,
			  int64_t child, struct contact_child **out, size_t *n)
{
	bool there = child == 0;
	struct rows r;
	int x = db_rows(db, &r,
			"SELECT c.id, k.id, c.given, c.family, c.birth"
			" FROM contact_case s JOIN care_case k ON k.id = s.kase"
			" JOIN child c ON c.id = k.child WHERE s.contact = ?"
			" ORDER BY c.birth, c.id",
			"i", id);

	x = take_children(a, &r, x, out, n);
	for (size_t i = 0; x == 0 && i < *n; i++)
		there = there || (*out)[i].child == child;
	if (x == 0 && (!there || *n == 0))
		return err_set(E_NOTFOUND, "There is no such contact");
	return x;
}

int contact_view_siblings(struct db *db, struct arena *a, int64_t child,
			  int32_t day, struct contact_child **out, size_t *n)
{
	char on[DATE_TEXT];
	struct rows r;
	int x = db_rows(
		db, &r,
		"SELECT DISTINCT c.id, k.id, c.given, c.family, c.birth"
		" FROM family_child h JOIN family_child o"
		"  ON o.family = h.family AND o.child <> h.child"
		" JOIN child c ON c.id = o.child AND c.merged_into IS NULL"
		" JOIN care_case k ON k.child = c.id AND k.closed IS NULL"
		" WHERE h.child = ?1 AND (h.until IS NULL OR h.until >= ?2)"
		" AND (o.until IS NULL OR o.until >= ?2)"
		" ORDER BY c.birth, c.id",
		"is", child, date_format(day, on));

	return take_children(a, &r, x, out, n);
}

int contact_view_mine(struct db *db, struct arena *a, int64_t staff,
		      int64_t limit, struct contact_child **out, size_t *n)
{
	struct rows r;
	int x = db_rows(db, &r,
			"SELECT c.id, n.kase, c.given, c.family, c.birth"
			" FROM case_now n JOIN child c ON c.id = n.child"
			" WHERE n.staff = ? ORDER BY n.sort, n.kase LIMIT ?",
			"ii", staff, limit);

	return take_children(a, &r, x, out, n);
}

int contact_view_count(struct db *db, int64_t child, int64_t *out)
{
	return db_int(db, out,
		      "SELECT count(DISTINCT t.id) FROM care_case k"
		      " JOIN contact_case s ON s.kase = k.id"
		      " JOIN contact t ON t.id = s.contact"
		      " WHERE k.child = ? AND t.errored IS NULL",
		      "i", child);
}

struct contacts {
	struct arena_list list;
};

static int on_contact(void *arg, const void *row)
{
	struct contact *c = arena_add(&((struct contacts *)arg)->list);

	if (!c)
		return E_NOMEM;
	*c = *(const struct contact *)row;
	return 0;
}

int contact_view_list(struct db *db, struct arena *a, int64_t child,
		      int64_t offset, int64_t limit, struct contact **out,
		      size_t *n)
{
	static const char tail[] =
		"WHERE errored IS NULL AND id IN (SELECT s.contact"
		" FROM care_case k JOIN contact_case s ON s.kase = k.id"
		" WHERE k.child = ?1) ORDER BY happened DESC, id DESC";
	struct contacts l = {{.arena = a, .size = sizeof **out}};
	int x = sheet_list(db, &contact_sheet, tail, child, 0, offset, limit,
			   on_contact, &l);

	*out = l.list.items;
	*n = l.list.n;
	return x;
}

static int on_planned(void *arg, const void *row)
{
	struct contact_planned *c = arena_add(&((struct contacts *)arg)->list);

	if (!c)
		return E_NOMEM;
	*c = *(const struct contact_planned *)row;
	return 0;
}

int contact_view_planned(struct db *db, struct arena *a, int64_t kase,
			 struct contact_planned **out, size_t *n)
{
	enum { MOST = 50 };
	struct contacts l = {{.arena = a, .size = sizeof **out}};
	/* Case 0 would be everybody's. */
	int x = kase == 0 ? 0
			  : contact_planned_list(db, kase, NO_DATE, 0, MOST,
						 on_planned, &l);

	*out = l.list.items;
	*n = l.list.n;
	return x;
}

int contact_view_was_planned(struct db *db, int64_t contact, int64_t *planned)
{
	return db_int(db, planned,
		      "SELECT ifnull(max(id), 0) FROM contact_planned"
		      " WHERE contact = ?",
		      "i", contact);
}

int contact_view_ways(struct db *db, struct arena *a, int64_t child,
		      struct contact_way **out, size_t *n)
{
	struct arena_list list = {.arena = a, .size = sizeof **out};
	struct rows r;
	int x = db_rows(
		db, &r,
		"SELECT trim(ifnull(g.given, '') || ' ' ||"
		" ifnull(g.surname, '')), r.way, r.value, r.hours, r.message"
		" FROM reach r LEFT JOIN caregiver g ON g.id = r.caregiver"
		" WHERE r.safe = 1 AND r.active = 1 AND (r.child = ?1 OR"
		" (g.active = 1 AND g.family IN (SELECT family FROM"
		"  family_child WHERE child = ?1 AND until IS NULL)))"
		" ORDER BY r.preferred DESC, r.id",
		"i", child);

	while (x == 0 && (x = rows_next(&r)) == ROWS_ROW) {
		struct contact_way *w = arena_add(&list);

		x = w ? 0 : E_NOMEM;
		if (!w)
			break;
		*w = (struct contact_way){
			.person = rows_dup(a, &r, 0),
			.way = rows_dup(a, &r, 1),
			.value = rows_dup(a, &r, 2),
			.hours = rows_dup(a, &r, 3),
			.message = rows_int(&r, 4) != 0,
		};
	}
	rows_end(&r);
	*out = list.items;
	*n = list.n;
	return x < 0 ? x : 0;
}

void contact_view_seen(const struct contact *c, char out[CONTACT_SEEN])
{
	unsigned char hash[16];
	crypto_generichash_state s;
	char buf[SHEET_BUF];

	crypto_generichash_init(&s, NULL, 0, sizeof hash);
	for (int i = 0; i < contact_sheet.n; i++) {
		const char *text = sheet_text(&contact_sheet.column[i], c, buf);

		if (text)
			crypto_generichash_update(
				&s, (const unsigned char *)text, strlen(text));
		/* What stands in one field is not the next one's. */
		crypto_generichash_update(&s, (const unsigned char *)"", 1);
	}
	crypto_generichash_final(&s, hash, sizeof hash);
	sodium_bin2hex(out, CONTACT_SEEN, hash, sizeof hash);
}
