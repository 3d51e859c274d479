/* Inside the desk: one run of a use case. The frame (use.c) runs these phases for every row of the table:
 *   permit   whether the actor may run the verb in this capacity
 *   prepare  without the lock: the row's prepare function, or the checks of a decision
 *   begin    the write lock; the actor's present role
 *   load     the case; claim, status, version, reason, as the row needs
 *   run      the row's function: use_NAME()
 *   settle   session, counters, parents; a decision with its evidence, level and events; the transition's events
 *   record   one audit row
 *   commit   and then use->run_after_commit, if the function set it
 *
 * A function changes use->file and its rows in the store, and describes the change in use->detail (ids, codes,
 * hashes; never names, numbers or texts about people).
 *
 * Below the frame: the functions that several verbs share, by source file. */
#ifndef KYBDESK_SRC_DESK_USE_USE_H
#define KYBDESK_SRC_DESK_USE_USE_H

#include "use/rules.h"
#include "kybdesk/codec/json.h"
#include "kybdesk/codec/value_codec.h"
#include "kybdesk/desk/caller.h"
#include "kybdesk/desk/once.h"
#include "kybdesk/desk/use.h"
#include "kybdesk/domain/due.h"
#include "kybdesk/domain/event.h"
#include "kybdesk/domain/gate.h"
#include "kybdesk/domain/grounds.h"
#include "kybdesk/domain/suspicion.h"
#include "kybdesk/store/audit.h"
#include "kybdesk/store/parts.h"
#include "kybdesk/store/people.h"
#include "kybdesk/store/related.h"
#include "kybdesk/store/session.h"
#include "kybdesk/store/subject.h"
#include "kybdesk/store/suspicion.h"

struct level_change {
	const char *from, *to; /* both "" if nothing changes */
};

/* Sessions that the verb erases, and stored bytes that it erases after its commit. */
struct erasure {
	struct leftover_bytes bytes;
	struct family family;
};

/* Data about a decision or a transition for its public event, which the case itself does not have. */
struct public_event_data {
	const char *reason_code; /* the public code, which may replace the real code */
	const char *reason_text; /* reason of a manual review, in the profile's words; "": none */
	const char *const *step_ids;
	size_t step_count;
	const char **requested_document_ids; /* corrections: the documents to provide anew */
	size_t requested_document_count;
	const struct event_document *documents; /* the requested documents */
	size_t document_count;
	const char *link_mark;		  /* random text that marks the placeholders for links */
	enum check_status failure_status; /* CHECK_ERROR or CHECK_TIMEOUT: how checks ended; CHECK_PASSED: none */
};

struct use {
	struct desk *desk;
	struct arena *arena;
	const struct use_case *use_case;
	const struct use_in *in;
	struct use_out *out;
	int64_t now;
	struct case_file file;
	const struct profile *profile;
	struct json_value *detail;	/* detail of the audit row; never NULL while a function runs */
	struct json_value *case_before; /* the loaded case, to seal the changed values (seal.c); NULL: not kept */
	const char *sealed_party; /* use_run_part(): the id of the only party that changes; NULL: the whole case */
	enum err (*run_parts)(struct use *use, struct error *error); /* of use_do_parts(); NULL: the verb's function */
	const char *audit_action;  /* action in the audit row; "": the action of the verb */
	bool rewrites_search_text; /* names or numbers changed: the search text is written again */
	bool has_no_change;	   /* the function changed nothing: no record, no error */
	bool has_offered_change;   /* use_offer() was called */
	bool ends_offer;	   /* this run confirmed or withdrew the offer that waited */
	/* How material the actor's contribution is (contribution.c): as the verb's row says, or less if the input
	 * is not material. */
	enum material material;
	const char **parts; /* changed parts, "KIND:ID"; empty: the case itself has changed */
	size_t part_count, part_capacity;
	int64_t contributes_to, subject_row; /* session or subject that gets the contribution; both 0: the case */
	int64_t changed_subject_row;	     /* row of the subject with a changed identity; 0: none */
	void *prepared_result;		     /* result of the prepare phase */
	enum err (*run_after_commit)(struct use *use, struct error *error); /* runs after the commit; NULL: none */
	struct erasure erasure;
	/* The members below are only for a decision or transition. */
	enum action action;
	int64_t grace_ms;
	struct gate_context context;
	enum session_status from, to;
	enum approval_stage approval_stage; /* approvals: the first or second of two */
	struct decision decision;	    /* the function fills kind, reason, message, retryable */
	struct decision_signature signature;
	struct level_change level;
	struct public_event_data public_event_data;
};

