/* The people behind a company, from their declaration to the decision, by commands alone. */
#include "expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(party_story, .init = box_set_up_files, .fini = box_tear_down);

#define LONG "as the register says"

/* Imports a company with this status; its documents are accepted, and its owners are not declared yet. */
static void company(const char *reference, const char *status)
{
	char line[2048];
	snprintf(line, sizeof line,
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

static char *add(const char *reference, const char *name, const char *kind, const char *percent, const char *owner_of,
		 const char *control)
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
	DONE_JSON("party", "list", reference);
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
	DONE_JSON("approve", session, "--grace", "0");
}

Test(party_story, a_company_with_a_holding_goes_from_nobody_declared_to_approved)
{
	company("RAL-1", "manual_review");
	BLOCKS(("approve", "RAL-1"), "party_missing");

	char *holding = add("RAL-1", "Lane Holdings BV", "company", "60", "", "");
	char *ines = add("RAL-1", "Ines Duarte", "individual", "90", holding, "CEO");
	char *tomas = add("RAL-1", "Tomas Reis", "individual", "10", holding, "");
	char *mara = add("RAL-1", "Mara Lane", "individual", "40", "", "");

	GIVES(("party", "tree", "RAL-1"), "data[0].name: Lane Holdings BV", "data[1].effective_percent: 54",
	      "data[2].effective_percent: 6", "data[1].depth = 1");
	TELLS(("party", "tree", "RAL-1"), "├─ Ines Duarte");
	TELLS(("party", "tree", "RAL-1", "--svg"), "<title>Ownership of Harbour", ">Ines Duarte</text>", ">90 %</text>",
	      "54 % in total");
	TELLS(("party", "tree", "RAL-1", "--dot"), "-> n0 [label=\"60 %\"];");
	ENDS(2, "party", "tree", "RAL-1", "--dot", "--svg");

	/* The id of a subsession finds its parent case, and with --subsessions also the subsession itself. */
	char *below = session_of("RAL-1", ines);
	GIVES(("list", "--filter", below), "data has 1", "data[0].external_ref: RAL-1");
	GIVES(("list", "--filter", below, "--subsessions"), "data has 2");
	GIVES(("list", "--filter", "id:RAL"), "data has 0"); /* the filter id: needs a whole reference */

	approve_party("RAL-1", ines);
	approve_party("RAL-1", tomas);
	ENDS_JSON(4, "approve", "RAL-1"); /* a party is not verified */
	BLOCKED("party_not_verified");
	approve_party("RAL-1", mara);
	DONE_JSON("show", "RAL-1");
	cr_expect_str_not_empty(json_path_text(box.json, "parties_completed_at"));
	SHOWS("blockers has 0");
	GIVES(("approve", "RAL-1", "--grace", "0"), "subject.level: REGULAR");

	char *session = session_of("RAL-1", mara);
	DONE_JSON("--as", "lea", "reopen", session, "--reason", "a new passport came in");
	GIVES(("show", "RAL-1"), "status: approved", test_text("no_longer_verified[0]: %s", mara));
	TELLS(("show", "RAL-1"), "Mara Lane is no longer verified");
	DONE("audit", "verify");
}

Test(party_story, a_party_is_changed_moved_and_removed)
{
	company("RAL-1", "manual_review");
	char *holding = add("RAL-1", "Lane Holdings BV", "company", "60", "", "");
	char *ines = add("RAL-1", "Ines Duarte", "individual", "40", "", "CEO");

	GIVES(("party", "edit", "RAL-1", ines, "--owner-of", holding, "--percent", "50", "--email", "ines@example.com"),
	      "parties[1].effective_percent: 30");
	SHOWS("parties[1].email: ********"); /* nobody revealed it */
	TELLS(("show", "RAL-1", "--reveal"), "ines@example.com");
	SHOWS("parties[1].control_role: CEO");
	GIVES(("party", "own", "RAL-1", ines, "--of", "subject", "--percent", "40"),
	      "parties[1].effective_percent: 70");
	GIVES(("party", "own", "RAL-1", ines, "--of", "subject", "--end"), "parties[1].effective_percent: 30");
	FAILS(9, ("party", "edit", "RAL-1", ines, "--percent", "101"), "error.field: percent");
	ENDS(2, "party", "edit", "RAL-1", ines);

	ENDS_JSON(4, "party", "remove", "RAL-1", holding, "--reason", LONG); /* another party owns shares of it */
	ENDS_JSON(9, "party", "remove", "RAL-1", ines);			     /* a reason is needed */
	GIVES(("party", "remove", "RAL-1", ines, "--reason", LONG), "removed_parties[0].name: Ines Duarte",
	      test_text("removed_parties[0].reason: %s", LONG));
	GIVES(("subsession", "list", "RAL-1"), "data has 0"); /* an unsubmitted session is erased with its party */
}

Test(party_story, undeclared_ownership_is_explained_by_a_lead)
{
	company("RAL-1", "manual_review");
	char *ines = add("RAL-1", "Ines Duarte", "individual", "10", "", "CEO");
	approve_party("RAL-1", ines);
	BLOCKS(("approve", "RAL-1"), "ownership_gap");
	GIVES(("show", "RAL-1"), "ownership_gap.percent: 90");
	DONE_JSON("reviewer", "add", "rita", "--role", "reviewer");
	ENDS_JSON(7, "--as", "rita", "party", "gap", "RAL-1", "--reason", "listed");
	ENDS_JSON(9, "party", "gap", "RAL-1", "--reason", "lisetd");
	GIVES(("party", "gap", "RAL-1", "--reason", "its shares are traded in Lisbon"), "ownership_gap.reason: other",
	      "blockers has 0");
	TELLS(("show", "RAL-1"), "counts as senior managing official");
	DONE_JSON("approve", "RAL-1");
}

Test(party_story, a_person_verified_for_one_company_is_offered_and_copied_to_another)
{
	company("RAL-1", "manual_review");
	company("RAL-2", "manual_review");
	DONE_JSON("party", "add", "RAL-1", "--name", "Ana Sousa", "--kind", "individual", "--role", "ubo", "--country",
		  "PT", "--birth", "1990-05-01", "--percent", "100");
	char *source = test_keep(strdup(json_path_text(box.json, "session.id")));
	DONE_JSON("approve", source, "--grace", "0");
	GIVES(("party", "add", "RAL-2", "--name", "ana sousa", "--kind", "individual", "--role", "ubo", "--country",
	       "PT", "--birth", "1990-05-01", "--percent", "50"),
	      test_text("candidates[0].session: %s", source));
	SHOWS("session.status: draft"); /* offered, not taken */
	GIVES(("party", "copy", "RAL-2", "--from", source, "--party",
	       test_keep(strdup(json_path_text(box.json, "id")))),
	      test_text("session.id: %s", source), "session.status: approved");
	ENDS_JSON(4, "party", "copy", "RAL-2", "--from", source, "--role", "director");
}

Test(party_story, a_party_gets_a_new_link_more_time_and_no_session_at_all)
{
	company("RAL-1", "manual_review");
	char *ines = add("RAL-1", "Ines Duarte", "individual", "100", "", "CEO");
	DONE_JSON("subsession", "link", "RAL-1", ines);
	cr_expect_eq(strncmp(json_path_text(box.json, "link"), "http://127.0.0.1:8080/s/", 24), 0);
	char *until = test_keep(strdup(json_path_text(box.json, "expires_at")));
	GIVES(("subsession", "extend", "RAL-1", ines, "--days", "7"), "link = null"); /* the link stays the same */
	cr_expect_gt(strcmp(json_path_text(box.json, "expires_at"), until), 0);
	GIVES(("subsession", "remove", "RAL-1", ines), "parties[0].session = null");
	ENDS_JSON(6, "subsession", "link", "RAL-1", ines);
	DONE_JSON("subsession", "add", "RAL-1", ines);
	approve_party("RAL-1", ines);
	ENDS_JSON(4, "subsession", "remove", "RAL-1", ines); /* it was decided */
}

Test(party_story, verified_elsewhere_counts_and_is_shown)
{
	company("RAL-1", "manual_review");
	char *ines = add("RAL-1", "Ines Duarte", "individual", "100", "", "CEO");
	ENDS_JSON(9, "party", "verify", "RAL-1", ines, "--elsewhere", "--reason", "no");
	GIVES(("party", "verify", "RAL-1", ines, "--elsewhere", "--reason", "seen at the Lisbon office"),
	      "parties[0].verified_elsewhere.reason: seen at the Lisbon office");
	TELLS(("party", "list", "RAL-1"), "elsewhere");
	GIVES(("party", "verify", "RAL-1", ines, "--withdraw"), "parties[0].verified_elsewhere is absent");
	ENDS(2, "party", "verify", "RAL-1", ines);
}

Test(party_story, a_snoozed_case_is_passed_over_until_its_time)
{
	company("RAL-1", "manual_review");
	ENDS_JSON(9, "snooze", "RAL-1", "--until", "soon", "--reason", LONG);
	ENDS_JSON(9, "snooze", "RAL-1", "--until", "2020-01-01", "--reason", LONG);
	ENDS(2, "snooze", "RAL-1");
	GIVES(("snooze", "RAL-1", "--until", "2d", "--reason", LONG), test_text("snoozed.reason: %s", LONG));
	ENDS_JSON(6, "next");
	GIVES(("snooze", "RAL-1", "--end"), "snoozed is absent");
	DONE_JSON("next");
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
	GIVES(("duplicate", "list", "RAL-1"), "data[0].external_ref: RAL-2", "data[0].same[0]: tax_id");
	TELLS(("duplicate", "list", "RAL-1"), "Harbour Lane Two");
	PRINTS_NOT("t ral 1"); /* a tax id is masked */
	BLOCKS(("approve", "RAL-1"), "duplicate_open");
	DONE_JSON("duplicate", "dismiss", "RAL-1", "RAL-2", "--reason", "a branch with its own books");
	ENDS_JSON(4, "approve", "RAL-1");
	cr_expect_not(has_blocker(&box, "duplicate_open"));
	GIVES(("duplicate", "list", "RAL-2"), "data[0].dismissed.reason: a branch with its own books");
}

Test(party_story, what_was_never_handed_in_is_deleted_with_its_subsessions)
{
	company("RAL-1", "draft");
	(void)add("RAL-1", "Ines Duarte", "individual", "100", "", "CEO");
	GIVES(("delete", "RAL-1"), "deleted has 2", "documents = 4");
	ENDS_JSON(6, "show", "RAL-1");
	GIVES(("audit", "list"), "data[0].action: session.delete");
	DONE("doctor");
	company("RAL-2", "manual_review");
	ENDS_JSON(4, "delete", "RAL-2");
}

Test(party_story, what_show_writes_is_read_back)
{
	company("RAL-1", "manual_review");
	company("RAL-2", "manual_review");
	(void)add("RAL-1", "Ines Duarte", "individual", "30", "", "CEO");
	char *tomas = add("RAL-1", "Tomas Reis", "individual", "5", "", "");
	DONE_JSON("party", "remove", "RAL-1", tomas, "--reason", LONG);
	DONE_JSON("snooze", "RAL-1", "--until", "2d", "--reason", LONG);
	DONE_JSON("show", "RAL-1", "--reveal");
	char *document = test_keep(strdup(box.last.out));
	cr_assert_eq(box_run_words(&box, (const char *[]){ "import", "-", "--json", NULL }, document, strlen(document)),
		     0, "%s%s", box.last.out, box.last.err);
	GIVES(("show", "RAL-1"), "parties has 1", "removed_parties has 1");
}

Test(party_story, delivering_sees_to_what_time_brings_about)
{
	box_import(&box,
		   "{\"external_ref\":\"KYC-1\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\","
		   "\"status\":\"active\",\"subject\":{\"kind\":\"individual\",\"name\":\"Jo Reyes\"},"
		   "\"expires_at\":\"2020-01-01T00:00:00Z\"}\n");
	DONE_JSON("webhook", "deliver", "--drain");
	GIVES(("show", "KYC-1"), "status: expired");
	ENDS_JSON(4, "link", "KYC-1", "--extend", "5"); /* an expired session must be reactivated first */
	DONE_JSON("reactivate", "KYC-1");
	DONE_JSON("link", "KYC-1");
	cr_expect_eq(strncmp(json_path_text(box.json, "link"), "http://127.0.0.1:8080/s/", 24), 0);
}
