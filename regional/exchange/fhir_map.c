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
 * Procedure gives the day of a service that a Task names as its result.
 * A modifier extension or implicit rules may turn the meaning of a resource
 * around: it is left out.
 * A ZIP code that is not one of the United States is not kept. */
#include "regional/exchange/fhir_item.h"

#include <stdio.h>
#include <string.h>

static const char *const kinds[FHIR_KINDS] = {
	"Organization", "HealthcareService", "Patient", "Condition",
	"Procedure",	"ServiceRequest",    "Task"};

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
	const struct fhir_item *it = NULL;

	switch (kind) {
	case FHIR_KIND_PATIENT:
		return sizeof it->u.patient;
	case FHIR_KIND_CONDITION:
		return sizeof it->u.condition;
	case FHIR_KIND_PROCEDURE:
		return sizeof it->u.procedure;
	case FHIR_KIND_REQUEST:
		return sizeof it->u.request;
	case FHIR_KIND_TASK:
		return sizeof it->u.task;
	default:
		return sizeof it->u.organization;
	}
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

static enum fhir_reason map_organization(json_t *v, struct fhir_item *item)
{
	struct fhir_organization *o = &item->u.organization;
	enum fhir_reason why;

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

static enum fhir_reason map_name(json_t *v, struct fhir_patient *p)
{
	json_t *name = choose_name(v);
	enum fhir_reason why;

	why = fhir_copy(p->family, sizeof p->family,
			json_object_get(name, "family"));
	if (why == FHIR_OK)
		why = map_given(json_object_get(name, "given"), p->given,
				sizeof p->given);
	if (why == FHIR_OK && !*p->family && !*p->given)
		why = fhir_copy(p->family, sizeof p->family,
				json_object_get(name, "text"));
	if (why == FHIR_OK && !*p->family && !*p->given)
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
		why = map_name(v, p);
	if (why == FHIR_OK)
		why = map_sex(v, p);
	if (why == FHIR_OK)
		why = map_source_id(v, p);
	return why;
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

static enum fhir_reason map_condition(struct fhir_map *m, json_t *v,
				      struct fhir_item *item)
{
	struct fhir_condition *c = &item->u.condition;
	json_t *status = json_object_get(v, "clinicalStatus");
	json_t *sure = json_object_get(v, "verificationStatus");
	enum fhir_reason why;

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

static enum fhir_reason map_procedure(json_t *v, struct fhir_item *item)
{
	struct fhir_procedure *p = &item->u.procedure;
	const char *status = fhir_text(v, "status");
	enum fhir_reason why;

	p->on = NO_DATE;
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

static enum fhir_reason map_kind(struct fhir_map *m, json_t *v,
				 struct fhir_item *item)
{
	enum fhir_reason why;

	switch (item->kind) {
	case FHIR_KIND_ORGANIZATION:
		return map_organization(v, item);
	case FHIR_KIND_SERVICE:
		why = map_organization(v, item);
		fhir_reference(m, json_object_get(v, "providedBy"),
			       &item->u.organization.owner);
		return why;
	case FHIR_KIND_PATIENT:
		return map_patient(m, v, item);
	case FHIR_KIND_CONDITION:
		return map_condition(m, v, item);
	case FHIR_KIND_PROCEDURE:
		return map_procedure(v, item);
	case FHIR_KIND_REQUEST:
		return fhir_map_request(m, v, item);
	default:
		return fhir_map_task(m, v, item);
	}
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
