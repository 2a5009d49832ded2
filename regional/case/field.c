#include "regional/case/field.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/core/utf8.h"

bool field_utf8(const unsigned char *s, size_t len)
{
	const char *text = (const char *)s;
	int n;

	for (size_t at = 0; at < len; at += (size_t)n) {
		n = utf8_len(text + at, len - at);
		if (n == 0)
			return false;
	}
	return true;
}

int field_text(const char *what, const char *text, size_t size)
{
	size_t len = strnlen(text, size);
	int n;

	if (len >= size)
		return err_set(
			E_INVALID,
			"The %s is too long: only its first %zu characters fit",
			what, utf8_chars(text, size - 1));
	for (size_t at = 0; at < len; at += (size_t)n) {
		n = utf8_len(text + at, len - at);
		if (n == 0)
			return err_set(E_INVALID, "The %s is not UTF-8 text",
				       what);
		if (utf8_is_control(text + at))
			return err_set(E_INVALID,
				       "The %s has a control "
				       "character (a tab or line "
				       "break, perhaps)",
				       what);
	}
	return 0;
}

int field_day(const struct records *r, const char *what, int32_t day)
{
	int32_t today = records_today(r);
	char a[DATE_TEXT], b[DATE_TEXT];

	if (day == NO_DATE)
		return err_set(E_INVALID,
			       "The %s is missing: give a date like "
			       "%s",
			       what, date_format(today, a));
	if (day < date_from_ymd(1900, 1, 1))
		return err_set(E_INVALID, "The %s, %s, is before 1900", what,
			       date_format(day, a));
	if (day > today)
		return err_set(
			E_INVALID, "The %s, %s, is in the future; today is %s",
			what, date_format(day, a), date_format(today, b));
	return 0;
}

int field_order(const char *what, int32_t day, int32_t first,
		const char *first_what)
{
	char a[DATE_TEXT], b[DATE_TEXT];

	if (day >= first)
		return 0;
	return err_set(E_INVALID, "The %s, %s, is before %s, %s", what,
		       date_format(day, a), first_what, date_format(first, b));
}

int field_any_day(const char *what, int32_t day)
{
	char a[DATE_TEXT];

	if (day == NO_DATE || (day >= date_from_ymd(1900, 1, 1) &&
			       day < date_from_ymd(2200, 1, 1)))
		return 0;
	return err_set(E_INVALID, "The %s, %s, is not between 1900 and 2200",
		       what, date_format(day, a));
}

int field_span(const struct records *r, const char *what, int32_t since,
	       int32_t until)
{
	char name[NAME_TEXT];
	int x = 0;

	snprintf(name, sizeof name, "first day of the %s", what);
	if (since != NO_DATE)
		x = field_day(r, name, since);
	snprintf(name, sizeof name, "last day of the %s", what);
	if (x == 0)
		x = field_any_day(name, until);
	if (x == 0 && since != NO_DATE && until != NO_DATE)
		x = field_order(name, until, since, "its first");
	return x;
}

int field_zip(const char *zip)
{
	size_t n = strspn(zip, "0123456789");

	if (!*zip || (n == 5 && !zip[5]))
		return 0;
	if (n == 5 && zip[5] == '-' && strlen(zip) == 10 &&
	    strspn(zip + 6, "0123456789") == 4)
		return 0;
	return err_set(E_INVALID,
		       "The ZIP code \"%.11s\" is not one like 06106 "
		       "or 06106-1234",
		       zip);
}

int field_word(const struct vocabulary *v, enum words list, const char *what,
	       const char *id)
{
	char all[800];
	size_t used = 0;
	int n = vocabulary_count(v, list);

	if (vocabulary_find(v, list, id) >= 0)
		return 0;
	all[0] = '\0';
	for (int i = 0; i < n && used < sizeof all; i++)
		used += (size_t)snprintf(all + used, sizeof all - used, "%s%s",
					 i ? ", " : "",
					 vocabulary_word(v, list, i)->id);
	return err_set(E_INVALID, "\"%.40s\" is not a %s; it is one of: %s", id,
		       what, all);
}

int field_search(const char *text, struct field_search *out)
{
	int n = 0;

	for (int i = 0; i < FIELD_WORDS; i++)
		snprintf(out->like[i], FIELD_PATTERN, "%%");
	for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
		size_t len = strcspn(text, " ");
		char *p;

		if (n == FIELD_WORDS)
			return err_set(E_INVALID, "Search for at most %d words",
				       FIELD_WORDS);
		if (len > NAME_TEXT - 2)
			return err_set(E_INVALID, "A word of the search is too "
						  "long");
		p = out->like[n++];
		*p++ = '%';
		for (; len > 0; len--, text++) {
			if (*text == '%' || *text == '_' || *text == '\\')
				*p++ = '\\';
			*p++ = *text;
		}
		*p++ = '%';
		*p = '\0';
	}
	return 0;
}

const char *field_sql_day(int32_t day, char buf[DATE_TEXT])
{
	return day == NO_DATE ? NULL : date_format(day, buf);
}

int32_t field_day_of_sql(const char *text)
{
	int32_t day;

	if (!text || date_parse(text, &day) < 0)
		return NO_DATE;
	return day;
}

const char *field_sql_text(const char *text)
{
	return text && *text ? text : NULL;
}

void field_copy(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text ? text : "");
}

const char *field_id_text(int64_t id, char buf[24])
{
	if (id == 0)
		return NULL;
	snprintf(buf, 24, "%lld", (long long)id);
	return buf;
}

const char *field_age_band(const struct vocabulary *v, int32_t birth,
			   int32_t on)
{
	int age = on < birth ? -1 : date_age_years(birth, on);
	const struct word *oldest = vocabulary_word(v, WORDS_AGE, 0);

	for (int i = 0; i < vocabulary_count(v, WORDS_AGE); i++) {
		const struct word *w = vocabulary_word(v, WORDS_AGE, i);

		if (age >= w->age_from && age <= w->age_to)
			return w->id;
		if (w->age_to > oldest->age_to)
			oldest = w;
	}
	return oldest->id;
}
