#include "regional/case/attachment.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "regional/case/child.h"
#include "regional/case/field.h"
#include "regional/case/row.h"
#include "regional/case/seal.h"

#define COLUMNS \
	"id, child, document, title, type, size, added, erased, erased_why"

enum { HASH = 32 };

static void attachment_row(struct rows *rows, struct attachment *a)
{
	memset(a, 0, sizeof *a);
	a->id = rows_int(rows, 0);
	a->child = rows_int(rows, 1);
	field_copy(a->document, sizeof a->document, rows_text(rows, 2));
	field_copy(a->title, sizeof a->title, rows_text(rows, 3));
	field_copy(a->type, sizeof a->type, rows_text(rows, 4));
	a->size = rows_int(rows, 5);
	a->added = field_day_of_sql(rows_text(rows, 6));
	a->erased = field_day_of_sql(rows_text(rows, 7));
	field_copy(a->why, sizeof a->why, rows_text(rows, 8));
}

static bool begins(const void *data, size_t len, const char *magic, size_t n)
{
	return len >= n && memcmp(data, magic, n) == 0;
}

/* No control characters but those that text has. */
static bool is_text(const unsigned char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((s[i] < 0x20 && !strchr("\t\n\r\f", s[i])) || s[i] == 0 ||
		    s[i] == 0x7f)
			return false;
	}
	return field_utf8(s, len);
}

const char *attachment_type(const void *data, size_t len)
{
	if (len == 0)
		return NULL;
	if (begins(data, len, "%PDF-", 5))
		return "pdf";
	if (begins(data, len, "\x89PNG\r\n\x1a\n", 8))
		return "png";
	if (begins(data, len, "\xff\xd8\xff", 3))
		return "jpeg";
	return is_text(data, len) ? "text" : NULL;
}

static void content_hash(const struct records *r, const void *data, size_t len,
			 unsigned char out[HASH])
{
	crypto_generichash(out, HASH, data, len, r->audit_key,
			   sizeof r->audit_key);
}

static int attachment_check(struct records *r, const struct attachment *a,
			    const char *title, size_t len)
{
	struct child c;
	int x;

	if ((x = field_word(r->words, WORDS_DOCUMENT, "kind of document",
			    a->document)) < 0 ||
	    (x = field_text("title", title, sizeof a->title)) < 0)
		return x;
	if (len > ATTACHMENT_MAX)
		return err_set(E_TOOBIG,
			       "The document has %zu bytes; at most 10 MiB "
			       "(10485760) can be attached",
			       len);
	if (len == 0)
		return err_set(E_INVALID, "The document is empty");
	if (!*a->type)
		return err_set(E_INVALID, "The document is neither PDF, PNG, "
					  "JPEG nor plain text; save it as "
					  "one of these");
	return child_here(r->db, a->child, &c);
}

static int content_insert(struct records *r, int64_t id,
			  const unsigned char key[SEAL_KEY], const void *data,
			  size_t len)
{
	unsigned char *sealed = NULL;
	size_t sealed_len;
	int x;

	x = seal_close(r, key, "attachment_content", id, "sealed", data, len,
		       &sealed, &sealed_len);
	if (x == 0)
		x = db_run(r->db,
			   "INSERT INTO attachment_content (attachment, sealed)"
			   " VALUES (?, ?)",
			   "ib", id, sealed, sealed_len);
	mem_free(sealed);
	return x;
}

static int attachment_insert(struct records *r, const struct attachment *a,
			     const void *data, size_t len, int64_t *id)
{
	unsigned char key[SEAL_KEY] = {0}, hash[HASH];
	char day[DATE_TEXT], child[24], size[24];
	const struct audit_field f[] = {
		{"child", NULL, field_id_text(a->child, child)},
		{"document", NULL, a->document},
		{"title", NULL, field_sql_text(a->title)},
		{"type", NULL, a->type},
		{"size", NULL, field_id_text(a->size, size)},
		{"added", NULL, date_format(records_today(r), day)},
	};
	int64_t key_id;
	int x;

	x = seal_child_key(r, a->child, &key_id, key);
	if (x < 0)
		return x;
	content_hash(r, data, len, hash);
	x = db_run(r->db,
		   "INSERT INTO attachment (child, child_key, document, title,"
		   " type, size, hash, added) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		   "iisssibs", a->child, key_id, a->document, f[2].now, a->type,
		   a->size, (const void *)hash, sizeof hash, day);
	if (x == 0) {
		*id = db_last_id(r->db);
		x = audit_changes(r, "attachment", *id, f, 6);
	}
	if (x == 0)
		x = content_insert(r, *id, key, data, len);
	sodium_memzero(key, sizeof key);
	return x;
}

int attachment_add(struct records *r, int64_t child, const char *document,
		   const char *title, const void *data, size_t len, int64_t *id)
{
	struct attachment a = {.child = child, .size = (int64_t)len};
	int64_t new_id = 0;
	int x;

	field_copy(a.document, sizeof a.document, document);
	field_copy(a.type, sizeof a.type,
		   len <= ATTACHMENT_MAX ? attachment_type(data, len) : "");
	x = records_begin(r);
	if (x < 0)
		return x;
	x = attachment_check(r, &a, title ? title : "", len);
	field_copy(a.title, sizeof a.title, title);
	if (x == 0)
		x = attachment_insert(r, &a, data, len, &new_id);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

int attachment_get(struct db *db, int64_t id, struct attachment *out)
{
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT " COLUMNS " FROM attachment WHERE id = ?", "i", id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		attachment_row(&rows, out);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND, "There is no document %lld",
			    (long long)id);
	}
	rows_end(&rows);
	return x;
}

