/* csv: takes the record of a center out of spreadsheets saved as CSV: children
 * with all that is kept of them and its history, the staff, and the directory,
 * by a mapping file that says which column feeds which field. A sheet may have
 * one kind or several side by side. The form of the mapping stands at the top
 * of csv_map.c, what becomes of a row at the top of csv_apply.c.
 *
 * The whole file is read and checked first; then each row is written whole or
 * not at all, in short transactions. Stopped or killed in the middle, the same
 * import run again goes on where it was; the same file again changes nothing.
 *
 * Shares table `imported` with fhir. The thread of @r. */
#ifndef CCFED_CSV_H
#define CCFED_CSV_H

#include <stdbool.h>
#include <stdint.h>

#include "regional/case/records.h"

/* Why a row is left out. All but the adults are reported one by one. */
#define CSV_REASON_MAP(X)                                             \
	X(CSV_ADULT, "21 or older")                                   \
	X(CSV_VALUE, "a value that is not allowed")                   \
	X(CSV_MISSING, "a value that is needed is missing")           \
	X(CSV_ORDER, "dates in an order that can't be")               \
	X(CSV_FIELDS, "more or fewer fields than the header has")     \
	X(CSV_OTHER_CHILD, "this number is another child's here")     \
	X(CSV_CHANGED, "it is about another child, need or receiver") \
	X(CSV_STATE, "its states can't follow one another")           \
	X(CSV_AWAY, "its child is not here")                          \
	X(CSV_NO_CASE, "the child has no case on that day")           \
	X(CSV_NO_STAFF, "nobody of that name is on the staff")        \
	X(CSV_FIXED, "what was changed in it can't be changed")       \
	X(CSV_NO_SIGNER, "nobody on record could sign on that day")   \
	X(CSV_GONE, "its record here was removed")                    \
	X(CSV_REFUSED, "refused by the rules of the records")

enum csv_reason {
	CSV_OK = 0,
#define X(name, text) name,
	CSV_REASON_MAP(X)
#undef X
		CSV_REASONS
};
const char *csv_reason_text(enum csv_reason why);

/* One thing that is wrong. No name and no birth date stands in it. */
struct csv_report {
	const char *file;
	int64_t line;	     /* where the row begins */
	const char *column;  /* as the mapping has it; "" none */
	const char *message; /* what is wrong and what is allowed */
};

enum csv_kind {
	CSV_ROW, /* what is left out, and why, is counted here */
	CSV_CHILD,
	CSV_CASE,
	CSV_NEED,
	CSV_REFERRAL,
	CSV_STAFF,
	CSV_ORGANIZATION,
	CSV_SERVICE,
	CSV_FAMILY,
	CSV_CAREGIVER,
	CSV_COVERAGE,
	CSV_BENEFIT,
	CSV_PRACTICE,
	CSV_CONSENT,
	CSV_SCREENING,
	CSV_LEVEL,
	CSV_ASSIGNMENT,
	CSV_GOAL,
	CSV_CONTACT,
	CSV_VISIT,
	CSV_KINDS
};
const char *csv_kind_text(enum csv_kind kind);

struct cutoffs; /* regional/case/cutoff.h */

struct csv_opts {
	const char *path, *map;
	const struct cutoffs *site; /* of licensed forms; NULL: none */
	const char *source;	    /* whose numbers these are; NULL: "" */
	int32_t as_of;		    /* ages; NO_DATE: today */
	bool dry_run;		    /* as ever, then rolled back */
	int batch;		    /* rows a transaction; 0: 200 */
	/* Non-zero stops the import after the transaction that is under way.
	 * @of is 0 while the file is read. NULL: none. */
	int (*progress)(void *arg, int64_t done, int64_t of);
	void (*report)(void *arg, const struct csv_report *rep); /* or NULL */
	void *arg;
};

struct csv_result {
	struct csv_count {
		int64_t taken, updated, unchanged, left;
	} kind[CSV_KINDS];
	int64_t why[CSV_REASONS]; /* of rows; adds up to left */
};

enum { CSV_STOPPED = 1 }; /* progress said so; what was committed stays */

/* 0 also when rows were left out: see @res. E_FORMAT names the line at which
 * the file is broken, E_INVALID what is wrong with the mapping: nothing was
 * written. Other failures: nothing more was written after the last whole
 * transaction; running it again goes on. */
int csv_import(struct records *r, const struct csv_opts *o,
	       struct csv_result *res);

/* A mapping to edit, guessed from the header of @path; the caller frees *out
 * with mem_free. */
int csv_suggest(const char *path, char **out);

#endif
