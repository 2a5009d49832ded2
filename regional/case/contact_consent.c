/* The part of contact.h that asks whether the family had allowed it. */
#include "regional/case/contact.h"

#include <string.h>

#include "daemon/core/err.h"
#include "regional/case/child.h"
#include "regional/case/consent.h"
#include "regional/case/kase.h"

static bool is_one_of(const char *word, const char *const *list)
{
	for (int i = 0; list[i]; i++)
		if (strcmp(word, list[i]) == 0)
			return true;
	return false;
}

/* NULL: none is needed, as with the family itself, by any way but those that
 * others may read on the way. */
static const char *scope_of(const struct contact *c)
{
	static const char *const own[] = {"family", "youth", NULL};
	static const char *const health[] = {
		"primary-care", "specialist", "behavioral",	"hospital",
		"pharmacy",	"payer",      "adult-provider", NULL};
	static const char *const written[] = {"e-mail", "text", NULL};

	if (is_one_of(c->party, own))
		return is_one_of(c->mode, written) ? "message" : NULL;
	/* Nobody was told anything. */
	if (!c->reached || strcmp(c->mode, "records") == 0)
		return NULL;
	if (strcmp(c->party, "school") == 0)
		return "contact-school";
	return is_one_of(c->party, health) ? "contact-health"
					   : "contact-agency";
}

struct asked {
	const char *scope;
	int32_t day, birth;
	bool any;
};

/* With whom exactly one spoke is a name, so a consent for any receiver does. */
static int look(void *arg, const struct consent *c)
{
	struct asked *a = arg;
	int32_t last = consent_last_day(c, a->birth);

	if (c->since > a->day || (last != NO_DATE && last < a->day))
		return 0;
	for (int i = 0; i < c->scopes; i++)
		a->any = a->any || strcmp(c->scope[i], a->scope) == 0;
	return 0;
}

int contact_consent(struct records *r, const struct contact *c, int64_t kase)
{
	const struct consent_receiver to = {0};
	struct asked a = {.scope = scope_of(c), .day = c->happened};
	struct child child;
	struct kase k;
	int x;

	if (!a.scope)
		return 0;
	if ((x = kase_get(r->db, kase, &k)) < 0 ||
	    (x = child_get(r->db, k.child, &child)) < 0)
		return x;
	a.birth = child.birth;
	x = consent_list(r->db, k.child, look, &a);
	if (x < 0 || a.any)
		return x;
	return consent_allows(r, k.child, a.scope, &to, c->happened, NULL);
}
