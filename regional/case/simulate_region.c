/* The region around made-up children: staff, practices, services, and the
 * collaborative that meets each month. */
#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/collaborative.h"
#include "regional/case/directory.h"
#include "regional/case/organization.h"
#include "regional/case/practice.h"
#include "regional/case/simulate_life.h"
#include "regional/case/simulate_story.h"
#include "regional/case/staff.h"

#define put(field, text) snprintf(field, sizeof(field), "%s", text)

/* The collaborative had 26 agencies (FROM_CCC). */
enum { AGENCIES = 26, BEFORE_DAYS = 400 };

static const struct {
	const char *name, *role;
	int fte;
} people[REGION_STAFF] = {
	{"Nurse Alderbrook (fictional)", "nurse", 100},
	{"Nurse Meadowlark (fictional)", "nurse", 60},
	{"Ms. Thornfield (fictional)", "social-worker", 100},
	{"Mr. Quillfeather (fictional)", "social-worker", 80},
	{"Ms. Brightwater (fictional)", "coordinator", 100},
	{"Mr. Stonebridge (fictional)", "coordinator", 100},
	{"Ms. Larkspur (fictional)", "coordinator", 80},
	{"Dr. Overlook (fictional)", "supervisor", 50},
};
static const char *const practices[REGION_PRACTICES] = {
	"Maple Row Pediatrics (fictional)",
	"Kite Hill Children's Practice (fictional)",
	"Old Mill Family Medicine (fictional)",
	"Seven Steps Pediatrics (fictional)",
	"Harbor Lane Health Center (fictional)",
	"Orchard Gate Pediatrics (fictional)",
	"Blue Door Family Health (fictional)",
	"Long Meadow Pediatrics (fictional)",
	"Clocktower Children's Care (fictional)",
	"Ferry Street Health Center (fictional)",
};
static const char *const sectors[] = {"food",	       "housing",
				      "income",	       "transportation",
				      "income",	       "payer",
				      "primary-care",  "dental",
				      "behavioral",    "early-childhood",
				      "education",     "family-support",
				      "government",    "faith",
				      "child-welfare", "hospital",
				      "disability",    "legal"};
enum { SECTORS = sizeof sectors / sizeof *sectors };

struct making {
	struct simulate_region *g;
	struct records *r;
	const struct simulate_story *story;
	int32_t start, until;
	struct rng_seeded rng;
	int64_t collaborative, member[AGENCIES];
	bool known;		      /* another seed has made the region */
	struct collaborative_gap gap; /* worked on; its id 0: none */
};

/* Another seed may have added it before. */
static int known(struct making *m, const char *sql, const char *name,
		 int64_t *id)
{
	int x = db_int(m->r->db, id, sql, "s", name);

	if (x == E_NOTFOUND) {
		err_clear();
		*id = 0;
		return 0;
	}
	return x;
}

static int make_staff(struct making *m)
{
	int x = 0;

	for (int i = 0; i < REGION_STAFF && x == 0; i++) {
		struct staff s = {.started = m->start - BEFORE_DAYS,
				  .ended = NO_DATE};
		int64_t *id = &m->g->staff[i].id;

		m->g->staff[i].name = people[i].name;
		m->g->staff[i].role = people[i].role;
		m->g->staff[i].fte = people[i].fte;
		put(s.name, people[i].name);
		put(s.role, people[i].role);
		x = known(m, "SELECT id FROM staff WHERE name = ?", s.name, id);
		if (x == 0 && *id == 0)
			x = staff_add(m->r, &s, people[i].fte, id);
	}
	return x;
}

