#include "regional/case/screening.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "proto/catalogue.h"
#include "regional/case/audit.h"
#include "regional/case/child.h"
#include "regional/case/cutoff.h"
#include "regional/case/field.h"
#include "regional/case/kase.h"
#include "regional/case/row.h"
#include "regional/case/score.h"

#define COLUMNS                                                         \
	"id, child, kase, instrument, version, form, done, age_months," \
	" respondent, complete, scorable, errored"

/* One adding: too large for the stack, with its texts. */
struct adding {
	struct records *r;
	struct screening s;
	const struct instrument *i;
	struct score_in in;
	struct score_sum sum;
};

static void screening_row(struct rows *rows, struct screening *s)
{
	memset(s, 0, sizeof *s);
	s->id = rows_int(rows, 0);
	s->child = rows_int(rows, 1);
	s->kase = rows_int(rows, 2);
	field_copy(s->instrument, sizeof s->instrument, rows_text(rows, 3));
	s->version = (int)rows_int(rows, 4);
	field_copy(s->form, sizeof s->form, rows_text(rows, 5));
	s->done = field_day_of_sql(rows_text(rows, 6));
	s->age_months = (int)rows_int(rows, 7);
	field_copy(s->respondent, sizeof s->respondent, rows_text(rows, 8));
	s->complete = rows_int(rows, 9) != 0;
	s->scorable = rows_int(rows, 10) != 0;
	s->errored = field_day_of_sql(rows_text(rows, 11));
}

/* Completed months: the day of the month counts as birthdays do. */
static int months_between(int32_t birth, int32_t on)
{
	int y0, m0, d0, y1, m1, d1;

	date_to_ymd(birth, &y0, &m0, &d0);
	date_to_ymd(on, &y1, &m1, &d1);
	return (y1 - y0) * 12 + m1 - m0 - (d1 < d0 ? 1 : 0);
}

/* --- what may be added --- */

static int find_instrument(struct adding *a)
{
	const struct catalogue *cat = a->r->cat;
	char all[800] = "";
	size_t used = 0;
	int n = cat ? catalogue_instruments(cat) : 0;

	for (int k = 0; k < n; k++) {
		a->i = catalogue_instrument(cat, k);
		if (strcmp(a->i->id, a->s.instrument) == 0)
			return 0;
		if (used < sizeof all)
			used += (size_t)snprintf(all + used, sizeof all - used,
						 "%s%s", k ? ", " : "",
						 a->i->id);
	}
	return err_set(E_INVALID,
		       "\"%.40s\" is not an instrument; it is one of: %s",
		       a->s.instrument, all);
}

static int check_form(struct adding *a)
{
	const struct instrument *i = a->i;
	char all[FORMS_MAX * (INSTRUMENT_CODE + 2)] = "";
	size_t used = 0;

	if (i->n_forms == 0)
		return *a->s.form ? err_set(E_INVALID,
					    "%s has one form only; name none",
					    i->id)
				  : 0;
	if (instrument_form(i, a->s.form) >= 0)
		return 0;
	for (int k = 0; k < i->n_forms; k++)
		used += (size_t)snprintf(all + used, sizeof all - used, "%s%s",
					 k ? ", " : "", i->form[k].id);
	return err_set(E_INVALID,
		       "\"%.30s\" is not a form of %s; it is one of: %s",
		       a->s.form, i->id, all);
}

static int check_age(struct adding *a, const struct child *c)
{
	int f = instrument_form(a->i, a->s.form);
	int from = f < 0 ? a->i->from_months : a->i->form[f].from_months;
	int to = f < 0 ? a->i->to_months : a->i->form[f].to_months;

	a->s.age_months = months_between(c->birth, a->s.done);
	if (a->s.age_months >= from && a->s.age_months <= to)
		return 0;
	return err_set(E_INVALID,
		       "%s%s%s is for %d-%d months; the child was %d months "
		       "old",
		       a->i->id, f < 0 ? "" : " form ", a->s.form, from, to,
		       a->s.age_months);
}

