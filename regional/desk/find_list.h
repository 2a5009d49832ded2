/* find_list: what a search shows to somebody: whole lines of the children whose
 * cases they may open, and of others no more than it takes not to record a
 * child twice: initials, year of birth, and whom to ask.
 *
 * Any thread, on its own connection. */
#ifndef CCFED_FIND_LIST_H
#define CCFED_FIND_LIST_H

#include "daemon/core/arena.h"
#include "regional/case/find.h"
#include "regional/case/records.h"

struct find_viewer {
	int64_t staff; /* 0: of nobody's caseload */
	bool all;      /* a supervisor */
	int32_t today;
};
struct find_line {
	int64_t child, kase; /* kase 0: none is open */
	bool whole;	     /* else only what follows the line */
	const char *given, *family, *language;
	int32_t birth;
	unsigned by; /* find_hit */
	/* ------ */
	const char *initials; /* "M. R." */
	int year;	      /* of birth */
	const char *staff;    /* "" nobody's */
};
int find_list(struct db *db, const char *text, const struct find_viewer *who,
	      int limit, struct arena *a, struct find_line **out, size_t *n,
	      bool *more);
/* The rule who may open a child's record, for a query: SQL texts of the child, of
 * the viewer's number on the staff, of today, and of whether they see all. Own
 * and covered cases, cases of nobody, and children without an open case. */
#define FIND_LIST_MAY_SEE(child, staff, today, all)                     \
	" (" all " = 1 OR NOT EXISTS (SELECT 1 FROM case_now n"         \
	"  WHERE n.child = " child " AND n.staff NOT IN (0, " staff ")" \
	"  AND NOT EXISTS (SELECT 1 FROM cover WHERE cover = " staff    \
	"  AND staff = n.staff AND since <= " today                     \
	"  AND (until IS NULL OR until >= " today "))))"
/* May @who open the record of @child? */
int find_list_open(struct db *db, const struct find_viewer *who, int64_t child,
		   bool *out);
/* "M. R." */
const char *find_list_initials(struct arena *a, const char *given,
			       const char *family);

#endif
