/*
 * Diagnoses a received webhook that does not verify, for authors of receivers: faults of timestamp, id, secret and
 * body, as far as the message shows them.
 */
#ifndef KYBDESK_WEBHOOK_EXAMINE_H
#define KYBDESK_WEBHOOK_EXAMINE_H

#include "kybdesk/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WEBHOOK_TOLERANCE_S 300

struct webhook_received {
	const char *headers; /* lines "name: value", ended by \n or \r\n; other lines are ignored */
	const void *body;
	size_t length;
	const char *secret;
	int64_t now_s;
	int64_t tolerance_s; /* maximum difference of the timestamp to now; negative: not checked */
};

enum webhook_part { WEBHOOK_TIMESTAMP, WEBHOOK_ID, WEBHOOK_SECRET, WEBHOOK_BODY, WEBHOOK_SIGNATURE };
#define WEBHOOK_PART_COUNT 5

struct webhook_verdict {
	bool right;			     /* valid signature and timestamp */
	bool is_signed;			     /* valid signature */
	const char *id;			     /* "" none */
	int64_t timestamp_s;		     /* 0 none */
	bool certain;			     /* the fault is proven, not only likely */
	const char *why[WEBHOOK_PART_COUNT]; /* faults by enum webhook_part; NULL: no fault */
};

/* Texts are in the arena. */
void webhook_examine(struct arena *arena, const struct webhook_received *received, struct webhook_verdict *out);
const char *webhook_part_text(enum webhook_part part); /* "timestamp" … */

/* The value of a header in these lines, "" none. Names match in any case. */
const char *webhook_header(struct arena *arena, const char *headers, const char *name);

#endif