int attachment_list(struct db *db, int64_t child,
		    int (*fn)(void *arg, const struct attachment *a), void *arg)
{
	struct attachment a;
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT " COLUMNS " FROM attachment WHERE child = ?"
		    " ORDER BY added DESC, id DESC",
		    "i", child);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		attachment_row(&rows, &a);
		x = fn(arg, &a);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

static int open_content(struct records *r, struct rows *rows, int64_t id,
			unsigned char **data, size_t *len)
{
	unsigned char key[SEAL_KEY] = {0}, hash[HASH];
	size_t sealed_len = 0, hash_len = 0;
	const void *sealed = rows_blob(rows, 1, &sealed_len);
	const void *stored = rows_blob(rows, 2, &hash_len);
	int x;

	x = seal_key(r, rows_int(rows, 0), key);
	if (x == 0)
		x = seal_open(key, "attachment_content", id, "sealed", sealed,
			      sealed_len, data, len);
	sodium_memzero(key, sizeof key);
	if (x < 0)
		return err_prefix(x, "document %lld", (long long)id);
	content_hash(r, *data, *len, hash);
	if (hash_len == HASH && sodium_memcmp(hash, stored, HASH) == 0)
		return 0;
	mem_free(*data);
	*data = NULL;
	return err_set(E_AUTH, "Document %lld is not what was added",
		       (long long)id);
}

int attachment_read(struct records *r, int64_t id, unsigned char **data,
		    size_t *len)
{
	struct attachment a;
	struct rows rows;
	char day[DATE_TEXT];
	int x;

	x = attachment_get(r->db, id, &a);
	if (x < 0)
		return x;
	if (a.erased != NO_DATE)
		return err_set(E_STATE, "Document %lld was erased on %s",
			       (long long)id, date_format(a.erased, day));
	x = db_rows(r->db, &rows,
		    "SELECT a.child_key, c.sealed, a.hash FROM attachment a"
		    " JOIN attachment_content c ON c.attachment = a.id"
		    " WHERE a.id = ?",
		    "i", id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW)
		x = open_content(r, &rows, id, data, len);
	else if (x == ROWS_DONE)
		x = err_set(E_AUTH, "The content of document %lld is missing",
			    (long long)id);
	rows_end(&rows);
	return x;
}

static int erase_one(struct records *r, int64_t id)
{
	char day[DATE_TEXT];
	int x;

	date_format(records_today(r), day);
	x = db_run(r->db, "DELETE FROM attachment_content WHERE attachment = ?",
		   "i", id);
	if (x == 0)
		x = db_run(r->db,
			   "UPDATE attachment SET erased = ?, title = NULL"
			   " WHERE id = ?",
			   "si", day, id);
	if (x == 0)
		x = audit_change(r, "attachment", id, "erased", NULL, day);
	if (x == 0)
		x = db_run(r->db,
			   "DELETE FROM history WHERE record = 'attachment'"
			   " AND id = ?",
			   "i", id);
	return x;
}

int attachment_remove(struct records *r, int64_t id, const char *why)
{
	struct attachment a;
	char day[DATE_TEXT];
	int x;

	if (!*why)
		return err_set(E_INVALID, "Say why the document is taken out");
	if ((x = field_text("reason", why, sizeof a.why)) < 0 ||
	    (x = records_begin(r)) < 0)
		return x;
	x = attachment_get(r->db, id, &a);
	if (x == 0 && a.erased != NO_DATE)
		x = err_set(E_STATE, "Document %lld was taken out on %s",
			    (long long)id, date_format(a.erased, day));
	if (x == 0)
		x = erase_one(r, id);
	if (x == 0)
		x = db_run(r->db,
			   "UPDATE attachment SET erased_why = ? WHERE id = ?",
			   "si", why, id);
	if (x == 0)
		x = audit_change(r, "attachment", id, "erased_why", NULL, why);
	return records_end(r, x);
}

static int erase_all(struct records *r, int64_t child, int64_t *n)
{
	int64_t id;
	int x;

	while ((x = db_int(r->db, &id,
			   "SELECT id FROM attachment WHERE child = ?"
			   " AND erased IS NULL LIMIT 1",
			   "i", child)) == 0) {
		x = erase_one(r, id);
		if (x < 0)
			return x;
		++*n;
	}
	return x == E_NOTFOUND ? 0 : x;
}

int attachment_erase(struct records *r, int64_t child, int64_t *n)
{
	struct child c;
	int64_t keys;
	int x;

	*n = 0;
	x = records_begin(r);
	if (x < 0)
		return x;
	x = child_get(r->db, child, &c);
	if (x == 0)
		x = seal_shred(r, child, &keys);
	if (x == 0)
		x = erase_all(r, child, n);
	x = records_end(r, x);
	/* What was written before is in the log, and stays there until it is
	 * written over. A reader may hold it: then the next one empties it. */
	if (x == 0 && !db_in_transaction(r->db))
		x = db_run(r->db, "PRAGMA wal_checkpoint(TRUNCATE)", "");
	return x;
}
