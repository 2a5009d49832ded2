/* Writing what was read, in the order of fhir_item.h, through regional/case.
 *
 * - A resource is written whole or not at all, with its row in `imported`.
 * - Who is here is known by `imported`; a person's own change stands until the
 *   source changes what it says.
 * - A child's case is opened with its first need or referral, on the first day
 *   of those in this import; a child without any has no case. */
#include "regional/exchange/fhir_item.h"

#include <string.h>

#include <sodium.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/child.h"
#include "regional/case/kase.h"
#include "regional/case/need.h"
#include "regional/case/organization.h"

enum { HASH = 16, AGE_END = 21 };

bool fhir_apply_soft(int x)
{
	return x == E_INVALID || x == E_STATE || x == E_NOTFOUND ||
	       x == E_EXISTS || x == E_FORMAT;
}

int fhir_apply_known(struct fhir_run *u, const char *type, const char *id,
		     int64_t *local)
{
	return db_int(u->r->db, local,
		      "SELECT local_id FROM imported WHERE source = ?"
		      " AND type = ? AND source_id = ?",
		      "sss", u->source, type, id);
}

static void hash_item(struct fhir_run *u, const struct fhir_staged *it,
		      unsigned char out[HASH])
{
	crypto_generichash(out, HASH, (const unsigned char *)&it->item.u,
			   fhir_item_size(it->item.kind), u->r->audit_key,
			   sizeof u->r->audit_key);
}

int fhir_apply_compare(struct fhir_run *u, const struct fhir_staged *it,
		       int64_t *local)
{
	const char *type = fhir_kind_text(it->item.kind);
	unsigned char hash[HASH];
	int64_t same = 0;
	int x;

	*local = 0;
	u->outcome = FHIR_TAKEN;
	x = fhir_apply_known(u, type, it->item.id, local);
	if (x != 0)
		return x == E_NOTFOUND ? 0 : x;
	hash_item(u, it, hash);
	x = db_int(u->r->db, &same,
		   "SELECT hash = ? FROM imported WHERE source = ?"
		   " AND type = ? AND source_id = ?",
		   "bsss", (const void *)hash, sizeof hash, u->source, type,
		   it->item.id);
	u->outcome = same ? FHIR_UNCHANGED : FHIR_UPDATED;
	return x;
}

static int remember(struct fhir_run *u, const struct fhir_staged *it,
		    const unsigned char *hash, size_t len, const char *table,
		    int64_t local)
{
	const char *type = fhir_kind_text(it->item.kind);
	int x;

	x = db_run(u->r->db,
		   "INSERT INTO imported (source, type, source_id, hash,"
		   " local_table, local_id) VALUES (?, ?, ?, ?, ?, ?)"
		   " ON CONFLICT DO UPDATE SET hash = excluded.hash,"
		   " local_table = excluded.local_table,"
		   " local_id = excluded.local_id",
		   "sssbsi", u->source, type, it->item.id, (const void *)hash,
		   len, table, local);
	if (x < 0)
		return x;
	return db_run(u->r->db,
		      "INSERT INTO import_alias SELECT ?1, type, name, id"
		      " FROM temp.fhir_alias WHERE type = ?2 AND id = ?3"
		      " AND file = -1 ON CONFLICT DO UPDATE SET"
		      " source_id = excluded.source_id",
		      "sss", u->source, type, it->item.id);
}

int fhir_apply_remember(struct fhir_run *u, const struct fhir_staged *it,
			const char *table, int64_t local)
{
	unsigned char hash[HASH];

	hash_item(u, it, hash);
	return remember(u, it, hash, sizeof hash, table, local);
}

int fhir_apply_pending(struct fhir_run *u, const struct fhir_staged *it,
		       const char *table, int64_t local)
{
	return remember(u, it, (const unsigned char *)"", 0, table, local);
}

int fhir_apply_follow(struct fhir_run *u, const struct fhir_ref *ref,
		      int64_t file, const char *type, int64_t *local)
{
	char id[FHIR_ID];
	int x;

	*local = 0;
	x = fhir_stage_name(&u->stage, ref, file, type, id);
	if (x == 0)
		x = fhir_apply_known(u, type, id, local);
	return x == FHIR_STAGE_END || x == E_NOTFOUND ? 0 : x;
}

/* An organization that was in use before it became inactive: referrals to it
 * are still to come in this import, so that follows at the end. */
