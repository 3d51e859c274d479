#include "fault/hostile.h"
#include "support/process.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void hostile_load(struct hostile *hostile)
{
	json_error_t error;
	json_t *item;
	size_t i;
	*hostile = (struct hostile){ 0 };
	json_t *root = json_load_file(KYB_SOURCE_DIR "/tests/corpus/hostile_text.json", 0, &error);
	cr_assert(root, "hostile_text.json:%d: %s", error.line, error.text);
	hostile->root = root;
	json_array_foreach(json_object_get(root, "valid"), i, item)
	{
		const json_t *text = json_object_get(item, "text");
		cr_assert(i < sizeof hostile->valid / sizeof *hostile->valid && json_is_string(text));
		hostile->valid[i] = (struct hostile_text){ .about = json_string_value(json_object_get(item, "about")),
							   .text = test_keep(strdup(json_string_value(text))),
							   .length = json_string_length(text) };
		hostile->valid_count++;
	}
	json_array_foreach(json_object_get(root, "invalid"), i, item)
	{
		const char *hex = json_string_value(json_object_get(item, "hex"));
		cr_assert(i < sizeof hostile->invalid / sizeof *hostile->invalid && hex);
		struct hostile_text *text = &hostile->invalid[hostile->invalid_count++];
		*text = (struct hostile_text){ .about = json_string_value(json_object_get(item, "about")),
					       .text = test_keep(calloc(strlen(hex) / 2 + 1, 1)) };
		for (; hex[2 * text->length]; text->length++) {
			const char digits[3] = { hex[2 * text->length], hex[2 * text->length + 1], '\0' };
			text->text[text->length] = (char)strtoul(digits, NULL, 16);
		}
	}
	cr_assert(hostile->valid_count > 30 && hostile->invalid_count > 5);
}

void hostile_release(struct hostile *hostile)
{
	json_decref(hostile->root);
}

/* The number of bytes of the character at `at`; 0: not valid UTF-8. */
static size_t character_at(const unsigned char *at, size_t length, uint32_t *out)
{
	size_t size = at[0] < 0x80 ? 1 : at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : at[0] >= 0xc0 ? 2 : 0;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	if (size == 0 || size > length)
		return 0;
	uint32_t character = size == 1 ? at[0] : at[0] & (0x7fu >> size);
	for (size_t i = 1; i < size; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		character = character << 6 | (at[i] & 0x3fu);
	}
	*out = character;
	bool surrogate = character >= 0xd800 && character <= 0xdfff;
	return character < least[size] || character > 0x10ffff || surrogate ? 0 : size;
}

static bool is_harmful(uint32_t character)
{
	static const struct {
		uint32_t first, last;
	} harmful[] = {
		{ 0x00, 0x09 },	       { 0x0b, 0x1f },	     { 0x7f, 0x9f },	   { 0xad, 0xad },
		{ 0x34f, 0x34f },      { 0x600, 0x605 },     { 0x61c, 0x61c },	   { 0x6dd, 0x6dd },
		{ 0x70f, 0x70f },      { 0x115f, 0x1160 },   { 0x17b4, 0x17b5 },   { 0x180b, 0x180f },
		{ 0x200b, 0x200f },    { 0x2028, 0x202e },   { 0x2060, 0x206f },   { 0x3164, 0x3164 },
		{ 0xd800, 0xf8ff },    { 0xfdd0, 0xfdef },   { 0xfe00, 0xfe0f },   { 0xfeff, 0xfeff },
		{ 0xffa0, 0xffa0 },    { 0xfff0, 0xfffb },   { 0xfffe, 0xffff },   { 0x110bd, 0x110bd },
		{ 0x13430, 0x13438 },  { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a }, { 0x1f3fb, 0x1f3ff },
		{ 0xe0000, 0x10ffff },
	};
	for (size_t i = 0; i < sizeof harmful / sizeof *harmful; i++)
		if (character >= harmful[i].first && character <= harmful[i].last)
			return true;
	return (character & 0xfffe) == 0xfffe;
}

static bool is_mark(uint32_t character)
{
	return (character >= 0x300 && character <= 0x36f) || (character >= 0x483 && character <= 0x489) ||
	       (character >= 0x20d0 && character <= 0x20f0);
}

static char *told(const char *what, const char *text, size_t at, size_t length)
{
	size_t from = at > 60 ? at - 60 : 0, until = at + 12 < length ? at + 12 : length;
	char shown[400];
	size_t used = 0;
	for (size_t i = from; i < until && used + 6 < sizeof shown; i++) {
		unsigned char byte = (unsigned char)text[i];
		if (byte >= 0x20 && byte < 0x7f)
			shown[used++] = (char)byte;
		else
			used += (size_t)snprintf(shown + used, 6, "\\x%02x", byte);
	}
	shown[used] = '\0';
	return test_text("%s at byte %zu: %s", what, at, shown);
}

char *harm_in(const char *text, size_t length, bool ascii)
{
	unsigned marks = 0;
	for (size_t at = 0; at < length;) {
		uint32_t character = 0;
		size_t size = character_at((const unsigned char *)text + at, length - at, &character);
		char what[64];
		if (size == 0)
			return told("no UTF-8", text, at, length);
		(void)snprintf(what, sizeof what, "U+%04X", (unsigned)character);
		if (is_harmful(character) || (ascii && character > 0x7e))
			return told(what, text, at, length);
		marks = is_mark(character) ? marks + 1 : 0;
		if (marks > 4)
			return told("a fifth mark on one letter", text, at, length);
		at += size;
	}
	return NULL;
}

static bool is_number(const char *text, size_t length)
{
	size_t digits = 0;
	for (size_t i = 1; i < length; i++) {
		if ((text[i] < '0' || text[i] > '9') && text[i] != '.')
			return false;
		digits++;
	}
	return digits > 0 && text[0] == '-';
}

static bool begins_formula(const char *cell, size_t length)
{
	static const char *const wide[] = { "＝", "＋", "－", "＠" };
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		if (length >= strlen(wide[i]) && memcmp(cell, wide[i], strlen(wide[i])) == 0)
			return true;
	return length && strchr("=+-@\t\r", cell[0]) && !is_number(cell, length);
}

char *formula_in(const char *csv, size_t length)
{
	for (size_t at = 0; at < length;) {
		bool quoted = csv[at] == '"';
		size_t from = at + quoted, until = from;
		while (until < length) {
			if (quoted && csv[until] == '"') {
				if (until + 1 < length && csv[until + 1] == '"')
					until++;
				else
					break;
			} else if (!quoted && (csv[until] == ',' || csv[until] == '\n' || csv[until] == '\r')) {
				break;
			}
			until++;
		}
		if (begins_formula(csv + from, until - from))
			return test_keep(strndup(csv + from, until - from));
		at = until + quoted;
		while (at < length && csv[at] != ',' && csv[at] != '\n')
			at++;
		at++;
	}
	return NULL;
}
