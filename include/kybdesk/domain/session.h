/* The session and its parts, as plain data. Filled by the store (from rows) and the codec (from JSON); read by the
 * gate, the screens and the commands.
 *
 * Ownership: every pointer lives in the arena passed to the filling function. Strings are never NULL; "": absent.
 * Times are Unix ms; TIME_NONE: absent. Members ending in _json hold JSON text, validated, otherwise unchanged
 * ("{}", "[]" or "null" when empty). row is the store's integer key: 0 when not stored; never shown outside. */
#ifndef KYBDESK_DOMAIN_SESSION_H
#define KYBDESK_DOMAIN_SESSION_H

#include "kybdesk/base/timefmt.h"
#include "kybdesk/base/uuid.h"
#include "kybdesk/domain/types.h"

#define RISK_NONE (-1)

struct value; /* domain/value.h */

/* Whether a judgement is still valid for the present facts (domain/facts.h). Not stored: judgements_set_standings()
 * sets both members; until then no judgement is valid. `change_text` describes the change of the facts; "" if valid, or
 * without a judgement. */
struct standing {
	bool valid;
	const char *change_text;
};

struct subject {
	int64_t row;
	const char *uid; /* the merchant's id of its user; generated if absent */
	enum subject_kind kind;
	const char *name;
	const char *country; /* alpha-3 or "" */
	const char *level;   /* level of the user, not of the session, such as "LIGHT" */
	const char *registration_number;
	const char *tax_id;
	const char *date_of_birth; /* individuals, YYYY-MM-DD */
	const char *incorporated_on;
	const char *website;
	const char *email;
	const char *phone;
	const char *address_json;    /* object */
	const struct value *address; /* address_json, parsed by case_values_parse(); NULL: not parsed */
	int64_t kyb_id;		     /* unique number of a business; 0: none */
};

/* The text of a member by its name as in a profile's `from`, without "subject.", such as "tax_id"; "address.city"
 * only if the address is parsed. "": none. */
const char *subject_member(const struct subject *subject, const char *name);

struct session {
	int64_t row;
	const char *id; /* UUID */
	const char *external_ref;
	const char *workflow;
	int64_t workflow_row; /* stored profile version with which the session was created; 0: unknown */
	enum session_kind kind;
	const char *merchant;
	int64_t merchant_row;
	enum session_status status;
	struct subject subject;
	const char *custom_tags_json; /* snapshot of the workflow's tags */
	const char *metadata_json;    /* the merchant's own data */
	int risk_score;		      /* RISK_NONE or 0..100 */
	const char *risk_factors_json;
	const char *processing_results_json;
	const char *results_by, *results_capacity; /* submitter of the results, and capacity; "": unknown */
	enum final_decision final_decision;
	const char *decided_by;
	int64_t decided_at;
	const char *decision_reason;
	bool retryable;				  /* whether the last rejection is retryable */
	enum session_status status_before_expiry; /* status before the expiry; set while status is SESSION_EXPIRED */
	const char *parent_id;			  /* "" for a top session */
	int64_t parent_row;
	const char *assignee; /* the reviewer with the claim; "": none */
	int64_t claimed_at;
	int64_t claim_expires_at; /* TIME_NONE: the claim is an assignment, which does not end by itself */
	bool returned;		  /* the client submitted corrections */
	int64_t created_at, submitted_at, updated_at, expires_at;
	int64_t due_at; /* TIME_NONE before the submission */
	/* start of the present pause of the due time (domain/due.h); TIME_NONE: not paused */
	int64_t due_paused_at;
	int64_t version;	 /* grows with every change */
	bool hidden;		 /* hidden from its merchant's lists, at the merchant's request */
	bool is_decided_locally; /* decided at this desk: an import cannot change the decision */
	/* A lead's explanation of undeclared ownership: code ("" none), text, author, and the share up to which it
	 * is valid. */
	const char *gap_reason; /* "listed" "state_owned" "regulated" "dispersed" "other" */
	const char *gap_text, *gap_by, *gap_percent;
	int64_t gap_at;
	const char *gap_basis; /* facts behind the explanation (facts.h); "": unknown */
	struct standing gap_standing;
	const char *import_facts; /* facts of the subject at the import of an approved session (facts.h) */
	/* End, reason and author of a snooze; snoozed_until TIME_NONE: not snoozed. */
	int64_t snoozed_until;
	const char *snooze_reason, *snoozed_by;
	/* Reminders to an idle client; unresponsive: the last reminder was sent without effect. */
	int64_t remind_at; /* next reminder; TIME_NONE: none */
	int64_t reminders, reminded_at;
	bool unresponsive;
	int64_t attempt_number;	      /* number of the present attempt, from 1 */
	int64_t processing_since;     /* start of the processing; TIME_NONE: never processed in this store */
	int64_t process_at;	      /* next processing by the system; TIME_NONE: none */
	int64_t parties_completed_at; /* when the last required party was verified; TIME_NONE: not all are verified */
};

