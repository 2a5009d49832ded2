#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/cli/invocation.h"
#include "daemon/core/clock.h"
#include "daemon/core/disk.h"
#include "daemon/core/err.h"
#include "daemon/core/rand.h"
#include "daemon/hub/hub.h"
#include "proto/catalogue.h"
#include "regional/node.h"

int cli_dir(struct cli *c, const char **dir)
{
	const char *d = c->dir ? c->dir : getenv("CCFED_DIR");

	if (!d || !*d)
		return err_set(E_USAGE, "Say which directory: give -d DIR or "
					"set CCFED_DIR");
	*dir = d;
	return 0;
}

int cli_catalogue(struct cli *c, const struct catalogue **out)
{
	int x = 0;

	if (!c->cat)
		x = catalogue_load(&c->cat, catalogue_share());
	*out = c->cat;
	return x;
}

const struct seams *cli_seams(struct cli *c)
{
	static struct seams machine;

	(void)c;
	machine = (struct seams){
		.clock = clock_system(),
		.rng = rand_system(),
		.disk = disk_system(),
	};
	return &machine;
}

static bool has(const char *dir, const char *name)
{
	char path[600];
	struct stat st;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	return stat(path, &st) == 0;
}

const char *cli_dir_sort(struct cli *c)
{
	const char *dir;

	if (cli_dir(c, &dir) < 0) {
		err_clear();
		return "";
	}
	if (has(dir, "node.db"))
		return "node";
	return has(dir, "hub.db") ? "hub" : "";
}

/* @want and @other are "node" and "hub", or the other way round. */
static int check_sort(struct cli *c, const char *dir, const char *want,
		      const char *other)
{
	const char *sort = cli_dir_sort(c);

	if (strcmp(sort, other) == 0)
		return err_set(E_USAGE,
			       "%s is the directory of a %s, and this command "
			       "is for a %s; see ccfed %s --help",
			       dir, other, want, other);
	if (strcmp(sort, want) != 0)
		return err_set(E_NOTFOUND,
			       "There is no %s in %s; make one with ccfed %s "
			       "init, or say -d DIR",
			       want, dir, want);
	return 0;
}

/* Who it was stands in the audit, so a login name, not a person's. */
void cli_user(char *out)
{
	const struct passwd *pw = getpwuid(getuid());

	if (pw && *pw->pw_name)
		snprintf(out, RECORDS_WHO, "cli:%.50s", pw->pw_name);
	else
		snprintf(out, RECORDS_WHO, "cli:%lu", (unsigned long)getuid());
}

int cli_node(struct cli *c, struct node **out)
{
	const struct catalogue *cat;
	const char *dir;
	int x;

	if (!c->node) {
		if ((x = cli_dir(c, &dir)) < 0 ||
		    (x = check_sort(c, dir, "node", "hub")) < 0 ||
		    (x = cli_catalogue(c, &cat)) < 0 ||
		    (x = node_open(&c->node, cli_seams(c), cat, dir)) < 0)
			return x;
		cli_user(c->node->rec.who);
	}
	*out = c->node;
	return 0;
}

int cli_hub(struct cli *c, struct hub **out)
{
	const struct seams *s = cli_seams(c);
	const struct catalogue *cat;
	const char *dir;
	int x;

	if (!c->hub) {
		if ((x = cli_dir(c, &dir)) < 0 ||
		    (x = check_sort(c, dir, "hub", "node")) < 0 ||
		    (x = cli_catalogue(c, &cat)) < 0 ||
		    (x = hub_open(&c->hub, s->clock, s->rng, s->disk, NULL, cat,
				  dir)) < 0)
			return x;
	}
	*out = c->hub;
	return 0;
}

const char *cli_records_notice(const struct node *n)
{
	return n->kind == NETWORK_SYNTHETIC
		       ? "Synthetic data"
		       : "Confidential: records of identifiable children";
}

const char *cli_plain_notice(const struct node *n)
{
	return n->kind == NETWORK_SYNTHETIC ? "Synthetic data" : "";
}

int cli_day(struct cli *c, const struct node *n, int32_t *out)
{
	*out = records_today(&n->rec);
	return cli_get_date(c, "on", out);
}

int cli_page(struct cli *c, int64_t *offset, int64_t *limit)
{
	int x;

	*offset = 0;
	*limit = INT64_MAX;
	x = cli_get_int(c, "offset", 0, INT64_MAX, offset);
	return x < 0 ? x : cli_get_int(c, "limit", 1, INT64_MAX, limit);
}

int cli_page_newest(struct cli *c, int64_t *offset, int64_t *limit)
{
	int x = cli_page(c, offset, limit);

	if (x == 0 && c->format == FORMAT_TABLE && !cli_get(c, "limit"))
		*limit = CLI_NEWEST;
	return x;
}

void cli_close(struct cli *c)
{
	node_close(c->node);
	hub_close(c->hub);
	catalogue_free(c->cat);
}
