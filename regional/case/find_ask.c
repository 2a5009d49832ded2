/* The part of find.h that reads a question. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "regional/case/find_parts.h"

enum { TOKENS = 32, TOKEN = 64 };

struct asking {
	char token[TOKENS][TOKEN];
	int tokens;
	struct find_ask *out;
	int room, n;
};

static void split(struct asking *g, const char *text)
{
	static const char between[] = " \t\r\n,;";

	while (g->tokens < TOKENS) {
		size_t len;

		text += strspn(text, between);
		len = strcspn(text, between);
		if (len == 0)
			return;
		snprintf(g->token[g->tokens++], TOKEN, "%.*s",
			 (int)(len < TOKEN ? len : TOKEN - 1), text);
		text += len;
	}
}

static struct find_ask *next_ask(struct asking *g)
{
	static struct find_ask beyond;
	struct find_ask *a = g->n < g->room ? &g->out[g->n] : &beyond;

	g->n++;
	memset(a, 0, sizeof *a);
	return a;
}

/* --- dates --- */

/* 0 for day or month: not said. False if there is no such day. */
static int ask_birth(struct asking *g, int year, int month, int day)
{
	struct find_ask *a;

	if (month > 12 && day >= 1 && day <= 12) {
		int first = month;

		month = day;
		day = first;
	}
	if (year < 100)
		year += year > 50 ? 1900 : 2000;
	if (year < 1900 || year > 2200 || month < 1 || month > 12 || day < 0 ||
	    day > 31)
		return 0;
	if (!g)
		return 1;
	a = next_ask(g);
	if (day)
		snprintf(a->birth, FIND_WORD, "=%04d-%02d-%02d", year, month,
			 day);
	else
		snprintf(a->birth, FIND_WORD, "=%04d-%02d", year, month);
	return 1;
}

/* Numbers of at most four digits between / . or -; how many, 0 if it is
 * something else. */
static int numbers(const char *s, int v[3], int digits[3])
{
	int n = 0;

	while (n < 3) {
		digits[n] = (int)strspn(s, "0123456789");
		if (digits[n] < 1 || digits[n] > 4)
			return 0;
		v[n] = (int)strtol(s, NULL, 10);
		s += digits[n++];
		if (!*s)
			return n;
		if (!strchr("/.-", *s++))
			return 0;
	}
	return 0;
}

/* Nothing is asked with g NULL: is it one? */
static int take_date(struct asking *g, const char *token)
{
	int v[3], digits[3], n = numbers(token, v, digits);

	if (n == 3 && digits[0] == 4)
		return ask_birth(g, v[0], v[1], v[2]);
	if (n == 3 && digits[0] <= 2 && digits[1] <= 2 &&
	    (digits[2] == 2 || digits[2] == 4))
		return ask_birth(g, v[2], v[0], v[1]);
	if (n == 2 && digits[1] == 4 && digits[0] <= 2)
		return ask_birth(g, v[1], v[0], 0);
	return 0;
}

static int month_of(const char *token)
{
	static const char *const months[] = {"january", "february", "march",
					     "april",	"may",	    "june",
					     "july",	"august",   "september",
					     "october", "november", "december"};
	size_t len = strcspn(token, ".");

	for (int m = 0; m < 12 && len >= 3; m++)
		if (strncasecmp(token, months[m], len) == 0)
			return m + 1;
	return 0;
}

/* "3", "03", "3rd" -> 3; else 0. */
static int day_of(const char *token)
{
	char *end;
	long v = strtol(token, &end, 10);

	if (!isdigit((unsigned char)*token) || v < 1 || v > 31 ||
	    (*end && strcmp(end, "st") && strcmp(end, "nd") &&
	     strcmp(end, "rd") && strcmp(end, "th")))
		return 0;
	return (int)v;
}

static int year_of(const char *token)
{
	return strspn(token, "0123456789") == 4 && !token[4]
		       ? (int)strtol(token, NULL, 10)
		       : 0;
}

/* "April 3 2019", "3 April 2019", "April 2019" from token @i on: how many
 * tokens it takes; April alone may be a name. */
static int take_month(struct asking *g, int i)
{
	const char *t[3] = {"", "", ""};

	for (int k = 0; k < 3 && i + k < g->tokens; k++)
		t[k] = g->token[i + k];
	if (month_of(t[0]) && day_of(t[1]) && year_of(t[2]))
		return ask_birth(g, year_of(t[2]), month_of(t[0]), day_of(t[1]))
			       ? 3
			       : 0;
	if (day_of(t[0]) && month_of(t[1]) && year_of(t[2]))
		return ask_birth(g, year_of(t[2]), month_of(t[1]), day_of(t[0]))
			       ? 3
			       : 0;
	if (month_of(t[0]) && year_of(t[1]))
		return ask_birth(g, year_of(t[1]), month_of(t[0]), 0) ? 2 : 0;
	return 0;
}

/* --- numbers --- */

static int is_phone_like(const char *token)
{
	return token[strspn(token, "0123456789()+-./")] == '\0' &&
	       token[strcspn(token, "0123456789")] != '\0';
}

/* A telephone number may be written in pieces. How many tokens it takes. */
static int take_number(struct asking *g, int i)
{
	char digits[FIND_WORD] = "";
	struct find_ask *a;
	int took = 0, n = 0;

	for (; i + took < g->tokens && is_phone_like(g->token[i + took]);
	     took++) {
		int here = 0;

		if (took > 0 && take_date(NULL, g->token[i + took]))
			break;
		for (const char *c = g->token[i + took]; *c; c++)
			here += isdigit((unsigned char)*c) != 0;
		/* With the country's 1. */
		if (took > 0 && n + here > 11)
			break;
		for (const char *c = g->token[i + took];
		     *c && n + 1 < FIND_WORD; c++)
			if (isdigit((unsigned char)*c))
				digits[n++] = *c;
		digits[n] = '\0';
		if (n >= 10) {
			took++;
			break;
		}
	}
	a = next_ask(g);
	snprintf(a->word, FIND_WORD, "%s", digits);
	snprintf(a->number, FIND_WORD, "@%.*s", FIND_WORD - 2, digits);
	if (n == 4 && (digits[0] == '1' || digits[0] == '2'))
		snprintf(a->birth, FIND_WORD, "=%s", digits);
	if (n >= 4) {
		int k = 0;

		a->phone[k++] = '#';
		for (int d = n; d > 0 && k <= 10; d--)
			a->phone[k++] = digits[d - 1];
		a->phone[k] = '\0';
	}
	return took;
}

static void take_words(struct asking *g, const char *token)
{
	char folded[2 * TOKEN], word[FIND_WORD];
	const char *at = folded;
	struct find_ask *a;
	int parts = 0;

	find_fold(token, folded, sizeof folded);
	for (; find_next(&at, word); parts++) {
		a = next_ask(g);
		memcpy(a->word, word, sizeof word);
	}
	/* A record number is one word, whatever it is made of. */
	if (parts == 1 && strpbrk(token, "0123456789"))
		snprintf(a->number, FIND_WORD, "@%.*s", FIND_WORD - 2, word);
}

void find_asks(const char *text, struct find_ask *out, int room, int *n)
{
	struct asking g = {.out = out, .room = room};
	int took;

	split(&g, text);
	for (int i = 0; i < g.tokens; i += took) {
		took = take_month(&g, i);
		if (took == 0 && take_date(&g, g.token[i]))
			took = 1;
		if (took == 0 && is_phone_like(g.token[i]))
			took = take_number(&g, i);
		if (took == 0) {
			take_words(&g, g.token[i]);
			took = 1;
		}
	}
	*n = g.n;
}
