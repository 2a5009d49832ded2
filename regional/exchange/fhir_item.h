/* fhir_item: what is kept of a resource between reading it and writing it, and
 * the helpers that make it. For regional/exchange only: what a spreadsheet
 * brings is moved and judged by some of them, too. */
#ifndef CCFED_FHIR_ITEM_H
#define CCFED_FHIR_ITEM_H

#include <jansson.h>

#include "proto/catalogue.h"
#include "proto/instrument.h"
#include "proto/vocabulary.h"
#include "regional/case/origin.h"
#include "regional/case/referral.h"
#include "regional/exchange/fhir.h"

enum {
	FHIR_REFS = 6,
	FHIR_OUTPUTS = 12,
	FHIR_ALIASES = 6,
	FHIR_WHY = 400,
	FHIR_TELECOMS = 4,
	FHIR_CONTACTS = 3,
	FHIR_GOALS = 12,
	FHIR_ACTIVITIES = 16,
	FHIR_ANSWERS = 64,
	FHIR_MEMBERS = 48,
	FHIR_TEXT = 240
};

/* A reference, or the name of a resource: "Patient" and "pat-1". @id: a FHIR
 * id or uuid; '?' and a hash: by identifier; '#' and a hash: contained, known
 * by its name. "": none, or none that can be followed. @type may be "". */
struct fhir_ref {
	char type[FHIR_TYPE];
	char id[FHIR_ID];
};

enum fhir_kind { /* in the order in which they are written */
		 FHIR_KIND_ORGANIZATION,
		 FHIR_KIND_SERVICE,
		 FHIR_KIND_PRACTITIONER,
		 FHIR_KIND_ROLE,
		 FHIR_KIND_PATIENT,
		 FHIR_KIND_PERSON,
		 FHIR_KIND_COVERAGE,
		 FHIR_KIND_CONSENT,
		 FHIR_KIND_CONDITION,
		 FHIR_KIND_REQUEST,
		 FHIR_KIND_TASK,
		 FHIR_KIND_PROCEDURE,
		 FHIR_KIND_ENCOUNTER,
		 FHIR_KIND_ANSWERED, /* a QuestionnaireResponse */
		 FHIR_KIND_OBSERVATION,
		 FHIR_KIND_GOAL,
		 FHIR_KIND_PLAN,
		 FHIR_KIND_TEAM,
		 FHIR_KINDS
};
const char *fhir_kind_text(enum fhir_kind kind);
int fhir_kind_parse(const char *type, enum fhir_kind *out);

