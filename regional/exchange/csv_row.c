/* A row's cells become values. Everything wrong in a row is said at once, so
 * that a sheet is put right in one go. */
#include "regional/exchange/csv_item.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "regional/case/field.h"

/* --- days --- */

static int digits(const char **s, int max, int *len)
{
	int v = 0;

	for (*len = 0; *len < max && isdigit((unsigned char)**s); (*s)++) {
		v = v * 10 + (**s - '0');
		(*len)++;
	}
	return v;
}

static int refuse_format(const char *format)
{
	return err_set(E_FORMAT,
		       "\"%.23s\" is not a format of dates; it is made of "
		       "YYYY or YY, MM and DD, like MM/DD/YYYY",
		       format);
}

/* Each part once. */
static int check_format(const struct csv_map *m, const char *format)
{
	int y = 0, mo = 0, d = 0;

	for (const char *p = format; *p;) {
		size_t n = strspn(p, (char[]){*p, '\0'});

		if (*p == 'Y' && (n == 4 || n == 2))
			y++;
		else if (*p == 'M' && n <= 2)
			mo++;
		else if (*p == 'D' && n <= 2)
			d++;
		else if (isalnum((unsigned char)*p))
			return refuse_format(format);
		p += n;
	}
	if (y != 1 || mo != 1 || d != 1)
		return refuse_format(format);
	if (!strstr(format, "YYYY") && m->pivot < 0)
		return err_set(E_FORMAT,
			       "years of two digits want \"pivot\" in [file] "
			       "before it: with 30, 30 is 2030 and 31 is 1931");
	return 0;
}

/* -1: it does not fit; -2: a year of two digits without a pivot. */
static int full_year(const struct csv_map *m, int year, int len)
{
	if (len == 4)
		return year;
	if (len != 2)
		return -1;
	if (m->pivot < 0)
		return -2;
	return year + (year <= m->pivot ? 2000 : 1900);
}

static int read_date(const struct csv_map *m, const char *format,
		     const char *text, int32_t *out)
{
	int y = 0, mo = 0, d = 0, yy, mm, dd, len;

	while (*format) {
		size_t n = strspn(format, (char[]){*format, '\0'});

		if (*format == 'Y') {
			y = digits(&text, 4, &len);
			y = full_year(m, y, len);
			if (y < 0)
				return y;
		} else if (*format == 'M' || *format == 'D') {
			int v = digits(&text, 2, &len);

			if (len == 0)
				return -1;
			*(*format == 'M' ? &mo : &d) = v;
		} else {
			if (strncmp(text, format, n) != 0)
				return -1;
			text += n;
		}
		format += n;
	}
	if (*text || y < 1800 || y > 2200 || mo < 1 || mo > 12 || d < 1 ||
	    d > 31)
		return -1;
	*out = date_from_ymd(y, mo, d);
	date_to_ymd(*out, &yy, &mm, &dd);
	return yy == y && mm == mo && dd == d ? 0 : -1;
}

int csv_row_date(const struct csv_map *m, const char *format, const char *text,
		 int32_t *out)
{
	char list[CSV_FORMATS * (CSV_FORMAT + 4)] = "";
	size_t used = 0;
	bool short_year = false;

	if (!*text)
		return check_format(m, format);
	for (int i = 0; i < (format && *format ? 1 : m->formats); i++) {
		const char *one = format && *format ? format : m->format[i];
		int x = read_date(m, one, text, out);

		if (x == 0)
			return 0;
		short_year |= x == -2;
		used += (size_t)snprintf(list + used, sizeof list - used,
					 "%s%s", i ? " or " : "", one);
	}
	return err_set(E_INVALID, "a day that exists is wanted, as %s%s", list,
		       short_year ? ", the year in four digits (or say "
				    "\"pivot\" in the mapping)"
				  : "");
}

/* --- cells --- */

/* Marks that turn the direction of writing show a name as another. */
static bool is_bidi(const unsigned char *s)
{
	return s[0] == 0xe2 &&
	       ((s[1] == 0x80 && s[2] >= 0xaa && s[2] <= 0xae) ||
		(s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9));
}