static int make_practices(struct making *m)
{
	int x = 0;

	for (int i = 0; i < REGION_PRACTICES && x == 0; i++) {
		struct practice p = {.medical_home = i % 2 == 0,
				     .active = true};
		int64_t *id = &m->g->practice[i].id;

		m->g->practice[i].name = practices[i];
		put(p.name, practices[i]);
		snprintf(p.phone, sizeof p.phone, "860-555-01%02d", 20 + i);
		snprintf(p.fax, sizeof p.fax, "860-555-01%02d", 40 + i);
		x = known(m, "SELECT id FROM practice WHERE name = ?", p.name,
			  id);
		if (x == 0 && *id == 0)
			x = practice_add(m->r, &p, id);
	}
	return x;
}

static int describe_service(struct making *m, int64_t id, const char *need,
			    int i)
{
	struct directory_service s;
	int x;

	x = directory_need(m->r, id, need, true);
	if (x == 0)
		x = directory_language(m->r, id, "english", true);
	if (x == 0 && i % 2 == 0)
		x = directory_language(m->r, id, "spanish", true);
	if (x == 0)
		x = directory_get(m->r->db, id, &s);
	if (x < 0)
		return x;
	snprintf(s.phone, sizeof s.phone, "203-555-01%02d", 60 + i);
	put(s.eligibility, "families of the region");
	if (strcmp(need, "developmental") == 0) {
		s.age_from = 0;
		s.age_to = 5;
	}
	return directory_update(m->r, &s);
}

/* One for each need, at the organization that referrals for it go to; none
 * for the one without. */
static int make_services(struct making *m)
{
	int n = vocabulary_count(m->r->words, WORDS_NEED), x = 0;

	for (int i = 0; i < n && i < REGION_ORGANIZATIONS && x == 0; i++) {
		const char *need =
			vocabulary_word(m->r->words, WORDS_NEED, i)->id;
		struct service s = {.active = true};
		int64_t *id = &m->g->service[i];

		if (m->story && strcmp(m->story->no_service, need) == 0)
			continue;
		snprintf(s.name, sizeof s.name, "Help with %s (fictional)",
			 need);
		x = known(m, "SELECT id FROM service WHERE name = ?", s.name,
			  id);
		if (x < 0 || *id)
			continue;
		s.organization = m->g->organization[i];
		x = service_add(m->r, &s, id);
		if (x == 0)
			x = describe_service(m, *id, need, i);
	}
	return x;
}

static int make_member(struct making *m, int i)
{
	struct collaborative_member c;
	struct organization o = {.active = true};
	int x = 0;

	snprintf(o.name, sizeof o.name, "Agency %d (fictional)", i + 1);
	sheet_blank(&collaborative_member_sheet, &c);
	c.collaborative = m->collaborative;
	c.joined = records_today(m->r);
	put(c.sector, sectors[i % SECTORS]);
	/* The twelve that families are referred to, and others. */
	if (i < REGION_ORGANIZATIONS)
		c.organization = m->g->organization[i];
	else
		x = organization_add(m->r, &o, &c.organization);
	return x < 0 ? x : collaborative_join(m->r, &c, &m->member[i]);
}

static int add_gap(struct making *m, int64_t meeting, int32_t day)
{
	struct rng *rng = &m->rng.base;
	int n = vocabulary_count(m->r->words, WORDS_NEED);
	const char *need = vocabulary_word(m->r->words, WORDS_NEED,
					   (int)rand_below(rng, (uint32_t)n))
				   ->id;
	bool worked = rand_below(rng, 2);
	struct collaborative_gap g;
	int64_t id;
	int x;

	if (m->story && *m->story->no_service)
		need = m->story->no_service;
	sheet_blank(&collaborative_gap_sheet, &g);
	g.collaborative = m->collaborative;
	g.meeting = meeting;
	g.raised = day;
	put(g.need, need);
	snprintf(g.gap, sizeof g.gap, "too little help with %s", need);
	put(g.status, worked ? "working" : "open");
	if (worked) {
		put(g.owner, people[7].name);
		put(g.started, "two agencies look for an opening");
		g.started_on = day;
	}
	x = collaborative_gap_add(m->r, &g, &id);
	if (x == 0 && worked) {
		m->gap = g;
		m->gap.id = id;
	}
	return x;
}

