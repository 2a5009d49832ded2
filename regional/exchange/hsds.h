/* hsds: takes a directory of services out of files of the Human Services Data
 * Specification, and writes the center's own as such. HSDS 1.1, 2.0 and 3.0:
 * folders of CSV tables, and JSON: lists, pages, single organizations and
 * services with what belongs to them inside. What becomes of what stands at the
 * top of hsds_gather.c.
 *
 * Real directories are full of ids that point nowhere and of blanks. What can be
 * taken is taken, and every kind of fault of a file is reported once, with how
 * often and where first. What a person entered of a service stays: an import
 * adds needs, languages and places, and takes none away. The same again changes
 * nothing; one that was stopped goes on where it was.
 *
 * Shares table `imported` with fhir. The thread of @r. */
#ifndef CCFED_HSDS_H
#define CCFED_HSDS_H

#include <stdbool.h>
#include <stdint.h>

#include "regional/case/records.h"

struct disk; /* daemon/core/disk.h */

struct hsds_report {
	const char *file;    /* its name; "" of no file */
	int64_t line;	     /* the first one; 0 none */
	const char *column;  /* "" none */
	const char *message; /* what is wrong and what became of it */
	int64_t times;
};

enum hsds_kind { HSDS_OF_ORGANIZATION, HSDS_OF_SERVICE, HSDS_KINDS };

struct hsds_opts {
	const char *path;   /* a file or a folder */
	const char *rules;  /* which terms are which need; hsds_need.c */
	const char *source; /* whose ids these are; NULL: "" */
	bool dry_run;	    /* as ever, then rolled back */
	int batch;	    /* records a transaction; 0: 200 */
	int (*progress)(void *arg, int64_t done, int64_t of);
	void (*report)(void *arg, const struct hsds_report *rep); /* or NULL */
	/* Each term of a taxonomy with the needs found for it, "" none, and how
	 * many services have it. NULL: not wanted. */
	void (*term)(void *arg, const char *name, const char *needs,
		     int64_t services);
	void *arg;
};

struct hsds_result {
	struct hsds_count {
		int64_t taken, updated, unchanged, left;
	} kind[HSDS_KINDS];
	int64_t files, rows;  /* read */
	int64_t without_need; /* services that no need was found for */
	int64_t gone;	      /* taken from there before, and no more in it */
	int64_t wrong;	      /* reports */
};

enum { HSDS_STOPPED = 1 }; /* progress said so; what was committed stays */

/* 0 also when something was left out: see @res. E_FORMAT: nothing of HSDS is
 * in it, or it is broken; E_INVALID: the rules are wrong: nothing was begun. */
int hsds_import(struct records *r, const struct hsds_opts *o,
		struct hsds_result *res);

/* Write the active organizations and their services as HSDS 3.0 CSV into the
 * folder @dir, which is made. What was imported keeps its id. Imported again,
 * it is the same. Hours, fees and the like are in descriptions, as they are
 * kept. */
struct hsds_written {
	int64_t organizations, services;
	int64_t inactive; /* organizations left out with their services */
};
int hsds_export(struct records *r, struct disk *disk, const char *dir,
		struct hsds_written *w);

#endif
