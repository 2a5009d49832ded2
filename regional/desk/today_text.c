#include "regional/desk/today_text.h"

#include <ctype.h>
#include <string.h>

#include "regional/desk/day_text.h"

const char *today_text_word(const struct today_text *t, enum words list,
			    const char *id)
{
	int i = vocabulary_find(t->words, list, id);

	return i < 0 ? id : vocabulary_word(t->words, list, i)->title;
}

/* In the middle of a sentence. */
static const char *small(const struct today_text *t, const char *text)
{
	char *out = arena_dup(t->a, text);

	/* Not of "IEP". */
	if (out && *out && !isupper((unsigned char)out[1]))
		*out = (char)tolower((unsigned char)*out);
	return out;
}

const char *today_text_name(const struct today_text *t,
			    const struct today_item *i)
{
	return arena_str(t->a, "%s%s%s", i->given,
			 *i->given && *i->family ? " " : "", i->family);
}

const char *today_text_when(const struct today_text *t,
			    const struct today_item *i)
{
	if (i->late > 0)
		return arena_str(t->a, "%s late",
				 day_text_count(t->a, i->late, "day", "days"));
	return i->late == 0 ? "Today" : day_text_week(t->a, i->due);
}

static const char *what_service(const struct today_text *t,
				const struct today_item *i)
{
	const char *what = *i->what ? i->what
				    : today_text_word(t, WORDS_NEED, i->word);

	return *i->with ? arena_str(t->a, "%s · %s", what, i->with) : what;
}

const char *today_text_what(const struct today_text *t,
			    const struct today_item *i)
{
	switch (i->kind) {
	case TODAY_OPENING:
		return arena_str(t->a, "Ask about openings: %s",
				 what_service(t, i));
	case TODAY_REFERRAL:
		return what_service(t, i);
	case TODAY_SCREEN:
		return arena_str(t->a, "Complete the %s of %s", i->word,
				 day_text_short(t->a, i->since));
	case TODAY_SHARE_PLAN:
		return arena_str(t->a, "Share the care plan with %s",
				 *i->with ? i->with : "primary care");
	case TODAY_REVIEW_PLAN:
		return "Review the care plan with the family";
	case TODAY_TRANSITION:
		return arena_str(
			t->a, "Adult care: %s",
			small(t, today_text_word(t, WORDS_ELEMENT, i->word)));
	case TODAY_CONSENT:
		return arena_str(
			t->a, "Consent %s: %s%s%s",
			i->late > 0 ? "has ended" : "ends",
			small(t, today_text_word(t, WORDS_SCOPE, i->word)),
			*i->with ? ", " : "", i->with);
	case TODAY_ED:
	case TODAY_INBOX:
		return "After the emergency department";
	default:
		return i->what;
	}
}

/* Of a contact by its mode: what is logged. */
static const char *mode_text(const char *mode)
{
	static const char *const names[][2] = {
		{"text", "text"},      {"e-mail", "e-mail"},
		{"letter", "letter"},  {"video", "video call"},
		{"portal", "message"}, {"records", "record work"},
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(mode, names[i][0]) == 0)
			return names[i][1];
	return "call";
}

const char *today_text_act(const struct today_item *i)
{
	static const char *const logs[][2] = {
		{"text", "Log text"},	   {"e-mail", "Log e-mail"},
		{"letter", "Log letter"},  {"video", "Log video call"},
		{"portal", "Log message"}, {"records", "Mark as done"},
	};

	switch (i->kind) {
	case TODAY_VISIT:
		return "Mark as kept";
	case TODAY_ED:
		return i->contacted == NO_DATE ? "Log contact" : "Mark as kept";
	case TODAY_INBOX:
		return i->kase ? "Take on" : NULL;
	case TODAY_CONTACT:
		for (size_t k = 0; k < sizeof logs / sizeof *logs; k++)
			if (strcmp(i->mode, logs[k][0]) == 0)
				return logs[k][1];
		return "Log call";
	default:
		return NULL;
	}
}

const char *today_text_open(const struct today_item *i)
{
	switch (i->kind) {
	case TODAY_ACTION:
	case TODAY_SHARE_PLAN:
	case TODAY_REVIEW_PLAN:
		return "Open plan";
	case TODAY_SCREEN:
		return "Open screen";
	case TODAY_CONSENT:
		return "Open consents";
	default:
		return "Open record";
	}
}

const char *today_text_part(const struct today_item *i)
{
	switch (i->kind) {
	case TODAY_ACTION:
	case TODAY_SHARE_PLAN:
	case TODAY_REVIEW_PLAN:
		return "plan";
	case TODAY_SCREEN:
		return "screening";
	case TODAY_TRANSITION:
		return "transition";
	case TODAY_CONSENT:
		return "coverage";
	case TODAY_ED:
	case TODAY_INBOX:
		return "ed";
	default:
		return "";
	}
}

const char *today_text_done(const struct today_text *t,
			    const struct today_item *i)
{
	const char *name = today_text_name(t, i);

	switch (i->kind) {
	case TODAY_VISIT:
		return arena_str(t->a, "%s of %s was kept",
				 today_text_word(t, WORDS_MODE, i->mode), name);
	case TODAY_INBOX:
		return arena_str(t->a, "%s is yours now", name);
	case TODAY_ED:
		return i->contacted == NO_DATE
			       ? arena_str(t->a,
					   "call with the family of %s, "
					   "reached",
					   name)
			       : arena_str(t->a, "follow-up of %s was kept",
					   name);
	default:
		return arena_str(t->a, "%s about %s, reached",
				 mode_text(i->mode), name);
	}
}

/* "Text the mother, after 5 pm" */
static const char *way_text(const struct today_text *t,
			    const struct today_item *i)
{
	static const char *const verbs[][2] = {
		{"phone", "Call"},	  {"text", "Text"},
		{"email", "E-mail"},	  {"mail", "Write to"},
		{"portal", "By portal:"}, {"visit", "Visit"},
	};
	const char *verb = "Reach", *whom;

	for (size_t k = 0; k < sizeof verbs / sizeof *verbs; k++)
		if (strcmp(i->way, verbs[k][0]) == 0)
			verb = verbs[k][1];
	if (strcmp(i->relation, "self") == 0)
		whom = i->given;
	else if (*i->relation && strcmp(i->relation, "other") != 0)
		whom = arena_str(t->a, "the %s",
				 small(t, today_text_word(t, WORDS_RELATION,
							  i->relation)));
	else
		whom = "the caregiver";
	return arena_str(t->a, "%s %s%s%s", verb, whom, *i->hours ? ", " : "",
			 i->hours);
}

int today_text_reach(const struct today_text *t, const struct today_item *i,
		     const char *out[TODAY_REACH], int *warn)
{
	int n = 0;

	*warn = -1;
	if (*i->party && strcmp(i->party, "family") != 0 &&
	    strcmp(i->party, "youth") != 0) {
		out[n++] = today_text_word(t, WORDS_PARTY, i->party);
		return n;
	}
	if (*i->language)
		out[n++] = today_text_word(t, WORDS_LANGUAGE, i->language);
	if (i->interpreter)
		out[n++] = "Interpreter needed";
	if (*i->way)
		out[n++] = way_text(t, i);
	if (i->unsafe || !*i->way) {
		if (i->unsafe)
			*warn = n;
		out[n++] = *i->way     ? "Other ways are not safe"
			   : i->unsafe ? "No safe way is known"
				       : "How to reach is not on record";
	}
	return n;
}
