#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "proto/instrument_parts.h"

static const struct form_field domain_field[] = {
	{"title", FORM_TEXT, AT(scale.title), SIZE(scale.title), true, 0, 0},
	{"score", FORM_ID, AT(score), SIZE(score), true, 0, 0},
	{"rule", FORM_ID, AT(rule), SIZE(rule), true, 0, 0},
	{"items", FORM_TEXT, AT(items), SIZE(items), false, 0, 0},
	{"any", FORM_TEXT, AT(any), SIZE(any), false, 0, 0},
	{"domains", FORM_TEXT, AT(domains), SIZE(domains), false, 0, 0},
	{"range", FORM_TEXT, AT(range), SIZE(range), false, 0, 0},
	{"blanks", FORM_INT, AT(scale.blanks), 0, false, 0, ITEMS_MAX},
	{"answered", FORM_INT, AT(scale.answered), 0, false, 1, ITEMS_MAX},
	{"decided", FORM_BOOL, AT(scale.decided), 0, false, 0, 0},
	{"bands", FORM_TEXT, AT(bands), SIZE(bands), false, 0, 0},
	{"worse", FORM_ID, AT(worse), SIZE(worse), false, 0, 0},
	{"at_cutoff", FORM_BOOL, AT(scale.at_cutoff), 0, false, 0, 0},
	{"results", FORM_TEXT, AT(results), SIZE(results), false, 0, 0},
	{"need", FORM_ID, AT(need), SIZE(need), false, 0, 0},
	{"form", FORM_ID, AT(scale.form), SIZE(scale.form), false, 0, 0},
	{"from_months", FORM_INT, AT(scale.from_months), 0, false, 0,
	 MONTHS_MAX},
	{"to_months", FORM_INT, AT(scale.to_months), 0, false, 0, MONTHS_MAX},
	{"optional", FORM_BOOL, AT(scale.optional), 0, false, 0, 0},
	{"at_most", FORM_ID, AT(at_most), SIZE(at_most), false, 0, 0},
	{"note", FORM_TEXT, AT(scale.note), SIZE(scale.note), false, 0, 0},
};

void instrument_domain_begin(struct form_section *s)
{
	s->field = domain_field;
	s->n = sizeof domain_field / sizeof domain_field[0];
}

static int find_word(const char *text, const char *const *names, int n)
{
	for (int k = 0; k < n; k++)
		if (strcmp(names[k], text) == 0)
			return k;
	return -1;
}

static int parse_kinds(struct entry *e)
{
	static const char *const how[] = {"sum",       "mean", "all",	 "any",
					  "positives", "last", "entered"};
	int k = find_word(e->score, how, 7);

	if (k < 0)
		return err_set(E_INVALID,
			       "score is sum, mean, all, any, positives, last "
			       "or entered, not \"%s\"",
			       e->score);
	e->scale.how = (enum score_how)k;
	for (k = RULE_PUBLISHED; k <= RULE_NONE; k++) {
		if (strcmp(score_rule_text((enum score_rule)k), e->rule) == 0) {
			e->scale.rule = (enum score_rule)k;
			return 0;
		}
	}
	return err_set(E_INVALID,
		       "rule is published, recalled, local, licensed, "
		       "unresolved or none, not \"%s\"",
		       e->rule);
}

static int use_item(struct reader *rd, const char *id)
{
	struct scale *d = &rd->entry.scale;
	int k = instrument_item(rd->i, id);

	if (k < 0)
		return err_set(E_INVALID, "no item \"%.40s\" stands above", id);
	for (int n = 0; n < d->n_items; n++)
		if (d->item[n] == k)
			return err_set(E_INVALID, "item %s is named twice", id);
	d->item[d->n_items++] = (uint8_t)k;
	return 0;
}

/* "unable:food"; its item is one of the domain's. */
static int use_pick(struct reader *rd, const char *text)
{
	struct scale *d = &rd->entry.scale;
	char id[2 * INSTRUMENT_CODE];
	struct pick p = {-1, -1};
	char *colon;
	int r = 0;

	snprintf(id, sizeof id, "%s", text);
	colon = strchr(id, ':');
	if (colon) {
		*colon = '\0';
		p.item = instrument_item(rd->i, id);
	}
	if (p.item >= 0)
		p.answer = answer_find(
			&rd->i->list[rd->i->item[p.item].answers], colon + 1);
	if (p.answer < 0)
		return err_set(E_INVALID,
			       "\"%.40s\" is not ITEM:ANSWER of this "
			       "instrument",
			       text);
	if (d->n_picks == PICKS_MAX)
		return err_set(E_INVALID, "there are over %d answers",
			       PICKS_MAX);
	d->pick[d->n_picks++] = p;
	for (int n = 0; n < d->n_items; n++)
		if (d->item[n] == p.item)
			return 0;
	r = use_item(rd, id);
	return r;
}

