/* grant: the state's figures in the order in which two grants ask for them:
 * Help Me Grow's common indicators, by calendar year, and the counts of Title
 * V's Forms 5a and 5b, by federal fiscal year. A cell that the record can't
 * serve stands there with the reason, never as a near miss.
 *
 * The list of cells follows the Help Me Grow National Center's common
 * indicators and the Maternal and Child Health Bureau's annual report, Form 5.
 * Any thread. */
#ifndef CCFED_GRANT_H
#define CCFED_GRANT_H

#include "daemon/hub/measures.h"

enum grant { GRANT_HELP_ME_GROW, GRANT_TITLE_V_5A, GRANT_TITLE_V_5B, GRANTS };

struct grant_cell {
	const char *item;	       /* as the form numbers and calls it */
	const char *part;	       /* an age, a barrier; "" */
	const struct measure *m;       /* NULL: the record can't serve it */
	const struct measure_row *row; /* lent for the call; NULL without @m */
	const char *because;	       /* why not, or what to know; "" */
};
/* "help-me-grow"; "Help Me Grow: common indicators". */
const char *grant_id(enum grant g);
const char *grant_title(enum grant g);
/* The state's row alone. @year: calendar, or federal fiscal that ends in it. */
int grant_cells(struct hub *h, struct db *db, enum grant g, int year,
		int (*fn)(void *arg, const struct grant_cell *c), void *arg);

#endif
