/*
 * A submitter never decides, and a changed line of an import never bypasses a reviewer.
 */
#include "kybdesk/base/digest.h"
#include "kybdesk/base/world.h"
#include "lines.h"
#include "support/process.h"

#include <fcntl.h>
#include <unistd.h>

static struct fixture f;

static void set_up(void)
{
	fixture_open(&f);
	refusal[0] = '\0';
}

static void tear_down(void)
{
	fixture_close(&f);
}

TestSuite(intake, .init = set_up, .fini = tear_down);

Test(intake, identity_swapped_by_import)
{
	struct case_view view;

	must_import(&(struct company){ 0 });
	refused(f.bo, company(&(struct company){ .parties = OWNER("Ines Duarte", "1991-07-30", "") }), "parties[0]");
	refused(f.bo, company(&(struct company){ .parties = OWNER("Ivo Duarte", "1984-02-11", "") }), "parties[0]");
	view = fixture_case(&f, "RAL-9");
	cr_assert_eq(view.file.party_count, 1);
	cr_assert_str_eq(view.file.parties[0].name, "Ines Duarte");
}

Test(intake, owner_left_out_and_replaced)
{
	struct case_view view;

	must_import(&(struct company){ .status = "draft" });
	/* The line may add a party but replaces none; the party that it leaves out stays. */
	(void)taken(f.bo, company(&(struct company){ .status = "draft",
						     .parties = OWNER("Carla Mendes", "1970-05-05", "") }));
	view = fixture_case(&f, "RAL-9");
	cr_assert_str_eq(view.file.parties[0].name, "Ines Duarte");
	cr_assert_neq(view.file.parties[0].session_row, 0);
	for (size_t i = 1; i < view.file.party_count; i++)
		cr_assert_eq(view.file.parties[i].session_row, 0, "the new one has the other's session");
}

/* The line has no id for the party's session, so it means the KYC session that was created here. */
Test(intake, the_kyc_that_was_made_here_is_the_one_that_a_line_brings)
{
	struct case_view view;
	const char *made;

	must_import(&(struct company){ .status = "draft", .parties = OWNER("Ines Duarte", "1984-02-11", "") });
	view = fixture_case(&f, "RAL-9");
	must(USE(f.lea, SUBSESSION_ADD, "RAL-9", .part = view.file.parties[0].id));
	made = arena_strdup(&f.arena, fixture_case(&f, "RAL-9").file.parties[0].session_id);
	must_import(&(struct company){ .status = "draft", .name = "Harbour Lane Traders Ltd" });
	view = fixture_case(&f, "RAL-9");
	cr_assert_eq(view.file.party_count, 1);
	cr_expect_str_eq(view.file.parties[0].session_id, made);
	expect_rows(1, "session WHERE parent_id IS NOT NULL");
	/* A line that gives another id for the party's session is refused. */
	refused(f.ada,
		company(&(struct company){
			.status = "draft",
			.parties = OWNER("Ines Duarte", "1984-02-11",
					 ",\"session\":{\"id\":\"11111111-1111-4111-8111-111111111111\",\"workflow\":"
					 "\"generic-kyc\",\"status\":\"active\"}") }),
		"parties[0].session.id: is 11111111-");
}

Test(intake, company_renamed_after_acceptance)
{
	must_import(&(struct company){ 0 });
	fixture_accept_all(&f, "RAL-9");
	refused(f.bo, company(&(struct company){ .name = "Other Trading Ltd" }), "subject.name");
	cr_assert_str_eq(fixture_case(&f, "RAL-9").file.session.subject.name, "Harbour Lane Trading Ltd");
}

Test(intake, document_re_dated_by_import)
{
	static const char dated[] = DOCUMENT("MEMORANDUM_ARTICLES", "articles.pdf", "") "," DOCUMENT(
		"BUSINESS_NUMBER", "number.pdf", ",\"expires_on\":\"2037-01-01\"");
	int64_t before;

	must_import(&(struct company){ 0 });
	fixture_accept_all(&f, "RAL-9");
	before = fixture_case(&f, "RAL-9").file.documents[1].expires_on;
	refused(f.bo, company(&(struct company){ .documents = dated }), "documents[1]");
	cr_assert_eq(fixture_case(&f, "RAL-9").file.documents[1].expires_on, before);
}

