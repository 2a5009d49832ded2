#include "tests/bench/bench.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include "daemon/core/bus_mem.h"
#include "daemon/core/bus_nano.h"
#include "daemon/core/clock.h"
#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/disk.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "daemon/core/rand.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/hub_schema.h"
#include "daemon/hub/store.h"
#include "regional/case/simulate.h"
#include "regional/node.h"
#include "regional/release/release.h"
#include "tests/lib/scratch.h"

/* A release as it leaves, ready to be written. */
struct item {
	struct release release;
	unsigned char *bytes, digest[DIGEST];
	size_t len;
	int node; /* whose */
	int no;	  /* of those of its node */
};

static const char *const region[BENCH_NODES] = {
	"north-central", "northwest", "southwest", "south-central", "eastern"};

static int32_t today(void)
{
	return date_of_utc(clock_utc_ms(clock_system()));
}

/* --- making --- */

struct joining {
	struct node *node;
	struct join_code code;
	int answers;
};

static void on_joined(void *arg, const void *data, size_t len)
{
	struct joining *j = arg;

	BENCH_MUST(node_join_answer(j->node, &j->code, data, len));
	j->answers++;
}

static void join(struct hub *h, struct node *n, struct bus *bus, const char *id)
{
	unsigned char request[ENVELOPE_SIZE];
	struct joining j = {.node = n};
	struct bus_dialer *dialer;
	char text[JOIN_CODE_TEXT];

	BENCH_MUST(hub_region_add(h, id, id));
	BENCH_MUST(hub_invite(h, id, 1, text));
	BENCH_MUST(join_code_parse(text, &j.code));
	BENCH_MUST(node_join_request(n, &j.code, request));
	BENCH_MUST(bus->dial(bus, j.code.addr, on_joined, &j, &dialer));
	BENCH_MUST(bus->ask(dialer, request, sizeof request));
	while (!j.answers && bus_mem_step(bus))
		;
	bus->hangup(dialer);
	if (!j.answers)
		bench_must(E_TIMEOUT, "joining");
}

/* Said hello, so that months may close; closed; not one release sent. */
static void make_node(struct bench_net *net, struct hub *h, struct bus *bus,
		      int i, int children, int years)
{
	struct seams s = {clock_system(), rand_system(), disk_system(), bus};
	struct simulate_opts o = {.kind = NETWORK_SYNTHETIC,
				  .children = children,
				  .years = years,
				  .until = today(),
				  .seed = (uint64_t)i + 1};
	struct node_new how = {NETWORK_SYNTHETIC,
			       period_month_of_day(today()) - 12 * years + 1};
	const char *dir = scratch_path(net->dir, region[i]);
	struct node *n;
	int closed;

	BENCH_MUST(node_init(&s, net->cat, dir, &how));
	BENCH_MUST(node_open(&n, &s, net->cat, dir));
	BENCH_MUST(simulate_run(&n->rec, &o, NULL, NULL));
	join(h, n, bus, region[i]);
	BENCH_MUST(node_start(n));
	for (int k = 0; k < 100 && n->hello_epoch != n->epoch; k++) {
		node_tick(n);
		bus_mem_step(bus);
	}
	node_stop(n);
	BENCH_MUST(node_history_in(n));
	BENCH_MUST(release_close(n, today(), &closed, NULL, NULL));
	node_close(n);
}

static int count_row(void *arg, const struct release_row *r)
{
	(*(int *)arg)++;
	return 0;
}

struct loading {
	struct bench_net *net;
	struct node *node;
	int at, no;
};

static void count_events(struct bench_net *net, const struct release *r)
{
	for (int i = 0; i < r->n_groups; i++)
		for (int o = 0; o < r->group[i].n; o++)
			net->events += r->group[i].count[o] > 0;
}

static int load_row(void *arg, const struct release_row *row)
{
	struct loading *l = arg;
	struct item *it = &l->net->item[l->net->releases++];

	BENCH_MUST(release_bytes(l->node, &row->key, &it->bytes, &it->len));
	BENCH_MUST(codec_release_parse(it->bytes, it->len, &it->release));
	codec_digest(it->bytes, it->len, it->digest);
	it->node = l->at;
	it->no = ++l->no;
	l->net->bytes += (int64_t)it->len;
	count_events(l->net, &it->release);
	return 0;
}

static int by_turn(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	return x->no != y->no ? x->no - y->no : x->node - y->node;
}