/* table.c: prototypes and table of the functions of all verbs. */
#define USE_PROTOTYPE(NAME, function, ...) enum err use_##function(struct use *use, struct error *error);
VERBS(USE_PROTOTYPE)
#undef USE_PROTOTYPE
/* Functions use_NAME_prepare() of the rows with NEED_PREPARE; they run before the lock is taken. */
/* clang-format off */
#define VERBS_WITH_PREPARE(X) \
	X(REJECT, reject) X(CORRECTIONS, corrections) X(NEXT, next) X(DOCUMENT_ADD, document_add) \
	X(WORKFLOW_INSTALL, workflow_install) X(REASONS_INSTALL, reasons_install)
/* clang-format on */
#define PREPARE_PROTOTYPE(NAME, function) enum err use_##function##_prepare(struct use *use, struct error *error);
VERBS_WITH_PREPARE(PREPARE_PROTOTYPE)
#undef PREPARE_PROTOTYPE
typedef enum err use_function(struct use *use, struct error *error);
extern use_function *const use_functions[VERB_COUNT], *const use_prepares[VERB_COUNT]; /* prepare NULL: none */

/* Runs one verb within the caller's write transaction, since one change can need several verbs (a line of an
 * import, a step of the system). Permissions, checks, record and events are as in desk_do(). The calling function
 * runs the prepare phase (in->prepared_result) and the steps after the commit. */
enum err use_run_nested(struct desk *desk, struct arena *arena, const struct use_in *in, struct use_out *out,
			struct error *error);

/* As desk_do() for a change of many parts of one case, with the conditions of in->verb: runs run_parts, with `context`
 * as use->prepared_result, on the case, which is loaded and settled once. run_parts updates the row of the
 * session first, so that all records have the new version; it calls use_run_part() for each part, and writes further records
 * itself; use->has_no_change: it changed nothing. */
enum err use_do_parts(struct desk *desk, struct arena *arena, const struct use_in *in,
		      enum err (*run_parts)(struct use *use, struct error *error), void *context, struct error *error);
/* Within run_parts: runs a verb that changes one party, in->part (absent: a new one), on the loaded case, with its own
 * record. After an error, except one of the system, the case is as before. */
enum err use_run_part(struct use *use, const struct use_in *in, struct use_out *out, struct error *error);

/* A copy of the input without NULL texts, except for `session`, `fields_json` and `addresses_json`. */
const struct use_in *use_copy_input(struct arena *arena, const struct use_in *in);

/* Within an open transaction: finds and loads the case that use->in names. */
enum err use_load_case(struct use *use, struct error *error);
/* Loads the case again. */
enum err use_reload_case(struct use *use, struct error *error);
/* Runs the frame's checks of a loaded case; the prepare phase runs the same checks. */
enum err use_check_case(const struct use *use, struct error *error);
enum err use_check_not_held(const struct use *use, struct error *error);
enum err use_check_undecided(const struct use *use, struct error *error);

/* Writes the audit row with the action use->audit_action (if "", the action of the verb) and use->detail. For functions
 * that write their audit row themselves. */
enum err use_write_record(struct use *use, struct error *error);

/* Call if the input of staff changes no data on which a decision rests, although the verb's row is material. */
void use_set_immaterial(struct use *use);
/* Names a part that this run changes, for the contribution of its actor: use_add_changed_part(use, "document", id).
 * Without an id, names only the kind of the part. */
void use_add_changed_part(struct use *use, const char *kind, const char *id);
/* Call before the actor judges a part: in production, returns ERR_BLOCKED (second_reviewer) if the actor
 * contributed the part. */
enum err use_check_not_contributor(struct use *use, const char *kind, const char *id, struct error *error);

/* For NEED_SECOND_ADMIN: call before the first write, when use->detail describes the complete change of this part,
 * without secrets. The second person has at least the verb's role; a call from outside needs none. If use_offer() sets use->out->is_proposal, the change waits for a second admin, so the function
 * must return without a change. */
enum err use_offer(struct use *use, const char *part, struct error *error);
struct offer;
/* Whether the actor can confirm an offer of a verb with this role. */
enum err offer_is_for_actor(const struct desk *desk, struct arena *arena, const struct offer *offer, enum role role,
			    bool *out, struct error *error);
