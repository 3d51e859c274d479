/* Any read, write, sync, rename or step of a statement may fail: no reported change is lost, no change is half done. */
#include "fault/cases.h"
#include "fault/nth.h"
#include "support/http_receiver.h"
#include "support/old_store.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(nth, .fini = site_tear_down);

/* Lets calls for files and steps of statements fail. Releases the site. */
static void try_all(struct site *site, const struct nth_deed *deed)
{
	struct nth *nth = nth_begin(site, deed);
	for (enum nth_kind kind = NTH_READ; kind <= NTH_STEP; kind++)
		nth_try_kind(nth, kind, 1);
	nth_end(nth);
	site_free(site);
}

static void write_lines(const struct site *site, const char *name, unsigned first, unsigned count)
{
	struct lines lines = { 0 };
	char *path = site_path(site, name), *document = site_path(site, "paper.pdf");
	for (unsigned i = 0; i < count; i++)
		cases_approvable(&lines, first + i);
	temp_write(path, lines.text, lines.length);
	cases_write_pdf(document);
}

/* Each line of the file is stored completely or not at all. */
Test(nth, of_an_import_each_line_is_there_or_not)
{
	static const struct nth_deed deed = {
		.words = { "import", "both" },
		.others = { { "import", "first" }, { "import", "second" } },
		.refuses = "cannot be read: Input/output error",
		.apart = "'store_info'", /* counts imports that began */
	};
	struct site *site = site_make();
	write_lines(site, "both", 1, 2);
	write_lines(site, "first", 1, 1);
	write_lines(site, "second", 2, 1);
	try_all(site, &deed);
}

Test(nth, a_decision_is_made_or_not)
{
	static const struct nth_deed deed = { .words = { "approve", "CASE-1", "--grace", "0" } };
	struct site *site = site_make();
	cases_bring(site, 1, 1);
	cases_endpoint(site, "http://127.0.0.1:9/nobody");
	try_all(site, &deed);
}

Test(nth, a_decision_is_taken_back_or_stands)
{
	static const struct nth_deed deed = { .words = { "undo", "CASE-1" } };
	struct site *site = site_make();
	cases_bring(site, 1, 1);
	site_expect(site, 0, "approve", "CASE-1", "--grace", "3600", NULL);
	try_all(site, &deed);
}

static void with_a_draft(struct site *site)
{
	struct lines lines = { 0 };
	lines_add(&lines,
		  "{\"external_ref\":\"DRAFT-1\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":"
		  "\"northwind-pay\",\"status\":\"draft\",\"subject\":{\"uid\":\"ind-1\",\"kind\":\"individual\","
		  "\"name\":\"Ada Draft\",\"country\":\"GBR\"},\"created_at\":\"2026-11-01T09:00:00Z\"}\n");
	cases_import(site, &lines, 0);
}

Test(nth, a_document_is_put_with_its_bytes_or_not)
{
	static const struct nth_deed deed = { .words = { "document", "add", "DRAFT-1", "PASSPORT", "paper.pdf" } };
	struct site *site = site_make();
	with_a_draft(site);
	try_all(site, &deed);
}

/* A failed sync does not undo a write: a change that was reported as failed may be there afterwards. */
Test(nth, a_document_whose_commit_failed_has_its_bytes_when_it_comes_back)
{
	static const struct nth_deed deed = { .words = { "document", "add", "DRAFT-1", "PASSPORT", "paper.pdf" } };
	struct site *site = site_make();
	struct nth *nth;
	with_a_draft(site);
	nth = nth_begin(site, &deed);
	nth_try_each(nth, NTH_SYNC);
	nth_end(nth);
}

Test(nth, a_document_goes_with_its_bytes_or_stays)
{
	struct nth_deed deed = { .words = { "document", "delete", "DRAFT-1" } };
	struct site *site = site_make();
	with_a_draft(site);
	site_expect(site, 0, "document", "add", "DRAFT-1", "PASSPORT", "paper.pdf", NULL);
	char *id = site_rows(site, "SELECT uuid FROM document");
	deed.words[3] = id;
	try_all(site, &deed);
}