static int remember_directory(struct fhir_run *u, const struct fhir_staged *it,
			      const char *table, int64_t local)
{
	if (it->item.u.organization.active || it->closing)
		return fhir_apply_remember(u, it, table, local);
	return fhir_apply_pending(u, it, table, local);
}

static int apply_organization(struct fhir_run *u, struct fhir_staged *it)
{
	const struct fhir_organization *o = &it->item.u.organization;
	struct organization is = {.active = o->active || !it->closing};
	int x;

	memcpy(is.name, o->name, sizeof is.name);
	x = fhir_apply_compare(u, it, &is.id);
	if (x < 0 || u->outcome == FHIR_UNCHANGED)
		return x;
	if (!is.id) {
		x = db_int(u->r->db, &is.id,
			   "SELECT id FROM organization WHERE name = ?", "s",
			   is.name);
		if (x < 0 && x != E_NOTFOUND)
			return x;
		/* One that a person entered keeps how it is spelled there. */
		if (x == 0)
			return remember_directory(u, it, "organization", is.id);
	}
	x = is.id ? organization_update(u->r, &is)
		  : organization_add(u->r, &is, &is.id);
	if (x == E_EXISTS)
		return FHIR_NAME_TAKEN;
	if (x == E_NOTFOUND)
		return FHIR_GONE;
	return x < 0 ? x : remember_directory(u, it, "organization", is.id);
}

static int apply_service(struct fhir_run *u, struct fhir_staged *it)
{
	const struct fhir_organization *o = &it->item.u.organization;
	struct service is = {.active = o->active || !it->closing};
	int x;

	memcpy(is.name, o->name, sizeof is.name);
	x = fhir_apply_compare(u, it, &is.id);
	if (x < 0 || u->outcome == FHIR_UNCHANGED)
		return x;
	x = fhir_apply_follow(u, &o->owner, it->file, "Organization",
			      &is.organization);
	if (x < 0)
		return x;
	if (!is.id) {
		x = db_int(u->r->db, &is.id,
			   "SELECT id FROM service WHERE name = ?"
			   " AND ifnull(organization, 0) = ?",
			   "si", is.name, is.organization);
		if (x < 0 && x != E_NOTFOUND)
			return x;
		if (x == 0)
			return remember_directory(u, it, "service", is.id);
	}
	x = is.id ? service_update(u->r, &is) : service_add(u->r, &is, &is.id);
	if (x == E_EXISTS)
		return FHIR_NAME_TAKEN;
	if (x == E_NOTFOUND)
		return FHIR_GONE;
	return x < 0 ? x : remember_directory(u, it, "service", is.id);
}

static void child_of(const struct fhir_patient *p, struct child *c)
{
	memcpy(c->given, p->given, sizeof c->given);
	memcpy(c->family, p->family, sizeof c->family);
	c->birth = p->birth;
	memcpy(c->sex, p->sex, sizeof c->sex);
	memcpy(c->zip, p->zip, sizeof c->zip);
	memcpy(c->source_id, p->source_id, sizeof c->source_id);
}

/* Two senders may both have a "Patient/1". Nobody changes both names and the
 * birth date at once. */
static int update_child(struct fhir_run *u, const struct child *c)
{
	struct child was;
	int x;

	x = child_get(u->r->db, c->id, &was);
	if (x == E_NOTFOUND)
		return FHIR_GONE;
	if (x < 0)
		return x;
	if (was.birth != c->birth && strcmp(was.given, c->given) != 0 &&
	    strcmp(was.family, c->family) != 0)
		return FHIR_OTHER_CHILD;
	return child_update(u->r, c);
}

static int apply_patient(struct fhir_run *u, struct fhir_staged *it)
{
	const struct fhir_patient *p = &it->item.u.patient;
	struct child c;
	int x;

	memset(&c, 0, sizeof c);
	child_of(p, &c);
	x = fhir_apply_compare(u, it, &c.id);
	if (x < 0 || u->outcome == FHIR_UNCHANGED)
		return x;
	if (c.id) {
		x = update_child(u, &c);
	} else {
		if (p->deceased)
			return FHIR_DECEASED;
		if (p->inactive)
			return FHIR_INACTIVE;
		if (date_age_years(c.birth, u->as_of) >= AGE_END)
			return FHIR_ADULT;
		x = child_add(u->r, &c, &c.id);
	}
	if (x == 0)
		x = fhir_apply_care(u, it, c.id);
	if (x == 0)
		x = fhir_apply_about(u, p, c.id);
	return x != 0 ? x : fhir_apply_remember(u, it, "child", c.id);
}

