#include "regional/exchange/fhir_item.h"

#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"

static int32_t earlier(int32_t a, int32_t b)
{
	if (a == NO_DATE || b == NO_DATE)
		return a == NO_DATE ? b : a;
	return a < b ? a : b;
}

static int32_t first_known(int32_t a, int32_t b, int32_t c)
{
	if (a != NO_DATE)
		return a;
	return b != NO_DATE ? b : c;
}

/* --- ServiceRequest --- */

static int add_request(struct fhir_run *u, const struct fhir_staged *it,
		       int64_t child, int32_t sent, int64_t *referral)
{
	const struct fhir_request *q = &it->item.u.request;
	struct fhir_draft d = {
		child,	   q->reason, q->performer, FHIR_REFS,
		FHIR_REFS, it->file,  q->domain,    earlier(q->authored, sent)};
	struct fhir_ref owner;
	int x;

	if (!*q->performer[0].id) {
		x = fhir_stage_owner(&u->stage, it->item.id, &owner,
				     &d.receiver_file);
		if (x < 0)
			return x;
		d.receiver = &owner;
		d.receivers = x == 0;
	}
	return fhir_apply_draft(u, it, &d, referral);
}

/* Does a task speak for it, of this import or an earlier one? */
static int has_task(struct fhir_run *u, const struct fhir_staged *it,
		    int64_t referral, bool *staged, bool *any)
{
	int64_t n = 0, m = 0;
	int x;

	x = db_int(u->r->db, &n,
		   "SELECT EXISTS (SELECT 1 FROM temp.fhir_stage"
		   " WHERE focus = ? AND problem = 0)",
		   "s", it->item.id);
	if (x == 0)
		x = db_int(u->r->db, &m,
			   "SELECT EXISTS (SELECT 1 FROM imported"
			   " WHERE local_table = 'referral' AND local_id = ?"
			   " AND type = 'Task')",
			   "i", referral);
	*staged = n != 0;
	*any = n != 0 || m != 0;
	return x;
}

static int move_request(struct fhir_run *u, const struct fhir_staged *it,
			int64_t referral, int32_t sent)
{
	const struct fhir_request *q = &it->item.u.request;
	struct fhir_way way = {.to = q->state, .why = ""};
	bool staged, any;
	int x;

	x = has_task(u, it, referral, &staged, &any);
	if (x < 0)
		return x;
	if ((any && way.to == REFERRAL_COMPLETED) ||
	    (staged && way.to == REFERRAL_CANCELLED))
		way.to = REFERRAL_REQUESTED;
	way.sent = first_known(sent, q->authored, NO_DATE);
	way.accepted = way.started = way.ended = q->ended;
	return fhir_apply_move(u, referral, &way);
}

int fhir_apply_request(struct fhir_run *u, struct fhir_staged *it)
{
	int64_t referral, child, of;
	int32_t sent;
	int x;

	x = fhir_apply_compare(u, it, &referral);
	if (x < 0 || u->outcome == FHIR_UNCHANGED)
		return x;
	if (!referral && it->item.u.request.state == REFERRAL_ENTERED_IN_ERROR)
		return FHIR_IN_ERROR;
	x = fhir_apply_child(u, it, &child);
	if (x == 0)
		x = fhir_stage_sent(&u->stage, it->item.id, &sent);
	if (x != 0)
		return x;
	if (referral) {
		x = fhir_apply_child_of(u, referral, &of);
		if (x == E_NOTFOUND)
			return FHIR_GONE;
		if (x == 0 && of != child)
			return FHIR_CHANGED;
	} else {
		x = add_request(u, it, child, sent, &referral);
	}
	if (x == 0)
		x = move_request(u, it, referral, sent);
	return x != 0 ? x : fhir_apply_remember(u, it, "referral", referral);
}

/* --- Task --- */

/* Before the hash is taken: another day of service is a change. */
static int service_days(struct fhir_run *u, struct fhir_staged *it)
{
	struct fhir_task *t = &it->item.u.task;
	char id[FHIR_ID];
	int x;

	for (int i = 0; i < FHIR_OUTPUTS && *t->output[i].outcome; i++) {
		struct fhir_output *o = &t->output[i];

		if (o->on != NO_DATE)
			continue;
		x = fhir_stage_name(&u->stage, &o->procedure, it->file,
				    "Procedure", id);
		if (x == 0)
			x = fhir_stage_service_day(&u->stage, id, &o->on);
		if (x < 0)
			return x;
		o->on = first_known(o->on, t->end, t->modified);
		if (o->on == NO_DATE)
			return FHIR_NO_DAY;
		if (o->on > u->today)
			return FHIR_FUTURE;
	}
	return 0;
}

static int add_task(struct fhir_run *u, const struct fhir_staged *it,
		    int64_t *referral)
{
	const struct fhir_task *t = &it->item.u.task;
	struct fhir_draft d = {0, &t->reason, &t->owner, 1,
			       1, it->file,   t->domain, t->authored};
	int x;

	x = fhir_apply_child(u, it, &d.child);
	return x != 0 ? x : fhir_apply_draft(u, it, &d, referral);
}

