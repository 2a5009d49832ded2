/* The mapping file. It is a conf file (daemon/core/conf.h):
 *
 *	[file]		delimiter, encoding, header, fields, date, pivot, source
 *	[child]		field = Column, for the fields in the table below
 *	[case]
 *	[need]		the same again as [need 2] ... [need 6] for needs that
 *	[referral]	stand side by side in one row; [referral 2] is of
 *			[need 2]
 *	[child sex values]
 *			Word in the sheet = word here, for one field of words;
 *			"-" leaves the cell out. A "?" in the sheet's word
 *			stands for any one character, as a ":" can't be written.
 *
 * FIELD_format = MM/DD/YYYY says how one field of days is written when it
 * differs from "date". Columns and the sheet's words may stand in quotes, and
 * case and blanks in them do not count. */
#include "regional/exchange/csv_item.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "daemon/core/conf.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"

/* --- texts --- */

/* Without blanks around it and a pair of quotes, blanks inside made one. */
static void tidy(char *out, size_t size, const char *text)
{
	size_t n = 0, len = strlen(text);
	bool gap = false;

	if (len >= 2 && text[0] == '"' && text[len - 1] == '"') {
		text++;
		len -= 2;
	}
	for (size_t i = 0; i < len && n + 2 < size; i++) {
		if (isspace((unsigned char)text[i])) {
			gap = n > 0;
			continue;
		}
		if (gap)
			out[n++] = ' ';
		gap = false;
		out[n++] = text[i];
	}
	out[n] = '\0';
}

bool csv_map_same(const char *a, const char *b)
{
	char x[CSV_NAME], y[CSV_NAME];

	tidy(x, sizeof x, a);
	tidy(y, sizeof y, b);
	return strcasecmp(x, y) == 0;
}

/* @from may have "?" for any byte. */
static bool stands_for(const char *from, const char *text)
{
	char tidied[CSV_NAME];
	const char *s = tidied;

	tidy(tidied, sizeof tidied, text);
	for (; *from && *s; from++, s++) {
		if (*from != '?' &&
		    tolower((unsigned char)*from) != tolower((unsigned char)*s))
			return false;
	}
	return !*from && !*s;
}

static const char *allowed(const struct csv_map *m, const struct csv_field *f,
			   int i)
{
	if (f->own)
		return f->own[i];
	return i < vocabulary_count(m->words, f->words)
		       ? vocabulary_word(m->words, f->words, i)->id
		       : NULL;
}

static int refuse_word(const struct csv_map *m, const struct csv_field *f,
		       const char *text)
{
	char list[700] = "";
	size_t used = 0;
	const char *id;

	for (int i = 0; (id = allowed(m, f, i)) && used < sizeof list; i++)
		used += (size_t)snprintf(list + used, sizeof list - used,
					 "%s%s", i ? ", " : "", id);
	return err_set(E_INVALID, "\"%.40s\" is not one of: %s", text, list);
}

/* Of the vocabulary by its title, too. */
static const char *find_word(const struct csv_map *m, const struct csv_field *f,
			     const char *text)
{
	const char *id;

	for (int i = 0; (id = allowed(m, f, i)); i++) {
		if (csv_map_same(id, text))
			return id;
	}
	for (int i = 0; !f->own && i < vocabulary_count(m->words, f->words);
	     i++) {
		const struct word *w = vocabulary_word(m->words, f->words, i);

		if (csv_map_same(w->title, text))
			return w->id;
	}
	return NULL;
}

int csv_map_word(const struct csv_map *m, const struct csv_field *f,
		 const char *text, char *out, size_t size)
{
	const char *id;

	for (int i = 0; i < m->n_words; i++) {
		const struct csv_word *w = &m->word[i];

		if (&csv_fields[w->field] != f || !stands_for(w->from, text))
			continue;
		snprintf(out, size, "%s", strcmp(w->to, "-") ? w->to : "");
		return 0;
	}
	id = find_word(m, f, text);
	if (!id)
		return refuse_word(m, f, text);
	snprintf(out, size, "%s", id);
	return 0;
}

/* --- reading it --- */

