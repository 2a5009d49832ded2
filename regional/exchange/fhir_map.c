/* What becomes of what. After HL7's "SDOH Clinical Care" implementation guide
 * (Gravity project, 2.3.0 and 3.0.0) and US Core 7.0.0:
 *
 * Identity. A resource is its type and id; in a bundle whose fullUrl is
 *   urn:uuid:X it is type and X. --source parts the ids of several senders. Of
 *   copies of one resource in one import the last counts (in a history bundle,
 *   which is written newest first, the first). A contained Organization or
 *   HealthcareService is known by its name; other contained resources have no
 *   identity and are not followed.
 * References. Type/id, absolute URLs, urn:uuid:X, Type?identifier=system|value,
 *   an identifier, #contained; into this file, other files of this import, and
 *   earlier imports.
 * Dates. An instant is the civil date of the network's time zone. Year or
 *   month alone is its first day. A birth date must be whole.
 * Patient > child, if not yet 21 on the as-of day, living, and active at the
 *   source. A child that is here already is kept up to date in any case. The
 *   death of a known child changes nothing here: a person closes the case.
 * Organization > organization, HealthcareService > service. One of that name
 *   that is here already is taken for the same.
 * Condition > need, if its category is of the Gravity code system, or US
 *   Core's "sdoh". The need is that of the Gravity category, else of its
 *   ICD-10-CM or SNOMED CT code by the vocabulary; no code, no need: the
 *   category alone never invents one. Found on recordedDate, else the asserted
 *   date, else the onset, else the as-of day. "resolved" closes it as met;
 *   "inactive" and "remission" don't say that the need was met: it stays open.
 * ServiceRequest > referral, see fhir_map_task.c; Task > its states.
 * Procedure gives the day of a service that a Task names as its result, or
 *   that of the ServiceRequest it is based on.
 * The rest of a Patient: fhir_map_patient.c.
 * RelatedPerson, Practitioner, Coverage, Consent: fhir_map_people.c. Encounter:
 *   fhir_map_visit.c. QuestionnaireResponse, Observation: fhir_map_screen.c.
 *   Goal, CarePlan, CareTeam: fhir_map_plan.c.
 * A modifier extension or implicit rules may turn the meaning of a resource
 * around: it is left out.
 * A ZIP code that is not one of the United States is not kept. */
#include "regional/exchange/fhir_item.h"

#include <stdio.h>
#include <string.h>

static const char *const kinds[FHIR_KINDS] = {
	[FHIR_KIND_ORGANIZATION] = "Organization",
	[FHIR_KIND_SERVICE] = "HealthcareService",
	[FHIR_KIND_PRACTITIONER] = "Practitioner",
	[FHIR_KIND_ROLE] = "PractitionerRole",
	[FHIR_KIND_PATIENT] = "Patient",
	[FHIR_KIND_PERSON] = "RelatedPerson",
	[FHIR_KIND_COVERAGE] = "Coverage",
	[FHIR_KIND_CONSENT] = "Consent",
	[FHIR_KIND_CONDITION] = "Condition",
	[FHIR_KIND_REQUEST] = "ServiceRequest",
	[FHIR_KIND_TASK] = "Task",
	[FHIR_KIND_PROCEDURE] = "Procedure",
	[FHIR_KIND_ENCOUNTER] = "Encounter",
	[FHIR_KIND_ANSWERED] = "QuestionnaireResponse",
	[FHIR_KIND_OBSERVATION] = "Observation",
	[FHIR_KIND_GOAL] = "Goal",
	[FHIR_KIND_PLAN] = "CarePlan",
	[FHIR_KIND_TEAM] = "CareTeam",
};

const char *fhir_kind_text(enum fhir_kind kind)
{
	return kinds[kind];
}

int fhir_kind_parse(const char *type, enum fhir_kind *out)
{
	for (int i = 0; i < FHIR_KINDS; i++) {
		if (strcmp(type, kinds[i]) == 0) {
			*out = (enum fhir_kind)i;
			return 0;
		}
	}
	return -1;
}

