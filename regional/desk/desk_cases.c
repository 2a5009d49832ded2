/* Cases: the list of open cases, views of it, and giving cases to others. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "proto/catalogue.h"
#include "proto/levels.h"
#include "regional/desk/cases_draw.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/saved_view.h"
#include "regional/node.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR };

static struct records *records_of(struct page *p)
{
	return &((struct desk *)p->site)->n->rec;
}

static int cases_page(struct page *p)
{
	static const struct tpl_layout_head_acts act = {
		.href = "/case/new", .title = "New case", .key = "n"};
	struct tpl_cases *t = arena_alloc(&p->a, sizeof *t);
	struct cases_query q;
	int x;

	if (!t)
		return E_NOMEM;
	cases_query_of(p, &q);
	x = cases_draw(p, &q, t);
	if (x < 0)
		return x;
	page_title(p, "Cases");
	page_nav(p, "cases");
	page_head(p)->acts = &act;
	page_head(p)->acts_n = 1;
	page_searched(p, "care_case");
	tpl_cases(page_body(p), t);
	return 0;
}

/* Every case that is given away is one that they may open. */
static int chosen(struct page *p, int64_t *kase, int *n)
{
	const char *const *all = page_form_all(p, "kase", n);
	int x = 0;

	if (!all)
		return E_NOMEM;
	if (*n > CASES_BULK)
		return err_set(E_INVALID, "At most %d cases at once",
			       CASES_BULK);
	for (int i = 0; i < *n && x == 0; i++) {
		int64_t child;

		kase[i] = strtoll(all[i], NULL, 10);
		x = db_int(p->db, &child,
			   "SELECT child FROM care_case WHERE id = ?", "i",
			   kase[i]);
		if (x == 0)
			x = desk_open(p, child);
	}
	return x;
}

static int give(struct page *p)
{
	const char *why = page_form(p, "why");
	char token[CASES_TOKEN], name[NAME_TEXT] = "";
	int64_t kase[CASES_BULK], to = 0;
	int n = 0, x;

	if ((x = page_form_int(p, "to", 1, INT64_MAX / 2, &to)) < 0 ||
	    (x = chosen(p, kase, &n)) != 0)
		return x;
	if (n == 0)
		page_error(p, NULL, "Choose at least one case");
	if (to == 0)
		page_error(p, "to", "Choose who gets them");
	if (page_errors(p))
		return 0;
	x = cases_assign(records_of(p), kase, n, to, why ? why : "", token);
	if (x == 0)
		x = db_text(p->db, name, sizeof name,
			    "SELECT name FROM staff WHERE id = ?", "i", to);
	if (x < 0)
		return page_refuse(p, x, why ? NULL : "why");
	page_note(p, "/cases/undo", token, "%d %s to %s now", n,
		  n == 1 ? "case belongs" : "cases belong", name);
	return 0;
}

static int keep_view(struct page *p, const struct cases_query *q)
{
	const char *name = page_form(p, "name");
	char query[SAVED_VIEW_QUERY];
	int64_t id;
	int x;

	x = saved_view_put(records_of(p), name ? name : "",
			   cases_query_text(q, query), &id);
	if (x < 0)
		return page_refuse(p, x, "name");
	page_note(p, NULL, NULL, "Kept as “%s”.", name);
	return 0;
}

static int drop_view(struct page *p)
{
	int64_t id = 0;
	int x = page_form_int(p, "drop", 1, INT64_MAX / 2, &id);

	if (x == 0)
		x = saved_view_drop(records_of(p), id);
	if (x == 0)
		page_note(p, NULL, NULL, "The view is gone.");
	return x;
}

static int cases_post(struct page *p)
{
	char query[SAVED_VIEW_QUERY];
	struct cases_query q;
	int x;

	cases_query_of(p, &q);
	if (page_form(p, "keep"))
		x = keep_view(p, &q);
	else if (page_form(p, "drop"))
		x = drop_view(p);
	else
		x = give(p);
	page_redirect(p, "/cases?%s", cases_query_text(&q, query));
	return x;
}

static int cases_undo(struct page *p)
{
	const char *token = page_form(p, "undo");
	int x;

	x = cases_assign_undo(records_of(p), token ? token : "");
	if (x < 0)
		return x;
	page_redirect(p, "/cases");
	page_note(p, NULL, NULL,
		  "Taken back: everybody has their cases "
		  "again.");
	return 0;
}

const struct page_route desk_cases_routes[] = {
	{PAGE_GET, "/cases", OF_CASES, cases_page, 0},
	{PAGE_POST, "/cases", OF_CASES, cases_post, 0},
	/* Where an undo that failed says why. */
	{PAGE_GET, "/cases/undo", OF_CASES, cases_page, 0},
	{PAGE_POST, "/cases/undo", OF_CASES, cases_undo, 0},
	{0},
};
