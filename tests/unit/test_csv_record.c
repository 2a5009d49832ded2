#include "tests/unit/csv_fix.h"

/* Sheets of the rest of the record: who is around a child, the work, the staff
 * and the directory. */

#define NUMBER "[child]\nsource_id = No\n"

static void add_reed(struct fix *f)
{
	check_ok(take(f, CHILD "zip = Zip\n[case]\nopened = Open\n",
		      "No,Last,DOB,Zip,Open\n"
		      "1,Reed,2018-03-02,06106,2025-01-10\n"
		      "2,Reed,2020-05-06,06106,2025-02-10\n"));
	counts(f, CSV_CHILD, 2, 0, 0, 0);
	counts(f, CSV_CASE, 2, 0, 0, 0);
}

/* The same sheet again changes nothing, not even the audit. */
static void again(struct fix *f)
{
	int64_t audit = number(f, "SELECT count(*) FROM audit");
	char before[DIGEST_TEXT], after[DIGEST_TEXT];

	digest_of(f->db, before);
	check_ok(run(f));
	digest_of(f->db, after);
	assert_string_equal(before, after);
	assert_int_equal(number(f, "SELECT count(*) FROM audit"), audit);
	assert_int_equal(f->res.kind[CSV_ROW].taken, 0);
	assert_int_equal(f->res.kind[CSV_ROW].updated, 0);
}

static void family_and_caregivers_are_shared_by_siblings(void **state)
{
	struct fix *f = *state;
	static const char map[] = NUMBER
		"[family]\nsource_id = House\nname = Household\n"
		"language = Language\ninterpreter = Interpreter\n"
		"address = Street\nzip = Zip\n"
		"[family language values]\nEspa\xc3\xb1ol = spanish\n"
		"[caregiver]\nname = Parent\nrelation = Is\n"
		"custody = Custody\nauthority = Signs\nphone = Phone\n"
		"email = Mail\nsafe = Safe\nmessage = Voicemail\n"
		"preferred = By\nhours = When\n"
		"[caregiver 2]\ngiven = First 2\nsurname = Last 2\n"
		"relation = Is 2\n";
	static const char rows[] =
		"No,House,Household,Language,Interpreter,Street,Zip,Parent,Is,"
		"Custody,Signs,Phone,Mail,Safe,Voicemail,By,When,First 2,"
		"Last 2,Is 2\n"
		"1,H7,Reed-Lopez,Espa\xc3\xb1ol,Y,\"1 Elm St, 2\",06106,"
		"\"Lopez, Ana\",Mother,joint,Parent,860-555-0101,"
		"ana@example.org,yes,no,phone,after 5,Sam,Reed,Father\n"
		"2,H7,,,,,,Ana Lopez,Mother,joint,Parent,860-555-0101,,yes,no,"
		"phone,,,,\n";

	add_reed(f);
	check_ok(take(f, map, rows));
	counts(f, CSV_FAMILY, 1, 1, 0, 0);
	counts(f, CSV_CAREGIVER, 3, 0, 0, 0);
	assert_string_equal(text(f, "SELECT name || language || interpreter ||"
				    " address || zip FROM family"),
			    "Reed-Lopezspanish11 Elm St, 206106");
	assert_int_equal(number(f, "SELECT count(*) FROM family_child WHERE"
				   " family = 1"),
			 2);
	assert_string_equal(text(f, "SELECT group_concat(given || surname)"
				    " FROM caregiver"),
			    "AnaLopez,SamReed");
	assert_int_equal(number(f, "SELECT count(*) FROM custody WHERE"
				   " relation = 'mother' AND authority ="
				   " 'parent' AND custody = 'joint'"),
			 2);
	assert_string_equal(text(f, "SELECT way || value || safe || message ||"
				    " preferred || hours FROM reach"
				    " WHERE preferred"),
			    "phone860-555-0101101after 5");
	again(f);
}

static void unsafe_way_is_never_the_preferred_one(void **state)
{
	struct fix *f = *state;

	add_reed(f);
	check_ok(take(f,
		      NUMBER "[caregiver]\nname = Parent\nphone = Phone\n"
			     "safe = Safe\npreferred = By\n",
		      "No,Parent,Phone,Safe,By\n"
		      "1,Ana Reed,860-555-0101,no,phone\n"
		      "2,Ana Reed,860-555-0101,,\n"
		      "2,,860-555-0101,,\n"));
	said(f, "2 By: only a safe way");
	said(f, "4 Parent: a caregiver needs a name");
	assert_string_equal(text(f, "SELECT safe || message || preferred"
				    " FROM reach"),
			    "000");
}

