/* Writing a row: the child, its case, each need with its referral, and the rest
 * of the record, through regional/case.
 *
 * - A row is written whole or not at all, with its rows in `imported`.
 * - A child is known by its number in the sheet, or by names and birth date; a
 *   need by its number, or by child, need and day found; a referral by its
 *   number, or by need, receiver and day; what else there is by its number, or
 *   by what csv_sections says. With a number alone a child must be here.
 * - A person's own change stands until the sheet changes what it says. Of
 *   several rows about one child the last one counts.
 * - An empty cell says nothing: it takes back no closing, no day, no state.
 * - A case without a day of opening begins with the first day in the sheet. A
 *   need is closed, and then its case, with the last row that is about it. */
#include "regional/exchange/csv_item.h"

#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/child.h"
#include "regional/case/kase.h"
#include "regional/case/need.h"

enum { AGE_END = 21 };

int csv_apply_known(struct csv_run *u, enum csv_kind kind, const char *key,
		    const char *hash, int64_t *local, bool *same)
{
	int64_t equal = 0;
	int x;

	*local = 0;
	*same = false;
	x = db_int(u->r->db, local,
		   "SELECT local_id FROM imported WHERE source = ?"
		   " AND type = ? AND source_id = ?",
		   "sss", u->source, csv_sections[kind - 1].type, key);
	if (x == 0)
		x = db_int(u->r->db, &equal,
			   "SELECT hash = CAST(? AS BLOB) FROM imported"
			   " WHERE source = ? AND type = ? AND source_id = ?",
			   "ssss", hash, u->source, csv_sections[kind - 1].type,
			   key);
	*same = equal != 0;
	return x == E_NOTFOUND ? 0 : x;
}

int csv_apply_remember(struct csv_run *u, enum csv_kind kind, const char *key,
		       const char *hash, int64_t local)
{
	return db_run(u->r->db,
		      "INSERT INTO imported (source, type, source_id, hash,"
		      " local_table, local_id)"
		      " VALUES (?, ?, ?, CAST(? AS BLOB), ?, ?)"
		      " ON CONFLICT DO UPDATE SET hash = excluded.hash,"
		      " local_id = excluded.local_id",
		      "sssssi", u->source, csv_sections[kind - 1].type, key,
		      hash, csv_sections[kind - 1].table, local);
}

static int audit_now(struct csv_run *u, int64_t *out)
{
	return db_int(u->r->db, out, "SELECT ifnull(max(seq), 0) FROM audit",
		      NULL);
}

int csv_apply_begin(struct csv_run *u)
{
	return audit_now(u, &u->mark);
}

/* What is written leaves its mark in the audit, nothing else counts. */
int csv_apply_end(struct csv_run *u, enum csv_kind kind, bool is_new)
{
	int64_t now = 0;
	int x = audit_now(u, &now);

	u->at[kind][now == u->mark ? CSV_UNCHANGED
		    : is_new	   ? CSV_TAKEN
				   : CSV_UPDATED]++;
	return x;
}

/* --- the child --- */

/* Columns that are not there leave what a person entered. */
static void fill_child(const struct csv_map *m, const struct csv_child *is,
		       struct child *c)
{
	memcpy(c->given, is->given, sizeof c->given);
	memcpy(c->family, is->family, sizeof c->family);
	c->birth = is->birth;
	if (*is->source_id)
		memcpy(c->source_id, is->source_id, sizeof c->source_id);
	if (csv_map_column(m, CSV_OF_CHILD, "sex", 0) || !*c->sex)
		memcpy(c->sex, is->sex, sizeof c->sex);
	if (*is->zip)
		memcpy(c->zip, is->zip, sizeof c->zip);
}

/* Two sheets may both have a number 1. Nobody changes both names and the birth
 * date at once. */
static int update_child(struct csv_run *u, const struct csv_child *is,
			int64_t *id)
{
	struct child c;
	int x;

	x = child_get(u->r->db, *id, &c);
	if (x == 0 && c.merged_into) {
		*id = c.merged_into;
		return 0;
	}
	if (x < 0)
		return x == E_NOTFOUND ? CSV_GONE : x;
	if (c.birth != is->birth && strcmp(c.given, is->given) != 0 &&
	    strcmp(c.family, is->family) != 0)
		return CSV_OTHER_CHILD;
	fill_child(u->map, is, &c);
	x = child_update(u->r, &c);
	return x < 0 ? x : csv_write_origin(u, is, *id);
}

