/* The user's views.json: a readable file is written and read again unchanged. */
#include "fuzz.h"
#include "kybdesk/codec/own_files_codec.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct strbuf text = STRBUF_INIT;
	struct view *views, *again;
	size_t count, recount_bits;
	struct error error = { 0 };
	enum err code = views_parse(&arena, &(struct json_source){ (const char *)data, size, "views.json" }, &views,
				    &count, &error);
	if (code == ERR_OK) {
		views_write(&text, views, count);
		PROMISE(!views_parse(&arena, &(struct json_source){ text.buf, text.len, "views.json" }, &again,
				     &recount_bits, &error));
		PROMISE(count == recount_bits && count <= OWN_VIEWS_MAX);
		for (size_t i = 0; i < count; i++) {
			PROMISE(!strcmp(views[i].name, again[i].name) && !strcmp(views[i].filter, again[i].filter));
			PROMISE(views[i].sort == again[i].sort);
		}
	} else {
		PROMISE(code == ERR_INVALID);
		fuzz_failed(code, &error);
	}
	strbuf_release(&text);
	arena_release(&arena);
	return 0;
}
