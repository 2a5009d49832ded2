/* The sections and fields that a mapping can feed, and by which headers the
 * fields are guessed. */
#include "regional/exchange/csv_item.h"

#define SECTION(name, what, table, member, ...)                              \
	{                                                                    \
		name, "csv-" what, table, offsetof(struct csv_item, member), \
			sizeof(((struct csv_item *)0)->member[0]),           \
			.many = true, __VA_ARGS__                            \
	}
/* The case has no place of its own in `imported`: it stands with its child. */
const struct csv_section_is csv_sections[CSV_SECTIONS] = {
	{"child", "csv-child", "child", offsetof(struct csv_item, child),
	 sizeof(struct csv_child), .keys = "", .must = ""},
	{"case", "csv-case", "child", offsetof(struct csv_item, kase),
	 sizeof(struct csv_case), .keys = "opened", .must = ""},
	SECTION("need", "need", "need", need, .keys = "domain found",
		.must = "domain"),
	SECTION("referral", "referral", "referral", referral,
		.keys = "organization service drafted sent", .must = ""),
	SECTION("staff", "staff", "staff", staff, .own = true, .keys = "name",
		.must = "name role started"),
	SECTION("organization", "organization", "organization", organization,
		.own = true, .keys = "name", .must = "name"),
	SECTION("service", "service", "service", service, .own = true,
		.keys = "organization name", .must = "name"),
	SECTION("family", "family", "family", family, .keys = "", .must = ""),
	SECTION("caregiver", "caregiver", "caregiver", caregiver,
		.keys = "name given surname", .must = ""),
	SECTION("coverage", "coverage", "coverage", coverage,
		.keys = "kind payer since", .must = "kind"),
	SECTION("benefit", "benefit", "benefit", benefit, .keys = "kind since",
		.must = "kind"),
	SECTION("practice", "practice", "practice", practice, .own = true,
		.keys = "name", .must = "name"),
	SECTION("consent", "consent", "consent", consent,
		.keys = "scopes organization signed_on",
		.must = "scopes signed_on"),
	SECTION("screening", "screening", "screening", screening,
		.keys = "instrument form respondent done",
		.must = "instrument done"),
	SECTION("level", "level", "need_level", level, .in_case = true,
		.keys = "since", .must = "since medical method version"),
	SECTION("assignment", "assignment", "assignment", assignment,
		.in_case = true, .keys = "staff since", .must = "staff since"),
	SECTION("goal", "goal", "care_goal", goal, .in_case = true,
		.keys = "goal action", .must = "goal begun"),
	SECTION("contact", "contact", "contact", contact, .in_case = true,
		.repeats = true, .keys = "happened mode party person",
		.must = "happened mode party made_by"),
	SECTION("visit", "visit", "ed_episode", visit,
		.keys = "visited facility", .must = "visited behavioral"),
};

static const char *const sexes[] = {"female", "male", "other", "unknown", NULL};
static const char *const outcomes[] = {"met", "unmet", NULL};
static const char *const capacities[] = {"capacity", "no-capacity", "waitlist",
					 "additional-assessment-required",
					 NULL};
static const char *const enrollments[] = {"enrolled", "not-enrolled",
					  "not-enrolled-on-waitlist", NULL};
static const char *const states[] = {
	"draft",       "requested", "accepted", "rejected",  "cancelled",
	"in-progress", "on-hold",   "failed",	"completed", NULL};
static const char *const answers[] = {"accepted", "declined", NULL};
static const char *const goal_states[] = {"open", "reached", "partly",
					  "dropped", NULL};
static const char *const action_states[] = {"open", "done", "dropped", NULL};

#define F(section, of, name, type, guess)                                  \
	{                                                                  \
		section, #name, type, offsetof(struct of, name),           \
			sizeof(((struct of *)0)->name), WORDS_COUNT, NULL, \
			guess                                              \
	}
