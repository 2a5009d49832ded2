/* Who is around a child, as a sheet has it.
 *
 * - A family without a number is the child's home; with one it is the same for
 *   every child with that number, and so its children are siblings.
 * - A caregiver of those names who is in the family already is the same, as
 *   siblings' rows repeat them. A way to reach them is safe only where the
 *   sheet says so (reach.h).
 * - A consent is signed by who is named, or else by the first caregiver who may
 *   sign on that day (custody.h); a sheet gives nobody that right but by a
 *   column for it. */
#include "regional/exchange/csv_item.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/caregiver.h"
#include "regional/case/child.h"
#include "regional/case/consent.h"
#include "regional/case/coverage.h"
#include "regional/case/custody.h"
#include "regional/case/family.h"
#include "regional/case/kase.h"
#include "regional/case/origin.h"
#include "regional/case/practice.h"
#include "regional/case/reach.h"
#include "regional/exchange/fhir_item.h"

/* What the sheet says, where it says something. */
#define SAY(to, from)                                             \
	do {                                                      \
		if (*(from))                                      \
			snprintf((to), sizeof(to), "%s", (from)); \
	} while (0)

static bool yes(const char *answer)
{
	return answer[0] == 'y';
}

int csv_write_origin(struct csv_run *u, const struct csv_child *c, int64_t id)
{
	const char *list = c->race;
	struct origin o;
	int x;

	if (!*c->race && !*c->ethnicity && !*c->heard)
		return 0;
	x = origin_get(u->r->db, u->r->words, id, &o);
	if (x < 0)
		return x;
	SAY(o.ethnicity, c->ethnicity);
	SAY(o.heard, c->heard);
	if (*c->race)
		o.races = 0;
	while (o.races < ORIGIN_RACES &&
	       csv_map_next(&list, o.race[o.races], VOCABULARY_ID))
		o.races++;
	return origin_set(u->r, id, &o);
}

int csv_write_intake(struct csv_run *u, const struct csv_case *k, int64_t id)
{
	struct kase_intake i;
	int x;

	if (!*k->source && !*k->source_name && k->intake == NO_DATE)
		return 0;
	x = kase_get_intake(u->r->db, id, &i);
	if (x < 0)
		return x;
	SAY(i.source, k->source);
	SAY(i.source_name, k->source_name);
	if (k->intake != NO_DATE)
		i.intake = k->intake;
	return kase_set_intake(u->r, id, &i);
}

/* --- the family --- */

int csv_write_family_of(struct csv_run *u, int64_t child, int64_t *family)
{
	return fhir_apply_home(u->r, child, family);
}

/* A home that no sheet has given a number. */
static int home_without_number(struct csv_run *u, int64_t child, int64_t *id)
{
	int x = db_int(u->r->db, id,
		       "SELECT family FROM family_child f WHERE child = ?"
		       " AND until IS NULL AND NOT EXISTS (SELECT 1"
		       " FROM imported WHERE type = 'csv-family'"
		       " AND local_id = f.family) ORDER BY main DESC, id"
		       " LIMIT 1",
		       "i", child);

	if (x == E_NOTFOUND)
		*id = 0;
	return x == E_NOTFOUND ? 0 : x;
}

static int add_family(struct csv_run *u, const struct csv_family *f,
		      int64_t child, int64_t *id)
{
	struct family now;
	struct child c;
	int x;

	if (!*f->source_id)
		return csv_write_family_of(u, child, id);
	x = home_without_number(u, child, id);
	if (x < 0 || *id)
		return x;
	x = child_get(u->r->db, child, &c);
	if (x < 0)
		return x;
	memset(&now, 0, sizeof now);
	snprintf(now.name, sizeof now.name, "%s",
		 *f->name    ? f->name
		 : *c.family ? c.family
			     : c.given);
	return family_add(u->r, &now, id);
}

int csv_write_family(struct csv_run *u, const struct csv_staged *it, int g,
		     int64_t child, int64_t *id)
{
	const struct csv_family *f = &it->item.family[g];
	struct family now;
	int x = *id ? 0 : add_family(u, f, child, id);

	if (x == 0)
		x = family_get(u->r->db, *id, &now);
	if (x < 0)
		return x == E_NOTFOUND ? CSV_GONE : x;
	SAY(now.name, f->name);
	SAY(now.language, f->language);
	SAY(now.address, f->address);
	SAY(now.zip, f->zip);
	if (*f->interpreter)
		now.interpreter = yes(f->interpreter);
	return family_update(u->r, &now);
}

