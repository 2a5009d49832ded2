/* desk_word: codes of the record as people here read them. */
#ifndef CCFED_DESK_WORD_H
#define CCFED_DESK_WORD_H

#include "proto/vocabulary.h"

struct page;

/* The title of a word; @id itself if the vocabulary has it no more, "" for "".
 * Lives as long as the page. */
const char *desk_word(struct page *p, enum words list, const char *id);
/* The same inside a sentence: "mother". */
const char *desk_word_lower(struct page *p, enum words list, const char *id);
/* The title of a screening instrument. */
const char *desk_word_instrument(struct page *p, const char *id);

#endif
