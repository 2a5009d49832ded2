#include "proto/fact_file.h"

#include <string.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "proto/codec.h"
#include "proto/envelope.h"
#include "proto/form.h"
#include "proto/picture.h"
#include "proto/vocabulary.h"

enum { MATURES_MAX = 730, DAYS_MAX = 3650 };

/* Texts of a section that are resolved when it is whole. */
struct entry {
	struct outcome outcome;
	struct view view;
	char parent[CATALOGUE_ID];
	char days[24];
	char kind[16];
	char splits[CATALOGUE_ID], of[CATALOGUE_ID];
	char steps[160];
};

struct reader {
	const struct vocabulary *v;
	struct fact_table t;
	char starts[PERIOD_TEXT];
	char kind[16], of[16];
	struct entry entry;
};

#define TABLE(member) offsetof(struct reader, t.member)
#define SIZE(member) sizeof(((struct reader *)0)->member)
#define ENTRY(member) offsetof(struct entry, member)
#define ENTRY_SIZE(member) sizeof(((struct entry *)0)->member)

static const struct form_field head_field[] = {
	{"id", FORM_ID, TABLE(id), SIZE(t.id), true, 0, 0},
	{"version", FORM_INT, TABLE(version), 0, true, 1, 1000000},
	{"title", FORM_TEXT, TABLE(title), SIZE(t.title), true, 0, 0},
	{"counts", FORM_TEXT, TABLE(counts), SIZE(t.counts), true, 0, 0},
	{"is_not", FORM_TEXT, TABLE(is_not), SIZE(t.is_not), true, 0, 0},
	{"sql", FORM_LONG, TABLE(sql), 0, true, 0, 0},
	{"matures", FORM_INT, TABLE(matures_days), 0, true, 0, MATURES_MAX},
	{"dim", FORM_ID, TABLE(dim_id), SIZE(t.dim_id), true, 0, 0},
	{"kind", FORM_ID, offsetof(struct reader, kind), SIZE(kind), false, 0,
	 0},
	{"year_ends", FORM_INT, TABLE(year_ends), 0, false, 1, 12},
	{"of", FORM_ID, offsetof(struct reader, of), SIZE(of), false, 0, 0},
	{"beside", FORM_ID, TABLE(beside_id), SIZE(t.beside_id), false, 0, 0},
	{"restates", FORM_BOOL, TABLE(restates), 0, false, 0, 0},
	{"replaces", FORM_ID, TABLE(replaces), SIZE(t.replaces), false, 0, 0},
	{"starts", FORM_TEXT, offsetof(struct reader, starts), SIZE(starts),
	 false, 0, 0},
};

static const struct form_field outcome_field[] = {
	{"title", FORM_TEXT, ENTRY(outcome.title), ENTRY_SIZE(outcome.title),
	 true, 0, 0},
	{"parent", FORM_ID, ENTRY(parent), ENTRY_SIZE(parent), false, 0, 0},
	{"sensitive", FORM_BOOL, ENTRY(outcome.sensitive), 0, false, 0, 0},
	{"days", FORM_TEXT, ENTRY(days), ENTRY_SIZE(days), false, 0, 0},
};

static const struct form_field view_field[] = {
	{"title", FORM_TEXT, ENTRY(view.title), ENTRY_SIZE(view.title), true, 0,
	 0},
	{"kind", FORM_ID, ENTRY(kind), ENTRY_SIZE(kind), true, 0, 0},
	{"splits", FORM_ID, ENTRY(splits), ENTRY_SIZE(splits), false, 0, 0},
	{"of", FORM_ID, ENTRY(of), ENTRY_SIZE(of), false, 0, 0},
	{"steps", FORM_TEXT, ENTRY(steps), ENTRY_SIZE(steps), true, 0, 0},
};

static int find_view(const struct fact_table *t, const char *id)
{
	for (int i = 0; i < t->n_views; i++)
		if (strcmp(t->view[i].id, id) == 0)
			return i;
	return -1;
}

