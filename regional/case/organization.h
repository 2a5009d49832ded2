/* organization: who families are referred to, and what it offers.
 *
 * Owns tables `organization` and `service`. */
#ifndef CCFED_ORGANIZATION_H
#define CCFED_ORGANIZATION_H

#include "regional/case/records.h"

struct organization {
	int64_t id;
	char name[NAME_TEXT]; /* not "" */
	bool active;
};
struct service {
	int64_t id, organization; /* organization 0: not known */
	char name[NAME_TEXT];
	bool active;
};

int organization_add(struct records *r, const struct organization *o,
		     int64_t *id);
int organization_update(struct records *r, const struct organization *o);
int organization_get(struct db *db, int64_t id, struct organization *out);
int organization_list(struct db *db, const char *text, int64_t offset,
		      int64_t limit,
		      int (*fn)(void *arg, const struct organization *o),
		      void *arg);
int service_add(struct records *r, const struct service *s, int64_t *id);
int service_update(struct records *r, const struct service *s);
int service_get(struct db *db, int64_t id, struct service *out);
/* Those of @organization, by name. */
int service_list(struct db *db, int64_t organization,
		 int (*fn)(void *arg, const struct service *s), void *arg);

#endif
