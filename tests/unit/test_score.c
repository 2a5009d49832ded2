#include "tests/lib/check.h"

#include "proto/catalogue.h"
#include "regional/case/cutoff.h"
#include "regional/case/score.h"
#include "tests/lib/scratch.h"

/* One made-up instrument too: nothing but a file. */
#define MADE_UP                                                             \
	"id = X\nversion = 1\ntitle = X\nfrom_months = 0\nto_months = 99\n" \
	"source = s\nlicense = l\n"                                         \
	"[answers often]\nvalues = never 0, sometimes 1, always 2\n"        \
	"[items plain]\nids = 1, 2\nanswers = often\n"                      \
	"[items turned]\nids = 3, 4\nanswers = often\nreverse = yes\n"      \
	"[domain d]\ntitle = D\nscore = sum\nrule = local\nitems = 1..4\n"  \
	"blanks = 1\nbands = low 0, follow-up 4, refer 6\nneed = dental\n"

struct fix {
	struct catalogue *c;
	const struct vocabulary *v;
	struct instrument made_up;
	const struct instrument *i;
	struct score_in in;
	struct score_sum out;
};

static int setup(void **state)
{
	static struct fix f;

	check_ok(catalogue_load(&f.c, source_path("proto")));
	f.v = catalogue_vocabulary(f.c);
	check_ok(instrument_read(&f.made_up, f.v, "X.conf", MADE_UP,
				 strlen(MADE_UP)));
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	catalogue_free(f->c);
	return 0;
}

static void take(struct fix *f, const char *name, const char *value)
{
	int k = instrument_scale(f->i, name + 1);

	if (*name != '@') {
		check_ok(score_answer(&f->in, f->i, name, value));
		return;
	}
	assert_true(k >= 0);
	if (*value == '!')
		f->in.result[k] =
			vocabulary_find(f->v, WORDS_SCREEN_RESULT, value + 1);
	else if (*value == '^')
		check_ok(cutoff_parse(value + 1, &f->in.cutoff[k],
				      &f->in.zone[k]));
	else
		check_ok(score_parse(value, &f->in.score[k]));
}

/* "1=often 2=never" are answers; "@total=15" a score, "@total=!refer" a
 * result, "@total=^25.17,38.21" a cut-off. */
static int run(struct fix *f, const char *id, const char *form, int months,
	       const char *text)
{
	char buf[600], *at = buf, *token, *eq;

	f->i = strcmp(id, "X") == 0
		       ? &f->made_up
		       : catalogue_instrument(
				 f->c, catalogue_find_instrument(f->c, id));
	score_in_init(&f->in);
	f->in.form = form;
	f->in.age_months = months;
	snprintf(buf, sizeof buf, "%s", text);
	while ((token = strsep(&at, " "))) {
		eq = strchr(token, '=');
		if (!eq)
			continue;
		*eq = '\0';
		take(f, token, eq + 1);
	}
	return score_run(&f->out, f->i, f->v, &f->in);
}

/* Every item from @from to @to has @value. */
static const char *many(int from, int to, const char *prefix, const char *value)
{
	static char out[8][600];
	static int next;
	char *text = out[next++ % 8];
	size_t used = 0;

	text[0] = '\0';
	for (int k = from; k <= to; k++)
		used += (size_t)snprintf(text + used, 600 - used, "%s%d=%s ",
					 prefix, k, value);
	return text;
}

static const char *both(const char *a, const char *b)
{
	static char out[4][1300];
	static int next;
	char *text = out[next++ % 4];
	size_t len = strlen(a);

	memmove(text, a, len);
	text[len] = ' ';
	memmove(text + len + 1, b, strlen(b) + 1);
	return text;
}

static const struct score_out *of(struct fix *f, const char *domain)
{
	int k = instrument_scale(f->i, domain);

	assert_true(k >= 0);
	return &f->out.scale[k];
}

static const char *result(struct fix *f, const char *domain)
{
	const struct score_out *o = of(f, domain);

	if (!o->applies)
		return "";
	return vocabulary_word(f->v, WORDS_SCREEN_RESULT, o->result)->id;
}

