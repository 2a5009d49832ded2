/* ServiceRequest > referral:
 *   Its need is that of the first reasonReference that is a need here, else of
 *   the Gravity category, else of a reasonCode by the vocabulary: an open need
 *   of the child in that domain, or a new one. Without any it is no referral
 *   of ours. The receiver is the first performer that is known, else the owner
 *   of its Task.
 *   proposal, plan, option, draft: a draft. active, on-hold: requested (the
 *   life cycle knows no pause before the receiver answers). revoked: cancelled.
 *   completed: completed, unless a Task speaks for it, which knows better.
 *   Sent on the Task's authoredOn, else on its own, else its occurrence, else
 *   when the need was found.
 * Task > the states of the referral that is its focus (code "fulfill", or
 *   none). received is requested, ready is accepted; the others are the same.
 *   It goes the shortest way of the life cycle, through "accepted" when
 *   executionPeriod.start says that the receiver began. Days: requested on
 *   authoredOn; accepted and in-progress on executionPeriod.start; a final
 *   state on executionPeriod.end; what is not said on lastModified, else
 *   authoredOn. A step dated before the one before it is taken on that day.
 *   Several Tasks of one request are taken in the order of their states.
 *   A Task without a ServiceRequest is a referral by itself when it names a
 *   social need (reasonReference, reasonCode, or an input with a category).
 *   Patient-facing Tasks (make-contact, complete-questionnaire ...) are not
 *   needed here.
 *   statusReason: why; a barrier code of ours if its system is
 *   urn:ccfed:barrier or if a code or the text is one.
 *   businessStatus: capacity or enrollment, of system urn:ccfed:capacity,
 *   urn:ccfed:enrollment, or Gravity's.
 *   output: "resulting-activity" of Gravity means received, on the day of the
 *   Procedure, else executionPeriod.end, else lastModified; a type of system
 *   urn:ccfed:linkage is taken exactly, on its valueDateTime or valueDate,
 *   else lastModified. "completed" alone is never a linkage. */
#include "regional/exchange/fhir_item.h"

#include <stdio.h>
#include <string.h>

#define BARRIER "urn:ccfed:barrier"
#define CAPACITY "urn:ccfed:capacity"
#define ENROLLMENT "urn:ccfed:enrollment"
#define LINKAGE "urn:ccfed:linkage"

static bool is_one_of(const char *s, const char *const *list)
{
	for (; s && *list; list++) {
		if (strcmp(s, *list) == 0)
			return true;
	}
	return false;
}

static enum fhir_reason map_request_state(json_t *v, enum referral_state *out)
{
	static const char *const plans[] = {"proposal", "plan", "option", NULL};
	static const struct {
		const char *status;
		enum referral_state state;
	} states[] = {{"draft", REFERRAL_DRAFT},
		      {"active", REFERRAL_REQUESTED},
		      {"on-hold", REFERRAL_REQUESTED},
		      {"revoked", REFERRAL_CANCELLED},
		      {"completed", REFERRAL_COMPLETED},
		      {"entered-in-error", REFERRAL_ENTERED_IN_ERROR}};
	const char *status = fhir_text(v, "status");
	bool plan = is_one_of(fhir_text(v, "intent"), plans);

	for (size_t i = 0; status && i < sizeof states / sizeof *states; i++) {
		if (strcmp(status, states[i].status) != 0)
			continue;
		*out = states[i].state;
		if (plan && *out == REFERRAL_CANCELLED)
			return FHIR_NEVER_SENT;
		if (plan && *out != REFERRAL_ENTERED_IN_ERROR)
			*out = REFERRAL_DRAFT;
		return FHIR_OK;
	}
	return FHIR_BAD_CODE;
}

static enum fhir_reason map_request_days(struct fhir_map *m, json_t *v,
					 struct fhir_request *q)
{
	json_t *period = json_object_get(v, "occurrencePeriod");
	int32_t when = NO_DATE, start = NO_DATE;
	enum fhir_reason why;

	q->ended = NO_DATE;
	why = fhir_past(m, v, "authoredOn", &q->authored);
	/* Planned services lie in the future and say nothing yet. */
	if (why == FHIR_OK)
		why = fhir_day(v, "occurrenceDateTime", &when);
	if (why == FHIR_OK && when == NO_DATE)
		why = fhir_day(period, "end", &when);
	if (why == FHIR_OK)
		why = fhir_day(period, "start", &start);
	if (why != FHIR_OK)
		return why;
	if (when != NO_DATE && when <= m->today)
		q->ended = when;
	if (start == NO_DATE || start > m->today)
		start = q->ended;
	if (q->authored == NO_DATE)
		q->authored = start;
	return FHIR_OK;
}

enum fhir_reason fhir_map_request(struct fhir_map *m, json_t *v,
				  struct fhir_item *item)
{
	struct fhir_request *q = &item->u.request;
	enum fhir_reason why;
	json_t *reasons = json_object_get(v, "reasonReference");
	bool social;

