#include "regional/case/need_level.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "proto/catalogue.h"
#include "proto/levels.h"
#include "regional/case/field.h"
#include "regional/case/kase.h"
#include "regional/case/row.h"

#define COLUMNS                                                             \
	"id, kase, since, medical, method, method_version, social, points," \
	" social_by_rule, why, rules, cshcn, level"

/* The newest screening of each instrument speaks, as long as it is young. */
#define NEWEST                                                            \
	" FROM screening s JOIN screening_result t ON t.screening = s.id" \
	" WHERE s.child = ?1 AND s.errored IS NULL AND s.done <= ?2"      \
	" AND s.done > ?3 AND t.class = 'positive' AND NOT EXISTS ("      \
	"SELECT 1 FROM screening o WHERE o.child = s.child"               \
	" AND o.instrument = s.instrument AND o.errored IS NULL"          \
	" AND o.done <= ?2 AND (o.done > s.done"                          \
	" OR (o.done = s.done AND o.id > s.id)))"

static void need_level_row(struct rows *rows, struct need_level *l)
{
	memset(l, 0, sizeof *l);
	l->id = rows_int(rows, 0);
	l->kase = rows_int(rows, 1);
	l->since = field_day_of_sql(rows_text(rows, 2));
	field_copy(l->medical, sizeof l->medical, rows_text(rows, 3));
	field_copy(l->method, sizeof l->method, rows_text(rows, 4));
	field_copy(l->method_version, sizeof l->method_version,
		   rows_text(rows, 5));
	l->social = (int)rows_int(rows, 6);
	l->points = (int)rows_int(rows, 7);
	l->social_by_rule = (int)rows_int(rows, 8);
	field_copy(l->why, sizeof l->why, rows_text(rows, 9));
	l->rules = (int)rows_int(rows, 10);
	l->cshcn = rows_int(rows, 11) != 0;
	field_copy(l->level, sizeof l->level, rows_text(rows, 12));
}

static int levels_of_records(const struct records *r, const struct levels **out)
{
	*out = r->cat ? catalogue_levels(r->cat) : NULL;
	return *out ? 0 : err_set(E_STATE, "The levels of need are not loaded");
}

/* --- points --- */

/* Marks each need that @rows names; each counts once. */
static int mark_needs(const struct vocabulary *v, struct rows *rows, int x,
		      bool marked[LEVEL_NEEDS_MAX])
{
	while (x == 0 && (x = rows_next(rows)) == ROWS_ROW) {
		int k = vocabulary_find(v, WORDS_NEED, rows_text(rows, 0));

		if (k >= 0 && k < LEVEL_NEEDS_MAX)
			marked[k] = true;
		x = 0;
	}
	rows_end(rows);
	return x < 0 ? x : 0;
}

static int points_of(struct records *r, const struct levels *l,
		     const struct kase *k, int32_t on, int *points)
{
	bool marked[LEVEL_NEEDS_MAX] = {false};
	char day[DATE_TEXT], first[DATE_TEXT];
	struct rows rows;
	int x;

	date_format(on, day);
	x = db_rows(r->db, &rows,
		    "SELECT domain FROM need WHERE kase = ?1 AND found <= ?2"
		    " AND (closed IS NULL OR closed > ?2)",
		    "is", k->id, day);
	x = mark_needs(r->words, &rows, x, marked);
	if (x < 0)
		return x;
	x = db_rows(r->db, &rows,
		    "SELECT t.need" NEWEST " AND t.need IS NOT NULL"
		    " AND NOT EXISTS (SELECT 1 FROM screening_need m"
		    " JOIN need n ON n.id = m.need"
		    " WHERE m.screening = s.id AND n.domain = t.need)",
		    "iss", k->child, day,
		    date_format(on - l->screened_days, first));
	x = mark_needs(r->words, &rows, x, marked);
	*points = 0;
	for (int i = 0; i < LEVEL_NEEDS_MAX; i++)
		*points += marked[i] ? l->points[i] : 0;
	return x;
}

static int screened_cshcn(struct records *r, const struct levels *l,
			  int64_t child, int32_t on, bool *out)
{
	char day[DATE_TEXT], first[DATE_TEXT];
	int64_t n = 0;
	int x;

	x = db_int(r->db, &n,
		   "SELECT count(*)" NEWEST
		   " AND s.instrument = ?4 AND t.domain = ?5",
		   "issss", child, date_format(on, day),
		   date_format(on - l->screened_days, first),
		   l->cshcn_instrument, l->cshcn_domain);
	*out = n > 0;
	return x;
}

int need_level_points(struct records *r, int64_t kase, int32_t on, int *points,
		      int *tier)
{
	const struct levels *l;
	struct kase k;
	int x;

	if ((x = levels_of_records(r, &l)) < 0 ||
	    (x = kase_get(r->db, kase, &k)) < 0 ||
	    (x = points_of(r, l, &k, on, points)) < 0)
		return x;
	*tier = levels_tier(l, *points);
	return 0;
}

