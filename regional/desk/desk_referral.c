/* One referral: where it stands, and each step that may come next. */
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "daemon/web/tpl_pairs.h"
#include "regional/case/directory.h"
#include "regional/case/kase.h"
#include "regional/case/need.h"
#include "regional/case/organization.h"
#include "regional/case/referral.h"
#include "regional/desk/child_head.h"
#include "regional/desk/child_loop.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/desk_word.h"
#include "regional/desk/tpl_referral.h"
#include "regional/desk/word_field.h"
#include "regional/node.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR, WHY = 400 };
enum { CAPACITIES = 4, ENROLLMENTS = 3 };

static const char *const STATE[REFERRAL_STATES] = {
	[REFERRAL_DRAFT] = "Not sent yet",
	[REFERRAL_REQUESTED] = "Sent",
	[REFERRAL_ACCEPTED] = "Accepted",
	[REFERRAL_REJECTED] = "Turned down",
	[REFERRAL_CANCELLED] = "Taken back",
	[REFERRAL_IN_PROGRESS] = "Under way",
	[REFERRAL_ON_HOLD] = "On hold",
	[REFERRAL_FAILED] = "Did not work",
	[REFERRAL_COMPLETED] = "Finished",
	[REFERRAL_ENTERED_IN_ERROR] = "Entered in error",
};
/* Acts as people say them; those that need no reason first. */
static const struct act {
	enum referral_state to;
	const char *title;
} FORWARD[] = {{REFERRAL_REQUESTED, "Send it"},
	       {REFERRAL_ACCEPTED, "Accepted"},
	       {REFERRAL_IN_PROGRESS, "Under way"},
	       {REFERRAL_COMPLETED, "Finished"}},
  BACK[] = {{REFERRAL_REJECTED, "Turned down"},
	    {REFERRAL_ON_HOLD, "On hold"},
	    {REFERRAL_CANCELLED, "Taken back"},
	    {REFERRAL_FAILED, "Did not work"},
	    {REFERRAL_ENTERED_IN_ERROR, "Entered in error"}};
/* What the family got. */
static const struct linkage {
	const char *word, *title;
} LINKS[] = {{"contacted", "Family was contacted"},
	     {"received", "Family is connected"},
	     {"addressed", "Need was addressed"},
	     {"satisfied", "Family is satisfied"}};
enum { LINKS_N = sizeof LINKS / sizeof *LINKS };

static const struct tpl_select_options CAPACITY[CAPACITIES] = {
	{.value = "capacity", .title = "Has room"},
	{.value = "no-capacity", .title = "Has no room"},
	{.value = "waitlist", .title = "Puts them on a waitlist"},
	{.value = "additional-assessment-required",
	 .title = "Wants to assess first"},
};
static const struct tpl_select_options ENROLLMENT[ENROLLMENTS] = {
	{.value = "enrolled", .title = "Enrolled"},
	{.value = "not-enrolled", .title = "Not enrolled"},
	{.value = "not-enrolled-on-waitlist",
	 .title = "Not enrolled, on a waitlist"},
};

static struct records *records_of(struct page *p)
{
	return &((struct desk *)p->site)->n->rec;
}

/* The referral of the path, which is of the child of the path. */
static int the_referral(struct page *p, const struct child_head *c,
			struct referral *f, struct need *n)
{
	struct kase k;
	int64_t id;
	int x = page_param_id(p, "referral", &id);

	if (x == 0)
		x = referral_get(p->db, id, f);
	if (x == 0)
		x = need_get(p->db, f->need, n);
	if (x == 0)
		x = kase_get(p->db, n->kase, &k);
	return x == 0 && k.child != c->child ? E_NOTFOUND : x;
}

/* --- drawing --- */

static void set_forward(struct page *p, const struct referral *f,
			struct tpl_referral *t)
{
	struct arena_list l = {.arena = &p->a,
			       .size = sizeof(struct tpl_referral_forward)};
	struct tpl_referral_forward *row;

