#include "regional/desk/today_sql.h"

#define MINE                                                                 \
	"WITH mine AS MATERIALIZED (SELECT kase, child, staff, ?2 AS today," \
	" ?3 AS last FROM case_now WHERE staff IN (SELECT ?1 UNION ALL"      \
	" SELECT staff FROM cover WHERE cover = ?1 AND since <= ?2"          \
	" AND (until IS NULL OR until >= ?2)))"                              \
	" SELECT m.kase, m.child, m.staff, "

#define TEXT_OF(x) #x
#define DAYS(n) "'" TEXT_OF(n) " days'"

/* The clocks stop when there was a contact and a follow-up, when the family
 * declined, and after 30 days. Day 0 of who is still in the hospital is not
 * known. */
#define ED_OPEN                                                  \
	" AND e.errored IS NULL AND e.behavioral = 1"            \
	" AND ifnull(e.enrolled, '') <> 'declined'"              \
	" AND (e.admitted IS NOT 1 OR e.discharged IS NOT NULL)" \
	" AND ifnull(e.discharged, e.visited) >= date(?2, '-30 days')"
#define ED_CONTACTED                                                  \
	"(SELECT min(t.happened) FROM care_case k"                    \
	" JOIN contact_case x ON x.kase = k.id"                       \
	" JOIN contact t ON t.id = x.contact WHERE k.child = e.child" \
	" AND t.happened >= ifnull(e.discharged, e.visited)"          \
	" AND t.reached = 1 AND t.errored IS NULL"                    \
	" AND t.party IN ('family', 'youth'))"
#define ED_SELECT                                                         \
	"e.id, NULL, ifnull(e.discharged, e.visited), '', e.facility, ''" \
	", '', '', " ED_CONTACTED " AS contacted, e.followed_up AS followed"

const struct today_sql today_sql[] = {
	/* Stays longer in hospital than 60 days are rare; their clock is then
	 * seen from the child's page. */
	{TODAY_ED, MINE ED_SELECT
	 " FROM mine m CROSS JOIN ed_episode e ON e.child = m.child"
	 " AND e.visited >= date(m.today, '-90 days') WHERE m.last <> "
	 "''" ED_OPEN " AND (contacted IS NULL OR followed IS NULL)"},
	{TODAY_INBOX,
	 "SELECT ifnull(n.kase, 0), e.child, 0, " ED_SELECT
	 " FROM ed_episode e LEFT JOIN case_now n ON n.child = e.child"
	 " WHERE e.visited >= date(?2, '-30 days') AND e.visited <= ?3"
	 " AND ?1 > 0" ED_OPEN
	 " AND ifnull(n.staff, 0) = 0 AND e.followed_up IS NULL"
	 " AND e.enrolled IS NULL ORDER BY e.visited DESC LIMIT 20"},
	{TODAY_CONTACT,
	 MINE "p.id, p.due, NULL, p.purpose, p.owner, '', p.mode, p.party, "
	      "NULL, NULL"
	      " FROM mine m CROSS JOIN contact_planned p ON p.kase = m.kase"
	      " AND p.due <= m.last"
	      " WHERE p.contact IS NULL AND p.dropped IS NULL"},
	/* Of the newest version, as care_plan_due has it. */
	{TODAY_ACTION, MINE
	 "a.id, a.due, p.finalized, a.action, a.owner, '', '', '', NULL, NULL"
	 " FROM mine m CROSS JOIN care_plan p ON p.id = (SELECT id FROM"
	 " care_plan WHERE kase = m.kase ORDER BY version DESC LIMIT 1)"
	 " CROSS JOIN care_goal g ON g.plan = p.id"
	 " CROSS JOIN care_action a ON a.goal = g.id"
	 " WHERE a.state = 'open' AND a.due <= m.last"},
	{TODAY_REFERRAL,
	 MINE "r.id, date(r.sent, '30 days'), r.sent, s.name, o.name, n.domain,"
	      " '', '', NULL, NULL"
	      " FROM mine m CROSS JOIN need n ON n.kase = m.kase"
	      " CROSS JOIN referral r INDEXED BY referral_by_need"
	      " ON r.need = n.id"
	      " LEFT JOIN service s ON s.id = r.service"
	      " LEFT JOIN organization o ON o.id = r.organization"
	      " WHERE r.state = 'requested' AND r.answered IS NULL"
	      " AND r.sent <= date(m.today, '-14 days') AND m.last <> ''"},
	/* The family waits, and nobody has looked for a month. */
	{TODAY_OPENING, MINE
	 "r.id, date(max(r.answered, ifnull(w.seen, '')), '30 days'),"
	 " r.answered, s.name, o.name, n.domain, '', 'agency', NULL, NULL"
	 " FROM mine m CROSS JOIN need n ON n.kase = m.kase"
	 " CROSS JOIN referral r INDEXED BY referral_by_need"
	 " ON r.need = n.id"
	 " CROSS JOIN service s ON s.id = r.service"
	 " LEFT JOIN organization o ON o.id = r.organization"
	 " LEFT JOIN service_opening w ON w.id = (SELECT id FROM"
	 " service_opening WHERE service = s.id ORDER BY seen DESC, id DESC"
	 " LIMIT 1)"
	 " WHERE r.capacity IN ('no-capacity', 'waitlist')"
	 " AND n.state = 'open' AND r.ended IS NULL AND r.received IS NULL"
	 " AND date(max(r.answered, ifnull(w.seen, '')), '30 days') <= m.last"},
	{TODAY_SCREEN, MINE
	 "s.id, s.done, s.done, '', '', s.instrument, '', '', NULL, NULL"
	 " FROM mine m CROSS JOIN screening s ON s.kase = m.kase"
	 " WHERE s.complete = 0 AND s.errored IS NULL AND m.last <> ''"
	 " AND NOT EXISTS (SELECT 1 FROM screening l WHERE l.child = s.child"
	 " AND l.instrument = s.instrument AND l.complete = 1"
	 " AND l.errored IS NULL AND l.done >= s.done)"},
	{TODAY_SHARE_PLAN, MINE
	 "p.id, date(p.finalized, '30 days'), p.finalized, '', t.name, '',"
	 " '', 'primary-care', NULL, NULL"
	 " FROM mine m CROSS JOIN care_plan p ON p.id = (SELECT id FROM"
	 " care_plan WHERE kase = m.kase AND finalized IS NOT NULL"
	 " ORDER BY version DESC LIMIT 1)"
	 " LEFT JOIN child_practice h ON h.child = m.child AND h.until IS NULL"
	 " LEFT JOIN practice t ON t.id = h.practice"
	 " WHERE m.last <> '' AND NOT EXISTS (SELECT 1 FROM care_share"
	 " WHERE plan = p.id AND party = 'primary-care')"},
	{TODAY_REVIEW_PLAN, MINE
	 "p.id, date(p.finalized, '365 days'), p.finalized, '', '', '', '',"
	 " 'family', NULL, NULL"
	 " FROM mine m CROSS JOIN care_plan p ON p.id = (SELECT id FROM"
	 " care_plan WHERE kase = m.kase ORDER BY version DESC LIMIT 1)"
	 " WHERE p.finalized <= date(m.last, '-365 days', '30 days')"},
	{TODAY_TRANSITION,
	 MINE "ifnull(t.id, 0), NULL, NULL, '', '', '', '', '', NULL, NULL"
	      " FROM mine m CROSS JOIN child c ON c.id = m.child"
	      " LEFT JOIN transition t ON t.child = m.child"
	      " WHERE c.birth <= date(m.today, '60 days', '-12 years')"
	      " AND t.confirmed IS NULL AND m.last <> ''"},
	{TODAY_CONSENT, MINE
	 "c.id, NULL, c.signed, '', coalesce(o.name, p.name), '', '', '', NULL,"
	 " NULL FROM mine m CROSS JOIN consent c ON c.child = m.child"
	 " LEFT JOIN organization o ON o.id = c.organization"
	 " LEFT JOIN practice p ON p.id = c.practice"
	 " WHERE c.withdrawn IS NULL AND m.last <> ''"
	 " AND NOT EXISTS (SELECT 1 FROM consent r WHERE r.child = c.child"
	 " AND r.renews = c.id)"},
};
const int today_sql_count = sizeof today_sql / sizeof *today_sql;

