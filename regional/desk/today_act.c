#include "regional/desk/today_act.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/assignment.h"
#include "regional/case/contact.h"
#include "regional/case/ed.h"
#include "regional/case/field.h"
#include "regional/case/kase.h"
#include "regional/desk/cases_list.h"
#include "regional/desk/later.h"

char *today_work_text(const struct today_item *i, char out[TODAY_WORK])
{
	snprintf(out, TODAY_WORK, "%s:%lld:%lld", today_kind_id(i->kind),
		 (long long)i->record, (long long)i->child);
	return out;
}

/* "WORD:1:2"; false if it is not like that. */
static bool split(const char *text, char word[VOCABULARY_ID], int64_t *a,
		  int64_t *b)
{
	size_t len = strcspn(text, ":");
	char *end;

	if (len == 0 || len >= VOCABULARY_ID || !text[len])
		return false;
	memcpy(word, text, len);
	word[len] = '\0';
	*a = strtoll(text + len + 1, &end, 10);
	if (*end != ':' || *a < 0)
		return false;
	*b = strtoll(end + 1, &end, 10);
	return *end == '\0' && *b >= 0;
}

int today_work_parse(const char *text, struct today_work *out)
{
	char word[VOCABULARY_ID];
	int kind;

	if (!split(text, word, &out->record, &out->child) ||
	    (kind = today_kind_of(word)) < 0)
		return err_set(E_INVALID, "This is no piece of work; open "
					  "Today again");
	out->kind = (enum today_kind)kind;
	return 0;
}

bool today_can(const struct today_item *i)
{
	return i->kind == TODAY_CONTACT || i->kind == TODAY_VISIT ||
	       i->kind == TODAY_ED || (i->kind == TODAY_INBOX && i->kase);
}

/* --- doing --- */

static int log_contact(struct records *r, int64_t kase, const char *mode,
		       const char *party, const char *by, int64_t *id)
{
	struct contact c;

	sheet_blank(&contact_sheet, &c);
	c.happened = records_today(r);
	field_copy(c.mode, sizeof c.mode, *mode ? mode : "phone");
	field_copy(c.party, sizeof c.party, *party ? party : "family");
	field_copy(c.made_by, sizeof c.made_by, by);
	c.reached = 1;
	return contact_add(r, &c, &kase, 1, id);
}

static int do_planned(struct records *r, const struct today_work *w,
		      const char *by, char undo[TODAY_UNDO])
{
	struct contact_planned p;
	struct kase k;
	int64_t id = 0;
	int x;

	if ((x = contact_planned_get(r->db, w->record, &p)) < 0 ||
	    (x = kase_get(r->db, p.kase, &k)) < 0)
		return x;
	if (k.child != w->child)
		return err_set(E_INVALID, "This work is another child's");
	x = log_contact(r, p.kase, p.mode, p.party, by, &id);
	if (x == 0)
		x = contact_done(r, p.id, id);
	snprintf(undo, TODAY_UNDO, "contact:%lld:%lld", (long long)id,
		 (long long)p.id);
	return x;
}

/* The family is contacted first; the follow-up is what comes then. */
static int do_ed(struct records *r, const struct today_work *w, const char *by,
		 char undo[TODAY_UNDO])
{
	int64_t contacts = 0, id = 0;
	struct ed_episode e;
	struct kase k;
	char day[DATE_TEXT];
	int x;

	if ((x = ed_get(r->db, w->record, &e)) < 0 ||
	    (x = kase_of_child(r->db, w->child, &k)) < 0)
		return x;
	if (e.child != w->child)
		return err_set(E_INVALID, "This work is another child's");
	x = db_int(
		r->db, &contacts,
		"SELECT count(*) FROM contact_case x JOIN contact t"
		" ON t.id = x.contact WHERE x.kase = ? AND t.happened >= ?"
		" AND t.reached = 1 AND t.errored IS NULL"
		" AND t.party IN ('family', 'youth')",
		"is", k.id,
		date_format(e.discharged != NO_DATE ? e.discharged : e.visited,
			    day));
	if (x == 0 && contacts == 0) {
		x = log_contact(r, k.id, "phone", "family", by, &id);
		snprintf(undo, TODAY_UNDO, "contact:%lld:0", (long long)id);
		return x;
	}
	if (x == 0 && e.followed_up != NO_DATE)
		x = err_set(E_STATE, "The follow-up is on record already");
	if (x == 0) {
		e.followed_up = records_today(r);
		x = ed_update(r, &e);
	}
	snprintf(undo, TODAY_UNDO, "follow:%lld:0", (long long)e.id);
	return x;
}

