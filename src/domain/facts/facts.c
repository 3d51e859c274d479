/* The text of facts: write, read, hash, compare. */
#include "facts/facts_text.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/domain/mask.h"

#include <string.h>

#define VALUE_BYTES_SHOWN_MAX 60 /* maximum number of bytes shown of one value */
#define CHANGES_SHOWN 4

void facts_add(struct strbuf *text, const char *owner, const char *member, const char *value)
{
	static const char special[] = "\t\n\\", letters[] = "tn\\";

	strbuf_addf(text, "%s.%s\t", owner, member);
	for (const char *c = value; *c; c++) {
		const char *at = strchr(special, *c);

		if (at)
			strbuf_addch(text, '\\');
		strbuf_addch(text, at ? letters[at - special] : *c);
	}
	strbuf_addch(text, '\n');
}

const char *facts_sha256(struct arena *arena, const char *facts)
{
	return *facts ? sha256_text(arena, facts, strlen(facts)) : "";
}

struct line {
	const char *key, *value; /* the value is still escaped */
	size_t key_length, value_length;
};

/* Reads the next line and moves *text past the line; false: at the end, or the line has no tab. */
static bool next_line(const char **text, struct line *out)
{
	const char *tab = strchr(*text, '\t'), *end = tab ? strchr(tab, '\n') : NULL;

	if (!end)
		return false;
	*out = (struct line){ .key = *text,
			      .value = tab + 1,
			      .key_length = (size_t)(tab - *text),
			      .value_length = (size_t)(end - tab - 1) };
	*text = end + 1;
	return true;
}

static bool find_line(const char *text, const struct line *key, struct line *out)
{
	while (next_line(&text, out)) {
		if (out->key_length == key->key_length && !memcmp(out->key, key->key, out->key_length))
			return true;
	}
	return false;
}

static char *plain_value(struct arena *arena, const struct line *line)
{
	char *out = arena_strndup(arena, line->value, line->value_length);
	size_t to = 0;

	for (size_t i = 0; out[i]; i++) {
		if (out[i] != '\\') {
			out[to++] = out[i];
			continue;
		}
		i++;
		out[to++] = out[i] == 't' ? '\t' : out[i] == 'n' ? '\n' : '\\';
		if (!out[i])
			break;
	}
	out[to] = '\0';
	return out;
}

enum display_kind { SHOWN_PLAIN, SHOWN_DATE, SHOWN_NUMBER, SHOWN_HASH, SHOWN_HIDDEN };

static const struct member {
	const char *name, *title;
	enum display_kind display_kind;
} members[] = {
	{ "name", "name", SHOWN_PLAIN },
	{ "country", "country", SHOWN_PLAIN },
	{ "date_of_birth", "birth date", SHOWN_DATE },
	{ "registration_number", "registration number", SHOWN_PLAIN },
	{ "tax_id", "tax id", SHOWN_NUMBER },
	{ "sha256", "bytes", SHOWN_HASH },
	{ "type", "type", SHOWN_PLAIN },
	{ "side", "side", SHOWN_PLAIN },
	{ "back", "bytes of the back", SHOWN_HASH },
	{ "expires_on", "last day", SHOWN_PLAIN },
	{ "approval", "approval", SHOWN_PLAIN },
	{ "reason", "reason", SHOWN_PLAIN },
	{ "list", "list", SHOWN_PLAIN },
	{ "class", "class", SHOWN_PLAIN },
	{ "score", "score", SHOWN_PLAIN },
	{ "kind", "kind", SHOWN_PLAIN },
	{ "result", "result", SHOWN_PLAIN },
	{ "checked_at", "time", SHOWN_PLAIN },
	{ "missing", "undeclared share", SHOWN_PLAIN },
	{ "owner", "owners", SHOWN_PLAIN },
	{ "detail", "details", SHOWN_HIDDEN },
};

/* "subject.name" → "the subject's", "name". A key without a known member is an answer of the client, which is
 * hidden. */
static const char *line_title(struct arena *arena, const struct line *line, enum display_kind *display_kind)
{
	const char *key = arena_strndup(arena, line->key, line->key_length), *dot = strchr(key, '.');
	const char *owner = dot ? arena_strndup(arena, key, (size_t)(dot - key)) : "case";
	const char *member = dot ? dot + 1 : key;
	size_t length = strcspn(member, ".");

	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
		if (strlen(members[i].name) != length || strncmp(members[i].name, member, length))
			continue;
		*display_kind = members[i].display_kind;
		return arena_printf(arena, "the %s's %s", owner, members[i].title);
	}
	*display_kind = SHOWN_NUMBER;
	return arena_printf(arena, "the %s %s", owner, member);
}