struct fhir_organization {
	char name[NAME_TEXT];
	bool active;
	struct fhir_ref owner; /* services: the organization */
};
struct fhir_telecom {
	char way[16], value[120];
};
struct fhir_contact { /* of a Patient: a caregiver, known by name only */
	char given[NAME_TEXT], family[NAME_TEXT];
	char relation[VOCABULARY_ID]; /* "": there is none */
	struct fhir_telecom telecom[FHIR_TELECOMS];
};
struct fhir_patient {
	char given[NAME_TEXT], family[NAME_TEXT];
	int32_t birth;
	char sex[16], zip[12], source_id[NAME_TEXT];
	bool deceased, inactive;
	bool interpreter; /* is needed; false: not said */
	char ethnicity[VOCABULARY_ID], language[VOCABULARY_ID];
	struct fhir_ref care[FHIR_REFS]; /* primary care */
	char race[ORIGIN_RACES][VOCABULARY_ID];
	struct fhir_telecom telecom[FHIR_TELECOMS];
	struct fhir_contact contact[FHIR_CONTACTS];
};
struct fhir_practitioner { /* and what a role says of one */
	char name[NAME_TEXT];
	struct fhir_ref person, organization;
};
struct fhir_person { /* related to a child */
	struct fhir_ref child;
	char given[NAME_TEXT], family[NAME_TEXT];
	char relation[VOCABULARY_ID];
	bool inactive;
	struct fhir_telecom telecom[FHIR_TELECOMS];
};
struct fhir_coverage {
	struct fhir_ref child, payer;
	char kind[VOCABULARY_ID], name[NAME_TEXT], member[NAME_TEXT];
	int32_t since, until;
	bool over; /* ended on a day that is not said */
};
struct fhir_consent {
	struct fhir_ref child, signer, to;
	bool ended;
	int32_t signed_on, since, until;
	int scopes;
	char scope[8][VOCABULARY_ID];
	bool scan_away; /* it is somewhere else */
	unsigned char scan_hash[32];
};
enum fhir_clinical { FHIR_ACTIVE, FHIR_DORMANT, FHIR_RESOLVED };
struct fhir_condition {
	struct fhir_ref child;
	char domain[VOCABULARY_ID];
	enum fhir_clinical clinical;
	int32_t found, ended;
	bool behavioral; /* set also of one that is no need here */
	struct fhir_ref visit;
};
struct fhir_procedure {
	int32_t on; /* NO_DATE: none, or it was not done */
	struct fhir_ref child, request[FHIR_REFS];
};
struct fhir_encounter {
	struct fhir_ref child, place, condition[FHIR_REFS];
	int32_t visited, discharged;
	int behavioral, admitted; /* 1, 0, -1 */
	bool errored;
	char facility[NAME_TEXT], number[NAME_TEXT];
};
struct fhir_answer { /* LOINC codes */
	char item[INSTRUMENT_LOINC], value[INSTRUMENT_LOINC];
};
struct fhir_screen {
	struct fhir_ref child, of; /* the questionnaire response it is of */
	char instrument[INSTRUMENT_ID]; /* "": a single answer */
	char respondent[VOCABULARY_ID];
	int32_t on;
	bool errored;
	char given[16]; /* the result beside the answers: a LOINC code */
	struct fhir_answer answer[FHIR_ANSWERS];
	struct fhir_ref member[FHIR_MEMBERS];
};
struct fhir_goal {
	struct fhir_ref child, need[FHIR_REFS];
	char domain[VOCABULARY_ID];
	char state[12], text[FHIR_TEXT];
	int32_t begun, ended;
};
struct fhir_activity {
	char action[FHIR_TEXT], owner[NAME_TEXT], state[12];
	int32_t due, ended;
};
struct fhir_plan {
	struct fhir_goal self; /* a plan that names no goal is one */
	struct fhir_ref goal[FHIR_GOALS];
	struct fhir_activity activity[FHIR_ACTIVITIES];
};
struct fhir_member {
	struct fhir_ref who;
	char name[NAME_TEXT], program[NAME_TEXT];
	int32_t since, until;
	bool over; /* ended on a day that is not said */
};
struct fhir_team {
	struct fhir_ref child;
	struct fhir_member member[FHIR_REFS];
};
struct fhir_request {
	struct fhir_ref child;
	char domain[VOCABULARY_ID]; /* "": see reasons */
	enum referral_state state;
	int32_t authored, ended;
	struct fhir_ref reason[FHIR_REFS], performer[FHIR_REFS];
};
struct fhir_output {
	char outcome[VOCABULARY_ID];
	struct fhir_ref procedure;
	int32_t on;
};
struct fhir_task {
	struct fhir_ref child, focus, reason, owner;
	char domain[VOCABULARY_ID];
	enum referral_state state;
	int32_t authored, modified, start, end;
	char barrier[VOCABULARY_ID];
	char capacity[40], enrollment[40];
	char why[FHIR_WHY];
	struct fhir_output output[FHIR_OUTPUTS];
};

/* Lists stand last in these: what is unused at the end is not kept. */
struct fhir_item {
	enum fhir_kind kind;
	char id[FHIR_ID];
	enum fhir_reason problem; /* found while reading: it is left out */
	int32_t day;		  /* first of a need or referral; or NO_DATE */
	union {
		struct fhir_organization organization; /* and service */
		struct fhir_patient patient;
		struct fhir_condition condition;
		struct fhir_procedure procedure;
		struct fhir_request request;
		struct fhir_task task;
		struct fhir_practitioner practitioner; /* and role */
		struct fhir_person person;
		struct fhir_coverage coverage;
		struct fhir_consent consent;
		struct fhir_encounter encounter;
		struct fhir_screen screen; /* answered and observation */
		struct fhir_goal goal;
		struct fhir_plan plan;
		struct fhir_team team;
	} u;
	/* Not part of what is kept: other names of this resource. */
	char alias[FHIR_ALIASES][FHIR_ID];
	char bundle_id[FHIR_ID]; /* its id where the uuid is its name, or "" */
	const char *scan; /* base64; lent as long as the item is; or NULL */
};
/* How many bytes of @u the kind uses. */
size_t fhir_item_size(enum fhir_kind kind);

