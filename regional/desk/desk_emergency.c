#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/web/html.h"
#include "daemon/web/tpl_buttons.h"
#include "daemon/web/tpl_empty.h"
#include "daemon/web/tpl_pairs.h"
#include "daemon/web/tpl_radios.h"
#include "daemon/web/tpl_table.h"
#include "daemon/web/tpl_textarea.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/emergency.h"
#include "regional/desk/tpl_emergency_ask.h"
#include "regional/desk/tpl_emergency_list.h"
#include "regional/desk/tpl_emergency_review.h"
#include "regional/node.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR, SEEN_MAX = 200 };

static struct records *records_of(struct page *p)
{
	return &((struct desk *)p->site)->n->rec;
}

/* --- asking for it --- */

/* Whose caseload it is. */
static int staff_name(struct page *p, int64_t child, char *out, size_t size)
{
	int x = db_text(p->db, out, size,
			"SELECT s.name FROM case_now n JOIN staff s ON "
			"s.id = n.staff WHERE n.child = ?",
			"i", child);

	if (x == E_NOTFOUND)
		out[0] = '\0';
	return x == E_NOTFOUND ? 0 : x;
}

static int get_ask(struct page *p)
{
	char staff[NAME_TEXT];
	int64_t child, there;
	int x = page_param_id(p, "id", &child);

	if (x == 0)
		x = db_int(p->db, &there, "SELECT id FROM child WHERE id = ?",
			   "i", child);
	if (x == 0)
		x = staff_name(p, child, staff, sizeof staff);
	if (x < 0)
		return x;
	const struct tpl_textarea reason = {
		.name = "reason",
		.label = "Why you have to see it now",
		.value = page_value(p, "reason", NULL),
		.error = page_error_of(p, "reason"),
		.maxlength = EMERGENCY_REASON,
		.required = true,
	};
	const struct tpl_buttons buttons = {.title = "Open for three hours",
					    .cancel = "/"};

	page_title(p, "Emergency access");
	tpl_emergency_ask(page_body(p), &(struct tpl_emergency_ask){
						.staff = staff,
						.action = p->req->path,
						.csrf = page_csrf(p),
						.reason = &reason,
						.buttons = &buttons,
					});
	return 0;
}

static int post_ask(struct page *p)
{
	const char *reason = page_form(p, "reason");
	int64_t child, id;
	int x = page_param_id(p, "id", &child);

	if (x < 0)
		return x;
	x = emergency_begin(records_of(p), p->who->name, child,
			    reason ? reason : "", &id);
	if (x < 0)
		return page_refuse(p, x, "reason");
	page_redirect(p, "/child/%lld", (long long)child);
	page_note(p, arena_str(&p->a, "/emergency/%lld/end", (long long)id),
		  "1", "The record is open to you for three hours.");
	return 0;
}

static int post_end(struct page *p)
{
	int64_t id;
	int x = page_param_id(p, "id", &id);

	if (x == 0)
		x = emergency_end(records_of(p), p->who->name, id);
	page_redirect(p, "/");
	page_note(p, NULL, NULL, "Your emergency access has ended.");
	return x;
}

/* --- reviewing it --- */

struct listing {
	struct page *p;
	struct arena_list rows;
};

static int on_waiting(void *arg, const struct emergency *e)
{
	struct listing *l = arg;
	struct arena *a = &l->p->a;
	struct tpl_table_rows *row = arena_add(&l->rows);
	struct tpl_table_rows_cells *cell = arena_alloc(a, 3 * sizeof *cell);
	char when[24];

	if (!row || !cell)
		return E_NOMEM;
	row->name = arena_dup(a, e->who);
	row->href = arena_str(a, "/emergency/%lld", (long long)e->id);
	cell[0].text = arena_dup(a, page_when(e->since_utc_ms, when));
	cell[1].text = arena_dup(
		a, page_when(e->since_utc_ms + EMERGENCY_REVIEW_MS, when));
	if (l->p->now_utc_ms > e->since_utc_ms + EMERGENCY_REVIEW_MS)
		cell[1].tone = "late";
	cell[2].text = arena_dup(a, e->reason);
	row->cells = cell;
	row->cells_n = 3;
	return 0;
}

