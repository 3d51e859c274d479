/* Two sessions that may be of the same applicant, side by side: subject, address, owners and directors, documents by
 * their bytes, and the outcomes. Values are compared unmasked; the texts are for display and may be masked. The
 * card helps the reviewer and decides nothing. Pure. */
#ifndef KYBDESK_DOMAIN_DUPLICATE_CARD_H
#define KYBDESK_DOMAIN_DUPLICATE_CARD_H

#include "kybdesk/domain/session.h"

struct comparison_line {
	const char *label; /* "address", "owner", "document"; the same in consecutive lines of one kind */
	const char *this_value, *other_value; /* "": none */
	bool is_same;
};
struct duplicate_card {
	struct comparison_line *lines;
	size_t count;
	size_t same_line_count; /* lines with equal values */
};
struct duplicate_card_input {
	const struct case_file *this_case, *other_case; /* as stored */
	const struct case_file *this_case_shown,
		*other_case_shown; /* `this_case` and `other_case` for display, perhaps masked */
};
/* The values of all four case files must be parsed (case_values_parse()). */
void duplicate_card_make(struct arena *arena, const struct duplicate_card_input *sides, struct duplicate_card *out);

#endif
