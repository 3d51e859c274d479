/*
 * Signed notes (c2sp.org/signed-note) with Ed25519 (RFC 8032): a text, an empty line, and lines of signatures, each with the
 * name and the id of its key. Other tools read them, and keys are written as theirs are: a public key in one line
 * "NAME+ID+KEY", a signing key as "PRIVATE+KEY+NAME+ID+KEY".
 */
#ifndef KYBDESK_BASE_SIGNED_NOTE_H
#define KYBDESK_BASE_SIGNED_NOTE_H

#include "kybdesk/base/digest.h"
#include "kybdesk/base/world.h"

#define SIGNED_NOTE_KEY_SIZE 32
#define SIGNED_NOTE_ID_SIZE 4
#define SIGNED_NOTE_SIGNATURE_SIZE 64

struct signed_note_key {
	const char *name; /* printable ASCII without space and "+"; whoever made the key owns it */
	uint8_t id[SIGNED_NOTE_ID_SIZE];
	uint8_t public_key[SIGNED_NOTE_KEY_SIZE];
	bool signs;
	uint8_t seed[SIGNED_NOTE_KEY_SIZE]; /* when it signs: secret */
};

/* A new one, at random. The name has to be one (BUG). */
void signed_note_key_make(const struct world *world, const char *name, struct signed_note_key *out);
/* One line, public or signing; what stands around it is passed over. ERR_INVALID says what is wrong of it; `out` is empty then.
 * The name is in the arena. */
enum err signed_note_key_read(struct arena *arena, const char *text, size_t length, struct signed_note_key *out,
			      struct error *error) KYB_MUST_USE;
/* Appends its line, without the newline. */
void signed_note_key_write_public(struct strbuf *out, const struct signed_note_key *key);
void signed_note_key_write_signing(struct strbuf *out, const struct signed_note_key *key);
void signed_note_key_wipe(struct signed_note_key *key);

/* Appends the note of a text that ends with a newline, signed by one key. */
void signed_note_write(struct strbuf *out, const char *text, size_t length, const struct signed_note_key *key);

struct signed_note_signature {
	const char *name; /* in the arena */
	uint8_t id[SIGNED_NOTE_ID_SIZE];
	const char *bytes; /* in the arena */
	size_t length;
};
struct signed_note {
	const char *text; /* within the bytes that were read */
	size_t length;
	struct signed_note_signature *signatures;
	size_t count;
};
/* ERR_INVALID with the reason; signatures are read and not verified. */
enum err signed_note_read(struct arena *arena, const char *bytes, size_t length, struct signed_note *out,
			  struct error *error) KYB_MUST_USE;

/* What a note has of a key: nothing, its signature, or one with its name and id that it did not make. Several of one key must all be
 * right. */
enum signed_note_verdict { SIGNED_NOTE_BY_OTHERS, SIGNED_NOTE_RIGHT, SIGNED_NOTE_FORGED };
enum signed_note_verdict signed_note_verify(const struct signed_note *note, const struct signed_note_key *key);

#endif
