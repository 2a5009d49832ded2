/* A new case, in one pass: the child, its caregiver, where it came from, who
 * else coordinates, consent. All of it is written, or none. */
#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/assignment.h"
#include "regional/case/caregiver.h"
#include "regional/case/child.h"
#include "regional/case/consent.h"
#include "regional/case/coordinator.h"
#include "regional/case/custody.h"
#include "regional/case/family.h"
#include "regional/case/kase.h"
#include "regional/case/practice.h"
#include "regional/case/reach.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/intake_draw.h"
#include "regional/desk/intake_home.h"
#include "regional/node.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR };

/* What was typed, and the ids that it got. */
struct intake {
	struct child child;
	struct family family;
	struct caregiver caregiver;
	struct custody custody;
	struct reach reach;
	struct kase_intake origin;
	struct coordinator other;
	struct consent consent;
	int64_t practice, kase, home; /* home 0: a household of its own */
	int32_t opened;
	bool grown_up; /* a caregiver is named */
};

static struct records *records_of(struct page *p)
{
	return &((struct desk *)p->site)->n->rec;
}

static int intake_page(struct page *p)
{
	page_title(p, "New case");
	page_nav(p, "cases");
	page_crumb(p, "/cases", "Cases");
	return intake_draw(p);
}

/* --- what was typed --- */

static void read_child(struct page *p, struct intake *i)
{
	struct child *c = &i->child;

	page_form_text(p, "given", c->given, sizeof c->given);
	page_form_text(p, "family", c->family, sizeof c->family);
	page_form_text(p, "sex", c->sex, sizeof c->sex);
	c->birth = NO_DATE;
	if (page_form_date(p, "birth", &c->birth) == 0 && c->birth == NO_DATE)
		page_error(p, "birth", "Enter the child’s birth date");
	else if (c->birth != NO_DATE && c->birth > p->today)
		page_error(p, "birth", "The birth date is in the future");
	if (!*c->given && !*c->family && !page_error_of(p, "given"))
		page_error(p, "given",
			   "Enter a given name, a family name, or both");
}

static void read_caregiver(struct page *p, struct intake *i)
{
	struct caregiver *c = &i->caregiver;
	struct reach *w = &i->reach;
	int n;
	const char *const *is = page_form_all(p, "phone_is", &n);

	page_form_text(p, "c_given", c->given, sizeof c->given);
	page_form_text(p, "c_family", c->surname, sizeof c->surname);
	c->active = true;
	i->grown_up = *c->given || *c->surname;
	page_form_text(p, "relation", i->custody.relation,
		       sizeof i->custody.relation);
	page_form_text(p, "custody", i->custody.custody,
		       sizeof i->custody.custody);
	page_form_text(p, "authority", i->custody.authority,
		       sizeof i->custody.authority);
	i->custody.since = i->custody.until = NO_DATE;
	if (i->grown_up && !*i->custody.relation)
		page_error(p, "relation",
			   "Choose what the caregiver is to the child");
	page_form_text(p, "language", i->family.language,
		       sizeof i->family.language);
	i->family.interpreter = page_form(p, "interpreter") != NULL;
	page_form_text(p, "phone", w->value, sizeof w->value);
	snprintf(w->way, sizeof w->way, "phone");
	w->active = true;
	for (int k = 0; k < n; k++) {
		w->safe |= strcmp(is[k], "safe") == 0;
		w->message |= strcmp(is[k], "message") == 0;
	}
	w->preferred = w->safe;
	if (*w->value && !i->grown_up)
		page_error(p, "c_given",
			   "Enter the name of the caregiver whose number it "
			   "is");
}

/* Needs or scopes that were chosen, into @out of @room. */
static int read_boxes(struct page *p, const char *name, int room,
		      char out[][VOCABULARY_ID])
{
	int n;
	const char *const *all = page_form_all(p, name, &n);

	if (n > room) {
		page_error(p, name, "Choose at most %d", room);
		return 0;
	}
	for (int k = 0; k < n; k++)
		snprintf(out[k], VOCABULARY_ID, "%s", all[k]);
	return n;
}

