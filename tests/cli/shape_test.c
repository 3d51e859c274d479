/* The JSON of each command, member by member. */
#include "expect.h"

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
	DONE_JSON("inbox");
	EXPECT_ONLY(box.json, "inboxes", "total");
	EXPECT_ONLY(json_path(box.json, "inboxes"), "incomplete", "pending", "manual_review", "approved", "rejected",
		    "remediation", "completed");
	SHOWS("inboxes.manual_review = 1", "total = 1");
}

Test(shape, a_list_item_has_all_its_members)
{
	DONE_JSON("list");
	EXPECT_ONLY(box.json, "data", "next");
	EXPECT_ONLY(json_path(box.json, "data[0]"), "id", "external_ref", "kind", "workflow", "merchant",
		    "subject_name", "country", "status", "compliance_status", "risk_score", "assignee", "level",
		    "parties_total", "parties_verified", "documents_total", "documents_accepted", "submitted_at",
		    "due_at", "updated_at", "version", "parent_id", "why");
	SHOWS("next = null", "data has 1");
}

Test(shape, subsessions_are_listed_when_asked_for)
{
	GIVES(("list", "--subsessions"), "data has 2");
}

Test(shape, pages_follow_the_cursor_to_a_null)
{
	box_import_person(&box, "IND-1");
	box_import_person(&box, "IND-2");
	GIVES(("list", "--limit", "2", "--sort", "name"), "data has 2");
	char *cursor = test_keep(strdup(json_path_text(box.json, "next")));
	cr_assert_str_not_empty(cursor);
	GIVES(("list", "--limit", "2", "--sort", "name", "--after", cursor), "data has 1", "next = null");
}

Test(shape, a_summary_counts_everything_that_matches)
{
	box_import_person(&box, "IND-1");
	DONE_JSON("list", "--limit", "1", "--summary");
	EXPECT_ONLY(json_path(box.json, "summary"), "status_counts", "inbox_counts", "total", "avg_risk_score",
		    "sessions_with_risk_score", "validation_counts");
	SHOWS("summary.total = 2", "summary.inbox_counts.manual_review = 2", "summary.sessions_with_risk_score = 1");
}

Test(shape, ndjson_is_one_item_on_each_line)
{
	box_import_person(&box, "IND-1");
	DONE("list", "--ndjson");
	size_t lines = 0;
	for (char *line = box.last.out; *line; line = strchr(line, '\n') + 1, lines++) {
		json_t *item = test_keep(json_loadb(line, strcspn(line, "\n"), 0, NULL));
		cr_expect(item, "%.80s", line);
	}
	cr_expect_eq(lines, 2);
}

Test(shape, csv_has_a_header_and_crlf_lines)
{
	DONE("list", "--csv");
	cr_expect_eq(strncmp(box.last.out, "id,external_ref,kind,", 21), 0, "%s", box.last.out);
	PRINTS(",parent_id,why\r\n", ",RAL-1,kyb,ralio-kyb,shop,Harbour Lane Trading Ltd,GBR,");
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
	{ "offer", "list" },
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

/* Each column must be a member of at least one entry, because an entry may leave out a null. */
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
	DONE_SHELL("\"$K\" endpoint add --merchant shop --url http://127.0.0.1:9/ --event '*' && "
		   "\"$K\" merchant key add shop --name till && "
		   "\"$K\" hold set RAL-1 --reason 'an order of a court' && "
		   "\"$K\" reject RAL-1 --reason suspected_fraud --grace 0 --note 'a forged paper'");
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
	/* `lists` must contain every command with --ndjson and --csv in the reference. */
	DONE("info", "--reference", "markdown");
	for (const char *at = box.last.out; (at = strstr(at, "`--ndjson`, `--csv`.")); at++)
		told++;
	cr_expect_eq(told, LIST_COUNT);
}

Test(shape, show_is_the_session_document_and_more)
{
	DONE_JSON("show", "RAL-1");
	EXPECT_ALL(box.json, "id", "external_ref", "workflow", "kind", "merchant", "status", "subject", "risk_score",
		   "steps", "documents", "parties", "checks", "compliance_status", "version", "blockers", "corrections",
		   "decisions", "notes", "assignee", "due_at");
	SHOWS("documents[0].review: unreviewed");
	EXPECT_ALL(json_path(box.json, "parties[0].session"), "id", "status", "compliance_status");
	EXPECT_ALL(json_path(box.json, "parties[0]"), "effective_percent", "beneficial_owner");
	EXPECT_ONLY(json_path(box.json, "blockers[0]"), "code", "message", "ref");
}

