/* What the center of a made-up region does beside its cases: leave and who
 * covers, training, visits to practices, calls to services, family events. */
#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "regional/case/cover.h"
#include "regional/case/directory.h"
#include "regional/case/practice.h"
#include "regional/case/simulate_life.h"
#include "regional/case/simulate_story.h"
#include "regional/case/staff.h"
#include "regional/case/survey.h"

#define put(field, text) snprintf(field, sizeof(field), "%s", text)

/* Days between two of a kind; assumed. */
enum {
	OUTREACH_DAYS = 75,
	VERIFY_DAYS = 150,
	OPENING_DAYS = 45,
	EVENT_DAYS = 45,
	SUPERVISOR = 7,
};

struct center {
	const struct simulate_region *g;
	struct records *r;
	struct rng *rng;
	const struct simulate_story *story;
	int32_t start, until;
};

/* The day on which it is done; past the last one: not yet. */
static int32_t on(struct center *c, int32_t day)
{
	if (c->story)
		day = simulate_story_day(c->story, day);
	if (day <= c->until)
		c->r->today = day;
	return day;
}

/* --- staff --- */

/* Of the same role where there are two. */
static int stands_in(int staff)
{
	static const int other[REGION_STAFF] = {1, 0, 3, 2, 5, 6, 4, 2};

	return other[staff];
}

static int away(struct center *c, int staff, int32_t since, int days,
		const char *why)
{
	struct cover v = {.staff = c->g->staff[staff].id,
			  .cover = c->g->staff[stands_in(staff)].id,
			  .since = since,
			  .until = since + days - 1};
	int64_t id;

	put(v.leave, why);
	return cover_add(c->r, &v, &id);
}

/* In turns, one at a time, so that nobody covers who is away. On the last day
 * one is, and another one will be. */
static int make_leave(struct center *c)
{
	static const char *const whys[] = {"vacation", "illness", "training",
					   "family"};
	int32_t day = c->start + 10;
	int x = 0;

	for (int turn = 0; x == 0; turn++) {
		int days = simulate_rates_between(c->rng, 3, 12);
		const char *why = whys[rand_below(c->rng, 4)];

		day = on(c, day);
		if (day + days >= c->until - 5)
			break;
		x = away(c, turn % REGION_STAFF, day, days, why);
		day += days + simulate_rates_between(c->rng, 4, 20);
	}
	on(c, c->until - 3);
	if (x == 0)
		x = away(c, 4, c->until - 3, 9, "vacation");
	return x < 0 ? x : away(c, 0, c->until + 12, 10, "vacation");
}

static int train(struct center *c, int staff, const char *kind,
		 const char *title, int32_t since, int32_t expires)
{
	struct staff_training t = {.staff = c->g->staff[staff].id,
				   .since = since,
				   .expires = expires};
	int64_t id;

	put(t.kind, kind);
	put(t.title, title);
	return staff_train(c->r, &t, &id);
}

/* Some have run out by the last day, some will soon. */
static int make_training(struct center *c)
{
	int x = 0;

	on(c, c->until);
	for (int i = 0; i < REGION_STAFF && x == 0; i++) {
		const char *role = c->g->staff[i].role;
		int32_t ends = c->until - 40 + i * 23;

		x = train(c, i, "training", "Mandated reporter", ends - 1095,
			  ends);
		if (x == 0 && i % 2 == 0)
			x = train(c, i, "training", "Motivational interviewing",
				  c->until - 100 - i * 30, NO_DATE);
		if (x == 0 && strcmp(role, "nurse") == 0)
			x = train(c, i, "credential", "Registered nurse",
				  ends - 700, ends + 30);
		if (x == 0 && strcmp(role, "social-worker") == 0)
			x = train(c, i, "credential",
				  "Licensed clinical social worker", ends - 700,
				  ends + 30);
	}
	/* One works more than she did. */
	return x < 0 ? x
		     : staff_fte_set(c->r, c->g->staff[1].id, c->until - 200,
				     80);
}

/* --- practices --- */

static int make_outreach(struct center *c)
{
	static const char *const hows[] = {"visit", "call", "training",
					   "online"};
	int x = 0;

	for (int i = 0; i < REGION_PRACTICES; i++) {
		int32_t day = c->start + 7 * i;

		for (; x == 0; day += OUTREACH_DAYS) {
			struct practice_outreach o = {
				.practice = c->g->practice[i].id,
				.day = on(c, day),
				.minutes =
					simulate_rates_between(c->rng, 10, 90)};
			int64_t id;

			if (o.day > c->until)
				break;
			put(o.how, hows[rand_below(c->rng, 4)]);
			put(o.what, "how a referral to the center is made");
			x = practice_outreach_add(c->r, &o, &id);
		}
	}
	return x;
}

/* --- services --- */

static int make_opening(struct center *c, int64_t service, int32_t day)
{
	struct service_opening o;
	bool full = rand_below(c->rng, 3) == 0;
	int64_t id;

	sheet_blank(&service_opening_sheet, &o);
	o.service = service;
	o.seen = day;
	o.openings = full ? 0 : (int)rand_below(c->rng, 9);
	o.waiting = full ? 3 + (int)rand_below(c->rng, 30) : 0;
	o.wait_days = full ? 14 + (int)rand_below(c->rng, 120) : 0;
	put(o.told_by, "intake of the agency");
	return directory_opening(c->r, &o, &id);
}

/* Three of four are called time and again; the others were once. */
static int make_calls(struct center *c)
{
	int x = 0;

	for (int i = 0; i < REGION_ORGANIZATIONS; i++) {
		int64_t service = c->g->service[i];
		int32_t last = i % 4 == 3 ? c->until - 220 : c->until;
		int32_t day;

		if (!service)
			continue;
		for (day = c->start + 9 * i; x == 0; day += VERIFY_DAYS) {
			if (on(c, day) > last)
				break;
			x = directory_verify(c->r, service, c->r->today,
					     c->g->staff[4 + i % 3].name);
		}
		for (day = c->start + 3 * i; x == 0; day += OPENING_DAYS) {
			if (on(c, day) > c->until)
				break;
			x = make_opening(c, service, c->r->today);
		}
	}
	return x;
}

/* --- families --- */

static int make_events(struct center *c)
{
	static const char *const kinds[] = {"advisory", "training", "peer",
					    "event", "focus-group"};
	int x = 0;

	for (int32_t day = c->start + 20; x == 0; day += EVENT_DAYS) {
		struct survey_engagement e;
		int64_t id;

		if (on(c, day) > c->until)
			break;
		sheet_blank(&survey_engagement_sheet, &e);
		e.happened = c->r->today;
		put(e.engagement, kinds[rand_below(c->rng, 5)]);
		e.families = simulate_rates_between(c->rng, 3, 18);
		put(e.noted_by, c->g->staff[SUPERVISOR].name);
		x = survey_engagement_add(c->r, &e, &id);
	}
	return x;
}

int simulate_center_make(const struct simulate_region *g, struct records *r,
			 struct rng *rng, const struct simulate_story *story,
			 int32_t start, int32_t until)
{
	struct center c = {.g = g,
			   .r = r,
			   .rng = rng,
			   .story = story,
			   .start = start,
			   .until = until};
	int x;

	if ((x = make_leave(&c)) < 0 || (x = make_training(&c)) < 0 ||
	    (x = make_outreach(&c)) < 0 || (x = make_calls(&c)) < 0)
		return x;
	return make_events(&c);
}
