#include "tests/lib/check.h"

#include <dirent.h>
#include <stdlib.h>
#include <sodium.h>

#include "daemon/core/disk.h"
#include "daemon/core/rand.h"
#include "proto/ccfed.pb-c.h"
#include "proto/codec.h"
#include "proto/envelope.h"
#include "tests/lib/scratch.h"

enum { CLOSING = 2026 * 12 + 8 }; /* September 2026 */

/* A small release: two blocks of the trend, one of the detail, a bound. */
static const struct group some_groups[3] = {
	{.view = 1,
	 .step = 1,
	 .period = {2026 * 12 + 6, 3},
	 .stratum = {LEVEL_LEAF, 4},
	 .cells = {{0x10000010, 0x10}},
	 .n = 2,
	 .count = {31, 12}},
	{.view = 0,
	 .step = 0,
	 .period = {2026 * 12 + 7, 1},
	 .stratum = {LEVEL_ANY, 0},
	 .cells = {{0xfff000, 0}},
	 .n = 2,
	 .count = {40, 0}},
	{.view = 0,
	 .step = 0,
	 .period = {2026 * 12 + 6, 1},
	 .stratum = {LEVEL_ANY, 0},
	 .cells = {{0xfff, 0}},
	 .n = 2,
	 .count = {200, 17}},
};

struct fix {
	struct release r;
	struct group group[RELEASE_GROUPS_MAX];
};

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);
	struct release *r = &f->r;

	memcpy(f->group, some_groups, sizeof some_groups);
	r->key = (struct release_key){"referrals_90d", CLOSING, 2, 3};
	memcpy(r->region, "north-central", sizeof "north-central");
	r->table_version = 1;
	memset(r->table_hash, 0xab, sizeof r->table_hash);
	r->vocabulary = 1;
	r->policy = 4;
	r->floor = 11;
	r->n_groups = 3;
	r->group = f->group;
	r->n_bounds = 1;
	r->bound[0] = (struct bound){{2026 * 12 + 6, 3}, 4, 22};
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	mem_free(*state);
	return 0;
}

static void round_trip(const struct release *r, struct release *out)
{
	unsigned char *bytes = NULL;
	size_t len;

	check_ok(codec_release(r, &bytes, &len));
	check_ok(codec_release_parse(bytes, len, out));
	mem_free(bytes);
}

static void a_release_comes_back_sorted(void **state)
{
	struct fix *f = *state;
	struct release out;

	round_trip(&f->r, &out);
	assert_string_equal(out.key.table, "referrals_90d");
	assert_int_equal(out.key.closing, CLOSING);
	assert_int_equal(out.key.epoch, 2);
	assert_int_equal(out.key.version, 3);
	assert_string_equal(out.region, "north-central");
	assert_memory_equal(out.table_hash, f->r.table_hash, 32);
	assert_int_equal(out.floor, 11);
	assert_int_equal(out.n_groups, 3);
	for (int i = 0; i < 3; i++) {
		const struct group *a = &out.group[i], *b = &f->group[2 - i];

		assert_int_equal(a->view, b->view);
		assert_int_equal(a->step, b->step);
		assert_int_equal(a->period.month, b->period.month);
		assert_int_equal(a->period.months, b->period.months);
		assert_int_equal(a->stratum.level, b->stratum.level);
		assert_int_equal(a->stratum.no, b->stratum.no);
		assert_true(cells_equal(a->cells, b->cells));
		assert_int_equal(a->n, b->n);
		assert_memory_equal(a->count, b->count, sizeof a->count);
	}
	assert_int_equal(out.n_bounds, 1);
	assert_int_equal(out.bound[0].months, 4);
	assert_int_equal(out.bound[0].at_most, 22);
	release_fini(&out);
	release_fini(&out); /* twice is fine */
}

static void one_content_has_one_encoding(void **state)
{
	struct fix *f = *state;
	unsigned char *a = NULL, *b = NULL, da[DIGEST], db[DIGEST];
	struct group swap;
	size_t na, nb;

	check_ok(codec_release(&f->r, &a, &na));
	swap = f->group[0];
	f->group[0] = f->group[2];
	f->group[2] = swap;
	check_ok(codec_release(&f->r, &b, &nb));
	assert_int_equal(na, nb);
	assert_memory_equal(a, b, na);
	codec_digest(a, na, da);
	codec_digest(b, nb, db);
	assert_memory_equal(da, db, DIGEST);
	f->group[1].count[0]++;
	mem_free(b);
	check_ok(codec_release(&f->r, &b, &nb));
	codec_digest(b, nb, db);
	assert_memory_not_equal(da, db, DIGEST);
	mem_free(a);
	mem_free(b);
}

