/* The enums of the domain (base/words.h). A value has the same text in every front end (source document
 * kyc-workflows-sessions). */
#ifndef KYBDESK_DOMAIN_TYPES_H
#define KYBDESK_DOMAIN_TYPES_H

#include "kybdesk/base/arena.h"
#include "kybdesk/base/error.h"
#include "kybdesk/base/words.h"

#define SESSION_STATUS_WORDS(X)                                                                                        \
	X(SESSION_DRAFT, "draft")                                                                                      \
	X(SESSION_ACTIVE, "active")                                                                                    \
	X(SESSION_COMPLETED, "completed")                                                                              \
	X(SESSION_PROCESSING, "processing")                                                                            \
	X(SESSION_PROCESSED, "processed")                                                                              \
	X(SESSION_EXPIRED, "expired")                                                                                  \
	X(SESSION_APPROVED, "approved")                                                                                \
	X(SESSION_REJECTED, "rejected")                                                                                \
	X(SESSION_MANUAL_REVIEW, "manual_review")                                                                      \
	X(SESSION_AWAITING_CLIENT_CORRECTION, "awaiting_client_correction")
#define SESSION_STATUS_COUNT WORDS_COUNT(SESSION_STATUS_WORDS)
WORDS_DECLARE(session_status, SESSION_STATUS_WORDS);

/* compliance_status: the inbox of a session, in the order of the screen. */
#define INBOX_WORDS(X)                                                                                                 \
	X(INBOX_MANUAL_REVIEW, "manual_review")                                                                        \
	X(INBOX_COMPLETED, "completed")                                                                                \
	X(INBOX_PENDING, "pending")                                                                                    \
	X(INBOX_REMEDIATION, "remediation")                                                                            \
	X(INBOX_INCOMPLETE, "incomplete")                                                                              \
	X(INBOX_APPROVED, "approved")                                                                                  \
	X(INBOX_REJECTED, "rejected")
#define INBOX_COUNT WORDS_COUNT(INBOX_WORDS)
WORDS_DECLARE(inbox, INBOX_WORDS);

#define SESSION_KIND_WORDS(X) X(KIND_KYB, "kyb") X(KIND_KYC, "kyc")
WORDS_DECLARE(session_kind, SESSION_KIND_WORDS);
#define SUBJECT_KIND_WORDS(X) X(SUBJECT_BUSINESS, "business") X(SUBJECT_INDIVIDUAL, "individual")
WORDS_DECLARE(subject_kind, SUBJECT_KIND_WORDS);
#define STEP_STATUS_WORDS(X)                                                                                           \
	X(STEP_PENDING, "pending")                                                                                     \
	X(STEP_IN_PROGRESS, "in_progress")                                                                             \
	X(STEP_COMPLETED, "completed")                                                                                 \
	X(STEP_SKIPPED, "skipped")                                                                                     \
	X(STEP_NEEDS_CORRECTION, "needs_correction")
WORDS_DECLARE(step_status, STEP_STATUS_WORDS);
#define UPLOAD_STATE_WORDS(X)                                                                                          \
	X(UPLOAD_REQUIRED, "required")                                                                                 \
	X(UPLOAD_WAITING, "waiting")                                                                                   \
	X(UPLOAD_PROCESSING, "processing")                                                                             \
	X(UPLOAD_READY, "ready")                                                                                       \
	X(UPLOAD_REJECTED, "rejected")
WORDS_DECLARE(upload_state, UPLOAD_STATE_WORDS);
/* What a file has besides what it shows. MARK_UNCHECKED: a part could not be read for such things. */
#define FILE_MARK_WORDS(X)                                                                                             \
	X(MARK_JAVASCRIPT, "javascript")                                                                               \
	X(MARK_LAUNCH, "launch")                                                                                       \
	X(MARK_PROGRAM, "program")                                                                                     \
	X(MARK_MACROS, "macros")                                                                                       \
	X(MARK_DDE, "dde")                                                                                             \
	X(MARK_EXTERNAL, "external")                                                                                   \
	X(MARK_FORM, "xfa_form")                                                                                       \
	X(MARK_ATTACHMENTS, "attachments")                                                                             \
	X(MARK_UNCHECKED, "unchecked")
WORDS_DECLARE(file_mark, FILE_MARK_WORDS);
#define FILE_MARKS_ACTIVE                                                                                              \
	(1u << MARK_JAVASCRIPT | 1u << MARK_LAUNCH | 1u << MARK_PROGRAM | 1u << MARK_MACROS | 1u << MARK_DDE |         \
	 1u << MARK_EXTERNAL)
