/* The part of consent.h that is asked before something is shared. */
#include "regional/case/consent.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/child.h"
#include "regional/case/custody.h"
#include "regional/case/field.h"

/* The first day on which who was born on @birth is of age. */
static int32_t day_of_age(int32_t birth)
{
	int y, m, d;
	int32_t day;

	date_to_ymd(birth, &y, &m, &d);
	/* February 29 becomes March 1, as birthdays count. */
	day = date_from_ymd(y + CUSTODY_OF_AGE, m, d > 28 && m == 2 ? 28 : d);
	while (!custody_of_age(birth, day))
		day++;
	return day;
}

static int32_t earlier(int32_t a, int32_t b)
{
	if (a == NO_DATE || b == NO_DATE)
		return a == NO_DATE ? b : a;
	return a < b ? a : b;
}

int32_t consent_last_day(const struct consent *c, int32_t birth)
{
	int32_t last = c->until;

	if (custody_for_minors(c->authority))
		last = earlier(last, day_of_age(birth) - 1);
	if (c->withdrawn != NO_DATE)
		last = earlier(last, c->withdrawn - 1);
	return last;
}

struct question {
	const char *scope;
	const struct consent_receiver *to;
	int32_t day, birth;
	int64_t id;	/* of what allows it, or 0 */
	bool for_all;	/* and that is for whoever is needed */
	int32_t barred; /* the day this very receiver was last withdrawn */
	int64_t barring;
	/* The one that would have fitted and ended last, and the first that is
	 * still to come; id 0: none. */
	struct consent ended, begins;
};

static bool names(const struct consent *c, const char *scope)
{
	for (int i = 0; i < c->scopes; i++)
		if (strcmp(c->scope[i], scope) == 0)
			return true;
	return false;
}

static bool is_for_all(const struct consent *c)
{
	return !c->to.organization && !c->to.practice;
}

static bool fits(const struct consent *c, const struct question *q)
{
	if (!names(c, q->scope))
		return false;
	return is_for_all(c) || (c->to.organization == q->to->organization &&
				 c->to.practice == q->to->practice);
}

static int note_barring(void *arg, const struct consent *c)
{
	struct question *q = arg;

	if (is_for_all(c) || !fits(c, q) || c->withdrawn == NO_DATE ||
	    c->withdrawn > q->day ||
	    (q->barred != NO_DATE && c->withdrawn <= q->barred))
		return 0;
	q->barred = c->withdrawn;
	q->barring = c->id;
	return 0;
}

/* Signed on the very day, but noted after the withdrawal: it is newer. */
static bool is_barred(const struct consent *c, const struct question *q)
{
	return is_for_all(c) && q->barred != NO_DATE &&
	       (c->signed_on < q->barred ||
		(c->signed_on == q->barred && c->id < q->barring));
}

static int weigh(void *arg, const struct consent *c)
{
	struct question *q = arg;
	int32_t last = consent_last_day(c, q->birth);

	if (!fits(c, q) || is_barred(c, q))
		return 0;
	if (last != NO_DATE && last < q->day) {
		if (!q->ended.id ||
		    last > consent_last_day(&q->ended, q->birth))
			q->ended = *c;
	} else if (c->since > q->day) {
		if (!q->begins.id || c->since < q->begins.since)
			q->begins = *c;
	} else if (!q->id || (q->for_all && !is_for_all(c))) {
		/* They come newest first. */
		q->id = c->id;
		q->for_all = is_for_all(c);
	}
	return 0;
}

enum { ABOUT = 200 };

/* "refer to services (refer) for organization 7" */
static void say_about(const struct records *r, const struct question *q,
		      char out[ABOUT])
{
	int i = vocabulary_find(r->words, WORDS_SCOPE, q->scope);
	char title[VOCABULARY_TITLE], to[40] = "a receiver that is not named";

	field_copy(title, sizeof title,
		   vocabulary_word(r->words, WORDS_SCOPE, i)->title);
	if (*title >= 'A' && *title <= 'Z')
		*title = (char)(*title - 'A' + 'a');
	if (q->to->organization)
		snprintf(to, sizeof to, "organization %lld",
			 (long long)q->to->organization);
	else if (q->to->practice)
		snprintf(to, sizeof to, "practice %lld",
			 (long long)q->to->practice);
	snprintf(out, ABOUT, "%s (%s) for %s", title, q->scope, to);
}

