#include "daemon/hub/hub_state.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/hub/figure.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/hub_chart.h"
#include "daemon/hub/hub_measure.h"
#include "daemon/hub/hub_table.h"
#include "daemon/hub/received.h"
#include "daemon/hub/roster.h"
#include "daemon/hub/series.h"
#include "daemon/hub/store.h"
#include "daemon/hub/tpl_hub_state.h"
#include "proto/catalogue.h"

enum { PER_QUESTION = 2, QUESTIONS = 3, HEARD_MONTHS = 6, VISIT_MS = 3600000 };

static const struct {
	const char *title, *measure[PER_QUESTION];
} QUESTION[QUESTIONS] = {
	{"How much did we do?", {"M22", "M01"}},
	{"How well did we do it?", {"M03", "M10"}},
	{"Is anyone better off?", {"M16", "M36"}},
};
static const char SIDE[] = "M10", CLOSED_BY[] = "referrals_90d";

struct drawing {
	struct page *p;
	struct hub *h;
	struct arena_list news; /* struct tpl_hub_state_news */
	int64_t visit_utc_ms;	/* the last one; 0: none */
	int n_regions, n_heard;
	int32_t newest; /* month closed by any region, -1 */
	struct hub_table heard;
	struct series_set side; /* of SIDE, once its figure is drawn */
};

static void add_news(struct drawing *d, struct tpl_hub_state_news n)
{
	struct tpl_hub_state_news *x = arena_add(&d->news);

	if (x)
		*x = n;
}

/* --- figures --- */

static const struct measure *measure_of(const struct drawing *d, const char *id)
{
	int i = catalogue_find_measure(d->h->cat, id);

	return i < 0 ? NULL : catalogue_measure(d->h->cat, i);
}

/* The newest point with a figure; -1. */
static int newest_point(const struct series *s)
{
	for (int i = s->n - 1; i >= 0; i--)
		if (s->point[i].row.said == SAID_FIGURE)
			return i;
	return -1;
}

struct shown {
	const char *big, *of;
};

static struct shown show(struct drawing *d, const struct series *s)
{
	struct arena *a = &d->p->a;
	int i = newest_point(s);
	char figure[FIGURE_TEXT], count[FIGURE_TEXT], whole[FIGURE_TEXT];
	const char *of, *heard = "";
	const struct measure_row *r;
	char period[60], covered[60];

	if (i < 0)
		return (struct shown){"–", "Nothing is published yet."};
	r = &s->point[i].row;
	figure_of(s->m, r, figure);
	figure_count(r, count);
	figure_whole(s->m, r, whole);
	figure_period(r->period, period);
	figure_covered(r, covered);
	if (!*r->region && r->regions_heard < r->regions_all)
		heard = arena_str(a, "; %d of %d regions%s%s", r->regions_heard,
				  r->regions_all, *covered ? ", " : "",
				  covered);
	else if (*covered)
		heard = arena_str(a, ", %s", covered);
	of = s->m->unit == MEASURE_PROPORTION && *count && *whole
		     ? arena_str(a, "%s of %s, %s%s", count, whole, period,
				 heard)
		     : arena_str(a, "%s%s", period, heard);
	return (struct shown){arena_dup(a, figure), of};
}

static void signal_news(struct drawing *d, const struct series *s)
{
	struct hub_says says = hub_says_of(s->says);

	if (!says.word)
		return;
	add_news(d,
		 (struct tpl_hub_state_news){
			 .kind = "Signal",
			 .sign = says.sign,
			 .tone = says.tone,
			 .text = arena_str(&d->p->a, "%s: %s",
					   *s->region ? s->title : "The state",
					   s->words),
			 .href = arena_str(&d->p->a, "measure/%s%s%s", s->m->id,
					   *s->region ? "?region=" : "",
					   s->region),
			 .link = s->m->title});
}

static int draw_figure(struct drawing *d, const char *id,
		       struct tpl_hub_state_questions_figures *f)
{
	const struct measure *m = measure_of(d, id);
	struct series_set set;
	struct hub_says says;
	struct shown shown;
	int r;

