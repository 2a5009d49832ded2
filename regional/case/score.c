#include "regional/case/score.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "proto/form.h"

/* One run: what the functions below share. */
struct run {
	const struct instrument *i;
	const struct vocabulary *v;
	const struct score_in *in;
	struct score_sum *out;
	int blanks; /* over all items that the form has */
};

/* What a domain's score can be, given its blanks. */
struct span {
	int32_t low, high;
	int answered, blanks;
};

void score_in_init(struct score_in *in)
{
	memset(in, 0, sizeof *in);
	in->form = "";
	for (int k = 0; k < SCALES_MAX; k++) {
		in->score[k] = in->cutoff[k] = in->zone[k] = NO_SCORE;
		in->result[k] = -1;
	}
}

static int bad_answer(const struct answer_list *l, const char *item,
		      const char *value)
{
	char all[ANSWERS_MAX * (INSTRUMENT_CODE + 2)] = "";
	size_t used = 0;

	for (int k = 0; k < l->n; k++)
		used += (size_t)snprintf(all + used, sizeof all - used, "%s%s",
					 k ? ", " : "", l->answer[k].id);
	return err_set(E_INVALID,
		       "\"%.40s\" is no answer to item %s; it is one of: %s",
		       value, item, all);
}

int score_answer(struct score_in *in, const struct instrument *i,
		 const char *item, const char *value)
{
	int k = instrument_item(i, item);
	const struct answer_list *l;
	char text[80];
	uint32_t set = 0;
	int r;

	if (k < 0)
		return err_set(E_INVALID, "%s has no item \"%.40s\"", i->id,
			       item);
	l = &i->list[i->item[k].answers];
	if (in->answer[k])
		return err_set(E_INVALID, "Item %s is answered twice", item);
	for (const char *rest = value;
	     (r = form_item(&rest, "+", text, sizeof text)) > 0;) {
		int a = answer_find(l, text);

		if (a < 0)
			return bad_answer(l, item, text);
		set |= (uint32_t)1 << a;
	}
	if (r < 0 || !set)
		return bad_answer(l, item, value);
	if ((set & (set - 1)) && !i->item[k].many)
		return err_set(E_INVALID, "Item %s takes one answer", item);
	in->answer[k] = set;
	return 0;
}

static int score_of_item(const struct run *n, int item)
{
	uint32_t set = n->in->answer[item];
	int best = -1;

	for (int a = 0; set >> a; a++) {
		int s;

		if (!(set >> a & 1))
			continue;
		s = item_score(n->i, item, a);
		best = s > best ? s : best;
	}
	return best;
}

/* --- what a score can be --- */

static void span_sum(const struct run *n, const struct scale *d, struct span *s)
{
	for (int k = 0; k < d->n_items; k++) {
		int item = d->item[k], low, high;

		item_range(n->i, item, &low, &high);
		if (n->in->answer[item])
			low = high = score_of_item(n, item);
		/* A blank may count nothing, which can be less than any of its
		 * answers. */
		else if (d->blanks)
			low = 0;
		s->low += low * SCORE_ONE;
		s->high += high * SCORE_ONE;
	}
}

/* Half up, to whole hundredths. */
static int32_t mean_of(const struct run *n, const struct scale *d, int answered)
{
	int sum = 0;

	for (int k = 0; k < d->n_items; k++)
		if (n->in->answer[d->item[k]])
			sum += score_of_item(n, d->item[k]) * SCORE_ONE;
	return (2 * sum + answered) / (2 * answered);
}

/* One item that scores nothing settles it: the questions behind a "no" are not
 * asked. */
static void span_all(const struct run *n, const struct scale *d, struct span *s)
{
	for (int k = 0; k < d->n_items; k++) {
		if (n->in->answer[d->item[k]] &&
		    score_of_item(n, d->item[k]) == 0) {
			s->low = s->high = 0;
			s->blanks = 0;
			return;
		}
	}
	s->high = SCORE_ONE;
	s->low = s->blanks ? 0 : SCORE_ONE;
}

static void span_any(const struct run *n, const struct scale *d, struct span *s)
{
	s->low = 0;
	s->high = s->blanks ? SCORE_ONE : 0;
	for (int k = 0; k < d->n_picks; k++)
		if (n->in->answer[d->pick[k].item] >> d->pick[k].answer & 1)
			s->low = s->high = SCORE_ONE;
}

