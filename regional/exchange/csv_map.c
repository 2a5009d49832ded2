/* The mapping file. It is a conf file (daemon/core/conf.h):
 *
 *	[file]		delimiter, encoding, header, fields, date, pivot, source
 *	[child]		field = Column, for the fields in csv_field.c; by its
 *	[case]		number alone, it must be here already
 *	[need]		the same again as [need 2] ... [need 6] for needs that
 *	[referral]	stand side by side in one row; [referral 2] is of
 *			[need 2]. So with all that follow:
 *	[family] [caregiver] [coverage] [benefit] [practice] [consent]
 *	[screening]	score.DOMAIN, result.DOMAIN, cutoff.DOMAIN and
 *			answer.ITEM = Column; or "domain", "score" and the like
 *			for sheets with a row for each domain
 *	[level] [assignment] [goal] [contact] [visit]
 *	[staff] [organization] [service]	of no child; these, and
 *			[practice], may stand in a sheet without [child]
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

#include "daemon/core/conf.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"

/* --- reading it --- */

struct loading {
	struct csv_map *m;
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
		csv_map_tidy(m->format[m->formats], CSV_FORMAT, one);
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
	char list[700] = "";
	size_t used = 0;

	for (int i = 0; i < csv_field_count; i++) {
		if (csv_fields[i].section == section && used < sizeof list)
			used += (size_t)snprintf(
				list + used, sizeof list - used, "%s%s",
				used ? ", " : "", csv_fields[i].key);
	}
	return err_set(E_INVALID, "[%s] has no field %s; it has: %s",
		       csv_sections[section].name, key, list);
}

static int set_format_of(struct csv_map *m, int field, int group,
			 const char *value)
{
	int32_t day;

	for (int i = 0; i < m->n; i++) {
		if (m->column[i].field != field || m->column[i].group != group)
			continue;
		csv_map_tidy(m->column[i].format, CSV_FORMAT, value);
		return csv_row_date(m, m->column[i].format, "", &day) ==
				       E_FORMAT
			       ? E_INVALID
			       : 0;
	}
	return err_set(E_INVALID, "name the column before its format");
}

static bool is_day(int field)
{
	return csv_fields[field].type == CSV_DAY ||
	       csv_fields[field].type == CSV_AHEAD ||
	       csv_fields[field].type == CSV_BIRTH;
}

/* "score.communication" is a field and a part of it. */
static int find_part(enum csv_section section, const char *key,
		     const char **part)
{
	const char *dot = strchr(key, '.');
	int field = -1;

	*part = "";
	if (dot)
		field = find_field(section, key, (size_t)(dot - key));
	if (field < 0 || csv_fields[field].type != CSV_ENTRY || !dot[1] ||
	    strlen(dot + 1) >= INSTRUMENT_CODE)
		return find_field(section, key, strlen(key));
	*part = dot + 1;
	return field;
}

static bool is_given(const struct csv_map *m, int field, const char *part,
		     int group)
{
	for (int i = 0; i < m->n; i++) {
		if (m->column[i].field == field &&
		    m->column[i].group == group &&
		    strcmp(m->column[i].part, part) == 0)
			return true;
	}
	return false;
}

static int set_column(struct loading *l, enum csv_section section, int group,
		      const char *key, const char *value, int line)
{
	struct csv_map *m = l->m;
	size_t len = strlen(key);
	const char *part;
	int field = find_part(section, key, &part);
	struct csv_column *c;

	if (field < 0 && len > 7 && strcmp(key + len - 7, "_format") == 0) {
		field = find_field(section, key, len - 7);
		if (field >= 0 && !is_day(field))
			field = -1;
		if (field >= 0)
			return set_format_of(m, field, group, value);
	}
	if (field < 0)
		return refuse_key(section, key);
	if (is_given(m, field, part, group))
		return err_set(E_INVALID, "%s is given twice", key);
	if (m->n == CSV_MAPPED)
		return err_set(E_INVALID, "at most %d columns", CSV_MAPPED);
	c = &m->column[m->n++];
	c->field = field;
	c->group = group;
	c->line = line;
	c->at = -1;
	snprintf(c->part, sizeof c->part, "%s", part);
	csv_map_tidy(c->name, sizeof c->name, value);
	if (!*c->name)
		return err_set(E_INVALID, "%s names no column", key);
	if (group >= m->groups && csv_sections[section].many)
		m->groups = group + 1;
	m->of_children |= section == CSV_OF_CHILD;
	l->last = c->name;
	l->last_size = sizeof c->name;
	return 0;
}

static bool has_words(int field)
{
	return csv_fields[field].type == CSV_CODE ||
	       csv_fields[field].type == CSV_CODES ||
	       csv_fields[field].type == CSV_YES ||
	       csv_fields[field].type == CSV_INSTRUMENT;
}