	f->id = id;
	f->title = m ? m->title : id;
	f->big = "–";
	f->of = "No region has reported yet.";
	if (!m)
		return 0;
	r = series_read(&d->p->a, d->h, d->p->db, m, 0, SERIES_NEWEST, &set);
	if (r == E_NOTFOUND || (r == 0 && set.n == 0))
		return 0;
	if (r < 0)
		return r;
	if (strcmp(id, SIDE) == 0)
		d->side = set;
	shown = show(d, &set.of[0]);
	says = hub_says_of(set.of[0].says);
	f->big = shown.big;
	f->of = shown.of;
	f->sign = says.sign;
	f->word = says.word;
	f->tone = says.tone;
	f->words = set.of[0].words;
	f->chart = hub_chart_run(&d->p->a, &set.of[0], true, NULL, NULL);
	for (int i = 0; i < set.n; i++)
		signal_news(d, &set.of[i]);
	return 0;
}

static int draw_questions(struct drawing *d, struct tpl_hub_state *v)
{
	struct tpl_hub_state_questions *q =
		arena_alloc(&d->p->a, QUESTIONS * sizeof *q);
	int r = 0;

	for (int i = 0; i < QUESTIONS && q && r == 0; i++) {
		struct tpl_hub_state_questions_figures *f =
			arena_alloc(&d->p->a, PER_QUESTION * sizeof *f);

		if (!f)
			break;
		q[i].title = QUESTION[i].title;
		q[i].figures = f;
		q[i].figures_n = PER_QUESTION;
		for (int k = 0; k < PER_QUESTION && r == 0; k++)
			r = draw_figure(d, QUESTION[i].measure[k], &f[k]);
	}
	v->questions = q;
	v->questions_n = q ? QUESTIONS : 0;
	return r;
}

static void draw_side(struct drawing *d, struct tpl_hub_state *v)
{
	struct arena_list l = {.arena = &d->p->a,
			       .size = sizeof(struct tpl_hub_state_regions)};
	const struct series *of = d->side.of;
	const char *domain;

	if (d->side.n < 2)
		return;
	domain = hub_chart_domain(&d->p->a, of + 1, d->side.n - 1);
	for (int i = 1; i < d->side.n; i++) {
		struct tpl_hub_state_regions *x = arena_add(&l);
		struct hub_says says = hub_says_of(of[i].says);
		struct shown shown = show(d, &of[i]);

		if (x)
			*x = (struct tpl_hub_state_regions){
				.id = of[i].region,
				.title = of[i].title,
				.big = shown.big,
				.of = shown.of,
				.sign = says.sign,
				.word = says.word,
				.tone = says.tone,
				.words = of[i].words,
				.chart = hub_chart_run(&d->p->a, &of[i], true,
						       domain, NULL)};
	}
	v->side = of[0].m->title;
	v->regions = l.items;
	v->regions_n = l.n;
}

/* --- who is in --- */

static void silence_news(struct drawing *d, const struct region_row *r)
{
	char age[HUB_AGE_TEXT];

	if (!r->silent_ms)
		return;
	add_news(d,
		 (struct tpl_hub_state_news){
			 .kind = "Silent",
			 .text = arena_str(
				 &d->p->a, "%s was last heard %s ago, on %s.",
				 r->title, hub_age(r->silent_ms, age),
				 hub_instant(&d->p->a, r->heard_utc_ms)),
			 .href = "releases",
			 .link = "Numbers received"});
}

static int on_newest(void *arg, const struct region_row *r)
{
	struct drawing *d = arg;
	int32_t closed;
	int x = store_closed(d->p->db, r->id, CLOSED_BY, &closed);

	d->n_regions++;
	if (closed > d->newest)
		d->newest = closed;
	return x;
}

