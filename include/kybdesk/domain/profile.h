/* A workflow profile: the steps, documents, party rules, checks, levels and event names of a session. Read from
 * data/workflows/NAME.json by codec/profile_codec.h; immutable afterwards, shared by threads. The code knows no
 * provider: a new provider is one more JSON file. Everything is in the arena that the codec was called with. */
#ifndef KYBDESK_DOMAIN_PROFILE_H
#define KYBDESK_DOMAIN_PROFILE_H

#include "kybdesk/base/timefmt.h"
#include "kybdesk/domain/field.h"

/* Allowed file formats, detected by content. */
#define FILE_FORMAT_WORDS(X)                                                                                           \
	X(FORMAT_PDF, "pdf")                                                                                           \
	X(FORMAT_XLSX, "xlsx")                                                                                         \
	X(FORMAT_XLS, "xls")                                                                                           \
	X(FORMAT_DOCX, "docx")                                                                                         \
	X(FORMAT_DOC, "doc")                                                                                           \
	X(FORMAT_JPEG, "jpeg")                                                                                         \
	X(FORMAT_PNG, "png")                                                                                           \
	X(FORMAT_HEIC, "heic")
#define FILE_FORMAT_COUNT WORDS_COUNT(FILE_FORMAT_WORDS)
WORDS_DECLARE(file_format, FILE_FORMAT_WORDS);

struct step_spec {
	const char *id, *title, *guidance;
	struct field_spec *fields;
	size_t field_count;
};
/* The values of the case that a document must show. */
#define DOCUMENT_PART_WORDS(X)                                                                                         \
	X(SHOWS_NAME, "name")                                                                                          \
	X(SHOWS_REGISTRATION_NUMBER, "registration_number")                                                            \
	X(SHOWS_TAX_ID, "tax_id")                                                                                      \
	X(SHOWS_BIRTH_DATE, "birth_date")                                                                              \
	X(SHOWS_INCORPORATED_ON, "incorporated_on")                                                                    \
	X(SHOWS_ADDRESS, "address")                                                                                    \
	X(SHOWS_PARTIES, "parties") /* their names */
#define DOCUMENT_PART_COUNT WORDS_COUNT(DOCUMENT_PART_WORDS)
WORDS_DECLARE(document_part, DOCUMENT_PART_WORDS);

struct document_spec {
	const char *type, *category, *title, *guidance, *step_id;
	bool mandatory;
	bool double_sided;	    /* may have a back; other types have one side */
	bool is_provider_requested; /* uploaded on a provider's request (Atelio's document_required), through its own link */
	unsigned formats;	    /* bits of enum file_format */
	int64_t max_bytes;
	unsigned
		expected_parts; /* bits of enum document_part: values that are reported if they are missing in the text */
	int64_t max_age_months; /* the document must contain a date at most this many months old; 0: any age */
};

/* "One of passport, identity card, licence": a case needs a document of one of these types. */
struct document_group {
	/* the group in lists of missing documents: type is the id of the group, title names the choices */
	struct document_spec entry_spec;
	const char *id, *title;
	const char *choices; /* titles of the types, such as "Passport, Identity card or Driving licence" */
	const char **types;
	size_t type_count;
	struct rule_condition *when; /* all conditions must hold; empty: all cases need a document of the group */
	size_t when_count;
};

/* Kinds of events. A profile sets the name of the event for each kind; NULL: not sent. */
#define EVENT_KIND_WORDS(X)                                                                                            \
	X(EVENT_LEVEL_CHANGED, "level_changed")                                                                        \
	X(EVENT_APPROVED, "approved")                                                                                  \
	X(EVENT_REJECTED, "rejected")                                                                                  \
	X(EVENT_EXPIRED, "expired")                                                                                    \
	X(EVENT_STATUS_CHANGED, "status_changed")                                                                      \
	X(EVENT_CORRECTIONS_REQUESTED, "corrections_requested")                                                        \
	X(EVENT_SUBSESSION_STATUS_CHANGED, "subsession_status_changed")                                                \
	X(EVENT_PARTY_KYC_REQUESTED, "party_kyc_requested")                                                            \
	X(EVENT_LINK_EXPIRING, "link_expiring")                                                                        \
	X(EVENT_UNDER_REVIEW, "under_review")                                                                          \
	X(EVENT_DOCUMENT_REQUIRED, "document_required")                                                                \
	X(EVENT_CHECK_ERROR, "check_error")                                                                            \
	X(EVENT_CHECK_TIMEOUT, "check_timeout")                                                                        \
	X(EVENT_DOCUMENT_PROCESSED, "document_processed")                                                              \
	X(EVENT_ATTEMPT_COMPLETED, "attempt_completed")                                                                \
	X(EVENT_WITHDRAWN, "withdrawn") /* a decision or request was undone; the case is in review again */            \
	/* events of sandbox accounts (source document ralio-sandbox) */                                               \
	X(EVENT_ACCOUNT_ACTIVATED, "account_activated")                                                                \
	X(EVENT_PAYIN_PROCESSING, "payin_processing")                                                                  \
	X(EVENT_PAYIN_COMPLETED, "payin_completed")                                                                    \
	X(EVENT_PAYIN_FAILED, "payin_failed")                                                                          \
	X(EVENT_PAYOUT_PROCESSING, "payout_processing")                                                                \
	X(EVENT_PAYOUT_COMPLETED, "payout_completed")                                                                  \
	X(EVENT_TRANSFER_PROCESSING, "transfer_processing")                                                            \
	X(EVENT_TRANSFER_COMPLETED, "transfer_completed")
