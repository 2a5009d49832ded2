/* figure: the state's figures as people read them: "34", "34 to 41",
 * "62.1 % (60.0 to 64.3)", "17 to 30 days". Pure. */
#ifndef CCFED_FIGURE_H
#define CCFED_FIGURE_H

#include "daemon/hub/measures.h"

enum { FIGURE_TEXT = 64 };

/* "34", "34 to 41", "34 or more"; returns out. */
char *figure_range(struct range r, char out[FIGURE_TEXT]);
/* The same with thousands apart: "2,873". */
char *figure_grouped(struct range r, char out[FIGURE_TEXT]);
/* Tenths of a percent, half away from zero. */
int figure_tenths(double rate);
/* The share of what is published, if anything is, then what it may be; "n/a"
 * if there is nothing to divide by. Returns out. */
char *figure_rate(const struct measure_row *r, char out[FIGURE_TEXT]);
/* "16 to 30 days"; "n/a". Returns out. */
char *figure_days(const struct measure_row *r, char out[FIGURE_TEXT]);
/* Whichever the row is about: rate, days, or count. Returns out. */
char *figure_of(const struct measure *m, const struct measure_row *r,
		char out[FIGURE_TEXT]);

/* "July 2026", "2026", "January 2024-December 2026": any run of months; at
 * most 60 bytes with NUL. Returns out. */
char *figure_period(struct period p, char out[60]);

#endif
