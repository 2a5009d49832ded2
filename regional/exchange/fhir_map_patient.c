/* What a Patient says beside name and birth date, after US Core 7.0.0:
 *
 * us-core-race, us-core-ethnicity > origin, by the OMB categories; "detailed"
 *   codes are of a category that stands beside them. Asked but declined (ASKU)
 *   and unknown (UNK) are words of their own.
 * communication > the language of the family, if none is noted there: the
 *   preferred one, else the first; "es-MX" is Spanish. patient-interpreter-
 *   Required, or us-core-interpreter-needed of SNOMED CT's "Yes" > that it needs
 *   an interpreter.
 * telecom > how to reach the child, contact > a caregiver who is "other" or
 *   what the RoleCode says, with theirs. As of a RelatedPerson nothing is known
 *   to be safe, no message may be left, and nobody may sign by it. Contacts of
 *   an employer, insurer or agency (v2-0131 E, I, F, S), those that have ended
 *   and those without a name are nobody's. */
#include "regional/exchange/fhir_item.h"

#include <stdio.h>
#include <string.h>

#define US_CORE "http://hl7.org/fhir/us/core/StructureDefinition/"

static json_t *extension(json_t *v, const char *url)
{
	json_t *list = json_object_get(v, "extension"), *e;
	size_t i;

	json_array_foreach (list, i, e) {
		const char *its = fhir_text(e, "url");

		if (its && strcmp(its, url) == 0)
			return e;
	}
	return NULL;
}

static void put_word(struct fhir_map *m, enum words list, const char *system,
		     const char *code, char out[VOCABULARY_ID])
{
	int i = m->words ? vocabulary_map(m->words, list, system, code) : -1;

	if (i >= 0)
		snprintf(out, VOCABULARY_ID, "%s",
			 vocabulary_word(m->words, list, i)->id);
}

/* "Declined" and "not known" stand alone (origin.h): beside a race they say
 * nothing. */
static bool says_nothing(const char *race)
{
	return strcmp(race, "declined") == 0 || strcmp(race, "unknown") == 0;
}

static void put_race(struct fhir_patient *p, const char *race)
{
	int n = 0;

	while (n < ORIGIN_RACES && *p->race[n]) {
		if (strcmp(p->race[n], race) == 0)
			return;
		n++;
	}
	if (!*race || n == ORIGIN_RACES || (n > 0 && says_nothing(race)))
		return;
	if (n == 1 && says_nothing(p->race[0]))
		n = 0;
	memset(p->race[n], 0, VOCABULARY_ID);
	snprintf(p->race[n], VOCABULARY_ID, "%s", race);
}

static void map_origin(struct fhir_map *m, json_t *v, struct fhir_patient *p)
{
	json_t *races = json_object_get(extension(v, US_CORE "us-core-race"),
					"extension");
	json_t *ethnicity = extension(v, US_CORE "us-core-ethnicity"), *e;
	size_t i;

	json_array_foreach (races, i, e) {
		const char *url = fhir_text(e, "url");
		const char *code =
			fhir_text(json_object_get(e, "valueCoding"), "code");
		char race[VOCABULARY_ID] = "";

		if (!url || !code || strcmp(url, "ombCategory") != 0)
			continue;
		put_word(m, WORDS_RACE, "omb", code, race);
		put_race(p, race);
	}
	e = json_object_get(extension(ethnicity, "ombCategory"), "valueCoding");
	if (fhir_text(e, "code"))
		put_word(m, WORDS_ETHNICITY, "omb", fhir_text(e, "code"),
			 p->ethnicity);
}

/* "es-MX" is looked up as a whole, then as "es". */
static void put_language(struct fhir_map *m, json_t *v, char *out)
{
	const char *system, *code;
	char tag[40];

	for (int i = 0; !*out && fhir_coding(v, i, &system, &code); i++) {
		if (strcmp(system, "urn:ietf:bcp:47") != 0)
			continue;
		put_word(m, WORDS_LANGUAGE, "bcp47", code, out);
		snprintf(tag, sizeof tag, "%.39s", code);
		tag[strcspn(tag, "-")] = '\0';
		if (!*out)
			put_word(m, WORDS_LANGUAGE, "bcp47", tag, out);
		if (!*out && *tag &&
		    vocabulary_find(m->words, WORDS_LANGUAGE, "other") >= 0)
			snprintf(out, VOCABULARY_ID, "other");
	}
}

static void map_language(struct fhir_map *m, json_t *v, struct fhir_patient *p)
{
	json_t *list = json_object_get(v, "communication"), *c;
	json_t *needed = extension(v, US_CORE "us-core-interpreter-needed");
	json_t *asked = extension(v, "http://hl7.org/fhir/StructureDefinition/"
				     "patient-interpreterRequired");
	const char *code =
		fhir_text(json_object_get(needed, "valueCoding"), "code");
	size_t i;

	json_array_foreach (list, i, c) {
		if (json_is_true(json_object_get(c, "preferred")))
			put_language(m, json_object_get(c, "language"),
				     p->language);
	}
	c = json_array_get(list, 0);
	if (m->words && !*p->language)
		put_language(m, json_object_get(c, "language"), p->language);
	p->interpreter = json_is_true(json_object_get(asked, "valueBoolean")) ||
			 (code && strcmp(code, "373066001") == 0);
}

static void map_contact(struct fhir_map *m, json_t *v, struct fhir_contact *out)
{
	json_t *relation = json_object_get(v, "relationship");
	json_t *name = json_object_get(v, "name"), *names, *holder;

	if (fhir_map_nobody(relation) ||
	    json_object_get(json_object_get(v, "period"), "end"))
		return;
	/* Its one name, as the list that a person has. */
	names = json_array();
	holder = json_object();
	if (names && holder && json_is_object(name) &&
	    json_array_append(names, name) == 0 &&
	    json_object_set(holder, "name", names) == 0 &&
	    fhir_map_names(holder, out->given, out->family) == FHIR_OK &&
	    fhir_map_telecom(json_object_get(v, "telecom"), out->telecom) ==
		    FHIR_OK)
		fhir_map_relation(m, relation, out->relation);
	else
		memset(out, 0, sizeof *out);
	json_decref(holder);
	json_decref(names);
}

enum fhir_reason fhir_map_about(struct fhir_map *m, json_t *v,
				struct fhir_patient *p)
{
	json_t *list = json_object_get(v, "contact"), *c;
	size_t i;
	int n = 0;

	if (m->words) {
		map_origin(m, v, p);
		map_language(m, v, p);
	}
	json_array_foreach (list, i, c) {
		if (n == FHIR_CONTACTS)
			break;
		map_contact(m, c, &p->contact[n]);
		n += *p->contact[n].relation != '\0';
	}
	return fhir_map_telecom(json_object_get(v, "telecom"), p->telecom);
}
