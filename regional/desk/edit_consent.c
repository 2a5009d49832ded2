/* What the family allows: signed, renewed, withdrawn; and its papers. */
#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "regional/case/attachment.h"
#include "regional/case/consent.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk_word.h"
#include "regional/desk/edit_list.h"

struct consent_form {
	struct consent k;
	char why[200];
};

static int pick_organization(struct page *p, const struct child_head *c,
			     struct arena_list *options)
{
	return edit_pick_sql(p,
			     "SELECT id, name FROM organization"
			     " WHERE active = 1 ORDER BY name LIMIT 1000",
			     c->child, options);
}

static int pick_practice(struct page *p, const struct child_head *c,
			 struct arena_list *options)
{
	return edit_pick_sql(p,
			     "SELECT id, name FROM practice WHERE active = 1"
			     " ORDER BY name LIMIT 500",
			     c->child, options);
}

static int pick_scan(struct page *p, const struct child_head *c,
		     struct arena_list *options)
{
	return edit_pick_sql(p,
			     "SELECT id, added || ', ' || ifnull(title, type)"
			     " FROM attachment WHERE child = ?1"
			     " AND erased IS NULL ORDER BY id DESC LIMIT 100",
			     c->child, options);
}

#define SIGNED_BY                                                              \
	{"signer",                                                             \
	 "Signed by",                                                          \
	 NULL,                                                                 \
	 EDIT_PICK,                                                            \
	 EDIT_AT(consent_form, k.signer),                                      \
	 .pick = edit_pick_caregiver,                                          \
	 .none = "The youth"},                                                 \
		{"authority",                                                  \
		 "In which right",                                             \
		 "As custody has it.",                                         \
		 EDIT_WORD,                                                    \
		 EDIT_AT(consent_form, k.authority),                           \
		 .list = WORDS_AUTHORITY,                                      \
		 .must = true},                                                \
		{"signed",                                                     \
		 "Signed on",                                                  \
		 NULL,                                                         \
		 EDIT_DAY,                                                     \
		 EDIT_AT(consent_form, k.signed_on),                           \
		 .must = true},                                                \
		{"since",                                                      \
		 "Holds from",                                                 \
		 NULL,                                                         \
		 EDIT_DAY,                                                     \
		 EDIT_AT(consent_form, k.since),                               \
		 .must = true},                                                \
		{"until", "Last day", "Empty: until it is withdrawn.",         \
		 EDIT_DAY, EDIT_AT(consent_form, k.until)},                    \
	{                                                                      \
		"attachment", "The signed paper", "Add it under Files first.", \
			EDIT_PICK, EDIT_AT(consent_form, k.attachment),        \
			.pick = pick_scan, .none = "None yet"                  \
	}

static const struct edit_field CONSENT[] = {
	{"scope", "What the family allows", NULL, EDIT_SET,
	 EDIT_AT(consent_form, k.scope), .list = WORDS_SCOPE,
	 .count = offsetof(struct consent_form, k.scopes), .must = true},
	{"organization", "With which organization", NULL, EDIT_PICK,
	 EDIT_AT(consent_form, k.to.organization), .pick = pick_organization,
	 .none = "Whoever is needed"},
	{"practice", "Or with which practice", NULL, EDIT_PICK,
	 EDIT_AT(consent_form, k.to.practice), .pick = pick_practice,
	 .none = "None"},
	SIGNED_BY,
};
static const struct edit_field RENEW[] = {SIGNED_BY};
static const struct edit_field WITHDRAW[] = {
	{"withdrawn", "From this day on it allows nothing", NULL, EDIT_DAY,
	 EDIT_AT(consent_form, k.withdrawn), .must = true},
	{"why", "What they said", NULL, EDIT_AREA, EDIT_AT(consent_form, why)},
};

static int consent_read(struct page *p, const struct child_head *c, int64_t row,
			void *rec)
{
	struct consent *k = &((struct consent_form *)rec)->k;
	int x = 0;

	k->until = k->withdrawn = NO_DATE;
	if (row)
		x = consent_get(p->db, row, k);
	if (x == 0 && row && k->child != c->child)
		x = E_NOTFOUND;
	return x;
}

static int new_read(struct page *p, const struct child_head *c, int64_t row,
		    void *rec)
{
	struct consent *k = &((struct consent_form *)rec)->k;
	int x = consent_read(p, c, row, rec);

	k->since = k->signed_on = p->today;
	return x;
}

static int renew_read(struct page *p, const struct child_head *c, int64_t row,
		      void *rec)
{
	struct consent *k = &((struct consent_form *)rec)->k;
	int x = consent_read(p, c, row, rec);

	k->since = k->signed_on = p->today;
	k->until = NO_DATE;
	k->attachment = 0;
	return x;
}

static int withdraw_read(struct page *p, const struct child_head *c,
			 int64_t row, void *rec)
{
	struct consent *k = &((struct consent_form *)rec)->k;
	int x = consent_read(p, c, row, rec);

	if (k->withdrawn == NO_DATE)
		k->withdrawn = p->today;
	return x;
}

