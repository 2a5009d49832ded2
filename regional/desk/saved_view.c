#include "regional/desk/saved_view.h"

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/field.h"
#include "regional/case/row.h"

static int put_new(struct records *r, const char *name, const char *query,
		   int64_t *id)
{
	const struct audit_field f[] = {
		{"who", NULL, r->who},
		{"name", NULL, name},
		{"query", NULL, query},
	};
	int64_t kept = 0;
	int x;

	x = db_int(r->db, &kept,
		   "SELECT count(*) FROM saved_view WHERE who = ?", "s",
		   r->who);
	if (x == 0 && kept >= SAVED_VIEW_MOST)
		return err_set(E_STATE,
			       "You keep %d views already; drop one first",
			       SAVED_VIEW_MOST);
	return x < 0 ? x : row_insert(r, "saved_view", f, 3, id);
}

static int put_again(struct records *r, int64_t id, const char *query)
{
	struct audit_field f = {"query", NULL, query};
	char was[SAVED_VIEW_QUERY];
	int x;

	x = db_text(r->db, was, sizeof was,
		    "SELECT query FROM saved_view WHERE id = ?", "i", id);
	f.was = was;
	return x < 0 ? x : row_update(r, "saved_view", id, &f, 1);
}

int saved_view_put(struct records *r, const char *name, const char *query,
		   int64_t *id)
{
	int64_t the_id = 0;
	int x;

	if (!*name)
		return err_set(E_INVALID, "Give the view a name");
	if ((x = field_text("name of the view", name, 60)) < 0 ||
	    (x = field_text("view", query, SAVED_VIEW_QUERY)) < 0)
		return x;
	x = records_begin(r);
	if (x < 0)
		return x;
	x = db_int(r->db, &the_id,
		   "SELECT id FROM saved_view WHERE who = ? AND name = ?", "ss",
		   r->who, name);
	if (x == E_NOTFOUND) {
		err_clear();
		x = put_new(r, name, query, &the_id);
	} else if (x == 0) {
		x = put_again(r, the_id, query);
	}
	x = records_end(r, x);
	if (x == 0)
		*id = the_id;
	return x;
}

int saved_view_drop(struct records *r, int64_t id)
{
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = db_run(r->db, "DELETE FROM saved_view WHERE id = ? AND who = ?",
		   "is", id, r->who);
	if (x == 0 && db_changes(r->db) != 1)
		x = err_set(E_NOTFOUND, "You keep no view %lld", (long long)id);
	if (x == 0)
		x = audit_change(r, "saved_view", id, "query", NULL, NULL);
	return records_end(r, x);
}

int saved_view_list(struct db *db, const char *who, struct arena *a,
		    struct saved_view **out, size_t *n)
{
	struct arena_list l = {.arena = a, .size = sizeof **out};
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT id, name, query FROM saved_view WHERE who = ?"
		    " ORDER BY name COLLATE NOCASE",
		    "s", who);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		struct saved_view *v = arena_add(&l);

		x = 0;
		if (!v)
			break;
		v->id = rows_int(&rows, 0);
		v->name = arena_dup(a, rows_text(&rows, 1));
		v->query = arena_dup(a, rows_text(&rows, 2));
	}
	rows_end(&rows);
	*out = l.items;
	*n = l.n;
	return x < 0 ? x : arena_check(a);
}