static int get_list(struct page *p)
{
	static const struct tpl_table_columns columns[] = {
		{.title = "Who"},
		{.title = "When"},
		{.title = "To be reviewed by"},
		{.title = "Reason"},
	};
	static const struct tpl_empty none = {
		.text = "No emergency access waits for a review."};
	struct listing l = {
		.p = p,
		.rows = {.arena = &p->a, .size = sizeof(struct tpl_table_rows)},
	};
	int x = emergency_list(p->db, NULL, p->now_utc_ms, on_waiting, &l);
	const struct tpl_table table = {
		.caption = "Emergency access to be reviewed",
		.quiet = true,
		.columns = columns,
		.columns_n = 4,
		.rows = l.rows.items,
		.rows_n = l.rows.n,
	};

	if (x < 0)
		return x;
	page_title(p, "Emergency access to be reviewed");
	page_nav(p, "supervisor");
	tpl_emergency_list(page_body(p),
			   &(struct tpl_emergency_list){
				   .table = l.rows.n ? &table : NULL,
				   .none = l.rows.n ? NULL : &none,
			   });
	return 0;
}

/* One of them, with its texts in the page's arena. */
struct one {
	struct page *p;
	int64_t id;
	struct emergency e;
	bool found;
};

static int on_one(void *arg, const struct emergency *e)
{
	struct one *o = arg;

	if (e->id != o->id)
		return 0;
	o->e = *e;
	o->e.who = arena_dup(&o->p->a, e->who);
	o->e.reason = arena_dup(&o->p->a, e->reason);
	o->e.reviewed_by = arena_dup(&o->p->a, e->reviewed_by);
	o->e.note = arena_dup(&o->p->a, e->note);
	o->e.finding = NULL;
	o->found = true;
	return 0;
}

static int find_one(struct page *p, struct one *o)
{
	int64_t child;
	int x = page_param_id(p, "id", &o->id);

	o->p = p;
	if (x == 0)
		x = db_int(p->db, &child,
			   "SELECT child FROM emergency WHERE id = ?", "i",
			   o->id);
	if (x == 0)
		x = emergency_of_child(p->db, child, on_one, o);
	if (x == 0 && !o->found)
		x = E_NOTFOUND;
	return x;
}

/* What that person saw of the child meanwhile, by the audit. */
static int list_seen(struct page *p, const struct emergency *e,
		     struct arena_list *rows)
{
	char who[RECORDS_WHO + 8], when[24];
	struct rows q;
	int x;

	snprintf(who, sizeof who, "user:%s", e->who);
	x = db_rows(p->db, &q,
		    "SELECT at_utc_ms, field, record FROM audit WHERE who = ? "
		    "AND at_utc_ms BETWEEN ? AND ? ORDER BY seq LIMIT ?",
		    "siii", who, e->since_utc_ms, e->until_utc_ms,
		    (int64_t)SEEN_MAX);
	while (x == 0 && (x = rows_next(&q)) == ROWS_ROW) {
		struct tpl_table_rows *row = arena_add(rows);
		struct tpl_table_rows_cells *cell =
			arena_alloc(&p->a, 2 * sizeof *cell);

		x = row && cell ? 0 : E_NOMEM;
		if (x < 0)
			break;
		row->name = arena_dup(&p->a, page_when(rows_int(&q, 0), when));
		cell[0].text = arena_dup(&p->a, rows_text(&q, 1));
		cell[1].text = arena_dup(&p->a, rows_text(&q, 2));
		row->cells = cell;
		row->cells_n = 2;
	}
	rows_end(&q);
	return x < 0 ? x : 0;
}