/* Deletes the waiting offer of the verb for this part, and sets use->ends_offer if there was one. */
enum err use_offer_withdraw(struct use *use, enum verb verb, const char *part, struct error *error);
/* How a person is involved in what a hold rests on; each one prevents the person more than the one before. */
enum involvement {
	NOT_INVOLVED,
	TOOK_PART,  /* reported, approved or judged it: may end it if the desk has nobody else */
	MADE_DATA,  /* contributed data to the case: never ends it */
	CANNOT_READ /* the hold is kept from the person: never ends it, and nobody names the person */
};
struct involved {
	struct involved_person {
		const char *name;
		enum involvement how;
	} * items;
	size_t count, capacity;
};
void involved_add(struct arena *arena, struct involved *involved, const char *name, enum involvement how);
/* The people of the role that can end a hold: all that are not involved. If the desk has none, sets *alone and lists all
 * that only took part. */
enum err involved_find_others(const struct desk *desk, struct arena *arena, const struct involved *involved,
			      enum role role, const char **names, bool *alone, struct error *error);
/* In production, ERR_BLOCKED (second_reviewer) if the actor is involved and another person of the verb's role is not;
 * the error names these people. If there is nobody else, use->detail gets "without_second". */
enum err use_require_uninvolved(struct use *use, const struct involved *involved, struct error *error);
/* Sets *count to the number of people that count as admins, including admins disabled within the last week. Within
 * an open transaction. */
enum err desk_count_admins(struct desk *desk, struct arena *arena, int64_t *count, struct error *error);

/* Adds the hash of a judgement's basis to use->detail. */
void use_add_basis_hash(struct use *use, const char *basis);
/* A replaced verdict. use_add_old_verdict() adds it to use->detail, for an undo: by_before, at_before, reason_before
 * (only a code of `set`), basis_before (a hash). Omits empty members. */
struct verdict_before {
	const char *by;
	int64_t at;
	const char *reason, *basis;
};
void use_add_old_verdict(struct use *use, enum reason_set set, const struct verdict_before *before);
/* Call after a change of the subject; was: facts_subject() before the change. If the subject has changed, clears
 * the reporter of the results, since results about another person neither verify nor decide. */
void use_set_changed_subject(struct use *use, const char *was);

/* people/store_settings.c: sets the conditions of desk_shipped_floors() in a new store, unless it is a sandbox. */
enum err floors_install(struct desk *desk, struct error *error);
/* review/note.c: a note that the desk makes from a reason; such a note mentions no reviewer. */
enum err note_insert(struct use *use, const char *text, int64_t *row, struct error *error);
/* outgoing.c: staff's text for people outside must not name a phrase of data/phrases.json, else ERR_INVALID. A lead
 * overrides this with in->override, a reason, which is recorded. Texts of merchants and clients are not checked. */
enum err outgoing_check(struct use *use, const char *field, const char *text, struct error *error);
/* The texts of a JSON value for outgoing_check(), one on each line: its escapes would hide a phrase. */
const char *outgoing_texts(struct arena *arena, const char *json);
/* As outgoing_check(), for a text that nobody may override. */
enum err outgoing_refuse(const char *field, const char *text, struct error *error);
/* review/document.c: ERR_BLOCKED if the document's bytes are missing or altered. */
enum err document_check_bytes(struct use *use, const struct document *document, struct error *error);

/* Makes the input of the profile's rules: the present case, and today's date. */
struct rules_input use_rules_input(const struct use *use);
/* The checks that this case needs, by its profile and its own facts: bits of enum check_kind. */
unsigned use_required_check_bits(const struct use *use);

/* use.c: erases use->erasure after the commit. Cannot fail: if bytes remain, they do no harm. */
enum err leftover_bytes_erase(struct use *use, struct error *error);

/* find.c: functions that find a part by its id, by a prefix of the id of four or more characters, or by a document
 * type or party name. ERR_NOT_FOUND if no part matches; ERR_USAGE with the candidates if several parts match. */
#define REFERENCE_PREFIX_MIN 4
enum err use_find_document(struct case_file *file, const char *reference, struct document **out, struct error *error);
enum err use_find_party(struct case_file *file, const char *reference, struct party **out, struct error *error);
enum err use_refuse_unknown_step(const struct use *use, const char *id, struct error *error); /* ERR_INVALID */
/* Whether an open correction requests this document anew. */
bool case_requests_document(const struct case_file *file, const struct document *document);
/* Writes a check of the case: inserts its row if it has none, else updates its row. */
enum err use_save_check(const struct use *use, struct check *check, struct error *error);
/* Append a check, a result or a step to the case in memory; the caller inserts its row into the store. */
struct check *use_add_check(struct use *use, enum check_kind kind);
struct result *use_add_result(struct use *use, struct check *check);
struct step *use_add_step(struct use *use, const char *id);
enum err use_find_correction(struct case_file *file, const char *reference, struct correction **out,
			     struct error *error);
