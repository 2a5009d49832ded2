#include "regional/case/find.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "regional/case/find_parts.h"

/* How well a term fits a word. */
enum { ALIKE = 100, BEGINS = 85, APART = 60, SOUNDS = 50, OWN_TOO = 10 };
enum { TERMS = 400, BEGINNINGS = 200 };

struct fitting {
	int64_t term;
	int score;
};
/* The terms that fit one word of the question. */
struct fit {
	struct fitting term[TERMS];
	int n;
	int64_t postings; /* of all of them, counted to FIND_LOOK + 1 */
};
struct finding {
	struct db *db;
	struct find_ask ask[FIND_ASKS];
	struct fit fit[FIND_ASKS];
	int asks, driver;
	struct find_hit *seen; /* of the driver, by child */
	int n_seen;
	bool cut;
};

static void take_term(struct fit *f, int64_t term, int score)
{
	for (int i = 0; i < f->n; i++)
		if (f->term[i].term == term) {
			if (f->term[i].score < score)
				f->term[i].score = score;
			return;
		}
	if (f->n < TERMS) {
		f->term[f->n].term = term;
		f->term[f->n++].score = score;
	}
}

/* Terms that begin with @text, itself included. */
static int fit_beginning(struct finding *g, struct fit *f, const char *text)
{
	struct rows rows;
	int x;

	/* After every letter of every script. */
	x = db_rows(g->db, &rows,
		    "SELECT id, term = ?1 FROM find_term WHERE term >= ?1"
		    " AND term < ?1 || char(1114111) ORDER BY term LIMIT ?2",
		    "si", text, (int64_t)BEGINNINGS);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		take_term(f, rows_int(&rows, 0),
			  rows_int(&rows, 1) ? ALIKE : BEGINS);
		x = 0;
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

static int fit_exact(struct finding *g, struct fit *f, const char *text)
{
	int64_t id;
	int x = db_int(g->db, &id, "SELECT id FROM find_term WHERE term = ?",
		       "s", text);

	if (x == 0)
		take_term(f, id, ALIKE);
	else if (x == E_NOTFOUND)
		err_clear();
	return x == E_NOTFOUND ? 0 : x;
}

static int fit_near(struct finding *g, struct fit *f, const char *word)
{
	char near[FIND_NEARS][FIND_WORD];
	int n = find_nears(word, near), x = 0;
	struct rows rows;

	for (int i = 0; i < n && x == 0; i++) {
		x = db_rows(g->db, &rows,
			    "SELECT t.id, t.term FROM find_near n"
			    " JOIN find_term t ON t.id = n.term"
			    " WHERE n.near = ?",
			    "s", near[i]);
		while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
			x = 0;
			if (*near[i] == '~')
				take_term(f, rows_int(&rows, 0), SOUNDS);
			else if (find_apart(word, rows_text(&rows, 1)) <= 1)
				take_term(f, rows_int(&rows, 0), APART);
		}
		rows_end(&rows);
		if (x > 0)
			x = 0;
	}
	return x;
}

static int fit_ask(struct finding *g, int i)
{
	const struct find_ask *a = &g->ask[i];
	struct fit *f = &g->fit[i];
	int64_t some;
	int x = 0;

	if (*a->birth)
		x = fit_beginning(g, f, a->birth);
	if (x == 0 && *a->phone)
		x = fit_beginning(g, f, a->phone);
	if (x == 0 && *a->number)
		x = fit_exact(g, f, a->number);
	if (x == 0 && *a->word && a->word[1])
		x = fit_beginning(g, f, a->word);
	else if (x == 0 && *a->word)
		x = fit_exact(g, f, a->word);
	if (x == 0 && *a->word)
		x = fit_near(g, f, a->word);
	for (int k = 0; k < f->n && x == 0 && f->postings <= FIND_LOOK; k++) {
		x = db_int(g->db, &some,
			   "SELECT count(*) FROM (SELECT 1 FROM find_posting"
			   " WHERE term = ? LIMIT ?)",
			   "ii", f->term[k].term, (int64_t)FIND_LOOK + 1);
		f->postings += some;
	}
	return x;
}

static int better_first(const void *a, const void *b)
{
	const struct fitting *x = a, *y = b;

	return y->score - x->score;
}

static int by_term(const void *a, const void *b)
{
	const struct fitting *x = a, *y = b;

	return (x->term > y->term) - (x->term < y->term);
}

static int by_child(const void *a, const void *b)
{
	const struct find_hit *x = a, *y = b;

	return (x->child > y->child) - (x->child < y->child);
}

static int score_of(int fit, int64_t whose)
{
	return whose == FIND_OWN || whose == FIND_BIRTH ? fit + OWN_TOO : fit;
}

