/* Reasons (data/reasons): code, label, message template for the client, default for retryable, disclosure.
 * Outsiders see a restricted reason as "other". A restricted reason has no free message and is not retryable. */
#ifndef KYBDESK_DOMAIN_REASON_H
#define KYBDESK_DOMAIN_REASON_H

#include "kybdesk/base/digest.h"
#include "kybdesk/domain/types.h"

#define REASON_SET_WORDS(X)                                                                                            \
	X(REASONS_SESSION, "session")                                                                                  \
	X(REASONS_DOCUMENT, "document")                                                                                \
	X(REASONS_HIT, "hit")
#define REASON_SET_COUNT WORDS_COUNT(REASON_SET_WORDS)
WORDS_DECLARE(reason_set, REASON_SET_WORDS);

/* Languages of a reason's message; reviewers read English. */
#define LANGUAGE_WORDS(X)                                                                                              \
	X(LANGUAGE_EN, "en")                                                                                           \
	X(LANGUAGE_DE, "de")                                                                                           \
	X(LANGUAGE_ES, "es")                                                                                           \
	X(LANGUAGE_PT, "pt")
#define LANGUAGE_COUNT WORDS_COUNT(LANGUAGE_WORDS)
WORDS_DECLARE(language, LANGUAGE_WORDS);

struct reason {
	const char *code, *label, *message;
	bool retryable;
	enum disclosure disclosure;
	const char *messages[LANGUAGE_COUNT]; /* `message` in other languages; NULL: none */
};
struct reasons {
	struct reason *items[REASON_SET_COUNT];
	size_t counts[REASON_SET_COUNT];
	const char *sha256[REASON_SET_COUNT]; /* hash of the text of each set, in hexadecimal; NULL: not read */
};
/* One hash of all sets: the SHA-256 of the lines "SET SHA256\n", in the order of the sets. */
void reasons_sha256(const struct reasons *reasons, char out[SHA256_HEX_SIZE]);

const struct reason *reason_find(const struct reasons *reasons, enum reason_set set, const char *code);
/* ERR_INVALID, field "reason": an unknown code; the error names the nearest. If `allowed` is not empty, only
 * its codes are valid. */
enum err reason_require(const struct reasons *reasons, enum reason_set set, const char *code,
			const char *const *allowed, size_t allowed_count, const struct reason **out,
			struct error *error);
/* Whether the reason of a rejection is hidden from the client. False for ""; true for an unknown code, since it may
 * have been restricted. */
bool reason_is_restricted(const struct reasons *reasons, const char *code);
#define REASON_OTHER "other" /* public code of a restricted reason */
/* The code for outsiders: the reason's code, or REASON_OTHER if the reason is restricted. */
const char *reason_public_code(const struct reason *reason);
/* The message for outsiders: the reviewer's message, else the reason's. For a restricted reason: always the fixed
 * text of "other" in the same set. */
const char *reason_public_message(const struct reasons *reasons, enum reason_set set, const struct reason *reason,
				  const char *message);
/* Translates a message to the client if it is exactly the message of an unrestricted reason with a text in that
 * language. NULL: the caller uses the message as written. */
const char *reason_message_in_language(const struct reasons *reasons, const char *message, enum language language);
#define REASON_TEXT_MIN 10
#define REASON_LETTERS_MIN 4
/* Whether a free text has at least REASON_TEXT_MIN characters (without blanks at its ends) and REASON_LETTERS_MIN
 * different letters or digits, so that one repeated letter is not a reason. */
bool reason_text_is_long_enough(const char *text);
/* Counts the different words of a text, up to `most`. Numbers, single letters and repeated words do not count. In a
 * script without spaces each character is a word (text_add_tokens()). */
size_t reason_count_words(const char *text, size_t most);
/* Checks the free text of reopen, waiver, verified_elsewhere or snooze with reason_text_is_long_enough(). does: the
 * verb for the message "To …, give a reason". ERR_INVALID, field "reason". */
enum err reason_text_check(const char *does, const char *text, struct error *error);

#endif