/* What reading needs. */
struct fhir_map {
	const struct vocabulary *words;
	const unsigned char *key; /* 32 bytes: keyed hashes of identifiers */
	int32_t today;
	json_t *parent;		     /* the resource that is being read */
	const struct catalogue *cat; /* instruments; NULL: none */
};

/* --- fhir_map*.c: the rules --- */
/* Read the resource @v of a kind that is taken. Never fails: what is wrong is
 * item->problem. @full_url: of its bundle entry, or NULL. */
void fhir_map_item(struct fhir_map *m, json_t *v, const char *full_url,
		   struct fhir_item *item);
enum fhir_reason fhir_map_request(struct fhir_map *m, json_t *v,
				  struct fhir_item *item);
enum fhir_reason fhir_map_task(struct fhir_map *m, json_t *v,
			       struct fhir_item *item);
enum fhir_reason fhir_map_practitioner(struct fhir_map *m, json_t *v,
				       struct fhir_item *item);
enum fhir_reason fhir_map_role(struct fhir_map *m, json_t *v,
			       struct fhir_item *item);
enum fhir_reason fhir_map_person(struct fhir_map *m, json_t *v,
				 struct fhir_item *item);
enum fhir_reason fhir_map_coverage(struct fhir_map *m, json_t *v,
				   struct fhir_item *item);
enum fhir_reason fhir_map_consent(struct fhir_map *m, json_t *v,
				  struct fhir_item *item);
enum fhir_reason fhir_map_encounter(struct fhir_map *m, json_t *v,
				    struct fhir_item *item);
enum fhir_reason fhir_map_answered(struct fhir_map *m, json_t *v,
				   struct fhir_item *item);
enum fhir_reason fhir_map_observation(struct fhir_map *m, json_t *v,
				      struct fhir_item *item);
enum fhir_reason fhir_map_goal(struct fhir_map *m, json_t *v,
			       struct fhir_item *item);
enum fhir_reason fhir_map_plan(struct fhir_map *m, json_t *v,
			       struct fhir_item *item);
enum fhir_reason fhir_map_team(struct fhir_map *m, json_t *v,
			       struct fhir_item *item);
/* A code of @v is mapped to the word @id of WORDS_CODED. */
bool fhir_map_coded(struct fhir_map *m, json_t *v, const char *id);
/* A code of @v makes what it is said of behavioral (WORDS_BEHAVIORAL). */
bool fhir_map_behavioral(struct fhir_map *m, json_t *v);
/* As the vocabulary calls a code system: "snomed"; NULL: it does not. */
const char *fhir_map_system(const char *system);
/* The name of a person as one text, cut to @size. */
enum fhir_reason fhir_map_full_name(json_t *v, char *out, size_t size);
/* The names of a person in their two parts. */
enum fhir_reason fhir_map_names(json_t *v, char given[NAME_TEXT],
				char family[NAME_TEXT]);
/* Race, language, who else is there: fhir_map_patient.c. */
enum fhir_reason fhir_map_about(struct fhir_map *m, json_t *v,
				struct fhir_patient *p);
enum fhir_reason fhir_map_telecom(json_t *list,
				  struct fhir_telecom out[FHIR_TELECOMS]);
void fhir_map_relation(struct fhir_map *m, json_t *v, char *out);
/* A relationship of nobody who cares for a child. */
bool fhir_map_nobody(json_t *relation);
/* The scan of a Consent: fhir_scan.c. */
void fhir_map_scan(struct fhir_map *m, json_t *v, struct fhir_item *item);
/* What people read of a code: its text, else the first display. */
enum fhir_reason fhir_map_words(json_t *v, char *out, size_t size);
/* Follow a list of references; too many is FHIR_TOO_LONG. */
enum fhir_reason fhir_map_refs(struct fhir_map *m, json_t *list,
			       struct fhir_ref *out, size_t max);
