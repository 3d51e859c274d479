/* Commands of clients and merchants: --for client or merchant works only in a sandbox, --for intake in every store. */
#include "expect.h"

#include <stdlib.h>
#include <string.h>

TestSuite(client, .init = box_set_up_bare, .fini = box_tear_down);

static int open_session(const char *as)
{
	return box_json(&box, "session", "open", "generic-kyc", "--merchant", "shop", "--ref", "1", "--subject-kind",
			"individual", "--uid", "user-1", "--name", "Ines Duarte", "--for", as, NULL);
}

Test(client, is_stood_in_for_in_a_sandbox_only)
{
	DONE("init");
	DONE("merchant", "add", "shop");
	DONE("store", "set", "public_url", "https://kyb.shop.example");
	cr_expect_neq(open_session("merchant"), 0);
	SHOWS("error.code: forbidden");
	cr_assert_eq(open_session("intake"), 0, "%s", box.last.out);
	cr_expect_neq(box_json(&box, "session", "start", "1", "--for", "client", NULL), 0);
	SHOWS("error.code: forbidden");
	cr_expect_neq(box_json(&box, "document", "add", "1", "PASSPORT", "--for", "merchant", NULL), 0);
	SHOWS("error.code: forbidden");
	GIVES(("session", "start", "1"), "status: active");
}

Test(client, gives_fields_as_words_json_or_a_file)
{
	DONE("init", "--sandbox");
	cr_assert_eq(open_session("merchant"), 0, "%s", box.last.out);
	DONE_JSON("step", "save", "1", "identity", "--field", "name=Ines = Duarte", "--field", "adult:=true", "--field",
		  "children:=[1,2]");
	GIVES(("show", "1", "--reveal"), "steps[0].fields.name: Ines = Duarte", "steps[0].fields.adult = true",
	      "steps[0].fields.children has 2");
	GIVES(("step", "save", "1", "identity", "--field", "children:=null"), "steps[0].fields.children is absent");
	box_write(&box, "fields.json", "{\"name\":\"Inês\"}");
	DONE_JSON("step", "save", "1", "identity", "--json-fields", "fields.json", "--done");
	GIVES(("show", "1", "--reveal"), "steps[0].fields.name: Inês", "steps[0].status: completed");
	cr_expect_neq(box_json(&box, "step", "save", "1", "identity", "--field", "name", NULL), 0);
	SHOWS("error.code: usage");
	cr_expect_neq(box_json(&box, "step", "save", "1", "identity", "--field", "name:=x", NULL), 0);
	cr_expect_neq(box_json(&box, "step", "save", "1", "identity", NULL), 0);
	cr_expect_neq(box_json(&box, "session", "submit", "1", "--for", "reviewer", NULL), 0);
}
