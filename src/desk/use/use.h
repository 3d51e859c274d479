/*
 * Inside the desk: one run of a use case. The frame (use.c) runs these phases for every row of the table:
 *   permit   whether the actor may run the verb in this capacity
 *   look     without the lock: the row's prepare function, or the checks of a decision
 *   begin    the write lock; the actor's present role
 *   load     the case; claim, status, version, reason, as the row needs
 *   run      the row's function: use_NAME()
 *   settle   session, counters, parents; a decision with its evidence, level and events; the transition's events
 *   record   one audit row
 *   commit   and then use->after, if the function set it
 *
 * A function changes use->file and its rows in the store, and describes the change in use->detail (ids, codes,
 * hashes; never names, numbers or texts about people).
 *
 * Below the frame: what the verbs share, by source file.
 */
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

/* Data to be erased after the commit. */
struct erased {
	struct leftover_bytes bytes;
	struct family family;
};

/* The public data of a decision or a transition that the case itself does not have. */
struct announcement {
	const char *reason_code; /* the public code, which may replace the real code */
	const char *reason_text; /* reason of a manual review, in the profile's words; "" none */
	const char *const *step_ids;
	size_t step_count;
	const struct event_document *documents; /* the requested documents */
	size_t document_count;
	const char *link_mark;	       /* for the placeholders in the documents' links */
	enum check_status fail_status; /* CHECK_ERROR or CHECK_TIMEOUT of unfinished checks; CHECK_PASSED: none */
};

struct use {
	struct desk *desk;
	struct arena *arena;
	const struct use_case *row;
	const struct use_in *in;
	struct use_out *out;
	int64_t now;
	struct case_file file;
	const struct profile *profile;
	struct json_value *detail; /* detail of the audit row; never NULL while a function runs */
	struct json_value *before; /* the loaded case, to seal what changes (seal.c); NULL: not kept */
	const char *word;	   /* word of the audit row; "": the verb's own word */
	bool text;		   /* names or numbers changed: the text row is written again */
	bool nothing;		   /* the function changed nothing: writes no record, returns no error */
	bool offer_used;	   /* use_offer() was called */
	/* How material the actor's contribution is (contribution.c): as in the verb's row, or less if the
	 * input is not material. */
	enum material material;
	const char **parts; /* changed parts, "KIND:ID"; empty: the case itself has changed */
	size_t part_count, part_capacity;
	int64_t contributes_to, subject_row; /* session or subject of the contribution; 0: the case */
	int64_t changed_subject;	     /* row of the subject with a changed identity; 0: none */
	void *found;			     /* result of the prepare phase */
	enum err (*after)(struct use *use, struct error *error); /* runs after the commit; NULL: none */
	struct erased erased;
	/* only for a decision or transition */
	enum action action;
	int64_t grace_ms;
	struct gate_context context;
	enum session_status from, to;
	enum approval_part part;  /* approvals: the first or second of two */
	struct decision decision; /* the function fills kind, reason, message, retryable */
	struct decision_signature signature;
	struct level_change level;
	struct announcement outside;
};

/* table.c: the functions, by verb. */
#define USE_PROTOTYPE(NAME, function, ...)                                                                         \
	enum err use_##function(struct use *use, struct error *error) KYB_MUST_USE;
VERBS(USE_PROTOTYPE)
#undef USE_PROTOTYPE
/* Functions of rows with NEED_PREPARE, run before the lock: use_NAME_prepare(). */
/* clang-format off */
#define PREPARES(X) \
	X(REJECT, reject) X(CORRECTIONS, corrections) X(NEXT, next) X(DOCUMENT_ADD, document_add) \
	X(WORKFLOW_INSTALL, workflow_install) X(REASONS_INSTALL, reasons_install)
/* clang-format on */
#define PREPARE_PROTOTYPE(NAME, function)                                                                          \
	enum err use_##function##_prepare(struct use *use, struct error *error) KYB_MUST_USE;
PREPARES(PREPARE_PROTOTYPE)
#undef PREPARE_PROTOTYPE
typedef enum err use_function(struct use *use, struct error *error);
extern use_function *const use_functions[VERB_COUNT], *const use_prepares[VERB_COUNT]; /* prepare NULL: none */

/* Runs one verb within the caller's write transaction: several verbs can be one change (a line of an import, a step
 * of the system). Permissions, checks, record and events are as in desk_do(). The calling function runs the prepare
 * phase (in->prepared) and the steps after the commit. */
