/* Organizations and services of the directory: added and put right. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "regional/case/directory.h"
#include "regional/case/organization.h"
#include "regional/desk/cards.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/desk_table.h"
#include "regional/desk/desk_word.h"
#include "regional/desk/directory_text.h"
#include "regional/desk/sheet_form.h"
#include "regional/node.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR };
enum { WORDS_OF = 400, TOWNS = 1000 };

/* All that the tables have of one; what the directory and the names' module
 * write apart stands in one form. */
struct org_form {
	int64_t id;
	char name[NAME_TEXT];
	int64_t active;
	char sector[VOCABULARY_ID], phone[40], web[200];
	char note[SHEET_TEXT_MAX];
};
struct service_form {
	int64_t id;
	char name[NAME_TEXT];
	int64_t active;
	char eligibility[SHEET_TEXT_MAX];
	int64_t age_from, age_to;
	char phone[40], note[SHEET_TEXT_MAX];
	/* Sets, which are not columns of the table. */
	char needs[WORDS_OF], languages[WORDS_OF], places[TOWNS];
};
enum { SETS = 3 };

static const struct sheet_column org_columns[] = {
	SHEET_COL(org_form, name, "name", TEXT, true),
	SHEET_COL(org_form, active, "state", YES, true),
	SHEET_OF(org_form, sector, "sector", WORD, false, .list = WORDS_SECTOR),
	SHEET_COL(org_form, phone, "telephone number", TEXT, false),
	SHEET_COL(org_form, web, "web address", TEXT, false),
	SHEET_COL(org_form, note, "note", TEXT, false),
};
static const struct sheet org_sheet = {
	"organization", "organization", org_columns,
	sizeof org_columns / sizeof *org_columns, sizeof(struct org_form)};
static const struct sheet_column service_columns[] = {
	SHEET_COL(service_form, name, "name", TEXT, true),
	SHEET_COL(service_form, active, "state", YES, true),
	SHEET_COL(service_form, eligibility, "eligibility", TEXT, false),
	SHEET_OF(service_form, age_from, "youngest age", INT, false, .min = 0,
		 .max = 25),
	SHEET_OF(service_form, age_to, "oldest age", INT, false, .min = 0,
		 .max = 25),
	SHEET_COL(service_form, phone, "telephone number", TEXT, false),
	SHEET_COL(service_form, note, "note", TEXT, false),
	SHEET_COL(service_form, needs, "needs", TEXT, false),
	SHEET_COL(service_form, languages, "languages", TEXT, false),
	SHEET_COL(service_form, places, "towns", TEXT, false),
};
enum { SERVICE_COLUMNS = sizeof service_columns / sizeof *service_columns };
static const struct sheet service_sheet = {"service", "service",
					   service_columns, SERVICE_COLUMNS,
					   sizeof(struct service_form)};
static const struct sheet stored_sheet = {"service", "service", service_columns,
					  SERVICE_COLUMNS - SETS,
					  sizeof(struct service_form)};

static const char *const OPEN[] = {"Works with families", "Closed"};
static const struct sheet_form_field ORG_FIELDS[] = {
	{"name", "Name", NULL, 0},
	{"sector", "Sector", NULL, FORM_OPTIONAL, "Not known"},
	{"phone", "Phone", NULL, FORM_OPTIONAL},
	{"web", "Web address", NULL, FORM_OPTIONAL},
	{"note", "Our note",
	 "Whom to ask for, what to bring: for colleagues. No names of families",
	 FORM_AREA | FORM_OPTIONAL},
	{"active", "State", NULL, 0, NULL, OPEN},
};
static const struct sheet_form ORG = {&org_sheet, ORG_FIELDS,
				      sizeof ORG_FIELDS / sizeof *ORG_FIELDS,
				      "this organization"};
