/* Attacks on the facts of judgements: if the facts of a judgement changed, it no longer allows an approval. */
#include "fixture.h"

#include <unistd.h>

FIXTURE(facts);

static const char WHY[] = "long enough a reason for anybody";

static void replace_in_case(const char *member, const char *value, const char *where)
{
	sql_run(&f, arena_printf(&f.arena, "UPDATE %s SET %s = '%s' WHERE %s", strchr(member, '.') ? "" : "session",
				 member, value, where));
}

/* The sentence of the first blocker with this code; "" none. */
static const char *sentence(const char *ref, const char *code)
{
	struct case_view view = fixture_case(&f, ref);

	for (size_t i = 0; i < view.blockers.count; i++) {
		if (!strcmp(blocker_code_text(view.blockers.items[i].code), code))
			return view.blockers.items[i].message;
	}
	return "";
}

static void refuses(const char *code, const char *words)
{
	expect_err(USE(f.rita, APPROVE, "RAL-1"), ERR_BLOCKED);
	cr_expect(error_has_blocker(&f.error, code), "%s", f.error.message);
	cr_expect(strstr(sentence("RAL-1", code), words), "%s", sentence("RAL-1", code));
}

static void confirmed_it_passes(void)
{
	must(confirm_all(&f, f.lea, "RAL-1"));
	must(USE(f.rita, APPROVE, "RAL-1"));
}

/* A ready case with one more check. */
static void with_check(const char *check)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .more = arena_printf(&f.arena, ", \"checks\": [%s]", check) });
}

static void line(const char *more)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .review = "unreviewed", .more = more });
}

/* The country and the trace in the result's `about` are kept; missing and empty members are copied from the case. */
Test(facts, a_check_keeps_whom_it_looked_at_once)
{
	with_check("{\"kind\": \"web\", \"status\": \"passed\", \"about\": {\"country\": \"NLD\", \"tax_id\": \"\", "
		   "\"party\": \"nobody\", \"trace\": {\"run\": 7}}}");
	expect_sql("SELECT about FROM check_result WHERE kind = 'web'",
		   "{\"name\":\"Harbour Lane Trading "
		   "Ltd\",\"country\":\"NLD\",\"tax_id\":\"GB123456789\",\"trace\":{\"run\":7}}");
	refuses("check_failed", "no longer matches the case: the subject's country");
}

Test(facts, company_renamed_after_acceptance)
{
	fixture_ready(&f, "RAL-1");
	replace_in_case("subject_name", "Harbour Lane Ltd", "external_ref = 'RAL-1'");
	refuses("basis_changed", "the subject's name: Harbour Lane Trading Ltd → Harbour Lane Ltd");
	cr_expect_eq(fixture_case(&f, "RAL-1").counts.documents_accepted, 0);
	confirmed_it_passes();
	expect_rows(4, "audit_event WHERE action = 'judgement.confirm' AND "
		       "json_extract(detail, '$.basis_before') <> json_extract(detail, '$.basis_sha256')");
}

Test(facts, a_renamed_company_keeps_no_check)
{
	with_check("{\"kind\": \"web\", \"status\": \"passed\"}");
	replace_in_case("subject_name", "Harbour Lane Ltd", "external_ref = 'RAL-1'");
	refuses("check_failed", "no longer matches the case: the subject's name");
	must(confirm_all(&f, f.lea, "RAL-1"));
	refuses("check_failed", "run it again");
}

Test(facts, document_re_dated)
{
	fixture_ready(&f, "RAL-1");
	sql_run(&f, "UPDATE document SET expires_on = 1830297600000 WHERE type = 'BUSINESS_NUMBER'");
	refuses("basis_changed", "the document's last day: nothing → 2028-01-01");
	confirmed_it_passes();
}

Test(facts, bytes_altered_or_gone_after_acceptance)
{
	const char *sha;

	fixture_ready(&f, "RAL-1");
	sha = sql_text(&f, "SELECT sha256 FROM document WHERE type = 'BUSINESS_NUMBER'");
	place_lose_bytes(f.path, sha);
	refuses("document_altered", "the stored file is missing");
	expect_blocked(USE(f.rita, DOCUMENT_ACCEPT, "RAL-1", .part = "BUSINESS_NUMBER"), "document_altered");
}

