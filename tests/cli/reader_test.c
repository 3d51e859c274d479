/* The output for a person or a script: whole values in pipes, each fact once, no assumptions. */
#include "box.h"

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
	cr_assert_eq(box_run(&box, "list", NULL), 0);
	cr_expect(strstr(box.last.out, name), "%s", box.last.out);
	cr_assert_eq(box_json(&box, "show", "IND-1", NULL), 0);
	const char *id = json_path_text(box.json, "id");
	cr_assert_eq(box_run(&box, "audit", "list", NULL), 0);
	cr_expect(strstr(box.last.out, id), "%s", box.last.out);
}

Test(reader, a_single_blocker_that_names_nothing_else_is_said_once)
{
	box_import_person(&box, "IND-1");
	cr_assert_eq(box_run(&box, "undo", "IND-1", NULL), 4);
	cr_expect_eq(count_of(box.last.err, "no decision can be undone"), 1, "%s", box.last.err);
}

Test(reader, an_empty_store_option_is_no_default_store)
{
	cr_expect_eq(box_run(&box, "--store", "", "inbox", NULL), 9, "%s", box.last.out);
	cr_expect_str_eq(box.last.out, "");
	cr_expect_eq(box_run(&box, "--as=", "inbox", NULL), 9);
	cr_expect_eq(box_json(&box, "--store", "", "inbox", NULL), 9);
	cr_expect_str_eq(json_path_text(box.json, "error.field"), "store");
}

Test(reader, info_names_every_library)
{
	static const char *const names[] = { "SQLite ",	 "jansson ", "OpenSSL ",       "utf8proc ", "libcurl",
					     "ncurses ", "libpq ",   "libmicrohttpd ", "zlib " };
	cr_assert_eq(box_json(&box, "info", NULL), 0);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		cr_expect(strstr(json_path_text(box.json, "libraries"), names[i]), "%s in %s", names[i],
			  json_path_text(box.json, "libraries"));
}

/* The libraries that the dynamic linker opened, by its own report: linked, or opened late. */
Test(reader, a_command_opens_no_library_that_it_does_not_need)
{
	static const char *const late[] = { "libcurl", "libpq.so", "libmicrohttpd", "libgnutls", "libz.so" };
	box_import_person(&box, "IND-1");
	box_environment(&box, "LD_DEBUG=files");
	cr_assert_eq(box_run(&box, "list", NULL), 0, "%s", box.last.err);
	cr_assert(strstr(box.last.err, "libsqlite3"), "the linker says nothing: %s", box.last.err);
	for (size_t i = 0; i < sizeof late / sizeof *late; i++)
		cr_expect_not(strstr(box.last.err, late[i]), "%s", late[i]);
	cr_assert_eq(box_run(&box, "info", NULL), 0);
	cr_expect(strstr(box.last.err, "libcurl"), "info names it, so it opens it");
}

Test(reader, the_demo_in_a_pipe_lists_what_is_to_review_the_most_urgent_first)
{
	cr_assert_eq(box_run(&box, "demo", NULL), 0, "%s", box.last.err);
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
	cr_expect_eq(box_run(&box, "--as", "lena", "endpoint", "add", "--merchant", "shop", "--url",
			     "https://a.example/", "--event", "*", NULL),
		     7);
	cr_assert_eq(box_json(&box, "endpoint", "add", "--merchant", "shop", "--url", "https://a.example/",
			      "--event", "*", NULL),
		     0, "%s", box.last.out);
	char *id = test_keep(strdup(json_path_text(box.json, "id")));
	cr_expect_eq(box_run(&box, "--as", "lena", "endpoint", "disable", id, NULL), 7);
	cr_expect_eq(box_run(&box, "endpoint", "disable", id, NULL), 0);
	cr_expect_eq(box_run(&box, "endpoint", "disable", id, NULL), 4);
	cr_expect_null(strstr(box.last.err, "already:"), "%s", box.last.err);
}

Test(reader, a_role_is_told_with_its_article)
{
	cr_assert_eq(box_run(&box, "reviewer", "add", "ada", "--role", "admin", NULL), 0);
	cr_expect_str_eq(box.last.out, "ada is an admin now\n");
}

