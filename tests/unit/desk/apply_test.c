/* The effect of a changed import line on an existing case: documents, parties, their sessions, status. */
#include "kybdesk/base/file.h"
#include "lines.h"

#include <string.h>

FIXTURE(bring);

#define DOCUMENT_ID "7d1c9a44-2f6e-4b35-9c21-000000000001"
#define ID(id) ",\"id\":\"" id "\""

static const struct document *document_in_force(void)
{
	struct case_view view = fixture_case(&f, "RAL-9");
	const struct document *found = NULL;

	for (size_t i = 0; i < view.file.document_count; i++) {
		if (view.file.documents[i].replaced)
			continue;
		cr_expect(!found, "two documents are current");
		found = &view.file.documents[i];
	}
	cr_assert(found);
	return found;
}

static int64_t documents(void)
{
	return sql_int(&f, "SELECT count(*) FROM document");
}

#define ONE(type, more) PERSON("draft", ",\"documents\":[" DOCUMENT(type, "identity.png", more ID(DOCUMENT_ID)) "]")
#define FRONT ",\"side\":\"front\""

Test(bring, an_id_of_one_document_is_not_anothers)
{
	cr_assert(taken(f.ada, ONE("ID", "")), "%s", refusal);
	refused(f.ada, ONE("PASSPORT", ""),
		"documents[0].id: is the id of another document of this case (ID); give this document");
	refused(f.ada, ONE("ID", FRONT),
		"documents[0].id: is the id of another document of this case (ID); give this document");
	sql_run(&f, "DELETE FROM document");
	cr_assert(taken(f.ada, ONE("ID", FRONT)), "%s", refusal);
	refused(f.ada, ONE("ID", ""),
		"documents[0].id: is the id of another document of this case (ID, with two sides)");
	cr_expect_eq(documents(), 1);
}

/* A line with the old document's id and the file that replaced the old file adds no document. */
Test(bring, bytes_that_took_a_documents_place_already_do_not_come_twice)
{
	static const char first[] = DOCUMENT("BUSINESS_NUMBER", "number.pdf", ID(DOCUMENT_ID)),
			  newer[] = DOCUMENT("BUSINESS_NUMBER", "register.pdf", ID(DOCUMENT_ID));
	struct strbuf register_pdf = STRBUF_INIT;
	const char *bytes;

	must(file_read(KYB_SOURCE_DIR "/data/samples/files/register.pdf", SIZE_MAX, &register_pdf, &f.error));
	must_import(&(struct company){ .documents = first });
	must(ask(&f, f.rita, "RAL-9", "company_info", "BUSINESS_NUMBER", NULL));
	must(USE(f.ada, DOCUMENT_ADD, "RAL-9", .capacity = CAPACITY_CLIENT, .type = "BUSINESS_NUMBER",
		 .file_name = "register.pdf", .bytes = register_pdf.buf, .length = register_pdf.len));
	strbuf_release(&register_pdf);
	cr_assert_eq(documents(), 2);
	bytes = arena_strdup(&f.arena, document_in_force()->sha256);
	must_import(&(struct company){ .status = "awaiting_client_correction", .documents = newer });
	cr_expect_eq(documents(), 2);
	expect_text(document_in_force()->sha256, bytes);
	cr_expect_str_neq(document_in_force()->id, DOCUMENT_ID);
}

Test(bring, a_document_that_was_asked_for_again_and_comes_is_no_longer_asked_for)
{
	must_import(&(struct company){ .documents = DOCUMENT("BUSINESS_NUMBER", "number.pdf", ID(DOCUMENT_ID)) });
	must(ask(&f, f.rita, "RAL-9", "company_info", "BUSINESS_NUMBER", NULL));
	expect_sql("SELECT upload FROM document", "required");
	must_import(&(struct company){ .status = "awaiting_client_correction",
				       .documents = DOCUMENT("BUSINESS_NUMBER", "register.pdf", ID(DOCUMENT_ID)) });
	expect_sql("SELECT upload FROM document WHERE replaced = 1", "ready");
	expect_sql("SELECT upload FROM document WHERE replaced = 0", "ready");
	cr_expect_eq(documents(), 2);
}