struct step {
	int64_t row;
	const char *id; /* "company_info" */
	enum step_status status;
	const char *fields_json;    /* object, free keys */
	const struct value *values; /* fields_json, parsed by case_values_parse(); NULL: not parsed */
};

/* The bytes of one side. */
struct document_side {
	const char *file_name;
	const char *file;	 /* import only: path relative to the imported file */
	const char *file_sha256; /* import only: SHA-256 stated in the session document; "": none */
	const char *import_path; /* import only: path of the side in the session document, such as "documents[3]" */
	const char *media_type;	 /* detected by content */
	const char *marks;	 /* words of enum file_mark, separated by commas; "": none */
	int64_t size_bytes;
	const char *sha256; /* hash of the bytes, in hexadecimal; "" without bytes */
	enum upload_state upload;
};

/* A document: one id, one review, one expiry date, and one or two sides of bytes (source document
 * avenia-kyb-level-1, step 2a). */
struct document {
	int64_t row;
	const char *id; /* UUID; "" in a row for a missing mandatory document */
	const char *category;
	const char *type;
	const char *step_id;
	/* Has a front and a back: set when the document is recorded, or by the first file that names a side. */
	bool double_sided;
	/* The front, or the only side; document_side() returns any side. */
	const char *file_name;
	const char *file;
	const char *file_sha256;
	const char *import_path;
	const char *media_type, *marks;
	int64_t size_bytes;
	const char *sha256;
	enum upload_state front_upload; /* upload state of the front of a two-sided document */
	struct document_side back;
	const char *back_side_id; /* former id of a back that was a separate document; "": none */
	enum upload_state upload; /* state of the whole document: ready when every side is ready */
	enum review_state review;
	const char *review_reason, *reviewed_by;
	int64_t reviewed_at, uploaded_at;
	int64_t expires_on; /* expiry of the document; TIME_NONE: unknown */
	const char *extracted_json;
	int64_t replaces_row;		 /* the earlier document that this document replaces; 0: none */
	bool replaced;			 /* replaced by a later document: kept and shown, but not counted */
	const char *verdict_imported_by; /* actor that imported the review; "" if it was reviewed in this store */
	const char *imported_verdict;	 /* the imported review, if it does not count as a review */
	const char *basis;		 /* facts on which the acceptance is based (facts.h) */
	struct standing standing;
};

struct party_share {		    /* a share that a party owns */
	const char *owned_party_id; /* "": the subject */
	int64_t owned_party_row;
	const char *percent; /* decimal string as submitted */
};

