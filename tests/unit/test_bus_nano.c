#include "tests/lib/check.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <uv.h>

#include "daemon/core/bus_nano.h"
#include "tests/lib/scratch.h"
#include "tests/lib/spin.h"

enum { HELD = 256, WAIT_MS = 10000 };

struct fix {
	uv_loop_t loop;
	struct bus *bus;
	struct bus_listener *hub;
	char addr[64];
	int port;
	int requests, answers;
	bool hold; /* keep tickets instead of answering */
	struct bus_ticket *held[HELD];
	size_t last_len;
	char last[64];
};

static void on_batch(void *arg, struct bus_in *in, int n)
{
	struct fix *f = arg;

	assert_true(n <= BUS_BATCH);
	for (int i = 0; i < n; i++) {
		if (f->hold && f->requests < HELD)
			f->held[f->requests] = in[i].ticket;
		else
			f->bus->answer(f->hub, in[i].ticket, in[i].data,
				       in[i].len);
		f->requests++;
	}
}

static void on_answer(void *arg, const void *data, size_t len)
{
	struct fix *f = arg;

	f->answers++;
	f->last_len = len;
	snprintf(f->last, sizeof f->last, "%.*s", (int)len, (const char *)data);
}

static int setup(void **state)
{
	static struct fix f;

	memset(&f, 0, sizeof f);
	uv_loop_init(&f.loop);
	check_ok(bus_nano_new(&f.bus, &f.loop));
	f.port = free_address(f.addr, sizeof f.addr);
	check_ok(f.bus->listen(f.bus, f.addr, on_batch, &f, &f.hub));
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	f->bus->unlisten(f->hub);
	spin_close(&f->loop);
	bus_nano_free(f->bus);
	return 0;
}

static struct bus_dialer *dial(struct fix *f)
{
	struct bus_dialer *d;

	check_ok(f->bus->dial(f->bus, f->addr, on_answer, f, &d));
	return d;
}

static void question_is_answered(void **state)
{
	struct fix *f = *state;
	struct bus_dialer *d = dial(f);

	check_ok(f->bus->ask(d, "hello", 5));
	assert_true(spin_until(&f->loop, &f->answers, 1, WAIT_MS));
	assert_string_equal(f->last, "hello");
	assert_int_equal(f->bus->peers(f->hub), 1);
	f->bus->hangup(d);
}

static void dialing_before_the_hub_listens_works(void **state)
{
	struct fix *f = *state;
	struct bus_dialer *d;

	f->bus->unlisten(f->hub);
	spin_for(&f->loop, 20);
	d = dial(f);
	check_ok(f->bus->ask(d, "early", 5));
	spin_for(&f->loop, 50);
	check_ok(f->bus->listen(f->bus, f->addr, on_batch, f, &f->hub));
	assert_true(spin_until(&f->loop, &f->answers, 1, WAIT_MS));
	assert_string_equal(f->last, "early");
	f->bus->hangup(d);
}

static void tickets_are_answered_late_in_any_order(void **state)
{
	struct fix *f = *state;
	struct bus_dialer *d[8];
	char text[16];

	f->hold = true;
	for (int i = 0; i < 8; i++) {
		d[i] = dial(f);
		check_ok(f->bus->ask(d[i], "q", 1));
	}
	assert_true(spin_until(&f->loop, &f->requests, 8, WAIT_MS));
	for (int i = 7; i >= 0; i--) {
		snprintf(text, sizeof text, "answer %d", i);
		f->bus->answer(f->hub, f->held[i], text, strlen(text));
		assert_true(spin_until(&f->loop, &f->answers, 8 - i, WAIT_MS));
		assert_string_equal(f->last, text);
	}
	for (int i = 0; i < 8; i++)
		f->bus->hangup(d[i]);
}

static void earlier_question_is_given_up(void **state)
{
	struct fix *f = *state;
	struct bus_dialer *d = dial(f);

	f->hold = true;
	check_ok(f->bus->ask(d, "first", 5));
	assert_true(spin_until(&f->loop, &f->requests, 1, WAIT_MS));
	check_ok(f->bus->ask(d, "second", 6));
	assert_true(spin_until(&f->loop, &f->requests, 2, WAIT_MS));
	/* The late answer to the first must not pass for the second's. */
	f->bus->answer(f->hub, f->held[0], "one", 3);
	f->bus->answer(f->hub, f->held[1], "two", 3);
	assert_true(spin_until(&f->loop, &f->answers, 1, WAIT_MS));
	spin_for(&f->loop, 50);
	assert_int_equal(f->answers, 1);
	assert_string_equal(f->last, "two");
	f->bus->hangup(d);
}

