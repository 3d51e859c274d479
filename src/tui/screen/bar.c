/* The bottom bar: the next useful keys, generated from the key table. */
#include "kybdesk/tui/keymap.h"

#include <string.h>

struct bar_entry {
	enum bar bar;
	enum command command;
	const char *label;
	bool decides; /* hidden if the case is decided */
};

static const struct bar_entry entries[] = {
	{ BAR_INBOX, COMMAND_OPEN, "open", false },
	{ BAR_INBOX, COMMAND_APPROVE, "approve", true },
	{ BAR_INBOX, COMMAND_REJECT, "reject", true },
	{ BAR_INBOX, COMMAND_CORRECTIONS, "corrections", true },
	{ BAR_INBOX, COMMAND_NEXT_CASE, "next", false },
	{ BAR_INBOX, COMMAND_FILTER, "filter", false },
	{ BAR_INBOX, COMMAND_CLAIM, "claim", true },
	{ BAR_INBOX, COMMAND_CHOOSE, "inboxes", false },
	{ BAR_INBOX, COMMAND_SORT, "sort", false },
	{ BAR_INBOX, COMMAND_MARK, "mark", false },
	{ BAR_INBOX, COMMAND_NOTE, "note", false },
	{ BAR_INBOX, COMMAND_QUIT, "quit", false },
	{ BAR_INBOX_EMPTY, COMMAND_CHOOSE, "inboxes", false },
	{ BAR_INBOX_EMPTY, COMMAND_FILTER, "filter", false },
	{ BAR_INBOX_EMPTY, COMMAND_NEXT_CASE, "next", false },
	{ BAR_INBOX_EMPTY, COMMAND_QUIT, "quit", false },
	{ BAR_INBOXES, COMMAND_DOWN, "down", false },
	{ BAR_INBOXES, COMMAND_UP, "up", false },
	{ BAR_INBOXES, COMMAND_OPEN, "to its cases", false },
	{ BAR_INBOXES, COMMAND_NEXT_PANE, "to its cases", false },
	{ BAR_INBOXES, COMMAND_QUIT, "quit", false },
	{ BAR_LIST, COMMAND_OPEN, "open", false },
	{ BAR_LIST, COMMAND_NEXT_PANE, "to the case", false },
	{ BAR_LIST, COMMAND_BACK, "back", false },
	{ BAR_LIST, COMMAND_PAGE_DOWN, "page", false },
	{ BAR_CHECKLIST, COMMAND_OPEN, "resolve", false },
	{ BAR_CHECKLIST, COMMAND_APPROVE, "approve", true },
	{ BAR_CHECKLIST, COMMAND_REJECT, "reject", true },
	{ BAR_CHECKLIST, COMMAND_CORRECTIONS, "corrections", true },
	{ BAR_CHECKLIST, COMMAND_NEXT_PANE, "to the tab", false },
	{ BAR_CHECKLIST, COMMAND_BACK, "back", false },
	{ BAR_CHECKLIST, COMMAND_CLAIM, "claim", true },
	{ BAR_CHECKLIST, COMMAND_NOTE, "note", false },
	{ BAR_CHECKLIST, COMMAND_NEXT_CASE, "next", false },
	{ BAR_CASE, COMMAND_APPROVE, "approve", true },
	{ BAR_CASE, COMMAND_REJECT, "reject", true },
	{ BAR_CASE, COMMAND_CORRECTIONS, "corrections", true },
	{ BAR_CASE, COMMAND_CHOOSE, "tabs", false },
	{ BAR_CASE, COMMAND_NOTE, "note", false },
	{ BAR_CASE, COMMAND_NEXT_CASE, "next", false },
	{ BAR_CASE, COMMAND_BACK, "back", false },
	{ BAR_CASE, COMMAND_CLAIM, "claim", true },
	{ BAR_CASE, COMMAND_REVEAL, "reveal", false },
	{ BAR_CASE, COMMAND_COPY, "copy id", false },
	/* One key accepts the document on the screen, so only a displayed document offers it. */
	{ BAR_VIEWER_WAITING, COMMAND_BACK, "back", false },
	{ BAR_VIEWER_WAITING, COMMAND_NOTE, "note", false },
	{ BAR_VIEWER, COMMAND_BACK, "back", false },
	{ BAR_VIEWER, COMMAND_ACCEPT_ITEM, "accept it", true },
	{ BAR_VIEWER, COMMAND_REJECT_ITEM, "reject it", true },
	{ BAR_VIEWER, COMMAND_SEARCH, "find", false },
	{ BAR_VIEWER, COMMAND_MATCH_NEXT, "next place", false },
	{ BAR_VIEWER, COMMAND_PAGE_DOWN, "page", false },
	{ BAR_VIEWER, COMMAND_NOTE, "note", false },
	{ BAR_PAGE, COMMAND_BACK, "back", false },
	{ BAR_PAGE, COMMAND_OPEN, "open", false },
	{ BAR_PAGE, COMMAND_PAGE_DOWN, "page", false },
	{ BAR_PAGE, COMMAND_REVEAL, "reveal", false },
	{ BAR_PAGE, COMMAND_NOTE, "note", false },
	{ BAR_PAGE_PARTY, COMMAND_BACK, "back", false },
	{ BAR_PAGE_PARTY, COMMAND_OPEN, "open", false },
	{ BAR_PAGE_PARTY, COMMAND_PARTY_EDIT, "edit", true },
	{ BAR_PAGE_PARTY, COMMAND_PARTY_VERIFY, "verified elsewhere", true },
	{ BAR_PAGE_PARTY, COMMAND_REVEAL, "reveal", false },
	{ BAR_PAGE_PARTY, COMMAND_NOTE, "note", false },
	{ BAR_EVENT, COMMAND_OPEN, "the record", false },
	{ BAR_EVENT, COMMAND_HISTORY, "as it stood then", false },
	{ BAR_EVENT, COMMAND_APPROVE, "approve", true },
	{ BAR_EVENT, COMMAND_REJECT, "reject", true },
	{ BAR_EVENT, COMMAND_CORRECTIONS, "corrections", true },
	{ BAR_EVENT, COMMAND_CHOOSE, "tabs", false },
	{ BAR_EVENT, COMMAND_BACK, "back", false },
	{ BAR_EVENT, COMMAND_TIMELINE, "filter", false },
	{ BAR_EVENT, COMMAND_COMPARE, "compare", false },
	{ BAR_EVENT, COMMAND_NOTE, "note", false },
	{ BAR_DOCUMENT, COMMAND_OPEN, "open", false },
	{ BAR_DOCUMENT, COMMAND_ACCEPT_ITEM, "accept", true },
	{ BAR_DOCUMENT, COMMAND_REJECT_ITEM, "reject it", true },
	{ BAR_DOCUMENT, COMMAND_APPROVE, "approve case", true },
	{ BAR_DOCUMENT, COMMAND_REJECT, "reject case", true },
	{ BAR_DOCUMENT, COMMAND_BACK, "back", false },
	{ BAR_DOCUMENT, COMMAND_CORRECTIONS, "corrections", true },
	{ BAR_DOCUMENT, COMMAND_CHOOSE, "tabs", false },
	{ BAR_DOCUMENT, COMMAND_NOTE, "note", false },
	{ BAR_DOCUMENT_REJECTED, COMMAND_CORRECTIONS, "ask for it again", true },
	{ BAR_DOCUMENT_REJECTED, COMMAND_OPEN, "open", false },
	{ BAR_DOCUMENT_REJECTED, COMMAND_ACCEPT_ITEM, "accept", true },
	{ BAR_DOCUMENT_REJECTED, COMMAND_REJECT, "reject case", true },
	{ BAR_DOCUMENT_REJECTED, COMMAND_BACK, "back", false },
	{ BAR_DOCUMENT_REJECTED, COMMAND_CHOOSE, "tabs", false },
	{ BAR_DOCUMENT_REJECTED, COMMAND_NOTE, "note", false },
	{ BAR_PARTIES, COMMAND_PARTY_ADD, "add a party", true },
	{ BAR_PARTIES, COMMAND_APPROVE, "approve", true },
	{ BAR_PARTIES, COMMAND_REJECT, "reject", true },
	{ BAR_PARTIES, COMMAND_CHOOSE, "tabs", false },
	{ BAR_PARTIES, COMMAND_BACK, "back", false },
	{ BAR_PARTIES, COMMAND_NOTE, "note", false },
	{ BAR_PARTY_NO_KYC, COMMAND_PARTY_KYC, "make KYC", true },
	{ BAR_PARTY_NO_KYC, COMMAND_PARTY_ADD, "add", true },
	{ BAR_PARTY_NO_KYC, COMMAND_PARTY_EDIT, "edit", true },
	{ BAR_PARTY_NO_KYC, COMMAND_PARTY_REMOVE, "remove", true },
	{ BAR_PARTY_NO_KYC, COMMAND_APPROVE, "approve case", true },
	{ BAR_PARTY_NO_KYC, COMMAND_BACK, "back", false },
	{ BAR_PARTY_NO_KYC, COMMAND_PARTY_VERIFY, "verified elsewhere", true },
	{ BAR_PARTY_NO_KYC, COMMAND_CHOOSE, "tabs", false },
	{ BAR_PARTY_NO_KYC, COMMAND_CHART, "chart", false },
	/* In the order of BAR_PARTY, so that the bar changes little between parties. */
	{ BAR_PARTY_DONE, COMMAND_OPEN, "its page", false },
	{ BAR_PARTY_DONE, COMMAND_PARTY_ADD, "add", true },
	{ BAR_PARTY_DONE, COMMAND_PARTY_EDIT, "edit", true },
	{ BAR_PARTY_DONE, COMMAND_PARTY_REMOVE, "remove", true },
	{ BAR_PARTY_DONE, COMMAND_APPROVE, "approve case", true },
	{ BAR_PARTY_DONE, COMMAND_BACK, "back", false },
	{ BAR_PARTY_DONE, COMMAND_REJECT, "reject case", true },
	{ BAR_PARTY_DONE, COMMAND_CHOOSE, "tabs", false },
	{ BAR_PARTY_DONE, COMMAND_CHART, "chart", false },
	{ BAR_PARTY, COMMAND_OPEN, "open KYC", false },
	{ BAR_PARTY, COMMAND_PARTY_ADD, "add", true },
	{ BAR_PARTY, COMMAND_PARTY_EDIT, "edit", true },
	{ BAR_PARTY, COMMAND_PARTY_REMOVE, "remove", true },
	{ BAR_PARTY, COMMAND_APPROVE, "approve case", true },
	{ BAR_PARTY, COMMAND_BACK, "back", false },
	{ BAR_PARTY, COMMAND_PARTY_LINK, "link", true },
	{ BAR_PARTY, COMMAND_REJECT, "reject case", true },
	{ BAR_PARTY, COMMAND_CORRECTIONS, "corrections", true },
	{ BAR_PARTY, COMMAND_CHOOSE, "tabs", false },
	{ BAR_PARTY, COMMAND_NOTE, "note", false },
	{ BAR_PARTY, COMMAND_CHART, "chart", false },
	{ BAR_HIT, COMMAND_OPEN, "decide the hit", true },
	{ BAR_HIT, COMMAND_APPROVE, "approve case", true },
	{ BAR_HIT, COMMAND_REJECT, "reject case", true },
	{ BAR_HIT, COMMAND_BACK, "back", false },
	{ BAR_HIT, COMMAND_CORRECTIONS, "corrections", true },
	{ BAR_HIT, COMMAND_CHOOSE, "tabs", false },
	{ BAR_CORRECTION, COMMAND_ACCEPT_ITEM, "accept answer", true },
	{ BAR_CORRECTION, COMMAND_APPROVE, "approve case", true },
	{ BAR_CORRECTION, COMMAND_CORRECTIONS, "ask again", true },
	{ BAR_CORRECTION, COMMAND_BACK, "back", false },
	{ BAR_CORRECTION, COMMAND_CHOOSE, "tabs", false },
	{ BAR_BOARD, COMMAND_BACK, "back", false },
	{ BAR_SANDBOX, COMMAND_OPEN, "open", false },
	{ BAR_SANDBOX, COMMAND_FUND, "fund", false },
	{ BAR_SANDBOX, COMMAND_ORDER_COMPLETE, "complete", false },
	{ BAR_SANDBOX, COMMAND_ORDER_FAIL, "fail", false },
	{ BAR_SANDBOX, COMMAND_ORDER_CANCEL, "cancel", false },
	{ BAR_SANDBOX, COMMAND_BACK, "back", false },
	{ BAR_ACCOUNT, COMMAND_FUND, "fund", false },
	{ BAR_ACCOUNT, COMMAND_OPEN, "open", false },
	{ BAR_ACCOUNT, COMMAND_BACK, "back", false },
	{ BAR_ORDER, COMMAND_ORDER_COMPLETE, "complete", false },
	{ BAR_ORDER, COMMAND_ORDER_FAIL, "fail", false },
	{ BAR_ORDER, COMMAND_ORDER_CANCEL, "cancel", false },
	{ BAR_ORDER, COMMAND_OPEN, "open", false },
	{ BAR_ORDER, COMMAND_BACK, "back", false },
	{ BAR_MERCHANTS, COMMAND_OPEN, "its keys", false },
	{ BAR_MERCHANTS, COMMAND_KEY_ADD, "add a key", false },
	{ BAR_MERCHANTS, COMMAND_PROVIDER_KEY, "a provider's", false },
	{ BAR_MERCHANTS, COMMAND_BACK, "back", false },
	{ BAR_MERCHANT, COMMAND_KEY_ADD, "add", false },
	{ BAR_MERCHANT, COMMAND_PROVIDER_KEY, "add a provider's", false },
	{ BAR_MERCHANT, COMMAND_KEY_ROTATE, "rotate", false },
	{ BAR_MERCHANT, COMMAND_KEY_REVOKE, "revoke", false },
	{ BAR_MERCHANT, COMMAND_BACK, "back", false },
	{ BAR_TEMPLATES, COMMAND_TEMPLATE_EDIT, "edit", false },
	{ BAR_TEMPLATES, COMMAND_TEMPLATE_ADD, "add", false },
	{ BAR_TEMPLATES, COMMAND_TEMPLATE_REMOVE, "remove", false },
	{ BAR_TEMPLATES, COMMAND_BACK, "back", false },
	{ BAR_WEBHOOKS, COMMAND_OPEN, "open", false },
	{ BAR_WEBHOOKS, COMMAND_REPLAY, "send again", false },
	{ BAR_WEBHOOKS, COMMAND_BACK, "back", false },
	{ BAR_WEBHOOK, COMMAND_REPLAY, "send again", false },
	{ BAR_WEBHOOK, COMMAND_OPEN, "open", false },
	{ BAR_WEBHOOK, COMMAND_BACK, "back", false },
	{ BAR_FIGURES, COMMAND_TEAM, "team", false },
	{ BAR_FIGURES, COMMAND_AUDIT, "audit log", false },
	{ BAR_FIGURES, COMMAND_BACK, "back", false },
	{ BAR_TEAM, COMMAND_OPEN, "open", false },
	{ BAR_TEAM, COMMAND_STATS, "figures", false },
	{ BAR_TEAM, COMMAND_BACK, "back", false },
	{ BAR_AUDIT, COMMAND_OPEN, "open", false },
	{ BAR_AUDIT, COMMAND_AUDIT_NARROW, "narrow", false },
	{ BAR_AUDIT, COMMAND_BACK, "back", false },
};

void bar_draw(struct surface *surface, size_t row, const struct bar_state *state)
{
	struct arena arena = ARENA_INIT;
	surface_fill(surface, (struct box){ row, 0, 1, surface->cols }, THEME_FOOTER);
	const char *help = keymap_key(&arena, COMMAND_HELP, state->place);
	size_t help_key = surface_width(surface, help), help_cells = help_key + strlen(" help") + 1;
	size_t end = surface->cols > help_cells + 2 ? surface->cols - help_cells : 0;
	size_t col = 1;
	for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
		const struct bar_entry *entry = &entries[i];
		if (entry->bar != state->bar || !command_allowed(entry->command, state->role, state->readonly))
			continue;
		if ((entry->decides && state->decided) || (entry->command == COMMAND_BACK && !state->back))
			continue;
		const char *key = keymap_key(&arena, entry->command, state->place);
		size_t key_cells = surface_width(surface, key), cells = key_cells + 1 + strlen(entry->label);
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
