/* A row's cells become values. Everything wrong in a row is said at once, so
 * that a sheet is put right in one go. */
#include "regional/exchange/csv_item.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "regional/case/field.h"

/* --- days --- */

static int digits(const char **s, int max, int *len)
{
	int v = 0;

	for (*len = 0; *len < max && isdigit((unsigned char)**s); (*s)++) {
		v = v * 10 + (**s - '0');
		(*len)++;
	}
	return v;
}

static int refuse_format(const char *format)
{
	return err_set(E_FORMAT,
		       "\"%.23s\" is not a format of dates; it is made of "
		       "YYYY or YY, MM and DD, like MM/DD/YYYY",
		       format);
}

/* Each part once. */
static int check_format(const struct csv_map *m, const char *format)
{
	int y = 0, mo = 0, d = 0;

	for (const char *p = format; *p;) {
		size_t n = strspn(p, (char[]){*p, '\0'});

		if (*p == 'Y' && (n == 4 || n == 2))
			y++;
		else if (*p == 'M' && n <= 2)
			mo++;
		else if (*p == 'D' && n <= 2)
			d++;
		else if (isalnum((unsigned char)*p))
			return refuse_format(format);
		p += n;
	}
	if (y != 1 || mo != 1 || d != 1)
		return refuse_format(format);
	if (!strstr(format, "YYYY") && m->pivot < 0)
		return err_set(E_FORMAT,
			       "years of two digits want \"pivot\" in [file] "
			       "before it: with 30, 30 is 2030 and 31 is 1931");
	return 0;
}

/* -1: it does not fit; -2: a year of two digits without a pivot. */
static int full_year(const struct csv_map *m, int year, int len)
{
	if (len == 4)
		return year;
	if (len != 2)
		return -1;
	if (m->pivot < 0)
		return -2;
	return year + (year <= m->pivot ? 2000 : 1900);
}

static int read_date(const struct csv_map *m, const char *format,
		     const char *text, int32_t *out)
{
	int y = 0, mo = 0, d = 0, yy, mm, dd, len;

	while (*format) {
		size_t n = strspn(format, (char[]){*format, '\0'});

		if (*format == 'Y') {
			y = digits(&text, 4, &len);
			y = full_year(m, y, len);
			if (y < 0)
				return y;
		} else if (*format == 'M' || *format == 'D') {
			int v = digits(&text, 2, &len);

			if (len == 0)
				return -1;
			*(*format == 'M' ? &mo : &d) = v;
		} else {
			if (strncmp(text, format, n) != 0)
				return -1;
			text += n;
		}
		format += n;
	}
	if (*text || y < 1800 || y > 2200 || mo < 1 || mo > 12 || d < 1 ||
	    d > 31)
		return -1;
	*out = date_from_ymd(y, mo, d);
	date_to_ymd(*out, &yy, &mm, &dd);
	return yy == y && mm == mo && dd == d ? 0 : -1;
}

int csv_row_date(const struct csv_map *m, const char *format, const char *text,
		 int32_t *out)
{
	char list[CSV_FORMATS * (CSV_FORMAT + 4)] = "";
	size_t used = 0;
	bool short_year = false;

	if (!*text)
		return check_format(m, format);
	for (int i = 0; i < (format && *format ? 1 : m->formats); i++) {
		const char *one = format && *format ? format : m->format[i];
		int x = read_date(m, one, text, out);

		if (x == 0)
			return 0;
		short_year |= x == -2;
		used += (size_t)snprintf(list + used, sizeof list - used,
					 "%s%s", i ? " or " : "", one);
	}
	return err_set(E_INVALID, "a day that exists is wanted, as %s%s", list,
		       short_year ? ", the year in four digits (or say "
				    "\"pivot\" in the mapping)"
				  : "");
}

/* --- cells --- */

struct taking {
	const struct csv_row_check *k;
	const struct csv_cells *row;
	struct csv_item *item;
	enum csv_reason why; /* of the first that is wrong */
};

static void say(struct taking *t, enum csv_reason why, const char *column,
		const char *message)
{
	if (t->why == CSV_OK)
		t->why = why;
	t->k->say(t->k->arg, column, message);
}

