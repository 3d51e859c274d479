/*
 * Standard Webhooks 1.0 signing (webhooks.md "On the wire"). Secrets are
 * "whsec_" + base64 of 24 to 64 bytes; the key is the decoded bytes, wiped after use.
 */
#ifndef KYBDESK_WEBHOOK_SIGN_H
#define KYBDESK_WEBHOOK_SIGN_H

#include "kybdesk/base/strbuf.h"

#include <stdint.h>

bool webhook_secret_is_valid(const char *secret);

/* What is signed: the headers webhook-id and webhook-timestamp, and the body. */
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
/* As a receiver does: true when one of the "v1," signatures of a header is right for the secret. Constant time. */
bool webhook_verify(const char *signatures, const char *secret, const struct webhook_message *message);

#endif
