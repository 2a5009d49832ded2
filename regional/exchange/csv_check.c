/* What must be there in a row, and in which order its days. */
#include "regional/exchange/csv_item.h"

#include <stdio.h>
#include <string.h>

#include "proto/catalogue.h"

void csv_check_say(struct csv_taking *t, enum csv_reason why,
		   const char *column, const char *message)
{
	if (t->why == CSV_OK)
		t->why = why;
	t->k->say(t->k->arg, column, message);
}

/* The column of a field, or its name in the mapping's words. */
static const char *column_of(const struct csv_taking *t,
			     enum csv_section section, const char *key,
			     int group)
{
	const struct csv_column *c =
		csv_map_column(t->k->map, section, key, group);

	return c ? c->name : key;
}

static void order(struct csv_taking *t, int32_t day, int32_t first,
		  const char *column, const char *message)
{
	if (day != NO_DATE && first != NO_DATE && day < first)
		csv_check_say(t, CSV_ORDER, column, message);
}

static void check_need(struct csv_taking *t, int g)
{
	struct csv_need *n = &t->item->need[g];

	if (!*n->domain)
		csv_check_say(
			t, CSV_MISSING, column_of(t, CSV_OF_NEED, "domain", g),
			"a need or a referral is given, but not which need");
	order(t, n->closed, n->found, column_of(t, CSV_OF_NEED, "closed", g),
	      "it is before the day the need was found");
	if (n->closed != NO_DATE && !*n->outcome && *n->reason)
		snprintf(n->outcome, sizeof n->outcome, "unmet");
	if (n->closed != NO_DATE && !*n->outcome)
		csv_check_say(t, CSV_MISSING,
			      column_of(t, CSV_OF_NEED, "outcome", g),
			      "the need is closed: say met or unmet, or give a "
			      "reason");
	if (n->closed == NO_DATE && *n->outcome)
		csv_check_say(t, CSV_MISSING,
			      column_of(t, CSV_OF_NEED, "closed", g),
			      "the need is met or unmet, but not since when");
	if (strcmp(n->outcome, "met") == 0 && *n->reason)
		csv_check_say(
			t, CSV_VALUE, column_of(t, CSV_OF_NEED, "reason", g),
			"a need that was met has no reason for being unmet");
	if (strcmp(n->outcome, "unmet") == 0 && !*n->reason)
		snprintf(n->reason, sizeof n->reason, "UNKNOWN");
}

static void first_of(int32_t *first, int32_t day)
{
	if (day != NO_DATE && (*first == NO_DATE || day < *first))
		*first = day;
}

/* For each day of a section: nothing is before @limit; the first is noted. */
static void days_of(struct csv_taking *t, enum csv_section section, int g,
		    int32_t limit, const char *message, int32_t *first)
{
	for (int i = 0; i < csv_field_count; i++) {
		const struct csv_field *f = &csv_fields[i];
		int32_t day;

		if (f->section != section || f->type != CSV_DAY)
			continue;
		memcpy(&day, csv_row_into(t->item, f, g), sizeof day);
		order(t, day, limit, column_of(t, section, f->key, g), message);
		first_of(first, day);
	}
}

static bool has_day_of(const struct csv_referral *f, const char *state)
{
	const struct {
		const char *state;
		int32_t day;
	} is[] = {
		{"requested", f->sent},	     {"accepted", f->accepted},
		{"rejected", f->rejected},   {"cancelled", f->cancelled},
		{"in-progress", f->started}, {"on-hold", f->held},
		{"failed", f->failed},	     {"completed", f->completed},
	};

	for (size_t i = 0; i < sizeof is / sizeof *is; i++) {
		if (strcmp(state, is[i].state) == 0)
			return is[i].day != NO_DATE;
	}
	return true;
}

static void check_referral(struct csv_taking *t, int g, int32_t found,
			   int32_t *first)
{
	struct csv_referral *f = &t->item->referral[g];
	int32_t began = NO_DATE;

	order(t, f->sent, f->drafted, column_of(t, CSV_OF_REFERRAL, "sent", g),
	      "it is before the day the referral was drafted");
	days_of(t, CSV_OF_REFERRAL, g, found,
		"it is before the day the need was found", &began);
	if (f->sent != NO_DATE) {
		int32_t drafted = f->drafted;

		f->drafted = NO_DATE;
		days_of(t, CSV_OF_REFERRAL, g, f->sent,
			"it is before the day the referral was sent", &began);
		f->drafted = drafted;
	}
	if (*f->state && f->state_on == NO_DATE && !has_day_of(f, f->state))
		csv_check_say(t, CSV_MISSING,
			      column_of(t, CSV_OF_REFERRAL, "state_on", g),
			      "a state wants the day since when it is so");
	if (began == NO_DATE && found == NO_DATE)
		csv_check_say(t, CSV_MISSING,
			      column_of(t, CSV_OF_REFERRAL, "sent", g),
			      "a referral wants a day, or the day its need was "
			      "found");
	first_of(first, began);
}