/* The need of a category or code by the vocabulary, into @out ("" if there is
 * none). True if @v says that it is about a social need at all. */
bool fhir_map_category(struct fhir_map *m, json_t *v, char *out);
void fhir_map_code(struct fhir_map *m, json_t *v, char *out);

/* --- fhir_json.c: bits of FHIR --- */
extern const char fhir_gravity[]; /* the code system of the Gravity project */

/* A string without NUL, or NULL. */
const char *fhir_text(json_t *object, const char *name);
/* Copy a string that is checked; a missing one leaves "". */
enum fhir_reason fhir_copy(char *out, size_t size, json_t *v);
/* A FHIR date, dateTime or instant as a civil date; parts that are missing are
 * the first. A missing one is NO_DATE. */
enum fhir_reason fhir_day(json_t *object, const char *name, int32_t *out);
/* The same, and not after today. */
enum fhir_reason fhir_past(struct fhir_map *m, json_t *object, const char *name,
			   int32_t *out);
/* Codings of a CodeableConcept, or of an array of them, one after another:
 * for (i = 0; fhir_coding(v, i, &system, &code); i++). Missing ones are "". */
bool fhir_coding(json_t *v, int i, const char **system, const char **code);
/* Does it have this code ("" as @system: of any)? */
bool fhir_has_code(json_t *v, const char *system, const char *code);
/* Follow @v, a Reference; @out is cleared first. */
void fhir_reference(struct fhir_map *m, json_t *v, struct fhir_ref *out);
/* Names from a bundle entry: "urn:uuid:..." gives the uuid; else "". */
void fhir_uuid(const char *full_url, char out[FHIR_ID]);
bool fhir_id_valid(const char *id);
bool fhir_type_valid(const char *type);
/* @prefix and a keyed hash of @type, @a and @b. */
void fhir_hash_name(struct fhir_map *m, char prefix, const char *type,
		    const char *a, const char *b, char out[FHIR_ID]);

/* --- fhir_read.c: files --- */
/* What a reader gives to. @item: a resource that is taken; @other: one of
 * another type, or one that can't be named, with the reason. Negative stops.
 * A file is begun, then read, then ended with whether it was sound; if not,
 * what it gave must be forgotten. */
struct fhir_sink {
	void *arg;
	struct fhir_map map;
	int (*begin)(void *arg, const char *path);
	int (*item)(void *arg, const struct fhir_item *item, int64_t line,
		    int64_t entry);
	int (*other)(void *arg, const char *type, const char *id,
		     enum fhir_reason why, int64_t line, int64_t entry);
	int (*end)(void *arg, bool sound);
	void (*left)(void *arg, const struct fhir_report *rep); /* a file */
	void (*ignored)(void *arg);
};
/* One JSON text. FHIR_OK or why it is unsound, then *line and *column say
 * where; negative: the sink failed. @line: of its first line. */
int fhir_read_text(struct fhir_sink *s, const char *text, size_t len,
		   int64_t *line, int64_t *column);
/* A file or a folder, with all that is in it. */
int fhir_read_path(struct fhir_sink *s, const char *path);

/* --- fhir_stage.c: what was read, in order --- */
struct fhir_staged {
	int64_t ord, seq, file, line, entry;
	/* Comes last, again, to set what would bar others from being written:
	 * that a need is closed, an organization inactive. Not counted. */
	bool closing;
	char child[FHIR_ID], focus[FHIR_ID]; /* resolved; "" none */
	struct fhir_item item;
};
struct fhir_stage {
	struct records *r;
	const char *source;
	int64_t seq, file;
};
int fhir_stage_open(struct fhir_stage *s, struct records *r,
		    const char *source);
void fhir_stage_close(struct fhir_stage *s);
int fhir_stage_file(struct fhir_stage *s, const char *path);
int fhir_stage_forget(struct fhir_stage *s); /* the newest file's */
int fhir_stage_add(struct fhir_stage *s, const struct fhir_item *item,
		   int64_t line, int64_t entry);