static void origin_coverage_practice_and_intake_come_in(void **state)
{
	struct fix *f = *state;
	static const char map[] = CHILD
		"race = Race\nethnicity = Hispanic\nheard = Heard\n"
		"[child ethnicity values]\nY = hispanic\nN = not-hispanic\n"
		"[child race values]\nAA = black\n"
		"[case]\nopened = Open\nintake = Intake\nsource = From\n"
		"source_name = Who\n"
		"[coverage]\nkind = Plan\npayer = Payer\nmember = Card\n"
		"since = Since\nuntil = Until\n"
		"[coverage 2]\nkind = Plan 2\nsince = Since 2\n"
		"[benefit]\nkind = Gets\n"
		"[practice]\nname = PCP\nclinician = Doctor\nsince = PCP on\n"
		"phone = PCP phone\nmedical_home = Home\n";
	static const char rows[] =
		"No,Last,DOB,Race,Hispanic,Heard,Open,Intake,From,Who,Plan,"
		"Payer,Card,Since,Until,Plan 2,Since 2,Gets,PCP,Doctor,PCP on,"
		"PCP phone,Home\n"
		"1,Reed,2018-03-02,\"AA; White\",N,school,2025-01-10,"
		"2025-01-12,practice,Dr. Lee,CHIP,HUSKY B,77,2024-01-01,"
		"2024-12-31,medicaid,2025-01-01,SNAP,Elm Pediatrics,Dr. Lee,"
		"2024-01-05,860-555-0102,yes\n"
		"2,Lake,2018-03-02,\"White, unknown\",N,,,,,,,,,,,,,,,,,,\n"
		"3,Pond,2018-03-02,purple,,,,,,,,,,,,,,,,,,,\n";

	check_ok(take(f, map, rows));
	counts(f, CSV_ROW, 1, 0, 0, 2);
	counts(f, CSV_COVERAGE, 2, 0, 0, 0);
	said(f, "3 : The race \"unknown\" can't stand beside");
	said(f, "4 Race: \"purple\" is not one of: american-indian");
	assert_string_equal(text(f, "SELECT (SELECT group_concat(race) FROM"
				    " child_race) || c.ethnicity || c.heard ||"
				    " k.intake || k.source || k.source_name"
				    " FROM child c, care_case k"),
			    "black,whitenot-hispanicschool2025-01-12practice"
			    "Dr. Lee");
	assert_string_equal(text(f, "SELECT group_concat(kind || since ||"
				    " ifnull(until, '')) FROM coverage"),
			    "chip2024-01-012024-12-31,medicaid2025-01-01");
	assert_string_equal(text(f, "SELECT p.name || p.medical_home || p.phone"
				    " || c.clinician || c.since FROM practice p"
				    " JOIN child_practice c"
				    " ON c.practice = p.id"),
			    "Elm Pediatrics1860-555-0102Dr. Lee2024-01-05");
	again(f);
}

static void consent_wants_one_who_may_sign(void **state)
{
	struct fix *f = *state;
	static const char map[] = NUMBER
		"[caregiver]\nname = Parent\nrelation = Is\n"
		"authority = Signs\n"
		"[consent]\nscopes = For\nsigned_on = Signed\nuntil = Until\n"
		"signer = By\norganization = To\nwithdrawn = Back\n"
		"[consent scopes values]\nAll = coordinate\n";

	add_reed(f);
	check_ok(take(f, map,
		      "No,Parent,Is,Signs,For,Signed,Until,By,To,Back\n"
		      "1,Ana Reed,mother,parent,\"refer, share-plan\","
		      "2025-01-10,2027-01-10,,Town Pantry,\n"
		      "2,Ana Reed,mother,,All,2025-02-10,,Ana Reed,,\n"));
	counts(f, CSV_CONSENT, 1, 0, 0, 1);
	assert_int_equal(f->res.why[CSV_NO_SIGNER], 1);
	said(f, "3 : consent: nobody on record could sign");
	assert_string_equal(text(f, "SELECT authority || since || until || name"
				    " FROM consent c JOIN organization o"
				    " ON o.id = c.organization"),
			    "parent2025-01-102027-01-10Town Pantry");
	assert_int_equal(number(f, "SELECT count(*) FROM consent_scope"), 2);
	/* Taken back later, in the same sheet. */
	check_ok(take(f, map,
		      "No,Parent,Is,Signs,For,Signed,Until,By,To,Back\n"
		      "1,Ana Reed,mother,parent,\"refer, share-plan\","
		      "2025-01-10,2027-01-10,,Town Pantry,2026-01-01\n"));
	counts(f, CSV_CONSENT, 0, 1, 0, 0);
	assert_string_equal(text(f, "SELECT withdrawn FROM consent"),
			    "2026-01-01");
	again(f);
}