/* By its id, a prefix of it, or its external_ref. */
enum err use_find_duplicate(const struct duplicates *of, const char *reference, struct duplicate **out,
			    struct error *error);
enum err use_find_hit(struct case_file *file, const char *reference, struct hit **out, struct check **check,
		      struct error *error);

/* --- transaction.c: permission, lock, audit row, and the commit that wakes the deliveries --- */

/* ERR_FORBIDDEN if the actor has a lower role than `needed`; verb completes "A viewer cannot …". */
enum err desk_require_role(const struct desk *desk, enum role needed, const char *verb, struct error *error);
/* Requires a role that may submit: intake, or any reviewer. */
enum err desk_require_intake(const struct desk *desk, const char *verb, struct error *error);
/* As desk_require_role(), for a change: also requires that the store is writable. */
enum err desk_require_writer(const struct desk *desk, enum role needed, const char *verb, struct error *error);
/* Takes the write lock, then reads role and state of the actor again. After an error no transaction is open. */
enum err desk_begin_write(struct desk *desk, enum role needed, const char *verb, struct error *error);
/* Appends one audit row. Takes ownership of detail (NULL: {}): ids, codes, from and to, hashes; never names,
 * numbers or texts about people. session may be NULL. */
enum err desk_write_record(struct desk *desk, const char *action, const struct session *session,
			   struct json_value *detail, struct error *error);
/* Reads a text from the detail of a record; "": none. */
const char *desk_detail_text(struct arena *arena, const struct audit_event *event, const char *key);
/* Call at the end of every use case: commits if err is ERR_OK, otherwise rolls back. */
enum err desk_finish_write(struct desk *desk, enum err err, struct error *error);
/* Begins a read transaction: one consistent snapshot. */
enum err desk_begin_read(struct desk *desk, struct error *error);
/* As desk_begin_read(), for lists and counts, which use no rules: does not load the reasons (20 KB of JSON). */
enum err desk_begin_row_read(struct desk *desk, struct error *error);
/* As desk_begin_row_read(), for one case. *row: row of `session`; 0 if `session` is NULL. After an error no
 * transaction is open. */
enum err desk_begin_case_read(struct desk *desk, const char *session, int64_t *row, struct error *error);
void desk_end_read(struct desk *desk);
/* As desk_end_read(), at the end of a function: returns err, the result of the reads. */
enum err desk_finish_read(struct desk *desk, enum err err);
/* review/sandbox.c: whether, in a sandbox, the subject's name requests that the session expires, or that its client
 * is reminded. */
bool sandbox_expires_session(const struct desk *desk, const struct session *session);
bool sandbox_reminds_client(const struct desk *desk, const struct session *session);
/* once.c: deletes stored responses that are older than a day. */
enum err idempotent_answers_purge(struct desk *desk, struct error *error);

/* --- actor.c: reviewers by name, and the actor of this desk with its role --- */

#define REVIEWER_NAME_MAX 64 /* bytes */

/* Finds the reviewer with this name, or with this name in lower case. ERR_NOT_FOUND suggests the nearest name. */
enum err reviewer_require(struct store *store, struct arena *arena, const char *name, struct reviewer *out,
			  struct error *error);
/* Checks the name of a new reviewer; *out is the name in lower case. Only the letters a to z, digits, dot,
 * underscore and hyphen are allowed (ERR_INVALID, field "name"). Refuses a name that was used before, or that looks
 * like the name of another reviewer (ERR_CONFLICT). Names that older versions allowed keep working. */
enum err reviewer_check_new_name(struct store *store, struct arena *arena, const char *name, const char **out,
				 struct error *error);
/* Adds the reviewer, with a name that reviewer_check_new_name() accepts, and updates reviewer->name. Within the
 * caller's write transaction. */
enum err reviewer_add(struct store *store, struct arena *arena, struct reviewer *reviewer, int64_t now,
		      struct error *error);

/* Finds the name of the actor for desk_open() and desk_init(): from the option, else from the operating system. In
 * production, ERR_FORBIDDEN if the two names differ. */
enum err actor_find_name(struct arena *arena, const char *wanted, bool sandbox, const char **out, struct error *error);
/* Finds the actor, or adds it to a sandbox store as a lead; fills desk->actor, role, actor_row. */
enum err actor_find(struct desk *desk, const char *wanted, struct error *error);
/* Reads role and state of the actor again, since another process may have changed them. ERR_FORBIDDEN if the actor
 * is disabled, or if the desk serves a reviewer's key that was revoked or replaced. */
