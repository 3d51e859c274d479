/* Only a lead, with a reason, may hide a hit or a restricted rejection from the deciding reviewers. */
#include "fixture.h"

FIXTURE(care);

#define LONG "the register was read again"
static const char *ines, *hit; /* ids of the party of RAL-1, and of the hit that confirmed() makes */

/* The verb is refused for a reviewer, and for a lead without a sufficient reason; a lead with a reason succeeds. */
#define LEAD_AND_REASON(...)                                                                                           \
	do {                                                                                                           \
		expect_err(USE_IN(f.rita, .session = "RAL-1", .reason = LONG, __VA_ARGS__), ERR_FORBIDDEN);            \
		expect_says("only a lead can do this");                                                                \
		expect_err(USE_IN(f.lea, .session = "RAL-1", .reason = "short", __VA_ARGS__), ERR_INVALID);            \
		must(USE_IN(f.lea, .session = "RAL-1", .reason = LONG, __VA_ARGS__));                                  \
	} while (0)

/* Creates RAL-1 and rejects the KYC session of its only owner for this reason. */
static void ines_is_rejected(const char *reason)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .party = "manual_review" });
	ines = fixture_case(&f, "RAL-1").file.parties[0].id;
	must(USE(f.rita, REJECT, fixture_kyc_id(&f), .reason = reason, .note = "explained in full"));
}

static void with_hit_in_kyc(const char *state)
{
	fixture_ready(&f, "RAL-1");
	ines = fixture_case(&f, "RAL-1").file.parties[0].id;
	sql_run(&f,
		arena_printf(&f.arena,
			     "INSERT INTO check_result (session_id, kind, status) SELECT id, 'watchlist', 'hit' FROM "
			     "session WHERE uuid = '%1$s'; INSERT INTO hit (uuid, check_id, name, list, class, state) "
			     "SELECT 'h-1', max(id), 'Ines D.', 'L', 'sanctions', '%2$s' FROM check_result",
			     fixture_kyc_id(&f), state));
}

static void confirmed(const char *class_)
{
	fixture_kyb(&f,
		    &(struct kyb){ .ref = "RAL-1",
				   .more = arena_printf(&f.arena,
							", \"checks\": [{\"kind\": \"watchlist\", \"status\": "
							"\"hit\", \"hits\": [{\"name\": \"Ines D.\", \"list\": \"L\", "
							"\"class\": \"%s\", \"state\": \"open\"}]}]",
							class_) });
	hit = sql_text(&f, "SELECT uuid FROM hit");
	fixture_reveal(&f, f.rita, "RAL-1");
	fixture_reveal(&f, f.lea, "RAL-1");
	must(USE(f.rita, HIT_RESOLVE, "RAL-1", .part = hit, .is_match = true, .reason = "same_person", .note = LONG));
}

static enum err revise(struct desk *desk, const char *note)
{
	return USE(desk, HIT_RESOLVE, "RAL-1", .part = hit, .reason = "different_birth_date", .note = note);
}

Test(care, confirmed_match_revised_by_a_reviewer)
{
	confirmed("sanctions");
	expect_error(revise(f.rita, LONG), ERR_FORBIDDEN, "confirmed match");
	expect_err(revise(f.lea, ""), ERR_INVALID);
	expect_sql("SELECT state FROM hit", "true_match");
	must(revise(f.lea, LONG));
	expect_sql("SELECT state || ':' || note FROM hit", "false_positive:" LONG);
}

Test(care, accepted_match_revised_by_a_reviewer)
{
	confirmed("pep");
	must(USE(f.lea, HIT_ACCEPT, "RAL-1", .part = hit, .reason = LONG));
	expect_err(revise(f.rita, LONG), ERR_FORBIDDEN);
	must(revise(f.lea, LONG));
}

Test(care, what_was_no_match_is_revised_by_anyone_who_decides)
{
	confirmed("sanctions");
	must(revise(f.lea, LONG));
	must(USE(f.rita, HIT_RESOLVE, "RAL-1", .part = hit, .is_match = true, .reason = "same_person", .note = LONG));
}

Test(care, new_kyc_after_a_restricted_rejection)
{
	ines_is_rejected("suspected_fraud");
	LEAD_AND_REASON(.verb = VERB_SUBSESSION_ADD, .part = ines);
}

Test(care, new_kyc_after_a_rejection_that_may_be_told)
{
	ines_is_rejected("invalid_document");
	must(USE(f.rita, SUBSESSION_ADD, "RAL-1", .part = ines));
}

