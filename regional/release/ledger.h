/* ledger: the node's list of every release envelope that left, chained by
 * hash, each with the hub's signed receipt.
 *
 * Owns table `ledger`. head[n] = BLAKE2b-256(head[n-1] | seq | key | digest |
 * at). A release is entered when it leaves for the first time, in a
 * transaction that is durable before the envelope is sent; sending again makes
 * no new entry. */
#ifndef CCFED_LEDGER_H
#define CCFED_LEDGER_H

#include <stdint.h>

#include "proto/codec.h"

struct node;

struct ledger_row {
	uint64_t seq;
	struct release_key key;
	unsigned char digest[DIGEST], head[DIGEST];
	int64_t left_utc_ms, receipt_utc_ms; /* 0: no receipt yet */
	uint32_t events, occurrences;
};

/* Enter those of @key (@n_keys) that are not there, in this order and in one
 * transaction, and fill @out, one for each: entry and release, as they leave.
 * The releases are the caller's to free, whatever this returned. */
int ledger_enter(struct node *n, const struct release_key *key, int n_keys,
		 struct parcel *out);
/* Keep a receipt: verified against the hub's key, the entry and its head. */
int ledger_receipt(struct node *n, const struct receipt *r);
int ledger_list(struct node *n, uint64_t from, int64_t limit,
		int (*fn)(void *arg, const struct ledger_row *r), void *arg);
/* The number of the newest entry, which is how many there are; 0: none. */
int ledger_newest(struct node *n, uint64_t *seq);
/* Chain, digests of the releases kept, receipts' signatures. 0, or E_AUTH
 * with a sentence naming the first entry that is wrong. */
int ledger_verify(struct node *n, uint64_t *entries, uint64_t *receipts);

#endif