Test(intake, second_and_third_file_of_a_type_by_import)
{
	static const char more[] = DOCUMENTS "," DOCUMENT("BUSINESS_NUMBER", "register.pdf", "") "," DOCUMENT(
		"BUSINESS_NUMBER", "address.pdf", ",\"review\":\"accepted\"");
	struct case_view view;

	must_import(&(struct company){ 0 });
	fixture_accept_all(&f, "RAL-9");
	refused(f.bo, company(&(struct company){ .documents = more }), "documents[4]");
	cr_assert_eq(fixture_case(&f, "RAL-9").file.document_count, 4);
	/* Before submission the same documents are added, unreviewed. */
	sql_run(&f, "UPDATE session SET status = 'draft', submitted_at = NULL WHERE external_ref = 'RAL-9'");
	cr_assert(taken(f.bo, company(&(struct company){ .status = "draft", .documents = more })), "%s", refusal);
	view = fixture_case(&f, "RAL-9");
	cr_assert_eq(view.file.document_count, 6);
	cr_assert_eq(view.file.documents[4].review, REVIEW_UNREVIEWED);
	cr_assert_eq(view.file.documents[5].review, REVIEW_UNREVIEWED);
}

Test(intake, document_brought_as_accepted_by_a_changed_line)
{
	static const char one[] = DOCUMENT("MEMORANDUM_ARTICLES", "articles.pdf", "");
	static const char accepted[] =
		DOCUMENT("MEMORANDUM_ARTICLES", "articles.pdf",
			 ",\"review\":\"accepted\"") "," DOCUMENT("OTHER", "register.pdf", ",\"review\":\"accepted\"");
	struct case_view view;

	must_import(&(struct company){ .status = "draft", .documents = one });
	cr_assert(taken(f.bo, company(&(struct company){ .status = "draft", .documents = accepted })), "%s", refusal);
	view = fixture_case(&f, "RAL-9");
	cr_assert_eq(view.file.document_count, 2);
	cr_assert_eq(view.file.documents[0].review, REVIEW_UNREVIEWED);
	cr_assert_eq(view.file.documents[1].review, REVIEW_UNREVIEWED);
}

static struct case_view person(void)
{
	return fixture_case(&f, "KYC-9");
}

static void resolve_first(void)
{
	fixture_reveal(&f, f.rita, "KYC-9");
	must(USE(f.rita, HIT_RESOLVE, "KYC-9", .part = person().file.checks[0].hits[0].id, .reason = "different_name",
		 .note = "compared with the register"));
}

static size_t open_hits(void)
{
	struct case_view view = person();
	size_t count = 0;

	for (size_t i = 0; i < view.file.checks[0].hit_count; i++)
		count += view.file.checks[0].hits[i].state == HIT_OPEN;
	return count;
}

Test(intake, new_hit_at_an_old_place_or_id)
{
	cr_assert(taken(f.ada, PERSON("manual_review", WATCHLIST(HIT(HIT_ID, "J. Reyes", "open")))));
	resolve_first();
	cr_assert_eq(open_hits(), 0);
	/* The same hit in a later line keeps its verdict. */
	cr_assert(taken(f.bo, PERSON("manual_review", WATCHLIST(HIT(HIT_ID, "J. Reyes", "open")) ",\"risk_score\":9")));
	cr_assert_eq(open_hits(), 0);
	cr_assert(taken(f.bo, PERSON("manual_review", WATCHLIST(HIT(HIT_ID, "Joaquin Reyes", "open")))), "%s", refusal);
	cr_assert_eq(open_hits(), 1, "by id");
	cr_assert(taken(f.bo, PERSON("manual_review", WATCHLIST(HIT("", "Jose Reyes", "open")))), "%s", refusal);
	cr_assert_eq(open_hits(), 2, "by place");
}

Test(intake, hit_brought_as_resolved_by_a_changed_line)
{
	cr_assert(taken(f.ada, PERSON("manual_review", WATCHLIST(HIT("", "J. Reyes", "open")))));
	cr_assert(taken(f.bo, PERSON("manual_review", WATCHLIST(HIT("", "J. Reyes", "false_positive") "," HIT(
							      "", "Jo Reyes", "false_positive")))),
		  "%s", refusal);
	cr_assert_eq(open_hits(), 2);
}

