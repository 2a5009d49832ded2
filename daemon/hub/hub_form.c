#include "daemon/hub/hub_form.h"

#include <string.h>

#include "daemon/core/date.h"
#include "daemon/hub/tpl_hub_form.h"
#include "daemon/web/page.h"
#include "daemon/web/tpl_buttons.h"
#include "daemon/web/tpl_date_field.h"
#include "daemon/web/tpl_field.h"
#include "daemon/web/tpl_radios.h"
#include "daemon/web/tpl_textarea.h"

void hub_form_begin(struct hub_form *f, struct page *p)
{
	*f = (struct hub_form){
		.p = p,
		.fields = {.arena = &p->a,
			   .size = sizeof(struct tpl_hub_form_fields)},
		.intro = {.arena = &p->a,
			  .size = sizeof(struct tpl_hub_form_intro)},
		.hidden = {.arena = &p->a,
			   .size = sizeof(struct tpl_hub_form_hidden)}};
}

void hub_form_intro(struct hub_form *f, const char *text)
{
	struct tpl_hub_form_intro *i = arena_add(&f->intro);

	if (i)
		i->text = text;
}

void hub_form_hidden(struct hub_form *f, const char *name, const char *value)
{
	struct tpl_hub_form_hidden *i = arena_add(&f->hidden);

	if (i)
		*i = (struct tpl_hub_form_hidden){.name = name, .value = value};
}

void hub_form_text(struct hub_form *f, const char *name, const char *label,
		   const char *stored, const char *hint, int max)
{
	struct tpl_hub_form_fields *i = arena_add(&f->fields);
	struct tpl_field *t = arena_alloc(&f->p->a, sizeof *t);

	if (!i || !t)
		return;
	*t = (struct tpl_field){.name = name,
				.label = label,
				.hint = hint,
				.maxlength = max,
				.value = page_value(f->p, name, stored),
				.error = page_error_of(f->p, name)};
	i->text = t;
}

void hub_form_area(struct hub_form *f, const char *name, const char *label,
		   const char *stored, const char *hint, int max)
{
	struct tpl_hub_form_fields *i = arena_add(&f->fields);
	struct tpl_textarea *t = arena_alloc(&f->p->a, sizeof *t);

	if (!i || !t)
		return;
	*t = (struct tpl_textarea){.name = name,
				   .label = label,
				   .hint = hint,
				   .rows = 5,
				   .maxlength = max,
				   .value = page_value(f->p, name, stored),
				   .error = page_error_of(f->p, name)};
	i->area = t;
}

void hub_form_day(struct hub_form *f, const char *name, const char *label,
		  int32_t stored, const char *hint)
{
	struct tpl_hub_form_fields *i = arena_add(&f->fields);
	struct tpl_date_field *t = arena_alloc(&f->p->a, sizeof *t);
	char day[DATE_TEXT];

	if (!i || !t)
		return;
	*t = (struct tpl_date_field){
		.name = name,
		.label = label,
		.hint = hint,
		.value = page_value(
			f->p, name,
			stored == INT32_MIN
				? NULL
				: arena_dup(&f->p->a,
					    date_format(stored, day))),
		.error = page_error_of(f->p, name)};
	i->day = t;
}

void hub_form_select(struct hub_form *f, const struct tpl_select *s)
{
	struct tpl_hub_form_fields *i = arena_add(&f->fields);

	if (i)
		i->select = s;
}

void hub_form_radios(struct hub_form *f, const char *name, const char *label,
		     const struct hub_choice *c, int n, const char *chosen)
{
	struct tpl_hub_form_fields *i = arena_add(&f->fields);
	struct tpl_radios *t = arena_alloc(&f->p->a, sizeof *t);
	struct tpl_radios_options *o =
		arena_alloc(&f->p->a, (size_t)n * sizeof *o);

	if (!i || !t || !o)
		return;
	for (int k = 0; k < n; k++)
		o[k] = (struct tpl_radios_options){
			.value = c[k].value,
			.title = c[k].title,
			.hint = c[k].hint,
			.chosen = page_chosen(
				f->p, name, c[k].value,
				chosen && strcmp(chosen, c[k].value) == 0)};
	*t = (struct tpl_radios){.name = name,
				 .label = label,
				 .error = page_error_of(f->p, name),
				 .options = o,
				 .options_n = (size_t)n};
	i->radios = t;
}

void hub_form_draw(struct hub_form *f, const char *action, const char *save,
		   const char *cancel)
{
	struct tpl_buttons buttons = {.title = save, .cancel = cancel};
	struct tpl_hub_form v = {.intro = f->intro.items,
				 .intro_n = f->intro.n,
				 .action = action,
				 .draft = !f->no_draft,
				 .csrf = page_csrf(f->p),
				 .hidden = f->hidden.items,
				 .hidden_n = f->hidden.n,
				 .fields = f->fields.items,
				 .fields_n = f->fields.n,
				 .buttons = &buttons};

	tpl_hub_form(page_body(f->p), &v);
}
