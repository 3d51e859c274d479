/* Compression in zlib's format, optimised for speed. Any thread may call the function. */
#ifndef KYBDESK_BASE_DEFLATE_H
#define KYBDESK_BASE_DEFLATE_H

#include "kybdesk/base/strbuf.h"

#include <stdbool.h>

/* Appends the compressed bytes. Returns false and appends nothing if the result would have more than `most` bytes. */
bool deflate_bytes(struct strbuf *out, const struct strbuf *bytes, size_t most);

/* Appends the unpacked bytes, at most `most`. is_raw: without the header and sum of zlib's format. False: nothing could
 * be unpacked. */
bool inflate_bytes(struct strbuf *out, const void *bytes, size_t length, size_t most, bool is_raw);

#endif
