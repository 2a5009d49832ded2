#include "tests/unit/node_world.h"

#include "daemon/core/db.h"
#include "regional/desk/directory_job.h"

static const char ORGS[] = "id,name,description\no1,Maple Pantry,Food\n";

struct fix {
	struct node_world w;
	struct directory_job j;
	struct directory_job_view v;
};

static int setup(void **state)
{
	static struct fix f;

	node_world_init(&f.w, NETWORK_SYNTHETIC, -1);
	directory_job_init(&f.j);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	node_world_fini(&((struct fix *)*state)->w);
	return 0;
}

static int upload(struct fix *f, const char *name)
{
	return directory_job_file(&f->j, f->w.n, name, ORGS, sizeof ORGS - 1);
}

static int64_t organizations(struct fix *f)
{
	int64_t n = 0;

	check_ok(db_int(f->w.n->db, &n, "SELECT count(*) FROM organization",
			""));
	return n;
}

static void a_name_stays_in_its_folder(void **state)
{
	struct fix *f = *state;

	check_ok(upload(f, "../../up/organizations.csv"));
	check_ok(upload(f, "C:\\up\\.hidden.json"));
	directory_job_see(&f->j, &f->v);
	assert_string_equal(f->v.files, "organizations.csv, -hidden.json");
	assert_int_equal(upload(f, "all.zip"), E_INVALID);
	check_says("unpack an archive first");
	assert_int_equal(upload(f, ".csv"), E_INVALID);
	err_clear();
	check_ok(directory_job_drop(&f->j, f->w.n));
}

static void it_is_tried_first_and_taken_in_then(void **state)
{
	struct fix *f = *state;
	struct records *r = &f->w.n->rec;

	check_ok(upload(f, "organizations.csv"));
	check_ok(directory_job_claim(&f->j, "Jo", ""));
	assert_int_equal(directory_job_claim(&f->j, "Sam", ""), E_STATE);
	check_says("Jo is taking a directory in");
	assert_int_equal(directory_job_drop(&f->j, f->w.n), E_STATE);
	err_clear();
	directory_job_run(&f->j, f->w.n, r, true);
	directory_job_see(&f->j, &f->v);
	assert_int_equal(f->v.state, DIRECTORY_JOB_REHEARSED);
	assert_int_equal(f->v.res.kind[HSDS_OF_ORGANIZATION].taken, 1);
	assert_int_equal(organizations(f), 0);
	check_ok(directory_job_claim(&f->j, "Jo", NULL));
	directory_job_run(&f->j, f->w.n, r, false);
	directory_job_see(&f->j, &f->v);
	assert_int_equal(f->v.state, DIRECTORY_JOB_DONE);
	assert_int_equal(organizations(f), 1);
	/* Its files are gone. */
	check_ok(directory_job_claim(&f->j, "Jo", NULL));
	directory_job_run(&f->j, f->w.n, r, false);
	directory_job_see(&f->j, &f->v);
	assert_int_equal(f->v.state, DIRECTORY_JOB_FAILED);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_name_stays_in_its_folder),
		T(it_is_tried_first_and_taken_in_then),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