enum err use_run_nested(struct desk *desk, struct arena *arena, const struct use_in *in, struct use_out *out,
			struct error *error) KYB_MUST_USE;

/* A copy of the input without NULL texts, except for `session`, `fields_json` and `addresses_json`. */
const struct use_in *use_texts(struct arena *arena, const struct use_in *in);

/* Within an open transaction: finds and loads the case that use->in names. */
enum err use_load(struct use *use, struct error *error) KYB_MUST_USE;
/* Loads the case again. */
enum err use_reload(struct use *use, struct error *error) KYB_MUST_USE;
/* The frame's checks of a loaded case; the prepare phase runs them, too. */
enum err use_check_case(const struct use *use, struct error *error) KYB_MUST_USE;
enum err use_check_not_held(const struct use *use, struct error *error) KYB_MUST_USE;
enum err use_check_open(const struct use *use, struct error *error) KYB_MUST_USE;

/* Writes the audit row of use->word, or of the row's own word, with use->detail: for functions that write their own
 * record. */
enum err use_record(struct use *use, struct error *error) KYB_MUST_USE;

/* Call for staff input that changes no data on which a decision rests, although the verb's row is material. */
void use_set_immaterial(struct use *use);
/* Names a part that this run changes, for the contribution of its actor: use_add_part(use, "document", id). Without an
 * id, names only the kind. */
void use_add_part(struct use *use, const char *kind, const char *id);
/* Before the actor judges a part: ERR_BLOCKED (second_reviewer) if the actor contributed it. In production only. */
enum err use_check_cleared(struct use *use, const char *kind, const char *id, struct error *error) KYB_MUST_USE;

/* For NEED_SECOND_ADMIN: call before the first write, when use->detail describes the complete change of this
 * part, without secrets. If it sets use->out->offered, the change waits for a second admin: return. */
enum err use_offer(struct use *use, const char *part, struct error *error) KYB_MUST_USE;
/* *count: the people that count as admins, including admins disabled within the last week. Within an open
 * transaction. */
enum err desk_count_admins(struct desk *desk, struct arena *arena, int64_t *count,
			   struct error *error) KYB_MUST_USE;

/* Adds the hash of a judgement's basis to use->detail. */
void use_add_basis(struct use *use, const char *basis);
/* Adds the replaced verdict to use->detail, for an undo: by_before, at_before, reason_before (only a code of that set),
 * basis_before (a hash). Omits empty ones. */
struct verdict_before {
	const char *by;
	int64_t at;
	const char *reason, *basis;
};
void use_add_old_verdict(struct use *use, enum reason_set set, const struct verdict_before *before);
/* Call after a change of the subject; was: facts_subject() before the change. Clears the reporter of results about
 * another person, since such results neither verify nor decide. */
void use_set_changed_subject(struct use *use, const char *was);

/* review/document.c: ERR_BLOCKED if the document's bytes are missing or altered. */
enum err document_check_bytes(struct use *use, const struct document *document, struct error *error) KYB_MUST_USE;

/* The input of the profile's rules: the present case, today. */
struct rules_input use_rules(const struct use *use);
/* The checks that this case needs, by its profile and its own facts: bits of enum check_kind. */
unsigned use_checks_required(const struct use *use);

/* use.c: erases use->erased after the commit. Cannot fail, since bytes that are left over are harmless. */
enum err leftover_bytes_erase(struct use *use, struct error *error);

/* find.c: id, unique prefix of four or more characters, or a unique document type or party name. ERR_NOT_FOUND;
 * several: ERR_USAGE with the candidates. */
#define REFERENCE_PREFIX_MIN 4
enum err use_find_document(struct case_file *file, const char *reference, struct document **out,
			   struct error *error) KYB_MUST_USE;
enum err use_find_party(struct case_file *file, const char *reference, struct party **out,
			struct error *error) KYB_MUST_USE;
struct check *use_find_check(const struct case_file *file, enum check_kind kind); /* NULL: none */
enum err use_unknown_step(const struct use *use, const char *id,
			  struct error *error) KYB_MUST_USE; /* ERR_INVALID */
