#include "regional/exchange/fhir_item.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"

enum {
	NEST_MAX = 100,	  /* JSON; FHIR's own examples stay under 20 */
	FOLDERS_MAX = 16, /* folders in folders */
};
/* A parsed text takes several times its size in memory; NDJSON is parsed line
 * by line. */
static const int64_t json_max = 128 << 20, ndjson_max = 512 << 20;

/* Jansson's own limit is 2,048, and it says nothing of where; and it takes a
 * NUL for the end of the text, so that what follows would be lost. */
static enum fhir_reason check_form(const char *text, size_t len, int64_t *line,
				   int64_t *column)
{
	enum fhir_reason why = FHIR_OK;
	bool in_string = false;
	size_t i, line_start = 0;
	int64_t at_line = *line;
	int depth = 0;

	for (i = 0; i < len && why == FHIR_OK; i++) {
		char c = text[i];

		if (c == '\0') {
			why = FHIR_NOT_JSON;
		} else if (c == '\n') {
			at_line++;
			line_start = i + 1;
		} else if (in_string) {
			if (c == '\\' && i + 1 < len && text[i + 1])
				i++;
			else if (c == '"')
				in_string = false;
		} else if (c == '"') {
			in_string = true;
		} else if (c == ']' || c == '}') {
			depth--;
		} else if ((c == '[' || c == '{') && ++depth > NEST_MAX) {
			why = FHIR_TOO_DEEP;
		}
	}
	if (why != FHIR_OK) {
		*line = at_line;
		*column = (int64_t)(i - line_start);
	}
	return why;
}

/* Jansson's sentences quote the text: they are not shown. */
static enum fhir_reason reason_of(const json_error_t *e)
{
	switch (json_error_code(e)) {
	case json_error_premature_end_of_input:
		return FHIR_ENDS;
	case json_error_invalid_utf8:
		return FHIR_NOT_UTF8;
	case json_error_duplicate_key:
		return FHIR_TWICE;
	case json_error_out_of_memory:
		return FHIR_TOO_BIG;
	case json_error_stack_overflow:
		return FHIR_TOO_DEEP;
	default:
		return FHIR_NOT_JSON;
	}
}

static int give(struct fhir_sink *s, json_t *v, const char *full_url,
		int64_t line, int64_t entry)
{
	const char *type = fhir_text(v, "resourceType");
	const char *id = fhir_text(v, "id");
	struct fhir_item item;

	if (!id || !fhir_id_valid(id))
		id = "";
	if (!type || !fhir_type_valid(type))
		return s->other(s->arg, "(no type)", id, FHIR_NO_TYPE, line,
				entry);
	if (strcmp(type, "Bundle") == 0)
		return s->other(s->arg, type, id, FHIR_NESTED, line, entry);
	if (fhir_kind_parse(type, &item.kind) < 0)
		return s->other(s->arg, type, id, FHIR_NOT_NEEDED, line, entry);
	fhir_map_item(&s->map, v, full_url, &item);
	return s->item(s->arg, &item, line, entry);
}

/* What stands inside @v and can be told again by its name. */
static int give_contained(struct fhir_sink *s, json_t *v, int64_t line,
			  int64_t entry)
{
	json_t *list = json_object_get(v, "contained"), *c;
	struct fhir_item item;
	size_t i;
	int x = 0;

	json_array_foreach (list, i, c) {
		const char *type = fhir_text(c, "resourceType");
		const char *name = fhir_text(c, "name");

		if (!type || !name || !*name ||
		    fhir_kind_parse(type, &item.kind) < 0 ||
		    item.kind > FHIR_KIND_SERVICE)
			continue;
		fhir_map_item(&s->map, c, NULL, &item);
		if (item.problem == FHIR_NO_ID)
			continue;
		memset(item.alias, 0, sizeof item.alias);
		fhir_hash_name(&s->map, '#', type, name, "", item.id);
		x = s->item(s->arg, &item, line, entry);
		if (x < 0)
			return x;
	}
	return x;
}

