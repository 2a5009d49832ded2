/* child_head: the top of every page of a child's record: who it is, what a
 * caller must know before the call, what is urgent, and the record's pages.
 *
 * A page of a child begins like this, whatever its tab:
 *	struct child_head c;
 *	int r = child_head(p, "plan", &c);
 *	if (r != 0)
 *		return r;
 *	... html_... page_body(p)
 * child_head_read alone does not ask who may see. */
#ifndef CCFED_CHILD_HEAD_H
#define CCFED_CHILD_HEAD_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/core/arena.h"
#include "proto/vocabulary.h"
#include "regional/case/records.h"

struct db;
struct page;

struct child_sibling {
	int64_t child;
	const char *given;
	int32_t birth;
};
/* Texts are lent by the arena, "" where nothing is known. */
struct child_head {
	int64_t child, kase;		/* kase 0: none was ever opened */
	int64_t family_id, merged_into; /* 0: none */
	const char *given, *family, *family_name;
	int32_t birth, opened, closed; /* closed NO_DATE: open */
	int64_t staff;
	const char *lead, *lead_role; /* whose case it is */
	const struct child_sibling *siblings;
	size_t siblings_n;
	/* Before you call. */
	const char *language; /* word of the vocabulary */
	bool interpreter;
	const char *person, *relation; /* of the safe way */
	const char *way, *value, *hours;
	bool message, unsafe; /* may be left; other ways are not safe */
	int32_t last;	      /* contact or attempt */
	const char *last_mode, *last_by;
	bool last_reached;
	int64_t open_needs, stuck; /* stuck: no answer, or turned down */
	int32_t ed_day; /* day 0 of a behavioral visit without a contact yet */
};

/* E_NOTFOUND: there is no such child. @today decides about the clock. */
int child_head_read(struct db *db, struct arena *a, int64_t child,
		    int32_t today, struct child_head *out);

/* The child of the path's {id}: may they see it (desk_open), the frame, and
 * its head drawn with the tab of that name as the current one. 0, or what the
 * page's function returns at once. */
int child_head(struct page *p, const char *tab, struct child_head *out);
/* The same without drawing: for what is printed, and for POSTs. */
int child_head_quiet(struct page *p, struct child_head *out);

/* "Mateo Rivera-Soto" */
const char *child_head_name(struct arena *a, const struct child_head *c);

#endif