#define comes_to(f, domain, points, word)                        \
	do {                                                     \
		assert_string_equal(result(f, domain), word);    \
		assert_int_equal(of(f, domain)->score,           \
				 (int32_t)((points)*SCORE_ONE)); \
	} while (0)
#define has_no_result(f, domain)                                     \
	do {                                                         \
		assert_string_equal(result(f, domain), "no-result"); \
		assert_int_equal(of(f, domain)->score, NO_SCORE);    \
	} while (0)

/* HL7 SDOH Clinical Care 3.0.0: at risk if either is often or sometimes; no
 * result if neither is answered. */
static void hunger_vital_sign(void **state)
{
	struct fix *f = *state;

	check_ok(run(f, "HVS", "", 40, "1=often 2=never"));
	comes_to(f, "food", 1, "at-risk");
	check_ok(run(f, "HVS", "", 40, "1=never 2=sometimes"));
	comes_to(f, "food", 1, "at-risk");
	check_ok(run(f, "HVS", "", 40, "1=never 2=never"));
	comes_to(f, "food", 0, "not-at-risk");
	assert_true(f->out.complete && f->out.scorable);
	check_ok(run(f, "HVS", "", 40, "2=often"));
	comes_to(f, "food", 1, "at-risk");
	assert_false(f->out.complete);
	check_ok(run(f, "HVS", "", 40, ""));
	has_no_result(f, "food");
	assert_false(f->out.scorable);
}

/* Need by domain, no total; safety: four items of 1-5, 11 and more. */
static void ahc_is_told_by_domain(void **state)
{
	struct fix *f = *state;

	check_ok(run(f, "AHC-HRSN", "", 40,
		     "1=worried 2=none 3=never 4=sometimes 5=no 6=off "
		     "7=never 8=sometimes 9=sometimes 10=fairly"));
	comes_to(f, "living", 1, "at-risk");
	comes_to(f, "food", 1, "at-risk");
	comes_to(f, "transportation", 0, "not-at-risk");
	comes_to(f, "utilities", 1, "at-risk");
	comes_to(f, "safety", 11, "at-risk");
	assert_string_equal(result(f, "mental"), "");
	assert_true(f->out.complete && f->out.scorable);
	check_ok(run(f, "AHC-HRSN", "", 40,
		     "1=steady 2=pests+mold 3=never 4=never 5=yes 6=no "
		     "7=rarely 8=rarely 9=sometimes 10=sometimes mood1=several "
		     "mood2=more"));
	comes_to(f, "living", 1, "at-risk");
	comes_to(f, "transportation", 1, "at-risk");
	comes_to(f, "safety", 10, "not-at-risk");
	comes_to(f, "mental", 3, "at-risk");
}

/* One item of several answers proposes several needs; "none" is an answer. */
static void prapare_reads_each_answer(void **state)
{
	struct fix *f = *state;

	check_ok(run(f, "PRAPARE", "", 40,
		     "housing=have losing=no unable=food+phone transport=no"));
	comes_to(f, "housing", 0, "not-at-risk");
	comes_to(f, "food", 1, "at-risk");
	comes_to(f, "utilities", 1, "at-risk");
	comes_to(f, "childcare", 0, "not-at-risk");
	assert_true(f->out.complete);
	check_ok(run(f, "PRAPARE", "", 40,
		     "housing=have losing=yes unable=none transport=medical"));
	comes_to(f, "housing", 1, "at-risk");
	comes_to(f, "food", 0, "not-at-risk");
	comes_to(f, "transportation", 1, "at-risk");
	check_ok(run(f, "PRAPARE", "", 40, "housing=none"));
	has_no_result(f, "transportation");
}

/* cdc.gov/ncbddd/actearly: 0-2 low, 3-7 follow-up, 8-20 refer; no is at risk
 * except for 2, 5 and 12. */