/* Bytes that were sent once must be read for ever. */
static const char golden[] =
	"0a170a0d726566657272616c735f3930641080be0118022003120d6e6f727468"
	"2d63656e7472616c18012220abababababababababababababababababababab"
	"abababababababababababab28013004380b421618febd012001280239ff0f00"
	"00000000004a03c80111421518ffbd01200128023900f0ff00000000004a0228"
	"0042220801100118febd01200330043910000010000000004110000000000000"
	"004a021f0c4a0a08febd01100318042016";

static void old_bytes_are_still_read(void **state)
{
	struct fix *f = *state;
	unsigned char bytes[1024], *again = NULL;
	struct release out;
	size_t len, n;

	assert_int_equal(sodium_hex2bin(bytes, sizeof bytes, golden,
					sizeof golden - 1, NULL, &len, NULL),
			 0);
	check_ok(codec_release_parse(bytes, len, &out));
	assert_int_equal(out.group[0].count[0], 200);
	release_fini(&out);
	check_ok(codec_release(&f->r, &again, &n));
	assert_int_equal(n, len);
	assert_memory_equal(again, bytes, len);
	mem_free(again);
}

/* Both ways refuse the same, so one changed field tells about both. */
static void check_refused(struct fix *f, const char *says)
{
	unsigned char *bytes = NULL;
	size_t len;

	assert_int_equal(codec_release(&f->r, &bytes, &len), E_FORMAT);
	assert_null(bytes);
	check_says(says);
}

#define REFUSED(change, says)           \
	do {                            \
		struct fix *f = *state; \
		change;                 \
		check_refused(f, says); \
		teardown(state);        \
		setup(state);           \
	} while (0)

static void wrong_releases_are_refused(void **state)
{
	REFUSED(f->r.key.table[0] = 'R', "the table is not an id");
	REFUSED(f->r.key.table[0] = '\0', "the table is not an id");
	REFUSED(memset(f->r.region, 'a', REGION_ID), "the region is not an id");
	REFUSED(f->r.region[5] = ' ', "the region is not an id");
	REFUSED(f->r.key.closing = -1, "the closing is no month");
	REFUSED(f->r.key.closing = 5000 * 12, "the closing is no month");
	REFUSED(f->r.floor = 0, "the floor is missing");
	REFUSED(f->r.n_groups = RELEASE_GROUPS_MAX + 1, "over 512 blocks");
	REFUSED(f->r.n_groups = -1, "over 512 blocks");
	REFUSED(f->r.n_bounds = RELEASE_BOUNDS_MAX + 1, "over 16 bounds");
	REFUSED(f->r.bound[0].at_most = 23, "no multiple of the floor");
	REFUSED(f->r.bound[0].months = 0, "of no month");
	REFUSED(f->r.bound[0].months = 64, "of no month");
	REFUSED(f->r.bound[0].period.month -= 6, "not of this closing");
	REFUSED((f->r.n_bounds = 2, f->r.bound[1] = f->r.bound[0]),
		"bounds are not in order");
}

static void wrong_blocks_are_refused(void **state)
{
	REFUSED(f->group[0].view = VIEWS_MAX, "a view or a step");
	REFUSED(f->group[0].step = STEPS_MAX, "a view or a step");
	REFUSED(f->group[0].n = 0, "counts 0 outcomes");
	REFUSED(f->group[0].n = SPLIT_MAX + 1, "counts 11 outcomes");
	REFUSED(f->group[1].n = 3, "count unlike");
	REFUSED(f->group[0].cells = cells_none(), "has no cells");
	REFUSED(f->group[0].cells.w[1] = 1ull << 62, "that none is");
	REFUSED(f->group[0].period.months = 2, "none of the lattice");
	REFUSED(f->group[0].period.months = 12, "none of the lattice");
	REFUSED(f->group[0].period.month++, "none of the lattice");
	REFUSED(f->group[0].period.month -= 3, "not of this closing");
	REFUSED(f->group[0].period.month += 3, "after the closing");
	REFUSED(f->group[1].period.month += 2, "after the closing");
	REFUSED(f->group[0].stratum.level = (enum level)3, "level is unknown");
	REFUSED(f->group[0].stratum.no = LATTICE_LEAVES_MAX, "stratum is unk");
	REFUSED(f->group[0].stratum.no = -1, "stratum is unknown");
	REFUSED(f->group[1].stratum.no = 1, "stratum is unknown");
	REFUSED(f->group[1].cells = f->group[2].cells, "not in order");
	REFUSED(f->group[1].cells.w[0] |= 1, "share a cell");
	REFUSED(f->group[0].count[0] = UINT32_MAX, "too large");
	REFUSED((f->group[0].count[0] = INT32_MAX, f->group[1].count[0] = 1),
		"too large");
}

