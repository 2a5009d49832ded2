/* JSON: a list of organizations or services, a page of one ("contents"), one of
 * them, or an object with a list for each table. What stands inside of a thing
 * is of it: its rows are given the thing's id, as tables have it. */
#include "regional/exchange/hsds_item.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"

enum { DEPTH_MAX = 12, NUMBER_TEXT = 40 };

struct walk {
	struct hsds_run *u;
	int64_t entry; /* of the outer list, from 1: instead of a line */
	int64_t made;  /* ids for what has none but has things inside */
};

struct parent {
	int entity; /* or HSDS_NOT_NEEDED, HSDS_UNKNOWN: none */
	const char *id;
	const struct parent *above;
};

static int walk_thing(struct walk *w, json_t *v, int entity,
		      const struct parent *p, int depth);

/* The column in which a row names what it stands in. */
static const char *const own_id[HSDS_ENTITIES] = {
	[HSDS_ORGANIZATION] = "organization_id",
	[HSDS_SERVICE] = "service_id",
	[HSDS_LOCATION] = "location_id",
	[HSDS_AT] = "service_at_location_id",
	[HSDS_TERM] = "taxonomy_term_id",
};

static const char *text_of(json_t *v, char buf[NUMBER_TEXT])
{
	if (json_is_string(v))
		return json_string_value(v);
	if (json_is_integer(v))
		snprintf(buf, NUMBER_TEXT, "%lld",
			 (long long)json_integer_value(v));
	else if (json_is_real(v))
		snprintf(buf, NUMBER_TEXT, "%.10g", json_real_value(v));
	else
		return NULL;
	return buf;
}

/* The values of the object itself. */
static void own_values(json_t *v, enum hsds_entity entity,
		       const char *value[HSDS_VALUES],
		       char buf[HSDS_VALUES][NUMBER_TEXT])
{
	const char *key;
	json_t *is;

	json_object_foreach (v, key, is) {
		int at = hsds_table_column(entity, key);
		bool newest = hsds_table_newest(entity, key);
		const char *text = at < 0 || (value[at] && !newest)
					   ? NULL
					   : text_of(is, buf[at]);

		if (text)
			value[at] = text;
	}
}

/* What it stands in, as far up as the table has a column for it. That a
 * telephone is answered in a language does not make it one of the service. */
static void parent_ids(enum hsds_entity entity, const struct parent *p,
		       const char *value[HSDS_VALUES])
{
	for (bool first = true; p; p = p->above, first = false) {
		int at = -1;

		if (entity == HSDS_LANGUAGE && p->entity == HSDS_PHONE)
			return;
		if (p->entity < 0 || !own_id[p->entity])
			continue;
		if (entity == HSDS_ATTRIBUTE && first)
			at = hsds_table_column(entity, "link_id");
		else if (entity != HSDS_ATTRIBUTE)
			at = hsds_table_column(entity, own_id[p->entity]);
		if (at >= 0 && !value[at])
			value[at] = p->id;
	}
}

/* An object inside gives its id to the row that it stands in: a service has
 * its organization, a place of service its location. */
static void child_ids(json_t *v, enum hsds_entity entity,
		      const char *value[HSDS_VALUES])
{
	const char *key;
	json_t *is;

	json_object_foreach (v, key, is) {
		int child = json_is_object(is) ? hsds_table_find(key)
					       : HSDS_UNKNOWN;
		json_t *id = json_object_get(is, "id");
		int at;

		if (child < 0 || !own_id[child] || !json_is_string(id))
			continue;
		at = hsds_table_column(entity, own_id[child]);
		if (at >= 0 && !value[at])
			value[at] = json_string_value(id);
	}
}

/* Lists and objects inside. */
static int walk_inside(struct walk *w, json_t *v, const struct parent *p,
		       int depth)
{
	const char *key;
	json_t *is, *one;
	size_t i;
	int x = 0;

	json_object_foreach (v, key, is) {
		int entity = json_is_array(is) || json_is_object(is)
				     ? hsds_table_find(key)
				     : HSDS_UNKNOWN;

		if (entity < 0)
			continue;
		if (json_is_object(is))
			x = walk_thing(w, is, entity, p, depth + 1);
		json_array_foreach (is, i, one) {
			if (x == 0)
				x = walk_thing(w, one, entity, p, depth + 1);
		}
		if (x != 0)
			break;
	}
	return x;
}

