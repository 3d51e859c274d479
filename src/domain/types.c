/* Each word of the domain is defined once here; text, parsing and suggestions use it. */
#include "kybdesk/domain/types.h"
#include "kybdesk/domain/check_digits.h"
#include "kybdesk/domain/contribution.h"
#include "kybdesk/domain/gate.h"
#include "kybdesk/domain/profile.h"
#include "kybdesk/domain/reason.h"
#include "kybdesk/domain/subject.h"
#include "kybdesk/domain/suspicion.h"
#include "kybdesk/domain/transition.h"

#include <string.h>

static const char *word_at(const char *const *table, size_t count, size_t value, const char *name)
{
	if (value >= count || !table[value])
		BUG("%zu is not a %s", value, name);
	return table[value];
}

static bool word_find(const char *const *table, size_t count, const char *text, size_t *value)
{
	if (!text)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(table[i], text)) {
			*value = i;
			return true;
		}
	}
	return false;
}

#define TYPES_DEFINE(X, ...)                                                                                       \
	static const char *const X##_table[] = { __VA_ARGS__ };                                                    \
	const char *X##_text(enum X value)                                                                         \
	{                                                                                                          \
		return word_at(X##_table, sizeof X##_table / sizeof X##_table[0], (size_t)value, #X);              \
	}                                                                                                          \
	bool X##_parse(const char *text, enum X *out)                                                              \
	{                                                                                                          \
		size_t value;                                                                                      \
		if (!word_find(X##_table, sizeof X##_table / sizeof X##_table[0], text, &value))                   \
			return false;                                                                              \
		*out = (enum X)value;                                                                              \
		return true;                                                                                       \
	}                                                                                                          \
	const char *const *X##_words(size_t *count)                                                                \
	{                                                                                                          \
		*count = sizeof X##_table / sizeof X##_table[0];                                                   \
		return X##_table;                                                                                  \
	}                                                                                                          \
	_Static_assert(sizeof X##_table > 0, #X)

TYPES_DEFINE(
	session_status, [SESSION_DRAFT] = "draft", [SESSION_ACTIVE] = "active", [SESSION_COMPLETED] = "completed",
	[SESSION_PROCESSING] = "processing", [SESSION_PROCESSED] = "processed", [SESSION_EXPIRED] = "expired",
	[SESSION_APPROVED] = "approved", [SESSION_REJECTED] = "rejected", [SESSION_MANUAL_REVIEW] = "manual_review",
	[SESSION_AWAITING_CLIENT_CORRECTION] = "awaiting_client_correction");
TYPES_DEFINE(inbox, [INBOX_MANUAL_REVIEW] = "manual_review", [INBOX_COMPLETED] = "completed",
	     [INBOX_PENDING] = "pending", [INBOX_REMEDIATION] = "remediation", [INBOX_INCOMPLETE] = "incomplete",
	     [INBOX_APPROVED] = "approved", [INBOX_REJECTED] = "rejected");
TYPES_DEFINE(session_kind, [KIND_KYB] = "kyb", [KIND_KYC] = "kyc");
TYPES_DEFINE(subject_kind, [SUBJECT_BUSINESS] = "business", [SUBJECT_INDIVIDUAL] = "individual");
TYPES_DEFINE(
	step_status, [STEP_PENDING] = "pending", [STEP_IN_PROGRESS] = "in_progress", [STEP_COMPLETED] = "completed",
	[STEP_SKIPPED] = "skipped", [STEP_NEEDS_CORRECTION] = "needs_correction");
TYPES_DEFINE(upload_state, [UPLOAD_REQUIRED] = "required", [UPLOAD_WAITING] = "waiting",
	     [UPLOAD_PROCESSING] = "processing", [UPLOAD_READY] = "ready", [UPLOAD_REJECTED] = "rejected");
TYPES_DEFINE(language, [LANGUAGE_EN] = "en", [LANGUAGE_DE] = "de", [LANGUAGE_ES] = "es", [LANGUAGE_PT] = "pt");
TYPES_DEFINE(side, [SIDE_FRONT] = "front", [SIDE_BACK] = "back");
TYPES_DEFINE(review_state, [REVIEW_UNREVIEWED] = "unreviewed", [REVIEW_ACCEPTED] = "accepted",
	     [REVIEW_REJECTED] = "rejected");
TYPES_DEFINE(
	attempt_result, [ATTEMPT_REJECTED] = "rejected", [ATTEMPT_ERROR] = "error", [ATTEMPT_TIMEOUT] = "timeout");
TYPES_DEFINE(alert_kind, [ALERT_RESTRICTED_REJECTION] = "restricted_rejection",
	     [ALERT_APPROVAL_IN_DOUBT] = "approval_in_doubt");
TYPES_DEFINE(party_kind, [PARTY_INDIVIDUAL] = "individual", [PARTY_COMPANY] = "company");
TYPES_DEFINE(party_role, [ROLE_UBO] = "ubo", [ROLE_DIRECTOR] = "director", [ROLE_SHAREHOLDER] = "shareholder",
	     [ROLE_AUTHORISED_SIGNATORY] = "authorised_signatory", [ROLE_REPRESENTATIVE] = "representative",
	     [ROLE_SUBMERCHANT] = "submerchant");
TYPES_DEFINE(check_kind, [CHECK_WATCHLIST] = "watchlist", [CHECK_CRYPTO] = "crypto",
	     [CHECK_ADVERSE_MEDIA] = "adverse_media", [CHECK_FACE_MATCH] = "face_match",
	     [CHECK_CROSS_VALIDATION] = "cross_validation", [CHECK_EXTRACTION] = "extraction", [CHECK_WEB] = "web",
	     [CHECK_OFAC] = "ofac", [CHECK_BUREAU] = "bureau", [CHECK_EMAIL] = "email", [CHECK_IP] = "ip",
	     [CHECK_MOBILE] = "mobile", [CHECK_REGISTER] = "register");
TYPES_DEFINE(
	check_status, [CHECK_PENDING] = "pending", [CHECK_PASSED] = "passed", [CHECK_HIT] = "hit",
	[CHECK_FAILED] = "failed", [CHECK_ERROR] = "error", [CHECK_TIMEOUT] = "timeout", [CHECK_WAIVED] = "waived");
TYPES_DEFINE(hit_state, [HIT_OPEN] = "open", [HIT_TRUE_MATCH] = "true_match",
	     [HIT_FALSE_POSITIVE] = "false_positive", [HIT_ACCEPTED] = "accepted");
TYPES_DEFINE(hit_class, [HIT_SANCTIONS] = "sanctions", [HIT_PEP] = "pep", [HIT_ADVERSE_MEDIA] = "adverse_media");
TYPES_DEFINE(correction_state, [CORRECTION_OPEN] = "open", [CORRECTION_ANSWERED] = "answered",
	     [CORRECTION_ACCEPTED] = "accepted", [CORRECTION_WITHDRAWN] = "withdrawn");
TYPES_DEFINE(decision_kind, [DECISION_APPROVE] = "approve", [DECISION_REJECT] = "reject",
	     [DECISION_CORRECTIONS] = "corrections", [DECISION_REOPEN] = "reopen", [DECISION_UNDO] = "undo");
TYPES_DEFINE(suspicion_cause, [CAUSE_REPORTED] = "reported", [CAUSE_SANCTIONS_MATCH] = "sanctions_match",
	     [CAUSE_REJECTION] = "rejection", [CAUSE_DOCUMENT] = "document");
TYPES_DEFINE(suspicion_act, [SUSPICION_REPORT] = "report", [SUSPICION_NOTE] = "note", [SUSPICION_ALLOW] = "allow",
	     [SUSPICION_REVOKE] = "revoke", [SUSPICION_CLOSE] = "close");
TYPES_DEFINE(material, [MATERIAL_NONE] = "", [MATERIAL_DATA] = "data", [MATERIAL_VERDICT] = "verdict");
TYPES_DEFINE(final_decision, [FINAL_NONE] = "", [FINAL_APPROVED] = "approved", [FINAL_REJECTED] = "rejected",
	     [FINAL_FLAGGED] = "flagged", [FINAL_MANUAL_REVIEW] = "manual_review");
TYPES_DEFINE(
	role, [ROLE_VIEWER] = "viewer", [ROLE_REVIEWER] = "reviewer", [ROLE_LEAD] = "lead", [ROLE_ADMIN] = "admin",
	[ROLE_SYSTEM] = "system", [ROLE_CLIENT] = "client", [ROLE_SANDBOX] = "sandbox", [ROLE_INTAKE] = "intake");
TYPES_DEFINE(delivery_state, [DELIVERY_HELD] = "held", [DELIVERY_DUE] = "due", [DELIVERY_LEASED] = "leased",
	     [DELIVERY_DELIVERED] = "delivered", [DELIVERY_WAITING] = "waiting", [DELIVERY_DEAD] = "dead",
	     [DELIVERY_CANCELLED] = "cancelled", [DELIVERY_UNSENT] = "unsent");
TYPES_DEFINE(sort_key, [SORT_DUE] = "due", [SORT_UPDATED] = "updated", [SORT_RISK] = "risk", [SORT_NAME] = "name");
TYPES_DEFINE(disclosure, [DISCLOSURE_OPEN] = "open", [DISCLOSURE_RESTRICTED] = "restricted");
TYPES_DEFINE(
	file_format, [FORMAT_PDF] = "pdf", [FORMAT_XLSX] = "xlsx", [FORMAT_XLS] = "xls", [FORMAT_DOCX] = "docx",
	[FORMAT_DOC] = "doc", [FORMAT_JPEG] = "jpeg", [FORMAT_PNG] = "png", [FORMAT_HEIC] = "heic");
TYPES_DEFINE(document_part, [SHOWS_NAME] = "name", [SHOWS_REGISTRATION_NUMBER] = "registration_number",
	     [SHOWS_TAX_ID] = "tax_id", [SHOWS_BIRTH_DATE] = "birth_date",
	     [SHOWS_INCORPORATED_ON] = "incorporated_on", [SHOWS_ADDRESS] = "address", [SHOWS_PARTIES] = "parties");
TYPES_DEFINE(verify_by, [VERIFY_NONE] = "none", [VERIFY_SESSION] = "session", [VERIFY_DOCUMENT] = "document");
TYPES_DEFINE(event_kind, [EVENT_LEVEL_CHANGED] = "level_changed", [EVENT_APPROVED] = "approved",
	     [EVENT_REJECTED] = "rejected", [EVENT_EXPIRED] = "expired", [EVENT_STATUS_CHANGED] = "status_changed",
	     [EVENT_CORRECTIONS_REQUESTED] = "corrections_requested",
	     [EVENT_SUBSESSION_STATUS_CHANGED] = "subsession_status_changed",
	     [EVENT_PARTY_KYC_REQUESTED] = "party_kyc_requested", [EVENT_LINK_EXPIRING] = "link_expiring",
	     [EVENT_UNDER_REVIEW] = "under_review", [EVENT_DOCUMENT_REQUIRED] = "document_required",
	     [EVENT_CHECK_ERROR] = "check_error", [EVENT_CHECK_TIMEOUT] = "check_timeout",
	     [EVENT_DOCUMENT_PROCESSED] = "document_processed", [EVENT_ATTEMPT_COMPLETED] = "attempt_completed",
	     [EVENT_WITHDRAWN] = "withdrawn", [EVENT_ACCOUNT_ACTIVATED] = "account_activated",
	     [EVENT_PAYIN_PROCESSING] = "payin_processing", [EVENT_PAYIN_COMPLETED] = "payin_completed",
	     [EVENT_PAYIN_FAILED] = "payin_failed", [EVENT_PAYOUT_PROCESSING] = "payout_processing",
	     [EVENT_PAYOUT_COMPLETED] = "payout_completed", [EVENT_TRANSFER_PROCESSING] = "transfer_processing",
	     [EVENT_TRANSFER_COMPLETED] = "transfer_completed");
TYPES_DEFINE(contradicted, [CONTRADICTED_REFUSE] = "refuse", [CONTRADICTED_NOTE] = "note");
TYPES_DEFINE(event_shape, [SHAPE_STANDARD] = "standard", [SHAPE_ATELIO] = "atelio");
TYPES_DEFINE(judgement_kind, [JUDGEMENT_DOCUMENT] = "document", [JUDGEMENT_PARTY_KYC] = "party_kyc",
	     [JUDGEMENT_PARTY_ELSEWHERE] = "party_elsewhere", [JUDGEMENT_HIT] = "hit",
	     [JUDGEMENT_HIT_ACCEPTED] = "hit_accepted", [JUDGEMENT_WAIVER] = "waiver",
	     [JUDGEMENT_DUPLICATE] = "duplicate", [JUDGEMENT_GAP] = "gap", [JUDGEMENT_CORRECTION] = "correction");
TYPES_DEFINE(reason_set, [REASONS_SESSION] = "session", [REASONS_DOCUMENT] = "document", [REASONS_HIT] = "hit");
TYPES_DEFINE(action, [ACTION_START] = "start", [ACTION_COMPLETE] = "complete", [ACTION_SUBMIT] = "submit",
	     [ACTION_PROCESS] = "process", [ACTION_FINISH_PROCESSING] = "finish_processing",
	     [ACTION_FAIL_PROCESSING] = "fail_processing", [ACTION_EXPIRE] = "expire",
	     [ACTION_REACTIVATE] = "reactivate", [ACTION_ESCALATE] = "escalate", [ACTION_APPROVE] = "approve",
	     [ACTION_REJECT] = "reject", [ACTION_REQUEST_CORRECTIONS] = "request_corrections",
	     [ACTION_WITHDRAW_CORRECTIONS] = "withdraw_corrections",
	     [ACTION_RESOLVE_CORRECTIONS] = "resolve_corrections", [ACTION_RESUBMIT] = "resubmit",
	     [ACTION_UNDO] = "undo", [ACTION_REOPEN] = "reopen");
TYPES_DEFINE(
	blocker_code, [BLOCKER_STATUS] = "status", [BLOCKER_DOCUMENT_MISSING] = "document_missing",
	[BLOCKER_DOCUMENT_NOT_ACCEPTED] = "document_not_accepted", [BLOCKER_BASIS_CHANGED] = "basis_changed",
	[BLOCKER_DOCUMENT_ALTERED] = "document_altered", [BLOCKER_NOTHING_EXAMINED] = "nothing_examined",
	[BLOCKER_STEP_OPEN] = "step_open", [BLOCKER_PARTY_NOT_VERIFIED] = "party_not_verified",
	[BLOCKER_PARTY_MISSING] = "party_missing", [BLOCKER_OWNERSHIP_INVALID] = "ownership_invalid",
	[BLOCKER_OWNERSHIP_GAP] = "ownership_gap", [BLOCKER_FIELD_INVALID] = "field_invalid",
	[BLOCKER_CORRECTION_OPEN] = "correction_open", [BLOCKER_HIT_OPEN] = "hit_open",
	[BLOCKER_CHECK_FAILED] = "check_failed", [BLOCKER_CHECK_STALE] = "check_stale",
	[BLOCKER_DESK_RULE] = "desk_rule", [BLOCKER_DUPLICATE_OPEN] = "duplicate_open", [BLOCKER_HELD] = "held",
	[BLOCKER_SUSPICION_OPEN] = "suspicion_open", [BLOCKER_SECOND_REVIEWER] = "second_reviewer",
	[BLOCKER_CLAIMED_BY_OTHER] = "claimed_by_other", [BLOCKER_CHANGED] = "changed");

TYPES_DEFINE(rule_kind, [RULE_REQUIRED] = "required", [RULE_NOT_ACCEPTED] = "not_accepted",
	     [RULE_LENGTH] = "length", [RULE_CHARACTERS] = "characters", [RULE_PATTERN] = "pattern",
	     [RULE_ONE_OF] = "one_of", [RULE_COUNTRY] = "country", [RULE_SUBDIVISION] = "subdivision",
	     [RULE_DATE] = "date", [RULE_AGE] = "age", [RULE_DECIMAL] = "decimal", [RULE_INTEGER] = "integer",
	     [RULE_CHECK_DIGITS] = "check_digits", [RULE_US_STATE] = "us_state", [RULE_US_ZIP] = "us_zip",
	     [RULE_NOT_PO_BOX] = "not_po_box", [RULE_EMAIL] = "email", [RULE_PHONE] = "phone", [RULE_SSN] = "ssn",
	     [RULE_IPV4] = "ipv4", [RULE_URL] = "url", [RULE_UUID] = "uuid", [RULE_DOCUMENT] = "document",
	     [RULE_LIST] = "list", [RULE_AT_LEAST_ONE] = "at_least_one", [RULE_PARTIES] = "parties");
TYPES_DEFINE(
	condition_kind, [CONDITION_IS] = "is", [CONDITION_IS_NOT] = "is_not", [CONDITION_COUNTRY_IS] = "country_is",
	[CONDITION_COUNTRY_IS_NOT] = "country_is_not", [CONDITION_PRESENT] = "given");
TYPES_DEFINE(field_type, [FIELD_ANY] = "any", [FIELD_TEXT] = "text", [FIELD_BOOLEAN] = "boolean",
	     [FIELD_OBJECT] = "object", [FIELD_LIST] = "list");
TYPES_DEFINE(field_store, [STORE_SKIP_VALIDATION] = "as_given", [STORE_UPPER] = "upper", [STORE_ALPHA3] = "alpha3");
TYPES_DEFINE(upload_mode, [UPLOAD_DIRECT] = "direct", [UPLOAD_TWO_PHASE] = "two_phase");
TYPES_DEFINE(check_scheme, [SCHEME_CPF] = "cpf", [SCHEME_CNPJ] = "cnpj", [SCHEME_NINE_DIGITS] = "nine_digits",
	     [SCHEME_IBAN] = "iban", [SCHEME_PT_NIF] = "pt_nif");

#define TABLE_HOLDS(X, count)                                                                                      \
	_Static_assert(sizeof X##_table / sizeof X##_table[0] == (count), "one word for each " #X)
TABLE_HOLDS(session_status, SESSION_STATUS_COUNT);
TABLE_HOLDS(role, ROLE_COUNT);
TABLE_HOLDS(inbox, INBOX_COUNT);
TABLE_HOLDS(party_role, PARTY_ROLE_COUNT);
TABLE_HOLDS(check_kind, CHECK_KIND_COUNT);
TABLE_HOLDS(delivery_state, DELIVERY_STATE_COUNT);
TABLE_HOLDS(file_format, FILE_FORMAT_COUNT);
TABLE_HOLDS(document_part, DOCUMENT_PART_COUNT);
TABLE_HOLDS(event_kind, EVENT_KIND_COUNT);
TABLE_HOLDS(reason_set, REASON_SET_COUNT);
TABLE_HOLDS(action, ACTION_COUNT);
TABLE_HOLDS(blocker_code, BLOCKER_CODE_COUNT);
TABLE_HOLDS(check_scheme, CHECK_SCHEME_COUNT);
TABLE_HOLDS(rule_kind, RULE_KIND_COUNT);
TABLE_HOLDS(condition_kind, CONDITION_KIND_COUNT);

static const struct {
	enum inbox inbox;
	const char *title;
} statuses[SESSION_STATUS_COUNT] = {
	[SESSION_DRAFT] = { INBOX_INCOMPLETE, "not started" },
	[SESSION_ACTIVE] = { INBOX_PENDING, "in progress" },
	[SESSION_COMPLETED] = { INBOX_COMPLETED, "completed" },
	[SESSION_PROCESSING] = { INBOX_PENDING, "being processed" },
	[SESSION_PROCESSED] = { INBOX_COMPLETED, "processed" },
	[SESSION_EXPIRED] = { INBOX_INCOMPLETE, "expired" },
	[SESSION_APPROVED] = { INBOX_APPROVED, "approved" },
	[SESSION_REJECTED] = { INBOX_REJECTED, "rejected" },
	[SESSION_MANUAL_REVIEW] = { INBOX_MANUAL_REVIEW, "in review" },
	[SESSION_AWAITING_CLIENT_CORRECTION] = { INBOX_REMEDIATION, "waiting for the client" },
};

enum inbox session_status_inbox(enum session_status status)
{
	if ((size_t)status >= SESSION_STATUS_COUNT)
		BUG("%u is not a status", (unsigned)status);
	return statuses[status].inbox;
}

const char *session_status_title(enum session_status status)
{
	if ((size_t)status >= SESSION_STATUS_COUNT)
		BUG("%u is not a status", (unsigned)status);
	return statuses[status].title;
}

static int role_rank(enum role role)
{
	switch (role) {
	case ROLE_VIEWER:
	case ROLE_INTAKE:
		return 1;
	case ROLE_REVIEWER:
		return 2;
	case ROLE_LEAD:
		return 3;
	case ROLE_ADMIN:
		return 4;
	case ROLE_SYSTEM:
	case ROLE_CLIENT:
	case ROLE_SANDBOX:
		break;
	}
	return 0;
}

bool role_at_least(enum role role, enum role needed)
{
	return role_rank(role) && role_rank(needed) && role_rank(role) >= role_rank(needed);
}

bool role_is_a_persons(enum role role)
{
	return role_rank(role) != 0;
}

bool role_hands_in(enum role role)
{
	return role == ROLE_INTAKE || role_at_least(role, ROLE_REVIEWER);
}

const char *role_person(enum role role)
{
	switch (role) {
	case ROLE_VIEWER:
		return "A viewer";
	case ROLE_INTAKE:
		return "An intake user";
	case ROLE_REVIEWER:
		return "A reviewer";
	case ROLE_LEAD:
		return "A lead";
	case ROLE_ADMIN:
		return "An admin";
	case ROLE_SYSTEM:
		return "The system";
	case ROLE_CLIENT:
		return "A client";
	case ROLE_SANDBOX:
		return "The sandbox";
	}
	BUG("%u is not a role", (unsigned)role);
}

const char *const *role_person_words(size_t *count)
{
	static const char *const words[] = { "viewer", "intake", "reviewer", "lead", "admin" };

	*count = sizeof words / sizeof words[0];
	return words;
}
