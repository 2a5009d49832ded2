#include "tests/unit/cli_fix.h"

/* Child 1 with case 1, open since 2026-01-01; organization 1, service 1. */
static void begin(struct fix *f)
{
	runs(f, "child", "add", "--given", "Pebble", "--family", "Testperson",
	     "--birth", "2010-05-01");
	runs(f, "case", "open", "1", "--on", "2026-01-01");
	runs(f, "org", "add", "Town Helpers");
	runs(f, "org", "service", "1", "Pantry");
}

static void a_contact_is_told_and_found(void **state)
{
	struct fix *f = *state;

	begin(f);
	assert_int_equal(run(f, "contact", "add", "1", "--mode", "pigeon",
			     "--party", "family", "--made-by", "N. C."),
			 CLI_FAILED);
	complains(f, "is not a mode; it is one of: phone");
	assert_int_equal(run(f, "contact", "add", "1", "--reached", "perhaps"),
			 CLI_USAGE);
	complains(f, "--reached is yes or no");
	assert_int_equal(run(f, "contact", "add", "1", "--minutes", "ten"),
			 CLI_USAGE);
	assert_int_equal(run(f, "contact", "add", "one"), CLI_USAGE);
	complains(f, "not the number of a case");
	runs(f, "contact", "add", "1", "--mode", "phone", "--party", "family",
	     "--made-by", "N. C.", "--minutes", "12", "--happened",
	     "2026-02-01");
	runs(f, "contact", "result", "1", "need-met");
	runs(f, "contact", "show", "1", "--format", "json");
	prints(f, "\"band\":\"m10-19\"");
	prints(f, "\"achieved\":\"need-met\"");
	prints(f, "\"cases\":\"1\"");
	runs(f, "contact", "update", "1", "--minutes", "");
	runs(f, "contact", "list", "1", "--format", "csv");
	prints(f, "contact,happened,mode,party,person,reached,minutes");
	prints(f, "1,2026-02-01,phone,family,,yes,,");
	runs(f, "contact", "plan", "1", "--due", "2027-01-01", "--purpose",
	     "Ask");
	runs(f, "contact", "planned", "--until", "2026-12-31");
	prints(f, "No contact is planned");
	runs(f, "contact", "planned");
	prints(f, "2027-01-01");
	runs(f, "contact", "done", "1", "1");
	assert_int_equal(run(f, "contact", "drop", "1", "late"), CLI_FAILED);
	complains(f, "it was contact 1");
	runs(f, "contact", "error", "1");
	runs(f, "contact", "list");
	prints(f, "No contact is recorded");
}

static void a_plan_goes_to_its_readers(void **state)
{
	struct fix *f = *state;

	begin(f);
	runs(f, "plan", "start", "1", "--on", "2026-02-01");
	assert_int_equal(run(f, "plan", "finalize", "1", "--on", "2026-02-02"),
			 CLI_FAILED);
	complains(f, "Say who of the family agreed");
	runs(f, "plan", "goal", "1", "Enough to eat");
	runs(f, "plan", "action", "1", "Apply", "--owner", "Mother", "--due",
	     "2026-03-01");
	runs(f, "plan", "due", "--until", "2026-03-01");
	prints(f, "Mother");
	runs(f, "plan", "finalize", "1", "--by", "Mother", "--on",
	     "2026-02-10");
	assert_int_equal(run(f, "plan", "set-action", "1", "--state", "done",
			     "--ended", "2026-02-11"),
			 CLI_FAILED);
	complains(f, "does not change; start the next version");
	add_consent(f);
	runs(f, "plan", "share", "1", "--party", "primary-care", "--way", "fax",
	     "--shared", "2026-02-11");
	runs(f, "plan", "confirm", "1", "--by", "Desk");
	runs(f, "plan", "shares", "1");
	prints(f, "fax");
	runs(f, "plan", "start", "1");
	runs(f, "plan", "actions", "2");
	prints(f, "Apply");
	runs(f, "plan", "set-action", "2", "--state", "done", "--ended",
	     "2026-02-20");
	runs(f, "plan", "list", "1", "--format", "csv");
	prints(f, "2,1,2,");
}

