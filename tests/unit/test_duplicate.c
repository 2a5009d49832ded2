#include "tests/unit/case_world.h"

#include "regional/case/caregiver.h"
#include "regional/case/duplicate.h"
#include "regional/case/family.h"
#include "regional/case/reach.h"

struct fix {
	struct case_world w;
	struct arena a;
	int64_t ana;
	struct duplicate *found;
	size_t n;
};

static int setup(void **state)
{
	static struct fix f;
	struct child ana = {.given = "Ana María",
			    .family = "Quispe",
			    .birth = day("2020-03-07"),
			    .sex = "female"};
	struct family home = {.name = "Quispe",
			      .address = "14 Alder Street, 2nd floor"};
	struct caregiver mother = {
		.given = "Rosa", .surname = "Quispe", .active = true};
	struct reach phone = {.way = "phone",
			      .value = "860-555-0144",
			      .safe = true,
			      .active = true};
	int64_t id;

	case_world_init(&f.w);
	arena_init(&f.a);
	check_ok(child_add(&f.w.rec, &ana, &f.ana));
	case_world_child(&f.w, "2019-01-01");
	check_ok(family_add(&f.w.rec, &home, &id));
	check_ok(family_join(&f.w.rec, id, f.ana, true, NO_DATE, &id));
	mother.family = 1;
	check_ok(caregiver_add(&f.w.rec, &mother, &phone.caregiver));
	check_ok(reach_add(&f.w.rec, &phone, &id));
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	arena_fini(&f->a);
	case_world_fini(&f->w);
	return 0;
}

static const struct duplicate *find(struct fix *f,
				    const struct duplicate_ask *q)
{
	check_ok(duplicate_find(f->w.db, q, &f->a, &f->found, &f->n));
	return f->n ? f->found : NULL;
}

static void the_same_child_scores_most(void **state)
{
	struct fix *f = *state;
	const struct duplicate_ask q = {.given = "ana maria",
					.family = "QUISPE",
					.birth = day("2020-03-07"),
					.phone = "(860) 555-0144",
					.address = "14 alder street 2nd floor",
					.caregiver = "Rosa Quispe"};
	const struct duplicate *d = find(f, &q);

	assert_int_equal(f->n, 1);
	assert_int_equal(d->child, f->ana);
	assert_int_equal(d->score, 100);
	assert_int_equal(d->why, DUPLICATE_GIVEN | DUPLICATE_FAMILY |
					 DUPLICATE_BIRTH | DUPLICATE_PHONE |
					 DUPLICATE_CAREGIVER |
					 DUPLICATE_ADDRESS);
}

static void misheard_names_and_turned_dates_are_near(void **state)
{
	struct fix *f = *state;
	const struct duplicate *d;

	d = find(f, &(struct duplicate_ask){.given = "Anna",
					    .family = "Kispe",
					    .birth = day("2020-07-03")});
	assert_non_null(d);
	assert_int_equal(d->why, DUPLICATE_GIVEN_NEAR | DUPLICATE_FAMILY_NEAR |
					 DUPLICATE_BIRTH_NEAR);
	assert_int_equal(d->score, 47);
	/* One digit. */
	d = find(f, &(struct duplicate_ask){.given = "Ana",
					    .family = "Quispe",
					    .birth = day("2021-03-07")});
	assert_true(d->why & DUPLICATE_BIRTH_NEAR);
}

static void a_sister_is_said_to_be_one(void **state)
{
	struct fix *f = *state;
	const struct duplicate *d;

	d = find(f, &(struct duplicate_ask){.given = "Lucía",
					    .family = "Quispe",
					    .birth = day("2020-03-07"),
					    .phone = "8605550144"});
	assert_non_null(d);
	assert_true(d->why & DUPLICATE_SIBLING);
	assert_false(d->why & DUPLICATE_GIVEN);
}

static void others_are_not_named(void **state)
{
	struct fix *f = *state;

	assert_null(
		find(f, &(struct duplicate_ask){.given = "Theo",
						.family = "Lindqvist",
						.birth = day("2021-01-01")}));
	/* Children of one day are many. */
	assert_null(
		find(f, &(struct duplicate_ask){.birth = day("2020-03-07")}));
	assert_null(find(f, &(struct duplicate_ask){.family = "Quispe",
						    .birth = NO_DATE}));
	assert_null(find(
		f, &(struct duplicate_ask){.given = "?", .birth = NO_DATE}));
	assert_int_equal(f->n, 0);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_same_child_scores_most),
		T(misheard_names_and_turned_dates_are_near),
		T(a_sister_is_said_to_be_one),
		T(others_are_not_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
