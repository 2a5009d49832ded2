/* intake_home: a new case in a household that is there: a brother or sister of
 * a child whose record they may open. */
#ifndef CCFED_INTAKE_HOME_H
#define CCFED_INTAKE_HOME_H

#include <stddef.h>
#include <stdint.h>

#include "regional/case/duplicate.h"

struct page;
struct tpl_select;

/* The household that was asked for or chosen, 0 none; its first caregiver's
 * names, "" none. */
struct intake_home {
	int64_t home;
	const char *given, *surname;
};
int intake_home_asked(struct page *p, struct intake_home *out);
/* 0 if they may open a child of @home, else E_NOTFOUND. */
int intake_home_may(struct page *p, int64_t home);
/* The choice, of @asked and of the homes of those likely children whom they may
 * see; NULL if there is none. */
int intake_home_field(struct page *p, const struct intake_home *asked,
		      const struct duplicate *d, size_t n,
		      const struct tpl_select **out);
/* The caregiver of @home with these names, whatever the case; 0 none. */
int intake_home_carer(struct page *p, int64_t home, const char *given,
		      const char *surname, int64_t *id);

#endif
