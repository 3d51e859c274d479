/* The people behind a company, from declaring them to deciding, by command alone. */
#include "box.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(party_story, .init = box_set_up_files, .fini = box_tear_down);

#define MUST(...) cr_assert_eq(box_json(&box, __VA_ARGS__, NULL), 0, "%s%s", box.last.out, box.last.err)
#define LONG "as the register says"

/* A company in review; its documents are accepted and its owners are not declared yet. */
static void company(const char *reference, const char *status)
{
	char line[2048];
	snprintf(
		line, sizeof line,
		"{\"external_ref\":\"%s\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":\"shop\","
		"\"status\":\"%s\",\"subject\":{\"uid\":\"biz-%s\",\"kind\":\"business\",\"name\":\"Harbour Lane\","
		"\"country\":\"GBR\",\"tax_id\":\"T-%s\"},\"documents\":["
		"{\"type\":\"MEMORANDUM_ARTICLES\",\"file_name\":\"m.pdf\",\"file\":\"a.pdf\",\"upload\":\"ready\","
		"\"review\":\"accepted\"},{\"type\":\"BUSINESS_NUMBER\",\"file_name\":\"b.pdf\",\"file\":\"a.pdf\","
		"\"upload\":\"ready\",\"review\":\"accepted\"},{\"type\":\"PROOF_OF_ADDRESS\",\"file_name\":\"p."
		"pdf\",\"file\":\"a.pdf\",\"upload\":\"ready\",\"review\":\"accepted\"},"
		"{\"type\":\"DIRECTORS_SHAREHOLDERS_REG\",\"file_name\":\"d.pdf\",\"file\":\"a.pdf\","
		"\"upload\":\"ready\",\"review\":\"accepted\"}]}\n",
		reference, status, reference, reference);
	box_import(&box, line);
}

static char *add(const char *reference, const char *name, const char *kind, const char *percent,
		 const char *owner_of, const char *control)
{
	const char *words[] = {
		"--json",    "party",  "add",	     reference, "--name",
		name,	     "--kind", kind,	     "--role",	strcmp(kind, "company") ? "ubo" : "shareholder",
		"--percent", percent,  "--owner-of", owner_of,	"--control-role",
		control,     NULL
	};
	cr_assert_eq(box_run_words(&box, words, NULL, 0), 0, "%s", box.last.err);
	json_t *party = test_keep(json_loads(box.last.out, 0, NULL));
	cr_assert(party);
	return test_keep(strdup(json_string_value(json_object_get(party, "id"))));
}

static char *session_of(const char *reference, const char *party)
{
	char path[64];
	MUST("party", "list", reference);
	for (size_t i = 0; i < json_array_size(json_path(box.json, "data")); i++) {
		snprintf(path, sizeof path, "data[%zu].id", i);
		if (strcmp(json_path_text(box.json, path), party))
			continue;
		snprintf(path, sizeof path, "data[%zu].session.id", i);
		return test_keep(strdup(json_path_text(box.json, path)));
	}
	cr_assert_fail("no party %s", party);
	return NULL;
}

static void approve_party(const char *reference, const char *party)
{
	char *session = session_of(reference, party);
	MUST("approve", session, "--grace", "0");
}

