/* What becomes of what. HSDS 1.1, 2.0 and 3.0 (Open Referral, documents at
 * docs.openreferral.org).
 *
 * organization > organization: name, website, the first telephone number, the
 *   description as its note.
 * service > service of its organization; without one that is there, of the
 *   organization of its location; else of nobody. "inactive" and "defunct" ones
 *   are inactive here, and so in no list. The needs are those of its taxonomy
 *   terms, by the rules of hsds_need.c; eligibility, and ages up to 25 (a
 *   center is for the young: what begins later is left out); the languages of
 *   it and of its locations; places are its areas and its locations' cities;
 *   the telephone number is its own, or its location's, or the organization's.
 *   assured_date, or a metadata row that says "verified", is when it was
 *   verified. The note has its description, hours, how to apply, fees, waiting,
 *   interpreters and web address, for the directory has no other place for
 *   them. Names of staff are not taken.
 * A text that is too long is cut, and told. */
#include "regional/exchange/hsds_item.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/records.h"

enum { OLDEST = 25, DOTS = 3 };

struct gathering {
	struct hsds_run *u;
	const char *file;
	int64_t line;
	int x; /* of the first failure */
};

static void wrong(struct gathering *g, const char *column, const char *message)
{
	if (g->x == 0)
		g->x = hsds_table_wrong(g->u, g->file, g->line, column,
					message);
}

/* Cut between characters, with "..." at the end. */
static void put(struct gathering *g, char *out, size_t size, const char *text,
		const char *column)
{
	size_t len = text ? strlen(text) : 0;

	if (len < size) {
		snprintf(out, size, "%s", text ? text : "");
		return;
	}
	/* What is left of a note may be less than the dots take. */
	len = size > DOTS ? size - 1 - DOTS : 0;
	while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	snprintf(out, size, "%.*s%s", (int)len, text, size > DOTS ? "..." : "");
	wrong(g, column, "it is too long; its end was cut");
}

/* One more part of a note. */
static void add(struct gathering *g, char note[HSDS_TEXT], const char *title,
		const char *text)
{
	char more[2 * HSDS_TEXT];
	size_t used = strlen(note);

	if (!text || !*text || strstr(note, text))
		return;
	snprintf(more, sizeof more, "%s%s%s", used ? " | " : "", title, text);
	put(g, note + used, HSDS_TEXT - used, more, "description");
}

static void find_one(struct gathering *g, char *out, size_t size,
		     const char *column, const char *sql, const char *id)
{
	char text[2 * HSDS_TEXT]; /* longer than any @size: put cuts it */
	int x;

	if (g->x != 0 || *out)
		return;
	x = db_text(g->u->r->db, text, sizeof text, sql, "s", id);
	if (x == 0)
		put(g, out, size, text, column);
	else if (x != E_NOTFOUND)
		g->x = x;
}

#define NUMBER                                           \
	"SELECT number || ifnull(' x' || extension, '')" \
	" FROM temp.hsds_phone WHERE number IS NOT NULL" \
	" AND ifnull(type, '') NOT LIKE '%fax%' AND "

/* --- organizations --- */

static void fill_org(struct gathering *g, struct rows *rows,
		     struct hsds_org *out)
{
	put(g, out->id, sizeof out->id, rows_text(rows, 3), "id");
	put(g, out->name, sizeof out->name, rows_text(rows, 4), "name");
	put(g, out->web, sizeof out->web, rows_text(rows, 6), "website");
	/* A description that only repeats the name says nothing. */
	if (rows_text(rows, 5) &&
	    strcasecmp(rows_text(rows, 5), out->name) != 0)
		put(g, out->note, sizeof out->note, rows_text(rows, 5),
		    "description");
	find_one(g, out->phone, sizeof out->phone, "number",
		 NUMBER "organization_id = ? ORDER BY service_id IS NULL DESC,"
			" ord LIMIT 1",
		 out->id);
	find_one(g, out->sector, sizeof out->sector, "",
		 "SELECT t.code FROM temp.hsds_attribute a"
		 " JOIN temp.hsds_term t ON t.id = a.taxonomy_term_id"
		 " WHERE a.link_id = ? AND t.taxonomy = '" HSDS_OUR_SECTORS "'"
		 " LIMIT 1",
		 out->id);
	if (vocabulary_find(g->u->r->words, WORDS_SECTOR, out->sector) < 0)
		memset(out->sector, 0, sizeof out->sector);
}