enum err actor_refresh(struct desk *desk, struct error *error);

/* Finds the row of the merchant with this name. If the merchant is missing: ERR_INVALID in production; in a
 * sandbox, which accepts any merchant, *row is 0. */
enum err merchant_require(struct desk *desk, struct arena *arena, const char *name, int64_t *row, struct error *error);
/* Adds a merchant. ERR_CONFLICT if another merchant has this name, or a name that looks like it. Names that older
 * versions allowed keep working. */
enum err merchant_add(struct desk *desk, struct arena *arena, const char *name, int64_t *row, struct error *error);
/* Finds a merchant with a similar name, which a reader in a hurry takes for the name; *out NULL: none. */
enum err merchant_find_similar(struct desk *desk, struct arena *arena, const char *name, const char **out,
			       struct error *error);
/* Finds the row of the merchant; a sandbox adds a merchant that is missing. */
enum err merchant_find_or_add(struct desk *desk, struct arena *arena, const char *name, int64_t *row,
			      struct error *error);

/* The actor of a desk before actor_become(); actor_restore() restores this actor. */
struct saved_actor {
	const char *actor;
	enum role role;
	bool supervised;
	int64_t row;
};
struct saved_actor actor_become(struct desk *desk, const char *name, enum role role);
void actor_restore(struct desk *desk, struct saved_actor before);

/* --- caller.c: rights, view and errors of an outside caller; a desk without a caller allows everything --- */

/* Whether a merchant, a client, a provider or the sandbox's simulator makes the request. A reviewer with a key of
 * their own is not outside. */
bool caller_is_external(const struct desk *desk);
/* Call before a read that returns data to staff and, with less data, to a merchant. ERR_FORBIDDEN for any other
 * caller, and for a server's desk without a caller. */
enum err caller_check_reader(const struct desk *desk, struct error *error);
enum err caller_check(const struct use *use, struct error *error);
/* Finds a session by its reference: without a caller any reference is allowed, with a caller (also a reviewer with
 * a key) only the full id. */
enum err caller_session_find(struct desk *desk, const char *reference, int64_t *row, struct error *error);
/* Checks that the case belongs to the caller, and that none of its decisions is within the grace time. */
enum err caller_check_case(const struct use *use, struct error *error);
bool caller_may_see(const struct desk *desk, const struct session *session);
/* ERR_NOT_FOUND if the caller belongs to another merchant; reference: from the request. */
enum err caller_check_merchant(const struct desk *desk, const char *merchant, const char *what, const char *reference,
			       struct error *error);
/* Removes the names of reviewers and the results of the review from an error. */
void caller_redact_error(const struct use *use, struct error *error);
/* The last decision, if it is within its grace time; else NULL. */
const struct decision *caller_held_decision(const struct case_file *file, int64_t now);

/* --- refusal.c: errors with which verbs are refused --- */

/* Returns ERR_CONFLICT if any blocker is a conflict, else ERR_BLOCKED. verb: "approve". */
enum err refuse(const char *verb, const struct session *session, const struct blockers *blockers, struct error *error);
/* Refuses with one blocker and one formatted message; the blocker may be one that the gate does not know. */
enum err refuse_with_blocker(enum err code, const char *blocker, const char *ref, struct error *error,
			     const char *format, ...) KYB_PRINTF(5, 6);
/* Refuses with ERR_BLOCKED and one blocker of the gate. */
#define REFUSE(code, ref, error, ...)                                                                                  \
	refuse_with_blocker(ERR_BLOCKED, blocker_code_text(code), (ref), (error), __VA_ARGS__)
/* Names a session in messages: "RAL-2031", or the start of its id. */
const char *session_label(struct arena *arena, const struct session *session);
/* Writes a time for sentences, such as "3 Nov 2026 10:42 UTC". */
const char *time_or_unknown_text(struct arena *arena, int64_t at);
/* The text; "" if the text is NULL. */
const char *text_or_empty(const char *text);
/* Checks a text written by a person: valid, not empty if needed, at most SESSION_VALUE_MAX bytes. */
enum err text_check(const char *field, const char *what, const char *text, bool needed, struct error *error);

/* --- ids.c: new ids, and derived ids --- */

/* Derives an id from these texts: the session's id and the content of the part, but not its position in a list. So
 * a part with other content at the same position gets another id. */
char *id_derive(struct arena *arena, const char *const *parts, size_t count);
char *id_derive_session(struct arena *arena, const char *merchant, const char *workflow, const char *external_ref);
/* Derives the id of a part that has a number: an attempt, or a correction of a round. number 0: the only session of
 * a party. */