Test(facts, second_and_third_file_of_a_type)
{
	static const char bytes[] = "%PDF-1.4 another paper\n%%EOF\n", more[] = "%PDF-1.4 a third one\n%%EOF\n";

	/* In a sandbox an active case accepts uploads, and it can also be approved. */
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .status = "active" });
	must(USE(f.rita, DOCUMENT_ADD, "RAL-1", .type = "OTHER", .side = "", .file_name = "two.pdf", .bytes = bytes,
		 .length = sizeof bytes - 1));
	must(USE(f.rita, DOCUMENT_ADD, "RAL-1", .type = "OTHER", .side = "", .file_name = "three.pdf", .bytes = more,
		 .length = sizeof more - 1));
	refuses("document_not_accepted", "is not reviewed yet");
	must(confirm_all(&f, f.lea, "RAL-1"));
	refuses("document_not_accepted", "is not reviewed yet");
}

Test(facts, optional_document_rejected_or_unseen)
{
	static const char bytes[] = "%PDF-1.4 a licence\n%%EOF\n";
	const char *document_id;

	/* In a sandbox an active case accepts uploads, and it can also be approved. */
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .status = "active" });
	must(USE(f.rita, DOCUMENT_ADD, "RAL-1", .type = "LICENSES_PERMITS", .side = "", .file_name = "l.pdf",
		 .bytes = bytes, .length = sizeof bytes - 1));
	document_id = f.out.part_id;
	refuses("document_not_accepted", "is not reviewed yet");
	must(USE(f.rita, DOCUMENT_REJECT, "RAL-1", .part = document_id, .reason = "blurry"));
	refuses("document_not_accepted", "was rejected");
}

Test(facts, empty_kyc)
{
	fixture_kyc(&f, "KYC-1", "manual_review", ", \"steps\": [], \"checks\": []");
	expect_blocked(USE(f.rita, APPROVE, "KYC-1"), "nothing_examined");
}

Test(facts, identity_of_a_party_swapped_after_its_kyc)
{
	fixture_ready(&f, "RAL-1");
	sql_run(&f, "UPDATE party SET name = 'Ivo Mendes'");
	refuses("basis_changed", "the party's name: Ines Duarte → Ivo Mendes");
	cr_expect_eq(fixture_case(&f, "RAL-1").counts.parties_verified, 0);
	expect_err(confirm_all(&f, f.lea, "RAL-1"), ERR_BLOCKED);
	sql_run(&f, "UPDATE session SET subject_name = 'Ivo Mendes' WHERE kind = 'kyc'");
	refuses("basis_changed", "the subject's name: Ines Duarte → Ivo Mendes");
}

Test(facts, another_birth_date_in_the_kyc)
{
	fixture_ready(&f, "RAL-1");
	sql_run(&f, "UPDATE session SET date_of_birth = '1990-01-01' WHERE kind = 'kyc'");
	refuses("basis_changed", "the party's birth date");
	cr_expect_null(strstr(sentence("RAL-1", "basis_changed"), "1990"));
}

#define HIT(name, score)                                                                                               \
	"{\"kind\": \"watchlist\", \"status\": \"hit\", \"hits\": [{\"name\": \"" name                                 \
	"\", \"list\": \"PEP list\", \"class\": \"pep\", \"score\": " score "}]}"

static const char *first_hit(void)
{
	return sql_text(&f, "SELECT uuid FROM hit ORDER BY id LIMIT 1");
}

static void resolve_first(void)
{
	must(USE(f.rita, HIT_RESOLVE, "RAL-1", .part = first_hit(), .reason = "different_name", .note = ""));
}

Test(facts, new_hit_at_an_old_place)
{
	with_check(HIT("Harbor Lane", "0.5"));
	resolve_first();
	line(", \"checks\": [" HIT("Harbour Lane Trading", "0.99") "]");
	expect_rows(1, "hit WHERE state = 'open'");
	refuses("hit_open", "Harbour Lane Trading");
}

Test(facts, new_hit_at_an_old_id)
{
	const char *old;

	with_check(HIT("Harbor Lane", "0.5"));
	resolve_first();
	old = first_hit();
	line(arena_printf(&f.arena,
			  ", \"checks\": [{\"kind\": \"watchlist\", \"status\": \"hit\", \"hits\": [{\"id\": \"%s\", "
			  "\"name\": \"Someone Worse\", \"list\": \"OFAC SDN\", \"class\": \"sanctions\"}]}]",
			  old));
	refuses("hit_open", "Someone Worse");
}

Test(facts, hit_re_scored_after_resolution)
{
	with_check(HIT("Harbor Lane", "0.5"));
	resolve_first();
	line(", \"checks\": [" HIT("Harbor Lane", "0.99") "]");
	refuses("hit_open", "Harbor Lane");
	expect_rows(1, "hit WHERE state = 'open' AND score > 0.9");
}

