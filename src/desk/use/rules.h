/* The rules in force: profiles of sessions, and reasons. */
#ifndef KYBDESK_SRC_DESK_USE_RULES_H
#define KYBDESK_SRC_DESK_USE_RULES_H

#include "desk_private.h"
#include "kybdesk/codec/profile_codec.h"
#include "kybdesk/desk/rules.h"
#include "kybdesk/domain/session.h"
#include "kybdesk/store/rules.h"

/* Finds the profile stored for a session, else the profile in force with the workflow's name. ERR_NOT_FOUND if both
 * are missing. */
enum err desk_session_profile(struct desk *desk, const struct session *session, const struct profile **out,
			      struct error *error);
/* For views: an unknown workflow gives a profile without rules, since stored data can always be shown. A known but
 * unreadable workflow is an error, since without its rules the case would have no blockers. */
enum err desk_session_profile_or_empty(struct desk *desk, const struct session *session, const struct profile **out,
				       struct error *error);
/* Sets *own to the profile of the session. Sets *instead to the profile in force if its text differs, or to NULL if
 * the text is the same or if no profile of this name is in force. */
enum err desk_profile_in_force(struct desk *desk, const struct session *session, const struct profile **own,
			       const struct profile **instead, struct error *error);
/* Sets *out to "Runs under ralio-kyb version 1, 12ab34cd56ef; version 2, 98fe…, is in force", or to "" if the
 * session's own text is in force. */
enum err desk_describe_rules(struct desk *desk, struct arena *arena, const struct session *session, const char **out,
			     struct error *error);
/* Stores the text in force of a profile for a new session, within the open write transaction. *row: for
 * session->workflow_row. */
enum err desk_profile_ensure_stored(struct desk *desk, const char *name, const struct profile **out, int64_t *row,
				    struct error *error);

/* Loads the reasons without a store: from the folders, else the built-in reasons. */
enum err reasons_load(struct arena *arena, const struct world *world, struct reasons *out, struct error *error);

#define SHIPPED_BY "kybdesk "		    /* prefix of installed_by, if the text was shipped */
#define RULE_TEXT_MAX ((size_t)1024 * 1024) /* maximum size of a rule file in bytes */

/* Call when the desk is opened: reads a sandbox's own files, to report their mistakes at once. */
enum err rules_open(struct desk *desk, struct error *error);
/* Reads the reasons again if any process has installed reasons; takes two microseconds if nothing changed. Every
 * transaction of the desk begins with this call, except for desk_begin_row_read(). */
enum err rules_refresh(struct desk *desk, struct error *error);
/* Call after this connection changed rules: the store's data version does not change for changes by the same
 * connection. */
void rules_invalidate(struct desk *desk);

/* people/rules.c */
/* Reads a text from the user's or the system's folders, for any kind of store. *origin "": no folder has the text. */
enum err rules_read_from_folders(struct desk *desk, struct arena *arena, const char *resource, struct strbuf *out,
				 const char **origin, struct error *error);
/* Valid workflow names: of the texts in force and, in a sandbox, also of files. Sorted, without duplicates. */
struct workflow_names {
	const char **items;
	size_t count, capacity;
};
enum err workflow_names(struct desk *desk, struct arena *arena, struct workflow_names *out, struct error *error);

/* people/notices.c */
/* Installs the shipped rules, with one audit row, within the open write transaction. */
enum err rules_install_shipped(struct desk *desk, struct error *error);
/* As rules_install_shipped(), but only if the store has no rules (a store of an older version). Opens its own
 * transaction. */
enum err rules_ensure_installed(struct desk *desk, struct error *error);
/* The shipped text of this name; NULL if none. */
const struct resource *rules_find_shipped(struct arena *arena, enum rule_text_kind kind, const char *name);

/* people/rules.c */
struct rule_source {
	const char *name;  /* "" for a file that is not parsed yet */
	const char *label; /* for messages: "ralio-kyb version 2", or the path */
	const char *text;
	size_t length;
	bool is_shipped;
};
/* Makes the name from the path: "workflows/ralio-kyb.json" becomes "ralio-kyb". */
const char *rule_name_of_path(struct arena *arena, const char *path);
/* Reads a file ("-": the standard input); *out lives in the arena. */
enum err rule_source_read(struct arena *arena, const char *path, struct rule_source *out, struct error *error);
/* Finds the text of a reference (kybdesk/desk/rules.h). ERR_NOT_FOUND with the nearest name. Call without an open
 * transaction. */
enum err rule_source_find(struct desk *desk, struct arena *arena, enum rule_text_kind kind, const char *reference,
			  struct rule_source *out, struct error *error);
/* Reads the profile from the text; the error has every mistake as a blocker. */
enum err rule_profile_read(struct arena *arena, const struct rule_source *source, const struct reasons *reasons,
			   struct profile **out, struct error *error);

#endif
