#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The text of every empty buffer. Such a buffer has cap 0, so that no code writes to this shared byte. */
char strbuf_empty[1];

void strbuf_init(struct strbuf *sb)
{
	sb->buf = strbuf_empty;
	sb->len = 0;
	sb->cap = 0;
}

void strbuf_release(struct strbuf *sb)
{
	if (sb->cap)
		free(sb->buf);
	strbuf_init(sb);
}

void strbuf_wipe(struct strbuf *sb)
{
	if (sb->cap)
		secret_wipe(sb->buf, sb->cap);
	strbuf_release(sb);
}

void strbuf_reset(struct strbuf *sb)
{
	if (!sb->cap) {
		strbuf_init(sb);
		return;
	}
	sb->len = 0;
	sb->buf[0] = '\0';
}

void strbuf_grow(struct strbuf *sb, size_t extra)
{
	size_t needed;
	if (__builtin_add_overflow(sb->len, extra, &needed) || __builtin_add_overflow(needed, 1, &needed))
		BUG("a string of %zu bytes cannot grow by %zu", sb->len, extra);
	if (needed <= sb->cap)
		return;
	size_t larger = sb->cap + sb->cap / 2;
	if (larger < 64)
		larger = 64;
	if (larger < needed)
		larger = needed;
	sb->buf = xrealloc_array(sb->cap ? sb->buf : NULL, larger, 1);
	sb->cap = larger;
	sb->buf[sb->len] = '\0';
}

void strbuf_add(struct strbuf *sb, const void *bytes, size_t length)
{
	strbuf_grow(sb, length);
	if (length)
		memcpy(sb->buf + sb->len, bytes, length);
	sb->len += length;
	sb->buf[sb->len] = '\0';
}

void strbuf_adds(struct strbuf *sb, const char *text)
{
	strbuf_add(sb, text, strlen(text));
}

void strbuf_addch(struct strbuf *sb, char c)
{
	strbuf_add(sb, &c, 1);
}

void strbuf_addn(struct strbuf *sb, char c, size_t times)
{
	strbuf_grow(sb, times);
	memset(sb->buf + sb->len, c, times);
	sb->len += times;
	sb->buf[sb->len] = '\0';
}

void strbuf_vaddf(struct strbuf *sb, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	strbuf_grow(sb, 64);
	size_t room = sb->cap - sb->len;
	int length = vsnprintf(sb->buf + sb->len, room, format, args);
	if (length < 0)
		BUG("format \"%s\" cannot be printed", format);
	if ((size_t)length >= room) {
		strbuf_grow(sb, (size_t)length);
		(void)vsnprintf(sb->buf + sb->len, (size_t)length + 1, format, again);
	}
	va_end(again);
	sb->len += (size_t)length;
}

void strbuf_addf(struct strbuf *sb, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	strbuf_vaddf(sb, format, args);
	va_end(args);
}

void strbuf_truncate(struct strbuf *sb, size_t length)
{
	if (length > sb->len)
		BUG("a string of %zu bytes cannot be cut to %zu", sb->len, length);
	if (!sb->cap) {
		strbuf_init(sb);
		return;
	}
	sb->len = length;
	sb->buf[length] = '\0';
}

char *strbuf_detach(struct strbuf *sb)
{
	if (!sb->cap)
		return xstrdup("");
	char *text = sb->buf;
	strbuf_init(sb);
	return text;
}

char *strbuf_to_arena(struct strbuf *sb, struct arena *arena)
{
	return arena_strndup(arena, sb->len ? sb->buf : "", sb->len);
}

char *strbuf_finish(struct strbuf *sb, struct arena *arena)
{
	char *text = strbuf_to_arena(sb, arena);

	strbuf_release(sb);
	return text;
}