int hsds_gather_org(struct hsds_run *u, int64_t *ord, struct hsds_org *out)
{
	struct gathering g = {.u = u};
	struct rows rows;
	int x;

	memset(out, 0, sizeof *out);
	x = db_rows(u->r->db, &rows,
		    "SELECT ord, file, line, id, ifnull(name, alternate_name),"
		    " description, website FROM temp.hsds_organization"
		    " WHERE ord > ? ORDER BY ord LIMIT 1",
		    "i", *ord);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		*ord = rows_int(&rows, 0);
		g.file = rows_text(&rows, 1);
		g.line = rows_int(&rows, 2);
		fill_org(&g, &rows, out);
		if (!*out->name)
			wrong(&g, "name",
			      "the organization has no name; it was left out");
		x = g.x < 0 ? g.x : *out->name ? 0 : HSDS_LEFT;
	} else if (x == ROWS_DONE) {
		x = HSDS_END;
	}
	rows_end(&rows);
	return x;
}

/* --- services --- */

/* What stands in a column as "A, B; C". */
static void split(struct gathering *g, const char *text, char list[HSDS_LIST],
		  void (*fn)(struct gathering *g, const char *one,
			     char list[HSDS_LIST]))
{
	char one[200];

	while (text && *text) {
		size_t len = strcspn(text, ",;");

		snprintf(one, sizeof one, "%.*s", (int)(len < 199 ? len : 199),
			 text);
		text += len;
		text += strspn(text, ",; ");
		for (len = strlen(one); len > 0 && one[len - 1] == ' '; len--)
			one[len - 1] = '\0';
		if (*one)
			fn(g, one, list);
	}
}

static void put_place(struct gathering *g, const char *one,
		      char list[HSDS_LIST])
{
	if (!hsds_list_put(list, one))
		wrong(g, "service_area",
		      "the name of a place is too long, or there are too "
		      "many; it was not taken");
}

/* Some have a list of places where one is wanted. */
static void take_place(struct gathering *g, const char *one,
		       char list[HSDS_LIST])
{
	if (strlen(one) < NAME_TEXT)
		put_place(g, one, list);
	else
		split(g, one, list, put_place);
}

/* A rule knows it, and it was in the list already. */
static bool known_language(struct gathering *g, const char *one)
{
	char list[HSDS_LIST] = "";

	hsds_rules_find(g->u->rules, WORDS_LANGUAGE, one, list);
	return *list != '\0';
}

static void put_language(struct gathering *g, const char *one,
			 char list[HSDS_LIST])
{
	const struct vocabulary *v = g->u->r->words;
	int i = vocabulary_find(v, WORDS_LANGUAGE, one);
	size_t before = strlen(list);

	if (i < 0)
		i = vocabulary_map(v, WORDS_LANGUAGE, "bcp47", one);
	if (i >= 0)
		hsds_list_put(list, vocabulary_word(v, WORDS_LANGUAGE, i)->id);
	else
		hsds_rules_find(g->u->rules, WORDS_LANGUAGE, one, list);
	if (i < 0 && strlen(list) == before && !known_language(g, one))
		wrong(g, "language",
		      "a language that no rule knows; it was not taken");
}

static void take_language(struct gathering *g, const char *one,
			  char list[HSDS_LIST])
{
	split(g, one, list, put_language);
}

