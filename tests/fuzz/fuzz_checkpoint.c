/* Checkpoints and keys from an auditor: a readable checkpoint or key is written and read again unchanged. */
#include "fuzz.h"
#include "kybdesk/base/signed_note.h"
#include "kybdesk/codec/checkpoint.h"

#include <string.h>

#define PUBLIC "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

static void try_key(struct arena *arena, const char *text, size_t size)
{
	struct error error = { 0 };
	struct strbuf line = STRBUF_INIT;
	struct signed_note_key key, again;
	enum err code = signed_note_key_read(arena, text, size, &key, &error);

	if (code) {
		PROMISE(code == ERR_INVALID);
		fuzz_failed(code, &error);
		return;
	}
	signed_note_key_write(&line, &key, key.can_sign);
	PROMISE(!signed_note_key_read(arena, line.buf, line.len, &again, &error));
	PROMISE(!strcmp(key.name, again.name) && !memcmp(key.public_key, again.public_key, sizeof key.public_key));
	strbuf_release(&line);
}

static void try_checkpoint(struct arena *arena, const char *text, size_t size)
{
	struct error error = { 0 };
	struct strbuf out = STRBUF_INIT;
	struct checkpoint checkpoint, again;
	enum err code = checkpoint_read(arena, text, size, &checkpoint, &error);

	if (code) {
		PROMISE(code == ERR_INVALID);
		fuzz_failed(code, &error);
		return;
	}
	PROMISE(checkpoint.size >= 0 && *checkpoint.origin);
	checkpoint_write(&out, &checkpoint);
	PROMISE(!checkpoint_read(arena, out.buf, out.len, &again, &error));
	PROMISE(!strcmp(checkpoint.origin, again.origin) && checkpoint.size == again.size);
	PROMISE(!memcmp(checkpoint.root, again.root, sizeof again.root));
	PROMISE(out.len <= size && !memcmp(out.buf, text, out.len));
	strbuf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct error error = { 0 };
	struct signed_note_key key;
	struct signed_note note;
	const char *by;
	enum err code;

	try_key(&arena, (const char *)data, size);
	code = signed_note_read(&arena, (const char *)data, size, &note, &error);
	if (code) {
		PROMISE(code == ERR_INVALID);
		fuzz_failed(code, &error);
		/* A text that is not a signed note is tried as a checkpoint without signatures. */
		try_checkpoint(&arena, (const char *)data, memchr(data, '\0', size) ? 0 : size);
	} else {
		PROMISE(note.count && note.length && note.text[note.length - 1] == '\n');
		PROMISE(!signed_note_key_read(&arena, PUBLIC, strlen(PUBLIC), &key, &error));
		if (signed_note_check(&note, &key, 1, &by, &error)) {
			error_release(&error);
		} else {
			/* The signature is valid for no other text. */
			struct signed_note forged = note;
			char *text = arena_strndup(&arena, note.text, note.length);
			text[size % note.length] ^= 1;
			forged.text = text;
			PROMISE(signed_note_check(&forged, &key, 1, &by, &error));
			error_release(&error);
		}
		try_checkpoint(&arena, note.text, note.length);
	}
	arena_release(&arena);
	return 0;
}