/* One that a person entered, where the sheet has no number of its own. */
static int add_child(struct csv_run *u, const struct csv_child *is, int64_t *id)
{
	struct child c;
	int x;

	if (date_age_years(is->birth, u->as_of) >= AGE_END)
		return CSV_ADULT;
	memset(&c, 0, sizeof c);
	fill_child(u->map, is, &c);
	x = *is->source_id ? E_NOTFOUND : child_twin(u->r->db, &c, id);
	if (x == E_NOTFOUND) {
		err_clear();
		x = child_add(u->r, &c, id);
	}
	return x < 0 ? x : csv_write_origin(u, is, *id);
}

static int follow_merge(struct csv_run *u, int64_t *id)
{
	struct child c;
	int x = child_get(u->r->db, *id, &c);

	if (x == 0 && c.merged_into)
		*id = c.merged_into;
	return x == E_NOTFOUND ? CSV_GONE : x;
}

static int apply_child(struct csv_run *u, const struct csv_staged *it,
		       int64_t *id)
{
	const struct csv_child *is = &it->item.child;
	bool same, last, is_new;
	char hash[CSV_KEY];
	int x;

	csv_stage_hash(u->r, "child", is, sizeof *is, hash);
	x = csv_apply_known(u, CSV_CHILD, it->child, hash, id, &same);
	if (x == 0 && is->birth == NO_DATE) {
		if (*id)
			u->at[CSV_CHILD][CSV_UNCHANGED]++;
		return *id ? follow_merge(u, id) : CSV_AWAY;
	}
	if (x == 0)
		x = csv_stage_last(u->r, CSV_CHILD, it->child,
				   it->ord * CSV_GROUPS, &last);
	if (x == 0)
		x = csv_apply_begin(u);
	if (x < 0)
		return x;
	is_new = *id == 0;
	if (is_new) {
		x = add_child(u, is, id);
	} else if (!same && last) {
		x = update_child(u, is, id);
	}
	if (x == 0 && (is_new || (!same && last)))
		x = csv_apply_remember(u, CSV_CHILD, it->child, hash, *id);
	return x != 0 ? x : csv_apply_end(u, CSV_CHILD, is_new);
}

/* --- the case --- */

static int open_case(struct csv_run *u, const struct csv_staged *it,
		     int64_t child, int64_t *kase, bool *is_new)
{
	int32_t opened = it->item.kase.opened, last;
	char text[DATE_TEXT];
	struct kase k;
	int x;

	if (opened != NO_DATE) {
		x = db_int(u->r->db, kase,
			   "SELECT id FROM care_case WHERE child = ?"
			   " AND opened = ? AND errored IS NULL",
			   "is", child, date_format(opened, text));
		if (x != E_NOTFOUND)
			return x;
	}
	x = kase_of_child(u->r->db, child, &k);
	if (x == 0)
		*kase = k.id;
	if (x != E_NOTFOUND)
		return x;
	x = opened == NO_DATE ? csv_stage_first(u->r, it->child, &opened) : 0;
	if (x < 0)
		return x;
	if (opened == NO_DATE)
		opened = u->as_of;
	/* Episodes of one child do not overlap. */
	x = db_text(u->r->db, text, sizeof text,
		    "SELECT max(closed) FROM care_case WHERE child = ?", "i",
		    child);
	if (x < 0)
		return x;
	if (*text && date_parse(text, &last) == 0 && opened < last)
		opened = last;
	*is_new = true;
	return kase_open(u->r, child, opened, kase);
}

/* A child without any case gets one for what is of a case. */
static int wants_first(struct csv_run *u, const struct csv_staged *it,
		       int64_t child, bool *wanted)
{
	int64_t n = 0;
	int x;

	for (int s = CSV_OF_STAFF; s < CSV_SECTIONS; s++) {
		for (int g = 0; csv_sections[s].in_case && g < CSV_GROUPS; g++)
			n += it->item.has[s][g];
	}
	if (n == 0)
		return 0;
	x = db_int(u->r->db, &n,
		   "SELECT NOT EXISTS (SELECT 1 FROM care_case"
		   " WHERE child = ? AND errored IS NULL)",
		   "i", child);
	*wanted = *wanted || (x == 0 && n > 0);
	return x;
}

