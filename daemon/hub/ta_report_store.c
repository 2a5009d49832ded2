#include "daemon/hub/ta_report_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/hub_audit.h"
#include "daemon/hub/ta_report_page.h"

enum { HASH = 32 };

static void take(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text ? text : "");
}

int report_text_get(struct db *db, const char *region, struct period quarter,
		    struct report_text *out)
{
	struct rows q;
	int x = db_rows(db, &q,
			"SELECT notes, comment, edition FROM report_text "
			"WHERE region = ? AND quarter = ?",
			"si", region, (int64_t)quarter.month);

	memset(out, 0, sizeof *out);
	if (x == 0)
		x = rows_next(&q);
	if (x == ROWS_ROW) {
		take(out->notes, sizeof out->notes, rows_text(&q, 0));
		take(out->comment, sizeof out->comment, rows_text(&q, 1));
		out->edition = rows_int(&q, 2);
	}
	rows_end(&q);
	return x < 0 ? x : 0;
}

static int text_set(const struct ta_hand *by, const char *region,
		    struct period quarter, const struct report_text *new)
{
	int64_t edition = 0;
	int r = db_int(by->db, &edition,
		       "SELECT edition FROM report_text WHERE region = ? AND "
		       "quarter = ?",
		       "si", region, (int64_t)quarter.month);

	if (r < 0 && r != E_NOTFOUND)
		return r;
	if (edition != new->edition)
		return err_set(E_STATE, "somebody else saved these texts "
					"meanwhile");
	r = db_run(by->db,
		   "INSERT INTO report_text VALUES (?, ?, ?, ?, ?) "
		   "ON CONFLICT DO UPDATE SET notes = excluded.notes, "
		   "comment = excluded.comment, edition = excluded.edition",
		   "sissi", region, (int64_t)quarter.month, new->notes,
		   new->comment, edition + 1);
	if (r == 0)
		r = hub_audit(by->db, by->now_utc_ms, by->who, "report_text",
			      quarter.month, "changed");
	return r;
}

int report_text_set(const struct ta_hand *by, const char *region,
		    struct period quarter, const struct report_text *new)
{
	int r = db_begin(by->db);

	if (r < 0)
		return r;
	return db_end(by->db, text_set(by, region, quarter, new));
}

struct publishing {
	struct hub *h;
	const struct ta_hand *by;
	struct arena a;
	struct report_mark mark;
	char banner[200];
	char *html, *json;
	size_t len;
};

static int draw(struct publishing *p, const struct report_row *row)
{
	struct report_text *text = arena_alloc(&p->a, sizeof *text);
	struct policy policy;
	struct report *r;
	int x;

	if (!text)
		return arena_check(&p->a);
	x = hub_policy(p->h, p->by->db, 0, &policy);
	if (x == 0)
		x = report_text_get(p->by->db, row->region, row->quarter, text);
	if (x == 0)
		x = ta_report_gather(p->h, p->by->db, &p->a, row->region,
				     row->quarter, p->by->today, &r);
	if (x < 0)
		return x;
	r->notes = text->notes;
	r->comment = text->comment;
	p->mark = (struct report_mark){.number = row->number,
				       .version = row->version,
				       .published_on = p->by->today,
				       .banner = p->banner,
				       .floor = policy.floor};
	policy_banner(&policy, p->banner, sizeof p->banner);
	x = ta_report_html(p->h, p->by->db, &p->a, r, &p->mark, &p->html,
			   &p->len);
	return x < 0 ? x : ta_report_json(&p->a, r, &p->mark, &p->json);
}

static int next_of(struct db *db, struct report_row *row)
{
	int64_t version = 0;
	int r = db_int(db, &row->number,
		       "SELECT coalesce(max(number), 0) + 1 FROM report", "");

	if (r == 0)
		r = db_int(db, &version,
			   "SELECT coalesce(max(version), 0) + 1 FROM report "
			   "WHERE region = ? AND quarter = ?",
			   "si", row->region, (int64_t)row->quarter.month);
	row->version = (int)version;
	return r;
}

static int publish(struct publishing *p, struct report_row *row)
{
	unsigned char hash[HASH];
	int r = next_of(p->by->db, row);

	if (r == 0)
		r = draw(p, row);
	if (r < 0)
		return r;
	crypto_generichash(hash, sizeof hash, (const unsigned char *)p->html,
			   p->len, NULL, 0);
	sodium_bin2hex(row->hash, sizeof row->hash, hash, sizeof hash);
	row->published_utc_ms = p->by->now_utc_ms;
	r = db_run(p->by->db,
		   "INSERT INTO report VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		   "isiibbbis", row->number, row->region,
		   (int64_t)row->quarter.month, (int64_t)row->version, p->html,
		   p->len, p->json, strlen(p->json), hash, sizeof hash,
		   p->by->now_utc_ms, p->by->who);
	if (r == 0)
		r = hub_audit(p->by->db, p->by->now_utc_ms, p->by->who,
			      "report", row->number, "published");
	return r;
}

