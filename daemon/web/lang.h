/* lang: the languages that pages and printed plans are in. */
#ifndef CCFED_LANG_H
#define CCFED_LANG_H

enum lang { LANG_EN, LANG_ES, LANGS };

/* "en" or "es", as in an HTML lang attribute. */
const char *lang_code(enum lang lang);
/* What the Accept-Language header or a setting asks for first of those we
 * speak; English if it is NULL or names neither. */
enum lang lang_of(const char *wanted);

#endif
