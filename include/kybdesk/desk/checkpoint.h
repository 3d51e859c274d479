/*
 * Checkpoints of the audit log (trust.md, "Proof"): how many records it had, and the root of the Merkle tree of their hashes, signed
 * with a key that is kept elsewhere. Who can write the store can write all of its audit log anew, hashes and head; not so that it fits a
 * checkpoint that somebody else keeps. The format is C2SP's (codec/checkpoint.h, base/signed_note.h); docs/store.md has what a leaf is.
 */
#ifndef KYBDESK_DESK_CHECKPOINT_H
#define KYBDESK_DESK_CHECKPOINT_H

#include "kybdesk/base/signed_note.h"
#include "kybdesk/desk/admin.h"

/* What the audit log signs as: the store's id, and how often it was brought back from a backup, and one; in the arena. ERR_STORE when the
 * chain is broken. */
enum err desk_checkpoint_origin(struct desk *desk, struct arena *arena, const char **out,
				struct error *error) KYB_MUST_USE;

struct checkpoint_made {
	const char *origin, *root; /* the root in base64 */
	int64_t size;
};
/* Appends the note to `out`. ERR_STORE when the chain is broken; ERR_INVALID when the key bears another name than the audit log's: two
 * trails that part never sign as one. */
enum err desk_checkpoint_make(struct desk *desk, struct arena *arena, const struct signed_note_key *key,
			      struct strbuf *out, struct checkpoint_made *made, struct error *error) KYB_MUST_USE;

struct checkpoint_input_of {
	const char *name; /* of its file, for sentences */
	const char *bytes;
	size_t length;
};
struct checkpoint_input {
	const struct checkpoint_input_of *items;
	size_t count;
	const struct signed_note_key *keys; /* none: signatures are not looked at */
	size_t key_count;
};
struct checkpoint_found {
	const char *name, *root;
	int64_t size;
	const char *signed_by; /* the key's name; NULL: no key was given */
};
/* The chain, and that it still is what each checkpoint says. An audit log that is not is a verdict (`bad_seq` 0 when the chain is sound
 * in itself); a checkpoint that cannot be read, that none of the keys signed, or that is of another store is ERR_INVALID. `found`: as
 * many, the shortest audit log first. */
enum err desk_checkpoints_verify(struct desk *desk, struct arena *arena, const struct checkpoint_input *input,
				 struct checkpoint_found **found, struct audit_result *out,
				 struct error *error) KYB_MUST_USE;

/* The verdict as an error: ERR_STORE, or ERR_OK when the audit log is sound. */
enum err desk_audit_error(const struct audit_result *result, struct error *error) KYB_MUST_USE;

#endif
