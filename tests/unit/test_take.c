/* Tests of daemon/hub/take: several releases in one envelope, and nodes that
 * do not know of it. What one release is refused for is in test_vet and
 * test_ingest. */
#include "tests/unit/hub_world.h"

#include <sqlite3.h>

#include "tests/lib/faultfs.h"

enum { RELEASES = 6 };

struct fix {
	struct world w;
	struct hand north;
	struct parcel parcel[RELEASES];
	struct release release[RELEASES];
	struct answers got;
};

static int32_t jan(void)
{
	return month_no(2026, 1);
}

/* Make @release[i] again from what it says now. */
static void pack(struct fix *f, int i)
{
	struct parcel *p = &f->parcel[i];

	mem_free(p->release);
	check_ok(codec_release(&f->release[i], &p->release, &p->len));
}

/* January to March of referrals_90d, and of another table. */
static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);
	const struct fact_table *other;

	world_init(&f->w, NETWORK_REAL);
	hand_joined(&f->north, &f->w, "north");
	f->north.wire = WIRE_BATCHES;
	other = catalogue_table(
		f->w.cat, catalogue_find_table(f->w.cat, "referrals_sent"));
	for (int i = 0; i < RELEASES; i++) {
		struct release *r = &f->release[i];

		hand_release(&f->north, r, jan() + i / 2, 1);
		if (i % 2) {
			snprintf(r->key.table, sizeof r->key.table, "%s",
				 other->id);
			r->table_version = (uint32_t)other->version;
			memcpy(r->table_hash, other->hash, 32);
		} else {
			add_block(f->w.table, r, 0, 0, jan() + i / 2, 0, 40,
				  30);
		}
		f->parcel[i].ledger_seq = (uint64_t)i + 1;
		memset(f->parcel[i].ledger_head, i + 1, DIGEST);
		pack(f, i);
	}
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	for (int i = 0; i < RELEASES; i++) {
		release_fini(&f->release[i]);
		mem_free(f->parcel[i].release);
	}
	answers_fini(&f->got);
	hand_fini(&f->north);
	world_fini(&f->w);
	mem_free(f);
	return 0;
}

static int64_t count(struct fix *f, const char *sql)
{
	int64_t n = -1;

	check_ok(db_int(f->w.hub->db, &n, sql, NULL));
	return n;
}

static int64_t releases(struct fix *f)
{
	return count(f, "SELECT count(*) FROM release");
}

static int64_t troubles(struct fix *f)
{
	return count(f, "SELECT coalesce(sum(times), 0) FROM trouble");
}

/* Ask with @n parcels from @first on; the kind of the answer. */
static int deliver(struct fix *f, int first, int n)
{
	struct delivery d = {n, f->parcel + first};
	unsigned char *bytes = NULL;
	size_t len;
	int kind;

	check_ok(codec_delivery(&d, &bytes, &len));
	kind = hand_ask(&f->north, KIND_RELEASE, bytes, len);
	mem_free(bytes);
	answers_fini(&f->got);
	if (kind == KIND_ANSWERS) {
		assert_int_equal(f->north.header.version, WIRE_BATCHES);
		check_ok(codec_answers_parse(f->north.payload, f->north.len,
					     &f->got));
		assert_int_equal(f->got.n, n);
		assert_true(f->got.hub_utc_ms ==
			    clock_utc_ms(&f->w.clock.base));
	}
	return kind;
}

/* Answer @at is a receipt by itself of parcel @of. */
static void receipted(struct fix *f, int at, int of)
{
	const struct delivered *x = &f->got.answer[at];
	unsigned char digest[DIGEST];

	assert_true(x->taken);
	check_ok(receipt_verify(&x->receipt, f->w.hub->keys.sign_pk));
	assert_int_equal(x->receipt.ledger_seq, of + 1);
	assert_memory_equal(x->receipt.ledger_head, f->parcel[of].ledger_head,
			    DIGEST);
	assert_memory_equal(&x->receipt.key, &f->release[of].key,
			    sizeof x->receipt.key);
	codec_digest(f->parcel[of].release, f->parcel[of].len, digest);
	assert_memory_equal(x->receipt.digest, digest, DIGEST);
}

static void all_receipted(struct fix *f)
{
	for (int i = 0; i < RELEASES; i++)
		receipted(f, i, i);
}

static void refused(struct fix *f, int at, uint32_t code)
{
	assert_false(f->got.answer[at].taken);
	assert_int_equal(f->got.answer[at].refusal.code, code);
	assert_string_not_equal(f->got.answer[at].refusal.why, "");
}