	for (size_t i = 0; i < sizeof FORWARD / sizeof *FORWARD; i++)
		if (referral_may(f->state, FORWARD[i].to) &&
		    (row = arena_add(&l))) {
			row->title = FORWARD[i].title;
			row->word = referral_state_text(FORWARD[i].to);
			row->main = FORWARD[i].to == REFERRAL_REQUESTED ||
				    FORWARD[i].to == REFERRAL_ACCEPTED;
		}
	for (int i = 0; i < LINKS_N && f->sent != NO_DATE &&
			f->state != REFERRAL_ENTERED_IN_ERROR;
	     i++)
		if (referral_linked(f, LINKS[i].word) == NO_DATE &&
		    (row = arena_add(&l))) {
			row->title = LINKS[i].title;
			row->word = LINKS[i].word;
			row->main = i == 1 && f->accepted != NO_DATE;
		}
	t->forward = l.items;
	t->forward_n = l.n;
	t->on = word_day(p, "on", "On", p->today);
}

static void set_back(struct page *p, const struct referral *f,
		     struct tpl_referral *t)
{
	struct arena_list l = {.arena = &p->a,
			       .size = sizeof(struct tpl_referral_back)};
	struct tpl_referral_back *row;
	struct tpl_field *why;

	for (size_t i = 0; i < sizeof BACK / sizeof *BACK; i++)
		if (referral_may(f->state, BACK[i].to) &&
		    (row = arena_add(&l))) {
			row->title = BACK[i].title;
			row->word = referral_state_text(BACK[i].to);
		}
	t->back = l.items;
	t->back_n = l.n;
	t->reason = word_select(p, WORDS_BARRIER, "reason", "Gap or barrier",
				"Choose the reason", f->reason);
	why = word_line(p, "why", "In a few words", "");
	if (why) {
		why->optional = true;
		why->maxlength = WHY - 1;
	}
	t->why = why;
	t->ended = word_day(p, "ended", "On", p->today);
}

static const struct tpl_select *
answer_field(struct page *p, const char *name, const char *label,
	     const struct tpl_select_options *all, size_t n, const char *stored)
{
	struct tpl_select_options *o = arena_alloc(&p->a, n * sizeof *o);
	struct tpl_select *s = arena_alloc(&p->a, sizeof *s);

	if (!o || !s)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		o[i] = all[i];
		o[i].chosen = page_chosen(p, name, all[i].value,
					  strcmp(stored, all[i].value) == 0);
	}
	*s = (struct tpl_select){.name = name,
				 .label = label,
				 .prompt = "Not said",
				 .error = page_error_of(p, name),
				 .options = o,
				 .options_n = n};
	return s;
}

static void add_pair(struct arena_list *l, const char *name, const char *text)
{
	struct tpl_pairs_pairs *pair = text && *text ? arena_add(l) : NULL;

	if (pair) {
		pair->name = name;
		pair->text = text;
	}
}

/* Names nobody: it may go by open e-mail. */
static const char *mail_text(struct page *p, const struct child_head *c,
			     const struct need *n)
{
	return arena_str(
		&p->a,
		"We would like to refer a family to you: a child of %s, need: "
		"%s, language: %s. Please call %s back to say whether you have "
		"room; we tell you who it is on the telephone.",
		day_text_age(&p->a, c->birth, p->today),
		word_within(p, WORDS_NEED, n->domain),
		*c->language ? desk_word(p, WORDS_LANGUAGE, c->language)
			     : "not asked",
		p->who->title);
}

static int set_side(struct page *p, const struct child_head *c,
		    const struct referral *f, const struct need *n,
		    struct tpl_referral *t)
{
	struct arena_list l = {.arena = &p->a,
			       .size = sizeof(struct tpl_pairs_pairs)};
	struct tpl_pairs *pairs = arena_alloc(&p->a, sizeof *pairs);
	struct directory_service d = {0};
	struct organization o = {0};
	struct service s = {0};
	int x = 0;

	if (f->service && (x = service_get(p->db, f->service, &s)) == 0)
		x = directory_get(p->db, f->service, &d);
	if (x == 0 && f->organization)
		x = organization_get(p->db, f->organization, &o);
	if (x < 0 || !pairs)
		return x < 0 ? x : E_NOMEM;
	add_pair(&l, "Service", arena_dup(&p->a, s.name));
	add_pair(&l, "Of", arena_dup(&p->a, o.name));
	add_pair(&l, "Phone", arena_dup(&p->a, d.phone));
	add_pair(&l, "Need", desk_word(p, WORDS_NEED, n->domain));
	if (f->sent != NO_DATE)
		add_pair(&l, "Consent",
			 f->consent	       ? "On record"
			 : *f->without_consent ? arena_str(&p->a, "None: %s",
							   f->without_consent)
					       : "Not asked");
	for (int i = 0; i < LINKS_N; i++)
		if (referral_linked(f, LINKS[i].word) != NO_DATE)
			add_pair(&l,
				 day_text_short(
					 &p->a,
					 referral_linked(f, LINKS[i].word)),
				 LINKS[i].title);
	if (*f->reason)
		add_pair(&l, "Reason", desk_word(p, WORDS_BARRIER, f->reason));
	*pairs = (struct tpl_pairs){.pairs = l.items, .pairs_n = l.n};
	t->pairs = pairs;
	t->title = arena_str(&p->a, "%s%s%s",
			     desk_word(p, WORDS_NEED, n->domain),
			     *s.name ? ": " : "", s.name);
	if (f->ended == NO_DATE)
		t->text = mail_text(p, c, n);
	return 0;
}

