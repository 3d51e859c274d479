/* Templates of messages on the screen: a reviewer uses them, a lead changes and removes them. */
#include "bench.h"
#include "cli/attack_cases.h"
#include "cli/expect.h"

#include <stdlib.h>
#include <string.h>

static void set_up(void)
{
	attack_open(&box);
	attack_import(&box, "\"country\":\"GBR\"", "\"country\":\"PRT\"");
	DONE(AS("lea"), "template", "set", "again", "{subject}: please send {document} again.");
	DONE(AS("lea"), "template", "set", "again", "{subject}: envie {document} de novo.", "--language", "pt");
}
TestSuite(screen_template, .init = set_up, .fini = bench_box_tear_down, .timeout = 180);

static void settle(void)
{
	RESTS(terminal);
}

static void type(const char *keys, const char *sees)
{
	TYPES(terminal, keys, sees);
	settle();
}

static void tab(const char *sees)
{
	TYPES(terminal, "\t", sees);
	settle();
}

static void confirm(const char *sees)
{
	TYPES(terminal, CTRL_Y, sees);
	settle();
}

static const char *message(void)
{
	cr_assert_eq(box_json(&box, "show", "RAL-1", NULL), 0, "%s", box.last.err);
	return json_path_text(box.json, "corrections[0].message");
}

/* Rejects a document, and opens the dialog to request it again. */
static void ask_again(void)
{
	terminal = box_start(&box, "rita");
	SEES(terminal, "Harbour Lane");
	TYPES(terminal, "\r", "1 Summary");
	type("2", "to review");
	type("X", "Reject a document of");
	type("b", "(*) Blurry");
	confirm("Rejected Memorandum and articles");
	type("x", "y ask the client");
	SEES(terminal, "template");
}

Test(screen_template, a_reviewer_picks_one_in_the_clients_language)
{
	ask_again();
	tab("[x]");
	tab("(*) none: your own text");
	terminal_press(terminal, TERMINAL_DOWN);
	SEES(terminal, "(*) again (pt)");
	SEES(terminal, "envie");
	SEES(terminal, "in English");
	confirm("Requested corrections from Harbour Lane");
	cr_expect_eq(strncmp(message(), "Harbour Lane Trading Ltd: envie ", 32), 0, "%s", message());
	cr_expect(strstr(message(), " de novo."), "%s", message());
}

/* The first item restores the reviewer's own text, and an edited message is sent as edited. */
Test(screen_template, the_reviewers_own_text_is_not_lost)
{
	ask_again();
	tab("[x]");
	tab("(*) none: your own text");
	terminal_press(terminal, TERMINAL_DOWN);
	SEES(terminal, "(*) again (pt)");
	terminal_press(terminal, TERMINAL_DOWN);
	SEES(terminal, "(*) again (en)");
	SEES(terminal, "please send");
	terminal_press(terminal, TERMINAL_HOME);
	SEES(terminal, "(*) none: your own text");
	SEES_NO_MORE(terminal, "please send");
	terminal_press(terminal, TERMINAL_DOWN);
	SEES(terminal, "envie");
	tab("Ctrl-Y ask");
	TYPES(terminal, "Bom dia! ", "Bom dia! Harbour Lane");
	confirm("Requested corrections from Harbour Lane");
	cr_expect_eq(strncmp(message(), "Bom dia! Harbour Lane Trading Ltd: envie ", 41), 0, "%s", message());
}

Test(screen_template, a_lead_changes_one_on_record)
{
	terminal = box_start(&box, "lea");
	SEES(terminal, "Harbour Lane");
	settle();
	type("gl", "Templates of messages to clients");
	SEES(terminal, "please send {document} again.");
	type("e", "y save it");
	SEES(terminal, "for example");
	for (int i = 0; i < 4; i++)
		tab("Ctrl-Y save it");
	TYPES(terminal, "{sir}", "Unknown variable {sir}");
	confirm("Unknown variable {sir}");
	for (int i = 0; i < 5; i++)
		terminal_press(terminal, TERMINAL_BACKSPACE);
	TYPES(terminal, "Hello, ", "Hello, Harbour Lane");
	confirm("Saved the template");
	SEES(terminal, "Hello, {subject}: please send");
	type("d", "y remove it");
	type("y", "Removed the template");
	SEES_NO_MORE(terminal, "Hello, {subject}");
	cr_assert_eq(box_json(&box, "audit", "list", "--limit", "2", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "data[0].action"), "template.remove");
	cr_expect_str_eq(json_path_text(box.json, "data[1].action"), "template.set");
	cr_expect_str_eq(json_path_text(box.json, "data[1].actor"), "lea");
}

Test(screen_template, a_reviewer_reads_them_alone)
{
	terminal = box_start(&box, "rita");
	SEES(terminal, "Harbour Lane");
	settle();
	type("gl", "Templates of messages to clients");
	type("e", "A reviewer cannot change templates of messages; ask a lead");
}

Test(screen_template, a_message_that_tips_off_is_refused)
{
	ask_again();
	tab("[x]");
	tab("(*) none: your own text");
	tab("Ctrl-Y ask");
	TYPES(terminal, "We informed the authorities. ", "The text names \"informed the authorities\"");
	cr_expect(!terminal_shows(terminal, "why send"), "%s", terminal_screen(terminal));
	confirm("nobody outside may learn");
	cr_expect_eq(box_json(&box, "show", "RAL-1", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "status"), "manual_review");
}

Test(screen_template, a_lead_sends_it_with_a_reason)
{
	terminal = box_start(&box, "lea");
	SEES(terminal, "Harbour Lane");
	settle();
	type("gl", "Templates of messages to clients");
	type("e", "y save it");
	for (int i = 0; i < 4; i++)
		tab("Ctrl-Y save it");
	TYPES(terminal, "The FIU asks: ", "The text names \"FIU\"");
	SEES(terminal, "why send");
	confirm("nobody outside may learn");
	tab("why send");
	TYPES(terminal, "the FIU wrote to all of them", "wrote to all of them");
	confirm("Saved the template");
	DONE("audit", "export");
	PRINTS("phrase", "the FIU wrote to all of them");
}
