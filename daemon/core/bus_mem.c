#include "daemon/core/bus_mem.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/queue.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"

enum { ASK_MAX = BUS_MAX * 10 / 12, ADDR_MAX = 128 };

/* A message under way. It names its ends by address and number, never by
 * pointer: both may be gone when it arrives. */
struct msg {
	TAILQ_ENTRY(msg) link;
	bool is_answer;
	char addr[ADDR_MAX];
	uint64_t dialer;   /* who asked */
	uint64_t question; /* which of its questions */
	size_t len;
	unsigned char data[];
};

TAILQ_HEAD(msgs, msg);

/* Kept in its listener's list until answered, which is how a second answer is
 * found out. */
struct bus_ticket {
	LIST_ENTRY(bus_ticket) link;
	uint64_t dialer, question;
};

struct bus_listener {
	LIST_ENTRY(bus_listener) link;
	struct bus_mem *bus;
	LIST_HEAD(, bus_ticket) tickets;
	char addr[ADDR_MAX];
	bus_batch_fn *fn;
	void *arg;
};

struct bus_dialer {
	LIST_ENTRY(bus_dialer) link;
	struct bus_mem *bus;
	char addr[ADDR_MAX];
	uint64_t id;
	uint64_t question;   /* the one an answer is awaited for */
	struct msg *pending; /* copy of it until answered, for redial */
	bus_answer_fn *fn;
	void *arg;
};

/* An address may be cut before anybody listens there, so this is no flag of a
 * listener. */
struct cut {
	LIST_ENTRY(cut) link;
	char addr[ADDR_MAX];
};

struct bus_mem {
	struct bus base;
	struct rng *rng;
	struct bus_mem_faults faults;
	struct msgs way;
	LIST_HEAD(, bus_listener) listeners;
	LIST_HEAD(, bus_dialer) dialers;
	LIST_HEAD(, cut) cuts;
	uint64_t last_id;
	void (*tap)(void *arg, const void *data, size_t len);
	void *tap_arg;
};

static bool happens(struct bus_mem *b, double share)
{
	/* No draw for a fault that is off: without faults the bus leaves the
	 * generator, which others may share, as it is. */
	return share > 0 && rand_unit(b->rng) < share;
}

/* One block, so that one fault point stands for one message. */
static struct msg *msg_new(const void *data, size_t len)
{
	struct msg *m = mem_alloc(sizeof *m + len);

	if (!m)
		return NULL;
	memset(m, 0, sizeof *m);
	m->len = len;
	if (len > 0)
		memcpy(m->data, data, len);
	return m;
}

static struct msg *msg_copy(const struct msg *m)
{
	struct msg *copy = msg_new(m->data, m->len);

	if (!copy)
		return NULL;
	copy->is_answer = m->is_answer;
	copy->dialer = m->dialer;
	copy->question = m->question;
	memcpy(copy->addr, m->addr, sizeof copy->addr);
	return copy;
}

/* Networks in tests have tens of ends: lists are fast enough. */
static struct bus_listener *find_listener(struct bus_mem *b, const char *addr)
{
	struct bus_listener *l;

	LIST_FOREACH (l, &b->listeners, link) {
		if (strcmp(l->addr, addr) == 0)
			return l;
	}
	return NULL;
}

static struct bus_dialer *find_dialer(struct bus_mem *b, uint64_t id)
{
	struct bus_dialer *d;

	LIST_FOREACH (d, &b->dialers, link) {
		if (d->id == id)
			return d;
	}
	return NULL;
}

static struct cut *find_cut(struct bus_mem *b, const char *addr)
{
	struct cut *c;

	LIST_FOREACH (c, &b->cuts, link) {
		if (strcmp(c->addr, addr) == 0)
			return c;
	}
	return NULL;
}

/* Put a copy of @m on its way, or two, or none. Lack of memory is a loss
 * like any other. */
static void send(struct bus_mem *b, const struct msg *m)
{
	int copies = 1;

	/* Before any fault: a privacy test wants all that was said. */
	if (b->tap)
		b->tap(b->tap_arg, m->data, m->len);
	if (find_cut(b, m->addr) || happens(b, b->faults.drop))
		return;
	if (happens(b, b->faults.duplicate))
		copies = 2;
	while (copies-- > 0) {
		struct msg *copy = msg_copy(m);

		if (!copy)
			return;
		if (copy->len > 0 && happens(b, b->faults.corrupt))
			copy->data[rand_below(b->rng, (uint32_t)copy->len)] ^=
				(unsigned char)(1u << rand_below(b->rng, 8));
		TAILQ_INSERT_TAIL(&b->way, copy, link);
	}
}

