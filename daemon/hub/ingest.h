/* ingest: takes batches of envelopes from the bus: one transaction for the
 * batch, a savepoint for each envelope, and in it for each release if it
 * carries several; answers only after COMMIT, in the wire version asked.
 *
 * An envelope is peeked at, its sender looked up, its signature verified, and
 * only then it is opened. A stranger gets no answer, unless it asks to join.
 * Every handler may run again for the same envelope with the same outcome: the
 * bus repeats, and so does ingest itself when it is not known whether a COMMIT
 * held. Loop thread only. */
#ifndef CCFED_INGEST_H
#define CCFED_INGEST_H

#include "daemon/core/bus.h"
#include "daemon/core/metrics.h"
#include "daemon/hub/roster.h"
#include "proto/envelope.h"

struct hub;

/* A bus_batch_fn; @arg is the hub. Answers or drops every ticket. */
void ingest_batch(void *arg, struct bus_in *in, int n);

/* One question, authentic and readable. Of a stranger who asks to join, @from
 * holds the signing key only; admit fills in the rest. */
struct asked {
	const struct envelope_header *header;
	const unsigned char *payload;
	size_t len;
	struct member *from;
	int64_t now_utc_ms;
};
/* What is to be answered once it is committed; kind 0: nothing. */
struct reply {
	uint8_t kind;
	unsigned char *bytes; /* mem_free */
	size_t len;
};
/* A handler: 0 and a reply (a refusal is one, too), or negative: what it wrote
 * is undone and the node is told to try again. Counts in *m, which is added to
 * the hub's metrics on COMMIT. */
typedef int ingest_fn(struct hub *h, struct metrics *m, const struct asked *a,
		      struct reply *out);

/* Make @out a refusal, and count and log it; 0 or negative. */
int ingest_refuse(struct metrics *m, const struct asked *a, struct reply *out,
		  uint32_t code, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
/* Say in *@out why one of several things asked is refused, log it, and note it
 * as trouble of the region. */
int ingest_refusal(struct hub *h, struct metrics *m, const struct asked *a,
		   struct refusal *out, enum trouble kind, uint32_t code,
		   const char *fmt, ...) __attribute__((format(printf, 7, 8)));
/* Make @out a refusal of all that was asked, noted so. */
int ingest_refuse_noted(struct hub *h, struct metrics *m, const struct asked *a,
			struct reply *out, enum trouble kind, uint32_t code,
			const char *fmt, ...)
	__attribute__((format(printf, 7, 8)));

/* Make @out the answer to a release that came alone. */
int ingest_answer(struct metrics *m, const struct delivered *answer,
		  struct reply *out);

#endif
