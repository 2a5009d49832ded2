#include "regional/desk/directory_job.h"

#include <ctype.h>
#include <dirent.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "daemon/core/clock.h"
#include "daemon/core/db.h"
#include "daemon/core/disk.h"
#include "daemon/core/err.h"
#include "proto/catalogue.h"
#include "regional/case/field.h"
#include "regional/node.h"

enum { PATH_SIZE = 900, NAME_SIZE = 80 };

/* In place of the importer's sentence, which names a folder here. */
static const char NOTHING[] =
	"No organizations and services are in it: send the CSV tables, called "
	"as they are in HSDS, like services.csv, or JSON.";

void directory_job_init(struct directory_job *j)
{
	memset(j, 0, sizeof *j);
	pthread_mutex_init(&j->lock, NULL);
}

void directory_job_see(struct directory_job *j, struct directory_job_view *out)
{
	pthread_mutex_lock(&j->lock);
	*out = j->v;
	pthread_mutex_unlock(&j->lock);
}

int directory_job_claim(struct directory_job *j, const char *by,
			const char *source)
{
	int x = 0;

	pthread_mutex_lock(&j->lock);
	if (j->v.state == DIRECTORY_JOB_BUSY)
		x = err_set(E_STATE,
			    "%s is taking a directory in at the moment: wait "
			    "until that has ended",
			    j->v.by);
	if (x == 0) {
		j->v.state = DIRECTORY_JOB_BUSY;
		field_copy(j->v.by, sizeof j->v.by, by);
		if (source)
			field_copy(j->v.source, sizeof j->v.source, source);
	}
	pthread_mutex_unlock(&j->lock);
	return x;
}

/* --- its files --- */

static void folder(const struct node *n, char out[PATH_SIZE])
{
	snprintf(out, PATH_SIZE, "%s/directory-upload", n->dir);
}

static void empty(const struct node *n)
{
	char dir[PATH_SIZE], path[PATH_SIZE + 300];
	struct dirent *e;
	DIR *d;

	folder(n, dir);
	d = opendir(dir);
	while (d && (e = readdir(d)))
		if (*e->d_name != '.') {
			snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
			unlink(path);
		}
	if (d)
		closedir(d);
}

/* The last part of @name, of letters that mean nothing to a file system. */
static bool harmless(const char *name, char out[NAME_SIZE])
{
	const char *slash = strrchr(name, '/'), *back = strrchr(name, '\\');
	size_t n = 0;

	name = slash ? slash + 1 : name;
	name = back && back >= name ? back + 1 : name;
	for (; *name && n < NAME_SIZE - 1; name++, n++)
		out[n] = isalnum((unsigned char)*name) || *name == '_' ||
					 (*name == '.' && n > 0)
				 ? *name
				 : '-';
	out[n] = '\0';
	return n > 4 && (strcasecmp(out + n - 4, ".csv") == 0 ||
			 (n > 5 && strcasecmp(out + n - 5, ".json") == 0));
}

int directory_job_file(struct directory_job *j, const struct node *n,
		       const char *name, const void *bytes, size_t len)
{
	char dir[PATH_SIZE], path[PATH_SIZE + NAME_SIZE + 1], safe[NAME_SIZE];
	size_t used;
	int x;

	if (!harmless(name, safe))
		return err_set(E_INVALID,
			       "\"%.60s\" is neither a CSV table nor JSON; "
			       "unpack an archive first, and choose its tables",
			       name);
	folder(n, dir);
	snprintf(path, sizeof path, "%s/%s", dir, safe);
	x = disk_make_dir(n->s.disk, dir);
	if (x == 0)
		x = disk_write(n->s.disk, path, bytes, len, 0600);
	if (x < 0)
		return x;
	pthread_mutex_lock(&j->lock);
	used = strlen(j->v.files);
	snprintf(j->v.files + used, sizeof j->v.files - used, "%s%s",
		 used ? ", " : "", safe);
	pthread_mutex_unlock(&j->lock);
	return 0;
}

int directory_job_drop(struct directory_job *j, const struct node *n)
{
	int x = directory_job_claim(j, "", NULL);

	if (x < 0)
		return x;
	empty(n);
	pthread_mutex_lock(&j->lock);
	memset(&j->v, 0, sizeof j->v);
	pthread_mutex_unlock(&j->lock);
	return 0;
}

/* --- running --- */

struct run {
	struct directory_job *j;
	struct clock *clock;
	int64_t until_ms;
	bool rehearse;
};

static void on_wrong(void *arg, const struct hsds_report *rep)
{
	struct directory_job *j = ((struct run *)arg)->j;
	struct directory_job_wrong *w;

	pthread_mutex_lock(&j->lock);
	if (j->v.n_wrong < DIRECTORY_JOB_WRONG) {
		w = &j->v.wrong[j->v.n_wrong++];
		field_copy(w->file, sizeof w->file, rep->file);
		field_copy(w->column, sizeof w->column, rep->column);
		field_copy(w->message, sizeof w->message, rep->message);
		w->line = rep->line;
		w->times = rep->times;
	}
	pthread_mutex_unlock(&j->lock);
}

static int on_progress(void *arg, int64_t done, int64_t of)
{
	struct run *u = arg;

	pthread_mutex_lock(&u->j->lock);
	u->j->v.done = done;
	u->j->v.of = of;
	pthread_mutex_unlock(&u->j->lock);
	/* A rehearsal is short, and can't go on where it was. */
	return !u->rehearse && u->clock->mono_ms(u->clock) > u->until_ms;
}

static int import(struct run *u, const struct node *n, struct records *r,
		  struct hsds_result *res)
{
	char dir[PATH_SIZE], rules[600];
	const struct hsds_opts o = {.path = dir,
				    .rules = rules,
				    .source = u->j->v.source,
				    .dry_run = u->rehearse,
				    .progress = on_progress,
				    .report = on_wrong,
				    .arg = u};

	folder(n, dir);
	snprintf(rules, sizeof rules, "%s/hsds.conf", catalogue_share());
	return hsds_import(r, &o, res);
}

static enum directory_job_state state_after(int x, bool rehearse)
{
	if (x < 0)
		return DIRECTORY_JOB_FAILED;
	if (rehearse)
		return DIRECTORY_JOB_REHEARSED;
	return x == HSDS_STOPPED ? DIRECTORY_JOB_PARTLY : DIRECTORY_JOB_DONE;
}

void directory_job_run(struct directory_job *j, const struct node *n,
		       const struct records *r, bool rehearse)
{
	struct records own = *r;
	struct run u = {.j = j,
			.clock = n->s.clock,
			.until_ms = n->s.clock->mono_ms(n->s.clock) +
				    DIRECTORY_JOB_MS,
			.rehearse = rehearse};
	struct hsds_result res = {.files = 0};
	struct db *db = NULL;
	int x = node_writer(n, &db);

	pthread_mutex_lock(&j->lock);
	j->v.n_wrong = 0;
	pthread_mutex_unlock(&j->lock);
	own.db = db;
	if (x == 0)
		x = import(&u, n, &own, &res);
	db_close(db);
	if (x == 0 && !rehearse)
		empty(n);
	pthread_mutex_lock(&j->lock);
	j->v.res = res;
	j->v.state = state_after(x, rehearse);
	if (x < 0)
		field_copy(j->v.failure, sizeof j->v.failure,
			   x == E_FORMAT ? NOTHING : err_text(x));
	pthread_mutex_unlock(&j->lock);
	sodium_memzero(&own, sizeof own);
	err_clear();
}
