/* accounts: who may sign in: DIR/accounts.db and DIR/web.key.
 *
 * Names are small letters, digits, '.', '-', '_' and '@', so that two can't
 * look the same. Disabling ends the account's sessions at once; nobody is ever
 * deleted, since the audit names them. The last account that can administer
 * the others can't be disabled or lose that role.
 *
 * Owns tables `account`, `link`. Loop thread, or the command line's. */
#ifndef CCFED_ACCOUNTS_H
#define CCFED_ACCOUNTS_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/web/person.h"
#include "daemon/web/secret.h"

struct clock;
struct db;
struct disk;
struct rng;

struct accounts {
	struct db *db;
	struct clock *clock; /* borrowed */
	struct rng *rng;
	unsigned char key[SECRET_KEY];
	unsigned allowed; /* roles that exist here */
};

struct account {
	struct person person;
	char password[SECRET_PASSWORD]; /* its hash, or "": none chosen yet */
	char sso[120];			/* or "" */
	bool totp, disabled;
	int64_t made_utc_ms, signed_in_utc_ms; /* 0: never */
};

enum { LINK_HOURS = 24, FIRST_LINK_HOURS = 72 };

/* Open or make them in @dir; seams are borrowed. @allowed: ROLES_OF_NODE or
 * ROLES_OF_HUB. On 0 the caller owns *out. */
int accounts_open(struct accounts **out, struct disk *disk, struct clock *clock,
		  struct rng *rng, const char *dir, unsigned allowed);
void accounts_close(struct accounts *a); /* NULL is fine */

/* person.account is set. E_INVALID, E_EXISTS with sentences. No password yet:
 * give the person a link. */
int accounts_add(struct accounts *a, struct account *new);
int accounts_get(struct accounts *a, int64_t id, struct account *out);
/* E_NOTFOUND without a sentence. */
int accounts_find(struct accounts *a, const char *name, struct account *out);
int accounts_find_sso(struct accounts *a, const char *sso, struct account *out);
/* By name. */
int accounts_list(struct accounts *a,
		  int (*fn)(void *arg, const struct account *x), void *arg);
int accounts_count(struct accounts *a, int64_t *out);

/* Title, roles, staff, sso and language, by person.account. */
int accounts_update(struct accounts *a, const struct account *x);
/* Disabled, it can't sign in, and its sessions and links end. */
int accounts_disable(struct accounts *a, int64_t id, bool disabled);
/* Ends its sessions; the caller begins a new one. */
int accounts_password(struct accounts *a, int64_t id, const char *hash);
/* No password, no time code, no session; give the person a link. */
int accounts_reset(struct accounts *a, int64_t id);

/* A link's token for @account; 0: for the first account, whatever its name. An
 * earlier one of the same account works no more. */
int accounts_link(struct accounts *a, int64_t account, int hours,
		  char token[SECRET_TOKEN]);
/* Whose it is (0: the first account's); E_NOTFOUND with a sentence if it was
 * used, is too old or never was. */
int accounts_link_of(struct accounts *a, const char *token, int64_t *account);
int accounts_link_use(struct accounts *a, const char *token);

#endif
