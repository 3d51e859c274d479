#include "examples.h"
#include "kybdesk/base/resource.h"

#include <stdlib.h>

#define NAME "api/examples.json"

struct examples {
	struct json_value *root;
};

struct examples *examples_new(void)
{
	const struct resource *file = resource_embedded(NAME);
	struct examples *examples = xcalloc(1, sizeof *examples);

	if (!file || json_read((const char *)file->bytes, file->length, &examples->root, NULL))
		BUG("%s is not built in", NAME);
	return examples;
}

void examples_free(struct examples *examples)
{
	json_free(examples->root);
	free(examples);
}

/* {"request", "status", "response"}; NULL: a page, a redirect or a file. */
static const struct json_value *operation(const struct examples *examples, const struct route *route)
{
	struct arena arena = ARENA_INIT;
	const char *name = arena_printf(&arena, "%s %s", route->method, route->path);
	const struct json_value *found = json_get(json_get(examples->root, "operations"), name);

	arena_release(&arena);
	return found;
}

const struct json_value *example_of_request(const struct examples *examples, const struct route *route)
{
	const struct json_value *found = operation(examples, route);

	return found ? json_get(found, "request") : NULL;
}

const struct json_value *example_of_response(const struct examples *examples, const struct route *route, int status)
{
	const struct json_value *found = operation(examples, route);
	int64_t kept;

	return found && json_get_int(found, "status", &kept) && kept == status ? json_get(found, "response") : NULL;
}

const struct json_value *example_of_error(const struct examples *examples, const char *name)
{
	return json_get(json_get(examples->root, "errors"), name);
}
