/* What the family of a made-up child consents to: signed, renewed, withdrawn,
 * and signed anew by the youth. */
#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "regional/case/consent.h"
#include "regional/case/custody.h"
#include "regional/case/simulate_life.h"
#include "regional/case/simulate_story.h"

#define put(field, text) snprintf(field, sizeof(field), "%s", text)

static int32_t of_age(int32_t birth)
{
	int y, m, d;

	date_to_ymd(birth, &y, &m, &d);
	return date_from_ymd(y + CUSTODY_OF_AGE, m, d);
}

/* Renewed again and again, until somebody forgets. */
static void draw_renewals(struct life *l, int32_t last, int days)
{
	struct rng *rng = &l->rng.base;

	while (last < l->end && simulate_rates_happen(rng, RENEWED)) {
		int32_t day = last - simulate_rates_between(rng, 0, 25);

		simulate_life_during(l, day, LIFE_RENEW, days);
		last = day + days;
	}
}

void simulate_consent_draw(struct life *l)
{
	struct rng *rng = &l->rng.base;
	int32_t opened = l->p->opened, grown = of_age(l->p->child.birth);
	bool consents = simulate_rates_happen(rng, CONSENTED);
	bool withdraws = simulate_rates_happen(rng, WITHDRAWN);
	int days = simulate_rates_happen(rng, CONSENT_YEAR) ? 365 : 730;
	bool signs = simulate_rates_happen(rng, YOUTH_SIGNS);

	if (!consents)
		return;
	simulate_life_push(l, opened, LIFE_CONSENT, days);
	if (withdraws) {
		simulate_life_push(
			l, opened + simulate_rates_between(rng, 20, 200),
			LIFE_WITHDRAW, 0);
		return;
	}
	draw_renewals(l, opened + days, days);
	grown += simulate_rates_between(rng, 1, 30);
	if (signs && of_age(l->p->child.birth) > opened)
		simulate_life_during(l, grown, LIFE_OF_AGE, days);
}

/* Of age: the youth signs. Mother and father sign as parents, child welfare as
 * what it is, others as guardians. */
static void who_signs(struct life *l, struct consent *c, int32_t day)
{
	static const char *const rights[] = {"parent", "child-welfare",
					     "guardian"};

	if (custody_of_age(l->p->child.birth, day)) {
		put(c->authority, "youth");
		return;
	}
	c->signer = l->home.worker ? l->home.worker : l->home.caregiver;
	for (int i = 0; i < 3; i++) {
		put(c->authority, rights[i]);
		if (custody_may_sign(l->r, l->child, c->signer, rights[i],
				     day) == 0)
			return;
		err_clear();
	}
}

static int write_consent(struct life *l, int32_t day, int days)
{
	static const char *const scopes[] = {"coordinate", "share-plan",
					     "refer", "contact-health"};
	struct consent c = {.child = l->child,
			    .scopes = 4,
			    .since = day,
			    .until = day + days,
			    .signed_on = day,
			    .withdrawn = NO_DATE,
			    .counted = true};
	int x;

	who_signs(l, &c, day);
	for (int k = 0; k < 4; k++)
		put(c.scope[k], scopes[k]);
	if (l->consent && strcmp(c.authority, "youth") != 0)
		x = consent_renew(l->r, l->consent, &c, &l->consent);
	else
		x = consent_add(l->r, &c, &l->consent);
	return x;
}

int simulate_consent_write(struct life *l, const struct life_event *e)
{
	if (e->kind == LIFE_WITHDRAW)
		return consent_withdraw(l->r, l->consent, e->day,
					"family asked for it");
	return write_consent(l, e->day, e->no);
}
