/* Prepares any bytes for a terminal: the result is harmless, has the counted width, and a truncation is marked. */
#include "fuzz.h"
#include "kybdesk/base/text.h"

#include <string.h>

static void fits(const char *safe, size_t width, enum text_align align, enum text_mode mode)
{
	struct strbuf fitted = STRBUF_INIT;
	text_fit(&fitted, safe, width, align, mode);
	PROMISE(text_width_cells(fitted.buf, fitted.len) == width);
	fuzz_is_harmless(fitted.buf, fitted.len, false);
	if (width > 0 && text_width_cells(safe, strlen(safe)) > width)
		PROMISE(strstr(fitted.buf, mode == TEXT_UTF8 ? "\xe2\x80\xa6" : "~"));
	strbuf_release(&fitted);
}

static void show(const char *text, size_t size, enum text_mode mode, size_t width)
{
	struct arena arena = ARENA_INIT;
	struct strbuf safe = STRBUF_INIT, lines = STRBUF_INIT, twice = STRBUF_INIT;
	text_display(&safe, text, size, mode);
	fuzz_is_harmless(safe.buf, safe.len, false);
	text_display_lines(&lines, text, size, mode);
	fuzz_is_harmless(lines.buf, lines.len, true);
	for (size_t i = 0; mode == TEXT_ASCII && i < safe.len; i++)
		PROMISE(safe.buf[i] >= 0x20 && safe.buf[i] < 0x7f);
	/* Safe text is unchanged. */
	text_display(&twice, safe.buf, safe.len, mode);
	PROMISE(strcmp(twice.buf, safe.buf) == 0);
	fits(safe.buf, width, TEXT_LEFT, mode);
	fits(safe.buf, width, TEXT_RIGHT, mode);
	size_t count = 0;
	char **wrapped = text_wrap(&arena, safe.buf, width + 2, &count);
	for (size_t i = 0; i < count; i++)
		PROMISE(text_width_cells(wrapped[i], strlen(wrapped[i])) <= width + 2);
	for (size_t at = 0; at < safe.len;) {
		size_t next = text_next_grapheme(safe.buf, safe.len, at);
		PROMISE(next > at && next <= safe.len);
		PROMISE(text_previous_grapheme(safe.buf, safe.len, next) == at);
		at = next;
	}
	strbuf_release(&twice);
	strbuf_release(&lines);
	strbuf_release(&safe);
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf key = STRBUF_INIT;
	if (size == 0)
		return 0;
	const char *text = (const char *)data + 1;
	size_t length = size - 1, width = data[0] % 80;
	show(text, length, TEXT_UTF8, width);
	show(text, length, TEXT_ASCII, width);
	PROMISE(text_valid_prefix(text, length) <= length);
	if (text_is_valid(text, length)) {
		text_fold(&key, text, length);
		PROMISE(text_is_valid(key.buf, key.len));
		strbuf_reset(&key);
		text_add_tokens(&key, text, length);
		PROMISE(text_is_valid(key.buf, key.len));
		strbuf_reset(&key);
		text_add_upper(&key, text, length);
		PROMISE(text_is_valid(key.buf, key.len));
	}
	strbuf_release(&key);
	return 0;
}
