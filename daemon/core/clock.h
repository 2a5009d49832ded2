/* clock: the one place that is asked what time it is.
 *
 * A struct clock is passed to whatever needs time, so that a test runs whole
 * networks under a clock that it sets. */
#ifndef CCFED_CLOCK_H
#define CCFED_CLOCK_H

#include <stdint.h>

struct clock {
	/* Milliseconds since 1970-01-01 UTC; may jump. */
	int64_t (*utc_ms)(struct clock *c);
	/* Milliseconds since some start; never jumps. */
	int64_t (*mono_ms)(struct clock *c);
};

/* The machine's clock; static, never freed. */
struct clock *clock_system(void);

/* A clock that stands still until it is moved. */
struct clock_set {
	struct clock base; /* pass &x.base */
	int64_t now_utc_ms;
	int64_t now_mono_ms;
};
void clock_set_init(struct clock_set *c, int64_t utc_ms);
void clock_set_advance(struct clock_set *c, int64_t ms); /* both hands */

int64_t clock_utc_ms(struct clock *c);
int64_t clock_mono_ms(struct clock *c);

#endif
