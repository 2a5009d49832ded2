/* simulate_rates: every rate that shapes made-up data, with where it is from,
 * and draws by them. For the simulator only.
 *
 * What is "assumed" was chosen so that each band, answer and reason occurs, not
 * to describe any region. Rates of one draw stand together, in its order; where
 * a rate is of another population than a center's (a primary care practice, a
 * Medicaid program), its line names the publication and the text says whose.
 * Any thread. */
#ifndef CCFED_SIMULATE_RATES_H
#define CCFED_SIMULATE_RATES_H

#include <stdbool.h>

#include "regional/case/simulate.h"

struct rng; /* daemon/core/rand.h */

#define FROM_CCC "aha.org case study 2016-08-26, Center for Care Coordination"
#define FROM_MODEL \
	"aha.org case study 2018-02-01, Care Coordination Collaborative"
#define FROM_METRO "PMC8679017, MetroHealth 2021"
#define FROM_ECC "advancingkids.org 2017-05-02, Enhanced Care Coordination"
#define FROM_EDMH "follow-up after pediatric MH ED visits, Medicaid 2018-2019"
#define FROM_JDBP "PMC4064124, JDBP 2014 Table 2"
#define FROM_CMC6 "Pediatrics, care coordination activities, six practices"
#define FROM_FECC "PubMed 28373108, FECC 2013"
#define FROM_NSCH "2016 NSCH, Lebrun-Harris (documents.pub)"

/* Figures of Connecticut households and of synthetic encounters stand with the
 * folder of test material, calibration/; the others in its
 * domain/published_figures.csv. tests/unit/test_simulate_rates.c compares. */
#define FROM_DCWS \
	"DataHaven survey of Connecticut adults 2021, children at home"
#define FROM_HMG "Help Me Grow Orange County, three-year report 2016-2018"
#define FROM_SYNTHEA "encounters of 27 synthetic children (Synthea)"

