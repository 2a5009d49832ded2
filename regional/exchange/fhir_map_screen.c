/* QuestionnaireResponse, Observation > screening, scored here by the rule of the
 * instrument's file (proto/instruments); LOINC codes of instruments, items and
 * answers stand there. HL7 SDOH Clinical Care 2.3.0 (Hunger Vital Sign 88121-9,
 * PRAPARE 93025-5), US Core 5.0.1 (AHC-HRSN 96777-8).
 *
 * Which instrument. A code of an item says it only together with its panel:
 *   71802-3 is PRAPARE's and AHC-HRSN's, with other answers; 88122-7 is the
 *   Hunger Vital Sign's and AHC-HRSN's. A QuestionnaireResponse is of the
 *   instrument whose panel code ends its canonical or a linkId; else of the one
 *   whose title or id is in the canonical's last part; else of the one with most
 *   of its answers, if they are three (or all its items) and a third of what was
 *   answered. An Observation is of the instrument whose panel code it has; its
 *   answers are its components and those of hasMember. One that is derived from
 *   a QuestionnaireResponse which was taken is the same screening. A single
 *   answer without a panel is none.
 * linkId: what stands behind its last '/' is the LOINC code of the item.
 * Answers: by their LOINC code. Items that the instrument's file has not are not
 *   needed; an answer that says "refused" or "not known" (vocabulary, [coded
 *   blank]) is blank, any other that is not in the item's list leaves the
 *   screening out, for it would be scored wrongly.
 * Done on authored, or effective, else issued. Of the youth if the source is
 *   the patient, a parent's if it is a RelatedPerson, a clinician's if it is a
 *   Practitioner.
 * A result that stands beside the answers ([coded result-food]) is compared with
 *   ours; if it differs, ours stands and that is reported.
 * in-progress, preliminary and the like are not taken; entered-in-error takes
 *   back what came before. A changed one is entered again, the old one in error.
 * A screening of that child, instrument and day that a person entered is the
 *   same. Needs are proposed by its results; a person takes them. */
#include "regional/exchange/fhir_item.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { DEEP = 8, MATCH = 3 };

struct collect {
	struct fhir_map *m;
	struct fhir_screen *s;
	int n;	      /* in s->answer */
	int answered; /* of all items */
	int panel;    /* instrument, or -1 */
	enum fhir_reason why;
};

