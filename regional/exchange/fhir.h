/* fhir: takes children, their people, coverage and consents, organizations,
 * needs, referrals, emergency visits, screenings, goals and plans out of FHIR
 * R4 files: bundles, single resources, and Bulk Data NDJSON. The rules of what
 * becomes what stand at the top of the fhir_map*.c and of fhir_apply.c.
 *
 * All files are read first and what matters of them is kept in memory; then it
 * is written through regional/case in short transactions. Stopped or killed in
 * the middle, the same import run again goes on where it was. Importing the
 * same again changes nothing.
 *
 * Owns tables `imported` and `import_alias`. The thread of @r. */
#ifndef CCFED_FHIR_H
#define CCFED_FHIR_H

#include <stdbool.h>
#include <stdint.h>

#include "regional/case/records.h"

/* Why a resource, or a whole file, is left out. Listed: reported one by one;
 * the others are expected and only counted. */
#define FHIR_REASON_MAP(X)                                                    \
	X(FHIR_NOT_NEEDED, 0, "not needed here")                              \
	X(FHIR_SERVICE_DAY, 0, "read for the day of service only")            \
	X(FHIR_NOT_SOCIAL, 0, "not a social need")                            \
	X(FHIR_NOT_REFERRAL, 0, "no social need in it: not a referral here")  \
	X(FHIR_NOT_FULFILL, 0, "not the fulfilling of a referral")            \
	X(FHIR_ADULT, 0, "21 or older")                                       \
	X(FHIR_DECEASED, 0, "deceased")                                       \
	X(FHIR_SAME, 0, "the same again in this import")                      \
	X(FHIR_PATIENT_OUT, 0, "its patient was left out")                    \
	X(FHIR_REQUEST_OUT, 0, "its service request was left out")            \
	X(FHIR_NAME_ONLY, 0, "read for a name only: nobody gets an account")  \
	X(FHIR_NOT_EMERGENCY, 0, "not an emergency visit")                    \
	X(FHIR_NOT_HAPPENED, 0, "planned, cancelled or not finished")         \
	X(FHIR_NOT_SCREENING, 0, "not a screening known here")                \
	X(FHIR_ANSWER, 0, "an answer, read with its screening")               \
	X(FHIR_OUT_OF_AGE, 0, "the instrument is not for that age")           \
	X(FHIR_NOT_CARER, 0, "nobody who cares for the child")                \
	X(FHIR_NO_COORDINATOR, 0, "names nobody who coordinates care")        \
	X(FHIR_NO_CASE, 1, "the child has no open case")                      \
	X(FHIR_NO_SIGNER, 1, "who signed may not sign here, or is not known") \
	X(FHIR_NO_SCOPE, 1, "what the consent allows is not known here")      \
	X(FHIR_LOOSE, 1, "an answer without its panel")                       \
	X(FHIR_NO_ANSWER, 1, "a screening without answers")                   \
	X(FHIR_DIFFERS, 1, "taken; the result beside it differs from ours")   \
	X(FHIR_SCAN_TYPE, 1, "taken; its scan is not PDF, PNG, JPEG or text") \
	X(FHIR_SCAN_BIG, 1, "taken; its scan is over 10 MiB")                 \
	X(FHIR_SCAN_BAD, 1, "taken; its scan is not base64")                  \
	X(FHIR_SCAN_AWAY, 1, "taken; its scan is elsewhere, not in the file") \
	X(FHIR_SCAN_UNSEALED, 1,                                              \
	  "taken; its scan is not, for record.key is missing")                \
	X(FHIR_UNDATED, 1, "no date")                                         \
	X(FHIR_REPEATED, 1, "another copy follows in this import")            \
	X(FHIR_INACTIVE, 1, "inactive at the source")                         \
	X(FHIR_IN_ERROR, 1, "entered in error or refuted at the source")      \
	X(FHIR_NO_ID, 1, "no valid id")                                       \
	X(FHIR_NO_TYPE, 1, "no valid resource type")                          \
	X(FHIR_MODIFIER, 1, "a modifier extension or implicit rules")         \
	X(FHIR_NESTED, 1, "a bundle inside a bundle")                         \
	X(FHIR_NO_RESOURCE, 1, "an entry without a resource")                 \
	X(FHIR_NO_NAME, 1, "no name")                                         \
	X(FHIR_NOT_TEXT, 1, "a text is of the wrong type")                    \
	X(FHIR_CONTROL, 1, "a control character, NUL or bidi override")       \
	X(FHIR_TOO_LONG, 1, "a text or list is too long")                     \
	X(FHIR_BAD_BIRTH, 1, "no full birth date")                            \
	X(FHIR_OLD_BIRTH, 1, "a birth date before 1900")                      \
	X(FHIR_BAD_DATE, 1, "a date that is none")                            \
	X(FHIR_FUTURE, 1, "a date in the future")                             \
	X(FHIR_BEFORE_BIRTH, 1, "a date before the birth date")               \
	X(FHIR_BEFORE_NEED, 1, "dated before its need was found")             \
	X(FHIR_BAD_CODE, 1, "a code that is not in its list")                 \
	X(FHIR_NO_CATEGORY, 1, "a social need without a known category")      \
	X(FHIR_CHANGED, 1, "its patient or category is another now")          \
	X(FHIR_OTHER_CHILD, 1,                                                \
	  "this id is another child's here; use --source")                    \
	X(FHIR_PATIENT_AWAY, 1, "its patient is not here")                    \
	X(FHIR_REQUEST_AWAY, 1, "its service request is not here")            \
	X(FHIR_STATE, 1, "its status can't follow the referral's here")       \
	X(FHIR_NO_DAY, 1, "a linkage without a date")                         \
	X(FHIR_BEFORE_SENT, 1, "a linkage before the referral was sent")      \
	X(FHIR_NEVER_SENT, 1, "revoked before it was sent")                   \
	X(FHIR_GONE, 1, "its record here was removed")                        \
	X(FHIR_NAME_TAKEN, 1, "its new name is another's here")               \
	X(FHIR_REFUSED, 1, "refused by the rules of the records")             \
	X(FHIR_MISSING, 1, "there is no such file or folder")                 \
	X(FHIR_PACKED, 1, "is packed; unpack it first")                       \
	X(FHIR_UNREADABLE, 1, "can't be read")                                \
	X(FHIR_NOT_FILE, 1, "neither a file nor a folder")                    \
	X(FHIR_TOO_DEEP, 1, "nested too deep")                                \
	X(FHIR_TOO_BIG, 1, "too large; split it, or bring it as NDJSON")      \
	X(FHIR_NOT_JSON, 1, "not JSON")                                       \
	X(FHIR_NOT_UTF8, 1, "not UTF-8")                                      \
	X(FHIR_ENDS, 1, "ends midway")                                        \
	X(FHIR_TWICE, 1, "a JSON object with one name twice")                 \
	X(FHIR_NOT_FHIR, 1, "not a FHIR resource")

