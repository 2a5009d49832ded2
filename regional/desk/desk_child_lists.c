#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/web/html.h"
#include "daemon/web/page.h"
#include "regional/case/audit.h"
#include "regional/case/field.h"
#include "regional/desk/child_head.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/desk_table.h"
#include "regional/desk/desk_word.h"
#include "regional/desk/tpl_child_lists.h"

enum { LIST_COLUMNS = 6, LISTS_OF_A_PAGE = 3, LIST_ROWS = 200 };

/* How a column's value is said. */
enum saying { SAY_TEXT, SAY_DAY, SAY_WORD, SAY_YES, SAY_INSTRUMENT };
struct column {
	const char *title;
	enum saying say;
	enum words list; /* SAY_WORD */
};
/* @sql: of child ?1, newest first; its columns are these. */
struct list {
	const char *id, *title, *empty, *sql;
	struct column column[LIST_COLUMNS];
	/* The column behind them is an id: where the row leads, which is
	 * .../edit/EDIT/id. What can be added: .../edit/ADD/new. */
	const char *edit, *add, *add_title;
	/* What leads there from the last cell, if it is empty, instead of the
	 * name; NULL: the name does. */
	const char *act;
};
struct list_page {
	const char *tab;
	struct list list[LISTS_OF_A_PAGE];
};

static const struct list_page SCREENING = {
	"screening",
	{{"screenings",
	  "Screening",
	  "No screening is written down.",
	  "SELECT s.done, s.instrument, r.domain, r.score / 100.0, r.result,"
	  " r.class FROM screening s LEFT JOIN screening_result r"
	  " ON r.screening = s.id WHERE s.child = ?1 AND s.errored IS NULL"
	  " ORDER BY s.done DESC, s.id DESC, r.domain LIMIT 200",
	  {{"Day", SAY_DAY, 0},
	   {"Instrument", SAY_INSTRUMENT, 0},
	   {"Domain", SAY_TEXT, 0},
	   {"Score", SAY_TEXT, 0},
	   {"Result", SAY_WORD, WORDS_SCREEN_RESULT},
	   {"For the work", SAY_WORD, WORDS_SCREEN_CLASS}}}},
};

static const struct list_page VISITS = {
	"ed",
	{{"visits",
	  "Emergency visits",
	  "No visit to an emergency department is known.",
	  "SELECT visited, ifnull(facility, '') || iif(behavioral,"
	  " ' (behavioral crisis)', ''), discharged,"
	  " iif(behavioral, date(ifnull(discharged, visited), '+2 days'),"
	  "  NULL), iif(behavioral, date(ifnull(discharged, visited),"
	  "  '+7 days'), NULL), followed_up, id"
	  " FROM ed_episode WHERE child = ?1 AND errored IS NULL"
	  " ORDER BY visited DESC, id DESC LIMIT 200",
	  {{"Day", SAY_DAY, 0},
	   {"Where", SAY_TEXT, 0},
	   {"Home on", SAY_DAY, 0},
	   {"Contact by", SAY_DAY, 0},
	   {"Follow-up by", SAY_DAY, 0},
	   {"Followed up", SAY_DAY, 0}},
	  "visit",
	  "visit",
	  "Add an emergency visit"}},
};

