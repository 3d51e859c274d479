/*
 * What the files of the desk share. A use case that writes is
 *
 *   desk_begin(desk, role, verb)      asks readonly and role, takes the write lock, reads the actor afresh
 *     … store functions, desk_event_write(), desk_case_settle() …
 *     desk_record(desk, action, …)    one audit row
 *   desk_commit(desk)                 or desk_rollback(desk) on any error
 *
 * Work on one case short of deciding it goes through work_begin()/work_commit(),
 * a decision through ruling_open()/ruling_begin()/ruling_commit().
 */
#ifndef KYBDESK_SRC_DESK_INTERNAL_H
#define KYBDESK_SRC_DESK_INTERNAL_H

#include "kybdesk/codec/json.h"
#include "kybdesk/desk/decide.h"
#include "kybdesk/desk/desk.h"
#include "kybdesk/domain/due.h"
#include "kybdesk/domain/event.h"
#include "kybdesk/domain/party_input.h"
#include "kybdesk/store/audit.h"
#include "kybdesk/store/outbox.h"
#include "kybdesk/store/parts.h"
#include "kybdesk/store/people.h"
#include "kybdesk/store/related.h"
#include "kybdesk/store/session.h"

#define DAY_MS (24 * 60 * 60 * (int64_t)1000)
#define EXTEND_DAYS_MAX 3650
#define TICK_EVERY_MS (30 * 1000)
#define LINK_DEFAULT_MS (30 * DAY_MS) /* of a reactivated session whose profile names no life of a link */
#define REVIEWER_NAME_MAX 64	      /* bytes */
#define ACTOR_SIZE (REVIEWER_NAME_MAX + 1)

struct profile_entry;

struct desk {
	struct store *store;
	const struct world *world;
	struct log log;
	struct arena arena; /* for as long as the desk: actor, profiles, reasons, countries */
	const char *actor;
	enum role role;
	bool supervised;
	int64_t actor_row; /* 0: an unknown name looking at a sandbox store that is open for reading only */
	struct reasons reasons;
	struct countries countries;
	struct profile_entry *profiles;
	void (*wake)(void *context);
	void *wake_context;
	bool wrote_event;  /* in the open transaction */
	int64_t ticked_ms; /* monotonic; 0: never yet */
};

/* actor.c: who acts. */
/* Names of reviewers: valid text without controls, at most REVIEWER_NAME_MAX bytes, no word that means something else
 * (me, none, system, client, sandbox). ERR_INVALID, field "name". */
enum err reviewer_name_check(const char *name, struct error *error) KYB_MUST_USE;
/* The name that desk_open and desk_init act under, by option and operating system; ERR_FORBIDDEN in production when
 * they differ. */
enum err actor_name(struct arena *arena, const char *wanted, bool sandbox, const char **out,
		    struct error *error) KYB_MUST_USE;
/* Finds the actor, or adds it to a sandbox store as a lead; fills desk->actor, role, actor_row. */
enum err actor_find(struct desk *desk, const char *wanted, struct error *error) KYB_MUST_USE;
/* Reads role and state again: another process may have changed them. ERR_FORBIDDEN when disabled. */
enum err actor_refresh(struct desk *desk, struct error *error) KYB_MUST_USE;

/* Systems act within the transaction of whoever set them to work; actor_return() ends it. */
struct acting {
	const char *actor;
	enum role role;
	bool supervised;
};
struct acting actor_become(struct desk *desk, const char *name, enum role role);
void actor_return(struct desk *desk, struct acting before);

/* change.c: transactions of a use case. verb completes "A viewer cannot …". */
enum err desk_require(const struct desk *desk, enum role needed, const char *verb,
		      struct error *error) KYB_MUST_USE;
/* The same for a change: also that the store is not open for reading only. */
enum err desk_require_change(const struct desk *desk, enum role needed, const char *verb,
			     struct error *error) KYB_MUST_USE;
enum err desk_begin(struct desk *desk, enum role needed, const char *verb, struct error *error) KYB_MUST_USE;
/* Appends the one audit row of this use case. detail is taken (NULL: {}): ids, codes, from and to, hashes; never names,
 * numbers or texts about people. session may be NULL. */
enum err desk_record(struct desk *desk, const char *action, const struct session *session,
		     struct json_value *detail, struct error *error) KYB_MUST_USE;
/* The same for a session known by id only ("" none). */
enum err desk_record_id(struct desk *desk, const char *action, const char *session_id, int64_t session_version,
			struct json_value *detail, struct error *error) KYB_MUST_USE;
