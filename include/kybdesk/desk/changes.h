/* The changes that a client made for a correction, for every front end: values, documents, and parties added or
 * removed. Computed from the values stored with the correction (domain/session.h), never from the case's present
 * values; masked as in the view. Pure. */
#ifndef KYBDESK_DESK_CHANGES_H
#define KYBDESK_DESK_CHANGES_H

#include "kybdesk/desk/read.h"

enum change_kind { CHANGE_FIELD, CHANGE_DOCUMENT, CHANGE_PARTY, CHANGE_EXPLANATION };
struct change {
	enum change_kind kind;
	const char *name;	    /* the field, the document's type, "party", or "words" for an explanation */
	const char *before, *after; /* values, or file names (of both sides of a two-sided document); "": none */
	/* Documents: the first 8 digits of the SHA-256, of both sides of a two-sided document; "" for other changes. */
	const char *before_hash, *after_hash;
	bool has_response; /* whether the client has responded to the request */
	bool changed;	   /* also true if before and after look the same when masked */
};
/* Returns the count; *out is in the arena. Lists a document type that the request names even if the case has no
 * such document. A request without fields and documents covers the whole step: lists the added and removed parties,
 * too. If no values were stored, lists only the client's explanation. */
size_t correction_changes(struct arena *arena, const struct case_view *view, const struct correction *correction,
			  struct change **out);

#endif
