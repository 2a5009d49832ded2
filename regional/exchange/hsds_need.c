/* Which term of a taxonomy is which need, and which name of a language is which
 * of ours: rules in a file, because every directory has words of its own.
 *
 *	[need food]
 *	words = food, pantr*, soup kitchen
 *	[language spanish]
 *	words = spanish, espanol
 *	[skip]
 *	words = volunteer*, donation programs
 *
 * A word or phrase stands whole, whatever the case of its letters; "*" at its
 * end lets it go on. A term in which a phrase of [skip] stands is none at all;
 * else it is every need of which one stands in it, but not inside of a longer
 * one: "mental health" is not "health". What no rule knows is left
 * for a person: `ccfed import hsds --terms` lists it. */
#include "regional/exchange/hsds_item.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "daemon/core/conf.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"

enum { RULES_MAX = 1000, PHRASE = 48 };

struct hsds_rules {
	const struct vocabulary *words;
	int n;
	struct rule {
		int list, word; /* @word -1: skip */
		char phrase[PHRASE];
	} rule[RULES_MAX];
};

struct loading {
	struct hsds_rules *k;
	int list, word;
};

static int take_phrases(struct loading *l, const char *value)
{
	while (*value) {
		size_t len = strcspn(value, ",");
		const char *at = value;
		struct rule *rule;

		value += len + (value[len] == ',');
		while (len > 0 && isspace((unsigned char)*at)) {
			at++;
			len--;
		}
		while (len > 0 && isspace((unsigned char)at[len - 1]))
			len--;
		if (len == 0)
			continue;
		if (len >= PHRASE)
			return err_set(E_INVALID,
				       "a phrase has at most %d characters",
				       PHRASE - 1);
		if (l->k->n == RULES_MAX)
			return err_set(E_INVALID, "at most %d phrases",
				       RULES_MAX);
		rule = &l->k->rule[l->k->n++];
		rule->list = l->list;
		rule->word = l->word;
		snprintf(rule->phrase, PHRASE, "%.*s", (int)len, at);
	}
	return 0;
}

static int take_section(struct loading *l, const char *section)
{
	l->list = WORDS_NEED;
	l->word = -1;
	if (strcmp(section, "skip") == 0)
		return 0;
	if (strncmp(section, "need ", 5) == 0) {
		l->word = vocabulary_find(l->k->words, WORDS_NEED, section + 5);
	} else if (strncmp(section, "language ", 9) == 0) {
		l->list = WORDS_LANGUAGE;
		l->word = vocabulary_find(l->k->words, WORDS_LANGUAGE,
					  section + 9);
	}
	if (l->word < 0)
		return err_set(E_INVALID,
			       "[%s] is none of [need WORD], [language WORD] "
			       "and [skip], WORD being one of the vocabulary",
			       section);
	return 0;
}

static int on_pair(void *arg, const char *section, const char *key,
		   const char *value, bool more, int line)
{
	struct loading *l = arg;
	int x = take_section(l, section);

	if (x == 0 && strcmp(key, "words") != 0)
		x = err_set(E_INVALID, "there is only \"words\", not %s", key);
	return x < 0 ? x : take_phrases(l, value);
}

int hsds_rules_load(struct hsds_rules **out, const struct vocabulary *words,
		    const char *path)
{
	struct loading l = {NULL};
	int x;

	l.k = mem_calloc(1, sizeof *l.k);
	if (!l.k)
		return err_set(E_NOMEM, "out of memory for %s", path);
	l.k->words = words;
	x = conf_read(path, on_pair, &l);
	if (x == 0) {
		*out = l.k;
		l.k = NULL;
	}
	hsds_rules_free(l.k);
	return x;
}

void hsds_rules_free(struct hsds_rules *k)
{
	mem_free(k);
}

/* Bytes over 0x7f are letters of some language. */
static bool is_letter(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* From where to where @phrase stands in @text, from @text[*from] on. */
static bool find_phrase(const char *text, const char *phrase, size_t *from,
			size_t *to)
{
	size_t len = strlen(phrase);
	bool open = phrase[len - 1] == '*';

	len -= open;
	for (size_t i = *from; text[i]; i++) {
		if ((i > 0 && is_letter(text[i - 1])) ||
		    strncasecmp(text + i, phrase, len) != 0)
			continue;
		if (!open && is_letter(text[i + len]))
			continue;
		*from = i;
		for (*to = i + len; open && is_letter(text[*to]);)
			++*to;
		return true;
	}
	return false;
}

/* A longer phrase of @list than that of @rule stands all around it. */
static bool is_covered(const struct hsds_rules *k, const struct rule *rule,
		       const char *text, size_t from, size_t to)
{
	for (int i = 0; i < k->n; i++) {
		size_t f = 0, t = 0;

		if (k->rule[i].list != rule->list || k->rule[i].word < 0)
			continue;
		for (; find_phrase(text, k->rule[i].phrase, &f, &t); f++) {
			if (f <= from && t >= to && t - f > to - from)
				return true;
		}
	}
	return false;
}

static bool stands_in(const struct hsds_rules *k, const struct rule *rule,
		      const char *text)
{
	size_t from = 0, to = 0;

	for (; find_phrase(text, rule->phrase, &from, &to); from++) {
		if (rule->word < 0 || !is_covered(k, rule, text, from, to))
			return true;
	}
	return false;
}

void hsds_rules_find(const struct hsds_rules *k, enum words list,
		     const char *text, char out[HSDS_LIST])
{
	for (int i = 0; list == WORDS_NEED && i < k->n; i++) {
		if (k->rule[i].word < 0 && stands_in(k, &k->rule[i], text))
			return;
	}
	for (int i = 0; i < k->n; i++) {
		const struct rule *rule = &k->rule[i];

		if (rule->list == (int)list && rule->word >= 0 &&
		    stands_in(k, rule, text))
			hsds_list_put(
				out, vocabulary_word(k->words, list, rule->word)
					     ->id);
	}
}

bool hsds_list_put(char list[HSDS_LIST], const char *item)
{
	size_t used = strlen(list), len = strlen(item);
	char one[NAME_TEXT];

	for (const char *p = list; hsds_list_next(&p, one, sizeof one);) {
		if (strcasecmp(one, item) == 0)
			return true;
	}
	if (len == 0 || len >= NAME_TEXT || used + len + 2 > HSDS_LIST)
		return len == 0;
	snprintf(list + used, HSDS_LIST - used, "%s\n", item);
	return true;
}

bool hsds_list_next(const char **list, char *out, size_t size)
{
	size_t len = strcspn(*list, "\n");

	if (len == 0)
		return false;
	snprintf(out, size, "%.*s", (int)len, *list);
	*list += len + ((*list)[len] == '\n');
	return true;
}