static const char *shown_value(struct arena *arena, const struct line *line, enum display_kind display_kind)
{
	const char *text = line->key ? plain_value(arena, line) : "";
	size_t length = strlen(text);

	if (!length)
		return "nothing";
	switch (display_kind) {
	case SHOWN_DATE:
		return mask_date(arena, text);
	case SHOWN_NUMBER:
		return mask_number(arena, text);
	case SHOWN_HASH:
		return arena_strndup(arena, text, length < 12 ? length : 12);
	case SHOWN_HIDDEN:
		return "hidden";
	case SHOWN_PLAIN:
		break;
	}
	return text;
}

struct fact_lines {
	struct arena *arena;
	struct facts_line *items;
	size_t count, capacity;
};

static void add_pair(struct fact_lines *fact_lines, const struct line *before, const struct line *now)
{
	enum display_kind display_kind = SHOWN_PLAIN;
	struct facts_line line = { .title = line_title(fact_lines->arena, now->key ? now : before, &display_kind) };

	line.same = now->key && before->key && now->value_length == before->value_length &&
		    !memcmp(now->value, before->value, now->value_length);
	line.before = shown_value(fact_lines->arena, before, display_kind);
	line.current = shown_value(fact_lines->arena, now, display_kind);
	line.hidden = !line.same && (display_kind == SHOWN_HIDDEN || !strcmp(line.before, line.current));
	*ARENA_PUSH(fact_lines->arena, fact_lines->items, fact_lines->count, fact_lines->capacity) = line;
}

size_t facts_compare(struct arena *arena, const char *before, const char *now, struct facts_line **out)
{
	struct fact_lines fact_lines = { .arena = arena };
	const char *at = now;
	struct line line, other;

	while (next_line(&at, &line)) {
		if (!find_line(before, &line, &other))
			other = (struct line){ 0 };
		add_pair(&fact_lines, &other, &line);
	}
	for (at = before; next_line(&at, &line);) {
		if (!find_line(now, &line, &other))
			add_pair(&fact_lines, &line, &(const struct line){ 0 });
	}
	*out = fact_lines.items;
	return fact_lines.count;
}

/* Cuts a value to VALUE_BYTES_SHOWN_MAX bytes. */
static const char *shorten_value(struct arena *arena, const char *text)
{
	size_t length = strlen(text), at = 0, next;

	if (length <= VALUE_BYTES_SHOWN_MAX)
		return text;
	for (; at < VALUE_BYTES_SHOWN_MAX; at = next) {
		next = text_next_grapheme(text, length, at);
		if (next > VALUE_BYTES_SHOWN_MAX)
			break;
	}
	return arena_printf(arena, "%s…", arena_strndup(arena, text, at));
}

static void add_change(struct strbuf *text, struct arena *arena, const struct facts_line *line)
{
	const char *was = shorten_value(arena, line->before), *is = shorten_value(arena, line->current);

	strbuf_addf(text, "%s%s", text->len ? "; " : "", line->title);
	/* Does not show values that are hidden, or that are equal in their first VALUE_BYTES_SHOWN_MAX bytes. */
	if (line->hidden || !strcmp(was, is))
		strbuf_adds(text, " (changed)");
	else
		strbuf_addf(text, ": %s → %s", was, is);
}

const char *facts_changes_text(struct arena *arena, const char *before, const char *now)
{
	struct strbuf text = STRBUF_INIT;
	struct facts_line *lines;
	size_t count, changes = 0;

	if (!strcmp(before, now))
		return "";
	if (!*before)
		return NULL;
	count = facts_compare(arena, before, now, &lines);
	for (size_t i = 0; i < count; i++) {
		if (!lines[i].same && ++changes <= CHANGES_SHOWN)
			add_change(&text, arena, &lines[i]);
	}
	if (changes > CHANGES_SHOWN)
		strbuf_addf(&text, "; and %zu more", changes - CHANGES_SHOWN);
	if (!changes)
		strbuf_adds(&text, "the order of the facts");
	return strbuf_finish(&text, arena);
}