/* Into @out of @size; line breaks only where there are words. */
static int take_text(const char *text, char *out, size_t size, bool words)
{
	size_t len = strlen(text), n = 0;

	if (!field_utf8((const unsigned char *)text, len))
		return err_set(E_INVALID, "it is not UTF-8; if the file was "
					  "saved in the Windows encoding, say "
					  "encoding = windows-1252 in the "
					  "mapping");
	if (len >= size)
		return err_set(E_INVALID, "it is longer than %zu bytes",
			       size - 1);
	for (const char *p = text; *p; p++) {
		if (is_bidi((const unsigned char *)p))
			return err_set(E_INVALID,
				       "it has a character that turns the "
				       "direction of writing");
		out[n++] = words && (*p == '\n' || *p == '\r' || *p == '\t')
				   ? ' '
				   : *p;
	}
	out[n] = '\0';
	if (field_text("", out, size) < 0)
		return err_set(E_INVALID, "it has a control character: a tab, "
					  "a line break, or what can't be "
					  "seen");
	return 0;
}

/* A spreadsheet makes 6106 of 06106. */
static int take_zip(const char *text, char *out, size_t size)
{
	if (strlen(text) == 4 && strspn(text, "0123456789") == 4)
		snprintf(out, size, "0%s", text);
	else
		snprintf(out, size, "%s", text);
	if (strlen(text) >= size || field_zip(out) < 0)
		return err_set(E_INVALID,
			       "a ZIP code is like 06106 or 06106-1234");
	return 0;
}

static int take_day(struct csv_taking *t, const struct csv_column *c,
		    const char *text, int32_t *out)
{
	char a[DATE_TEXT];
	int x = csv_row_date(t->k->map, c->format, text, out);

	if (x < 0)
		return x;
	if (*out > t->k->today && csv_fields[c->field].type != CSV_AHEAD)
		return err_set(E_INVALID, "it is in the future; today is %s",
			       date_format(t->k->today, a));
	if (*out < date_from_ymd(1900, 1, 1))
		return err_set(E_INVALID, "it is before 1900");
	return 0;
}

const void *csv_row_record(const struct csv_item *item,
			   enum csv_section section, int group)
{
	return (const char *)item + csv_sections[section].offset +
	       (size_t)group * csv_sections[section].size;
}

void *csv_row_into(struct csv_item *item, const struct csv_field *f, int group)
{
	return (char *)item + csv_sections[f->section].offset +
	       (size_t)group * csv_sections[f->section].size + f->offset;
}

static bool is_int(enum csv_type type)
{
	return type == CSV_DAY || type == CSV_AHEAD || type == CSV_BIRTH ||
	       type == CSV_INT || type == CSV_HUNDREDTHS;
}

static void clear(struct csv_item *item, const struct csv_map *m)
{
	const int32_t none = NO_DATE;

	memset(item, 0, sizeof *item);
	item->first = NO_DATE;
	for (int i = 0; i < csv_field_count; i++) {
		const struct csv_field *f = &csv_fields[i];
		int n = csv_sections[f->section].many && m->groups > 1
				? m->groups
				: 1;

		for (int g = 0; is_int(f->type) && g < n; g++)
			memcpy(csv_row_into(item, f, g), &none, sizeof none);
	}
}

static int take_int(const char *text, int32_t *out)
{
	size_t n = strspn(text, "0123456789");

	if (n == 0 || n > 9 || text[n])
		return err_set(E_INVALID, "a whole number is wanted");
	*out = (int32_t)strtol(text, NULL, 10);
	return 0;
}

/* "1", "0.5", ".75" */
static int take_hundredths(const char *text, int32_t *out)
{
	int whole, part, len, more;

	whole = digits(&text, 5, &len);
	part = 0;
	more = 0;
	if (*text == '.') {
		text++;
		part = digits(&text, 2, &more);
		while (*text == '0')
			text++;
	}
	if (*text || len + more == 0)
		return err_set(E_INVALID, "a number with at most two decimals "
					  "is wanted, like 0.75");
	*out = whole * 100 + (more == 1 ? part * 10 : part);
	return 0;
}

/* One more answer or score of a screening. */
static int take_entry(const struct csv_field *f, const struct csv_column *c,
		      struct csv_entry *list, const char *text)
{
	static const struct {
		const char *key;
		enum csv_part part;
	} parts[] = {
		{"answer", CSV_ANSWER},
		{"score", CSV_SCORE},
		{"result", CSV_RESULT},
		{"cutoff", CSV_CUTOFF},
	};
	int n = 0, x;

