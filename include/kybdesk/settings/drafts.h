/*
 * What a reviewer had begun to write and never sent: the words of dialogs and notes, so that a lost connection loses none. One
 * file for each store and reviewer, below $XDG_STATE_HOME/kybdesk, readable by its owner only; nothing of a case is in it but
 * its id and what the reviewer wrote. It is read anew before each change and written whole. It is no configuration: what
 * can't be read in it is nothing.
 */
#ifndef KYBDESK_SETTINGS_DRAFTS_H
#define KYBDESK_SETTINGS_DRAFTS_H

#include "kybdesk/base/arena.h"
#include "kybdesk/base/error.h"
#include "kybdesk/base/world.h"

#define KEPT_DRAFTS_MAX 32 /* the oldest goes */
#define KEPT_WORDS_MAX 8
#define KEPT_TEXT_MAX 4096
#define KEPT_DAYS 14

struct kept_words {
	const char *label, *text;
};
struct kept_draft {
	const char *dialog;	    /* "reject", "note" */
	const char *session, *item; /* ids; item "" none */
	int64_t at;
	struct kept_words words[KEPT_WORDS_MAX];
	size_t count;
};
struct kept_drafts {
	struct kept_draft items[KEPT_DRAFTS_MAX]; /* the newest last */
	size_t count;
	struct arena arena;
};

/* With its texts, in the arena. */
struct kept_draft *kept_draft_copy(struct arena *arena, const struct kept_draft *draft);
bool kept_draft_equal(const struct kept_draft *one, const struct kept_draft *other); /* but for the time */
/* Of a store by its path, in the arena. */
const char *drafts_path(struct arena *arena, const struct world *world, const char *store, const char *reviewer);
/* Those that are not too old. */
void drafts_read(const char *path, int64_t now, struct kept_drafts *out);
void drafts_release(struct kept_drafts *drafts);
const struct kept_draft *drafts_find(const struct kept_drafts *drafts, const char *dialog, const char *session,
				     const char *item); /* NULL none */
/* Takes the place of what is there; without words nothing does. With dialog "" it stands for all of the session. */
void drafts_set(struct kept_drafts *drafts, const struct kept_draft *draft);
/* The same in the file. */
enum err drafts_put(const char *path, const struct kept_draft *draft, struct error *error) KYB_MUST_USE;

#endif
