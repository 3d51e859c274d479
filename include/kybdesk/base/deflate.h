/* Compression in zlib's format, fast rather than small. zlib is opened at first use (base/late.h). Any thread. */
#ifndef KYBDESK_BASE_DEFLATE_H
#define KYBDESK_BASE_DEFLATE_H

#include "kybdesk/base/strbuf.h"

#include <stdbool.h>

/* Appends the compressed bytes. False, and appends nothing, if they would be more than `most` or zlib is
 * missing. */
bool deflate_bytes(struct strbuf *out, const struct strbuf *bytes, size_t most);
/* "zlib 1.2.13", or why it is missing. Opens zlib. */
const char *deflate_library(struct arena *arena);

#endif
