/* The part of hub_measure.h that gives a measure away as a file. */
#include <stdlib.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/hub/figure.h"
#include "daemon/hub/hub_asked.h"
#include "daemon/hub/hub_measure.h"
#include "daemon/hub/row_json.h"
#include "proto/catalogue.h"

/* Where the page shows none (@text is empty) a 0 would be read as nobody. */
static void csv_range(struct page *p, const char *text, struct range r)
{
	if (*text)
		page_cell_int(p, r.low);
	else
		page_cell(p, NULL);
	if (!*text || r.high == UNBOUNDED)
		page_cell(p, NULL);
	else
		page_cell_int(p, r.high);
}

static void csv_row(struct asked *q, const char *what,
		    const struct measure_row *r)
{
	struct page *p = q->p;
	char text[FIGURE_TEXT];

	page_cell(p, what);
	page_cell(p, *r->region ? r->region : "state");
	page_cell(p, period_format(r->period, text));
	page_cell(p, r->part >= 0 ? r->part_id : r->stratum_id);
	page_cell(p, figure_of(q->m, r, text));
	csv_range(p, figure_count(r, text), r->numerator);
	csv_range(p, figure_whole(q->m, r, text), r->denominator);
	page_cell_int(p, r->regions_heard);
	page_cell_int(p, r->regions_all);
	page_row_end(p);
}

int hub_measure_csv(struct page *p)
{
	static const char *const HEAD[] = {
		"part",	   "region",	    "period",	  "stratum",
		"figure",  "count_low",	    "count_high", "of_low",
		"of_high", "regions_heard", "regions_all"};
	const struct measure_row *row;
	struct asked q;
	int r = hub_asked_read(p, &q);

	if (r == 0)
		r = hub_asked_find(&q);
	if (r < 0)
		return r;
	page_download(p, "text/csv; charset=utf-8",
		      arena_str(&p->a, "%s.csv", q.m->id));
	page_cell(p, arena_str(&p->a, "# %s. %s", q.m->title,
			       hub_measure_cited(p, q.m)));
	page_row_end(p);
	for (size_t i = 0; i < sizeof HEAD / sizeof *HEAD; i++)
		page_cell(p, HEAD[i]);
	page_row_end(p);
	for (int i = 0; q.series && i < q.series->n; i++)
		csv_row(&q, "series", &q.series->point[i].row);
	row = q.regions.items;
	for (size_t i = 0; i < q.regions.n; i++)
		csv_row(&q, "regions", &row[i]);
	row = q.strata.items;
	for (size_t i = 0; i < q.strata.n; i++)
		csv_row(&q, "strata", &row[i]);
	page_exported(p, "measure", 0);
	return 0;
}

static json_t *json_rows(const struct measure *m, const struct arena_list *l)
{
	const struct measure_row *row = l->items;
	json_t *out = json_array();

	for (size_t i = 0; i < l->n; i++)
		json_array_append_new(out, row_json(m, &row[i]));
	return out;
}

int hub_measure_json(struct page *p)
{
	json_t *root;
	struct asked q;
	char *text;
	int r = hub_asked_read(p, &q);

	if (r == 0)
		r = hub_asked_find(&q);
	if (r < 0)
		return r;
	root = json_object();
	json_object_set_new(root, "measure", json_string(q.m->id));
	json_object_set_new(root, "title", json_string(q.m->title));
	json_object_set_new(root, "source",
			    json_string(hub_measure_cited(p, q.m)));
	json_object_set_new(root, "series",
			    q.series ? series_json(&p->a, q.series)
				     : json_null());
	json_object_set_new(root, "regions", json_rows(q.m, &q.regions));
	json_object_set_new(root, "strata", json_rows(q.m, &q.strata));
	text = json_dumps(root, JSON_INDENT(1));
	json_decref(root);
	if (!text)
		return err_set(E_NOMEM, "out of memory for %s as JSON",
			       q.m->id);
	page_download(p, "application/json",
		      arena_str(&p->a, "%s.json", q.m->id));
	page_put(p, text, strlen(text));
	free(text);
	page_exported(p, "measure", 0);
	return 0;
}
