#include "kybdesk/domain/gate.h"
#include "kybdesk/domain/list_column.h"

#include <criterion/criterion.h>
#include <string.h>

#define NOW INT64_C(1793702400000)
#define HOUR (INT64_C(3600) * 1000)

static struct arena arena;

static void tear_down(void)
{
	arena_release(&arena);
}
TestSuite(list_column, .fini = tear_down);

static struct session_item an_item(enum session_status status)
{
	return (struct session_item){ .id = "0b0f8a52",
				      .external_ref = "RAL-1",
				      .workflow = "ralio-kyb",
				      .subject_name = "Harbour Lane",
				      .country = "",
				      .assignee = "",
				      .status = status,
				      .risk_score = RISK_NONE,
				      .due_at = NOW - HOUR,
				      .snoozed_until = TIME_NONE };
}

static void expect(enum list_column column, const struct session_item *item, const char *text, enum list_tone tone)
{
	const struct list_value value = list_value(&arena, column, item, NOW);

	cr_expect_str_eq(value.text, text);
	cr_expect_eq(value.tone, tone, "%s: tone %u", text, (unsigned)value.tone);
}

Test(list_column, a_clock_that_stands_still_is_not_over_due)
{
	struct session_item item = an_item(SESSION_APPROVED);

	expect(LIST_DUE, &item, "", TONE_MUTED);
	item.status = SESSION_MANUAL_REVIEW;
	expect(LIST_DUE, &item, "-1h", TONE_DANGER);
	item.due_paused = true;
	expect(LIST_DUE, &item, "wait", TONE_MUTED);
	item.due_paused = false;
	item.due_at = TIME_NONE;
	expect(LIST_DUE, &item, "", TONE_MUTED);
}

/* 48 hours of review: yellow in the last 12, red in the last 6 and after them. */
Test(list_column, a_due_time_is_red_past_half_of_its_last_quarter)
{
	static const struct {
		int64_t left;
		const char *text;
		enum list_tone tone;
	} rows[] = { { 48 * HOUR, "2d", TONE_PLAIN },	 { 12 * HOUR + 1, "12h", TONE_PLAIN },
		     { 12 * HOUR, "12h", TONE_WARNING }, { 6 * HOUR + 1, "6h", TONE_WARNING },
		     { 6 * HOUR, "6h", TONE_DANGER },	 { 0, "now", TONE_DANGER },
		     { -HOUR, "-1h", TONE_DANGER },	 { INT64_C(1) << 62, NULL, TONE_PLAIN } };
	struct session_item item = an_item(SESSION_MANUAL_REVIEW);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		item.review_ms = 48 * HOUR;
		item.due_at = NOW + rows[i].left;
		const struct list_value value = list_value(&arena, LIST_DUE, &item, NOW);
		cr_expect_eq(value.tone, rows[i].tone, "row %zu: tone %u", i, (unsigned)value.tone);
		if (rows[i].text)
			cr_expect_str_eq(value.text, rows[i].text);
	}
	item.review_ms = 0; /* review time unknown: a due time is red only if it is over */
	item.due_at = NOW + HOUR;
	expect(LIST_DUE, &item, "1h", TONE_PLAIN);
}

/* The words for each code of the gate: none is empty, and no two are the same. */
Test(list_column, why_is_the_first_blocker)
{
	struct session_item item = an_item(SESSION_MANUAL_REVIEW);
	struct arena arena = ARENA_INIT;
	const char *words[BLOCKER_CODE_COUNT];

	expect(LIST_REASON, &item, "", TONE_MUTED); /* not counted yet */
	for (size_t code = BLOCKER_DOCUMENT_MISSING; code <= BLOCKER_SECOND_REVIEWER; code++) {
		item.blocker = blocker_code_text((enum blocker_code)code);
		words[code] = list_value(&arena, LIST_REASON, &item, NOW).text;
		cr_expect_str_not_empty(words[code], "%s", item.blocker);
		for (size_t other = BLOCKER_DOCUMENT_MISSING; other < code; other++)
			cr_expect_str_neq(words[code], words[other], "%s", item.blocker);
	}
	item.blocker = "document_not_accepted";
	expect(LIST_REASON, &item, "documents to review", TONE_MUTED);
	item.document_rejected = true;
	expect(LIST_REASON, &item, "document rejected", TONE_MUTED);
	item.blocker = "hit_open";
	expect(LIST_REASON, &item, "hit to resolve", TONE_WARNING);
	item.sanctions_match = true;
	expect(LIST_REASON, &item, "sanctions match", TONE_DANGER);
	item.status = SESSION_REJECTED;
	expect(LIST_REASON, &item, "", TONE_MUTED);
	arena_release(&arena);
}

Test(list_column, a_clean_case_has_a_mark)
{
	struct session_item item = an_item(SESSION_MANUAL_REVIEW);

	item.blocker = "";
	item.clean = true;
	item.risk_score = 70;
	expect(LIST_REASON, &item, "ready", TONE_OK);
	item.risk_bound = 71;
	expect(LIST_REASON, &item, "ready", TONE_OK);
	item.risk_bound = 70;
	expect(LIST_REASON, &item, "ready, high risk", TONE_WARNING);
	item.status = SESSION_APPROVED;
	expect(LIST_REASON, &item, "", TONE_MUTED);
	item.has_alert = true;
	item.level = "";
	expect(LIST_REASON, &item, "ALERT, still approved", TONE_DANGER);
	item.level = "REGULAR";
	expect(LIST_REASON, &item, "ALERT, still REGULAR", TONE_DANGER);
}

Test(list_column, a_case_that_waits_by_its_status_says_for_what)
{
	struct session_item item = an_item(SESSION_DRAFT);

	item.blocker = "status";
	expect(LIST_REASON, &item, "with the client", TONE_MUTED);
	item.status = SESSION_PROCESSING;
	expect(LIST_REASON, &item, "in processing", TONE_MUTED);
	item.status = SESSION_EXPIRED;
	expect(LIST_REASON, &item, "link expired", TONE_MUTED);
}

Test(list_column, a_status_says_what_keeps_a_case_from_work)
{
	struct session_item item = an_item(SESSION_MANUAL_REVIEW);

	expect(LIST_STATUS, &item, "manual_review", TONE_WARNING);
	item.returned = true;
	expect(LIST_STATUS, &item, "manual_review, returned", TONE_WARNING);
	item.waiting = true;
	expect(LIST_STATUS, &item, "manual_review, waiting", TONE_WARNING);
	item.snoozed_until = NOW + HOUR;
	expect(LIST_STATUS, &item, "manual_review, snoozed", TONE_WARNING);
	item.status = SESSION_APPROVED;
	item.snoozed_until = TIME_NONE;
	expect(LIST_STATUS, &item, "approved", TONE_OK);
}

Test(list_column, what_a_case_has_none_of_is_empty)
{
	struct session_item item = an_item(SESSION_MANUAL_REVIEW);

	expect(LIST_RISK, &item, "", TONE_PLAIN);
	expect(LIST_PARTIES, &item, "", TONE_PLAIN);
	expect(LIST_HOLDER, &item, "", TONE_MUTED);
	item.external_ref = "";
	expect(LIST_REFERENCE, &item, "0b0f8a52", TONE_PLAIN);
	item.parties_total = item.parties_verified = 2;
	expect(LIST_PARTIES, &item, "2/2", TONE_OK);
	item.risk_score = 71;
	expect(LIST_RISK, &item, "71", TONE_WARNING);
}