static void mchat_scores_both_stages(void **state)
{
	const char *well =
		"1=yes 2=no 3=yes 4=yes 5=no 6=yes 7=yes 8=yes 9=yes 10=yes "
		"11=yes 12=no 13=yes 14=yes 15=yes 16=yes 17=yes ";
	struct fix *f = *state;

	check_ok(run(f, "M-CHAT-RF", "", 20,
		     both(well, "18=yes 19=yes 20=yes")));
	comes_to(f, "initial", 0, "low");
	comes_to(f, "autism", 0, "low");
	assert_true(f->out.complete);
	check_ok(run(f, "M-CHAT-RF", "", 20, both(well, "18=no 19=no 20=yes")));
	comes_to(f, "initial", 2, "low");
	check_ok(run(f, "M-CHAT-RF", "", 20, both(well, "18=no 19=no 20=no")));
	comes_to(f, "initial", 3, "follow-up");
	assert_string_equal(result(f, "interview"), "");
	comes_to(f, "autism", 3, "follow-up");
	check_ok(run(f, "M-CHAT-RF", "", 20,
		     both(well, "18=no 19=no 20=no @interview=1")));
	comes_to(f, "autism", 1, "negative");
	check_ok(run(f, "M-CHAT-RF", "", 20,
		     both(well, "18=no 19=no 20=no @interview=2")));
	comes_to(f, "interview", 2, "positive");
	comes_to(f, "autism", 2, "positive");
	assert_int_equal(of(f, "autism")->class, CLASS_POSITIVE);
	assert_int_equal(run(f, "M-CHAT-RF", "", 20,
			     both(well, "18=no 19=no 20=no @interview=4")),
			 E_INVALID);
	check_says("over that of initial");
	/* All yes: 2, 5 and 12 are at risk; all no: the seventeen others. */
	check_ok(run(f, "M-CHAT-RF", "", 20, many(1, 20, "", "yes")));
	comes_to(f, "initial", 3, "follow-up");
	check_ok(run(f, "M-CHAT-RF", "", 20, many(1, 20, "", "no")));
	comes_to(f, "initial", 17, "refer");
	comes_to(f, "autism", 17, "refer");
	check_ok(run(f, "M-CHAT-RF", "", 20, "@initial=7"));
	comes_to(f, "autism", 7, "follow-up");
	check_ok(run(f, "M-CHAT-RF", "", 20, "@initial=8"));
	comes_to(f, "autism", 8, "refer");
	/* Only a result to be followed up waits for the second stage. */
	check_ok(run(f, "M-CHAT-RF", "", 20, "@initial=8 @interview=1"));
	comes_to(f, "autism", 8, "refer");
}

/* Blanks that could change nothing do not hide a result. */
static void a_decided_result_stands(void **state)
{
	struct fix *f = *state;

	check_ok(run(f, "M-CHAT-RF", "", 20,
		     "1=no 3=no 4=no 6=no 7=no 8=no 9=no 10=no"));
	assert_string_equal(result(f, "initial"), "refer");
	assert_int_equal(of(f, "initial")->score, NO_SCORE);
	assert_false(f->out.complete);
	check_ok(run(f, "M-CHAT-RF", "", 20,
		     "1=no 3=no 4=no 6=no 7=no 8=no 9=no"));
	has_no_result(f, "initial");
}

/* dokumen.tips 2008: I 5, A 7, E 7, total 15; blanks 0, four are invalid. */
static void psc17_has_four_cutoffs(void **state)
{
	struct fix *f = *state;

	check_ok(run(f, "PSC-17", "", 100,
		     both(many(3, 17, "", "never"), "1=never 2=never")));
	comes_to(f, "total", 0, "not-at-risk");
	check_ok(run(f, "PSC-17", "", 100,
		     "1=never 2=sometimes 3=never 4=never 5=never 6=sometimes "
		     "7=never 8=never 9=sometimes 10=never 11=sometimes "
		     "12=never 13=never 14=never 15=sometimes 16=never "
		     "17=never"));
	comes_to(f, "internalizing", 5, "at-risk");
	comes_to(f, "attention", 0, "not-at-risk");
	comes_to(f, "total", 5, "not-at-risk");
	check_ok(run(f, "PSC-17", "", 100,
		     both(many(1, 13, "", "sometimes"),
			  "14=often 15=never 16=never 17=never")));
	comes_to(f, "internalizing", 4, "not-at-risk");
	comes_to(f, "attention", 4, "not-at-risk");
	comes_to(f, "externalizing", 7, "at-risk");
	comes_to(f, "total", 15, "at-risk");
	/* Three blanks count nothing, four leave no result anywhere. */
	check_ok(run(f, "PSC-17", "", 100, many(1, 14, "", "often")));
	comes_to(f, "total", 28, "at-risk");
	assert_false(f->out.complete);
	check_ok(run(f, "PSC-17", "", 100, many(1, 13, "", "often")));
	has_no_result(f, "total");
	has_no_result(f, "attention");
	assert_false(f->out.scorable);
}

