#include "regional/case/simulate.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "daemon/core/rand.h"
#include "regional/case/kase.h"
#include "regional/case/need.h"
#include "regional/case/organization.h"
#include "regional/case/plan.h"
#include "regional/case/simulate_life.h"
#include "regional/case/simulate_story.h"

/* As many calls in one transaction as keep a hub or desk waiting for no longer
 * than a blink, and a commit from being most of the work. */
enum { GROUP_CALLS = 2000, ORGANIZATIONS = REGION_ORGANIZATIONS };
/* One child in so many is recorded twice; assumed. */
enum { TWIN_EVERY = 120 };

static const char *const organization_names[ORGANIZATIONS] = {
	"Lantern Street Pantry (fictional)",
	"Tall Oaks Housing Desk (fictional)",
	"Warm Lights Utility Fund (fictional)",
	"Blue Wagon Rides (fictional)",
	"Copper Kettle Family Fund (fictional)",
	"Plain Talk Coverage Help (fictional)",
	"Riverbend Children's Clinic (fictional)",
	"Bright Tooth Dental House (fictional)",
	"Stillwater Family Counseling (fictional)",
	"First Steps Early Intervention (fictional)",
	"Open Door School Liaison (fictional)",
	"Hearth and Harbor Family Center (fictional)",
};

struct run {
	struct records *r;
	const struct simulate_opts *o;
	struct plan_opts plan;
	struct rng_seeded rng;
	int64_t organization[ORGANIZATIONS];
	struct simulate_region region;
	struct life *life; /* of the child in hand; NULL: referrals only */
	int calls;	   /* in the open group */
};

/* The ids that a plan's needs and referrals were given. */
struct ids {
	int64_t kase, need[PLAN_REFERRALS], referral[PLAN_REFERRALS];
};

static int check_opts(const struct records *r, const struct simulate_opts *o)
{
	char a[DATE_TEXT], b[DATE_TEXT];

	if (o->kind != NETWORK_SYNTHETIC)
		return err_set(E_DENIED,
			       "Made-up children may stand only in a "
			       "synthetic network; make a node for "
			       "one with ccfed node init --synthetic");
	if (o->children < 1 || o->children > 1000000)
		return err_set(E_INVALID, "The number of children is 1 to "
					  "1000000");
	if (o->years < 1 || o->years > 20)
		return err_set(E_INVALID, "The number of years is 1 to 20");
	if (o->until > records_today(r))
		return err_set(E_INVALID,
			       "The last day, %s, is in the future; today is "
			       "%s",
			       date_format(o->until, a),
			       date_format(records_today(r), b));
	if (o->story && o->story->falling && o->outcomes == SIMULATE_PUBLISHED)
		return err_set(E_INVALID,
			       "The story falling-linkage is for typical "
			       "outcomes; the published ones are fixed");
	return 0;
}

/* The record number elsewhere says which child of which seed it is. */
static void mark(char *out, size_t size, uint64_t seed, int64_t no)
{
	snprintf(out, size, "SIM-%llu-%lld", (unsigned long long)seed,
		 (long long)no);
}

static int check_new(struct records *r, uint64_t seed)
{
	char first[NAME_TEXT];
	int64_t id;
	int x;

	mark(first, sizeof first, seed, 1);
	x = db_int(r->db, &id, "SELECT id FROM child WHERE source_id = ?", "s",
		   first);
	if (x == 0)
		return err_set(E_EXISTS,
			       "The made-up children of seed %llu are here "
			       "already (or some of them, if it was stopped); "
			       "choose another seed, or a new node",
			       (unsigned long long)seed);
	return x == E_NOTFOUND ? 0 : x;
}

/* Another seed may have added them before. */
static int add_organizations(struct run *s)
{
	int x = 0;

	for (int i = 0; i < ORGANIZATIONS && x == 0; i++) {
		struct organization o = {.active = true};

		x = db_int(s->r->db, &s->organization[i],
			   "SELECT id FROM organization WHERE name = ?", "s",
			   organization_names[i]);
		if (x != E_NOTFOUND)
			continue;
		snprintf(o.name, sizeof o.name, "%s", organization_names[i]);
		x = organization_add(s->r, &o, &s->organization[i]);
	}
	return x;
}

static int do_event(struct run *s, const struct plan *p, struct ids *ids,
		    const struct plan_event *e)
{
	struct records *r = s->r;
	int need = p->referral_need[e->no];

	switch (e->kind) {
	case PLAN_NEED:
		if (s->life) {
			int x = simulate_life_need(s->life, e->no, e->day);

			ids->need[e->no] = s->life->need[e->no];
			return x;
		}
		return need_add(r, ids->kase,
				vocabulary_word(r->words, WORDS_NEED,
						p->need[e->no].domain)
					->id,
				e->day, &ids->need[e->no]);
	case PLAN_DRAFT:
		return referral_add(
			r, ids->need[need],
			s->organization[p->need[need].domain % ORGANIZATIONS],
			s->region.service[p->need[need].domain % ORGANIZATIONS],
			e->day, &ids->referral[e->no]);
	case PLAN_MOVE:
		/* Some have signed nothing, and are helped all the same. */
		if (e->state == REFERRAL_REQUESTED)
			return referral_send(
				r, ids->referral[e->no], e->day,
				"the family agreed on the telephone");
		return referral_move(r, ids->referral[e->no], e->state, e->day,
				     e->text);
	case PLAN_ANSWER:
		return referral_answer(r, ids->referral[e->no], e->day, e->text,
				       NULL);
	case PLAN_LINK:
		return referral_link(r, ids->referral[e->no], e->text, e->day);
	case PLAN_REASON:
		return referral_reason(r, ids->referral[e->no], e->text,
				       e->day);
	case PLAN_CLOSE_NEED:
		return need_close(r, ids->need[e->no], e->day, !e->text,
				  e->text);
	case PLAN_CLOSE_CASE:
		if (s->life)
			return simulate_life_close(s->life, e->day);
		return kase_close(r, ids->kase, e->day);
	}
	return 0;
}

