/* style_page FOLDER: writes two pages that hold every part of the pages' look,
 * and the assets that they name, for style.mjs to serve. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "daemon/core/mem.h"
#include "daemon/web/asset.h"
#include "daemon/web/html.h"
#include "daemon/web/tpl_actions.h"
#include "daemon/web/tpl_buttons.h"
#include "daemon/web/tpl_chart.h"
#include "daemon/web/tpl_checkboxes.h"
#include "daemon/web/tpl_chips.h"
#include "daemon/web/tpl_csrf.h"
#include "daemon/web/tpl_date_field.h"
#include "daemon/web/tpl_details.h"
#include "daemon/web/tpl_empty.h"
#include "daemon/web/tpl_field.h"
#include "daemon/web/tpl_layout_foot.h"
#include "daemon/web/tpl_layout_head.h"
#include "daemon/web/tpl_pager.h"
#include "daemon/web/tpl_pairs.h"
#include "daemon/web/tpl_radios.h"
#include "daemon/web/tpl_select.h"
#include "daemon/web/tpl_steps.h"
#include "daemon/web/tpl_table.h"
#include "daemon/web/tpl_tabs.h"
#include "daemon/web/tpl_textarea.h"
#include "tests/browser/tpl_style_desk.h"
#include "tests/browser/tpl_style_figures.h"

#define LIST(x) .x = x, .x##_n = sizeof x / sizeof *x
#define CELLS(x) .cells = x, .cells_n = sizeof x / sizeof *x

static void write_file(const char *folder, const char *path, const void *bytes,
		       size_t len)
{
	char name[600];
	FILE *f;

	snprintf(name, sizeof name, "%s/%s", folder, path);
	f = fopen(name, "wb");
	if (!f || fwrite(bytes, 1, len, f) != len || fclose(f) != 0) {
		perror(name);
		exit(1);
	}
}

static const struct tpl_csrf csrf = {.token = "t0ken"};

/* --- the desk --- */

static const struct tpl_layout_head_nav nav[] = {
	{.href = "style", .title = "Today", .current = true, .here = true},
	{.href = "style/cases", .title = "Cases"},
	{.href = "style/help", .title = "Help", .end = true},
};
static const struct tpl_layout_head_crumbs crumbs[] = {
	{.href = "style/cases", .title = "Cases"},
	{.href = "style/family", .title = "Rivera-Soto family"},
};
static const struct tpl_layout_head_acts acts[] = {
	{.href = "style/new", .title = "New case"},
	{.href = "style/log",
	 .title = "Log a contact",
	 .main = true,
	 .key = "l"},
};
static const struct tpl_layout_head_errors errors[] = {
	{.field = "phone", .text = "Enter the number with its area code"},
	{.text = "Somebody else changed this record while you wrote"},
};

static void draw_head(struct html *h, const char *heading, const char *kind,
		      bool wrong)
{
	tpl_layout_head(
		h, &(struct tpl_layout_head){
			   .lang = "en",
			   .title = heading,
			   .site = "Care coordination",
			   .place = "North Central",
			   .icon = asset_path("icon.svg"),
			   .style = asset_path("style.css"),
			   .script = asset_path("app.js"),
			   .charts = wrong ? NULL : asset_path("charts.js"),
			   .kind = kind,
			   .banner = "Synthetic data.",
			   .banner_rest = "No real child, family or agency is "
					  "on this page.",
			   .alarm = wrong ? "Emergency access until 3:10 pm. "
					    "A supervisor will review it."
					  : NULL,
			   .home = "style",
			   .find = "style/find",
			   .find_label = "Find a child by name, birth date, "
					 "phone or sibling",
			   .find_hint = "Name, birth date, phone or sibling",
			   .who = "Jo Alvarado, RN",
			   .account = "style/account",
			   LIST(nav),
			   LIST(crumbs),
			   .heading = wrong ? heading : NULL,
			   .meta = "Tuesday, November 17, 2026",
			   LIST(acts),
			   .errors = errors,
			   .errors_n = wrong ? 2 : 0,
			   .note = "Saved at 8:52 am: call with Lily Tran’s "
				   "father, reached.",
			   .undo = "style",
			   .undo_value = "4417",
			   .csrf = &csrf,
		   });
}

