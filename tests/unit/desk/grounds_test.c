/* A reason must agree with the evidence: a rejection with confirmed matches, and a verdict with the data of the hit. */
#include "fixture.h"
#include "kybdesk/desk/caller.h"
#include "kybdesk/desk/outside.h"

FIXTURE(grounds);

#define NOTE "compared with the passport, page 2"
#define HIT(name, list, class, detail)                                                                                 \
	"{\"name\":\"" name "\",\"list\":\"" list "\",\"class\":\"" class "\",\"detail\":{" detail "}}"
#define CHECK(kind, hits) ",\"checks\":[{\"kind\":\"" kind "\",\"status\":\"hit\",\"hits\":[" hits "]}]"
#define OFAC(detail) CHECK("watchlist", HIT("Ines Duarte", "OFAC SDN", "sanctions", detail))
#define CARD                                                                                                           \
	"\"date_of_birth\":\"1984-02-11\",\"nationality\":\"Portugal\",\"tax_id\":\"PT 501964843\","                   \
	"\"remarks\":\"director\""
#define REJECTED(more)                                                                                                 \
	CHECK("watchlist", "{\"name\":\"Ines Duarte\",\"list\":\"OFAC SDN\",\"class\":\"sanctions\",\"state\":"        \
			   "\"true_match\"}")                                                                          \
	",\"decisions\":[{\"decision\":\"reject\",\"by\":\"zoe\",\"at\":\"2026-11-20T11:00:00Z\",\"reason\":"          \
	"\"missing_document\",\"message\":\"Please upload the register.\",\"retryable\":true" more "}]"

#define REJECT(...) USE_IN(f.rita, .session = "RAL-1", .verb = VERB_REJECT, __VA_ARGS__)
#define CLEAR(why, ...)                                                                                                \
	USE_IN(f.lea, .session = "RAL-1", .verb = VERB_HIT_RESOLVE, .part = hit_of("RAL-1"), .reason = (why),          \
	       __VA_ARGS__)

static const char *hit_of(const char *ref)
{
	return sql_text(&f,
			arena_printf(&f.arena,
				     "SELECT h.uuid FROM hit h JOIN check_result c ON c.id = h.check_id JOIN "
				     "session s ON s.id = c.session_id WHERE s.external_ref = '%s' OR s.uuid = '%s' "
				     "ORDER BY h.id DESC LIMIT 1",
				     ref, ref));
}

static void reveal(struct desk *desk, const char *ref)
{
	struct case_view view;

	must(desk_case(desk, &f.arena, ref, true, &view, &f.error));
}

static void confirm_hit(const char *ref)
{
	reveal(f.lea, ref);
	must(USE(f.lea, HIT_RESOLVE, ref, .part = hit_of(ref), .is_match = true, .reason = "same_person",
		 .note = NOTE));
}

static void open_case_with(const char *more)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .more = more });
}

static void open_case_with_match(void)
{
	open_case_with(OFAC(CARD));
	confirm_hit("RAL-1");
}

/* Expects that another reason without a sufficient note, or with a retry, is refused; sanctions_match succeeds. */
static void expect_restricted(const char *ref)
{
	expect_err(USE(f.rita, REJECT, ref, .reason = "missing_document"), ERR_INVALID);
	expect_text(f.error.field, "note");
	expect_says("Ines Duarte (OFAC SDN), a confirmed sanctions match");
	expect_says("sanctions_match");
	expect_err(USE(f.rita, REJECT, ref, .reason = "missing_document", .note = "short"), ERR_INVALID);
	expect_err(USE(f.rita, REJECT, ref, .reason = "suspected_fraud"), ERR_INVALID);
	expect_err(USE(f.rita, REJECT, ref, .reason = "missing_document", .note = NOTE, .retryable = CHOICE_YES),
		   ERR_INVALID);
	expect_text(f.error.field, "retryable");
	must(USE(f.rita, REJECT, ref, .reason = "sanctions_match"));
}

