#include "tests/lib/check.h"

#include <stdio.h>

#include <unistd.h>

#include "daemon/core/disk.h"
#include "proto/vocabulary.h"
#include "tests/lib/scratch.h"

struct fix {
	struct vocabulary *v; /* the shipped one */
	char *dir;
};

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	*state = f;
	f->dir = scratch_new();
	check_ok(vocabulary_load(&f->v, source_path("proto/vocabulary.conf")));
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	vocabulary_free(f->v);
	scratch_free(f->dir);
	mem_free(f);
	return 0;
}

static const char *need_of(struct fix *f, const char *system, const char *code)
{
	int i = vocabulary_map(f->v, WORDS_NEED, system, code);

	if (i < 0)
		return "";
	return vocabulary_word(f->v, WORDS_NEED, i)->id;
}

static void needs_stand_in_their_groups(void **state)
{
	static const char *const group[] = {"basic", "money", "health",
					    "growing"};
	struct fix *f = *state;
	int in[4] = {0};

	assert_int_equal(vocabulary_version(f->v), 1);
	assert_int_equal(vocabulary_count(f->v, WORDS_NEED), 12);
	assert_int_equal(vocabulary_count(f->v, WORDS_NEED_GROUP), 4);
	for (int i = 0; i < 4; i++)
		assert_int_equal(
			vocabulary_find(f->v, WORDS_NEED_GROUP, group[i]), i);
	for (int i = 0; i < 12; i++)
		in[vocabulary_word(f->v, WORDS_NEED, i)->group]++;
	assert_int_equal(in[0], 4);
	assert_int_equal(in[1], 2);
	assert_int_equal(in[2], 3);
	assert_int_equal(in[3], 3);
	assert_int_equal(vocabulary_find(f->v, WORDS_NEED, "none"), -1);
}

static void gravity_categories_have_a_need(void **state)
{
	static const char *const code[] = {
		"food-insecurity",
		"housing-instability",
		"homelessness",
		"inadequate-housing",
		"transportation-insecurity",
		"financial-insecurity",
		"material-hardship",
		"educational-attainment",
		"employment-status",
		"veteran-status",
		"stress",
		"social-connection",
		"intimate-partner-violence",
		"elder-abuse",
		"personal-health-literacy",
		"health-insurance-coverage-status",
		"medical-cost-burden",
		"digital-literacy",
		"digital-access",
		"utility-insecurity",
		"incarceration-status",
		"language-access",
		"protective-factor",
	};
	struct fix *f = *state;

	for (size_t i = 0; i < sizeof code / sizeof code[0]; i++)
		if (!*need_of(f, "gravity", code[i]))
			fail_msg("%s leads to no need", code[i]);
	/* Nobody chose a category, so nobody's need may be counted. */
	assert_string_equal(need_of(f, "gravity", "sdoh-category-unspecified"),
			    "");
}

static void codes_lead_to_needs(void **state)
{
	struct fix *f = *state;

	assert_string_equal(need_of(f, "icd10", "Z59.41"), "food");
	assert_string_equal(need_of(f, "icd10", "Z59.4"), "food");
	assert_string_equal(need_of(f, "icd10", "Z59.01"), "housing");
	assert_string_equal(need_of(f, "icd10", "Z59.819"), "housing");
	assert_string_equal(need_of(f, "icd10", "Z59.82"), "transportation");
	assert_string_equal(need_of(f, "icd10", "Z56.0"), "financial");
	assert_string_equal(need_of(f, "snomed", "733423003"), "food");
	assert_string_equal(need_of(f, "snomed", "445281000124101"), "food");
	assert_string_equal(need_of(f, "snomed", "422650009"), "family");
	assert_string_equal(need_of(f, "program", "behavioral-health"),
			    "behavioral");
	/* A part of a code, or of a system, is none. */
	assert_string_equal(need_of(f, "icd10", "Z59"), "");
	assert_string_equal(need_of(f, "icd1", "Z59.41"), "");
	assert_string_equal(need_of(f, "", "food"), "");
}

static void barriers_have_classes(void **state)
{
	struct fix *f = *state;
	const struct word *w;
	int i;

	assert_int_equal(vocabulary_count(f->v, WORDS_BARRIER), 20);
	assert_int_equal(vocabulary_count(f->v, WORDS_BARRIER_CLASS), 5);
	assert_int_equal(vocabulary_count(f->v, WORDS_LINKAGE), 4);
	i = vocabulary_find(f->v, WORDS_BARRIER, "SELF_RESOLVED");
	w = vocabulary_word(f->v, WORDS_BARRIER, i);
	assert_string_equal(
		vocabulary_word(f->v, WORDS_BARRIER_CLASS, w->group)->id,
		"choice");
	assert_int_equal(
		vocabulary_map(f->v, WORDS_BARRIER, "gravity", "waitlist"),
		vocabulary_find(f->v, WORDS_BARRIER, "WAITLIST"));
}

