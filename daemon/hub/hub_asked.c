#include "daemon/hub/hub_asked.h"

#include <string.h>

#include "daemon/core/err.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/hub_pick.h"
#include "proto/catalogue.h"

int hub_asked_read(struct page *p, struct asked *q)
{
	const char *id = page_param(p, "id"), *step = page_query(p, "step");
	int i;

	memset(q, 0, sizeof *q);
	q->p = p;
	q->h = p->site;
	if (!id)
		return E_NOMEM;
	i = catalogue_find_measure(q->h->cat, id);
	if (i < 0 || !catalogue_measure(q->h->cat, i)->served)
		return err_set(E_NOTFOUND, "there is no measure \"%.20s\"", id);
	q->m = catalogue_measure(q->h->cat, i);
	q->t = catalogue_table(q->h->cat, q->m->numerator.table);
	q->region = page_query(p, "region");
	q->title = "the state";
	if (!q->region)
		q->region = "";
	if (*q->region) {
		char title[80];
		int r = hub_pick_title(p->db, q->region, title);

		if (r < 0)
			return r;
		q->title = arena_dup(&p->a, title);
	}
	if (step && strcmp(step, "quarter") == 0)
		q->months = 3;
	else if (step && strcmp(step, "month") == 0)
		q->months = 1;
	q->regions = q->strata = (struct arena_list){
		.arena = &p->a, .size = sizeof(struct measure_row)};
	return 0;
}

/* --- reading --- */

static int keep_row(void *arg, const struct measure_row *r)
{
	struct arena_list *l = arg;
	struct measure_row *row;

	/* Of days the median, of a ranking its parts. */
	if (r->percentile && r->percentile != 50)
		return 0;
	row = arena_add(l);
	if (!row)
		return E_NOMEM;
	*row = *r;
	return 0;
}

static int read_regions(struct asked *q)
{
	if (q->m->unit == MEASURE_RANK)
		return 0;
	return measures_show(q->h, q->p->db, q->m, &q->period, 1, BY_REGION,
			     NULL, keep_row, &q->regions);
}

static int read_strata(struct asked *q)
{
	int by = q->t->dim.groups ? BY_STRATUM | BY_GROUP : BY_STRATUM;

	by &= ~measures_never(q->h->cat, q->m, by);
	if (q->m->unit == MEASURE_RANK)
		by = 0;
	else if (!by || q->m->unit == MEASURE_DAYS)
		return 0;
	return measures_show(q->h, q->p->db, q->m, &q->period, 1, by,
			     *q->region ? q->region : NULL, keep_row,
			     &q->strata);
}

int hub_asked_find(struct asked *q)
{
	int r = series_read(&q->p->a, q->h, q->p->db, q->m, q->months,
			    SERIES_NEWEST, &q->set);

	if (r == E_NOTFOUND)
		return 0;
	if (r < 0)
		return r;
	q->series = series_find(&q->set, q->region);
	r = measures_newest(q->h, q->p->db, q->m, &q->period);
	if (r == E_NOTFOUND)
		return 0;
	if (r == 0)
		r = read_regions(q);
	return r == 0 ? read_strata(q) : r;
}
