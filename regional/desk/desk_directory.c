/* The directory: who can help families here, and what is known of it. */
#include <stdlib.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/web/tpl_pager.h"
#include "regional/case/directory.h"
#include "regional/desk/cards.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/desk_word.h"
#include "regional/desk/directory_text.h"
#include "regional/desk/tpl_directory.h"
#include "regional/desk/word_field.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR };
enum { STEP = 50, OLDEST = 25, TOWNS = 400 };

struct listing {
	struct page *p;
	struct arena_list rows;
	bool more;
};

static int on_service(void *arg, const void *row)
{
	const struct directory_line *d = row;
	struct listing *l = arg;
	struct tpl_directory_services *s;
	struct page *p = l->p;

	if (l->rows.n == STEP) {
		l->more = true;
		return 0;
	}
	s = arena_add(&l->rows);
	if (!s)
		return E_NOMEM;
	s->name = arena_dup(&p->a, d->name);
	s->by = arena_dup(&p->a, d->offered_by);
	s->sector = desk_word(p, WORDS_SECTOR, d->sector);
	s->ages = directory_text_ages(p, d->age_from, d->age_to);
	s->openings = directory_text_openings(p, d);
	s->verified = directory_text_verified(p, d->verified);
	s->stale = directory_text_stale(p, d->verified);
	s->today = d->verified == p->today;
	s->href = arena_str(&p->a, "directory/service/%lld", (long long)d->id);
	return 0;
}

static int set_towns(struct page *p, struct tpl_directory *t)
{
	struct arena_list l = {.arena = &p->a,
			       .size = sizeof(struct tpl_directory_towns)};
	struct rows r;
	int x = db_rows(p->db, &r,
			"SELECT DISTINCT place FROM service_place"
			" ORDER BY place LIMIT ?",
			"i", (int64_t)TOWNS);

	while (x == 0 && (x = rows_next(&r)) == ROWS_ROW) {
		struct tpl_directory_towns *town = arena_add(&l);

		x = town ? 0 : E_NOMEM;
		if (town)
			town->name = arena_dup(&p->a, rows_text(&r, 0));
	}
	rows_end(&r);
	t->towns = l.items;
	t->towns_n = l.n;
	return x < 0 ? x : 0;
}

static const char *asked(struct page *p, const char *name)
{
	const char *v = page_query(p, name);

	return v ? v : "";
}

static void set_pager(struct page *p, const struct listing *l, int64_t from,
		      const char *base, struct tpl_directory *t)
{
	struct tpl_pager *pager = arena_alloc(&p->a, sizeof *pager);

	if (!pager || (from == 0 && !l->more))
		return;
	pager->text = arena_str(&p->a, "%lld to %lld", (long long)from + 1,
				(long long)from + (long long)l->rows.n);
	if (from > 0)
		pager->previous =
			arena_str(&p->a, "%s&from=%lld", base,
				  (long long)(from > STEP ? from - STEP : 0));
	if (l->more)
		pager->next = arena_str(&p->a, "%s&from=%lld", base,
					(long long)from + STEP);
	t->pager = pager;
}

static int search(struct page *p, struct listing *l, struct tpl_directory *t)
{
	int64_t age = page_query_int(p, "age", 0, OLDEST, SHEET_UNKNOWN);
	int64_t from = page_query_int(p, "from", 0, INT32_MAX, 0);
	const struct directory_search s = {.text = asked(p, "text"),
					   .need = asked(p, "need"),
					   .place = asked(p, "place"),
					   .language = asked(p, "language"),
					   .age = age};
	int x = directory_find(p->db, &s, from, STEP + 1, on_service, l);

	if (x == E_INVALID) {
		t->none = arena_dup(&p->a, err_text(x));
		err_clear();
		x = 0;
	}
	t->search = true;
	t->text = s.text;
	t->place = s.place;
	t->age = age < 0 ? "" : arena_str(&p->a, "%lld", (long long)age);
	t->need =
		word_select(p, WORDS_NEED, "need", "Need", "Any need", s.need);
	t->language = word_select(p, WORDS_LANGUAGE, "language", "In",
				  "Any language", s.language);
	set_pager(p, l, from,
		  arena_str(&p->a,
			    "directory?text=%s&need=%s&place=%s&language=%s"
			    "&age=%s",
			    page_url(p, s.text), page_url(p, s.need),
			    page_url(p, s.place), page_url(p, s.language),
			    t->age),
		  t);
	t->said = *s.text || *s.need || *s.place || *s.language || age >= 0
			  ? "Services that fit"
			  : "All services";
	t->other = "directory?stale=1";
	t->other_said = "Not checked for half a year";
	return x < 0 ? x : set_towns(p, t);
}

static int stale(struct page *p, struct listing *l, struct tpl_directory *t)
{
	int64_t from = page_query_int(p, "from", 0, INT32_MAX, 0);
	int x = directory_stale(p->db, p->today, from, STEP + 1, on_service, l);

	set_pager(p, l, from, "directory?stale=1", t);
	t->said = "Not checked for half a year";
	t->other = "directory";
	t->other_said = "All services";
	t->none = "Every listing was checked within half a year.";
	return x;
}

static void set_acts(struct page *p)
{
	static const struct tpl_layout_head_acts acts[] = {
		{.title = "Add an organization",
		 .href = "directory/organization/new",
		 .main = true},
		{.title = "Take a directory in", .href = "directory/import"},
		{.title = "Download (HSDS 3.0)", .href = "directory/hsds.zip"},
	};

	page_head(p)->acts = acts;
	page_head(p)->acts_n = sizeof acts / sizeof *acts;
}

static int list_page(struct page *p)
{
	struct listing l = {
		.p = p,
		.rows = {.arena = &p->a,
			 .size = sizeof(struct tpl_directory_services)}};
	struct tpl_directory *t = arena_alloc(&p->a, sizeof *t);
	int x;

	if (!t)
		return E_NOMEM;
	page_title(p, "Directory");
	page_nav(p, "directory");
	set_acts(p);
	t->none = "No service fits all of this. Leave something out, or look "
		  "for another word. A service that is missing is added on "
		  "the page of its organization.";
	x = page_query(p, "stale") ? stale(p, &l, t) : search(p, &l, t);
	if (x < 0)
		return x;
	t->services = l.rows.items;
	t->services_n = l.rows.n;
	t->csrf = page_csrf(p);
	tpl_directory(page_body(p), t);
	return 0;
}

const struct page_route desk_directory_routes[] = {
	{PAGE_GET, "/directory", OF_CASES, list_page, 0},
	{0},
};
