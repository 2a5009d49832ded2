#include "daemon/web/page_impl.h"

#include <string.h>

#include "daemon/web/asset.h"
#include "daemon/web/tpl_trouble.h"

static void put_nav(struct page_call *c)
{
	const struct site_hooks *k = c->s->hooks;
	struct tpl_layout_head_nav *nav =
		arena_alloc(&c->p.a, ((size_t)k->n_nav + 1) * sizeof *nav);
	size_t n = 0;

	for (int i = 0; nav && i < k->n_nav; i++) {
		const struct page_nav *from = &k->nav[i];
		bool current = c->nav && strcmp(c->nav, from->key) == 0;

		if (!(from->roles & c->person.roles))
			continue;
		nav[n++] = (struct tpl_layout_head_nav){
			.end = from->end,
			.href = from->href,
			.title = from->title,
			.current = current,
			.here = current &&
				strcmp(c->req->path, from->href) == 0,
		};
	}
	c->head.nav = nav;
	c->head.nav_n = nav ? n : 0;
}

static void put_errors(struct page_call *c)
{
	const struct page_fault *f = c->fault.items;
	struct tpl_layout_head_errors *e =
		arena_alloc(&c->p.a, (c->fault.n + 1) * sizeof *e);

	for (size_t i = 0; e && i < c->fault.n; i++)
		e[i] = (struct tpl_layout_head_errors){f[i].field, f[i].text};
	c->head.errors = e;
	c->head.errors_n = e ? c->fault.n : 0;
}

static void put_note(struct page_call *c)
{
	struct tpl_layout_head *v = &c->head;

	v->note = c->flash;
	v->undo = c->flash_undo;
	v->undo_value = c->flash_value;
	if (!v->note && c->draft_text)
		v->note = arena_str(&c->p.a,
				    "Not saved yet: the form shows what you "
				    "typed on %s.",
				    c->draft_at);
	if (!c->flash && c->draft_text) {
		v->undo = "/draft/discard";
		v->undo_value = c->req->path;
		v->undo_title = "Throw it away";
	}
}

void page_layout_begin(struct page_call *c)
{
	const struct site_hooks *k = c->s->hooks;
	struct tpl_layout_head *v = &c->head;

	v->lang = lang_code(c->p.lang);
	v->site = k->name;
	v->place = k->place;
	v->home = k->home;
	v->banner = k->banner;
	v->banner_rest = k->banner_rest;
	v->practice = k->practice;
	v->icon = asset_path("icon.svg");
	v->style = asset_path("style.css");
	v->script = asset_path("app.js");
	v->charts = v->charts ? asset_path("charts.js") : NULL;
	if (c->p.who) {
		v->find = k->find;
		v->find_label = k->find_label;
		v->find_hint = k->find_hint;
		v->who = c->person.title;
		v->account = "/account";
		v->alarm = k->warning && c->p.db ? k->warning(&c->p) : NULL;
		put_nav(c);
	}
	v->csrf = page_csrf(&c->p);
	put_errors(c);
	put_note(c);
	tpl_layout_head(&c->html, v);
}

void page_layout_end(struct page_call *c)
{
	struct tpl_layout_foot v = {
		.lines = c->foot,
		.lines_n = (size_t)c->n_foot,
		.help = c->p.who ? c->s->hooks->help : NULL,
		.sign_out = c->p.who ? "/sign-out" : NULL,
		.csrf = page_csrf(&c->p),
	};

	tpl_layout_foot(&c->html, &v);
}

static const char *title_of(int status)
{
	switch (status) {
	case 400:
		return "This request was not understood";
	case 403:
		return "You may not see this";
	case 404:
		return "There is no such page";
	case 405:
		return "This address is for forms";
	case 422:
		return "This was not saved";
	case 503:
		return "Too busy just now";
	default:
		return "Something went wrong";
	}
}

void page_trouble(struct page_call *c, int status, const char *why)
{
	struct tpl_trouble v = {.why = why};

	page_reset(c);
	page_status(&c->p, status);
	page_title(&c->p, "%s", title_of(status));
	v.home = c->s->hooks->home;
	tpl_trouble(page_body(&c->p), &v);
}
