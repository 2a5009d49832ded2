/* gate_world: one half-year as the gate sees it while it closes a month: the
 * facts by cell, the blocks that left, the groups that waited, the bounds
 * stated. Private to gate*.c. */
#ifndef CCFED_GATE_WORLD_H
#define CCFED_GATE_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "regional/release/gate.h"

enum {
	CELLS_MAX = LATTICE_MONTHS * LATTICE_LEAVES_MAX,
	BLOCKS_MAX = CELLS_MAX,	    /* of one view: they never overlap */
	WAITED_MAX = 3 * CELLS_MAX, /* groups of one step in a half-year */
	TREND = 0,		    /* index of the trend view */
	DETAIL = 1,		    /* and of the detail view */
};

struct block {
	struct group g;
	bool candidate; /* may still be dropped at this step */
};

struct blocks {
	int n;
	struct block b[BLOCKS_MAX];
};

/* A bound stated for one month: its cells that were in no detail block then. */
struct stated {
	struct cells cells;
	uint32_t at_most;
};

/* A block of the table that this one is like, and when it left. */
struct like {
	struct cells cells;
	int32_t closing;
	uint8_t view;
};

struct world {
	const struct fact_table *t;
	uint32_t floor;
	int32_t half;
	int trend_first;
	struct cells closed; /* cells of months closed so far */

	/* Facts sorted by cell, children numbered densely. */
	struct gate_fact *fact;
	size_t start[CELLS_MAX + 1];
	uint32_t occurrences[CELLS_MAX][OUTCOMES_MAX];
	uint32_t *stamp; /* by child: the last count that met it */
	uint32_t tick;

	uint32_t under[OUTCOMES_MAX]; /* bit set of the leaves below each */
	struct blocks *view;	      /* one for each view of the table */
	int n_waited[2][STEPS_MAX];   /* trend and detail */
	struct cells (*waited)[STEPS_MAX][WAITED_MAX];
	int n_stated;
	struct stated stated[LATTICE_MONTHS];
	struct moves *moves; /* of a picture, or NULL */
	struct like *like;   /* n_like of them */
	int n_like;

	void (*note)(void *arg, const struct gate_note *n);
	void *note_arg;
};

/* E_INVALID unless each fact has an outcome of @t and lies in a cell. */
int world_check_facts(const struct fact_table *t, const struct gate_fact *fact,
		      size_t n);
/* A world with the facts of @in and no block yet. On 0 the caller owns *out. */
int world_new(struct world **out, const struct gate_in *in);
void world_free(struct world *w); /* NULL is fine */

/* Occurrences in @c with one of the leaves in @leaves (bit set). */
uint32_t world_occurrences(const struct world *w, struct cells c,
			   uint32_t leaves);
/* Distinct children of them; stops counting at the floor. */
uint32_t world_children(struct world *w, struct cells c, uint32_t leaves);
/* All leaves. */
uint32_t world_any(const struct world *w);

/* The cells of all blocks of @view. */
struct cells world_covered(const struct world *w, int view);
/* Rule A: of @cells those in whole blocks of the other table that left through
 * month @through. Of a table like no other all of them. */
struct cells world_alike(const struct world *w, int view, int32_t through,
			 struct cells cells);
/* Count @cells by the outcomes of @view into g->count. */
void world_count(const struct world *w, int view, struct group *g);
void world_wait(struct world *w, int view, int step, struct cells c);

/* Rule F. @left has one non-zero base outcome and is so full that the groups
 * which waited there would be known. */
bool world_forced(const struct world *w, struct cells left);

/* Rules J, F and B over the blocks in @w with @trend (or NULL) added. False:
 * no leak. True: *what tells where. */
struct leak {
	struct cells around; /* A: the trend blocks of the difference */
	struct cells left;   /* L */
	uint32_t leaves;     /* of the outcome o; all for a bound */
};
bool world_leak(struct world *w, struct period scope, const struct cells *trend,
		struct leak *what);
/* Rules S and Y: the same for a picture. */
bool world_moved(struct world *w, const struct cells *trend, struct leak *what,
		 enum gate_verdict *why);
/* Call @fn for every difference L of rule J among the blocks of @w. @fn
 * returning true stops. */
bool world_differences(const struct world *w, struct cells scope,
		       const struct cells *trend,
		       bool (*fn)(void *arg, struct cells around,
				  struct cells left),
		       void *arg);

/* What one child has more (or less) of than in another version. */
struct change {
	uint32_t child;
	int32_t by;
};
/* Rule V for one number: a net change of 0, or of at least @floor by at least
 * so many children. *@moved is set if it is not 0. Puts @x in order. */
bool change_allowed(struct change *x, size_t n, uint32_t floor, bool *moved);
/* The same for a year that restates. */
int restates_well(const struct gate_in *in, bool *well);

/* Who came into a picture and who left it, and the table beside. Things of
 * one child stand together. */
struct moves; /* opaque */
int moves_new(struct moves **out, const struct gate_in *in);
void moves_free(struct moves *m); /* NULL is fine */

#endif
