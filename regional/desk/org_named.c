#include "regional/desk/org_named.h"

#include <string.h>
#include <strings.h>

#include "daemon/core/err.h"
#include "daemon/web/page.h"

enum { LOOK = 200, SAID = 5 };

struct named {
	struct page *p;
	const char *name, *said;
	int64_t exact, only;
	int n;
};

static int on_org(void *arg, const struct organization *o)
{
	struct named *m = arg;

	if (!o->active)
		return 0;
	if (strcasecmp(o->name, m->name) == 0)
		m->exact = o->id;
	m->only = o->id;
	if (m->n++ < SAID)
		m->said = arena_str(&m->p->a, "%s%s%s", m->said,
				    *m->said ? "; " : "", o->name);
	return 0;
}

int org_named(struct page *p, const char *field, const char *name, int64_t *out)
{
	struct named m = {.p = p, .name = name, .said = ""};
	int x = organization_list(p->db, name, 0, LOOK, on_org, &m);

	*out = m.exact ? m.exact : m.n == 1 ? m.only : 0;
	if (x < 0)
		return page_refuse(p, x, field);
	if (*out == 0 && m.n == 0)
		page_error(p, field,
			   "The directory has no organization called \"%s\": "
			   "add it there first",
			   name);
	else if (*out == 0)
		page_error(p, field, "Several are called so: %s%s", m.said,
			   m.n > SAID ? " and more" : "");
	return 0;
}