static void dimensions_come_from_words(void **state)
{
	struct fix *f = *state;
	struct dim d;

	check_ok(vocabulary_dim(f->v, "need", &d));
	assert_int_equal(d.leaves, 12);
	assert_int_equal(d.groups, 4);
	assert_int_equal(d.group_of[4], 1);
	check_ok(vocabulary_dim(f->v, "age", &d));
	assert_int_equal(d.leaves, 7);
	assert_int_equal(d.groups, 0);
	assert_int_equal(d.group_of[0], -1);
	assert_int_equal(vocabulary_dim(f->v, "town", &d), E_NOTFOUND);
}

static void strata_have_words(void **state)
{
	struct fix *f = *state;
	struct stratum s = {LEVEL_LEAF, 0};

	assert_string_equal(vocabulary_stratum(f->v, "need", s)->id, "food");
	assert_string_equal(vocabulary_stratum(f->v, "age", s)->id, "prenatal");
	s.no = 12;
	assert_null(vocabulary_stratum(f->v, "need", s));
	s = (struct stratum){LEVEL_GROUP, 2};
	assert_string_equal(vocabulary_stratum(f->v, "need", s)->id, "health");
	assert_null(vocabulary_stratum(f->v, "age", s));
	s = (struct stratum){LEVEL_ANY, 0};
	assert_null(vocabulary_stratum(f->v, "need", s));
}

/* Every list that is strata fits the lattice, and each of its words is found
 * by its own id. */
static void dimensions_are_data(void **state)
{
	static const struct {
		const char *id;
		int leaves, groups;
	} want[] = {{"need", 12, 4},	 {"age", 7, 0},
		    {"mode", 11, 3},	 {"staff-role", 7, 0},
		    {"screener", 14, 5}, {"sector", 21, 0}};
	struct fix *f = *state;

	assert_int_equal(vocabulary_count(f->v, WORDS_DIM), 6);
	for (int i = 0; i < 6; i++) {
		struct dim d;

		check_ok(vocabulary_dim(f->v, want[i].id, &d));
		assert_int_equal(d.leaves, want[i].leaves);
		assert_int_equal(d.groups, want[i].groups);
		for (int k = 0; k < d.leaves; k++) {
			struct stratum s = {LEVEL_LEAF, k};
			const struct word *w =
				vocabulary_stratum(f->v, want[i].id, s);

			assert_int_equal(
				vocabulary_leaf(f->v, want[i].id, w->id), k);
			assert_int_equal(d.group_of[k], w->group);
		}
	}
	assert_int_equal(vocabulary_leaf(f->v, "mode", "4"), -1);
	assert_int_equal(vocabulary_leaf(f->v, "town", "food"), -1);
}

static void years_are_found_in_bands(void **state)
{
	static const int band[][2] = {{-1, 0}, {0, 1},	{2, 1},	 {3, 2},
				      {5, 2},  {6, 3},	{11, 3}, {12, 4},
				      {13, 4}, {14, 5}, {17, 5}, {18, 6},
				      {21, 6}, {22, 6}, {99, 6}};
	struct fix *f = *state;
	char text[8];

	for (size_t i = 0; i < sizeof band / sizeof *band; i++) {
		snprintf(text, sizeof text, "%d", band[i][0]);
		assert_int_equal(vocabulary_leaf(f->v, "age", text),
				 band[i][1]);
	}
	assert_int_equal(vocabulary_leaf(f->v, "age", "3.5"), -1);
}

/* The smallest whole vocabulary, in pieces. */
#define TOP "version = 1\n[group g]\ncode = 1\ntitle = G\n"
#define NEED "[need n]\ncode = 1\ntitle = N\ngroup = g\nmaps = s:1\n"
#define CLASS "[class c]\ncode = 1\ntitle = C\n"
#define REST                                                               \
	CLASS "[barrier B]\ncode = 1\ntitle = B\ngroup = c\n[linkage l]\n" \
	      "code = 1\ntitle = L\n[age a]\ncode = 1\ntitle = A\n"        \
	      "from = 0\nto = 2\n"

static int load_text(struct fix *f, const char *text)
{
	const char *path = scratch_path(f->dir, "v.conf");
	struct vocabulary *v = NULL;
	int r;

	check_ok(disk_write(disk_system(), path, text, strlen(text), 0600));
	r = vocabulary_load(&v, path);
	vocabulary_free(v);
	return r;
}