int csv_write_home(struct csv_run *u, const struct csv_family *f, int64_t child,
		   int64_t family)
{
	int64_t id, open = 0;
	int x = db_int(u->r->db, &open,
		       "SELECT until IS NULL FROM family_child"
		       " WHERE family = ? AND child = ?"
		       " ORDER BY until IS NULL DESC LIMIT 1",
		       "ii", family, child);

	if (x == E_NOTFOUND) {
		x = family_join(u->r, family, child, false, f->since, &id);
		open = 1;
	}
	if (x == 0 && open && f->until != NO_DATE)
		x = family_leave(u->r, family, child, f->until);
	return x;
}

/* --- caregivers --- */

/* "Reed, Ana" and "Ana Reed" are Ana, Reed. */
static void split_name(const struct csv_caregiver *c, char given[NAME_TEXT],
		       char surname[NAME_TEXT])
{
	const char *comma = strchr(c->name, ','), *gap = strrchr(c->name, ' ');

	snprintf(given, NAME_TEXT, "%s", c->given);
	snprintf(surname, NAME_TEXT, "%s", c->surname);
	if (*given || *surname)
		return;
	if (comma) {
		snprintf(surname, NAME_TEXT, "%.*s", (int)(comma - c->name),
			 c->name);
		snprintf(given, NAME_TEXT, "%s",
			 comma + 1 + strspn(comma + 1, " "));
	} else if (gap) {
		snprintf(given, NAME_TEXT, "%.*s", (int)(gap - c->name),
			 c->name);
		snprintf(surname, NAME_TEXT, "%s", gap + 1);
	} else {
		snprintf(given, NAME_TEXT, "%s", c->name);
	}
}

static int say_caregiver(struct csv_run *u, const struct csv_caregiver *c,
			 int64_t child, int64_t *id)
{
	struct caregiver now = {.active = true};
	int x;

	split_name(c, now.given, now.surname);
	if (!*id) {
		x = csv_write_family_of(u, child, &now.family);
		if (x == 0)
			x = db_int(u->r->db, id,
				   "SELECT id FROM caregiver WHERE family = ?"
				   " AND ifnull(given, '') = ?"
				   " AND ifnull(surname, '') = ?"
				   " ORDER BY id LIMIT 1",
				   "iss", now.family, now.given, now.surname);
		if (x == E_NOTFOUND)
			x = caregiver_add(u->r, &now, id);
		if (x < 0)
			return x;
	}
	x = caregiver_get(u->r->db, *id, &now);
	if (x < 0)
		return x == E_NOTFOUND ? CSV_GONE : x;
	split_name(c, now.given, now.surname);
	SAY(now.language, c->language);
	if (*c->interpreter)
		now.interpreter = yes(c->interpreter) ? CAREGIVER_NEEDS_ONE
						      : CAREGIVER_NEEDS_NONE;
	if (*c->active)
		now.active = yes(c->active);
	return caregiver_update(u->r, &now);
}

/* One who is something else to the child now was the other thing until then. */
static int say_custody(struct csv_run *u, const struct csv_caregiver *c,
		       int64_t child, int64_t caregiver)
{
	struct custody is = {.child = child,
			     .caregiver = caregiver,
			     .relation = "other",
			     .custody = "unknown",
			     .since = c->since,
			     .until = c->until};
	struct custody was;
	int64_t id;
	int x = db_int(u->r->db, &id,
		       "SELECT id FROM custody WHERE child = ?"
		       " AND caregiver = ? ORDER BY until IS NULL DESC, id DESC"
		       " LIMIT 1",
		       "ii", child, caregiver);

	if (x == 0)
		x = custody_get(u->r->db, id, &was);
	if (x == 0 && was.until == NO_DATE) {
		SAY(is.relation, was.relation);
		SAY(is.custody, was.custody);
		SAY(is.authority, was.authority);
	}
	if (x < 0 && x != E_NOTFOUND)
		return x;
	SAY(is.relation, c->relation);
	SAY(is.custody, c->custody);
	SAY(is.authority, c->authority);
	if (x == E_NOTFOUND)
		return custody_add(u->r, &is, &id);
	if (was.until != NO_DATE)
		return 0;
	if (strcmp(is.relation, was.relation) == 0 &&
	    strcmp(is.custody, was.custody) == 0 &&
	    strcmp(is.authority, was.authority) == 0)
		return c->until == NO_DATE ? 0
					   : custody_end(u->r, id, c->until);
	if (is.since == NO_DATE || is.since == was.since)
		is.since = u->as_of;
	x = custody_end(u->r, id, is.since - 1);
	return x < 0 ? x : custody_add(u->r, &is, &id);
}