Test(reader, help_is_a_word_too)
{
	cr_assert_eq(box_run(&box, "help", "list", NULL), 0);
	char *by_word = test_keep(strdup(box.last.out));
	cr_assert_eq(box_run(&box, "list", "--help", NULL), 0);
	cr_expect_str_eq(by_word, box.last.out);
	cr_expect_eq(box_run(&box, "help", "lst", NULL), 2);
}

Test(reader, ids_that_are_too_short_are_answered_with_whole_ones_and_names)
{
	char *line = company_line("RAL-1");
	box_write_files(&box);
	box_import(&box, line);
	for (size_t i = 0; i < 2; i++)
		cr_assert_eq(box_run(&box, "party", "add", "RAL-1", "--name", i ? "Second" : "First", "--kind",
				     "company", "--role", "shareholder", NULL),
			     0, "%s", box.last.err);
	cr_assert_eq(box_json(&box, "party", "list", "RAL-1", NULL), 0);
	char beginning[5] = "";
	memcpy(beginning, json_path_text(box.json, "data[1].id"), 4);
	char *second = test_keep(strdup(json_path_text(box.json, "data[2].id")));
	cr_expect_eq(box_run(&box, "party", "add", "RAL-1", "--name", "P", "--kind", "company", "--role",
			     "shareholder", "--owner-of", beginning, "--percent", "1", NULL),
		     2);
	cr_expect(strstr(box.last.err, second), "%s", box.last.err);
	cr_expect(strstr(box.last.err, "(Second)"), "%s", box.last.err);
}

Test(reader, a_party_is_known_by_its_name_too)
{
	char *line = company_line("RAL-1");
	box_write_files(&box);
	box_import(&box, line);
	cr_assert_eq(box_run(&box, "party", "add", "RAL-1", "--name", "Holding", "--kind", "company", "--role",
			     "shareholder", NULL),
		     0, "%s", box.last.err);
	cr_expect_eq(box_run(&box, "party", "add", "RAL-1", "--name", "P", "--kind", "company", "--role",
			     "shareholder", "--owner-of", "Holding", "--percent", "1", NULL),
		     0, "%s", box.last.err);
	cr_assert_eq(box_json(&box, "party", "list", "RAL-1", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "data[2].owner_of"), json_path_text(box.json, "data[1].id"));
	/* A name does not make other data valid, neither new nor changed. */
	cr_expect_eq(box_run(&box, "party", "add", "RAL-1", "--name", "Q", "--kind", "company", "--role",
			     "shareholder", "--owner-of", "Holding", "--percent", "150", NULL),
		     9, "%s", box.last.out);
	cr_expect_eq(box_run(&box, "party", "edit", "RAL-1", "P", "--owner-of", "Holding", "--percent", "2", NULL),
		     0, "%s", box.last.err);
	cr_assert_eq(box_json(&box, "party", "list", "RAL-1", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "data[2].owner_of"), json_path_text(box.json, "data[1].id"));
	cr_expect_str_eq(json_path_text(box.json, "data[2].ownership_percent"), "2");
}

Test(reader, a_document_type_that_the_workflow_does_not_know_is_refused_with_the_nearest)
{
	char *line = company_line("RAL-1");
	box_write_files(&box);
	box_import(&box, line);
	cr_expect_eq(box_run(&box, "document", "add", "RAL-1", "BUSINESS_NUMBR", "a.pdf", NULL), 9);
	cr_expect(strstr(box.last.err, "BUSINESS_NUMBER"), "%s", box.last.err);
	cr_expect_eq(box_run(&box, "document", "add", "RAL-1", "OTHER", "a.pdf", NULL), 4,
		     "documents are frozen since the case was submitted");
}

Test(reader, a_merchant_and_a_reviewer_are_added_once)
{
	cr_expect_eq(box_run(&box, "merchant", "add", "shop", NULL), 0);
	cr_expect_eq(box_run(&box, "merchant", "add", "shop", NULL), 5);
	cr_expect_eq(box_run(&box, "reviewer", "add", "ada", "--role", "lead", NULL), 0);
	cr_expect_eq(box_run(&box, "reviewer", "add", "ada", "--role", "viewer", NULL), 5);
}

