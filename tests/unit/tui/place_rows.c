/* A row for each action and dialog: the case where it is tried, and the keys before it. Rows of verbs: verb_rows.h. */
#include "places.h"
#include "support/verb_rows.h"

/* Includes the comma after the row. */
#define ROW(command_, verb_, does_, ...) { .command = COMMAND_##command_, .verb = verb_, .does = does_, __VA_ARGS__ },
#define MOVE(command_) ROW(command_, NO_VERB, LOOKS, .ref = "RAL-1")
#define DIALOG(command_, NAME, kind, ref_, ...)                                                                        \
	ROW(command_, VERB_##NAME, OPENS, .dialog = &kind##_dialog, .ref = ref_, __VA_ARGS__)
#define OFFERED(command_, NAME, kind, ref_, code_, ...)                                                                \
	ROW(MORE, VERB_##NAME, OFFERS, .dialog = &kind##_dialog, .ref = ref_, .code = code_, __VA_ARGS__)              \
	ROW(command_, VERB_##NAME, OFFERS, .dialog = &kind##_dialog, .ref = ref_, .code = code_, __VA_ARGS__)
#define SCREEN(...) __VA_ARGS__
#define SCREEN_OF(NAME, least, capacities, case_, screen, ...) screen
#define ADDRESS(name) &name##_dialog,
const struct dialog_spec *const all_dialogs[] = { DIALOGS(ADDRESS) };
#undef ADDRESS
const size_t all_dialog_count = sizeof all_dialogs / sizeof all_dialogs[0];

size_t dialog_number(const struct dialog_spec *spec)
{
	size_t number = 0;
	while (number < all_dialog_count && all_dialogs[number] != spec)
		number++;
	cr_assert_lt(number, all_dialog_count, "\"%s\" is not among dialogs.h", spec->wait_title);
	return number;
}

/* clang-format off */
const struct row rows[] = {
	MOVE(DOWN)
	MOVE(UP)
	MOVE(PAGE_DOWN)
	MOVE(PAGE_UP)
	MOVE(FIRST)
	MOVE(LAST)
	MOVE(LEFT)
	MOVE(RIGHT)
	MOVE(NEXT_PANE)
	MOVE(PREVIOUS_PANE)
	MOVE(CHOOSE)
	MOVE(BACK)
	MOVE(QUIT)
	MOVE(CASE_BEFORE)
	MOVE(HELP)
	MOVE(PALETTE)
	ROW(FILTER, NO_VERB, LOOKS, .ref = "")
	ROW(SORT, NO_VERB, LOOKS, .ref = "")
	ROW(MARK, NO_VERB, LOOKS, .ref = "")
	ROW(MARK_RANGE, NO_VERB, LOOKS, .ref = "", .keys = " ")
	ROW(MARK_ALL, NO_VERB, LOOKS, .ref = "")
	ROW(UNMARK, NO_VERB, LOOKS, .ref = "", .keys = " ")
	ROW(VIEW, NO_VERB, LOOKS, .ref = "")
	ROW(VIEW_DUE, NO_VERB, LOOKS, .ref = "")
	ROW(VIEW_KEEP, NO_VERB, LOOKS, .ref = "")
	ROW(VIEW_FORGET, NO_VERB, LOOKS, .ref = "")
	ROW(OPEN, NO_VERB, LOOKS, .ref = "")
	ROW(OPEN, NO_VERB, LOOKS, .ref = "RAL-1", .keys = "3")
	ROW(OPEN, NO_VERB, LOOKS, .ref = "RAL-1", .keys = "6")
	ROW(CHART, NO_VERB, LOOKS, .ref = "RAL-1", .keys = "3")
	ROW(DETAILS, NO_VERB, LOOKS, .ref = "RAL-1", .keys = "3")
	ROW(HISTORY, NO_VERB, LOOKS, .ref = "RAL-1", .keys = "6")
	ROW(COMPARE, NO_VERB, LOOKS, .ref = "RAL-1", .keys = "6D")
	ROW(TIMELINE, NO_VERB, LOOKS, .ref = "RAL-1", .keys = "6")
	ROW(SEARCH, NO_VERB, ELSEWHERE, .why = "in an open document only, of which OPEN has a row")
	ROW(MATCH_NEXT, NO_VERB, ELSEWHERE, .why = "likewise")
	ROW(MATCH_PREVIOUS, NO_VERB, ELSEWHERE, .why = "likewise")
	ROW(TICK, NO_VERB, ELSEWHERE, .why = "likewise")
	ROW(ZOOM_IN, NO_VERB, ELSEWHERE, .why = "likewise")
	ROW(ZOOM_OUT, NO_VERB, ELSEWHERE, .why = "likewise")
	ROW(PAGE_PICTURE, NO_VERB, ELSEWHERE, .why = "likewise")
	ROW(COPY, NO_VERB, ELSEWHERE, .why = "speaks to the terminal, never to the store")
	ROW(THEME, NO_VERB, LOOKS, .ref = "")
	ROW(REDRAW, NO_VERB, ELSEWHERE, .why = "likewise")
	ROW(SUSPEND, NO_VERB, ELSEWHERE, .why = "likewise")
	ROW(NONE, NO_VERB, ELSEWHERE, .why = "no action")
	ROW(MORE, NO_VERB, OPENS, .dialog = &more_dialog, .ref = "RAL-1")
	ROW(BULK, NO_VERB, OPENS, .dialog = &bulk_dialog, .ref = "", .keys = " ")
	ROW(BULK, NO_VERB, OPENS, .dialog = &hits_dialog, .ref = "HIT-1", .keys = "4j ")
	ROW(SANDBOX, NO_VERB, LOOKS, .ref = "")
	ROW(MERCHANTS, NO_VERB, LOOKS, .ref = "")
	ROW(TEMPLATES, NO_VERB, LOOKS, .ref = "")
	ROW(WEBHOOKS, NO_VERB, LOOKS, .ref = "")
	ROW(OFFERS, NO_VERB, LOOKS, .ref = "")
	ROW(STATS, NO_VERB, LOOKS, .ref = "")
	ROW(TEAM, NO_VERB, LOOKS, .ref = "")
	ROW(AUDIT, NO_VERB, LOOKS, .ref = "")
	ROW(TODAY, NO_VERB, LOOKS, .ref = "")
	ROW(AUDIT_NARROW, NO_VERB, LOOKS, .ref = "", .keys = "ga")
	VERB_ROWS(SCREEN_OF)
};
/* clang-format on */
const size_t row_count = sizeof rows / sizeof *rows;
