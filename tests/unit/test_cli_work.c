#include "tests/unit/cli_fix.h"

#include <errno.h>
#include <sys/stat.h>

/* A child with a case, a need for food and a referral that was sent. */
static void add_referral(struct fix *f)
{
	add_children(f);
	runs(f, "case", "open", "1", "--on", "2026-01-01");
	runs(f, "need", "add", "1", "food", "--on", "2026-01-02");
	runs(f, "org", "add", "Lantern Street Pantry");
	add_consent(f);
	runs(f, "refer", "add", "1", "--org", "1", "--send", "--on",
	     "2026-01-03");
}

#define HINT                                                            \
	"It counts as connected once the family received the service: " \
	"ccfed refer link 1 received\n"

static void wrong_entry_is_taken_back(void **state)
{
	struct fix *f = *state;

	add_referral(f);
	runs(f, "refer", "link", "1", "received", "--on", "2026-01-10");
	assert_string_equal(f->out, "Referral 1: received on 2026-01-10\n");
	runs(f, "refer", "link", "1", "received", "--on", "2026-01-12");
	assert_string_equal(f->out,
			    "Referral 1: received on 2026-01-10 already; the "
			    "earlier day stays. If it is wrong: ccfed refer "
			    "link 1 received --undo\n");
	assert_int_equal(run(f, "refer", "link", "1", "received", "--undo",
			     "--on", "2026-01-10"),
			 CLI_USAGE);
	runs(f, "refer", "link", "1", "received", "--undo");
	assert_string_equal(f->out, "Referral 1: no longer received\n");
	assert_int_equal(run(f, "refer", "link", "1", "received", "--undo"),
			 CLI_FAILED);
	complains(f, "nothing to take back");
	runs(f, "refer", "link", "1", "received", "--on", "2026-01-12");
	assert_string_equal(f->out, "Referral 1: received on 2026-01-12\n");
	runs(f, "refer", "send", "1", "--on", "2026-01-20");
	assert_string_equal(f->out, "Referral 1 is requested already, since "
				    "2026-01-03; nothing changed\n");
	runs(f, "audit", "verify");
}

static void what_is_no_connection_hints_at_one(void **state)
{
	struct fix *f = *state;

	add_referral(f);
	runs(f, "refer", "link", "1", "contacted");
	assert_string_equal(f->err, "");
	runs(f, "refer", "link", "1", "satisfied");
	assert_string_equal(f->err, HINT);
	runs(f, "refer", "accept", "1");
	runs(f, "refer", "complete", "1");
	assert_string_equal(f->err, HINT);
	runs(f, "need", "close", "1", "--met");
	assert_string_equal(f->err, HINT);
	runs(f, "need", "reopen", "1");
	runs(f, "refer", "link", "1", "received");
	assert_string_equal(f->err, "");
	runs(f, "refer", "link", "1", "addressed");
	assert_string_equal(f->err, "");
	runs(f, "need", "close", "1", "--met");
	assert_string_equal(f->err, "");
	runs(f, "need", "add", "1", "food");
	runs(f, "need", "close", "2", "--met");
	assert_string_equal(f->err, "");
}

static void case_in_error_says_so(void **state)
{
	struct fix *f = *state;

	add_referral(f);
	runs(f, "case", "show", "1");
	prints(f, "   1  food    2026-01-02  open\n");
	runs(f, "case", "error", "1");
	prints(f, "marked as opened in error; its");
	runs(f, "case", "error", "1");
	prints(f, "opened in error already, since 20");
	runs(f, "case", "show", "1");
	prints(f, "In error since  20");
	runs(f, "case", "list");
	prints(f, "No such case.");
	runs(f, "case", "list", "--child", "1");
	prints(f, "In error since");
	assert_int_equal(run(f, "refer", "add", "1"), CLI_FAILED);
	complains(f, "opened in error on 20");
}

static void records_show_what_hangs_on_them(void **state)
{
	struct fix *f = *state;

	add_referral(f);
	runs(f, "child", "show", "1");
	prints(f, "ZIP          06106\nElsewhere\n\nCase  Opened      Closed  "
		  "In error since\n   1  2026-01-01\n\nSynthetic data\n");
	runs(f, "child", "show", "2");
	prints(f, "\n\nNo case is recorded.\n\nSynthetic data\n");
	runs(f, "need", "show", "1");
	prints(f, "       1  Lantern Street Pantry  requested  2026-01-03\n");
	runs(f, "refer", "show", "1");
	prints(f, "Name              =1+1 O\"Neil, Jr\n");
	prints(f, "Domain            food\n");
	prints(f, "Organization      Lantern Street Pantry\n");
	runs(f, "refer", "list", "--format", "csv");
	prints(f, "1,1,\"'=1+1 O\"\"Neil, Jr\",1,food,1,Lantern Street Pantry,"
		  "requested,2026-01-03,,,,Synthetic data\n");
	runs(f, "child", "show", "1", "--format", "json");
	assert_null(strstr(f->out, "2026-01-01"));
	runs(f, "org", "list");
	prints(f, "\n\nSynthetic data\n");
	runs(f, "fact", "list");
	prints(f, "\n\nSynthetic data\n");
}

