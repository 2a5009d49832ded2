/* fuzz_csv: any bytes as a CSV file, whose columns are taken for all fields one
 * after the other, and as a format of dates. What is handed on must be what it promises: texts that end, are UTF-8
 * and have no control characters, days that exist, words that are allowed. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "regional/case/field.h"
#include "regional/exchange/csv_item.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const int32_t today = 20000;

struct seen {
	struct csv_map *map;
	struct csv_item item;
	int64_t rows, line;
};

static void on_say(void *arg, const char *column, const char *message)
{
	assert(*message && strlen(message) < 1024);
}

static void check_item(const struct csv_item *item)
{
	assert(field_text("", item->child.family, NAME_TEXT) == 0);
	assert(*item->child.family);
	assert(item->child.birth != NO_DATE && item->child.birth <= today);
	assert(strlen(item->child.zip) < sizeof item->child.zip);
	for (int g = 0; g < 2; g++) {
		const struct csv_group *is = &item->group[g];

		assert(!is->has_referral || is->has_need);
		if (!is->has_need)
			continue;
		assert(csv_row_first(item, g) == NO_DATE ||
		       csv_row_first(item, g) >= item->child.birth);
		assert(!*is->need.outcome || is->need.closed != NO_DATE);
		assert(memchr(is->referral.why, '\0', CSV_WHY));
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
	if (why == CSV_OK)
		check_item(&s->item);
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
	m->groups = 2;
	m->shape.fields = CSV_PAD;
	memcpy(m->format[0], "MM/DD/YYYY", 11);
	memcpy(m->format[1], "YYYY-MM-DD", 11);
	/* All but the words of the vocabulary, twice what may stand twice. */
	for (int k = 0; k < 3; k++) {
		for (int f = 0; f < csv_field_count; f++) {
			if (csv_fields[f].section == CSV_OF_CHILD &&
			    strcmp(csv_fields[f].key, keys[k]) == 0)
				m->column[m->n++].field = f;
		}
	}
	for (int g = 0; g < 2; g++) {
		for (int f = 0; f < csv_field_count; f++) {
			if (csv_fields[f].section < CSV_OF_CASE ||
			    (csv_fields[f].type == CSV_CODE &&
			     !csv_fields[f].own) ||
			    (g && csv_fields[f].section == CSV_OF_CASE))
				continue;
			m->column[m->n].field = f;
			m->column[m->n++].group = g;
		}
	}
	return m;
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