/* A case, a key or an endpoint of the wrong merchant is one look away. */
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
	/* In a sandbox, where a case brings its merchant, too. */
	cr_expect_eq(box_run(&box, "subject", "add", "--merchant", "SH0P", "--kind", "business", "--name", "A Ltd",
			     NULL),
		     5, "%s", box.last.err);
	cr_expect_eq(box_run(&box, "subject", "add", "--merchant", "Shop", "--kind", "business", "--name", "A Ltd",
			     NULL),
		     0, "%s", box.last.err);
	/* One that an older version let in keeps working. */
	box_sql(&box, "UPDATE merchant SET name = 'Shор' WHERE name = 'Shops'");
	cr_expect_eq(box_run(&box, "subject", "add", "--merchant", "Shор", "--kind", "business", "--name", "B Ltd",
			     NULL),
		     0, "%s", box.last.err);
}

Test(reader, reopening_is_told_at_once_and_has_no_grace)
{
	box_import_person(&box, "IND-1");
	cr_assert_eq(box_run(&box, "approve", "IND-1", "--grace", "0", NULL), 0, "%s", box.last.err);
	cr_expect_eq(
		box_run(&box, "reopen", "IND-1", "--reason", "the register has changed", "--grace", "60", NULL), 2);
	cr_expect_eq(box_run(&box, "reopen", "IND-1", "--reason", "the register has changed", NULL), 0, "%s",
		     box.last.err);
	cr_expect_eq(box_run(&box, "undo", "IND-1", NULL), 4);
}

Test(reader, a_document_is_saved_to_a_file_and_not_to_a_folder)
{
	char *line = company_line("RAL-1");
	box_write_files(&box);
	box_import(&box, line);
	cr_expect_eq(box_run(&box, "document", "save", "RAL-1", "BUSINESS_NUMBER", "-o", ".", "--force", NULL), 9);
	cr_expect(strstr(box.last.err, "is a folder"), "%s", box.last.err);
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
	cr_expect_eq(box_run(&box, "doctor", NULL), 0, "%s", box.last.out);
}

Test(reader, the_evidence_of_a_decision_is_masked_until_it_is_revealed_and_that_is_recorded)
{
	box_import_person(&box, "IND-1");
	cr_assert_eq(box_run(&box, "approve", "IND-1", "--grace", "0", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_json(&box, "show", "IND-1", "--decision", "1", NULL), 0);
	cr_expect_null(strstr(box.last.out, "12345-IND-1"));
	cr_assert_eq(box_json(&box, "--as", "lena", "show", "IND-1", "--decision", "1", "--reveal", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "evidence.case.subject.tax_id"), "12345-IND-1");
	cr_expect_str_eq(json_path_text(box.json, "evidence.case.subject.date_of_birth"), "1984-02-11");
	cr_assert_eq(box_json(&box, "audit", "list", "IND-1", "--limit", "1", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "data[0].action"), "reveal");
	cr_expect_str_eq(json_path_text(box.json, "data[0].actor"), "lena");
	cr_assert_eq(box_run(&box, "reviewer", "add", "ray", "--role", "reviewer", NULL), 0);
	cr_expect_eq(box_run(&box, "--as", "ray", "show", "IND-1", "--decision", "1", "--reveal", NULL), 7,
		     "a reviewer who does not hold the case");
}

Test(reader, four_eyes_are_offered)
{
	static const char *const pages[][4] = { { "reviewer", "add", "--help" },
						{ "info", "--reference", "markdown" } };
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
		cr_assert_eq(box_run_words(&box, pages[i], NULL, 0), 0, "%s", box.last.err);
		cr_expect(strstr(box.last.out, "supervised"), "%s %s", pages[i][0], pages[i][1]);
	}
	cr_expect_eq(
		box_shell(&box, "$K info --reference man --folder . && grep supervised kybdesk-reviewer-add.1"), 0);
	cr_expect_eq(box_run(&box, "reviewer", "add", "ray", "--role", "lead", "--superwised", NULL), 2);
	cr_expect(strstr(box.last.err, "--supervised"), "%s", box.last.err);
	cr_expect_eq(box_run(&box, "list", "--filter", "waiting:secnd", NULL), 9);
	cr_expect(strstr(box.last.err, "second"), "%s", box.last.err);
	cr_expect_eq(box_run(&box, "list", "--filter", "waiting:client,second", NULL), 0, "%s", box.last.err);
	cr_expect_eq(box_run(&box, "reviewer", "add", "ray", "--role", "lead", "--supervised", NULL), 0);
}