static void each_gets_its_own_receipt(void **state)
{
	struct fix *f = *state;
	int64_t commits = f->w.hub->metrics.commits;

	assert_int_equal(deliver(f, 0, RELEASES), KIND_ANSWERS);
	all_receipted(f);
	assert_int_equal(releases(f), RELEASES);
	assert_int_equal(f->w.hub->metrics.releases_new, RELEASES);
	assert_int_equal(f->w.hub->metrics.commits, commits + 1);
	assert_int_equal(troubles(f), 0);
}

/* The envelope again, and the releases again: the same receipts. */
static void again_changes_nothing(void **state)
{
	struct fix *f = *state;
	struct answers first;

	assert_int_equal(deliver(f, 0, RELEASES), KIND_ANSWERS);
	first = f->got;
	f->got = (struct answers){0};
	clock_set_advance(&f->w.clock, 60000);
	assert_int_equal(hand_send(&f->north, f->north.sealed, ENVELOPE_SIZE),
			 KIND_ANSWERS);
	assert_int_equal(deliver(f, 0, RELEASES), KIND_ANSWERS);
	assert_memory_equal(f->got.answer, first.answer,
			    RELEASES * sizeof *first.answer);
	answers_fini(&first);
	assert_int_equal(releases(f), RELEASES);
	assert_int_equal(count(f, "SELECT count(*) FROM receipt"), RELEASES);
	assert_int_equal(f->w.hub->metrics.releases_known, 2 * RELEASES);
	assert_int_equal(troubles(f), 0);
}

/* The bus reorders: a release alone, in version 1, overtakes the batch that
 * has it, and comes once more after it. */
static void single_overtakes_its_batch(void **state)
{
	struct fix *f = *state;
	struct receipt rc;

	f->north.wire = WIRE_FIRST;
	assert_int_equal(deliver(f, 2, 1), KIND_RECEIPT);
	check_ok(codec_receipt_parse(f->north.payload, f->north.len, &rc));
	clock_set_advance(&f->w.clock, 60000);
	f->north.wire = WIRE_BATCHES;
	assert_int_equal(deliver(f, 0, RELEASES), KIND_ANSWERS);
	all_receipted(f);
	assert_memory_equal(&f->got.answer[2].receipt, &rc, sizeof rc);
	f->north.wire = WIRE_FIRST;
	assert_int_equal(deliver(f, 4, 1), KIND_RECEIPT);
	assert_int_equal(releases(f), RELEASES);
	assert_int_equal(count(f, "SELECT count(*) FROM receipt"), RELEASES);
	assert_int_equal(troubles(f), 0);
}

/* March of a table is not taken where its February was refused: the hub would
 * take February for a month in which nothing happened. Other tables go on. */
static void refused_one_leaves_the_others(void **state)
{
	struct fix *f = *state;

	f->release[2].table_hash[0] ^= 1;
	pack(f, 2);
	assert_int_equal(deliver(f, 0, RELEASES), KIND_ANSWERS);
	refused(f, 2, REFUSED_DEFINITION);
	refused(f, 4, REFUSED_LATER);
	receipted(f, 0, 0);
	receipted(f, 1, 1);
	receipted(f, 3, 3);
	receipted(f, 5, 5);
	assert_int_equal(releases(f), 4);
	assert_int_equal(f->w.hub->metrics.releases_refused, 1);
	assert_int_equal(f->w.hub->metrics.envelopes_refused, 0);
	assert_int_equal(troubles(f), 1);
	/* Put right, they are taken. */
	f->release[2].table_hash[0] ^= 1;
	pack(f, 2);
	assert_int_equal(deliver(f, 2, 4), KIND_ANSWERS);
	for (int i = 0; i < 4; i++)
		receipted(f, i, i + 2);
	assert_int_equal(releases(f), RELEASES);
}

/* What is held is receipted, whatever is before it. */
static void known_one_follows_a_refused_one(void **state)
{
	struct fix *f = *state;

	assert_int_equal(deliver(f, 4, 1), KIND_ANSWERS);
	f->release[2].table_hash[0] ^= 1;
	pack(f, 2);
	assert_int_equal(deliver(f, 0, RELEASES), KIND_ANSWERS);
	refused(f, 2, REFUSED_DEFINITION);
	receipted(f, 4, 4);
}

