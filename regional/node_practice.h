/* node_practice: a made-up center beside the real one, for learning: DIR/practice
 * is a node of its own with its own database, keys, accounts and pages. It is
 * of made-up data, joined to nothing, and its daemon's part never runs: nothing
 * of it is counted, and nothing leaves it. */
#ifndef CCFED_NODE_PRACTICE_H
#define CCFED_NODE_PRACTICE_H

#include <stdint.h>

struct node;

struct node_practice_new {
	const char *http; /* where its pages are */
	int64_t children;
	int years;
};
/* Make it and fill it with children. E_EXISTS if there is one: then remove its
 * directory to begin anew. */
int node_practice_make(const struct node *beside,
		       const struct node_practice_new *how,
		       void (*progress)(void *arg, int64_t done, int64_t of),
		       void *arg);
/* The caller owns *out, and closes it before @beside; E_NOTFOUND if there is
 * none. */
int node_practice_open(struct node **out, const struct node *beside);

#endif
