/*
 * A merchant's user as a row of its own: a business or an individual, before and beside its sessions (domain.md
 * "Subjects"). A session keeps its own description of it, as that session saw it (domain/session.h, struct subject).
 */
#ifndef KYBDESK_DOMAIN_SUBJECT_H
#define KYBDESK_DOMAIN_SUBJECT_H

#include "kybdesk/domain/country.h"
#include "kybdesk/domain/session.h"

struct subject_record {
	struct subject subject; /* its address is not parsed */
	const char *merchant;
	int64_t merchant_row;
	int64_t business_row;			    /* whose beneficial owner it is; 0 none */
	const char *business_uid;		    /* "" none */
	int64_t input_bytes;			    /* of a person's name that are given names; 0: nobody said */
	const char *level_imported;		    /* came with it, granted by no approval here */
	bool declared;				    /* opened by a verb of its own */
	int64_t created_at, updated_at, deleted_at; /* deleted_at TIME_NONE: it is there */
};

/* As a front end brings it. NULL: not said; of an edit: as it is. "" of an edit: not any more. */
struct subject_input {
	const char *merchant, *uid; /* fixed once it is there; a uid that is not said is made */
	enum subject_kind kind;	    /* fixed, too */
	const char *name;
	int64_t input_bytes; /* of the name, where it came in two parts */
	const char *country; /* any form that domain/country.h reads */
	const char *registration_number, *tax_id;
	const char *date_of_birth; /* of a person, YYYY-MM-DD */
	const char *incorporated_on;
	const char *website, *email, *phone;
	const char *address_json; /* an object; its syntax is the caller's to check */
	const char *business;	  /* uid of the business, of the same merchant, that this person owns */
};
/* What is wrong with it, in the order of a form: *field and *message (arena), both as in party_input.h; NULL: nothing.
 * today: YYYY-MM-DD; is_new: everything that must be there has to be said. Pure. */
const char *subject_input_fault(struct arena *arena, const struct countries *countries, const char *today,
				const struct subject_input *input, bool is_new, const char **field);
/* Takes over what it says. The texts are copied. The uid, merchant and business are the caller's. */
void subject_input_apply(struct arena *arena, const struct countries *countries, const struct subject_input *input,
			 struct subject *subject);

/* What needs a lead's eyes; said as "restricted_rejection" "approval_in_doubt". */
enum alert_kind {
	ALERT_RESTRICTED_REJECTION, /* rejected for what nobody outside may learn, while the user keeps a level */
	ALERT_APPROVAL_IN_DOUBT	    /* approved on something that is so no longer: a party's KYC, a new hit */
};
TYPES_DECLARE(alert_kind);
#define ALERTS_MAX 16 /* more than one session can have open */
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
