#include "daemon/cli/cli_ask.h"

#include <stdbool.h>
#include <uv.h>

#include "daemon/core/bus.h"
#include "daemon/core/bus_nano.h"
#include "daemon/core/err.h"

struct asking {
	uv_loop_t loop;
	uv_timer_t timer;
	int (*fn)(void *arg, const void *data, size_t len);
	void *arg;
	int result;
	bool done;
};

static void on_answer(void *arg, const void *data, size_t len)
{
	struct asking *a = arg;
	int r;

	if (a->done)
		return;
	r = a->fn(a->arg, data, len);
	if (r == E_AUTH)
		return;
	a->result = r;
	a->done = true;
	uv_stop(&a->loop);
}

static void on_deadline(uv_timer_t *t)
{
	uv_stop(t->loop);
}

static int ask(struct asking *a, struct bus *bus, const char *addr,
	       const void *envelope, size_t len, int deadline_ms)
{
	struct bus_dialer *d = NULL;
	int r;

	r = bus->dial(bus, addr, on_answer, a, &d);
	if (r < 0)
		return r;
	r = bus->ask(d, envelope, len);
	if (r == 0) {
		uv_timer_init(&a->loop, &a->timer);
		uv_timer_start(&a->timer, on_deadline, (uint64_t)deadline_ms,
			       0);
		uv_run(&a->loop, UV_RUN_DEFAULT);
		uv_close((uv_handle_t *)&a->timer, NULL);
	}
	bus->hangup(d);
	/* Handles close on the loop. */
	uv_run(&a->loop, UV_RUN_DEFAULT);
	if (r == 0 && !a->done)
		r = err_set(E_TIMEOUT,
			    "The hub at %s did not answer within %d seconds",
			    addr, deadline_ms / 1000);
	return r < 0 ? r : a->result;
}

int cli_ask(const char *addr, const void *envelope, size_t len, int deadline_ms,
	    int (*fn)(void *arg, const void *data, size_t len), void *arg)
{
	struct asking a = {.fn = fn, .arg = arg};
	struct bus *bus = NULL;
	int r;

	if (uv_loop_init(&a.loop) != 0)
		return err_set(E_IO, "can't make an event loop");
	r = bus_nano_new(&bus, &a.loop);
	if (r == 0)
		r = ask(&a, bus, addr, envelope, len, deadline_ms);
	bus_nano_free(bus);
	uv_loop_close(&a.loop);
	return r;
}
