#include "regional/desk/intake_draw.h"

#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/web/page.h"
#include "daemon/web/tpl_buttons.h"
#include "daemon/web/tpl_checkboxes.h"
#include "daemon/web/tpl_date_field.h"
#include "daemon/web/tpl_field.h"
#include "daemon/web/tpl_radios.h"
#include "daemon/web/tpl_select.h"
#include "regional/case/find.h"
#include "regional/case/practice.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/find_list.h"
#include "regional/desk/intake_home.h"
#include "regional/desk/tpl_intake.h"
#include "regional/node.h"

enum { PRACTICES = 1000 };

/* --- who it may be --- */

int intake_likely(struct page *p, struct duplicate **out, size_t *n)
{
	const char *given = page_form(p, "c_given");
	const char *family = page_form(p, "c_family");
	struct duplicate_ask q = {
		.given = page_form(p, "given"),
		.family = page_form(p, "family"),
		.birth = NO_DATE,
		.phone = page_form(p, "phone"),
		.caregiver = arena_str(&p->a, "%s %s", given ? given : "",
				       family ? family : ""),
	};
	size_t all = 0;
	int x;

	*n = 0;
	if ((!q.given && !q.family) || page_error_of(p, "birth") ||
	    page_form_date(p, "birth", &q.birth) < 0)
		return 0;
	x = duplicate_find(p->db, &q, &p->a, out, &all);
	while (x == 0 && *n < all && (*out)[*n].score >= DUPLICATE_LOOK)
		++*n;
	return x;
}

const char *intake_likely_text(struct page *p, const struct duplicate *d,
			       size_t n)
{
	const char *text = "";

	for (size_t i = 0; i < n && text; i++)
		text = arena_str(&p->a, "%s%s%lld", text, i ? "-" : "",
				 (long long)d[i].child);
	return text;
}

/* Others' children are told by what agrees only in kind. */
static const char *why_text(struct page *p, unsigned why)
{
	static const struct {
		unsigned why;
		const char *text;
	} reason[] = {
		{DUPLICATE_GIVEN, "given name"},
		{DUPLICATE_GIVEN_NEAR, "a similar given name"},
		{DUPLICATE_FAMILY, "family name"},
		{DUPLICATE_FAMILY_NEAR, "a similar family name"},
		{DUPLICATE_BIRTH, "birth date"},
		{DUPLICATE_BIRTH_NEAR, "a similar birth date"},
		{DUPLICATE_PHONE, "telephone number"},
		{DUPLICATE_CAREGIVER, "caregiver"},
		{DUPLICATE_ADDRESS, "address"},
	};
	const char *text = "";

	for (size_t i = 0; i < sizeof reason / sizeof *reason && text; i++)
		if (why & reason[i].why)
			text = arena_str(&p->a, "%s%s%s", text,
					 *text ? ", " : "", reason[i].text);
	return arena_str(&p->a, "Alike: %s%s", text,
			 why & DUPLICATE_SIBLING
				 ? "; perhaps a brother, sister or twin"
				 : "");
}

static int set_likely(struct page *p, const struct duplicate *d,
		      struct tpl_intake_likely *l)
{
	struct arena *a = &p->a;
	struct rows q;
	bool may = false;
	int x;

	x = desk_may_see(p->db, p->who, d->child, p->now_utc_ms, &may);
	if (x == 0)
		x = db_rows(p->db, &q,
			    "SELECT c.given, c.family, c.birth, n.kase, s.name"
			    " FROM child c LEFT JOIN case_now n ON"
			    " n.child = c.id LEFT JOIN staff s ON"
			    " s.id = n.staff WHERE c.id = ?",
			    "i", d->child);
	if (x < 0)
		return x;
	x = rows_next(&q);
	if (x == ROWS_ROW) {
		const char *given = rows_text(&q, 0);
		const char *family = rows_text(&q, 1);
		int32_t birth = NO_DATE;

		date_parse(rows_text(&q, 2), &birth);
		l->name = may ? arena_str(a, "%s %s", given, family)
			      : find_list_initials(a, given, family);
		l->born = may ? day_text(a, birth)
			      : arena_str(a, "%.4s", rows_text(&q, 2));
		l->state = rows_int(&q, 3) ? "Open case" : "No open case";
		l->staff = rows_text(&q, 4)  ? arena_dup(a, rows_text(&q, 4))
			   : rows_int(&q, 3) ? "In nobody’s caseload"
					     : "";
		l->why = why_text(p, d->why);
		if (may)
			l->href = arena_str(a, "/child/%lld",
					    (long long)d->child);
		else
			l->ask = arena_str(a, "/emergency/child/%lld",
					   (long long)d->child);
	}
	rows_end(&q);
	return x < 0 ? x : 0;
}

