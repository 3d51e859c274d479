/*
 * What relates sessions to each other and to the passing of time: removed parties, sessions that share a party's
 * verification, duplicates, erasing, follow-ups, reminders. Like all aggregates these join the open transaction.
 */
#ifndef KYBDESK_STORE_RELATED_H
#define KYBDESK_STORE_RELATED_H

#include "kybdesk/domain/duplicate.h"
#include "kybdesk/domain/hit_card.h"
#include "kybdesk/store/store.h"

/* Marks it removed (removed_at, removed_by, removed_reason) and ends every share it had and others had of it; its
 * subsession stays named. */
enum err store_party_remove(struct store *store, const struct party *party, struct error *error) KYB_MUST_USE;
/* Marks it as not removed; its shares are the caller's to set. */
enum err store_party_restore(struct store *store, const struct party *party, struct error *error) KYB_MUST_USE;
/* Those of a session, oldest first; without shares. */
struct party_list {
	struct party *items;
	size_t count;
};
enum err store_parties_removed(struct store *store, struct arena *arena, int64_t session, struct party_list *out,
			       struct error *error) KYB_MUST_USE;
/* The sessions whose parties (not removed) this session verifies: its parent, and those the person was copied into. */
enum err store_subsession_holders(struct store *store, struct arena *arena, int64_t subsession,
				  struct row_list *out, struct error *error) KYB_MUST_USE;

struct kyc_candidate {
	int64_t row;
	const char *id, *external_ref, *workflow, *name, *country, *date_of_birth, *decided_by, *parent_id,
		*parent_name;
	int64_t decided_at;
};
struct kyc_candidates {
	struct kyc_candidate *items;
	size_t count;
};
/* Who is looked for among a merchant's approved KYC sessions. */
struct kyc_person {
	int64_t merchant;
	const char *name, *date_of_birth, *country; /* the name is folded */
};
/* Newest first, at most 20. None when the person's name, birth date or country is "". */
enum err store_kyc_candidates(struct store *store, struct arena *arena, const struct kyc_person *person,
			      struct kyc_candidates *out, struct error *error) KYB_MUST_USE;

/* Dismissed ones too, in the order in which they came; a session's own parent and children, and the attempts of one
 * party, are none. At most 50 for each number. */
struct duplicates {
	struct duplicate *items;
	size_t count;
};
enum err store_duplicates(struct store *store, struct arena *arena, int64_t session, struct duplicates *out,
			  struct error *error) KYB_MUST_USE;
/* Says of the pair, once or again, that they are two: row, the dismissed_… members, basis. */
enum err store_duplicate_dismiss(struct store *store, int64_t session, const struct duplicate *dismissed,
				 struct error *error) KYB_MUST_USE;

/* What was said of the same name on the same list, the newest first, at most 20; the hit itself is left out. */
struct hit_rulings {
	struct hit_ruling *items;
	size_t count;
};
enum err store_hit_rulings(struct store *store, struct arena *arena, const struct hit *hit, struct hit_rulings *out,
			   struct error *error) KYB_MUST_USE;

/* The sessions around this one that hold a confirmed hit: those that verify its parties, at any depth, and those whose
 * party it verifies. */
enum err store_sessions_with_match(struct store *store, struct arena *arena, int64_t session, struct row_list *out,
				   struct error *error) KYB_MUST_USE;

/* A session and everything below it, parents before children; the session itself first. */
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
enum err store_family(struct store *store, struct arena *arena, int64_t session, struct family *out,
		      struct error *error) KYB_MUST_USE;
/* What several erased sessions leave: the documents' bytes that nobody else has (arena), which the caller erases with
 * store_bytes_erase() (bytes.h) after the commit. */
struct leftover_bytes {
	const char **hashes;
	size_t count, capacity;
};
/* Erases one session with all its parts; its own children must be gone. Events it caused stay, without it; those
 * not sent yet are cancelled, at the time of the store's clock. */
enum err store_session_erase(struct store *store, struct arena *arena, int64_t session, struct leftover_bytes *left,
			     struct error *error) KYB_MUST_USE;

/* Columns of their own; none of these raises the version. */
enum err store_session_set_gap(struct store *store, const struct session *session,
			       struct error *error) KYB_MUST_USE;
enum err store_session_set_snooze(struct store *store, const struct session *session,
				  struct error *error) KYB_MUST_USE;
enum err store_session_set_reminders(struct store *store, const struct session *session,
				     struct error *error) KYB_MUST_USE; /* and unresponsive */
enum err store_session_set_parties_completed(struct store *store, const struct session *session,
					     struct error *error) KYB_MUST_USE;
enum err store_session_set_due(struct store *store, const struct session *session,
			       struct error *error) KYB_MUST_USE; /* due_at, due_paused_at */

/* Sessions whose access ran out and that still wait for the client. */
enum err store_sessions_expired(struct store *store, struct arena *arena, struct due_rows *due,
				struct error *error) KYB_MUST_USE;
/* Sessions whose reminder is due. */
enum err store_sessions_to_remind(struct store *store, struct arena *arena, struct due_rows *due,
				  struct error *error) KYB_MUST_USE;
/* Cases whose counters are to be made anew: rows behind due->now, in their order. */
enum err store_sessions_to_recount(struct store *store, struct arena *arena, struct due_rows *due,
				   struct error *error) KYB_MUST_USE;
/* Cases of which a document or a check has become too old since they were counted. */
enum err store_sessions_counted_until(struct store *store, struct arena *arena, struct due_rows *due,
				      struct error *error) KYB_MUST_USE;
enum err store_session_recounted(struct store *store, int64_t session, struct error *error) KYB_MUST_USE;
/* To be counted anew: cases with a number of this one that wait, are clean, or have a duplicate as their first blocker. */
enum err store_recount_alike(struct store *store, int64_t session, struct error *error) KYB_MUST_USE;
/* The most urgent top session outside manual_review and completed that came back to the queue: its client is
 * unresponsive, or its follow-up time has come; held by nobody. *row 0: none. */
enum err store_follow_next(struct store *store, int64_t now, int64_t *row, struct error *error) KYB_MUST_USE;

/* Stops the present links of a session: they open nothing any more. */
enum err store_link_stop(struct store *store, int64_t session, int64_t now, struct error *error) KYB_MUST_USE;
/* Links that were stopped at that moment open the session again, where no later one has been made. */
enum err store_link_resume(struct store *store, int64_t session, int64_t stopped_at,
			   struct error *error) KYB_MUST_USE;

#endif
