#include "regional/case/referral.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/audit.h"
#include "regional/case/field.h"
#include "regional/case/kase.h"
#include "regional/case/need.h"
#include "regional/case/organization.h"

#define BIT(s) (1u << (s))

static const char *const state_text[REFERRAL_STATES] = {
	[REFERRAL_DRAFT] = "draft",
	[REFERRAL_REQUESTED] = "requested",
	[REFERRAL_ACCEPTED] = "accepted",
	[REFERRAL_REJECTED] = "rejected",
	[REFERRAL_CANCELLED] = "cancelled",
	[REFERRAL_IN_PROGRESS] = "in-progress",
	[REFERRAL_ON_HOLD] = "on-hold",
	[REFERRAL_FAILED] = "failed",
	[REFERRAL_COMPLETED] = "completed",
	[REFERRAL_ENTERED_IN_ERROR] = "entered-in-error",
};

/* The guide draws no edge from in-progress to on-hold, though on-hold is
 * defined as paused work, and draws cancelled > in-progress, which reads as
 * the reverse of what is meant; both are set right here. */
static const unsigned edges[REFERRAL_STATES] = {
	[REFERRAL_DRAFT] = BIT(REFERRAL_REQUESTED),
	[REFERRAL_REQUESTED] = BIT(REFERRAL_ACCEPTED) | BIT(REFERRAL_REJECTED) |
			       BIT(REFERRAL_CANCELLED),
	[REFERRAL_ACCEPTED] = BIT(REFERRAL_IN_PROGRESS) |
			      BIT(REFERRAL_ON_HOLD) | BIT(REFERRAL_CANCELLED) |
			      BIT(REFERRAL_COMPLETED) | BIT(REFERRAL_FAILED),
	[REFERRAL_IN_PROGRESS] = BIT(REFERRAL_ON_HOLD) |
				 BIT(REFERRAL_CANCELLED) |
				 BIT(REFERRAL_COMPLETED) | BIT(REFERRAL_FAILED),
	[REFERRAL_ON_HOLD] = BIT(REFERRAL_IN_PROGRESS) |
			     BIT(REFERRAL_CANCELLED) | BIT(REFERRAL_COMPLETED) |
			     BIT(REFERRAL_FAILED),
};

const char *referral_state_text(enum referral_state s)
{
	return state_text[s];
}

int referral_state_parse(const char *text, enum referral_state *out)
{
	for (int s = 0; s < REFERRAL_STATES; s++) {
		if (strcmp(text, state_text[s]) == 0) {
			*out = (enum referral_state)s;
			return 0;
		}
	}
	return err_set(E_INVALID,
		       "\"%.40s\" is not a referral's state; it is one of: "
		       "draft, requested, accepted, rejected, cancelled, "
		       "in-progress, on-hold, failed, completed, "
		       "entered-in-error",
		       text);
}

bool referral_may(enum referral_state from, enum referral_state to)
{
	if (to == REFERRAL_ENTERED_IN_ERROR)
		return from != REFERRAL_ENTERED_IN_ERROR;
	return edges[from] & BIT(to);
}

/* The reader knows that everything may turn out to be an error; it is named
 * only where nothing else is left. */
static int refuse_edge(int64_t id, enum referral_state from,
		       enum referral_state to)
{
	/* In the order of a referral's life. */
	static const enum referral_state order[] = {
		REFERRAL_REQUESTED,   REFERRAL_ACCEPTED, REFERRAL_REJECTED,
		REFERRAL_IN_PROGRESS, REFERRAL_ON_HOLD,	 REFERRAL_CANCELLED,
		REFERRAL_COMPLETED,   REFERRAL_FAILED,
	};
	char can[160] = "";
	size_t used = 0;
	int left = __builtin_popcount(edges[from]);

	if (from == REFERRAL_ENTERED_IN_ERROR)
		return err_set(
			E_STATE,
			"Referral %lld was entered in error; nothing can "
			"be done with it any more",
			(long long)id);
	if (left == 0)
		return err_set(
			E_STATE,
			"Referral %lld is %s, which is its end; it can't "
			"go to %s",
			(long long)id, state_text[from], state_text[to]);
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		const char *before = used == 0 ? "" : left == 1 ? " or " : ", ";

		if (!(edges[from] & BIT(order[i])))
			continue;
		used += (size_t)snprintf(can + used, sizeof can - used, "%s%s",
					 before, state_text[order[i]]);
		left--;
	}
	return err_set(E_STATE,
		       "Referral %lld is %s; it can go to %s, not to %s",
		       (long long)id, state_text[from], can, state_text[to]);
}

static bool final(enum referral_state s)
{
	return edges[s] == 0;
}

