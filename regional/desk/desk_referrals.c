/* The needs of a child and their referrals; adding a need by hand, and closing
 * one as met or not. */
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/web/tpl_buttons.h"
#include "daemon/web/tpl_radios.h"
#include "regional/case/kase.h"
#include "regional/case/need.h"
#include "regional/desk/child_head.h"
#include "regional/desk/child_loop.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/desk_word.h"
#include "regional/desk/tpl_need_form.h"
#include "regional/desk/tpl_referrals.h"
#include "regional/desk/word_field.h"
#include "regional/node.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR };

static struct records *records_of(struct page *p)
{
	return &((struct desk *)p->site)->n->rec;
}

static void set_need(struct page *p, const struct child_head *c,
		     const struct overview_need *n,
		     struct tpl_referrals_needs *row)
{
	struct child_loop_act act;

	child_loop_act(p, c->child, n, &act);
	row->title = desk_word(p, WORDS_NEED, n->domain);
	row->met = strcmp(n->state, "met") == 0;
	row->source = arena_str(&p->a, "Found %s: %s",
				day_text(&p->a, n->found),
				desk_word(p, WORDS_NEED_SOURCE, n->source));
	if (n->referral != 0) {
		row->href = arena_str(&p->a, "child/%lld/referral/%lld",
				      (long long)c->child,
				      (long long)n->referral);
		row->with = n->service[0]	 ? n->service
			    : n->organization[0] ? n->organization
						 : "The referral";
	}
	row->steps = child_loop(p, n);
	row->act = act.title;
	row->go = act.href;
	row->close = act.close;
	row->other = n->received != NO_DATE ? "Not met" : "Close the need";
	row->said = n->reason[0] ? desk_word(p, WORDS_BARRIER, n->reason) : "";
}

static int list_page(struct page *p)
{
	struct tpl_referrals_needs *row;
	struct tpl_referrals t = {0};
	struct child_head c;
	struct overview o;
	int x = child_head(p, "referrals", &c);

	if (x != 0)
		return x;
	x = child_overview(p->db, &p->a, c.child, c.kase, p->today, &o);
	if (x < 0)
		return x;
	row = arena_alloc(&p->a, o.needs_n * sizeof *row + 1);
	for (size_t i = 0; row && i < o.needs_n; i++)
		set_need(p, &c, &o.needs[i], &row[i]);
	t.needs = row;
	t.needs_n = row ? o.needs_n : 0;
	t.add = arena_str(&p->a, "child/%lld/need/new", (long long)c.child);
	tpl_referrals(page_body(p), &t);
	return 0;
}

/* --- a need by hand --- */

static const struct tpl_buttons *buttons(struct page *p, int64_t child,
					 const char *title)
{
	struct tpl_buttons *b = arena_alloc(&p->a, sizeof *b);

	if (b) {
		b->title = title;
		b->cancel = arena_str(&p->a, "child/%lld/referrals",
				      (long long)child);
	}
	return b;
}

static int new_page(struct page *p)
{
	struct tpl_need_form t = {0};
	struct tpl_select *domain;
	struct child_head c;
	int x = child_head(p, "referrals", &c);

	if (x != 0)
		return x;
	domain = word_select(p, WORDS_NEED, "domain", "The need",
			     "Choose the need", "");
	if (domain)
		domain->required = true;
	t.domain = domain;
	t.source = word_select(p, WORDS_NEED_SOURCE, "source", "Who found it",
			       NULL, "coordinator");
	t.on = word_day(p, "on", "Found on", p->today);
	t.action = p->req->path;
	t.csrf = page_csrf(p);
	t.buttons = buttons(p, c.child, "Add the need");
	tpl_need_form(page_body(p), &t);
	return 0;
}

static int new_post(struct page *p)
{
	const char *domain = page_form(p, "domain");
	const char *source = page_form(p, "source");
	int32_t on = p->today;
	struct child_head c;
	int64_t id;
	int x = child_head_quiet(p, &c);

	if (x != 0)
		return x;
	if (!domain)
		page_error(p, "domain", "Choose the need");
	if ((x = page_form_date(p, "on", &on)) < 0)
		return x;
	if (page_errors(p))
		return 0;
	x = need_add_from(records_of(p), c.kase, domain,
			  source ? source : "coordinator", on, &id);
	if (x < 0)
		return page_refuse(p, x, "on");
	page_redirect(p, "/child/%lld/referral/new?need=%lld",
		      (long long)c.child, (long long)id);
	page_note(p, NULL, NULL, "Added: %s. Now choose who can help.",
		  desk_word(p, WORDS_NEED, domain));
	return 0;
}