size_t fhir_item_size(enum fhir_kind kind)
{
#define SIZE(member) sizeof(((struct fhir_item *)0)->u.member)
	static const size_t size[FHIR_KINDS] = {
		[FHIR_KIND_ORGANIZATION] = SIZE(organization),
		[FHIR_KIND_SERVICE] = SIZE(organization),
		[FHIR_KIND_PRACTITIONER] = SIZE(practitioner),
		[FHIR_KIND_ROLE] = SIZE(practitioner),
		[FHIR_KIND_PATIENT] = SIZE(patient),
		[FHIR_KIND_PERSON] = SIZE(person),
		[FHIR_KIND_COVERAGE] = SIZE(coverage),
		[FHIR_KIND_CONSENT] = SIZE(consent),
		[FHIR_KIND_CONDITION] = SIZE(condition),
		[FHIR_KIND_REQUEST] = SIZE(request),
		[FHIR_KIND_TASK] = SIZE(task),
		[FHIR_KIND_PROCEDURE] = SIZE(procedure),
		[FHIR_KIND_ENCOUNTER] = SIZE(encounter),
		[FHIR_KIND_ANSWERED] = SIZE(screen),
		[FHIR_KIND_OBSERVATION] = SIZE(screen),
		[FHIR_KIND_GOAL] = SIZE(goal),
		[FHIR_KIND_PLAN] = SIZE(plan),
		[FHIR_KIND_TEAM] = SIZE(team),
	};
#undef SIZE

	return size[kind];
}

static void map_word(struct fhir_map *m, const char *system, const char *code,
		     char *out)
{
	int i = m->words ? vocabulary_map(m->words, WORDS_NEED, system, code)
			 : -1;

	if (i >= 0)
		snprintf(out, VOCABULARY_ID, "%s",
			 vocabulary_word(m->words, WORDS_NEED, i)->id);
}

/* ICD-10-CM splits codes nearly every year: what is not listed is looked up as
 * its parent, though not above the first place behind the point. */
static void map_icd(struct fhir_map *m, const char *code, char *out)
{
	char c[16];

	if (strlen(code) >= sizeof c)
		return;
	snprintf(c, sizeof c, "%s", code);
	for (; !*out && strlen(c) >= 5; c[strlen(c) - 1] = '\0')
		map_word(m, "icd10", c, out);
}

void fhir_map_code(struct fhir_map *m, json_t *v, char *out)
{
	const char *system, *code;

	out[0] = '\0';
	for (int i = 0; !*out && fhir_coding(v, i, &system, &code); i++) {
		if (strcmp(system, "http://hl7.org/fhir/sid/icd-10-cm") == 0)
			map_icd(m, code, out);
		else if (strcmp(system, "http://snomed.info/sct") == 0)
			map_word(m, "snomed", code, out);
	}
}

bool fhir_map_category(struct fhir_map *m, json_t *v, char *out)
{
	const char *system, *code;
	bool social = false;

	out[0] = '\0';
	for (int i = 0; fhir_coding(v, i, &system, &code); i++) {
		if (strcmp(system, fhir_gravity) == 0) {
			social = true;
			if (!*out)
				map_word(m, "gravity", code, out);
		} else if (strcmp(code, "sdoh") == 0 &&
			   strstr(system, "/us-core-category")) {
			social = true;
		}
	}
	return social;
}

static enum fhir_reason map_organization(struct fhir_map *m, json_t *v,
					 struct fhir_item *item)
{
	struct fhir_organization *o = &item->u.organization;
	enum fhir_reason why;

	(void)m;
	o->active = !json_is_false(json_object_get(v, "active"));
	why = fhir_copy(o->name, sizeof o->name, json_object_get(v, "name"));
	if (why == FHIR_OK && !*o->name)
		why = FHIR_NO_NAME;
	return why;
}

/* Names in use before those that were; official before usual before the rest;
 * the first of equals. */
static json_t *choose_name(json_t *v)
{
	json_t *list = json_object_get(v, "name"), *name, *best = NULL;
	int best_rank = -1;
	size_t i;

	json_array_foreach (list, i, name) {
		const char *use = fhir_text(name, "use");
		json_t *period = json_object_get(name, "period");
		int rank = 2;

		if (use && strcmp(use, "official") == 0)
			rank = 4;
		else if (use && strcmp(use, "usual") == 0)
			rank = 3;
		else if (use && (strcmp(use, "old") == 0 ||
				 strcmp(use, "maiden") == 0 ||
				 strcmp(use, "anonymous") == 0))
			rank = 1;
		if (json_object_get(period, "end"))
			rank = 0;
		if (json_is_object(name) && rank > best_rank) {
			best = name;
			best_rank = rank;
		}
	}
	return best;
}

