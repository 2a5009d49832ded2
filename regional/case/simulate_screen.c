/* Screenings of a made-up child: by age, answered so that the instrument's own
 * rule comes to the result that was drawn. */
#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "proto/catalogue.h"
#include "regional/case/need.h"
#include "regional/case/screening.h"
#include "regional/case/simulate_life.h"

enum { ENTRIES = 24 };

/* The answers of one form, with room for their names. */
struct sheet_of {
	struct screening s;
	struct screening_entry e[ENTRIES];
	char name[ENTRIES][8], number[ENTRIES][8];
	int n;
	bool waits; /* what is asked later may not have been asked yet */
};

static void answer(struct sheet_of *f, int item, const char *value)
{
	snprintf(f->name[f->n], sizeof f->name[0], "%d", item);
	f->e[f->n] = (struct screening_entry){SCREENING_ANSWER, f->name[f->n],
					      value};
	f->n++;
}

static void score(struct sheet_of *f, const char *domain, int value)
{
	snprintf(f->number[f->n], sizeof f->number[0], "%d", value);
	f->e[f->n] = (struct screening_entry){SCREENING_SCORE, domain,
					      f->number[f->n]};
	f->n++;
}

static void fill_hunger(struct life *l, struct sheet_of *f, bool positive)
{
	struct rng *rng = &l->rng.base;

	answer(f, 1,
	       !positive	    ? "never"
	       : rand_below(rng, 3) ? "sometimes"
				    : "often");
	answer(f, 2, positive && rand_below(rng, 2) ? "sometimes" : "never");
}

/* PSC-17: three scales of five, five and seven items, at risk from 5, 7 and 7;
 * the total from 15. Items 1, 2 and 4, one of each, stay at never where
 * nothing is to be positive. */
static void fill_psc17(struct life *l, struct sheet_of *f, bool positive)
{
	static const char scale_of[] = "-AIAEEIAEIEIEAEIEA"; /* by item */
	static const char scales[] = "IAE";
	struct rng *rng = &l->rng.base;
	char which = positive ? scales[rand_below(rng, 3)] : '-';

	for (int i = 1; i <= 17; i++) {
		bool some = rand_below(rng, 6) == 0;

		if (scale_of[i] == which)
			answer(f, i, i <= 7 || some ? "often" : "sometimes");
		else
			answer(f, i,
			       some && i != 1 && i != 2 && i != 4 ? "sometimes"
								  : "never");
	}
}

/* M-CHAT-R: @risky items at risk, from a random one on; 3 to 7 of them ask for
 * the interview. */
static void fill_mchat(struct life *l, struct sheet_of *f, bool positive)
{
	struct rng *rng = &l->rng.base;
	bool cleared = simulate_rates_happen(rng, MCHAT_INTERVIEW);
	bool high = rand_below(rng, 4) == 0;
	bool waits = rand_below(rng, 2) && f->waits;
	int first = (int)rand_below(rng, 20);
	int risky = (int)rand_below(rng, 3);

	if (positive && high)
		risky = 8 + (int)rand_below(rng, 5);
	else if (positive || cleared)
		risky = 3 + (int)rand_below(rng, 5);
	for (int i = 0; i < 20; i++) {
		bool risk = (i - first + 20) % 20 < risky;
		bool reverse = i == 1 || i == 4 || i == 11;

		answer(f, i + 1, risk == reverse ? "yes" : "no");
	}
	if (risky >= 3 && risky < 8 && !waits)
		score(f, "interview",
		      positive ? 2 + (int)rand_below(rng, 2)
			       : (int)rand_below(rng, 2));
}

/* Cut-offs are sold with the form; the result is what its reader found. */
static void fill_asq3(struct life *l, struct sheet_of *f, bool positive)
{
	static const char *const domains[] = {"communication", "gross-motor",
					      "fine-motor", "problem-solving",
					      "personal-social"};
	struct rng *rng = &l->rng.base;
	int low = positive ? (int)rand_below(rng, 5) : -1;

	for (int i = 0; i < 5; i++) {
		bool near = rand_below(rng, 10) == 0;
		bool refer = i == low || (positive && rand_below(rng, 5) == 0);

		score(f, domains[i],
		      refer  ? 5 * (int)rand_below(rng, 4)
		      : near ? 30
			     : 45 + 5 * (int)rand_below(rng, 4));
		f->e[f->n++] = (struct screening_entry){SCREENING_RESULT,
							domains[i],
							refer  ? "refer"
							: near ? "monitor"
							       : "typical"};
	}
}

