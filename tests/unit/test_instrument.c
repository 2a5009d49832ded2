#include "tests/lib/check.h"

#include "daemon/core/disk.h"
#include "proto/catalogue.h"
#include "proto/instrument.h"
#include "proto/vocabulary.h"
#include "tests/lib/scratch.h"

struct fix {
	struct catalogue *c; /* the shipped one */
	const struct vocabulary *v;
};

static int setup(void **state)
{
	static struct fix f;

	check_ok(catalogue_load(&f.c, source_path("proto")));
	f.v = catalogue_vocabulary(f.c);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	catalogue_free(f->c);
	return 0;
}

static const struct instrument *find(struct fix *f, const char *id)
{
	int k = catalogue_find_instrument(f->c, id);

	if (k < 0)
		fail_msg("there is no %s", id);
	return catalogue_instrument(f->c, k);
}

static void shipped_instruments_load(void **state)
{
	static const char *const id[] = {
		"HVS",	  "AHC-HRSN", "PRAPARE", "ASQ-3", "ASQ-SE-2",
		"PSC-17", "PSC-35",   "PEDS",	 "ECSA",  "M-CHAT-RF",
		"SWYC",	  "CSHCN",    "PFS-2",
	};
	struct fix *f = *state;

	for (size_t k = 0; k < sizeof id / sizeof *id; k++)
		assert_true(find(f, id[k])->n_scales > 0);
	assert_int_equal(find(f, "ASQ-3")->n_forms, 21);
	assert_int_equal(find(f, "PFS-2")->n_items, 19);
	assert_int_equal(find(f, "M-CHAT-RF")->n_items, 20);
	assert_int_equal(find(f, "CSHCN")->n_items, 14);
}

static void codes_are_those_of_the_source(void **state)
{
	struct fix *f = *state;
	const struct instrument *hvs = find(f, "HVS");
	const struct instrument *ahc = find(f, "AHC-HRSN");
	const struct instrument *prapare = find(f, "PRAPARE");
	const struct answer_list *l;
	int k;

	assert_string_equal(hvs->loinc, "88121-9");
	k = instrument_item_loinc(hvs, "88123-5");
	assert_string_equal(hvs->item[k].id, "2");
	l = &hvs->list[hvs->item[k].answers];
	assert_string_equal(l->answer[answer_loinc(l, "LA6729-3")].id,
			    "sometimes");
	/* One item code, other answers: keyed by instrument and item. */
	k = instrument_item_loinc(ahc, "71802-3");
	l = &ahc->list[ahc->item[k].answers];
	assert_string_equal(l->answer[answer_loinc(l, "LA31994-9")].id,
			    "worried");
	k = instrument_item_loinc(prapare, "71802-3");
	l = &prapare->list[prapare->item[k].answers];
	assert_int_equal(answer_loinc(l, "LA31994-9"), -1);
	assert_int_equal(instrument_item_loinc(hvs, ""), -1);
}

/* Sold with the form: never in this package. */
static void no_licensed_cutoff_is_shipped(void **state)
{
	static const char *const id[] = {"ASQ-3", "ASQ-SE-2"};
	struct fix *f = *state;

	for (int k = 0; k < 2; k++) {
		const struct instrument *i = find(f, id[k]);

		assert_int_equal(i->n_items, 0);
		for (int s = 0; s < i->n_scales; s++) {
			assert_int_equal(i->scale[s].rule, RULE_LICENSED);
			assert_int_equal(i->scale[s].n_bands, 0);
		}
	}
}

static void forms_are_pooled_only_where_they_say(void **state)
{
	struct fix *f = *state;
	const struct instrument *i = find(f, "PFS-2");

	assert_true(instrument_pooled(i, "pre", "post"));
	assert_true(instrument_pooled(i, "then", "now"));
	assert_false(instrument_pooled(i, "pre", "then"));
	assert_false(instrument_pooled(i, "post", "now"));
	assert_false(instrument_pooled(find(f, "PSC-35"), "parent", "youth"));
}

static void scores_are_exact(void **state)
{
	static const char *const wrong[] = {"",	  ".5",	 "1.",	"1.234",
					    "-1", "1e2", "1,5", "123456",
					    " 1", "1 "};
	char text[SCORE_TEXT];
	int32_t v;

	(void)state;
	check_ok(score_parse("29.65", &v));
	assert_int_equal(v, 2965);
	check_ok(score_parse("15", &v));
	assert_int_equal(v, 1500);
	check_ok(score_parse("3.5", &v));
	assert_int_equal(v, 350);
	assert_string_equal(score_format(2965, text), "29.65");
	assert_string_equal(score_format(350, text), "3.5");
	assert_string_equal(score_format(5, text), "0.05");
	assert_string_equal(score_format(1500, text), "15");
	assert_string_equal(score_format(NO_SCORE, text), "");
	for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++)
		assert_int_equal(score_parse(wrong[k], &v), E_INVALID);
}

#define TOP                                                 \
	"id = X\nversion = 1\ntitle = X\nfrom_months = 0\n" \
	"to_months = 9\nsource = s\nlicense = l\n"     /* 7 lines */
