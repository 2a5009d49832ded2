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
static void only_trouble(void *arg, enum log_level level, const char *line)
{
	if (level <= LOG_LEVEL_WARN)
		fprintf(stderr, "%s\n", line);
}

void bench_quiet(void)
{
	log_to(only_trouble, NULL);
}

double bench_cpu_s(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

void bench_machine(int argc, char **argv)
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
