/* Who the child is, who is around it, and how they are reached. */
#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "regional/case/caregiver.h"
#include "regional/case/child.h"
#include "regional/case/custody.h"
#include "regional/case/family.h"
#include "regional/case/origin.h"
#include "regional/case/reach.h"
#include "regional/desk/edit_list.h"

#define OF_HOME                                                          \
	"SELECT 1 FROM caregiver g WHERE g.id = ?2 AND (g.family IN"     \
	" (SELECT family FROM family_child WHERE child = ?1) OR g.id IN" \
	" (SELECT caregiver FROM custody WHERE child = ?1))"

/* --- the child --- */

static const struct edit_field CHILD[] = {
	{"given", "Given name", NULL, EDIT_LINE, EDIT_AT(child, given)},
	{"family", "Family name", NULL, EDIT_LINE, EDIT_AT(child, family)},
	{"birth", "Birth date", NULL, EDIT_DAY, EDIT_AT(child, birth),
	 .must = true},
	{"sex", "Sex", NULL, EDIT_ONE, EDIT_AT(child, sex),
	 .of = "female=Female|male=Male|other=Another|unknown=Not known",
	 .must = true},
	{"zip", "ZIP code", NULL, EDIT_LINE, EDIT_AT(child, zip)},
	{"source_id", "Record number elsewhere",
	 "As the hospital or practice "
	 "numbers the child.",
	 EDIT_LINE, EDIT_AT(child, source_id)},
};

static int child_read(struct page *p, const struct child_head *c, int64_t row,
		      void *rec)
{
	return row == c->child ? child_get(p->db, row, rec) : E_NOTFOUND;
}

static int child_write(struct page *p, const struct child_head *c, int64_t row,
		       const void *rec)
{
	return child_update(edit_records(p), rec);
}

static const struct edit OF_CHILD = {
	.what = "child",
	.title = "The child",
	.table = "child",
	.tab = "people",
	.may = EDIT_CHANGE | EDIT_UNDO,
	.field = CHILD,
	.n = sizeof CHILD / sizeof *CHILD,
	.size = sizeof(struct child),
	.help = "A corrected birth date moves the age groups of this child's "
		"referrals, and the day on which a parent's consent ends.",
	.read = child_read,
	.write = child_write,
};

static const struct edit_field ORIGIN[] = {
	{"race", "Race", "What the family says. Any number.", EDIT_SET,
	 EDIT_AT(origin, race), .list = WORDS_RACE,
	 .count = offsetof(struct origin, races)},
	{"ethnicity", "Ethnicity", NULL, EDIT_WORD, EDIT_AT(origin, ethnicity),
	 .list = WORDS_ETHNICITY},
	{"heard", "How the family heard of the center", NULL, EDIT_WORD,
	 EDIT_AT(origin, heard), .list = WORDS_HEARD},
};

static int origin_read(struct page *p, const struct child_head *c, int64_t row,
		       void *rec)
{
	return row == c->child
		       ? origin_get(p->db, edit_records(p)->words, row, rec)
		       : E_NOTFOUND;
}

static int origin_write(struct page *p, const struct child_head *c, int64_t row,
			const void *rec)
{
	return origin_set(edit_records(p), row, rec);
}

static const struct edit OF_ORIGIN = {
	.what = "origin",
	.title = "Race, ethnicity, and how they heard of us",
	.table = "child",
	.tab = "people",
	.may = EDIT_CHANGE | EDIT_UNDO,
	.field = ORIGIN,
	.n = sizeof ORIGIN / sizeof *ORIGIN,
	.size = sizeof(struct origin),
	.help = "Ask; never guess. “Declined” is an answer, too.",
	.read = origin_read,
	.write = origin_write,
};

/* --- the household --- */

static const struct edit_field FAMILY[] = {
	{"name", "Name of the household", NULL, EDIT_LINE,
	 EDIT_AT(family, name), .must = true},
	{"language", "Language at home", NULL, EDIT_WORD,
	 EDIT_AT(family, language), .list = WORDS_LANGUAGE},
	{"interpreter", "An interpreter is needed", NULL, EDIT_YES,
	 EDIT_AT(family, interpreter)},
	{"address", "Address", NULL, EDIT_LINE, EDIT_AT(family, address)},
	{"zip", "ZIP code", NULL, EDIT_LINE, EDIT_AT(family, zip)},
};

static int family_read(struct page *p, const struct child_head *c, int64_t row,
		       void *rec)
{
	int x;

	if (row == 0) {
		struct family *f = rec;

		snprintf(f->name, sizeof f->name, "%s", c->family);
		return 0;
	}
	x = edit_theirs(p,
			"SELECT 1 FROM family_child WHERE child = ?1"
			" AND family = ?2 LIMIT 1",
			c->child, row);
	return x < 0 ? x : family_get(p->db, row, rec);
}

