#include <stdlib.h>

#include <jansson.h>

#include "daemon/core/err.h"
#include "daemon/hub/row_json.h"
#include "daemon/hub/ta_report_page.h"

static json_t *line_json(struct arena *a, const struct report *r,
			 const struct report_line *l)
{
	json_t *o = json_object();

	json_object_set_new(o, "measure", json_string(l->m->id));
	json_object_set_new(o, "title", json_string(l->m->title));
	json_object_set_new(o, "said", json_string(ta_report_said(a, r, l)));
	json_object_set_new(o, "region", row_json(l->m, &l->mine));
	json_object_set_new(o, "others", row_json(l->m, &l->rest));
	json_object_set_new(o, "year_before", row_json(l->m, &l->before));
	json_object_set_new(o, "others_regions", json_integer(l->n_rest));
	json_object_set_new(o, "against_others", json_integer(l->vs_rest));
	json_object_set_new(o, "against_before", json_integer(l->vs_before));
	return o;
}

int ta_report_json(struct arena *a, const struct report *r,
		   const struct report_mark *k, char **out)
{
	json_t *o = json_object(), *lines = json_array(),
	       *strengths = json_array();
	char quarter[PERIOD_TEXT];

	json_object_set_new(o, "region", json_string(r->region));
	json_object_set_new(o, "region_title", json_string(r->region_title));
	json_object_set_new(o, "period",
			    json_string(period_format(r->quarter, quarter)));
	json_object_set_new(o, "document", json_integer(k->number));
	if (k->banner)
		json_object_set_new(o, "notice", json_string(k->banner));
	json_object_set_new(o, "summary", json_string(ta_report_lede(a, r)));
	for (int i = 0; i < r->n_strengths; i++)
		json_array_append_new(
			strengths, json_string(r->line[r->strength[i]].m->id));
	json_object_set_new(o, "strengths", strengths);
	if (r->concern >= 0)
		json_object_set_new(o, "concern",
				    json_string(r->line[r->concern].m->id));
	for (int i = 0; i < r->n; i++)
		json_array_append_new(lines, line_json(a, r, &r->line[i]));
	json_object_set_new(o, "rates", lines);
	json_object_set_new(o, "trend",
			    r->trend ? series_json(a, r->trend) : json_null());
	json_object_set_new(o, "notes", json_string(r->notes));
	json_object_set_new(o, "comment", json_string(r->comment));
	*out = json_dumps(o, JSON_INDENT(2));
	json_decref(o);
	if (arena_check(a) < 0) {
		free(*out);
		*out = NULL;
	}
	return *out ? 0 : err_set(E_NOMEM, "out of memory for a report");
}
