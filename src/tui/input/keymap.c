#include "kybdesk/tui/keymap.h"

#include <string.h>

static const struct command_spec specs[COMMAND_COUNT] = {
	[COMMAND_NONE] = { "none", "", GROUP_PROGRAM, ROLE_VIEWER, false },
	[COMMAND_DOWN] = { "down", "one row down", GROUP_MOVE, ROLE_VIEWER, false },
	[COMMAND_UP] = { "up", "one row up", GROUP_MOVE, ROLE_VIEWER, false },
	[COMMAND_PAGE_DOWN] = { "page-down", "one page down", GROUP_MOVE, ROLE_VIEWER, false },
	[COMMAND_PAGE_UP] = { "page-up", "one page up", GROUP_MOVE, ROLE_VIEWER, false },
	[COMMAND_FIRST] = { "first", "the first row", GROUP_MOVE, ROLE_VIEWER, false },
	[COMMAND_LAST] = { "last", "the last row", GROUP_MOVE, ROLE_VIEWER, false },
	[COMMAND_LEFT] = { "left", "the inbox or tab to the left", GROUP_MOVE, ROLE_VIEWER, false },
	[COMMAND_RIGHT] = { "right", "the inbox or tab to the right", GROUP_MOVE, ROLE_VIEWER, false },
	[COMMAND_NEXT_PANE] = { "next-pane", "the next part of the screen", GROUP_MOVE, ROLE_VIEWER, false },
	[COMMAND_PREVIOUS_PANE] = { "previous-pane", "the part of the screen before", GROUP_MOVE, ROLE_VIEWER,
				    false },
	[COMMAND_CHOOSE] = { "choose", "the inbox or tab of that number", GROUP_MOVE, ROLE_VIEWER, false },
	[COMMAND_OPEN] = { "open", "open a case, document, KYC or hit; go to what blocks", GROUP_LOOK, ROLE_VIEWER,
			   false },
	[COMMAND_BACK] = { "back", "close one thing, go back one screen", GROUP_LOOK, ROLE_VIEWER, false },
	[COMMAND_QUIT] = { "quit", "go back; on the first screen: end the program", GROUP_PROGRAM, ROLE_VIEWER,
			   false },
	[COMMAND_NEXT_CASE] = { "next", "the next case: yours first, then a free one, claimed", GROUP_LOOK,
				ROLE_VIEWER, false },
	[COMMAND_CASE_BEFORE] = { "before", "back to the case that n came from", GROUP_LOOK, ROLE_VIEWER, false },
	[COMMAND_FILTER] = { "filter", "narrow the list: words, key:value; empty shows all", GROUP_LOOK,
			     ROLE_VIEWER, false },
	[COMMAND_SEARCH] = { "find", "look for words in the open document", GROUP_LOOK, ROLE_VIEWER, false },
	[COMMAND_MATCH_NEXT] = { "find-next", "the next place of what was looked for", GROUP_LOOK, ROLE_VIEWER,
				 false },
	[COMMAND_MATCH_PREVIOUS] = { "find-previous", "the place before", GROUP_LOOK, ROLE_VIEWER, false },
	[COMMAND_SORT] = { "sort", "sort by due, updated, risk, name in turn", GROUP_LOOK, ROLE_VIEWER, false },
	[COMMAND_APPROVE] = { "approve", "open the dialog to approve, with all conditions", GROUP_DECIDE,
			      ROLE_REVIEWER, true },
	[COMMAND_REJECT] = { "reject", "open the dialog to reject, with a reason", GROUP_DECIDE, ROLE_REVIEWER,
			     true },
	[COMMAND_CORRECTIONS] = { "corrections", "open the dialog to ask for corrections", GROUP_DECIDE,
				  ROLE_REVIEWER, true },
	[COMMAND_UNDO] = { "undo", "take back your last decision while its time runs", GROUP_DECIDE, ROLE_REVIEWER,
			   true },
	[COMMAND_UNDO_LIST] = { "undo-list", "what can still be taken back, to choose from", GROUP_DECIDE,
				ROLE_REVIEWER, true },
	[COMMAND_MORE] = { "more", "reopen, withdraw, reactivate, process, confirm and others", GROUP_DECIDE,
			   ROLE_REVIEWER, true },
	[COMMAND_ACCEPT_ITEM] = { "accept-item", "accept the document or answered correction here", GROUP_CASE,
				  ROLE_REVIEWER, true },
	[COMMAND_REJECT_ITEM] = { "reject-item", "reject the document here, with a reason", GROUP_CASE,
				  ROLE_REVIEWER, true },
	[COMMAND_CLAIM] = { "claim", "claim the case, or release it when you hold it", GROUP_CASE, ROLE_REVIEWER,
			    true },
	[COMMAND_NOTE] = { "note", "write an internal note on the case", GROUP_CASE, ROLE_REVIEWER, true },
	[COMMAND_SNOOZE] = { "snooze", "out of the queue until a day, with a reason; or wake it", GROUP_CASE,
			     ROLE_REVIEWER, true },
	[COMMAND_PARTY_ADD] = { "add-party", "declare a party", GROUP_PARTIES, ROLE_REVIEWER, true },
	[COMMAND_PARTY_EDIT] = { "edit-party", "change the party here", GROUP_PARTIES, ROLE_REVIEWER, true },
	[COMMAND_PARTY_REMOVE] = { "remove-party", "remove the party here; it is kept, and counts for nothing",
				   GROUP_PARTIES, ROLE_REVIEWER, true },
	[COMMAND_PARTY_KYC] = { "make-kyc", "make the KYC session of the party here", GROUP_PARTIES, ROLE_REVIEWER,
				true },
	[COMMAND_PARTY_LINK] = { "link", "new access link of its KYC, or a longer one", GROUP_PARTIES,
				 ROLE_REVIEWER, true },
	[COMMAND_PARTY_VERIFY] = { "verify-elsewhere", "the party here was verified elsewhere, or was not",
				   GROUP_PARTIES, ROLE_LEAD, true },
	[COMMAND_REVEAL] = { "reveal", "show masked personal data; this is recorded", GROUP_CASE, ROLE_REVIEWER,
			     true },
	[COMMAND_COPY] = { "copy", "copy the case's id to the clipboard", GROUP_CASE, ROLE_VIEWER, false },
	[COMMAND_HELP] = { "help", "every key", GROUP_PROGRAM, ROLE_VIEWER, false },
	[COMMAND_REDRAW] = { "redraw", "draw the whole screen again", GROUP_PROGRAM, ROLE_VIEWER, false },
	[COMMAND_SUSPEND] = { "suspend", "suspend the program; fg brings it back", GROUP_PROGRAM, ROLE_VIEWER,
			      false },
};