/* The referral of a task that is new here. */
static int find_referral(struct fhir_run *u, const struct fhir_staged *it,
			 int64_t *referral)
{
	const struct fhir_task *t = &it->item.u.task;
	bool here = false;
	int x = E_NOTFOUND;

	if (t->state == REFERRAL_ENTERED_IN_ERROR)
		return FHIR_IN_ERROR;
	if (*it->focus)
		x = fhir_apply_known(u, "ServiceRequest", it->focus, referral);
	if (x != E_NOTFOUND)
		return x;
	if (*it->focus) {
		x = fhir_stage_has(&u->stage, FHIR_KIND_REQUEST, it->focus,
				   &here);
		if (x < 0)
			return x;
	}
	/* Why the request is left out holds for its task too. */
	if (here)
		return FHIR_REQUEST_OUT;
	if (!*t->domain && !*t->reason.id)
		return FHIR_REQUEST_AWAY;
	x = add_task(u, it, referral);
	return x == FHIR_NOT_REFERRAL && *it->focus ? FHIR_REQUEST_AWAY : x;
}

/* That @referral is of the child whom the task is for. */
static int check_child(struct fhir_run *u, const struct fhir_staged *it,
		       int64_t referral)
{
	int64_t child = 0, of = 0;
	int x;

	x = fhir_apply_child_of(u, referral, &of);
	if (x == E_NOTFOUND)
		return FHIR_GONE;
	if (x < 0 || !*it->child)
		return x;
	x = fhir_apply_known(u, "Patient", it->child, &child);
	if (x < 0 && x != E_NOTFOUND)
		return x;
	return child == of ? 0 : FHIR_CHANGED;
}

static int32_t latest_day(const struct fhir_task *t)
{
	return first_known(t->end, t->modified, t->authored);
}

static int move_task(struct fhir_run *u, const struct fhir_task *t,
		     int64_t referral)
{
	const struct fhir_way way = {
		.to = t->state,
		.sent = t->authored,
		.accepted = first_known(t->start, latest_day(t), NO_DATE),
		.started =
			t->state == REFERRAL_ON_HOLD
				? latest_day(t)
				: first_known(t->start, latest_day(t), NO_DATE),
		.ended = latest_day(t),
		.begun = t->start != NO_DATE,
		.why = *t->why ? t->why : t->barrier,
	};

	return fhir_apply_move(u, referral, &way);
}

static int say_answer(struct fhir_run *u, const struct fhir_task *t,
		      const struct referral *f, int32_t on)
{
	const char *capacity = NULL, *enrollment = NULL;

	if (*t->capacity && strcmp(t->capacity, f->capacity) != 0)
		capacity = t->capacity;
	if (*t->enrollment && strcmp(t->enrollment, f->enrollment) != 0)
		enrollment = t->enrollment;
	if (!capacity && !enrollment)
		return 0;
	return referral_answer(u->r, f->id, on, capacity, enrollment);
}

/* What the task says besides its status. */
static int say_rest(struct fhir_run *u, const struct fhir_task *t,
		    int64_t referral)
{
	struct referral f;
	int32_t on;
	int x;

	x = referral_get(u->r->db, referral, &f);
	if (x < 0)
		return x;
	on = latest_day(t);
	if (on == NO_DATE || on < f.sent)
		on = f.sent;
	if (*t->barrier && strcmp(t->barrier, f.reason) != 0)
		x = referral_reason(u->r, referral, t->barrier, on);
	if (x == 0)
		x = say_answer(u, t, &f, on);
	for (int i = 0; i < FHIR_OUTPUTS && *t->output[i].outcome; i++) {
		const struct fhir_output *o = &t->output[i];

		if (x == 0 && f.sent != NO_DATE && o->on < f.sent)
			return FHIR_BEFORE_SENT;
		if (x == 0)
			x = referral_link(u->r, referral, o->outcome, o->on);
	}
	return x;
}

int fhir_apply_task(struct fhir_run *u, struct fhir_staged *it)
{
	const struct fhir_task *t = &it->item.u.task;
	int64_t referral, other = 0;
	int x;

	x = service_days(u, it);
	if (x == 0)
		x = fhir_apply_compare(u, it, &referral);
	if (x != 0 || u->outcome == FHIR_UNCHANGED)
		return x;
	if (!referral) {
		x = find_referral(u, it, &referral);
	} else if (*it->focus) {
		x = fhir_apply_known(u, "ServiceRequest", it->focus, &other);
		if (x == E_NOTFOUND)
			x = 0;
		else if (x == 0 && other != referral)
			x = FHIR_CHANGED;
	}
	if (x == 0)
		x = check_child(u, it, referral);
	if (x == 0)
		x = move_task(u, t, referral);
	if (x == 0 && t->state != REFERRAL_ENTERED_IN_ERROR)
		x = say_rest(u, t, referral);
	return x != 0 ? x : fhir_apply_remember(u, it, "referral", referral);
}
