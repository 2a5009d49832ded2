#include "daemon/core/metrics.h"

void metrics_each(const struct metrics *m,
		  void (*fn)(void *arg, const char *name, const char *help,
			     int64_t value),
		  void *arg)
{
#define X(name, help) fn(arg, #name, help, m->name);
	METRICS_MAP(X)
#undef X
}
