/* hsds_item: the tables of HSDS as they wait to be gathered. For
 * regional/exchange/hsds_*.c only. */
#ifndef CCFED_HSDS_ITEM_H
#define CCFED_HSDS_ITEM_H

#include "proto/vocabulary.h"
#include "regional/exchange/hsds.h"

/* Tables that something is taken from. */
enum hsds_entity {
	HSDS_ORGANIZATION,
	HSDS_SERVICE,
	HSDS_LOCATION,
	HSDS_AT, /* a service at a location */
	HSDS_ADDRESS,
	HSDS_PHONE,
	HSDS_LANGUAGE,
	HSDS_SCHEDULE,
	HSDS_AREA,
	HSDS_ELIGIBILITY,
	HSDS_TERM,
	HSDS_ATTRIBUTE,
	HSDS_METADATA,
	HSDS_ENTITIES
};
/* Of a name that is none of these: a table of HSDS that is not needed here, or
 * no table of HSDS. */
enum { HSDS_NOT_NEEDED = -1, HSDS_UNKNOWN = -2 };

enum {
	HSDS_VALUES = 22, /* the widest table */
	HSDS_TEXT = 1000, /* of a note, as the directory has it */
	HSDS_LIST = 4000, /* words or places, each ended by a line break */
	HSDS_HASH = 65
};

struct hsds_rules; /* opaque */

struct hsds_run {
	struct records *r;
	const struct hsds_opts *o;
	struct hsds_result *res;
	const struct hsds_rules *rules;
	const char *file; /* that is being read: its name */
};

/* --- hsds_table.c --- */
int hsds_table_open(struct hsds_run *u);
void hsds_table_close(struct hsds_run *u);
/* The table that a file or a JSON member is called after, singular or plural,
 * with ".csv" or without. */
int hsds_table_find(const char *name);
/* Where @column stands in the rows of @entity, or -1: not needed. */
int hsds_table_column(enum hsds_entity entity, const char *column);
/* Whether that is its name in the newest version: where an older one stands
 * beside it, it counts only if this one is empty. */
bool hsds_table_newest(enum hsds_entity entity, const char *column);
/* A row; what is not clean UTF-8 text in it is dropped and noted. */
int hsds_table_put(struct hsds_run *u, enum hsds_entity entity, int64_t line,
		   const char *const value[HSDS_VALUES]);
/* Something is wrong, once more; told at the end. */
int hsds_table_wrong(struct hsds_run *u, const char *file, int64_t line,
		     const char *column, const char *message);
int hsds_table_report(struct hsds_run *u);

/* --- hsds_read.c, hsds_json.c --- */
int hsds_read(struct hsds_run *u, const char *path);
int hsds_json(struct hsds_run *u, const char *text, size_t len);

/* --- hsds_check.c: what points nowhere, stands twice, has no id --- */
int hsds_check(struct hsds_run *u);

/* --- hsds_need.c --- */
int hsds_rules_load(struct hsds_rules **out, const struct vocabulary *words,
		    const char *path);
void hsds_rules_free(struct hsds_rules *k); /* NULL is fine */
/* Words of @list that @text means, each put to *out once. */
void hsds_rules_find(const struct hsds_rules *k, enum words list,
		     const char *text, char out[HSDS_LIST]);
/* Put @item into a list unless it is in it or there is no room: false then. */
bool hsds_list_put(char list[HSDS_LIST], const char *item);
/* The next of a list into @out, false after the last. */
bool hsds_list_next(const char **list, char *out, size_t size);

/* --- hsds_gather.c --- */
struct hsds_org {
	char id[NAME_TEXT], name[NAME_TEXT], sector[VOCABULARY_ID];
	char phone[40], web[200], note[HSDS_TEXT];
};
struct hsds_service {
	char id[NAME_TEXT], organization[NAME_TEXT]; /* its id there; "" none */
	char name[NAME_TEXT], eligibility[HSDS_TEXT], phone[40];
	char note[HSDS_TEXT], verified_by[NAME_TEXT];
	int32_t age_from, age_to, verified; /* or NO_DATE */
	bool active;
	char needs[HSDS_LIST], languages[HSDS_LIST], places[HSDS_LIST];
};
enum { HSDS_LEFT = 2, HSDS_END = 3 }; /* 1 is HSDS_STOPPED */
/* The first after @ord, which is set to it. HSDS_LEFT: it can't be taken, and
 * that is noted. */
int hsds_gather_org(struct hsds_run *u, int64_t *ord, struct hsds_org *out);
int hsds_gather_service(struct hsds_run *u, int64_t *ord,
			struct hsds_service *out);
int hsds_gather_terms(struct hsds_run *u);

/* --- hsds_hours.c --- */
/* When service @id is there, as a text: "Mon-Fri 09:00-17:00; Sat 10:00-12:00".
 */
int hsds_hours(struct hsds_run *u, const char *id, char *out, size_t size);

/* --- hsds_apply.c --- */
int hsds_apply_all(struct hsds_run *u);
/* The taxonomies of our own words, as they are written and read. */
#define HSDS_OUR_NEEDS "ccfed needs"
#define HSDS_OUR_SECTORS "ccfed sectors"
#define HSDS_ORG_TYPE "hsds-organization"
#define HSDS_SERVICE_TYPE "hsds-service"

#endif
