/* Tests of daemon/hub/serve: the daemon comes up, answers and goes down. */
#include "tests/lib/check.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/core/clock.h"
#include "daemon/core/disk.h"
#include "daemon/core/log.h"
#include "daemon/core/rand.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/serve.h"
#include "proto/catalogue.h"
#include "tests/lib/scratch.h"

struct fix {
	char *dir;
	struct catalogue *cat;
	struct hub *hub;
	int port;
	char got[65536];
	int out; /* stdout, kept for the test's own results */
};

static void quiet(void *arg, enum log_level level, const char *line)
{
}

static void make(struct fix *f, const char *http)
{
	struct hub_new how = {0};

	free_address(how.bus, sizeof how.bus);
	snprintf(how.http, sizeof how.http, "%s", http);
	policy_defaults(&how.policy, NETWORK_REAL, "Test network");
	check_ok(hub_init(clock_system(), rand_system(), disk_system(), f->cat,
			  f->dir, &how));
	check_ok(hub_open(&f->hub, clock_system(), rand_system(), disk_system(),
			  NULL, f->cat, f->dir));
}

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	log_to(quiet, NULL);
	f->dir = scratch_new();
	fflush(stdout);
	f->out = dup(STDOUT_FILENO);
	assert_non_null(freopen("/dev/null", "w", stdout));
	check_ok(catalogue_load(&f->cat, source_path("proto")));
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	fflush(stdout);
	dup2(f->out, STDOUT_FILENO);
	close(f->out);
	hub_close(f->hub);
	catalogue_free(f->cat);
	scratch_free(f->dir);
	log_to(NULL, NULL);
	mem_free(f);
	return 0;
}

/* Ask for the page until it is there, then end the daemon. */
static void *client(void *arg)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	struct fix *f = arg;
	static const char ask[] = "GET /sign-in HTTP/1.1\r\nHost: localhost\r\n"
				  "Connection: close\r\n\r\n";
	size_t len = 0;
	ssize_t n = 1;
	int fd = -1;

	a.sin_port = htons((uint16_t)f->port);
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (int i = 0; i < 200; i++) {
		fd = socket(AF_INET, SOCK_STREAM, 0);
		if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
			break;
		close(fd);
		usleep(20000);
	}
	n = send(fd, ask, sizeof ask - 1, MSG_NOSIGNAL);
	while (n > 0 && len < sizeof f->got - 1) {
		n = recv(fd, f->got + len, sizeof f->got - 1 - len, 0);
		len += n > 0 ? (size_t)n : 0;
	}
	close(fd);
	kill(getpid(), SIGTERM);
	return NULL;
}

static void daemon_serves_until_it_is_told_to_end(void **state)
{
	struct fix *f = *state;
	char address[64];
	pthread_t t;

	f->port = free_address(address, sizeof address);
	snprintf(address, sizeof address, "127.0.0.1:%d", f->port);
	make(f, address);
	assert_int_equal(pthread_create(&t, NULL, client, f), 0);
	check_ok(serve_run(f->hub, false));
	pthread_join(t, NULL);
	assert_non_null(strstr(f->got, "HTTP/1.1 200"));
	assert_non_null(strstr(f->got, "<h1>Sign in</h1>"));
	assert_null(f->hub->bus);
	assert_null(f->hub->listener);
}

static void address_in_use_names_the_option(void **state)
{
	struct fix *f = *state;
	struct sockaddr_in a = {.sin_family = AF_INET};
	socklen_t len = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char address[64];

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	snprintf(address, sizeof address, "127.0.0.1:%d", ntohs(a.sin_port));
	make(f, address);
	assert_true(serve_run(f->hub, false) < 0);
	check_says("in use");
	check_says("\"http\" in ");
	snprintf(f->hub->conf.bus, sizeof f->hub->conf.bus, "tcp://%s",
		 address);
	assert_true(serve_run(f->hub, false) < 0);
	check_says("in use");
	check_says("\"bus\" in ");
	check_says("ccfed.conf");
	close(fd);
}

static void page_for_all_the_world_is_refused(void **state)
{
	struct fix *f = *state;

	make(f, "0.0.0.0:0");
	assert_int_equal(serve_run(f->hub, false), E_DENIED);
	assert_null(f->hub->listener);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(daemon_serves_until_it_is_told_to_end),
		T(address_in_use_names_the_option),
		T(page_for_all_the_world_is_refused),
	};

	return cmocka_run_group_tests_name("serve", tests, NULL, NULL);
}
