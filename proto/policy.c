#include "proto/policy.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "proto/codec_field.h"

enum { SETTLE_MAX = 366, FLOOR_MAX = 1000, KEEP_MAX = 100 };

void policy_defaults(struct policy *p, enum network_kind kind,
		     const char *network)
{
	memset(p, 0, sizeof *p);
	p->number = 1;
	p->kind = kind;
	p->floor = POLICY_FLOOR;
	p->settle_days = 10;
	p->state_fiscal_month = 7;
	p->keep_years = 7;
	p->withdrawal = POLICY_COUNTED;
	snprintf(p->zone, sizeof p->zone, "America/New_York");
	snprintf(p->network, sizeof p->network, "%s", network);
}

static int check_texts(const struct policy *p)
{
	int r = codec_field_text(p->network, sizeof p->network,
				 "the network's name");

	if (r == 0)
		r = codec_field_text(p->agreement, sizeof p->agreement,
				     "the agreement");
	if (r == 0)
		r = codec_field_text(p->zone, sizeof p->zone, "the time zone");
	return r < 0 ? E_INVALID : 0;
}

static int check_floor(const struct policy *p)
{
	if (p->floor == 0 || p->floor > FLOOR_MAX)
		return err_set(E_INVALID, "the floor must be from 1 to %d",
			       FLOOR_MAX);
	if (p->floor < POLICY_FLOOR && p->kind != NETWORK_SYNTHETIC &&
	    !*p->agreement)
		return err_set(E_INVALID,
			       "a floor under %d needs a synthetic network or "
			       "a data use agreement",
			       POLICY_FLOOR);
	return 0;
}

int policy_check(const struct policy *p)
{
	int r = check_texts(p);

	if (r < 0)
		return r;
	if (p->number == 0)
		return err_set(E_INVALID, "policies are numbered from 1");
	if (p->kind != NETWORK_REAL && p->kind != NETWORK_SYNTHETIC)
		return err_set(E_INVALID, "the kind of network is unknown");
	if (!*p->network)
		return err_set(E_INVALID, "the network has no name");
	if (p->settle_days > SETTLE_MAX)
		return err_set(E_INVALID, "settling takes over %d days",
			       SETTLE_MAX);
	if (p->state_fiscal_month < 1 || p->state_fiscal_month > 12)
		return err_set(E_INVALID,
			       "the fiscal year's first month is 1 to 12");
	if (p->keep_years > KEEP_MAX)
		return err_set(E_INVALID, "cases are kept over %d years",
			       KEEP_MAX);
	if (p->withdrawal != POLICY_COUNTED &&
	    p->withdrawal != POLICY_UNCOUNTED)
		return err_set(E_INVALID,
			       "what withdrawn consent does to counting is "
			       "unknown");
	r = check_floor(p);
	return r == 0 ? date_zone_check(p->zone) : r;
}

const char *policy_banner(const struct policy *p, char *out, size_t size)
{
	if (p->kind == NETWORK_SYNTHETIC)
		snprintf(out, size, "Synthetic data");
	else if (p->floor < POLICY_FLOOR)
		snprintf(out, size, "Limited data set under %s", p->agreement);
	else
		snprintf(out, size, "Anonymized");
	return out;
}
