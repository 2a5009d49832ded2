/* Who is around a child:
 *
 * RelatedPerson > caregiver, in the child's main home, or in a new family when
 *   it has none. The relation is that of the v3 RoleCode by the vocabulary,
 *   else "other"; employers, insurers and agencies (v2-0131 E, I, F, S) are
 *   nobody who cares for the child. Custody is "unknown", and the right to sign
 *   is never taken from here: a relationship code does not say who has it, a
 *   person enters that (custody.h). How to reach them is taken as "not known to
 *   be safe" and without leave for messages: FHIR can't say otherwise, and
 *   safety comes first (reach.h). US Core 7.0.0, RelatedPerson.
 * Practitioner, PractitionerRole: read for names and for the organization of a
 *   role. Nobody becomes a member of the staff or gets an account by an import.
 * Patient.generalPractitioner > the child's practice: an Organization by its
 *   name; a PractitionerRole by its organization, with the clinician's name; a
 *   Practitioner by the organization of a role of this import that names it.
 *   Without an organization there is no practice to name. From the as-of day
 *   on, for FHIR does not say since when.
 * Coverage > coverage. The kind is that of type (Source of Payment Typology, v3
 *   ActCode) by the vocabulary, a longer typology code being its parent's; else
 *   "unknown". draft and cancelled ones are not taken; one that is cancelled
 *   later ends with its period, or on the as-of day.
 * Consent > consent, if it is active and says what it allows: a provision or
 *   category of system urn:ccfed:scope is taken exactly; disclosure of
 *   information (v3 IDSCL, LOINC 64292-6, hipaa-auth) allows "refer", for that
 *   is what SDOHCC-Consent is for: "the patient has consented to the release of
 *   information to an organization that is no covered entity", so that it can
 *   serve a referral. Signed by performer (else verification.verifiedWith): the
 *   patient itself, or a RelatedPerson who is here with a right to sign that a
 *   person entered; nobody else. The receiver is the first actor of the
 *   provision that is known here. A scan inside: fhir_scan.c. One that is no
 *   more active is withdrawn. HL7 SDOH Clinical Care 2.3.0, SDOHCC-Consent. */
#include "regional/exchange/fhir_item.h"

#include <stdio.h>
#include <string.h>

#define SCOPE "urn:ccfed:scope"

enum fhir_reason fhir_map_full_name(json_t *v, char *out, size_t size)
{
	char given[NAME_TEXT], family[NAME_TEXT];
	enum fhir_reason why = fhir_map_names(v, given, family);
	int n;

	out[0] = '\0';
	if (why != FHIR_OK)
		return why;
	n = snprintf(out, size, "%s%s%s", given, *given && *family ? " " : "",
		     family);
	return n < 0 || (size_t)n >= size ? FHIR_TOO_LONG : FHIR_OK;
}

enum fhir_reason fhir_map_refs(struct fhir_map *m, json_t *list,
			       struct fhir_ref *out, size_t max)
{
	json_t *v;
	size_t i;

	if (json_array_size(list) > max)
		return FHIR_TOO_LONG;
	json_array_foreach (list, i, v)
		fhir_reference(m, v, &out[i]);
	return FHIR_OK;
}

enum fhir_reason fhir_map_practitioner(struct fhir_map *m, json_t *v,
				       struct fhir_item *item)
{
	struct fhir_practitioner *p = &item->u.practitioner;

	(void)m;
	/* A converter may leave all of it out: then it has no name to read. */
	if (json_array_size(json_object_get(v, "name")) == 0)
		return FHIR_OK;
	return fhir_map_full_name(v, p->name, sizeof p->name);
}

enum fhir_reason fhir_map_role(struct fhir_map *m, json_t *v,
			       struct fhir_item *item)
{
	struct fhir_practitioner *p = &item->u.practitioner;
	json_t *who = json_object_get(v, "practitioner");

	fhir_reference(m, who, &p->person);
	fhir_reference(m, json_object_get(v, "organization"), &p->organization);
	return fhir_copy(p->name, sizeof p->name,
			 json_object_get(who, "display"));
}

bool fhir_map_nobody(json_t *relation)
{
	static const char *const none[] = {"E", "I", "F", "S"};
	const char *system, *code;

	for (int i = 0; fhir_coding(relation, i, &system, &code); i++) {
		for (int k = 0; strstr(system, "0131") && k < 4; k++) {
			if (strcmp(code, none[k]) == 0)
				return true;
		}
	}
	return false;
}

