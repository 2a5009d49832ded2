/* transition: the way of a youth into adult care: the Six Core Elements with
 * their days, readiness assessments, plan and medical summary, the transfer
 * package, the first adult visit, and the three items of the national
 * measure (time alone with the clinician; self-care skills or what changes at
 * 18; the shift to adult care).
 *
 * One row a child, across its cases. Owns tables `transition`,
 * `transition_element`, `transition_readiness`, `transition_visit`. */
#ifndef CCFED_TRANSITION_H
#define CCFED_TRANSITION_H

#include "regional/case/consent.h"
#include "regional/case/sheet.h"

enum { TRANSITION_TELL_AGE = 12, TRANSITION_PLAN_AGE = 14 };

struct transition {
	int64_t id, child;
	int32_t begun;
	char adult_provider[NAME_TEXT];
	int32_t expected; /* transfer; may be in the future, or NO_DATE */
	int32_t planned,
		summary;     /* plan and medical summary made; or NO_DATE */
	int32_t package;     /* sent to the adult provider; or NO_DATE */
	int32_t first_visit; /* with the adult provider; may be ahead */
	int32_t confirmed;   /* that it took place; or NO_DATE */
	char confirmed_by[NAME_TEXT];
	char note[SHEET_TEXT_MAX];
	int64_t consent; /* on which the package was sent; 0 */
	char without_consent[CONSENT_WHY];
};
struct transition_element {
	int64_t id, transition;
	char element[VOCABULARY_ID];
	int32_t reached;
	char note[SHEET_TEXT_MAX];
};
struct transition_readiness {
	int64_t id, transition;
	int32_t assessed;
	char tool[NAME_TEXT];
	char answered_by[12]; /* "youth", "caregiver", "both", "" */
	int64_t score, most;  /* both or neither */
	char next_step[SHEET_TEXT_MAX];
};
struct transition_visit {
	int64_t id, transition;
	int32_t visited; /* the preventive visit that is asked about */
	int64_t alone, skills, discussed; /* 1, 0, SHEET_UNKNOWN */
};
extern const struct sheet transition_sheet, transition_element_sheet,
	transition_readiness_sheet, transition_visit_sheet;

/* From TRANSITION_TELL_AGE on. E_EXISTS: the child has one. */
int transition_start(struct records *r, int64_t child, int32_t on, int64_t *id);
/* A package sent, or sent on another day, asks for a consent to share the plan
 * with whoever is needed, and notes it; t->without_consent ("": none) is why
 * it does not wait for one. E_DENIED with a sentence. */
int transition_update(struct records *r, const struct transition *t);
int transition_get(struct db *db, int64_t id, struct transition *out);
/* E_NOTFOUND if none. */
int transition_of_child(struct db *db, int64_t child, struct transition *out);
/* Those without a confirmed first visit, or all; by begin. */
int transition_list(struct db *db, bool all, int64_t offset, int64_t limit,
		    sheet_fn *fn, void *arg);

/* First reached on @on; a second time corrects the day. */
int transition_reach(struct records *r, int64_t id, const char *element,
		     int32_t on, const char *note);
/* How an element stands on @today for who was born on @birth: "done", "not
 * yet" (younger than its usual ages), "due", "late". @reached NO_DATE: not. */
const char *transition_standing(const struct word *element, int32_t birth,
				int32_t reached, int32_t today);
int transition_elements(struct db *db, int64_t id, int64_t offset,
			int64_t limit, sheet_fn *fn, void *arg);

int transition_assess(struct records *r, const struct transition_readiness *a,
		      int64_t *id);
int transition_assessments(struct db *db, int64_t id, int64_t offset,
			   int64_t limit, sheet_fn *fn, void *arg);
/* A second time for the same visit corrects the answers. */
int transition_answer(struct records *r, const struct transition_visit *v,
		      int64_t *id);
int transition_visits(struct db *db, int64_t id, int64_t offset, int64_t limit,
		      sheet_fn *fn, void *arg);
/* 1 all three, 0 one is "no", SHEET_UNKNOWN one was not answered. */
int64_t transition_all_three(const struct transition_visit *v);

#endif
