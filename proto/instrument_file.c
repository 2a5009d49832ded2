#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "daemon/core/err.h"
#include "proto/instrument_parts.h"

enum { ANSWER_SCORE_MAX = 100 };

#define HEAD(member) offsetof(struct instrument, member)
#define HEAD_SIZE(member) sizeof(((struct instrument *)0)->member)

static const struct form_field head_field[] = {
	{"id", FORM_ID, HEAD(id), HEAD_SIZE(id), true, 0, 0},
	{"version", FORM_INT, HEAD(version), 0, true, 1, 1000000},
	{"edition", FORM_TEXT, HEAD(edition), HEAD_SIZE(edition), false, 0, 0},
	{"title", FORM_TEXT, HEAD(title), HEAD_SIZE(title), true, 0, 0},
	{"from_months", FORM_INT, HEAD(from_months), 0, true, 0, MONTHS_MAX},
	{"to_months", FORM_INT, HEAD(to_months), 0, true, 0, MONTHS_MAX},
	{"most_blanks", FORM_INT, HEAD(most_blanks), 0, false, 0, ITEMS_MAX},
	{"loinc", FORM_TEXT, HEAD(loinc), HEAD_SIZE(loinc), false, 0, 0},
	{"source", FORM_TEXT, HEAD(source), HEAD_SIZE(source), true, 0, 0},
	{"license", FORM_TEXT, HEAD(license), HEAD_SIZE(license), true, 0, 0},
	{"note", FORM_TEXT, HEAD(note), HEAD_SIZE(note), false, 0, 0},
};

static const struct form_field form_fields[] = {
	{"title", FORM_TEXT, AT(form.title), SIZE(form.title), true, 0, 0},
	{"from_months", FORM_INT, AT(form.from_months), 0, false, 0,
	 MONTHS_MAX},
	{"to_months", FORM_INT, AT(form.to_months), 0, false, 0, MONTHS_MAX},
	{"pool", FORM_ID, AT(form.pool), SIZE(form.pool), false, 0, 0},
};

static const struct form_field answer_field[] = {
	{"values", FORM_TEXT, AT(values), SIZE(values), true, 0, 0},
};

static const struct form_field item_field[] = {
	{"ids", FORM_TEXT, AT(ids), SIZE(ids), true, 0, 0},
	{"answers", FORM_ID, AT(answers), SIZE(answers), true, 0, 0},
	{"reverse", FORM_BOOL, AT(reverse), 0, false, 0, 0},
	{"many", FORM_BOOL, AT(many), 0, false, 0, 0},
	{"loinc", FORM_TEXT, AT(loinc), SIZE(loinc), false, 0, 0},
};

int instrument_file_word(const char **rest, char *out, size_t size)
{
	return form_item(rest, " \t\n", out, size);
}

int instrument_file_id(const char *id, size_t size, int n, int most)
{
	if (!form_id_ok(id, size))
		return err_set(E_INVALID, "\"%.40s\" is not an id", id);
	if (n >= most)
		return err_set(E_INVALID, "there are over %d of its kind",
			       most);
	return 0;
}

static int keep_head(struct reader *rd)
{
	const struct instrument *i = rd->i;

	if (i->from_months > i->to_months)
		return err_set(E_INVALID, "from_months is after to_months");
	if (*i->loinc && !form_id_ok(i->loinc, sizeof i->loinc))
		return err_set(E_INVALID, "loinc is a code like 88121-9");
	return 0;
}

static int keep_form(struct reader *rd, const struct form_section *s,
		     const char *id)
{
	struct form_of *f = &rd->entry.form;
	struct instrument *i = rd->i;
	int r;

	r = instrument_file_id(id, sizeof f->id, i->n_forms, FORMS_MAX);
	if (r < 0)
		return r;
	if (instrument_form(i, id) >= 0)
		return err_set(E_INVALID, "it is there twice");
	if (i->n_scales > 0)
		return err_set(E_INVALID, "forms stand before domains");
	memcpy(f->id, id, strlen(id) + 1);
	if (!form_given(s, "from_months"))
		f->from_months = i->from_months;
	if (!form_given(s, "to_months"))
		f->to_months = i->to_months;
	if (f->from_months > f->to_months)
		return err_set(E_INVALID, "from_months is after to_months");
	i->form[i->n_forms++] = *f;
	return 0;
}

/* "often 1 LA28397-0" */
static int take_answer(struct answer_list *l, const char *text)
{
	struct item_answer *a = &l->answer[l->n];
	char score[8] = "";
	int r;

	if (l->n == ANSWERS_MAX)
		return err_set(E_INVALID, "there are over %d answers",
			       ANSWERS_MAX);
	if (instrument_file_word(&text, a->id, sizeof a->id) <= 0 ||
	    instrument_file_word(&text, score, sizeof score) <= 0 ||
	    !form_id_ok(a->id, sizeof a->id))
		return err_set(E_INVALID,
			       "an answer is like \"often 1 LA28397-0\"");
	if (answer_find(l, a->id) >= 0)
		return err_set(E_INVALID, "the answer %s is there twice",
			       a->id);
	r = form_int(score, 0, ANSWER_SCORE_MAX, &a->score);
	if (r == 0 &&
	    (r = instrument_file_word(&text, a->loinc, sizeof a->loinc)) > 0)
		r = *text ? err_set(E_INVALID, "\"%.40s\" is too much", text)
			  : 0;
	l->n++;
	return r;
}

