/* Signed notes (c2sp.org/signed-note) with Ed25519 (RFC 8032): a text, an empty line, and signature lines, each
 * with the name and the id of its key. Keys have the format of other C2SP tools: a public key is the line
 * "NAME+ID+KEY", a signing key "PRIVATE+KEY+NAME+ID+KEY". */
#ifndef KYBDESK_BASE_SIGNED_NOTE_H
#define KYBDESK_BASE_SIGNED_NOTE_H

#include "kybdesk/base/digest.h"
#include "kybdesk/base/world.h"

#define SIGNED_NOTE_KEY_SIZE 32
#define SIGNED_NOTE_ID_SIZE 4
#define SIGNED_NOTE_SIGNATURE_SIZE 64

struct signed_note_key {
	const char *name; /* printable ASCII without space and "+"; borrowed */
	uint8_t id[SIGNED_NOTE_ID_SIZE];
	uint8_t public_key[SIGNED_NOTE_KEY_SIZE];
	bool can_sign;
	uint8_t seed[SIGNED_NOTE_KEY_SIZE]; /* secret; set if `can_sign` */
};

/* Makes a random key. An invalid name is a BUG. Borrows the name. */
void signed_note_key_make(const struct world *world, const char *name, struct signed_note_key *out);
/* Reads one line with a public or signing key; white space around the line is ignored. The name is in the arena.
 * ERR_INVALID with the reason; *out is then empty. */
enum err signed_note_key_read(struct arena *arena, const char *text, size_t length, struct signed_note_key *out,
			      struct error *error);
/* Appends the line of the public key or, if `signing`, of the signing key, without the newline. */
void signed_note_key_write(struct strbuf *out, const struct signed_note_key *key, bool signing);
void signed_note_key_wipe(struct signed_note_key *key);

/* Appends a note: the text, which must end with a newline, and the signature by the key. */
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
/* Reads a note with its signatures, without verification. ERR_INVALID with the reason. */
enum err signed_note_read(struct arena *arena, const char *bytes, size_t length, struct signed_note *out,
			  struct error *error);

/* If count is not 0, requires a valid signature by one of the keys, and no invalid signature by any of the keys.
 * *by: the name of the key that signed; NULL if count is 0. ERR_INVALID: "the file is not signed by …". */
enum err signed_note_check(const struct signed_note *note, const struct signed_note_key *keys, size_t count,
			   const char **by, struct error *error);

#endif
