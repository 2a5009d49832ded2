#include "regional/desk/today_list.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/consent.h"
#include "regional/case/derive.h"
#include "regional/case/field.h"
#include "regional/case/transition.h"
#include "regional/desk/later.h"
#include "regional/desk/today_sql.h"

struct taking {
	struct db *db;
	const struct today_ask *q;
	struct arena_list items;
	char today[DATE_TEXT], last[DATE_TEXT];
};

static const char *const kind_ids[TODAY_KINDS] = {
	"ed",	   "inbox",  "contact", "visit",  "action",	"referral",
	"opening", "screen", "share",	"review", "transition", "consent",
};

const char *today_kind_id(enum today_kind k)
{
	return kind_ids[k];
}

int today_kind_of(const char *id)
{
	for (int k = 0; k < TODAY_KINDS; k++)
		if (strcmp(kind_ids[k], id) == 0)
			return k;
	return -1;
}

/* NULL as "". */
static void take_row(struct taking *t, enum today_kind kind, struct rows *rows)
{
	struct today_item *i = arena_add(&t->items);

	if (!i)
		return;
	i->kind = kind;
	i->kase = rows_int(rows, 0);
	i->child = rows_int(rows, 1);
	i->staff = rows_int(rows, 2);
	i->record = rows_int(rows, 3);
	i->due = field_day_of_sql(rows_text(rows, 4));
	i->since = field_day_of_sql(rows_text(rows, 5));
	i->what = rows_dup(t->items.arena, rows, 6);
	i->with = rows_dup(t->items.arena, rows, 7);
	i->word = rows_dup(t->items.arena, rows, 8);
	i->mode = rows_dup(t->items.arena, rows, 9);
	i->party = rows_dup(t->items.arena, rows, 10);
	i->contacted = field_day_of_sql(rows_text(rows, 11));
	i->followed = field_day_of_sql(rows_text(rows, 12));
}

