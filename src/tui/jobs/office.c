/* Extracts the text of OOXML and similar formats. The parser knows only the five predefined entities, and supports
 * neither a DTD nor external references. */
#include "jobs/convert.h"

#include <string.h>

struct text_reader {
	struct strbuf *out;
	bool has_shared_text;	      /* inside a cell that contains the index of a shared text */
	bool is_in_shared_text_index; /* inside the index of a shared text, which is not text of the document */
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

static void handle_tag(struct text_reader *text_reader, const char *tag, size_t length)
{
	bool closes = length && tag[0] == '/';
	const char *name = tag + closes;
	size_t end = closes;
	while (end < length && !strchr(" \t\r\n/>", tag[end]))
		end++;
	size_t cells = end - closes;
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

void office_extract_text(struct strbuf *out, const char *xml, size_t length)
{
	struct text_reader text_reader = { .out = out };
	for (size_t at = 0; at < length;) {
		if (xml[at] == '<') {
			const char *end = memchr(xml + at, '>', length - at);
			if (!end)
				break;
			handle_tag(&text_reader, xml + at + 1, (size_t)(end - (xml + at)) - 1);
			at = (size_t)(end - xml) + 1;
		} else if (text_reader.is_in_shared_text_index) {
			at++;
		} else if (xml[at] == '&') {
			at += decode_entity(out, xml + at, length - at);
		} else {
			if (xml[at] != '\n' && xml[at] != '\r')
				strbuf_addch(out, xml[at]);
			at++;
		}
	}
	end_line(out);
}
