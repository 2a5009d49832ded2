#include "daemon/core/work.h"

#include <uv.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"

/* Same order as libuv's, only without the wait in between. */
static int inline_submit(struct work *w, void (*run)(void *arg),
			 void (*done)(void *arg), void *arg)
{
	run(arg);
	done(arg);
	return 0;
}

struct work *work_inline(void)
{
	static struct work inl = {.submit = inline_submit};

	return &inl;
}

/* Lives from submit until done is called. */
struct job {
	uv_work_t req;
	void (*run)(void *arg);
	void (*done)(void *arg);
	void *arg;
};

static void job_run(uv_work_t *req)
{
	struct job *job = req->data;

	job->run(job->arg);
}

/* Freed before done, which may well submit the next. */
static void job_done(uv_work_t *req, int status)
{
	struct job *job = req->data;
	void (*done)(void *arg) = job->done;
	void *arg = job->arg;

	mem_free(job);
	done(arg);
}

/* libuv calls job_done also for a job that was canceled, so nothing leaks. */
static int uv_submit(struct work *base, void (*run)(void *arg),
		     void (*done)(void *arg), void *arg)
{
	struct work_uv *w = (struct work_uv *)base;
	struct job *job = mem_calloc(1, sizeof *job);
	int r;

	if (!job)
		return err_set(E_NOMEM, "out of memory for background work");
	job->req.data = job;
	job->run = run;
	job->done = done;
	job->arg = arg;
	r = uv_queue_work(w->loop, &job->req, job_run, job_done);
	if (r < 0) {
		mem_free(job);
		return err_set(E_IO, "can't start background work: %s",
			       uv_strerror(r));
	}
	return 0;
}

void work_uv_init(struct work_uv *w, struct uv_loop_s *loop)
{
	w->base.submit = uv_submit;
	w->loop = loop;
}

int work_submit(struct work *w, void (*run)(void *arg), void (*done)(void *arg),
		void *arg)
{
	return w->submit(w, run, done, arg);
}
