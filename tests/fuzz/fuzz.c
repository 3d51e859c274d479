#include "fuzz.h"
#include "kybdesk/base/resource.h"
#include "kybdesk/base/text.h"
#include "kybdesk/codec/profile_codec.h"

#include <string.h>

const struct countries *fuzz_countries(void)
{
	static struct countries countries;
	static struct arena arena;
	if (!countries.count) {
		struct error error = { 0 };
		const struct resource *file = resource_find_embedded("countries.json");
		PROMISE(file && countries_read(&arena,
					       &(struct json_source){ (const char *)file->bytes, file->length,
								      "countries.json" },
					       &countries, &error) == ERR_OK);
	}
	return &countries;
}

const struct reasons *fuzz_reasons(void)
{
	static const char *const names[REASON_SET_COUNT] = { "reasons/session.json", "reasons/document.json",
							     "reasons/hit.json" };
	static struct reasons reasons;
	static struct arena arena;
	for (int i = 0; i < REASON_SET_COUNT && !reasons.counts[REASON_SET_COUNT - 1]; i++) {
		struct error error = { 0 };
		const struct resource *file = resource_find_embedded(names[i]);
		PROMISE(file && reasons_read(&arena, (enum reason_set)i,
					     &(struct json_source){ (const char *)file->bytes, file->length, names[i] },
					     &reasons, &error) == ERR_OK);
	}
	return &reasons;
}

static size_t read_character(const unsigned char *at, size_t length, uint32_t *character)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t size = at[0] < 0x80 ? 1 : at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : at[0] >= 0xc0 ? 2 : 0;
	PROMISE(size && size <= length);
	*character = size == 1 ? at[0] : at[0] & (0x7fu >> size);
	for (size_t i = 1; i < size; i++) {
		PROMISE((at[i] & 0xc0) == 0x80);
		*character = *character << 6 | (at[i] & 0x3fu);
	}
	PROMISE(*character >= least[size] && *character <= 0x10ffff);
	PROMISE(*character < 0xd800 || *character > 0xdfff);
	return size;
}

void fuzz_is_harmless(const char *text, size_t length, bool lines)
{
	static const struct {
		uint32_t first, last;
	} harmful[] = {
		{ 0x7f, 0x9f },	    { 0xad, 0xad },	{ 0x34f, 0x34f },     { 0x61c, 0x61c },	     { 0x115f, 0x1160 },
		{ 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x200b, 0x200f },   { 0x2028, 0x202e },    { 0x2060, 0x206f },
		{ 0x3164, 0x3164 }, { 0xe000, 0xf8ff }, { 0xfe00, 0xfe0f },   { 0xfeff, 0xfeff },    { 0xffa0, 0xffa0 },
		{ 0xfff0, 0xfffb }, { 0xfffe, 0xffff }, { 0x1d173, 0x1d17a }, { 0xe0000, 0x10ffff },
	};
	for (size_t at = 0; at < length;) {
		uint32_t character;
		at += read_character((const unsigned char *)text + at, length - at, &character);
		PROMISE(character >= 0x20 || (lines && character == '\n'));
		for (size_t i = 0; i < sizeof harmful / sizeof *harmful; i++)
			PROMISE(character < harmful[i].first || character > harmful[i].last);
	}
}

void fuzz_failed(enum err code, struct error *error)
{
	struct strbuf shown = STRBUF_INIT;
	PROMISE(code != ERR_OK && error->code == code && error->message && *error->message);
	text_display(&shown, error->message, strlen(error->message), TEXT_UTF8);
	fuzz_is_harmless(shown.buf, shown.len, false);
	strbuf_release(&shown);
	error_release(error);
}
