/* audit: the hash-chained list of every change, and where old values go.
 *
 * Owns tables `audit` and `history`. hash[n] = BLAKE2b-256(hash[n-1] | seq |
 * at | who | record | id | field | value hash); the value hash is over
 * (seq | value), keyed with the node's audit key, so that the chain proves a
 * value without holding it. */
#ifndef CCFED_AUDIT_H
#define CCFED_AUDIT_H

#include <stdint.h>

#include "regional/case/records.h"

/* Note that @field of @record (a table name) @id became @now (NULL: none).
 * @was goes to history unless NULL. Called inside the change's transaction. */
int audit_change(struct records *r, const char *record, int64_t id,
		 const char *field, const char *was, const char *now);
/* The same for those of @n fields whose @was and @now differ. */
struct audit_field {
	const char *name, *was, *now;
};
int audit_changes(struct records *r, const char *record, int64_t id,
		  const struct audit_field *f, int n);
/* Walk the chain. 0, or E_AUTH with a sentence naming the first bad row;
 * *rows is how many were walked. */
int audit_verify(struct db *db, int64_t *rows);

#endif
