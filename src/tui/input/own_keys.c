#include "input/own_keys.h"
#include "kybdesk/base/file.h"
#include "kybdesk/base/text.h"

#include <string.h>
#include <strings.h>

#define KEYS_PER_ACTION_MAX 4 /* limited by the space for keys in the help */
#define QUOTED_BYTES_MAX 40

/* The keys for one action in the user's file. */
struct user_keys {
	bool replaces_shipped; /* the user's keys are used instead of the program's */
	/* The action's name in the file, the same pointer for all its keys; NULL: not in the file */
	const char *action_name;
	unsigned line; /* line of the action's name in the file */
	struct binding keys[KEYS_PER_ACTION_MAX];
	unsigned lines[KEYS_PER_ACTION_MAX];
	size_t count;
};

/* A binding of the new table, and its line in the file; 0: the program's own binding. */
struct row {
	struct binding binding;
	unsigned line;
	size_t key; /* user's binding: its index in wanted.keys */
};

struct builder {
	struct arena *arena;
	struct user_keys actions[COMMAND_COUNT];
	struct row *rows;
	size_t count, capacity;
	const char *refused_action_name; /* last refused name of an action, to report it only once */
	enum text_mode mode;
	struct keys_table *out;
};

KYB_PRINTF(3, 4) static void refuse(struct builder *builder, unsigned line, const char *format, ...)
{
	const char *text;
	ARENA_VPRINTF(text, builder->arena, format);
	line_fault_add(builder->arena, &builder->out->faults, line, text);
}

/* The start of the text, at most QUOTED_BYTES_MAX bytes, made safe for the terminal. */
static const char *quoted_text(struct arena *arena, const char *text)
{
	size_t length = strlen(text) > QUOTED_BYTES_MAX ? text_valid_prefix(text, QUOTED_BYTES_MAX) : strlen(text);
	return text_safe_copy(arena, arena_strndup(arena, text, length), TEXT_UTF8);
}

static const char *name_of(enum command command)
{
	return command_spec(command)->name;
}

static enum command find_command(const char *name)
{
	for (int command = 1; command < COMMAND_COUNT; command++)
		if (!strcmp(name_of((enum command)command), name))
			return (enum command)command;
	return COMMAND_NONE;
}

/* Reads one visible single-cell character: a sign of ASCII or Latin-1, or a letter of any script. The text is valid
 * UTF-8. */
static bool read_character(struct arena *arena, const char *text, uint32_t *letter)
{
	size_t length = strlen(text), bytes;
	if (!length || text_width_cells(text, length) != 1 || strcmp(text_safe_copy(arena, text, TEXT_UTF8), text) != 0)
		return false;
	if (codepoint_read(text, length, letter) != length)
		return false;
	bool letters = text_class_at(text, length, &bytes) == TEXT_LETTER;
	return bytes == length && *letter != ' ' && (letters || *letter < 0x7f || (*letter > 0xa0 && *letter <= 0xff));
}

static bool read_single_key(struct arena *arena, const char *text, struct binding *binding, uint32_t *letter)
{
	binding->press = PRESS_CHAR;
	if (!strcasecmp(text, "Space")) {
		*letter = ' ';
		return true;
	}
	if (!strncasecmp(text, "Ctrl-", 5) && text[5] && !text[6]) {
		*letter = (uint32_t)(text[5] >= 'A' && text[5] <= 'Z' ? text[5] - 'A' + 'a' : text[5]);
		binding->press = PRESS_CTRL;
		return *letter >= 'a' && *letter <= 'z';
	}
	return read_character(arena, text, letter);
}

/* Reads a key such as "P", "Ctrl-P" or "Space", or two characters with a space between: "g g". */
static bool read_key(struct arena *arena, const char *text, struct binding *binding)
{
	size_t first = strcspn(text, " ");
	bool pair = text[first] == ' ' && first;
	if (!pair)
		return read_single_key(arena, text, binding, &binding->letter);
	return read_single_key(arena, arena_strndup(arena, text, first), binding, &binding->letter) &&
	       binding->press == PRESS_CHAR &&
	       read_single_key(arena, text + first + 1, binding, &binding->next_letter) && binding->press == PRESS_CHAR;
}

static bool is_fixed_key(const char *text)
{
	static const char *const lasting[] = { "Enter",	    "Return",	"Esc",	     "Escape", "Tab",
					       "Shift-Tab", "Up",	"Down",	     "Left",   "Right",
					       "Home",	    "End",	"PgUp",	     "PgDn",   "PageUp",
					       "Delete",    "PageDown", "Backspace", "Insert" };

	for (size_t i = 0; i < sizeof lasting / sizeof *lasting; i++)
		if (!strcasecmp(text, lasting[i]))
			return true;
	return false;
}