/* Who may not sign is told at the form. */
static int told(struct page *p, int x)
{
	if (x != E_DENIED)
		return x;
	page_error(p, "authority", "%s", err_text(x));
	return 0;
}

static int new_write(struct page *p, const struct child_head *c, int64_t row,
		     const void *rec)
{
	struct consent k = ((const struct consent_form *)rec)->k;
	int64_t id;

	k.child = c->child;
	return told(p, consent_add(edit_records(p), &k, &id));
}

static int renew_write(struct page *p, const struct child_head *c, int64_t row,
		       const void *rec)
{
	int64_t id;

	return told(p,
		    consent_renew(edit_records(p), row,
				  &((const struct consent_form *)rec)->k, &id));
}

static int withdraw_write(struct page *p, const struct child_head *c,
			  int64_t row, const void *rec)
{
	const struct consent_form *f = rec;

	return consent_withdraw(edit_records(p), row, f->k.withdrawn, f->why);
}

/* What stops at once. */
static int withdraw_before(struct page *p, const struct child_head *c,
			   int64_t row, const void *rec, const char **out)
{
	int64_t n = 0;
	int x = consent_open_referrals(p->db, row, &n);

	if (x < 0)
		return x;
	*out = arena_str(
		&p->a,
		"From that day on nothing more may be shared on it: no "
		"referral sent, no plan given away, no transfer package.%s%s%s",
		n ? " " : "",
		n ? day_text_count(&p->a, n, "open referral rests on it",
				   "open referrals rest on it")
		  : "",
		n ? ": tell their receivers. What was sent stays with them."
		  : "");
	return 0;
}

static const struct edit OF_NEW = {
	.what = "consent",
	.title = "Consent",
	.table = "consent",
	.tab = "coverage",
	.may = EDIT_ADD,
	.field = CONSENT,
	.n = sizeof CONSENT / sizeof *CONSENT,
	.size = sizeof(struct consent_form),
	.help = "It allows what it names and nothing else. For two receivers "
		"make two.",
	.read = new_read,
	.write = new_write,
};
static const struct edit OF_RENEW = {
	.what = "consent-renew",
	.title = "Renew a consent",
	.save = "Renew it",
	.table = "consent",
	.tab = "coverage",
	.may = EDIT_CHANGE | EDIT_FRESH,
	.field = RENEW,
	.n = sizeof RENEW / sizeof *RENEW,
	.size = sizeof(struct consent_form),
	.help = "The same things with the same receiver, signed again.",
	.also = "consent-withdraw",
	.also_title = "Withdraw it instead",
	.read = renew_read,
	.write = renew_write,
};
static const struct edit OF_WITHDRAW = {
	.what = "consent-withdraw",
	.title = "Withdraw a consent",
	.save = "Withdraw it",
	.table = "consent",
	.tab = "coverage",
	.may = EDIT_CHANGE | EDIT_FRESH,
	.field = WITHDRAW,
	.n = sizeof WITHDRAW / sizeof *WITHDRAW,
	.size = sizeof(struct consent_form),
	.help = "This is for good. If the family changes its mind, it signs "
		"again.",
	.also = "consent-renew",
	.also_title = "Renew it instead",
	.read = withdraw_read,
	.write = withdraw_write,
	.before = withdraw_before,
};

/* --- a document is taken out --- */

static const struct edit_field FILE_OUT[] = {
	{"why", "Why it is taken out", NULL, EDIT_LINE,
	 EDIT_AT(attachment, why), .must = true},
};

static int file_read(struct page *p, const struct child_head *c, int64_t row,
		     void *rec)
{
	struct attachment *a = rec;
	int x = attachment_get(p->db, row, a);

	return x == 0 && (a->child != c->child || a->erased != NO_DATE)
		       ? E_NOTFOUND
		       : x;
}

static int file_write(struct page *p, const struct child_head *c, int64_t row,
		      const void *rec)
{
	return attachment_remove(edit_records(p), row,
				 ((const struct attachment *)rec)->why);
}

static int file_before(struct page *p, const struct child_head *c, int64_t row,
		       const void *rec, const char **out)
{
	const struct attachment *a = rec;

	*out = arena_str(&p->a, "%s, added %s.",
			 *a->title ? a->title
				   : desk_word(p, WORDS_DOCUMENT, a->document),
			 day_text(&p->a, a->added));
	return 0;
}

static const struct edit OF_FILE_OUT = {
	.what = "file-out",
	.title = "Take a file out",
	.save = "Take it out",
	.table = "attachment",
	.tab = "files",
	.may = EDIT_CHANGE | EDIT_FRESH,
	.field = FILE_OUT,
	.n = 1,
	.size = sizeof(struct attachment),
	.help = "Its content is deleted and does not come back. That it was "
		"there, and why it went, stays in the record.",
	.read = file_read,
	.write = file_write,
	.before = file_before,
};

const struct edit *const edit_of_consent[] = {&OF_NEW, &OF_RENEW, &OF_WITHDRAW,
					      &OF_FILE_OUT, NULL};
