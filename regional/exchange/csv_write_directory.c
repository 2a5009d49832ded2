/* The staff and the directory, as a sheet has them. Organizations and services
 * are known by their names; one that is here already is the same. */
#include "regional/exchange/csv_item.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/directory.h"
#include "regional/case/organization.h"
#include "regional/case/staff.h"

#define SAY(to, from)                                             \
	do {                                                      \
		if (*(from))                                      \
			snprintf((to), sizeof(to), "%s", (from)); \
	} while (0)

/* --- staff --- */

static int add_staff(struct csv_run *u, const struct csv_staff *f, int64_t *id)
{
	struct staff now = {.started = f->started, .ended = NO_DATE};
	int x = db_int(u->r->db, id,
		       "SELECT id FROM staff WHERE name = ? COLLATE NOCASE"
		       " ORDER BY ended IS NULL DESC, id DESC LIMIT 1",
		       "s", f->name);

	if (x != E_NOTFOUND)
		return x;
	SAY(now.name, f->name);
	SAY(now.role, f->role);
	return staff_add(u->r, &now, f->fte == CSV_NONE ? FTE_ONE : f->fte, id);
}

int csv_write_staff(struct csv_run *u, const struct csv_staged *it, int g,
		    int64_t child, int64_t *id)
{
	const struct csv_staff *f = &it->item.staff[g];
	bool is_new = *id == 0;
	struct staff now;
	int x = is_new ? add_staff(u, f, id) : 0;

	if (x == 0)
		x = staff_get(u->r->db, *id, &now);
	if (x < 0)
		return x == E_NOTFOUND ? CSV_GONE : x;
	SAY(now.role, f->role);
	x = staff_update(u->r, &now);
	if (x == 0 && !is_new && f->fte != CSV_NONE && now.ended == NO_DATE)
		x = staff_fte_set(u->r, *id, u->as_of, f->fte);
	if (x == 0 && f->ended != NO_DATE && now.ended == NO_DATE)
		x = staff_end(u->r, *id, f->ended);
	return x;
}

/* --- organizations --- */

int csv_write_organization(struct csv_run *u, const struct csv_staged *it,
			   int g, int64_t child, int64_t *id)
{
	const struct csv_organization *f = &it->item.organization[g];
	struct directory_org more;
	struct organization now;
	int x = *id ? 0 : csv_apply_organization_of(u, f->name, id);

	if (x == 0)
		x = organization_get(u->r->db, *id, &now);
	if (x == 0) {
		SAY(now.name, f->name);
		if (*f->active)
			now.active = f->active[0] == 'y';
		x = organization_update(u->r, &now);
	}
	if (x == 0)
		x = directory_org_get(u->r->db, *id, &more);
	if (x < 0)
		return x == E_NOTFOUND ? CSV_GONE : x;
	SAY(more.sector, f->sector);
	SAY(more.phone, f->phone);
	SAY(more.web, f->web);
	SAY(more.note, f->note);
	return directory_org_update(u->r, &more);
}

/* --- services --- */

static int add_service(struct csv_run *u, const struct csv_service *f,
		       int64_t *id)
{
	int64_t organization;
	int x = csv_apply_organization_of(u, f->organization, &organization);

	return x < 0 ? x : csv_apply_service_of(u, f->name, organization, id);
}

static int say_service(struct csv_run *u, const struct csv_service *f,
		       int64_t id)
{
	struct directory_service more;
	struct service now;
	int x = service_get(u->r->db, id, &now);

	if (x == 0) {
		SAY(now.name, f->name);
		if (*f->active)
			now.active = f->active[0] == 'y';
		x = service_update(u->r, &now);
	}
	if (x == 0)
		x = directory_get(u->r->db, id, &more);
	if (x < 0)
		return x == E_NOTFOUND ? CSV_GONE : x;
	SAY(more.eligibility, f->eligibility);
	SAY(more.phone, f->phone);
	SAY(more.note, f->note);
	if (f->age_from != CSV_NONE)
		more.age_from = f->age_from;
	if (f->age_to != CSV_NONE)
		more.age_to = f->age_to;
	return directory_update(u->r, &more);
}

static int mark(struct csv_run *u, int64_t id, const char *list,
		int (*fn)(struct records *r, int64_t service, const char *word,
			  bool on))
{
	char one[NAME_TEXT];
	int x = 0;

	while (x == 0 && csv_map_next(&list, one, sizeof one))
		x = fn(u->r, id, one, true);
	return x;
}

static int say_openings(struct csv_run *u, const struct csv_service *f,
			int64_t id)
{
	struct service_opening o;
	char day[DATE_TEXT];
	int64_t there = 0, row;
	int x;

	if (f->openings == CSV_NONE && f->waiting == CSV_NONE &&
	    f->wait_days == CSV_NONE)
		return 0;
	sheet_blank(&service_opening_sheet, &o);
	o.service = id;
	o.seen = f->seen != NO_DATE ? f->seen : u->as_of;
	if (f->openings != CSV_NONE)
		o.openings = f->openings;
	if (f->waiting != CSV_NONE)
		o.waiting = f->waiting;
	if (f->wait_days != CSV_NONE)
		o.wait_days = f->wait_days;
	x = db_int(u->r->db, &there,
		   "SELECT EXISTS (SELECT 1 FROM service_opening"
		   " WHERE service = ? AND seen = ?"
		   " AND ifnull(openings, -1) = ? AND ifnull(waiting, -1) = ?"
		   " AND ifnull(wait_days, -1) = ?)",
		   "isiii", id, date_format(o.seen, day), o.openings, o.waiting,
		   o.wait_days);
	return x < 0 || there ? x : directory_opening(u->r, &o, &row);
}

int csv_write_service(struct csv_run *u, const struct csv_staged *it, int g,
		      int64_t child, int64_t *id)
{
	const struct csv_service *f = &it->item.service[g];
	struct directory_service is;
	int x = *id ? 0 : add_service(u, f, id);

	if (x == 0)
		x = say_service(u, f, *id);
	if (x == 0)
		x = mark(u, *id, f->needs, directory_need);
	if (x == 0)
		x = mark(u, *id, f->languages, directory_language);
	if (x == 0)
		x = mark(u, *id, f->places, directory_place);
	if (x == 0)
		x = say_openings(u, f, *id);
	if (x != 0 || f->verified == NO_DATE)
		return x;
	x = directory_get(u->r->db, *id, &is);
	if (x == 0 && (is.verified == NO_DATE || is.verified < f->verified))
		x = directory_verify(u->r, *id, f->verified,
				     *f->verified_by ? f->verified_by
						     : "import");
	return x;
}
