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

WORDS_DEFINE(session_status, SESSION_STATUS_WORDS)
WORDS_DEFINE(inbox, INBOX_WORDS)
WORDS_DEFINE(session_kind, SESSION_KIND_WORDS)
WORDS_DEFINE(subject_kind, SUBJECT_KIND_WORDS)
WORDS_DEFINE(step_status, STEP_STATUS_WORDS)
WORDS_DEFINE(upload_state, UPLOAD_STATE_WORDS)
WORDS_DEFINE(file_mark, FILE_MARK_WORDS)
WORDS_DEFINE(language, LANGUAGE_WORDS)
WORDS_DEFINE(side, SIDE_WORDS)
WORDS_DEFINE(result_verdict, RESULT_VERDICT_WORDS)
WORDS_DEFINE(review_state, REVIEW_STATE_WORDS)
WORDS_DEFINE(attempt_result, ATTEMPT_RESULT_WORDS)
WORDS_DEFINE(alert_kind, ALERT_KIND_WORDS)
WORDS_DEFINE(party_kind, PARTY_KIND_WORDS)
WORDS_DEFINE(party_role, PARTY_ROLE_WORDS)
WORDS_DEFINE(check_kind, CHECK_KIND_WORDS)
WORDS_DEFINE(check_status, CHECK_STATUS_WORDS)
WORDS_DEFINE(hit_state, HIT_STATE_WORDS)
WORDS_DEFINE(hit_class, HIT_CLASS_WORDS)
WORDS_DEFINE(correction_state, CORRECTION_STATE_WORDS)
WORDS_DEFINE(decision_kind, DECISION_KIND_WORDS)
WORDS_DEFINE(suspicion_cause, SUSPICION_CAUSE_WORDS)
WORDS_DEFINE(suspicion_act, SUSPICION_ACT_WORDS)
WORDS_DEFINE(material, MATERIAL_WORDS)
WORDS_DEFINE(final_decision, FINAL_DECISION_WORDS)
WORDS_DEFINE(role, ROLE_WORDS)
WORDS_DEFINE(delivery_state, DELIVERY_STATE_WORDS)
WORDS_DEFINE(sort_key, SORT_KEY_WORDS)
WORDS_DEFINE(disclosure, DISCLOSURE_WORDS)
WORDS_DEFINE(file_format, FILE_FORMAT_WORDS)
WORDS_DEFINE(document_part, DOCUMENT_PART_WORDS)
WORDS_DEFINE(verify_by, VERIFY_BY_WORDS)
WORDS_DEFINE(event_kind, EVENT_KIND_WORDS)
WORDS_DEFINE(contradicted, CONTRADICTED_WORDS)
WORDS_DEFINE(event_shape, EVENT_SHAPE_WORDS)
WORDS_DEFINE(judgement_kind, JUDGEMENT_KIND_WORDS)
WORDS_DEFINE(reason_set, REASON_SET_WORDS)
WORDS_DEFINE(action, ACTION_WORDS)
WORDS_DEFINE(blocker_code, BLOCKER_CODE_WORDS)
WORDS_DEFINE(rule_kind, RULE_KIND_WORDS)
WORDS_DEFINE(condition_kind, CONDITION_KIND_WORDS)
WORDS_DEFINE(field_type, FIELD_TYPE_WORDS)
WORDS_DEFINE(field_store, FIELD_STORE_WORDS)
WORDS_DEFINE(upload_mode, UPLOAD_MODE_WORDS)
WORDS_DEFINE(check_scheme, CHECK_SCHEME_WORDS)

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

bool session_status_is_decided(enum session_status status)
{
	return status == SESSION_APPROVED || status == SESSION_REJECTED;
}

static const struct {
	int rank; /* 0: the role does not belong to a person */
	const char *noun;
} roles[ROLE_COUNT] = {
	[ROLE_VIEWER] = { 1, "A viewer" },     [ROLE_REVIEWER] = { 2, "A reviewer" },
	[ROLE_LEAD] = { 3, "A lead" },	       [ROLE_ADMIN] = { 4, "An admin" },
	[ROLE_SYSTEM] = { 0, "The system" },   [ROLE_CLIENT] = { 0, "A client" },
	[ROLE_SANDBOX] = { 0, "The sandbox" }, [ROLE_INTAKE] = { 1, "An intake user" },
};
WORDS_CHECK_TABLE(roles, ROLE_WORDS);

bool role_at_least(enum role role, enum role needed)
{
	return roles[role].rank && roles[needed].rank && roles[role].rank >= roles[needed].rank;
}

bool role_is_assignable(enum role role)
{
	return roles[role].rank != 0;
}

bool role_may_submit(enum role role)
{
	return role == ROLE_INTAKE || role_at_least(role, ROLE_REVIEWER);
}

const char *role_noun(enum role role)
{
	if ((size_t)role >= ROLE_COUNT)
		BUG("%u is not a role", (unsigned)role);
	return roles[role].noun;
}

const char *const *assignable_role_words(size_t *count)
{
	static const char *const words[] = { "viewer", "intake", "reviewer", "lead", "admin" };

	*count = sizeof words / sizeof words[0];
	return words;
}

const char *file_marks_words(struct arena *arena, unsigned marks)
{
	const char *words = "";

	for (unsigned i = 0; i < WORDS_COUNT(FILE_MARK_WORDS); i++)
		if (marks >> i & 1)
			words = arena_printf(arena, "%s%s%s", words, *words ? "," : "",
					     file_mark_text((enum file_mark)i));
	return words;
}

const char *file_marks_text(struct arena *arena, const char *words)
{
	static const char *const texts[] = {
		[MARK_JAVASCRIPT] = "has JavaScript",
		[MARK_LAUNCH] = "starts a program",
		[MARK_PROGRAM] = "has a program inside",
		[MARK_MACROS] = "has macros",
		[MARK_DDE] = "asks other programs for data (DDE)",
		[MARK_EXTERNAL] = "loads a part from elsewhere",
		[MARK_FORM] = "is a form (XFA) that cannot be shown here",
		[MARK_ATTACHMENTS] = "has attached files that cannot be shown here",
		[MARK_UNCHECKED] = "could not be checked for programs",
	};
	const char *text = "";

	for (unsigned i = 0; i < WORDS_COUNT(FILE_MARK_WORDS); i++)
		if (strstr(words, file_mark_text((enum file_mark)i)))
			text = arena_printf(arena, "%s%s%s", text, *text ? ", " : "", texts[i]);
	return text;
}
