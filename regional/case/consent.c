#include "regional/case/consent.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/attachment.h"
#include "regional/case/child.h"
#include "regional/case/custody.h"
#include "regional/case/field.h"
#include "regional/case/row.h"

#define COLUMNS                                                               \
	"id, child, organization, practice, since, until, signed, signer,"    \
	" authority, attachment, renews, withdrawn, counted, (SELECT"         \
	" group_concat(scope) FROM (SELECT scope FROM consent_scope s WHERE " \
	"s.consent = consent.id ORDER BY scope))"

static void take_scopes(struct consent *c, const char *text)
{
	while (text && *text && c->scopes < CONSENT_SCOPES) {
		size_t len = strcspn(text, ",");

		snprintf(c->scope[c->scopes++], VOCABULARY_ID, "%.*s", (int)len,
			 text);
		text += len;
		text += *text == ',';
	}
}

static void consent_row(struct rows *rows, struct consent *c)
{
	memset(c, 0, sizeof *c);
	c->id = rows_int(rows, 0);
	c->child = rows_int(rows, 1);
	c->to.organization = rows_int(rows, 2);
	c->to.practice = rows_int(rows, 3);
	c->since = field_day_of_sql(rows_text(rows, 4));
	c->until = field_day_of_sql(rows_text(rows, 5));
	c->signed_on = field_day_of_sql(rows_text(rows, 6));
	c->signer = rows_int(rows, 7);
	field_copy(c->authority, sizeof c->authority, rows_text(rows, 8));
	c->attachment = rows_int(rows, 9);
	c->renews = rows_int(rows, 10);
	c->withdrawn = field_day_of_sql(rows_text(rows, 11));
	c->counted = rows_int(rows, 12) != 0;
	take_scopes(c, rows_text(rows, 13));
}

/* --- giving it --- */

static int check_scopes(const struct records *r, const struct consent *c)
{
	int x = 0;

	if (c->scopes < 1 || c->scopes > CONSENT_SCOPES)
		return err_set(E_INVALID,
			       "Say what the family consents to, like refer "
			       "or share-plan");
	for (int i = 0; i < c->scopes && x == 0; i++) {
		x = field_word(r->words, WORDS_SCOPE, "scope of a consent",
			       c->scope[i]);
		for (int k = 0; k < i && x == 0; k++)
			if (strcmp(c->scope[i], c->scope[k]) == 0)
				x = err_set(E_INVALID,
					    "The scope \"%s\" is named twice",
					    c->scope[i]);
	}
	return x;
}

static int check_receiver(struct records *r, const struct consent_receiver *to)
{
	if (to->organization && to->practice)
		return err_set(E_INVALID,
			       "A consent is for an organization or for a "
			       "practice; make two for both");
	if (to->organization)
		return row_there(r->db, "organization", "organization",
				 to->organization);
	if (to->practice)
		return row_there(r->db, "practice", "practice", to->practice);
	return 0;
}

static int check_scan(struct records *r, int64_t child, int64_t attachment)
{
	struct attachment a;
	int x;

	if (!attachment)
		return 0;
	x = attachment_get(r->db, attachment, &a);
	if (x == 0 && a.child != child)
		x = err_set(E_INVALID, "Document %lld is another child's",
			    (long long)attachment);
	if (x == 0 && a.erased != NO_DATE)
		x = err_set(E_STATE, "Document %lld was erased",
			    (long long)attachment);
	return x;
}

/* It may begin in the future, like with a school year. */
static int check_days(struct records *r, const struct consent *c,
		      const struct child *k)
{
	int x;

	if ((x = field_day(r, "day of signing", c->signed_on)) < 0 ||
	    (x = field_any_day("first day of the consent", c->since)) < 0 ||
	    (x = field_any_day("last day of the consent", c->until)) < 0)
		return x;
	if (c->since == NO_DATE)
		return err_set(E_INVALID,
			       "The first day of the consent is missing");
	if ((x = field_order("first day of the consent", c->since, c->signed_on,
			     "the day it was signed")) < 0)
		return x;
	if (c->until != NO_DATE &&
	    (x = field_order("last day of the consent", c->until, c->since,
			     "its first")) < 0)
		return x;
	if (custody_for_minors(c->authority) &&
	    custody_of_age(k->birth, c->since))
		return err_set(E_INVALID,
			       "On the first day of the consent the child is "
			       "of age: the youth must sign it");
	return 0;
}

static int consent_check(struct records *r, const struct consent *c)
{
	struct child k;
	int x;

	if ((x = check_scopes(r, c)) < 0 ||
	    (x = child_here(r->db, c->child, &k)) < 0 ||
	    (x = check_receiver(r, &c->to)) < 0 ||
	    (x = check_days(r, c, &k)) < 0 ||
	    (x = check_scan(r, c->child, c->attachment)) < 0)
		return x;
	return custody_may_sign(r, c->child, c->signer, c->authority,
				c->signed_on);
}

