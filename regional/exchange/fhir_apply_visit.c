#include "regional/exchange/fhir_item.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/ed.h"
#include "regional/case/organization.h"
#include "regional/case/referral.h"

/* --- Encounter --- */

/* Before the hash is taken: another diagnosis is a change. */
static int read_conditions(struct fhir_run *u, struct fhir_staged *it)
{
	struct fhir_encounter *e = &it->item.u.encounter;
	struct fhir_item found;
	char id[FHIR_ID];
	bool any = false;
	int x;

	x = fhir_stage_crisis(&u->stage, it->item.id, &any);
	for (int i = 0; x >= 0 && !any && i < FHIR_REFS; i++) {
		x = fhir_stage_name(&u->stage, &e->condition[i], it->file,
				    "Condition", id);
		if (x == 0)
			x = fhir_stage_get(&u->stage, FHIR_KIND_CONDITION, id,
					   &found);
		any = x == 0 && found.u.condition.behavioral;
	}
	if (any)
		e->behavioral = 1;
	return x < 0 ? x : 0;
}

static int read_place(struct fhir_run *u, struct fhir_staged *it)
{
	struct fhir_encounter *e = &it->item.u.encounter;
	struct organization o;
	int64_t id;
	int x;

	if (*e->facility)
		return 0;
	x = fhir_apply_follow(u, &e->place, it->file, "Organization", &id);
	if (x < 0 || !id)
		return x;
	x = organization_get(u->r->db, id, &o);
	if (x == 0)
		/* Hashed: what stands behind the text must be zeros. */
		snprintf(e->facility, sizeof e->facility, "%s", o.name);
	return x == E_NOTFOUND ? 0 : x;
}

/* A visit that a person entered: by its number, else by its day. */
static int find_visit(struct fhir_run *u, const struct fhir_encounter *e,
		      int64_t child, int64_t *id)
{
	char day[DATE_TEXT];
	int x;

	x = db_int(u->r->db, id,
		   "SELECT id FROM ed_episode v WHERE child = ?1"
		   " AND errored IS NULL AND (source_id = nullif(?2, '')"
		   " OR (visited = ?3 AND source_id IS NULL))"
		   " AND NOT EXISTS (SELECT 1 FROM imported"
		   " WHERE local_table = 'ed_episode' AND local_id = v.id)"
		   " ORDER BY source_id IS NULL, id LIMIT 1",
		   "iss", child, e->number, date_format(e->visited, day));
	if (x == E_NOTFOUND)
		*id = 0;
	return x == E_NOTFOUND ? 0 : x;
}

/* Two visits under one number, of an account: only the first has it. */
static int number_taken(struct fhir_run *u, const struct ed_episode *e,
			bool *taken)
{
	int64_t n = 0;
	int x = db_int(u->r->db, &n,
		       "SELECT EXISTS (SELECT 1 FROM ed_episode"
		       " WHERE child = ? AND source_id = ? AND id <> ?"
		       " AND errored IS NULL)",
		       "isi", e->child, e->source_id, e->id);

	*taken = n != 0;
	return x;
}

/* What a person entered lacks is filled in; nothing is written over. */
static void fill_gaps(const struct fhir_encounter *e, struct ed_episode *v)
{
	if (!*v->facility)
		memcpy(v->facility, e->facility, sizeof v->facility);
	if (!*v->source_id)
		memcpy(v->source_id, e->number, sizeof v->source_id);
	if (v->discharged == NO_DATE && e->discharged != NO_DATE &&
	    e->discharged >= v->visited &&
	    (v->followed_up == NO_DATE || e->discharged <= v->followed_up))
		v->discharged = e->discharged;
	if (v->admitted == SHEET_UNKNOWN)
		v->admitted = e->admitted;
}

static void write_over(const struct fhir_encounter *e, struct ed_episode *v)
{
	v->visited = e->visited;
	v->discharged = e->discharged;
	v->behavioral = e->behavioral;
	if (e->admitted != SHEET_UNKNOWN)
		v->admitted = e->admitted;
	if (*e->facility)
		memcpy(v->facility, e->facility, sizeof v->facility);
	if (*e->number)
		memcpy(v->source_id, e->number, sizeof v->source_id);
}

static int write_visit(struct fhir_run *u, const struct fhir_staged *it,
		       int64_t *id)
{
	const struct fhir_encounter *e = &it->item.u.encounter;
	bool known = *id != 0, taken = false;
	struct ed_episode v;
	int64_t child;
	int x;

	sheet_blank(&ed_episode_sheet, &v);
	x = fhir_apply_child(u, it, &child);
	if (x == 0 && !known)
		x = find_visit(u, e, child, id);
	if (x == 0 && *id)
		x = ed_get(u->r->db, *id, &v);
	if (x != 0)
		return x == E_NOTFOUND ? FHIR_GONE : x;
	if (*id && v.child != child)
		return FHIR_CHANGED;
	v.child = child;
	if (*id && !known)
		fill_gaps(e, &v);
	else
		write_over(e, &v);
	x = number_taken(u, &v, &taken);
	if (taken)
		v.source_id[0] = '\0';
	if (x < 0)
		return x;
	return *id ? ed_update(u->r, &v) : ed_add(u->r, &v, id);
}

int fhir_apply_encounter(struct fhir_run *u, struct fhir_staged *it)
{
	bool errored = it->item.u.encounter.errored;
	int64_t id;
	int x;

	x = read_conditions(u, it);
	if (x == 0)
		x = read_place(u, it);
	if (x == 0)
		x = fhir_apply_compare(u, it, &id);
	if (x < 0 || u->outcome == FHIR_UNCHANGED)
		return x;
	if (errored && !id)
		return FHIR_IN_ERROR;
	x = errored ? ed_error(u->r, id) : write_visit(u, it, &id);
	return x != 0 ? x : fhir_apply_remember(u, it, "ed_episode", id);
}

/* --- Procedure --- */

static int find_request(struct fhir_run *u, const struct fhir_staged *it,
			int64_t *referral)
{
	const struct fhir_procedure *p = &it->item.u.procedure;
	int x = 0;

	*referral = 0;
	for (int i = 0; x == 0 && !*referral && i < FHIR_REFS; i++)
		x = fhir_apply_follow(u, &p->request[i], it->file,
				      "ServiceRequest", referral);
	return x;
}

int fhir_apply_procedure(struct fhir_run *u, struct fhir_staged *it)
{
	int32_t on = it->item.u.procedure.on;
	int64_t id, referral, child, of;
	struct referral f;
	int x = find_request(u, it, &referral);

	if (x < 0)
		return x;
	if (!referral || on == NO_DATE)
		return FHIR_SERVICE_DAY;
	x = fhir_apply_compare(u, it, &id);
	if (x < 0 || u->outcome == FHIR_UNCHANGED)
		return x;
	if (on > u->today)
		return FHIR_FUTURE;
	x = fhir_apply_child(u, it, &child);
	if (x == 0)
		x = fhir_apply_child_of(u, referral, &of);
	if (x == 0)
		x = referral_get(u->r->db, referral, &f);
	if (x != 0)
		return x == E_NOTFOUND ? FHIR_GONE : x;
	if (of != child)
		return FHIR_CHANGED;
	if (f.sent == NO_DATE || (!id && f.received != NO_DATE))
		return FHIR_SERVICE_DAY; /* a draft; or its Task said so */
	if (on < f.sent)
		return FHIR_BEFORE_SENT;
	x = referral_link(u->r, referral, "received", on);
	return x != 0 ? x : fhir_apply_remember(u, it, "referral", referral);
}