static const struct list_page COVERAGE = {
	"coverage",
	{{"coverage",
	  "Coverage",
	  "No coverage is written down.",
	  "SELECT kind, payer, member, since, until, id FROM coverage"
	  " WHERE child = ?1 ORDER BY ifnull(until, '9999') DESC, id DESC"
	  " LIMIT 200",
	  {{"Kind", SAY_WORD, WORDS_COVERAGE},
	   {"Payer", SAY_TEXT, 0},
	   {"Member number", SAY_TEXT, 0},
	   {"From", SAY_DAY, 0},
	   {"Until", SAY_DAY, 0}},
	  "coverage-end",
	  "coverage",
	  "Add coverage",
	  "End it"},
	 {"benefits",
	  "Benefits",
	  "No benefit is written down.",
	  "SELECT kind, since, until, id FROM benefit WHERE child = ?1"
	  " OR family IN (SELECT family FROM family_child WHERE child = ?1"
	  " AND until IS NULL) ORDER BY id DESC LIMIT 200",
	  {{"Benefit", SAY_WORD, WORDS_BENEFIT},
	   {"From", SAY_DAY, 0},
	   {"Until", SAY_DAY, 0}},
	  "benefit-end",
	  "benefit",
	  "Add a benefit",
	  "End it"},
	 {"consent",
	  "Consent",
	  "Nobody has consented to anything yet: nothing may be shared.",
	  "SELECT s.scope, ifnull(o.name, ifnull(p.name,"
	  " 'Whoever is needed')), c.signed,"
	  " ifnull(trim(ifnull(g.given, '') || ' ' || ifnull(g.surname, '')),"
	  " 'The youth'), c.until, c.withdrawn, c.id"
	  " FROM consent c JOIN consent_scope s ON s.consent = c.id"
	  " LEFT JOIN organization o ON o.id = c.organization"
	  " LEFT JOIN practice p ON p.id = c.practice"
	  " LEFT JOIN caregiver g ON g.id = c.signer WHERE c.child = ?1"
	  " ORDER BY c.withdrawn IS NOT NULL, c.signed DESC, c.id DESC"
	  " LIMIT 200",
	  {{"For what", SAY_WORD, WORDS_SCOPE},
	   {"With whom", SAY_TEXT, 0},
	   {"Signed", SAY_DAY, 0},
	   {"By", SAY_TEXT, 0},
	   {"Until", SAY_DAY, 0},
	   {"Withdrawn", SAY_DAY, 0}},
	  "consent-withdraw",
	  "consent",
	  "Add a consent",
	  "Withdraw or renew"}},
};

static const char *said(struct page *p, const struct column *c, struct rows *r,
			int i)
{
	const char *text = rows_text(r, i);

	if (!text)
		return "";
	switch (c->say) {
	case SAY_DAY:
		return day_text(&p->a, field_day_of_sql(text));
	case SAY_YES:
		return text[0] == '1' ? "Yes" : "No";
	case SAY_WORD:
		return desk_word(p, c->list, arena_dup(&p->a, text));
	case SAY_INSTRUMENT:
		return desk_word_instrument(p, arena_dup(&p->a, text));
	case SAY_TEXT:
		break;
	}
	return arena_dup(&p->a, text);
}

static int columns_of(const struct list *l)
{
	int n = 0;

	while (n < LIST_COLUMNS && l->column[n].title)
		n++;
	return n;
}

static int read_row(const struct list *l, int64_t child, struct rows *r,
		    struct desk_table *t)
{
	int n = columns_of(l);
	const char *href = l->edit ? arena_str(&t->p->a,
					       "child/%lld/edit/%s/%lld",
					       (long long)child, l->edit,
					       (long long)rows_int(r, n))
				   : NULL;
	struct tpl_table_rows_cells *cell =
		desk_table_row(t, said(t->p, &l->column[0], r, 0),
			       l->act ? NULL : href, n - 1);

	for (int i = 1; cell && i < n; i++)
		cell[i - 1].text = said(t->p, &l->column[i], r, i);
	if (cell && l->act && !*cell[n - 2].text) {
		cell[n - 2].text = l->act;
		cell[n - 2].href = href;
	}
	return cell ? 0 : E_NOMEM;
}

static const struct tpl_table *table_of(struct desk_table *t,
					const struct list *l)
{
	const char *title[LIST_COLUMNS];

	for (int i = 0; i < LIST_COLUMNS; i++)
		title[i] = l->column[i].title;
	return desk_table_end(t, l->title, title, columns_of(l), false);
}

static int read_list(struct page *p, const struct list *l, int64_t child,
		     struct tpl_child_lists_lists *out)
{
	struct desk_table t;
	struct rows r;
	int x;

