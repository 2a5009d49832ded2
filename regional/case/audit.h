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

struct rows; /* daemon/core/db.h */

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
/* One line of it, lent for the call. Never a value: who may see the audit need
 * not be who may see the record. */
struct audit_entry {
	int64_t seq, at_utc_ms, id;
	const char *who, *record, *field;
};
/* The changes of @record @id, newest first; NULL: of all records. */
int audit_list(struct db *db, const char *record, int64_t id, int64_t offset,
	       int64_t limit, int (*fn)(void *arg, const struct audit_entry *e),
	       void *arg);
/* Those of a child and of all that is recorded about it and its cases, and of
 * its homes and who cares for it there, whom siblings may share; newest first.
 * A record that was removed is listed under its own name only
 * (regional/case/audit_child.c). */
int audit_list_child(struct db *db, int64_t child, int64_t offset,
		     int64_t limit,
		     int (*fn)(void *arg, const struct audit_entry *e),
		     void *arg);
/* The records that audit_list_child knows, @i from 0; NULL behind the last. */
const char *audit_child_record(int i);
/* For audit*.c only: hand out the rows of a query begun with result @x. */
int audit_give(struct rows *rows, int x,
	       int (*fn)(void *arg, const struct audit_entry *e), void *arg);
/* Walk the chain. 0, or E_AUTH with a sentence naming the first bad row;
 * *rows is how many were walked. */
int audit_verify(struct db *db, int64_t *rows);

#endif