void fhir_map_relation(struct fhir_map *m, json_t *v, char *out)
{
	const char *system, *code;
	int k = -1;

	snprintf(out, VOCABULARY_ID, "other");
	for (int i = 0; m->words && k < 0 && fhir_coding(v, i, &system, &code);
	     i++) {
		if (strstr(system, "RoleCode"))
			k = vocabulary_map(m->words, WORDS_RELATION, "v3-role",
					   code);
	}
	if (k >= 0 && strcmp(vocabulary_word(m->words, WORDS_RELATION, k)->id,
			     "self") != 0)
		snprintf(out, VOCABULARY_ID, "%s",
			 vocabulary_word(m->words, WORDS_RELATION, k)->id);
}

enum fhir_reason fhir_map_telecom(json_t *list,
				  struct fhir_telecom out[FHIR_TELECOMS])
{
	static const char *const ways[][2] = {
		{"phone", "phone"}, {"sms", "text"}, {"email", "email"}};
	enum fhir_reason why = FHIR_OK;
	size_t i;
	int n = 0;
	json_t *t;

	json_array_foreach (list, i, t) {
		const char *system = fhir_text(t, "system");
		const char *use = fhir_text(t, "use");
		json_t *value = json_object_get(t, "value");
		json_t *period = json_object_get(t, "period");

		if (!system || !value || n == FHIR_TELECOMS ||
		    (use && strcmp(use, "old") == 0) ||
		    json_object_get(period, "end"))
			continue;
		for (int k = 0; why == FHIR_OK && k < 3; k++) {
			struct fhir_telecom *to = &out[n];

			if (strcmp(system, ways[k][0]) != 0)
				continue;
			why = fhir_copy(to->value, sizeof to->value, value);
			if (why != FHIR_OK || !*to->value)
				break;
			snprintf(to->way, sizeof to->way, "%s", ways[k][1]);
			n++;
			break;
		}
		if (why != FHIR_OK)
			break;
	}
	return why;
}

enum fhir_reason fhir_map_person(struct fhir_map *m, json_t *v,
				 struct fhir_item *item)
{
	struct fhir_person *p = &item->u.person;
	json_t *relation = json_object_get(v, "relationship");
	json_t *period = json_object_get(v, "period");
	enum fhir_reason why;
	int32_t end;

	if (fhir_map_nobody(relation))
		return FHIR_NOT_CARER;
	fhir_reference(m, json_object_get(v, "patient"), &p->child);
	fhir_map_relation(m, relation, p->relation);
	why = fhir_map_names(v, p->given, p->family);
	if (why == FHIR_OK)
		why = fhir_day(period, "end", &end);
	if (why == FHIR_OK)
		why = fhir_map_telecom(json_object_get(v, "telecom"),
				       p->telecom);
	if (why != FHIR_OK)
		return why;
	p->inactive = json_is_false(json_object_get(v, "active")) ||
		      (end != NO_DATE && end < m->today);
	return FHIR_OK;
}

static int payment_of(struct fhir_map *m, const char *code)
{
	char c[16];
	int k = -1;

	if (strlen(code) >= sizeof c)
		return -1;
	snprintf(c, sizeof c, "%s", code);
	for (; k < 0 && *c; c[strlen(c) - 1] = '\0')
		k = vocabulary_map(m->words, WORDS_COVERAGE, "sopt", c);
	return k;
}

static void map_payment(struct fhir_map *m, json_t *type, char *out)
{
	const char *system, *code;
	int k = -1;

	snprintf(out, VOCABULARY_ID, "unknown");
	for (int i = 0;
	     m->words && k < 0 && fhir_coding(type, i, &system, &code); i++) {
		if (strstr(system, "nahdo.org/sopt") ||
		    strstr(system, "221.3.5")) /* its OID ends so */
			k = payment_of(m, code);
		else if (strstr(system, "v3-ActCode") ||
			 strstr(system, "coverage-selfpay"))
			k = vocabulary_map(m->words, WORDS_COVERAGE, "v3-act",
					   code);
	}
	if (k >= 0)
		snprintf(out, VOCABULARY_ID, "%s",
			 vocabulary_word(m->words, WORDS_COVERAGE, k)->id);
}

enum fhir_reason fhir_map_coverage(struct fhir_map *m, json_t *v,
				   struct fhir_item *item)
{
	struct fhir_coverage *c = &item->u.coverage;
	json_t *payer = json_array_get(json_object_get(v, "payor"), 0);
	json_t *period = json_object_get(v, "period");
	const char *status = fhir_text(v, "status");
	json_t *member = json_object_get(v, "subscriberId");
	enum fhir_reason why;