Test(reader, a_supervised_reviewer_gives_the_first_approval_and_decides_nothing_alone)
{
	box_import_person(&box, "IND-1");
	cr_assert_eq(box_run(&box, "reviewer", "add", "ray", "--role", "reviewer", "--supervised", NULL), 0);
	cr_expect_eq(box_json(&box, "--as", "ray", "approve", "IND-1", NULL), 0, "%s", box.last.err);
	cr_expect_str_neq(json_path_text(box.json, "status"), "approved");
	cr_expect_str_eq(json_path_text(box.json, "approval.first.by"), "ray");
	cr_expect_eq(box_json(&box, "--as", "ray", "approve", "IND-1", NULL), 4);
	cr_expect(has_blocker(&box, "second_reviewer"));
	cr_expect_eq(box_json(&box, "--as", "ray", "reject", "IND-1", "--reason", "other", NULL), 4);
	cr_expect(has_blocker(&box, "second_reviewer"));
	cr_expect_eq(box_json(&box, "--as", "ray", "note", "IND-1", "looks fine to me", NULL), 0);
	cr_expect_eq(box_json(&box, "approve", "IND-1", NULL), 0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "status"), "approved");
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
	char *line = company_line("RAL-1");
	box_write_files(&box);
	box_import(&box, line);
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		const char *const *words = lists[i];
		const char *first = words[1] ? words[1] : "--quiet", *second = words[2] ? words[2] : "--quiet";
		cr_expect_eq(box_json(&box, words[0], first, second, "--limit", "1000", NULL), 0, "%s %s", words[0],
			     first);
		cr_expect(json_is_array(json_path(box.json, "data")), "%s %s", words[0], first);
		cr_expect(json_object_get(box.json, "next"), "%s %s", words[0], first);
		cr_expect_eq(box_run(&box, words[0], first, second, "--limit", "0", NULL), 9, "%s %s", words[0],
			     first);
		cr_expect_eq(box_run(&box, words[0], first, second, "--limit", "1001", NULL), 9, "%s %s", words[0],
			     first);
		cr_expect_eq(box_run(&box, words[0], first, second, "--after", "no-cursor", NULL), 9, "%s %s",
			     words[0], first);
	}
}

Test(reader, a_list_says_what_keeps_a_case_out_of_the_queue)
{
	box_import_person(&box, "IND-1");
	cr_assert_eq(box_run(&box, "snooze", "IND-1", "--until", "2d", "--reason", "the bank will answer", NULL), 0,
		     "%s", box.last.err);
	cr_assert_eq(box_run(&box, "list", NULL), 0);
	cr_expect(strstr(box.last.out, "manual_review, snoozed"), "%s", box.last.out);
}