static void long_list_is_cut_and_says_so(void **state)
{
	struct fix *f = *state;

	add_referral(f);
	for (int i = 0; i < 51; i++)
		runs(f, "refer", "add", "1", "--on", "2026-01-04");
	runs(f, "refer", "list");
	prints(f, "\n... 2 more: --limit, --offset\n\nSynthetic data\n");
	runs(f, "refer", "list", "--limit", "1");
	prints(f, "\n... 51 more: ");
	runs(f, "refer", "list", "--limit", "60");
	assert_null(strstr(f->out, "more"));
	runs(f, "refer", "list", "--offset", "2");
	assert_null(strstr(f->out, "more"));
	runs(f, "refer", "list", "--format", "csv");
	prints(f, "\n1,1,");
	runs(f, "refer", "list", "--org", "1", "--child", "1", "--case", "1",
	     "--need", "1", "--open");
	prints(f, "Lantern");
	assert_null(strstr(f->out, "draft"));
	runs(f, "audit", "list");
	prints(f, " more: --limit, --offset\n");
}

static void unknown_numbers_are_named(void **state)
{
	struct fix *f = *state;

	assert_int_equal(run(f, "need", "list", "99999"), CLI_FAILED);
	assert_string_equal(f->err, "ccfed: There is no case 99999.\n");
	assert_int_equal(run(f, "refer", "list", "--need", "99999"),
			 CLI_FAILED);
	assert_string_equal(f->err, "ccfed: There is no need 99999.\n");
	assert_int_equal(run(f, "refer", "list", "--org", "9"), CLI_FAILED);
	assert_int_equal(run(f, "refer", "list", "--child", "9"), CLI_FAILED);
	assert_int_equal(run(f, "refer", "list", "--case", "9"), CLI_FAILED);
	assert_int_equal(run(f, "case", "list", "--child", "9"), CLI_FAILED);
	assert_int_equal(run(f, "audit", "list", "--child", "9"), CLI_FAILED);
}

static void slips_are_warned_of(void **state)
{
	struct fix *f = *state;

	add_children(f);
	assert_string_equal(f->err, "");
	runs(f, "child", "add", "--given", "-5", "--family", "@HOME", "--birth",
	     "2021-12-01");
	assert_string_equal(f->out, "Child 4 added\n");
	assert_string_equal(f->err, "Look again: child 4 has the same names "
				    "and birth date as child 3.\n");
	runs(f, "child", "update", "4", "--birth", "1991-12-01");
	assert_string_equal(f->err, "Look again: born on that day, child 4 is "
				    "21 or older.\n");
	runs(f, "child", "update", "4", "--zip", "06106");
	assert_string_equal(f->err, "");
	runs(f, "case", "open", "1");
	runs(f, "need", "add", "1", "food");
	runs(f, "need", "add", "1", "housing");
	assert_string_equal(f->err, "");
	runs(f, "need", "add", "1", "food");
	assert_string_equal(f->err, "Look again: case 1 has another open need "
				    "for food, number 1.\n");
	assert_int_equal(run(f, "child", "update", "1"), CLI_USAGE);
	complains(f, "Say what changes");
	runs(f, "org", "add", "Pantry");
	runs(f, "org", "service", "1", "Food boxes");
	runs(f, "org", "service", "1", "Delivery");
	runs(f, "org", "add", "Clinic");
	runs(f, "org", "show", "1", "--format", "csv");
	prints(f, "\n1,Pantry,yes,\"2 Delivery, 1 Food boxes\"");
	runs(f, "org", "show", "2", "--format", "csv");
	prints(f, "2,Clinic,yes,");
	assert_int_equal(run(f, "org", "update", "1"), CLI_USAGE);
	complains(f, "Say what changes");
}

