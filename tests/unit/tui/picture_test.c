/* What is written for a picture, read back by decoders of the test's own. */
#include "../../../src/tui/term/picture.h"
#include "tui_support.h"

#include "kybdesk/base/digest.h"

#include <stdlib.h>

static struct pixels picture;
static struct strbuf bytes;

/* Greys and colours, of few or of many. */
static void paint(size_t width, size_t height, bool noise)
{
	uint32_t state = 7;
	picture = (struct pixels){ .width = width, .height = height, .serial = 1 };
	strbuf_reset(&picture.rgb);
	strbuf_reset(&bytes);
	for (size_t i = 0; i < width * height * 3; i++) {
		state = state * 1664525 + 1013904223;
		strbuf_addch(&picture.rgb, (char)(noise ? state >> 24 : i / 3 % width < width / 2 ? 255 : i / 90));
	}
}

static void put_away(void)
{
	pixels_wipe(&picture);
	strbuf_release(&bytes);
	NO_LEAKS();
}

static const char *after(const char *at, const char *text)
{
	cr_assert_eq(strncmp(at, text, strlen(text)), 0, "%.60s is not %s", at + 1, text + 1);
	return at + strlen(text);
}

/* The pixels of one image, in chunks of at most 4096. */
static const char *read_kitty(const char *at, const char *keys, struct strbuf *rgb)
{
	at = after(after(at, "\033_G"), keys);
	for (bool more = true, first = true; more; first = false) {
		at = after(at, first ? "m=" : "\033_Gm=");
		more = *at == '1';
		at = after(at, more ? "1;" : "0;");
		size_t length = strcspn(at, "\033");
		cr_assert_leq(length, 4096);
		cr_assert(!more || length % 4 == 0);
		cr_assert(base64_decode(rgb, at, length));
		at = after(at + length, "\033\\");
	}
	return at;
}

Test(picture, kitty_gets_the_pixels_as_they_are)
{
	static const size_t widths[] = { 1, 31, 32, 33, 300 };
	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
		struct strbuf rgb = STRBUF_INIT;
		char keys[100];
		paint(widths[i], 32, true);
		picture_kitty(&bytes, &picture, 5, 30, 10);
		(void)snprintf(keys, sizeof keys, "a=T,q=2,f=24,i=5,p=1,s=%zu,v=32,c=30,r=10,C=1,", widths[i]);
		cr_expect_str_empty(read_kitty(bytes.buf, keys, &rgb));
		cr_assert_eq(rgb.len, picture.rgb.len);
		cr_expect_eq(memcmp(rgb.buf, picture.rgb.buf, rgb.len), 0);
		strbuf_release(&rgb);
		put_away();
	}
}

#define SIDE 64
struct sixels {
	unsigned char rgb[SIDE][SIDE][3];
	bool set[SIDE][SIDE];
	size_t width, height, bands;
	unsigned palette[256][3];
	bool known[256];
};

static size_t number(const char **at)
{
	char *end;
	size_t value = strtoul(*at, &end, 10);
	cr_assert(end > *at);
	*at = end;
	return value;
}

static void put_sixel(struct sixels *out, size_t x, size_t band, unsigned bits, size_t colour)
{
	cr_assert(out->known[colour]);
	for (size_t row = 0; row < 6; row++) {
		size_t y = band * 6 + row;
		if (!(bits >> row & 1))
			continue;
		cr_assert(x < out->width && y < out->height, "outside: %zu, %zu", x, y);
		cr_expect_not(out->set[y][x], "twice: %zu, %zu", x, y);
		out->set[y][x] = true;
		for (size_t c = 0; c < 3; c++)
			out->rgb[y][x][c] = (unsigned char)(out->palette[colour][c] * 255 / 100);
	}
}

static const char *read_sixels(const char *at, struct sixels *out)
{
	size_t x = 0, colour = 0;
	*out = (struct sixels){ 0 };
	at = after(at, "\033P0;1;0q\"1;1;");
	out->width = number(&at);
	at = after(at, ";");
	out->height = number(&at);
	while (*at != '\033') {
		size_t count = 1;
		char c = *at++;
		if (c == '#') {
			colour = number(&at);
			cr_assert_lt(colour, 256);
			for (size_t i = 0; *at == ';' && i < 4; i++) {
				at++;
				size_t value = number(&at);
				cr_assert(i ? value <= 100 : value == 2);
				if (i)
					out->palette[colour][i - 1] = (unsigned)value;
				out->known[colour] = true;
			}
			continue;
		}
		if (c == '$' || c == '-') {
			x = 0;
			out->bands += c == '-';
			continue;
		}
		if (c == '!') {
			count = number(&at);
			c = *at++;
		}
		cr_assert(c >= '?' && c <= '~', "%d", c);
		for (; count; count--)
			put_sixel(out, x++, out->bands, (unsigned)(c - '?'), colour);
	}
	return after(at, "\033\\");
}