/* massgeneral.org: 28 (6+), 24 on 31 items (3-5), 30 (youth). */
static void psc35_goes_by_form(void **state)
{
	struct fix *f = *state;

	check_ok(run(f, "PSC-35", "parent", 80, "@parent=28"));
	comes_to(f, "parent", 28, "at-risk");
	check_ok(run(f, "PSC-35", "parent", 80, "@parent=27"));
	comes_to(f, "parent", 27, "not-at-risk");
	check_ok(run(f, "PSC-35", "preschool", 50, "@preschool=24"));
	comes_to(f, "preschool", 24, "at-risk");
	check_ok(run(f, "PSC-35", "youth", 150, "@youth=29"));
	comes_to(f, "youth", 29, "not-at-risk");
	check_ok(run(f, "PSC-35", "youth", 150, many(1, 35, "", "sometimes")));
	comes_to(f, "youth", 35, "at-risk");
	assert_string_equal(result(f, "parent"), "");
	assert_int_equal(run(f, "PSC-35", "preschool", 50, "@parent=30"),
			 E_INVALID);
	check_says("is on form parent");
	assert_int_equal(run(f, "PSC-35", "preschool", 50, "5=often"),
			 E_INVALID);
	check_says("Item 5 is not on this form");
}

/* Refer below 2 SD, monitor from there to under 1 SD. The cut-offs here are
 * made up. */
static void asq3_needs_the_forms_cutoffs(void **state)
{
	struct fix *f = *state;

	assert_int_equal(run(f, "ASQ-3", "24", 24, "@communication=20"),
			 E_INVALID);
	check_says("cut-off of communication comes with the licensed form");
	check_ok(run(f, "ASQ-3", "24", 24,
		     "@communication=20 @communication=^25.5,38 "
		     "@gross-motor=35 @gross-motor=^25.5,38 @fine-motor=40 "
		     "@fine-motor=^25.5,38 @problem-solving=30 "
		     "@problem-solving=^25.5 @personal-social=!refer"));
	comes_to(f, "communication", 20, "refer");
	comes_to(f, "gross-motor", 35, "monitor");
	comes_to(f, "fine-motor", 40, "typical");
	comes_to(f, "problem-solving", 30, "typical");
	assert_string_equal(result(f, "personal-social"), "refer");
	assert_false(of(f, "personal-social")->by_rule);
	assert_true(of(f, "communication")->by_rule);
	assert_int_equal(run(f, "ASQ-3", "24", 24, "@communication=65"),
			 E_INVALID);
	check_says("is not from 0 to 60");
	assert_int_equal(run(f, "ASQ-3", "24", 24,
			     "@communication=20 @communication=^25.5 "
			     "@communication=!typical"),
			 E_INVALID);
	check_says("is refer by its rule, not typical");
	assert_int_equal(run(f, "ASQ-3", "24", 24,
			     "@communication=20 @communication=^25.5,20"),
			 E_INVALID);
	check_says("zone of communication begins beyond");
}

static void asqse2_is_worse_when_high(void **state)
{
	struct fix *f = *state;
	static const char *const text[] = {"@social-emotional=^60,50 "
					   "@social-emotional=60",
					   "@social-emotional=^60,50 "
					   "@social-emotional=55",
					   "@social-emotional=^60,50 "
					   "@social-emotional=45"};

	check_ok(run(f, "ASQ-SE-2", "24", 24, text[0]));
	comes_to(f, "social-emotional", 60, "refer");
	check_ok(run(f, "ASQ-SE-2", "24", 24, text[1]));
	comes_to(f, "social-emotional", 55, "monitor");
	check_ok(run(f, "ASQ-SE-2", "24", 24, text[2]));
	comes_to(f, "social-emotional", 45, "typical");
}