/* A message of protobuf-c's, so that a test can say what our encoder never
 * would. */
struct raw {
	Wire__Release m;
	Wire__Key key;
	Wire__Group group[2];
	Wire__Group *at[2];
	uint32_t count[SPLIT_MAX + 1];
	unsigned char hash[32], bytes[4096];
	size_t len;
};

static void raw_init(struct raw *w)
{
	static char table[] = "t", region[] = "r";

	memset(w, 0, sizeof *w);
	wire__release__init(&w->m);
	wire__key__init(&w->key);
	w->key.table = table;
	w->key.closing = CLOSING;
	w->key.version = 1;
	w->m.key = &w->key;
	w->m.region = region;
	w->m.table_hash = (ProtobufCBinaryData){32, w->hash};
	w->m.floor = 11;
	for (int i = 0; i < 2; i++) {
		wire__group__init(&w->group[i]);
		w->group[i].month = 2026 * 12 + 6;
		w->group[i].months = 1;
		w->group[i].level = WIRE__LEVEL__ANY;
		w->group[i].cells_low = 1u << i;
		w->group[i].n_count = 1;
		w->group[i].count = w->count;
		w->at[i] = &w->group[i];
	}
	w->count[0] = 11;
	w->m.n_group = 2;
	w->m.group = w->at;
}

static int raw_parse(struct raw *w)
{
	struct release out;
	int r;

	w->len = wire__release__get_packed_size(&w->m);
	assert_true(w->len <= sizeof w->bytes);
	wire__release__pack(&w->m, w->bytes);
	r = codec_release_parse(w->bytes, w->len, &out);
	if (r == 0)
		release_fini(&out);
	assert_null(out.group);
	return r;
}

#define HOSTILE(change, says)                              \
	do {                                               \
		raw_init(&w);                              \
		change;                                    \
		assert_int_equal(raw_parse(&w), E_FORMAT); \
		check_says(says);                          \
	} while (0)

static void hostile_numbers_are_refused(void **state)
{
	static char upper[] = "Smith", lengthy[] = "a-region-with-a-long-name";
	struct raw w;

	raw_init(&w);
	check_ok(raw_parse(&w));
	HOSTILE(w.m.key = NULL, "a key is missing");
	HOSTILE(w.m.region = upper, "the region is not an id");
	HOSTILE(w.m.region = lengthy, "the region is over 23 bytes");
	HOSTILE(w.key.table = upper, "the table is not an id");
	HOSTILE(w.m.table_hash.len = 31, "has 31 bytes, not 32");
	HOSTILE(w.key.closing = UINT32_MAX, "the closing is no month");
	HOSTILE(w.group[0].view = 256, "a view or a step");
	HOSTILE(w.group[0].step = 256, "a view or a step");
	HOSTILE(w.group[0].month = UINT32_MAX, "nowhere in the lattice");
	HOSTILE(w.group[0].months = 1u << 31, "nowhere in the lattice");
	HOSTILE(w.group[0].stratum = 1u << 31, "nowhere in the lattice");
	HOSTILE(w.group[0].level = (Wire__Level)-1, "a level is unknown");
	HOSTILE(w.group[0].level = (Wire__Level)7, "a level is unknown");
	HOSTILE(w.group[0].n_count = 0, "counts 0 outcomes");
	HOSTILE(w.group[0].n_count = SPLIT_MAX + 1, "counts 11 outcomes");
	HOSTILE(w.group[0].cells_low = 2, "not in order");
	HOSTILE(w.group[0].cells_low = 4, "not in order");
	HOSTILE(w.group[1].cells_low = 3, "share a cell");
}

static int parse_hex(const char *hex)
{
	unsigned char bytes[256];
	struct heartbeat h;
	size_t len;

	assert_int_equal(sodium_hex2bin(bytes, sizeof bytes, hex, strlen(hex),
					" ", &len, NULL),
			 0);
	return codec_heartbeat_parse(bytes, len, &h);
}