Test(nth, a_delivery_arrives_in_the_end)
{
	static const struct nth_deed deed = { .words = { "webhook", "deliver", "--drain" },
					      .apart = "'delivery_attempt'",
					      .in_steps = true,
					      .later = "KYBDESK_TEST_NOW=+2h" };
	struct receiver *receiver = receiver_start();
	struct site *site = site_make();
	char *id;
	cases_bring(site, 1, 1);
	cases_endpoint(site, receiver_url(receiver, "/hook"));
	site_expect(site, 0, "approve", "CASE-1", "--grace", "0", NULL);
	try_all(site, &deed);
	char *first = request_header(receiver_request(receiver, 0), "webhook-id");
	for (size_t i = 1; i < receiver_count(receiver); i++) {
		id = request_header(receiver_request(receiver, i), "webhook-id");
		cr_assert_str_eq(id, first, "the same event with another id");
	}
	receiver_stop(receiver);
}

/* One transaction migrates tables and rows; another adds the program's own data. An old store has no key. */
Test(nth, a_migration_ends_in_the_end)
{
	static const struct nth_deed deed = { .words = { "inbox" }, .in_steps = true, .advised = "has no key" };
	struct site *site = site_make_bare();
	old_store_bring(site->store);
	site_change(site, "DELETE FROM document"); /* the old store lacks the bytes of its documents */
	site_environment(site, "KYBDESK_REVIEWER=ada");
	try_all(site, &deed);
}

/* If cases must be counted again because time has passed, one transaction does this. If its commit fails, the failed
 * command does not repeat the transaction, but the next command does. */
Test(nth, a_recount_ends_when_its_commits_fail)
{
	struct site *site = site_make();
	struct nth_calls *calls = nth_count(site);

	cases_bring(site, 1, 3);
	for (unsigned long long n = 1; n <= 6; n++) {
		struct process_result result;

		(void)nth_fault(site, NTH_SYNC, 0, NTH_ONCE);
		site_change(site, "UPDATE session SET counted_until = 1");
		(void)nth_fault(site, NTH_SYNC, n, NTH_LASTING);
		site_environment(site, "LD_PRELOAD=" KYB_NTH_FAULT);
		site_run(site, &result, "inbox", NULL);
		site_environment(site, "LD_PRELOAD");
		cr_expect(result.status == 0 || result.status == 8, "sync %llu: %d: %.2000s", n, result.status,
			  result.err);
	}
	(void)nth_fault(site, NTH_SYNC, 0, NTH_ONCE);
	site_expect(site, 0, "inbox", NULL);
	cr_expect_eq(site_number(site, "SELECT count(*) FROM session WHERE counted_until = 1"), 0);
	nth_release(site, calls);
}

/* The audit record of a backup is written before the copy, so it may exist without a backup. */
Test(nth, a_backup_is_whole_or_none)
{
	static const struct nth_deed deed = { .words = { "backup", "copy.db", "--with-key" },
					      .makes = "copy.db",
					      .apart = "'audit_event'",
					      .advised = "delivers no webhooks" };
	struct site *site = site_make();
	cases_bring(site, 1, 2);
	try_all(site, &deed);
}

Test(nth, a_store_is_brought_back_whole_or_not)
{
	static const struct nth_deed deed = { .words = { "--store", "back.db", "restore", "copy.db" },
					      .makes = "back.db",
					      .apart = "'audit_event'",
					      .advised = "delivers no webhooks" };
	struct site *site = site_make();
	cases_bring(site, 1, 2);
	site_expect(site, 0, "backup", "copy.db", "--with-key", NULL);
	try_all(site, &deed);
}

/* If statements fail after a copy was committed, the copy still has its key. */
Test(nth, what_fails_behind_the_commit_of_a_copy_takes_no_key_away)
{
	static const struct nth_deed deed = { .words = { "backup", "copy.db", "--with-key" },
					      .makes = "copy.db",
					      .apart = "'audit_event'",
					      .advised = "delivers no webhooks" };
	struct site *site = site_make();
	struct nth *nth;
	cases_bring(site, 1, 2);
	nth = nth_begin(site, &deed);
	nth_try_last(nth, NTH_STEP, 10);
	nth_end(nth);
}
