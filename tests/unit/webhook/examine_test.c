/* Tests why a webhook does not verify: each row changes one part of a valid message, and the result names this part. */
#include "kybdesk/webhook/sign.h"
#include "support/leak.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SECRET "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
#define OTHER "whsec_yMnKy8zNzs/Q0dLT1NXW19jZ2tvc3d7f4OHi4+Tl5uc="
#define ID "evt_0123456789abcdef0123456789abcdef"
#define SENT_S INT64_C(1795168800)
#define BODY "{\"a\":1,\n\"b\":2}"

struct trial {
	const char *what;
	/* The parts that are examined; NULL: as they were sent. */
	const char *id, *timestamp, *signature, *body, *secret;
	int64_t late_s;	  /* seconds after sending; up to 300 are allowed */
	const char *sent; /* the body that was sent; NULL: BODY */
	/* The expected result. */
	int part; /* -1: the message verifies */
	bool is_proven;
	const char *why, *time_too; /* time_too: a second error, about the timestamp; NULL: none */
};

static const struct trial trials[] = {
	{ "as it was sent", .part = -1, .is_proven = true },
	{ "at the last second", .late_s = 300, .part = -1, .is_proven = true },
	{ "at the first second", .late_s = -300, .part = -1, .is_proven = true },
	{ "too late", .late_s = 301, .part = WEBHOOK_TIMESTAMP, .is_proven = true, .why = "301 seconds earlier" },
	{ "too early", .late_s = -301, .part = WEBHOOK_TIMESTAMP, .is_proven = true, .why = "301 seconds later" },
	{ "no time", .timestamp = "", .part = WEBHOOK_TIMESTAMP, .is_proven = true, .why = "is missing" },
	{ "a time in words", .timestamp = "1795168800s", .part = WEBHOOK_TIMESTAMP, .is_proven = true,
	  .why = "not a number of seconds" },
	{ "a time of 19 digits", .timestamp = "1795168800000000000", .part = WEBHOOK_TIMESTAMP, .is_proven = true,
	  .why = "not a number of seconds" },
	{ "milliseconds", .timestamp = "1795168800000", .part = WEBHOOK_TIMESTAMP, .is_proven = true,
	  .why = "1795168800 was signed, not 1795168800000" },
	{ "milliseconds, and the secret of another endpoint", .timestamp = "1795168800000", .secret = OTHER,
	  .part = WEBHOOK_SECRET, .why = "another endpoint", .time_too = "is in milliseconds" },
	{ "another second", .timestamp = "1795168801", .part = WEBHOOK_TIMESTAMP, .is_proven = true,
	  .why = "1795168800 was signed, not 1795168801" },
	{ "a second before", .timestamp = "1795168799", .part = WEBHOOK_TIMESTAMP, .is_proven = true,
	  .why = "1795168800 was signed, not 1795168799" },
	{ "an hour later", .timestamp = "1795172400", .late_s = 3600, .part = WEBHOOK_TIMESTAMP, .is_proven = true,
	  .why = "1795168800 was signed, not 1795172400" },
	/* The signed timestamp is searched for only within an hour. */
	{ "more than an hour later", .timestamp = "1795172401", .late_s = 3601, .part = WEBHOOK_SECRET,
	  .why = "another endpoint" },
	{ "no id", .id = "", .part = WEBHOOK_ID, .is_proven = true, .why = "webhook-id is missing" },
	{ "the id of somebody else", .id = "msg_1", .part = WEBHOOK_ID, .why = "the id must be evt_" },
	{ "an id that is too long", .id = ID "0", .part = WEBHOOK_ID, .why = "the id must be evt_" },
	{ "an id with another letter", .id = "evt_0123456789abcdef0123456789abcdeg", .part = WEBHOOK_ID,
	  .why = "the id must be evt_" },
	{ "no signature", .signature = "", .part = WEBHOOK_SIGNATURE, .is_proven = true,
	  .why = "webhook-signature is missing" },
	{ "a signature of another version", .signature = "v2,abc", .part = WEBHOOK_SIGNATURE, .is_proven = true,
	  .why = "no signature of version 1" },
	{ "no secret", .secret = "whsec_short", .part = WEBHOOK_SECRET, .is_proven = true, .why = "not a secret" },
	{ "the secret of another endpoint", .secret = OTHER, .part = WEBHOOK_SECRET, .why = "another endpoint" },
	{ "a line end behind it", .body = BODY "\n", .part = WEBHOOK_BODY, .is_proven = true, .why = "white space" },
	{ "white space behind it", .body = BODY " \r\n ", .part = WEBHOOK_BODY, .is_proven = true,
	  .why = "white space" },
	{ "a mark before it", .body = "\xef\xbb\xbf" BODY, .part = WEBHOOK_BODY, .is_proven = true,
	  .why = "byte order mark" },
	{ "other line ends", .body = "{\"a\":1,\r\n\"b\":2}", .part = WEBHOOK_BODY, .is_proven = true,
	  .why = "line ends of the body were changed" },
	{ "more line ends", .sent = "{\"a\": 1}", .body = "{\n\"a\":\r\n 1\n}", .part = WEBHOOK_BODY, .is_proven = true,
	  .why = "line ends were added to the body" },
	{ "parsed and written", .sent = "{\"a\":1,\"b\":2}", .body = "{ \"a\": 1, \"b\": 2 }", .part = WEBHOOK_BODY,
	  .is_proven = true, .why = "parsed and written again" },
	{ "no JSON", .body = "{\"a\":", .part = WEBHOOK_BODY, .why = "the body is not JSON" },
	{ "nothing", .body = "", .part = WEBHOOK_BODY, .why = "the body is not JSON" },
	{ "other JSON", .body = "{\"a\":2}", .part = WEBHOOK_SECRET, .why = "another endpoint" },
};

