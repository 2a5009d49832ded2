#include "daemon/core/daemon.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/un.h>

#include "daemon/core/disk.h"
#include "daemon/core/err.h"
#include "tests/lib/check.h"
#include "tests/lib/scratch.h"

static int set_up(void **state)
{
	char *dir = scratch_new();

	check_ok(disk_write(disk_system(), scratch_path(dir, "ccfed.conf"), "",
			    0, 0600));
	*state = dir;
	return 0;
}

static int tear_down(void **state)
{
	scratch_free(*state);
	return 0;
}

static void one_daemon_a_directory(void **state)
{
	const char *dir = *state;
	int lock = -1, second = -1;

	assert_false(daemon_runs(dir));
	check_ok(daemon_lock(dir, "node", &lock));
	assert_true(daemon_runs(dir));
	assert_true(daemon_runs(dir));
	assert_int_equal(daemon_lock(dir, "node", &second), E_STATE);
	check_says("a node runs in");
	assert_int_equal(second, -1);
	close(lock);
	assert_false(daemon_runs(dir));
	check_ok(daemon_lock(dir, "node", &lock));
	close(lock);
}

static void no_directory_no_daemon(void **state)
{
	int lock = -1;

	assert_false(daemon_runs("/nowhere"));
	assert_int_equal(daemon_lock("/nowhere", "hub", &lock), E_IO);
	assert_int_equal(lock, -1);
}

#ifdef HAVE_SYSTEMD
static void systemd_hears_of_it(void **state)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	char text[64];
	ssize_t n;
	int s;

	snprintf(at.sun_path, sizeof at.sun_path, "%s",
		 scratch_path(*state, "notify"));
	s = socket(AF_UNIX, SOCK_DGRAM, 0);
	assert_int_equal(bind(s, (struct sockaddr *)&at, sizeof at), 0);
	setenv("NOTIFY_SOCKET", at.sun_path, 1);
	daemon_ready();
	n = recv(s, text, sizeof text, MSG_DONTWAIT);
	assert_int_equal(n, 7);
	assert_memory_equal(text, "READY=1", 7);
	daemon_stopping();
	n = recv(s, text, sizeof text, MSG_DONTWAIT);
	assert_int_equal(n, 10);
	assert_memory_equal(text, "STOPPING=1", 10);
	unsetenv("NOTIFY_SOCKET");
	close(s);
}
#endif

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_daemon_a_directory),
		TEST(no_directory_no_daemon),
#ifdef HAVE_SYSTEMD
		TEST(systemd_hears_of_it),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
