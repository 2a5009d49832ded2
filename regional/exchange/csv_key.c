/* What a row is about is known by keyed hashes: of the sheet's own numbers
 * where there are any, else of what does not change. A record that is of a
 * child has the child in its key. */
#include "regional/exchange/csv_item.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"

/* A number of the sheet's may stand in two columns, so names and birth dates
 * are never mixed with it. */
void csv_key_child(struct records *r, const struct csv_child *c,
		   char out[CSV_KEY])
{
	struct {
		char given[NAME_TEXT], family[NAME_TEXT];
		int32_t birth;
	} who;

	if (*c->source_id) {
		csv_stage_hash(r, "child by number", c->source_id,
			       strlen(c->source_id), out);
		return;
	}
	memset(&who, 0, sizeof who);
	memcpy(who.given, c->given, sizeof who.given);
	memcpy(who.family, c->family, sizeof who.family);
	who.birth = c->birth;
	csv_stage_hash(r, "child by name", &who, sizeof who, out);
}

/* An episode is known by its day. */
void csv_key_case(struct records *r, const char *child,
		  const struct csv_case *k, char out[CSV_KEY])
{
	struct {
		char child[CSV_KEY];
		int32_t opened;
	} is;

	memset(&is, 0, sizeof is);
	memcpy(is.child, child, sizeof is.child);
	is.opened = k->opened;
	csv_stage_hash(r, "case", &is, sizeof is, out);
}

static void need_key(struct records *r, const char *child,
		     const struct csv_need *n, char out[CSV_KEY])
{
	struct {
		char child[CSV_KEY], source_id[CSV_ID], domain[VOCABULARY_ID];
		int32_t found;
	} is;

	memset(&is, 0, sizeof is);
	memcpy(is.child, child, sizeof is.child);
	memcpy(is.source_id, n->source_id, sizeof is.source_id);
	if (!*n->source_id) {
		memcpy(is.domain, n->domain, sizeof is.domain);
		is.found = n->found;
	}
	csv_stage_hash(r, "need", &is, sizeof is, out);
}

static void referral_key(struct records *r, const char *child, const char *need,
			 const struct csv_referral *f, char out[CSV_KEY])
{
	struct {
		char of[CSV_KEY], source_id[CSV_ID];
		char organization[NAME_TEXT], service[NAME_TEXT];
		int32_t drafted, sent;
	} is;

	memset(&is, 0, sizeof is);
	memcpy(is.of, *f->source_id ? child : need, sizeof is.of);
	memcpy(is.source_id, f->source_id, sizeof is.source_id);
	if (!*f->source_id) {
		memcpy(is.organization, f->organization,
		       sizeof is.organization);
		memcpy(is.service, f->service, sizeof is.service);
		is.drafted = f->drafted;
		is.sent = f->sent;
	}
	csv_stage_hash(r, "referral", &is, sizeof is, out);
}

static bool among(const char *list, const char *key)
{
	size_t len = strlen(key);

	for (const char *p = list; (p = strstr(p, key)); p += len) {
		if ((p == list || p[-1] == ' ') && (!p[len] || p[len] == ' '))
			return true;
	}
	return false;
}

/* A family is its number's, whoever of its children stands in the row; without
 * one it is the child's. Several actions may have one goal, and its number. */
void csv_key_record(struct records *r, const struct csv_staged *it,
		    enum csv_section s, int g, int nth, char out[CSV_KEY])
{
	const char *base = csv_row_record(&it->item, s, g), *number = "";
	const char *keys = csv_sections[s].keys;
	crypto_generichash_state h;
	char hash[CSV_KEY];

	if (s == CSV_OF_NEED) {
		need_key(r, it->child, &it->item.need[g], out);
		return;
	}
	if (s == CSV_OF_REFERRAL) {
		referral_key(r, it->child, it->key[CSV_OF_NEED][g],
			     &it->item.referral[g], out);
		return;
	}
	for (int i = 0; i < csv_field_count; i++) {
		if (csv_fields[i].section == s &&
		    strcmp(csv_fields[i].key, "source_id") == 0)
			number = base + csv_fields[i].offset;
	}
	if (*number)
		keys = s == CSV_OF_GOAL ? "source_id action" : "source_id";
	crypto_generichash_init(&h, NULL, 0, sizeof hash - 1);
	/* Of a practice it is also whose practice it is. */
	if (s == CSV_OF_PRACTICE ||
	    (!csv_sections[s].own && !(s == CSV_OF_FAMILY && *number)))
		crypto_generichash_update(&h, (const unsigned char *)it->child,
					  CSV_KEY);
	for (int i = 0; i < csv_field_count; i++) {
		const struct csv_field *f = &csv_fields[i];

		if (f->section == s && among(keys, f->key))
			crypto_generichash_update(
				&h, (const unsigned char *)base + f->offset,
				f->size);
	}
	crypto_generichash_update(&h, (const unsigned char *)&nth, sizeof nth);
	crypto_generichash_final(&h, (unsigned char *)hash, sizeof hash - 1);
	csv_stage_hash(r, csv_sections[s].name, hash, sizeof hash - 1, out);
}

/* --- packed rows --- */

struct packed { /* before the bytes of a record */
	uint8_t section, group;
	uint16_t size;
	char key[CSV_KEY];
};

/* Without the zeros at the end. */
static size_t used_size(const char *p, size_t size)
{
	while (size > 0 && p[size - 1] == 0)
		size--;
	return size;
}

int csv_key_pack(const struct csv_staged *it, void **out, size_t *len)
{
	const struct csv_item *item = &it->item;
	size_t head = offsetof(struct csv_item, has), used = head;
	char *to;

	_Static_assert(sizeof(struct csv_screening) < UINT16_MAX, "its size");
	to = mem_alloc(head +
		       sizeof(struct packed) * CSV_SECTIONS * CSV_GROUPS +
		       sizeof *item);
	if (!to)
		return err_set(E_NOMEM, "out of memory for a row");
	memcpy(to, item, head);
	for (int s = CSV_OF_NEED; s < CSV_SECTIONS; s++) {
		for (int g = 0; g < CSV_GROUPS; g++) {
			const char *is = csv_row_record(item, s, g);
			struct packed p = {.section = (uint8_t)s,
					   .group = (uint8_t)g};

			if (!item->has[s][g])
				continue;
			p.size = (uint16_t)used_size(is, csv_sections[s].size);
			memcpy(p.key, it->key[s][g], CSV_KEY);
			memcpy(to + used, &p, sizeof p);
			memcpy(to + used + sizeof p, is, p.size);
			used += sizeof p + p.size;
		}
	}
	*out = to;
	*len = used;
	return 0;
}

/* Our own bytes: they were packed above. */
void csv_key_unpack(const void *blob, size_t len, struct csv_staged *it)
{
	size_t head = offsetof(struct csv_item, has), at = head;
	const char *from = blob;
	struct packed p;

	memset(&it->item, 0, sizeof it->item);
	memcpy(&it->item, from, head);
	while (at + sizeof p <= len) {
		memcpy(&p, from + at, sizeof p);
		at += sizeof p;
		it->item.has[p.section][p.group] = true;
		memcpy(it->key[p.section][p.group], p.key, CSV_KEY);
		memcpy((char *)&it->item + csv_sections[p.section].offset +
			       p.group * csv_sections[p.section].size,
		       from + at, p.size);
		at += p.size;
	}
}
