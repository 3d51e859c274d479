/* What clients and merchants do, by command: in their place in a sandbox only, as intake everywhere. */
#include "box.h"

#include <stdlib.h>
#include <string.h>

TestSuite(client, .init = box_set_up_bare, .fini = box_tear_down);

static int open_session(const char *as)
{
	return box_json(&box, "session", "open", "generic-kyc", "--merchant", "shop", "--ref", "1",
			"--subject-kind", "individual", "--uid", "user-1", "--name", "Ines Duarte", "--for", as,
			NULL);
}

Test(client, is_stood_in_for_in_a_sandbox_only)
{
	cr_assert_eq(box_run(&box, "init", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "merchant", "add", "shop", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "store", "set", "public_url", "https://kyb.shop.example", NULL), 0, "%s",
		     box.last.err);
	cr_expect_neq(open_session("merchant"), 0);
	cr_expect_str_eq(error_code(&box), "forbidden", "%s", box.last.out);
	cr_assert_eq(open_session("intake"), 0, "%s", box.last.out);
	cr_expect_neq(box_json(&box, "session", "start", "1", "--for", "client", NULL), 0);
	cr_expect_str_eq(error_code(&box), "forbidden", "%s", box.last.out);
	cr_expect_neq(box_json(&box, "document", "add", "1", "PASSPORT", "--for", "merchant", NULL), 0);
	cr_expect_str_eq(error_code(&box), "forbidden", "%s", box.last.out);
	cr_assert_eq(box_json(&box, "session", "start", "1", NULL), 0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "status"), "active");
}

Test(client, gives_fields_as_words_json_or_a_file)
{
	cr_assert_eq(box_run(&box, "init", "--sandbox", NULL), 0, "%s", box.last.err);
	cr_assert_eq(open_session("merchant"), 0, "%s", box.last.out);
	cr_assert_eq(box_json(&box, "step", "save", "1", "identity", "--field", "name=Ines = Duarte", "--field",
			      "adult:=true", "--field", "children:=[1,2]", NULL),
		     0, "%s", box.last.out);
	cr_assert_eq(box_json(&box, "show", "1", "--reveal", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "steps[0].fields.name"), "Ines = Duarte");
	cr_expect(json_is_true(json_path(box.json, "steps[0].fields.adult")));
	cr_expect_eq(json_array_size(json_path(box.json, "steps[0].fields.children")), 2);
	cr_assert_eq(box_json(&box, "step", "save", "1", "identity", "--field", "children:=null", NULL), 0, "%s",
		     box.last.out);
	cr_expect_null(json_path(box.json, "steps[0].fields.children"));
	box_write(&box, "fields.json", "{\"name\":\"Inês\"}");
	cr_assert_eq(
		box_json(&box, "step", "save", "1", "identity", "--json-fields", "fields.json", "--done", NULL), 0,
		"%s", box.last.out);
	cr_assert_eq(box_json(&box, "show", "1", "--reveal", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "steps[0].fields.name"), "Inês");
	cr_expect_str_eq(json_path_text(box.json, "steps[0].status"), "completed");
	cr_expect_neq(box_json(&box, "step", "save", "1", "identity", "--field", "name", NULL), 0);
	cr_expect_str_eq(error_code(&box), "usage", "%s", box.last.out);
	cr_expect_neq(box_json(&box, "step", "save", "1", "identity", "--field", "name:=x", NULL), 0);
	cr_expect_neq(box_json(&box, "step", "save", "1", "identity", NULL), 0);
	cr_expect_neq(box_json(&box, "session", "submit", "1", "--for", "reviewer", NULL), 0);
}