struct loading {
	struct csv_map *m;
	bool seen_section[CSV_SECTIONS][CSV_GROUPS];
	char *last; /* a column's name may go on in the next line */
	size_t last_size;
};

static int find_field(enum csv_section section, const char *key, size_t len)
{
	for (int i = 0; i < csv_field_count; i++) {
		if (csv_fields[i].section == section &&
		    strlen(csv_fields[i].key) == len &&
		    memcmp(csv_fields[i].key, key, len) == 0)
			return i;
	}
	return -1;
}

static int set_formats(struct csv_map *m, const char *value)
{
	while (*value) {
		size_t len = strcspn(value, ",");
		char one[CSV_FORMAT];
		int32_t day;

		if (m->formats == CSV_FORMATS || len >= sizeof one)
			return err_set(E_INVALID,
				       "at most %d formats of at most %d "
				       "characters",
				       CSV_FORMATS, CSV_FORMAT - 1);
		memcpy(one, value, len);
		one[len] = '\0';
		tidy(m->format[m->formats], CSV_FORMAT, one);
		/* Only whether the format can be used is of interest. */
		if (csv_row_date(m, m->format[m->formats], "", &day) ==
		    E_FORMAT)
			return E_INVALID;
		m->formats++;
		value += len + (value[len] == ',');
		value += strspn(value, " ");
	}
	return 0;
}

static int one_of(const char *key, const char *value, const char *const *words)
{
	char list[100] = "";
	size_t used = 0;

	for (int i = 0; words[i]; i++) {
		if (strcmp(value, words[i]) == 0)
			return i;
	}
	for (int i = 0; words[i] && used < sizeof list; i++)
		used += (size_t)snprintf(list + used, sizeof list - used,
					 "%s%s",
					 i == 0		? ""
					 : words[i + 1] ? ", "
							: " or ",
					 words[i]);
	return err_set(E_INVALID, "%s is %s", key, list);
}

static int set_number(const char *key, const char *value, int min, int max,
		      int *out)
{
	char *end;
	long v = strtol(value, &end, 10);

	if (end == value || *end || v < min || v > max)
		return err_set(E_INVALID, "%s is a number from %d to %d", key,
			       min, max);
	*out = (int)v;
	return 0;
}

static int set_file(struct csv_map *m, const char *key, const char *value)
{
	static const char *const delimiters[] = {"auto", "comma", "semicolon",
						 "tab", NULL};
	static const char *const encodings[] = {"utf-8", "windows-1252", NULL};
	static const char *const policies[] = {"row", "file", "pad", NULL};
	int x;

	if (strcmp(key, "delimiter") == 0) {
		x = one_of(key, value, delimiters);
		if (x >= 0)
			m->shape.delimiter = "\0,;\t"[x];
		return x < 0 ? x : 0;
	}
	if (strcmp(key, "encoding") == 0) {
		x = one_of(key, value, encodings);
		m->shape.windows_1252 = x == 1;
		return x < 0 ? x : 0;
	}
	if (strcmp(key, "fields") == 0) {
		x = one_of(key, value, policies);
		if (x >= 0)
			m->shape.fields = (enum csv_policy)x;
		return x < 0 ? x : 0;
	}
	if (strcmp(key, "header") == 0)
		return set_number(key, value, 1, 1000, &m->shape.header);
	if (strcmp(key, "pivot") == 0)
		return set_number(key, value, 0, 99, &m->pivot);
	if (strcmp(key, "date") == 0)
		return set_formats(m, value);
	if (strcmp(key, "source") == 0) {
		snprintf(m->source, sizeof m->source, "%s", value);
		return 0;
	}
	return err_set(E_INVALID,
		       "[file] has delimiter, encoding, header, fields, date, "
		       "pivot and source, not %s",
		       key);
}

static int refuse_key(enum csv_section section, const char *key)
{
	char list[400] = "";
	size_t used = 0;

	for (int i = 0; i < csv_field_count; i++) {
		if (csv_fields[i].section == section && used < sizeof list)
			used += (size_t)snprintf(
				list + used, sizeof list - used, "%s%s",
				used ? ", " : "", csv_fields[i].key);
	}
	return err_set(E_INVALID, "[%s] has no field %s; it has: %s",
		       csv_section_text(section), key, list);
}