Test(shape, what_show_prints_import_reads)
{
	DONE_SHELL("\"$K\" show RAL-1 --reveal --json >shown.json && \"$K\" --store other.db "
		   "init --sandbox && \"$K\" --store other.db import shown.json");
}

Test(shape, a_decision_says_all_about_itself)
{
	DONE_JSON("reject", "RAL-1", "--reason", "other", "--note", "n");
	EXPECT_ALL(json_path(box.json, "decisions[0]"), "decision", "by", "at", "reason", "message", "retryable",
		   "note", "undone");
	SHOWS("decisions[0].decision: reject");
}

Test(shape, personal_data_is_masked_until_revealed)
{
	DONE_JSON("show", "RAL-1");
	PRINTS_NOT("GB123456789", "1984-02-11");
	DONE("show", "RAL-1");
	PRINTS_NOT("GB123456789");
	GIVES(("show", "RAL-1", "--reveal"), "subject.tax_id: GB123456789", "parties[0].date_of_birth: 1984-02-11");
}

Test(shape, a_reveal_is_in_the_audit_log)
{
	DONE("show", "RAL-1", "--reveal");
	DONE_JSON("audit", "list", "RAL-1");
	EXPECT_ONLY(box.json, "data", "next");
	EXPECT_ONLY(json_path(box.json, "data[0]"), "seq", "at", "actor", "action", "session_id", "hash");
	cr_expect(strstr(json_path_text(box.json, "data[0].action"), "reveal"), "%s",
		  json_path_text(box.json, "data[0].action"));
}

Test(shape, a_reveal_needs_a_reviewer_who_holds_the_case)
{
	DONE("reviewer", "add", "rea", "--role", "reviewer");
	ENDS(7, "--as", "rea", "show", "RAL-1", "--reveal");
	DONE("--as", "rea", "claim", "RAL-1");
	DONE("--as", "rea", "show", "RAL-1", "--reveal");
}

Test(shape, the_audit_log_has_pages)
{
	DONE_JSON("audit", "list", "--limit", "1");
	long long first = json_path_int(box.json, "data[0].seq");
	char *cursor = test_keep(strdup(json_path_text(box.json, "next")));
	cr_assert_str_not_empty(cursor);
	DONE_JSON("audit", "list", "--limit", "1", "--after", cursor);
	cr_expect_eq(json_path_int(box.json, "data[0].seq"), first - 1);
}

Test(shape, the_audit_log_is_exported_oldest_first)
{
	DONE("audit", "export");
	json_t *first = test_keep(json_loadb(box.last.out, strcspn(box.last.out, "\n"), 0, NULL));
	cr_assert(first, "%s", box.last.out);
	cr_expect_eq(json_path_int(first, "seq"), 1);
}

Test(shape, verify_prints_the_head)
{
	DONE_JSON("audit", "verify");
	cr_expect_eq(strlen(json_path_text(box.json, "head")), 64);
}

Test(shape, an_endpoint_shows_its_secret_once)
{
	DONE_JSON("endpoint", "add", "--merchant", "shop", "--url", "https://shop.example/hook", "--event",
		  "kyc.state_updated");
	EXPECT_ONLY(box.json, "id", "merchant", "url", "events", "secret");
	cr_expect_eq(strncmp(json_path_text(box.json, "secret"), "whsec_", 6), 0);
	char *secret = test_keep(strdup(json_path_text(box.json, "secret")));
	DONE_JSON("endpoint", "list");
	PRINTS_NOT(secret);
	GIVES(("endpoint", "disable", test_keep(strdup(json_path_text(box.json, "data[0].id")))), "disabled = true");
}

Test(shape, an_endpoint_needs_https)
{
	ENDS(9, "endpoint", "add", "--merchant", "shop", "--url", "http://shop.example/", "--event", "*");
	REFUSED(9, "kyc.state_updated", "endpoint", "add", "--merchant", "shop", "--url", "https://shop.example/",
		"--event", "kyc.state_update");
}

Test(shape, a_merchants_key_is_printed_once_as_json)
{
	DONE("merchant", "add", "kiosk");
	DONE_JSON("merchant", "key", "kiosk");
	EXPECT_ONLY(box.json, "api_code", "api_key", "name", "ends_at");
	DONE("merchant", "key", "kiosk");
	json_t *plain = test_keep(json_loads(box.last.out, 0, NULL));
	cr_assert(plain);
	char *key = test_keep(strdup(json_path_text(plain, "api_key")));
	DONE_JSON("merchant", "list");
	PRINTS_NOT(key);
}

