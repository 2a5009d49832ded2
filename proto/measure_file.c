#include "proto/measure_file.h"

#include <string.h>

#include "daemon/core/err.h"
#include "proto/codec.h"
#include "proto/form.h"

struct reader {
	const struct catalogue *c;
	struct measure m;
	char table[CATALOGUE_ID];
	char numerator[200], denominator[200], parts[200];
	char unit[16], better[16], served[8];
};

#define AT(member) offsetof(struct reader, member)
#define SIZE(member) sizeof(((struct reader *)0)->member)

static const struct form_field field[] = {
	{"id", FORM_ID, AT(m.id), SIZE(m.id), true, 0, 0},
	{"version", FORM_INT, AT(m.version), 0, true, 1, 1000000},
	{"title", FORM_TEXT, AT(m.title), SIZE(m.title), true, 0, 0},
	{"formula", FORM_TEXT, AT(m.formula), SIZE(m.formula), true, 0, 0},
	{"served", FORM_ID, AT(served), SIZE(served), false, 0, 0},
	{"because", FORM_TEXT, AT(m.because), SIZE(m.because), false, 0, 0},
	{"unit", FORM_ID, AT(unit), SIZE(unit), false, 0, 0},
	{"table", FORM_ID, AT(table), SIZE(table), false, 0, 0},
	{"numerator", FORM_TEXT, AT(numerator), SIZE(numerator), false, 0, 0},
	{"denominator", FORM_TEXT, AT(denominator), SIZE(denominator), false, 0,
	 0},
	{"parts", FORM_TEXT, AT(parts), SIZE(parts), false, 0, 0},
	{"window", FORM_TEXT, AT(m.window), SIZE(m.window), false, 0, 0},
	{"better", FORM_ID, AT(better), SIZE(better), false, 0, 0},
	{"source", FORM_TEXT, AT(m.source), SIZE(m.source), true, 0, 0},
	{"is_not", FORM_TEXT, AT(m.is_not), SIZE(m.is_not), true, 0, 0},
};

/* The index of @text in @word[0..n-1]. */
static int choose(const char *key, const char *text, const char *const *word,
		  int n)
{
	for (int i = 0; i < n; i++)
		if (strcmp(text, word[i]) == 0)
			return i;
	return err_set(E_INVALID, "%s \"%s\" is unknown", key, text);
}

static bool published(const struct fact_table *t, int outcome)
{
	for (int i = 0; i < t->n_views; i++)
		for (int k = 0; k < t->view[i].n_outcomes; k++)
			if (t->view[i].outcome[k] == outcome)
				return true;
	return false;
}

/* An outcome that a sum may have: one that a view publishes, and that no other
 * outcome of the sum contains. */
static int find_outcome(const struct fact_table *t, const char *id,
			uint32_t sum)
{
	int o = fact_table_outcome(t, id);

	if (o < 0)
		return err_set(E_INVALID, "%s has no outcome \"%s\"", t->id,
			       id);
	if (!published(t, o))
		return err_set(E_INVALID, "no view publishes %s", id);
	for (int i = 0; i < t->n_outcomes; i++)
		if ((sum >> i & 1) &&
		    (fact_table_under(t, o, i) || fact_table_under(t, i, o)))
			return err_set(E_INVALID,
				       "%s and %s are added, but "
				       "one contains the other",
				       t->outcome[i].id, id);
	return o;
}

/* "linked_0_15 + linked_16_30" */
static int parse_sum(const struct fact_table *t, const char *text,
		     uint32_t *out)
{
	char id[CATALOGUE_ID];
	int r, o;

	*out = 0;
	while ((r = form_item(&text, "+", id, sizeof id)) > 0) {
		o = find_outcome(t, id, *out);
		if (o < 0)
			return o;
		*out |= (uint32_t)1 << o;
	}
	return r;
}

static int parse_parts(struct reader *rd, const struct fact_table *t)
{
	struct measure *m = &rd->m;
	const char *rest = rd->parts;
	char id[CATALOGUE_ID];
	int r, o;

	while ((r = form_item(&rest, ",", id, sizeof id)) > 0) {
		if (m->n_parts == SPLIT_MAX)
			return err_set(E_INVALID, "there are over %d parts",
				       SPLIT_MAX);
		o = find_outcome(t, id, m->numerator.outcomes);
		if (o < 0)
			return o;
		m->part[m->n_parts++] = o;
		m->numerator.outcomes |= (uint32_t)1 << o;
	}
	if (r == 0 && m->n_parts < 2)
		return err_set(E_INVALID, "there must be two parts or more");
	return r;
}

/* Percentiles are read from bands only if nothing lies between them. */
static int check_bands(const struct measure *m, const struct fact_table *t)
{
	for (int i = 0; i < m->n_parts; i++) {
		const struct outcome *o = &t->outcome[m->part[i]];
		int expected = 0;

		if (i > 0)
			expected = t->outcome[m->part[i - 1]].days_to + 1;
		if (o->days_from < 0)
			return err_set(E_INVALID, "%s is not a band of days",
				       o->id);
		if (o->days_from != expected)
			return err_set(E_INVALID,
				       "band %s must begin at day %d", o->id,
				       expected);
	}
	return 0;
}