Test(intake, hit_left_out_of_a_changed_line_is_still_open)
{
	struct case_view view;

	cr_assert(taken(f.ada, PERSON("manual_review", WATCHLIST(HIT("", "J. Reyes", "open")))));
	cr_assert(taken(f.bo, PERSON("manual_review", ",\"checks\":[{\"kind\":\"watchlist\",\"status\":\"passed\"}]")),
		  "%s", refusal);
	view = person();
	cr_assert_eq(open_hits(), 1);
	cr_assert_eq(view.file.checks[0].status, CHECK_HIT);
}

Test(intake, waiver_over_another_result)
{
	cr_assert(taken(f.ada, PERSON("manual_review", FACE("failed", "0.4"))));
	must(USE(f.lea, CHECK_WAIVE, "KYC-9", .check = CHECK_FACE_MATCH, .reason = "Seen in person at the branch"));
	cr_assert(taken(f.bo, PERSON("manual_review", FACE("failed", "0.4") ",\"risk_score\":3")), "%s", refusal);
	cr_assert_eq(person().file.checks[0].status, CHECK_WAIVED, "the same result");
	cr_assert(taken(f.bo, PERSON("manual_review", FACE("failed", "0.1"))), "%s", refusal);
	cr_assert_eq(person().file.checks[0].status, CHECK_FAILED, "another result");
	cr_assert_str_empty(person().file.checks[0].waived_by);
	cr_assert(taken(f.bo, PERSON("manual_review", FACE("waived", "0.1"))), "%s", refusal);
	cr_assert_eq(person().file.checks[0].status, CHECK_FAILED, "a waiver that a line brings is none");
}

/* --- decisions --- */

Test(intake, retryable_rejection_overturned_by_an_import)
{
	must_import(&(struct company){ 0 });
	must(USE(f.rita, REJECT, "RAL-9", .reason = "missing_document", .note = "explained in full",
		 .text = "Please send it", .retryable = CHOICE_YES, .has_grace = true, .grace_s = 0));
	cr_assert(fixture_case(&f, "RAL-9").file.session.retryable);
	refused(f.bo, company(&(struct company){ .name = "Harbour Lane Trading Limited" }), "");
	cr_assert_str_eq(fixture_status(&f, "RAL-9"), "rejected");
}

Test(intake, correction_answered_by_handing_in)
{
	must_import(&(struct company){ 0 });
	fixture_accept_all(&f, "RAL-9");
	must(ask(&f, f.rita, "RAL-9", "company_info", "BUSINESS_NUMBER", NULL));
	refused(f.bo, company(&(struct company){ .parties = "" }), "");
	cr_assert_str_eq(fixture_status(&f, "RAL-9"), "awaiting_client_correction");
	cr_assert_eq(fixture_case(&f, "RAL-9").file.corrections[0].state, CORRECTION_OPEN);
}

/* --- submitters --- */

/* A reviewer with the operating system's user name: the only possible actor in a production store. */
static const char *os_user(void)
{
	static char name[256];

	must(world_user_name(name, sizeof name, &f.error));
	must(USE(f.ada, REVIEWER_ADD, NULL, .part = name, .role = ROLE_LEAD));
	return name;
}

static struct desk *in_production(void)
{
	sql_change(&f, "UPDATE store_info SET value = '0' WHERE key = 'sandbox'");
	return fixture_desk(&f, NULL, false);
}

static void pass_to_review(const char *line)
{
	cr_assert(taken(f.bo, line), "%s", refusal);
}

Test(intake, who_handed_in_never_decides_in_production)
{
	struct desk *mine = fixture_desk(&f, os_user(), false), *real;

	cr_assert(taken(mine, PERSON("manual_review", FACE("passed", "0.9"))));
	fixture_kyc(&f, "KYC-1", "manual_review", NULL); /* ada's */
	desk_close(mine);
	real = in_production();
	cr_expect_eq(USE(real, APPROVE, "KYC-9"), ERR_BLOCKED);
	expect_blocker("second_reviewer");
	cr_expect(strstr(f.error.message, " imported the case at "), "%s", f.error.message);
	cr_expect_eq(USE(real, REJECT, "KYC-9", .reason = "other"), ERR_BLOCKED);
	expect_blocker("second_reviewer");
	cr_expect_eq(USE(real, APPROVE, "KYC-1"), ERR_OK, "%s", f.error.message);
	desk_close(real);
}

