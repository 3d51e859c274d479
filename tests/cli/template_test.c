/* Templates of messages to clients: commands store them, fill them in for a case, and send the message. */
#include "expect.h"

#include <stdlib.h>
#include <string.h>

TestSuite(template, .init = box_set_up_company, .fini = box_tear_down);

static void keep_reminder(void)
{
	DONE_JSON("template", "set", "reminder", "Dear {subject}, please send {document}.", "--reason",
		  "missing_document");
	DONE_JSON("template", "set", "reminder", "{subject}: bitte {document}.", "--language", "de");
}

Test(template, are_kept_listed_and_removed)
{
	keep_reminder();
	SHOWS("messages.de: {subject}: bitte {document}.");
	DONE_JSON("template", "set", "again", "Once more.");
	GIVES(("template", "list"), "data has 2", "data[1].name: reminder", "data[1].reason: missing_document");
	TELLS(("template", "list", "--csv"), "reminder,missing_document,");
	TELLS(("template", "show", "reminder"), "en\n    Dear {subject}, please send {document}.\nde\n");
	DONE_JSON("template", "remove", "reminder", "--language", "en");
	DONE_JSON("template", "remove", "again");
	cr_expect(json_path(box.json, "removed"));
	GIVES(("template", "list"), "data has 1");
	REFUSED(6, "Unknown template \"again\"", "template", "show", "again");
	REFUSED(9, "did you mean {subject}?", "template", "set", "x", "Dear {subjekt}");
	DONE_JSON("audit", "verify");
}

Test(template, a_message_has_the_values_of_its_case)
{
	keep_reminder();
	DONE_JSON("template", "show", "reminder", "--session", "RAL-1");
	cr_expect(strstr(json_path_text(box.json, "message"), "Dear ") == json_path_text(box.json, "message"), "%s",
		  box.last.out);
	SHOWS("unfilled: {document}"); /* none was rejected */
	REFUSED(9, "The message still has the variable {document}", "reject", "RAL-1", "--reason", "missing_document",
		"--template", "reminder");
	REFUSED(2, "not both", "reject", "RAL-1", "--reason", "missing_document", "--template", "reminder", "--message",
		"x");
	REFUSED(6, "Unknown template", "reject", "RAL-1", "--reason", "missing_document", "--template", "nothing");
	DONE_JSON("corrections", "RAL-1", "--document", "PROOF_OF_ADDRESS", "--template", "reminder");
	cr_expect(strstr(json_path_text(box.json, "corrections[0].message"), "please send Proof of "), "%s",
		  box.last.out);
}

Test(template, a_reviewer_uses_them_and_a_lead_writes_them)
{
	DONE_JSON("reviewer", "add", "rita", "--role", "reviewer");
	REFUSED(7, "A reviewer cannot change templates of messages", "--as", "rita", "template", "set", "x", "a");
	keep_reminder();
	REFUSED(7, "A reviewer cannot remove templates", "--as", "rita", "template", "remove", "reminder");
	GIVES(("--as", "rita", "template", "show", "reminder", "--session", "RAL-1", "--language", "de"),
	      "language: de");
}
