#include "regional/case/simulate_story.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "regional/case/field.h"

enum { STORY_TEXT = 64 };

void simulate_story_init(struct simulate_story *s)
{
	*s = (struct simulate_story){.silent_from = NO_DATE,
				     .silent_to = NO_DATE};
}

static int take_month(struct simulate_story *s, const char *month)
{
	char first[STORY_TEXT + 4];
	int y, m, d;

	snprintf(first, sizeof first, "%s-01", month);
	if (date_parse(first, &s->silent_from) < 0)
		return err_set(E_INVALID,
			       "The silent month is like 2025-07, not \"%s\"",
			       month);
	date_to_ymd(s->silent_from, &y, &m, &d);
	s->silent_to = m == 12 ? date_from_ymd(y + 1, 1, 1) - 1
			       : date_from_ymd(y, m + 1, 1) - 1;
	return 0;
}

static int take_one(struct simulate_story *s, const struct vocabulary *v,
		    const char *text)
{
	static const char need[] = "no-service=", month[] = "silent-month=";

	if (strcmp(text, "falling-linkage") == 0) {
		s->falling = true;
		return 0;
	}
	if (strncmp(text, month, sizeof month - 1) == 0)
		return take_month(s, text + sizeof month - 1);
	if (strncmp(text, need, sizeof need - 1) != 0)
		return err_set(E_INVALID,
			       "A story is falling-linkage, no-service=NEED or "
			       "silent-month=YYYY-MM, not \"%s\"",
			       text);
	text += sizeof need - 1;
	field_copy(s->no_service, sizeof s->no_service, text);
	return field_word(v, WORDS_NEED, "need without a service", text);
}

int simulate_story_parse(struct simulate_story *s, const struct vocabulary *v,
			 const char *text)
{
	char one[STORY_TEXT];
	int x = 0;

	while (*text && x == 0) {
		size_t len = strcspn(text, ",");

		snprintf(one, sizeof one, "%.*s",
			 (int)(len < sizeof one ? len : sizeof one - 1), text);
		x = take_one(s, v, one);
		text += len;
		text += *text == ',';
	}
	return x;
}

int32_t simulate_story_day(const struct simulate_story *s, int32_t day)
{
	if (s->silent_from == NO_DATE || day < s->silent_from ||
	    day > s->silent_to)
		return day;
	return s->silent_to + 1;
}
