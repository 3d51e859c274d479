/* A private text of a reviewer (views, drafts, settings, keys): a file or, in a session over SSH, a text in the store. A
 * front end that runs over SSH passes functions to read and write the text in the store. */
#ifndef KYBDESK_SETTINGS_OWN_TEXT_H
#define KYBDESK_SETTINGS_OWN_TEXT_H

#include "kybdesk/base/strbuf.h"

enum own_text_kind { OWN_VIEWS, OWN_DRAFTS, OWN_CONFIG, OWN_KEYS };
extern const char *const own_text_kinds[]; /* "view" …, as the store names them */

/* A change of a whole text: the old text that the change is based on, and the new text. */
struct own_text_change {
	const char *before, *after;
};
struct own_text_store {
	/* Appends the text to *out; appends nothing if no text is stored. */
	enum err (*get)(void *context, enum own_text_kind kind, struct strbuf *out, struct error *error);
	/* As own_text_write(). */
	enum err (*put)(void *context, enum own_text_kind kind, const struct own_text_change *change,
			struct error *error);
	void *context;
};
struct own_text {
	enum own_text_kind kind;
	const char *path;		    /* path of the file */
	const struct own_text_store *store; /* used in place of the file; NULL: the file */
};

/* Appends the text to *out; appends nothing if no text is stored. */
enum err own_text_read(const struct own_text *text, size_t max_bytes, struct strbuf *out, struct error *error);
/* Replaces the text. ERR_CONFLICT: the stored text differs from change->before, because another workbench changed
 * it; nothing is written. */
enum err own_text_write(const struct own_text *text, const struct own_text_change *change, struct error *error);
#define OWN_TEXT_TRIES 8 /* maximum number of attempts to change a text while other programs change it */

#endif