/* Who was born when: the age band hangs on it. */
static int birth_of(struct db *db, int64_t referral, int32_t *birth)
{
	char text[DATE_TEXT];
	int x;

	x = db_text(
		db, text, sizeof text,
		"SELECT c.birth FROM referral r JOIN need n ON n.id = r.need"
		" JOIN care_case k ON k.id = n.kase"
		" JOIN child c ON c.id = k.child WHERE r.id = ?",
		"i", referral);
	if (x == 0)
		*birth = field_day_of_sql(text);
	return x;
}

struct edge {
	enum referral_state to;
	int32_t on, last; /* @last: day of the edge before */
	const char *why;
	const char *because;	      /* of what is sent without consent */
	struct consent_ground ground; /* of what is sent */
};

/* First dates stay what they were; of answers the earlier one wins, because
 * answers are entered late and in any order. */
static int edge_write(struct records *r, const struct referral *f,
		      const struct edge *e)
{
	const char *band = NULL, *answer = NULL;
	char day[DATE_TEXT];
	int32_t birth = NO_DATE;
	int x;

	if (e->to == REFERRAL_REQUESTED) {
		x = birth_of(r->db, f->id, &birth);
		if (x < 0)
			return x;
		band = field_age_band(r->words, birth, e->on);
	}
	if ((e->to == REFERRAL_ACCEPTED || e->to == REFERRAL_REJECTED) &&
	    (f->answered == NO_DATE || e->on < f->answered))
		answer = state_text[e->to];
	date_format(e->on, day);
	return db_run(r->db,
		      "UPDATE referral SET state = ?1, moved = ?2,"
		      " sent = iif(?3, ?2, sent),"
		      " accepted = iif(?4, ?2, accepted),"
		      " ended = iif(?5, coalesce(ended, ?2), ended),"
		      " answered = iif(?6 IS NULL, answered, ?2),"
		      " answer = coalesce(?6, answer),"
		      " age_band = coalesce(?7, age_band),"
		      " consent = coalesce(nullif(?8, 0), consent),"
		      " without_consent = coalesce(?9, without_consent)"
		      " WHERE id = ?10",
		      "ssiiissisi", state_text[e->to], day,
		      (int64_t)(e->to == REFERRAL_REQUESTED),
		      (int64_t)(e->to == REFERRAL_ACCEPTED),
		      (int64_t) final(e->to), answer, band, e->ground.consent,
		      field_sql_text(e->ground.without), f->id);
}

static int edge_history(struct records *r, const struct referral *f,
			const struct edge *e)
{
	char was[DATE_TEXT], day[DATE_TEXT], consent[24];
	const struct audit_field fields[] = {
		{"state", state_text[f->state], state_text[e->to]},
		{"moved", field_sql_day(e->last, was),
		 field_sql_day(e->on, day)},
		{"why", NULL, field_sql_text(e->why)},
		{"consent", NULL, field_id_text(e->ground.consent, consent)},
		{"without_consent", NULL, field_sql_text(e->ground.without)},
	};
	int x;

	x = db_run(r->db,
		   "INSERT INTO referral_status (referral, state, since, why)"
		   " VALUES (?, ?, ?, ?)",
		   "isss", f->id, state_text[e->to], day,
		   field_sql_text(e->why));
	if (x < 0)
		return x;
	return audit_changes(r, "referral", f->id, fields, 5);
}

/* A case that should not be there sends no family anywhere. */
static int check_case_stands(struct records *r, const struct need *n)
{
	char day[DATE_TEXT];
	struct kase k;
	int x = kase_get(r->db, n->kase, &k);

	if (x < 0 || k.errored == NO_DATE)
		return x;
	return err_set(E_STATE,
		       "Case %lld of need %lld was marked as opened in error "
		       "on %s; it takes no referrals",
		       (long long)k.id, (long long)n->id,
		       date_format(k.errored, day));
}

static int edge_checks(struct records *r, const struct referral *f,
		       const struct edge *e)
{
	int x;

	if (!referral_may(f->state, e->to))
		return refuse_edge(f->id, f->state, e->to);
	if ((x = field_day(r, "date", e->on)) < 0 ||
	    (x = field_order("date", e->on, e->last,
			     "the last change of the referral")) < 0)
		return x;
	/* Longer than any sentence, shorter than a document. */
	if (e->why && (x = field_text("reason in words", e->why, 1000)) < 0)
		return x;
	if ((e->to == REFERRAL_REJECTED || e->to == REFERRAL_CANCELLED ||
	     e->to == REFERRAL_ON_HOLD || e->to == REFERRAL_FAILED) &&
	    !field_sql_text(e->why) && !*f->reason)
		return err_set(E_INVALID,
			       "Say in a few words why referral %lld is %s, or "
			       "give it a reason first",
			       (long long)f->id, state_text[e->to]);
	return 0;
}