static int mem_listen(struct bus *base, const char *addr, bus_batch_fn *fn,
		      void *arg, struct bus_listener **out)
{
	struct bus_mem *b = (struct bus_mem *)base;
	struct bus_listener *l;

	if (strlen(addr) >= ADDR_MAX)
		return err_set(E_INVALID, "the address is too long: %s", addr);
	if (find_listener(b, addr))
		return err_set(E_EXISTS, "somebody listens at %s", addr);
	l = mem_calloc(1, sizeof *l);
	if (!l)
		return err_set(E_NOMEM, "out of memory for the bus");
	l->bus = b;
	l->fn = fn;
	l->arg = arg;
	memcpy(l->addr, addr, strlen(addr) + 1);
	LIST_INIT(&l->tickets);
	LIST_INSERT_HEAD(&b->listeners, l, link);
	*out = l;
	return 0;
}

static bool owns_ticket(struct bus_listener *l, struct bus_ticket *t)
{
	struct bus_ticket *o;

	LIST_FOREACH (o, &l->tickets, link) {
		if (o == t)
			return true;
	}
	return false;
}

static void mem_answer(struct bus_listener *l, struct bus_ticket *t,
		       const void *data, size_t len)
{
	struct msg *m;
	bool outstanding = owns_ticket(l, t);

	/* A ticket is answered once. */
	assert(outstanding);
	m = data ? msg_new(data, len) : NULL;
	if (m) {
		m->is_answer = true;
		m->dialer = t->dialer;
		m->question = t->question;
		memcpy(m->addr, l->addr, sizeof m->addr);
		send(l->bus, m);
		mem_free(m);
	}
	LIST_REMOVE(t, link);
	mem_free(t);
}

static int mem_peers(struct bus_listener *l)
{
	struct bus_dialer *d;
	int n = 0;

	if (find_cut(l->bus, l->addr))
		return 0;
	LIST_FOREACH (d, &l->bus->dialers, link)
		n += strcmp(d->addr, l->addr) == 0;
	return n;
}

static void mem_unlisten(struct bus_listener *l)
{
	struct bus_ticket *t;

	if (!l)
		return;
	while ((t = LIST_FIRST(&l->tickets))) {
		LIST_REMOVE(t, link);
		mem_free(t);
	}
	LIST_REMOVE(l, link);
	mem_free(l);
}

static int mem_dial(struct bus *base, const char *addr, bus_answer_fn *fn,
		    void *arg, struct bus_dialer **out)
{
	struct bus_mem *b = (struct bus_mem *)base;
	struct bus_dialer *d;

	if (strlen(addr) >= ADDR_MAX)
		return err_set(E_INVALID, "the address is too long: %s", addr);
	d = mem_calloc(1, sizeof *d);
	if (!d)
		return err_set(E_NOMEM, "out of memory for the bus");
	d->bus = b;
	d->id = ++b->last_id;
	d->fn = fn;
	d->arg = arg;
	memcpy(d->addr, addr, strlen(addr) + 1);
	LIST_INSERT_HEAD(&b->dialers, d, link);
	*out = d;
	return 0;
}

/* The earlier question may still arrive; only its answer is not wanted. */
static int mem_ask(struct bus_dialer *d, const void *data, size_t len)
{
	struct msg *m;

	if (len > ASK_MAX)
		return err_set(E_TOOBIG, "a message of %zu bytes is too large",
			       len);
	m = msg_new(data, len);
	if (!m)
		return err_set(E_NOMEM, "out of memory for the bus");
	m->dialer = d->id;
	m->question = ++d->question;
	memcpy(m->addr, d->addr, sizeof m->addr);
	/* Kept for redial, as nanomsg keeps it for its resend. */
	mem_free(d->pending);
	d->pending = m;
	send(d->bus, m);
	return 0;
}

/* The same question, by number: either answer will do. */
static void mem_redial(struct bus_dialer *d)
{
	if (d->pending)
		send(d->bus, d->pending);
}

static void mem_hangup(struct bus_dialer *d)
{
	if (!d)
		return;
	LIST_REMOVE(d, link);
	mem_free(d->pending);
	mem_free(d);
}

/* Move the share that is to come late behind the others. */
static void reorder(struct bus_mem *b, struct msgs *now)
{
	struct msg *m, *next, *last = TAILQ_LAST(now, msgs);

	for (m = TAILQ_FIRST(now); m && m != last; m = next) {
		next = TAILQ_NEXT(m, link);
		if (!happens(b, b->faults.reorder))
			continue;
		TAILQ_REMOVE(now, m, link);
		TAILQ_INSERT_TAIL(now, m, link);
	}
}

/* Take the requests for @l out of @now, at most one batch. */
static int gather(struct msgs *now, struct bus_listener *l, struct bus_in *in,
		  struct msg **batch)
{
	struct msg *m, *next;
	int n = 0;