char *id_derive_part(struct arena *arena, const char *session_id, const char *kind, size_t number);
char *id_new(const struct desk *desk, struct arena *arena);

/* people/webhooks.c: reads the number of the last row of a page; NULL or "": 0. */
enum err cursor_parse(const char *after, int64_t *row, struct error *error);

/* --- settle.c: updates the data that depend on a case: counters, due times, other cases --- */

/* gatekeeping.c: loads a whole case, parses its values for the field rules, and finds which judgements are valid. */
enum err desk_case_load(struct desk *desk, struct arena *arena, int64_t row, struct case_file *out,
			struct error *error);
/* Writes the counters of a case (with `text` also its search text); the struct must equal the stored case. Pauses
 * or resumes the due time and the reminders of the case, in the store and the struct. */
enum err desk_case_update(struct desk *desk, struct case_file *file, const struct profile *profile, bool text,
			  struct error *error);
/* As desk_case_update(), for a case that was changed only in the store: loads it first. */
enum err desk_case_refresh(struct desk *desk, struct arena *arena, int64_t row, bool text, struct error *error);
/* As desk_case_refresh() without the search text, for an unchanged case that was marked for a recount; removes the
 * mark. */
enum err desk_case_recount(struct desk *desk, struct arena *arena, int64_t row, struct error *error);
/* Recomputes only the counters, and whether the due time is paused. The case keeps its version and its time of
 * change. */
enum err desk_case_write_counts(struct desk *desk, struct arena *arena, int64_t row, struct error *error);
/* Whether the case waits for its client: it can continue only when the client acts. */
bool session_is_with_client(const struct session *session);
/* Inserts the session's row with the first reminder, and with counters that ignore duplicates (without counters if
 * the case is imported as decided). desk_case_update() usually finds the same values, and then does not write the
 * row again. The caller inserts the parts of the case, then calls desk_case_update(). */
enum err desk_case_insert(struct desk *desk, struct case_file *file, const struct profile *profile,
			  const uint8_t import_sha256[32], struct error *error);
/* As desk_case_insert(), for a session that is not imported: adds the steps of its workflow. */
enum err desk_case_open(struct desk *desk, struct arena *arena, struct case_file *file, const struct profile *profile,
			struct error *error);
/* Restarts the reminders, because the client has something new to answer. */
enum err reminders_restart(struct desk *desk, struct session *session, const struct profile *profile,
			   struct error *error);
/* Ends a snooze: the case returns to the queue. Within the open transaction. */
enum err session_end_snooze(struct desk *desk, struct session *session, struct error *error);
/* Call after a change of a session's status: updates counters and version of each case with a party that the
 * session verifies, since the gate of that case has another result now; ends the snooze of that case. */
enum err desk_parent_refresh(struct desk *desk, struct arena *arena, const struct session *session,
			     struct error *error);

/* Whether a user is verified, so that the user's accounts can be opened and used. */
struct user_verification {
	bool verified;
	struct case_file file;	    /* if verified: the case with the approval that allows accounts */
	const char *refusal_reason; /* the reason if not verified: a sentence in the arena */
};
/* Within a transaction. A user is verified if an approved session has a workflow that opens accounts, if the last
 * decision of this session is not within the grace time, and, if the workflow sets a level by an approval, if the
 * user has this level. */
enum err desk_user_verification(struct desk *desk, struct arena *arena, const struct subject_record *record,
				const struct subject_sessions *sessions, struct user_verification *out,
				struct error *error);

/* --- events.c: events of the outbox; no effect if the profile has no name for the event --- */

struct event_input {
	/* desk_event_write() sets name, time and the data of the session; the caller sets the other members. */
	struct event event;
	const char *link_mark; /* random text that marks the placeholders for links; NULL: none */
	int64_t order_row;     /* 0: the event is not about an order */
	int64_t decision_row;  /* 0: the event is not about a decision */
	int64_t due_at;
	bool is_in_output; /* out->deliveries counts this event; out->event is the first such event */
};
/* Makes a profile with the event names for a subsession: a separate name for its changed status, and the names that
 * the parent's workflow has for sessions of parties (seed ralio-sandbox, "KYC / KYB"). Returns `profile` itself for
 * a session without parent. Within a transaction. */
enum err desk_event_profile(const struct use *use, const struct session *session, const struct profile *profile,
			    const struct profile **out, struct error *error);
enum err desk_event_write(struct use *use, const struct session *session, const struct profile *profile,
			  const struct event_input *input, struct error *error);

