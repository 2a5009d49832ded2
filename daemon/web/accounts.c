#include "daemon/web/accounts.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/clock.h"
#include "daemon/core/db.h"
#include "daemon/core/disk.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "daemon/web/accounts_schema.h"
#include "daemon/web/fields.h"

#define COLUMNS                                                             \
	"id, name, title, roles, staff, lang, password, totp IS NOT NULL, " \
	"sso, disabled_utc_ms IS NOT NULL, made_utc_ms, signed_in_utc_ms"

enum { HOUR_MS = 3600 * 1000 };

int accounts_open(struct accounts **out, struct disk *disk, struct clock *clock,
		  struct rng *rng, const char *dir, unsigned allowed)
{
	struct accounts *a = mem_calloc(1, sizeof *a);
	char path[600];
	int r;

	if (!a)
		return err_set(E_NOMEM, "out of memory for the accounts");
	a->clock = clock;
	a->rng = rng;
	a->allowed = allowed;
	snprintf(path, sizeof path, "%s/accounts.db", dir);
	r = db_open(&a->db, disk, path, DB_CREATE);
	if (r == 0)
		r = db_migrate(a->db, ACCOUNTS_APP_ID, accounts_schema,
			       accounts_schema_count);
	snprintf(path, sizeof path, "%s/web.key", dir);
	if (r == 0)
		r = secret_load(disk, rng, path, a->key);
	if (r < 0) {
		accounts_close(a);
		return r;
	}
	*out = a;
	return 0;
}

void accounts_close(struct accounts *a)
{
	if (!a)
		return;
	db_close(a->db);
	sodium_memzero(a, sizeof *a);
	mem_free(a);
}

/* --- reading --- */

static void copy(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text ? text : "");
}

static int take_row(struct rows *r, struct account *out)
{
	struct person *p = &out->person;

	memset(out, 0, sizeof *out);
	p->account = rows_int(r, 0);
	copy(p->name, sizeof p->name, rows_text(r, 1));
	copy(p->title, sizeof p->title, rows_text(r, 2));
	p->staff = rows_int(r, 4);
	p->lang = lang_of(rows_text(r, 5));
	copy(out->password, sizeof out->password, rows_text(r, 6));
	out->totp = rows_int(r, 7) != 0;
	copy(out->sso, sizeof out->sso, rows_text(r, 8));
	out->disabled = rows_int(r, 9) != 0;
	out->made_utc_ms = rows_int(r, 10);
	out->signed_in_utc_ms = rows_int(r, 11);
	return person_roles_parse(rows_text(r, 3), ROLE_ANY, &p->roles);
}

static int one(struct rows *r, int x, struct account *out)
{
	if (x == 0)
		x = rows_next(r);
	if (x == ROWS_ROW)
		x = take_row(r, out);
	else if (x == ROWS_DONE)
		x = E_NOTFOUND;
	rows_end(r);
	return x;
}

int accounts_get(struct accounts *a, int64_t id, struct account *out)
{
	struct rows r;
	int x = db_rows(a->db, &r,
			"SELECT " COLUMNS " FROM account WHERE id = ?", "i",
			id);

	x = one(&r, x, out);
	if (x == E_NOTFOUND)
		return err_set(x, "there is no account %lld", (long long)id);
	return x;
}

/* Small letters: people type their name as they like. */
static void lower(const char *name, char out[PERSON_NAME])
{
	size_t i = 0;

	for (; name[i] && i < PERSON_NAME - 1; i++)
		out[i] = name[i] >= 'A' && name[i] <= 'Z' ? name[i] + 32
							  : name[i];
	out[i] = '\0';
}

int accounts_find(struct accounts *a, const char *name, struct account *out)
{
	char small[PERSON_NAME];
	struct rows r;
	int x;

	if (strlen(name) >= PERSON_NAME)
		return E_NOTFOUND;
	lower(name, small);
	x = db_rows(a->db, &r, "SELECT " COLUMNS " FROM account WHERE name = ?",
		    "s", small);
	return one(&r, x, out);
}