#define WORK_PLACES (PLACE_INBOX | PLACE_CASE)
static const struct binding bindings[] = {
	{ PLACE_PARTIES, PRESS_CHAR, '+', false, COMMAND_PARTY_ADD },
	{ PLACE_PARTIES, PRESS_CHAR, 'e', false, COMMAND_PARTY_EDIT },
	{ PLACE_PARTIES, PRESS_CHAR, 'd', false, COMMAND_PARTY_REMOVE },
	{ PLACE_PARTIES, PRESS_CHAR, 'K', false, COMMAND_PARTY_KYC },
	{ PLACE_PARTIES, PRESS_CHAR, 'l', false, COMMAND_PARTY_LINK },
	{ PLACE_PARTIES, PRESS_CHAR, 'V', false, COMMAND_PARTY_VERIFY },
	{ PLACE_EVERYWHERE, PRESS_CHAR, 'j', false, COMMAND_DOWN },
	{ PLACE_EVERYWHERE, PRESS_DOWN, 0, false, COMMAND_DOWN },
	{ PLACE_EVERYWHERE, PRESS_CHAR, 'k', false, COMMAND_UP },
	{ PLACE_EVERYWHERE, PRESS_UP, 0, false, COMMAND_UP },
	{ PLACE_EVERYWHERE, PRESS_PAGE_DOWN, 0, false, COMMAND_PAGE_DOWN },
	{ PLACE_EVERYWHERE, PRESS_CTRL, 'f', false, COMMAND_PAGE_DOWN },
	{ PLACE_EVERYWHERE, PRESS_PAGE_UP, 0, false, COMMAND_PAGE_UP },
	{ PLACE_EVERYWHERE, PRESS_CTRL, 'b', false, COMMAND_PAGE_UP },
	{ PLACE_EVERYWHERE, PRESS_CHAR, 'g', true, COMMAND_FIRST },
	{ PLACE_EVERYWHERE, PRESS_HOME, 0, false, COMMAND_FIRST },
	{ PLACE_EVERYWHERE, PRESS_CHAR, 'G', false, COMMAND_LAST },
	{ PLACE_EVERYWHERE, PRESS_END, 0, false, COMMAND_LAST },
	{ WORK_PLACES, PRESS_CHAR, 'h', false, COMMAND_LEFT },
	{ WORK_PLACES, PRESS_LEFT, 0, false, COMMAND_LEFT },
	{ WORK_PLACES, PRESS_CHAR, 'l', false, COMMAND_RIGHT },
	{ WORK_PLACES, PRESS_RIGHT, 0, false, COMMAND_RIGHT },
	{ WORK_PLACES, PRESS_TAB, 0, false, COMMAND_NEXT_PANE },
	{ WORK_PLACES, PRESS_BACK_TAB, 0, false, COMMAND_PREVIOUS_PANE },
	{ WORK_PLACES, PRESS_ENTER, 0, false, COMMAND_OPEN },
	{ WORK_PLACES, PRESS_CHAR, 'o', false, COMMAND_OPEN },
	{ PLACE_CASE | PLACE_HELP | PLACE_PAPER, PRESS_ESCAPE, 0, false, COMMAND_BACK },
	{ PLACE_EVERYWHERE, PRESS_CHAR, 'q', false, COMMAND_QUIT },
	{ WORK_PLACES, PRESS_CHAR, 'n', false, COMMAND_NEXT_CASE },
	{ WORK_PLACES, PRESS_CHAR, 'N', false, COMMAND_CASE_BEFORE },
	{ PLACE_INBOX, PRESS_CHAR, '/', false, COMMAND_FILTER },
	{ PLACE_PAPER, PRESS_CHAR, '/', false, COMMAND_SEARCH },
	{ PLACE_PAPER, PRESS_CHAR, 'n', false, COMMAND_MATCH_NEXT },
	{ PLACE_PAPER, PRESS_CHAR, 'N', false, COMMAND_MATCH_PREVIOUS },
	{ PLACE_INBOX, PRESS_CHAR, 's', false, COMMAND_SORT },
	{ WORK_PLACES, PRESS_CHAR, 'a', false, COMMAND_APPROVE },
	{ WORK_PLACES, PRESS_CHAR, 'r', false, COMMAND_REJECT },
	{ WORK_PLACES, PRESS_CHAR, 'x', false, COMMAND_CORRECTIONS },
	{ WORK_PLACES, PRESS_CHAR, 'u', false, COMMAND_UNDO },
	{ WORK_PLACES, PRESS_CHAR, 'U', false, COMMAND_UNDO_LIST },
	{ WORK_PLACES, PRESS_CHAR, 'v', false, COMMAND_MORE },
	{ PLACE_CASE | PLACE_PAPER, PRESS_CHAR, 'A', false, COMMAND_ACCEPT_ITEM },
	{ PLACE_CASE | PLACE_PAPER, PRESS_CHAR, 'X', false, COMMAND_REJECT_ITEM },
	{ WORK_PLACES, PRESS_CHAR, 'c', false, COMMAND_CLAIM },
	{ WORK_PLACES | PLACE_PAPER, PRESS_CHAR, 'm', false, COMMAND_NOTE },
	{ WORK_PLACES, PRESS_CHAR, 'z', false, COMMAND_SNOOZE },
	{ PLACE_CASE, PRESS_CHAR, 'R', false, COMMAND_REVEAL },
	{ WORK_PLACES, PRESS_CHAR, 'y', false, COMMAND_COPY },
	{ PLACE_EVERYWHERE, PRESS_CHAR, '?', false, COMMAND_HELP },
	{ PLACE_EVERYWHERE, PRESS_CTRL, 'l', false, COMMAND_REDRAW },
	{ PLACE_EVERYWHERE, PRESS_CTRL, 'z', false, COMMAND_SUSPEND },
};
#define BINDING_COUNT (sizeof bindings / sizeof bindings[0])

