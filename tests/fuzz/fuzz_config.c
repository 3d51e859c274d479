/* The user's config.json. */
#include "fuzz.h"
#include "kybdesk/codec/own_files_codec.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct config_key keys[] = {
		{ "store", CONFIG_TEXT, 0 },
		{ "reviewer", CONFIG_TEXT, 0 },
		{ "theme", CONFIG_TEXT, 0 },
		{ "color", CONFIG_SWITCH, 0 },
		{ "mouse", CONFIG_SWITCH, 0 },
		{ "next_after_decision", CONFIG_SWITCH, 0 },
		{ "grace_seconds", CONFIG_NUMBER, 3600 },
	};
	enum { COUNT = sizeof keys / sizeof *keys };
	const char *values[COUNT] = { NULL };
	struct arena arena = ARENA_INIT;
	struct error error = { 0 };
	enum err code =
		config_read(&arena, &(struct config_source){ { (const char *)data, size, "config.json" }, keys, COUNT },
			    values, &error);
	if (code == ERR_OK) {
		for (size_t i = 0; i < COUNT; i++) {
			PROMISE(keys[i].kind != CONFIG_TEXT || !values[i] || *values[i]);
			PROMISE(keys[i].kind != CONFIG_SWITCH || !values[i] || !strcmp(values[i], "true") ||
				!strcmp(values[i], "false"));
			PROMISE(keys[i].kind != CONFIG_NUMBER || !values[i] || strspn(values[i], "0123456789"));
		}
	} else {
		PROMISE(code == ERR_INVALID);
		fuzz_failed(code, &error);
	}
	arena_release(&arena);
	return 0;
}
