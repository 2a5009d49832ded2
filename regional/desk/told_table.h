/* told_table: a table of a child's record, told by its query. */
#ifndef CCFED_TOLD_TABLE_H
#define CCFED_TOLD_TABLE_H

#include "daemon/web/tpl_table.h"
#include "proto/vocabulary.h"

struct page;

enum { TOLD_CELLS = 5 };
enum told_as { TOLD_TEXT, TOLD_DAY, TOLD_WORD, TOLD_YES };

/* @sql asks for ?1 the child and ?2, which each of them says. Its column 0 is
 * the row's id, then come the cells, the first of which is the row's name and
 * leads to .../edit/WHAT/id (@what NULL: nowhere). */
struct told_table {
	const char *caption, *what, *sql;
	const char *title[TOLD_CELLS];
	struct {
		enum told_as as;
		enum words list; /* TOLD_WORD */
	} cell[TOLD_CELLS];
	int n;
	const char *act; /* leads there from the last cell, if it is empty,
			  * instead of the name; NULL: the name does */
};

/* *out is NULL if there is no row. */
int told_table_read(struct page *p, int64_t child, int64_t second,
		    const struct told_table *t, const struct tpl_table **out);

#endif
