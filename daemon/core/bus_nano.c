#include "daemon/core/bus_nano.h"

#include <assert.h>
#include <string.h>
#include <sys/queue.h>

#include <nanomsg/nn.h>
#include <nanomsg/reqrep.h>
#include <nanomsg/tcp.h>
#include <uv.h>

#include "daemon/core/err.h"
#include "daemon/core/log.h"
#include "daemon/core/mem.h"

enum {
	ASK_MAX = BUS_MAX * 10 / 12,
	ADDR_MAX = 128,
	/* Room for the trace of a peer that dialed us itself. */
	CONTROL_SIZE = 64
};

struct bus_nano {
	struct bus base;
	uv_loop_t *loop;
	int open; /* listeners and dialers whose handles still live */
};

/* What listener and dialer share: a socket and the poll on it. */
struct end {
	struct bus_nano *bus;
	int sock;
	uv_poll_t poll;
	void *owner; /* freed when the handle is closed */
};

struct bus_ticket {
	LIST_ENTRY(bus_ticket) link;
	_Alignas(max_align_t) unsigned char control[CONTROL_SIZE];
	size_t control_len;
};

struct bus_listener {
	struct end end;
	LIST_HEAD(, bus_ticket) tickets;
	bus_batch_fn *fn;
	void *arg;
	bool closing;
};

struct bus_dialer {
	struct end end;
	int eid;
	char addr[ADDR_MAX];
	bus_answer_fn *fn;
	void *arg;
	bool closing;
};

/* An address in use and an address that is none are mistakes of the one who set
 * the node up; the rest is the network's. */
static int nano_fail(const char *verb, const char *addr)
{
	int code = nn_errno() == EADDRINUSE ? E_EXISTS : E_IO;

	if (nn_errno() == EINVAL || nn_errno() == ENODEV ||
	    nn_errno() == EPROTONOSUPPORT || nn_errno() == ENAMETOOLONG)
		code = E_INVALID;
	return err_set(code, "can't %s %s: %s", verb, addr,
		       nn_strerror(nn_errno()));
}

static int set_int(int sock, int level, int option, int value)
{
	return nn_setsockopt(sock, level, option, &value, sizeof value);
}

/* Before bind and connect: each connection copies its options then. */
static int set_options(int sock, bool asks)
{
	if (set_int(sock, NN_SOL_SOCKET, NN_RCVMAXSIZE, BUS_MAX) < 0 ||
	    set_int(sock, NN_TCP, NN_TCP_NODELAY, 1) < 0)
		return -1;
	/* One hop: there is no relay among us. */
	if (!asks)
		return set_int(sock, NN_SOL_SOCKET, NN_MAXTTL, 1);
	if (set_int(sock, NN_SOL_SOCKET, NN_RECONNECT_IVL, 100) < 0 ||
	    set_int(sock, NN_SOL_SOCKET, NN_RECONNECT_IVL_MAX, 2000) < 0 ||
	    set_int(sock, NN_REQ, NN_REQ_RESEND_IVL, 30000) < 0)
		return -1;
	return 0;
}

/* The hub's end is raw: a cooked REP holds one request, so it could neither
 * commit several at once nor answer late. */
static int end_open(struct end *e, struct bus_nano *bus, void *owner, bool asks)
{
	e->bus = bus;
	e->owner = owner;
	e->sock = nn_socket(asks ? AF_SP : AF_SP_RAW, asks ? NN_REQ : NN_REP);
	if (e->sock < 0)
		return nano_fail("open a socket for", "the bus");
	if (set_options(e->sock, asks) < 0) {
		nano_fail("set up", "the bus");
		nn_close(e->sock);
		return E_IO;
	}
	return 0;
}

/* From here on the end must go through end_close, because of the handle. */
static int end_poll(struct end *e, uv_poll_cb cb)
{
	size_t size = sizeof(int);
	int fd, r;

	/* The descriptor only tells; nobody ever reads from it (nanomsg's worker
	 * asserts that). */
	if (nn_getsockopt(e->sock, NN_SOL_SOCKET, NN_RCVFD, &fd, &size) < 0)
		return nano_fail("poll", "the bus");
	r = uv_poll_init(e->bus->loop, &e->poll, fd);
	if (r < 0)
		return err_set(E_IO, "can't poll the bus: %s", uv_strerror(r));
	e->poll.data = e;
	e->bus->open++;
	/* Can't fail once the handle is initialized. */
	r = uv_poll_start(&e->poll, UV_READABLE, cb);
	assert(r == 0);
	return 0;
}