/* --- met or not --- */

static int the_need(struct page *p, const struct child_head *c, struct need *n)
{
	struct kase k;
	int64_t id;
	int x = page_param_id(p, "need", &id);

	if (x == 0)
		x = need_get(p->db, id, n);
	if (x == 0)
		x = kase_get(p->db, n->kase, &k);
	if (x == 0 && k.child != c->child)
		x = E_NOTFOUND;
	return x;
}

static const struct tpl_radios *met_field(struct page *p)
{
	struct tpl_radios_options *o = arena_alloc(&p->a, 2 * sizeof *o);
	struct tpl_radios *f = arena_alloc(&p->a, sizeof *f);

	if (!o || !f)
		return NULL;
	o[0].value = "yes";
	o[0].title = "The need is met";
	o[0].chosen = page_chosen(p, "met", "yes", true);
	o[1].value = "no";
	o[1].title = "It is not met, and is closed";
	o[1].chosen = page_chosen(p, "met", "no", false);
	f->name = "met";
	f->label = "How it ends";
	f->options = o;
	f->options_n = 2;
	f->error = page_error_of(p, "met");
	f->required = true;
	return f;
}

static int close_page(struct page *p)
{
	struct tpl_need_form t = {0};
	struct child_head c;
	struct need n;
	int x = child_head(p, "referrals", &c);

	if (x != 0)
		return x;
	if ((x = the_need(p, &c, &n)) < 0)
		return x;
	t.lead = arena_str(&p->a, "%s, found %s.",
			   desk_word(p, WORDS_NEED, n.domain),
			   day_text(&p->a, n.found));
	t.met = met_field(p);
	t.reason = word_select(p, WORDS_BARRIER, "reason",
			       "If it is not met: why", "Choose the reason",
			       "");
	t.on = word_day(p, "on", "On", p->today);
	t.action = p->req->path;
	t.csrf = page_csrf(p);
	t.buttons = buttons(p, c.child, "Close the need");
	page_saw(p, "need", n.id);
	tpl_need_form(page_body(p), &t);
	return 0;
}

static int close_post(struct page *p)
{
	const char *met = page_form(p, "met"), *why = page_form(p, "reason");
	int32_t on = p->today;
	struct child_head c;
	struct need n;
	int x = child_head_quiet(p, &c);

	if (x != 0)
		return x;
	if ((x = the_need(p, &c, &n)) < 0)
		return x;
	page_redirect(p, "/child/%lld/referrals", (long long)c.child);
	if (page_form(p, "undo")) {
		page_note(p, NULL, NULL, "Taken back: the need is open again.");
		return need_reopen(records_of(p), n.id);
	}
	if (!met)
		page_error(p, "met", "Say whether it is met");
	else if (met[0] == 'n' && !why)
		page_error(p, "reason", "Say why it is not met");
	if ((x = page_form_date(p, "on", &on)) < 0)
		return x;
	if (page_errors(p))
		return 0;
	x = need_close(records_of(p), n.id, on, met[0] == 'y',
		       met[0] == 'y' ? "" : why);
	if (x < 0)
		return page_refuse(p, x, "on");
	page_note(p, p->req->path, "1", "Saved: %s is %s.",
		  word_within(p, WORDS_NEED, n.domain),
		  met[0] == 'y' ? "met" : "closed, not met");
	return 0;
}

const struct page_route desk_referrals_routes[] = {
	{PAGE_GET, "/child/{id}/referrals", OF_CASES, list_page, 0},
	{PAGE_GET, "/child/{id}/need/new", OF_CASES, new_page, 0},
	{PAGE_POST, "/child/{id}/need/new", OF_CASES, new_post, 0},
	{PAGE_GET, "/child/{id}/need/{need}", OF_CASES, close_page, 0},
	{PAGE_POST, "/child/{id}/need/{need}", OF_CASES, close_post, 0},
	{0},
};