#define EVENT_KIND_COUNT WORDS_COUNT(EVENT_KIND_WORDS)
WORDS_DECLARE(event_kind, EVENT_KIND_WORDS);

#define VERIFY_BY_WORDS(X)                                                                                             \
	X(VERIFY_NONE, "none")                                                                                         \
	X(VERIFY_SESSION, "session")                                                                                   \
	X(VERIFY_DOCUMENT, "document")
WORDS_DECLARE(verify_by, VERIFY_BY_WORDS);

struct party_rules {
	bool required;		      /* a case without a party gets the blocker party_missing */
	bool control_role_required;   /* at least one party with a control role */
	bool client_declares_parties; /* clients and merchants declare parties; else reviewers, after submission */
	const char *owner_threshold_percent; /* such as "25"; "": none */
	bool threshold_inclusive;	     /* true: a share at the threshold counts; false: only above it */
	enum verify_by individual_verification, company_verification;
	const char *workflow; /* workflow of the subsessions */
	/* event names for parties' sessions; NULL: the name in the workflow of these sessions */
	const char *events[EVENT_KIND_COUNT];
	size_t max_parties;	    /* 0: no limit */
	unsigned roles;		    /* allowed roles, bits of enum party_role */
	const char **control_roles; /* allowed control roles; empty: any text */
	size_t control_role_count;
	/* fields of each party; their values are in parties[].fields or in the sources of `from` */
	struct field_spec *fields;
	unsigned field_kind_bits; /* `fields` apply to these kinds, bits of enum party_kind; 0: all */
	size_t field_count;
};

/* How files are uploaded: in one request (direct), or with a first request for the record and a PUT of the bytes to
 * a link (two_phase, source document avenia-kyb-level-1). A file counts only after its upload is `ready`. */
#define UPLOAD_MODE_WORDS(X) X(UPLOAD_DIRECT, "direct") X(UPLOAD_TWO_PHASE, "two_phase")
WORDS_DECLARE(upload_mode, UPLOAD_MODE_WORDS);

/* Rules for what is possible after a decision or a failed check. */
struct attempt_rules {
	bool resubmit;		/* a rejected, retryable case can be resubmitted: a new attempt of the same session */
	bool retry_checks;	/* the client may rerun checks that ended as error or timeout */
	bool approval_is_final; /* an approved session refuses updates and attempts: 409 with the approval's time */
	const char *level_name; /* such as "kyb-level-1"; NULL: none */
	int64_t max_attempts;	/* maximum attempts per session; 0: no limit */
};

/* Conditions of a foreign subject, and the reason for its manual review in place of a failure (source document
 * atelio-beneficial-owners: "automatically routed to manual review instead of failing immediately"). */
struct foreign_rules {
	struct rule_condition *when; /* conditions, all must hold; empty: a subject is never foreign */
	size_t when_count;
	const char *reason; /* such as "Foreign Beneficial Owner"; NULL: none */
};

/* Conditions that make a required check optional: all must hold; empty: always required. */
struct optional_check {
	struct rule_condition *when;
	size_t when_count;
};
struct check_rules {
	unsigned
		required_kind_bits; /* required kinds, bits of enum check_kind; see rules_required_check_bits() in domain/rules.h */
	/* Kinds that a lead may waive: the profile's list; if the profile has no list, all kinds except watchlist
	 * and ofac. */
	unsigned waivable_kind_bits;
	bool has_waivable_list;
	struct optional_check optional[CHECK_KIND_COUNT];
	int64_t max_age_ms; /* maximum age of a check; 0: no maximum */
};

/* Treatment of a reason that contradicts the case's data (domain/grounds.h): refused, or accepted with a note. */
#define CONTRADICTED_WORDS(X) X(CONTRADICTED_REFUSE, "refuse") X(CONTRADICTED_NOTE, "note")
WORDS_DECLARE(contradicted, CONTRADICTED_WORDS);

