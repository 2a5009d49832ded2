/* Finding a child by whatever is known of it. */
#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "proto/catalogue.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/find_list.h"
#include "regional/desk/tpl_find.h"
#include "regional/node.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR, SHOWN = 50 };

/* By what it was found, where that is not its own name. */
static const char *why_of(unsigned by)
{
	if (by & 1u << FIND_OWN)
		return "";
	if (by & 1u << FIND_PHONE)
		return "by telephone number";
	if (by & 1u << FIND_CAREGIVER)
		return "by a caregiver’s name";
	if (by & 1u << FIND_SIBLING)
		return "by a brother’s or sister’s name";
	if (by & 1u << FIND_NUMBER)
		return "by a record number";
	return by & 1u << FIND_FAMILY ? "by the family’s name" : "";
}

static void set_hit(struct page *p, const struct find_line *l,
		    struct tpl_find_hits *h)
{
	struct arena *a = &p->a;

	*h = (struct tpl_find_hits){
		.open = l->whole,
		.href = arena_str(a, "/child/%lld", (long long)l->child),
		.state = l->kase ? "Open case" : "No open case",
		.staff = *l->staff ? l->staff
			 : l->kase ? "In nobody’s caseload"
				   : "",
		.why = why_of(l->by),
	};
	if (l->whole) {
		h->born = day_text(a, l->birth);
		h->name = arena_str(a, "%s%s%s", l->given,
				    *l->given && *l->family ? " " : "",
				    l->family);
	} else {
		h->born = arena_str(a, "%d", l->year);
		h->name = l->initials;
		h->ask = arena_str(a, "/emergency/child/%lld",
				   (long long)l->child);
	}
}

static int find_page(struct page *p)
{
	const char *q = page_query(p, "q");
	const struct find_viewer who = {.staff = p->who->staff,
					.all = p->who->roles & ROLE_SUPERVISOR,
					.today = p->today};
	struct tpl_find t = {.none = "Say a name, a birth date, a telephone "
				     "number or a brother’s or sister’s "
				     "name."};
	struct tpl_find_hits *hit;
	struct find_line *l;
	bool more = false;
	size_t n = 0;
	int x;

	page_title(p, "Find a child");
	page_nav(p, "cases");
	page_head(p)->find_value = q;
	if (q) {
		page_searched(p, "child");
		x = find_list(p->db, q, &who, SHOWN, &p->a, &l, &n, &more);
		if (x == E_INVALID)
			t.none = arena_dup(&p->a, err_text(x));
		else if (x < 0)
			return x;
		else
			t.none = "Nobody fits all of these words. Try fewer, "
				 "or a birth date; spelling and accents may "
				 "differ.";
	}
	hit = n ? arena_alloc(&p->a, n * sizeof *hit) : NULL;
	for (size_t i = 0; hit && i < n; i++)
		set_hit(p, &l[i], &hit[i]);
	t.hits = hit;
	t.hits_n = hit ? n : 0;
	t.said = arena_str(
		&p->a, "%s%s",
		day_text_count(&p->a, (int64_t)n, "child", "children"),
		more ? " shown; there are more, add a word" : "");
	tpl_find(page_body(p), &t);
	return 0;
}

const struct page_route desk_find_routes[] = {
	{PAGE_GET, "/find", OF_CASES, find_page, 0},
	{0},
};
