/* The text of a checkpoint (c2sp.org/tlog-checkpoint): the origin of a log, its number of entries, and the root of
 * their Merkle tree (base/merkle.h). A signed checkpoint is a note (base/signed_note.h) and commits the signer to
 * this state of the log. */
#ifndef KYBDESK_CODEC_CHECKPOINT_H
#define KYBDESK_CODEC_CHECKPOINT_H

#include "kybdesk/base/digest.h"

struct checkpoint {
	const char *origin; /* one line, not empty */
	int64_t size;
	uint8_t root[SHA256_SIZE];
};

void checkpoint_write(struct strbuf *out, const struct checkpoint *checkpoint);
/* ERR_INVALID names the invalid line. Lines after the third are ignored, as the standard requires. The origin is
 * in the arena. */
enum err checkpoint_read(struct arena *arena, const char *text, size_t length, struct checkpoint *out,
			 struct error *error);

#endif