Test(care, third_kyc_after_a_restricted_rejection_of_the_first)
{
	ines_is_rejected("suspected_fraud");
	must(USE(f.lea, SUBSESSION_ADD, "RAL-1", .part = ines, .reason = LONG));
	must(USE(f.rita, REJECT, fixture_kyc_id(&f), .reason = "invalid_document", .note = "explained in full"));
	LEAD_AND_REASON(.verb = VERB_SUBSESSION_ADD, .part = ines);
}

Test(care, owner_declared_anew_after_a_restricted_rejection)
{
	const struct party_input again = { .kind = PARTY_INDIVIDUAL,
					   .name = "INES  Duarte",
					   .roles = 1u << ROLE_DIRECTOR,
					   .country = "PRT",
					   .date_of_birth = "1984-02-11" };

	ines_is_rejected("suspected_fraud");
	LEAD_AND_REASON(.verb = VERB_PARTY_ADD, .party = &again);
}

Test(care, owner_removed_after_rejection)
{
	ines_is_rejected("suspected_fraud");
	LEAD_AND_REASON(.verb = VERB_PARTY_REMOVE, .part = ines);
}

Test(care, owner_removed_and_declared_again_after_rejection)
{
	const struct party_input again = { .kind = PARTY_INDIVIDUAL,
					   .name = "Ines Duarte",
					   .roles = 1u << ROLE_UBO,
					   .country = "PRT",
					   .date_of_birth = "1984-02-11",
					   .percent = "80" };

	ines_is_rejected("suspected_fraud");
	must(USE(f.lea, PARTY_REMOVE, "RAL-1", .part = ines, .reason = LONG));
	LEAD_AND_REASON(.verb = VERB_PARTY_ADD, .party = &again);
}

Test(care, owner_lowered_after_rejection)
{
	const struct party_input sub_sat = { .percent = "10", .control_role = "", .roles = 1u << ROLE_SHAREHOLDER };

	ines_is_rejected("suspected_fraud");
	LEAD_AND_REASON(.verb = VERB_PARTY_EDIT, .part = ines, .party = &sub_sat);
}

Test(care, owner_lowered_after_rejection_by_what_they_own)
{
	const struct party_input none = { .control_role = "", .roles = 1u << ROLE_SHAREHOLDER };

	ines_is_rejected("suspected_fraud");
	must(USE(f.rita, PARTY_EDIT, "RAL-1", .part = ines, .party = &none));
	LEAD_AND_REASON(.verb = VERB_PARTY_OWN, .part = ines, .related_ref = "", .percent = "10");
}

/* The range says that Ines may be an owner: neither its rest nor a narrower one hides that. */
Test(care, possible_owner_lowered_after_rejection)
{
	const struct party_input possible = { .percent = "20-30", .control_role = "", .roles = 1u << ROLE_SHAREHOLDER },
				 narrower = { .percent = "20-<25" };

	ines_is_rejected("suspected_fraud");
	must(USE(f.lea, PARTY_EDIT, "RAL-1", .part = ines, .party = &possible, .reason = LONG));
	LEAD_AND_REASON(.verb = VERB_PARTY_EDIT, .part = ines, .party = &narrower);
}

Test(care, owner_who_stays_one_is_changed_by_anyone_who_decides)
{
	const struct party_input more = { .percent = "70" };

	ines_is_rejected("suspected_fraud");
	must(USE(f.rita, PARTY_EDIT, "RAL-1", .part = ines, .party = &more));
}

Test(care, party_removed_with_an_open_hit_in_its_kyc)
{
	with_hit_in_kyc("open");
	LEAD_AND_REASON(.verb = VERB_PARTY_REMOVE, .part = ines);
}

Test(care, party_removed_with_a_confirmed_hit_in_its_kyc)
{
	with_hit_in_kyc("true_match");
	LEAD_AND_REASON(.verb = VERB_PARTY_REMOVE, .part = ines);
}

Test(care, party_removed_with_a_hit_that_was_nobody)
{
	with_hit_in_kyc("false_positive");
	must(USE(f.rita, PARTY_REMOVE, "RAL-1", .part = ines, .reason = LONG));
}

Test(care, session_deleted_with_an_open_hit)
{
	fixture_kyc(&f, "KYC-1", "draft",
		    ", \"checks\": [{\"kind\": \"watchlist\", \"status\": \"hit\", \"hits\": [{\"name\": \"J. R.\", "
		    "\"list\": \"L\", \"class\": \"sanctions\", \"state\": \"open\"}]}]");
	sql_run(&f, "UPDATE session SET submitted_at = NULL");
	expect_err(USE(f.lea, DELETE, "KYC-1"), ERR_INVALID);
	must(USE(f.lea, DELETE, "KYC-1", .reason = LONG));
}