/* The case that is named, or the one that was open on that day. */
static int find_case(struct adding *a)
{
	char day[DATE_TEXT];
	struct kase k;
	int x;

	if (a->s.kase) {
		x = kase_get(a->r->db, a->s.kase, &k);
		if (x == 0 && k.child != a->s.child)
			x = err_set(E_INVALID, "Case %lld is of another child",
				    (long long)a->s.kase);
		return x;
	}
	x = db_int(a->r->db, &a->s.kase,
		   "SELECT id FROM care_case WHERE child = ?1"
		   " AND errored IS NULL AND opened <= ?2"
		   " AND (closed IS NULL OR closed >= ?2)"
		   " ORDER BY opened DESC, id DESC LIMIT 1",
		   "is", a->s.child, date_format(a->s.done, day));
	return x == E_NOTFOUND ? 0 : x;
}

static int screening_checks(struct adding *a)
{
	struct child c;
	int x;

	if ((x = find_instrument(a)) < 0 || (x = check_form(a)) < 0 ||
	    (x = field_word(a->r->words, WORDS_RESPONDENT, "respondent",
			    a->s.respondent)) < 0 ||
	    (x = field_day(a->r, "day of the screening", a->s.done)) < 0 ||
	    (x = child_get(a->r->db, a->s.child, &c)) < 0 ||
	    (x = field_order("day of the screening", a->s.done, c.birth,
			     "the child's birth date")) < 0 ||
	    (x = check_age(a, &c)) < 0)
		return x;
	a->s.version = a->i->version;
	return find_case(a);
}

/* --- what was filled in --- */

static int find_domain(const struct adding *a, const char *name, int *out)
{
	char all[SCALES_MAX * (INSTRUMENT_CODE + 2)] = "";
	size_t used = 0;

	*out = instrument_scale(a->i, name);
	if (*out >= 0)
		return 0;
	for (int k = 0; k < a->i->n_scales; k++)
		used += (size_t)snprintf(all + used, sizeof all - used, "%s%s",
					 k ? ", " : "", a->i->scale[k].id);
	return err_set(E_INVALID,
		       "\"%.40s\" is not a domain of %s; it is one of: %s",
		       name, a->i->id, all);
}

static int take_entry(struct adding *a, const struct screening_entry *e)
{
	struct score_in *in = &a->in;
	int k, x;

	if (e->part == SCREENING_ANSWER)
		return score_answer(in, a->i, e->name, e->value);
	x = find_domain(a, e->name, &k);
	if (x < 0)
		return x;
	if (e->part == SCREENING_SCORE && in->score[k] == NO_SCORE)
		x = score_parse(e->value, &in->score[k]);
	else if (e->part == SCREENING_CUTOFF && in->cutoff[k] == NO_SCORE)
		x = cutoff_parse(e->value, &in->cutoff[k], &in->zone[k]);
	else if (e->part != SCREENING_RESULT || in->result[k] >= 0)
		return err_set(E_INVALID, "The domain %s is given twice",
			       e->name);
	else if ((x = field_word(a->r->words, WORDS_SCREEN_RESULT, "result",
				 e->value)) == 0)
		in->result[k] = vocabulary_find(a->r->words,
						WORDS_SCREEN_RESULT, e->value);
	return x < 0 ? err_prefix(x, "%s", e->name) : 0;
}

static int take_entries(struct adding *a, const struct screening_entry *e,
			int n, const struct cutoffs *site)
{
	int x = 0;

	if (n == 0)
		return err_set(E_INVALID, "Give answers, scores or results");
	score_in_init(&a->in);
	a->in.form = a->s.form;
	a->in.age_months = a->s.age_months;
	for (int k = 0; k < n && x == 0; k++)
		x = take_entry(a, &e[k]);
	if (x < 0)
		return x;
	cutoff_fill(site, a->i, &a->in);
	return score_run(&a->sum, a->i, a->r->words, &a->in);
}

