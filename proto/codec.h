/* codec: messages as bytes, and as plain C values. The only user of the code
 * that protobuf-c generates from ccfed.proto.
 *
 * Decoders take hostile bytes: they bound every count before they allocate,
 * refuse unknown fields, unknown enums, duplicate cells and counts that
 * overflow, and set a sentence. What only a later wire version has is decoded
 * whatever the envelope said; who takes the message refuses it there. Any
 * thread. */
#ifndef CCFED_CODEC_H
#define CCFED_CODEC_H

#include <stddef.h>
#include <stdint.h>

#include "proto/catalogue.h"
#include "proto/lattice.h"
#include "proto/policy.h"

enum {
	WIRE_FIRST = 1,		     /* spoken by every node and hub */
	WIRE_BATCHES = 2,	     /* several releases in one envelope */
	WIRE_VERSION = WIRE_BATCHES, /* the newest spoken here */
	REGION_ID = 24,		     /* "north-central" */
	RELEASE_GROUPS_MAX = 512,
	RELEASE_BOUNDS_MAX = 16,
	PAGE_MAX = 700, /* inventory entries in one message */
	/* Releases in one envelope. More would hardly be cheaper, and the hub
	 * takes an envelope in one go. */
	DELIVERY_MAX = 128,
	DIGEST = 32,
	/* What encodings take at most, for the catalogue to reckon with: a
	 * delivery around its release, a release without groups, a group
	 * without counts, a count. */
	DELIVERY_BYTES = 64,
	PARCEL_BYTES = 64, /* around each further release */
	ANSWER_BYTES = 240,
	RELEASE_BYTES = 512,
	GROUP_BYTES = 40,
	COUNT_BYTES = 5,
};

/* One published block: all outcomes of one set of cells. Each outcome's count
 * is one event. */
struct group {
	uint8_t view;	      /* index in the fact table */
	uint8_t step;	      /* index in the view */
	struct period period; /* the lattice point that names it */
	struct stratum stratum;
	struct cells
		cells; /* what of that point it covers, of closing's half */
	uint8_t n;
	uint32_t count[SPLIT_MAX]; /* in the order of view.outcome[] */
};

/* At most this many occurrences of these months are in no detail block; a
 * multiple of the floor. Stated only where no trend block covers them. */
struct bound {
	struct period period;
	uint8_t months; /* bit set of months of the half-year */
	uint32_t at_most;
};

/* What a release is called. Ordered by (epoch, version). */
struct release_key {
	char table[CATALOGUE_ID];
	int32_t closing; /* the month that was closed (month number) */
	uint32_t epoch;
	uint32_t version;
};

struct release {
	struct release_key key;
	char region[REGION_ID];
	uint32_t table_version;
	unsigned char table_hash[32];
	uint32_t vocabulary;
	uint32_t policy; /* number */
	uint32_t floor;	 /* applied; at least the policy's */
	int n_groups;
	struct group *group; /* owned */
	int n_bounds;
	struct bound bound[RELEASE_BOUNDS_MAX];
};
void release_fini(struct release *r);

/* The canonical bytes of a release (groups sorted by view, step, cells), for
 * mem_free by the caller; the digest is BLAKE2b-256 of them. */
int codec_release(const struct release *r, unsigned char **out, size_t *len);
/* Parse; the caller release_fini()s. Knows nothing of the catalogue. */
int codec_release_parse(const unsigned char *in, size_t len,
			struct release *out);
void codec_digest(const void *bytes, size_t len, unsigned char out[DIGEST]);