int fhir_apply_child(struct fhir_run *u, const struct fhir_staged *it,
		     int64_t *child)
{
	struct child c;
	bool here;
	int x;

	x = *it->child ? fhir_apply_known(u, "Patient", it->child, child)
		       : E_NOTFOUND;
	if (x == E_NOTFOUND) {
		x = fhir_stage_has(&u->stage, FHIR_KIND_PATIENT, it->child,
				   &here);
		if (x < 0)
			return x;
		return here ? FHIR_PATIENT_OUT : FHIR_PATIENT_AWAY;
	}
	if (x == 0)
		x = child_get(u->r->db, *child, &c);
	if (x == E_NOTFOUND)
		return FHIR_GONE;
	if (x == 0 && it->item.day != NO_DATE && it->item.day < c.birth)
		return FHIR_BEFORE_BIRTH;
	return x;
}

int fhir_apply_case(struct fhir_run *u, const struct fhir_staged *it,
		    int64_t child, int32_t on, int64_t *kase)
{
	int32_t first, last;
	struct child c;
	struct kase k;
	char text[DATE_TEXT];
	int x;

	x = kase_of_child(u->r->db, child, &k);
	if (x == 0)
		*kase = k.id;
	if (x != E_NOTFOUND)
		return x;
	x = fhir_stage_first(&u->stage, it->child, &first);
	if (x == 0)
		x = child_get(u->r->db, child, &c);
	if (x < 0)
		return x;
	if (first == NO_DATE || first > on)
		first = on;
	if (first < c.birth)
		first = c.birth;
	/* Episodes of one child do not overlap. */
	x = db_text(u->r->db, text, sizeof text,
		    "SELECT max(closed) FROM care_case WHERE child = ?", "i",
		    child);
	if (x < 0)
		return x;
	if (*text && date_parse(text, &last) == 0 && first < last)
		first = last;
	return kase_open(u->r, child, first, kase);
}

int fhir_apply_need(struct fhir_run *u, const struct fhir_staged *it,
		    int64_t child, const char *domain, int32_t on,
		    int64_t *need)
{
	char day[DATE_TEXT];
	int64_t kase;
	int x;

	x = fhir_apply_case(u, it, child, on, &kase);
	if (x < 0)
		return x;
	x = db_int(u->r->db, need,
		   "SELECT id FROM need WHERE kase = ? AND domain = ?"
		   " AND state = 'open' AND found <= ?"
		   " ORDER BY found DESC, id DESC LIMIT 1",
		   "iss", kase, domain, date_format(on, day));
	if (x != E_NOTFOUND)
		return x;
	return need_add_from(u->r, kase, domain, "import", on, need);
}

static int read_only(struct fhir_run *u, struct fhir_staged *it)
{
	(void)u;
	(void)it;
	return FHIR_NAME_ONLY;
}

int fhir_apply(struct fhir_run *u, struct fhir_staged *it)
{
	static int (*const apply[FHIR_KINDS])(struct fhir_run *,
					      struct fhir_staged *) = {
		[FHIR_KIND_ORGANIZATION] = apply_organization,
		[FHIR_KIND_SERVICE] = apply_service,
		[FHIR_KIND_PRACTITIONER] = read_only,
		[FHIR_KIND_ROLE] = read_only,
		[FHIR_KIND_PATIENT] = apply_patient,
		[FHIR_KIND_PERSON] = fhir_apply_person,
		[FHIR_KIND_COVERAGE] = fhir_apply_coverage,
		[FHIR_KIND_CONSENT] = fhir_apply_consent,
		[FHIR_KIND_CONDITION] = fhir_apply_condition,
		[FHIR_KIND_REQUEST] = fhir_apply_request,
		[FHIR_KIND_TASK] = fhir_apply_task,
		[FHIR_KIND_PROCEDURE] = fhir_apply_procedure,
		[FHIR_KIND_ENCOUNTER] = fhir_apply_encounter,
		[FHIR_KIND_ANSWERED] = fhir_apply_screen,
		[FHIR_KIND_OBSERVATION] = fhir_apply_screen,
		[FHIR_KIND_GOAL] = fhir_apply_goal,
		[FHIR_KIND_PLAN] = fhir_apply_plan,
		[FHIR_KIND_TEAM] = fhir_apply_team,
	};
	int x = fhir_stage_repeat(&u->stage, it);

	if (x != 0)
		return x;
	if (it->item.problem != FHIR_OK)
		return it->item.problem;
	return apply[it->item.kind](u, it);
}