Test(facts, waiver_over_another_result)
{
	with_check("{\"kind\": \"web\", \"status\": \"error\"}");
	must(USE(f.lea, CHECK_WAIVE, "RAL-1", .check = CHECK_WEB, .reason = WHY));
	line(", \"checks\": [{\"kind\": \"web\", \"status\": \"failed\", \"detail\": {\"site\": \"a casino\"}}]");
	refuses("check_failed", "failed");
	expect_err(USE(f.rita, CHECK_WAIVE, "RAL-1", .check = CHECK_WEB, .reason = WHY), ERR_FORBIDDEN);
	must(USE(f.lea, CHECK_WAIVE, "RAL-1", .check = CHECK_WEB, .reason = WHY));
	must(USE(f.rita, APPROVE, "RAL-1"));
}

Test(facts, verified_elsewhere_over_a_rejection)
{
	const char *kyc;

	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .party = "manual_review" });
	kyc = sql_text(&f, "SELECT uuid FROM session WHERE kind = 'kyc'");
	must(USE(f.lea, PARTY_VERIFY, "RAL-1", .part = "Ines Duarte", .reason = WHY));
	must(USE(f.rita, REJECT, kyc, .reason = "data_mismatch", .note = "explained in full"));
	refuses("basis_changed", "its KYC was rejected here");
	expect_err(confirm_all(&f, f.lea, "RAL-1"), ERR_BLOCKED);
	expect_err(USE(f.lea, PARTY_VERIFY, "RAL-1", .part = "Ines Duarte", .reason = WHY), ERR_BLOCKED);
}

Test(facts, gap_explained_then_graph_changed)
{
	fixture_ready(&f, "RAL-1");
	sql_run(&f, "UPDATE party_share SET percent = '50'");
	must(USE(f.lea, PARTY_GAP, "RAL-1", .reason = "listed", .text = ""));
	sql_run(&f, "INSERT INTO party (session_id, uuid, kind, name) SELECT session_id, "
		    "'0b0f8a52-6a55-5c53-9d3e-5f5f2b8f1a99', 'company', 'Vela Holding BV' FROM party;"
		    "UPDATE party SET country = 'NLD' WHERE name = 'Vela Holding BV'");
	refuses("basis_changed", "Vela Holding BV");
	confirmed_it_passes();
}

Test(facts, duplicate_dismissed_then_number_changed)
{
	fixture_ready(&f, "RAL-1");
	fixture_ready(&f, "RAL-2");
	sql_run(&f, "UPDATE session SET tax_id = 'GB123456789', tax_key = 'GB123456789' WHERE kind = 'kyb'");
	must(confirm_all(&f, f.lea, "RAL-1"));
	must(USE(f.rita, DUPLICATE_DISMISS, "RAL-1", .part = "RAL-2", .reason = WHY));
	sql_run(&f, "UPDATE session SET subject_name = 'Harbour Lane Holding' WHERE external_ref = 'RAL-2'");
	refuses("basis_changed", "name: Harbour Lane Trading Ltd → Harbour Lane Holding");
	confirmed_it_passes();
}

/* Imports an Avenia company with two owners; `first` and `second` are the members of their fields. */
static void avenia(const char *first, const char *second, const char *documents)
{
	fixture_import(
		&f,
		arena_printf(&f.arena,
			     "{\"external_ref\": \"AVE-1\", \"workflow\": \"avenia-kyb-level-1\", \"kind\": \"kyb\", "
			     "\"merchant\": \"northwind-pay\", \"status\": \"manual_review\", \"subject\": {\"uid\": "
			     "\"a1\", \"kind\": \"business\", \"name\": \"SOLUCOES\", \"country\": \"BRA\"}, "
			     "\"documents\": [%s], \"parties\": [{\"kind\": \"individual\", \"name\": \"Ana Luz\", "
			     "\"roles\": [\"ubo\"], \"country\": \"BRA\", \"fields\": {%s}}, {\"kind\": "
			     "\"individual\", \"name\": \"Rui Sol\", \"roles\": [\"ubo\"], \"country\": \"BRA\", "
			     "\"fields\": {%s}}]}\n",
			     documents, first, second));
}

#define DOCUMENT "8b3e1a72-5c9f-4d2e-b847-000000000001"
#define NAMES "\"uploadedIdentificationId\": \"" DOCUMENT "\""
#define ID_DOCUMENT(id, side, file, review)                                                                            \
	"{\"id\": \"" id "\", \"category\": \"IDENTIFICATION\", \"type\": \"ID\", \"side\": \"" side                   \
	"\", \"file_name\": \"" file "\", \"file\": \"files/" file "\", \"upload\": \"ready\", \"review\": \"" review  \
	"\"}"

static bool is_verified(const char *name)
{
	struct case_view view = fixture_case(&f, "AVE-1");

	for (size_t i = 0; i < view.file.party_count; i++) {
		if (!strcmp(view.file.parties[i].name, name))
			return party_is_verified(&view.file.parties[i], &view.file, view.profile);
	}
	cr_assert_fail("there is no %s", name);
	return false;
}

