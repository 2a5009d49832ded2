/* Tests of the desk's routes: every route, every role and nobody. */
#include "tests/unit/node_world.h"
#include "tests/unit/routes_fix.h"

#include "regional/case/assignment.h"
#include "regional/case/child.h"
#include "regional/case/kase.h"
#include "regional/case/staff.h"
#include "regional/desk/desk.h"

struct fix {
	struct node_world w;
	struct desk desk;
	struct routes t;
};

static void quiet(void *arg, enum log_level level, const char *line)
{
}

static void every_route_is_for_whom_it_says(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	log_to(quiet, NULL);
	node_world_init(&f->w, NETWORK_SYNTHETIC, -1);
	desk_init(&f->desk, f->w.n);
	routes_open(&f->t, &f->desk.hooks, desk_routes, f->w.dir);
	routes_matrix(&f->t, desk_routes);
	routes_close(&f->t);
	node_world_fini(&f->w);
	log_to(NULL, NULL);
	mem_free(f);
}

/* Child 1 is of the caseload of staff 1. */
static void somebody_has_a_child(struct node_world *w)
{
	struct records *r = &w->n->rec;
	struct child c = {.given = "Lily",
			  .family = "Tran",
			  .birth = date_from_ymd(2017, 6, 9),
			  .sex = "unknown"};
	struct staff dana = {.name = "Dana Whitcomb",
			     .role = "coordinator",
			     .started = date_from_ymd(2026, 1, 1),
			     .ended = NO_DATE};
	int64_t one, child, kase, id;

	check_ok(staff_add(r, &dana, 100, &one));
	check_ok(child_add(r, &c, &child));
	check_ok(kase_open(r, child, date_from_ymd(2026, 10, 1), &kase));
	check_ok(assignment_set(r, kase, one, date_from_ymd(2026, 10, 1), "",
				&id));
	assert_int_equal(child, 1);
}

/* A page is answered by the form of emergency access, what writes by 403. */
static int closed_routes(struct routes *t, const struct page_route *list,
			 int64_t account)
{
	int asked = 0;

	for (; list->path; list++) {
		int64_t before = routes_denials(t);
		char path[200];
		int status;

		if (strncmp(list->path, "/child/{id}", 11) != 0)
			continue;
		routes_path(list->path, path);
		routes_become(t, account);
		status = list->method == PAGE_GET
				 ? web_get(&t->c, path)
				 : web_send(&t->c, path, "a=1");
		if (status != (list->method == PAGE_GET ? 303 : 403) ||
		    (status == 303 && !web_has(&t->c, "/emergency/child/1")) ||
		    web_has(&t->c, "Tran") || routes_denials(t) != before + 1)
			fail_msg("%s %s: %d\n%s",
				 list->method == PAGE_GET ? "GET" : "POST",
				 path, status, t->c.got);
		asked++;
	}
	return asked;
}

static void every_page_of_a_child_asks_who_may_see_it(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);
	int asked = 0;
	int64_t jo;

	log_to(quiet, NULL);
	node_world_init(&f->w, NETWORK_SYNTHETIC, -1);
	somebody_has_a_child(&f->w);
	desk_init(&f->desk, f->w.n);
	routes_open(&f->t, &f->desk.hooks, desk_routes, f->w.dir);
	jo = routes_account(&f->t, "jo", ROLE_COORDINATOR);
	for (int i = 0; desk_routes[i]; i++)
		asked += closed_routes(&f->t, desk_routes[i], jo);
	print_message("%d routes of a child\n", asked);
	assert_true(asked > 20);
	routes_close(&f->t);
	node_world_fini(&f->w);
	log_to(NULL, NULL);
	mem_free(f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_route_is_for_whom_it_says),
		cmocka_unit_test(every_page_of_a_child_asks_who_may_see_it),
	};

	return cmocka_run_group_tests_name("desk_routes", tests, NULL, NULL);
}
