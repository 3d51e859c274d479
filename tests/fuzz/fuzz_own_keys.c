/* The user's keys.json: no file removes the keys to go back and quit, or lets y or Space start a change. */
#include "fuzz.h"
#include "input/own_keys.h"

#include <string.h>

static enum command means(enum press press, uint32_t ch, unsigned places)
{
	const struct key key = { .press = press, .ch = ch };
	uint32_t pending = 0;
	size_t digit;
	return keymap_lookup(&key, places, &pending, &digit);
}

static void all_is_safe(struct arena *arena)
{
	static const unsigned places[] = { PLACE_INBOX, PLACE_CASE,   PLACE_CASE | PLACE_PARTIES,
					   PLACE_HELP,	PLACE_VIEWER, PLACE_PAGE,
					   PLACE_LIST };
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		enum command y = means(PRESS_CHAR, 'y', places[i]), space = means(PRESS_CHAR, ' ', places[i]);
		PROMISE(y == COMMAND_NONE || y == COMMAND_COPY);
		PROMISE(!command_spec(space)->changes_data && space != COMMAND_OPEN);
		PROMISE(means(PRESS_CTRL, 'c', places[i]) == COMMAND_NONE);
		PROMISE(means(PRESS_CTRL, 'y', places[i]) == COMMAND_NONE);
		PROMISE(means(PRESS_DOWN, 0, places[i]) == COMMAND_DOWN);
		PROMISE(i == 0 || means(PRESS_ESCAPE, 0, places[i]) == COMMAND_BACK);
		PROMISE(*keymap_first_key(arena, COMMAND_QUIT, places[i]));
		PROMISE(*keymap_first_key(arena, COMMAND_HELP, places[i]));
		PROMISE(*keymap_first_key(arena, COMMAND_PALETTE, places[i]));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct error error = { 0 };
	struct own_keys keys;
	struct keys_table table;
	enum err code = bindings_parse(&arena, (const char *)data, size, &keys, &error);
	if (code == ERR_OK) {
		own_keys_apply(&arena, &keys, TEXT_UTF8, &table);
		for (size_t i = 0; i < table.faults.count; i++)
			PROMISE(*table.faults.items[i].message && table.faults.items[i].line &&
				(!i || table.faults.items[i].line >= table.faults.items[i - 1].line));
		keymap_activate(table.bindings, table.count);
		all_is_safe(&arena);
		keymap_activate(NULL, 0);
	} else {
		PROMISE(code == ERR_INVALID);
		fuzz_failed(code, &error);
	}
	arena_release(&arena);
	return 0;
}
