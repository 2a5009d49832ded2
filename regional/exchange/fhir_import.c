#include "regional/exchange/fhir_item.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"

enum { BATCH = 200, READ_STEP = 1000, PATH = 4096 };

static const char others[] = "(other)";

static const char *const reason_text[FHIR_REASONS] = {"taken",
#define X(name, listed, text) text,
						      FHIR_REASON_MAP(X)
#undef X
};

static const bool reason_listed[FHIR_REASONS] = {false,
#define X(name, listed, text) listed,
						 FHIR_REASON_MAP(X)
#undef X
};

const char *fhir_reason_text(enum fhir_reason why)
{
	return reason_text[why];
}

bool fhir_reason_listed(enum fhir_reason why)
{
	return reason_listed[why];
}

struct import {
	struct fhir_run run;
	const struct fhir_opts *o;
	struct fhir_result *res;
	/* What the file that is being read has that is not taken: counted when
	 * the file turns out to be sound. */
	struct fhir_result *file;
	int64_t reports; /* of it */
	bool stopped;
	char path[PATH];
};

static struct fhir_row *row_of(struct fhir_result *res, const char *type)
{
	enum fhir_kind kind;
	int i;

	for (i = 0; i < res->n; i++) {
		if (strcmp(res->row[i].type, type) == 0)
			return &res->row[i];
	}
	/* A file can invent types without end; those that are taken have their
	 * rows kept. */
	if (res->n >= FHIR_ROWS - FHIR_KINDS - 1 && strcmp(type, others) != 0 &&
	    fhir_kind_parse(type, &kind) < 0)
		return row_of(res, others);
	memset(&res->row[i], 0, sizeof res->row[i]);
	snprintf(res->row[i].type, FHIR_TYPE, "%s", type);
	res->n++;
	return &res->row[i];
}

static void count_left(struct fhir_result *res, const char *type,
		       enum fhir_reason why, int64_t n)
{
	struct fhir_row *row = row_of(res, type);

	row->left += n;
	row->why[why] += n;
	res->read += n;
}

static void report(struct import *im, const struct fhir_report *rep)
{
	if (im->o->report && reason_listed[rep->why])
		im->o->report(im->o->arg, rep);
}

static int progress(struct import *im, int64_t done, int64_t of)
{
	if (!im->stopped && im->o->progress &&
	    im->o->progress(im->o->arg, done, of) != 0)
		im->stopped = true;
	return im->stopped ? FHIR_STOPPED : 0;
}

/* --- what the reader gives to --- */

static int on_begin(void *arg, const char *path)
{
	struct import *im = arg;

	memset(im->file, 0, sizeof *im->file);
	snprintf(im->path, sizeof im->path, "%s", path);
	return fhir_stage_file(&im->run.stage, path);
}

static int on_item(void *arg, const struct fhir_item *item, int64_t line,
		   int64_t entry)
{
	struct import *im = arg;

	/* Without an id there is nothing to come back to. */
	if (item->problem == FHIR_NO_ID) {
		count_left(im->file, fhir_kind_text(item->kind), FHIR_NO_ID, 1);
		report(im, &(struct fhir_report){im->path, line, 0, entry,
						 fhir_kind_text(item->kind), "",
						 FHIR_NO_ID});
		return 0;
	}
	if (im->run.stage.seq % READ_STEP == 0)
		progress(im, im->run.stage.seq, 0);
	return fhir_stage_add(&im->run.stage, item, line, entry);
}

static int on_other(void *arg, const char *type, const char *id,
		    enum fhir_reason why, int64_t line, int64_t entry)
{
	struct import *im = arg;

	count_left(im->file, type, why, 1);
	report(im,
	       &(struct fhir_report){im->path, line, 0, entry, type, id, why});
	return 0;
}

static int on_end(void *arg, bool sound)
{
	struct import *im = arg;

	if (!sound)
		return fhir_stage_forget(&im->run.stage);
	im->res->files++;
	for (int i = 0; i < im->file->n; i++) {
		const struct fhir_row *row = &im->file->row[i];

		for (int why = 0; why < FHIR_REASONS; why++) {
			if (row->why[why])
				count_left(im->res, row->type,
					   (enum fhir_reason)why,
					   row->why[why]);
		}
	}
	return 0;
}

static void on_left(void *arg, const struct fhir_report *rep)
{
	struct import *im = arg;

	im->res->files_left++;
	report(im, rep);
}

static void on_ignored(void *arg)
{
	struct import *im = arg;

	im->res->files_ignored++;
}

static int read_all(struct import *im)
{
	struct records *r = im->run.r;
	struct fhir_sink s = {
		im,	  {r->words, r->audit_key, im->run.today, NULL, r->cat},
		on_begin, on_item,
		on_other, on_end,
		on_left,  on_ignored};
	int x = 0;

	for (int i = 0; x == 0 && i < im->o->n_paths; i++) {
		x = fhir_read_path(&s, im->o->paths[i]);
		if (x == 0)
			x = progress(im, im->run.stage.seq, 0);
	}
	return x != 0 ? x : fhir_stage_resolve(&im->run.stage);
}

