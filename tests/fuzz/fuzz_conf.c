/* Texts of configuration: as a file of sections, as a vocabulary, as a fact
 * table and as a measure of the shipped catalogue. A NUL ends nothing. */
#include <stdlib.h>
#include <string.h>

#include "daemon/core/conf.h"
#include "daemon/core/mem.h"
#include "proto/catalogue.h"
#include "proto/envelope.h"
#include "proto/fact_file.h"
#include "proto/measure_file.h"
#include "proto/vocabulary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int count(void *arg, const char *section, const char *key,
		 const char *value, bool more, int line)
{
	size_t *n = arg;

	*n += strlen(section) + strlen(key) + strlen(value) + (size_t)line;
	return 0;
}

/* What is accepted must hold what others rely on. */
static void check_table(const struct fact_table *t)
{
	if (t->n_outcomes < 1 || t->n_outcomes > OUTCOMES_MAX ||
	    t->n_views < 2 || t->n_views > VIEWS_MAX || !t->sql ||
	    fact_file_bytes_max(t) > ENVELOPE_PAYLOAD_MAX)
		abort();
	for (int i = 0; i < t->n_outcomes; i++)
		if (t->outcome[i].parent >= i)
			abort();
	for (int i = 0; i < t->n_views; i++)
		if (t->view[i].n_steps < 1 || t->view[i].n_outcomes < 1 ||
		    t->view[i].parent >= i)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct catalogue *shipped;
	struct fact_table *t = mem_calloc(1, sizeof *t);
	struct measure m;
	const char *text = (const char *)data;
	size_t n = 0;

	if (!shipped && catalogue_load(&shipped, catalogue_share()) < 0)
		abort();
	if (!t)
		return 0;
	conf_read_text("fuzz", text, size, count, &n);
	if (fact_file_read(t, catalogue_vocabulary(shipped), "fuzz", text,
			   size) == 0) {
		check_table(t);
		mem_free(t->sql);
	}
	measure_file_read(&m, shipped, "fuzz", text, size);
	mem_free(t);
	return 0;
}
