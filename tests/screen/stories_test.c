/*
 * A reviewer's day as keys: each story is pressed, key by key, on the real program, and counted. The table of
 * docs/keystrokes.md is generated from the same rows, so its figures are the measured ones:
 *
 *   KYBDESK_KEYSTROKES=docs/keystrokes.md build/test/test_screen --filter stories_table/the_table_is_what_was_pressed
 *
 * rewrites it.
 */
#include "bench.h"
#include "kybdesk/base/strbuf.h"
#include "cli/attack_cases.h"
#include "cli/expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set_up(void)
{
	attack_open(&box);
	cr_assert_eq(box_shell(&box, "mkdir -p config/kybdesk"), 0);
	box_write(&box, "config/kybdesk/config.json", "{\"grace_seconds\": 600}");
}

TestSuite(stories, .init = set_up, .fini = bench_box_tear_down);

/* --- setups --- */

static void two_clear_cases(void)
{
	char *first = clear_person("CLEAR-1", "Ines Duarte"), *second = clear_person("CLEAR-2", "Tomas Reis");

	box_import(&box, first);
	box_import(&box, second);
}

static void approved_just_now(void)
{
	two_clear_cases();
	terminal = box_start(&box, "rita");
	SEES(terminal, "Tomas Reis");
	OPENS(terminal, "a", "y approve");
	TYPES(terminal, "y", "u undo approval");
}

static void a_company(void)
{
	attack_import(&box, WITHOUT_MORE, WITHOUT_MORE);
}

/* All files are a register that names the company and its owner. */
static void a_company_to_read(void)
{
	cr_assert_eq(box_shell(&box, "cp '" KYB_SOURCE_DIR "/data/samples/files/harbour-register.pdf' a.pdf"), 0);
	box_import(&box, company_line("RAL-1"));
}

static void an_owner_with_a_passport(void)
{
	cr_assert_eq(box_shell(&box, "cp '" KYB_SOURCE_DIR "/data/samples/files/duarte-passport.png' ."), 0);
	attack_import(&box, "\"steps\":[{\"id\":\"identity\"",
		      "\"documents\":[{\"type\":\"PASSPORT\",\"file_name\":\"duarte-passport.png\",\"file\":"
		      "\"duarte-passport.png\",\"upload\":\"ready\"}],\"steps\":[{\"id\":\"identity\"");
}

/* Another reviewer has accepted the passport; rita looks at it herself. */
static void an_owner_with_an_accepted_passport(void)
{
	an_owner_with_a_passport();
	char *kyc = attack_id_of(&box, "subsession", "data[0].id");
	DONE("document", "accept", kyc, "PASSPORT", AS("lea"));
}

/* Only one missing document blocks the case. */
static void one_viewer_missing(void)
{
	attack_import(&box,
		      "{\"type\":\"BUSINESS_NUMBER\",\"file_name\":\"b.pdf\",\"file\":\"a.pdf\",\"upload\":\"ready\"},",
		      "");
	static const char *const types[] = { "MEMORANDUM_ARTICLES", "PROOF_OF_ADDRESS", "DIRECTORS_SHAREHOLDERS_REG" };
	for (size_t i = 0; i < 3; i++)
		DONE("document", "accept", "RAL-1", types[i]);
}

static void with_a_hit(void)
{
	attack_ready_with(
		&box, WITHOUT_MORE,
		"\"checks\":[{\"kind\":\"watchlist\",\"status\":\"hit\",\"hits\":[{\"name\":\"Ines Duarte\","
		"\"list\":\"Officials\",\"class\":\"pep\",\"score\":0.9,\"detail\":{\"date_of_birth\":\"1951\"}}]}],"
		"\"risk_score\":42");
}

