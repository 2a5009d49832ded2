/* The tables of HSDS 1.1, 2.0 and 3.0 under one set of names, as rows of one
 * temporary table with a view for each. A column that was renamed from one
 * version to the next has all its names here. */
#include "regional/exchange/hsds_item.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "regional/case/field.h"

/* @files: what the table is called. @columns: in the order of the values; the
 * first of names joined by ':' is the view's. */
static const struct {
	const char *view, *files, *columns;
} tables[HSDS_ENTITIES] = {
	[HSDS_ORGANIZATION] = {"hsds_organization",
			       "organization organizations",
			       "id alternate_name name description website:url"
			       " email"},
	[HSDS_SERVICE] = {"hsds_service", "service services",
			  "id organization_id location_id name description"
			  " url:website email status"
			  " eligibility_description:eligibility minimum_age"
			  " maximum_age application_process"
			  " fees_description:fees assured_date taxonomy_ids"
			  " languages service_areas wait_time"
			  " interpretation_services alert assurer_email"},
	[HSDS_LOCATION] = {"hsds_location", "location locations",
			   "id organization_id name"},
	[HSDS_AT] = {"hsds_at",
		     "service_at_location service_at_locations"
		     " services_at_location services_at_locations",
		     "id service_id location_id"},
	[HSDS_ADDRESS] = {"hsds_address",
			  "address addresses physical_address"
			  " physical_addresses postal_address"
			  " postal_addresses",
			  "id location_id city"},
	[HSDS_PHONE] = {"hsds_phone", "phone phones",
			"id service_id location_id organization_id"
			" service_at_location_id number extension"
			" type:number_type"},
	[HSDS_LANGUAGE] = {"hsds_language", "language languages",
			   "id service_id location_id name:language code"},
	[HSDS_SCHEDULE] = {"hsds_schedule",
			   "schedule schedules regular_schedule"
			   " regular_schedules",
			   "id service_id location_id service_at_location_id"
			   " weekday byday opens_at closes_at description"},
	[HSDS_AREA] = {"hsds_area", "service_area service_areas",
		       "id service_id name:service_area"},
	[HSDS_ELIGIBILITY] = {"hsds_eligibility", "eligibility eligibilities",
			      "id service_id eligibility"},
	[HSDS_TERM] = {"hsds_term", "taxonomy_term taxonomy_terms taxonomy",
		       "id:taxonomy_id name parent_id code"
		       " taxonomy:vocabulary"},
	[HSDS_ATTRIBUTE] = {"hsds_attribute",
			    "attribute attributes service_attribute"
			    " service_attributes service_taxonomy"
			    " services_taxonomy",
			    "id link_id:service_id"
			    " taxonomy_term_id:taxonomy_id link_entity"},
	[HSDS_METADATA] = {"hsds_metadata", "metadata",
			   "id resource_id last_action_type"
			   " last_action_date updated_by"},
};

/* Of HSDS, but nothing is taken from them: names of people, money, papers. */
static const char not_needed[] =
	" accessibility accessibility_for_disabilities contact contacts"
	" cost_option cost_options funding fundings holiday_schedule"
	" holiday_schedules identifier identifiers mail_addresses"
	" meta_table_description meta_table_descriptions"
	" organization_identifier organization_identifiers other_attribute"
	" other_attributes payment_accepted payments_accepted program programs"
	" required_document required_documents taxonomies unit units url urls"
	" additional_websites additional_urls service_capacity"
	" service_capacities ";

static const char drop[] = "DROP TABLE IF EXISTS temp.hsds_row;"
			   "DROP TABLE IF EXISTS temp.hsds_wrong;"
			   "DROP TABLE IF EXISTS temp.hsds_where;";