/* Sending tells the receiver of the child. */
static int may_send(struct records *r, const struct referral *f, struct edge *e)
{
	const struct consent_receiver to = {.organization = f->organization};
	struct need n;
	struct kase k;
	int x;

	if ((x = need_get(r->db, f->need, &n)) < 0 ||
	    (x = check_case_stands(r, &n)) < 0 ||
	    (x = kase_get(r->db, n.kase, &k)) < 0)
		return x;
	return consent_ground(r, k.child, "refer", &to, e->on, e->because,
			      &e->ground);
}

static int move(struct records *r, int64_t id, struct edge *e)
{
	char last[DATE_TEXT];
	struct referral f;
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = referral_get(r->db, id, &f);
	if (x < 0 || f.state == e->to)
		return records_end(r, x);
	x = db_text(r->db, last, sizeof last,
		    "SELECT moved FROM referral WHERE id = ?", "i", id);
	e->last = field_day_of_sql(last);
	if (x == 0)
		x = edge_checks(r, &f, e);
	if (x == 0 && e->to == REFERRAL_REQUESTED)
		x = may_send(r, &f, e);
	if (x == 0 && (x = edge_write(r, &f, e)) == 0)
		x = edge_history(r, &f, e);
	return records_end(r, x);
}

int referral_send(struct records *r, int64_t id, int32_t on,
		  const char *because)
{
	struct edge e = {.to = REFERRAL_REQUESTED,
			 .on = on,
			 .last = NO_DATE,
			 .because = because};

	return move(r, id, &e);
}

int referral_move(struct records *r, int64_t id, enum referral_state to,
		  int32_t on, const char *why)
{
	struct edge e = {.to = to, .on = on, .last = NO_DATE, .why = why};

	return move(r, id, &e);
}

/* A service names its organization, so that alone is enough. */
static int check_target(struct records *r, int64_t *organization,
			int64_t service)
{
	struct organization o;
	struct service s;
	int x;

	if (service) {
		x = service_get(r->db, service, &s);
		if (x < 0)
			return x;
		if (!s.active)
			return err_set(E_STATE,
				       "Service %lld is not offered "
				       "any more",
				       (long long)service);
		if (*organization && s.organization &&
		    s.organization != *organization)
			return err_set(
				E_INVALID,
				"Service %lld is not one of organization "
				"%lld",
				(long long)service, (long long)*organization);
		if (s.organization)
			*organization = s.organization;
	}
	if (!*organization)
		return 0;
	x = organization_get(r->db, *organization, &o);
	if (x == 0 && !o.active)
		x = err_set(E_STATE,
			    "Organization %lld takes no referrals any "
			    "more",
			    (long long)*organization);
	return x;
}

static int referral_insert(struct records *r, int64_t need,
			   int64_t organization, int64_t service, int32_t on,
			   int64_t *id)
{
	char a[24], b[24], c[24], day[DATE_TEXT];
	const struct audit_field fields[] = {
		{"need", NULL, field_id_text(need, a)},
		{"organization", NULL, field_id_text(organization, b)},
		{"service", NULL, field_id_text(service, c)},
		{"state", NULL, "draft"},
		{"moved", NULL, date_format(on, day)},
	};
	int x;

	x = db_run(r->db,
		   "INSERT INTO referral (need, organization, service, state,"
		   " moved, drafted) VALUES (?1, nullif(?2, 0), nullif(?3, 0),"
		   " 'draft', ?4, ?4)",
		   "iiis", need, organization, service, day);
	if (x < 0)
		return x;
	*id = db_last_id(r->db);
	x = db_run(r->db,
		   "INSERT INTO referral_status (referral, state, since)"
		   " VALUES (?, 'draft', ?)",
		   "is", *id, day);
	if (x < 0)
		return x;
	return audit_changes(r, "referral", *id, fields, 5);
}

static int referral_add_checks(struct records *r, int64_t need, int32_t on)
{
	struct need n;
	int x;

	x = need_get(r->db, need, &n);
	if (x == 0)
		x = check_case_stands(r, &n);
	if (x < 0)
		return x;
	if (n.closed != NO_DATE)
		return err_set(E_STATE,
			       "Need %lld is closed; reopen it before "
			       "referring the family for it",
			       (long long)need);
	x = field_day(r, "date of the referral", on);
	if (x < 0)
		return x;
	return field_order("date of the referral", on, n.found,
			   "the day the need was found");
}

int referral_add(struct records *r, int64_t need, int64_t organization,
		 int64_t service, int32_t on, int64_t *id)
{
	int64_t new_id = 0;
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	if ((x = referral_add_checks(r, need, on)) == 0 &&
	    (x = check_target(r, &organization, service)) == 0)
		x = referral_insert(r, need, organization, service, on,
				    &new_id);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}
