#include "flat_json.h"

#include <string.h>

void flat_add_text(struct strbuf *out, const char *text)
{
	strbuf_addch(out, '"');
	for (const char *at = text; *at; at++) {
		unsigned char c = (unsigned char)*at;
		if (c == '"' || c == '\\') {
			strbuf_addch(out, '\\');
			strbuf_addch(out, *at);
		} else if (c < 0x20 || c == 0x7f) {
			strbuf_addf(out, "\\u%04x", c);
		} else {
			strbuf_addch(out, *at);
		}
	}
	strbuf_addch(out, '"');
}

void flat_add_list(struct strbuf *out, const char *const *items, size_t count)
{
	strbuf_addch(out, '[');
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			strbuf_addch(out, ',');
		flat_add_text(out, items[i]);
	}
	strbuf_addch(out, ']');
}

static const char *skip_space(const char *at)
{
	return at + strspn(at, " \t\r\n");
}

static void add_character(struct strbuf *out, unsigned code)
{
	if (code < 0x80) {
		strbuf_addch(out, (char)code);
	} else if (code < 0x800) {
		strbuf_addch(out, (char)(0xc0 | (code >> 6)));
		strbuf_addch(out, (char)(0x80 | (code & 0x3f)));
	} else {
		strbuf_addch(out, (char)(0xe0 | (code >> 12)));
		strbuf_addch(out, (char)(0x80 | ((code >> 6) & 0x3f)));
		strbuf_addch(out, (char)(0x80 | (code & 0x3f)));
	}
}

/* Reads four hex digits of one character. The store never writes surrogates, so they are refused. */
static bool read_hex_code(const char *at, unsigned *code)
{
	static const char digits[] = "0123456789abcdef";
	*code = 0;
	for (size_t i = 0; i < 4; i++) {
		char c = at[i];
		if (c >= 'A' && c <= 'F')
			c = (char)(c + ('a' - 'A'));
		const char *digit = c ? strchr(digits, c) : NULL;
		if (!digit)
			return false;
		*code = *code * 16 + (unsigned)(digit - digits);
	}
	return *code > 0 && (*code < 0xd800 || *code > 0xdfff);
}

/* Reads a string from its opening quote; returns the rest after it, or NULL. */
static const char *read_string(const char *at, struct strbuf *out)
{
	static const char escapes[] = "\"\\/bfnrt";
	static const char meant[] = "\"\\/\b\f\n\r\t";
	strbuf_reset(out);
	if (*at++ != '"')
		return NULL;
	while (*at && *at != '"') {
		if (*at != '\\') {
			strbuf_addch(out, *at++);
			continue;
		}
		at++;
		const char *escape = *at ? strchr(escapes, *at) : NULL;
		unsigned code;
		if (escape) {
			strbuf_addch(out, meant[escape - escapes]);
			at++;
		} else if (*at == 'u' && read_hex_code(at + 1, &code)) {
			add_character(out, code);
			at += 5;
		} else {
			return NULL;
		}
	}
	return *at == '"' ? at + 1 : NULL;
}

bool flat_read_list(struct arena *arena, const char *json, const char ***items, size_t *count)
{
	struct strbuf text = STRBUF_INIT;
	size_t capacity = 0;
	bool sound = false;
	const char *at = skip_space(json);
	*items = NULL;
	*count = 0;
	if (*at != '[')
		return false;
	at = skip_space(at + 1);
	while (*at != ']') {
		at = read_string(at, &text);
		if (!at)
			goto out;
		*ARENA_PUSH(arena, *items, *count, capacity) = strbuf_to_arena(&text, arena);
		at = skip_space(at);
		if (*at == ',')
			at = skip_space(at + 1);
		else if (*at != ']')
			goto out;
	}
	sound = *skip_space(at + 1) == '\0';
out:
	strbuf_release(&text);
	return sound;
}

/* Returns the text after a list or an object, which may be nested; NULL if it has no end. */
static const char *skip_nested(const char *at, struct strbuf *scratch)
{
	size_t depth = 0;
	do {
		if (*at == '"') {
			at = read_string(at, scratch);
			if (!at)
				return NULL;
			continue;
		}
		if (*at == '[' || *at == '{')
			depth++;
		else if (*at == ']' || *at == '}')
			depth--;
		else if (!*at)
			return NULL;
		at++;
	} while (depth);
	return at;
}

const char *flat_read_member(struct arena *arena, const char *json, const char *key)
{
	struct strbuf text = STRBUF_INIT;
	const char *found = NULL;
	const char *at = skip_space(json);
	if (*at != '{')
		return NULL;
	at = skip_space(at + 1);
	while (*at == '"') {
		at = read_string(at, &text);
		if (!at)
			break;
		bool wanted = strcmp(text.buf, key) == 0;
		at = skip_space(at);
		if (*at != ':')
			break;
		at = skip_space(at + 1);
		if (*at == '"') {
			at = read_string(at, &text);
			if (!at)
				break;
		} else if (*at == '[' || *at == '{') {
			at = skip_nested(at, &text);
			if (!at || wanted)
				break;
		} else {
			size_t length = strcspn(at, ",} \t\r\n");
			strbuf_reset(&text);
			strbuf_add(&text, at, length);
			at += length;
		}
		if (wanted) {
			found = strbuf_to_arena(&text, arena);
			break;
		}
		at = skip_space(at);
		if (*at != ',')
			break;
		at = skip_space(at + 1);
	}
	strbuf_release(&text);
	return found;
}
