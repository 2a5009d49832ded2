#include "daemon/hub/hub_api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <jansson.h>

#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "daemon/hub/api_token.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/hub_openapi.h"
#include "daemon/hub/hub_pick.h"
#include "daemon/hub/measures.h"
#include "daemon/hub/roster.h"
#include "daemon/hub/row_json.h"
#include "daemon/hub/store.h"

enum { PERIODS = 240 };

/* --- answers --- */

static int put_json(struct page *p, json_t *o)
{
	char *text = o ? json_dumps(o, JSON_COMPACT) : NULL;

	json_decref(o);
	if (!text)
		return err_set(E_NOMEM, "out of memory for an answer");
	page_download(p, "application/json", NULL);
	page_put(p, text, strlen(text));
	page_put(p, "\n", 1);
	free(text);
	return 0;
}

/* A failure is an answer, too, in the same form; others are the program's. */
static int answer(struct page *p, int r, json_t *o)
{
	json_t *why;

	if (r == 0)
		return put_json(p, o);
	json_decref(o);
	if (r != E_DENIED && r != E_NOTFOUND && r != E_INVALID)
		return r;
	why = json_object();
	json_object_set_new(why, "error", json_string(err_text(r)));
	page_status(p, r == E_DENIED ? 401 : r == E_NOTFOUND ? 404 : 400);
	return put_json(p, why);
}

static int check_key(struct page *p)
{
	static const char bearer[] = "Bearer ";
	const char *said = p->req->authorization;
	size_t n = sizeof bearer - 1;
	int64_t id;

	if (p->who)
		return 0;
	if (!said || strncasecmp(said, bearer, n) != 0)
		return err_set(E_DENIED, "say your key in the header "
					 "\"Authorization: Bearer KEY\"");
	return api_token_find(p->db, said + n, &id);
}

static json_t *begin(struct page *p)
{
	const struct hub *h = p->site;
	json_t *o = json_object();
	char banner[200];

	policy_banner(&h->policy, banner, sizeof banner);
	if (*banner)
		json_object_set_new(o, "notice", json_string(banner));
	return o;
}

/* --- what there is --- */

static json_t *measure_json(const struct measure *m)
{
	static const char *const UNIT[] = {"count", "proportion", "days",
					   "ranking"};
	static const char *const BETTER[] = {"neither", "higher", "lower"};
	json_t *o = json_object();

	json_object_set_new(o, "id", json_string(m->id));
	json_object_set_new(o, "title", json_string(m->title));
	json_object_set_new(o, "served", json_boolean(m->served));
	if (!m->served) {
		json_object_set_new(o, "because", json_string(m->because));
		return o;
	}
	json_object_set_new(o, "unit", json_string(UNIT[m->unit]));
	json_object_set_new(o, "better", json_string(BETTER[m->better]));
	json_object_set_new(o, "formula", json_string(m->formula));
	json_object_set_new(o, "window", json_string(m->window));
	json_object_set_new(o, "source", json_string(m->source));
	json_object_set_new(o, "is_not", json_string(m->is_not));
	return o;
}

static int get_measures(struct page *p)
{
	const struct hub *h = p->site;
	json_t *o = begin(p), *list = json_array();
	int r = check_key(p);

	for (int i = 0; r == 0 && i < catalogue_measures(h->cat); i++)
		json_array_append_new(
			list, measure_json(catalogue_measure(h->cat, i)));
	json_object_set_new(o, "measures", list);
	return answer(p, r, o);
}

static int on_region(void *arg, const struct region_row *r)
{
	char month[PERIOD_TEXT], heard[21];
	json_t *o = json_object();

	json_object_set_new(o, "id", json_string(r->id));
	json_object_set_new(o, "title", json_string(r->title));
	json_object_set_new(o, "joined", json_boolean(r->joined));
	json_object_set_new(
		o, "through",
		r->closed < 0 ? json_null()
			      : json_string(period_format(
					(struct period){r->closed, 1}, month)));
	json_object_set_new(o, "heard",
			    r->heard_utc_ms ? json_string(date_format_utc(
						      r->heard_utc_ms, heard))
					    : json_null());
	return json_array_append_new(arg, o) == 0 ? 0 : E_NOMEM;
}