Test(intake, in_a_sandbox_it_is_recorded_only)
{
	struct case_view view;

	cr_assert(taken(f.rita, PERSON("manual_review", FACE("passed", "0.9"))));
	view = person();
	cr_assert_eq(view.contributions.count, 1);
	cr_assert_str_eq(view.contributions.items[0].actor, "rita");
	must(USE(f.rita, APPROVE, "KYC-9"));
}

static enum err report_check(struct desk *desk, enum capacity as, enum check_status status)
{
	struct check check;

	check_init(&check);
	check.kind = CHECK_OFAC;
	check.status = status;
	return USE(desk, CHECK_REPORT, "KYC-9", .capacity = as, .result = &check);
}

Test(intake, own_check_result)
{
	struct desk *mine, *real;
	const char *name = os_user();

	pass_to_review(PERSON("manual_review", ",\"checks\":[{\"kind\":\"ofac\",\"status\":\"failed\"}]"));
	mine = fixture_desk(&f, name, false);
	must(report_check(mine, CAPACITY_INTAKE, CHECK_PASSED));
	cr_assert_str_eq(person().file.checks[0].reported_by, name);
	desk_close(mine);
	real = in_production();
	cr_expect_eq(USE(real, APPROVE, "KYC-9"), ERR_BLOCKED);
	expect_blocker("second_reviewer");
	cr_expect_eq(report_check(real, CAPACITY_SIMULATOR, CHECK_PASSED), ERR_FORBIDDEN);
	cr_expect_eq(report_check(real, CAPACITY_PROVIDER, CHECK_PASSED), ERR_FORBIDDEN);
	desk_close(real);
}

/* The line is refused before its files are read, so that a refused line stores no file. */
Test(intake, a_decision_from_elsewhere_is_refused_before_its_files_are_read)
{
	struct desk *real;
	const char *name = os_user();

	(void)name;
	cr_assert(taken(f.ada, PERSON("manual_review", ""))); /* adds the merchant */
	real = in_production();
	refused(real,
		company(&(struct company){ .status = "rejected",
					   .documents = DOCUMENT("MEMORANDUM_ARTICLES", "no-such-file.pdf", "") }),
		"status: contains decisions made elsewhere");
	desk_close(real);
}

#define APPROVED ",\"processing_results\":{\"final_decision\":\"approved\"}"

Test(intake, final_decision_imported_by_who_is_supervised)
{
	struct desk *sam;

	must(USE(f.ada, REVIEWER_ADD, NULL, .part = "sam", .role = ROLE_REVIEWER, .supervised = true));
	sam = fixture_desk(&f, "sam", false);
	cr_assert(taken(sam, PERSON("completed", APPROVED)));
	must(USE(f.rita, PROCESS, "KYC-9"));
	cr_assert_str_eq(fixture_status(&f, "KYC-9"), "manual_review");
	desk_close(sam);
}

Test(intake, final_decision_imported_by_a_person_in_production)
{
	struct desk *real;
	const char *name = os_user();

	(void)name;
	pass_to_review(PERSON("completed", APPROVED));
	real = in_production();
	must(USE(real, PROCESS, "KYC-9"));
	cr_assert_str_eq(fixture_status(&f, "KYC-9"), "manual_review");
	desk_close(real);
}

Test(intake, a_providers_results_decide_where_the_gate_is_clear)
{
	pass_to_review(PERSON("completed", ""));
	must(USE(f.bo, RESULTS_REPORT, "KYC-9", .capacity = CAPACITY_PROVIDER,
		 .results_json = "{\"final_decision\":\"approved\"}"));
	cr_assert_str_eq(person().file.session.results_capacity, "provider");
	must(USE(f.rita, PROCESS, "KYC-9"));
	cr_assert_str_eq(fixture_status(&f, "KYC-9"), "approved");
	cr_assert_eq(USE(f.bo, RESULTS_REPORT, "KYC-9", .capacity = CAPACITY_PROVIDER,
			 .results_json = "{\"final_decision\":\"rejected\"}"),
		     ERR_BLOCKED, "a decided case");
}