static void read_origin(struct page *p, struct intake *i)
{
	struct kase_intake *o = &i->origin;
	struct coordinator *c = &i->other;
	const char *leads = page_form(p, "leads");

	page_form_text(p, "source", o->source, sizeof o->source);
	page_form_text(p, "source_name", o->source_name, sizeof o->source_name);
	if (!*o->source)
		page_error(p, "source", "Choose who referred the child");
	page_form_int(p, "practice", 1, INT64_MAX, &i->practice);
	o->expected = read_boxes(p, "expected", KASE_FOCI, o->provider);
	o->first = read_boxes(p, "first", KASE_FOCI, o->family);
	i->opened = NO_DATE;
	if (page_form_date(p, "opened", &i->opened) == 0 &&
	    i->opened == NO_DATE)
		page_error(p, "opened", "Enter the day the case is opened");
	else if (i->opened != NO_DATE && i->child.birth != NO_DATE &&
		 i->opened < i->child.birth)
		page_error(p, "opened", "This is before the child was born");
	o->intake = i->opened;
	page_form_text(p, "o_name", c->name, sizeof c->name);
	page_form_text(p, "o_program", c->program, sizeof c->program);
	page_form_text(p, "o_reach", c->reach, sizeof c->reach);
	c->leads = leads && strcmp(leads, "they") == 0;
	c->since = c->until = NO_DATE;
	if ((*c->program || *c->reach || c->leads) && !*c->name)
		page_error(p, "o_name", "Enter the coordinator’s name");
	if (*c->name && !*c->program)
		page_error(p, "o_program", "Enter the coordinator’s program");
}

static void read_consent(struct page *p, struct intake *i)
{
	struct consent *c = &i->consent;

	c->scopes = read_boxes(p, "scope", CONSENT_SCOPES, c->scope);
	c->until = c->withdrawn = NO_DATE;
	c->since = c->signed_on = records_today(records_of(p));
	snprintf(c->authority, sizeof c->authority, "%s", i->custody.authority);
	if (c->scopes == 0)
		return;
	if (!i->grown_up)
		page_error(p, "c_given",
			   "Enter the name of the caregiver who signed");
	if (!*c->authority)
		page_error(p, "authority",
			   "Choose in which right the caregiver signed");
}

/* Nothing is merged by itself: whoever types it in has looked, and said so. */
static int ask_likely(struct page *p)
{
	const char *said = page_form(p, "another");
	struct duplicate *d = NULL;
	size_t n = 0;
	int x = intake_likely(p, &d, &n);

	if (x < 0 || n == 0)
		return x;
	if (!said || strcmp(said, intake_likely_text(p, d, n)) != 0)
		page_error(p, "another",
			   "This child may be known already: open the record "
			   "that exists, or say that it is another child");
	return 0;
}

/* --- writing it --- */

/* @x becomes an error of @field if it is about what was typed. */
static int about(struct page *p, int x, const char *field)
{
	if (x == E_DENIED || x == E_NOTFOUND) {
		page_error(p, field, "%s", err_text(x));
		x = 0;
	}
	x = page_refuse(p, x, field);
	/* One error is enough: nothing of it will stay. */
	return x == 0 && page_errors(p) ? 1 : x;
}

static int write_child(struct page *p, struct intake *i)
{
	struct records *r = records_of(p);
	int64_t id;
	int x;

	if ((x = about(p, child_add(r, &i->child, &i->child.id), "given")) != 0)
		return x;
	if (i->home) {
		i->family.id = i->home;
		return about(p,
			     family_join(r, i->home, i->child.id, true, NO_DATE,
					 &id),
			     "home");
	}
	snprintf(i->family.name, sizeof i->family.name, "%.*s family",
		 NAME_TEXT - 8,
		 *i->child.family ? i->child.family : i->child.given);
	if ((x = about(p, family_add(r, &i->family, &i->family.id),
		       "language")) != 0)
		return x;
	return about(
		p,
		family_join(r, i->family.id, i->child.id, true, NO_DATE, &id),
		NULL);
}

