/* audit_lp: the linear program of one half-year. Its unknowns are the counts
 * of each atom and each outcome that some view tells apart; its rows are the
 * published blocks and bounds. Solved part by part (parts share no row), warm
 * from one objective to the next. Inside the auditor only. */
#ifndef CCFED_AUDIT_LP_H
#define CCFED_AUDIT_LP_H

#include "tests/privacy/audit_model.h"

/* Tell every count of 1 to floor-1 that is known to be below the floor, and
 * every count that is known exactly and has too few children. */
int audit_lp(struct model *m);

#endif
