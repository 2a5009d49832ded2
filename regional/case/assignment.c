#include "regional/case/assignment.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/cover.h"
#include "regional/case/field.h"
#include "regional/case/kase.h"
#include "regional/case/need_level.h"
#include "regional/case/row.h"
#include "regional/case/staff.h"

#define COLUMNS "id, kase, staff, since, until, suggested, reasons, why"

static void assignment_row(struct rows *rows, struct assignment *a)
{
	memset(a, 0, sizeof *a);
	a->id = rows_int(rows, 0);
	a->kase = rows_int(rows, 1);
	a->staff = rows_int(rows, 2);
	a->since = field_day_of_sql(rows_text(rows, 3));
	a->until = field_day_of_sql(rows_text(rows, 4));
	field_copy(a->suggested, sizeof a->suggested, rows_text(rows, 5));
	field_copy(a->reasons, sizeof a->reasons, rows_text(rows, 6));
	field_copy(a->why, sizeof a->why, rows_text(rows, 7));
}

/* --- the suggestion --- */

/* What is known of the case on a day. */
struct grounds {
	bool leveled;
	struct need_level level;
	int64_t behavioral, screened, medical; /* how many */
	int points, tier;
};

static int count_needs(struct db *db, int64_t kase, const char *domain,
		       int32_t on, int64_t *out)
{
	char day[DATE_TEXT];

	return db_int(db, out,
		      "SELECT count(*) FROM need WHERE kase = ?1"
		      " AND domain = ?2 AND found <= ?3"
		      " AND (closed IS NULL OR closed > ?3)",
		      "iss", kase, domain, date_format(on, day));
}

static int find_grounds(struct records *r, const struct kase *k, int32_t on,
			struct grounds *g)
{
	char day[DATE_TEXT], first[DATE_TEXT];
	int x;

	memset(g, 0, sizeof *g);
	x = need_level_get(r->db, k->id, on, &g->level);
	g->leveled = x == 0;
	if (x < 0 && x != E_NOTFOUND)
		return x;
	err_clear();
	if ((x = count_needs(r->db, k->id, "behavioral", on, &g->behavioral)) <
		    0 ||
	    (x = count_needs(r->db, k->id, "medical", on, &g->medical)) < 0 ||
	    (x = need_level_points(r, k->id, on, &g->points, &g->tier)) < 0)
		return x;
	return db_int(r->db, &g->screened,
		      "SELECT count(*) FROM screening s"
		      " JOIN screening_result t ON t.screening = s.id"
		      " WHERE s.child = ?1 AND s.errored IS NULL"
		      " AND s.done <= ?2 AND s.done > ?3"
		      " AND t.class = 'positive' AND t.need = 'behavioral'",
		      "iss", k->child, date_format(on, day),
		      date_format(on - 365, first));
}

