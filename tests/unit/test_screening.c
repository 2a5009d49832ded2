#include "tests/unit/case_world.h"

#include "daemon/core/disk.h"
#include "regional/case/audit.h"
#include "regional/case/cutoff.h"
#include "regional/case/screening.h"

struct fix {
	struct case_world w;
	int64_t child, kase;
};

static int setup(void **state)
{
	static struct fix f;

	case_world_init(&f.w);
	f.child = case_world_child(&f.w, "2020-01-15");
	check_ok(kase_open(&f.w.rec, f.child, day("2026-01-10"), &f.kase));
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	case_world_fini(&f->w);
	return 0;
}

#define A(item, value)                        \
	{                                     \
		SCREENING_ANSWER, item, value \
	}
#define S(domain, value)                       \
	{                                      \
		SCREENING_SCORE, domain, value \
	}
#define R(domain, value)                        \
	{                                       \
		SCREENING_RESULT, domain, value \
	}
#define C(domain, value)                        \
	{                                       \
		SCREENING_CUTOFF, domain, value \
	}

static int add_to(struct fix *f, const char *instrument, const char *form,
		  const char *on, const struct screening_entry *e, int n,
		  int64_t *id)
{
	struct screening s = {.child = f->child, .done = day(on)};

	put(s.instrument, instrument);
	put(s.form, form);
	put(s.respondent, "parent");
	return screening_add(&f->w.rec, &s, e, n, NULL, id);
}

#define add(f, instrument, form, on, id, ...)                          \
	add_to(f, instrument, form, on,                                \
	       (const struct screening_entry[]){__VA_ARGS__},          \
	       sizeof((const struct screening_entry[]){__VA_ARGS__}) / \
		       sizeof(struct screening_entry),                 \
	       id)

static int64_t hungry(struct fix *f, const char *on)
{
	int64_t id = 0;

	check_ok(add(f, "HVS", "", on, &id, A("1", "often"), A("2", "never")));
	return id;
}

static int note_result(void *arg, const struct screening_result *s)
{
	char text[SCORE_TEXT];
	char *out = arg;
	size_t used = strlen(out);

	snprintf(out + used, 400 - used, "%s %s %s %s %s%s|", s->domain,
		 score_format(s->score, text), s->result, s->class, s->need,
		 s->by_rule ? "" : " entered");
	return 0;
}

static const char *results(struct fix *f, int64_t id)
{
	static char out[400];

	out[0] = '\0';
	check_ok(screening_results(f->w.db, id, note_result, out));
	return out;
}

static void add_keeps_answers_and_results(void **state)
{
	struct fix *f = *state;
	int64_t id = hungry(f, "2026-02-14"), rows = 0;
	struct screening s;

	check_ok(screening_get(f->w.db, id, &s));
	assert_string_equal(s.instrument, "HVS");
	assert_int_equal(s.version, 1);
	assert_int_equal(s.kase, f->kase);
	assert_int_equal(s.age_months, 72); /* tomorrow 73 */
	assert_true(s.complete && s.scorable);
	assert_string_equal(results(f, id), "food 1 at-risk positive food|");
	assert_int_equal(case_world_int(&f->w,
					"SELECT count(*) FROM screening_answer"
					" WHERE value = 'often'"),
			 1);
	/* Each value is in the audit: 9 of the screening, 2 answers, 1
	 * result. */
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM audit"
					       " WHERE record = 'screening'"),
			 12);
	check_ok(audit_verify(f->w.db, &rows));
}

static void add_keeps_licensed_cutoffs(void **state)
{
	struct fix *f = *state;
	int64_t id = 0;

	assert_int_equal(add(f, "ASQ-3", "60", "2026-01-12", &id,
			     S("communication", "20")),
			 E_INVALID);
	check_says("71 months");
	check_ok(kase_close(&f->w.rec, f->kase, day("2026-01-12")));
	f->child = case_world_child(&f->w, "2024-01-15");
	check_ok(add(f, "ASQ-3", "24", "2026-01-20", &id,
		     S("communication", "20"), C("communication", "29.65, 40"),
		     R("gross-motor", "typical")));
	assert_int_equal(case_world_int(&f->w,
					"SELECT cutoff FROM screening_result"
					" WHERE domain = 'communication'"),
			 2965);
	assert_string_equal(results(f, id),
			    "communication 20 refer positive developmental|"
			    "fine-motor  no-result none developmental|"
			    "gross-motor  typical clear developmental entered|"
			    "personal-social  no-result none developmental|"
			    "problem-solving  no-result none developmental|");
	assert_int_equal(
		case_world_int(&f->w, "SELECT scorable FROM screening"), 0);
	/* No case was open. */
	assert_int_equal(case_world_int(&f->w, "SELECT count(kase)"
					       " FROM screening"),
			 0);
}

