/* When a service is there. HSDS 1.1 and 2.0 as practised have a row for each
 * day, by name, or by number from Monday as 1; HSDS 3.0 has the rules of
 * iCalendar (RFC 5545), "TH,FR", and a description that says it all. Rows are
 * of the service, of it at a location, or of the location. */
#include "regional/exchange/hsds_item.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "daemon/core/db.h"

enum { DAYS = 7, SPAN = 24 };

static const char *const names[DAYS] = {"Mon", "Tue", "Wed", "Thu",
					"Fri", "Sat", "Sun"};

struct hours {
	char day[DAYS][3 * SPAN]; /* "09:00-12:00, 13:00-17:00" */
	char text[HSDS_TEXT];	  /* descriptions */
};

/* Whole or not at all: false, then there is no room. */
static bool add(char *out, size_t size, const char *text, const char *between)
{
	size_t used = strlen(out);

	if (strstr(out, text))
		return true;
	if (used + strlen(between) + strlen(text) >= size)
		return false;
	snprintf(out + used, size - used, "%s%s", used ? between : "", text);
	return true;
}

/* "9:00", "09:00:00" and "9:00 AM" are 09:00; else as it stands, cut. */
static void tidy_time(const char *text, char out[12])
{
	int h = 0, m = 0, n = 0;

	out[0] = '\0';
	if (!text)
		return;
	if (sscanf(text, "%2d:%2d%n", &h, &m, &n) != 2 || h < 0 || h > 24 ||
	    m < 0 || m > 59) {
		/* "noon": of ASCII, so that no character is cut in two. */
		for (n = 0; n < 11 && isprint((unsigned char)text[n]); n++)
			out[n] = text[n];
		out[n] = '\0';
		return;
	}
	text += n;
	while (*text == ' ' || *text == ':' || *text == '0')
		text++;
	if (strncasecmp(text, "pm", 2) == 0 && h < 12)
		h += 12;
	if (strncasecmp(text, "am", 2) == 0 && h == 12)
		h = 0;
	snprintf(out, 12, "%02d:%02d", h % 100, m % 100);
}

static int day_of(const char *word, size_t len)
{
	if (len == 1 && *word >= '1' && *word <= '7')
		return *word - '1';
	for (int d = 0; d < DAYS; d++) {
		if (len >= 2 &&
		    strncasecmp(word, names[d], len < 3 ? len : 3) == 0)
			return d;
	}
	return -1;
}

/* @days: one or several, divided by commas. */
static void take_days(struct hours *h, const char *days, const char *opens,
		      const char *closes)
{
	char from[12], to[12], span[SPAN];

	tidy_time(opens, from);
	tidy_time(closes, to);
	if (!*from && !*to)
		return; /* closed, or not known */
	snprintf(span, sizeof span, "%s-%s", from, to);
	while (*days) {
		size_t len = strcspn(days, ", ");
		int d = day_of(days, len);

		if (d >= 0)
			add(h->day[d], sizeof h->day[d], span, ", ");
		days += len;
		days += strspn(days, ", ");
	}
}

#define ROWS_OF                                               \
	"SELECT ifnull(weekday, byday), opens_at, closes_at," \
	" description, file, line FROM temp.hsds_schedule WHERE "

static int take_rows(struct hsds_run *u, const char *sql, const char *id,
		     struct hours *h)
{
	struct rows rows;
	int x = db_rows(u->r->db, &rows, sql, "s", id);

	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		const char *days = rows_text(&rows, 0);
		const char *text = rows_text(&rows, 3);

		x = 0;
		if (!text && days)
			take_days(h, days, rows_text(&rows, 1),
				  rows_text(&rows, 2));
		else if (text && !add(h->text, sizeof h->text, text, "; "))
			x = hsds_table_wrong(u, rows_text(&rows, 4),
					     rows_int(&rows, 5), "description",
					     "the hours are too long; they "
					     "were not taken");
	}
	rows_end(&rows);
	return x == ROWS_DONE ? 0 : x;
}

static int gather(struct hsds_run *u, const char *id, struct hours *h)
{
	int x = take_rows(u, ROWS_OF "service_id = ? ORDER BY ord", id, h);

	if (x == 0)
		x = take_rows(u,
			      ROWS_OF "service_id IS NULL AND location_id IN"
				      " (SELECT location FROM temp.hsds_where"
				      " WHERE service = ?) ORDER BY ord",
			      id, h);
	if (x == 0)
		x = take_rows(u,
			      ROWS_OF "service_id IS NULL AND location_id IS"
				      " NULL AND service_at_location_id IN"
				      " (SELECT at FROM temp.hsds_where"
				      " WHERE service = ? AND at <> '')"
				      " ORDER BY ord",
			      id, h);
	return x;
}

int hsds_hours(struct hsds_run *u, const char *id, char *out, size_t size)
{
	struct hours h = {.text = ""};
	char part[4 * SPAN];
	int x = gather(u, id, &h);

	out[0] = '\0';
	for (int d = 0; d < DAYS; d++) {
		int last = d;

		while (last + 1 < DAYS &&
		       strcmp(h.day[last + 1], h.day[d]) == 0)
			last++;
		if (*h.day[d]) {
			snprintf(part, sizeof part, "%s%s%s %s", names[d],
				 last > d ? "-" : "",
				 last > d ? names[last] : "", h.day[d]);
			add(out, size, part, "; ");
		}
		d = last;
	}
	if (*h.text)
		add(out, size, h.text, "; ");
	return x;
}
