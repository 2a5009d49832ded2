#include "regional/desk/cards.h"

#include "daemon/web/page.h"
#include "daemon/web/tpl_pager.h"

static void new_pairs(struct cards *c)
{
	c->pairs = (struct arena_list){.arena = &c->p->a,
				       .size = sizeof(struct tpl_pairs_pairs)};
}

void cards_begin(struct cards *c, struct page *p)
{
	*c = (struct cards){.p = p,
			    .cards = {.arena = &p->a,
				      .size = sizeof(struct tpl_cards_cards)}};
	new_pairs(c);
}

struct tpl_pairs_pairs *cards_pair(struct cards *c, const char *name,
				   const char *text)
{
	static _Thread_local struct tpl_pairs_pairs lost;
	struct tpl_pairs_pairs *pair = text && *text ? arena_add(&c->pairs)
						     : NULL;

	if (!pair)
		return &lost;
	pair->name = name;
	pair->text = text;
	return pair;
}

struct tpl_cards_cards *cards_add(struct cards *c, const char *id,
				  const char *title)
{
	static _Thread_local struct tpl_cards_cards lost;
	struct tpl_cards_cards *card = arena_add(&c->cards);
	struct tpl_pairs *pairs;

	if (!card)
		return &lost;
	card->id = id;
	card->title = title;
	pairs = c->pairs.n ? arena_alloc(&c->p->a, sizeof *pairs) : NULL;
	if (pairs) {
		*pairs = (struct tpl_pairs){.pairs = c->pairs.items,
					    .pairs_n = c->pairs.n};
		card->pairs = pairs;
		new_pairs(c);
	}
	return card;
}

struct tpl_cards_cards *cards_table(struct cards *c, const char *id,
				    const char *title,
				    const struct tpl_table *table,
				    const char *empty)
{
	struct tpl_cards_cards *card = cards_add(c, id, title);

	card->table = table;
	card->empty = table ? NULL : empty;
	return card;
}

void cards_pager(struct cards *c, const char *base, int64_t offset, size_t n,
		 int64_t step, bool more)
{
	struct arena *a = &c->p->a;
	struct tpl_pager *pager = arena_alloc(a, sizeof *pager);

	if (!pager || (offset == 0 && !more))
		return;
	pager->text = arena_str(a, "%lld to %lld", (long long)offset + 1,
				(long long)(offset + (int64_t)n));
	if (offset > 0)
		pager->previous = arena_str(
			a, "%soffset=%lld", base,
			(long long)(offset > step ? offset - step : 0));
	if (more)
		pager->next = arena_str(a, "%soffset=%lld", base,
					(long long)(offset + step));
	c->pager = pager;
}

void cards_draw(struct cards *c)
{
	struct tpl_cards t = {.cards = c->cards.items,
			      .cards_n = c->cards.n,
			      .here = c->p->req->path,
			      .csrf = page_csrf(c->p),
			      .pager = c->pager};

	tpl_cards(page_body(c->p), &t);
}
