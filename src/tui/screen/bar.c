/* The bottom bar: the keys that the reviewer may need next, generated from the key table. */
#include "input/keymap.h"

#include <string.h>

#define ENTRIES_MAX 15

#define LOOK BAR_ENTRY
#define DECIDE(command, label)                                                                                         \
	{                                                                                                              \
		COMMAND_##command, label, true                                                                         \
	}
/* Shorter names for entries that several bars have. */
#define BACK BAR_BACK
#define OPEN BAR_OPEN
#define NOTE LOOK(NOTE, "note")
#define TABS LOOK(CHOOSE, "tabs")
#define APPROVE_CASE DECIDE(APPROVE, "approve case")
#define APPROVE DECIDE(APPROVE, "approve")
#define REJECT DECIDE(REJECT, "reject")
#define REJECT_CASE DECIDE(REJECT, "reject case")
#define CORRECTIONS DECIDE(CORRECTIONS, "corrections")
#define NEXT_CASE LOOK(NEXT_CASE, "next")
#define REVEAL LOOK(REVEAL, "reveal")
#define PARTY_EDIT DECIDE(PARTY_EDIT, "edit")
#define CLAIM DECIDE(CLAIM, "claim")
#define QUIT LOOK(QUIT, "quit")
#define PAGE_DOWN LOOK(PAGE_DOWN, "page")
#define REJECT_DOCUMENT DECIDE(REJECT_ITEM, "reject it")
#define FIND LOOK(SEARCH, "find")
#define PARTY_ADD DECIDE(PARTY_ADD, "add")
#define PARTY_REMOVE DECIDE(PARTY_REMOVE, "remove")
#define CHART LOOK(CHART, "chart")

