/* alike: which fact tables count the very same occurrences (alike.conf says why
 * it matters). Part of loading the catalogue. */
#ifndef CCFED_ALIKE_H
#define CCFED_ALIKE_H

struct fact_table;

/* Read @path and set `alike`, `as` and `gone` of the @n tables in @table. Of a pair of
 * which one is not in the package nothing is set: there is nothing to subtract.
 * E_INVALID with file, line and reason. */
int alike_load(const char *path, struct fact_table *const *table, int n);

#endif