/* 200 hits on the owner, 50 of them of sanctions: 140 with another birth date, 60 with the same one and another country. */
static void with_many_hits(void)
{
	struct strbuf hits = STRBUF_INIT;
	for (size_t i = 0; i < 200; i++)
		strbuf_addf(&hits,
			    "%s{\"name\":\"Ines Duarte\",\"list\":\"%s\",\"class\":\"%s\",\"score\":0.%zu,\"detail\":"
			    "{\"entry_id\":\"%zu\",\"date_of_birth\":\"%zu-02-11\",\"country\":\"%s\"}}",
			    i ? "," : "", i % 4 ? "Officials" : "OFAC SDN", i % 4 ? "pep" : "sanctions", 20 + i % 80, i,
			    i < 140 ? 1930 + i % 50 : 1984, i < 140 ? "PRT" : "BRA");
	attack_ready_with(&box, WITHOUT_MORE,
			  test_text("\"checks\":[{\"kind\":\"watchlist\",\"status\":\"hit\",\"hits\":[%s]}],"
				    "\"risk_score\":42",
				    hits.buf));
	strbuf_release(&hits);
}

static void with_a_sanctions_hit(void)
{
	attack_ready_with(&box, WITHOUT_MORE,
			  "\"checks\":[{\"kind\":\"watchlist\",\"status\":\"hit\",\"hits\":[{\"name\":\"Ines Duarte\","
			  "\"list\":\"OFAC SDN\",\"class\":\"sanctions\",\"score\":0.9,\"detail\":{\"date_of_birth\":"
			  "\"1951\",\"country\":\"SYR\"}}]}],\"risk_score\":42");
}

/* A sanctions hit comes for an approved customer. */
static void with_an_alert(void)
{
	char *first = clear_person("CLEAR-1", "Ines Duarte");

	box_import(&box, first);
	DONE("approve", "CLEAR-1", "--grace", "0", AS("lea"));
	box_write(&box, "hits.json",
		  "[{\"name\":\"I. Duarte\",\"list\":\"OFAC SDN\",\"class\":\"sanctions\",\"score\":0.93,"
		  "\"detail\":{\"date_of_birth\":\"1951\"}}]");
	DONE("check", "report", "CLEAR-1", "watchlist", "--status", "hit", "--hits", "hits.json");
}

static void an_owner_of_three_quarters(void)
{
	attack_import(&box, "\"ownership_percent\":\"100\"", "\"ownership_percent\":\"75\"");
}

/* --- the stories --- */