	if (!status)
		return FHIR_BAD_CODE;
	if (strcmp(status, "entered-in-error") == 0)
		return FHIR_IN_ERROR;
	if (strcmp(status, "draft") == 0)
		return FHIR_NOT_HAPPENED;
	fhir_reference(m, json_object_get(v, "beneficiary"), &c->child);
	fhir_reference(m, payer, &c->payer);
	map_payment(m, json_object_get(v, "type"), c->kind);
	if (json_is_object(member)) /* R5: an Identifier */
		member = json_object_get(member, "value");
	why = fhir_copy(c->member, sizeof c->member, member);
	if (why == FHIR_OK)
		why = fhir_copy(c->name, sizeof c->name,
				json_object_get(payer, "display"));
	if (why == FHIR_OK)
		why = fhir_past(m, period, "start", &c->since);
	if (why == FHIR_OK)
		why = fhir_day(period, "end", &c->until);
	if (why != FHIR_OK)
		return why;
	if (c->until != NO_DATE && c->until > m->today)
		c->until = NO_DATE; /* a plan year that goes on */
	c->over = strcmp(status, "cancelled") == 0 && c->until == NO_DATE;
	if (c->until != NO_DATE && c->since != NO_DATE && c->until < c->since)
		return FHIR_BAD_DATE;
	return FHIR_OK;
}

static void take_scope(struct fhir_map *m, const char *code,
		       struct fhir_consent *c)
{
	if (c->scopes == 8 || !m->words ||
	    vocabulary_find(m->words, WORDS_SCOPE, code) < 0)
		return;
	for (int i = 0; i < c->scopes; i++) {
		if (strcmp(c->scope[i], code) == 0)
			return;
	}
	snprintf(c->scope[c->scopes++], VOCABULARY_ID, "%.31s", code);
}

static void map_scopes(struct fhir_map *m, json_t *v, struct fhir_consent *c)
{
	const char *system, *code;

	for (int i = 0; fhir_coding(v, i, &system, &code); i++) {
		if (strcmp(system, SCOPE) == 0)
			take_scope(m, code, c);
	}
	if (c->scopes == 0 && fhir_map_coded(m, v, "disclosure"))
		take_scope(m, "refer", c);
}

static void map_signer(struct fhir_map *m, json_t *v, struct fhir_consent *c)
{
	json_t *list = json_object_get(v, "performer"), *k;
	size_t i;

	fhir_reference(m, json_array_get(list, 0), &c->signer);
	list = json_object_get(v, "verification");
	json_array_foreach (list, i, k) {
		if (!*c->signer.id)
			fhir_reference(m, json_object_get(k, "verifiedWith"),
				       &c->signer);
	}
}

enum fhir_reason fhir_map_consent(struct fhir_map *m, json_t *v,
				  struct fhir_item *item)
{
	struct fhir_consent *c = &item->u.consent;
	json_t *rule = json_object_get(v, "provision");
	json_t *actor = json_array_get(json_object_get(rule, "actor"), 0);
	json_t *period = json_object_get(rule, "period");
	const char *status = fhir_text(v, "status");
	const char *type = fhir_text(rule, "type");
	enum fhir_reason why;

	if (!status)
		return FHIR_BAD_CODE;
	if (strcmp(status, "draft") == 0 || strcmp(status, "proposed") == 0)
		return FHIR_NOT_HAPPENED;
	c->ended = strcmp(status, "active") != 0 ||
		   (type && strcmp(type, "deny") == 0);
	fhir_reference(m, json_object_get(v, "patient"), &c->child);
	fhir_reference(m, json_object_get(actor, "reference"), &c->to);
	map_scopes(m, json_object_get(rule, "code"), c);
	map_scopes(m, json_object_get(v, "category"), c);
	map_signer(m, v, c);
	fhir_map_scan(m, v, item);
	why = fhir_past(m, v, "dateTime", &c->signed_on);
	if (why == FHIR_OK)
		why = fhir_day(period, "start", &c->since);
	if (why == FHIR_OK)
		why = fhir_day(period, "end", &c->until);
	if (why != FHIR_OK)
		return why;
	if (c->signed_on == NO_DATE && !c->ended)
		return FHIR_UNDATED;
	if (c->since == NO_DATE || c->since < c->signed_on)
		c->since = c->signed_on;
	item->day = c->signed_on;
	return FHIR_OK;
}
