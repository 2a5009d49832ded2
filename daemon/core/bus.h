/* bus: carries opaque bytes between nodes and the hub, and is trusted with
 * nothing.
 *
 * A node dials: it has at most one request outstanding and gets the answer in
 * a callback. The hub listens: it gets what arrived in batches, commits, then
 * answers each, late and in any order. The bus may lose, repeat, delay and
 * reorder; sealing, receipts, deadlines and asking again are its callers'.
 * Implementations: bus_nano.h (nanomsg over TCP), bus_mem.h (one process, with
 * faults). Loop thread only. */
#ifndef CCFED_BUS_H
#define CCFED_BUS_H

#include <stddef.h>

struct bus_listener; /* opaque, by implementation */
struct bus_dialer;
struct bus_ticket; /* names the asker of one message; owned by the bus */

enum {
	BUS_MAX = 80 * 1024, /* larger messages never arrive (limits: rule 1) */
	BUS_BATCH = 64	     /* messages in one batch at most */
};

/* One message that arrived at the hub. The bytes are lent for the call; the
 * ticket is valid until answered or dropped, and each must be one of these. */
struct bus_in {
	const void *data;
	size_t len;
	struct bus_ticket *ticket;
};

typedef void bus_batch_fn(void *arg, struct bus_in *in, int n);
typedef void bus_answer_fn(void *arg, const void *data, size_t len);

struct bus {
	int (*listen)(struct bus *b, const char *addr, bus_batch_fn *fn,
		      void *arg, struct bus_listener **out);
	/* Never fails because of the bus: a lost answer is the asker's to
	 * notice. Ends the ticket. @data NULL: no answer. */
	void (*answer)(struct bus_listener *l, struct bus_ticket *t,
		       const void *data, size_t len);
	/* Connections now open, for metrics; -1 if unknown. */
	int (*peers)(struct bus_listener *l);
	/* Also drops every ticket that is not answered yet. */
	void (*unlisten)(struct bus_listener *l);

	int (*dial)(struct bus *b, const char *addr, bus_answer_fn *fn,
		    void *arg, struct bus_dialer **out);
	/* Ask; an earlier question is given up. E_TOOBIG over BUS_MAX / 1.2. */
	int (*ask)(struct bus_dialer *d, const void *data, size_t len);
	/* Drop the connection and dial again (half-open links). The question
	 * may be sent again or be lost. */
	void (*redial)(struct bus_dialer *d);
	void (*hangup)(struct bus_dialer *d);
};

#endif
