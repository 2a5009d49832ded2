/* HSDS 3.0 CSV. An id is that of the import it came from, else a UUID made of a
 * keyed hash: the same at every export, and no other node's. What hangs on a
 * record has its id from it, so that what is taken elsewhere and written there
 * is the same to the byte. Each table is written whole and at once.
 *
 * Places are service areas; needs and sectors are terms of taxonomies of our
 * own, which come back as what they were; who verified a service, and when,
 * stands in the metadata. */
#include "regional/exchange/hsds_item.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "daemon/core/db.h"
#include "daemon/core/disk.h"
#include "daemon/core/err.h"

enum { UUID_TEXT = 37, PATH_TEXT = 1000 };

struct writing {
	struct records *r;
	struct disk *disk;
	const char *dir;
	struct hsds_written *out;
	FILE *to; /* the table at hand, in memory */
	char *made;
	size_t size;
};

/* A UUID of version 8: its other bits are ours to choose (RFC 9562). @w NULL:
 * the same at every node. */
static void uuid_of(const struct writing *w, const char *what, const char *of,
		    char out[UUID_TEXT])
{
	unsigned char h[16];
	crypto_generichash_state s;

	crypto_generichash_init(&s, w ? w->r->audit_key : NULL,
				w ? sizeof w->r->audit_key : 0, sizeof h);
	crypto_generichash_update(&s, (const unsigned char *)what,
				  strlen(what) + 1);
	crypto_generichash_update(&s, (const unsigned char *)of, strlen(of));
	crypto_generichash_final(&s, h, sizeof h);
	h[6] = (unsigned char)(0x80 | (h[6] & 0x0f));
	h[8] = (unsigned char)(0x80 | (h[8] & 0x3f));
	snprintf(out, UUID_TEXT,
		 "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
		 "%02x%02x%02x%02x%02x%02x",
		 h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7], h[8], h[9],
		 h[10], h[11], h[12], h[13], h[14], h[15]);
}

/* The id of a record: @type as in `imported`. */
static int id_of(struct writing *w, const char *type, int64_t local,
		 char out[NAME_TEXT])
{
	char number[24];
	int x = db_text(w->r->db, out, NAME_TEXT,
			"SELECT source_id FROM imported WHERE type = ?"
			" AND local_id = ? ORDER BY source, source_id LIMIT 1",
			"si", type, local);

	if (x != E_NOTFOUND)
		return x;
	snprintf(number, sizeof number, "%lld", (long long)local);
	uuid_of(w, type, number, out);
	return 0;
}

/* --- a table --- */

static int begin(struct writing *w, const char *header)
{
	w->to = open_memstream(&w->made, &w->size);
	if (!w->to)
		return err_set(E_NOMEM, "out of memory for a table");
	fprintf(w->to, "%s\r\n", header);
	return 0;
}

static void put_cell(FILE *to, const char *text)
{
	if (!text)
		return;
	if (!strpbrk(text, ",\"\r\n")) {
		fputs(text, to);
		return;
	}
	fputc('"', to);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', to);
		fputc(*text, to);
	}
	fputc('"', to);
}

/* Cells up to a NULL that is the last argument of @n. */
static void put_row(struct writing *w, int n, ...)
{
	va_list list;

	va_start(list, n);
	for (int i = 0; i < n; i++) {
		if (i > 0)
			fputc(',', w->to);
		put_cell(w->to, va_arg(list, const char *));
	}
	va_end(list);
	fputs("\r\n", w->to);
}

/* @x of what was put; written only if that is 0. */
static int finish(struct writing *w, const char *name, int x)
{
	char path[PATH_TEXT];

	if (w->to && fclose(w->to) != 0 && x == 0)
		x = err_set(E_NOMEM, "out of memory for a table");
	w->to = NULL;
	if (x == 0 && snprintf(path, sizeof path, "%s/%s", w->dir, name) >=
			      (int)sizeof path)
		x = err_set(E_INVALID, "%s: the name is too long", w->dir);
	if (x == 0)
		x = disk_write(w->disk, path, w->made, w->size, 0644);
	free(w->made);
	w->made = NULL;
	w->size = 0;
	return x;
}

