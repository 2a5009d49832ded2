/* figure: the state's figures as people read them: "34", "34 to 41",
 * "62.1 %", "60.0 to 64.3 %", "17 to 30 days". One number stands only where it
 * is exact: a range with a guess before it is read as the guess. Pure. */
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
/* "60.0 %", "58.4 to 62.6 %"; "n/a" if there is nothing to divide by. Returns
 * out. */
char *figure_rate(const struct measure_row *r, char out[FIGURE_TEXT]);
/* "16 to 30 days"; "n/a". Returns out. */
char *figure_days(const struct measure_row *r, char out[FIGURE_TEXT]);
/* Whichever the row is about: rate, days, or count; or why there is none.
 * Returns out. */
char *figure_of(const struct measure *m, const struct measure_row *r,
		char out[FIGURE_TEXT]);
/* "not closed", "nothing published yet"; "" if there is a figure. */
const char *figure_said(enum said said);
/* How often, and of how many, as far as that says something; may be "". */
char *figure_count(const struct measure_row *r, char out[FIGURE_TEXT]);
char *figure_whole(const struct measure *m, const struct measure_row *r,
		   char out[FIGURE_TEXT]);

/* "through July", "from March", "March through July", with years if the period
 * has several; "" if the row speaks of its whole period. Returns out. */
char *figure_covered(const struct measure_row *r, char out[60]);

/* "July 2026", "2026", "January 2024-December 2026": any run of months; at
 * most 60 bytes with NUL. Returns out. */
char *figure_period(struct period p, char out[60]);

#endif
