/* derive: what follows from the record and is kept ready for the desk: the
 * words by which a child is found (find.h), and a line of each open case.
 *
 * Triggers note the children about whom something changed, whoever changed it;
 * derive_run, which node_open registers with db_before_commit, brings them up to
 * date in the same transaction. So what is read after a commit is never behind
 * the record. All of it may be thrown away and made anew.
 *
 * Owns tables `derive_queue` and `case_now`. Loop thread, or the command line's
 * only thread. */
#ifndef CCFED_DERIVE_H
#define CCFED_DERIVE_H

struct db;

/* A receiver has this many days to answer; then its referral is stale. As a
 * referral's age on the pages and NCQA's 30 days for an intervention after a
 * positive social screening. */
enum { DERIVE_STALE_DAYS = 30 };

/* Inside a transaction: everything that is noted. */
int derive_run(struct db *db);
/* Outside of one: what an older version of the program left, a few hundred
 * children a transaction. */
int derive_catch_up(struct db *db);

#endif
