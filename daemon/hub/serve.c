#include "daemon/hub/serve.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <uv.h>

#include "daemon/core/bus_nano.h"
#include "daemon/core/daemon.h"
#include "daemon/core/err.h"
#include "daemon/core/log.h"
#include "daemon/core/work.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/hub_site.h"
#include "daemon/hub/store.h"
#include "daemon/hub/ta_watch.h"
#include "proto/catalogue.h"

/* Items of assistance open within the hour. */
enum { WATCH_MS = 30 * 1000, ASSIST_EVERY = 120 };

struct serving {
	struct hub *h;
	uv_loop_t loop;
	uv_signal_t on_int, on_term;
	uv_timer_t watch;
	struct work_uv work;
	struct bus *bus;
	struct pages *pages;
	struct hub_site site;
	struct pages_conf web;
	int lock;
	unsigned watched;
	int looked;   /* measures whose charts were looked at */
	int64_t seen; /* the newest release by then */
};

static void on_pages_closed(void *arg)
{
	((struct serving *)arg)->pages = NULL;
}

static void on_signal(uv_signal_t *sig, int signum)
{
	struct serving *s = sig->data;

	daemon_stopping();
	uv_signal_stop(&s->on_int);
	uv_signal_stop(&s->on_term);
	uv_stop(&s->loop);
}

static void failed(int r)
{
	if (r < 0)
		log_error("watch_failed", "why=\"%s\"", err_text(r));
}

/* Items of assistance: one measure's charts at a time, so that the loop does
 * not stand still, and again only after something came. */
static void assist(struct serving *s)
{
	int n = catalogue_measures(s->h->cat), opened;
	unsigned turn = s->watched++ % ASSIST_EVERY;
	int64_t newest = 0;

	if (turn == 0)
		failed(ta_watch(s->h, &opened));
	if (s->looked >= n) {
		failed(store_newest(s->h->db, &newest));
		if (newest == s->seen)
			return;
		s->seen = newest;
		s->looked = 0;
	}
	failed(ta_watch_signals(s->h, s->looked++, &opened));
}

static void on_watch(uv_timer_t *t)
{
	struct serving *s = t->data;

	failed(hub_watch(s->h));
	assist(s);
}

/* An address in use, or none of this machine, is set right in the file. */
static int name_option(const struct serving *s, int r, const char *option)
{
	char why[200];

	if (r >= 0)
		return r;
	snprintf(why, sizeof why, "%s", err_text(r));
	return err_set(r,
		       "%s; if another program listens there, change "
		       "\"%s\" in %s/ccfed.conf",
		       why, option, s->h->dir);
}

static int start_pages(struct serving *s, bool remote)
{
	struct hub *h = s->h;
	struct pages_new how = {
		.loop = &s->loop,
		.work = &s->work.base,
		.clock = h->clock,
		.rng = h->rng,
		.disk = h->disk,
		.dir = h->dir,
		.conf = &s->web,
		.routes = hub_site_routes,
	};
	int r;

	s->web = h->conf.web;
	s->web.http_remote |= remote;
	if (!s->web.http[0] && !s->web.proxy_socket[0])
		return 0;
	work_uv_init(&s->work, &s->loop);
	hub_site_init(&s->site, h);
	how.hooks = &s->site.hooks;
	r = pages_new(&s->pages, &how);
	return r == E_IO ? name_option(s, r, "http") : r;
}

static int say_where(const struct serving *s)
{
	char link[PAGES_LINK] = "";
	int r = 0;

	printf("the hub of %s is up, regions report to %s\n",
	       s->h->policy.network, s->h->conf.bus);
	if (s->pages) {
		if (*pages_url(s->pages))
			printf("its pages are at %s/\n", pages_url(s->pages));
		r = pages_first_link(s->pages, link);
	}
	if (*link)
		printf("make the first account, an operator's, at %s\n", link);
	fflush(stdout);
	return r;
}

static int start(struct serving *s, bool remote)
{
	struct hub *h = s->h;
	int r;

	r = bus_nano_new(&s->bus, &s->loop);
	if (r < 0)
		return r;
	h->bus = s->bus;
	r = name_option(s, hub_start(h), "bus");
	if (r < 0)
		return r;
	r = start_pages(s, remote);
	if (r == 0)
		r = say_where(s);
	if (r < 0)
		return r;
	uv_signal_start(&s->on_int, on_signal, SIGINT);
	uv_signal_start(&s->on_term, on_signal, SIGTERM);
	uv_timer_start(&s->watch, on_watch, WATCH_MS, WATCH_MS);
	daemon_ready();
	return 0;
}

/* Everything closes on the loop, which ends when nothing is left of it. */
static void stop(struct serving *s)
{
	if (s->pages)
		pages_close(s->pages, on_pages_closed, s);
	hub_stop(s->h);
	uv_close((uv_handle_t *)&s->on_int, NULL);
	uv_close((uv_handle_t *)&s->on_term, NULL);
	uv_close((uv_handle_t *)&s->watch, NULL);
	uv_run(&s->loop, UV_RUN_DEFAULT);
	bus_nano_free(s->bus);
	s->h->bus = NULL;
	uv_loop_close(&s->loop);
}

int serve_run(struct hub *h, bool remote)
{
	struct serving s = {.h = h, .lock = -1};
	int r;

	/* Two hubs on one directory would both answer. */
	r = daemon_lock(h->dir, "hub", &s.lock);
	if (r < 0)
		goto out;
	if (uv_loop_init(&s.loop) != 0) {
		r = err_set(E_IO, "can't make an event loop");
		goto out;
	}
	uv_signal_init(&s.loop, &s.on_int);
	uv_signal_init(&s.loop, &s.on_term);
	uv_timer_init(&s.loop, &s.watch);
	s.on_int.data = s.on_term.data = s.watch.data = &s;
	r = start(&s, remote);
	if (r == 0)
		uv_run(&s.loop, UV_RUN_DEFAULT);
	stop(&s);
out:
	if (s.lock >= 0)
		close(s.lock);
	return r;
}