static void draw_review(struct page *p, const struct emergency *e,
			const struct arena_list *rows)
{
	static const struct tpl_table_columns columns[] = {
		{.title = "When"}, {.title = "What"}, {.title = "Of"}};
	const struct tpl_table seen = {
		.caption = "What they did in that time",
		.quiet = true,
		.columns = columns,
		.columns_n = 3,
		.rows = rows->items,
		.rows_n = rows->n,
	};
	char since[24], until[24];
	const struct tpl_pairs_pairs pair[] = {
		{.name = "Who", .text = e->who},
		{.name = "Child",
		 .text = arena_str(&p->a, "%lld", (long long)e->child),
		 .href = arena_str(&p->a, "/child/%lld", (long long)e->child)},
		{.name = "From", .text = page_when(e->since_utc_ms, since)},
		{.name = "Until", .text = page_when(e->until_utc_ms, until)},
	};
	const struct tpl_radios_options option[] = {
		{.value = "needed",
		 .title = "It was needed",
		 .chosen = page_chosen(p, "finding", "needed", false)},
		{.value = "not-needed",
		 .title = "It was not needed",
		 .chosen = page_chosen(p, "finding", "not-needed", false)},
	};
	const struct tpl_radios finding = {
		.name = "finding",
		.label = "Your finding",
		.required = true,
		.error = page_error_of(p, "finding"),
		.options = option,
		.options_n = 2,
	};
	const struct tpl_textarea note = {
		.name = "note",
		.label = "Note",
		.hint = "If it was not needed: what follows",
		.value = page_value(p, "note", NULL),
		.error = page_error_of(p, "note"),
		.optional = true,
		.maxlength = EMERGENCY_REASON,
	};
	const struct tpl_pairs pairs = {.pairs = pair, .pairs_n = 4};
	const struct tpl_buttons buttons = {.title = "Save",
					    .cancel = "/emergency"};

	tpl_emergency_review(page_body(p), &(struct tpl_emergency_review){
						   .pairs = &pairs,
						   .reason = e->reason,
						   .seen = &seen,
						   .action = p->req->path,
						   .csrf = page_csrf(p),
						   .finding = &finding,
						   .note = &note,
						   .buttons = &buttons,
					   });
}

static int get_review(struct page *p)
{
	struct arena_list rows = {.arena = &p->a,
				  .size = sizeof(struct tpl_table_rows)};
	struct one o = {0};
	int x = find_one(p, &o);

	if (x == 0)
		x = list_seen(p, &o.e, &rows);
	if (x < 0)
		return x;
	page_title(p, "Emergency access of %s", o.e.who);
	page_crumb(p, "/emergency", "Emergency access");
	page_nav(p, "supervisor");
	page_saw(p, "emergency", o.id);
	draw_review(p, &o.e, &rows);
	return 0;
}

static int post_review(struct page *p)
{
	const char *finding = page_form(p, "finding");
	int64_t id;
	int x = page_param_id(p, "id", &id);

	if (x < 0)
		return x;
	if (!finding || (strcmp(finding, "needed") != 0 &&
			 strcmp(finding, "not-needed") != 0)) {
		page_error(p, "finding", "Choose what you found");
		return 0;
	}
	x = emergency_review(records_of(p), p->who->name, id,
			     strcmp(finding, "needed") == 0,
			     page_form(p, "note"));
	page_redirect(p, "/emergency");
	page_note(p, NULL, NULL, "Your review is saved.");
	return page_refuse(p, x, x == E_INVALID ? "note" : NULL);
}

const struct page_route desk_emergency_routes[] = {
	{PAGE_GET, "/emergency/child/{id}", OF_CASES, get_ask, 0},
	{PAGE_POST, "/emergency/child/{id}", OF_CASES, post_ask, 0},
	{PAGE_POST, "/emergency/{id}/end", OF_CASES, post_end, 0},
	{PAGE_GET, "/emergency", ROLE_SUPERVISOR, get_list, 0},
	{PAGE_GET, "/emergency/{id}", ROLE_SUPERVISOR, get_review, 0},
	{PAGE_POST, "/emergency/{id}", ROLE_SUPERVISOR, post_review, 0},
	{0},
};