/* The safe way that is preferred; of the main home, or the youth's own. The
 * index is named: hardly a row has a child, and statistics that know that make
 * a scan look cheap. */
const char TODAY_FAMILY_SQL[] =
	"SELECT c.given, c.family, c.birth, f.language, f.interpreter, r.way,"
	" r.hours, CASE WHEN r.child IS NOT NULL THEN 'self' ELSE"
	"  (SELECT relation FROM custody WHERE child = c.id"
	"   AND caregiver = r.caregiver AND until IS NULL LIMIT 1) END,"
	" EXISTS (SELECT 1 FROM reach INDEXED BY reach_by_child"
	"  WHERE child = c.id AND safe = 0"
	"  AND active = 1) OR EXISTS (SELECT 1 FROM caregiver g"
	"  JOIN reach u ON u.caregiver = g.id WHERE g.family = f.id"
	"  AND u.safe = 0 AND u.active = 1)"
	" FROM child c"
	" LEFT JOIN family f ON f.id = (SELECT family FROM family_child"
	"  WHERE child = c.id AND main = 1 AND until IS NULL)"
	" LEFT JOIN reach r ON r.id = (SELECT id FROM (SELECT id, preferred"
	"  FROM reach INDEXED BY reach_by_child"
	"  WHERE child = c.id AND safe = 1 AND active = 1"
	"  UNION ALL SELECT u.id, u.preferred FROM caregiver g"
	"  JOIN reach u ON u.caregiver = g.id"
	"  WHERE g.family = f.id AND g.active = 1 AND u.safe = 1"
	"  AND u.active = 1) ORDER BY preferred DESC, id LIMIT 1)"
	" WHERE c.id = ?1";

const char TODAY_CONNECTED_SQL[] =
	"SELECT n.child, coalesce(f.name, c.family, c.given), s.name, d.domain"
	" FROM case_now n"
	" CROSS JOIN need d ON d.kase = n.kase"
	" CROSS JOIN referral r INDEXED BY referral_by_need ON r.need = d.id"
	" JOIN child c ON c.id = n.child"
	" LEFT JOIN service s ON s.id = r.service"
	" LEFT JOIN family f ON f.id = (SELECT family FROM family_child"
	"  WHERE child = n.child AND main = 1 AND until IS NULL)"
	" WHERE n.staff IN (SELECT ?1 UNION ALL SELECT staff FROM cover"
	"  WHERE cover = ?1 AND since <= ?2"
	"  AND (until IS NULL OR until >= ?2))"
	" AND r.received BETWEEN ?3 AND ?2 AND r.state <> 'entered-in-error'"
	" GROUP BY ifnull(f.id, -n.child) ORDER BY max(r.received) DESC, "
	"n.kase";
