#include "regional/desk/child_overview.h"

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/field.h"

/* What a list's row is read from. */
struct reading {
	struct db *db;
	struct arena *a;
	struct rows rows;
};

static const char *text(struct reading *r, int col)
{
	const char *s = rows_text(&r->rows, col);

	return s ? arena_dup(r->a, s) : "";
}

static int32_t day(struct reading *r, int col)
{
	return field_day_of_sql(rows_text(&r->rows, col));
}

/* Rows of @sql about @id into @list, each by @fn. */
static int read_list(struct reading *r, struct arena_list *list,
		     const char *sql, int64_t id, const char *today,
		     void (*fn)(struct reading *r, void *item))
{
	void *item;
	int x = db_rows(r->db, &r->rows, sql, "is", id, today);

	while (x == 0 && (x = rows_next(&r->rows)) == ROWS_ROW) {
		x = 0;
		item = arena_add(list);
		if (!item) {
			x = E_NOMEM;
			break;
		}
		fn(r, item);
	}
	rows_end(&r->rows);
	return x < 0 ? x : 0;
}

static const char NEEDS_SQL[] =
	"SELECT n.id, n.domain, n.source, n.state, n.found, n.closed,"
	" ifnull(r.id, 0), o.name, s.name, r.state, r.sent, r.accepted,"
	" r.answered, r.capacity, r.enrollment, r.received,"
	" ifnull(n.reason, r.reason), r.moved"
	" FROM need n LEFT JOIN referral r ON r.id = (SELECT id FROM referral"
	"  WHERE need = n.id AND state <> 'entered-in-error'"
	"  ORDER BY id DESC LIMIT 1)"
	" LEFT JOIN service s ON s.id = r.service"
	" LEFT JOIN organization o ON o.id = r.organization"
	" WHERE n.kase = ?1 AND ?2 <> ''"
	" ORDER BY n.state <> 'open', n.found DESC, n.id DESC LIMIT 40";

static void on_need(struct reading *r, void *item)
{
	struct overview_need *n = item;

	n->id = rows_int(&r->rows, 0);
	n->domain = text(r, 1);
	n->source = text(r, 2);
	n->state = text(r, 3);
	n->found = day(r, 4);
	n->closed = day(r, 5);
	n->referral = rows_int(&r->rows, 6);
	n->organization = text(r, 7);
	n->service = text(r, 8);
	n->task = text(r, 9);
	n->sent = day(r, 10);
	n->accepted = day(r, 11);
	n->answered = day(r, 12);
	n->capacity = text(r, 13);
	n->enrollment = text(r, 14);
	n->received = day(r, 15);
	n->reason = text(r, 16);
	n->moved = day(r, 17);
}

static const char STEPS_SQL[] =
	"SELECT g.id, g.goal, a.action, a.owner, a.due, a.state"
	" FROM care_goal g LEFT JOIN care_action a ON a.goal = g.id"
	" WHERE g.plan = ?1 AND ?2 <> '' AND g.state <> 'dropped'"
	" ORDER BY g.id, a.due IS NULL, a.due, a.id";

static void on_step(struct reading *r, void *item)
{
	struct overview_step *s = item;

	s->goal_id = rows_int(&r->rows, 0);
	s->goal = text(r, 1);
	s->action = text(r, 2);
	s->owner = text(r, 3);
	s->due = day(r, 4);
	s->state = text(r, 5);
}

static const char CONTACTS_SQL[] =
	"SELECT t.happened, t.mode, t.party, t.person, t.reached, t.note"
	" FROM contact_case x JOIN contact t ON t.id = x.contact"
	" WHERE x.kase = ?1 AND ?2 <> '' AND t.errored IS NULL"
	" ORDER BY t.happened DESC, t.id DESC LIMIT 3";

static void on_contact(struct reading *r, void *item)
{
	struct overview_contact *c = item;

	c->day = day(r, 0);
	c->mode = text(r, 1);
	c->party = text(r, 2);
	c->person = text(r, 3);
	c->reached = rows_int(&r->rows, 4) != 0;
	c->note = text(r, 5);
}