/* --- fields --- */

static struct tpl_field *line(struct page *p, const char *name,
			      const char *label, bool optional)
{
	struct tpl_field *f = arena_alloc(&p->a, sizeof *f);

	if (f)
		*f = (struct tpl_field){.name = name,
					.label = label,
					.value = page_value(p, name, NULL),
					.error = page_error_of(p, name),
					.optional = optional,
					.autocomplete = "off",
					.maxlength = NAME_TEXT - 1};
	return f;
}

static struct tpl_date_field *day(struct page *p, const char *name,
				  const char *label, const char *stored)
{
	struct tpl_date_field *f = arena_alloc(&p->a, sizeof *f);
	char max[DATE_TEXT];

	if (f)
		*f = (struct tpl_date_field){
			.name = name,
			.label = label,
			.value = page_value(p, name, stored),
			.error = page_error_of(p, name),
			.max = arena_dup(&p->a, date_format(p->today, max))};
	return f;
}

static bool shown(const char *id, const char *const *without)
{
	for (; without && *without; without++)
		if (strcmp(*without, id) == 0)
			return false;
	return true;
}

static struct tpl_select *words(struct page *p, const char *name,
				const char *label, enum words list,
				const char *initial, const char *const *without)
{
	const struct vocabulary *v = ((struct desk *)p->site)->n->rec.words;
	struct arena_list l = {.arena = &p->a,
			       .size = sizeof(struct tpl_select_options)};
	struct tpl_select *s = arena_alloc(&p->a, sizeof *s);

	for (int i = 0; i < vocabulary_count(v, list); i++) {
		const struct word *w = vocabulary_word(v, list, i);
		struct tpl_select_options *o;

		if (!shown(w->id, without) || !(o = arena_add(&l)))
			continue;
		o->value = w->id;
		o->title = w->title;
		o->chosen = page_chosen(p, name, w->id,
					initial && strcmp(initial, w->id) == 0);
	}
	if (s)
		*s = (struct tpl_select){.name = name,
					 .label = label,
					 .error = page_error_of(p, name),
					 .prompt = initial ? NULL : "Choose",
					 .options = l.items,
					 .options_n = l.n};
	return s;
}

static struct tpl_checkboxes *boxes(struct page *p, const char *name,
				    const char *label, const char *hint,
				    enum words list)
{
	const struct vocabulary *v = ((struct desk *)p->site)->n->rec.words;
	struct arena_list l = {.arena = &p->a,
			       .size = sizeof(struct tpl_checkboxes_options)};
	struct tpl_checkboxes *b = arena_alloc(&p->a, sizeof *b);

	for (int i = 0; i < vocabulary_count(v, list); i++) {
		const struct word *w = vocabulary_word(v, list, i);
		struct tpl_checkboxes_options *o = arena_add(&l);

		if (!o)
			continue;
		o->value = w->id;
		o->title = w->title;
		o->chosen = page_chosen(p, name, w->id, false);
	}
	if (b)
		*b = (struct tpl_checkboxes){.name = name,
					     .label = label,
					     .hint = hint,
					     .error = page_error_of(p, name),
					     .optional = true,
					     .options = l.items,
					     .options_n = l.n};
	return b;
}

/* One or two boxes that are not of a vocabulary. */
static struct tpl_checkboxes *some(struct page *p, const char *name,
				   const char *label,
				   const struct tpl_checkboxes_options *o,
				   size_t n)
{
	struct tpl_checkboxes *b = arena_alloc(&p->a, sizeof *b);
	struct tpl_checkboxes_options *own = arena_alloc(&p->a, n * sizeof *o);

	if (!b || !own)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		own[i] = o[i];
		own[i].chosen = page_chosen(p, name, o[i].value, o[i].chosen);
	}
	*b = (struct tpl_checkboxes){.name = name,
				     .label = label,
				     .error = page_error_of(p, name),
				     .options = own,
				     .options_n = n};
	return b;
}

