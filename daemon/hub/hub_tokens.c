#include "daemon/hub/hub_tokens.h"

#include "daemon/core/err.h"
#include "daemon/hub/api_token.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/hub_form.h"
#include "daemon/hub/hub_ta.h"
#include "daemon/hub/hub_table.h"
#include "daemon/hub/tpl_hub_lists.h"
#include "daemon/web/html.h"
#include "daemon/web/tpl_empty.h"

struct listing {
	struct page *p;
	struct hub_table t;
};

static int on_token(void *arg, const struct api_token *k)
{
	struct listing *l = arg;
	struct arena *a = &l->p->a;

	if (!hub_table_row(&l->t, arena_dup(a, k->title), NULL))
		return E_NOMEM;
	hub_table_text(&l->t, hub_instant(a, k->made_utc_ms));
	hub_table_text(&l->t, hub_ta_who(l->p, arena_dup(a, k->made_by)));
	if (k->revoked_utc_ms)
		hub_table_text(&l->t,
			       arena_str(a, "revoked %s",
					 hub_instant(a, k->revoked_utc_ms)));
	else
		hub_table_link(
			&l->t, "Revoke",
			arena_str(a, "tokens/%lld/revoke", (long long)k->id));
	return 0;
}

static int get_tokens(struct page *p)
{
	static const char *const TITLE[] = {"Whose", "Made", "By", "State"};
	static const struct tpl_empty NONE = {.text = "There is no key yet."};
	struct listing l = {.p = p};
	struct tpl_hub_lists_sections s = {
		.id = "keys", .title = "Keys", .empty = &NONE};
	struct tpl_hub_lists v = {.sections = &s, .sections_n = 1};
	struct hub_form f;
	int r;

	hub_table_begin(&l.t, &p->a, 3);
	r = api_token_list(p->db, on_token, &l);
	if (r < 0)
		return r;
	s.table = hub_table_end(&l.t, "Keys of programs", TITLE);
	page_title(p, "Keys for programs");
	page_crumb(p, "releases", "Numbers received");
	hub_form_begin(&f, p);
	f.no_draft = true;
	hub_form_intro(&f, "A program reads the state's figures under /api/v1 "
			   "with a key of its own; /api/v1/openapi.json "
			   "describes how. It gets what the pages show, and "
			   "can change nothing.");
	hub_form_text(&f, "title", "Whose key it is", NULL,
		      "Like: dashboard of the Department of Public Health",
		      API_TOKEN_TITLE - 1);
	hub_form_draw(&f, "tokens", "Make a key", NULL);
	tpl_hub_lists(page_body(p), &v);
	return 0;
}

/* The key stands on this page alone; nobody can read it again. */
static int post_tokens(struct page *p)
{
	const struct hub *h = p->site;
	char name[64], token[SECRET_TOKEN];
	struct ta_hand by = hub_ta_hand(p, name);
	struct tpl_hub_lists_intro intro[2] = {
		{.text = "Copy it now: it is not stored, and can't be shown "
			 "again."}};
	struct tpl_hub_lists v = {.intro = intro, .intro_n = 2};
	int64_t id;
	int r = api_token_add(&by, h->rng, page_form(p, "title"), token, &id);

	if (r < 0)
		return page_refuse(p, r, "title");
	intro[1].text = arena_dup(&p->a, token);
	page_status(p, 200);
	page_title(p, "The new key");
	page_crumb(p, "tokens", "Keys for programs");
	tpl_hub_lists(page_body(p), &v);
	return 0;
}

static int get_revoke(struct page *p)
{
	struct hub_form f;
	int64_t id;
	int r = page_param_id(p, "id", &id);

	if (r < 0)
		return r;
	page_title(p, "Revoke key %lld?", (long long)id);
	page_crumb(p, "tokens", "Keys for programs");
	hub_form_begin(&f, p);
	hub_form_intro(&f,
		       "The program that has it can read nothing more, at "
		       "once. This can't be undone; a new key can be made.");
	hub_form_draw(&f, arena_str(&p->a, "tokens/%lld/revoke", (long long)id),
		      "Revoke it", "tokens");
	return 0;
}

static int post_revoke(struct page *p)
{
	char name[64];
	struct ta_hand by = hub_ta_hand(p, name);
	int64_t id;
	int r = page_param_id(p, "id", &id);

	if (r == 0)
		r = api_token_revoke(&by, id);
	if (r < 0)
		return r;
	page_note(p, NULL, NULL, "The key is revoked.");
	page_redirect(p, "/tokens");
	return 0;
}

const struct page_route hub_tokens_routes[] = {
	{PAGE_GET, "/tokens", ROLE_OPERATOR, get_tokens, 0},
	{PAGE_POST, "/tokens", ROLE_OPERATOR, post_tokens, 0},
	{PAGE_GET, "/tokens/{id}/revoke", ROLE_OPERATOR, get_revoke, 0},
	{PAGE_POST, "/tokens/{id}/revoke", ROLE_OPERATOR, post_revoke, 0},
	{0},
};
