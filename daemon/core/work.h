/* work: slow work off the loop thread.
 *
 * run(arg) on some thread, then done(arg) on the loop thread. What run uses
 * is its own: copied input, its own database connection. */
#ifndef CCFED_WORK_H
#define CCFED_WORK_H

struct uv_loop_s;

struct work {
	int (*submit)(struct work *w, void (*run)(void *arg),
		      void (*done)(void *arg), void *arg);
};

/* Both at once, in the caller (tests, command line); static. */
struct work *work_inline(void);

/* libuv's thread pool on @loop, which is borrowed. */
struct work_uv {
	struct work base; /* pass &x.base */
	struct uv_loop_s *loop;
};
void work_uv_init(struct work_uv *w, struct uv_loop_s *loop);

int work_submit(struct work *w, void (*run)(void *arg), void (*done)(void *arg),
		void *arg);

#endif
