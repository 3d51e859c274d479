/* A request for corrections is refused if the workflow has no such field, step or document. */
#include "documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *business, *owner;

/* A foreign owner of Atelio with a KYC in review. */
static void set_up(void)
{
	api_open(&api, NULL);
	NEED(201, "POST", "{\"name\":\"Acme Cards\",\"country\":\"US\"}", "/api/v0.1/businesses");
	business = api_keep(&api, "business_id");
	char *path = test_text("/api/v0.1/businesses/%s/beneficial_owners", business);
	NEED(201, "POST",
	     "{\"addresses\":[{\"address_type\":\"PHYSICAL\",\"street\":\"Rua do Ouro 12\",\"city\":"
	     "\"Lisboa\",\"state\":\"Lisboa\",\"zip_code\":\"1100-061\",\"country\":\"PT\","
	     "\"is_primary\":true}],\"dob\":\"1992-03-23\",\"first_name\":\"Boris\",\"last_name\":"
	     "\"Pasakovitch\"}",
	     "%s", path);
	owner = api_keep(&api, "beneficial_owner_id");
	NEED(200, "POST", "{\"program_id\":\"" ATELIO_PROGRAM "\"}", "%s/%s/verification-kyc", path, owner);
	NEED(200, "GET", NULL, "/kyc/sessions");
	path = api_keep(&api, "data[0].id");
	cr_assert_lt(api_callf(&api, "POST", "{\"results\":{\"final_decision\":\"manual_review\"}}",
			       "/kyc/sessions/%s/results", path),
		     300, "%s", api.last.body);
	owner = path;
}
TestSuite(correction, .init = set_up, .fini = api_tear_down);

static int ask(const char *item)
{
	return api_callf(&api, "POST", test_text("{\"corrections\":[{%s,\"message\":\"Again, please\"}]}", item),
			 "/kyc/sessions/%s/corrections", owner);
}

Test(correction, names_what_the_workflow_has)
{
	static const char *const bad[][3] = {
		{ "\"step_id\":\"identity\",\"field_ids\":[\"first_nam\"]", "corrections[0].field_ids",
		  "did you mean first_name?" },
		{ "\"step_id\":\"identity\",\"field_ids\":[\"first_name\",\"shoe size\"]", "corrections[0].field_ids",
		  "there are: program_id, dob" },
		{ "\"step_id\":\"documents\",\"field_ids\":[\"first_name\"]", "corrections[0].field_ids",
		  "has no fields" },
		{ "\"step_id\":\"addresses\",\"field_ids\":[\"addresses[0].zip\"]", "corrections[0].field_ids",
		  "addresses[0].zip" },
		{ "\"step_id\":\"identit\"", "corrections[0].step_id", "identit" },
		{ "\"step_id\":\"documents\",\"document_types\":[\"goverment_id\"]", "corrections[0].document_types",
		  "government_id" },
		{ "\"document_types\":[\"goverment_id\"]", "corrections[0].document_types", "government_id" },
		{ "\"field_ids\":[\"first_name\"]", "corrections[0].step_id", "Missing" },
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		cr_expect_eq(ask(bad[i][0]), 400, "%s: %s", bad[i][0], api.last.body);
		ANSWERS(test_text("error.fields[0].field: %s", bad[i][1]));
		BODY_HAS(bad[i][2]);
	}
	cr_expect_neq(box_run(&api.box, "corrections", owner, "--step", "identity", "--field", "first_nam", "--message",
			      "Again, please", NULL),
		      0);
	SAYS("did you mean first_name?");
	GETS(("/kyc/sessions/%s", owner), "status: manual_review", "corrections has 0");
	cr_expect_eq(ask("\"step_id\":\"addresses\",\"field_ids\":[\"addresses[0].zip_code\"]"), 200, "%s",
		     api.last.body);
}

Test(correction, takes_the_step_of_its_documents)
{
	DONE("corrections", owner, "--document", "government_id", "--document", "proof_of_address", "--message",
	     "Both, please", "--grace", "0");
	GETS(("/kyc/sessions/%s", owner), "corrections[0].step_id: documents");
	cr_expect_neq(box_run(&api.box, "corrections", owner, "--field", "first_name", "--message", "Again", NULL), 0);
}

Test(correction, of_documents_of_several_steps_names_the_step)
{
	NEED(201, "POST", PERSON, "/kyc/sessions");
	char *id = api_keep(&api, "id");
	api_in_store(&api, "UPDATE session SET status = 'manual_review'");
	cr_expect_neq(box_run(&api.box, "corrections", id, "--document", "PASSPORT", "--document", "PROOF_OF_ADDRESS",
			      "--message", "Both, please", NULL),
		      0);
	SAYS("name the step");
	DONE("corrections", id, "--step", "documents", "--document", "PASSPORT", "--document", "PROOF_OF_ADDRESS",
	     "--message", "Both, please");
}
