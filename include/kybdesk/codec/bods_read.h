/* Reads statements of BODS 0.4 (docs/data.md) as the owners of one subject: the parties, their shares, and their
 * roles. */
#ifndef KYBDESK_CODEC_BODS_READ_H
#define KYBDESK_CODEC_BODS_READ_H

#include "kybdesk/domain/session.h"

struct bods_line {
	size_t number;
	const char *text;
	size_t length;
	const char *record_id; /* "": none */
};
struct bods_share {
	const char *owned_record_id; /* record id of the owned company; "": the subject */
	const char *percent;	     /* sum of the owner's interests in the company, with all digits */
	struct bods_line line;
};
struct bods_party {
	const char *record_id;
	enum party_kind kind;
	const char *name, *country, *tax_id, *registration_number, *lei, *control_role; /* "": none */
	const char *date_of_birth; /* "1984", "1984-05" or "1984-05-26" */
	unsigned roles;		   /* bits of enum party_role */
	struct bods_share *shares;
	size_t share_count, share_capacity;
	struct bods_line line;
};
struct bods_fault {
	struct bods_line line;
	const char *field, *message;
};
struct bods_owners {
	const char *subject_record_id; /* record id of the subject */
	struct bods_party subject;
	struct bods_party *parties;
	size_t count, capacity;
	struct bods_fault *faults; /* faults of statements that cannot be used */
	size_t fault_count, fault_capacity;
};
#define BODS_STATEMENTS_MAX 20000
/* All texts are in the arena. ERR_INVALID: the statements name no subject or several subjects, or the
 * file has too many statements or is too large. ERR_INTERNAL: the input cannot be read. */
enum err bods_read(struct arena *arena, int fd, struct bods_owners *out, struct error *error) KYB_MUST_USE;

#endif