/* A heartbeat is node_utc_ms = 1, waiting = 2, version "1". */
static void other_encodings_are_refused(void **state)
{
	static const char *const wrong[] = {
		"08 01 10 02 1a 01 31 20 01",	    /* unknown field 4 */
		"08 01 10 02 1a 01 31 22 00",	    /* unknown submessage */
		"08 81 00 10 02 1a 01 31",	    /* a padded varint */
		"08 01 08 01 10 02 1a 01 31",	    /* a field twice */
		"10 02 08 01 1a 01 31",		    /* out of order */
		"08 01 10 00 1a 01 31",		    /* a default written out */
		"08 01 10 82 80 80 80 10 1a 01 31", /* over 32 bits */
		"08 01 10 02 1a 01 31 1a 00",	    /* a string twice */
	};

	check_ok(parse_hex("08 01 10 02 1a 01 31"));
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		if (parse_hex(wrong[i]) != E_FORMAT)
			fail_msg("%s was accepted", wrong[i]);
	assert_int_equal(parse_hex("08 01 10 02 1a 05 31"), E_FORMAT);
	check_says("malformed");
	assert_int_equal(parse_hex("0b 0c"), E_FORMAT);
	assert_int_equal(parse_hex("08 ff ff ff ff ff ff ff ff ff ff 01"),
			 E_FORMAT);
	assert_int_equal(parse_hex("08 01 10 02 1a 01 41"), E_FORMAT);
	check_says("the version is none");
}

/* An unknown field inside a submessage comes back from packing unchanged, so
 * only looking for it finds it. */
static void unknown_fields_inside_are_refused(void **state)
{
	struct raw w;
	unsigned char bytes[512];
	struct release out;

	raw_init(&w);
	w.m.n_group = 0;
	check_ok(raw_parse(&w));
	/* The key is first: 0a LEN ... Put "field 15 = 1" at its end. */
	assert_int_equal(w.bytes[0], 0x0a);
	memcpy(bytes, w.bytes, w.bytes[1] + 2u);
	bytes[1] = (unsigned char)(w.bytes[1] + 2);
	bytes[bytes[1]] = 0x78;
	bytes[bytes[1] + 1] = 0x01;
	memcpy(bytes + bytes[1] + 2, w.bytes + w.bytes[1] + 2,
	       w.len - w.bytes[1] - 2u);
	assert_int_equal(codec_release_parse(bytes, w.len + 2, &out), E_FORMAT);
	check_says("unknown fields");
}

/* 32,768 empty groups: 4 MB if they were unpacked. */
static void floods_of_fields_are_refused(void **state)
{
	size_t len = 64 * 1024;
	unsigned char *bytes = mem_alloc(len);
	struct inventory i;
	struct welcome w;
	struct release r;

	for (size_t k = 0; k < len; k += 2) {
		bytes[k] = 8 << 3 | 2;
		bytes[k + 1] = 0;
	}
	assert_int_equal(codec_release_parse(bytes, len, &r), E_FORMAT);
	check_says("has over 535 fields");
	assert_int_equal(codec_inventory_parse(bytes, len, &i), E_FORMAT);
	check_says("has over 708 fields");
	assert_int_equal(codec_welcome_parse(bytes, len, &w), E_FORMAT);
	check_says("fields");
	/* One group with a flood of its own: the arena has an end. */
	bytes[0] = 8 << 3 | 2;
	bytes[1] = 0xfc;
	bytes[2] = 0xff;
	bytes[3] = 0x03;
	for (size_t k = 4; k < len; k += 2) {
		bytes[k] = 15 << 3 | 2;
		bytes[k + 1] = 0;
	}
	assert_int_equal(codec_release_parse(bytes, len, &r), E_FORMAT);
	mem_free(bytes);
}

static void fuzz_inputs_of_others_are_refused(void **state)
{
	const char *found = data_path("bad-input/protobuf-fuzz-nanopb");
	char *dir = NULL;
	struct dirent *e;
	DIR *d;
	int n = 0;

	if (!found)
		skip();
	/* scratch_path uses the same few buffers. */
	dir = mem_strdup(found);
	d = opendir(dir);
	assert_non_null(d);
	while ((e = readdir(d))) {
		struct release r;
		struct inventory i;
		struct receipt c;
		char *text = NULL;
		size_t len;

		if (e->d_name[0] == '.')
			continue;
		check_ok(disk_read(disk_system(), scratch_path(dir, e->d_name),
				   1 << 20, &text, &len));
		assert_int_equal(
			codec_release_parse((unsigned char *)text, len, &r),
			E_FORMAT);
		if (codec_inventory_parse((unsigned char *)text, len, &i) == 0)
			inventory_fini(&i);
		assert_int_equal(
			codec_receipt_parse((unsigned char *)text, len, &c),
			E_FORMAT);
		mem_free(text);
		n++;
	}
	closedir(d);
	mem_free(dir);
	assert_true(n > 100);
}

