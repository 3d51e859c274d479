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
 */
#ifndef KYBDESK_SRC_DESK_USE_USE_H
#define KYBDESK_SRC_DESK_USE_USE_H

#include "desk_private.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/codec/json.h"
#include "kybdesk/desk/use.h"
#include "kybdesk/domain/event.h"
#include "kybdesk/domain/gate.h"
#include "kybdesk/store/parts.h"
#include "kybdesk/store/related.h"
#include "kybdesk/store/session.h"

struct level_change {
	const char *from, *to; /* both "" if nothing changes */
};

/* Data to be erased after the commit. */
struct erased {
	struct leftover_bytes bytes;
	struct family family;
};

/* The public part of a decision or a transition, besides the case itself. */
struct announcement {
	const char *reason_code; /* the public one */
	const char *reason_text; /* reason of a manual review, in the profile's words; "" none */
	const char *const *step_ids;
	size_t step_count;
	const struct event_document *documents; /* the requested documents */
	size_t document_count;
	const char *link_mark;	   /* for the placeholders in the documents' links */
	enum check_status trouble; /* status of unfinished checks; CHECK_PASSED: none */
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
	struct json_value *before; /* the loaded case, to seal what changes (use/seal.h); NULL: not kept */
	const char *word;	   /* word of the audit row; "": the verb's own word */
	bool text;		   /* names or numbers changed: the text row is written again */
	bool nothing;		   /* no change, no record, no error */
	bool asked;		   /* use_offer() was called */
	/* How material the actor's contribution is (use/contribution.h): as in the verb's row, or less if the
	 * input is not material. */
	enum material material;
	const char **parts; /* changed parts, "KIND:ID"; none: the case */
	size_t part_count, part_capacity;
	int64_t contributes_to, subject_row; /* instead of the case: another session, or a subject; 0 none */
	int64_t identity_of;		     /* row of the subject with a changed identity; 0: none */
	void *found;			     /* result of the prepare phase */
	enum err (*after)(struct use *use, struct error *error); /* runs after the commit; NULL: none */
	struct erased erased;
	/* of a decision or transition */
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
#define USE_PROTOTYPE(NAME, function, word, does, role, capacities, needs, action, material)                       \
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
enum err use_within(struct desk *desk, struct arena *arena, const struct use_in *in, struct use_out *out,
		    struct error *error) KYB_MUST_USE;

/* A copy of the input without NULL texts, except for `session`, `fields_json` and `addresses_json`. */
const struct use_in *use_texts(struct arena *arena, const struct use_in *in);

/* Within an open transaction: finds and loads the case that `in` names. */
enum err use_load(struct use *use, struct error *error) KYB_MUST_USE;
/* Loads the case again. */
enum err use_reload(struct use *use, struct error *error) KYB_MUST_USE;
/* The frame's checks of a loaded case; the prepare phase runs them, too. */
enum err use_check_case(const struct use *use, struct error *error) KYB_MUST_USE;
enum err use_check_unheld(const struct use *use, struct error *error) KYB_MUST_USE;
enum err use_check_open(const struct use *use, struct error *error) KYB_MUST_USE;

/* Writes the audit row of use->word, or of the row's own word, with use->detail: for functions that write their own
 * record. */
enum err use_record(struct use *use, struct error *error) KYB_MUST_USE;

/* Call for staff input that changes no data on which a decision rests, although the verb's row is material. */
void use_is_immaterial(struct use *use);
/* Names a part that this run changes, for the contribution of its actor: use_touches(use, "document", id). Without an
 * id, names only the kind. */
void use_touches(struct use *use, const char *kind, const char *id);
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
void use_basis(struct use *use, const char *basis);
/* Adds the replaced verdict to use->detail, for an undo: by_before, at_before, reason_before (only a code of that set),
 * basis_before (a hash). Omits empty ones. */
struct verdict_before {
	const char *by;
	int64_t at;
	const char *reason, *basis;
};
void use_verdict_before(struct use *use, enum reason_set set, const struct verdict_before *before);
/* Call after a change of the subject; was: facts_subject() before it. Clears the reporter of results about
 * another person, since they neither verify nor decide. */
void use_results_about(struct use *use, const char *was);

/* review/document.c: ERR_BLOCKED if the document's bytes are missing or altered. */
enum err document_check_bytes(struct use *use, const struct document *document, struct error *error) KYB_MUST_USE;

/* The input of the profile's rules: the present case, today. */
struct rules_input use_rules(const struct use *use);
/* The checks that this case needs, by its profile and its own facts: bits of enum check_kind. */
unsigned use_checks_required(const struct use *use);

/* actor.c: the row of the merchant with this name. ERR_INVALID if a production store has none; in a sandbox, which
 * accepts any merchant, *row is 0. */
enum err merchant_known(struct desk *desk, struct arena *arena, const char *name, int64_t *row,
			struct error *error) KYB_MUST_USE;
/* Adds a merchant. ERR_CONFLICT if a merchant has this name, or a name that looks like it. Names of old stores keep
 * working. */
enum err merchant_add(struct desk *desk, struct arena *arena, const char *name, int64_t *row,
		      struct error *error) KYB_MUST_USE;
/* The row of the merchant; a sandbox adds it if missing. */
enum err merchant_find_or_add(struct desk *desk, struct arena *arena, const char *name, int64_t *row,
			      struct error *error) KYB_MUST_USE;

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

#endif
