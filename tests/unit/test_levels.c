#include "tests/lib/check.h"

#include "daemon/core/disk.h"
#include "proto/levels.h"
#include "proto/vocabulary.h"
#include "tests/lib/scratch.h"

struct fix {
	struct vocabulary *v;
	char *dir;
};

static int setup(void **state)
{
	static struct fix f;

	f.dir = scratch_new();
	check_ok(vocabulary_load(&f.v, source_path("proto/vocabulary.conf")));
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	vocabulary_free(f->v);
	scratch_free(f->dir);
	return 0;
}

/* I and II without, III and IV with special needs; II and IV with
 * complicating issues (Pediatrics 2008 122 e209). */
static void levels_are_the_four_way_split(void **state)
{
	struct fix *f = *state;
	struct levels *l = NULL;

	check_ok(levels_load(&l, f->v, source_path("proto/levels.conf")));
	assert_string_equal(levels_of(l, false, 0)->id, "I");
	assert_string_equal(levels_of(l, false, 2)->id, "II");
	assert_string_equal(levels_of(l, true, 1)->id, "III");
	assert_string_equal(levels_of(l, true, 3)->id, "IV");
	assert_true(levels_find(l, "IV")->contact_days <
		    levels_find(l, "I")->contact_days);
	assert_null(levels_find(l, "V"));
	levels_free(l);
}

static void tiers_go_by_points(void **state)
{
	struct fix *f = *state;
	struct levels *l = NULL;

	check_ok(levels_load(&l, f->v, source_path("proto/levels.conf")));
	assert_int_equal(levels_tier(l, 0), 0);
	assert_int_equal(levels_tier(l, 1), 1);
	assert_int_equal(levels_tier(l, 2), 2);
	assert_int_equal(levels_tier(l, 4), 2);
	assert_int_equal(levels_tier(l, 5), 3);
	assert_int_equal(levels_tier(l, 50), 3);
	levels_free(l);
}

static int load_text(struct fix *f, const char *text)
{
	const char *path = scratch_path(f->dir, "levels.conf");
	struct levels *l = NULL;
	int r;

	check_ok(disk_write(disk_system(), path, text, strlen(text), 0600));
	r = levels_load(&l, f->v, path);
	levels_free(l);
	return r;
}

#define TOP                                                                 \
	"version = 1\nsource = s\ncshcn_instrument = C\ncshcn_domain = c\n" \
	"screened_days = 365\ncomplicated_from = 2\n"
#define TIER(n) "[tier " #n "]\ntitle = T\nfrom_points = " #n "\n"
#define TIERS_ALL TIER(0) TIER(1) TIER(2) TIER(3)
#define LEVEL(id, a, b)                                                 \
	"[level " #id "]\ntitle = L\ncshcn = " #a "\ncomplicated = " #b \
	"\ncontact_days = 30\nfollows = x\n"

static void wrong_files_are_refused(void **state)
{
	static const struct {
		const char *text, *says;
	} wrong[] = {
		{TOP, "4 tiers and 4 levels are wanted"},
		{TOP TIER(1), "levels.conf:8: [tier 1]: this one is [tier 0]"},
		{TOP TIER(0) "[tier 1]\ntitle = T\nfrom_points = 0\n", "go up"},
		{TOP "[need shoes]\npoints = 1\n", "there is no need"},
		{TOP "[need food]\npoints = 0\n", "points"},
		{TOP TIERS_ALL LEVEL(I, no, no) LEVEL(II, no, no),
		 "level I is for the same children"},
		{TOP "[color red]\nx = 1\n", "unknown section"},
	};
	struct fix *f = *state;

	check_ok(load_text(f, TOP TIERS_ALL LEVEL(I, no, no) LEVEL(II, no, yes)
				      LEVEL(III, yes, no) LEVEL(IV, yes, yes)));
	for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
		assert_int_equal(load_text(f, wrong[k].text), E_INVALID);
		check_says(wrong[k].says);
	}
}

static void load_survives_oom(void **state)
{
	struct fix *f = *state;

	SWEEP
	{
		struct levels *l = NULL;
		int r = levels_load(&l, f->v, source_path("proto/levels.conf"));

		SWEEP_END(r);
		levels_free(l);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(levels_are_the_four_way_split),
		cmocka_unit_test(tiers_go_by_points),
		cmocka_unit_test(wrong_files_are_refused),
		cmocka_unit_test(load_survives_oom),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
