/* throttle: makes guessing slow: after some failures of one key (an account's
 * name, an address) each further attempt has to wait twice as long as the one
 * before, up to a quarter of an hour.
 *
 * Owns table `throttle` of accounts.db, so that a restart forgets nothing. Loop
 * thread only. */
#ifndef CCFED_THROTTLE_H
#define CCFED_THROTTLE_H

#include <stdint.h>

#include "daemon/web/accounts.h"

/* So many attempts are free. A whole center may share one address. */
enum { THROTTLE_NAME = 5, THROTTLE_ADDRESS = 30 };

/* Seconds that @key has to wait; 0: it may try. */
int throttle_wait(struct accounts *a, const char *key, int free, int64_t *s);
int throttle_failed(struct accounts *a, const char *key);
int throttle_clear(struct accounts *a, const char *key);
/* Forget those of yesterday. */
int throttle_tidy(struct accounts *a);

#endif
