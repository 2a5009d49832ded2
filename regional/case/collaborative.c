#include "regional/case/collaborative.h"

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/field.h"

static const struct sheet_column columns[] = {
	SHEET_COL(collaborative, name, "name of the collaborative", TEXT, true),
	SHEET_COL(collaborative, begun, "day it was begun", DAY, true),
	SHEET_COL(collaborative, ended, "day it was ended", DAY, false),
};
const struct sheet collaborative_sheet =
	SHEET(collaborative, "collaborative", columns);

static const struct sheet_column member_columns[] = {
	SHEET_OF(collaborative_member, collaborative, "collaborative", ID, true,
		 .of = "collaborative"),
	SHEET_OF(collaborative_member, organization, "organization", ID, true,
		 .of = "organization"),
	SHEET_OF(collaborative_member, sector, "sector", WORD, true,
		 .list = WORDS_SECTOR),
	SHEET_COL(collaborative_member, joined, "day it joined", DAY, true),
	SHEET_COL(collaborative_member, departed, "day it left", DAY, false),
	SHEET_COL(collaborative_member, person, "name of who comes", TEXT,
		  false),
};
const struct sheet collaborative_member_sheet =
	SHEET(collaborative_member, "member", member_columns);

static int check_span(const struct collaborative *c)
{
	if (c->ended == NO_DATE)
		return 0;
	return field_order("day it was ended", c->ended, c->begun,
			   "the day it was begun");
}

static int named_twice(int x, const char *name)
{
	if (x != E_EXISTS)
		return x;
	return err_set(E_EXISTS,
		       "There is a collaborative called \"%s\" already", name);
}

int collaborative_add(struct records *r, const struct collaborative *c,
		      int64_t *id)
{
	int x = check_span(c);

	if (x < 0)
		return x;
	return named_twice(sheet_add(r, &collaborative_sheet, c, id), c->name);
}

int collaborative_update(struct records *r, const struct collaborative *c)
{
	int x = check_span(c);

	if (x < 0)
		return x;
	return named_twice(sheet_update(r, &collaborative_sheet, c), c->name);
}

int collaborative_get(struct db *db, int64_t id, struct collaborative *out)
{
	return sheet_get(db, &collaborative_sheet, id, out);
}

int collaborative_list(struct db *db, int64_t offset, int64_t limit,
		       sheet_fn *fn, void *arg)
{
	return sheet_list(db, &collaborative_sheet, "ORDER BY begun, id", 0, 0,
			  offset, limit, fn, arg);
}

static int join_checks(struct records *r, const struct collaborative_member *m)
{
	struct collaborative c;
	int x;

	if (m->departed != NO_DATE)
		return err_set(E_INVALID,
			       "A member joins first and leaves then");
	if ((x = sheet_check(r, &collaborative_member_sheet, m)) < 0 ||
	    (x = collaborative_get(r->db, m->collaborative, &c)) < 0)
		return x;
	if (c.ended != NO_DATE)
		return err_set(E_STATE, "The collaborative has ended");
	return field_order("day it joined", m->joined, c.begun,
			   "the day the collaborative was begun");
}

int collaborative_join(struct records *r, const struct collaborative_member *m,
		       int64_t *id)
{
	int64_t new_id = 0;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = join_checks(r, m);
	if (x == 0)
		x = sheet_add(r, &collaborative_member_sheet, m, &new_id);
	if (x == E_EXISTS)
		x = err_set(E_EXISTS, "Organization %lld is a member already",
			    (long long)m->organization);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

int collaborative_leave(struct records *r, int64_t member, int32_t on)
{
	struct collaborative_member m;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = collaborative_member_get(r->db, member, &m);
	if (x == 0 && m.departed != NO_DATE)
		x = err_set(E_STATE, "Member %lld has left already",
			    (long long)member);
	if (x == 0 && (x = field_day(r, "day it left", on)) == 0 &&
	    (x = field_order("day it left", on, m.joined,
			     "the day it joined")) == 0) {
		m.departed = on;
		x = sheet_update(r, &collaborative_member_sheet, &m);
	}
	return records_end(r, x);
}

int collaborative_member_get(struct db *db, int64_t id,
			     struct collaborative_member *out)
{
	return sheet_get(db, &collaborative_member_sheet, id, out);
}

int collaborative_members(struct db *db, int64_t id, int32_t on, int64_t offset,
			  int64_t limit, sheet_fn *fn, void *arg)
{
	static const char all[] = "WHERE collaborative = ?1"
				  " ORDER BY sector, joined, id";
	/* Days since 1970, as dates are counted in the program. */
	static const char then[] =
		"WHERE collaborative = ?1"
		" AND joined <= date(?2 * 86400, 'unixepoch')"
		" AND (departed IS NULL"
		"  OR departed >= date(?2 * 86400, 'unixepoch'))"
		" ORDER BY sector, joined, id";

	return sheet_list(db, &collaborative_member_sheet,
			  on == NO_DATE ? all : then, id, on, offset, limit, fn,
			  arg);
}
