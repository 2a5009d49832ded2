/* fuzz_fhir: any bytes as a FHIR file. What the reader hands on must be what it
 * promises: names and ids that are valid, texts that end, reasons that are
 * known. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/catalogue.h"
#include "regional/exchange/fhir_item.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct catalogue *cat;

/* The real vocabulary and instruments: without them hardly anything is taken.
 */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *dir = getenv("CCFED_SHARE");

	assert(catalogue_load(&cat, dir ? dir : PROTO) == 0);
	return 0;
}

static int on_item(void *arg, const struct fhir_item *item, int64_t line,
		   int64_t entry)
{
	assert(item->kind < FHIR_KINDS && item->problem < FHIR_REASONS);
	assert(memchr(item->id, '\0', sizeof item->id));
	assert(*item->id || item->problem == FHIR_NO_ID);
	if (item->problem == FHIR_OK && item->kind == FHIR_KIND_PATIENT) {
		const struct fhir_patient *p = &item->u.patient;

		assert(memchr(p->family, '\0', sizeof p->family));
		assert(*p->family || *p->given);
		assert(!strpbrk(p->family, "\x01\x1b\n\x7f"));
		assert(p->birth != NO_DATE && p->birth <= 20000);
	}
	if (item->problem == FHIR_OK && item->kind == FHIR_KIND_TASK)
		assert(memchr(item->u.task.why, '\0', FHIR_WHY));
	if (item->problem == FHIR_OK && item->kind == FHIR_KIND_CONDITION &&
	    *item->u.condition.domain)
		assert(vocabulary_find(catalogue_vocabulary(cat), WORDS_NEED,
				       item->u.condition.domain) >= 0);
	*(int *)arg += 1;
	return 0;
}

static int on_other(void *arg, const char *type, const char *id,
		    enum fhir_reason why, int64_t line, int64_t entry)
{
	assert(fhir_type_valid(type) || strcmp(type, "(no type)") == 0);
	assert(!*id || fhir_id_valid(id));
	*(int *)arg += 1;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned char key[32] = {1};
	int64_t line = 1, column = 0;
	int given = 0, x;
	struct fhir_sink s = {
		.arg = &given,
		.map = {catalogue_vocabulary(cat), key, 20000, NULL, cat},
		.item = on_item,
		.other = on_other};

	x = fhir_read_text(&s, (const char *)data, size, &line, &column);
	assert(x >= 0 && x < FHIR_REASONS);
	assert(x == FHIR_OK || given == 0);
	assert(line >= 1);
	return 0;
}
