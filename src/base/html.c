#include "kybdesk/base/html.h"
#include "codepoint.h"

#include <stdint.h>
#include <string.h>

#define REPLACEMENT_CHARACTER "\xef\xbf\xbd"

static const char *html_entity(uint32_t code)
{
	static const char *const entities[] = {
		['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;", ['`'] = "&#96;"
	};
	return code < sizeof entities / sizeof entities[0] ? entities[code] : NULL;
}

static bool is_direction_control(uint32_t code)
{
	return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

static bool is_control(uint32_t code)
{
	return (code < 0x20 && code != '\t' && code != '\n') || (code >= 0x7f && code < 0xa0) ||
	       (code & 0xfffe) == 0xfffe;
}

static void add_character(struct strbuf *out, const char *at, size_t length, uint32_t code, bool is_form_value)
{
	if (html_entity(code))
		strbuf_adds(out, html_entity(code));
	else if (code == '\r' && is_form_value)
		strbuf_adds(out, "&#13;");
	else if (is_control(code) || (!is_form_value && is_direction_control(code)))
		strbuf_adds(out, REPLACEMENT_CHARACTER);
	else
		strbuf_add(out, at, length);
}

static void add_escaped(struct strbuf *out, const char *bytes, size_t length, bool is_form_value)
{
	for (size_t i = 0, size; i < length; i += size ? size : 1) {
		uint32_t code;

		size = codepoint_read(bytes + i, length - i, &code);
		if (size)
			add_character(out, bytes + i, size, code, is_form_value);
		else
			strbuf_adds(out, REPLACEMENT_CHARACTER);
	}
}

void html_add_text(struct strbuf *out, const char *bytes, size_t length)
{
	add_escaped(out, bytes, length, false);
}

void html_add_form_value(struct strbuf *out, const char *text)
{
	add_escaped(out, text, strlen(text), true);
}

void html_add_url_part(struct strbuf *out, const char *text)
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

			html_add_text(out, text, strlen(text));
		} else if (markup[1] == 'd') {
			strbuf_addf(out, "%d", va_arg(args, int));
		} else if (markup[1] == 'z' && markup[2] == 'u') {
			strbuf_addf(out, "%zu", va_arg(args, size_t));
			markup++;
		} else if (markup[1] == '%') {
			strbuf_addch(out, '%');
		} else {
			BUG("a format of HTML accepts only %%s, %%d and %%zu");
		}
		markup += 2;
	}
	va_end(args);
}
