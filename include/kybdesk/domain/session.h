/*
 * The session and everything that belongs to it, as plain data. Filled by the
 * store (from rows) and the codec (from JSON); read by the gate, the screens
 * and the commands. domain.md "Session document" is the one JSON shape of it.
 *
 * Ownership: every pointer lives in the arena that the filling function got.
 * Strings are never NULL; "" means absent. Times are Unix ms, TIME_NONE absent.
 * Members ending in _json hold JSON text, validated, kept as given ("{}"/"[]"/"null" when empty).
 * row ids are the store's integer keys: 0 when not stored yet; never shown outside.
 */
#ifndef KYBDESK_DOMAIN_SESSION_H
#define KYBDESK_DOMAIN_SESSION_H

#include "kybdesk/base/timefmt.h"
#include "kybdesk/base/uuid.h"
#include "kybdesk/domain/types.h"

#define RISK_NONE (-1)

struct value; /* domain/value.h */

/*
 * Whether a judgement still rests on what it was given for (domain/facts.h). Not kept: judgements_mark() finds it out,
 * and until then nothing stands. `changed` says what changed, from what to what; "" while it stands, or where nothing
 * was judged.
 */
struct standing {
	bool valid;
	const char *changed;
};

struct subject {
	int64_t row;
	const char *uid; /* the merchant's name for its user; made when not given */
	enum subject_kind kind;
	const char *name;
	const char *country; /* alpha-3 or "" */
	const char *level;   /* of the merchant's user, not of the session: "LIGHT" */
	const char *registration_number;
	const char *tax_id;
	const char *date_of_birth; /* individuals, YYYY-MM-DD */
	const char *incorporated_on;
	const char *website;
	const char *email;
	const char *phone;
	const char *address_json;    /* object */
	const struct value *address; /* the same, parsed by case_values_parse(); NULL: not parsed */
	int64_t kyb_id;		     /* integer per business user; 0 when none */
};

/* The text of a member by its name in a profile's "from" after "subject."; of a parsed address also "address.city". "" none. */
const char *subject_member(const struct subject *subject, const char *name);

struct session {
	int64_t row;
	const char *id; /* UUID */
	const char *external_ref;
	const char *workflow;
	int64_t workflow_row; /* the stored profile version it was created with; 0 unknown */
	enum session_kind kind;
	const char *merchant;
	int64_t merchant_row;
	enum session_status status;
	struct subject subject;
	const char *custom_tags_json; /* snapshot of the workflow's tags */
	const char *metadata_json;    /* what its merchant keeps with it, for itself */
	int risk_score;		      /* RISK_NONE or 0..100 */
	const char *risk_factors_json;
	const char *processing_results_json;
	const char *results_by, *results_as; /* who brought them, in which capacity; "" unknown */
	enum final_decision final_decision;
	const char *decided_by;
	int64_t decided_at;
	const char *decision_reason;
	bool retryable;			  /* of the last rejection */
	enum session_status expired_from; /* meaningful while status is SESSION_EXPIRED */
	const char *parent_id;		  /* "" for a top session */
	int64_t parent_row;
	const char *assignee; /* who holds it now; "" when nobody */
	int64_t claimed_at;
	int64_t claim_expires_at; /* TIME_NONE: an assignment that does not end by itself */
	bool returned;		  /* the client handed corrected work in */
	int64_t created_at, submitted_at, updated_at, expires_at;
	int64_t due_at;	       /* TIME_NONE before it was submitted */
	int64_t due_paused_at; /* not TIME_NONE while the client is asked or the case waits */
	int64_t version;       /* grows with every change */
	bool hidden;	       /* from its merchant, who asked for that */
	bool decided_here;     /* a decision was made at this desk: imports may not change it */
	/* What a lead recorded about undeclared ownership: code "" none, and up to which share it holds. */
	const char *gap_reason; /* "listed" "state_owned" "regulated" "dispersed" "other" */
	const char *gap_text, *gap_by, *gap_percent;
	int64_t gap_at;
	const char *gap_basis; /* what the record rests on (facts.h); "" cannot be shown */
	struct standing gap_standing;
	const char *arrived_basis; /* of a session that arrived approved: who its subject then was */
	/* Out of the queue until then, by whom and why; TIME_NONE: not snoozed. */
	int64_t snoozed_until;
	const char *snooze_reason, *snoozed_by;
	/* How often an idle client was reminded, and whether that was the last time. */
	int64_t remind_at; /* the next one; TIME_NONE none */
	int64_t reminders, reminded_at;
	bool unresponsive;
	int64_t attempt;	      /* number of the present one, from 1 */
	int64_t processing_since;     /* TIME_NONE: never processed here */
	int64_t process_at;	      /* when the system looks at it next; TIME_NONE: not */
	int64_t parties_completed_at; /* when the last party that must be verified was; TIME_NONE while one is open */
};

