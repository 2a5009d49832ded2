#include "daemon/hub/hub_packet.h"

#include <string.h>

#include "daemon/core/err.h"
#include "daemon/hub/figure.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/hub_pick.h"
#include "daemon/hub/hub_table.h"
#include "daemon/hub/measures.h"
#include "daemon/hub/tpl_hub_lists.h"
#include "daemon/web/html.h"
#include "daemon/web/tpl_actions.h"
#include "daemon/web/tpl_empty.h"

/* What a packet shows, in the order of a meeting. */
static const struct shown {
	const char *title;
	const char *measure[4]; /* rows of one table */
	int by;
} PACKET[] = {
	{"How many are reached", {"M01", "M02"}, 0},
	{"Do referrals lead to a service?", {"M10", "M14", "M12"}, 0},
	{"By need", {"M10"}, BY_GROUP | BY_STRATUM},
	{"Gaps: no service exists", {"M17", "M17R"}, 0},
	{"Barriers: a service exists, and is not reached", {"M18R", "M19"}, 0},
	{"What families say", {"M35", "M36"}, 0},
	{"The collaborative", {"M38M", "M38"}, 0},
};
enum { PARTS = sizeof PACKET / sizeof *PACKET };

struct drawing {
	struct page *p;
	const char *region; /* NULL: the state */
	const struct measure *m;
	struct hub_table t;
	bool parts; /* the measure's rows are parts of one */
};

static const char *name_of(struct drawing *d, const struct measure_row *r)
{
	if (*r->part_title)
		return arena_dup(&d->p->a, r->part_title);
	if (d->parts && *r->stratum_title)
		return arena_dup(&d->p->a, r->stratum_title);
	if (r->percentile)
		return NULL;
	return d->parts ? "All" : d->m->title;
}

static int on_row(void *arg, const struct measure_row *r)
{
	struct drawing *d = arg;
	struct arena *a = &d->p->a;
	const char *name = name_of(d, r);
	char text[FIGURE_TEXT], num[FIGURE_TEXT], den[FIGURE_TEXT];
	const char *of = figure_whole(d->m, r, den);
	const char *count = figure_count(r, num);
	struct tpl_table_rows *row;

	if (!name || (r->said != SAID_FIGURE && d->parts &&
		      r->stratum.level != LEVEL_ANY))
		return 0;
	row = hub_table_row(&d->t, name, NULL);
	if (!row)
		return E_NOMEM;
	row->level = r->stratum.level == LEVEL_LEAF ? "need" : NULL;
	hub_table_number(&d->t, arena_dup(a, figure_of(d->m, r, text)));
	hub_table_number(&d->t, *of && *count
					? arena_str(a, "%s of %s", count, of)
					: "");
	hub_table_text(&d->t, hub_months(a, r->period.month, r->period.months));
	return 0;
}

static int add_measure(struct drawing *d, const struct shown *s, const char *id)
{
	struct hub *h = d->p->site;
	int k = catalogue_find_measure(h->cat, id), r;
	struct period newest;

	if (k < 0)
		return 0;
	d->m = catalogue_measure(h->cat, k);
	if (!d->m->served)
		return 0;
	d->parts = s->by != 0;
	r = measures_newest(h, d->p->db, d->m, &newest);
	if (r == E_NOTFOUND)
		return 0;
	if (r < 0)
		return r;
	return measures_show(h, d->p->db, d->m, &newest, 1,
			     s->by & ~measures_never(h->cat, d->m, s->by),
			     d->region, on_row, d);
}

static int add_part(struct drawing *d, const struct shown *s,
		    struct tpl_hub_lists_sections *out)
{
	static const char *const TITLE[] = {"Figure of", "Figure", "Count",
					    "Period"};
	static const struct tpl_empty NONE = {.text = "Nothing is closed yet."};
	struct tpl_table *t;
	int r = 0;

	hub_table_begin(&d->t, &d->p->a, 3);
	for (int i = 0; i < 4 && s->measure[i] && r == 0; i++)
		r = add_measure(d, s, s->measure[i]);
	t = hub_table_end(&d->t, s->title, TITLE);
	if (t)
		t->quiet = true; /* the heading says it */
	*out = (struct tpl_hub_lists_sections){
		.id = arena_str(&d->p->a, "part-%d", (int)(s - PACKET) + 1),
		.title = s->title,
		.table = t,
		.empty = &NONE};
	return r;
}

static int get_packet(struct page *p)
{
	struct tpl_hub_lists_sections s[PARTS];
	struct tpl_actions print = {.print = true};
	struct tpl_hub_lists_intro intro = {
		.text = "For the meeting of the collaborative: each figure is "
			"of the newest period that is closed. A range stands "
			"where numbers are held back because few children "
			"stand behind them."};
	struct tpl_hub_lists v = {.intro = &intro,
				  .intro_n = 1,
				  .sections = s,
				  .sections_n = PARTS};
	struct drawing d = {.p = p, .region = page_param(p, "region")};
	char title[80] = "The state";
	int r = 0;

	if (d.region && strcmp(d.region, "state") == 0)
		d.region = NULL;
	if (d.region)
		r = hub_pick_title(p->db, d.region, title);
	for (int i = 0; i < PARTS && r == 0; i++)
		r = add_part(&d, &PACKET[i], &s[i]);
	if (r < 0)
		return r;
	s[PARTS - 1].actions = &print;
	page_title(p,
		   d.region ? "%s: packet for the collaborative"
			    : "%s: summary",
		   title);
	page_nav(p, "reports");
	page_crumb(p, "reports", "Reports to regions");
	page_head(p)->kind = "figures";
	page_head(p)->meta =
		hub_months(&p->a, period_month_of_day(p->today), 1);
	tpl_hub_lists(page_body(p), &v);
	return 0;
}

const struct page_route hub_packet_routes[] = {
	{PAGE_GET, "/packet/{region}", ROLES_OF_HUB, get_packet, 0},
	{0},
};
