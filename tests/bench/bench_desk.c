/* The pages of the desk at 1,000, 10,000 and 100,000 children, through the
 * daemon as it ships: the slowest of a hundred by one connection, requests a
 * second by eight, the daemon's processor time for a request, and how all of it
 * compares with 1,000. On a machine that does other things, too, the processor
 * time is the figure to compare.
 *
 *	bench_desk [CHILDREN...]
 *
 * One coordinator asks, whose caseload stays what it is. Every page is audited
 * and read from the disk's cache; client and daemon share the machine. */
#include <stdio.h>
#include <stdlib.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "proto/catalogue.h"
#include "tests/bench/bench_desk.h"
#include "tests/lib/check.h"
#include "tests/lib/scratch.h"

enum { SIZES = 8, PAGES = 8, ONE = 1, EIGHT = 8 };
static const double SECONDS = 5;

static const struct {
	const char *name;
	const char *path[4];
	int paths;
} pages[PAGES] = {
	{"Today", {"/"}, 1},
	{"Cases, mine", {"/cases?whose=mine"}, 1},
	{"Cases, all by name", {"/cases?whose=all"}, 1},
	{"Cases, all by due day", {"/cases?whose=all&sort=due"}, 1},
	{"Cases, all, two filters",
	 {"/cases?whose=all&need=food&language=spanish"},
	 1},
	{"Find by two names",
	 {"/find?q=Bababace+Bacebaba", "/find?q=Dibabaca+Hababaca",
	  "/find?q=Febababa+Cebababa", "/find?q=Cebababa+Hababada"},
	 4},
	{"Find by one frequent name",
	 {"/find?q=Bababaca", "/find?q=Cebababa"},
	 2},
	{"Find by birth date", {"/find?q=4/3/2019", "/find?q=11/30/2017"}, 2},
};

struct result {
	struct bench_desk_load one, eight;
};

static void measure(const struct catalogue *cat, const char *dir, int children,
		    struct result out[PAGES])
{
	char *cookie;
	int port = bench_desk_port(), pid;

	bench_desk_make(cat, dir, children);
	printf("%d children: words and lines of all made in %.1f s\n", children,
	       bench_desk_derived_s());
	bench_shell("echo 'correct horse battery' | \"$CCFED_EXE\" account add"
		    " jo --title Jo --roles coordinator --staff 5 --password -"
		    " -d %s >/dev/null",
		    dir);
	pid = bench_desk_start(dir, port);
	bench_desk_sign_in(port, "jo", "correct+horse+battery", &cookie);
	for (int i = 0; i < PAGES; i++) {
		bench_desk_load(pid, port, cookie, pages[i].path,
				pages[i].paths, ONE, SECONDS / 2, &out[i].one);
		bench_desk_load(pid, port, cookie, pages[i].path,
				pages[i].paths, EIGHT, SECONDS, &out[i].eight);
	}
	bench_desk_stop(pid);
	mem_free(cookie);
}

static void print(int children, const struct result *r,
		  const struct result *first)
{
	printf("%-26s %6s %8s %8s %8s %8s %8s %6s %6s %6s\n", "page", "KiB",
	       "p50 ms", "p99 ms", "CPU ms", "8: r/s", "8: p99", "CPU x",
	       "p99 x", "r/s x");
	for (int i = 0; i < PAGES; i++)
		printf("%-26s %6.1f %8.2f %8.2f %8.2f %8.0f %8.2f %6.2f %6.2f"
		       " %6.2f\n",
		       pages[i].name, (double)r[i].one.bytes / 1024,
		       r[i].one.p50_ms, r[i].one.p99_ms, r[i].eight.cpu_ms,
		       r[i].eight.rps, r[i].eight.p99_ms,
		       r[i].eight.cpu_ms / first[i].eight.cpu_ms,
		       r[i].one.p99_ms / first[i].one.p99_ms,
		       r[i].eight.rps / first[i].eight.rps);
	printf("\n");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	static const char *const usual[] = {"", "1000", "10000", "100000"};
	static struct result r[SIZES][PAGES];
	const char *const *size = argc > 1 ? (const char *const *)argv : usual;
	int n = argc > 1 ? argc : 4;
	struct catalogue *cat;
	char *dir = scratch_new();

	BENCH_MUST(catalogue_load(&cat, source_path("proto")));
	for (int i = 1; i < n && i <= SIZES; i++) {
		int children = (int)strtol(size[i], NULL, 10);

		if (children < DESK_BASE || children % DESK_BASE)
			bench_must(err_set(E_USAGE,
					   "children are thousands, not %s",
					   size[i]),
				   "bench_desk");
		measure(cat, scratch_path(dir, "node"), children, r[i - 1]);
		print(children, r[i - 1], r[0]);
	}
	catalogue_free(cat);
	scratch_free(dir);
	return 0;
}