Test(grounds, a_confirmed_match_is_rejected_for_its_restricted_reason)
{
	open_case_with_match();
	expect_restricted("RAL-1");
	expect_sql("SELECT retryable || decision_reason FROM session WHERE external_ref = 'RAL-1'", "0sanctions_match");
}

Test(grounds, another_reason_has_a_note_and_is_never_retryable)
{
	open_case_with_match();
	must(REJECT(.reason = "missing_document", .note = NOTE));
	expect_sql("SELECT retryable || note FROM decision WHERE imported = 0", "0" NOTE);
	cr_expect(strstr(sql_text(&f, "SELECT body FROM outbox_event"), "\"retryable\":false"));
	cr_expect(strstr(sql_text(&f, "SELECT detail FROM audit_event WHERE action = 'session.reject'"),
			 "\"instead_of\":\"sanctions_match\""));
}

Test(grounds, a_match_of_an_ofac_check_is_sanctions_whatever_its_class)
{
	open_case_with(CHECK("ofac", HIT("Ines Duarte", "OFAC SDN", "pep", CARD)));
	confirm_hit("RAL-1");
	expect_err(REJECT(.reason = "pep_unacceptable"), ERR_INVALID);
	must(REJECT(.reason = "sanctions_match"));
}

/* A confirmed PEP match restricts the reasons until a lead accepts the match. */
Test(grounds, a_confirmed_match_of_another_class_is_restricted_too)
{
	open_case_with(CHECK("watchlist", HIT("Ines Duarte", "Heads of state", "pep", CARD)));
	confirm_hit("RAL-1");
	expect_error(REJECT(.reason = "missing_document"), ERR_INVALID, "pep_unacceptable");
	must(USE(f.lea, HIT_ACCEPT, "RAL-1", .part = hit_of("RAL-1"), .reason = "left office long ago"));
	must(REJECT(.reason = "missing_document", .note = "explained in full"));
	expect_sql("SELECT retryable FROM session WHERE external_ref = 'RAL-1'", "1");
}

Test(grounds, the_gravest_of_several_matches_is_preset)
{
	open_case_with(CHECK("watchlist", HIT("Ines Duarte", "Media", "adverse_media", "") "," HIT("Ines Duarte", "EU",
												   "sanctions", "")));
	for (int i = 0; i < 2; i++) {
		const char *open = sql_text(&f, "SELECT uuid FROM hit WHERE state = 'open' ORDER BY id LIMIT 1");

		reveal(f.lea, "RAL-1");
		must(USE(f.lea, HIT_RESOLVE, "RAL-1", .part = open, .is_match = true, .reason = "same_person",
			 .note = NOTE));
	}
	expect_err(REJECT(.reason = "adverse_media"), ERR_INVALID);
	must(REJECT(.reason = "sanctions_match"));
}

Test(grounds, undone_and_rejected_again_is_asked_again)
{
	open_case_with_match();
	must(REJECT(.reason = "sanctions_match"));
	must(USE(f.rita, UNDO, "RAL-1"));
	expect_restricted("RAL-1");
}

Test(grounds, a_match_that_was_confirmed_since_the_dialog_opened_counts)
{
	struct decision_preview preview;

	open_case_with(OFAC(CARD));
	must(desk_preview(f.rita, &f.arena, &(struct use_in){ .verb = VERB_REJECT, .session = "RAL-1" }, &preview,
			  &f.error));
	cr_expect_eq(preview.matches.count, 0);
	cr_expect(preview.grounds.may_allow_retry);
	confirm_hit("RAL-1");
	expect_err(REJECT(.reason = "missing_document", .seen_version = preview.version), ERR_CONFLICT);
	must(desk_preview(f.rita, &f.arena, &(struct use_in){ .verb = VERB_REJECT, .session = "RAL-1" }, &preview,
			  &f.error));
	cr_assert_eq(preview.matches.count, 1);
	expect_text(preview.grounds.preset->code, "sanctions_match");
	cr_expect_not(preview.grounds.may_allow_retry);
	expect_err(REJECT(.reason = "missing_document"), ERR_INVALID);
}