struct practices {
	struct page *p;
	struct arena_list l;
};

static int on_practice(void *arg, const struct practice *g)
{
	struct practices *all = arg;
	struct tpl_select_options *o;

	if (!g->active)
		return 0;
	if (!(o = arena_add(&all->l)))
		return E_NOMEM;
	o->value = arena_str(&all->p->a, "%lld", (long long)g->id);
	o->title = arena_dup(&all->p->a, g->name);
	o->chosen = page_chosen(all->p, "practice", o->value, false);
	return 0;
}

static int practices(struct page *p, const struct tpl_select **out)
{
	struct practices all = {
		p, {.arena = &p->a, .size = sizeof(struct tpl_select_options)}};
	struct tpl_select *s = arena_alloc(&p->a, sizeof *s);
	int x = practice_list(p->db, "", 0, PRACTICES, on_practice, &all);

	if (x < 0 || !s)
		return x < 0 ? x : E_NOMEM;
	*s = (struct tpl_select){.name = "practice",
				 .label = "Primary care practice",
				 .error = page_error_of(p, "practice"),
				 .optional = true,
				 .prompt = "None, or not known",
				 .options = all.l.items,
				 .options_n = all.l.n};
	*out = s;
	return 0;
}

static struct tpl_select *sex(struct page *p)
{
	static const char *const text[4][2] = {{"female", "Female"},
					       {"male", "Male"},
					       {"other", "Other"},
					       {"unknown", "Not known"}};
	struct tpl_select_options *o = arena_alloc(&p->a, 4 * sizeof *o);
	struct tpl_select *s = arena_alloc(&p->a, sizeof *s);

	if (!o || !s)
		return NULL;
	for (int i = 0; i < 4; i++)
		o[i] = (struct tpl_select_options){
			.value = text[i][0],
			.title = text[i][1],
			.chosen = page_chosen(p, "sex", text[i][0], i == 3)};
	*s = (struct tpl_select){.name = "sex",
				 .label = "Sex",
				 .error = page_error_of(p, "sex"),
				 .options = o,
				 .options_n = 4};
	return s;
}

static struct tpl_radios *leads(struct page *p)
{
	struct tpl_radios_options *o = arena_alloc(&p->a, 2 * sizeof *o);
	struct tpl_radios *r = arena_alloc(&p->a, sizeof *r);

	if (!o || !r)
		return NULL;
	o[0] = (struct tpl_radios_options){
		.value = "we",
		.title = "This center",
		.chosen = page_chosen(p, "leads", "we", true)};
	o[1] = (struct tpl_radios_options){
		.value = "they",
		.title = "The coordinator named above",
		.chosen = page_chosen(p, "leads", "they", false)};
	*r = (struct tpl_radios){.name = "leads",
				 .label = "Who leads",
				 .error = page_error_of(p, "leads"),
				 .options = o,
				 .options_n = 2};
	return r;
}

/* --- the form --- */

static void set_child(struct page *p, struct tpl_intake *t)
{
	t->given = line(p, "given", "Given name", false);
	t->family = line(p, "family", "Family name", false);
	t->birth = day(p, "birth", "Birth date", NULL);
	t->sex = sex(p);
}

static void set_caregiver(struct page *p, const struct intake_home *home,
			  struct tpl_intake *t)
{
	static const char *const not_self[] = {"self", NULL};
	static const struct tpl_checkboxes_options need[] = {
		{.value = "yes", .title = "An interpreter is needed"}};
	static const struct tpl_checkboxes_options is[] = {
		{.value = "safe", .title = "Safe: nobody else picks up"},
		{.value = "message", .title = "A message may be left"}};
	struct tpl_field *phone = line(p, "phone", "Telephone", true);
	struct tpl_field *given =
		line(p, "c_given", "Caregiver’s given name", true);
	struct tpl_field *family =
		line(p, "c_family", "Caregiver’s family name", true);

