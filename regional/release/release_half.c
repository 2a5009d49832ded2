/* One half-year of a fact table: how far it is closed, and its releases. */
#include "regional/release/release_parts.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/clock.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "proto/vocabulary.h"
#include "regional/node.h"

int release_state_get(struct node *n, const char *table, int32_t half,
		      struct half_state *out)
{
	struct rows rows;
	int x;

	x = db_rows(n->db, &rows,
		    "SELECT closed, trend_first, revision, frozen "
		    "FROM closing_state WHERE table_id = ? AND half = ?",
		    "si", table, (int64_t)half);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW)
		*out = (struct half_state){
			(int32_t)rows_int(&rows, 0), (int)rows_int(&rows, 1),
			rows_int(&rows, 2), rows_int(&rows, 3) != 0};
	rows_end(&rows);
	if (x < 0)
		return x;
	return x == ROWS_ROW ? 0 : E_NOTFOUND;
}

int release_state_put(struct node *n, const char *table, int32_t half,
		      const struct half_state *s)
{
	return db_run(n->db,
		      "INSERT INTO closing_state (table_id, half, closed, "
		      "trend_first, revision, frozen) "
		      "VALUES (?, ?, ?, ?, ?, ?) "
		      "ON CONFLICT (table_id, half) DO UPDATE SET "
		      "closed = excluded.closed, "
		      "revision = excluded.revision, "
		      "frozen = excluded.frozen",
		      "siiiii", table, (int64_t)half, (int64_t)s->closed,
		      (int64_t)s->trend_first, s->revision, (int64_t)s->frozen);
}

int release_last(struct node *n, const char *table, int32_t *out)
{
	int64_t closed = -1;
	int r = db_int(n->db, &closed,
		       "SELECT coalesce(max(closed), -1) FROM closing_state "
		       "WHERE table_id = ?",
		       "s", table);

	*out = (int32_t)closed;
	return r;
}

int release_frozen(struct node *n, int64_t *out)
{
	return db_int(n->db, out,
		      "SELECT count(*) FROM closing_state WHERE frozen", "");
}

int32_t release_first(const struct node *n, const struct fact_table *t)
{
	return t->starts > n->first_month ? t->starts : n->first_month;
}

static int check_definition(const struct fact_table *t, const struct release *r)
{
	if (memcmp(r->table_hash, t->hash, sizeof t->hash) == 0)
		return 0;
	return err_set(E_STATE,
		       "fact table %s changed within a half-year: months of it "
		       "left by version %u and this program has version %d; a "
		       "new definition has to start with a half-year",
		       t->id, r->table_version, t->version);
}

/* Put @r in its place: after those of earlier closings; of the same closing
 * the first or the last stays. */
static void place(struct half_releases *h, struct release *r,
		  enum half_which which)
{
	struct release *last = h->n ? &h->release[h->n - 1] : NULL;

	if (!last || last->key.closing != r->key.closing) {
		h->release[h->n++] = *r;
	} else if (which == HALF_NEWEST) {
		release_fini(last);
		*last = *r;
	} else {
		release_fini(r);
	}
}

int release_half(struct node *n, const struct fact_table *t, int32_t half,
		 int32_t through, enum half_which which,
		 struct half_releases *out)
{
	struct rows rows;
	int x;

	memset(out, 0, sizeof *out);
	x = db_rows(n->db, &rows,
		    "SELECT bytes FROM release WHERE table_id = ? "
		    "AND closing BETWEEN ? AND ? "
		    "ORDER BY closing, epoch, version",
		    "sii", t->id, (int64_t)half * LATTICE_MONTHS,
		    (int64_t)through);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		struct release r;
		size_t len;
		const void *bytes = rows_blob(&rows, 0, &len);

		x = codec_release_parse(bytes, len, &r);
		if (x < 0)
			break;
		x = check_definition(t, &r);
		if (x < 0)
			release_fini(&r);
		else
			place(out, &r, which);
	}
	rows_end(&rows);
	if (x < 0) {
		release_half_fini(out);
		return x;
	}
	for (int i = 0; i < out->n; i++)
		out->p[i] = &out->release[i];
	return 0;
}

