/* today_act: the usual thing to do about a piece of work, in one step, and the
 * way back.
 *
 * A call or visit that was planned is logged as made today with whom it was
 * planned with; after an emergency visit the contact with the family, then the
 * follow-up; a child of the inbox is taken on. Everything else needs more than
 * a step, and has its page. */
#ifndef CCFED_TODAY_ACT_H
#define CCFED_TODAY_ACT_H

#include "regional/case/records.h"
#include "regional/desk/today_list.h"

enum { TODAY_WORK = 64, TODAY_UNDO = 64 };

/* A piece of work as forms have it, "contact:12:34": kind, record, child. */
struct today_work {
	enum today_kind kind;
	int64_t record, child;
};
char *today_work_text(const struct today_item *i, char out[TODAY_WORK]);
/* E_INVALID: it is none. */
int today_work_parse(const char *text, struct today_work *out);

/* Is there such a step? */
bool today_can(const struct today_item *i);
/* Take it as @by, who is member @staff of the staff (0: none). @undo: what
 * today_undo takes. E_STATE: somebody has done it meanwhile. */
int today_do(struct records *r, const struct today_work *w, int64_t staff,
	     const char *by, char undo[TODAY_UNDO]);
int today_undo(struct records *r, const char *undo);
/* The child whose record @undo is about, to see who may. */
int today_undo_child(struct db *db, const char *undo, int64_t *child);

#endif