enum err desk_commit(struct desk *desk, struct error *error) KYB_MUST_USE; /* a failed one has rolled back */
void desk_rollback(struct desk *desk);
/* For the `if (err) rollback else commit` at the end of every use case. */
enum err desk_finish(struct desk *desk, enum err err, struct error *error) KYB_MUST_USE;
/* Reading: one consistent snapshot. */
enum err desk_begin_read(struct desk *desk, struct error *error) KYB_MUST_USE;
void desk_end_read(struct desk *desk);

/* profiles.c */
/* The stored profile of a session, or the present one of that name. ERR_NOT_FOUND. */
enum err desk_session_profile(struct desk *desk, const struct session *session, const struct profile **out,
			      struct error *error) KYB_MUST_USE;
/* For looking: an unknown workflow gives one without rules, since what is stored can always be shown. */
const struct profile *desk_session_profile_or_bare(struct desk *desk, const struct session *session);
/* Stores the present text of a profile for a session that is created with it: *row for session->workflow_row. Within
 * the open write transaction. */
enum err desk_profile_store(struct desk *desk, const char *name, const struct profile **out, int64_t *row,
			    struct error *error) KYB_MUST_USE;

/* reasons.c */
enum err reasons_load(struct arena *arena, const struct world *world, struct reasons *out,
		      struct error *error) KYB_MUST_USE;

/* refusal.c: sentences for refusals. */
/* ERR_CONFLICT when any blocker is a conflict, else ERR_BLOCKED; verb: "approve". */
enum err refuse(const char *verb, const struct session *session, const struct blockers *blockers,
		struct error *error);
/* With one blocker that the gate does not know, or with one sentence of our own. */
enum err refuse_one(enum err code, const char *blocker, const char *ref, struct error *error, const char *format,
		    ...) KYB_PRINTF(5, 6);
/* "RAL-2031", or the start of the id. */
const char *session_label(struct arena *arena, const struct session *session);
/* "3 Nov 2026 10:42 UTC" for sentences. */
const char *moment_text(struct arena *arena, int64_t at);
/* Valid text of a member that people write: not empty when needed, no more than SESSION_VALUE_MAX bytes. */
enum err text_check(const char *field, const char *what, const char *text, bool needed,
		    struct error *error) KYB_MUST_USE;

/* ids.c: ids that follow from a session's id and a place (domain.md "Session document"). kind: "document" … */
char *id_derive_session(struct arena *arena, const char *merchant, const char *workflow, const char *external_ref);
char *id_derive_part(struct arena *arena, const char *session_id, const char *kind, size_t place);
char *id_derive_hit(struct arena *arena, const char *session_id, enum check_kind kind, size_t place);
char *id_new(const struct desk *desk, struct arena *arena);

/* settle.c: what lists and parents keep about a case. */
/* Writes counters (and the text row when `text`) of a case whose struct says what the store holds now; stops or
 * starts its due time and its reminders, in the store and the struct. */
enum err desk_case_settle(struct desk *desk, struct case_file *file, const struct profile *profile, bool text,
			  struct error *error) KYB_MUST_USE;
/* The same for one that was changed through rows alone: loads it first. */
enum err desk_case_refresh(struct desk *desk, struct arena *arena, int64_t row, struct error *error) KYB_MUST_USE;
/* Whether only its client can go on. */
bool session_is_with_client(const struct session *session);
/* Counts reminders from now: the client was given something new to react to. */
enum err reminders_begin(struct desk *desk, struct session *session, const struct profile *profile,
			 struct error *error) KYB_MUST_USE;
/* snooze.c: back into the queue, within the open transaction. */
enum err snooze_end(struct desk *desk, struct session *session, struct error *error) KYB_MUST_USE;
/* A session's status changed: for each case whose party it verifies the counters, and the version, since its gate sees
 * something else; a snooze ends. */
enum err desk_parent_refresh(struct desk *desk, struct arena *arena, const struct session *session,
			     struct error *error) KYB_MUST_USE;

