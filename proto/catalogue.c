#include "proto/catalogue.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/core/disk.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "proto/alike.h"
#include "proto/fact_file.h"
#include "proto/instrument.h"
#include "proto/levels.h"
#include "proto/measure_file.h"
#include "proto/vocabulary.h"

enum {
	TABLES_MAX = 64,
	MEASURES_MAX = 96,
	INSTRUMENTS_MAX = 64,
	FILE_MAX = 256 * 1024
};

struct catalogue {
	struct vocabulary *vocabulary;
	int n_tables;
	struct fact_table *table[TABLES_MAX];
	int n_measures;
	struct measure *measure[MEASURES_MAX];
	int n_instruments;
	struct instrument *instrument[INSTRUMENTS_MAX];
	struct levels *levels;
};

/* Read one file of the catalogue and append what it defines. */
typedef int add_fn(struct catalogue *c, const char *path, const char *text,
		   size_t len);

/* A definition is found by its file's name, so the two must agree. */
static int check_name(const char *path, const char *id)
{
	const char *slash = strrchr(path, '/'),
		   *name = slash ? slash + 1 : path;
	size_t len = strlen(id);

	if (strncmp(name, id, len) == 0 && strcmp(name + len, ".conf") == 0)
		return 0;
	return err_set(E_INVALID, "%s: its id is %s, so it must be %s.conf",
		       path, id, id);
}

static int add_table(struct catalogue *c, const char *path, const char *text,
		     size_t len)
{
	struct fact_table *t;
	int r;

	if (c->n_tables == TABLES_MAX)
		return err_set(E_TOOBIG, "%s: there are over %d fact tables",
			       path, TABLES_MAX);
	t = mem_calloc(1, sizeof *t);
	if (!t)
		return err_set(E_NOMEM, "out of memory for %s", path);
	c->table[c->n_tables++] = t;
	r = fact_file_read(t, c->vocabulary, path, text, len);
	return r < 0 ? r : check_name(path, t->id);
}

static int add_measure(struct catalogue *c, const char *path, const char *text,
		       size_t len)
{
	struct measure *m;
	int r;

	if (c->n_measures == MEASURES_MAX)
		return err_set(E_TOOBIG, "%s: there are over %d measures", path,
			       MEASURES_MAX);
	m = mem_calloc(1, sizeof *m);
	if (!m)
		return err_set(E_NOMEM, "out of memory for %s", path);
	c->measure[c->n_measures++] = m;
	r = measure_file_read(m, c, path, text, len);
	return r < 0 ? r : check_name(path, m->id);
}

static int add_instrument(struct catalogue *c, const char *path,
			  const char *text, size_t len)
{
	struct instrument *i;
	int r;

	if (c->n_instruments == INSTRUMENTS_MAX)
		return err_set(E_TOOBIG, "%s: there are over %d instruments",
			       path, INSTRUMENTS_MAX);
	i = mem_calloc(1, sizeof *i);
	if (!i)
		return err_set(E_NOMEM, "out of memory for %s", path);
	c->instrument[c->n_instruments++] = i;
	r = instrument_read(i, c->vocabulary, path, text, len);
	return r < 0 ? r : check_name(path, i->id);
}

static int add_file(struct catalogue *c, const char *dir, const char *name,
		    add_fn *add)
{
	char *path = mem_printf("%s/%s", dir, name), *text = NULL;
	size_t len;
	int r;

	if (!path)
		return err_set(E_NOMEM, "out of memory for %s", dir);
	r = disk_read(disk_system(), path, FILE_MAX, &text, &len);
	if (r == 0)
		r = add(c, path, text, len);
	mem_free(text);
	mem_free(path);
	return r;
}

/* Names of definitions. They are sorted by strcmp: the order of tables and
 * measures is the same on every machine and in every locale. */
struct names {
	int n;
	char name[MEASURES_MAX][48];
};

static int compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

