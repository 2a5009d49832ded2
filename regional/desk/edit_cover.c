/* The child's practice, coverage and benefits. */
#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "regional/case/coverage.h"
#include "regional/case/practice.h"
#include "regional/desk/edit_list.h"

static int pick_practice(struct page *p, const struct child_head *c,
			 struct arena_list *options)
{
	return edit_pick_sql(p,
			     "SELECT id, name FROM practice WHERE active = 1"
			     " ORDER BY name LIMIT 500",
			     c->child, options);
}

/* --- practice --- */

static const struct edit_field PRACTICE[] = {
	{"practice", "Practice", NULL, EDIT_PICK,
	 EDIT_AT(child_practice, practice), .pick = pick_practice,
	 .none = "None any more"},
	{"clinician", "Clinician", NULL, EDIT_LINE,
	 EDIT_AT(child_practice, clinician)},
	{"since", "Since", NULL, EDIT_DAY, EDIT_AT(child_practice, since),
	 .must = true},
};

static int practice_read(struct page *p, const struct child_head *c,
			 int64_t row, void *rec)
{
	struct child_practice *h = rec;

	h->since = p->today;
	h->until = NO_DATE;
	return 0;
}

static int practice_write(struct page *p, const struct child_head *c,
			  int64_t row, const void *rec)
{
	struct child_practice h = *(const struct child_practice *)rec;
	int64_t id;

	h.child = c->child;
	return practice_assign(edit_records(p), &h, &id);
}

static const struct edit OF_PRACTICE = {
	.what = "practice",
	.title = "Primary care practice",
	.table = "child_practice",
	.tab = "people",
	.may = EDIT_ADD,
	.field = PRACTICE,
	.n = sizeof PRACTICE / sizeof *PRACTICE,
	.size = sizeof(struct child_practice),
	.help = "The one before ends the day before; it stays in the record.",
	.read = practice_read,
	.write = practice_write,
};

/* --- coverage --- */

static const struct edit_field COVERAGE[] = {
	{"kind", "Kind", NULL, EDIT_WORD, EDIT_AT(coverage, kind),
	 .list = WORDS_COVERAGE, .must = true},
	{"payer", "Payer", "“HUSKY A”", EDIT_LINE, EDIT_AT(coverage, payer)},
	{"member", "Number on the card", NULL, EDIT_LINE,
	 EDIT_AT(coverage, member)},
	{"since", "Since", NULL, EDIT_DAY, EDIT_AT(coverage, since)},
};
static const struct edit_field COVERAGE_END[] = {
	{"until", "Last day", NULL, EDIT_DAY, EDIT_AT(coverage, until),
	 .must = true},
};

static int coverage_read(struct page *p, const struct child_head *c,
			 int64_t row, void *rec)
{
	struct coverage *v = rec;
	int x;

	v->since = v->until = NO_DATE;
	if (row == 0)
		return 0;
	x = coverage_get(p->db, row, v);
	return x == 0 && v->child != c->child ? E_NOTFOUND : x;
}

static int coverage_write(struct page *p, const struct child_head *c,
			  int64_t row, const void *rec)
{
	struct coverage v = *(const struct coverage *)rec;
	int64_t id;

	v.child = c->child;
	return row ? coverage_end(edit_records(p), row, v.until)
		   : coverage_add(edit_records(p), &v, &id);
}

static const struct edit OF_COVERAGE = {
	.what = "coverage",
	.title = "Coverage",
	.table = "coverage",
	.tab = "coverage",
	.may = EDIT_ADD,
	.field = COVERAGE,
	.n = sizeof COVERAGE / sizeof *COVERAGE,
	.size = sizeof(struct coverage),
	.help = "A child may have several. “Uninsured” stands alone: end the "
		"others first.",
	.read = coverage_read,
	.write = coverage_write,
};
static const struct edit OF_COVERAGE_END = {
	.what = "coverage-end",
	.title = "Coverage ends",
	.save = "End it",
	.table = "coverage",
	.tab = "coverage",
	.may = EDIT_CHANGE,
	.field = COVERAGE_END,
	.n = 1,
	.size = sizeof(struct coverage),
	.read = coverage_read,
	.write = coverage_write,
};

/* --- benefits --- */

struct benefit_form {
	struct benefit b;
	bool all; /* of the family, not of the child */
};

static const struct edit_field BENEFIT[] = {
	{"kind", "Benefit", NULL, EDIT_WORD, EDIT_AT(benefit_form, b.kind),
	 .list = WORDS_BENEFIT, .must = true},
	{"all", "For the whole household", NULL, EDIT_YES,
	 EDIT_AT(benefit_form, all)},
	{"since", "Since", NULL, EDIT_DAY, EDIT_AT(benefit_form, b.since)},
};
static const struct edit_field BENEFIT_END[] = {
	{"until", "Last day", NULL, EDIT_DAY, EDIT_AT(benefit_form, b.until),
	 .must = true},
};

static int benefit_read(struct page *p, const struct child_head *c, int64_t row,
			void *rec)
{
	struct benefit *b = &((struct benefit_form *)rec)->b;
	int x;

	b->since = b->until = NO_DATE;
	if (row == 0)
		return 0;
	x = benefit_get(p->db, row, b);
	if (x < 0 || b->child == c->child)
		return x;
	return edit_theirs(p,
			   "SELECT 1 FROM benefit b JOIN family_child h"
			   " ON h.family = b.family WHERE b.id = ?2"
			   " AND h.child = ?1 LIMIT 1",
			   c->child, row);
}

static int benefit_write(struct page *p, const struct child_head *c,
			 int64_t row, const void *rec)
{
	const struct benefit_form *f = rec;
	struct benefit b = f->b;
	int64_t id;

	if (row)
		return benefit_end(edit_records(p), row, b.until);
	if (f->all && !c->family_id)
		return err_set(E_STATE, "The child has no household on record");
	b.child = f->all ? 0 : c->child;
	b.family = f->all ? c->family_id : 0;
	return benefit_add(edit_records(p), &b, &id);
}

static const struct edit OF_BENEFIT = {
	.what = "benefit",
	.title = "Benefit",
	.table = "benefit",
	.tab = "coverage",
	.may = EDIT_ADD,
	.field = BENEFIT,
	.n = sizeof BENEFIT / sizeof *BENEFIT,
	.size = sizeof(struct benefit_form),
	.help = "What the family receives. What it lacks is a need.",
	.read = benefit_read,
	.write = benefit_write,
};
static const struct edit OF_BENEFIT_END = {
	.what = "benefit-end",
	.title = "A benefit ends",
	.save = "End it",
	.table = "benefit",
	.tab = "coverage",
	.may = EDIT_CHANGE,
	.field = BENEFIT_END,
	.n = 1,
	.size = sizeof(struct benefit_form),
	.read = benefit_read,
	.write = benefit_write,
};

const struct edit *const edit_of_cover[] = {
	&OF_PRACTICE, &OF_COVERAGE,    &OF_COVERAGE_END,
	&OF_BENEFIT,  &OF_BENEFIT_END, NULL,
};
