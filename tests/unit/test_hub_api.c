/* Tests of daemon/hub/hub_api and api_token: who gets an answer, that it is the
 * pages' answer, and that it can be of a day that is past. */
#include "tests/unit/hub_world.h"
#include "tests/unit/routes_fix.h"

#include <jansson.h>

#include "daemon/hub/api_token.h"
#include "daemon/hub/figure.h"
#include "daemon/hub/hub_api.h"
#include "daemon/hub/hub_site.h"
#include "daemon/hub/measures.h"

struct fix {
	struct world w;
	struct hub_site site;
	struct routes t;
	struct hand north;
	struct ta_hand by;
	char headers[120];
	uint64_t seq;
};

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	world_init(&f->w, NETWORK_SYNTHETIC);
	hand_joined(&f->north, &f->w, "north");
	hub_site_init(&f->site, f->w.hub);
	routes_open(&f->t, &f->site.hooks, hub_site_routes, f->w.hub->dir);
	f->by = (struct ta_hand){.db = f->w.hub->db,
				 .now_utc_ms = world_now(),
				 .today = date_of_utc(world_now()),
				 .who = "user:ann"};
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	routes_close(&f->t);
	hand_fini(&f->north);
	world_fini(&f->w);
	mem_free(f);
	return 0;
}

static void month(struct fix *f, int32_t at, uint32_t version, uint32_t linked)
{
	struct release r;

	hand_release(&f->north, &r, at, version);
	add_block(f->w.table, &r, 0, 0, at, 0, linked, 111);
	assert_int_equal(hand_deliver(&f->north, &r, ++f->seq), KIND_RECEIPT);
	release_fini(&r);
}

static int64_t make_key(struct fix *f)
{
	char token[SECRET_TOKEN];
	int64_t id = 0;

	check_ok(api_token_add(&f->by, f->w.hub->rng, "Dashboard", token, &id));
	snprintf(f->headers, sizeof f->headers, "Authorization: Bearer %s\r\n",
		 token);
	f->t.c.headers = f->headers;
	return id;
}

/* The body as JSON, for json_decref. */
static json_t *ask(struct fix *f, const char *path, int status)
{
	const char *body;
	json_t *o;

	assert_int_equal(web_get(&f->t.c, path), status);
	body = strstr(f->t.c.got, "\r\n\r\n");
	assert_non_null(body);
	o = json_loads(body + 4, 0, NULL);
	assert_non_null(o);
	return o;
}

static void a_key_opens_until_it_is_revoked(void **state)
{
	struct fix *f = *state;
	int64_t id;

	json_decref(ask(f, "/api/v1/measures", 401));
	f->t.c.headers = "Authorization: Bearer "
			 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n";
	json_decref(ask(f, "/api/v1/measures", 401));
	id = make_key(f);
	json_decref(ask(f, "/api/v1/measures", 200));
	json_decref(ask(f, "/api/v1/regions", 200));
	/* It opens nothing else. */
	assert_int_equal(web_get(&f->t.c, "/releases"), 401);
	check_ok(api_token_revoke(&f->by, id));
	json_decref(ask(f, "/api/v1/measures", 401));
	assert_int_equal(api_token_revoke(&f->by, id), E_STATE);
	assert_int_equal(api_token_revoke(&f->by, 77), E_NOTFOUND);
}

static void keys_are_stored_as_hashes(void **state)
{
	struct fix *f = *state;
	const char *key;
	int64_t n = 0;

	make_key(f);
	key = f->headers + strlen("Authorization: Bearer ");
	check_ok(db_int(f->w.hub->db, &n,
			"SELECT count(*) FROM api_token WHERE "
			"instr(CAST(hash AS TEXT), substr(?, 1, 43)) OR "
			"length(hash) <> 32",
			"s", key));
	assert_int_equal(n, 0);
}

struct want {
	json_t *rows;
	const struct measure *m;
	size_t n;
};

static int same_row(void *arg, const struct measure_row *r)
{
	struct want *w = arg;
	json_t *o = json_array_get(w->rows, w->n++);
	char text[FIGURE_TEXT];

	assert_string_equal(json_string_value(json_object_get(o, "text")),
			    figure_of(w->m, r, text));
	if (r->said == SAID_FIGURE)
		assert_int_equal(json_integer_value(json_object_get(
					 json_object_get(o, "count"), "low")),
				 r->numerator.low);
	else
		assert_null(json_object_get(o, "count"));
	return 0;
}