static void try_one(struct arena *arena, const struct trial *trial)
{
	const char *sent = trial->sent ? trial->sent : BODY, *body = trial->body ? trial->body : sent;
	const struct webhook_message message = { ID, SENT_S, sent, strlen(sent) };
	const char *id = trial->id ? trial->id : ID, *time = trial->timestamp ? trial->timestamp : "1795168800";
	struct strbuf signature = STRBUF_INIT;
	struct webhook_verdict verdict;
	struct webhook_request received = { .body = body,
					    .length = strlen(body),
					    .secret = trial->secret ? trial->secret : SECRET,
					    .now_s = SENT_S + trial->late_s,
					    .tolerance_s = WEBHOOK_TOLERANCE_S };
	bool is_valid = trial->part < 0;
	cr_assert_eq(webhook_sign(&signature, SECRET, NULL, &message, NULL), ERR_OK);
	received.headers = arena_printf(arena,
					"HTTP/1.1 200 OK\r\nWebhook-Id:  %s \r\nWEBHOOK-TIMESTAMP:\t%s\t\r\n"
					"webhook-signatures: none\nwebhook-signature: %s\n",
					id, time, trial->signature ? trial->signature : signature.buf);
	webhook_examine(arena, &received, &verdict);
	cr_expect_eq(verdict.is_valid, is_valid, "%s", trial->what);
	cr_expect_eq(verdict.is_fault_proven, trial->is_proven, "%s", trial->what);
	for (int part = 0; part < WEBHOOK_PART_COUNT; part++) {
		const char *why = verdict.faults[part];
		bool besides = part == WEBHOOK_TIMESTAMP && trial->time_too;
		cr_expect_eq(why != NULL, part == trial->part || besides, "%s: the %s is said to be wrong, or not: %s",
			     trial->what, webhook_part_name(part), why);
		if (why && part == trial->part)
			cr_expect(strstr(why, trial->why), "%s: %s", trial->what, why);
		if (why && besides)
			cr_expect(strstr(why, trial->time_too), "%s: %s", trial->what, why);
	}
	strbuf_release(&signature);
}

Test(examine, names_the_one_thing_that_was_changed)
{
	struct arena arena = ARENA_INIT;
	for (size_t i = 0; i < sizeof trials / sizeof *trials; i++)
		try_one(&arena, &trials[i]);
	arena_release(&arena);
	NO_LEAKS();
}

Test(examine, tells_a_right_signature_of_another_time)
{
	struct arena arena = ARENA_INIT;
	struct strbuf signature = STRBUF_INIT;
	struct webhook_verdict verdict;
	const struct webhook_message message = { ID, SENT_S, BODY, strlen(BODY) };
	struct webhook_request received = { .body = BODY, .length = strlen(BODY), .secret = SECRET };
	cr_assert_eq(webhook_sign(&signature, OTHER, SECRET, &message, NULL), ERR_OK);
	received.headers = arena_printf(&arena, "webhook-id: %s\nwebhook-timestamp: %" PRId64 "\nwebhook-signature: %s",
					ID, SENT_S, signature.buf);
	received.now_s = SENT_S + 86400;
	received.tolerance_s = WEBHOOK_TOLERANCE_S;
	webhook_examine(&arena, &received, &verdict);
	cr_expect(verdict.is_signed);
	cr_expect_not(verdict.is_valid);
	cr_expect_str_eq(verdict.id, ID);
	cr_expect_eq(verdict.timestamp_s, SENT_S);
	received.tolerance_s = -1;
	webhook_examine(&arena, &received, &verdict);
	cr_expect(verdict.is_valid, "no time was asked for");
	for (int64_t late = -1; late <= 1; late++) {
		received.tolerance_s = 0;
		received.now_s = SENT_S + late;
		webhook_examine(&arena, &received, &verdict);
		cr_expect_eq(verdict.is_valid, !late, "%" PRId64 " seconds late where none is allowed", late);
		received.tolerance_s = 1;
		webhook_examine(&arena, &received, &verdict);
		cr_expect(verdict.is_valid, "%" PRId64 " seconds late where one is allowed", late);
	}
	strbuf_release(&signature);
	arena_release(&arena);
	NO_LEAKS();
}
