#include "daemon/core/err.h"
#include "daemon/web/html.h"
#include "daemon/web/page.h"
#include "proto/catalogue.h"
#include "regional/case/assignment.h"
#include "regional/case/staff.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/desk_table.h"
#include "regional/desk/desk_word.h"
#include "regional/desk/tpl_supervisor.h"
#include "regional/node.h"
#include "regional/release/ledger.h"
#include "regional/release/release.h"

/* The newest lines of the ledger that are shown. */
enum { LEFT_SHOWN = 20 };

static struct node *node_of(struct page *p)
{
	return ((struct desk *)p->site)->n;
}

static int on_staff(void *arg, const struct staff *s)
{
	struct desk_table *f = arg;
	struct tpl_table_rows_cells *c =
		desk_table_row(f, arena_dup(&f->p->a, s->name), NULL, 3);
	struct caseload load;
	int r;

	if (!c)
		return E_NOMEM;
	r = assignment_caseload(f->p->db, s->id, f->p->today, &load);
	if (r < 0)
		return r;
	c[0].text =
		desk_word(f->p, WORDS_STAFF_ROLE, arena_dup(&f->p->a, s->role));
	c[1].text = arena_str(&f->p->a, "%lld", (long long)load.own);
	c[2].text = arena_str(&f->p->a, "%lld", (long long)load.covered);
	c[1].number = c[2].number = true;
	return 0;
}

static int on_release(void *arg, const struct release_row *r)
{
	int64_t *held = arg;

	*held += r->state == RELEASE_HELD;
	return 0;
}

static int on_left(void *arg, const struct ledger_row *r)
{
	struct desk_table *f = arg;
	struct arena *a = &f->p->a;
	const struct node *n = node_of(f->p);
	int t = catalogue_find_table(n->cat, r->key.table);
	struct tpl_table_rows_cells *c;
	char month[PERIOD_TEXT], when[24];

	c = desk_table_row(f,
			   arena_str(a, "%s, %s",
				     t < 0 ? r->key.table
					   : catalogue_table(n->cat, t)->title,
				     release_month_text(r->key.closing, month)),
			   NULL, 4);
	if (!c)
		return E_NOMEM;
	c[0].text = arena_dup(a, page_when(r->left_utc_ms, when));
	c[1].text = arena_str(a, "%u", (unsigned)r->events);
	c[2].text = arena_str(a, "%u", (unsigned)r->occurrences);
	c[1].number = c[2].number = true;
	c[3].text = r->receipt_utc_ms == 0
			    ? "not yet"
			    : arena_dup(a, page_when(r->receipt_utc_ms, when));
	return 0;
}

static int read_left(struct node *n, struct desk_table *f, uint64_t *lines)
{
	int r = ledger_newest(n, lines);

	if (r < 0)
		return r;
	return ledger_list(n, *lines > LEFT_SHOWN ? *lines - LEFT_SHOWN + 1 : 1,
			   LEFT_SHOWN, on_left, f);
}

static void say_held(struct page *p, int64_t held, struct tpl_supervisor *v)
{
	v->held_meta = node_review(node_of(p))
			       ? "you look at them before they leave"
			       : "they leave by themselves";
	v->approve = held > 0;
	v->held =
		held == 0
			? "No numbers wait for your approval."
			: arena_str(&p->a,
				    "%s of numbers wait for your approval.",
				    day_text_count(&p->a, held, "set", "sets"));
}

static int get_supervisor(struct page *p)
{
	static const char *const STAFF[] = {"Name", "Role", "Own cases",
					    "Covering"};
	static const char *const LEFT[] = {"Numbers", "Left", "Figures",
					   "Stand for", "Receipt of the state"};
	struct desk_table staff, left;
	uint64_t lines = 0;
	int64_t held = 0;
	struct tpl_supervisor v = {.csrf = page_csrf(p)};
	int r;

	desk_table_begin(&staff, p);
	desk_table_begin(&left, p);
	r = staff_list(p->db, "", p->today, 0, 500, on_staff, &staff);

	if (r == 0)
		r = read_left(node_of(p), &left, &lines);
	if (r == 0)
		r = release_list(node_of(p), on_release, &held);
	if (r < 0)
		return r;
	page_title(p, "Supervisor");
	page_nav(p, "supervisor");
	say_held(p, held, &v);
	v.staff = desk_table_end(&staff, "Caseloads", STAFF, 4, false);
	v.left = desk_table_end(&left, "What left", LEFT, 5, false);
	v.left_meta = arena_str(&p->a, "%lld in all, the newest below",
				(long long)lines);
	tpl_supervisor(page_body(p), &v);
	return 0;
}

static int post_approve(struct page *p)
{
	int approved = 0;
	int r = release_approve(node_of(p), NULL, 0, &approved);

	page_redirect(p, "/supervisor");
	page_note(p, NULL, NULL, "%s of numbers approved. They leave now.",
		  day_text_count(&p->a, approved, "set", "sets"));
	return r;
}

static int post_verify(struct page *p)
{
	uint64_t entries = 0, receipts = 0;
	int r = ledger_verify(node_of(p), &entries, &receipts);

	page_redirect(p, "/supervisor");
	if (r == E_AUTH) {
		page_note(p, NULL, NULL, "The list is not as it was: %s",
			  err_text(r));
		return 0;
	}
	page_note(p, NULL, NULL,
		  "Verified: %llu lines, none changed, none missing; %llu "
		  "signed receipts.",
		  (unsigned long long)entries, (unsigned long long)receipts);
	return r;
}

/* The releases are read by the node's own connection: on the loop. */
const struct page_route desk_supervisor_routes[] = {
	{PAGE_GET, "/supervisor", ROLE_SUPERVISOR, get_supervisor, PAGE_LOOP},
	{PAGE_POST, "/supervisor/approve", ROLE_SUPERVISOR, post_approve, 0},
	{PAGE_POST, "/supervisor/verify", ROLE_SUPERVISOR, post_verify, 0},
	{0},
};
