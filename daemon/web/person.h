/* person: who is signed in, and the roles that an account can have.
 *
 * A node has coordinators, supervisors and viewers, a hub operators, TA
 * advisors and viewers. What each may do stands in the routes of the pages and
 * in the queries behind them. */
#ifndef CCFED_PERSON_H
#define CCFED_PERSON_H

#include <stdint.h>

#include "daemon/web/lang.h"

enum {
	PERSON_NAME = 56,   /* sign-in name, with its NUL; an audit has 64 for
			     * it with "user:" before */
	PERSON_TITLE = 120, /* name as it is shown */
};

enum person_role {
	ROLE_COORDINATOR = 1 << 0,
	ROLE_SUPERVISOR = 1 << 1,
	ROLE_VIEWER = 1 << 2,
	ROLE_OPERATOR = 1 << 3,
	ROLE_TA_ADVISOR = 1 << 4,
	ROLE_ANY = (1 << 5) - 1,
	ROLES_OF_NODE = ROLE_COORDINATOR | ROLE_SUPERVISOR | ROLE_VIEWER,
	ROLES_OF_HUB = ROLE_OPERATOR | ROLE_TA_ADVISOR | ROLE_VIEWER,
};

struct person {
	int64_t account;
	char name[PERSON_NAME], title[PERSON_TITLE];
	unsigned roles; /* of enum person_role; at least one */
	int64_t staff;	/* of a node's staff; 0: none */
	enum lang lang;
};

/* One role's name, "ta-advisor"; NULL if @role is not exactly one. */
const char *person_role_name(unsigned role);
/* "coordinator,supervisor" into a mask; E_INVALID naming the roles in
 * @allowed, of which every one must be. */
int person_roles_parse(const char *text, unsigned allowed, unsigned *out);
/* The same back, in 80 bytes; returns @out. */
char *person_roles_format(unsigned roles, char out[80]);

#endif