/* --- writing --- */

static const char *number(int64_t v, char buf[24])
{
	snprintf(buf, 24, "%lld", (long long)v);
	return buf;
}

static int write_screening(struct adding *a)
{
	const struct screening *s = &a->s;
	char child[24], kase[24], version[24], age[24], day[DATE_TEXT];
	const struct audit_field f[] = {
		{"child", NULL, field_id_text(s->child, child)},
		{"kase", NULL, field_id_text(s->kase, kase)},
		{"instrument", NULL, s->instrument},
		{"version", NULL, number(s->version, version)},
		{"form", NULL, field_sql_text(s->form)},
		{"done", NULL, date_format(s->done, day)},
		{"age_months", NULL, number(s->age_months, age)},
		{"respondent", NULL, s->respondent},
		{"complete", NULL, row_flag(a->sum.complete)},
		{"scorable", NULL, row_flag(a->sum.scorable)},
	};

	return row_insert(a->r, "screening", f, sizeof f / sizeof *f, &a->s.id);
}

/* The item's answers in the order of its list, whatever order they came in. */
static void answer_text(const struct adding *a, int item, char out[400])
{
	const struct answer_list *l = &a->i->list[a->i->item[item].answers];
	size_t used = 0;

	out[0] = '\0';
	for (int k = 0; k < l->n && used < 400; k++)
		if (a->in.answer[item] >> k & 1)
			used += (size_t)snprintf(out + used, 400 - used, "%s%s",
						 used ? "+" : "",
						 l->answer[k].id);
}

/* An answer has no number of its own: its audit is the screening's, by the
 * item's name. */
static int write_answers(struct adding *a)
{
	char text[400], field[40];
	int x = 0;

	for (int k = 0; k < a->i->n_items && x == 0; k++) {
		if (!a->in.answer[k])
			continue;
		answer_text(a, k, text);
		snprintf(field, sizeof field, "answer %s", a->i->item[k].id);
		x = db_run(a->r->db,
			   "INSERT INTO screening_answer (screening, item,"
			   " value) VALUES (?, ?, ?)",
			   "iss", a->s.id, a->i->item[k].id, text);
		if (x == 0)
			x = audit_change(a->r, "screening", a->s.id, field,
					 NULL, text);
	}
	return x;
}

static const char *score_text(int32_t score, char buf[24])
{
	return score == NO_SCORE ? NULL : number(score, buf);
}

static int write_result(struct adding *a, int k)
{
	static const char *const class[] = {"clear", "watch", "positive",
					    "none"};
	const struct scale *d = &a->i->scale[k];
	const struct score_out *o = &a->sum.scale[k];
	const struct vocabulary *v = a->r->words;
	char score[24], cutoff[24], zone[24], field[40], text[80];
	const char *word =
		vocabulary_word(v, WORDS_SCREEN_RESULT, o->result)->id;
	int x;

	x = db_run(
		a->r->db,
		"INSERT INTO screening_result (screening, domain, score,"
		" cutoff, zone, result, class, by_rule, need)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		"issssssss", a->s.id, d->id, score_text(o->score, score),
		score_text(a->in.cutoff[k], cutoff),
		score_text(a->in.zone[k], zone), word, class[o->class],
		row_flag(o->by_rule),
		d -> need < 0 ? NULL
			      : vocabulary_word(v, WORDS_NEED, d->need) -> id);
	if (x < 0)
		return x;
	snprintf(field, sizeof field, "result %s", d->id);
	snprintf(text, sizeof text, "%s %s", word,
		 o->score == NO_SCORE ? "" : score);
	return audit_change(a->r, "screening", a->s.id, field, NULL, text);
}

static int screening_write(struct adding *a)
{
	int x;

	x = write_screening(a);
	if (x == 0)
		x = write_answers(a);
	for (int k = 0; k < a->i->n_scales && x == 0; k++)
		if (a->sum.scale[k].applies)
			x = write_result(a, k);
	return x;
}

