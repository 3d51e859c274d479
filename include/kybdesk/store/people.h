/* Merchants, reviewers, and the workflow texts of sessions, as rows. All functions join the open transaction;
 * results live in the arena argument. A reviewer or merchant that is not found has row 0, without an error. */
#ifndef KYBDESK_STORE_PEOPLE_H
#define KYBDESK_STORE_PEOPLE_H

#include "kybdesk/store/store.h"
#include "kybdesk/domain/ssh_key.h"
#include "kybdesk/base/strbuf.h"

struct reviewer {
	int64_t row;
	const char *name;
	enum role role;
	bool supervised, disabled;
	int64_t created_at;
	int64_t disabled_at;	/* TIME_NONE: not disabled; filled when read, ignored when written */
	int64_t key_created_at; /* TIME_NONE: no key */
	uint8_t key_sha256[SHA256_SIZE];
};
/* name NULL: finds the reviewer with out->key_sha256. If not found, out->row is 0 and all other members are empty. */
enum err store_reviewer_find(struct store *store, struct arena *arena, const char *name, struct reviewer *out,
			     struct error *error);
/* ERR_CONFLICT if a reviewer ever had this name. */
enum err store_reviewer_require_free_name(struct store *store, const char *name, struct error *error);
/* The number of cases that are assigned to or claimed by the reviewer. */
enum err store_reviewer_case_count(struct store *store, int64_t row, int64_t *cases, struct error *error);
/* ERR_CONFLICT if a reviewer ever had this name. */
enum err store_reviewer_insert(struct store *store, struct reviewer *reviewer, int64_t now, struct error *error);
/* Disabling a reviewer also ends the reviewer's claims and key. */
enum err store_reviewer_update(struct store *store, const struct reviewer *reviewer, int64_t now, struct error *error);
/* key_sha256 NULL removes the key. */
enum err store_reviewer_set_key(struct store *store, int64_t row, const uint8_t *key_sha256, int64_t now,
				struct error *error);
/* Whether this is the hash of the reviewer's key; compares in constant time. */
bool reviewer_key_matches(const struct reviewer *reviewer, const uint8_t key_sha256[SHA256_SIZE]);
enum err store_reviewer_list(struct store *store, struct arena *arena, struct reviewer **items, size_t *count,
			     struct error *error);

struct merchant {
	int64_t row;
	const char *name, *api_code;
	int64_t created_at;
};
/* name NULL: finds the merchant with out->row. out->row is 0 if not found. */
enum err store_merchant_find(struct store *store, struct arena *arena, const char *name, struct merchant *out,
			     struct error *error);
/* merchant->row 0: inserts the merchant, and sets row and created_at. Otherwise writes its api_code. ERR_CONFLICT:
 * another merchant has the name. */
enum err store_merchant_put(struct store *store, struct merchant *merchant, int64_t now, struct error *error);
enum err store_merchant_list(struct store *store, struct arena *arena, struct merchant **items, size_t *count,
			     struct error *error);

/* The text of a workflow with which sessions were created. */
struct workflow_text {
	const char *name;
	int64_t version;
	const char *body; /* length bytes */
	size_t length;
};
/* Stores a text, unless it is stored already. *row: the row of the text. */
enum err store_workflow_put(struct store *store, const struct workflow_text *text, int64_t now, int64_t *row,
			    struct error *error);
/* The text of a workflow. ERR_STORE: the text does not match its hash. */
enum err store_workflow_body(struct store *store, struct arena *arena, int64_t row, const char **body,
			     struct error *error);
/* The SHA-256 of a text, in hexadecimal; "": the row does not exist. Cheap, for caches. */
enum err store_workflow_hash(struct store *store, int64_t row, char out[SHA256_HEX_SIZE], struct error *error);

/* SSH keys of reviewers, for access to the store. All functions join the open transaction; results live in the
 * arena. */
/* Sets key->row. */
enum err store_access_key_insert(struct store *store, int64_t reviewer_row, struct access_key *key,
				 struct error *error);
/* Lists the keys of a reviewer (reviewer "": of all reviewers), sorted by reviewer and then by the time of adding. */
enum err store_access_key_list(struct store *store, struct arena *arena, const char *reviewer,
			       struct access_key **items, size_t *count, struct error *error);

/* Reviewers' own texts (table reviewer_setting): views, drafts, settings and keys of reviewers that work over SSH. */
struct own_text_row {
	int64_t reviewer_row;
	const char *kind, *text;
	int64_t at;
};
/* Appends the stored text to `out`; appends nothing if none is stored. */
enum err store_own_text_append(struct store *store, int64_t reviewer_row, const char *kind, struct strbuf *out,
			       struct error *error);
enum err store_own_text_set(struct store *store, const struct own_text_row *row, struct error *error);

#endif
