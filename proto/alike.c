#include "proto/alike.h"

#include <string.h>

#include "daemon/core/disk.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "proto/catalogue.h"
#include "proto/form.h"

enum { FILE_MAX = 64 * 1024 };

struct entry {
	char as[CATALOGUE_ID], gone[CATALOGUE_ID];
};

struct reader {
	struct fact_table *const *table;
	int n;
	struct entry entry;
};

static const struct form_field field[] = {
	{"as", FORM_ID, offsetof(struct entry, as), CATALOGUE_ID, true, 0, 0},
	{"gone", FORM_ID, offsetof(struct entry, gone), CATALOGUE_ID, true, 0,
	 0},
};

static int find(const struct reader *rd, const char *id)
{
	for (int i = 0; i < rd->n; i++)
		if (strcmp(rd->table[i]->id, id) == 0)
			return i;
	return -1;
}

static bool is_leaf(const struct fact_table *t, int outcome)
{
	for (int o = 0; o < t->n_outcomes; o++)
		if (t->outcome[o].parent == outcome)
			return false;
	return true;
}

/* Does another table go with table @i already? Then @i goes with none: its own
 * blocks, which that one's are unions of, would no longer be its own. */
static bool is_led(const struct reader *rd, int i)
{
	for (int k = 0; k < rd->n; k++)
		if (rd->table[k]->alike && rd->table[k]->as == i)
			return true;
	return false;
}

static int check(const struct reader *rd, int i, int with)
{
	const struct fact_table *t = rd->table[i], *as = rd->table[with];
	const struct entry *e = &rd->entry;
	int gone = fact_table_outcome(t, e->gone);

	if (t == as || as->alike || t->alike || is_led(rd, i))
		return err_set(E_INVALID, "%s is in another pair, or by itself",
			       t->id);
	if (t->kind != FACTS_FLOW || as->kind != FACTS_FLOW || t->plain ||
	    as->plain || strcmp(t->dim_id, as->dim_id) != 0)
		return err_set(E_INVALID,
			       "%s and %s are not both of what happened to "
			       "children, by the same strata",
			       t->id, as->id);
	if (t->matures_days > as->matures_days)
		return err_set(E_INVALID, "%s matures later than %s", t->id,
			       as->id);
	if (gone < 0 || !is_leaf(t, gone))
		return err_set(E_INVALID, "\"%s\" is no last outcome of %s",
			       e->gone, t->id);
	return 0;
}

static int begin(void *arg, struct form_section *s)
{
	struct reader *rd = arg;

	memset(&rd->entry, 0, sizeof rd->entry);
	s->into = &rd->entry;
	if (!*s->name)
		return 0;
	if (!form_section_id(s->name, "alike"))
		return err_set(E_INVALID, "unknown section [%.40s]", s->name);
	s->field = field;
	s->n = sizeof field / sizeof *field;
	return 0;
}

static int end(void *arg, const struct form_section *s)
{
	struct reader *rd = arg;
	struct fact_table *t;
	int i, as, r;

	if (!*s->name)
		return 0;
	i = find(rd, form_section_id(s->name, "alike"));
	as = find(rd, rd->entry.as);
	if (i < 0 || as < 0)
		return 0;
	t = rd->table[i];
	r = check(rd, i, as);
	if (r < 0)
		return r;
	t->alike = true;
	t->as = as;
	t->gone = fact_table_outcome(t, rd->entry.gone);
	return 0;
}

int alike_load(const char *path, struct fact_table *const *table, int n)
{
	struct reader rd = {.table = table, .n = n};
	char *text = NULL;
	size_t len;
	int r;

	r = disk_read(disk_system(), path, FILE_MAX, &text, &len);
	if (r == 0)
		r = form_read(path, text, len, begin, end, &rd);
	mem_free(text);
	return r;
}
