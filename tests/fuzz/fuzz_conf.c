/* fuzz_conf: any bytes as a configuration file. What conf hands on must be
 * what it promises: short UTF-8 text under a key, on a line that exists. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "daemon/core/conf.h"
#include "daemon/core/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
	int line, pairs;
};

static int on_pair(void *arg, const char *section, const char *key,
		   const char *value, bool more, int line)
{
	struct seen *s = arg;

	assert(strlen(section) < 50 && strlen(key) < 50 && key[0]);
	assert(strlen(value) <= 190);
	assert(line > s->line);
	/* A first line of a value comes before any further one. */
	assert(!more || s->pairs > 0);
	s->line = line;
	s->pairs++;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen seen = {0};
	int r;

	err_clear();
	r = conf_read_text("f", (const char *)data, size, on_pair, &seen);
	assert(r == 0 || r == E_INVALID);
	assert(r == 0 || strncmp(err_text(r), "f:", 2) == 0);
	return 0;
}