const char *command_group_title(enum command_group group)
{
	switch (group) {
	case GROUP_MOVE:
		return "Moving";
	case GROUP_LOOK:
		return "Looking";
	case GROUP_DECIDE:
		return "Deciding";
	case GROUP_CASE:
		return "Working on a case";
	case GROUP_PARTIES:
		return "In the tab of parties";
	case GROUP_PROGRAM:
		return "The program";
	}
	return "";
}

const struct command_spec *command_spec(enum command command)
{
	if ((size_t)command >= COMMAND_COUNT)
		BUG("%u is no command", (unsigned)command);
	return &specs[command];
}

bool command_allowed(enum command command, enum role role, bool readonly)
{
	const struct command_spec *spec = command_spec(command);
	return role_at_least(role, spec->needs) && !(readonly && spec->changes);
}

const struct binding *keymap_bindings(size_t *count)
{
	*count = BINDING_COUNT;
	return bindings;
}

enum command keymap_find(const struct key *key, unsigned places, char *pending, size_t *digit)
{
	char first = *pending;
	*pending = '\0';
	if (key->press == PRESS_CHAR && key->ch >= '1' && key->ch <= '9' && (places & WORK_PLACES)) {
		*digit = key->ch - '0';
		return COMMAND_CHOOSE;
	}
	for (size_t i = 0; i < BINDING_COUNT; i++) {
		const struct binding *binding = &bindings[i];
		if (!(binding->places & places) || binding->press != key->press)
			continue;
		bool lettered = key->press == PRESS_CHAR || key->press == PRESS_CTRL;
		if (lettered && key->ch != (uint32_t)binding->letter)
			continue;
		if (!binding->twice || first == binding->letter)
			return binding->command;
		*pending = binding->letter;
		return COMMAND_NONE;
	}
	return COMMAND_NONE;
}

