/* Output for a person or a script: whole values in pipes, each fact once, and input that is refused, not guessed. */
#include "expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(reader, .init = box_set_up, .fini = box_tear_down);

static size_t count_of(const char *text, const char *part)
{
	size_t count = 0;
	for (; (text = strstr(text, part)); text += strlen(part))
		count++;
	return count;
}

Test(reader, a_pipe_gets_names_and_ids_whole)
{
	const char *name = "Gesellschaft zur Förderung der hanseatischen Binnenschifffahrt von 1871 mbH";
	box_import(&box, person_line("IND-1", name));
	TELLS(("list"), name);
	DONE_JSON("show", "IND-1");
	const char *id = json_path_text(box.json, "id");
	TELLS(("audit", "list"), id);
}

Test(reader, a_single_blocker_that_names_nothing_else_is_said_once)
{
	box_import_person(&box, "IND-1");
	ENDS(4, "undo", "IND-1");
	cr_expect_eq(count_of(box.last.err, "no decision can be undone"), 1, "%s", box.last.err);
}

Test(reader, an_empty_store_option_is_no_default_store)
{
	ENDS(9, "--store", "", "inbox");
	cr_expect_str_eq(box.last.out, "");
	ENDS(9, "--as=", "inbox");
	FAILS(9, ("--store", "", "inbox"), "error.field: store");
}

Test(reader, info_names_every_library)
{
	static const char *const names[] = { "SQLite ",	 "jansson ", "OpenSSL ",       "utf8proc ", "libcurl",
					     "ncurses ", "libpq ",   "libmicrohttpd ", "zlib " };
	DONE_JSON("info");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		cr_expect(strstr(json_path_text(box.json, "libraries"), names[i]), "%s in %s", names[i],
			  json_path_text(box.json, "libraries"));
}

/* LD_DEBUG makes the dynamic linker report all libraries that it opens, at the start or later. */
Test(reader, a_command_opens_no_library_that_it_does_not_need)
{
	static const char *const late[] = { "libcurl", "libpq.so", "libmicrohttpd", "libgnutls" };
	box_import_person(&box, "IND-1");
	box_environment(&box, "LD_DEBUG=files");
	DONE("list");
	cr_assert(strstr(box.last.err, "libsqlite3"), "the linker says nothing: %s", box.last.err);
	for (size_t i = 0; i < sizeof late / sizeof *late; i++)
		SAYS_NOT(late[i]);
	DONE("info");
	SAYS("libcurl"); /* info opens libcurl to name its version */
}

Test(reader, the_demo_in_a_pipe_lists_what_is_to_review_the_most_urgent_first)
{
	DONE("demo");
	const char *list = strstr(box.last.out, "Session");
	cr_assert(list, "%s", box.last.out);
	cr_expect_gt(count_of(list, "manual_review"), 10);
	cr_expect_eq(count_of(list, "approved"), 0);
	const char *first = strchr(list, '\n') + 1;
	cr_expect_eq(first[strspn(first, " ")], '-', "overdue comes first: %.60s", first);
}

Test(reader, endpoints_are_an_admins_also_in_a_sandbox)
{
	box_import_person(&box, "IND-1");
	ENDS(7, "--as", "lena", "endpoint", "add", "--merchant", "shop", "--url", "https://a.example/", "--event", "*");
	DONE_JSON("endpoint", "add", "--merchant", "shop", "--url", "https://a.example/", "--event", "*");
	char *id = test_keep(strdup(json_path_text(box.json, "id")));
	ENDS(7, "--as", "lena", "endpoint", "disable", id);
	DONE("endpoint", "disable", id);
	ENDS(4, "endpoint", "disable", id);
	SAYS_NOT("already:");
}

Test(reader, a_role_is_told_with_its_article)
{
	DONE("reviewer", "add", "ada", "--role", "admin");
	cr_expect_str_eq(box.last.out, "ada is an admin now\n");
}

