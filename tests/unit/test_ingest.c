/* Tests of daemon/hub/ingest: envelopes, receipts, transactions. Numbers are those of the
 * hostile inputs in the design. */
#include "tests/unit/hub_world.h"

#include <sqlite3.h>

#include "tests/lib/faultfs.h"

struct fix {
	struct world w;
	struct hand north, south;
};

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	world_init(&f->w, NETWORK_REAL);
	hand_joined(&f->north, &f->w, "north");
	hand_joined(&f->south, &f->w, "south");
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	hand_fini(&f->north);
	hand_fini(&f->south);
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

static int64_t alarms(struct fix *f)
{
	return count(f, "SELECT count(*) FROM trouble WHERE kind = 'alarm'");
}

static int32_t jan(void)
{
	return month_no(2026, 1);
}

/* January with one trend block and one of detail. */
static void plain(struct fix *f, struct release *r, uint32_t version)
{
	hand_release(&f->north, r, jan(), version);
	add_block(f->w.table, r, 0, 0, jan(), 0, 40, 30);
	add_block(f->w.table, r, 1, 0, jan(), 3, 20, 11);
}

static int deliver(struct fix *f, struct release *r, uint64_t seq)
{
	int kind = hand_deliver(&f->north, r, seq);

	release_fini(r);
	return kind;
}

/* Deliver to be refused with @code, leaving nothing behind. */
static void refused(struct fix *f, struct release *r, uint32_t code)
{
	int64_t before = releases(f);

	assert_int_equal(deliver(f, r, 1), KIND_REFUSED);
	assert_int_equal(hand_refusal(&f->north), code);
	assert_int_equal(releases(f), before);
}

static int beat(struct hand *n, struct alive *a)
{
	struct heartbeat b = {.waiting = 2, .version = "0.1.0"};
	unsigned char *bytes = NULL;
	size_t len;
	int kind;

	b.node_utc_ms = clock_utc_ms(&n->w->clock.base) + 2000;
	check_ok(codec_heartbeat(&b, &bytes, &len));
	kind = hand_ask(n, KIND_HEARTBEAT, bytes, len);
	mem_free(bytes);
	if (kind == KIND_ALIVE)
		check_ok(codec_alive_parse(n->payload, n->len, a));
	return kind;
}

static void release_is_receipted_and_again_the_same(void **state)
{
	struct fix *f = *state;
	struct receipt rc, again;
	struct release r;

	plain(f, &r, 1);
	assert_int_equal(deliver(f, &r, 7), KIND_RECEIPT);
	check_ok(codec_receipt_parse(f->north.payload, f->north.len, &rc));
	check_ok(receipt_verify(&rc, f->w.hub->keys.sign_pk));
	assert_int_equal(rc.ledger_seq, 7);
	assert_string_equal(rc.region, "north");

	clock_set_advance(&f->w.clock, 60000);
	plain(f, &r, 1);
	assert_int_equal(deliver(f, &r, 7), KIND_RECEIPT);
	check_ok(codec_receipt_parse(f->north.payload, f->north.len, &again));
	assert_memory_equal(&rc, &again, sizeof rc);
	assert_int_equal(releases(f), 1);
	assert_int_equal(f->w.hub->metrics.releases_new, 1);
	assert_int_equal(f->w.hub->metrics.releases_known, 1);
	assert_int_equal(alarms(f), 0);
}

/* 16: the very same envelope. */
static void replayed_envelope_changes_nothing(void **state)
{
	struct fix *f = *state;
	struct release r;

	plain(f, &r, 1);
	assert_int_equal(deliver(f, &r, 1), KIND_RECEIPT);
	assert_int_equal(hand_send(&f->north, f->north.sealed, ENVELOPE_SIZE),
			 KIND_RECEIPT);
	assert_int_equal(releases(f), 1);
}

/* 17 */
static void same_key_other_content_alarms(void **state)
{
	struct fix *f = *state;
	struct release r;

	plain(f, &r, 1);
	assert_int_equal(deliver(f, &r, 1), KIND_RECEIPT);
	plain(f, &r, 1);
	r.group[0].count[0]++;
	refused(f, &r, REFUSED_CONFLICT);
	assert_int_equal(alarms(f), 1);
}

/* 14 */
static void header_of_another_region_alarms(void **state)
{
	struct fix *f = *state;
	struct release r;

	snprintf(f->north.region, sizeof f->north.region, "south");
	plain(f, &r, 1);
	refused(f, &r, REFUSED_REGION);
	assert_int_equal(alarms(f), 1);
}