static const char *press_name(enum press press)
{
	switch (press) {
	case PRESS_ENTER:
		return "Enter";
	case PRESS_ESCAPE:
		return "Esc";
	case PRESS_TAB:
		return "Tab";
	case PRESS_BACK_TAB:
		return "Shift-Tab";
	case PRESS_BACKSPACE:
		return "Backspace";
	case PRESS_DELETE:
		return "Delete";
	case PRESS_UP:
		return "Up";
	case PRESS_DOWN:
		return "Down";
	case PRESS_LEFT:
		return "Left";
	case PRESS_RIGHT:
		return "Right";
	case PRESS_HOME:
		return "Home";
	case PRESS_END:
		return "End";
	case PRESS_PAGE_UP:
		return "PgUp";
	case PRESS_PAGE_DOWN:
		return "PgDn";
	case PRESS_NONE:
	case PRESS_CHAR:
	case PRESS_CTRL:
	case PRESS_PASTE:
	case PRESS_CLICK:
	case PRESS_WHEEL_UP:
	case PRESS_WHEEL_DOWN:
	case PRESS_UNESCAPE:
	case PRESS_REPORT:
		return "";
	}
	return "";
}

enum led keymap_lead(const struct key *key, bool single_keys, bool typing, bool *waiting)
{
	bool led = *waiting;
	*waiting = false;
	if (single_keys || typing)
		return LED_PASS;
	if (key->press == PRESS_CTRL && key->ch == LEADER_LETTER) {
		*waiting = true;
		return LED_WAITING;
	}
	return key->press == PRESS_CHAR && !led ? LED_REFUSED : LED_PASS;
}

static char *binding_name(struct arena *arena, const struct binding *binding, unsigned places)
{
	const char *leader = places & PLACE_LED ? LEADER_NAME " " : "";
	if (binding->press == PRESS_CTRL)
		return arena_printf(arena, "Ctrl-%c", binding->letter - 'a' + 'A');
	if (binding->press == PRESS_CHAR && binding->twice)
		return arena_printf(arena, "%s%c %s%c", leader, binding->letter, leader, binding->letter);
	if (binding->press == PRESS_CHAR)
		return arena_printf(arena, "%s%c", leader, binding->letter);
	return arena_strdup(arena, press_name(binding->press));
}

static char *digits_name(struct arena *arena, unsigned places)
{
	return arena_printf(arena, "%s%s", places & PLACE_LED ? LEADER_NAME " " : "",
			    places & PLACE_INBOX ? "1-9" : "1-7");
}

/* Where characters need the leader, the keys that need none come first. */
static char *keys_of(struct arena *arena, enum command command, unsigned places, bool all)
{
	char *keys = command == COMMAND_CHOOSE ? digits_name(arena, places) : arena_strdup(arena, "");
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < BINDING_COUNT; i++) {
			const struct binding *binding = &bindings[i];
			bool late = places & PLACE_LED && binding->press == PRESS_CHAR;
			if (binding->command != command || !(binding->places & places) || late != (round == 1))
				continue;
			const char *name = binding_name(arena, binding, places);
			keys = keys[0] ? arena_printf(arena, "%s, %s", keys, name) : arena_strdup(arena, name);
			if (!all)
				return keys;
		}
	}
	return keys;
}

char *keymap_keys(struct arena *arena, enum command command, unsigned places)
{
	return keys_of(arena, command, places, true);
}

char *keymap_key(struct arena *arena, enum command command, unsigned places)
{
	return keys_of(arena, command, places, false);
}
