/* find: children by whatever is known of them: words of their names, birth
 * date, telephone numbers, the names of caregivers, brothers and sisters, a
 * record number elsewhere; in any order, without accents, a letter apart, or
 * spelled as they sound.
 *
 * Every word of the question must be found. A word is looked up as it is, as
 * the beginning of a longer one, a letter apart, and by its sound; what fits
 * better, and the child's own name, comes first. Dates are read as they are
 * written here: 2019-04-03, 4/3/2019, 4-3-19, April 3 2019, 3 Apr 2019, 4/2019,
 * or a year alone. Four digits or more are the end of a telephone number.
 *
 * The cost grows with what fits the rarest word, not with all children: no more
 * than FIND_LOOK of those that have it are looked at.
 *
 * Owns tables `find_term`, `find_near` and `find_posting`; derive.h says when
 * they are written. The search itself: any thread, on its own connection. */
#ifndef CCFED_FIND_H
#define CCFED_FIND_H

#include <stdbool.h>
#include <stdint.h>

struct db; /* daemon/core/db.h */

enum { FIND_LOOK = 4000, FIND_ASKS = 8 };

/* Whose word it is, as it stands in the table. */
enum find_whose {
	FIND_OWN, /* the child's own name */
	FIND_BIRTH,
	FIND_NUMBER, /* a record number elsewhere */
	FIND_PHONE,
	FIND_CAREGIVER,
	FIND_FAMILY, /* what the center calls the family */
	FIND_SIBLING,
};
struct find_hit {
	int64_t child;
	int score;   /* the higher, the better; per word up to 110 */
	unsigned by; /* 1 << enum find_whose for what was found */
};
/* Best first, at most @room; *n is how many. *more: there are others, or might
 * be; more words would tell. E_INVALID if @text has no word, or more than
 * FIND_ASKS. */
int find_children(struct db *db, const char *text, struct find_hit *out,
		  int room, int *n, bool *more);

/* The words of @child anew, by derive.h. */
int find_index(struct db *db, int64_t child);

#endif