#define WORD(section, of, name, words, guess)                              \
	{                                                                  \
		section, #name, CSV_CODE, offsetof(struct of, name),       \
			sizeof(((struct of *)0)->name), words, NULL, guess \
	}
#define OWN(section, of, name, own, guess)                                \
	{                                                                 \
		section, #name, CSV_CODE, offsetof(struct of, name),      \
			sizeof(((struct of *)0)->name), WORDS_COUNT, own, \
			guess                                             \
	}
#define CHILD(...) F(CSV_OF_CHILD, csv_child, __VA_ARGS__)
#define CASE(...) F(CSV_OF_CASE, csv_case, __VA_ARGS__)
#define NEED(...) F(CSV_OF_NEED, csv_need, __VA_ARGS__)
#define REF(...) F(CSV_OF_REFERRAL, csv_referral, __VA_ARGS__)
#define STAFF(...) F(CSV_OF_STAFF, csv_staff, __VA_ARGS__)
#define ORG(...) F(CSV_OF_ORGANIZATION, csv_organization, __VA_ARGS__)
#define SERVICE(...) F(CSV_OF_SERVICE, csv_service, __VA_ARGS__)
#define FAMILY(...) F(CSV_OF_FAMILY, csv_family, __VA_ARGS__)
#define CARER(...) F(CSV_OF_CAREGIVER, csv_caregiver, __VA_ARGS__)
#define COVER(...) F(CSV_OF_COVERAGE, csv_coverage, __VA_ARGS__)
#define BENEFIT(...) F(CSV_OF_BENEFIT, csv_coverage, __VA_ARGS__)
#define PRACTICE(...) F(CSV_OF_PRACTICE, csv_practice, __VA_ARGS__)
#define CONSENT(...) F(CSV_OF_CONSENT, csv_consent, __VA_ARGS__)
#define SCREEN(...) F(CSV_OF_SCREENING, csv_screening, __VA_ARGS__)
#define ENTRY(key, guess)                                                  \
	{                                                                  \
		CSV_OF_SCREENING, key, CSV_ENTRY,                          \
			offsetof(struct csv_screening, entry),             \
			sizeof(struct csv_entry), WORDS_COUNT, NULL, guess \
	}
#define LEVEL(...) F(CSV_OF_LEVEL, csv_level, __VA_ARGS__)
#define ASSIGN(...) F(CSV_OF_ASSIGNMENT, csv_assignment, __VA_ARGS__)
#define GOAL(...) F(CSV_OF_GOAL, csv_goal, __VA_ARGS__)
#define CONTACT(...) F(CSV_OF_CONTACT, csv_contact, __VA_ARGS__)
#define VISIT(...) F(CSV_OF_VISIT, csv_visit, __VA_ARGS__)
#define CODES(section, of, name, words, guess)                             \
	{                                                                  \
		section, #name, CSV_CODES, offsetof(struct of, name),      \
			sizeof(((struct of *)0)->name), words, NULL, guess \
	}

