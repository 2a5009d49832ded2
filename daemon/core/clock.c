#include "daemon/core/clock.h"

#include <assert.h>
#include <time.h>

static int64_t read_ms(clockid_t id)
{
	struct timespec ts;
	int r = clock_gettime(id, &ts);

	/* Both clocks exist on every Linux. */
	assert(r == 0);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int64_t system_utc_ms(struct clock *c)
{
	return read_ms(CLOCK_REALTIME);
}

/* BOOTTIME, not MONOTONIC: a deadline counts the hours a laptop slept. */
static int64_t system_mono_ms(struct clock *c)
{
	return read_ms(CLOCK_BOOTTIME);
}

struct clock *clock_system(void)
{
	static struct clock system = {
		.utc_ms = system_utc_ms,
		.mono_ms = system_mono_ms,
	};

	return &system;
}

/* base is the first member, so the cast is back to what was passed in. */
static int64_t set_utc_ms(struct clock *c)
{
	return ((struct clock_set *)c)->now_utc_ms;
}

static int64_t set_mono_ms(struct clock *c)
{
	return ((struct clock_set *)c)->now_mono_ms;
}

/* The steady hand begins at 0: only differences mean something. */
void clock_set_init(struct clock_set *c, int64_t utc_ms)
{
	c->base.utc_ms = set_utc_ms;
	c->base.mono_ms = set_mono_ms;
	c->now_utc_ms = utc_ms;
	c->now_mono_ms = 0;
}

void clock_set_advance(struct clock_set *c, int64_t ms)
{
	c->now_utc_ms += ms;
	c->now_mono_ms += ms;
}

int64_t clock_utc_ms(struct clock *c)
{
	return c->utc_ms(c);
}

int64_t clock_mono_ms(struct clock *c)
{
	return c->mono_ms(c);
}
