/* Reads a filter as typed: all its terms are complete, or a sentence says what is wrong. */
#include "fuzz.h"
#include "kybdesk/domain/filter.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct filter filter = { 0 };
	struct error error = { 0 };
	const char *text = arena_strndup(&arena, (const char *)data, size);
	enum err code = filter_parse(&arena, text, &filter, &error);
	if (code == ERR_OK) {
		PROMISE(filter.count <= FILTER_TERMS_MAX);
		for (size_t i = 0; i < filter.count; i++) {
			PROMISE((unsigned)filter.terms[i].key < FILTER_KEY_COUNT);
			PROMISE(filter.terms[i].value);
			PROMISE(filter.terms[i].key != FILTER_TAG || filter.terms[i].tag_key);
		}
	} else {
		PROMISE(code == ERR_INVALID);
		PROMISE(error.field && strcmp(error.field, "filter") == 0);
		fuzz_failed(code, &error);
	}
	enum sort_key key;
	bool reverse;
	code = sort_parse(text, &key, &reverse, &error);
	if (code != ERR_OK)
		fuzz_failed(code, &error);
	arena_release(&arena);
	return 0;
}