struct party {
	int64_t row;
	const char *id; /* UUID */
	enum party_kind kind;
	const char *name;
	unsigned roles;		  /* bits of enum party_role */
	const char *control_role; /* "CEO" … or "" */
	const char *country, *date_of_birth, *tax_id, *registration_number, *email, *phone;
	const char *addresses_json;		/* array */
	const char *fields_json;		/* object */
	const struct value *addresses, *values; /* both parsed by case_values_parse(); NULL: not parsed */
	struct party_share *shares;
	size_t share_count;
	/* the subsession that verifies the party */
	int64_t session_row; /* 0 when none */
	const char *session_id;
	const char *session_workflow;
	enum session_status session_status;
	int64_t session_valid_until; /* earliest expiry of the subsession's accepted documents; TIME_NONE: none */
	bool kyc_expired;	     /* set by gate_mark_expired_kyc(), if session_valid_until has passed */
	bool session_hit_open;	     /* the subsession has an unresolved hit */
	/* newest screenings of the subsession's subject, passed or with hits; TIME_NONE: none */
	int64_t session_watchlist_at, session_ofac_at, session_media_at;
	bool session_unresponsive; /* the client of the subsession ignored all reminders */
	/* the subsession belongs to another case of this merchant, and is reused in this case */
	bool is_session_shared;
	/* present subject of the subsession, and the facts behind its approval */
	const char *session_name, *session_country, *session_birth_date, *session_registration_number, *session_tax_id;
	const char *session_basis;
	int64_t session_approval_number; /* number of the subsession's approval; 0: imported approval, or not approved */
	bool session_was_rejected;	 /* the subsession is rejected now, or was by a decision that was not undone */
	const char *kyc_basis;		 /* facts of the KYC that were confirmed in this case; "": none */
	struct standing kyc_standing;
	const char *verified_elsewhere_by, *verified_elsewhere_reason; /* "" if not verified elsewhere */
	const char *
		verification_imported_by; /* actor that imported the verification elsewhere; "" if recorded in this store */
	const char *verified_elsewhere_basis;
	struct standing elsewhere_standing;
	/* Answers of reviewers, whether this party and another of the case are one: lines "ID same HASH" or "ID other
	 * HASH" (domain/identity.h); "": none. */
	const char *pair_answers;
	int64_t removed_at; /* of a removed party; TIME_NONE: not removed */
	const char *removed_by, *removed_reason;
	/* computed by ownership_compute() */
	const char *effective_percent; /* "" if not computable */
	bool is_beneficial_owner;
	bool may_be_owner; /* a part of the range of the share makes the party a beneficial owner, and nobody declared it */
	bool lacks_ubo_role; /* the share makes the party a beneficial owner, but the role ubo is missing */
};

struct hit {
	int64_t row;
	const char *id, *name, *list, *detail_json;
	double score; /* 0..1, negative when absent */
	enum hit_class class_;
	enum hit_state state;
	const char *reason, *note, *resolved_by;
	int64_t resolved_at;
	const char *accepted_by, *accept_reason;
	const char *verdict_imported_by;  /* actor that imported the verdict; "" if resolved in this store */
	const char *imported_verdict;	  /* the imported verdict, if it does not count as a verdict */
	const char *basis, *accept_basis; /* facts behind verdict and acceptance (facts.h) */
	const struct value *detail;	  /* detail_json, parsed by case_values_parse(); NULL: not parsed */
	struct standing standing, accept_standing;
};

/* One result of a check, as reported. It is never replaced; only the verdict is written later. */
struct result {
	int64_t row;
	const char *id; /* kind and number, such as "watchlist.2"; not stored */
	const char *
		person; /* the person or company it is about: RESULT_ABOUT_SUBJECT, RESULT_ABOUT_UNKNOWN, or a party's id */
	const char *source; /* the provider's key, the list, the register, or the file of an import */
	const char *source_version;
	enum check_status status;
	double score; /* negative when absent */
	const char *detail_json;
	const char *checked_subject_json; /* as in struct check */
	int64_t reported_hits;		  /* hits that came with it; each of them is judged */
	int64_t checked_at;
	const char *reported_by, *reported_capacity;
	enum result_verdict verdict;
	const char *judged_by, *judge_reason;
	int64_t judged_at;
	const char *basis; /* the person's data when it was judged (facts.h); "": unknown */
	struct standing standing;
	const struct value *checked_subject; /* as in struct check */
	/* Set with the standings: the person's data are still as they were; the party was removed. */
	bool is_of_present_data, is_of_removed;
};
#define RESULT_ABOUT_SUBJECT "subject"
#define RESULT_ABOUT_UNKNOWN "unknown" /* counts for everybody of the case */
#define RESULT_OF_FILE "file:"	       /* a source: the name of an imported file follows */

