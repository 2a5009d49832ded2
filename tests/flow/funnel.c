#include "tests/flow/funnel.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/mem.h"
#include "daemon/core/rand.h"
#include "tests/lib/scratch.h"

#define GRAVITY                                    \
	"http://hl7.org/fhir/us/sdoh-clinicalcare" \
	"/CodeSystem/SDOHCC-CodeSystemTemporaryCodes"
#define SNOMED "http://snomed.info/sct"
#define CLINICAL "http://terminology.hl7.org/CodeSystem/condition-clinical"

enum { ANOTHER_EVERY = 12 };

const char *const funnel_need[FUNNEL_NEEDS] = {"food", "housing", "utilities",
					       "transportation"};
static const char *const gravity[FUNNEL_NEEDS] = {
	"food-insecurity", "housing-instability", "utility-insecurity",
	"transportation-insecurity"};
static const char *const snomed[FUNNEL_NEEDS] = {"733423003", "1156191002"};

/* Invented; unequal, so that a small region is among them. */
static const double share[FUNNEL_REGIONS] = {28, 14, 22, 24, 12};

static void shuffle(enum funnel_end *end, int n, struct rng *rng)
{
	for (int i = n - 1; i > 0; i--) {
		int k = (int)rand_below(rng, (uint32_t)i + 1);
		enum funnel_end was = end[i];

		end[i] = end[k];
		end[k] = was;
	}
}

void funnel_add(struct funnel *f, struct rng *rng, int need,
		const int count[FUNNEL_ENDS], int32_t first, int32_t last)
{
	static enum funnel_end end[FUNNEL_MAX];
	int children[FUNNEL_REGIONS] = {0}, n = 0;

	for (int e = 0; e < FUNNEL_ENDS; e++)
		for (int i = 0; i < count[e]; i++)
			end[n++] = (enum funnel_end)e;
	shuffle(end, n, rng);
	for (int i = 0; i < n; i++) {
		struct funnel_referral *r = &f->r[f->n++];
		int region = rand_pick(rng, share, FUNNEL_REGIONS);

		if (i % ANOTHER_EVERY || !children[region])
			children[region]++;
		r->region = region;
		r->child = need * FUNNEL_MAX + children[region];
		r->need = need;
		r->end = end[i];
		r->sent = first + (int32_t)rand_below(
					  rng, (uint32_t)(last - first) + 1);
		r->accepted = r->sent + (int32_t)rand_below(rng, 6);
		r->ended = r->accepted + (int32_t)rand_below(rng, 60);
	}
}

int funnel_count(const struct funnel *f, int region, struct period p, int need,
		 unsigned ends)
{
	int n = 0;

	for (int i = 0; i < f->n; i++) {
		const struct funnel_referral *r = &f->r[i];
		struct period month = {period_month_of_day(r->sent), 1};

		if ((region < 0 || r->region == region) &&
		    (need < 0 || r->need == need) && (ends >> r->end & 1) &&
		    period_contains(p, month))
			n++;
	}
	return n;
}

/* --- FHIR --- */

/* One region's files while they are written. */
struct writer {
	const char *dir;
	json_t *bundle; /* NULL: NDJSON */
	FILE *file[5];
	int written;
};

enum type { PATIENT, CONDITION, PROCEDURE, REQUEST, TASK };
static const char *const type_name[] = {"Patient", "Condition", "Procedure",
					"ServiceRequest", "Task"};

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "funnel: %s failed\n", what);
	abort();
}

/* The name by which others refer to it. */
static const char *name(const struct writer *w, enum type type, int no)
{
	static char buf[8][64];
	static int turn;
	char *out = buf[turn++ % 8];

	if (w->bundle)
		snprintf(out, 64, "urn:uuid:cc0fed%02x-0000-4000-8000-%012x",
			 (unsigned)type, (unsigned)no);
	else
		snprintf(out, 64, "%s/%c-%d", type_name[type], "pcors"[type],
			 no);
	return out;
}

/* Takes @v, whatever becomes of it. */
static void put(struct writer *w, enum type type, int no, json_t *v)
{
	const char *full = name(w, type, no);
	json_t *entry;

	must(v != NULL, type_name[type]);
	json_object_set_new(v, "resourceType", json_string(type_name[type]));
	w->written++;
	if (!w->bundle) {
		json_object_set_new(v, "id",
				    json_string(strchr(full, '/') + 1));
		must(json_dumpf(v, w->file[type], JSON_COMPACT) == 0 &&
			     fputc('\n', w->file[type]) != EOF,
		     "writing");
		json_decref(v);
		return;
	}
	entry = json_pack("{s:s, s:o, s:{s:s, s:s}}", "fullUrl", full,
			  "resource", v, "request", "method", "POST", "url",
			  type_name[type]);
	must(entry != NULL, "entry");
	json_array_append_new(json_object_get(w->bundle, "entry"), entry);
}

static json_t *coding(const char *system, const char *code)
{
	return json_pack("{s:[{s:s, s:s}]}", "coding", "system", system, "code",
			 code);
}

static json_t *day(int32_t d)
{
	char text[DATE_TEXT];

	return json_string(date_format(d, text));
}

static json_t *reference(const struct writer *w, enum type type, int no)
{
	return json_pack("{s:s}", "reference", name(w, type, no));
}

/* The day on which the child's need was found: when first referred. */
static int32_t found(const struct funnel *f, const struct funnel_referral *of)
{
	int32_t first = of->sent;

	for (int i = 0; i < f->n; i++)
		if (f->r[i].region == of->region &&
		    f->r[i].child == of->child && f->r[i].sent < first)
			first = f->r[i].sent;
	return first;
}