static bool sql_reads(const char *sql)
{
	sql += strspn(sql, " \t\n");
	return strncmp(sql, "SELECT ", 7) == 0 ||
	       strncmp(sql, "SELECT\n", 7) == 0 ||
	       strncmp(sql, "WITH ", 5) == 0 || strncmp(sql, "WITH\n", 5) == 0;
}

static int choose(const char *key, const char *text, const char *const *word,
		  int n)
{
	for (int i = 0; i < n; i++)
		if (!*text || strcmp(text, word[i]) == 0)
			return i;
	return err_set(E_INVALID, "%s \"%s\" is unknown", key, text);
}

static int keep_kind(struct reader *rd)
{
	static const char *const kind[] = {"flow", "snapshot", "year"};
	static const char *const of[] = {"children", "organizations", "staff"};
	struct fact_table *t = &rd->t;
	int k = choose("kind", rd->kind, kind, 3);
	int what = choose("of", rd->of, of, 3);

	if (k < 0 || what < 0)
		return E_INVALID;
	t->kind = (enum fact_kind)k;
	t->plain = what > 0;
	t->beside = -1;
	if ((t->kind == FACTS_YEAR) != (t->year_ends > 0))
		return err_set(E_INVALID,
			       t->year_ends ? "year_ends goes with kind = year"
					    : "year_ends is missing: the last "
					      "month of its year, 1 to 12");
	if (*t->replaces && t->kind == FACTS_FLOW)
		return err_set(E_INVALID,
			       "replaces goes with a snapshot or year");
	if (*t->beside_id && (t->kind != FACTS_YEAR || t->plain))
		return err_set(E_INVALID, "beside goes with the children of a "
					  "year");
	if (t->restates && (!*t->beside_id || t->year_ends % LATTICE_MONTHS))
		return err_set(E_INVALID, "restates goes with beside, and a "
					  "year that ends in June or December");
	return 0;
}

