/* Notes: mentions, pins, and what a note is about. */
#include "fixture.h"
#include "kybdesk/domain/view.h"

FIXTURE(note);

#define TRY(desk, session_, ...)                                                                                   \
	desk_do(desk, &f.arena, &(struct use_in){ .session = session_, __VA_ARGS__ }, &(struct use_out){ 0 },      \
		&f.error)

static size_t listed(struct desk *desk, const char *filter)
{
	struct list_query query = { .limit = LIST_LIMIT_MAX, .after = "" };
	struct list_page page;

	must(filter_parse(&f.arena, filter, &query.filter, &f.error));
	must(desk_list(desk, &f.arena, &query, &page, &f.error));
	return page.count;
}

static enum err note(struct desk *desk, const char *text)
{
	const char *id;

	return desk_note(desk, &f.arena, "RAL-1", text, &id, &f.error);
}

Test(note, a_mention_is_open_until_the_reviewer_answers)
{
	fixture_ready(&f, "RAL-1");
	must(note(f.rita, "@bo: is the address right? Ask @LEA."));
	cr_expect_eq(listed(f.bo, "mentioned:me"), 1);
	cr_expect_eq(listed(f.lea, "mentioned:me"), 1);
	cr_expect_eq(listed(f.rita, "mentioned:me"), 0);
	cr_expect_eq(listed(f.rita, "mentioned:bo"), 1);
	cr_expect_eq(listed(f.rita, "-mentioned:bo"), 0);
	struct list_query query = { .limit = 1, .after = "" };
	struct list_page page;
	must(filter_parse(&f.arena, "mentioned:rito", &query.filter, &f.error));
	expect_err(desk_list(f.bo, &f.arena, &query, &page, &f.error), ERR_INVALID);
	expect_says("Unknown reviewer \"rito\"; did you mean mentioned:rita?");
	must(note(f.rita, "Still waiting."));
	cr_expect_eq(listed(f.bo, "mentioned:me"), 1);
	must(note(f.bo, "It is."));
	cr_expect_eq(listed(f.bo, "mentioned:me"), 0);
	cr_expect_eq(listed(f.lea, "mentioned:me"), 1);
	must(TRY(f.lea, "RAL-1", .verb = VERB_NOTE_READ));
	cr_expect_eq(listed(f.lea, "mentioned:me"), 0);
	expect_text(sql_text(&f, "SELECT count(*) FROM audit_event WHERE action = 'note.read'"), "1");
	must(TRY(f.lea, "RAL-1", .verb = VERB_NOTE_READ));
	expect_text(sql_text(&f, "SELECT count(*) FROM audit_event WHERE action = 'note.read'"), "1");
}

Test(note, only_a_reviewer_that_can_answer_is_mentioned)
{
	static const struct {
		const char *text, *sentence;
	} refused[] = { { "@rito, look",
			  "Unknown reviewer \"rito\". Did you mean \"rita\"? (write @@ for an @ that "
			  "mentions no reviewer)" },
			{ "ask (@vic)", "vic cannot be mentioned: the role viewer cannot answer notes" } };
	static const char *const plain[] = { "write to bo@example.com", "@@crescent posts it", "60 @ 5, @",
					     "a+@bo" };

	fixture_ready(&f, "RAL-1");
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		expect_err(note(f.lea, refused[i].text), ERR_INVALID);
		cr_expect(strstr(f.error.message, refused[i].sentence), "%s", f.error.message);
	}
	expect_text(sql_text(&f, "SELECT count(*) FROM note"), "0");
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		must(note(f.lea, plain[i]));
	expect_text(sql_text(&f, "SELECT count(*) FROM note WHERE mentioned <> ''"), "0");
	must(note(f.lea, "@bo-, (@rita)/@bo: see"));
	expect_text(sql_text(&f, "SELECT mentioned FROM note WHERE mentioned <> ''"), "/bo//rita/");
}

