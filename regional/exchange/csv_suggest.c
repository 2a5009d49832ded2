/* A mapping to begin with. Only the header is looked at: what a column is
 * called, not what stands in it. */
#include "regional/exchange/csv_item.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "regional/case/field.h"

enum { HEADER_READ = 1 };

struct guess {
	FILE *to;
	bool used[CSV_COLUMNS];
};

/* Letters and digits alone, in small letters, without the digits at the end,
 * which are the group's: "Need 2" is need, 2. */
static int plain(const char *name, char out[CSV_NAME])
{
	size_t n = 0, digits;
	int number;

	for (; *name && n + 1 < CSV_NAME; name++) {
		if (isalnum((unsigned char)*name))
			out[n++] = (char)tolower((unsigned char)*name);
	}
	out[n] = '\0';
	for (digits = n; digits > 0 && isdigit((unsigned char)out[digits - 1]);)
		digits--;
	if (n - digits != 1 || digits == 0)
		return 1;
	number = out[digits] - '0';
	out[digits] = '\0';
	return number;
}

static bool among(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *p = list; len > 0 && (p = strstr(p, word)); p += len) {
		if ((p == list || p[-1] == ' ') &&
		    (p[len] == ' ' || p[len] == '\0'))
			return true;
	}
	return false;
}

/* What the conf reader would refuse is only told, in a comment. */
static bool can_stand(const char *name)
{
	return strlen(name) < 100 && !strpbrk(name, "\r\n;\"") &&
	       field_utf8((const unsigned char *)name, strlen(name)) &&
	       field_text("", name, CSV_NAME) == 0;
}

/* The first unused column that is guessed to feed @f of @group, or -1. */
static int guess_column(const struct guess *w, const struct csv_cells *row,
			const struct csv_field *f, int group)
{
	char name[CSV_NAME];

	for (int i = 0; i < row->n; i++) {
		if (!w->used[i] && can_stand(row->cell[i]) &&
		    plain(row->cell[i], name) == group + 1 &&
		    among(f->guess, name))
			return i;
	}
	return -1;
}

/* A record without what it can't be without is no mapping that works. */
static bool is_whole(const struct guess *w, const struct csv_cells *row,
		     enum csv_section s, int group)
{
	bool named = s != CSV_OF_CAREGIVER;

	for (int i = 0; i < csv_field_count; i++) {
		const struct csv_field *f = &csv_fields[i];
		bool there = f->section == s &&
			     guess_column(w, row, f, group) >= 0;

		if (f->section != s)
			continue;
		if (!there && among(csv_sections[s].must, f->key))
			return false;
		if (there && (strcmp(f->key, "name") == 0 ||
			      strcmp(f->key, "given") == 0 ||
			      strcmp(f->key, "surname") == 0))
			named = true;
	}
	return named;
}

static void put_section(struct guess *w, const struct csv_cells *row,
			enum csv_section section, int group)
{
	bool begun = false;

	if (section >= CSV_OF_STAFF && !is_whole(w, row, section, group))
		return;
	for (int f = 0; f < csv_field_count; f++) {
		const struct csv_field *is = &csv_fields[f];
		int i;

		if (is->section != section ||
		    (i = guess_column(w, row, is, group)) < 0)
			continue;
		w->used[i] = true;
		if (!begun && group == 0)
			fprintf(w->to, "\n[%s]\n", csv_sections[section].name);
		else if (!begun)
			fprintf(w->to, "\n[%s %d]\n",
				csv_sections[section].name, group + 1);
		begun = true;
		fprintf(w->to, "%s = %s\n", is->key, row->cell[i]);
	}
}

/* The conf reader looks at the bytes and the length of comments, too. */
static void put_comment(FILE *to, const char *name)
{
	bool plain_text =
		field_utf8((const unsigned char *)name, strlen(name)) &&
		strlen(name) < CSV_NAME;

	for (int n = 0; *name && n < CSV_NAME; name++, n++) {
		unsigned char c = (unsigned char)*name;
		bool odd = c < 0x20 || c == 0x7f || c == ';' ||
			   (c >= 0x80 && !plain_text);

		fputc(odd ? ' ' : c, to);
	}
}