static void peds_wants_its_readers_result(void **state)
{
	struct fix *f = *state;

	assert_int_equal(run(f, "PEDS", "", 30, "@predictive=2"), E_INVALID);
	check_says("rule of predictive is unresolved");
	check_ok(run(f, "PEDS", "", 30,
		     "@predictive=2 @predictive=!refer @other=1"));
	comes_to(f, "predictive", 2, "refer");
	assert_false(of(f, "predictive")->by_rule);
	comes_to(f, "other", 1, "scored");
}

/* 18 and more on 36 items, 2 and more on the parent's mood. */
static void ecsa_adds_its_items(void **state)
{
	struct fix *f = *state;

	check_ok(run(
		f, "ECSA", "", 30,
		both(many(1, 18, "", "sometimes"), many(19, 36, "", "never"))));
	comes_to(f, "child", 18, "positive");
	assert_string_equal(result(f, "parent"), "");
	check_ok(run(f, "ECSA", "", 30, "@child=17 37=never 38=sometimes"));
	comes_to(f, "child", 17, "negative");
	comes_to(f, "parent", 1, "negative");
	check_ok(run(f, "ECSA", "", 30, "@child=18 37=sometimes 38=sometimes"));
	comes_to(f, "parent", 2, "positive");
	/* Two may be blank. */
	check_ok(run(
		f, "ECSA", "", 30,
		both(many(1, 18, "", "sometimes"), many(19, 34, "", "never"))));
	comes_to(f, "child", 18, "positive");
}

/* BPSC: 3 and more on any of its scales. */
static void swyc_scores_the_parts_given(void **state)
{
	struct fix *f = *state;

	check_ok(run(
		f, "SWYC", "", 9,
		both(many(1, 4, "b", "not"), both(many(5, 7, "b", "somewhat"),
						  many(8, 12, "b", "not")))));
	comes_to(f, "irritability", 3, "positive");
	comes_to(f, "inflexibility", 0, "negative");
	comes_to(f, "BPSC", 1, "positive");
	assert_string_equal(result(f, "PPSC"), "");
	check_ok(run(f, "SWYC", "", 9, many(1, 12, "b", "not")));
	comes_to(f, "BPSC", 0, "negative");
	check_ok(run(f, "SWYC", "", 24, "@PPSC=9 @POSI=2"));
	comes_to(f, "PPSC", 9, "positive");
	comes_to(f, "POSI", 2, "negative");
	assert_int_equal(run(f, "SWYC", "", 9, "@PPSC=9"), E_INVALID);
	check_says("PPSC is for 18-65 months; the child was 9");
	assert_int_equal(run(f, "SWYC", "", 24, "b1=very"), E_INVALID);
	check_says("Item b1");
}

/* cahmi.org: any one item sequence; what follows a no is not asked. */
static void cshcn_wants_one_whole_sequence(void **state)
{
	struct fix *f = *state;

	check_ok(run(f, "CSHCN", "", 90,
		     "1=yes 1a=yes 1b=yes 2=no 3=no 4=no 5=no"));
	comes_to(f, "medicine", 1, "positive");
	comes_to(f, "special-needs", 1, "positive");
	assert_true(f->out.complete && f->out.scorable);
	check_ok(run(f, "CSHCN", "", 90,
		     "1=yes 1a=yes 1b=no 2=no 3=no 4=no 5=yes 5a=no"));
	comes_to(f, "special-needs", 0, "negative");
	check_ok(run(f, "CSHCN", "", 90, "1=no 2=no 3=no 4=no 5=yes 5a=yes"));
	comes_to(f, "counseling", 1, "positive");
	comes_to(f, "special-needs", 1, "positive");
	check_ok(run(f, "CSHCN", "", 90, "1=yes 1a=yes 2=no 3=no 4=no 5=no"));
	has_no_result(f, "medicine");
	has_no_result(f, "special-needs");
	assert_false(f->out.scorable);
}