int accounts_find_sso(struct accounts *a, const char *sso, struct account *out)
{
	struct rows r;
	int x = db_rows(a->db, &r,
			"SELECT " COLUMNS " FROM account WHERE sso = ?", "s",
			sso);

	return one(&r, x, out);
}

int accounts_list(struct accounts *a,
		  int (*fn)(void *arg, const struct account *x), void *arg)
{
	struct account out;
	struct rows r;
	int x = db_rows(a->db, &r,
			"SELECT " COLUMNS " FROM account ORDER BY name", "");

	while (x == 0 && (x = rows_next(&r)) == ROWS_ROW) {
		x = take_row(&r, &out);
		if (x == 0)
			x = fn(arg, &out);
	}
	rows_end(&r);
	return x < 0 ? x : 0;
}

int accounts_count(struct accounts *a, int64_t *out)
{
	return db_int(a->db, out, "SELECT count(*) FROM account", "");
}

/* --- changing --- */

static int check_name(const char *name)
{
	static const char ok[] = "abcdefghijklmnopqrstuvwxyz0123456789.-_@";
	size_t n = strlen(name);

	if (n < 1 || n >= PERSON_NAME || strspn(name, ok) != n)
		return err_set(E_INVALID,
			       "A sign-in name has 1 to %d small letters, "
			       "digits, and . - _ @",
			       PERSON_NAME - 1);
	return 0;
}

static int check(const struct accounts *a, const struct account *x)
{
	const struct person *p = &x->person;
	size_t n = strlen(p->title);

	if (n < 1 || !fields_is_text(p->title, n) || strpbrk(p->title, "\r\n"))
		return err_set(E_INVALID, "Enter the person's name");
	if (!p->roles || (p->roles & ~a->allowed))
		return person_roles_parse("", a->allowed, &(unsigned){0});
	return 0;
}

int accounts_add(struct accounts *a, struct account *new)
{
	struct person *p = &new->person;
	char roles[80];
	int r;

	lower(p->name, p->name);
	r = check_name(p->name);
	if (r == 0)
		r = check(a, new);
	if (r < 0)
		return r;
	r = db_run(a->db,
		   "INSERT INTO account (name, title, roles, staff, lang, sso, "
		   "made_utc_ms) VALUES (?, ?, ?, nullif(?, 0), ?, "
		   "nullif(?, ''), ?)",
		   "sssissi", p->name, p->title,
		   person_roles_format(p->roles, roles), p->staff,
		   lang_code(p->lang), new->sso, clock_utc_ms(a->clock));
	if (r == E_EXISTS)
		return err_set(r,
			       "There is an account \"%s\" already, or one "
			       "for the same identity at the proxy",
			       p->name);
	if (r == 0)
		p->account = db_last_id(a->db);
	return r;
}

/* Somebody must be left who can help the others. */
static int check_administered(struct accounts *a)
{
	unsigned chief = a->allowed & (ROLE_SUPERVISOR | ROLE_OPERATOR);
	int64_t n = 0;
	int r = db_int(a->db, &n,
		       "SELECT count(*) FROM account WHERE disabled_utc_ms IS "
		       "NULL AND instr(',' || roles || ',', ',' || ? || ',')",
		       "s", person_role_name(chief));

	if (r == 0 && n == 0)
		return err_set(E_STATE,
			       "This is the last %s who can sign in; make "
			       "another one first",
			       person_role_name(chief));
	return r;
}

int accounts_update(struct accounts *a, const struct account *x)
{
	const struct person *p = &x->person;
	char roles[80];
	int r = check(a, x);

	if (r < 0)
		return r;
	r = db_begin(a->db);
	if (r < 0)
		return r;
	r = db_run(a->db,
		   "UPDATE account SET title = ?, roles = ?, staff = "
		   "nullif(?, 0), lang = ?, sso = nullif(?, '') WHERE id = ?",
		   "ssissi", p->title, person_roles_format(p->roles, roles),
		   p->staff, lang_code(p->lang), x->sso, p->account);
	if (r == E_EXISTS)
		r = err_set(r, "Another account has this identity at the "
			       "proxy");
	if (r == 0)
		r = check_administered(a);
	return db_end(a->db, r);
}

