/* desk_table: fills the table part of a page row by row. Everything lives as
 * long as the page; running out of memory is kept by its arena. */
#ifndef CCFED_DESK_TABLE_H
#define CCFED_DESK_TABLE_H

#include <stdbool.h>

#include "daemon/core/arena.h"
#include "daemon/web/tpl_table.h"

struct page;

struct desk_table {
	struct page *p;
	struct arena_list rows;
};

void desk_table_begin(struct desk_table *t, struct page *p);
/* A row that is called @name, leads to @href (NULL: nowhere) and has @cells
 * more, to be filled; NULL when memory is out. Texts are borrowed. */
struct tpl_table_rows_cells *desk_table_row(struct desk_table *t,
					    const char *name, const char *href,
					    int cells);
/* With a title for each column, the name's first; a column is of numbers if the
 * first row's cell is one. NULL if there is no row: say that it is empty. */
const struct tpl_table *desk_table_end(struct desk_table *t,
				       const char *caption,
				       const char *const *title, int columns,
				       bool sortable);

#endif