Test(intake, a_wrong_final_decision_is_refused_with_the_nearest)
{
	pass_to_review(PERSON("completed", ""));
	cr_assert_eq(USE(f.bo, RESULTS_REPORT, "KYC-9", .capacity = CAPACITY_INTAKE,
			 .results_json = "{\"final_decision\":\"aproved\"}"),
		     ERR_INVALID);
	cr_assert(strstr(f.error.message, "approved"), "%s", f.error.message);
}

Test(intake, the_role_looks_and_hands_in_and_nothing_else)
{
	struct desk *ina;

	must(USE(f.ada, REVIEWER_ADD, NULL, .part = "ina", .role = ROLE_INTAKE));
	ina = fixture_desk(&f, "ina", false);
	cr_assert(taken(ina, PERSON("manual_review", ",\"notes\":[{\"text\":\"looks fine\",\"by\":\"rita\"}]")));
	must(report_check(ina, CAPACITY_INTAKE, CHECK_PASSED));
	cr_expect_eq(USE(ina, APPROVE, "KYC-9"), ERR_FORBIDDEN);
	cr_expect_eq(USE(ina, NOTE, "KYC-9", .text = "hello"), ERR_FORBIDDEN);
	cr_expect_eq(report_check(f.vic, CAPACITY_INTAKE, CHECK_PASSED), ERR_FORBIDDEN);
	/* A note in another reviewer's name has the importer as its source. */
	cr_expect_str_eq(person().file.notes[0].by, "rita");
	cr_expect_str_eq(person().file.notes[0].imported_by, "ina");
	desk_close(ina);
}

/* Adds to the line the SHA-256 of each file that it names. */
static const char *with_sums(const char *line)
{
	static const char member[] = "\"file\":\"";
	struct strbuf out = STRBUF_INIT;
	const char *at;

	while ((at = strstr(line, member))) {
		const char *name = at + sizeof member - 1, *end = strchr(name, '"');
		size_t length;
		char *bytes = temp_read(
			arena_printf(&f.arena, KYB_SOURCE_DIR "/data/samples/%.*s", (int)(end - name), name), &length);

		strbuf_add(&out, line, (size_t)(end + 1 - line));
		strbuf_addf(&out, ",\"sha256\":\"%s\"", sha256_text(&f.arena, bytes, length));
		line = end + 1;
	}
	strbuf_adds(&out, line);
	return strbuf_finish(&out, &f.arena);
}

/* Imports the line after allowing its SHA-256. In production this needs two admins; f.ada still has a sandbox desk. */
static bool taken_by_two(struct desk *desk, const char *without_sums)
{
	const char *line = with_sums(without_sums);

	must(USE(f.ada, STORE_SET, NULL, .part = "imported_decisions",
		 .text = sha256_text(&f.arena, line, strlen(line))));
	return taken(desk, line);
}

Test(intake, reviews_that_come_with_a_new_case_are_told_and_open_in_production)
{
	struct desk *real;
	const char *name = os_user();
	struct case_view view;

	(void)name;
	must_import(&(struct company){ .documents = DOCUMENT("OTHER", "register.pdf", ",\"review\":\"accepted\"") });
	view = fixture_case(&f, "RAL-9");
	cr_expect_eq(view.file.documents[0].review, REVIEW_ACCEPTED);
	cr_expect_str_eq(view.file.documents[0].verdict_imported_by, "ada");
	sql_run(&f, "UPDATE reviewer SET role = 'admin'");
	real = in_production();
	cr_assert(taken_by_two(real, PERSON("manual_review", WATCHLIST(HIT("", "J. Reyes", "false_positive") "," HIT(
								     "", "Jose Reyes", "open")))),
		  "%s", refusal);
	view = person();
	for (size_t i = 0; i < 2; i++) {
		const struct hit *hit = &view.file.checks[0].hits[i];
		bool told = !strcmp(hit->name, "J. Reyes");
		cr_expect_eq(hit->state, HIT_OPEN);
		cr_expect_str_eq(hit->imported_verdict, told ? "false_positive" : "");
		cr_expect_eq(*hit->verdict_imported_by != '\0', told, "nobody has said anything about %s", hit->name);
	}
	desk_close(real);
}

