/* A suspicion: the confidential record that a case may have to be reported to the authorities. Leads and the people
 * on its access list can read it; for everyone else it does not exist (docs/trust.md, "Suspicions"). */
#ifndef KYBDESK_DOMAIN_SUSPICION_H
#define KYBDESK_DOMAIN_SUSPICION_H

#include "kybdesk/base/arena.h"
#include "kybdesk/domain/types.h"

#include <stdint.h>

/* The cause of a suspicion: a person's report; a confirmed sanctions match; the rejection of the case, or of a
 * document, for fraud or forgery. */
#define SUSPICION_CAUSE_WORDS(X)                                                                                       \
	X(CAUSE_REPORTED, "reported")                                                                                  \
	X(CAUSE_SANCTIONS_MATCH, "sanctions_match")                                                                    \
	X(CAUSE_REJECTION, "rejection")                                                                                \
	X(CAUSE_DOCUMENT, "document")
WORDS_DECLARE(suspicion_cause, SUSPICION_CAUSE_WORDS);

#define SUSPICION_ACT_WORDS(X)                                                                                         \
	X(SUSPICION_REPORT, "report")                                                                                  \
	X(SUSPICION_NOTE, "note")                                                                                      \
	X(SUSPICION_ALLOW, "allow")                                                                                    \
	X(SUSPICION_REVOKE, "revoke")                                                                                  \
	X(SUSPICION_CLOSE, "close")
WORDS_DECLARE(suspicion_act, SUSPICION_ACT_WORDS);

struct suspicion_entry {
	int64_t at;
	const char *actor;
	enum suspicion_act act;
	const char *access_person; /* allow, revoke: the person with the changed access; else "" */
	const char *text;	   /* "": none */
};
struct suspicion {
	int64_t row, session_row;
	const char *session_id, *external_ref, *name; /* the case and its subject */
	enum suspicion_cause cause;
	const char *opened_by;
	int64_t opened_at, due_at;
	int64_t closed_at; /* TIME_NONE: open */
	const char *closed_by;
	bool filed;			 /* if closed: whether the case was reported to the authorities */
	struct suspicion_entry *entries; /* oldest first; only if requested */
	size_t entry_count;
};
struct suspicion_list {
	struct suspicion *items;
	size_t count;
};

#define SUSPICION_DUE_DAYS 30

/* A text such as "reported by ana", "note by ana" or "ana gave bo access". */
const char *suspicion_entry_text(struct arena *arena, const struct suspicion_entry *entry);
/* A text such as "reported by a reviewer" or "a confirmed sanctions match". */
const char *suspicion_cause_title(enum suspicion_cause cause);

#endif