	social =
		fhir_map_category(m, json_object_get(v, "category"), q->domain);
	if (!*q->domain)
		fhir_map_code(m, json_object_get(v, "reasonCode"), q->domain);
	if (!*q->domain && social)
		fhir_map_code(m, json_object_get(v, "code"), q->domain);
	if (!*q->domain && json_array_size(reasons) == 0)
		return social ? FHIR_NO_CATEGORY : FHIR_NOT_REFERRAL;
	fhir_reference(m, json_object_get(v, "subject"), &q->child);
	why = map_request_state(v, &q->state);
	if (why == FHIR_OK)
		why = fhir_map_refs(m, reasons, q->reason, FHIR_REFS);
	if (why == FHIR_OK)
		why = fhir_map_refs(m, json_object_get(v, "performer"),
				    q->performer, FHIR_REFS);
	if (why == FHIR_OK)
		why = map_request_days(m, v, q);
	item->day = q->authored;
	return why;
}

static enum fhir_reason map_task_state(json_t *v, struct fhir_task *t)
{
	const char *status = fhir_text(v, "status");

	if (!status)
		return FHIR_BAD_CODE;
	if (strcmp(status, "received") == 0)
		status = "requested";
	else if (strcmp(status, "ready") == 0)
		status = "accepted";
	return referral_state_parse(status, &t->state) < 0 ? FHIR_BAD_CODE
							   : FHIR_OK;
}

static bool is_final(enum referral_state s)
{
	return s == REFERRAL_CANCELLED || s == REFERRAL_FAILED ||
	       s == REFERRAL_COMPLETED;
}

static enum fhir_reason map_task_days(struct fhir_map *m, json_t *v,
				      struct fhir_task *t)
{
	json_t *period = json_object_get(v, "executionPeriod");
	enum fhir_reason why;

	t->start = t->end = NO_DATE;
	why = fhir_past(m, v, "authoredOn", &t->authored);
	if (why == FHIR_OK)
		why = fhir_past(m, v, "lastModified", &t->modified);
	/* Before the receiver accepts, a period is a plan. */
	if (why == FHIR_OK && t->state != REFERRAL_DRAFT &&
	    t->state != REFERRAL_REQUESTED && t->state != REFERRAL_REJECTED)
		why = fhir_day(period, "start", &t->start);
	if (why == FHIR_OK && t->start != NO_DATE && t->start > m->today)
		t->start = NO_DATE;
	if (why == FHIR_OK && is_final(t->state))
		why = fhir_past(m, period, "end", &t->end);
	return why;
}

/* A line break is none of the characters that are refused here: people write
 * sentences into this one. */
static enum fhir_reason copy_why(char *out, json_t *v)
{
	const char *s = json_string_value(v);
	char line[FHIR_WHY];
	enum fhir_reason why;
	json_t *flat;
	size_t i;

	if (!s || json_string_length(v) >= sizeof line)
		return fhir_copy(out, FHIR_WHY, v);
	for (i = 0; i < json_string_length(v); i++)
		line[i] = s[i] == '\n' || s[i] == '\r' || s[i] == '\t' ? ' '
								       : s[i];
	flat = json_stringn_nocheck(line, i);
	why = flat ? fhir_copy(out, FHIR_WHY, flat) : FHIR_TOO_LONG;
	json_decref(flat);
	return why;
}

static bool take_barrier(struct fhir_map *m, const char *code, char *out)
{
	if (!m->words || vocabulary_find(m->words, WORDS_BARRIER, code) < 0)
		return false;
	snprintf(out, VOCABULARY_ID, "%.31s", code);
	return true;
}

static enum fhir_reason map_why(struct fhir_map *m, json_t *v,
				struct fhir_task *t)
{
	json_t *first = json_array_get(json_object_get(v, "coding"), 0);
	const char *system, *code;
	enum fhir_reason why;

	why = copy_why(t->why, json_object_get(v, "text"));
	if (why == FHIR_OK && !*t->why)
		why = copy_why(t->why, json_object_get(first, "display"));
	for (int i = 0; why == FHIR_OK && fhir_coding(v, i, &system, &code);
	     i++) {
		if (*t->barrier)
			break;
		if (!take_barrier(m, code, t->barrier) &&
		    strcmp(system, BARRIER) == 0)
			why = FHIR_BAD_CODE;
	}
	if (why == FHIR_OK && !*t->barrier)
		take_barrier(m, t->why, t->barrier);
	return why;
}

static enum fhir_reason map_answer(json_t *v, struct fhir_task *t)
{
	static const char *const capacity[] = {
		"capacity", "no-capacity", "waitlist",
		"additional-assessment-required", NULL};
	static const char *const enrollment[] = {
		"enrolled", "not-enrolled", "not-enrolled-on-waitlist", NULL};
	const char *system, *code;

