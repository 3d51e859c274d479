/* Writes values as JSON text. Unlike jansson's own writer, escapes characters that control a terminal, and keeps
 * the short form of numbers (0.83, not 0.82999999999999996). */
#include "jansson_bridge.h"
#include "kybdesk/base/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARKS_PER_BASE_MAX 4
#define STACK_MEMBERS_MAX 32

struct encoder {
	struct strbuf *out;
	struct strbuf probe; /* how text_display() shows a character */
	const struct json_style *style;
};

static void put_utf16_unit(struct strbuf *out, uint32_t unit)
{
	strbuf_addf(out, "\\u%04x", (unsigned)unit);
}

static void put_unicode_escape(struct strbuf *out, uint32_t point)
{
	if (point >= 0x10000) {
		put_utf16_unit(out, 0xd800 + ((point - 0x10000) >> 10));
		put_utf16_unit(out, 0xdc00 + ((point - 0x10000) & 0x3ff));
	} else {
		put_utf16_unit(out, point);
	}
}

static void put_ascii(struct strbuf *out, char c)
{
	static const char escaped[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
	const char *at = c ? strchr(escaped, c) : NULL;
	if (at) {
		strbuf_addch(out, '\\');
		strbuf_addch(out, letters[at - escaped]);
	} else if ((unsigned char)c < 0x20 || c == 0x7f) {
		put_utf16_unit(out, (unsigned char)c);
	} else {
		strbuf_addch(out, c);
	}
}

/* The text is valid UTF-8, so the first byte determines the length. */
static size_t utf8_length(const char *at)
{
	unsigned char first = (unsigned char)*at;
	return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

static uint32_t decode_utf8(const char *at, size_t length)
{
	if (length == 1)
		return (unsigned char)*at;
	uint32_t point = (unsigned char)*at & (0xffu >> (length + 1));
	for (size_t i = 1; i < length; i++)
		point = point << 6 | ((unsigned char)at[i] & 0x3f);
	return point;
}

static bool is_shown_unchanged(struct encoder *encoder, const char *text, size_t length)
{
	strbuf_reset(&encoder->probe);
	text_display(&encoder->probe, text, length, TEXT_UTF8);
	return encoder->probe.len == length && memcmp(encoder->probe.buf, text, length) == 0;
}

static bool is_ascii(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] >= 0x80)
			return false;
	return true;
}

enum display_form { SHOWN_BASE, SHOWN_COMBINING, SHOWN_REPLACED };

/* text_display() decides whether a character is safe: first alone, then as a combining mark on a base letter. */
static enum display_form classify_character(struct encoder *encoder, const char *at, size_t length)
{
	char on_base[5] = { 'a' };
	if (is_shown_unchanged(encoder, at, length))
		return SHOWN_BASE;
	memcpy(on_base + 1, at, length);
	return is_shown_unchanged(encoder, on_base, length + 1) ? SHOWN_COMBINING : SHOWN_REPLACED;
}

static void put_display_safe(struct encoder *encoder, const char *text, size_t length)
{
	/* A combining mark at the start of the text is escaped, because it would combine with the opening quote. */
	size_t marks = MARKS_PER_BASE_MAX;
	for (size_t at = 0; at < length;) {
		size_t bytes = utf8_length(text + at);
		if (bytes == 1) {
			put_ascii(encoder->out, text[at]);
			marks = (unsigned char)text[at] < 0x20 ? MARKS_PER_BASE_MAX : 0;
		} else {
			enum display_form display_form = classify_character(encoder, text + at, bytes);
			if (display_form == SHOWN_REPLACED ||
			    (display_form == SHOWN_COMBINING && marks >= MARKS_PER_BASE_MAX)) {
				put_unicode_escape(encoder->out, decode_utf8(text + at, bytes));
				if (display_form == SHOWN_REPLACED)
					marks = MARKS_PER_BASE_MAX;
			} else {
				strbuf_add(encoder->out, text + at, bytes);
				marks = display_form == SHOWN_COMBINING ? marks + 1 : 0;
			}
		}
		at += bytes;
	}
}

static bool needs_escape(char c)
{
	return (unsigned char)c < 0x20 || c == '"' || c == '\\' || c == 0x7f;
}

/* Copies whole runs, because most text has nothing to escape. */
static void put_escaped_text(struct strbuf *out, const char *text, size_t length)
{
	for (size_t at = 0; at < length;) {
		size_t start = at;
		while (at < length && !needs_escape(text[at]))
			at++;
		strbuf_add(out, text + start, at - start);
		if (at < length)
			put_ascii(out, text[at++]);
	}
}

static void put_string(struct encoder *encoder, const char *text, size_t length)
{
	strbuf_addch(encoder->out, '"');
	if (encoder->style->escapes_unsafe_text && !is_ascii(text, length) &&
	    !is_shown_unchanged(encoder, text, length)) {
		put_display_safe(encoder, text, length);
	} else {
		put_escaped_text(encoder->out, text, length);
	}
	strbuf_addch(encoder->out, '"');
}

/* The shortest form that reads back as the same number; a locale's decimal comma becomes a point. */
static void put_real(struct strbuf *out, double value)
{
	char text[64];
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof text, "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			break;
	}
	bool is_real = false, in_point = false;
	for (const char *at = text; *at; at++) {
		bool plain = strchr("0123456789+-e", *at) != NULL;
		if (plain)
			strbuf_addch(out, *at);
		else if (!in_point)
			strbuf_addch(out, '.');
		in_point = !plain;
		is_real = is_real || !plain || *at == 'e';
	}
	if (!is_real)
		strbuf_adds(out, ".0");
}

