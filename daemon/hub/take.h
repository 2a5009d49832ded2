/* take: takes releases, and gives back those that a node has forgotten.
 *
 * A release is checked (vet.h), kept for ever, and receipted; the same one
 * again gets the same receipt. Loop thread only. */
#ifndef CCFED_TAKE_H
#define CCFED_TAKE_H

#include "daemon/hub/ingest.h"

ingest_fn take_release;
ingest_fn take_recall;

#endif