static int say_reach(struct csv_run *u, const struct csv_caregiver *c,
		     int64_t caregiver, const char *way, const char *value)
{
	struct reach now = {.caregiver = caregiver, .active = true};
	int64_t id;
	int x;

	if (!*value)
		return 0;
	snprintf(now.way, sizeof now.way, "%s", way);
	snprintf(now.value, sizeof now.value, "%s", value);
	x = db_int(u->r->db, &id,
		   "SELECT id FROM reach WHERE caregiver = ? AND way = ?"
		   " AND value = ?",
		   "iss", caregiver, now.way, now.value);
	if (x == 0)
		x = reach_get(u->r->db, id, &now);
	if (x < 0 && x != E_NOTFOUND)
		return x;
	if (*c->safe)
		now.safe = yes(c->safe);
	if (*c->message)
		now.message = yes(c->message);
	if (*c->preferred)
		now.preferred = strcmp(c->preferred, way) == 0;
	SAY(now.hours, c->hours);
	now.preferred = now.preferred && now.safe;
	return x == 0 ? reach_update(u->r, &now) : reach_add(u->r, &now, &id);
}

int csv_write_caregiver(struct csv_run *u, const struct csv_staged *it, int g,
			int64_t child, int64_t *id)
{
	const struct csv_caregiver *c = &it->item.caregiver[g];
	int x = say_caregiver(u, c, child, id);

	if (x == 0)
		x = say_custody(u, c, child, *id);
	if (x == 0)
		x = say_reach(u, c, *id, "phone", c->phone);
	if (x == 0)
		x = say_reach(u, c, *id, "text", c->text);
	if (x == 0)
		x = say_reach(u, c, *id, "email", c->email);
	return x != 0 ? x : say_reach(u, c, *id, "mail", c->mail);
}

/* --- coverage --- */

int csv_write_coverage(struct csv_run *u, const struct csv_staged *it, int g,
		       int64_t child, int64_t *id)
{
	const struct csv_coverage *c = &it->item.coverage[g];
	struct coverage now;
	char day[DATE_TEXT] = "";
	int x = 0;

	if (!*id) {
		memset(&now, 0, sizeof now);
		now.child = child;
		now.since = c->since;
		now.until = c->until;
		SAY(now.kind, c->kind);
		SAY(now.payer, c->payer);
		SAY(now.member, c->member);
		if (c->since != NO_DATE)
			date_format(c->since, day);
		x = db_int(u->r->db, id,
			   "SELECT id FROM coverage WHERE child = ?1"
			   " AND kind = ?2 AND ifnull(payer, '') = ?3"
			   " AND ifnull(since, '') = ?4 LIMIT 1",
			   "isss", child, now.kind, now.payer, day);
		if (x == E_NOTFOUND)
			return coverage_add(u->r, &now, id);
	}
	if (x == 0)
		x = coverage_get(u->r->db, *id, &now);
	if (x < 0)
		return x == E_NOTFOUND ? CSV_GONE : x;
	if (*c->member && strcmp(c->member, now.member) != 0)
		return CSV_FIXED;
	if (c->until == NO_DATE || c->until == now.until)
		return 0;
	return now.until == NO_DATE ? coverage_end(u->r, *id, c->until)
				    : CSV_FIXED;
}

int csv_write_benefit(struct csv_run *u, const struct csv_staged *it, int g,
		      int64_t child, int64_t *id)
{
	const struct csv_coverage *c = &it->item.benefit[g];
	struct benefit now = {
		.child = child, .since = c->since, .until = c->until};
	int x;

	if (!*id) {
		SAY(now.kind, c->kind);
		return benefit_add(u->r, &now, id);
	}
	x = benefit_get(u->r->db, *id, &now);
	if (x < 0)
		return x == E_NOTFOUND ? CSV_GONE : x;
	if (c->until == NO_DATE || c->until == now.until)
		return 0;
	return now.until == NO_DATE ? benefit_end(u->r, *id, c->until)
				    : CSV_FIXED;
}

/* --- primary care --- */