Test(intake, in_a_sandbox_a_waived_check_comes_as_it_is)
{
	cr_assert(taken(f.ada, PERSON("manual_review", FACE("waived", "0.1"))), "%s", refusal);
	cr_expect_eq(person().file.checks[0].status, CHECK_WAIVED);
	cr_expect_str_eq(person().file.checks[0].waiver_imported_by, "ada");
}

/* One of several admins cannot import decisions alone: two must make the setting (NEED_SECOND_ADMIN). */
Test(intake, one_of_several_admins_imports_no_decision_made_elsewhere)
{
	struct desk *real;
	const char *name = os_user();
	char *line;

	(void)name;
	cr_assert(taken(f.ada, PERSON("manual_review", ""))); /* adds the merchant */
	sql_run(&f, "UPDATE reviewer SET role = 'admin'");
	real = in_production();
	refused(real, company(&(struct company){ .status = "rejected" }),
		"two admins must first allow this file, each with: kybdesk store set imported_decisions "
		"SHA-256 (sha256sum FILE prints it)");
	/* The setting allows one file, not another. */
	cr_expect(taken_by_two(real, company(&(struct company){ .status = "rejected" })), "%s", refusal);
	line = arena_strdup(&f.arena, company(&(struct company){ .status = "rejected" }));
	strstr(line, "RAL-9")[4] = '8';
	refused(real, line, "two admins allowed another file");
	sql_run(&f, "UPDATE reviewer SET role = 'viewer' WHERE name IN ('ada', 'lea', 'rita', 'bo', 'vic')");
	cr_expect(taken(real, line), "%s", refusal);
	desk_close(real);
}

/* Imported verdicts (verified party, accepted document, waived check) are shown as imported and still open here. */
Test(intake, what_another_desk_vouched_for_is_open_in_production)
{
	static const char elsewhere[] =
		OWNER("Ines Duarte", "1984-02-11",
		      ",\"verified_elsewhere\":{\"by\":\"rita\",\"reason\":\"seen at the branch in Porto\"}");
	const struct company company_told = { .documents = DOCUMENT("MEMORANDUM_ARTICLES", "articles.pdf",
								    ",\"review\":\"accepted\""),
					      .parties = elsewhere };
	struct desk *real;
	const char *name = os_user();
	struct case_view view;

	(void)name;
	cr_assert(taken(f.ada, "{\"external_ref\":\"KYC-8\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\","
			       "\"merchant\":\"m\",\"status\":\"draft\",\"subject\":{\"uid\":\"ind-8\","
			       "\"kind\":\"individual\",\"name\":\"Ida Mello\"}}\n"));
	sql_run(&f, "UPDATE reviewer SET role = 'admin'");
	real = in_production();
	cr_assert(taken_by_two(real, PERSON("manual_review", FACE("waived", "0.1"))), "%s", refusal);
	view = person();
	cr_expect_eq(view.file.checks[0].status, CHECK_FAILED);
	cr_expect_str_eq(view.file.checks[0].imported_verdict, "waived");
	cr_expect_str_neq(view.file.checks[0].waiver_imported_by, "");
	cr_expect_str_eq(view.file.checks[0].waived_by, "");
	cr_assert(taken_by_two(real, company(&company_told)), "%s", refusal);
	view = fixture_case(&f, "RAL-9");
	cr_expect_str_eq(view.file.parties[0].verified_elsewhere_by, "");
	cr_expect_str_neq(view.file.parties[0].verification_imported_by, "");
	cr_expect_eq(view.file.documents[0].review, REVIEW_UNREVIEWED);
	cr_expect_str_eq(view.file.documents[0].imported_verdict, "accepted");
	desk_close(real);
}

