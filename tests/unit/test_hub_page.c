/* Tests of daemon/hub/hub_page: the page says what the figures say, in words that
 * everybody knows. */
#include "tests/unit/hub_world.h"

#include <ctype.h>

#include "daemon/hub/hub_page.h"
#include "daemon/web/html.h"

struct fix {
	struct world w;
	struct hand north;
};

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	world_init(&f->w, NETWORK_SYNTHETIC);
	hand_joined(&f->north, &f->w, "north");
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	hand_fini(&f->north);
	world_fini(&f->w);
	mem_free(f);
	return 0;
}

static void close_months(struct fix *f, int n)
{
	for (int m = 0; m < n; m++) {
		struct release r;
		int32_t month = month_no(2026, 1) + m;

		hand_release(&f->north, &r, month, 1);
		add_block(f->w.table, &r, 0, 0, month, 0, 400, 111);
		assert_int_equal(hand_deliver(&f->north, &r, (uint64_t)month),
				 KIND_RECEIPT);
		release_fini(&r);
	}
}

/* NUL-terminated, for mem_free. */
static char *page(struct fix *f)
{
	struct html d;
	char *text, *out = NULL;
	size_t len = 0;

	html_init(&d);
	check_ok(hub_page_draw(f->w.hub, f->w.hub->db, &d));
	check_ok(html_take(&d, &out, &len));
	text = mem_calloc(1, len + 1);
	memcpy(text, out, len);
	mem_free(out);
	html_fini(&d);
	return text;
}

static char *counters(struct fix *f)
{
	char *text = NULL;

	check_ok(hub_page_counters(f->w.hub, &text));
	return text;
}

static int occurs(const char *text, const char *part)
{
	int n = 0;

	while ((text = strstr(text, part))) {
		text += strlen(part);
		n++;
	}
	return n;
}

static void page_shows_the_figures(void **state)
{
	struct fix *f = *state;
	char *p;

	close_months(f, 12);
	p = page(f);
	assert_true(occurs(p, "78.3\xc2\xa0%") >= 2); /* state and north */
	assert_true(occurs(p, "4,800 of\xc2\xa0"
			      "6,132") >= 2);
	/* A range is a range, on one line: no guess before it. */
	assert_int_equal(occurs(p, "% ("), 0);
	assert_int_equal(occurs(p, "%\xc2\xa0("), 0);
	assert_true(occurs(p, "1 of 2 regions") >= 1);
	assert_true(occurs(p, "North Region") >= 1);
	assert_int_equal(occurs(p, "<table"), occurs(p, "<caption>"));
	assert_int_equal(occurs(p, "<script"), 0);
	assert_int_equal(occurs(p, "style="), 0);
	mem_free(p);
}

/* Every link leads to a place on the page or to a measure's own, and no id is
 * there twice. */
static void links_lead_somewhere(void **state)
{
	struct fix *f = *state;
	char *p, id[40];
	int links = 0, measures = 0;

	close_months(f, 3);
	p = page(f);
	for (const char *at = p; (at = strstr(at, "href=\""));) {
		at += strlen("href=\"");
		links++;
		if (strncmp(at, "/measure/M", strlen("/measure/M")) == 0) {
			measures++;
			continue;
		}
		assert_int_equal(*at, '#');
		snprintf(id, sizeof id, " id=\"%.*s\"",
			 (int)strcspn(at + 1, "\""), at + 1);
		assert_int_equal(occurs(p, id), 1);
	}
	assert_true(links > 5);
	assert_true(measures > 5);
	mem_free(p);
}

static void kinds_are_shown_for_each_region(void **state)
{
	struct fix *f = *state;
	const char *from, *north;
	char *p;

	close_months(f, 3);
	p = page(f);
	from = strstr(p, "id=\"M18R\"");
	assert_non_null(from);
	north = strstr(from, "North Region");
	assert_non_null(north);
	assert_true(north < strstr(from, "</section>"));
	mem_free(p);
}