static int family_write(struct page *p, const struct child_head *c, int64_t row,
			const void *rec)
{
	int64_t id, home;
	int x;

	if (row)
		return family_update(edit_records(p), rec);
	x = family_add(edit_records(p), rec, &id);
	return x < 0 ? x
		     : family_join(edit_records(p), id, c->child, false,
				   c->family_id ? p->today : NO_DATE, &home);
}

static const struct edit OF_FAMILY = {
	.what = "family",
	.title = "Household",
	.table = "family",
	.tab = "people",
	.may = EDIT_ADD | EDIT_CHANGE | EDIT_UNDO,
	.field = FAMILY,
	.n = sizeof FAMILY / sizeof *FAMILY,
	.size = sizeof(struct family),
	.help = "Brothers and sisters share a household: what is changed here "
		"changes for all of them.",
	.read = family_read,
	.write = family_write,
};

/* --- a caregiver, and when it is added, what it is to the child --- */

struct carer {
	struct caregiver g;
	struct custody u;
};

static const struct edit_field CARER[] = {
	{"given", "Given name", NULL, EDIT_LINE, EDIT_AT(carer, g.given)},
	{"surname", "Family name", NULL, EDIT_LINE, EDIT_AT(carer, g.surname)},
	{"relation", "Is to the child", NULL, EDIT_WORD,
	 EDIT_AT(carer, u.relation), .list = WORDS_RELATION, .must = true,
	 .once = true},
	{"custody", "Custody", NULL, EDIT_WORD, EDIT_AT(carer, u.custody),
	 .list = WORDS_CUSTODY, .must = true, .once = true},
	{"authority", "May sign as", NULL, EDIT_WORD,
	 EDIT_AT(carer, u.authority), .list = WORDS_AUTHORITY,
	 .none = "May not sign", .once = true},
	{"language", "Language", "If it is another one than at home.",
	 EDIT_WORD, EDIT_AT(carer, g.language), .list = WORDS_LANGUAGE},
	{"interpreter", "Interpreter", NULL, EDIT_HELP,
	 EDIT_AT(carer, g.interpreter)},
	{"active", "Is with the family",
	 "Without it they are kept on record, "
	 "and nobody is told to call them.",
	 EDIT_YES, EDIT_AT(carer, g.active)},
};

static int carer_read(struct page *p, const struct child_head *c, int64_t row,
		      void *rec)
{
	struct carer *k = rec;
	int x;

	k->u.since = k->u.until = NO_DATE;
	if (row == 0) {
		k->g.active = true;
		return c->family_id
			       ? 0
			       : err_set(E_STATE, "Add a household first: a "
						  "caregiver is of one");
	}
	x = edit_theirs(p, OF_HOME, c->child, row);
	return x < 0 ? x : caregiver_get(p->db, row, &k->g);
}

static int carer_write(struct page *p, const struct child_head *c, int64_t row,
		       const void *rec)
{
	const struct carer *k = rec;
	struct carer fresh = *k;
	int64_t id;
	int x;

	if (row)
		return caregiver_update(edit_records(p), &k->g);
	fresh.g.family = c->family_id;
	x = caregiver_add(edit_records(p), &fresh.g, &fresh.u.caregiver);
	fresh.u.child = c->child;
	return x < 0 ? x : custody_add(edit_records(p), &fresh.u, &id);
}

static const struct edit OF_CARER = {
	.what = "caregiver",
	.title = "Caregiver",
	.table = "caregiver",
	.tab = "people",
	.may = EDIT_ADD | EDIT_CHANGE | EDIT_UNDO,
	.field = CARER,
	.n = sizeof CARER / sizeof *CARER,
	.size = sizeof(struct carer),
	.read = carer_read,
	.write = carer_write,
};

/* --- custody, and who may sign --- */

static const struct edit_field CUSTODY[] = {
	{"caregiver", "Who", NULL, EDIT_PICK, EDIT_AT(custody, caregiver),
	 .pick = edit_pick_caregiver, .none = "The youth"},
	{"relation", "Is to the child", NULL, EDIT_WORD,
	 EDIT_AT(custody, relation), .list = WORDS_RELATION, .must = true},
	{"custody", "Custody", NULL, EDIT_WORD, EDIT_AT(custody, custody),
	 .list = WORDS_CUSTODY, .must = true},
	{"authority", "May sign as", NULL, EDIT_WORD,
	 EDIT_AT(custody, authority), .list = WORDS_AUTHORITY,
	 .none = "May not sign"},
	{"since", "Since", NULL, EDIT_DAY, EDIT_AT(custody, since)},
};
static const struct edit_field CUSTODY_END[] = {
	{"until", "Last day", NULL, EDIT_DAY, EDIT_AT(custody, until),
	 .must = true},
};