struct step {
	int64_t row;
	const char *id; /* "company_info" */
	enum step_status status;
	const char *fields_json;    /* object, free keys */
	const struct value *values; /* the same, parsed by case_values_parse(); NULL: not parsed */
};

/* One side's bytes. */
struct document_side {
	const char *file_name;
	const char *file;	/* import only: path relative to the imported file */
	const char *where;	/* import only: the entry that says it, "documents[3]"; "" nothing does */
	const char *media_type; /* found by content, not by name */
	int64_t size_bytes;
	const char *sha256; /* hex of the bytes, "" without bytes */
	enum upload_state upload;
};

/* A document: one id, one review, one last day, and one side or two of bytes (seed avenia-kyb-level-1, step 2a). */
struct document {
	int64_t row;
	const char *id; /* UUID; "" for a mandatory type that is missing */
	const char *category;
	const char *type;
	const char *step_id;
	/* Front and back: said when it is recorded, or by the first file that says its side. */
	bool double_sided;
	/* The front, or the only side: document_side() gives either. */
	const char *file_name;
	const char *file;
	const char *where;
	const char *media_type;
	int64_t size_bytes;
	const char *sha256;
	enum upload_state front_upload; /* of a document with two sides */
	struct document_side back;
	const char *back_id;	  /* the id that the back once had of its own; "" none */
	enum upload_state upload; /* of the whole: ready once every side is */
	enum review_state review;
	const char *review_reason, *reviewed_by;
	int64_t reviewed_at, uploaded_at;
	int64_t expires_on; /* of the document itself; TIME_NONE unknown */
	const char *extracted_json;
	int64_t replaces_row;	      /* the earlier file it took the place of */
	bool replaced;		      /* a later file took its place: kept, shown, counts for nothing */
	const char *source;	      /* whose import brought the review; "" it was made here */
	const char *imported_verdict; /* the review that it brought where that does not count as one */
	const char *basis;	      /* what its acceptance rests on (facts.h) */
	struct standing standing;
};

struct party_share {		 /* what a party owns */
	const char *of_party_id; /* "" means the subject itself */
	int64_t of_party_row;
	const char *percent; /* decimal string as given */
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
	/* the subsession that verifies it */
	int64_t session_row; /* 0 when none */
	const char *session_id;
	const char *session_workflow;
	enum session_status session_status;
	int64_t session_valid_until; /* the last day of its accepted documents; TIME_NONE: none expires */
	bool kyc_expired;	     /* by gate_mark_expired(): that day is over */
	bool session_hit_open;	     /* it has a hit that nobody resolved */
	bool session_unresponsive;   /* its client did not react to any reminder */
	bool session_shared;	     /* the session of another case of this merchant: the person was copied */
	/* whom that session is about now, and what its approval rests on */
	const char *session_name, *session_country, *session_born, *session_registration, *session_tax;
	const char *session_basis;
	int64_t session_approval;  /* number of the approving decision; 0: it arrived approved, or none stands */
	bool session_was_rejected; /* ever, by a decision that nobody undid */
	const char *kyc_basis;	   /* what somebody confirmed of it here */
	struct standing kyc_standing;
	const char *verified_elsewhere_by, *verified_elsewhere_reason; /* "" unless a lead marked it */
	const char *source; /* whose import brought that it is verified elsewhere; "" it was marked here */
	const char *verified_elsewhere_basis;
	struct standing elsewhere_standing;
	/* a removed party is kept and counts for nothing; only store_parties_removed() gives it */
	int64_t removed_at; /* TIME_NONE: it is there */
	const char *removed_by, *removed_reason;
	/* derived, by ownership_compute() */
	const char *effective_percent; /* "" when it can't be computed */
	bool beneficial_owner;
	bool undeclared_owner; /* owns enough to be a beneficial owner, and was not declared as one */
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
	const char *source;		  /* whose import brought the verdict; "" it was given here */
	const char *imported_verdict;	  /* the verdict that it brought where that does not count as one */
	const char *basis, *accept_basis; /* what verdict and acceptance rest on (facts.h) */
	const struct value *detail;	  /* detail_json, parsed by case_values_parse(); NULL: not parsed */
	struct standing standing, accept_standing;
};

