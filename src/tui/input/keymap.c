#include "kybdesk/tui/keymap.h"
#include "kybdesk/tui/editor.h"

static const struct binding shipped[] = {
	{ PLACE_PARTIES, PRESS_CHAR, '+', 0, COMMAND_PARTY_ADD, 0 },
	{ PLACE_PARTIES, PRESS_CHAR, 'e', 0, COMMAND_PARTY_EDIT, 0 },
	{ PLACE_PARTIES, PRESS_CHAR, 'd', 0, COMMAND_PARTY_REMOVE, 0 },
	{ PLACE_PARTIES, PRESS_CHAR, 'K', 0, COMMAND_PARTY_KYC, 0 },
	{ PLACE_PARTIES, PRESS_CHAR, 'l', 0, COMMAND_PARTY_LINK, 0 },
	{ PLACE_PARTIES, PRESS_CHAR, 'V', 0, COMMAND_PARTY_VERIFY, 0 },
	{ PLACE_PARTIES | PLACE_CASE, PRESS_CHAR, 't', 0, COMMAND_CHART, 0 },
	{ PLACE_EVERYWHERE, PRESS_CHAR, 'j', 0, COMMAND_DOWN, 0 },
	{ PLACE_EVERYWHERE, PRESS_DOWN, 0, 0, COMMAND_DOWN, 0 },
	{ PLACE_EVERYWHERE, PRESS_CHAR, 'k', 0, COMMAND_UP, 0 },
	{ PLACE_EVERYWHERE, PRESS_UP, 0, 0, COMMAND_UP, 0 },
	{ PLACE_EVERYWHERE, PRESS_PAGE_DOWN, 0, 0, COMMAND_PAGE_DOWN, 0 },
	{ PLACE_EVERYWHERE, PRESS_CTRL, 'f', 0, COMMAND_PAGE_DOWN, 0 },
	{ PLACE_EVERYWHERE, PRESS_PAGE_UP, 0, 0, COMMAND_PAGE_UP, 0 },
	{ PLACE_EVERYWHERE, PRESS_CTRL, 'b', 0, COMMAND_PAGE_UP, 0 },
	{ PLACE_EVERYWHERE, PRESS_CHAR, 'g', 'g', COMMAND_FIRST, 0 },
	{ PLACE_EVERYWHERE, PRESS_HOME, 0, 0, COMMAND_FIRST, 0 },
	{ PLACE_EVERYWHERE, PRESS_CHAR, 'G', 0, COMMAND_LAST, 0 },
	{ PLACE_EVERYWHERE, PRESS_END, 0, 0, COMMAND_LAST, 0 },
	{ PLACE_WORK | PLACE_BOARDS, PRESS_CHAR, 'g', 's', COMMAND_SANDBOX, 0 },
	{ PLACE_WORK | PLACE_BOARDS, PRESS_CHAR, 'g', 'm', COMMAND_MERCHANTS, 0 },
	{ PLACE_WORK | PLACE_BOARDS, PRESS_CHAR, 'g', 'l', COMMAND_TEMPLATES, 0 },
	{ PLACE_WORK | PLACE_BOARDS, PRESS_CHAR, 'g', 'w', COMMAND_WEBHOOKS, 0 },
	{ PLACE_WORK | PLACE_BOARDS, PRESS_CHAR, 'g', 'f', COMMAND_STATS, 0 },
	{ PLACE_WORK | PLACE_BOARDS, PRESS_CHAR, 'g', 'r', COMMAND_TEAM, 0 },
	{ PLACE_WORK | PLACE_BOARDS, PRESS_CHAR, 'g', 'a', COMMAND_AUDIT, 0 },
	{ PLACE_WORK | PLACE_BOARDS, PRESS_CHAR, 'g', 'c', COMMAND_THEME, 0 },
	{ PLACE_AUDIT, PRESS_CHAR, '/', 0, COMMAND_AUDIT_NARROW, 0 },
	{ PLACE_WEBHOOKS, PRESS_CHAR, 'r', 0, COMMAND_REPLAY, 0 },
	{ PLACE_SANDBOX, PRESS_CHAR, 'f', 0, COMMAND_FUND, 0 },
	{ PLACE_SANDBOX, PRESS_CHAR, 'c', 0, COMMAND_ORDER_COMPLETE, 0 },
	{ PLACE_SANDBOX, PRESS_CHAR, 'F', 0, COMMAND_ORDER_FAIL, 0 },
	{ PLACE_SANDBOX, PRESS_CHAR, 'x', 0, COMMAND_ORDER_CANCEL, 0 },
	{ PLACE_MERCHANTS, PRESS_CHAR, '+', 0, COMMAND_KEY_ADD, 0 },
	{ PLACE_MERCHANTS, PRESS_CHAR, 'P', 0, COMMAND_PROVIDER_KEY, 0 },
	{ PLACE_MERCHANTS, PRESS_CHAR, 'r', 0, COMMAND_KEY_ROTATE, 0 },
	{ PLACE_MERCHANTS, PRESS_CHAR, 'd', 0, COMMAND_KEY_REVOKE, 0 },
	{ PLACE_TEMPLATES, PRESS_CHAR, '+', 0, COMMAND_TEMPLATE_ADD, 0 },
	{ PLACE_TEMPLATES, PRESS_CHAR, 'e', 0, COMMAND_TEMPLATE_EDIT, 0 },
	{ PLACE_TEMPLATES, PRESS_CHAR, 'd', 0, COMMAND_TEMPLATE_REMOVE, 0 },
	{ PLACE_REVIEW, PRESS_CHAR, 'h', 0, COMMAND_LEFT, 0 },
	{ PLACE_REVIEW, PRESS_LEFT, 0, 0, COMMAND_LEFT, 0 },
	{ PLACE_REVIEW, PRESS_CHAR, 'l', 0, COMMAND_RIGHT, 0 },
	{ PLACE_REVIEW, PRESS_RIGHT, 0, 0, COMMAND_RIGHT, 0 },
	{ PLACE_PANES, PRESS_TAB, 0, 0, COMMAND_NEXT_PANE, 0 },
	{ PLACE_PANES, PRESS_BACK_TAB, 0, 0, COMMAND_PREVIOUS_PANE, 0 },
	{ PLACE_OPENS, PRESS_ENTER, 0, 0, COMMAND_OPEN, 0 },
	{ PLACE_OPENS, PRESS_CHAR, 'o', 0, COMMAND_OPEN, 0 },
	{ PLACE_CASE | PLACE_VIEWER, PRESS_CHAR, 'O', 0, COMMAND_OPEN_OUTSIDE, 0 },
	{ PLACE_CASE, PRESS_CHAR, 'i', 0, COMMAND_DETAILS, 0 },
	{ PLACE_CASE | PLACE_PAGE, PRESS_CHAR, 'T', 0, COMMAND_HISTORY, 0 },
	{ PLACE_CASE | PLACE_PAGE, PRESS_CHAR, 'D', 0, COMMAND_COMPARE, 0 },
	{ PLACE_CASE, PRESS_CHAR, 'f', 0, COMMAND_TIMELINE, 0 },
	{ PLACE_CLOSES, PRESS_ESCAPE, 0, 0, COMMAND_BACK, 0 },
	{ PLACE_EVERYWHERE, PRESS_CHAR, 'q', 0, COMMAND_QUIT, 0 },
	{ PLACE_WORK, PRESS_CHAR, 'n', 0, COMMAND_NEXT_CASE, 0 },
	{ PLACE_WORK, PRESS_CHAR, 'N', 0, COMMAND_CASE_BEFORE, 0 },
	{ PLACE_WORK, PRESS_CHAR, '/', 0, COMMAND_FILTER, 0 },
	{ PLACE_VIEWER, PRESS_CHAR, '/', 0, COMMAND_SEARCH, 0 },
	{ PLACE_VIEWER, PRESS_CHAR, 'n', 0, COMMAND_MATCH_NEXT, 0 },
	{ PLACE_VIEWER, PRESS_CHAR, 'N', 0, COMMAND_MATCH_PREVIOUS, 0 },
	{ PLACE_CASE | PLACE_VIEWER, PRESS_CHAR, 'F', 0, COMMAND_FORM, 0 },
	{ PLACE_CASE | PLACE_VIEWER, PRESS_CHAR, 'b', 0, COMMAND_BESIDE, 0 },
	{ PLACE_VIEWER, PRESS_CHAR, ' ', 0, COMMAND_TICK, 0 },
	{ PLACE_VIEWER, PRESS_CHAR, '+', 0, COMMAND_ZOOM_IN, 0 },
	{ PLACE_VIEWER, PRESS_CHAR, '-', 0, COMMAND_ZOOM_OUT, 0 },
	{ PLACE_VIEWER, PRESS_CHAR, 'P', 0, COMMAND_PAGE_PICTURE, 0 },
	{ PLACE_INBOX, PRESS_CHAR, 's', 0, COMMAND_SORT, 0 },
	{ PLACE_INBOX, PRESS_CHAR, 'V', 0, COMMAND_VIEW, 0 },
	{ PLACE_INBOX, PRESS_CHAR, 'g', 'd', COMMAND_VIEW_DUE, 0 },
	{ PLACE_INBOX, PRESS_CHAR, 'K', 0, COMMAND_VIEW_KEEP, 0 },
	{ PLACE_INBOX, PRESS_CHAR, 'D', 0, COMMAND_VIEW_FORGET, 0 },
	{ PLACE_INBOX, PRESS_CHAR, ' ', 0, COMMAND_MARK, 0 },
	{ PLACE_INBOX, PRESS_CHAR, 'M', 0, COMMAND_MARK_RANGE, 0 },
	{ PLACE_INBOX, PRESS_CHAR, '*', 0, COMMAND_MARK_ALL, 0 },
	{ PLACE_INBOX, PRESS_CHAR, '\\', 0, COMMAND_UNMARK, 0 },
	{ PLACE_INBOX, PRESS_CHAR, 'B', 0, COMMAND_BULK, 0 },
	{ PLACE_REVIEW, PRESS_CHAR, 'a', 0, COMMAND_APPROVE, 0 },
	{ PLACE_REVIEW, PRESS_CHAR, 'r', 0, COMMAND_REJECT, 0 },
	{ PLACE_REVIEW, PRESS_CHAR, 'x', 0, COMMAND_CORRECTIONS, 0 },
	{ PLACE_WORK, PRESS_CHAR, 'u', 0, COMMAND_UNDO, 0 },
	{ PLACE_WORK, PRESS_CHAR, 'U', 0, COMMAND_UNDO_LIST, 0 },
	{ PLACE_WORK, PRESS_CHAR, 'v', 0, COMMAND_MORE, 0 },
	{ PLACE_CASE | PLACE_VIEWER, PRESS_CHAR, 'A', 0, COMMAND_ACCEPT_ITEM, 0 },
	{ PLACE_CASE | PLACE_VIEWER, PRESS_CHAR, 'X', 0, COMMAND_REJECT_ITEM, 0 },
	{ PLACE_WORK, PRESS_CHAR, 'c', 0, COMMAND_CLAIM, 0 },
	{ PLACE_REVIEW | PLACE_PAGE, PRESS_CHAR, 'm', 0, COMMAND_NOTE, 0 },
	{ PLACE_CASE | PLACE_PAGE, PRESS_CHAR, 'p', 0, COMMAND_NOTE_PIN, 0 },
	{ PLACE_CASE, PRESS_CHAR, '@', 0, COMMAND_NOTE_READ, 0 },
	{ PLACE_WORK, PRESS_CHAR, 'z', 0, COMMAND_SNOOZE, 0 },
	{ PLACE_CASE | PLACE_PAGE | PLACE_VIEWER, PRESS_CHAR, 'R', 0, COMMAND_REVEAL, 0 },
	{ PLACE_WORK, PRESS_CHAR, 'y', 0, COMMAND_COPY, 0 },
	{ PLACE_EVERYWHERE, PRESS_CHAR, ':', 0, COMMAND_PALETTE, 0 },
	{ PLACE_EVERYWHERE, PRESS_CHAR, '?', 0, COMMAND_HELP, 0 },
	{ PLACE_EVERYWHERE, PRESS_CTRL, 'l', 0, COMMAND_REDRAW, 0 },
	{ PLACE_EVERYWHERE, PRESS_CTRL, 'z', 0, COMMAND_SUSPEND, 0 },
};
#define SHIPPED_COUNT (sizeof shipped / sizeof shipped[0])
/* The only table of keys, so that the displayed keys are always the keys in use. */
static struct {
	const struct binding *items;
	size_t count;
} table = { shipped, SHIPPED_COUNT };