static void load(struct bench_net *net)
{
	struct seams s = {clock_system(), rand_system(), disk_system(), NULL};
	struct node *node[BENCH_NODES];
	int n = 0;

	for (int i = 0; i < BENCH_NODES; i++) {
		BENCH_MUST(node_open(&node[i], &s, net->cat,
				     scratch_path(net->dir, region[i])));
		BENCH_MUST(release_list(node[i], count_row, &n));
	}
	net->item = mem_calloc((size_t)n, sizeof *net->item);
	for (int i = 0; i < BENCH_NODES && net->item; i++) {
		struct loading l = {net, node[i], i, 0};

		BENCH_MUST(release_list(node[i], load_row, &l));
		node_close(node[i]);
	}
	qsort(net->item, (size_t)net->releases, sizeof *net->item, by_turn);
}

void bench_net_make(struct bench_net *net, const struct catalogue *cat,
		    const char *dir, int children, int years)
{
	struct hub_new how = {.http = ""};
	struct bus *bus;
	struct hub *h;

	*net = (struct bench_net){.cat = cat, .dir = dir};
	policy_defaults(&how.policy, NETWORK_SYNTHETIC, "Benchmark");
	free_address(how.bus, sizeof how.bus);
	BENCH_MUST(bus_mem_new(&bus, rand_system()));
	BENCH_MUST(hub_init(clock_system(), rand_system(), disk_system(), cat,
			    scratch_path(dir, "hub"), &how));
	BENCH_MUST(hub_open(&h, clock_system(), rand_system(), disk_system(),
			    bus, cat, scratch_path(dir, "hub")));
	BENCH_MUST(hub_start(h));
	for (int i = 0; i < BENCH_NODES; i++)
		make_node(net, h, bus, i, children, years);
	hub_close(h);
	bus_mem_free(bus);
	load(net);
}

void bench_net_free(struct bench_net *net)
{
	for (int i = 0; i < net->releases; i++) {
		release_fini(&net->item[i].release);
		mem_free(net->item[i].bytes);
	}
	mem_free(net->item);
}

/* --- the road --- */

/* What a child process says of itself when it is done. */
struct report {
	long peak_kib;
	int64_t commits;
};

struct child {
	uv_loop_t loop;
	uv_timer_t timer;
	uv_check_t check;
	uv_signal_t term;
	struct node *node;
};

static void on_timer(uv_timer_t *t)
{
	node_tick(((struct child *)t->data)->node);
}

static void on_check(uv_check_t *c)
{
	if (node_idle(((struct child *)c->data)->node))
		uv_stop(c->loop);
}

static void on_term(uv_signal_t *s, int signum)
{
	uv_stop(s->loop);
}

static void say(int fd, int64_t commits)
{
	struct report r = {bench_peak_kib(), commits};

	if (write(fd, &r, sizeof r) != sizeof r)
		_exit(1);
	_exit(0);
}

static void run_hub(const struct catalogue *cat, const char *dir, int ready,
		    int out)
{
	static struct child c;
	struct bus *bus;
	struct hub *h;

	uv_loop_init(&c.loop);
	uv_signal_init(&c.loop, &c.term);
	uv_signal_start(&c.term, on_term, SIGTERM);
	BENCH_MUST(bus_nano_new(&bus, &c.loop));
	BENCH_MUST(hub_open(&h, clock_system(), rand_system(), disk_system(),
			    bus, cat, dir));
	BENCH_MUST(hub_start(h));
	if (write(ready, "", 1) != 1)
		_exit(1);
	uv_run(&c.loop, UV_RUN_DEFAULT);
	say(out, h->metrics.commits);
}

static void run_node(const struct catalogue *cat, const char *dir, int go,
		     int out)
{
	struct seams s = {clock_system(), rand_system(), disk_system(), NULL};
	static struct child c;
	char byte;

	uv_loop_init(&c.loop);
	BENCH_MUST(bus_nano_new(&s.bus, &c.loop));
	BENCH_MUST(node_open(&c.node, &s, cat, dir));
	if (read(go, &byte, 1) != 1)
		_exit(1);
	BENCH_MUST(node_start(c.node));
	c.timer.data = c.check.data = &c;
	uv_timer_init(&c.loop, &c.timer);
	uv_timer_start(&c.timer, on_timer, 0, 1000);
	uv_check_init(&c.loop, &c.check);
	uv_check_start(&c.check, on_check);
	uv_run(&c.loop, UV_RUN_DEFAULT);
	say(out, c.node->metrics.commits);
}