static int on_heard(void *arg, const struct region_row *r)
{
	struct drawing *d = arg;
	int32_t closed, first;
	struct tpl_table_rows *row;
	int x = store_closed(d->p->db, r->id, CLOSED_BY, &closed);

	if (x == 0)
		x = store_first(d->p->db, r->id, CLOSED_BY, &first);
	if (x < 0)
		return x;
	silence_news(d, r);
	d->n_heard += closed >= d->newest && d->newest >= 0;
	row = hub_table_row(&d->heard, arena_dup(&d->p->a, r->title),
			    arena_str(&d->p->a, "region/%s", r->id));
	if (!row)
		return E_NOMEM;
	for (int32_t m = d->newest - HEARD_MONTHS + 1; m <= d->newest + 1; m++)
		hub_table_text(&d->heard,
			       m > d->newest				 ? "due"
			       : first >= 0 && m >= first && m <= closed ? "in"
			       : first >= 0 && m < first ? "before"
							 : "late");
	return 0;
}

static int draw_heard(struct drawing *d, struct tpl_hub_state *v)
{
	const char *title[HEARD_MONTHS + 2];
	int r;

	d->newest = -1;
	r = roster_regions(d->p->db, d->h->cat, d->p->now_utc_ms, on_newest, d);
	if (r < 0)
		return r;
	hub_table_begin(&d->heard, &d->p->a, HEARD_MONTHS + 1);
	if (d->newest >= 0)
		r = roster_regions(d->p->db, d->h->cat, d->p->now_utc_ms,
				   on_heard, d);
	if (d->newest < 0) {
		v->complete = "No region has reported yet";
		return r;
	}
	title[0] = "Region";
	for (int i = 0; i <= HEARD_MONTHS; i++)
		title[i + 1] = arena_str(
			&d->p->a, "%.3s",
			hub_months(&d->p->a, d->newest - HEARD_MONTHS + 1 + i,
				   1));
	v->complete = arena_str(&d->p->a, "%d of %d regions, through %s",
				d->n_heard, d->n_regions,
				hub_months(&d->p->a, d->newest, 1));
	v->heard = hub_table_end(&d->heard, "Months that are in, by region",
				 title);
	return r;
}

/* --- what is new --- */

/* When this person saw this page last, an hour ago or more: from the audit. */
static int find_visit(struct drawing *d)
{
	int r = db_int(d->p->db, &d->visit_utc_ms,
		       "SELECT at_utc_ms FROM audit WHERE who = ? AND "
		       "record = 'state' AND at_utc_ms < ? "
		       "ORDER BY at_utc_ms DESC LIMIT 1",
		       "si", arena_str(&d->p->a, "user:%s", d->p->who->name),
		       d->p->now_utc_ms - VISIT_MS);

	return r == E_NOTFOUND ? 0 : r;
}

static int received_news(struct drawing *d)
{
	int64_t fresh = 0, again = 0;
	int r;

	if (!d->visit_utc_ms)
		return 0;
	r = received_since(d->p->db, d->visit_utc_ms, &fresh, &again);
	if (r == 0 && fresh)
		add_news(d, (struct tpl_hub_state_news){
				    .kind = "Received",
				    .text = arena_str(&d->p->a,
						      "%lld new report%s of "
						      "months.",
						      (long long)fresh,
						      fresh == 1 ? "" : "s"),
				    .href = "releases",
				    .link = "Which"});
	if (r == 0 && again)
		add_news(d, (struct tpl_hub_state_news){
				    .kind = "Revised",
				    .text = arena_str(&d->p->a,
						      "%lld report%s came "
						      "again with other "
						      "numbers.",
						      (long long)again,
						      again == 1 ? "" : "s"),
				    .href = "releases",
				    .link = "Which"});
	return r;
}

static void head_news(struct drawing *d, struct tpl_hub_state *v)
{
	if (d->news.n == 0)
		add_news(d, (struct tpl_hub_state_news){
				    .kind = "Quiet",
				    .text = "No signal, no silent region, "
					    "nothing new."});
	v->since = d->visit_utc_ms
			   ? arena_str(&d->p->a, "Since your last visit, %s",
				       hub_instant(&d->p->a, d->visit_utc_ms))
			   : "What stands out";
	v->news = d->news.items;
	v->news_n = d->news.n;
}

