#include "daemon/hub/hub_pick.h"

#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/hub/hub.h"
#include "daemon/web/page.h"
#include "daemon/web/tpl_select.h"
#include "proto/catalogue.h"

int hub_pick_title(struct db *db, const char *region, char *title)
{
	int r = db_text(db, title, 80, "SELECT title FROM region WHERE id = ?",
			"s", region);

	if (r == E_NOTFOUND)
		return err_set(E_NOTFOUND, "there is no region \"%.40s\"",
			       region);
	return r;
}

int hub_pick_check(struct db *db, const char *region)
{
	char title[80];

	return hub_pick_title(db, region, title);
}

static void add(struct page *p, struct arena_list *l, const char *name,
		const char *value, const char *title, const char *chosen)
{
	struct tpl_select_options *o = arena_add(l);

	if (!o)
		return;
	o->value = value;
	o->title = title;
	o->chosen = page_chosen(p, name, value,
				chosen && strcmp(chosen, value) == 0);
}

static int end(struct page *p, const struct arena_list *l, const char *name,
	       const char *label, const char *prompt,
	       const struct tpl_select **out)
{
	struct tpl_select *s = arena_alloc(&p->a, sizeof *s);

	if (s)
		*s = (struct tpl_select){.name = name,
					 .label = label,
					 .prompt = prompt,
					 .error = page_error_of(p, name),
					 .options = l->items,
					 .options_n = l->n};
	*out = s;
	return arena_check(&p->a);
}

static struct arena_list list_of(struct page *p)
{
	return (struct arena_list){.arena = &p->a,
				   .size = sizeof(struct tpl_select_options)};
}

int hub_pick_region(struct page *p, const char *name, const char *prompt,
		    const char *chosen, const struct tpl_select **out)
{
	struct arena_list l = list_of(p);
	struct rows q;
	int x = db_rows(p->db, &q, "SELECT id, title FROM region ORDER BY id",
			"");

	while (x == 0 && (x = rows_next(&q)) == ROWS_ROW) {
		add(p, &l, name, arena_dup(&p->a, rows_text(&q, 0)),
		    arena_dup(&p->a, rows_text(&q, 1)), chosen);
		x = arena_check(&p->a);
	}
	rows_end(&q);
	return x < 0 ? x : end(p, &l, name, "Region", prompt, out);
}

int hub_pick_table(struct page *p, const char *chosen,
		   const struct tpl_select **out)
{
	const struct hub *h = p->site;
	struct arena_list l = list_of(p);

	for (int i = 0; i < catalogue_tables(h->cat); i++) {
		const struct fact_table *t = catalogue_table(h->cat, i);

		add(p, &l, "table", t->id, t->title, chosen);
	}
	return end(p, &l, "table", "What it counts", "Anything", out);
}

int hub_pick_measure(struct page *p, const char *prompt, const char *chosen,
		     int rates, const struct tpl_select **out)
{
	const struct hub *h = p->site;
	struct arena_list l = list_of(p);

	for (int i = 0; i < catalogue_measures(h->cat); i++) {
		const struct measure *m = catalogue_measure(h->cat, i);

		if (m->served && (!rates || m->unit == MEASURE_PROPORTION))
			add(p, &l, "measure", m->id,
			    arena_str(&p->a, "%s: %s", m->id, m->title),
			    chosen);
	}
	return end(p, &l, "measure", "Measure", prompt, out);
}