static void rows_are_those_of_the_pages(void **state)
{
	struct fix *f = *state;
	const struct catalogue *cat = f->w.cat;
	struct period p = {month_no(2026, 1), 3};
	struct want w = {.m = catalogue_measure(
				 cat, catalogue_find_measure(cat, "M10"))};
	json_t *o;

	for (int m = 0; m < 3; m++)
		month(f, month_no(2026, 1) + m, 1, 400);
	make_key(f);
	o = ask(f, "/api/v1/measures/M10?period=2026Q1&by=region", 200);
	w.rows = json_object_get(o, "rows");
	check_ok(measures_show(f->w.hub, f->w.hub->db, w.m, &p, 1, BY_REGION,
			       NULL, same_row, &w));
	assert_int_equal(w.n, json_array_size(w.rows));
	assert_int_equal(w.n, 3);
	json_decref(o);
}

static long long count_of(struct fix *f, const char *path)
{
	json_t *o = ask(f, path, 200);
	json_t *row = json_array_get(json_object_get(o, "rows"), 0);
	json_t *count = json_object_get(row, "count");
	long long n = count ? json_integer_value(json_object_get(count, "low"))
			    : -1;

	json_decref(o);
	return n;
}

static void a_past_day_is_as_it_was(void **state)
{
	struct fix *f = *state;

	month(f, month_no(2026, 1), 1, 400);
	f->w.clock.now_utc_ms += 3LL * 24 * 3600 * 1000;
	month(f, month_no(2026, 1), 2, 380);
	make_key(f);
	/* 1 June 2027 is the day of the first version, 4 June of the next. */
	assert_int_equal(count_of(f, "/api/v1/measures/M10?period=2026-01"),
			 380);
	assert_int_equal(count_of(f, "/api/v1/measures/M10?period=2026-01"
				     "&as_of=2027-06-03"),
			 400);
	assert_int_equal(count_of(f, "/api/v1/measures/M10?period=2026-01"
				     "&as_of=2027-06-04"),
			 380);
	assert_int_equal(count_of(f, "/api/v1/measures/M10?period=2026-01"
				     "&as_of=2027-05-31"),
			 -1);
	/* The connection is back in the present. */
	for (int i = 0; i < 8; i++)
		assert_int_equal(
			count_of(f, "/api/v1/measures/M10?period=2026-01"),
			380);
}

static int on_change(void *arg, const struct store_change *c)
{
	int *n = arg;

	n[c->first]++;
	return 0;
}

static void what_restated_it_is_known(void **state)
{
	struct fix *f = *state;
	struct period p = {month_no(2026, 1), 3};
	int32_t day = date_of_utc(world_now());
	int n[2] = {0, 0};

	month(f, month_no(2026, 1), 1, 400);
	f->w.clock.now_utc_ms += 3LL * 24 * 3600 * 1000;
	month(f, month_no(2026, 1), 2, 380);
	month(f, month_no(2026, 2), 1, 400);
	check_ok(store_changes(f->w.hub->db, NULL, "referrals_90d", p, day,
			       on_change, n));
	assert_int_equal(n[0], 1); /* a restatement */
	assert_int_equal(n[1], 1); /* a month that was not there */
}

static void what_is_wrong_is_said(void **state)
{
	struct fix *f = *state;
	json_t *o;

	make_key(f);
	o = ask(f, "/api/v1/measures/M10?period=2026Q7", 400);
	assert_non_null(json_object_get(o, "error"));
	json_decref(o);
	o = ask(f, "/api/v1/measures/M10?by=child&period=2026Q1", 400);
	assert_non_null(strstr(json_string_value(json_object_get(o, "error")),
			       "\"child\""));
	json_decref(o);
	json_decref(ask(f, "/api/v1/measures/M99", 404));
	json_decref(ask(f, "/api/v1/measures/M10?region=x&period=2026", 404));
	json_decref(
		ask(f, "/api/v1/measures/M10?as_of=today&period=2026", 400));
	f->t.c.headers = NULL;
	json_decref(ask(f, "/api/v1/openapi.json", 200));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
		T(a_key_opens_until_it_is_revoked),
		T(keys_are_stored_as_hashes),
		T(rows_are_those_of_the_pages),
		T(a_past_day_is_as_it_was),
		T(what_restated_it_is_known),
		T(what_is_wrong_is_said),
	};

	return cmocka_run_group_tests_name("hub_api", tests, NULL, NULL);
}
