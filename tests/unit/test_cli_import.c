/* What `ccfed import` and `ccfed export` print, and how they end. */
#include "tests/unit/cli_fix.h"

static const char *put(struct fix *f, const char *name, const char *text)
{
	static char paths[32][300];
	static int n;
	char *path = paths[n++ % 32];

	snprintf(path, sizeof *paths, "%s", scratch_path(f->dir, name));
	check_ok(disk_write(disk_system(), path, text, strlen(text), 0600));
	return path;
}

static void sheets_of_a_center_come_in_one_after_the_other(void **state)
{
	struct fix *f = *state;
	const char *staff = put(f, "staff.conf",
				"[staff]\nname = Name\nrole = Role\n"
				"started = From\n");
	const char *child = put(f, "child.conf",
				"[child]\nsource_id = No\nfamily = Last\n"
				"birth = DOB\n[case]\nopened = Open\n"
				"[assignment]\nstaff = Worker\nsince = Open\n");
	const char *calls = put(f, "calls.conf",
				"[file]\ndate = MM/DD/YYYY\n"
				"[child]\nsource_id = No\n"
				"[contact]\nhappened = On\nmode = How\n"
				"party = With\nmade_by = By\nnote = Note\n");
	const char *sheet = put(f, "calls.csv",
				"No,On,How,With,By,Note\n"
				"1,01/15/2025,phone,family,Kim,hello\n"
				"1,15/01/2025,phone,family,Kim,\x1b[31mred\n"
				"1,01/16/2025,pigeon,family,Kim,\n");

	runs(f, "import", "csv",
	     put(f, "staff.csv", "Name,Role,From\nKim,nurse,2020-01-01\n"),
	     "--map", staff);
	prints(f, "staff");
	runs(f, "import", "csv",
	     put(f, "child.csv",
		 "No,Last,DOB,Open,Worker\n1,Reed,2018-03-02,2025-01-10,Kim\n"),
	     "--map", child);
	prints(f, "assignment");
	runs(f, "import", "csv", sheet, "--map", calls, "--dry-run");
	complains(f, "Nothing was written.");
	runs(f, "contact", "list");
	assert_null(strstr(f->out, "Kim"));
	runs(f, "import", "csv", sheet, "--map", calls, "--format", "csv");
	assert_string_equal(
		f->out,
		"what,taken,updated,unchanged,left_out,why,notice\n"
		"row,1,0,0,2,2: a value that is not allowed,Synthetic data\n"
		"child,0,0,1,2,,Synthetic data\n"
		"contact,1,0,0,2,,Synthetic data\n");
	complains(f, "calls.csv:3: column \"On\": a day that exists is wanted, "
		     "as MM/DD/YYYY");
	complains(f, "calls.csv:4: column \"How\": \"pigeon\" is not one of: "
		     "phone, e-mail");
	assert_null(strchr(f->err, '\x1b'));
	runs(f, "contact", "list");
	prints(f, "Kim");
	runs(f, "import", "csv", sheet, "--map", calls, "--format", "csv");
	prints(f, "row,0,0,1,2,");
}

static void suggestion_covers_the_sheet_of_contacts(void **state)
{
	struct fix *f = *state;

	runs(f, "import", "csv",
	     put(f, "calls.csv",
		 "Case No,Contact date,Mode,Spoke with,Made by,Minutes\n"),
	     "--suggest");
	prints(f, "\n[contact]\nhappened = Contact date\nmode = Mode\n"
		  "party = Spoke with\nminutes = Minutes\n"
		  "made_by = Made by\n");
	prints(f, "\n[child]\nsource_id = Case No\n");
}

static void help_names_the_sections(void **state)
{
	struct fix *f = *state;

	runs(f, "import", "csv", "--help");
	prints(f, "[screening] takes\nscore.DOMAIN");
}

static void directory_comes_in_and_goes_out(void **state)
{
	struct fix *f = *state;
	char dir[300], out[300];

	snprintf(dir, sizeof dir, "%s", scratch_path(f->dir, "hsds"));
	snprintf(out, sizeof out, "%s", scratch_path(f->dir, "written"));
	check_ok(disk_make_dir(disk_system(), dir));
	put(f, "hsds/organizations.csv",
	    "id,name,description\no1,Town Pantry,Food\n");
	put(f, "hsds/services.csv",
	    "id,organization_id,name\ns1,o1,Box\ns2,o7,\x1b[31mLost\n"
	    "s3,o8,Found\n");
	put(f, "hsds/taxonomy_terms.csv", "id,name\nt,Food Pantries\n");
	put(f, "hsds/attributes.csv", "id,link_id,taxonomy_term_id\na,s1,t\n");
	runs(f, "import", "hsds", dir, "--terms", "--format", "csv");
	assert_string_equal(f->out, "term,needs,services,notice\n"
				    "Food Pantries,food,1,Synthetic data\n");
	runs(f, "import", "hsds", dir, "--dry-run");
	complains(f, "Nothing was written.");
	runs(f, "import", "hsds", dir, "--format", "csv");
	prints(f, "organization,1,0,0,0,");
	prints(f, "service,2,0,0,1,");
	complains(f, "services.csv:3: organization_id: names an organization "
		     "that is not in it; the service was taken without one "
		     "(2 times)\n");
	complains(f, "No need was found for 1 of its services");
	assert_null(strchr(f->err, '\x1b'));
	runs(f, "import", "hsds", dir, "--format", "csv");
	prints(f, "service,0,0,2,1,");
	runs(f, "export", "hsds", "--to", out);
	prints(f, "1 organizations and 2 services written to ");
	runs(f, "import", "hsds", out, "--format", "csv");
	prints(f, "organization,0,0,1,0,");
	assert_int_equal(run(f, "export", "hsds"), CLI_USAGE);
	complains(f, "Say --to DIR");
	assert_int_equal(run(f, "import", "hsds", "/none"), CLI_FAILED);
	complains(f, "There is no file or folder /none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(sheets_of_a_center_come_in_one_after_the_other),
		T(suggestion_covers_the_sheet_of_contacts),
		T(help_names_the_sections),
		T(directory_comes_in_and_goes_out),
	};

	return cmocka_run_group_tests_name("cli_import", tests, NULL, NULL);
}