static int do_take(struct records *r, const struct today_work *w, int64_t staff,
		   char undo[TODAY_UNDO])
{
	struct kase k;
	int64_t id = 0;
	int x;

	if (!staff)
		return err_set(E_STATE, "Only a member of the staff can take "
					"a case on");
	x = kase_of_child(r->db, w->child, &k);
	if (x == 0)
		x = assignment_set(r, k.id, staff, records_today(r),
				   "taken on after an emergency visit", &id);
	snprintf(undo, TODAY_UNDO, "assign:%lld:0", (long long)id);
	return x;
}

int today_do(struct records *r, const struct today_work *w, int64_t staff,
	     const char *by, char undo[TODAY_UNDO])
{
	int x = records_begin(r);

	*undo = '\0';
	if (x < 0)
		return x;
	switch (w->kind) {
	case TODAY_CONTACT:
	case TODAY_VISIT:
		x = do_planned(r, w, by, undo);
		break;
	case TODAY_ED:
		x = do_ed(r, w, by, undo);
		break;
	case TODAY_INBOX:
		x = do_take(r, w, staff, undo);
		break;
	default:
		x = err_set(E_INVALID, "This work has a page of its own");
	}
	return records_end(r, x);
}

/* --- and back --- */

static int undo_contact(struct records *r, int64_t contact, int64_t planned)
{
	struct contact_planned p;
	int x = 0;

	if (planned) {
		x = contact_planned_get(r->db, planned, &p);
		if (x == 0 && p.contact != contact)
			x = err_set(E_STATE, "It was changed since");
		if (x == 0)
			x = contact_undone(r, planned);
	}
	return x < 0 ? x : contact_error(r, contact);
}

static int undo_follow(struct records *r, int64_t id)
{
	struct ed_episode e;
	int x = ed_get(r->db, id, &e);

	if (x == 0 && e.followed_up != records_today(r))
		x = err_set(E_STATE, "It was changed since");
	e.followed_up = NO_DATE;
	return x < 0 ? x : ed_update(r, &e);
}

int today_undo(struct records *r, const char *undo)
{
	char word[VOCABULARY_ID];
	int64_t a, b;
	int x;

	if (!split(undo, word, &a, &b))
		return err_set(E_INVALID, "This can't be undone");
	x = records_begin(r);
	if (x < 0)
		return x;
	if (strcmp(word, "contact") == 0)
		x = undo_contact(r, a, b);
	else if (strcmp(word, "follow") == 0)
		x = undo_follow(r, a);
	else if (strcmp(word, "assign") == 0)
		x = cases_assign_take_back(r, a);
	else if (strcmp(word, "later") == 0)
		x = later_undo(r, a);
	else
		x = err_set(E_INVALID, "This can't be undone");
	return records_end(r, x);
}

int today_undo_child(struct db *db, const char *undo, int64_t *child)
{
	static const struct {
		const char *word, *sql;
	} ways[] = {
		{"contact", "SELECT k.child FROM contact_case x JOIN care_case"
			    " k ON k.id = x.kase WHERE x.contact = ?"},
		{"follow", "SELECT child FROM ed_episode WHERE id = ?"},
		{"assign", "SELECT k.child FROM assignment a JOIN care_case k"
			   " ON k.id = a.kase WHERE a.id = ?"},
		{"later", "SELECT k.child FROM later l JOIN care_case k"
			  " ON k.id = l.kase WHERE l.id = ?"},
	};
	char word[VOCABULARY_ID];
	int64_t a, b;
	int x;

	if (!split(undo, word, &a, &b))
		return err_set(E_INVALID, "This can't be undone");
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		if (strcmp(ways[i].word, word) != 0)
			continue;
		x = db_int(db, child, ways[i].sql, "i", a);
		return x == E_NOTFOUND
			       ? err_set(E_NOTFOUND, "It is not there any more")
			       : x;
	}
	return err_set(E_INVALID, "This can't be undone");
}