/* The words, separated by commas, and what they mean to a reader, such as "has macros, starts a program". */
const char *file_marks_words(struct arena *arena, unsigned marks);
const char *file_marks_text(struct arena *arena, const char *words);
#define SIDE_WORDS(X) X(SIDE_FRONT, "front") X(SIDE_BACK, "back")
#define SIDE_COUNT WORDS_COUNT(SIDE_WORDS)
WORDS_DECLARE(side, SIDE_WORDS);
#define REVIEW_STATE_WORDS(X)                                                                                          \
	X(REVIEW_UNREVIEWED, "unreviewed")                                                                             \
	X(REVIEW_ACCEPTED, "accepted")                                                                                 \
	X(REVIEW_REJECTED, "rejected")
WORDS_DECLARE(review_state, REVIEW_STATE_WORDS);
#define PARTY_KIND_WORDS(X) X(PARTY_INDIVIDUAL, "individual") X(PARTY_COMPANY, "company")
WORDS_DECLARE(party_kind, PARTY_KIND_WORDS);
#define PARTY_ROLE_WORDS(X)                                                                                            \
	/* a set of roles has the bit 1u << role for each role */                                                      \
	X(ROLE_UBO, "ubo")                                                                                             \
	X(ROLE_DIRECTOR, "director")                                                                                   \
	X(ROLE_SHAREHOLDER, "shareholder")                                                                             \
	X(ROLE_AUTHORISED_SIGNATORY, "authorised_signatory")                                                           \
	X(ROLE_REPRESENTATIVE, "representative")                                                                       \
	X(ROLE_SUBMERCHANT, "submerchant")
#define PARTY_ROLE_COUNT WORDS_COUNT(PARTY_ROLE_WORDS)
WORDS_DECLARE(party_role, PARTY_ROLE_WORDS);
#define CHECK_KIND_WORDS(X)                                                                                            \
	X(CHECK_WATCHLIST, "watchlist")                                                                                \
	X(CHECK_CRYPTO, "crypto")                                                                                      \
	X(CHECK_ADVERSE_MEDIA, "adverse_media")                                                                        \
	X(CHECK_FACE_MATCH, "face_match")                                                                              \
	X(CHECK_CROSS_VALIDATION, "cross_validation")                                                                  \
	X(CHECK_EXTRACTION, "extraction")                                                                              \
	X(CHECK_WEB, "web")                                                                                            \
	X(CHECK_OFAC, "ofac")                                                                                          \
	X(CHECK_BUREAU, "bureau")                                                                                      \
	X(CHECK_EMAIL, "email")                                                                                        \
	X(CHECK_IP, "ip")                                                                                              \
	X(CHECK_MOBILE, "mobile")                                                                                      \
	X(CHECK_REGISTER, "register") /* register data of a business (domain/register.h) */
#define CHECK_KIND_COUNT WORDS_COUNT(CHECK_KIND_WORDS)
WORDS_DECLARE(check_kind, CHECK_KIND_WORDS);
#define CHECK_STATUS_WORDS(X)                                                                                          \
	X(CHECK_PENDING, "pending")                                                                                    \
	X(CHECK_PASSED, "passed")                                                                                      \
	X(CHECK_HIT, "hit")                                                                                            \
	X(CHECK_FAILED, "failed")                                                                                      \
	X(CHECK_ERROR, "error")                                                                                        \
	X(CHECK_TIMEOUT, "timeout")                                                                                    \
	X(CHECK_WAIVED, "waived")
WORDS_DECLARE(check_status, CHECK_STATUS_WORDS);
/* What a person decided about an adverse result (domain/results.h); waived: by a waiver of its check. */
#define RESULT_VERDICT_WORDS(X)                                                                                        \
	X(RESULT_UNJUDGED, "")                                                                                         \
	X(RESULT_CLEARED, "cleared")                                                                                   \
	X(RESULT_CONFIRMED, "confirmed")                                                                               \
	X(RESULT_UNDETERMINED, "undetermined")                                                                         \
	X(RESULT_WAIVED, "waived")
WORDS_DECLARE(result_verdict, RESULT_VERDICT_WORDS);
#define HIT_STATE_WORDS(X)                                                                                             \
	X(HIT_OPEN, "open")                                                                                            \
	X(HIT_TRUE_MATCH, "true_match")                                                                                \
	X(HIT_FALSE_POSITIVE, "false_positive")                                                                        \
	X(HIT_ACCEPTED, "accepted")                                                                                    \
	X(HIT_UNDETERMINED, "undetermined")
WORDS_DECLARE(hit_state, HIT_STATE_WORDS);
#define HIT_CLASS_WORDS(X)                                                                                             \
	X(HIT_SANCTIONS, "sanctions")                                                                                  \
	X(HIT_PEP, "pep")                                                                                              \
	X(HIT_ADVERSE_MEDIA, "adverse_media")
