/* The part of audit.h that knows what is a child's. A table that says so by a
 * foreign key and is missing here fails test_audit. */
#include "regional/case/audit.h"

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"

#define OF_CHILD(table) "SELECT id FROM " table " WHERE child = ?1"
#define OF_CASE(table) "SELECT id FROM " table " WHERE kase IN kase"
#define OF_PLAN(table) "SELECT id FROM " table " WHERE plan IN plan"
#define OF_TRANSITION(table) \
	"SELECT id FROM " table " WHERE transition IN transit"

/* Sets that several records below are told by. */
static const char sets[] = "kase AS (" OF_CHILD(
	"care_case") "),"
		     " needs AS (" OF_CASE(
			     "need") "),"
				     " plan AS (" OF_CASE(
					     "care_plan") "),"
							  " goal AS (" OF_PLAN(
								  "care_goal") "),"
									       " spoken AS (SELECT contact FROM contact_case WHERE kase IN kase),"
									       " transit AS (" OF_CHILD(
										       "transition") "),"
												     " home AS (SELECT family FROM family_child WHERE child = ?1),"
												     " carer AS (SELECT id FROM caregiver WHERE family IN home"
												     " UNION SELECT caregiver FROM custody WHERE child = ?1"
												     " AND caregiver IS NOT NULL)";

/* @id is that of the audit: of a table of words it is their owner's. */
static const struct {
	const char *record, *ids;
} records[] = {
	/* And those that have gone up in it. */
	{"child", "SELECT ?1 UNION SELECT id FROM child"
		  " WHERE merged_into = ?1"},
	{"child_merge", "SELECT id FROM child_merge"
			" WHERE kept = ?1 OR gone = ?1"},
	{"child_race", OF_CHILD("child_race")},
	{"family_child", OF_CHILD("family_child")},
	{"family", "SELECT family FROM home"},
	{"caregiver", "SELECT id FROM carer"},
	{"custody", OF_CHILD("custody")},
	{"reach", "SELECT id FROM reach WHERE child = ?1 OR caregiver IN"
		  " carer"},
	{"coverage", OF_CHILD("coverage")},
	{"benefit", "SELECT id FROM benefit WHERE child = ?1 OR family IN"
		    " home"},
	{"child_practice", OF_CHILD("child_practice")},
	{"child_key", OF_CHILD("child_key")},
	{"attachment", OF_CHILD("attachment")},
	{"consent", OF_CHILD("consent")},
	{"screening", "SELECT id FROM screening WHERE child = ?1 OR kase IN"
		      " kase"},
	{"ed_episode", OF_CHILD("ed_episode")},
	{"transition", "SELECT id FROM transit"},
	{"transition_element", OF_TRANSITION("transition_element")},
	{"transition_readiness", OF_TRANSITION("transition_readiness")},
	{"transition_visit", OF_TRANSITION("transition_visit")},
	{"care_case", "SELECT id FROM kase"},
	{"case_focus", "SELECT id FROM kase"}, /* the whole list, by its case */
	{"case_coordinator", OF_CASE("case_coordinator")},
	{"case_reopening", OF_CASE("case_reopening")},
	{"need", "SELECT id FROM needs"},
	{"referral", "SELECT id FROM referral WHERE need IN needs"},
	{"need_level", OF_CASE("need_level")},
	{"assignment", OF_CASE("assignment")},
	{"care_plan", "SELECT id FROM plan"},
	{"care_goal", "SELECT id FROM goal"},
	{"care_action", "SELECT id FROM care_action WHERE goal IN goal"},
	{"care_share", OF_PLAN("care_share")},
	{"contact", "SELECT contact FROM spoken"},
	{"contact_case", "SELECT contact FROM spoken"},
	{"contact_achieved", "SELECT contact FROM spoken"},
	{"contact_planned", OF_CASE("contact_planned")},
	{"survey", OF_CASE("survey")},
	{"survey_factor", OF_CASE("survey_factor")},
	{"survey_engagement", OF_CASE("survey_engagement")},
	{"later", OF_CASE("later")},
	{"emergency", OF_CHILD("emergency")},
};
enum { RECORDS = sizeof records / sizeof *records };

const char *audit_child_record(int i)
{
	return i < RECORDS ? records[i].record : NULL;
}

static char *list_sql(void)
{
	char *sql = mem_printf("WITH %s SELECT seq, at_utc_ms, who, record, id,"
			       " field FROM audit WHERE 0",
			       sets);

	for (int i = 0; i < RECORDS && sql; i++) {
		char *more = mem_printf("%s OR (record = '%s' AND id IN (%s))",
					sql, records[i].record, records[i].ids);

		mem_free(sql);
		sql = more;
	}
	if (sql) {
		char *whole = mem_printf("%s ORDER BY seq DESC"
					 " LIMIT ?2 OFFSET ?3",
					 sql);

		mem_free(sql);
		sql = whole;
	}
	return sql;
}

int audit_list_child(struct db *db, int64_t child, int64_t offset,
		     int64_t limit,
		     int (*fn)(void *arg, const struct audit_entry *e),
		     void *arg)
{
	char *sql = list_sql();
	struct rows rows;
	int x;

	if (!sql)
		return err_set(E_NOMEM, "out of memory for the audit");
	x = db_rows(db, &rows, sql, "iii", child, limit, offset);
	x = audit_give(&rows, x, fn, arg);
	mem_free(sql);
	return x;
}
