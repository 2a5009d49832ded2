/* The case: closed with a reason, opened again, moved to another region. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/kase.h"
#include "regional/desk/day_text.h"
#include "regional/desk/edit_list.h"

struct case_form {
	struct kase k;
	int32_t on;
	char why[200];
};

static int case_read(struct page *p, const struct child_head *c, int64_t row,
		     void *rec)
{
	struct case_form *f = rec;
	int x = kase_get(p->db, row, &f->k);

	f->on = p->today;
	return x == 0 && f->k.child != c->child ? E_NOTFOUND : x;
}

/* What is open is asked about first. */
static int open_work(struct page *p, const struct child_head *c, int64_t row,
		     const void *rec, const char **out)
{
	static const struct {
		const char *one, *many, *sql;
	} WORK[] = {
		{"open need", "open needs",
		 "SELECT count(*) FROM need WHERE kase = ?1"
		 " AND closed IS NULL"},
		{"referral without an end", "referrals without an end",
		 "SELECT count(*) FROM referral r JOIN need n ON n.id = r.need"
		 " WHERE n.kase = ?1 AND r.ended IS NULL"},
		{"planned contact", "planned contacts",
		 "SELECT count(*) FROM contact_planned WHERE kase = ?1"
		 " AND contact IS NULL AND dropped IS NULL"},
	};
	const char *text = "";

	for (size_t i = 0; text && i < sizeof WORK / sizeof *WORK; i++) {
		int64_t n = 0;
		int x = db_int(p->db, &n, WORK[i].sql, "i", row);

		if (x < 0)
			return x;
		if (n)
			text = arena_str(&p->a, "%s%s%s", text,
					 *text ? ", " : "",
					 day_text_count(&p->a, n, WORK[i].one,
							WORK[i].many));
	}
	*out = text && *text ? arena_str(&p->a,
					 "Still open: %s. Say first of each "
					 "need whether it was met.",
					 text)
			     : "Nothing is open any more.";
	return 0;
}

static const struct edit_field CLOSE[] = {
	{"on", "Closed on", NULL, EDIT_DAY, EDIT_AT(case_form, on),
	 .must = true},
	{"reason", "Why", NULL, EDIT_WORD, EDIT_AT(case_form, k.close_reason),
	 .list = WORDS_CLOSING, .must = true},
};

static int close_write(struct page *p, const struct child_head *c, int64_t row,
		       const void *rec)
{
	const struct case_form *f = rec;

	return kase_close_because(edit_records(p), row, f->on,
				  f->k.close_reason);
}

static const struct edit OF_CLOSE = {
	.what = "close",
	.title = "Close the case",
	.save = "Close it",
	.table = "care_case",
	.tab = "",
	.may = EDIT_CHANGE | EDIT_FRESH,
	.field = CLOSE,
	.n = 2,
	.size = sizeof(struct case_form),
	.help = "If the family can’t be reached, send the letter first "
		"(under Child and family). A closed case can be opened "
		"again.",
	.read = case_read,
	.write = close_write,
	.before = open_work,
};

static const struct edit_field REOPEN[] = {
	{"on", "Open again from", NULL, EDIT_DAY, EDIT_AT(case_form, on),
	 .must = true},
	{"why", "Why", NULL, EDIT_LINE, EDIT_AT(case_form, why), .must = true},
};

static int reopen_write(struct page *p, const struct child_head *c, int64_t row,
			const void *rec)
{
	const struct case_form *f = rec;

	return kase_reopen(edit_records(p), row, f->on, f->why);
}

static const struct edit OF_REOPEN = {
	.what = "reopen",
	.title = "Open the case again",
	.save = "Open it again",
	.table = "care_case",
	.tab = "",
	.may = EDIT_CHANGE | EDIT_FRESH,
	.field = REOPEN,
	.n = 2,
	.size = sizeof(struct case_form),
	.help = "The same episode goes on; when and why it was closed is "
		"kept. For another one, open a new case.",
	.read = case_read,
	.write = reopen_write,
};

static const struct edit_field MOVE[] = {
	{"region", "Region", "Its name, like “North Central”.", EDIT_LINE,
	 EDIT_AT(case_form, k.moved_region), .must = true},
	{"on", "Moved on", NULL, EDIT_DAY, EDIT_AT(case_form, on),
	 .must = true},
};

/* "North Central" is known as north-central. */
static int move_write(struct page *p, const struct child_head *c, int64_t row,
		      const void *rec)
{
	const struct case_form *f = rec;
	char id[sizeof f->k.moved_region];

	snprintf(id, sizeof id, "%s", f->k.moved_region);
	for (char *s = id; *s; s++)
		*s = *s == ' ' ? '-' : (char)tolower((unsigned char)*s);
	return kase_move_region(edit_records(p), row, id, f->on);
}

static int move_before(struct page *p, const struct child_head *c, int64_t row,
		       const void *rec, const char **out)
{
	int x = open_work(p, c, row, rec, out);

	if (x == 0 && c->open_needs)
		*out = "Needs that are open are closed as not met here, "
		       "because the family moved. The packet names them.";
	return x;
}

static const struct edit OF_MOVE = {
	.what = "move",
	.title = "The family moved to another region",
	.save = "Close it as moved",
	.table = "care_case",
	.tab = "",
	.may = EDIT_CHANGE | EDIT_FRESH,
	.field = MOVE,
	.n = 2,
	.size = sizeof(struct case_form),
	.help = "Print the packet for the family first: nothing is sent by "
		"itself. The other center opens its own case.",
	.read = case_read,
	.write = move_write,
	.before = move_before,
};

const struct edit *const edit_of_case[] = {&OF_CLOSE, &OF_REOPEN, &OF_MOVE,
					   NULL};
