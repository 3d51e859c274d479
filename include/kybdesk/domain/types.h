/*
 * The words of the domain as enums, each with its one text form (seed kyc-workflows-sessions). For every enum X there
 * is
 *   const char *X_text(enum X);            its word at every front end, never NULL
 *   bool X_parse(const char *, enum X *);  exact, lower-case words
 *   X_words(size_t *count)                 all words, for "did you mean"
 * made from one table per enum in src/domain/types.c.
 */
#ifndef KYBDESK_DOMAIN_TYPES_H
#define KYBDESK_DOMAIN_TYPES_H

#include "kybdesk/base/error.h"

enum session_status {
	SESSION_DRAFT,
	SESSION_ACTIVE,
	SESSION_COMPLETED,
	SESSION_PROCESSING,
	SESSION_PROCESSED,
	SESSION_EXPIRED,
	SESSION_APPROVED,
	SESSION_REJECTED,
	SESSION_MANUAL_REVIEW,
	SESSION_AWAITING_CLIENT_CORRECTION
};
#define SESSION_STATUS_COUNT 10

/* compliance_status: the inbox of a session, in the order of the screen. */
enum inbox {
	INBOX_MANUAL_REVIEW,
	INBOX_COMPLETED,
	INBOX_PENDING,
	INBOX_REMEDIATION,
	INBOX_INCOMPLETE,
	INBOX_APPROVED,
	INBOX_REJECTED
};
#define INBOX_COUNT 7

enum session_kind { KIND_KYB, KIND_KYC };		    /* "kyb" "kyc" */
enum subject_kind { SUBJECT_BUSINESS, SUBJECT_INDIVIDUAL }; /* "business" "individual" */
enum step_status { STEP_PENDING, STEP_IN_PROGRESS, STEP_COMPLETED, STEP_SKIPPED, STEP_NEEDS_CORRECTION };
enum upload_state { UPLOAD_REQUIRED, UPLOAD_WAITING, UPLOAD_PROCESSING, UPLOAD_READY, UPLOAD_REJECTED };
enum side { SIDE_FRONT, SIDE_BACK }; /* "front" "back" */
#define SIDE_COUNT 2
enum review_state { REVIEW_UNREVIEWED, REVIEW_ACCEPTED, REVIEW_REJECTED };
enum party_kind { PARTY_INDIVIDUAL, PARTY_COMPANY }; /* "individual" "company" */
enum party_role {				     /* a set: bit 1u << role */
		  ROLE_UBO,
		  ROLE_DIRECTOR,
		  ROLE_SHAREHOLDER,
		  ROLE_AUTHORISED_SIGNATORY,
		  ROLE_REPRESENTATIVE,
		  ROLE_SUBMERCHANT
};
#define PARTY_ROLE_COUNT 6
enum check_kind {
	CHECK_WATCHLIST,
	CHECK_CRYPTO,
	CHECK_ADVERSE_MEDIA,
	CHECK_FACE_MATCH,
	CHECK_CROSS_VALIDATION,
	CHECK_EXTRACTION,
	CHECK_WEB,
	CHECK_OFAC,
	CHECK_BUREAU,
	CHECK_EMAIL,
	CHECK_IP,
	CHECK_MOBILE,
	CHECK_REGISTER /* register data of a business (domain/register.h) */
};
#define CHECK_KIND_COUNT 13
enum check_status {
	CHECK_PENDING,
	CHECK_PASSED,
	CHECK_HIT,
	CHECK_FAILED,
	CHECK_ERROR,
	CHECK_TIMEOUT,
	CHECK_WAIVED
};
enum hit_state { HIT_OPEN, HIT_TRUE_MATCH, HIT_FALSE_POSITIVE, HIT_ACCEPTED };
enum hit_class { HIT_SANCTIONS, HIT_PEP, HIT_ADVERSE_MEDIA };
enum correction_state { CORRECTION_OPEN, CORRECTION_ANSWERED, CORRECTION_ACCEPTED, CORRECTION_WITHDRAWN };
enum decision_kind { DECISION_APPROVE, DECISION_REJECT, DECISION_CORRECTIONS, DECISION_REOPEN, DECISION_UNDO };
enum final_decision {
	FINAL_NONE,
	FINAL_APPROVED,
	FINAL_REJECTED,
	FINAL_FLAGGED,
	FINAL_MANUAL_REVIEW
}; /* NONE is "" */
enum role {
	ROLE_VIEWER,
	ROLE_REVIEWER,
	ROLE_LEAD,
	ROLE_ADMIN,
	ROLE_SYSTEM,
	ROLE_CLIENT,
	ROLE_SANDBOX,
	ROLE_INTAKE
};
#define ROLE_COUNT 8
/* State of a delivery, as in webhook list. HELD, DUE and WAITING are derived from one stored state and the clock
 * (docs/webhooks.md). */
enum delivery_state {
	DELIVERY_HELD,
	DELIVERY_DUE,
	DELIVERY_LEASED,
	DELIVERY_DELIVERED,
	DELIVERY_WAITING,
	DELIVERY_DEAD,
	DELIVERY_CANCELLED,
	DELIVERY_UNSENT
};
#define DELIVERY_STATE_COUNT 8
enum sort_key { SORT_DUE, SORT_UPDATED, SORT_RISK, SORT_NAME };
enum disclosure { DISCLOSURE_OPEN, DISCLOSURE_RESTRICTED };

#define TYPES_DECLARE(X)                                                                                           \
	const char *X##_text(enum X value);                                                                        \
	bool X##_parse(const char *text, enum X *out);                                                             \
	const char *const *X##_words(size_t *count)

TYPES_DECLARE(session_status);
TYPES_DECLARE(inbox);
TYPES_DECLARE(session_kind);
TYPES_DECLARE(subject_kind);
TYPES_DECLARE(step_status);
TYPES_DECLARE(upload_state);
TYPES_DECLARE(side);
TYPES_DECLARE(review_state);
TYPES_DECLARE(party_kind);
TYPES_DECLARE(party_role);
TYPES_DECLARE(check_kind);
TYPES_DECLARE(check_status);
TYPES_DECLARE(hit_state);
TYPES_DECLARE(hit_class);
TYPES_DECLARE(correction_state);
TYPES_DECLARE(decision_kind);
TYPES_DECLARE(final_decision);
TYPES_DECLARE(role);
TYPES_DECLARE(delivery_state);
TYPES_DECLARE(sort_key);
TYPES_DECLARE(disclosure);

/* The seed's table "Canonical Compliance Statuses"; the same as the store's generated column. */
enum inbox session_status_inbox(enum session_status status);
/* Words for a person: "in review", "waiting for the client". */
const char *session_status_title(enum session_status status);
/* viewer < reviewer < lead < admin; false for system roles. intake is outside the order: it reads as a viewer
 * does, submits, and never reviews or decides. */
bool role_at_least(enum role role, enum role needed);
/* Whether an admin can assign the role to a person. */
bool role_is_a_persons(enum role role);
/* Whether the role may import, and submit data and results: intake, and all reviewing roles. */
bool role_hands_in(enum role role);
/* "A viewer", "Somebody of the intake": start of a sentence. */
const char *role_person(enum role role);
/* The words of people's roles, for front ends. */
const char *const *role_person_words(size_t *count);

#endif
