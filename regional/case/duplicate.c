#include "regional/case/duplicate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/field.h"
#include "regional/case/find.h"
#include "regional/case/find_parts.h"

enum { CANDIDATES = 40, TEXT = 3 * NAME_TEXT };

struct comparing {
	struct db *db;
	const struct duplicate_ask *q;
	struct arena_list out;
	struct find_hit hit[CANDIDATES];
	int64_t child[3 * CANDIDATES];
	int n;
};

static const char *text_of(const char *s)
{
	return s ? s : "";
}

/* --- who is compared --- */

static int add_found(struct comparing *c, const char *question)
{
	bool more;
	int n = 0, x;

	x = find_children(c->db, question, c->hit, CANDIDATES, &n, &more);
	/* A question without a word, like a name of one sign: nothing found. */
	if (x == E_INVALID) {
		err_clear();
		return 0;
	}
	for (int i = 0; i < n && x == 0; i++) {
		int k = 0;

		while (k < c->n && c->child[k] != c->hit[i].child)
			k++;
		if (k == c->n)
			c->child[c->n++] = c->hit[i].child;
	}
	return x;
}

static int add_candidates(struct comparing *c)
{
	char text[TEXT], birth[DATE_TEXT];
	int x = 0;

	snprintf(text, sizeof text, "%s %s", text_of(c->q->given),
		 text_of(c->q->family));
	if (text[strspn(text, " ")])
		x = add_found(c, text);
	if (x == 0 && c->q->birth != NO_DATE)
		x = add_found(c, date_format(c->q->birth, birth));
	if (x == 0 && *text_of(c->q->phone))
		x = add_found(c, c->q->phone);
	return x;
}

/* --- how much agrees --- */

static bool alike(const char *a, const char *b, bool *near)
{
	char fa[TEXT], fb[TEXT], sa[FIND_WORD], sb[FIND_WORD];
	const char *pa = fa, *pb = fb;
	char wa[FIND_WORD], wb[FIND_WORD];

	*near = false;
	find_fold(text_of(a), fa, sizeof fa);
	find_fold(text_of(b), fb, sizeof fb);
	if (!*fa || !*fb)
		return false;
	if (strcmp(fa, fb) == 0)
		return true;
	/* The first word of each: "Ana" is "Ana María". */
	if (!find_next(&pa, wa) || !find_next(&pb, wb))
		return false;
	find_sound(wa, sa);
	find_sound(wb, sb);
	*near = find_apart(wa, wb) <= 1 || (*sa && strcmp(sa, sb) == 0);
	return false;
}

/* Day and month exchanged, or one digit another. */
static bool birth_near(int32_t a, int32_t b)
{
	char ta[DATE_TEXT], tb[DATE_TEXT];
	int ya, ma, da, yb, mb, db_, other = 0;

	date_to_ymd(a, &ya, &ma, &da);
	date_to_ymd(b, &yb, &mb, &db_);
	if (ya == yb && ma == db_ && da == mb)
		return true;
	date_format(a, ta);
	date_format(b, tb);
	for (int i = 0; i < DATE_TEXT; i++)
		other += ta[i] != tb[i];
	return other == 1;
}

/* Do all words of @text stand among those of @child that are @whose? */
static int has_words(struct comparing *c, int64_t child, const char *text,
		     enum find_whose whose, bool *out)
{
	char folded[TEXT], word[FIND_WORD];
	const char *at = folded;
	int64_t some = 1;
	int x = 0, words = 0;

	find_fold(text_of(text), folded, sizeof folded);
	for (; x == 0 && some && find_next(&at, word); words++)
		x = db_int(c->db, &some,
			   "SELECT count(*) FROM find_term t"
			   " JOIN find_posting p ON p.term = t.id"
			   " AND p.child = ? WHERE t.term = ? AND p.whose = ?",
			   "isi", child, word, (int64_t)whose);
	*out = words > 0 && some > 0;
	return x;
}

static int has_phone(struct comparing *c, int64_t child, bool *out)
{
	struct find_ask a;
	int64_t some = 0;
	int n, x;

	*out = false;
	find_asks(text_of(c->q->phone), &a, 1, &n);
	/* Seven digits at least: four are a coincidence. */
	if (n != 1 || strlen(a.phone) < 8)
		return 0;
	x = db_int(c->db, &some,
		   "SELECT count(*) FROM find_posting p"
		   " JOIN find_term t ON t.id = p.term"
		   " WHERE p.child = ?1 AND t.term >= ?2"
		   " AND t.term < ?2 || ':'",
		   "is", child, a.phone);
	*out = some > 0;
	return x;
}

/* Word by word: commas and spaces don't count. */
static bool same_words(const char *a, const char *b)
{
	char fa[TEXT], fb[TEXT], wa[FIND_WORD], wb[FIND_WORD];
	const char *pa = fa, *pb = fb;
	int words = 0, more_a, more_b;

	find_fold(a, fa, sizeof fa);
	find_fold(b, fb, sizeof fb);
	for (;; words++) {
		more_a = find_next(&pa, wa);
		more_b = find_next(&pb, wb);
		if (!more_a || !more_b)
			return words > 0 && more_a == more_b;
		if (strcmp(wa, wb) != 0)
			return false;
	}
}

