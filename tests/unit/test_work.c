#include "tests/lib/check.h"

#include <pthread.h>

#include <uv.h>

#include "daemon/core/work.h"
#include "tests/lib/spin.h"

struct job {
	pthread_t ran_on, done_on;
	int ran, done;
};

static void run(void *arg)
{
	struct job *j = arg;

	j->ran_on = pthread_self();
	j->ran++;
}

static void done(void *arg)
{
	struct job *j = arg;

	j->done_on = pthread_self();
	j->done += j->ran;
}

static void inline_does_both_at_once(void **state)
{
	struct job j = {.ran = 0};

	check_ok(work_submit(work_inline(), run, done, &j));
	assert_int_equal(j.done, 1);
}

static void uv_runs_elsewhere_and_ends_here(void **state)
{
	struct job j = {.ran = 0};
	struct work_uv w;
	uv_loop_t loop;

	uv_loop_init(&loop);
	work_uv_init(&w, &loop);
	check_ok(work_submit(&w.base, run, done, &j));
	assert_true(spin_until(&loop, &j.done, 1, 5000));
	assert_false(pthread_equal(j.ran_on, pthread_self()));
	assert_true(pthread_equal(j.done_on, pthread_self()));
	spin_close(&loop);
}

static void submit_survives_oom(void **state)
{
	struct job j = {.ran = 0};
	struct work_uv w;
	uv_loop_t loop;

	uv_loop_init(&loop);
	work_uv_init(&w, &loop);
	SWEEP
	{
		int r = work_submit(&w.base, run, done, &j);

		SWEEP_END(r);
	}
	assert_true(spin_until(&loop, &j.done, 1, 5000));
	assert_int_equal(j.ran, 1);
	spin_close(&loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(inline_does_both_at_once),
		cmocka_unit_test(uv_runs_elsewhere_and_ends_here),
		cmocka_unit_test(submit_survives_oom),
	};

	return cmocka_run_group_tests_name("work", tests, NULL, NULL);
}