static void end_closed(uv_handle_t *handle)
{
	struct end *e = handle->data;
	struct bus_nano *bus = e->bus;

	/* Only now: libuv may look at the descriptor until its close. */
	nn_close(e->sock);
	mem_free(e->owner);
	bus->open--;
}

/* In two steps, because libuv lets go of a handle only in its next turn. The
 * owner's closing flag keeps callbacks away until then. */
static void end_close(struct end *e)
{
	uv_close((uv_handle_t *)&e->poll, end_closed);
}

/* One message with its trace, or false. Bytes in *data are freed by
 * nn_freemsg. */
static bool receive(int sock, void **data, size_t *len, struct bus_ticket *t)
{
	struct nn_iovec iov = {.iov_base = data, .iov_len = NN_MSG};
	struct nn_msghdr hdr = {.msg_iov = &iov, .msg_iovlen = 1};
	size_t trace = 0;
	int n;

	/* The trace comes as a copy into the ticket, not as a message of
	 * nanomsg's: a failed send would free such a one, a successful one keep
	 * it, and the two are hard to tell apart. */
	if (t) {
		hdr.msg_control = t->control;
		hdr.msg_controllen = sizeof t->control;
	}
	n = nn_recvmsg(sock, &hdr, NN_DONTWAIT);
	if (n < 0)
		return false;
	*len = (size_t)n;
	if (t) {
		/* Stays 0, as allocated, if the trace did not fit. */
		memcpy(&trace, t->control, sizeof trace);
		t->control_len = trace;
	}
	return true;
}

/* Take what came, at most BUS_BATCH. The poll is level-triggered, so what is
 * left, also behind an EAGAIN that stood for a malformed frame, wakes us. */
static int take_batch(struct bus_listener *l, struct bus_in *in, void **data)
{
	struct bus_ticket *t;
	int n = 0;

	for (int i = 0; i < BUS_BATCH; i++) {
		t = mem_calloc(1, sizeof *t);
		if (!t)
			break;
		/* The ticket first: without memory for it the message stays queued and
		 * wakes us again. */
		if (!receive(l->end.sock, &data[n], &in[n].len, t)) {
			mem_free(t);
			break;
		}
		/* There would be no way to answer. */
		if (t->control_len == 0) {
			nn_freemsg(data[n]);
			mem_free(t);
			continue;
		}
		LIST_INSERT_HEAD(&l->tickets, t, link);
		in[n].data = data[n];
		in[n].ticket = t;
		n++;
	}
	return n;
}

static void listener_ready(uv_poll_t *poll, int status, int events)
{
	struct end *e = poll->data;
	struct bus_listener *l = e->owner;
	struct bus_in in[BUS_BATCH];
	void *data[BUS_BATCH];
	int n;

	if (l->closing || status < 0)
		return;
	n = take_batch(l, in, data);
	if (n > 0)
		l->fn(l->arg, in, n);
	/* @l is still there even if fn closed it: uv_close comes later. */
	for (int i = 0; i < n; i++)
		nn_freemsg(data[i]);
}

/* Bound before it is polled, so that an address in use fails without a handle
 * to close. */
static int nano_listen(struct bus *b, const char *addr, bus_batch_fn *fn,
		       void *arg, struct bus_listener **out)
{
	struct bus_listener *l = mem_calloc(1, sizeof *l);
	int r;

	if (!l)
		return err_set(E_NOMEM, "out of memory for the bus");
	l->fn = fn;
	l->arg = arg;
	LIST_INIT(&l->tickets);
	r = end_open(&l->end, (struct bus_nano *)b, l, false);
	if (r < 0) {
		mem_free(l);
		return r;
	}
	if (nn_bind(l->end.sock, addr) < 0)
		r = nano_fail("listen at", addr);
	if (r == 0)
		r = end_poll(&l->end, listener_ready);
	if (r < 0) {
		nn_close(l->end.sock);
		mem_free(l);
		return r;
	}
	*out = l;
	return 0;
}

static void nano_answer(struct bus_listener *l, struct bus_ticket *t,
			const void *data, size_t len)
{
	struct nn_iovec iov = {.iov_base = (void *)data, .iov_len = len};
	struct nn_msghdr hdr = {.msg_iov = &iov, .msg_iovlen = 1};

	hdr.msg_control = t->control;
	hdr.msg_controllen = t->control_len;
	/* Copied by nanomsg, body and trace: nothing to free on failure. */
	if (data && nn_sendmsg(l->end.sock, &hdr, NN_DONTWAIT) < 0)
		log_debug("bus_answer_lost", "error=%d", nn_errno());
	/* Success of the send means nothing either: REP drops answers to a peer
	 * that does not read, and the asker's deadline is the remedy. */
	LIST_REMOVE(t, link);
	mem_free(t);
}

