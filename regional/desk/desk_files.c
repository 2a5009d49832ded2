/* Documents of a child: listed, added, downloaded, taken out. */
#include <sodium.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "daemon/web/html.h"
#include "daemon/web/tpl_buttons.h"
#include "regional/case/attachment.h"
#include "regional/desk/child_head.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/desk_word.h"
#include "regional/desk/tpl_files.h"
#include "regional/desk/word_field.h"
#include "regional/node.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR };

static struct records *records_of(struct page *p)
{
	return &((struct desk *)p->site)->n->rec;
}

/* --- listing --- */

struct listing {
	struct page *p;
	int64_t child, kept;
	struct arena_list rows;
};

static const char *size_text(struct page *p, int64_t bytes)
{
	if (bytes < 1000)
		return arena_str(&p->a, "%lld bytes", (long long)bytes);
	if (bytes < 1000000)
		return arena_str(&p->a, "%lld KB", (long long)(bytes / 1000));
	return arena_str(&p->a, "%lld.%lld MB", (long long)(bytes / 1000000),
			 (long long)(bytes / 100000 % 10));
}

static int on_file(void *arg, const struct attachment *f)
{
	struct listing *l = arg;
	struct page *p = l->p;
	struct tpl_files_files *row = arena_add(&l->rows);

	if (!row)
		return E_NOMEM;
	row->what = desk_word(p, WORDS_DOCUMENT, arena_dup(&p->a, f->document));
	row->title = *f->title ? arena_dup(&p->a, f->title) : row->what;
	row->day = day_text(&p->a, f->added);
	row->size = size_text(p, f->size);
	if (f->erased != NO_DATE) {
		row->gone = arena_str(&p->a, "Taken out %s%s%s",
				      day_text(&p->a, f->erased),
				      *f->why ? ": " : "", f->why);
		return 0;
	}
	l->kept++;
	row->href = arena_str(&p->a, "child/%lld/file/%lld",
			      (long long)l->child, (long long)f->id);
	row->remove = arena_str(&p->a, "child/%lld/edit/file-out/%lld",
				(long long)l->child, (long long)f->id);
	return 0;
}

static int get_files(struct page *p)
{
	static const struct tpl_buttons buttons = {.title = "Add the file"};
	struct listing l = {.p = p,
			    .rows = {.arena = &p->a,
				     .size = sizeof(struct tpl_files_files)}};
	struct tpl_files v = {.buttons = &buttons};
	struct tpl_select *what;
	struct tpl_field *title;
	struct child_head c;
	int x = child_head(p, "files", &c);

	l.child = c.child;
	if (x == 0)
		x = attachment_list(p->db, c.child, on_file, &l);
	if (x != 0)
		return x;
	what = word_select(p, WORDS_DOCUMENT, "document", "What it is",
			   "Choose", NULL);
	title = word_line(p, "title", "Title", NULL);
	if (!title)
		return E_NOMEM;
	title->optional = true;
	title->maxlength = NAME_TEXT - 1;
	v.files = l.rows.items;
	v.files_n = l.rows.n;
	v.count = arena_str(&p->a, "%lld in the record", (long long)l.kept);
	v.action = arena_str(&p->a, "child/%lld/files", (long long)c.child);
	v.csrf = page_csrf(p);
	v.wrong = page_error_of(p, "file");
	v.document = what;
	v.title = title;
	tpl_files(page_body(p), &v);
	return 0;
}

static int post_files(struct page *p)
{
	const struct field_value *file = page_file(p, "file");
	const char *what = page_form(p, "document");
	char title[NAME_TEXT];
	struct child_head c;
	int64_t id;
	int x = child_head_quiet(p, &c);

	if (x != 0)
		return x;
	if (!file)
		page_error(p, "file", "Choose a file");
	if (!what)
		page_error(p, "document", "Choose what it is");
	word_text(p, "title", title, sizeof title);
	if (page_errors(p))
		return 0;
	x = attachment_add(records_of(p), c.child, what, title, file->value,
			   file->len, &id);
	if (x == E_TOOBIG || x == E_INVALID) {
		page_error(p, "file", "%s", err_text(x));
		return 0;
	}
	page_redirect(p, "/child/%lld/files", (long long)c.child);
	page_note(p, NULL, NULL, "The file is in the record.");
	return x;
}

/* --- download --- */

static const struct file_kind {
	const char *type, *mime, *end;
} KINDS[] = {{"pdf", "application/pdf", "pdf"},
	     {"png", "image/png", "png"},
	     {"jpeg", "image/jpeg", "jpg"},
	     {"text", "text/plain; charset=utf-8", "txt"}};

/* Of the node's records only what never changes is taken, since this runs
 * beside the loop; the keys are those that every document is read with. */
static void reading_records(struct page *p, struct records *out)
{
	const struct records *r = records_of(p);

	memset(out, 0, sizeof *out);
	out->db = p->db;
	out->words = r->words;
	out->sealing = r->sealing;
	memcpy(out->audit_key, r->audit_key, sizeof out->audit_key);
	memcpy(out->seal_key, r->seal_key, sizeof out->seal_key);
}

static int get_file(struct page *p)
{
	const struct file_kind *k = NULL;
	struct attachment a;
	struct child_head c;
	struct records r;
	unsigned char *data = NULL;
	size_t len = 0;
	int64_t id;
	int x = child_head_quiet(p, &c);

	if (x != 0)
		return x;
	if ((x = page_param_id(p, "file", &id)) < 0 ||
	    (x = attachment_get(p->db, id, &a)) < 0)
		return x;
	for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
		if (strcmp(KINDS[i].type, a.type) == 0)
			k = &KINDS[i];
	if (a.child != c.child || a.erased != NO_DATE || !k)
		return err_set(E_NOTFOUND, "There is no such file");
	reading_records(p, &r);
	x = attachment_read(&r, id, &data, &len);
	sodium_memzero(&r, sizeof r);
	if (x < 0)
		return x;
	page_download(p, k->mime,
		      arena_str(&p->a, "%s-%lld.%s", a.document, (long long)id,
				k->end));
	page_put(p, data, len);
	mem_free(data);
	page_exported(p, "attachment", id);
	return 0;
}

const struct page_route desk_files_routes[] = {
	{PAGE_GET, "/child/{id}/files", OF_CASES, get_files, 0},
	{PAGE_POST, "/child/{id}/files", OF_CASES, post_files, PAGE_UPLOAD},
	{PAGE_GET, "/child/{id}/file/{file}", OF_CASES, get_file, PAGE_QUIET},
	{0},
};
