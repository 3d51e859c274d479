/* The program's marks, for UTF-8 and for ASCII terminals. */
#include "model/surface.h"

#define TEXTS(name, ...) { __VA_ARGS__ },
static const char *const glyphs[GLYPH_COUNT][2] = { GLYPHS(TEXTS) };
#undef TEXTS

static const char *const levels[2][8] = {
	{ "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" },
	{ ".", ":", "-", "=", "+", "*", "#", "@" },
};

const char *glyph_text(enum text_mode mode, enum glyph glyph)
{
	if ((size_t)glyph >= GLYPH_COUNT)
		BUG("%u is not a glyph", (unsigned)glyph);
	return glyphs[glyph][mode == TEXT_ASCII];
}

const char *glyph_level(enum text_mode mode, int value, int most)
{
	if (most <= 0)
		BUG("a level needs a maximum above zero");
	int step = value <= 0 ? 0 : value >= most ? 7 : value * 8 / most;
	return levels[mode == TEXT_ASCII][step > 7 ? 7 : step];
}

char *glyph_bar(struct arena *arena, enum text_mode mode, int value, int most, size_t cells)
{
	if (most <= 0)
		BUG("a bar needs a maximum above zero");
	size_t filled = value <= 0	? 0
			: value >= most ? cells
					: ((size_t)value * cells + (size_t)most / 2) / (size_t)most;
	struct strbuf bar = STRBUF_INIT;
	for (size_t i = 0; i < cells; i++)
		strbuf_adds(&bar, i < filled ? (mode == TEXT_ASCII ? "#" : "▅") : (mode == TEXT_ASCII ? "." : "▁"));
	return strbuf_finish(&bar, arena);
}
