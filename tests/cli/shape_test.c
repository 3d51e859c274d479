/* The JSON of each command, member by member. */
#include "box.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(shape, .init = box_set_up_company, .fini = box_tear_down);

static void expect_members(const json_t *object, const char *const *names, bool exactly)
{
	size_t count = 0;
	for (; names[count]; count++)
		cr_expect(json_object_get(object, names[count]), "%s is missing", names[count]);
	if (exactly)
		cr_expect_eq(json_object_size(object), count);
}
#define EXPECT_ONLY(object, ...) expect_members((object), (const char *const[]){ __VA_ARGS__, NULL }, true)
#define EXPECT_ALL(object, ...) expect_members((object), (const char *const[]){ __VA_ARGS__, NULL }, false)

Test(shape, inbox_counts_all_seven_and_no_subsession)
{
	cr_assert_eq(box_json(&box, "inbox", NULL), 0);
	EXPECT_ONLY(box.json, "inboxes", "total");
	EXPECT_ONLY(json_path(box.json, "inboxes"), "incomplete", "pending", "manual_review", "approved",
		    "rejected", "remediation", "completed");
	cr_expect_eq(json_path_int(box.json, "inboxes.manual_review"), 1);
	cr_expect_eq(json_path_int(box.json, "total"), 1);
}

Test(shape, a_list_item_has_all_its_members)
{
	cr_assert_eq(box_json(&box, "list", NULL), 0);
	EXPECT_ONLY(box.json, "data", "next");
	EXPECT_ONLY(json_path(box.json, "data[0]"), "id", "external_ref", "kind", "workflow", "merchant",
		    "subject_name", "country", "status", "compliance_status", "risk_score", "assignee", "level",
		    "parties_total", "parties_verified", "documents_total", "documents_accepted", "submitted_at",
		    "due_at", "updated_at", "version", "parent_id", "why");
	cr_expect(json_is_null(json_path(box.json, "next")));
	cr_expect_eq(json_array_size(json_path(box.json, "data")), 1);
}

Test(shape, subsessions_are_listed_when_asked_for)
{
	cr_assert_eq(box_json(&box, "list", "--subsessions", NULL), 0);
	cr_expect_eq(json_array_size(json_path(box.json, "data")), 2);
}

Test(shape, pages_follow_the_cursor_to_a_null)
{
	box_import_person(&box, "IND-1");
	box_import_person(&box, "IND-2");
	cr_assert_eq(box_json(&box, "list", "--limit", "2", "--sort", "name", NULL), 0);
	cr_expect_eq(json_array_size(json_path(box.json, "data")), 2);
	char *cursor = test_keep(strdup(json_path_text(box.json, "next")));
	cr_assert_str_not_empty(cursor);
	cr_assert_eq(box_json(&box, "list", "--limit", "2", "--sort", "name", "--after", cursor, NULL), 0);
	cr_expect_eq(json_array_size(json_path(box.json, "data")), 1);
	cr_expect(json_is_null(json_path(box.json, "next")));
}

Test(shape, a_summary_counts_everything_that_matches)
{
	box_import_person(&box, "IND-1");
	cr_assert_eq(box_json(&box, "list", "--limit", "1", "--summary", NULL), 0);
	EXPECT_ONLY(json_path(box.json, "summary"), "status_counts", "inbox_counts", "total", "avg_risk_score",
		    "sessions_with_risk_score", "validation_counts");
	cr_expect_eq(json_path_int(box.json, "summary.total"), 2);
	cr_expect_eq(json_path_int(box.json, "summary.inbox_counts.manual_review"), 2);
	cr_expect_eq(json_path_int(box.json, "summary.sessions_with_risk_score"), 1);
}

Test(shape, ndjson_is_one_item_on_each_line)
{
	box_import_person(&box, "IND-1");
	cr_assert_eq(box_run(&box, "list", "--ndjson", NULL), 0);
	size_t lines = 0;
	for (char *line = box.last.out; *line; line = strchr(line, '\n') + 1, lines++) {
		json_t *item = test_keep(json_loadb(line, strcspn(line, "\n"), 0, NULL));
		cr_expect(item, "%.80s", line);
	}
	cr_expect_eq(lines, 2);
}

Test(shape, csv_has_a_header_and_crlf_lines)
{
	cr_assert_eq(box_run(&box, "list", "--csv", NULL), 0);
	cr_expect_eq(strncmp(box.last.out, "id,external_ref,kind,", 21), 0, "%s", box.last.out);
	cr_expect(strstr(box.last.out, ",parent_id,why\r\n"));
	cr_expect(strstr(box.last.out, ",RAL-1,kyb,ralio-kyb,shop,Harbour Lane Trading Ltd,GBR,"), "%s",
		  box.last.out);
}

