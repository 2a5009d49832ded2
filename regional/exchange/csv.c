#include "regional/exchange/csv_item.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "regional/exchange/fhir_item.h"

enum { BATCH = 200, READ_STEP = 1000 };

static const char *const reason_text[CSV_REASONS] = {"taken",
#define X(name, text) text,
						     CSV_REASON_MAP(X)
#undef X
};

const char *csv_reason_text(enum csv_reason why)
{
	return reason_text[why];
}

const char *csv_kind_text(enum csv_kind kind)
{
	return kind == CSV_ROW ? "row" : csv_sections[kind - 1].name;
}

struct import {
	struct csv_run run;
	struct csv_map *map;
	const struct csv_opts *o;
	struct csv_result *res;
	struct csv_row_check check;
	int64_t line; /* of the row at hand */
	int records;  /* seen, with the header */
	int64_t read;
	bool stopped;
	struct csv_item item; /* of the row that is read */
	struct csv_staged at; /* that is written */
};

static void report(struct import *im, const char *column, const char *message)
{
	const struct csv_report rep = {im->o->path, im->line, column, message};

	if (im->o->report)
		im->o->report(im->o->arg, &rep);
}

static void on_say(void *arg, const char *column, const char *message)
{
	report(arg, column, message);
}

static int progress(struct import *im, int64_t done, int64_t of)
{
	if (!im->stopped && im->o->progress &&
	    im->o->progress(im->o->arg, done, of) != 0)
		im->stopped = true;
	return im->stopped ? CSV_STOPPED : 0;
}

/* What a row had of each kind is left out with it. */
static void count_left(struct import *im, const struct csv_item *item,
		       enum csv_reason why)
{
	struct csv_count *kind = im->res->kind;

	im->res->why[why]++;
	kind[CSV_ROW].left++;
	if (why == CSV_FIELDS)
		return;
	kind[CSV_CHILD].left += im->map->of_children;
	kind[CSV_CASE].left += item->kase.opened != NO_DATE;
	for (int s = CSV_OF_NEED; s < CSV_SECTIONS; s++) {
		for (int g = 0; g < im->map->groups; g++)
			kind[s + 1].left += item->has[s][g];
	}
}

/* --- reading --- */

static int on_record(void *arg, const struct csv_cells *row)
{
	struct import *im = arg;
	enum csv_reason why;

	if (++im->records < im->map->shape.header)
		return 0;
	if (im->records == im->map->shape.header)
		return csv_map_bind(im->map, row);
	im->line = row->line;
	if (++im->read % READ_STEP == 0 && progress(im, im->read, 0))
		return CSV_STOPPED;
	why = csv_row(&im->check, row, &im->item);
	if (why == CSV_FIELDS && im->map->shape.fields == CSV_REFUSE_FILE)
		return err_set(E_FORMAT,
			       "line %lld: the row has %d fields, the header "
			       "%d; nothing was taken",
			       (long long)row->line, row->n, im->map->fields);
	if (why == CSV_OK)
		return csv_stage_add(im->run.r, &im->item, row->line);
	count_left(im, &im->item, why);
	return 0;
}

static int read_all(struct import *im)
{
	char *text = NULL;
	size_t len = 0;
	int x;

	x = csv_read_file(im->o->path, &im->map->shape, &text, &len);
	if (x < 0)
		return x;
	x = csv_read_text(&im->map->shape, text, len, on_record, im);
	mem_free(text);
	if (x == 0 && im->records < im->map->shape.header)
		x = err_set(E_FORMAT, "there is no header in it");
	return x < 0 ? err_prefix(x, "%s", im->o->path) : x;
}

/* --- writing --- */

static void count(struct import *im)
{
	enum csv_outcome best = CSV_UNCHANGED;
	struct csv_count *kind = im->res->kind;

	for (int k = CSV_CHILD; k < CSV_KINDS; k++) {
		kind[k].taken += im->run.at[k][CSV_TAKEN];
		kind[k].updated += im->run.at[k][CSV_UPDATED];
		kind[k].unchanged += im->run.at[k][CSV_UNCHANGED];
		for (int o = CSV_UPDATED; o <= CSV_TAKEN; o++) {
			if (im->run.at[k][o] > 0 && o > (int)best)
				best = (enum csv_outcome)o;
		}
	}
	kind[CSV_ROW].taken += best == CSV_TAKEN;
	kind[CSV_ROW].updated += best == CSV_UPDATED;
	kind[CSV_ROW].unchanged += best == CSV_UNCHANGED;
}