/* Describes the current attempt at the level that the profile names, with the decision; NULL if the profile names
 * no level. */
const struct event_attempt *event_attempt_of(const struct use *use);

/* --- contribution.c: changes of a case with their authors, noted by the frame for every verb --- */

/* Call before the function runs: sets use->material as the verb's row says, or to MATERIAL_DATA for capacities
 * other than staff and system. */
void contribution_begin(struct use *use);
/* Stores the contribution of this run, unless it is not material. word: the action in the audit record. */
enum err contribution_record(struct use *use, const char *word, struct error *error);
/* Stores the contribution of an imported line. is_new: the line made a new case. */
enum err contribution_record_import(struct desk *desk, int64_t session, bool is_new, struct error *error);
/* Lists the contributions of all people to the session, in any store, each with a phrase for messages (`done_text`).
 * Within a transaction. */
enum err contribution_list(struct desk *desk, struct arena *arena, int64_t session, struct contribution_list *out,
			   struct error *error);
/* As contribution_list(); if other rules are in force than the rules of the case, also lists the admins that
 * installed the rules of the case. */
enum err contribution_of_case(struct desk *desk, struct arena *arena, const struct session *session,
			      struct contribution_list *out, struct error *error);
/* Whether this person contributed data or gave a material verdict; always false in a sandbox. Within a transaction. */
enum err contribution_exists(struct desk *desk, struct arena *arena, int64_t session, const char *actor, bool *any,
			     struct error *error);
/* Fills the context of a decision with the contributions of context->actor; in a sandbox with none. Within a
 * transaction. */
enum err contribution_fill_context(struct desk *desk, struct arena *arena, const struct case_file *file,
				   struct gate_context *context, struct error *error);
/* In production: finds the first reviewer with a change or a verdict of their own, not counting imports and
 * submitted data; "": none. An automatic approval would rest on the judgement of this one person. */
enum err contribution_first_staff(struct desk *desk, struct arena *arena, const struct session *session,
				  const char **actor, struct error *error);
/* Sets *why to the reason why the actor must not judge this part: "bo added it (…)"; "" if the actor may. */
enum err contribution_find_conflict(struct use *use, const char *kind, const char *id, const char **why,
				    struct error *error);

/* The people involved in the alerts of the case: deciders of the case and of the other approved cases of its user, and
 * contributors to the case. */
enum err alert_find_involved(struct desk *desk, struct arena *arena, const struct case_file *file, struct involved *out,
			     struct error *error);

/* --- suspicion.c: suspicions in the gate and in other verbs; their own verbs are in review/suspicion.c --- */

/* Whether the actor may read the suspicion: each lead may, except after SUSPICION_REVOKE, and each person on its access
 * list. A caller with an API key may never read it. */
enum err suspicion_may_read(const struct desk *desk, const struct suspicion *suspicion, bool *may, struct error *error);
/* Lists the suspicions that the actor may read: all suspicions of a session, with their entries; with session 0,
 * all open suspicions. */
enum err suspicion_list_visible(const struct desk *desk, struct arena *arena, int64_t session,
				struct suspicion_list *out, struct error *error);
/* Whether the actor may read an open suspicion of this state, which was read for the actor. */
bool suspicion_is_shown(const struct desk *desk, const struct suspicion_state *state);
/* The people involved in an open suspicion with its entries: contributors of data to the case (`made`: all
 * contributions), reporters, people that took somebody's access, and people without access. */
enum err suspicion_find_involved(struct desk *desk, struct arena *arena, const struct suspicion *suspicion,
				 struct contribution_list *made, struct involved *out, struct error *error);
/* Opens a suspicion in the name of the actor, or adds an entry to the open suspicion; text: the cause. The caller
 * updates the counters of the case afterwards. */
enum err suspicion_raise(struct use *use, enum suspicion_cause cause, const char *text, struct error *error);
/* Whether a rejection of the case, or of a document, for this reason opens a suspicion. */
bool reason_opens_suspicion(enum reason_set set, const char *reason);
/* Whether, in a production store, a hit or result of the session is adverse and nobody judged it. */
enum err session_has_bad_news(const struct desk *desk, int64_t session, bool *bad, struct error *error);
/* Whether the session has bad news, or a suspicion, open or closed. If so, the session is not erased. */
enum err session_is_held(const struct desk *desk, int64_t session, bool *keeps, struct error *error);

/* --- grounds.c: the store's data for domain/grounds.h; within a transaction, for a case of desk_case_load() --- */

/* Finds confirmed matches: of the case, of the sessions that verify its parties, and of cases that have a match
 * about the party that this session verifies. */