static void because(struct suggestion *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static void because(struct suggestion *s, const char *fmt, ...)
{
	size_t used = strlen(s->reasons);
	va_list ap;

	if (used > 0 && used + 2 < sizeof s->reasons) {
		memcpy(s->reasons + used, ", ", 3);
		used += 2;
	}
	va_start(ap, fmt);
	vsnprintf(s->reasons + used, sizeof s->reasons - used, fmt, ap);
	va_end(ap);
}

static const char *plural(int64_t n)
{
	return n == 1 ? "" : "s";
}

/* Complex medical needs first: they need a license that nobody else has. */
static void choose_role(const struct grounds *g, struct suggestion *s)
{
	const char *medical = g->leveled ? g->level.medical : "";
	int social = g->leveled ? g->level.social : g->tier;

	if (strcmp(medical, "complex") == 0)
		because(s, "complex chronic disease (%s %s)", g->level.method,
			g->level.method_version);
	if (*s->reasons)
		field_copy(s->role, sizeof s->role, "nurse");
	if (g->behavioral)
		because(s, "%lld open behavioral need%s",
			(long long)g->behavioral, plural(g->behavioral));
	if (g->screened)
		because(s, "%lld positive behavioral result%s in a year",
			(long long)g->screened, plural(g->screened));
	if (!*s->role && *s->reasons)
		field_copy(s->role, sizeof s->role, "social-worker");
	if (!*s->role && social == 0 &&
	    (g->medical || strcmp(medical, "non-complex") == 0)) {
		because(s, "%s",
			g->medical ? "an open medical need"
				   : "non-complex chronic disease");
		because(s, "no social need");
		field_copy(s->role, sizeof s->role, "nurse");
	}
	if (social > 0)
		because(s, "social tier %d", social);
	if (!*s->role)
		field_copy(s->role, sizeof s->role, "coordinator");
	if (!*s->reasons)
		because(s, "nothing that asks for a nurse or social worker");
	if (!g->leveled)
		because(s, "no level of need yet");
}

/* Fewest cases for the time they have; who is away or has no time is not
 * asked. By id, where all is equal. */
struct choosing {
	struct db *db;
	int32_t on;
	int64_t staff;
	int64_t best_load, best_fte;
};

static int weigh(void *arg, const struct staff *s)
{
	struct choosing *c = arg;
	struct caseload load;
	int64_t away, cases;
	int fte, x;

	if ((x = staff_fte_on(c->db, s->id, c->on, &fte)) < 0 ||
	    (x = cover_of(c->db, s->id, c->on, &away)) < 0 ||
	    (x = assignment_caseload(c->db, s->id, c->on, &load)) < 0)
		return x;
	if (fte == 0 || away)
		return 0;
	cases = load.own + load.covered;
	if (c->staff == 0 || cases * c->best_fte < c->best_load * fte ||
	    (cases * c->best_fte == c->best_load * fte && s->id < c->staff)) {
		c->staff = s->id;
		c->best_load = cases;
		c->best_fte = fte;
	}
	return 0;
}

int assignment_suggest_role(struct records *r, int64_t kase, int32_t on,
			    struct suggestion *out)
{
	struct grounds g;
	struct kase k;
	int x;

	memset(out, 0, sizeof *out);
	if ((x = kase_get(r->db, kase, &k)) < 0 ||
	    (x = find_grounds(r, &k, on, &g)) < 0)
		return x;
	choose_role(&g, out);
	return 0;
}

int assignment_suggest(struct records *r, int64_t kase, int32_t on,
		       struct suggestion *out)
{
	struct choosing c = {.db = r->db, .on = on};
	int x;

	x = assignment_suggest_role(r, kase, on, out);
	if (x < 0)
		return x;
	x = staff_list(r->db, out->role, on, 0, INT64_MAX, weigh, &c);
	out->staff = c.staff;
	return x;
}

/* --- setting --- */

static int set_checks(struct records *r, int64_t kase, int64_t staff,
		      int32_t on, const char *why, struct suggestion *s)
{
	struct staff t;
	struct kase k;
	int x;

	if ((x = kase_get(r->db, kase, &k)) < 0)
		return x;
	if (k.closed != NO_DATE)
		return err_set(E_STATE, "Case %lld is closed", (long long)kase);
	if ((x = field_day(r, "day of the assignment", on)) < 0 ||
	    (x = field_order("day of the assignment", on, k.opened,
			     "the day the case was opened")) < 0 ||
	    (x = field_text("reason", why, REASONS_TEXT)) < 0 ||
	    (x = staff_working(r->db, staff, on, &t)) < 0 ||
	    (x = assignment_suggest_role(r, kase, on, s)) < 0)
		return x;
	if (strcmp(t.role, s->role) != 0 && !*why)
		return err_set(E_INVALID,
			       "A %s is suggested (%s), and %s is a %s; say "
			       "why",
			       s->role, s->reasons, t.name, t.role);
	return 0;
}

/* Whoever has it now has it until @on. */
static int end_current(struct records *r, int64_t kase, int32_t on,
		       int64_t staff)
{
	struct audit_field f = {"until", NULL, NULL};
	char day[DATE_TEXT], since[DATE_TEXT];
	int64_t id, now;
	int x;

	x = db_int(r->db, &id,
		   "SELECT id FROM assignment WHERE kase = ?"
		   " AND until IS NULL",
		   "i", kase);
	if (x < 0)
		return x;
	if ((x = db_int(r->db, &now,
			"SELECT staff FROM assignment WHERE id = ?", "i", id)) <
		    0 ||
	    (x = db_text(r->db, since, sizeof since,
			 "SELECT since FROM assignment WHERE id = ?", "i",
			 id)) < 0)
		return x;
	if (now == staff)
		return err_set(E_STATE,
			       "Case %lld is assigned to staff %lld already",
			       (long long)kase, (long long)staff);
	x = field_order("day of the change", on, field_day_of_sql(since),
			"the day of the present assignment");
	if (x < 0)
		return x;
	f.now = date_format(on, day);
	return row_update(r, "assignment", id, &f, 1);
}

static int assignment_insert(struct records *r, int64_t kase, int64_t staff,
			     int32_t on, const char *why,
			     const struct suggestion *s, int64_t *id)
{
	char kase_text[24], staff_text[24], day[DATE_TEXT];
	const struct audit_field f[] = {
		{"kase", NULL, field_id_text(kase, kase_text)},
		{"staff", NULL, field_id_text(staff, staff_text)},
		{"since", NULL, date_format(on, day)},
		{"suggested", NULL, s->role},
		{"reasons", NULL, field_sql_text(s->reasons)},
		{"why", NULL, field_sql_text(why)},
	};

	return row_insert(r, "assignment", f, 6, id);
}

int assignment_set(struct records *r, int64_t kase, int64_t staff, int32_t on,
		   const char *why, int64_t *id)
{
	struct suggestion s;
	int64_t new_id = 0;
	int x;

	if (!why)
		why = "";
	x = records_begin(r);
	if (x < 0)
		return x;
	x = set_checks(r, kase, staff, on, why, &s);
	if (x == 0) {
		x = end_current(r, kase, on, staff);
		/* It was nobody's. */
		if (x == E_NOTFOUND)
			x = 0;
	}
	if (x == 0)
		x = assignment_insert(r, kase, staff, on, why, &s, &new_id);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

int assignment_end(struct records *r, int64_t kase, int32_t on)
{
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = field_day(r, "last day of the assignment", on);
	if (x == 0)
		x = end_current(r, kase, on, 0);
	if (x == E_NOTFOUND)
		x = err_set(E_NOTFOUND, "Case %lld is assigned to nobody",
			    (long long)kase);
	return records_end(r, x);
}

/* --- reading --- */

int assignment_get(struct db *db, int64_t kase, int32_t on,
		   struct assignment *out)
{
	char day[DATE_TEXT];
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT " COLUMNS " FROM assignment WHERE kase = ?1"
		    " AND since <= ?2 AND (until IS NULL OR until > ?2)"
		    " ORDER BY since DESC, id DESC LIMIT 1",
		    "is", kase, date_format(on, day));
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		assignment_row(&rows, out);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND, "Case %lld is assigned to nobody",
			    (long long)kase);
	}
	rows_end(&rows);
	return x;
}

