/* What is planned for a child, and with whom:
 *
 * Goal > goal of the child's care plan. proposed, planned, accepted, active and
 *   on-hold are open; completed is reached, unless achievementStatus says
 *   otherwise (not-achieved, not-attainable: dropped; anything else but
 *   achieved: partly); achievementStatus achieved is reached; cancelled and
 *   rejected are dropped. Ended on statusDate, else on the as-of day. Its need is
 *   that of the first Condition in addresses that is a need here, else an open
 *   one of its Gravity category.
 * CarePlan > the activities of its first goal that is here; one without a goal
 *   is itself a goal, named by its title, else its category, else its
 *   description. active, on-hold and unknown are open, completed is reached (the
 *   source says so), revoked dropped. Proposals, options and drafts are nothing
 *   agreed. An activity is an action: its description, else its code; owned by
 *   its first performer, else "not said"; completed is done, cancelled, stopped
 *   and entered-in-error are dropped. An activity that only refers to another
 *   resource is read from there.
 * Both go into the draft of the child's plan, for FHIR does not say that the
 *   family agreed: a person finalizes it. Where the newest version is final the
 *   next one is begun. A plan opens a case, as a need does. What a person
 *   changed stands until the source changes; what the source no longer names
 *   stays.
 * CareTeam > coordinators of other programs: participants whose role is a care
 *   coordinator's or case manager's (vocabulary, [coded coordinator], or a text
 *   that says so), by name; the program is onBehalfOf, else the managing
 *   organization, else the team's name. Others on it are not kept: who treats a
 *   child is not who coordinates. It opens no case.
 * FHIR R4 Goal, CarePlan, CareTeam; US Core 7.0.0. */
#include "regional/exchange/fhir_item.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static void set_state(char *out, const char *state)
{
	snprintf(out, 12, "%s", state);
}

/* A text of people: line breaks are blanks, and what is too long is cut at a
 * whole character, for a plan is not lost over it. */
static enum fhir_reason copy_words(char *out, size_t size, json_t *v)
{
	const char *s = json_string_value(v);
	size_t len = s ? json_string_length(v) : 0;
	char line[FHIR_TEXT];
	enum fhir_reason why;
	json_t *flat;

	if (!s)
		return fhir_copy(out, size, v);
	if (strlen(s) != len)
		return FHIR_CONTROL;
	if (size > sizeof line)
		size = sizeof line;
	if (len >= size) {
		for (len = size - 1; len > 0 && (s[len] & 0xc0) == 0x80; len--)
			;
	}
	for (size_t i = 0; i < len; i++)
		line[i] = s[i] == '\n' || s[i] == '\r' || s[i] == '\t' ? ' '
								       : s[i];
	flat = json_stringn_nocheck(line, len);
	why = flat ? fhir_copy(out, size, flat) : FHIR_TOO_LONG;
	json_decref(flat);
	return why;
}

enum fhir_reason fhir_map_words(json_t *v, char *out, size_t size)
{
	json_t *list = json_object_get(v, "coding"), *c;
	enum fhir_reason why;
	size_t i;

	why = copy_words(out, size, json_object_get(v, "text"));
	json_array_foreach (list, i, c) {
		if (why == FHIR_OK && !*out)
			why = copy_words(out, size,
					 json_object_get(c, "display"));
	}
	return why;
}

static bool is(const char *s, const char *word)
{
	return s && strcmp(s, word) == 0;
}

static enum fhir_reason map_goal_state(json_t *v, struct fhir_goal *g)
{
	static const char *const open[] = {"proposed", "planned", "accepted",
					   "active", "on-hold"};
	json_t *got = json_object_get(v, "achievementStatus");
	const char *status = fhir_text(v, "lifecycleStatus");
	bool known = false;

	if (is(status, "entered-in-error"))
		return FHIR_IN_ERROR;
	for (int i = 0; i < 5; i++)
		known = known || is(status, open[i]);
	if (is(status, "cancelled") || is(status, "rejected"))
		set_state(g->state, "dropped");
	else if (!known && !is(status, "completed"))
		return FHIR_BAD_CODE;
	else if (fhir_has_code(got, "", "achieved"))
		set_state(g->state, "reached");
	else if (known)
		set_state(g->state, "open");
	else if (fhir_has_code(got, "", "not-achieved") ||
		 fhir_has_code(got, "", "not-attainable"))
		set_state(g->state, "dropped");
	else
		set_state(g->state, json_object_get(got, "coding") ? "partly"
								   : "reached");
	return FHIR_OK;
}

enum fhir_reason fhir_map_goal(struct fhir_map *m, json_t *v,
			       struct fhir_item *item)
{
	struct fhir_goal *g = &item->u.goal;
	enum fhir_reason why;

