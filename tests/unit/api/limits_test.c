/* The limits in docs/api.md equal the program's tables. */
#include "limits.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Test(limits, stand_in_the_documentation)
{
	struct strbuf tables = STRBUF_INIT;
	FILE *in = fopen(KYB_SOURCE_DIR "/docs/api.md", "r");
	char *page = calloc(1, 1 << 20);

	limits_write(&tables);
	cr_assert_not_null(in);
	cr_assert_gt(fread(page, 1, (1 << 20) - 1, in), 0);
	fclose(in);
	cr_expect(strstr(page, tables.buf), "docs/api.md is to have:\n%s", tables.buf);
	strbuf_release(&tables);
	free(page);
}

Test(limits, are_there_for_each_route_with_a_body)
{
	for (struct route_cursor at = { 0 }; route_next(&at);) {
		const struct body_limits *most = body_limits_of_route(at.route);

		cr_expect_gt(most->bytes, 0u, "%s %s", at.route->method, at.route->path);
		cr_expect(at.route->body != BODY_JSON || (most->members && most->depth && most->text_bytes));
	}
}

static enum err check(const char *text)
{
	static const struct route route = { .body = BODY_JSON, .permission = PERMIT_NOT_NEEDED };
	struct request r = { .route = &route };
	struct error error = { 0 };
	enum err err = limits_check_json(&r, text, strlen(text), &error);

	arena_release(&r.arena);
	error_release(&error);
	return err;
}

Test(limits, measure_what_is_no_json_too)
{
	cr_expect_eq(check("{\"a\":[{},\"\\\"]\"]}"), ERR_OK);
	cr_expect_eq(check("\"never ends \\"), ERR_OK);
	cr_expect_eq(check("]]]]}}}}\\"), ERR_OK);
	cr_expect_eq(check("[[[[[[[[[[[[[[[["), ERR_OK);
	cr_expect_neq(check("[[[[[[[[[[[[[[[[["), ERR_OK);
	cr_expect_eq(check("\"[[[[[[[[[[[[[[[[[\""), ERR_OK, "brackets within a text do not count");
}
