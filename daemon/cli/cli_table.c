#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "daemon/cli/invocation.h"
#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "regional/case/records.h"

enum { COLS_MAX = 32 };

/* Cells row by row; every one a string of ours, NULL for empty. A failure is
 * kept until the end, so that callers need not look after each cell. */
struct cli_table {
	struct cli *c;
	struct cli_col col[COLS_MAX];
	int n;
	char *notice;
	char **cell;
	size_t used, room;
	bool record;
	struct cli_table *below;
	const char *below_none;
	int64_t more;
	int failed;
};

static int no_memory(void)
{
	return err_set(E_NOMEM, "out of memory for a table");
}

static void table_free(struct cli_table *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->used; i++)
		mem_free(t->cell[i]);
	table_free(t->below);
	mem_free(t->cell);
	mem_free(t->notice);
	mem_free(t);
}

int cli_table_new(struct cli *c, struct cli_table **out,
		  const struct cli_col *cols, int n, const char *notice)
{
	struct cli_table *t;

	if (n < 1 || n > COLS_MAX)
		return err_set(E_TOOBIG, "A table of %d columns is too wide",
			       n);
	t = mem_calloc(1, sizeof *t);
	if (!t)
		return no_memory();
	t->c = c;
	t->n = n;
	memcpy(t->col, cols, (size_t)n * sizeof *cols);
	if (notice && *notice) {
		t->notice = mem_strdup(notice);
		if (!t->notice) {
			table_free(t);
			return no_memory();
		}
	}
	*out = t;
	return 0;
}

void cli_table_record(struct cli_table *t)
{
	t->record = true;
}

void cli_table_below(struct cli_table *t, struct cli_table *sub,
		     const char *none)
{
	t->below = sub;
	t->below_none = none;
	cli_table_fail(t, sub->failed);
}

void cli_table_more(struct cli_table *t, int64_t more)
{
	t->more = more;
}

void cli_table_fail(struct cli_table *t, int x)
{
	if (x < 0 && t->failed == 0)
		t->failed = x;
}

void cli_cell(struct cli_table *t, const char *text)
{
	size_t room = t->room ? t->room * 2 : 256;
	char **cell;

	if (t->failed < 0)
		return;
	if (t->used == t->room) {
		cell = mem_realloc(t->cell, room * sizeof *cell);
		if (!cell) {
			t->failed = no_memory();
			return;
		}
		t->cell = cell;
		t->room = room;
	}
	if (text && !*text)
		text = NULL;
	t->cell[t->used] = text ? mem_strdup(text) : NULL;
	if (text && !t->cell[t->used])
		t->failed = no_memory();
	else
		t->used++;
}

void cli_cell_int(struct cli_table *t, int64_t v)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)v);
	cli_cell(t, text);
}

void cli_cell_date(struct cli_table *t, int32_t day)
{
	char text[DATE_TEXT];

	cli_cell(t, day == NO_DATE ? NULL : date_format(day, text));
}

void cli_cell_fmt(struct cli_table *t, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	cli_cell(t, text);
}

static const char *cell_at(const struct cli_table *t, size_t row, int col)
{
	return t->cell[row * (size_t)t->n + (size_t)col];
}

int cli_show(FILE *f, const char *text)
{
	mbstate_t state;
	int width = 0;

	memset(&state, 0, sizeof state);
	while (text && *text) {
		wchar_t wc;
		size_t len = mbrtowc(&wc, text, strlen(text), &state);
		int w;

		if (len == (size_t)-1 || len == (size_t)-2) {
			memset(&state, 0, sizeof state);
			len = 1;
			w = -1;
		} else {
			w = wcwidth(wc);
		}
		if (f && w < 0)
			fputc('?', f);
		else if (f)
			fwrite(text, 1, len, f);
		width += w < 0 ? 1 : w;
		text += len;
	}
	return width;
}

/* Spaces wait until something follows them: no line ends with any. */
static void put_padded(const char *text, int width, bool right, int *spaces)
{
	int pad = width - cli_show(NULL, text);

	if (right)
		*spaces += pad;
	if (text && *text) {
		printf("%*s", *spaces, "");
		cli_show(stdout, text);
		*spaces = right ? 2 : pad + 2;
	} else {
		*spaces += right ? 2 : pad + 2;
	}
}

static void print_line(const struct cli_table *t, const int *width, int64_t row)
{
	int spaces = 0;

	for (int i = 0; i < t->n; i++)
		put_padded(row < 0 ? t->col[i].title
				   : cell_at(t, (size_t)row, i),
			   width[i], t->col[i].type == CLI_NUMBER, &spaces);
	putchar('\n');
}

/* The notice may be several sentences: broken at spaces, as help is. What is
 * read first, that nothing of it is real, is not broken. */
static void put_wrapped(const char *text)
{
	static const char banner[] = "Synthetic data";
	const int width = 79;
	int used = 0;

	while (*text) {
		int word = (int)strcspn(text, " ");
		bool apart = strcmp(text, banner) == 0;

		if (apart)
			word = (int)strlen(banner);
		if (used && (apart || used + 1 + word > width)) {
			putchar('\n');
			used = 0;
		}
		printf("%s%.*s", used ? " " : "", word, text);
		used += word + (used ? 1 : 0);
		text += word;
		text += strspn(text, " ");
	}
	putchar('\n');
}