int release_like(struct node *n, const struct fact_table *t, int32_t month,
		 struct half_releases *out)
{
	const struct fact_table *as = catalogue_table(n->cat, t->as);
	int32_t half = lattice_half(month);
	struct half_state s;
	int r;

	out->n = 0;
	r = release_state_get(n, as->id, half, &s);
	if (r == E_NOTFOUND || (r == 0 && s.frozen))
		return 0;
	if (r == 0)
		r = release_half(n, as, half, month, HALF_NEWEST, out);
	/* Told by another definition: by other blocks, perhaps. */
	return r == E_STATE ? 0 : r;
}

void release_half_fini(struct half_releases *h)
{
	for (int i = 0; i < h->n; i++)
		release_fini(&h->release[i]);
	h->n = 0;
}

int release_same(const struct release *a, const struct release *b, bool *out)
{
	unsigned char *x = NULL, *y = NULL;
	struct release dressed = *a; /* as b, but for what it says */
	size_t x_len = 0, y_len = 0;
	int r;

	dressed.group = b->group;
	dressed.n_groups = b->n_groups;
	memcpy(dressed.bound, b->bound, sizeof dressed.bound);
	dressed.n_bounds = b->n_bounds;
	r = codec_release(a, &x, &x_len);
	if (r == 0)
		r = codec_release(&dressed, &y, &y_len);
	if (r == 0)
		*out = x_len == y_len && memcmp(x, y, x_len) == 0;
	mem_free(x);
	mem_free(y);
	return r;
}

void release_name(const struct node *n, const struct fact_table *t,
		  int32_t closing, uint32_t version, struct release *out)
{
	snprintf(out->key.table, sizeof out->key.table, "%s", t->id);
	out->key.closing = closing;
	out->key.epoch = n->epoch;
	out->key.version = version;
	memcpy(out->region, n->region, sizeof out->region);
	out->table_version = (uint32_t)t->version;
	memcpy(out->table_hash, t->hash, sizeof out->table_hash);
	out->vocabulary = (uint32_t)vocabulary_version(n->rec.words);
	out->policy = n->policy.number;
	out->floor = release_floor(n, t);
}

void release_sums(const struct release *r, uint32_t *events,
		  uint32_t *occurrences)
{
	enum { DETAIL = 1 }; /* the view whose cells are finest */

	*events = *occurrences = 0;
	for (int i = 0; i < r->n_groups; i++) {
		const struct group *g = &r->group[i];

		if (g->view != DETAIL)
			continue;
		/* A zero is no event: nobody stands behind it. */
		for (int o = 0; o < g->n; o++) {
			*events += g->count[o] > 0;
			*occurrences += g->count[o];
		}
	}
}

int release_store(struct node *n, const struct release *r,
		  enum release_state state, int recovered, int64_t revision)
{
	unsigned char digest[DIGEST];
	unsigned char *bytes = NULL;
	uint32_t events, occurrences;
	size_t len = 0;
	int x;

	x = codec_release(r, &bytes, &len);
	if (x < 0)
		return x;
	codec_digest(bytes, len, digest);
	release_sums(r, &events, &occurrences);
	x = db_run(n->db,
		   "INSERT INTO release (table_id, closing, epoch, version, "
		   "state, recovered, made_utc_ms, digest, events, "
		   "occurrences, bytes, revision) "
		   "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		   "siiiiiibiibi", r->key.table, (int64_t)r->key.closing,
		   (int64_t)r->key.epoch, (int64_t)r->key.version,
		   (int64_t)state, (int64_t)recovered, clock_utc_ms(n->s.clock),
		   digest, sizeof digest, (int64_t)events, (int64_t)occurrences,
		   bytes, len, revision);
	mem_free(bytes);
	return x;
}