/* Reason to refuse Ctrl- with this letter; NULL: none. */
static const char *ctrl_refusal(uint32_t letter, enum command command)
{
	static const char *const fixed[] = {
		['c'] = "always shows how to quit",
		['x'] = "is pressed before each character key when single keys are off",
		['y'] = "confirms in dialogs, so it cannot start an action",
		['h'] = "is the same as Backspace in a terminal",
		['i'] = "is the same as Tab in a terminal",
		['j'] = "is the same as Enter in a terminal",
		['m'] = "is the same as Enter in a terminal",
	};
	if (letter < sizeof fixed / sizeof *fixed && fixed[letter])
		return fixed[letter];
	/* SUSPEND and REDRAW also work while the reviewer types in a line or field, where these letters with Ctrl
	 * edit the text. */
	if ((command == COMMAND_SUSPEND || command == COMMAND_REDRAW) && strchr("aekuw", (int)letter))
		return "edits typed text";
	return NULL;
}

static const char *character_refusal(uint32_t letter, enum command command)
{
	bool opens = command_spec(command)->changes_data || command == COMMAND_OPEN;
	if (letter >= '1' && letter <= '9')
		return "chooses an inbox or a tab";
	if (letter == 'y' && command != COMMAND_COPY)
		return "confirms in dialogs, so it cannot start an action";
	if (letter == ' ' && opens)
		return "is pressed by habit, so it cannot start a change";
	if (command == COMMAND_HELP && (letter == 'h' || letter == 'l' || letter == ' '))
		return "moves between the buttons of a dialog, so it cannot open help";
	return NULL;
}

/* Reason to refuse this key for this action; NULL: none. */
static const char *refusal_reason(const struct binding *key, enum command command)
{
	if (key->press == PRESS_CTRL) {
		if (command == COMMAND_HELP)
			return "is not a single character; dialogs need a single character for help";
		return ctrl_refusal(key->letter, command);
	}
	const char *why = character_refusal(key->letter, command);
	if (!why && key->next_letter)
		why = command == COMMAND_HELP ? "is a pair; dialogs need a single character for help"
					      : character_refusal(key->next_letter, command);
	return why;
}

static bool is_same_key(const struct binding *a, const struct binding *b)
{
	return a->press == b->press && a->letter == b->letter && a->next_letter == b->next_letter;
}

static void add_key(struct builder *builder, struct user_keys *user_keys, enum command command,
		    const struct own_key *own)
{
	struct binding key = { .contexts = keymap_contexts(command), .command = command };
	const char *text = quoted_text(builder->arena, own->key), *name = name_of(command), *why;
	if (is_fixed_key(own->key)) {
		refuse(builder, own->line, "%s has a fixed meaning; bind \"%s\" to a character or Ctrl- with a letter",
		       text, name);
		return;
	}
	if (!read_key(builder->arena, own->key, &key)) {
		refuse(builder, own->line,
		       "\"%s\" for \"%s\" is not a key: a key is a character (P), two characters (\"g g\"), "
		       "Space, or Ctrl- with a letter",
		       text, name);
		return;
	}
	why = refusal_reason(&key, command);
	if (!why && builder->mode == TEXT_ASCII && (key.letter > 0x7e || key.next_letter > 0x7e))
		why = "is not ASCII, but this terminal's locale has only ASCII";
	if (why) {
		refuse(builder, own->line, "\"%s\" cannot be a key of \"%s\": it %s; choose another", text, name, why);
		return;
	}
	for (size_t i = 0; i < user_keys->count; i++)
		if (is_same_key(&user_keys->keys[i], &key))
			return;
	if (user_keys->count == KEYS_PER_ACTION_MAX) {
		refuse(builder, own->line, "\"%s\" exceeds the limit of %d keys for one action", text,
		       KEYS_PER_ACTION_MAX);
		return;
	}
	user_keys->lines[user_keys->count] = own->line;
	user_keys->keys[user_keys->count++] = key;
}

static void refuse_name(struct builder *builder, const struct own_key *own)
{
	const char *names[COMMAND_COUNT];
	if (builder->refused_action_name == own->action)
		return;
	builder->refused_action_name = own->action;
	for (int command = 1; command < COMMAND_COUNT; command++)
		names[command - 1] = name_of((enum command)command);
	const char *nearest = text_find_nearest(own->action, names, COMMAND_COUNT - 1);
	refuse(builder, own->action_line, "unknown action \"%s\"%s%s%s", quoted_text(builder->arena, own->action),
	       nearest ? "; did you mean \"" : "; \"kybdesk config keys\" lists them", nearest ? nearest : "",
	       nearest ? "\"?" : "");
}