#define STEPS_MAX 20
struct step {
	const char *key;  /* "a", "Tab"; NULL: words are typed */
	const char *sees; /* the text shown afterwards */
	const char *words;
	int times; /* how often the key is pressed; 0: once */
};
#define WORDS(typed) NULL, (typed), (typed)
static const struct story {
	const char *name, *from;
	int asked; /* the maximum number of keys; 0: no maximum */
	void (*begin)(void);
	const char *way;      /* keys from the queue to the start of the story; Enter is \n */
	const char *way_sees; /* the text shown at the start */
	struct step steps[STEPS_MAX];
	const char *ref, *leaves; /* text in the case's JSON afterwards; NULL: read-only */
	int times;		  /* number of occurrences of the text; 0: at least one */
} stories[] = {
	{ .name = "Approve a clean case; the next one opens",
	  .from = "on it in the queue",
	  .asked = 2,
	  .begin = two_clear_cases,
	  .way_sees = "Tomas Reis",
	  .steps = { { "a", "y approve" }, { "y", "CLEAR-2 ·" } },
	  .ref = "CLEAR-1",
	  .leaves = "\"approved\"" },
	{ .name = "Reject with a reason; its message to the client is filled in",
	  .from = "on it in the queue",
	  .asked = 4,
	  .begin = two_clear_cases,
	  .way_sees = "Tomas Reis",
	  .steps = { { "r", "y reject" },
		     { "Tab", "Ctrl-Y reject" },
		     { "b", "(*) Business activity not supported" },
		     { "Ctrl-Y", "Rejected Ines Duarte" } },
	  .ref = "CLEAR-1",
	  .leaves = "\"unsupported_activity\"" },
	{ .name = "Reject an unreadable document and ask the client for it again, the message filled in",
	  .from = "on the document",
	  .asked = 5,
	  .begin = a_company,
	  .way = "\n2",
	  .way_sees = "to review",
	  .steps = { { "X", "Reject a document of" },
		     { "b", "(*) Blurry" },
		     { "Ctrl-Y", "Rejected Memorandum and articles" },
		     { "x", "y ask the client" },
		     { "y", "Requested corrections from Harbour Lane" } },
	  .ref = "RAL-1",
	  .leaves = "\"awaiting_client_correction\"" },
	{ .name = "Ask the client for a missing document, the message filled in",
	  .from = "on what blocks the case",
	  .asked = 4,
	  .begin = one_viewer_missing,
	  .way = "\n",
	  .way_sees = "Business number is missing",
	  .steps = { { "Enter", "Business number has not arrived yet" },
		     { "y", "Requested corrections from Harbour Lane" } },
	  .ref = "RAL-1",
	  .leaves = "\"awaiting_client_correction\"" },
	{ .name = "Look at four documents and accept each",
	  .from = "on the first of them",
	  .asked = 8,
	  .begin = a_company_to_read,
	  .way = "\n2",
	  .way_sees = "to review",
	  .steps = { { "Enter", "All required values found" },
		     { "A", "Accepted Memorandum and articles" },
		     { "Enter", "All required values found" },
		     { "A", "Accepted Business number" },
		     { "Enter", "All required values found" },
		     { "A", "Accepted Proof of company address" },
		     { "Enter", "All required values found" },
		     { "A", "Accepted Register of directors" } },
	  .ref = "RAL-1",
	  .leaves = "\"review\":\"accepted\"",
	  .times = 4 },
	{ .name = "Approve an owner from inside the company, and be back in it",
	  .from = "on the owner",
	  .asked = 3,
	  .begin = a_company,
	  .way = "\n3",
	  .way_sees = "open KYC",
	  .steps = { { "Enter", "generic-kyc" }, { "a", "y approve" }, { "y", "Approved Ines Duarte" } },
	  .ref = "RAL-1",
	  .leaves = "\"workflow\":\"generic-kyc\",\"status\":\"approved\"" },
	{ .name = "Approve an owner after a look at the passport, and be back in the company",
	  .from = "on the owner",
	  .asked = 4,
	  .begin = an_owner_with_an_accepted_passport,
	  .way = "\n3",
	  .way_sees = "open KYC",
	  .steps = { { "Enter", "generic-kyc" },
		     { "Enter", "a approve case" },
		     { "a", "y approve" },
		     { "y", "Approved Ines Duarte" } },
	  .ref = "RAL-1",
	  .leaves = "\"workflow\":\"generic-kyc\",\"status\":\"approved\"" },
	{ .name = "Look at the passport of an owner, accept it, approve the owner, and be back in the company",
	  .from = "on the owner",
	  .begin = an_owner_with_a_passport,
	  .way = "\n3",
	  .way_sees = "open KYC",
	  .steps = { { "Enter", "Passport is not reviewed yet" },
		     { "Enter", "A accept it" },
		     { "A", "Accepted Passport" },
		     { "a", "y approve" },
		     { "y", "Approved Ines Duarte" } },
	  .ref = "RAL-1",
	  .leaves = "\"workflow\":\"generic-kyc\",\"status\":\"approved\"" },
	{ .name = "Undo",
	  .from = "wherever one is",
	  .asked = 1,
	  .begin = approved_just_now,
	  .way_sees = "u undo approval",
	  .steps = { { "u", "Undone: approval of Ines Duarte (CLEAR-1)" } },
	  .ref = "CLEAR-1",
	  .leaves = "\"manual_review\"" },
	{ .name = "Clear a hit as somebody else",
	  .from = "on the hit",
	  .begin = with_a_hit,
	  .way = "\n4j",
	  .way_sees = "Officials",
	  .steps = { { "Enter", "y decide" },
		     { "Tab", "Ctrl-Y decide" },
		     { "f", "(*) false positive" },
		     { "Tab", "Ctrl-Y decide" },
		     { "d", "(*) Different birth date" },
		     { "Ctrl-Y", "is a false positive" } },
	  .ref = "RAL-1",
	  .leaves = "\"false_positive\"" },
	{ .name = "Clear a sanctions hit, with the differences on its card as the note",
	  .from = "on a hit of a case that one holds",
	  .asked = 6,
	  .begin = with_a_sanctions_hit,
	  .way = "\nc4j",
	  .way_sees = "OFAC SDN",
	  .steps = { { "Enter", "y reveal" },
		     { "y", "Ctrl-Y decide" },
		     { "f", "(*) false positive" },
		     { "Tab", "Ctrl-Y decide" },
		     { "d", "(*) Different birth date" },
		     { "Ctrl-Y", "is a false positive" } },
	  .ref = "RAL-1",
	  .leaves = "a different person: born 1951, country SYR; the party: born 1984-02-11, country PRT" },
	{ .name = "Clear 200 hits, 50 of them of sanctions: 140 with another birth date, 60 with another country",
	  .from = "on a hit of a case that one holds",
	  .asked = 60,
	  .begin = with_many_hits,
	  .way = "\nc4j",
	  .way_sees = "OFAC SDN",
	  .steps = { { "*", "200 hits marked" },
		     { "B", "y reveal" },
		     { "y", "Ctrl-Y preview" },
		     { "f", "(*) false positive" },
		     { "Tab", "Ctrl-Y preview" },
		     { "d", "(*) Different birth date: 140 of 200" },
		     { "Ctrl-Y", "y do it" },
		     { "PgDn", "y do it", .times = 13 },
		     { "y", "140 hits marked as false positive: Different birth date" },
		     { "B", "Ctrl-Y preview" },
		     { "f", "(*) false positive" },
		     { "Tab", "Ctrl-Y preview" },
		     { "c", "(*) Different country: 60 of 60" },
		     { "Ctrl-Y", "y do it" },
		     { "PgDn", "y do it", .times = 6 },
		     { "y", "60 hits marked as false positive: Different country" } },
	  .ref = "RAL-1",
	  .leaves = "\"state\":\"false_positive\"",
	  .times = 200 },
	{ .name = "Clear the sanctions hit of an alert on an approved customer",
	  .from = "in the queue",
	  .begin = with_an_alert,
	  .way_sees = "ALERT",
	  .steps = { { "n", "still approved: Enter" },
		     { "Enter", "y do it" },
		     { "y", "y reveal" },
		     { "y", "Ctrl-Y decide" },
		     { "f", "(*) false positive" },
		     { "Tab", "Ctrl-Y decide" },
		     { "d", "(*) Different birth date" },
		     { "Ctrl-Y", "is a false positive" } },
	  .ref = "CLEAR-1",
	  .leaves = "\"false_positive\"" },
	{ .name = "Declare a beneficial owner with 25 %, a birth date and a country",
	  .from = "on the parties",
	  .asked = 8,
	  .begin = an_owner_of_three_quarters,
	  .way = "\n3",
	  .way_sees = "open KYC",
	  .steps = { { "+", "New party of" },
		     { WORDS("Rui Reis") },
		     { "Tab", "share of" },
		     { "Tab", "percent" },
		     { WORDS("25") },
		     { "Tab", "roles" },
		     { "Space", "[x] UBO" },
		     { "Tab", "birth" },
		     { WORDS("1990-03-04") },
		     { "Tab", "country" },
		     { WORDS("Brazil") },
		     { "Ctrl-Y", "Declared Rui Reis" } },
	  .ref = "RAL-1",
	  .leaves = "\"Rui Reis\"" },
	{ .name = "Make the access link of an owner's KYC",
	  .from = "on the owner",
	  .asked = 3,
	  .begin = a_company,
	  .way = "\n3",
	  .way_sees = "open KYC",
	  .steps = { { "l", "y make the link" }, { "y", "y copy it" } } },
	{ .name = "Write a note",
	  .from = "on it in the queue",
	  .begin = two_clear_cases,
	  .way_sees = "Tomas Reis",
	  .steps = { { "m", "note on Ines Duarte" },
		     { WORDS("The register was called") },
		     { "Enter", "Saved the note" } },
	  .ref = "CLEAR-1",
	  .leaves = "The register was called" },
	{ .name = "Claim a case",
	  .from = "on it in the queue",
	  .begin = two_clear_cases,
	  .way_sees = "Tomas Reis",
	  .steps = { { "c", "You hold Ines Duarte" } },
	  .ref = "CLEAR-1",
	  .leaves = "\"assignee\":\"rita\"" },
	{ .name = "Snooze a case for some days",
	  .from = "on it in the queue",
	  .begin = two_clear_cases,
	  .way_sees = "Tomas Reis",
	  .steps = { { "z", "y snooze" },
		     { "Tab", "Ctrl-Y snooze" },
		     { WORDS("3") },
		     { "Tab", "Ctrl-Y snooze" },
		     { WORDS("waits for the register") },
		     { "Ctrl-Y", "Snoozed Ines Duarte" } },
	  .ref = "CLEAR-1",
	  .leaves = "waits for the register" },
	{ .name = "Find a case by its name and open it",
	  .from = "in the queue",
	  .begin = two_clear_cases,
	  .way_sees = "Tomas Reis",
	  .steps = { { "/", "Enter apply" }, { WORDS("tomas") }, { "Enter", "1 case " }, { "Enter", "CLEAR-2 ·" } } },
	{ .name = "Go on to the next case, which one then holds",
	  .from = "on it in the queue",
	  .begin = two_clear_cases,
	  .way_sees = "Tomas Reis",
	  .steps = { { "n", "CLEAR-1 ·" } },
	  .ref = "CLEAR-1",
	  .leaves = "\"assignee\":\"rita\"" },
};
#define STORIES (sizeof stories / sizeof *stories)

