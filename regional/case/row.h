/* row: one row of the record and its audit, written together.
 *
 * For regional/case only, and for records whose fields are checked already. A
 * value is the text that the column holds; NULL is NULL. */
#ifndef CCFED_ROW_H
#define CCFED_ROW_H

#include "regional/case/audit.h"

enum { ROW_FIELDS = 12 };

/* Insert what f[].now says into @table. @table and the names are the
 * program's own words. Both are called inside the change's transaction. */
int row_insert(struct records *r, const char *table,
	       const struct audit_field *f, int n, int64_t *id);
/* Write those that differ from f[].was; none: nothing happens. */
int row_update(struct records *r, const char *table, int64_t id,
	       const struct audit_field *f, int n);
/* E_NOTFOUND "There is no WHAT ID" unless @table has it. */
int row_there(struct db *db, const char *table, const char *what, int64_t id);
/* "1" and "0", as flags stand in a column. */
const char *row_flag(bool on);

#endif
