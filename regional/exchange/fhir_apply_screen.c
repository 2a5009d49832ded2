#include "regional/exchange/fhir_item.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/child.h"
#include "regional/case/screening.h"

enum { VALUE = 400 };

/* One screening on its way: large, so one at a time. */
struct reading {
	struct fhir_run *u;
	const struct instrument *i;
	int n;
	struct screening_entry entry[ITEMS_MAX];
	char value[ITEMS_MAX][VALUE];
};

static bool is_coded(struct fhir_run *u, const char *code, const char *id)
{
	int k = vocabulary_map(u->r->words, WORDS_CODED, "loinc", code);

	return k >= 0 &&
	       strcmp(vocabulary_word(u->r->words, WORDS_CODED, k)->id, id) ==
		       0;
}

/* --- panels --- */

static int room(const struct fhir_screen *s)
{
	int n = 0;

	while (n < FHIR_ANSWERS && *s->answer[n].item)
		n++;
	return n;
}

static int take_member(struct fhir_run *u, struct fhir_screen *s,
		       const char *id)
{
	struct fhir_item found;
	int at = room(s);
	int x;

	x = fhir_stage_get(&u->stage, FHIR_KIND_OBSERVATION, id, &found);
	if (x != 0 || found.problem != FHIR_OK || *found.u.screen.instrument)
		return x < 0 ? x : 0;
	if (*found.u.screen.given)
		memcpy(s->given, found.u.screen.given, sizeof s->given);
	for (int k = 0; k < FHIR_ANSWERS && at < FHIR_ANSWERS &&
			*found.u.screen.answer[k].item;
	     k++)
		s->answer[at++] = found.u.screen.answer[k];
	return fhir_stage_answer(&u->stage, id);
}

/* Before the hash is taken: another answer is a change of the panel. */
static int take_members(struct fhir_run *u, struct fhir_staged *it)
{
	struct fhir_screen *s = &it->item.u.screen;
	char id[FHIR_ID];
	int x = 0;

	for (int i = 0; x >= 0 && i < FHIR_MEMBERS && *s->member[i].id; i++) {
		x = fhir_stage_name(&u->stage, &s->member[i], it->file,
				    "Observation", id);
		if (x == 0)
			x = take_member(u, s, id);
	}
	return x < 0 ? x : 0;
}

/* FHIR_ANSWER if it is part of another screening, which is here. */
static int is_part(struct fhir_run *u, const struct fhir_staged *it)
{
	const struct fhir_screen *s = &it->item.u.screen;
	int64_t whole = 0;
	bool member = false;
	int x;

	x = fhir_apply_follow(u, &s->of, it->file, "QuestionnaireResponse",
			      &whole);
	if (x < 0)
		return x;
	if (whole)
		return FHIR_ANSWER;
	if (*s->instrument)
		return 0;
	x = fhir_stage_is_answer(&u->stage, it->item.id, &member);
	if (x < 0)
		return x;
	if (member)
		return FHIR_ANSWER;
	/* Why its questionnaire was left out was said of that. */
	x = fhir_stage_has(&u->stage, FHIR_KIND_ANSWERED, s->of.id, &member);
	if (x < 0)
		return x;
	return *s->of.id && member ? FHIR_ANSWER : FHIR_LOOSE;
}

/* --- answers --- */

static int put_answer(struct reading *rd, int item, const char *value)
{
	const char *name = rd->i->item[item].id;
	size_t used;

	for (int k = 0; k < rd->n; k++) {
		if (rd->entry[k].name != name)
			continue;
		if (strcmp(rd->value[k], value) == 0)
			return 0;
		used = strlen(rd->value[k]);
		snprintf(rd->value[k] + used, VALUE - used, "+%s", value);
		return 0;
	}
	rd->entry[rd->n].part = SCREENING_ANSWER;
	rd->entry[rd->n].name = name;
	rd->entry[rd->n].value = rd->value[rd->n];
	snprintf(rd->value[rd->n++], VALUE, "%s", value);
	return 0;
}

static int put_answers(struct reading *rd, const struct fhir_screen *s)
{
	for (int k = 0; k < FHIR_ANSWERS && *s->answer[k].item; k++) {
		int item = instrument_item_loinc(rd->i, s->answer[k].item);
		const struct answer_list *l;
		int a;

		if (item < 0)
			continue;
		l = &rd->i->list[rd->i->item[item].answers];
		a = answer_loinc(l, s->answer[k].value);
		if (a >= 0)
			put_answer(rd, item, l->answer[a].id);
		else if (!is_coded(rd->u, s->answer[k].value, "blank"))
			return FHIR_BAD_CODE;
	}
	return rd->n > 0 ? 0 : FHIR_NO_ANSWER;
}