/* By its number alone it is one that is here already. */
static void check_child(struct csv_taking *t)
{
	struct csv_child *c = &t->item->child;
	bool named = *c->given || *c->family;

	if (!t->k->map->of_children ||
	    (*c->source_id && !named && c->birth == NO_DATE))
		return;
	if (!named)
		csv_check_say(t, CSV_MISSING,
			      column_of(t, CSV_OF_CHILD, "family", 0),
			      "a child needs a given name, a family name, or "
			      "both");
	if (c->birth == NO_DATE)
		csv_check_say(t, CSV_MISSING,
			      column_of(t, CSV_OF_CHILD, "birth", 0),
			      "the birth date is missing");
	if (!*c->sex)
		snprintf(c->sex, sizeof c->sex, "unknown");
}

/* A row that needs no day of its own lends it from what hangs on it. */
static void check_needs(struct csv_taking *t, int32_t *first)
{
	static const char before[] = "it is before the birth date";
	int32_t birth = t->item->child.birth;

	for (int g = 0; g < t->k->map->groups; g++) {
		bool *need = &t->item->has[CSV_OF_NEED][g];
		bool referral = t->item->has[CSV_OF_REFERRAL][g];

		*need = *need || referral;
		if (!*need)
			continue;
		days_of(t, CSV_OF_NEED, g, birth, before, first);
		check_need(t, g);
		if (!referral)
			continue;
		days_of(t, CSV_OF_REFERRAL, g, birth, before, first);
		check_referral(t, g, t->item->need[g].found, first);
	}
}

/* Of the sections that came later: what it can't be without. */
static void check_must(struct csv_taking *t, enum csv_section s, int g)
{
	const char *must = csv_sections[s].must;

	for (int i = 0; *must && i < csv_field_count; i++) {
		const struct csv_field *f = &csv_fields[i];
		const char *at = f->section == s ? strstr(must, f->key) : NULL;
		size_t len = strlen(f->key);
		int32_t day;
		bool empty;

		/* Whole words: "name" is not in "surname". */
		while (at && ((at > must && at[-1] != ' ') ||
			      (at[len] && at[len] != ' ')))
			at = strstr(at + 1, f->key);
		if (!at)
			continue;
		memcpy(&day, csv_row_into(t->item, f, g), sizeof day);
		empty = f->type == CSV_DAY || f->type == CSV_AHEAD
				? day == NO_DATE
				: !*(char *)csv_row_into(t->item, f, g);
		if (empty)
			csv_check_say(t, CSV_MISSING,
				      column_of(t, s, f->key, g),
				      "it is empty, and the rest of it is not");
	}
}

/* The end is not before the beginning. */
static void check_spans(struct csv_taking *t, enum csv_section s, int g)
{
	static const char *const span[][2] = {
		{"since", "until"},	{"started", "ended"},
		{"begun", "ended"},	{"visited", "discharged"},
		{"signed_on", "until"}, {"age_from", "age_to"},
	};
	int32_t day[2];

	for (size_t i = 0; i < sizeof span / sizeof *span; i++) {
		int found = 0;

		for (int f = 0; f < csv_field_count; f++) {
			for (int k = 0; k < 2; k++) {
				if (csv_fields[f].section != s ||
				    strcmp(csv_fields[f].key, span[i][k]) != 0)
					continue;
				memcpy(&day[k],
				       csv_row_into(t->item, &csv_fields[f], g),
				       sizeof day[k]);
				found++;
			}
		}
		if (found == 2 && day[1] != NO_DATE)
			order(t, day[1], day[0], column_of(t, s, span[i][1], g),
			      "it is before its beginning");
	}
}

static void refuse_part(struct csv_taking *t, int g, const struct instrument *i,
			const struct csv_entry *e)
{
	char list[800] = "", text[900];
	size_t used = 0;
	bool item = e->part == CSV_ANSWER;

	for (int k = 0;
	     k < (item ? i->n_items : i->n_scales) && used < sizeof list; k++)
		used += (size_t)snprintf(list + used, sizeof list - used,
					 "%s%s", k ? ", " : "",
					 item ? i->item[k].id : i->scale[k].id);
	snprintf(text, sizeof text, "\"%s\" is not %s of %s; there are: %s",
		 e->name, item ? "an item" : "a domain", i->id, list);
	csv_check_say(t, CSV_VALUE,
		      column_of(t, CSV_OF_SCREENING,
				*e->name && !item ? "domain" : "instrument", g),
		      text);
}