/* Means of subscales; no cut-off. */
static void pfs2_has_means_only(void **state)
{
	struct fix *f = *state;

	check_ok(run(f, "PFS-2", "pre", 50,
		     both("1=4 2=3 3=3",
			  both(many(4, 12, "", "2"), many(13, 19, "", "4")))));
	assert_int_equal(of(f, "functioning")->score, 333);
	assert_string_equal(result(f, "functioning"), "scored");
	assert_int_equal(of(f, "functioning")->class, CLASS_NONE);
	comes_to(f, "nurturing", 2, "scored");
	comes_to(f, "concrete", 4, "scored");
	/* One blank is left out of the mean, two leave none. */
	check_ok(run(f, "PFS-2", "pre", 50, "1=4 2=3 4=1"));
	assert_int_equal(of(f, "functioning")->score, 350);
	has_no_result(f, "nurturing");
	assert_int_equal(run(f, "PFS-2", "pre", 50, "@social=2 @social=!low"),
			 E_INVALID);
	check_says("has a score only");
}

/* A further instrument is a file. Items 3 and 4 count from the other end. */
static void one_more_instrument_is_data(void **state)
{
	struct fix *f = *state;

	check_ok(run(f, "X", "", 50, "1=always 2=always 3=never 4=never"));
	comes_to(f, "d", 8, "refer");
	check_ok(run(f, "X", "", 50, "1=never 2=never 3=always 4=always"));
	comes_to(f, "d", 0, "low");
	check_ok(run(f, "X", "", 50, "1=sometimes 2=sometimes 3=never"));
	comes_to(f, "d", 4, "follow-up");
	check_ok(run(f, "X", "", 50, "1=sometimes 3=never"));
	has_no_result(f, "d");
	assert_string_equal(
		vocabulary_word(f->v, WORDS_NEED, f->made_up.scale[0].need)->id,
		"dental");
}

static void wrong_answers_name_what_is_right(void **state)
{
	struct fix *f = *state;

	check_ok(run(f, "HVS", "", 40, "1=often"));
	assert_int_equal(score_answer(&f->in, f->i, "3", "often"), E_INVALID);
	check_says("HVS has no item \"3\"");
	assert_int_equal(score_answer(&f->in, f->i, "2", "daily"), E_INVALID);
	check_says("it is one of: often, sometimes, never");
	assert_int_equal(score_answer(&f->in, f->i, "1", "never"), E_INVALID);
	check_says("answered twice");
	assert_int_equal(score_answer(&f->in, f->i, "2", "often+never"),
			 E_INVALID);
	check_says("takes one answer");
	assert_int_equal(score_answer(&f->in, f->i, "2", ""), E_INVALID);
	f->in.score[0] = SCORE_ONE;
	assert_int_equal(score_run(&f->out, f->i, f->v, &f->in), E_INVALID);
	check_says("has answers to its items");
	f->in.score[0] = NO_SCORE;
	f->in.cutoff[0] = SCORE_ONE;
	assert_int_equal(score_run(&f->out, f->i, f->v, &f->in), E_INVALID);
	check_says("give none");
	assert_int_equal(run(f, "CSHCN", "", 90, "@special-needs=1"),
			 E_INVALID);
	check_says("is made of others");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hunger_vital_sign),
		cmocka_unit_test(ahc_is_told_by_domain),
		cmocka_unit_test(prapare_reads_each_answer),
		cmocka_unit_test(mchat_scores_both_stages),
		cmocka_unit_test(a_decided_result_stands),
		cmocka_unit_test(psc17_has_four_cutoffs),
		cmocka_unit_test(psc35_goes_by_form),
		cmocka_unit_test(asq3_needs_the_forms_cutoffs),
		cmocka_unit_test(asqse2_is_worse_when_high),
		cmocka_unit_test(peds_wants_its_readers_result),
		cmocka_unit_test(ecsa_adds_its_items),
		cmocka_unit_test(swyc_scores_the_parts_given),
		cmocka_unit_test(cshcn_wants_one_whole_sequence),
		cmocka_unit_test(pfs2_has_means_only),
		cmocka_unit_test(one_more_instrument_is_data),
		cmocka_unit_test(wrong_answers_name_what_is_right),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