static int take_name(struct names *names, const char *name)
{
	size_t len = strlen(name);

	if (name[0] == '.' || len <= 5 || strcmp(name + len - 5, ".conf") != 0)
		return 0;
	if (len >= sizeof names->name[0])
		return err_set(E_INVALID, "the name %.60s is too long", name);
	if (names->n == MEASURES_MAX)
		return err_set(E_TOOBIG, "there are over %d files",
			       MEASURES_MAX);
	memcpy(names->name[names->n++], name, len + 1);
	return 0;
}

static int list_names(const char *dir, struct names *names)
{
	struct dirent *e;
	DIR *d = opendir(dir);
	int r = 0;

	if (!d)
		return err_set(errno == ENOENT ? E_NOTFOUND : E_IO,
			       "can't read %s: %s", dir, strerror(errno));
	while (r == 0 && (e = readdir(d)))
		r = take_name(names, e->d_name);
	closedir(d);
	qsort(names->name, (size_t)names->n, sizeof names->name[0],
	      compare_names);
	return r < 0 ? err_prefix(r, "%s", dir) : 0;
}

static int add_dir(struct catalogue *c, const char *base, const char *sub,
		   add_fn *add)
{
	char *dir = mem_printf("%s/%s", base, sub);
	struct names *names = mem_calloc(1, sizeof *names);
	int r;

	if (!dir || !names) {
		r = err_set(E_NOMEM, "out of memory for %s", base);
		goto out;
	}
	r = list_names(dir, names);
	for (int i = 0; i < names->n && r == 0; i++)
		r = add_file(c, dir, names->name[i], add);
out:
	mem_free(names);
	mem_free(dir);
	return r;
}

static int check_beside(struct catalogue *c, struct fact_table *t)
{
	const struct fact_table *b;

	if (!*t->beside_id)
		return 0;
	t->beside = catalogue_find_table(c, t->beside_id);
	if (t->beside < 0)
		return err_set(E_INVALID,
			       "facts/%s.conf: beside: there is no fact table "
			       "\"%s\"",
			       t->id, t->beside_id);
	b = c->table[t->beside];
	if (b->kind != FACTS_FLOW || b->plain)
		return err_set(E_INVALID,
			       "facts/%s.conf: beside: %s does not count what "
			       "happened to children",
			       t->id, b->id);
	/* Or a month of it would leave after the year, unchecked. */
	if (b->matures_days > t->matures_days)
		return err_set(E_INVALID,
			       "facts/%s.conf: it matures in %d days, before "
			       "%s beside it (%d)",
			       t->id, t->matures_days, b->id, b->matures_days);
	return 0;
}

/* Outcome by outcome the year is compared with the sum of the months. */
static int check_restates(struct catalogue *c, const struct fact_table *t)
{
	const struct fact_table *b;

	if (!t->restates)
		return 0;
	b = c->table[t->beside];
	for (int o = 0; o < t->n_outcomes; o++) {
		int base = fact_table_outcome(b, t->outcome[o].id);

		if (t->outcome[o].parent >= 0 || base < 0 ||
		    b->outcome[base].parent >= 0)
			return err_set(E_INVALID,
				       "facts/%s.conf: restates: \"%s\" is no "
				       "base outcome of %s",
				       t->id, t->outcome[o].id, b->id);
	}
	return 0;
}

static int add_tables(struct catalogue *c, const char *dir)
{
	int r = add_dir(c, dir, "facts", add_table);

	for (int i = 0; i < c->n_tables && r == 0; i++)
		if ((r = check_beside(c, c->table[i])) == 0)
			r = check_restates(c, c->table[i]);
	return r;
}

int catalogue_load(struct catalogue **out, const char *dir)
{
	char *path = NULL, *levels = NULL, *alike = NULL;
	struct catalogue *c;
	int r;

	c = mem_calloc(1, sizeof *c);
	path = mem_printf("%s/vocabulary.conf", dir);
	levels = mem_printf("%s/levels.conf", dir);
	alike = mem_printf("%s/alike.conf", dir);
	if (!c || !path || !levels || !alike) {
		r = err_set(E_NOMEM, "out of memory for the catalogue");
		goto out;
	}
	r = vocabulary_load(&c->vocabulary, path);
	if (r == 0)
		r = add_tables(c, dir);
	if (r == 0)
		r = alike_load(alike, c->table, c->n_tables);
	if (r == 0)
		r = add_dir(c, dir, "measures", add_measure);
	if (r == 0)
		r = add_dir(c, dir, "instruments", add_instrument);
	if (r == 0)
		r = levels_load(&c->levels, c->vocabulary, levels);
	if (r < 0)
		goto out;
	*out = c;
	c = NULL; /* handed over */
out:
	catalogue_free(c);
	mem_free(alike);
	mem_free(levels);
	mem_free(path);
	return r;
}