static const struct tpl_steps *
steps_of(struct page *p, const struct referral *f, const struct need *n)
{
	const struct overview_need o = {
		.id = n->id,
		.referral = f->id,
		.domain = n->domain,
		.source = n->source,
		.state = n->state,
		.organization = "",
		.service = "",
		.task = referral_state_text(f->state),
		.capacity = f->capacity,
		.enrollment = f->enrollment,
		.reason = f->reason,
		.found = n->found,
		.closed = n->closed,
		.sent = f->sent,
		.accepted = f->accepted,
		.answered = f->answered,
		.received = f->received,
		.moved = f->ended,
	};

	return child_loop(p, &o);
}

static int one_page(struct page *p)
{
	struct tpl_referral *t = arena_alloc(&p->a, sizeof *t);
	struct child_head c;
	struct referral f;
	struct need n;
	int x = child_head(p, "referrals", &c);

	if (x != 0)
		return x;
	if (!t)
		return E_NOMEM;
	if ((x = the_referral(p, &c, &f, &n)) < 0 ||
	    (x = set_side(p, &c, &f, &n, t)) < 0)
		return x;
	t->state = STATE[f.state];
	t->steps = steps_of(p, &f, &n);
	set_forward(p, &f, t);
	set_back(p, &f, t);
	t->was = referral_state_text(f.state);
	if (f.state != REFERRAL_DRAFT && f.state != REFERRAL_REQUESTED)
		t->mistake = word_line(p, "mistake", "What was wrong", "");
	t->answer = f.sent != NO_DATE && f.state != REFERRAL_ENTERED_IN_ERROR;
	t->capacity = answer_field(p, "capacity", "Room", CAPACITY, CAPACITIES,
				   f.capacity);
	t->enrollment = answer_field(p, "enrollment", "Enrollment", ENROLLMENT,
				     ENROLLMENTS, f.enrollment);
	t->answered = word_day(p, "answered", "Said on", p->today);
	if (n.closed == NO_DATE &&
	    (f.state == REFERRAL_REJECTED || f.state == REFERRAL_CANCELLED ||
	     f.state == REFERRAL_FAILED || *f.capacity))
		t->again = arena_str(&p->a, "child/%lld/referral/new?need=%lld",
				     (long long)c.child, (long long)n.id);
	t->action = p->req->path;
	t->csrf = page_csrf(p);
	page_saw(p, "referral", f.id);
	tpl_referral(page_body(p), t);
	return 0;
}

/* --- what happened --- */

static int do_answer(struct page *p, const struct referral *f)
{
	int32_t on = p->today;
	int x = page_form_date(p, "answered", &on);

	if (x == 0)
		x = referral_answer(records_of(p), f->id, on,
				    page_form(p, "capacity"),
				    page_form(p, "enrollment"));
	page_note(p, NULL, NULL, "The answer is saved.");
	return x;
}

static int do_link(struct page *p, const struct referral *f, const char *word)
{
	int32_t on = p->today;
	int x = page_form_date(p, "on", &on);

	if (x == 0)
		x = referral_link(records_of(p), f->id, word, on);
	page_note(p, p->req->path, word, "Saved.");
	return x;
}

