#include "kybdesk/base/deflate.h"
#include "kybdesk/base/digest.h"

#include <limits.h>
#include <zlib.h>

#define COMPRESSION_LEVEL 1
#define INFLATE_STEP 65536u

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

bool inflate_bytes(struct strbuf *out, const void *bytes, size_t length, size_t most, bool is_raw)
{
	z_stream stream = { .next_in = (z_const Bytef *)bytes, .avail_in = (uInt)length };
	size_t before = out->len;
	int state = Z_OK;

	if (length > UINT_MAX || inflateInit2(&stream, is_raw ? -MAX_WBITS : MAX_WBITS) != Z_OK)
		return false;
	while (state == Z_OK && out->len - before < most) {
		strbuf_grow(out, INFLATE_STEP);
		stream.next_out = (Bytef *)out->buf + out->len;
		stream.avail_out = INFLATE_STEP;
		state = inflate(&stream, Z_NO_FLUSH);
		out->len += INFLATE_STEP - stream.avail_out;
	}
	out->buf[out->len] = '\0';
	inflateEnd(&stream);
	return out->len > before;
}
