/* Reads the row commitments in their order, page by page, together with the audit records that cover them. */
#ifndef KYBDESK_SRC_STORE_AUDIT_COMMITMENT_LIST_H
#define KYBDESK_SRC_STORE_AUDIT_COMMITMENT_LIST_H

#include "audit/commitment_hash.h"

struct commitment_item {
	int64_t id, seq, key, owner;
	const char *table;
	const void *hash;
	size_t length;		 /* length of the hash */
	bool has_expected_types; /* each column has the expected type */
};
struct commitment_list {
	struct store *store;
	int64_t owner; /* NO_OWNER: all commitments */
	struct row_hasher hasher;
	struct arena arena; /* memory of the page */
	struct commitment_item *items;
	size_t count, at;
	int64_t next_id, expected_id; /* ids begin at 1 and have no gaps */
	bool is_last_page;
};
struct commitment_list_hash {
	bool has_rows_hash;
	uint8_t hash[SHA256_SIZE];
};

void commitment_list_begin(struct commitment_list *list, struct store *store);
void commitment_list_end(struct commitment_list *list);
/* Reads the next commitment; sets *item to NULL after the last one. *item is valid until the next call. */
enum err commitment_list_next(struct commitment_list *list, const struct commitment_item **item, struct error *error);
/* The chained hash of all commitments with the record number `seq`; all zeros if their order or form is not valid. */
enum err commitment_list_hash(struct commitment_list *list, int64_t seq, struct commitment_list_hash *out,
			      struct error *error);
bool commitment_list_has_more(const struct commitment_list *list); /* whether any commitments are left */

#endif
