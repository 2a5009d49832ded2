#include "regional/exchange/fhir_item.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/caregiver.h"
#include "regional/case/child.h"
#include "regional/case/consent.h"
#include "regional/case/coverage.h"
#include "regional/case/family.h"
#include "regional/case/organization.h"
#include "regional/case/practice.h"

/* --- primary care --- */

static int name_of_organization(struct fhir_run *u, const struct fhir_ref *ref,
				int64_t file, char out[NAME_TEXT])
{
	struct organization o;
	int64_t id;
	int x;

	out[0] = '\0';
	x = fhir_apply_follow(u, ref, file, "Organization", &id);
	if (x < 0 || !id)
		return x;
	x = organization_get(u->r->db, id, &o);
	if (x == 0)
		snprintf(out, NAME_TEXT, "%s", o.name);
	return x == E_NOTFOUND ? 0 : x;
}

/* What is staged behind @ref; FHIR_STAGE_END if nothing sound is. */
static int staged(struct fhir_run *u, const struct fhir_ref *ref, int64_t file,
		  enum fhir_kind kind, struct fhir_item *out)
{
	char id[FHIR_ID];
	int x = fhir_stage_name(&u->stage, ref, file, fhir_kind_text(kind), id);

	if (x == 0)
		x = fhir_stage_get(&u->stage, kind, id, out);
	return x == 0 && out->problem != FHIR_OK ? FHIR_STAGE_END : x;
}

/* The practice and the clinician that one reference names; "": none. */
static int name_care(struct fhir_run *u, const struct fhir_staged *it,
		     const struct fhir_ref *ref, char practice[NAME_TEXT],
		     char clinician[NAME_TEXT])
{
	struct fhir_item found;
	int x;

	x = name_of_organization(u, ref, it->file, practice);
	if (x < 0 || *practice)
		return x;
	x = staged(u, ref, it->file, FHIR_KIND_ROLE, &found);
	if (x < 0)
		return x;
	if (x == 0) {
		memcpy(clinician, found.u.practitioner.name, NAME_TEXT);
		return name_of_organization(u,
					    &found.u.practitioner.organization,
					    it->file, practice);
	}
	x = staged(u, ref, it->file, FHIR_KIND_PRACTITIONER, &found);
	if (x == 0 && !*clinician)
		memcpy(clinician, found.u.practitioner.name, NAME_TEXT);
	return x < 0 ? x : 0;
}

static int find_practice(struct fhir_run *u, const char *name, int64_t *id)
{
	struct practice p = {.active = true};
	int x;

	x = db_int(u->r->db, id, "SELECT id FROM practice WHERE name = ?", "s",
		   name);
	if (x != E_NOTFOUND)
		return x;
	snprintf(p.name, sizeof p.name, "%s", name);
	return practice_add(u->r, &p, id);
}

int fhir_apply_care(struct fhir_run *u, const struct fhir_staged *it,
		    int64_t child)
{
	const struct fhir_patient *p = &it->item.u.patient;
	struct child_practice c = {.child = child, .since = u->as_of};
	char name[NAME_TEXT] = "", day[DATE_TEXT];
	int64_t same = 0, id;
	int x = 0;

	for (int i = 0; x == 0 && i < FHIR_REFS && !*name; i++)
		x = name_care(u, it, &p->care[i], name, c.clinician);
	if (x < 0 || !*name)
		return x;
	x = find_practice(u, name, &c.practice);
	/* What is there already, or was said later than this. */
	if (x == 0)
		x = db_int(u->r->db, &same,
			   "SELECT EXISTS (SELECT 1 FROM child_practice"
			   " WHERE child = ?1 AND until IS NULL AND"
			   " (practice = ?2 OR since >= ?3))",
			   "iis", child, c.practice,
			   date_format(u->as_of, day));
	return x < 0 || same ? x : practice_assign(u->r, &c, &id);
}

/* --- RelatedPerson --- */

int fhir_apply_home(struct records *r, int64_t child, int64_t *family)
{
	struct family f;
	struct child c;
	int64_t id;
	int x;

	x = db_int(r->db, family,
		   "SELECT family FROM family_child WHERE child = ?"
		   " AND until IS NULL ORDER BY main DESC, id LIMIT 1",
		   "i", child);
	if (x != E_NOTFOUND)
		return x;
	x = child_get(r->db, child, &c);
	if (x < 0)
		return x;
	memset(&f, 0, sizeof f);
	snprintf(f.name, sizeof f.name, "%s", *c.family ? c.family : c.given);
	memcpy(f.zip, c.zip, sizeof f.zip);
	x = family_add(r, &f, family);
	if (x < 0)
		return x;
	return family_join(r, *family, child, true, NO_DATE, &id);
}