/* A suspicion's own notes mention no reviewer: the view of somebody without access would tell. */
Test(note, a_suspicion_mentions_no_reviewer)
{
	fixture_ready(&f, "RAL-1");
	must(TRY(f.rita, "RAL-1", .verb = VERB_SUSPICION_OPEN, .reason = "Straw man, I think, as @bo said"));
	must(TRY(f.lea, "RAL-1", .verb = VERB_SUSPICION_NOTE, .text = "@bo is right; @rito is no reviewer"));
	cr_expect_eq(listed(f.bo, "mentioned:me"), 0);
	must(TRY(f.rita, "RAL-1", .verb = VERB_REFER, .part = "bo", .reason = "As @lea said, for a second look"));
	cr_expect_eq(listed(f.lea, "mentioned:me"), 0);
}

Test(note, the_author_or_a_lead_pins_a_note)
{
	fixture_ready(&f, "RAL-1");
	must(note(f.rita, "First"));
	must(note(f.lea, "Second"));
	expect_err(TRY(f.rita, "RAL-1", .verb = VERB_NOTE_PIN, .part = "2"), ERR_FORBIDDEN);
	expect_err(TRY(f.rita, "RAL-1", .verb = VERB_NOTE_PIN, .part = "3"), ERR_NOT_FOUND);
	expect_err(TRY(f.rita, "RAL-1", .verb = VERB_NOTE_PIN, .part = "18446744073709551617"), ERR_NOT_FOUND);
	expect_err(TRY(f.rita, "RAL-1", .verb = VERB_NOTE_PIN, .part = "0"), ERR_NOT_FOUND);
	expect_err(TRY(f.rita, "RAL-1", .verb = VERB_NOTE_PIN, .part = "-1"), ERR_INVALID);
	expect_err(TRY(f.rita, "RAL-1", .verb = VERB_NOTE_PIN), ERR_INVALID);
	must(TRY(f.rita, "RAL-1", .verb = VERB_NOTE_PIN, .part = "1"));
	expect_text(fixture_case(&f, "RAL-1").file.notes[0].pinned_by, "rita");
	expect_text(fixture_case(&f, "RAL-1").file.notes[1].pinned_by, "");
	must(TRY(f.lea, "RAL-1", .verb = VERB_NOTE_PIN, .part = "1", .revoke = true));
	expect_text(fixture_case(&f, "RAL-1").file.notes[0].pinned_by, "");
	expect_text(sql_text(&f, "SELECT count(*) FROM audit_event WHERE action = 'note.pin'"), "2");
}

Test(note, a_note_is_about_a_document_of_its_case)
{
	struct case_view view;

	fixture_ready(&f, "RAL-1");
	must(TRY(f.rita, "RAL-1", .verb = VERB_NOTE, .text = "The seal is cut", .document = "PROOF_OF_ADDRESS"));
	view = fixture_case(&f, "RAL-1");
	expect_text(note_about(&f.arena, &view.file, &view.file.notes[0]), "PROOF_OF_ADDRESS");
	expect_err(TRY(f.rita, "RAL-1", .verb = VERB_NOTE, .text = "x", .document = "PROOF_OF_NOTHING"),
		   ERR_NOT_FOUND);
	expect_err(TRY(f.rita, "RAL-1", .verb = VERB_NOTE, .text = "x", .hit = "no-such-hit"), ERR_NOT_FOUND);
	expect_err(TRY(f.rita, "RAL-1", .verb = VERB_NOTE, .text = "x", .document = "PROOF_OF_ADDRESS", .hit = "y"),
		   ERR_USAGE);
	cr_expect_eq(fixture_case(&f, "RAL-1").file.note_count, 1);
}

/* A list shows the cases alone: it finds the case above the session with the note. */
Test(note, a_mention_on_a_subsession_is_found_with_its_case)
{
	const char *kyc;

	fixture_ready(&f, "RAL-1");
	kyc = sql_text(&f, "SELECT uuid FROM session WHERE parent_id IS NOT NULL");
	must(TRY(f.rita, kyc, .verb = VERB_NOTE, .text = "@bo: who is this?"));
	cr_expect_eq(listed(f.bo, "mentioned:me"), 1);
	must(TRY(f.bo, "RAL-1", .verb = VERB_NOTE, .text = "His brother"));
	cr_expect_eq(listed(f.bo, "mentioned:me"), 0);
}