static void redial_sends_the_question_again(void **state)
{
	struct fix *f = *state;
	struct bus_dialer *d = dial(f);

	f->hold = true;
	check_ok(f->bus->ask(d, "q", 1));
	assert_true(spin_until(&f->loop, &f->requests, 1, WAIT_MS));
	f->bus->redial(d);
	assert_true(spin_until(&f->loop, &f->requests, 2, WAIT_MS));
	/* The first connection is gone: its answer goes nowhere. */
	f->bus->answer(f->hub, f->held[0], "lost", 4);
	f->bus->answer(f->hub, f->held[1], "kept", 4);
	assert_true(spin_until(&f->loop, &f->answers, 1, WAIT_MS));
	assert_string_equal(f->last, "kept");
	f->bus->hangup(d);
}

static void sizes_up_to_the_limit_pass(void **state)
{
	static char big[BUS_MAX];
	struct fix *f = *state;
	struct bus_dialer *d = dial(f);

	check_ok(f->bus->ask(d, big, BUS_MAX * 10 / 12));
	assert_true(spin_until(&f->loop, &f->answers, 1, WAIT_MS));
	assert_int_equal(f->last_len, BUS_MAX * 10 / 12);
	assert_int_equal(f->bus->ask(d, big, BUS_MAX * 10 / 12 + 1), E_TOOBIG);
	check_ok(f->bus->ask(d, "", 0));
	assert_true(spin_until(&f->loop, &f->answers, 2, WAIT_MS));
	assert_int_equal(f->last_len, 0);
	f->bus->hangup(d);
}

static void many_askers_are_all_served(void **state)
{
	enum { N = 80, ROUNDS = 5 };
	struct fix *f = *state;
	struct bus_dialer *d[N];

	for (int i = 0; i < N; i++)
		d[i] = dial(f);
	for (int round = 1; round <= ROUNDS; round++) {
		for (int i = 0; i < N; i++)
			check_ok(f->bus->ask(d[i], "x", 1));
		assert_true(
			spin_until(&f->loop, &f->answers, N * round, WAIT_MS));
	}
	for (int i = 0; i < N; i++)
		f->bus->hangup(d[i]);
}

static void dropped_and_open_tickets_are_freed(void **state)
{
	struct fix *f = *state;
	struct bus_dialer *a = dial(f), *b = dial(f);

	f->hold = true;
	check_ok(f->bus->ask(a, "x", 1));
	check_ok(f->bus->ask(b, "y", 1));
	assert_true(spin_until(&f->loop, &f->requests, 2, WAIT_MS));
	f->bus->answer(f->hub, f->held[0], NULL, 0);
	/* The other is open when the listener closes. */
	spin_for(&f->loop, 20);
	assert_int_equal(f->answers, 0);
	f->bus->hangup(a);
	f->bus->hangup(b);
}