static int add_person(struct fhir_run *u, const struct fhir_person *p,
		      int64_t child, int64_t *id)
{
	struct caregiver g = {.active = true};
	int x = fhir_apply_home(u->r, child, &g.family);

	if (x < 0)
		return x;
	memcpy(g.given, p->given, sizeof g.given);
	memcpy(g.surname, p->family, sizeof g.surname);
	/* One whom a person entered is the same. */
	x = db_int(u->r->db, id,
		   "SELECT id FROM caregiver c WHERE family = ?"
		   " AND ifnull(given, '') = ? AND ifnull(surname, '') = ?"
		   " AND NOT EXISTS (SELECT 1 FROM imported WHERE"
		   " local_table = 'caregiver' AND local_id = c.id)",
		   "iss", g.family, g.given, g.surname);
	return x == E_NOTFOUND ? caregiver_add(u->r, &g, id) : x;
}

static int update_person(struct fhir_run *u, const struct fhir_person *p,
			 int64_t id)
{
	struct caregiver g;
	int x = caregiver_get(u->r->db, id, &g);

	if (x < 0)
		return x == E_NOTFOUND ? FHIR_GONE : x;
	memcpy(g.given, p->given, sizeof g.given);
	memcpy(g.surname, p->family, sizeof g.surname);
	g.active = !p->inactive;
	return caregiver_update(u->r, &g);
}

int fhir_apply_person(struct fhir_run *u, struct fhir_staged *it)
{
	const struct fhir_person *p = &it->item.u.person;
	int64_t id, child;
	int x;

	x = fhir_apply_compare(u, it, &id);
	if (x < 0 || u->outcome == FHIR_UNCHANGED)
		return x;
	if (!id && p->inactive)
		return FHIR_INACTIVE;
	x = fhir_apply_child(u, it, &child);
	if (x != 0)
		return x;
	x = id ? update_person(u, p, id) : add_person(u, p, child, &id);
	if (x == 0)
		x = fhir_apply_relation(u, p->relation, child, id);
	if (x == 0)
		x = fhir_apply_reach(u, id, 0, p->telecom);
	return x != 0 ? x : fhir_apply_remember(u, it, "caregiver", id);
}

/* --- Coverage --- */

static int add_coverage(struct fhir_run *u, const struct coverage *c,
			int64_t *id)
{
	/* One that a person entered is the same. */
	int x = db_int(u->r->db, id,
		       "SELECT id FROM coverage c WHERE child = ?1"
		       " AND kind = ?2 AND until IS NULL"
		       " AND ifnull(payer, ?3) = ?3 AND NOT EXISTS (SELECT 1"
		       " FROM imported WHERE local_table = 'coverage'"
		       " AND local_id = c.id)",
		       "iss", c->child, c->kind, c->payer);

	return x == E_NOTFOUND ? coverage_add(u->r, c, id) : x;
}

static int change_coverage(struct fhir_run *u, struct coverage *now,
			   int64_t *id)
{
	struct coverage was;
	int x = coverage_get(u->r->db, *id, &was);

	if (x < 0)
		return x == E_NOTFOUND ? FHIR_GONE : x;
	if (was.child != now->child)
		return FHIR_CHANGED;
	if (strcmp(was.kind, now->kind) == 0 &&
	    strcmp(was.payer, now->payer) == 0 &&
	    strcmp(was.member, now->member) == 0) {
		if (now->until == NO_DATE || was.until != NO_DATE)
			return 0;
		return coverage_end(u->r, *id, now->until);
	}
	/* Another insurance under the same number, from now on. */
	if (was.until == NO_DATE)
		x = coverage_end(u->r, *id, u->as_of - 1);
	if (now->since == NO_DATE || now->since < u->as_of)
		now->since = u->as_of;
	return x < 0 ? x : coverage_add(u->r, now, id);
}

int fhir_apply_coverage(struct fhir_run *u, struct fhir_staged *it)
{
	struct fhir_coverage *f = &it->item.u.coverage;
	struct coverage c;
	int64_t id;
	int x = 0;

	if (!*f->name) /* before the hash: the payer's name is part of it */
		x = name_of_organization(u, &f->payer, it->file, f->name);
	if (x == 0)
		x = fhir_apply_compare(u, it, &id);
	if (x < 0 || u->outcome == FHIR_UNCHANGED)
		return x;
	memset(&c, 0, sizeof c);
	memcpy(c.kind, f->kind, sizeof c.kind);
	memcpy(c.payer, f->name, sizeof c.payer);
	memcpy(c.member, f->member, sizeof c.member);
	c.since = f->since;
	c.until = f->over ? u->as_of : f->until;
	if (!id && f->over)
		return FHIR_NOT_HAPPENED;
	x = fhir_apply_child(u, it, &c.child);
	if (x != 0)
		return x;
	x = id ? change_coverage(u, &c, &id) : add_coverage(u, &c, &id);
	return x != 0 ? x : fhir_apply_remember(u, it, "coverage", id);
}

