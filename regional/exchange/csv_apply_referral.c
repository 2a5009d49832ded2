/* A referral and its history. The days of a row are put in order and followed
 * one edge of the life cycle after the other; what lies between two of them
 * happened by the day of the later one. A state that was passed is no change,
 * one that can't follow leaves the row out. */
#include "regional/exchange/csv_item.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/need.h"
#include "regional/case/organization.h"
#include "regional/exchange/fhir_item.h"

struct move {
	enum referral_state to;
	int32_t on;
};

int csv_apply_organization_of(struct csv_run *u, const char *name, int64_t *id)
{
	struct organization o = {.active = true};
	int x;

	*id = 0;
	if (!*name)
		return 0;
	x = db_int(u->r->db, id, "SELECT id FROM organization WHERE name = ?",
		   "s", name);
	if (x != E_NOTFOUND)
		return x;
	memcpy(o.name, name, sizeof o.name);
	return organization_add(u->r, &o, id);
}

int csv_apply_service_of(struct csv_run *u, const char *name,
			 int64_t organization, int64_t *id)
{
	struct service s = {.organization = organization, .active = true};
	int x;

	*id = 0;
	if (!*name)
		return 0;
	x = db_int(u->r->db, id,
		   "SELECT id FROM service WHERE name = ?"
		   " AND ifnull(organization, 0) = ?",
		   "si", name, organization);
	if (x != E_NOTFOUND)
		return x;
	memcpy(s.name, name, sizeof s.name);
	return service_add(u->r, &s, id);
}

/* A need that is closed is opened for a referral of that time, and closed
 * again as it was. */
static int add_to(struct csv_run *u, const struct csv_referral *is,
		  int64_t need, int32_t on, int64_t *id)
{
	int64_t organization, service;
	struct need n;
	int x;

	x = need_get(u->r->db, need, &n);
	if (x == 0)
		x = csv_apply_organization_of(u, is->organization,
					      &organization);
	if (x == 0)
		x = csv_apply_service_of(u, is->service, organization,
					 &service);
	if (x < 0)
		return x;
	if (on == NO_DATE || on < n.found)
		on = n.found;
	if (n.closed != NO_DATE)
		x = need_reopen(u->r, need);
	if (x == 0)
		x = referral_add(u->r, need, organization, service, on, id);
	if (x == 0 && n.closed != NO_DATE)
		x = need_close(u->r, need, n.closed,
			       strcmp(n.state, "met") == 0, n.reason);
	return x;
}

/* The same child and, where the sheet says, the same receiver. */
static int check_same(struct csv_run *u, const struct csv_referral *is,
		      int64_t child, int64_t id)
{
	int64_t fits = 0;
	int x = db_int(u->r->db, &fits,
		       "SELECT k.child = ?1 AND (?2 = '' OR o.name IS NULL"
		       " OR o.name = ?2) FROM referral f"
		       " JOIN need n ON n.id = f.need"
		       " JOIN care_case k ON k.id = n.kase"
		       " LEFT JOIN organization o ON o.id = f.organization"
		       " WHERE f.id = ?3",
		       "isi", child, is->organization, id);

	if (x < 0)
		return x == E_NOTFOUND ? CSV_GONE : x;
	return fits ? 0 : CSV_CHANGED;
}

/* --- the history --- */

static int by_day(const void *a, const void *b)
{
	const struct move *x = a, *y = b;

	if (x->on != y->on)
		return x->on < y->on ? -1 : 1;
	/* States stand in the order of the life cycle, but for an end. */
	return (int)x->to - (int)y->to;
}

static void add_move(struct move *list, int *n, enum referral_state to,
		     int32_t on)
{
	if (on != NO_DATE)
		list[(*n)++] = (struct move){to, on};
}

static int moves_of(const struct csv_referral *is, struct move list[12])
{
	enum referral_state state;
	int n = 0;

	add_move(list, &n, REFERRAL_REQUESTED, is->sent);
	add_move(list, &n, REFERRAL_ACCEPTED, is->accepted);
	add_move(list, &n, REFERRAL_REJECTED, is->rejected);
	add_move(list, &n, REFERRAL_CANCELLED, is->cancelled);
	add_move(list, &n, REFERRAL_IN_PROGRESS, is->started);
	add_move(list, &n, REFERRAL_ON_HOLD, is->held);
	add_move(list, &n, REFERRAL_FAILED, is->failed);
	add_move(list, &n, REFERRAL_COMPLETED, is->completed);
	if (*is->state && referral_state_parse(is->state, &state) == 0)
		add_move(list, &n, state, is->state_on);
	qsort(list, (size_t)n, sizeof *list, by_day);
	return n;
}

/* Of an unchanged part of the history nothing is done again: a state since a
 * day that is noted, or one that was left again. */
static int is_noted(struct csv_run *u, int64_t id, const struct move *m,
		    bool *out)
{
	char day[DATE_TEXT];
	int64_t n = 0;
	int x = db_int(u->r->db, &n,
		       "SELECT EXISTS (SELECT 1 FROM referral_status"
		       " WHERE referral = ? AND state = ? AND since = ?)",
		       "iss", id, referral_state_text(m->to),
		       date_format(m->on, day));

	*out = n != 0;
	return x;
}

