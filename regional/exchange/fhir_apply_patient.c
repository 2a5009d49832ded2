/* What a Patient says beside name and birth date. What a person entered of the
 * family and of who cares for the child stays. */
#include "regional/exchange/fhir_item.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/caregiver.h"
#include "regional/case/custody.h"
#include "regional/case/family.h"
#include "regional/case/origin.h"
#include "regional/case/reach.h"

static int say_origin(struct fhir_run *u, const struct fhir_patient *p,
		      int64_t child)
{
	struct origin o;
	int x;

	if (!*p->race[0] && !*p->ethnicity)
		return 0;
	x = origin_get(u->r->db, u->r->words, child, &o);
	if (x < 0)
		return x;
	if (*p->race[0])
		o.races = 0;
	for (int i = 0; i < ORIGIN_RACES && *p->race[i]; i++) {
		memcpy(o.race[i], p->race[i], VOCABULARY_ID);
		o.races = i + 1;
	}
	if (*p->ethnicity)
		memcpy(o.ethnicity, p->ethnicity, VOCABULARY_ID);
	return origin_set(u->r, child, &o);
}

static int say_language(struct fhir_run *u, const struct fhir_patient *p,
			int64_t child)
{
	struct family f;
	int64_t id;
	int x;

	if (!*p->language && !p->interpreter)
		return 0;
	x = fhir_apply_home(u->r, child, &id);
	if (x == 0)
		x = family_get(u->r->db, id, &f);
	if (x < 0)
		return x;
	if (!*f.language)
		memcpy(f.language, p->language, sizeof f.language);
	f.interpreter = f.interpreter || p->interpreter;
	return family_update(u->r, &f);
}

int fhir_apply_reach(struct fhir_run *u, int64_t caregiver, int64_t child,
		     const struct fhir_telecom telecom[FHIR_TELECOMS])
{
	int64_t id;
	int x = 0;

	for (int i = 0; x == 0 && i < FHIR_TELECOMS && *telecom[i].way; i++) {
		struct reach to = {
			.caregiver = caregiver, .child = child, .active = true};

		snprintf(to.way, sizeof to.way, "%s", telecom[i].way);
		snprintf(to.value, sizeof to.value, "%s", telecom[i].value);
		x = db_int(u->r->db, &id,
			   "SELECT id FROM reach WHERE ifnull(caregiver, 0) = ?"
			   " AND ifnull(child, 0) = ? AND way = ?"
			   " AND value = ?",
			   "iiss", caregiver, child, to.way, to.value);
		if (x == E_NOTFOUND)
			x = reach_add(u->r, &to, &id);
	}
	return x;
}

int fhir_apply_relation(struct fhir_run *u, const char *relation, int64_t child,
			int64_t caregiver)
{
	struct custody c = {.child = child,
			    .caregiver = caregiver,
			    .custody = "unknown",
			    .since = NO_DATE,
			    .until = NO_DATE};
	int64_t id;
	int x;

	x = db_int(u->r->db, &id,
		   "SELECT id FROM custody WHERE child = ? AND caregiver = ?"
		   " LIMIT 1",
		   "ii", child, caregiver);
	if (x != E_NOTFOUND)
		return x;
	snprintf(c.relation, sizeof c.relation, "%s", relation);
	return custody_add(u->r, &c, &id);
}

/* One of those names in the family is the same, whoever entered it. */
static int say_contact(struct fhir_run *u, const struct fhir_contact *f,
		       int64_t child)
{
	struct caregiver g = {.active = true};
	int64_t id;
	int x = fhir_apply_home(u->r, child, &g.family);

	if (x < 0)
		return x;
	memcpy(g.given, f->given, sizeof g.given);
	memcpy(g.surname, f->family, sizeof g.surname);
	x = db_int(u->r->db, &id,
		   "SELECT id FROM caregiver WHERE family = ?"
		   " AND ifnull(given, '') = ? AND ifnull(surname, '') = ?"
		   " ORDER BY id LIMIT 1",
		   "iss", g.family, g.given, g.surname);
	if (x == E_NOTFOUND)
		x = caregiver_add(u->r, &g, &id);
	if (x == 0)
		x = fhir_apply_relation(u, f->relation, child, id);
	return x < 0 ? x : fhir_apply_reach(u, id, 0, f->telecom);
}

int fhir_apply_about(struct fhir_run *u, const struct fhir_patient *p,
		     int64_t child)
{
	int x = say_origin(u, p, child);

	if (x == 0)
		x = say_language(u, p, child);
	if (x == 0)
		x = fhir_apply_reach(u, 0, child, p->telecom);
	for (int i = 0; x == 0 && i < FHIR_CONTACTS && *p->contact[i].relation;
	     i++)
		x = say_contact(u, &p->contact[i], child);
	return x;
}