static void draw_foot(struct html *h)
{
	static const struct tpl_layout_foot_lines lines[] = {
		{"North Central Center for Care Coordination"},
		{"You are signed in as Jo Alvarado, coordinator"},
	};
	static const struct tpl_layout_foot_links links[] = {
		{.href = "style/privacy", .title = "Who may see what"},
	};

	tpl_layout_foot(h, &(struct tpl_layout_foot){LIST(lines), LIST(links),
						     .help = "style/help",
						     .sign_out = "style",
						     .csrf = &csrf});
}

static const struct tpl_select_options ways[] = {
	{"phone", .title = "Phone", .chosen = true},
	{"text", .title = "Text"},
};
static const struct tpl_radios_options answers[] = {
	{"yes", .title = "Reached", .hint = "Somebody of the family answered",
	 .chosen = true},
	{"no", .title = "No answer"},
};
static const struct tpl_checkboxes_options needs[] = {
	{"food", .title = "Food", .chosen = true},
	{"housing", .title = "Housing"},
};
static const struct tpl_tabs_tabs tabs[] = {
	{.href = "style", .title = "Overview", .current = true},
	{.href = "style/plan", .title = "Plan"},
};
static const struct tpl_chips_filters filters[] = {
	{"Region", "Southwest", "style", "all"},
	{.name = "As known on", .value = "November 3, 2026"},
};
static const struct tpl_steps_steps steps[] = {
	{"done", .title = "Sent", .text = "Nov 2"},
	{"hold", .title = "On waitlist", .text = "Opening in Dec"},
	{"stuck", .title = "No answer", .text = "40 days", .late = true},
	{"ahead", .title = "Need met", .said = "not yet"},
};
static const struct tpl_details_lines lines[] = {
	{"A group of fewer than 11 children is never sent."},
};
static const struct tpl_pairs_pairs pairs[] = {
	{.name = "Yes",
	 .tone = "good",
	 .text = "Maplewood Pediatrics",
	 .meta = "until June 2, 2027"},
	{.name = "No", .tone = "late", .text = "School"},
};
static const struct tpl_table_columns columns[] = {
	{.title = "Name", .key = "name"},
	{.title = "Days", .key = "value", .number = true},
	{.title = "State"},
};
static const struct tpl_table_rows_cells cell[3][2] = {
	{{.text = "9", .number = true}, {.text = "Waiting"}},
	{{.text = "40", .number = true}, {.text = "Stuck", .tone = "late"}},
	{{.text = "12", .number = true}, {.text = "Connected"}},
};
static const struct tpl_table_rows rows[] = {
	{.name = "Lily Tran", .href = "style/child", CELLS(cell[0])},
	{.name = "Mateo Rivera-Soto", .meta = "7 years", CELLS(cell[1])},
	{.name = "Ana Quispe", CELLS(cell[2])},
};

static const struct tpl_field field_part = {.name = "name",
					    .label = "Name",
					    .value = "Ana \"A\" <Q>",
					    .required = true};
static const struct tpl_field wrong_part = {.name = "phone",
					    .type = "tel",
					    .label = "Phone",
					    .hint = "Ten digits",
					    .value = "555",
					    .error =
						    "Enter the number with its "
						    "area code",
					    .narrow = true};
static const struct tpl_date_field date_part = {.name = "born",
						.label = "Birth date",
						.value = "2019-03-03",
						.optional = true};
static const struct tpl_select select_part = {.name = "way",
					      .label = "How",
					      .prompt = "Choose",
					      .options = ways,
					      .options_n = 2};
static const struct tpl_radios radios_part = {.name = "result",
					      .label = "Result",
					      .options = answers,
					      .options_n = 2};
static const struct tpl_checkboxes checkboxes_part = {.name = "wants",
						      .label = "Needs",
						      .error = "Choose one",
						      .options = needs,
						      .options_n = 2};
static const struct tpl_textarea textarea_part = {
	.name = "text", .label = "What", .value = "a\nb", .optional = true};
static const struct tpl_buttons buttons_part = {.title = "Save",
						.cancel = "style"};

