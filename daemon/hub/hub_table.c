#include "daemon/hub/hub_table.h"

#include <stdio.h>

#include "daemon/core/date.h"
#include "daemon/web/page.h"

static const char *const MONTH[] = {
	"January", "February", "March",	    "April",   "May",	   "June",
	"July",	   "August",   "September", "October", "November", "December"};

void hub_table_begin(struct hub_table *t, struct arena *a, int columns)
{
	*t = (struct hub_table){
		.a = a,
		.columns = columns,
		.rows = {.arena = a, .size = sizeof(struct tpl_table_rows)}};
}

struct tpl_table_rows *hub_table_row(struct hub_table *t, const char *name,
				     const char *href)
{
	struct tpl_table_rows *row = arena_add(&t->rows);

	t->used = 0;
	t->cells = arena_alloc(t->a, (size_t)t->columns * sizeof *t->cells);
	if (!row || !t->cells) {
		t->cells = NULL;
		return NULL;
	}
	row->name = name;
	row->href = href;
	row->cells = t->cells;
	row->cells_n = (size_t)t->columns;
	return row;
}

static void add(struct hub_table *t, const char *text, const char *href,
		bool number)
{
	if (!t->cells || t->used == t->columns)
		return;
	t->cells[t->used++] = (struct tpl_table_rows_cells){
		.text = text, .href = href, .number = number};
}

void hub_table_text(struct hub_table *t, const char *text)
{
	add(t, text, NULL, false);
}

void hub_table_link(struct hub_table *t, const char *text, const char *href)
{
	add(t, text, href, false);
}

void hub_table_number(struct hub_table *t, const char *text)
{
	add(t, text, NULL, true);
}

void hub_table_int(struct hub_table *t, int64_t v)
{
	add(t, arena_str(t->a, "%lld", (long long)v), NULL, true);
}

struct tpl_table *hub_table_end(struct hub_table *t, const char *caption,
				const char *const *title)
{
	const struct tpl_table_rows *row = t->rows.items;
	size_t n = (size_t)t->columns + 1;
	struct tpl_table *out = arena_alloc(t->a, sizeof *out);
	struct tpl_table_columns *c = arena_alloc(t->a, n * sizeof *c);

	if (!out || !c || t->rows.n == 0 || !row->cells)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		c[i].title = title[i];
		c[i].number = i > 0 && row->cells[i - 1].number;
	}
	*out = (struct tpl_table){.caption = caption,
				  .columns = c,
				  .columns_n = n,
				  .rows = row,
				  .rows_n = t->rows.n};
	return out;
}

const char *hub_day(struct arena *a, int32_t day)
{
	int year, month, mday;

	if (day == INT32_MIN)
		return "";
	date_to_ymd(day, &year, &month, &mday);
	return arena_str(a, "%.3s %d, %d", MONTH[month - 1], mday, year);
}

const char *hub_instant(struct arena *a, int64_t utc_ms)
{
	char when[24];

	if (utc_ms == 0)
		return "";
	page_when(utc_ms, when);
	return arena_str(a, "%s, %s", hub_day(a, date_of_utc(utc_ms)),
			 when + DATE_TEXT);
}

const char *hub_months(struct arena *a, int32_t month, int32_t months)
{
	int32_t last = month + months - 1;

	if (months == 1)
		return arena_str(a, "%s %d", MONTH[month % 12], month / 12);
	if (month / 12 != last / 12)
		return arena_str(a, "%s %d to %s %d", MONTH[month % 12],
				 month / 12, MONTH[last % 12], last / 12);
	return arena_str(a, "%s to %s %d", MONTH[month % 12], MONTH[last % 12],
			 last / 12);
}
