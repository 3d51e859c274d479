/* The canonical encoding of an audit record's columns, for appending and verifying. */
#ifndef KYBDESK_STORE_AUDIT_CHAIN_H
#define KYBDESK_STORE_AUDIT_CHAIN_H

#include "kybdesk/store/audit.h"

/* Appends a value: type byte ('i' 't' 'b' 'n'), 8-byte big-endian length, bytes. */
void audit_add_value(struct strbuf *out, char type, const void *bytes, size_t length);
void audit_add_int(struct strbuf *out, int64_t value);
void audit_add_text(struct strbuf *out, const char *text);
void audit_add_db_value(struct strbuf *out, const struct db_value *value);

/* Reads a hash with its stored type; returns false and zeros if the value is not a blob of this size. */
bool audit_read_hash(const struct query *query, int column, uint8_t out[SHA256_SIZE]);

/* The head of the log, and the id of the last commitment. */
struct audit_head {
	int64_t seq, last_commitment;
	uint8_t hash[SHA256_SIZE];
	bool has_rows_hash; /* whether commitments exist that the next record will cover */
	uint8_t rows_hash[SHA256_SIZE];
};
enum err audit_head_read(struct store *store, struct audit_head *out, struct error *error);
enum err audit_head_write(struct store *store, const struct audit_head *head, struct error *error);

/* Whether the last record of the open transaction is not inserted yet, because more rows may change. */
bool audit_has_pending_record(const struct store *store);
/* Inserts the pending record with the hash of rows in *head, and sets *head to the record; does not write the head. */
enum err audit_write_pending_record(struct store *store, struct audit_head *head, struct error *error);
void audit_drop_pending_record(struct store *store);
void audit_close(struct store *store);

#endif