static int follow(struct csv_run *u, const struct csv_referral *is, int64_t id)
{
	struct fhir_run run = {.r = u->r};
	struct move list[12];
	int n = moves_of(is, list), x = 0;
	bool noted;

	for (int i = 0; x == 0 && i < n; i++) {
		struct fhir_way way = {list[i].to,
				       list[i].on,
				       list[i].on,
				       list[i].on,
				       list[i].on,
				       false,
				       i == n - 1 ? is->why : ""};

		x = is_noted(u, id, &list[i], &noted);
		if (x == 0 && !noted)
			x = fhir_apply_move(&run, id, &way);
	}
	return x == FHIR_GONE ? CSV_GONE : x > 0 ? CSV_STATE : x;
}

/* --- what came of it --- */

static int link_all(struct csv_run *u, const struct csv_referral *is,
		    int64_t id)
{
	const struct {
		const char *outcome;
		int32_t on;
	} list[] = {
		{"contacted", is->contacted},
		{"received", is->received},
		{"addressed", is->addressed},
		{"satisfied", is->satisfied},
	};
	int x = 0;

	for (size_t i = 0; x == 0 && i < sizeof list / sizeof *list; i++) {
		if (list[i].on != NO_DATE)
			x = referral_link(u->r, id, list[i].outcome,
					  list[i].on);
	}
	return x;
}

static int32_t first_day(const int32_t *day, int n)
{
	for (int i = 0; i < n; i++) {
		if (day[i] != NO_DATE)
			return day[i];
	}
	return NO_DATE;
}

static int answer(struct csv_run *u, const struct csv_referral *is,
		  const struct referral *f)
{
	const int32_t day[] = {is->answered, is->accepted, is->rejected,
			       f->answered, f->sent};

	if ((!*is->capacity || strcmp(is->capacity, f->capacity) == 0) &&
	    (!*is->enrollment || strcmp(is->enrollment, f->enrollment) == 0))
		return 0;
	return referral_answer(u->r, f->id, first_day(day, 5), is->capacity,
			       is->enrollment);
}

static int give_reason(struct csv_run *u, const struct csv_referral *is,
		       const struct referral *f)
{
	const int32_t day[] = {is->reason_on, is->rejected, is->cancelled,
			       is->failed,    is->held,	    is->state_on,
			       f->ended,      f->answered,  f->sent};

	if (!*is->reason || strcmp(is->reason, f->reason) == 0)
		return 0;
	return referral_reason(u->r, f->id, is->reason, first_day(day, 9));
}

static int write_all(struct csv_run *u, const struct csv_referral *is,
		     int64_t id)
{
	struct referral f;
	int x = follow(u, is, id);

	if (x == 0)
		x = link_all(u, is, id);
	if (x == 0)
		x = referral_get(u->r->db, id, &f);
	if (x == 0)
		x = answer(u, is, &f);
	return x != 0 ? x : give_reason(u, is, &f);
}

static int32_t began_on(const struct csv_referral *is)
{
	struct move list[12];

	if (is->drafted != NO_DATE)
		return is->drafted;
	return moves_of(is, list) > 0 ? list[0].on : NO_DATE;
}

/* A sheet with a row for each state has a hash for each of them. */
static void step_key(struct csv_run *u, const struct csv_referral *is,
		     const char *key, char out[CSV_KEY])
{
	struct {
		char key[CSV_KEY], state[20];
		int32_t on;
	} step;

	memset(&step, 0, sizeof step);
	memcpy(step.key, key, sizeof step.key);
	memcpy(step.state, is->state, sizeof step.state);
	step.on = is->state_on;
	csv_stage_hash(u->r, "step", &step, sizeof step, out);
}

int csv_apply_referral(struct csv_run *u, const struct csv_staged *it, int g,
		       int64_t child, int64_t need)
{
	const struct csv_referral *is = &it->item.referral[g];
	char hash[CSV_KEY], step[CSV_KEY];
	int64_t id = 0, again;
	bool same, is_new;
	int x;

	csv_stage_hash(u->r, "referral", is, sizeof *is, hash);
	step_key(u, is, it->key[CSV_OF_REFERRAL][g], step);
	x = csv_apply_known(u, CSV_REFERRAL, it->key[CSV_OF_REFERRAL][g], hash,
			    &id, &same);
	if (x == 0 && *is->state)
		x = csv_apply_known(u, CSV_REFERRAL, step, hash, &again, &same);
	if (x == 0)
		x = csv_apply_begin(u);
	if (x < 0)
		return x;
	is_new = id == 0;
	if (is_new)
		x = add_to(u, is, need, began_on(is), &id);
	else if (!same)
		x = check_same(u, is, child, id);
	if (x == 0 && (is_new || !same))
		x = write_all(u, is, id);
	if (x == 0 && (is_new || !*is->state) && !same)
		x = csv_apply_remember(u, CSV_REFERRAL,
				       it->key[CSV_OF_REFERRAL][g], hash, id);
	if (x == 0 && *is->state && !same)
		x = csv_apply_remember(u, CSV_REFERRAL, step, hash, id);
	return x != 0 ? x : csv_apply_end(u, CSV_REFERRAL, is_new);
}