/* events.c: what goes into the outbox. Nothing happens when the profile maps no name for it. */
struct event_input {
	enum event_kind kind;
	const char *previous_level, *level; /* "" unless it changed */
	const char *reason_code;	    /* the public one; "" none */
	bool retryable, has_retryable;
	const char *const *step_ids;
	size_t step_count;
	/* as in struct event: NULL, "" and 0 say nothing */
	const char *reason_text, *error_code, *description;
	const struct event_document *documents;
	size_t document_count;
	const char *link_mark; /* of the placeholders in the documents' links; NULL: there are none */
	const struct event_attempt *attempt;
	const char *document_id, *document_type, *document_side;
	int64_t decision_row; /* 0: caused by none */
	int64_t due_at;
};
/* event_names.c: the profile with the names that hold for this session: a subsession's own for a changed status, and
 * those that the parent's workflow has for the sessions of its parties (seed ralio-sandbox, "KYC / KYB"). Within a
 * transaction; profile itself for a session without parent. */
enum err desk_event_profile(struct desk *desk, struct arena *arena, const struct session *session,
			    const struct profile *profile, const struct profile **out,
			    struct error *error) KYB_MUST_USE;
/* Adds to *deliveries and, when it is the first, sets *type (both may be NULL). */
enum err desk_event_write(struct desk *desk, struct arena *arena, const struct session *session,
			  const struct profile *profile, const struct event_input *input, const char **type,
			  int64_t *deliveries, struct error *error) KYB_MUST_USE;

/* The present attempt at the profile's level; NULL when the profile names none. */
const struct event_attempt *event_attempt_of(struct desk *desk, struct arena *arena, const struct session *session,
					     const struct profile *profile, const struct decision *decision,
					     int64_t now);

/* level.c: the level of the merchant's user (domain.md "Level change"). */
struct level_change {
	const char *from, *to; /* both "" when nothing changes */
};
struct level_change level_of_approval(const struct session *session, const struct profile *profile);
/* What withdrawing the approval that stands does to it: back to what that decision recorded. */
enum err level_of_withdrawal(struct desk *desk, struct arena *arena, const struct case_file *file,
			     const struct profile *profile, struct level_change *out,
			     struct error *error) KYB_MUST_USE;

/* ruling.c: a decision under way. */
struct ruling {
	struct desk *desk;
	struct arena *arena;
	enum action action;
	int64_t now, grace_ms;
	struct case_file file;
	const struct profile *profile;
	struct gate_context context;
	enum session_status from, to;
	struct decision decision; /* kind, reason, message are the caller's to fill */
	struct level_change level;
	/* what outside may read of it; step ids for a request for corrections, and the documents it names */
	const char *reason_code;
	const char *const *step_ids;
	size_t step_count;
	const struct event_document *documents;
	size_t document_count;
	const char *link_mark;	   /* of the placeholders in their links */
	const char *reason_text;   /* why a person looks at it, in the profile's words; "" none */
	enum check_status trouble; /* of checks that did not come to an end; CHECK_PASSED: none */
	struct decide_result *result;
};
/* Looks, without a lock: role, case, profile, status, claim, version; for an approval the whole gate. Fills evidence
 * and what stood before. Nothing is changed; the rest may be checked now, and ruling_begin() follows. */
enum err ruling_open(struct ruling *ruling, struct desk *desk, struct arena *arena, const char *reference,
		     enum action action, const struct decide_options *options, struct decide_result *result,
		     struct error *error) KYB_MUST_USE;
/* Takes the lock; ERR_CONFLICT when the case is no longer what ruling_open() saw. On error nothing is open. */
enum err ruling_begin(struct ruling *ruling, struct error *error) KYB_MUST_USE;
/* Writes session, decision, level, counters, parent, events and the audit row, and commits; with `err` set rolls
 * back. The caller has put the session's new fields into ruling->file. detail is taken. */
enum err ruling_commit(struct ruling *ruling, enum err err, const char *action, struct json_value *detail,
		       struct error *error) KYB_MUST_USE;
/* The same without the commit, within a transaction that goes on. */
enum err ruling_write(struct ruling *ruling, enum err err, const char *action, struct json_value *detail,
		      struct error *error) KYB_MUST_USE;
/* A ruling of the system on a case that is loaded in the open write transaction: no door is asked, no time is given
 * to take it back. The caller has asked the gate, in this context. */
void ruling_of_system(struct ruling *ruling, struct desk *desk, struct arena *arena, const struct case_file *file,
		      const struct gate_context *context, enum action action, enum session_status to,
		      struct decide_result *result);
