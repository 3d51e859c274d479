#include "kybdesk/base/text.h"
#include "codepoint.h"

#include <string.h>
#include <utf8proc.h>

/* The number of printable ASCII bytes at the start: each is one cell wide, and these bytes never combine with each
 * other. */
static size_t ascii_prefix_length(const char *text, size_t length)
{
	size_t at = 0;
	while (at < length && text[at] >= 0x20 && text[at] < 0x7f)
		at++;
	return at;
}

size_t text_width_cells(const char *text, size_t length)
{
	size_t cells = 0;
	size_t at = 0;
	while (at < length) {
		size_t plain = ascii_prefix_length(text + at, length - at);
		cells += plain;
		at += plain;
		if (at == length)
			break;
		uint32_t codepoint;
		size_t size = codepoint_read(text + at, length - at, &codepoint);
		cells += size ? codepoint_cells(codepoint) : 1;
		at += size ? size : 1;
	}
	return cells;
}

size_t text_next_grapheme(const char *text, size_t length, size_t at)
{
	if (at >= length)
		return length;
	uint32_t previous;
	size_t size = codepoint_read(text + at, length - at, &previous);
	if (size == 0)
		return at + 1;
	at += size;
	utf8proc_int32_t state = 0;
	uint32_t codepoint;
	while (at < length && (size = codepoint_read(text + at, length - at, &codepoint)) > 0) {
		/* Never separates a joining Hangul final from its syllable, since the final has no width without
		 * the syllable. */
		if (utf8proc_grapheme_break_stateful((utf8proc_int32_t)previous, (utf8proc_int32_t)codepoint, &state) &&
		    !(codepoint_cells(codepoint) == 0 && codepoint_is_combining(codepoint)))
			break;
		at += size;
		previous = codepoint;
	}
	return at;
}

size_t text_previous_grapheme(const char *text, size_t length, size_t at)
{
	size_t previous = 0;
	size_t next = 0;
	if (at > length)
		at = length;
	while (next < at) {
		previous = next;
		next = text_next_grapheme(text, length, next);
	}
	return previous;
}

size_t text_prefix_for_width(const char *text, size_t length, size_t width_cells, size_t *used_cells)
{
	size_t cells = 0;
	size_t at = 0;
	while (at < length) {
		size_t plain = ascii_prefix_length(text + at, length - at);
		/* Leaves the last plain character to the slow path, since it may be the base of a following mark. */
		if (plain > 1) {
			size_t taken = plain - 1 < width_cells - cells ? plain - 1 : width_cells - cells;
			at += taken;
			cells += taken;
			if (taken < plain - 1)
				break;
		}
		size_t next = text_next_grapheme(text, length, at);
		size_t width = text_width_cells(text + at, next - at);
		if (width > width_cells - cells)
			break;
		cells += width;
		at = next;
	}
	if (used_cells)
		*used_cells = cells;
	return at;
}

void text_fit(struct strbuf *out, const char *safe, size_t width_cells, enum text_align align, enum text_mode mode)
{
	if (width_cells == 0)
		return;
	size_t length = strlen(safe);
	size_t cells;
	size_t whole = text_prefix_for_width(safe, length, width_cells, &cells);
	bool cut = whole < length;
	if (cut)
		whole = text_prefix_for_width(safe, length, width_cells - 1, &cells);
	size_t padding = width_cells - cells - (cut ? 1 : 0);
	strbuf_addn(out, ' ', align == TEXT_RIGHT ? padding : 0);
	strbuf_add(out, safe, whole);
	strbuf_addn(out, ' ', align == TEXT_LEFT ? padding : 0);
	if (cut)
		strbuf_adds(out, mode == TEXT_ASCII ? "~" : "\xe2\x80\xa6");
}

/* Finds the part of a paragraph that fits into one line. Returns the number of bytes to show. *used: the same
 * number plus the spaces at the line break. */
static size_t line_length(const char *text, size_t length, size_t width_cells, size_t *used)
{
	size_t fits = text_prefix_for_width(text, length, width_cells, NULL);
	if (fits == length) {
		*used = length;
		return length;
	}
	size_t at = fits;
	if (text[at] != ' ')
		while (at > 0 && text[at - 1] != ' ')
			at--;
	size_t shown = at;
	while (shown > 0 && text[shown - 1] == ' ')
		shown--;
	if (shown == 0) {
		/* A word longer than the line is cut at the line's end. */
		*used = fits;
		return fits;
	}
	while (at < length && text[at] == ' ')
		at++;
	*used = at;
	return shown;
}

char **text_wrap(struct arena *arena, const char *safe, size_t width_cells, size_t *line_count)
{
	char **lines = NULL;
	size_t capacity = 0;
	*line_count = 0;
	for (const char *paragraph = safe;;) {
		size_t length = strcspn(paragraph, "\n");
		size_t at = 0;
		do {
			size_t used;
			size_t shown = line_length(paragraph + at, length - at, width_cells, &used);
			char **line = ARENA_PUSH(arena, lines, *line_count, capacity);
			*line = arena_strndup(arena, paragraph + at, shown);
			if (used == 0 && at < length) {
				/* Replaces a character that is wider than the line by "?". */
				*line = arena_strdup(arena, width_cells ? "?" : "");
				used = text_next_grapheme(paragraph, length, at) - at;
			}
			at += used;
		} while (at < length);
		if (paragraph[length] == '\0')
			return lines;
		paragraph += length + 1;
	}
}
