/* case_world: a node's database in a temporary folder, with what regional/case
 * needs around it, for the tests of that folder. */
#ifndef CCFED_TEST_CASE_WORLD_H
#define CCFED_TEST_CASE_WORLD_H

#include "daemon/core/clock.h"
#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/disk.h"
#include "daemon/core/rand.h"
#include "proto/catalogue.h"
#include "proto/vocabulary.h"
#include "regional/case/caregiver.h"
#include "regional/case/child.h"
#include "regional/case/consent.h"
#include "regional/case/custody.h"
#include "regional/case/family.h"
#include "regional/case/derive.h"
#include "regional/case/kase.h"
#include "regional/case/need.h"
#include "regional/case/organization.h"
#include "regional/case/records.h"
#include "regional/case/referral.h"
#include "regional/schema/schema.h"
#include "tests/lib/check.h"
#include "tests/lib/scratch.h"

/* Into a char array. */
#define put(field, text) snprintf(field, sizeof(field), "%s", text)

struct case_world {
	char *dir;
	struct db *db;
	struct catalogue *cat;
	const struct vocabulary *words;
	struct clock_set clock;
	struct records rec;
};

static inline int32_t day(const char *iso)
{
	int32_t d = NO_DATE;

	assert_int_equal(date_parse(iso, &d), 0);
	return d;
}

/* It is 2026-06-30 there. */
static inline void case_world_init(struct case_world *w)
{
	memset(w, 0, sizeof *w);
	w->dir = scratch_new();
	check_ok(db_open(&w->db, disk_system(), scratch_path(w->dir, "node.db"),
			 DB_CREATE));
	check_ok(
		db_migrate(w->db, NODE_APP_ID, node_schema, node_schema_count));
	db_before_commit(w->db, derive_run);
	check_ok(catalogue_load(&w->cat, source_path("proto")));
	w->words = catalogue_vocabulary(w->cat);
	clock_set_init(&w->clock, date_noon_utc_ms(day("2026-06-30")));
	w->rec =
		(struct records){.db = w->db,
				 .clock = &w->clock.base,
				 .words = w->words,
				 .cat = w->cat,
				 .who = "test",
				 .audit_key = "a key of thirty-two bytes......",
				 .today = NO_DATE,
				 .rng = rand_system(),
				 .seal_key = "another one of thirty-two......",
				 .sealing = true};
}

static inline void case_world_fini(struct case_world *w)
{
	db_close(w->db);
	catalogue_free(w->cat);
	scratch_free(w->dir);
}

static inline int64_t case_world_child(struct case_world *w, const char *birth)
{
	struct child c = {.given = "Pebble",
			  .family = "Testperson",
			  .birth = day(birth),
			  .sex = "unknown"};
	int64_t id;

	check_ok(child_add(&w->rec, &c, &id));
	return id;
}

/* A family whose mother has consented for @child since 2020 to care
 * coordination, referrals and sharing the plan with whoever is needed; returns
 * the consent. */
static inline int64_t case_world_consent(struct case_world *w, int64_t child)
{
	struct family home = {.name = "One"};
	struct caregiver who = {.given = "Ana", .active = true};
	struct custody q = {.child = child,
			    .relation = "mother",
			    .custody = "sole",
			    .authority = "parent",
			    .since = NO_DATE,
			    .until = NO_DATE};
	struct consent c = {.child = child,
			    .scopes = 3,
			    .scope = {"coordinate", "refer", "share-plan"},
			    .since = day("2020-01-02"),
			    .until = NO_DATE,
			    .signed_on = day("2020-01-02"),
			    .authority = "parent",
			    .withdrawn = NO_DATE};
	int64_t id;

	check_ok(family_add(&w->rec, &home, &who.family));
	check_ok(caregiver_add(&w->rec, &who, &q.caregiver));
	check_ok(custody_add(&w->rec, &q, &id));
	c.signer = q.caregiver;
	check_ok(consent_add(&w->rec, &c, &id));
	return id;
}

/* A child born 2020-01-01 with a case opened and a need found 2026-01-01. */
static inline int64_t case_world_need(struct case_world *w)
{
	int64_t kase, need;

	check_ok(kase_open(&w->rec, case_world_child(w, "2020-01-01"),
			   day("2026-01-01"), &kase));
	check_ok(need_add(&w->rec, kase, "food", day("2026-01-01"), &need));
	return need;
}

static inline int64_t case_world_int(struct case_world *w, const char *sql)
{
	int64_t v = -1;

	check_ok(db_int(w->db, &v, sql, ""));
	return v;
}

#endif