static const char schema[] =
	"CREATE TEMP TABLE hsds_row (ord INTEGER PRIMARY KEY, entity INTEGER,"
	" file TEXT, line INTEGER, v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10,"
	" v11, v12, v13, v14, v15, v16, v17, v18, v19, v20, v21);"
	"CREATE INDEX temp.hsds_row_of ON hsds_row (entity);"
	"CREATE INDEX temp.hsds_row_0 ON hsds_row (entity, v0);"
	"CREATE INDEX temp.hsds_row_1 ON hsds_row (entity, v1);"
	"CREATE INDEX temp.hsds_row_2 ON hsds_row (entity, v2);"
	"CREATE INDEX temp.hsds_row_3 ON hsds_row (entity, v3);"
	"CREATE INDEX temp.hsds_row_4 ON hsds_row (entity, v4);"
	/* Where a service is. */
	"CREATE TEMP TABLE hsds_where (service TEXT, location TEXT, at TEXT,"
	" PRIMARY KEY (service, location)) WITHOUT ROWID;"
	"CREATE TEMP TABLE hsds_wrong (file TEXT, line INTEGER, col TEXT,"
	" message TEXT, times INTEGER, PRIMARY KEY (file, col, message));";

/* The word of @words, among blanks, that is @name of @len; its place from 0 and
 * -1 if there is none. Words joined by ':' are one place. */
static int place_of(const char *words, const char *name, size_t len)
{
	int at = 0;

	for (const char *p = words; *p;) {
		size_t n = strcspn(p, " :");

		if (n == len && strncasecmp(p, name, len) == 0)
			return at;
		p += n;
		if (*p == ' ')
			at++;
		if (*p)
			p++;
	}
	return -1;
}

int hsds_table_find(const char *name)
{
	size_t len = strlen(name);
	char blanked[80];

	if (len > 4 && strcasecmp(name + len - 4, ".csv") == 0)
		len -= 4;
	for (int e = 0; e < HSDS_ENTITIES; e++) {
		if (place_of(tables[e].files, name, len) >= 0)
			return e;
	}
	if (len == 0 || len + 3 > sizeof blanked)
		return HSDS_UNKNOWN;
	snprintf(blanked, sizeof blanked, " %.*s ", (int)len, name);
	return strcasestr(not_needed, blanked) ? HSDS_NOT_NEEDED : HSDS_UNKNOWN;
}

int hsds_table_column(enum hsds_entity entity, const char *column)
{
	return place_of(tables[entity].columns, column, strlen(column));
}

bool hsds_table_newest(enum hsds_entity entity, const char *column)
{
	const char *at = tables[entity].columns;
	size_t len = strlen(column);

	for (; *at; at += *at == ' ') {
		if (strncasecmp(at, column, len) == 0 &&
		    strcspn(at, " :") == len)
			return true;
		at += strcspn(at, " ");
	}
	return false;
}

static int make_view(struct db *db, enum hsds_entity e)
{
	char sql[1000];
	size_t used;
	int at = 0;

	used = (size_t)snprintf(sql, sizeof sql,
				"DROP VIEW IF EXISTS temp.%s; CREATE TEMP VIEW"
				" %s AS SELECT ord, file, line",
				tables[e].view, tables[e].view);
	for (const char *p = tables[e].columns; *p; at++) {
		used += (size_t)snprintf(sql + used, sizeof sql - used,
					 ", v%d AS %.*s", at,
					 (int)strcspn(p, " :"), p);
		p += strcspn(p, " ");
		p += *p == ' ';
	}
	snprintf(sql + used, sizeof sql - used,
		 " FROM temp.hsds_row WHERE entity = %d;", (int)e);
	return db_script(db, sql);
}

int hsds_table_open(struct hsds_run *u)
{
	int x = db_script(u->r->db, drop);

	if (x == 0)
		x = db_script(u->r->db, schema);
	for (int e = 0; x == 0 && e < HSDS_ENTITIES; e++)
		x = make_view(u->r->db, e);
	return x;
}

void hsds_table_close(struct hsds_run *u)
{
	char sql[80];

	for (int e = 0; e < HSDS_ENTITIES; e++) {
		snprintf(sql, sizeof sql, "DROP VIEW IF EXISTS temp.%s;",
			 tables[e].view);
		db_script(u->r->db, sql);
	}
	db_script(u->r->db, drop);
}