struct check {
	int64_t row;
	enum check_kind kind;
	enum check_status status;
	double score; /* negative when absent */
	const char *detail_json;
	int64_t checked_at;
	const char *waived_by, *waive_reason;
	const char *reported_by, *reported_as; /* who brought the result, in which capacity; "" unknown */
	/* Whom it looked at, as then known: party (its id; without: the subject), name, country, date_of_birth,
	 * registration_number, tax_id, and what else its reporter said; "{}" nobody knows. */
	const char *about_json;
	const char *source;	      /* whose import brought the waiver; "" it was given here */
	const char *imported_verdict; /* "waived" where the waiver it brought does not count as one */
	const char *waive_basis;      /* what the waiver rests on (facts.h) */
	struct standing waive_standing;
	enum check_status reported; /* of a waived one: the result beneath the waiver, the latest that came */
	const struct value *about;  /* about_json, parsed by case_values_parse(); NULL: not parsed, or unknown */
	struct standing about_standing;
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
	const char **document_types;
	size_t document_type_count;
	const char *message;
	enum correction_state state;
	const char *asked_by;
	int64_t asked_at, answered_at, closed_at;
	const char *source; /* whose import brought it; "" it was asked for here */
	/* {"fields":{…},"documents":[{"type","id","file_name","sha256"}],"parties":[id …]}; "" unknown */
	const char *before_json;  /* as it was when it was asked about */
	const char *after_json;	  /* as it came back; with the client's "words" where nothing else did */
	const char *accept_basis; /* what its acceptance rests on (facts.h) */
	struct standing standing;
	const struct value *before, *after; /* both parsed by case_values_parse(); NULL: not parsed, or unknown */
};

/* One attempt that is over; the present one is the session itself. */
enum attempt_result { ATTEMPT_REJECTED, ATTEMPT_ERROR, ATTEMPT_TIMEOUT }; /* "rejected" "error" "timeout" */
TYPES_DECLARE(attempt_result);
struct attempt {
	int64_t number; /* 1.. within the session */
	int64_t submitted_at, ended_at;
	enum attempt_result result;
	const char *reason, *message; /* of the rejection, as decided */
	bool retryable;
};

/* The longest grace time: no decision can be taken back later. */
#define GRACE_MAX_S 3600

struct decision {
	int64_t row;
	int64_t number; /* 1.. within the session */
	enum decision_kind kind;
	const char *by;
	enum role by_role;
	int64_t at;
	const char *reason, *message, *note;
	bool retryable;
	bool imported;	     /* shown as imported */
	const char *source;  /* whose import brought it */
	bool first_approval; /* of four eyes; recorded, changed nothing */
	bool undone;
	int64_t held_until; /* end of the grace time; TIME_NONE when there is none */
	/* what stood before, for undo */
	enum session_status before_status;
	const char *before_level;
	enum final_decision before_final;
	const char *before_decided_by, *before_reason;
	int64_t before_decided_at;
	bool before_retryable;
	/* its COLUMN_UNDONE columns and expired_from alone; NULL of a decision that kept none, or was not loaded whole */
	const struct session *before;
	/* the evidence as it was seen (domain.md, the approval gate) */
	int64_t profile_version;
	const char *evidence_json, *evidence_sha256;
	/* what it was made by: the profile's text, the reasons (reasons_sha256()), the program; "" when imported or older */
	const char *rules_sha256, *reasons_sha256, *program;
	const char *subject_basis; /* of an approval: who the subject was (facts.h) */
};