static bool is_loinc(const char *s)
{
	size_t n = strspn(s, "0123456789");

	return n > 0 && n < 8 && s[n] == '-' &&
	       isdigit((unsigned char)s[n + 1]) && !s[n + 2];
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int find_panel(const struct fhir_map *m, const char *code)
{
	int n = m->cat ? catalogue_instruments(m->cat) : 0;

	for (int i = 0; i < n; i++) {
		const char *loinc = catalogue_instrument(m->cat, i)->loinc;

		if (*loinc && strcmp(loinc, code) == 0)
			return i;
	}
	return -1;
}

static bool is_result(const struct fhir_map *m, const char *code)
{
	int k = m->words ? vocabulary_map(m->words, WORDS_CODED, "loinc", code)
			 : -1;

	return k >= 0 && strcmp(vocabulary_word(m->words, WORDS_CODED, k)->id,
				"result-food") == 0;
}

static bool is_item(const struct fhir_map *m, const char *code)
{
	int n = m->cat ? catalogue_instruments(m->cat) : 0;

	for (int i = 0; i < n; i++) {
		if (instrument_item_loinc(catalogue_instrument(m->cat, i),
					  code) >= 0)
			return true;
	}
	return false;
}

static void add_answer(struct collect *c, const char *item, const char *value)
{
	if (strlen(value) >= INSTRUMENT_LOINC) {
		c->why = FHIR_BAD_CODE;
	} else if (is_result(c->m, item)) {
		snprintf(c->s->given, sizeof c->s->given, "%s", value);
	} else if (is_item(c->m, item)) {
		if (c->n == FHIR_ANSWERS) {
			c->why = FHIR_TOO_LONG;
			return;
		}
		snprintf(c->s->answer[c->n].item, INSTRUMENT_LOINC, "%s", item);
		snprintf(c->s->answer[c->n].value, INSTRUMENT_LOINC, "%s",
			 value);
		c->n++;
	}
}

/* --- QuestionnaireResponse --- */

static void collect_answers(struct collect *c, const char *link, json_t *list)
{
	bool any = false;
	json_t *a;
	size_t i;

	json_array_foreach (list, i, a) {
		const char *code =
			fhir_text(json_object_get(a, "valueCoding"), "code");

		any = true;
		if (code && is_loinc(link))
			add_answer(c, link, code);
	}
	c->answered += any;
}

static void collect_items(struct collect *c, json_t *list, int depth)
{
	json_t *item;
	size_t i;

	json_array_foreach (list, i, item) {
		const char *link = fhir_text(item, "linkId");

		link = link ? last_part(link) : "";
		if (c->panel < 0 && is_loinc(link))
			c->panel = find_panel(c->m, link);
		collect_answers(c, link, json_object_get(item, "answer"));
		if (depth < DEEP)
			collect_items(c, json_object_get(item, "item"),
				      depth + 1);
	}
}

/* Letters and digits only, in lower case. */
static void plain(const char *s, char *out, size_t size)
{
	size_t n = 0;

	for (; *s && n + 1 < size; s++) {
		if (isalnum((unsigned char)*s))
			out[n++] = (char)tolower((unsigned char)*s);
	}
	out[n] = '\0';
}

static int coded_items(const struct instrument *k)
{
	int n = 0;

	for (int i = 0; i < k->n_items; i++)
		n += *k->item[i].loinc != '\0';
	return n;
}

static int by_canonical(const struct fhir_map *m, const char *canonical)
{
	int n = m->cat ? catalogue_instruments(m->cat) : 0;
	char url[200], name[120], id[INSTRUMENT_ID], part[64];

	snprintf(url, sizeof url, "%s", canonical);
	url[strcspn(url, "|#")] = '\0';
	snprintf(part, sizeof part, "%.60s", last_part(url));
	if (find_panel(m, part) >= 0)
		return find_panel(m, part);
	plain(last_part(url), url, sizeof url);
	for (int i = 0; i < n; i++) {
		const struct instrument *k = catalogue_instrument(m->cat, i);

		if (coded_items(k) == 0) /* its answers can't be read */
			continue;
		plain(k->title, name, sizeof name);
		plain(k->id, id, sizeof id);
		if (strstr(url, name) || (strlen(id) > 4 && strstr(url, id)))
			return i;
	}
	return -1;
}

static int by_items(const struct collect *c)
{
	int n = c->m->cat ? catalogue_instruments(c->m->cat) : 0;
	int best = -1, most = 0;

	for (int i = 0; i < n; i++) {
		const struct instrument *k = catalogue_instrument(c->m->cat, i);
		int all = coded_items(k), met = 0;

		for (int a = 0; a < c->n; a++)
			met += instrument_item_loinc(k, c->s->answer[a].item) >=
			       0;
		if (met > most && met >= (all < MATCH ? all : MATCH) &&
		    met * MATCH >= c->answered) {
			best = i;
			most = met;
		}
	}
	return best;
}

static void map_respondent(struct fhir_map *m, json_t *source, char *out)
{
	struct fhir_ref who;

	fhir_reference(m, source, &who);
	if (strcmp(who.type, "Patient") == 0)
		snprintf(out, VOCABULARY_ID, "youth");
	else if (strcmp(who.type, "RelatedPerson") == 0)
		snprintf(out, VOCABULARY_ID, "parent");
	else if (strncmp(who.type, "Practitioner", 12) == 0)
		snprintf(out, VOCABULARY_ID, "clinician");
	else
		snprintf(out, VOCABULARY_ID, "unknown");
}

/* Whether it is whole: what is in the list of @done. */
static enum fhir_reason map_done(json_t *v, const char *const *done,
				 struct fhir_screen *s)
{
	const char *status = fhir_text(v, "status");

	if (!status)
		return FHIR_BAD_CODE;
	s->errored = strcmp(status, "entered-in-error") == 0;
	if (s->errored)
		return FHIR_OK;
	for (; *done; done++) {
		if (strcmp(status, *done) == 0)
			return FHIR_OK;
	}
	return FHIR_NOT_HAPPENED;
}

enum fhir_reason fhir_map_answered(struct fhir_map *m, json_t *v,
				   struct fhir_item *item)
{
	static const char *const done[] = {"completed", "amended", NULL};
	struct fhir_screen *s = &item->u.screen;
	struct collect c = {.m = m, .s = s, .panel = -1};
	const char *canonical = fhir_text(v, "questionnaire");
	enum fhir_reason why;

	collect_items(&c, json_object_get(v, "item"), 0);
	if (c.panel < 0 && canonical)
		c.panel = by_canonical(m, canonical);
	if (c.panel < 0)
		c.panel = by_items(&c);
	if (c.panel < 0) {
		memset(s, 0, sizeof *s);
		return FHIR_NOT_SCREENING;
	}
	snprintf(s->instrument, sizeof s->instrument, "%s",
		 catalogue_instrument(m->cat, c.panel)->id);
	fhir_reference(m, json_object_get(v, "subject"), &s->child);
	map_respondent(m, json_object_get(v, "source"), s->respondent);
	why = map_done(v, done, s);
	if (why == FHIR_OK)
		why = c.why;
	if (why == FHIR_OK)
		why = fhir_past(m, v, "authored", &s->on);
	if (why == FHIR_OK && s->on == NO_DATE && !s->errored)
		why = FHIR_UNDATED;
	item->day = s->on;
	return why;
}

/* --- Observation --- */

static enum fhir_reason map_when(struct fhir_map *m, json_t *v, int32_t *on)
{
	static const char *const names[] = {"effectiveDateTime",
					    "effectiveInstant"};
	enum fhir_reason why = FHIR_OK;

	*on = NO_DATE;
	for (int i = 0; why == FHIR_OK && *on == NO_DATE && i < 2; i++)
		why = fhir_past(m, v, names[i], on);
	if (why == FHIR_OK && *on == NO_DATE)
		why = fhir_past(m, json_object_get(v, "effectivePeriod"),
				"start", on);
	if (why == FHIR_OK && *on == NO_DATE)
		why = fhir_past(m, v, "issued", on);
	return why;
}

/* The LOINC code of @concept that @known takes, or NULL. */
static const char *loinc_of(struct fhir_map *m, json_t *concept,
			    bool (*known)(const struct fhir_map *m,
					  const char *code))
{
	const char *system, *code;

	for (int i = 0; fhir_coding(concept, i, &system, &code); i++) {
		const char *name = fhir_map_system(system);

		if (name && strcmp(name, "loinc") == 0 && is_loinc(code) &&
		    known(m, code))
			return code;
	}
	return NULL;
}

static bool is_panel(const struct fhir_map *m, const char *code)
{
	return find_panel(m, code) >= 0;
}

static bool is_part(const struct fhir_map *m, const char *code)
{
	return is_item(m, code) || is_result(m, code);
}

/* What @v, an observation or a component, answers to its own code. */
static void collect_value(struct collect *c, json_t *v)
{
	json_t *value = json_object_get(v, "valueCodeableConcept");
	const char *item = loinc_of(c->m, json_object_get(v, "code"), is_part);
	const char *system, *code;

	for (int i = 0; item && fhir_coding(value, i, &system, &code); i++) {
		const char *name = fhir_map_system(system);

		if (name && strcmp(name, "loinc") == 0 && *code)
			add_answer(c, item, code);
	}
}

static enum fhir_reason map_panel(struct collect *c, json_t *v,
				  const char *panel)
{
	struct fhir_screen *s = c->s;
	json_t *list = json_object_get(v, "component"), *k;
	size_t i;

	snprintf(s->instrument, sizeof s->instrument, "%s",
		 catalogue_instrument(c->m->cat, find_panel(c->m, panel))->id);
	json_array_foreach (list, i, k)
		collect_value(c, k);
	return fhir_map_refs(c->m, json_object_get(v, "hasMember"), s->member,
			     FHIR_MEMBERS);
}

static void map_derived(struct fhir_map *m, json_t *list, struct fhir_ref *out)
{
	json_t *v;
	size_t i;

	json_array_foreach (list, i, v) {
		fhir_reference(m, v, out);
		if (strcmp(out->type, "QuestionnaireResponse") == 0)
			return;
		memset(out, 0, sizeof *out);
	}
}

enum fhir_reason fhir_map_observation(struct fhir_map *m, json_t *v,
				      struct fhir_item *item)
{
	static const char *const done[] = {"final", "amended", "corrected",
					   NULL};
	struct fhir_screen *s = &item->u.screen;
	struct collect c = {.m = m, .s = s, .panel = -1};
	json_t *code = json_object_get(v, "code");
	const char *panel = loinc_of(m, code, is_panel);
	json_t *by = json_array_get(json_object_get(v, "performer"), 0);
	enum fhir_reason why = FHIR_OK;

	if (!panel && !loinc_of(m, code, is_part))
		return FHIR_NOT_SCREENING;
	fhir_reference(m, json_object_get(v, "subject"), &s->child);
	map_derived(m, json_object_get(v, "derivedFrom"), &s->of);
	map_respondent(m, by, s->respondent);
	if (panel)
		why = map_panel(&c, v, panel);
	else
		collect_value(&c, v);
	if (why == FHIR_OK)
		why = map_done(v, done, s);
	if (why == FHIR_OK)
		why = c.why;
	if (why == FHIR_OK)
		why = map_when(m, v, &s->on);
	if (why == FHIR_OK && panel && s->on == NO_DATE && !s->errored)
		why = FHIR_UNDATED;
	item->day = s->on;
	return why;
}