/* A count under the floor is an alarm, and stays out. */
static void small_count_in_the_middle_stays_out(void **state)
{
	struct fix *f = *state;

	f->release[2].group[0].count[1] = 3;
	pack(f, 2);
	assert_int_equal(deliver(f, 0, RELEASES), KIND_ANSWERS);
	refused(f, 2, REFUSED_FLOOR);
	assert_int_equal(releases(f), 4);
	assert_int_equal(f->w.hub->metrics.alarms, 1);
}

/* Under that name the hub has one: there is no gap. */
static void conflict_stops_nothing(void **state)
{
	struct fix *f = *state;

	assert_int_equal(deliver(f, 2, 1), KIND_ANSWERS);
	f->release[2].group[0].count[0]++;
	pack(f, 2);
	assert_int_equal(deliver(f, 0, RELEASES), KIND_ANSWERS);
	refused(f, 2, REFUSED_CONFLICT);
	receipted(f, 4, 4);
	assert_int_equal(releases(f), RELEASES);
	assert_int_equal(f->w.hub->metrics.alarms, 1);
}

/* Whose it was can't be told, so none after it is taken. */
static void noise_in_the_middle_leaves_what_is_before(void **state)
{
	struct fix *f = *state;

	f->parcel[2].release[f->parcel[2].len - 1] ^= 0x80;
	assert_int_equal(deliver(f, 0, RELEASES), KIND_ANSWERS);
	receipted(f, 0, 0);
	receipted(f, 1, 1);
	refused(f, 2, REFUSED_CONTENT);
	for (int i = 3; i < RELEASES; i++)
		refused(f, i, REFUSED_LATER);
	assert_int_equal(releases(f), 2);
}

/* Within version 1 there is one release. */
static void version_1_has_no_further_ones(void **state)
{
	struct fix *f = *state;

	f->north.wire = WIRE_FIRST;
	assert_int_equal(deliver(f, 0, 2), KIND_REFUSED);
	assert_int_equal(hand_refusal(&f->north), REFUSED_CONTENT);
	assert_int_equal(f->north.header.version, WIRE_FIRST);
	assert_int_equal(releases(f), 0);
	assert_int_equal(deliver(f, 0, 1), KIND_RECEIPT);
	assert_int_equal(f->north.header.version, WIRE_FIRST);
	f->release[2].table_hash[0] ^= 1;
	pack(f, 2);
	assert_int_equal(deliver(f, 2, 1), KIND_REFUSED);
	assert_int_equal(hand_refusal(&f->north), REFUSED_DEFINITION);
}

static void stale_epoch_is_refused_as_a_whole(void **state)
{
	struct fix *f = *state;

	f->north.epoch++;
	assert_int_equal(deliver(f, 0, RELEASES), KIND_REFUSED);
	assert_int_equal(hand_refusal(&f->north), REFUSED_EPOCH);
	assert_int_equal(f->north.header.version, WIRE_BATCHES);
	f->north.epoch--;
	/* A release of an epoch that was never granted: that one. */
	f->release[3].key.epoch++;
	pack(f, 3);
	assert_int_equal(deliver(f, 0, RELEASES), KIND_ANSWERS);
	refused(f, 3, REFUSED_EPOCH);
	assert_int_equal(releases(f), 4);
}

/* A node that asks is told what the hub speaks, another one gets no field that
 * it does not know. */
static void hub_says_what_it_speaks_if_asked(void **state)
{
	struct fix *f = *state;

	f->north.wire = WIRE_FIRST;
	for (uint32_t speaks = 0; speaks < 3; speaks++) {
		struct inventory page = {.speaks = speaks};
		unsigned char *bytes = NULL;
		struct welcome w;
		size_t len;

		check_ok(codec_inventory(&page, &bytes, &len));
		assert_int_equal(hand_ask(&f->north, KIND_HELLO, bytes, len),
				 KIND_WELCOME);
		mem_free(bytes);
		assert_int_equal(f->north.header.version, WIRE_FIRST);
		check_ok(codec_welcome_parse(f->north.payload, f->north.len,
					     &w));
		assert_int_equal(w.speaks, speaks ? WIRE_VERSION : 0);
		welcome_fini(&w);
	}
}

/* Nothing of a batch is receipted that is not held, and what is lost with the
 * commit comes again as if it had not been there. */