/* What happened, into the outbox: the most telling name that the profile has for it. */
enum err ruling_write_events(struct ruling *ruling, struct error *error) KYB_MUST_USE;
/* transition.c: the same for an action that decides nothing (no decision, no level, no claim released). */
enum err transition_commit(struct ruling *ruling, enum err err, const char *action, struct json_value *detail,
			   struct error *error) KYB_MUST_USE;
enum err transition_write(struct ruling *ruling, enum err err, const char *action, struct json_value *detail,
			  struct error *error) KYB_MUST_USE;
/* The name in the outbox of what this action causes, "" none: the first of ruling_commit(). profile: as
 * desk_event_profile() gave it. */
const char *ruling_event_type(const struct session *session, const struct profile *profile, enum action action,
			      bool level_changes);

/* A whole case, with the values that field rules read. */
enum err desk_case_load(struct desk *desk, struct arena *arena, int64_t row, struct case_file *out,
			struct error *error) KYB_MUST_USE;
/* gatekeeping.c: what decisions ask before they start. */
struct gate_context desk_gate_context(const struct desk *desk, const struct case_file *file,
				      const struct profile *profile, int64_t seen_version);
/* What the gate asks besides the case: duplicates. Within a transaction. */
enum err desk_gate_facts(struct desk *desk, struct arena *arena, const struct case_file *file,
			 struct gate_context *context, struct error *error) KYB_MUST_USE;
/* `whole` for an approval: everything the gate asks; else status, claim and version. Says who changed the case when
 * somebody did. Within a transaction. */
enum err desk_gate(struct desk *desk, struct arena *arena, const struct case_file *file,
		   const struct gate_context *context, enum action action, bool whole, struct blockers *out,
		   struct error *error) KYB_MUST_USE;
/* ERR_FORBIDDEN when the role may not do it from this status; *to as the table says when it may, else the status. */
enum err action_permit(const struct desk *desk, struct arena *arena, const struct case_file *file,
		       const struct profile *profile, enum action action, enum session_status *to,
		       struct error *error) KYB_MUST_USE;
enum role action_role(enum action action);				 /* the least role that may ever do it */
const struct decision *case_last_decision(const struct case_file *file); /* not undone, no undo; NULL none */
const struct decision *case_last_approval(const struct case_file *file);
/* Whether its grace time runs: not over, and not further away than any grace time (the clock was stepped back). */
bool decision_is_held(const struct decision *decision, int64_t now);
enum err grace_find(const struct decide_options *options, int64_t *grace_ms, struct error *error) KYB_MUST_USE;

/* processing.c: what the system makes of results. */
/* The sentence of the profile's rule when an address of the case is a PO box, else NULL. */
const char *case_po_box(struct desk *desk, struct arena *arena, struct case_file *file,
			const struct profile *profile);
/* Whether the profile's rule says that the subject is foreign. */
bool case_is_foreign(struct desk *desk, struct arena *arena, struct case_file *file, const struct profile *profile);
/* After a case came in by import: whether the system has something to do with it, and when. Sets processing_since and
 * process_at; true when they changed. */
bool processing_is_due(const struct desk *desk, struct arena *arena, struct case_file *file,
		       const struct profile *profile, int64_t now);

/* A link for a document of this type, in a body with this mark. */
struct link_wish {
	const char *document_type, *mark;
};

/* link.c: access links. */
bool link_is_expired(const struct session *session, int64_t now);
/* days from now, or from the present end when that is later. A link without end keeps none. */
enum err link_extend(struct session *session, int64_t now, int64_t days, struct error *error) KYB_MUST_USE;

/* link_token.c: what links are made of. */
/* Whether clients can be sent a link at all: the store's public_url is known, or this is a sandbox. ERR_BLOCKED with what
 * an admin has to run. */
enum err link_base(struct desk *desk, struct arena *arena, const char **base, struct error *error) KYB_MUST_USE;
/* Before a session is opened: the same, for a profile that puts links into what it sends. */
enum err link_check_profile(struct desk *desk, const struct profile *profile, struct error *error) KYB_MUST_USE;
/* Raises the generation: the link before opens nothing any more. *url, absolute, in the arena; NULL: it is not asked for. */
enum err link_new(struct desk *desk, struct arena *arena, const struct session *session, const char **url,
		  struct error *error) KYB_MUST_USE;
/* The link that stands; "" when there is none. */
enum err link_present(struct desk *desk, struct arena *arena, const struct session *session, const char **url,
		      struct error *error) KYB_MUST_USE;