/* An entry that names no domain is of the row's; or of the only one. */
static void check_screening(struct csv_taking *t, int g)
{
	struct csv_screening *s = &t->item->screening[g];
	const struct catalogue *cat = t->k->map->cat;
	int at = cat ? catalogue_find_instrument(cat, s->instrument) : -1;
	const struct instrument *i;

	if (at < 0)
		return;
	i = catalogue_instrument(cat, at);
	for (struct csv_entry *e = s->entry;
	     e < s->entry + CSV_ENTRIES && e->part; e++) {
		if (!*e->name && e->part != CSV_ANSWER)
			snprintf(e->name, sizeof e->name, "%s",
				 *s->domain	    ? s->domain
				 : i->n_scales == 1 ? i->scale[0].id
						    : "");
		if (!*e->name && e->part != CSV_ANSWER)
			csv_check_say(
				t, CSV_MISSING,
				column_of(t, CSV_OF_SCREENING, "domain", g),
				"the instrument has several domains; say "
				"of which one this is, or map "
				"score.DOMAIN");
		else if (e->part == CSV_ANSWER
				 ? instrument_item(i, e->name) < 0
				 : instrument_scale(i, e->name) < 0)
			refuse_part(t, g, i, e);
	}
	/* Not part of what it says: the entries have it. */
	memset(s->domain, 0, sizeof s->domain);
}

static void check_caregiver(struct csv_taking *t, int g)
{
	struct csv_caregiver *c = &t->item->caregiver[g];

	if (!*c->name && !*c->given && !*c->surname)
		csv_check_say(t, CSV_MISSING,
			      column_of(t, CSV_OF_CAREGIVER, "name", g),
			      "a caregiver needs a name");
	if (*c->preferred && strcmp(c->safe, "yes") != 0)
		csv_check_say(t, CSV_VALUE,
			      column_of(t, CSV_OF_CAREGIVER, "preferred", g),
			      "only a safe way to reach somebody can be the "
			      "preferred one; \"safe\" is to say yes");
}

/* What it means that a column is there and its cell is empty. */
static void check_contact(struct csv_taking *t, int g)
{
	struct csv_contact *c = &t->item->contact[g];

	if (*c->reached)
		return;
	if (!csv_map_column(t->k->map, CSV_OF_CONTACT, "reached", g))
		snprintf(c->reached, sizeof c->reached, "yes");
	else
		csv_check_say(t, CSV_MISSING,
			      column_of(t, CSV_OF_CONTACT, "reached", g),
			      "say yes, or no for an attempt that reached "
			      "nobody");
}

static void check_goal(struct csv_taking *t, int g)
{
	struct csv_goal *c = &t->item->goal[g];

	if (*c->action && !*c->owner)
		csv_check_say(t, CSV_MISSING,
			      column_of(t, CSV_OF_GOAL, "owner", g),
			      "an action needs somebody who does it");
	if (c->agreed != NO_DATE && !*c->agreed_by)
		csv_check_say(t, CSV_MISSING,
			      column_of(t, CSV_OF_GOAL, "agreed_by", g),
			      "say who of the family agreed");
}

static void check_record(struct csv_taking *t, enum csv_section s, int g,
			 int32_t *first)
{
	int32_t birth = t->item->child.birth, none = NO_DATE;

	check_must(t, s, g);
	check_spans(t, s, g);
	days_of(t, s, g, csv_sections[s].own ? NO_DATE : birth,
		"it is before the birth date",
		csv_sections[s].in_case ? first : &none);
	if (s == CSV_OF_SCREENING)
		check_screening(t, g);
	else if (s == CSV_OF_CAREGIVER)
		check_caregiver(t, g);
	else if (s == CSV_OF_CONTACT)
		check_contact(t, g);
	else if (s == CSV_OF_GOAL)
		check_goal(t, g);
}

void csv_check(struct csv_taking *t)
{
	int32_t first = NO_DATE;

	check_child(t);
	days_of(t, CSV_OF_CASE, 0, t->item->child.birth,
		"it is before the birth date", &first);
	check_needs(t, &first);
	order(t, t->item->kase.closed, t->item->kase.opened,
	      column_of(t, CSV_OF_CASE, "closed", 0),
	      "it is before the day the case was opened");
	for (int s = CSV_OF_STAFF; s < CSV_SECTIONS; s++) {
		for (int g = 0; g < t->k->map->groups || g == 0; g++) {
			if (t->item->has[s][g])
				check_record(t, s, g, &first);
		}
	}
	t->item->first = t->item->kase.opened != NO_DATE ? t->item->kase.opened
							 : first;
}

int32_t csv_row_first(const struct csv_item *item, int group)
{
	int32_t first = NO_DATE, day;

	for (int i = 0; i < csv_field_count; i++) {
		const struct csv_field *f = &csv_fields[i];

		if ((f->section != CSV_OF_NEED &&
		     f->section != CSV_OF_REFERRAL) ||
		    f->type != CSV_DAY)
			continue;
		memcpy(&day,
		       (const char *)csv_row_record(item, f->section, group) +
			       f->offset,
		       sizeof day);
		first_of(&first, day);
	}
	return first;
}
