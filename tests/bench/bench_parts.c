#include "tests/bench/bench.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "daemon/core/clock.h"
#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/disk.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "daemon/core/rand.h"
#include "proto/lattice.h"
#include "regional/case/simulate.h"
#include "regional/exchange/fhir.h"
#include "regional/node.h"
#include "regional/release/release.h"
#include "tests/lib/scratch.h"

struct node *bench_node(const struct catalogue *cat, const char *dir,
			int32_t first)
{
	struct seams s = {clock_system(), rand_system(), disk_system(), NULL};
	struct node_new how = {NETWORK_SYNTHETIC, first};
	struct node *n;

	bench_shell("rm -rf %s", dir);
	BENCH_MUST(node_init(&s, cat, dir, &how));
	BENCH_MUST(node_open(&n, &s, cat, dir));
	return n;
}

/* --- closing --- */

void bench_closing_make(const struct catalogue *cat, const char *dir,
			int children, bool whole)
{
	int32_t today = date_of_utc(clock_utc_ms(clock_system()));
	/* The last of three years has matured. */
	int32_t first = period_month_of_day(today) - 40;
	struct simulate_opts o = {.kind = NETWORK_SYNTHETIC,
				  .children = children,
				  .years = 3,
				  .until = today - 120,
				  .seed = 7,
				  .whole = whole};
	struct node *n = bench_node(cat, dir, first);

	BENCH_MUST(simulate_run(&n->rec, &o, NULL, NULL));
	/* As if it had joined, without a hub that takes time. */
	BENCH_MUST(db_run(n->db,
			  "UPDATE node SET region = 'bench', title = 'Bench', "
			  "epoch = 1, hello_epoch = 1, history_in = 1",
			  ""));
	node_close(n);
}

void bench_closing(const struct catalogue *cat, const char *dir,
		   struct bench_closing *out)
{
	struct seams s = {clock_system(), rand_system(), disk_system(), NULL};
	int32_t today = date_of_utc(clock_utc_ms(clock_system()));
	struct node *n;
	clock_t cpu;
	char *copy;

	copy = mem_printf("%s.copy", dir);
	bench_shell("rm -rf %s && cp -r %s %s && sync", copy, dir, copy);
	BENCH_MUST(node_open(&n, &s, cat, copy));
	out->seconds = bench_now_s();
	cpu = clock();
	BENCH_MUST(release_close(n, today, &out->closings, NULL, NULL));
	out->cpu_seconds = (double)(clock() - cpu) / CLOCKS_PER_SEC;
	out->seconds = bench_now_s() - out->seconds;
	node_close(n);
	mem_free(copy);
}

/* --- import --- */

/* Four resources a child: patient, condition, request, task. */
static void write_child(FILE *f, int i, int32_t day)
{
	char sent[DATE_TEXT], end[DATE_TEXT];
	static const char gravity[] =
		"http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/"
		"SDOHCC-CodeSystemTemporaryCodes";

	date_format(day - 100 - i % 700, sent);
	date_format(day - 80 - i % 700, end);
	fprintf(f,
		"{\"resourceType\":\"Patient\",\"id\":\"p%d\",\"name\":"
		"[{\"family\":\"Bench%d\",\"given\":[\"Synthetic\"]}],"
		"\"gender\":\"female\",\"birthDate\":\"20%02d-03-%02d\"}\n",
		i, i, 10 + i % 10, 1 + i % 28);
	fprintf(f,
		"{\"resourceType\":\"Condition\",\"id\":\"c%d\",\"category\":"
		"[{\"coding\":[{\"system\":\"%s\",\"code\":"
		"\"food-insecurity\"}]}],\"subject\":{\"reference\":"
		"\"Patient/p%d\"},\"recordedDate\":\"%s\"}\n",
		i, gravity, i, sent);
	fprintf(f,
		"{\"resourceType\":\"ServiceRequest\",\"id\":\"s%d\","
		"\"status\":\"active\",\"intent\":\"order\",\"category\":"
		"[{\"coding\":[{\"system\":\"%s\",\"code\":"
		"\"food-insecurity\"}]}],\"reasonReference\":[{\"reference\":"
		"\"Condition/c%d\"}],\"subject\":{\"reference\":\"Patient/p%d"
		"\"},\"authoredOn\":\"%s\"}\n",
		i, gravity, i, i, sent);
	fprintf(f,
		"{\"resourceType\":\"Task\",\"id\":\"t%d\",\"status\":"
		"\"completed\",\"intent\":\"order\",\"focus\":{\"reference\":"
		"\"ServiceRequest/s%d\"},\"for\":{\"reference\":\"Patient/p%d"
		"\"},\"authoredOn\":\"%s\",\"executionPeriod\":{\"start\":"
		"\"%s\",\"end\":\"%s\"},\"output\":[{\"type\":{\"coding\":"
		"[{\"system\":\"%s\",\"code\":\"resulting-activity\"}]},"
		"\"valueReference\":{\"reference\":\"Procedure/x%d\"}}]}\n",
		i, i, i, sent, sent, end, gravity, i);
}

double bench_import(const struct catalogue *cat, const char *dir, int resources,
		    int64_t *taken)
{
	int32_t today = date_of_utc(clock_utc_ms(clock_system()));
	const char *path = scratch_path(dir, "export.ndjson");
	const char *const paths[] = {path};
	struct fhir_opts o = {.paths = paths, .n_paths = 1, .as_of = NO_DATE};
	struct fhir_result *res = mem_calloc(1, sizeof *res);
	struct node *n = bench_node(cat, scratch_path(dir, "import"), -1);
	FILE *f = fopen(path, "w");
	double begin;

	if (!f || !res)
		bench_must(E_IO, path);
	for (int i = 0; i < resources / 4; i++)
		write_child(f, i, today);
	fclose(f);
	begin = bench_now_s();
	BENCH_MUST(fhir_import(&n->rec, &o, res));
	begin = bench_now_s() - begin;
	*taken = 0;
	for (int i = 0; i < res->n; i++)
		*taken += res->row[i].taken;
	mem_free(res);
	node_close(n);
	return begin;
}