struct note {
	int64_t row;
	const char *text, *by;
	int64_t at;
	const char *source; /* whose import brought it; "" it was written here */
};

/* Who submitted something for a case (trust.md "Separation of duties"). */
struct intake {
	const char *actor; /* a person, or an API key's merchant */
	const char *what;  /* the word of the audit log: session.import, check.report */
	int64_t at;	   /* the last time */
};

/* One session with all that belongs to it. */
struct case_file {
	struct session session;
	struct step *steps;
	size_t step_count;
	struct document *documents;
	size_t document_count;
	struct party *parties;
	size_t party_count;
	struct check *checks;
	size_t check_count;
	struct correction *corrections;
	size_t correction_count;
	struct decision *decisions; /* oldest first */
	size_t decision_count;
	struct note *notes;
	size_t note_count;
	struct attempt *attempts; /* those that are over, oldest first */
	size_t attempt_count;
	enum final_decision results_say; /* processing_results_json, parsed as the other values are; not stored */
};

/* A row of a list: cli.md "A list item". */
struct session_item {
	int64_t row;
	const char *id, *external_ref, *workflow, *merchant, *subject_name, *country, *assignee, *level, *parent_id;
	enum session_kind kind;
	enum session_status status;
	int risk_score;
	int64_t parties_total, parties_verified, documents_total, documents_accepted;
	int64_t submitted_at, due_at, updated_at, created_at, version;
	bool returned;
	bool waiting;
	bool unresponsive;
	int64_t snoozed_until; /* TIME_NONE: not snoozed */
	bool noted;	       /* somebody wrote a note; known in lists, not of subsessions */
	bool due_paused;       /* the time to decide stands still */
	/* What the gate counts (struct case_counts); known in lists, not of subsessions. */
	bool document_missing, document_rejected, party_open, hit_open;
	const char *
		blocker; /* code of the gate's first; "" of a clean case, of a decided one, and where it is not known */
	bool clean, sanctions_match;
};

/* Empty values ("" and TIME_NONE) everywhere, so that a zeroed case can't be read as 1970. */
void case_file_init(struct case_file *file);
void document_init(struct document *document);
/* SIDE_COUNT, or 1: that one is SIDE_FRONT. */
size_t document_side_count(const struct document *document);
struct document_side document_side(const struct document *document, size_t side);
/* Sets that side, and the upload of the whole; of a document with one side the two are the same. */
void document_set_side(struct document *document, size_t side, const struct document_side *value);
/* Of the whole and of each side: asked for again, and there again. */
void document_set_upload(struct document *document, enum upload_state upload);
bool document_has_bytes(const struct document *document); /* of some side */
bool document_is_whole(const struct document *document);  /* of every side */
/* Some side has come, and another has not. */
bool document_is_half(const struct document *document);
/* Where a line says it: "documents[3]", the first of its entries. */
const char *document_where(const struct document *document);
/* Its id, or the one that its back once had. */
bool document_is_named(const struct document *document, const char *id);
void party_init(struct party *party);
void check_init(struct check *check);
void hit_init(struct hit *hit);
void step_init(struct step *step);
void correction_init(struct correction *correction);
void decision_init(struct decision *decision);

/* The last attempt came to no end, and no other has begun: the session waits for the client to try again. */
bool session_rests_after_attempt(const struct case_file *file);

/* The natural persons among the parties. The seed of avenia knows only them (each of its UBOs is one, and there may
 * be fifty): a company between is none. */
size_t case_person_count(const struct case_file *file);

const struct document *case_document(const struct case_file *file, const char *id);
const struct party *case_party(const struct case_file *file, const char *id);
const struct hit *case_hit(const struct case_file *file, const char *id, const struct check **check);

#endif
