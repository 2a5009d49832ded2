/* bench_record: what a child's whole record costs: to write, to bring from
 * elsewhere, to keep on disk, and to close the months of every fact table.
 *
 *	bench_record [--quick]
 *
 * Two regions, one with ten times as many children as the other; what is said
 * of them is a ratio of one run. --quick: a tenth of both. */
#include "tests/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/disk.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "proto/catalogue.h"
#include "regional/exchange/csv.h"
#include "regional/node.h"
#include "tests/lib/scratch.h"

enum { FEW = 5400, MANY = 54000, YEARS = 3, RESOURCES = 20000, ROWS = 5000 };
enum { FEW_RUNS = 3, LISTED = 14 };

struct cost {
	double seconds, cpu;
};

static struct cost begin(void)
{
	return (struct cost){bench_now_s(), bench_cpu_s()};
}

static struct cost since(struct cost c)
{
	return (struct cost){bench_now_s() - c.seconds, bench_cpu_s() - c.cpu};
}

/* --- writing --- */

static struct cost writing(const struct catalogue *cat, const char *dir,
			   int children)
{
	struct cost c = begin();

	bench_closing_make(cat, dir, children, true);
	c = since(c);
	printf("simulate  %6d children of %d years: %.1f s, %.1f s of a "
	       "processor; %.2f ms a child\n",
	       children, YEARS, c.seconds, c.cpu, 1000 * c.cpu / children);
	fflush(stdout);
	return c;
}

/* --- on disk --- */

static int64_t ask(struct db *db, const char *sql)
{
	int64_t v = 0;

	BENCH_MUST(db_int(db, &v, sql, ""));
	return v;
}

/* With its indexes. */
static void list_tables(struct db *db, int64_t children)
{
	struct rows r;
	int x;

	BENCH_MUST(db_rows(db, &r,
			   "SELECT s.tbl_name, sum(d.pgsize) AS n"
			   " FROM dbstat d JOIN sqlite_schema s"
			   " ON s.name = d.name WHERE d.aggregate = 1"
			   " GROUP BY s.tbl_name ORDER BY n DESC LIMIT ?",
			   "i", (int64_t)LISTED));
	while ((x = rows_next(&r)) == ROWS_ROW)
		printf("          %-22s %8lld KiB, %6.2f KiB a child\n",
		       rows_text(&r, 0), (long long)rows_int(&r, 1) / 1024,
		       (double)rows_int(&r, 1) / 1024 / (double)children);
	rows_end(&r);
	bench_must(x == ROWS_DONE ? 0 : x, "dbstat");
}

static double mebibytes(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		bench_must(E_IO, path);
	return (double)st.st_size / 1024 / 1024;
}

/* A child-year: a child for whom something was done in a calendar year, as
 * measure M01C counts them. */
static void size(const char *dir, bool list)
{
	char *path = mem_printf("%s/node.db", dir);
	double before, after;
	int64_t children, years;
	struct db *db;

	BENCH_MUST(db_open(&db, disk_system(), path, DB_WRITE));
	children = ask(db, "SELECT count(*) FROM child");
	years = ask(db, "SELECT count(*) FROM (SELECT DISTINCT child,"
			" substr(day, 1, 4) FROM fact_activity)");
	BENCH_MUST(db_script(db, "PRAGMA wal_checkpoint(TRUNCATE)"));
	before = mebibytes(path);
	if (list)
		list_tables(db, children);
	BENCH_MUST(db_script(db, "VACUUM"));
	BENCH_MUST(db_script(db, "PRAGMA wal_checkpoint(TRUNCATE)"));
	after = mebibytes(path);
	db_close(db);
	printf("on disk   %6lld children, %lld child-years: %.0f MiB, %.1f KiB "
	       "a child-year; after VACUUM %.0f MiB, %.1f KiB\n",
	       (long long)children, (long long)years, before,
	       before * 1024 / (double)years, after,
	       after * 1024 / (double)years);
	fflush(stdout);
	mem_free(path);
}

/* --- closing --- */

static struct cost closing(const struct catalogue *cat, const char *dir,
			   int children, int runs)
{
	double wall[FEW_RUNS], cpu[FEW_RUNS];
	struct bench_closing r = {0};
	struct cost c;

	for (int i = 0; i < runs; i++) {
		bench_closing(cat, dir, &r);
		wall[i] = r.seconds;
		cpu[i] = r.cpu_seconds;
	}
	c = (struct cost){bench_median(wall, runs), bench_median(cpu, runs)};
	printf("closing   %6d children, %d fact tables: %d closings in %.1f s, "
	       "%.1f s of a processor; %.2f ms a child\n",
	       children, catalogue_tables(cat), r.closings, c.seconds, c.cpu,
	       1000 * c.cpu / children);
	fflush(stdout);
	return c;
}

