#include "regional/desk/word_field.h"

#include <ctype.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "regional/case/records.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_word.h"
#include "regional/node.h"

static const struct vocabulary *words_of(struct page *p)
{
	return ((struct desk *)p->site)->n->rec.words;
}

const char *word_within(struct page *p, enum words list, const char *id)
{
	char *text = arena_dup(&p->a, desk_word(p, list, id));

	if (text && isupper((unsigned char)text[0]) &&
	    !isupper((unsigned char)text[1]))
		text[0] = (char)tolower((unsigned char)text[0]);
	return text;
}

struct tpl_select *word_select(struct page *p, enum words list,
			       const char *name, const char *label,
			       const char *prompt, const char *stored)
{
	int n = vocabulary_count(words_of(p), list);
	struct tpl_select_options *o =
		arena_alloc(&p->a, (size_t)n * sizeof *o);
	struct tpl_select *s = arena_alloc(&p->a, sizeof *s);

	if (!o || !s)
		return NULL;
	for (int i = 0; i < n; i++) {
		const struct word *w = vocabulary_word(words_of(p), list, i);

		o[i].value = w->id;
		o[i].title = w->title;
		o[i].chosen = page_chosen(p, name, w->id,
					  stored && strcmp(stored, w->id) == 0);
	}
	*s = (struct tpl_select){
		.name = name,
		.label = label,
		.error = page_error_of(p, name),
		.prompt = prompt,
		.options = o,
		.options_n = (size_t)n,
	};
	return s;
}

struct tpl_date_field *word_day(struct page *p, const char *name,
				const char *label, int32_t stored)
{
	struct tpl_date_field *f = arena_alloc(&p->a, sizeof *f);
	char day[DATE_TEXT] = "";

	if (!f)
		return NULL;
	if (stored != NO_DATE)
		date_format(stored, day);
	*f = (struct tpl_date_field){
		.name = name,
		.label = label,
		.value = arena_dup(&p->a, page_value(p, name, day)),
		.error = page_error_of(p, name),
	};
	return f;
}

struct tpl_field *word_line(struct page *p, const char *name, const char *label,
			    const char *stored)
{
	struct tpl_field *f = arena_alloc(&p->a, sizeof *f);

	if (!f)
		return NULL;
	*f = (struct tpl_field){
		.name = name,
		.label = label,
		.value = page_value(p, name, stored),
		.error = page_error_of(p, name),
	};
	return f;
}

struct tpl_textarea *word_area(struct page *p, const char *name,
			       const char *label, const char *stored)
{
	struct tpl_textarea *f = arena_alloc(&p->a, sizeof *f);

	if (!f)
		return NULL;
	*f = (struct tpl_textarea){
		.name = name,
		.label = label,
		.value = page_value(p, name, stored),
		.error = page_error_of(p, name),
		.rows = 3,
	};
	return f;
}

int word_text(struct page *p, const char *name, char *out, size_t size)
{
	int x = page_form_text(p, name, out, size);

	for (char *s = out; x == 0 && *s; s++)
		if (*s == '\r' || *s == '\n' || *s == '\t')
			*s = ' ';
	return x;
}
