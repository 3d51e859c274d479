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
struct bods_statement {
	struct bods_line line;
	const struct value *value, *details;
	const char *type, *record_id, *date;
	bool is_ignored; /* closed, or an older statement of the record */
};
/* A member of statements that was not taken, such as "recordDetails.politicalExposure.status". */
struct bods_member {
	const char *path, *records; /* records: "P1, P2" */
	size_t count, record_count;
	const char *last_record;
};
/* taken + kept + not_taken = values. Kept: in the file only, such as where a statement comes from, the statements that
 * an older one or another interest replaces, and the subject's own record, with which the case is compared. */
struct bods_account {
	size_t values, taken, kept, not_taken;
	struct bods_member *members; /* facts about persons, companies and interests that were not taken */
	size_t member_count;
};
struct bods_owners {
	const char *subject_record_id; /* record id of the subject */
	struct bods_party subject;
	struct bods_party *parties;
	size_t count, capacity;
	struct bods_fault *faults; /* faults of statements that cannot be used */
	size_t fault_count, fault_capacity;
	struct bods_statement *statements;
	size_t statement_count, statement_capacity;
	const struct value **taken; /* the values that were read */
	size_t taken_count, taken_capacity;
	const char **refused; /* the texts of statements that were refused whole */
	size_t refused_count, refused_capacity;
	struct bods_account account;
};
#define BODS_STATEMENTS_MAX 20000
/* All texts are in the arena. ERR_INVALID: the statements name no subject or several subjects, or the
 * file has too many statements or is too large. ERR_INTERNAL: the input cannot be read. */
enum err bods_read(struct arena *arena, int fd, struct bods_owners *out, struct error *error);
void bods_refuse(struct arena *arena, struct bods_owners *owners, const struct bods_line *line);
/* Fills in `account`, after all refusals. */
void bods_account_make(struct arena *arena, struct bods_owners *owners);

#endif
