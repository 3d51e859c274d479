/*
 * The changes that a client made for a correction, for every front end: values, documents, and parties added or
 * removed. Computed from what was kept with the correction (domain/session.h), masked as in the view; the case's
 * present values do not matter. Pure.
 */
#ifndef KYBDESK_DESK_CHANGES_H
#define KYBDESK_DESK_CHANGES_H

#include "kybdesk/desk/read.h"

enum change_kind { CHANGE_FIELD, CHANGE_DOCUMENT, CHANGE_PARTY, CHANGE_WORDS };
struct change {
	enum change_kind kind;
	const char *what;	    /* the field, the document's type, "party", "words" */
	const char *before, *after; /* values, or file names (of both sides if two); "" nothing */
	/* Documents: first 8 digits of the SHA-256, of both sides if two; "" otherwise. */
	const char *before_hash, *after_hash;
	bool came;    /* false: requested, no response yet */
	bool changed; /* true for any change, even if before and after look the same */
};
/* Returns the count; *out is in the arena. Lists a type requested by name even if no such document exists. Lists
 * parties added or removed if the request names nothing, so that it covers the whole step. Returns 0 if nothing
 * was kept. */
size_t correction_changes(struct arena *arena, const struct case_view *view, const struct correction *correction,
			  struct change **out);

#endif
