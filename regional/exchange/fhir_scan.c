/* The scan in a Consent: sourceAttachment.data, base64 of FHIR R4, becomes an
 * attachment of the child (attachment.h), of a type that its first bytes tell
 * and of at most 10 MiB. What can't be one is told; the consent is taken all
 * the same, for the paper is elsewhere. A url, or a reference to a document, is
 * not followed: nothing is fetched. */
#include "regional/exchange/fhir_item.h"

#include <string.h>

#include <sodium.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "regional/case/attachment.h"
#include "regional/case/consent.h"

static const char blanks[] = " \r\n\t";

void fhir_map_scan(struct fhir_map *m, json_t *v, struct fhir_item *item)
{
	json_t *scan = json_object_get(v, "sourceAttachment");
	const char *text = fhir_text(scan, "data");
	struct fhir_consent *c = &item->u.consent;

	if (!text) {
		c->scan_away = fhir_text(scan, "url") ||
			       json_object_get(v, "sourceReference");
		return;
	}
	item->scan = text;
	crypto_generichash(c->scan_hash, sizeof c->scan_hash,
			   (const unsigned char *)text, strlen(text), m->key,
			   32);
}

int fhir_stage_scan(struct fhir_stage *s, const struct fhir_item *item)
{
	if (!item->scan)
		return 0;
	return db_run(s->r->db, "INSERT INTO temp.fhir_scan VALUES (?, ?, ?)",
		      "iis", s->seq, s->file, item->scan);
}

/* FHIR_OK, or why @text is no scan; negative: failed. */
static int attach(struct fhir_run *u, const char *text, int64_t child,
		  int64_t *id)
{
	size_t room = strlen(text) / 4 * 3 + 3, len = 0;
	unsigned char *data;
	int x;

	/* Before it is decoded: a text may be as large as its file. */
	if (room > ATTACHMENT_MAX + ATTACHMENT_MAX / 8)
		return FHIR_SCAN_BIG;
	data = mem_alloc(room);
	if (!data)
		return err_set(E_NOMEM, "out of memory for a scan");
	if (sodium_base642bin(data, room, text, strlen(text), blanks, &len,
			      NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
		x = FHIR_SCAN_BAD;
	else if (len > ATTACHMENT_MAX)
		x = FHIR_SCAN_BIG;
	else if (!attachment_type(data, len))
		x = FHIR_SCAN_TYPE;
	else if (!u->r->sealing)
		x = FHIR_SCAN_UNSEALED;
	else
		x = attachment_add(u->r, child, "consent", "", data, len, id);
	sodium_memzero(data, room);
	mem_free(data);
	return x;
}

int fhir_apply_scan(struct fhir_run *u, const struct fhir_staged *it,
		    int64_t consent)
{
	struct consent c;
	struct rows rows;
	int64_t id = 0;
	int x = consent_get(u->r->db, consent, &c);

	/* One that a person attached stays. */
	if (x < 0 || c.attachment)
		return x;
	if (it->item.u.consent.scan_away)
		u->note = FHIR_SCAN_AWAY;
	x = db_rows(u->r->db, &rows,
		    "SELECT data FROM temp.fhir_scan WHERE seq = ?", "i",
		    it->seq);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW)
		x = attach(u, rows_text(&rows, 0), c.child, &id);
	else if (x == ROWS_DONE)
		x = 0;
	rows_end(&rows);
	if (x > 0)
		u->note = (enum fhir_reason)x;
	return x != 0 || !id ? (x < 0 ? x : 0)
			     : consent_attach(u->r, consent, id);
}
