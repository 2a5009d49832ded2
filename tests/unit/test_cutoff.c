#include "tests/lib/check.h"

#include "daemon/core/disk.h"
#include "proto/catalogue.h"
#include "regional/case/cutoff.h"
#include "tests/lib/scratch.h"

struct fix {
	struct catalogue *cat;
	char *dir;
};

static int setup(void **state)
{
	static struct fix f;

	f.dir = scratch_new();
	check_ok(catalogue_load(&f.cat, source_path("proto")));
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	catalogue_free(f->cat);
	scratch_free(f->dir);
	return 0;
}

static int load(struct fix *f, struct cutoffs **out, const char *text)
{
	const char *path = scratch_path(f->dir, "cutoffs.conf");

	check_ok(disk_write(disk_system(), path, text, strlen(text), 0600));
	return cutoff_load(out, f->cat, path);
}

/* The numbers are made up. */
#define GOOD                                                       \
	"[ASQ-3 24]\ncommunication = 25.5, 38\ngross-motor = 40\n" \
	"[ASQ-SE-2 24]\nsocial-emotional = 60, 50\n"               \
	"[SWYC]\nmilestones = 12\n"

static void cutoffs_fill_what_is_missing(void **state)
{
	struct fix *f = *state;
	const struct instrument *i = catalogue_instrument(
		f->cat, catalogue_find_instrument(f->cat, "ASQ-3"));
	struct cutoffs *c = NULL;
	struct score_in in;

	check_ok(load(f, &c, GOOD));
	score_in_init(&in);
	in.form = "24";
	in.score[0] = in.score[1] = 3000;
	in.cutoff[1] = 100; /* given with the screening */
	cutoff_fill(c, i, &in);
	assert_int_equal(in.cutoff[0], 2550);
	assert_int_equal(in.zone[0], 3800);
	assert_int_equal(in.cutoff[1], 100);
	assert_int_equal(in.cutoff[2], NO_SCORE);
	score_in_init(&in);
	in.form = "22";
	in.score[0] = 3000;
	cutoff_fill(c, i, &in);
	assert_int_equal(in.cutoff[0], NO_SCORE);
	cutoff_fill(NULL, i, &in);
	cutoff_free(c);
}

static void wrong_files_are_refused(void **state)
{
	static const struct {
		const char *text, *says;
	} wrong[] = {
		{"[ASQ-4 24]\nx = 1\n", "cutoffs.conf:2"},
		{"[ASQ-3]\ncommunication = 1\n", "has no such form"},
		{"[ASQ-3 23]\ncommunication = 1\n", "has no such form"},
		{"[SWYC 24]\nmilestones = 1\n", "has no such form"},
		{"[ASQ-3 24]\nspeech = 1\n", "no domain \"speech\""},
		{"[PSC-17]\ntotal = 15\n", "with a licensed cut-off"},
		{"[ASQ-3 24]\ncommunication = much\n", "is not a score"},
		{"[ASQ-3 24]\ncommunication = 1, 2, 3\n", "a cut-off is like"},
		{"[ASQ-3 24]\ncommunication = 1\ncommunication = 2\n",
		 "cutoffs.conf:3: communication is given twice"},
	};
	struct fix *f = *state;
	struct cutoffs *c = NULL;

	for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
		assert_int_equal(load(f, &c, wrong[k].text), E_INVALID);
		check_says(wrong[k].says);
		assert_null(c);
	}
	assert_int_equal(cutoff_load(&c, f->cat, scratch_path(f->dir, "none")),
			 E_NOTFOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cutoffs_fill_what_is_missing),
		cmocka_unit_test(wrong_files_are_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
