/* fuzz_hsds: any bytes as a directory of services: JSON if they begin with '{' or
 * '[', else tables, one after the other between form feeds. It is read, checked,
 * gathered, written and taken back: nothing may remain, and every report must
 * name what it promises. */
#include <assert.h>
#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/clock.h"
#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/disk.h"
#include "daemon/core/err.h"
#include "proto/catalogue.h"
#include "regional/exchange/hsds.h"
#include "regional/schema/schema.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const TABLE[] = {
	"organizations.csv",	   "services.csv",	"locations.csv",
	"service_at_location.csv", "phones.csv",	"schedules.csv",
	"languages.csv",	   "service_areas.csv", "taxonomies.csv",
	"attributes.csv"};
enum { TABLES = sizeof TABLE / sizeof *TABLE };

static struct catalogue *cat;
static struct records rec;
static char dir[] = "/tmp/ccfed-fuzz-XXXXXX", rules[600];

static void clean_up(void)
{
	char path[200];

	db_close(rec.db);
	for (int i = 0; i <= TABLES; i++) {
		snprintf(path, sizeof path, "%s/in/%s", dir,
			 i < TABLES ? TABLE[i] : "all.json");
		remove(path);
	}
	snprintf(path, sizeof path, "%s/in", dir);
	remove(path);
	for (int i = 0; i < 3; i++) {
		static const char *const END[] = {"", "-wal", "-shm"};

		snprintf(path, sizeof path, "%s/node.db%s", dir, END[i]);
		remove(path);
	}
	remove(dir);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *share = getenv("CCFED_SHARE");
	char path[200];

	share = share ? share : PROTO;
	assert(sodium_init() >= 0 && date_zone("America/New_York") == 0);
	assert(catalogue_load(&cat, share) == 0 && mkdtemp(dir));
	snprintf(rules, sizeof rules, "%s/hsds.conf", share);
	snprintf(path, sizeof path, "%s/in", dir);
	assert(disk_make_dir(disk_system(), path) == 0);
	snprintf(path, sizeof path, "%s/node.db", dir);
	assert(db_open(&rec.db, disk_system(), path, DB_CREATE) == 0);
	assert(db_migrate(rec.db, NODE_APP_ID, node_schema,
			  node_schema_count) == 0);
	rec.clock = clock_system();
	rec.cat = cat;
	rec.words = catalogue_vocabulary(cat);
	rec.today = NO_DATE;
	snprintf(rec.who, sizeof rec.who, "fuzz");
	atexit(clean_up);
	return 0;
}

static void write_part(const char *name, const uint8_t *data, size_t size)
{
	char path[200];
	FILE *f;

	snprintf(path, sizeof path, "%s/in/%s", dir, name);
	if (!size) {
		remove(path);
		return;
	}
	f = fopen(path, "wb");
	assert(f && fwrite(data, 1, size, f) == size && fclose(f) == 0);
}

static void on_report(void *arg, const struct hsds_report *rep)
{
	assert(rep->file && rep->column && *rep->message);
	assert(rep->line >= 0 && rep->times >= 1);
	++*(int64_t *)arg;
}

static int64_t count(const char *sql)
{
	int64_t n = -1;

	assert(db_int(rec.db, &n, sql, "") == 0);
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool json = size && (*data == '{' || *data == '[');
	int64_t reports = 0;
	char path[200];
	struct hsds_opts o = {.path = path,
			      .rules = rules,
			      .dry_run = true,
			      .report = on_report,
			      .arg = &reports};
	struct hsds_result res;
	int x;

	snprintf(path, sizeof path, "%s/in", dir);
	write_part("all.json", data, json ? size : 0);
	for (int i = 0; i < TABLES; i++) {
		const uint8_t *end = json || !size ? NULL
						   : memchr(data, '\f', size);
		size_t n = json ? 0 : end ? (size_t)(end - data) : size;

		write_part(TABLE[i], data, n);
		if (!json) {
			n += end != NULL;
			data += n;
			size -= n;
		}
	}
	x = hsds_import(&rec, &o, &res);
	assert(x == 0 || x == E_FORMAT || x == E_INVALID);
	assert(x < 0 || res.wrong == reports);
	assert(count("SELECT count(*) FROM organization") == 0);
	assert(count("SELECT count(*) FROM service") == 0);
	assert(count("SELECT count(*) FROM audit") == 0);
	err_clear();
	return 0;
}
