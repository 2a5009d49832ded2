#include "regional/desk/edit_form.h"

#include <string.h>

#include "daemon/core/err.h"
#include "daemon/web/tpl_checkboxes.h"
#include "daemon/web/tpl_date_field.h"
#include "daemon/web/tpl_field.h"
#include "daemon/web/tpl_radios.h"
#include "daemon/web/tpl_select.h"
#include "daemon/web/tpl_textarea.h"
#include "regional/desk/desk.h"
#include "regional/desk/tpl_edit.h"
#include "regional/node.h"

static const struct vocabulary *words_of(struct page *p)
{
	return ((struct desk *)p->site)->n->rec.words;
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

static const char *named(struct page *p, const char *what,
			 const struct edit_field *f)
{
	return or_empty(arena_str(&p->a, "%s_%s", what, f->name));
}

static bool takes_theirs(struct page *p, const struct edit_field *f)
{
	const char *take = page_form(p, named(p, "take", f));

	return take && strcmp(take, "theirs") == 0;
}

/* It changed since the form began, to something else than was sent, and they
 * have not chosen between the two as they are now. */
static bool conflicts(struct page *p, const struct edit_field *f,
		      const void *now)
{
	const char *began = or_empty(page_form(p, named(p, "was", f)));
	const char *saw = or_empty(page_form(p, named(p, "saw", f)));
	const char *is = edit_text(p, f, now);

	return !f->once && strcmp(began, is) != 0 &&
	       strcmp(edit_sent(p, f), is) != 0 &&
	       (!page_form(p, named(p, "take", f)) || strcmp(saw, is) != 0);
}

int edit_conflicts(struct page *p, const struct edit *e, const void *now)
{
	int n = 0;

	for (int i = 0; i < e->n; i++)
		n += conflicts(p, &e->field[i], now);
	return n;
}

int edit_read(struct page *p, const struct edit *e, bool adding, void *rec)
{
	int x = 0;

	for (int i = 0; i < e->n; i++) {
		const struct edit_field *f = &e->field[i];

		if ((f->once && !adding) || takes_theirs(p, f))
			continue;
		if (edit_set(p, f, edit_sent(p, f), rec) < 0)
			x = E_INVALID;
	}
	return x;
}

/* --- drawing --- */

static int add_option(struct arena_list *l, const char *value,
		      const char *title)
{
	struct tpl_select_options *o = arena_add(l);

	if (!o)
		return E_NOMEM;
	o->value = value;
	o->title = title;
	return 0;
}

static void options_of(struct page *p, const char *of, struct arena_list *l)
{
	for (; of; of = strchr(of, '|') ? strchr(of, '|') + 1 : NULL) {
		const char *title = strchr(of, '=') + 1;

		add_option(l,
			   arena_str(&p->a, "%.*s", (int)strcspn(of, "="), of),
			   arena_str(&p->a, "%.*s", (int)strcspn(title, "|"),
				     title));
	}
}

static void options_words(struct page *p, enum words list, struct arena_list *l)
{
	for (int i = 0; i < vocabulary_count(words_of(p), list); i++) {
		const struct word *w = vocabulary_word(words_of(p), list, i);

		add_option(l, w->id, w->title);
	}
}

/* Whether @value is in "a,b". */
static bool among(const char *value, const char *list)
{
	size_t n = strlen(value);

	for (; list; list = strchr(list, ',') ? strchr(list, ',') + 1 : NULL)
		if (strncmp(list, value, n) == 0 &&
		    (list[n] == ',' || !list[n]))
			return true;
	return false;
}

static const struct tpl_checkboxes *
boxes_of(struct page *p, const struct edit_field *f, const char *value)
{
	struct tpl_checkboxes *b = arena_alloc(&p->a, sizeof *b);
	struct tpl_checkboxes_options *o;
	int n = f->kind == EDIT_YES ? 1
				    : vocabulary_count(words_of(p), f->list);

	o = arena_alloc(&p->a, (size_t)n * sizeof *o);
	if (!b || !o)
		return NULL;
	for (int i = 0; i < n; i++) {
		const struct word *w =
			f->kind == EDIT_YES
				? NULL
				: vocabulary_word(words_of(p), f->list, i);

		o[i].value = w ? w->id : "1";
		o[i].title = w ? w->title : f->label;
		o[i].hint = w ? NULL : f->hint;
		o[i].chosen = among(o[i].value, value);
	}
	*b = (struct tpl_checkboxes){
		.name = f->name,
		.label = f->kind == EDIT_YES ? NULL : f->label,
		.hint = f->kind == EDIT_YES ? NULL : f->hint,
		.error = page_error_of(p, f->name),
		.options = o,
		.options_n = (size_t)n,
	};
	return b;
}

static const struct tpl_select *select_of(struct page *p,
					  const struct child_head *c,
					  const struct edit_field *f,
					  const char *value, int *x)
{
	struct tpl_select *s = arena_alloc(&p->a, sizeof *s);
	struct arena_list l = {.arena = &p->a,
			       .size = sizeof(struct tpl_select_options)};
	struct tpl_select_options *o;

	if (f->kind == EDIT_PICK)
		*x = f->pick(p, c, &l);
	else if (f->kind == EDIT_WORD)
		options_words(p, f->list, &l);
	else
		options_of(p,
			   f->kind == EDIT_TRI	  ? EDIT_YES_NO
			   : f->kind == EDIT_HELP ? EDIT_HELPS
						  : f->of,
			   &l);
	if (!s)
		return NULL;
	o = l.items;
	for (size_t i = 0; i < l.n; i++)
		o[i].chosen = strcmp(o[i].value, value) == 0;
	*s = (struct tpl_select){
		.name = f->name,
		.label = f->label,
		.hint = f->hint,
		.error = page_error_of(p, f->name),
		.prompt = f->must		 ? (*value ? NULL : "Choose")
			  : f->kind == EDIT_HELP ? "As the family"
			  : f->none		 ? f->none
						 : "Not known",
		.optional = !f->must,
		.options = o,
		.options_n = l.n,
	};
	return s;
}

static const struct tpl_date_field *
day_of(struct page *p, const struct edit_field *f, const char *value)
{
	struct tpl_date_field *d = arena_alloc(&p->a, sizeof *d);

	if (d)
		*d = (struct tpl_date_field){
			.name = f->name,
			.label = f->label,
			.hint = f->hint,
			.value = value,
			.optional = !f->must,
			.error = page_error_of(p, f->name),
		};
	return d;
}

static const struct tpl_field *
line_of(struct page *p, const struct edit_field *f, const char *value)
{
	struct tpl_field *d = arena_alloc(&p->a, sizeof *d);

	if (d)
		*d = (struct tpl_field){
			.name = f->name,
			.label = f->label,
			.hint = f->hint,
			.value = value,
			.optional = !f->must,
			.inputmode = f->kind == EDIT_INT ? "numeric" : NULL,
			.narrow = f->kind == EDIT_INT,
			.maxlength = f->kind == EDIT_INT ? 0
							 : (int64_t)f->size - 1,
			.error = page_error_of(p, f->name),
		};
	return d;
}

static const struct tpl_textarea *
area_of(struct page *p, const struct edit_field *f, const char *value)
{
	struct tpl_textarea *d = arena_alloc(&p->a, sizeof *d);

	if (d)
		*d = (struct tpl_textarea){
			.name = f->name,
			.label = f->label,
			.hint = f->hint,
			.value = value,
			.optional = !f->must,
			.rows = 3,
			.maxlength = (int64_t)f->size - 1,
			.error = page_error_of(p, f->name),
		};
	return d;
}

static int draw_field(struct page *p, const struct child_head *c,
		      const struct edit_field *f, const char *value,
		      struct tpl_edit_parts_parts *part)
{
	int x = 0;

	switch (f->kind) {
	case EDIT_LINE:
	case EDIT_INT:
		part->line = line_of(p, f, value);
		break;
	case EDIT_AREA:
		part->area = area_of(p, f, value);
		break;
	case EDIT_DAY:
		part->day = day_of(p, f, value);
		break;
	case EDIT_YES:
	case EDIT_SET:
		part->boxes = boxes_of(p, f, value);
		break;
	default:
		part->select = select_of(p, c, f, value, &x);
	}
	return x;
}

/* What was sent goes with the choice: each word of a set by itself. */
static void keep_sent(struct page *p, const struct edit_field *f,
		      struct tpl_edit_parts_parts *part)
{
	struct arena_list l = {
		.arena = &p->a,
		.size = sizeof(struct tpl_edit_parts_parts_kept)};
	struct tpl_edit_parts_parts_kept *k;
	const char *text = edit_sent(p, f);

	while (*text) {
		size_t n = f->kind == EDIT_SET ? strcspn(text, ",")
					       : strlen(text);

		if (!(k = arena_add(&l)))
			return;
		k->name = f->name;
		k->value = arena_str(&p->a, "%.*s", (int)n, text);
		text += n + (text[n] == ',');
	}
	part->kept = l.items;
	part->kept_n = l.n;
}

static void draw_choice(struct page *p, const struct child_head *c,
			const struct edit_field *f, const void *now,
			struct tpl_edit_parts_parts *part)
{
	const char *is = edit_text(p, f, now);
	const char *began = or_empty(page_form(p, named(p, "was", f)));
	struct tpl_radios *r = arena_alloc(&p->a, sizeof *r);
	struct tpl_radios_options *o = arena_alloc(&p->a, 2 * sizeof *o);

	keep_sent(p, f, part);
	part->saw_name = named(p, "saw", f);
	part->saw = is;
	if (!r || !o)
		return;
	o[0].value = "mine";
	o[0].title = arena_str(&p->a, "Yours: %s",
			       edit_said(p, c, f, edit_sent(p, f)));
	o[1].value = "theirs";
	o[1].title =
		arena_str(&p->a, "On record now: %s", edit_said(p, c, f, is));
	/* Who did not touch it most likely wants what the other wrote. */
	o[1].chosen = strcmp(edit_sent(p, f), began) == 0;
	o[1].hint = arena_str(&p->a, "when you began: %s",
			      edit_said(p, c, f, began));
	*r = (struct tpl_radios){
		.name = named(p, "take", f),
		.label = f->label,
		.required = true,
		.options = o,
		.options_n = 2,
	};
	part->radios = r;
}

int edit_draw(struct page *p, const struct child_head *c, const struct edit *e,
	      bool adding, const void *now, struct arena_list *parts,
	      bool *conflict)
{
	int x = 0;

	*conflict = !adding && !(e->may & EDIT_FRESH) && page_again(p) &&
		    edit_conflicts(p, e, now) > 0;
	for (int i = 0; x == 0 && i < e->n; i++) {
		const struct edit_field *f = &e->field[i];
		struct tpl_edit_parts_parts *part;
		const char *value = edit_text(p, f, now);

		if (f->once && !adding)
			continue;
		part = arena_add(parts);
		if (!part)
			return E_NOMEM;
		if (*conflict && conflicts(p, f, now))
			draw_choice(p, c, f, now, part);
		else if (*conflict)
			keep_sent(p, f, part);
		else if (f->kind == EDIT_SET && page_again(p))
			x = draw_field(p, c, f, edit_sent(p, f), part);
		else if (takes_theirs(p, f))
			x = draw_field(p, c, f, value, part);
		else
			x = draw_field(p, c, f, page_value(p, f->name, value),
				       part);
	}
	return x;
}

void edit_began(struct page *p, const struct edit *e, const void *now,
		struct arena_list *out)
{
	for (int i = 0; i < e->n; i++) {
		const struct edit_field *f = &e->field[i];
		struct tpl_edit_began *k = f->once ? NULL : arena_add(out);
		const char *value = edit_text(p, f, now);

		if (!k)
			continue;
		k->name = named(p, "was", f);
		k->value = page_value(p, k->name, value);
	}
}
