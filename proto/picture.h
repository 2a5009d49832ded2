/* picture: when a fact table looks, if its facts are not what happened but what
 * is so on a day: a snapshot on the last day of each quarter, or the children
 * of a year, each once, on its last day.
 *
 * A picture lies in the cells of the month that ends with it, so a release, the
 * wire and the hub's store know only months. Pictures do not add up over time:
 * a question about a period is answered by the last picture in it. Pure. */
#ifndef CCFED_PICTURE_H
#define CCFED_PICTURE_H

#include "proto/catalogue.h"

/* Every union of strata is compared with the picture before it: 2^8. */
enum { PICTURE_STRATA_MAX = 8 };

static inline bool picture_is(const struct fact_table *t)
{
	return t->kind != FACTS_FLOW;
}
/* Does @month of @t close with facts in it? Every month of a flow does. */
bool picture_due(const struct fact_table *t, int32_t month);
/* The month of the picture before that of @month. */
int32_t picture_before(const struct fact_table *t, int32_t month);
/* The time of which the picture at the end of @month speaks: that month for a
 * snapshot, the twelve months through it for a year. */
struct period picture_span(const struct fact_table *t, int32_t month);
/* Of the pictures that @p holds, the last one through month @latest: its span.
 * months is 0 if there is none. A flow's is @p itself. */
struct period picture_last(const struct fact_table *t, struct period p,
			   int32_t latest);

/* SQL of a common table expression "picture (day, since)": the last day of each
 * picture of @t from 2000 through day @through, and the first day of its
 * quarter or year; mem_free. NULL without memory. */
char *picture_sql(const struct fact_table *t, int32_t through);
/* A thing may be in many pictures, but an occurrence is counted once: one
 * number for both, and back. */
int64_t picture_occurrence(int64_t thing, int32_t month);
int64_t picture_thing(int64_t occurrence);

#endif
