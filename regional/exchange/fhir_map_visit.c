/* Encounter > emergency department visit, if its class is EMER of v3 ActCode
 *   (a Coding in R4, a CodeableConcept or a list of them in R5); others are not
 *   needed here. HL7 v3 ActEncounterCode; US Core 7.0.0, Encounter.
 * Behavioral, if a code of reasonCode, type, or of a Condition that diagnosis
 *   or reasonReference names, is in the list "behavioral" of the vocabulary
 *   (ICD-10-CM F01-F99, R45.851, T14.91, X71-X83; SNOMED CT codes), or if a
 *   Condition with such a code names this Encounter as its own. A Condition must
 *   be in the same import: one that is no need is not kept.
 * Visited on the first day of the period, discharged on its last when the
 *   encounter is finished. "planned" and "cancelled" did not happen. Admitted:
 *   no, if the disposition is home or alt-home (HL7 discharge-disposition);
 *   else nobody said. Whether criteria for enhanced care coordination are met,
 *   and what followed, is for a person to say: an import leaves it as it is.
 * The visit's number is its first identifier. A visit of that number, or one on
 *   that day without a number, which a person entered, is the same one: what it
 *   lacks is filled in. */
#include "regional/exchange/fhir_item.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *url, *name;
} systems[] = {
	{"http://snomed.info/sct", "snomed"},
	{"http://loinc.org", "loinc"},
	{"http://hl7.org/fhir/sid/icd-10-cm", "icd10"},
	{"http://hl7.org/fhir/sid/icd-10", "icd10"},
	{"http://terminology.hl7.org/CodeSystem/v3-ActCode", "v3-act"},
	{"http://nucc.org/provider-taxonomy", "nucc"},
	{"http://terminology.hl7.org/CodeSystem/consentpolicycodes",
	 "consent-policy"},
};

const char *fhir_map_system(const char *system)
{
	for (size_t i = 0; i < sizeof systems / sizeof *systems; i++) {
		if (strcmp(system, systems[i].url) == 0)
			return systems[i].name;
	}
	return NULL;
}

bool fhir_map_coded(struct fhir_map *m, json_t *v, const char *id)
{
	const char *system, *code;
	int want = m->words ? vocabulary_find(m->words, WORDS_CODED, id) : -1;

	for (int i = 0; want >= 0 && fhir_coding(v, i, &system, &code); i++) {
		const char *name = fhir_map_system(system);

		if (name && *code &&
		    vocabulary_map(m->words, WORDS_CODED, name, code) == want)
			return true;
	}
	return false;
}

/* "F90.0" and "F900" are the same; at most @size - 1 characters. */
static void bare(const char *code, size_t len, char *out, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < len && n + 1 < size; i++) {
		if (code[i] != '.')
			out[n++] = (char)toupper((unsigned char)code[i]);
	}
	out[n] = '\0';
}

/* @item: "F01-F99", by the first three characters, or "R45.851" and all below
 * it. */
static bool icd_in(const char *code, const char *item, size_t len)
{
	const char *dash = memchr(item, '-', len);
	char c[16], from[16], to[16];

	bare(code, strlen(code), c, sizeof c);
	if (strlen(c) < 3)
		return false;
	if (!dash) {
		bare(item, len, from, sizeof from);
		return strncmp(c, from, strlen(from)) == 0;
	}
	bare(item, (size_t)(dash - item), from, sizeof from);
	bare(dash + 1, len - (size_t)(dash + 1 - item), to, sizeof to);
	return strncmp(c, from, 3) >= 0 && strncmp(c, to, 3) <= 0;
}

static bool icd_listed(const struct word *w, const char *code)
{
	static const char icd[] = "icd10:";
	const char *s = w->maps;

	while ((s = strstr(s, icd)) != NULL) {
		s += sizeof icd - 1;
		if (icd_in(code, s, strcspn(s, ", \t")))
			return true;
	}
	return false;
}

static bool is_behavioral(const struct vocabulary *words, const char *name,
			  const char *code)
{
	if (strcmp(name, "icd10") != 0)
		return vocabulary_map(words, WORDS_BEHAVIORAL, name, code) >= 0;
	for (int i = 0; i < vocabulary_count(words, WORDS_BEHAVIORAL); i++) {
		if (icd_listed(vocabulary_word(words, WORDS_BEHAVIORAL, i),
			       code))
			return true;
	}
	return false;
}

bool fhir_map_behavioral(struct fhir_map *m, json_t *v)
{
	const char *system, *code;

	for (int i = 0; m->words && fhir_coding(v, i, &system, &code); i++) {
		const char *name = fhir_map_system(system);

		if (name && is_behavioral(m->words, name, code))
			return true;
	}
	return false;
}