static void draw_desk(struct html *h)
{
	draw_head(h, "Style", "child", true);
	tpl_style_desk(
		h,
		&(struct tpl_style_desk){
			.tabs = &(struct tpl_tabs){.label = "Record",
						   LIST(tabs)},
			.chips = &(struct tpl_chips){LIST(filters)},
			.table = &(struct tpl_table){.caption = "Referrals",
						     .id = "sorted",
						     .sortable = true,
						     LIST(columns),
						     LIST(rows)},
			.pager = &(struct tpl_pager){.text = "1 to 25 of 213",
						     .next = "style?page=2"},
			.steps = &(struct tpl_steps){LIST(steps)},
			.details = &(struct tpl_details){.title = "Why a range",
							 LIST(lines)},
			.empty = &(struct tpl_empty){.text = "Nothing is late.",
						     .act = "New case",
						     .href = "style/new"},
			.csrf = &csrf,
			.field = &field_part,
			.wrong = &wrong_part,
			.date = &date_part,
			.select = &select_part,
			.radios = &radios_part,
			.checkboxes = &checkboxes_part,
			.textarea = &textarea_part,
			.buttons = &buttons_part,
			.pairs = &(struct tpl_pairs){LIST(pairs)},
		});
	draw_foot(h);
}

/* --- figures --- */

static const struct tpl_table_columns run_columns[] = {
	{.title = "Month", .key = "period"},
	{.title = "Rate", .key = "value", .number = true},
	{.title = "Mean", .key = "mean", .number = true},
	{.title = "Lower limit", .key = "lower", .number = true},
	{.title = "Upper limit", .key = "upper", .number = true},
	{.title = "Signal", .key = "signal"},
};
#define MONTH(rate, says)                                                  \
	{                                                                  \
		{.text = rate, .number = true},                            \
			{.text = "65.9%", .number = true},                 \
			{.text = "51.0%", .number = true},                 \
			{.text = "80.7%", .number = true}, {.text = says}, \
	}
static const struct tpl_table_rows_cells months[5][5] = {
	MONTH("67.4%", ""),
	MONTH("62.9 to 68.1%", ""),
	MONTH("not published", ""),
	MONTH("82.0%", "▲ above the upper limit"),
	MONTH("49.5%", "▼ below the lower limit"),
};
static const struct tpl_table_rows run_rows[] = {
	{.name = "Jan 2026", .datetime = "2026-01", CELLS(months[0])},
	{.name = "Feb 2026", .datetime = "2026-02", CELLS(months[1])},
	{.name = "Mar 2026", .datetime = "2026-03", CELLS(months[2])},
	{.name = "Apr 2026", .datetime = "2026-04", CELLS(months[3])},
	{.name = "May 2026", .datetime = "2026-05", CELLS(months[4])},
};
static const struct tpl_chart_keys keys[] = {
	{.sign = "▼", .tone = "down", .text = "signal, concern"},
	{.sign = "▲", .tone = "up", .text = "signal, better"},
	{.bar = true, .text = "range: the true figure lies inside"},
};

static const struct tpl_table_columns region_columns[] = {
	{.title = "Region", .key = "name"},
	{.title = "Sent", .key = "n", .number = true},
	{.title = "Rate", .key = "value", .number = true},
	{.title = "Reading", .key = "signal"},
};
static const struct tpl_table_rows_cells region_cells[3][3] = {
	{{.text = "718", .number = true},
	 {.text = "67.5%", .number = true},
	 {.text = "inside"}},
	{{.text = "454", .number = true},
	 {.text = "74.0%", .number = true},
	 {.text = "▲ above 99.8%"}},
	{{.text = "570", .number = true},
	 {.text = "53.2%", .number = true},
	 {.text = "▼ below 99.8%"}},
};
static const struct tpl_table_rows region_rows[] = {
	{.name = "North Central", CELLS(region_cells[0])},
	{.name = "Northwest", CELLS(region_cells[1])},
	{.name = "Southwest", .on = true, CELLS(region_cells[2])},
};

static const struct tpl_table_columns limit_columns[] = {
	{.title = "Sent", .key = "n"},
	{.title = "99.8% low", .key = "low998", .number = true},
	{.title = "95% low", .key = "low95", .number = true},
	{.title = "95% high", .key = "up95", .number = true},
	{.title = "99.8% high", .key = "up998", .number = true},
};
#define LIMITS(a, b, c, d)                                                \
	{                                                                 \
		{.text = a, .number = true}, {.text = b, .number = true}, \
			{.text = c, .number = true},                      \
			{.text = d, .number = true},                      \
	}