/* Whoever has the rarest word, each child once. */
static int look(struct finding *g)
{
	struct fit *f = &g->fit[g->driver];
	struct rows rows;
	int x = 0, n = 0;

	qsort(f->term, (size_t)f->n, sizeof *f->term, better_first);
	for (int i = 0; i < f->n && x == 0; i++) {
		x = db_rows(g->db, &rows,
			    "SELECT child, whose FROM find_posting"
			    " WHERE term = ? ORDER BY whose, child",
			    "i", f->term[i].term);
		while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
			int64_t whose = rows_int(&rows, 1);

			x = 0;
			if (n == FIND_LOOK) {
				g->cut = true;
				break;
			}
			g->seen[n].child = rows_int(&rows, 0);
			g->seen[n].score = score_of(f->term[i].score, whose);
			g->seen[n++].by = 1u << whose;
		}
		rows_end(&rows);
		if (x > 0)
			x = 0;
	}
	qsort(g->seen, (size_t)n, sizeof *g->seen, by_child);
	for (int i = 0; i < n; i++) {
		struct find_hit *last = g->n_seen ? &g->seen[g->n_seen - 1]
						  : NULL;

		if (!last || last->child != g->seen[i].child) {
			g->seen[g->n_seen++] = g->seen[i];
			continue;
		}
		last->by |= g->seen[i].by;
		if (last->score < g->seen[i].score)
			last->score = g->seen[i].score;
	}
	return x;
}

/* The other words of the question, looked for in the words of the child. Its
 * score is 0 afterwards if one of them is missing. */
static int check(struct finding *g, struct find_hit *hit)
{
	int best[FIND_ASKS] = {0};
	struct rows rows;
	int x;

	x = db_rows(g->db, &rows,
		    "SELECT term, whose FROM find_posting WHERE child = ?", "i",
		    hit->child);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		int64_t term = rows_int(&rows, 0), whose = rows_int(&rows, 1);

		x = 0;
		for (int i = 0; i < g->asks; i++) {
			const struct fitting *t;
			int score;

			if (i == g->driver)
				continue;
			t = bsearch(&(struct fitting){.term = term},
				    g->fit[i].term, (size_t)g->fit[i].n,
				    sizeof *t, by_term);
			if (!t)
				continue;
			score = score_of(t->score, whose);
			hit->by |= 1u << whose;
			if (best[i] < score)
				best[i] = score;
		}
	}
	rows_end(&rows);
	for (int i = 0; i < g->asks; i++) {
		if (i != g->driver && best[i] == 0)
			hit->score = 0;
		if (hit->score)
			hit->score += best[i];
	}
	return x < 0 ? x : 0;
}

/* Into the best @room so far. */
static void keep(struct find_hit *out, int room, int *n,
		 const struct find_hit *hit)
{
	int at = *n;

	while (at > 0 && out[at - 1].score < hit->score)
		at--;
	if (at == room)
		return;
	if (*n < room)
		++*n;
	memmove(out + at + 1, out + at, (size_t)(*n - 1 - at) * sizeof *out);
	out[at] = *hit;
}

static int choose(struct finding *g, struct find_hit *out, int room, int *n,
		  bool *more)
{
	int found = 0, x = 0;

	for (int i = 0; i < g->asks; i++)
		if (i != g->driver)
			qsort(g->fit[i].term, (size_t)g->fit[i].n,
			      sizeof *g->fit[i].term, by_term);
	for (int i = 0; i < g->n_seen && x == 0; i++) {
		if (g->asks > 1)
			x = check(g, &g->seen[i]);
		if (x < 0 || g->seen[i].score == 0)
			continue;
		found++;
		keep(out, room, n, &g->seen[i]);
	}
	*more = found > room || g->cut;
	return x;
}

int find_children(struct db *db, const char *text, struct find_hit *out,
		  int room, int *n, bool *more)
{
	struct finding *g = mem_calloc(1, sizeof *g);
	int x = 0;

	*n = 0;
	*more = false;
	if (!g)
		return err_set(E_NOMEM, "out of memory for the search");
	g->db = db;
	find_asks(text, g->ask, FIND_ASKS, &g->asks);
	if (g->asks < 1)
		x = err_set(E_INVALID, "Say a name, birth date, telephone "
				       "number or record number to look for");
	else if (g->asks > FIND_ASKS)
		x = err_set(E_INVALID, "At most %d words are searched at once",
			    FIND_ASKS);
	for (int i = 0; i < g->asks && x == 0; i++) {
		x = fit_ask(g, i);
		if (g->fit[i].postings < g->fit[g->driver].postings)
			g->driver = i;
	}
	if (x == 0)
		g->seen = mem_calloc(FIND_LOOK, sizeof *g->seen);
	if (x == 0 && !g->seen)
		x = err_set(E_NOMEM, "out of memory for the search");
	if (x == 0)
		x = look(g);
	if (x == 0)
		x = choose(g, out, room, n, more);
	mem_free(g->seen);
	mem_free(g);
	return x;
}
