/*
 * A workflow profile: which steps, documents, party rules, checks, levels and
 * event names apply to a session (domain.md, "The five profiles"). Read from
 * data/workflows/NAME.json by codec/profile.h; immutable afterwards, shared by
 * threads. The code knows no provider: a sixth one is one more JSON file.
 * Ownership: everything lives in the arena it was read into.
 */
#ifndef KYBDESK_DOMAIN_PROFILE_H
#define KYBDESK_DOMAIN_PROFILE_H

#include "kybdesk/base/timefmt.h"
#include "kybdesk/domain/types.h"

/* File formats a document type may have; recognised by content. */
enum file_format {
	FORMAT_PDF,
	FORMAT_XLSX,
	FORMAT_XLS,
	FORMAT_DOCX,
	FORMAT_DOC,
	FORMAT_JPEG,
	FORMAT_PNG,
	FORMAT_HEIC
};
#define FILE_FORMAT_COUNT 8
TYPES_DECLARE(file_format); /* "pdf" … "jpeg" */

/* One rule on one field. The rules engine comes with the field-rules issue; the
 * data is read, kept and shown from the start. */
struct field_rule {
	const char *name; /* "required", "max_length", "pattern", "one_of", "country", "date", "min_age", … */
	const char *argument_json;
	const char *when_json; /* condition, "null" when always */
	const char *message;   /* the seed's own sentence, or "" */
	const char *seed;      /* where the rule comes from */
};
struct field_spec {
	const char *id, *title, *guidance;
	struct field_rule *rules;
	size_t rule_count;
};
struct step_spec {
	const char *id, *title, *guidance;
	struct field_spec *fields;
	size_t field_count;
};
struct document_spec {
	const char *type, *category, *title, *guidance, *step_id;
	bool mandatory;
	bool double_sided; /* may have a back */
	unsigned formats;  /* bits of enum file_format */
	int64_t max_bytes;
};

enum verify_by { VERIFY_NONE, VERIFY_SESSION, VERIFY_DOCUMENT }; /* "none" "session" "document" */
TYPES_DECLARE(verify_by);

struct party_rules {
	bool required;			     /* party_missing when there are none */
	bool control_role_required;	     /* at least one */
	const char *owner_threshold_percent; /* "25"; "" none */
	bool threshold_inclusive;	     /* true: >=, false: > */
	enum verify_by individuals, companies;
	const char *workflow;	    /* of the subsessions */
	size_t max;		    /* 0: no limit */
	unsigned roles;		    /* allowed, bits of enum party_role */
	const char **control_roles; /* allowed; empty: any text */
	size_t control_role_count;
};

struct check_rules {
	unsigned required;  /* bits of enum check_kind that must be there */
	unsigned waivable;  /* that a lead may waive; watchlist and ofac only when the profile names them */
	int64_t max_age_ms; /* 0: never stale */
};

/* What happened → the event's name; NULL: this profile sends nothing. */
enum event_kind {
	EVENT_LEVEL_CHANGED,
	EVENT_APPROVED,
	EVENT_REJECTED,
	EVENT_EXPIRED,
	EVENT_STATUS_CHANGED,
	EVENT_CORRECTIONS_REQUESTED,
	EVENT_SUBSESSION_STATUS_CHANGED,
	EVENT_PARTY_KYC_REQUESTED,
	EVENT_LINK_EXPIRING,
	EVENT_UNDER_REVIEW,
	EVENT_DOCUMENT_REQUIRED,
	EVENT_CHECK_ERROR,
	EVENT_CHECK_TIMEOUT,
	EVENT_DOCUMENT_PROCESSED,
	EVENT_ATTEMPT_COMPLETED
};
#define EVENT_KIND_COUNT 15
TYPES_DECLARE(event_kind); /* keys of "events" in the profile */
enum event_shape { SHAPE_STANDARD, SHAPE_ATELIO };
TYPES_DECLARE(event_shape);

struct profile {
	const char *name, *title, *provider, *source; /* source: the seed */
	int64_t version;
	enum session_kind kind;
	unsigned subject_kinds; /* bits of enum subject_kind */
	struct step_spec *steps;
	size_t step_count;
	struct document_spec *documents;
	size_t document_count;
	bool other_documents; /* a session may bring types the profile does not list */
	unsigned default_formats;
	int64_t default_max_bytes;
	bool submit_needs_mandatory, submit_freezes_documents;
	bool manual_review; /* submit goes to manual_review, else processing */
	bool auto_process;
	int64_t processing_timeout_ms;
	struct party_rules parties;
	struct check_rules checks;
	const char *level_initial, *level_approved; /* "" when the profile has no levels */
	int64_t review_ms;			    /* time to decide, for due */
	int64_t link_ms;			    /* life of an access link */
	int64_t retention_ms;
	int four_eyes_from_risk;      /* RISK_NONE: never */
	const char **session_reasons; /* narrows data/reasons/session.json; empty: all */
	size_t session_reason_count;
	const char **document_reasons;
	size_t document_reason_count;
	const char *events[EVENT_KIND_COUNT]; /* NULL: not sent */
	enum event_shape event_shape;
	const char *custom_tags_json;
};

const struct document_spec *profile_document(const struct profile *profile, const char *type);
const struct step_spec *profile_step(const struct profile *profile, const char *id);
/* How a party must be verified under this profile. */
enum verify_by profile_party_verification(const struct profile *profile, enum party_kind kind);

#endif