static void a_service_is_found_by_what_it_serves(void **state)
{
	struct fix *f = *state;

	begin(f);
	runs(f, "org", "describe", "1", "--sector", "food");
	runs(f, "service", "need", "1", "food");
	runs(f, "service", "place", "1", "Durham");
	runs(f, "service", "opening", "1", "--openings", "3");
	runs(f, "service", "update", "1", "--age-to", "18");
	assert_int_equal(run(f, "service", "update", "1", "--age-to", "99"),
			 CLI_FAILED);
	runs(f, "service", "list", "--need", "food", "--place", "Durham",
	     "--age", "18");
	prints(f, "Pantry");
	runs(f, "service", "list", "--need", "housing");
	prints(f, "No such service");
	runs(f, "service", "stale");
	prints(f, "Pantry");
	runs(f, "service", "verify", "1");
	runs(f, "service", "stale");
	prints(f, "Every service is verified");
	runs(f, "service", "show", "1", "--format", "json");
	prints(f, "\"places\":\"Durham\"");
}

static void visits_transition_and_surveys_are_told(void **state)
{
	struct fix *f = *state;

	begin(f);
	runs(f, "ed", "add", "1", "--behavioral", "yes", "--visited",
	     "2026-03-01", "--followed-up", "2026-03-05");
	assert_int_equal(run(f, "ed", "update", "1", "--enrolled", "accepted",
			     "--enrolled-on", "2026-03-02"),
			 CLI_FAILED);
	complains(f, "meet the criteria");
	runs(f, "ed", "outcomes", "1", "--format", "csv");
	prints(f, "1,1,2026-03-01,2026-03-01,4,");
	runs(f, "transition", "start", "1", "--on", "2026-03-01");
	runs(f, "transition", "reach", "1", "policy", "--on", "2026-03-02");
	runs(f, "transition", "elements", "1");
	prints(f, "12-14");
	prints(f, "done");
	runs(f, "transition", "answer", "1", "--visited", "2026-03-01",
	     "--alone", "no");
	runs(f, "transition", "answers", "1");
	prints(f, "no");
	runs(f, "survey", "add", "1", "--occasion", "close", "--asked",
	     "2026-03-01");
	assert_int_equal(run(f, "survey", "update", "1", "--satisfaction", "5"),
			 CLI_FAILED);
	complains(f, "give the day");
	runs(f, "factor", "add", "1", "--factor", "support", "--standing",
	     "concern");
	runs(f, "factor", "list", "1");
	prints(f, "concern");
	runs(f, "engage", "add", "--engagement", "advisory", "--families", "3");
	runs(f, "engage", "list");
	prints(f, "advisory");
}

static void the_collaborative_names_no_child(void **state)
{
	struct fix *f = *state;

	begin(f);
	runs(f, "collab", "add", "North", "--begun", "2026-01-01");
	runs(f, "collab", "join", "1", "1", "--sector", "food", "--joined",
	     "2026-01-02");
	runs(f, "collab", "meet", "1", "--met", "2026-02-01");
	runs(f, "collab", "attend", "1", "1");
	assert_int_equal(run(f, "collab", "discuss", "1", "Pebble has no bed"),
			 CLI_FAILED);
	complains(f, "a name of child 1");
	assert_null(strstr(f->err, "Pebble"));
	runs(f, "collab", "discuss", "1", "A boy has no bed", "--need",
	     "housing");
	runs(f, "collab", "gap", "1", "No rides", "--need", "transportation",
	     "--raised", "2026-02-01");
	assert_int_equal(run(f, "collab", "set-gap", "1", "--status", "closed"),
			 CLI_FAILED);
	complains(f, "Say what followed");
	runs(f, "collab", "gaps", "1", "--open");
	prints(f, "No rides");
	runs(f, "audit", "verify");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_contact_is_told_and_found),
		T(a_plan_goes_to_its_readers),
		T(a_service_is_found_by_what_it_serves),
		T(visits_transition_and_surveys_are_told),
		T(the_collaborative_names_no_child),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
