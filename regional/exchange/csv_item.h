/* csv_item: what is kept of a row between reading it and writing it, and the
 * helpers that make it. For regional/exchange/csv_*.c only. */
#ifndef CCFED_CSV_ITEM_H
#define CCFED_CSV_ITEM_H

#include "proto/instrument.h"
#include "proto/vocabulary.h"
#include "regional/case/referral.h"
#include "regional/exchange/csv.h"

struct catalogue; /* proto/catalogue.h */

enum {
	CSV_GROUPS = 6, /* needs and the like side by side in one row */
	CSV_COLUMNS = 1024,
	CSV_NAME = 160, /* of a column */
	CSV_ID = 64,
	CSV_WHY = 400,
	CSV_NOTE = 1000,
	CSV_SEVERAL = 200, /* words joined by commas */
	CSV_FORMAT = 24,   /* of dates */
	CSV_FORMATS = 4,
	CSV_MAPPED = 300,
	CSV_WORDS = 400,
	CSV_ENTRIES = 64, /* answers and scores of a screening */
	CSV_VALUE_TEXT = 40,
	CSV_KEY = 33,
	CSV_SAY = 1000
};

/* Days are NO_DATE and numbers CSV_NONE where the sheet says nothing. */
enum { CSV_NONE = NO_DATE };

struct csv_child {
	char source_id[NAME_TEXT], given[NAME_TEXT], family[NAME_TEXT];
	int32_t birth;
	char sex[16], zip[12];
	char race[CSV_SEVERAL], ethnicity[VOCABULARY_ID], heard[VOCABULARY_ID];
};
struct csv_case {
	int32_t opened, closed;
	char reason[VOCABULARY_ID];
	int32_t intake;
	char source[VOCABULARY_ID], source_name[NAME_TEXT];
};
struct csv_need {
	char source_id[CSV_ID], domain[VOCABULARY_ID], by[VOCABULARY_ID];
	int32_t found, closed;
	char outcome[8]; /* "met", "unmet" */
	char reason[VOCABULARY_ID];
};
struct csv_referral {
	char source_id[CSV_ID], organization[NAME_TEXT], service[NAME_TEXT];
	int32_t drafted, sent, accepted, started, held, rejected, cancelled,
		failed, completed;
	int32_t contacted, received, addressed, satisfied;
	char state[20]; /* one state a row; its day is @state_on */
	int32_t state_on, answered, reason_on;
	char capacity[32], enrollment[32], reason[VOCABULARY_ID];
	char why[CSV_WHY];
};
struct csv_staff {
	char name[NAME_TEXT], role[VOCABULARY_ID];
	int32_t started, ended, fte; /* hundredths */
};
struct csv_organization {
	char source_id[CSV_ID], name[NAME_TEXT], sector[VOCABULARY_ID];
	char phone[40], web[200], note[CSV_NOTE], active[4];
};
struct csv_service {
	char source_id[CSV_ID], organization[NAME_TEXT], name[NAME_TEXT];
	char needs[CSV_SEVERAL], languages[CSV_SEVERAL], places[CSV_NOTE];
	char eligibility[CSV_NOTE], phone[40], note[CSV_NOTE], active[4];
	int32_t age_from, age_to, verified, seen, openings, waiting, wait_days;
	char verified_by[NAME_TEXT];
};
struct csv_family {
	char source_id[CSV_ID], name[NAME_TEXT], language[VOCABULARY_ID];
	char interpreter[4], address[200], zip[12];
	int32_t since, until;
};
struct csv_caregiver {
	char source_id[CSV_ID], name[NAME_TEXT], given[NAME_TEXT],
		surname[NAME_TEXT], relation[VOCABULARY_ID];
	char custody[VOCABULARY_ID], authority[VOCABULARY_ID];
	int32_t since, until;
	char language[VOCABULARY_ID], interpreter[4];
	char phone[120], text[120], email[120], mail[200];
	char safe[4], message[4], preferred[VOCABULARY_ID], hours[NAME_TEXT];
	char active[4];
};
struct csv_coverage { /* and benefit */
	char kind[VOCABULARY_ID], payer[NAME_TEXT], member[NAME_TEXT];
	int32_t since, until;
};
struct csv_practice {
	char name[NAME_TEXT], clinician[NAME_TEXT], phone[40], fax[40];
	char address[200], zip[12], medical_home[4];
	int32_t since;
};
struct csv_consent {
	char source_id[CSV_ID], scopes[CSV_SEVERAL], organization[NAME_TEXT];
	char signer[NAME_TEXT], authority[VOCABULARY_ID], why[CSV_WHY];
	int32_t signed_on, since, until, withdrawn;
};
enum csv_part { CSV_ANSWER = 1, CSV_SCORE, CSV_RESULT, CSV_CUTOFF };
struct csv_entry {
	enum csv_part part;
	char name[INSTRUMENT_CODE], value[CSV_VALUE_TEXT];
};
struct csv_screening {
	char source_id[CSV_ID], instrument[INSTRUMENT_ID];
	char form[INSTRUMENT_CODE], respondent[VOCABULARY_ID];
	int32_t done;
	/* The domain of one row, whose score, result and cut-off are beside. */
	char domain[INSTRUMENT_CODE];
	struct csv_entry entry[CSV_ENTRIES];
};
struct csv_level {
	int32_t since, social;
	char medical[VOCABULARY_ID], method[NAME_TEXT], version[CSV_VALUE_TEXT];
	char why[CSV_WHY];
};
struct csv_assignment {
	char staff[NAME_TEXT], why[CSV_WHY];
	int32_t since, until;
};
struct csv_goal {
	char source_id[CSV_ID], goal[CSV_NOTE], need[VOCABULARY_ID], state[12];
	int32_t begun, ended;
	char action[CSV_NOTE], owner[NAME_TEXT], action_state[12];
	int32_t due, action_ended;
	char wishes[CSV_NOTE], agreed_by[NAME_TEXT];
	int32_t agreed;
};
struct csv_contact {
	char source_id[CSV_ID];
	int32_t happened, minutes;
	char mode[VOCABULARY_ID], party[VOCABULARY_ID], person[NAME_TEXT];
	char reached[4], focus[VOCABULARY_ID], activity[VOCABULARY_ID];
	char prevented[VOCABULARY_ID], achieved[CSV_SEVERAL];
	char made_by[NAME_TEXT], note[CSV_NOTE];
};
struct csv_visit {
	char source_id[CSV_ID], facility[NAME_TEXT], behavioral[4], admitted[4],
		criteria[4], enrolled[12], note[CSV_NOTE];
	int32_t visited, discharged, enrolled_on, crisis_plan, followed_up;
};

