/* pages_fix: a site of a few pages over daemon/web/pages: things that can be
 * read, changed, slow, and somebody else's; with a database of its own whose
 * table `seen` is its audit. */
#ifndef CCFED_TEST_PAGES_FIX_H
#define CCFED_TEST_PAGES_FIX_H

#include "tests/lib/check.h"

#include <stdlib.h>
#include <unistd.h>

#include <uv.h>

#include "daemon/core/clock.h"
#include "daemon/core/db.h"
#include "daemon/core/disk.h"
#include "daemon/core/log.h"
#include "daemon/core/rand.h"
#include "daemon/core/work.h"
#include "daemon/web/accounts.h"
#include "daemon/web/pages.h"
#include "daemon/web/session.h"
#include "daemon/web/tpl_empty.h"
#include "tests/lib/scratch.h"
#include "tests/lib/spin.h"
#include "tests/lib/web_client.h"

struct fix {
	char *dir;
	uv_loop_t loop;
	struct work_uv work;
	struct clock_set clock;
	struct db *db;
	struct site_hooks hooks;
	struct pages_conf conf;
	struct pages *pages;
	struct web_client c;
	int64_t ann, sue;
	int closed;
	bool no_audit; /* the audit fails */
};

static int reader(void *site, struct db **out)
{
	struct fix *f = site;

	return db_open(out, disk_system(), scratch_path(f->dir, "site.db"),
		       DB_READ);
}

static int begin(void *site, const struct person *who)
{
	return db_begin(((struct fix *)site)->db);
}

static int end(void *site, int result)
{
	return db_end(((struct fix *)site)->db, result);
}

static int audit(void *site, const char *who, const char *record, int64_t id,
		 const char *field)
{
	struct fix *f = site;

	if (f->no_audit)
		return err_set(E_DB, "the audit fails");
	return db_run(f->db, "INSERT INTO seen VALUES (?, ?, ?, ?)", "ssis",
		      who, record, id, field);
}

/* --- pages --- */

__attribute__((format(printf, 2, 3))) static void line(struct page *p,
						       const char *fmt, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	tpl_empty(page_body(p), &(struct tpl_empty){.text = text});
}

static int get_home(struct page *p)
{
	page_title(p, "Home");
	line(p, "home of %s", p->who->name);
	return 0;
}

static int get_thing(struct page *p)
{
	char name[80];
	int64_t id;
	int r = page_param_id(p, "id", &id);

	if (r == 0)
		r = db_text(p->db, name, sizeof name,
			    "SELECT name FROM thing WHERE id = ?", "i", id);
	if (r < 0)
		return r;
	if (strcmp(name, "secret") == 0)
		return err_set(E_DENIED, "this thing is somebody else's");
	page_saw(p, "thing", id);
	page_title(p, "Thing");
	line(p, "[%s] error=%s", name,
	     page_error_of(p, "name") ? page_error_of(p, "name") : "");
	line(p, "value=%s", page_value(p, "name", name));
	return 0;
}

static int post_thing(struct page *p)
{
	const char *name = page_form(p, "name");
	int64_t id;
	int r = page_param_id(p, "id", &id);

	if (r < 0)
		return r;
	r = db_run(p->db, "UPDATE thing SET name = ? WHERE id = ?", "si",
		   name ? name : "", id);
	if (r < 0)
		return r;
	if (!name)
		page_error(p, "name", "Enter a name");
	else if (strcmp(name, "taken") == 0)
		return err_set(E_EXISTS, "that name is taken");
	page_redirect(p, "/thing/%lld", (long long)id);
	page_note(p, "/thing/undo", "7", "Saved as %s.", name ? name : "");
	return 0;
}

static int post_undo(struct page *p)
{
	page_redirect(p, "/home");
	return strcmp(page_form(p, "undo"), "7") == 0 ? 0 : E_INVALID;
}

static void count_slowly(struct page *p)
{
	static char done[] = "done";

	usleep(30000);
	page_set_data(p, done);
}

static int counted(struct page *p)
{
	page_redirect(p, "/home");
	page_note(p, NULL, NULL, "Counting is %s.", (char *)page_data(p));
	return db_run(p->db, "UPDATE thing SET name = 'counted' WHERE id = 1",
		      "");
}

static int post_slow(struct page *p)
{
	return page_later(p, count_slowly, counted);
}

static int get_csv(struct page *p)
{
	page_download(p, "text/csv; charset=utf-8", "things \"1\".csv");
	page_cell(p, "=cmd()");
	page_cell(p, "say \"hi\"");
	page_cell_int(p, -3);
	page_row_end(p);
	page_exported(p, "thing", 0);
	return 0;
}

static int get_broken(struct page *p)
{
	line(p, "half of a secret");
	return err_set(E_DB, "the disk is on fire");
}