WORDS_DECLARE(hit_class, HIT_CLASS_WORDS);
#define CORRECTION_STATE_WORDS(X)                                                                                      \
	X(CORRECTION_OPEN, "open")                                                                                     \
	X(CORRECTION_ANSWERED, "answered")                                                                             \
	X(CORRECTION_ACCEPTED, "accepted")                                                                             \
	X(CORRECTION_WITHDRAWN, "withdrawn")
WORDS_DECLARE(correction_state, CORRECTION_STATE_WORDS);
#define DECISION_KIND_WORDS(X)                                                                                         \
	X(DECISION_APPROVE, "approve")                                                                                 \
	X(DECISION_REJECT, "reject")                                                                                   \
	X(DECISION_CORRECTIONS, "corrections")                                                                         \
	X(DECISION_REOPEN, "reopen")                                                                                   \
	X(DECISION_UNDO, "undo")
WORDS_DECLARE(decision_kind, DECISION_KIND_WORDS);
#define FINAL_DECISION_WORDS(X)                                                                                        \
	X(FINAL_NONE, "")                                                                                              \
	X(FINAL_APPROVED, "approved")                                                                                  \
	X(FINAL_REJECTED, "rejected")                                                                                  \
	X(FINAL_FLAGGED, "flagged")                                                                                    \
	X(FINAL_MANUAL_REVIEW, "manual_review")
WORDS_DECLARE(final_decision, FINAL_DECISION_WORDS);
#define ROLE_WORDS(X)                                                                                                  \
	X(ROLE_VIEWER, "viewer")                                                                                       \
	X(ROLE_REVIEWER, "reviewer")                                                                                   \
	X(ROLE_LEAD, "lead")                                                                                           \
	X(ROLE_ADMIN, "admin")                                                                                         \
	X(ROLE_SYSTEM, "system")                                                                                       \
	X(ROLE_CLIENT, "client")                                                                                       \
	X(ROLE_SANDBOX, "sandbox")                                                                                     \
	X(ROLE_INTAKE, "intake")
#define ROLE_COUNT WORDS_COUNT(ROLE_WORDS)
WORDS_DECLARE(role, ROLE_WORDS);
/* State of a delivery, as `webhook list` shows it. HELD, DUE and WAITING are derived from one stored state and the
 * clock (docs/webhooks.md). */
#define DELIVERY_STATE_WORDS(X)                                                                                        \
	X(DELIVERY_HELD, "held")                                                                                       \
	X(DELIVERY_DUE, "due")                                                                                         \
	X(DELIVERY_LEASED, "leased")                                                                                   \
	X(DELIVERY_DELIVERED, "delivered")                                                                             \
	X(DELIVERY_WAITING, "waiting")                                                                                 \
	X(DELIVERY_DEAD, "dead")                                                                                       \
	X(DELIVERY_CANCELLED, "cancelled")                                                                             \
	X(DELIVERY_UNSENT, "unsent")
#define DELIVERY_STATE_COUNT WORDS_COUNT(DELIVERY_STATE_WORDS)
WORDS_DECLARE(delivery_state, DELIVERY_STATE_WORDS);
#define SORT_KEY_WORDS(X)                                                                                              \
	X(SORT_DUE, "due")                                                                                             \
	X(SORT_UPDATED, "updated")                                                                                     \
	X(SORT_RISK, "risk")                                                                                           \
	X(SORT_NAME, "name")
WORDS_DECLARE(sort_key, SORT_KEY_WORDS);
#define DISCLOSURE_WORDS(X) X(DISCLOSURE_OPEN, "open") X(DISCLOSURE_RESTRICTED, "restricted")
WORDS_DECLARE(disclosure, DISCLOSURE_WORDS);

/* The inbox of a status (source document kyc-workflows-sessions, "Canonical Compliance Statuses"). The store
 * computes the same inbox in a generated column. */
enum inbox session_status_inbox(enum session_status status);
/* Whether the status is approved or rejected. */
bool session_status_is_decided(enum session_status status);
/* The status in plain words, such as "in review" or "waiting for the client". */
const char *session_status_title(enum session_status status);
/* Whether `role` ranks at or above `needed`: viewer < reviewer < lead < admin; false for system roles. The role
 * intake ranks as a viewer; intake may also submit (role_may_submit()), but never reviews or decides. */
bool role_at_least(enum role role, enum role needed);
/* Whether an admin can assign the role to a person. */
bool role_is_assignable(enum role role);
/* Whether the role may import, and submit data and results: intake, and all reviewing roles. */
bool role_may_submit(enum role role);
/* The role with its article, to start a sentence, such as "A viewer" or "An intake user". */
const char *role_noun(enum role role);
/* The roles that an admin can assign to a person, for front ends. */
const char *const *assignable_role_words(size_t *count);

#endif