#define LIST "[answers a]\nvalues = no 0, yes 1\n"     /* 8, 9 */
#define ITEMS "[items i]\nids = q1..q3\nanswers = a\n" /* 10 - 12 */
#define DOMAIN "[domain d]\ntitle = D\n"	       /* 13, 14 */
#define GOOD                                                         \
	TOP LIST ITEMS DOMAIN "score = sum\nrule = published\n"      \
			      "items = q1..q3\nbands = negative 0, " \
			      "positive 2\n"

static const struct {
	const char *text, *says;
} wrong[] = {
	{"", "id is missing"},
	{TOP, "there is no [domain ...]"},
	{"id = X\nversion = 0\n", "X.conf:2: version"},
	{"id = X\ncolor = red\n", "X.conf:2: unknown key \"color\""},
	{TOP "[domains d]\ntitle = D\n", "X.conf:9: unknown section"},
	{TOP "[answers a]\nvalues = no 0\n", "two answers at least"},
	{TOP "[answers a]\nvalues = no, yes 1\n",
	 "X.conf:9: [answers a]: an answer is like"},
	{TOP "[answers a]\nvalues = no 0, no 1\n", "there twice"},
	{TOP LIST "[items i]\nids = q1\nanswers = b\n",
	 "no [answers b] stands above"},
	{TOP LIST "[items i]\nids = q3..q1\nanswers = a\n", "not a range like"},
	{TOP LIST "[items i]\nids = q1, q1\nanswers = a\n",
	 "item q1 is there twice"},
	{TOP LIST ITEMS DOMAIN "score = median\nrule = local\n",
	 "X.conf:14: [domain d]: score is sum, mean"},
	{TOP LIST ITEMS DOMAIN "score = sum\nrule = law\n",
	 "rule is published"},
	{TOP LIST ITEMS DOMAIN "score = sum\nrule = local\n",
	 "items are missing"},
	{TOP LIST ITEMS DOMAIN
	 "score = sum\nrule = local\nitems = q9\nbands = low 0\n",
	 "no item \"q9\""},
	{TOP LIST ITEMS DOMAIN
	 "score = sum\nrule = local\nitems = q1, q1\nbands = low 0\n",
	 "named twice"},
	{TOP LIST ITEMS DOMAIN "score = sum\nrule = local\n"
			       "items = q1..q3\nrange = 0-4\n"
			       "bands = low 0\n",
	 "range is 0-4, but the items give 0-3"},
	{TOP LIST ITEMS DOMAIN "score = sum\nrule = local\nitems = q1..q3\n",
	 "rule local needs bands"},
	{TOP LIST ITEMS DOMAIN "score = sum\nrule = unresolved\n"
			       "items = q1..q3\nbands = low 0\n",
	 "rule unresolved has no bands"},
	{TOP LIST ITEMS DOMAIN "score = sum\nrule = local\n"
			       "items = q1..q3\nbands = low 0, gone 2\n",
	 "\"gone\" is no [screen-result ...]"},
	{TOP LIST ITEMS DOMAIN "score = sum\nrule = local\n"
			       "items = q1..q3\nbands = low 1\n",
	 "bands begin at the least score"},
	{TOP LIST ITEMS DOMAIN "score = sum\nrule = local\n"
			       "items = q1..q3\nbands = low 0, refer 4\n",
	 "no score is as high as 4"},
	{GOOD "need = shoes\n", "there is no need \"shoes\""},
	{GOOD "form = b\n", "no [form b] stands above"},
	{GOOD "blanks = 3\n", "only 3 items"},
	{GOOD "worse = low\n", "go with rule licensed"},
	{GOOD "from_months = 3\n", "ages run"},
	{GOOD "[form f]\ntitle = F\n", "forms stand before domains"},
	{GOOD "[domain e]\ntitle = E\nscore = sum\nrule = none\n"
	      "items = q1\n[domain d]\ntitle = D\nscore = sum\n"
	      "rule = none\nitems = q1\n",
	 "there twice"},
	{GOOD "[domain e]\ntitle = E\nscore = positives\n"
	      "rule = local\ndomains = f\nbands = low 0\n",
	 "no domain \"f\" stands above"},
	{TOP DOMAIN "score = entered\nrule = none\n", "range is missing"},
	{TOP DOMAIN "score = entered\nrule = licensed\nrange = 0-60\n"
		    "worse = low\nresults = refer, monitor\n",
	 "results are three words"},
};

static void wrong_files_are_refused(void **state)
{
	struct fix *f = *state;
	struct instrument *i = mem_calloc(1, sizeof *i);

	check_ok(instrument_read(i, f->v, "X.conf", GOOD, strlen(GOOD)));
	assert_int_equal(i->scale[0].high, 3 * SCORE_ONE);
	for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
		assert_int_equal(instrument_read(i, f->v, "X.conf",
						 wrong[k].text,
						 strlen(wrong[k].text)),
				 E_INVALID);
		check_says("X.conf");
		check_says(wrong[k].says);
	}
	mem_free(i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shipped_instruments_load),
		cmocka_unit_test(codes_are_those_of_the_source),
		cmocka_unit_test(no_licensed_cutoff_is_shipped),
		cmocka_unit_test(forms_are_pooled_only_where_they_say),
		cmocka_unit_test(scores_are_exact),
		cmocka_unit_test(wrong_files_are_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
