/* score: what the answers or scores of one screening come to, by the rules of
 * its instrument's file. Pure.
 *
 * Nothing is guessed: a domain whose rule can't decide gets "no-result", one
 * whose cut-off is licensed wants it, one whose rule is unresolved wants the
 * result from the form's reader. Any thread. */
#ifndef CCFED_SCORE_H
#define CCFED_SCORE_H

#include "proto/instrument.h"
#include "proto/vocabulary.h"

/* The classes of the vocabulary, as rules use them. */
enum score_class { CLASS_CLEAR, CLASS_WATCH, CLASS_POSITIVE, CLASS_NONE };

struct score_in {
	const char *form;	    /* "" if the instrument has one only */
	int age_months;		    /* completed */
	uint32_t answer[ITEMS_MAX]; /* bit set over the list; 0: blank */
	int32_t score[SCALES_MAX];  /* entered, or NO_SCORE */
	int result[SCALES_MAX];	    /* entered, or -1 */
	int32_t cutoff[SCALES_MAX], zone[SCALES_MAX]; /* or NO_SCORE */
};
void score_in_init(struct score_in *in);
/* "often", or "food+phone" for an item with many: E_INVALID names the item and
 * what it may be. */
int score_answer(struct score_in *in, const struct instrument *i,
		 const char *item, const char *value);

struct score_out {     /* of one domain */
	bool applies;  /* false: not on this form, at this age, or left out */
	int32_t score; /* or NO_SCORE */
	int result;    /* word of WORDS_SCREEN_RESULT */
	enum score_class class;
	bool by_rule; /* else as entered */
	int blanks;
};
struct score_sum {
	struct score_out scale[SCALES_MAX];
	bool complete; /* nothing was left blank */
	bool scorable; /* every domain that had to has a result */
};
/* E_INVALID names the domain and what is wrong with what was given for it. */
int score_run(struct score_sum *out, const struct instrument *i,
	      const struct vocabulary *v, const struct score_in *in);

#endif
