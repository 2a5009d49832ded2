#include "daemon/hub/hub_audits.h"

#include "daemon/core/err.h"
#include "daemon/hub/hub_audit.h"
#include "daemon/hub/hub_table.h"
#include "daemon/hub/tpl_hub_lists.h"
#include "daemon/web/html.h"
#include "daemon/web/tpl_actions.h"
#include "daemon/web/tpl_empty.h"
#include "daemon/web/tpl_field.h"
#include "daemon/web/tpl_pager.h"

enum { PER_PAGE = 50, PAGES_MOST = 1000000, FILE_ROWS = 10000000 };

struct listing {
	struct page *p;
	struct hub_table t;
};

static int on_row(void *arg, const struct hub_audit_row *r)
{
	struct listing *l = arg;
	struct arena *a = &l->p->a;

	if (!hub_table_row(&l->t, hub_instant(a, r->at_utc_ms), NULL))
		return E_NOMEM;
	hub_table_text(&l->t, arena_dup(a, r->who));
	hub_table_text(&l->t, arena_dup(a, r->field));
	hub_table_text(&l->t, arena_dup(a, r->record));
	hub_table_text(&l->t,
		       r->id ? arena_str(a, "%lld", (long long)r->id) : "");
	hub_table_int(&l->t, r->seq);
	return 0;
}

static struct hub_audit_filter filter_of(struct page *p)
{
	return (struct hub_audit_filter){.who = page_query(p, "who"),
					 .record = page_query(p, "record"),
					 .field = page_query(p, "what")};
}

static const char *address(struct page *p, const struct hub_audit_filter *f,
			   const char *path)
{
	return arena_str(&p->a, "%s?who=%s&what=%s&record=%s", path,
			 f->who ? page_url(p, f->who) : "",
			 f->field ? page_url(p, f->field) : "",
			 f->record ? page_url(p, f->record) : "");
}

static void pager(struct page *p, const struct hub_audit_filter *f, int64_t all,
		  int64_t page, struct tpl_pager *out)
{
	const char *here = address(p, f, "audit");
	int64_t last = f->from + f->max < all ? f->from + f->max : all;

	out->text = arena_str(&p->a, "%lld to %lld of %lld",
			      (long long)(f->from + 1), (long long)last,
			      (long long)all);
	if (page > 1)
		out->previous = arena_str(&p->a, "%s&page=%lld", here,
					  (long long)(page - 1));
	if (last < all)
		out->next = arena_str(&p->a, "%s&page=%lld", here,
				      (long long)(page + 1));
}

static const char *chain(struct page *p, int *r)
{
	int64_t rows = 0;

	*r = hub_audit_verify(p->db, &rows);
	if (*r == E_AUTH) {
		*r = 0;
		return arena_str(&p->a, "%s.", err_text(E_AUTH));
	}
	return arena_str(&p->a,
			 "All %lld entries are as they were written: each is "
			 "bound to the one before it.",
			 (long long)rows);
}

static int get_audit(struct page *p)
{
	static const char *const TITLE[] = {"When",   "Who", "What",
					    "Record", "No.", "Entry"};
	static const struct tpl_empty NONE = {.text = "Nothing fits."};
	int64_t page = page_query_int(p, "page", 1, PAGES_MOST, 1), all = 0;
	struct hub_audit_filter f = filter_of(p);
	struct tpl_field who = {.name = "who", .label = "Who", .value = f.who},
			 what = {.name = "what",
				 .label = "What",
				 .value = f.field},
			 record = {.name = "record",
				   .label = "Record",
				   .value = f.record};
	struct tpl_hub_lists_texts texts[] = {{&who}, {&what}, {&record}};
	struct tpl_actions_actions csv = {.href = address(p, &f, "audit.csv"),
					  .download = true,
					  .title = "CSV of all"};
	struct tpl_actions acts = {.actions = &csv, .actions_n = 1};
	struct tpl_pager pages = {0};
	struct tpl_hub_lists_sections s = {.id = "entries",
					   .title = "Entries",
					   .empty = &NONE,
					   .pager = &pages,
					   .actions = &acts};
	struct tpl_hub_lists_intro intro = {0};
	struct tpl_hub_lists v = {.self = "audit",
				  .filter = true,
				  .intro = &intro,
				  .intro_n = 1,
				  .texts = texts,
				  .texts_n = 3,
				  .sections = &s,
				  .sections_n = 1};
	struct listing l = {.p = p};
	int r;

	intro.text = chain(p, &r);
	f.from = (page - 1) * PER_PAGE;
	f.max = PER_PAGE;
	hub_table_begin(&l.t, &p->a, 5);
	if (r == 0)
		r = hub_audit_list(p->db, &f, &all, on_row, &l);
	if (r < 0)
		return r;
	s.table = hub_table_end(&l.t, "Entries, the newest first", TITLE);
	pager(p, &f, all, page, &pages);
	page_title(p, "Audit");
	page_crumb(p, "releases", "Numbers received");
	page_head(p)->kind = "figures";
	page_searched(p, "audit");
	tpl_hub_lists(page_body(p), &v);
	return 0;
}

static int put_row(void *arg, const struct hub_audit_row *r)
{
	struct page *p = arg;
	char when[24];

	page_cell_int(p, r->seq);
	page_cell(p, page_when(r->at_utc_ms, when));
	page_cell(p, r->who);
	page_cell(p, r->field);
	page_cell(p, r->record);
	page_cell_int(p, r->id);
	page_row_end(p);
	return 0;
}

static int get_file(struct page *p)
{
	static const char *const TITLE[] = {"entry", "when",   "who",
					    "what",  "record", "number"};
	struct hub_audit_filter f = filter_of(p);
	int64_t all;

	f.max = FILE_ROWS;
	page_download(p, "text/csv; charset=utf-8", "audit.csv");
	for (int i = 0; i < 6; i++)
		page_cell(p, TITLE[i]);
	page_row_end(p);
	page_exported(p, "audit", 0);
	return hub_audit_list(p->db, &f, &all, put_row, p);
}

const struct page_route hub_audits_routes[] = {
	{PAGE_GET, "/audit", ROLE_OPERATOR, get_audit, 0},
	{PAGE_GET, "/audit.csv", ROLE_OPERATOR, get_file, 0},
	{0},
};
