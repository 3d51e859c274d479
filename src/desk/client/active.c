/* Finds what a file can do besides being read: programs inside it, and contents that it loads from elsewhere. Reads the
 * parts that can name such things, compressed or not; the marks are for the reader, and not a proof that there is none. */
#include "client/client.h"
#include "kybdesk/base/deflate.h"
#include "kybdesk/base/digest.h"

static const struct {
	const char *text; /* stands in the parts of the file */
	size_t length;
	enum file_mark mark;
} signs[] = {
#define SIGN(text, mark)                                                                                               \
	{                                                                                                              \
		text, sizeof(text) - 1, mark                                                                           \
	}
	SIGN("/JavaScript", MARK_JAVASCRIPT),
	SIGN("/JS", MARK_JAVASCRIPT),
	SIGN("/Launch", MARK_LAUNCH),
	SIGN("/XFA", MARK_FORM),
	SIGN("/EmbeddedFile", MARK_ATTACHMENTS),
	SIGN("This program cannot be run in DOS mode", MARK_PROGRAM),
	SIGN("V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T\0", MARK_MACROS),
	SIGN("vbaProject", MARK_MACROS),
	SIGN("macroEnabled", MARK_MACROS),
	SIGN("DDEAUTO", MARK_DDE),
	SIGN("<ddeLink", MARK_DDE),
};

/* Whether the sign is not only the beginning of a longer name of a PDF. */
static bool ends_here(const struct strbuf *parts, size_t at, size_t length, char first)
{
	char next = at + length < parts->len ? parts->buf[at + length] : ' ';

	return first != '/' || !((next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || next == '_');
}

static bool contains_sign(const struct strbuf *parts, const char *text, size_t length)
{
	const char *at = parts->buf, *end = parts->buf + parts->len;

	for (; (at = memmem(at, (size_t)(end - at), text, length)); at++)
		if (ends_here(parts, (size_t)(at - parts->buf), length, text[0]))
			return true;
	return false;
}

/* Whether a relationship of an Office file loads a content from elsewhere; a link that a person follows does not. */
static bool loads_from_elsewhere(const struct strbuf *parts)
{
	const char *at = parts->buf, *end = parts->buf + parts->len;

	while ((at = memmem(at, (size_t)(end - at), "<Relationship ", 14))) {
		const char *close = memchr(at, '>', (size_t)(end - at));
		size_t length = (size_t)((close ? close : end) - at);

		if (memmem(at, length, "\"External\"", 10) && !memmem(at, length, "/hyperlink\"", 11))
			return true;
		at += length;
	}
	return false;
}

/* Copies what is between the streams of a PDF, with the escapes in names resolved, and unpacks the streams that have
 * objects or files. False: one of them cannot be unpacked. */
static bool add_pdf_parts(struct strbuf *out, const char *bytes, size_t length)
{
	const char *at = bytes, *end = bytes + length;
	bool is_whole = true;

	while (at < end && out->len < FILE_PARTS_MAX) {
		const char *begin = memmem(at, (size_t)(end - at), "stream", 6), *stop = begin ? begin : end;

		for (size_t i = 0; i < (size_t)(stop - at); i++) {
			int high = at[i] == '#' && stop - at - (ptrdiff_t)i > 2 ? hex_digit(at[i + 1]) : -1;
			int low = high < 0 ? -1 : hex_digit(at[i + 2]);

			strbuf_addch(out, low < 0 ? at[i] : (char)(high * 16 + low));
			i += low < 0 ? 0 : 2;
		}
		if (!begin)
			break;
		stop = memmem(begin + 6, (size_t)(end - begin - 6), "endstream", 9);
		stop = stop ? stop : end;
		begin += 6 + strspn(begin + 6, "\r\n");
		bool has_objects = memmem(at, (size_t)(begin - at), "/ObjStm", 7);
		if (begin < stop && (has_objects || memmem(at, (size_t)(begin - at), "/EmbeddedFile", 13))) {
			bool done = inflate_bytes(out, begin, (size_t)(stop - begin), FILE_PART_MAX, false);

			is_whole &= done || !has_objects;
			if (!done)
				strbuf_add(out, begin, (size_t)(stop - begin));
		}
		at = stop + (stop < end ? 9 : 0);
	}
	return is_whole;
}

unsigned file_marks_find(enum file_format format, struct strbuf *parts, const void *bytes, size_t length)
{
	unsigned found = 0;

	if (format == FORMAT_PDF)
		found |= add_pdf_parts(parts, bytes, length) ? 0 : 1u << MARK_UNCHECKED;
	else if (format == FORMAT_DOC || format == FORMAT_XLS)
		strbuf_add(parts, bytes, length);
	for (size_t i = 0; parts->len && i < sizeof signs / sizeof signs[0]; i++)
		if ((format == FORMAT_PDF || signs[i].text[0] != '/') &&
		    contains_sign(parts, signs[i].text, signs[i].length))
			found |= 1u << signs[i].mark;
	if (parts->len && loads_from_elsewhere(parts))
		found |= 1u << MARK_EXTERNAL;
	return found;
}