static const char *const lists[][4] = {
	{ "access", "list" },
	{ "alert", "list" },
	{ "audit", "list" },
	{ "stats" },
	{ "team" },
	{ "check", "list", "RAL-1" },
	{ "document", "list", "RAL-1" },
	{ "duplicate", "list", "RAL-1" },
	{ "endpoint", "list" },
	{ "hold", "list" },
	{ "list" },
	{ "merchant", "key", "list" },
	{ "merchant", "list" },
	{ "party", "list", "RAL-1" },
	{ "reasons", "list" },
	{ "reviewer", "list" },
	{ "sandbox", "account", "list" },
	{ "sandbox", "ledger", "A" },
	{ "sandbox", "order", "list" },
	{ "subject", "list" },
	{ "subsession", "list", "RAL-1" },
	{ "suspicion", "list" },
	{ "template", "list" },
	{ "webhook", "list" },
	{ "workflow", "list" },
};
#define LIST_COUNT (sizeof lists / sizeof *lists)

static int run_list(size_t at, const char *form)
{
	const char *words[6] = { 0 };
	size_t count = 0;
	while (count < 4 && lists[at][count]) {
		words[count] = lists[at][count];
		count++;
	}
	words[count] = form;
	return box_run_words(&box, words, NULL, 0);
}

/* A column is a member of an entry, in which null is absent, too. */
static void expect_column(const json_t *data, const char *name, size_t length, const char *list)
{
	size_t i;
	json_t *entry;
	json_array_foreach(data, i, entry) if (json_object_getn(entry, name, length)) return;
	cr_expect_eq(json_array_size(data), 0, "%s: the column %.*s is in no entry", list, (int)length, name);
}

static void expect_csv(size_t at, const json_t *data)
{
	const char *line = box.last.out;
	size_t lines = 0, name;
	for (const char *from = line; *from && *from != '\r'; from += name + (from[name] == ',')) {
		name = strcspn(from, ",\r");
		cr_expect_gt(name, 0, "%s", line);
		expect_column(data, from, name, lists[at][0]);
	}
	for (; (line = strstr(line, "\r\n")); line += 2)
		lines++;
	cr_expect_eq(lines, json_array_size(data) + 1, "%s: %s", lists[at][0], box.last.out);
}

Test(shape, every_list_is_printed_as_csv_and_ndjson)
{
	size_t told = 0, entries = 0;
	cr_assert_eq(box_shell(&box,
			       "\"$K\" endpoint add --merchant shop --url http://127.0.0.1:9/ --event '*' && "
			       "\"$K\" merchant key add shop --name till && "
			       "\"$K\" hold set RAL-1 --reason 'an order of a court' && "
			       "\"$K\" reject RAL-1 --reason suspected_fraud --grace 0 --note 'a forged paper'"),
		     0, "%s", box.last.err);
	for (size_t i = 0; i < LIST_COUNT; i++) {
		if (!strcmp(lists[i][1] ? lists[i][1] : "", "ledger"))
			continue; /* needs an account */
		cr_assert_eq(run_list(i, "--json"), 0, "%s: %s", lists[i][0], box.last.err);
		json_t *json = test_keep(json_loads(box.last.out, 0, NULL));
		const json_t *data = json_object_get(json, "data");
		cr_assert_eq(run_list(i, "--csv"), 0, "%s: %s", lists[i][0], box.last.err);
		expect_csv(i, data);
		cr_assert_eq(run_list(i, "--ndjson"), 0, "%s: %s", lists[i][0], box.last.err);
		size_t lines = 0;
		for (const char *at = box.last.out; (at = strchr(at, '\n')); at++)
			lines++;
		cr_expect_eq(lines, json_array_size(data), "%s", lists[i][0]);
		entries += lines > 0;
	}
	cr_expect_geq(entries, 15, "%zu", entries);
	/* None is left out here. */
	cr_assert_eq(box_run(&box, "info", "--reference", "markdown", NULL), 0);
	for (const char *at = box.last.out; (at = strstr(at, "`--ndjson`, `--csv`.")); at++)
		told++;
	cr_expect_eq(told, LIST_COUNT);
}