/* The column of a field, or its name in the mapping's words. */
static const char *column_of(const struct taking *t, enum csv_section section,
			     const char *key, int group)
{
	const struct csv_column *c =
		csv_map_column(t->k->map, section, key, group);

	return c ? c->name : key;
}

/* Marks that turn the direction of writing show a name as another. */
static bool is_bidi(const unsigned char *s)
{
	return s[0] == 0xe2 &&
	       ((s[1] == 0x80 && s[2] >= 0xaa && s[2] <= 0xae) ||
		(s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9));
}

/* Into @out of @size; line breaks only where there are words. */
static int take_text(const char *text, char *out, size_t size, bool words)
{
	size_t len = strlen(text), n = 0;

	if (!field_utf8((const unsigned char *)text, len))
		return err_set(E_INVALID, "it is not UTF-8; if the file was "
					  "saved in the Windows encoding, say "
					  "encoding = windows-1252 in the "
					  "mapping");
	if (len >= size)
		return err_set(E_INVALID, "it is longer than %zu bytes",
			       size - 1);
	for (const char *p = text; *p; p++) {
		if (is_bidi((const unsigned char *)p))
			return err_set(E_INVALID,
				       "it has a character that turns the "
				       "direction of writing");
		out[n++] = words && (*p == '\n' || *p == '\r' || *p == '\t')
				   ? ' '
				   : *p;
	}
	out[n] = '\0';
	if (field_text("", out, size) < 0)
		return err_set(E_INVALID, "it has a control character: a tab, "
					  "a line break, or what can't be "
					  "seen");
	return 0;
}

/* A spreadsheet makes 6106 of 06106. */
static int take_zip(const char *text, char *out, size_t size)
{
	if (strlen(text) == 4 && strspn(text, "0123456789") == 4)
		snprintf(out, size, "0%s", text);
	else
		snprintf(out, size, "%s", text);
	if (strlen(text) >= size || field_zip(out) < 0)
		return err_set(E_INVALID,
			       "a ZIP code is like 06106 or 06106-1234");
	return 0;
}

static int take_day(struct taking *t, const struct csv_column *c,
		    const char *text, int32_t *out)
{
	char a[DATE_TEXT];
	int x = csv_row_date(t->k->map, c->format, text, out);

	if (x < 0)
		return x;
	if (*out > t->k->today)
		return err_set(E_INVALID, "it is in the future; today is %s",
			       date_format(t->k->today, a));
	if (*out < date_from_ymd(1900, 1, 1))
		return err_set(E_INVALID, "it is before 1900");
	return 0;
}

static void *into(struct csv_item *item, const struct csv_field *f, int group)
{
	char *base;

	switch (f->section) {
	case CSV_OF_CHILD:
		base = (char *)&item->child;
		break;
	case CSV_OF_CASE:
		base = (char *)&item->kase;
		break;
	case CSV_OF_NEED:
		base = (char *)&item->group[group].need;
		break;
	default:
		base = (char *)&item->group[group].referral;
	}
	return base + f->offset;
}

static void clear(struct csv_item *item, const struct csv_map *m)
{
	const int32_t none = NO_DATE;

	memset(item, 0, sizeof *item);
	item->first = NO_DATE;
	for (int i = 0; i < csv_field_count; i++) {
		const struct csv_field *f = &csv_fields[i];

		if (f->type != CSV_DAY && f->type != CSV_BIRTH)
			continue;
		for (int g = 0;
		     g == 0 || (f->section >= CSV_OF_NEED && g < m->groups);
		     g++)
			memcpy(into(item, f, g), &none, sizeof none);
	}
}

static int take_value(struct taking *t, const struct csv_column *c,
		      const char *text)
{
	const struct csv_field *f = &csv_fields[c->field];
	void *to = into(t->item, f, c->group);
	char word[CSV_NAME];
	int32_t day;
	int x;

	switch (f->type) {
	case CSV_TEXT:
	case CSV_SECRET:
		return take_text(text, to, f->size, f->type == CSV_TEXT);
	case CSV_ZIP:
		return take_zip(text, to, f->size);
	case CSV_CODE:
		x = take_text(text, word, sizeof word, true);
		return x < 0 ? x
			     : csv_map_word(t->k->map, f, word, to, f->size);
	default:
		x = take_day(t, c, text, &day);
		if (x == 0)
			memcpy(to, &day, sizeof day);
		return x;
	}
}

