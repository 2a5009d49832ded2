/* policy: the rules of one network, signed by the hub, numbered, pinned by each
 * node and named by each release.
 *
 * A node may be stricter, never laxer. What kind of network it is was fixed
 * when node and hub were made and is compared at joining. */
#ifndef CCFED_POLICY_H
#define CCFED_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum network_kind { NETWORK_REAL = 1, NETWORK_SYNTHETIC = 2 };
/* Of a child whose family has withdrawn its consent to receive care
 * coordination; codes of the list withdrawal in vocabulary.conf. */
enum policy_withdrawal { POLICY_COUNTED = 1, POLICY_UNCOUNTED = 2 };
enum { POLICY_FLOOR = 11, POLICY_BYTES_MAX = 1024 };

struct policy {
	uint32_t number; /* from 1 */
	enum network_kind kind;
	uint32_t floor;		     /* distinct children an event stands for */
	uint32_t settle_days;	     /* after a period ends (and matures) */
	char zone[40];		     /* IANA time zone of civil dates */
	char network[80];	     /* its name, for pages */
	char agreement[120];	     /* data use agreement; "" if none */
	uint32_t state_fiscal_month; /* 7: the state's year begins in July */
	bool review;		     /* a supervisor reviews and releases */
	uint32_t keep_years;	     /* retention of closed cases */
	enum policy_withdrawal withdrawal;
};

/* The defaults: floor 11, 10 days, America/New_York, automatic, withdrawn
 * children counted. */
void policy_defaults(struct policy *p, enum network_kind kind,
		     const char *network);
/* E_INVALID with a sentence: floor under 11 neither synthetic nor under an
 * agreement, floor 0, settling over 366 days, an unknown zone. */
int policy_check(const struct policy *p);

/* The banner that stands on every page, export and document: "Synthetic data",
 * "Limited data set under ...", or "Anonymized". Lent from @p or static. */
const char *policy_banner(const struct policy *p, char *out, size_t size);

#endif
