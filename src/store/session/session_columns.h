/*
 * The columns of a session's row, written once: the SQL and the place of each
 * column in the result cannot drift apart.
 */
#ifndef KYBDESK_STORE_SESSION_COLUMNS_H
#define KYBDESK_STORE_SESSION_COLUMNS_H

#define SESSION_COLUMNS(X)                                                                                         \
	X(ROW, "s.id")                                                                                             \
	X(UUID, "s.uuid")                                                                                          \
	X(EXTERNAL_REF, "s.external_ref")                                                                          \
	X(WORKFLOW, "s.workflow")                                                                                  \
	X(WORKFLOW_ROW, "s.workflow_id")                                                                           \
	X(KIND, "s.kind")                                                                                          \
	X(MERCHANT, "m.name")                                                                                      \
	X(MERCHANT_ROW, "s.merchant_id")                                                                           \
	X(STATUS, "s.status")                                                                                      \
	X(SUBJECT_ROW, "s.subject_id")                                                                             \
	X(SUBJECT_UID, "u.uid")                                                                                    \
	X(SUBJECT_KIND, "u.kind")                                                                                  \
	X(SUBJECT_LEVEL, "u.level")                                                                                \
	X(SUBJECT_KYB_ID, "u.kyb_id")                                                                              \
	X(SUBJECT_NAME, "s.subject_name")                                                                          \
	X(COUNTRY, "s.country")                                                                                    \
	X(REGISTRATION, "s.registration_number")                                                                   \
	X(TAX_ID, "s.tax_id")                                                                                      \
	X(BIRTH, "s.date_of_birth")                                                                                \
	X(INCORPORATED, "s.incorporated_on")                                                                       \
	X(WEBSITE, "s.website")                                                                                    \
	X(EMAIL, "s.email")                                                                                        \
	X(PHONE, "s.phone")                                                                                        \
	X(ADDRESS, "s.address")                                                                                    \
	X(CUSTOM_TAGS, "s.custom_tags")                                                                            \
	X(RISK_SCORE, "s.risk_score")                                                                              \
	X(RISK_FACTORS, "s.risk_factors")                                                                          \
	X(PROCESSING, "s.processing_results")                                                                      \
	X(FINAL, "s.final_decision")                                                                               \
	X(DECIDED_BY, "s.decided_by")                                                                              \
	X(DECIDED_AT, "s.decided_at")                                                                              \
	X(DECISION_REASON, "s.decision_reason")                                                                    \
	X(RETRYABLE, "s.retryable")                                                                                \
	X(EXPIRED_FROM, "s.expired_from")                                                                          \
	X(DECIDED_HERE, "s.decided_here")                                                                          \
	X(RETURNED, "s.returned")                                                                                  \
	X(PARENT, "p.uuid")                                                                                        \
	X(PARENT_ROW, "s.parent_id")                                                                               \
	X(ASSIGNEE, "r.name")                                                                                      \
	X(CLAIMED_AT, "s.claimed_at")                                                                              \
	X(CLAIM_EXPIRES, "s.claim_expires_at")                                                                     \
	X(CREATED_AT, "s.created_at")                                                                              \
	X(SUBMITTED_AT, "s.submitted_at")                                                                          \
	X(UPDATED_AT, "s.updated_at")                                                                              \
	X(EXPIRES_AT, "s.expires_at")                                                                              \
	X(DUE_AT, "s.due_at")                                                                                      \
	X(DUE_PAUSED_AT, "s.due_paused_at")                                                                        \
	X(GAP_REASON, "s.gap_reason")                                                                              \
	X(GAP_TEXT, "s.gap_text")                                                                                  \
	X(GAP_BY, "s.gap_by")                                                                                      \
	X(GAP_PERCENT, "s.gap_percent")                                                                            \
	X(GAP_AT, "s.gap_at")                                                                                      \
	X(SNOOZED_UNTIL, "s.snoozed_until")                                                                        \
	X(SNOOZE_REASON, "s.snooze_reason")                                                                        \
	X(SNOOZED_BY, "s.snoozed_by")                                                                              \
	X(REMIND_AT, "s.remind_at")                                                                                \
	X(REMINDERS, "s.reminders")                                                                                \
	X(REMINDED_AT, "s.reminded_at")                                                                            \
	X(UNRESPONSIVE, "s.unresponsive")                                                                          \
	X(PARTIES_COMPLETED_AT, "s.parties_completed_at")                                                          \
	X(ATTEMPT, "s.attempt")                                                                                    \
	X(PROCESSING_SINCE, "s.processing_since")                                                                  \
	X(PROCESS_AT, "s.process_at")                                                                              \
	X(VERSION, "s.version")

#define SESSION_COLUMN_NAME(name, text) SESSION_##name##_COLUMN,
#define SESSION_COLUMN_TEXT(name, text) ", " text

#endif