static int connect_raw(struct fix *f)
{
	struct sockaddr_in sin = {.sin_family = AF_INET};
	struct timeval patience = {.tv_sec = 5};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sin.sin_port = htons((uint16_t)f->port);
	assert_int_equal(connect(fd, (struct sockaddr *)&sin, sizeof sin), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	return fd;
}

static void send_raw(struct fix *f, const char *bytes, size_t len)
{
	int fd = connect_raw(f);

	/* It may be closed on us while we send: that is an answer, too. */
	for (size_t at = 0; at < len;) {
		ssize_t n = send(fd, bytes + at, len - at, MSG_NOSIGNAL);

		if (n <= 0)
			break;
		at += (size_t)n;
	}
	spin_for(&f->loop, 20);
	close(fd);
}

#define HELLO "\0SP\0\0\x30\0\0" /* nanomsg's greeting of a REQ */
#define RAW(f, bytes) send_raw(f, bytes, sizeof bytes - 1)

static void hostile_bytes_leave_the_hub_serving(void **state)
{
	struct fix *f = *state;
	struct bus_dialer *d = dial(f);
	static char junk[100000];

	RAW(f, "GET / HTTP/1.1\r\nHost: hub\r\n\r\n");
	/* Lengths of 2^63, 2^64 - 1, 2^40, and one over the limit. */
	RAW(f, HELLO "\x80\0\0\0\0\0\0\0x");
	RAW(f, HELLO "\xff\xff\xff\xff\xff\xff\xff\xff");
	RAW(f, HELLO "\0\0\1\0\0\0\0\0");
	RAW(f, HELLO "\0\0\0\0\0\1\x40\1");
	/* An empty message, one cut off, one whose trace never ends. */
	RAW(f, HELLO "\0\0\0\0\0\0\0\0");
	RAW(f, HELLO "\0\0\0\0\0\0\0\x20"
		     "abc");
	RAW(f, HELLO "\0\0\0\0\0\0\0\x08"
		     "\0\0\0\1\0\0\0\2");
	RAW(f, "\0SP\0\0\x10\0\0");
	RAW(f, "");
	memset(junk, 'A', sizeof junk);
	send_raw(f, junk, sizeof junk);
	assert_int_equal(f->requests, 0);
	check_ok(f->bus->ask(d, "still there", 11));
	assert_true(spin_until(&f->loop, &f->answers, 1, WAIT_MS));
	assert_string_equal(f->last, "still there");
	f->bus->hangup(d);
}

static void relayed_message_is_dropped(void **state)
{
	struct fix *f = *state;

	RAW(f, HELLO "\0\0\0\0\0\0\0\x0a"
		     "\0\0\0\1\x80\0\0\1hi");
	assert_int_equal(f->requests, 0);
	/* A direct one, by hand, arrives: the bytes above were right. */
	RAW(f, HELLO "\0\0\0\0\0\0\0\x06"
		     "\x80\0\0\1hi");
	assert_true(spin_until(&f->loop, &f->requests, 1, WAIT_MS));
}

static void wrong_addresses_are_refused(void **state)
{
	struct fix *f = *state;
	struct bus_listener *l = NULL;
	struct bus_dialer *d = NULL;

	assert_int_equal(f->bus->listen(f->bus, f->addr, on_batch, f, &l),
			 E_EXISTS);
	assert_int_equal(f->bus->listen(f->bus, "nonsense", on_batch, f, &l),
			 E_INVALID);
	assert_int_equal(f->bus->dial(f->bus, "tcp://:x", on_answer, f, &d),
			 E_INVALID);
	assert_null(l);
	assert_null(d);
}

static void constructors_survive_oom(void **state)
{
	struct fix *f = *state;
	char addr[64];

	SWEEP
	{
		struct bus *b = NULL;
		int r = bus_nano_new(&b, &f->loop);

		SWEEP_END(r);
		bus_nano_free(b);
	}
	SWEEP
	{
		struct bus_dialer *d = NULL;
		int r = f->bus->dial(f->bus, f->addr, on_answer, f, &d);

		SWEEP_END(r);
		f->bus->hangup(d);
	}
	free_address(addr, sizeof addr);
	SWEEP
	{
		struct bus_listener *l = NULL;
		int r = f->bus->listen(f->bus, addr, on_batch, f, &l);

		SWEEP_END(r);
		f->bus->unlisten(l);
	}
}

/* Without memory for a ticket the message waits, or is lost and asked again
 * by its deadline; the hub goes on. */
static void receiving_survives_oom(void **state)
{
	struct fix *f = *state;
	struct bus_dialer *d = dial(f);

	for (int i = 1; i <= 5; i++) {
		mem_fault(0);
		check_ok(f->bus->ask(d, "x", 1));
		assert_true(spin_until(&f->loop, &f->answers, i, WAIT_MS));
		mem_fault_off();
	}
	f->bus->hangup(d);
}

#define WITH_FIX(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FIX(question_is_answered),
		WITH_FIX(dialing_before_the_hub_listens_works),
		WITH_FIX(tickets_are_answered_late_in_any_order),
		WITH_FIX(earlier_question_is_given_up),
		WITH_FIX(redial_sends_the_question_again),
		WITH_FIX(sizes_up_to_the_limit_pass),
		WITH_FIX(many_askers_are_all_served),
		WITH_FIX(dropped_and_open_tickets_are_freed),
		WITH_FIX(hostile_bytes_leave_the_hub_serving),
		WITH_FIX(relayed_message_is_dropped),
		WITH_FIX(wrong_addresses_are_refused),
		WITH_FIX(constructors_survive_oom),
		WITH_FIX(receiving_survives_oom),
	};

	return cmocka_run_group_tests_name("bus_nano", tests, NULL, NULL);
}