static int give_entry(struct fhir_sink *s, json_t *entry, int64_t line,
		      int64_t at)
{
	json_t *v = json_object_get(entry, "resource");
	int x;

	if (!json_is_object(v))
		return s->other(s->arg, "(no type)", "", FHIR_NO_RESOURCE, line,
				at);
	x = give(s, v, fhir_text(entry, "fullUrl"), line, at);
	return x < 0 ? x : give_contained(s, v, line, at);
}

static int give_bundle(struct fhir_sink *s, json_t *bundle, int64_t line)
{
	json_t *list = json_object_get(bundle, "entry");
	const char *type = fhir_text(bundle, "type");
	bool newest_first = type && strcmp(type, "history") == 0;
	size_t n = json_array_size(list);
	int x = 0;

	for (size_t i = 0; x >= 0 && i < n; i++) {
		size_t at = newest_first ? n - 1 - i : i;

		x = give_entry(s, json_array_get(list, at), line, (int64_t)at);
	}
	return x;
}

int fhir_read_text(struct fhir_sink *s, const char *text, size_t len,
		   int64_t *line, int64_t *column)
{
	int64_t first = *line;
	enum fhir_reason why;
	const char *type;
	json_error_t e;
	json_t *v;
	int x = 0;

	*column = 0;
	why = check_form(text, len, line, column);
	if (why != FHIR_OK)
		return (int)why;
	/* NUL is refused in the texts that are taken, not in all others. */
	v = json_loadb(text, len,
		       JSON_REJECT_DUPLICATES | JSON_DECODE_ANY |
			       JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL,
		       &e);
	if (!v) {
		*line = first + (e.line > 0 ? e.line - 1 : 0);
		*column = e.column;
		return reason_of(&e);
	}
	type = fhir_text(v, "resourceType");
	if (!type || !fhir_type_valid(type)) {
		why = FHIR_NOT_FHIR;
	} else if (strcmp(type, "Bundle") == 0) {
		x = give_bundle(s, v, first);
	} else {
		x = give(s, v, NULL, first, -1);
		if (x >= 0)
			x = give_contained(s, v, first, -1);
	}
	json_decref(v);
	return x < 0 ? x : (int)why;
}

/* Byte order marks are not in FHIR, but in files that passed a spreadsheet. */
static size_t bom(const char *text, size_t len)
{
	return len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

static int read_lines(struct fhir_sink *s, FILE *f, int64_t *line,
		      int64_t *column)
{
	char *text = NULL;
	size_t room = 0;
	ssize_t n;
	int x = FHIR_OK;

	for (*line = 1; (n = getline(&text, &room, f)) > 0; (*line)++) {
		size_t skip = *line == 1 ? bom(text, (size_t)n) : 0;
		size_t len = (size_t)n - skip;

		/* Else a line that ends midway would be counted as two. */
		if (len > 0 && text[skip + len - 1] == '\n')
			len--;
		if (strspn(text + skip, " \t\r") >= len)
			continue;
		x = fhir_read_text(s, text + skip, len, line, column);
		if (x != FHIR_OK)
			break;
	}
	if (n < 0 && !feof(f))
		x = FHIR_UNREADABLE;
	free(text);
	return x;
}

static int read_whole(struct fhir_sink *s, FILE *f, int64_t size, int64_t *line,
		      int64_t *column)
{
	char *text;
	size_t n, skip;
	int x;

	text = mem_alloc((size_t)size + 1);
	if (!text)
		return err_set(E_NOMEM,
			       "out of memory for a file of %lld bytes",
			       (long long)size);
	/* One byte more than it had: a file that grows is not taken. */
	n = fread(text, 1, (size_t)size + 1, f);
	if (ferror(f) || (int64_t)n != size) {
		x = FHIR_UNREADABLE;
	} else {
		skip = bom(text, n);
		*line = 1;
		x = fhir_read_text(s, text + skip, n - skip, line, column);
	}
	mem_free(text);
	return x;
}

static bool ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n > m && strcasecmp(name + n - m, end) == 0;
}