/* Whether an open correction requests a document of this type. */
bool use_requests_type(const struct case_file *file, const char *type);
/* Inserts a check of the case that has no row yet, or updates its row. */
enum err use_check_put(const struct use *use, struct check *check, struct error *error) KYB_MUST_USE;
/* Appends a check, or a step, to the case; the caller inserts it into the store. */
struct check *use_add_check(struct use *use, enum check_kind kind);
struct step *use_add_step(struct use *use, const char *id);
enum err use_find_correction(struct case_file *file, const char *reference, struct correction **out,
			     struct error *error) KYB_MUST_USE; /* decide/corrections.c; by its id */
enum err use_find_hit(struct case_file *file, const char *reference, struct hit **out, struct check **check,
		      struct error *error) KYB_MUST_USE;

/* --- transaction.c: permission, lock, audit row, and the commit that wakes the deliveries --- */

/* verb completes "A viewer cannot …". */
enum err desk_require(const struct desk *desk, enum role needed, const char *verb,
		      struct error *error) KYB_MUST_USE;
/* Requires a role that may submit: intake, or any reviewer. */
enum err desk_require_intake(const struct desk *desk, const char *verb, struct error *error) KYB_MUST_USE;
/* As desk_require(), for a change: the store must also be writable. */
enum err desk_require_change(const struct desk *desk, enum role needed, const char *verb,
			     struct error *error) KYB_MUST_USE;
/* Takes the write lock; reads role and state of the actor again. On error no transaction is open. */
enum err desk_begin(struct desk *desk, enum role needed, const char *verb, struct error *error) KYB_MUST_USE;
/* Appends one audit row. Takes ownership of detail (NULL: {}): ids, codes, from and to, hashes; never names, numbers or
 * texts about people. session may be NULL. */
enum err desk_record(struct desk *desk, const char *action, const struct session *session,
		     struct json_value *detail, struct error *error) KYB_MUST_USE;
/* A text of the detail of a record; "" none. */
const char *desk_record_text(struct arena *arena, const struct audit_event *event, const char *key);
/* Call at the end of every use case: commits if err is ERR_OK, otherwise rolls back. */
enum err desk_finish(struct desk *desk, enum err err, struct error *error) KYB_MUST_USE;
/* A read transaction: one consistent snapshot. */
enum err desk_begin_read(struct desk *desk, struct error *error) KYB_MUST_USE;
/* As desk_begin_read(), for lists and counts, which use no rules: the reasons are 20 KB of JSON. */
enum err desk_begin_row_read(struct desk *desk, struct error *error) KYB_MUST_USE;
/* As desk_begin_row_read(), for one case: *row, or 0 if `session` is NULL. After an error no read is open. */
enum err desk_begin_row_read_of(struct desk *desk, const char *session, int64_t *row,
				struct error *error) KYB_MUST_USE;
void desk_end_read(struct desk *desk);
/* As desk_end_read(), at the end of a function: returns the result of the reads. */
enum err desk_finish_read(struct desk *desk, enum err err) KYB_MUST_USE;
/* review/sandbox.c: whether, in a sandbox, the name of the subject requests expiry, or a reminder. */
bool sandbox_expires(const struct desk *desk, const struct session *session);
bool sandbox_reminds(const struct desk *desk, const struct session *session);
/* once.c: deletes stored responses after their day. */
enum err once_purge(struct desk *desk, struct error *error) KYB_MUST_USE;

/* --- actor.c: reviewers by name, and the actor of this desk with its role --- */

#define REVIEWER_NAME_MAX 64 /* bytes */

/* The reviewer with this name, or with this name in lower case. ERR_NOT_FOUND suggests the nearest name. */
enum err reviewer_require(struct store *store, struct arena *arena, const char *name, struct reviewer *out,
			  struct error *error) KYB_MUST_USE;
/* Checks the name of a new reviewer; *out is the name in lower case. Only the letters a to z, digits, dot,
 * underscore and hyphen are allowed (ERR_INVALID, field "name"). A name that was used before, or that looks like
 * another reviewer's, is refused (ERR_CONFLICT). Names allowed by older versions keep working. */
enum err reviewer_new_name(struct store *store, struct arena *arena, const char *name, const char **out,
			   struct error *error) KYB_MUST_USE;
/* Adds the reviewer, with a name that reviewer_new_name() accepts, and updates reviewer->name. Within the caller's
 * write transaction. */
enum err reviewer_add(struct store *store, struct arena *arena, struct reviewer *reviewer, int64_t now,
		      struct error *error) KYB_MUST_USE;

/* The name of the actor for desk_open() and desk_init(), from the option or the operating system; ERR_FORBIDDEN in
 * production if the two differ. */