/* --- importing --- */

static void fhir(const struct catalogue *cat, const char *dir, int n)
{
	struct cost c = begin();
	int64_t taken;
	double s = bench_import(cat, dir, n, &taken);

	c = since(c);
	printf("FHIR      %d resources, %lld taken: %.0f a second, %.2f ms of "
	       "a "
	       "processor each\n",
	       n, (long long)taken, n / s, 1000 * c.cpu / n);
}

/* A row a child, with its case, need and referral. */
static void write_sheet(const char *path, int rows)
{
	FILE *f = fopen(path, "w");

	if (!f)
		bench_must(E_IO, path);
	fprintf(f, "Case No,First,Last,DOB,Gender,ZIP,Intake,Need,"
		   "Date identified,Agency,Date sent,Accepted,"
		   "Service received\n");
	for (int i = 0; i < rows; i++)
		fprintf(f,
			"B-%06d,Synthetic,Bench%d,%d/%d/20%02d,F,06106,"
			"1/5/2026,food,1/5/2026,Agency %d,1/%d/2026,"
			"2/%d/2026,3/%d/2026\n",
			i, i, 1 + i % 12, 1 + i % 28, 10 + i % 12, i % 9,
			6 + i % 20, 1 + i % 20, 1 + i % 20);
	fclose(f);
}

static void sheet(const struct catalogue *cat, const char *dir, int rows)
{
	const char *path = scratch_path(dir, "bench.csv");
	struct csv_opts o = {.path = path, .as_of = NO_DATE};
	const char *map = scratch_path(dir, "bench.map");
	struct node *n = bench_node(cat, scratch_path(dir, "sheet"), -1);
	struct csv_result res;
	struct cost c;
	char *text;

	write_sheet(path, rows);
	BENCH_MUST(csv_suggest(path, &text));
	BENCH_MUST(disk_write(disk_system(), map, text, strlen(text), 0600));
	mem_free(text);
	o.map = map;
	c = begin();
	BENCH_MUST(csv_import(&n->rec, &o, &res));
	c = since(c);
	printf("CSV       %d rows, %lld children, %lld referrals taken: %.0f "
	       "rows a second, %.2f ms of a processor each\n",
	       rows, (long long)res.kind[CSV_CHILD].taken,
	       (long long)res.kind[CSV_REFERRAL].taken, rows / c.seconds,
	       1000 * c.cpu / rows);
	node_close(n);
}

static void ratio(const char *what, const struct cost c[2])
{
	printf("          %s a child, ten times as many: ratio %.2f, of a "
	       "processor %.2f (aim: at most 1)\n",
	       what, c[1].seconds / c[0].seconds / 10,
	       c[1].cpu / c[0].cpu / 10);
}

static void both(const struct catalogue *cat, const char *dir, int scale)
{
	char *node[2] = {mem_printf("%s/few", dir), mem_printf("%s/many", dir)};
	int children[2] = {FEW / scale, MANY / scale};
	struct cost c[2];

	for (int k = 0; k < 2; k++)
		c[k] = writing(cat, node[k], children[k]);
	ratio("writing", c);
	for (int k = 0; k < 2; k++)
		c[k] = closing(cat, node[k], children[k], k ? 1 : FEW_RUNS);
	ratio("closing", c);
	for (int k = 0; k < 2; k++) {
		size(node[k], k == 0);
		mem_free(node[k]);
	}
}

int main(int argc, char **argv)
{
	struct catalogue *cat;
	int scale = 1;
	char *dir;

	bench_quiet();
	BENCH_MUST(catalogue_load(&cat, source_path("proto")));
	if (argc == 2 && strcmp(argv[1], "--quick") == 0) {
		scale = 10;
	} else if (argc > 1) {
		fprintf(stderr, "usage: bench_record [--quick]\n"
				"TMPDIR says on which disk it works.\n");
		return 2;
	}
	bench_machine(argc, argv);
	dir = scratch_new();
	fhir(cat, dir, RESOURCES / scale);
	sheet(cat, dir, ROWS / scale);
	both(cat, dir, scale);
	catalogue_free(cat);
	scratch_free(dir);
	return 0;
}