static size_t step_count(const struct story *story)
{
	size_t count = 0;

	while (count < STEPS_MAX && story->steps[count].sees)
		count++;
	return count;
}

static int key_count(const struct story *story)
{
	int keys = 0;

	for (size_t i = 0; i < step_count(story); i++)
		keys += !story->steps[i].key ? 0 : story->steps[i].times ? story->steps[i].times : 1;
	return keys;
}

static void press(const struct step *step)
{
	if (!step->key)
		terminal_type(terminal, step->words);
	else if (!strcmp(step->key, "Tab"))
		terminal_press(terminal, TERMINAL_TAB);
	else if (!strcmp(step->key, "Space"))
		terminal_type(terminal, " ");
	else if (!strcmp(step->key, "Enter"))
		terminal_press(terminal, TERMINAL_ENTER);
	else if (!strcmp(step->key, "Ctrl-Y"))
		terminal_control(terminal, 'y');
	else if (!strcmp(step->key, "PgDn"))
		terminal_press(terminal, TERMINAL_PAGE_DOWN);
	else
		terminal_type(terminal, step->key);
	SEES(terminal, step->sees);
	RESTS(terminal); /* waits until everything is shown and a dialog takes keys */
}

/* Types the keys one by one, and waits after each key until no more output arrives. */
static void go(const char *way)
{
	for (; *way; way++) {
		if (*way == '\n') {
			TYPES(terminal, "\r", "1 Summary");
		} else {
			terminal_type(terminal, (char[]){ *way, '\0' });
		}
		RESTS(terminal);
	}
}