/* Each row of @sql to @fn. */
static int each(struct writing *w, const char *sql,
		int (*fn)(struct writing *w, struct rows *rows))
{
	struct rows rows;
	int x = db_rows(w->r->db, &rows, sql, NULL);

	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW)
		x = fn(w, &rows);
	rows_end(&rows);
	return x == ROWS_DONE ? 0 : x;
}

/* --- organizations --- */

#define ACTIVE "o.active = 1"

static int put_organization(struct writing *w, struct rows *rows)
{
	const char *note = rows_text(rows, 2);
	char id[NAME_TEXT];
	int x = id_of(w, HSDS_ORG_TYPE, rows_int(rows, 0), id);

	/* HSDS wants a description. */
	if (x == 0)
		put_row(w, 13, id, rows_text(rows, 1), "",
			note ? note : rows_text(rows, 1), "",
			rows_text(rows, 3), "", "", "", "", "", "", "");
	w->out->organizations += x == 0;
	return x;
}

static int write_organizations(struct writing *w)
{
	int x = begin(w, "id,name,alternate_name,description,email,website,"
			 "tax_status,tax_id,year_incorporated,legal_status,"
			 "logo,uri,parent_organization_id");

	if (x == 0)
		x = each(w,
			 "SELECT id, name, note, web FROM organization o"
			 " WHERE " ACTIVE " ORDER BY id",
			 put_organization);
	return finish(w, "organizations.csv", x);
}

/* --- services --- */

/* Of an organization that is written, or of none. */
#define SERVICES                                             \
	" FROM service s LEFT JOIN organization o ON o.id =" \
	" s.organization WHERE (s.organization IS NULL OR " ACTIVE " ) "

static int put_service(struct writing *w, struct rows *rows)
{
	char id[NAME_TEXT], of[NAME_TEXT] = "";
	int x = id_of(w, HSDS_SERVICE_TYPE, rows_int(rows, 0), id);

	if (x == 0 && rows_int(rows, 1))
		x = id_of(w, HSDS_ORG_TYPE, rows_int(rows, 1), of);
	if (x == 0)
		put_row(w, 23, id, of, "", rows_text(rows, 2), "",
			rows_text(rows, 3), "", "",
			rows_int(rows, 4) ? "active" : "inactive", "", "", "",
			"", "", "", rows_text(rows, 5), rows_text(rows, 6),
			rows_text(rows, 7), rows_text(rows, 8), "", "", "", "");
	w->out->services += x == 0;
	return x;
}

static int write_services(struct writing *w)
{
	int x = begin(w, "id,organization_id,program_id,name,alternate_name,"
			 "description,url,email,status,"
			 "interpretation_services,application_process,"
			 "fees_description,wait_time,fees,accreditations,"
			 "eligibility_description,minimum_age,maximum_age,"
			 "assured_date,assurer_email,licenses,alert,"
			 "last_modified");

	if (x == 0)
		x = each(w,
			 "SELECT s.id, s.organization, s.name, s.note,"
			 " s.active, s.eligibility, s.age_from, s.age_to,"
			 " s.verified" SERVICES "ORDER BY s.id",
			 put_service);
	return finish(w, "services.csv", x);
}

/* --- what is of them --- */

static int put_phone(struct writing *w, struct rows *rows)
{
	bool service = rows_int(rows, 0) != 0;
	char id[UUID_TEXT], of[NAME_TEXT];
	int x = id_of(w, service ? HSDS_SERVICE_TYPE : HSDS_ORG_TYPE,
		      rows_int(rows, 1), of);

	uuid_of(NULL, "phone", of, id);
	if (x == 0)
		put_row(w, 10, id, "", service ? of : "", service ? "" : of, "",
			"", rows_text(rows, 2), "", "voice", "");
	return x;
}

