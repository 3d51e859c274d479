/*
 * Why a received webhook does not verify, for whoever writes a receiver: what is wrong of timestamp, id, secret and body,
 * as far as the message itself can tell.
 */
#ifndef KYBDESK_WEBHOOK_EXAMINE_H
#define KYBDESK_WEBHOOK_EXAMINE_H

#include "kybdesk/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WEBHOOK_TOLERANCE_S 300

struct webhook_received {
	const char *headers; /* lines "name: value", ended by \n or \r\n; other lines are passed over */
	const void *body;
	size_t length;
	const char *secret;
	int64_t now_s;
	int64_t tolerance_s; /* how far the timestamp may be from now; negative: it is not asked for */
};

enum webhook_part { WEBHOOK_TIMESTAMP, WEBHOOK_ID, WEBHOOK_SECRET, WEBHOOK_BODY, WEBHOOK_SIGNATURE };
#define WEBHOOK_PART_COUNT 5

struct webhook_verdict {
	bool right;			     /* signed with the secret, and of this time */
	bool is_signed;			     /* the signature alone is right */
	const char *id;			     /* "" when there is none */
	int64_t timestamp_s;		     /* 0 when there is none */
	bool certain;			     /* what is named is shown to be wrong, not only likely */
	const char *why[WEBHOOK_PART_COUNT]; /* by enum webhook_part; NULL: nothing is wrong with it */
};

/* Words in the arena. */
void webhook_examine(struct arena *arena, const struct webhook_received *received, struct webhook_verdict *out);
const char *webhook_part_text(enum webhook_part part); /* "timestamp" … */

/* The value of a header among such lines, "" when there is none. Names in any case. */
const char *webhook_header(struct arena *arena, const char *headers, const char *name);

#endif