void catalogue_free(struct catalogue *c)
{
	if (!c)
		return;
	for (int i = 0; i < c->n_tables; i++) {
		mem_free(c->table[i]->sql);
		mem_free(c->table[i]);
	}
	for (int i = 0; i < c->n_measures; i++)
		mem_free(c->measure[i]);
	for (int i = 0; i < c->n_instruments; i++)
		mem_free(c->instrument[i]);
	levels_free(c->levels);
	vocabulary_free(c->vocabulary);
	mem_free(c);
}

const struct vocabulary *catalogue_vocabulary(const struct catalogue *c)
{
	return c->vocabulary;
}

int catalogue_tables(const struct catalogue *c)
{
	return c->n_tables;
}

const struct fact_table *catalogue_table(const struct catalogue *c, int i)
{
	assert(i >= 0 && i < c->n_tables);
	return c->table[i];
}

int catalogue_find_table(const struct catalogue *c, const char *id)
{
	for (int i = 0; i < c->n_tables; i++)
		if (strcmp(c->table[i]->id, id) == 0)
			return i;
	return -1;
}

int catalogue_measures(const struct catalogue *c)
{
	return c->n_measures;
}

const struct measure *catalogue_measure(const struct catalogue *c, int i)
{
	assert(i >= 0 && i < c->n_measures);
	return c->measure[i];
}

int catalogue_find_measure(const struct catalogue *c, const char *id)
{
	for (int i = 0; i < c->n_measures; i++)
		if (strcmp(c->measure[i]->id, id) == 0)
			return i;
	return -1;
}

int catalogue_instruments(const struct catalogue *c)
{
	return c->n_instruments;
}

const struct instrument *catalogue_instrument(const struct catalogue *c, int i)
{
	assert(i >= 0 && i < c->n_instruments);
	return c->instrument[i];
}

int catalogue_find_instrument(const struct catalogue *c, const char *id)
{
	for (int i = 0; i < c->n_instruments; i++)
		if (strcmp(c->instrument[i]->id, id) == 0)
			return i;
	return -1;
}

const struct levels *catalogue_levels(const struct catalogue *c)
{
	return c->levels;
}

int fact_table_outcome(const struct fact_table *t, const char *id)
{
	for (int i = 0; i < t->n_outcomes; i++)
		if (strcmp(t->outcome[i].id, id) == 0)
			return i;
	return -1;
}

bool fact_table_under(const struct fact_table *t, int o, int a)
{
	while (o >= 0 && o != a)
		o = t->outcome[o].parent;
	return o == a && o >= 0;
}

int32_t fact_table_matured(const struct fact_table *t, int32_t month)
{
	return period_last_day((struct period){month, 1}) + t->matures_days;
}

static bool holds_vocabulary(const char *dir)
{
	char path[PATH_MAX + 32];

	snprintf(path, sizeof path, "%s/vocabulary.conf", dir);
	return access(path, R_OK) == 0;
}

const char *catalogue_share(void)
{
	static _Thread_local char dir[PATH_MAX];
	const char *given = getenv("CCFED_SHARE");
	ssize_t n;
	char *slash = NULL;

	if (given && *given)
		return given;
	n = readlink("/proc/self/exe", dir, sizeof dir - 1);
	if (n > 0) {
		dir[n] = '\0';
		slash = strrchr(dir, '/');
	}
	if (slash) {
		size_t room = sizeof dir - (size_t)(slash - dir);

		snprintf(slash, room, "/../share/ccfed");
		if (holds_vocabulary(dir))
			return dir;
	}
	return CCFED_SOURCE_SHARE;
}
