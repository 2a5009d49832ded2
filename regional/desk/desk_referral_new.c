/* A new referral: for which need, to which service that fits, by which
 * consent. */
#include <string.h>
#include <strings.h>

#include "daemon/core/err.h"
#include "daemon/web/tpl_buttons.h"
#include "daemon/web/tpl_empty.h"
#include "daemon/web/tpl_pairs.h"
#include "regional/case/consent.h"
#include "regional/case/directory.h"
#include "regional/case/kase.h"
#include "regional/case/need.h"
#include "regional/case/organization.h"
#include "regional/case/referral.h"
#include "regional/desk/child_head.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/desk_word.h"
#include "regional/desk/directory_text.h"
#include "regional/desk/tpl_referral_new.h"
#include "regional/desk/word_field.h"
#include "regional/node.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR };
enum { SHOWN = 50, NEEDS = 40, MARKS = 400, YEAR = 365 };

static struct records *records_of(struct page *p)
{
	return &((struct desk *)p->site)->n->rec;
}

struct listing {
	struct page *p;
	struct arena_list rows;
	int64_t child, need;
	const struct directory_search *fit; /* what the child asks for */
};

/* --- which need --- */

static int on_need(void *arg, const struct need *n)
{
	struct listing *l = arg;
	struct tpl_referral_new_pick *row;

	if (n->closed != NO_DATE)
		return 0;
	row = arena_add(&l->rows);
	if (!row)
		return E_NOMEM;
	row->title = desk_word(l->p, WORDS_NEED, n->domain);
	row->since = day_text(&l->p->a, n->found);
	row->href = arena_str(&l->p->a, "child/%lld/referral/new?need=%lld",
			      (long long)l->child, (long long)n->id);
	return 0;
}

static int set_pick(struct page *p, const struct child_head *c,
		    struct tpl_referral_new *t)
{
	struct listing l = {
		.p = p,
		.rows = {.arena = &p->a,
			 .size = sizeof(struct tpl_referral_new_pick)},
		.child = c->child};
	struct tpl_empty *none = arena_alloc(&p->a, sizeof *none);
	int x = c->kase == 0 ? 0
			     : need_list(p->db, c->kase, 0, NEEDS, on_need, &l);

	t->add = arena_str(&p->a, "child/%lld/need/new", (long long)c->child);
	t->pick = l.rows.items;
	t->pick_n = l.rows.n;
	if (none && l.rows.n == 0) {
		none->text = "No need is open. A referral is made for a need.";
		none->act = "Add a need";
		none->href = t->add;
		t->none = none;
	}
	return x;
}

/* --- which service --- */

/* What of it does not fit, "" if all does: the same questions as
 * directory_find asks. */
static int misfit(struct page *p, const struct directory_search *s,
		  const struct directory_line *d, const char **out)
{
	char set[MARKS];
	const char *why = "";
	int x = 0;

	if (s->age >= 0 && ((d->age_from >= 0 && s->age < d->age_from) ||
			    (d->age_to >= 0 && s->age > d->age_to)))
		why = arena_str(&p->a, "not for age %lld", (long long)s->age);
	if (*s->language) {
		x = sheet_marks(p->db, &directory_languages, d->id, set,
				sizeof set);
		if (x == 0 && *set &&
		    !directory_text_has(set, s->language, strlen(s->language)))
			why = arena_str(
				&p->a, "%s%snot in %s", why, *why ? ", " : "",
				desk_word(p, WORDS_LANGUAGE, s->language));
	}
	if (x == 0 && *s->place) {
		x = sheet_marks(p->db, &directory_places, d->id, set,
				sizeof set);
		if (x == 0 && *set &&
		    !directory_text_has(set, s->place, strlen(s->place)))
			why = arena_str(&p->a, "%s%snot in %s", why,
					*why ? ", " : "", s->place);
	}
	*out = why;
	return x;
}

static int on_service(void *arg, const void *row)
{
	const struct directory_line *d = row;
	struct listing *l = arg;
	struct tpl_referral_new_services *s = arena_add(&l->rows);
	struct page *p = l->p;

	if (!s)
		return E_NOMEM;
	s->name = arena_dup(&p->a, d->name);
	s->by = arena_dup(&p->a, d->offered_by);
	s->ages = directory_text_ages(p, d->age_from, d->age_to);
	s->openings = directory_text_openings(p, d);
	s->verified = directory_text_verified(p, d->verified);
	s->stale = directory_text_stale(p, d->verified);
	s->href = arena_str(
		&p->a, "child/%lld/referral/new?need=%lld&service=%lld",
		(long long)l->child, (long long)l->need, (long long)d->id);
	return misfit(p, l->fit, d, &s->misfit);
}

