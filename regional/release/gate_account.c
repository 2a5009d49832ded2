/* Where the occurrences of a half-year are, and where its trend begins. */
#include "daemon/core/err.h"
#include "proto/picture.h"
#include "regional/release/gate.h"

/* A group of fewer is too often held to carry a trend. */
enum { TREND_EXPECTS = 20 };

static bool in_blocks(const struct release *const *releases, int n, int view,
		      int cell)
{
	for (int i = 0; i < n; i++)
		for (int g = 0; g < releases[i]->n_groups; g++)
			if (releases[i]->group[g].view == view &&
			    cells_has(releases[i]->group[g].cells, cell))
				return true;
	return false;
}

int gate_account(const struct fact_table *t, const struct gate_fact *fact,
		 size_t n_facts, const struct release *const *releases,
		 int n_releases, int view, int32_t closed,
		 struct gate_state *out)
{
	const struct view *v = &t->view[view];
	struct cells published = cells_none();
	/* A picture is not taken again: what it holds back waits for nothing. */
	bool over = picture_is(t) || (closed + 1) % LATTICE_MONTHS == 0;

	*out = (struct gate_state){0, 0, 0};
	for (int c = 0; c < LATTICE_MONTHS * t->dim.leaves; c++)
		if (in_blocks(releases, n_releases, view, c))
			published = cells_with(published, c);
	for (size_t i = 0; i < n_facts; i++) {
		if (v->kind == VIEW_SIDE &&
		    !fact_table_under(t, fact[i].outcome, v->splits))
			continue;
		if (cells_has(published, fact[i].cell))
			out->published++;
		else if (over)
			out->withheld++;
		else
			out->waiting++;
	}
	return 0;
}

int gate_trend_first(const struct fact_table *t, const uint32_t *children,
		     int n)
{
	const struct view *v = &t->view[0];
	uint32_t least = UINT32_MAX;

	for (int i = 0; i < n; i++)
		if (children[i] < least)
			least = children[i];
	for (int s = 0; s < v->n_steps - 1; s++)
		if (n &&
		    least * (uint64_t)v->step[s].months >= TREND_EXPECTS * 12)
			return s;
	return v->n_steps - 1;
}