static void screenings_are_scored_by_domain(void **state)
{
	struct fix *f = *state;

	add_reed(f);
	check_ok(take(f,
		      NUMBER "[screening]\ninstrument = Tool\nform = Form\n"
			     "done = On\nrespondent = By\n"
			     "score.communication = Comm\n"
			     "cutoff.communication = Cut\n"
			     "result.gross-motor = Gross\n"
			     "[screening instrument values]\nASQ = ASQ-3\n",
		      "No,Tool,Form,On,By,Comm,Cut,Gross\n"
		      "2,ASQ,36,2023-05-10,parent,20,\"30.99, 37\",refer\n"
		      "2,PHQ,,2025-06-01,parent,,,\n"
		      "2,ASQ,99,2025-06-01,parent,20,30,\n"));
	counts(f, CSV_SCREENING, 1, 0, 0, 2);
	said(f, "3 Tool: \"PHQ\" is not one of: ");
	said(f, "4 : screening: \"99\" is not a form of ASQ-3");
	assert_string_equal(text(f, "SELECT group_concat(domain || result ||"
				    " ifnull(score, '')) FROM"
				    " (SELECT * FROM screening_result"
				    " WHERE result <> 'no-result'"
				    " ORDER BY domain)"),
			    "communicationrefer2000,gross-motorrefer");
	again(f);
}

static void rows_of_domains_are_one_screening(void **state)
{
	struct fix *f = *state;
	static const char map[] = NUMBER
		"[screening]\ninstrument = Tool\ndone = On\n"
		"domain = Scale\nscore = Score\n"
		"[screening respondent values]\n- = -\n";

	add_reed(f);
	check_ok(take(f, map,
		      "No,Tool,On,Scale,Score\n"
		      "1,PSC-17,2025-06-01,internalizing,6\n"
		      "1,PSC-17,2025-06-01,attention,3\n"
		      "1,PSC-17,2025-06-01,externalizing,2\n"
		      "1,PSC-17,2025-06-01,mood,2\n"
		      "1,PSC-17,2025-07-01,,2\n"));
	said(f, "5 Scale: \"mood\" is not a domain of PSC-17; there are: ");
	said(f, "6 Scale: the instrument has several domains");
	assert_int_equal(number(f, "SELECT count(*) FROM screening"), 1);
	assert_int_equal(number(f, "SELECT score FROM screening_result"
				   " WHERE domain = 'internalizing'"),
			 600);
	again(f);
	/* A score that was mistyped: the old one was entered in error. */
	check_ok(take(f, map,
		      "No,Tool,On,Scale,Score\n"
		      "1,PSC-17,2025-06-01,internalizing,4\n"
		      "1,PSC-17,2025-06-01,attention,3\n"
		      "1,PSC-17,2025-06-01,externalizing,2\n"));
	counts(f, CSV_SCREENING, 0, 1, 2, 0);
	assert_int_equal(number(f, "SELECT count(*) FROM screening"
				   " WHERE errored IS NULL"),
			 1);
	again(f);
}