static int take_sql(struct taking *t, enum today_kind kind, const char *sql)
{
	struct rows rows;
	int x;

	x = db_rows(t->db, &rows, sql, "iss", t->q->staff, t->today, t->last);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		take_row(t, kind, &rows);
		x = 0;
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

/* --- what SQL can't decide --- */

/* In person, by the groups of modes. */
static bool is_visit(const struct vocabulary *v, const char *mode)
{
	int m = vocabulary_find(v, WORDS_MODE, mode);
	const struct word *w = m < 0 ? NULL : vocabulary_word(v, WORDS_MODE, m);

	if (!w || w->group < 0)
		return false;
	w = vocabulary_word(v, WORDS_MODE_GROUP, w->group);
	return w && strcmp(w->id, "in-person") == 0;
}

/* The clock that is next: contact, follow-up within 7 days, within 30. */
static void set_clock(struct today_item *i, int32_t today)
{
	int32_t day0 = i->since;

	if (i->contacted == NO_DATE)
		i->due = day0 + TODAY_ED_CONTACT;
	else if (today <= day0 + TODAY_ED_FIRST)
		i->due = day0 + TODAY_ED_FIRST;
	else
		i->due = day0 + TODAY_ED_SECOND;
}

/* What the SQL gives are the consents that may end; when, consent.h says. */
static int set_consent(struct taking *t, struct today_item *i, bool *out)
{
	struct consent c;
	int x = consent_get(t->db, i->record, &c);

	if (x < 0)
		return x;
	i->due = consent_last_day(&c, i->birth);
	i->word = arena_dup(t->items.arena, c.scopes ? c.scope[0] : "");
	*out = i->due == NO_DATE ||
	       i->due > t->q->today + TODAY_CONSENT_AHEAD ||
	       i->due < t->q->today - TODAY_CONSENT_AHEAD;
	return 0;
}

/* The birthday at @years; 29 February: 1 March. */
static int32_t birthday(int32_t birth, int years)
{
	int y, m, d;

	date_to_ymd(birth, &y, &m, &d);
	if (m == 2 && d == 29)
		return date_from_ymd(y + years, 3, 1) -
		       (date_age_years(birth, date_from_ymd(y + years, 2,
							    29)) >= years);
	return date_from_ymd(y + years, m, d);
}

/* The first element that is late, else due, else soon will be. */
static int set_element(struct taking *t, struct today_item *i, bool *out)
{
	const struct vocabulary *v = t->q->words;
	int n = vocabulary_count(v, WORDS_ELEMENT), best = -1, x;
	char reached[DATE_TEXT];

	for (int e = 0; e < n; e++) {
		const struct word *w = vocabulary_word(v, WORDS_ELEMENT, e);
		int32_t from = birthday(i->birth, w->age_from);
		int rank = from <= t->q->today ? 1 : 0;

		if (from > t->q->today + TODAY_TRANSITION_AHEAD)
			continue;
		x = db_text(t->db, reached, sizeof reached,
			    "SELECT reached FROM transition_element"
			    " WHERE transition = ? AND element = ?",
			    "is", i->record, w->id);
		if (x != E_NOTFOUND) {
			if (x < 0)
				return x;
			continue;
		}
		err_clear();
		if (strcmp(transition_standing(w, i->birth, NO_DATE,
					       t->q->today),
			   "late") == 0)
			rank = 2;
		if (rank <= best)
			continue;
		best = rank;
		i->word = w->id;
		i->due = rank == 2 ? birthday(i->birth, w->age_to + 1) - 1
				   : from;
		/* Within its ages there is time: nothing is late yet. */
		if (rank == 1)
			i->due = birthday(i->birth, w->age_to + 1) - 1;
		i->since = from;
	}
	/* Known by the child, whether a transition was begun or not. */
	i->record = i->child;
	*out = best < 0;
	return 0;
}

static int set_birth(struct taking *t, struct today_item *i)
{
	char birth[DATE_TEXT];
	int x = db_text(t->db, birth, sizeof birth,
			"SELECT birth FROM child WHERE id = ?", "i", i->child);

	i->birth = field_day_of_sql(birth);
	return x;
}

static int set_family(struct taking *t, struct today_item *i)
{
	struct rows rows;
	int x;

	x = db_rows(t->db, &rows, TODAY_FAMILY_SQL, "i", i->child);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		i->given = rows_dup(t->items.arena, &rows, 0);
		i->family = rows_dup(t->items.arena, &rows, 1);
		i->birth = field_day_of_sql(rows_text(&rows, 2));
		i->language = rows_dup(t->items.arena, &rows, 3);
		i->interpreter = rows_int(&rows, 4) != 0;
		i->way = rows_dup(t->items.arena, &rows, 5);
		i->hours = rows_dup(t->items.arena, &rows, 6);
		i->relation = rows_dup(t->items.arena, &rows, 7);
		i->unsafe = rows_int(&rows, 8) != 0;
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

/* What is left out is decided first: how to reach a family costs most. */
static int finish(struct taking *t, struct today_item *i, bool *out)
{
	int x = 0;

	*out = false;
	if (i->kind == TODAY_CONTACT && is_visit(t->q->words, i->mode))
		i->kind = TODAY_VISIT;
	if (i->kind == TODAY_ED || i->kind == TODAY_INBOX)
		set_clock(i, t->q->today);
	if (i->kind == TODAY_CONSENT || i->kind == TODAY_TRANSITION)
		x = set_birth(t, i);
	if (x == 0 && i->kind == TODAY_CONSENT)
		x = set_consent(t, i, out);
	if (x == 0 && i->kind == TODAY_TRANSITION)
		x = set_element(t, i, out);
	i->late = (int)(t->q->today - i->due);
	if (x == 0 && !*out)
		x = later_until(t->db, kind_ids[i->kind], i->record,
				t->q->today, out);
	return x < 0 || *out ? x : set_family(t, i);
}

static int by_kind_and_day(const void *a, const void *b)
{
	const struct today_item *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->due != y->due)
		return x->due < y->due ? -1 : 1;
	return (x->record > y->record) - (x->record < y->record);
}

int today_list(struct db *db, const struct today_ask *q, struct arena *a,
	       struct today_item **out, size_t *n)
{
	struct taking t = {.db = db, .q = q};
	struct today_item *items;
	size_t kept = 0;
	int x = 0;

	t.items = (struct arena_list){.arena = a, .size = sizeof *items};
	date_format(q->today, t.today);
	date_format(q->today + q->ahead, t.last);
	for (int i = 0; i < today_sql_count && x == 0; i++)
		x = take_sql(&t, today_sql[i].kind, today_sql[i].sql);
	items = t.items.items;
	for (size_t i = 0; i < t.items.n && x == 0; i++) {
		bool leave;

		x = finish(&t, &items[i], &leave);
		if (x == 0 && !leave)
			items[kept++] = items[i];
	}
	if (x == 0)
		x = arena_check(a);
	if (x < 0)
		return x;
	if (kept)
		qsort(items, kept, sizeof *items, by_kind_and_day);
	*out = items;
	*n = kept;
	return 0;
}

int today_connected(struct db *db, int64_t staff, int32_t today,
		    struct arena *a, struct today_connected **out, size_t *n)
{
	struct taking t = {.db = db};
	/* 1970-01-01 was a Thursday. */
	int32_t monday = today - (today + 3) % 7;
	struct today_connected *c;
	struct rows rows;
	int x;

	t.items = (struct arena_list){.arena = a, .size = sizeof *c};
	x = db_rows(db, &rows, TODAY_CONNECTED_SQL, "iss", staff,
		    date_format(today, t.today), date_format(monday, t.last));
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		x = 0;
		c = arena_add(&t.items);
		if (!c)
			break;
		c->child = rows_int(&rows, 0);
		c->family = rows_dup(t.items.arena, &rows, 1);
		c->what = rows_dup(t.items.arena, &rows, 2);
		c->need = rows_dup(t.items.arena, &rows, 3);
	}
	rows_end(&rows);
	*out = t.items.items;
	*n = t.items.n;
	return x < 0 ? x : arena_check(a);
}

int today_covers(struct db *db, int64_t staff, int32_t today, struct arena *a,
		 struct today_cover **out, size_t *n)
{
	struct taking t = {.db = db};
	struct today_cover *c;
	struct rows rows;
	int x;

	t.items = (struct arena_list){.arena = a, .size = sizeof *c};
	x = db_rows(db, &rows,
		    "SELECT c.staff, s.name, c.until FROM cover c"
		    " JOIN staff s ON s.id = c.staff"
		    " WHERE c.cover = ?1 AND c.since <= ?2"
		    " AND (c.until IS NULL OR c.until >= ?2)"
		    " ORDER BY s.name COLLATE NOCASE, s.id",
		    "is", staff, date_format(today, t.today));
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		x = 0;
		c = arena_add(&t.items);
		if (!c)
			break;
		c->staff = rows_int(&rows, 0);
		c->name = rows_dup(t.items.arena, &rows, 1);
		c->until = field_day_of_sql(rows_text(&rows, 2));
	}
	rows_end(&rows);
	*out = t.items.items;
	*n = t.items.n;
	return x < 0 ? x : arena_check(a);
}