/* 33, 29, 32: whatever is inside, it is refused as malformed. */
static void noise_inside_an_envelope_is_refused(void **state)
{
	struct fix *f = *state;
	static const uint8_t kinds[] = {KIND_HELLO, KIND_RELEASE, KIND_RECALL,
					KIND_HEARTBEAT};
	unsigned char noise[3000];

	for (int i = 0; i < 40; i++) {
		size_t len = rand_below(&f->w.rng.base, sizeof noise);

		rand_bytes(&f->w.rng.base, noise, sizeof noise);
		noise[0] |= 0x80; /* never an empty message */
		assert_int_equal(
			hand_ask(&f->north, kinds[i % 4], noise, len + 2),
			KIND_REFUSED);
		assert_int_equal(hand_refusal(&f->north), REFUSED_CONTENT);
	}
	assert_int_equal(hand_ask(&f->north, KIND_WELCOME, noise, sizeof noise),
			 KIND_REFUSED);
	assert_int_equal(releases(f), 0);
}

/* 3, 6, 7, 8, 10, 13, 26: no answer, counted, nothing changed. */
static void broken_envelopes_get_no_answer(void **state)
{
	struct fix *f = *state;
	unsigned char *e = f->north.sealed;
	static const size_t at[] = {0,
				    4,
				    6,
				    8,
				    30,
				    70,
				    110,
				    140,
				    170,
				    200,
				    600,
				    60000,
				    ENVELOPE_SIZE - 1};
	struct alive a;
	int64_t refused_before;

	assert_int_equal(beat(&f->north, &a), KIND_ALIVE);
	refused_before = f->w.hub->metrics.envelopes_refused;
	for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
		e[at[i]] ^= 0x20;
		assert_int_equal(hand_send(&f->north, e, ENVELOPE_SIZE), 0);
		e[at[i]] ^= 0x20;
	}
	assert_int_equal(hand_send(&f->north, e, 0), 0);
	assert_int_equal(hand_send(&f->north, e, 100), 0);
	assert_int_equal(hand_send(&f->north, e, ENVELOPE_SIZE - 1), 0);
	assert_int_equal(f->w.hub->metrics.envelopes_refused - refused_before,
			 (int64_t)(sizeof at / sizeof *at) + 3);
	assert_int_equal(hand_send(&f->north, e, ENVELOPE_SIZE), KIND_ALIVE);
}

/* 9 */
static void stranger_gets_no_answer(void **state)
{
	struct fix *f = *state;
	struct hand stranger;
	struct alive a;

	hand_init(&stranger, &f->w, "north");
	assert_int_equal(beat(&stranger, &a), 0);
	hand_fini(&stranger);
}

/* 25 */
static void other_network_gets_no_answer(void **state)
{
	struct fix *f = *state;
	struct envelope_header h;

	hand_header(&f->north, &h, KIND_HEARTBEAT);
	h.network[3] ^= 1;
	assert_int_equal(hand_ask_as(&f->north, &h, "x", 1), 0);
}

/* 22: sealed to a key that is not the hub's. */
static void other_hub_key_gets_no_answer(void **state)
{
	struct fix *f = *state;
	struct envelope_header h;

	hand_header(&f->north, &h, KIND_HEARTBEAT);
	check_ok(envelope_seal(f->north.sealed, &h, "x", 1, &f->north.keys,
			       f->north.keys.box_pk, &f->w.rng.base));
	assert_int_equal(hand_send(&f->north, f->north.sealed, ENVELOPE_SIZE),
			 0);
}

/* 24: north's envelope with south's name and signature on it. */
static void envelope_signed_by_another_gets_no_answer(void **state)
{
	struct fix *f = *state;
	struct alive a;

	assert_int_equal(beat(&f->north, &a), KIND_ALIVE);
	memcpy(f->north.sealed + 24, f->south.keys.sign_pk, 32);
	assert_int_equal(hand_send(&f->south, f->north.sealed, ENVELOPE_SIZE),
			 0);
}

/* 64: a disk that is full keeps nothing, and nothing is receipted. */
static void full_disk_is_told_and_nothing_is_kept(void **state)
{
	struct fix *f = *state;
	struct release r;

	world_close(&f->w);
	f->w.disk.vfs = faultfs_register();
	world_open(&f->w);
	faultfs_stick(true);
	faultfs_fail(FAULTFS_WRITE, 0, SQLITE_FULL);
	plain(f, &r, 1);
	assert_int_equal(deliver(f, &r, 1), KIND_REFUSED);
	assert_int_equal(hand_refusal(&f->north), REFUSED_LATER);
	assert_true(faultfs_off());
	faultfs_stick(false);
	assert_int_equal(releases(f), 0);
	plain(f, &r, 1);
	assert_int_equal(deliver(f, &r, 1), KIND_RECEIPT);
}