static void add_refuses_what_is_wrong(void **state)
{
	struct fix *f = *state;
	struct screening s = {.child = f->child,
			      .done = day("2026-02-01"),
			      .instrument = "HVS",
			      .respondent = "dog"};
	const struct screening_entry e = A("1", "often");
	int64_t id = 0;

	assert_int_equal(screening_add(&f->w.rec, &s, &e, 1, NULL, &id),
			 E_INVALID);
	check_says("respondent; it is one of: parent, youth");
	put(s.respondent, "parent");
	assert_int_equal(screening_add(&f->w.rec, &s, NULL, 0, NULL, &id),
			 E_INVALID);
	check_says("Give answers, scores or results");
	s.kase = 99;
	assert_int_equal(screening_add(&f->w.rec, &s, &e, 1, NULL, &id),
			 E_NOTFOUND);
	s.kase = f->kase;
	s.child = case_world_child(&f->w, "2021-01-01");
	assert_int_equal(screening_add(&f->w.rec, &s, &e, 1, NULL, &id),
			 E_INVALID);
	check_says("Case 1 is of another child");
	assert_int_equal(add(f, "HVZ", "", "2026-02-01", &id, A("1", "often")),
			 E_INVALID);
	check_says("it is one of: AHC-HRSN, ASQ-3");
	assert_int_equal(add(f, "HVS", "x", "2026-02-01", &id, A("1", "often")),
			 E_INVALID);
	check_says("one form only");
	assert_int_equal(
		add(f, "PSC-35", "", "2026-02-01", &id, S("parent", "3")),
		E_INVALID);
	check_says("one of: parent, preschool, youth");
	assert_int_equal(
		add(f, "M-CHAT-RF", "", "2026-02-01", &id, S("initial", "3")),
		E_INVALID);
	check_says("M-CHAT-RF is for 16-30 months; the child was 72");
	assert_int_equal(add(f, "HVS", "", "2026-07-01", &id, A("1", "often")),
			 E_INVALID);
	assert_int_equal(add(f, "HVS", "", "2020-01-01", &id, A("1", "often")),
			 E_INVALID);
	assert_int_equal(add(f, "HVS", "", "2026-02-01", &id, S("thirst", "1")),
			 E_INVALID);
	check_says("not a domain of HVS; it is one of: food");
	assert_int_equal(add(f, "HVS", "", "2026-02-01", &id, S("food", "1"),
			     S("food", "2")),
			 E_INVALID);
	check_says("food is given twice");
	assert_int_equal(add(f, "HVS", "", "2026-02-01", &id, R("food", "bad")),
			 E_INVALID);
	check_says("food: \"bad\" is not a result");
	assert_int_equal(
		case_world_int(&f->w, "SELECT count(*) FROM screening"), 0);
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM audit"
					       " WHERE record = 'screening'"),
			 0);
}

static void site_file_gives_the_cutoffs(void **state)
{
	const char *text = "[ASQ-3 24]\ncommunication = 25.5, 38\n";
	struct fix *f = *state;
	struct screening s = {.child = case_world_child(&f->w, "2024-01-15"),
			      .done = day("2026-01-20"),
			      .instrument = "ASQ-3",
			      .form = "24",
			      .respondent = "parent"};
	const struct screening_entry e = S("communication", "30");
	const char *path = scratch_path(f->w.dir, "cutoffs.conf");
	struct cutoffs *site = NULL;
	int64_t id = 0;

	check_ok(disk_write(disk_system(), path, text, strlen(text), 0600));
	check_ok(cutoff_load(&site, f->w.cat, path));
	check_ok(screening_add(&f->w.rec, &s, &e, 1, site, &id));
	assert_int_equal(
		strncmp(results(f, id), "communication 30 monitor", 24), 0);
	cutoff_free(site);
}

static void error_takes_it_out(void **state)
{
	struct fix *f = *state;
	int64_t id = hungry(f, "2026-02-14");
	struct screening_proposal p[PROPOSALS_MAX];
	struct screening s;
	int n, made;

	check_ok(screening_error(&f->w.rec, id));
	check_ok(screening_error(&f->w.rec, id));
	check_ok(screening_get(f->w.db, id, &s));
	assert_int_equal(s.errored, day("2026-06-30"));
	check_ok(screening_needs(f->w.db, id, p, &n));
	assert_int_equal(n, 0);
	assert_int_equal(screening_take(&f->w.rec, id, "", &made), E_STATE);
	check_says("entered in error");
	assert_int_equal(screening_error(&f->w.rec, 99), E_NOTFOUND);
}

