/* Primary care practices: who they are, what was done to win them as partners,
 * whose they are, and the plans they were sent. */
#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/web/tpl_field.h"
#include "regional/case/practice.h"
#include "regional/desk/cards.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/desk_table.h"
#include "regional/desk/desk_word.h"
#include "regional/desk/practice_view.h"
#include "regional/desk/sheet_form.h"
#include "regional/node.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR };
enum { STEP = 50, LOG = 50, CHILDREN = 200, SHARES = 100 };

/* All that the tables have of one, as forms ask for it. */
struct practice_form {
	int64_t id;
	char name[NAME_TEXT], phone[40], fax[40];
	char address[PRACTICE_TEXT], zip[12];
	int64_t medical_home, active;
};
static const struct sheet_column practice_columns[] = {
	SHEET_COL(practice_form, name, "name", TEXT, true),
	SHEET_COL(practice_form, phone, "telephone number", TEXT, false),
	SHEET_COL(practice_form, fax, "fax number", TEXT, false),
	SHEET_COL(practice_form, address, "address", TEXT, false),
	SHEET_COL(practice_form, zip, "ZIP code", TEXT, false),
	SHEET_COL(practice_form, medical_home, "medical home", YES, true),
	SHEET_COL(practice_form, active, "state", YES, true),
};
static const struct sheet practice_sheet = {
	"practice", "practice", practice_columns,
	sizeof practice_columns / sizeof *practice_columns,
	sizeof(struct practice_form)};
static const char *const OPEN[] = {"Works with us", "Closed"};
static const char *const HOME[] = {"Yes", "Not yet, or not known"};
static const struct sheet_form_field PRACTICE_FIELDS[] = {
	{"name", "Name", NULL, 0},
	{"phone", "Phone", NULL, FORM_OPTIONAL},
	{"fax", "Fax", "Plans are sent there", FORM_OPTIONAL},
	{"address", "Address", NULL, FORM_OPTIONAL},
	{"zip", "ZIP code", NULL, FORM_OPTIONAL},
	{"medical_home", "Works as a medical home", NULL, 0, NULL, HOME},
	{"active", "State", NULL, 0, NULL, OPEN},
};
static const struct sheet_form PRACTICE = {
	&practice_sheet, PRACTICE_FIELDS,
	sizeof PRACTICE_FIELDS / sizeof *PRACTICE_FIELDS, "this practice"};

struct outreach_form {
	int64_t id;
	int32_t day;
	char how[VOCABULARY_ID], with_whom[NAME_TEXT];
	int64_t minutes;
	char what[PRACTICE_WHAT];
};
static const struct sheet_column outreach_columns[] = {
	SHEET_COL(outreach_form, day, "day of the outreach", DAY, true),
	SHEET_OF(outreach_form, how, "kind of outreach", WORD, true,
		 .list = WORDS_OUTREACH),
	SHEET_COL(outreach_form, with_whom, "person spoken with", TEXT, false),
	SHEET_OF(outreach_form, minutes, "minutes", INT, false, .min = 0,
		 .max = 1440),
	SHEET_COL(outreach_form, what, "note", TEXT, false),
};
static const struct sheet outreach_sheet = {
	"practice_outreach", "outreach", outreach_columns,
	sizeof outreach_columns / sizeof *outreach_columns,
	sizeof(struct outreach_form)};
static const struct sheet_form_field OUTREACH_FIELDS[] = {
	{"day", "Day", NULL, 0},
	{"how", "How", NULL, 0},
	{"with_whom", "With whom", NULL, FORM_OPTIONAL},
	{"minutes", "Minutes", NULL, FORM_OPTIONAL},
	{"what", "What it was about", "Name no child",
	 FORM_AREA | FORM_OPTIONAL},
};
static const struct sheet_form OUTREACH = {
	&outreach_sheet, OUTREACH_FIELDS,
	sizeof OUTREACH_FIELDS / sizeof *OUTREACH_FIELDS, "this outreach"};

static struct records *records_of(struct page *p)
{
	return &((struct desk *)p->site)->n->rec;
}

static const char *path_of(struct page *p, int64_t id, const char *more)
{
	return arena_str(&p->a, "practice/%lld%s", (long long)id, more);
}