/* A party's session has the same rules as any session; the error has the path of the session in the line. */
Test(intake, a_partys_session_is_looked_at_like_any_other)
{
	refused(f.ada,
		company(&(struct company){
			.parties = OWNER(
				"Ines Duarte", "1984-02-11",
				",\"session\":{\"workflow\":\"generic-kyc\",\"status\":\"approved\",\"decisions\":"
				"[{\"decision\":\"reject\",\"reason\":\"other\",\"by\":\"x\",\"at\":"
				"\"2026-01-01T00:00:00Z\"}]}") }),
		"parties[0].session.decisions: end with");
	refused(f.ada,
		company(&(struct company){
			.parties =
				OWNER("Ines Duarte", "1984-02-11",
				      ",\"session\":{\"workflow\":\"generic-kyc\",\"status\":\"active\",\"documents\":"
				      "[" DOCUMENT("PASSPORT", "no-such-file.pdf", "") "]}") }),
		"no-such-file.pdf");
}

static size_t documents_in_force(void)
{
	struct case_view view = fixture_case(&f, "RAL-9");
	size_t count = 0;

	for (size_t i = 0; i < view.file.document_count; i++)
		count += !view.file.documents[i].replaced;
	return count;
}

/* Without an id, a new file replaces the only document of its type, or is added if the line or the case has several. */
Test(intake, the_only_document_of_its_kind_is_replaced_and_one_of_several_is_one_more)
{
	static const char first[] = DOCUMENT("MEMORANDUM_ARTICLES", "articles.pdf", ""),
			  other[] = DOCUMENT("MEMORANDUM_ARTICLES", "register.pdf", ""),
			  both[] = DOCUMENT("MEMORANDUM_ARTICLES", "register.pdf",
					    "") "," DOCUMENT("MEMORANDUM_ARTICLES", "number.pdf", ""),
			  third[] = DOCUMENT("MEMORANDUM_ARTICLES", "address.pdf", "");

	must_import(&(struct company){ .status = "draft", .documents = first });
	must_import(&(struct company){ .status = "draft", .documents = other });
	cr_expect_eq(documents_in_force(), 1);
	must_import(&(struct company){ .status = "draft", .documents = both });
	cr_expect_eq(documents_in_force(), 2);
	must_import(&(struct company){ .status = "draft", .documents = third });
	cr_expect_eq(documents_in_force(), 3);
}

Test(intake, what_refuses_a_partys_session_names_the_party)
{
	must_import(&(struct company){ .status = "draft" });
	sql_run(&f, "UPDATE session SET status = 'approved', decided_here = 1 WHERE parent_id IS NOT NULL");
	refused(f.bo,
		company(&(struct company){ .status = "draft",
					   .name = "Harbour Lane Traders Ltd",
					   .parties = OWNER("Ines Duarte", "1984-02-11",
							    ",\"session\":{\"workflow\":\"generic-kyc\",\"status\":"
							    "\"active\",\"steps\":[{\"id\":\"identity\",\"status\":"
							    "\"completed\"}]}") }),
		"the session of party ");
	cr_expect_str_eq(fixture_case(&f, "RAL-9").file.session.subject.name, "Harbour Lane Trading Ltd");
}

/* A new case is found by its words at once, and the audit log has the hash of its line. */
Test(intake, a_new_case_is_found_by_its_words_and_on_record_with_its_line)
{
	must_import(&(struct company){ .status = "draft" });
	expect_rows(1, "session_text WHERE body LIKE '%harbour lane%'");
	expect_rows(1, "session AS s JOIN audit_event AS a ON a.session_id = s.uuid WHERE "
		       "s.external_ref = 'RAL-9' AND a.action = 'session.import' AND a.detail LIKE "
		       "'%line_sha256%'");
	/* The import record of a party's session has no hash of an import line. */
	expect_rows(1, "session AS s JOIN audit_event AS a ON a.session_id = s.uuid WHERE "
		       "s.parent_id IS NOT NULL AND a.action = 'session.import' AND a.detail NOT LIKE "
		       "'%line_sha256%'");
}

Test(intake, results_that_a_line_does_not_bring_stay)
{
	cr_assert(taken(f.ada, PERSON("completed", APPROVED)), "%s", refusal);
	cr_assert(taken(f.ada, PERSON("completed", ",\"risk_score\":4")), "%s", refusal);
	cr_expect(strstr(person().file.session.processing_results_json, "approved"), "%s",
		  person().file.session.processing_results_json);
}
