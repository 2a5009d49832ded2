/* directory_job: a directory of services that somebody uploads: its files wait in
 * the node's folder, are rehearsed, and taken in when the person has seen what
 * is wrong with them. One at a time.
 *
 * Files go to DIR/directory-upload and are removed when they were taken in, or
 * thrown away. The long parts run in any thread, on a connection of their own;
 * what became of them is copied out under a lock. */
#ifndef CCFED_DIRECTORY_JOB_H
#define CCFED_DIRECTORY_JOB_H

#include <pthread.h>
#include <stdbool.h>

#include "regional/exchange/hsds.h"

struct node;

enum {
	DIRECTORY_JOB_WRONG = 100, /* kinds of faults that are kept */
	DIRECTORY_JOB_MS = 10000   /* of taking in, then it stops for a while */
};
enum directory_job_state {
	DIRECTORY_JOB_NONE,
	DIRECTORY_JOB_BUSY,
	DIRECTORY_JOB_REHEARSED, /* nothing is written yet */
	DIRECTORY_JOB_PARTLY,	 /* taken in up to @done; goes on there */
	DIRECTORY_JOB_DONE,
	DIRECTORY_JOB_FAILED, /* @failure says why */
};
struct directory_job_wrong {
	char file[80], column[60], message[240];
	int64_t line, times;
};
struct directory_job_view {
	enum directory_job_state state;
	char files[400], by[NAME_TEXT], source[64], failure[400];
	struct hsds_result res;
	int64_t done, of;
	struct directory_job_wrong wrong[DIRECTORY_JOB_WRONG];
	int n_wrong;
};
struct directory_job {
	pthread_mutex_t lock;
	struct directory_job_view v;
};

void directory_job_init(struct directory_job *j);
/* What stands there now. */
void directory_job_see(struct directory_job *j, struct directory_job_view *out);
/* On the loop: it is @by's from now on. E_STATE while one is running. */
int directory_job_claim(struct directory_job *j, const char *by,
			const char *source);
/* A file of the upload. Its name is made harmless; E_INVALID if it is neither
 * CSV nor JSON. */
int directory_job_file(struct directory_job *j, const struct node *n,
		       const char *name, const void *bytes, size_t len);
/* Rehearse what was uploaded, or take it in, with records as @r has them but on
 * a connection of its own; then the job is free again. */
void directory_job_run(struct directory_job *j, const struct node *n,
		       const struct records *r, bool rehearse);
/* Forget it and its files. */
int directory_job_drop(struct directory_job *j, const struct node *n);

#endif
