/* catalogue: the fact tables and measures of this package, read from files.
 *
 * A fact table (proto/facts/ID.conf) says which occurrences count, their date,
 * stratum and outcome, and the views in which they are published. A measure
 * (proto/measures/ID.conf) is a formula over fact tables. A screening instrument
 * (proto/instruments/ID.conf) says what is scored by which rule. Adding any of
 * them touches no C. Files are the package's, never the wire's: the other side names id,
 * version and hash. A wrong file is refused with file, line and reason.
 *
 * Owns what it loaded. Read-only afterwards; any thread. */
#ifndef CCFED_CATALOGUE_H
#define CCFED_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/lattice.h"

struct vocabulary; /* proto/vocabulary.h */
struct instrument; /* proto/instrument.h */
struct levels;	   /* proto/levels.h */

enum {
	CATALOGUE_ID = 32,
	OUTCOMES_MAX = 24, /* of one table, all levels */
	VIEWS_MAX = 8,
	STEPS_MAX = 8,
	SPLIT_MAX = 10, /* outcomes of one view */
};

/* Outcomes form a tree: base outcomes (parent -1) partition the occurrences,
 * the children of an outcome partition it. A fact has exactly one leaf. */
struct outcome {
	char id[CATALOGUE_ID];
	char title[80];
	int parent;		/* index, or -1 */
	bool sensitive;		/* a group must not have it as its only one */
	int days_from, days_to; /* bands of days; -1: not a band */
};

/* A view publishes blocks of cells, finest step first. */
enum view_kind {
	VIEW_TREND,  /* any stratum; base outcomes */
	VIEW_DETAIL, /* by stratum; base outcomes */
	VIEW_SIDE, /* splits one outcome of @parent's blocks into its children */
};
struct step {
	int32_t months; /* 1, 3, 6 */
	enum level level;
};
struct view {
	char id[CATALOGUE_ID];
	char title[80];
	enum view_kind kind;
	int parent; /* VIEW_SIDE: index of the view whose blocks it splits */
	int splits; /* VIEW_SIDE: index of the outcome split; else -1 */
	int n_steps;
	struct step step[STEPS_MAX];
	int n_outcomes; /* what each block counts: indices of outcomes */
	int outcome[SPLIT_MAX];
};

/* What the facts of a table are: what happened on a day; what is so on the last
 * day of a quarter; the children of a year, each once. See picture.h. */
enum fact_kind { FACTS_FLOW, FACTS_SNAPSHOT, FACTS_YEAR };

struct fact_table {
	char id[CATALOGUE_ID];
	int version;
	char title[120];  /* "Referrals, 90 days after they were sent" */
	char counts[400]; /* what counts, in plain words */
	char is_not[400]; /* what it is not */
	char *sql; /* SELECT giving occurrence, child, date, stratum, outcome */
	int matures_days; /* an occurrence of a month closes this much later */
	enum fact_kind kind;
	int year_ends; /* FACTS_YEAR: its last month, 1 .. 12 */
	/* Counts organizations or staff, not children: no minimum. Its SQL
	 * may read the fact_plain_* views alone. */
	bool plain;
	/* FACTS_YEAR: a table whose months, summed up, can be subtracted from
	 * a year of this one; index in the catalogue, or -1. */
	char beside_id[CATALOGUE_ID];
	int beside;
	/* It counts the same occurrences as those months, as they are known
	 * when the year closes: corrections that no month could take. */
	bool restates;
	/* It counts the very occurrences of this table by another question
	 * (alike.h), an index in the catalogue; @gone is its leaf for what is
	 * gone from the record. */
	bool alike;
	int as, gone;
	/* A picture's table took the place of this one, which is no more in the
	 * package: of a time in which that one told something, this does not. */
	char replaces[CATALOGUE_ID];
	int32_t starts;	 /* first month it counts (month number); 0: always */
	char dim_id[16]; /* "need", "age": a [dim ...] of the vocabulary */
	struct dim dim;
	int n_outcomes;
	struct outcome outcome[OUTCOMES_MAX];
	int n_views; /* view 0 is the trend, 1 the detail, then side views */
	struct view view[VIEWS_MAX];
	unsigned char hash[32]; /* BLAKE2b-256 of the file's bytes */
};

/* A sum of outcomes of one table. */
struct term {
	int table;	   /* index in the catalogue */
	uint32_t outcomes; /* bit set over the table's outcomes */
};
enum measure_unit {
	MEASURE_COUNT,	    /* numerator alone */
	MEASURE_PROPORTION, /* numerator of denominator */
	MEASURE_DAYS,	    /* percentiles read from bands */
	MEASURE_RANK,	    /* shares of each part, ranked */
};
enum measure_better { BETTER_NEITHER, BETTER_HIGHER, BETTER_LOWER };
struct measure {
	char id[8]; /* "M10" */
	int version;
	char title[120];
	char formula[200]; /* as people read it */
	/* No: it stands here so that nobody looks for it in vain, and because
	 * says in a sentence why. It has no unit and no table then. */
	bool served;
	char because[400];
	enum measure_unit unit;
	struct term numerator;
	struct term denominator; /* PROPORTION, RANK */
	int n_parts; /* DAYS: bands in order; RANK: what is ranked */
	int part[SPLIT_MAX];
	char window[120];
	enum measure_better better;
	char source[200];
	char is_not[400];
	unsigned char hash[32];
};

struct catalogue; /* opaque */

/* Where the package's files are: $CCFED_SHARE, else share/ccfed beside the
 * executable's bin, else the source tree it was built from. Lent, static. */
const char *catalogue_share(void);

/* Read DIR/vocabulary.conf, alike.conf, levels.conf, facts/, measures/ and
 * DIR/instruments/ (all *.conf, by name).
 * Refuses a fact table whose largest possible release does not fit one
 * envelope. On 0 the caller owns *out. */
int catalogue_load(struct catalogue **out, const char *dir);
void catalogue_free(struct catalogue *c); /* NULL is fine */

const struct vocabulary *catalogue_vocabulary(const struct catalogue *c);
int catalogue_tables(const struct catalogue *c);
const struct fact_table *catalogue_table(const struct catalogue *c, int i);
int catalogue_find_table(const struct catalogue *c, const char *id); /* or -1 */
int catalogue_measures(const struct catalogue *c);
const struct measure *catalogue_measure(const struct catalogue *c, int i);
int catalogue_find_measure(const struct catalogue *c, const char *id);
/* Screening instruments; what a level of need is and what follows. */
int catalogue_instruments(const struct catalogue *c);
const struct instrument *catalogue_instrument(const struct catalogue *c, int i);
int catalogue_find_instrument(const struct catalogue *c, const char *id);
const struct levels *catalogue_levels(const struct catalogue *c);

/* The outcome by id, or -1; true if @o is @a or below it. */
int fact_table_outcome(const struct fact_table *t, const char *id);
bool fact_table_under(const struct fact_table *t, int o, int a);
/* Does it close after another table, with which the gate compares it? */
static inline bool fact_table_follows(const struct fact_table *t)
{
	return *t->beside_id || t->alike;
}
/* The last day on which month @month of the table is still open, by table
 * alone: its last day plus matures_days. The policy adds settling days. */
int32_t fact_table_matured(const struct fact_table *t, int32_t month);

#endif
