#include "kybdesk/webhook/sign.h"
#include "transfer.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct {
	const char *secret, *id, *body, *signature;
	int64_t timestamp_s;
} vectors[] = {
	{ "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3", "evt_2kybdesk0001",
	  "{\"type\":\"kyc.state_updated\",\"timestamp\":\"2026-11-20T10:00:00Z\",\"data\":{\"uid\":\"biz-2031\","
	  "\"previous_level\":\"LIGHT\",\"level\":\"REGULAR\"}}",
	  "v1,HLoTHXI9ypiE888Rjx7Xex8ehTi502IHqQyhFxzX2Bw=", 1795168800 },
	{ "whsec_yMnKy8zNzs/Q0dLT1NXW19jZ2tvc3d7f4OHi4+Tl5uc=", "evt_2kybdesk0002",
	  "{\"type\":\"kyc.session_failed\",\"timestamp\":\"2026-11-20T10:01:01Z\",\"data\":{\"uid\":\"ind-7\","
	  "\"reason\":\"Dokument ungültig – 期限切れ\"}}",
	  "v1,fm1Fa5x+A7ia/Y7LkVG9cko7OMG7wX4djdAronl2Y5o=", 1795168861 },
};

static struct webhook_message message_of(size_t vector)
{
	return (struct webhook_message){ vectors[vector].id, vectors[vector].timestamp_s, vectors[vector].body,
					 strlen(vectors[vector].body) };
}

static void expect_signature(const char *secret, const char *old_secret, size_t vector, const char *wanted)
{
	const struct webhook_message message = message_of(vector);
	struct strbuf out = STRBUF_INIT;
	enum err err = webhook_sign(&out, secret, old_secret, &message, NULL);
	cr_expect_eq(err, ERR_OK);
	cr_expect_str_eq(out.buf, wanted);
	strbuf_release(&out);
}

Test(webhook_sign, gives_the_published_signatures)
{
	for (size_t i = 0; i < 2; i++) {
		expect_signature(vectors[i].secret, NULL, i, vectors[i].signature);
		expect_signature(vectors[i].secret, "", i, vectors[i].signature);
	}
}

Test(webhook_sign, signs_with_both_secrets_during_a_rotation)
{
	const struct webhook_message message = message_of(0);
	struct strbuf both = STRBUF_INIT;
	cr_assert_eq(webhook_sign(&both, vectors[1].secret, vectors[0].secret, &message, NULL), ERR_OK);
	const char *space = strchr(both.buf, ' ');
	cr_assert_not_null(space);
	cr_expect_str_eq(space + 1, vectors[0].signature, "the old one comes second");
	for (size_t i = 0; i < 2; i++)
		cr_expect(webhook_verify(both.buf, vectors[i].secret, &message));
	strbuf_release(&both);
}

static const struct webhook_message short_message = { "evt_1", 1, "x", 1 };

Test(webhook_sign, a_bad_secret_is_refused_and_never_repeated)
{
	static const char *const bad[] = { "",
					   "whsec_",
					   "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3",
					   "WHSEC_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3",
					   "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY",  /* bad padding */
					   "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NQ==", /* 22 bytes */
					   "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3\n" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct strbuf out = STRBUF_INIT;
		struct error error = { 0 };
		strbuf_adds(&out, "kept");
		cr_expect_not(webhook_secret_is_valid(bad[i]), "%s", bad[i]);
		cr_expect_eq(webhook_sign(&out, bad[i], NULL, &short_message, &error), ERR_INVALID);
		cr_expect_str_eq(out.buf, "kept");
		cr_expect(strlen(bad[i]) < 7 || !strstr(error.message, bad[i]));
		error_release(&error);
		strbuf_release(&out);
	}
}

Test(webhook_sign, a_bad_old_secret_is_refused_as_well)
{
	struct strbuf out = STRBUF_INIT;
	cr_expect_eq(webhook_sign(&out, vectors[0].secret, "whsec_short", &short_message, NULL), ERR_INVALID);
	cr_expect_eq(out.len, 0);
	strbuf_release(&out);
}

Test(webhook_secret, keys_of_24_to_64_bytes_are_valid)
{
	for (size_t size = 20; size < 70; size++) {
		struct strbuf secret = STRBUF_INIT;
		static const char digits[] = "ABCDEFGH";
		strbuf_adds(&secret, "whsec_");
		strbuf_addn(&secret, digits[size % 8], size / 3 * 4);
		if (size % 3)
			strbuf_adds(&secret, size % 3 == 1 ? "AA==" : "AAA=");
		cr_expect_eq(webhook_secret_is_valid(secret.buf), size >= 24 && size <= 64, "%zu bytes", size);
		strbuf_release(&secret);
	}
}

Test(webhook_verify, notices_every_change)
{
	const struct webhook_message message = message_of(0);
	struct webhook_message other_id = message, later = message, cut = message;
	const char *signature = vectors[0].signature;

	other_id.id = vectors[1].id;
	later.timestamp_s++;
	cut.length--;
	cr_expect(webhook_verify(signature, vectors[0].secret, &message));
	cr_expect_not(webhook_verify(signature, vectors[1].secret, &message));
	cr_expect_not(webhook_verify(signature, vectors[0].secret, &other_id));
	cr_expect_not(webhook_verify(signature, vectors[0].secret, &later));
	cr_expect_not(webhook_verify(signature, vectors[0].secret, &cut));
	cr_expect_not(webhook_verify("", vectors[0].secret, &message));
	cr_expect_not(webhook_verify("v2,HLoTHXI9ypiE888Rjx7Xex8ehTi502IHqQyhFxzX2Bw=", vectors[0].secret, &message));
}

#define SECOND INT64_C(1000)
#define HOUR (3600 * SECOND)

Test(deliver_retry, follows_the_times_of_the_specification)
{
	static const int64_t seconds[] = { 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400 };
	for (int64_t attempt = 1; attempt <= 9; attempt++) {
		int64_t delay = seconds[attempt - 1] * SECOND;
		cr_expect_eq(deliver_retry_delay_ms(attempt, 0, 0), delay * 8 / 10);
		cr_expect_eq(deliver_retry_delay_ms(attempt, 0, UINT32_MAX), delay * 12 / 10);
		for (uint32_t random = 0; random < UINT32_MAX - 50000000; random += 50000000) {
			int64_t jittered = deliver_retry_delay_ms(attempt, 0, random);
			cr_expect(jittered >= delay * 8 / 10 && jittered <= delay * 12 / 10);
		}
	}
}

Test(deliver_retry, ends_after_the_tenth_attempt)
{
	cr_expect_geq(deliver_retry_delay_ms(9, 0, 1), 0);
	cr_expect_lt(deliver_retry_delay_ms(10, 0, 1), 0);
	cr_expect_lt(deliver_retry_delay_ms(10, 60, 1), 0, "Retry-After gives no eleventh attempt");
	cr_expect_lt(deliver_retry_delay_ms(INT64_MAX, 0, 1), 0);
}

Test(deliver_retry, honours_retry_after_up_to_a_day)
{
	cr_expect_eq(deliver_retry_delay_ms(1, 120, 0), 120 * SECOND);
	cr_expect_eq(deliver_retry_delay_ms(1, 10000000, 0), 24 * HOUR);
	cr_expect_eq(deliver_retry_delay_ms(1, INT64_MAX, 0), 24 * HOUR);
	cr_expect_eq(deliver_retry_delay_ms(4, 1, 0), 2 * HOUR * 8 / 10, "never sooner than without it");
	cr_expect_eq(deliver_retry_delay_ms(1, -5, 0), 4 * SECOND);
}
