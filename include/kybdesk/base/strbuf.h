/* A growing string. buf is never NULL and always NUL-terminated; len excludes the NUL. strbuf_release() accepts a
 * zeroed or initialised struct; the struct can be used again afterwards. */
#ifndef KYBDESK_BASE_STRBUF_H
#define KYBDESK_BASE_STRBUF_H

#include "kybdesk/base/arena.h"

struct strbuf {
	char *buf;
	size_t len;
	size_t cap; /* 0 while buf is the shared empty string */
};

extern char strbuf_empty[];
#define STRBUF_INIT                                                                                                    \
	{                                                                                                              \
		.buf = strbuf_empty, .len = 0, .cap = 0                                                                \
	}

void strbuf_init(struct strbuf *sb);
void strbuf_release(struct strbuf *sb);
void strbuf_wipe(struct strbuf *sb);  /* for secrets: overwrites the bytes, then releases sb */
void strbuf_reset(struct strbuf *sb); /* empties sb, but keeps its memory */
void strbuf_grow(struct strbuf *sb, size_t extra);
void strbuf_add(struct strbuf *sb, const void *bytes, size_t length);
void strbuf_adds(struct strbuf *sb, const char *text);
void strbuf_addch(struct strbuf *sb, char c);
void strbuf_addn(struct strbuf *sb, char c, size_t times);
void strbuf_addf(struct strbuf *sb, const char *format, ...) KYB_PRINTF(2, 3);
void strbuf_vaddf(struct strbuf *sb, const char *format, va_list args) KYB_PRINTF(2, 0);
void strbuf_truncate(struct strbuf *sb, size_t length);
char *strbuf_detach(struct strbuf *sb);			       /* malloc'd, caller frees */
char *strbuf_to_arena(struct strbuf *sb, struct arena *arena); /* copies the text; sb is unchanged */
char *strbuf_finish(struct strbuf *sb, struct arena *arena);   /* copies the text, and releases sb */

#endif
