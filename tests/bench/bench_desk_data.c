#include "tests/bench/bench_desk.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/clock.h"
#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/disk.h"
#include "daemon/core/rand.h"
#include "regional/case/derive.h"
#include "regional/case/simulate.h"
#include "regional/node.h"

enum { STEP = 10000000, GIVEN = 2000, FAMILY = 20000, SQL = 6000 };

/* Everything of a child's record, and the staff. What all children share, the
 * directory and practices, is not copied. */
static const char *const tables[] = {
	"child",
	"family",
	"family_child",
	"caregiver",
	"custody",
	"reach",
	"coverage",
	"benefit",
	"child_practice",
	"consent",
	"consent_scope",
	"care_case",
	"case_focus",
	"need",
	"need_level",
	"screening",
	"screening_result",
	"screening_need",
	"referral",
	"referral_status",
	"referral_answer",
	"referral_linkage",
	"staff",
	"staff_fte",
	"assignment",
	"care_plan",
	"care_goal",
	"care_action",
	"care_share",
	"contact",
	"contact_case",
	"contact_achieved",
	"contact_planned",
	"ed_episode",
	"transition",
	"transition_element",
	"transition_readiness",
	"survey",
};
enum { TABLES = sizeof tables / sizeof *tables };

static double derived_s;

double bench_desk_derived_s(void)
{
	return derived_s;
}

static int is_copied(const char *table)
{
	for (int i = 0; i < TABLES; i++)
		if (strcmp(tables[i], table) == 0)
			return 1;
	return 0;
}

/* Rows of @table again, with the numbers of rows moved by ?1: its own key, and
 * references to what is copied. Only the first ones, which the smaller numbers
 * tell. */
static void copy_sql(struct db *db, const char *table, char out[SQL])
{
	char columns[SQL / 3] = "", values[SQL / 3] = "", first[64] = "";
	size_t nc = 0, nv = 0;
	struct rows rows;
	int x;

	BENCH_MUST(db_rows(db, &rows,
			   "SELECT c.name, c.name = 'id',"
			   " (SELECT f.\"table\" FROM"
			   " pragma_foreign_key_list(?1) f WHERE f.\"from\" ="
			   " c.name LIMIT 1) FROM pragma_table_info(?1) c",
			   "s", table));
	while ((x = rows_next(&rows)) == ROWS_ROW) {
		const char *name = rows_text(&rows, 0);
		const char *to = rows_text(&rows, 2);
		bool moved = rows_int(&rows, 1) || (to && is_copied(to));

		if (moved && !*first)
			snprintf(first, sizeof first, "%s", name);
		nc += (size_t)snprintf(columns + nc, sizeof columns - nc,
				       "%s\"%s\"", nc ? ", " : "", name);
		nv += (size_t)snprintf(values + nv, sizeof values - nv,
				       "%s\"%s\"%s", nv ? ", " : "", name,
				       moved ? " + ?1" : "");
	}
	rows_end(&rows);
	BENCH_MUST(x);
	snprintf(out, SQL,
		 "INSERT INTO \"%s\" (%s) SELECT %s FROM \"%s\""
		 " WHERE \"%s\" < %d",
		 table, columns, values, table, first, STEP);
}

/* A name of syllables, by number: the same number, the same name. */
static const char *name_of(int n, char out[24])
{
	static const char *const parts[] = {
		"ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu",
		"na", "pe", "ri", "so", "tu", "va", "we", "xi", "yo", "zu"};
	size_t at = 0;

	for (int i = 0; i < 4 || n > 0; i++, n /= 20)
		at += (size_t)snprintf(out + at, 24 - at, "%s", parts[n % 20]);
	*out = (char)(*out - 32);
	return out;
}

/* Zipf's law: the k-th name is k times as rare as the first. */
static int drawn(struct rng *rng, int of)
{
	double u = (double)(rand_below(rng, 1000000) + 1) / 1000001.0;
	double octaves = 0.0;
	int k;

	/* Each doubling of the rank is as likely as the one before. */
	for (k = 1; k < of; k *= 2)
		octaves += 1.0;
	u *= octaves;
	for (k = 1; u > 1.0 && k < of; k *= 2)
		u -= 1.0;
	k += (int)rand_below(rng, (uint32_t)k);
	return k < of ? k : of - 1;
}