/* Counts peers that died without a word, too; their number is an alarm. */
static int nano_peers(struct bus_listener *l)
{
	uint64_t n = nn_get_statistic(l->end.sock, NN_STAT_CURRENT_CONNECTIONS);

	return n > INT32_MAX ? -1 : (int)n;
}

static void nano_unlisten(struct bus_listener *l)
{
	struct bus_ticket *t;

	if (!l)
		return;
	l->closing = true;
	while ((t = LIST_FIRST(&l->tickets))) {
		LIST_REMOVE(t, link);
		mem_free(t);
	}
	end_close(&l->end);
}

static void dialer_ready(uv_poll_t *poll, int status, int events)
{
	struct end *e = poll->data;
	struct bus_dialer *d = e->owner;
	void *data;
	size_t len;

	if (d->closing || status < 0)
		return;
	/* One question is outstanding at most, so one answer. */
	if (!receive(e->sock, &data, &len, NULL))
		return;
	d->fn(d->arg, data, len);
	nn_freemsg(data);
}

/* Succeeds also when nobody listens yet: nanomsg goes on trying, every 100 ms
 * at first, every 2 s at last. */
static int nano_dial(struct bus *b, const char *addr, bus_answer_fn *fn,
		     void *arg, struct bus_dialer **out)
{
	struct bus_dialer *d = NULL;
	int r;

	if (strlen(addr) >= ADDR_MAX)
		return err_set(E_INVALID, "the address is too long: %s", addr);
	d = mem_calloc(1, sizeof *d);
	if (!d)
		return err_set(E_NOMEM, "out of memory for the bus");
	d->fn = fn;
	d->arg = arg;
	memcpy(d->addr, addr, strlen(addr) + 1);
	r = end_open(&d->end, (struct bus_nano *)b, d, true);
	if (r < 0) {
		mem_free(d);
		return r;
	}
	d->eid = nn_connect(d->end.sock, addr);
	if (d->eid < 0)
		r = nano_fail("connect to", addr);
	if (r == 0)
		r = end_poll(&d->end, dialer_ready);
	if (r < 0) {
		nn_close(d->end.sock);
		mem_free(d);
		return r;
	}
	*out = d;
	return 0;
}

static int nano_ask(struct bus_dialer *d, const void *data, size_t len)
{
	/* A larger one would be resent for ever and never arrive. */
	if (len > ASK_MAX)
		return err_set(E_TOOBIG, "a message of %zu bytes is too large",
			       len);
	/* REQ takes it at once, also without a connection, and forgets the
	 * question before. */
	if (nn_send(d->end.sock, data, len, NN_DONTWAIT) < 0)
		return nano_fail("send to", d->addr);
	return 0;
}

/* On the same socket: REQ keeps the question and sends it again. */
static void nano_redial(struct bus_dialer *d)
{
	if (d->eid >= 0 && nn_shutdown(d->end.sock, d->eid) < 0)
		log_warn("bus_redial", "step=shutdown error=%d", nn_errno());
	d->eid = nn_connect(d->end.sock, d->addr);
	if (d->eid < 0)
		log_warn("bus_redial", "step=connect error=%d", nn_errno());
}

/* A question that is outstanding is given up with the socket. */
static void nano_hangup(struct bus_dialer *d)
{
	if (!d)
		return;
	d->closing = true;
	end_close(&d->end);
}

int bus_nano_new(struct bus **out, struct uv_loop_s *loop)
{
	struct bus_nano *b = mem_calloc(1, sizeof *b);

	if (!b)
		return err_set(E_NOMEM, "out of memory for the bus");
	b->base = (struct bus){
		.listen = nano_listen,
		.answer = nano_answer,
		.peers = nano_peers,
		.unlisten = nano_unlisten,
		.dial = nano_dial,
		.ask = nano_ask,
		.redial = nano_redial,
		.hangup = nano_hangup,
	};
	b->loop = loop;
	*out = &b->base;
	return 0;
}

void bus_nano_free(struct bus *b)
{
	if (!b)
		return;
	assert(((struct bus_nano *)b)->open == 0);
	mem_free(b);
}