/* The scan of what was added last: fhir_scan.c. */
int fhir_stage_scan(struct fhir_stage *s, const struct fhir_item *item);
/* After the last file: follow the other names of children and requests. */
int fhir_stage_resolve(struct fhir_stage *s);
int fhir_stage_count(struct fhir_stage *s, int64_t *out);
enum { FHIR_STAGE_END = 1 };
/* The one after @ord, in the order of writing. */
int fhir_stage_next(struct fhir_stage *s, int64_t ord, struct fhir_staged *out);
/* Path of a file, cut to @size. */
int fhir_stage_path(struct fhir_stage *s, int64_t file, char *out, size_t size);
/* Is there a later copy: FHIR_OK, FHIR_SAME or FHIR_REPEATED. */
int fhir_stage_repeat(struct fhir_stage *s, const struct fhir_staged *it);
/* The name behind @ref when it is of @type: FHIR_STAGE_END if it can't be. */
int fhir_stage_name(struct fhir_stage *s, const struct fhir_ref *ref,
		    int64_t file, const char *type, char out[FHIR_ID]);
/* Was such a resource in this import, whatever became of it? */
int fhir_stage_has(struct fhir_stage *s, enum fhir_kind kind, const char *id,
		   bool *out);
/* First day of a child's needs and referrals of this import, or of the tasks
 * of a request; NO_DATE if there is none. */
int fhir_stage_first(struct fhir_stage *s, const char *child, int32_t *out);
int fhir_stage_sent(struct fhir_stage *s, const char *request, int32_t *out);
/* First day of the referrals that name this condition as their reason. */
int fhir_stage_cited(struct fhir_stage *s, const char *condition, int32_t *out);
/* The newest staged resource of @kind named @id, problem or not: *out is
 * cleared first; FHIR_STAGE_END if there is none. */
int fhir_stage_get(struct fhir_stage *s, enum fhir_kind kind, const char *id,
		   struct fhir_item *out);
/* Is there a behavioral condition that was found in this visit? */
int fhir_stage_crisis(struct fhir_stage *s, const char *visit, bool *out);
/* Set aside the observation @id: it is an answer of a panel. */
int fhir_stage_answer(struct fhir_stage *s, const char *id);
int fhir_stage_is_answer(struct fhir_stage *s, const char *id, bool *out);
/* Day of service of a procedure; NO_DATE. */
int fhir_stage_service_day(struct fhir_stage *s, const char *id, int32_t *out);
/* The last task of a request that names an owner, or FHIR_STAGE_END. */
int fhir_stage_owner(struct fhir_stage *s, const char *request,
		     struct fhir_ref *owner, int64_t *file);

/* --- fhir_apply.c, fhir_apply_referral.c, fhir_apply_task.c: writing --- */
enum fhir_outcome { FHIR_TAKEN, FHIR_UPDATED, FHIR_UNCHANGED };
struct fhir_run {
	struct records *r;
	struct fhir_stage stage;
	const char *source;
	int32_t as_of, today;
	enum fhir_outcome outcome; /* of the resource just written */
	enum fhir_reason note;	   /* reported though it was taken; or 0 */
};
/* FHIR_OK with run->outcome, or why it is left out (then the caller takes back
 * what was written of it); negative: failed. */
int fhir_apply(struct fhir_run *u, struct fhir_staged *it);
int fhir_apply_condition(struct fhir_run *u, struct fhir_staged *it);
int fhir_apply_request(struct fhir_run *u, struct fhir_staged *it);
int fhir_apply_task(struct fhir_run *u, struct fhir_staged *it);

int fhir_apply_care(struct fhir_run *u, const struct fhir_staged *it,
		    int64_t child); /* primary care, of a Patient */
int fhir_apply_about(struct fhir_run *u, const struct fhir_patient *p,
		     int64_t child); /* the rest of a Patient */
/* What is not there yet, of a caregiver or a child (the other 0). */
int fhir_apply_reach(struct fhir_run *u, int64_t caregiver, int64_t child,
		     const struct fhir_telecom telecom[FHIR_TELECOMS]);
int fhir_apply_relation(struct fhir_run *u, const char *relation, int64_t child,
			int64_t caregiver);
/* The scan that came with @it, for @consent; why not is run->note. */
int fhir_apply_scan(struct fhir_run *u, const struct fhir_staged *it,
		    int64_t consent);