static void span_positives(const struct run *n, const struct scale *d,
			   struct span *s)
{
	for (int k = 0; k < n->i->n_scales; k++) {
		const struct score_out *o = &n->out->scale[k];

		if (!(d->scales >> k & 1))
			continue;
		if (o->applies && o->class == CLASS_POSITIVE)
			s->low += SCORE_ONE;
		if (!o->applies || o->class == CLASS_NONE) {
			s->high += SCORE_ONE;
			s->blanks++;
		} else {
			s->answered++;
		}
	}
	s->high += s->low;
}

static void span_of(const struct run *n, const struct scale *d, struct span *s)
{
	memset(s, 0, sizeof *s);
	if (d->how == SCORE_MEAN)
		s->high = d->high;
	for (int k = 0; k < d->n_items; k++) {
		if (n->in->answer[d->item[k]])
			s->answered++;
		else
			s->blanks++;
	}
	if (d->how == SCORE_SUM)
		span_sum(n, d, s);
	else if (d->how == SCORE_ALL)
		span_all(n, d, s);
	else if (d->how == SCORE_ANY)
		span_any(n, d, s);
	else if (d->how == SCORE_POSITIVES)
		span_positives(n, d, s);
}

/* --- results --- */

static int word_of(const struct run *n, const char *id)
{
	return vocabulary_find(n->v, WORDS_SCREEN_RESULT, id);
}

static enum score_class class_of(const struct run *n, int result)
{
	static const char *const name[] = {"clear", "watch", "positive"};
	const struct word *w, *class;

	if (result < 0)
		return CLASS_NONE;
	w = vocabulary_word(n->v, WORDS_SCREEN_RESULT, result);
	class = vocabulary_word(n->v, WORDS_SCREEN_CLASS, w->group);
	for (int k = 0; k < 3; k++)
		if (strcmp(class->id, name[k]) == 0)
			return (enum score_class)k;
	return CLASS_NONE;
}

static void set_result(const struct run *n, struct score_out *o, int result,
		       bool by_rule)
{
	o->result = result;
	o->class = class_of(n, result);
	o->by_rule = by_rule;
}

static int band_of(const struct scale *d, int32_t score)
{
	int result = d->band[0].result;

	for (int k = 1; k < d->n_bands; k++)
		if (score >= d->band[k].from)
			result = d->band[k].result;
	return result;
}

static int by_cutoff(const struct scale *d, int32_t score, int32_t cutoff,
		     int32_t zone)
{
	bool low = d->low_is_worse;

	if (low ? score < cutoff : score > cutoff)
		return d->beyond;
	if (score == cutoff && d->at_cutoff)
		return d->beyond;
	if (zone != NO_SCORE && (low ? score < zone : score >= zone))
		return d->zone;
	return d->within;
}

/* The score where it is certain, and the result where the rule has one. */
static void by_items(const struct run *n, const struct scale *d,
		     struct score_out *o)
{
	bool whole = n->blanks <= n->i->most_blanks;
	struct span s;
	bool enough;

	span_of(n, d, &s);
	o->blanks = s.blanks;
	enough = whole && s.blanks <= d->blanks && s.answered >= d->answered;
	if (enough && d->how == SCORE_MEAN)
		o->score = s.answered ? mean_of(n, d, s.answered) : NO_SCORE;
	else if (enough || (s.low == s.high && d->how != SCORE_SUM))
		o->score = s.low;
	if (d->n_bands == 0)
		return;
	if (o->score != NO_SCORE)
		set_result(n, o, band_of(d, o->score), true);
	else if (d->decided && whole && d->how != SCORE_MEAN &&
		 band_of(d, s.low) == band_of(d, s.high))
		set_result(n, o, band_of(d, s.low), true);
}

/* The last stage that there was: after one whose result is to be followed
 * up. */
static void by_stages(const struct run *n, const struct scale *d,
		      struct score_out *o)
{
	for (int k = 0; k < n->i->n_scales; k++) {
		const struct score_out *p = &n->out->scale[k];

		if (!(d->scales >> k & 1) || !p->applies)
			continue;
		o->score = p->score;
		o->blanks = p->blanks;
		set_result(n, o, p->result, p->by_rule);
		if (p->class != CLASS_WATCH)
			return;
	}
}

