/* Reads a stream of sessions as JSON: their lines come in order, none is too long, and the stream ends. */
#include "fuzz.h"
#include "kybdesk/codec/session_codec.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("stream", MFD_CLOEXEC);
	PROMISE(fd >= 0 && write(fd, data, size) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0);
	struct session_stream *stream = session_stream_new(fd, NULL);
	size_t last = 0, turns = 0;
	for (bool end = false; !end;) {
		const char *text = NULL;
		size_t length = 0, line = 0;
		struct error error = { 0 };
		enum err code = session_stream_next(stream, &text, &length, &line, &end, &error);
		PROMISE(code == ERR_OK || code == ERR_INVALID);
		PROMISE(turns++ <= size + 2);
		if (code == ERR_INVALID) {
			fuzz_failed(code, &error);
		} else if (!end) {
			PROMISE(text && length > 0 && length <= SESSION_LINE_MAX);
			PROMISE(line >= last && line >= 1);
			last = line;
			(void)json_text_is_valid(text, length, SESSION_DEPTH_MAX);
		}
	}
	PROMISE(session_stream_offset(stream) <= size);
	session_stream_free(stream);
	(void)close(fd);
	return 0;
}