	fhir_reference(m, json_object_get(v, "subject"), &g->child);
	fhir_map_category(m, json_object_get(v, "category"), g->domain);
	why = map_goal_state(v, g);
	if (why == FHIR_OK)
		why = fhir_map_words(json_object_get(v, "description"), g->text,
				     sizeof g->text);
	if (why == FHIR_OK && !*g->text)
		why = FHIR_NO_NAME;
	if (why == FHIR_OK)
		why = fhir_map_refs(m, json_object_get(v, "addresses"), g->need,
				    FHIR_REFS);
	if (why == FHIR_OK)
		why = fhir_day(v, "startDate", &g->begun);
	if (why == FHIR_OK)
		why = fhir_past(m, v, "statusDate", &g->ended);
	if (why != FHIR_OK)
		return why;
	if (g->begun != NO_DATE && g->begun > m->today)
		g->begun = NO_DATE; /* planned */
	if (g->begun == NO_DATE)
		g->begun = g->ended;
	if (g->state[0] == 'o')
		g->ended = NO_DATE;
	item->day = g->begun;
	return FHIR_OK;
}

static enum fhir_reason map_plan_state(json_t *v, struct fhir_goal *g)
{
	const char *status = fhir_text(v, "status");
	const char *intent = fhir_text(v, "intent");

	if (is(status, "entered-in-error"))
		return FHIR_IN_ERROR;
	if (is(status, "draft") || is(intent, "proposal") ||
	    is(intent, "option"))
		return FHIR_NOT_HAPPENED;
	if (is(status, "revoked"))
		set_state(g->state, "dropped");
	else if (is(status, "completed"))
		set_state(g->state, "reached");
	else if (is(status, "active") || is(status, "on-hold") ||
		 is(status, "unknown"))
		set_state(g->state, "open");
	else
		return FHIR_BAD_CODE;
	return FHIR_OK;
}

static enum fhir_reason map_plan_name(json_t *v, struct fhir_goal *g)
{
	json_t *list = json_object_get(v, "category"), *k;
	enum fhir_reason why;
	size_t i;

	why = copy_words(g->text, sizeof g->text, json_object_get(v, "title"));
	json_array_foreach (list, i, k) {
		if (why == FHIR_OK && !*g->text)
			why = fhir_map_words(k, g->text, sizeof g->text);
	}
	if (why == FHIR_OK && !*g->text)
		why = copy_words(g->text, sizeof g->text,
				 json_object_get(v, "description"));
	return why;
}

static enum fhir_reason map_plan_days(struct fhir_map *m, json_t *v,
				      struct fhir_goal *g)
{
	json_t *period = json_object_get(v, "period");
	enum fhir_reason why;

	why = fhir_day(period, "start", &g->begun);
	if (why == FHIR_OK)
		why = fhir_day(period, "end", &g->ended);
	if (why == FHIR_OK && (g->begun == NO_DATE || g->begun > m->today))
		why = fhir_past(m, v, "created", &g->begun);
	if (why != FHIR_OK)
		return why;
	if (g->ended != NO_DATE && g->begun != NO_DATE && g->ended < g->begun)
		return FHIR_BAD_DATE;
	if (g->state[0] == 'o' || g->ended > m->today)
		g->ended = NO_DATE;
	return FHIR_OK;
}

static void map_activity_state(json_t *detail, const struct fhir_goal *g,
			       struct fhir_activity *a)
{
	const char *status = fhir_text(detail, "status");

	if (is(status, "completed"))
		set_state(a->state, "done");
	else if (is(status, "cancelled") || is(status, "stopped") ||
		 is(status, "entered-in-error"))
		set_state(a->state, "dropped");
	else
		set_state(a->state, "open");
	a->ended = a->state[0] == 'o' ? NO_DATE : g->ended;
}

static enum fhir_reason map_activity(json_t *detail, const struct fhir_goal *g,
				     struct fhir_activity *a)
{
	json_t *by = json_array_get(json_object_get(detail, "performer"), 0);
	json_t *period = json_object_get(detail, "scheduledPeriod");
	enum fhir_reason why;

	why = copy_words(a->action, sizeof a->action,
			 json_object_get(detail, "description"));
	if (why == FHIR_OK && !*a->action)
		why = fhir_map_words(json_object_get(detail, "code"), a->action,
				     sizeof a->action);
	if (why == FHIR_OK)
		why = fhir_copy(a->owner, sizeof a->owner,
				json_object_get(by, "display"));
	if (why == FHIR_OK)
		why = fhir_day(period, "end", &a->due);
	if (!*a->owner)
		snprintf(a->owner, sizeof a->owner, "not said");
	map_activity_state(detail, g, a);
	return why;
}

static enum fhir_reason map_activities(json_t *list, struct fhir_plan *p)
{
	enum fhir_reason why = FHIR_OK;
	json_t *v;
	size_t i;
	int n = 0;

	json_array_foreach (list, i, v) {
		json_t *detail = json_object_get(v, "detail");

		if (!detail)
			continue;
		if (n == FHIR_ACTIVITIES)
			return FHIR_TOO_LONG;
		why = map_activity(detail, &p->self, &p->activity[n]);
		if (why != FHIR_OK)
			return why;
		n += *p->activity[n].action != '\0';
	}
	return FHIR_OK;
}

