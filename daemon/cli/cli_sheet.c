#include "daemon/cli/cli_sheet.h"

#include <string.h>

#include "daemon/core/err.h"
#include "daemon/core/utf8.h"
#include "regional/node.h"

/* "made_by" as "made-by" or "Made by". */
static void spell(const char *name, char between, char *out, size_t size)
{
	snprintf(out, size, "%s", name);
	for (char *p = out; *p; p++)
		if (*p == '_')
			*p = between;
	if (between == ' ' && *out >= 'a' && *out <= 'z')
		*out = (char)(*out - 'a' + 'A');
}

static int take_text(const struct sheet_column *c, const char *option,
		     const char *text, char *at)
{
	if (strlen(text) >= c->size)
		return err_set(
			E_USAGE,
			"--%s is too long: only its first %zu characters fit",
			option, utf8_chars(text, c->size - 1));
	memset(at, 0, c->size);
	memcpy(at, text, strlen(text));
	return 0;
}

static int take_yes(const char *option, const char *text, int64_t *out)
{
	if (strcmp(text, "yes") != 0 && strcmp(text, "no") != 0)
		return err_set(E_USAGE, "--%s is yes or no, not \"%s\"", option,
			       text);
	*out = strcmp(text, "yes") == 0;
	return 0;
}

static int take(struct cli *c, const struct sheet_column *k, char *at)
{
	char option[40];
	const char *text;
	int64_t v;
	int32_t day = NO_DATE;
	int x = 0;

	spell(k->name, '-', option, sizeof option);
	text = cli_get(c, option);
	if (!text)
		return 0;
	v = k->kind == SHEET_ID ? 0 : SHEET_UNKNOWN;
	switch (k->kind) {
	case SHEET_TEXT:
	case SHEET_WORD:
	case SHEET_ONE:
		return take_text(k, option, text, at);
	case SHEET_DAY:
	case SHEET_AHEAD:
		if (*text)
			x = cli_get_date(c, option, &day);
		memcpy(at, &day, sizeof day);
		return x;
	case SHEET_YES:
		if (*text)
			x = take_yes(option, text, &v);
		break;
	case SHEET_INT:
	case SHEET_ID:
		if (*text)
			x = cli_get_int(c, option, 0, INT64_MAX, &v);
		break;
	}
	memcpy(at, &v, sizeof v);
	return x;
}

int cli_sheet_take(struct cli *c, const struct sheet *s, void *rec)
{
	int x = 0;

	for (int i = 0; i < s->n && x == 0; i++)
		x = take(c, &s->column[i], (char *)rec + s->column[i].at);
	return x;
}

int cli_sheet_fill(struct cli *c, const struct sheet *s, struct node **n,
		   void *rec)
{
	int x = cli_node(c, n);

	if (x < 0)
		return x;
	sheet_blank(s, rec);
	return cli_sheet_take(c, s, rec);
}

int cli_sheet_load(struct cli *c, const struct sheet *s, const char *noun,
		   struct node **n, void *rec)
{
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, noun, &id)) < 0 ||
	    (x = cli_node(c, n)) < 0 ||
	    (x = sheet_get((*n)->db, s, id, rec)) < 0)
		return x;
	return cli_sheet_take(c, s, rec);
}

static bool is_shown(const struct cli_sheet *h, const struct sheet_column *k)
{
	return h->whole || k->must || k->size < SHEET_TEXT_MAX;
}

static bool is_number(const struct sheet_column *k)
{
	return k->kind == SHEET_INT || k->kind == SHEET_ID;
}

int cli_sheet_new(struct cli *c, struct cli_sheet *out, const struct sheet *s,
		  const char *first, bool whole, const char *notice)
{
	struct cli_col col[SHEET_COLUMNS + 1];
	int n = 0;

	out->s = s;
	out->whole = whole;
	spell(first, ' ', out->title[n], sizeof out->title[n]);
	col[n] = (struct cli_col){first, out->title[n], CLI_NUMBER};
	n++;
	for (int i = 0; i < s->n; i++) {
		const struct sheet_column *k = &s->column[i];

		if (!is_shown(out, k))
			continue;
		spell(k->name, ' ', out->title[n], sizeof out->title[n]);
		col[n] = (struct cli_col){k->name, out->title[n],
					  is_number(k) ? CLI_NUMBER : CLI_TEXT};
		/* C's word for a case is nobody else's. */
		if (strcmp(k->name, "kase") == 0)
			col[n].name = "case", col[n].title = "Case";
		n++;
	}
	return cli_table_new(c, &out->t, col, n, notice);
}

int cli_sheet_put(void *arg, const void *row)
{
	const struct cli_sheet *h = arg;
	char buf[SHEET_BUF];

	cli_cell_int(h->t, *(const int64_t *)row);
	for (int i = 0; i < h->s->n; i++) {
		const struct sheet_column *k = &h->s->column[i];
		const char *text = sheet_text(k, row, buf);

		if (!is_shown(h, k))
			continue;
		if (k->kind == SHEET_YES && text)
			text = *text == '1' ? "yes" : "no";
		cli_cell(h->t, text);
	}
	return 0;
}

/* Of the directory and the collaborative no row is a child's. */
static const char *notice_of(const struct node *n, const struct sheet *s)
{
	static const char *const open[] = {"organization", "service",
					   "collaborative"};

	for (size_t i = 0; i < sizeof open / sizeof *open; i++)
		if (strncmp(s->table, open[i], strlen(open[i])) == 0)
			return NULL;
	return cli_records_notice(n);
}

int cli_sheet_show(struct cli *c, const struct sheet *s, const char *first)
{
	_Alignas(int64_t) char rec[8192];
	struct cli_sheet h;
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, s->what, &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = sheet_get(n->db, s, id, rec)) < 0 ||
	    (x = cli_sheet_new(c, &h, s, first, true, notice_of(n, s))) < 0)
		return x;
	cli_sheet_put(&h, rec);
	cli_table_record(h.t);
	return cli_table_end(h.t, NULL);
}

int cli_sheet_list(struct cli *c, const struct sheet *s, const char *first,
		   const char *of, cli_sheet_lister *list, const char *none)
{
	int64_t id = 0, offset, limit;
	struct cli_sheet h;
	struct node *n;
	int x = 0;

	if (cli_arg(c, 0))
		x = cli_arg_int(c, 0, of, &id);
	if (x < 0 || (x = cli_page(c, &offset, &limit)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = cli_sheet_new(c, &h, s, first, false, notice_of(n, s))) < 0)
		return x;
	cli_table_fail(h.t, list(n->db, id, offset, limit, cli_sheet_put, &h));
	return cli_table_end(h.t, none);
}