/* Whether the case's JSON, without spaces, contains the text of the story often enough. */
static bool leaves(const struct story *story)
{
	cr_assert_eq(box_json(&box, "show", story->ref, NULL), 0, "%s", box.last.err);
	char *text = test_keep(json_dumps(box.json, JSON_COMPACT | JSON_ENSURE_ASCII));
	int found = 0;
	for (const char *at = text; (at = strstr(at, story->leaves)); at++)
		found++;
	return story->times ? found == story->times : found > 0;
}

static void tell(size_t number)
{
	const struct story *story = &stories[number];

	story->begin();
	cr_expect_not(story->ref && leaves(story), "\"%s\": it is so before", story->name);
	if (!terminal) {
		terminal = box_start(&box, "rita");
		SEES(terminal, "overdue");
		RESTS(terminal);
	}
	go(story->way ? story->way : "");
	SEES(terminal, story->way_sees);
	for (size_t i = 0; i < step_count(story); i++)
		for (int n = 0; n < (story->steps[i].times ? story->steps[i].times : 1); n++)
			press(&story->steps[i]);
	cr_expect(!story->ref || leaves(story), "\"%s\" leaves no %s in %s", story->name, story->leaves, box.last.out);
	cr_expect(!story->asked || key_count(story) <= story->asked, "\"%s\" takes %d keys, %d were asked for",
		  story->name, key_count(story), story->asked);
	cr_log_info("%2d keys: %s", key_count(story), story->name);
}