static void unknown_commit_of_a_batch_is_read_again(void **state)
{
	struct fix *f = *state;
	int settled = 0;

	world_close(&f->w);
	f->w.disk.vfs = faultfs_register();
	world_open(&f->w);
	for (int skip = 0; skip < 4; skip++) {
		bool fired;
		int kind;

		for (int i = 0; i < RELEASES; i++) {
			f->release[i].key.version = (uint32_t)skip + 1;
			pack(f, i);
		}
		faultfs_fail(FAULTFS_SYNC, skip, SQLITE_IOERR_FSYNC);
		kind = deliver(f, 0, RELEASES);
		fired = faultfs_off();
		settled += fired && kind == KIND_ANSWERS;
		world_close(&f->w);
		world_open(&f->w);
		if (kind == KIND_ANSWERS)
			assert_int_equal(releases(f), (skip + 1) * RELEASES);
		else
			assert_int_equal(hand_refusal(&f->north),
					 REFUSED_LATER);
		assert_int_equal(deliver(f, 0, RELEASES), KIND_ANSWERS);
		all_receipted(f);
		assert_int_equal(releases(f), (skip + 1) * RELEASES);
	}
	assert_true(settled > 0);
}

static void full_disk_keeps_nothing_of_a_batch(void **state)
{
	struct fix *f = *state;

	world_close(&f->w);
	f->w.disk.vfs = faultfs_register();
	world_open(&f->w);
	faultfs_stick(true);
	faultfs_fail(FAULTFS_WRITE, 0, SQLITE_FULL);
	assert_int_equal(deliver(f, 0, RELEASES), KIND_REFUSED);
	assert_int_equal(hand_refusal(&f->north), REFUSED_LATER);
	assert_true(faultfs_off());
	faultfs_stick(false);
	assert_int_equal(releases(f), 0);
	assert_int_equal(deliver(f, 0, RELEASES), KIND_ANSWERS);
	all_receipted(f);
}

/* Out of memory anywhere: each release is receipted and held, or neither; and
 * none of a table after one that was not. */
static void lack_of_memory_keeps_each_whole(void **state)
{
	struct fix *f = *state;
	struct delivery d = {RELEASES, f->parcel};
	bool fired = true, apart = false;
	unsigned char *bytes = NULL;
	size_t len;

	check_ok(codec_delivery(&d, &bytes, &len));
	for (int n = 0; fired; n++) {
		uint32_t version = (uint32_t)n + 1;
		int64_t before = releases(f), taken = 0;
		struct envelope_header h;
		int kind;

		for (int i = 0; i < RELEASES; i++) {
			f->release[i].key.version = version;
			pack(f, i);
		}
		mem_free(bytes);
		check_ok(codec_delivery(&d, &bytes, &len));
		hand_header(&f->north, &h, KIND_RELEASE);
		check_ok(envelope_seal(f->north.sealed, &h, bytes, len,
				       &f->north.keys, f->w.hub->keys.box_pk,
				       &f->w.rng.base));
		check_ok(f->w.bus->ask(f->north.dialer, f->north.sealed,
				       ENVELOPE_SIZE));
		f->north.answered = false;
		mem_fault(n);
		while (bus_mem_step(f->w.bus) > 0)
			;
		fired = mem_fault_off();
		kind = f->north.answered ? f->north.header.kind : 0;
		answers_fini(&f->got);
		if (kind == KIND_ANSWERS) {
			check_ok(codec_answers_parse(f->north.payload,
						     f->north.len, &f->got));
			for (int i = 0; i < RELEASES; i++)
				taken += f->got.answer[i].taken;
			assert_int_equal(releases(f), before + taken);
			apart |= taken > 0 && taken < RELEASES;
			for (int i = 2; i < RELEASES; i++)
				assert_true(f->got.answer[i - 2].taken ||
					    !f->got.answer[i].taken);
		}
	}
	assert_int_equal(f->got.n, RELEASES);
	all_receipted(f);
	assert_true(apart);
	mem_free(bytes);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(each_gets_its_own_receipt),
		T(again_changes_nothing),
		T(single_overtakes_its_batch),
		T(refused_one_leaves_the_others),
		T(known_one_follows_a_refused_one),
		T(small_count_in_the_middle_stays_out),
		T(conflict_stops_nothing),
		T(noise_in_the_middle_leaves_what_is_before),
		T(version_1_has_no_further_ones),
		T(stale_epoch_is_refused_as_a_whole),
		T(hub_says_what_it_speaks_if_asked),
		T(unknown_commit_of_a_batch_is_read_again),
		T(full_disk_keeps_nothing_of_a_batch),
		T(lack_of_memory_keeps_each_whole),
	};

	return cmocka_run_group_tests_name("take", tests, NULL, NULL);
}
