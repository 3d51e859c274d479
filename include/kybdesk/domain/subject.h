/* A merchant's user as a separate row: a business or an individual, independent of its sessions. A session keeps
 * its own copy of the description (domain/session.h, struct subject). */
#ifndef KYBDESK_DOMAIN_SUBJECT_H
#define KYBDESK_DOMAIN_SUBJECT_H

#include "kybdesk/domain/country.h"
#include "kybdesk/domain/session.h"

struct subject_record {
	struct subject subject; /* subject.address is not parsed */
	const char *merchant;
	int64_t merchant_row;
	int64_t business_row;	  /* the business that this person owns; 0: none */
	const char *business_uid; /* "": none */
	/* length in bytes of the first names within a person's name; 0: unknown */
	int64_t first_names_bytes;
	/* level from an import, without an approval in this store; "": none */
	const char *imported_level;
	bool is_set_separately; /* created, changed or deleted by a separate request, not only described by sessions */
	int64_t created_at, updated_at, deleted_at; /* deleted_at TIME_NONE: not deleted */
};

/* One session of a subject. */
struct subject_session {
	int64_t row;
	const char *id, *external_ref, *workflow, *parent_id;
	enum session_status status;
	int64_t created_at, decided_at;
};

/* Input from a front end. NULL: not set; in an edit: unchanged. "" in an edit: removed. */
struct subject_input {
	const char *merchant, *uid; /* fixed after creation; a missing uid is generated */
	enum subject_kind kind;	    /* fixed after creation */
	const char *name;
	/* length in bytes of the first names within `name`, if the front end got them separately */
	int64_t first_names_bytes;
	const char *country; /* any form accepted by domain/country.h */
	const char *registration_number, *tax_id;
	const char *date_of_birth; /* of a person, YYYY-MM-DD */
	const char *incorporated_on;
	const char *website, *email, *phone;
	const char *address_json; /* a JSON object; the caller checks its syntax */
	const char *business;	  /* uid of the business that this person owns; both have the same merchant */
};
/* The first fault of the input, in the order of the form: returns the message (in the arena), and sets *field; both
 * as in party_input.h. NULL: no fault. today: YYYY-MM-DD; is_new: all required members must be set. Pure. */
const char *subject_input_fault(struct arena *arena, const struct countries *countries, const char *today,
				const struct subject_input *input, bool is_new, const char **field);
/* Applies the input; copies its texts. The caller sets uid, merchant and business. */
void subject_input_apply(struct arena *arena, const struct countries *countries, const struct subject_input *input,
			 struct subject *subject);

/* Alerts for a lead: "restricted_rejection" "approval_in_doubt". */
#define ALERT_KIND_WORDS(X)                                                                                            \
	X(ALERT_RESTRICTED_REJECTION,                                                                                  \
	  "restricted_rejection") /* rejected for a restricted reason, while the user keeps a level */                 \
	X(ALERT_APPROVAL_IN_DOUBT,                                                                                     \
	  "approval_in_doubt") /* an approved case has a new hit, or a party that is not verified any more */
WORDS_DECLARE(alert_kind, ALERT_KIND_WORDS);
#define ALERTS_MAX 16 /* open alerts per session */
struct alert {
	int64_t row;
	enum alert_kind kind;
	int64_t session_row;
	const char *session_id, *external_ref, *merchant, *uid, *name;
	int64_t raised_at, closed_at; /* closed_at TIME_NONE: open */
	const char *closed_by, *reason;
};
const char *alert_sentence(enum alert_kind kind);

#endif