static int custody_read(struct page *p, const struct child_head *c, int64_t row,
			void *rec)
{
	struct custody *u = rec;
	int x;

	u->since = u->until = NO_DATE;
	if (row == 0) {
		u->since = p->today;
		return 0;
	}
	x = custody_get(p->db, row, u);
	return x == 0 && u->child != c->child ? E_NOTFOUND : x;
}

static int custody_write(struct page *p, const struct child_head *c,
			 int64_t row, const void *rec)
{
	struct custody u = *(const struct custody *)rec;
	int64_t id;

	u.child = c->child;
	return row ? custody_end(edit_records(p), row, u.until)
		   : custody_add(edit_records(p), &u, &id);
}

static const struct edit OF_CUSTODY = {
	.what = "custody",
	.title = "Custody, and who may sign",
	.table = "custody",
	.tab = "people",
	.may = EDIT_ADD,
	.field = CUSTODY,
	.n = sizeof CUSTODY / sizeof *CUSTODY,
	.size = sizeof(struct custody),
	.help = "When custody changes, end what was before, then add what "
		"holds now: both stay in the record.",
	.read = custody_read,
	.write = custody_write,
};
static const struct edit OF_CUSTODY_END = {
	.what = "custody-end",
	.title = "Custody ends",
	.save = "End it",
	.table = "custody",
	.tab = "people",
	.may = EDIT_CHANGE,
	.field = CUSTODY_END,
	.n = 1,
	.size = sizeof(struct custody),
	.help = "What was signed in this right before stays valid until it "
		"ends or is withdrawn. Ask whoever signs now to renew it.",
	.read = custody_read,
	.write = custody_write,
};

/* --- how they are reached --- */

static const struct edit_field REACH[] = {
	{"caregiver", "Whose", NULL, EDIT_PICK, EDIT_AT(reach, caregiver),
	 .pick = edit_pick_caregiver, .none = "The child’s own", .once = true},
	{"way", "Way", NULL, EDIT_WORD, EDIT_AT(reach, way),
	 .list = WORDS_REACH, .must = true},
	{"value", "Number or address", NULL, EDIT_LINE, EDIT_AT(reach, value),
	 .must = true},
	{"safe", "Safe: nobody else picks up or reads along", NULL, EDIT_YES,
	 EDIT_AT(reach, safe)},
	{"message", "A message may be left", NULL, EDIT_YES,
	 EDIT_AT(reach, message)},
	{"preferred", "The way they like best", "Only a safe way can be it.",
	 EDIT_YES, EDIT_AT(reach, preferred)},
	{"hours", "When", "“weekdays after 5 pm”", EDIT_LINE,
	 EDIT_AT(reach, hours)},
	{"active", "It works", NULL, EDIT_YES, EDIT_AT(reach, active)},
};

static int reach_read(struct page *p, const struct child_head *c, int64_t row,
		      void *rec)
{
	struct reach *w = rec;
	int x;

	if (row == 0) {
		w->active = true;
		return 0;
	}
	x = reach_get(p->db, row, w);
	if (x < 0)
		return x;
	return w->child ? (w->child == c->child ? 0 : E_NOTFOUND)
			: edit_theirs(p, OF_HOME, c->child, w->caregiver);
}

static int reach_write(struct page *p, const struct child_head *c, int64_t row,
		       const void *rec)
{
	struct reach w = *(const struct reach *)rec;
	int64_t id;

	if (row)
		return reach_update(edit_records(p), &w);
	w.child = w.caregiver ? 0 : c->child;
	return reach_add(edit_records(p), &w, &id);
}

static const struct edit OF_REACH = {
	.what = "reach",
	.title = "How to reach them",
	.table = "reach",
	.tab = "people",
	.may = EDIT_ADD | EDIT_CHANGE | EDIT_UNDO,
	.field = REACH,
	.n = sizeof REACH / sizeof *REACH,
	.size = sizeof(struct reach),
	.help = "Ask at each contact whether this way is still safe. A way "
		"that is not safe is shown to nobody who is about to call.",
	.read = reach_read,
	.write = reach_write,
};

const struct edit *const edit_of_family[] = {
	&OF_CHILD, &OF_ORIGIN,	&OF_FAMILY,	 &OF_CARER,
	&OF_REACH, &OF_CUSTODY, &OF_CUSTODY_END, NULL,
};