const char *command_group_title(enum command_group group)
{
	static const char *const titles[COMMAND_GROUP_COUNT] = {
		[GROUP_MOVE] = "Moving",
		[GROUP_LOOK] = "Viewing",
		[GROUP_DECIDE] = "Deciding",
		[GROUP_CASE] = "Working on a case",
		[GROUP_PARTIES] = "In the parties tab",
		[GROUP_MORE] = "By name, or in the menu \"more\"",
		[GROUP_BOARDS] = "Screens of the desk",
		[GROUP_PROGRAM] = "The program",
	};
	return titles[group];
}

const struct binding *keymap_bindings(size_t *count)
{
	*count = table.count;
	return table.items;
}

const struct binding *keymap_shipped(size_t *count)
{
	*count = SHIPPED_COUNT;
	return shipped;
}

void keymap_use(const struct binding *bindings, size_t count)
{
	table.items = bindings ? bindings : shipped;
	table.count = bindings ? count : SHIPPED_COUNT;
}

unsigned keymap_places(enum command command)
{
	unsigned places = 0;
	if (command == COMMAND_NONE || command == COMMAND_CHOOSE)
		return 0;
	for (size_t i = 0; i < SHIPPED_COUNT; i++)
		places |= shipped[i].command == command ? shipped[i].places : 0;
	return places ? places : command_spec(command)->where;
}

