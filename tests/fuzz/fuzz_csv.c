/* fuzz_csv: any bytes as a CSV file, whose columns are taken for all fields one
 * after the other, and as a format of dates. What is handed on must be what it
 * promises: texts that end, are UTF-8 and have no control characters, days that
 * exist, words that are allowed; and it must survive being packed. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/mem.h"
#include "proto/catalogue.h"
#include "regional/case/field.h"
#include "regional/exchange/csv_item.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { GROUPS = 2 };

static const int32_t today = 20000;
static struct catalogue *cat;
static const struct vocabulary *words;

struct seen {
	struct csv_map *map;
	struct csv_item item;
	int64_t rows, line;
};

static void on_say(void *arg, const char *column, const char *message)
{
	assert(*message && strlen(message) < 1024);
}

/* Texts end and are clean; words are of their list. */
static void check_field(const struct csv_item *item, const struct csv_field *f)
{
	int n = csv_sections[f->section].many ? GROUPS : 1;

	for (int g = 0; g < n; g++) {
		const char *at =
			(const char *)csv_row_record(item, f->section, g) +
			f->offset;
		int32_t v;

		memcpy(&v, at, sizeof v);
		if (f->type == CSV_ENTRY)
			continue;
		if (f->type == CSV_DAY || f->type == CSV_BIRTH)
			assert(v == NO_DATE || v <= today);
		else if (f->type == CSV_INT || f->type == CSV_HUNDREDTHS)
			assert(v == CSV_NONE || v >= 0);
		else if (f->type != CSV_AHEAD)
			assert(memchr(at, '\0', f->size) &&
			       field_text("", at, f->size) == 0);
		if (f->type == CSV_CODE && !f->own && *at)
			assert(vocabulary_find(words, f->words, at) >= 0);
		if (f->type == CSV_YES && *at)
			assert(strcmp(at, "yes") == 0 || strcmp(at, "no") == 0);
	}
}

static void check_item(const struct csv_item *item)
{
	assert(field_text("", item->child.family, NAME_TEXT) == 0);
	assert(*item->child.family);
	assert(item->child.birth != NO_DATE && item->child.birth <= today);
	assert(strlen(item->child.zip) < sizeof item->child.zip);
	for (int g = 0; g < GROUPS; g++) {
		const struct csv_need *n = &item->need[g];

		assert(!item->has[CSV_OF_REFERRAL][g] ||
		       item->has[CSV_OF_NEED][g]);
		if (!item->has[CSV_OF_NEED][g])
			continue;
		assert(csv_row_first(item, g) == NO_DATE ||
		       csv_row_first(item, g) >= item->child.birth);
		assert(!*n->outcome || n->closed != NO_DATE);
	}
	for (int i = 0; i < csv_field_count; i++)
		check_field(item, &csv_fields[i]);
}

static void check_packed(const struct csv_item *item)
{
	static struct csv_staged was, is;
	void *blob = NULL;
	size_t len;

	was.item = *item;
	assert(csv_key_pack(&was, &blob, &len) == 0);
	csv_key_unpack(blob, len, &is);
	mem_free(blob);
	/* Of the child and the case it is not kept. */
	assert(memcmp(is.item.has[CSV_OF_NEED], item->has[CSV_OF_NEED],
		      sizeof item->has - CSV_OF_NEED * sizeof item->has[0]) ==
	       0);
	for (int s = CSV_OF_NEED; s < CSV_SECTIONS; s++) {
		for (int g = 0; g < CSV_GROUPS; g++)
			assert(!item->has[s][g] ||
			       memcmp(csv_row_record(&is.item, s, g),
				      csv_row_record(item, s, g),
				      csv_sections[s].size) == 0);
	}
}

static int on_row(void *arg, const struct csv_cells *row)
{
	struct seen *s = arg;
	const struct csv_row_check k = {s->map, today, on_say, NULL};
	enum csv_reason why;

	assert(row->n > 0 && row->n <= CSV_COLUMNS);
	assert(row->line > s->line);
	s->line = row->line;
	s->rows++;
	for (int i = 0; i < row->n; i++)
		assert(row->cell[i]);
	/* As if every header fitted: column after column. */
	s->map->fields = row->n;
	for (int i = 0; i < s->map->n; i++)
		s->map->column[i].at = i;
	why = csv_row(&k, row, &s->item);
	assert(why < CSV_REASONS);
	if (why == CSV_OK) {
		check_item(&s->item);
		check_packed(&s->item);
	}
	csv_map_bind(s->map, row);
	return 0;
}

static struct csv_map *make_map(void)
{
	static const char *const keys[] = {"family", "birth", "zip"};
	struct csv_map *m = calloc(1, sizeof *m);

	assert(m);
	m->pivot = 30;
	m->formats = 2;
	m->groups = GROUPS;
	m->shape.fields = CSV_PAD;
	memcpy(m->format[0], "MM/DD/YYYY", 11);
	memcpy(m->format[1], "YYYY-MM-DD", 11);
	m->words = words;
	m->cat = cat;
	m->of_children = true;
	/* All there are, twice what may stand twice. */
	for (int k = 0; k < 3; k++) {
		for (int f = 0; f < csv_field_count; f++) {
			if (csv_fields[f].section == CSV_OF_CHILD &&
			    strcmp(csv_fields[f].key, keys[k]) == 0)
				m->column[m->n++].field = f;
		}
	}
	for (int f = 0; f < csv_field_count; f++) {
		bool many = csv_sections[csv_fields[f].section].many;

		for (int g = 0; g < (many ? GROUPS : 1); g++) {
			if (csv_fields[f].section == CSV_OF_CHILD ||
			    m->n == CSV_MAPPED)
				continue;
			m->column[m->n].field = f;
			m->column[m->n++].group = g;
		}
	}
	return m;
}

/* The real vocabulary and instruments. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *dir = getenv("CCFED_SHARE");

	assert(catalogue_load(&cat, dir ? dir : PROTO) == 0);
	words = catalogue_vocabulary(cat);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct csv_shape shape = {.header = 1};
	struct seen s = {.map = make_map()};
	int32_t day;
	int x;

	x = csv_read_text(&shape, (const char *)data, size, on_row, &s);
	assert(x <= 0);
	if (size < 60) {
		char text[64];

		memcpy(text, data, size);
		text[size] = '\0';
		if (*text && csv_row_date(s.map, NULL, text, &day) == 0)
			assert(day > -70000 && day < 90000);
		csv_row_date(s.map, text, "", &day);
	}
	free(s.map);
	return 0;
}