Test(party_story, a_company_with_a_holding_goes_from_nobody_declared_to_approved)
{
	company("RAL-1", "manual_review");
	cr_assert_eq(box_json(&box, "approve", "RAL-1", NULL), 4);
	cr_expect(has_blocker(&box, "party_missing"));

	char *holding = add("RAL-1", "Lane Holdings BV", "company", "60", "", "");
	char *ines = add("RAL-1", "Ines Duarte", "individual", "90", holding, "CEO");
	char *tomas = add("RAL-1", "Tomas Reis", "individual", "10", holding, "");
	char *mara = add("RAL-1", "Mara Lane", "individual", "40", "", "");

	MUST("party", "tree", "RAL-1");
	cr_expect_str_eq(json_path_text(box.json, "data[0].name"), "Lane Holdings BV");
	cr_expect_str_eq(json_path_text(box.json, "data[1].effective_percent"), "54");
	cr_expect_str_eq(json_path_text(box.json, "data[2].effective_percent"), "6");
	cr_expect_eq(json_path_int(box.json, "data[1].depth"), 1);
	cr_assert_eq(box_run(&box, "party", "tree", "RAL-1", NULL), 0);
	cr_expect(strstr(box.last.out, "├─ Ines Duarte"), "%s", box.last.out);
	cr_assert_eq(box_run(&box, "party", "tree", "RAL-1", "--svg", NULL), 0);
	cr_expect(strstr(box.last.out, "<title>Ownership of Harbour"), "%s", box.last.out);
	cr_expect(strstr(box.last.out, ">Ines Duarte</text>") && strstr(box.last.out, ">90 %</text>"));
	cr_expect(strstr(box.last.out, "54 % in total"), "%s", box.last.out);
	cr_assert_eq(box_run(&box, "party", "tree", "RAL-1", "--dot", NULL), 0);
	cr_expect(strstr(box.last.out, "-> n0 [label=\"60 %\"];"), "%s", box.last.out);
	cr_assert_eq(box_run(&box, "party", "tree", "RAL-1", "--dot", "--svg", NULL), 2);

	/* The id of a subsession finds the case above it, and the subsession if those are listed. */
	char *below = session_of("RAL-1", ines);
	MUST("list", "--filter", below);
	cr_expect_eq(json_array_size(json_path(box.json, "data")), 1);
	cr_expect_str_eq(json_path_text(box.json, "data[0].external_ref"), "RAL-1");
	MUST("list", "--filter", below, "--subsessions");
	cr_expect_eq(json_array_size(json_path(box.json, "data")), 2);
	MUST("list", "--filter", "id:RAL");
	cr_expect_eq(json_array_size(json_path(box.json, "data")), 0, "the reference is not whole");

	approve_party("RAL-1", ines);
	approve_party("RAL-1", tomas);
	cr_assert_eq(box_json(&box, "approve", "RAL-1", NULL), 4, "a party is not verified");
	cr_expect(has_blocker(&box, "party_not_verified"));
	approve_party("RAL-1", mara);
	MUST("show", "RAL-1");
	cr_expect_str_not_empty(json_path_text(box.json, "parties_completed_at"));
	cr_expect_eq(json_array_size(json_path(box.json, "blockers")), 0);
	MUST("approve", "RAL-1", "--grace", "0");
	cr_expect_str_eq(json_path_text(box.json, "subject.level"), "REGULAR");

	char *session = session_of("RAL-1", mara);
	MUST("--as", "lea", "reopen", session, "--reason", "a new passport came in");
	MUST("show", "RAL-1");
	cr_expect_str_eq(json_path_text(box.json, "status"), "approved");
	cr_expect_str_eq(json_path_text(box.json, "no_longer_verified[0]"), mara);
	cr_assert_eq(box_run(&box, "show", "RAL-1", NULL), 0);
	cr_expect(strstr(box.last.out, "Mara Lane is no longer verified"), "%s", box.last.out);
	cr_assert_eq(box_run(&box, "audit", "verify", NULL), 0, "%s", box.last.err);
}