static bool something_given(const struct run *n, int k)
{
	const struct scale *d = &n->i->scale[k];

	if (n->in->score[k] != NO_SCORE || n->in->result[k] >= 0)
		return true;
	for (int t = 0; t < d->n_items; t++)
		if (n->in->answer[d->item[t]])
			return true;
	for (int t = 0; t < k; t++)
		if ((d->scales >> t & 1) && n->out->scale[t].applies)
			return true;
	return false;
}

static bool in_place(const struct run *n, const struct scale *d)
{
	int age = n->in->age_months;

	if (*d->form && strcmp(d->form, n->in->form) != 0)
		return false;
	return d->from_months < 0 ||
	       (age >= d->from_months && age <= d->to_months);
}

static int out_of_place(const struct run *n, const struct scale *d)
{
	if (*d->form && strcmp(d->form, n->in->form) != 0)
		return err_set(E_INVALID,
			       "The domain %s is on form %s, not on this one",
			       d->id, d->form);
	return err_set(E_INVALID,
		       "The domain %s is for %d-%d months; the child was %d "
		       "months old",
		       d->id, d->from_months, d->to_months, n->in->age_months);
}

static int check_score(const struct run *n, int k)
{
	const struct scale *d = &n->i->scale[k];
	int32_t score = n->in->score[k];
	char a[SCORE_TEXT], b[SCORE_TEXT], c[SCORE_TEXT];

	if (score == NO_SCORE)
		return 0;
	if (d->scales)
		return err_set(E_INVALID,
			       "The domain %s is made of others; "
			       "give theirs",
			       d->id);
	for (int t = 0; t < d->n_items; t++)
		if (n->in->answer[d->item[t]])
			return err_set(E_INVALID,
				       "The domain %s has answers to its "
				       "items; a score is made of them",
				       d->id);
	if (score < d->low || score > d->high)
		return err_set(
			E_INVALID, "The score of %s, %s, is not from %s to %s",
			d->id, score_format(score, a), score_format(d->low, b),
			score_format(d->high, c));
	if (d->at_most >= 0 && n->out->scale[d->at_most].score != NO_SCORE &&
	    score > n->out->scale[d->at_most].score)
		return err_set(
			E_INVALID,
			"The score of %s, %s, is over that of %s, %s", d->id,
			score_format(score, a), n->i->scale[d->at_most].id,
			score_format(n->out->scale[d->at_most].score, b));
	return 0;
}

static int check_cutoff(const struct run *n, int k)
{
	const struct scale *d = &n->i->scale[k];
	int32_t cutoff = n->in->cutoff[k], zone = n->in->zone[k];

	if (cutoff == NO_SCORE)
		return 0;
	if (d->rule != RULE_LICENSED)
		return err_set(E_INVALID,
			       "The cut-off of %s is the instrument's; give "
			       "none",
			       d->id);
	if (cutoff < d->low || cutoff > d->high ||
	    (zone != NO_SCORE && (zone < d->low || zone > d->high)))
		return err_set(E_INVALID,
			       "The cut-off of %s is outside its scores",
			       d->id);
	if (zone != NO_SCORE &&
	    (d->low_is_worse ? zone < cutoff : zone > cutoff))
		return err_set(E_INVALID,
			       "The zone of %s begins beyond its cut-off",
			       d->id);
	return 0;
}

/* What the rule leaves open, the entry decides; it can't overrule it. */
static int take_entered(const struct run *n, int k, struct score_out *o)
{
	const struct scale *d = &n->i->scale[k];
	int entered = n->in->result[k];

	if (entered >= 0 && d->rule == RULE_NONE)
		return err_set(E_INVALID, "The domain %s has a score only",
			       d->id);
	if (entered >= 0 && d->scales)
		return err_set(E_INVALID,
			       "The domain %s is made of others; "
			       "give theirs",
			       d->id);
	if (entered >= 0 && o->result >= 0 && o->result != entered)
		return err_set(
			E_INVALID, "The result of %s is %s by its rule, not %s",
			d->id,
			vocabulary_word(n->v, WORDS_SCREEN_RESULT, o->result)
				->id,
			vocabulary_word(n->v, WORDS_SCREEN_RESULT, entered)
				->id);
	if (o->result >= 0)
		return 0;
	if (entered >= 0) {
		set_result(n, o, entered, false);
	} else if (d->rule == RULE_NONE && o->score != NO_SCORE) {
		set_result(n, o, word_of(n, "scored"), true);
	} else if (d->rule == RULE_LICENSED && o->score != NO_SCORE) {
		return err_set(E_INVALID,
			       "The cut-off of %s comes with the licensed "
			       "form: give it, or the result",
			       d->id);
	} else if (d->rule == RULE_UNRESOLVED && o->score != NO_SCORE) {
		return err_set(E_INVALID,
			       "The rule of %s is unresolved: give its result",
			       d->id);
	} else {
		set_result(n, o, word_of(n, "no-result"), true);
	}
	return 0;
}

