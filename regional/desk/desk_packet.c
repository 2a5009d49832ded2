/* What is printed when a case ends: the packet for a family that moves, and the
 * letter to one that could not be reached. */
#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/web/html.h"
#include "regional/case/family.h"
#include "regional/desk/child_head.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/desk_word.h"
#include "regional/desk/told_table.h"
#include "regional/desk/tpl_letter.h"
#include "regional/desk/tpl_packet.h"
#include "regional/node.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR };
enum { ANSWER_DAYS = 14 }; /* that a letter gives to answer */

#define NAME_OF "trim(ifnull(g.given, '') || ' ' || ifnull(g.surname, ''))"

static const struct told_table PARTS[] = {
	{"Who cares for the child",
	 NULL,
	 "SELECT u.id, ifnull(" NAME_OF ", 'The youth'), u.relation,"
	 " u.custody, u.authority FROM custody u LEFT JOIN caregiver g"
	 " ON g.id = u.caregiver WHERE u.child = ?1 AND u.until IS NULL"
	 " AND ?2 = ?2",
	 {"Who", "Is to the child", "Custody", "May sign as"},
	 {{TOLD_TEXT, 0},
	  {TOLD_WORD, WORDS_RELATION},
	  {TOLD_WORD, WORDS_CUSTODY},
	  {TOLD_WORD, WORDS_AUTHORITY}},
	 4},
	{"Safe ways to reach them",
	 NULL,
	 "SELECT r.id, r.value, r.way, ifnull(" NAME_OF ", 'The child'),"
	 " r.hours FROM reach r LEFT JOIN caregiver g ON g.id = r.caregiver"
	 " WHERE r.safe = 1 AND r.active = 1 AND (r.child = ?1"
	 "  OR g.family = ?2)",
	 {"Number or address", "Way", "Whose", "When"},
	 {{TOLD_TEXT, 0},
	  {TOLD_WORD, WORDS_REACH},
	  {TOLD_TEXT, 0},
	  {TOLD_TEXT, 0}},
	 4},
	{"Primary care",
	 NULL,
	 "SELECT h.id, t.name, h.clinician, t.phone FROM child_practice h"
	 " JOIN practice t ON t.id = h.practice WHERE h.child = ?1"
	 " AND h.until IS NULL AND ?2 = ?2",
	 {"Practice", "Clinician", "Telephone"},
	 {{TOLD_TEXT, 0}, {TOLD_TEXT, 0}, {TOLD_TEXT, 0}},
	 3},
	{"Coverage",
	 NULL,
	 "SELECT id, kind, payer, since FROM coverage WHERE child = ?1"
	 " AND until IS NULL AND ?2 = ?2",
	 {"Kind", "Payer", "Since"},
	 {{TOLD_WORD, WORDS_COVERAGE}, {TOLD_TEXT, 0}, {TOLD_DAY, 0}},
	 3},
	{"Needs",
	 NULL,
	 "SELECT n.id, n.domain, n.found, CASE n.state WHEN 'open' THEN"
	 " 'Open' WHEN 'met' THEN 'Met' ELSE 'Not met' END, n.closed"
	 " FROM need n JOIN care_case k ON k.id = n.kase WHERE k.child = ?1"
	 " AND k.errored IS NULL AND ?2 = ?2 ORDER BY n.state <> 'open',"
	 " n.found DESC LIMIT 60",
	 {"Need", "Found", "State", "Closed"},
	 {{TOLD_WORD, WORDS_NEED},
	  {TOLD_DAY, 0},
	  {TOLD_TEXT, 0},
	  {TOLD_DAY, 0}},
	 4},
	{"Referrals",
	 NULL,
	 "SELECT r.id, n.domain, o.name, r.sent, CASE WHEN r.received IS NOT"
	 " NULL THEN 'Connected' WHEN r.ended IS NOT NULL THEN 'Ended'"
	 " WHEN r.accepted IS NOT NULL THEN 'Accepted' ELSE 'Waiting' END"
	 " FROM referral r JOIN need n ON n.id = r.need JOIN care_case k"
	 " ON k.id = n.kase LEFT JOIN organization o ON o.id = r.organization"
	 " WHERE k.child = ?1 AND k.errored IS NULL AND r.sent IS NOT NULL"
	 " AND r.state <> 'entered-in-error' AND ?2 = ?2"
	 " ORDER BY r.sent DESC LIMIT 60",
	 {"Need", "To", "Sent", "State"},
	 {{TOLD_WORD, WORDS_NEED},
	  {TOLD_TEXT, 0},
	  {TOLD_DAY, 0},
	  {TOLD_TEXT, 0}},
	 4},
	{"Care plan",
	 NULL,
	 "SELECT g.id, g.goal, a.action, a.owner, a.due FROM care_plan p"
	 " JOIN care_goal g ON g.plan = p.id LEFT JOIN care_action a"
	 " ON a.goal = g.id WHERE p.id = (SELECT p.id FROM care_plan p"
	 "  JOIN care_case k ON k.id = p.kase WHERE k.child = ?1"
	 "  AND k.errored IS NULL ORDER BY k.opened DESC, p.version DESC"
	 "  LIMIT 1) AND ?2 = ?2 ORDER BY g.id, a.id LIMIT 60",
	 {"Goal", "Step", "Who", "By"},
	 {{TOLD_TEXT, 0}, {TOLD_TEXT, 0}, {TOLD_TEXT, 0}, {TOLD_DAY, 0}},
	 4},
};
enum { PARTS_N = sizeof PARTS / sizeof *PARTS };

static const char *center_of(struct page *p)
{
	return arena_str(&p->a, "%s care coordination center",
			 ((struct desk *)p->site)->hooks.place);
}

