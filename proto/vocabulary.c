#include "proto/vocabulary.h"

#include <assert.h>
#include <string.h>

#include "daemon/core/disk.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "proto/form.h"

enum { WORDS_MAX = 64 /* in one list */, FILE_MAX = 256 * 1024 };

struct vocabulary {
	int version;
	int n[WORDS_COUNT];
	struct word word[WORDS_COUNT][WORDS_MAX];
};

/* What a section gives beyond the word itself: texts that are resolved once
 * the section is whole. */
struct entry {
	struct word word;
	char group[VOCABULARY_ID];
};

struct reader {
	struct vocabulary *v;
	enum words list; /* of the section being read */
	struct entry entry;
};

static const char *const kind_name[WORDS_COUNT] = {
	[WORDS_NEED] = "need",
	[WORDS_NEED_GROUP] = "group",
	[WORDS_BARRIER] = "barrier",
	[WORDS_BARRIER_CLASS] = "class",
	[WORDS_LINKAGE] = "linkage",
	[WORDS_AGE] = "age",
	[WORDS_LANGUAGE] = "language",
	[WORDS_RELATION] = "relation",
	[WORDS_CUSTODY] = "custody",
	[WORDS_AUTHORITY] = "authority",
	[WORDS_REACH] = "reach",
	[WORDS_COVERAGE] = "coverage",
	[WORDS_BENEFIT] = "benefit",
	[WORDS_RACE] = "race",
	[WORDS_ETHNICITY] = "ethnicity",
	[WORDS_HEARD] = "heard",
	[WORDS_OUTREACH] = "outreach",
	[WORDS_SCOPE] = "scope",
	[WORDS_DOCUMENT] = "document",
	[WORDS_SOURCE] = "source",
	[WORDS_CLOSING] = "closing",
	[WORDS_NEED_SOURCE] = "need-source",
	[WORDS_SCREEN_CLASS] = "screen-class",
	[WORDS_SCREEN_RESULT] = "screen-result",
	[WORDS_RESPONDENT] = "respondent",
	[WORDS_MEDICAL_TIER] = "medical-tier",
	[WORDS_STAFF_ROLE] = "staff-role",
	[WORDS_LEAVE] = "leave",
	[WORDS_MODE] = "mode",
	[WORDS_PARTY] = "party",
	[WORDS_FOCUS] = "focus",
	[WORDS_ACTIVITY] = "activity",
	[WORDS_ACHIEVED] = "achieved",
	[WORDS_PREVENTED] = "prevented",
	[WORDS_MINUTES] = "minutes",
	[WORDS_WAY] = "way",
	[WORDS_SECTOR] = "sector",
	[WORDS_ELEMENT] = "element",
	[WORDS_FACTOR] = "factor",
	[WORDS_ENGAGEMENT] = "engagement",
	[WORDS_BEHAVIORAL] = "behavioral",
	[WORDS_CODED] = "coded",
	[WORDS_MODE_GROUP] = "mode-group",
	[WORDS_SCREENER] = "screener",
	[WORDS_SCREENER_GROUP] = "screener-group",
	[WORDS_WITHDRAWAL] = "withdrawal",
	[WORDS_DIM] = "dim",
};

/* Which list the group of a word is in; WORDS_COUNT: it has none. */
static enum words group_list(enum words list)
{
	switch (list) {
	case WORDS_NEED:
		return WORDS_NEED_GROUP;
	case WORDS_BARRIER:
		return WORDS_BARRIER_CLASS;
	case WORDS_SCREEN_RESULT:
		return WORDS_SCREEN_CLASS;
	case WORDS_MODE:
		return WORDS_MODE_GROUP;
	case WORDS_SCREENER:
		return WORDS_SCREENER_GROUP;
	default:
		return WORDS_COUNT;
	}
}

#define AT(member) offsetof(struct entry, member)
#define SIZE(member) sizeof(((struct entry *)0)->member)

static const struct form_field field[] = {
	{"code", FORM_INT, AT(word.code), 0, true, 1, WORDS_MAX},
	{"title", FORM_TEXT, AT(word.title), SIZE(word.title), true, 0, 0},
	{"maps", FORM_TEXT, AT(word.maps), SIZE(word.maps), false, 0, 0},
	{"group", FORM_ID, AT(group), SIZE(group), false, 0, 0},
	{"from", FORM_INT, AT(word.age_from), 0, false, -1, 99},
	{"to", FORM_INT, AT(word.age_to), 0, false, -1, 99},
};

static const struct form_field head[] = {
	{"version", FORM_INT, offsetof(struct vocabulary, version), 0, true, 1,
	 1000000},
};