enum err actor_name(struct arena *arena, const char *wanted, bool sandbox, const char **out,
		    struct error *error) KYB_MUST_USE;
/* Finds the actor, or adds it to a sandbox store as a lead; fills desk->actor, role, actor_row. */
enum err actor_find(struct desk *desk, const char *wanted, struct error *error) KYB_MUST_USE;
/* Reads role and state again: another process may have changed them. ERR_FORBIDDEN if the actor is disabled, or if the
 * desk serves a reviewer's key that was revoked or replaced. */
enum err actor_refresh(struct desk *desk, struct error *error) KYB_MUST_USE;

/* The row of the merchant with this name. ERR_INVALID if a production store has none; in a sandbox, which
 * accepts any merchant, *row is 0. */
enum err merchant_require(struct desk *desk, struct arena *arena, const char *name, int64_t *row,
			  struct error *error) KYB_MUST_USE;
/* Adds a merchant. ERR_CONFLICT if a merchant has this name, or a name that looks like it. Names of old stores keep
 * working. */
enum err merchant_add(struct desk *desk, struct arena *arena, const char *name, int64_t *row,
		      struct error *error) KYB_MUST_USE;
/* The row of the merchant; a sandbox adds it if missing. */
enum err merchant_find_or_add(struct desk *desk, struct arena *arena, const char *name, int64_t *row,
			      struct error *error) KYB_MUST_USE;

/* The former actor of a desk, which actor_restore() restores after another actor has acted. */
struct saved_actor {
	const char *actor;
	enum role role;
	bool supervised;
	int64_t row;
};
struct saved_actor actor_become(struct desk *desk, const char *name, enum role role);
void actor_restore(struct desk *desk, struct saved_actor before);

/* --- caller.c: rights, view and errors of a caller from outside; without one everything is allowed --- */

/* Whether the request comes from a merchant or a client; a request with a reviewer's own key does not. */
bool caller_is_outside(const struct desk *desk);
/* Call it before a read that serves staff and, with less, a merchant: ERR_FORBIDDEN for any other caller, and for a
 * server's desk without a caller. */
enum err caller_check_reader(const struct desk *desk, struct error *error) KYB_MUST_USE;
enum err caller_check(const struct use *use, struct error *error) KYB_MUST_USE;
/* Finds a session by its reference: staff may use any reference, a caller only the full id. */
enum err caller_session_find(struct desk *desk, const char *reference, int64_t *row,
			     struct error *error) KYB_MUST_USE;
/* Checks that the case belongs to the caller, and that none of its decisions is within the grace time. */
enum err caller_check_case(const struct use *use, struct error *error) KYB_MUST_USE;
bool caller_sees(const struct desk *desk, const struct session *session);
/* ERR_NOT_FOUND if the caller belongs to another merchant; reference: from the request. */
enum err caller_check_merchant(const struct desk *desk, const char *merchant, const char *what,
			       const char *reference, struct error *error) KYB_MUST_USE;
/* Removes reviewers and results of the review from an error. */
void caller_redact_error(const struct use *use, struct error *error);
/* The last decision, while within its grace time; NULL none. */
const struct decision *caller_held_decision(const struct case_file *file, int64_t now);

/* --- refusal.c: the errors of refusals --- */

/* ERR_CONFLICT if any blocker is a conflict, else ERR_BLOCKED; verb: "approve". */
enum err refuse(const char *verb, const struct session *session, const struct blockers *blockers,
		struct error *error);
/* Refuses with one blocker that the gate does not know, or with one formatted message. */
enum err refuse_one(enum err code, const char *blocker, const char *ref, struct error *error, const char *format,
		    ...) KYB_PRINTF(5, 6);
/* Refuses with ERR_BLOCKED and one blocker of the gate. */
#define REFUSE(code, ref, error, ...) refuse_one(ERR_BLOCKED, blocker_code_text(code), (ref), (error), __VA_ARGS__)
/* "RAL-2031", or the start of the id. */
const char *session_label(struct arena *arena, const struct session *session);
/* "3 Nov 2026 10:42 UTC" for sentences. */
const char *moment_text(struct arena *arena, int64_t at);
/* "" for NULL. */
const char *text_or_empty(const char *text);
/* Checks a text written by a person: valid, not empty if needed, at most SESSION_VALUE_MAX bytes. */
enum err text_check(const char *field, const char *what, const char *text, bool needed,
		    struct error *error) KYB_MUST_USE;

