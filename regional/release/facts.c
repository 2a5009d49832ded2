#include "regional/release/facts.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>

#include "daemon/core/clock.h"
#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "proto/vocabulary.h"

enum {
	READS_MAX = 256, /* columns under the fact_* views */
	PROGRESS_OPS = 2000,
};

/* What one run allows: functions that tell the same every time, and the
 * columns on which the fact_* views stand. That a column is read "by" such a
 * view is not enough: a common table expression of that name looks the same
 * to SQLite. */
struct guard {
	struct db *ro;
	const char *views; /* only those whose name begins so */
	bool learning;
	int n;
	struct {
		char table[64], column[64];
	} read[READS_MAX];
	int64_t deadline_mono_ms;
};

static const char *const FUNCTIONS[] = {
	"abs",	    "avg",	  "cast",	 "coalesce", "count",
	"date",	    "dense_rank", "first_value", "glob",     "ifnull",
	"iif",	    "instr",	  "julianday",	 "lag",	     "last_value",
	"lead",	    "length",	  "like",	 "lower",    "max",
	"min",	    "nullif",	  "rank",	 "round",    "row_number",
	"strftime", "substr",	  "substring",	 "sum",	     "total",
	"typeof",   "upper",	  NULL};

static bool is_view(const struct guard *g, const char *name)
{
	return name && strncmp(name, g->views, strlen(g->views)) == 0;
}

static bool find_function(const char *name)
{
	for (int i = 0; FUNCTIONS[i]; i++) {
		if (name && sqlite3_stricmp(FUNCTIONS[i], name) == 0)
			return true;
	}
	return false;
}

static bool find_read(const struct guard *g, const char *table,
		      const char *column)
{
	for (int i = 0; i < g->n; i++) {
		if (strcmp(g->read[i].table, table) == 0 &&
		    strcmp(g->read[i].column, column) == 0)
			return true;
	}
	return false;
}

static int learn_read(struct guard *g, const char *table, const char *column)
{
	if (find_read(g, table, column))
		return SQLITE_OK;
	if (g->n == READS_MAX || strlen(table) >= sizeof g->read[0].table ||
	    strlen(column) >= sizeof g->read[0].column)
		return SQLITE_DENY;
	memcpy(g->read[g->n].table, table, strlen(table) + 1);
	memcpy(g->read[g->n].column, column, strlen(column) + 1);
	g->n++;
	return SQLITE_OK;
}

static int authorize(void *arg, int action, const char *a, const char *b,
		     const char *schema, const char *by)
{
	struct guard *g = arg;

	switch (action) {
	case SQLITE_SELECT:
		return SQLITE_OK;
	case SQLITE_FUNCTION:
		return find_function(b) ? SQLITE_OK : SQLITE_DENY;
	case SQLITE_READ:
		/* A subquery's columns have no table; its own are asked. */
		if (!a || !*a || is_view(g, a))
			return SQLITE_OK;
		if (g->learning)
			return learn_read(g, a, b);
		/* count(*) reads a table without a column. */
		if (is_view(g, by) && (!*b || find_read(g, a, b)))
			return SQLITE_OK;
		return SQLITE_DENY;
	default:
		return SQLITE_DENY;
	}
}

static int past_deadline(void *arg)
{
	const struct guard *g = arg;

	return clock_mono_ms(clock_system()) > g->deadline_mono_ms;
}

/* Not by db_rows, which prepares the same SQL only once: nothing would be
 * learned by the next fact table on this connection. */
static int learn_view(struct guard *g, const char *name)
{
	sqlite3 *conn = db_handle(g->ro);
	sqlite3_stmt *stmt = NULL;
	char sql[128];
	int rc;

	sqlite3_snprintf(sizeof sql, sql, "SELECT * FROM \"%w\"", name);
	g->learning = true;
	sqlite3_set_authorizer(conn, authorize, g);
	rc = sqlite3_prepare_v2(conn, sql, -1, &stmt, NULL);
	sqlite3_set_authorizer(conn, NULL, NULL);
	g->learning = false;
	sqlite3_finalize(stmt);
	if (rc != SQLITE_OK)
		return err_set(rc == SQLITE_NOMEM ? E_NOMEM : E_DENIED,
			       "view %s: %s", name, sqlite3_errmsg(conn));
	return 0;
}

/* @name stands somewhere in @sql, in whatever letters. */
static bool names(const char *sql, const char *name)
{
	size_t len = strlen(name);

	for (; *sql; sql++)
		if (sqlite3_strnicmp(sql, name, (int)len) == 0)
			return true;
	return false;
}

/* Prepare each fact_* view that the fact table names once, to see what it
 * reads, itself and through others. The views that it does not name it can't
 * read by. */