/* In the order of the kinds, a row itself left out. */
enum csv_section {
	CSV_OF_CHILD,
	CSV_OF_CASE,
	CSV_OF_NEED,
	CSV_OF_REFERRAL,
	CSV_OF_STAFF,
	CSV_OF_ORGANIZATION,
	CSV_OF_SERVICE,
	CSV_OF_FAMILY,
	CSV_OF_CAREGIVER,
	CSV_OF_COVERAGE,
	CSV_OF_BENEFIT,
	CSV_OF_PRACTICE,
	CSV_OF_CONSENT,
	CSV_OF_SCREENING,
	CSV_OF_LEVEL,
	CSV_OF_ASSIGNMENT,
	CSV_OF_GOAL,
	CSV_OF_CONTACT,
	CSV_OF_VISIT,
	CSV_SECTIONS
};
struct csv_item {
	struct csv_child child;
	struct csv_case kase;
	int32_t first; /* first day of it all, or NO_DATE */
	/* What the row says something of; of the child and case always. */
	bool has[CSV_SECTIONS][CSV_GROUPS];
	struct csv_need need[CSV_GROUPS];
	struct csv_referral referral[CSV_GROUPS];
	struct csv_staff staff[CSV_GROUPS];
	struct csv_organization organization[CSV_GROUPS];
	struct csv_service service[CSV_GROUPS];
	struct csv_family family[CSV_GROUPS];
	struct csv_caregiver caregiver[CSV_GROUPS];
	struct csv_coverage coverage[CSV_GROUPS], benefit[CSV_GROUPS];
	struct csv_practice practice[CSV_GROUPS];
	struct csv_consent consent[CSV_GROUPS];
	struct csv_screening screening[CSV_GROUPS];
	struct csv_level level[CSV_GROUPS];
	struct csv_assignment assignment[CSV_GROUPS];
	struct csv_goal goal[CSV_GROUPS];
	struct csv_contact contact[CSV_GROUPS];
	struct csv_visit visit[CSV_GROUPS];
};

