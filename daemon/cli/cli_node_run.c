#include "daemon/cli/cli_node_run.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "daemon/core/bus_nano.h"
#include "daemon/core/err.h"
#include "daemon/core/log.h"
#include "daemon/core/metrics.h"
#include "daemon/core/daemon.h"
#include "daemon/core/work.h"
#include "regional/desk/desk.h"
#include "regional/node.h"
#include "regional/node_practice.h"

enum { TICK_MS = 250, BUSY_MS = 1 };

struct running {
	struct node *n;
	uv_loop_t loop;
	uv_timer_t tick;
	uv_signal_t on_int, on_term;
	struct bus *bus;
	struct work_uv work;
	struct desk desk;
	struct pages *pages; /* or NULL */
	int lock;	     /* descriptor of the file that is locked */
	/* The center for practicing, of which only the pages run; or NULL. */
	struct node *practice;
	struct desk practice_desk;
	struct pages *practice_pages;
	int practice_lock;
};

/* Between two parts of a long closing the loop turns once. */
static void on_tick(uv_timer_t *t)
{
	struct node *n = ((struct running *)t->data)->n;

	node_tick(n);
	uv_timer_set_repeat(t, node_busy(n) ? BUSY_MS : TICK_MS);
}

static void on_signal(uv_signal_t *s, int signum)
{
	daemon_stopping();
	uv_stop(s->loop);
}

static enum log_level level_of(const char *name)
{
	static const struct {
		const char *name;
		enum log_level level;
	} LEVEL[] = {{"error", LOG_LEVEL_ERROR},
		     {"warn", LOG_LEVEL_WARN},
		     {"debug", LOG_LEVEL_DEBUG}};

	for (int i = 0; i < 3; i++) {
		if (strcmp(LEVEL[i].name, name) == 0)
			return LEVEL[i].level;
	}
	return LOG_LEVEL_INFO;
}

static void log_metric(void *arg, const char *name, const char *help,
		       int64_t value)
{
	if (value != 0)
		log_info("metric", "%s=%lld", name, (long long)value);
}

static void on_pages_closed(void *arg)
{
	((struct running *)arg)->pages = NULL;
}

static void on_practice_closed(void *arg)
{
	((struct running *)arg)->practice_pages = NULL;
}

static int open_pages(struct running *r, struct node *n, struct desk *desk,
		      struct pages **out)
{
	struct pages_new how = {
		.loop = &r->loop,
		.work = &r->work.base,
		.clock = n->s.clock,
		.rng = n->s.rng,
		.disk = n->s.disk,
		.dir = n->dir,
		.conf = &n->conf.web,
		.hooks = &desk->hooks,
		.routes = desk_routes,
	};
	char why[200];
	int x;

	if (!n->conf.web.http[0] && !n->conf.web.proxy_socket[0])
		return 0;
	x = pages_new(out, &how);
	if (x == E_IO) {
		snprintf(why, sizeof why, "%s", err_text(x));
		err_set(x,
			"%s; if another program listens there, change "
			"\"http\" in %s/ccfed.conf",
			why, n->dir);
	}
	return x;
}

/* Whoever learns must not keep the others from working: what is wrong with it
 * is said, and the node runs. */
static void start_practice(struct running *r)
{
	int x = node_practice_open(&r->practice, r->n);

	if (x == E_NOTFOUND) {
		err_clear();
		return;
	}
	if (x == 0)
		x = daemon_lock(r->practice->dir, "node", &r->practice_lock);
	if (x == 0) {
		snprintf(r->practice->rec.who, sizeof r->practice->rec.who,
			 "node");
		desk_init_practice(&r->practice_desk, r->practice, r->n);
		x = open_pages(r, r->practice, &r->practice_desk,
			       &r->practice_pages);
	}
	if (x < 0)
		log_warn("practice",
			 "the center for practicing is not served: "
			 "%s",
			 err_text(x));
	err_clear();
}

static int start_pages(struct running *r)
{
	int x;

	work_uv_init(&r->work, &r->loop);
	desk_init(&r->desk, r->n);
	x = open_pages(r, r->n, &r->desk, &r->pages);
	if (x == 0)
		start_practice(r);
	return x;
}

static int say_practice(struct running *r)
{
	char link[PAGES_LINK] = "";
	int x;

	if (!r->practice_pages)
		return 0;
	if (*pages_url(r->practice_pages))
		printf("PRACTICE, with made-up children, is at %s/\n",
		       pages_url(r->practice_pages));
	x = pages_first_link(r->practice_pages, link);
	if (*link)
		printf("make the first account for practicing at %s\n", link);
	return x;
}

static int say_where(struct running *r)
{
	char link[PAGES_LINK] = "";
	int x = 0;

	printf("node %s is up, reporting to %s\n", r->n->region,
	       r->n->hub_addr);
	if (r->pages) {
		if (*pages_url(r->pages))
			printf("its pages are at %s/\n", pages_url(r->pages));
		x = pages_first_link(r->pages, link);
	}
	if (*link)
		printf("make the first account, a supervisor's, at %s\n", link);
	if (x == 0)
		x = say_practice(r);
	fflush(stdout);
	return x;
}

static void set_up(struct running *r)
{
	uv_timer_init(&r->loop, &r->tick);
	uv_signal_init(&r->loop, &r->on_int);
	uv_signal_init(&r->loop, &r->on_term);
	r->tick.data = r;
	uv_timer_start(&r->tick, on_tick, 0, TICK_MS);
	uv_signal_start(&r->on_int, on_signal, SIGINT);
	uv_signal_start(&r->on_term, on_signal, SIGTERM);
}

static int run(struct running *r)
{
	int x;

	r->n->s.bus = r->bus;
	x = node_start(r->n);
	if (x == 0)
		x = start_pages(r);
	if (x == 0)
		x = say_where(r);
	if (x < 0)
		return x;
	set_up(r);
	daemon_ready();
	log_info("node_up", "region=%s hub=%s epoch=%u", r->n->region,
		 r->n->hub_addr, r->n->epoch);
	uv_run(&r->loop, UV_RUN_DEFAULT);
	uv_close((uv_handle_t *)&r->tick, NULL);
	uv_close((uv_handle_t *)&r->on_int, NULL);
	uv_close((uv_handle_t *)&r->on_term, NULL);
	metrics_each(&r->n->metrics, log_metric, NULL);
	log_info("node_stopped", "region=%s", r->n->region);
	return 0;
}

int cli_node_run(struct node *n)
{
	struct running r = {.n = n, .lock = -1, .practice_lock = -1};
	int x;

	log_level(level_of(n->conf.log_level));
	snprintf(n->rec.who, sizeof n->rec.who, "node");
	/* Two on one directory would ask twice for everything. */
	x = daemon_lock(n->dir, "node", &r.lock);
	if (x < 0)
		goto out;
	if (uv_loop_init(&r.loop) != 0) {
		x = err_set(E_IO, "can't make an event loop");
		goto out;
	}
	x = bus_nano_new(&r.bus, &r.loop);
	if (x == 0)
		x = run(&r);
	if (r.pages)
		pages_close(r.pages, on_pages_closed, &r);
	if (r.practice_pages)
		pages_close(r.practice_pages, on_practice_closed, &r);
	node_stop(n);
	/* Handles close on the loop. */
	uv_run(&r.loop, UV_RUN_DEFAULT);
	bus_nano_free(r.bus);
	n->s.bus = NULL;
	uv_loop_close(&r.loop);
	node_close(r.practice);
out:
	if (r.practice_lock >= 0)
		close(r.practice_lock);
	if (r.lock >= 0)
		close(r.lock);
	return x;
}
