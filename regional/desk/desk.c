#include "regional/desk/desk.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "proto/policy.h"
#include "regional/case/audit.h"
#include "regional/case/staff.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/emergency.h"
#include "regional/desk/find_list.h"
#include "regional/node.h"

const struct page_route *const desk_routes[] = {
	/* clang-format off: one a line */
	desk_today_routes,
	desk_cases_routes,
	desk_child_routes,
	desk_child_lists_routes,
	desk_edit_routes,
	desk_files_routes,
	desk_find_routes,
	desk_emergency_routes,
	desk_help_routes,
	desk_intake_routes,
	desk_numbers_routes,
	desk_supervisor_routes,
	desk_contacts_routes,
	desk_contact_new_routes,
	desk_contact_who_routes,
	desk_merge_routes,
	desk_packet_routes,
	desk_plan_routes,
	desk_people_routes,
	desk_transition_routes,
	desk_visit_routes,
	desk_referrals_routes,
	desk_referral_new_routes,
	desk_referral_routes,
	desk_directory_routes,
	desk_service_routes,
	desk_directory_edit_routes,
	desk_collaborative_routes,
	desk_gap_routes,
	desk_meeting_routes,
	desk_practices_routes,
	desk_families_routes,
	desk_survey_routes,
	desk_directory_import_routes,
	/* clang-format on */
	NULL,
};

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR };

static const struct page_nav NAV[] = {
	{"today", "/", "Today", OF_CASES, false},
	{"cases", "/cases", "Cases", OF_CASES, false},
	{"directory", "/directory", "Directory", OF_CASES, false},
	{"collaborative", "/collaborative", "Collaborative", OF_CASES, false},
	{"practices", "/practices", "Practices", OF_CASES, false},
	{"families", "/families", "Families", OF_CASES, false},
	{"numbers", "/numbers", "Our numbers", ROLES_OF_NODE, false},
	{"supervisor", "/supervisor", "Supervisor", ROLE_SUPERVISOR, true},
};

static int reader(void *site, struct db **out)
{
	return node_reader(((struct desk *)site)->n, out);
}

static int begin(void *site, const struct person *who)
{
	struct records *r = &((struct desk *)site)->n->rec;
	int x = records_begin(r);

	if (x == 0 && who)
		snprintf(r->who, sizeof r->who, "user:%s", who->name);
	return x;
}

static int end(void *site, int result)
{
	struct records *r = &((struct desk *)site)->n->rec;

	snprintf(r->who, sizeof r->who, "node");
	return records_end(r, result);
}

static int audit(void *site, const char *who, const char *record, int64_t id,
		 const char *field)
{
	struct records *r = &((struct desk *)site)->n->rec;
	char was[RECORDS_WHO];
	int x;

	snprintf(was, sizeof was, "%s", r->who);
	snprintf(r->who, sizeof r->who, "%s", who);
	x = audit_change(r, record, id, field, NULL, NULL);
	snprintf(r->who, sizeof r->who, "%s", was);
	return x;
}

struct staffing {
	int (*fn)(void *arg, int64_t id, const char *name);
	void *arg;
};

static int on_staff(void *arg, const struct staff *s)
{
	struct staffing *t = arg;

	return t->fn(t->arg, s->id, s->name);
}

static int staff(void *site, int (*fn)(void *arg, int64_t id, const char *name),
		 void *arg)
{
	struct node *n = ((struct desk *)site)->n;
	struct staffing t = {fn, arg};

	return staff_list(n->db, "", records_today(&n->rec), 0, 1000, on_staff,
			  &t);
}

/* --- who may see whom --- */

int desk_may_see(struct db *db, const struct person *who, int64_t child,
		 int64_t now_utc_ms, bool *out)
{
	const struct find_viewer viewer = {
		.staff = who->staff,
		.all = who->roles & ROLE_SUPERVISOR,
		.today = date_of_utc(now_utc_ms),
	};
	int64_t until = 0, there;
	int x = db_int(db, &there, "SELECT id FROM child WHERE id = ?", "i",
		       child);

	*out = false;
	if (x == E_NOTFOUND)
		return err_set(x, "there is no child %lld", (long long)child);
	if (x < 0 || !(who->roles & OF_CASES))
		return x;
	x = find_list_open(db, &viewer, child, out);
	if (x < 0 || *out)
		return x;
	x = emergency_until(db, who->name, child, now_utc_ms, &until);
	*out = until > 0;
	return x;
}

int desk_open(struct page *p, int64_t child)
{
	bool may = false;
	int x = desk_may_see(p->db, p->who, child, p->now_utc_ms, &may);

	if (x < 0)
		return x;
	if (may) {
		page_saw(p, "child", child);
		return 0;
	}
	if (p->req->method == HTTP_POST || !(p->who->roles & OF_CASES))
		return err_set(E_DENIED, "This child is of somebody else's "
					 "caseload");
	page_denied(p, "child", child);
	page_redirect(p, "/emergency/child/%lld", (long long)child);
	return DESK_ASK;
}

/* What every page says while somebody has emergency access. */
struct warning {
	struct page *p;
	char *text;
};

static int on_emergency(void *arg, const struct emergency *e)
{
	struct warning *w = arg;
	char until[24];

	w->text = arena_str(&w->p->a,
			    "You have emergency access to the record of child "
			    "%lld until %s. Everything that you open is in "
			    "the audit, and a supervisor reviews it.",
			    (long long)e->child,
			    page_when(e->until_utc_ms, until));
	return 0;
}

static const char *warning(struct page *p)
{
	struct warning w = {p, NULL};

	if (emergency_list(p->db, p->who->name, p->now_utc_ms, on_emergency,
			   &w) < 0)
		return NULL;
	return w.text;
}

static void say_banner(struct desk *d)
{
	const struct node *n = d->n;

	d->hooks.banner = d->banner;
	if (n->kind == NETWORK_SYNTHETIC) {
		snprintf(d->banner, sizeof d->banner, "Synthetic data.");
		d->hooks.banner_rest = "No real child, family or agency is on "
				       "this page.";
	} else {
		d->hooks.banner = NULL;
	}
}

void desk_init(struct desk *d, struct node *n)
{
	d->n = n;
	directory_job_init(&d->job);
	d->hooks = (struct site_hooks){
		.site = d,
		.name = "ccfed",
		.place = n->joined ? n->region_title : "not joined yet",
		.home = "/",
		.help = "/help",
		.find = "/find",
		.find_label = "Find a child",
		.find_hint = "Name, birth date or telephone",
		.nav = NAV,
		.n_nav = sizeof NAV / sizeof *NAV,
		.roles = ROLES_OF_NODE,
		.reader = reader,
		.writer = n->db,
		.begin = begin,
		.end = end,
		.audit = audit,
		.staff = staff,
		.warning = warning,
	};
	say_banner(d);
}

void desk_init_practice(struct desk *d, struct node *n, const struct node *real)
{
	desk_init(d, n);
	snprintf(d->banner, sizeof d->banner, "PRACTICE.");
	snprintf(d->place, sizeof d->place, "%s (practice)",
		 real->joined ? real->region_title : "not joined yet");
	d->hooks.name = "PRACTICE";
	d->hooks.place = d->place;
	d->hooks.banner_rest = "These children are made up, for learning. "
			       "Nothing written here is kept with the real "
			       "records or counted.";
	d->hooks.practice = true;
}
