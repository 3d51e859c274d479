/* Reasons: lookup, checks, and the text that clients may read. */
#include "kybdesk/domain/reason.h"
#include "kybdesk/base/text.h"

#include <stdlib.h>
#include <string.h>

const struct reason *reason_find(const struct reasons *reasons, enum reason_set set, const char *code)
{
	return ITEM_WITH_TEXT(reasons->items[set], reasons->counts[set], code, code);
}

void reasons_sha256(const struct reasons *reasons, char out[SHA256_HEX_SIZE])
{
	struct strbuf lines = STRBUF_INIT;
	uint8_t hash[SHA256_SIZE];

	for (int set = 0; set < REASON_SET_COUNT; set++)
		strbuf_addf(&lines, "%s %s\n", reason_set_text((enum reason_set)set),
			    reasons->sha256[set] ? reasons->sha256[set] : "");
	sha256_hash(lines.buf, lines.len, hash);
	hex_encode(hash, sizeof hash, out);
	strbuf_release(&lines);
}

static bool is_code_allowed(const char *code, const char *const *allowed, size_t allowed_count)
{
	return !allowed_count || texts_contain(allowed, allowed_count, code);
}

enum err reason_require(const struct reasons *reasons, enum reason_set set, const char *code,
			const char *const *allowed, size_t allowed_count, const struct reason **out,
			struct error *error)
{
	const struct reason *reason = reason_find(reasons, set, code);
	struct strbuf list = STRBUF_INIT;
	const char *nearest;
	const char **words;
	size_t count = 0;
	enum err err;

	if (reason && is_code_allowed(code, allowed, allowed_count)) {
		*out = reason;
		return ERR_OK;
	}
	words = xcalloc(reasons->counts[set] + 1, sizeof *words);
	for (size_t i = 0; i < reasons->counts[set]; i++) {
		const char *word = reasons->items[set][i].code;

		if (!is_code_allowed(word, allowed, allowed_count))
			continue;
		words[count++] = word;
		strbuf_addf(&list, "%s%s", list.len ? ", " : "", word);
	}
	nearest = *code ? text_find_nearest(code, words, count) : NULL;
	if (reason)
		err = error_invalid(error, "reason",
				    "The reason \"%s\" is not used in this workflow; choose one of: %s", code,
				    list.buf);
	else if (!*code)
		err = error_invalid(error, "reason", "A %s reason is needed; choose one of: %s", reason_set_text(set),
				    list.buf);
	else if (nearest)
		err = error_invalid(error, "reason", "Unknown %s reason \"%s\"; did you mean %s?", reason_set_text(set),
				    code, nearest);
	else
		err = error_invalid(error, "reason", "Unknown %s reason \"%s\"; choose one of: %s",
				    reason_set_text(set), code, list.buf);
	free(words);
	strbuf_release(&list);
	return err;
}

bool reason_is_restricted(const struct reasons *reasons, const char *code)
{
	const struct reason *reason = reason_find(reasons, REASONS_SESSION, code);

	return *code && (!reason || reason->disclosure == DISCLOSURE_RESTRICTED);
}

const char *reason_public_code(const struct reason *reason)
{
	return reason->disclosure == DISCLOSURE_RESTRICTED ? REASON_OTHER : reason->code;
}

const char *reason_public_message(const struct reasons *reasons, enum reason_set set, const struct reason *reason,
				  const char *message)
{
	const struct reason *other;

	if (reason->disclosure == DISCLOSURE_OPEN)
		return *message ? message : reason->message;
	/* Returns exactly the text of "other", without the message: even the length must reveal nothing. */
	other = reason_find(reasons, set, REASON_OTHER);
	return other ? other->message : "";
}

const char *reason_message_in_language(const struct reasons *reasons, const char *message, enum language language)
{
	for (int set = 0; set < REASON_SET_COUNT; set++) {
		for (size_t i = 0; i < reasons->counts[set]; i++) {
			const struct reason *reason = &reasons->items[set][i];

			if (reason->disclosure != DISCLOSURE_OPEN || !*reason->message ||
			    strcmp(reason->message, message))
				continue;
			return language == LANGUAGE_EN ? reason->message : reason->messages[language];
		}
	}
	return NULL;
}

static bool is_blank(const char *c)
{
	return *c == ' ' || *c == '\t' || *c == '\n' || *c == '\r' || *c == '\v' || *c == '\f';
}

/* Number of different letters and digits, counted up to REASON_LETTERS_MIN. */
static size_t count_distinct(const char *text, size_t length)
{
	const char *seen[REASON_LETTERS_MIN];
	size_t count = 0, bytes, widths[REASON_LETTERS_MIN];

	for (size_t at = 0; at < length && count < REASON_LETTERS_MIN; at += bytes) {
		enum text_class class = text_class_at(text + at, length - at, &bytes);
		bool is_new = class == TEXT_LETTER || class == TEXT_DIGIT;

		for (size_t i = 0; is_new && i < count; i++)
			is_new = widths[i] != bytes || memcmp(seen[i], text + at, bytes) != 0;
		if (!is_new)
			continue;
		seen[count] = text + at;
		widths[count++] = bytes;
	}
	return count;
}

bool reason_text_is_long_enough(const char *text)
{
	const char *end = text + strlen(text);
	size_t characters = 0;

	while (is_blank(text))
		text++;
	while (end > text && is_blank(end - 1))
		end--;
	for (const char *c = text; c < end; c++)
		characters += ((unsigned char)*c & 0xC0) != 0x80;
	return characters >= REASON_TEXT_MIN && count_distinct(text, (size_t)(end - text)) >= REASON_LETTERS_MIN;
}

/* Whether the folded token counts as a word. */
static bool is_word(const char *token, size_t length)
{
	size_t digits = strspn(token, "0123456789"), ascii = 0;

	while (ascii < length && (unsigned char)token[ascii] < 0x80)
		ascii++;
	/* In a script without spaces a character of three bytes is a word. */
	return digits < length && (length > 2 || ascii == 2);
}

size_t reason_count_words(const char *text, size_t most)
{
	struct strbuf tokens = STRBUF_INIT;
	struct arena arena = ARENA_INIT;
	const char **words = arena_alloc_array(&arena, most + 1, sizeof *words);
	size_t count = 0;

	text_add_tokens(&tokens, text, strlen(text));
	for (const char *at = tokens.len ? tokens.buf : ""; *at && count < most;) {
		size_t length = strcspn(at, " ");
		const char *word = arena_strndup(&arena, at, length);

		if (is_word(word, length) && !texts_contain(words, count, word))
			words[count++] = word;
		at += length + strspn(at + length, " ");
	}
	strbuf_release(&tokens);
	arena_release(&arena);
	return count;
}

enum err reason_text_check(const char *does, const char *text, struct error *error)
{
	if (reason_text_is_long_enough(text))
		return ERR_OK;
	return error_invalid(error, "reason", "To %s, give a reason of at least %d characters in your own words", does,
			     REASON_TEXT_MIN);
}