/* A row of a child alone opens none. */
static int apply_case(struct csv_run *u, const struct csv_staged *it,
		      int64_t child, int64_t *kase)
{
	bool wanted = it->item.kase.opened != NO_DATE, is_new = false;
	int64_t old = 0;
	int x;

	*kase = 0;
	for (int g = 0; g < u->map->groups; g++) {
		if (!it->item.has[CSV_OF_NEED][g])
			continue;
		/* What is here already has its case, which may be closed. */
		x = db_int(u->r->db, &old,
			   "SELECT n.kase FROM imported i JOIN need n"
			   " ON n.id = i.local_id WHERE i.source = ?"
			   " AND i.type = 'csv-need' AND i.source_id = ?",
			   "ss", u->source, it->key[CSV_OF_NEED][g]);
		if (x == E_NOTFOUND)
			wanted = true;
		else if (x < 0)
			return x;
	}
	x = wants_first(u, it, child, &wanted);
	if (!wanted || x < 0) {
		*kase = old;
		return x;
	}
	x = csv_apply_begin(u);
	if (x == 0)
		x = open_case(u, it, child, kase, &is_new);
	if (x == 0)
		x = csv_write_intake(u, &it->item.kase, *kase);
	return x != 0 ? x : csv_apply_end(u, CSV_CASE, is_new);
}

static int close_case(struct csv_run *u, const struct csv_staged *it,
		      int64_t child, int64_t kase)
{
	int64_t place = it->ord * CSV_GROUPS, known;
	const struct csv_case *end = &u->other.kase;
	char hash[CSV_KEY];
	struct kase k;
	bool last, same;
	int g, x;

	x = csv_stage_last(u->r, CSV_CASE, it->kase, place, &last);
	if (x < 0 || !last || !kase)
		return x;
	x = csv_stage_ending(u->r, CSV_CASE, it->kase, place, &u->other, &g);
	if (x != 0)
		return x == CSV_STAGE_END ? 0 : x;
	csv_stage_hash(u->r, "case", end, sizeof *end, hash);
	x = csv_apply_known(u, CSV_CASE, it->kase, hash, &known, &same);
	if (x < 0 || same)
		return x;
	x = kase_get(u->r->db, kase, &k);
	if (x == 0)
		x = csv_apply_begin(u);
	if (x < 0)
		return x;
	if (k.closed == NO_DATE)
		x = *end->reason ? kase_close_because(u->r, kase, end->closed,
						      end->reason)
				 : kase_close(u->r, kase, end->closed);
	if (x == 0)
		x = csv_apply_remember(u, CSV_CASE, it->kase, hash, child);
	if (x != 0 || u->at[CSV_CASE][CSV_TAKEN] > 0)
		return x;
	/* Found and closed by one row is one case. */
	u->at[CSV_CASE][CSV_UNCHANGED] = 0;
	return csv_apply_end(u, CSV_CASE, false);
}

/* --- needs --- */

static int add_need(struct csv_run *u, const struct csv_staged *it, int g,
		    int64_t kase, int64_t *need)
{
	const struct csv_need *n = &it->item.need[g];
	int32_t found = n->found;
	struct kase k;
	int x;

	x = found == NO_DATE
		    ? csv_stage_found(u->r, it->key[CSV_OF_NEED][g], &found)
		    : 0;
	if (x < 0)
		return x;
	if (found == NO_DATE) {
		x = kase_get(u->r->db, kase, &k);
		if (x < 0)
			return x;
		found = k.opened;
	}
	return need_add_from(u->r, kase, n->domain, *n->by ? n->by : "import",
			     found, need);
}

/* It is still about the same thing. */
static int check_need(struct csv_run *u, const struct csv_need *is,
		      int64_t child, int64_t need)
{
	int64_t owner;
	struct need n;
	int x;

	x = need_get(u->r->db, need, &n);
	if (x == 0)
		x = db_int(u->r->db, &owner,
			   "SELECT child FROM care_case WHERE id = ?", "i",
			   n.kase);
	if (x < 0)
		return x == E_NOTFOUND ? CSV_GONE : x;
	return strcmp(n.domain, is->domain) != 0 || owner != child ? CSV_CHANGED
								   : 0;
}

