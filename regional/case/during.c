#include "regional/case/during.h"

#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "regional/case/child.h"
#include "regional/case/field.h"
#include "regional/case/kase.h"

int during_case(struct records *r, int64_t kase, const char *what, int32_t day)
{
	char a[DATE_TEXT], b[DATE_TEXT];
	struct kase k;
	int x = kase_get(r->db, kase, &k);

	if (x < 0)
		return x;
	x = field_order(what, day, k.opened, "the day the case was opened");
	if (x < 0 || k.closed == NO_DATE || day <= k.closed)
		return x;
	return err_set(E_STATE, "The %s, %s, is after case %lld was closed, %s",
		       what, date_format(day, a), (long long)kase,
		       date_format(k.closed, b));
}

int during_open(struct records *r, int64_t kase)
{
	struct kase k;
	int x = kase_get(r->db, kase, &k);

	if (x < 0 || k.closed == NO_DATE)
		return x;
	return err_set(E_STATE,
		       "Case %lld is closed; open a new case for the child "
		       "first",
		       (long long)kase);
}

int during_life(struct records *r, int64_t child, const char *what, int32_t day)
{
	struct child c;
	int x = child_here(r->db, child, &c);

	if (x < 0)
		return x;
	return field_order(what, day, c.birth, "the child's birth date");
}