Test(party_story, a_party_is_changed_moved_and_removed)
{
	company("RAL-1", "manual_review");
	char *holding = add("RAL-1", "Lane Holdings BV", "company", "60", "", "");
	char *ines = add("RAL-1", "Ines Duarte", "individual", "40", "", "CEO");

	MUST("party", "edit", "RAL-1", ines, "--owner-of", holding, "--percent", "50", "--email",
	     "ines@example.com");
	cr_expect_str_eq(json_path_text(box.json, "parties[1].effective_percent"), "30");
	cr_expect_str_eq(json_path_text(box.json, "parties[1].email"), "********", "nobody revealed it");
	cr_assert_eq(box_run(&box, "show", "RAL-1", "--reveal", NULL), 0);
	cr_expect(strstr(box.last.out, "ines@example.com"), "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "parties[1].control_role"), "CEO");
	MUST("party", "own", "RAL-1", ines, "--of", "subject", "--percent", "40");
	cr_expect_str_eq(json_path_text(box.json, "parties[1].effective_percent"), "70");
	MUST("party", "own", "RAL-1", ines, "--of", "subject", "--end");
	cr_expect_str_eq(json_path_text(box.json, "parties[1].effective_percent"), "30");
	cr_assert_eq(box_json(&box, "party", "edit", "RAL-1", ines, "--percent", "101", NULL), 9);
	cr_expect_str_eq(json_path_text(box.json, "error.field"), "percent");
	cr_assert_eq(box_run(&box, "party", "edit", "RAL-1", ines, NULL), 2);

	cr_assert_eq(box_json(&box, "party", "remove", "RAL-1", holding, "--reason", LONG, NULL), 4, "it is owned");
	cr_assert_eq(box_json(&box, "party", "remove", "RAL-1", ines, NULL), 9, "a reason is needed");
	MUST("party", "remove", "RAL-1", ines, "--reason", LONG);
	cr_expect_str_eq(json_path_text(box.json, "removed_parties[0].name"), "Ines Duarte");
	cr_expect_str_eq(json_path_text(box.json, "removed_parties[0].reason"), LONG);
	MUST("subsession", "list", "RAL-1");
	cr_expect_eq(json_array_size(json_path(box.json, "data")), 0, "it was never submitted");
}

Test(party_story, undeclared_ownership_is_explained_by_a_lead)
{
	company("RAL-1", "manual_review");
	char *ines = add("RAL-1", "Ines Duarte", "individual", "10", "", "CEO");
	approve_party("RAL-1", ines);
	cr_assert_eq(box_json(&box, "approve", "RAL-1", NULL), 4);
	cr_expect(has_blocker(&box, "ownership_gap"));
	MUST("show", "RAL-1");
	cr_expect_str_eq(json_path_text(box.json, "ownership_gap.percent"), "90");
	MUST("reviewer", "add", "rita", "--role", "reviewer");
	cr_assert_eq(box_json(&box, "--as", "rita", "party", "gap", "RAL-1", "--reason", "listed", NULL), 7);
	cr_assert_eq(box_json(&box, "party", "gap", "RAL-1", "--reason", "lisetd", NULL), 9);
	MUST("party", "gap", "RAL-1", "--reason", "its shares are traded in Lisbon");
	cr_expect_str_eq(json_path_text(box.json, "ownership_gap.reason"), "other");
	cr_expect_eq(json_array_size(json_path(box.json, "blockers")), 0, "%s", box.last.out);
	cr_assert_eq(box_run(&box, "show", "RAL-1", NULL), 0);
	cr_expect(strstr(box.last.out, "counts as senior managing official"), "%s", box.last.out);
	MUST("approve", "RAL-1");
}

Test(party_story, a_person_verified_for_one_company_is_offered_and_copied_to_another)
{
	company("RAL-1", "manual_review");
	company("RAL-2", "manual_review");
	MUST("party", "add", "RAL-1", "--name", "Ana Sousa", "--kind", "individual", "--role", "ubo", "--country",
	     "PT", "--birth", "1990-05-01", "--percent", "100");
	char *source = test_keep(strdup(json_path_text(box.json, "session.id")));
	MUST("approve", source, "--grace", "0");
	MUST("party", "add", "RAL-2", "--name", "ana sousa", "--kind", "individual", "--role", "ubo", "--country",
	     "PT", "--birth", "1990-05-01", "--percent", "50");
	cr_expect_str_eq(json_path_text(box.json, "candidates[0].session"), source);
	cr_expect_str_eq(json_path_text(box.json, "session.status"), "draft", "offered, not taken");
	MUST("party", "copy", "RAL-2", "--from", source, "--party",
	     test_keep(strdup(json_path_text(box.json, "id"))));
	cr_expect_str_eq(json_path_text(box.json, "session.id"), source);
	cr_expect_str_eq(json_path_text(box.json, "session.status"), "approved");
	cr_assert_eq(box_json(&box, "party", "copy", "RAL-2", "--from", source, "--role", "director", NULL), 4);
}

Test(party_story, a_party_gets_a_new_link_more_time_and_no_session_at_all)
{
	company("RAL-1", "manual_review");
	char *ines = add("RAL-1", "Ines Duarte", "individual", "100", "", "CEO");
	MUST("subsession", "link", "RAL-1", ines);
	cr_expect_eq(strncmp(json_path_text(box.json, "link"), "http://127.0.0.1:8080/s/", 24), 0);
	char *until = test_keep(strdup(json_path_text(box.json, "expires_at")));
	MUST("subsession", "extend", "RAL-1", ines, "--days", "7");
	cr_expect(json_is_null(json_path(box.json, "link")), "the link stays the same");
	cr_expect_gt(strcmp(json_path_text(box.json, "expires_at"), until), 0);
	MUST("subsession", "remove", "RAL-1", ines);
	cr_expect(json_is_null(json_path(box.json, "parties[0].session")));
	cr_assert_eq(box_json(&box, "subsession", "link", "RAL-1", ines, NULL), 6);
	MUST("subsession", "add", "RAL-1", ines);
	approve_party("RAL-1", ines);
	cr_assert_eq(box_json(&box, "subsession", "remove", "RAL-1", ines, NULL), 4, "it was decided");
}

Test(party_story, verified_elsewhere_counts_and_is_shown)
{
	company("RAL-1", "manual_review");
	char *ines = add("RAL-1", "Ines Duarte", "individual", "100", "", "CEO");
	cr_assert_eq(box_json(&box, "party", "verify", "RAL-1", ines, "--elsewhere", "--reason", "no", NULL), 9);
	MUST("party", "verify", "RAL-1", ines, "--elsewhere", "--reason", "seen at the Lisbon office");
	cr_expect_str_eq(json_path_text(box.json, "parties[0].verified_elsewhere.reason"),
			 "seen at the Lisbon office");
	cr_assert_eq(box_run(&box, "party", "list", "RAL-1", NULL), 0);
	cr_expect(strstr(box.last.out, "elsewhere"), "%s", box.last.out);
	MUST("party", "verify", "RAL-1", ines, "--withdraw");
	cr_expect_null(json_path(box.json, "parties[0].verified_elsewhere"));
	cr_assert_eq(box_run(&box, "party", "verify", "RAL-1", ines, NULL), 2);
}

Test(party_story, a_snoozed_case_is_passed_over_until_its_time)
{
	company("RAL-1", "manual_review");
	cr_assert_eq(box_json(&box, "snooze", "RAL-1", "--until", "soon", "--reason", LONG, NULL), 9);
	cr_assert_eq(box_json(&box, "snooze", "RAL-1", "--until", "2020-01-01", "--reason", LONG, NULL), 9);
	cr_assert_eq(box_run(&box, "snooze", "RAL-1", NULL), 2);
	MUST("snooze", "RAL-1", "--until", "2d", "--reason", LONG);
	cr_expect_str_eq(json_path_text(box.json, "snoozed.reason"), LONG);
	cr_assert_eq(box_json(&box, "next", NULL), 6);
	MUST("snooze", "RAL-1", "--end");
	cr_expect_null(json_path(box.json, "snoozed"));
	MUST("next");
}

Test(party_story, duplicates_stand_side_by_side_and_are_dismissed_with_a_reason)
{
	char line[512];
	company("RAL-1", "manual_review");
	snprintf(line, sizeof line,
		 "{\"external_ref\":\"RAL-2\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":\"shop\","
		 "\"status\":\"draft\",\"subject\":{\"kind\":\"business\",\"name\":\"Harbour Lane Two\","
		 "\"country\":\"GBR\",\"tax_id\":\"t ral 1\"}}\n");
	box_import(&box, line);
	MUST("duplicate", "list", "RAL-1");
	cr_expect_str_eq(json_path_text(box.json, "data[0].external_ref"), "RAL-2");
	cr_expect_str_eq(json_path_text(box.json, "data[0].same[0]"), "tax_id");
	cr_assert_eq(box_run(&box, "duplicate", "list", "RAL-1", NULL), 0);
	cr_expect(strstr(box.last.out, "Harbour Lane Two"), "%s", box.last.out);
	cr_expect_null(strstr(box.last.out, "t ral 1"), "a tax id is masked");
	cr_assert_eq(box_json(&box, "approve", "RAL-1", NULL), 4);
	cr_expect(has_blocker(&box, "duplicate_open"));
	MUST("duplicate", "dismiss", "RAL-1", "RAL-2", "--reason", "a branch with its own books");
	cr_assert_eq(box_json(&box, "approve", "RAL-1", NULL), 4);
	cr_expect_not(has_blocker(&box, "duplicate_open"));
	MUST("duplicate", "list", "RAL-2");
	cr_expect_str_eq(json_path_text(box.json, "data[0].dismissed.reason"), "a branch with its own books");
}

Test(party_story, what_was_never_handed_in_is_deleted_with_its_subsessions)
{
	company("RAL-1", "draft");
	(void)add("RAL-1", "Ines Duarte", "individual", "100", "", "CEO");
	MUST("delete", "RAL-1");
	cr_expect_eq(json_array_size(json_path(box.json, "deleted")), 2);
	cr_expect_eq(json_path_int(box.json, "documents"), 4);
	cr_assert_eq(box_json(&box, "show", "RAL-1", NULL), 6);
	MUST("audit", "list");
	cr_expect_str_eq(json_path_text(box.json, "data[0].action"), "session.delete");
	cr_assert_eq(box_run(&box, "doctor", NULL), 0, "%s", box.last.out);
	company("RAL-2", "manual_review");
	cr_assert_eq(box_json(&box, "delete", "RAL-2", NULL), 4);
}

Test(party_story, what_show_writes_is_read_back)
{
	company("RAL-1", "manual_review");
	company("RAL-2", "manual_review");
	(void)add("RAL-1", "Ines Duarte", "individual", "30", "", "CEO");
	char *tomas = add("RAL-1", "Tomas Reis", "individual", "5", "", "");
	MUST("party", "remove", "RAL-1", tomas, "--reason", LONG);
	MUST("snooze", "RAL-1", "--until", "2d", "--reason", LONG);
	cr_assert_eq(box_json(&box, "show", "RAL-1", "--reveal", NULL), 0);
	char *document = test_keep(strdup(box.last.out));
	cr_assert_eq(
		box_run_words(&box, (const char *[]){ "import", "-", "--json", NULL }, document, strlen(document)),
		0, "%s%s", box.last.out, box.last.err);
	MUST("show", "RAL-1");
	cr_expect_eq(json_array_size(json_path(box.json, "parties")), 1);
	cr_expect_eq(json_array_size(json_path(box.json, "removed_parties")), 1);
}

Test(party_story, delivering_sees_to_what_time_brings_about)
{
	box_import(
		&box,
		"{\"external_ref\":\"KYC-1\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\","
		"\"status\":\"active\",\"subject\":{\"kind\":\"individual\",\"name\":\"Jo Reyes\"},"
		"\"expires_at\":\"2020-01-01T00:00:00Z\"}\n");
	MUST("webhook", "deliver", "--drain");
	MUST("show", "KYC-1");
	cr_expect_str_eq(json_path_text(box.json, "status"), "expired");
	cr_assert_eq(box_json(&box, "link", "KYC-1", "--extend", "5", NULL), 4, "it is reactivated first");
	MUST("reactivate", "KYC-1");
	MUST("link", "KYC-1");
	cr_expect_eq(strncmp(json_path_text(box.json, "link"), "http://127.0.0.1:8080/s/", 24), 0);
}