static int get_regions(struct page *p)
{
	const struct hub *h = p->site;
	json_t *o = begin(p), *list = json_array();
	int r = check_key(p);

	if (r == 0)
		r = roster_regions(p->db, h->cat, p->now_utc_ms, on_region,
				   list);
	json_object_set_new(o, "regions", list);
	return answer(p, r, o);
}

/* --- figures --- */

struct asking {
	struct page *p;
	const struct measure *m;
	int n, by;
	struct period period[PERIODS];
	const char *region, *as_of;
	json_t *rows;
};

int hub_api_by(const char *text, int *by)
{
	char word[32];
	size_t len;

	*by = 0;
	for (; text && *text; text += len + (text[len] == ',')) {
		len = strcspn(text, ",");
		snprintf(word, sizeof word, "%.*s", (int)len, text);
		if (strcmp(word, "region") == 0)
			*by |= BY_REGION;
		else if (strcmp(word, "stratum") == 0)
			*by |= BY_STRATUM;
		else if (strcmp(word, "group") == 0)
			*by |= BY_GROUP;
		else
			return err_set(E_INVALID,
				       "by is region, stratum or group, joined "
				       "by commas, not \"%s\"",
				       word);
	}
	return 0;
}

static int take(struct asking *q)
{
	struct page *p = q->p;
	struct hub *h = p->site;
	const char *id = page_param(p, "measure"),
		   *period = page_query(p, "period");
	int k = id ? catalogue_find_measure(h->cat, id) : -1;
	int r = hub_api_by(page_query(p, "by"), &q->by);

	if (r < 0)
		return r;
	if (k < 0)
		return err_set(E_NOTFOUND, "there is no measure \"%.20s\"",
			       id ? id : "");
	q->m = catalogue_measure(h->cat, k);
	if (!q->m->served)
		return err_set(E_NOTFOUND, "%s is not served: %s", q->m->id,
			       q->m->because);
	q->by &= ~measures_never(h->cat, q->m, q->by);
	q->region = page_query(p, "region");
	r = q->region ? hub_pick_check(p->db, q->region) : 0;
	if (r < 0)
		return r;
	if (!period) {
		q->n = 1;
		return measures_newest(h, p->db, q->m, q->period);
	}
	q->n = period_range_parse(period, q->period, PERIODS);
	return q->n < 0 ? err_prefix(E_INVALID, "period") : 0;
}

static int on_row(void *arg, const struct measure_row *r)
{
	struct asking *q = arg;

	return json_array_append_new(q->rows, row_json(q->m, r)) == 0 ? 0
								      : E_NOMEM;
}

static int figures(struct asking *q)
{
	struct page *p = q->p;
	int r = take(q);

	if (r == 0)
		r = measures_show(p->site, p->db, q->m, q->period, q->n, q->by,
				  q->region, on_row, q);
	return r;
}

static int figures_as_of(struct asking *q)
{
	struct page *p = q->p;
	int32_t day;
	int r, now;

	q->as_of = page_query(p, "as_of");
	if (!q->as_of)
		return figures(q);
	r = date_parse(q->as_of, &day);
	if (r == 0)
		r = store_as_of(p->db, day);
	if (r == 0)
		r = figures(q);
	now = store_as_now(p->db);
	return r < 0 ? r : now;
}

static int get_measure(struct page *p)
{
	struct asking q = {.p = p, .rows = json_array()};
	json_t *o = begin(p);
	int r = check_key(p);

	if (r == 0)
		r = figures_as_of(&q);
	json_object_set_new(o, "as_of",
			    q.as_of ? json_string(q.as_of) : json_null());
	if (q.m)
		json_object_set_new(o, "measure", measure_json(q.m));
	json_object_set_new(o, "rows", q.rows);
	return answer(p, r, o);
}

static int get_openapi(struct page *p)
{
	page_download(p, "application/json", NULL);
	page_put(p, hub_openapi[0], strlen(hub_openapi[0]));
	return 0;
}

const struct page_route hub_api_routes[] = {
	{PAGE_GET, "/api/v1/openapi.json", 0, get_openapi,
	 PAGE_OPEN | PAGE_QUIET},
	{PAGE_GET, "/api/v1/measures", 0, get_measures, PAGE_OPEN | PAGE_QUIET},
	{PAGE_GET, "/api/v1/measures/{measure}", 0, get_measure,
	 PAGE_OPEN | PAGE_QUIET},
	{PAGE_GET, "/api/v1/regions", 0, get_regions, PAGE_OPEN | PAGE_QUIET},
	{0},
};