static int end_sessions(struct accounts *a, int64_t id)
{
	int r = db_run(a->db,
		       "UPDATE session SET ended_utc_ms = ? WHERE account = ? "
		       "AND ended_utc_ms IS NULL",
		       "ii", clock_utc_ms(a->clock), id);

	if (r == 0)
		r = db_run(a->db, "DELETE FROM half_session WHERE account = ?",
			   "i", id);
	return r;
}

int accounts_disable(struct accounts *a, int64_t id, bool disabled)
{
	int r = db_begin(a->db);

	if (r < 0)
		return r;
	r = db_run(a->db,
		   "UPDATE account SET disabled_utc_ms = iif(?, ?, NULL) "
		   "WHERE id = ?",
		   "iii", (int64_t)disabled, clock_utc_ms(a->clock), id);
	if (r == 0 && disabled)
		r = check_administered(a);
	if (r == 0 && disabled)
		r = end_sessions(a, id);
	if (r == 0 && disabled)
		r = db_run(a->db, "DELETE FROM link WHERE account = ?", "i",
			   id);
	return db_end(a->db, r);
}

int accounts_password(struct accounts *a, int64_t id, const char *hash)
{
	int r = db_begin(a->db);

	if (r < 0)
		return r;
	r = db_run(a->db, "UPDATE account SET password = ? WHERE id = ?", "si",
		   hash, id);
	if (r == 0)
		r = end_sessions(a, id);
	return db_end(a->db, r);
}

int accounts_reset(struct accounts *a, int64_t id)
{
	int r = db_begin(a->db);

	if (r < 0)
		return r;
	r = db_run(a->db,
		   "UPDATE account SET password = NULL, totp = NULL "
		   "WHERE id = ?",
		   "i", id);
	if (r == 0)
		r = end_sessions(a, id);
	return db_end(a->db, r);
}

/* --- links --- */

static int write_link(struct accounts *a, const unsigned char hash[SECRET_HASH],
		      int64_t account, int hours)
{
	int64_t now = clock_utc_ms(a->clock);
	int r = db_begin(a->db);

	if (r < 0)
		return r;
	r = db_run(a->db,
		   "DELETE FROM link WHERE account IS nullif(?, 0) OR "
		   "until_utc_ms < ?",
		   "ii", account, now);
	if (r == 0)
		r = db_run(a->db,
			   "INSERT INTO link VALUES (?, nullif(?, 0), ?, ?)",
			   "biii", hash, (size_t)SECRET_HASH, account, now,
			   now + (int64_t)hours * HOUR_MS);
	return db_end(a->db, r);
}

int accounts_link(struct accounts *a, int64_t account, int hours,
		  char token[SECRET_TOKEN])
{
	unsigned char hash[SECRET_HASH];
	struct account x;
	int r = 0;

	if (account)
		r = accounts_get(a, account, &x);
	if (r == 0 && account && x.disabled)
		r = err_set(E_STATE, "The account \"%s\" is disabled",
			    x.person.name);
	if (r < 0)
		return r;
	secret_token(a->rng, token);
	secret_token_hash(token, hash);
	return write_link(a, hash, account, hours);
}

int accounts_link_of(struct accounts *a, const char *token, int64_t *account)
{
	unsigned char hash[SECRET_HASH];
	int r = E_NOTFOUND;

	if (secret_token_hash(token, hash))
		r = db_int(a->db, account,
			   "SELECT account FROM link WHERE hash = ? AND "
			   "until_utc_ms >= ?",
			   "bi", hash, sizeof hash, clock_utc_ms(a->clock));
	if (r == E_NOTFOUND)
		return err_set(r, "this link was used or is too old; ask for "
				  "a new one");
	return r;
}

int accounts_link_use(struct accounts *a, const char *token)
{
	unsigned char hash[SECRET_HASH];
	int r;

	if (!secret_token_hash(token, hash))
		return err_set(E_NOTFOUND, "this is not a link's code");
	r = db_run(a->db, "DELETE FROM link WHERE hash = ?", "b", hash,
		   sizeof hash);
	if (r == 0 && db_changes(a->db) != 1)
		return err_set(E_NOTFOUND, "this link was used");
	return r;
}