static void print_record(const struct cli_table *t)
{
	int width = 0;

	for (int i = 0; i < t->n; i++) {
		int w = cli_show(NULL, t->col[i].title);

		if (w > width)
			width = w;
	}
	for (int i = 0; i < t->n; i++) {
		int spaces = 0;

		put_padded(t->col[i].title, width, false, &spaces);
		put_padded(cell_at(t, 0, i), 0, false, &spaces);
		putchar('\n');
	}
}

static void print_rows(const struct cli_table *t)
{
	size_t rows = t->used / (size_t)t->n;
	int width[COLS_MAX];

	for (int i = 0; i < t->n; i++) {
		width[i] = cli_show(NULL, t->col[i].title);
		for (size_t r = 0; r < rows; r++) {
			int w = cli_show(NULL, cell_at(t, r, i));

			if (w > width[i])
				width[i] = w;
		}
	}
	for (int64_t r = -1; r < (int64_t)rows; r++)
		print_line(t, width, r);
}

static void print_table(const struct cli_table *t, const char *none)
{
	if (t->record && t->used == (size_t)t->n)
		print_record(t);
	else if (t->used)
		print_rows(t);
	else if (none)
		printf("%s\n", none);
	if (t->below) {
		putchar('\n');
		print_table(t->below, t->below_none);
	}
	if (t->more > 0)
		printf("... %lld more: --limit, --offset\n",
		       (long long)t->more);
	if (t->notice) {
		if (t->used || none)
			putchar('\n');
		put_wrapped(t->notice);
	}
}

/* Strictly "-12.5", which is JSON's number too; not what strtod takes. */
static bool is_number(const char *s)
{
	size_t n;

	if (*s == '-')
		s++;
	n = strspn(s, "0123456789");
	if (n == 0 || (n > 1 && *s == '0'))
		return false;
	s += n;
	if (*s == '.') {
		n = strspn(++s, "0123456789");
		if (n == 0)
			return false;
		s += n;
	}
	return !*s;
}

/* RFC 4180 quoting. A spreadsheet takes what begins like a formula for one;
 * an apostrophe says that it is text. */
static void put_csv(const char *text)
{
	bool quote;

	if (!text)
		return;
	quote = strpbrk(text, ",\"\r\n") != NULL;
	if (quote)
		putchar('"');
	if (*text && strchr("=+-@\t\r", *text) && !is_number(text))
		putchar('\'');
	for (; *text; text++) {
		if (*text == '"')
			putchar('"');
		putchar(*text);
	}
	if (quote)
		putchar('"');
}

static void print_csv(const struct cli_table *t)
{
	size_t rows = t->used / (size_t)t->n;

	for (int i = 0; i < t->n; i++)
		printf("%s%s", i ? "," : "", t->col[i].name);
	printf("%s\n", t->notice ? ",notice" : "");
	for (size_t r = 0; r < rows; r++) {
		for (int i = 0; i < t->n; i++) {
			if (i)
				putchar(',');
			put_csv(cell_at(t, r, i));
		}
		if (t->notice) {
			putchar(',');
			put_csv(t->notice);
		}
		putchar('\n');
	}
}

static json_t *json_cell(const struct cli_col *col, const char *text)
{
	if (!text)
		return json_null();
	if (col->type == CLI_NUMBER && is_number(text))
		return json_loads(text, JSON_DECODE_ANY, NULL);
	return json_string(text);
}

/* To 15 digits a number comes out as it was written: 0.1, not
 * 0.10000000000000001. */
static int put_json(json_t *v)
{
	const size_t how = JSON_COMPACT | JSON_ENCODE_ANY |
			   JSON_REAL_PRECISION(15);
	int r = 0;

	if (!v || json_dumpf(v, stdout, how) < 0)
		r = err_set(E_FORMAT, "A value can't be written as JSON");
	json_decref(v);
	return r;
}

/* Written row by row: a long list is never held twice. */
static int print_json(const struct cli_table *t)
{
	size_t rows = t->used / (size_t)t->n;
	int r;

	printf("{\"notice\":");
	r = put_json(t->notice ? json_string(t->notice) : json_null());
	printf(",\"rows\":[");
	for (size_t i = 0; i < rows && r == 0; i++) {
		json_t *row = json_object();

		for (int k = 0; k < t->n; k++)
			json_object_set_new(
				row, t->col[k].name,
				json_cell(&t->col[k], cell_at(t, i, k)));
		printf("%s", i ? ",\n" : "\n");
		r = put_json(row);
	}
	printf("]}\n");
	return r;
}

int cli_table_end(struct cli_table *t, const char *none)
{
	int r = t->failed;

	if (r == 0 && t->c->format == FORMAT_JSON)
		r = print_json(t);
	else if (r == 0 && t->c->format == FORMAT_CSV)
		print_csv(t);
	else if (r == 0)
		print_table(t, none);
	table_free(t);
	return r;
}