static int refuse_section(const char *name)
{
	char list[400] = "";
	size_t used = 0;

	for (int s = 0; s < CSV_SECTIONS && used < sizeof list; s++)
		used += (size_t)snprintf(list + used, sizeof list - used,
					 ", [%s]", csv_sections[s].name);
	return err_set(E_INVALID,
		       "there is no section [%s]; there are [file]%s; from "
		       "[need] on each again as [need 2] to [need %d]; and "
		       "words like [need domain values]",
		       name, list, CSV_GROUPS);
}

/* "referral 2" is a section and a group, "need domain values" words. */
static int parse_section(const char *name, enum csv_section *section,
			 int *group, int *words)
{
	*group = 0;
	*words = -1;
	for (int s = 0; s < CSV_SECTIONS; s++) {
		size_t len = strlen(csv_sections[s].name);
		const char *rest = name + len;
		char *end;

		if (strncmp(name, csv_sections[s].name, len) != 0)
			continue;
		*section = s;
		if (!*rest)
			return 0;
		if (*rest++ != ' ')
			continue;
		len = strlen(rest);
		if (len > 7 && strcmp(rest + len - 7, " values") == 0) {
			*words = find_field(s, rest, len - 7);
			if (*words >= 0 && has_words(*words))
				return 0;
			return err_set(E_INVALID,
				       "[%s]: %.*s is not a field of words",
				       name, (int)len - 7, rest);
		}
		*group = (int)strtol(rest, &end, 10) - 1;
		if (csv_sections[s].many && end != rest && !*end &&
		    *group >= 0 && *group < CSV_GROUPS)
			return 0;
	}
	return refuse_section(name);
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
		return csv_map_say(l->m, words, key, value);
	return set_column(l, section, group, key, value, line);
}

/* --- what it must have --- */

/* A need is what a referral hangs on. */
static int check_needs(const struct csv_map *m)
{
	for (int i = 0; i < m->n; i++) {
		const struct csv_column *c = &m->column[i];
		int s = csv_fields[c->field].section;

		if ((s != CSV_OF_NEED && s != CSV_OF_REFERRAL) ||
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

/* What a record can't be without must have a column. */
static int check_must(const struct csv_map *m)
{
	for (int i = 0; i < m->n; i++) {
		const struct csv_column *c = &m->column[i];
		int s = csv_fields[c->field].section;
		const char *must = csv_sections[s].must;
		char key[40];

		for (; *must; must += strspn(must, " ")) {
			size_t len = strcspn(must, " ");

			snprintf(key, sizeof key, "%.*s", (int)len, must);
			must += len;
			if (s != CSV_OF_NEED &&
			    !csv_map_column(m, s, key, c->group))
				return err_set(
					E_INVALID, "line %d: [%s] wants \"%s\"",
					c->line, csv_sections[s].name, key);
		}
	}
	return 0;
}

/* Number, or names and birth date; or nothing in it is of a child. */
static int check_child(const struct csv_map *m)
{
	bool named = csv_map_column(m, CSV_OF_CHILD, "given", 0) ||
		     csv_map_column(m, CSV_OF_CHILD, "family", 0);

	for (int i = 0; !m->of_children && i < m->n; i++) {
		const struct csv_section_is *s =
			&csv_sections[csv_fields[m->column[i].field].section];

		if (!s->own)
			return err_set(E_INVALID,
				       "line %d: [%s] is of a child; say in "
				       "[child] by which columns it is known",
				       m->column[i].line, s->name);
	}
	if (m->n > 0 && !m->of_children)
		return 0;
	if (csv_map_column(m, CSV_OF_CHILD, "birth", 0)
		    ? named
		    : !named && csv_map_column(m, CSV_OF_CHILD, "source_id", 0))
		return 0;
	return err_set(E_INVALID,
		       "[child] wants \"birth\", and \"given\", \"family\" or "
		       "both; or \"source_id\" alone for children who are here "
		       "already");
}

static int check_map(struct csv_map *m)
{
	int x = check_child(m);

	if (m->formats == 0) {
		snprintf(m->format[0], CSV_FORMAT, "YYYY-MM-DD");
		m->formats = 1;
	}
	if (x == 0)
		x = check_needs(m);
	return x < 0 ? x : check_must(m);
}

int csv_map_load(struct csv_map **out, const struct vocabulary *words,
		 const struct catalogue *cat, const char *path)
{
	struct loading l = {NULL};
	int x;

	l.m = mem_calloc(1, sizeof *l.m);
	if (!l.m)
		return err_set(E_NOMEM, "out of memory for %s", path);
	l.m->words = words;
	l.m->cat = cat;
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
