/* csv_fix: a node's database in a scratch folder, a mapping and a sheet to take
 * into it. For the test_csv*.c files. */
#ifndef CCFED_TEST_CSV_FIX_H
#define CCFED_TEST_CSV_FIX_H

#include "tests/lib/check.h"

#include <sodium.h>

#include "daemon/core/clock.h"
#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/disk.h"
#include "proto/catalogue.h"
#include "regional/exchange/csv_item.h"
#include "regional/schema/schema.h"
#include "tests/lib/digest.h"
#include "tests/lib/scratch.h"

#define CHILD "[child]\nsource_id = No\nfamily = Last\nbirth = DOB\n"
#define NEED "[need]\ndomain = Need\nfound = Found\n"

enum { SAID = 4000 };

struct fix {
	char *dir;
	struct db *db;
	struct catalogue *cat;
	struct clock_set clock;
	struct records rec;
	struct csv_opts o;
	struct csv_result res;
	char said[SAID]; /* "LINE COLUMN: MESSAGE\n" of each report */
	int reports;
	char map[1000], file[600];
};

static inline void on_report(void *arg, const struct csv_report *rep)
{
	struct fix *f = arg;
	size_t used = strlen(f->said);

	f->reports++;
	snprintf(f->said + used, SAID - used, "%lld %s: %s\n",
		 (long long)rep->line, rep->column, rep->message);
}

static inline void open_db(struct fix *f, const char *name)
{
	static const unsigned char key[32] = {7};

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
	f->o = (struct csv_opts){.path = f->file,
				 .map = f->map,
				 .as_of = NO_DATE,
				 .report = on_report,
				 .arg = f};
}

static inline int set_up(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	assert_non_null(f);
	assert_true(sodium_init() >= 0);
	check_ok(date_zone("America/New_York"));
	f->dir = scratch_new();
	check_ok(catalogue_load(&f->cat, source_path("proto")));
	clock_set_init(&f->clock,
		       date_noon_utc_ms(date_from_ymd(2026, 11, 24)));
	open_db(f, "node.db");
	*state = f;
	return 0;
}

static inline int tear_down(void **state)
{
	struct fix *f = *state;

	db_close(f->db);
	catalogue_free(f->cat);
	scratch_free(f->dir);
	mem_free(f);
	return 0;
}

static inline void put(struct fix *f, char *path, const char *name,
		       const char *text)
{
	snprintf(path, 600, "%s", scratch_path(f->dir, name));
	check_ok(disk_write(disk_system(), path, text, strlen(text), 0600));
}

static inline int run(struct fix *f)
{
	int64_t left = 0;
	int x;

	f->said[0] = '\0';
	f->reports = 0;
	x = csv_import(&f->rec, &f->o, &f->res);
	assert_string_equal(f->rec.who, "cli:test");
	for (int i = 0; i < CSV_REASONS; i++)
		left += f->res.why[i];
	assert_int_equal(left, f->res.kind[CSV_ROW].left);
	return x;
}

/* The mapping @map over the file @text. */
static inline int take(struct fix *f, const char *map, const char *text)
{
	put(f, f->map, "map.conf", map);
	put(f, f->file, "in.csv", text);
	return run(f);
}

static inline void counts(struct fix *f, enum csv_kind kind, int taken,
			  int updated, int unchanged, int left)
{
	const struct csv_count *is = &f->res.kind[kind];

	if (is->taken != taken || is->updated != updated ||
	    is->unchanged != unchanged || is->left != left)
		fail_msg("%s: %d taken, %d updated, %d unchanged, %d left\n%s",
			 csv_kind_text(kind), (int)is->taken, (int)is->updated,
			 (int)is->unchanged, (int)is->left, f->said);
}

static inline void said(struct fix *f, const char *part)
{
	if (!strstr(f->said, part))
		fail_msg("\"%s\" does not say \"%s\"", f->said, part);
}

static inline int64_t number(struct fix *f, const char *sql)
{
	int64_t n = -1;

	check_ok(db_int(f->db, &n, sql, NULL));
	return n;
}

static inline const char *text(struct fix *f, const char *sql)
{
	static char out[600];

	check_ok(db_text(f->db, out, sizeof out, sql, NULL));
	return out;
}

static inline void use_center(struct fix *f)
{
	snprintf(f->map, sizeof f->map, "%s",
		 source_path("tests/data/csv/center.conf"));
	snprintf(f->file, sizeof f->file, "%s",
		 source_path("tests/data/csv/center.csv"));
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
