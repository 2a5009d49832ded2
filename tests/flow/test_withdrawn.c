/* Families withdraw their consent before a month closes. Whether their children
 * are still counted is the word of the policy, which the hub's operator changes
 * while hub and node run. */
#include "tests/lib/check.h"

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/log.h"
#include "regional/case/caregiver.h"
#include "regional/case/child.h"
#include "regional/case/consent.h"
#include "regional/case/custody.h"
#include "regional/case/family.h"
#include "regional/release/release.h"
#include "tests/lib/fix_network.h"

enum { CHILDREN_MAX = 2000, OCTOBER = 2026 * 12 + 9, SEPTEMBER = OCTOBER - 1 };

static const char table[] = "needs_closed";

/* Closed through September; October closes on November 11. */
static void make(struct network *w)
{
	struct network_opts o = {.seed = 5,
				 .regions = 1,
				 .children = 900,
				 .first = SEPTEMBER - 14,
				 .until = date_from_ymd(2026, 10, 31),
				 .today = date_from_ymd(2026, 11, 5),
				 .floor = 11};

	network_make(w, &o);
	network_start(w);
	network_leap(w, 1);
}

/* Their mother signs and, some time later, withdraws. */
static void withdraw(struct records *r, int64_t child)
{
	struct family home = {.name = "Made-up"};
	struct caregiver who = {.given = "Ana", .active = true};
	struct custody q = {.child = child,
			    .relation = "mother",
			    .custody = "sole",
			    .authority = "parent",
			    .since = NO_DATE,
			    .until = NO_DATE};
	struct consent c = {.child = child,
			    .scopes = 1,
			    .scope = {"coordinate"},
			    .since = date_from_ymd(2026, 9, 1),
			    .until = NO_DATE,
			    .signed_on = date_from_ymd(2026, 9, 1),
			    .withdrawn = NO_DATE};
	struct child k;
	int64_t id;

	check_ok(child_get(r->db, child, &k));
	if (custody_of_age(k.birth, c.since)) {
		snprintf(c.authority, sizeof c.authority, "youth");
	} else {
		check_ok(family_add(r, &home, &who.family));
		check_ok(caregiver_add(r, &who, &q.caregiver));
		check_ok(custody_add(r, &q, &id));
		c.signer = q.caregiver;
		snprintf(c.authority, sizeof c.authority, "parent");
	}
	check_ok(consent_add(r, &c, &id));
	check_ok(consent_withdraw(r, id, date_from_ymd(2026, 11, 5), NULL));
}

static int64_t one(struct network *w, const char *sql)
{
	int64_t v = -1;

	check_ok(db_int(w->node[0]->db, &v, sql, ""));
	return v;
}

/* Every second child of whom a need was closed since September. Returns how
 * many of the needs closed in October are theirs. */
static int64_t withdraw_half(struct network *w)
{
	static int64_t child[CHILDREN_MAX];
	struct records *r = &w->node[0]->rec;
	int64_t theirs;
	struct rows rows;
	int n = 0, x;

	check_ok(db_rows(r->db, &rows,
			 "SELECT DISTINCT child FROM fact_need"
			 " WHERE closed >= '2026-09-01' ORDER BY child",
			 ""));
	while ((x = rows_next(&rows)) == ROWS_ROW && n < CHILDREN_MAX)
		child[n++] = rows_int(&rows, 0);
	rows_end(&rows);
	assert_int_equal(x, ROWS_DONE);
	for (int i = 0; i < n; i += 2)
		withdraw(r, child[i]);
	theirs = one(w, "SELECT count(*) FROM need n"
			" JOIN care_case k ON k.id = n.kase"
			" JOIN consent c ON c.child = k.child"
			" WHERE n.closed BETWEEN '2026-10-01'"
			" AND '2026-10-31' AND k.errored IS NULL");
	assert_true(theirs > 11);
	return theirs;
}

static int64_t october(struct network *w, bool theirs)
{
	int64_t n = -1;

	check_ok(db_int(w->node[0]->db, &n,
			"SELECT count(*) FROM counted WHERE table_id = ?"
			" AND closing = ? AND (child IN (SELECT child FROM"
			" consent)) = ?",
			"sii", table, (int64_t)OCTOBER, (int64_t)theirs));
	return n;
}

