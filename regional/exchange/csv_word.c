/* What stands in a sheet for a word of the vocabulary. Beside what the mapping
 * says, a word stands for itself, by its id or its title; "y", "true", "1" and
 * "x" are yes, "n", "false" and "0" no. */
#include "regional/exchange/csv_item.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "daemon/core/err.h"
#include "proto/catalogue.h"

void csv_map_tidy(char *out, size_t size, const char *text)
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

	csv_map_tidy(x, sizeof x, a);
	csv_map_tidy(y, sizeof y, b);
	return strcasecmp(x, y) == 0;
}

/* @from may have "?" for any byte. */
static bool stands_for(const char *from, const char *text)
{
	char tidied[CSV_NAME];
	const char *s = tidied;

	csv_map_tidy(tidied, sizeof tidied, text);
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
	if (f->type == CSV_YES)
		return i < 2 ? &"yes\0no"[i * 4] : NULL;
	if (f->type == CSV_INSTRUMENT)
		return m->cat && i < catalogue_instruments(m->cat)
			       ? catalogue_instrument(m->cat, i)->id
			       : NULL;
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
	static const char *const yes[] = {"y", "true", "1", "x"};
	static const char *const no[] = {"n", "false", "0"};
	const char *id;

	for (int i = 0; f->type == CSV_YES && i < 4; i++) {
		if (csv_map_same(yes[i], text))
			return "yes";
		if (i < 3 && csv_map_same(no[i], text))
			return "no";
	}

	for (int i = 0; (id = allowed(m, f, i)); i++) {
		if (csv_map_same(id, text))
			return id;
	}
	for (int i = 0; f->words != WORDS_COUNT &&
			i < vocabulary_count(m->words, f->words);
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

int csv_map_words(const struct csv_map *m, const struct csv_field *f,
		  const char *text, char *out, size_t size)
{
	char one[CSV_NAME], id[40];
	size_t used = 0;

	out[0] = '\0';
	/* One that is several words here, or has a comma in its title. */
	if (csv_map_word(m, f, text, out, size) == 0)
		return 0;
	while (csv_map_next(&text, one, sizeof one)) {
		int x = csv_map_word(m, f, one, id, sizeof id);

		if (x < 0)
			return x;
		if (!*id)
			continue;
		if (used + strlen(id) + 2 > size)
			return err_set(E_INVALID, "these are too many words");
		used += (size_t)snprintf(out + used, size - used, "%s%s",
					 used ? "," : "", id);
	}
	return 0;
}

bool csv_map_next(const char **list, char *out, size_t size)
{
	size_t len;

	*list += strspn(*list, ",; ");
	len = strcspn(*list, ",;");
	if (len == 0)
		return false;
	snprintf(out, size, "%.*s", (int)(len < size ? len : size - 1), *list);
	*list += len;
	for (len = strlen(out); len > 0 && out[len - 1] == ' '; len--)
		out[len - 1] = '\0';
	return true;
}

int csv_map_say(struct csv_map *m, int field, const char *from, const char *to)
{
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
	csv_map_tidy(w->from, sizeof w->from, from);
	snprintf(w->to, sizeof w->to, "%s", id);
	return 0;
}
