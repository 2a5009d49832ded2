/* admit: answers a node that asks to join with the secret of its join code.
 *
 * A code is for one region, is used once, lives for hours, and is burned by
 * five failures. The same node asking again, because the answer was lost, is
 * answered the same. Owns the use of table invite. Loop thread only. */
#ifndef CCFED_ADMIT_H
#define CCFED_ADMIT_H

#include "daemon/hub/ingest.h"

ingest_fn admit_join;

#endif
