/*
 * What a client was asked for, as it was and as it came back, for every front end that shows it: value by value, document by
 * document, and who came or went. Made of what was kept with the correction (domain/session.h), as it is masked in the view;
 * what is there now does not matter. Pure.
 */
#ifndef KYBDESK_DESK_CHANGES_H
#define KYBDESK_DESK_CHANGES_H

#include "kybdesk/desk/read.h"

enum change_kind { CHANGE_FIELD, CHANGE_DOCUMENT, CHANGE_PARTY, CHANGE_WORDS };
struct change {
	enum change_kind kind;
	const char *what;	    /* the field, the document's type, "party", "words" */
	const char *before, *after; /* values; names of files, of both sides where there are two; "" nothing */
	/* Of a file the first 8 digits of its SHA-256, of both sides where there are two; "" otherwise. */
	const char *before_hash, *after_hash;
	bool came;    /* false: it was asked about, and nothing has come back so far */
	bool changed; /* in any way, also where both look the same */
};
/* How many there are; *out in the arena. A type that was asked for by name is among them also where there is no such
 * document. Parties that came or went are told where nothing was named, so that the whole step was asked about. None where
 * nothing was kept. */
size_t correction_changes(struct arena *arena, const struct case_view *view, const struct correction *correction,
			  struct change **out);

#endif
