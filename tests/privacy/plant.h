/* plant: a small fact table, facts and releases put together by hand, so that
 * each says exactly what its test wants. Releases count their blocks by the
 * facts there are: they are true, and may still leak. */
#ifndef CCFED_PLANT_H
#define CCFED_PLANT_H

#include "proto/catalogue.h"
#include "proto/codec.h"
#include "regional/release/gate.h"
#include "tests/privacy/audit.h"

enum { LINKED, NOT_LINKED, EARLY, LATE }; /* the last two split LINKED */
enum { TREND, DETAIL, DAYS, DAYS_BY_NEED };
enum { JAN, FEB, MAR };
enum {
	PLANT_FLOOR = 11,
	PLANT_FACTS = 4000,
	PLANT_RELEASES = 6,
	PLANT_HALF = 2024 * 2, /* January to June 2024 */
	PLANT_FIRST = PLANT_HALF * LATTICE_MONTHS
};

struct plant {
	struct fact_table t; /* four needs in two groups */
	struct gate_fact fact[PLANT_FACTS];
	size_t n;
	uint32_t child; /* the next new one */
	struct release made[PLANT_RELEASES];
	int n_made;
	struct group group[PLANT_RELEASES][40];
};

void plant_init(struct plant *p);
void plant_fini(struct plant *p);

/* @n occurrences of @children new children; leaf outcomes. */
void plant_facts(struct plant *p, int month, int need, int leaf, int n,
		 int children);
/* One each of as many children: EARLY linked ones, and not linked ones. */
void plant_cell(struct plant *p, int month, int need, int linked,
		int not_linked);

/* Begin the release that closes @month; the calls below add to it. */
struct release *plant_release(struct plant *p, int month);
/* A trend block over @months months from @month. */
void plant_trend(struct plant *p, int month, int months);
/* A detail block of one need that covers the months in the bit set @which of
 * the period of @months months from @month. */
void plant_detail(struct plant *p, int month, int months, int need,
		  unsigned which);
/* A block of side view @view over a quarter: all needs, or those of one. */
void plant_side(struct plant *p, int view, int month, int need);
/* The bound for @month: what is in no detail block so far, rounded up. */
void plant_bound(struct plant *p, int month);

/* Audit the first @n releases with the facts through @month; leaks are
 * printed when @say, and the last of kind @want goes to *found. */
int plant_audit(struct plant *p, int n, int month, bool say,
		enum audit_kind want, struct audit_leak *found);
/* Ask the gate to close @month after the first @n releases, and audit what
 * then is out; number of leaks. */
int plant_gate(struct plant *p, int n, int month, int trend_first);

#endif
