#include "codec_support.h"
#include "kybdesk/codec/event_codec.h"
#include <string.h>

static struct event level_change(void)
{
	return (struct event){
		.kind = EVENT_LEVEL_CHANGED,
		.shape = SHAPE_STANDARD,
		.type = "kyc.state_updated",
		.at = INT64_C(1795168800000),
		.uid = "biz-2031",
		.session_id = "0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01",
		.external_ref = "RAL-2031",
		.parent_id = "",
		.session_kind = KIND_KYB,
		.kyb_id = 17,
		.sequence = 3,
		.previous_level = "LIGHT",
		.level = "REGULAR",
		.status = SESSION_APPROVED,
		.custom_tags_json = "{\"region\":\"emea\"}",
		.reason_code = "",
	};
}

static const char *body(const struct event *event)
{
	struct strbuf out = STRBUF_INIT;
	event_write(&out, event);
	return strbuf_finish(&out, &arena);
}

SPEC(event, a_level_change_is_written_byte_for_byte_as_documented)
{
	const struct event event = level_change();
	cr_expect_str_eq(
		body(&event),
		"{\"type\":\"kyc.state_updated\",\"timestamp\":\"2026-11-20T10:00:00Z\",\"data\":{\"kind\":\"kyb\","
		"\"uid\":\"biz-2031\",\"session_id\":\"0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01\",\"kyb_id\":17,"
		"\"external_ref\":\"RAL-2031\",\"sequence\":3,\"previous_level\":\"LIGHT\",\"level\":\"REGULAR\","
		"\"status\":\"approved\",\"compliance_status\":\"approved\",\"custom_tags\":{\"region\":\"emea\"}}"
		"}");
}

SPEC(event, a_rejection_names_the_public_reason_and_whether_it_may_be_tried_again)
{
	struct event event = level_change();
	event.type = "kyc.session_failed";
	event.status = SESSION_REJECTED;
	event.previous_level = event.level = "";
	event.kyb_id = 0;
	event.reason_code = "other";
	event.has_retryable = true;
	event.custom_tags_json = "{}";
	cr_expect_str_eq(
		body(&event),
		"{\"type\":\"kyc.session_failed\",\"timestamp\":\"2026-11-20T10:00:00Z\",\"data\":{\"kind\":"
		"\"kyb\",\"uid\":\"biz-2031\",\"session_id\":\"0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01\","
		"\"external_ref\":\"RAL-2031\",\"sequence\":3,\"status\":\"rejected\","
		"\"compliance_status\":\"rejected\",\"reason\":\"other\",\"retryable\":false,\"custom_tags\":{}}}");
}

SPEC(event, a_subsession_names_its_parent_and_a_correction_its_steps)
{
	static const char *const steps[] = { "identity", "address" };
	struct event event = level_change();
	event.parent_id = "11111111-2222-4333-8444-555555555555";
	event.step_ids = steps;
	event.step_count = 2;
	const char *text = body(&event);
	expect_contains(text, "\"external_ref\":\"RAL-2031\",\"parent_id\":\"11111111-2222-4333-8444-555555555555\"",
			"parent");
	expect_contains(text, "\"step_ids\":[\"identity\",\"address\"],\"custom_tags\"", "steps");
}

SPEC(event, the_atelio_shape_is_flat)
{
	struct event event = level_change();
	event.shape = SHAPE_ATELIO;
	event.type = "kyc.verification.under_review";
	event.reason_code = "Foreign Beneficial Owner";
	cr_expect_str_eq(body(&event),
			 "{\"event\":\"kyc.verification.under_review\","
			 "\"beneficial_owner_id\":\"biz-2031\",\"customer_id\":\"biz-2031\",\"occurred_at\":\"2026-"
			 "11-20T10:00:00Z\","
			 "\"reasons\":[\"Foreign Beneficial Owner\"],\"custom_tags\":{\"region\":\"emea\"}}");
}

/* seed kyc-workflows-sessions: "These tags are included in all session webhook payloads." */
SPEC(event, the_tags_are_in_the_body_of_every_event_in_every_shape)
{
	static const struct event_document asked = { .type = "government_id", .upload_link = "x" };
	static const struct event_attempt attempt = { .id = "a", .level_name = "l", .message = "" };
	static const enum event_shape shapes[] = { SHAPE_STANDARD, SHAPE_ATELIO };
	for (size_t shape = 0; shape < sizeof shapes / sizeof *shapes; shape++) {
		for (int kind = 0; kind < EVENT_KIND_COUNT; kind++) {
			struct event event = level_change();
			event.kind = (enum event_kind)kind;
			event.shape = shapes[shape];
			event.documents = &asked;
			event.document_count = kind % 2 ? 1 : 0;
			event.attempt = kind % 3 ? &attempt : NULL;
			event.reason_code = kind % 2 ? "other" : "";
			expect_contains(body(&event), "\"custom_tags\":{\"region\":\"emea\"}",
					event_kind_text((enum event_kind)kind));
			event.custom_tags_json = "";
			expect_contains(body(&event), "\"custom_tags\":{}", event_kind_text((enum event_kind)kind));
		}
	}
}

static const char *long_text(size_t length)
{
	char *text = arena_alloc(&arena, length + 1);
	memset(text, 'x', length);
	return text;
}

SPEC(event, tags_are_left_out_of_a_body_that_would_be_too_long)
{
	struct event event = level_change();
	event.custom_tags_json = arena_printf(&arena, "{\"t\":\"%s\"}", long_text(EVENT_BODY_MAX));
	const char *text = body(&event);
	cr_expect(strlen(text) <= EVENT_BODY_MAX);
	cr_expect_null(strstr(text, "custom_tags"));
	expect_contains(text, "\"external_ref\":\"RAL-2031\"", "the rest stays");
}

SPEC(event, a_body_of_just_the_limit_keeps_its_tags)
{
	struct event event = level_change();
	event.custom_tags_json = "{\"t\":\"\"}";
	size_t bare = strlen(body(&event));
	event.custom_tags_json = arena_printf(&arena, "{\"t\":\"%s\"}", long_text(EVENT_BODY_MAX - bare));
	cr_expect_eq(strlen(body(&event)), EVENT_BODY_MAX);
	event.custom_tags_json = arena_printf(&arena, "{\"t\":\"%s\"}", long_text(EVENT_BODY_MAX - bare + 1));
	cr_expect_null(strstr(body(&event), "custom_tags"));
}

SPEC(event, references_of_any_length_never_make_a_body_too_long)
{
	struct event event = level_change();
	event.uid = long_text(16 * 1024);
	event.external_ref = long_text(16 * 1024);
	const char *text = body(&event);
	cr_expect(strlen(text) <= EVENT_BODY_MAX);
	expect_contains(text, "\"session_id\":\"0b0f8a52", "the session is always named");
}

SPEC(event, is_appended_to_what_the_buffer_holds)
{
	struct event event = level_change();
	struct strbuf out = STRBUF_INIT;
	strbuf_adds(&out, "id.");
	event_write(&out, &event);
	cr_expect(strncmp(out.buf, "id.{\"type\"", 10) == 0, "%s", out.buf);
	strbuf_release(&out);
}