static int check_group(struct reader *rd, const struct form_section *s)
{
	enum words list = group_list(rd->list);
	struct entry *e = &rd->entry;

	e->word.group = -1;
	if (list == WORDS_COUNT)
		return form_given(s, "group")
			       ? err_set(E_INVALID, "%s words have no group",
					 kind_name[rd->list])
			       : 0;
	if (!form_given(s, "group"))
		return err_set(E_INVALID, "group is missing");
	e->word.group = vocabulary_find(rd->v, list, e->group);
	if (e->word.group < 0)
		return err_set(E_INVALID, "no %s \"%s\" stands above",
			       kind_name[list], e->group);
	return 0;
}

/* Lists whose words run from one number to another. */
static bool has_range(enum words list)
{
	return list == WORDS_AGE || list == WORDS_MINUTES ||
	       list == WORDS_ELEMENT;
}

static int check_ages(const struct reader *rd, const struct form_section *s)
{
	const struct vocabulary *v = rd->v;
	const struct word *w = &rd->entry.word;
	int n = v->n[rd->list];

	if (!has_range(rd->list))
		return form_given(s, "from") || form_given(s, "to")
			       ? err_set(E_INVALID,
					 "only ages have from and to")
			       : 0;
	if (!form_given(s, "from") || !form_given(s, "to") ||
	    w->age_from > w->age_to)
		return err_set(E_INVALID, "an age band runs from ... to ...");
	/* Elements are begun before the one before them has ended. */
	if (rd->list != WORDS_ELEMENT && n > 0 &&
	    w->age_from <= v->word[rd->list][n - 1].age_to)
		return err_set(E_INVALID, "it overlaps the age band before it");
	return 0;
}

/* A mapping that leads to two words leads nowhere. */
static int check_maps(const struct reader *rd)
{
	const char *rest = rd->entry.word.maps;
	char item[80], *colon;
	int r;

	while ((r = form_item(&rest, ",", item, sizeof item)) > 0) {
		const char *again = rest;
		char other[80];

		colon = strchr(item, ':');
		if (!colon || colon == item || !colon[1])
			return err_set(E_INVALID, "\"%s\" is not system:code",
				       item);
		while (form_item(&again, ",", other, sizeof other) > 0)
			if (strcmp(item, other) == 0)
				return err_set(E_INVALID,
					       "\"%s\" is mapped twice", item);
		*colon = '\0';
		if (vocabulary_map(rd->v, rd->list, item, colon + 1) >= 0)
			return err_set(E_INVALID,
				       "\"%s:%s\" is mapped to another word",
				       item, colon + 1);
	}
	return r;
}

static int check_id(const struct reader *rd)
{
	const struct word *w = &rd->entry.word;
	int n = rd->v->n[rd->list], most = WORDS_MAX;

	if (rd->list == WORDS_NEED || rd->list == WORDS_NEED_GROUP ||
	    rd->list == WORDS_AGE)
		most = LATTICE_LEAVES_MAX;
	if (n >= most)
		return err_set(E_INVALID, "there are over %d words", most);
	if (!form_id_ok(w->id, sizeof w->id))
		return err_set(E_INVALID, "\"%.40s\" is not an id", w->id);
	if (vocabulary_find(rd->v, rd->list, w->id) >= 0)
		return err_set(E_INVALID, "it is there twice");
	if (w->code != n + 1)
		return err_set(E_INVALID,
			       "its code must be %d: words are added at the "
			       "end, never renumbered",
			       n + 1);
	return 0;
}

static int begin(void *arg, struct form_section *s)
{
	struct reader *rd = arg;
	const char *id = NULL;
	int list;

	if (!*s->name) {
		s->field = head;
		s->n = 1;
		s->into = rd->v;
		return 0;
	}
	for (list = 0; list < WORDS_COUNT; list++) {
		id = form_section_id(s->name, kind_name[list]);
		if (id)
			break;
	}
	if (!id || strlen(id) >= VOCABULARY_ID)
		return err_set(E_INVALID, "unknown section [%.40s]", s->name);
	rd->list = (enum words)list;
	memset(&rd->entry, 0, sizeof rd->entry);
	memcpy(rd->entry.word.id, id, strlen(id) + 1);
	s->field = field;
	s->n = sizeof field / sizeof field[0];
	s->into = &rd->entry;
	return 0;
}

static int end(void *arg, const struct form_section *s)
{
	struct reader *rd = arg;
	int r;

	if (!*s->name)
		return 0;
	r = check_id(rd);
	if (r == 0)
		r = check_group(rd, s);
	if (r == 0)
		r = check_ages(rd, s);
	if (r == 0)
		r = check_maps(rd);
	if (r == 0)
		rd->v->word[rd->list][rd->v->n[rd->list]++] = rd->entry.word;
	return r;
}

/* The list that a dimension is made of; WORDS_COUNT: there is no such one. */
static enum words dim_list(const struct vocabulary *v, const char *id)
{
	int list = 0;