static void take_term(struct gathering *g, const char *id, char list[HSDS_LIST])
{
	char name[200] = "", code[VOCABULARY_ID] = "", taxonomy[40] = "";
	struct rows rows;
	int x;

	if (g->x != 0)
		return;
	x = db_rows(g->u->r->db, &rows,
		    "SELECT name, code, taxonomy FROM temp.hsds_term"
		    " WHERE id = ?",
		    "s", id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		snprintf(name, sizeof name, "%.199s",
			 rows_text(&rows, 0) ? rows_text(&rows, 0) : "");
		snprintf(code, sizeof code, "%.31s",
			 rows_text(&rows, 1) ? rows_text(&rows, 1) : "");
		snprintf(taxonomy, sizeof taxonomy, "%.39s",
			 rows_text(&rows, 2) ? rows_text(&rows, 2) : "");
	}
	rows_end(&rows);
	if (x < 0)
		g->x = x;
	if (strcmp(taxonomy, HSDS_OUR_NEEDS) == 0 &&
	    vocabulary_find(g->u->r->words, WORDS_NEED, code) >= 0)
		hsds_list_put(list, code);
	else if (*name)
		hsds_rules_find(g->u->rules, WORDS_NEED, name, list);
}

/* Each text of a query about the service. */
static void
each(struct gathering *g, const char *sql, const char *id, char list[HSDS_LIST],
     void (*fn)(struct gathering *g, const char *one, char list[HSDS_LIST]))
{
	struct rows rows;
	int x = g->x;

	if (x == 0)
		x = db_rows(g->u->r->db, &rows, sql, "s", id);
	if (g->x != 0)
		return;
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		if (rows_text(&rows, 0))
			fn(g, rows_text(&rows, 0), list);
		x = 0;
	}
	rows_end(&rows);
	if (x < 0)
		g->x = x;
}

static void find_lists(struct gathering *g, struct hsds_service *s)
{
	char areas[HSDS_LIST] = "";

	each(g,
	     "SELECT taxonomy_term_id FROM temp.hsds_attribute"
	     " WHERE link_id = ? ORDER BY ord",
	     s->id, s->needs, take_term);
	each(g,
	     "SELECT ifnull(code, name) FROM temp.hsds_language"
	     " WHERE service_id = ? ORDER BY ord",
	     s->id, s->languages, take_language);
	each(g,
	     "SELECT ifnull(code, name) FROM temp.hsds_language"
	     " WHERE service_id IS NULL AND location_id IN (SELECT location"
	     " FROM temp.hsds_where WHERE service = ?) ORDER BY ord",
	     s->id, s->languages, take_language);
	each(g,
	     "SELECT name FROM temp.hsds_area WHERE service_id = ?"
	     " ORDER BY ord",
	     s->id, areas, take_place);
	memcpy(s->places, areas, sizeof areas);
	each(g,
	     "SELECT DISTINCT city FROM temp.hsds_address WHERE city IS NOT"
	     " NULL AND location_id IN (SELECT location FROM temp.hsds_where"
	     " WHERE service = ?) ORDER BY ord",
	     s->id, s->places, take_place);
}

static int32_t age_of(struct gathering *g, const char *text, const char *column)
{
	char *end;
	double v;

	if (!text)
		return NO_DATE;
	v = strtod(text, &end);
	if (end == text || *end || v < 0 || v > 200) {
		wrong(g, column, "it is no age in years; it was not taken");
		return NO_DATE;
	}
	return (int32_t)v;
}

