/* hsds_fix: a node's database in a scratch folder, and a directory of services
 * to take into it. For the test_hsds*.c files. */
#ifndef CCFED_TEST_HSDS_FIX_H
#define CCFED_TEST_HSDS_FIX_H

#include "tests/lib/check.h"

#include <sodium.h>

#include "daemon/core/clock.h"
#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/disk.h"
#include "proto/catalogue.h"
#include "regional/exchange/hsds_item.h"
#include "regional/schema/schema.h"
#include "tests/lib/digest.h"
#include "tests/lib/scratch.h"

enum { SAID = 8000 };

struct fix {
	char *dir;
	struct db *db;
	struct catalogue *cat;
	struct clock_set clock;
	struct records rec;
	struct hsds_opts o;
	struct hsds_result res;
	char said[SAID]; /* "FILE:LINE COLUMN: MESSAGE (TIMES)\n" */
	char terms[SAID];
	char path[600], rules[600];
	int stop_after; /* so many steps; 0 never */
};

static inline void on_report(void *arg, const struct hsds_report *rep)
{
	struct fix *f = arg;
	size_t used = strlen(f->said);

	snprintf(f->said + used, SAID - used, "%s:%lld %s: %s (%lld)\n",
		 rep->file, (long long)rep->line, rep->column, rep->message,
		 (long long)rep->times);
}

static inline int on_progress(void *arg, int64_t done, int64_t of)
{
	struct fix *f = arg;

	return f->stop_after > 0 && --f->stop_after == 0;
}

static inline void open_db(struct fix *f, const char *name)
{
	static const unsigned char key[32] = {7};

	db_close(f->db);
	f->db = NULL;
	check_ok(db_open(&f->db, disk_system(), scratch_path(f->dir, name),
			 DB_CREATE));
	check_ok(
		db_migrate(f->db, NODE_APP_ID, node_schema, node_schema_count));
	f->rec.db = f->db;
	f->rec.clock = &f->clock.base;
	f->rec.cat = f->cat;
	f->rec.words = catalogue_vocabulary(f->cat);
	snprintf(f->rec.who, sizeof f->rec.who, "cli:test");
	memcpy(f->rec.audit_key, key, sizeof key);
	f->rec.today = NO_DATE;
	f->o = (struct hsds_opts){.path = f->path,
				  .rules = f->rules,
				  .report = on_report,
				  .progress = on_progress,
				  .arg = f};
}

static inline int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	assert_non_null(f);
	assert_true(sodium_init() >= 0);
	check_ok(date_zone("America/New_York"));
	f->dir = scratch_new();
	check_ok(catalogue_load(&f->cat, source_path("proto")));
	clock_set_init(&f->clock,
		       date_noon_utc_ms(date_from_ymd(2026, 11, 24)));
	snprintf(f->rules, sizeof f->rules, "%s",
		 source_path("proto/hsds.conf"));
	open_db(f, "node.db");
	*state = f;
	return 0;
}

static inline int teardown(void **state)
{
	struct fix *f = *state;

	db_close(f->db);
	catalogue_free(f->cat);
	scratch_free(f->dir);
	mem_free(f);
	return 0;
}

/* A file of the folder that is imported next. */
static inline void put(struct fix *f, const char *folder, const char *name,
		       const char *text)
{
	snprintf(f->path, sizeof f->path, "%s", scratch_path(f->dir, folder));
	check_ok(disk_make_dir(disk_system(), f->path));
	check_ok(disk_write(disk_system(), scratch_path(f->path, name), text,
			    strlen(text), 0600));
}

static inline int run(struct fix *f)
{
	int x;

	f->said[0] = f->terms[0] = '\0';
	x = hsds_import(&f->rec, &f->o, &f->res);
	assert_string_equal(f->rec.who, "cli:test");
	return x;
}

static inline void said(struct fix *f, const char *part)
{
	if (!strstr(f->said, part))
		fail_msg("\"%s\" does not say \"%s\"", f->said, part);
}

static inline void counts(struct fix *f, enum hsds_kind kind, int taken,
			  int updated, int unchanged, int left)
{
	const struct hsds_count *is = &f->res.kind[kind];

	if (is->taken != taken || is->updated != updated ||
	    is->unchanged != unchanged || is->left != left)
		fail_msg("kind %d: %d taken, %d updated, %d unchanged, %d "
			 "left\n%s",
			 kind, (int)is->taken, (int)is->updated,
			 (int)is->unchanged, (int)is->left, f->said);
}

static inline int64_t number(struct fix *f, const char *sql)
{
	int64_t n = -1;

	check_ok(db_int(f->db, &n, sql, NULL));
	return n;
}

static inline const char *text(struct fix *f, const char *sql)
{
	static char out[2000];

	check_ok(db_text(f->db, out, sizeof out, sql, NULL));
	return out;
}

static inline void put_3_0(struct fix *f)
{
	put(f, "d3", "organizations.csv",
	    "id,name,description,website\n"
	    "o1,Town Pantry,Food for all,pantry.example\n"
	    "o2,Elm Clinic,Elm Clinic,\n");
	put(f, "d3", "services.csv",
	    "id,organization_id,name,description,status,fees_description,fees,"
	    "application_process,eligibility_description,minimum_age,"
	    "maximum_age,assured_date\n"
	    "s1,o1,Box,A weekly box,active,Free,old,Call first,"
	    "Families in town,0,18,2026-10-01\n"
	    "s2,o2,Speech,Speech,inactive,,,,,2,120,\n");
	put(f, "d3", "phones.csv",
	    "id,location_id,service_id,organization_id,number,extension,type\n"
	    "p1,,,o1,860-555-0103,,voice\n"
	    "p2,,s1,,860-555-0104,12,\n"
	    "p3,,s2,,860-555-0105,,fax\n"
	    "p4,l1,,,860-555-0106,,voice\n");
	put(f, "d3", "locations.csv", "id,name\nl1,Main\n");
	put(f, "d3", "service_at_location.csv",
	    "id,service_id,location_id\nx1,s2,l1\n");
	put(f, "d3", "addresses.csv",
	    "id,location_id,city\na1,l1,New Britain\n");
	put(f, "d3", "service_areas.csv",
	    "id,service_id,name\nr1,s1,Hartford\nr2,s1,New Britain\n");
	put(f, "d3", "languages.csv",
	    "id,service_id,location_id,name,code\n"
	    "g1,s1,,Spanish,\ng2,s1,,,pt\ng3,s2,,Klingon,\n");
	put(f, "d3", "schedules.csv",
	    "id,service_id,location_id,freq,byday,opens_at,closes_at,"
	    "description\n"
	    "c1,s1,,WEEKLY,\"MO,TU,WE\",9:00,17:00:00,\n"
	    "c2,s1,,WEEKLY,SA,10:00,12:30,\n"
	    "c3,,l1,WEEKLY,FR,,,By appointment\n");
	put(f, "d3", "taxonomy_terms.csv",
	    "id,code,name,taxonomy,taxonomy_id\n"
	    "t1,,Food Pantries,211,v1\nt2,,Speech Impairments,211,v1\n"
	    "t3,,Food Donation Programs,211,v1\n");
	put(f, "d3", "attributes.csv",
	    "id,link_id,taxonomy_term_id,link_entity\n"
	    "b1,s1,t1,service\nb2,s2,t2,service\nb3,s2,t3,service\n");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

#endif
