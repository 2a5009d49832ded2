/* The fields that a mapping can feed, and by which headers they are guessed. */
#include "regional/exchange/csv_item.h"

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

const struct csv_field csv_fields[] = {
	CHILD(source_id, CSV_SECRET,
	      "caseno casenumber caseid childid clientid id mrn recordnumber"),
	CHILD(given, CSV_SECRET, "first firstname given givenname childfirst"),
	CHILD(family, CSV_SECRET,
	      "last lastname family familyname surname childlast"),
	CHILD(birth, CSV_BIRTH, "dob birth birthdate dateofbirth birthday"),
	OWN(CSV_OF_CHILD, csv_child, sex, sexes, "sex gender"),
	CHILD(zip, CSV_ZIP, "zip zipcode postalcode"),
	CASE(opened, CSV_DAY,
	     "opened caseopened intake intakedate dateopened enrolled"),
	CASE(closed, CSV_DAY, "caseclosed dateclosed closed closedate"),
	WORD(CSV_OF_CASE, csv_case, reason, WORDS_CLOSING,
	     "closereason reasonclosed closingreason"),
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
};
const int csv_field_count = sizeof csv_fields / sizeof *csv_fields;

const char *csv_section_text(enum csv_section section)
{
	static const char *const text[] = {"child", "case", "need", "referral"};

	return text[section];
}
