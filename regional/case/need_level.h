/* need_level: how much care coordination a case needs. Medical complexity is a
 * tier that somebody assessed, with method and version, never computed from
 * diagnosis codes here. Social complexity comes from open needs and screenings
 * by the points of proto/levels.conf, or is set with a reason. The level and
 * what follows from it are that file's.
 *
 * One row an assessment, dated; the older ones are its history.
 *
 * Owns table `need_level`. */
#ifndef CCFED_NEED_LEVEL_H
#define CCFED_NEED_LEVEL_H

#include "proto/vocabulary.h"
#include "regional/case/records.h"

enum { SOCIAL_BY_RULE = -1, METHOD_VERSION = 40, LEVEL_WHY = 400 };

struct need_level {
	int64_t id, kase;
	int32_t since;
	char medical[VOCABULARY_ID]; /* "complex", "non-complex", "none" */
	char method[NAME_TEXT], method_version[METHOD_VERSION];
	int social;	     /* 0 .. 3; SOCIAL_BY_RULE when it is set */
	char why[LEVEL_WHY]; /* social differs from the rule, or "" */
	/* What set found and what follows. */
	int points, social_by_rule;
	int rules;     /* version of levels.conf */
	bool cshcn;    /* by the tier or by the CSHCN Screener */
	char level[8]; /* "I" .. "IV"; what follows: proto/levels.h */
};

/* Assess case @l->kase on day @l->since by what is recorded until then. */
int need_level_set(struct records *r, const struct need_level *l, int64_t *id);
/* What the rule makes of the case on day @on, without writing it. */
int need_level_points(struct records *r, int64_t kase, int32_t on, int *points,
		      int *tier);
/* The one that holds on day @on; E_NOTFOUND if there is none yet. */
int need_level_get(struct db *db, int64_t kase, int32_t on,
		   struct need_level *out);
/* Newest first. */
int need_level_list(struct db *db, int64_t kase, int64_t offset, int64_t limit,
		    int (*fn)(void *arg, const struct need_level *l),
		    void *arg);

#endif