static int walk_thing(struct walk *w, json_t *v, int entity,
		      const struct parent *p, int depth)
{
	char buf[HSDS_VALUES][NUMBER_TEXT], made[NUMBER_TEXT];
	const char *value[HSDS_VALUES] = {NULL};
	struct parent self = {entity, NULL, p};
	int x;

	if (depth > DEPTH_MAX)
		return err_set(E_FORMAT, "it is nested too deep");
	if (!json_is_object(v))
		return hsds_table_wrong(w->u, w->u->file, w->entry, "",
					"an object is wanted in a list of "
					"them; it was left out");
	own_values(v, (enum hsds_entity)entity, value, buf);
	parent_ids((enum hsds_entity)entity, p, value);
	child_ids(v, (enum hsds_entity)entity, value);
	if (!value[0] && (entity == HSDS_AT || entity == HSDS_LOCATION)) {
		/* Only what stands inside of it has to know it. */
		snprintf(made, sizeof made, "#%lld", (long long)++w->made);
		value[0] = made;
	}
	self.id = value[0];
	x = hsds_table_put(w->u, (enum hsds_entity)entity, w->entry, value);
	return x == 0 ? walk_inside(w, v, &self, depth) : x;
}

/* By the file's name, where it is that of a table; else by what only one of
 * them has. */
static int guess(const struct walk *w, json_t *v)
{
	static const char *const service[] = {"organization_id",
					      "service_at_locations",
					      "eligibility_description",
					      "application_process",
					      "wait_time",
					      "interpretation_services"};
	static const char *const organization[] = {
		"services",	"tax_id",
		"legal_status", "year_incorporated",
		"programs",	"organization_identifiers",
		"website"};
	const char *name = w->u->file;
	char table[60];
	int named;

	snprintf(table, sizeof table, "%.*s", (int)strcspn(name, "."), name);
	named = hsds_table_find(table);
	if (named != HSDS_UNKNOWN)
		return named;
	if (json_is_object(json_object_get(v, "service")) &&
	    json_is_object(json_object_get(v, "location")))
		return HSDS_AT;
	for (size_t i = 0; i < sizeof service / sizeof *service; i++) {
		if (json_object_get(v, service[i]))
			return HSDS_SERVICE;
	}
	for (size_t i = 0; i < sizeof organization / sizeof *organization;
	     i++) {
		if (json_object_get(v, organization[i]))
			return HSDS_ORGANIZATION;
	}
	if (strncmp(name, "organization_", 13) == 0)
		return HSDS_ORGANIZATION;
	return strncmp(name, "service_", 8) == 0 ? HSDS_SERVICE : HSDS_UNKNOWN;
}

static int walk_list(struct walk *w, json_t *list, int entity)
{
	json_t *v;
	size_t i;
	int x = 0;

	json_array_foreach (list, i, v) {
		int is = entity == HSDS_UNKNOWN ? guess(w, v) : entity;

		w->entry = (int64_t)i + 1;
		if (x != 0)
			break;
		if (is >= 0)
			x = walk_thing(w, v, is, NULL, 0);
		else if (is == HSDS_UNKNOWN)
			x = hsds_table_wrong(
				w->u, w->u->file, w->entry, "",
				"neither an organization nor a service; it "
				"was left out");
	}
	return x;
}

/* Are there lists in it that are called as tables are? */
static bool is_tables(json_t *v)
{
	const char *key;
	json_t *is;
	bool any = false;

	json_object_foreach (v, key, is) {
		if (!json_is_array(is) || hsds_table_find(key) == HSDS_UNKNOWN)
			return false;
		any = true;
	}
	return any;
}

static int walk_top(struct walk *w, json_t *v)
{
	json_t *page = json_object_get(v, "contents"), *is;
	const char *key;
	int x = 0;

	if (json_is_array(v))
		return walk_list(w, v, HSDS_UNKNOWN);
	if (json_is_array(page))
		return walk_list(w, page, HSDS_UNKNOWN);
	if (is_tables(v)) {
		json_object_foreach (v, key, is) {
			if (x == 0)
				x = walk_list(w, is, hsds_table_find(key));
		}
		return x;
	}
	w->entry = 1;
	if (guess(w, v) >= 0)
		return walk_thing(w, v, guess(w, v), NULL, 0);
	return err_set(E_FORMAT, "it has neither organizations nor services of "
				 "HSDS");
}

int hsds_json(struct hsds_run *u, const char *text, size_t len)
{
	struct walk w = {.u = u};
	json_error_t e;
	json_t *v;
	int x;

	v = json_loadb(text, len, JSON_REJECT_DUPLICATES, &e);
	if (!v)
		return err_set(E_FORMAT,
			       "it is not JSON, at line %d, column %d; it was "
			       "left out",
			       e.line, e.column);
	x = json_is_object(v) || json_is_array(v)
		    ? walk_top(&w, v)
		    : err_set(E_FORMAT, "it has neither organizations nor "
					"services of HSDS");
	json_decref(v);
	return x;
}