/* --- writing --- */

static void count(struct import *im, const struct fhir_staged *it,
		  enum fhir_reason why)
{
	const char *type = fhir_kind_text(it->item.kind);
	struct fhir_row *row;

	if (why != FHIR_OK) {
		count_left(im->res, type, why, 1);
		return;
	}
	row = row_of(im->res, type);
	im->res->read++;
	switch (im->run.outcome) {
	case FHIR_TAKEN:
		row->taken++;
		break;
	case FHIR_UPDATED:
		row->updated++;
		break;
	default:
		row->unchanged++;
	}
}

static int report_staged(struct import *im, const struct fhir_staged *it,
			 enum fhir_reason why)
{
	int x = fhir_stage_path(&im->run.stage, it->file, im->path,
				sizeof im->path);

	if (x < 0)
		return x;
	report(im, &(struct fhir_report){im->path, it->line, 0, it->entry,
					 fhir_kind_text(it->item.kind),
					 it->item.id, why});
	return 0;
}

static int write_one(struct import *im, struct fhir_staged *it)
{
	struct records *r = im->run.r;
	int x, y;

	x = records_begin(r);
	if (x < 0)
		return x;
	im->run.note = FHIR_OK;
	x = fhir_apply(&im->run, it);
	if (fhir_apply_soft(x)) {
		x = FHIR_REFUSED;
		err_clear();
	}
	/* Left out is taken back whole: what was written of it too. */
	if (x > 0) {
		y = records_end(r, E_STATE);
		if (y < 0 && y != E_STATE)
			return y;
		err_clear();
	} else {
		x = records_end(r, x);
	}
	if (x < 0)
		return x;
	if (!it->closing)
		count(im, it, (enum fhir_reason)x);
	if (x == 0 && im->run.note != FHIR_OK) {
		im->res->noted++;
		return report_staged(im, it, im->run.note);
	}
	if (x > 0 && reason_listed[x] && (!it->closing || x == FHIR_REFUSED))
		return report_staged(im, it, (enum fhir_reason)x);
	return 0;
}

/* One transaction; *ord is where it ended. */
static int write_batch(struct import *im, int64_t *ord, int64_t *done)
{
	int n = im->o->batch > 0 ? im->o->batch : BATCH;
	struct fhir_staged it;
	int x;

	x = records_begin(im->run.r);
	if (x < 0)
		return x;
	for (; x == 0 && n > 0; n--) {
		x = fhir_stage_next(&im->run.stage, *ord, &it);
		if (x == 0) {
			*ord = it.ord;
			(*done)++;
			x = write_one(im, &it);
		}
	}
	return records_end(im->run.r, x);
}

static int write_all(struct import *im)
{
	int64_t ord = -1, done = 0, of = 0;
	int x;

	x = fhir_stage_count(&im->run.stage, &of);
	while (x == 0) {
		x = write_batch(im, &ord, &done);
		if (x == 0)
			x = progress(im, done, of);
		else if (x == FHIR_STAGE_END)
			return progress(im, done, of) ? FHIR_STOPPED : 0;
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
		  const struct fhir_opts *o)
{
	im->o = o;
	im->run.r = r;
	im->run.source = o->source ? o->source : "";
	im->run.today = records_today(r);
	im->run.as_of = o->as_of != NO_DATE ? o->as_of : im->run.today;
	if (im->run.as_of > im->run.today)
		return err_set(E_INVALID, "The as-of day is in the future");
	if (im->run.source[0] && !fhir_id_valid(im->run.source))
		return err_set(E_INVALID, "A source is named with letters, "
					  "digits, '-' and '.'");
	im->file = mem_calloc(1, sizeof *im->file);
	if (!im->file)
		return err_set(E_NOMEM, "out of memory for an import");
	return fhir_stage_open(&im->run.stage, r, im->run.source);
}

static int kind_of(const struct fhir_row *row)
{
	enum fhir_kind kind;

	return fhir_kind_parse(row->type, &kind) < 0 ? FHIR_KINDS : (int)kind;
}

/* What is taken stands first, in the order of writing. */
static int by_kind(const void *a, const void *b)
{
	int x = kind_of(a) - kind_of(b);

	return x != 0 ? x
		      : strcmp(((const struct fhir_row *)a)->type,
			       ((const struct fhir_row *)b)->type);
}

int fhir_import(struct records *r, const struct fhir_opts *o,
		struct fhir_result *res)
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
	snprintf(r->who, sizeof r->who, "import:fhir %.50s", who);
	r->elsewhere = true;
	im->res = res;
	x = set_up(im, r, o);
	if (x == 0)
		x = read_all(im);
	if (x == 0)
		x = write_or_rehearse(im);
	fhir_stage_close(&im->run.stage);
	qsort(res->row, (size_t)res->n, sizeof *res->row, by_kind);
	memcpy(r->who, who, sizeof who);
	r->elsewhere = elsewhere;
	mem_free(im->file);
	mem_free(im);
	return x;
}
