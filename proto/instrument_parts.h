/* instrument_parts: what the two files that read an instrument share; for
 * them only. */
#ifndef CCFED_INSTRUMENT_PARTS_H
#define CCFED_INSTRUMENT_PARTS_H

#include "proto/form.h"
#include "proto/instrument.h"
#include "proto/vocabulary.h"

enum { MONTHS_MAX = 1200 };

/* Texts of a section that are resolved when it is whole. */
struct entry {
	struct form_of form;
	struct scale scale;
	char values[640];
	char ids[400], answers[INSTRUMENT_CODE], loinc[400];
	bool reverse, many;
	char score[16], rule[16], range[40], bands[160], results[80];
	char items[400], any[400], domains[400], worse[8];
	char at_most[INSTRUMENT_CODE], need[VOCABULARY_ID];
};

struct reader {
	const struct vocabulary *v;
	struct instrument *i;
	struct entry entry;
};

#define AT(member) offsetof(struct entry, member)
#define SIZE(member) sizeof(((struct entry *)0)->member)

/* --- instrument_file.c --- */
int instrument_file_id(const char *id, size_t size, int n, int most);
/* The next word of an item that has several. */
int instrument_file_word(const char **rest, char *out, size_t size);
/* Call @fn for each id of a list; "b1..b12" are twelve. */
int instrument_file_each(struct reader *rd, const char *list,
			 int (*fn)(struct reader *rd, const char *id));

/* --- instrument_domain.c --- */
void instrument_domain_begin(struct form_section *s);
int instrument_domain_keep(struct reader *rd, const struct form_section *s,
			   const char *id);

#endif
