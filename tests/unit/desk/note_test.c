/* Notes: mentions, pins, and the part of the case that a note is about. */
#include "fixture.h"
#include "kybdesk/domain/view.h"

FIXTURE_READY(note);

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
	return USE(desk, NOTE, "RAL-1", .text = text);
}

Test(note, a_mention_is_open_until_the_reviewer_answers)
{
	must(note(f.rita, "@bo: is the address right? Ask @LEA."));
	cr_expect_eq(listed(f.bo, "mentioned:me"), 1);
	cr_expect_eq(listed(f.lea, "mentioned:me"), 1);
	cr_expect_eq(listed(f.rita, "mentioned:me"), 0);
	cr_expect_eq(listed(f.rita, "mentioned:bo"), 1);
	cr_expect_eq(listed(f.rita, "-mentioned:bo"), 0);
	struct list_query query = { .limit = 1, .after = "" };
	struct list_page page;
	must(filter_parse(&f.arena, "mentioned:rito", &query.filter, &f.error));
	expect_error(desk_list(f.bo, &f.arena, &query, &page, &f.error), ERR_INVALID,
		     "Unknown reviewer \"rito\"; did you mean mentioned:rita?");
	must(note(f.rita, "Still waiting."));
	cr_expect_eq(listed(f.bo, "mentioned:me"), 1);
	must(note(f.bo, "It is."));
	cr_expect_eq(listed(f.bo, "mentioned:me"), 0);
	cr_expect_eq(listed(f.lea, "mentioned:me"), 1);
	must(USE(f.lea, NOTE_READ, "RAL-1"));
	cr_expect_eq(listed(f.lea, "mentioned:me"), 0);
	expect_sql("SELECT count(*) FROM audit_event WHERE action = 'note.read'", "1");
	must(USE(f.lea, NOTE_READ, "RAL-1"));
	expect_sql("SELECT count(*) FROM audit_event WHERE action = 'note.read'", "1");
}

Test(note, only_a_reviewer_that_can_answer_is_mentioned)
{
	static const struct {
		const char *text, *sentence;
	} refused[] = { { "@rito, look", "Unknown reviewer \"rito\". Did you mean \"rita\"? (write @@ for an @ that "
					 "mentions no reviewer)" },
			{ "ask (@vic)", "vic cannot be mentioned: the role viewer cannot answer notes" },
			{ "@kim left", "The reviewer kim is disabled and cannot be mentioned" } };
	static const char *const plain[] = { "write to bo@example.com", "@@crescent posts it", "60 @ 5, @", "a+@bo" };

	must(USE(f.ada, REVIEWER_ADD, NULL, .part = "kim", .role = ROLE_REVIEWER));
	must(USE(f.ada, REVIEWER_DISABLE, NULL, .part = "kim"));
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		expect_err(note(f.lea, refused[i].text), ERR_INVALID);
		cr_expect(strstr(f.error.message, refused[i].sentence), "%s", f.error.message);
	}
	expect_sql("SELECT count(*) FROM note", "0");
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		must(note(f.lea, plain[i]));
	expect_sql("SELECT count(*) FROM note WHERE mentioned <> ''", "0");
	must(note(f.lea, "@bo-, (@rita)/@bo: see"));
	expect_sql("SELECT mentioned FROM note WHERE mentioned <> ''", "/bo//rita/");
}

/* A mention in a note of a suspicion has no effect: it would disclose the suspicion to a reviewer without access. */
Test(note, a_suspicion_mentions_no_reviewer)
{
	must(USE(f.rita, SUSPICION_OPEN, "RAL-1", .reason = "Straw man, I think, as @bo said"));
	must(USE(f.lea, SUSPICION_NOTE, "RAL-1", .text = "@bo is right; @rito is no reviewer"));
	cr_expect_eq(listed(f.bo, "mentioned:me"), 0);
	must(USE(f.rita, REFER, "RAL-1", .part = "bo", .reason = "As @lea said, for a second look"));
	cr_expect_eq(listed(f.lea, "mentioned:me"), 0);
}

Test(note, the_author_or_a_lead_pins_a_note)
{
	must(note(f.rita, "First"));
	must(note(f.lea, "Second"));
	expect_err(USE(f.rita, NOTE_PIN, "RAL-1", .part = "2"), ERR_FORBIDDEN);
	expect_err(USE(f.rita, NOTE_PIN, "RAL-1", .part = "3"), ERR_NOT_FOUND);
	expect_err(USE(f.rita, NOTE_PIN, "RAL-1", .part = "18446744073709551617"), ERR_NOT_FOUND);
	expect_err(USE(f.rita, NOTE_PIN, "RAL-1", .part = "0"), ERR_NOT_FOUND);
	expect_err(USE(f.rita, NOTE_PIN, "RAL-1", .part = "-1"), ERR_INVALID);
	expect_err(USE(f.rita, NOTE_PIN, "RAL-1"), ERR_INVALID);
	must(USE(f.rita, NOTE_PIN, "RAL-1", .part = "1"));
	expect_text(fixture_case(&f, "RAL-1").file.notes[0].pinned_by, "rita");
	expect_text(fixture_case(&f, "RAL-1").file.notes[1].pinned_by, "");
	must(USE(f.lea, NOTE_PIN, "RAL-1", .part = "1", .revoke = true));
	expect_text(fixture_case(&f, "RAL-1").file.notes[0].pinned_by, "");
	expect_sql("SELECT count(*) FROM audit_event WHERE action = 'note.pin'", "2");
}

Test(note, a_note_is_about_a_document_of_its_case)
{
	struct case_view view;

	must(USE(f.rita, NOTE, "RAL-1", .text = "The seal is cut", .document = "PROOF_OF_ADDRESS"));
	view = fixture_case(&f, "RAL-1");
	expect_text(note_subject_text(&f.arena, &view.file, NULL, &view.file.notes[0]), "PROOF_OF_ADDRESS");
	expect_err(USE(f.rita, NOTE, "RAL-1", .text = "x", .document = "PROOF_OF_NOTHING"), ERR_NOT_FOUND);
	expect_err(USE(f.rita, NOTE, "RAL-1", .text = "x", .hit = "no-such-hit"), ERR_NOT_FOUND);
	expect_err(USE(f.rita, NOTE, "RAL-1", .text = "x", .document = "PROOF_OF_ADDRESS", .hit = "y"), ERR_USAGE);
	cr_expect_eq(fixture_case(&f, "RAL-1").file.note_count, 1);
}

/* A list shows only cases: a mention in a note on a subsession finds the parent case. */
Test(note, a_mention_on_a_subsession_is_found_with_its_case)
{
	const char *kyc = sql_text(&f, "SELECT uuid FROM session WHERE parent_id IS NOT NULL");

	must(USE(f.rita, NOTE, kyc, .text = "@bo: who is this?"));
	cr_expect_eq(listed(f.bo, "mentioned:me"), 1);
	must(USE(f.bo, NOTE, "RAL-1", .text = "His brother"));
	cr_expect_eq(listed(f.bo, "mentioned:me"), 0);
}