static int use_scale(struct reader *rd, const char *id)
{
	int k = instrument_scale(rd->i, id);

	if (k < 0)
		return err_set(E_INVALID, "no domain \"%.40s\" stands above",
			       id);
	rd->entry.scale.scales |= (uint32_t)1 << k;
	return 0;
}

static int check_parts(struct reader *rd)
{
	const struct scale *d = &rd->entry.scale;
	bool of_scales = d->how == SCORE_POSITIVES || d->how == SCORE_LAST;
	int r;

	if ((r = instrument_file_each(rd, rd->entry.items, use_item)) < 0 ||
	    (r = instrument_file_each(rd, rd->entry.any, use_pick)) < 0 ||
	    (r = instrument_file_each(rd, rd->entry.domains, use_scale)) < 0)
		return r;
	if ((d->n_picks > 0) != (d->how == SCORE_ANY))
		return err_set(E_INVALID, "score = any and the key any go "
					  "together");
	if ((d->scales != 0) != of_scales)
		return err_set(E_INVALID, "domains go with score = positives "
					  "or last, and with no other");
	if (!of_scales && (d->n_items > 0) != (d->how != SCORE_ENTERED))
		return err_set(E_INVALID,
			       d->n_items ? "a score that is entered has no "
					    "items"
					  : "items are missing");
	return 0;
}

/* What the items allow; what is given must agree with it. */
static int check_range(struct reader *rd)
{
	struct scale *d = &rd->entry.scale;
	const char *rest = rd->entry.range;
	char from[SCORE_TEXT], to[SCORE_TEXT];
	int low = 0, high = 0, a, b;
	int32_t given_low, given_high;

	for (int k = 0; k < d->n_items; k++) {
		item_range(rd->i, d->item[k], &a, &b);
		if (d->how == SCORE_MEAN) {
			low = k == 0 || a < low ? a : low;
			high = b > high ? b : high;
		} else {
			low += a;
			high += b;
		}
	}
	if (d->how == SCORE_ALL || d->how == SCORE_ANY) {
		low = 0;
		high = 1;
	}
	if (d->how == SCORE_POSITIVES)
		high = __builtin_popcount(d->scales);
	d->low = low * SCORE_ONE;
	d->high = high * SCORE_ONE;
	if (!*rest)
		return d->how == SCORE_ENTERED
			       ? err_set(E_INVALID, "range is missing")
			       : 0;
	if (form_item(&rest, "-", from, sizeof from) <= 0 ||
	    form_item(&rest, "-", to, sizeof to) <= 0 || *rest ||
	    score_parse(from, &given_low) < 0 ||
	    score_parse(to, &given_high) < 0 || given_low >= given_high)
		return err_set(E_INVALID, "range is like 0-60, not \"%s\"",
			       rd->entry.range);
	if (d->how != SCORE_ENTERED &&
	    (given_low != d->low || given_high != d->high))
		return err_set(E_INVALID,
			       "range is %s, but the items give %d-%d",
			       rd->entry.range, low, high);
	d->low = given_low;
	d->high = given_high;
	return 0;
}

static int result_word(struct reader *rd, const char *id, int *out)
{
	*out = vocabulary_find(rd->v, WORDS_SCREEN_RESULT, id);
	if (*out < 0)
		return err_set(E_INVALID,
			       "\"%.40s\" is no [screen-result ...] of the "
			       "vocabulary",
			       id);
	return 0;
}

/* "low 0, follow-up 3, refer 8" */
static int parse_bands(struct reader *rd)
{
	struct scale *d = &rd->entry.scale;
	const char *rest = rd->entry.bands;
	char text[60], id[VOCABULARY_ID], from[SCORE_TEXT];
	int r;

	while ((r = form_item(&rest, ",", text, sizeof text)) > 0) {
		struct band *b = &d->band[d->n_bands];
		const char *at = text;

		if (d->n_bands == BANDS_MAX)
			return err_set(E_INVALID, "there are over %d bands",
				       BANDS_MAX);
		if (instrument_file_word(&at, id, sizeof id) <= 0 ||
		    instrument_file_word(&at, from, sizeof from) <= 0 || *at)
			return err_set(E_INVALID,
				       "a band is like \"refer 8\", not \"%s\"",
				       text);
		if ((r = result_word(rd, id, &b->result)) < 0 ||
		    (r = score_parse(from, &b->from)) < 0)
			return r;
		if (d->n_bands == 0 ? b->from != d->low : b->from <= b[-1].from)
			return err_set(E_INVALID,
				       "bands begin at the least score and go "
				       "up");
		if (b->from > d->high)
			return err_set(E_INVALID, "no score is as high as %s",
				       from);
		d->n_bands++;
	}
	return r;
}