/* A match in the KYC session of a party also restricts the reasons for a rejection of the company. */
Test(grounds, a_match_in_the_kyc_of_a_party_counts_for_the_company)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .party = "manual_review" });
	sql_run(&f,
		arena_printf(&f.arena,
			     "INSERT INTO check_result (session_id, kind, status) SELECT id, 'watchlist', 'hit' FROM "
			     "session WHERE uuid = '%s'; INSERT INTO hit (uuid, check_id, name, list, class, state) "
			     "SELECT 'hit-0001', max(id), 'Ines Duarte', 'OFAC SDN', 'sanctions', 'open' FROM "
			     "check_result",
			     fixture_kyc_id(&f)));
	must(REJECT(.reason = "missing_document", .note = "explained in full"));
	must(USE(f.rita, UNDO, "RAL-1"));
	must(USE(f.rita, RELEASE, "RAL-1"));
	confirm_hit(fixture_kyc_id(&f));
	expect_restricted("RAL-1");
	expect_restricted(fixture_kyc_id(&f));
}

Test(grounds, a_match_of_the_company_that_names_a_party_counts_for_the_kyc)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .party = "manual_review", .more = OFAC(CARD) });
	must(USE(f.rita, REJECT, fixture_kyc_id(&f), .reason = "missing_document", .note = "explained in full"));
	must(USE(f.rita, UNDO, fixture_kyc_id(&f)));
	must(USE(f.rita, RELEASE, fixture_kyc_id(&f)));
	confirm_hit("RAL-1");
	expect_restricted(fixture_kyc_id(&f));
}

/* The merchant gets the same response as for a case that a reviewer has claimed. */
Test(grounds, a_merchants_key_rejects_no_match_and_learns_of_none)
{
	static const char *const reasons[] = { "missing_document", "sanctions_match", "other" };
	struct caller key;
	const char *id;

	open_case_with_match();
	id = sql_text(&f, "SELECT uuid FROM session WHERE external_ref = 'RAL-1'");
	key = (struct caller){ .capacity = CAPACITY_MERCHANT,
			       .actor = "api:northwind-pay",
			       .merchant = "northwind-pay",
			       .merchant_row = sql_int(&f, "SELECT id FROM merchant WHERE name = 'northwind-pay'"),
			       .document_type = "",
			       .request_id = "" };
	desk_set_caller(f.ada, &key);
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
		expect_err(USE(f.ada, REJECT, id, .reason = reasons[i], .note = NOTE, .has_grace = true), ERR_BLOCKED);
		cr_assert_eq(f.error.blocker_count, 1);
		expect_text(f.error.blockers[0].code, "review_open");
		cr_expect_null(strstr(f.error.message, "Ines"), "%s", f.error.message);
		cr_expect_null(strstr(f.error.message, "match"), "%s", f.error.message);
	}
	desk_set_caller(f.ada, NULL);
	expect_text(fixture_status(&f, "RAL-1"), "manual_review");
}

static struct external_case seen_outside(const char *ref)
{
	static struct caller key;
	struct external_case seen;

	key = (struct caller){ .capacity = CAPACITY_MERCHANT,
			       .merchant = "m",
			       .merchant_row = sql_int(&f, "SELECT merchant_id FROM session WHERE parent_id IS NULL") };
	desk_set_caller(f.vic, &key);
	must(desk_external_case(
		f.vic, &f.arena,
		sql_text(&f, arena_printf(&f.arena, "SELECT uuid FROM session WHERE external_ref = '%s'", ref)), &seen,
		&f.error));
	desk_set_caller(f.vic, NULL);
	return seen;
}

