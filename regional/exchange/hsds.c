#include "regional/exchange/hsds_item.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "regional/exchange/fhir_item.h"

static int check_opts(const struct hsds_opts *o)
{
	if (o->source && *o->source && !fhir_id_valid(o->source))
		return err_set(E_INVALID, "A source is named with letters, "
					  "digits, '-' and '.'");
	return 0;
}

/* A rehearsal is the same, taken back. */
static int write_or_rehearse(struct hsds_run *u)
{
	int x, y;

	if (!u->o->dry_run)
		return hsds_apply_all(u);
	x = records_begin(u->r);
	if (x < 0)
		return x;
	x = hsds_apply_all(u);
	/* What was found wrong is taken back with the rest. */
	if (x >= 0) {
		y = hsds_table_report(u);
		x = y < 0 ? y : x;
	}
	y = records_end(u->r, x < 0 ? x : E_STATE);
	if (x >= 0 && y == E_STATE)
		err_clear();
	else if (x >= 0)
		x = y;
	return x;
}

static int read_all(struct hsds_run *u)
{
	int x = hsds_read(u, u->o->path);

	if (x == 0 && u->res->rows == 0) {
		x = hsds_table_report(u);
		if (x == 0)
			x = err_set(E_FORMAT,
				    "%s has no organizations and services of "
				    "HSDS: tables in CSV called as they are "
				    "there, like services.csv, or JSON",
				    u->o->path);
	}
	if (x == 0)
		x = hsds_check(u);
	return x == 0 ? hsds_gather_terms(u) : x;
}

int hsds_import(struct records *r, const struct hsds_opts *o,
		struct hsds_result *res)
{
	struct hsds_run u = {.r = r, .o = o, .res = res};
	struct hsds_rules *rules = NULL;
	char who[RECORDS_WHO];
	int x;

	memset(res, 0, sizeof *res);
	x = check_opts(o);
	if (x == 0)
		x = hsds_rules_load(&rules, r->words, o->rules);
	if (x < 0)
		return x;
	u.rules = rules;
	memcpy(who, r->who, sizeof who);
	snprintf(r->who, sizeof r->who, "import:hsds %.50s", who);
	x = hsds_table_open(&u);
	if (x == 0)
		x = read_all(&u);
	if (x == 0)
		x = write_or_rehearse(&u);
	if (x >= 0 && !o->dry_run) {
		int y = hsds_table_report(&u);

		x = y < 0 ? y : x;
	}
	hsds_table_close(&u);
	hsds_rules_free(rules);
	memcpy(r->who, who, sizeof who);
	return x;
}