static void as_paper(struct page *p, const char *title)
{
	page_title(p, "%s", title);
	page_nav(p, "cases");
	page_head(p)->heading = NULL;
	page_head(p)->kind = "paper";
}

static int packet_page(struct page *p)
{
	struct tpl_packet_parts *part =
		arena_alloc(&p->a, PARTS_N * sizeof *part);
	struct tpl_packet v = {.parts = part, .parts_n = PARTS_N};
	struct child_head c;
	int x = child_head_quiet(p, &c);

	if (x != 0)
		return x;
	for (int i = 0; part && x == 0 && i < PARTS_N; i++) {
		part[i].title = PARTS[i].caption;
		x = told_table_read(p, c.child, c.family_id, &PARTS[i],
				    &part[i].table);
	}
	if (x < 0 || !part)
		return x < 0 ? x : E_NOMEM;
	v.name = child_head_name(&p->a, &c);
	v.about = arena_str(&p->a, "Born %s · language: %s · interpreter %s",
			    day_text(&p->a, c.birth),
			    *c.language
				    ? desk_word(p, WORDS_LANGUAGE, c.language)
				    : "not asked",
			    c.interpreter ? "needed" : "not needed");
	v.center = center_of(p);
	v.today = day_text(&p->a, p->today);
	v.who = p->who->title;
	v.back = arena_str(&p->a, "child/%lld/people", (long long)c.child);
	as_paper(p, arena_str(&p->a, "Packet, %s", v.name));
	page_exported(p, "child", c.child);
	tpl_packet(page_body(p), &v);
	return 0;
}

/* --- the letter --- */

/* "8 de diciembre de 2026" */
static const char *day_spanish(struct page *p, int32_t day)
{
	static const char *const MONTH[] = {
		"enero",      "febrero", "marzo",     "abril",
		"mayo",	      "junio",	 "julio",     "agosto",
		"septiembre", "octubre", "noviembre", "diciembre"};
	char text[DATE_TEXT];
	int y, m, d;

	if (sscanf(date_format(day, text), "%d-%d-%d", &y, &m, &d) != 3)
		return "";
	return arena_str(&p->a, "%d de %s de %d", d, MONTH[m - 1], y);
}

static const char *tries_text(struct page *p, int64_t n, bool spanish)
{
	if (n < 2)
		return spanish ? "varias veces" : "several times";
	return arena_str(&p->a, "%lld %s", (long long)n,
			 spanish ? "veces" : "times");
}

static int read_letter(struct page *p, const struct child_head *c,
		       struct tpl_letter *v)
{
	int64_t safe = 0, tries = 0;
	struct family f = {0};
	char name[2 * NAME_TEXT] = "";
	int x = c->family_id ? family_get(p->db, c->family_id, &f) : 0;

	if (x == 0)
		x = db_int(p->db, &safe,
			   "SELECT EXISTS (SELECT 1 FROM reach r LEFT JOIN"
			   " caregiver g ON g.id = r.caregiver WHERE r.way ="
			   " 'mail' AND r.safe = 1 AND r.active = 1"
			   " AND (r.child = ?1 OR g.family = ?2))",
			   "ii", c->child, c->family_id);
	if (x == 0)
		x = db_int(p->db, &tries,
			   "SELECT count(*) FROM contact_case x JOIN contact t"
			   " ON t.id = x.contact WHERE x.kase = ?1"
			   " AND t.reached = 0 AND t.errored IS NULL AND"
			   " t.happened > ifnull((SELECT max(t.happened)"
			   "  FROM contact_case x JOIN contact t"
			   "  ON t.id = x.contact WHERE x.kase = ?1"
			   "  AND t.reached = 1 AND t.errored IS NULL), '')",
			   "i", c->kase);
	if (x == 0)
		x = db_text(p->db, name, sizeof name,
			    "SELECT " NAME_OF " FROM caregiver g WHERE"
			    " g.family = ? AND g.active = 1 ORDER BY g.id"
			    " LIMIT 1",
			    "i", c->family_id);
	if (x < 0 && x != E_NOTFOUND)
		return x;
	v->unsafe = !safe;
	v->to = arena_dup(&p->a, *name ? name : f.name);
	v->address = arena_str(&p->a, "%s%s%s", f.address,
			       *f.address && *f.zip ? ", " : "", f.zip);
	v->tries = tries_text(p, tries, v->spanish);
	return 0;
}

static int letter_page(struct page *p)
{
	const char *lang = page_query(p, "lang");
	struct tpl_letter v = {0};
	struct child_head c;
	int x = child_head_quiet(p, &c);

	if (x != 0)
		return x;
	v.spanish = lang ? strcmp(lang, "es") == 0
			 : strcmp(c.language, "spanish") == 0;
	x = read_letter(p, &c, &v);
	if (x < 0)
		return x;
	v.center = center_of(p);
	v.day = v.spanish ? day_spanish(p, p->today)
			  : day_text(&p->a, p->today);
	v.until = v.spanish ? day_spanish(p, p->today + ANSWER_DAYS)
			    : day_text_long(&p->a, p->today + ANSWER_DAYS);
	v.who = p->who->title;
	v.back = arena_str(&p->a, "child/%lld/people", (long long)c.child);
	v.other = arena_str(&p->a, "child/%lld/letter?lang=%s",
			    (long long)c.child, v.spanish ? "en" : "es");
	as_paper(p, "Letter to a family");
	page_exported(p, "child", c.child);
	tpl_letter(page_body(p), &v);
	return 0;
}

const struct page_route desk_packet_routes[] = {
	{PAGE_GET, "/child/{id}/packet", OF_CASES, packet_page, 0},
	{PAGE_GET, "/child/{id}/letter", OF_CASES, letter_page, 0},
	{0},
};