static void fill_cshcn(struct life *l, struct sheet_of *f, bool positive)
{
	static const char *const parts[] = {"a", "b"};
	struct rng *rng = &l->rng.base;
	int first = (int)rand_below(rng, 5);

	for (int i = 0; i < 5; i++) {
		bool yes = positive && (i == first || rand_below(rng, 4) == 0);

		answer(f, i + 1, yes ? "yes" : "no");
		for (int k = 0; yes && k < (i == 4 ? 1 : 2); k++) {
			answer(f, i + 1, "yes");
			snprintf(f->name[f->n - 1], sizeof f->name[0], "%d%s",
				 i + 1, parts[k]);
		}
	}
}

static void fill_pfs2(struct life *l, struct sheet_of *f, bool positive)
{
	static const char *const values[] = {"0", "1", "2", "3", "4"};
	static const double weight[] = {4, 10, 20, 36, 30};
	static const double after[] = {2, 6, 15, 37, 40};
	bool post = strcmp(f->s.form, "post") == 0;

	(void)positive;
	for (int i = 1; i <= 19; i++)
		answer(f, i,
		       values[rand_pick(&l->rng.base, post ? after : weight,
					5)]);
}

static const struct kind {
	const char *instrument, *form, *need;
	int from, to; /* completed months */
	enum simulate_rate_id done, finds, others;
	void (*fill)(struct life *l, struct sheet_of *f, bool positive);
} kinds[LIFE_SCREENS] = {
	{"HVS", "", "food", 0, 262, HVS_DONE, HVS_FINDS, HVS_OTHERS,
	 fill_hunger},
	{"PSC-17", "", "behavioral", 48, 214, PSC_DONE, PSC_FINDS, PSC_OTHERS,
	 fill_psc17},
	{"M-CHAT-RF", "", "developmental", 16, 30, MCHAT_DONE, MCHAT_FINDS,
	 MCHAT_OTHERS, fill_mchat},
	{"ASQ-3", "", "developmental", 1, 65, ASQ_DONE, ASQ_FINDS, ASQ_OTHERS,
	 fill_asq3},
	{"CSHCN", "", "medical", 0, 214, CSHCN_DONE, CSHCN_FINDS, CSHCN_OTHERS,
	 fill_cshcn},
	{"PFS-2", "pre", "", 0, 262, PFS_DONE, PFS_DONE, PFS_DONE, fill_pfs2},
	{"PFS-2", "post", "", 0, 262, PFS_POST, PFS_POST, PFS_POST, fill_pfs2},
};
enum { PFS_PRE_KIND = 5, PFS_POST_KIND = 6, WAIT_DAYS = 45 };

static int months(int32_t birth, int32_t on)
{
	int y0, m0, d0, y1, m1, d1;

	date_to_ymd(birth, &y0, &m0, &d0);
	date_to_ymd(on, &y1, &m1, &d1);
	return (y1 - y0) * 12 + m1 - m0 - (d1 < d0 ? 1 : 0);
}

static bool of_age(const struct life *l, const struct kind *k, int32_t day)
{
	int age = months(l->p->child.birth, day);

	return age >= k->from && age <= k->to;
}

/* The need of the plan that kind @k asks after, found on *day; -1 if none. */
static int plan_need(const struct life *l, const struct kind *k)
{
	int domain = *k->need
			     ? vocabulary_find(l->r->words, WORDS_NEED, k->need)
			     : -1;

	for (int i = 0; domain >= 0 && i < l->p->n_needs; i++)
		if (l->p->need[i].domain == domain)
			return i;
	return -1;
}

/* A child with the need is screened when it is found, or found to have none of
 * it; who is found so by two instruments is by the first. */
static void draw_one(struct life *l, int no)
{
	const struct kind *k = &kinds[no];
	struct rng *rng = &l->rng.base;
	bool done = simulate_rates_happen(rng, k->done);
	bool finds = simulate_rates_happen(rng, k->finds);
	int32_t day = l->p->opened + simulate_rates_between(rng, 0, 20);
	int need = plan_need(l, k);

	if (need >= 0 && day > l->p->need[need].found)
		day = l->p->need[need].found;
	if (!done ||
	    !of_age(l, k, need >= 0 && finds ? l->p->need[need].found : day))
		return;
	if (need >= 0 && finds && l->found_by[need] < 0)
		l->found_by[need] = no;
	else
		simulate_life_during(l, day, LIFE_SCREEN, no);
}

