#include "tests/lib/check.h"

#include "proto/ccfed.pb-c.h"
#include "proto/wire.h"

/* The rules at the top of ccfed.proto. */
static const ProtobufCMessageDescriptor *const message[] = {
	&wire__release__descriptor,   &wire__join__descriptor,
	&wire__joined__descriptor,    &wire__inventory__descriptor,
	&wire__welcome__descriptor,   &wire__delivery__descriptor,
	&wire__receipt__descriptor,   &wire__key__descriptor,
	&wire__heartbeat__descriptor, &wire__alive__descriptor,
	&wire__refusal__descriptor,   &wire__policy__descriptor,
	&wire__group__descriptor,     &wire__bound__descriptor,
	&wire__entry__descriptor,     &wire__parcel__descriptor,
	&wire__answer__descriptor,    &wire__answers__descriptor,
};
enum { MESSAGES = sizeof message / sizeof message[0] };

/* Every field of text or bytes there is. Whoever adds one reads the rules. */
static const char *const allowed =
	" Key.table Release.region Release.table_hash Join.region Join.sign_pk"
	" Join.box_pk Join.secret Joined.region_title Joined.policy"
	" Joined.policy_sig Entry.digest Inventory.from_table"
	" Inventory.to_table Welcome.policy Welcome.policy_sig"
	" Delivery.ledger_head Delivery.release Parcel.ledger_head"
	" Parcel.release Receipt.region Receipt.digest"
	" Receipt.ledger_head Receipt.sig Heartbeat.version Refusal.why"
	" Policy.zone Policy.network Policy.agreement ";

static int known(const ProtobufCMessageDescriptor *d)
{
	for (int i = 0; i < MESSAGES; i++)
		if (message[i] == d)
			return 1;
	return 0;
}

/* A circle of types would be deeper than there are types. */
static void check_depth(const ProtobufCMessageDescriptor *d, int depth)
{
	if (depth > MESSAGES)
		fail_msg("%s contains itself", d->short_name);
	for (unsigned i = 0; i < d->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &d->fields[i];

		if (f->type != PROTOBUF_C_TYPE_MESSAGE)
			continue;
		if (!known(f->descriptor))
			fail_msg("this test does not know the type of %s.%s",
				 d->short_name, f->name);
		check_depth(f->descriptor, depth + 1);
	}
}

static void no_message_contains_itself(void **state)
{
	for (int i = 0; i < MESSAGES; i++)
		check_depth(message[i], 1);
}

static void no_other_field_can_carry_text(void **state)
{
	char name[80];

	for (int i = 0; i < MESSAGES; i++)
		for (unsigned k = 0; k < message[i]->n_fields; k++) {
			const ProtobufCFieldDescriptor *f =
				&message[i]->fields[k];

			if (f->type != PROTOBUF_C_TYPE_STRING &&
			    f->type != PROTOBUF_C_TYPE_BYTES)
				continue;
			snprintf(name, sizeof name, " %s.%s ",
				 message[i]->short_name, f->name);
			if (!strstr(allowed, name))
				fail_msg("%smay carry text", name);
		}
}

/* A message of many large parts stops at the arena's end, not the machine's. */
static void the_arena_has_an_end(void **state)
{
	enum { PARTS = 700 };
	static unsigned char bytes[PARTS * 90];
	struct wire_arena a = {0};
	const ProtobufCMessage *m = NULL;
	size_t n = 0;

	/* Entries whose key comes ten times: each is unpacked anew. */
	for (int i = 0; i < PARTS && n + 90 < sizeof bytes; i++) {
		bytes[n++] = 8 << 3 | 2;
		bytes[n++] = 80;
		for (int k = 0; k < 40; k++) {
			bytes[n++] = 1 << 3 | 2;
			bytes[n++] = 0;
		}
	}
	assert_int_equal(wire_unpack(&a, &wire__inventory__descriptor,
				     WIRE_FIELDS_MAX, bytes, n, &m),
			 E_FORMAT);
	assert_true(a.used <= WIRE_ARENA_MAX);
	assert_null(m);
	wire_arena_fini(&a);
	assert_null(a.chunk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_message_contains_itself),
		cmocka_unit_test(no_other_field_can_carry_text),
		cmocka_unit_test(the_arena_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
