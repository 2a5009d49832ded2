#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/cli/cli.h"
#include "daemon/cli/cli_pdf.h"
#include "daemon/core/clock.h"
#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/roster.h"
#include "daemon/hub/ta_report_page.h"
#include "daemon/hub/ta_report_store.h"

static const struct cli_opt ta_opts[] = {
	{"period", "QUARTER", "like 2026Q3"},
	{"format", "FORM", "html, json or pdf; html"},
	{"number", "N", "a published document, instead of a draft"},
	{"out", "FILE", "where to write it; the screen for html and json"},
	{NULL},
};

struct job {
	struct hub *h;
	struct arena a;
	bool json, pdf;
	char *text;
	size_t len;
};

static int draft(struct cli *c, struct job *j, const char *region,
		 struct period quarter)
{
	struct report_text *text = arena_alloc(&j->a, sizeof *text);
	struct report_mark mark = {.floor = j->h->policy.floor};
	int32_t today = date_of_utc(clock_utc_ms(j->h->clock));
	char banner[200], *json = NULL;
	struct report *r;
	int x;

	if (!text)
		return arena_check(&j->a);
	mark.banner = policy_banner(&j->h->policy, banner, sizeof banner);
	x = report_text_get(j->h->db, region, quarter, text);
	if (x == 0)
		x = ta_report_gather(j->h, j->h->db, &j->a, region, quarter,
				     today, &r);
	if (x < 0)
		return x;
	r->notes = text->notes;
	r->comment = text->comment;
	if (!j->json)
		return ta_report_html(j->h, j->h->db, &j->a, r, &mark, &j->text,
				      &j->len);
	x = ta_report_json(&j->a, r, &mark, &json);
	if (x == 0) {
		j->text = mem_strdup(json);
		j->len = strlen(json);
	}
	free(json);
	return x == 0 && !j->text ? err_set(E_NOMEM, "out of memory") : x;
}

static int published(struct cli *c, struct job *j)
{
	struct report_row row;
	int64_t number = 0;
	int x = cli_get_int(c, "number", 1, INT64_MAX, &number);

	return x < 0 ? x
		     : report_get(j->h->db, number, j->json, &row, &j->text,
				  &j->len);
}

static int put(const struct job *j, FILE *f)
{
	if (!j->json)
		return ta_report_alone(f, j->text, j->len);
	fwrite(j->text, 1, j->len, f);
	fputc('\n', f);
	return ferror(f) ? err_set(E_IO, "can't write the report") : 0;
}

static int put_file(const struct job *j, const char *path)
{
	FILE *f = fopen(path, "w");
	int x;

	if (!f)
		return err_set(E_IO, "can't write %s", path);
	x = put(j, f);
	if (fclose(f) != 0 && x == 0)
		x = err_set(E_IO, "can't write %s", path);
	return x;
}

/* Beside the hub's files, since a report is for its operators alone. */
static int put_pdf(struct cli *c, const struct job *j, const char *out)
{
	char html[620];
	int x;

	if (!out)
		return err_set(E_USAGE, "Say where: --out FILE.pdf");
	snprintf(html, sizeof html, "%s/report-%ld.html", j->h->dir,
		 (long)getpid());
	x = put_file(j, html);
	if (x == 0)
		x = cli_pdf(j->h->conf.chromium, html, out);
	remove(html);
	return x < 0 ? x : cli_said(c, 0, "The report is in %s", out);
}

static int take_form(struct cli *c, struct job *j)
{
	const char *form = cli_get(c, "format");

	if (!form || strcmp(form, "html") == 0)
		return 0;
	j->json = strcmp(form, "json") == 0;
	j->pdf = strcmp(form, "pdf") == 0;
	if (!j->json && !j->pdf)
		return err_set(E_USAGE,
			       "--format takes html, json or pdf, not \"%s\"",
			       form);
	return 0;
}

static int make(struct cli *c, struct job *j)
{
	const char *quarter = cli_get(c, "period");
	char region[REGION_ID];
	struct period q = {0, 0};
	int x;

	if (cli_get(c, "number"))
		return published(c, j);
	if (!cli_arg(c, 0))
		return err_set(E_USAGE, "Say the region, by its id or title");
	if (!quarter || period_parse(quarter, &q) < 0 || q.months != 3)
		return err_set(E_USAGE, "Say the quarter, like --period "
					"2026Q3");
	x = roster_find(j->h->db, cli_arg(c, 0), region);
	return x < 0 ? x : draft(c, j, region, q);
}

static int run_ta(struct cli *c)
{
	struct job j = {.text = NULL};
	const char *out = cli_get(c, "out");
	int x;

	if ((x = take_form(c, &j)) < 0 || (x = cli_hub(c, &j.h)) < 0)
		return x;
	arena_init(&j.a);
	x = make(c, &j);
	if (x == 0 && j.pdf)
		x = put_pdf(c, &j, out);
	else if (x == 0)
		x = out ? put_file(&j, out) : put(&j, stdout);
	mem_free(j.text);
	arena_fini(&j.a);
	return x;
}

const struct command cli_report_commands[] = {
	{"report", "ta", "REGION --period 2026Q3 [--format html|json|pdf]",
	 "A report on a region's quarter, for technical assistance.\n"
	 "\n"
	 "Written from the numbers as they are now, with the texts saved for\n"
	 "it; or, with --number, a document as it was published. The HTML\n"
	 "stands alone: style and charts are inside.\n"
	 "\n"
	 "PDF is printed by Chromium, which \"chromium\" in ccfed.conf names.",
	 ta_opts, 0, 1, run_ta},
	{NULL},
};