#define STORY(name, number)                                                                                            \
	Test(stories, name)                                                                                            \
	{                                                                                                              \
		tell(number);                                                                                          \
	}
STORY(a_clean_case_is_approved, 0)
STORY(a_case_is_rejected, 1)
STORY(an_unreadable_document_is_asked_for_again, 2)
STORY(a_missing_document_is_asked_for, 3)
STORY(four_documents_are_looked_at_and_accepted, 4)
STORY(an_owner_is_approved_from_inside_the_company, 5)
STORY(an_owner_is_approved_after_a_look_at_the_passport, 6)
STORY(the_passport_of_an_owner_is_accepted_and_the_owner_approved, 7)
STORY(a_decision_is_taken_back, 8)
STORY(a_hit_is_cleared, 9)
STORY(a_sanctions_hit_is_cleared, 10)
STORY(two_hundred_hits_are_cleared, 11)
STORY(the_hit_of_an_alert_is_cleared, 12)
STORY(an_owner_is_declared, 13)
STORY(the_link_of_an_owner_is_made, 14)
STORY(a_note_is_written, 15)
STORY(a_case_is_claimed, 16)
STORY(a_case_is_snoozed, 17)
STORY(a_case_is_found_and_opened, 18)
STORY(the_next_case_is_held, 19)
#define TOLD 20
_Static_assert(STORIES == TOLD, "each row is a test, and each test a row");

/* --- the table --- */

static void write_keys(FILE *out, const struct story *story)
{
	for (size_t i = 0; i < step_count(story); i++) {
		const struct step *step = &story->steps[i];
		fprintf(out, "%s%s%s%s", i ? " " : "", step->key ? "`" : "", step->key ? step->key : "*words*",
			step->key ? "`" : "");
		if (step->times)
			fprintf(out, " %d times", step->times);
	}
}

static char *table(void)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	cr_assert(out);
	fprintf(out,
		"# Keystrokes\n\n"
		"The number of keys that a reviewer presses for each daily task. tests/screen/stories_test.c makes "
		"this page: it presses\n"
		"the keys in the real program, counts them, and fails if this page has other figures. Free text "
		"does not count; a letter\n"
		"that selects an item of a list counts as one key. Every dialog has its own key to confirm it, and "
		"accepts the key only\n"
		"after the terminal has shown the decision. So a saved key never means a verdict by accident.\n\n"
		"| What | Begins | Keys | Asked for | Pressed |\n|---|---|--:|--:|---|\n");
	for (size_t i = 0; i < STORIES; i++) {
		char asked[16] = "";
		if (stories[i].asked)
			(void)snprintf(asked, sizeof asked, "%d", stories[i].asked);
		fprintf(out, "| %s | %s | %d | %s | ", stories[i].name, stories[i].from, key_count(&stories[i]), asked);
		write_keys(out, &stories[i]);
		fprintf(out, " |\n");
	}
	fclose(out);
	return test_keep(text);
}

TestSuite(stories_table);

Test(stories_table, the_table_is_what_was_pressed)
{
	const char *anew = getenv("KYBDESK_KEYSTROKES");
	char *text = table();

	if (anew)
		temp_write(anew, text, strlen(text));
	char *kept = temp_read(KYB_SOURCE_DIR "/docs/keystrokes.md", NULL);
	cr_expect_str_eq(kept, text,
			 "docs/keystrokes.md is not what the stories press; write it anew with "
			 "KYBDESK_KEYSTROKES=docs/keystrokes.md");
}