static int keep_answers(struct reader *rd, const char *id)
{
	struct instrument *i = rd->i;
	struct answer_list *l = &i->list[i->n_lists];
	const char *rest = rd->entry.values;
	char text[80];
	int r;

	r = instrument_file_id(id, sizeof l->id, i->n_lists, ANSWER_LISTS_MAX);
	if (r < 0)
		return r;
	for (int k = 0; k < i->n_lists; k++)
		if (strcmp(i->list[k].id, id) == 0)
			return err_set(E_INVALID, "it is there twice");
	memcpy(l->id, id, strlen(id) + 1);
	while ((r = form_item(&rest, ",", text, sizeof text)) > 0) {
		r = take_answer(l, text);
		if (r < 0)
			return r;
	}
	if (r == 0 && l->n < 2)
		r = err_set(E_INVALID, "a list has two answers at least");
	i->n_lists++;
	return r;
}

int instrument_file_each(struct reader *rd, const char *list,
			 int (*fn)(struct reader *rd, const char *id))
{
	char text[60], id[INSTRUMENT_CODE + 12];
	int r;

	while ((r = form_item(&list, ",", text, sizeof text)) > 0) {
		char *dots = strstr(text, "..");
		size_t len = strcspn(text, "0123456789");
		int from, to;

		if (!dots) {
			r = fn(rd, text);
			if (r < 0)
				return r;
			continue;
		}
		*dots = '\0';
		dots += 2;
		if (len >= INSTRUMENT_CODE || strncmp(text, dots, len) != 0 ||
		    form_int(text + len, 0, 999, &from) < 0 ||
		    form_int(dots + len, from, 999, &to) < 0)
			return err_set(E_INVALID,
				       "\"%.20s..%.20s\" is not a range like "
				       "b1..b12",
				       text, dots);
		for (int k = from; k <= to; k++) {
			snprintf(id, sizeof id, "%.*s%d", (int)len, text, k);
			r = fn(rd, id);
			if (r < 0)
				return r;
		}
	}
	return r;
}

static int add_item(struct reader *rd, const char *id)
{
	struct instrument *i = rd->i;
	struct item *t = &i->item[i->n_items];
	int r;

	r = instrument_file_id(id, sizeof t->id, i->n_items, ITEMS_MAX);
	if (r < 0)
		return r;
	if (instrument_item(i, id) >= 0)
		return err_set(E_INVALID, "item %s is there twice", id);
	memset(t, 0, sizeof *t);
	memcpy(t->id, id, strlen(id) + 1);
	t->reverse = rd->entry.reverse;
	t->many = rd->entry.many;
	t->answers = -1;
	for (int k = 0; k < i->n_lists; k++)
		if (strcmp(i->list[k].id, rd->entry.answers) == 0)
			t->answers = k;
	if (t->answers < 0)
		return err_set(E_INVALID, "no [answers %s] stands above",
			       rd->entry.answers);
	i->n_items++;
	return 0;
}

/* "1 88122-7, 2 88123-5" */
static int keep_items(struct reader *rd)
{
	const char *rest = rd->entry.loinc;
	char text[60];
	int r;

	r = instrument_file_each(rd, rd->entry.ids, add_item);
	while (r == 0 && (r = form_item(&rest, ",", text, sizeof text)) > 0) {
		const char *at = text;
		char id[INSTRUMENT_CODE], code[INSTRUMENT_LOINC];
		int k = -1;

		if (instrument_file_word(&at, id, sizeof id) > 0 &&
		    instrument_file_word(&at, code, sizeof code) > 0 && !*at)
			k = instrument_item(rd->i, id);
		if (k < 0)
			return err_set(E_INVALID,
				       "loinc is like \"1 88122-7\", with an "
				       "item of this instrument, not \"%s\"",
				       text);
		memcpy(rd->i->item[k].loinc, code, sizeof code);
		r = 0;
	}
	return r;
}

static void use(struct form_section *s, const struct form_field *f, size_t size)
{
	s->field = f;
	s->n = (int)(size / sizeof *f);
}

static int begin(void *arg, struct form_section *s)
{
	struct reader *rd = arg;

	memset(&rd->entry, 0, sizeof rd->entry);
	s->into = &rd->entry;
	if (!*s->name) {
		use(s, head_field, sizeof head_field);
		s->into = rd->i;
	} else if (form_section_id(s->name, "form")) {
		use(s, form_fields, sizeof form_fields);
	} else if (form_section_id(s->name, "answers")) {
		use(s, answer_field, sizeof answer_field);
	} else if (form_section_id(s->name, "items")) {
		use(s, item_field, sizeof item_field);
	} else if (form_section_id(s->name, "domain")) {
		instrument_domain_begin(s);
	} else {
		return err_set(E_INVALID, "unknown section [%.40s]", s->name);
	}
	return 0;
}

static int end(void *arg, const struct form_section *s)
{
	struct reader *rd = arg;
	const char *id;

	if (!*s->name)
		return keep_head(rd);
	if ((id = form_section_id(s->name, "form")))
		return keep_form(rd, s, id);
	if ((id = form_section_id(s->name, "answers")))
		return keep_answers(rd, id);
	if (form_section_id(s->name, "items"))
		return keep_items(rd);
	return instrument_domain_keep(rd, s,
				      form_section_id(s->name, "domain"));
}

int instrument_read(struct instrument *i, const struct vocabulary *v,
		    const char *path, const char *text, size_t len)
{
	struct reader rd = {.v = v, .i = i};
	int r;

	memset(i, 0, sizeof *i);
	i->most_blanks = ITEMS_MAX;
	r = form_read(path, text, len, begin, end, &rd);
	if (r == 0 && i->n_scales == 0)
		r = err_set(E_INVALID, "%s: there is no [domain ...]", path);
	if (r < 0)
		return r;
	crypto_generichash(i->hash, sizeof i->hash, (const unsigned char *)text,
			   len, NULL, 0);
	return 0;
}
