/* bench_desk: what the parts of the desk's benchmark share. */
#ifndef CCFED_BENCH_DESK_H
#define CCFED_BENCH_DESK_H

#include <stdint.h>

#include "tests/bench/bench.h"

/* --- bench_desk_data.c --- */
enum { DESK_BASE = 1000 }; /* children that are simulated */
/* A node in @dir with @children, a multiple of DESK_BASE, that looks joined.
 *
 * The first DESK_BASE are simulated with their whole record. The others are
 * copies made by SQL, row by row with other numbers, staff included, so that a
 * coordinator's caseload stays what it is; names, birth dates and telephone
 * numbers are drawn anew, some names often and most of them seldom. Only for
 * this benchmark: a copy has no audit of its own. */
void bench_desk_make(const struct catalogue *cat, const char *dir,
		     int children);
/* Seconds that the words and lines of all children took to make. */
double bench_desk_derived_s(void);

/* --- bench_desk_http.c --- */
/* A port that is free. */
int bench_desk_port(void);
/* `ccfed node run` on @dir, serving pages on @port; its process. */
int bench_desk_start(const char *dir, int port);
void bench_desk_stop(int pid);
/* Sign in; *out is the Cookie header's value, for mem_free. */
void bench_desk_sign_in(int port, const char *name, const char *password,
			char **out);
struct bench_desk_load {
	double rps, p50_ms, p99_ms;
	double cpu_ms; /* of the daemon, per request */
	long bytes;    /* of the last reply */
};
/* GET @path over and over on @connections kept-alive connections to the daemon
 * @pid. */
void bench_desk_load(int pid, int port, const char *cookie,
		     const char *const *path, int paths, int connections,
		     double seconds, struct bench_desk_load *out);

#endif
