/* Looks: what a person was shown of the files of a case. A look is recorded when it has ended (VERB_DOCUMENT_OPEN with
 * use_in.look): a program that is killed loses the look and invents none. The record of fetched bytes, and records of
 * older programs, do not say that anything was shown. See docs/evidence.md. */
#ifndef KYBDESK_DESK_LOOK_H
#define KYBDESK_DESK_LOOK_H

#include "kybdesk/base/arena.h"
#include "kybdesk/base/words.h"
#include "kybdesk/domain/session.h"

/* LOOK_OPENED: a record of an older program, which does not say what was shown. LOOK_FETCHED: the bytes were read to be
 * shown. LOOK_SAVED: the file went to a folder or another program. LOOK_NOTHING: a sentence was shown in place of the
 * file. From LOOK_TEXT on, the file itself was on the screen. */
#define LOOK_KIND_WORDS(X)                                                                                             \
	X(LOOK_OPENED, "opened")                                                                                       \
	X(LOOK_FETCHED, "fetched")                                                                                     \
	X(LOOK_SAVED, "saved")                                                                                         \
	X(LOOK_NOTHING, "nothing")                                                                                     \
	X(LOOK_TEXT, "text")                                                                                           \
	X(LOOK_PICTURE, "picture")                                                                                     \
	X(LOOK_BOTH, "both")
WORDS_DECLARE(look_kind, LOOK_KIND_WORDS);

struct look {
	const char *document_id, *by; /* by: only of a recorded look */
	int64_t at;		      /* time of the record: the end of the look */
	enum side side;
	enum look_kind shown_as;
	const char *sha256;    /* of the file that was shown */
	const char *reader;    /* program that made the text or picture; "": none, or not known */
	int64_t shown_ms;      /* time on the screen, up to the key that ended it */
	int64_t pages;	       /* number of pages that were on the screen, at least in part */
	int64_t page_count;    /* 0: the file has no pages, or they are not known */
	int64_t values_needed; /* required values that the file's own text was searched for; 0: not searched */
	int64_t values_found;
	int64_t values_unpainted; /* found only in text that the file does not show; not in values_found */
	bool is_uncompared;	  /* the found values were not compared with the drawn pages yet */
	bool is_incomparable;	  /* they could not be compared */
	bool is_too_old;	  /* the newest date in the file's own text is older than the document may be */
	const char *page_list;	  /* the pages that were on the screen, such as "1-3,7"; NULL: not known */
};

#define DOCUMENT_VIEWS_MAX 1000

/* Why an acceptance of the document by this person would not rest on what was shown to this person: one sentence part
 * each, such as "its back was not shown to you". None: every side was shown. */
struct look_grounds {
	const char **items;
	size_t count;
	bool is_unreadable; /* a side could not be shown at all */
};
/* looks: newest first. */
void look_grounds_find(struct arena *arena, const struct look *looks, size_t count, const struct document *document,
		       const char *actor, struct look_grounds *out);
/* The parts joined by "; ". */
const char *look_grounds_text(struct arena *arena, const struct look_grounds *grounds);
/* What was shown, such as "text, 2 of 12 pages, 14 s". */
const char *look_text(struct arena *arena, const struct look *look);

#endif
