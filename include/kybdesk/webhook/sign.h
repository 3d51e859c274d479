/* Standard Webhooks 1.0 signatures (docs/webhooks.md "Message format"). A secret is "whsec_" + base64 of 24 to 64
 * bytes; the key is the decoded bytes, wiped after use. */
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
		      const struct webhook_message *message, struct error *error);
/* Verifies as a receiver does: true if one of the header's "v1," signatures is valid for the secret. Constant time. */
bool webhook_verify(const char *signatures, const char *secret, const struct webhook_message *message);

/* webhook_examine() diagnoses a received webhook, for authors of receivers: finds the faults of timestamp, id,
 * secret and body that the message shows. */
#define WEBHOOK_TOLERANCE_S 300

struct webhook_request {
	const char *headers; /* lines "name: value" that end with \n or \r\n; other lines are ignored */
	const void *body;
	size_t length;
	const char *secret;
	int64_t now_s;
	int64_t tolerance_s; /* maximum difference of the timestamp to now; negative: not checked */
};

enum webhook_part { WEBHOOK_TIMESTAMP, WEBHOOK_ID, WEBHOOK_SECRET, WEBHOOK_BODY, WEBHOOK_SIGNATURE };
#define WEBHOOK_PART_COUNT 5

struct webhook_verdict {
	bool is_valid;				/* valid signature and timestamp */
	bool is_signed;				/* valid signature */
	const char *id;				/* "": none */
	int64_t timestamp_s;			/* 0: none */
	bool is_fault_proven;			/* the fault is proven, not only likely */
	const char *faults[WEBHOOK_PART_COUNT]; /* faults by enum webhook_part; NULL: no fault */
};

/* Texts are in the arena. */
void webhook_examine(struct arena *arena, const struct webhook_request *received, struct webhook_verdict *out);
const char *webhook_part_name(enum webhook_part part); /* "timestamp" … */

/* The value of a header in the lines `headers`; "": the header is missing. Names match in any case. */
const char *webhook_header(struct arena *arena, const char *headers, const char *name);

#endif
