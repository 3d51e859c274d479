/* Custody of the rules: the rules in force are in the store, an admin installed them, and no decider
 * can change them. */
#include "custody_cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(custody, .init = box_set_up_bare, .fini = box_tear_down);

static void make_store(const char *kind)
{
	cr_assert_eq(box_run(&box, "init", *kind ? kind : NULL, NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "merchant", "add", "shop", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "reviewer", "add", BOX_COLLEAGUE, "--role", "intake", NULL), 0, "%s",
		     box.last.err);
}

/* ralio-kyb that also requires the accounts. */
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
	json_array_foreach((json_t *)notices, i,
			   notice) if (strstr(json_path_text(notice, "what"), word)) return true;
	return false;
}

static const json_t *workflow_named(const char *name)
{
	json_t *item;
	size_t i;
	cr_assert_eq(box_json(&box, "workflow", "list", NULL), 0, "%s", box.last.err);
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
	cr_expect_eq(box_json(&box, "approve", "RAL-9", NULL), 4, "%s", box.last.out);
	cr_expect(has_blocker(&box, "document_missing"), "%s", box.last.out);
	cr_expect(has_blocker(&box, "party_missing"), "%s", box.last.out);
	cr_expect_eq(json_path_int(workflow_named("ralio-kyb"), "version"), 1);
	cr_expect_str_eq(json_path_text(workflow_named("ralio-kyb"), "origin"), "built in");
	cr_expect(list_says("config/kybdesk/workflows/ralio-kyb.json"), "%s", box.last.out);
	cr_assert_eq(box_run(&box, "doctor", NULL), 0, "%s", box.last.out);
	cr_expect(strstr(box.last.out, "ralio-kyb.json has an effect in a sandbox only"), "%s", box.last.out);
	/* A reviewer cannot put it in force. */
	cr_expect_eq(box_json(&box, "workflow", "install", "config/kybdesk/workflows/ralio-kyb.json", NULL), 7);
}

Test(custody, own_reasons_file)
{
	make_store("");
	custody_make_folders(&box);
	box_import_person_by_colleague(&box, "IND-1");
	custody_become_reviewer(&box);
	custody_write(&box, "config/kybdesk/reasons/session.json", custody_own_reasons());
	cr_expect_eq(box_json(&box, "reject", "IND-1", "--reason", "own_reason", NULL), 9, "%s", box.last.out);
	cr_expect_eq(box_json(&box, "reject", "IND-1", "--reason", "suspected_fraud", "--message",
			      "We know what you did", NULL),
		     9, "%s", box.last.out);
	cr_expect_eq(box_json(&box, "reject", "IND-1", "--reason", "suspected_fraud", "--retryable", NULL), 9, "%s",
		     box.last.out);
	cr_assert_eq(box_json(&box, "reject", "IND-1", "--reason", "suspected_fraud", "--grace", "0", NULL), 0,
		     "%s", box.last.out);
	cr_assert_eq(box_json(&box, "webhook", "list", NULL), 0);
	cr_assert_eq(
		box_json(&box, "webhook", "show", test_keep(strdup(json_path_text(box.json, "data[0].id"))), NULL),
		0, "%s", box.last.out);
	cr_expect_null(strstr(box.last.out, "suspected_fraud"), "%s", box.last.out);
	cr_assert_eq(box_json(&box, "reasons", "list", NULL), 0);
	cr_expect(list_says("config/kybdesk/reasons/session.json"), "%s", box.last.out);
	cr_expect_eq(box_json(&box, "reasons", "install", "config/kybdesk/reasons/session.json", NULL), 7);
}