static int add_scopes(struct records *r, int64_t id, const struct consent *c)
{
	int x = 0;

	for (int i = 0; i < c->scopes && x == 0; i++) {
		x = db_run(r->db,
			   "INSERT INTO consent_scope (consent, scope)"
			   " VALUES (?, ?)",
			   "is", id, c->scope[i]);
		if (x == 0)
			x = audit_change(r, "consent", id, "scope", NULL,
					 c->scope[i]);
	}
	return x;
}

static int consent_insert(struct records *r, const struct consent *c,
			  int64_t *id)
{
	char child[24], org[24], practice[24], signer[24], scan[24], renews[24];
	char since[DATE_TEXT], until[DATE_TEXT], signed_on[DATE_TEXT];
	const struct audit_field f[] = {
		{"child", NULL, field_id_text(c->child, child)},
		{"organization", NULL, field_id_text(c->to.organization, org)},
		{"practice", NULL, field_id_text(c->to.practice, practice)},
		{"since", NULL, date_format(c->since, since)},
		{"until", NULL, field_sql_day(c->until, until)},
		{"signed", NULL, date_format(c->signed_on, signed_on)},
		{"signer", NULL, field_id_text(c->signer, signer)},
		{"authority", NULL, c->authority},
		{"attachment", NULL, field_id_text(c->attachment, scan)},
		{"renews", NULL, field_id_text(c->renews, renews)},
	};
	int x = row_insert(r, "consent", f, 10, id);

	return x < 0 ? x : add_scopes(r, *id, c);
}

int consent_add(struct records *r, const struct consent *c, int64_t *id)
{
	int64_t new_id = 0;
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = consent_check(r, c);
	if (x == 0)
		x = consent_insert(r, c, &new_id);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

int consent_renew(struct records *r, int64_t id, const struct consent *c,
		  int64_t *new_id)
{
	struct consent now;
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = consent_get(r->db, id, &now);
	if (x == 0) {
		now.renews = id;
		now.since = c->since;
		now.until = c->until;
		now.signed_on = c->signed_on;
		now.signer = c->signer;
		memcpy(now.authority, c->authority, sizeof now.authority);
		now.attachment = c->attachment;
		now.withdrawn = NO_DATE;
		x = consent_add(r, &now, new_id);
	}
	return records_end(r, x);
}

int consent_attach(struct records *r, int64_t id, int64_t attachment)
{
	char was[24], now[24];
	struct consent c;
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = consent_get(r->db, id, &c);
	if (x == 0)
		x = check_scan(r, c.child, attachment);
	if (x == 0) {
		const struct audit_field f = {"attachment",
					      field_id_text(c.attachment, was),
					      field_id_text(attachment, now)};

		x = row_update(r, "consent", id, &f, 1);
	}
	return records_end(r, x);
}

int consent_withdraw(struct records *r, int64_t id, int32_t on, const char *why)
{
	char day[DATE_TEXT];
	struct consent c;
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = consent_get(r->db, id, &c);
	if (x == 0 && c.withdrawn != NO_DATE)
		x = err_set(E_STATE,
			    "Consent %lld was withdrawn already, on %s",
			    (long long)id, date_format(c.withdrawn, day));
	if (x == 0 &&
	    (x = field_text("reason", why ? why : "", CONSENT_WHY)) == 0 &&
	    (x = field_day(r, "day of withdrawal", on)) == 0 &&
	    (x = field_order("day of withdrawal", on, c.signed_on,
			     "the day it was signed")) == 0) {
		const struct audit_field f[] = {
			{"withdrawn", NULL, date_format(on, day)},
			{"withdrawn_why", NULL, field_sql_text(why)},
			{"counted", row_flag(c.counted),
			 row_flag(!r->uncounts)},
		};

		x = row_update(r, "consent", id, f, 3);
	}
	return records_end(r, x);
}

/* --- asking --- */

int consent_get(struct db *db, int64_t id, struct consent *out)
{
	struct rows rows;
	int x;

	x = db_rows(db, &rows, "SELECT " COLUMNS " FROM consent WHERE id = ?",
		    "i", id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		consent_row(&rows, out);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND, "There is no consent %lld",
			    (long long)id);
	}
	rows_end(&rows);
	return x;
}

int consent_list(struct db *db, int64_t child,
		 int (*fn)(void *arg, const struct consent *c), void *arg)
{
	struct consent c;
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT " COLUMNS " FROM consent WHERE child = ?"
		    " ORDER BY since DESC, id DESC",
		    "i", child);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		consent_row(&rows, &c);
		x = fn(arg, &c);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}