static int check_age(struct reading *rd, int64_t child, int32_t on)
{
	int y0, m0, d0, y1, m1, d1, months;
	struct child c;
	int x = child_get(rd->u->r->db, child, &c);

	if (x < 0)
		return x;
	date_to_ymd(c.birth, &y0, &m0, &d0);
	date_to_ymd(on, &y1, &m1, &d1);
	months = (y1 - y0) * 12 + m1 - m0 - (d1 < d0);
	return months >= rd->i->from_months && months <= rd->i->to_months
		       ? 0
		       : FHIR_OUT_OF_AGE;
}

/* --- what stands beside them --- */

struct beside {
	struct fhir_run *u;
	const char *given;
};

static int compare_result(void *arg, const struct screening_result *res)
{
	struct beside *b = arg;
	bool positive = is_coded(b->u, b->given, "result-positive");
	bool clear = is_coded(b->u, b->given, "result-clear");

	if (strcmp(res->domain, "food") == 0 && (positive || clear) &&
	    positive != (strcmp(res->class, "positive") == 0))
		b->u->note = FHIR_DIFFERS;
	return 0;
}

/* --- writing --- */

/* One that a person entered. */
static int find_entered(struct reading *rd, const struct screening *s,
			int64_t *id)
{
	char day[DATE_TEXT];
	int x = db_int(rd->u->r->db, id,
		       "SELECT id FROM screening s WHERE child = ?"
		       " AND instrument = ? AND done = ? AND errored IS NULL"
		       " AND NOT EXISTS (SELECT 1 FROM imported WHERE"
		       " local_table = 'screening' AND local_id = s.id)"
		       " ORDER BY id LIMIT 1",
		       "iss", s->child, s->instrument,
		       date_format(s->done, day));

	if (x == E_NOTFOUND)
		*id = 0;
	return x == E_NOTFOUND ? 0 : x;
}

static int write_screen(struct reading *rd, const struct fhir_staged *it,
			int64_t *id)
{
	const struct fhir_screen *f = &it->item.u.screen;
	struct beside b = {rd->u, f->given};
	struct records *r = rd->u->r;
	int64_t old = *id;
	struct screening s;
	int x;

	memset(&s, 0, sizeof s);
	memcpy(s.instrument, f->instrument, sizeof s.instrument);
	memcpy(s.respondent, f->respondent, sizeof s.respondent);
	s.done = f->on;
	s.errored = NO_DATE;
	x = fhir_apply_child(rd->u, it, &s.child);
	if (x == 0)
		x = check_age(rd, s.child, f->on);
	if (x == 0)
		x = put_answers(rd, f);
	if (x == 0 && !old)
		x = find_entered(rd, &s, id);
	if (x != 0)
		return x;
	if (old)
		x = screening_error(r, old);
	if (x == 0 && (old || !*id))
		x = screening_add(r, &s, rd->entry, rd->n, NULL, id);
	return x < 0 ? x : screening_results(r->db, *id, compare_result, &b);
}

static int apply_whole(struct fhir_run *u, struct fhir_staged *it)
{
	const struct fhir_screen *f = &it->item.u.screen;
	static struct reading rd; /* the thread of the records */
	int64_t id;
	int x, k;

	x = fhir_apply_compare(u, it, &id);
	if (x < 0 || u->outcome == FHIR_UNCHANGED)
		return x;
	if (f->errored && !id)
		return FHIR_IN_ERROR;
	if (f->errored) {
		x = screening_error(u->r, id);
		return x < 0 ? x : fhir_apply_remember(u, it, "screening", id);
	}
	k = u->r->cat ? catalogue_find_instrument(u->r->cat, f->instrument)
		      : -1;
	if (k < 0)
		return FHIR_NOT_SCREENING;
	memset(&rd, 0, sizeof rd);
	rd.u = u;
	rd.i = catalogue_instrument(u->r->cat, k);
	x = write_screen(&rd, it, &id);
	return x != 0 ? x : fhir_apply_remember(u, it, "screening", id);
}

int fhir_apply_screen(struct fhir_run *u, struct fhir_staged *it)
{
	int x = take_members(u, it);

	if (x == 0 && it->item.kind == FHIR_KIND_OBSERVATION)
		x = is_part(u, it);
	return x != 0 ? x : apply_whole(u, it);
}
