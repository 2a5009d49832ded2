/* bench_road: ratios of one run, for people to read; see bench.h.
 *
 *	bench_road [--quick]
 *
 * On a machine that others use, only ratios taken in one run mean anything:
 * what is compared is run in turns, and the median is taken. */
#include "tests/bench/bench.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "daemon/core/err.h"
#include "daemon/core/log.h"
#include "daemon/core/mem.h"
#include "proto/catalogue.h"
#include "tests/lib/scratch.h"

enum { CLOSING_RUNS = 3 };

void bench_must(int result, const char *what)
{
	if (result >= 0)
		return;
	fprintf(stderr, "bench: %s: %s\n", what, err_text(result));
	_exit(1);
}

double bench_now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static long proc_kib(const char *path, const char *key)
{
	char line[200];
	long kib = 0;
	FILE *f = fopen(path, "r");

	while (f && fgets(line, sizeof line, f))
		if (strncmp(line, key, strlen(key)) == 0)
			kib = strtol(line + strlen(key), NULL, 10);
	if (f)
		fclose(f);
	return kib;
}

long bench_peak_kib(void)
{
	return proc_kib("/proc/self/status", "VmHWM:");
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double bench_median(double *v, int n)
{
	qsort(v, (size_t)n, sizeof *v, by_value);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

void bench_shell(const char *fmt, ...)
{
	char text[2000];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (system(text) != 0)
		bench_must(E_IO, text);
}

/* Only what went wrong: lines on a terminal would be part of the time. */
static void quiet(void *arg, enum log_level level, const char *line)
{
	if (level <= LOG_LEVEL_WARN)
		fprintf(stderr, "%s\n", line);
}

static void machine(int argc, char **argv)
{
	struct utsname u;
	double load = 0;

	uname(&u);
	if (getloadavg(&load, 1) != 1)
		load = -1;
	printf("machine   %ld processors, %ld MiB, %s %s, load %.1f\n",
	       sysconf(_SC_NPROCESSORS_ONLN),
	       proc_kib("/proc/meminfo", "MemTotal:") / 1024, u.sysname,
	       u.release, load);
	printf("command  ");
	for (int i = 0; i < argc; i++)
		printf(" %s", argv[i]);
	printf("\n\n");
	fflush(stdout);
}

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
		bench_closing_make(cat, node[k], k ? children * 10 : children);
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

	log_to(quiet, NULL);
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
	machine(argc, argv);
	dir = scratch_new();
	road(cat, dir, 3000 / scale, scale == 1 ? 10 : 2);
	closing(cat, dir, 5400 / scale);
	importing(cat, dir, 20000 / scale);
	catalogue_free(cat);
	scratch_free(dir);
	return 0;
}
