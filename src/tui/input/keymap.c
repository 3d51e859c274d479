#include "input/keymap.h"
#include "model/editor.h"

/* clang-format off */
static const struct binding shipped[] = {
#define MEMBERS(press, letter, next_letter) press, letter, next_letter
#define ACTION(command, key, name, help, group, where, ...) { where, MEMBERS key, COMMAND_##command, 0 },
#define UNBOUND(...)
#include "input/actions.h"
	/* second keys */
	{ PLACE_EVERYWHERE, PRESS_DOWN, 0, 0, COMMAND_DOWN, 0 },
	{ PLACE_EVERYWHERE, PRESS_UP, 0, 0, COMMAND_UP, 0 },
	{ PLACE_EVERYWHERE, PRESS_CTRL, 'f', 0, COMMAND_PAGE_DOWN, 0 },
	{ PLACE_EVERYWHERE, PRESS_CTRL, 'b', 0, COMMAND_PAGE_UP, 0 },
	{ PLACE_EVERYWHERE, PRESS_HOME, 0, 0, COMMAND_FIRST, 0 },
	{ PLACE_EVERYWHERE, PRESS_END, 0, 0, COMMAND_LAST, 0 },
	{ PLACE_REVIEW, PRESS_LEFT, 0, 0, COMMAND_LEFT, 0 },
	{ PLACE_REVIEW, PRESS_RIGHT, 0, 0, COMMAND_RIGHT, 0 },
	{ PLACE_OPENS, PRESS_CHAR, 'o', 0, COMMAND_OPEN, 0 },
};
/* clang-format on */
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

const struct binding *keymap_defaults(size_t *count)
{
	*count = SHIPPED_COUNT;
	return shipped;
}

void keymap_activate(const struct binding *bindings, size_t count)
{
	table.items = bindings ? bindings : shipped;
	table.count = bindings ? count : SHIPPED_COUNT;
}

unsigned keymap_contexts(enum command command)
{
	return command == COMMAND_NONE || command == COMMAND_CHOOSE ? 0 : command_spec(command)->contexts;
}

/* Finds the binding of a key, or of the pair of `first` and the key if `first` is not 0. NULL: none. */
static const struct binding *find(const struct key *key, unsigned contexts, uint32_t first)
{
	const struct binding *found = NULL;
	for (size_t i = 0; i < table.count; i++) {
		const struct binding *binding = &table.items[i];
		bool pressed =
			first ? key->press == PRESS_CHAR && binding->next_letter == key->ch && binding->letter == first
			      : binding->press == key->press &&
					(!(key->press == PRESS_CHAR || key->press == PRESS_CTRL) ||
					 key->ch == binding->letter);
		if (pressed && binding->contexts & contexts && (!found || binding->contexts == PLACE_PARTIES))
			found = binding;
	}
	return found;
}

enum command keymap_lookup(const struct key *key, unsigned contexts, uint32_t *pending, size_t *digit)
{
	const struct binding *binding = *pending ? find(key, contexts, *pending) : NULL;
	*pending = 0;
	if (!binding && key->press == PRESS_CHAR && key->ch >= '1' && key->ch <= '9' && (contexts & PLACE_REVIEW)) {
		*digit = key->ch - '0';
		return COMMAND_CHOOSE;
	}
	if (!binding && (binding = find(key, contexts, 0)) && binding->next_letter) {
		*pending = binding->letter;
		return COMMAND_NONE;
	}
	if (binding && binding->own_command_number)
		*digit = binding->own_command_number;
	return binding ? binding->command : COMMAND_NONE;
}

/* The name of a key without a character, like "Enter"; "": the press has no name. */
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

enum leader_result keymap_apply_leader(const struct key *key, bool single_keys, bool typing, bool *waiting)
{
	bool was_waiting = *waiting;
	*waiting = false;
	if (single_keys || typing)
		return LEADER_NONE;
	if (key->press == PRESS_CTRL && key->ch == LEADER_LETTER) {
		*waiting = true;
		return LEADER_WAITING;
	}
	return key->press == PRESS_CHAR && !was_waiting ? LEADER_REFUSED : LEADER_NONE;
}

static char *letter_name(struct arena *arena, uint32_t letter)
{
	char bytes[4];
	return letter == ' ' ? arena_strdup(arena, "Space") : arena_strndup(arena, bytes, utf8_encode(letter, bytes));
}

static const char *leader_prefix(unsigned contexts)
{
	return contexts & PLACE_LEADER ? LEADER_NAME " " : "";
}

static char *binding_name(struct arena *arena, const struct binding *binding, unsigned contexts)
{
	const char *leader = leader_prefix(contexts);
	if (binding->press == PRESS_CTRL)
		return arena_printf(arena, "Ctrl-%c", (int)binding->letter - 'a' + 'A');
	if (binding->press == PRESS_CHAR && binding->next_letter)
		return arena_printf(arena, "%s%s %s%s", leader, letter_name(arena, binding->letter), leader,
				    letter_name(arena, binding->next_letter));
	if (binding->press == PRESS_CHAR)
		return arena_printf(arena, "%s%s", leader, letter_name(arena, binding->letter));
	return arena_strdup(arena, press_name(binding->press));
}

char *binding_text(struct arena *arena, const struct binding *binding)
{
	return binding_name(arena, binding, 0);
}

/* If the contexts include PLACE_LEADER, the keys that work without the leader key come first. */
static char *list_keys(struct arena *arena, enum command command, unsigned contexts, bool all)
{
	const char *digits = contexts & PLACE_CASE && !(contexts & PLACE_INBOX) ? "1-7" : "1-9";
	char *keys = command == COMMAND_CHOOSE ? arena_printf(arena, "%s%s", leader_prefix(contexts), digits)
					       : arena_strdup(arena, "");
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < table.count; i++) {
			const struct binding *binding = &table.items[i];
			bool late = contexts & PLACE_LEADER && binding->press == PRESS_CHAR;
			if (binding->command != command || !(binding->contexts & contexts) || late != (round == 1))
				continue;
			const char *name = binding_name(arena, binding, contexts);
			keys = keys[0] ? arena_printf(arena, "%s, %s", keys, name) : arena_strdup(arena, name);
			if (!all)
				return keys;
		}
	}
	return keys;
}

char *keymap_list_keys(struct arena *arena, enum command command, unsigned contexts)
{
	return list_keys(arena, command, contexts, true);
}

char *keymap_first_key(struct arena *arena, enum command command, unsigned contexts)
{
	return list_keys(arena, command, contexts, false);
}

char *keymap_key_or_name(struct arena *arena, enum command command)
{
	char *key = keymap_first_key(arena, command, PLACE_EVERYWHERE);
	return key[0] ? key : arena_printf(arena, ":%s", command_spec(command)->name);
}
