/* Extracts the text that OOXML and similar formats show. The parser knows only the five predefined entities, and
 * supports neither a DTD nor external references. */
#include "jobs/convert.h"

#include <stdint.h>
#include <string.h>

/* The most that shared texts may make of a workbook, since many cells may show one long text. */
#define TEXT_BYTES_MAX ((size_t)16 << 20)

struct text_reader {
	struct strbuf *out;
	const struct strbuf *shared; /* start and length of each shared text of a workbook; NULL inside one */
	const char *xml;
	size_t length;
	bool is_cut;		      /* TEXT_BYTES_MAX was reached */
	bool has_shared_text;	      /* inside a cell that contains the index of a shared text */
	bool is_in_shared_text_index; /* inside the index of a shared text, which stands for this text */
	bool is_in_run;		      /* of a Word text: a piece with one format */
	/* Text that is not shown: in a hidden run; in an element of deleted or moved text or of a field's code; in a
	 * hidden row. */
	bool is_hidden_run, is_unshown_element, is_hidden_row;
};

static bool tag_name_is(const char *tag, size_t length, const char *name)
{
	const char *colon = memchr(tag, ':', length);
	size_t skip = colon ? (size_t)(colon - tag) + 1 : 0;
	return length - skip == strlen(name) && !memcmp(tag + skip, name, length - skip);
}

static void end_line(struct strbuf *out)
{
	while (out->len && out->buf[out->len - 1] == ' ')
		strbuf_truncate(out, out->len - 1);
	if (out->len && out->buf[out->len - 1] != '\n')
		strbuf_addch(out, '\n');
}

/* Whether the tag switches something on, such as <w:vanish/>; <w:vanish w:val="0"/> switches it off. */
static bool switches_on(const char *tag, size_t length)
{
	return !memmem(tag, length, "val=\"0\"", 7) && !memmem(tag, length, "val=\"false\"", 11) &&
	       !memmem(tag, length, "val=\"off\"", 9);
}

/* Follows what a text processor or a spreadsheet does not show. ISO/IEC 29500-1, 17.3.2.41 (vanish), 17.3.3.7
 * (delText), 17.16.23 (instrText), 17.13.5.22 (moveFrom), 18.3.1.73 (hidden rows). A shared text of a workbook (sst) is
 * shown where a cell has its index. */
static void follow_hiding(struct text_reader *text_reader, const char *tag, size_t length, const char *name,
			  size_t cells)
{
	static const char *const unshown[] = { "delText", "instrText", "moveFrom", "sst" };
	size_t count = sizeof unshown / sizeof unshown[0] - !(text_reader->shared && text_reader->shared->len);
	bool closes = tag[0] == '/', is_empty = tag[length - 1] == '/';

	if (tag_name_is(name, cells, "r")) {
		text_reader->is_in_run = !closes && !is_empty;
		text_reader->is_hidden_run = false;
	} else if (tag_name_is(name, cells, "vanish") && text_reader->is_in_run) {
		text_reader->is_hidden_run = switches_on(tag, length);
	} else if (tag_name_is(name, cells, "row") && !is_empty) {
		text_reader->is_hidden_row = !closes && (memmem(tag, length, " hidden=\"1\"", 11) ||
							 memmem(tag, length, " hidden=\"true\"", 14));
	}
	for (size_t i = 0; !is_empty && i < count; i++)
		if (tag_name_is(name, cells, unshown[i]))
			text_reader->is_unshown_element = !closes;
}

static bool is_shown(const struct text_reader *text_reader)
{
	return !text_reader->is_hidden_run && !text_reader->is_unshown_element && !text_reader->is_hidden_row;
}

static void handle_tag(struct text_reader *text_reader, const char *tag, size_t length)
{
	bool closes = length && tag[0] == '/';
	const char *name = tag + closes;
	size_t end = closes;
	while (end < length && !strchr(" \t\r\n/>", tag[end]))
		end++;
	size_t cells = end - closes;
	if (length)
		follow_hiding(text_reader, tag, length, name, cells);
	if (tag_name_is(name, cells, "tab"))
		strbuf_addch(text_reader->out, '\t');
	else if (tag_name_is(name, cells, "br") ||
		 (closes &&
		  (tag_name_is(name, cells, "p") || tag_name_is(name, cells, "h") || tag_name_is(name, cells, "si") ||
		   tag_name_is(name, cells, "row") || tag_name_is(name, cells, "table-row"))))
		end_line(text_reader->out);
	else if (closes && (tag_name_is(name, cells, "c") || tag_name_is(name, cells, "tc")))
		strbuf_adds(text_reader->out, "  ");
	if (tag_name_is(name, cells, "c"))
		text_reader->has_shared_text = !closes && memmem(tag, length, "t=\"s\"", 5);
	if (tag_name_is(name, cells, "v"))
		text_reader->is_in_shared_text_index = !closes && text_reader->has_shared_text;
}