/* A changed bit gives another release that is right by itself, or none: what
 * comes out always encodes to what went in. */
static void every_changed_bit_is_noticed(void **state)
{
	struct fix *f = *state;
	unsigned char *bytes = NULL, *again = NULL;
	struct release out;
	size_t len, n;

	check_ok(codec_release(&f->r, &bytes, &len));
	for (size_t bit = 0; bit < len * 8; bit++) {
		bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
		if (codec_release_parse(bytes, len, &out) == 0) {
			check_ok(codec_release(&out, &again, &n));
			assert_int_equal(n, len);
			assert_memory_equal(again, bytes, len);
			mem_free(again);
			release_fini(&out);
		}
		bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
	}
	for (size_t cut = 0; cut < len; cut++)
		if (codec_release_parse(bytes, cut, &out) == 0)
			release_fini(&out);
	mem_free(bytes);
}

/* The most that a release may hold fits its envelope by the stated bounds. */
static void the_stated_bounds_hold(void **state)
{
	struct fix *f = *state;
	struct release *r = &f->r;
	unsigned char *bytes = NULL;
	size_t len, empty;

	r->key.epoch = r->key.version = r->table_version = UINT32_MAX;
	r->vocabulary = r->policy = UINT32_MAX;
	r->key.closing = 2200 * 12 + 5;
	memset(r->key.table, 'a', CATALOGUE_ID - 1);
	memset(r->region, 'a', REGION_ID - 1);
	r->n_groups = 0;
	r->n_bounds = RELEASE_BOUNDS_MAX;
	for (int i = 0; i < RELEASE_BOUNDS_MAX; i++)
		r->bound[i] = (struct bound){
			{2200 * 12, 6}, (uint8_t)(i + 48), INT32_MAX / 11 * 11};
	check_ok(codec_release(r, &bytes, &empty));
	assert_true(empty <= RELEASE_BYTES);
	mem_free(bytes);
	bytes = NULL;
	r->n_groups = 126;
	for (int i = 0; i < 126; i++) {
		struct group *g = &f->group[i];

		memset(g, 0, sizeof *g);
		g->view = 7;
		g->step = 7;
		g->period = (struct period){2200 * 12, 6};
		g->stratum = (struct stratum){LEVEL_GROUP, 20};
		g->cells = cells_with(cells_none(), i);
		g->n = SPLIT_MAX;
		for (int k = 0; k < SPLIT_MAX; k++)
			g->count[k] = 1 << 20;
	}
	check_ok(codec_release(r, &bytes, &len));
	assert_true(len - empty <=
		    126 * (GROUP_BYTES + COUNT_BYTES * SPLIT_MAX));
	mem_free(bytes);
}

static void release_survives_oom(void **state)
{
	struct fix *f = *state;
	unsigned char *bytes = NULL;
	struct release out;
	size_t len;

	SWEEP
	{
		unsigned char *once = NULL;
		int r = codec_release(&f->r, &once, &len);

		SWEEP_END(r);
		mem_free(once);
	}
	check_ok(codec_release(&f->r, &bytes, &len));
	SWEEP
	{
		int r = codec_release_parse(bytes, len, &out);

		SWEEP_END(r);
		if (r == 0)
			release_fini(&out);
		assert_null(out.group);
	}
	mem_free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_release_comes_back_sorted,
						setup, teardown),
		cmocka_unit_test_setup_teardown(one_content_has_one_encoding,
						setup, teardown),
		cmocka_unit_test_setup_teardown(old_bytes_are_still_read, setup,
						teardown),
		cmocka_unit_test_setup_teardown(wrong_releases_are_refused,
						setup, teardown),
		cmocka_unit_test_setup_teardown(wrong_blocks_are_refused, setup,
						teardown),
		cmocka_unit_test(hostile_numbers_are_refused),
		cmocka_unit_test(other_encodings_are_refused),
		cmocka_unit_test(unknown_fields_inside_are_refused),
		cmocka_unit_test(floods_of_fields_are_refused),
		cmocka_unit_test(fuzz_inputs_of_others_are_refused),
		cmocka_unit_test_setup_teardown(every_changed_bit_is_noticed,
						setup, teardown),
		cmocka_unit_test_setup_teardown(the_stated_bounds_hold, setup,
						teardown),
		cmocka_unit_test_setup_teardown(release_survives_oom, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
