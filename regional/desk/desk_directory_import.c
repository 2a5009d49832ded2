/* A directory of services from a file: tried first, then taken in. */
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/desk/cards.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/desk_table.h"
#include "regional/desk/directory_job.h"
#include "regional/desk/tpl_directory_import.h"
#include "regional/desk/word_field.h"
#include "regional/exchange/zip_disk.h"
#include "regional/node.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR };

static struct desk *desk_of(struct page *p)
{
	return p->site;
}

static const char *number(struct page *p, int64_t n)
{
	return arena_str(&p->a, "%lld", (long long)n);
}

static const struct tpl_table *counts(struct page *p,
				      const struct directory_job_view *v)
{
	static const char *const title[] = {"What", "New", "Changed",
					    "Unchanged", "Left out"};
	static const char *const what[] = {"Organizations", "Services"};
	struct desk_table t;

	desk_table_begin(&t, p);
	for (int k = 0; k < HSDS_KINDS; k++) {
		const struct hsds_count *n = &v->res.kind[k];
		struct tpl_table_rows_cells *cell =
			desk_table_row(&t, what[k], NULL, 4);
		const int64_t of[] = {n->taken, n->updated, n->unchanged,
				      n->left};

		for (int i = 0; cell && i < 4; i++) {
			cell[i].text = number(p, of[i]);
			cell[i].number = true;
		}
	}
	return desk_table_end(&t, "Counts", title, 5, false);
}

static const struct tpl_table *faults(struct page *p,
				      const struct directory_job_view *v)
{
	static const char *const title[] = {"File", "Line", "Column",
					    "What is wrong", "Times"};
	struct desk_table t;

	desk_table_begin(&t, p);
	for (int i = 0; i < v->n_wrong; i++) {
		const struct directory_job_wrong *w = &v->wrong[i];
		struct tpl_table_rows_cells *cell = desk_table_row(
			&t, *w->file ? arena_dup(&p->a, w->file) : "all", NULL,
			4);

		if (!cell)
			return NULL;
		cell[0].text = w->line ? number(p, w->line) : "";
		cell[1].text = arena_dup(&p->a, w->column);
		cell[2].text = arena_dup(&p->a, w->message);
		cell[3].text = number(p, w->times);
		cell[3].number = true;
	}
	return desk_table_end(&t, "What is wrong", title, 5, true);
}

static const char *title_of(const struct directory_job_view *v)
{
	switch (v->state) {
	case DIRECTORY_JOB_REHEARSED:
		return "What would be taken in";
	case DIRECTORY_JOB_PARTLY:
		return "A part was taken in";
	case DIRECTORY_JOB_FAILED:
		return "It could not be taken in";
	default:
		return "What was taken in";
	}
}

static void add_acts(const struct directory_job_view *v,
		     struct tpl_cards_cards *card)
{
	static const struct tpl_cards_cards_posts rehearsed[] = {
		{.value = "apply", .title = "Take it in", .main = true},
		{.value = "drop", .title = "Throw it away"}};
	static const struct tpl_cards_cards_posts partly[] = {
		{.value = "apply", .title = "Go on", .main = true},
		{.value = "drop", .title = "Leave it at that"}};
	static const struct tpl_cards_cards_posts failed[] = {
		{.value = "drop", .title = "Throw it away"}};

	if (v->state == DIRECTORY_JOB_REHEARSED) {
		card->posts = rehearsed;
		card->posts_n = 2;
	} else if (v->state == DIRECTORY_JOB_PARTLY) {
		card->posts = partly;
		card->posts_n = 2;
	} else if (v->state == DIRECTORY_JOB_FAILED) {
		card->posts = failed;
		card->posts_n = 1;
	}
}

static void add_outcome(struct page *p, const struct directory_job_view *v)
{
	struct tpl_cards_cards *card;
	struct cards c;

	cards_begin(&c, p);
	card = cards_add(&c, "outcome", title_of(v));
	card->meta = arena_str(&p->a, "%s, by %s", v->files, v->by);
	if (v->state == DIRECTORY_JOB_FAILED)
		card->text = arena_dup(&p->a, v->failure);
	else
		card->table = counts(p, v);
	if (v->res.without_need > 0)
		card->text = arena_str(
			&p->a,
			"No need was found for %lld services: they are found "
			"by words, and a need is chosen on a service’s page.",
			(long long)v->res.without_need);
	add_acts(v, card);
	cards_table(&c, "wrong", "What is wrong in it", faults(p, v),
		    "Nothing was found.");
	cards_draw(&c);
}