static void audit_lists_fields_and_no_values(void **state)
{
	struct fix *f = *state;

	add_referral(f);
	runs(f, "audit", "list", "--child", "2");
	prints(f, " child        2  given\n");
	assert_null(strstr(f->out, "Jos"));
	assert_null(strstr(f->out, " child        1 "));
	runs(f, "audit", "list", "--record", "referral", "1", "--limit", "1",
	     "--format", "csv");
	prints(f, ",referral,1,consent,Synthetic data\n");
	assert_null(strstr(f->out, "2026-01-03"));
	assert_int_equal(run(f, "audit", "list", "--record", "referral"),
			 CLI_USAGE);
	assert_int_equal(run(f, "audit", "list", "1"), CLI_USAGE);
	assert_int_equal(run(f, "audit", "list", "--record", "need", "1",
			     "--child", "1"),
			 CLI_USAGE);
}

static void help_is_a_word_too(void **state)
{
	struct fix *f = *state;

	runs(f, "help");
	prints(f, "ccfed help NOUN");
	runs(f, "help", "child");
	prints(f, "ccfed child add --birth");
	runs(f, "help", "child", "add");
	prints(f, "Usage: ccfed child add");
	runs(f, "help", "simulate");
	prints(f, "Usage: ccfed simulate");
	assert_int_equal(run(f, "help", "chidl"), CLI_USAGE);
	complains(f, "did you mean \"ccfed child\"?");
	assert_int_equal(run(f, "help", "child", "ad"), CLI_USAGE);
	complains(f, "did you mean \"ccfed child add\"?");
}

/* A folder of the test, given or made. */
static const char *folder(struct fix *f, const char *name)
{
	const char *path = scratch_path(f->dir, name);

	if (mkdir(path, 0700) < 0)
		assert_int_equal(errno, EEXIST);
	return path;
}

static void put_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void import_says_what_it_met(void **state)
{
	struct fix *f = *state;
	char dir[300], path[400];

	assert_int_equal(run(f, "import", "fhir", "/none"), CLI_FAILED);
	assert_string_equal(
		f->err, "/none: left out: there is no such file or folder\n"
			"ccfed: Nothing was taken: 1 file was left out, see "
			"above.\n");
	snprintf(dir, sizeof dir, "%s", folder(f, "d"));
	assert_int_equal(run(f, "import", "fhir", dir), CLI_FAILED);
	complains(f, "ccfed: There is no .json or .ndjson file in /");
	snprintf(path, sizeof path, "%s/a.ndjson.gz", dir);
	put_file(path, "x");
	assert_int_equal(run(f, "import", "fhir", dir), CLI_FAILED);
	complains(f, "a.ndjson.gz: left out: is packed; unpack it first\n");
	assert_int_equal(run(f, "import", "fhir", path), CLI_FAILED);
	complains(f, "is packed");
	snprintf(path, sizeof path, "%s/a.json", dir);
	put_file(path, "{\"resourceType\":\"Flag\",\"id\":\"1\"}");
	assert_int_equal(run(f, "import", "fhir", dir, "--dry-run"),
			 CLI_FAILED);
	complains(f, "the others would go in.\n");
	assert_int_equal(run(f, "import", "fhir", dir), CLI_FAILED);
	complains(f, "the others are in.\n");
	assert_int_equal(run(f, "import", "fhir", dir, "--as-of", "2100-01-01"),
			 CLI_FAILED);
	assert_string_equal(f->err, "ccfed: The as-of day is in the future.\n");
	assert_int_equal(run(f, "import", "fhir", dir, "--source", "a b"),
			 CLI_FAILED);
	assert_null(strstr(f->err, "run it again"));
}

static void sentences_begin_with_a_capital(void **state)
{
	struct fix *f = *state;
	const char *dir = getenv("CCFED_DIR");

	assert_int_equal(run(f, "node", "history", "--done"), CLI_FAILED);
	assert_string_equal(f->err, "ccfed: No history is awaited.\n");
	assert_int_equal(run(f, "child", "list", "--limit", "x"), CLI_USAGE);
	complains(f, "ccfed: --limit takes");
	assert_int_equal(run(f, "node", "init", "-d", dir), CLI_FAILED);
	complains(f, "ccfed: The file /");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(wrong_entry_is_taken_back),
		T(what_is_no_connection_hints_at_one),
		T(case_in_error_says_so),
		T(records_show_what_hangs_on_them),
		T(long_list_is_cut_and_says_so),
		T(unknown_numbers_are_named),
		T(slips_are_warned_of),
		T(audit_lists_fields_and_no_values),
		T(help_is_a_word_too),
		T(import_says_what_it_met),
		T(sentences_begin_with_a_capital),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
