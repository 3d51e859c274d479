/* Templates of messages to clients, by commands: kept, filled for a case, sent. */
#include "box.h"

#include <stdlib.h>
#include <string.h>

static void set_up(void)
{
	box_set_up_files();
	box_import(&box, company_line("RAL-1"));
}
TestSuite(template, .init = set_up, .fini = box_tear_down);

#define MUST(...) cr_assert_eq(box_json(&box, __VA_ARGS__, NULL), 0, "%s%s", box.last.out, box.last.err)
#define REFUSED(status, sentence, ...)                                                                             \
	do {                                                                                                       \
		cr_expect_eq(box_run(&box, __VA_ARGS__, NULL), status, "%s", box.last.err);                        \
		cr_expect(strstr(box.last.err, sentence), "%s", box.last.err);                                     \
	} while (0)

static void keep_reminder(void)
{
	MUST("template", "set", "reminder", "Dear {subject}, please send {document}.", "--reason",
	     "missing_document");
	MUST("template", "set", "reminder", "{subject}: bitte {document}.", "--language", "de");
}

Test(template, are_kept_listed_and_removed)
{
	keep_reminder();
	cr_expect_str_eq(json_path_text(box.json, "messages.de"), "{subject}: bitte {document}.");
	MUST("template", "set", "again", "Once more.");
	MUST("template", "list");
	cr_expect_eq(json_array_size(json_path(box.json, "data")), 2);
	cr_expect_str_eq(json_path_text(box.json, "data[1].name"), "reminder");
	cr_expect_str_eq(json_path_text(box.json, "data[1].reason"), "missing_document");
	cr_assert_eq(box_run(&box, "template", "list", "--csv", NULL), 0);
	cr_expect(strstr(box.last.out, "reminder,missing_document,"), "%s", box.last.out);
	cr_assert_eq(box_run(&box, "template", "show", "reminder", NULL), 0);
	cr_expect(strstr(box.last.out, "en\n    Dear {subject}, please send {document}.\nde\n"), "%s",
		  box.last.out);
	MUST("template", "remove", "reminder", "--language", "en");
	MUST("template", "remove", "again");
	cr_expect(json_path(box.json, "removed"));
	MUST("template", "list");
	cr_expect_eq(json_array_size(json_path(box.json, "data")), 1);
	REFUSED(6, "Unknown template \"again\"", "template", "show", "again");
	REFUSED(9, "did you mean {subject}?", "template", "set", "x", "Dear {subjekt}");
	MUST("audit", "verify");
}

Test(template, a_message_has_the_values_of_its_case)
{
	keep_reminder();
	MUST("template", "show", "reminder", "--session", "RAL-1");
	cr_expect(strstr(json_path_text(box.json, "message"), "Dear ") == json_path_text(box.json, "message"), "%s",
		  box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "unfilled"), "{document}", "none was rejected");
	REFUSED(9, "The message still has the variable {document}", "reject", "RAL-1", "--reason",
		"missing_document", "--template", "reminder");
	REFUSED(2, "not both", "reject", "RAL-1", "--reason", "missing_document", "--template", "reminder",
		"--message", "x");
	REFUSED(6, "Unknown template", "reject", "RAL-1", "--reason", "missing_document", "--template", "nothing");
	MUST("corrections", "RAL-1", "--document", "PROOF_OF_ADDRESS", "--template", "reminder");
	cr_expect(strstr(json_path_text(box.json, "corrections[0].message"), "please send Proof of "), "%s",
		  box.last.out);
}

Test(template, a_reviewer_uses_them_and_a_lead_writes_them)
{
	MUST("reviewer", "add", "rita", "--role", "reviewer");
	REFUSED(7, "A reviewer cannot change templates of messages", "--as", "rita", "template", "set", "x", "a");
	keep_reminder();
	REFUSED(7, "A reviewer cannot remove templates", "--as", "rita", "template", "remove", "reminder");
	MUST("--as", "rita", "template", "show", "reminder", "--session", "RAL-1", "--language", "de");
	cr_expect_str_eq(json_path_text(box.json, "language"), "de");
}
