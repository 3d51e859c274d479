/* Relations between sessions, and actions that become due by time: removed parties, shared verification of a party,
 * duplicates, erasing, follow-ups, reminders. All functions join the open transaction. */
#ifndef KYBDESK_STORE_RELATED_H
#define KYBDESK_STORE_RELATED_H

#include "kybdesk/domain/duplicate.h"
#include "kybdesk/domain/hit_card.h"
#include "kybdesk/domain/party_input.h"
#include "kybdesk/store/suspicion.h"

/* Marks a party removed (removed_at, removed_by, removed_reason) and ends its shares and the shares in it; keeps
 * the reference to its subsession. removed false: restores the party without shares; the caller sets the shares. */
enum err store_party_set_removed(struct store *store, const struct party *party, bool removed, struct error *error);
/* Sessions with a party that this subsession verifies: its parent, and sessions into which the party was copied.
 * or_removed: also sessions from which the party was removed, since bad news about it counts there. */
enum err store_subsession_list_holders(struct store *store, struct arena *arena, int64_t subsession, bool or_removed,
				       struct row_list *out, struct error *error);

/* A person to search for among a merchant's approved KYC sessions. */
struct kyc_person {
	int64_t merchant;
	const char *name, *date_of_birth, *country; /* name: folded */
};
/* Finds approved KYC sessions of the person, newest first, at most 20; none if the name, birth date or country is
 * "". */
enum err store_kyc_candidate_list(struct store *store, struct arena *arena, const struct kyc_person *person,
				  struct party_candidates *out, struct error *error);

/* The duplicates of a session, including dismissed duplicates, in order of creation; without the session's parent
 * and children, and without other sessions that verify the same party. At most 50 duplicates because of the
 * same number, document or name. */
struct duplicates {
	struct duplicate *items;
	size_t count;
};
enum err store_duplicate_list(struct store *store, struct arena *arena, int64_t session, struct duplicates *out,
			      struct error *error);
/* Marks the open cases with a party that may be the subject of the session, for a recount of their blockers. */
enum err store_mark_holders_for_recount(struct store *store, int64_t session, struct error *error);
/* Facts outside the case that the case's gate needs: duplicates; suspicions; and the stored identity of the
 * session's subject, if this identity is binding (because the subject was created without a session, or another
 * session of the subject is approved). stored_subject NULL: the session may change the identity. */
struct related_facts {
	struct duplicates duplicates;
	struct subject *stored_subject;
	struct suspicion_state suspicion;
};
enum err store_related_list(struct store *store, struct arena *arena, const struct session *session, const char *person,
			    struct related_facts *out, struct error *error);
/* Stores a dismissal or link of the pair; replaces an earlier one. Reads row, the members dismissed_…, and basis. */
enum err store_duplicate_dismiss(struct store *store, int64_t session, const struct duplicate *dismissed,
				 struct error *error);

/* Rulings on other hits with the name and the watchlist of `hit`, newest first, at most 20. */
struct hit_rulings {
	struct hit_ruling *items;
	size_t count;
};
enum err store_hit_ruling_list(struct store *store, struct arena *arena, const struct hit *hit, struct hit_rulings *out,
			       struct error *error);

/* Related sessions with a confirmed hit: sessions that verify parties of this session, at any depth, and sessions
 * with a party that this session verifies. */
enum err store_sessions_with_match(struct store *store, struct arena *arena, int64_t session, struct row_list *out,
				   struct error *error);

/* A session and its descendants, parents before children; the session first. */
struct family_member {
	int64_t row;
	const char *id, *external_ref;
	enum session_status status;
	int64_t submitted_at;
	int64_t parties, documents, decisions;
};
struct family {
	struct family_member *members;
	size_t count;
};
enum err store_session_load_descendants(struct store *store, struct arena *arena, int64_t session, struct family *out,
					struct error *error);
/* Hashes (in the arena) of bytes that no document has any more after sessions were erased. The caller erases the
 * bytes with store_bytes_erase() (bytes.h) after the commit. */
struct leftover_bytes {
	const char **hashes;
	size_t count, capacity;
};
/* Erases one session with all its parts; its child sessions must be erased before. The events of the session stay,
 * but no longer refer to it; unsent deliveries are cancelled, with the time of the store's clock. */
enum err store_session_erase(struct store *store, struct arena *arena, int64_t session, struct leftover_bytes *left,
			     struct error *error);

/* Groups of columns of a session; one verb writes each group, without raising the session's version. */
enum session_column_group {
	SESSION_COLUMNS_GAP,
	SESSION_COLUMNS_SNOOZE,
	SESSION_COLUMNS_REMINDERS, /* and unresponsive */
	SESSION_COLUMNS_PARTIES_COMPLETED,
	SESSION_COLUMNS_DUE,	   /* due_at, due_paused_at */
	SESSION_COLUMNS_PROCESSING /* attempt_number, processing_since, process_at */
};
enum err store_session_set_columns(struct store *store, const struct session *session, enum session_column_group set,
				   struct error *error);

/* The reason why a session is due. */
enum due_kind {
	DUE_EXPIRY, /* expires_at has passed, and the session still waits for the client */
	DUE_REMINDER,
	/* Undecided cases with an upload that lacks a side after a day; one row for each such upload. A case under
	 * a legal hold keeps its uploads. */
	DUE_INCOMPLETE_UPLOAD,
	/* sessions with outdated counters, in row order; due->now is the row after which the result starts */
	DUE_RECOUNT,
	DUE_COUNTERS_EXPIRED, /* a document or a check has expired since the counters of the case were computed */
	DUE_PROCESSING,	      /* process_at has passed */
	/* sandbox: undecided sessions that have not changed since `now`, with # in the subject's name; latest
	 * change first */
	DUE_SIMULATION
};
#define INCOMPLETE_UPLOAD_MS (24 * 60 * 60 * INT64_C(1000))
enum err store_due_session_list(struct store *store, struct arena *arena, enum due_kind kind, struct due_rows *due,
				struct error *error);
/* Marks cases for a recount: the duplicates of this session that wait (column `waiting`), have no blocker, or have
 * duplicate_open or held as first blocker. */
enum err store_mark_cases_for_recount(struct store *store, int64_t session, struct error *error);
/* Finds the most urgent unclaimed top session that returned to the queue because its client is unresponsive or its
 * follow-up is due; not in the inboxes manual_review and completed. *row 0: none. */
enum err store_follow_up_find_next(struct store *store, int64_t now, int64_t *row, struct error *error);

/* revoked true: revokes the current links of a session. revoked false: restores the links that were revoked at the
 * time `at`, except a link with a later replacement. */
enum err store_link_set_revoked(struct store *store, int64_t session, int64_t at, bool revoked, struct error *error);

#endif