void simulate_screen_draw(struct life *l)
{
	struct rng *rng = &l->rng.base;
	bool post;

	for (int i = 0; i < PLAN_REFERRALS; i++)
		l->found_by[i] = -1;
	for (int no = 0; no < PFS_PRE_KIND; no++)
		draw_one(l, no);
	post = simulate_rates_happen(rng, PFS_POST);
	if (!simulate_rates_happen(rng, PFS_DONE) ||
	    !of_age(l, &kinds[PFS_PRE_KIND], l->end))
		return;
	simulate_life_push(l, l->p->opened, LIFE_SCREEN, PFS_PRE_KIND);
	if (post && l->closes)
		simulate_life_push(l, l->end, LIFE_SCREEN, PFS_POST_KIND);
}

/* The form for the child's age, if it has some by age. */
static void pick_form(struct life *l, const struct kind *k, struct sheet_of *f,
		      int32_t day)
{
	const struct catalogue *cat = l->r->cat;
	int age = months(l->p->child.birth, day);

	snprintf(f->s.form, sizeof f->s.form, "%s", k->form);
	if (k->fill != fill_asq3)
		return;
	for (int i = 0; i < catalogue_instruments(cat); i++) {
		const struct instrument *in = catalogue_instrument(cat, i);

		if (strcmp(in->id, k->instrument) != 0)
			continue;
		for (int j = 0; j < in->n_forms; j++)
			if (age >= in->form[j].from_months &&
			    age <= in->form[j].to_months)
				snprintf(f->s.form, sizeof f->s.form, "%s",
					 in->form[j].id);
	}
}

static int screen(struct life *l, int no, int32_t day, bool positive,
		  bool waits, int64_t *id)
{
	const struct kind *k = &kinds[no];
	struct sheet_of f = {.waits = waits,
			     .s = {.child = l->child,
				   .kase = l->kase,
				   .done = day,
				   .respondent = "parent",
				   .errored = NO_DATE}};

	snprintf(f.s.instrument, sizeof f.s.instrument, "%s", k->instrument);
	pick_form(l, k, &f, day);
	k->fill(l, &f, positive);
	return screening_add(l->r, &f.s, f.e, f.n, NULL, id);
}

/* A need that only the screening found: no referral, but an end. */
static int add_extra(struct life *l, int64_t screening, int32_t day)
{
	struct screening_proposal p[PROPOSALS_MAX];
	struct rng *rng = &l->rng.base;
	int32_t closed = day + simulate_rates_between(rng, 20, 120);
	int made = 0, n = 0, x;

	/* None, while an interview decides it. */
	x = screening_needs(l->r->db, screening, p, &n);
	if (x < 0 || n == 0)
		return x;
	x = screening_take(l->r, screening, "", &made);
	if (x < 0 || made == 0)
		return x;
	x = screening_needs(l->r->db, screening, p, &n);
	if (x < 0 || n == 0)
		return x;
	l->extra[l->extras] = p[0].taken;
	if (closed > l->end)
		closed = l->end;
	/* The list is sorted already; it stays so. */
	simulate_life_push(l, closed, LIFE_CLOSE_EXTRA, l->extras++);
	for (int i = l->n - 1; i > l->next + 1; i--) {
		struct life_event e = l->event[i];

		if (l->event[i - 1].day <= e.day)
			break;
		l->event[i] = l->event[i - 1];
		l->event[i - 1] = e;
	}
	return 0;
}

int simulate_screen_write(struct life *l, const struct life_event *e)
{
	const struct kind *k = &kinds[e->no];
	bool known = plan_need(l, k) >= 0;
	bool positive = simulate_rates_happen(&l->rng.base, k->others);
	int64_t id;
	int x;

	positive = positive && !known && *k->need;
	/* The interview of the M-CHAT-R/F follows within weeks. */
	x = screen(l, e->no, e->day, positive, l->until - e->day < WAIT_DAYS,
		   &id);
	return x < 0 || !positive ? x : add_extra(l, id, e->day);
}

int simulate_screen_find(struct life *l, int no, int32_t day)
{
	const struct kind *k = &kinds[l->found_by[no]];
	struct screening_proposal p[PROPOSALS_MAX];
	int made = 0, n = 0, x;
	int64_t id;

	x = screen(l, l->found_by[no], day, true, false, &id);
	if (x == 0)
		x = screening_take(l->r, id, k->need, &made);
	if (x == 0)
		x = screening_needs(l->r->db, id, p, &n);
	for (int i = 0; i < n && x == 0; i++)
		if (strcmp(p[i].need, k->need) == 0)
			l->need[no] = p[i].taken;
	return x;
}
