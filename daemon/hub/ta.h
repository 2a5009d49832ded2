/* ta: technical assistance: items by region, what was said and agreed on each,
 * and whether it helped.
 *
 * An item opens by hand, or by itself for a cause (ta_watch.h): then once, as
 * long as one of the same region, cause and measure is open, and never again
 * on what a closed one rested on. Nothing is deleted: an entry is withdrawn,
 * an action dropped. Every change is in the audit.
 *
 * Owns tables ta_item, ta_entry, ta_action, ta_threshold. Changes run on the
 * hub's connection, reading on any. Days are date.h days. */
#ifndef CCFED_TA_H
#define CCFED_TA_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/envelope.h"

struct db;

enum ta_cause {
	TA_BY_HAND,
	TA_SIGNAL,
	TA_THRESHOLD,
	TA_DATA_QUALITY,
	TA_SILENCE,
};
enum ta_helped {
	TA_NOT_ASKED,
	TA_YES,
	TA_PARTLY,
	TA_NO,
	TA_CANNOT_SAY,
};
enum { TA_TOPIC = 160, TA_TEXT = 2000, TA_OWNER = 120, TA_NO_DAY = INT32_MIN };

/* The words of a page: "threshold passed"; "it helped". */
const char *ta_cause_title(enum ta_cause c);
const char *ta_helped_title(enum ta_helped h);

/* In whose name, on which connection. */
struct ta_hand {
	struct db *db;
	int64_t now_utc_ms;
	int32_t today;
	const char *who; /* "user:ann", "hub" */
};

struct ta_item {
	int64_t id;
	char region[REGION_ID], region_title[80];
	enum ta_cause cause;
	char measure[8]; /* "": of none */
	char topic[TA_TOPIC], why[TA_TEXT];
	int64_t evidence;
	int32_t opened_on, closed_on; /* TA_NO_DAY: open */
	char opened_by[64];
	enum ta_helped helped; /* of a closed one */
	char lesson[TA_TEXT];
	int32_t began_on; /* first visit, call or advice; TA_NO_DAY */
	int64_t actions_open, actions_late;
};
/* Open it: region, cause, measure, topic, why and evidence are taken. E_EXISTS
 * without a sentence: it opens by itself and is there. E_INVALID. */
int ta_open(const struct ta_hand *by, const struct ta_item *new, int64_t *id);
int ta_get(struct db *db, int64_t id, int32_t today, struct ta_item *out);
/* Open ones first, the newest first. @region NULL: of all. */
enum ta_which { TA_OPEN = 1, TA_CLOSED = 2, TA_ALL = 3 };
int ta_list(struct db *db, const char *region, enum ta_which which,
	    int32_t today, int (*fn)(void *arg, const struct ta_item *i),
	    void *arg);
/* E_STATE: somebody closed it before. */
int ta_close(const struct ta_hand *by, int64_t id, enum ta_helped helped,
	     const char *lesson);
int ta_reopen(const struct ta_hand *by, int64_t id);

/* A visit, call, advice or note. */
struct ta_entry {
	int64_t id, item;
	char kind[8]; /* "visit", "call", "advice", "note" */
	int32_t on_day;
	char text[TA_TEXT], who[64];
};
int ta_entry_add(const struct ta_hand *by, const struct ta_entry *new,
		 int64_t *id);
int ta_entry_withdraw(const struct ta_hand *by, int64_t id);
int ta_entries(struct db *db, int64_t item,
	       int (*fn)(void *arg, const struct ta_entry *e), void *arg);

struct ta_action {
	int64_t id, item;
	char what[TA_TOPIC], owner[TA_OWNER];
	char state[8]; /* "open", "done", "dropped" */
	int32_t due, state_on;
	char region_title[80]; /* of its item */
};
int ta_action_add(const struct ta_hand *by, const struct ta_action *new,
		  int64_t *id);
/* *before: what it was, in 8 bytes, for an undo. */
int ta_action_set(const struct ta_hand *by, int64_t id, const char *state,
		  char *before, int64_t *item);
/* Of one item, by due day; 0: open ones of all open items in @region. */
int ta_actions(struct db *db, int64_t item, const char *region,
	       int (*fn)(void *arg, const struct ta_action *a), void *arg);

/* A rate that is @below or else above @tenths of a percent opens an item. */
struct ta_threshold {
	char measure[8];
	bool below;
	int tenths;
};
/* @t->tenths negative: none any more. */
int ta_threshold_set(const struct ta_hand *by, const struct ta_threshold *t);
int ta_thresholds(struct db *db,
		  int (*fn)(void *arg, const struct ta_threshold *t),
		  void *arg);

/* For charts: the days on which assistance of @measure began in @region, the
 * first visit, call or advice of each item. */
int ta_marks(struct db *db, const char *measure, const char *region,
	     int (*fn)(void *arg, int32_t day, int64_t item), void *arg);

#endif
