#include "daemon/web/person.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"

static const char *const NAME[] = {"coordinator", "supervisor", "viewer",
				   "operator", "ta-advisor"};
enum { ROLES = sizeof NAME / sizeof *NAME };

const char *person_role_name(unsigned role)
{
	for (int i = 0; i < ROLES; i++)
		if (role == 1U << i)
			return NAME[i];
	return NULL;
}

char *person_roles_format(unsigned roles, char out[80])
{
	size_t n = 0;

	out[0] = '\0';
	for (int i = 0; i < ROLES; i++)
		if (roles & 1U << i)
			n += (size_t)snprintf(out + n, 80 - n, "%s%s",
					      n ? "," : "", NAME[i]);
	return out;
}

static unsigned role_named(const char *name, size_t len)
{
	for (int i = 0; i < ROLES; i++)
		if (strlen(NAME[i]) == len && memcmp(NAME[i], name, len) == 0)
			return 1U << i;
	return 0;
}

int person_roles_parse(const char *text, unsigned allowed, unsigned *out)
{
	unsigned roles = 0;
	char names[80];

	for (const char *p = text; *p;) {
		size_t len = strcspn(p, ",");
		unsigned role = role_named(p, len) & allowed;

		if (!role)
			return err_set(E_INVALID,
				       "\"%.*s\" is not a role here; there "
				       "are %s",
				       (int)(len < 40 ? len : 40), p,
				       person_roles_format(allowed, names));
		roles |= role;
		p += len;
		p += *p == ',';
	}
	if (!roles)
		return err_set(E_INVALID, "name a role: %s",
			       person_roles_format(allowed, names));
	*out = roles;
	return 0;
}
