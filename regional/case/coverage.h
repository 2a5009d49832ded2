/* coverage: a child's health insurance, and the benefits that a child or its
 * family receives, each with its days. What a family lacks is a need
 * (need.h); this is what it has.
 *
 * Owns tables `coverage` and `benefit`. */
#ifndef CCFED_COVERAGE_H
#define CCFED_COVERAGE_H

#include "proto/vocabulary.h"
#include "regional/case/records.h"

struct coverage {
	int64_t id, child;
	char kind[VOCABULARY_ID]; /* "medicaid"; "none": uninsured */
	char payer[NAME_TEXT];	  /* "HUSKY A"; "" not known */
	char member[NAME_TEXT];	  /* number on the card; "" not known */
	int32_t since, until;	  /* NO_DATE: always, still */
};
struct benefit {
	int64_t id;
	int64_t child, family;	  /* one of them, the other is 0 */
	char kind[VOCABULARY_ID]; /* "snap" */
	int32_t since, until;
};

/* "none" beside an insurance of the same days is E_INVALID, and so is an
 * insurance beside "none": end that first. A child may have several. */
int coverage_add(struct records *r, const struct coverage *c, int64_t *id);
int coverage_end(struct records *r, int64_t id, int32_t on);
int coverage_get(struct db *db, int64_t id, struct coverage *out);
/* Those of @day, or all ever for NO_DATE; newest first. */
int coverage_list(struct db *db, int64_t child, int32_t day,
		  int (*fn)(void *arg, const struct coverage *c), void *arg);

int benefit_add(struct records *r, const struct benefit *b, int64_t *id);
int benefit_end(struct records *r, int64_t id, int32_t on);
int benefit_get(struct db *db, int64_t id, struct benefit *out);
/* Of @child, those of its families with it; or of @family alone (@child 0). */
int benefit_list(struct db *db, int64_t child, int64_t family, int32_t day,
		 int (*fn)(void *arg, const struct benefit *b), void *arg);

#endif