static const struct page_route LIST[] = {
	{PAGE_GET, "/home", ROLE_ANY, get_home, 0},
	{PAGE_GET, "/thing/{id}", ROLE_COORDINATOR, get_thing, 0},
	{PAGE_POST, "/thing/{id}", ROLE_COORDINATOR, post_thing, 0},
	{PAGE_POST, "/thing/undo", ROLE_COORDINATOR, post_undo, 0},
	{PAGE_POST, "/slow", ROLE_ANY, post_slow, 0},
	{PAGE_GET, "/csv", ROLE_SUPERVISOR, get_csv, 0},
	{PAGE_GET, "/broken", ROLE_ANY, get_broken, 0},
	{0},
};
static const struct page_route *const LISTS[] = {LIST, NULL};

/* --- the site --- */

static void on_closed(void *arg)
{
	((struct fix *)arg)->closed++;
}

static void quiet(void *arg, enum log_level level, const char *line)
{
}

static int64_t account(struct fix *f, const char *name, unsigned roles)
{
	struct account x = {.disabled = false};

	snprintf(x.person.name, sizeof x.person.name, "%s", name);
	snprintf(x.person.title, sizeof x.person.title, "%s Tester", name);
	snprintf(x.sso, sizeof x.sso, "%s@sso", name);
	x.person.roles = roles;
	check_ok(accounts_add(pages_accounts(f->pages), &x));
	return x.person.account;
}

static void open_site(struct fix *f)
{
	check_ok(db_open(&f->db, disk_system(), scratch_path(f->dir, "site.db"),
			 DB_CREATE));
	check_ok(db_script(f->db,
			   "CREATE TABLE thing (id INTEGER PRIMARY KEY, name);"
			   "INSERT INTO thing VALUES (1, 'one'), (2, 'secret');"
			   "CREATE TABLE seen (who, record, id, field);"));
	f->hooks = (struct site_hooks){
		.site = f,
		.name = "ccfed",
		.place = "Test",
		.home = "/home",
		.roles = ROLES_OF_NODE,
		.reader = reader,
		.writer = f->db,
		.begin = begin,
		.end = end,
		.audit = audit,
	};
}

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);
	struct pages_new how = {
		.loop = &f->loop,
		.work = &f->work.base,
		.clock = &f->clock.base,
		.rng = rand_system(),
		.disk = disk_system(),
		.conf = &f->conf,
		.hooks = &f->hooks,
		.routes = LISTS,
	};

	log_to(quiet, NULL);
	f->dir = scratch_new();
	how.dir = f->dir;
	clock_set_init(&f->clock, INT64_C(1780000000000));
	uv_loop_init(&f->loop);
	work_uv_init(&f->work, &f->loop);
	open_site(f);
	snprintf(f->conf.http, sizeof f->conf.http, "127.0.0.1:0");
	snprintf(f->conf.proxy_socket, sizeof f->conf.proxy_socket, "%s",
		 scratch_path(f->dir, "proxy"));
	check_ok(pages_new(&f->pages, &how));
	web_client_init(&f->c, &f->loop, pages_port(f->pages));
	f->ann = account(f, "ann", ROLE_COORDINATOR);
	f->sue = account(f, "sue", ROLE_SUPERVISOR);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	web_client_fini(&f->c);
	pages_close(f->pages, on_closed, f);
	spin_close(&f->loop);
	assert_int_equal(f->closed, 1);
	db_close(f->db);
	scratch_free(f->dir);
	log_to(NULL, NULL);
	mem_free(f);
	return 0;
}

/* A session without its password; the next page gives its token. */
static inline void sign_in(struct fix *f, int64_t id)
{
	char token[SECRET_TOKEN];
	struct session s;

	memset(f->c.cookie, 0, sizeof f->c.cookie);
	check_ok(session_begin(pages_accounts(f->pages), id, token, &s));
	snprintf(f->c.cookie[0], sizeof f->c.cookie[0], "ccfed-%d=%s",
		 f->c.port, token);
	assert_int_equal(web_get(&f->c, "/home"), 200);
}

static inline void set_password(struct fix *f, int64_t id, const char *password)
{
	char hash[SECRET_PASSWORD];

	check_ok(secret_password_hash(password, hash));
	check_ok(accounts_password(pages_accounts(f->pages), id, hash));
}

static inline int seen(struct fix *f, const char *who, const char *record,
		       const char *field)
{
	int64_t n = -1;

	check_ok(db_int(f->db, &n,
			"SELECT count(*) FROM seen WHERE who = ? AND "
			"record = ? AND field = ?",
			"sss", who, record, field));
	return (int)n;
}

static inline const char *thing(struct fix *f)
{
	static char name[80];

	check_ok(db_text(f->db, name, sizeof name,
			 "SELECT name FROM thing WHERE id = 1", ""));
	return name;
}

#define has(f, text)                                                 \
	do {                                                         \
		if (!web_has(&(f)->c, text))                         \
			fail_msg("%s\nhas no %s", (f)->c.got, text); \
	} while (0)

#endif