static int set_format_of(struct csv_map *m, int field, int group,
			 const char *value)
{
	int32_t day;

	for (int i = 0; i < m->n; i++) {
		if (m->column[i].field != field || m->column[i].group != group)
			continue;
		tidy(m->column[i].format, CSV_FORMAT, value);
		return csv_row_date(m, m->column[i].format, "", &day) ==
				       E_FORMAT
			       ? E_INVALID
			       : 0;
	}
	return err_set(E_INVALID, "name the column before its format");
}

static int set_column(struct loading *l, enum csv_section section, int group,
		      const char *key, const char *value, int line)
{
	struct csv_map *m = l->m;
	size_t len = strlen(key);
	int field = find_field(section, key, len);
	struct csv_column *c;

	if (field < 0 && len > 7 && strcmp(key + len - 7, "_format") == 0) {
		field = find_field(section, key, len - 7);
		if (field >= 0 && csv_fields[field].type != CSV_DAY &&
		    csv_fields[field].type != CSV_BIRTH)
			field = -1;
		if (field >= 0)
			return set_format_of(m, field, group, value);
	}
	if (field < 0)
		return refuse_key(section, key);
	if (csv_map_column(m, section, key, group))
		return err_set(E_INVALID, "%s is given twice", key);
	if (m->n == CSV_MAPPED)
		return err_set(E_INVALID, "at most %d columns", CSV_MAPPED);
	c = &m->column[m->n++];
	c->field = field;
	c->group = group;
	c->line = line;
	c->at = -1;
	tidy(c->name, sizeof c->name, value);
	if (!*c->name)
		return err_set(E_INVALID, "%s names no column", key);
	if (group >= m->groups && section >= CSV_OF_NEED)
		m->groups = group + 1;
	l->last = c->name;
	l->last_size = sizeof c->name;
	return 0;
}

static int set_word(struct loading *l, int field, const char *from,
		    const char *to)
{
	struct csv_map *m = l->m;
	struct csv_word *w;
	const char *id = to;

	if (m->n_words == CSV_WORDS)
		return err_set(E_INVALID, "at most %d words", CSV_WORDS);
	if (strcmp(to, "-") != 0) {
		id = find_word(m, &csv_fields[field], to);
		if (!id)
			return refuse_word(m, &csv_fields[field], to);
	}
	w = &m->word[m->n_words++];
	w->field = field;
	tidy(w->from, sizeof w->from, from);
	snprintf(w->to, sizeof w->to, "%s", id);
	return 0;
}

/* "referral 2" is a section and a group, "need domain values" words. */
static int parse_section(const char *name, enum csv_section *section,
			 int *group, int *words)
{
	*group = 0;
	*words = -1;
	for (int s = 0; s < CSV_SECTIONS; s++) {
		size_t len = strlen(csv_section_text(s));
		const char *rest = name + len;
		char *end;

		if (strncmp(name, csv_section_text(s), len) != 0)
			continue;
		*section = s;
		if (!*rest)
			return 0;
		if (*rest++ != ' ')
			continue;
		len = strlen(rest);
		if (len > 7 && strcmp(rest + len - 7, " values") == 0) {
			*words = find_field(s, rest, len - 7);
			if (*words >= 0 && csv_fields[*words].type == CSV_CODE)
				return 0;
			return err_set(E_INVALID,
				       "[%s]: %.*s is not a field of words",
				       name, (int)len - 7, rest);
		}
		*group = (int)strtol(rest, &end, 10) - 1;
		if (s >= CSV_OF_NEED && end != rest && !*end && *group >= 0 &&
		    *group < CSV_GROUPS)
			return 0;
	}
	return err_set(E_INVALID,
		       "there is no section [%s]; there are [file], [child], "
		       "[case], [need], [referral], [need 2] to [need %d], "
		       "[referral 2] to [referral %d], and words like [need "
		       "domain values]",
		       name, CSV_GROUPS, CSV_GROUPS);
}