static void take_cells(struct taking *t)
{
	const struct csv_map *m = t->k->map;

	for (int i = 0; i < m->n; i++) {
		const struct csv_column *c = &m->column[i];
		const struct csv_field *f = &csv_fields[c->field];
		const char *text = c->at < t->row->n ? t->row->cell[c->at] : "";
		struct csv_group *g = &t->item->group[c->group];

		if (!*text)
			continue;
		if (take_value(t, c, text) < 0)
			say(t, CSV_VALUE, c->name, err_text(E_INVALID));
		else if (f->section == CSV_OF_NEED)
			g->has_need = g->has_need || f->type != CSV_CODE ||
				      *(char *)into(t->item, f, c->group);
		else if (f->section == CSV_OF_REFERRAL)
			g->has_referral = g->has_referral ||
					  f->type != CSV_CODE ||
					  *(char *)into(t->item, f, c->group);
	}
	err_clear();
}

/* --- what must be there, and in which order --- */

static void order(struct taking *t, int32_t day, int32_t first,
		  const char *column, const char *message)
{
	if (day != NO_DATE && first != NO_DATE && day < first)
		say(t, CSV_ORDER, column, message);
}

static void check_need(struct taking *t, int g)
{
	struct csv_need *n = &t->item->group[g].need;

	if (!*n->domain)
		say(t, CSV_MISSING, column_of(t, CSV_OF_NEED, "domain", g),
		    "a need or a referral is given, but not which need");
	order(t, n->closed, n->found, column_of(t, CSV_OF_NEED, "closed", g),
	      "it is before the day the need was found");
	if (n->closed != NO_DATE && !*n->outcome && *n->reason)
		snprintf(n->outcome, sizeof n->outcome, "unmet");
	if (n->closed != NO_DATE && !*n->outcome)
		say(t, CSV_MISSING, column_of(t, CSV_OF_NEED, "outcome", g),
		    "the need is closed: say met or unmet, or give a reason");
	if (n->closed == NO_DATE && *n->outcome)
		say(t, CSV_MISSING, column_of(t, CSV_OF_NEED, "closed", g),
		    "the need is met or unmet, but not since when");
	if (strcmp(n->outcome, "met") == 0 && *n->reason)
		say(t, CSV_VALUE, column_of(t, CSV_OF_NEED, "reason", g),
		    "a need that was met has no reason for being unmet");
	if (strcmp(n->outcome, "unmet") == 0 && !*n->reason)
		snprintf(n->reason, sizeof n->reason, "UNKNOWN");
}

static void first_of(int32_t *first, int32_t day)
{
	if (day != NO_DATE && (*first == NO_DATE || day < *first))
		*first = day;
}

/* For each day of a section: nothing is before @limit; the first is noted. */
static void days_of(struct taking *t, enum csv_section section, int g,
		    int32_t limit, const char *message, int32_t *first)
{
	for (int i = 0; i < csv_field_count; i++) {
		const struct csv_field *f = &csv_fields[i];
		int32_t day;

		if (f->section != section || f->type != CSV_DAY)
			continue;
		memcpy(&day, into(t->item, f, g), sizeof day);
		order(t, day, limit, column_of(t, section, f->key, g), message);
		first_of(first, day);
	}
}

static bool has_day_of(const struct csv_referral *f, const char *state)
{
	const struct {
		const char *state;
		int32_t day;
	} is[] = {
		{"requested", f->sent},	     {"accepted", f->accepted},
		{"rejected", f->rejected},   {"cancelled", f->cancelled},
		{"in-progress", f->started}, {"on-hold", f->held},
		{"failed", f->failed},	     {"completed", f->completed},
	};

	for (size_t i = 0; i < sizeof is / sizeof *is; i++) {
		if (strcmp(state, is[i].state) == 0)
			return is[i].day != NO_DATE;
	}
	return true;
}