/* PSC-17 has four domains for one need; it is proposed once. */
static void positives_become_needs_once(void **state)
{
	struct fix *f = *state;
	struct screening_proposal p[PROPOSALS_MAX];
	int64_t id = 0, psc = 0;
	struct need need;
	int n, made;

	id = hungry(f, "2026-02-14");
	check_ok(add(f, "PSC-17", "", "2026-02-15", &psc, S("total", "20"),
		     S("attention", "8"), S("internalizing", "1"),
		     S("externalizing", "2")));
	check_ok(screening_needs(f->w.db, psc, p, &n));
	assert_int_equal(n, 1);
	assert_string_equal(p[0].need, "behavioral");
	assert_string_equal(p[0].domain, "attention");
	assert_int_equal(p[0].open, 0);
	check_ok(screening_take(&f->w.rec, id, "", &made));
	assert_int_equal(made, 1);
	check_ok(need_get(f->w.db, 1, &need));
	assert_string_equal(need.source, "screening");
	assert_string_equal(need.domain, "food");
	assert_int_equal(need.found, day("2026-02-14"));
	/* Again, and another screening of the same: no second need. */
	check_ok(screening_take(&f->w.rec, id, "food", &made));
	assert_int_equal(made, 0);
	id = hungry(f, "2026-03-14");
	check_ok(screening_needs(f->w.db, id, p, &n));
	assert_int_equal(p[0].open, 1);
	check_ok(screening_take(&f->w.rec, id, "", &made));
	assert_int_equal(made, 0);
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM need"), 1);
	assert_int_equal(case_world_int(&f->w, "SELECT count(*)"
					       " FROM screening_need"),
			 2);
	assert_int_equal(screening_take(&f->w.rec, psc, "food", &made),
			 E_NOTFOUND);
	check_says("proposes no food need");
}

static void taking_wants_an_open_case(void **state)
{
	struct fix *f = *state;
	int64_t id = hungry(f, "2026-02-14");
	int made;

	check_ok(kase_close(&f->w.rec, f->kase, day("2026-03-01")));
	assert_int_equal(screening_take(&f->w.rec, id, "", &made), E_NOTFOUND);
	check_says("no open case");
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM need"), 0);
}

static void need_sources_are_words(void **state)
{
	struct fix *f = *state;
	struct need n;
	int64_t id;

	check_ok(need_add_from(&f->w.rec, f->kase, "food", "family",
			       day("2026-02-01"), &id));
	check_ok(need_get(f->w.db, id, &n));
	assert_string_equal(n.source, "family");
	check_ok(need_add(&f->w.rec, f->kase, "food", day("2026-02-01"), &id));
	check_ok(need_get(f->w.db, id, &n));
	assert_string_equal(n.source, "coordinator");
	assert_int_equal(need_add_from(&f->w.rec, f->kase, "food", "gossip",
				       day("2026-02-01"), &id),
			 E_INVALID);
	check_says("screening, family, provider, coordinator, import");
}

static int note(void *arg, const struct screening *s)
{
	int64_t *seen = arg;

	*seen = *seen * 10 + s->id;
	return 0;
}

static void list_is_newest_first(void **state)
{
	struct fix *f = *state;
	int64_t seen = 0, id;

	hungry(f, "2026-02-14");
	id = hungry(f, "2026-02-16");
	hungry(f, "2026-02-15");
	check_ok(screening_list(f->w.db, f->child, "", 0, 10, note, &seen));
	assert_int_equal(seen, 231);
	check_ok(screening_error(&f->w.rec, id));
	seen = 0;
	check_ok(screening_list(f->w.db, 0, "HVS", 0, 10, note, &seen));
	assert_int_equal(seen, 31);
	seen = 0;
	check_ok(screening_list(f->w.db, 0, "PEDS", 0, 10, note, &seen));
	assert_int_equal(seen, 0);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(add_keeps_answers_and_results),
		T(add_keeps_licensed_cutoffs),
		T(add_refuses_what_is_wrong),
		T(site_file_gives_the_cutoffs),
		T(error_takes_it_out),
		T(positives_become_needs_once),
		T(taking_wants_an_open_case),
		T(need_sources_are_words),
		T(list_is_newest_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