/* --- csv_read.c: the file --- */
enum csv_policy { CSV_LEAVE_ROW, CSV_REFUSE_FILE, CSV_PAD };
struct csv_shape {
	char delimiter; /* '\0': found out */
	bool windows_1252;
	int header; /* the record that is the header, from 1 */
	enum csv_policy fields;
};
struct csv_cells {
	int64_t line; /* on which it begins */
	int n;
	const char *const *cell; /* trimmed; lent for the call */
};
typedef int csv_row_fn(void *arg, const struct csv_cells *row);
/* Give each record of @text that is not blank. E_FORMAT: broken, with a
 * sentence that begins with "line N: ". What @fn returns other than 0 stops
 * it and is returned. */
int csv_read_text(const struct csv_shape *shape, const char *text, size_t len,
		  csv_row_fn *fn, void *arg);
/* The whole file, into *out (mem_free), as UTF-8 as far as it is that. */
int csv_read_file(const char *path, const struct csv_shape *shape, char **out,
		  size_t *len);

/* --- csv_field.c, csv_map.c: the mapping --- */
struct csv_section_is {
	const char *name;	  /* in the mapping */
	const char *type, *table; /* in `imported`, and of the record here */
	size_t offset, size;	  /* in struct csv_item; of one */
	bool many;		  /* may stand side by side */
	bool own;		  /* of no child: stands in a sheet without */
	bool in_case;		  /* of the child's case on its day */
	bool repeats;		  /* the same keys may be several records */
	const char *keys;	  /* without a number, it is known by these */
	const char *must;	  /* what it can't be without */
};
extern const struct csv_section_is csv_sections[CSV_SECTIONS];

enum csv_type {
	CSV_TEXT,
	CSV_SECRET, /* as it stands, without line breaks */
	CSV_BIRTH,
	CSV_DAY,
	CSV_AHEAD, /* a day that may be to come */
	CSV_ZIP,
	CSV_CODE,
	CSV_CODES, /* several, divided by commas or semicolons */
	CSV_YES,   /* "yes", "no" */
	CSV_INT,
	CSV_HUNDREDTHS,
	CSV_INSTRUMENT,
	CSV_ENTRY, /* "score", or "score.DOMAIN" */
};
struct csv_field {
	enum csv_section section;
	const char *key;
	enum csv_type type;
	size_t offset, size;	/* in the struct of its section */
	enum words words;	/* CSV_CODE: a list of the vocabulary, or */
	const char *const *own; /* these */
	const char *guess;	/* headers that mean it, separated by blanks */
};
extern const struct csv_field csv_fields[];
extern const int csv_field_count;

struct csv_column {
	int field, group, line;
	char part[INSTRUMENT_CODE]; /* CSV_ENTRY: of which domain or item */
	char name[CSV_NAME], format[CSV_FORMAT];
	int at; /* in a row, from 0; bound to a header */
};
struct csv_word {
	int field;
	char from[CSV_NAME], to[40]; /* "-": as if the cell were empty */
};
struct csv_map {
	const struct vocabulary *words;
	const struct catalogue *cat; /* instruments; NULL: none */
	struct csv_shape shape;
	char format[CSV_FORMATS][CSV_FORMAT];
	int formats, pivot, fields; /* @fields: of the header */
	char source[CSV_ID];
	int n, n_words, groups;
	bool of_children; /* [child] is there */
	struct csv_column column[CSV_MAPPED];
	struct csv_word word[CSV_WORDS];
};
int csv_map_load(struct csv_map **out, const struct vocabulary *words,
		 const struct catalogue *cat, const char *path);