/* A Coding by itself, or what has codings. */
static bool is_emergency(struct fhir_map *m, json_t *class)
{
	json_t *concept, *list;
	bool yes;

	if (!fhir_text(class, "code"))
		return fhir_map_coded(m, class, "emergency");
	concept = json_object();
	list = json_array();
	json_array_append(list, class);
	json_object_set_new(concept, "coding", list);
	yes = fhir_map_coded(m, concept, "emergency");
	json_decref(concept);
	return yes;
}

static enum fhir_reason map_visit_state(json_t *v, struct fhir_encounter *e,
					bool *over)
{
	static const char *const not_yet[] = {"planned", "cancelled"};
	const char *status = fhir_text(v, "status");

	if (!status)
		return FHIR_BAD_CODE;
	for (int i = 0; i < 2; i++) {
		if (strcmp(status, not_yet[i]) == 0)
			return FHIR_NOT_HAPPENED;
	}
	e->errored = strcmp(status, "entered-in-error") == 0;
	*over = strcmp(status, "finished") == 0 ||
		strcmp(status, "completed") == 0 ||
		strcmp(status, "discharged") == 0;
	return FHIR_OK;
}

static enum fhir_reason map_visit_days(struct fhir_map *m, json_t *v, bool over,
				       struct fhir_encounter *e)
{
	json_t *period = json_object_get(v, "period");
	enum fhir_reason why;

	if (!period)
		period = json_object_get(v, "actualPeriod"); /* R5 */
	e->discharged = NO_DATE;
	why = fhir_past(m, period, "start", &e->visited);
	if (why == FHIR_OK && over)
		why = fhir_past(m, period, "end", &e->discharged);
	if (why != FHIR_OK || e->errored)
		return why;
	if (e->visited == NO_DATE)
		return FHIR_UNDATED;
	if (e->discharged != NO_DATE && e->discharged < e->visited)
		return FHIR_BAD_DATE;
	return FHIR_OK;
}

/* Conditions that diagnosis and reasonReference name. */
static enum fhir_reason map_diagnoses(struct fhir_map *m, json_t *v,
				      struct fhir_encounter *e)
{
	json_t *list = json_object_get(v, "diagnosis"), *d;
	size_t i, n = json_array_size(json_object_get(v, "reasonReference"));

	if (fhir_map_refs(m, json_object_get(v, "reasonReference"),
			  e->condition, FHIR_REFS) != FHIR_OK)
		return FHIR_TOO_LONG;
	json_array_foreach (list, i, d) {
		if (n == FHIR_REFS)
			break; /* the first ones are those it was about */
		fhir_reference(m, json_object_get(d, "condition"),
			       &e->condition[n++]);
	}
	return FHIR_OK;
}

static enum fhir_reason map_place(struct fhir_map *m, json_t *v,
				  struct fhir_encounter *e)
{
	json_t *by = json_object_get(v, "serviceProvider");
	json_t *at = json_array_get(json_object_get(v, "location"), 0);
	enum fhir_reason why;

	fhir_reference(m, by, &e->place);
	why = fhir_copy(e->facility, sizeof e->facility,
			json_object_get(by, "display"));
	if (why == FHIR_OK && !*e->facility)
		why = fhir_copy(e->facility, sizeof e->facility,
				json_object_get(json_object_get(at, "location"),
						"display"));
	return why;
}

static void map_disposition(json_t *v, struct fhir_encounter *e)
{
	json_t *stay = json_object_get(v, "hospitalization"), *to;

	if (!stay)
		stay = json_object_get(v, "admission"); /* R5 */
	to = json_object_get(stay, "dischargeDisposition");
	e->admitted = fhir_has_code(to, "", "home") ||
				      fhir_has_code(to, "", "alt-home")
			      ? 0
			      : -1;
}

enum fhir_reason fhir_map_encounter(struct fhir_map *m, json_t *v,
				    struct fhir_item *item)
{
	struct fhir_encounter *e = &item->u.encounter;
	json_t *number = json_array_get(json_object_get(v, "identifier"), 0);
	enum fhir_reason why;
	bool over = false;

	if (!is_emergency(m, json_object_get(v, "class")))
		return FHIR_NOT_EMERGENCY;
	fhir_reference(m, json_object_get(v, "subject"), &e->child);
	e->behavioral =
		fhir_map_behavioral(m, json_object_get(v, "reasonCode")) ||
		fhir_map_behavioral(m, json_object_get(v, "type"));
	map_disposition(v, e);
	why = map_visit_state(v, e, &over);
	if (why == FHIR_OK)
		why = map_visit_days(m, v, over, e);
	if (why == FHIR_OK)
		why = map_diagnoses(m, v, e);
	if (why == FHIR_OK)
		why = map_place(m, v, e);
	if (why == FHIR_OK)
		why = fhir_copy(e->number, sizeof e->number,
				json_object_get(number, "value"));
	item->day = e->visited;
	return why;
}