/* What two agencies began is told of at a later meeting. */
static int close_gap(struct making *m, int32_t day)
{
	struct collaborative_gap *g = &m->gap;

	put(g->status, "closed");
	put(g->followed, "one more opening a week");
	g->followed_on = day;
	return collaborative_gap_update(m->r, g);
}

static int discuss(struct making *m, int64_t meeting)
{
	struct rng *rng = &m->rng.base;
	int n = vocabulary_count(m->r->words, WORDS_NEED);
	struct collaborative_discussion d;
	int64_t id;

	sheet_blank(&collaborative_discussion_sheet, &d);
	d.meeting = meeting;
	put(d.need, vocabulary_word(m->r->words, WORDS_NEED,
				    (int)rand_below(rng, (uint32_t)n))
			    ->id);
	put(d.question, "who coordinates when four programs do");
	put(d.advice, "one of them leads, the others tell it");
	return collaborative_discuss(m->r, &d, &id);
}

static int meet(struct making *m, int32_t day)
{
	struct collaborative_meeting k;
	int64_t id;
	int x;

	m->r->today = day;
	sheet_blank(&collaborative_meeting_sheet, &k);
	k.collaborative = m->collaborative;
	k.met = day;
	put(k.topic, "work in hand");
	x = collaborative_meet(m->r, &k, &id);
	for (int i = 0; i < AGENCIES && x == 0; i++)
		if (simulate_rates_happen(&m->rng.base, ATTENDS))
			x = collaborative_attend(m->r, id, m->member[i], true);
	if (x == 0)
		x = discuss(m, id);
	if (x == 0 && m->gap.id && rand_below(&m->rng.base, 2)) {
		x = close_gap(m, day);
		m->gap.id = 0;
	}
	if (x == 0 && simulate_rates_happen(&m->rng.base, GAP_RAISED))
		x = add_gap(m, id, day);
	return x;
}

/* On the tenth of every month, but for the silent one. */
static int make_meetings(struct making *m)
{
	int y, month, d, x = 0;
	int32_t day;

	date_to_ymd(m->start, &y, &month, &d);
	for (; x == 0; month++) {
		if (month == 13) {
			month = 1;
			y++;
		}
		day = date_from_ymd(y, month, 10);
		if (day > m->until)
			break;
		if (day < m->start ||
		    (m->story && simulate_story_day(m->story, day) != day))
			continue;
		x = meet(m, day);
	}
	return x;
}

static int make_collaborative(struct making *m)
{
	static const char name[] = "Collaborative of the region (fictional)";
	struct collaborative c;
	int x;

	x = known(m, "SELECT id FROM collaborative WHERE name = ?", name,
		  &m->collaborative);
	m->known = m->collaborative != 0;
	if (x < 0 || m->known)
		return x;
	sheet_blank(&collaborative_sheet, &c);
	put(c.name, name);
	c.begun = records_today(m->r);
	x = collaborative_add(m->r, &c, &m->collaborative);
	for (int i = 0; i < AGENCIES && x == 0; i++)
		x = make_member(m, i);
	return x < 0 ? x : make_meetings(m);
}

int simulate_region_make(struct simulate_region *g, struct records *r,
			 uint64_t seed, const struct simulate_story *story,
			 int32_t start, int32_t until)
{
	struct making m = {
		.g = g, .r = r, .story = story, .start = start, .until = until};
	int x;

	rand_seed(&m.rng, ~seed);
	r->today = start - BEFORE_DAYS;
	if ((x = make_staff(&m)) < 0 || (x = make_practices(&m)) < 0 ||
	    (x = make_services(&m)) < 0 || (x = make_collaborative(&m)) < 0)
		return x;
	return m.known ? 0
		       : simulate_center_make(g, r, &m.rng.base, story, start,
					      until);
}
