/* libcsv is given one line after the other, so that whatever it hands back is
 * known to belong to that line. It is strict: text before or after quotes, and
 * quotes that never end, break the file, because nobody can tell where the
 * rows of such a file begin. */
#include "regional/exchange/csv_item.h"

#include <csv.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/disk.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"

enum { FILE_MAX = 256 * 1024 * 1024, ROW_MAX = 1024 * 1024 };

struct reading {
	csv_row_fn *fn;
	void *arg;
	int64_t line, begun; /* @begun 0: between rows */
	int n;
	size_t used, room;
	char *text;
	size_t at[CSV_COLUMNS];
	const char *cell[CSV_COLUMNS];
	int r; /* of the first failure; stops it all */
};

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static int make_room(struct reading *d, size_t len)
{
	size_t room = d->room ? d->room : 4096;
	char *text;

	while (room < d->used + len)
		room *= 2;
	if (room == d->room)
		return 0;
	text = mem_realloc(d->text, room);
	if (!text)
		return err_set(E_NOMEM, "out of memory for a row");
	d->text = text;
	d->room = room;
	return 0;
}

static void on_field(void *s, size_t len, void *arg)
{
	struct reading *d = arg;
	const char *text = s;
	char *to;

	if (d->r != 0)
		return;
	while (len > 0 && blank(text[len - 1]))
		len--;
	while (len > 0 && blank(*text)) {
		text++;
		len--;
	}
	if (d->n == CSV_COLUMNS || d->used + len > ROW_MAX) {
		d->r = err_set(E_FORMAT,
			       "line %lld: a row has more than %d columns or "
			       "%d bytes",
			       (long long)d->begun, CSV_COLUMNS, ROW_MAX);
		return;
	}
	d->r = make_room(d, len + 1);
	if (d->r != 0)
		return;
	to = d->text + d->used;
	d->at[d->n++] = d->used;
	d->used += len + 1;
	for (size_t i = 0; i < len; i++)
		to[i] = text[i] ? text[i] : '\x01'; /* refused like a NUL */
	to[len] = '\0';
}

static void on_row(int end, void *arg)
{
	struct reading *d = arg;
	struct csv_cells row = {d->begun, d->n, d->cell};

	/* More than the NULs of its fields: it is not blank. */
	if (d->r == 0 && d->used > (size_t)d->n) {
		for (int i = 0; i < d->n; i++)
			d->cell[i] = d->text + d->at[i];
		d->r = d->fn(d->arg, &row);
	}
	d->begun = 0;
	d->n = 0;
	d->used = 0;
}

/* Through the end of the line: LF, CR, or both. */
static size_t line_length(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n')
			return i + 1;
		if (text[i] == '\r')
			return i + 1 < len && text[i + 1] == '\n' ? i + 2
								  : i + 1;
	}
	return len;
}

/* What stands most often in the first lines, outside of quotes. */
static char find_delimiter(const char *text, size_t len)
{
	static const char delimiters[] = ",;\t";
	size_t seen[3] = {0};
	bool quoted = false;
	int best = 0;

	for (size_t i = 0; i < len; i++) {
		const char *at = strchr(delimiters, text[i]);

		if (text[i] == '"')
			quoted = !quoted;
		else if (!quoted && at && *at)
			seen[at - delimiters]++;
		else if (!quoted && blank(text[i]) &&
			 seen[0] + seen[1] + seen[2] > 0 && text[i] != ' ')
			break;
	}
	for (int i = 1; i < 3; i++) {
		if (seen[i] > seen[best])
			best = i;
	}
	return delimiters[best];
}

/* Only spaces: a tab may be what divides the fields. */
static int is_space(unsigned char c)
{
	return c == CSV_SPACE;
}

static int broken(struct csv_parser *p, int64_t line, int64_t begun)
{
	if (csv_error(p) == CSV_ENOMEM)
		return err_set(E_NOMEM, "out of memory for a row");
	return err_set(E_FORMAT,
		       "line %lld: quotes stand where none may be%s%lld; "
		       "nothing was taken",
		       (long long)line, ", or never end, in the row of line ",
		       (long long)begun);
}

