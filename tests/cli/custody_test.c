/* Custody of the rules: the rules in force are in the store, an admin installed them, and no decider
 * can change them. */
#include "expect.h"
#include "custody_cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(custody, .init = box_set_up_bare, .fini = box_tear_down);

static void make_store(const char *kind)
{
	cr_assert_eq(box_run(&box, "init", *kind ? kind : NULL, NULL), 0, "%s", box.last.err);
	DONE("merchant", "add", "shop");
	DONE("reviewer", "add", BOX_COLLEAGUE, "--role", "intake");
}

/* The workflow ralio-kyb that also requires FINANCIAL_STATEMENTS, with this version number. */
static json_t *strict(long long version)
{
	json_t *profile = custody_shipped("workflows/ralio-kyb"), *document;
	size_t i;
	json_object_set_new(profile, "version", json_integer(version));
	json_array_foreach(json_object_get(profile, "documents"), i,
			   document) if (!strcmp(json_path_text(document, "type"), "FINANCIAL_STATEMENTS"))
		json_object_set_new(document, "mandatory", json_true());
	return profile;
}

static bool list_says(const char *word)
{
	const json_t *notices = json_path(box.json, "notices");
	json_t *notice;
	size_t i;
	json_array_foreach((json_t *)notices, i, notice) if (strstr(json_path_text(notice, "what"), word)) return true;
	return false;
}

static const json_t *workflow_named(const char *name)
{
	json_t *item;
	size_t i;
	DONE_JSON("workflow", "list");
	json_array_foreach((json_t *)json_path(box.json, "data"), i,
			   item) if (!strcmp(json_path_text(item, "name"), name)) return item;
	return NULL;
}

Test(custody, own_workflow_file)
{
	make_store("");
	custody_make_folders(&box);
	custody_become_reviewer(&box);
	custody_write(&box, "config/kybdesk/workflows/ralio-kyb.json", custody_lax(2));
	box_import_by_colleague(&box, custody_company);
	BLOCKS(("approve", "RAL-9"), "document_missing", "party_missing");
	cr_expect_eq(json_path_int(workflow_named("ralio-kyb"), "version"), 1);
	cr_expect_str_eq(json_path_text(workflow_named("ralio-kyb"), "origin"), "built in");
	cr_expect(list_says("config/kybdesk/workflows/ralio-kyb.json"), "%s", box.last.out);
	TELLS(("doctor"), "ralio-kyb.json has an effect in a sandbox only");
	/* A reviewer cannot install the workflow. */
	ENDS_JSON(7, "workflow", "install", "config/kybdesk/workflows/ralio-kyb.json");
}

/* As the package installs it in /usr/share. */
Test(custody, a_copy_of_the_shipped_file_is_no_finding)
{
	make_store("");
	custody_make_folders(&box);
	box_write(&box, "config/kybdesk/workflows/ralio-kyb.json",
		  test_keep(temp_read(KYB_SOURCE_DIR "/data/workflows/ralio-kyb.json", NULL)));
	DONE_JSON("workflow", "list");
	cr_expect(!list_says("ralio-kyb.json"), "%s", box.last.out);
	TELLS(("doctor"), "the database is intact");
	cr_expect_null(strstr(box.last.out, "ralio-kyb.json"), "%s", box.last.out);
}

Test(custody, own_reasons_file)
{
	make_store("");
	custody_make_folders(&box);
	box_import_person_by_colleague(&box, "IND-1");
	custody_become_reviewer(&box);
	custody_write(&box, "config/kybdesk/reasons/session.json", custody_own_reasons());
	ENDS_JSON(9, "reject", "IND-1", "--reason", "own_reason");
	ENDS_JSON(9, "reject", "IND-1", "--reason", "suspected_fraud", "--message", "We know what you did");
	ENDS_JSON(9, "reject", "IND-1", "--reason", "suspected_fraud", "--retryable");
	DONE_JSON("reject", "IND-1", "--reason", "suspected_fraud", "--grace", "0");
	DONE_JSON("webhook", "list");
	DONE_JSON("webhook", "show", test_keep(strdup(json_path_text(box.json, "data[0].id"))));
	PRINTS_NOT("suspected_fraud");
	DONE_JSON("reasons", "list");
	cr_expect(list_says("config/kybdesk/reasons/session.json"), "%s", box.last.out);
	ENDS_JSON(7, "reasons", "install", "config/kybdesk/reasons/session.json");
}