static enum fhir_reason map_given(json_t *list, char *out, size_t size)
{
	enum fhir_reason why = FHIR_OK;
	char part[NAME_TEXT];
	size_t i, used = 0;
	json_t *v;

	out[0] = '\0';
	json_array_foreach (list, i, v) {
		why = fhir_copy(part, sizeof part, v);
		if (why != FHIR_OK)
			break;
		if (!*part)
			continue;
		if (used + strlen(part) + 1 >= size)
			return FHIR_TOO_LONG;
		used += (size_t)snprintf(out + used, size - used, "%s%s",
					 used ? " " : "", part);
	}
	return why;
}

enum fhir_reason fhir_map_names(json_t *v, char given[NAME_TEXT],
				char family[NAME_TEXT])
{
	json_t *name = choose_name(v);
	enum fhir_reason why;

	why = fhir_copy(family, NAME_TEXT, json_object_get(name, "family"));
	if (why == FHIR_OK)
		why = map_given(json_object_get(name, "given"), given,
				NAME_TEXT);
	if (why == FHIR_OK && !*family && !*given)
		why = fhir_copy(family, NAME_TEXT,
				json_object_get(name, "text"));
	if (why == FHIR_OK && !*family && !*given)
		why = FHIR_NO_NAME;
	return why;
}

static enum fhir_reason map_birth(struct fhir_map *m, json_t *v,
				  struct fhir_patient *p)
{
	const char *s = fhir_text(v, "birthDate");

	p->birth = NO_DATE;
	if (!s || strlen(s) != 10)
		return FHIR_BAD_BIRTH;
	if (strspn(s, "0123456789") == 4 && strcmp(s, "1900") < 0)
		return FHIR_OLD_BIRTH;
	if (fhir_day(v, "birthDate", &p->birth) != FHIR_OK)
		return FHIR_BAD_BIRTH;
	return p->birth > m->today ? FHIR_FUTURE : FHIR_OK;
}

static enum fhir_reason map_sex(json_t *v, struct fhir_patient *p)
{
	static const char *const known[] = {"female", "male", "other",
					    "unknown"};
	json_t *gender = json_object_get(v, "gender");
	const char *s = json_string_value(gender);

	snprintf(p->sex, sizeof p->sex, "unknown");
	if (!gender)
		return FHIR_OK;
	for (int i = 0; s && i < 4; i++) {
		if (strcmp(s, known[i]) == 0) {
			snprintf(p->sex, sizeof p->sex, "%s", known[i]);
			return FHIR_OK;
		}
	}
	return FHIR_BAD_CODE;
}

static void map_zip(json_t *v, char zip[12])
{
	json_t *list = json_object_get(v, "address"), *a;
	size_t i;

	json_array_foreach (list, i, a) {
		const char *s = fhir_text(a, "postalCode");
		const char *use = fhir_text(a, "use");
		json_t *period = json_object_get(a, "period");

		if (!s || strspn(s, "0123456789") < 5 ||
		    json_object_get(period, "end") ||
		    (use && strcmp(use, "old") == 0))
			continue;
		snprintf(zip, 12, "%.5s", s);
		return;
	}
}

/* The medical record number if one is marked as such, else the first. */
static enum fhir_reason map_source_id(json_t *v, struct fhir_patient *p)
{
	json_t *list = json_object_get(v, "identifier"), *id, *best = NULL;
	size_t i;

	json_array_foreach (list, i, id) {
		if (!best)
			best = id;
		if (fhir_has_code(json_object_get(id, "type"), "", "MR")) {
			best = id;
			break;
		}
	}
	return fhir_copy(p->source_id, sizeof p->source_id,
			 json_object_get(best, "value"));
}

static enum fhir_reason map_patient(struct fhir_map *m, json_t *v,
				    struct fhir_item *item)
{
	struct fhir_patient *p = &item->u.patient;
	enum fhir_reason why;

