/* collaborative: the agencies of a region that meet each month: members by
 * sector, meetings with attendance, cases discussed without names, and gaps in
 * services: who took them up, what was started and what followed.
 *
 * No text here names a child: one that holds the name of a child known to the
 * region is refused (collaborative_anonymous).
 *
 * Owns the tables `collaborative` and `collaborative_*`. */
#ifndef CCFED_COLLABORATIVE_H
#define CCFED_COLLABORATIVE_H

#include "regional/case/sheet.h"

struct collaborative {
	int64_t id;
	char name[NAME_TEXT];
	int32_t begun, ended; /* NO_DATE: goes on */
};
struct collaborative_member {
	int64_t id, collaborative, organization;
	char sector[VOCABULARY_ID];
	int32_t joined, departed; /* NO_DATE: still there */
	char person[NAME_TEXT];	  /* who comes; "" */
};
struct collaborative_meeting {
	int64_t id, collaborative;
	int32_t met;
	char place[NAME_TEXT], topic[SHEET_TEXT_MAX];
};
struct collaborative_discussion {
	int64_t id, meeting;
	char age_band[VOCABULARY_ID], need[VOCABULARY_ID]; /* or "" */
	char question[SHEET_TEXT_MAX], advice[SHEET_TEXT_MAX];
};
struct collaborative_gap {
	int64_t id, collaborative;
	int64_t meeting; /* where it was raised; 0 */
	int32_t raised;
	char need[VOCABULARY_ID];
	char gap[SHEET_TEXT_MAX];
	char status[12]; /* "open", "working", "closed", "set-aside" */
	char owner[NAME_TEXT];
	char started[SHEET_TEXT_MAX]; /* what was; "" */
	int32_t started_on;
	char followed[SHEET_TEXT_MAX]; /* what did; "" */
	int32_t followed_on;
};
extern const struct sheet collaborative_sheet, collaborative_member_sheet,
	collaborative_meeting_sheet, collaborative_discussion_sheet,
	collaborative_gap_sheet;
extern const struct sheet_set collaborative_attendance;

/* E_INVALID if the @what @text holds the name of a known child: a given or a
 * family name, or a part of one of three letters and more, that is written
 * with a capital as names are; or both, side by side, in whatever letters. "may" and
 * "will" pass so, "May" does not where a child is called that. */
int collaborative_anonymous(struct records *r, const char *what,
			    const char *text);

int collaborative_add(struct records *r, const struct collaborative *c,
		      int64_t *id);
int collaborative_update(struct records *r, const struct collaborative *c);
int collaborative_get(struct db *db, int64_t id, struct collaborative *out);
int collaborative_list(struct db *db, int64_t offset, int64_t limit,
		       sheet_fn *fn, void *arg);

/* E_EXISTS: the organization is a member now. */
int collaborative_join(struct records *r, const struct collaborative_member *m,
		       int64_t *id);
int collaborative_leave(struct records *r, int64_t member, int32_t on);
int collaborative_member_get(struct db *db, int64_t id,
			     struct collaborative_member *out);
/* Members on day @on; NO_DATE: all that ever were. */
int collaborative_members(struct db *db, int64_t id, int32_t on, int64_t offset,
			  int64_t limit, sheet_fn *fn, void *arg);

int collaborative_meet(struct records *r, const struct collaborative_meeting *m,
		       int64_t *id);
int collaborative_meeting_get(struct db *db, int64_t id,
			      struct collaborative_meeting *out);
int collaborative_meetings(struct db *db, int64_t id, int64_t offset,
			   int64_t limit, sheet_fn *fn, void *arg);
/* A member on that day came, or did not. */
int collaborative_attend(struct records *r, int64_t meeting, int64_t member,
			 bool on);
int collaborative_attended(struct db *db, int64_t meeting, int64_t *members);

int collaborative_discuss(struct records *r,
			  const struct collaborative_discussion *d,
			  int64_t *id);
int collaborative_discussion_update(struct records *r,
				    const struct collaborative_discussion *d);
int collaborative_discussion_get(struct db *db, int64_t id,
				 struct collaborative_discussion *out);
int collaborative_discussions(struct db *db, int64_t meeting, int64_t offset,
			      int64_t limit, sheet_fn *fn, void *arg);

int collaborative_gap_add(struct records *r, const struct collaborative_gap *g,
			  int64_t *id);
int collaborative_gap_update(struct records *r,
			     const struct collaborative_gap *g);
int collaborative_gap_get(struct db *db, int64_t id,
			  struct collaborative_gap *out);
/* @open: those that are open or worked on. Newest first. */
int collaborative_gaps(struct db *db, int64_t id, bool open, int64_t offset,
		       int64_t limit, sheet_fn *fn, void *arg);

#endif
