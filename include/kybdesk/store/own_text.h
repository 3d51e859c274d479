/* Reviewers' own texts (table reviewer_setting): views and drafts of a session over SSH. */
#ifndef KYBDESK_STORE_OWN_TEXT_H
#define KYBDESK_STORE_OWN_TEXT_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/store/store.h"

struct own_text_row {
	int64_t reviewer_row;
	const char *kind, *text;
	int64_t at;
};
/* Appends the stored text to `out`; appends nothing if none is stored. */
enum err store_own_text_append(struct store *store, int64_t reviewer_row, const char *kind, struct strbuf *out,
			       struct error *error) KYB_MUST_USE;
enum err store_own_text_set(struct store *store, const struct own_text_row *row, struct error *error) KYB_MUST_USE;

#endif