static void begin_life(struct run *s, const struct plan *p, int64_t no,
		       int64_t child, int64_t kase)
{
	struct life *l = s->life;

	memset(l, 0, sizeof *l);
	l->r = s->r;
	l->region = &s->region;
	l->p = p;
	l->story = s->o->story;
	l->until = s->o->until;
	l->child = child;
	l->kase = kase;
	simulate_life_draw(l, s->o->seed, no);
}

/* What else happens is before what the plan has of the same day. */
static int write_child(struct run *s, const struct plan *p, int64_t no)
{
	struct ids ids = {0};
	int64_t child;
	int x;

	s->r->today = p->opened;
	x = child_add(s->r, &p->child, &child);
	if (x == 0)
		x = kase_open(s->r, child, p->opened, &ids.kase);
	s->calls += 2;
	if (s->life && x == 0)
		begin_life(s, p, no, child, ids.kase);
	for (int i = 0; i < p->n && x == 0; i++) {
		if (p->event[i].day > s->o->until)
			break;
		if (s->life)
			x = simulate_life_until(s->life, p->event[i].day);
		if (x < 0)
			return x;
		s->r->today = p->event[i].day;
		x = do_event(s, p, &ids, &p->event[i]);
		s->calls++;
	}
	if (s->life && x == 0) {
		x = simulate_life_until(s->life, s->o->until);
		s->calls += s->life->n;
	}
	if (s->life && x == 0 && no % TWIN_EVERY == TWIN_EVERY / 2)
		x = simulate_twin_write(s->life, no / TWIN_EVERY);
	return x;
}

/* Exactly 8,029 of the first 12,500 children, evenly among them. */
static bool is_connected(int64_t i)
{
	return (i + 1) * 8029 / 12500 > i * 8029 / 12500;
}

static int write_children(struct run *s,
			  void (*progress)(void *arg, int64_t done, int64_t of),
			  void *arg)
{
	struct plan p;
	int x = 0;

	for (int64_t i = 0; i < s->o->children && x == 0; i++) {
		s->plan.connected = is_connected(i);
		plan_child(&p, &s->plan, &s->rng.base);
		mark(p.child.source_id, sizeof p.child.source_id, s->o->seed,
		     i + 1);
		x = write_child(s, &p, i + 1);
		if (x < 0 || (s->calls < GROUP_CALLS && i + 1 < s->o->children))
			continue;
		x = records_end(s->r, 0);
		if (x < 0)
			return x;
		s->calls = 0;
		if (progress)
			progress(arg, i + 1, s->o->children);
		x = records_begin(s->r);
		if (x < 0)
			return x;
	}
	return records_end(s->r, x);
}

static int32_t years_before(int32_t day, int years)
{
	int y, m, d;

	date_to_ymd(day, &y, &m, &d);
	/* 29 February becomes 1 March by itself. */
	return date_from_ymd(y - years, m, d) + 1;
}

static int make_life(struct run *s)
{
	s->life = mem_calloc(1, sizeof *s->life);
	if (!s->life)
		return err_set(E_NOMEM, "out of memory for a made-up life");
	memcpy(s->region.organization, s->organization,
	       sizeof s->region.organization);
	return simulate_region_make(&s->region, s->r, s->o->seed, s->o->story,
				    s->plan.start, s->o->until);
}

int simulate_run(struct records *r, const struct simulate_opts *o,
		 void (*progress)(void *arg, int64_t done, int64_t of),
		 void *arg)
{
	struct run s = {.r = r, .o = o};
	bool elsewhere = r->elsewhere;
	int32_t today = r->today;
	int x;

	if ((x = check_opts(r, o)) < 0 || (x = check_new(r, o->seed)) < 0)
		return x;
	rand_seed(&s.rng, o->seed);
	s.plan.words = r->words;
	s.plan.start = years_before(o->until, o->years);
	s.plan.until = o->until;
	s.plan.story = o->story;
	s.plan.published = o->outcomes == SIMULATE_PUBLISHED;
	x = records_begin(r);
	if (x < 0)
		return x;
	/* Referrals alone have no family that could consent. */
	r->elsewhere = !o->whole;
	x = add_organizations(&s);
	if (x == 0 && o->whole)
		x = make_life(&s);
	x = x < 0 ? records_end(r, x) : write_children(&s, progress, arg);
	mem_free(s.life);
	r->today = today;
	r->elsewhere = elsewhere;
	return x;
}