static void name_anew(struct db *db, int64_t first, int64_t last)
{
	struct rng_seeded r;
	char given[24], family[24], phone[24];

	rand_seed(&r, (uint64_t)first);
	for (int64_t id = first; id <= last; id++) {
		BENCH_MUST(
			db_run(db,
			       "UPDATE child SET given = ?, family = ?, birth ="
			       " date(birth, '-' || ? || ' days') WHERE id = ?",
			       "ssii", name_of(drawn(&r.base, GIVEN), given),
			       name_of(drawn(&r.base, FAMILY), family),
			       (int64_t)rand_below(&r.base, 300), id));
		snprintf(phone, sizeof phone, "203-%07u",
			 (unsigned)rand_below(&r.base, 10000000));
		BENCH_MUST(db_run(db,
				  "UPDATE reach SET value = ? WHERE way IN"
				  " ('phone', 'text') AND caregiver IN (SELECT"
				  " g.id FROM family_child h JOIN caregiver g"
				  " ON g.family = h.family WHERE h.child = ?)",
				  "si", phone, id));
		BENCH_MUST(db_run(db,
				  "UPDATE family SET name = ? WHERE id IN"
				  " (SELECT family FROM family_child WHERE"
				  " child = ?)",
				  "si", family, id));
	}
}

static void copy_children(struct db *db, int copies)
{
	char sql[SQL];
	int64_t most = 0;

	BENCH_MUST(db_int(db, &most, "SELECT max(id) FROM child", ""));
	/* A finalized plan takes no more goals, not even when it is copied. */
	BENCH_MUST(db_script(db, "DROP TRIGGER care_goal_not_more;"
				 "DROP TRIGGER care_action_not_more"));
	for (int k = 1; k < copies; k++) {
		BENCH_MUST(db_begin(db));
		/* They hold again when all tables are copied. */
		BENCH_MUST(db_script(db, "PRAGMA defer_foreign_keys = 1"));
		for (int t = 0; t < TABLES; t++) {
			copy_sql(db, tables[t], sql);
			BENCH_MUST(db_run(db, sql, "i", (int64_t)k * STEP));
		}
		name_anew(db, (int64_t)k * STEP + 1, (int64_t)k * STEP + most);
		BENCH_MUST(db_commit(db));
	}
}

void bench_desk_make(const struct catalogue *cat, const char *dir, int children)
{
	struct simulate_opts o = {.kind = NETWORK_SYNTHETIC,
				  .children = DESK_BASE,
				  .years = 1,
				  .seed = 7,
				  .whole = true};
	struct node *n = bench_node(cat, dir, -1);

	o.until = records_today(&n->rec);
	BENCH_MUST(simulate_run(&n->rec, &o, NULL, NULL));
	/* As if it had joined a hub that does not answer. */
	BENCH_MUST(db_run(n->db,
			  "UPDATE node SET region = 'bench', title = 'Bench',"
			  " network = zeroblob(16), hub_sign_pk ="
			  " zeroblob(32), hub_box_pk = zeroblob(32), hub_addr"
			  " = 'tcp://127.0.0.1:9', epoch = 1",
			  ""));
	/* The copies are not derived one by one, but together and timed. */
	db_before_commit(n->db, NULL);
	BENCH_MUST(db_script(n->db, "INSERT OR IGNORE INTO derive_queue"
				    " SELECT 1, id FROM child"));
	copy_children(n->db, children / DESK_BASE);
	BENCH_MUST(db_begin(n->db));
	name_anew(n->db, 1, DESK_BASE);
	BENCH_MUST(db_commit(n->db));
	derived_s = bench_now_s();
	BENCH_MUST(derive_catch_up(n->db));
	derived_s = bench_now_s() - derived_s;
	node_close(n);
}