	desk_table_begin(&t, p);
	x = db_rows(p->db, &r, l->sql, "i", child);

	while (x == 0 && (x = rows_next(&r)) == ROWS_ROW)
		x = read_row(l, child, &r, &t);
	rows_end(&r);
	out->id = l->id;
	out->title = l->title;
	out->empty = l->empty;
	out->count = arena_str(&p->a, "%zu", t.rows.n);
	out->table = table_of(&t, l);
	if (l->add) {
		out->add = arena_str(&p->a, "child/%lld/edit/%s/new",
				     (long long)child, l->add);
		out->add_title = l->add_title;
	}
	return x < 0 ? x : 0;
}

static int get_lists(struct page *p, const struct list_page *of)
{
	struct tpl_child_lists_lists list[LISTS_OF_A_PAGE] = {0};
	struct child_head c;
	size_t n = 0;
	int r = child_head(p, of->tab, &c);

	while (r == 0 && n < LISTS_OF_A_PAGE && of->list[n].id) {
		r = read_list(p, &of->list[n], c.child, &list[n]);
		n++;
	}
	if (r != 0)
		return r;
	tpl_child_lists(page_body(p),
			&(struct tpl_child_lists){.lists = list, .lists_n = n});
	return 0;
}

static int get_screening(struct page *p)
{
	return get_lists(p, &SCREENING);
}

static int get_visits(struct page *p)
{
	return get_lists(p, &VISITS);
}

static int get_coverage(struct page *p)
{
	return get_lists(p, &COVERAGE);
}

/* --- history: who did what, never a value --- */

/* "care_plan" is "care plan" to people. */
static const char *spoken(struct page *p, const char *name)
{
	char *out = arena_dup(&p->a, name);

	for (char *c = out; c && *c; c++) {
		if (*c == '_')
			*c = ' ';
	}
	return out;
}

static int on_entry(void *arg, const struct audit_entry *e)
{
	struct desk_table *t = arg;
	struct arena *a = &t->p->a;
	char when[24];
	struct tpl_table_rows_cells *cell = desk_table_row(
		t, arena_dup(a, page_when(e->at_utc_ms, when)), NULL, 3);

	if (!cell)
		return E_NOMEM;
	cell[0].text = arena_dup(a, e->who);
	cell[1].text = spoken(t->p, e->record);
	cell[2].text = spoken(t->p, e->field ? e->field : "");
	return 0;
}

static int get_history(struct page *p)
{
	static const struct list SHAPE = {.id = "history",
					  .title = "Who changed or saw what",
					  .column = {{"When", SAY_TEXT, 0},
						     {"Who", SAY_TEXT, 0},
						     {"Record", SAY_TEXT, 0},
						     {"What", SAY_TEXT, 0}}};
	struct desk_table t;
	struct tpl_child_lists_lists list = {
		.id = SHAPE.id,
		.title = SHAPE.title,
		.empty = "Nothing has been changed yet.",
	};
	struct child_head c;
	int r = child_head(p, "history", &c);

	desk_table_begin(&t, p);
	if (r == 0)
		r = audit_list_child(p->db, c.child, 0, LIST_ROWS, on_entry,
				     &t);
	if (r != 0)
		return r;
	list.count = t.rows.n == LIST_ROWS ? "the newest 200" : NULL;
	list.table = table_of(&t, &SHAPE);
	tpl_child_lists(page_body(p), &(struct tpl_child_lists){.lists = &list,
								.lists_n = 1});
	return 0;
}

enum { WHO = ROLE_COORDINATOR | ROLE_SUPERVISOR };
const struct page_route desk_child_lists_routes[] = {
	{PAGE_GET, "/child/{id}/screening", WHO, get_screening, 0},
	{PAGE_GET, "/child/{id}/ed", WHO, get_visits, 0},
	{PAGE_GET, "/child/{id}/coverage", WHO, get_coverage, 0},
	{PAGE_GET, "/child/{id}/history", WHO, get_history, 0},
	{0},
};