/* --- ids.c: new ids, and derived ids --- */

/* An id that is derived from these texts: the session's id and the part's content, never its place in a list, so that
 * another part in the same place gets another id. */
char *id_derive(struct arena *arena, const char *const *parts, size_t count);
char *id_derive_session(struct arena *arena, const char *merchant, const char *workflow, const char *external_ref);
/* Derives the id of a part that has a number: of an attempt, of a correction in its round; 0 for the one session of a
 * party. */
char *id_derive_part(struct arena *arena, const char *session_id, const char *kind, size_t number);
char *id_new(const struct desk *desk, struct arena *arena);

/* --- settle.c: derived data of a case, updated with it: lists, due times, other cases --- */

/* Loads a whole case, with the parsed values for field rules. */
enum err desk_case_load(struct desk *desk, struct arena *arena, int64_t row, struct case_file *out,
			struct error *error) KYB_MUST_USE;
/* Writes the counters (and the text row if `text`) of a case; the struct must equal the stored case. Pauses or resumes
 * its due time and its reminders, in the store and the struct. */
enum err desk_case_settle(struct desk *desk, struct case_file *file, const struct profile *profile, bool text,
			  struct error *error) KYB_MUST_USE;
/* As desk_case_settle(), for a case that was changed only in the store: loads it first. */
enum err desk_case_refresh(struct desk *desk, struct arena *arena, int64_t row, bool text,
			   struct error *error) KYB_MUST_USE;
/* Recomputes only the counters of an unchanged case, and marks them as counted. */
enum err desk_case_recount(struct desk *desk, struct arena *arena, int64_t row, struct error *error) KYB_MUST_USE;
/* Recomputes only the counters and the pause of the due time. The case keeps its version and its time of change. */
enum err desk_case_count(struct desk *desk, struct arena *arena, int64_t row, struct error *error) KYB_MUST_USE;
/* Whether the case can continue only when the client acts. */
bool session_is_with_client(const struct session *session);
/* Inserts the session's row with the values that settling will find, so that it does not write the row again: the first
 * reminder, and the counters without duplicates. The caller inserts the parts, and calls desk_case_settle(). */
enum err desk_case_insert(struct desk *desk, struct case_file *file, const struct profile *profile,
			  const uint8_t import_sha256[32], struct error *error) KYB_MUST_USE;
/* As desk_case_insert(), for a session that is not imported: with the steps of its workflow. */
enum err desk_case_open(struct desk *desk, struct arena *arena, struct case_file *file,
			const struct profile *profile, struct error *error) KYB_MUST_USE;
/* Restarts the reminders: the client got something new to answer. */
enum err reminders_restart(struct desk *desk, struct session *session, const struct profile *profile,
			   struct error *error) KYB_MUST_USE;
/* Ends a snooze: the case returns to the queue. Within the open transaction. */
enum err snooze_end(struct desk *desk, struct session *session, struct error *error) KYB_MUST_USE;
/* After a change of a session's status: updates counters and version of each case with a party that it verifies, since
 * the gate's result changes; ends a snooze. */
enum err desk_parent_refresh(struct desk *desk, struct arena *arena, const struct session *session,
			     struct error *error) KYB_MUST_USE;

/* Whether a user is verified, so that the user's accounts can be opened and used. */
struct user_verification {
	bool verified;
	struct case_file file; /* the case with the approval that grants accounts, if verified */
	const char *why;       /* the reason if not verified: a sentence in the arena */
};
/* Within a transaction. Verified: the user has an approved session with a workflow that opens accounts, none of its
 * decisions is within the grace time, and a user with levels has the approved level. */
enum err desk_verify_user(struct desk *desk, struct arena *arena, const struct subject_record *record,
			  const struct subject_sessions *sessions, struct user_verification *out,
			  struct error *error) KYB_MUST_USE;

/* --- events.c: events of the outbox; no effect if the profile has no name for the event --- */

struct event_input {
	/* desk_event_write() sets name, time and the data of the session; the caller sets the other members. */
	struct event event;
	const char *link_mark; /* for the placeholders in the documents' links; NULL: none */
	int64_t order_row;     /* 0: without an order */
	int64_t decision_row;  /* 0: without a decision */
	int64_t due_at;
	bool reported; /* desk_event_write() adds to out->deliveries; the first event sets out->event */
};
/* The profile with the event names of this session: a subsession has its own name for a changed status,
 * and the names of the parent's workflow for sessions of parties (seed ralio-sandbox, "KYC / KYB"). Within a
 * transaction; returns profile itself for a session without parent. */