Test(facts, an_identification_of_ones_own_verifies)
{
	avenia(NAMES, "", ID_DOCUMENT(DOCUMENT, "", "identity.png", "accepted"));
	cr_expect(is_verified("Ana Luz"));
	cr_expect_not(is_verified("Rui Sol"));
}

Test(facts, one_identification_for_two)
{
	avenia(NAMES, NAMES, ID_DOCUMENT(DOCUMENT, "", "identity.png", "accepted"));
	cr_expect_not(is_verified("Ana Luz"));
	cr_expect_not(is_verified("Rui Sol"));
	cr_expect(strstr(sentence("AVE-1", "party_not_verified"), "another party"));
}

Test(facts, half_an_identification)
{
	avenia(NAMES, "", ID_DOCUMENT(DOCUMENT, "front", "identity.png", "accepted"));
	cr_expect_not(is_verified("Ana Luz"));
	cr_expect(strstr(sentence("AVE-1", "party_not_verified"), "a side of the identification"));
}

Test(facts, the_other_half_not_accepted)
{
	avenia(NAMES, "",
	       ID_DOCUMENT(DOCUMENT, "front", "identity.png", "accepted") ", " ID_DOCUMENT(
		       "8b3e1a72-5c9f-4d2e-b847-000000000002", "back", "bill.jpeg", "unreviewed"));
	cr_expect_not(is_verified("Ana Luz"));
	/* Both sides are one document, so the id of either side names it. */
	must(USE(f.rita, DOCUMENT_ACCEPT, "AVE-1", .part = "8b3e1a72-5c9f-4d2e-b847-000000000002"));
	cr_expect(is_verified("Ana Luz"));
}

Test(facts, id_in_a_free_text)
{
	avenia("\"note\": \"see " DOCUMENT "\"", "", ID_DOCUMENT(DOCUMENT, "", "identity.png", "accepted"));
	cr_expect_not(is_verified("Ana Luz"));
}

Test(facts, a_document_of_no_identification_type)
{
	avenia(NAMES, "",
	       "{\"id\": \"" DOCUMENT "\", \"category\": \"CORPORATE\", \"type\": \"CERTIFICATE-OF-INCORPORATION\", "
	       "\"file_name\": \"articles.pdf\", \"file\": \"files/articles.pdf\", \"upload\": \"ready\", "
	       "\"review\": \"accepted\"}");
	cr_expect_not(is_verified("Ana Luz"));
}

Test(facts, without_a_basis_a_judgement_cannot_show_what_it_rests_on)
{
	fixture_ready(&f, "RAL-1");
	sql_run(&f, "UPDATE document SET basis = ''; UPDATE session SET arrived_basis = ''");
	refuses("basis_changed", "has no recorded facts");
	cr_expect(strstr(f.error.message, "and 4 more"), "%s", f.error.message);
	confirmed_it_passes();
}

Test(facts, confirming_one_leaves_the_others)
{
	const char *ref;

	fixture_ready(&f, "RAL-1");
	ref = sql_text(&f, "SELECT 'document:' || uuid FROM document WHERE type = 'BUSINESS_NUMBER'");
	replace_in_case("subject_name", "Harbour Lane Ltd", "external_ref = 'RAL-1'");
	must(USE(f.rita, CONFIRM, "RAL-1", .refs = &ref, .ref_count = 1));
	cr_expect_eq(f.out.confirmed_count, 1);
	cr_expect_eq(fixture_case(&f, "RAL-1").counts.documents_accepted, 1);
	ref = "document:nothing";
	expect_err(USE(f.rita, CONFIRM, "RAL-1", .refs = &ref, .ref_count = 1), ERR_NOT_FOUND);
}

Test(facts, confirming_names_what_holds_and_guesses_nothing)
{
	const char *ref = "document:";

	fixture_ready(&f, "RAL-1");
	replace_in_case("subject_name", "Harbour Lane Ltd", "external_ref = 'RAL-1'");
	expect_error(USE(f.rita, CONFIRM, "RAL-1"), ERR_USAGE, "Name the judgements to confirm");
	sql_run(&f, "UPDATE document SET uuid = 'aaaaaaaa' || substr(uuid, 9)");
	ref = "document:aaaaaaaa";
	expect_error(USE(f.rita, CONFIRM, "RAL-1", .refs = &ref, .ref_count = 1), ERR_USAGE,
		     "matches several judgements; use more characters of the id");
	cr_expect_eq(fixture_case(&f, "RAL-1").counts.documents_accepted, 0);
}