/* Whether the action must keep a key: without a key for quitting, help and the palette, users could not quit, or
 * reach actions that have no key. */
static bool is_key_required(enum command command)
{
	return command == COMMAND_QUIT || command == COMMAND_HELP || command == COMMAND_PALETTE;
}

/* Reads one key of an action. If the name of an action occurs twice in the file, the second occurrence is skipped,
 * and reported once. */
static void add_own_key(struct builder *builder, const struct own_key *own)
{
	enum command command = find_command(own->action);
	struct user_keys *user_keys = &builder->actions[command];
	if (command == COMMAND_NONE) {
		refuse_name(builder, own);
		return;
	}
	if (user_keys->action_name && user_keys->action_name != own->action) {
		if (builder->refused_action_name != own->action)
			refuse(builder, own->action_line,
			       "\"%s\" is set on line %u already; remove one of the two lines", own->action,
			       user_keys->line);
		builder->refused_action_name = own->action;
		return;
	}
	user_keys->action_name = own->action;
	user_keys->line = own->action_line;
	if (command == COMMAND_CHOOSE) {
		refuse(builder, own->action_line, "the keys of \"%s\" are the digits and cannot be changed",
		       own->action);
	} else if (own->key) {
		add_key(builder, user_keys, command, own);
	} else if (is_key_required(command)) {
		refuse(builder, own->line, "\"%s\" needs a key: bind one", own->action);
	} else {
		user_keys->replaces_shipped = true;
		return;
	}
	user_keys->replaces_shipped = user_keys->count > 0;
}

static bool has_letter(const struct binding *binding)
{
	return binding->press == PRESS_CHAR || binding->press == PRESS_CTRL;
}

static void add_row(struct builder *builder, const struct binding *binding, unsigned line, size_t key)
{
	*ARENA_PUSH(builder->arena, builder->rows, builder->count, builder->capacity) =
		(struct row){ *binding, line, key };
}

static void add_user_keys(struct builder *builder, enum command command)
{
	const struct user_keys *user_keys = &builder->actions[command];
	for (size_t i = 0; i < user_keys->count; i++)
		add_row(builder, &user_keys->keys[i], user_keys->lines[i], i);
}

/* Makes the new table: the user's keys replace the program's keys, except keys without a letter (arrows, Enter). */
static void build_key_table(struct builder *builder)
{
	size_t count;
	const struct binding *shipped = keymap_defaults(&count);
	builder->count = 0;
	for (int command = 1; command < COMMAND_COUNT; command++)
		add_user_keys(builder, (enum command)command);
	for (size_t i = 0; i < count; i++)
		if (!builder->actions[shipped[i].command].replaces_shipped || !has_letter(&shipped[i]))
			add_row(builder, &shipped[i], 0, 0);
}

static bool is_shipped(const struct binding *binding)
{
	size_t count;
	const struct binding *shipped = keymap_defaults(&count);
	for (size_t i = 0; i < count; i++)
		if (shipped[i].command == binding->command && is_same_key(&shipped[i], binding))
			return true;
	return false;
}

/* All contexts in which the binding works: all keys of a case also work in its parties tab. */
static unsigned active_contexts(const struct binding *binding)
{
	return binding->contexts | (binding->contexts & PLACE_CASE ? PLACE_PARTIES : 0);
}

bool bindings_conflict(const struct binding *a, const struct binding *b)
{
	return active_contexts(a) & active_contexts(b) && a->press == b->press && a->letter == b->letter &&
	       has_letter(a) && !(a->next_letter && b->next_letter && a->next_letter != b->next_letter);
}

/* Whether two bindings of different actions conflict; two of the program's own bindings never do. */
static bool is_key_conflict(const struct binding *a, const struct binding *b)
{
	return a->command != b->command && bindings_conflict(a, b) && !(is_shipped(a) && is_shipped(b));
}

const char *own_key_read(struct arena *arena, const char *text, enum text_mode mode, struct binding *out)
{
	if (is_fixed_key(text))
		return "has a fixed meaning";
	if (!read_key(arena, text, out))
		return "is not a character (P), two characters (\"g g\"), or Ctrl- with a letter";
	if (mode == TEXT_ASCII && (out->letter > 0x7e || out->next_letter > 0x7e))
		return "is not ASCII, but this terminal's locale has only ASCII";
	return refusal_reason(out, out->command);
}