/* A mark for the placeholders of one body, in the arena. */
const char *link_mark_new(const struct desk *desk, struct arena *arena);
/* A new link for one document that is asked for, beside the session's own: with a placeholder of this mark for the token,
 * as it is stored. */
enum err link_new_for(struct desk *desk, struct arena *arena, const struct session *session,
		      const struct link_wish *wish, const char **url, struct error *error) KYB_MUST_USE;

/* correction_values.c: what a correction is about, as it stands now: {"fields":{…},"documents":[…]}, in the arena. */
const char *correction_values(struct arena *arena, const struct case_file *file, const struct profile *profile,
			      const struct correction *correction);

/* corrections.c: puts steps and files back as they stood when `request` (loaded whole, NULL unknown) was made, and
 * withdraws its items; with `all` every item that is not closed. */
enum err corrections_take_back(struct desk *desk, struct case_file *file, const struct decision *request, bool all,
			       int64_t now, struct error *error) KYB_MUST_USE;

/* work.c: work on one case short of deciding it. */
struct work {
	struct desk *desk;
	struct arena *arena;
	struct case_file file;
	const struct profile *profile;
	int64_t now;
};
#define WORK_PREFIX_MIN 4
/* Finds and loads within the open transaction. */
enum err work_load(struct work *work, struct desk *desk, struct arena *arena, const char *reference,
		   struct error *error) KYB_MUST_USE;
/* In a write transaction: nobody else holds it, it is not decided. On error nothing is open. */
enum err work_begin(struct work *work, struct desk *desk, struct arena *arena, const char *reference,
		    enum role needed, const char *verb, struct error *error) KYB_MUST_USE;
/* Raises the version, settles the counters, records, commits; with `err` set rolls back. detail is taken. */
enum err work_commit(struct work *work, enum err err, const char *action, struct json_value *detail, bool text,
		     struct error *error) KYB_MUST_USE;
/* id, unique prefix of four or more characters, or a document's type or party's name that stands once.
 * ERR_NOT_FOUND; several: ERR_USAGE with the candidates. */
enum err work_find_document(struct case_file *file, const char *reference, struct document **out,
			    struct error *error) KYB_MUST_USE;
enum err work_find_party(struct case_file *file, const char *reference, struct party **out,
			 struct error *error) KYB_MUST_USE;
enum err work_find_hit(struct case_file *file, const char *reference, struct hit **out, struct check **check,
		       struct error *error) KYB_MUST_USE;

/* Holds nobody else the case (ERR_CONFLICT); is it not decided (ERR_BLOCKED). */
enum err work_check_claim(const struct work *work, const char *verb, struct error *error) KYB_MUST_USE;
enum err work_check_open(const struct work *work, const char *verb, struct error *error) KYB_MUST_USE;

/* list.c: actor, time, limits and countries of a query. */
enum err list_query_prepare(struct desk *desk, struct list_query *query, struct error *error) KYB_MUST_USE;

/* party.c */
/* The party as it is typed may be stored: the first problem that is no warning as an error. */
enum err party_check(struct work *work, const struct party *self, const struct party_input *input,
		     struct error *error) KYB_MUST_USE;
/* The new party, in the case and in the store; with its share. */
enum err party_insert(struct work *work, const struct party *party, struct party **out,
		      struct error *error) KYB_MUST_USE;
/* session_delete.c: what erasing leaves to be done after the commit. */
struct erased {
	const char **hashes; /* of bytes that may be nobody's now */
	size_t count, capacity;
	struct family_member *members;
	size_t member_count;
};
/* Whether a session was handed in or decided: then it is kept. */
bool member_is_kept(const struct family_member *member);
/* Erases a session with its subsessions within the open transaction. ERR_BLOCKED when one of them is kept; verb
 * completes "Cannot …". */
enum err erase_family(struct desk *desk, struct arena *arena, int64_t session, const char *verb, struct erased *out,
		      struct error *error) KYB_MUST_USE;
/* After the commit. Bytes that are left over harm nobody, so this cannot fail. */
void erase_bytes(struct desk *desk, const struct erased *erased);

/* subsession.c: makes the session that verifies a party, within the open transaction: draft, its own link, event. */
enum err subsession_make(struct desk *desk, struct arena *arena, const struct case_file *parent,
			 const struct profile *parent_profile, struct party *party,
			 struct error *error) KYB_MUST_USE;

/* sniff.c */
/* What a file's name claims; FILE_FORMAT_COUNT when its ending is none of ours. */
enum file_format format_of_name(const char *file_name);

#endif