#define SIMULATE_RATES(X)                                                      \
	X(NEED_DEVELOPMENTAL, "needs: developmental", 20, "assumed")           \
	X(NEED_BEHAVIORAL,                                                     \
	  "needs: behavioral, as of concerns of Help Me Grow", 20, FROM_HMG)   \
	X(NEED_MEDICAL, "needs: medical", 13, "assumed")                       \
	X(NEED_FOOD, "needs: food (14 % of households with children)", 8.4,    \
	  FROM_DCWS)                                                           \
	X(NEED_HOUSING, "needs: housing (10 %)", 6, FROM_DCWS)                 \
	X(NEED_TRANSPORTATION, "needs: transportation (12 %)", 7.2, FROM_DCWS) \
	X(NEED_EDUCATION, "needs: education", 9, "assumed")                    \
	X(NEED_SUPPORT, "needs: family", 7, "assumed")                         \
	X(NEED_FINANCIAL, "needs: financial", 4, "assumed")                    \
	X(NEED_INSURANCE, "needs: insurance", 3, "assumed")                    \
	X(NEED_DENTAL, "needs: dental", 1.9, "assumed")                        \
	X(NEED_UTILITIES, "needs: utilities", 0.5, "assumed")                  \
	X(ONE_REFERRAL, "children with one referral", 40, "assumed")           \
	X(TWO_REFERRALS, "with two", 30, "assumed")                            \
	X(THREE_REFERRALS, "with three", 20, "assumed")                        \
	X(FOUR_REFERRALS, "with four", 10, "assumed")                          \
	X(SAME_NEED, "later referrals for the first need", 25, "assumed")      \
	X(LINKED_90, "referrals linked within 90 days", 60, "assumed")         \
	X(LINKED_LATER, "referrals linked after 90 days", 6, "assumed")        \
	X(DAYS_0_15, "of those linked in 90 days: day 0-15", 30, "assumed")    \
	X(DAYS_16_30, "day 16-30", 28, "assumed")                              \
	X(DAYS_31_60, "day 31-60", 27, "assumed")                              \
	X(DAYS_61_90, "day 61-90", 15, "assumed")                              \
	X(WAITLIST_FIRST, "linked, after a waitlist", 10, "assumed")           \
	X(ASSESS_FIRST, "linked, after an assessment", 5, "assumed")           \
	X(ADDRESSED, "linked families whose need is addressed", 75, "assumed") \
	X(SATISFIED, "linked families satisfied", 85, "assumed")               \
	X(PAUSED, "linked, on hold for a time", 6, "assumed")                  \
	X(CONTACTED, "not linked, but in contact", 40, "assumed")              \
	X(NO_REASON, "not linked, no reason on record", 15, "assumed")         \
	X(REASON_LATE, "reasons recorded after day 90", 10, "assumed")         \
	X(IN_ERROR, "referrals entered in error", 0.5, "assumed")              \
	X(CASE_CLOSED, "cases closed when all needs are; others later", 92,    \
	  "assumed")                                                           \
	X(MOVED, "closed cases: moved to another region", 3, "assumed")        \
	X(REOPENED, "closed cases that are opened again", 5, "assumed")        \
	X(P_CONNECTED, "published: children linked, 8,029 of 12,500", 64.232,  \
	  FROM_CCC)                                                            \
	X(P_SATISFIED, "published: linked families satisfied", 97, FROM_MODEL) \
	X(P_UNREACHABLE, "published: not linked, 151 of 262 unreachable",      \
	  57.6, FROM_METRO)                                                    \
	X(P_UNKNOWN, "published: 71 of 262 no reason", 27.1, FROM_METRO)       \
	X(P_DECLINED, "published: 30 of 262 declined", 11.5, FROM_METRO)       \
	X(P_OTHER, "published: 10 of 262 other", 3.8, FROM_METRO)              \
	X(SIBLING, "children who join a family that is known", 12, "assumed")  \
	X(SECOND_CAREGIVER, "children with a second caregiver", 45, "assumed") \
	X(TWO_HOMES, "of those: the second one lives elsewhere", 25,           \
	  "assumed")                                                           \
	X(EMAIL, "families who gave an e-mail address", 35, "assumed")         \
	X(OTHER_PROGRAM, "children whom another program coordinates too", 26,  \
	  "assumed")                                                           \
	X(TWO_PROGRAMS, "of those: two other programs", 25, "assumed")         \
	X(OTHER_LEADS, "of those programs: that one leads", 18, "assumed")     \
	X(HAS_SCAN, "children with a scanned document", 7, "assumed")          \
	X(HISPANIC, "children of Hispanic ethnicity", 30, "assumed")           \
	X(NOT_HISPANIC, "not Hispanic", 62, "assumed")                         \
	X(ETHNICITY_DECLINED, "who do not say", 8, "assumed")                  \
	X(SPANISH, "Hispanic families who speak Spanish at home", 60,          \
	  "assumed")                                                           \
	X(ENGLISH, "of the other families: English", 88, "assumed")            \
	X(PORTUGUESE, "Portuguese", 3, "assumed")                              \
	X(POLISH, "Polish", 2, "assumed")                                      \
	X(HAITIAN, "Haitian Creole", 2, "assumed")                             \
	X(ARABIC, "Arabic", 1.5, "assumed")                                    \
	X(VIETNAMESE, "Vietnamese", 1.5, "assumed")                            \
	X(OTHER_LANGUAGE, "another language", 2, "assumed")                    \
	X(INTERPRETER, "of those without English: interpreter needed", 60,     \
	  "assumed")                                                           \
	X(MEDICAID, "children with Medicaid", 58, "assumed")                   \
	X(CHIP, "with CHIP", 8, "assumed")                                     \
	X(EMPLOYER, "with an employer's insurance", 26, "assumed")             \
	X(MARKETPLACE, "with a marketplace's", 3, "assumed")                   \
	X(UNINSURED, "uninsured, as adults with children at home", 5,          \
	  FROM_DCWS)                                                           \
	X(SNAP, "Medicaid families with SNAP", 50, "assumed")                  \
	X(WIC, "children of Medicaid under 5 with WIC", 50, "assumed")         \
	X(SCHOOL_MEALS, "children of Medicaid, 5-17: school meals", 60,        \
	  "assumed")                                                           \
	X(CHILD_CARE, "of Medicaid under 13: child care subsidy", 8,           \
	  "assumed")                                                           \
	X(TANF, "Medicaid families with cash assistance", 5, "assumed")        \
	X(ENERGY, "families with energy assistance", 10, "assumed")            \
	X(VOUCHER, "families with a housing voucher", 6, "assumed")            \
	X(SSI, "children with SSI", 4, "assumed")                              \
	X(WAIVER, "children with a Medicaid waiver", 1.5, "assumed")           \
	X(KATIE_BECKETT, "children of no Medicaid: Katie Beckett", 1.5,        \
	  "assumed")                                                           \
	X(RESPITE, "families with respite funds", 3, "assumed")                \
	X(WHITE, "white children", 48, "assumed")                              \
	X(BLACK, "Black children", 19, "assumed")                              \
	X(ASIAN, "Asian children", 6, "assumed")                               \
	X(AMERICAN_INDIAN, "American Indian children", 1, "assumed")           \
	X(OTHER_RACE, "of another race", 18, "assumed")                        \
	X(RACE_DECLINED, "who do not say", 8, "assumed")                       \
	X(TWO_RACES, "children of two races", 5, "assumed")                    \
	X(HAS_PRACTICE, "children with a primary care practice", 92,           \
	  "assumed")                                                           \
	X(CONSENTED, "families who consent", 93, "assumed")                    \
	X(WITHDRAWN, "of those: who withdraw it", 2, "assumed")                \
	X(CONSENT_YEAR, "consents for one year, the others for two", 60,       \
	  "assumed")                                                           \
	X(RENEWED, "consents renewed before they end", 72, "assumed")          \
	X(YOUTH_SIGNS, "youth who sign when they come of age", 60, "assumed")  \
	X(BY_PRACTICE, "cases referred by a practice", 42, "assumed")          \
	X(BY_INFOLINE, "by the infoline", 15, "assumed")                       \
	X(BY_FAMILY, "by the family", 13, "assumed")                           \
	X(BY_SCHOOL, "by a school", 10, "assumed")                             \
	X(BY_HOSPITAL, "by a hospital", 9, "assumed")                          \
	X(BY_SPECIALIST, "by a specialist", 6, "assumed")                      \
	X(BY_CHILD_WELFARE, "by child welfare", 5, "assumed")                  \
	X(SAME_FOCUS, "families who put first what the provider expected", 55, \
	  "assumed")                                                           \
	X(NEED_FAMILY, "needs not found by screening: by the family", 40,      \
	  "assumed")                                                           \
	X(NEED_PROVIDER, "by the provider", 30, "assumed")                     \
	X(NEED_COORDINATOR, "by the coordinator", 30, "assumed")               \
	X(HVS_DONE, "families asked by the Hunger Vital Sign", 85, "assumed")  \
	X(HVS_FINDS, "of those with a food need: at risk", 80, "assumed")      \
	X(HVS_OTHERS,                                                          \
	  "of the others: at risk, as adults with children at home", 14,       \
	  FROM_DCWS)                                                           \
	X(PSC_DONE, "children of 4-17 years with a PSC-17", 70, "assumed")     \
	X(PSC_FINDS, "of those with a behavioral need: at risk", 75,           \
	  "assumed")                                                           \
	X(PSC_OTHERS, "of the others: at risk, as PSC-35 in practices", 5.5,   \
	  FROM_JDBP)                                                           \
	X(MCHAT_DONE, "children of 16-30 months with an M-CHAT-R", 80,         \
	  "assumed")                                                           \
	X(MCHAT_FINDS, "of those with a developmental need: positive", 30,     \
	  "assumed")                                                           \
	X(MCHAT_OTHERS, "of the others: positive", 4, "assumed")               \
	X(MCHAT_INTERVIEW, "initial score 3-7 that the interview clears", 10,  \
	  "assumed")                                                           \
	X(ASQ_DONE, "children of 1-66 months with an ASQ-3", 70, "assumed")    \
	X(ASQ_FINDS, "of those with a developmental need: refer", 75,          \
	  "assumed")                                                           \
	X(ASQ_OTHERS, "of the others: any domain, as in practices", 19.7,      \
	  FROM_JDBP)                                                           \
	X(CSHCN_DONE, "children under 18 with the CSHCN Screener", 75,         \
	  "assumed")                                                           \
	X(CSHCN_FINDS, "of those with a medical need: positive", 90,           \
	  "assumed")                                                           \
	X(CSHCN_OTHERS, "of the others: positive", 35, "assumed")              \
	X(PFS_DONE, "families with a PFS-2 at the beginning", 25, "assumed")   \
	X(PFS_POST, "of those: again at the close", 70, "assumed")             \
	X(EXTRA_MET, "needs without a referral that are met", 60, "assumed")   \
	X(COMPLEX, "children of the complex medical tier", 15, "assumed")      \
	X(NON_COMPLEX, "of the non-complex chronic tier", 40, "assumed")       \
	X(NOT_CHRONIC, "without chronic disease", 45, "assumed")               \
	X(HAS_PLAN, "families with a written shared care plan", 44, FROM_FECC) \
	X(PLAN_SHARED, "plans shared with primary care", 80, "assumed")        \
	X(SHARE_CONFIRMED, "of those: confirmed", 70, "assumed")               \
	X(REVIEWED, "plans reviewed after half a year", 65, "assumed")         \
	X(FACTORS, "families with protective factors noted", 35, "assumed")    \
	X(GOAL_SETTING, "families who set the goals in a session", 12,         \
	  "assumed")                                                           \
	X(WITH_FAMILY, "contacts with the family, of 508 activities", 34.9,    \
	  FROM_CMC6)                                                           \
	X(WITH_AGENCY, "contacts with an agency, of 508 activities", 23.8,     \
	  FROM_CMC6)                                                           \
	X(WITH_OTHERS, "contacts with practices, schools and others", 41.3,    \
	  "assumed: what is left")                                             \
	X(BY_PHONE, "contacts by phone", 52, "assumed")                        \
	X(BY_EMAIL, "by e-mail", 17, "assumed")                                \
	X(BY_TEXT, "by text", 10, "assumed")                                   \
	X(BY_VIDEO, "by video", 5, "assumed")                                  \
	X(AT_HOME, "at home", 6, "assumed")                                    \
	X(AT_SCHOOL, "in school meetings", 5, "assumed")                       \
	X(AT_PROVIDER, "in provider appointments", 5, "assumed")               \
	X(PLANNED, "contacts that were planned with a day", 40, "assumed")     \
	X(PLANNED_LATE, "of those: later than planned", 30, "assumed")         \
	X(REACHED, "contacts that reached somebody", 76, "assumed")            \
	X(PREVENTED, "of those: prevented a use of care", 12, "assumed")       \
	X(ED_BEHAVIORAL, "5 and older, behavioral need: ED episode", 30,       \
	  "assumed")                                                           \
	X(ED_OTHERS, "5 and older, none: behavioral ED episode", 3, "assumed") \
	X(ED_CRITERIA, "ED episodes that meet the criteria", 40, FROM_ECC)     \
	X(ED_ENROLLED, "of those: enrolled (published: more than half)", 55,   \
	  FROM_ECC)                                                            \
	X(ED_FOLLOW_7, "ED episodes followed up within 7 days", 31.2,          \
	  FROM_EDMH)                                                           \
	X(ED_FOLLOW_30, "in 8 to 30 days, 55.8 less 31.2", 24.6, FROM_EDMH)    \
	X(ED_FOLLOW_NOT, "not within 30 days", 44.2, FROM_EDMH)                \
	X(ED_REVISIT, "return within six months", 26.5, FROM_EDMH)             \
	X(ED_ANY, "children to another ED visit in a year, 16 in 222", 7.2,    \
	  FROM_SYNTHEA)                                                        \
	X(TRANSITION_BEGUN, "youth of 14 and older with a transition", 60,     \
	  "assumed")                                                           \
	X(TRANSITION_PLAN, "of those: plan made, FECC's transition plan", 10,  \
	  FROM_FECC)                                                           \
	X(TRANSITION_TOLD, "children of 12-13 whose family is told of it", 35, \
	  "assumed")                                                           \
	X(TRANSITION_READY, "youth with a readiness assessment", 50,           \
	  "assumed")                                                           \
	X(TRANSFERRED, "of 18 and older: transfer package sent", 55,           \
	  "assumed")                                                           \
	X(ADULT_VISIT, "of those: first adult visit confirmed", 60, "assumed") \
	X(TRANSITION_THREE, "youth who got all three items", 17, FROM_NSCH)    \
	X(SURVEY_BACK, "surveys at close that come back", 45, "assumed")       \
	X(SURVEY_CONTENT, "of those: satisfied (4 or 5 of 5)", 97, FROM_MODEL) \
	X(ATTENDS, "agencies that come to a monthly meeting", 62, "assumed")   \
	X(GAP_RAISED, "monthly meetings that raise a gap", 40, "assumed")

enum simulate_rate_id {
#define X(id, what, percent, source) id,
	SIMULATE_RATES(X)
#undef X
};

bool simulate_rates_happen(struct rng *rng, enum simulate_rate_id rate);
/* Which of @n rates from @first on, in proportion to them. */
int simulate_rates_pick(struct rng *rng, enum simulate_rate_id first, int n);
/* From @a to @b, both included. */
int simulate_rates_between(struct rng *rng, int a, int b);
/* Days, with this mean. */
int simulate_rates_wait(struct rng *rng, uint32_t mean);

#endif