enum err desk_event_profile(const struct use *use, const struct session *session, const struct profile *profile,
			    const struct profile **out, struct error *error) KYB_MUST_USE;
enum err desk_event_write(struct use *use, const struct session *session, const struct profile *profile,
			  const struct event_input *input, struct error *error) KYB_MUST_USE;

/* The current attempt at the level that the profile names, with the decision; NULL if it names no level. */
const struct event_attempt *event_attempt_of(const struct use *use);

/* --- contribution.c: changes of a case with their authors, noted by the frame for every verb --- */

/* Call before the function runs: sets the material of the row, or of the capacity. */
void contribution_begin(struct use *use);
/* Notes the contribution of this run, unless it is not material. word: of the audit log. */
enum err contribution_record(struct use *use, const char *word, struct error *error) KYB_MUST_USE;
/* Notes the contribution of an imported line; is_new: the whole case is new. */
enum err contribution_record_import(struct desk *desk, int64_t session, bool is_new,
				    struct error *error) KYB_MUST_USE;
/* The contributions of all people to the session, in any store, each with its words (`done`). Within a transaction. */
enum err contribution_list(struct desk *desk, struct arena *arena, int64_t session, struct contribution_list *out,
			   struct error *error) KYB_MUST_USE;
/* As contribution_list(), with the admins that installed the rules of the case, if other rules are in force. */
enum err contribution_of_case(struct desk *desk, struct arena *arena, const struct session *session,
			      struct contribution_list *out, struct error *error) KYB_MUST_USE;
/* Whether this person contributed data or gave a material verdict; in a sandbox never. Within a transaction. */
enum err contribution_exists(struct desk *desk, struct arena *arena, int64_t session, const char *actor, bool *any,
			     struct error *error) KYB_MUST_USE;
/* Sets the contributions of context->actor in the context of an actor that decides; in a sandbox none. Within a
 * transaction. */
enum err contribution_context(struct desk *desk, struct arena *arena, const struct case_file *file,
			      struct gate_context *context, struct error *error) KYB_MUST_USE;
/* In production: the first reviewer with a change or a verdict of their own, without imports and submitted data; ""
 * none. An automatic approval would then be the approval of that one person. */
enum err contribution_first_staff(struct desk *desk, struct arena *arena, const struct session *session,
				  const char **actor, struct error *error) KYB_MUST_USE;
/* Why the actor must not judge this part: "bo added it (…)"; "" no reason. */
enum err contribution_conflict(struct use *use, const char *kind, const char *id, const char **why,
			       struct error *error) KYB_MUST_USE;

/* --- suspicion.c: suspicions in the gate and in other verbs; their own verbs are in review/suspicion.c --- */

/* Whether the actor may read the suspicion: a lead, or a person on its access list. Never by an API key. */
enum err suspicion_may_read(const struct desk *desk, const struct suspicion *suspicion, bool *may,
			    struct error *error) KYB_MUST_USE;
/* The suspicions that the actor may read: all suspicions of a session, with their entries; session 0: all open ones. */
enum err suspicion_list_shown(const struct desk *desk, struct arena *arena, int64_t session,
			      struct suspicion_list *out, struct error *error) KYB_MUST_USE;
/* Sets context->suspicion and context->suspicion_shown for the actor. Within a transaction. */
enum err suspicion_set_context(const struct desk *desk, struct arena *arena, int64_t session,
			       const struct suspicion_state *standing, struct gate_context *context,
			       struct error *error) KYB_MUST_USE;
/* Opens a suspicion for the system, or adds to the open one; text: the cause. The caller's settlement recounts the
 * case. */
enum err suspicion_raise(struct use *use, enum suspicion_cause cause, const char *text,
			 struct error *error) KYB_MUST_USE;
/* Whether a rejection of the case, or of a document, for this reason opens a suspicion. */
bool suspicion_required(enum reason_set set, const char *reason);
/* Whether the session has a suspicion, open or closed: then the session is not erased. */
enum err suspicion_exists(const struct desk *desk, int64_t session, bool *keeps, struct error *error) KYB_MUST_USE;

/* --- grounds.c: the store's data for domain/grounds.h; within a transaction, on a loaded and marked case --- */