Test(custody, a_country_of_ones_own_is_none_in_production)
{
	make_store("");
	custody_make_folders(&box);
	json_t *countries = custody_shipped("countries");
	json_array_append_new(json_object_get(countries, "countries"),
			      json_pack("{s:s,s:s,s:s}", "alpha2", "QY", "alpha3", "QYZ", "name", "Nowhereland"));
	custody_write(&box, "config/kybdesk/countries.json", countries);
	ENDS_JSON(9, "list", "--filter", "country:QYZ");
#ifdef KYB_BOX_ON_SERVER
	box_sql(&box,
		"DO $$ DECLARE place TEXT := current_schema(); BEGIN EXECUTE 'DROP SCHEMA ' || place || ' CASCADE'; "
		"EXECUTE 'CREATE SCHEMA ' || place; END $$");
#else
	DONE_SHELL("rm -rf store.db*");
#endif
	make_store("--sandbox");
	DONE_JSON("list", "--filter", "country:QYZ");
	/* In a sandbox, a fault in countries.json stops every command that opens the store, even if it needs no
	 * country. */
	custody_write(&box, "config/kybdesk/countries.json", json_pack("{s:[]}", "countries"));
	REFUSED(9, "config/kybdesk/countries.json: countries: is empty", "inbox");
}

Test(custody, files_count_in_a_sandbox)
{
	make_store("--sandbox");
	custody_make_folders(&box);
	custody_write(&box, "config/kybdesk/workflows/ralio-kyb.json", custody_lax(2));
	custody_write(&box, "config/kybdesk/reasons/session.json", custody_open_reasons());
	cr_expect_eq(json_path_int(workflow_named("ralio-kyb"), "version"), 2);
	SHOWS("notices is absent");
	box_import(&box, custody_company);
	DONE("approve", "RAL-9");
	box_import_person(&box, "IND-1");
	DONE("reject", "IND-1", "--reason", "suspected_fraud", "--message", "So");
}

Test(custody, an_import_brings_no_workflow_that_is_not_installed)
{
	make_store("");
	custody_make_folders(&box);
	json_t *own = custody_lax(1);
	json_object_set_new(own, "name", json_string("own-kyb"));
	custody_write(&box, "config/kybdesk/workflows/own-kyb.json", own);
	char *line = test_keep(strdup(custody_company)), *at = strstr(line, "ralio-kyb");
	memcpy(at, "own-kyb\",  ", 11);
	box_write(&box, "in.ndjson", line);
	FAILS(3, ("import", "in.ndjson"), "errors[0].field: workflow");
	ENDS_JSON(9, "list", "--filter", "workflow:own-kyb");
	DONE("workflow", "install", "config/kybdesk/workflows/own-kyb.json");
	DONE_JSON("import", "in.ndjson");
	DONE_JSON("list", "--filter", "workflow:own-kyb");
}

/* Imports a company, and resolves everything that blocks it under the shipped workflow. */
static void import_ready(const char *reference)
{
	char *line = company_line(reference);
	box_write_files(&box);
	box_import_by_colleague(&box, line);
	box_clear(&box, reference);
}