/* A receipt is given only for what is held. When the COMMIT's outcome is not
 * known it is settled at once, and the node need not ask again. */
static void unknown_commit_is_read_again(void **state)
{
	struct fix *f = *state;
	int settled = 0;
	struct release r;

	world_close(&f->w);
	f->w.disk.vfs = faultfs_register();
	world_open(&f->w);
	for (int skip = 0; skip < 4; skip++) {
		int kind;
		bool fired;

		faultfs_fail(FAULTFS_SYNC, skip, SQLITE_IOERR_FSYNC);
		plain(f, &r, (uint32_t)skip + 1);
		kind = deliver(f, &r, (uint64_t)skip + 1);
		fired = faultfs_off();
		settled += fired && kind == KIND_RECEIPT;
		world_close(&f->w);
		world_open(&f->w);
		if (kind == KIND_RECEIPT)
			assert_int_equal(releases(f), skip + 1);
		else
			assert_int_equal(hand_refusal(&f->north),
					 REFUSED_LATER);
		plain(f, &r, (uint32_t)skip + 1);
		assert_int_equal(deliver(f, &r, (uint64_t)skip + 1),
				 KIND_RECEIPT);
		assert_int_equal(releases(f), skip + 1);
	}
	assert_true(settled > 0);
}

/* Out of memory anywhere: told to try again or not answered; never a receipt
 * for what is not held, and all of it works afterwards. */
static void lack_of_memory_keeps_it_whole(void **state)
{
	struct fix *f = *state;
	struct parcel p = {.ledger_seq = 1};
	struct delivery d = {1, &p};
	unsigned char *bytes = NULL;
	struct envelope_header h;
	struct release r;
	size_t len;
	bool fired = true;

	plain(f, &r, 1);
	check_ok(codec_release(&r, &p.release, &p.len));
	check_ok(codec_delivery(&d, &bytes, &len));
	hand_header(&f->north, &h, KIND_RELEASE);
	check_ok(envelope_seal(f->north.sealed, &h, bytes, len, &f->north.keys,
			       f->w.hub->keys.box_pk, &f->w.rng.base));
	for (int n = 0; fired; n++) {
		check_ok(f->w.bus->ask(f->north.dialer, f->north.sealed,
				       ENVELOPE_SIZE));
		f->north.answered = false;
		mem_fault(n);
		while (bus_mem_step(f->w.bus) > 0)
			;
		fired = mem_fault_off();
		if (f->north.answered && f->north.header.kind == KIND_RECEIPT)
			assert_int_equal(releases(f), 1);
	}
	assert_int_equal(f->north.header.kind, KIND_RECEIPT);
	mem_free(bytes);
	mem_free(p.release);
	release_fini(&r);
}

static void batch_is_one_transaction(void **state)
{
	struct fix *f = *state;
	int64_t commits = f->w.hub->metrics.commits;
	struct envelope_header h;

	f->north.answered = f->south.answered = false;
	hand_header(&f->north, &h, KIND_RECALL);
	check_ok(envelope_seal(f->north.sealed, &h, "", 0, &f->north.keys,
			       f->w.hub->keys.box_pk, &f->w.rng.base));
	check_ok(
		f->w.bus->ask(f->north.dialer, f->north.sealed, ENVELOPE_SIZE));
	hand_header(&f->south, &h, KIND_RECALL);
	check_ok(envelope_seal(f->south.sealed, &h, "", 0, &f->south.keys,
			       f->w.hub->keys.box_pk, &f->w.rng.base));
	check_ok(
		f->w.bus->ask(f->south.dialer, f->south.sealed, ENVELOPE_SIZE));
	while (bus_mem_step(f->w.bus) > 0)
		;
	assert_true(f->north.answered && f->south.answered);
	assert_int_equal(f->w.hub->metrics.commits, commits + 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(release_is_receipted_and_again_the_same),
		T(replayed_envelope_changes_nothing),
		T(same_key_other_content_alarms),
		T(header_of_another_region_alarms),
		T(noise_inside_an_envelope_is_refused),
		T(broken_envelopes_get_no_answer),
		T(stranger_gets_no_answer),
		T(other_network_gets_no_answer),
		T(other_hub_key_gets_no_answer),
		T(envelope_signed_by_another_gets_no_answer),
		T(full_disk_is_told_and_nothing_is_kept),
		T(unknown_commit_is_read_again),
		T(lack_of_memory_keeps_it_whole),
		T(batch_is_one_transaction),
	};

	return cmocka_run_group_tests_name("ingest", tests, NULL, NULL);
}