static int draw(struct page *p, const struct sheet_form *f, const void *rec,
		bool seen, const char *back)
{
	struct tpl_sheet_form *t =
		sheet_form_new(p, f, rec, seen, "Save", back);

	if (!t)
		return E_NOMEM;
	tpl_sheet_form(page_body(p), t);
	return 0;
}

/* --- the list --- */

struct listing {
	struct desk_table t;
	bool more;
};

static int on_practice(void *arg, const struct practice *o)
{
	struct listing *l = arg;
	struct page *p = l->t.p;
	struct tpl_table_rows_cells *cell;
	int32_t last = NO_DATE;
	int x;

	if (l->t.rows.n == STEP) {
		l->more = true;
		return 0;
	}
	x = practice_view_last(p->db, o->id, &last);
	cell = desk_table_row(&l->t, arena_dup(&p->a, o->name),
			      path_of(p, o->id, ""), 4);
	if (x < 0 || !cell)
		return x < 0 ? x : E_NOMEM;
	cell[0].text = arena_dup(&p->a, o->phone);
	cell[1].text = o->medical_home ? "Medical home" : "";
	cell[2].text = last == NO_DATE ? "never" : day_text(&p->a, last);
	cell[3].text = o->active ? "" : OPEN[1];
	return 0;
}

static int list_page(struct page *p)
{
	static const char *const title[] = {"Practice", "Phone", "Medical home",
					    "Last outreach", "State"};
	static const struct tpl_layout_head_acts act = {
		.title = "Add a practice",
		.href = "practices/new",
		.main = true};
	int64_t from = page_query_int(p, "offset", 0, INT32_MAX, 0);
	struct listing l = {.more = false};
	struct cards c;
	int x;

	page_title(p, "Practices");
	page_nav(p, "practices");
	page_head(p)->acts = &act;
	page_head(p)->acts_n = 1;
	desk_table_begin(&l.t, p);
	x = practice_list(p->db, "", from, STEP + 1, on_practice, &l);
	cards_begin(&c, p);
	cards_table(&c, "all", "Primary care practices",
		    desk_table_end(&l.t, "Practices", title, 5, true),
		    "None yet. Add the practices of the region: whose a child "
		    "is stands on the child’s page.");
	cards_pager(&c, "practices?", from, l.t.rows.n, STEP, l.more);
	cards_draw(&c);
	return x;
}

/* --- one --- */

static int the_practice(struct page *p, struct practice_form *o)
{
	int64_t id;
	int x = page_param_id(p, "practice", &id);

	return x < 0 ? x : sheet_get(p->db, &practice_sheet, id, o);
}

static int on_outreach(void *arg, const struct practice_outreach *o)
{
	struct desk_table *t = arg;
	struct page *p = t->p;
	struct tpl_table_rows_cells *cell =
		desk_table_row(t, day_text(&p->a, o->day), NULL, 4);

	if (!cell)
		return E_NOMEM;
	cell[0].text = desk_word(p, WORDS_OUTREACH, o->how);
	cell[1].text = arena_dup(&p->a, o->with_whom);
	cell[2].text = arena_dup(&p->a, o->what);
	cell[3].text = o->minutes < 0 ? ""
				      : day_text_count(&p->a, o->minutes,
						       "minute", "minutes");
	return 0;
}

static int add_log(struct page *p, struct cards *c, int64_t id)
{
	static const char *const title[] = {"Day", "How", "With whom", "About",
					    "Time"};
	struct tpl_cards_cards *card;
	struct desk_table t;
	int x;

	desk_table_begin(&t, p);
	x = practice_outreach_list(p->db, id, 0, LOG, on_outreach, &t);
	card = cards_table(c, "outreach", "Outreach",
			   desk_table_end(&t, "Outreach", title, 5, false),
			   "None yet. Visits, calls and trainings count for "
			   "the center’s yearly number of practices.");
	card->act = "Log outreach";
	card->href = path_of(p, id, "/outreach");
	return x;
}

static const struct find_viewer *viewer(struct page *p)
{
	struct find_viewer *who = arena_alloc(&p->a, sizeof *who);

	if (who)
		*who = (struct find_viewer){
			.staff = p->who->staff,
			.all = (p->who->roles & ROLE_SUPERVISOR) != 0,
			.today = p->today};
	return who;
}