static int keep_head(struct reader *rd)
{
	struct fact_table *t = &rd->t;
	struct period p;
	int r;

	/* The same name in a SQL script and on the wire: lower case only. */
	if (strpbrk(t->id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
		return err_set(E_INVALID, "id is in lower case");
	r = vocabulary_dim(rd->v, t->dim_id, &t->dim);
	if (r < 0)
		return err_set(E_INVALID, "there is no dimension \"%s\"",
			       t->dim_id);
	if (t->dim.leaves > LATTICE_LEAVES_MAX)
		return err_set(E_INVALID, "%s has over %d strata", t->dim_id,
			       LATTICE_LEAVES_MAX);
	if (!sql_reads(t->sql))
		return err_set(E_INVALID, "sql begins with SELECT or WITH");
	r = keep_kind(rd);
	if (r < 0)
		return r;
	if (!*rd->starts)
		return 0;
	r = period_parse(rd->starts, &p);
	if (r == 0 && p.months != 1)
		r = err_set(E_INVALID, "starts is a month, like 2026-07");
	t->starts = p.month;
	return r;
}

/* "16-30" */
static int parse_days(struct reader *rd)
{
	struct outcome *o = &rd->entry.outcome;
	const char *rest = rd->entry.days;
	char from[12], to[12];
	int r;

	o->days_from = o->days_to = -1;
	if (!*rest)
		return 0;
	r = form_item(&rest, "-", from, sizeof from);
	if (r > 0)
		r = form_int(from, 0, DAYS_MAX, &o->days_from);
	if (r == 0)
		r = form_item(&rest, "-", to, sizeof to);
	if (r > 0)
		r = form_int(to, o->days_from, DAYS_MAX, &o->days_to);
	if (r < 0 || o->days_to < 0 || *rest)
		return err_set(E_INVALID, "days are like 16-30, not \"%s\"",
			       rd->entry.days);
	return 0;
}

/* A parent stands above its children, so outcomes can't form a circle. */
static int keep_outcome(struct reader *rd, const char *id)
{
	struct fact_table *t = &rd->t;
	struct outcome *o = &rd->entry.outcome;
	int r;

	if (t->n_outcomes == OUTCOMES_MAX)
		return err_set(E_INVALID, "there are over %d outcomes",
			       OUTCOMES_MAX);
	if (!form_id_ok(id, sizeof o->id))
		return err_set(E_INVALID, "\"%.40s\" is not an id", id);
	if (fact_table_outcome(t, id) >= 0)
		return err_set(E_INVALID, "it is there twice");
	if (t->n_views > 0)
		return err_set(E_INVALID, "outcomes stand before views");
	memcpy(o->id, id, strlen(id) + 1);
	o->parent = -1;
	if (*rd->entry.parent) {
		o->parent = fact_table_outcome(t, rd->entry.parent);
		if (o->parent < 0)
			return err_set(E_INVALID,
				       "its parent \"%s\" does not stand above",
				       rd->entry.parent);
	}
	r = parse_days(rd);
	if (r == 0)
		t->outcome[t->n_outcomes++] = *o;
	return r;
}

static const char *const level[] = {"leaf", "group", "any"};

/* "any": a picture has no length. It lies in the month that it ends. */
static int parse_picture_step(const char *text, struct step *out)
{
	for (int i = 0; i < 3; i++)
		if (strcmp(level[i], text) == 0) {
			*out = (struct step){1, (enum level)i};
			return 0;
		}
	return err_set(E_INVALID,
		       "a step of a snapshot or year is leaf, group or any, "
		       "not \"%s\"",
		       text);
}

/* "1 any" */
static int parse_step(const char *text, struct step *out)
{
	const char *rest = text;
	char months[8], name[8];
	int n;

	if (form_item(&rest, " ", months, sizeof months) > 0 &&
	    form_item(&rest, " ", name, sizeof name) > 0 && !*rest &&
	    form_int(months, 1, 6, &n) == 0 && 6 % n == 0 && n != 2) {
		for (int i = 0; i < 3; i++)
			if (strcmp(level[i], name) == 0) {
				out->months = n;
				out->level = (enum level)i;
				return 0;
			}
	}
	return err_set(E_INVALID,
		       "a step is 1, 3 or 6 and leaf, group or any, not \"%s\"",
		       text);
}

static bool coarser(const struct step *a, const struct step *b)
{
	return a->months >= b->months && a->level >= b->level;
}

static int parse_steps(struct reader *rd)
{
	struct view *w = &rd->entry.view;
	const char *rest = rd->entry.steps;
	struct step *s;
	char item[24];
	int r;

	while ((r = form_item(&rest, ",", item, sizeof item)) > 0) {
		if (w->n_steps == STEPS_MAX)
			return err_set(E_INVALID, "there are over %d steps",
				       STEPS_MAX);
		s = &w->step[w->n_steps++];
		r = picture_is(&rd->t) ? parse_picture_step(item, s)
				       : parse_step(item, s);
		if (r < 0)
			return r;
		if (picture_is(&rd->t) && !rd->t.plain &&
		    s->level != LEVEL_ANY &&
		    rd->t.dim.leaves > PICTURE_STRATA_MAX)
			return err_set(E_INVALID,
				       "%s has %d strata; a snapshot or year "
				       "is by one of at most %d, like age",
				       rd->t.dim_id, rd->t.dim.leaves,
				       PICTURE_STRATA_MAX);
		if (s->level == LEVEL_GROUP && rd->t.dim.groups == 0)
			return err_set(E_INVALID, "%s has no groups",
				       rd->t.dim_id);
		if (w->n_steps > 1 &&
		    (!coarser(s, s - 1) ||
		     (s->months == s[-1].months && s->level == s[-1].level)))
			return err_set(E_INVALID,
				       "step \"%s\" is not coarser than the "
				       "step before it",
				       item);
	}
	return r;
}

/* The outcomes that a block counts: the base outcomes, or the children. */
static int take_outcomes(struct fact_table *t, struct view *w, int parent)
{
	for (int i = 0; i < t->n_outcomes; i++) {
		if (t->outcome[i].parent != parent)
			continue;
		if (w->n_outcomes == SPLIT_MAX)
			return err_set(E_INVALID, "it counts over %d outcomes",
				       SPLIT_MAX);
		w->outcome[w->n_outcomes++] = i;
	}
	return 0;
}

static bool publishes(const struct view *w, int outcome)
{
	for (int i = 0; i < w->n_outcomes; i++)
		if (w->outcome[i] == outcome)
			return true;
	return false;
}

/* Rule L: a side view splits totals that another view publishes, and no two
 * views split the same ones. */
static int check_side(struct reader *rd)
{
	struct fact_table *t = &rd->t;
	struct entry *e = &rd->entry;
	struct view *w = &e->view;
	const struct view *of;
	int r;

	w->splits = fact_table_outcome(t, e->splits);
	if (w->splits < 0)
		return err_set(E_INVALID, "there is no outcome \"%s\"",
			       e->splits);
	w->parent = find_view(t, e->of);
	if (w->parent < 0)
		return err_set(E_INVALID, "no view \"%s\" stands above", e->of);
	of = &t->view[w->parent];
	if (!publishes(of, w->splits))
		return err_set(E_INVALID, "view %s does not publish %s", e->of,
			       e->splits);
	for (int i = 2; i < t->n_views; i++)
		if (t->view[i].splits == w->splits)
			return err_set(
				E_INVALID,
				"view %s splits %s already; outcomes "
				"split along two views can be subtracted",
				t->view[i].id, e->splits);
	for (int i = 0; i < w->n_steps; i++)
		if (w->step[i].level != LEVEL_ANY)
			return err_set(E_INVALID,
				       "a side view has no strata: any");
	if (w->step[0].months < of->step[0].months)
		return err_set(E_INVALID,
			       "its first step is finer than that of view %s",
			       e->of);
	r = take_outcomes(t, w, w->splits);
	if (r == 0 && w->n_outcomes < 2)
		r = err_set(E_INVALID, "%s has no children to split into",
			    e->splits);
	return r;
}

static int check_base(struct reader *rd)
{
	struct view *w = &rd->entry.view;

	w->parent = w->splits = -1;
	if (*rd->entry.splits || *rd->entry.of)
		return err_set(E_INVALID, "only a side view splits a view");
	if (w->kind == VIEW_TREND && w->step[0].level != LEVEL_ANY)
		return err_set(E_INVALID, "a trend has no strata: any");
	return take_outcomes(&rd->t, w, -1);
}

static int parse_kind(struct reader *rd)
{
	static const char *const name[] = {"trend", "detail", "side"};
	int n = rd->t.n_views, expected = n < 2 ? n : 2;

	for (int i = 0; i < 3; i++) {
		if (strcmp(rd->entry.kind, name[i]) != 0)
			continue;
		rd->entry.view.kind = (enum view_kind)i;
		if (i == expected)
			return 0;
		return err_set(E_INVALID,
			       "views are a trend, a detail, then side views; "
			       "this one is no %s",
			       name[expected]);
	}
	return err_set(E_INVALID, "kind is trend, detail or side, not \"%s\"",
		       rd->entry.kind);
}

static int keep_view(struct reader *rd, const char *id)
{
	struct fact_table *t = &rd->t;
	struct view *w = &rd->entry.view;
	int r;

	if (t->n_views == VIEWS_MAX)
		return err_set(E_INVALID, "there are over %d views", VIEWS_MAX);
	if (!form_id_ok(id, sizeof w->id))
		return err_set(E_INVALID, "\"%.40s\" is not an id", id);
	if (find_view(t, id) >= 0)
		return err_set(E_INVALID, "it is there twice");
	memcpy(w->id, id, strlen(id) + 1);
	r = parse_kind(rd);
	if (r == 0)
		r = parse_steps(rd);
	if (r == 0)
		r = w->kind == VIEW_SIDE ? check_side(rd) : check_base(rd);
	if (r == 0)
		t->view[t->n_views++] = *w;
	return r;
}

static int begin(void *arg, struct form_section *s)
{
	struct reader *rd = arg;

	memset(&rd->entry, 0, sizeof rd->entry);
	s->into = &rd->entry;
	if (!*s->name) {
		s->field = head_field;
		s->n = sizeof head_field / sizeof head_field[0];
		s->into = rd;
	} else if (form_section_id(s->name, "outcome")) {
		s->field = outcome_field;
		s->n = sizeof outcome_field / sizeof outcome_field[0];
	} else if (form_section_id(s->name, "view")) {
		s->field = view_field;
		s->n = sizeof view_field / sizeof view_field[0];
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
		return keep_head(rd);
	id = form_section_id(s->name, "outcome");
	if (id)
		return keep_outcome(rd, id);
	return keep_view(rd, form_section_id(s->name, "view"));
}

/* An only child would be its parent under a second name. */
static int check_tree(const struct fact_table *t)
{
	for (int i = 0; i < t->n_outcomes; i++) {
		int parent = t->outcome[i].parent, siblings = 0;

		for (int k = 0; k < t->n_outcomes; k++)
			siblings += t->outcome[k].parent == parent;
		if (parent >= 0 && siblings < 2)
			return err_set(E_INVALID, "%s is an only child",
				       t->outcome[i].id);
	}
	if (t->n_outcomes == 0)
		return err_set(E_INVALID, "there is no outcome");
	if (t->n_views < 2)
		return err_set(E_INVALID, "a trend and a detail are missing");
	return 0;
}

/* Points of the lattice at @s in one half-year. Leaves without a group are in
 * no group point but may be blocks of their own at a coarser step. */
static int points(const struct dim *d, struct step s)
{
	int strata = 1;

	if (s.level == LEVEL_LEAF)
		strata = d->leaves;
	if (s.level == LEVEL_GROUP) {
		strata = d->groups;
		for (int i = 0; i < d->leaves; i++)
			strata += d->group_of[i] < 0;
	}
	return LATTICE_MONTHS / s.months * strata;
}

int fact_file_groups_max(const struct fact_table *t)
{
	int n = 0;

	for (int i = 0; i < t->n_views; i++)
		n += points(&t->dim, t->view[i].step[0]);
	return n;
}

size_t fact_file_bytes_max(const struct fact_table *t)
{
	size_t bytes = DELIVERY_BYTES + RELEASE_BYTES;

	for (int i = 0; i < t->n_views; i++) {
		const struct view *w = &t->view[i];
		int block = GROUP_BYTES + COUNT_BYTES * w->n_outcomes;

		bytes += (size_t)points(&t->dim, w->step[0]) * (size_t)block;
	}
	return bytes;
}

int fact_file_fits(const struct fact_table *t)
{
	if (fact_file_groups_max(t) > RELEASE_GROUPS_MAX)
		return err_set(E_TOOBIG,
			       "its release may hold %d blocks, over %d",
			       fact_file_groups_max(t), RELEASE_GROUPS_MAX);
	if (fact_file_bytes_max(t) > ENVELOPE_PAYLOAD_MAX)
		return err_set(E_TOOBIG,
			       "its release may take %zu bytes, over %d",
			       fact_file_bytes_max(t), ENVELOPE_PAYLOAD_MAX);
	return 0;
}

int fact_file_read(struct fact_table *t, const struct vocabulary *v,
		   const char *path, const char *text, size_t len)
{
	struct reader *rd;
	int r;

	rd = mem_calloc(1, sizeof *rd);
	if (!rd)
		return err_set(E_NOMEM, "out of memory for %s", path);
	rd->v = v;
	r = form_read(path, text, len, begin, end, rd);
	if (r < 0)
		goto out;
	r = check_tree(&rd->t);
	if (r == 0)
		r = fact_file_fits(&rd->t);
	if (r < 0) {
		err_prefix(r, "%s", path);
		goto out;
	}
	*t = rd->t;
	codec_digest(text, len, t->hash);
	rd->t.sql = NULL; /* handed over */
out:
	mem_free(rd->t.sql);
	mem_free(rd);
	return r;
}
