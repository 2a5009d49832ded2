#include "regional/desk/child_head.h"

#include <stdio.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/derive.h"
#include "regional/case/field.h"

/* The newest case: the open one, if there is one. */
static const char WHO_SQL[] =
	"SELECT c.given, c.family, c.birth, ifnull(c.merged_into, 0),"
	" ifnull(k.id, 0), k.opened, k.closed, ifnull(s.id, 0), s.name, s.role,"
	" ifnull(f.id, 0), f.name, f.language, ifnull(f.interpreter, 0)"
	" FROM child c"
	" LEFT JOIN care_case k ON k.id = (SELECT id FROM care_case"
	"  WHERE child = c.id AND errored IS NULL"
	"  ORDER BY closed IS NOT NULL, opened DESC, id DESC LIMIT 1)"
	" LEFT JOIN assignment g ON g.id = (SELECT id FROM assignment"
	"  WHERE kase = k.id AND since <= ?2"
	"  AND (until IS NULL OR until >= ?2) ORDER BY since DESC LIMIT 1)"
	" LEFT JOIN staff s ON s.id = g.staff"
	" LEFT JOIN family f ON f.id = (SELECT family FROM family_child"
	"  WHERE child = c.id AND main = 1 AND until IS NULL)"
	" WHERE c.id = ?1";

/* Of all ways that are safe the preferred one, then the oldest. */
static const char REACH_SQL[] =
	"SELECT trim(ifnull(g.given, '') || ' ' || ifnull(g.surname, '')),"
	" CASE WHEN r.child IS NOT NULL THEN 'self' ELSE (SELECT relation"
	"  FROM custody WHERE child = ?1 AND caregiver = g.id"
	"  AND until IS NULL LIMIT 1) END, r.way, r.value, r.hours, r.message"
	" FROM reach r LEFT JOIN caregiver g ON g.id = r.caregiver"
	" WHERE r.safe = 1 AND r.active = 1 AND (r.child = ?1 OR"
	"  (g.family = ?2 AND g.active = 1))"
	" ORDER BY r.preferred DESC, r.id LIMIT 1";
static const char UNSAFE_SQL[] =
	"SELECT EXISTS (SELECT 1 FROM reach WHERE child = ?1 AND safe = 0"
	" AND active = 1) OR EXISTS (SELECT 1 FROM caregiver g"
	" JOIN reach u ON u.caregiver = g.id WHERE g.family = ?2"
	" AND u.safe = 0 AND u.active = 1)";

static const char LAST_SQL[] =
	"SELECT t.happened, t.mode, t.made_by, t.reached FROM contact_case x"
	" JOIN contact t ON t.id = x.contact"
	" WHERE x.kase = ?1 AND t.errored IS NULL"
	" ORDER BY t.happened DESC, t.id DESC LIMIT 1";

/* Stuck: its newest referral had no answer for too long, or was turned down. */
static const char NEEDS_SQL[] =
	"SELECT count(*), ifnull(sum((r.state = 'requested'"
	" AND r.answered IS NULL AND r.sent <= date(?2, ?3))"
	" OR r.state IN ('rejected', 'failed')), 0)"
	" FROM need n LEFT JOIN referral r ON r.id = (SELECT id FROM referral"
	"  WHERE need = n.id AND state <> 'entered-in-error'"
	"  ORDER BY id DESC LIMIT 1)"
	" WHERE n.kase = ?1 AND n.state = 'open'";

/* A behavioral visit after which nobody has reached the family yet. */
static const char ED_SQL[] =
	"SELECT max(ifnull(e.discharged, e.visited)) FROM ed_episode e"
	" WHERE e.child = ?1 AND e.errored IS NULL AND e.behavioral = 1"
	" AND ifnull(e.enrolled, '') <> 'declined'"
	" AND (e.admitted IS NOT 1 OR e.discharged IS NOT NULL)"
	" AND ifnull(e.discharged, e.visited) >= date(?2, '-30 days')"
	" AND NOT EXISTS (SELECT 1 FROM care_case k"
	"  JOIN contact_case x ON x.kase = k.id"
	"  JOIN contact t ON t.id = x.contact WHERE k.child = e.child"
	"  AND t.happened >= ifnull(e.discharged, e.visited)"
	"  AND t.reached = 1 AND t.errored IS NULL"
	"  AND t.party IN ('family', 'youth'))";

static const char SIBLINGS_SQL[] =
	"SELECT DISTINCT c.id, c.given, c.birth FROM family_child h"
	" JOIN family_child o ON o.family = h.family AND o.child <> h.child"
	" JOIN child c ON c.id = o.child AND c.merged_into IS NULL"
	" WHERE h.child = ?1 AND (h.until IS NULL OR h.until >= ?2)"
	" AND (o.until IS NULL OR o.until >= ?2) ORDER BY c.birth, c.id";