static int write_phones(struct writing *w)
{
	int x = begin(w, "id,location_id,service_id,organization_id,contact_id,"
			 "service_at_location_id,number,extension,type,"
			 "description");

	if (x == 0)
		x = each(w,
			 "SELECT 0, id, phone FROM organization o WHERE " ACTIVE
			 " AND phone IS NOT NULL ORDER BY id",
			 put_phone);
	if (x == 0)
		x = each(w,
			 "SELECT 1, s.id, s.phone" SERVICES
			 "AND s.phone IS NOT NULL ORDER BY s.id",
			 put_phone);
	return finish(w, "phones.csv", x);
}

static int put_language(struct writing *w, struct rows *rows)
{
	const char *word = rows_text(rows, 1);
	int i = vocabulary_find(w->r->words, WORDS_LANGUAGE, word);
	char id[UUID_TEXT], of[NAME_TEXT], key[2 * NAME_TEXT];
	int x = id_of(w, HSDS_SERVICE_TYPE, rows_int(rows, 0), of);

	snprintf(key, sizeof key, "%s %s", of, word);
	uuid_of(NULL, "language", key, id);
	if (x == 0)
		put_row(w, 7, id, of, "", "", word, "",
			i < 0 ? ""
			      : vocabulary_word(w->r->words, WORDS_LANGUAGE, i)
					->title);
	return x;
}

static int put_area(struct writing *w, struct rows *rows)
{
	char id[UUID_TEXT], of[NAME_TEXT], key[3 * NAME_TEXT];
	int x = id_of(w, HSDS_SERVICE_TYPE, rows_int(rows, 0), of);

	snprintf(key, sizeof key, "%s %s", of, rows_text(rows, 1));
	uuid_of(NULL, "area", key, id);
	if (x == 0)
		put_row(w, 7, id, of, rows_text(rows, 1), "", "", "", "");
	return x;
}

static int put_metadata(struct writing *w, struct rows *rows)
{
	char id[UUID_TEXT], of[NAME_TEXT];
	int x = id_of(w, HSDS_SERVICE_TYPE, rows_int(rows, 0), of);

	uuid_of(NULL, "verified", of, id);
	if (x == 0)
		put_row(w, 9, id, of, "service", rows_text(rows, 1), "verified",
			"assured_date", "", rows_text(rows, 1),
			rows_text(rows, 2));
	return x;
}

static int write_details(struct writing *w)
{
	int x = begin(w, "id,service_id,location_id,phone_id,name,code,note");

	if (x == 0)
		x = each(w,
			 "SELECT s.id, l.language FROM service_language l JOIN"
			 " (SELECT s.id" SERVICES ") s ON s.id = l.service"
			 " ORDER BY 1, 2",
			 put_language);
	x = finish(w, "languages.csv", x);
	if (x == 0)
		x = begin(w, "id,service_id,name,description,extent,"
			     "extent_type,uri");
	if (x == 0)
		x = each(w,
			 "SELECT s.id, l.place FROM service_place l JOIN"
			 " (SELECT s.id" SERVICES ") s ON s.id = l.service"
			 " ORDER BY 1, 2",
			 put_area);
	x = finish(w, "service_areas.csv", x);
	if (x == 0)
		x = begin(w, "id,resource_id,resource_type,last_action_date,"
			     "last_action_type,field_name,previous_value,"
			     "replacement_value,updated_by");
	if (x == 0)
		x = each(w,
			 "SELECT s.id, s.verified, s.verified_by" SERVICES
			 "AND s.verified IS NOT NULL ORDER BY s.id",
			 put_metadata);
	return finish(w, "metadata.csv", x);
}

/* --- terms --- */