	for (int i = 0; fhir_coding(v, i, &system, &code); i++) {
		bool gravity = strstr(system, "sdoh-clinicalcare") != NULL;
		bool cap = strcmp(system, CAPACITY) == 0;
		bool enr = strcmp(system, ENROLLMENT) == 0;

		if ((cap || gravity) && is_one_of(code, capacity))
			snprintf(t->capacity, sizeof t->capacity, "%s", code);
		else if ((enr || gravity) && is_one_of(code, enrollment))
			snprintf(t->enrollment, sizeof t->enrollment, "%s",
				 code);
		else if (cap || enr)
			return FHIR_BAD_CODE;
	}
	return FHIR_OK;
}

static enum fhir_reason map_linkage(struct fhir_map *m, json_t *v,
				    const struct fhir_task *t, const char *code,
				    struct fhir_output *out)
{
	enum fhir_reason why;

	if (m->words && vocabulary_find(m->words, WORDS_LINKAGE, code) < 0)
		return FHIR_BAD_CODE;
	snprintf(out->outcome, sizeof out->outcome, "%s", code);
	why = fhir_past(m, v, "valueDateTime", &out->on);
	if (why == FHIR_OK && out->on == NO_DATE)
		why = fhir_past(m, v, "valueDate", &out->on);
	if (why == FHIR_OK && out->on == NO_DATE)
		out->on = t->modified;
	return why == FHIR_OK && out->on == NO_DATE ? FHIR_NO_DAY : why;
}

static enum fhir_reason map_outputs(struct fhir_map *m, json_t *list,
				    struct fhir_task *t)
{
	const char *system, *code;
	enum fhir_reason why = FHIR_OK;
	size_t i;
	int n = 0;
	json_t *v;

	json_array_foreach (list, i, v) {
		json_t *type = json_object_get(v, "type");

		for (int k = 0; fhir_coding(type, k, &system, &code); k++) {
			bool ours = strcmp(system, LINKAGE) == 0;

			if (!ours && (strcmp(system, fhir_gravity) != 0 ||
				      strcmp(code, "resulting-activity") != 0))
				continue;
			if (n == FHIR_OUTPUTS)
				return FHIR_TOO_LONG;
			t->output[n].on = NO_DATE;
			if (ours) {
				why = map_linkage(m, v, t, code, &t->output[n]);
			} else {
				snprintf(t->output[n].outcome, VOCABULARY_ID,
					 "received");
				fhir_reference(
					m, json_object_get(v, "valueReference"),
					&t->output[n].procedure);
			}
			if (why != FHIR_OK)
				return why;
			n++;
		}
	}
	return FHIR_OK;
}

static void map_task_need(struct fhir_map *m, json_t *v, struct fhir_task *t)
{
	json_t *list = json_object_get(v, "input"), *in;
	size_t i;

	fhir_reference(m, json_object_get(v, "reasonReference"), &t->reason);
	fhir_map_code(m, json_object_get(v, "reasonCode"), t->domain);
	json_array_foreach (list, i, in) {
		if (!*t->domain)
			fhir_map_category(
				m, json_object_get(in, "valueCodeableConcept"),
				t->domain);
	}
}

static enum fhir_reason map_task_class(json_t *v)
{
	static const char *const patient[] = {
		"make-contact",	      "complete-questionnaire",
		"review-material",    "general-information",
		"risk-questionnaire", "feedback-questionnaire",
		"contact-entity",     NULL};
	json_t *concept = json_object_get(v, "code");
	const char *system, *code;
	int i;

	for (i = 0; fhir_coding(concept, i, &system, &code); i++) {
		if (strcmp(code, "fulfill") == 0)
			return FHIR_OK;
		if (is_one_of(code, patient))
			return FHIR_NOT_NEEDED;
	}
	return i > 0 ? FHIR_NOT_FULFILL : FHIR_OK;
}

enum fhir_reason fhir_map_task(struct fhir_map *m, json_t *v,
			       struct fhir_item *item)
{
	struct fhir_task *t = &item->u.task;
	enum fhir_reason why = map_task_class(v);

	if (why != FHIR_OK)
		return why;
	fhir_reference(m, json_object_get(v, "focus"), &t->focus);
	if (*t->focus.type && strcmp(t->focus.type, "ServiceRequest") != 0)
		memset(&t->focus, 0, sizeof t->focus);
	map_task_need(m, v, t);
	if (!*t->focus.id && !*t->domain && !*t->reason.id)
		return FHIR_NOT_FULFILL;
	fhir_reference(m, json_object_get(v, "for"), &t->child);
	fhir_reference(m, json_object_get(v, "owner"), &t->owner);
	why = map_task_state(v, t);
	if (why == FHIR_OK)
		why = map_task_days(m, v, t);
	item->day = t->authored;
	if (why == FHIR_OK)
		why = map_why(m, json_object_get(v, "statusReason"), t);
	if (why == FHIR_OK)
		why = map_answer(json_object_get(v, "businessStatus"), t);
	if (why == FHIR_OK)
		why = map_outputs(m, json_object_get(v, "output"), t);
	return why;
}