/* --- rows --- */

/* Marks that turn the direction of writing around show a name as another. */
static bool is_clean(const char *text)
{
	for (const unsigned char *s = (const unsigned char *)text; *s; s++) {
		bool turn = s[0] == 0xe2 &&
			    ((s[1] == 0x80 && s[2] >= 0xaa && s[2] <= 0xae) ||
			     (s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9));

		if (turn || (*s < 0x20 && !strchr("\t\n\r", *s)) || *s == 0x7f)
			return false;
	}
	return field_utf8((const unsigned char *)text, strlen(text));
}

/* Blanks and line breaks made one blank; NULL for nothing. */
static int tidy(const char *text, char **out)
{
	size_t n = 0;
	char *to;

	*out = NULL;
	if (!text || !*text)
		return 0;
	to = mem_alloc(strlen(text) + 1);
	if (!to)
		return err_set(E_NOMEM, "out of memory for a row");
	for (; *text; text++) {
		if (!strchr(" \t\r\n", *text))
			to[n++] = *text;
		else if (n > 0 && to[n - 1] != ' ')
			to[n++] = ' ';
	}
	while (n > 0 && to[n - 1] == ' ')
		n--;
	to[n] = '\0';
	if (n == 0 || field_text("", to, n + 1) < 0) {
		mem_free(to);
		return 0;
	}
	*out = to;
	return 0;
}

static int insert(struct hsds_run *u, enum hsds_entity e, int64_t line,
		  char *const v[HSDS_VALUES])
{
	_Static_assert(HSDS_VALUES == 22, "the SQL has so many");
	return db_run(u->r->db,
		      "INSERT INTO temp.hsds_row (entity, file, line, v0, v1,"
		      " v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13,"
		      " v14, v15, v16, v17, v18, v19, v20, v21) VALUES (?, ?,"
		      " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
		      " ?, ?, ?, ?, ?)",
		      "isissssssssssssssssssssss", (int64_t)e, u->file, line,
		      v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8],
		      v[9], v[10], v[11], v[12], v[13], v[14], v[15], v[16],
		      v[17], v[18], v[19], v[20], v[21]);
}

int hsds_table_put(struct hsds_run *u, enum hsds_entity entity, int64_t line,
		   const char *const value[HSDS_VALUES])
{
	char *v[HSDS_VALUES] = {NULL};
	int x = 0;

	u->res->rows++;
	for (int i = 0; x == 0 && i < HSDS_VALUES; i++) {
		if (value[i] && !is_clean(value[i]))
			x = hsds_table_wrong(u, u->file, line, "",
					     "a text is not UTF-8, or has "
					     "characters that can't be seen; "
					     "it was not taken");
		else if (value[i])
			x = tidy(value[i], &v[i]);
	}
	if (x == 0)
		x = insert(u, entity, line, v);
	for (int i = 0; i < HSDS_VALUES; i++)
		mem_free(v[i]);
	return x;
}

int hsds_table_wrong(struct hsds_run *u, const char *file, int64_t line,
		     const char *column, const char *message)
{
	return db_run(u->r->db,
		      "INSERT INTO temp.hsds_wrong VALUES (?, ?, ?, ?, 1)"
		      " ON CONFLICT DO UPDATE SET times = times + 1,"
		      " line = min(line, excluded.line)",
		      "siss", file, line, column, message);
}

int hsds_table_report(struct hsds_run *u)
{
	struct rows rows;
	int x;

	x = db_rows(u->r->db, &rows,
		    "SELECT file, line, col, message, times"
		    " FROM temp.hsds_wrong ORDER BY file, line, col",
		    NULL);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		const struct hsds_report rep = {
			rows_text(&rows, 0), rows_int(&rows, 1),
			rows_text(&rows, 2), rows_text(&rows, 3),
			rows_int(&rows, 4)};

		u->res->wrong++;
		if (u->o->report)
			u->o->report(u->o->arg, &rep);
		x = 0;
	}
	rows_end(&rows);
	return x == ROWS_DONE ? 0 : x;
}
