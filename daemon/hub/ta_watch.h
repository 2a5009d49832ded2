/* ta_watch: opens items of technical assistance by itself: a region that is
 * silent, whose numbers are late, whose rate of a whole quarter lies beyond a
 * threshold, or whose chart has a signal.
 *
 * A rate that is a range lies beyond only if all of it does. Loop thread. */
#ifndef CCFED_TA_WATCH_H
#define CCFED_TA_WATCH_H

#include <stdint.h>

struct hub;

/* So long is silence, and so many months behind the others is late. */
enum { TA_SILENT_DAYS = 3, TA_LATE_MONTHS = 2 };

/* *opened: how many items. To be called now and then. */
int ta_watch(struct hub *h, int *opened);
/* The charts of one measure of the catalogue, of every region: an item opens
 * for a signal at the newest point that is not for the better. Beyond a limit
 * is one in four hundred points by chance, a run of seven rarer; so an item
 * says that somebody should look, not that something is wrong. */
int ta_watch_signals(struct hub *h, int measure, int *opened);

#endif
