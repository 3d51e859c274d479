/*
 * The text of a checkpoint (c2sp.org/tlog-checkpoint): whose list it is, how many entries it had, and the root of their Merkle tree
 * (base/merkle.h). Signed as a note (base/signed_note.h) it says what cannot be taken back.
 */
#ifndef KYBDESK_CODEC_CHECKPOINT_H
#define KYBDESK_CODEC_CHECKPOINT_H

#include "kybdesk/base/digest.h"

struct checkpoint {
	const char *origin; /* one line, not empty */
	int64_t size;
	uint8_t root[SHA256_SIZE];
};

void checkpoint_write(struct strbuf *out, const struct checkpoint *checkpoint);
/* ERR_INVALID with the line that is wrong. Lines behind the three are passed over, as the standard has it. The origin is in the
 * arena. */
enum err checkpoint_read(struct arena *arena, const char *text, size_t length, struct checkpoint *out,
			 struct error *error) KYB_MUST_USE;

#endif
