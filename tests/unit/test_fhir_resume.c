#include "tests/unit/fhir_fix.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* A bundle of @n children, each with a referral that is done. */
static char *many(int n)
{
	size_t room = (size_t)n * 1300 + 200, used = 0;
	char *out = mem_alloc(room);

	assert_non_null(out);
	used += (size_t)snprintf(out, room,
				 "{\"resourceType\":\"Bundle\",\"entry\":[");
	for (int i = 0; i < n; i++)
		used += (size_t)snprintf(
			out + used, room - used,
			"%s{\"resource\":{\"resourceType\":\"Patient\",\"id\":"
			"\"p%d\",\"name\":[{\"family\":\"F%d\"}],"
			"\"birthDate\":\"2015-01-01\"}},{\"resource\":{"
			"\"resourceType\":\"ServiceRequest\",\"id\":\"s%d\","
			"\"status\":\"active\",\"intent\":\"order\","
			"\"category\":[" FOOD "],\"subject\":{\"reference\":"
			"\"Patient/p%d\"},\"authoredOn\":\"2026-01-0%d\"}},{"
			"\"resource\":{\"resourceType\":\"Task\",\"id\":"
			"\"t%d\",\"status\":\"completed\",\"focus\":{"
			"\"reference\":\"ServiceRequest/s%d\"},\"for\":{"
			"\"reference\":\"Patient/p%d\"},\"authoredOn\":"
			"\"2026-01-1%d\"}},{\"resource\":{\"resourceType\":"
			"\"Condition\",\"id\":\"c%d\",\"category\":[" FOOD
			"],\"clinicalStatus\":{\"coding\":[{\"code\":"
			"\"resolved\"}]},\"subject\":{\"reference\":"
			"\"Patient/p%d\"},\"onsetDateTime\":\"2026\"}}",
			i ? "," : "", i, i, i, i, i % 9 + 1, i, i, i, i % 9, i,
			i);
	snprintf(out + used, room - used, "]}");
	return out;
}

static int die(void *arg, int64_t done, int64_t of)
{
	if (of > 0 && done >= *(int *)arg)
		raise(SIGKILL);
	return 0;
}

/* In a process of its own, with its own connection, killed at @at. */
static void run_and_be_killed(struct fix *f, const char *path, int at)
{
	int status;
	pid_t pid;

	db_close(f->db);
	f->db = NULL;
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		fix_open(f, "killed.db");
		f->o.batch = 7;
		f->o.progress = die;
		f->o.arg = &at;
		f->o.report = NULL;
		f->o.paths = &path;
		f->o.n_paths = 1;
		fhir_import(&f->rec, &f->o, &f->res);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
}

static void killed_and_run_again_is_as_never_killed(void **state)
{
	struct fix *f = *state;
	char *text = many(40), whole[65], again[65];
	char path[600];

	snprintf(path, sizeof path, "%s", fix_put(f, "many.json", text));
	mem_free(text);
	fix_import(f, path);
	assert_int_equal(fix_row(f, "Task")->taken, 40);
	digest_of(f->db, whole);
	for (int at = 10; at < 190; at += 30)
		run_and_be_killed(f, path, at);
	fix_open(f, "killed.db");
	assert_true(fix_int(f, "SELECT count(*) FROM imported") > 40);
	fix_import(f, path);
	digest_of(f->db, again);
	assert_string_equal(whole, again);
	check_ok(db_int(f->db, &(int64_t){0}, "SELECT 1", NULL));
}

static void stopped_it_goes_on_later(void **state)
{
	struct fix *f = *state;
	char *text = many(20), whole[65], again[65];
	char path[600];
	int runs = 0, x;

	snprintf(path, sizeof path, "%s", fix_put(f, "many.json", text));
	mem_free(text);
	fix_import(f, path);
	digest_of(f->db, whole);
	fix_again(f, "stopped.db");
	f->o.batch = 5;
	do {
		f->steps_left = ++runs;
		x = fix_run(f, path);
	} while (x == FHIR_STOPPED && runs < 100);
	check_ok(x);
	assert_true(runs > 3);
	digest_of(f->db, again);
	assert_string_equal(whole, again);
}

#define T(name) cmocka_unit_test_setup_teardown(name, fix_set_up, fix_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(killed_and_run_again_is_as_never_killed),
		T(stopped_it_goes_on_later),
	};

	return cmocka_run_group_tests_name("fhir_resume", tests, NULL, NULL);
}
