#include "regional/desk/collaborative_view.h"

#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/web/page.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk_table.h"
#include "regional/desk/desk_word.h"

enum { GAPS = 200 };

int collaborative_view_members(struct db *db, int64_t id, int32_t on,
			       int64_t limit, sheet_fn *fn, void *arg)
{
	/* Days since 1970, as dates are counted in the program. */
	static const char tail[] =
		"WHERE collaborative = ?1"
		" AND joined <= date(?2 * 86400, 'unixepoch')"
		" AND (departed IS NULL"
		" OR departed >= date(?2 * 86400, 'unixepoch'))"
		" ORDER BY sector, (SELECT name FROM organization o"
		" WHERE o.id = organization), id";

	return sheet_list(db, &collaborative_member_sheet, tail, id, on, 0,
			  limit, fn, arg);
}

int collaborative_view_came(struct db *db, const struct collaborative_member *m,
			    int64_t *came, int64_t *held)
{
	int x = db_int(db, came,
		       "SELECT count(*) FROM collaborative_attendance"
		       " WHERE member = ?",
		       "i", m->id);

	return x < 0 ? x
		     : db_int(db, held,
			      "SELECT count(*) FROM collaborative_meeting t"
			      " JOIN collaborative_member m ON"
			      " m.collaborative = t.collaborative"
			      " WHERE m.id = ? AND t.met >= m.joined"
			      " AND (m.departed IS NULL OR t.met <= "
			      "m.departed)",
			      "i", m->id);
}

const char *collaborative_view_status(const char *status)
{
	static const char *const title[][2] = {{"open", "Open"},
					       {"working", "Worked on"},
					       {"closed", "Closed"},
					       {"set-aside", "Set aside"}};

	for (size_t i = 0; i < sizeof title / sizeof *title; i++)
		if (strcmp(title[i][0], status) == 0)
			return title[i][1];
	return status;
}

static int on_gap(void *arg, const void *row)
{
	const struct collaborative_gap *g = row;
	struct desk_table *t = arg;
	struct page *p = t->p;
	struct tpl_table_rows_cells *cell = desk_table_row(
		t, arena_dup(&p->a, g->gap),
		arena_str(&p->a, "collaborative/gap/%lld", (long long)g->id),
		6);

	if (!cell)
		return E_NOMEM;
	cell[0].text = desk_word(p, WORDS_NEED, g->need);
	cell[1].text = day_text(&p->a, g->raised);
	cell[2].text = *g->owner ? arena_dup(&p->a, g->owner) : "nobody yet";
	cell[2].tone = *g->owner ? NULL : "late";
	cell[3].text = collaborative_view_status(g->status);
	cell[4].text = arena_dup(&p->a, g->started);
	cell[5].text = arena_dup(&p->a, g->followed);
	return 0;
}

static const struct tpl_table *table_of(struct desk_table *t)
{
	static const char *const title[] = {"Gap",     "Need",	"Raised",
					    "Owner",   "State", "Started",
					    "Followed"};

	return desk_table_end(t, "Gaps", title, 7, true);
}

int collaborative_view_gaps(struct page *p, int64_t id, bool open,
			    const struct tpl_table **out)
{
	struct desk_table t;
	int x;

	desk_table_begin(&t, p);
	x = collaborative_gaps(p->db, id, open, 0, GAPS, on_gap, &t);
	*out = table_of(&t);
	return x;
}

int collaborative_view_raised(struct page *p, int64_t meeting,
			      const struct tpl_table **out)
{
	struct desk_table t;
	int x;

	desk_table_begin(&t, p);
	x = sheet_list(p->db, &collaborative_gap_sheet,
		       "WHERE meeting = ?1 ORDER BY id", meeting, 0, 0, GAPS,
		       on_gap, &t);
	*out = table_of(&t);
	return x;
}