/* As `ccfed hub policy set` does, beside the daemon. */
static int set_policy(struct network *w, uint32_t floor,
		      enum policy_withdrawal withdrawal)
{
	struct policy p;
	struct hub *h;
	int r;

	check_ok(hub_open(&h, &w->clock.base, &w->rng.base, w->hub->disk, NULL,
			  w->cat, network_path(w, -1)));
	log_level(LOG_LEVEL_ERROR); /* the hub's own is more */
	p = h->policy;
	p.floor = floor;
	p.withdrawal = withdrawal;
	r = hub_policy_set(h, &p);
	hub_close(h);
	return r;
}

static void not_counted_when_the_policy_says_so(void **state)
{
	const struct fact_table *t;
	struct account before, after;
	struct network w;
	struct policy now;
	int64_t n;

	make(&w);
	assert_int_equal(w.node[0]->policy.number, 1);
	check_ok(set_policy(&w, 11, POLICY_UNCOUNTED));
	network_leap(&w, 1);
	assert_int_equal(w.node[0]->policy.number, 2);
	assert_int_equal(w.node[0]->policy.withdrawal, POLICY_UNCOUNTED);
	check_ok(hub_policy(w.hub, w.hub->db, 0, &now));
	assert_int_equal(now.number, 2);
	check_ok(hub_policy(w.hub, w.hub->db, 1, &now));
	assert_int_equal(now.withdrawal, POLICY_COUNTED);

	t = catalogue_table(w.cat, catalogue_find_table(w.cat, table));
	check_ok(release_account(w.node[0], t, 0, &before));
	n = withdraw_half(&w);
	check_ok(release_account(w.node[0], t, 0, &after));
	/* What was released moves only as rule V lets it; until then: drift. */
	assert_int_equal(before.drift, 0);
	assert_true(after.drift < 0);
	assert_int_equal(after.published, before.published);
	network_leap(&w, 8);
	assert_true(one(&w, "SELECT max(closed) FROM closing_state") >=
		    OCTOBER);
	assert_int_equal(october(&w, true), 0);
	assert_true(october(&w, false) > 0);
	network_check_accounts(&w);

	/* They come back, too late for October: it stays as it was counted. */
	check_ok(set_policy(&w, 11, POLICY_COUNTED));
	network_leap(&w, 1);
	assert_int_equal(w.node[0]->policy.number, 3);
	/* But what was said on the day of withdrawal holds. */
	assert_true(one(&w, "SELECT count(*) FROM fact_uncounted") > 0);
	assert_true(n > 0);
	network_free(&w);
}

static void counted_when_it_says_otherwise(void **state)
{
	struct network w;
	int64_t n;

	make(&w);
	n = withdraw_half(&w);
	network_leap(&w, 9);
	assert_int_equal(october(&w, true), n);
	network_check_accounts(&w);
	network_free(&w);
}

/* A stricter node stays so, whatever the hub's policy allows. */
static void a_node_is_never_laxer(void **state)
{
	struct network w;

	make(&w);
	assert_int_equal(set_policy(&w, 11, POLICY_COUNTED), E_STATE);
	check_says("policy 1 says so already");
	assert_int_equal(set_policy(&w, 0, POLICY_COUNTED), E_INVALID);
	check_says("floor must be from 1");
	w.node[0]->conf.floor = 15;
	assert_int_equal(node_floor(w.node[0]), 15);
	check_ok(set_policy(&w, 20, POLICY_COUNTED));
	network_leap(&w, 1);
	assert_int_equal(w.node[0]->policy.number, 2);
	assert_int_equal(node_floor(w.node[0]), 20);
	check_ok(set_policy(&w, 11, POLICY_COUNTED));
	network_leap(&w, 1);
	assert_int_equal(w.node[0]->policy.number, 3);
	assert_int_equal(node_floor(w.node[0]), 15);
	/* What leaves names the newest, and the hub takes it. */
	network_leap(&w, 8);
	network_check_accounts(&w);
	network_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(not_counted_when_the_policy_says_so),
		cmocka_unit_test(counted_when_it_says_otherwise),
		cmocka_unit_test(a_node_is_never_laxer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