	if (given)
		given->value = page_value(p, "c_given", home->given);
	if (family)
		family->value = page_value(p, "c_family", home->surname);
	t->c_given = given;
	t->c_family = family;
	t->relation = words(p, "relation", "To the child", WORDS_RELATION, NULL,
			    not_self);
	t->language = words(p, "language", "Language at home", WORDS_LANGUAGE,
			    "unknown", NULL);
	t->interpreter = some(p, "interpreter", NULL, need, 1);
	t->phone_is = some(p, "phone_is", "This number is", is, 2);
	if (phone) {
		phone->type = "tel";
		phone->narrow = true;
	}
	t->phone = phone;
}

static int set_origin(struct page *p, struct tpl_intake *t)
{
	t->source =
		words(p, "source", "Who referred", WORDS_SOURCE, NULL, NULL);
	t->source_name = line(p, "source_name", "Name of who referred", true);
	t->expected = boxes(p, "expected", "What the provider expects",
			    "Help with these needs", WORDS_NEED);
	t->first = boxes(p, "first", "What the family puts first",
			 "In the family’s own view", WORDS_NEED);
	t->o_name = line(p, "o_name", "Name of another coordinator", true);
	t->o_program = line(p, "o_program", "Their program", true);
	t->o_reach = line(p, "o_reach", "How to reach them", true);
	t->leads = leads(p);
	return practices(p, &t->practice);
}

static void set_consent(struct page *p, struct tpl_intake *t)
{
	static const char *const not_youth[] = {"youth", NULL};
	static const struct tpl_checkboxes_options take[] = {
		{.value = "yes",
		 .title = "Take the case into my caseload",
		 .chosen = true}};
	struct tpl_select *may;
	char today[DATE_TEXT];

	t->scope = boxes(p, "scope", "The caregiver signed today for",
			 "Leave all empty if nothing is signed yet",
			 WORDS_SCOPE);
	t->custody =
		words(p, "custody", "Custody", WORDS_CUSTODY, "unknown", NULL);
	may = words(p, "authority", "The caregiver may sign as",
		    WORDS_AUTHORITY, NULL, not_youth);
	if (may)
		may->prompt = "May not sign, or not known";
	t->authority = may;
	t->opened = day(p, "opened", "Opened on",
			arena_dup(&p->a, date_format(p->today, today)));
	if (p->who->staff)
		t->mine = some(p, "mine", NULL, take, 1);
}

static int set_all_likely(struct page *p, const struct intake_home *home,
			  struct tpl_intake *t)
{
	struct tpl_checkboxes_options same = {.title = "It is another child"};
	struct tpl_intake_likely *l;
	struct duplicate *d = NULL;
	size_t n = 0;
	int x;

	x = page_again(p) ? intake_likely(p, &d, &n) : 0;
	if (x == 0)
		x = intake_home_field(p, home, d, n, &t->home);
	if (x < 0 || n == 0)
		return x;
	if (!(l = arena_alloc(&p->a, n * sizeof *l)))
		return E_NOMEM;
	page_searched(p, "child");
	for (size_t i = 0; i < n && x == 0; i++)
		x = set_likely(p, &d[i], &l[i]);
	same.value = intake_likely_text(p, d, n);
	t->likely = l;
	t->likely_n = n;
	t->another = some(p, "another", "The child of this form", &same, 1);
	return x;
}

int intake_draw(struct page *p)
{
	static const struct tpl_buttons buttons = {.title = "Open the case",
						   .cancel = "/cases"};
	struct tpl_intake *t = arena_alloc(&p->a, sizeof *t);
	struct intake_home home;
	int x = intake_home_asked(p, &home);

	if (x < 0 || !t)
		return x < 0 ? x : E_NOMEM;
	t->csrf = page_csrf(p);
	t->buttons = &buttons;
	set_child(p, t);
	set_caregiver(p, &home, t);
	set_consent(p, t);
	x = set_origin(p, t);
	if (x == 0)
		x = set_all_likely(p, &home, t);
	if (x < 0)
		return x;
	tpl_intake(page_body(p), t);
	return 0;
}