Test(custody, a_session_goes_on_under_the_text_it_was_created_with)
{
	make_store("--sandbox");
	import_ready("RAL-1");
	custody_write(&box, "strict.json", strict(2));
	GIVES(("workflow", "install", "strict.json"), "version = 2", "before_version = 1");
	char *before = test_keep(strdup(json_path_text(box.json, "before_sha256")));
	char *after = test_keep(strdup(json_path_text(box.json, "sha256")));
	import_ready("RAL-2");
	BLOCKS(("approve", "RAL-2"), "document_missing");
	DONE("duplicate", "dismiss", "RAL-1", "RAL-2", "--reason", "two branches of one owner");
	DONE("approve", "RAL-1", "--grace", "0");
	GIVES(("show", "RAL-1", "--decision", "1"), test_text("rules_sha256: %s", before));
	cr_expect_eq(strlen(json_path_text(box.json, "reasons_sha256")), 64);
	SHOWS(test_text("evidence.profile.sha256: %s", before),
	      test_text("evidence.reasons.sha256: %s", json_path_text(box.json, "reasons_sha256")),
	      test_text("evidence.program: %s", json_path_text(box.json, "program")));
	char *program = test_keep(strdup(json_path_text(box.json, "program")));
	TELLS(("show", "RAL-1", "--decision", "1"), before, "program  kybdesk ");
	/* A record names the release; the program also names its commit behind it. */
	DONE_JSON("info");
	cr_expect_eq(strncmp(json_path_text(box.json, "version"), program, strlen(program)), 0, "%s", box.last.out);
	DONE_SHELL("\"$K\" audit export");
	const char *row = strstr(box.last.out, "session.approve");
	for (const char *next = row; next; next = strstr(next + 1, "session.approve"))
		row = next;
	cr_assert(row, "%s", box.last.out);
	cr_expect(strstr(row, before) && strstr(row, "reasons_sha256") && strstr(row, "program"), "%s", row);
	const char *install = strstr(box.last.out, "workflow.install");
	cr_assert(install, "%s", box.last.out);
	cr_expect(strstr(install, after) && strstr(install, before), "%s", install);
}

Test(custody, what_workflow_check_refuses_is_not_installed)
{
	make_store("");
	json_t *broken = custody_lax(2);
	json_object_set_new(broken, "titel", json_string("x"));
	json_object_set_new(json_object_get(broken, "review"), "hours", json_integer(0));
	custody_write(&box, "broken.json", broken);
	FAILS(9, ("workflow", "install", "broken.json"), "error.blockers has 2");
	cr_expect_eq(json_path_int(workflow_named("ralio-kyb"), "version"), 1);
	/* Another text of the workflow with the same version number is refused. */
	custody_write(&box, "same.json", custody_lax(1));
	FAILS(9, ("workflow", "install", "same.json"), "error.field: version");
	json_t *alone = strict(2);
	json_object_set_new(json_object_get(alone, "parties"), "workflow", json_string("nobodys-kyc"));
	custody_write(&box, "alone.json", alone);
	FAILS(9, ("workflow", "install", "alone.json"), "error.field: parties.workflow");
	ENDS_JSON(9, "workflow", "install", "not-there.json");
	cr_assert_eq(box_shell(&box, "\"$K\" audit export | grep -c workflow.install"), 1, "%s", box.last.out);
}

Test(custody, a_text_that_was_in_force_can_be_again)
{
	make_store("");
	custody_write(&box, "lax.json", custody_lax(2));
	DONE("workflow", "install", "lax.json");
	cr_expect_eq(json_path_int(workflow_named("ralio-kyb"), "version"), 2);
	cr_expect_str_eq(json_path_text(workflow_named("ralio-kyb"), "origin"), "installed");
	GIVES(("workflow", "install", "lax.json"), "unchanged = true");
	DONE("workflow", "install", "ralio-kyb@1");
	cr_expect_str_eq(json_path_text(workflow_named("ralio-kyb"), "origin"), "built in");
	DONE("workflow", "install", "ralio-kyb@2");
	DONE("workflow", "install", "ralio-kyb@shipped");
	cr_expect_eq(json_path_int(workflow_named("ralio-kyb"), "version"), 1);
	DONE_SHELL("\"$K\" audit export | grep -c workflow.install");
	cr_expect_eq(strtol(box.last.out, NULL, 10), 4, "%s", box.last.out);
}

