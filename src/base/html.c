#include "kybdesk/base/html.h"
#include "kybdesk/base/error.h"
#include "kybdesk/base/text.h"

#include <stdint.h>
#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"

/* Decodes a character of valid UTF-8. */
static uint32_t decode(const unsigned char *at, size_t *length)
{
	static const unsigned char lead[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t code;

	*length = at[0] < 0x80 ? 1 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
	code = at[0] & lead[*length];
	for (size_t i = 1; i < *length; i++)
		code = code << 6 | (at[i] & 0x3fu);
	return code;
}

static const char *entity(uint32_t code)
{
	switch (code) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	case '`':
		return "&#96;";
	default:
		return NULL;
	}
}

static bool turns(uint32_t code)
{
	return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

static bool is_control(uint32_t code)
{
	return (code < 0x20 && code != '\t' && code != '\n') || (code >= 0x7f && code < 0xa0) ||
	       (code & 0xfffe) == 0xfffe;
}

static void add_character(struct strbuf *out, const char *at, size_t length, uint32_t code, bool sent_back)
{
	if (entity(code))
		strbuf_adds(out, entity(code));
	else if (code == '\r' && sent_back)
		strbuf_adds(out, "&#13;");
	else if (is_control(code) || (!sent_back && turns(code)))
		strbuf_adds(out, REPLACEMENT);
	else
		strbuf_add(out, at, length);
}

static void escape(struct strbuf *out, const char *bytes, size_t length, bool sent_back)
{
	while (length) {
		size_t valid = text_valid_prefix(bytes, length);

		for (size_t i = 0, size; i < valid; i += size) {
			uint32_t code = decode((const unsigned char *)bytes + i, &size);

			add_character(out, bytes + i, size, code, sent_back);
		}
		bytes += valid;
		length -= valid;
		if (!length)
			break;
		strbuf_adds(out, REPLACEMENT);
		bytes++;
		length--;
	}
}

void html_text(struct strbuf *out, const char *bytes, size_t length)
{
	escape(out, bytes, length, false);
}

void html_value(struct strbuf *out, const char *text)
{
	escape(out, text, strlen(text), true);
}

void html_part(struct strbuf *out, const char *text)
{
	for (; *text; text++) {
		char c = *text;

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._~", c))
			strbuf_addch(out, c);
		else
			strbuf_addf(out, "%%%02X", (unsigned)(unsigned char)c);
	}
}

void html_add(struct strbuf *out, const char *markup, ...)
{
	va_list args;

	va_start(args, markup);
	while (*markup) {
		size_t plain = strcspn(markup, "%");

		strbuf_add(out, markup, plain);
		markup += plain;
		if (!*markup)
			break;
		if (markup[1] == 's') {
			const char *text = va_arg(args, const char *);

			html_text(out, text, strlen(text));
		} else if (markup[1] == 'd') {
			strbuf_addf(out, "%d", va_arg(args, int));
		} else if (markup[1] == 'z' && markup[2] == 'u') {
			strbuf_addf(out, "%zu", va_arg(args, size_t));
			markup++;
		} else if (markup[1] == '%') {
			strbuf_addch(out, '%');
		} else {
			BUG("a page takes only %%s, %%d and %%zu");
		}
		markup += 2;
	}
	va_end(args);
}