/* The messages of the wire: what a node asks, what the hub answers. */
enum kind {
	KIND_JOIN = 1,	    /* struct join          -> KIND_JOINED */
	KIND_JOINED = 2,    /* struct joined */
	KIND_HELLO = 3,	    /* struct inventory     -> KIND_WELCOME */
	KIND_WELCOME = 4,   /* struct welcome */
	KIND_RELEASE = 5,   /* struct delivery      -> KIND_RECEIPT, in version
			     * 2 KIND_ANSWERS */
	KIND_RECEIPT = 6,   /* struct receipt, signed */
	KIND_RECALL = 7,    /* struct release_key   -> KIND_RECALLED */
	KIND_RECALLED = 8,  /* the release's bytes */
	KIND_HEARTBEAT = 9, /* struct heartbeat     -> KIND_ALIVE */
	KIND_ALIVE = 10,    /* struct alive */
	KIND_REFUSED = 11,  /* struct refusal: instead of any answer */
	KIND_ANSWERS = 12,  /* struct answers; version 2 */
};

/* A node asks to join with the single-use secret of its join code. */
struct join {
	char region[REGION_ID];
	unsigned char sign_pk[32], box_pk[32];
	unsigned char secret[20]; /* of the join code; sealed to the hub */
	uint32_t network_kind;
	uint32_t wire_version;
};
struct joined {
	uint32_t epoch;
	char region_title[80];
	unsigned char policy[POLICY_BYTES_MAX]; /* codec_policy bytes */
	uint32_t policy_len;
	unsigned char policy_sig[64];
	int64_t hub_utc_ms;
};

/* A page of what a node holds: every release with key in [from, to) order by
 * (table, closing, epoch, version); NULL-like empty @to_table means "to the
 * end". The hub answers for that same range. */
struct inventory_entry {
	struct release_key key;
	unsigned char digest[DIGEST];
};
struct inventory {
	char from_table[CATALOGUE_ID]; /* "" = from the start */
	int32_t from_closing;
	char to_table[CATALOGUE_ID]; /* "" = to the end */
	int32_t to_closing;
	uint8_t look_only;  /* ledger verify: change nothing, grant nothing */
	uint32_t catalogue; /* number of (table, version, hash) that follow */
	int64_t node_utc_ms;
	uint32_t speaks; /* wire version; 0: not asked about */
	int n;
	struct inventory_entry *entry; /* owned; at most PAGE_MAX */
};
void inventory_fini(struct inventory *i);

struct welcome {
	uint32_t epoch; /* the node's from now on */
	int64_t hub_utc_ms;
	uint32_t policy_number;
	unsigned char policy[POLICY_BYTES_MAX]; /* when newer than the node's */
	uint32_t policy_len;			/* 0: unchanged */
	unsigned char policy_sig[64];
	int n_lacks; /* what the hub does not hold: send these */
	struct release_key *lacks;
	int n_forgotten; /* what the node does not hold: recall these */
	struct inventory_entry *forgotten;
	int n_differs; /* same key, another digest: an alarm */
	struct release_key *differs;
	uint32_t speaks; /* wire version; 0: the node did not ask */
};
void welcome_fini(struct welcome *w);

/* A release on its way, with the ledger entry it makes. */
struct parcel {
	uint64_t ledger_seq;		   /* from 1 */
	unsigned char ledger_head[DIGEST]; /* chain up to and with this one */
	unsigned char *release;		   /* canonical bytes; owned */
	size_t len;
};
/* What one envelope carries: 1 to DELIVERY_MAX; in wire version 1 one. */
struct delivery {
	int n;
	struct parcel *parcel; /* owned */
};
void delivery_fini(struct delivery *d);

struct receipt {
	char region[REGION_ID];
	struct release_key key;
	unsigned char digest[DIGEST];
	uint64_t ledger_seq;
	unsigned char ledger_head[DIGEST];
	int64_t hub_utc_ms;
	unsigned char sig[64]; /* of the hub, over the bytes without it */
};

struct heartbeat {
	int64_t node_utc_ms;
	uint32_t waiting; /* releases not yet receipted */
	char version[16]; /* of the program */
};
struct alive {
	int64_t hub_utc_ms;
	uint32_t policy_number;
	uint8_t say_hello; /* the hub wants an inventory */
};

