/* Tokens of clients' links (docs/api.md "The client's page"): derived, never stored. A token contains a session, the
 * link's generation and, for a link to one document, the document's type, with a MAC under the store's key. A token
 * cannot be made without the key.
 *
 * A stored text contains a placeholder in place of each link. The placeholder includes a random mark of that text,
 * so that input from outside cannot imitate a placeholder. */
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
	const char *store_id; /* part of the MAC: stores with the same key have different tokens */
};
struct link_subject {
	char session_id[UUID_TEXT_SIZE];
	int64_t generation;		       /* from 1 */
	char document_type[LINK_TYPE_MAX + 1]; /* "": a link to the whole session */
};

/* ERR_INVALID: the id is not a UUID, or the type is too long. */
enum err link_subject_set(struct link_subject *subject, const char *session_id, int64_t generation,
			  const char *document_type, struct error *error);
/* Appends the token: letters, digits, '-' and '_'. Deterministic. */
void link_token_write(struct strbuf *out, const struct link_key *key, const struct link_subject *subject);
/* False for a token that was not made with this key. The run time does not depend on how many bytes are right. */
bool link_token_read(const struct link_key *key, const char *token, struct link_subject *subject);

/* Appends a placeholder for this session's link; mark: the random mark of the text around it. */
void link_placeholder_write(struct strbuf *out, const char *mark, int64_t generation, const char *document_type);
/* Values for the placeholders of a stored text. */
struct link_placeholder_values {
	const char *mark;	    /* random mark in the placeholders of the text; "": none */
	const struct link_key *key; /* NULL: asterisks in place of tokens */
	const char *session_id;
};
/* Appends the text with its placeholders filled. ERR_INVALID: a malformed placeholder. */
enum err link_placeholders_fill(struct strbuf *out, const char *text, size_t length,
				const struct link_placeholder_values *places, struct error *error);

#endif
