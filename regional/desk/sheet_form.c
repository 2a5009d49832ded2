#include "regional/desk/sheet_form.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "daemon/web/tpl_buttons.h"
#include "daemon/web/tpl_checkboxes.h"
#include "daemon/web/tpl_date_field.h"
#include "daemon/web/tpl_field.h"
#include "daemon/web/tpl_select.h"
#include "daemon/web/tpl_textarea.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_word.h"
#include "regional/desk/word_field.h"
#include "regional/node.h"

enum { SEEN_BYTES = 16, SEEN = 2 * SEEN_BYTES + 1, AREA_ROWS = 3 };

static const struct sheet_column *column_of(const struct sheet_form *f, int i)
{
	for (int k = 0; k < f->sheet->n; k++)
		if (strcmp(f->sheet->column[k].name, f->field[i].column) == 0)
			return &f->sheet->column[k];
	assert(!"a form asks for a column that its sheet has");
	return NULL;
}

/* Is @word one of "food, housing"? */
static bool in_set(const char *set, const char *word)
{
	size_t len = strlen(word);

	for (const char *s = set; s; s = strchr(s, ',')) {
		s += strspn(s, ", ");
		if (strncmp(s, word, len) == 0 &&
		    (s[len] == ',' || s[len] == '\0'))
			return true;
	}
	return false;
}

/* --- drawing --- */

static const struct tpl_checkboxes *
boxes(struct page *p, const struct sheet_form_field *f, const char *set)
{
	const struct vocabulary *v = ((struct desk *)p->site)->n->rec.words;
	int n = vocabulary_count(v, f->set);
	struct tpl_checkboxes *out = arena_alloc(&p->a, sizeof *out);
	struct tpl_checkboxes_options *o =
		arena_alloc(&p->a, (size_t)n * sizeof *o);

	if (!out || !o)
		return NULL;
	for (int i = 0; i < n; i++) {
		const struct word *w = vocabulary_word(v, f->set, i);

		o[i].value = w->id;
		o[i].title = w->title;
		o[i].chosen =
			page_chosen(p, f->column, w->id, in_set(set, w->id));
	}
	*out = (struct tpl_checkboxes){.name = f->column,
				       .label = f->label,
				       .hint = f->hint,
				       .error = page_error_of(p, f->column),
				       .options = o,
				       .options_n = (size_t)n};
	return out;
}

/* The @i-th of "open, done" into @out; false behind the last. */
static bool one_of(const struct sheet_column *c, int i, char out[40])
{
	const char *s = c->kind == SHEET_YES ? "1, 0" : c->of;

	while (i-- > 0 && s)
		s = (s = strchr(s, ',')) ? s + 2 : NULL;
	if (s)
		snprintf(out, 40, "%.*s", (int)strcspn(s, ","), s);
	return s != NULL;
}

static const struct tpl_select *one(struct page *p,
				    const struct sheet_form_field *f,
				    const struct sheet_column *c,
				    const char *stored)
{
	struct arena_list l = {.arena = &p->a,
			       .size = sizeof(struct tpl_select_options)};
	struct tpl_select *s = arena_alloc(&p->a, sizeof *s);
	char value[40];

	for (int i = 0; one_of(c, i, value); i++) {
		struct tpl_select_options *o = arena_add(&l);

		if (!o)
			return NULL;
		o->value = arena_dup(&p->a, value);
		o->title = f->titles[i];
		o->chosen = page_chosen(p, f->column, value,
					stored && strcmp(stored, value) == 0);
	}
	if (!s)
		return NULL;
	*s = (struct tpl_select){.name = f->column,
				 .label = f->label,
				 .error = page_error_of(p, f->column),
				 .prompt = f->prompt,
				 .options = l.items,
				 .options_n = l.n};
	return s;
}

static const struct tpl_textarea *area(struct page *p,
				       const struct sheet_form_field *f,
				       const struct sheet_column *c,
				       const char *stored)
{
	struct tpl_textarea *a = word_area(p, f->column, f->label, stored);

	if (a) {
		a->hint = f->hint;
		a->optional = f->how & FORM_OPTIONAL;
		a->required = c->must;
		a->maxlength = (int64_t)c->size - 1;
		a->rows = AREA_ROWS;
	}
	return a;
}