int report_publish(struct hub *h, const struct ta_hand *by, const char *region,
		   struct period quarter, struct report_row *out)
{
	struct publishing p = {.h = h, .by = by};
	int r = db_begin(by->db);

	if (r < 0)
		return r;
	memset(out, 0, sizeof *out);
	take(out->region, sizeof out->region, region);
	out->quarter = quarter;
	arena_init(&p.a);
	r = db_end(by->db, publish(&p, out));
	arena_fini(&p.a);
	mem_free(p.html);
	free(p.json);
	return r;
}

static void take_row(struct rows *q, struct report_row *r)
{
	size_t len;
	const void *hash;

	memset(r, 0, sizeof *r);
	r->number = rows_int(q, 0);
	take(r->region, sizeof r->region, rows_text(q, 1));
	take(r->region_title, sizeof r->region_title, rows_text(q, 2));
	r->quarter = (struct period){(int32_t)rows_int(q, 3), 3};
	r->version = (int)rows_int(q, 4);
	hash = rows_blob(q, 5, &len);
	if (hash && len == HASH)
		sodium_bin2hex(r->hash, sizeof r->hash, hash, len);
	r->published_utc_ms = rows_int(q, 6);
	take(r->published_by, sizeof r->published_by, rows_text(q, 7));
	r->bytes = rows_int(q, 8);
}

/* @more: what one report is read with; a list leaves the documents alone. */
#define ROW(more)                                                            \
	"SELECT r.number, r.region, g.title, r.quarter, r.version, r.hash, " \
	"r.published_utc_ms, r.published_by, length(r.html)" more            \
	" FROM report r JOIN region g ON g.id = r.region "

int report_list(struct db *db, const char *region,
		int (*fn)(void *arg, const struct report_row *r), void *arg)
{
	struct report_row row;
	struct rows q;
	int x = db_rows(db, &q,
			ROW("") "WHERE (?1 IS NULL OR r.region = ?1) "
				"ORDER BY r.number DESC",
			"s", region);

	while (x == 0 && (x = rows_next(&q)) == ROWS_ROW) {
		take_row(&q, &row);
		x = fn(arg, &row);
	}
	rows_end(&q);
	return x == ROWS_DONE ? 0 : x;
}

/* With a NUL behind it. */
static int copy(const void *bytes, size_t len, char **out)
{
	*out = mem_alloc(len + 1);
	if (!*out)
		return err_set(E_NOMEM, "out of memory for a report");
	memcpy(*out, bytes, len);
	(*out)[len] = '\0';
	return 0;
}

static int check_hash(struct rows *q, const struct report_row *row)
{
	unsigned char hash[HASH];
	char text[REPORT_HASH];
	size_t len;
	const void *html = rows_blob(q, 9, &len);

	crypto_generichash(hash, sizeof hash, html, len, NULL, 0);
	sodium_bin2hex(text, sizeof text, hash, sizeof hash);
	if (strcmp(text, row->hash) == 0)
		return 0;
	return err_set(E_AUTH,
		       "report %lld is not what was published: its hash is "
		       "another",
		       (long long)row->number);
}

int report_get(struct db *db, int64_t number, bool json, struct report_row *row,
	       char **out, size_t *len)
{
	struct rows q;
	int x = db_rows(db, &q, ROW(", r.html, r.json") "WHERE r.number = ?",
			"i", number);

	*out = NULL;
	if (x == 0)
		x = rows_next(&q);
	if (x == ROWS_ROW) {
		take_row(&q, row);
		x = check_hash(&q, row);
		if (x == 0) {
			const void *bytes = rows_blob(&q, json ? 10 : 9, len);

			x = copy(bytes, *len, out);
		}
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND, "there is no report %lld",
			    (long long)number);
	}
	rows_end(&q);
	return x < 0 ? x : 0;
}

int report_newest(struct db *db, const char *region, struct period quarter,
		  int64_t *number)
{
	return db_int(db, number,
		      "SELECT number FROM report WHERE region = ? AND "
		      "quarter = ? ORDER BY version DESC LIMIT 1",
		      "si", region, (int64_t)quarter.month);
}