/* False: it is for grown-ups only. */
static bool fill_ages(struct gathering *g, struct rows *rows,
		      struct hsds_service *s)
{
	s->age_from = age_of(g, rows_text(rows, 12), "minimum_age");
	s->age_to = age_of(g, rows_text(rows, 13), "maximum_age");
	if (s->age_from != NO_DATE && s->age_from > OLDEST) {
		wrong(g, "minimum_age",
		      "the service is for people over 25; it was left out");
		return false;
	}
	if (s->age_to != NO_DATE && s->age_to > OLDEST)
		s->age_to = NO_DATE;
	if (s->age_to != NO_DATE && s->age_from != NO_DATE &&
	    s->age_to < s->age_from) {
		wrong(g, "maximum_age",
		      "the oldest age is under the youngest; neither was "
		      "taken");
		s->age_from = s->age_to = NO_DATE;
	}
	return true;
}

static void fill_verified(struct gathering *g, const char *assured,
			  const char *by, struct hsds_service *s)
{
	char day[DATE_TEXT] = "";
	char text[40] = "";

	s->verified = NO_DATE;
	find_one(g, text, sizeof text, "last_action_date",
		 "SELECT last_action_date FROM temp.hsds_metadata"
		 " WHERE resource_id = ? AND last_action_type = 'verified'"
		 " ORDER BY last_action_date DESC LIMIT 1",
		 s->id);
	find_one(g, s->verified_by, sizeof s->verified_by, "updated_by",
		 "SELECT updated_by FROM temp.hsds_metadata"
		 " WHERE resource_id = ? AND last_action_type = 'verified'"
		 " ORDER BY last_action_date DESC LIMIT 1",
		 s->id);
	snprintf(day, sizeof day, "%.10s",
		 *text	   ? text
		 : assured ? assured
			   : "");
	if (!*day)
		return;
	if (date_parse(day, &s->verified) < 0 ||
	    s->verified > records_today(g->u->r)) {
		err_clear();
		s->verified = NO_DATE;
		wrong(g, "assured_date",
		      "it is no day until today, as YYYY-MM-DD; it was not "
		      "taken");
	} else if (!*s->verified_by) {
		put(g, s->verified_by, sizeof s->verified_by,
		    by ? by : "directory", "assurer_email");
	}
}

static void fill_note(struct gathering *g, struct rows *rows,
		      struct hsds_service *s)
{
	char hours[2 * HSDS_TEXT];

	if (rows_text(rows, 7) && strcasecmp(rows_text(rows, 7), s->name) != 0)
		put(g, s->note, sizeof s->note, rows_text(rows, 7),
		    "description");
	if (g->x == 0)
		g->x = hsds_hours(g->u, s->id, hours, sizeof hours);
	if (g->x != 0)
		return;
	add(g, s->note, "Note: ", rows_text(rows, 22));
	add(g, s->note, "Hours: ", hours);
	add(g, s->note, "How to apply: ", rows_text(rows, 14));
	add(g, s->note, "Fees: ", rows_text(rows, 15));
	add(g, s->note, "Waiting: ", rows_text(rows, 20));
	add(g, s->note, "Interpreters: ", rows_text(rows, 21));
	add(g, s->note, "Web: ", rows_text(rows, 8));
	add(g, s->note, "E-mail: ", rows_text(rows, 9));
}

/* Its own, or that of where it is. */
static void find_phone(struct gathering *g, struct hsds_service *s)
{
	find_one(g, s->phone, sizeof s->phone, "number",
		 NUMBER "service_id = ? ORDER BY ord LIMIT 1", s->id);
	find_one(g, s->phone, sizeof s->phone, "number",
		 NUMBER "location_id IN (SELECT location FROM temp.hsds_where"
			" WHERE service = ?) ORDER BY ord LIMIT 1",
		 s->id);
	find_one(g, s->phone, sizeof s->phone, "number",
		 NUMBER "service_at_location_id IN (SELECT at"
			" FROM temp.hsds_where WHERE service = ? AND at <> '')"
			" ORDER BY ord LIMIT 1",
		 s->id);
}

/* 0, or HSDS_LEFT. */
static int fill_service(struct gathering *g, struct rows *rows,
			struct hsds_service *s)
{
	const char *status = rows_text(rows, 10);