/* Drops a user's key. If the action then has no user's key left, it uses the program's keys again. */
static void drop_user_key(struct builder *builder, const struct row *row)
{
	struct user_keys *user_keys = &builder->actions[row->binding.command];
	size_t left = --user_keys->count - row->key;
	memmove(&user_keys->keys[row->key], &user_keys->keys[row->key + 1], left * sizeof *user_keys->keys);
	memmove(&user_keys->lines[row->key], &user_keys->lines[row->key + 1], left * sizeof *user_keys->lines);
	user_keys->replaces_shipped = user_keys->count > 0;
}

/* Refuses one of two conflicting keys. If both are the user's keys, refuses the one in the later line of the file;
 * otherwise refuses the user's key, never the program's key. */
static void refuse_conflicting_key(struct builder *builder, const struct row *a, const struct row *b)
{
	const struct row *loser = a->line > b->line ? a : b, *winner = loser == a ? b : a;
	const char *key = binding_text(builder->arena, &loser->binding);
	const char *other = binding_text(builder->arena, &winner->binding);
	const char *same = strcmp(key, other) ? arena_printf(builder->arena, " (%s)", other) : "";
	const char *name = name_of(loser->binding.command), *held = name_of(winner->binding.command);
	unsigned passed = builder->actions[winner->binding.command].line;
	if (winner->line)
		refuse(builder, loser->line,
		       "\"%s\" for \"%s\" is the key of \"%s\" already, on line %u%s; change one of the two keys", key,
		       name, held, winner->line, same);
	else if (passed)
		refuse(builder, loser->line,
		       "\"%s\" for \"%s\" is the key of \"%s\" (line %u is invalid)%s; fix that line, or "
		       "choose another key",
		       key, name, held, passed, same);
	else
		refuse(builder, loser->line,
		       "\"%s\" for \"%s\" is the key of \"%s\"%s; in this file, bind another key to \"%s\" "
		       "or to \"%s\"",
		       key, name, held, same, held, name);
	drop_user_key(builder, loser);
}

static bool refuse_first_conflict(struct builder *builder)
{
	for (size_t a = 0; a < builder->count; a++)
		for (size_t b = a + 1; b < builder->count; b++)
			if ((builder->rows[a].line || builder->rows[b].line) &&
			    is_key_conflict(&builder->rows[a].binding, &builder->rows[b].binding)) {
				refuse_conflicting_key(builder, &builder->rows[a], &builder->rows[b]);
				return true;
			}
	return false;
}

void own_keys_apply(struct arena *arena, const struct own_keys *keys, enum text_mode mode, struct keys_table *out)
{
	struct builder builder = { .arena = arena, .mode = mode, .out = out };
	*out = (struct keys_table){ .faults = keys->faults };
	for (size_t i = 0; i < keys->count; i++)
		add_own_key(&builder, &keys->items[i]);
	/* If an action loses its last user's key, it gets its shipped keys again, which may conflict with keys of
	 * another action. So each round refuses one key, and then looks for conflicts again. */
	do {
		build_key_table(&builder);
	} while (refuse_first_conflict(&builder));
	struct binding *bindings = arena_alloc_array(arena, builder.count, sizeof *bindings);
	for (size_t i = 0; i < builder.count; i++)
		bindings[i] = builder.rows[i].binding;
	out->bindings = bindings;
	out->count = builder.count;
	for (int command = 1; command < COMMAND_COUNT; command++)
		out->changed[command] = builder.actions[command].replaces_shipped;
}

void own_keys_read(struct arena *arena, const struct settings *settings, enum text_mode mode, struct keys_table *out)
{
	struct strbuf text = STRBUF_INIT;
	struct error error = { 0 };
	struct own_keys keys;
	enum err err = ERR_OK;
	*out = (struct keys_table){ 0 };
	if (settings->keys_text ? !*settings->keys_text : !file_exists(settings->keys_path))
		return;
	if (settings->keys_text)
		strbuf_adds(&text, settings->keys_text);
	else
		err = file_read(settings->keys_path, OWN_KEYS_BYTES_MAX, &text, &error);
	if (!err && (err = bindings_parse(arena, text.buf, text.len, &keys, &error)))
		error_prefix(&error, "%s", settings->keys_text ? OWN_KEYS_ORIGIN : settings->keys_path);
	if (err)
		line_fault_add(arena, &out->faults, 0, arena_strdup(arena, error.message));
	else
		own_keys_apply(arena, &keys, mode, out);
	strbuf_release(&text);
	error_release(&error);
}