static int read_who(struct db *db, struct arena *a, const char *today,
		    struct child_head *c)
{
	struct rows r;
	int x = db_rows(db, &r, WHO_SQL, "is", c->child, today);

	if (x == 0)
		x = rows_next(&r);
	if (x == ROWS_ROW) {
		c->given = rows_dup(a, &r, 0);
		c->family = rows_dup(a, &r, 1);
		c->birth = field_day_of_sql(rows_text(&r, 2));
		c->merged_into = rows_int(&r, 3);
		c->kase = rows_int(&r, 4);
		c->opened = field_day_of_sql(rows_text(&r, 5));
		c->closed = field_day_of_sql(rows_text(&r, 6));
		c->staff = rows_int(&r, 7);
		c->lead = rows_dup(a, &r, 8);
		c->lead_role = rows_dup(a, &r, 9);
		c->family_id = rows_int(&r, 10);
		c->family_name = rows_dup(a, &r, 11);
		c->language = rows_dup(a, &r, 12);
		c->interpreter = rows_int(&r, 13) != 0;
	}
	rows_end(&r);
	return x == ROWS_DONE ? err_set(E_NOTFOUND, "there is no such child")
	       : x < 0	      ? x
			      : 0;
}

static int read_reach(struct db *db, struct arena *a, struct child_head *c)
{
	int64_t unsafe = 0;
	struct rows r;
	int x;

	c->person = c->relation = c->way = c->value = c->hours = "";
	x = db_rows(db, &r, REACH_SQL, "ii", c->child, c->family_id);
	if (x == 0)
		x = rows_next(&r);
	if (x == ROWS_ROW) {
		c->person = rows_dup(a, &r, 0);
		c->relation = rows_dup(a, &r, 1);
		c->way = rows_dup(a, &r, 2);
		c->value = rows_dup(a, &r, 3);
		c->hours = rows_dup(a, &r, 4);
		c->message = rows_int(&r, 5) != 0;
	}
	rows_end(&r);
	if (x < 0)
		return x;
	x = db_int(db, &unsafe, UNSAFE_SQL, "ii", c->child, c->family_id);
	c->unsafe = unsafe != 0;
	return x;
}

static int read_work(struct db *db, struct arena *a, const char *today,
		     struct child_head *c)
{
	char stale[24], ed[DATE_TEXT] = "";
	struct rows r;
	int x;

	c->last_mode = c->last_by = "";
	x = db_rows(db, &r, LAST_SQL, "i", c->kase);
	if (x == 0)
		x = rows_next(&r);
	if (x == ROWS_ROW) {
		c->last = field_day_of_sql(rows_text(&r, 0));
		c->last_mode = rows_dup(a, &r, 1);
		c->last_by = rows_dup(a, &r, 2);
		c->last_reached = rows_int(&r, 3) != 0;
	}
	rows_end(&r);
	if (x < 0)
		return x;
	snprintf(stale, sizeof stale, "-%d days", DERIVE_STALE_DAYS);
	x = db_rows(db, &r, NEEDS_SQL, "iss", c->kase, today, stale);
	if (x == 0)
		x = rows_next(&r);
	if (x == ROWS_ROW) {
		c->open_needs = rows_int(&r, 0);
		c->stuck = rows_int(&r, 1);
	}
	rows_end(&r);
	if (x < 0)
		return x;
	x = db_text(db, ed, sizeof ed, ED_SQL, "is", c->child, today);
	c->ed_day = field_day_of_sql(ed[0] ? ed : NULL);
	return x;
}

static int read_siblings(struct db *db, struct arena *a, const char *today,
			 struct child_head *c)
{
	struct arena_list list = {.arena = a, .size = sizeof *c->siblings};
	struct child_sibling *s;
	struct rows r;
	int x = db_rows(db, &r, SIBLINGS_SQL, "is", c->child, today);

	while (x == 0 && (x = rows_next(&r)) == ROWS_ROW) {
		x = 0;
		s = arena_add(&list);
		if (!s) {
			x = E_NOMEM;
			break;
		}
		s->child = rows_int(&r, 0);
		s->given = rows_dup(a, &r, 1);
		s->birth = field_day_of_sql(rows_text(&r, 2));
	}
	rows_end(&r);
	c->siblings = list.items;
	c->siblings_n = list.n;
	return x < 0 ? x : 0;
}

int child_head_read(struct db *db, struct arena *a, int64_t child,
		    int32_t today, struct child_head *out)
{
	char day[DATE_TEXT];
	int r;

	*out = (struct child_head){.child = child,
				   .opened = NO_DATE,
				   .closed = NO_DATE,
				   .last = NO_DATE,
				   .ed_day = NO_DATE};
	date_format(today, day);
	r = read_who(db, a, day, out);
	if (r == 0)
		r = read_reach(db, a, out);
	if (r == 0)
		r = read_work(db, a, day, out);
	if (r == 0)
		r = read_siblings(db, a, day, out);
	return r == 0 ? arena_check(a) : r;
}