Test(custody, workflow_diff_names_paths_and_both_values)
{
	make_store("");
	custody_write(&box, "lax.json", custody_lax(2));
	DONE_JSON("workflow", "diff", "ralio-kyb", "lax.json");
	const json_t *differences = json_path(box.json, "differences");
	bool found = false;
	json_t *item;
	size_t i;
	json_array_foreach((json_t *)differences, i,
			   item) if (!strcmp(json_path_text(item, "path"), "documents[BUSINESS_NUMBER].mandatory"))
		found = json_is_true(json_path(item, "before")) && json_is_false(json_path(item, "after"));
	cr_expect(found, "%s", box.last.out);
	TELLS(("workflow", "diff", "ralio-kyb@1", "lax.json"), "parties.individuals\n  \"session\" → \"none\"\n");
	TELLS(("workflow", "diff", "ralio-kyb", "ralio-kyb@shipped"), "no difference");
	ENDS_JSON(6, "workflow", "diff", "ralio-kyp", "lax.json");
	cr_expect(strstr(box.last.out, "ralio-kyb"), "the nearest is named: %s", box.last.out);
	ENDS_JSON(6, "workflow", "diff", "ralio-kyb@9", "lax.json");
}

Test(custody, workflow_try_says_what_would_have_been_and_changes_nothing)
{
	make_store("--sandbox");
	import_ready("RAL-1");
	import_ready("RAL-2");
	box_import_by_colleague(&box, custody_company);
	DONE("duplicate", "dismiss", "RAL-1", "RAL-2", "--reason", "two branches of one owner");
	DONE("approve", "RAL-1", "--grace", "0");
	custody_write(&box, "strict.json", strict(2));
	custody_write(&box, "lax.json", custody_lax(3));
	DONE_SHELL("\"$K\" audit export | wc -l");
	long rows = strtol(box.last.out, NULL, 10);
	GIVES(("workflow", "try", "strict.json"), "approved.total = 1", "approved.blocked = 1",
	      "approved.blocked_by.document_missing = 1", "open.total = 2", "open.passed = 1", "open.passes = 0");
	cr_expect_eq(json_path_int(box.json, "cases_total"), 2, "RAL-1 and RAL-2 change sides: %s", box.last.out);
	SHOWS("cases[0].blockers[0].code: document_missing");
	GIVES(("workflow", "try", "lax.json"), "approved.blocked = 0", "open.passes = 2", "cases_total = 1",
	      "cases[0].external_ref: RAL-9");
	GIVES(("workflow", "try", "strict.json", "--filter", "RAL-2"), "approved.total = 0");
	TELLS(("workflow", "try", "strict.json"), "approved: 1, of which 1 would have been blocked");
	DONE_SHELL("\"$K\" audit export | wc -l");
	cr_expect_eq(strtol(box.last.out, NULL, 10), rows, "something was recorded, so something was changed");
	cr_expect_eq(json_path_int(workflow_named("ralio-kyb"), "version"), 1);
}

Test(custody, reasons_are_listed_checked_and_installed)
{
	make_store("");
	box_import_person_by_colleague(&box, "IND-1");
	json_t *reasons = custody_shipped("reasons/session");
	json_array_append_new(reasons, json_pack("{s:s,s:s,s:s,s:b}", "code", "own_reason", "label", "Our own",
						 "message", "Ours", "retryable", 1));
	custody_write(&box, "session.json", json_deep_copy(reasons));
	custody_write(&box, "other-name.json", reasons);
	FAILS(9, ("reasons", "check", "other-name.json"), "error.field: set");
	DONE_JSON("reasons", "check", "other-name.json", "--set", "session");
	DONE_JSON("reasons", "check", "session.json");
	ENDS(9, "reject", "IND-1", "--reason", "own_reason");
	GIVES(("reasons", "install", "session.json"), "version = 2");
	cr_expect_eq(strlen(json_path_text(box.json, "before_sha256")), 64);
	DONE_JSON("reasons", "list");
	PRINTS("own_reason");
	SHOWS("sets[0].origin: installed", "sets[1].origin: built in");
	DONE("reject", "IND-1", "--reason", "own_reason");
	/* Restricted reasons stay restricted, even for an admin. */
	custody_write(&box, "session.json", custody_open_reasons());
	ENDS_JSON(9, "reasons", "install", "session.json");
	/* A reason that a workflow in force uses cannot be removed. */
	json_t *few = json_array(), *other = NULL;
	reasons = custody_shipped("reasons/session");
	for (size_t i = 0; i < json_array_size(reasons); i++)
		if (!strcmp(json_path_text(json_array_get(reasons, i), "code"), "other"))
			other = json_array_get(reasons, i);
	json_array_append(few, other);
	json_decref(reasons);
	custody_write(&box, "session.json", few);
	json_t *narrow = strict(2);
	json_object_set_new(narrow, "reasons", json_pack("{s:[s]}", "session", "data_mismatch"));
	custody_write(&box, "narrow.json", narrow);
	DONE("workflow", "install", "narrow.json");
	ENDS_JSON(9, "reasons", "install", "session.json");
	PRINTS("data_mismatch");
}