static void put_child(struct writer *w, const struct funnel *f,
		      const struct funnel_referral *r)
{
	/* Children of 1 to 16 years in the year of the paper. */
	int32_t birth = r->sent - 400 - (r->child * 17) % 5600;
	json_t *condition;

	put(w, PATIENT, r->child,
	    json_pack("{s:b, s:[{s:s, s:s, s:[s]}], s:s, s:o}", "active", 1,
		      "name", "use", "official", "family", "Funnel", "given",
		      "Synthetic", "gender", r->child % 2 ? "female" : "male",
		      "birthDate", day(birth)));
	condition = json_pack("{s:o, s:o, s:[o], s:o, s:o}", "clinicalStatus",
			      coding(CLINICAL, "active"), "verificationStatus",
			      coding("http://terminology.hl7.org/CodeSystem/"
				     "condition-ver-status",
				     "confirmed"),
			      "category", coding(GRAVITY, gravity[r->need]),
			      "subject", reference(w, PATIENT, r->child),
			      "recordedDate", day(found(f, r)));
	if (snomed[r->need])
		json_object_set_new(condition, "code",
				    coding(SNOMED, snomed[r->need]));
	put(w, CONDITION, r->child, condition);
}

static void put_request(struct writer *w, const struct funnel_referral *r,
			int no)
{
	put(w, REQUEST, no,
	    json_pack("{s:s, s:s, s:[o], s:[o], s:o, s:o}", "status",
		      r->end == FUNNEL_DECLINED ? "revoked" : "active",
		      "intent", "order", "category",
		      coding(GRAVITY, gravity[r->need]), "reasonReference",
		      reference(w, CONDITION, r->child), "subject",
		      reference(w, PATIENT, r->child), "authoredOn",
		      day(r->sent)));
}

/* What the receiver's system says at the end. A reason is a code of ours, or
 * the words of a person which are one. Half of those without a reason were
 * closed without a word, and the others never. */
static const struct {
	const char *status, *barrier, *text;
} ending[FUNNEL_ENDS] = {
	[FUNNEL_RESOLVED] = {"completed", NULL, NULL},
	[FUNNEL_NO_CONTACT] = {"failed", "UNREACHABLE", "no answer by phone"},
	[FUNNEL_NO_REASON] = {"completed", NULL, NULL},
	[FUNNEL_DECLINED] = {"cancelled", "DECLINED", "family declined"},
	[FUNNEL_OTHER] = {"failed", NULL, "OTHER"},
};

static void put_output(struct writer *w, json_t *task, int no, int32_t on)
{
	json_t *output;

	put(w, PROCEDURE, no,
	    json_pack("{s:s, s:o}", "status", "completed", "performedDateTime",
		      day(on)));
	output = json_pack("[{s:o, s:o}]", "type",
			   coding(GRAVITY, "resulting-activity"),
			   "valueReference", reference(w, PROCEDURE, no));
	json_object_set_new(task, "output", output);
}

static void put_task(struct writer *w, const struct funnel_referral *r, int no)
{
	const char *status = ending[r->end].status;
	bool open = r->end == FUNNEL_NO_REASON && no % 2;
	json_t *period = json_pack("{s:o}", "start", day(r->accepted));
	json_t *why = NULL;
	json_t *task;

	if (!open)
		json_object_set_new(period, "end", day(r->ended));
	task = json_pack(
		"{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "status",
		open ? "in-progress" : status, "intent", "order", "code",
		coding("http://hl7.org/fhir/CodeSystem/task-code", "fulfill"),
		"focus", reference(w, REQUEST, no), "for",
		reference(w, PATIENT, r->child), "authoredOn", day(r->sent),
		"lastModified", day(open ? r->accepted : r->ended),
		"executionPeriod", period);
	must(task != NULL, "task");
	if (ending[r->end].barrier)
		why = coding("urn:ccfed:barrier", ending[r->end].barrier);
	else if (ending[r->end].text)
		why = json_object();
	if (why) {
		json_object_set_new(why, "text",
				    json_string(ending[r->end].text));
		json_object_set_new(task, "statusReason", why);
	}
	if (r->end == FUNNEL_RESOLVED)
		put_output(w, task, no, r->ended);
	put(w, TASK, no, task);
}

static void open_files(struct writer *w)
{
	char file[40];

	if (w->bundle)
		return;
	for (int t = 0; t < 5; t++) {
		snprintf(file, sizeof file, "%s.ndjson", type_name[t]);
		w->file[t] = fopen(scratch_path(w->dir, file), "w");
		must(w->file[t] != NULL, file);
	}
}

static void close_files(struct writer *w)
{
	if (w->bundle)
		must(json_dump_file(w->bundle,
				    scratch_path(w->dir, "bundle.json"),
				    JSON_INDENT(1)) == 0,
		     "bundle.json");
	json_decref(w->bundle);
	for (int t = 0; t < 5 && w->file[t]; t++)
		must(fclose(w->file[t]) == 0, "closing a file");
}

int funnel_write(const struct funnel *f, int region, const char *dir)
{
	struct writer w = {.dir = dir};
	bool *seen = mem_calloc((FUNNEL_NEEDS + 1) * FUNNEL_MAX, 1);

	must(seen != NULL, "memory");
	if (region % 2)
		w.bundle = json_pack("{s:s, s:s, s:[]}", "resourceType",
				     "Bundle", "type", "transaction", "entry");
	open_files(&w);
	for (int i = 0; i < f->n; i++) {
		const struct funnel_referral *r = &f->r[i];

		if (r->region != region)
			continue;
		if (!seen[r->child])
			put_child(&w, f, r);
		seen[r->child] = true;
		put_request(&w, r, i);
		put_task(&w, r, i);
	}
	close_files(&w);
	mem_free(seen);
	return w.written;
}
