#include "proto/levels.h"

#include <string.h>

#include "daemon/core/disk.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "proto/form.h"

enum { FILE_MAX = 64 * 1024, POINTS_MAX = 100 };

struct entry {
	int points;
	struct social_tier tier;
	struct level_rule level;
};

struct reader {
	const struct vocabulary *v;
	struct levels *l;
	struct entry entry;
};

#define HEAD(member) offsetof(struct levels, member)
#define AT(member) offsetof(struct entry, member)
#define SIZE(member) sizeof(((struct entry *)0)->member)

static const struct form_field head_field[] = {
	{"version", FORM_INT, HEAD(version), 0, true, 1, 1000000},
	{"source", FORM_TEXT, HEAD(source),
	 sizeof(((struct levels *)0)->source), true, 0, 0},
	{"cshcn_instrument", FORM_ID, HEAD(cshcn_instrument), VOCABULARY_ID,
	 true, 0, 0},
	{"cshcn_domain", FORM_ID, HEAD(cshcn_domain), VOCABULARY_ID, true, 0,
	 0},
	{"screened_days", FORM_INT, HEAD(screened_days), 0, true, 1, 3660},
	{"complicated_from", FORM_INT, HEAD(complicated_from), 0, true, 1,
	 SOCIAL_TIERS - 1},
};
static const struct form_field need_field[] = {
	{"points", FORM_INT, AT(points), 0, true, 1, POINTS_MAX},
};
static const struct form_field tier_field[] = {
	{"title", FORM_TEXT, AT(tier.title), SIZE(tier.title), true, 0, 0},
	{"from_points", FORM_INT, AT(tier.from_points), 0, true, 0, 1000},
};
static const struct form_field level_field[] = {
	{"title", FORM_TEXT, AT(level.title), SIZE(level.title), true, 0, 0},
	{"cshcn", FORM_BOOL, AT(level.cshcn), 0, true, 0, 0},
	{"complicated", FORM_BOOL, AT(level.complicated), 0, true, 0, 0},
	{"contact_days", FORM_INT, AT(level.contact_days), 0, true, 1, 366},
	{"follows", FORM_TEXT, AT(level.follows), SIZE(level.follows), true, 0,
	 0},
};

static int keep_need(struct reader *rd, const char *id)
{
	int k = vocabulary_find(rd->v, WORDS_NEED, id);

	if (k < 0 || k >= LEVEL_NEEDS_MAX)
		return err_set(E_INVALID, "there is no need \"%.40s\"", id);
	if (rd->l->points[k] > 0)
		return err_set(E_INVALID, "it is there twice");
	rd->l->points[k] = rd->entry.points;
	return 0;
}

static int keep_tier(struct reader *rd, const char *id)
{
	struct levels *l = rd->l;
	struct social_tier *t = &rd->entry.tier;
	int n;

	if (l->n_tiers == SOCIAL_TIERS)
		return err_set(E_INVALID, "there are over %d tiers",
			       SOCIAL_TIERS);
	if (form_int(id, 0, SOCIAL_TIERS - 1, &n) < 0 || n != l->n_tiers)
		return err_set(E_INVALID, "this one is [tier %d]", l->n_tiers);
	if (n == 0 ? t->from_points != 0
		   : t->from_points <= l->tier[n - 1].from_points)
		return err_set(E_INVALID, "points begin at 0 and go up");
	l->tier[l->n_tiers++] = *t;
	return 0;
}

static int keep_level(struct reader *rd, const char *id)
{
	struct levels *l = rd->l;
	struct level_rule *e = &rd->entry.level;

	if (l->n_levels == NEED_LEVELS)
		return err_set(E_INVALID, "there are over %d levels",
			       NEED_LEVELS);
	if (!form_id_ok(id, sizeof e->id) || levels_find(l, id))
		return err_set(E_INVALID, "\"%.40s\" is no new id", id);
	for (int k = 0; k < l->n_levels; k++)
		if (l->level[k].cshcn == e->cshcn &&
		    l->level[k].complicated == e->complicated)
			return err_set(E_INVALID,
				       "level %s is for the same children",
				       l->level[k].id);
	memcpy(e->id, id, strlen(id) + 1);
	l->level[l->n_levels++] = *e;
	return 0;
}

static void use(struct form_section *s, const struct form_field *f, size_t size)
{
	s->field = f;
	s->n = (int)(size / sizeof *f);
}

static int begin(void *arg, struct form_section *s)
{
	struct reader *rd = arg;

	memset(&rd->entry, 0, sizeof rd->entry);
	s->into = &rd->entry;
	if (!*s->name) {
		use(s, head_field, sizeof head_field);
		s->into = rd->l;
	} else if (form_section_id(s->name, "need")) {
		use(s, need_field, sizeof need_field);
	} else if (form_section_id(s->name, "tier")) {
		use(s, tier_field, sizeof tier_field);
	} else if (form_section_id(s->name, "level")) {
		use(s, level_field, sizeof level_field);
	} else {
		return err_set(E_INVALID, "unknown section [%.40s]", s->name);
	}
	return 0;
}

static int end(void *arg, const struct form_section *s)
{
	struct reader *rd = arg;
	const char *id;

	if (!*s->name)
		return 0;
	if ((id = form_section_id(s->name, "need")))
		return keep_need(rd, id);
	if ((id = form_section_id(s->name, "tier")))
		return keep_tier(rd, id);
	return keep_level(rd, form_section_id(s->name, "level"));
}

int levels_load(struct levels **out, const struct vocabulary *v,
		const char *path)
{
	struct reader rd = {.v = v};
	char *text = NULL;
	size_t len;
	int r;

	r = disk_read(disk_system(), path, FILE_MAX, &text, &len);
	if (r < 0)
		goto out;
	rd.l = mem_calloc(1, sizeof *rd.l);
	if (!rd.l) {
		r = err_set(E_NOMEM, "out of memory for the levels");
		goto out;
	}
	r = form_read(path, text, len, begin, end, &rd);
	if (r == 0 &&
	    (rd.l->n_tiers < SOCIAL_TIERS || rd.l->n_levels < NEED_LEVELS))
		r = err_set(E_INVALID, "%s: %d tiers and %d levels are wanted",
			    path, SOCIAL_TIERS, NEED_LEVELS);
	if (r < 0)
		goto out;
	*out = rd.l;
	rd.l = NULL; /* handed over */
out:
	levels_free(rd.l);
	mem_free(text);
	return r;
}

void levels_free(struct levels *l)
{
	mem_free(l);
}

int levels_tier(const struct levels *l, int points)
{
	int n = 0;

	for (int k = 0; k < l->n_tiers; k++)
		if (points >= l->tier[k].from_points)
			n = k;
	return n;
}

const struct level_rule *levels_of(const struct levels *l, bool cshcn,
				   int social_tier)
{
	bool complicated = social_tier >= l->complicated_from;

	for (int k = 0; k < l->n_levels; k++)
		if (l->level[k].cshcn == cshcn &&
		    l->level[k].complicated == complicated)
			return &l->level[k];
	return NULL;
}

const struct level_rule *levels_find(const struct levels *l, const char *id)
{
	for (int k = 0; k < l->n_levels; k++)
		if (strcmp(l->level[k].id, id) == 0)
			return &l->level[k];
	return NULL;
}