static const struct tpl_field *line(struct page *p,
				    const struct sheet_form_field *f,
				    const struct sheet_column *c,
				    const char *stored)
{
	struct tpl_field *l = word_line(p, f->column, f->label, stored);

	if (!l)
		return NULL;
	l->hint = f->hint;
	l->optional = f->how & FORM_OPTIONAL;
	l->required = c->must;
	if (c->kind == SHEET_INT) {
		l->inputmode = "numeric";
		l->narrow = true;
	} else {
		l->maxlength = (int64_t)c->size - 1;
	}
	return l;
}

static const struct tpl_select *word(struct page *p,
				     const struct sheet_form_field *f,
				     const struct sheet_column *c,
				     const char *stored)
{
	struct tpl_select *s =
		word_select(p, c->list, f->column, f->label, f->prompt, stored);

	if (s) {
		s->hint = f->hint;
		s->optional = f->how & FORM_OPTIONAL;
	}
	return s;
}

static const struct tpl_date_field *day(struct page *p,
					const struct sheet_form_field *f,
					const struct sheet_column *c,
					const void *rec)
{
	struct tpl_date_field *d;
	int32_t stored;

	memcpy(&stored, (const char *)rec + c->at, sizeof stored);
	d = word_day(p, f->column, f->label, stored);
	if (d) {
		d->hint = f->hint;
		d->optional = f->how & FORM_OPTIONAL;
		d->required = c->must;
	}
	return d;
}

static void set_field(struct page *p, const struct sheet_form_field *f,
		      const struct sheet_column *c, const void *rec,
		      struct tpl_sheet_form_fields *out)
{
	char buf[SHEET_BUF];
	const char *text = sheet_text(c, rec, buf);
	char *stored = arena_dup(&p->a, text ? text : "");

	if (f->how & FORM_BOXES)
		out->any = boxes(p, f, stored);
	else if (f->how & FORM_AREA)
		out->text = area(p, f, c, stored);
	else if (c->kind == SHEET_WORD)
		out->one = word(p, f, c, stored);
	else if (c->kind == SHEET_ONE || c->kind == SHEET_YES)
		out->one = one(p, f, c, stored);
	else if (c->kind == SHEET_DAY || c->kind == SHEET_AHEAD)
		out->day = day(p, f, c, rec);
	else
		out->line = line(p, f, c, stored);
}

/* Of the columns that the form asks for. */
static const char *fingerprint(struct page *p, const struct sheet_form *f,
			       const void *rec)
{
	unsigned char hash[SEEN_BYTES];
	crypto_generichash_state s;
	char buf[SHEET_BUF], out[SEEN];

	crypto_generichash_init(&s, NULL, 0, sizeof hash);
	for (int i = 0; i < f->n; i++) {
		const char *text = sheet_text(column_of(f, i), rec, buf);

		if (text)
			crypto_generichash_update(
				&s, (const unsigned char *)text, strlen(text));
		/* What stands in one field is not the next one's. */
		crypto_generichash_update(&s, (const unsigned char *)"", 1);
	}
	crypto_generichash_final(&s, hash, sizeof hash);
	sodium_bin2hex(out, sizeof out, hash, sizeof hash);
	return arena_dup(&p->a, out);
}

struct tpl_sheet_form *sheet_form_new(struct page *p,
				      const struct sheet_form *f,
				      const void *rec, bool seen,
				      const char *save, const char *cancel)
{
	struct tpl_sheet_form_fields *field =
		arena_alloc(&p->a, (size_t)f->n * sizeof *field);
	struct tpl_sheet_form *t = arena_alloc(&p->a, sizeof *t);
	struct tpl_buttons *b = arena_alloc(&p->a, sizeof *b);

	if (!t || !b || !field)
		return NULL;
	for (int i = 0; i < f->n; i++)
		set_field(p, &f->field[i], column_of(f, i), rec, &field[i]);
	b->title = save;
	b->cancel = cancel;
	*t = (struct tpl_sheet_form){
		.action = p->req->path,
		.csrf = page_csrf(p),
		.draft = true,
		.seen = seen ? fingerprint(p, f, rec) : NULL,
		.fields = field,
		.fields_n = (size_t)f->n,
		.buttons = b,
	};
	return t;
}

/* --- reading --- */