static void levels_and_assignments_have_their_days(void **state)
{
	struct fix *f = *state;
	static const char staff[] =
		"[staff]\nname = Name\nrole = Role\nstarted = From\n"
		"ended = To\nfte = FTE\n";
	static const char map[] = NUMBER
		"[level]\nsince = On\nmedical = Tier\nmethod = By\n"
		"version = V\nsocial = Social\n"
		"[assignment]\nstaff = Worker\nsince = Since\n";
	static const char rows[] =
		"No,On,Tier,By,V,Social,Worker,Since\n"
		"1,2025-01-12,non-complex,PMCA,3.0,2,Kim Doe,2025-01-10\n"
		"1,2025-06-12,complex,PMCA,3.0,,Lee Roe,2025-06-10\n"
		"2,2024-01-12,none,PMCA,3.0,,,\n"
		"2,,,,,,Nobody Here,2025-03-01\n";

	add_reed(f);
	check_ok(take(f, staff,
		      "Name,Role,From,To,FTE\n"
		      "Kim Doe,nurse,2020-01-01,,0.75\n"
		      "Lee Roe,Community care coordinator,2021-01-01,,1\n"
		      "Lee Roe,coordinator,,,1\n"));
	counts(f, CSV_STAFF, 2, 0, 0, 1);
	said(f, "4 From: it is empty, and the rest of it is not");
	assert_int_equal(number(f, "SELECT fte FROM staff_fte"
				   " WHERE staff = 1"),
			 75);
	check_ok(take(f, map, rows));
	counts(f, CSV_LEVEL, 2, 0, 0, 1);
	counts(f, CSV_ASSIGNMENT, 2, 0, 0, 1);
	assert_int_equal(f->res.why[CSV_NO_CASE], 1);
	assert_int_equal(f->res.why[CSV_NO_STAFF], 1);
	assert_string_equal(text(f, "SELECT group_concat(since || medical ||"
				    " social || ifnull(why, '')) FROM"
				    " need_level"),
			    "2025-01-12non-complex2as the sheet has it,"
			    "2025-06-12complex0");
	assert_string_equal(text(f, "SELECT group_concat(staff || since ||"
				    " ifnull(until, '')) FROM assignment"),
			    "12025-01-102025-06-10,22025-06-10");
	again(f);
}

static void goals_and_actions_make_a_plan(void **state)
{
	struct fix *f = *state;
	static const char map[] = NUMBER
		"[goal]\ngoal = Goal\nneed = Need\nbegun = Set\n"
		"state = How\nended = End\naction = Step\nowner = Who\n"
		"due = Due\naction_state = Done\naction_ended = Done on\n"
		"wishes = Wish\nagreed = Agreed\nagreed_by = By\n";
	static const char rows[] =
		"No,Goal,Need,Set,How,End,Step,Who,Due,Done,Done on,Wish,"
		"Agreed,By\n"
		"1,Speech therapy,,2025-02-01,,,Call B23,Kim,2027-01-01,,,"
		"To talk,2025-02-10,Ana\n"
		"1,Speech therapy,,2025-02-01,,,Send form,Ana,,done,"
		"2025-02-09,,2025-02-10,Ana\n"
		"1,Food at home,food,2025-02-01,reached,2025-02-08,,,,,,,"
		"2025-02-10,Ana\n"
		"2,No owner,,2025-03-01,,,Call,,,,,,,\n";

	add_reed(f);
	check_ok(take(f, map, rows));
	counts(f, CSV_GOAL, 3, 0, 0, 1);
	said(f, "5 Who: an action needs somebody");
	assert_string_equal(text(f, "SELECT started || wishes || agreed ||"
				    " agreed_by || finalized FROM care_plan"),
			    "2025-02-01To talk2025-02-10Ana2025-02-10");
	assert_string_equal(text(f, "SELECT group_concat(g.goal || g.state ||"
				    " ifnull(a.action || a.state, '')) FROM"
				    " care_goal g LEFT JOIN care_action a"
				    " ON a.goal = g.id"),
			    "Speech therapyopenCall B23open,"
			    "Speech therapyopenSend formdone,"
			    "Food at homereached");
	again(f);
}

