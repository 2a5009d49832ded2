/* release_parts: what the files of release share: a table's facts as they are
 * now, what was counted of a half-year, its releases, its state. Private to
 * release*.c and the ledger. */
#ifndef CCFED_RELEASE_PARTS_H
#define CCFED_RELEASE_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/codec.h"
#include "regional/release/facts.h"
#include "regional/release/gate.h"
#include "regional/release/release.h"

struct db;
struct node;
struct rows;

enum { FACTS_DEADLINE_MS = 120000 };

/* --- counting (release_count.c) --- */

/* A table's facts by today's record, in order of (day, occurrence), from its
 * first month on: what happened before counts nowhere. */
struct facts_now {
	struct fact *fact;
	uint32_t *by_occurrence; /* indices, sorted */
	bool *counted;		 /* by some closing */
	size_t n, room;
	size_t done; /* all before are counted */
	int32_t first_day;
};
/* Facts through day @through. On 0 the caller owns what is in *out. */
int release_facts(struct node *n, const struct fact_table *t, int32_t through,
		  struct facts_now *out);
void release_facts_fini(struct facts_now *f);
/* The index of an occurrence, or -1. */
int64_t release_facts_find(const struct facts_now *f, int64_t occurrence);
/* Look up again which were counted. */
int release_facts_mark(struct node *n, const struct fact_table *t,
		       struct facts_now *f);

/* What one revision of a half-year counted. */
struct tally_row {
	int64_t occurrence;
	int32_t closing;
};
struct tally {
	struct gate_fact *fact;
	struct tally_row *row; /* beside each fact */
	size_t n, room;
};
enum { TALLY_NOW = -1 };
/* Revision @rev, or TALLY_NOW; of closings up to @through. */
int release_tally(struct node *n, const struct fact_table *t, int32_t half,
		  int64_t rev, int32_t through, struct tally *out);
int release_tally_add(struct tally *y, const struct gate_fact *f,
		      const struct tally_row *row);
void release_tally_fini(struct tally *y);
/* Count in @month every fact through its last day that none has counted. */
int release_count_month(struct node *n, const struct fact_table *t,
			struct facts_now *now, int32_t month, int64_t revision);
/* Which step of the trend is the first, in the calendar year of @month. */
int release_trend_first(struct node *n, const struct fact_table *t,
			int32_t month, int *out);

/* --- one half-year's state and releases (release_half.c) --- */

struct half_state {
	int32_t closed;
	int trend_first;
	int64_t revision;
	bool frozen;
};
/* E_NOTFOUND, without a sentence, if no month of it closed. */
int release_state_get(struct node *n, const char *table, int32_t half,
		      struct half_state *out);
int release_state_put(struct node *n, const char *table, int32_t half,
		      const struct half_state *s);
/* The first month that may close. */
int32_t release_first(const struct node *n, const struct fact_table *t);

/* The releases of one half-year, one of each closing, oldest closing first. */
enum half_which { HALF_OLDEST, HALF_NEWEST };
struct half_releases {
	struct release release[LATTICE_MONTHS];
	const struct release *p[LATTICE_MONTHS];
	int n;
};
/* Of closings up to @through. E_STATE if they were made by another definition
 * of the table than this program's. */
int release_half(struct node *n, const struct fact_table *t, int32_t half,
		 int32_t through, enum half_which which,
		 struct half_releases *out);
void release_half_fini(struct half_releases *h);
/* What left, through @month, of the half-year of the table that @t is like;
 * nothing of one that is frozen: what was counted of it is not known. */
int release_like(struct node *n, const struct fact_table *t, int32_t month,
		 struct half_releases *out);
/* Do both say the same: groups and bounds, byte for byte? */
int release_same(const struct release *a, const struct release *b, bool *out);

/* Head of a release that this node makes now. */
void release_name(const struct node *n, const struct fact_table *t,
		  int32_t closing, uint32_t version, struct release *out);
/* Keep @r; @state, @recovered and @revision as in table release. */
int release_store(struct node *n, const struct release *r,
		  enum release_state state, int recovered, int64_t revision);
void release_sums(const struct release *r, uint32_t *events,
		  uint32_t *occurrences);

/* --- closing (release_close.c) --- */

/* Ask the gate what leaves of @month, which is counted already. */
struct gating {
	enum half_which earlier;
	uint32_t floor;
	int trend_first;
	void (*note)(void *arg, const struct gate_note *g); /* or NULL */
	void *arg;
};
int release_gate(struct node *n, const struct fact_table *t, int32_t month,
		 const struct gating *how, struct release *out);
/* Close one month in the caller's transaction. @note and @arg as in gate_in. */
int release_close_month(struct node *n, const struct fact_table *t,
			struct facts_now *now, int32_t month,
			void (*note)(void *arg, const struct gate_note *g),
			void *arg);
/* May anything close now? E_STATE with a sentence if not. */
int release_may_close(struct node *n);

/* --- pictures (release_picture.c) --- */

/* What a picture is compared with; release_picture_fini frees, also after a
 * failure. Starts zeroed. */
struct pictured {
	struct gate_picture in;
	struct gate_member *now, *before, *beside;
	struct gate_year *was;
	struct release left;
};
int release_picture(struct node *n, const struct fact_table *t, int32_t month,
		    struct pictured *out);
void release_picture_fini(struct pictured *p);
/* Did the table that @t replaces tell something of the time of its picture?
 * The two together would tell more than either was checked for. */
int release_replaced(struct node *n, const struct fact_table *t, int32_t month,
		     bool *told);
/* Was the year of that half-year of @b restated as a whole, by another table?
 * A half-year that moved afterwards would be compared with it by nobody. */
int release_year_told(struct node *n, const struct fact_table *b, int32_t half,
		      bool *told);
/* The minimum that applies: what is not of children has none. */
uint32_t release_floor(const struct node *n, const struct fact_table *t);
/* As release_due, and not before the table that @t follows has closed. */
int release_due_now(struct node *n, const struct fact_table *t, int32_t today,
		    int32_t *out);

/* --- restating (release_restate.c) --- */

/* Of one half-year: what its counted occurrences are by today's record, in
 * the months that counted them. *changed: it differs from @was. */
int release_recount(const struct fact_table *t, const struct facts_now *now,
		    const struct tally *was, struct tally *out, bool *changed);
/* Make @now the half-year's revision @rev. */
int release_revise(struct node *n, const struct fact_table *t, int32_t half,
		   const struct tally *was, const struct tally *now,
		   int64_t rev);
/* Restate what rule V allows of the last two years before @closed. */
int release_restate(struct node *n, const struct fact_table *t,
		    const struct facts_now *now, int32_t closed);

#endif