static int read_boxes(struct page *p, const struct sheet_form_field *f,
		      const struct sheet_column *c, void *rec)
{
	const struct vocabulary *v = ((struct desk *)p->site)->n->rec.words;
	char *out = (char *)rec + c->at;
	size_t used = 0;
	int n = 0;
	const char *const *on = page_form_all(p, f->column, &n);

	if (!on)
		return E_NOMEM;
	*out = '\0';
	/* In the vocabulary's order, whatever else was sent. */
	for (int i = 0; i < vocabulary_count(v, f->set); i++) {
		const char *w = vocabulary_word(v, f->set, i)->id;

		for (int k = 0; k < n; k++)
			if (strcmp(on[k], w) == 0 && used < c->size) {
				used += (size_t)snprintf(out + used,
							 c->size - used, "%s%s",
							 used ? ", " : "", w);
				break;
			}
	}
	return 0;
}

static int read_field(struct page *p, const struct sheet_form_field *f,
		      const struct sheet_column *c, void *rec)
{
	char *at = (char *)rec + c->at;
	int32_t on = NO_DATE;
	int64_t v = SHEET_UNKNOWN;
	int x = 0;

	if (f->how & FORM_BOXES)
		return read_boxes(p, f, c, rec);
	switch (c->kind) {
	case SHEET_TEXT:
	case SHEET_WORD:
	case SHEET_ONE:
		x = word_text(p, f->column, at, c->size);
		if (x == 0 && c->must && !*at)
			page_error(p, f->column, "%s: fill this in", f->label);
		break;
	case SHEET_DAY:
	case SHEET_AHEAD:
		x = page_form_date(p, f->column, &on);
		if (x == 0)
			memcpy(at, &on, sizeof on);
		if (x == 0 && c->must && on == NO_DATE)
			page_error(p, f->column, "%s: give the day", f->label);
		break;
	case SHEET_INT:
		x = page_form_int(p, f->column, c->min, c->max, &v);
		if (x == 0)
			memcpy(at, &v, sizeof v);
		break;
	case SHEET_YES:
		x = page_form_int(p, f->column, 0, 1, &v);
		if (x == 0)
			memcpy(at, &v, sizeof v);
		break;
	case SHEET_ID:
		break; /* the page knows whose record it is */
	}
	/* One wrong field is not the end: the others are looked at too. */
	if (x == E_INVALID) {
		err_clear();
		x = 0;
	}
	return x;
}

int sheet_form_read(struct page *p, const struct sheet_form *f, void *rec)
{
	int x = 0;

	for (int i = 0; i < f->n && x == 0; i++)
		x = read_field(p, &f->field[i], column_of(f, i), rec);
	return x;
}

/* A stored value as it is read. */
static const char *shown(struct page *p, const struct sheet_form_field *f,
			 const struct sheet_column *c, const void *rec)
{
	char buf[SHEET_BUF], value[40];
	const char *text = sheet_text(c, rec, buf);
	int32_t on;

	if (!text || !*text)
		return "nothing";
	if (c->kind == SHEET_WORD)
		return desk_word(p, c->list, text);
	if (c->kind == SHEET_DAY || c->kind == SHEET_AHEAD) {
		memcpy(&on, (const char *)rec + c->at, sizeof on);
		return day_text(&p->a, on);
	}
	for (int i = 0; f->titles && one_of(c, i, value); i++)
		if (strcmp(value, text) == 0)
			return f->titles[i];
	return arena_dup(&p->a, text);
}

static bool same(const struct sheet_column *c, const void *a, const void *b)
{
	char buf[2][SHEET_BUF];
	const char *s = sheet_text(c, a, buf[0]), *t = sheet_text(c, b, buf[1]);

	return strcmp(s ? s : "", t ? t : "") == 0;
}

int sheet_form_change(struct page *p, const struct sheet_form *f, void *rec)
{
	const char *was = page_form(p, "seen");
	const char *now = fingerprint(p, f, rec);
	void *stored = arena_alloc(&p->a, f->sheet->size);
	int x;

	if (!now || !stored)
		return E_NOMEM;
	memcpy(stored, rec, f->sheet->size);
	x = sheet_form_read(p, f, rec);
	if (x < 0 || (was && strcmp(was, now) == 0))
		return x;
	page_error(p, NULL,
		   "Somebody changed %s while you wrote. Below is what you "
		   "wrote, and beside it what stands there now; save again to "
		   "put yours in its place",
		   f->what);
	for (int i = 0; i < f->n; i++)
		if (!same(column_of(f, i), stored, rec))
			page_error(p, f->field[i].column,
				   "%s: now stands there: %s",
				   f->field[i].label,
				   shown(p, &f->field[i], column_of(f, i),
					 stored));
	return 0;
}