static int on_pair(void *arg, const char *name, const char *key,
		   const char *value, bool more, int line)
{
	struct loading *l = arg;
	enum csv_section section = CSV_OF_CHILD;
	int group, words, x;
	size_t used;

	if (more) {
		if (!l->last)
			return err_set(E_INVALID, "%s takes one line", key);
		used = strlen(l->last);
		snprintf(l->last + used, l->last_size - used, " %s", value);
		return 0;
	}
	l->last = NULL;
	if (strcmp(name, "file") == 0)
		return set_file(l->m, key, value);
	x = parse_section(name, &section, &group, &words);
	if (x < 0)
		return x;
	if (words >= 0)
		return set_word(l, words, key, value);
	return set_column(l, section, group, key, value, line);
}

/* --- what it must have --- */

static int check_groups(const struct csv_map *m)
{
	for (int i = 0; i < m->n; i++) {
		const struct csv_column *c = &m->column[i];

		if (csv_fields[c->field].section < CSV_OF_NEED ||
		    csv_map_column(m, CSV_OF_NEED, "domain", c->group))
			continue;
		if (c->group == 0)
			return err_set(E_INVALID,
				       "line %d: a need or a referral wants "
				       "\"domain\" in [need]",
				       c->line);
		return err_set(E_INVALID,
			       "line %d: a need or a referral wants \"domain\" "
			       "in [need %d]",
			       c->line, c->group + 1);
	}
	return 0;
}

static int check_map(struct csv_map *m)
{
	if (!csv_map_column(m, CSV_OF_CHILD, "birth", 0) ||
	    (!csv_map_column(m, CSV_OF_CHILD, "given", 0) &&
	     !csv_map_column(m, CSV_OF_CHILD, "family", 0)))
		return err_set(E_INVALID, "[child] wants \"birth\", and "
					  "\"given\", \"family\" or both");
	if (m->formats == 0) {
		snprintf(m->format[0], CSV_FORMAT, "YYYY-MM-DD");
		m->formats = 1;
	}
	return check_groups(m);
}

int csv_map_load(struct csv_map **out, const struct vocabulary *words,
		 const char *path)
{
	struct loading l = {NULL};
	int x;

	l.m = mem_calloc(1, sizeof *l.m);
	if (!l.m)
		return err_set(E_NOMEM, "out of memory for %s", path);
	l.m->words = words;
	l.m->pivot = -1;
	l.m->shape.header = 1;
	x = conf_read(path, on_pair, &l);
	if (x == 0) {
		x = check_map(l.m);
		if (x < 0)
			x = err_prefix(x, "%s", path);
	}
	if (x == 0) {
		*out = l.m;
		l.m = NULL;
	}
	csv_map_free(l.m);
	return x;
}

void csv_map_free(struct csv_map *m)
{
	mem_free(m);
}

const struct csv_column *csv_map_column(const struct csv_map *m,
					enum csv_section section,
					const char *key, int group)
{
	for (int i = 0; i < m->n; i++) {
		const struct csv_field *f = &csv_fields[m->column[i].field];

		if (f->section == section && m->column[i].group == group &&
		    strcmp(f->key, key) == 0)
			return &m->column[i];
	}
	return NULL;
}

/* The header's names are not quoted: without a header they are a child's. */
int csv_map_bind(struct csv_map *m, const struct csv_cells *header)
{
	m->fields = header->n;
	for (int i = 0; i < m->n; i++) {
		struct csv_column *c = &m->column[i];

		c->at = -1;
		for (int k = 0; k < header->n; k++) {
			if (!csv_map_same(header->cell[k], c->name))
				continue;
			if (c->at >= 0)
				return err_set(E_INVALID,
					       "line %lld: two columns are "
					       "called \"%s\"",
					       (long long)header->line,
					       c->name);
			c->at = k;
		}
		if (c->at < 0)
			return err_set(E_INVALID,
				       "line %lld: no column is called \"%s\", "
				       "as line %d of the mapping has it; is "
				       "this the header's line?",
				       (long long)header->line, c->name,
				       c->line);
	}
	return 0;
}
