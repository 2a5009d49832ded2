/* custody: what a caregiver is to a child, who has custody, and who may sign.
 *
 * Authority is the right in which somebody signs (proto/vocabulary.conf,
 * authority). For a minor it is a parent's, a legal guardian's or the child
 * welfare agency's; when the child comes of age these end, and the youth, or a
 * conservator whom a court appointed for an adult, signs. A youth who may sign
 * before (emancipated, or where the law lets a minor consent) has a row of
 * their own: caregiver 0, authority "youth". Of age is 18, Connecticut General
 * Statutes 1-1d.
 *
 * Owns table `custody`. */
#ifndef CCFED_CUSTODY_H
#define CCFED_CUSTODY_H

#include "proto/vocabulary.h"
#include "regional/case/records.h"

enum { CUSTODY_OF_AGE = 18 };

struct custody {
	int64_t id, child;
	int64_t caregiver;	       /* 0: the youth */
	char relation[VOCABULARY_ID];  /* "mother" */
	char custody[VOCABULARY_ID];   /* "joint" */
	char authority[VOCABULARY_ID]; /* "parent"; "" may not sign */
	int32_t since, until;	       /* NO_DATE: always, still */
};

/* A second row for the same caregiver and child that overlaps the first is
 * E_EXISTS: end that one. */
int custody_add(struct records *r, const struct custody *c, int64_t *id);
int custody_end(struct records *r, int64_t id, int32_t on);
int custody_get(struct db *db, int64_t id, struct custody *out);
/* Of @child; those of @day, or all ever for NO_DATE. */
int custody_list(struct db *db, int64_t child, int32_t day,
		 int (*fn)(void *arg, const struct custody *c), void *arg);

/* Who was born on @birth is of age on @day. */
bool custody_of_age(int32_t birth, int32_t day);
/* @authority ends when the child comes of age. */
bool custody_for_minors(const char *authority);
/* 0 if @caregiver (0: the youth) may sign for @child on @day with
 * @authority; else E_DENIED with a sentence saying why not and who may. */
int custody_may_sign(struct records *r, int64_t child, int64_t caregiver,
		     const char *authority, int32_t day);

#endif