/* --- parties --- */

Test(bring, a_session_comes_to_a_party_that_had_none)
{
	struct case_view view;

	must_import(&(struct company){ .status = "draft", .parties = OWNER("Ines Duarte", "1984-02-11", "") });
	cr_assert_eq(fixture_case(&f, "RAL-9").file.parties[0].session_row, 0);
	must_import(&(struct company){ .status = "draft" });
	view = fixture_case(&f, "RAL-9");
	cr_assert_eq(view.file.party_count, 1);
	cr_expect_neq(view.file.parties[0].session_row, 0);
	cr_expect_eq(view.file.parties[0].session_status, SESSION_ACTIVE);
	expect_rows(1, "session WHERE parent_id = (SELECT id FROM session WHERE "
		       "external_ref = 'RAL-9')");
	/* The next import line finds this session and creates no other. */
	must_import(&(struct company){ .status = "draft", .name = "Harbour Lane Traders Ltd" });
	expect_rows(2, "session");
}

#define PARTY_ID "5e2f7b10-8a3d-4c64-8d17-000000000002"
#define FIRM(name, number, more)                                                                                       \
	"{\"id\":\"" PARTY_ID "\",\"kind\":\"company\",\"name\":\"" name "\",\"roles\":[\"ubo\"],"                     \
	"\"country\":\"PRT\",\"registration_number\":\"" number "\"" more "}"

static void imported_case(const char *party)
{
	must_import(&(struct company){ .status = "draft", .parties = party });
}

static void is_refused(const char *party, const char *with)
{
	refused(f.ada, company(&(struct company){ .status = "draft", .parties = party }), with);
}

Test(bring, an_id_of_one_party_is_not_anothers)
{
	static const char somebody[] = "parties[0].id: is the id of another party of this case";

	imported_case(FIRM("Duarte Holding SA", "PT-100", ",\"ownership_percent\":\"80\",\"owner_of\":null"));
	is_refused(OWNER("Duarte Holding SA", "1984-02-11", ID(PARTY_ID)), somebody);
	is_refused(FIRM("Mendes Holding SA", "PT-200", ""), somebody);
	is_refused(FIRM("Mendes Holding SA", "", ""), somebody);
	expect_sql("SELECT name FROM party", "Duarte Holding SA");
	/* A change of either the name or the number, but not of both, is a correction of the party. */
	imported_case(FIRM("Duarte Holdings SA", "PT-100", ""));
	expect_sql("SELECT name FROM party", "Duarte Holdings SA");
	imported_case(FIRM("Duarte Holdings SA", "PT-101", ""));
	expect_sql("SELECT registration_number FROM party", "PT-101");
	expect_rows(1, "party");
}

Test(bring, a_share_that_a_line_adds_is_kept_and_too_many_are_refused)
{
	struct case_view view;

	imported_case(FIRM("Duarte Holding SA", "PT-100", ""));
	cr_expect_eq(fixture_case(&f, "RAL-9").file.parties[0].share_count, 0);
	imported_case(FIRM("Duarte Holding SA", "PT-100", ",\"ownership_percent\":\"80\",\"owner_of\":null"));
	view = fixture_case(&f, "RAL-9");
	cr_assert_eq(view.file.parties[0].share_count, 1);
	expect_text(view.file.parties[0].shares[0].percent, "80");
}

/* --- status --- */

#define PASSPORT ",\"documents\":[" DOCUMENT("PASSPORT", "passport.jpg", "") "]"

Test(bring, a_draft_goes_through_every_status_to_the_one_that_a_line_names)
{
	cr_assert(taken(f.ada, PERSON("draft", "")), "%s", refusal);
	cr_assert(taken(f.ada, PERSON("active", "")), "%s", refusal);
	expect_text(fixture_status(&f, "KYC-9"), "active");
	refused(f.ada, PERSON("completed", ""), "status: Cannot complete KYC-9: Identity document is missing: ");
	expect_text(fixture_status(&f, "KYC-9"), "active");
	cr_assert(taken(f.ada, PERSON("completed", PASSPORT)), "%s", refusal);
	expect_text(fixture_status(&f, "KYC-9"), "completed");
}