static int read_lines(struct reading *d, struct csv_parser *p, const char *text,
		      size_t len)
{
	while (len > 0) {
		size_t n = line_length(text, len);

		d->line++;
		if (d->begun == 0)
			d->begun = d->line;
		if (csv_parse(p, text, n, on_field, on_row, d) != n)
			return broken(p, d->line, d->begun);
		if (d->r != 0)
			return d->r;
		/* libcsv says nothing of a line that is empty. */
		if (d->n == 0 && p->pstate == 0)
			d->begun = 0;
		text += n;
		len -= n;
	}
	if (csv_fini(p, on_field, on_row, d) != 0)
		return broken(p, d->line, d->begun);
	return d->r;
}

int csv_read_text(const struct csv_shape *shape, const char *text, size_t len,
		  csv_row_fn *fn, void *arg)
{
	struct csv_parser p;
	struct reading *d;
	int x;

	d = mem_calloc(1, sizeof *d);
	if (!d)
		return err_set(E_NOMEM, "out of memory for a row");
	d->fn = fn;
	d->arg = arg;
	if (csv_init(&p, CSV_STRICT | CSV_STRICT_FINI) != 0) {
		mem_free(d);
		return err_set(E_NOMEM, "out of memory for a row");
	}
	csv_set_realloc_func(&p, mem_realloc);
	csv_set_free_func(&p, mem_free);
	csv_set_space_func(&p, is_space);
	csv_set_delim(&p, (unsigned char)(shape->delimiter
						  ? shape->delimiter
						  : find_delimiter(text, len)));
	x = read_lines(d, &p, text, len);
	csv_free(&p);
	mem_free(d->text);
	mem_free(d);
	return x;
}

/* The characters of 0x80 to 0x9f; those it lacks become control characters,
 * which no value may have. */
static const unsigned short high[32] = {
	0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
	0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008d, 0x017d, 0x008f,
	0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x009d, 0x017e, 0x0178,
};

static int from_windows(char **text, size_t *len)
{
	char *out = mem_alloc(*len * 3 + 1);
	size_t used = 0;

	if (!out)
		return err_set(E_NOMEM, "out of memory for a file");
	for (size_t i = 0; i < *len; i++) {
		unsigned c = (unsigned char)(*text)[i];

		if (c >= 0x80 && c < 0xa0)
			c = high[c - 0x80];
		if (c < 0x80) {
			out[used++] = (char)c;
		} else if (c < 0x800) {
			out[used++] = (char)(0xc0 | c >> 6);
			out[used++] = (char)(0x80 | (c & 0x3f));
		} else {
			out[used++] = (char)(0xe0 | c >> 12);
			out[used++] = (char)(0x80 | (c >> 6 & 0x3f));
			out[used++] = (char)(0x80 | (c & 0x3f));
		}
	}
	out[used] = '\0';
	mem_free(*text);
	*text = out;
	*len = used;
	return 0;
}

int csv_read_file(const char *path, const struct csv_shape *shape, char **out,
		  size_t *len)
{
	int x = disk_read(disk_system(), path, FILE_MAX, out, len);

	if (x < 0)
		return x;
	if (*len >= 2 && (memcmp(*out, "\xff\xfe", 2) == 0 ||
			  memcmp(*out, "\xfe\xff", 2) == 0))
		x = err_set(E_FORMAT,
			    "%s is UTF-16; save it as \"CSV UTF-8\" instead",
			    path);
	else if (*len >= 3 && memcmp(*out, "\xef\xbb\xbf", 3) == 0)
		memmove(*out, *out + 3, (*len -= 3) + 1);
	else if (shape->windows_1252)
		x = from_windows(out, len);
	if (x < 0) {
		mem_free(*out);
		*out = NULL;
	}
	return x;
}
