#include "daemon/web/lang.h"

#include <string.h>

const char *lang_code(enum lang lang)
{
	return lang == LANG_ES ? "es" : "en";
}

/* The browser lists its languages by preference; weights only repeat that
 * order, so they are not read. */
enum lang lang_of(const char *wanted)
{
	while (wanted && *wanted) {
		wanted += strspn(wanted, " \t,");
		if (strncmp(wanted, "es", 2) == 0)
			return LANG_ES;
		if (strncmp(wanted, "en", 2) == 0)
			return LANG_EN;
		wanted = strchr(wanted, ',');
	}
	return LANG_EN;
}