Test(bring, a_draft_is_started_and_completed_by_one_line)
{
	cr_assert(taken(f.ada, PERSON("draft", "")), "%s", refusal);
	cr_assert(taken(f.ada, PERSON("completed", PASSPORT)), "%s", refusal);
	expect_text(fixture_status(&f, "KYC-9"), "completed");
}

/* A merchant's file cannot end a client's link in production. */
Test(bring, a_live_session_does_not_expire_before_its_time)
{
	cr_assert(taken(f.ada, PERSON("active", "")), "%s", refusal);
	fixture_in_production(&f);
	cr_expect_not(taken(f.ada, PERSON("expired", "")));
	cr_expect_not_null(strstr(refusal, "before its own time"), "%s", refusal);
	expect_text(fixture_status(&f, "KYC-9"), "active");
	sql_change(&f, arena_printf(&f.arena, "UPDATE session SET expires_at = %lld", (long long)f.world.wall_ms - 1));
	cr_expect(taken(f.ada, PERSON("expired", "")), "%s", refusal);
}

Test(bring, an_expired_session_keeps_what_it_was)
{
	cr_assert(taken(f.ada, PERSON("active", "")), "%s", refusal);
	cr_assert(taken(f.ada, PERSON("expired", "")), "%s", refusal);
	expect_text(fixture_status(&f, "KYC-9"), "expired");
	expect_sql("SELECT expired_from FROM session", "active");
	refused(f.ada, PERSON("approved", ""), "status: ");
	expect_text(fixture_status(&f, "KYC-9"), "expired");
}

Test(bring, what_comes_into_review_is_submitted_and_due_from_now)
{
	cr_assert(taken(f.ada, PERSON("processing", "")), "%s", refusal);
	sql_run(&f, "UPDATE session SET submitted_at = NULL, due_at = NULL, process_at = NULL");
	forward(&f, MINUTE_MS);
	cr_assert(taken(f.ada, PERSON("manual_review", "")), "%s", refusal);
	expect_text(fixture_status(&f, "KYC-9"), "manual_review");
	cr_expect_eq(sql_int(&f, "SELECT submitted_at FROM session"), NOON + MINUTE_MS);
	cr_expect_gt(sql_int(&f, "SELECT due_at FROM session"), NOON + MINUTE_MS);
}

Test(bring, a_case_whose_status_a_line_changes_is_put_off_no_longer)
{
	cr_assert(taken(f.ada, PERSON("processing", "")), "%s", refusal);
	sql_run(&f, "UPDATE session SET snoozed_until = 1795262400000, snooze_reason = 'waits', process_at = NULL");
	cr_assert(taken(f.ada, PERSON("processing", ",\"risk_score\":3")), "%s", refusal);
	cr_expect_eq(sql_int(&f, "SELECT snoozed_until FROM session"), 1795262400000);
	cr_assert(taken(f.ada, PERSON("manual_review", ",\"risk_score\":3")), "%s", refusal);
	expect_sql("SELECT snoozed_until FROM session", "");
}

Test(bring, a_kind_that_its_workflow_does_not_have_is_named)
{
	refused(f.ada,
		"{\"external_ref\":\"KYC-9\",\"workflow\":\"generic-kyc\",\"kind\":\"kyb\",\"merchant\":\"m\","
		"\"status\":\"draft\",\"subject\":{\"uid\":\"b\",\"kind\":\"business\",\"name\":\"B\"}}\n",
		"kind: is kyb, but the workflow generic-kyc is for kyc sessions");
}

/* A note and a correction without a time get the time of the import. */
Test(bring, what_has_no_moment_of_its_own_has_that_of_its_import)
{
	cr_assert(taken(f.ada, PERSON("awaiting_client_correction", ",\"corrections\":[{\"step_id\":\"identity\"}],"
								    "\"notes\":[{\"text\":\"seen\",\"by\":\"x\"}]")),
		  "%s", refusal);
	cr_expect_eq(sql_int(&f, "SELECT asked_at FROM correction"), NOON);
	cr_expect_eq(sql_int(&f, "SELECT written_at FROM note"), NOON);
}
