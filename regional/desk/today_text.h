/* today_text: a piece of work in the words of the page. Texts are lent by the
 * arena; NULL when memory is out. */
#ifndef CCFED_TODAY_TEXT_H
#define CCFED_TODAY_TEXT_H

#include "regional/desk/today_list.h"

struct today_text {
	struct arena *a;
	const struct vocabulary *words;
	int32_t today;
};
/* "Mateo Rivera-Soto" */
const char *today_text_name(const struct today_text *t,
			    const struct today_item *i);
/* "4 days late", "Today", "Thu, Nov 19" */
const char *today_text_when(const struct today_text *t,
			    const struct today_item *i);
/* What is to be done. */
const char *today_text_what(const struct today_text *t,
			    const struct today_item *i);
/* "Log call"; NULL: there is no such step, today_text_open says what to open. */
const char *today_text_act(const struct today_item *i);
const char *today_text_open(const struct today_item *i);
/* Behind "/child/N/": the part of the record where it is done; "" the first. */
const char *today_text_part(const struct today_item *i);
/* Done: "call with the family of Zara Haddad, reached". */
const char *today_text_done(const struct today_text *t,
			    const struct today_item *i);
/* How to reach, at most TODAY_REACH lines: language, interpreter, the safe way;
 * *warn is the number of the line that warns, or -1. */
enum { TODAY_REACH = 4 };
int today_text_reach(const struct today_text *t, const struct today_item *i,
		     const char *out[TODAY_REACH], int *warn);
/* The title of a word, or @id where the list has none. */
const char *today_text_word(const struct today_text *t, enum words list,
			    const char *id);

#endif
