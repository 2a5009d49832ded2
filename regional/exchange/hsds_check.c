/* What is wrong with the tables, found in SQL once they are all read: no id, an
 * id twice, ids that point nowhere. */
#include "regional/exchange/hsds_item.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"

/* Several tables may come out of one file of JSON. */
#define UPSERT                                                       \
	" ON CONFLICT DO UPDATE SET times = times + excluded.times," \
	" line = min(line, excluded.line);"

/* Things that others name, and that can't be known without an id. */
static const char *const things[] = {"hsds_organization", "hsds_service",
				     "hsds_location", "hsds_term"};

static const struct {
	const char *from, *column, *to, *message;
} pointers[] = {
	{"hsds_service", "organization_id", "hsds_organization",
	 "names an organization that is not in it; the service was taken "
	 "without one"},
	{"hsds_location", "organization_id", "hsds_organization",
	 "names an organization that is not in it"},
	{"hsds_at", "service_id", "hsds_service",
	 "names a service that is not in it; it was not taken"},
	{"hsds_at", "location_id", "hsds_location",
	 "names a location that is not in it"},
	{"hsds_address", "location_id", "hsds_location",
	 "names a location that is not in it; it was not taken"},
	{"hsds_phone", "service_id", "hsds_service",
	 "names a service that is not in it"},
	{"hsds_phone", "location_id", "hsds_location",
	 "names a location that is not in it"},
	{"hsds_phone", "organization_id", "hsds_organization",
	 "names an organization that is not in it"},
	{"hsds_language", "service_id", "hsds_service",
	 "names a service that is not in it"},
	{"hsds_schedule", "service_id", "hsds_service",
	 "names a service that is not in it"},
	{"hsds_schedule", "location_id", "hsds_location",
	 "names a location that is not in it"},
	{"hsds_area", "service_id", "hsds_service",
	 "names a service that is not in it; it was not taken"},
	{"hsds_eligibility", "service_id", "hsds_service",
	 "names a service that is not in it; it was not taken"},
	{"hsds_attribute", "taxonomy_term_id", "hsds_term",
	 "names a term that is not in it; it was not taken"},
};

/* Things that are of something, and say of what in none of these columns. */
static const struct {
	const char *from, *columns, *message;
} blanks[] = {
	{"hsds_at", "coalesce(service_id, '')",
	 "no service is named; it was not taken"},
	{"hsds_address", "coalesce(location_id, '')",
	 "no location is named; it was not taken"},
	{"hsds_phone",
	 "coalesce(service_id, location_id, organization_id,"
	 " service_at_location_id, '')",
	 "it is of no service, location or organization; it was not taken"},
	{"hsds_phone", "coalesce(number, '')",
	 "there is no number; it was not taken"},
	{"hsds_schedule",
	 "coalesce(service_id, location_id, service_at_location_id, '')",
	 "it is of no service or location; it was not taken"},
	{"hsds_eligibility", "coalesce(service_id, '')",
	 "no service is named; it was not taken"},
	{"hsds_service", "coalesce(organization_id, location_id, '')",
	 "no organization is named; the service was taken without one"},
};

static int run(struct hsds_run *u, const char *sql)
{
	return db_script(u->r->db, sql);
}

static int check_ids(struct hsds_run *u, const char *view)
{
	char sql[1000];
	int x;

	snprintf(sql, sizeof sql,
		 "INSERT INTO temp.hsds_wrong SELECT file, min(line), 'id',"
		 " 'the id is missing; it was left out', count(*)"
		 " FROM temp.%s WHERE id IS NULL GROUP BY file" UPSERT
		 "DELETE FROM temp.hsds_row WHERE ord IN (SELECT ord"
		 " FROM temp.%s WHERE id IS NULL);",
		 view, view);
	x = run(u, sql);
	if (x < 0)
		return x;
	/* The same thing may well stand in several objects of JSON. */
	snprintf(sql, sizeof sql,
		 "INSERT INTO temp.hsds_wrong SELECT file, min(line), 'id',"
		 " 'the id was there before; only the first was taken',"
		 " count(*) FROM temp.%s t WHERE file LIKE '%%.csv' AND EXISTS"
		 " (SELECT 1 FROM temp.%s o WHERE o.id = t.id AND o.ord <"
		 " t.ord) GROUP BY file" UPSERT
		 "DELETE FROM temp.hsds_row WHERE ord IN (SELECT ord"
		 " FROM temp.%s t WHERE EXISTS (SELECT 1 FROM temp.%s o WHERE"
		 " o.id = t.id AND o.ord < t.ord));",
		 view, view, view, view);
	return run(u, sql);
}

static int check_pointers(struct hsds_run *u)
{
	char sql[1000];
	int x = 0;

	for (size_t i = 0; x == 0 && i < sizeof pointers / sizeof *pointers;
	     i++) {
		snprintf(sql, sizeof sql,
			 "INSERT INTO temp.hsds_wrong SELECT file, min(line),"
			 " '%s', '%s', count(*) FROM temp.%s t"
			 " WHERE %s IS NOT NULL AND NOT EXISTS (SELECT 1 FROM"
			 " temp.%s o WHERE o.id = t.%s) GROUP BY file" UPSERT,
			 pointers[i].column, pointers[i].message,
			 pointers[i].from, pointers[i].column, pointers[i].to,
			 pointers[i].column);
		x = run(u, sql);
	}
	for (size_t i = 0; x == 0 && i < sizeof blanks / sizeof *blanks; i++) {
		snprintf(sql, sizeof sql,
			 "INSERT INTO temp.hsds_wrong SELECT file, min(line),"
			 " '', '%s', count(*) FROM temp.%s WHERE %s = ''"
			 " GROUP BY file" UPSERT,
			 blanks[i].message, blanks[i].from, blanks[i].columns);
		x = run(u, sql);
	}
	return x;
}

/* Where a service is, by either of the ways to say it. */
static int find_places(struct hsds_run *u)
{
	return run(u, "INSERT OR IGNORE INTO temp.hsds_where"
		      " SELECT service_id, location_id, ifnull(id, '')"
		      " FROM temp.hsds_at WHERE service_id IS NOT NULL"
		      " AND location_id IS NOT NULL;"
		      "INSERT OR IGNORE INTO temp.hsds_where"
		      " SELECT id, location_id, '' FROM temp.hsds_service"
		      " WHERE location_id IS NOT NULL;");
}

/* Organizations and services that no record will be of. */
static int count_left(struct hsds_run *u)
{
	static const char *const sql[HSDS_KINDS] = {
		"SELECT count(*) FROM temp.hsds_organization o WHERE id IS NULL"
		" OR (file LIKE '%.csv' AND EXISTS (SELECT 1"
		" FROM temp.hsds_organization b WHERE b.id = o.id"
		" AND b.ord < o.ord))",
		"SELECT count(*) FROM temp.hsds_service o WHERE id IS NULL"
		" OR (file LIKE '%.csv' AND EXISTS (SELECT 1"
		" FROM temp.hsds_service b WHERE b.id = o.id"
		" AND b.ord < o.ord))"};
	int x = 0;

	for (int k = 0; x == 0 && k < HSDS_KINDS; k++)
		x = db_int(u->r->db, &u->res->kind[k].left, sql[k], NULL);
	return x;
}

int hsds_check(struct hsds_run *u)
{
	int x = count_left(u);

	for (size_t i = 0; x == 0 && i < sizeof things / sizeof *things; i++)
		x = check_ids(u, things[i]);
	if (x == 0)
		x = check_pointers(u);
	return x == 0 ? find_places(u) : x;
}
