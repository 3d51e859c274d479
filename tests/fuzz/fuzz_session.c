/* Reads one session as JSON: a readable session can be written, and read again unchanged. */
#include "fuzz.h"
#include "kybdesk/codec/session_codec.h"

#include <string.h>

static void written_is_read_again(struct arena *arena, const struct session_document *document)
{
	struct strbuf text = STRBUF_INIT;
	struct session_document again;
	struct error error = { 0 };
	const struct session_write_options options = { .now = TIME_NONE };
	struct json_value *value = session_write(&document->file, &options);
	json_write(&text, value, JSON_COMPACT_LAYOUT, false);
	json_free(value);
	fuzz_is_harmless(text.buf, text.len, false);
	if (text.len <= SESSION_LINE_MAX) {
		enum err code = session_read(arena, text.buf, text.len, fuzz_countries(), &again, &error);
		if (code != ERR_OK)
			(void)fprintf(stderr, "%s: %s\n%s\n", error.field ? error.field : "", error.message, text.buf);
		PROMISE(code == ERR_OK);
		PROMISE(strcmp(again.file.session.external_ref, document->file.session.external_ref) == 0);
		PROMISE(strcmp(again.file.session.subject.name, document->file.session.subject.name) == 0);
		PROMISE(again.file.session.status == document->file.session.status);
		PROMISE(again.file.party_count == document->file.party_count);
		PROMISE(again.file.document_count == document->file.document_count);
		PROMISE(again.file.check_count == document->file.check_count);
	}
	strbuf_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct session_document document;
	struct error error = { 0 };
	enum err code = session_read(&arena, (const char *)data, size, fuzz_countries(), &document, &error);
	if (code == ERR_OK) {
		PROMISE(*document.file.session.subject.name && *document.file.session.workflow);
		written_is_read_again(&arena, &document);
	} else {
		PROMISE(code == ERR_INVALID);
		fuzz_failed(code, &error);
	}
	arena_release(&arena);
	return 0;
}
