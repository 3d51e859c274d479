/* The actor's own views and drafts, which the store keeps if the actor works over SSH. They are not evidence, so
 * changes to them are not in the audit log. */
#ifndef KYBDESK_DESK_OWN_TEXT_H
#define KYBDESK_DESK_OWN_TEXT_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/desk/desk.h"

#define OWN_TEXT_MAX (1024 * 1024) /* bytes */

/* kind: "view" or "draft". Appends the text, if one is stored. */
enum err desk_own_text(struct desk *desk, const char *kind, struct strbuf *out, struct error *error) KYB_MUST_USE;
/* Replaces the text `before` ("" none). ERR_CONFLICT: the stored text is not `before` any more; ERR_FORBIDDEN:
 * read-only, or the actor is disabled; ERR_INVALID: too long. */
enum err desk_own_text_set(struct desk *desk, const char *kind, const char *before, const char *text,
			   struct error *error) KYB_MUST_USE;

#endif