static const struct sheet_form_field SERVICE_FIELDS[] = {
	{"name", "Name", NULL, 0},
	{"needs", "Helps with", NULL, FORM_BOXES, NULL, NULL, WORDS_NEED},
	{"eligibility", "Who may use it", NULL, FORM_AREA | FORM_OPTIONAL},
	{"age_from", "Youngest age", "In years; empty: any", 0},
	{"age_to", "Oldest age", "In years; empty: any", 0},
	{"places", "Towns", "Separated by commas; empty: everywhere",
	 FORM_AREA | FORM_OPTIONAL},
	{"languages", "Languages", "None: not known", FORM_BOXES, NULL, NULL,
	 WORDS_LANGUAGE},
	{"phone", "Phone", NULL, FORM_OPTIONAL},
	{"note", "Our note",
	 "Whom to ask for, what to bring: for colleagues. No names of families",
	 FORM_AREA | FORM_OPTIONAL},
	{"active", "State", NULL, 0, NULL, OPEN},
};
static const struct sheet_form SERVICE = {
	&service_sheet, SERVICE_FIELDS,
	sizeof SERVICE_FIELDS / sizeof *SERVICE_FIELDS, "this service"};

static struct records *records_of(struct page *p)
{
	return &((struct desk *)p->site)->n->rec;
}

static void say_where(struct page *p, int64_t org, const char *name)
{
	page_nav(p, "directory");
	page_crumb(p, "directory", "Directory");
	if (org)
		page_crumb(p,
			   arena_str(&p->a, "directory/organization/%lld",
				     (long long)org),
			   "%s", name);
}

static int draw(struct page *p, struct tpl_sheet_form *t)
{
	if (!t)
		return E_NOMEM;
	tpl_sheet_form(page_body(p), t);
	return 0;
}

/* --- an organization --- */

static int the_org(struct page *p, struct org_form *o)
{
	int64_t id;
	int x = page_param_id(p, "organization", &id);

	return x < 0 ? x : sheet_get(p->db, &org_sheet, id, o);
}

static int write_org(struct page *p, const struct org_form *o, int64_t *id)
{
	struct organization n = {.id = o->id, .active = o->active != 0};
	struct directory_org d;
	int x;

	snprintf(n.name, sizeof n.name, "%s", o->name);
	*id = o->id;
	x = o->id ? organization_update(records_of(p), &n)
		  : organization_add(records_of(p), &n, id);
	if (x < 0)
		return page_refuse(p, x, "name");
	sheet_blank(&directory_org_sheet, &d);
	d.id = *id;
	snprintf(d.sector, sizeof d.sector, "%s", o->sector);
	snprintf(d.phone, sizeof d.phone, "%s", o->phone);
	snprintf(d.web, sizeof d.web, "%s", o->web);
	snprintf(d.note, sizeof d.note, "%s", o->note);
	return page_refuse(p, directory_org_update(records_of(p), &d), NULL);
}

static int save_org(struct page *p, const struct org_form *o)
{
	int64_t id;
	int x = write_org(p, o, &id);

	if (x < 0 || page_errors(p))
		return x;
	page_redirect(p, "/directory/organization/%lld", (long long)id);
	page_note(p, NULL, NULL, "Saved: %s.", o->name);
	return 0;
}

static int org_new(struct page *p)
{
	struct org_form o;

	sheet_blank(&org_sheet, &o);
	o.active = 1;
	page_title(p, "Add an organization");
	say_where(p, 0, NULL);
	return draw(p, sheet_form_new(p, &ORG, &o, false, "Save", "directory"));
}

static int org_new_post(struct page *p)
{
	struct org_form o;
	int x;

	sheet_blank(&org_sheet, &o);
	o.active = 1;
	x = sheet_form_read(p, &ORG, &o);
	return x < 0 || page_errors(p) ? x : save_org(p, &o);
}

static int org_edit(struct page *p)
{
	struct org_form o;
	int x = the_org(p, &o);

	if (x < 0)
		return x;
	page_title(p, "Edit %s", o.name);
	say_where(p, o.id, o.name);
	return draw(p, sheet_form_new(p, &ORG, &o, true, "Save",
				      arena_str(&p->a,
						"directory/organization/%lld",
						(long long)o.id)));
}

static int org_edit_post(struct page *p)
{
	struct org_form o;
	int x = the_org(p, &o);

	if (x == 0)
		x = sheet_form_change(p, &ORG, &o);
	return x < 0 || page_errors(p) ? x : save_org(p, &o);
}

