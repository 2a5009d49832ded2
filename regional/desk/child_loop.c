#include "regional/desk/child_loop.h"

#include <string.h>

#include "daemon/web/page.h"
#include "regional/case/derive.h"
#include "regional/desk/day_text.h"

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static const char *days(struct page *p, int32_t n)
{
	return day_text_count(&p->a, n, "day", "days");
}

static void step(struct tpl_steps_steps *s, const char *state,
		 const char *title, const char *text)
{
	*s = (struct tpl_steps_steps){
		.state = state,
		.title = title,
		.text = text,
		.said = is(state, "ahead") ? "not yet" : NULL,
		.late = is(state, "stuck"),
	};
}

static void sent_step(struct page *p, const struct overview_need *n,
		      struct tpl_steps_steps *s)
{
	if (n->sent != NO_DATE)
		step(s, "done", "Sent",
		     day_text_near(&p->a, n->sent, p->today));
	else if (n->referral != 0)
		step(s, "now", "Referral is a draft", NULL);
	else
		step(s, is(n->state, "open") ? "now" : "ahead", "To be sent",
		     NULL);
}

static void answer_step(struct page *p, const struct overview_need *n,
			struct tpl_steps_steps *s)
{
	int32_t waits = p->today - n->sent;

	if (n->accepted != NO_DATE)
		step(s, "done", "Accepted",
		     day_text_near(&p->a, n->accepted, p->today));
	else if (is(n->task, "rejected") || is(n->task, "failed") ||
		 is(n->task, "cancelled"))
		step(s, "stuck",
		     is(n->task, "rejected")	? "Turned down"
		     : is(n->task, "cancelled") ? "Taken back"
						: "Did not work",
		     day_text_near(&p->a, n->moved, p->today));
	else if (n->received != NO_DATE)
		step(s, "done", "Accepted", NULL);
	else if (n->sent == NO_DATE)
		step(s, "ahead", "Accepted", NULL);
	else if (n->answered == NO_DATE && waits >= DERIVE_STALE_DAYS)
		step(s, "stuck", "No answer", days(p, waits));
	else
		step(s, "now", "Waits for an answer", days(p, waits));
}

static void connected_step(struct page *p, const struct overview_need *n,
			   struct tpl_steps_steps *s)
{
	bool waitlist = is(n->capacity, "waitlist") ||
			is(n->capacity, "no-capacity") ||
			is(n->enrollment, "not-enrolled-on-waitlist");

	if (n->received != NO_DATE)
		step(s, "done", "Connected",
		     arena_str(&p->a, "%s, %s",
			       day_text_near(&p->a, n->received, p->today),
			       days(p, n->received - n->sent)));
	else if (waitlist && is(n->state, "open"))
		step(s, "hold", "On a waitlist", NULL);
	else
		step(s,
		     n->accepted != NO_DATE && is(n->state, "open") ? "now"
								    : "ahead",
		     "Connected", NULL);
}

static void met_step(struct page *p, const struct overview_need *n,
		     struct tpl_steps_steps *s)
{
	if (is(n->state, "met"))
		step(s, "done", "Need met",
		     day_text_near(&p->a, n->closed, p->today));
	else if (is(n->state, "unmet"))
		step(s, "stuck", "Closed, not met",
		     day_text_near(&p->a, n->closed, p->today));
	else
		step(s, n->received != NO_DATE ? "now" : "ahead",
		     n->received != NO_DATE ? "Need met?" : "Need met", NULL);
}

const struct tpl_steps *child_loop(struct page *p,
				   const struct overview_need *n)
{
	struct tpl_steps *t = arena_alloc(&p->a, sizeof *t);
	struct tpl_steps_steps *s = arena_alloc(&p->a, 4 * sizeof *s);

	if (!t || !s)
		return NULL;
	sent_step(p, n, &s[0]);
	answer_step(p, n, &s[1]);
	connected_step(p, n, &s[2]);
	met_step(p, n, &s[3]);
	*t = (struct tpl_steps){.steps = s, .steps_n = 4};
	return t;
}

void child_loop_act(struct page *p, int64_t child,
		    const struct overview_need *n, struct child_loop_act *out)
{
	long long id = child, need = n->id, referral = n->referral;
	bool over = is(n->task, "rejected") || is(n->task, "failed") ||
		    is(n->task, "cancelled");

	*out = (struct child_loop_act){0};
	if (!is(n->state, "open"))
		return;
	out->close = arena_str(&p->a, "child/%lld/need/%lld", id, need);
	out->href = arena_str(&p->a, "child/%lld/referral/%lld", id, referral);
	if (n->received != NO_DATE) {
		out->title = "Need is met";
		out->href = out->close;
	} else if (referral == 0 || over) {
		out->title = over ? "Choose another" : "Choose a service";
		out->href = arena_str(
			&p->a, "child/%lld/referral/new?need=%lld", id, need);
	} else if (n->sent == NO_DATE) {
		out->title = "Send it";
	} else if (n->accepted == NO_DATE) {
		out->title = "Record answer";
	} else {
		out->title = is(n->capacity, "waitlist") ||
					     is(n->capacity, "no-capacity")
				     ? "Record opening"
				     : "Record connection";
	}
}