static bool is_ndjson(const char *name)
{
	return ends_with(name, ".ndjson") || ends_with(name, ".jsonl");
}

static bool is_packed(const char *name)
{
	return ends_with(name, ".gz") || ends_with(name, ".zip");
}

/* Of the other files in a folder those that were meant for an import. */
static bool is_packed_fhir(const char *name)
{
	return ends_with(name, ".json.gz") || ends_with(name, ".ndjson.gz") ||
	       ends_with(name, ".jsonl.gz");
}

static void leave(struct fhir_sink *s, const char *path, int64_t line,
		  int64_t column, enum fhir_reason why)
{
	const struct fhir_report rep = {path, line, column, -1, "", "", why};

	s->left(s->arg, &rep);
}

/* @fd is taken. */
static int read_open_file(struct fhir_sink *s, const char *path, int fd,
			  int64_t size)
{
	int64_t line = 0, column = 0;
	FILE *f;
	int x, y;

	if (size > (is_ndjson(path) ? ndjson_max : json_max)) {
		close(fd);
		leave(s, path, 0, 0, FHIR_TOO_BIG);
		return 0;
	}
	f = fdopen(fd, "r");
	if (!f) {
		close(fd);
		return err_set(E_NOMEM, "can't read %s: %s", path,
			       strerror(errno));
	}
	x = s->begin(s->arg, path);
	if (x == 0)
		x = is_ndjson(path) ? read_lines(s, f, &line, &column)
				    : read_whole(s, f, size, &line, &column);
	fclose(f);
	if (x < 0)
		return x;
	y = s->end(s->arg, x == FHIR_OK);
	if (x != FHIR_OK)
		leave(s, path, line, column, (enum fhir_reason)x);
	return y;
}

static int read_file(struct fhir_sink *s, const char *path)
{
	struct stat st;
	/* Non-blocking: opening a pipe must not wait for somebody to write. */
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0) {
		bool missing = errno == ENOENT || errno == ENOTDIR;

		if (fd >= 0)
			close(fd);
		leave(s, path, 0, 0, missing ? FHIR_MISSING : FHIR_UNREADABLE);
		return 0;
	}
	if (!S_ISREG(st.st_mode)) {
		close(fd);
		leave(s, path, 0, 0, FHIR_NOT_FILE);
		return 0;
	}
	if (is_packed(path)) {
		close(fd);
		leave(s, path, 0, 0, FHIR_PACKED);
		return 0;
	}
	return read_open_file(s, path, fd, st.st_size);
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name); /* not by the locale */
}

static int shown(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static int read_folder(struct fhir_sink *s, const char *path, int depth);

/* In a folder a link to another folder is not followed: it may lead back. */
static int read_entry(struct fhir_sink *s, const char *path, int depth)
{
	struct stat st;

	if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return read_folder(s, path, depth + 1);
	if (ends_with(path, ".json") || is_ndjson(path) || is_packed_fhir(path))
		return read_file(s, path);
	s->ignored(s->arg);
	return 0;
}

static int read_folder(struct fhir_sink *s, const char *path, int depth)
{
	struct dirent **list = NULL;
	int n, x = 0;

	if (depth > FOLDERS_MAX) {
		leave(s, path, 0, 0, FHIR_TOO_DEEP);
		return 0;
	}
	n = scandir(path, &list, shown, by_bytes);
	if (n < 0) {
		leave(s, path, 0, 0, FHIR_UNREADABLE);
		return 0;
	}
	for (int i = 0; i < n; i++) {
		char *full = x == 0 ? mem_printf("%s/%s", path, list[i]->d_name)
				    : NULL;

		if (full)
			x = read_entry(s, full, depth);
		else if (x == 0)
			x = err_set(E_NOMEM, "out of memory in a folder");
		mem_free(full);
		free(list[i]);
	}
	free(list);
	return x;
}

int fhir_read_path(struct fhir_sink *s, const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return read_folder(s, path, 0);
	return read_file(s, path);
}
