#include "kybdesk/tui/keymap.h"

#include <string.h>

#define WORK_PLACES (PLACE_INBOX | PLACE_CASE)
#define PANES (WORK_PLACES | PLACE_PAPER | PLACE_PAGE | PLACE_LIST)
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
	{ PANES, PRESS_TAB, 0, false, COMMAND_NEXT_PANE },
	{ PANES, PRESS_BACK_TAB, 0, false, COMMAND_PREVIOUS_PANE },
	{ WORK_PLACES | PLACE_PAGE | PLACE_LIST, PRESS_ENTER, 0, false, COMMAND_OPEN },
	{ WORK_PLACES | PLACE_PAGE | PLACE_LIST, PRESS_CHAR, 'o', false, COMMAND_OPEN },
	{ PLACE_CASE, PRESS_CHAR, 'i', false, COMMAND_DETAILS },
	{ PLACE_CASE | PLACE_PAGE, PRESS_CHAR, 'T', false, COMMAND_PAST },
	{ PLACE_CASE | PLACE_HELP | PLACE_PAPER | PLACE_PAGE | PLACE_LIST, PRESS_ESCAPE, 0, false, COMMAND_BACK },
	{ PLACE_EVERYWHERE, PRESS_CHAR, 'q', false, COMMAND_QUIT },
	{ WORK_PLACES, PRESS_CHAR, 'n', false, COMMAND_NEXT_CASE },
	{ WORK_PLACES, PRESS_CHAR, 'N', false, COMMAND_CASE_BEFORE },
	{ WORK_PLACES, PRESS_CHAR, '/', false, COMMAND_FILTER },
	{ PLACE_PAPER, PRESS_CHAR, '/', false, COMMAND_SEARCH },
	{ PLACE_PAPER, PRESS_CHAR, 'n', false, COMMAND_MATCH_NEXT },
	{ PLACE_PAPER, PRESS_CHAR, 'N', false, COMMAND_MATCH_PREVIOUS },
	{ PLACE_INBOX, PRESS_CHAR, 's', false, COMMAND_SORT },
	{ PLACE_INBOX, PRESS_CHAR, 'V', false, COMMAND_VIEW },
	{ PLACE_INBOX, PRESS_CHAR, 'K', false, COMMAND_VIEW_KEEP },
	{ PLACE_INBOX, PRESS_CHAR, 'D', false, COMMAND_VIEW_FORGET },
	{ PLACE_INBOX, PRESS_CHAR, ' ', false, COMMAND_MARK },
	{ PLACE_INBOX, PRESS_CHAR, 'M', false, COMMAND_MARK_RANGE },
	{ PLACE_INBOX, PRESS_CHAR, '*', false, COMMAND_MARK_ALL },
	{ PLACE_INBOX, PRESS_CHAR, '\\', false, COMMAND_UNMARK },
	{ PLACE_INBOX, PRESS_CHAR, 'B', false, COMMAND_BULK },
	{ WORK_PLACES, PRESS_CHAR, 'a', false, COMMAND_APPROVE },
	{ WORK_PLACES, PRESS_CHAR, 'r', false, COMMAND_REJECT },
	{ WORK_PLACES, PRESS_CHAR, 'x', false, COMMAND_CORRECTIONS },
	{ WORK_PLACES, PRESS_CHAR, 'u', false, COMMAND_UNDO },
	{ WORK_PLACES, PRESS_CHAR, 'U', false, COMMAND_UNDO_LIST },
	{ WORK_PLACES, PRESS_CHAR, 'v', false, COMMAND_MORE },
	{ PLACE_CASE | PLACE_PAPER, PRESS_CHAR, 'A', false, COMMAND_ACCEPT_ITEM },
	{ PLACE_CASE | PLACE_PAPER, PRESS_CHAR, 'X', false, COMMAND_REJECT_ITEM },
	{ WORK_PLACES, PRESS_CHAR, 'c', false, COMMAND_CLAIM },
	{ WORK_PLACES | PLACE_PAPER | PLACE_PAGE, PRESS_CHAR, 'm', false, COMMAND_NOTE },
	{ WORK_PLACES, PRESS_CHAR, 'z', false, COMMAND_SNOOZE },
	{ PLACE_CASE | PLACE_PAGE, PRESS_CHAR, 'R', false, COMMAND_REVEAL },
	{ WORK_PLACES, PRESS_CHAR, 'y', false, COMMAND_COPY },
	{ PLACE_EVERYWHERE, PRESS_CHAR, ':', false, COMMAND_PALETTE },
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
	case GROUP_MORE:
		return "By name only, or among what v offers";
	case GROUP_PROGRAM:
		return "The program";
	}
	return "";
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
	if (binding->press == PRESS_CHAR && binding->letter == ' ')
		return arena_printf(arena, "%sSpace", leader);
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
