/* records: what every function of regional/case works on: the node's writing
 * connection, who acts, and the audit.
 *
 * Rules that hold for all of regional/case:
 * - One call is atomic. Callers may group calls: records_begin, calls,
 *   records_end. Inside a group a failed call leaves the earlier ones standing
 *   until the caller decides.
 * - Every value is checked here (vocabulary, dates, life cycle), whoever calls:
 *   E_INVALID with a sentence that names the field and what would be right.
 * - Every change is one row of the hash-chained audit: who, when, which record
 *   and field, and a keyed hash of the value, never the value. Old values go to
 *   `history`, which an erasure empties.
 * - Ids are SQLite rowids of this node; they never leave it.
 * Loop thread, or the command line's only thread. */
#ifndef CCFED_RECORDS_H
#define CCFED_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db;	   /* daemon/core/db.h */
struct clock;	   /* daemon/core/clock.h */
struct rng;	   /* daemon/core/rand.h */
struct vocabulary; /* proto/vocabulary.h */
struct catalogue;  /* proto/catalogue.h */

enum { RECORDS_WHO = 64, NAME_TEXT = 120, NO_DATE = INT32_MIN };

struct records {
	struct db *db;			/* borrowed */
	struct clock *clock;		/* borrowed */
	const struct vocabulary *words; /* borrowed */
	const struct catalogue *cat;	/* borrowed; instruments, levels */
	char who[RECORDS_WHO];		/* "cli:root", "import:fhir" */
	unsigned char audit_key[32];	/* keyed hashes of values */
	int32_t today;			/* NO_DATE: by the clock */
	/* What is written was done elsewhere, like what an import brings: it
	 * is history, and consents are not asked about it. */
	bool elsewhere;
	/* By the policy in force, withdrawal of consent ends counting. */
	bool uncounts;
	struct rng *rng;	    /* borrowed; for keys and nonces */
	unsigned char seal_key[32]; /* the record key (seal.h) */
	bool sealing;		    /* false: it is missing */
};

int records_begin(struct records *r);
/* Commits if @result >= 0, else rolls back; returns @result or the failure. */
int records_end(struct records *r, int result);
/* Today by @r: its own day if set (simulation, --as-of), else the clock's. */
int32_t records_today(const struct records *r);

#endif
