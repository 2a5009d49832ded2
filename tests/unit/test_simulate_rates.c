/* The rates with a source are what was published, as far as the folder of test
 * material has it; without that folder the comparison is left out by name. */
#include "regional/case/simulate_rates.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/rand.h"
#include "tests/lib/check.h"
#include "tests/lib/scratch.h"

enum { LINE = 2000 };

/* The value of @key, the first two columns of a file. */
static double figure(const char *key)
{
	FILE *f = fopen(data_path("domain/published_figures.csv"), "r");
	size_t n = strlen(key);
	double v = NAN;
	char line[LINE];

	assert_non_null(f);
	while (fgets(line, sizeof line, f))
		if (strncmp(line, key, n) == 0 && line[n] == ',')
			v = strtod(line + n + 1, NULL);
	fclose(f);
	if (isnan(v))
		fail_msg("%s is in no line", key);
	return v;
}

static const struct {
	enum simulate_rate_id rate;
	const char *key, *less, *of; /* less and of: NULL, or keys too */
} published[] = {
	{P_CONNECTED, "ccc.children_connected", NULL, "ccc.children_screened"},
	{P_SATISFIED, "model.family_satisfaction"},
	{SURVEY_CONTENT, "model.family_satisfaction"},
	{NEED_BEHAVIORAL, "hmg_oc.behavioral_concern_share_2018"},
	{PSC_OTHERS, "jdbp2014.older.psc35.pct"},
	{ASQ_OTHERS, "jdbp2014.young.any_developmental.pct"},
	{HAS_PLAN, "fecc2013.written_shared_care_plan"},
	{TRANSITION_PLAN, "fecc2013.adolescent_transition_plan"},
	{TRANSITION_THREE, "nsch2016.transition_yshcn"},
	{WITH_FAMILY, "cmc6.with_parent_or_patient"},
	{WITH_AGENCY, "cmc6.with_community_agency"},
	{ED_CRITERIA, "ecc.urgent_mh_patients_meeting_criteria"},
	{ED_FOLLOW_7, "edmh.followup_7d"},
	{ED_FOLLOW_30, "edmh.followup_30d", "edmh.followup_7d"},
	{ED_REVISIT, "edmh.return_6m"},
};

static void published_rates_are_the_figures(void **state)
{
	if (!data_path("domain/published_figures.csv")) {
		print_message("# no published_figures.csv\n");
		skip();
	}
	for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
		double v = figure(published[i].key);
		const struct simulate_rate *r =
			&simulate_rates[published[i].rate];

		if (published[i].less)
			v -= figure(published[i].less);
		if (published[i].of)
			v *= 100 / figure(published[i].of);
		if (fabs(v - r->percent) > 0.05)
			fail_msg("%s: %g, published %g", r->what, r->percent,
				 v);
	}
	/* Of MetroHealth's 262 that were not resolved. */
	for (int i = 0; i < 4; i++) {
		static const char *const keys[] = {
			"metrohealth2021.unresolved_unable_to_contact",
			"metrohealth2021.unresolved_no_reason",
			"metrohealth2021.unresolved_declined",
			"metrohealth2021.unresolved_other"};
		double of = figure("metrohealth2021.accepted") -
			    figure("metrohealth2021.resolved");

		assert_true(fabs(figure(keys[i]) * 100 / of -
				 simulate_rates[P_UNREACHABLE + i].percent) <
			    0.06);
	}
}

/* Connecticut adults who live with children: their share of "Yes", or "No". */
static double survey(const char *question, const char *answer)
{
	FILE *f = fopen(data_path("calibration/"
				  "connecticut-household-need-rates-2021.csv"),
			"r");
	char line[LINE], end[40];
	double v = NAN;

	assert_non_null(f);
	snprintf(end, sizeof end, ",%s,", answer);
	while (fgets(line, sizeof line, f)) {
		char *at = strstr(line, end);

		if (strncmp(line, question, strlen(question)) == 0 && at &&
		    line[strlen(question)] == ',' &&
		    strstr(line, ",Children in HH: Yes,"))
			v = strtod(at + strlen(end), NULL) * 100;
	}
	fclose(f);
	if (isnan(v))
		fail_msg("%s is in no line", question);
	return v;
}