Test(custody, a_country_of_ones_own_is_none_in_production)
{
	make_store("");
	custody_make_folders(&box);
	json_t *countries = custody_shipped("countries");
	json_array_append_new(json_object_get(countries, "countries"),
			      json_pack("{s:s,s:s,s:s}", "alpha2", "QY", "alpha3", "QYZ", "name", "Nowhereland"));
	custody_write(&box, "config/kybdesk/countries.json", countries);
	cr_expect_eq(box_json(&box, "list", "--filter", "country:QYZ", NULL), 9, "%s", box.last.out);
	cr_assert_eq(box_shell(&box, "rm -rf store.db*"), 0);
	make_store("--sandbox");
	cr_expect_eq(box_json(&box, "list", "--filter", "country:QYZ", NULL), 0, "%s", box.last.out);
	/* Every command reports its mistakes, also one that needs no country. */
	custody_write(&box, "config/kybdesk/countries.json", json_pack("{s:[]}", "countries"));
	cr_expect_eq(box_run(&box, "inbox", NULL), 9);
	cr_expect(strstr(box.last.err, "config/kybdesk/countries.json: countries: is empty"), "%s", box.last.err);
}

Test(custody, files_count_in_a_sandbox)
{
	make_store("--sandbox");
	custody_make_folders(&box);
	custody_write(&box, "config/kybdesk/workflows/ralio-kyb.json", custody_lax(2));
	custody_write(&box, "config/kybdesk/reasons/session.json", custody_open_reasons());
	cr_expect_eq(json_path_int(workflow_named("ralio-kyb"), "version"), 2);
	cr_expect_null(json_path(box.json, "notices"));
	box_import(&box, custody_company);
	cr_expect_eq(box_run(&box, "approve", "RAL-9", NULL), 0, "%s", box.last.err);
	box_import_person(&box, "IND-1");
	cr_expect_eq(box_run(&box, "reject", "IND-1", "--reason", "suspected_fraud", "--message", "So", NULL), 0,
		     "%s", box.last.err);
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
	cr_expect_eq(box_json(&box, "import", "in.ndjson", NULL), 3, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "errors[0].field"), "workflow", "%s", box.last.out);
	cr_expect_eq(box_json(&box, "list", "--filter", "workflow:own-kyb", NULL), 9);
	cr_assert_eq(box_run(&box, "workflow", "install", "config/kybdesk/workflows/own-kyb.json", NULL), 0, "%s",
		     box.last.err);
	cr_expect_eq(box_json(&box, "import", "in.ndjson", NULL), 0, "%s", box.last.out);
	cr_expect_eq(box_json(&box, "list", "--filter", "workflow:own-kyb", NULL), 0);
}