static void contacts_of_one_day_are_several(void **state)
{
	struct fix *f = *state;
	static const char map[] = NUMBER
		"[contact]\nhappened = On\nmode = How\nparty = With\n"
		"reached = Reached\nminutes = Min\nmade_by = By\n"
		"achieved = Came\nnote = Note\n"
		"[contact mode values]\nCall = phone\n";
	static const char rows[] =
		"No,On,How,With,Reached,Min,By,Came,Note\n"
		"1,2025-02-01,Call,family,n,2,Kim,,no answer\n"
		"1,2025-02-01,Call,family,y,15,Kim,"
		"\"advised; referred-agency\",\"talked\nlong\"\n"
		"1,2025-02-01,Call,family,n,2,Kim,,no answer\n"
		"1,2025-02-01,Call,family,,2,Kim,,\n"
		"1,2024-02-01,Call,family,y,2,Kim,,\n"
		"1,2025-02-03,Call,family,y,2000,Kim,,x\n"
		"1,2025-02-03,Call,family,y,-2,Kim,,x\n"
		"9,2025-02-03,Call,family,y,2,Kim,,x\n";

	add_reed(f);
	check_ok(take(f, map, rows));
	counts(f, CSV_CONTACT, 2, 0, 1, 5);
	said(f, "6 Reached: say yes, or no for an attempt");
	said(f, "7 : contact: the child has no case on that day");
	said(f, "8 : contact: ");
	said(f, "9 Min: a whole number is wanted");
	said(f, "10 : its child is not here");
	check_ok(take(f, map,
		      "No,On,How,With,Reached,Min,By,Came,Note\n"
		      "1,2025-02-01,Call,family,n,2,Kim,,no answer\n"
		      "1,2025-02-01,Call,family,y,15,Kim,"
		      "\"advised; referred-agency\",talked\n"
		      "1,2025-02-01,Call,family,n,2,Kim,,no answer\n"));
	counts(f, CSV_CONTACT, 0, 1, 2, 0);
	assert_string_equal(text(f, "SELECT group_concat(reached || minutes ||"
				    " note) FROM contact"),
			    "02no answer,115talked");
	assert_int_equal(number(f, "SELECT count(*) FROM contact_achieved"), 2);
	again(f);
	check_ok(take(f, map,
		      "No,On,How,With,Reached,Min,By,Came,Note\n"
		      "1,2025-02-01,Call,family,n,3,Kim,,no answer\n"
		      "1,2025-02-01,Call,family,y,15,Kim,advised,talked\n"));
	counts(f, CSV_CONTACT, 0, 2, 0, 0);
	assert_int_equal(number(f, "SELECT count(*) FROM contact"), 2);
	assert_int_equal(number(f, "SELECT count(*) FROM contact_achieved"), 1);
}

static void visits_have_what_followed(void **state)
{
	struct fix *f = *state;
	static const char map[] = NUMBER
		"[visit]\nvisited = On\nfacility = ED\nbehavioral = BH\n"
		"admitted = In\ndischarged = Out\ncriteria = Meets\n"
		"enrolled = ECCC\nenrolled_on = ECCC on\n"
		"followed_up = Follow-up\n";

	add_reed(f);
	check_ok(take(f, map,
		      "No,On,ED,BH,In,Out,Meets,ECCC,ECCC on,Follow-up\n"
		      "1,2025-03-01,St. Mary,x,,2025-03-02,1,accepted,"
		      "2025-03-02,2025-03-06\n"
		      "1,2025-05-01,St. Mary,0,0,2025-04-02,,,,\n"
		      "1,2025-05-01,St. Mary,maybe,,,,,,\n"));
	counts(f, CSV_VISIT, 1, 0, 0, 2);
	said(f, "3 Out: it is before its beginning");
	said(f, "4 BH: \"maybe\" is not one of: yes, no");
	again(f);
	check_ok(take(f, map,
		      "No,On,ED,BH,In,Out,Meets,ECCC,ECCC on,Follow-up\n"
		      "1,2025-03-01,St. Mary,x,y,2025-03-02,1,accepted,"
		      "2025-03-02,2025-03-06\n"));
	counts(f, CSV_VISIT, 0, 1, 0, 0);
	assert_int_equal(number(f, "SELECT admitted FROM ed_episode"), 1);
}