/* The entries of each bar. A bar with fewer than ENTRIES_MAX entries ends at the first entry without a label. */
static const struct bar_entry bars[][ENTRIES_MAX] = {
	[BAR_INBOX] = { OPEN, APPROVE, REJECT, CORRECTIONS, NEXT_CASE, LOOK(FILTER, "filter"), CLAIM,
			LOOK(CHOOSE, "inboxes"), LOOK(SORT, "sort"), LOOK(MARK, "mark"), NOTE, QUIT },
	[BAR_INBOX_EMPTY] = { LOOK(CHOOSE, "inboxes"), LOOK(FILTER, "filter"), NEXT_CASE, QUIT },
	[BAR_INBOXES] = { LOOK(DOWN, "down"), LOOK(UP, "up"), LOOK(OPEN, "to its cases"),
			  LOOK(NEXT_PANE, "to its cases"), QUIT },
	[BAR_LIST] = { OPEN, LOOK(NEXT_PANE, "to the case"), BACK, PAGE_DOWN },
	[BAR_CHECKLIST] = { LOOK(OPEN, "resolve"), APPROVE, REJECT, CORRECTIONS, LOOK(NEXT_PANE, "to the tab"), BACK,
			    CLAIM, NOTE, NEXT_CASE },
	[BAR_CASE] = { APPROVE, REJECT, CORRECTIONS, TABS, NOTE, NEXT_CASE, BACK, CLAIM, REVEAL,
		       LOOK(COPY, "copy id") },
	/* While a document is being loaded, the bar does not offer the key that accepts it: a single key would
	 * accept a document that is not on the screen yet. */
	[BAR_VIEWER_WAITING] = { BACK, NOTE },
	[BAR_VIEWER] = { BACK, DECIDE(ACCEPT_ITEM, "accept it"), REJECT_DOCUMENT, APPROVE_CASE, LOOK(FORM, "form"),
			 LOOK(BESIDE, "beside"), FIND, LOOK(MATCH_NEXT, "next match"), PAGE_DOWN, NOTE,
			 LOOK(PAGE_PICTURE, "pages"), LOOK(ZOOM_IN, "larger"), REJECT_CASE, CORRECTIONS },
	[BAR_PAIR] = { BACK, LOOK(NEXT_PANE, "the other"), LOOK(BESIDE, "next document"),
		       DECIDE(ACCEPT_ITEM, "accept this"), DECIDE(REJECT_ITEM, "reject this"), APPROVE_CASE, FIND,
		       NOTE },
	[BAR_FORM] = { BACK, LOOK(CHOOSE, "tick"), DECIDE(ACCEPT_ITEM, "accept it"), REJECT_DOCUMENT, APPROVE_CASE,
		       LOOK(NEXT_PANE, "document or form"), REVEAL, FIND },
	[BAR_PAGE] = { BACK, OPEN, PAGE_DOWN, REVEAL, NOTE },
	[BAR_PAGE_PARTY] = { BACK, OPEN, PARTY_EDIT, DECIDE(PARTY_VERIFY, "verified elsewhere"), REVEAL, NOTE },
	[BAR_EVENT] = { LOOK(OPEN, "the record"), LOOK(HISTORY, "case before this"), APPROVE, REJECT, CORRECTIONS, TABS,
			BACK, LOOK(TIMELINE, "filter"), LOOK(COMPARE, "compare"), NOTE },
	[BAR_DOCUMENT] = { OPEN, DECIDE(ACCEPT_ITEM, "accept"), REJECT_DOCUMENT, APPROVE_CASE, REJECT_CASE, BACK,
			   CORRECTIONS, TABS, NOTE },
	[BAR_DOCUMENT_REJECTED] = { DECIDE(CORRECTIONS, "request again"), OPEN, DECIDE(ACCEPT_ITEM, "accept"),
				    REJECT_CASE, BACK, TABS, NOTE },
	[BAR_PARTIES] = { DECIDE(PARTY_ADD, "add a party"), APPROVE, REJECT, TABS, BACK, NOTE },
	[BAR_PARTY_NO_KYC] = { DECIDE(PARTY_KYC, "make KYC"), PARTY_ADD, PARTY_EDIT, PARTY_REMOVE, APPROVE_CASE, BACK,
			       DECIDE(PARTY_VERIFY, "verified elsewhere"), TABS, CHART },
	/* The entries are in the same order as in BAR_PARTY, so that the bar changes little when the cursor moves
	 * between parties. */
	[BAR_PARTY_NEEDS_NO_KYC] = { LOOK(OPEN, "its page"), PARTY_ADD, PARTY_EDIT, PARTY_REMOVE, APPROVE_CASE, BACK,
				     REJECT_CASE, TABS, CHART },
	[BAR_PARTY] = { LOOK(OPEN, "open KYC"), PARTY_ADD, PARTY_EDIT, PARTY_REMOVE, APPROVE_CASE, BACK,
			DECIDE(PARTY_LINK, "link"), REJECT_CASE, CORRECTIONS, TABS, NOTE, CHART },
	[BAR_HIT] = { DECIDE(OPEN, "decide the hit"), APPROVE_CASE, REJECT_CASE, BACK, LOOK(MARK, "mark"),
		      DECIDE(BULK, "judge the marked"), CORRECTIONS, TABS },
	[BAR_CORRECTION] = { DECIDE(ACCEPT_ITEM, "accept answer"), APPROVE_CASE, DECIDE(CORRECTIONS, "ask again"), BACK,
			     TABS },
};

void key_bar_draw(struct surface *surface, size_t row, const struct bar_state *state)
{
	struct arena arena = ARENA_INIT;
	surface_fill(surface, (struct box){ row, 0, 1, surface->cols }, THEME_FOOTER);
	const char *help = keymap_first_key(&arena, COMMAND_HELP, state->contexts);
	size_t help_key = surface_text_width(surface, help), help_cells = help_key + strlen(" help") + 1;
	size_t end = surface->cols > help_cells + 2 ? surface->cols - help_cells : 0;
	size_t col = 1;
	const struct bar_entry *first = state->entries ? state->entries : bars[state->bar];
	for (const struct bar_entry *entry = first; entry < first + ENTRIES_MAX && entry->label; entry++) {
		if (!is_command_allowed(entry->command, state->role, state->readonly))
			continue;
		if ((entry->hide_if_decided && state->is_case_decided) ||
		    (entry->command == COMMAND_BACK && !state->shows_back))
			continue;
		const char *key = keymap_first_key(&arena, entry->command, state->contexts);
		size_t key_cells = surface_text_width(surface, key), cells = key_cells + 1 + strlen(entry->label);
		if (!key_cells || col + cells + 2 > end)
			continue;
		surface_put(surface, row, col, key_cells, THEME_KEY, key);
		surface_put(surface, row, col + key_cells + 1, strlen(entry->label), THEME_FOOTER, entry->label);
		col += cells + 2;
	}
	if (end) {
		surface_put(surface, row, end, help_key, THEME_KEY, help);
		surface_put(surface, row, end + help_key, strlen(" help"), THEME_FOOTER, " help");
	}
	arena_release(&arena);
}
