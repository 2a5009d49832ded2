#include "regional/desk/ics.h"

#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/utf8.h"

enum { FOLD = 73 }; /* a line has 75 bytes, the first space of the next too */

struct writing {
	struct arena_list bytes;
	int at; /* bytes of this line */
};

static void put(struct writing *w, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char *c = arena_add(&w->bytes);

		if (c)
			*c = s[i];
	}
	w->at += (int)len;
}

static void end_line(struct writing *w)
{
	put(w, "\r\n", 2);
	w->at = 0;
}

/* Letters are not cut in two. */
static void put_folded(struct writing *w, const char *s, size_t len)
{
	if (w->at + (int)len > FOLD) {
		end_line(w);
		put(w, " ", 1);
	}
	put(w, s, len);
}

static void put_text(struct writing *w, const char *s)
{
	size_t left = strlen(s);
	int len;

	for (; left > 0; s += len, left -= (size_t)len) {
		len = utf8_len(s, left);
		if (len <= 0) {
			len = 1;
			continue;
		}
		if (*s == '\n')
			put_folded(w, "\\n", 2);
		else if (strchr("\\;,", *s))
			put_folded(w,
				   *s == ';'   ? "\\;"
				   : *s == ',' ? "\\,"
					       : "\\\\",
				   2);
		else if (!utf8_is_control(s))
			put_folded(w, s, (size_t)len);
	}
}

static void line(struct writing *w, const char *name, const char *text)
{
	put(w, name, strlen(name));
	put_text(w, text);
	end_line(w);
}

static const char *basic(struct arena *a, int32_t day)
{
	int y, m, d;

	date_to_ymd(day, &y, &m, &d);
	return arena_str(a, "%04d%02d%02d", y, m, d);
}

/* "2026-11-24T23:09:22Z" without its signs. */
static const char *stamp(struct arena *a, int64_t utc_ms)
{
	char t[21];

	date_format_utc(utc_ms, t);
	return arena_str(a, "%.4s%.2s%.2sT%.2s%.2s%.2sZ", t, t + 5, t + 8,
			 t + 11, t + 14, t + 17);
}

static void put_event(struct writing *w, const struct ics_event *e,
		      const char *made)
{
	struct arena *a = w->bytes.arena;
	const char *first = basic(a, e->day), *after = basic(a, e->day + 1);

	if (!first || !after || !made)
		return;
	line(w, "BEGIN:", "VEVENT");
	line(w, "UID:", e->uid);
	line(w, "DTSTAMP:", made);
	line(w, "DTSTART;VALUE=DATE:", first);
	line(w, "DTEND;VALUE=DATE:", after);
	line(w, "SUMMARY:", e->summary);
	if (*e->description)
		line(w, "DESCRIPTION:", e->description);
	line(w, "CLASS:", "PRIVATE");
	line(w, "END:", "VEVENT");
}

const char *ics_text(struct arena *a, const struct ics_event *e, size_t n,
		     int64_t made_utc_ms)
{
	struct writing w = {.bytes = {.arena = a, .size = 1}};
	const char *made = stamp(a, made_utc_ms);

	line(&w, "BEGIN:", "VCALENDAR");
	line(&w, "VERSION:", "2.0");
	line(&w, "PRODID:", "-//ccfed//visits//EN");
	for (size_t i = 0; i < n; i++)
		put_event(&w, &e[i], made);
	line(&w, "END:", "VCALENDAR");
	put(&w, "", 1);
	return arena_check(a) < 0 ? NULL : w.bytes.items;
}
