#include "tests/lib/check.h"

#include "daemon/core/bus_mem.h"

enum { DIALERS = 100 };

struct fix {
	struct rng_seeded rng;
	struct bus *bus;
	struct bus_listener *hub;
	int batches, requests, answers, largest;
	bool mute; /* the hub drops its tickets */
	char last[64];
};

static void on_batch(void *arg, struct bus_in *in, int n)
{
	struct fix *f = arg;

	f->batches++;
	f->requests += n;
	if (n > f->largest)
		f->largest = n;
	for (int i = 0; i < n; i++)
		f->bus->answer(f->hub, in[i].ticket,
			       f->mute ? NULL : in[i].data, in[i].len);
}

static void on_answer(void *arg, const void *data, size_t len)
{
	struct fix *f = arg;

	f->answers++;
	snprintf(f->last, sizeof f->last, "%.*s", (int)len, (const char *)data);
}

static int setup(void **state)
{
	static struct fix f;

	memset(&f, 0, sizeof f);
	rand_seed(&f.rng, 1);
	check_ok(bus_mem_new(&f.bus, &f.rng.base));
	check_ok(f.bus->listen(f.bus, "hub", on_batch, &f, &f.hub));
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	f->bus->unlisten(f->hub);
	bus_mem_free(f->bus);
	return 0;
}

static void settle(struct fix *f)
{
	while (bus_mem_step(f->bus) > 0)
		;
}

static struct bus_dialer *dial(struct fix *f)
{
	struct bus_dialer *d;

	check_ok(f->bus->dial(f->bus, "hub", on_answer, f, &d));
	return d;
}

static void question_is_answered(void **state)
{
	struct fix *f = *state;
	struct bus_dialer *d = dial(f);

	assert_int_equal(f->bus->peers(f->hub), 1);
	check_ok(f->bus->ask(d, "hello", 5));
	assert_int_equal(f->requests, 0);
	assert_int_equal(bus_mem_step(f->bus), 1);
	assert_int_equal(bus_mem_step(f->bus), 1);
	assert_int_equal(bus_mem_step(f->bus), 0);
	assert_int_equal(f->answers, 1);
	assert_string_equal(f->last, "hello");
	f->bus->hangup(d);
}

static void earlier_question_is_given_up(void **state)
{
	struct fix *f = *state;
	struct bus_dialer *d = dial(f);

	check_ok(f->bus->ask(d, "first", 5));
	check_ok(f->bus->ask(d, "second", 6));
	settle(f);
	assert_int_equal(f->requests, 2);
	assert_int_equal(f->answers, 1);
	assert_string_equal(f->last, "second");
	f->bus->hangup(d);
}

static void many_come_in_batches(void **state)
{
	struct fix *f = *state;
	struct bus_dialer *d[DIALERS];

	for (int i = 0; i < DIALERS; i++) {
		d[i] = dial(f);
		check_ok(f->bus->ask(d[i], "x", 1));
	}
	settle(f);
	assert_int_equal(f->largest, BUS_BATCH);
	assert_int_equal(f->batches, 2);
	assert_int_equal(f->answers, DIALERS);
	for (int i = 0; i < DIALERS; i++)
		f->bus->hangup(d[i]);
}

static void too_large_is_refused(void **state)
{
	static char big[BUS_MAX];
	struct fix *f = *state;
	struct bus_dialer *d = dial(f);

	check_ok(f->bus->ask(d, big, BUS_MAX * 10 / 12));
	assert_int_equal(f->bus->ask(d, big, BUS_MAX * 10 / 12 + 1), E_TOOBIG);
	f->bus->hangup(d);
}

static void redial_asks_a_lost_question_again(void **state)
{
	struct fix *f = *state;
	struct bus_dialer *d = dial(f);

	bus_mem_cut(f->bus, "hub", 1);
	assert_int_equal(f->bus->peers(f->hub), 0);
	check_ok(f->bus->ask(d, "again", 5));
	settle(f);
	assert_int_equal(f->requests, 0);
	bus_mem_cut(f->bus, "hub", 0);
	settle(f);
	assert_int_equal(f->requests, 0);
	f->bus->redial(d);
	settle(f);
	assert_string_equal(f->last, "again");
	/* Answered: there is nothing left to ask. */
	f->bus->redial(d);
	settle(f);
	assert_int_equal(f->requests, 1);
	f->bus->hangup(d);
}

static void cut_also_loses_what_is_under_way(void **state)
{
	struct fix *f = *state;
	struct bus_dialer *d = dial(f);

	check_ok(f->bus->ask(d, "x", 1));
	bus_mem_cut(f->bus, "hub", 1);
	settle(f);
	/* And what is sent in between, even if it is mended before a step. */
	check_ok(f->bus->ask(d, "y", 1));
	bus_mem_cut(f->bus, "hub", 0);
	settle(f);
	assert_int_equal(f->requests, 0);
	f->bus->hangup(d);
}

static void dropped_ticket_gives_no_answer(void **state)
{
	struct fix *f = *state;
	struct bus_dialer *d = dial(f);

	f->mute = true;
	check_ok(f->bus->ask(d, "x", 1));
	settle(f);
	assert_int_equal(f->requests, 1);
	assert_int_equal(f->answers, 0);
	f->bus->hangup(d);
}