/* Each pixel once, and in nearly its colour. */
static void expect_sixels(const struct sixels *sixels, size_t left, size_t top)
{
	for (size_t y = 0; y < sixels->height; y++)
		for (size_t x = 0; x < sixels->width; x++) {
			const unsigned char *wanted =
				(const unsigned char *)picture.rgb.buf + ((top + y) * picture.width + left + x) * 3;
			cr_assert(sixels->set[y][x], "%zu, %zu", x, y);
			for (size_t c = 0; c < 3; c++)
				cr_assert_leq(abs(sixels->rgb[y][x][c] - wanted[c]), 30, "%zu, %zu: %u for %u", x,
					      y, sixels->rgb[y][x][c], wanted[c]);
		}
}

Test(picture, sixels_have_each_pixel_once_in_nearly_its_colour)
{
	static struct sixels sixels;
	for (size_t height = 1; height <= 14; height++) {
		paint(50, height, height % 2);
		picture_sixel(&bytes, &picture, &(struct pixels_part){ 0, 0, 50, height });
		cr_expect_str_empty(read_sixels(bytes.buf, &sixels));
		cr_expect_eq(sixels.width, 50);
		cr_expect_eq(sixels.height, height);
		expect_sixels(&sixels, 0, 0);
		put_away();
	}
	paint(40, 40, true);
	picture_sixel(&bytes, &picture, &(struct pixels_part){ 7, 9, 21, 30 });
	cr_expect_str_empty(read_sixels(bytes.buf, &sixels));
	expect_sixels(&sixels, 7, 9);
	put_away();
}

Test(picture, equal_pixels_are_few_bytes)
{
	paint(900, 600, false);
	memset(picture.rgb.buf, 0xff, picture.rgb.len);
	picture_sixel(&bytes, &picture, &(struct pixels_part){ 0, 0, 900, 600 });
	cr_expect_lt(bytes.len, 100 * 12 + 100, "%zu", bytes.len);
	put_away();
}

static struct surface_picture over(size_t rows, size_t cols)
{
	return (struct surface_picture){ .box = { 2, 3, rows, cols },
					 .pixels = &picture,
					 .part = { 0, 0, rows, cols },
					 .of_rows = rows,
					 .of_cols = cols };
}

/* A picture larger than one graphic may be is sent in several, each where its cells are. */
Test(picture, large_sixels_are_several)
{
	struct pictures pictures = { .way = PICTURE_SIXEL, .cell_width = 10, .cell_height = 20 };
	struct surface_picture whole = over(50, 100);
	size_t graphics = 0, area = 0;
	paint(1000, 1000, false);
	picture_send(&pictures, 0, &whole, &bytes);
	after(bytes.buf, "\0337\033[3;4H\033P");
	for (const char *at = bytes.buf; (at = strstr(at, "q\"1;1;")); graphics++) {
		at += 6;
		size_t width = number(&at), height = strtoul(at + 1, NULL, 10);
		cr_expect(width <= 1000 && height <= 1000 && width % 10 == 0 && height % 20 == 0);
		area += width * height;
	}
	cr_expect_eq(graphics, 4);
	cr_expect_eq(area, 1000 * 1000);
	cr_expect(strstr(bytes.buf, "\033[51;4H\033P"), "below the first");
	cr_expect(strstr(bytes.buf, "\033[3;100H\033P"), "beside the first");
	cr_expect_str_eq(bytes.buf + bytes.len - 2, "\0338");
	put_away();
}

Test(picture, a_picture_is_noted_and_removed_once)
{
	struct pictures pictures = { .way = PICTURE_KITTY, .cell_width = 10, .cell_height = 20, .most = 1000 };
	struct surface_picture whole = over(4, 10);
	paint(100, 80, false);
	picture_send(&pictures, 1, &whole, &bytes);
	const char *keys = strstr(bytes.buf, ",s=");
	cr_assert_not_null(keys);
	keys += 3;
	size_t width = number(&keys), height = strtoul(keys + 3, NULL, 10);
	cr_expect(width * height <= 1000 && width * height > 700, "%zu x %zu", width, height);
	cr_expect(picture_is_shown(&pictures, 1, &whole));
	cr_expect_not(picture_is_shown(&pictures, 0, &whole));
	whole.part.col++;
	cr_expect_not(picture_is_shown(&pictures, 1, &whole), "moved");
	strbuf_reset(&bytes);
	picture_remove(&pictures, 0, &bytes);
	cr_expect_eq(bytes.len, 0);
	picture_remove(&pictures, 1, &bytes);
	cr_expect_str_eq(bytes.buf, "\033_Ga=d,d=I,i=7063907,q=2\033\\");
	picture_remove(&pictures, 1, &bytes);
	cr_expect_str_eq(bytes.buf, "\033_Ga=d,d=I,i=7063907,q=2\033\\");
	put_away();
}