Test(shape, show_is_the_session_document_and_more)
{
	cr_assert_eq(box_json(&box, "show", "RAL-1", NULL), 0);
	EXPECT_ALL(box.json, "id", "external_ref", "workflow", "kind", "merchant", "status", "subject",
		   "risk_score", "steps", "documents", "parties", "checks", "compliance_status", "version",
		   "blockers", "corrections", "decisions", "notes", "assignee", "due_at");
	cr_expect_str_eq(json_path_text(box.json, "documents[0].review"), "unreviewed");
	EXPECT_ALL(json_path(box.json, "parties[0].session"), "id", "status", "compliance_status");
	EXPECT_ALL(json_path(box.json, "parties[0]"), "effective_percent", "beneficial_owner");
	EXPECT_ONLY(json_path(box.json, "blockers[0]"), "code", "message", "ref");
}

Test(shape, what_show_prints_import_reads)
{
	cr_assert_eq(box_shell(&box, "\"$K\" show RAL-1 --reveal --json >shown.json && \"$K\" --store other.db "
				     "init --sandbox && \"$K\" --store other.db import shown.json"),
		     0, "%s", box.last.err);
}

Test(shape, a_decision_says_all_about_itself)
{
	cr_assert_eq(box_json(&box, "reject", "RAL-1", "--reason", "other", "--note", "n", NULL), 0, "%s",
		     box.last.out);
	EXPECT_ALL(json_path(box.json, "decisions[0]"), "decision", "by", "at", "reason", "message", "retryable",
		   "note", "undone");
	cr_expect_str_eq(json_path_text(box.json, "decisions[0].decision"), "reject");
}

Test(shape, personal_data_is_masked_until_revealed)
{
	cr_assert_eq(box_json(&box, "show", "RAL-1", NULL), 0);
	cr_expect_null(strstr(box.last.out, "GB123456789"));
	cr_expect_null(strstr(box.last.out, "1984-02-11"));
	cr_assert_eq(box_run(&box, "show", "RAL-1", NULL), 0);
	cr_expect_null(strstr(box.last.out, "GB123456789"));
	cr_assert_eq(box_json(&box, "show", "RAL-1", "--reveal", NULL), 0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "subject.tax_id"), "GB123456789");
	cr_expect_str_eq(json_path_text(box.json, "parties[0].date_of_birth"), "1984-02-11");
}

Test(shape, a_reveal_is_in_the_audit_log)
{
	cr_assert_eq(box_run(&box, "show", "RAL-1", "--reveal", NULL), 0);
	cr_assert_eq(box_json(&box, "audit", "list", "RAL-1", NULL), 0);
	EXPECT_ONLY(box.json, "data", "next");
	EXPECT_ONLY(json_path(box.json, "data[0]"), "seq", "at", "actor", "action", "session_id", "hash");
	cr_expect(strstr(json_path_text(box.json, "data[0].action"), "reveal"), "%s",
		  json_path_text(box.json, "data[0].action"));
}

Test(shape, a_reveal_needs_a_reviewer_who_holds_the_case)
{
	cr_assert_eq(box_run(&box, "reviewer", "add", "rea", "--role", "reviewer", NULL), 0, "%s", box.last.err);
	cr_expect_eq(box_run(&box, "--as", "rea", "show", "RAL-1", "--reveal", NULL), 7);
	cr_expect_eq(box_run(&box, "--as", "rea", "claim", "RAL-1", NULL), 0);
	cr_expect_eq(box_run(&box, "--as", "rea", "show", "RAL-1", "--reveal", NULL), 0, "%s", box.last.err);
}

Test(shape, the_audit_log_has_pages)
{
	cr_assert_eq(box_json(&box, "audit", "list", "--limit", "1", NULL), 0);
	long long first = json_path_int(box.json, "data[0].seq");
	char *cursor = test_keep(strdup(json_path_text(box.json, "next")));
	cr_assert_str_not_empty(cursor);
	cr_assert_eq(box_json(&box, "audit", "list", "--limit", "1", "--after", cursor, NULL), 0);
	cr_expect_eq(json_path_int(box.json, "data[0].seq"), first - 1);
}

Test(shape, the_audit_log_is_exported_oldest_first)
{
	cr_assert_eq(box_run(&box, "audit", "export", NULL), 0);
	json_t *first = test_keep(json_loadb(box.last.out, strcspn(box.last.out, "\n"), 0, NULL));
	cr_assert(first, "%s", box.last.out);
	cr_expect_eq(json_path_int(first, "seq"), 1);
}

Test(shape, verify_prints_the_head)
{
	cr_assert_eq(box_json(&box, "audit", "verify", NULL), 0);
	cr_expect_eq(strlen(json_path_text(box.json, "head")), 64);
}

