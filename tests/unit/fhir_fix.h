/* fhir_fix: a node's database in a scratch folder, and files to import into
 * it. For the test_fhir*.c files. */
#ifndef CCFED_TEST_FHIR_FIX_H
#define CCFED_TEST_FHIR_FIX_H

#include "tests/lib/check.h"

#include <sodium.h>

#include "daemon/core/clock.h"
#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/disk.h"
#include "proto/catalogue.h"
#include "proto/vocabulary.h"
#include "regional/exchange/fhir.h"
#include "regional/schema/schema.h"
#include "tests/lib/digest.h"
#include "tests/lib/scratch.h"

#define GRAVITY                                                  \
	"\"system\":\"http://hl7.org/fhir/us/sdoh-clinicalcare/" \
	"CodeSystem/SDOHCC-CodeSystemTemporaryCodes\""
#define FOOD "{\"coding\":[{" GRAVITY ",\"code\":\"food-insecurity\"}]}"

enum { FIX_REPORTS = 64 };

struct fix {
	char *dir;
	struct db *db;
	struct catalogue *cat;
	struct clock_set clock;
	struct records rec;
	struct fhir_opts o;
	struct fhir_result res;
	int reports;
	enum fhir_reason why[FIX_REPORTS];
	int64_t line[FIX_REPORTS], column[FIX_REPORTS], entry[FIX_REPORTS];
	char id[FIX_REPORTS][FHIR_ID];
	int steps_left; /* progress stops at 0; below: never */
};

static inline void fix_report(void *arg, const struct fhir_report *rep)
{
	struct fix *f = arg;
	int i = f->reports++;

	assert_true(rep->why > FHIR_OK && rep->why < FHIR_REASONS);
	assert_true(fhir_reason_listed(rep->why));
	if (i >= FIX_REPORTS)
		return;
	f->why[i] = rep->why;
	f->line[i] = rep->line;
	f->column[i] = rep->column;
	f->entry[i] = rep->entry;
	snprintf(f->id[i], FHIR_ID, "%s", rep->id);
}

static inline int fix_progress(void *arg, int64_t done, int64_t of)
{
	struct fix *f = arg;

	return of > 0 && f->steps_left >= 0 && f->steps_left-- == 0;
}

static inline void fix_open(struct fix *f, const char *name)
{
	static const unsigned char key[32] = {7};

	check_ok(db_open(&f->db, disk_system(), scratch_path(f->dir, name),
			 DB_CREATE));
	check_ok(
		db_migrate(f->db, NODE_APP_ID, node_schema, node_schema_count));
	f->rec.db = f->db;
	f->rec.clock = &f->clock.base;
	f->rec.words = catalogue_vocabulary(f->cat);
	f->rec.cat = f->cat;
	snprintf(f->rec.who, sizeof f->rec.who, "cli:test");
	memcpy(f->rec.audit_key, key, sizeof key);
	f->rec.today = NO_DATE;
	f->o = (struct fhir_opts){.as_of = NO_DATE,
				  .report = fix_report,
				  .progress = fix_progress,
				  .arg = f};
	f->steps_left = -1;
}

static inline int fix_set_up(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	assert_non_null(f);
	assert_true(sodium_init() >= 0);
	check_ok(date_zone("America/New_York"));
	f->dir = scratch_new();
	check_ok(catalogue_load(&f->cat, source_path("proto")));
	clock_set_init(&f->clock,
		       date_noon_utc_ms(date_from_ymd(2026, 11, 24)));
	fix_open(f, "node.db");
	*state = f;
	return 0;
}

static inline int fix_tear_down(void **state)
{
	struct fix *f = *state;

	db_close(f->db);
	catalogue_free(f->cat);
	scratch_free(f->dir);
	mem_free(f);
	return 0;
}

/* Another, empty database. */
static inline void fix_again(struct fix *f, const char *name)
{
	db_close(f->db);
	f->db = NULL;
	fix_open(f, name);
}

static inline const char *fix_put_bytes(struct fix *f, const char *name,
					const void *text, size_t len)
{
	const char *path = scratch_path(f->dir, name);

	check_ok(disk_write(disk_system(), path, text, len, 0600));
	return path;
}

static inline const char *fix_put(struct fix *f, const char *name,
				  const char *text)
{
	return fix_put_bytes(f, name, text, strlen(text));
}

/* What holds for every import: nothing is lost in silence. */
static inline void fix_adds_up(const struct fhir_result *res)
{
	int64_t read = 0;

	for (int i = 0; i < res->n; i++) {
		const struct fhir_row *row = &res->row[i];
		int64_t left = 0;

		for (int why = 0; why < FHIR_REASONS; why++)
			left += row->why[why];
		assert_int_equal(left, row->left);
		assert_int_equal(row->why[FHIR_OK], 0);
		read += row->taken + row->updated + row->unchanged + row->left;
	}
	assert_int_equal(read, res->read);
	assert_true(res->n <= FHIR_ROWS);
}

static inline int fix_run(struct fix *f, const char *path)
{
	int x;

	f->o.paths = &path;
	f->o.n_paths = 1;
	f->reports = 0;
	x = fhir_import(&f->rec, &f->o, &f->res);
	fix_adds_up(&f->res);
	assert_string_equal(f->rec.who, "cli:test");
	return x;
}

static inline void fix_import(struct fix *f, const char *path)
{
	check_ok(fix_run(f, path));
}

/* Write @text as FILE and import it. */
static inline void fix_take(struct fix *f, const char *text)
{
	fix_import(f, fix_put(f, "in.json", text));
}

static inline const struct fhir_row *fix_row(struct fix *f, const char *type)
{
	static const struct fhir_row none;

	for (int i = 0; i < f->res.n; i++) {
		if (strcmp(f->res.row[i].type, type) == 0)
			return &f->res.row[i];
	}
	return &none;
}

/* The only resource of @type was left out because of @why. */
static inline void fix_left(struct fix *f, const char *type,
			    enum fhir_reason why)
{
	const struct fhir_row *row = fix_row(f, type);

	if (row->left != 1 || row->why[why] != 1) {
		for (int i = 1; i < FHIR_REASONS; i++) {
			if (row->why[i])
				print_message("%s\n", fhir_reason_text(i));
		}
		fail_msg("%s: %d taken, %d left out, wanted: %s", type,
			 (int)row->taken, (int)row->left,
			 fhir_reason_text(why));
	}
}

static inline int64_t fix_int(struct fix *f, const char *sql)
{
	int64_t n = -1;

	check_ok(db_int(f->db, &n, sql, NULL));
	return n;
}

static inline const char *fix_text(struct fix *f, const char *sql)
{
	static char text[400];

	check_ok(db_text(f->db, text, sizeof text, sql, NULL));
	return text;
}

#endif