static bool near(double a, double b)
{
	return fabs(a - b) < 0.05;
}

static void household_rates_are_the_survey(void **state)
{
	double food, housing, transport;

	if (!data_path(
		    "calibration/connecticut-household-need-rates-2021.csv")) {
		print_message("# no connecticut-household-need-rates\n");
		skip();
	}
	food = survey("Q62", "Yes");
	housing = survey("Q64", "Yes");
	transport = survey("Q65", "Yes");
	assert_true(near(simulate_rates[HVS_OTHERS].percent, food));
	assert_true(
		near(simulate_rates[UNINSURED].percent, survey("Q26", "No")));
	/* Needs are found in these proportions. */
	assert_true(near(simulate_rates[NEED_HOUSING].percent,
			 simulate_rates[NEED_FOOD].percent / food * housing));
	assert_true(near(simulate_rates[NEED_TRANSPORTATION].percent,
			 simulate_rates[NEED_FOOD].percent / food * transport));
}

static void emergency_rate_is_the_encounters(void **state)
{
	static const char name[] =
		"calibration/synthea-children-encounters-by-age.csv";
	double years = 0, visits = 0, y, out, ed;
	char line[LINE];
	FILE *f;

	if (!data_path(name)) {
		print_message("# no synthea-children-encounters-by-age\n");
		skip();
	}
	f = fopen(data_path(name), "r");
	assert_non_null(f);
	while (fgets(line, sizeof line, f)) {
		if (sscanf(line, "%*d,%lf,%lf,%lf", &y, &out, &ed) != 3)
			continue;
		years += y;
		visits += ed;
	}
	fclose(f);
	assert_true(near(simulate_rates[ED_ANY].percent, 100 * visits / years));
}

/* What is picked among makes a hundred. */
static void shares_are_whole(void **state)
{
	static const struct {
		enum simulate_rate_id first;
		int n;
	} picks[] = {
		{NEED_DEVELOPMENTAL, 12},
		{ONE_REFERRAL, 4},
		{DAYS_0_15, 4},
		{P_UNREACHABLE, 4},
		{HISPANIC, 3},
		{ENGLISH, 7},
		{MEDICAID, 5},
		{WHITE, 6},
		{BY_PRACTICE, 7},
		{NEED_FAMILY, 3},
		{COMPLEX, 3},
		{WITH_FAMILY, 3},
		{BY_PHONE, 7},
		{ED_FOLLOW_7, 3},
	};

	for (size_t i = 0; i < sizeof picks / sizeof *picks; i++) {
		double sum = 0;

		for (int k = 0; k < picks[i].n; k++)
			sum += simulate_rates[(int)picks[i].first + k].percent;
		if (fabs(sum - 100) > 0.01)
			fail_msg("%s and those after it: %g",
				 simulate_rates[picks[i].first].what, sum);
	}
}

static void draws_follow_the_rate(void **state)
{
	struct rng_seeded rng;
	int hits = 0, wait = 0;

	rand_seed(&rng, 5);
	for (int i = 0; i < 10000; i++) {
		hits += simulate_rates_happen(&rng.base, CONSENTED);
		wait += simulate_rates_wait(&rng.base, 30);
	}
	assert_in_range(hits, 9200, 9400);
	assert_in_range(wait / 10000, 28, 32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_rates_are_the_figures),
		cmocka_unit_test(household_rates_are_the_survey),
		cmocka_unit_test(emergency_rate_is_the_encounters),
		cmocka_unit_test(shares_are_whole),
		cmocka_unit_test(draws_follow_the_rate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