#define DECIDED(documents)                                                                                             \
	"{\"external_ref\":\"IND-7\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\","             \
	"\"status\":\"rejected\",\"subject\":{\"uid\":\"ind-7\",\"kind\":\"individual\",\"name\":\"Jo Reyes\"},"       \
	"\"documents\":[" documents "]}\n"
#define PASSPORT(more) "{\"type\":\"PASSPORT\",\"upload\":\"ready\",\"file\":\"a.pdf\"" more "}"

/* Writes the import file with `sum` in place of @; then both admins allow its decisions. */
static void allow_decided(const char *line, const char *sum)
{
	static const char *const admins[] = { NULL, "max" };
	const char *at = strchr(line, '@');

	char *text = test_text("%.*s%s%s", (int)(at ? (size_t)(at - line) : strlen(line)), line, at ? sum : "",
			       at ? at + 1 : "");
	box_write(&box, "decided.ndjson", text);
	for (size_t i = 0; i < sizeof admins / sizeof *admins; i++) {
		box_as(&box, admins[i]);
		DONE_SHELL("\"$K\" store set imported_decisions \"$(sha256sum <decided.ndjson | "
			   "cut -c1-64)\"");
	}
}

static void expect_refused(const char *says)
{
	REFUSED(3, says, "import", "decided.ndjson");
	ENDS(6, "show", "IND-7");
	cr_expect_neq(box_shell(&box, "find store.db-documents -type f 2>/dev/null | grep -q ."), 0, "%s",
		      box.last.out);
}

/* Two admins allow a file of decisions with the SHA-256 of each document; a document that was replaced is refused. */
Test(custody, the_sum_of_imported_decisions_covers_the_documents)
{
	make_store("");
	DONE("reviewer", "add", "max", "--role", "admin");
	box_write_files(&box);
	DONE_SHELL("sha256sum <a.pdf | cut -c1-64 | tr -d '\\n'");
	char *sum = test_keep(strdup(box.last.out));
	allow_decided(DECIDED(PASSPORT("")), NULL);
	expect_refused("documents[0].sha256: is missing; in a file with decisions made elsewhere");
	allow_decided(DECIDED("{\"type\":\"PASSPORT\",\"sides\":[{\"side\":\"front\",\"file\":\"a.pdf\",\"sha256\":"
			      "\"@\"},{\"side\":\"back\",\"file\":\"a.pdf\"}]}"),
		      sum);
	expect_refused("documents[0].sides[1].sha256: is missing");
	allow_decided(DECIDED(PASSPORT(",\"sha256\":\"@\"")), "ABCD");
	expect_refused("documents[0].sha256: is 'ABCD'; a SHA-256 has 64 digits");
	allow_decided(DECIDED(PASSPORT(",\"sha256\":\"@\"")), sum);
	DONE_SHELL("mv a.pdf read.pdf && cp read.pdf a.pdf && echo '%% other' >>a.pdf");
	expect_refused(", but the SHA-256 of a.pdf is ");
	DONE_SHELL("mv read.pdf a.pdf");
	DONE("import", "decided.ndjson");
	GIVES(("show", "IND-7"), test_text("documents[0].sha256: %s", sum));
}
