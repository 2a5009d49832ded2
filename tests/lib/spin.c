#include "tests/lib/spin.h"

#include <stdio.h>
#include <stdlib.h>

#include <uv.h>

static void on_timer(uv_timer_t *timer)
{
	*(bool *)timer->data = true;
}

bool spin_until(struct uv_loop_s *loop, const int *flag, int want,
		int timeout_ms)
{
	bool late = false;
	uv_timer_t timer;

	uv_timer_init(loop, &timer);
	timer.data = &late;
	uv_timer_start(&timer, on_timer, (uint64_t)timeout_ms, 0);
	while (!late && (!flag || *flag < want))
		uv_run(loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&timer, NULL);
	/* The timer lives on this stack until its close was handled. */
	uv_run(loop, UV_RUN_NOWAIT);
	return flag && *flag >= want;
}

void spin_for(struct uv_loop_s *loop, int ms)
{
	spin_until(loop, NULL, 0, ms);
}

void spin_close(struct uv_loop_s *loop)
{
	for (int i = 0; i < 500; i++) {
		if (uv_run(loop, UV_RUN_NOWAIT) == 0)
			break;
		uv_sleep(10);
	}
	if (uv_loop_close(loop) != 0) {
		fprintf(stderr, "handles are still open\n");
		uv_print_all_handles(loop, stderr);
		abort();
	}
}