/* An imported session may have a decision from another desk. */
Test(grounds, an_imported_rejection_beside_a_match_reads_as_a_restricted_one)
{
	struct external_case seen;

	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .status = "rejected", .more = REJECTED("") });
	seen = seen_outside("RAL-1");
	expect_text(seen.reason, "other");
	cr_expect_null(strstr(seen.message, "register"), "%s", seen.message);
	cr_expect_not(seen.retryable);
}

Test(grounds, an_imported_rejection_beside_a_match_is_not_submitted_again)
{
	fixture_import(&f, "{\"external_ref\":\"SB-1\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":"
			   "\"m\",\"status\":\"rejected\",\"subject\":{\"kind\":\"individual\",\"name\":\"Ines "
			   "Duarte\"},\"steps\":[{\"id\":\"identity\",\"status\":\"completed\"}]" REJECTED("") "}\n");
	expect_err(USE(f.ada, RESUBMIT, "SB-1", .capacity = CAPACITY_CLIENT), ERR_BLOCKED);
}

/* With the result "rejected", a case with a confirmed match goes to review: a person must choose the reason. */
Test(grounds, the_system_rejects_no_confirmed_match)
{
	fixture_kyc(&f, "IND-1", "completed",
		    ",\"checks\":[{\"kind\":\"watchlist\",\"status\":\"hit\",\"hits\":[{\"name\":\"Ines "
		    "Duarte\",\"list\":\"OFAC SDN\",\"class\":\"sanctions\",\"state\":\"true_match\"}]},{\"kind\":"
		    "\"face_match\",\"status\":\"failed\"}]");
	must(USE(f.rita, PROCESS, "IND-1"));
	must(USE(f.ada, RESULTS_REPORT, "IND-1", .capacity = CAPACITY_SIMULATOR,
		 .results_json = "{\"final_decision\":\"rejected\"}"));
	expect_text(fixture_status(&f, "IND-1"), "manual_review");
}

/* --- verdicts on hits --- */

Test(grounds, a_hit_is_not_cleared_against_its_own_card)
{
	static const struct {
		const char *reason, *says;
	} rows[] = { { "different_name", "the name" },
		     { "different_birth_date", "the birth date" },
		     { "different_country", "the country" } };

	open_case_with(OFAC(CARD));
	fixture_in_production(&f);
	reveal(f.lea, "RAL-1");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		expect_err(CLEAR(rows[i].reason, .note = NOTE), ERR_BLOCKED);
		expect_text(f.error.blockers[0].code, "reason_contradicted");
		expect_says("contradicts the record");
		expect_says(rows[i].says);
	}
	must(CLEAR("different_identifier", .note = NOTE));
}

Test(grounds, a_number_that_agrees_contradicts_another_one)
{
	open_case_with(CHECK("watchlist", HIT("Harbour Lane Trading Ltd", "Media", "adverse_media",
					      "\"tax_id\":\"GB 123456789\",\"country\":\"France\"")));
	fixture_in_production(&f);
	expect_error(CLEAR("different_identifier", .note = NOTE), ERR_BLOCKED, "the number");
	/* Another reason needs a note, because the hit has the same tax id as the company. */
	expect_err(CLEAR("different_country"), ERR_INVALID);
	expect_text(f.error.field, "note");
	must(CLEAR("different_country", .note = NOTE));
}

Test(grounds, a_birth_date_agrees_as_far_as_it_is_known)
{
	open_case_with(CHECK("watchlist", HIT("Ines Duarte", "Heads of state", "pep", "\"year_of_birth\":1984")));
	fixture_in_production(&f);
	expect_err(CLEAR("different_birth_date", .note = NOTE), ERR_BLOCKED);
	must(CLEAR("other"));
}

