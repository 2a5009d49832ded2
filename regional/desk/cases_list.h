/* cases_list: the open cases of a region in lines: filtered, sorted, a page at
 * a time, and counted; and many of them given to somebody else at once.
 *
 * What is read is case_now (regional/case/derive.h). A page begins after the
 * last case of the one before, so the tenth costs what the first does. Reading:
 * any thread, on its own connection. */
#ifndef CCFED_CASES_LIST_H
#define CCFED_CASES_LIST_H

#include "daemon/core/arena.h"
#include "proto/vocabulary.h"
#include "regional/case/records.h"

enum cases_whose {
	CASES_MINE, /* and of whom I cover for today */
	CASES_UNASSIGNED,
	CASES_STAFF, /* of one member */
	CASES_ALL,
	CASES_WHOSE
};
enum cases_sort {
	CASES_BY_NAME,
	CASES_BY_DUE,	 /* what is due first, first */
	CASES_BY_OPENED, /* newest first */
	CASES_BY_LAST,	 /* longest without a contact first */
	CASES_BY_LEVEL,	 /* highest first */
	CASES_SORTS
};
/* "mine", "name": as they stand in addresses; -1: none of that name. */
const char *cases_whose_id(enum cases_whose w);
const char *cases_sort_id(enum cases_sort s);
int cases_whose_of(const char *id);
int cases_sort_of(const char *id);

/* CASES_COUNTED: beyond that a list is long, and how long costs time. */
enum { CASES_COUNTED = 1000, CASES_BULK = 200, CASES_TOKEN = 2400 };

/* Texts "" where all fit. */
struct cases_query {
	enum cases_whose whose;
	int64_t me;    /* staff id; 0: none, then nothing is theirs */
	int64_t staff; /* of CASES_STAFF */
	char level[8];
	char need[VOCABULARY_ID]; /* an open one */
	char stage[12];		  /* "intake", "assess", "plan", "work",
				   * "close" */
	bool overdue;		  /* something was due before today */
	char language[VOCABULARY_ID];
	char zip[12]; /* or its beginning */
	enum cases_sort sort;
	int32_t today;
	int64_t after; /* the last case of the page before; 0 */
	int limit;
};

struct cases_line {
	int64_t kase, child, staff; /* staff 0: nobody's */
	const char *given, *family, *staff_name;
	int32_t birth, opened, last, due;  /* or NO_DATE */
	const char *level, *stage, *needs; /* ",food,housing," */
	const char *language, *zip;
};
/* *more: the page is not the last. A case that was closed meanwhile begins at
 * the beginning. */
int cases_list(struct db *db, const struct cases_query *q, struct arena *a,
	       struct cases_line **out, size_t *n, bool *more);
/* All pages together, and how many of them are overdue; both to CASES_COUNTED
 * and no further. */
int cases_count(struct db *db, const struct cases_query *q, int64_t *all,
		int64_t *overdue);

/* --- cases_assign.c --- */
/* Give @n cases to @staff from today on, all or none; @why as assignment_set
 * wants it. @token: what cases_assign_undo takes, from the same person only. */
int cases_assign(struct records *r, const int64_t *kase, int n, int64_t staff,
		 const char *why, char token[CASES_TOKEN]);
/* Whoever had them gets them back, all or none. E_STATE if one of them went on
 * to somebody else. */
int cases_assign_undo(struct records *r, const char *token);
/* The same for one assignment, by its number. */
int cases_assign_take_back(struct records *r, int64_t id);

#endif
