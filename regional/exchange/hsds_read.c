/* Files: a folder of tables in CSV, one of them, or JSON. */
#include "regional/exchange/hsds_item.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "regional/exchange/csv_item.h"

enum { PATH_TEXT = 1000, FILES_MAX = 1000 };

static bool ends(const char *name, const char *with)
{
	size_t n = strlen(name), k = strlen(with);

	return n > k && strcasecmp(name + n - k, with) == 0;
}

struct reading {
	struct hsds_run *u;
	enum hsds_entity entity;
	int at[CSV_COLUMNS]; /* the place of a column's value, or -1 */
	bool newest[CSV_COLUMNS];
	int columns, rows;
};

static int on_record(void *arg, const struct csv_cells *row)
{
	const char *value[HSDS_VALUES] = {NULL};
	struct reading *d = arg;

	if (d->rows++ == 0) {
		d->columns = row->n;
		for (int i = 0; i < row->n; i++) {
			d->at[i] = hsds_table_column(d->entity, row->cell[i]);
			d->newest[i] =
				hsds_table_newest(d->entity, row->cell[i]);
		}
		return 0;
	}
	if (row->n != d->columns)
		return hsds_table_wrong(d->u, d->u->file, row->line, "",
					"the row has more or fewer fields than "
					"the header; it was left out");
	for (int i = 0; i < row->n; i++) {
		if (d->at[i] >= 0 && *row->cell[i] &&
		    (d->newest[i] || !value[d->at[i]]))
			value[d->at[i]] = row->cell[i];
	}
	return hsds_table_put(d->u, d->entity, row->line, value);
}

static int read_table(struct hsds_run *u, int entity, const char *text,
		      size_t len)
{
	const struct csv_shape shape = {.delimiter = ',', .header = 1};
	struct reading *d = mem_calloc(1, sizeof *d);
	int x;

	if (!d)
		return err_set(E_NOMEM, "out of memory for a file");
	d->u = u;
	d->entity = (enum hsds_entity)entity;
	x = csv_read_text(&shape, text, len, on_record, d);
	mem_free(d);
	return x;
}

/* A file that is broken is left out whole, and told; the others go in. */
static int read_file(struct hsds_run *u, const char *path, const char *name)
{
	const struct csv_shape shape = {.header = 1};
	bool json = ends(name, ".json");
	int entity = json ? 0 : hsds_table_find(name);
	char *text = NULL;
	size_t len = 0;
	int x;

	if (entity == HSDS_NOT_NEEDED)
		return 0;
	if (entity == HSDS_UNKNOWN)
		return hsds_table_wrong(u, name, 0, "",
					"no table of HSDS is called so; it was "
					"not read");
	u->file = name;
	x = csv_read_file(path, &shape, &text, &len);
	if (x < 0)
		return x;
	x = json ? hsds_json(u, text, len) : read_table(u, entity, text, len);
	mem_free(text);
	u->res->files += x == 0;
	if (x != E_FORMAT)
		return x;
	x = hsds_table_wrong(u, name, 0, "", err_text(E_FORMAT));
	err_clear();
	return x;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* In the order of their names, so that the same folder is the same import. */
static int read_names(struct hsds_run *u, const char *path, char **names, int n)
{
	char file[PATH_TEXT];
	int x = 0;

	qsort(names, (size_t)n, sizeof *names, by_name);
	for (int i = 0; x == 0 && i < n; i++) {
		if (strcasecmp(names[i], "datapackage.json") == 0)
			continue; /* says how the tables are made */
		if (snprintf(file, sizeof file, "%s/%s", path, names[i]) >=
		    (int)sizeof file)
			return err_set(E_INVALID, "%s: the name is too long",
				       path);
		x = read_file(u, file, names[i]);
	}
	return x;
}

static int read_folder(struct hsds_run *u, const char *path)
{
	char **names = mem_calloc(FILES_MAX, sizeof *names);
	DIR *dir = opendir(path);
	struct dirent *e;
	int n = 0, x = 0;

	if (!names || !dir)
		x = names ? err_set(E_IO, "%s can't be opened: %s", path,
				    strerror(errno))
			  : err_set(E_NOMEM, "out of memory for a folder");
	while (x == 0 && n < FILES_MAX && (e = readdir(dir))) {
		if (!ends(e->d_name, ".csv") && !ends(e->d_name, ".json"))
			continue;
		names[n] = mem_strdup(e->d_name);
		if (!names[n++])
			x = err_set(E_NOMEM, "out of memory for a folder");
	}
	if (x == 0)
		x = read_names(u, path, names, n);
	for (int i = 0; names && i < n; i++)
		mem_free(names[i]);
	mem_free(names);
	if (dir)
		closedir(dir);
	return x;
}

int hsds_read(struct hsds_run *u, const char *path)
{
	const char *name = strrchr(path, '/');
	struct stat st;

	if (stat(path, &st) < 0)
		return err_set(E_NOTFOUND, "There is no file or folder %s",
			       path);
	if (S_ISDIR(st.st_mode))
		return read_folder(u, path);
	if (!S_ISREG(st.st_mode))
		return err_set(E_INVALID, "%s is neither a file nor a folder",
			       path);
	return read_file(u, path, name ? name + 1 : path);
}