/* The language of the home, unless the form asks for another or for any. */
static const char *wanted_language(struct page *p, const struct child_head *c)
{
	const char *language = page_query(p, "language");

	if (language)
		return language;
	return page_query(p, "asked") ? "" : c->language;
}

static int set_services(struct page *p, const struct child_head *c,
			const struct need *n, struct tpl_referral_new *t)
{
	struct listing l = {
		.p = p,
		.rows = {.arena = &p->a,
			 .size = sizeof(struct tpl_referral_new_services)},
		.child = c->child,
		.need = n->id};
	const char *place = page_query(p, "place");
	const char *text = page_query(p, "text");
	const struct directory_search fit = {
		.text = text ? text : "",
		.need = n->domain,
		.place = place ? place : "",
		.language = wanted_language(p, c),
		.age = c->birth == NO_DATE ? SHEET_UNKNOWN
					   : (p->today - c->birth) / YEAR};
	const struct directory_search any = {.text = fit.text,
					     .need = n->domain,
					     .place = "",
					     .language = "",
					     .age = SHEET_UNKNOWN};
	bool all = page_query(p, "all") != NULL;
	int x;

	l.fit = &fit;
	x = directory_find(p->db, all ? &any : &fit, 0, SHOWN, on_service, &l);
	t->services = l.rows.items;
	t->services_n = l.rows.n;
	t->services_said = arena_str(&p->a, "Who can help with %s",
				     word_within(p, WORDS_NEED, n->domain));
	t->fit = all ? "All for this need, with what does not fit"
		     : "Services that fit the need and the child’s age";
	t->other_said = all ? "Only those that fit" : "All for this need";
	t->other = arena_str(&p->a,
			     "%s?need=%lld&asked=1&text=%s&place=%s"
			     "&language=%s%s",
			     p->req->path, (long long)n->id,
			     page_url(p, fit.text), page_url(p, fit.place),
			     page_url(p, fit.language), all ? "" : "&all=1");
	t->here = p->req->path;
	t->text = fit.text;
	t->place = fit.place;
	t->language = word_select(p, WORDS_LANGUAGE, "language", "In",
				  "Any language", fit.language);
	return x;
}

/* --- with consent --- */

/* Read with the page's own connection. */
static int may_refer(struct page *p, int64_t child, int64_t organization)
{
	struct records r = {.db = p->db, .words = records_of(p)->words};
	const struct consent_receiver to = {.organization = organization};

	return consent_allows(&r, child, "refer", &to, p->today, NULL);
}

static int set_sending(struct page *p, const struct child_head *c,
		       const struct service *s, struct tpl_referral_new *t)
{
	struct tpl_pairs *pairs = arena_alloc(&p->a, sizeof *pairs);
	struct tpl_pairs_pairs *pair = arena_alloc(&p->a, 4 * sizeof *pair);
	struct tpl_buttons *b = arena_alloc(&p->a, sizeof *b);
	struct directory_service d;
	struct organization o = {0};
	struct tpl_field *because;
	int x = directory_get(p->db, s->id, &d);

	if (x == 0 && s->organization)
		x = organization_get(p->db, s->organization, &o);
	if (x < 0)
		return x;
	if (!pairs || !pair || !b)
		return E_NOMEM;
	pair[0].name = "Service";
	pair[0].text = arena_dup(&p->a, s->name);
	pair[0].meta = arena_dup(&p->a, o.name);
	pair[1].name = "Phone";
	pair[1].text = *d.phone ? arena_dup(&p->a, d.phone) : "not known";
	pair[2].name = "For whom";
	pair[2].text = *d.eligibility ? arena_dup(&p->a, d.eligibility)
				      : "not said";
	pair[3].name = "Listing";
	pair[3].text = directory_text_verified(p, d.verified);
	*pairs = (struct tpl_pairs){.pairs = pair, .pairs_n = 4};
	t->chosen = pairs;
	if (directory_text_stale(p, d.verified))
		t->stale_said = "Nobody has checked this listing for half a "
				"year: call before you send a family there.";
	x = may_refer(p, c->child, s->organization);
	if (x == E_DENIED)
		t->consent_said = "No consent that is in force lets you refer "
				  "the family there.";
	else if (x < 0)
		return x;
	err_clear();
	because =
		word_line(p, "because", "Why it can’t wait for a consent", "");
	if (because)
		because->maxlength = CONSENT_WHY - 1;
	t->because = t->consent_said ? because : NULL;
	t->on = word_day(p, "on", "Sent on", p->today);
	t->sending = true;
	t->service = s->id;
	t->action = p->req->path;
	t->csrf = page_csrf(p);
	b->title = "Send the referral";
	b->name = "do";
	b->value = "send";
	b->other = "Keep it as a draft";
	b->other_name = "do";
	b->other_value = "draft";
	b->cancel =
		arena_str(&p->a, "child/%lld/referrals", (long long)c->child);
	t->buttons = b;
	return 0;
}