Test(reader, nobody_is_called_like_the_system)
{
	static const char *const names[] = { "system", "System", "CLIENT", "sandbox", "me", "None" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		cr_expect_eq(box_run(&box, "reviewer", "add", names[i], "--role", "lead", NULL), 9, "%s", names[i]);
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
		cr_expect_eq(box_run(&box, "reviewer", "add", tries[i].name, "--role", "lead", NULL),
			     tries[i].status, "%s: %s", tries[i].name, box.last.err);
		cr_expect(strstr(box.last.err, tries[i].says), "%s: %s", tries[i].name, box.last.err);
	}
	cr_assert_eq(box_run(&box, "reviewer", "add", "Bea", "--role", "lead", NULL), 0, "%s", box.last.err);
	cr_expect_str_eq(box.last.out, "bea is a lead now\n");
	/* A disabled reviewer still is a person in the audit log. */
	cr_assert_eq(box_run(&box, "reviewer", "disable", "BEA", NULL), 0, "%s", box.last.err);
	cr_expect_eq(box_run(&box, "reviewer", "add", "bea", "--role", "lead", NULL), 5);
	/* In a sandbox, where anybody is added, too. */
	cr_expect_eq(box_run(&box, "--as", "wi1l", "inbox", NULL), 5, "%s", box.last.err);
	cr_expect_eq(box_run(&box, "--as", "Wi11", "inbox", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_json(&box, "--as", "Wi11", "info", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "reviewer"), "wi11");
}

/* Names of old stores keep working: they act, hold cases and are found. */
Test(reader, a_name_that_an_older_version_let_in_keeps_working)
{
	box_import_person(&box, "IND-1");
	cr_assert_eq(box_run(&box, "reviewer", "add", "zoe", "--role", "lead", NULL), 0);
	box_sql(&box, "UPDATE reviewer SET name = 'Zoë Müller' WHERE name = 'zoe'");
	cr_expect_eq(box_run(&box, "--as", "Zoë Müller", "claim", "IND-1", NULL), 0, "%s", box.last.err);
	cr_expect_eq(box_run(&box, "release", "IND-1", NULL), 0, "%s", box.last.err);
	cr_expect_eq(box_run(&box, "assign", "IND-1", "Zoë Müller", NULL), 0, "%s", box.last.err);
	cr_expect_eq(box_run(&box, "reviewer", "add", "zoe-muller", "--role", "lead", NULL), 5, "%s", box.last.err);
	cr_expect_eq(box_run(&box, "reviewer", "role", "Zoë Müller", "viewer", NULL), 0, "%s", box.last.err);
	cr_expect_eq(box_run(&box, "reviewer", "disable", "Zoë Müller", NULL), 0, "%s", box.last.err);
}

/* One sentence for every command that looks a reviewer up. */
Test(reader, an_unknown_reviewer_is_said_in_one_form)
{
	box_import_person(&box, "IND-1");
	cr_assert_eq(box_run(&box, "reviewer", "add", "ana", "--role", "lead", NULL), 0);
	const char *const far[][5] = { { "reviewer", "disable", "xxxxxxxx" },
				       { "reviewer", "role", "xxxxxxxx", "lead" },
				       { "assign", "IND-1", "xxxxxxxx" } };
	for (size_t i = 0; i < sizeof far / sizeof *far; i++) {
		cr_expect_eq(box_run_words(&box, far[i], NULL, 0), 6);
		cr_expect_str_eq(box.last.err,
				 "kybdesk: Unknown reviewer \"xxxxxxxx\". List them with: kybdesk reviewer list\n");
	}
	cr_expect_eq(box_run(&box, "assign", "IND-1", "anna", NULL), 6);
	cr_expect_str_eq(box.last.err, "kybdesk: Unknown reviewer \"anna\". Did you mean \"ana\"?\n");
}

Test(reader, readonly_changes_nothing_through_any_entrance)
{
	box_import_person(&box, "IND-1");
	cr_assert_eq(box_run(&box, "endpoint", "add", "--merchant", "shop", "--url", "http://127.0.0.1:9/",
			     "--event", "*", NULL),
		     0);
	cr_assert_eq(box_run(&box, "approve", "IND-1", "--grace", "0", NULL), 0);
	box_write(&box, "in.ndjson", "{}\n");
	cr_expect_eq(box_run(&box, "--readonly", "import", "in.ndjson", NULL), 7);
	cr_expect_eq(box_run(&box, "--readonly", "webhook", "deliver", "--drain", NULL), 7);
	cr_expect_eq(box_run(&box, "--readonly", "--store", "new.db", "init", NULL), 2);
	cr_expect_eq(box_run(&box, "--readonly", "note", "IND-1", "hello", NULL), 7);
	cr_expect_eq(box_run(&box, "--readonly", "next", NULL), 7);
	cr_expect_eq(box_run(&box, "--readonly", "list", NULL), 0);
	cr_assert_eq(box_json(&box, "webhook", "list", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "data[0].state"), "due");
}
