/* fact_world: a node's database, and the facts that a shipped table finds in
 * it. */
#ifndef CCFED_TEST_FACT_WORLD_H
#define CCFED_TEST_FACT_WORLD_H

#include "proto/instrument.h"
#include "regional/case/field.h"
#include "regional/release/facts.h"
#include "tests/unit/case_world.h"

struct fix {
	struct case_world w;
	struct catalogue *cat;
	struct db *ro;
};

static inline int setup(void **state)
{
	static struct fix f;

	case_world_init(&f.w);
	check_ok(db_open(&f.ro, disk_system(), scratch_path(f.w.dir, "node.db"),
			 DB_READ));
	check_ok(catalogue_load(&f.cat, source_path("proto")));
	*state = &f;
	return 0;
}

static inline int teardown(void **state)
{
	struct fix *f = *state;

	db_close(f->ro);
	catalogue_free(f->cat);
	case_world_fini(&f->w);
	return 0;
}

static inline const struct fact_table *table(struct fix *f, const char *id)
{
	int i = catalogue_find_table(f->cat, id);

	assert_true(i >= 0);
	return catalogue_table(f->cat, i);
}

static inline void run(struct fix *f, const char *sql)
{
	check_ok(db_script(f->w.db, sql));
}

/* Facts as "2026-01-05 3-5 outcome; ..." in order of date. */
struct telling {
	const struct fix *f;
	const struct fact_table *t;
	char text[1000];
};

static inline int tell(void *arg, const struct fact *fact)
{
	struct telling *x = arg;
	const struct word *w =
		vocabulary_stratum(x->f->w.words, x->t->dim_id,
				   (struct stratum){LEVEL_LEAF, fact->stratum});
	size_t n = strlen(x->text);
	char on[DATE_TEXT];

	assert_non_null(w);
	snprintf(x->text + n, sizeof x->text - n, "%s%s %s %s", n ? "; " : "",
		 date_format(fact->day, on), w->id,
		 x->t->outcome[fact->outcome].id);
	return 0;
}

static inline void facts_are(struct fix *f, const char *id, const char *want)
{
	struct telling x = {.f = f, .t = table(f, id)};

	check_ok(facts_each(f->ro, x.t, f->w.words, day("2030-12-31"), 60000,
			    tell, &x));
	if (strcmp(x.text, want) != 0)
		fail_msg("%s: %s, not %s", id, x.text, want);
}

/* Two children, born 2020-03-01 and 2010-01-01, each with a case. */
#define CHILDREN                                           \
	"INSERT INTO child (id, given, birth, sex) VALUES" \
	" (1, 'Pebble', '2020-03-01', 'unknown'),"         \
	" (2, 'Stone', '2010-01-01', 'unknown');"          \
	"INSERT INTO care_case (id, child, opened) VALUES" \
	" (1, 1, '2026-01-01'), (2, 2, '2026-02-01');"

/* What @update with the day @on makes of the one fact. */
static inline void check_limit(struct fix *f, const char *id,
			       const char *update, const char *on,
			       const char *want)
{
	check_ok(db_run(f->w.db, update, "s", on));
	facts_are(f, id, want);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

#endif
