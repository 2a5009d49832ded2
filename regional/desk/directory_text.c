#include "regional/desk/directory_text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "daemon/web/page.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk_word.h"

const char *directory_text_openings(struct page *p,
				    const struct directory_line *d)
{
	const char *on =
		d->seen == NO_DATE
			? ""
			: arena_str(&p->a, " on %s",
				    day_text_near(&p->a, d->seen, p->today));

	if (d->openings > 0)
		return arena_str(&p->a, "%s%s",
				 day_text_count(&p->a, d->openings, "opening",
						"openings"),
				 on);
	if (d->waiting > 0)
		return arena_str(&p->a, "Waitlist of %lld%s",
				 (long long)d->waiting, on);
	if (d->wait_days > 0)
		return arena_str(
			&p->a, "A wait of %s%s",
			day_text_count(&p->a, d->wait_days, "day", "days"), on);
	return d->openings == 0 ? arena_str(&p->a, "No opening%s", on)
				: "Openings not known";
}

const char *directory_text_verified(struct page *p, int32_t on)
{
	return on == NO_DATE
		       ? "Never checked"
		       : arena_str(&p->a, "Checked %s", day_text(&p->a, on));
}

bool directory_text_stale(struct page *p, int32_t on)
{
	return on == NO_DATE || p->today - on > DIRECTORY_STALE_DAYS;
}

const char *directory_text_ages(struct page *p, int64_t from, int64_t to)
{
	if (from < 0 && to < 0)
		return "All ages";
	if (to < 0)
		return arena_str(&p->a, "From %lld", (long long)from);
	return arena_str(&p->a, "%lld to %lld",
			 (long long)(from < 0 ? 0 : from), (long long)to);
}

const char *directory_text_words(struct page *p, enum words list,
				 const char *set)
{
	const char *out = "";
	char id[VOCABULARY_ID];

	while (*set) {
		size_t len = strcspn(set, ",");

		snprintf(id, sizeof id, "%.*s", (int)len, set);
		out = arena_str(&p->a, "%s%s%s", out, *out ? ", " : "",
				desk_word(p, list, id));
		set += len;
		set += strspn(set, ", ");
	}
	return out;
}

bool directory_text_has(const char *set, const char *word, size_t len)
{
	while (*set) {
		size_t n = strcspn(set, ",");

		if (n == len && strncasecmp(set, word, len) == 0)
			return true;
		set += n;
		set += strspn(set, ", ");
	}
	return false;
}