	if (vocabulary_find(v, WORDS_DIM, id) < 0)
		return WORDS_COUNT;
	while (list < WORDS_COUNT && strcmp(kind_name[list], id) != 0)
		list++;
	return (enum words)list;
}

/* A list without words would make dimensions without strata. The lists that
 * only the record uses may be missing: a value is then refused. */
static int check_lists(const struct vocabulary *v, const char *path)
{
	for (int list = 0; list <= WORDS_AGE; list++)
		if (v->n[list] == 0)
			return err_set(E_INVALID, "%s: there is no [%s ...]",
				       path, kind_name[list]);
	for (int i = 0; i < v->n[WORDS_DIM]; i++) {
		const char *id = v->word[WORDS_DIM][i].id;
		enum words list = dim_list(v, id);

		if (list == WORDS_COUNT || v->n[list] == 0 ||
		    v->n[list] > LATTICE_LEAVES_MAX)
			return err_set(E_INVALID,
				       "%s: [dim %s] is of no list of 1 to %d "
				       "words",
				       path, id, LATTICE_LEAVES_MAX);
	}
	return 0;
}

int vocabulary_load(struct vocabulary **out, const char *path)
{
	struct reader rd = {0};
	char *text = NULL;
	size_t len;
	int r;

	r = disk_read(disk_system(), path, FILE_MAX, &text, &len);
	if (r < 0)
		goto out;
	rd.v = mem_calloc(1, sizeof *rd.v);
	if (!rd.v) {
		r = err_set(E_NOMEM, "out of memory for the vocabulary");
		goto out;
	}
	r = form_read(path, text, len, begin, end, &rd);
	if (r == 0)
		r = check_lists(rd.v, path);
	if (r < 0)
		goto out;
	*out = rd.v;
	rd.v = NULL; /* handed over */
out:
	vocabulary_free(rd.v);
	mem_free(text);
	return r;
}

void vocabulary_free(struct vocabulary *v)
{
	mem_free(v);
}

int vocabulary_version(const struct vocabulary *v)
{
	return v->version;
}

int vocabulary_count(const struct vocabulary *v, enum words list)
{
	return v->n[list];
}

const struct word *vocabulary_word(const struct vocabulary *v, enum words list,
				   int i)
{
	assert(i >= 0 && i < v->n[list]);
	return &v->word[list][i];
}

int vocabulary_find(const struct vocabulary *v, enum words list, const char *id)
{
	for (int i = 0; i < v->n[list]; i++)
		if (strcmp(v->word[list][i].id, id) == 0)
			return i;
	return -1;
}

static bool maps_to(const char *maps, const char *system, const char *code)
{
	size_t len = strlen(system);
	char item[80];

	while (form_item(&maps, ",", item, sizeof item) > 0)
		if (strncmp(item, system, len) == 0 && item[len] == ':' &&
		    strcmp(item + len + 1, code) == 0)
			return true;
	return false;
}

int vocabulary_map(const struct vocabulary *v, enum words list,
		   const char *system, const char *code)
{
	for (int i = 0; i < v->n[list]; i++)
		if (maps_to(v->word[list][i].maps, system, code))
			return i;
	return -1;
}

int vocabulary_dim(const struct vocabulary *v, const char *id, struct dim *out)
{
	enum words list = dim_list(v, id);

	if (list == WORDS_COUNT)
		return err_set(E_NOTFOUND, "there is no dimension \"%.20s\"",
			       id);
	memset(out, 0, sizeof *out);
	out->leaves = v->n[list];
	if (group_list(list) != WORDS_COUNT)
		out->groups = v->n[group_list(list)];
	for (int i = 0; i < out->leaves; i++)
		out->group_of[i] = (int8_t)v->word[list][i].group;
	return 0;
}

/* Who is older than all is in the last band, the unborn are in the first. */
static int find_band(const struct vocabulary *v, enum words list, int years)
{
	int i = v->n[list] - 1;

	while (i > 0 && v->word[list][i].age_from > years)
		i--;
	return i;
}

int vocabulary_leaf(const struct vocabulary *v, const char *dim,
		    const char *text)
{
	enum words list = dim_list(v, dim);
	int i, years;

	if (list == WORDS_COUNT)
		return -1;
	i = vocabulary_find(v, list, text);
	if (i < 0 && has_range(list) && form_int(text, -1, 200, &years) == 0)
		i = find_band(v, list, years);
	return i;
}

const struct word *vocabulary_stratum(const struct vocabulary *v,
				      const char *dim, struct stratum s)
{
	enum words list = dim_list(v, dim);

	if (list != WORDS_COUNT && s.level == LEVEL_GROUP)
		list = group_list(list);
	if (list == WORDS_COUNT || s.level == LEVEL_ANY)
		return NULL;
	if (s.no < 0 || s.no >= v->n[list])
		return NULL;
	return &v->word[list][s.no];
}