enum err matches_find(const struct use *use, struct match_list *out, struct error *error);
/* Finds the confirmed matches (matches_find()), and the grounds that they give for a rejection. */
enum err grounds_of_rejection(const struct use *use, struct match_list *matches, struct grounds *out,
			      struct error *error);

/* A question about a hit: which facts and reasons support this verdict of the desk's actor? */
struct hit_context {
	const struct case_file *file;
	const struct profile *profile;
	const struct check *check;
	const struct hit *hit;
	struct hit_card *card; /* filled by hit_card_find() */
	enum verdict verdict;
};
/* Makes the card of the hit, unmasked or masked (read/hit.c). If no name in the hit's session is similar to the name of
 * the hit, also searches the other sessions of the case. */
enum err hit_card_find(struct desk *desk, struct arena *arena, const struct hit_context *question, bool masked,
		       struct error *error);
enum err grounds_of_hit(struct desk *desk, struct arena *arena, const struct hit_context *question, struct grounds *out,
			struct error *error);
/* As grounds_of_hit(), for a hit of the loaded case; loads the card of the hit. The question contains check, hit
 * and verdict, and may have room for the card. */
enum err grounds_of_verdict(const struct use *use, struct hit_context question, struct grounds *out,
			    struct error *error);

/* SHA-256 of a case's sanctions hits and of the persons compared with them; "" if the case has no such hit. The
 * audit record of a reveal stores this hash: while the hash is unchanged, the data that the reviewer judges are the
 * revealed data. */
const char *hits_revealed_sha256(struct arena *arena, const struct case_file *file);

/* --- seal.c: sealed values --- */

/* An audit record has hashes of texts about a person. For the path of a changed value in the session document, it
 * has the hashes of the value before and after the change; for a text written by the actor, it has only the hash
 * "after":
 *
 *   "sealed": {"parties[ID].date_of_birth": {"before": HASH, "after": HASH}, "reason": {"before": null, "after": HASH}}
 *
 * HASH = HMAC-SHA256(key of the case, PATH "=" VALUE). The key of the case is derived from the store's key and the
 * session's salt, so that the hashes reveal nothing after an erasure, which deletes the salt (docs/store.md,
 * "Sealed values"). Within a transaction. The first values of a session are not sealed: nothing was changed. */
struct seal_key {
	bool is_key_loaded; /* false: no salt, or the store's key is missing */
	uint8_t bytes[SHA256_SIZE];
};
enum err seal_key_of(struct desk *desk, int64_t session, struct seal_key *out, struct error *error);
/* Hashes a text with the key, as hexadecimal digits in the arena; "" for an empty text. */
const char *seal_hash_text(struct arena *arena, const struct seal_key *key, const char *path, const char *text);

/* A value that differs between two session documents (NULL: no document). Compares all members of parts, except ids,
 * computed members, statuses and members that each record has in plain text. A list inside a part is one value. */
struct sealed_value {
	const char *path, *before, *after; /* "" absent */
};
struct sealed_values {
	struct sealed_value *items;
	size_t count, capacity;
};
void seal_compare(struct arena *arena, const struct json_value *before, const struct json_value *after,
		  struct sealed_values *out);

/* Keeps a copy of the loaded case if this verb may change its data. */
void seal_keep_old_case(struct use *use);
/* Adds the member "sealed" to use->detail, only once. Reads the case again for the values after the change. */
enum err seal_add_to_record(struct use *use, struct error *error);
void seal_free_old_case(struct use *use);

/* --- people/upgrade.c: the audit record of an upgrade; desk_open() uses it, too --- */

struct upgrade_context {
	struct desk *desk; /* only its world and log are used; its store is not open yet */
	const char *admin; /* NULL: a sandbox store, which is upgraded when it is opened */
};
/* The callback on_upgrade of struct store_upgrade; context: a struct upgrade_context. */
enum err upgrade_write_record(void *context, struct store *store, const struct store_upgrade_plan *plan,
			      struct error *error);

/* people/merchant_keys.c: makes the API key of a merchant, a provider or a reviewer. Fills api_key with the prefix
 * and a new secret, and hash with the SHA-256 of api_key. The calling function wipes api_key. */
void api_key_make(const struct desk *desk, const char *prefix, struct strbuf *api_key, uint8_t hash[SHA256_SIZE]);

/* people/doctor.c: free_bytes, last_backup and last_checkpoint of `out`, from the file system. */
struct measures;
enum err doctor_measure(struct desk *desk, struct arena *arena, struct measures *out, struct error *error);

#endif