static int run_scale(struct run *n, int k)
{
	const struct scale *d = &n->i->scale[k];
	struct score_out *o = &n->out->scale[k];
	int32_t cutoff = n->in->cutoff[k];
	int x;

	*o = (struct score_out){
		.score = NO_SCORE, .result = -1, .class = CLASS_NONE};
	if (!in_place(n, d)) {
		/* Items may be on other forms and in other domains too. */
		if (n->in->score[k] == NO_SCORE && n->in->result[k] < 0)
			return 0;
		return out_of_place(n, d);
	}
	if (d->optional && !something_given(n, k))
		return 0;
	o->applies = true;
	if ((x = check_score(n, k)) < 0 || (x = check_cutoff(n, k)) < 0)
		return x;
	if (n->in->score[k] != NO_SCORE) {
		o->score = n->in->score[k];
		if (d->n_bands)
			set_result(n, o, band_of(d, o->score), true);
	} else if (d->how == SCORE_LAST) {
		by_stages(n, d, o);
	} else if (d->how != SCORE_ENTERED) {
		by_items(n, d, o);
	}
	if (d->rule == RULE_LICENSED && cutoff != NO_SCORE &&
	    o->score != NO_SCORE)
		set_result(n, o, by_cutoff(d, o->score, cutoff, n->in->zone[k]),
			   true);
	return take_entered(n, k, o);
}

/* The items that the form has: those of its domains. An answer to any other
 * has no place in the record. */
static int check_items(struct run *n)
{
	bool has[ITEMS_MAX] = {false}, asked[ITEMS_MAX] = {false};

	for (int k = 0; k < n->i->n_scales; k++) {
		const struct scale *d = &n->i->scale[k];

		if (!in_place(n, d))
			continue;
		for (int t = 0; t < d->n_items; t++) {
			has[d->item[t]] = true;
			if (!d->optional && n->in->score[k] == NO_SCORE &&
			    n->in->result[k] < 0)
				asked[d->item[t]] = true;
		}
	}
	for (int t = 0; t < n->i->n_items; t++) {
		bool elsewhere = false;

		if (asked[t] && !n->in->answer[t])
			n->blanks++;
		if (has[t] || !n->in->answer[t])
			continue;
		for (int k = 0; k < n->i->n_scales && !elsewhere; k++)
			for (int u = 0; u < n->i->scale[k].n_items; u++)
				elsewhere |= n->i->scale[k].item[u] == t;
		if (elsewhere)
			return err_set(E_INVALID,
				       "Item %s is not on this form, or not "
				       "for this age",
				       n->i->item[t].id);
	}
	return 0;
}

int score_run(struct score_sum *out, const struct instrument *i,
	      const struct vocabulary *v, const struct score_in *in)
{
	struct run n = {.i = i, .v = v, .in = in, .out = out};
	bool any = false;
	int x;

	memset(out, 0, sizeof *out);
	if (word_of(&n, "no-result") < 0 || word_of(&n, "scored") < 0)
		return err_set(E_INVALID, "The vocabulary has no results of "
					  "screenings");
	out->complete = out->scorable = true;
	x = check_items(&n);
	for (int k = 0; k < i->n_scales && x == 0; k++) {
		const struct score_out *o = &out->scale[k];

		x = run_scale(&n, k);
		if (x < 0 || !o->applies)
			continue;
		any = true;
		if (o->blanks > 0)
			out->complete = false;
		if (o->result == word_of(&n, "no-result"))
			out->scorable = false;
	}
	if (x == 0 && !any)
		x = err_set(E_INVALID,
			    "Nothing was filled in that this form has");
	return x;
}