/* Did coming of age end it, and nothing else before? */
static bool aged_out(const struct consent *c, int32_t birth)
{
	return custody_for_minors(c->authority) &&
	       consent_last_day(c, birth) == day_of_age(birth) - 1 &&
	       (c->until == NO_DATE || c->until >= day_of_age(birth));
}

static int say_ended(const struct question *q, int64_t child, const char *about)
{
	const struct consent *c = &q->ended;
	int32_t last = consent_last_day(c, q->birth);
	char day[DATE_TEXT];

	if (c->withdrawn != NO_DATE && last == c->withdrawn - 1)
		return err_set(E_DENIED,
			       "Child %lld: consent %lld to %s was withdrawn "
			       "on %s; ask the family for a new one, or say "
			       "why this can't wait for one",
			       (long long)child, (long long)c->id, about,
			       date_format(c->withdrawn, day));
	if (aged_out(c, q->birth))
		return err_set(E_DENIED,
			       "Child %lld: consent %lld to %s ended on %s, "
			       "the day before the child came of age; the "
			       "youth must sign now, or say why this can't "
			       "wait for that",
			       (long long)child, (long long)c->id, about,
			       date_format(last, day));
	return err_set(E_DENIED,
		       "Child %lld: consent %lld to %s ended on %s; renew it "
		       "first, or say why this can't wait for that",
		       (long long)child, (long long)c->id, about,
		       date_format(last, day));
}

static int denied(const struct records *r, const struct question *q,
		  int64_t child)
{
	char day[DATE_TEXT], about[ABOUT];

	say_about(r, q, about);
	/* Unless there has been another one since. */
	if (q->barred != NO_DATE &&
	    (!q->ended.id || consent_last_day(&q->ended, q->birth) < q->barred))
		return err_set(E_DENIED,
			       "Child %lld: consent %lld to %s was withdrawn "
			       "on %s; ask the family for a new one, or say "
			       "why this can't wait for one",
			       (long long)child, (long long)q->barring, about,
			       date_format(q->barred, day));
	if (q->ended.id)
		return say_ended(q, child, about);
	if (q->begins.id)
		return err_set(E_DENIED,
			       "Child %lld: consent %lld to %s begins only on "
			       "%s; wait until then, or say why this can't",
			       (long long)child, (long long)q->begins.id, about,
			       date_format(q->begins.since, day));
	return err_set(E_DENIED,
		       "Child %lld has no consent to %s; ask the family for "
		       "one, or say why this can't wait for it",
		       (long long)child, about);
}

int consent_allows(struct records *r, int64_t child, const char *scope,
		   const struct consent_receiver *to, int32_t day, int64_t *id)
{
	struct question q = {
		.scope = scope, .to = to, .day = day, .barred = NO_DATE};
	struct child c;
	int x;

	if ((x = field_word(r->words, WORDS_SCOPE, "scope of a consent",
			    scope)) < 0 ||
	    (x = child_get(r->db, child, &c)) < 0)
		return x;
	q.birth = c.birth;
	x = consent_list(r->db, child, note_barring, &q);
	if (x == 0)
		x = consent_list(r->db, child, weigh, &q);
	if (x < 0)
		return x;
	if (!q.id)
		return denied(r, &q, child);
	if (id)
		*id = q.id;
	return 0;
}

int consent_ground(struct records *r, int64_t child, const char *scope,
		   const struct consent_receiver *to, int32_t day,
		   const char *because, struct consent_ground *out)
{
	int x;

	memset(out, 0, sizeof *out);
	if (!because)
		because = "";
	x = field_text("reason to share without consent", because,
		       sizeof out->without);
	if (x < 0 || r->elsewhere)
		return x;
	x = consent_allows(r, child, scope, to, day, &out->consent);
	if (x == E_DENIED && *because) {
		err_clear();
		field_copy(out->without, sizeof out->without, because);
		x = 0;
	}
	return x;
}

int consent_open_referrals(struct db *db, int64_t id, int64_t *n)
{
	return db_int(db, n,
		      "SELECT count(*) FROM referral"
		      " WHERE consent = ? AND ended IS NULL",
		      "i", id);
}