Test(reader, help_is_a_word_too)
{
	DONE("help", "list");
	char *by_word = test_keep(strdup(box.last.out));
	DONE("list", "--help");
	cr_expect_str_eq(by_word, box.last.out);
	ENDS(2, "help", "lst");
}

Test(reader, ids_that_are_too_short_are_answered_with_whole_ones_and_names)
{
	box_import_company(&box, "RAL-1");
	for (size_t i = 0; i < 2; i++)
		cr_assert_eq(box_run(&box, "party", "add", "RAL-1", "--name", i ? "Second" : "First", "--kind",
				     "company", "--role", "shareholder", NULL),
			     0, "%s", box.last.err);
	DONE_JSON("party", "list", "RAL-1");
	char beginning[5] = "";
	memcpy(beginning, json_path_text(box.json, "data[1].id"), 4);
	char *second = test_keep(strdup(json_path_text(box.json, "data[2].id")));
	ENDS(2, "party", "add", "RAL-1", "--name", "P", "--kind", "company", "--role", "shareholder", "--owner-of",
	     beginning, "--percent", "1");
	SAYS(second, "(Second)");
}

Test(reader, a_party_is_known_by_its_name_too)
{
	box_import_company(&box, "RAL-1");
	DONE("party", "add", "RAL-1", "--name", "Holding", "--kind", "company", "--role", "shareholder");
	DONE("party", "add", "RAL-1", "--name", "P", "--kind", "company", "--role", "shareholder", "--owner-of",
	     "Holding", "--percent", "1");
	GIVES(("party", "list", "RAL-1"), test_text("data[2].owner_of: %s", json_path_text(box.json, "data[1].id")));
	/* With a name in --owner-of, the percentage is still checked; `party edit` accepts a name, too. */
	ENDS(9, "party", "add", "RAL-1", "--name", "Q", "--kind", "company", "--role", "shareholder", "--owner-of",
	     "Holding", "--percent", "150");
	DONE("party", "edit", "RAL-1", "P", "--owner-of", "Holding", "--percent", "2");
	GIVES(("party", "list", "RAL-1"), test_text("data[2].owner_of: %s", json_path_text(box.json, "data[1].id")),
	      "data[2].ownership_percent: 2");
}

Test(reader, a_document_type_that_the_workflow_does_not_know_is_refused_with_the_nearest)
{
	box_import_company(&box, "RAL-1");
	REFUSED(9, "BUSINESS_NUMBER", "document", "add", "RAL-1", "BUSINESS_NUMBR", "a.pdf");
	ENDS(4, "document", "add", "RAL-1", "OTHER", "a.pdf"); /* documents are frozen since the case was submitted */
}

Test(reader, a_merchant_and_a_reviewer_are_added_once)
{
	DONE("merchant", "add", "shop");
	ENDS(5, "merchant", "add", "shop");
	DONE("reviewer", "add", "ada", "--role", "lead");
	ENDS(5, "reviewer", "add", "ada", "--role", "viewer");
}