	while (n < CSV_ENTRIES && list[n].part)
		n++;
	if (n == CSV_ENTRIES)
		return err_set(E_INVALID, "a screening has at most %d entries",
			       CSV_ENTRIES);
	x = take_text(text, list[n].value, sizeof list[n].value, true);
	if (x < 0)
		return x;
	snprintf(list[n].name, sizeof list[n].name, "%s", c->part);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (strcmp(f->key, parts[i].key) == 0)
			list[n].part = parts[i].part;
	}
	return 0;
}

static int take_words(struct csv_taking *t, const struct csv_field *f,
		      const char *text, void *to)
{
	char words[CSV_SEVERAL];
	int x = take_text(text, words, sizeof words, true);

	if (x < 0)
		return x;
	return f->type == CSV_CODES
		       ? csv_map_words(t->k->map, f, words, to, f->size)
		       : csv_map_word(t->k->map, f, words, to, f->size);
}

static int take_number(struct csv_taking *t, const struct csv_column *c,
		       const char *text, void *to)
{
	const struct csv_field *f = &csv_fields[c->field];
	int32_t v = NO_DATE;
	int x;

	x = f->type == CSV_INT		? take_int(text, &v)
	    : f->type == CSV_HUNDREDTHS ? take_hundredths(text, &v)
					: take_day(t, c, text, &v);
	if (x == 0)
		memcpy(to, &v, sizeof v);
	return x;
}

static int take_value(struct csv_taking *t, const struct csv_column *c,
		      const char *text)
{
	const struct csv_field *f = &csv_fields[c->field];
	void *to = csv_row_into(t->item, f, c->group);

	switch (f->type) {
	case CSV_TEXT:
	case CSV_SECRET:
		return take_text(text, to, f->size, f->type == CSV_TEXT);
	case CSV_ZIP:
		return take_zip(text, to, f->size);
	case CSV_CODE:
	case CSV_CODES:
	case CSV_YES:
	case CSV_INSTRUMENT:
		return take_words(t, f, text, to);
	case CSV_ENTRY:
		return take_entry(f, c, to, text);
	default:
		return take_number(t, c, text, to);
	}
}

/* A word that the mapping makes nothing of says nothing. */
static bool says_something(struct csv_taking *t, const struct csv_column *c)
{
	const struct csv_field *f = &csv_fields[c->field];

	if (is_int(f->type) || f->type == CSV_ENTRY)
		return true;
	return *(const char *)csv_row_into(t->item, f, c->group) != '\0';
}

static void take_cells(struct csv_taking *t)
{
	const struct csv_map *m = t->k->map;

	for (int i = 0; i < m->n; i++) {
		const struct csv_column *c = &m->column[i];
		enum csv_section section = csv_fields[c->field].section;
		const char *text = c->at < t->row->n ? t->row->cell[c->at] : "";

		if (!*text)
			continue;
		if (take_value(t, c, text) < 0) {
			csv_check_say(t, CSV_VALUE, c->name,
				      err_text(E_INVALID));
			t->item->has[section][c->group] = true;
		} else if (says_something(t, c)) {
			t->item->has[section][c->group] = true;
		}
	}
	err_clear();
}

/* A sheet that pads may also end its rows with delimiters. */
static bool fits(const struct csv_map *m, const struct csv_cells *row)
{
	int n = row->n;

	if (m->shape.fields != CSV_PAD)
		return n == m->fields;
	while (n > m->fields && !*row->cell[n - 1])
		n--;
	return n <= m->fields;
}

enum csv_reason csv_row(const struct csv_row_check *k,
			const struct csv_cells *row, struct csv_item *item)
{
	struct csv_taking t = {k, row, item, CSV_OK};
	char text[120];

	clear(item, k->map);
	if (!fits(k->map, row)) {
		snprintf(text, sizeof text,
			 "the row has %d fields, the header %d", row->n,
			 k->map->fields);
		csv_check_say(&t, CSV_FIELDS, "", text);
		return CSV_FIELDS;
	}
	take_cells(&t);
	/* What follows would repeat what is wrong already. */
	if (t.why == CSV_OK)
		csv_check(&t);
	return t.why;
}