int fhir_apply_person(struct fhir_run *u, struct fhir_staged *it);
int fhir_apply_coverage(struct fhir_run *u, struct fhir_staged *it);
int fhir_apply_consent(struct fhir_run *u, struct fhir_staged *it);
int fhir_apply_encounter(struct fhir_run *u, struct fhir_staged *it);
int fhir_apply_procedure(struct fhir_run *u, struct fhir_staged *it);
int fhir_apply_screen(struct fhir_run *u, struct fhir_staged *it);
int fhir_apply_goal(struct fhir_run *u, struct fhir_staged *it);
int fhir_apply_plan(struct fhir_run *u, struct fhir_staged *it);
int fhir_apply_team(struct fhir_run *u, struct fhir_staged *it);

/* The record of a resource imported before, or E_NOTFOUND (no sentence). */
int fhir_apply_known(struct fhir_run *u, const char *type, const char *id,
		     int64_t *local);
/* The same with the hash compared: run->outcome is FHIR_UNCHANGED if it is
 * equal, FHIR_UPDATED if not, FHIR_TAKEN (and *local 0) if it is new. */
int fhir_apply_compare(struct fhir_run *u, const struct fhir_staged *it,
		       int64_t *local);
int fhir_apply_remember(struct fhir_run *u, const struct fhir_staged *it,
			const char *table, int64_t local);
/* The same for what comes again as closing: until then it compares unequal. */
int fhir_apply_pending(struct fhir_run *u, const struct fhir_staged *it,
		       const char *table, int64_t local);
/* Record of what @ref names, 0 if there is none. */
int fhir_apply_follow(struct fhir_run *u, const struct fhir_ref *ref,
		      int64_t file, const char *type, int64_t *local);
/* The child of @it, or FHIR_PATIENT_OUT, FHIR_PATIENT_AWAY. */
int fhir_apply_child(struct fhir_run *u, const struct fhir_staged *it,
		     int64_t *child);
/* An open need of the child in @domain, made if there is none, in a case that
 * is opened if there is none. */
int fhir_apply_need(struct fhir_run *u, const struct fhir_staged *it,
		    int64_t child, const char *domain, int32_t on,
		    int64_t *need);
/* The open case of the child, opened if there is none. */
int fhir_apply_case(struct fhir_run *u, const struct fhir_staged *it,
		    int64_t child, int32_t on, int64_t *kase);
/* The child's main home, made if it has none. */
int fhir_apply_home(struct records *r, int64_t child, int64_t *family);
/* The draft of the case's plan, begun on @on if there is none. */
int fhir_apply_plan_draft(struct fhir_run *u, int64_t kase, int32_t on,
			  int64_t *plan);
/* The newest copy of a goal that was taken once, in a draft; FHIR_GONE. */
struct care_goal; /* regional/case/care_plan.h */
int fhir_apply_goal_copy(struct fhir_run *u, int64_t first,
			 struct care_goal *g);
/* Whether a negative result is about one resource only. */
bool fhir_apply_soft(int x);

/* Move a referral to @to by the shortest way, its steps on these days, NO_DATE
 * and earlier ones on the day of the step before; FHIR_STATE if there is no
 * way. With @begun the way leads through "accepted" if it can. */
struct fhir_way {
	enum referral_state to;
	int32_t sent, accepted, started, ended;
	bool begun;	 /* the receiver is known to have begun */
	const char *why; /* "": none */
};
int fhir_apply_move(struct fhir_run *u, int64_t referral,
		    const struct fhir_way *way);
/* A draft for @need on @on, whoever of @ref is known being its receiver. */
struct fhir_draft {
	int64_t child;
	const struct fhir_ref *reason, *receiver; /* arrays */
	int reasons, receivers;
	int64_t receiver_file;
	const char *domain;
	int32_t on; /* NO_DATE: the day the need was found, or the as-of day */
};
int fhir_apply_draft(struct fhir_run *u, const struct fhir_staged *it,
		     const struct fhir_draft *d, int64_t *referral);
/* Whose it is. */
int fhir_apply_child_of(struct fhir_run *u, int64_t referral, int64_t *child);

#endif