static int add_shares(struct page *p, struct cards *c, int64_t id,
		      const struct find_viewer *who)
{
	static const char *const title[] = {"Child", "What", "Shared", "How",
					    "Confirmed"};
	struct practice_share *s;
	struct desk_table t;
	size_t n;
	int x = practice_view_shares(p->db, &p->a, id, who, SHARES, &s, &n);

	desk_table_begin(&t, p);
	for (size_t i = 0; i < n && x == 0; i++) {
		struct tpl_table_rows_cells *cell = desk_table_row(
			&t, s[i].name,
			arena_str(&p->a, "child/%lld", (long long)s[i].child),
			4);

		if (!cell)
			return E_NOMEM;
		cell[0].text = strcmp(s[i].what, "plan") == 0	 ? "Care plan"
			       : strcmp(s[i].what, "goals") == 0 ? "Goals"
								 : "Summary";
		cell[1].text = day_text(&p->a, s[i].shared);
		cell[2].text = desk_word(p, WORDS_WAY, s[i].way);
		cell[3].tone = s[i].confirmed == NO_DATE ? "late" : NULL;
		cell[3].text =
			s[i].confirmed == NO_DATE
				? "not yet"
				: arena_str(&p->a, "%s%s%s",
					    day_text(&p->a, s[i].confirmed),
					    *s[i].confirmed_by ? ", " : "",
					    s[i].confirmed_by);
	}
	cards_table(c, "plans", "Plans shared with primary care",
		    desk_table_end(&t, "Plans shared", title, 5, true),
		    "None of the children whose record you may open.");
	return x;
}

static int add_children(struct page *p, struct cards *c, int64_t id,
			const struct find_viewer *who)
{
	static const char *const title[] = {"Child", "Age", "Clinician",
					    "Case"};
	struct practice_child *k;
	struct desk_table t;
	size_t n;
	int x = practice_view_children(p->db, &p->a, id, who, CHILDREN, &k, &n);

	desk_table_begin(&t, p);
	for (size_t i = 0; i < n && x == 0; i++) {
		struct tpl_table_rows_cells *cell = desk_table_row(
			&t, k[i].name,
			arena_str(&p->a, "child/%lld", (long long)k[i].child),
			3);

		if (!cell)
			return E_NOMEM;
		cell[0].text = day_text_age(&p->a, k[i].birth, p->today);
		cell[1].text = k[i].clinician;
		cell[2].text = k[i].open ? "open" : "none open";
	}
	cards_table(c, "children", "Children of the practice",
		    desk_table_end(&t, "Children", title, 4, true),
		    "None whose record you may open.");
	return x;
}

static int one_page(struct page *p)
{
	struct tpl_layout_head_acts *act = arena_alloc(&p->a, sizeof *act);
	const struct find_viewer *who = viewer(p);
	struct practice_form o;
	struct cards c;
	int x = the_practice(p, &o);

	if (x < 0)
		return x;
	if (!act || !who)
		return E_NOMEM;
	page_title(p, "%s", o.name);
	page_nav(p, "practices");
	page_crumb(p, "practices", "Practices");
	act->title = "Edit";
	act->href = path_of(p, o.id, "/edit");
	page_head(p)->acts = act;
	page_head(p)->acts_n = 1;
	cards_begin(&c, p);
	cards_pair(&c, "Phone", arena_dup(&p->a, o.phone));
	cards_pair(&c, "Fax", arena_dup(&p->a, o.fax));
	cards_pair(&c, "Address",
		   arena_str(&p->a, "%s%s%s", o.address,
			     *o.address && *o.zip ? ", " : "", o.zip));
	cards_pair(&c, "Home",
		   o.medical_home ? "Works as a medical home" : HOME[1]);
	cards_pair(&c, "State", OPEN[o.active ? 0 : 1]);
	cards_add(&c, "known", "What is known");
	page_searched(p, "child");
	if ((x = add_log(p, &c, o.id)) < 0 ||
	    (x = add_shares(p, &c, o.id, who)) < 0 ||
	    (x = add_children(p, &c, o.id, who)) < 0)
		return x;
	cards_draw(&c);
	return 0;
}

/* --- added, put right --- */