static void check_referral(struct taking *t, int g, int32_t found,
			   int32_t *first)
{
	struct csv_referral *f = &t->item->group[g].referral;
	int32_t began = NO_DATE;

	order(t, f->sent, f->drafted, column_of(t, CSV_OF_REFERRAL, "sent", g),
	      "it is before the day the referral was drafted");
	days_of(t, CSV_OF_REFERRAL, g, found,
		"it is before the day the need was found", &began);
	if (f->sent != NO_DATE) {
		int32_t drafted = f->drafted;

		f->drafted = NO_DATE;
		days_of(t, CSV_OF_REFERRAL, g, f->sent,
			"it is before the day the referral was sent", &began);
		f->drafted = drafted;
	}
	if (*f->state && f->state_on == NO_DATE && !has_day_of(f, f->state))
		say(t, CSV_MISSING,
		    column_of(t, CSV_OF_REFERRAL, "state_on", g),
		    "a state wants the day since when it is so");
	if (began == NO_DATE && found == NO_DATE)
		say(t, CSV_MISSING, column_of(t, CSV_OF_REFERRAL, "sent", g),
		    "a referral wants a day, or the day its need was found");
	first_of(first, began);
}

static void check_child(struct taking *t)
{
	struct csv_child *c = &t->item->child;

	if (t->why != CSV_OK)
		return;
	if (!*c->given && !*c->family)
		say(t, CSV_MISSING, column_of(t, CSV_OF_CHILD, "family", 0),
		    "a child needs a given name, a family name, or both");
	if (c->birth == NO_DATE)
		say(t, CSV_MISSING, column_of(t, CSV_OF_CHILD, "birth", 0),
		    "the birth date is missing");
	if (!*c->sex)
		snprintf(c->sex, sizeof c->sex, "unknown");
}

/* A row that needs no day of its own lends it from what hangs on it. */
static void check_groups(struct taking *t)
{
	static const char before[] = "it is before the birth date";
	int32_t birth = t->item->child.birth, first = NO_DATE;

	days_of(t, CSV_OF_CASE, 0, birth, before, &first);
	for (int g = 0; g < t->k->map->groups; g++) {
		struct csv_group *is = &t->item->group[g];

		is->has_need = is->has_need || is->has_referral;
		if (!is->has_need)
			continue;
		days_of(t, CSV_OF_NEED, g, birth, before, &first);
		check_need(t, g);
		if (!is->has_referral)
			continue;
		days_of(t, CSV_OF_REFERRAL, g, birth, before, &first);
		check_referral(t, g, is->need.found, &first);
	}
	order(t, t->item->kase.closed, t->item->kase.opened,
	      column_of(t, CSV_OF_CASE, "closed", 0),
	      "it is before the day the case was opened");
	t->item->first = t->item->kase.opened != NO_DATE ? t->item->kase.opened
							 : first;
}

int32_t csv_row_first(const struct csv_item *item, int group)
{
	int32_t first = NO_DATE, day;

	for (int i = 0; i < csv_field_count; i++) {
		const struct csv_field *f = &csv_fields[i];
		const struct csv_group *g = &item->group[group];

		if (f->section < CSV_OF_NEED || f->type != CSV_DAY)
			continue;
		memcpy(&day,
		       (f->section == CSV_OF_NEED
				? (const char *)&g->need
				: (const char *)&g->referral) +
			       f->offset,
		       sizeof day);
		first_of(&first, day);
	}
	return first;
}

/* A sheet that pads may also end its rows with delimiters. */
static bool fits(const struct csv_map *m, const struct csv_cells *row)
{
	int n = row->n;

	if (m->shape.fields != CSV_PAD)
		return n == m->fields;
	while (n > m->fields && !*row->cell[n - 1])
		n--;
	return n <= m->fields;
}

enum csv_reason csv_row(const struct csv_row_check *k,
			const struct csv_cells *row, struct csv_item *item)
{
	struct taking t = {k, row, item, CSV_OK};
	char text[120];

	clear(item, k->map);
	if (!fits(k->map, row)) {
		snprintf(text, sizeof text,
			 "the row has %d fields, the header %d", row->n,
			 k->map->fields);
		say(&t, CSV_FIELDS, "", text);
		return CSV_FIELDS;
	}
	take_cells(&t);
	/* What follows would repeat what is wrong already. */
	if (t.why == CSV_OK) {
		check_child(&t);
		check_groups(&t);
	}
	return t.why;
}
