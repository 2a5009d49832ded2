#include "daemon/hub/hub_site.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/clock.h"
#include "daemon/core/db.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/hub_api.h"
#include "daemon/hub/hub_audit.h"
#include "daemon/hub/hub_audits.h"
#include "daemon/hub/hub_grants.h"
#include "daemon/hub/hub_measure.h"
#include "daemon/hub/hub_packet.h"
#include "daemon/hub/hub_page.h"
#include "daemon/hub/hub_public.h"
#include "daemon/hub/hub_region.h"
#include "daemon/hub/hub_releases.h"
#include "daemon/hub/hub_report.h"
#include "daemon/hub/hub_schema.h"
#include "daemon/hub/hub_state.h"
#include "daemon/hub/hub_ta.h"
#include "daemon/hub/hub_then.h"
#include "daemon/hub/hub_tokens.h"

const struct page_route *const hub_site_routes[] = {
	hub_api_routes,	     hub_audits_routes,	 hub_gaps_routes,
	hub_grants_routes,   hub_measure_routes, hub_packet_routes,
	hub_page_routes,     hub_public_routes,	 hub_region_routes,
	hub_releases_routes, hub_report_routes,	 hub_state_routes,
	hub_ta_forms_routes, hub_ta_routes,	 hub_ta_sheet_routes,
	hub_then_routes,     hub_tokens_routes,	 NULL,
};

static const struct page_nav NAV[] = {
	{"state", "/", "State", ROLES_OF_HUB, false},
	{"measures", "/measures", "Measures", ROLES_OF_HUB, false},
	{"regions", "/regions", "Regions", ROLES_OF_HUB, false},
	{"gaps", "/gaps", "Gaps", ROLES_OF_HUB, false},
	{"ta", "/ta", "Technical assistance", ROLES_OF_HUB, false},
	{"reports", "/reports", "Reports", ROLES_OF_HUB, false},
	{"then", "/then", "As known then", ROLES_OF_HUB, false},
	{"releases", "/releases", "Numbers received", ROLES_OF_HUB, false},
};

static int reader(void *site, struct db **out)
{
	const struct hub *h = site;
	char file[600];
	int r;

	snprintf(file, sizeof file, "%s/hub.db", h->dir);
	r = db_open(out, h->disk, file, DB_READ);
	if (r < 0)
		return r;
	r = db_check_version(*out, HUB_APP_ID, hub_schema_count);
	if (r < 0) {
		db_close(*out);
		*out = NULL;
	}
	return r;
}

/* Changes at the hub are audited by the page that makes them. */
static int begin(void *site, const struct person *who)
{
	return db_begin(((struct hub *)site)->db);
}

static int end(void *site, int result)
{
	return db_end(((struct hub *)site)->db, result);
}

static int audit(void *site, const char *who, const char *record, int64_t id,
		 const char *field)
{
	struct hub *h = site;

	return hub_audit(h->db, clock_utc_ms(h->clock), who, record, id, field);
}

void hub_site_init(struct hub_site *s, struct hub *h)
{
	bool synthetic = h->policy.kind == NETWORK_SYNTHETIC;

	snprintf(s->banner, sizeof s->banner, "Limited data set under %s.",
		 h->policy.agreement);
	if (synthetic)
		snprintf(s->banner, sizeof s->banner, "Synthetic data.");
	s->h = h;
	s->hooks = (struct site_hooks){
		.site = h,
		.name = "ccfed",
		.place = h->policy.network,
		.home = "/",
		.banner = synthetic || h->policy.floor < POLICY_FLOOR
				  ? s->banner
				  : NULL,
		.banner_rest = synthetic ? "No real child, family or agency "
					   "is on this page."
					 : NULL,
		.nav = NAV,
		.n_nav = sizeof NAV / sizeof *NAV,
		.roles = ROLES_OF_HUB,
		.reader = reader,
		.writer = h->db,
		.begin = begin,
		.end = end,
		.audit = audit,
	};
}