static void wrong_files_are_refused_with_their_line(void **state)
{
	static const struct {
		const char *text, *says;
	} wrong[] = {
		{NEED REST, "version is missing"},
		{"version = 0\n" NEED REST, "v.conf:1: "},
		{"version = 1\nversion = 2\n", "version is given twice"},
		{TOP NEED, "no [barrier ...]"},
		{TOP NEED REST "[town t]\ncode = 1\n", "unknown section"},
		{TOP NEED REST "[needs x]\ncode = 2\n", "unknown section"},
		{TOP NEED "colour = red\n" REST, "v.conf:10: unknown key"},
		{TOP "[need n]\ntitle = N\ngroup = g\n" REST,
		 "v.conf:6: [need n]: code is missing"},
		{TOP "[need n]\ncode = 1\ntitle =\ngroup = g\n" REST,
		 "title is missing"},
		{TOP NEED NEED REST, "code is given twice"},
		{TOP NEED CLASS "[need n]\ncode = 2\ntitle = M\ngroup = g\n",
		 "it is there twice"},
		{TOP NEED "[need m]\ncode = 3\ntitle = M\ngroup = g\n" REST,
		 "its code must be 2"},
		{TOP NEED "[need m]\ncode = 2\ntitle = M\ngroup = h\n" REST,
		 "no group \"h\" stands above"},
		{TOP NEED "[need m]\ncode = 2\ntitle = M\n" REST,
		 "group is missing"},
		{TOP NEED "[need m]\ncode = 2\ntitle = M\ngroup = g\n"
			  "maps = s:1\n" REST,
		 "mapped to another word"},
		{TOP NEED "[need m]\ncode = 2\ntitle = M\ngroup = g\n"
			  "maps = s:2, s:2\n" REST,
		 "mapped twice"},
		{TOP NEED "[need m]\ncode = 2\ntitle = M\ngroup = g\n"
			  "maps = nothing\n" REST,
		 "is not system:code"},
		{TOP NEED "[need m]\ncode = 2\ntitle = M\ngroup = g\n"
			  "maps = s:2,,s:3\n" REST,
		 "is empty"},
		{TOP NEED "[need m]\ncode = 2\ntitle = M\ngroup = g\n"
			  "from = 1\n" REST,
		 "only ages"},
		{TOP NEED REST "[age b]\ncode = 2\ntitle = B\nfrom = 2\n"
			       "to = 4\n",
		 "overlaps"},
		{TOP NEED REST "[age b]\ncode = 2\ntitle = B\nfrom = 9\n"
			       "to = 4\n",
		 "runs from"},
		{TOP NEED REST "[linkage m]\ncode = 2\ntitle = M\n"
			       "group = g\n",
		 "have no group"},
		{TOP NEED REST "[dim town]\ncode = 1\ntitle = T\n",
		 "is of no list"},
		{TOP "[need a b]\ncode = 1\ntitle = N\ngroup = g\n" REST,
		 "is not an id"},
	};
	struct fix *f = *state;

	check_ok(load_text(f, TOP NEED REST));
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		assert_int_equal(load_text(f, wrong[i].text), E_INVALID);
		check_says(wrong[i].says);
	}
	assert_int_equal(load_text(f, ""), E_INVALID);
}

static void too_many_words_are_refused(void **state)
{
	struct fix *f = *state;
	char text[8000];
	size_t n = (size_t)snprintf(text, sizeof text, "%s", TOP);

	for (int i = 1; i <= LATTICE_LEAVES_MAX + 1; i++)
		n += (size_t)snprintf(text + n, sizeof text - n,
				      "[need n%d]\ncode = %d\ntitle = N\n"
				      "group = g\n",
				      i, i);
	assert_int_equal(load_text(f, text), E_INVALID);
	check_says("over 21 words");
}

static void load_survives_oom(void **state)
{
	SWEEP
	{
		struct vocabulary *v = NULL;
		int r = vocabulary_load(&v,
					source_path("proto/vocabulary.conf"));

		SWEEP_END(r);
		vocabulary_free(v);
	}
}

static void a_missing_file_is_not_found(void **state)
{
	struct fix *f = *state;
	struct vocabulary *v = NULL;

	assert_int_equal(vocabulary_load(&v, scratch_path(f->dir, "none")),
			 E_NOTFOUND);
	assert_null(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dimensions_are_data),
		cmocka_unit_test(years_are_found_in_bands),
		cmocka_unit_test(needs_stand_in_their_groups),
		cmocka_unit_test(gravity_categories_have_a_need),
		cmocka_unit_test(codes_lead_to_needs),
		cmocka_unit_test(barriers_have_classes),
		cmocka_unit_test(dimensions_come_from_words),
		cmocka_unit_test(strata_have_words),
		cmocka_unit_test(wrong_files_are_refused_with_their_line),
		cmocka_unit_test(too_many_words_are_refused),
		cmocka_unit_test(load_survives_oom),
		cmocka_unit_test(a_missing_file_is_not_found),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
