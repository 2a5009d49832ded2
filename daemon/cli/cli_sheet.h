/* cli_sheet: commands for records that have a sheet (regional/case/sheet.h):
 * options become fields, fields become columns. An option has the name of its
 * column, with hyphens.
 *
 * For daemon/cli only. */
#ifndef CCFED_CLI_SHEET_H
#define CCFED_CLI_SHEET_H

#include "daemon/cli/cli.h"
#include "regional/case/sheet.h"

/* Every option that names a column of @s goes into @rec; "" makes the field
 * unknown. E_USAGE names the option. */
int cli_sheet_take(struct cli *c, const struct sheet *s, void *rec);
/* A new record: the node, then everything unknown, then the options. */
int cli_sheet_fill(struct cli *c, const struct sheet *s, struct node **n,
		   void *rec);
/* Argument 0 is the record's number: the node, the record as it is, then the
 * options. @noun is the word for it in a sentence. */
int cli_sheet_load(struct cli *c, const struct sheet *s, const char *noun,
		   struct node **n, void *rec);

/* A table of records. @first names the column of their numbers. Lists leave
 * long notes out. */
struct cli_sheet {
	struct cli_table *t;
	const struct sheet *s;
	bool whole; /* notes too */
	char title[SHEET_COLUMNS + 1][40];
};
int cli_sheet_new(struct cli *c, struct cli_sheet *out, const struct sheet *s,
		  const char *first, bool whole, const char *notice);
sheet_fn cli_sheet_put; /* the argument is the struct cli_sheet */

/* Whole commands. Argument 0 is the number of the record to show; or of the
 * @of whose records are listed, 0 if it is left out. */
typedef int cli_sheet_lister(struct db *db, int64_t of, int64_t offset,
			     int64_t limit, sheet_fn *fn, void *arg);
int cli_sheet_show(struct cli *c, const struct sheet *s, const char *first);
int cli_sheet_list(struct cli *c, const struct sheet *s, const char *first,
		   const char *of, cli_sheet_lister *list, const char *none);

#endif
