/*
 * Tokens of clients' links (trust.md "Nothing outside"; api.md "The client's
 * link"): derived, never stored. A token names a session, the link's generation
 * and, for a link of its own, the type of the document that is asked for; a MAC
 * under the store's key makes it. Whoever has no key makes none.
 *
 * A stored text that is to hold a link holds a placeholder instead. It carries a
 * mark that was drawn for this text alone, so that nothing that somebody else
 * put into the text can be taken for one.
 */
#ifndef KYBDESK_DOMAIN_LINK_TOKEN_H
#define KYBDESK_DOMAIN_LINK_TOKEN_H

#include "kybdesk/base/digest.h"
#include "kybdesk/base/uuid.h"

#define LINK_KEY_SIZE 32
#define LINK_MARK_SIZE 49 /* 48 hexadecimal digits */
#define LINK_TYPE_MAX 255 /* bytes of a document's type in a link */
#define LINK_GENERATION_MAX INT64_C(0x7fffffff)

struct link_key {
	uint8_t bytes[LINK_KEY_SIZE];
	const char *store_id; /* the same key makes other tokens in another store */
};
struct link_subject {
	char session_id[UUID_TEXT_SIZE];
	int64_t generation;		       /* from 1 */
	char document_type[LINK_TYPE_MAX + 1]; /* "" the session's own link */
};

/* ERR_INVALID for an id that is no UUID or a type that is too long. */
enum err link_subject_set(struct link_subject *subject, const char *session_id, int64_t generation,
			  const char *document_type, struct error *error) KYB_MUST_USE;
/* Appends the token: letters, digits, '-' and '_'. The same for the same subject, always. */
void link_token_write(struct strbuf *out, const struct link_key *key, const struct link_subject *subject);
/* False for anything that this key did not make; how much of it was right is not to be measured by the time it takes. */
bool link_token_read(const struct link_key *key, const char *token, struct link_subject *subject);

/* Appends a placeholder for the link of this session; mark: what text and placeholder share. */
void link_placeholder_write(struct strbuf *out, const char *mark, int64_t generation, const char *document_type);
/* The places of a stored text where a client's links go. */
struct link_places {
	const char *mark;	    /* of its placeholders; "" there are none */
	const struct link_key *key; /* NULL: asterisks in the place of tokens */
	const char *session_id;
};
/* Appends the text with its places filled. ERR_INVALID for a placeholder that is none. */
enum err link_placeholders_fill(struct strbuf *out, const char *text, size_t length,
				const struct link_places *places, struct error *error) KYB_MUST_USE;

#endif