static int do_move(struct page *p, const struct referral *f, const char *word)
{
	const char *reason = page_form(p, "reason");
	const char *why = page_form(p, "why");
	enum referral_state to;
	int32_t on = p->today;
	int x;

	if ((x = referral_state_parse(word, &to)) < 0 ||
	    (x = page_form_date(p, "on", &on)) < 0 ||
	    (x = page_form_date(p, "ended", &on)) < 0)
		return x;
	if ((to == REFERRAL_REJECTED || to == REFERRAL_ON_HOLD ||
	     to == REFERRAL_CANCELLED || to == REFERRAL_FAILED) &&
	    !reason && !why) {
		page_error(p, "reason",
			   "Say why: choose a gap or barrier, or "
			   "write a few words");
		return 0;
	}
	if (reason && strcmp(reason, f->reason) != 0 && f->sent != NO_DATE &&
	    to != REFERRAL_ENTERED_IN_ERROR)
		x = referral_reason(records_of(p), f->id, reason, on);
	if (x == 0)
		x = to == REFERRAL_REQUESTED
			    ? referral_send(records_of(p), f->id, on, why)
			    : referral_move(records_of(p), f->id, to, on, why);
	/* What was sent is known to its receiver. */
	if (to == REFERRAL_REQUESTED)
		page_note(p, NULL, NULL, "Saved: %s.", STATE[to]);
	else
		page_note(p, p->req->path, referral_state_text(to),
			  "Saved: %s.", STATE[to]);
	return x;
}

static int do_back(struct page *p, const struct referral *f)
{
	const char *why = page_form(p, "mistake");

	if (!why) {
		page_error(p, "mistake", "Say in a few words what was wrong");
		return 0;
	}
	page_note(p, NULL, NULL, "Taken back: %s.", STATE[f->state]);
	return referral_back(records_of(p), f->id, why);
}

static bool is_link(const char *word)
{
	for (int i = 0; i < LINKS_N; i++)
		if (strcmp(LINKS[i].word, word) == 0)
			return true;
	return false;
}

static int do_undo(struct page *p, const struct referral *f, const char *undo)
{
	page_note(p, NULL, NULL, "Taken back.");
	if (is_link(undo))
		return referral_unlink(records_of(p), f->id, undo);
	if (f->state == REFERRAL_REQUESTED || f->state == REFERRAL_DRAFT)
		return referral_move(records_of(p), f->id,
				     REFERRAL_ENTERED_IN_ERROR, p->today,
				     "taken back right after");
	if (strcmp(undo, referral_state_text(f->state)) != 0)
		return err_set(E_STATE, "Somebody changed this referral "
					"meanwhile; it stays");
	return referral_back(records_of(p), f->id, "Taken back right after");
}

static int one_post(struct page *p)
{
	const char *act = page_form(p, "do"), *undo = page_form(p, "undo");
	const char *was = page_form(p, "was");
	struct child_head c;
	struct referral f;
	struct need n;
	int x = child_head_quiet(p, &c);

	if (x != 0)
		return x;
	if ((x = the_referral(p, &c, &f, &n)) < 0)
		return x;
	page_redirect(p, "/child/%lld/referral/%lld", (long long)c.child,
		      (long long)f.id);
	if (undo)
		return do_undo(p, &f, undo);
	if (!act || !was)
		return err_set(E_INVALID, "Choose what happened");
	if (strcmp(was, referral_state_text(f.state)) != 0)
		return err_set(E_STATE,
			       "Somebody changed this referral meanwhile. It "
			       "stands as shown below; choose again");
	if (strcmp(act, "answer") == 0)
		x = do_answer(p, &f);
	else if (strcmp(act, "back") == 0)
		x = do_back(p, &f);
	else
		x = is_link(act) ? do_link(p, &f, act) : do_move(p, &f, act);
	if (x == E_DENIED) {
		page_error(p, "why",
			   "The family has not consented. Ask them "
			   "first, or say in a few words why it "
			   "can’t wait");
		return 0;
	}
	return x;
}

/* From lists that know the referral alone. */
static int short_page(struct page *p)
{
	struct referral f;
	struct need n;
	struct kase k;
	int64_t id;
	int x = page_param_id(p, "referral", &id);

	if (x == 0)
		x = referral_get(p->db, id, &f);
	if (x == 0)
		x = need_get(p->db, f.need, &n);
	if (x == 0)
		x = kase_get(p->db, n.kase, &k);
	if (x == 0)
		x = desk_open(p, k.child);
	if (x == 0)
		page_redirect(p, "/child/%lld/referral/%lld",
			      (long long)k.child, (long long)id);
	return x;
}

const struct page_route desk_referral_routes[] = {
	{PAGE_GET, "/referral/{referral}", OF_CASES, short_page, 0},
	{PAGE_GET, "/child/{id}/referral/{referral}", OF_CASES, one_page, 0},
	{PAGE_POST, "/child/{id}/referral/{referral}", OF_CASES, one_post, 0},
	{0},
};
