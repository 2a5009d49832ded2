/* row_json: one row of a measure as JSON, for reports and the API. Numbers that
 * are not exact are ranges, and what is not published is null: the same answer
 * as on a page. */
#ifndef CCFED_ROW_JSON_H
#define CCFED_ROW_JSON_H

#include <jansson.h>

#include "daemon/hub/measure_row.h"

struct arena;
struct measure;
struct series;
/* The caller owns what it returns; NULL when memory is out. */
json_t *row_json(const struct measure *m, const struct measure_row *r);
/* Its points with limits, mean and signal, and what they say. */
json_t *series_json(struct arena *a, const struct series *s);

#endif
