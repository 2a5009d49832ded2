/* Writing: organizations, then services, through regional/case. One that is
 * here already by its name (a service: by name and organization) is the same.
 * What a person entered stays until the directory says something else of it. */
#include "regional/exchange/hsds_item.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "regional/case/directory.h"
#include "regional/case/organization.h"
#include "regional/exchange/fhir_item.h"

enum { BATCH = 200 };

enum change { UNCHANGED, UPDATED, TAKEN };

struct writing {
	struct hsds_run *u;
	const char *source;
	enum hsds_kind kind;
	enum change outcome;
	int64_t done, of;
	struct hsds_org org;
	struct hsds_service service;
};

static const char *const types[HSDS_KINDS] = {HSDS_ORG_TYPE, HSDS_SERVICE_TYPE};
static const char *const local_tables[HSDS_KINDS] = {"organization", "service"};

/* --- what was taken before --- */

static void hash_of(struct writing *w, const void *data, size_t len,
		    char out[HSDS_HASH])
{
	unsigned char hash[32];

	crypto_generichash(hash, sizeof hash, data, len, w->u->r->audit_key,
			   sizeof w->u->r->audit_key);
	sodium_bin2hex(out, HSDS_HASH, hash, sizeof hash);
}

static int known(struct writing *w, const char *id, const char *hash,
		 int64_t *local, bool *same)
{
	struct rows rows;
	int x;

	*local = 0;
	*same = false;
	x = db_rows(w->u->r->db, &rows,
		    "SELECT local_id, hash = CAST(? AS BLOB) FROM imported"
		    " WHERE source = ? AND type = ? AND source_id = ?",
		    "ssss", hash, w->source, types[w->kind], id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		*local = rows_int(&rows, 0);
		*same = rows_int(&rows, 1) != 0;
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

static int remember(struct writing *w, const char *id, const char *hash,
		    int64_t local)
{
	return db_run(w->u->r->db,
		      "INSERT INTO imported (source, type, source_id, hash,"
		      " local_table, local_id)"
		      " VALUES (?, ?, ?, CAST(? AS BLOB), ?, ?)"
		      " ON CONFLICT DO UPDATE SET hash = excluded.hash,"
		      " local_id = excluded.local_id",
		      "sssssi", w->source, types[w->kind], id, hash,
		      local_tables[w->kind], local);
}

static int count_audit(struct writing *w, int64_t *out)
{
	return db_int(w->u->r->db, out, "SELECT ifnull(max(seq), 0) FROM audit",
		      NULL);
}

/* --- organizations --- */

/* The name of an organization is its own: a new name that is another's stays
 * as it was. */
static int name_org(struct writing *w, int64_t id)
{
	struct organization o;
	int64_t other;
	int x = organization_get(w->u->r->db, id, &o);

	if (x < 0 || strcmp(o.name, w->org.name) == 0)
		return x;
	x = db_int(w->u->r->db, &other,
		   "SELECT id FROM organization WHERE name = ? AND id <> ?",
		   "si", w->org.name, id);
	if (x != E_NOTFOUND)
		return x;
	memcpy(o.name, w->org.name, sizeof o.name);
	return organization_update(w->u->r, &o);
}

static int write_org(struct writing *w, int64_t *id)
{
	struct organization o = {.active = true};
	struct directory_org d;
	int x = 0;

	if (!*id) {
		x = db_int(w->u->r->db, id,
			   "SELECT id FROM organization WHERE name = ?", "s",
			   w->org.name);
		memcpy(o.name, w->org.name, sizeof o.name);
		if (x == 0)
			w->outcome = UPDATED;
		if (x == E_NOTFOUND)
			x = organization_add(w->u->r, &o, id);
	}
	if (x == 0)
		x = name_org(w, *id);
	if (x == 0)
		x = directory_org_get(w->u->r->db, *id, &d);
	if (x < 0)
		return x;
	if (*w->org.phone)
		memcpy(d.phone, w->org.phone, sizeof d.phone);
	if (*w->org.web)
		memcpy(d.web, w->org.web, sizeof d.web);
	if (*w->org.note)
		memcpy(d.note, w->org.note, sizeof d.note);
	if (*w->org.sector)
		memcpy(d.sector, w->org.sector, sizeof d.sector);
	return directory_org_update(w->u->r, &d);
}

/* --- services --- */

static int organization_of(struct writing *w, int64_t *out)
{
	int x;

	*out = 0;
	if (!*w->service.organization)
		return 0;
	x = db_int(w->u->r->db, out,
		   "SELECT local_id FROM imported WHERE source = ?"
		   " AND type = '" HSDS_ORG_TYPE "' AND source_id = ?",
		   "ss", w->source, w->service.organization);
	return x == E_NOTFOUND ? 0 : x;
}

/* Two ids of one directory for what has one name: places that a directory
 * lists one by one, mostly. */
static int note_twin(struct writing *w, int64_t id)
{
	int64_t twin = 0;
	int x = db_int(w->u->r->db, &twin,
		       "SELECT EXISTS (SELECT 1 FROM imported i JOIN"
		       " temp.hsds_service h ON h.id = i.source_id"
		       " WHERE i.source = ? AND i.type ="
		       " '" HSDS_SERVICE_TYPE "' AND i.local_id = ?)",
		       "si", w->source, id);

	if (x < 0 || !twin)
		return x;
	return hsds_table_wrong(w->u, "services", 0, "name",
				"an organization has a service of that name "
				"already; they are one here");
}

static int add_service(struct writing *w, int64_t *id)
{
	struct service s = {.active = w->service.active};
	int x = organization_of(w, &s.organization);

	if (x < 0)
		return x;
	memcpy(s.name, w->service.name, sizeof s.name);
	x = db_int(w->u->r->db, id,
		   "SELECT id FROM service WHERE name = ?"
		   " AND ifnull(organization, 0) = ? LIMIT 1",
		   "si", s.name, s.organization);
	if (x == E_NOTFOUND)
		return service_add(w->u->r, &s, id);
	w->outcome = UPDATED;
	return x < 0 ? x : note_twin(w, *id);
}

static int say_service(struct writing *w, int64_t id)
{
	const struct hsds_service *f = &w->service;
	struct directory_service d;
	struct service s;
	int x = service_get(w->u->r->db, id, &s);

	if (x == 0)
		x = organization_of(w, &s.organization);
	if (x < 0)
		return x;
	memcpy(s.name, f->name, sizeof s.name);
	s.active = f->active;
	x = service_update(w->u->r, &s);
	if (x == 0)
		x = directory_get(w->u->r->db, id, &d);
	if (x < 0)
		return x;
	if (*f->eligibility)
		memcpy(d.eligibility, f->eligibility, sizeof d.eligibility);
	if (*f->phone)
		memcpy(d.phone, f->phone, sizeof d.phone);
	if (*f->note)
		memcpy(d.note, f->note, sizeof d.note);
	if (f->age_from != NO_DATE)
		d.age_from = f->age_from;
	if (f->age_to != NO_DATE)
		d.age_to = f->age_to;
	return directory_update(w->u->r, &d);
}

static int mark(struct writing *w, int64_t id, const char *list,
		int (*fn)(struct records *r, int64_t service, const char *word,
			  bool on))
{
	char one[NAME_TEXT];
	int x = 0;

	while (x == 0 && hsds_list_next(&list, one, sizeof one))
		x = fn(w->u->r, id, one, true);
	return x;
}

static int verify(struct writing *w, int64_t id)
{
	const struct hsds_service *f = &w->service;
	struct directory_service d;
	int x;

	if (f->verified == NO_DATE)
		return 0;
	x = directory_get(w->u->r->db, id, &d);
	if (x < 0 || (d.verified != NO_DATE && d.verified >= f->verified))
		return x;
	return directory_verify(w->u->r, id, f->verified, f->verified_by);
}

static int write_service(struct writing *w, int64_t *id)
{
	int x = *id ? 0 : add_service(w, id);

	if (x == 0)
		x = say_service(w, *id);
	if (x == 0)
		x = mark(w, *id, w->service.needs, directory_need);
	if (x == 0)
		x = mark(w, *id, w->service.languages, directory_language);
	if (x == 0)
		x = mark(w, *id, w->service.places, directory_place);
	return x < 0 ? x : verify(w, *id);
}

/* --- one after the other --- */

static int write_record(struct writing *w)
{
	bool org = w->kind == HSDS_OF_ORGANIZATION, same;
	const char *id = org ? w->org.id : w->service.id;
	char hash[HSDS_HASH];
	int64_t local, before = 0, after = 0;
	int x;

	hash_of(w, org ? (void *)&w->org : (void *)&w->service,
		org ? sizeof w->org : sizeof w->service, hash);
	w->outcome = UNCHANGED;
	x = known(w, id, hash, &local, &same);
	if (x < 0 || same)
		return x;
	w->outcome = local ? UPDATED : TAKEN;
	x = count_audit(w, &before);
	if (x == 0)
		x = org ? write_org(w, &local) : write_service(w, &local);
	if (x == 0)
		x = remember(w, id, hash, local);
	if (x == 0)
		x = count_audit(w, &after);
	if (x == 0 && before == after)
		w->outcome = UNCHANGED;
	return x;
}

/* What the rules of the records refuse leaves nothing. */
static int write_or_leave(struct writing *w)
{
	struct hsds_count *n = &w->u->res->kind[w->kind];
	int x = records_begin(w->u->r);

	if (x < 0)
		return x;
	x = records_end(w->u->r, write_record(w));
	if (fhir_apply_soft(x)) {
		n->left++;
		x = hsds_table_wrong(w->u, local_tables[w->kind], 0, "",
				     err_text(x));
		err_clear();
		return x;
	}
	n->taken += x == 0 && w->outcome == TAKEN;
	n->updated += x == 0 && w->outcome == UPDATED;
	n->unchanged += x == 0 && w->outcome == UNCHANGED;
	if (x == 0 && w->kind == HSDS_OF_SERVICE && !*w->service.needs)
		w->u->res->without_need++;
	return x;
}

static int write_batch(struct writing *w, int64_t *ord)
{
	const struct hsds_opts *o = w->u->o;
	int n = o->batch > 0 ? o->batch : BATCH;
	int x = records_begin(w->u->r);

	if (x < 0)
		return x;
	for (; x == 0 && n > 0; n--) {
		x = w->kind == HSDS_OF_ORGANIZATION
			    ? hsds_gather_org(w->u, ord, &w->org)
			    : hsds_gather_service(w->u, ord, &w->service);
		if (x == HSDS_LEFT) {
			w->u->res->kind[w->kind].left++;
			x = 0;
		} else if (x == 0) {
			x = write_or_leave(w);
		}
		w->done += x == 0;
	}
	return records_end(w->u->r, x);
}

static int write_kind(struct writing *w)
{
	const struct hsds_opts *o = w->u->o;
	int64_t ord = 0;
	int x = 0;

	while (x == 0) {
		x = write_batch(w, &ord);
		if (x >= 0 && o->progress &&
		    o->progress(o->arg, w->done, w->of) != 0)
			return HSDS_STOPPED;
	}
	return x == HSDS_END ? 0 : x;
}

/* Those that an earlier import brought and this one does not. */
static int count_gone(struct writing *w)
{
	return db_int(w->u->r->db, &w->u->res->gone,
		      "SELECT count(*) FROM imported i JOIN service s"
		      " ON s.id = i.local_id AND s.active WHERE i.source = ?"
		      " AND i.type = '" HSDS_SERVICE_TYPE "' AND NOT EXISTS"
		      " (SELECT 1 FROM temp.hsds_service h WHERE h.id ="
		      " i.source_id)",
		      "s", w->source);
}

int hsds_apply_all(struct hsds_run *u)
{
	struct writing *w = mem_calloc(1, sizeof *w);
	int x;

	if (!w)
		return err_set(E_NOMEM, "out of memory for an import");
	w->u = u;
	w->source = u->o->source ? u->o->source : "";
	x = db_int(u->r->db, &w->of,
		   "SELECT (SELECT count(*) FROM temp.hsds_organization) +"
		   " (SELECT count(*) FROM temp.hsds_service)",
		   NULL);
	for (int k = 0; x == 0 && k < HSDS_KINDS; k++) {
		w->kind = (enum hsds_kind)k;
		x = write_kind(w);
	}
	if (x == 0)
		x = count_gone(w);
	mem_free(w);
	return x;
}