/* Evidence that verifies the person of a KYC session. A profile without a list of types or kinds allows all of them. */
struct proof_rules {
	bool limits_documents, limits_checks;
	const char **documents;
	size_t document_count;
	unsigned checks;	 /* bits of enum check_kind */
	bool results_are_enough; /* a provider's results are enough */
};

/* Conditions in addition to the risk score: any of them requires two approvals. */
struct four_eyes_rules {
	const char **countries; /* alpha-3, of the subject or of a party */
	size_t country_count;
	const char **levels; /* levels that the approval sets */
	size_t level_count;
	unsigned hit_class_bits; /* classes of hits, in any state; bits of enum hit_class */
	unsigned kinds;		 /* bits of enum session_kind */
};

#define EVENT_SHAPE_WORDS(X) X(SHAPE_STANDARD, "standard") X(SHAPE_ATELIO, "atelio")
WORDS_DECLARE(event_shape, EVENT_SHAPE_WORDS);

#define PROFILE_SHORT_TITLE_MAX 8 /* characters */

struct profile {
	const char *name, *title, *provider, *source; /* source: name of the provider's specification */
	const char *short_title;		      /* for narrow columns, such as "KYB"; "": the name is used */
	int64_t version;
	enum session_kind kind; /* the first of `kinds` */
	unsigned kinds;		/* bits of enum session_kind: a profile may have both kinds */
	unsigned subject_kinds; /* bits of enum subject_kind */
	struct step_spec *steps;
	size_t step_count;
	struct document_spec *documents;
	size_t document_count;
	struct document_group *groups;
	size_t group_count;
	bool allows_other_documents; /* a session may have documents of types that `documents` does not list */
	unsigned default_format_bits;
	int64_t default_max_bytes;
	enum upload_mode upload;
	bool submit_needs_mandatory, submit_freezes_documents;
	bool refuses_active_files; /* files with programs, or contents from elsewhere, are not taken */
	bool manual_review;	   /* submit leads to the status manual_review; false: to processing */
	bool auto_process;
	int64_t processing_timeout_ms;
	struct party_rules parties;
	struct check_rules checks;
	struct proof_rules evidence;
	const char *level_initial, *level_approved; /* "": the profile has no levels */
	unsigned level_subject_kinds;		    /* levels apply to these subjects, bits of enum subject_kind */
	bool allows_accounts; /* allows accounts: at level_approved for subjects with levels, after approval for others */
	struct attempt_rules attempts;
	struct foreign_rules foreign;
	int64_t review_ms;		/* review time, for the due time */
	int64_t alert_ms;		/* time to judge an alert, for the due time of its case */
	int64_t link_life_ms;		/* validity of an access link */
	int64_t link_reminder_ms;	/* time between reminders to an idle client; 0: no reminders */
	int64_t link_reminders_max;	/* after the last reminder the case is unresponsive */
	int64_t retention_ms;		/* how long a case is kept after the end of the relationship or case */
	int64_t retention_sanctions_ms; /* as retention_ms, for cases with a confirmed sanctions match */
	int four_eyes_from_risk;	/* RISK_NONE: never */
	struct four_eyes_rules four_eyes;
	const char **session_reasons; /* codes of data/reasons/session.json that the profile allows; empty: all */
	size_t session_reason_count;
	const char **document_reasons;
	size_t document_reason_count;
	enum contradicted contradicted_reason_policy; /* treatment of a contradicted reason of a rejection */
	enum contradicted contradicted_hit_policy;    /* treatment of a contradicted reason of a false positive */
	const char *events[EVENT_KIND_COUNT];	      /* names of the events; NULL: the event is not sent */
	enum event_shape event_shape;
	const char *custom_tags_json;
	const char *sha256; /* SHA-256 of the profile's text, in hexadecimal; "": none */
};

const struct document_spec *profile_document(const struct profile *profile, const char *type);
const struct step_spec *profile_step(const struct profile *profile, const char *id);
/* Titles for sentences; the type or the id if the title is missing or `profile` is NULL. */
const char *profile_document_title(const struct profile *profile, const char *type);
const char *profile_step_title(const struct profile *profile, const char *id);
/* Whether the profile serves this kind of session. */
bool profile_has_kind(const struct profile *profile, enum session_kind kind);
/* Levels of this kind of subject; "": none. */
const char *profile_initial_level(const struct profile *profile, enum subject_kind kind);
const char *profile_approved_level(const struct profile *profile, enum subject_kind kind);
/* How a party must be verified under this profile. */
enum verify_by profile_party_verification(const struct profile *profile, enum party_kind kind);

#endif
