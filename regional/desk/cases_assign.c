/* The part of cases_list.h that gives cases to others. A token is the numbers
 * of the assignments and a seal, so that nobody makes one up: "12,13.SEAL". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/assignment.h"
#include "regional/desk/cases_list.h"

enum { SEAL = 16, SEAL_HEX = 2 * SEAL + 1 };

/* Of what @r->who gave away. */
static char *seal_of(const struct records *r, const char *ids, size_t len,
		     char hex[SEAL_HEX])
{
	unsigned char seal[SEAL];
	crypto_generichash_state h;

	crypto_generichash_init(&h, r->audit_key, sizeof r->audit_key,
				sizeof seal);
	crypto_generichash_update(&h, (const unsigned char *)r->who,
				  strlen(r->who) + 1);
	crypto_generichash_update(&h, (const unsigned char *)ids, len);
	crypto_generichash_final(&h, seal, sizeof seal);
	return sodium_bin2hex(hex, SEAL_HEX, seal, sizeof seal);
}

static int assign_all(struct records *r, const int64_t *kase, int n,
		      int64_t staff, const char *why, char token[CASES_TOKEN])
{
	int32_t today = records_today(r);
	char seal[SEAL_HEX];
	size_t used = 0;
	int64_t id;
	int x = 0;

	for (int i = 0; i < n && x == 0; i++) {
		x = assignment_set(r, kase[i], staff, today, why, &id);
		if (x < 0)
			return err_prefix(x, "Case %lld", (long long)kase[i]);
		used += (size_t)snprintf(token + used, CASES_TOKEN - used,
					 "%s%lld", i ? "," : "", (long long)id);
	}
	snprintf(token + used, CASES_TOKEN - used, ".%s",
		 seal_of(r, token, used, seal));
	return x;
}

int cases_assign(struct records *r, const int64_t *kase, int n, int64_t staff,
		 const char *why, char token[CASES_TOKEN])
{
	int x;

	*token = '\0';
	if (n < 1)
		return err_set(E_INVALID, "Choose at least one case");
	if (n > CASES_BULK)
		return err_set(E_INVALID, "At most %d cases at once",
			       CASES_BULK);
	x = records_begin(r);
	return x < 0 ? x
		     : records_end(r,
				   assign_all(r, kase, n, staff, why, token));
}

/* One assignment: back to whoever had the case until then, or to nobody. */
static int undo_one(struct records *r, int64_t id)
{
	int64_t kase, before = 0;
	int x;

	x = db_int(r->db, &kase,
		   "SELECT kase FROM assignment WHERE id = ?"
		   " AND until IS NULL",
		   "i", id);
	if (x == E_NOTFOUND)
		return err_set(E_STATE, "One of these cases has gone on to "
					"somebody else since");
	if (x == 0)
		x = db_int(r->db, &before,
			   "SELECT p.staff FROM assignment a JOIN assignment p"
			   " ON p.kase = a.kase AND p.id < a.id"
			   " AND p.until = a.since WHERE a.id = ?"
			   " ORDER BY p.id DESC LIMIT 1",
			   "i", id);
	if (x == E_NOTFOUND) {
		err_clear();
		return assignment_end(r, kase, records_today(r));
	}
	return x < 0 ? x
		     : assignment_set(r, kase, before, records_today(r),
				      "taken back", &id);
}

int cases_assign_take_back(struct records *r, int64_t id)
{
	int x = records_begin(r);

	return x < 0 ? x : records_end(r, undo_one(r, id));
}

int cases_assign_undo(struct records *r, const char *token)
{
	size_t len = strcspn(token, ".");
	char seal[SEAL_HEX], *end;
	int x;

	if (!token[len] ||
	    strcmp(token + len + 1, seal_of(r, token, len, seal)))
		return err_set(E_INVALID, "This can't be undone");
	x = records_begin(r);
	if (x < 0)
		return x;
	while (*token != '.' && x == 0) {
		x = undo_one(r, strtoll(token, &end, 10));
		token = end + (*end == ',');
	}
	return records_end(r, x);
}