/* --- Consent --- */

/* Who signed, in the right that a person entered for that day. */
static int find_signer(struct fhir_run *u, const struct fhir_staged *it,
		       struct consent *c)
{
	const struct fhir_consent *f = &it->item.u.consent;
	char id[FHIR_ID], day[DATE_TEXT];
	int x;

	x = fhir_stage_name(&u->stage, &f->signer, it->file, "Patient", id);
	if (x < 0)
		return x;
	if (x == 0 && *it->child && strcmp(id, it->child) == 0) {
		snprintf(c->authority, sizeof c->authority, "youth");
		return 0;
	}
	x = fhir_apply_follow(u, &f->signer, it->file, "RelatedPerson",
			      &c->signer);
	if (x < 0)
		return x;
	if (!c->signer)
		return FHIR_NO_SIGNER;
	x = db_text(u->r->db, c->authority, sizeof c->authority,
		    "SELECT authority FROM custody WHERE child = ?1"
		    " AND caregiver = ?2 AND authority IS NOT NULL"
		    " AND ifnull(since, '') <= ?3"
		    " AND ifnull(until, '9999') >= ?3 LIMIT 1",
		    "iis", c->child, c->signer, date_format(c->signed_on, day));
	return x == E_NOTFOUND ? FHIR_NO_SIGNER : x;
}

static int withdraw(struct fhir_run *u, int64_t id)
{
	struct consent was;
	int x = consent_get(u->r->db, id, &was);

	if (x < 0)
		return x == E_NOTFOUND ? FHIR_GONE : x;
	if (was.withdrawn != NO_DATE)
		return 0;
	return consent_withdraw(u->r, id, u->as_of,
				"no more active at the source");
}

/* The same was signed; only its scan is another, or there now. */
static bool is_same_consent(const struct consent *was, const struct consent *c)
{
	bool same = was->child == c->child && was->scopes == c->scopes &&
		    was->signed_on == c->signed_on && was->until == c->until &&
		    was->to.organization == c->to.organization;

	for (int i = 0; i < c->scopes && same; i++) {
		same = false;
		for (int k = 0; k < was->scopes && !same; k++)
			same = strcmp(was->scope[k], c->scope[i]) == 0;
	}
	return same;
}

static int sign(struct fhir_run *u, const struct fhir_staged *it, int64_t *id)
{
	const struct fhir_consent *f = &it->item.u.consent;
	struct consent c, was;
	int64_t old = *id;
	int x;

	memset(&c, 0, sizeof c);
	c.since = f->since;
	c.until = f->until;
	c.signed_on = f->signed_on;
	c.withdrawn = NO_DATE;
	c.counted = true;
	if ((c.scopes = f->scopes) == 0)
		return FHIR_NO_SCOPE;
	for (int i = 0; i < f->scopes; i++)
		memcpy(c.scope[i], f->scope[i], VOCABULARY_ID);
	x = fhir_apply_child(u, it, &c.child);
	if (x == 0)
		x = find_signer(u, it, &c);
	if (x == 0)
		x = fhir_apply_follow(u, &f->to, it->file, "Organization",
				      &c.to.organization);
	if (x == 0 && old)
		x = consent_get(u->r->db, old, &was);
	if (x != 0)
		return x == E_NOTFOUND ? FHIR_GONE : x;
	if (!old)
		x = consent_add(u->r, &c, id);
	else if (was.child == c.child && c.signed_on > was.signed_on)
		x = consent_renew(u->r, old, &c, id);
	else if (!is_same_consent(&was, &c))
		return FHIR_CHANGED;
	if (x == E_DENIED) {
		err_clear();
		return FHIR_NO_SIGNER;
	}
	return x;
}

int fhir_apply_consent(struct fhir_run *u, struct fhir_staged *it)
{
	bool ended = it->item.u.consent.ended;
	int64_t id;
	int x;

	x = fhir_apply_compare(u, it, &id);
	if (x < 0 || u->outcome == FHIR_UNCHANGED)
		return x;
	if (!id && ended)
		return FHIR_NOT_HAPPENED;
	x = ended ? withdraw(u, id) : sign(u, it, &id);
	if (x == 0 && !ended)
		x = fhir_apply_scan(u, it, id);
	return x != 0 ? x : fhir_apply_remember(u, it, "consent", id);
}