/* Between merchants with similar names, a case, a key or an endpoint is easily given to the wrong one. */
Test(reader, no_two_merchants_look_alike)
{
	static const struct {
		const char *name;
		int status;
		const char *says;
	} tries[] = {
		{ "Shop", 0, "" },
		{ "Shop", 5, "there is a merchant Shop already" },
		{ "Shор", 5, "looks like that of the merchant \"Shop\"" }, /* letters of Cyrillic */
		{ "shop", 5, "looks like that of the merchant" },
		{ "sh0p", 5, "looks like that of the merchant" },
		{ "Sh-op.", 5, "looks like that of the merchant" },
		{ "\357\274\263hop", 5, "looks like that of the merchant" }, /* a wide S */
		{ "Modern", 0, "" },
		{ "Modem", 5, "looks like that of the merchant \"Modern\"" },
		{ "Café Ltd", 0, "" },
		{ "Cafe Ltd", 5, "looks like that of the merchant \"Café Ltd\"" },
		{ "商店", 0, "" },
		{ "...", 9, "must have a letter or a digit" },
		{ "Shops", 0, "" },
	};
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		cr_expect_eq(box_run(&box, "merchant", "add", tries[i].name, NULL), tries[i].status, "%s: %s",
			     tries[i].name, box.last.err);
		cr_expect(strstr(box.last.err, tries[i].says), "%s: %s", tries[i].name, box.last.err);
	}
	/* A sandbox adds an unknown merchant with its subject, but refuses a similar name there, too. */
	ENDS(5, "subject", "add", "--merchant", "SH0P", "--kind", "business", "--name", "A Ltd");
	DONE("subject", "add", "--merchant", "Shop", "--kind", "business", "--name", "A Ltd");
	/* A similar name that an older version accepted still works. */
	box_sql(&box, "UPDATE merchant SET name = 'Shор' WHERE name = 'Shops'");
	DONE("subject", "add", "--merchant", "Shор", "--kind", "business", "--name", "B Ltd");
}

Test(reader, reopening_is_told_at_once_and_has_no_grace)
{
	box_import_person(&box, "IND-1");
	DONE("approve", "IND-1", "--grace", "0");
	ENDS(2, "reopen", "IND-1", "--reason", "the register has changed", "--grace", "60");
	DONE("reopen", "IND-1", "--reason", "the register has changed");
	ENDS(4, "undo", "IND-1");
}

Test(reader, a_document_is_saved_to_a_file_and_not_to_a_folder)
{
	box_import_company(&box, "RAL-1");
	REFUSED(9, "is a folder", "document", "save", "RAL-1", "BUSINESS_NUMBER", "-o", ".", "--force");
}

static void refuse_to_save(const char *path, const char *why)
{
	cr_expect_eq(box_run(&box, "document", "save", "RAL-1", "BUSINESS_NUMBER", "-o", path, "--force", NULL), 9,
		     "%s was written to", path);
	cr_expect(strstr(box.last.err, why), "%s: %s", path, box.last.err);
}

Test(reader, a_saved_document_takes_the_place_of_no_device_no_link_and_nothing_of_the_store)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-mark", "-journal", ".key" };
	char *line = company_line("RAL-1"), *pipe = box_path(&box, "pipe"), *link = box_path(&box, "link");

	box_write_files(&box);
	box_import(&box, line);
	cr_assert_eq(mkfifo(pipe, 0600), 0);
	cr_assert_eq(symlink(box.store, link), 0);
	refuse_to_save(pipe, "is not a regular file");
	refuse_to_save("/dev/null", "is not a regular file");
	refuse_to_save(link, "is a symbolic link");
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		refuse_to_save(test_text("%s%s", box.store, ends[i]), "belongs to the store itself");
	refuse_to_save(test_text("%s-documents/mine.pdf", box.store), "belongs to the store itself");
	DONE("doctor");
}

Test(reader, the_evidence_of_a_decision_is_masked_until_it_is_revealed_and_that_is_recorded)
{
	box_import_person(&box, "IND-1");
	DONE("approve", "IND-1", "--grace", "0");
	DONE_JSON("show", "IND-1", "--decision", "1");
	PRINTS_NOT("12345-IND-1");
	GIVES(("--as", "lena", "show", "IND-1", "--decision", "1", "--reveal"),
	      "evidence.case.subject.tax_id: 12345-IND-1", "evidence.case.subject.date_of_birth: 1984-02-11");
	GIVES(("audit", "list", "IND-1", "--limit", "1"), "data[0].action: reveal", "data[0].actor: lena");
	DONE("reviewer", "add", "ray", "--role", "reviewer");
	ENDS(7, "--as", "ray", "show", "IND-1", "--decision", "1", "--reveal"); /* ray has not claimed the case */
}