/* Appends the character of an entity, or a plain "&". Returns the number of bytes read. */
static size_t decode_entity(struct strbuf *out, const char *text, size_t length)
{
	static const struct {
		const char *name;
		char c;
	} entities[] = { { "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' }, { "&quot;", '"' }, { "&apos;", '\'' } };
	for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++) {
		size_t bytes = strlen(entities[i].name);
		if (length >= bytes && !memcmp(text, entities[i].name, bytes)) {
			strbuf_addch(out, entities[i].c);
			return bytes;
		}
	}
	strbuf_addch(out, '&');
	return 1;
}

static void read_text(struct text_reader *text_reader);

/* Appends the shared text with the index at `at`. */
static void add_shared_text(struct text_reader *text_reader, size_t at)
{
	size_t number = 0, bounds[2];

	for (; at < text_reader->length && text_reader->xml[at] >= '0' && text_reader->xml[at] <= '9'; at++)
		number = number < SIZE_MAX / 100 ? number * 10 + (size_t)(text_reader->xml[at] - '0') : number;
	if (!text_reader->shared || number >= text_reader->shared->len / sizeof bounds)
		return;
	memcpy(bounds, text_reader->shared->buf + number * sizeof bounds, sizeof bounds);
	if (bounds[1] > TEXT_BYTES_MAX || text_reader->out->len > TEXT_BYTES_MAX - bounds[1]) {
		text_reader->is_cut = true;
		return;
	}
	read_text(&(struct text_reader){
		.out = text_reader->out, .xml = text_reader->xml + bounds[0], .length = bounds[1] });
}

static void read_text(struct text_reader *text_reader)
{
	const char *xml = text_reader->xml;
	size_t length = text_reader->length;
	for (size_t at = 0; at < length && !text_reader->is_cut;) {
		if (xml[at] == '<') {
			const char *end = memchr(xml + at, '>', length - at);
			if (!end)
				break;
			handle_tag(text_reader, xml + at + 1, (size_t)(end - (xml + at)) - 1);
			at = (size_t)(end - xml) + 1;
			if (text_reader->is_in_shared_text_index && is_shown(text_reader))
				add_shared_text(text_reader, at);
		} else if (text_reader->is_in_shared_text_index || !is_shown(text_reader)) {
			at++;
		} else if (xml[at] == '&') {
			at += decode_entity(text_reader->out, xml + at, length - at);
		} else {
			if (xml[at] != '\n' && xml[at] != '\r')
				strbuf_addch(text_reader->out, xml[at]);
			at++;
		}
	}
}

/* Notes the start and the length of each shared text of a workbook. */
static void find_shared_texts(struct strbuf *out, const char *xml, size_t length)
{
	const char *end = xml + length, *at = memmem(xml, length, "<sst", 4);

	while (at && (at = memmem(at + 1, (size_t)(end - at) - 1, "<si", 3))) {
		bool has_text = end - at > 3 && at[3] == '>';
		const char *stop = has_text ? memmem(at, (size_t)(end - at), "</si>", 5) : at;
		const size_t bounds[2] = { (size_t)(at - xml), (size_t)((stop ? stop : end) - at) };

		if (has_text || (end - at > 3 && at[3] == '/'))
			strbuf_add(out, (const char *)bounds, sizeof bounds);
		at = stop;
	}
}

bool office_extract_text(struct strbuf *out, const char *xml, size_t length)
{
	struct strbuf shared = STRBUF_INIT;
	struct text_reader text_reader = { .out = out, .shared = &shared, .xml = xml, .length = length };

	find_shared_texts(&shared, xml, length);
	read_text(&text_reader);
	end_line(out);
	strbuf_release(&shared);
	return !text_reader.is_cut;
}