void bench_net_child(const struct catalogue *cat, char **argv)
{
	int in = (int)strtol(argv[2], NULL, 10);
	int out = (int)strtol(argv[3], NULL, 10);

	if (strcmp(argv[0], "--hub") == 0)
		run_hub(cat, argv[1], in, out);
	else
		run_node(cat, argv[1], in, out);
}

/* A program of its own, so that its memory is its own. */
static pid_t spawn(const char *what, const char *dir, int in, int out)
{
	char in_text[12], out_text[12];
	pid_t pid = fork();

	if (pid < 0)
		bench_must(E_IO, "fork");
	if (pid > 0)
		return pid;
	snprintf(in_text, sizeof in_text, "%d", in);
	snprintf(out_text, sizeof out_text, "%d", out);
	execl("/proc/self/exe", "bench_road", what, dir, in_text, out_text,
	      (char *)NULL);
	_exit(1);
}

static void make_pipe(int fd[2])
{
	if (pipe(fd) < 0)
		bench_must(E_IO, "pipe");
}

static struct report reap(pid_t pid, int fd)
{
	struct report r;
	int status;

	if (read(fd, &r, sizeof r) != sizeof r)
		bench_must(E_IO, "a process of the network");
	waitpid(pid, &status, 0);
	return r;
}

void bench_net_road(const struct bench_net *net, struct bench_road *out)
{
	int ready[2], go[2], hub_out[2], node_out[2];
	const char *run = scratch_path(net->dir, "run");
	pid_t hub, node[BENCH_NODES];
	struct report hub_says;
	double begin;
	char byte;

	bench_shell("rm -rf %s && mkdir %s && cd %s && cp -r hub %s/ && "
		    "cp -r %s %s %s %s %s %s/ && sync",
		    run, run, net->dir, run, region[0], region[1], region[2],
		    region[3], region[4], run);
	make_pipe(ready);
	make_pipe(go);
	make_pipe(hub_out);
	make_pipe(node_out);
	hub = spawn("--hub", scratch_path(run, "hub"), ready[1], hub_out[1]);
	for (int i = 0; i < BENCH_NODES; i++)
		node[i] = spawn("--node", scratch_path(run, region[i]), go[0],
				node_out[1]);
	if (read(ready[0], &byte, 1) != 1)
		bench_must(E_IO, "the hub's start");
	usleep(300 * 1000); /* the nodes open their databases */
	begin = bench_now_s();
	if (write(go[1], "12345", BENCH_NODES) != BENCH_NODES)
		bench_must(E_IO, "the start");
	out->node_kib = 0;
	for (int i = 0; i < BENCH_NODES; i++) {
		struct report r = reap(node[i], node_out[0]);

		if (r.peak_kib > out->node_kib)
			out->node_kib = r.peak_kib;
	}
	out->seconds = bench_now_s() - begin;
	kill(hub, SIGTERM);
	hub_says = reap(hub, hub_out[0]);
	out->commits = hub_says.commits;
	out->hub_kib = hub_says.peak_kib;
	for (int i = 0; i < 2; i++) {
		close(ready[i]);
		close(go[i]);
		close(hub_out[i]);
		close(node_out[i]);
	}
}

/* --- the loop that only writes --- */

static int write_one(struct db *db, const struct item *it)
{
	struct receipt rc = {.key = it->release.key,
			     .ledger_seq = (uint64_t)it->no};
	int64_t now = clock_utc_ms(clock_system());
	int r;

	memcpy(rc.region, it->release.region, sizeof rc.region);
	memcpy(rc.digest, it->digest, DIGEST);
	memcpy(rc.ledger_head, it->digest, DIGEST);
	r = db_begin(db);
	if (r < 0)
		return r;
	r = store_put(db, &it->release, it->bytes, it->len, it->digest, now);
	if (r >= 0)
		r = store_receipt(db, &rc, now);
	return db_end(db, r);
}

double bench_net_write(const struct bench_net *net)
{
	const char *file = scratch_path(net->dir, "write.db");
	struct db *db;
	double begin;

	bench_shell(
		"cd %s && rm -f write.db* && cp hub/hub.db write.db && sync",
		net->dir);
	BENCH_MUST(db_open(&db, disk_system(), file, DB_WRITE));
	BENCH_MUST(db_check_version(db, HUB_APP_ID, hub_schema_count));
	begin = bench_now_s();
	for (int i = 0; i < net->releases; i++)
		bench_must(write_one(db, &net->item[i]) < 0 ? E_DB : 0,
			   "writing a release");
	begin = bench_now_s() - begin;
	db_close(db);
	return begin;
}
