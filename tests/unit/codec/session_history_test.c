/* The history of a session: finished attempts, and corrections with the values before and after. */
#include "codec_support.h"
#include <string.h>

#define SESSION(members)                                                                                               \
	"{\"external_ref\":\"BO-1\",\"workflow\":\"atelio-beneficial-owner\",\"kind\":\"kyc\",\"merchant\":"           \
	"\"shop\",\"status\":\"manual_review\",\"subject\":{\"kind\":\"individual\",\"name\":\"Boris\"}," members "}"
#define ATTEMPTS                                                                                                       \
	"\"attempts\":[{\"number\":1,\"submitted_at\":\"2026-11-02T09:14:00Z\",\"ended_at\":"                          \
	"\"2026-11-02T09:15:00Z\",\"result\":\"timeout\",\"reason\":\"\",\"message\":\"\",\"retryable\":true}]"
#define CORRECTIONS                                                                                                    \
	"\"corrections\":[{\"round\":1,\"step_id\":\"identity\",\"message\":\"m\",\"state\":\"answered\","             \
	"\"asked_by\":\"ana\",\"asked_at\":\"2026-11-04T10:00:00Z\",\"before\":{\"fields\":{\"ssn\":"                  \
	"\"123-45-6789\",\"first_name\":\"Boris\"},\"documents\":[]},\"after\":{\"fields\":{\"ssn\":"                  \
	"\"123-45-6780\",\"first_name\":\"Borys\"},\"documents\":[]}}]"

static struct session_document document;

static void read_it(const char *text)
{
	cr_assert_eq(session_read(&arena, text, strlen(text), default_countries(), &document, &error), ERR_OK, "%s",
		     error.message);
}

static const char *written(void)
{
	const struct session_write_options options = { .now = TIME_NONE };
	struct json_value *value = session_write(&document.file, &options);
	struct strbuf text = STRBUF_INIT;
	json_write(&text, value, JSON_COMPACT_LAYOUT, false);
	const char *result = strbuf_finish(&text, &arena);
	json_free(value);
	return result;
}

SPEC(session_history, attempts_that_are_over_come_back_as_they_were_written)
{
	read_it(SESSION(ATTEMPTS));
	cr_assert_eq(document.file.attempt_count, 1);
	cr_expect_eq(document.file.attempts[0].result, ATTEMPT_TIMEOUT);
	cr_expect_eq(document.file.session.attempt_number, 2, "the current one is the next");
	expect_contains(written(), ATTEMPTS, "attempts");
}

SPEC(session_history, the_present_attempt_that_show_adds_is_the_session_itself)
{
	read_it(SESSION("\"attempts\":[{\"number\":1,\"submitted_at\":null,\"ended_at\":null,\"result\":null,"
			"\"reason\":\"\",\"retryable\":false,\"present\":true}]"));
	cr_expect_eq(document.file.attempt_count, 0);
	cr_expect_eq(document.file.session.attempt_number, 1);
	cr_expect_null(strstr(written(), "attempts"), "nothing that is over, nothing to carry on");
}

SPEC(session_history, an_attempt_ends_in_one_of_three_ways)
{
	const char *text = SESSION("\"attempts\":[{\"result\":\"aproved\"}]");
	cr_expect_eq(session_read(&arena, text, strlen(text), default_countries(), &document, &error), ERR_INVALID);
	cr_expect_str_eq(error.field, "attempts[0].result");
	error_release(&error);
}

SPEC(session_history, both_sides_of_a_correction_come_back)
{
	read_it(SESSION(CORRECTIONS));
	expect_contains(written(), "\"before\":{\"fields\":{\"ssn\":\"123-45-6789\",\"first_name\":\"Boris\"}",
			"before");
	expect_contains(written(), "\"after\":{\"fields\":{\"ssn\":\"123-45-6780\",\"first_name\":\"Borys\"}", "after");
}