/* A company under the shipped workflow, with everything done. */
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
	cr_assert_eq(box_json(&box, "workflow", "install", "strict.json", NULL), 0, "%s", box.last.out);
	cr_expect_eq(json_path_int(box.json, "version"), 2);
	cr_expect_eq(json_path_int(box.json, "before_version"), 1);
	char *before = test_keep(strdup(json_path_text(box.json, "before_sha256")));
	char *after = test_keep(strdup(json_path_text(box.json, "sha256")));
	import_ready("RAL-2");
	cr_expect_eq(box_json(&box, "approve", "RAL-2", NULL), 4);
	cr_expect(has_blocker(&box, "document_missing"), "%s", box.last.out);
	cr_assert_eq(box_run(&box, "duplicate", "dismiss", "RAL-1", "RAL-2", "--reason",
			     "two branches of one owner", NULL),
		     0, "%s", box.last.err);
	cr_expect_eq(box_run(&box, "approve", "RAL-1", "--grace", "0", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_json(&box, "show", "RAL-1", "--decision", "1", NULL), 0, "%s", box.last.err);
	cr_expect_str_eq(json_path_text(box.json, "rules_sha256"), before);
	cr_expect_eq(strlen(json_path_text(box.json, "reasons_sha256")), 64);
	cr_expect_str_eq(json_path_text(box.json, "evidence.profile.sha256"), before);
	cr_expect_str_eq(json_path_text(box.json, "evidence.reasons.sha256"),
			 json_path_text(box.json, "reasons_sha256"));
	cr_expect_str_eq(json_path_text(box.json, "evidence.program"), json_path_text(box.json, "program"));
	char *program = test_keep(strdup(json_path_text(box.json, "program")));
	cr_assert_eq(box_run(&box, "show", "RAL-1", "--decision", "1", NULL), 0);
	cr_expect(strstr(box.last.out, before) && strstr(box.last.out, "program  kybdesk "), "%s", box.last.out);
	cr_assert_eq(box_json(&box, "info", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "version"), program);
	cr_assert_eq(box_shell(&box, "\"$K\" audit export"), 0);
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
	cr_expect_eq(box_json(&box, "workflow", "install", "broken.json", NULL), 9);
	cr_expect_eq(json_array_size(json_path(box.json, "error.blockers")), 2, "%s", box.last.out);
	cr_expect_eq(json_path_int(workflow_named("ralio-kyb"), "version"), 1);
	/* Another text under the same version. */
	custody_write(&box, "same.json", custody_lax(1));
	cr_expect_eq(box_json(&box, "workflow", "install", "same.json", NULL), 9);
	cr_expect_str_eq(json_path_text(box.json, "error.field"), "version");
	json_t *alone = strict(2);
	json_object_set_new(json_object_get(alone, "parties"), "workflow", json_string("nobodys-kyc"));
	custody_write(&box, "alone.json", alone);
	cr_expect_eq(box_json(&box, "workflow", "install", "alone.json", NULL), 9);
	cr_expect_str_eq(json_path_text(box.json, "error.field"), "parties.workflow");
	cr_expect_eq(box_json(&box, "workflow", "install", "not-there.json", NULL), 9);
	cr_assert_eq(box_shell(&box, "\"$K\" audit export | grep -c workflow.install"), 1, "%s", box.last.out);
}

Test(custody, a_text_that_was_in_force_can_be_again)
{
	make_store("");
	custody_write(&box, "lax.json", custody_lax(2));
	cr_assert_eq(box_run(&box, "workflow", "install", "lax.json", NULL), 0, "%s", box.last.err);
	cr_expect_eq(json_path_int(workflow_named("ralio-kyb"), "version"), 2);
	cr_expect_str_eq(json_path_text(workflow_named("ralio-kyb"), "origin"), "installed");
	cr_assert_eq(box_json(&box, "workflow", "install", "lax.json", NULL), 0);
	cr_expect(json_is_true(json_path(box.json, "unchanged")), "%s", box.last.out);
	cr_assert_eq(box_run(&box, "workflow", "install", "ralio-kyb@1", NULL), 0, "%s", box.last.err);
	cr_expect_str_eq(json_path_text(workflow_named("ralio-kyb"), "origin"), "built in");
	cr_assert_eq(box_run(&box, "workflow", "install", "ralio-kyb@2", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "workflow", "install", "ralio-kyb@shipped", NULL), 0, "%s", box.last.err);
	cr_expect_eq(json_path_int(workflow_named("ralio-kyb"), "version"), 1);
	cr_assert_eq(box_shell(&box, "\"$K\" audit export | grep -c workflow.install"), 0);
	cr_expect_eq(strtol(box.last.out, NULL, 10), 4, "%s", box.last.out);
}

Test(custody, workflow_diff_names_paths_and_both_values)
{
	make_store("");
	custody_write(&box, "lax.json", custody_lax(2));
	cr_assert_eq(box_json(&box, "workflow", "diff", "ralio-kyb", "lax.json", NULL), 0, "%s", box.last.out);
	const json_t *differences = json_path(box.json, "differences");
	bool found = false;
	json_t *item;
	size_t i;
	json_array_foreach((json_t *)differences, i,
			   item) if (!strcmp(json_path_text(item, "path"), "documents[BUSINESS_NUMBER].mandatory"))
		found = json_is_true(json_path(item, "before")) && json_is_false(json_path(item, "after"));
	cr_expect(found, "%s", box.last.out);
	cr_assert_eq(box_run(&box, "workflow", "diff", "ralio-kyb@1", "lax.json", NULL), 0);
	cr_expect(strstr(box.last.out, "parties.individuals\n  \"session\" → \"none\"\n"), "%s", box.last.out);
	cr_assert_eq(box_run(&box, "workflow", "diff", "ralio-kyb", "ralio-kyb@shipped", NULL), 0);
	cr_expect(strstr(box.last.out, "no difference"), "%s", box.last.out);
	cr_expect_eq(box_json(&box, "workflow", "diff", "ralio-kyp", "lax.json", NULL), 6);
	cr_expect(strstr(box.last.out, "ralio-kyb"), "the nearest is named: %s", box.last.out);
	cr_expect_eq(box_json(&box, "workflow", "diff", "ralio-kyb@9", "lax.json", NULL), 6);
}

