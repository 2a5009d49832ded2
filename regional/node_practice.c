#include "regional/node_practice.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "regional/case/simulate.h"
#include "regional/case/simulate_story.h"
#include "regional/node.h"

enum { PATH = 600 };

/* E_INVALID if @beside is a center for practicing itself. */
static int path_of(const struct node *beside, char out[PATH])
{
	const char *last = strrchr(beside->dir, '/');

	if (strcmp(last ? last + 1 : beside->dir, "practice") == 0)
		return err_set(E_INVALID,
			       "%s is a center for practicing itself",
			       beside->dir);
	snprintf(out, PATH, "%s/practice", beside->dir);
	return 0;
}

/* Opening a node takes its zone for the whole process: back to ours. */
static int zone_back(const struct node *beside, int r)
{
	int x = date_zone(beside->policy.zone);

	return r < 0 ? r : x;
}

int node_practice_open(struct node **out, const struct node *beside)
{
	char path[PATH];
	int r = path_of(beside, path);

	*out = NULL;
	if (r < 0)
		return err_set(E_NOTFOUND, "There is no center for practicing");
	r = node_open(out, &beside->s, beside->cat, path);
	if (r == 0 && ((*out)->kind != NETWORK_SYNTHETIC || (*out)->joined)) {
		node_close(*out);
		*out = NULL;
		r = err_set(E_STATE,
			    "%s is no center for practicing: it must be of "
			    "made-up data and joined to nothing",
			    path);
	}
	return zone_back(beside, r);
}

static int fill(struct node *n, const struct node_practice_new *how,
		void (*progress)(void *arg, int64_t done, int64_t of),
		void *arg)
{
	struct simulate_story story;
	struct simulate_opts o = {
		.kind = n->kind,
		.children = how->children,
		.years = how->years,
		.until = records_today(&n->rec),
		.seed = 1,
		.whole = true,
		.story = &story,
	};

	simulate_story_init(&story);
	return simulate_run(&n->rec, &o, progress, arg);
}

int node_practice_make(const struct node *beside,
		       const struct node_practice_new *how,
		       void (*progress)(void *arg, int64_t done, int64_t of),
		       void *arg)
{
	const struct node_new new = {NETWORK_SYNTHETIC, -1, how->http};
	struct node *n;
	char path[PATH];
	int r = path_of(beside, path);

	if (r < 0)
		return r;
	r = node_init(&beside->s, beside->cat, path, &new);
	if (r == E_EXISTS)
		return err_set(r,
			       "There is one in %s already; to begin anew, "
			       "stop the node and remove that directory",
			       path);
	if (r < 0)
		return r;
	r = node_practice_open(&n, beside);
	if (r < 0)
		return r;
	r = fill(n, how, progress, arg);
	node_close(n);
	return zone_back(beside, r);
}