int screening_add(struct records *r, const struct screening *s,
		  const struct screening_entry *e, int n,
		  const struct cutoffs *site, int64_t *id)
{
	struct adding *a = mem_calloc(1, sizeof *a);
	int x;

	if (!a)
		return err_set(E_NOMEM, "out of memory for a screening");
	a->r = r;
	a->s = *s;
	x = records_begin(r);
	if (x < 0)
		goto out;
	if ((x = screening_checks(a)) == 0 &&
	    (x = take_entries(a, e, n, site)) == 0)
		x = screening_write(a);
	x = records_end(r, x);
	if (x == 0)
		*id = a->s.id;
out:
	mem_free(a);
	return x;
}

int screening_error(struct records *r, int64_t id)
{
	char today[DATE_TEXT];
	struct screening s;
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = screening_get(r->db, id, &s);
	if (x == 0 && s.errored == NO_DATE) {
		struct audit_field f = {"errored", NULL, today};

		date_format(records_today(r), today);
		x = row_update(r, "screening", id, &f, 1);
	}
	return records_end(r, x);
}

/* --- reading --- */

int screening_get(struct db *db, int64_t id, struct screening *out)
{
	struct rows rows;
	int x;

	x = db_rows(db, &rows, "SELECT " COLUMNS " FROM screening WHERE id = ?",
		    "i", id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		screening_row(&rows, out);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND, "There is no screening %lld",
			    (long long)id);
	}
	rows_end(&rows);
	return x;
}

int screening_list(struct db *db, int64_t child, const char *instrument,
		   int64_t offset, int64_t limit,
		   int (*fn)(void *arg, const struct screening *s), void *arg)
{
	static const char of_child[] =
		"SELECT " COLUMNS " FROM screening WHERE child = ?1"
		" AND errored IS NULL AND (?2 = '' OR instrument = ?2)"
		" ORDER BY done DESC, id DESC LIMIT ?3 OFFSET ?4";
	static const char all[] =
		"SELECT " COLUMNS " FROM screening WHERE ?1 = 0"
		" AND errored IS NULL AND (?2 = '' OR instrument = ?2)"
		" ORDER BY done DESC, id DESC LIMIT ?3 OFFSET ?4";
	struct screening s;
	struct rows rows;
	int x;

	x = db_rows(db, &rows, child ? of_child : all, "isii", child,
		    instrument, limit, offset);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		screening_row(&rows, &s);
		x = fn(arg, &s);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

static int32_t score_at(struct rows *rows, int col)
{
	return rows_null(rows, col) ? NO_SCORE : (int32_t)rows_int(rows, col);
}

int screening_results(struct db *db, int64_t id,
		      int (*fn)(void *arg, const struct screening_result *s),
		      void *arg)
{
	struct screening_result s;
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT domain, score, cutoff, zone, result, class,"
		    " by_rule, need FROM screening_result WHERE screening = ?"
		    " ORDER BY domain",
		    "i", id);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		memset(&s, 0, sizeof s);
		s.screening = id;
		field_copy(s.domain, sizeof s.domain, rows_text(&rows, 0));
		s.score = score_at(&rows, 1);
		s.cutoff = score_at(&rows, 2);
		s.zone = score_at(&rows, 3);
		field_copy(s.result, sizeof s.result, rows_text(&rows, 4));
		field_copy(s.class, sizeof s.class, rows_text(&rows, 5));
		s.by_rule = rows_int(&rows, 6) != 0;
		field_copy(s.need, sizeof s.need, rows_text(&rows, 7));
		x = fn(arg, &s);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

int screening_answers(struct db *db, int64_t id,
		      int (*fn)(void *arg, const char *item, const char *value),
		      void *arg)
{
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT item, value FROM screening_answer"
		    " WHERE screening = ? ORDER BY item",
		    "i", id);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW)
		x = fn(arg, rows_text(&rows, 0), rows_text(&rows, 1));
	rows_end(&rows);
	return x < 0 ? x : 0;
}