/* --- setting --- */

static int check_case(struct records *r, const struct need_level *l,
		      struct kase *k)
{
	int x = kase_get(r->db, l->kase, k);

	if (x < 0)
		return x;
	if (k->closed != NO_DATE)
		return err_set(E_STATE, "Case %lld is closed",
			       (long long)l->kase);
	if ((x = field_day(r, "day of the assessment", l->since)) < 0)
		return x;
	return field_order("day of the assessment", l->since, k->opened,
			   "the day the case was opened");
}

static int check_given(struct records *r, const struct need_level *l)
{
	int x;

	if ((x = field_word(r->words, WORDS_MEDICAL_TIER, "medical tier",
			    l->medical)) < 0 ||
	    (x = field_text("method", l->method, sizeof l->method)) < 0 ||
	    (x = field_text("version of the method", l->method_version,
			    sizeof l->method_version)) < 0 ||
	    (x = field_text("reason", l->why, sizeof l->why)) < 0)
		return x;
	if (!*l->method || !*l->method_version)
		return err_set(E_INVALID,
			       "Say by which method and version the medical "
			       "tier was found, like PMCA 3.0");
	if (l->social < SOCIAL_BY_RULE || l->social >= SOCIAL_TIERS)
		return err_set(E_INVALID, "The social tier is 0, 1, 2 or 3");
	return 0;
}

static int find_level(struct records *r, struct need_level *l)
{
	const struct levels *rules;
	struct kase k;
	int x;

	if ((x = levels_of_records(r, &rules)) < 0 ||
	    (x = check_case(r, l, &k)) < 0 || (x = check_given(r, l)) < 0 ||
	    (x = points_of(r, rules, &k, l->since, &l->points)) < 0 ||
	    (x = screened_cshcn(r, rules, k.child, l->since, &l->cshcn)) < 0)
		return x;
	l->social_by_rule = levels_tier(rules, l->points);
	if (l->social == SOCIAL_BY_RULE)
		l->social = l->social_by_rule;
	if (l->social != l->social_by_rule && !*l->why)
		return err_set(E_INVALID,
			       "By its needs and screenings the social tier "
			       "is %d; say why it is %d",
			       l->social_by_rule, l->social);
	if (strcmp(l->medical, "none") != 0)
		l->cshcn = true;
	l->rules = rules->version;
	field_copy(l->level, sizeof l->level,
		   levels_of(rules, l->cshcn, l->social)->id);
	return 0;
}

static const char *number(int v, char buf[12])
{
	snprintf(buf, 12, "%d", v);
	return buf;
}

static int need_level_insert(struct records *r, const struct need_level *l,
			     int64_t *id)
{
	char kase[24], day[DATE_TEXT], n[4][12];
	const struct audit_field f[] = {
		{"kase", NULL, field_id_text(l->kase, kase)},
		{"since", NULL, date_format(l->since, day)},
		{"medical", NULL, l->medical},
		{"method", NULL, l->method},
		{"method_version", NULL, l->method_version},
		{"social", NULL, number(l->social, n[0])},
		{"points", NULL, number(l->points, n[1])},
		{"social_by_rule", NULL, number(l->social_by_rule, n[2])},
		{"why", NULL, field_sql_text(l->why)},
		{"rules", NULL, number(l->rules, n[3])},
		{"cshcn", NULL, row_flag(l->cshcn)},
		{"level", NULL, l->level},
	};

	return row_insert(r, "need_level", f, sizeof f / sizeof *f, id);
}

int need_level_set(struct records *r, const struct need_level *l, int64_t *id)
{
	struct need_level now = *l;
	int64_t new_id = 0;
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = find_level(r, &now);
	if (x == 0)
		x = need_level_insert(r, &now, &new_id);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

/* --- reading --- */

int need_level_get(struct db *db, int64_t kase, int32_t on,
		   struct need_level *out)
{
	char day[DATE_TEXT];
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT " COLUMNS " FROM need_level WHERE kase = ?"
		    " AND since <= ? ORDER BY since DESC, id DESC LIMIT 1",
		    "is", kase, date_format(on, day));
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		need_level_row(&rows, out);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND, "Case %lld has no level of need yet",
			    (long long)kase);
	}
	rows_end(&rows);
	return x;
}

int need_level_list(struct db *db, int64_t kase, int64_t offset, int64_t limit,
		    int (*fn)(void *arg, const struct need_level *l), void *arg)
{
	struct need_level l;
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT " COLUMNS " FROM need_level WHERE kase = ?"
		    " ORDER BY since DESC, id DESC LIMIT ? OFFSET ?",
		    "iii", kase, limit, offset);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		need_level_row(&rows, &l);
		x = fn(arg, &l);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}