static int on_service(void *arg, const struct service *s)
{
	struct desk_table *t = arg;
	struct page *p = t->p;
	struct directory_service d;
	struct tpl_table_rows_cells *cell = desk_table_row(
		t, arena_dup(&p->a, s->name),
		arena_str(&p->a, "directory/service/%lld", (long long)s->id),
		3);
	int x = directory_get(p->db, s->id, &d);

	if (x < 0 || !cell)
		return x < 0 ? x : E_NOMEM;
	cell[0].text = directory_text_ages(p, d.age_from, d.age_to);
	cell[1].text = directory_text_verified(p, d.verified);
	cell[1].tone = directory_text_stale(p, d.verified) ? "late" : NULL;
	cell[2].text = s->active ? "" : "Closed";
	return 0;
}

static int org_page(struct page *p)
{
	static const char *const title[] = {"Service", "Ages", "Listing",
					    "State"};
	struct tpl_layout_head_acts *act = arena_alloc(&p->a, 2 * sizeof *act);
	struct desk_table t;
	struct org_form o;
	struct cards c;
	int x = the_org(p, &o);

	if (x < 0)
		return x;
	if (!act)
		return E_NOMEM;
	page_title(p, "%s", o.name);
	say_where(p, 0, NULL);
	act[0].title = "Add a service";
	act[0].main = true;
	act[0].href = arena_str(&p->a, "directory/organization/%lld/service",
				(long long)o.id);
	act[1].title = "Edit";
	act[1].href = arena_str(&p->a, "directory/organization/%lld/edit",
				(long long)o.id);
	page_head(p)->acts = act;
	page_head(p)->acts_n = 2;
	cards_begin(&c, p);
	cards_pair(&c, "State", o.active ? OPEN[0] : OPEN[1]);
	cards_pair(&c, "Sector", desk_word(p, WORDS_SECTOR, o.sector));
	cards_pair(&c, "Phone", arena_dup(&p->a, o.phone));
	cards_pair(&c, "Web", arena_dup(&p->a, o.web));
	cards_pair(&c, "Our note", arena_dup(&p->a, o.note));
	cards_add(&c, "known", "What is known");
	desk_table_begin(&t, p);
	x = service_list(p->db, o.id, on_service, &t);
	cards_table(&c, "services", "Services",
		    desk_table_end(&t, "Services", title, 4, false),
		    "None yet: add one, so that families can be referred "
		    "there.");
	cards_draw(&c);
	return x;
}

/* --- a service --- */

static int the_service(struct page *p, struct service_form *f,
		       struct service *s)
{
	int64_t id;
	int x = page_param_id(p, "service", &id);

	if (x == 0)
		x = service_get(p->db, id, s);
	if (x == 0)
		x = sheet_get(p->db, &stored_sheet, id, f);
	if (x == 0)
		x = sheet_marks(p->db, &directory_needs, id, f->needs,
				sizeof f->needs);
	if (x == 0)
		x = sheet_marks(p->db, &directory_languages, id, f->languages,
				sizeof f->languages);
	return x < 0 ? x
		     : sheet_marks(p->db, &directory_places, id, f->places,
				   sizeof f->places);
}

typedef int mark_fn(struct records *r, int64_t service, const char *value,
		    bool on);

/* What @a has and @b has not goes in, or out. */
static int mark(struct records *r, int64_t id, const char *a, const char *b,
		bool in, mark_fn *fn)
{
	char one[NAME_TEXT];
	int x = 0;

	while (*a && x == 0) {
		size_t n = strcspn(a, ","), len = n;

		while (len && a[len - 1] == ' ')
			len--;
		if (len >= sizeof one)
			return err_set(E_INVALID,
				       "\"%.40s\" is too long for a town", a);
		snprintf(one, sizeof one, "%.*s", (int)len, a);
		if (len && !directory_text_has(b, a, len))
			x = fn(r, id, one, in);
		a += n;
		a += strspn(a, ", ");
	}
	return x;
}

static int write_sets(struct page *p, int64_t id,
		      const struct service_form *was,
		      const struct service_form *now)
{
	struct records *r = records_of(p);
	int x;

	if ((x = mark(r, id, was->needs, now->needs, false, directory_need)) ||
	    (x = mark(r, id, now->needs, was->needs, true, directory_need)) ||
	    (x = mark(r, id, was->languages, now->languages, false,
		      directory_language)) ||
	    (x = mark(r, id, now->languages, was->languages, true,
		      directory_language)) ||
	    (x = mark(r, id, was->places, now->places, false,
		      directory_place)) ||
	    (x = mark(r, id, now->places, was->places, true, directory_place)))
		return page_refuse(p, x, "places");
	return 0;
}