static void months_that_are_not_closed_are_said(void **state)
{
	struct fix *f = *state;
	struct hand south;
	char *p;

	hand_joined(&south, &f->w, "south");
	close_months(f, 12);
	p = page(f);
	assert_true(occurs(p, "not closed yet") > 0);
	mem_free(p);
	for (int m = 0; m < 7; m++) {
		struct release r;
		int32_t month = month_no(2026, 1) + m;

		hand_release(&south, &r, month, 1);
		add_block(f->w.table, &r, 0, 0, month, 0, 20, 11);
		assert_int_equal(hand_deliver(&south, &r, (uint64_t)month),
				 KIND_RECEIPT);
		release_fini(&r);
	}
	hand_fini(&south);
	/* Two joined: both count for what is newest, the first half-year. */
	p = page(f);
	assert_true(occurs(p, "April-June 2026") > 0);
	mem_free(p);
}

static void silence_is_on_the_page(void **state)
{
	struct fix *f = *state;
	char *p;

	close_months(f, 1);
	p = counters(f);
	assert_int_equal(occurs(p, "\nccfed_alarms_total 0\n"), 1);
	mem_free(p);
	clock_set_advance(&f->w.clock, 12 * 60 * 1000);
	p = page(f);
	assert_int_equal(occurs(p, "not heard for 12 minutes"), 1);
	mem_free(p);
	/* Counted once. */
	mem_free(counters(f));
	p = counters(f);
	assert_int_equal(occurs(p, "\nccfed_alarms_total 1\n"), 1);
	mem_free(p);
}

static void page_stands_before_anybody_reported(void **state)
{
	struct fix *f = *state;
	char *p = page(f);

	assert_true(occurs(p, "No region has reported yet.") > 0);
	assert_int_equal(occurs(p, "NaN"), 0);
	mem_free(p);
}

static void trade_words_are_not_on_it(void **state)
{
	static const char *const word[] = {"node",  "lattice",	"envelope",
					   "epoch", "withheld", "restated"};
	struct fix *f = *state;
	struct hand second;
	char *p;

	close_months(f, 2);
	/* Something to look at: the region's node was replaced. */
	hand_joined(&second, &f->w, "north");
	assert_int_equal(hand_ask(&f->north, KIND_HEARTBEAT, "", 0),
			 KIND_REFUSED);
	hand_fini(&second);
	p = page(f);
	assert_true(occurs(p, "needs attention") == 1);
	for (char *c = p; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	for (size_t i = 0; i < sizeof word / sizeof *word; i++)
		if (strstr(p, word[i]))
			fail_msg("the page says \"%s\"", word[i]);
	mem_free(p);
}

/* Titles come from an operator. */
static void titles_are_escaped(void **state)
{
	struct fix *f = *state;
	char *p;

	check_ok(hub_region_add(f->w.hub, "east", "<script>East & co"));
	p = page(f);
	assert_int_equal(occurs(p, "<script"), 0);
	assert_true(occurs(p, "&lt;script&gt;East &amp; co") > 0);
	mem_free(p);
}

static void metrics_are_in_prometheus_form(void **state)
{
	struct fix *f = *state;
	char *p;

	close_months(f, 2);
	p = counters(f);
	assert_int_equal(occurs(p, "# TYPE ccfed_releases_new_total counter"),
			 1);
	assert_int_equal(occurs(p, "\nccfed_releases_new_total 2\n"), 1);
	mem_free(p);
}

static void page_survives_lack_of_memory(void **state)
{
	struct fix *f = *state;
	bool fired = true;

	close_months(f, 1);
	for (int n = 0; fired; n += 7) {
		char *out = NULL;
		size_t len;
		struct html d;
		int r;

		mem_fault(n);
		html_init(&d);
		r = hub_page_draw(f->w.hub, f->w.hub->db, &d);
		if (r == 0)
			r = html_take(&d, &out, &len);
		fired = mem_fault_off();
		if (r < 0 && (!fired || r != E_NOMEM))
			fail_msg("%s: %s", err_name(r), err_text(r));
		mem_free(out);
		html_fini(&d);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(page_shows_the_figures),
		T(links_lead_somewhere),
		T(kinds_are_shown_for_each_region),
		T(months_that_are_not_closed_are_said),
		T(silence_is_on_the_page),
		T(page_stands_before_anybody_reported),
		T(trade_words_are_not_on_it),
		T(titles_are_escaped),
		T(metrics_are_in_prometheus_form),
		T(page_survives_lack_of_memory),
	};

	return cmocka_run_group_tests_name("hub_page", tests, NULL, NULL);
}