enum fhir_reason {
	FHIR_OK = 0,
#define X(name, listed, text) name,
	FHIR_REASON_MAP(X)
#undef X
		FHIR_REASONS
};
const char *fhir_reason_text(enum fhir_reason why);
bool fhir_reason_listed(enum fhir_reason why);

/* The sizes have room for a NUL. */
enum { FHIR_TYPE = 40, FHIR_ID = 72, FHIR_ROWS = 160 };

/* One thing left out. Nothing in it is case data: no name, value or text. */
struct fhir_report {
	const char *file;
	int64_t line;	  /* 0: none; NDJSON, and where a file is broken */
	int64_t column;	  /* 0: none */
	int64_t entry;	  /* of a bundle, from 0; -1: none */
	const char *type; /* "": the whole file is left out */
	const char *id;	  /* "": none */
	enum fhir_reason why;
};

struct fhir_opts {
	const char *const *paths; /* files and folders */
	int n_paths;
	const char *source; /* whose ids these are; NULL: "" */
	int32_t as_of;	    /* ages, unknown days; NO_DATE: today */
	bool dry_run;	    /* as ever, then rolled back */
	int batch;	    /* resources a transaction; 0: 200 */
	/* @of is 0 while files are read. Non-zero stops the import after the
	 * transaction that is under way. NULL: none. */
	int (*progress)(void *arg, int64_t done, int64_t of);
	void (*report)(void *arg, const struct fhir_report *rep); /* or NULL */
	void *arg;
};

struct fhir_row { /* of one resource type */
	char type[FHIR_TYPE];
	int64_t taken, updated, unchanged, left;
	int64_t why[FHIR_REASONS]; /* adds up to left */
};
/* read = the sum over all rows of taken + updated + unchanged + left. The
 * resources of files that are left out are not read. */
struct fhir_result {
	int64_t read;
	int64_t files;	       /* read */
	int64_t files_left;    /* left out; each was reported */
	int64_t files_ignored; /* in folders, of other kinds by their names */
	int64_t noted;	       /* taken, and reported nevertheless */
	int n;		       /* rows; types that were not met have none */
	struct fhir_row row[FHIR_ROWS];
};

enum { FHIR_STOPPED = 1 }; /* progress said so; what was committed stays */

/* 0 also when files or resources were left out: see @res, which is large:
 * keep it off the stack. E_INVALID: @o is wrong, and nothing was begun. Else
 * negative: nothing more was written after the last whole transaction; running
 * it again goes on. */
int fhir_import(struct records *r, const struct fhir_opts *o,
		struct fhir_result *res);

#endif