	p->inactive = json_is_false(json_object_get(v, "active"));
	p->deceased = json_is_true(json_object_get(v, "deceasedBoolean")) ||
		      json_object_get(v, "deceasedDateTime");
	map_zip(v, p->zip);
	why = map_birth(m, v, p);
	if (why == FHIR_OK)
		why = fhir_map_names(v, p->given, p->family);
	if (why == FHIR_OK)
		why = map_sex(v, p);
	if (why == FHIR_OK)
		why = map_source_id(v, p);
	if (why == FHIR_OK)
		why = fhir_map_refs(m,
				    json_object_get(v, "generalPractitioner"),
				    p->care, FHIR_REFS);
	return why == FHIR_OK ? fhir_map_about(m, v, p) : why;
}

static enum fhir_reason map_found(struct fhir_map *m, json_t *v, int32_t *out)
{
	static const char asserted[] =
		"http://hl7.org/fhir/StructureDefinition/"
		"condition-assertedDate";
	json_t *list = json_object_get(v, "extension"), *e;
	enum fhir_reason why;
	size_t i;

	why = fhir_past(m, v, "recordedDate", out);
	json_array_foreach (list, i, e) {
		const char *url = fhir_text(e, "url");

		if (why == FHIR_OK && *out == NO_DATE && url &&
		    strcmp(url, asserted) == 0)
			why = fhir_past(m, e, "valueDateTime", out);
	}
	if (why == FHIR_OK && *out == NO_DATE)
		why = fhir_past(m, v, "onsetDateTime", out);
	if (why == FHIR_OK && *out == NO_DATE)
		why = fhir_past(m, json_object_get(v, "onsetPeriod"), "start",
				out);
	return why;
}

/* Of any condition: what it makes of the visit in which it was found. */
static void map_crisis(struct fhir_map *m, json_t *v, struct fhir_condition *c)
{
	json_t *sure = json_object_get(v, "verificationStatus");

	if (fhir_has_code(sure, "", "refuted") ||
	    fhir_has_code(sure, "", "entered-in-error") ||
	    !fhir_map_behavioral(m, json_object_get(v, "code")))
		return;
	c->behavioral = true;
	fhir_reference(m, json_object_get(v, "encounter"), &c->visit);
}

static enum fhir_reason map_condition(struct fhir_map *m, json_t *v,
				      struct fhir_item *item)
{
	struct fhir_condition *c = &item->u.condition;
	json_t *status = json_object_get(v, "clinicalStatus");
	json_t *sure = json_object_get(v, "verificationStatus");
	enum fhir_reason why;

	map_crisis(m, v, c);
	if (!fhir_map_category(m, json_object_get(v, "category"), c->domain))
		return FHIR_NOT_SOCIAL;
	if (!*c->domain)
		fhir_map_code(m, json_object_get(v, "code"), c->domain);
	fhir_reference(m, json_object_get(v, "subject"), &c->child);
	if (fhir_has_code(sure, "", "refuted") ||
	    fhir_has_code(sure, "", "entered-in-error"))
		return FHIR_IN_ERROR;
	if (!*c->domain)
		return FHIR_NO_CATEGORY;
	if (fhir_has_code(status, "", "resolved"))
		c->clinical = FHIR_RESOLVED;
	else if (fhir_has_code(status, "", "inactive") ||
		 fhir_has_code(status, "", "remission"))
		c->clinical = FHIR_DORMANT;
	why = map_found(m, v, &c->found);
	item->day = c->found;
	if (why == FHIR_OK)
		why = fhir_past(m, v, "abatementDateTime", &c->ended);
	if (why == FHIR_OK && c->ended == NO_DATE)
		why = fhir_past(m, json_object_get(v, "abatementPeriod"), "end",
				&c->ended);
	return why;
}

static enum fhir_reason map_procedure(struct fhir_map *m, json_t *v,
				      struct fhir_item *item)
{
	struct fhir_procedure *p = &item->u.procedure;
	const char *status = fhir_text(v, "status");
	enum fhir_reason why;

