/* cli_ask: one question of a node to its hub, and its answer, over a dialer
 * and a loop of its own, so that it may be asked beside a running daemon. */
#ifndef CCFED_CLI_ASK_H
#define CCFED_CLI_ASK_H

#include <stddef.h>

/* Send @envelope to @addr and wait. @fn gets each answer and says 0 when it is
 * the right one, E_AUTH when it is none of ours (waiting goes on), or another
 * failure, which is returned. E_TIMEOUT with a sentence after @deadline_ms. */
int cli_ask(const char *addr, const void *envelope, size_t len, int deadline_ms,
	    int (*fn)(void *arg, const void *data, size_t len), void *arg);

#endif