Test(shape, an_endpoint_shows_its_secret_once)
{
	cr_assert_eq(box_json(&box, "endpoint", "add", "--merchant", "shop", "--url", "https://shop.example/hook",
			      "--event", "kyc.state_updated", NULL),
		     0, "%s", box.last.out);
	EXPECT_ONLY(box.json, "id", "merchant", "url", "events", "secret");
	cr_expect_eq(strncmp(json_path_text(box.json, "secret"), "whsec_", 6), 0);
	char *secret = test_keep(strdup(json_path_text(box.json, "secret")));
	cr_assert_eq(box_json(&box, "endpoint", "list", NULL), 0);
	cr_expect_null(strstr(box.last.out, secret));
	cr_assert_eq(box_json(&box, "endpoint", "disable",
			      test_keep(strdup(json_path_text(box.json, "data[0].id"))), NULL),
		     0, "%s", box.last.out);
	cr_expect(json_is_true(json_path(box.json, "disabled")));
}

Test(shape, an_endpoint_needs_https)
{
	cr_expect_eq(box_run(&box, "endpoint", "add", "--merchant", "shop", "--url", "http://shop.example/",
			     "--event", "*", NULL),
		     9);
	cr_expect_eq(box_run(&box, "endpoint", "add", "--merchant", "shop", "--url", "https://shop.example/",
			     "--event", "kyc.state_update", NULL),
		     9);
	cr_expect(strstr(box.last.err, "kyc.state_updated"), "%s", box.last.err);
}

Test(shape, a_merchants_key_is_printed_once_as_json)
{
	cr_assert_eq(box_run(&box, "merchant", "add", "kiosk", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_json(&box, "merchant", "key", "kiosk", NULL), 0, "%s", box.last.out);
	EXPECT_ONLY(box.json, "api_code", "api_key", "name", "ends_at");
	cr_assert_eq(box_run(&box, "merchant", "key", "kiosk", NULL), 0);
	json_t *plain = test_keep(json_loads(box.last.out, 0, NULL));
	cr_assert(plain);
	char *key = test_keep(strdup(json_path_text(plain, "api_key")));
	cr_assert_eq(box_json(&box, "merchant", "list", NULL), 0);
	cr_expect_null(strstr(box.last.out, key));
}

Test(shape, merchants_are_listed_with_what_their_keys_may)
{
	static const char *const names[] = { "all", "none", "some" };
	const json_t *data;

	for (size_t i = 0; i < 3; i++)
		cr_assert_eq(box_run(&box, "merchant", "add", names[i], NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "merchant", "key", "all", "--permission", "kyc:create", "--permission",
			     "kyc:read", "--permission", "kyc:process", "--permission", "kyc:review", NULL),
		     0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "merchant", "key", "some", "--permission", "kyc:read", "--permission",
			     "kyc:create", NULL),
		     0, "%s", box.last.err);
	cr_assert_eq(box_json(&box, "merchant", "list", NULL), 0);
	data = json_path(box.json, "data");
	for (size_t i = 0; i < json_array_size(data); i++) {
		const json_t *item = json_array_get(data, i), *list = json_path(item, "permissions");
		const char *name = json_path_text(item, "name");

		EXPECT_ONLY(item, "name", "api_code", "has_key", "permissions", "providers", "created_at");
		cr_assert(json_is_array(list));
		if (!strcmp(name, "all"))
			cr_expect_eq(json_array_size(list), 4);
		if (!strcmp(name, "none"))
			cr_expect_eq(json_array_size(list), 0);
		if (!strcmp(name, "some")) {
			cr_expect_eq(json_array_size(list), 2);
			cr_expect_str_eq(json_path_text(item, "permissions[0]"), "kyc:create");
			cr_expect_str_eq(json_path_text(item, "permissions[1]"), "kyc:read");
		}
	}
	cr_assert_eq(box_run(&box, "merchant", "list", NULL), 0);
	cr_expect(strstr(box.last.out, "kyc:create kyc:read"), "%s", box.last.out);
	cr_expect(strstr(box.last.out, " all "), "%s", box.last.out);
}

