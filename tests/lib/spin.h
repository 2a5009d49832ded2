/* spin: turns a libuv loop until something has happened. */
#ifndef CCFED_TEST_SPIN_H
#define CCFED_TEST_SPIN_H

#include <stdbool.h>

struct uv_loop_s;

/* Run @loop until *flag is at least @want, or @timeout_ms are over; true if it
 * is. */
bool spin_until(struct uv_loop_s *loop, const int *flag, int want,
		int timeout_ms);
/* Run @loop for @ms, whatever happens. */
void spin_for(struct uv_loop_s *loop, int ms);
/* Run @loop until no handle is left (closing is asynchronous), then close it.
 * Stops the test program if handles are still open after 5 s. */
void spin_close(struct uv_loop_s *loop);

#endif
