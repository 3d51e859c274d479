/* A case in the formats of other programs (docs/data.md): statements of the Beneficial Ownership Data Standard 0.4,
 * and entities of FollowTheMoney. The same case always gives the same ids. */
#ifndef KYBDESK_CODEC_EXCHANGE_H
#define KYBDESK_CODEC_EXCHANGE_H

#include "kybdesk/codec/json.h"
#include "kybdesk/domain/country.h"
#include "kybdesk/domain/ownership.h"

#define BODS_VERSION "0.4"

/* Input of the writers: a case, masked or not, with its computed ownership. */
struct exchange_case {
	const struct case_file *file;
	const bool *is_party_verified; /* whether each party is verified */
	const struct ownership_gap *gap;
	const struct countries *countries;
	const char *publisher_url; /* "": the address is unknown */
	int64_t now;
};
/* An array of statements: the subject, its owners, and the relationships; a statement comes after the statements
 * that it refers to. Masked values with a fixed format (birth dates) are left out. */
struct json_value *bods_write(struct arena *arena, const struct exchange_case *from);
/* The case as an array of FollowTheMoney entities. */
struct json_value *ftm_write(struct arena *arena, const struct exchange_case *from);

#endif