static int write_caregiver(struct page *p, struct intake *i)
{
	struct records *r = records_of(p);
	int64_t id;
	int x;

	if (!i->grown_up)
		return 0;
	i->caregiver.family = i->family.id;
	x = i->home ? intake_home_carer(p, i->home, i->caregiver.given,
					i->caregiver.surname, &i->caregiver.id)
		    : 0;
	if (x < 0)
		return x;
	if (!i->caregiver.id &&
	    (x = about(p, caregiver_add(r, &i->caregiver, &i->caregiver.id),
		       "c_given")) != 0)
		return x;
	i->custody.child = i->child.id;
	i->custody.caregiver = i->caregiver.id;
	if ((x = about(p, custody_add(r, &i->custody, &i->custody.id),
		       "relation")) != 0)
		return x;
	i->reach.caregiver = i->caregiver.id;
	if (*i->reach.value && i->home &&
	    db_int(p->db, &id,
		   "SELECT id FROM reach WHERE caregiver = ? AND value = ?",
		   "is", i->caregiver.id, i->reach.value) == 0)
		return 0;
	return *i->reach.value ? about(p, reach_add(r, &i->reach, &i->reach.id),
				       "phone")
			       : 0;
}

static int write_case(struct page *p, struct intake *i)
{
	const struct child_practice of = {.child = i->child.id,
					  .practice = i->practice,
					  .since = i->opened,
					  .until = NO_DATE};
	struct records *r = records_of(p);
	int64_t id;
	int x;

	if ((x = about(p, kase_open(r, i->child.id, i->opened, &i->kase),
		       "opened")) != 0 ||
	    (x = about(p, kase_set_intake(r, i->kase, &i->origin), "source")) !=
		    0)
		return x;
	if (i->practice &&
	    (x = about(p, practice_assign(r, &of, &id), "practice")) != 0)
		return x;
	i->other.kase = i->kase;
	if (*i->other.name &&
	    (x = about(p, coordinator_add(r, &i->other, &id), "o_name")) != 0)
		return x;
	if (!page_form(p, "mine") || !p->who->staff)
		return 0;
	return about(p,
		     assignment_set(r, i->kase, p->who->staff, i->opened,
				    "Took the intake", &id),
		     "mine");
}

static int write_consent(struct page *p, struct intake *i)
{
	int64_t id;

	if (i->consent.scopes == 0)
		return 0;
	i->consent.child = i->child.id;
	i->consent.signer = i->caregiver.id;
	return about(p, consent_add(records_of(p), &i->consent, &id),
		     "authority");
}

static int intake_post(struct page *p)
{
	struct intake *i = arena_alloc(&p->a, sizeof *i);
	int x;

	if (!i)
		return E_NOMEM;
	read_child(p, i);
	read_caregiver(p, i);
	read_origin(p, i);
	read_consent(p, i);
	page_form_int(p, "home", 1, INT64_MAX, &i->home);
	x = i->home ? intake_home_may(p, i->home) : 0;
	if (x == 0)
		x = ask_likely(p);
	if (x < 0 || page_errors(p))
		return x;
	if ((x = write_child(p, i)) != 0 || (x = write_caregiver(p, i)) != 0 ||
	    (x = write_case(p, i)) != 0 || (x = write_consent(p, i)) != 0)
		return x < 0 ? x : 0;
	page_redirect(p, "/child/%lld", (long long)i->child.id);
	page_note(p, NULL, NULL, "The case of %s%s%s is open.", i->child.given,
		  *i->child.given && *i->child.family ? " " : "",
		  i->child.family);
	return 0;
}

const struct page_route desk_intake_routes[] = {
	{PAGE_GET, "/case/new", OF_CASES, intake_page, 0},
	{PAGE_POST, "/case/new", OF_CASES, intake_post, 0},
	{0},
};