/* Of all cases of the child (?1); what lies ahead is not history. */
static const char MOMENTS_SQL[] =
	"WITH k AS MATERIALIZED (SELECT id, opened, closed, close_reason"
	"  FROM care_case WHERE child = ?1 AND errored IS NULL),"
	" n AS MATERIALIZED (SELECT need.* FROM need JOIN k ON k.id ="
	"  need.kase),"
	" r AS MATERIALIZED (SELECT referral.*, n.domain FROM referral"
	"  JOIN n ON n.id = referral.need"
	"  WHERE referral.state <> 'entered-in-error'),"
	" m (day, kind, what, with_) AS ("
	" SELECT opened, 'opened', '', '' FROM k"
	" UNION ALL SELECT closed, 'closed', close_reason, '' FROM k"
	" UNION ALL SELECT l.since, 'level', l.level, '' FROM need_level l"
	"  JOIN k ON k.id = l.kase"
	" UNION ALL SELECT visited, iif(behavioral, 'crisis', 'emergency'),"
	"  facility, '' FROM ed_episode WHERE child = ?1 AND errored IS NULL"
	" UNION ALL SELECT done, 'screening', instrument, '' FROM screening"
	"  WHERE child = ?1 AND errored IS NULL"
	" UNION ALL SELECT p.finalized, 'plan', p.version, p.agreed_by"
	"  FROM care_plan p JOIN k ON k.id = p.kase"
	" UNION ALL SELECT c.shared, 'shared', p.version, c.recipient"
	"  FROM care_share c JOIN care_plan p ON p.id = c.plan"
	"  JOIN k ON k.id = p.kase"
	" UNION ALL SELECT r.sent, 'sent', r.domain, o.name FROM r"
	"  LEFT JOIN organization o ON o.id = r.organization"
	" UNION ALL SELECT r.received, 'connected', r.domain, o.name FROM r"
	"  LEFT JOIN organization o ON o.id = r.organization"
	" UNION ALL SELECT closed, state, domain, '' FROM n"
	"  WHERE state <> 'open')"
	" SELECT day, kind, what, with_ FROM m"
	" WHERE day IS NOT NULL AND day <= ?2 ORDER BY day DESC LIMIT 12";

static void on_moment(struct reading *r, void *item)
{
	struct overview_moment *m = item;

	m->day = day(r, 0);
	m->kind = text(r, 1);
	m->what = text(r, 2);
	m->with = text(r, 3);
}

/* The way to each that is safe, and preferred if one is. */
static const char PEOPLE_SQL[] =
	"SELECT trim(ifnull(g.given, '') || ' ' || ifnull(g.surname, '')),"
	" c.relation, r.way, r.value, c.authority FROM custody c"
	" JOIN caregiver g ON g.id = c.caregiver AND g.active = 1"
	" LEFT JOIN reach r ON r.id = (SELECT id FROM reach"
	"  WHERE caregiver = g.id AND safe = 1 AND active = 1"
	"  ORDER BY preferred DESC, id LIMIT 1)"
	" WHERE c.child = ?1 AND (c.since IS NULL OR c.since <= ?2)"
	" AND (c.until IS NULL OR c.until >= ?2) ORDER BY c.id";

static void on_person(struct reading *r, void *item)
{
	struct overview_person *p = item;

	p->name = text(r, 0);
	p->relation = text(r, 1);
	p->way = text(r, 2);
	p->value = text(r, 3);
	p->authority = text(r, 4);
}

/* The first row of @sql: ROWS_ROW, and the caller reads it and ends it. */
static int read_one(struct reading *r, const char *sql, int64_t id,
		    const char *today)
{
	int x = db_rows(r->db, &r->rows, sql, "is", id, today);

	return x == 0 ? rows_next(&r->rows) : x;
}

static int read_plan(struct reading *r, struct overview *o, int64_t kase,
		     const char *today)
{
	struct arena_list steps = {.arena = r->a, .size = sizeof *o->steps};
	int64_t plan = 0;
	int x = read_one(r,
			 "SELECT id, version, agreed, agreed_by, wishes"
			 " FROM care_plan WHERE kase = ?1 AND finalized <= ?2"
			 " ORDER BY version DESC LIMIT 1",
			 kase, today);

	if (x == ROWS_ROW) {
		plan = rows_int(&r->rows, 0);
		o->plan_version = rows_int(&r->rows, 1);
		o->plan_agreed = day(r, 2);
		o->plan_by = text(r, 3);
		o->wishes = text(r, 4);
	}
	rows_end(&r->rows);
	if (x == ROWS_ROW)
		x = read_list(r, &steps, STEPS_SQL, plan, today, on_step);
	o->steps = steps.items;
	o->steps_n = steps.n;
	return x < 0 ? x : 0;
}