Test(shape, merchants_are_listed_with_what_their_keys_may)
{
	static const char *const names[] = { "all", "none", "some" };
	const json_t *data;

	for (size_t i = 0; i < 3; i++)
		DONE("merchant", "add", names[i]);
	DONE("merchant", "key", "all", "--permission", "kyc:create", "--permission", "kyc:read", "--permission",
	     "kyc:process", "--permission", "kyc:review");
	DONE("merchant", "key", "some", "--permission", "kyc:read", "--permission", "kyc:create");
	DONE_JSON("merchant", "list");
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
	TELLS(("merchant", "list"), "kyc:create kyc:read", " all ");
}

Test(shape, webhook_list_has_its_members)
{
	DONE("reject", "RAL-1", "--reason", "other");
	DONE_JSON("webhook", "list");
	EXPECT_ONLY(box.json, "data", "next");
	EXPECT_ONLY(json_path(box.json, "data[0]"), "id", "type", "session_id", "merchant", "state", "attempts",
		    "created_at", "next_at");
}

Test(shape, deliver_drain_prints_its_totals_without_json_too)
{
	DONE("webhook", "deliver", "--drain");
	json_t *totals = test_keep(json_loads(box.last.out, 0, NULL));
	cr_assert(totals, "%s", box.last.out);
	EXPECT_ONLY(totals, "delivered", "failed", "waiting", "dead");
}

Test(shape, small_lists_have_pages_too)
{
	GIVES(("document", "list", "RAL-1", "--limit", "3"), "data has 3");
	GIVES(("document", "list", "RAL-1", "--limit", "3", "--after",
	       test_keep(strdup(json_path_text(box.json, "next")))),
	      "data has 1", "next = null");
	ENDS(9, "document", "list", "RAL-1", "--after", "nonsense");
}

Test(shape, administration_lists)
{
	static const char *const words[][3] = {
		{ "reviewer", "list" }, { "merchant", "list" }, { "workflow", "list" }, { "endpoint", "list" }
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		DONE_JSON(words[i][0], words[i][1]);
		EXPECT_ONLY(box.json, "data", "next");
	}
}

Test(shape, a_workflow_is_shown_and_checked)
{
	DONE_JSON("workflow", "show", "ralio-kyb");
	EXPECT_ALL(box.json, "name", "version", "steps", "documents", "parties", "checks", "events");
	TELLS(("workflow", "show", "ralio-kyb"), "MEMORANDUM_ARTICLES",
	      "a rejected case cannot be submitted again; it needs a new case\n");
	DONE_JSON("workflow", "check", KYB_SOURCE_DIR "/data/workflows/ralio-kyb.json");
	box_write(&box, "bad.json", "{\"name\": \"bad\", \"colour\": 1}");
	ENDS_JSON(9, "workflow", "check", "bad.json");
	PRINTS("colour");
}

Test(shape, import_says_what_it_did)
{
	box_write(&box, "bad.ndjson", "{\"a\":1}\n");
	ENDS_JSON(3, "import", "bad.ndjson");
	EXPECT_ONLY(box.json, "imported", "updated", "unchanged", "rejected", "errors");
	EXPECT_ONLY(json_path(box.json, "errors[0]"), "line", "field", "message");
	SHOWS("errors[0].line = 1");
}

Test(shape, doctor_finds_a_new_store_sound)
{
	GIVES(("doctor"), "damaged = false");
}

#ifdef KYB_BOX_ON_SERVER
#define UNGUARDED_LOG "ALTER TABLE audit_event DISABLE TRIGGER ALL"
#else
#define UNGUARDED_LOG "DROP TRIGGER audit_event_no_update"
#endif

Test(shape, an_edited_audit_log_is_8_and_names_the_first_bad_record)
{
	box_sql(&box, UNGUARDED_LOG);
	box_sql(&box, "UPDATE audit_event SET actor = 'nobody' WHERE seq = 2");
	ENDS_JSON(8, "audit", "verify");
	cr_expect(strstr(json_path_text(box.json, "error.message"), "record 2 "), "%s", box.last.out);
	FAILS(8, ("doctor"), "error.code: store");
}
