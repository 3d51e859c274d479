/* Reads a workflow profile: the result is a profile without mistakes, or mistakes that name their place. */
#include "fuzz.h"
#include "kybdesk/codec/profile_codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct profile *profile = NULL;
	struct profile_mistake *mistakes = NULL;
	size_t count = 0;
	profile_read(&arena, (const char *)data, size, fuzz_reasons(), &profile, &mistakes, &count);
	PROMISE((profile != NULL) == (count == 0));
	for (size_t i = 0; i < count; i++)
		PROMISE(mistakes[i].path && mistakes[i].message && *mistakes[i].message);
	if (count) {
		struct error error = { 0 };
		enum err code = profile_set_error("profile.json", mistakes, count, &error);
		PROMISE(code == ERR_INVALID);
		fuzz_failed(code, &error);
	}
	arena_release(&arena);
	return 0;
}