/* --- what becomes final --- */

static int draw_next(struct drawing *d, const struct policy *policy,
		     struct tpl_hub_state *v)
{
	static const char *const TITLE[] = {"What", "Month", "Final on",
					    "Until then"};
	static const char *const ID[] = {"referrals_90d", "contacts",
					 "children_new"};
	struct hub_table t;

	hub_table_begin(&t, &d->p->a, 3);
	for (size_t i = 0; i < sizeof ID / sizeof *ID; i++) {
		int k = catalogue_find_table(d->h->cat, ID[i]);
		const struct fact_table *f;
		int32_t month, day;

		if (k < 0)
			continue;
		f = catalogue_table(d->h->cat, k);
		month = period_month_of_day(d->p->today);
		do {
			day = fact_table_matured(f, month) +
			      (int32_t)policy->settle_days + 1;
			month--;
		} while (month > 0 &&
			 fact_table_matured(f, month) +
					 (int32_t)policy->settle_days + 1 >
				 d->p->today);
		if (!hub_table_row(&t, f->title, NULL))
			return E_NOMEM;
		hub_table_text(&t, hub_months(&d->p->a, month + 1, 1));
		hub_table_text(&t, hub_day(&d->p->a, day));
		hub_table_text(&t, "not shown");
	}
	v->next = hub_table_end(&t, "Months that mature next", TITLE);
	return 0;
}

static int on_state_row(void *arg, const struct measure_row *r)
{
	struct measure_row *row = arg;

	if (!*r->region && r->part < 0)
		*row = *r;
	return 0;
}

static int draw_sentence(struct drawing *d, struct tpl_hub_state *v)
{
	const struct measure *m = measure_of(d, SIDE);
	struct measure_row row = {.said = SAID_NOTHING};
	struct period newest;
	int r = m ? measures_newest(d->h, d->p->db, m, &newest) : E_NOTFOUND;

	if (r == E_NOTFOUND)
		return 0;
	if (r == 0)
		r = measures_show(d->h, d->p->db, m, &newest, 1, 0, NULL,
				  on_state_row, &row);
	if (r == 0 && row.said == SAID_FIGURE) {
		v->sentence = hub_measure_sentence(&d->p->a, m, &row);
		v->cited = hub_measure_cited(d->p, m);
	}
	return r;
}

static int get_state(struct page *p)
{
	struct drawing d = {
		.p = p,
		.h = p->site,
		.news = {.arena = &p->a,
			 .size = sizeof(struct tpl_hub_state_news)}};
	struct tpl_hub_state v = {0};
	struct policy policy;
	int r = hub_policy(d.h, p->db, 0, &policy);

	if (r < 0 || (r = find_visit(&d)) < 0 || (r = draw_heard(&d, &v)) < 0 ||
	    (r = draw_questions(&d, &v)) < 0 || (r = received_news(&d)) < 0 ||
	    (r = draw_next(&d, &policy, &v)) < 0 ||
	    (r = draw_sentence(&d, &v)) < 0)
		return r;
	draw_side(&d, &v);
	head_news(&d, &v);
	v.floor = policy.floor;
	page_title(p, "How is the state doing?");
	page_nav(p, "state");
	page_head(p)->kind = "figures";
	page_head(p)->charts = "";
	page_head(p)->meta = arena_str(&p->a, "%s, as known %s", policy.network,
				       hub_day(&p->a, p->today));
	page_foot(p,
		  "Numbers are published for a month or longer, never for "
		  "fewer than %u children. Limits: p charts and XmR charts "
		  "of the first 12 exact points.",
		  (unsigned)policy.floor);
	tpl_hub_state(page_body(p), &v);
	page_saw(p, "state", 0);
	return arena_check(&p->a);
}

const struct page_route hub_state_routes[] = {
	{PAGE_GET, "/", ROLES_OF_HUB, get_state, 0},
	{0},
};
