#include "regional/case/cutoff.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/conf.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "proto/catalogue.h"
#include "proto/form.h"

enum { CUTOFFS_MAX = 1024 };

struct cutoff {
	const struct instrument *i; /* the catalogue's */
	int scale;
	char form[INSTRUMENT_CODE];
	int32_t cutoff, zone;
};

struct cutoffs {
	const struct catalogue *cat;
	int n;
	struct cutoff row[CUTOFFS_MAX];
};

int cutoff_parse(const char *text, int32_t *cutoff, int32_t *zone)
{
	const char *rest = text;
	char one[SCORE_TEXT + 8];
	int r;

	*zone = NO_SCORE;
	r = form_item(&rest, ",", one, sizeof one);
	if (r > 0)
		r = score_parse(one, cutoff);
	else if (r == 0)
		r = err_set(E_INVALID, "a cut-off is missing");
	if (r == 0 && (r = form_item(&rest, ",", one, sizeof one)) > 0)
		r = score_parse(one, zone);
	if (r == 0 && *rest)
		r = err_set(E_INVALID,
			    "a cut-off is like \"25.17\" or \"25.17, 38.21\"");
	return r;
}

/* "ASQ-3 24" */
static int parse_section(const struct cutoffs *c, const char *section,
			 struct cutoff *out)
{
	const char *rest = section;
	char id[INSTRUMENT_ID] = "";
	int k = -1;

	if (form_item(&rest, " ", id, sizeof id) > 0)
		k = catalogue_find_instrument(c->cat, id);
	if (k < 0)
		return err_set(E_INVALID,
			       "[%.40s]: a section is like [ASQ-3 24], with an "
			       "instrument that is known",
			       section);
	out->i = catalogue_instrument(c->cat, k);
	out->form[0] = '\0';
	if (form_item(&rest, " ", out->form, sizeof out->form) < 0 || *rest ||
	    (out->i->n_forms > 0) != (*out->form != '\0') ||
	    (*out->form && instrument_form(out->i, out->form) < 0))
		return err_set(E_INVALID, "[%.40s]: %s has no such form",
			       section, id);
	return 0;
}

static int take(void *arg, const char *section, const char *key,
		const char *value, bool more, int line)
{
	struct cutoffs *c = arg;
	struct cutoff *row = &c->row[c->n];
	int r;

	(void)line;
	if (c->n == CUTOFFS_MAX)
		return err_set(E_TOOBIG, "there are over %d cut-offs",
			       CUTOFFS_MAX);
	if (more)
		return err_set(E_INVALID, "%s takes one line", key);
	r = parse_section(c, section, row);
	if (r < 0)
		return r;
	row->scale = instrument_scale(row->i, key);
	if (row->scale < 0 || row->i->scale[row->scale].rule != RULE_LICENSED)
		return err_set(E_INVALID,
			       "%s has no domain \"%.40s\" with a licensed "
			       "cut-off",
			       row->i->id, key);
	for (int k = 0; k < c->n; k++)
		if (c->row[k].i == row->i && c->row[k].scale == row->scale &&
		    strcmp(c->row[k].form, row->form) == 0)
			return err_set(E_INVALID, "%s is given twice", key);
	r = cutoff_parse(value, &row->cutoff, &row->zone);
	if (r == 0)
		c->n++;
	return r;
}

int cutoff_load(struct cutoffs **out, const struct catalogue *cat,
		const char *path)
{
	struct cutoffs *c = mem_calloc(1, sizeof *c);
	int r;

	if (!c)
		return err_set(E_NOMEM, "out of memory for %s", path);
	c->cat = cat;
	r = conf_read(path, take, c);
	if (r == 0) {
		*out = c;
		c = NULL; /* handed over */
	}
	cutoff_free(c);
	return r;
}

void cutoff_free(struct cutoffs *c)
{
	mem_free(c);
}

void cutoff_fill(const struct cutoffs *c, const struct instrument *i,
		 struct score_in *in)
{
	for (int k = 0; c && k < c->n; k++) {
		const struct cutoff *row = &c->row[k];

		if (row->i != i || strcmp(row->form, in->form) != 0 ||
		    in->score[row->scale] == NO_SCORE ||
		    in->cutoff[row->scale] != NO_SCORE)
			continue;
		in->cutoff[row->scale] = row->cutoff;
		in->zone[row->scale] = row->zone;
	}
}