static int say_practice(struct csv_run *u, const struct csv_practice *p,
			int64_t *id)
{
	struct practice now = {.active = true};
	int x = 0;

	if (!*id) {
		x = db_int(u->r->db, id,
			   "SELECT id FROM practice WHERE name = ?", "s",
			   p->name);
		if (x == E_NOTFOUND) {
			SAY(now.name, p->name);
			x = practice_add(u->r, &now, id);
		}
	}
	if (x == 0)
		x = practice_get(u->r->db, *id, &now);
	if (x < 0)
		return x == E_NOTFOUND ? CSV_GONE : x;
	SAY(now.phone, p->phone);
	SAY(now.fax, p->fax);
	SAY(now.address, p->address);
	SAY(now.zip, p->zip);
	if (*p->medical_home)
		now.medical_home = yes(p->medical_home);
	return practice_update(u->r, &now);
}

int csv_write_practice(struct csv_run *u, const struct csv_staged *it, int g,
		       int64_t child, int64_t *id)
{
	const struct csv_practice *p = &it->item.practice[g];
	struct child_practice c = {.child = child, .since = p->since};
	char day[DATE_TEXT];
	int64_t same = 0, row;
	int x = say_practice(u, p, id);

	if (x != 0 || !child)
		return x;
	if (c.since == NO_DATE)
		c.since = u->as_of;
	c.practice = *id;
	SAY(c.clinician, p->clinician);
	/* It is so already, or was said later than this. */
	x = db_int(u->r->db, &same,
		   "SELECT EXISTS (SELECT 1 FROM child_practice"
		   " WHERE child = ?1 AND ((practice = ?2 AND (until IS NULL"
		   " OR since = ?3)) OR (until IS NULL AND since >= ?3)))",
		   "iis", child, *id, date_format(c.since, day));
	return x < 0 || same ? x : practice_assign(u->r, &c, &row);
}

/* --- consent --- */

static int find_signer(struct csv_run *u, const struct csv_consent *f,
		       struct consent *c)
{
	char day[DATE_TEXT];
	struct rows rows;
	int x;

	if (strcmp(f->authority, "youth") == 0) {
		SAY(c->authority, f->authority);
		return 0;
	}
	x = db_rows(u->r->db, &rows,
		    "SELECT u.caregiver, u.authority FROM custody u"
		    " JOIN caregiver g ON g.id = u.caregiver"
		    " WHERE u.child = ?1 AND u.authority IS NOT NULL"
		    " AND ifnull(u.since, '') <= ?2"
		    " AND ifnull(u.until, '9999') >= ?2"
		    " AND ?3 IN ('', trim(ifnull(g.given, '') || ' ' ||"
		    " ifnull(g.surname, '')), ifnull(g.surname, '') || ', ' ||"
		    " ifnull(g.given, ''))"
		    " AND ?4 IN ('', u.authority) ORDER BY u.id LIMIT 1",
		    "isss", c->child, date_format(c->signed_on, day), f->signer,
		    f->authority);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		c->signer = rows_int(&rows, 0);
		SAY(c->authority, rows_text(&rows, 1));
	}
	rows_end(&rows);
	return x == ROWS_DONE ? CSV_NO_SIGNER : x < 0 ? x : 0;
}

static int add_consent(struct csv_run *u, const struct csv_consent *f,
		       int64_t child, int64_t *id)
{
	const char *list = f->scopes;
	struct consent c;
	int x;

	memset(&c, 0, sizeof c);
	c.child = child;
	c.signed_on = f->signed_on;
	c.since = f->since == NO_DATE ? f->signed_on : f->since;
	c.until = f->until;
	c.withdrawn = NO_DATE;
	c.counted = true;
	while (c.scopes < CONSENT_SCOPES &&
	       csv_map_next(&list, c.scope[c.scopes], VOCABULARY_ID))
		c.scopes++;
	x = csv_apply_organization_of(u, f->organization, &c.to.organization);
	if (x == 0)
		x = find_signer(u, f, &c);
	return x != 0 ? x : consent_add(u->r, &c, id);
}

int csv_write_consent(struct csv_run *u, const struct csv_staged *it, int g,
		      int64_t child, int64_t *id)
{
	const struct csv_consent *f = &it->item.consent[g];
	struct consent was;
	int x = *id ? 0 : add_consent(u, f, child, id);

	if (x == 0)
		x = consent_get(u->r->db, *id, &was);
	if (x != 0)
		return x == E_NOTFOUND ? CSV_GONE : x;
	if (f->until != NO_DATE && f->until != was.until)
		return CSV_FIXED;
	if (f->withdrawn == NO_DATE || was.withdrawn != NO_DATE)
		return 0;
	return consent_withdraw(u->r, *id, f->withdrawn,
				*f->why ? f->why : "as the sheet says");
}