	put(g, s->id, sizeof s->id, rows_text(rows, 3), "id");
	put(g, s->name, sizeof s->name, rows_text(rows, 6), "name");
	if (!*s->name) {
		wrong(g, "name", "the service has no name; it was left out");
		return HSDS_LEFT;
	}
	if (!fill_ages(g, rows, s))
		return HSDS_LEFT;
	s->active = !status || (strcasecmp(status, "inactive") != 0 &&
				strcasecmp(status, "defunct") != 0);
	put(g, s->organization, sizeof s->organization, rows_text(rows, 4),
	    "organization_id");
	put(g, s->eligibility, sizeof s->eligibility, rows_text(rows, 11),
	    "eligibility_description");
	find_one(g, s->eligibility, sizeof s->eligibility, "eligibility",
		 "SELECT group_concat(eligibility, '; ') FROM (SELECT DISTINCT"
		 " eligibility FROM temp.hsds_eligibility WHERE service_id = ?"
		 " AND eligibility IS NOT NULL)",
		 s->id);
	find_phone(g, s);
	fill_verified(g, rows_text(rows, 16), rows_text(rows, 23), s);
	find_lists(g, s);
	split(g, rows_text(rows, 17), s->needs, take_term);
	split(g, rows_text(rows, 18), s->languages, take_language);
	split(g, rows_text(rows, 19), s->places, take_place);
	fill_note(g, rows, s);
	return 0;
}

int hsds_gather_service(struct hsds_run *u, int64_t *ord,
			struct hsds_service *out)
{
	struct gathering g = {.u = u};
	struct rows rows;
	int x;

	memset(out, 0, sizeof *out);
	x = db_rows(u->r->db, &rows,
		    "SELECT ord, file, line, id, CASE WHEN EXISTS (SELECT 1"
		    " FROM temp.hsds_organization o WHERE o.id ="
		    " s.organization_id) THEN organization_id ELSE (SELECT"
		    " organization_id FROM temp.hsds_location WHERE id ="
		    " s.location_id) END, location_id, name, description, url,"
		    " email, status, eligibility_description, minimum_age,"
		    " maximum_age, application_process, fees_description,"
		    " assured_date, taxonomy_ids, languages, service_areas,"
		    " wait_time, interpretation_services, alert, assurer_email"
		    " FROM temp.hsds_service s WHERE ord > ? ORDER BY ord"
		    " LIMIT 1",
		    "i", *ord);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		*ord = rows_int(&rows, 0);
		g.file = rows_text(&rows, 1);
		g.line = rows_int(&rows, 2);
		x = fill_service(&g, &rows, out);
		x = g.x < 0 ? g.x : x;
	} else if (x == ROWS_DONE) {
		x = HSDS_END;
	}
	rows_end(&rows);
	return x;
}

/* --- terms --- */

int hsds_gather_terms(struct hsds_run *u)
{
	char needs[HSDS_LIST], name[200];
	struct gathering g = {.u = u};
	struct rows rows;
	int x;

	if (!u->o->term)
		return 0;
	x = db_rows(u->r->db, &rows,
		    "SELECT t.id, t.name, (SELECT count(*)"
		    " FROM temp.hsds_attribute a WHERE a.taxonomy_term_id ="
		    " t.id) AS n FROM temp.hsds_term t WHERE t.name IS NOT NULL"
		    " ORDER BY n DESC, t.name",
		    NULL);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		needs[0] = '\0';
		snprintf(name, sizeof name, "%.199s", rows_text(&rows, 1));
		take_term(&g, rows_text(&rows, 0), needs);
		for (char *p = needs; *p; p++)
			*p = *p != '\n' ? *p : p[1] ? ' ' : '\0';
		u->o->term(u->o->arg, name, needs, rows_int(&rows, 2));
		x = g.x;
	}
	rows_end(&rows);
	return x == ROWS_DONE ? 0 : x;
}