const struct csv_field csv_fields[] = {
	CHILD(source_id, CSV_SECRET,
	      "caseno casenumber caseid childid clientid id mrn recordnumber"),
	CHILD(given, CSV_SECRET, "first firstname given givenname childfirst"),
	CHILD(family, CSV_SECRET,
	      "last lastname family familyname surname childlast"),
	CHILD(birth, CSV_BIRTH, "dob birth birthdate dateofbirth birthday"),
	OWN(CSV_OF_CHILD, csv_child, sex, sexes, "sex gender"),
	CHILD(zip, CSV_ZIP, "zip zipcode postalcode"),
	CODES(CSV_OF_CHILD, csv_child, race, WORDS_RACE, "race races"),
	WORD(CSV_OF_CHILD, csv_child, ethnicity, WORDS_ETHNICITY,
	     "ethnicity hispanic"),
	WORD(CSV_OF_CHILD, csv_child, heard, WORDS_HEARD,
	     "heard howheard heardaboutus"),
	CASE(opened, CSV_DAY,
	     "opened caseopened intake intakedate dateopened enrolled"),
	CASE(closed, CSV_DAY, "caseclosed dateclosed closed closedate"),
	WORD(CSV_OF_CASE, csv_case, reason, WORDS_CLOSING,
	     "closereason reasonclosed closingreason"),
	CASE(intake, CSV_DAY, "intakeinterview interviewdate"),
	WORD(CSV_OF_CASE, csv_case, source, WORDS_SOURCE,
	     "referralsource sourcetype referredbytype"),
	CASE(source_name, CSV_TEXT, "referredby sourcename"),
	NEED(source_id, CSV_TEXT, "needid needno"),
	WORD(CSV_OF_NEED, csv_need, domain, WORDS_NEED,
	     "need needtype domain needdomain category"),
	WORD(CSV_OF_NEED, csv_need, by, WORDS_NEED_SOURCE,
	     "foundby needsource identifiedby"),
	NEED(found, CSV_DAY, "needfound needdate identified dateidentified"),
	NEED(closed, CSV_DAY, "needclosed needclosedate resolved"),
	OWN(CSV_OF_NEED, csv_need, outcome, outcomes,
	    "outcome needoutcome needmet met"),
	WORD(CSV_OF_NEED, csv_need, reason, WORDS_BARRIER,
	     "unmetreason unmetwhy needreason"),
	REF(source_id, CSV_TEXT, "referralid referralno"),
	REF(organization, CSV_TEXT,
	    "agency organization referredto provider program"),
	REF(service, CSV_TEXT, "service"),
	REF(drafted, CSV_DAY, "drafted"),
	REF(sent, CSV_DAY,
	    "sent datesent referred referraldate referreddate datereferred"),
	REF(accepted, CSV_DAY, "accepted dateaccepted"),
	REF(started, CSV_DAY, "started servicestarted startdate"),
	REF(held, CSV_DAY, "held onhold"),
	REF(rejected, CSV_DAY, "rejected daterejected"),
	REF(cancelled, CSV_DAY, "cancelled canceled"),
	REF(failed, CSV_DAY, "failed"),
	REF(completed, CSV_DAY, "completed datecompleted"),
	REF(contacted, CSV_DAY, "contacted familycontacted"),
	REF(received, CSV_DAY, "received servicereceived connected linked"),
	REF(addressed, CSV_DAY, "addressed needaddressed"),
	REF(satisfied, CSV_DAY, "satisfied"),
	OWN(CSV_OF_REFERRAL, csv_referral, state, states,
	    "status state referralstatus"),
	REF(state_on, CSV_DAY, "statusdate statedate statuson"),
	REF(answered, CSV_DAY, "answered answerdate"),
	OWN(CSV_OF_REFERRAL, csv_referral, capacity, capacities, "capacity"),
	OWN(CSV_OF_REFERRAL, csv_referral, enrollment, enrollments,
	    "enrollment enrolment"),
	WORD(CSV_OF_REFERRAL, csv_referral, reason, WORDS_BARRIER,
	     "reason barrier whynot gap"),
	REF(reason_on, CSV_DAY, "reasondate barrierdate"),
	REF(why, CSV_TEXT, "statusnote reasontext"),
	STAFF(name, CSV_TEXT, "staffname employee"),
	WORD(CSV_OF_STAFF, csv_staff, role, WORDS_STAFF_ROLE,
	     "role staffrole jobtitle"),
	STAFF(started, CSV_DAY, "hired hiredate staffstart"),
	STAFF(ended, CSV_DAY, "staffend lefton"),
	STAFF(fte, CSV_HUNDREDTHS, "fte"),
	ORG(source_id, CSV_TEXT, "organizationid agencyid orgid"),
	ORG(name, CSV_TEXT, "organizationname agencyname orgname"),
	WORD(CSV_OF_ORGANIZATION, csv_organization, sector, WORDS_SECTOR,
	     "sector agencytype organizationtype"),
	ORG(phone, CSV_TEXT, "organizationphone agencyphone"),
	ORG(web, CSV_TEXT, "website web url"),
	ORG(note, CSV_TEXT, "organizationnote agencynote"),
	ORG(active, CSV_YES, "organizationactive"),
	SERVICE(source_id, CSV_TEXT, "serviceid"),
	SERVICE(organization, CSV_TEXT, "offeredby"),
	SERVICE(name, CSV_TEXT, "servicename programname"),
	CODES(CSV_OF_SERVICE, csv_service, needs, WORDS_NEED,
	      "serviceneeds needsserved"),
	CODES(CSV_OF_SERVICE, csv_service, languages, WORDS_LANGUAGE,
	      "servicelanguages languagesspoken languages"),
	SERVICE(places, CSV_TEXT, "townsserved places servicearea"),
	SERVICE(eligibility, CSV_TEXT, "eligibility"),
	SERVICE(age_from, CSV_INT, "agefrom minage youngest"),
	SERVICE(age_to, CSV_INT, "ageto maxage oldest"),
	SERVICE(phone, CSV_TEXT, "servicephone programphone"),
	SERVICE(note, CSV_TEXT, "servicenote"),
	SERVICE(active, CSV_YES, "serviceactive"),
	SERVICE(verified, CSV_DAY, "verified dateverified"),
	SERVICE(verified_by, CSV_TEXT, "verifiedby"),
	SERVICE(seen, CSV_DAY, "openingsseen capacitydate"),
	SERVICE(openings, CSV_INT, "openings"),
	SERVICE(waiting, CSV_INT, "waiting waitlist"),
	SERVICE(wait_days, CSV_INT, "waitdays"),
	FAMILY(source_id, CSV_SECRET,
	       "familyid familyno householdid householdno"),
	FAMILY(name, CSV_SECRET, "household householdname familyname"),
	WORD(CSV_OF_FAMILY, csv_family, language, WORDS_LANGUAGE,
	     "language homelanguage primarylanguage languageathome"),
	FAMILY(interpreter, CSV_YES, "interpreter interpreterneeded"),
	FAMILY(address, CSV_SECRET, "address street streetaddress"),
	FAMILY(zip, CSV_ZIP, "familyzip homezip"),
	FAMILY(since, CSV_DAY, "livestheresince"),
	FAMILY(until, CSV_DAY, "livesthereuntil"),
	CARER(source_id, CSV_SECRET, "caregiverid parentid"),
	CARER(name, CSV_SECRET,
	      "caregiver parent guardian parentname "
	      "caregivername guardianname mother"),
	CARER(given, CSV_SECRET, "caregiverfirst parentfirst guardianfirst"),
	CARER(surname, CSV_SECRET, "caregiverlast parentlast guardianlast"),
	WORD(CSV_OF_CAREGIVER, csv_caregiver, relation, WORDS_RELATION,
	     "relation relationship relationtochild"),
	WORD(CSV_OF_CAREGIVER, csv_caregiver, custody, WORDS_CUSTODY,
	     "custody"),
	WORD(CSV_OF_CAREGIVER, csv_caregiver, authority, WORDS_AUTHORITY,
	     "authority maysignas"),
	CARER(since, CSV_DAY, "custodysince"),
	CARER(until, CSV_DAY, "custodyuntil"),
	WORD(CSV_OF_CAREGIVER, csv_caregiver, language, WORDS_LANGUAGE,
	     "caregiverlanguage parentlanguage"),
	CARER(interpreter, CSV_YES, "caregiverinterpreter parentinterpreter"),
	CARER(phone, CSV_SECRET,
	      "phone telephone parentphone caregiverphone cell mobile"),
	CARER(text, CSV_SECRET, "textnumber sms"),
	CARER(email, CSV_SECRET, "email parentemail caregiveremail"),
	CARER(mail, CSV_SECRET, "mailingaddress"),
	CARER(safe, CSV_YES, "safe safetocontact safecontact"),
	CARER(message, CSV_YES, "message leavemessage messageok voicemailok"),
	WORD(CSV_OF_CAREGIVER, csv_caregiver, preferred, WORDS_REACH,
	     "preferred preferredcontact contactby"),
	CARER(hours, CSV_TEXT, "besttime besthours"),
	CARER(active, CSV_YES, "caregiveractive"),
	WORD(CSV_OF_COVERAGE, csv_coverage, kind, WORDS_COVERAGE,
	     "insurance coverage insurancetype coveragetype"),
	COVER(payer, CSV_TEXT, "payer insurer plan healthplan"),
	COVER(member, CSV_SECRET, "memberid membernumber insuranceid"),
	COVER(since, CSV_DAY, "coveredsince insurancestart coveragestart"),
	COVER(until, CSV_AHEAD, "covereduntil insuranceend coverageend"),
	WORD(CSV_OF_BENEFIT, csv_coverage, kind, WORDS_BENEFIT,
	     "benefit benefits"),
	BENEFIT(since, CSV_DAY, "benefitsince"),
	BENEFIT(until, CSV_AHEAD, "benefituntil"),
	PRACTICE(name, CSV_TEXT, "practice pcp medicalhome primarycare"),
	PRACTICE(clinician, CSV_TEXT, "clinician doctor pediatrician pcpname"),
	PRACTICE(phone, CSV_TEXT, "practicephone pcpphone"),
	PRACTICE(fax, CSV_TEXT, "practicefax pcpfax"),
	PRACTICE(address, CSV_TEXT, "practiceaddress"),
	PRACTICE(zip, CSV_ZIP, "practicezip"),
	PRACTICE(medical_home, CSV_YES, "ismedicalhome"),
	PRACTICE(since, CSV_DAY, "practicesince"),
	CONSENT(source_id, CSV_TEXT, "consentid"),
	CODES(CSV_OF_CONSENT, csv_consent, scopes, WORDS_SCOPE,
	      "consent consentto consentscope"),
	CONSENT(organization, CSV_TEXT, "consenttoagency"),
	CONSENT(signer, CSV_SECRET, "signer signedby consentsignedby"),
	WORD(CSV_OF_CONSENT, csv_consent, authority, WORDS_AUTHORITY,
	     "signedas"),
	CONSENT(signed_on, CSV_DAY, "consentdate consentsigned signedon"),
	CONSENT(since, CSV_DAY, "consentsince"),
	CONSENT(until, CSV_AHEAD, "consentuntil consentexpires"),
	CONSENT(withdrawn, CSV_DAY, "consentwithdrawn"),
	CONSENT(why, CSV_TEXT, "withdrawnwhy"),
	SCREEN(source_id, CSV_TEXT, "screeningid"),
	SCREEN(instrument, CSV_INSTRUMENT, "screener instrument tool screen"),
	SCREEN(form, CSV_TEXT, "form screenerform"),
	SCREEN(done, CSV_DAY, "screened screeningdate screendate datescreened"),
	WORD(CSV_OF_SCREENING, csv_screening, respondent, WORDS_RESPONDENT,
	     "respondent answeredby"),
	SCREEN(domain, CSV_TEXT, "screeningdomain scale subscale"),
	ENTRY("score", "score screeningscore"),
	ENTRY("result", "result screeningresult"),
	ENTRY("cutoff", "cutoff"),
	ENTRY("answer", "answer"),
	LEVEL(since, CSV_DAY, "leveldate tierdate"),
	WORD(CSV_OF_LEVEL, csv_level, medical, WORDS_MEDICAL_TIER,
	     "medicaltier medicalcomplexity"),
	LEVEL(method, CSV_TEXT, "tiermethod levelmethod"),
	LEVEL(version, CSV_TEXT, "methodversion"),
	LEVEL(social, CSV_INT, "socialtier socialcomplexity"),
	LEVEL(why, CSV_TEXT, "levelwhy"),
	ASSIGN(staff, CSV_TEXT,
	       "coordinator carecoordinator assignedto worker "
	       "casemanager"),
	ASSIGN(since, CSV_DAY, "assigned assigneddate dateassigned"),
	ASSIGN(until, CSV_DAY, "assigneduntil"),
	ASSIGN(why, CSV_TEXT, "assignedwhy"),
	GOAL(source_id, CSV_TEXT, "goalid"),
	GOAL(goal, CSV_TEXT, "goal careplangoal"),
	WORD(CSV_OF_GOAL, csv_goal, need, WORDS_NEED, "goalneed"),
	GOAL(begun, CSV_DAY, "goaldate goalset plandate"),
	OWN(CSV_OF_GOAL, csv_goal, state, goal_states, "goalstatus goalstate"),
	GOAL(ended, CSV_DAY, "goalended goalreached"),
	GOAL(action, CSV_TEXT, "action task step"),
	GOAL(owner, CSV_TEXT, "owner actionowner responsible"),
	GOAL(due, CSV_AHEAD, "due duedate actiondue"),
	OWN(CSV_OF_GOAL, csv_goal, action_state, action_states,
	    "actionstatus taskstatus"),
	GOAL(action_ended, CSV_DAY, "actiondone actionended"),
	GOAL(wishes, CSV_TEXT, "wishes familywishes familypriority"),
	GOAL(agreed, CSV_DAY, "agreed planagreed"),
	GOAL(agreed_by, CSV_TEXT, "agreedby"),
	CONTACT(source_id, CSV_TEXT, "contactid"),
	CONTACT(happened, CSV_DAY, "contactdate dateofcontact calldate"),
	WORD(CSV_OF_CONTACT, csv_contact, mode, WORDS_MODE,
	     "contactmode mode contacttype"),
	WORD(CSV_OF_CONTACT, csv_contact, party, WORDS_PARTY,
	     "party contactwith spokewith"),
	CONTACT(person, CSV_SECRET, "contactperson personreached"),
	CONTACT(reached, CSV_YES, "reached"),
	CONTACT(minutes, CSV_INT, "minutes duration timespent"),
	WORD(CSV_OF_CONTACT, csv_contact, focus, WORDS_FOCUS, "focus topic"),
	WORD(CSV_OF_CONTACT, csv_contact, activity, WORDS_ACTIVITY, "activity"),
	WORD(CSV_OF_CONTACT, csv_contact, prevented, WORDS_PREVENTED,
	     "prevented"),
	CODES(CSV_OF_CONTACT, csv_contact, achieved, WORDS_ACHIEVED,
	      "achieved outcomes"),
	CONTACT(made_by, CSV_TEXT, "madeby contactby contactedby"),
	CONTACT(note, CSV_TEXT, "contactnote note notes"),
	VISIT(source_id, CSV_SECRET, "visitid visitno encounterid"),
	VISIT(visited, CSV_DAY, "edvisit edvisitdate visitdate"),
	VISIT(facility, CSV_TEXT, "facility ed hospital"),
	VISIT(behavioral, CSV_YES, "behavioral behavioralvisit"),
	VISIT(admitted, CSV_YES, "admitted"),
	VISIT(discharged, CSV_DAY, "discharged dischargedate"),
	VISIT(criteria, CSV_YES, "criteria meetscriteria"),
	OWN(CSV_OF_VISIT, csv_visit, enrolled, answers, "enrolledineccc"),
	VISIT(enrolled_on, CSV_DAY, "enrolledon enrollmentdate"),
	VISIT(crisis_plan, CSV_DAY, "crisisplan crisisplandate"),
	VISIT(followed_up, CSV_DAY, "followedup followup followupdate"),
	VISIT(note, CSV_TEXT, "visitnote"),
};
const int csv_field_count = sizeof csv_fields / sizeof *csv_fields;
