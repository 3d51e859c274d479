/* Unsent drafts of a reviewer: the texts of dialogs and notes, which survive a lost connection. One file per store
 * and reviewer, below $XDG_STATE_HOME/kybdesk, readable by its owner only; in a session over SSH, a text in the
 * store. The file contains only case ids and the reviewer's texts. Each change reads the file again and rewrites it
 * completely. Invalid content is ignored. */
#ifndef KYBDESK_SETTINGS_DRAFTS_H
#define KYBDESK_SETTINGS_DRAFTS_H

#include "kybdesk/base/world.h"
#include "kybdesk/settings/own_text.h"

#define SAVED_DRAFTS_MAX 32 /* a further draft replaces the oldest one */
#define SAVED_FIELDS_MAX 8
#define SAVED_TEXT_MAX 4096
#define SAVED_DRAFT_DAYS 14

struct saved_field {
	const char *label, *text;
};
struct saved_draft {
	const char *dialog;	    /* "reject", "note" */
	const char *session, *item; /* ids; item "": no item */
	int64_t at;
	struct saved_field fields[SAVED_FIELDS_MAX];
	size_t count;
};
struct saved_drafts {
	struct saved_draft items[SAVED_DRAFTS_MAX]; /* oldest first */
	size_t count;
	struct arena arena;
};

/* A deep copy, in the arena. */
struct saved_draft *saved_draft_copy(struct arena *arena, const struct saved_draft *draft);
bool saved_draft_equal(const struct saved_draft *one, const struct saved_draft *other); /* ignores the time */
/* Path of the drafts for a store's path, in the arena. */
const char *drafts_path(struct arena *arena, const struct world *world, const char *store, const char *reviewer);
/* Reads the drafts; leaves out drafts that are too old at `now`. */
void drafts_read(const struct own_text *text, int64_t now, struct saved_drafts *out);
void drafts_release(struct saved_drafts *drafts);
const struct saved_draft *drafts_find(const struct saved_drafts *drafts, const char *dialog, const char *session,
				      const char *item); /* NULL: none */
/* Replaces the draft of the same dialog, session and item, or removes it if `draft` has no text. With dialog "",
 * removes all drafts of the session. */
void drafts_set(struct saved_drafts *drafts, const struct saved_draft *draft);
/* As drafts_set(), on the drafts in the file or the store. */
enum err drafts_save(const struct own_text *text, const struct saved_draft *draft, struct error *error);

#endif