	for (m = TAILQ_FIRST(now); m && n < BUS_BATCH; m = next) {
		struct bus_ticket *t;

		next = TAILQ_NEXT(m, link);
		/* Others wait their turn in the same list, in order. */
		if (m->is_answer || strcmp(m->addr, l->addr) != 0)
			continue;
		TAILQ_REMOVE(now, m, link);
		t = mem_calloc(1, sizeof *t);
		/* Lost, as a hub without memory would lose it. */
		if (!t) {
			mem_free(m);
			continue;
		}
		t->dialer = m->dialer;
		t->question = m->question;
		LIST_INSERT_HEAD(&l->tickets, t, link);
		in[n] = (struct bus_in){m->data, m->len, t};
		batch[n++] = m;
	}
	return n;
}

static int deliver_requests(struct bus_mem *b, struct msgs *now)
{
	struct bus_in in[BUS_BATCH];
	struct msg *batch[BUS_BATCH];
	struct msg *m, *next;
	int total = 0;

	/* From the start after each batch: its callback may close anything. */
	for (m = TAILQ_FIRST(now); m; m = next) {
		struct bus_listener *l = find_listener(b, m->addr);
		int n;

		next = TAILQ_NEXT(m, link);
		if (m->is_answer || !l)
			continue;
		n = gather(now, l, in, batch);
		if (n > 0)
			l->fn(l->arg, in, n);
		for (int i = 0; i < n; i++)
			mem_free(batch[i]);
		total += n;
		next = TAILQ_FIRST(now);
	}
	return total;
}

static int deliver_answers(struct bus_mem *b, struct msgs *now)
{
	struct msg *m;
	int total = 0;

	while ((m = TAILQ_FIRST(now))) {
		struct bus_dialer *d = find_dialer(b, m->dialer);

		TAILQ_REMOVE(now, m, link);
		/* Nobody listens, or the question was given up. */
		if (m->is_answer && d && d->question == m->question) {
			mem_free(d->pending);
			d->pending = NULL;
			d->fn(d->arg, m->data, m->len);
			total++;
		}
		mem_free(m);
	}
	return total;
}

int bus_mem_step(struct bus *base)
{
	struct bus_mem *b = (struct bus_mem *)base;
	struct msgs now = TAILQ_HEAD_INITIALIZER(now);
	struct msg *m, *next;
	int total;

	/* What the callbacks send waits for the next step. */
	TAILQ_CONCAT(&now, &b->way, link);
	for (m = TAILQ_FIRST(&now); m; m = next) {
		next = TAILQ_NEXT(m, link);
		if (find_cut(b, m->addr)) {
			TAILQ_REMOVE(&now, m, link);
			mem_free(m);
		}
	}
	reorder(b, &now);
	/* Requests first, so that one step is one turn of the hub's loop. */
	total = deliver_requests(b, &now);
	return total + deliver_answers(b, &now);
}

void bus_mem_faults(struct bus *base, const struct bus_mem_faults *f)
{
	((struct bus_mem *)base)->faults = *f;
}

void bus_mem_cut(struct bus *base, const char *addr, int cut)
{
	struct bus_mem *b = (struct bus_mem *)base;
	struct cut *c = find_cut(b, addr);

	if (!cut && c) {
		LIST_REMOVE(c, link);
		mem_free(c);
	}
	if (!cut || c)
		return;
	c = mem_calloc(1, sizeof *c);
	/* A test can't go on without the cut that it asked for. */
	assert(c && strlen(addr) < ADDR_MAX);
	memcpy(c->addr, addr, strlen(addr) + 1);
	LIST_INSERT_HEAD(&b->cuts, c, link);
}

void bus_mem_tap(struct bus *base,
		 void (*tap)(void *arg, const void *data, size_t len),
		 void *arg)
{
	struct bus_mem *b = (struct bus_mem *)base;

	b->tap = tap;
	b->tap_arg = arg;
}

int bus_mem_new(struct bus **out, struct rng *rng)
{
	struct bus_mem *b = mem_calloc(1, sizeof *b);

	if (!b)
		return err_set(E_NOMEM, "out of memory for the bus");
	b->base = (struct bus){
		.listen = mem_listen,
		.answer = mem_answer,
		.peers = mem_peers,
		.unlisten = mem_unlisten,
		.dial = mem_dial,
		.ask = mem_ask,
		.redial = mem_redial,
		.hangup = mem_hangup,
	};
	b->rng = rng;
	TAILQ_INIT(&b->way);
	LIST_INIT(&b->listeners);
	LIST_INIT(&b->dialers);
	LIST_INIT(&b->cuts);
	*out = &b->base;
	return 0;
}

void bus_mem_free(struct bus *base)
{
	struct bus_mem *b = (struct bus_mem *)base;
	struct msg *m;
	struct cut *c;

	if (!b)
		return;
	/* Their owners close them first, as over a real bus. */
	assert(LIST_EMPTY(&b->listeners) && LIST_EMPTY(&b->dialers));
	while ((m = TAILQ_FIRST(&b->way))) {
		TAILQ_REMOVE(&b->way, m, link);
		mem_free(m);
	}
	while ((c = LIST_FIRST(&b->cuts))) {
		LIST_REMOVE(c, link);
		mem_free(c);
	}
	mem_free(b);
}
