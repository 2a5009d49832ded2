/* bench_road: ratios of one run, for people to read; see bench.h.
 *
 *	bench_road [--quick]
 *
 * On a machine that others use, only ratios taken in one run mean anything:
 * what is compared is run in turns, and the median is taken. */
#include "tests/bench/bench.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/mem.h"
#include "proto/catalogue.h"
#include "tests/lib/scratch.h"

enum { CLOSING_RUNS = 3 };

static void road(const struct catalogue *cat, const char *dir, int children,
		 int years)
{
	double send[BENCH_RUNS], sync[BENCH_RUNS], ratio[BENCH_RUNS];
	struct bench_road r = {0};
	struct bench_net net;
	long hub = 0, node = 0;

	bench_net_make(&net, cat, dir, children, years);
	printf("road      %d releases, %lld events, %lld bytes, five nodes\n",
	       net.releases, (long long)net.events, (long long)net.bytes);
	for (int i = 0; i < BENCH_RUNS; i++) {
		bench_net_road(&net, &r);
		send[i] = (double)net.events / r.seconds;
		sync[i] = (double)net.events / bench_net_write(&net);
		ratio[i] = send[i] / sync[i];
		hub = r.hub_kib > hub ? r.hub_kib : hub;
		node = r.node_kib > node ? r.node_kib : node;
		printf("  run %d   %8.0f events/s, only writing %8.0f, "
		       "ratio %.2f, %.2f releases a commit\n",
		       i + 1, send[i], sync[i], ratio[i],
		       (double)net.releases / (double)r.commits);
		fflush(stdout);
	}
	printf("  median  %8.0f events/s, only writing %8.0f, "
	       "ratio %.2f (aim: 0.60)\n",
	       bench_median(send, BENCH_RUNS), bench_median(sync, BENCH_RUNS),
	       bench_median(ratio, BENCH_RUNS));
	printf("memory    hub %ld KiB, largest node %ld KiB at their peaks\n\n",
	       hub, node);
	bench_net_free(&net);
}

static void closing(const struct catalogue *cat, const char *dir, int children)
{
	double wall[2][CLOSING_RUNS], cpu[2][CLOSING_RUNS], s[2], c[2];
	char *node[2] = {mem_printf("%s/few", dir), mem_printf("%s/many", dir)};
	struct bench_closing r;

	for (int k = 0; k < 2; k++)
		bench_closing_make(cat, node[k], k ? children * 10 : children,
				   false);
	for (int i = 0; i < CLOSING_RUNS; i++) {
		for (int k = 0; k < 2; k++) {
			bench_closing(cat, node[k], &r);
			wall[k][i] = r.seconds;
			cpu[k][i] = r.cpu_seconds;
		}
	}
	for (int k = 0; k < 2; k++) {
		s[k] = bench_median(wall[k], CLOSING_RUNS);
		c[k] = bench_median(cpu[k], CLOSING_RUNS);
		printf("%s %7d children: %d closings in %.2f s, %.2f s of a "
		       "processor\n",
		       k ? "         " : "closing  ",
		       k ? children * 10 : children, r.closings, s[k], c[k]);
		mem_free(node[k]);
	}
	printf("          time a child, ten times as many: ratio %.2f, of a "
	       "processor %.2f (aim: at most 1)\n\n",
	       s[1] / s[0] / 10, c[1] / c[0] / 10);
	fflush(stdout);
}

static void importing(const struct catalogue *cat, const char *dir, int n)
{
	int64_t taken;
	double s = bench_import(cat, dir, n, &taken);

	printf("import    %d FHIR resources, %lld taken: %.0f resources/s\n", n,
	       (long long)taken, n / s);
}

int main(int argc, char **argv)
{
	struct catalogue *cat;
	int scale = 1;
	char *dir;

	bench_quiet();
	BENCH_MUST(catalogue_load(&cat, source_path("proto")));
	if (argc == 5)
		bench_net_child(cat, argv + 1);
	if (argc == 2 && strcmp(argv[1], "--quick") == 0) {
		scale = 10;
	} else if (argc > 1) {
		fprintf(stderr, "usage: bench_road [--quick]\n"
				"TMPDIR says on which disk it works.\n");
		return 2;
	}
	bench_machine(argc, argv);
	dir = scratch_new();
	road(cat, dir, 3000 / scale, scale == 1 ? 10 : 2);
	closing(cat, dir, 5400 / scale);
	importing(cat, dir, 20000 / scale);
	catalogue_free(cat);
	scratch_free(dir);
	return 0;
}