/* In a sandbox a note is enough; the card says what the reason contradicts, or that it does not show the difference. */
Test(grounds, a_hit_of_a_sandbox_is_cleared_against_its_card_with_a_note)
{
	open_case_with(CHECK("watchlist", HIT("Ines Duarte", "Heads of state", "pep", "\"year_of_birth\":1984")));
	expect_error(CLEAR("different_birth_date"), ERR_INVALID, "of Ines Duarte agree. Explain it in a note");
	expect_error(CLEAR("different_identifier"), ERR_INVALID, "the card shows no different number. Explain it");
	must(CLEAR("different_birth_date", .note = NOTE));
}

/* A birth date or number that differs refutes the same person; the name alone is what the screening found. */
Test(grounds, a_hit_with_another_birth_date_is_not_confirmed_as_the_same_person)
{
	open_case_with(CHECK("watchlist", HIT("Ines Duarte", "Heads of state", "pep", "\"year_of_birth\":1951")));
	fixture_in_production(&f);
	expect_error(CLEAR("same_person", .is_match = true, .note = NOTE), ERR_BLOCKED,
		     "the birth date of the list's entry and of Ines Duarte differ");
	expect_text(f.error.blockers[0].code, "reason_contradicted");
	must(CLEAR("other", .is_match = true, .note = NOTE));
}

Test(grounds, a_reason_fits_its_verdict)
{
	static const char *const others[] = { "different_name", "different_birth_date", "different_country",
					      "different_identifier", "list_entry_removed" };

	open_case_with(CHECK("watchlist", HIT("Inez Duart", "Heads of state", "pep", "")));
	fixture_in_production(&f);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		expect_error(CLEAR(others[i], .is_match = true), ERR_INVALID, "choose one of: same_person, other");
	}
	expect_error(CLEAR("same_person"), ERR_INVALID,
		     "different_name, other, different_birth_date, different_country, different_identifier, "
		     "list_entry_removed");
}

Test(grounds, a_sanctions_hit_is_revealed_and_explained_first)
{
	open_case_with(OFAC("\"date_of_birth\":\"1951-07-01\""));
	expect_err(CLEAR("different_birth_date"), ERR_INVALID);
	expect_text(f.error.field, "note");
	expect_error(CLEAR("different_birth_date", .note = NOTE), ERR_BLOCKED, "reveal the case first");
	reveal(f.ada, "RAL-1");
	expect_err(CLEAR("different_birth_date", .note = NOTE), ERR_BLOCKED);
	reveal(f.lea, "RAL-1");
	must(CLEAR("different_birth_date", .note = NOTE));
}

Test(grounds, what_was_revealed_before_a_hit_changed_is_not_what_is_judged)
{
	struct check result = { .kind = CHECK_WATCHLIST, .detail_json = "{}", .checked_subject_json = "{}" };
	struct hit hit;

	open_case_with(OFAC("\"date_of_birth\":\"1951-07-01\""));
	reveal(f.lea, "RAL-1");
	check_init(&result);
	hit_init(&hit);
	hit.name = "Ines Duarte";
	hit.list = "EU";
	hit.id = "";
	hit.detail_json = "{\"date_of_birth\":\"1984-02-11\"}";
	hit.class_ = HIT_SANCTIONS;
	result.kind = CHECK_WATCHLIST;
	result.status = CHECK_HIT;
	result.hits = &hit;
	result.hit_count = 1;
	must(USE(f.ada, CHECK_REPORT, "RAL-1", .capacity = CAPACITY_SIMULATOR, .result = &result));
	expect_err(CLEAR("other", .note = NOTE), ERR_BLOCKED);
	reveal(f.lea, "RAL-1");
	expect_err(CLEAR("different_birth_date"), ERR_INVALID);
	must(CLEAR("other", .note = NOTE));
}

/* If nothing is masked, a verdict needs no reveal before it. */
Test(grounds, a_hit_that_hides_nothing_needs_the_note_alone)
{
	open_case_with(OFAC(""));
	sql_run(&f, "UPDATE party SET date_of_birth = ''");
	sql_run(&f, "UPDATE session SET tax_id = '', date_of_birth = ''");
	must(CLEAR("other", .note = NOTE));
}

