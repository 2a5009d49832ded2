/* The part of screening.h that turns what was found into needs. */
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/audit.h"
#include "regional/case/field.h"
#include "regional/case/kase.h"
#include "regional/case/need.h"
#include "regional/case/screening.h"

struct proposing {
	struct screening_proposal *out;
	int n;
};

/* Several domains may propose the same: PSC-17 has four for one need. */
static int propose(void *arg, const struct screening_result *s)
{
	struct proposing *p = arg;

	if (!*s->need || strcmp(s->class, "positive") != 0)
		return 0;
	for (int k = 0; k < p->n; k++)
		if (strcmp(p->out[k].need, s->need) == 0)
			return 0;
	memset(&p->out[p->n], 0, sizeof *p->out);
	field_copy(p->out[p->n].need, VOCABULARY_ID, s->need);
	field_copy(p->out[p->n].domain, INSTRUMENT_CODE, s->domain);
	p->n++;
	return 0;
}

static int find_needs(struct db *db, const struct screening *s,
		      struct screening_proposal *p)
{
	int x;

	x = db_int(db, &p->taken,
		   "SELECT n.id FROM screening_need t"
		   " JOIN need n ON n.id = t.need"
		   " WHERE t.screening = ? AND n.domain = ? ORDER BY n.id"
		   " LIMIT 1",
		   "is", s->id, p->need);
	if (x < 0 && x != E_NOTFOUND)
		return x;
	x = db_int(db, &p->open,
		   "SELECT n.id FROM need n JOIN care_case k ON k.id = n.kase"
		   " WHERE k.child = ? AND k.closed IS NULL AND n.domain = ?"
		   " AND n.closed IS NULL ORDER BY n.id LIMIT 1",
		   "is", s->child, p->need);
	return x == E_NOTFOUND ? 0 : x;
}

int screening_needs(struct db *db, int64_t id,
		    struct screening_proposal out[PROPOSALS_MAX], int *n)
{
	struct proposing p = {.out = out};
	struct screening s;
	int x;

	*n = 0;
	x = screening_get(db, id, &s);
	if (x == 0 && s.errored == NO_DATE)
		x = screening_results(db, id, propose, &p);
	for (int k = 0; k < p.n && x == 0; k++)
		x = find_needs(db, &s, &out[k]);
	if (x == 0)
		*n = p.n;
	return x;
}

static int link_need(struct records *r, int64_t id,
		     const struct screening_proposal *p, int64_t need)
{
	char text[24];
	int x;

	x = db_run(r->db,
		   "INSERT INTO screening_need (screening, need, domain)"
		   " VALUES (?, ?, ?)",
		   "iis", id, need, p->domain);
	if (x < 0)
		return x;
	return audit_change(r, "screening", id, "need", NULL,
			    field_id_text(need, text));
}

static int take_one(struct records *r, const struct screening *s,
		    const struct kase *k, const struct screening_proposal *p,
		    int *made)
{
	int64_t need = p->open;
	int x = 0;

	if (p->taken)
		return 0;
	if (!need) {
		x = need_add_from(r, k->id, p->need, "screening", s->done,
				  &need);
		if (x == 0)
			++*made;
	}
	return x < 0 ? x : link_need(r, s->id, p, need);
}

static int take_all(struct records *r, int64_t id, const char *need, int *made)
{
	struct screening_proposal p[PROPOSALS_MAX];
	struct screening s;
	struct kase k;
	int n, x, hits = 0;

	if ((x = screening_get(r->db, id, &s)) < 0)
		return x;
	if (s.errored != NO_DATE)
		return err_set(E_STATE, "Screening %lld was entered in error",
			       (long long)id);
	if ((x = kase_of_child(r->db, s.child, &k)) < 0 ||
	    (x = screening_needs(r->db, id, p, &n)) < 0)
		return x;
	for (int i = 0; i < n && x == 0; i++) {
		if (*need && strcmp(need, p[i].need) != 0)
			continue;
		hits++;
		x = take_one(r, &s, &k, &p[i], made);
	}
	if (x == 0 && hits == 0)
		x = err_set(E_NOTFOUND, "Screening %lld proposes no %s%sneed",
			    (long long)id, need, *need ? " " : "");
	return x;
}

int screening_take(struct records *r, int64_t id, const char *need, int *made)
{
	int x;

	*made = 0;
	x = records_begin(r);
	if (x < 0)
		return x;
	x = take_all(r, id, need, made);
	x = records_end(r, x);
	if (x < 0)
		*made = 0;
	return x;
}
