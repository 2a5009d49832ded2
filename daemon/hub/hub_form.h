/* hub_form: a form of the hub's pages, built field by field in the order in
 * which it is read. What was sent or drafted stands in its fields again.
 *
 * Everything lives as long as the page. */
#ifndef CCFED_HUB_FORM_H
#define CCFED_HUB_FORM_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/core/arena.h"

struct page;
struct tpl_select;

struct hub_form {
	struct page *p;
	struct arena_list fields, intro, hidden;
	bool no_draft; /* what is typed is not kept */
};
struct hub_choice {
	const char *value, *title, *hint; /* lent for ever */
};

void hub_form_begin(struct hub_form *f, struct page *p);
/* A paragraph before the fields. */
void hub_form_intro(struct hub_form *f, const char *text);
void hub_form_hidden(struct hub_form *f, const char *name, const char *value);
/* @hint NULL: none; @max 0: no limit; @stored NULL: empty. */
void hub_form_text(struct hub_form *f, const char *name, const char *label,
		   const char *stored, const char *hint, int max);
void hub_form_area(struct hub_form *f, const char *name, const char *label,
		   const char *stored, const char *hint, int max);
/* @stored INT32_MIN: empty. */
void hub_form_day(struct hub_form *f, const char *name, const char *label,
		  int32_t stored, const char *hint);
void hub_form_select(struct hub_form *f, const struct tpl_select *s);
void hub_form_radios(struct hub_form *f, const char *name, const char *label,
		     const struct hub_choice *c, int n, const char *chosen);
/* Into the page's body; @cancel: where to go without saving. */
void hub_form_draw(struct hub_form *f, const char *action, const char *save,
		   const char *cancel);

#endif