static int close_need(struct csv_run *u, const struct csv_need *is,
		      int64_t need)
{
	struct need n;
	int x;

	x = need_get(u->r->db, need, &n);
	if (x < 0 || n.closed != NO_DATE)
		return x;
	return need_close(u->r, need, is->closed,
			  strcmp(is->outcome, "met") == 0, is->reason);
}

/* What this row is to say of the need: with the last row also how it ended,
 * wherever that stands. */
static int need_says(struct csv_run *u, const struct csv_staged *it, int g,
		     struct csv_need *out)
{
	int64_t place = it->ord * CSV_GROUPS + g;
	const struct csv_need *end = u->other.need;
	bool last;
	int at, x;

	*out = it->item.need[g];
	x = csv_stage_last(u->r, CSV_NEED, it->key[CSV_OF_NEED][g], place,
			   &last);
	if (x < 0)
		return x;
	out->closed = NO_DATE;
	memset(out->outcome, 0, sizeof out->outcome);
	memset(out->reason, 0, sizeof out->reason);
	if (!last)
		return 0;
	x = csv_stage_ending(u->r, CSV_NEED, it->key[CSV_OF_NEED][g], place,
			     &u->other, &at);
	if (x != 0)
		return x == CSV_STAGE_END ? 0 : x;
	out->closed = end[at].closed;
	memcpy(out->outcome, end[at].outcome, sizeof out->outcome);
	memcpy(out->reason, end[at].reason, sizeof out->reason);
	return 0;
}

static int apply_need(struct csv_run *u, const struct csv_staged *it, int g,
		      int64_t child, int64_t kase, int64_t *need)
{
	bool same, is_new;
	char hash[CSV_KEY];
	struct csv_need is;
	int x;

	x = need_says(u, it, g, &is);
	if (x < 0)
		return x;
	csv_stage_hash(u->r, "need", &is, sizeof is, hash);
	x = csv_apply_known(u, CSV_NEED, it->key[CSV_OF_NEED][g], hash, need,
			    &same);
	if (x < 0)
		return x;
	is_new = *need == 0;
	/* Before the referral, so that its change is not counted here. */
	x = csv_apply_begin(u);
	if (x == 0)
		x = is_new ? add_need(u, it, g, kase, need)
			   : check_need(u, &is, child, *need);
	if (x == 0)
		x = csv_apply_end(u, CSV_NEED, is_new);
	if (x == 0 && it->item.has[CSV_OF_REFERRAL][g])
		x = csv_apply_referral(u, it, g, child, *need);
	if (x != 0 || same)
		return x;
	x = csv_apply_begin(u);
	if (x == 0 && is.closed != NO_DATE)
		x = close_need(u, &is, *need);
	/* Found and closed by one row is one need. */
	if (x == 0 && !is_new) {
		u->at[CSV_NEED][CSV_UNCHANGED]--;
		x = csv_apply_end(u, CSV_NEED, false);
	}
	return x != 0 ? x
		      : csv_apply_remember(u, CSV_NEED, it->key[CSV_OF_NEED][g],
					   hash, *need);
}

/* --- the rest of the record --- */

static csv_write_fn *const writers[CSV_SECTIONS] = {
	[CSV_OF_STAFF] = csv_write_staff,
	[CSV_OF_ORGANIZATION] = csv_write_organization,
	[CSV_OF_SERVICE] = csv_write_service,
	[CSV_OF_FAMILY] = csv_write_family,
	[CSV_OF_CAREGIVER] = csv_write_caregiver,
	[CSV_OF_COVERAGE] = csv_write_coverage,
	[CSV_OF_BENEFIT] = csv_write_benefit,
	[CSV_OF_PRACTICE] = csv_write_practice,
	[CSV_OF_CONSENT] = csv_write_consent,
	[CSV_OF_SCREENING] = csv_write_screening,
	[CSV_OF_LEVEL] = csv_write_level,
	[CSV_OF_ASSIGNMENT] = csv_write_assignment,
	[CSV_OF_GOAL] = csv_write_goal,
	[CSV_OF_CONTACT] = csv_write_contact,
	[CSV_OF_VISIT] = csv_write_visit,
};

