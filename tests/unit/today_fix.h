/* today_fix: a coordinator with one child, for the tests of what is due. */
#ifndef CCFED_TEST_TODAY_FIX_H
#define CCFED_TEST_TODAY_FIX_H

#include "tests/unit/case_world.h"

#include "regional/case/assignment.h"
#include "regional/case/audit.h"
#include "regional/case/care_plan.h"
#include "regional/case/caregiver.h"
#include "regional/case/consent.h"
#include "regional/case/contact.h"
#include "regional/case/cover.h"
#include "regional/case/custody.h"
#include "regional/case/derive.h"
#include "regional/case/directory.h"
#include "regional/case/ed.h"
#include "regional/case/family.h"
#include "regional/case/reach.h"
#include "regional/case/screening.h"
#include "regional/case/staff.h"
#include "regional/case/transition.h"
#include "regional/desk/later.h"
#include "regional/desk/today_list.h"

struct fix {
	struct case_world w;
	struct arena a;
	int64_t ann, ben, child, kase, need, mother, home;
	struct today_item *item;
	size_t n;
};

static inline int64_t hire(struct fix *f, const char *name)
{
	struct staff s = {.role = "coordinator", .started = day("2025-01-01")};
	int64_t id = 0;

	put(s.name, name);
	check_ok(staff_add(&f->w.rec, &s, 100, &id));
	return id;
}

static inline int setup(void **state)
{
	static struct fix f;
	struct family home = {.name = "Testperson",
			      .language = "arabic",
			      .interpreter = true};
	struct caregiver mother = {.given = "Muna", .active = true};
	int64_t id;

	case_world_init(&f.w);
	arena_init(&f.a);
	f.ann = hire(&f, "Ann Tester");
	f.ben = hire(&f, "Ben Tester");
	f.need = case_world_need(&f.w);
	f.child = f.kase = 1;
	check_ok(assignment_set(&f.w.rec, f.kase, f.ann, day("2026-01-02"), "",
				&id));
	check_ok(family_add(&f.w.rec, &home, &f.home));
	check_ok(family_join(&f.w.rec, f.home, f.child, true, NO_DATE, &id));
	mother.family = f.home;
	check_ok(caregiver_add(&f.w.rec, &mother, &f.mother));
	*state = &f;
	return 0;
}

static inline int teardown(void **state)
{
	struct fix *f = *state;
	int64_t rows;

	check_ok(audit_verify(f->w.db, &rows));
	arena_fini(&f->a);
	case_world_fini(&f->w);
	return 0;
}

/* What @staff has on @on, and @ahead days more. */
static inline size_t list(struct fix *f, int64_t staff, const char *on,
			  int ahead)
{
	const struct today_ask q = {.words = f->w.words,
				    .staff = staff,
				    .today = day(on),
				    .ahead = ahead};

	check_ok(today_list(f->w.db, &q, &f->a, &f->item, &f->n));
	return f->n;
}

/* The only item of that kind; NULL: none. */
static inline const struct today_item *only(struct fix *f, enum today_kind kind)
{
	const struct today_item *found = NULL;

	for (size_t i = 0; i < f->n; i++)
		if (f->item[i].kind == kind) {
			assert_null(found);
			found = &f->item[i];
		}
	return found;
}

static inline int64_t plan_contact(struct fix *f, const char *due,
				   const char *mode)
{
	struct contact_planned p;
	int64_t id = 0;

	sheet_blank(&contact_planned_sheet, &p);
	p.kase = f->kase;
	p.due = day(due);
	put(p.purpose, "Has the program called?");
	put(p.mode, mode);
	put(p.party, "family");
	check_ok(contact_plan(&f->w.rec, &p, &id));
	return id;
}

static inline int64_t visit_ed(struct fix *f, int64_t child)
{
	struct ed_episode e;
	int64_t id = 0;

	sheet_blank(&ed_episode_sheet, &e);
	e.child = child;
	e.visited = day("2026-06-10");
	e.discharged = day("2026-06-11");
	e.behavioral = 1;
	check_ok(ed_add(&f->w.rec, &e, &id));
	return id;
}

#endif