static void put_line_break(struct encoder *encoder, size_t depth)
{
	if (!encoder->style->is_indented)
		return;
	strbuf_addch(encoder->out, '\n');
	strbuf_addn(encoder->out, ' ', depth * 2);
}

static void put_value(struct encoder *encoder, const json_t *value, size_t depth);

static void put_array(struct encoder *encoder, const json_t *array, size_t depth)
{
	size_t count = json_array_size(array);
	strbuf_addch(encoder->out, '[');
	for (size_t i = 0; i < count; i++) {
		if (i)
			strbuf_addch(encoder->out, ',');
		put_line_break(encoder, depth + 1);
		put_value(encoder, json_array_get(array, i), depth + 1);
	}
	if (count)
		put_line_break(encoder, depth);
	strbuf_addch(encoder->out, ']');
}

struct member {
	const char *key;
	const json_t *value;
};

static int compare_members(const void *a, const void *b)
{
	return strcmp(((const struct member *)a)->key, ((const struct member *)b)->key);
}

static void put_object(struct encoder *encoder, const json_t *object, size_t depth)
{
	struct member few[STACK_MEMBERS_MAX], *members = few;
	json_t *source = (json_t *)object;
	size_t count = json_object_size(object), at = 0;
	if (count > STACK_MEMBERS_MAX)
		members = xcalloc(count, sizeof *members);
	for (void *i = json_object_iter(source); i; i = json_object_iter_next(source, i))
		members[at++] = (struct member){ json_object_iter_key(i), json_object_iter_value(i) };
	if (encoder->style->sort_keys && count > 1)
		qsort(members, count, sizeof *members, compare_members);
	strbuf_addch(encoder->out, '{');
	for (at = 0; at < count; at++) {
		if (at)
			strbuf_addch(encoder->out, ',');
		put_line_break(encoder, depth + 1);
		put_string(encoder, members[at].key, strlen(members[at].key));
		strbuf_adds(encoder->out, encoder->style->is_indented ? ": " : ":");
		put_value(encoder, members[at].value, depth + 1);
	}
	if (count)
		put_line_break(encoder, depth);
	strbuf_addch(encoder->out, '}');
	if (members != few)
		free(members);
}

static void put_value(struct encoder *encoder, const json_t *value, size_t depth)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		put_object(encoder, value, depth);
		return;
	case JSON_ARRAY:
		put_array(encoder, value, depth);
		return;
	case JSON_STRING:
		if (json_string_value(value)[0] == JSON_NUMBER_MARK) {
			strbuf_adds(encoder->out, json_string_value(value) + 1);
			return;
		}
		put_string(encoder, json_string_value(value), json_string_length(value));
		return;
	case JSON_INTEGER:
		strbuf_addf(encoder->out, "%lld", (long long)json_integer_value(value));
		return;
	case JSON_REAL:
		put_real(encoder->out, json_real_value(value));
		return;
	case JSON_TRUE:
		strbuf_adds(encoder->out, "true");
		return;
	case JSON_FALSE:
		strbuf_adds(encoder->out, "false");
		return;
	case JSON_NULL:
		strbuf_adds(encoder->out, "null");
		return;
	}
}

void json_encode(struct strbuf *out, const json_t *value, const struct json_style *style)
{
	struct encoder encoder = { .out = out, .probe = STRBUF_INIT, .style = style };
	put_value(&encoder, value, 0);
	strbuf_release(&encoder.probe);
}

char *json_compact_text(struct arena *arena, const json_t *value)
{
	static const struct json_style kept = { .is_indented = false };
	struct strbuf text = STRBUF_INIT;
	json_encode(&text, value, &kept);
	return strbuf_finish(&text, arena);
}

static const struct json_style safe = { .escapes_unsafe_text = true };

struct json_line json_line_begin(struct strbuf *out)
{
	return (struct json_line){ .out = out, .probe = STRBUF_INIT };
}

void json_line_add_key(struct json_line *line, const char *word)
{
	strbuf_add(line->out, line->begun ? ",\"" : "{\"", 2);
	strbuf_adds(line->out, word);
	strbuf_add(line->out, "\":", 2);
	line->begun = true;
}

void json_line_add_text(struct json_line *line, const char *text)
{
	struct encoder encoder = { .out = line->out, .probe = line->probe, .style = &safe };
	size_t length = strlen(text);
	if (is_ascii(text, length) || text_is_valid(text, length)) {
		put_string(&encoder, text, length);
	} else {
		struct strbuf repaired = STRBUF_INIT;
		json_repair(&repaired, text, length);
		put_string(&encoder, repaired.buf, repaired.len);
		strbuf_release(&repaired);
	}
	line->probe = encoder.probe;
}

void json_line_add_int(struct json_line *line, int64_t value)
{
	char digits[24], *at = digits + sizeof digits;
	uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
	do {
		*--at = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (value < 0)
		*--at = '-';
	strbuf_add(line->out, at, (size_t)(digits + sizeof digits - at));
}

void json_line_add_null(struct json_line *line)
{
	strbuf_add(line->out, "null", 4);
}

void json_line_end(struct json_line *line)
{
	strbuf_add(line->out, line->begun ? "}\n" : "{}\n", line->begun ? 2 : 3);
	strbuf_release(&line->probe);
}