/* Under faults each kind shows, and the same seed shows the same. */
static void faults_happen_at_their_share(void **state)
{
	struct fix *f = *state;
	struct bus_dialer *d = dial(f);
	int wrong = 0;

	bus_mem_faults(f->bus, &(struct bus_mem_faults){.drop = 0.2,
							.duplicate = 0.3,
							.corrupt = 0.1});
	for (int i = 0; i < 1000; i++) {
		f->last[0] = '\0';
		check_ok(f->bus->ask(d, "payload", 7));
		settle(f);
		wrong += f->last[0] && strcmp(f->last, "payload") != 0;
	}
	/* 1000 x 0.8 sent on x 1.3; answers: each of them likewise. */
	assert_in_range(f->requests, 980, 1100);
	assert_in_range(f->answers, 980, 1180);
	assert_in_range(wrong, 80, 250);
	f->bus->hangup(d);
}

static void reordered_arrive_behind_others(void **state)
{
	struct fix *f = *state;
	struct bus_dialer *a = dial(f), *b = dial(f);
	int turned = 0;

	bus_mem_faults(f->bus, &(struct bus_mem_faults){.reorder = 0.5});
	for (int i = 0; i < 100; i++) {
		check_ok(f->bus->ask(a, "a", 1));
		check_ok(f->bus->ask(b, "b", 1));
		bus_mem_step(f->bus);
		bus_mem_step(f->bus);
		turned += strcmp(f->last, "a") == 0;
	}
	assert_int_equal(f->answers, 200);
	assert_in_range(turned, 20, 80);
	f->bus->hangup(a);
	f->bus->hangup(b);
}

static void on_tap(void *arg, const void *data, size_t len)
{
	*(int *)arg += (int)len;
}

static void tap_sees_both_directions(void **state)
{
	struct fix *f = *state;
	struct bus_dialer *d = dial(f);
	int bytes = 0;

	bus_mem_tap(f->bus, on_tap, &bytes);
	check_ok(f->bus->ask(d, "12345", 5));
	settle(f);
	assert_int_equal(bytes, 10);
	f->bus->hangup(d);
}

static void hub_may_come_back_at_its_address(void **state)
{
	struct fix *f = *state;
	struct bus_dialer *d = dial(f);
	struct bus_listener *second = NULL;

	assert_int_equal(f->bus->listen(f->bus, "hub", on_batch, f, &second),
			 E_EXISTS);
	check_ok(f->bus->ask(d, "x", 1));
	f->bus->unlisten(f->hub);
	settle(f);
	check_ok(f->bus->listen(f->bus, "hub", on_batch, f, &f->hub));
	check_ok(f->bus->ask(d, "y", 1));
	settle(f);
	assert_string_equal(f->last, "y");
	f->bus->hangup(d);
}

static void hangup_on_answer(void *arg, const void *data, size_t len)
{
	void **pair = arg;
	struct fix *f = pair[0];

	f->answers++;
	f->bus->hangup(pair[1]);
}

static void callbacks_may_close(void **state)
{
	struct fix *f = *state;
	void *pair[2] = {f, NULL};
	struct bus_dialer *d;

	bus_mem_faults(f->bus, &(struct bus_mem_faults){.duplicate = 1});
	check_ok(f->bus->dial(f->bus, "hub", hangup_on_answer, pair, &d));
	pair[1] = d;
	check_ok(f->bus->ask(d, "x", 1));
	settle(f);
	assert_int_equal(f->requests, 2);
	assert_int_equal(f->answers, 1);
}

static void constructors_survive_oom(void **state)
{
	struct fix *f = *state;

	SWEEP
	{
		struct bus *b = NULL;
		int r = bus_mem_new(&b, &f->rng.base);

		SWEEP_END(r);
		bus_mem_free(b);
	}
	SWEEP
	{
		struct bus_listener *l = NULL;
		int r = f->bus->listen(f->bus, "l", on_batch, f, &l);

		SWEEP_END(r);
		f->bus->unlisten(l);
	}
	SWEEP
	{
		struct bus_dialer *d = NULL;
		int r = f->bus->dial(f->bus, "hub", on_answer, f, &d);

		SWEEP_END(r);
		f->bus->hangup(d);
	}
}

#define WITH_FIX(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FIX(question_is_answered),
		WITH_FIX(earlier_question_is_given_up),
		WITH_FIX(many_come_in_batches),
		WITH_FIX(too_large_is_refused),
		WITH_FIX(redial_asks_a_lost_question_again),
		WITH_FIX(cut_also_loses_what_is_under_way),
		WITH_FIX(dropped_ticket_gives_no_answer),
		WITH_FIX(faults_happen_at_their_share),
		WITH_FIX(reordered_arrive_behind_others),
		WITH_FIX(tap_sees_both_directions),
		WITH_FIX(hub_may_come_back_at_its_address),
		WITH_FIX(callbacks_may_close),
		WITH_FIX(constructors_survive_oom),
	};

	return cmocka_run_group_tests_name("bus_mem", tests, NULL, NULL);
}