/* The summary of one kind: the result that counts most (domain/results.h), and the hits of all results. */
struct check {
	int64_t row;
	enum check_kind kind;
	enum check_status status;
	double score; /* negative when absent */
	const char *detail_json;
	int64_t checked_at;
	const char *waived_by, *waive_reason;
	const char *reported_by, *reported_capacity; /* reporter of the result, and capacity; "": unknown */
	/* The latest result of another reporter: status, reporter and time; "": none. The check shows the worse of
	 * both results. */
	const char *other_result, *other_result_by;
	int64_t other_result_at;
	/* The checked person or company, as recorded with the result: party (id; absent: the subject), name, country,
	 * date_of_birth, registration_number, tax_id, and other members from its reporter; "{}": unknown. */
	const char *checked_subject_json;
	const char *waiver_imported_by; /* actor that imported the waiver; "" if waived in this store */
	const char *imported_verdict;	/* "waived": a waiver was imported, but it does not count here; else "" */
	const char *waive_basis;	/* facts behind the waiver (facts.h) */
	struct standing waive_standing;
	enum check_status reported_status; /* a waived check: its latest result, hidden by the waiver */
	const struct value *detail;	   /* register data: detail_json, parsed by case_values_parse() */
	const struct value *
		checked_subject; /* checked_subject_json, parsed by case_values_parse(); NULL: not parsed, or unknown */
	struct standing subject_standing;
	const char *source, *source_version, *checked_person; /* of a report, as in struct result; not stored */
	struct result *results;				      /* oldest first */
	size_t result_count;
	bool only_newest_counts; /* a sandbox: the newest result of the kind replaces all others; not stored */
	struct hit *hits;
	size_t hit_count;
};

struct correction {
	int64_t row;
	int64_t round; /* 1 for the first request */
	const char *id;
	const char *step_id;
	const char **field_ids;
	size_t field_count;
	const char **document_types; /* the types of the documents in document_ids, and further types */
	size_t document_type_count;
	/* The documents that the client must provide anew. If none has a named type, any new document of that type
	 * answers the request. */
	const char **document_ids;
	size_t document_id_count;
	const char *party_id; /* party that the correction is about; "": none */
	const char *message;
	enum correction_state state;
	const char *requested_by;
	int64_t requested_at, answered_at, closed_at;
	const char *imported_by; /* actor that imported the correction; "" if it was requested in this store */
	/* before_json and after_json; "": unknown; else
	 * {"fields":{…},"documents":[{"type","id","file_name","sha256"}],"parties":[id …]} */
	const char *before_json;  /* values at the time of the request */
	const char *after_json;	  /* values in the client's answer; may include the client's "words" */
	const char *accept_basis; /* facts on which the acceptance is based (facts.h) */
	struct standing standing;
	const struct value *before, *after; /* both parsed by case_values_parse(); NULL: not parsed, or unknown */
};

/* A finished attempt; the session itself describes the current attempt. */
#define ATTEMPT_RESULT_WORDS(X)                                                                                        \
	X(ATTEMPT_REJECTED, "rejected")                                                                                \
	X(ATTEMPT_ERROR, "error")                                                                                      \
	X(ATTEMPT_TIMEOUT, "timeout")