Test(custody, workflow_try_says_what_would_have_been_and_changes_nothing)
{
	make_store("--sandbox");
	import_ready("RAL-1");
	import_ready("RAL-2");
	box_import_by_colleague(&box, custody_company);
	cr_assert_eq(box_run(&box, "duplicate", "dismiss", "RAL-1", "RAL-2", "--reason",
			     "two branches of one owner", NULL),
		     0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "approve", "RAL-1", "--grace", "0", NULL), 0, "%s", box.last.err);
	custody_write(&box, "strict.json", strict(2));
	custody_write(&box, "lax.json", custody_lax(3));
	cr_assert_eq(box_shell(&box, "\"$K\" audit export | wc -l"), 0);
	long rows = strtol(box.last.out, NULL, 10);
	cr_assert_eq(box_json(&box, "workflow", "try", "strict.json", NULL), 0, "%s", box.last.out);
	cr_expect_eq(json_path_int(box.json, "approved.total"), 1);
	cr_expect_eq(json_path_int(box.json, "approved.blocked"), 1);
	cr_expect_eq(json_path_int(box.json, "approved.blocked_by.document_missing"), 1, "%s", box.last.out);
	cr_expect_eq(json_path_int(box.json, "open.total"), 2);
	cr_expect_eq(json_path_int(box.json, "open.passed"), 1);
	cr_expect_eq(json_path_int(box.json, "open.passes"), 0);
	cr_expect_eq(json_path_int(box.json, "cases_total"), 2, "RAL-1 and RAL-2 change sides: %s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "cases[0].blockers[0].code"), "document_missing");
	cr_assert_eq(box_json(&box, "workflow", "try", "lax.json", NULL), 0, "%s", box.last.out);
	cr_expect_eq(json_path_int(box.json, "approved.blocked"), 0);
	cr_expect_eq(json_path_int(box.json, "open.passes"), 2);
	cr_expect_eq(json_path_int(box.json, "cases_total"), 1);
	cr_expect_str_eq(json_path_text(box.json, "cases[0].external_ref"), "RAL-9");
	cr_assert_eq(box_json(&box, "workflow", "try", "strict.json", "--filter", "RAL-2", NULL), 0);
	cr_expect_eq(json_path_int(box.json, "approved.total"), 0, "%s", box.last.out);
	cr_assert_eq(box_run(&box, "workflow", "try", "strict.json", NULL), 0);
	cr_expect(strstr(box.last.out, "approved: 1, of which 1 would have been blocked"), "%s", box.last.out);
	cr_assert_eq(box_shell(&box, "\"$K\" audit export | wc -l"), 0);
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
	cr_expect_eq(box_json(&box, "reasons", "check", "other-name.json", NULL), 9);
	cr_expect_str_eq(json_path_text(box.json, "error.field"), "set");
	cr_expect_eq(box_json(&box, "reasons", "check", "other-name.json", "--set", "session", NULL), 0);
	cr_expect_eq(box_json(&box, "reasons", "check", "session.json", NULL), 0, "%s", box.last.out);
	cr_expect_eq(box_run(&box, "reject", "IND-1", "--reason", "own_reason", NULL), 9);
	cr_assert_eq(box_json(&box, "reasons", "install", "session.json", NULL), 0, "%s", box.last.out);
	cr_expect_eq(json_path_int(box.json, "version"), 2);
	cr_expect_eq(strlen(json_path_text(box.json, "before_sha256")), 64);
	cr_assert_eq(box_json(&box, "reasons", "list", NULL), 0);
	cr_expect(strstr(box.last.out, "own_reason"), "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "sets[0].origin"), "installed");
	cr_expect_str_eq(json_path_text(box.json, "sets[1].origin"), "built in");
	cr_expect_eq(box_run(&box, "reject", "IND-1", "--reason", "own_reason", NULL), 0, "%s", box.last.err);
	/* Restricted reasons stay restricted, even for an admin. */
	custody_write(&box, "session.json", custody_open_reasons());
	cr_expect_eq(box_json(&box, "reasons", "install", "session.json", NULL), 9, "%s", box.last.out);
	/* A workflow in force keeps its reasons. */
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
	cr_assert_eq(box_run(&box, "workflow", "install", "narrow.json", NULL), 0, "%s", box.last.err);
	cr_expect_eq(box_json(&box, "reasons", "install", "session.json", NULL), 9, "%s", box.last.out);
	cr_expect(strstr(box.last.out, "data_mismatch"), "%s", box.last.out);
}

#define DECIDED(documents)                                                                                         \
	"{\"external_ref\":\"IND-7\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\","         \
	"\"status\":\"rejected\",\"subject\":{\"uid\":\"ind-7\",\"kind\":\"individual\",\"name\":\"Jo Reyes\"},"   \
	"\"documents\":[" documents "]}\n"
#define PASSPORT(more) "{\"type\":\"PASSPORT\",\"upload\":\"ready\",\"file\":\"a.pdf\"" more "}"

/* Writes the file with the sum in place of @, and both admins allow it. */
static void allow_decided(const char *line, const char *sum)
{
	static const char *const admins[] = { NULL, "max" };
	const char *at = strchr(line, '@');

	char *text = test_text("%.*s%s%s", (int)(at ? (size_t)(at - line) : strlen(line)), line, at ? sum : "",
			       at ? at + 1 : "");
	box_write(&box, "decided.ndjson", text);
	for (size_t i = 0; i < sizeof admins / sizeof *admins; i++) {
		box_as(&box, admins[i]);
		cr_assert_eq(box_shell(&box, "\"$K\" store set imported_decisions \"$(sha256sum <decided.ndjson | "
					     "cut -c1-64)\""),
			     0, "%s", box.last.err);
	}
}

static void expect_refused(const char *says)
{
	cr_expect_eq(box_run(&box, "import", "decided.ndjson", NULL), 3, "%s", box.last.out);
	cr_expect(strstr(box.last.err, says), "%s", box.last.err);
	cr_expect_eq(box_run(&box, "show", "IND-7", NULL), 6);
	cr_expect_neq(box_shell(&box, "find store.db-documents -type f 2>/dev/null | grep -q ."), 0, "%s",
		      box.last.out);
}

/* Two admins allow a file of decisions with the documents that they read, not with what lies there later. */
Test(custody, the_sum_of_imported_decisions_covers_the_documents)
{
	make_store("");
	cr_assert_eq(box_run(&box, "reviewer", "add", "max", "--role", "admin", NULL), 0, "%s", box.last.err);
	box_write_files(&box);
	cr_assert_eq(box_shell(&box, "sha256sum <a.pdf | cut -c1-64 | tr -d '\\n'"), 0);
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
	cr_assert_eq(box_shell(&box, "mv a.pdf read.pdf && cp read.pdf a.pdf && echo '%% other' >>a.pdf"), 0);
	expect_refused(", but the SHA-256 of a.pdf is ");
	cr_assert_eq(box_shell(&box, "mv read.pdf a.pdf"), 0);
	cr_expect_eq(box_run(&box, "import", "decided.ndjson", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_json(&box, "show", "IND-7", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "documents[0].sha256"), sum);
}