static int read_level(struct reading *r, struct overview *o, int64_t kase,
		      const char *today)
{
	int x = read_one(r,
			 "SELECT level, medical, social, why, since"
			 " FROM need_level WHERE kase = ?1 AND since <= ?2"
			 " ORDER BY since DESC, id DESC LIMIT 1",
			 kase, today);

	if (x == ROWS_ROW) {
		o->level = text(r, 0);
		o->medical = text(r, 1);
		o->social = rows_int(&r->rows, 2);
		o->level_why = text(r, 3);
		o->level_since = day(r, 4);
	}
	rows_end(&r->rows);
	return x < 0 ? x : 0;
}

static int read_side(struct reading *r, struct overview *o, int64_t child,
		     const char *today)
{
	int x = read_one(r,
			 "SELECT p.name, p.phone FROM child_practice c"
			 " JOIN practice p ON p.id = c.practice"
			 " WHERE c.child = ?1 AND (c.until IS NULL OR"
			 " c.until >= ?2) ORDER BY c.id DESC LIMIT 1",
			 child, today);

	if (x == ROWS_ROW) {
		o->practice = text(r, 0);
		o->practice_phone = text(r, 1);
	}
	rows_end(&r->rows);
	if (x < 0)
		return x;
	x = read_one(r,
		     "SELECT kind, until FROM coverage WHERE child = ?1"
		     " AND (until IS NULL OR until >= ?2)"
		     " ORDER BY id DESC LIMIT 1",
		     child, today);
	if (x == ROWS_ROW) {
		o->coverage = text(r, 0);
		o->coverage_until = day(r, 1);
	}
	rows_end(&r->rows);
	return x < 0 ? x : 0;
}

static int read_lists(struct reading *r, struct overview *o, int64_t child,
		      int64_t kase, const char *today)
{
	struct arena_list needs = {.arena = r->a, .size = sizeof *o->needs},
			  contacts = {.arena = r->a,
				      .size = sizeof *o->contacts},
			  moments = {.arena = r->a, .size = sizeof *o->moments},
			  people = {.arena = r->a, .size = sizeof *o->people};
	int x = read_list(r, &needs, NEEDS_SQL, kase, today, on_need);

	if (x == 0)
		x = read_list(r, &contacts, CONTACTS_SQL, kase, today,
			      on_contact);
	if (x == 0)
		x = read_list(r, &moments, MOMENTS_SQL, child, today,
			      on_moment);
	if (x == 0)
		x = read_list(r, &people, PEOPLE_SQL, child, today, on_person);
	o->needs = needs.items;
	o->needs_n = needs.n;
	o->contacts = contacts.items;
	o->contacts_n = contacts.n;
	o->moments = moments.items;
	o->moments_n = moments.n;
	o->people = people.items;
	o->people_n = people.n;
	return x;
}

int child_overview(struct db *db, struct arena *a, int64_t child, int64_t kase,
		   int32_t today, struct overview *out)
{
	struct reading r = {.db = db, .a = a};
	char now[DATE_TEXT];
	int x;

	*out = (struct overview){.plan_agreed = NO_DATE,
				 .level_since = NO_DATE,
				 .coverage_until = NO_DATE,
				 .plan_by = "",
				 .wishes = "",
				 .level = "",
				 .medical = "",
				 .level_why = "",
				 .practice = "",
				 .practice_phone = "",
				 .coverage = ""};
	date_format(today, now);
	x = read_lists(&r, out, child, kase, now);
	if (x == 0)
		x = read_plan(&r, out, kase, now);
	if (x == 0)
		x = read_level(&r, out, kase, now);
	if (x == 0)
		x = read_side(&r, out, child, now);
	if (x == 0)
		x = db_int(db, &out->contacts_all,
			   "SELECT count(*) FROM contact_case x JOIN contact t"
			   " ON t.id = x.contact WHERE x.kase = ?"
			   " AND t.errored IS NULL",
			   "i", kase);
	return x == 0 ? arena_check(a) : x;
}
