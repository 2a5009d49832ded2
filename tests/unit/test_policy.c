#include "tests/lib/check.h"

#include "daemon/core/date.h"
#include "proto/policy.h"

static struct policy some_policy(enum network_kind kind)
{
	struct policy p;

	policy_defaults(&p, kind, "Connecticut");
	return p;
}

static void defaults_are_right(void **state)
{
	struct policy p = some_policy(NETWORK_REAL);

	check_ok(policy_check(&p));
	assert_int_equal(p.number, 1);
	assert_int_equal(p.floor, 11);
	assert_int_equal(p.settle_days, 10);
	assert_string_equal(p.zone, "America/New_York");
	assert_string_equal(p.network, "Connecticut");
	assert_string_equal(p.agreement, "");
	assert_false(p.review);
	assert_int_equal(p.state_fiscal_month, 7);
	assert_int_equal(p.withdrawal, POLICY_COUNTED);
}

static void a_low_floor_needs_a_reason(void **state)
{
	struct policy p = some_policy(NETWORK_REAL);

	p.floor = 10;
	assert_int_equal(policy_check(&p), E_INVALID);
	check_says("floor under 11");
	snprintf(p.agreement, sizeof p.agreement, "DUA 2026-1");
	check_ok(policy_check(&p));
	p = some_policy(NETWORK_SYNTHETIC);
	p.floor = 1;
	check_ok(policy_check(&p));
	p.floor = 0;
	assert_int_equal(policy_check(&p), E_INVALID);
	p.floor = 1001;
	assert_int_equal(policy_check(&p), E_INVALID);
}

#define REFUSED(change, says)                                  \
	do {                                                   \
		struct policy p = some_policy(NETWORK_REAL);   \
		change;                                        \
		assert_int_equal(policy_check(&p), E_INVALID); \
		check_says(says);                              \
	} while (0)

static void wrong_policies_are_refused(void **state)
{
	REFUSED(p.number = 0, "numbered from 1");
	REFUSED(p.kind = (enum network_kind)0, "kind of network");
	REFUSED(p.kind = (enum network_kind)3, "kind of network");
	REFUSED(p.settle_days = 367, "over 366 days");
	REFUSED(p.withdrawal = (enum policy_withdrawal)0, "withdrawn consent");
	REFUSED(p.withdrawal = (enum policy_withdrawal)3, "withdrawn consent");
	REFUSED(p.state_fiscal_month = 0, "1 to 12");
	REFUSED(p.state_fiscal_month = 13, "1 to 12");
	REFUSED(p.keep_years = 101, "over 100 years");
	REFUSED(p.network[0] = '\0', "no name");
	REFUSED(p.network[0] = '\n', "plain UTF-8");
	REFUSED(memset(p.network, 'a', sizeof p.network), "over 79 bytes");
	REFUSED(p.agreement[0] = '\x80', "plain UTF-8");
	REFUSED(memset(p.zone, 'a', sizeof p.zone), "over 39 bytes");
}

static void unknown_zones_are_refused(void **state)
{
	static const char *const zone[] = {"",
					   "Mars/Olympus",
					   "/etc/passwd",
					   "../../../etc/passwd",
					   "America/../America/New_York",
					   "America/New York",
					   "America"};
	struct policy p = some_policy(NETWORK_REAL);

	for (size_t i = 0; i < sizeof zone / sizeof zone[0]; i++) {
		snprintf(p.zone, sizeof p.zone, "%s", zone[i]);
		assert_int_equal(policy_check(&p), E_INVALID);
		check_says("time zone");
	}
	/* Checking one must not move the dates of the process. */
	check_ok(date_zone("UTC"));
	snprintf(p.zone, sizeof p.zone, "Pacific/Kiritimati");
	check_ok(policy_check(&p));
	assert_int_equal(date_of_utc(0), 0);
	assert_int_equal(date_of_utc(86399999), 0);
}

static void the_banner_tells_what_it_is(void **state)
{
	struct policy p = some_policy(NETWORK_REAL);
	char out[200];

	assert_string_equal(policy_banner(&p, out, sizeof out), "Anonymized");
	snprintf(p.agreement, sizeof p.agreement, "DUA 2026-1");
	assert_string_equal(policy_banner(&p, out, sizeof out), "Anonymized");
	p.floor = 5;
	assert_string_equal(policy_banner(&p, out, sizeof out),
			    "Limited data set under DUA 2026-1");
	p.kind = NETWORK_SYNTHETIC;
	assert_string_equal(policy_banner(&p, out, sizeof out),
			    "Synthetic data");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_right),
		cmocka_unit_test(a_low_floor_needs_a_reason),
		cmocka_unit_test(wrong_policies_are_refused),
		cmocka_unit_test(unknown_zones_are_refused),
		cmocka_unit_test(the_banner_tells_what_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