	p->on = NO_DATE;
	fhir_reference(m, json_object_get(v, "subject"), &p->child);
	why = fhir_map_refs(m, json_object_get(v, "basedOn"), p->request,
			    FHIR_REFS);
	if (why != FHIR_OK)
		return why;
	if (!status || (strcmp(status, "completed") != 0 &&
			strcmp(status, "in-progress") != 0))
		return FHIR_OK;
	why = fhir_day(v, "performedDateTime", &p->on);
	if (why == FHIR_OK && p->on == NO_DATE)
		why = fhir_day(json_object_get(v, "performedPeriod"), "start",
			       &p->on);
	return why;
}

static void map_aliases(struct fhir_map *m, json_t *v, struct fhir_item *item)
{
	json_t *list = json_object_get(v, "identifier"), *id;
	size_t i;
	int n = 0;

	json_array_foreach (list, i, id) {
		const char *system = fhir_text(id, "system");
		const char *value = fhir_text(id, "value");

		if (value && *value && n < FHIR_ALIASES)
			fhir_hash_name(m, '?', fhir_kind_text(item->kind),
				       system ? system : "", value,
				       item->alias[n++]);
	}
}

static enum fhir_reason map_id(struct fhir_map *m, json_t *v,
			       const char *full_url, struct fhir_item *item)
{
	const char *id = fhir_text(v, "id");
	char uuid[FHIR_ID];

	fhir_uuid(full_url, uuid);
	if (id && !fhir_id_valid(id))
		return FHIR_NO_ID;
	if (*uuid) {
		memcpy(item->id, uuid, sizeof uuid);
		if (id && strcmp(id, uuid) != 0)
			snprintf(item->bundle_id, sizeof item->bundle_id, "%s",
				 id);
		return FHIR_OK;
	}
	if (!id)
		return FHIR_NO_ID;
	snprintf(item->id, sizeof item->id, "%s", id);
	return FHIR_OK;
}

static enum fhir_reason map_service(struct fhir_map *m, json_t *v,
				    struct fhir_item *item)
{
	enum fhir_reason why = map_organization(m, v, item);

	fhir_reference(m, json_object_get(v, "providedBy"),
		       &item->u.organization.owner);
	return why;
}

static enum fhir_reason map_kind(struct fhir_map *m, json_t *v,
				 struct fhir_item *item)
{
	static enum fhir_reason (*const map[FHIR_KINDS])(
		struct fhir_map *, json_t *, struct fhir_item *) = {
		[FHIR_KIND_ORGANIZATION] = map_organization,
		[FHIR_KIND_SERVICE] = map_service,
		[FHIR_KIND_PRACTITIONER] = fhir_map_practitioner,
		[FHIR_KIND_ROLE] = fhir_map_role,
		[FHIR_KIND_PATIENT] = map_patient,
		[FHIR_KIND_PERSON] = fhir_map_person,
		[FHIR_KIND_COVERAGE] = fhir_map_coverage,
		[FHIR_KIND_CONSENT] = fhir_map_consent,
		[FHIR_KIND_CONDITION] = map_condition,
		[FHIR_KIND_REQUEST] = fhir_map_request,
		[FHIR_KIND_TASK] = fhir_map_task,
		[FHIR_KIND_PROCEDURE] = map_procedure,
		[FHIR_KIND_ENCOUNTER] = fhir_map_encounter,
		[FHIR_KIND_ANSWERED] = fhir_map_answered,
		[FHIR_KIND_OBSERVATION] = fhir_map_observation,
		[FHIR_KIND_GOAL] = fhir_map_goal,
		[FHIR_KIND_PLAN] = fhir_map_plan,
		[FHIR_KIND_TEAM] = fhir_map_team,
	};

	return map[item->kind](m, v, item);
}

void fhir_map_item(struct fhir_map *m, json_t *v, const char *full_url,
		   struct fhir_item *item)
{
	enum fhir_kind kind = item->kind;

	memset(item, 0, sizeof *item); /* what is kept of it is hashed */
	item->kind = kind;
	item->day = NO_DATE;
	item->problem = map_id(m, v, full_url, item);
	if (item->problem != FHIR_OK)
		return;
	m->parent = v;
	item->problem = map_kind(m, v, item);
	if (item->problem == FHIR_OK &&
	    (json_array_size(json_object_get(v, "modifierExtension")) > 0 ||
	     json_object_get(v, "implicitRules")))
		item->problem = FHIR_MODIFIER;
	map_aliases(m, v, item);
	m->parent = NULL;
}