static int learn(struct guard *g, const struct fact_table *t)
{
	char name[64];
	struct rows rows;
	int x;

	x = db_rows(g->ro, &rows,
		    "SELECT name FROM sqlite_schema WHERE type = 'view' "
		    "AND name GLOB 'fact_*'",
		    "");
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		sqlite3_snprintf(sizeof name, name, "%s", rows_text(&rows, 0));
		x = is_view(g, name) && names(t->sql, name)
			    ? learn_view(g, name)
			    : 0;
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

static int wrong(const struct fact_table *t, struct rows *rows,
		 const char *what)
{
	return err_set(E_INVALID, "fact table %s: occurrence %lld has %s",
		       t->id, (long long)rows_int(rows, 0), what);
}

static int find_stratum(const struct fact_table *t,
			const struct vocabulary *words, const char *id,
			uint8_t *out)
{
	int leaf = id ? vocabulary_leaf(words, t->dim_id, id) : -1;

	if (leaf < 0 || leaf >= t->dim.leaves)
		return E_INVALID;
	*out = (uint8_t)leaf;
	return 0;
}

static bool is_leaf(const struct fact_table *t, int outcome)
{
	for (int i = 0; i < t->n_outcomes; i++) {
		if (t->outcome[i].parent == outcome)
			return false;
	}
	return true;
}

static int take_row(const struct fact_table *t, const struct vocabulary *words,
		    struct rows *rows, struct fact *f)
{
	const char *outcome;
	int o;

	if (rows_null(rows, 0))
		return err_set(E_INVALID,
			       "fact table %s: an occurrence has no number",
			       t->id);
	f->occurrence = rows_int(rows, 0);
	f->child = rows_int(rows, 1);
	/* A rowid, and what the gate counts children by. */
	if (f->child < 1 || f->child > UINT32_MAX)
		return wrong(t, rows, "no child");
	if (rows_null(rows, 2) || date_parse(rows_text(rows, 2), &f->day) < 0)
		return wrong(t, rows, "no date");
	if (picture_is(t)) {
		int32_t month = period_month_of_day(f->day);

		if (!picture_due(t, month) ||
		    f->day != period_last_day((struct period){month, 1}))
			return wrong(t, rows, "a date that is no picture's");
		f->occurrence = picture_occurrence(f->occurrence, month);
	}
	if (find_stratum(t, words, rows_text(rows, 3), &f->stratum) < 0)
		return wrong(t, rows, "a stratum that the vocabulary lacks");
	outcome = rows_text(rows, 4);
	o = outcome ? fact_table_outcome(t, outcome) : -1;
	if (o < 0 || !is_leaf(t, o))
		return wrong(t, rows, "an outcome that the table lacks");
	f->outcome = (uint8_t)o;
	return 0;
}

static int each(struct guard *g, const struct fact_table *t, const char *sql,
		const struct vocabulary *words, const char *through,
		int (*fn)(void *arg, const struct fact *f), void *arg)
{
	struct rows rows;
	int r = 0, x;

	x = db_rows(g->ro, &rows, sql, "s", through);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		struct fact f = {0};

		x = 0;
		r = take_row(t, words, &rows, &f);
		if (r == 0)
			r = fn(arg, &f);
		if (r != 0)
			break;
	}
	rows_end(&rows);
	if (x == E_TIMEOUT)
		return err_set(E_TIMEOUT, "fact table %s takes too long",
			       t->id);
	if (x < 0)
		return err_prefix(x, "fact table %s", t->id);
	return r;
}

int facts_each(struct db *ro, const struct fact_table *t,
	       const struct vocabulary *words, int32_t through, int deadline_ms,
	       int (*fn)(void *arg, const struct fact *f), void *arg)
{
	struct guard *g = NULL;
	char day[DATE_TEXT];
	char *sql = NULL, *pictures = NULL;
	int r = E_NOMEM;

	g = mem_calloc(1, sizeof *g);
	/* Each fact table is a file of the package: its SQL is no value. */
	if (picture_is(t))
		pictures = picture_sql(t, through);
	if (pictures || !picture_is(t))
		sql = mem_printf("%s%sSELECT occurrence, child, date, stratum, "
				 "outcome FROM (%s\n) "
				 "WHERE date IS NULL OR date <= ? "
				 "ORDER BY date, occurrence",
				 pictures ? "WITH " : "",
				 pictures ? pictures : "", t->sql);
	if (!g || !sql) {
		err_set(r, "out of memory for fact table %s", t->id);
		goto out;
	}
	g->views = t->plain ? "fact_plain_" : "fact_";
	g->ro = ro;
	g->deadline_mono_ms = clock_mono_ms(clock_system()) + deadline_ms;
	r = learn(g, t);
	if (r < 0)
		goto out;
	sqlite3_set_authorizer(db_handle(ro), authorize, g);
	sqlite3_progress_handler(db_handle(ro), PROGRESS_OPS, past_deadline, g);
	r = each(g, t, sql, words, date_format(through, day), fn, arg);
	sqlite3_progress_handler(db_handle(ro), 0, NULL, NULL);
	sqlite3_set_authorizer(db_handle(ro), NULL, NULL);
out:
	mem_free(pictures);
	mem_free(sql);
	mem_free(g);
	return r;
}