enum refusal_code {
	REFUSED_UNKNOWN_NODE = 1, /* not joined, or replaced */
	REFUSED_REGION = 2,
	REFUSED_EPOCH = 3,	/* stale: say hello */
	REFUSED_CODE = 4,	/* join code wrong, used or expired */
	REFUSED_KIND = 5,	/* real and synthetic do not mix */
	REFUSED_DEFINITION = 6, /* table unknown, or another hash */
	REFUSED_FLOOR = 7,
	REFUSED_POLICY = 8,
	REFUSED_CONTENT = 9,   /* malformed */
	REFUSED_CONFLICT = 10, /* same key, other digest */
	REFUSED_LATER = 11,    /* the hub cannot now; try again */
};
struct refusal {
	uint32_t code;
	char why[200]; /* a sentence of the hub's; never case data */
};
const char *refusal_text(uint32_t code); /* what to do, for the operator */

/* What became of each release of a delivery, in its order. */
struct delivered {
	uint8_t taken; /* the receipt counts, else the refusal */
	struct receipt receipt;
	struct refusal refusal;
};
struct answers {
	int64_t hub_utc_ms;
	int n;			  /* at most DELIVERY_MAX */
	struct delivered *answer; /* owned */
};
void answers_fini(struct answers *a);

/* One pair for each. Encoders give bytes for mem_free; decoders fill *out and
 * on failure leave nothing to free. */
int codec_join(const struct join *m, unsigned char **out, size_t *len);
int codec_join_parse(const unsigned char *in, size_t len, struct join *out);
int codec_joined(const struct joined *m, unsigned char **out, size_t *len);
int codec_joined_parse(const unsigned char *in, size_t len, struct joined *out);
int codec_inventory(const struct inventory *m, unsigned char **out,
		    size_t *len);
int codec_inventory_parse(const unsigned char *in, size_t len,
			  struct inventory *out);
int codec_welcome(const struct welcome *m, unsigned char **out, size_t *len);
int codec_welcome_parse(const unsigned char *in, size_t len,
			struct welcome *out);
int codec_delivery(const struct delivery *m, unsigned char **out, size_t *len);
int codec_delivery_parse(const unsigned char *in, size_t len,
			 struct delivery *out);
int codec_receipt(const struct receipt *m, unsigned char **out, size_t *len);
int codec_receipt_parse(const unsigned char *in, size_t len,
			struct receipt *out);
int codec_key(const struct release_key *m, unsigned char **out, size_t *len);
int codec_key_parse(const unsigned char *in, size_t len,
		    struct release_key *out);
int codec_heartbeat(const struct heartbeat *m, unsigned char **out,
		    size_t *len);
int codec_heartbeat_parse(const unsigned char *in, size_t len,
			  struct heartbeat *out);
int codec_alive(const struct alive *m, unsigned char **out, size_t *len);
int codec_alive_parse(const unsigned char *in, size_t len, struct alive *out);
int codec_refusal(const struct refusal *m, unsigned char **out, size_t *len);
int codec_refusal_parse(const unsigned char *in, size_t len,
			struct refusal *out);
int codec_answers(const struct answers *m, unsigned char **out, size_t *len);
int codec_answers_parse(const unsigned char *in, size_t len,
			struct answers *out);
int codec_policy(const struct policy *m, unsigned char **out, size_t *len);
int codec_policy_parse(const unsigned char *in, size_t len, struct policy *out);

/* Sign and verify a receipt with the hub's signing key (Ed25519, domain
 * "ccfed/v1/receipt"); verify is E_AUTH if it is not the hub's. */
int receipt_sign(struct receipt *r, const unsigned char sign_sk[64]);
int receipt_verify(const struct receipt *r, const unsigned char sign_pk[32]);
/* The same for policy bytes, domain "ccfed/v1/policy". */
int policy_sign(const unsigned char *bytes, size_t len,
		const unsigned char sign_sk[64], unsigned char sig[64]);
int policy_verify(const unsigned char *bytes, size_t len,
		  const unsigned char sig[64], const unsigned char sign_pk[32]);

#endif
