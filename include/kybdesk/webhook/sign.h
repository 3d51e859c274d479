/*
 * Standard Webhooks 1.0 signatures (docs/webhooks.md "Message format"). A secret is "whsec_" + base64 of 24 to 64
 * bytes; the key is the decoded bytes, wiped after use.
 */
#ifndef KYBDESK_WEBHOOK_SIGN_H
#define KYBDESK_WEBHOOK_SIGN_H

#include "kybdesk/base/strbuf.h"

#include <stdint.h>

bool webhook_secret_is_valid(const char *secret);

/* The signed content: the headers webhook-id and webhook-timestamp, and the body. */
struct webhook_message {
	const char *id;
	int64_t timestamp_s;
	const void *body;
	size_t length;
};
/* Appends "v1,BASE64" for each secret, separated by spaces. old_secret "" or NULL: one signature.
 * ERR_INVALID for an unusable secret; the secret is never in the message. */
enum err webhook_sign(struct strbuf *out, const char *secret, const char *old_secret,
		      const struct webhook_message *message, struct error *error) KYB_MUST_USE;
/* Verifies as a receiver does: true if one of the header's "v1," signatures is valid for the secret. Constant
 * time. */
bool webhook_verify(const char *signatures, const char *secret, const struct webhook_message *message);

#endif