/* A sheet of several kinds: of which one a refusal speaks. */
static void say_left(struct import *im, const char *said)
{
	char text[CSV_SAY + 40];
	int group = im->run.group;

	if (im->run.section <= CSV_OF_REFERRAL)
		snprintf(text, sizeof text, "%s", said);
	else if (group == 0)
		snprintf(text, sizeof text, "%s: %s",
			 csv_sections[im->run.section].name, said);
	else
		snprintf(text, sizeof text, "%s %d: %s",
			 csv_sections[im->run.section].name, group + 1, said);
	report(im, "", text);
}

static int write_one(struct import *im)
{
	struct records *r = im->run.r;
	char said[CSV_SAY];
	int x, y;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = csv_apply(&im->run, &im->at);
	snprintf(said, sizeof said, "%s", x < 0 ? err_text(x) : reason_text[x]);
	if (fhir_apply_soft(x))
		x = CSV_REFUSED;
	if (x <= 0) {
		x = records_end(r, x);
		if (x == 0)
			count(im);
		return x;
	}
	/* Left out is taken back whole: what was written of it too. */
	y = records_end(r, E_STATE);
	if (y < 0 && y != E_STATE)
		return y;
	err_clear();
	count_left(im, &im->at.item, (enum csv_reason)x);
	im->line = im->at.line;
	if (x != CSV_ADULT)
		say_left(im, said);
	return 0;
}

/* One transaction; *ord is where it ended. */
static int write_batch(struct import *im, int64_t *ord, int64_t *done)
{
	int n = im->o->batch > 0 ? im->o->batch : BATCH;
	int x;

	x = records_begin(im->run.r);
	if (x < 0)
		return x;
	for (; x == 0 && n > 0; n--) {
		x = csv_stage_next(im->run.r, *ord, &im->at);
		if (x == 0) {
			*ord = im->at.ord;
			(*done)++;
			x = write_one(im);
		}
	}
	return records_end(im->run.r, x);
}

static int write_all(struct import *im)
{
	int64_t ord = -1, done = 0, of = 0;
	int x;

	x = csv_stage_sort(im->run.r, &of);
	while (x == 0) {
		x = write_batch(im, &ord, &done);
		if (x == 0)
			x = progress(im, done, of);
		else if (x == CSV_STAGE_END)
			return progress(im, done, of) ? CSV_STOPPED : 0;
	}
	return x;
}

/* A rehearsal is the same, taken back. */
static int write_or_rehearse(struct import *im)
{
	int x, y;

	if (!im->o->dry_run)
		return write_all(im);
	x = records_begin(im->run.r);
	if (x < 0)
		return x;
	x = write_all(im);
	y = records_end(im->run.r, x < 0 ? x : E_STATE);
	if (x >= 0 && y == E_STATE)
		err_clear();
	else if (x >= 0)
		x = y;
	return x;
}

static int set_up(struct import *im, struct records *r,
		  const struct csv_opts *o)
{
	int32_t today = records_today(r);
	int x;

	im->o = o;
	im->run.r = r;
	im->run.as_of = o->as_of != NO_DATE ? o->as_of : today;
	if (im->run.as_of > today)
		return err_set(E_INVALID, "The as-of day is in the future");
	x = csv_map_load(&im->map, r->words, r->cat, o->map);
	if (x < 0)
		return x;
	im->run.map = im->map;
	im->run.site = o->site;
	im->run.source = o->source ? o->source : im->map->source;
	if (im->run.source[0] && !fhir_id_valid(im->run.source))
		return err_set(E_INVALID, "A source is named with letters, "
					  "digits, '-' and '.'");
	im->check = (struct csv_row_check){im->map, today, on_say, im};
	return csv_stage_open(r);
}

int csv_import(struct records *r, const struct csv_opts *o,
	       struct csv_result *res)
{
	bool elsewhere = r->elsewhere;
	char who[RECORDS_WHO];
	struct import *im;
	int x;

	memset(res, 0, sizeof *res);
	im = mem_calloc(1, sizeof *im);
	if (!im)
		return err_set(E_NOMEM, "out of memory for an import");
	memcpy(who, r->who, sizeof who);
	snprintf(r->who, sizeof r->who, "import:csv %.50s", who);
	r->elsewhere = true;
	im->res = res;
	x = set_up(im, r, o);
	if (x == 0)
		x = read_all(im);
	if (x == 0)
		x = write_or_rehearse(im);
	csv_stage_close(r);
	csv_map_free(im->map);
	memcpy(r->who, who, sizeof who);
	r->elsewhere = elsewhere;
	mem_free(im);
	return x;
}
