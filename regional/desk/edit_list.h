/* edit_list: the records of a child that the desk's forms change, one struct
 * edit each (edit_form.h); and what more than one of them asks. */
#ifndef CCFED_EDIT_LIST_H
#define CCFED_EDIT_LIST_H

#include "regional/desk/edit_form.h"

/* NULL at the end. */
extern const struct edit *const edit_of_family[];  /* edit_family.c */
extern const struct edit *const edit_of_cover[];   /* edit_cover.c */
extern const struct edit *const edit_of_consent[]; /* edit_consent.c */
extern const struct edit *const edit_of_course[];  /* edit_course.c */
extern const struct edit *const edit_of_case[];	   /* edit_case.c */
extern const struct edit *const edit_of_plan[];	   /* edit_plan.c */

struct records *edit_records(struct page *p);
/* E_NOTFOUND unless @sql, which asks for ?1 the child and ?2 the row, has one. */
int edit_theirs(struct page *p, const char *sql, int64_t child, int64_t row);
/* Grown-ups of the child's homes, by name. */
int edit_pick_caregiver(struct page *p, const struct child_head *c,
			struct arena_list *options);
/* id and title of each row of @sql, which asks for ?1 the child. */
int edit_pick_sql(struct page *p, const char *sql, int64_t child,
		  struct arena_list *options);

/* A field's place in struct @s. */
#define EDIT_AT(s, m) \
	.at = offsetof(struct s, m), .size = sizeof(((struct s *)0)->m)

#endif