static int write_service(struct page *p, const struct service_form *was,
			 const struct service_form *f, int64_t org)
{
	struct service s = {
		.id = f->id, .organization = org, .active = f->active != 0};
	struct directory_service d;
	int64_t id = f->id;
	int x;

	snprintf(s.name, sizeof s.name, "%s", f->name);
	x = id ? service_update(records_of(p), &s)
	       : service_add(records_of(p), &s, &id);
	if (x < 0)
		return page_refuse(p, x, "name");
	sheet_blank(&directory_service_sheet, &d);
	d.id = id;
	snprintf(d.eligibility, sizeof d.eligibility, "%s", f->eligibility);
	d.age_from = f->age_from;
	d.age_to = f->age_to;
	snprintf(d.phone, sizeof d.phone, "%s", f->phone);
	snprintf(d.note, sizeof d.note, "%s", f->note);
	x = directory_update(records_of(p), &d);
	if (x < 0)
		return page_refuse(p, x, "age_from");
	x = write_sets(p, id, was, f);
	if (x < 0 || page_errors(p))
		return x;
	page_redirect(p, "/directory/service/%lld", (long long)id);
	page_note(p, NULL, NULL, "Saved: %s.", f->name);
	return 0;
}

static int service_new(struct page *p)
{
	struct service_form f;
	struct org_form o;
	int x = the_org(p, &o);

	if (x < 0)
		return x;
	sheet_blank(&service_sheet, &f);
	f.active = 1;
	page_title(p, "Add a service");
	say_where(p, o.id, o.name);
	return draw(p, sheet_form_new(p, &SERVICE, &f, false, "Save",
				      arena_str(&p->a,
						"directory/organization/%lld",
						(long long)o.id)));
}

static int service_new_post(struct page *p)
{
	struct service_form f, none;
	struct org_form o;
	int x = the_org(p, &o);

	if (x < 0)
		return x;
	sheet_blank(&service_sheet, &none);
	f = none;
	x = sheet_form_read(p, &SERVICE, &f);
	return x < 0 || page_errors(p) ? x : write_service(p, &none, &f, o.id);
}

static int service_edit(struct page *p)
{
	struct service_form f;
	struct service s;
	int x = the_service(p, &f, &s);

	if (x < 0)
		return x;
	page_title(p, "Edit %s", s.name);
	say_where(p, 0, NULL);
	return draw(p, sheet_form_new(p, &SERVICE, &f, true, "Save",
				      arena_str(&p->a, "directory/service/%lld",
						(long long)s.id)));
}

static int service_edit_post(struct page *p)
{
	struct service_form was, f;
	struct service s;
	int x = the_service(p, &was, &s);

	if (x < 0)
		return x;
	f = was;
	x = sheet_form_change(p, &SERVICE, &f);
	return x < 0 || page_errors(p)
		       ? x
		       : write_service(p, &was, &f, s.organization);
}

#define ORG_PATH "/directory/organization/{organization}"
#define SERVICE_PATH "/directory/service/{service}"
const struct page_route desk_directory_edit_routes[] = {
	{PAGE_GET, "/directory/organization/new", OF_CASES, org_new, 0},
	{PAGE_POST, "/directory/organization/new", OF_CASES, org_new_post, 0},
	{PAGE_GET, ORG_PATH, OF_CASES, org_page, 0},
	{PAGE_GET, ORG_PATH "/edit", OF_CASES, org_edit, 0},
	{PAGE_POST, ORG_PATH "/edit", OF_CASES, org_edit_post, 0},
	{PAGE_GET, ORG_PATH "/service", OF_CASES, service_new, 0},
	{PAGE_POST, ORG_PATH "/service", OF_CASES, service_new_post, 0},
	{PAGE_GET, SERVICE_PATH "/edit", OF_CASES, service_edit, 0},
	{PAGE_POST, SERVICE_PATH "/edit", OF_CASES, service_edit_post, 0},
	{0},
};