static bool is_lettered(enum press press)
{
	return press == PRESS_CHAR || press == PRESS_CTRL;
}

/* Finds the second character of a pair. */
static const struct binding *find_second(const struct key *key, unsigned places, uint32_t first)
{
	for (size_t i = 0; first && key->press == PRESS_CHAR && i < table.count; i++)
		if (table.items[i].places & places && table.items[i].then == key->ch &&
		    table.items[i].letter == first)
			return &table.items[i];
	return NULL;
}

enum command keymap_find(const struct key *key, unsigned places, uint32_t *pending, size_t *digit)
{
	const struct binding *second = find_second(key, places, *pending);
	*pending = 0;
	if (second && second->own)
		*digit = second->own;
	if (second)
		return second->command;
	if (key->press == PRESS_CHAR && key->ch >= '1' && key->ch <= '9' && (places & PLACE_REVIEW)) {
		*digit = key->ch - '0';
		return COMMAND_CHOOSE;
	}
	for (size_t i = 0; i < table.count; i++) {
		const struct binding *binding = &table.items[i];
		if (!(binding->places & places) || binding->press != key->press ||
		    (is_lettered(key->press) && key->ch != binding->letter))
			continue;
		if (!binding->then && binding->own)
			*digit = binding->own;
		if (!binding->then)
			return binding->command;
		*pending = binding->letter;
		return COMMAND_NONE;
	}
	return COMMAND_NONE;
}