struct vocabulary_of {
	const char *name;
	enum words list;
};
static const struct vocabulary_of taxonomies[] = {
	{HSDS_OUR_NEEDS, WORDS_NEED}, {HSDS_OUR_SECTORS, WORDS_SECTOR}};

static int write_terms(struct writing *w)
{
	char id[UUID_TEXT], of[UUID_TEXT];
	int x = begin(w, "id,name,description,uri,version");

	for (size_t t = 0; x == 0 && t < 2; t++) {
		uuid_of(NULL, "taxonomy", taxonomies[t].name, id);
		put_row(w, 5, id, taxonomies[t].name,
			"Words of a care coordination network", "", "");
	}
	x = finish(w, "taxonomies.csv", x);
	if (x == 0)
		x = begin(w, "id,code,name,description,parent_id,taxonomy,"
			     "language,taxonomy_id,term_uri");
	for (size_t t = 0; x == 0 && t < 2; t++) {
		uuid_of(NULL, "taxonomy", taxonomies[t].name, of);
		for (int i = 0;
		     i < vocabulary_count(w->r->words, taxonomies[t].list);
		     i++) {
			const struct word *is = vocabulary_word(
				w->r->words, taxonomies[t].list, i);

			uuid_of(NULL, taxonomies[t].name, is->id, id);
			put_row(w, 9, id, is->id, is->title, is->title, "",
				taxonomies[t].name, "en", of, "");
		}
	}
	return finish(w, "taxonomy_terms.csv", x);
}

static int put_attribute(struct writing *w, struct rows *rows)
{
	bool need = rows_int(rows, 0) != 0;
	const char *word = rows_text(rows, 2);
	char id[UUID_TEXT], of[NAME_TEXT], term[UUID_TEXT];
	char key[2 * NAME_TEXT];
	int x = id_of(w, need ? HSDS_SERVICE_TYPE : HSDS_ORG_TYPE,
		      rows_int(rows, 1), of);

	uuid_of(NULL, need ? HSDS_OUR_NEEDS : HSDS_OUR_SECTORS, word, term);
	snprintf(key, sizeof key, "%s %s", of, word);
	uuid_of(NULL, "attribute", key, id);
	if (x == 0)
		put_row(w, 6, id, of, term, need ? "need" : "sector",
			need ? "service" : "organization", "");
	return x;
}

static int write_attributes(struct writing *w)
{
	int x = begin(w, "id,link_id,taxonomy_term_id,link_type,link_entity,"
			 "value");

	if (x == 0)
		x = each(w,
			 "SELECT 0, id, sector FROM organization o"
			 " WHERE " ACTIVE " AND sector IS NOT NULL"
			 " ORDER BY id",
			 put_attribute);
	if (x == 0)
		x = each(w,
			 "SELECT 1, s.id, l.need FROM service_need l JOIN"
			 " (SELECT s.id" SERVICES ") s ON s.id = l.service"
			 " ORDER BY 2, 3",
			 put_attribute);
	return finish(w, "attributes.csv", x);
}

int hsds_export(struct records *r, struct disk *disk, const char *dir,
		struct hsds_written *out)
{
	struct writing w = {.r = r, .disk = disk, .dir = dir, .out = out};
	int x;

	memset(out, 0, sizeof *out);
	/* All tables are of one moment. */
	x = db_begin(r->db);
	if (x < 0)
		return x;
	x = disk_make_dir(disk, dir);
	if (x == 0)
		x = db_int(r->db, &out->inactive,
			   "SELECT count(*) FROM organization"
			   " WHERE active = 0",
			   NULL);
	if (x == 0)
		x = write_organizations(&w);
	if (x == 0)
		x = write_services(&w);
	if (x == 0)
		x = write_phones(&w);
	if (x == 0)
		x = write_details(&w);
	if (x == 0)
		x = write_terms(&w);
	if (x == 0)
		x = write_attributes(&w);
	return db_end(r->db, x);
}
