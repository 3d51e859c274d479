#include "kybdesk/domain/list_column.h"
#include "kybdesk/domain/due.h"
#include "kybdesk/domain/gate.h"

static const struct list_column_spec specs[LIST_COLUMN_COUNT] = {
	[LIST_DUE] = { "Due", "Due", true, 7, 7, 0, false },
	[LIST_REFERENCE] = { "Session", "Session", false, 8, 14, 6, false },
	[LIST_SUBJECT] = { "Subject", "Subject", false, 24, 44, 0, true },
	[LIST_COUNTRY] = { "Cty", "Cty", false, 3, 3, 3, false },
	[LIST_WORKFLOW] = { "Workflow", "Flow", false, 6, 18, 5, false },
	[LIST_STATUS] = { "Status", "Status", false, 13, 28, 9, false },
	[LIST_RISK] = { "Risk", "Risk", true, 5, 5, 1, false },
	[LIST_DOCUMENTS] = { "Docs", "Docs", true, 4, 5, 4, false },
	[LIST_PARTIES] = { "Parties", "Party", true, 5, 7, 7, false },
	[LIST_REASON] = { "Why", "Why", false, 19, 24, 2, false },
	[LIST_HOLDER] = { "Holder", "Holder", false, 6, 10, 8, false },
};

const struct list_column_spec *list_column_spec(enum list_column column)
{
	return &specs[column];
}

/* Shows no due time for a decided case without an alert. Red marks a case that is late, or will be late before a reviewer can act. */
static struct list_value due_value(struct arena *arena, const struct session_item *item, int64_t now)
{
	static const enum list_tone tones[] = { [DUE_STATE_ON_TIME] = TONE_PLAIN,
						[DUE_STATE_SOON] = TONE_WARNING,
						[DUE_STATE_URGENT] = TONE_DANGER,
						[DUE_STATE_OVERDUE] = TONE_DANGER };
	if (item->due_at == TIME_NONE || (session_status_is_decided(item->status) && !item->has_alert))
		return (struct list_value){ "", TONE_MUTED };
	if (item->has_alert || case_is_overdue(item, now))
		return (struct list_value){ duration_short_text(arena, item->due_at - now), TONE_DANGER };
	if (item->due_paused)
		return (struct list_value){ "wait", TONE_MUTED };
	return (struct list_value){ duration_short_text(arena, item->due_at - now),
				    tones[due_state(item->due_at, item->review_ms, now)] };
}

static bool is_in_queue(const struct session_item *item)
{
	return item->status == SESSION_MANUAL_REVIEW || item->status == SESSION_COMPLETED ||
	       item->status == SESSION_PROCESSED;
}

/* The text after the status, for a case that cannot be worked on now or that needs attention; "": no text. */
static const char *state_suffix(const struct session_item *item, int64_t now)
{
	if (item->snoozed_until != TIME_NONE && item->snoozed_until > now)
		return ", snoozed";
	if (item->unresponsive)
		return ", unresponsive";
	if (is_in_queue(item) && item->waiting)
		return ", waiting";
	return is_in_queue(item) && item->returned ? ", returned" : "";
}

enum list_tone inbox_tone(enum inbox inbox)
{
	static const enum list_tone tones[INBOX_COUNT] = { [INBOX_MANUAL_REVIEW] = TONE_WARNING,
							   [INBOX_REMEDIATION] = TONE_WARNING,
							   [INBOX_APPROVED] = TONE_OK,
							   [INBOX_REJECTED] = TONE_DANGER };

	return tones[inbox];
}

static struct list_value share_value(struct arena *arena, int64_t part, int64_t whole)
{
	if (!whole)
		return (struct list_value){ "", TONE_PLAIN };
	return (struct list_value){ arena_printf(arena, "%lld/%lld", (long long)part, (long long)whole),
				    part >= whole ? TONE_OK : TONE_PLAIN };
}

/* A short status that shows the side that must act. */
static const char *status_words(enum session_status status)
{
	static const char *const words[SESSION_STATUS_COUNT] = {
		[SESSION_DRAFT] = "with the client",
		[SESSION_ACTIVE] = "with the client",
		[SESSION_PROCESSING] = "in processing",
		[SESSION_EXPIRED] = "link expired",
		[SESSION_AWAITING_CLIENT_CORRECTION] = "with the client",
	};

	return words[status] ? words[status] : "";
}

static const char *blocker_words(enum blocker_code code, const struct session_item *item)
{
	if (code == BLOCKER_STATUS)
		return status_words(item->status);
	if (code == BLOCKER_DOCUMENT_NOT_ACCEPTED && item->document_rejected)
		return "document rejected";
	return code == BLOCKER_HIT_OPEN && item->sanctions_match ? "sanctions match" : blocker_traits(code).short_text;
}

/* The gate's first blocker, or "ready"; for an alert, what the customer still has. */
static struct list_value reason_value(struct arena *arena, const struct session_item *item)
{
	enum blocker_code code;

	if (item->has_alert)
		return (struct list_value){ arena_printf(arena, "ALERT, still %s",
							 *item->level ? item->level
								      : session_status_text(item->status)),
					    TONE_DANGER };
	if (session_status_is_decided(item->status))
		return (struct list_value){ "", TONE_MUTED };
	if (item->clean && !is_in_queue(item))
		return (struct list_value){ status_words(item->status), TONE_MUTED };
	if (item->clean && item->risk_bound > 0 && item->risk_score >= item->risk_bound)
		return (struct list_value){ "ready, high risk", TONE_WARNING };
	if (item->clean)
		return (struct list_value){ "ready", TONE_OK };
	if (!item->blocker || !blocker_code_parse(item->blocker, &code))
		return (struct list_value){ "", TONE_MUTED };
	return (struct list_value){ blocker_words(code, item), item->sanctions_match	  ? TONE_DANGER
							       : code == BLOCKER_HIT_OPEN ? TONE_WARNING
											  : TONE_MUTED };
}

struct list_value list_value(struct arena *arena, enum list_column column, const struct session_item *item, int64_t now)
{
	switch (column) {
	case LIST_DUE:
		return due_value(arena, item, now);
	case LIST_REFERENCE:
		return (struct list_value){ *item->external_ref ? item->external_ref : item->id, TONE_PLAIN };
	case LIST_SUBJECT:
		return (struct list_value){ item->subject_name, TONE_PLAIN };
	case LIST_COUNTRY:
		return (struct list_value){ item->country, TONE_MUTED };
	case LIST_WORKFLOW:
		return (struct list_value){ item->workflow, TONE_MUTED };
	case LIST_STATUS:
		return (struct list_value){ arena_printf(arena, "%s%s", session_status_text(item->status),
							 state_suffix(item, now)),
					    inbox_tone(session_status_inbox(item->status)) };
	case LIST_RISK:
		return (struct list_value){ item->risk_score == RISK_NONE ? ""
									  : arena_printf(arena, "%d", item->risk_score),
					    item->risk_score >= 70 ? TONE_WARNING : TONE_PLAIN };
	case LIST_DOCUMENTS:
		return share_value(arena, item->documents_accepted, item->documents_total);
	case LIST_PARTIES:
		return share_value(arena, item->parties_verified, item->parties_total);
	case LIST_REASON:
		return reason_value(arena, item);
	case LIST_HOLDER:
		return (struct list_value){ item->assignee, TONE_MUTED };
	}
	BUG("unknown column %u", (unsigned)column);
}