Test(reader, four_eyes_are_offered)
{
	static const char *const pages[][4] = { { "reviewer", "add", "--help" },
						{ "info", "--reference", "markdown" } };
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
		cr_assert_eq(box_run_words(&box, pages[i], NULL, 0), 0, "%s", box.last.err);
		cr_expect(strstr(box.last.out, "supervised"), "%s %s", pages[i][0], pages[i][1]);
	}
	DONE_SHELL("$K info --reference man --folder . && grep supervised kybdesk-reviewer-add.1");
	REFUSED(2, "--supervised", "reviewer", "add", "ray", "--role", "lead", "--superwised");
	REFUSED(9, "second", "list", "--filter", "waiting:secnd");
	DONE("list", "--filter", "waiting:client,second");
	DONE("reviewer", "add", "ray", "--role", "lead", "--supervised");
}

Test(reader, a_supervised_reviewer_gives_the_first_approval_and_decides_nothing_alone)
{
	box_import_person(&box, "IND-1");
	DONE("reviewer", "add", "ray", "--role", "reviewer", "--supervised");
	DONE_JSON("--as", "ray", "approve", "IND-1");
	cr_expect_str_neq(json_path_text(box.json, "status"), "approved");
	SHOWS("approval.first.by: ray");
	BLOCKS(("--as", "ray", "approve", "IND-1"), "second_reviewer");
	BLOCKS(("--as", "ray", "reject", "IND-1", "--reason", "other"), "second_reviewer");
	DONE_JSON("--as", "ray", "note", "IND-1", "looks fine to me");
	GIVES(("approve", "IND-1"), "status: approved");
}

Test(reader, every_list_takes_a_limit_and_a_cursor)
{
	static const char *const lists[][3] = {
		{ "list" },
		{ "audit", "list" },
		{ "webhook", "list" },
		{ "reviewer", "list" },
		{ "merchant", "list" },
		{ "workflow", "list" },
		{ "endpoint", "list" },
		{ "document", "list", "RAL-1" },
		{ "party", "list", "RAL-1" },
		{ "check", "list", "RAL-1" },
		{ "subsession", "list", "RAL-1" },
		{ "duplicate", "list", "RAL-1" },
	};
	box_import_company(&box, "RAL-1");
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		const char *const *words = lists[i];
		const char *first = words[1] ? words[1] : "--quiet", *second = words[2] ? words[2] : "--quiet";
		DONE_JSON(words[0], first, second, "--limit", "1000");
		cr_expect(json_is_array(json_path(box.json, "data")), "%s %s", words[0], first);
		cr_expect(json_object_get(box.json, "next"), "%s %s", words[0], first);
		ENDS(9, words[0], first, second, "--limit", "0");
		ENDS(9, words[0], first, second, "--limit", "1001");
		ENDS(9, words[0], first, second, "--after", "no-cursor");
	}
}

Test(reader, a_list_says_what_keeps_a_case_out_of_the_queue)
{
	box_import_person(&box, "IND-1");
	DONE("snooze", "IND-1", "--until", "2d", "--reason", "the bank will answer");
	TELLS(("list"), "manual_review, snoozed");
}

