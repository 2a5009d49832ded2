/* word_field: fields of forms as most pages want them: choices that are words
 * of the vocabulary, days, and lines of text, each with what was sent or stored
 * and its error. What they return lives in the page's arena; NULL when memory
 * is out, which templates show as nothing. */
#ifndef CCFED_WORD_FIELD_H
#define CCFED_WORD_FIELD_H

#include "daemon/web/page.h"
#include "daemon/web/tpl_date_field.h"
#include "daemon/web/tpl_field.h"
#include "daemon/web/tpl_select.h"
#include "daemon/web/tpl_textarea.h"
#include "proto/vocabulary.h"

/* Its title as it stands within a sentence: "phone", but "ED visit". */
const char *word_within(struct page *p, enum words list, const char *id);
/* @prompt: what stands for nothing chosen; NULL: one is always chosen. */
struct tpl_select *word_select(struct page *p, enum words list,
			       const char *name, const char *label,
			       const char *prompt, const char *stored);
struct tpl_date_field *word_day(struct page *p, const char *name,
				const char *label, int32_t stored);
struct tpl_field *word_line(struct page *p, const char *name, const char *label,
			    const char *stored);
struct tpl_textarea *word_area(struct page *p, const char *name,
			       const char *label, const char *stored);
/* What was sent in @name, its line breaks made blanks, for a text of @size;
 * too long is a page_error of the field and E_INVALID. */
int word_text(struct page *p, const char *name, char *out, size_t size);

#endif
