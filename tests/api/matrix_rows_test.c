/* Tests that each route has a row in matrix_rows.c, and that routes run only verbs that outside callers may run. */
#include "matrix_rows.h"
#include "reference.h"
#include "support/verb_rows.h"

#include <stdlib.h>
#include <string.h>

static const struct entrance_row *row_of(const struct reference_route *route)
{
	for (size_t i = 0; i < entrance_row_count; i++) {
		if (!strcmp(entrance_rows[i].method, route->method) && !strcmp(entrance_rows[i].path, route->path))
			return &entrance_rows[i];
	}
	return NULL;
}

static bool has_bearer_row(const struct reference_route *route)
{
	const char *end = strstr(route->path, "{token}");
	size_t length = end ? (size_t)(end - route->path) + strlen("{token}") : 0;

	for (size_t i = 0; end && i < bearer_row_count; i++) {
		const char *path = bearer_rows[i].path, *rest = path + length, *more = route->path + length;

		/* Compares the path after the token up to the next {…}, such as "/steps/". */
		if (!strcmp(bearer_rows[i].method, route->method) && !strncmp(path, route->path, length) &&
		    strcspn(rest, "/") == strcspn(more, "/") && !strncmp(rest, more, strcspn(more, "{")))
			return true;
	}
	return false;
}

TestSuite(api_matrix_rows);

Test(api_matrix_rows, every_route_of_the_reference_has_a_row_with_its_permission)
{
	struct box box;
	size_t count, rows = 0;
	struct reference_route *routes;

	box_open_bare(&box);
	routes = reference_routes(&box, &count);
	for (size_t i = 0; i < count; i++) {
		const struct entrance_row *row = row_of(&routes[i]);
		bool bearer = has_bearer_row(&routes[i]);

		cr_expect_neq(row != NULL, bearer, "%s %s is never tried, or twice", routes[i].method, routes[i].path);
		cr_expect_str_eq(row ? row->permission : "", routes[i].permission, "%s %s", routes[i].method,
				 routes[i].path);
		rows += row != NULL;
	}
	cr_expect_eq(rows, entrance_row_count, "a row is about no route");
	box_close(&box);
}

#define NAMED(NAME, ...) [VERB_##NAME] = "VERB_" #NAME,
static const char *const names_of[VERB_COUNT] = { VERBS(NAMED) };

/* The desk allows a merchant and its client to change shares in other parties, but no route does this. */
static bool has_no_route(enum verb verb)
{
	return verb == VERB_PARTY_OWN;
}

/* verb_rows and the desk have the same capacities for each verb: the suite `matrix` of test_desk tests this. */
Test(api_matrix_rows, what_those_outside_may_and_nothing_else_is_asked_for_by_a_route)
{
	const unsigned outside =
		BY_KEY | BY_SANDBOX_KEY | BY_OWN_KEY | BY_MERCHANT | BY_CLIENT | 1u << CAPACITY_PROVIDER;
	char *text = entrance_text();

	for (unsigned verb = 0; verb < VERB_COUNT; verb++) {
		bool named = entrance_names(text, names_of[verb]);

		cr_expect_eq(named, (verb_rows[verb].capacities & outside) && !has_no_route((enum verb)verb),
			     "%s is %s by a route", names_of[verb], named ? "asked for" : "not asked for");
	}
}
