#include "proto/instrument.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"

int instrument_form(const struct instrument *i, const char *id)
{
	for (int k = 0; k < i->n_forms; k++)
		if (strcmp(i->form[k].id, id) == 0)
			return k;
	return -1;
}

int instrument_item(const struct instrument *i, const char *id)
{
	for (int k = 0; k < i->n_items; k++)
		if (strcmp(i->item[k].id, id) == 0)
			return k;
	return -1;
}

int instrument_scale(const struct instrument *i, const char *id)
{
	for (int k = 0; k < i->n_scales; k++)
		if (strcmp(i->scale[k].id, id) == 0)
			return k;
	return -1;
}

int answer_find(const struct answer_list *l, const char *id)
{
	for (int k = 0; k < l->n; k++)
		if (strcmp(l->answer[k].id, id) == 0)
			return k;
	return -1;
}

int instrument_item_loinc(const struct instrument *i, const char *loinc)
{
	for (int k = 0; *loinc && k < i->n_items; k++)
		if (strcmp(i->item[k].loinc, loinc) == 0)
			return k;
	return -1;
}

int answer_loinc(const struct answer_list *l, const char *loinc)
{
	for (int k = 0; *loinc && k < l->n; k++)
		if (strcmp(l->answer[k].loinc, loinc) == 0)
			return k;
	return -1;
}

void item_range(const struct instrument *i, int item, int *low, int *high)
{
	const struct answer_list *l = &i->list[i->item[item].answers];

	*low = *high = l->answer[0].score;
	for (int k = 1; k < l->n; k++) {
		if (l->answer[k].score < *low)
			*low = l->answer[k].score;
		if (l->answer[k].score > *high)
			*high = l->answer[k].score;
	}
}

int item_score(const struct instrument *i, int item, int answer)
{
	int score = i->list[i->item[item].answers].answer[answer].score;
	int low, high;

	if (!i->item[item].reverse)
		return score;
	item_range(i, item, &low, &high);
	return low + high - score;
}

bool instrument_pooled(const struct instrument *i, const char *a, const char *b)
{
	int fa = instrument_form(i, a), fb = instrument_form(i, b);

	if (fa < 0 || fb < 0)
		return strcmp(a, b) == 0;
	return fa == fb || (*i->form[fa].pool &&
			    strcmp(i->form[fa].pool, i->form[fb].pool) == 0);
}

const char *score_rule_text(enum score_rule r)
{
	static const char *const text[] = {
		[RULE_PUBLISHED] = "published",	  [RULE_RECALLED] = "recalled",
		[RULE_LOCAL] = "local",		  [RULE_LICENSED] = "licensed",
		[RULE_UNRESOLVED] = "unresolved", [RULE_NONE] = "none",
	};

	return text[r];
}

int score_parse(const char *text, int32_t *out)
{
	static const char digits[] = "0123456789";
	size_t whole = strspn(text, digits), places = 0;
	int32_t v = 0;

	if (text[whole] == '.')
		places = strspn(text + whole + 1, digits);
	if (whole == 0 || whole > 5 || places > 2 ||
	    (text[whole] == '.' && places == 0) ||
	    text[whole + (places ? places + 1 : 0)])
		return err_set(E_INVALID,
			       "\"%.40s\" is not a score like 15 or 29.65",
			       text);
	for (size_t k = 0; k < whole; k++)
		v = v * 10 + (text[k] - '0');
	for (size_t k = 0; k < 2; k++)
		v = v * 10 + (k < places ? text[whole + 1 + k] - '0' : 0);
	*out = v;
	return 0;
}

const char *score_format(int32_t score, char out[SCORE_TEXT])
{
	int part = score % SCORE_ONE;

	if (score == NO_SCORE)
		out[0] = '\0';
	else if (part == 0)
		snprintf(out, SCORE_TEXT, "%d", score / SCORE_ONE);
	else if (part % 10 == 0)
		snprintf(out, SCORE_TEXT, "%d.%d", score / SCORE_ONE,
			 part / 10);
	else
		snprintf(out, SCORE_TEXT, "%d.%02d", score / SCORE_ONE, part);
	return out;
}
