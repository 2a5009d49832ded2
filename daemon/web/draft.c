#include "daemon/web/draft.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/clock.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"

static bool is_kept(const struct field_value *v)
{
	return !v->file && v->len > 0 && strcmp(v->name, "csrf") != 0 &&
	       strcmp(v->name, "undo") != 0 && strcmp(v->name, "draft") != 0 &&
	       strncmp(v->name, "password", 8) != 0 &&
	       strncmp(v->name, "code", 4) != 0;
}

static size_t put(char *out, const char *s, char end)
{
	static const char digit[] = "0123456789ABCDEF";
	size_t n = 0;

	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9')) {
			out[n++] = (char)c;
		} else {
			out[n++] = '%';
			out[n++] = digit[c >> 4];
			out[n++] = digit[c & 15];
		}
	}
	out[n++] = end;
	return n;
}

static const char *place(int64_t account, const char *form, char out[400])
{
	snprintf(out, 400, "draft|%lld|%.350s", (long long)account, form);
	return out;
}

static int store(struct accounts *a, int64_t account, const char *form,
		 const char *text, size_t len)
{
	unsigned char *sealed = NULL;
	char where[400];
	size_t n;
	int r;

	r = secret_seal(a->key, a->rng, place(account, form, where), text, len,
			&sealed, &n);
	if (r == 0)
		r = db_run(a->db,
			   "INSERT INTO draft VALUES (?, ?, ?, ?) ON CONFLICT "
			   "(account, form) DO UPDATE SET sealed = "
			   "excluded.sealed, at_utc_ms = excluded.at_utc_ms",
			   "isbi", account, form, sealed, n,
			   clock_utc_ms(a->clock));
	mem_free(sealed);
	return r;
}

int draft_keep(struct accounts *a, int64_t account, const char *form,
	       const struct fields *f)
{
	size_t room = 1, n = 0;
	char *text;
	int r;

	for (int i = 0; i < f->n; i++)
		if (is_kept(&f->v[i]))
			room += 3 * (strlen(f->v[i].name) + f->v[i].len) + 2;
	if (room == 1)
		return draft_drop(a, account, form);
	if (room > 3 * DRAFT_BYTES || strlen(form) > 300)
		return err_set(E_TOOBIG, "this is too much to be kept");
	text = mem_alloc(room);
	if (!text)
		return err_set(E_NOMEM, "out of memory for a draft");
	for (int i = 0; i < f->n; i++) {
		if (!is_kept(&f->v[i]))
			continue;
		n += put(text + n, f->v[i].name, '=');
		n += put(text + n, f->v[i].value, '&');
	}
	r = store(a, account, form, text, n);
	sodium_memzero(text, room);
	mem_free(text);
	return r;
}

int draft_get(struct accounts *a, int64_t account, const char *form,
	      struct fields *out, char **text, int64_t *at_utc_ms)
{
	unsigned char *plain = NULL;
	char where[400];
	struct rows rows;
	size_t len, n;
	int x;

	x = db_rows(a->db, &rows,
		    "SELECT sealed, at_utc_ms FROM draft WHERE account = ? "
		    "AND form = ?",
		    "is", account, form);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		const void *sealed = rows_blob(&rows, 0, &len);

		*at_utc_ms = rows_int(&rows, 1);
		x = secret_open(a->key, place(account, form, where), sealed,
				len, &plain, &n);
	} else if (x == ROWS_DONE) {
		x = E_NOTFOUND;
	}
	rows_end(&rows);
	if (x == 0)
		x = fields_urlencoded(out, (char *)plain, n);
	if (x < 0) {
		fields_fini(out);
		mem_free(plain);
		return x;
	}
	*text = (char *)plain;
	return 0;
}

int draft_drop(struct accounts *a, int64_t account, const char *form)
{
	return db_run(a->db, "DELETE FROM draft WHERE account = ? AND form = ?",
		      "is", account, form);
}

int draft_tidy(struct accounts *a)
{
	return db_run(a->db, "DELETE FROM draft WHERE at_utc_ms < ?", "i",
		      clock_utc_ms(a->clock) - (int64_t)DRAFT_KEPT_MS);
}