Test(grounds, a_verdict_that_contradicts_by_now_is_not_confirmed)
{
	struct party_input edit = { .country = "Spain" };

	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1",
				       .party = "active",
				       .more = OFAC("\"nationality\":\"Spain\",\"date_of_birth\":\"1984-02-11\"") });
	fixture_in_production(&f);
	reveal(f.lea, "RAL-1");
	must(CLEAR("different_country", .note = NOTE));
	must(USE(f.rita, PARTY_EDIT, "RAL-1", .part = fixture_case(&f, "RAL-1").file.parties[0].id, .party = &edit));
	reveal(f.lea, "RAL-1");
	expect_error(USE(f.lea, CONFIRM, "RAL-1", .all = true), ERR_BLOCKED, "contradicts the record");
	expect_err(USE(f.rita, APPROVE, "RAL-1"), ERR_BLOCKED);
}

/* --- a rejection that the facts of the case contradict, in a production store --- */

static void expect_contradicted(const char *reason, const char *fact)
{
	expect_error(REJECT(.reason = reason, .note = NOTE), ERR_BLOCKED, fact);
	cr_assert_eq(f.error.blocker_count, 1);
	expect_text(f.error.blockers[0].code, "reason_contradicted");
	expect_text(f.error.blockers[0].ref, reason);
}

static void open_production_case(const struct kyb *kyb)
{
	fixture_kyb(&f, kyb);
	fixture_in_production(&f);
}

Test(grounds, a_clean_case_has_no_reason_of_its_papers_or_people)
{
	open_production_case(&(struct kyb){ .ref = "RAL-1" });
	expect_contradicted("missing_document", "no document is missing");
	expect_contradicted("invalid_document", "no document is rejected or unreviewed");
	expect_contradicted("expired_document", "no document has expired");
	expect_contradicted("data_mismatch", "no field breaks a rule");
	expect_contradicted("unrelated_document", "every document is accepted");
	expect_contradicted("party_rejected", "no party is rejected or unverified");
	expect_contradicted("ownership_not_established", "the declared ownership is complete");
	expect_contradicted("control_not_established", "every required party is declared");
	expect_contradicted("client_unresponsive", "was not asked");
	expect_contradicted("duplicate_application", "no other application");
	expect_contradicted("sanctions_match", "no sanctions match is confirmed");
	expect_contradicted("forged_document", "no document is rejected as forged");
	/* The desk may not know these facts, so a note is enough. */
	expect_err(REJECT(.reason = "company_not_active"), ERR_INVALID);
	expect_err(REJECT(.reason = "adverse_media"), ERR_INVALID);
	expect_text(f.error.field, "note");
	must(REJECT(.reason = "other"));
}

/* The ownership refutes a reason about documents, and supports one about itself. */
Test(grounds, impossible_ownership_is_rejected_as_ownership)
{
	const struct party_input second = {
		.kind = PARTY_INDIVIDUAL, .name = "Joao Reis", .roles = 1u << ROLE_SHAREHOLDER, .percent = "35"
	};

	open_production_case(&(struct kyb){ .ref = "RAL-1" });
	must(USE(f.bo, PARTY_ADD, "RAL-1", .party = &second));
	expect_contradicted("invalid_document", "no document is rejected or unreviewed");
	must(REJECT(.reason = "ownership_not_established"));
}

Test(grounds, what_a_document_is_decides_what_may_be_said_of_it)
{
	open_production_case(&(struct kyb){ .ref = "RAL-1", .review = "unreviewed" });
	expect_contradicted("missing_document", "no document is missing");
	expect_err(REJECT(.reason = "forged_document"), ERR_INVALID);
	expect_text(f.error.field, "note");
	must(REJECT(.reason = "invalid_document"));
}
