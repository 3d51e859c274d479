#include "yaml.h"

#include <string.h>

#define LINE_MAX_BYTES 100

/* Words that are something else than text in one version of YAML or another. */
static bool is_reserved(const char *text)
{
	static const char *const words[] = { "true", "false", "null", "yes", "no", "on", "off", "y", "n", "~" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!strcmp(words[i], text))
			return true;
	}
	return false;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_plain(const char *text)
{
	if (!is_letter(*text) || is_reserved(text))
		return false;
	for (; *text; text++) {
		bool inside = *text == '-' || (*text == ':' && is_letter(text[1]));

		if (!is_letter(*text) && !(*text >= '0' && *text <= '9') && !inside)
			return false;
	}
	return true;
}

/* A key of a path is plain, too: "/kyc/sessions/{session_id}" begins with a slash, and holds no ": ". */
static void add_text(struct strbuf *out, const char *text, bool key)
{
	struct json_value *value;

	if (is_plain(text) || (key && *text == '/')) {
		strbuf_adds(out, text);
		return;
	}
	value = json_new_string(text);
	json_write(out, value, JSON_COMPACT_LAYOUT, false);
	json_free(value);
}

static void add_flow(struct strbuf *out, const struct json_value *value)
{
	bool object = json_is_object(value);
	size_t count = object || json_is_array(value) ? json_count(value) : 0;

	if (!object && !json_is_array(value)) {
		if (json_text(value))
			add_text(out, json_text(value), false);
		else
			json_write(out, value, JSON_COMPACT_LAYOUT, false);
		return;
	}
	strbuf_adds(out, !count ? (object ? "{}" : "[]") : object ? "{ " : "[");
	const char *key = json_first_key(value);
	for (size_t i = 0; i < count; i++, key = json_next_key(value, key)) {
		strbuf_adds(out, i ? ", " : "");
		if (object) {
			add_text(out, key, false);
			strbuf_adds(out, ": ");
			add_flow(out, json_get(value, key));
		} else {
			add_flow(out, json_at(value, i));
		}
	}
	strbuf_adds(out, !count ? "" : object ? " }" : "]");
}

static void add_block(struct strbuf *out, const struct json_value *value, size_t depth);

static bool is_short(const struct json_value *value, size_t depth)
{
	struct strbuf text = STRBUF_INIT;
	bool fits;

	add_flow(&text, value);
	fits = text.len + 2 * depth <= LINE_MAX_BYTES;
	strbuf_release(&text);
	return fits;
}

/* Methods, schemas and paths are always blocks: who looks for one finds it at the beginning of a line. */
static bool is_block(const struct json_value *value, size_t depth)
{
	bool holder = json_is_object(value) || json_is_array(value);

	return holder && json_count(value) && (depth < 3 || !is_short(value, depth));
}

static void add_indent(struct strbuf *out, size_t depth)
{
	for (size_t i = 0; i < depth; i++)
		strbuf_adds(out, "  ");
}

static void add_item(struct strbuf *out, const struct json_value *item, size_t depth)
{
	add_indent(out, depth);
	strbuf_adds(out, "- ");
	if (is_block(item, depth + 1) && json_is_object(item)) {
		struct strbuf inner = STRBUF_INIT;

		/* The first member stands behind the dash. */
		add_block(&inner, item, depth + 1);
		strbuf_adds(out, inner.buf + 2 * (depth + 1));
		strbuf_release(&inner);
	} else {
		add_flow(out, item);
		strbuf_addch(out, '\n');
	}
}

static void add_block(struct strbuf *out, const struct json_value *value, size_t depth)
{
	for (size_t i = 0; json_is_array(value) && i < json_count(value); i++)
		add_item(out, json_at(value, i), depth);
	for (const char *key = json_first_key(value); key; key = json_next_key(value, key)) {
		const struct json_value *item = json_get(value, key);

		add_indent(out, depth);
		add_text(out, key, true);
		strbuf_addch(out, ':');
		if (is_block(item, depth + 1)) {
			strbuf_addch(out, '\n');
			add_block(out, item, depth + 1);
		} else {
			strbuf_addch(out, ' ');
			add_flow(out, item);
			strbuf_addch(out, '\n');
		}
	}
}

void yaml_write(struct strbuf *out, const struct json_value *object)
{
	add_block(out, object, 0);
}
