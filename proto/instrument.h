/* instrument: screening instruments as data. A file proto/instruments/ID.conf
 * says which forms, items and domains an instrument has and by which rule a
 * domain is scored; adding one touches no C. The catalogue loads them.
 *
 * The text of items is never there: it belongs to the publishers. Nor are
 * cut-offs that are sold with a form: such a domain has rule "licensed", and
 * its cut-offs come with the screening or from a file of the site.
 *
 * Scores are whole hundredths (29.65 is 2965), so that a cut-off is exact.
 * Read-only after loading; any thread. */
#ifndef CCFED_INSTRUMENT_H
#define CCFED_INSTRUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vocabulary; /* proto/vocabulary.h */

enum {
	INSTRUMENT_ID = 32,
	INSTRUMENT_CODE = 24, /* forms, items, answers */
	INSTRUMENT_LOINC = 16,
	FORMS_MAX = 24,
	ANSWER_LISTS_MAX = 12,
	ANSWERS_MAX = 16,
	ITEMS_MAX = 96,
	SCALES_MAX = 24,
	BANDS_MAX = 6,
	PICKS_MAX = 8,
	SCORE_ONE = 100, /* a score of 1 */
	NO_SCORE = INT32_MIN
};

struct form_of { /* a form of an instrument: by age, by respondent */
	char id[INSTRUMENT_CODE];
	char title[80];
	int from_months, to_months; /* ages it is for */
	char pool[INSTRUMENT_CODE]; /* forms of one pool may be compared */
};

struct item_answer {
	char id[INSTRUMENT_CODE];
	int score; /* whole */
	char loinc[INSTRUMENT_LOINC];
};
struct answer_list {
	char id[INSTRUMENT_CODE];
	int n;
	struct item_answer answer[ANSWERS_MAX];
};

struct item {
	char id[INSTRUMENT_CODE];
	int answers;  /* index of its list */
	bool reverse; /* scored from the other end of its list */
	bool many;    /* several answers, joined by '+' */
	char loinc[INSTRUMENT_LOINC];
};

/* How a domain's score is made. */
enum score_how {
	SCORE_SUM,	 /* of its items */
	SCORE_MEAN,	 /* of those that were answered */
	SCORE_ALL,	 /* 1 if every item scores, else 0 */
	SCORE_ANY,	 /* 1 if one of its picks was answered */
	SCORE_POSITIVES, /* how many of its domains are positive */
	SCORE_LAST,	 /* the score and result of its last domain with one */
	SCORE_ENTERED,	 /* counted on paper */
};

/* On what a domain's rule rests. */
enum score_rule {
	RULE_PUBLISHED,	 /* read in a publication */
	RULE_RECALLED,	 /* general knowledge, not read: to be verified */
	RULE_LOCAL,	 /* a choice of this program */
	RULE_LICENSED,	 /* cut-offs come with the licensed form */
	RULE_UNRESOLVED, /* sources disagree: the result is entered */
	RULE_NONE,	 /* a score without a cut-off */
};

struct band {	    /* from this score on, up to the next band */
	int result; /* word of WORDS_SCREEN_RESULT */
	int32_t from;
};

struct pick {
	int item, answer; /* indices; the answer's in the item's list */
};

struct scale { /* a domain: what has a score and a result */
	char id[INSTRUMENT_CODE];
	char title[80];
	enum score_how how;
	enum score_rule rule;
	char form[INSTRUMENT_CODE]; /* only on this form; "" on every one */
	int from_months, to_months; /* only at these ages; -1: at any */
	bool optional;		    /* may be left out as a whole */
	int n_items;
	uint8_t item[ITEMS_MAX];
	int n_picks;
	struct pick pick[PICKS_MAX]; /* SCORE_ANY */
	uint32_t scales;   /* POSITIVES, LAST: domains above, by index */
	int32_t low, high; /* what a score can be */
	int blanks;	   /* so many items may be blank and count nothing */
	int answered;	   /* at least so many are answered; 0: no such rule */
	bool decided;	   /* a result that no blank could change stands */
	bool low_is_worse; /* LICENSED */
	bool at_cutoff;	   /* LICENSED: the cut-off itself is beyond it */
	int at_most;	   /* domain whose score this one can't exceed, or -1 */
	int n_bands;	   /* none: LICENSED, UNRESOLVED, RULE_NONE */
	struct band band[BANDS_MAX];
	/* LICENSED: words beyond the cut-off, in the zone before it, and
	 * else. */
	int beyond, zone, within;
	int need; /* word of WORDS_NEED that a positive one proposes, or -1 */
	char note[400];
};

struct instrument {
	char id[INSTRUMENT_ID];
	int version; /* of the file */
	char edition[40];
	char title[120];
	int from_months, to_months; /* ages, completed months */
	char loinc[INSTRUMENT_LOINC];
	char source[400], license[400], note[600];
	int most_blanks; /* over all items of the form; more: no result */
	int n_forms;	 /* 0: it has one form only, without a name */
	struct form_of form[FORMS_MAX];
	int n_lists;
	struct answer_list list[ANSWER_LISTS_MAX];
	int n_items;
	struct item item[ITEMS_MAX];
	int n_scales;
	struct scale scale[SCALES_MAX];
	unsigned char hash[32]; /* BLAKE2b-256 of the file's bytes */
};

/* Parse and check @text, the bytes of the file @path: errors name file, line
 * and reason. (proto/instrument_file.c) */
int instrument_read(struct instrument *i, const struct vocabulary *v,
		    const char *path, const char *text, size_t len);

/* Indices by id; -1 if there is none. */
int instrument_form(const struct instrument *i, const char *id);
int instrument_item(const struct instrument *i, const char *id);
int instrument_scale(const struct instrument *i, const char *id);
int answer_find(const struct answer_list *l, const char *id);
/* By LOINC code, for what comes from other systems. */
int instrument_item_loinc(const struct instrument *i, const char *loinc);
int answer_loinc(const struct answer_list *l, const char *loinc);

/* What an item adds with this answer: from the other end if it is reversed. */
int item_score(const struct instrument *i, int item, int answer);
void item_range(const struct instrument *i, int item, int *low, int *high);
/* Results on forms @a and @b may be compared or averaged together. */
bool instrument_pooled(const struct instrument *i, const char *a,
		       const char *b);
const char *score_rule_text(enum score_rule r);

/* "29.65" to 2965 and back; at most two places. */
int score_parse(const char *text, int32_t *out);
enum { SCORE_TEXT = 16 };
const char *score_format(int32_t score, char out[SCORE_TEXT]);

#endif
