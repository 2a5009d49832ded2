#include "regional/exchange/fhir_item.h"

#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/kase.h"
#include "regional/case/need.h"
#include "regional/case/organization.h"

static const char unsaid[] = "no reason given by the source";

/* --- Condition --- */

static int add_condition(struct fhir_run *u, const struct fhir_staged *it,
			 int64_t *need)
{
	const struct fhir_condition *c = &it->item.u.condition;
	int32_t found = c->found != NO_DATE ? c->found : u->as_of;
	int64_t child, kase;
	int32_t cited;
	int x;

	x = fhir_apply_child(u, it, &child);
	if (x != 0)
		return x;
	/* One that was entered without a Condition is the same need. */
	x = db_int(u->r->db, need,
		   "SELECT n.id FROM need n JOIN care_case k ON k.id = n.kase"
		   " WHERE k.child = ? AND k.closed IS NULL AND n.domain = ?"
		   " AND n.state = 'open' AND NOT EXISTS (SELECT 1"
		   " FROM imported i WHERE i.local_table = 'need'"
		   " AND i.local_id = n.id) ORDER BY n.id LIMIT 1",
		   "is", child, c->domain);
	if (x != E_NOTFOUND)
		return x;
	/* A need that a referral names was found by then at the latest. */
	x = fhir_stage_cited(&u->stage, it->item.id, &cited);
	if (x < 0)
		return x;
	if (cited != NO_DATE && cited < found)
		found = cited;
	x = fhir_apply_case(u, it, child, found, &kase);
	if (x != 0)
		return x;
	return need_add_from(u->r, kase, c->domain, "import", found, need);
}

static int update_condition(struct fhir_run *u, const struct fhir_staged *it,
			    int64_t need)
{
	const struct fhir_condition *c = &it->item.u.condition;
	int64_t child;
	struct need n;
	struct kase k;
	int x;

	x = fhir_apply_child(u, it, &child);
	if (x != 0)
		return x;
	x = need_get(u->r->db, need, &n);
	if (x == 0)
		x = kase_get(u->r->db, n.kase, &k);
	if (x == E_NOTFOUND)
		return FHIR_GONE;
	if (x < 0)
		return x;
	if (strcmp(n.domain, c->domain) != 0 || k.child != child)
		return FHIR_CHANGED;
	/* Only what an import closed is "met"; what a person called unmet
	 * stays that. */
	if (c->clinical == FHIR_ACTIVE && strcmp(n.state, "met") == 0)
		x = need_reopen(u->r, need);
	return x;
}

static int close_condition(struct fhir_run *u, const struct fhir_staged *it,
			   int64_t need)
{
	int32_t on = it->item.u.condition.ended;
	struct need n;
	int x;

	if (!need) /* it was left out */
		return 0;
	x = need_get(u->r->db, need, &n);
	if (x == 0 && n.closed == NO_DATE) {
		if (on == NO_DATE)
			on = u->as_of;
		if (on < n.found)
			on = n.found;
		x = need_close(u->r, need, on, true, "");
	}
	return x < 0 ? x : fhir_apply_remember(u, it, "need", need);
}

int fhir_apply_condition(struct fhir_run *u, struct fhir_staged *it)
{
	int64_t need;
	int x;

	x = fhir_apply_compare(u, it, &need);
	if (x < 0 || u->outcome == FHIR_UNCHANGED)
		return x;
	if (it->closing)
		return close_condition(u, it, need);
	x = need ? update_condition(u, it, need) : add_condition(u, it, &need);
	if (x != 0)
		return x;
	return it->item.u.condition.clinical == FHIR_RESOLVED
		       ? fhir_apply_pending(u, it, "need", need)
		       : fhir_apply_remember(u, it, "need", need);
}

/* --- drafts --- */

int fhir_apply_child_of(struct fhir_run *u, int64_t referral, int64_t *child)
{
	return db_int(u->r->db, child,
		      "SELECT k.child FROM referral r JOIN need n"
		      " ON n.id = r.need JOIN care_case k ON k.id = n.kase"
		      " WHERE r.id = ?",
		      "i", referral);
}

/* The first reason that is a need of this child; 0 if there is none. */
static int need_of_reason(struct fhir_run *u, const struct fhir_staged *it,
			  const struct fhir_draft *d, int64_t *need)
{
	int64_t child = 0;
	int x = 0;

	*need = 0;
	for (int i = 0; x == 0 && i < d->reasons; i++) {
		x = fhir_apply_follow(u, &d->reason[i], it->file, "Condition",
				      need);
		if (x < 0 || !*need)
			continue;
		x = db_int(u->r->db, &child,
			   "SELECT k.child FROM need n JOIN care_case k"
			   " ON k.id = n.kase WHERE n.id = ?",
			   "i", *need);
		if (x == E_NOTFOUND)
			x = 0;
		if (child == d->child)
			return x;
		*need = 0;
	}
	return x;
}

static int receiver(struct fhir_run *u, const struct fhir_draft *d,
		    int64_t *organization, int64_t *service)
{
	int x = 0;

	*organization = *service = 0;
	for (int i = 0; x == 0 && i < d->receivers; i++) {
		x = fhir_apply_follow(u, &d->receiver[i], d->receiver_file,
				      "HealthcareService", service);
		if (x == 0 && !*service)
			x = fhir_apply_follow(u, &d->receiver[i],
					      d->receiver_file, "Organization",
					      organization);
		if (*service || *organization)
			break;
	}
	return x;
}