/* The confirmed matches of the case, of the sessions that verify its parties, and of cases with a match that names the
 * party this session verifies. */
enum err matches_find(const struct use *use, struct match_list *out, struct error *error) KYB_MUST_USE;
/* The grounds of a rejection, with the matches. */
enum err grounds_of_rejection(const struct use *use, struct match_list *matches, struct grounds *out,
			      struct error *error) KYB_MUST_USE;

/* A verdict of the desk's actor on this hit. */
struct hit_question {
	const struct case_file *file;
	const struct profile *profile;
	const struct check *check;
	const struct hit *hit;
	struct hit_card *card; /* filled by hit_card_find() */
	enum verdict verdict;
};
/* The card of the hit, unmasked or masked, with the session of the case that the hit was compared with (read/hit.c). */
enum err hit_card_find(struct desk *desk, struct arena *arena, const struct hit_question *question, bool masked,
		       struct error *error) KYB_MUST_USE;
enum err grounds_of_hit(struct desk *desk, struct arena *arena, const struct hit_question *question,
			struct grounds *out, struct error *error) KYB_MUST_USE;
/* As grounds_of_hit(), for a hit of the case of `use`, with its card: the question contains check, hit and verdict. */
enum err grounds_of_verdict(const struct use *use, struct hit_question question, struct grounds *out,
			    struct error *error) KYB_MUST_USE;

/* SHA-256 of a case's sanctions hits and of the persons they were compared with; "" if the case has no such hit. The
 * audit record of a reveal stores this hash: while the hash is the same, the reviewer judges the revealed data. */
const char *hits_revealed_sha256(struct arena *arena, const struct case_file *file);

/* --- seal.c: sealed values --- */

/*
 * The hashes of texts about a person in an audit record. By the path of a value in the session
 * document, the record has the hash of the value before and after the change; for a text written by the actor only
 * the hash "after":
 *
 *   "sealed": {"parties[ID].date_of_birth": {"before": HASH, "after": HASH}, "reason": {"before": null, "after": HASH}}
 *
 * HASH = HMAC-SHA256(key of the case, PATH "=" VALUE). The key of the case is derived from the store's key and the
 * session's salt, so that the hashes reveal nothing after an erasure, which deletes the salt (docs/store.md, "Sealed
 * values"). Within a transaction. The first values of a session are not sealed: nothing was changed.
 */
struct seal_key {
	bool is_loaded; /* false: no salt, or the store's key is missing */
	uint8_t bytes[SHA256_SIZE];
};
enum err seal_key_of(struct desk *desk, int64_t session, struct seal_key *out, struct error *error) KYB_MUST_USE;
/* The hash of a text, in hexadecimal, in the arena; "" for an empty text. */
const char *seal_text(struct arena *arena, const struct seal_key *key, const char *path, const char *text);

/* The values that differ between two session documents; NULL: an absent document. Contains all members of parts,
 * except ids, computed members, statuses and members that each record has in plain text. A list inside a part is one
 * value. */
struct sealed_value {
	const char *path, *before, *after; /* "" absent */
};
struct sealed_values {
	struct sealed_value *items;
	size_t count, capacity;
};
void seal_compare(struct arena *arena, const struct json_value *before, const struct json_value *after,
		  struct sealed_values *out);

/* Keeps the loaded case if this verb may change its data. */
void seal_begin(struct use *use);
/* Adds "sealed" to use->detail, once. Reads the case again. */
enum err seal_record(struct use *use, struct error *error) KYB_MUST_USE;
void seal_end(struct use *use);

/* --- people/upgrade.c, people/merchant_keys.c: also for the opening of a desk --- */

struct upgrade_note {
	struct desk *desk; /* only desk->world and desk->log are used; the desk's store is not open yet */
	const char *admin; /* NULL: a sandbox store, upgraded when opened */
};
/* For struct store_upgrade; context is a struct upgrade_note. */
enum err upgrade_record(void *context, struct store *store, const struct store_upgrade_plan *plan,
			struct error *error) KYB_MUST_USE;

/* people/merchant_keys.c: a key of an outside caller: a merchant, a provider or a reviewer. Fills api_key with a new secret
 * behind the prefix, and hash with its SHA-256. The caller wipes api_key. */
void key_make(const struct desk *desk, const char *prefix, struct strbuf *api_key, uint8_t hash[SHA256_SIZE]);

#endif