static int has_address(struct comparing *c, int64_t child, bool *out)
{
	const char *asked = text_of(c->q->address);
	struct rows rows;
	int x;

	*out = false;
	x = db_rows(c->db, &rows,
		    "SELECT f.address FROM family_child h"
		    " JOIN family f ON f.id = h.family"
		    " WHERE h.child = ? AND f.address IS NOT NULL",
		    "i", child);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		*out = *out || same_words(asked, rows_text(&rows, 0));
		x = 0;
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

static int compare_child(struct comparing *c, struct duplicate *d)
{
	char given[NAME_TEXT], family[NAME_TEXT], birth[DATE_TEXT];
	struct rows rows;
	bool near;
	int32_t day;
	int x;

	x = db_rows(c->db, &rows,
		    "SELECT given, family, birth FROM child WHERE id = ?", "i",
		    d->child);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		field_copy(given, sizeof given, rows_text(&rows, 0));
		field_copy(family, sizeof family, rows_text(&rows, 1));
		field_copy(birth, sizeof birth, rows_text(&rows, 2));
	}
	rows_end(&rows);
	if (x != ROWS_ROW)
		return x < 0 ? x : 0;
	if (alike(c->q->given, given, &near))
		d->why |= DUPLICATE_GIVEN;
	else if (near)
		d->why |= DUPLICATE_GIVEN_NEAR;
	if (alike(c->q->family, family, &near))
		d->why |= DUPLICATE_FAMILY;
	else if (near)
		d->why |= DUPLICATE_FAMILY_NEAR;
	day = field_day_of_sql(birth);
	if (c->q->birth == day)
		d->why |= DUPLICATE_BIRTH;
	else if (c->q->birth != NO_DATE && birth_near(c->q->birth, day))
		d->why |= DUPLICATE_BIRTH_NEAR;
	return 0;
}

static void weigh_points(struct duplicate *d)
{
	static const struct {
		unsigned why;
		int points;
	} points[] = {
		{DUPLICATE_GIVEN, 25},	 {DUPLICATE_GIVEN_NEAR, 15},
		{DUPLICATE_FAMILY, 20},	 {DUPLICATE_FAMILY_NEAR, 12},
		{DUPLICATE_BIRTH, 35},	 {DUPLICATE_BIRTH_NEAR, 20},
		{DUPLICATE_PHONE, 15},	 {DUPLICATE_CAREGIVER, 10},
		{DUPLICATE_ADDRESS, 15},
	};

	for (size_t i = 0; i < sizeof points / sizeof *points; i++)
		if (d->why & points[i].why)
			d->score += points[i].points;
	/* The home speaks for a brother or sister. */
	if (!(d->why & (DUPLICATE_GIVEN | DUPLICATE_GIVEN_NEAR)) &&
	    d->why & (DUPLICATE_PHONE | DUPLICATE_ADDRESS |
		      DUPLICATE_CAREGIVER)) {
		d->why |= DUPLICATE_SIBLING;
		d->score = d->score * 2 / 3;
	}
	if (d->score > 100)
		d->score = 100;
}

static int compare(struct comparing *c, int64_t child)
{
	struct duplicate d = {.child = child}, *kept;
	bool phone, caregiver, address;
	int x;

	if ((x = compare_child(c, &d)) < 0 ||
	    (x = has_phone(c, child, &phone)) < 0 ||
	    (x = has_words(c, child, c->q->caregiver, FIND_CAREGIVER,
			   &caregiver)) < 0 ||
	    (x = has_address(c, child, &address)) < 0)
		return x;
	d.why |= (phone ? DUPLICATE_PHONE : 0) |
		 (caregiver ? DUPLICATE_CAREGIVER : 0) |
		 (address ? DUPLICATE_ADDRESS : 0);
	weigh_points(&d);
	if (d.score < DUPLICATE_LOOK)
		return 0;
	kept = arena_add(&c->out);
	if (kept)
		*kept = d;
	return 0;
}

static int likeliest_first(const void *a, const void *b)
{
	const struct duplicate *x = a, *y = b;

	if (x->score != y->score)
		return y->score - x->score;
	return (x->child > y->child) - (x->child < y->child);
}

int duplicate_find(struct db *db, const struct duplicate_ask *q,
		   struct arena *a, struct duplicate **out, size_t *n)
{
	struct comparing *c = arena_alloc(a, sizeof *c);
	int x;

	if (!c)
		return arena_check(a);
	c->db = db;
	c->q = q;
	c->out = (struct arena_list){.arena = a, .size = sizeof **out};
	x = add_candidates(c);
	for (int i = 0; i < c->n && x == 0; i++)
		x = compare(c, c->child[i]);
	if (x == 0)
		x = arena_check(a);
	if (x < 0)
		return x;
	if (c->out.n)
		qsort(c->out.items, c->out.n, sizeof **out, likeliest_first);
	*out = c->out.items;
	*n = c->out.n < DUPLICATE_MOST ? c->out.n : DUPLICATE_MOST;
	return 0;
}
