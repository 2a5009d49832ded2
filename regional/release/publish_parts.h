/* publish_parts: what the files of publish share. Private to publish*.c. */
#ifndef CCFED_PUBLISH_PARTS_H
#define CCFED_PUBLISH_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/envelope.h"
#include "regional/node.h"
#include "regional/release/publish.h"

struct bus_dialer;
struct closing;

/* A release that the hub holds and this node does not, or not so. */
struct wanted {
	struct release_key key;
	bool has_digest;
	unsigned char digest[DIGEST];
};

/* Hello: page after page; of each, what is forgotten is taken back, then the
 * page is asked again, until nothing on it is. */
struct hello {
	bool done;
	bool plain;    /* the hub refused to say what it speaks */
	bool from_set; /* the page begins at `from`, else at the start */
	bool last;     /* it is the last page */
	struct release_key from, next;
	struct wanted *wanted;
	int n_wanted, at;
	int64_t held; /* releases here before this page's recalls */
};

struct publish {
	struct node *n;
	struct bus_dialer *dialer;

	/* The question that is out. */
	enum kind asked;  /* 0: none */
	uint8_t asked_in; /* wire version */
	unsigned char request[REQUEST_ID];
	int64_t deadline_mono_ms;
	struct release_key sent[DELIVERY_MAX]; /* of KIND_RELEASE */
	int n_sent;
	int misses;	  /* deadlines since the last answer */
	uint64_t ignored; /* answers that fit no question */

	/* The older of the wire versions spoken here and by the hub, as far as
	 * it is known. */
	uint8_t wire;
	bool singly; /* the next release alone: the hub refused several whole */

	struct hello hello;
	int64_t pause_mono_ms; /* ask nothing before */
	int64_t beat_mono_ms;  /* the next heartbeat */
	bool unknown;	       /* the hub does not know this node */
	int64_t heard_utc_ms, heard_mono_ms; /* own clock, at its last answer */

	int64_t data_version; /* when the database was last looked at */
	bool look;	      /* something may be ready to leave */
	int32_t closed_on;    /* the day on which all that was due was closed */
	struct closing *closing; /* under way, or NULL */
	int32_t closing_on;	 /* its day */

	unsigned char sealed[ENVELOPE_SIZE], opened[ENVELOPE_SIZE];
};

enum { PUBLISH_LATER_MS = 5 * 1000 }; /* the hub can't now */

int64_t publish_mono(const struct publish *p);
/* Seal @payload as a question of @kind and send it. */
int publish_ask(struct publish *p, enum kind kind, const void *payload,
		size_t len);
/* Something failed here: ask nothing for a while. */
void publish_pause(struct publish *p, int64_t ms);
/* An answer told the hub's time. */
int publish_heard(struct publish *p, int64_t hub_utc_ms);
/* The epoch that the hub grants; durable at once. */
int publish_epoch(struct publish *p, uint32_t epoch);

/* --- publish_hello.c --- */
void publish_hello_reset(struct publish *p);
/* Ask for the page, or for the next forgotten release. */
int publish_hello_ask(struct publish *p);
/* The hub refused the page. True: it is asked again as in wire version 1. */
bool publish_hello_plain(struct publish *p, const struct refusal *no);
int publish_hello_welcome(struct publish *p, const unsigned char *in,
			  size_t len);
int publish_hello_recalled(struct publish *p, const unsigned char *in,
			   size_t len);

/* --- publish_send.c --- */
/* Ask with the oldest releases that may leave. 1: asked, 0: there are none. */
int publish_send_next(struct publish *p);
/* The answer of wire version 1, and that of version 2. */
int publish_send_receipt(struct publish *p, const unsigned char *in,
			 size_t len);
int publish_send_answers(struct publish *p, const unsigned char *in,
			 size_t len);
/* The hub refused what was sent as a whole. */
int publish_send_refused(struct publish *p, const struct refusal *no);

#endif
