#include "regional/desk/desk_word.h"

#include "daemon/web/page.h"
#include "proto/catalogue.h"
#include "proto/instrument.h"
#include "regional/desk/desk.h"
#include "regional/node.h"

static const struct node *node_of(struct page *p)
{
	return ((const struct desk *)p->site)->n;
}

const char *desk_word(struct page *p, enum words list, const char *id)
{
	const struct vocabulary *v = node_of(p)->rec.words;
	int i = vocabulary_find(v, list, id);

	return i < 0 ? arena_dup(&p->a, id)
		     : vocabulary_word(v, list, i)->title;
}

const char *desk_word_lower(struct page *p, enum words list, const char *id)
{
	char *out = arena_dup(&p->a, desk_word(p, list, id));

	if (out && out[0] >= 'A' && out[0] <= 'Z')
		out[0] = (char)(out[0] - 'A' + 'a');
	return out;
}

const char *desk_word_instrument(struct page *p, const char *id)
{
	const struct catalogue *c = node_of(p)->cat;
	int i = catalogue_find_instrument(c, id);

	return i < 0 ? arena_dup(&p->a, id) : catalogue_instrument(c, i)->title;
}