Test(shape, webhook_list_has_its_members)
{
	cr_assert_eq(box_run(&box, "reject", "RAL-1", "--reason", "other", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_json(&box, "webhook", "list", NULL), 0);
	EXPECT_ONLY(box.json, "data", "next");
	EXPECT_ONLY(json_path(box.json, "data[0]"), "id", "type", "session_id", "merchant", "state", "attempts",
		    "created_at", "next_at");
}

Test(shape, deliver_drain_prints_its_totals_without_json_too)
{
	cr_assert_eq(box_run(&box, "webhook", "deliver", "--drain", NULL), 0, "%s", box.last.err);
	json_t *totals = test_keep(json_loads(box.last.out, 0, NULL));
	cr_assert(totals, "%s", box.last.out);
	EXPECT_ONLY(totals, "delivered", "failed", "waiting", "dead");
}

Test(shape, small_lists_have_pages_too)
{
	cr_assert_eq(box_json(&box, "document", "list", "RAL-1", "--limit", "3", NULL), 0);
	cr_expect_eq(json_array_size(json_path(box.json, "data")), 3);
	cr_assert_eq(box_json(&box, "document", "list", "RAL-1", "--limit", "3", "--after",
			      test_keep(strdup(json_path_text(box.json, "next"))), NULL),
		     0);
	cr_expect_eq(json_array_size(json_path(box.json, "data")), 1);
	cr_expect(json_is_null(json_path(box.json, "next")));
	cr_expect_eq(box_run(&box, "document", "list", "RAL-1", "--after", "nonsense", NULL), 9);
}

Test(shape, administration_lists)
{
	static const char *const words[][3] = {
		{ "reviewer", "list" }, { "merchant", "list" }, { "workflow", "list" }, { "endpoint", "list" }
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		cr_assert_eq(box_json(&box, words[i][0], words[i][1], NULL), 0, "%s", box.last.out);
		EXPECT_ONLY(box.json, "data", "next");
	}
}

Test(shape, a_workflow_is_shown_and_checked)
{
	cr_assert_eq(box_json(&box, "workflow", "show", "ralio-kyb", NULL), 0);
	EXPECT_ALL(box.json, "name", "version", "steps", "documents", "parties", "checks", "events");
	cr_assert_eq(box_run(&box, "workflow", "show", "ralio-kyb", NULL), 0);
	cr_expect(strstr(box.last.out, "MEMORANDUM_ARTICLES"));
	cr_expect(strstr(box.last.out, "a rejected case cannot be submitted again; it needs a new case\n"));
	cr_assert_eq(box_json(&box, "workflow", "check", KYB_SOURCE_DIR "/data/workflows/ralio-kyb.json", NULL), 0,
		     "%s", box.last.out);
	box_write(&box, "bad.json", "{\"name\": \"bad\", \"colour\": 1}");
	cr_assert_eq(box_json(&box, "workflow", "check", "bad.json", NULL), 9);
	cr_expect(strstr(box.last.out, "colour"), "%s", box.last.out);
}

Test(shape, import_says_what_it_did)
{
	box_write(&box, "bad.ndjson", "{\"a\":1}\n");
	cr_assert_eq(box_json(&box, "import", "bad.ndjson", NULL), 3);
	EXPECT_ONLY(box.json, "imported", "updated", "unchanged", "rejected", "errors");
	EXPECT_ONLY(json_path(box.json, "errors[0]"), "line", "field", "message");
	cr_expect_eq(json_path_int(box.json, "errors[0].line"), 1);
}

Test(shape, doctor_finds_a_new_store_sound)
{
	cr_assert_eq(box_json(&box, "doctor", NULL), 0, "%s", box.last.out);
	cr_expect(json_is_false(json_path(box.json, "damaged")));
}

static void edit_store(const char *sql)
{
	sqlite3 *db;
	char *message = NULL;
	cr_assert_eq(sqlite3_open(box.store, &db), SQLITE_OK);
	cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, &message), SQLITE_OK, "%s", message);
	sqlite3_close(db);
}

Test(shape, an_edited_audit_log_is_8_and_names_the_first_bad_record)
{
	sqlite3 *db;
	sqlite3_stmt *triggers;
	char drops[1024] = "";
	cr_assert_eq(sqlite3_open(box.store, &db), SQLITE_OK);
	cr_assert_eq(sqlite3_prepare_v2(db,
					"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = "
					"'audit_event'",
					-1, &triggers, NULL),
		     SQLITE_OK);
	while (sqlite3_step(triggers) == SQLITE_ROW) {
		size_t length = strlen(drops);
		(void)snprintf(drops + length, sizeof drops - length, "DROP TRIGGER %s;",
			       (const char *)sqlite3_column_text(triggers, 0));
	}
	sqlite3_finalize(triggers);
	sqlite3_close(db);
	edit_store(drops);
	edit_store("UPDATE audit_event SET actor = 'nobody' WHERE rowid = 2");
	cr_assert_eq(box_json(&box, "audit", "verify", NULL), 8);
	cr_expect(strstr(json_path_text(box.json, "error.message"), "record 2 "), "%s", box.last.out);
	cr_expect_eq(box_json(&box, "doctor", NULL), 8);
	cr_expect_str_eq(error_code(&box), "store");
}
