/* hub_table: fills the table part of a page or document row by row, and says
 * days and instants in words.
 *
 * Everything lives as long as the arena; texts are borrowed. Running out of
 * memory is kept by the arena. */
#ifndef CCFED_HUB_TABLE_H
#define CCFED_HUB_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/core/arena.h"
#include "daemon/web/tpl_table.h"

struct hub_table {
	struct arena *a;
	struct arena_list rows;
	int columns;			    /* beside the row's name */
	struct tpl_table_rows_cells *cells; /* of the newest row */
	int used;			    /* of its cells */
};

/* @columns: how many cells a row has beside its name. */
void hub_table_begin(struct hub_table *t, struct arena *a, int columns);
/* A row named @name that leads to @href (NULL: nowhere). The row is lent until
 * the next; NULL when memory is out. */
struct tpl_table_rows *hub_table_row(struct hub_table *t, const char *name,
				     const char *href);
/* The row's next cell. */
void hub_table_text(struct hub_table *t, const char *text);
void hub_table_link(struct hub_table *t, const char *text, const char *href);
void hub_table_number(struct hub_table *t, const char *text);
void hub_table_int(struct hub_table *t, int64_t v);
/* With a title for the name and each cell. A column is of numbers if the first
 * row's cell is one. NULL if there is no row: say that it is empty. */
struct tpl_table *hub_table_end(struct hub_table *t, const char *caption,
				const char *const *title);

/* "Nov 12, 2026"; "" for a day that is none (INT32_MIN). */
const char *hub_day(struct arena *a, int32_t day);
/* "Nov 12, 2026, 14:05", in the policy's time zone; "" for 0. */
const char *hub_instant(struct arena *a, int64_t utc_ms);
/* "July to September 2026": any run of months. */
const char *hub_months(struct arena *a, int32_t month, int32_t months);

#endif