static int save(struct page *p, const struct practice_form *f)
{
	struct practice o = {.id = f->id,
			     .medical_home = f->medical_home == 1,
			     .active = f->active == 1};
	int64_t id = f->id;
	int x;

	snprintf(o.name, sizeof o.name, "%s", f->name);
	snprintf(o.phone, sizeof o.phone, "%s", f->phone);
	snprintf(o.fax, sizeof o.fax, "%s", f->fax);
	snprintf(o.address, sizeof o.address, "%s", f->address);
	snprintf(o.zip, sizeof o.zip, "%s", f->zip);
	x = id ? practice_update(records_of(p), &o)
	       : practice_add(records_of(p), &o, &id);
	if (x < 0)
		return page_refuse(p, x, "name");
	page_redirect(p, "/%s", path_of(p, id, ""));
	page_note(p, NULL, NULL, "Saved: %s.", o.name);
	return 0;
}

static void blank(struct practice_form *o)
{
	sheet_blank(&practice_sheet, o);
	o->medical_home = 0;
	o->active = 1;
}

static int new_page(struct page *p)
{
	struct practice_form o;

	blank(&o);
	page_title(p, "Add a practice");
	page_nav(p, "practices");
	page_crumb(p, "practices", "Practices");
	return draw(p, &PRACTICE, &o, false, "practices");
}

static int new_post(struct page *p)
{
	struct practice_form o;
	int x;

	blank(&o);
	x = sheet_form_read(p, &PRACTICE, &o);
	return x < 0 || page_errors(p) ? x : save(p, &o);
}

static void say_where(struct page *p, const struct practice_form *o)
{
	page_nav(p, "practices");
	page_crumb(p, "practices", "Practices");
	page_crumb(p, path_of(p, o->id, ""), "%s", o->name);
}

static int edit_page(struct page *p)
{
	struct practice_form o;
	int x = the_practice(p, &o);

	if (x < 0)
		return x;
	page_title(p, "Edit %s", o.name);
	say_where(p, &o);
	return draw(p, &PRACTICE, &o, true, path_of(p, o.id, ""));
}

static int edit_post(struct page *p)
{
	struct practice_form o;
	int x = the_practice(p, &o);

	if (x == 0)
		x = sheet_form_change(p, &PRACTICE, &o);
	return x < 0 || page_errors(p) ? x : save(p, &o);
}

static int outreach_page(struct page *p)
{
	struct practice_form o;
	struct outreach_form f;
	int x = the_practice(p, &o);

	if (x < 0)
		return x;
	sheet_blank(&outreach_sheet, &f);
	f.day = p->today;
	page_title(p, "Log outreach");
	say_where(p, &o);
	return draw(p, &OUTREACH, &f, false, path_of(p, o.id, ""));
}

static int outreach_post(struct page *p)
{
	struct practice_form o;
	struct outreach_form f;
	struct practice_outreach n;
	int64_t id;
	int x = the_practice(p, &o);

	if (x < 0)
		return x;
	sheet_blank(&outreach_sheet, &f);
	if ((x = sheet_form_read(p, &OUTREACH, &f)) < 0 || page_errors(p))
		return x;
	n = (struct practice_outreach){
		.practice = o.id, .day = f.day, .minutes = (int)f.minutes};
	snprintf(n.how, sizeof n.how, "%s", f.how);
	snprintf(n.with_whom, sizeof n.with_whom, "%s", f.with_whom);
	snprintf(n.what, sizeof n.what, "%s", f.what);
	x = practice_outreach_add(records_of(p), &n, &id);
	if (x < 0)
		return page_refuse(p, x, "day");
	page_redirect(p, "/%s", path_of(p, o.id, ""));
	page_note(p, NULL, NULL, "Saved: %s, %s.",
		  desk_word(p, WORDS_OUTREACH, n.how), day_text(&p->a, n.day));
	return 0;
}

#define ONE "/practice/{practice}"
const struct page_route desk_practices_routes[] = {
	{PAGE_GET, "/practices", OF_CASES, list_page, 0},
	{PAGE_GET, "/practices/new", OF_CASES, new_page, 0},
	{PAGE_POST, "/practices/new", OF_CASES, new_post, 0},
	{PAGE_GET, ONE, OF_CASES, one_page, 0},
	{PAGE_GET, ONE "/edit", OF_CASES, edit_page, 0},
	{PAGE_POST, ONE "/edit", OF_CASES, edit_post, 0},
	{PAGE_GET, ONE "/outreach", OF_CASES, outreach_page, 0},
	{PAGE_POST, ONE "/outreach", OF_CASES, outreach_post, 0},
	{0},
};