WORDS_DECLARE(attempt_result, ATTEMPT_RESULT_WORDS);
struct attempt {
	int64_t number; /* counted from 1 within the session */
	int64_t submitted_at, ended_at;
	enum attempt_result result;
	const char *reason, *message; /* reason and message of the rejection */
	bool retryable;
};

/* Longest grace time: no decision can be undone later. */
#define GRACE_MAX_S 3600

/* The signature of a decision by a reviewer's SSH key (desk/evidence.h). */
struct decision_signature {
	const char *text, *armored;
	const char *key; /* TYPE BASE64 */
};
struct decision {
	int64_t row;
	int64_t number; /* counted from 1 within the session */
	enum decision_kind kind;
	const char *by;
	enum role actor_role;
	int64_t at;
	const char *reason, *message, *note;
	bool retryable;
	bool imported;		 /* made in another system, and imported */
	const char *imported_by; /* actor that imported the decision */
	bool is_first_decision;	 /* first of two approvals, or a supervised reviewer's rejection; status unchanged */
	bool undone;
	int64_t undo_until; /* end of the grace time; TIME_NONE: no grace time */
	/* values of the session before the decision, for undo */
	enum session_status before_status;
	const char *before_level;
	enum final_decision before_decision;
	const char *before_decided_by, *before_reason;
	int64_t before_decided_at;
	bool before_retryable;
	/* session before the decision: only COLUMN_UNDO_RESTORES columns and status_before_expiry; NULL: not stored or
	 * loaded */
	const struct session *session_before;
	/* evidence of the decision: profile version, and the case that the reviewer saw, with its hash */
	int64_t profile_version;
	const char *evidence_json, *evidence_sha256;
	/* rules in force: the profile's text, the reasons (reasons_sha256()), the program; "" if the decision was
	 * imported, or recorded by an older version */
	const char *rules_sha256, *reasons_sha256, *program_version;
	const char *subject_basis;		    /* approval: facts of the subject (facts.h) */
	const struct decision_signature *signature; /* NULL: none, or not loaded */
};

struct note {
	int64_t row;
	const char *text, *by;
	int64_t at;
	const char *imported_by;	 /* actor that imported the note; "" if it was written in this store */
	const char *unanswered_mentions; /* mentioned reviewers without an answer yet, "/ana//bo/" */
	const char *document, *hit;	 /* id of the document or hit that the note is about; "": the case */
	const char *pinned_by;		 /* "": not pinned */
};

struct party_list {
	struct party *items;
	size_t count;
};

/* One session with all its parts. */
struct case_file {
	struct session session;
	struct step *steps;
	size_t step_count;
	struct document *documents;
	size_t document_count;
	struct party *parties;
	size_t party_count;
	struct party_list removed; /* removed parties, oldest first, without shares: only bad news about them counts */
	struct check *checks;
	size_t check_count;
	struct correction *corrections;
	size_t correction_count;
	struct decision *decisions; /* oldest first */
	size_t decision_count;
	struct note *notes;
	size_t note_count;
	struct attempt *attempts; /* finished attempts, oldest first */
	size_t attempt_count;
	bool has_new_bad_news; /* a bad result or hit was reported in this transaction; not stored */
	enum final_decision
		results_decision; /* decision in processing_results_json, parsed with the other values; not stored */
};

/* A row of a list. */
struct session_item {
	int64_t row;
	const char *id, *external_ref, *workflow, *merchant, *subject_name, *country, *assignee, *level, *parent_id;
	const char *custom_tags_json; /* an object */
	const char *short_workflow;   /* the short title of the workflow in force, if the query asks for it; "": none */
	int64_t review_ms;	      /* review time of the workflow in force, if the query asks for it; 0: none */
	int risk_bound; /* from this risk on the workflow in force asks for two people, if the query asks; RISK_NONE: no bound */
	enum session_kind kind;
	enum session_status status;
	int risk_score;
	int64_t parties_total, parties_verified, documents_total, documents_accepted;
	int64_t submitted_at, due_at, updated_at, created_at, version;
	bool returned;
	bool waiting;
	bool unresponsive;
	int64_t snoozed_until;		      /* TIME_NONE: not snoozed */
	int64_t claimed_at, claim_expires_at; /* times of the assignee's claim; only in lists */
	bool has_note;			      /* only in lists of top sessions */
	bool has_alert;			      /* a decided case with an open alert; only in lists of top sessions */
	bool due_paused;		      /* the due time is paused */
	/* The gate's counters (struct case_counts); only in lists of top sessions. */
	bool document_missing, document_rejected, party_open, hit_open;
	/* The gate's first blocker; "" if clean or unknown. Of a decided case "" or ownership_invalid: an approved one in
	 * which two parties are, or may be, the same, and nobody answered. */
	const char *blocker;
	bool clean, sanctions_match;
};