int assignment_acting(struct db *db, int64_t kase, int32_t on, int64_t *staff)
{
	struct assignment a;
	int64_t cover;
	int x;

	if ((x = assignment_get(db, kase, on, &a)) < 0 ||
	    (x = cover_of(db, a.staff, on, &cover)) < 0)
		return x;
	*staff = cover ? cover : a.staff;
	return 0;
}

int assignment_list(struct db *db, int64_t kase, int64_t staff, int64_t offset,
		    int64_t limit,
		    int (*fn)(void *arg, const struct assignment *a), void *arg)
{
	struct assignment a;
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT " COLUMNS " FROM assignment"
		    " WHERE (?1 = 0 OR kase = ?1) AND (?2 = 0 OR staff = ?2)"
		    " ORDER BY since DESC, id DESC LIMIT ?3 OFFSET ?4",
		    "iiii", kase, staff, limit, offset);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		assignment_row(&rows, &a);
		x = fn(arg, &a);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

#define HAS                                                        \
	" AND a.since <= ?2 AND (a.until IS NULL OR a.until > ?2)" \
	" AND k.errored IS NULL AND (k.closed IS NULL OR k.closed > ?2)"

int assignment_caseload(struct db *db, int64_t staff, int32_t on,
			struct caseload *out)
{
	char day[DATE_TEXT];
	int x;

	date_format(on, day);
	x = db_int(db, &out->own,
		   "SELECT count(*) FROM assignment a"
		   " JOIN care_case k ON k.id = a.kase WHERE a.staff = ?1" HAS,
		   "is", staff, day);
	if (x < 0)
		return x;
	return db_int(db, &out->covered,
		      "SELECT count(*) FROM cover c"
		      " JOIN assignment a ON a.staff = c.staff"
		      " JOIN care_case k ON k.id = a.kase"
		      " WHERE c.cover = ?1 AND c.since <= ?2"
		      " AND (c.until IS NULL OR c.until >= ?2)" HAS,
		      "is", staff, day);
}
