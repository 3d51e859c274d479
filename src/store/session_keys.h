/* Derived columns for finding sessions and parties regardless of how their names and numbers are spelled. */
#ifndef KYBDESK_SRC_STORE_SESSION_KEYS_H
#define KYBDESK_SRC_STORE_SESSION_KEYS_H

#include "kybdesk/domain/session.h"
#include "kybdesk/store/store.h"

struct session_keys {
	struct strbuf name;		 /* for sorting and searching by prefix (text_fold()) */
	struct strbuf registration, tax; /* text_number_key() */
	struct strbuf likeness;		 /* identity_add_key() of the subject */
};
#define SESSION_KEYS_INIT                                                                                              \
	{                                                                                                              \
		STRBUF_INIT, STRBUF_INIT, STRBUF_INIT, STRBUF_INIT                                                     \
	}
void session_keys_fill(struct session_keys *out, const struct session *session); /* *out must be initialised */
void session_keys_release(struct session_keys *keys);
/* Binds the keys from parameter `at` on, in the order of the members. */
void session_keys_bind(struct query *query, int at, const struct session_keys *keys);

/* Appends identity_add_key() of the party as a person; appends nothing without a birth date. */
void party_key_add(struct strbuf *out, const struct party *party);

/* Writes the keys of all sessions and parties, for a store with a schema older than KEYS_SCHEMA_VERSION, and after a
 * change of text_likeness_key() or identity_add_key(). Call it within a write transaction. */
#define KEYS_SCHEMA_VERSION 56
enum err session_keys_fill_all(struct store *store, struct error *error);

#endif
