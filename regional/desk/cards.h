/* cards: a page of cards, each with names and values, a table or a sentence.
 * What is added lives in the page's arena; texts are borrowed. */
#ifndef CCFED_CARDS_H
#define CCFED_CARDS_H

#include "daemon/core/arena.h"
#include "daemon/web/tpl_pairs.h"
#include "regional/desk/tpl_cards.h"

struct page;

struct cards {
	struct page *p;
	struct arena_list cards;
	struct arena_list pairs; /* of the next card */
	const struct tpl_pager *pager;
};

void cards_begin(struct cards *c, struct page *p);
/* Of the card that is added next; nothing if @text is NULL or "". Returns it, to
 * be given a tone, meta or address. */
struct tpl_pairs_pairs *cards_pair(struct cards *c, const char *name,
				   const char *text);
/* @id: of its heading. Never NULL: out of memory is kept by the arena, and what
 * is written into it is lost. */
struct tpl_cards_cards *cards_add(struct cards *c, const char *id,
				  const char *title);
/* A card whose table is @table, or that says @empty. */
struct tpl_cards_cards *cards_table(struct cards *c, const char *id,
				    const char *title,
				    const struct tpl_table *table,
				    const char *empty);
/* A pager for rows from @offset, of which @n are shown and @more follow; @base
 * is the address up to "offset=". */
void cards_pager(struct cards *c, const char *base, int64_t offset, size_t n,
		 int64_t step, bool more);
/* Into the page's body. */
void cards_draw(struct cards *c);

#endif