/* A screening is what all of its rows say. */
static int take_entries(void *arg, const struct csv_item *item, int g)
{
	struct csv_screening *all = arg;
	int n = 0;

	while (n < CSV_ENTRIES && all->entry[n].part)
		n++;
	for (const struct csv_entry *e = item->screening[g].entry;
	     e < item->screening[g].entry + CSV_ENTRIES && e->part; e++) {
		bool there = false;

		for (int i = 0; i < n && !there; i++)
			there = memcmp(&all->entry[i], e, sizeof *e) == 0;
		if (there)
			continue;
		if (n == CSV_ENTRIES)
			return err_set(E_INVALID,
				       "a screening has at most %d "
				       "entries in all of its rows",
				       CSV_ENTRIES);
		all->entry[n++] = *e;
	}
	return 0;
}

static int gather(struct csv_run *u, struct csv_staged *it, int g)
{
	struct csv_screening *s = &it->item.screening[g];

	memset(s->entry, 0, sizeof s->entry);
	return csv_stage_each(u->r, CSV_SCREENING, it->key[CSV_OF_SCREENING][g],
			      take_entries, s);
}

static int apply_record(struct csv_run *u, struct csv_staged *it,
			enum csv_section s, int g, int64_t child)
{
	const char *key = it->key[s][g];
	enum csv_kind kind = (enum csv_kind)(s + 1);
	char hash[CSV_KEY];
	bool same, is_new;
	int64_t id;
	int x = s == CSV_OF_SCREENING ? gather(u, it, g) : 0;

	u->section = s;
	u->group = g;
	if (x < 0)
		return x;
	csv_stage_hash(u->r, csv_sections[s].name,
		       csv_row_record(&it->item, s, g), csv_sections[s].size,
		       hash);
	x = csv_apply_known(u, kind, key, hash, &id, &same);
	if (x == 0)
		x = csv_apply_begin(u);
	if (x < 0)
		return x;
	is_new = id == 0;
	if (!same)
		x = writers[s](u, it, g, child, &id);
	if (x == 0 && s == CSV_OF_FAMILY)
		x = csv_write_home(u, &it->item.family[g], child, id);
	if (x == 0 && !same)
		x = csv_apply_remember(u, kind, key, hash, id);
	if (x == 0)
		x = csv_apply_end(u, kind, is_new);
	/* A refusal tells of which record it speaks. */
	if (x == 0)
		u->section = CSV_OF_CHILD;
	return x;
}

static int apply_records(struct csv_run *u, struct csv_staged *it,
			 enum csv_section from, enum csv_section to,
			 int64_t child)
{
	int x = 0;

	for (int s = from; x == 0 && s <= (int)to; s++) {
		for (int g = 0; x == 0 && g < CSV_GROUPS; g++) {
			if (it->item.has[s][g])
				x = apply_record(u, it, s, g, child);
		}
	}
	return x;
}

/* What needs and levels stand on comes before them; what ends, last. */
int csv_apply(struct csv_run *u, struct csv_staged *it)
{
	int64_t child = 0, kase = 0, need;
	int x;

	memset(u->at, 0, sizeof u->at);
	u->section = CSV_OF_CHILD;
	u->group = 0;
	x = apply_records(u, it, CSV_OF_STAFF, CSV_OF_SERVICE, 0);
	if (x == 0 && u->map->of_children)
		x = apply_child(u, it, &child);
	if (x == 0)
		x = apply_records(u, it, CSV_OF_FAMILY, CSV_OF_CONSENT, child);
	if (x != 0 || !u->map->of_children)
		return x;
	x = apply_case(u, it, child, &kase);
	for (int g = 0; x == 0 && g < u->map->groups; g++) {
		if (it->item.has[CSV_OF_NEED][g])
			x = apply_need(u, it, g, child, kase, &need);
	}
	if (x == 0)
		x = apply_records(u, it, CSV_OF_SCREENING, CSV_OF_VISIT, child);
	return x != 0 ? x : close_case(u, it, child, kase);
}
