#include "json_scan.h"
#include "jansson_bridge.h"

#include <string.h>

struct json_scan json_scan_start(struct arena *arena, const char *text, size_t length)
{
	return (struct json_scan){ .arena = arena, .text = text, .length = length, .line = 1 };
}

/* Skips whitespace and separators between values. */
static void skip_separators(struct json_scan *scan)
{
	for (; scan->at < scan->length; scan->at++) {
		char c = scan->text[scan->at];
		if (c == '\n')
			scan->line++;
		else if (c != ' ' && c != '\t' && c != '\r' && c != ',' && c != ':')
			return;
	}
}

static bool is_member_name(const struct json_scan *scan)
{
	size_t at = scan->at;
	while (at < scan->length &&
	       (scan->text[at] == ' ' || scan->text[at] == '\t' || scan->text[at] == '\r' || scan->text[at] == '\n'))
		at++;
	return at < scan->length && scan->text[at] == ':';
}

static const char *read_string(struct json_scan *scan)
{
	size_t from = scan->at++;
	while (scan->at < scan->length && scan->text[scan->at] != '"')
		scan->at += scan->text[scan->at] == '\\' ? 2 : 1;
	scan->at = scan->at < scan->length ? scan->at + 1 : scan->length;
	json_t *value = json_loadb(scan->text + from, scan->at - from, JSON_DECODE_ANY, NULL);
	const char *text = arena_strdup(scan->arena, json_string_value(value));
	json_decref(value);
	return text;
}

struct json_token json_scan_next(struct json_scan *scan)
{
	skip_separators(scan);
	struct json_token spot = { .kind = JSON_TOKEN_SCALAR, .line = scan->line, .text = "" };
	size_t from;
	if (scan->at >= scan->length) {
		spot.kind = JSON_TOKEN_END;
		return spot;
	}
	switch (scan->text[scan->at]) {
	case '{':
	case '[':
		spot.kind = JSON_TOKEN_OPEN;
		scan->at++;
		scan->depth++;
		break;
	case '}':
	case ']':
		spot.kind = JSON_TOKEN_CLOSE;
		scan->at++;
		scan->depth--;
		break;
	case '"':
		spot.text = read_string(scan);
		spot.kind = is_member_name(scan) ? JSON_TOKEN_NAME : JSON_TOKEN_STRING;
		break;
	default:
		from = scan->at;
		while (scan->at < scan->length && !strchr(" \t\r\n,:{}[]\"", scan->text[scan->at]))
			scan->at++;
		spot.text = arena_strndup(scan->arena, scan->text + from, scan->at - from);
	}
	return spot;
}

void json_skip_value(struct json_scan *scan, const struct json_token *first)
{
	size_t depth = scan->depth;
	if (first->kind != JSON_TOKEN_OPEN)
		return;
	while (scan->depth >= depth && json_scan_next(scan).kind != JSON_TOKEN_END)
		;
}

/* State of the search for a path. */
struct path_search {
	struct json_scan scan;
	struct strbuf path;
	const char *wanted_path;
	unsigned line;
	struct json_token found; /* the value at the path; JSON_TOKEN_END: not found */
};

static bool is_path_prefix(const struct path_search *search)
{
	size_t length = search->path.len;
	if (strncmp(search->path.buf, search->wanted_path, length) != 0)
		return false;
	return search->wanted_path[length] == '\0' || search->wanted_path[length] == '.' ||
	       search->wanted_path[length] == '[';
}

/* Searches one value. Recursive: json_parse() has limited the depth. */
static void search_value(struct path_search *search)
{
	const struct json_token value = json_scan_next(&search->scan);
	size_t depth = search->scan.depth, at = search->path.len, index = 0;
	if (!strcmp(search->path.buf, search->wanted_path))
		search->found = value;
	if (value.kind != JSON_TOKEN_OPEN)
		return;
	while (search->scan.depth >= depth) {
		struct json_scan before = search->scan;
		const struct json_token spot = json_scan_next(&search->scan);
		if (spot.kind == JSON_TOKEN_CLOSE || spot.kind == JSON_TOKEN_END)
			return;
		if (spot.kind == JSON_TOKEN_NAME)
			strbuf_addf(&search->path, "%s%s", at ? "." : "", spot.text);
		else
			strbuf_addf(&search->path, "[%zu]", index++);
		if (spot.kind != JSON_TOKEN_NAME)
			search->scan = before;
		/* A name with "." or "[" is never part of a path: a member named "a.b" differs from the member b of
		 * a. */
		if (is_path_prefix(search) && !(spot.kind == JSON_TOKEN_NAME && strpbrk(spot.text, ".["))) {
			search->line = spot.line;
			search_value(search);
		} else {
			const struct json_token other = json_scan_next(&search->scan);
			json_skip_value(&search->scan, &other);
		}
		strbuf_truncate(&search->path, at);
	}
}

static struct path_search search_path(struct arena *arena, const char *text, size_t length, const char *path)
{
	struct path_search search = { .scan = json_scan_start(arena, text, length),
				      .path = STRBUF_INIT,
				      .wanted_path = path,
				      .line = 1,
				      .found = { .kind = JSON_TOKEN_END, .text = "" } };
	search_value(&search);
	strbuf_release(&search.path);
	return search;
}

unsigned json_line_of(struct arena *arena, const char *text, size_t length, const char *path)
{
	return search_path(arena, text, length, path).line;
}

const char *json_number_text(struct arena *arena, const char *text, size_t length, const char *path)
{
	const struct json_token found = search_path(arena, text, length, path).found;

	return found.kind == JSON_TOKEN_SCALAR && strchr("-0123456789", *found.text) ? found.text : NULL;
}
