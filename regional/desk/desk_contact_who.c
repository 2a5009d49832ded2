/* Logging a contact from anywhere: whose was it? */
#include <string.h>

#include "daemon/core/err.h"
#include "regional/desk/contact_view.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/find_list.h"
#include "regional/desk/tpl_contact_who.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR, SHOWN = 50 };

static void set_who(struct page *p, struct tpl_contact_who_children *h,
		    int64_t child, const char *given, const char *family,
		    int32_t birth)
{
	const char *age = day_text_age(&p->a, birth, p->today);

	h->href = arena_str(&p->a, "child/%lld/contact/new", (long long)child);
	h->name = arena_str(&p->a, "%s%s%s", given,
			    *given && *family ? " " : "", family);
	h->age = age && strspn(age, "0123456789") == strlen(age)
			 ? arena_str(&p->a, "%s years", age)
			 : age;
}

static int who_found(struct page *p, const char *q, struct tpl_contact_who *t,
		     struct arena_list *rows)
{
	const struct find_viewer who = {.staff = p->who->staff,
					.all = p->who->roles & ROLE_SUPERVISOR,
					.today = p->today};
	struct find_line *l;
	bool more = false;
	size_t n = 0;
	int x = find_list(p->db, q, &who, SHOWN, &p->a, &l, &n, &more);

	page_searched(p, "child");
	t->none = "None of your children fits these words.";
	if (x == E_INVALID) {
		t->none = arena_dup(&p->a, err_text(x));
		x = 0;
		n = 0;
	}
	for (size_t i = 0; x == 0 && i < n; i++) {
		struct tpl_contact_who_children *h =
			l[i].whole ? arena_add(rows) : NULL;

		if (h)
			set_who(p, h, l[i].child, l[i].given, l[i].family,
				l[i].birth);
	}
	t->said = more ? "Found; there are more, add a word" : "Found";
	return x;
}

static int who_mine(struct page *p, struct tpl_contact_who *t,
		    struct arena_list *rows)
{
	struct contact_child *l = NULL;
	size_t n = 0;
	int x = 0;

	if (p->who->staff)
		x = contact_view_mine(p->db, &p->a, p->who->staff, SHOWN, &l,
				      &n);
	for (size_t i = 0; x == 0 && i < n; i++) {
		struct tpl_contact_who_children *h = arena_add(rows);

		if (h)
			set_who(p, h, l[i].child, l[i].given, l[i].family,
				l[i].birth);
	}
	if (n > 0)
		page_saw(p, "staff", p->who->staff);
	t->said = "Your caseload";
	t->none = "Nobody is in your caseload. Find the child by name.";
	return x;
}

static int who_page(struct page *p)
{
	struct arena_list rows = {
		.arena = &p->a,
		.size = sizeof(struct tpl_contact_who_children)};
	struct tpl_contact_who t = {.q = page_query(p, "q")};
	int x = t.q ? who_found(p, t.q, &t, &rows) : who_mine(p, &t, &rows);

	if (x < 0)
		return x;
	page_title(p, "Log a contact");
	page_nav(p, "today");
	t.children = rows.items;
	t.children_n = rows.n;
	tpl_contact_who(page_body(p), &t);
	return 0;
}

const struct page_route desk_contact_who_routes[] = {
	{PAGE_GET, "/contact/new", OF_CASES, who_page, 0},
	{0},
};