/* Every outcome of the numerator must be, or lie in, one of the denominator. */
static int check_inside(const struct measure *m, const struct fact_table *t)
{
	for (int i = 0; i < t->n_outcomes; i++) {
		bool inside = false;

		if (!(m->numerator.outcomes >> i & 1))
			continue;
		for (int k = 0; k < t->n_outcomes; k++)
			if (m->denominator.outcomes >> k & 1)
				inside |= fact_table_under(t, i, k);
		if (!inside)
			return err_set(E_INVALID,
				       "%s is not in the denominator",
				       t->outcome[i].id);
	}
	return 0;
}

/* Which of numerator, denominator and parts each unit has. The numerator of a
 * unit with parts is their sum. */
static const struct shape {
	bool numerator, denominator, parts;
} shape[] = {
	[MEASURE_COUNT] = {true, false, false},
	[MEASURE_PROPORTION] = {true, true, false},
	[MEASURE_DAYS] = {false, false, true},
	[MEASURE_RANK] = {false, true, true},
};

static int check_given(const struct form_section *s, const char *key, bool must,
		       const char *unit)
{
	if (form_given(s, key) == must)
		return 0;
	return err_set(E_INVALID,
		       must ? "%s is missing for unit %s"
			    : "%s does not belong to unit %s",
		       key, unit);
}

static int parse_terms(struct reader *rd, const struct form_section *s,
		       const struct fact_table *t)
{
	struct measure *m = &rd->m;
	const struct shape *want = &shape[m->unit];
	int r;

	r = check_given(s, "numerator", want->numerator, rd->unit);
	if (r == 0)
		r = check_given(s, "denominator", want->denominator, rd->unit);
	if (r == 0)
		r = check_given(s, "parts", want->parts, rd->unit);
	if (r == 0 && want->numerator)
		r = parse_sum(t, rd->numerator, &m->numerator.outcomes);
	if (r == 0 && want->denominator)
		r = parse_sum(t, rd->denominator, &m->denominator.outcomes);
	if (r == 0 && want->parts)
		r = parse_parts(rd, t);
	if (r == 0 && want->denominator)
		r = check_inside(m, t);
	if (r == 0 && m->unit == MEASURE_DAYS)
		r = check_bands(m, t);
	if (r == 0 && m->numerator.outcomes == 0)
		r = err_set(E_INVALID, "the numerator is empty");
	return r;
}

static int begin(void *arg, struct form_section *s)
{
	if (*s->name)
		return err_set(E_INVALID, "a measure has no sections");
	s->field = field;
	s->n = sizeof field / sizeof field[0];
	s->into = arg;
	return 0;
}

/* What a measure that is not served lacks, and one that is must have. */
static int check_served(struct reader *rd, const struct form_section *s)
{
	static const char *const only[] = {"unit", "table", "window", "better"};
	static const char *const none[] = {"numerator", "denominator", "parts"};
	bool no = form_given(s, "served");

	if (no && strcmp(rd->served, "no") != 0)
		return err_set(E_INVALID,
			       "served is no, or does not stand there");
	if (form_given(s, "because") != no)
		return err_set(E_INVALID, no ? "because is missing: why is it "
					       "not served?"
					     : "because goes with served = no");
	for (int i = 0; i < 4; i++)
		if (form_given(s, only[i]) == no)
			return err_set(E_INVALID,
				       no ? "%s does not belong to a measure "
					    "that is not served"
					  : "%s is missing",
				       only[i]);
	for (int i = 0; i < 3 && no; i++)
		if (form_given(s, none[i]))
			return err_set(E_INVALID,
				       "%s does not belong to a measure that "
				       "is not served",
				       none[i]);
	rd->m.served = !no;
	return 0;
}

static int end(void *arg, const struct form_section *s)
{
	static const char *const unit[] = {"count", "proportion", "days",
					   "rank"};
	static const char *const better[] = {"neither", "higher", "lower"};
	struct reader *rd = arg;
	struct measure *m = &rd->m;
	int r, table;

	r = check_served(rd, s);
	if (r < 0)
		return r;
	m->numerator.table = m->denominator.table = -1;
	if (!m->served)
		return 0;
	r = choose("unit", rd->unit, unit, 4);
	if (r < 0)
		return r;
	m->unit = (enum measure_unit)r;
	r = choose("better", rd->better, better, 3);
	if (r < 0)
		return r;
	m->better = (enum measure_better)r;
	table = catalogue_find_table(rd->c, rd->table);
	if (table < 0)
		return err_set(E_INVALID, "there is no fact table \"%s\"",
			       rd->table);
	m->numerator.table = table;
	m->denominator.table = table;
	return parse_terms(rd, s, catalogue_table(rd->c, table));
}

int measure_file_read(struct measure *m, const struct catalogue *c,
		      const char *path, const char *text, size_t len)
{
	struct reader rd = {.c = c};
	int r;

	r = form_read(path, text, len, begin, end, &rd);
	if (r < 0)
		return r;
	*m = rd.m;
	codec_digest(text, len, m->hash);
	return 0;
}
