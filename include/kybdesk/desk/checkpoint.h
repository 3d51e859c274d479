/* Checkpoints of the audit log: its number of records and the root of the Merkle tree of their hashes, signed with
 * a key that is kept outside the store. Someone with write access to the store can rewrite the whole audit log,
 * with its hashes and its head; the rewritten log does not match a checkpoint that is kept elsewhere. The format is
 * C2SP's (codec/checkpoint.h, base/signed_note.h); docs/store.md defines the leaves. */
#ifndef KYBDESK_DESK_CHECKPOINT_H
#define KYBDESK_DESK_CHECKPOINT_H

#include "kybdesk/base/signed_note.h"
#include "kybdesk/desk/admin.h"

struct audit_proof;

struct checkpoint_file {
	const char *name; /* name of the checkpoint's file, for messages */
	const char *bytes;
	size_t length;
};
struct checkpoint_input {
	const struct checkpoint_file *items;
	size_t count;
	const struct signed_note_key *keys; /* no keys: signatures are not checked */
	size_t key_count;
};
struct checkpoint_verdict {
	const char *name, *root;
	int64_t size;
	const char *signed_by; /* name of the key that signed; NULL: signatures were not checked */
};
/* Verifies the chain, and that it matches each checkpoint. A mismatch is reported in `out` (`bad_seq` 0: the chain
 * itself is sound). ERR_INVALID: a checkpoint is unreadable, signed by none of the keys, or of another store.
 * `found` has one entry per input, shortest audit log first. */
enum err desk_checkpoints_verify(struct desk *desk, struct arena *arena, const struct checkpoint_input *input,
				 struct checkpoint_verdict **found, struct audit_verdict *out, struct error *error);

struct checkpoint_request {
	const struct signed_note_key *key;	     /* signs the checkpoint of the whole audit log; NULL: unsigned */
	const struct checkpoint_file *existing_file; /* a checkpoint made earlier; NULL: makes one of the whole log */
	struct audit_proof *proofs;		     /* ascending by seq */
	size_t count;
};
struct checkpoint_result {
	/* The name of the audit log in its checkpoints: the store's id, and 1 + the number of restores from a
	 * backup. */
	const char *origin;
	const char *root; /* in base64 */
	int64_t size;
};
/* Makes a checkpoint of the audit log, and proves that records are in its tree. `out` (NULL: not needed) receives the
 * checkpoint as a note, or the existing checkpoint unchanged. Records after the checkpoint get no path.
 * ERR_STORE: the log was changed. ERR_INVALID: the existing checkpoint is unreadable or of another store; or the key's
 * name differs from `origin`, as after a restore of a backup. So two diverged logs are never signed under one name. */
enum err desk_make_checkpoint(struct desk *desk, struct arena *arena, const struct checkpoint_request *request,
			      struct strbuf *out, struct checkpoint_result *made, struct error *error);

/* The verdict as an error: ERR_STORE, or ERR_OK when the audit log is sound. */
enum err desk_audit_check_verdict(const struct audit_verdict *result, struct error *error);

#endif
