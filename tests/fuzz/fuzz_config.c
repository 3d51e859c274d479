/* The user's config.json. */
#include "fuzz.h"
#include "kybdesk/codec/config_codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct config config;
	struct error error = { 0 };
	config_init(&config);
	enum err code = config_read(&arena, (const char *)data, size, "config.json", &config, &error);
	if (code == ERR_OK) {
		PROMISE(config.color >= -1 && config.color <= 1 && config.mouse >= -1 && config.mouse <= 1);
		PROMISE(config.grace_seconds >= -1);
	} else {
		PROMISE(code == ERR_INVALID);
		fuzz_failed(code, &error);
	}
	arena_release(&arena);
	return 0;
}
