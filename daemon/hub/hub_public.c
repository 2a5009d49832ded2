#include "daemon/hub/hub_public.h"

#include <string.h>

#include "daemon/core/err.h"
#include "daemon/hub/figure.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/hub_table.h"
#include "daemon/hub/measures.h"
#include "daemon/hub/tpl_hub_lists.h"
#include "daemon/web/html.h"
#include "daemon/web/tpl_empty.h"

static const struct shown {
	const char *measure, *said[2]; /* by language */
} SHOWN[] = {
	{"M01C",
	 {"Children whose care was coordinated",
	  "Niños cuya atención fue coordinada"}},
	{"M10",
	 {"Referrals that led to a service within 90 days",
	  "Referidos que llevaron a un servicio en 90 días"}},
	{"M35", {"Families who are satisfied", "Familias satisfechas"}},
};

struct drawing {
	struct page *p;
	const struct shown *shown;
	const struct measure *m;
	struct hub_table t;
};

static const char *in(const struct page *p, const char *en, const char *es)
{
	return p->lang == LANG_ES ? es : en;
}

/* NULL: it is not exact, or not of the whole state. */
static const char *rounded(struct page *p, const struct measure *m,
			   const struct measure_row *r)
{
	int64_t n = r->numerator.low;

	if (r->said != SAID_FIGURE || measure_row_partial(r) ||
	    r->regions_heard < r->regions_all)
		return NULL;
	if (m->unit == MEASURE_COUNT)
		return n < r->numerator.high
			       ? NULL
			       : arena_str(&p->a, "%lld",
					   (long long)(n - n % 10));
	if (!r->has_rate || r->rate_low < r->rate_high)
		return NULL;
	/* Rounded once: 49.45 is 49, though 49.5 would be 50. */
	return arena_str(&p->a, "%d %%", figure_tenths(r->rate_low / 10));
}

static int on_row(void *arg, const struct measure_row *r)
{
	struct drawing *d = arg;
	const char *figure = rounded(d->p, d->m, r);

	if (!figure)
		return 0;
	if (!hub_table_row(&d->t,
			   in(d->p, d->shown->said[0], d->shown->said[1]),
			   NULL))
		return E_NOMEM;
	hub_table_number(&d->t, figure);
	hub_table_text(&d->t, arena_str(&d->p->a, "%d", r->period.month / 12));
	return 0;
}

static int add(struct drawing *d)
{
	struct hub *h = d->p->site;
	int k = catalogue_find_measure(h->cat, d->shown->measure), r;
	struct period newest;

	if (k < 0)
		return 0;
	d->m = catalogue_measure(h->cat, k);
	r = measures_newest(h, d->p->db, d->m, &newest);
	if (r < 0 || newest.months != 12)
		return r == E_NOTFOUND || r >= 0 ? 0 : r;
	return measures_show(h, d->p->db, d->m, &newest, 1, 0, NULL, on_row, d);
}

static int get_public(struct page *p)
{
	const struct hub *h = p->site;
	const char *const TITLE[] = {in(p, "Figure of", "Cifra de"),
				     in(p, "Figure", "Cifra"),
				     in(p, "Year", "Año")};
	struct tpl_empty none = {.text = in(p, "Nothing can be shown yet.",
					    "Todavía no se puede mostrar "
					    "nada.")};
	struct tpl_hub_lists_intro intro = {
		.text = in(
			p,
			"Care coordination helps families of children find "
			"the services that they need. These figures are of "
			"the whole state and are rounded.",
			"La coordinación de la atención ayuda a las familias "
			"a encontrar los servicios que sus niños necesitan. "
			"Estas cifras son de todo el estado y están "
			"redondeadas.")};
	struct tpl_hub_lists_sections s = {.id = "figures", .empty = &none};
	struct tpl_hub_lists v = {
		.intro = &intro, .intro_n = 1, .sections = &s, .sections_n = 1};
	struct drawing d = {.p = p};
	struct tpl_table *t;
	int r = 0;

	if (!h->conf.public_view)
		return err_set(E_NOTFOUND, "there is no public page here");
	hub_table_begin(&d.t, &p->a, 2);
	for (size_t i = 0; i < sizeof SHOWN / sizeof *SHOWN && r == 0; i++) {
		d.shown = &SHOWN[i];
		r = add(&d);
	}
	if (r < 0)
		return r;
	s.title = in(p, "The newest year", "El año más reciente");
	t = hub_table_end(&d.t, s.title, TITLE);
	if (t)
		t->quiet = true; /* the heading says it */
	s.table = t;
	page_title(p, "%s",
		   in(p, "Care coordination for children",
		      "Coordinación de la atención para niños"));
	page_head(p)->kind = "figures";
	tpl_hub_lists(page_body(p), &v);
	return 0;
}

const struct page_route hub_public_routes[] = {
	{PAGE_GET, "/public", 0, get_public, PAGE_OPEN},
	{0},
};
