#include "regional/desk/intake_home.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/web/tpl_select.h"
#include "regional/case/family.h"
#include "regional/case/records.h"
#include "regional/desk/desk.h"

struct opening {
	struct page *p;
	bool may;
};

static int on_child(void *arg, const struct home *h)
{
	struct opening *o = arg;
	bool may = false;
	int x = desk_may_see(o->p->db, o->p->who, h->child, o->p->now_utc_ms,
			     &may);

	o->may |= may;
	return x;
}

int intake_home_may(struct page *p, int64_t home)
{
	struct opening o = {.p = p};
	int x = family_homes(p->db, 0, home, p->today, on_child, &o);

	if (x == 0 && !o.may)
		x = err_set(E_NOTFOUND, "There is no such household");
	return x;
}

int intake_home_asked(struct page *p, struct intake_home *out)
{
	char given[NAME_TEXT] = "", surname[NAME_TEXT] = "", home[24] = "";
	int64_t asked = page_query_int(p, "home", 1, INT64_MAX, 0);
	int x = 0;

	if (asked)
		snprintf(home, sizeof home, "%lld", (long long)asked);
	*out = (struct intake_home){.given = "", .surname = ""};
	out->home = strtoll(page_value(p, "home", home), NULL, 10);
	if (out->home <= 0)
		return 0;
	x = intake_home_may(p, out->home);
	if (x < 0)
		return x;
	x = db_text(p->db, given, sizeof given,
		    "SELECT ifnull(given, '') FROM caregiver WHERE family = ?"
		    " AND active = 1 ORDER BY id LIMIT 1",
		    "i", out->home);
	if (x == 0)
		x = db_text(p->db, surname, sizeof surname,
			    "SELECT ifnull(surname, '') FROM caregiver"
			    " WHERE family = ? AND active = 1"
			    " ORDER BY id LIMIT 1",
			    "i", out->home);
	out->given = arena_dup(&p->a, given);
	out->surname = arena_dup(&p->a, surname);
	return x == E_NOTFOUND ? 0 : x;
}

static int add_home(struct page *p, struct arena_list *l, int64_t home,
		    bool chosen)
{
	struct tpl_select_options *o = l->items;
	const char *value = arena_str(&p->a, "%lld", (long long)home);
	struct family f;
	int x;

	for (size_t i = 0; value && i < l->n; i++)
		if (strcmp(o[i].value, value) == 0)
			return 0;
	x = family_get(p->db, home, &f);
	if (x < 0)
		return x;
	o = arena_add(l);
	if (!o)
		return E_NOMEM;
	o->value = value;
	o->title = arena_str(&p->a, "With %s: language, address, caregivers",
			     f.name);
	o->chosen = chosen;
	return 0;
}

int intake_home_field(struct page *p, const struct intake_home *asked,
		      const struct duplicate *d, size_t n,
		      const struct tpl_select **out)
{
	struct arena_list l = {.arena = &p->a,
			       .size = sizeof(struct tpl_select_options)};
	struct tpl_select *s = arena_alloc(&p->a, sizeof *s);
	int x = asked->home ? add_home(p, &l, asked->home, true) : 0;

	*out = NULL;
	for (size_t i = 0; x == 0 && i < n; i++) {
		bool may = false;
		int64_t home;

		x = desk_may_see(p->db, p->who, d[i].child, p->now_utc_ms,
				 &may);
		if (x < 0 || !may)
			continue;
		x = db_int(p->db, &home,
			   "SELECT family FROM family_child WHERE child = ?"
			   " AND main = 1 AND until IS NULL",
			   "i", d[i].child);
		x = x == E_NOTFOUND ? 0
		    : x < 0	    ? x
				    : add_home(p, &l, home, false);
	}
	if (x < 0 || !s)
		return x < 0 ? x : E_NOMEM;
	if (l.n == 0)
		return 0;
	*s = (struct tpl_select){
		.name = "home",
		.label = "Household",
		.hint = "Of a caregiver who is known there only the name is "
			"needed.",
		.error = page_error_of(p, "home"),
		.prompt = "A household of its own",
		.options = l.items,
		.options_n = l.n,
	};
	*out = s;
	return 0;
}

int intake_home_carer(struct page *p, int64_t home, const char *given,
		      const char *surname, int64_t *id)
{
	int x = db_int(p->db, id,
		       "SELECT id FROM caregiver WHERE family = ?"
		       " AND ifnull(given, '') = ? COLLATE NOCASE"
		       " AND ifnull(surname, '') = ? COLLATE NOCASE"
		       " ORDER BY active DESC, id LIMIT 1",
		       "iss", home, given, surname);

	if (x == E_NOTFOUND) {
		*id = 0;
		x = 0;
	}
	return x;
}
