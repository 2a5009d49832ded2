/* bench_exchange: how fast a spreadsheet and a directory of services are taken
 * in, beside plain inserts of as many rows into the same kind of database in the
 * same run. One row of the sheet is a child with its case, a need, a referral
 * that was completed, and a contact; one of the directory a service of one of
 * ten times fewer organizations.
 *
 *	build/tests/bench/bench_exchange [ROWS] [FOLDER] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "proto/catalogue.h"
#include "regional/exchange/csv.h"
#include "regional/exchange/hsds.h"
#include "regional/node.h"
#include "tests/bench/bench.h"
#include "tests/lib/scratch.h"

enum { ROWS = 5000, BATCH = 200 };

/* Of a processor, too: the machine may have others to serve. */
struct cost {
	double seconds, cpu;
};

static struct cost start(void)
{
	return (struct cost){bench_now_s(), bench_cpu_s()};
}

static struct cost since(struct cost c)
{
	return (struct cost){bench_now_s() - c.seconds, bench_cpu_s() - c.cpu};
}

static FILE *open_new(const char *path)
{
	FILE *f = fopen(path, "w");

	if (!f)
		bench_must(E_IO, path);
	return f;
}

/* --- plain inserts --- */

/* As many columns as a row of the sheet has, two indices, and the batches that
 * the imports have. */
static struct cost insert_plain(struct db *db, int rows)
{
	struct cost begin;

	BENCH_MUST(db_script(db, "CREATE TABLE bench_plain (id INTEGER PRIMARY"
				 " KEY, a TEXT, b TEXT, c TEXT, d TEXT, e TEXT,"
				 " f TEXT, g TEXT, h TEXT) STRICT;"
				 "CREATE INDEX bench_plain_a ON bench_plain"
				 " (a); CREATE INDEX bench_plain_b"
				 " ON bench_plain (b, c)"));
	begin = start();
	for (int i = 0; i < rows; i += BATCH) {
		BENCH_MUST(db_begin(db));
		for (int k = i; k < rows && k < i + BATCH; k++) {
			char a[24], b[24];

			snprintf(a, sizeof a, "row %d", k);
			snprintf(b, sizeof b, "name %d", k / 3);
			BENCH_MUST(db_run(db,
					  "INSERT INTO bench_plain (a, b, c, d,"
					  " e, f, g, h) VALUES (?, ?, ?, ?, ?,"
					  " ?, ?, ?)",
					  "ssssssss", a, b, "2018-03-02",
					  "food", "2025-01-01", "2025-01-02",
					  "2025-01-09", "Town Pantry"));
		}
		BENCH_MUST(db_commit(db));
	}
	return since(begin);
}

/* --- the sheet --- */

static void write_sheet(const char *map, const char *file, int rows)
{
	FILE *f = open_new(map);

	fputs("[child]\nsource_id = No\nfamily = Last\nbirth = DOB\n"
	      "[case]\nopened = Open\n"
	      "[need]\ndomain = Need\nfound = Found\n"
	      "[referral]\norganization = To\nsent = Sent\n"
	      "completed = Done\n"
	      "[contact]\nhappened = Sent\nmode = How\nparty = With\n"
	      "made_by = By\nminutes = Min\n",
	      f);
	fclose(f);
	f = open_new(file);
	fputs("No,Last,DOB,Open,Need,Found,To,Sent,Done,How,With,By,Min\n", f);
	for (int i = 0; i < rows; i++) {
		char day[3][DATE_TEXT];
		int32_t first = date_from_ymd(2024, 1, 1) + i % 500;

		for (int k = 0; k < 3; k++)
			date_format(first + 9 * k, day[k]);
		fprintf(f,
			"%d,Bench%d,20%02d-03-%02d,%s,food,%s,Pantry %d,%s,%s,"
			"phone,family,Kim,10\n",
			i, i, 10 + i % 10, 1 + i % 28, day[0], day[0], i % 20,
			day[1], day[2]);
	}
	fclose(f);
}

