#include "kybdesk/base/deflate.h"
#include "kybdesk/base/digest.h"

#include <limits.h>
#include <zlib.h>

#define COMPRESSION_LEVEL 1

bool deflate_bytes(struct strbuf *out, const struct strbuf *bytes, size_t most)
{
	z_stream stream = { .next_in = (Bytef *)bytes->buf, .avail_in = (uInt)bytes->len };

	if (bytes->len > UINT_MAX || most > UINT_MAX || deflateInit(&stream, COMPRESSION_LEVEL) != Z_OK)
		return false;
	strbuf_grow(out, most); /* allocates once: a growing buffer would leave copies of secrets in memory */
	stream.next_out = (Bytef *)out->buf + out->len;
	stream.avail_out = (uInt)most;
	bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
	if (done)
		out->len += most - stream.avail_out;
	else
		secret_wipe(out->buf + out->len, most - stream.avail_out);
	out->buf[out->len] = '\0';
	deflateEnd(&stream);
	return done;
}
