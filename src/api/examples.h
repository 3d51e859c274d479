/*
 * Examples of the reference: requests and responses that tests/stranger/examples.py has received from a server
 * (data/api/examples.json, built in).
 */
#ifndef KYBDESK_SRC_API_EXAMPLES_H
#define KYBDESK_SRC_API_EXAMPLES_H

#include "route.h"

struct examples;
struct examples *examples_new(void);
void examples_free(struct examples *examples);

/* NULL: none. */
const struct json_value *example_of_request(const struct examples *examples, const struct route *route);
const struct json_value *example_of_response(const struct examples *examples, const struct route *route,
					     int status);
/* name: of a shared response, "Problem400". */
const struct json_value *example_of_error(const struct examples *examples, const char *name);

#endif