static struct cost take_sheet(struct node *n, const char *map, const char *file,
			      int64_t *taken)
{
	struct csv_opts o = {.path = file, .map = map, .as_of = NO_DATE};
	struct csv_result res;
	struct cost begin = start();

	BENCH_MUST(csv_import(&n->rec, &o, &res));
	*taken = res.kind[CSV_ROW].taken;
	return since(begin);
}

/* --- the directory --- */

static void write_directory(const char *dir, int rows)
{
	char path[600];
	FILE *f;

	bench_shell("mkdir -p %s", dir);
	snprintf(path, sizeof path, "%s/organizations.csv", dir);
	f = open_new(path);
	fputs("id,name,description,website\n", f);
	for (int i = 0; i < rows / 10; i++)
		fprintf(f, "o%d,Agency %d,What it does,agency%d.example\n", i,
			i, i);
	fclose(f);
	snprintf(path, sizeof path, "%s/services.csv", dir);
	f = open_new(path);
	fputs("id,organization_id,name,description,status,taxonomy_ids\n", f);
	for (int i = 0; i < rows; i++)
		fprintf(f, "s%d,o%d,Service %d,What it is,active,t%d\n", i,
			i % (rows / 10), i, i % 3);
	fclose(f);
	snprintf(path, sizeof path, "%s/taxonomy_terms.csv", dir);
	f = open_new(path);
	fputs("id,name\nt0,Food Pantries\nt1,Dental Care\nt2,Other\n", f);
	fclose(f);
	snprintf(path, sizeof path, "%s/phones.csv", dir);
	f = open_new(path);
	fputs("id,service_id,number\n", f);
	for (int i = 0; i < rows; i++)
		fprintf(f, "p%d,s%d,860-555-%04d\n", i, i, i % 10000);
	fclose(f);
}

static struct cost take_directory(struct node *n, const char *dir,
				  int64_t *taken)
{
	struct hsds_opts o = {.path = dir,
			      .rules = source_path("proto/hsds.conf")};
	struct hsds_result res;
	struct cost begin = start();

	BENCH_MUST(hsds_import(&n->rec, &o, &res));
	*taken = res.kind[HSDS_OF_SERVICE].taken;
	return since(begin);
}

/* --- what is printed --- */

static void print_line(const char *what, int rows, struct cost c,
		       struct cost plain)
{
	printf("%-18s %7d rows %8.3f s %8.3f s of a processor %7.0f rows/s "
	       "of it %6.1f times plain\n",
	       what, rows, c.seconds, c.cpu, rows / c.cpu, c.cpu / plain.cpu);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	int rows = argc > 1 ? (int)strtol(argv[1], NULL, 10) : ROWS;
	char *own = argc > 2 ? NULL : scratch_new();
	const char *dir = own ? own : argv[2];
	char map[600], file[600], folder[600];
	struct catalogue *cat = NULL;
	struct cost plain, first, again;
	int64_t taken;
	struct node *n;

	if (rows < 10 || sodium_init() < 0)
		return 2;
	bench_quiet();
	bench_machine(argc, argv);
	BENCH_MUST(catalogue_load(&cat, source_path("proto")));
	snprintf(map, sizeof map, "%s", scratch_path(dir, "sheet.conf"));
	snprintf(file, sizeof file, "%s", scratch_path(dir, "sheet.csv"));
	snprintf(folder, sizeof folder, "%s", scratch_path(dir, "hsds"));
	write_sheet(map, file, rows);
	write_directory(folder, rows);
	n = bench_node(cat, scratch_path(dir, "node"), -1);
	plain = insert_plain(n->db, rows);
	print_line("plain inserts", rows, plain, plain);
	first = take_sheet(n, map, file, &taken);
	print_line("spreadsheet", (int)taken, first, plain);
	again = take_sheet(n, map, file, &taken);
	print_line("spreadsheet, again", rows, again, plain);
	first = take_directory(n, folder, &taken);
	print_line("directory", (int)taken, first, plain);
	again = take_directory(n, folder, &taken);
	print_line("directory, again", rows, again, plain);
	printf("peak memory %ld KiB\n", bench_peak_kib());
	node_close(n);
	catalogue_free(cat);
	if (own)
		scratch_free(own);
	return 0;
}
