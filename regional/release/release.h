/* release: closes months: counts facts, asks the gate, keeps the release, and
 * can say in plain English what left and what is held.
 *
 * A month of a fact table is due when it has matured and settled. Closing
 * counts its facts once and for all: every fact dated in it or earlier that no
 * closing has counted yet ("late facts count in the open period that recorded
 * them"). Counting, the release and its place in the outbox are one
 * transaction.
 *
 * Owns tables `counted`, `release`, `closing_state`. */
#ifndef CCFED_RELEASE_H
#define CCFED_RELEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/codec.h"
#include "regional/release/gate.h"

struct node;

/* What stands in table release. */
enum release_state {
	RELEASE_HELD = 1,  /* a supervisor has to approve it */
	RELEASE_READY = 2, /* may leave */
	RELEASE_SENT = 3,  /* left at least once; in the ledger */
	RELEASE_TAKEN = 4, /* the hub's receipt is here */
};
struct release_row {
	struct release_key key;
	enum release_state state;
	bool recovered;			     /* came back from the hub */
	int64_t made_utc_ms, receipt_utc_ms; /* 0: none */
	unsigned char digest[DIGEST];
	uint32_t events, occurrences; /* of view detail */
	uint32_t refused; /* the hub's last refusal (enum refusal_code), or 0 */
	char why[200];	  /* in its words */
};

/* The last month of @t that is due on @today; one less than its first month
 * if none. */
int32_t release_due(const struct node *n, const struct fact_table *t,
		    int32_t today);
/* Close everything due on @today, oldest first, over all tables; *closed
 * counts closings. Refuses (E_STATE, a sentence) while history is not in, the
 * clock is a day or more off the hub's, the node is not joined, or a hello is
 * needed first. @progress may be NULL. */
int release_close(struct node *n, int32_t today, int *closed,
		  void (*progress)(void *arg, int done, int of), void *arg);
/* The same in steps, each at most one month of one table, for a loop that has
 * to turn meanwhile. A step returns 1 when there may be more to do, 0 at the
 * end, or a failure, which ends it, too: what one table meets is told after
 * the last. The record may change between two steps. */
struct closing; /* opaque */
int release_closing_new(struct closing **out, struct node *n, int32_t today);
int release_closing_step(struct closing *c);
void release_closing_free(struct closing *c); /* NULL is fine */

/* Which month of @t closes next, the first day on which it does, and the last
 * month that is due on @today (one less than @month: none). */
struct release_next {
	int32_t month, due;
	int32_t closes_on;
};
int release_next(struct node *n, const struct fact_table *t, int32_t today,
		 struct release_next *out);
/* What would leave, without closing: of @t's next month, due on @today or not
 * (@all: of each that is due), each group with its verdict. */
int release_preview(struct node *n, const struct fact_table *t, int32_t today,
		    bool all,
		    int (*fn)(void *arg, const struct fact_table *t,
			      int32_t closing, const struct gate_note *note),
		    void *arg);
/* The sentence for a verdict: "waits: one of its outcomes stands for fewer than
 * 11 children", and so on. Lent, or in @out. */
const char *release_verdict_text(enum gate_verdict v, uint32_t floor, char *out,
				 size_t size);

/* A closing's month for people and logs, "2026-07"; returns @out. */
const char *release_month_text(int32_t closing, char out[PERIOD_TEXT]);

/* The newest closed month of @table, -1 before the first; half-years of all
 * tables of which nothing leaves any more. */
int release_last(struct node *n, const char *table, int32_t *out);
int release_frozen(struct node *n, int64_t *out);

/* Held releases become ready: of @table (NULL: all) up to @closing (0: all). */
int release_approve(struct node *n, const char *table, int32_t closing,
		    int *approved);
int release_list(struct node *n,
		 int (*fn)(void *arg, const struct release_row *r), void *arg);
/* The bytes of one release; mem_free. E_NOTFOUND. */
int release_bytes(struct node *n, const struct release_key *key,
		  unsigned char **out, size_t *len);

/* The accounts of one view: facts = published + waiting + withheld + drift.
 * Facts are those that closed months should count by today's record; drift is
 * counted from the differences, one by one: facts that no closing counted,
 * less counted occurrences that are no fact any more. `changed` are those
 * counted with another stratum or outcome than they have now. */
struct account {
	int64_t facts, published, waiting, withheld, drift, changed, frozen;
};
int release_account(struct node *n, const struct fact_table *t, int view,
		    struct account *out);
/* Add to *out the facts of closed months that no closing has counted yet:
 * they were recorded later, and the next closing counts them. */
int release_late(struct node *n, const struct fact_table *t, int64_t *out);
/* What will come of a history that is in: facts before the node's first
 * month, which count nowhere, and months that are due on @today. */
struct outlook {
	int64_t facts, before;
	int months;
};
int release_outlook(struct node *n, const struct fact_table *t, int32_t today,
		    struct outlook *out);

/* Take back a release that this node has forgotten (restored or replaced).
 * Stored as it is. When all forgotten ones are here, release_recover replays
 * the closings over the local record: where it comes out the same the months
 * are counted again, else the half-year is frozen: nothing more of it leaves
 * from here. */
int release_put_back(struct node *n, const unsigned char *bytes, size_t len);
int release_recover(struct node *n, int *replayed, int *frozen);
/* The hub holds another release under the name of one that left from here:
 * there are two of this node. The half-year is frozen and an alarm raised. */
int release_conflict(struct node *n, const struct release_key *key);

#endif
