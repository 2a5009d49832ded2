#include "tests/lib/check.h"

#include <sodium.h>

#include "proto/envelope.h"

static struct join_code some_code(void)
{
	struct join_code c;

	memset(&c, 0, sizeof c);
	memset(c.network, 1, sizeof c.network);
	memset(c.hub_sign_pk, 3, 32);
	memset(c.hub_box_pk, 4, 32);
	memset(c.secret, 2, sizeof c.secret);
	memcpy(c.region, "south-central", 14);
	memcpy(c.addr, "tcp://10.80.0.1:7400", 21);
	return c;
}

static void a_join_code_is_read_as_it_was_written(void **state)
{
	struct join_code c = some_code(), out;
	char text[JOIN_CODE_TEXT], folded[2 * JOIN_CODE_TEXT];
	size_t n = 0;

	join_code_format(&c, text);
	assert_true(strncmp(text, "ccfed1-", 7) == 0);
	check_ok(join_code_parse(text, &out));
	assert_memory_equal(&out, &c, sizeof c);
	/* As an e-mail program folds it. */
	for (size_t i = 0; text[i]; i++) {
		if (i % 20 == 0) {
			folded[n++] = '\r';
			folded[n++] = '\n';
			folded[n++] = ' ';
		}
		folded[n++] = text[i];
	}
	folded[n] = '\0';
	check_ok(join_code_parse(folded, &out));
	assert_memory_equal(&out, &c, sizeof c);
	memset(c.region, 'r', REGION_ID - 1);
	memset(c.addr, 'a', sizeof c.addr - 1);
	check_ok(join_code_parse(join_code_format(&c, text), &out));
	assert_memory_equal(&out, &c, sizeof c);
}

static void a_wrong_join_code_says_so(void **state)
{
	struct join_code c = some_code(), out;
	char text[JOIN_CODE_TEXT], was;
	size_t len;

	join_code_format(&c, text);
	len = strlen(text);
	for (size_t i = 7; i < len; i++) {
		was = text[i];
		text[i] = was == 'A' ? 'B' : 'A';
		assert_int_equal(join_code_parse(text, &out), E_INVALID);
		check_says("not whole");
		assert_true(sodium_is_zero((unsigned char *)&out, sizeof out));
		text[i] = was;
	}
	for (size_t cut = 0; cut < len; cut++) {
		was = text[cut];
		text[cut] = '\0';
		assert_int_equal(join_code_parse(text, &out), E_INVALID);
		text[cut] = was;
	}
	assert_int_equal(join_code_parse("hello", &out), E_INVALID);
	check_says("not a join code");
	assert_int_equal(join_code_parse("ccfed1-", &out), E_INVALID);
	assert_int_equal(join_code_parse("ccfed1-\xff\xff", &out), E_INVALID);
	memset(c.region, 'X', 3);
	assert_int_equal(join_code_parse(join_code_format(&c, text), &out),
			 E_INVALID);
	check_says("another version");
	c = some_code();
	c.addr[3] = '\n';
	assert_int_equal(join_code_parse(join_code_format(&c, text), &out),
			 E_INVALID);
}

static void too_long_a_join_code_is_refused(void **state)
{
	struct join_code out;
	char text[2 * JOIN_CODE_TEXT];

	memset(text, 'A', sizeof text);
	memcpy(text, "ccfed1-", 7);
	text[sizeof text - 1] = '\0';
	assert_int_equal(join_code_parse(text, &out), E_INVALID);
	check_says("too long");
	text[JOIN_CODE_TEXT - 1] = '\0';
	assert_int_equal(join_code_parse(text, &out), E_INVALID);
}

static void a_stored_secret_is_no_secret(void **state)
{
	unsigned char secret[20] = {1}, a[32], b[32];

	join_secret_hash(secret, a);
	assert_null(memmem(a, sizeof a, secret, 4));
	secret[19] = 1;
	join_secret_hash(secret, b);
	assert_memory_not_equal(a, b, 32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_join_code_is_read_as_it_was_written),
		cmocka_unit_test(a_wrong_join_code_says_so),
		cmocka_unit_test(too_long_a_join_code_is_refused),
		cmocka_unit_test(a_stored_secret_is_no_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
