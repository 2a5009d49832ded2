/* bench: what the benchmarks share. Nothing here asserts a time: figures are
 * printed, and people read them. */
#ifndef CCFED_BENCH_H
#define CCFED_BENCH_H

#include <stdbool.h>
#include <stdint.h>

struct catalogue;
struct node;

enum { BENCH_NODES = 5, BENCH_RUNS = 5 };

/* Stop with the sentence that goes with a negative result. */
#define BENCH_MUST(call) bench_must((call), #call)
void bench_must(int result, const char *what);

double bench_now_s(void);
/* Of this process so far, all its threads. */
double bench_cpu_s(void);
/* Log only what went wrong. */
void bench_quiet(void);
/* What it ran on, and the command. */
void bench_machine(int argc, char **argv);
/* The largest resident memory of this process so far, KiB; 0 if not known. */
long bench_peak_kib(void);
/* Sorts @v. */
double bench_median(double *v, int n);
/* Run a shell command; stops the program if it fails. */
void bench_shell(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* --- bench_net.c: five regions and a hub --- */
struct bench_net {
	const struct catalogue *cat;
	const char *dir;
	struct item *item; /* every release of all nodes, in turns */
	int releases;
	int64_t events; /* counts that are not zero, over all views */
	int64_t bytes;
};
/* Make hub and nodes in @dir: joined, every month closed, nothing sent. */
void bench_net_make(struct bench_net *net, const struct catalogue *cat,
		    const char *dir, int children, int years);
void bench_net_free(struct bench_net *net);

/* All releases of a copy of the five nodes to a copy of the hub: six
 * processes, nanomsg on loopback, from the first hello to the last receipt. */
struct bench_road {
	double seconds;
	long hub_kib, node_kib; /* peaks; the largest node */
	int64_t commits;	/* of the hub */
};
void bench_net_road(const struct bench_net *net, struct bench_road *out);
/* One of those processes: "--hub" or "--node", folder, two descriptors. Ends
 * the program. */
void bench_net_child(const struct catalogue *cat, char **argv);
/* The same releases and receipts into a new hub.db, by a loop that does
 * nothing else: one transaction for each. Seconds. */
double bench_net_write(const struct bench_net *net);

/* --- bench_parts.c --- */
/* A new node in @dir, in place of what is there; @first as in node.h. */
struct node *bench_node(const struct catalogue *cat, const char *dir,
			int32_t first);
/* A node in @dir with three years of @children, that may close; with the whole
 * record, or referrals alone. */
void bench_closing_make(const struct catalogue *cat, const char *dir,
			int children, bool whole);
/* All closings of a copy of it. */
struct bench_closing {
	double seconds, cpu_seconds;
	int closings;
};
void bench_closing(const struct catalogue *cat, const char *dir,
		   struct bench_closing *out);
/* Seconds to import @resources made up as NDJSON. */
double bench_import(const struct catalogue *cat, const char *dir, int resources,
		    int64_t *taken);

#endif
