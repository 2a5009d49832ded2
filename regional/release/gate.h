/* gate: decides what leaves. Nothing else makes an event.
 *
 * A view is a ladder of steps, fine to coarse. At a closing, each group (all
 * outcomes of one stratum in one period) is published at the finest step that
 * is safe; otherwise its occurrences wait, and after the last step they are
 * withheld. Rules, each with the hole it closes:
 *
 *   floor  every outcome of a group stands for 0 or at least `floor` distinct
 *	    children (CMS cell suppression policy: no 1-10, direct or derived).
 *   J      for every non-empty set S of trend blocks of the half-year, with A
 *	    their cells: A minus the detail blocks inside it, and the detail
 *	    blocks that touch it minus A (if they cover A), are 0 or at least
 *	    `floor` children in every outcome. By min-cut duality that bounds
 *	    every hidden intersection of a trend and a detail block.
 *   F      a difference with one non-zero outcome must not be so full that
 *	    the groups which waited there are known to be just under the floor.
 *   B      the stated bounds count as published: neither the rest of a bound
 *	    nor what is beside it may become known to be 1 to floor-1.
 *   sole   a group whose only outcome is a sensitive one waits.
 *   L      side views split whole totals that are derivable already.
 *   S      of a snapshot or a year (picture.h), beside the picture before it:
 *	    for every set of strata that both tell the number of, those who
 *	    came into it and those who left it are 0 or at least `floor`
 *	    children each. A flow that is published elsewhere gives the other.
 *	    Of sets that lie in each other neither can be bounded below the
 *	    floor. A picture that does not tell its total tells nothing, and
 *	    states no bound.
 *   Y      of a year, beside a table whose months can be summed up: the
 *	    difference of the two is 0 or at least `floor`, and so are the
 *	    children in only one of them, or the children counted twice in the
 *	    months, where the one set holds the other.
 *   A      of two tables that count the very same occurrences the second is
 *	    told in unions of whole blocks of the first, view by view, and
 *	    states no bound: its totals are known from the first.
 *   V      a new version changes every block and every difference by 0, or by
 *	    at least `floor` with at least `floor` children changed, in every
 *	    sum of a view's outcomes, which a reader can make, and against
 *	    every earlier version. So does a year that restates the months of
 *	    another table, and only if those months all left, so that nothing
 *	    but the change can be had by subtraction.
 *
 * Pure: looks only at its arguments, owns nothing. Deterministic: the same
 * facts and earlier releases give the same release. Any thread. */
#ifndef CCFED_GATE_H
#define CCFED_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/catalogue.h"
#include "proto/codec.h"

/* One occurrence counted in this half-year. */
struct gate_fact {
	uint32_t child;	 /* any number that is the child's in this half-year */
	uint16_t cell;	 /* lattice_cell */
	uint8_t outcome; /* leaf outcome, index in the table */
};

enum gate_verdict {
	GATE_PUBLISHED,
	GATE_EMPTY,	 /* no occurrence: never shown */
	GATE_SMALL,	 /* an outcome of 1 to floor-1 children */
	GATE_SOLE,	 /* only a sensitive outcome */
	GATE_FORCED,	 /* would give away what waits (F) */
	GATE_DIFFERENCE, /* a difference to what left would be small (J, B) */
	GATE_MOVED,	 /* few came or left since the picture before (S) */
	GATE_BESIDE,	 /* little beside the months of another table (Y) */
	GATE_NOT_YET,	 /* the trend's first step is coarser; side view whose
			 * parent does not cover it */
};
/* What became of one group at one step, for `release preview`. */
struct gate_note {
	int view, step;
	struct period period;
	struct stratum stratum;
	enum gate_verdict verdict;
	uint32_t occurrences;
};

/* A thing that is in a picture: a child, or a referral of a child. */
struct gate_member {
	int64_t thing;
	uint32_t child;
	uint8_t leaf;
	uint8_t outcome; /* of the picture's table */
};
/* A year as the months of the table that it restates added up to, once. */
struct gate_year {
	struct gate_member *member;
	size_t n;
};
/* What a picture is compared with. */
struct gate_picture {
	const struct gate_member *now, *before;
	size_t n_now, n_before;
	const struct release *left; /* of the picture before; or NULL */
	/* Occurrences of the table beside it, in the months of the year.
	 * @same_dim: their leaves are this table's. */
	const struct gate_member *beside;
	size_t n_beside;
	bool same_dim;
	/* Of a table that restates: every version of the year that left, or
	 * none if nobody outside can add up its months. */
	const struct gate_year *was;
	int n_was;
};

struct gate_in {
	const struct fact_table *table;
	int32_t closing; /* month number */
	uint32_t floor;
	int trend_first; /* index of the trend's first step this year */
	/* Every fact counted in this half-year, through @closing. */
	const struct gate_fact *fact;
	size_t n_facts;
	/* The half-year's earlier closings, oldest first. */
	const struct release *const *earlier;
	int n_earlier;
	const struct gate_picture *picture; /* NULL: a flow */
	/* Of a table that is like another one (alike.h): what left of that one
	 * through @closing. */
	const struct release *const *like;
	int n_like;
	void (*note)(void *arg, const struct gate_note *n); /* or NULL */
	void *note_arg;
};

/* Fill @out->group, n_groups, bound, n_bounds (release_fini frees). */
int gate_close(const struct gate_in *in, struct release *out);

/* What of this half-year's facts is in blocks of @view after the releases
 * given: occurrences in blocks, waiting (a coarser step is still to come),
 * withheld (none is), with @closed the last month closed. */
struct gate_state {
	uint32_t published, waiting, withheld;
};
int gate_account(const struct fact_table *t, const struct gate_fact *fact,
		 size_t n_facts, const struct release *const *releases,
		 int n_releases, int view, int32_t closed,
		 struct gate_state *out);

/* The finest step of the trend at which the smallest base outcome expects at
 * least 20 children: @children[base outcome in order] are last year's distinct
 * children per base outcome. Its last step if none does. */
int gate_trend_first(const struct fact_table *t, const uint32_t *children,
		     int n);

/* Rule V. The facts of the half-year as they are now, and as each earlier
 * version counted them. GATE_RESTATE: every release of @in->earlier may be
 * restated by recounting its cells; GATE_KEEP: not, or nothing changed. */
enum { GATE_KEEP = 0, GATE_RESTATE = 1 };
struct gate_version {
	const struct gate_fact *fact;
	size_t n_facts;
};
int gate_may_restate(const struct gate_in *now, const struct gate_version *was,
		     int n_was);
/* Recount the blocks of @was with the facts of @now; @out owns its groups. */
int gate_recount(const struct gate_in *now, const struct release *was,
		 struct release *out);

#endif
