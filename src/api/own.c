/* Routes outside the dialects: whether this server is alive and whether it is ready. */
#include "problem.h"
#include "route.h"
#include "shape.h"
#include "kybdesk/desk/read.h"

static enum err handle_health(struct request *r, struct error *error)
{
	(void)error;
	return answer_json(r, 200, BODY("Health", AS_TEXT("ok")));
}

static enum err handle_ready(struct request *r, struct error *error)
{
	int64_t counts[INBOX_COUNT];
	enum err err = desk_inbox_counts(r->desk, counts, error);

	if (!err)
		err = desk_check_writable(r->desk, error);

	/* Any error means not ready: a load balancer must send no requests here. */
	if (err)
		r->answer.status = 503;
	return err ? err : answer_json(r, 200, BODY("Health", AS_TEXT("ready")));
}

static struct json_value *problem_json(const struct problem *problem)
{
	return BODY("ProblemKind", AS_TEXT(problem->code), AS_TEXT(problem->title), AS_TEXT(problem->resolve));
}

/* Handles the address that an error has as its type. */
static enum err handle_problem(struct request *r, struct error *error)
{
	const struct problem *problem = problem_find(r->arguments[0]);

	if (!problem)
		return error_set(error, ERR_NOT_FOUND, "Unknown problem \"%s\". List them with: GET /problems",
				 r->arguments[0]);
	return answer_json(r, 200, problem_json(problem));
}

static enum err handle_problems(struct request *r, struct error *error)
{
	size_t count;
	const struct problem *problems = problems_all(&count);

	(void)error;
	JSON_LIST(data, i, count, problem_json(&problems[i]));
	return answer_json(r, 200, BODY("ProblemKinds", data));
}

static const struct route rows[] = {
	{ ROUTE_PUBLIC, .path = "/healthz", .response = "200:Health", .answer = handle_health,
	  .summary = "Check whether the server responds" },
	{ ROUTE_PUBLIC, .path = "/readyz", .response = "200:Health", .answer = handle_ready,
	  .summary = "Check whether the store can be read and written" },
	{ ROUTE_PUBLIC, .path = "/problems", .response = "200:ProblemKinds", .answer = handle_problems,
	  .summary = "List the kinds of errors" },
	{ ROUTE_PUBLIC, .path = "/problems/{problem}", .response = "200:ProblemKind", .answer = handle_problem,
	  .summary = "Get one kind of error, by the address in the type of an error" },
};
const struct routes routes_own = { rows, sizeof rows / sizeof *rows, DIALECT_OWN };