/* Sets all members to empty values ("" and TIME_NONE): a zeroed time would mean 1970. */
void case_file_init(struct case_file *file);
void document_init(struct document *document);
/* Number of sides: 1 or SIDE_COUNT; a single side is SIDE_FRONT. */
size_t document_side_count(const struct document *document);
struct document_side document_side(const struct document *document, size_t side);
/* Sets one side and the upload state of the whole document; a one-sided document has only one upload state. */
void document_set_side(struct document *document, size_t side, const struct document_side *value);
/* Sets the same upload state for the whole document and for each side. */
void document_set_upload_state(struct document *document, enum upload_state upload);
bool document_has_bytes(const struct document *document);     /* whether a side has bytes */
bool document_has_all_sides(const struct document *document); /* whether every side has bytes */
/* Whether one side has bytes, but not the other side. */
bool document_lacks_side(const struct document *document);
/* The document's path in an import line, such as "documents[3]"; if each side has an entry, the front's path. */
const char *document_import_path(const struct document *document);
/* Whether `id` is the document's id or the former id of its back. */
bool document_has_id(const struct document *document, const char *id);
void party_init(struct party *party);
void check_init(struct check *check);
void result_init(struct result *result);
void hit_init(struct hit *hit);
void step_init(struct step *step);
void correction_init(struct correction *correction);
bool correction_is_unsettled(const struct correction *correction); /* open or answered */
/* Whether the correction covers its whole step: it names no field, document or party. */
bool correction_is_of_step(const struct correction *correction);
bool correction_has_type(const struct correction *correction, const char *document_type);
bool correction_has_document(const struct correction *correction, const char *document_id);
void decision_init(struct decision *decision);

/* Whether the last attempt ended without a decision and no new attempt has begun: the session waits for the client. */
bool session_waits_for_retry(const struct case_file *file);

/* Number of natural persons among the parties. Companies do not count for the profile's maximum of parties (source
 * document avenia-kyb-level-1: at most fifty UBOs, each a person). */
size_t case_person_count(const struct case_file *file);

/* The part that the note is about, such as "Proof of address" (without a profile its code) or "the hit Harbor Lane"; "":
 * the whole case. */
struct profile;
const char *note_subject_text(struct arena *arena, const struct case_file *file, const struct profile *profile,
			      const struct note *note);
const struct document *case_document(const struct case_file *file, const char *id);
struct document *case_document_by_row(const struct case_file *file, int64_t row); /* NULL for row 0 */
struct check *case_check(const struct case_file *file, enum check_kind kind);
const struct party *case_party(const struct case_file *file, const char *id);
const struct party *case_party_or_removed(const struct case_file *file, const char *id);
/* The party that the session verifies; NULL: none. */
const struct party *case_party_of_session(const struct case_file *file, int64_t session);
/* The party with this id in any list, such as a case's removed parties; NULL: none. */
struct party *parties_find(struct party *items, size_t count, const char *id);
const struct correction *case_correction(const struct case_file *file, const char *id);
struct step *case_step(const struct case_file *file, const char *id);
const struct hit *case_hit(const struct case_file *file, const char *id, const struct check **check);

#endif
