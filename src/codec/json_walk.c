#include "json_walk.h"
#include "jansson_bridge.h"

#include <string.h>

struct json_walk json_walk_start(struct arena *arena, const char *text, size_t length)
{
	return (struct json_walk){ .arena = arena, .text = text, .length = length, .line = 1 };
}

/* Over space, and what stands between values. */
static void skip(struct json_walk *walk)
{
	for (; walk->at < walk->length; walk->at++) {
		char c = walk->text[walk->at];
		if (c == '\n')
			walk->line++;
		else if (c != ' ' && c != '\t' && c != '\r' && c != ',' && c != ':')
			return;
	}
}

static bool is_name(const struct json_walk *walk)
{
	size_t at = walk->at;
	while (at < walk->length && (walk->text[at] == ' ' || walk->text[at] == '\t' || walk->text[at] == '\r' ||
				     walk->text[at] == '\n'))
		at++;
	return at < walk->length && walk->text[at] == ':';
}

static const char *take_string(struct json_walk *walk)
{
	size_t from = walk->at++;
	while (walk->at < walk->length && walk->text[walk->at] != '"')
		walk->at += walk->text[walk->at] == '\\' ? 2 : 1;
	walk->at = walk->at < walk->length ? walk->at + 1 : walk->length;
	json_t *value = json_loadb(walk->text + from, walk->at - from, JSON_DECODE_ANY, NULL);
	const char *text = arena_strdup(walk->arena, json_string_value(value));
	json_decref(value);
	return text;
}

struct json_spot json_walk_next(struct json_walk *walk)
{
	skip(walk);
	struct json_spot spot = { .kind = SPOT_OTHER, .line = walk->line, .text = "" };
	if (walk->at >= walk->length) {
		spot.kind = SPOT_END;
		return spot;
	}
	switch (walk->text[walk->at]) {
	case '{':
	case '[':
		spot.kind = SPOT_OPEN;
		walk->at++;
		walk->depth++;
		break;
	case '}':
	case ']':
		spot.kind = SPOT_CLOSE;
		walk->at++;
		walk->depth--;
		break;
	case '"':
		spot.text = take_string(walk);
		spot.kind = is_name(walk) ? SPOT_NAME : SPOT_STRING;
		break;
	default:
		while (walk->at < walk->length && !strchr(" \t\r\n,:{}[]\"", walk->text[walk->at]))
			walk->at++;
	}
	return spot;
}

void json_walk_over(struct json_walk *walk, const struct json_spot *first)
{
	size_t depth = walk->depth;
	if (first->kind != SPOT_OPEN)
		return;
	while (walk->depth >= depth && json_walk_next(walk).kind != SPOT_END)
		;
}

/* Where one is on the way to a path. */
struct search {
	struct json_walk walk;
	struct strbuf path;
	const char *wanted;
	unsigned line;
};

static bool leads_on(const struct search *search)
{
	size_t length = search->path.len;
	if (strncmp(search->path.buf, search->wanted, length) != 0)
		return false;
	return search->wanted[length] == '\0' || search->wanted[length] == '.' || search->wanted[length] == '[';
}

/* One value; json_parse() has limited how deep they go. */
static void search_value(struct search *search)
{
	const struct json_spot value = json_walk_next(&search->walk);
	size_t depth = search->walk.depth, at = search->path.len, index = 0;
	if (value.kind != SPOT_OPEN)
		return;
	while (search->walk.depth >= depth) {
		struct json_walk before = search->walk;
		const struct json_spot spot = json_walk_next(&search->walk);
		if (spot.kind == SPOT_CLOSE || spot.kind == SPOT_END)
			return;
		if (spot.kind == SPOT_NAME)
			strbuf_addf(&search->path, "%s%s", at ? "." : "", spot.text);
		else
			strbuf_addf(&search->path, "[%zu]", index++);
		if (spot.kind != SPOT_NAME)
			search->walk = before;
		if (leads_on(search)) {
			search->line = spot.line;
			search_value(search);
		} else {
			const struct json_spot other = json_walk_next(&search->walk);
			json_walk_over(&search->walk, &other);
		}
		strbuf_truncate(&search->path, at);
	}
}

unsigned json_line_of(struct arena *arena, const char *text, size_t length, const char *path)
{
	struct search search = {
		.walk = json_walk_start(arena, text, length), .path = STRBUF_INIT, .wanted = path, .line = 1
	};
	search_value(&search);
	strbuf_release(&search.path);
	return search.line;
}
