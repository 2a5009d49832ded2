/* families_view: how families take part: whom to ask, which surveys are out or
 * came back, and which parents agreed to meet others. Of families whose record
 * @who may not open, no more than it takes to ask the coordinator.
 *
 * Reads only; any thread, on its own connection. */
#ifndef CCFED_FAMILIES_VIEW_H
#define CCFED_FAMILIES_VIEW_H

#include "daemon/core/arena.h"
#include "regional/case/survey.h"
#include "regional/desk/find_list.h"

/* A family is asked again after this many days. */
enum { FAMILIES_ASK_DAYS = 180 };

struct families_due {
	int64_t child;
	const char *name;
	int32_t opened, asked; /* NO_DATE: never */
};
/* Open cases of @who, and those they cover, that were opened or asked that long
 * ago; those never asked first. */
int families_view_due(struct db *db, struct arena *a,
		      const struct find_viewer *who, int64_t limit,
		      struct families_due **out, size_t *n);

struct families_survey {
	int64_t id, child;
	const char *name, *occasion, *needs_met; /* words of struct survey */
	int32_t asked, returned;
	int64_t satisfaction;
};
/* Those that came back, or are out, newest first. */
int families_view_surveys(struct db *db, struct arena *a,
			  const struct find_viewer *who, bool returned,
			  int64_t limit, struct families_survey **out,
			  size_t *n);

struct families_part {
	int64_t id, child;	 /* child 0: several families, or hidden */
	const char *name, *kind; /* name "" as well */
	const char *note, *by;
	int32_t happened;
	int64_t families;
};
/* Newest first; what one family did that @who may not open is left out. */
int families_view_parts(struct db *db, struct arena *a,
			const struct find_viewer *who, int64_t limit,
			struct families_part **out, size_t *n);

struct families_peer {
	int64_t child;	       /* 0: not theirs to open: ask @staff */
	const char *name;      /* "" then */
	const char *language;  /* word of the vocabulary, "" not asked */
	const char *staff;     /* "" nobody */
	const char *note;      /* "" then */
	int32_t birth, agreed; /* birth NO_DATE then */
	int64_t id, years;     /* age of the child; id of the engagement */
};
/* Families that agreed to peer support, the newest first; one line each. */
int families_view_peers(struct db *db, struct arena *a,
			const struct find_viewer *who, int64_t limit,
			struct families_peer **out, size_t *n);

#endif
