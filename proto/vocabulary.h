/* vocabulary: the words that node and hub share: need domains and groups with
 * their Gravity, Help Me Grow and program mappings, barriers, age bands,
 * linkage outcomes; and the words of the record, which stay in their region.
 * One versioned file, proto/vocabulary.conf; entries are added, never
 * renumbered.
 *
 * Owns the loaded words. Read-only after loading; any thread. */
#ifndef CCFED_VOCABULARY_H
#define CCFED_VOCABULARY_H

#include "proto/lattice.h"

enum { VOCABULARY_ID = 32, VOCABULARY_TITLE = 80 };

struct word { /* need, need group, barrier, outcome, age band */
	char id[VOCABULARY_ID]; /* in SQL, on the wire's behalf, in --by */
	int code;		/* from 1 within its list */
	char title[VOCABULARY_TITLE];
	int group;	/* needs, modes, screeners: its group; barriers, screen
		    * results: its class; else -1 */
	char maps[512]; /* comma-separated "gravity:food-insecurity", ... */
	int age_from, age_to; /* age bands and elements, whole years; minutes;
			       * the last band has no upper end */
};

enum words {
	WORDS_NEED,
	WORDS_NEED_GROUP,
	WORDS_BARRIER,
	WORDS_BARRIER_CLASS,
	WORDS_LINKAGE,
	WORDS_AGE,
	/* Of the record only: in no number to the state. */
	WORDS_LANGUAGE,
	WORDS_RELATION,
	WORDS_CUSTODY,
	WORDS_AUTHORITY,
	WORDS_REACH,
	WORDS_COVERAGE,
	WORDS_BENEFIT,
	WORDS_RACE,
	WORDS_ETHNICITY,
	WORDS_HEARD,
	WORDS_OUTREACH,
	WORDS_SCOPE,
	WORDS_DOCUMENT,
	WORDS_SOURCE,
	WORDS_CLOSING,
	WORDS_NEED_SOURCE,   /* who found a need */
	WORDS_SCREEN_CLASS,  /* what a screening's result means: positive ... */
	WORDS_SCREEN_RESULT, /* in the words of the instruments: refer ... */
	WORDS_RESPONDENT,    /* who answered a screening */
	WORDS_MEDICAL_TIER,
	WORDS_STAFF_ROLE,
	WORDS_LEAVE,	  /* why somebody is covered for */
	WORDS_MODE,	  /* of a contact */
	WORDS_PARTY,	  /* with whom one talks or shares */
	WORDS_FOCUS,	  /* what a contact is about */
	WORDS_ACTIVITY,	  /* what is done in it */
	WORDS_ACHIEVED,	  /* what came of it */
	WORDS_PREVENTED,  /* which use of care it made unnecessary */
	WORDS_MINUTES,	  /* bands of minutes */
	WORDS_WAY,	  /* how a document is sent */
	WORDS_SECTOR,	  /* of an organization */
	WORDS_ELEMENT,	  /* of the transition to adult care */
	WORDS_FACTOR,	  /* protective factors */
	WORDS_ENGAGEMENT, /* how families take part */
	WORDS_BEHAVIORAL, /* diagnoses that make a visit behavioral */
	WORDS_CODED,	  /* what codes from elsewhere say */
	/* Strata of numbers to the state, and what they are strata of. */
	WORDS_MODE_GROUP,
	WORDS_SCREENER, /* the instruments of proto/instruments */
	WORDS_SCREENER_GROUP,
	/* What withdrawn consent does to counting; of the policy. */
	WORDS_WITHDRAWAL,
	WORDS_DIM, /* lists that a fact table may be stratified by */
	WORDS_COUNT
};

struct vocabulary; /* opaque */

/* Read @path. On 0 the caller owns *out. Errors name file, line and reason. */
int vocabulary_load(struct vocabulary **out, const char *path);
void vocabulary_free(struct vocabulary *v); /* NULL is fine */

int vocabulary_version(const struct vocabulary *v);
int vocabulary_count(const struct vocabulary *v, enum words list);
/* The @i-th word, 0 .. count - 1. */
const struct word *vocabulary_word(const struct vocabulary *v, enum words list,
				   int i);
/* By id; -1 if there is none. */
int vocabulary_find(const struct vocabulary *v, enum words list,
		    const char *id);
/* By mapping, like "gravity" and "food-insecurity"; -1 if there is none. */
int vocabulary_map(const struct vocabulary *v, enum words list,
		   const char *system, const char *code);
/* Strata of the list that a [dim ...] names; E_NOTFOUND without one. */
int vocabulary_dim(const struct vocabulary *v, const char *id, struct dim *out);
/* The leaf of dimension @dim that @text names: a word, or of a list of ages
 * whole years (before birth: negative; over the last band: in it). -1: none. */
int vocabulary_leaf(const struct vocabulary *v, const char *dim,
		    const char *text);
/* The word of a stratum: NULL for LEVEL_ANY, or without such a dimension. */
const struct word *vocabulary_stratum(const struct vocabulary *v,
				      const char *dim, struct stratum s);

#endif