void csv_map_free(struct csv_map *m); /* NULL is fine */
/* Find the columns in the header. */
int csv_map_bind(struct csv_map *m, const struct csv_cells *header);
/* The column that feeds @key of @section, NULL if none does. */
const struct csv_column *csv_map_column(const struct csv_map *m,
					enum csv_section section,
					const char *key, int group);
/* Headers are the same but for case, blanks and line breaks. */
bool csv_map_same(const char *a, const char *b);
/* The word that @text stands for, into @out ("" none); E_INVALID lists what is
 * allowed. (csv_word.c) */
int csv_map_word(const struct csv_map *m, const struct csv_field *f,
		 const char *text, char *out, size_t size);
/* The same of several: "a,b". */
int csv_map_words(const struct csv_map *m, const struct csv_field *f,
		  const char *text, char *out, size_t size);
/* A mapping says that @from in the sheet is @to. */
int csv_map_say(struct csv_map *m, int field, const char *from, const char *to);
/* The next of "a,b" into @out, false after the last. */
bool csv_map_next(const char **list, char *out, size_t size);
/* Blanks and one pair of quotes around it gone, blanks inside made one. */
void csv_map_tidy(char *out, size_t size, const char *text);

/* --- csv_row.c, csv_check.c: a row's values --- */
struct csv_row_check {
	const struct csv_map *map;
	int32_t today;
	/* Everything that is wrong. */
	void (*say)(void *arg, const char *column, const char *message);
	void *arg;
};
struct csv_taking {
	const struct csv_row_check *k;
	const struct csv_cells *row;
	struct csv_item *item;
	enum csv_reason why; /* of the first that is wrong */
};
enum csv_reason csv_row(const struct csv_row_check *k,
			const struct csv_cells *row, struct csv_item *item);
/* The first day of a need and its referral; NO_DATE if there is none. */
int32_t csv_row_first(const struct csv_item *item, int group);
/* A date as one of the formats has it; E_INVALID with a sentence that does not
 * quote it. */
int csv_row_date(const struct csv_map *m, const char *format, const char *text,
		 int32_t *out);
/* Where the value of @f is kept. */
void *csv_row_into(struct csv_item *item, const struct csv_field *f, int group);
const void *csv_row_record(const struct csv_item *item,
			   enum csv_section section, int group);
/* What must be there, and in which order. */
void csv_check(struct csv_taking *t);
void csv_check_say(struct csv_taking *t, enum csv_reason why,
		   const char *column, const char *message);

/* --- csv_stage.c: what was read, in order --- */
struct csv_staged {
	int64_t ord, line;
	char child[CSV_KEY], kase[CSV_KEY];
	char key[CSV_SECTIONS][CSV_GROUPS][CSV_KEY];
	struct csv_item item;
};
int csv_stage_open(struct records *r);
void csv_stage_close(struct records *r);
int csv_stage_add(struct records *r, const struct csv_item *item, int64_t line);
/* After the last row: children together, their cases in order. */
int csv_stage_sort(struct records *r, int64_t *count);
enum { CSV_STAGE_END = 1 };
int csv_stage_next(struct records *r, int64_t ord, struct csv_staged *out);
/* Does a row that comes after say more of it? @ord * CSV_GROUPS + group. */
int csv_stage_last(struct records *r, enum csv_kind kind, const char *key,
		   int64_t place, bool *out);
/* The newest row up to @place that says how it ended: CSV_STAGE_END if none
 * does. */
int csv_stage_ending(struct records *r, enum csv_kind kind, const char *key,
		     int64_t place, struct csv_item *out, int *group);
/* Every row that is about it, in order. */
int csv_stage_each(struct records *r, enum csv_kind kind, const char *key,
		   int (*fn)(void *arg, const struct csv_item *item, int group),
		   void *arg);