static int parse_results(struct reader *rd)
{
	struct scale *d = &rd->entry.scale;
	int *word_of[] = {&d->beyond, &d->zone, &d->within};
	const char *rest = rd->entry.results;
	char id[VOCABULARY_ID];
	int r;

	for (int k = 0; k < 3; k++) {
		if (form_item(&rest, ",", id, sizeof id) <= 0)
			return err_set(E_INVALID,
				       "results are three words: beyond the "
				       "cut-off, in the zone before it, else");
		r = result_word(rd, id, word_of[k]);
		if (r < 0)
			return r;
	}
	return *rest ? err_set(E_INVALID, "results are three words") : 0;
}

static int check_rule(struct reader *rd)
{
	struct entry *e = &rd->entry;
	struct scale *d = &e->scale;
	bool licensed = d->rule == RULE_LICENSED;
	int r = 0;

	if (*e->bands)
		r = parse_bands(rd);
	if (r < 0)
		return r;
	if ((d->n_bands > 0) != (d->rule <= RULE_LOCAL && d->how != SCORE_LAST))
		return err_set(E_INVALID,
			       d->n_bands ? "rule %s has no bands"
					  : "rule %s needs bands",
			       e->rule);
	if (licensed != (*e->results != 0) || licensed != (*e->worse != 0))
		return err_set(E_INVALID, "results and worse go with rule "
					  "licensed, and with no other");
	if (!licensed)
		return 0;
	if (strcmp(e->worse, "low") != 0 && strcmp(e->worse, "high") != 0)
		return err_set(E_INVALID, "worse is low or high");
	d->low_is_worse = e->worse[0] == 'l';
	return parse_results(rd);
}

static int check_limits(struct reader *rd, const struct form_section *s)
{
	struct scale *d = &rd->entry.scale;

	if (!form_given(s, "from_months"))
		d->from_months = -1;
	if (!form_given(s, "to_months"))
		d->to_months = -1;
	if ((d->from_months < 0) != (d->to_months < 0) ||
	    d->from_months > d->to_months)
		return err_set(E_INVALID, "ages run from_months to to_months");
	if (*d->form && instrument_form(rd->i, d->form) < 0)
		return err_set(E_INVALID, "no [form %s] stands above", d->form);
	if (d->blanks >= d->n_items && d->blanks > 0)
		return err_set(E_INVALID, "it has only %d items", d->n_items);
	if (d->answered > d->n_items)
		return err_set(E_INVALID, "it has only %d items", d->n_items);
	d->need = d->at_most = -1;
	if (*rd->entry.need) {
		d->need = vocabulary_find(rd->v, WORDS_NEED, rd->entry.need);
		if (d->need < 0)
			return err_set(E_INVALID, "there is no need \"%s\"",
				       rd->entry.need);
	}
	if (!*rd->entry.at_most)
		return 0;
	d->at_most = instrument_scale(rd->i, rd->entry.at_most);
	return d->at_most < 0 ? err_set(E_INVALID,
					"no domain \"%s\" stands "
					"above",
					rd->entry.at_most)
			      : 0;
}

int instrument_domain_keep(struct reader *rd, const struct form_section *s,
			   const char *id)
{
	struct instrument *i = rd->i;
	struct scale *d = &rd->entry.scale;
	int r;

	r = instrument_file_id(id, sizeof d->id, i->n_scales, SCALES_MAX);
	if (r < 0)
		return r;
	if (instrument_scale(i, id) >= 0)
		return err_set(E_INVALID, "it is there twice");
	memcpy(d->id, id, strlen(id) + 1);
	if ((r = parse_kinds(&rd->entry)) < 0 || (r = check_parts(rd)) < 0 ||
	    (r = check_range(rd)) < 0 || (r = check_rule(rd)) < 0 ||
	    (r = check_limits(rd, s)) < 0)
		return r;
	i->scale[i->n_scales++] = *d;
	return 0;
}