enum fhir_reason fhir_map_plan(struct fhir_map *m, json_t *v,
			       struct fhir_item *item)
{
	struct fhir_plan *p = &item->u.plan;
	struct fhir_goal *g = &p->self;
	enum fhir_reason why;

	fhir_reference(m, json_object_get(v, "subject"), &g->child);
	fhir_map_category(m, json_object_get(v, "category"), g->domain);
	why = map_plan_state(v, g);
	if (why == FHIR_OK)
		why = map_plan_name(v, g);
	if (why == FHIR_OK)
		why = map_plan_days(m, v, g);
	if (why == FHIR_OK)
		why = fhir_map_refs(m, json_object_get(v, "addresses"), g->need,
				    FHIR_REFS);
	if (why == FHIR_OK)
		why = fhir_map_refs(m, json_object_get(v, "goal"), p->goal,
				    FHIR_GOALS);
	if (why == FHIR_OK && !*g->text && !*p->goal[0].id)
		why = FHIR_NO_NAME;
	if (why == FHIR_OK)
		why = map_activities(json_object_get(v, "activity"), p);
	item->day = g->begun;
	return why;
}

/* --- CareTeam --- */

static bool says_coordinator(json_t *role)
{
	char text[FHIR_TEXT];

	if (fhir_map_words(role, text, sizeof text) != FHIR_OK)
		return false;
	for (char *s = text; *s; s++)
		*s = (char)tolower((unsigned char)*s);
	return strstr(text, "coordinator") || strstr(text, "case manager") ||
	       strstr(text, "care manager");
}

static bool coordinates(struct fhir_map *m, json_t *roles)
{
	json_t *v;
	size_t i;

	if (fhir_map_coded(m, roles, "coordinator"))
		return true;
	json_array_foreach (roles, i, v) {
		if (says_coordinator(v))
			return true;
	}
	return false;
}

static enum fhir_reason map_program(json_t *team, json_t *p, char *out)
{
	json_t *manager = json_array_get(
		json_object_get(team, "managingOrganization"), 0);
	json_t *behalf = json_object_get(p, "onBehalfOf");
	enum fhir_reason why;

	why = fhir_copy(out, NAME_TEXT, json_object_get(behalf, "display"));
	if (why == FHIR_OK && !*out)
		why = fhir_copy(out, NAME_TEXT,
				json_object_get(manager, "display"));
	if (why == FHIR_OK && !*out)
		why = fhir_copy(out, NAME_TEXT, json_object_get(team, "name"));
	if (why == FHIR_OK && !*out)
		snprintf(out, NAME_TEXT, "not said");
	return why;
}

static enum fhir_reason map_member(struct fhir_map *m, json_t *team, json_t *p,
				   struct fhir_member *out)
{
	json_t *who = json_object_get(p, "member");
	json_t *period = json_object_get(p, "period");
	json_t *whole = json_object_get(team, "period");
	const char *status = fhir_text(team, "status");
	enum fhir_reason why;

	fhir_reference(m, who, &out->who);
	why = fhir_copy(out->name, NAME_TEXT, json_object_get(who, "display"));
	if (why == FHIR_OK)
		why = map_program(team, p, out->program);
	if (why == FHIR_OK)
		why = fhir_past(m, period ? period : whole, "start",
				&out->since);
	if (why == FHIR_OK)
		why = fhir_day(period, "end", &out->until);
	if (why == FHIR_OK && out->until == NO_DATE)
		why = fhir_day(whole, "end", &out->until);
	if (why != FHIR_OK)
		return why;
	if (out->until != NO_DATE && out->until > m->today)
		out->until = NO_DATE;
	out->over = is(status, "inactive") && out->until == NO_DATE;
	return FHIR_OK;
}

enum fhir_reason fhir_map_team(struct fhir_map *m, json_t *v,
			       struct fhir_item *item)
{
	struct fhir_team *t = &item->u.team;
	json_t *list = json_object_get(v, "participant"), *p;
	const char *status = fhir_text(v, "status");
	enum fhir_reason why = FHIR_OK;
	size_t i;
	int n = 0;

	if (is(status, "entered-in-error"))
		return FHIR_IN_ERROR;
	if (is(status, "proposed"))
		return FHIR_NOT_HAPPENED;
	fhir_reference(m, json_object_get(v, "subject"), &t->child);
	json_array_foreach (list, i, p) {
		if (!coordinates(m, json_object_get(p, "role")))
			continue;
		if (n == FHIR_REFS)
			return FHIR_TOO_LONG;
		why = map_member(m, v, p, &t->member[n++]);
		if (why != FHIR_OK)
			return why;
	}
	return n > 0 ? FHIR_OK : FHIR_NO_COORDINATOR;
}
