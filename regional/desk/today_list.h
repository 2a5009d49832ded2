/* today_list: what a member of the staff, and whom they cover for today, has to
 * do: everything that is due or soon will be, how late it is, and how to reach
 * the family.
 *
 * The cost is that of their caseload (index case_now_by_staff), whatever the
 * number of children. The inbox of the emergency department is read by day.
 * Rules and their sources stand with the constants. Any thread, on its own
 * connection. */
#ifndef CCFED_TODAY_LIST_H
#define CCFED_TODAY_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/core/arena.h"
#include "proto/vocabulary.h"
#include "regional/case/records.h"

/* Days, unless said otherwise. */
enum {
	/* Enhanced care coordination after a behavioral visit: the family is
	 * contacted within 2 days of the discharge (the program's own rule);
	 * follow-up within 7 and 30 days as in NCQA's FUM. */
	TODAY_ED_CONTACT = 2,
	TODAY_ED_FIRST = 7,
	TODAY_ED_SECOND = 30,
	/* A plan reaches primary care within 30 days (measure M27), and is
	 * reviewed once a year (our own). */
	TODAY_SHARE = 30,
	TODAY_REVIEW = 365,
	/* A referral without an answer shows after two weeks (our own) and is
	 * stale at 30 days (DERIVE_STALE_DAYS). */
	TODAY_ASK = 14,
	/* Openings of a service that a family waits for are asked for again
	 * after a month (our own). */
	TODAY_OPENING_AGE = 30,
	/* Renewing a consent takes a visit: a month ahead (our own). One that
	 * ended stays as long. */
	TODAY_CONSENT_AHEAD = 30,
	/* Steps of the transition to adult care are said two months ahead (our
	 * own); at which age they come: proto/vocabulary.conf. */
	TODAY_TRANSITION_AHEAD = 60,
	TODAY_TRANSITION_YEARS = 12,
	/* Children of the inbox, the latest: those whose clocks still run. */
	TODAY_INBOX_MOST = 20,
};

enum today_kind {
	TODAY_ED,	/* a clock runs after an emergency visit */
	TODAY_INBOX,	/* the same, of a child that is nobody's */
	TODAY_CONTACT,	/* planned, at a distance */
	TODAY_VISIT,	/* planned, in person */
	TODAY_ACTION,	/* of a care plan */
	TODAY_REFERRAL, /* without an answer */
	TODAY_OPENING,	/* to be asked for */
	TODAY_SCREEN,	/* begun, not complete */
	TODAY_SHARE_PLAN,
	TODAY_REVIEW_PLAN,
	TODAY_TRANSITION,
	TODAY_CONSENT, /* ends, or has ended */
	TODAY_KINDS
};
/* As it stands in the table `later` and in addresses: "contact". */
const char *today_kind_id(enum today_kind k);
/* -1: there is none of that name. */
int today_kind_of(const char *id);

/* Texts are lent by the arena, "" where nothing is known. */
struct today_item {
	enum today_kind kind;
	int64_t record;	     /* of that kind; a transition: the child */
	int64_t child, kase; /* kase 0: none is open */
	int64_t staff;	     /* whose case; 0 nobody's */
	const char *given, *family;
	int32_t birth;
	int32_t due;	  /* the day; late from the next one on */
	int late;	  /* days; negative: so many are left */
	int32_t since;	  /* sent, begun, discharged; NO_DATE */
	const char *what; /* in the words of who wrote it */
	const char *with; /* organization, owner, facility */
	const char *word; /* need, element, instrument */
	const char *mode, *party;
	/* After an emergency visit; NO_DATE: not yet. */
	int32_t contacted, followed;
	/* How to reach the family. */
	const char *language;
	bool interpreter;
	const char *way, *hours, *relation; /* the safe way; "" there is none */
	bool unsafe; /* there are ways that are not safe */
};

struct today_ask {
	const struct vocabulary *words; /* borrowed */
	int64_t staff;
	int32_t today;
	int ahead; /* days: 0 for what is due, 7 for the week */
};
/* By kind, then day. Put off to a later day (later.h): left out. */
int today_list(struct db *db, const struct today_ask *q, struct arena *a,
	       struct today_item **out, size_t *n);

/* A family of theirs that received what it was referred for this week, Monday
 * on; open cases only. */
struct today_connected {
	int64_t child;
	const char *family, *what, *need; /* @what: the service, or "" */
};
int today_connected(struct db *db, int64_t staff, int32_t today,
		    struct arena *a, struct today_connected **out, size_t *n);

/* Whom @staff covers for on @today, by name. */
struct today_cover {
	int64_t staff;
	const char *name;
	int32_t until; /* NO_DATE: not known yet */
};
int today_covers(struct db *db, int64_t staff, int32_t today, struct arena *a,
		 struct today_cover **out, size_t *n);

#endif
