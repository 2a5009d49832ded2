/* today_sql: the questions of today_list, one a kind of work.
 *
 * ?1 is the member of the staff, ?2 today, ?3 the last day that is asked for.
 * Each begins with the open cases that are theirs and goes from there by
 * indexes; the order of a CROSS JOIN is not changed by SQLite, and an index is
 * named where another one looks as good and is not, like that of all referrals
 * in one state. Columns: case,
 * child, staff, record, due, since, what, with, word, mode, party, contacted,
 * followed. */
#ifndef CCFED_TODAY_SQL_H
#define CCFED_TODAY_SQL_H

#include "regional/desk/today_list.h"

struct today_sql {
	enum today_kind kind;
	const char *sql;
};
extern const struct today_sql today_sql[];
extern const int today_sql_count;

/* Names and how to reach: of child ?1. */
extern const char TODAY_FAMILY_SQL[];
/* ?3 is the first day. Child, family, service, need. */
extern const char TODAY_CONNECTED_SQL[];

#endif