static void put_rest(struct guess *w, const struct csv_cells *row)
{
	bool begun = false;

	for (int i = 0; i < row->n; i++) {
		if (w->used[i] || !*row->cell[i])
			continue;
		if (!begun)
			fputs("\n# Columns that nothing is taken from:\n",
			      w->to);
		begun = true;
		fputs("#\t", w->to);
		put_comment(w->to, row->cell[i]);
		fputc('\n', w->to);
	}
}

static void put_fields(FILE *to)
{
	for (int s = 0; s < CSV_SECTIONS; s++) {
		int n = 0;

		fprintf(to, "# [%s]", csv_sections[s].name);
		for (int f = 0; f < csv_field_count; f++) {
			if ((int)csv_fields[f].section != s)
				continue;
			fprintf(to, "%s%s", n > 0 && n % 7 == 0 ? "\n#\t" : " ",
				csv_fields[f].key);
			if (csv_fields[f].type == CSV_ENTRY)
				fputs(strcmp(csv_fields[f].key, "answer") == 0
					      ? ".ITEM"
					      : ".DOMAIN",
				      to);
			n++;
		}
		fputc('\n', to);
	}
}

static int on_header(void *arg, const struct csv_cells *row)
{
	struct guess *w = arg;

	fputs("# A guess from the header. Correct it, then try it with "
	      "--dry-run.\n"
	      "# FIELD = COLUMN; the fields that there are:\n",
	      w->to);
	put_fields(w->to);
	fputs("# From [need] on a section may come again, as [need 2].\n"
	      "\n[file]\n"
	      "# How days are written; several are divided by commas.\n"
	      "date = MM/DD/YYYY, YYYY-MM-DD\n"
	      "# Years of two digits: with 30, 30 is 2030 and 31 is 1931.\n"
	      "# pivot = 30\n"
	      "# encoding = windows-1252\n",
	      w->to);
	for (int s = 0; s < CSV_OF_NEED; s++)
		put_section(w, row, s, 0);
	for (int g = 0; g < CSV_GROUPS; g++) {
		put_section(w, row, CSV_OF_NEED, g);
		put_section(w, row, CSV_OF_REFERRAL, g);
	}
	for (int s = CSV_OF_STAFF; s < CSV_SECTIONS; s++) {
		for (int g = 0; g < CSV_GROUPS; g++)
			put_section(w, row, s, g);
	}
	put_rest(w, row);
	fputs("\n# Words of the sheet that are others here; - takes nothing.\n"
	      "[child sex values]\n"
	      "F = female\n"
	      "M = male\n\n"
	      "# [need domain values]\n"
	      "# Food help = food\n"
	      "# None = -\n",
	      w->to);
	return HEADER_READ;
}

/* open_memstream allocates by itself; what it made is copied. */
static int write_down(const struct csv_shape *shape, const char *text,
		      size_t len, char **out)
{
	struct guess *w = mem_calloc(1, sizeof *w);
	char *made = NULL;
	size_t size = 0;
	int x;

	if (w)
		w->to = open_memstream(&made, &size);
	if (!w || !w->to) {
		mem_free(w);
		return err_set(E_NOMEM, "out of memory for a mapping");
	}
	x = csv_read_text(shape, text, len, on_header, w);
	if (x == 0)
		x = err_set(E_FORMAT, "there is no header in it");
	if (fclose(w->to) != 0 && x > 0)
		x = err_set(E_NOMEM, "out of memory for a mapping");
	if (x > 0) {
		*out = mem_strdup(made);
		x = *out ? 0 : err_set(E_NOMEM, "out of memory for a mapping");
	}
	free(made);
	mem_free(w);
	return x;
}

int csv_suggest(const char *path, char **out)
{
	const struct csv_shape shape = {.header = 1};
	char *text = NULL;
	size_t len = 0;
	int x;

	x = csv_read_file(path, &shape, &text, &len);
	if (x < 0)
		return x;
	x = write_down(&shape, text, len, out);
	mem_free(text);
	return x < 0 ? err_prefix(x, "%s", path) : x;
}