static void directory_stands_in_a_sheet_without_children(void **state)
{
	struct fix *f = *state;
	static const char map[] =
		"[organization]\nname = Agency\nsector = Kind\nphone = Phone\n"
		"web = Web\n"
		"[service]\norganization = Agency\nname = Program\n"
		"needs = For\nlanguages = Speaks\nplaces = Towns\n"
		"age_from = From\nage_to = To\nopenings = Open\n"
		"seen = Seen\nverified = Checked\n";
	static const char rows[] =
		"Agency,Kind,Phone,Web,Program,For,Speaks,Towns,From,To,Open,"
		"Seen,Checked\n"
		"Town Pantry,Food,860-555-0103,pantry.example,Box,"
		"\"food, financial\",\"english, spanish\","
		"\"Hartford; New Britain\",0,18,4,2026-10-01,2026-10-02\n"
		"Town Pantry,,,,Garden,food,,,,,,,\n"
		"Elm Clinic,hospital,,,Nurse line,medical,,,9,4,,,\n";

	check_ok(take(f, map, rows));
	counts(f, CSV_ORGANIZATION, 1, 0, 1, 1);
	counts(f, CSV_SERVICE, 2, 0, 0, 1);
	counts(f, CSV_CHILD, 0, 0, 0, 0);
	said(f, "4 To: it is before its beginning");
	assert_string_equal(text(f, "SELECT group_concat(offered_by || name ||"
				    " sector || ifnull(age_to, '') ||"
				    " ifnull(openings, '')) FROM"
				    " service_listing"),
			    "Town PantryBoxfood184,Town PantryGardenfood");
	assert_int_equal(number(f, "SELECT count(*) FROM service_place"), 2);
	again(f);
}

static void mapping_asks_for_what_a_record_needs(void **state)
{
	static const struct {
		const char *map, *says;
	} list[] = {
		{"[contact]\nhappened = On\n",
		 "map.conf: line 2: [contact] is of a child"},
		{NUMBER "[contact]\nhappened = On\n",
		 "map.conf: line 4: [contact] wants \"mode\""},
		{NUMBER "[screening]\ninstrument = T\ndone = D\nscore. = S\n",
		 "[screening] has no field score.; it has: source_id"},
		{NUMBER "[screening]\ninstrument = T\ndone = D\n"
			"score.a = S\nscore.a = S\n",
		 "map.conf:7: score.a is given twice"},
		{NUMBER "[screening instrument values]\nX = ASQ-9\n",
		 "\"ASQ-9\" is not one of: AHC-HRSN, ASQ-3"},
		{NUMBER "[contact 7]\nhappened = On\n",
		 "there is no section [contact 7]; there are [file], [child]"},
		{"[file]\nsource = x\n", "[child] wants"},
	};
	struct fix *f = *state;

	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		assert_int_equal(take(f, list[i].map, "No,On\n"), E_INVALID);
		check_says(list[i].says);
	}
}

static void child_is_found_by_names_where_no_number_is(void **state)
{
	struct fix *f = *state;

	check_ok(take(f, CHILD, "No,Last,DOB\n1,Reed,2018-03-02\n"));
	check_ok(take(f,
		      "[child]\nfamily = Last\nbirth = DOB\n"
		      "[family]\nlanguage = Speaks\n",
		      "Last,DOB,Speaks\nReed,2018-03-02,Polish\n"));
	counts(f, CSV_CHILD, 0, 0, 1, 0);
	assert_int_equal(number(f, "SELECT count(*) FROM child"), 1);
	assert_string_equal(text(f, "SELECT language FROM family"), "polish");
	again(f);
}

static void formulas_are_only_text(void **state)
{
	struct fix *f = *state;

	add_reed(f);
	check_ok(take(f, NUMBER "[caregiver]\nname = Parent\nphone = Phone\n",
		      "No,Parent,Phone\n"
		      "1,\"=HYPERLINK(\"\"http://x\"\")\",+1 860\n"
		      "2,\"@SUM(A1)\",-1\n"));
	counts(f, CSV_CAREGIVER, 2, 0, 0, 0);
	assert_string_equal(text(f, "SELECT given FROM caregiver"),
			    "=HYPERLINK(\"http://x\")");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(family_and_caregivers_are_shared_by_siblings),
		T(unsafe_way_is_never_the_preferred_one),
		T(origin_coverage_practice_and_intake_come_in),
		T(consent_wants_one_who_may_sign),
		T(screenings_are_scored_by_domain),
		T(rows_of_domains_are_one_screening),
		T(levels_and_assignments_have_their_days),
		T(goals_and_actions_make_a_plan),
		T(contacts_of_one_day_are_several),
		T(visits_have_what_followed),
		T(directory_stands_in_a_sheet_without_children),
		T(mapping_asks_for_what_a_record_needs),
		T(child_is_found_by_names_where_no_number_is),
		T(formulas_are_only_text),
	};

	return cmocka_run_group_tests_name("csv_record", tests, NULL, NULL);
}