static const struct tpl_table_rows_cells limit_cells[3][4] = {
	LIMITS("42.1%", "50.1%", "76.6%", "83.5%"),
	LIMITS("53.7%", "57.7%", "70.9%", "74.6%"),
	LIMITS("59.3%", "61.2%", "67.8%", "69.7%"),
};
static const struct tpl_table_rows limit_rows[] = {
	{.name = "50", CELLS(limit_cells[0])},
	{.name = "200", CELLS(limit_cells[1])},
	{.name = "800", CELLS(limit_cells[2])},
};

static const struct tpl_table_columns need_columns[] = {
	{.title = "Need", .key = "name"},
	{.title = "Rate", .key = "value", .number = true},
};
static const struct tpl_table_rows_cells need_cells[4][1] = {
	{{.text = "49.5%", .number = true}},
	{{.text = "64.0%", .number = true}},
	{{.text = "36.8 to 67.6%", .number = true}},
	{{.text = "too few to say", .number = true}},
};
static const struct tpl_table_rows need_rows[] = {
	{.name = "Health care", .level = "group", CELLS(need_cells[0])},
	{.name = "Specialty care", .level = "need", CELLS(need_cells[1])},
	{.name = "Transportation", .level = "need", CELLS(need_cells[2])},
	{.name = "Respite", .level = "need", CELLS(need_cells[3])},
};

#define TABLE(of, title)                                         \
	.caption = title, .columns = of##_columns,               \
	.columns_n = sizeof of##_columns / sizeof *of##_columns, \
	.rows = of##_rows, .rows_n = sizeof of##_rows / sizeof *of##_rows

static const struct tpl_table run_table = {TABLE(run, "Connected, by month")};
static const struct tpl_table small_table = {TABLE(run, "Northwest, by month")};
static const struct tpl_table region_table = {TABLE(region, "By region")};
static const struct tpl_table limit_table = {.id = "limits",
					     TABLE(limit, "Binomial limits")};
static const struct tpl_table need_table = {TABLE(need, "By need")};
static const struct tpl_table why_table = {TABLE(need, "Why not connected")};

static void draw_figures(struct html *h)
{
	static const struct tpl_actions_actions actions[] = {
		{.href = "style.csv", .title = "CSV", .download = true},
	};
	static const struct tpl_chart small = {.kind = "run",
					       .few = true,
					       .unit = "%",
					       .domain = "40 85",
					       .caption = "Northwest, by month",
					       .table = &small_table};
	static const struct tpl_style_figures_regions regions[] = {
		{"Northwest", "73.7%", "168 of 228", &small},
	};

	draw_head(h, "Connected within 90 days", "figures", false);
	tpl_style_figures(
		h,
		&(struct tpl_style_figures){
			.actions = &(struct tpl_actions){LIST(actions),
							 .print = true},
			.chips = &(struct tpl_chips){LIST(filters)},
			.run = &(struct tpl_chart){.kind = "run",
						   .unit = "%",
						   .domain = "40 85",
						   .mark = "2026-04|TA began",
						   .caption = "Connected, by "
							      "month",
						   LIST(keys),
						   .table = &run_table},
			.funnel = &(struct tpl_chart){.kind = "funnel",
						      .domain = "45 85",
						      .center = "64.6",
						      .limits = "limits",
						      .open = true,
						      .table = &region_table},
			.limits = &limit_table,
			.interval =
				&(struct tpl_chart){
					.kind = "interval",
					.center = "53.2|any need 53.2%",
					.open = true,
					.table = &need_table},
			.bars = &(struct tpl_chart){.kind = "bars",
						    .unit = "%",
						    .open = true,
						    .table = &why_table},
			LIST(regions),
		});
	draw_foot(h);
}

static void write_page(const char *folder, const char *name,
		       void (*draw)(struct html *h))
{
	struct html h;
	char *out;
	size_t len;

	html_init(&h);
	draw(&h);
	if (html_take(&h, &out, &len) < 0)
		exit(1);
	write_file(folder, name, out, len);
	mem_free(out);
	html_fini(&h);
}

int main(int argc, char **argv)
{
	char assets[600];

	if (argc != 2) {
		fprintf(stderr, "style_page FOLDER\n");
		return 2;
	}
	snprintf(assets, sizeof assets, "%s/assets", argv[1]);
	mkdir(assets, 0755);
	for (size_t i = 0; i < asset_count; i++)
		write_file(argv[1], asset_table[i].path, asset_table[i].data,
			   asset_table[i].len);
	write_page(argv[1], "desk.html", draw_desk);
	write_page(argv[1], "figures.html", draw_figures);
	return 0;
}
