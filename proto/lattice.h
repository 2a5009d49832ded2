/* lattice: periods and strata, and which of them lie inside which.
 *
 * Month in quarter in half-year (in year); leaf stratum in group in any. What
 * is published, asked and audited is a set of *cells*: one cell is one month
 * of a half-year and one leaf stratum. Cell sets never cross a half-year; a
 * question over a longer period is asked half-year by half-year.
 *
 * Pure functions, no state. */
#ifndef CCFED_LATTICE_H
#define CCFED_LATTICE_H

#include <stdbool.h>
#include <stdint.h>

/* A run of whole months. @month counts months since year 0 (year * 12 + month
 * - 1), @months is 1, 3, 6 or 12, aligned to its own length. */
struct period {
	int32_t month;
	int32_t months;
};

enum { PERIOD_TEXT = 10, LATTICE_MONTHS = 6, LATTICE_LEAVES_MAX = 21 };

/* "2026-07", "2026Q3", "2026H2", "2026". E_INVALID with a sentence otherwise,
 * years 1900 to 2200. */
int period_parse(const char *text, struct period *out);
char *period_format(struct period p, char out[PERIOD_TEXT]); /* returns out */
/* For people: "July 2026", "July-September 2026", "July-December 2026",
 * "2026"; at most 40 bytes with NUL. Returns out. */
char *period_title(struct period p, char out[40]);
/* "2026-07..2026-09": any run of months as lattice periods, largest first, at
 * most @max; returns how many, or E_INVALID. Single periods parse too. */
int period_range_parse(const char *text, struct period *out, int max);

bool period_contains(struct period outer, struct period inner);
/* The period of @months months (1, 3, 6, 12) that @month falls in. */
struct period period_of(int32_t month, int32_t months);
int32_t period_month_of_day(int32_t day); /* date.h day -> month number */
int32_t period_first_day(struct period p);
int32_t period_last_day(struct period p);

/* The strata of one fact table. Leaves are numbered from 0 in the order of
 * their codes 1, 2, ...; groups from 0. */
struct dim {
	int leaves;			     /* 1 .. LATTICE_LEAVES_MAX */
	int groups;			     /* 0 .. leaves */
	int8_t group_of[LATTICE_LEAVES_MAX]; /* -1: in no group */
};

/* How fine a stratum is, and a point of that level: leaf number, group number,
 * or 0. */
enum level { LEVEL_LEAF, LEVEL_GROUP, LEVEL_ANY };
struct stratum {
	enum level level;
	int no;
};

/* A set of cells of one half-year: bit (month in half) * leaves + leaf. */
struct cells {
	uint64_t w[2];
};

static inline struct cells cells_none(void)
{
	return (struct cells){{0, 0}};
}
static inline struct cells cells_or(struct cells a, struct cells b)
{
	return (struct cells){{a.w[0] | b.w[0], a.w[1] | b.w[1]}};
}
static inline struct cells cells_and(struct cells a, struct cells b)
{
	return (struct cells){{a.w[0] & b.w[0], a.w[1] & b.w[1]}};
}
static inline struct cells cells_minus(struct cells a, struct cells b)
{
	return (struct cells){{a.w[0] & ~b.w[0], a.w[1] & ~b.w[1]}};
}
static inline bool cells_empty(struct cells a)
{
	return !(a.w[0] | a.w[1]);
}
static inline bool cells_equal(struct cells a, struct cells b)
{
	return a.w[0] == b.w[0] && a.w[1] == b.w[1];
}
static inline bool cells_inside(struct cells a, struct cells b) /* a in b */
{
	return cells_empty(cells_minus(a, b));
}
static inline bool cells_touch(struct cells a, struct cells b)
{
	return !cells_empty(cells_and(a, b));
}
static inline bool cells_has(struct cells a, int cell)
{
	return a.w[cell >> 6] >> (cell & 63) & 1;
}
static inline struct cells cells_with(struct cells a, int cell)
{
	a.w[cell >> 6] |= (uint64_t)1 << (cell & 63);
	return a;
}
int cells_count(struct cells a);
/* The lowest cell number >= @from in @a, or -1. */
int cells_next(struct cells a, int from);

/* Half-years are numbered month / 6. */
static inline int32_t lattice_half(int32_t month)
{
	return month / LATTICE_MONTHS;
}
static inline int lattice_cell(const struct dim *d, int32_t month, int leaf)
{
	return (int)(month % LATTICE_MONTHS) * d->leaves + leaf;
}
/* The cells of half-year @half that lie in @p and @s; none if outside. */
struct cells lattice_cells(const struct dim *d, int32_t half, struct period p,
			   struct stratum s);

#endif