static int import_page(struct page *p)
{
	struct directory_job_view *v = arena_alloc(&p->a, sizeof *v);
	struct tpl_directory_import *t = arena_alloc(&p->a, sizeof *t);
	struct tpl_field *source;

	if (!v || !t)
		return E_NOMEM;
	directory_job_see(&desk_of(p)->job, v);
	page_title(p, "Take a directory in");
	page_nav(p, "directory");
	page_crumb(p, "directory", "Directory");
	if (v->state != DIRECTORY_JOB_NONE && v->state != DIRECTORY_JOB_BUSY)
		add_outcome(p, v);
	t->csrf = page_csrf(p);
	t->upload = v->state == DIRECTORY_JOB_NONE ||
		    v->state == DIRECTORY_JOB_DONE;
	if (v->state == DIRECTORY_JOB_BUSY) {
		t->busy =
			arena_str(&p->a, "%s is taking a directory in", v->by);
		t->progress = arena_str(&p->a, "%lld of %lld records so far.",
					(long long)v->done, (long long)v->of);
	}
	t->wrong = page_error_of(p, "file");
	source = word_line(p, "source", "Whose directory", "");
	if (source) {
		source->optional = true;
		source->hint = "Like 211ct, when several send the same numbers";
		source->maxlength = (int64_t)sizeof v->source - 1;
	}
	t->source = source;
	tpl_directory_import(page_body(p), t);
	return 0;
}

/* --- the long parts --- */

struct work {
	struct records r; /* as they are on the loop; its own connection */
	bool rehearse;
};

static void run(struct page *p)
{
	struct work *w = page_data(p);
	struct desk *d = desk_of(p);

	directory_job_run(&d->job, d->n, &w->r, w->rehearse);
}

static int then(struct page *p)
{
	struct directory_job_view *v = arena_alloc(&p->a, sizeof *v);

	if (!v)
		return E_NOMEM;
	directory_job_see(&desk_of(p)->job, v);
	page_redirect(p, "/directory/import");
	if (v->state == DIRECTORY_JOB_REHEARSED)
		page_note(p, NULL, NULL,
			  "Tried. Nothing was written yet: look at it, then "
			  "take it in.");
	else if (v->state == DIRECTORY_JOB_PARTLY)
		page_note(p, NULL, NULL,
			  "%lld of %lld are in; it goes on from there.",
			  (long long)v->done, (long long)v->of);
	else if (v->state == DIRECTORY_JOB_DONE)
		page_note(p, NULL, NULL, "The directory is in.");
	return 0;
}

static int later(struct page *p, bool rehearse)
{
	struct work *w = arena_alloc(&p->a, sizeof *w);

	if (!w)
		return E_NOMEM;
	w->r = desk_of(p)->n->rec;
	w->rehearse = rehearse;
	page_set_data(p, w);
	return page_later(p, run, then);
}

static int upload(struct page *p)
{
	const struct fields *f = &p->req->form;
	struct desk *d = desk_of(p);
	const char *source = page_form(p, "source");
	int n = 0, x = directory_job_drop(&d->job, d->n);

	if (x < 0)
		return x;
	for (int i = 0; i < f->n && x == 0; i++) {
		if (!f->v[i].file || !*f->v[i].file)
			continue;
		x = directory_job_file(&d->job, d->n, f->v[i].file,
				       f->v[i].value, f->v[i].len);
		n++;
	}
	if (x < 0)
		return page_refuse(p, x, "file");
	if (n == 0) {
		page_error(p, "file", "Choose the files");
		return 0;
	}
	x = directory_job_claim(&d->job, p->who->title, source ? source : "");
	return x < 0 ? x : later(p, true);
}

static int import_post(struct page *p)
{
	const char *act = page_form(p, "do");
	struct desk *d = desk_of(p);
	int x;

	page_redirect(p, "/directory/import");
	if (act && strcmp(act, "drop") == 0) {
		x = directory_job_drop(&d->job, d->n);
		if (x == 0)
			page_note(p, NULL, NULL, "The upload is gone.");
		return x;
	}
	if (act && strcmp(act, "apply") == 0) {
		x = directory_job_claim(&d->job, p->who->title, NULL);
		return x < 0 ? x : later(p, false);
	}
	return upload(p);
}

/* --- out again --- */

/* As HSDS 3.0: all tables in one archive. */
static int export_page(struct page *p)
{
	const struct node *n = desk_of(p)->n;
	struct records r = {.words = n->rec.words};
	struct hsds_written w;
	struct zip_disk z;
	int x;

	memcpy(r.audit_key, n->rec.audit_key, sizeof r.audit_key);
	zip_disk_init(&z);
	/* All tables are of one moment: that takes a lock. */
	x = node_writer(n, &r.db);
	if (x == 0)
		x = hsds_export(&r, &z.base, "hsds", &w);
	if (x == 0)
		x = zip_disk_end(&z);
	db_close(r.db);
	if (x == 0) {
		page_exported(p, "service", 0);
		page_download(p, "application/zip", "directory-hsds-3.0.zip");
		page_put(p, z.made, z.size);
	}
	zip_disk_fini(&z);
	return x;
}

const struct page_route desk_directory_import_routes[] = {
	{PAGE_GET, "/directory/hsds.zip", OF_CASES, export_page, 0},
	{PAGE_GET, "/directory/import", OF_CASES, import_page, 0},
	{PAGE_POST, "/directory/import", OF_CASES, import_post, PAGE_UPLOAD},
	{0},
};