static int the_need(struct page *p, const struct child_head *c, int64_t id,
		    struct need *n)
{
	struct kase k;
	int x = need_get(p->db, id, n);

	if (x == 0)
		x = kase_get(p->db, n->kase, &k);
	return x == 0 && k.child != c->child ? E_NOTFOUND : x;
}

/* Of the address, or of the form that comes again. */
static int64_t chosen(struct page *p, const char *name)
{
	int64_t id = page_query_int(p, name, 1, INT64_MAX / 2, 0);

	if (page_again(p))
		page_form_int(p, name, 1, INT64_MAX / 2, &id);
	return id;
}

static int new_page(struct page *p)
{
	struct tpl_referral_new *t = arena_alloc(&p->a, sizeof *t);
	int64_t service = chosen(p, "service");
	struct child_head c;
	struct service s;
	struct need n;
	int x = child_head(p, "referrals", &c);

	if (x != 0)
		return x;
	if (!t)
		return E_NOMEM;
	t->need = chosen(p, "need");
	if (t->need != 0 && (x = the_need(p, &c, t->need, &n)) < 0)
		return x;
	if (t->need == 0)
		x = set_pick(p, &c, t);
	else if (service == 0)
		x = set_services(p, &c, &n, t);
	else if ((x = service_get(p->db, service, &s)) == 0)
		x = set_sending(p, &c, &s, t);
	if (x < 0)
		return x;
	tpl_referral_new(page_body(p), t);
	return 0;
}

static int new_post(struct page *p)
{
	int64_t need = 0, service = 0, id;
	const char *act = page_form(p, "do"), *because;
	struct records *r = records_of(p);
	int32_t on = p->today;
	struct child_head c;
	struct need n;
	bool send = !act || strcmp(act, "draft") != 0;
	int x = child_head_quiet(p, &c);

	if (x != 0)
		return x;
	because = page_form(p, "because");
	if ((x = page_form_int(p, "need", 1, INT64_MAX / 2, &need)) < 0 ||
	    (x = page_form_int(p, "service", 1, INT64_MAX / 2, &service)) < 0 ||
	    (x = page_form_date(p, "on", &on)) < 0 ||
	    (x = the_need(p, &c, need, &n)) < 0)
		return x;
	x = referral_add(r, need, 0, service, on, &id);
	if (x < 0)
		return page_refuse(p, x, "on");
	if (send && (x = referral_send(r, id, on, because)) == E_DENIED) {
		page_error(p, "because",
			   "The family has not consented. Ask them first, or "
			   "say why it can’t wait");
		return 0;
	}
	if (x < 0)
		return page_refuse(p, x, "on");
	page_redirect(p, "/child/%lld/referral/%lld", (long long)c.child,
		      (long long)id);
	page_note(p,
		  arena_str(&p->a, "/child/%lld/referral/%lld",
			    (long long)c.child, (long long)id),
		  "error", "%s", send ? "Sent." : "Kept as a draft.");
	return 0;
}

const struct page_route desk_referral_new_routes[] = {
	{PAGE_GET, "/child/{id}/referral/new", OF_CASES, new_page, 0},
	{PAGE_POST, "/child/{id}/referral/new", OF_CASES, new_post, 0},
	{0},
};
