/* Templates of messages: a lead edits them, each edit is recorded; a message with an unfilled variable is not sent. */
#include "fixture.h"
#include "kybdesk/desk/admin.h"

FIXTURE(template);

#define SET(desk, ...) USE_IN(desk, .verb = VERB_TEMPLATE_SET, __VA_ARGS__)

static struct message_templates listed(void)
{
	struct message_templates all;

	must(desk_templates(f.rita, &f.arena, &all, &f.error));
	return all;
}

static const char *records(void)
{
	return sql_text(&f, "SELECT count(*) FROM audit_event WHERE action LIKE 'template.%'");
}

Test(template, a_lead_writes_it_in_several_languages)
{
	struct message_templates all;

	must(SET(f.lea, .part = "reminder", .text = "{document} is missing.", .reason = "missing_document"));
	must(SET(f.lea, .part = "reminder", .text = "Falta {document}.", .type = "pt"));
	must(SET(f.ada, .part = "again", .text = "Again, please."));
	all = listed();
	cr_assert_eq(all.count, 2);
	expect_text(all.items[0].name, "again");
	expect_text(all.items[0].reason, "");
	expect_text(all.items[1].reason, "missing_document");
	expect_text(all.items[1].texts[LANGUAGE_EN], "{document} is missing.");
	expect_text(all.items[1].texts[LANGUAGE_PT], "Falta {document}.");
	expect_text(all.items[1].texts[LANGUAGE_DE], "");
	expect_text(all.items[1].changed_by, "lea");
	expect_text(records(), "3");
	must(SET(f.lea, .part = "reminder", .text = "Falta {document}.", .type = "pt"));
	expect_text(records(), "3");
	must(SET(f.lea, .part = "reminder", .text = "Falta {document}.", .type = "pt", .reason = "all"));
	expect_text(listed().items[1].reason, "");
	expect_sql("SELECT json_extract(detail, '$.reason') FROM audit_event ORDER BY seq DESC LIMIT 1", "all");
	must(USE(f.lea, TEMPLATE_REMOVE, NULL, .part = "reminder", .type = "en"));
	expect_text(listed().items[1].texts[LANGUAGE_EN], "");
	must(USE(f.lea, TEMPLATE_REMOVE, NULL, .part = "reminder", .type = "pt"));
	cr_expect_eq(listed().count, 1, "its last text is gone");
	must(USE(f.lea, TEMPLATE_REMOVE, NULL, .part = "again"));
	cr_expect_eq(listed().count, 0);
	fixture_audited(&f);
}

Test(template, what_is_wrong_with_it_is_named)
{
	static const struct {
		struct use_in in;
		enum err err;
		const char *sentence;
	} wrong[] = {
		{ { .part = "a b", .text = "x" }, ERR_INVALID, "not the name of a template" },
		{ { .part = "a", .text = "Dear {subjekt}" }, ERR_INVALID, "did you mean {subject}?" },
		{ { .part = "a", .text = "" }, ERR_INVALID, "empty" },
		{ { .part = "a", .text = "x", .type = "fr" }, ERR_INVALID, "Unknown language \"fr\"" },
		{ { .part = "a", .text = "x", .reason = "mising_document" }, ERR_INVALID, "missing_document" },
		{ { .part = "a", .text = "x", .reason = "sanctions_match" }, ERR_INVALID, "allows no message" },
		{ { .part = "a", .text = "x", .reason = "different_name" }, ERR_INVALID, "Unknown session reason" },
		{ { .verb = VERB_TEMPLATE_REMOVE, .part = "reminde" }, ERR_NOT_FOUND, "Did you mean \"reminder\"?" },
		{ { .verb = VERB_TEMPLATE_REMOVE, .part = "reminder", .type = "de" }, ERR_NOT_FOUND, "no text in" },
	};

	must(SET(f.lea, .part = "reminder", .text = "Please send it."));
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct use_in in = wrong[i].in;

		if (!in.verb)
			in.verb = VERB_TEMPLATE_SET;
		expect_err(fixture_use(&f, f.lea, &in), wrong[i].err);
		cr_expect(strstr(f.error.message, wrong[i].sentence), "%s", f.error.message);
	}
	cr_expect_eq(listed().count, 1);
	expect_text(records(), "1");
}

Test(template, a_message_with_a_variable_is_not_sent)
{
	const struct correction_request request = { .step_id = "company_info", .message = "Send it by {due}." };

	fixture_ready(&f, "RAL-1");
	expect_err(USE(f.rita, REJECT, "RAL-1", .reason = "missing_document", .text = "Dear {subject}"), ERR_INVALID);
	cr_expect(strstr(f.error.message, "{subject}"), "%s", f.error.message);
	expect_err(USE(f.rita, CORRECTIONS, "RAL-1", .requests = &request, .request_count = 1), ERR_INVALID);
	cr_expect(strstr(f.error.message, "{due}"), "%s", f.error.message);
	expect_sql("SELECT status FROM session WHERE external_ref = 'RAL-1'", "manual_review");
}

Test(template, no_text_for_all_clients_tips_off)
{
	static const char text[] = "{subject}, the FIU has your name.";

	expect_err(SET(f.lea, .part = "a", .text = text), ERR_INVALID);
	expect_text(f.error.field, "text");
	expect_says("The text names \"FIU\"");
	expect_err(SET(f.lea, .part = "a", .text = text, .override = "short"), ERR_INVALID);
	cr_expect_eq(listed().count, 0);
	must(SET(f.lea, .part = "a", .text = text, .override = "the FIU asked us to tell all clients"));
	expect_sql("SELECT json_extract(detail, '$.phrase') || json_extract(detail, '$.override') FROM audit_event "
		   "ORDER BY seq DESC LIMIT 1",
		   "FIUthe FIU asked us to tell all clients");
}

Test(template, no_message_to_one_client_tips_off)
{
	const struct correction_request request = { .step_id = "identity", .message = "We reported you; please wait." };
	const char *why = "the regulator asked us to write this";

	fixture_kyc(&f, "KYC-1", "manual_review", NULL);
	fixture_kyc(&f, "KYC-2", "manual_review", NULL);
	expect_err(USE(f.rita, REJECT, "KYC-1", .reason = "other", .text = "The FIU knows", .override = why),
		   ERR_FORBIDDEN);
	expect_err(USE(f.lea, CORRECTIONS, "KYC-1", .requests = &request, .request_count = 1), ERR_INVALID);
	expect_text(f.error.field, "message");
	must(USE(f.lea, CORRECTIONS, "KYC-1", .requests = &request, .request_count = 1, .override = why));
	must(USE(f.lea, REJECT, "KYC-2", .reason = "other", .text = "The FIU knows", .override = why));
	expect_err(USE(f.rita, DOCUMENT_ADD, "KYC-1", .type = "X", .file_name = "adverse media.pdf",
		       .bytes = "%PDF-1.4\n", .length = 9),
		   ERR_INVALID);
	expect_sql("SELECT count(*) FROM note WHERE text LIKE 'Sent a text that names %: the regulator asked%'", "2");
	expect_sql("SELECT count(*) FROM audit_event WHERE json_extract(detail, '$.phrase') IS NOT NULL AND "
		   "json_extract(detail, '$.sealed.override') IS NOT NULL",
		   "2");
	fixture_audited(&f);
}