Test(reader, nobody_is_called_like_the_system)
{
	static const char *const names[] = { "system", "System", "CLIENT", "sandbox", "me", "None" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		ENDS(9, "reviewer", "add", names[i], "--role", "lead");
}

Test(reader, names_of_reviewers_are_plain_and_no_two_look_alike)
{
	static const struct {
		const char *name;
		int status;
		const char *says;
	} tries[] = {
		{ "Anna.O_2-b", 0, "" },
		{ "anna.o_2-b", 5, "there is a reviewer anna.o_2-b already" },
		{ "anna.0_2-b", 5, "looks like that of the reviewer \"anna.o_2-b\"" },
		{ "anna-o-2-b", 5, "looks like that of the reviewer" },
		{ "wi11", 0, "" },
		{ "will", 5, "looks like that of the reviewer \"wi11\"" },
		{ "arnold", 0, "" },
		{ "amold", 5, "looks like that of the reviewer \"arnold\"" },
		{ "аnna", 9, "allowed: letters a to z, digits, dots, underscores and hyphens" },
		{ "zoë", 9, "allowed: " },
		{ "anna b", 9, "allowed: " },
		{ "anna@b", 9, "allowed: " },
		{ ".anna", 9, "must begin and end with a letter or a digit" },
		{ "anna.", 9, "must begin and end with a letter or a digit" },
	};
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		cr_expect_eq(box_run(&box, "reviewer", "add", tries[i].name, "--role", "lead", NULL), tries[i].status,
			     "%s: %s", tries[i].name, box.last.err);
		cr_expect(strstr(box.last.err, tries[i].says), "%s: %s", tries[i].name, box.last.err);
	}
	DONE("reviewer", "add", "Bea", "--role", "lead");
	cr_expect_str_eq(box.last.out, "bea is a lead now\n");
	/* The name of a disabled reviewer stays taken, because the audit log still names this person. */
	DONE("reviewer", "disable", "BEA");
	ENDS(5, "reviewer", "add", "bea", "--role", "lead");
	/* A sandbox adds an unknown reviewer of --as, but refuses a similar name there, too. */
	ENDS(5, "--as", "wi1l", "inbox");
	DONE("--as", "Wi11", "inbox");
	GIVES(("--as", "Wi11", "info"), "reviewer: wi11");
}

/* Reviewers with names that only old stores allow can still act, hold cases and be found. */
Test(reader, a_name_that_an_older_version_let_in_keeps_working)
{
	box_import_person(&box, "IND-1");
	DONE("reviewer", "add", "zoe", "--role", "lead");
	box_sql(&box, "UPDATE reviewer SET name = 'Zoë Müller' WHERE name = 'zoe'");
	DONE("--as", "Zoë Müller", "claim", "IND-1");
	DONE("release", "IND-1");
	DONE("assign", "IND-1", "Zoë Müller");
	ENDS(5, "reviewer", "add", "zoe-muller", "--role", "lead");
	DONE("reviewer", "role", "Zoë Müller", "viewer");
	DONE("reviewer", "disable", "Zoë Müller");
}

/* Every command that looks up a reviewer prints the same sentence. */
Test(reader, an_unknown_reviewer_is_said_in_one_form)
{
	box_import_person(&box, "IND-1");
	DONE("reviewer", "add", "ana", "--role", "lead");
	const char *const far[][5] = { { "reviewer", "disable", "xxxxxxxx" },
				       { "reviewer", "role", "xxxxxxxx", "lead" },
				       { "assign", "IND-1", "xxxxxxxx" } };
	for (size_t i = 0; i < sizeof far / sizeof *far; i++) {
		cr_expect_eq(box_run_words(&box, far[i], NULL, 0), 6);
		cr_expect_str_eq(box.last.err,
				 "kybdesk: Unknown reviewer \"xxxxxxxx\". List them with: kybdesk reviewer list\n");
	}
	ENDS(6, "assign", "IND-1", "anna");
	cr_expect_str_eq(box.last.err, "kybdesk: Unknown reviewer \"anna\". Did you mean \"ana\"?\n");
}

Test(reader, readonly_changes_nothing_through_any_entrance)
{
	box_import_person(&box, "IND-1");
	DONE("endpoint", "add", "--merchant", "shop", "--url", "http://127.0.0.1:9/", "--event", "*");
	DONE("approve", "IND-1", "--grace", "0");
	box_write(&box, "in.ndjson", "{}\n");
	ENDS(7, "--readonly", "import", "in.ndjson");
	ENDS(7, "--readonly", "webhook", "deliver", "--drain");
	ENDS(2, "--readonly", "--store", "new.db", "init");
	ENDS(7, "--readonly", "note", "IND-1", "hello");
	ENDS(7, "--readonly", "next");
	DONE("--readonly", "list");
	GIVES(("webhook", "list"), "data[0].state: due");
}