/* "": a press that is not a key by itself. */
static const char *press_name(enum press press)
{
	static const char *const names[] = {
		[PRESS_ENTER] = "Enter",	[PRESS_ESCAPE] = "Esc",	    [PRESS_TAB] = "Tab",
		[PRESS_BACK_TAB] = "Shift-Tab", [PRESS_UP] = "Up",	    [PRESS_BACKSPACE] = "Backspace",
		[PRESS_DELETE] = "Delete",	[PRESS_DOWN] = "Down",	    [PRESS_LEFT] = "Left",
		[PRESS_RIGHT] = "Right",	[PRESS_HOME] = "Home",	    [PRESS_END] = "End",
		[PRESS_PAGE_UP] = "PgUp",	[PRESS_PAGE_DOWN] = "PgDn",
	};
	return (size_t)press < sizeof names / sizeof names[0] && names[press] ? names[press] : "";
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

static char *letter_name(struct arena *arena, uint32_t letter)
{
	char bytes[4];
	return letter == ' ' ? arena_strdup(arena, "Space")
			     : arena_strndup(arena, bytes, utf8_encode(letter, bytes));
}

static const char *leader_of(unsigned places)
{
	return places & PLACE_LED ? LEADER_NAME " " : "";
}

static char *binding_name(struct arena *arena, const struct binding *binding, unsigned places)
{
	const char *leader = leader_of(places);
	if (binding->press == PRESS_CTRL)
		return arena_printf(arena, "Ctrl-%c", (int)binding->letter - 'a' + 'A');
	if (binding->press == PRESS_CHAR && binding->then)
		return arena_printf(arena, "%s%s %s%s", leader, letter_name(arena, binding->letter), leader,
				    letter_name(arena, binding->then));
	if (binding->press == PRESS_CHAR)
		return arena_printf(arena, "%s%s", leader, letter_name(arena, binding->letter));
	return arena_strdup(arena, press_name(binding->press));
}

char *binding_text(struct arena *arena, const struct binding *binding)
{
	return binding_name(arena, binding, 0);
}

/* If characters need the leader, keys without it come first. */
static char *keys_of(struct arena *arena, enum command command, unsigned places, bool all)
{
	const char *digits = places & PLACE_CASE && !(places & PLACE_INBOX) ? "1-7" : "1-9";
	char *keys = command == COMMAND_CHOOSE ? arena_printf(arena, "%s%s", leader_of(places), digits)
					       : arena_strdup(arena, "");
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < table.count; i++) {
			const struct binding *binding = &table.items[i];
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

char *keymap_text(struct arena *arena, enum command command)
{
	char *key = keymap_key(arena, command, PLACE_EVERYWHERE);
	return key[0] ? key : arena_printf(arena, ":%s", command_spec(command)->name);
}
