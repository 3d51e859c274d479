/* The desk edits a client's data: fields by name, checked against the rules, with a reason, and recorded. */
#include "expect.h"

#include <stdio.h>
#include <string.h>

TestSuite(edit, .init = box_set_up_files, .fini = box_tear_down);

#define WHY "--reason", "as the client wrote by post"

static void owner(const char *status, const char *submitted)
{
	char line[2048];

	snprintf(line, sizeof line,
		 "{\"external_ref\":\"ATE-1\",\"workflow\":\"atelio-beneficial-owner\",\"kind\":\"kyc\","
		 "\"merchant\":"
		 "\"shop\",\"status\":\"%s\"%s,\"subject\":{\"uid\":\"p-2\",\"kind\":\"individual\",\"name\":\"Ines "
		 "Duarte\",\"country\":\"PRT\"},\"steps\":[{\"id\":\"identity\",\"status\":\"completed\",\"fields\":"
		 "{\"first_name\":\"Ines\"}},{\"id\":\"addresses\",\"status\":\"completed\",\"fields\":{"
		 "\"addresses\":[{\"address_type\":\"PHYSICAL\",\"street\":\"4 Harbour "
		 "Lane\",\"city\":\"Porto\",\"country\":\"PT\"}]}}]}"
		 "\n",
		 status, submitted);
	box_import(&box, line);
}

static const char *shown(const char *path)
{
	DONE_JSON("show", "ATE-1", "--reveal");
	return json_path_text(box.json, path);
}

Test(edit, a_value_is_changed_by_its_path)
{
	owner("active", "");
	DONE("step", "edit", "ATE-1", "addresses", "--field", "addresses[0].city=Lisboa", "--field",
	     "addresses[0].is_primary:=true");
	cr_expect_str_eq(shown("steps[1].fields.addresses[0].city"), "Lisboa");
	SHOWS("steps[1].fields.addresses[0].is_primary = true", "steps[1].fields.addresses[0].street: 4 Harbour Lane");
	DONE("step", "edit", "ATE-1", "addresses", "--field", "addresses[1].city=Faro");
	cr_expect_str_eq(shown("steps[1].fields.addresses[1].city"), "Faro");
	DONE("step", "edit", "ATE-1", "addresses", "--field", "addresses[0].city:=null");
	cr_expect_str_eq(shown("steps[1].fields.addresses[0].city"), "");
}

Test(edit, what_breaks_a_rule_or_leads_nowhere_is_refused)
{
	owner("active", "");
	cr_expect_neq(RUN("step", "edit", "ATE-1", "identity", "--field", "email=nobody"), 0);
	SAYS("E-mail");
	cr_expect_neq(RUN("step", "edit", "ATE-1", "identity", "--field", "shoe_size=44"), 0);
	SAYS("shoe_size");
	cr_expect_neq(RUN("step", "edit", "ATE-1", "addresses", "--field", "addresses[7].city=Faro"), 0);
	cr_expect_neq(RUN("step", "edit", "ATE-1", "addresses", "--field", "addresses.city=Faro"), 0);
	cr_expect_neq(RUN("step", "edit", "ATE-1", "nowhere", "--field", "a=b"), 0);
	cr_expect_neq(RUN("step", "edit", "ATE-1", "identity", "--field", "first_name"), 0);
	cr_expect_neq(RUN("step", "edit", "ATE-1", "identity"), 0);
	cr_expect_str_eq(shown("steps[0].fields.email"), "");
}

Test(edit, once_handed_in_it_takes_a_reason_and_both_sides_are_on_record_as_hashes)
{
	owner("manual_review", ",\"submitted_at\":\"2026-11-20T10:00:00Z\"");
	cr_expect_neq(RUN("step", "edit", "ATE-1", "identity", "--field", "first_name=Inesa"), 0);
	DONE("step", "edit", "ATE-1", "identity", "--field", "first_name=Inesa", WHY);
	cr_expect_str_eq(shown("steps[0].fields.first_name"), "Inesa");
	cr_expect(strstr(json_path_text(box.json, "notes[0].text"), "as the client wrote by post"), "%s", box.last.out);
	DONE("audit", "export");
	const char *row = strstr(box.last.out, "step.edit");
	cr_assert(row, "%s", box.last.out);
	PRINTS_NOT("Inesa"); /* the audit log has hashes of the values, not the values */
	cr_expect(strstr(row, "first_name") && strstr(row, "before") && strstr(row, "after"), "%s", row);
}

Test(edit, a_field_of_a_party_that_names_a_document_is_changed_with_a_reason)
{
	box_import(&box,
		   "{\"external_ref\":\"AVE-1\",\"workflow\":\"avenia-kyb-level-1\",\"kind\":\"kyb\",\"merchant\":"
		   "\"shop\",\"status\":\"manual_review\",\"submitted_at\":\"2026-11-20T10:00:00Z\",\"subject\":{"
		   "\"uid\":\"b-1\",\"kind\":\"business\",\"name\":\"HARBOUR "
		   "LANE\",\"country\":\"BRA\"},\"documents\":"
		   "[{\"id\":\"3f0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01\",\"type\":\"PASSPORT\",\"file_name\":\"p.png\","
		   "\"upload\":\"ready\"}],\"parties\":[{\"kind\":\"individual\",\"name\":\"Ines Duarte\",\"roles\":["
		   "\"ubo\"],\"date_of_birth\":\"1984-02-11\",\"fields\":{\"documentCountry\":\"BRA\"}}]}\n");
	cr_expect_neq(RUN("party", "edit", "AVE-1", "Ines Duarte", "--field", "documentCountry=PRT"), 0);
	DONE("party", "edit", "AVE-1", "Ines Duarte", "--field", "documentCountry=PRT", "--field",
	     "dateOfBirth=1985-02-11", WHY);
	GIVES(("show", "AVE-1", "--reveal"), "parties[0].fields.documentCountry: PRT");
	SHOWS("parties[0].date_of_birth: 1985-02-11"); /* dateOfBirth sets this member of the party */
	cr_expect_neq(RUN("party", "edit", "AVE-1", "Ines Duarte", "--field", "dateOfBirth=2026-01-01", WHY), 0);
}

/* No case remains in processing for ever: a read ends the processing that is overdue. */
Test(edit, a_case_whose_time_of_processing_is_over_is_given_up_when_somebody_looks)
{
	owner("completed", ",\"submitted_at\":\"2026-11-20T10:00:00Z\"");
	(void)RUN("process", "ATE-1");
	GIVES(("show", "ATE-1"), "status: processing");
	box_environment(&box, "KYBDESK_TEST_NOW=+3d");
	DONE_JSON("show", "ATE-1");
	cr_expect_str_neq(json_path_text(box.json, "status"), "processing", "%s", box.last.out);
	/* The person is not from the United States, so no check of e-mail, IP address or mobile phone is needed. */
	for (size_t i = 0; i < json_array_size(json_path(box.json, "checks")); i++) {
		const char *kind = json_path_text(json_array_get(json_path(box.json, "checks"), i), "kind");
		cr_expect(strcmp(kind, "email") && strcmp(kind, "ip") && strcmp(kind, "mobile"), "%s is asked for",
			  kind);
	}
}