/* A need that was met since is opened for a referral of that time, and closed
 * again as it was. */
static int add_to(struct fhir_run *u, const struct need *n,
		  const struct fhir_draft *d, int32_t on, int64_t *referral)
{
	int64_t organization, service;
	int x = receiver(u, d, &organization, &service);

	if (x == 0 && n->closed != NO_DATE)
		x = need_reopen(u->r, n->id);
	if (x == 0)
		x = referral_add(u->r, n->id, organization, service, on,
				 referral);
	if (x == 0 && n->closed != NO_DATE)
		x = need_close(u->r, n->id, n->closed,
			       strcmp(n->state, "met") == 0, n->reason);
	return x;
}

int fhir_apply_draft(struct fhir_run *u, const struct fhir_staged *it,
		     const struct fhir_draft *d, int64_t *referral)
{
	int32_t on = d->on;
	int64_t need;
	struct need n;
	int x;

	x = need_of_reason(u, it, d, &need);
	if (x < 0)
		return x;
	if (!need && !*d->domain)
		return FHIR_NOT_REFERRAL;
	if (!need) {
		if (on == NO_DATE)
			on = u->as_of;
		x = fhir_apply_need(u, it, d->child, d->domain, on, &need);
		if (x < 0)
			return x;
	}
	x = need_get(u->r->db, need, &n);
	if (x < 0)
		return x;
	if (on == NO_DATE)
		on = n.found;
	if (on < n.found)
		return FHIR_BEFORE_NEED;
	return add_to(u, &n, d, on, referral);
}

/* --- ways through the life cycle --- */

/* The states from @from to @to, both left out of the count of steps; -1 if
 * there is no way. Nothing leads through "entered in error". */
static int find_way(enum referral_state from, enum referral_state to,
		    enum referral_state *step)
{
	int prev[REFERRAL_STATES], queue[REFERRAL_STATES];
	int head = 0, tail = 0, n = 0;

	for (int i = 0; i < REFERRAL_STATES; i++)
		prev[i] = -1;
	prev[from] = from;
	queue[tail++] = from;
	while (head < tail && prev[to] < 0) {
		int at = queue[head++];

		for (int s = 0; s < REFERRAL_STATES; s++) {
			if (prev[s] >= 0 ||
			    (s == REFERRAL_ENTERED_IN_ERROR && s != (int)to) ||
			    !referral_may((enum referral_state)at,
					  (enum referral_state)s))
				continue;
			prev[s] = at;
			queue[tail++] = s;
		}
	}
	if (prev[to] < 0)
		return -1;
	for (int s = (int)to; s != (int)from; s = prev[s])
		n++;
	for (int s = (int)to, i = n; s != (int)from; s = prev[s])
		step[--i] = (enum referral_state)s;
	return n;
}

static int32_t day_of_step(const struct fhir_way *way, enum referral_state s)
{
	switch (s) {
	case REFERRAL_REQUESTED:
		return way->sent;
	case REFERRAL_ACCEPTED:
		return way->accepted;
	case REFERRAL_IN_PROGRESS:
	case REFERRAL_ON_HOLD:
		return way->started;
	default:
		return way->ended;
	}
}

static int take_step(struct fhir_run *u, int64_t referral,
		     const struct fhir_way *way, enum referral_state s)
{
	bool last = s == way->to;
	const char *why = last && *way->why ? way->why : NULL;
	int32_t on = day_of_step(way, s), moved;
	char text[DATE_TEXT];
	int x;

	x = db_text(u->r->db, text, sizeof text,
		    "SELECT moved FROM referral WHERE id = ?", "i", referral);
	if (x == 0)
		x = date_parse(text, &moved);
	if (x < 0)
		return x;
	if (on == NO_DATE || on < moved)
		on = moved;
	if (!why && last)
		why = unsaid;
	if (s != REFERRAL_REJECTED && s != REFERRAL_CANCELLED &&
	    s != REFERRAL_ON_HOLD && s != REFERRAL_FAILED && why == unsaid)
		why = NULL;
	return referral_move(u->r, referral, s, on, why);
}

int fhir_apply_move(struct fhir_run *u, int64_t referral,
		    const struct fhir_way *way)
{
	enum referral_state step[2 * REFERRAL_STATES];
	struct referral f;
	int n = 0, more, x;

	x = referral_get(u->r->db, referral, &f);
	if (x < 0)
		return x == E_NOTFOUND ? FHIR_GONE : x;
	if (f.state == way->to)
		return 0;
	if (way->begun && way->to != REFERRAL_ENTERED_IN_ERROR &&
	    (f.state == REFERRAL_DRAFT || f.state == REFERRAL_REQUESTED)) {
		n = find_way(f.state, REFERRAL_ACCEPTED, step);
		f.state = REFERRAL_ACCEPTED;
	}
	more = find_way(f.state, way->to, step + n);
	/* It was there and went on: nothing new. */
	if (more < 0 && find_way(way->to, f.state, step) >= 0)
		return 0;
	if (more < 0 || f.state == REFERRAL_ENTERED_IN_ERROR)
		return FHIR_STATE;
	for (int i = 0; x == 0 && i < n + more; i++)
		x = take_step(u, referral, way, step[i]);
	return x;
}
