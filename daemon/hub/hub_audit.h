/* hub_audit: the hash-chained list of who did what at the hub.
 *
 * Owns table `audit`. hash[n] = BLAKE2b-256(hash[n-1] | seq | at | who |
 * record | id | field), texts with their NUL, numbers in 8 bytes, most
 * significant first: a row that is changed or taken out shows. Rows cut off at
 * the end show only against a copy of the newest hash that is kept elsewhere. */
#ifndef CCFED_HUB_AUDIT_H
#define CCFED_HUB_AUDIT_H

#include <stdint.h>

struct db;

/* @who ("user:ann") did @field ("viewed", "signed-in") to record @id of
 * @record. In the caller's transaction, if there is one. */
int hub_audit(struct db *db, int64_t at_utc_ms, const char *who,
	      const char *record, int64_t id, const char *field);
/* Walk the chain: 0, or E_AUTH with a sentence naming the first bad row;
 * *rows is how many were walked. */
int hub_audit_verify(struct db *db, int64_t *rows);

struct hub_audit_row {
	int64_t seq, at_utc_ms, id;
	const char *who, *record, *field; /* lent for the call */
};
/* Whose, of which record, what: NULL is any. */
struct hub_audit_filter {
	const char *who, *record, *field;
	int64_t from, max; /* rows to skip, and most to give */
};
/* The newest first; *all: how many there are without from and max. */
int hub_audit_list(struct db *db, const struct hub_audit_filter *f,
		   int64_t *all,
		   int (*fn)(void *arg, const struct hub_audit_row *r),
		   void *arg);

#endif
