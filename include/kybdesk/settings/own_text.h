/*
 * A text of the reviewer's own (views, drafts): a file, or, in a session over SSH, a text in the store. A front end
 * that runs a session passes the functions that reach the store.
 */
#ifndef KYBDESK_SETTINGS_OWN_TEXT_H
#define KYBDESK_SETTINGS_OWN_TEXT_H

#include "kybdesk/base/strbuf.h"

enum own_kind { OWN_VIEWS, OWN_DRAFTS };

struct own_store {
	/* Appends the text; nothing if there is none. */
	enum err (*get)(void *context, enum own_kind kind, struct strbuf *out, struct error *error);
	enum err (*put)(void *context, enum own_kind kind, const char *text, struct error *error);
	void *context;
};
struct own_text {
	enum own_kind kind;
	const char *path;	       /* of the file */
	const struct own_store *store; /* in its place; NULL: the file */
};

/* Appends the text; nothing if there is none. */
enum err own_text_read(const struct own_text *text, size_t max_bytes, struct strbuf *out,
		       struct error *error) KYB_MUST_USE;
/* Replaces it as a whole. */
enum err own_text_write(const struct own_text *text, const struct strbuf *content,
			struct error *error) KYB_MUST_USE;

#endif
