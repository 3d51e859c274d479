/*
 * Reasons (the files of data/reasons, domain.md "Reasons"): code, label, message
 * template for the client, retryable by default, disclosure. A restricted
 * reason reads "other" outside, takes no free message, is not retryable.
 */
#ifndef KYBDESK_DOMAIN_REASON_H
#define KYBDESK_DOMAIN_REASON_H

#include "kybdesk/base/digest.h"
#include "kybdesk/domain/types.h"

enum reason_set { REASONS_SESSION, REASONS_DOCUMENT, REASONS_HIT }; /* "session" "document" "hit" */
#define REASON_SET_COUNT 3
TYPES_DECLARE(reason_set);

/* Languages that a reason's message may also be written in; what reviewers read is English. */
enum language { LANGUAGE_EN, LANGUAGE_DE, LANGUAGE_ES, LANGUAGE_PT };
#define LANGUAGE_COUNT 4
TYPES_DECLARE(language); /* "en" "de" "es" "pt" */

struct reason {
	const char *code, *label, *message;
	bool retryable;
	enum disclosure disclosure;
	const char *messages[LANGUAGE_COUNT]; /* the message in other languages; NULL: there is none */
};
struct reasons {
	struct reason *items[REASON_SET_COUNT];
	size_t counts[REASON_SET_COUNT];
	const char *sha256[REASON_SET_COUNT]; /* of the text of each set, in hexadecimal; NULL: not read */
};
/* All sets as one: the SHA-256 of the lines "SET SHA256\n", in the order of the sets. */
void reasons_sha256(const struct reasons *reasons, char out[SHA256_HEX_SIZE]);

const struct reason *reason_find(const struct reasons *reasons, enum reason_set set, const char *code);
/* ERR_INVALID naming the nearest code; field "reason". allowed narrows (may be empty). */
enum err reason_require(const struct reasons *reasons, enum reason_set set, const char *code,
			const char *const *allowed, size_t allowed_count, const struct reason **out,
			struct error *error) KYB_MUST_USE;
#define REASON_OTHER "other" /* what a restricted reason reads as outside */
/* What those outside read: the code, or REASON_OTHER for a restricted one. */
const char *reason_public_code(const struct reason *reason);
/* The reviewer's message, else the reason's own. Of a restricted one the text of "other" in its set, word for word, whatever
 * the message is (trust.md "Nothing outside"). */
const char *reason_public_message(const struct reasons *reasons, enum reason_set set, const struct reason *reason,
				  const char *message);
/* A text that a client reads, in that language where it is the very message of a reason that is open; NULL where it is not,
 * or the reason has none in it: then it stands as somebody wrote it. */
const char *reason_message_in(const struct reasons *reasons, const char *message, enum language language);
/* Whether a text in own words says something: at least ten characters beside blanks. */
#define REASON_TEXT_MIN 10
bool reason_text_is_long(const char *text);
/* Free text of reopen, waiver, verified_elsewhere, snooze: at least ten characters. does: completes "A viewer cannot …". */
enum err reason_text_check(const char *does, const char *text, struct error *error) KYB_MUST_USE;

#endif