/* The first day of a child, or of a need, in the sheet; or NO_DATE. */
int csv_stage_first(struct records *r, const char *child, int32_t *out);
int csv_stage_found(struct records *r, const char *need, int32_t *out);
void csv_stage_hash(struct records *r, const char *what, const void *data,
		    size_t len, char out[CSV_KEY]);

/* --- csv_key.c: by what a record is known; how a row is packed --- */
void csv_key_child(struct records *r, const struct csv_child *c,
		   char out[CSV_KEY]);
void csv_key_case(struct records *r, const char *child,
		  const struct csv_case *k, char out[CSV_KEY]);
/* Of group @g of @section, the first of its kind: nth 0. */
void csv_key_record(struct records *r, const struct csv_staged *it,
		    enum csv_section section, int g, int nth,
		    char out[CSV_KEY]);
/* Only what the row has, into *out (mem_free). */
int csv_key_pack(const struct csv_staged *it, void **out, size_t *len);
void csv_key_unpack(const void *blob, size_t len, struct csv_staged *it);

/* --- csv_apply*.c: writing --- */
enum csv_outcome { CSV_UNCHANGED, CSV_UPDATED, CSV_TAKEN };
struct csv_run {
	struct records *r;
	const struct csv_map *map;
	const struct cutoffs *site;
	const char *source;
	int32_t as_of;
	int64_t at[CSV_KINDS][3]; /* outcomes in the row just written */
	int64_t mark;		  /* the audit when the record was begun */
	enum csv_section section; /* that is being written, and its group: */
	int group;		  /* where a refusal comes from */
	struct csv_item other;	  /* scratch: another row about the same */
};
/* CSV_OK or why it is left out; negative: failed. */
int csv_apply(struct csv_run *u, struct csv_staged *it);
int csv_apply_referral(struct csv_run *u, const struct csv_staged *it, int g,
		       int64_t child, int64_t need);
/* *local is 0 if it is new; *same if its hash is @hash. */
int csv_apply_known(struct csv_run *u, enum csv_kind kind, const char *key,
		    const char *hash, int64_t *local, bool *same);
int csv_apply_remember(struct csv_run *u, enum csv_kind kind, const char *key,
		       const char *hash, int64_t local);
/* Between the two stands what is written of one record. */
int csv_apply_begin(struct csv_run *u);
int csv_apply_end(struct csv_run *u, enum csv_kind kind, bool is_new);
/* By name, made if there is none; "" is 0. */
int csv_apply_organization_of(struct csv_run *u, const char *name, int64_t *id);
int csv_apply_service_of(struct csv_run *u, const char *name,
			 int64_t organization, int64_t *id);
/* The child's case on @on: CSV_NO_CASE. */
int csv_apply_case_on(struct csv_run *u, int64_t child, int32_t on,
		      int64_t *kase);

/* One record: *id is 0 if it is new, else it was taken before and the sheet
 * says something else of it now. @child is 0 for what is of none. */
typedef int csv_write_fn(struct csv_run *u, const struct csv_staged *it, int g,
			 int64_t child, int64_t *id);
csv_write_fn csv_write_staff, csv_write_organization, csv_write_service,
	csv_write_family, csv_write_caregiver, csv_write_coverage,
	csv_write_benefit, csv_write_practice, csv_write_consent,
	csv_write_screening, csv_write_level, csv_write_assignment,
	csv_write_goal, csv_write_contact, csv_write_visit;
/* Race, ethnicity and the like; how the case began. */
int csv_write_origin(struct csv_run *u, const struct csv_child *c, int64_t id);
int csv_write_intake(struct csv_run *u, const struct csv_case *k, int64_t id);
/* What also holds for a record that is as it was: a sibling's home. */
int csv_write_home(struct csv_run *u, const struct csv_family *f, int64_t child,
		   int64_t family);
/* The child's family: its home, made if it has none. */
int csv_write_family_of(struct csv_run *u, int64_t child, int64_t *family);

#endif
