#include "sixel.h"

#include <stdlib.h>
#include <string.h>

#define BAND 6	    /* rows of pixels in one sixel */
#define RUN_LEAST 4 /* shorter runs are not encoded: they would not be shorter */
#define BLANK '?'
#define ROOM 32 /* bytes for a colour's number and a run */

/* One band of six rows: for each colour one byte per column, with one bit per row. */
struct band {
	unsigned char *bits;	       /* PICTURE_COLOURS * width; clear between bands */
	bool has[PICTURE_COLOURS];     /* in the band */
	size_t first[PICTURE_COLOURS], /* first column of the colour, if the band has it */
		end[PICTURE_COLOURS];
	bool defined[PICTURE_COLOURS]; /* in the graphic */
	size_t width;
};

/* The end of the run of equal bytes from `at`. */
static size_t run_end(const unsigned char *bytes, size_t at, size_t end)
{
	const uint64_t all = bytes[at] * UINT64_C(0x0101010101010101);
	unsigned char byte = bytes[at];
	for (uint64_t eight; at + sizeof eight <= end; at += sizeof eight) {
		memcpy(&eight, bytes + at, sizeof eight);
		if (eight != all)
			break;
	}
	while (at < end && bytes[at] == byte)
		at++;
	return at;
}

/* Defines a colour, in percent as the protocol requires. */
static void define(struct strbuf *out, unsigned colour)
{
	unsigned grey = colour < PICTURE_CUBE ? 0 : (colour - PICTURE_CUBE) * 100 / (PICTURE_GREYS - 1);
	if (colour >= PICTURE_CUBE)
		strbuf_addf(out, "#%u;2;%u;%u;%u", colour, grey, grey, grey);
	else
		strbuf_addf(out, "#%u;2;%u;%u;%u", colour, colour / PICTURE_STEPS / PICTURE_STEPS * 20,
			    colour / PICTURE_STEPS % PICTURE_STEPS * 20, colour % PICTURE_STEPS * 20);
}

static void take_row(struct band *band, const unsigned char *colours, unsigned row, struct strbuf *out)
{
	for (size_t x = 0, end; x < band->width; x = end) {
		unsigned colour = colours[x];
		unsigned char *bits = band->bits + colour * band->width;
		end = run_end(colours, x, band->width);
		if (!band->defined[colour])
			define(out, colour);
		if (!band->has[colour] || x < band->first[colour])
			band->first[colour] = x;
		if (!band->has[colour] || end > band->end[colour])
			band->end[colour] = end;
		band->has[colour] = band->defined[colour] = true;
		for (size_t i = x; i < end; i++)
			bits[i] = (unsigned char)(bits[i] | 1U << row);
	}
}

static char *put_number(char *to, size_t number)
{
	char digits[ROOM], *at = digits + sizeof digits;
	do
		*--at = (char)('0' + number % 10);
	while ((number /= 10));
	size_t length = (size_t)(digits + sizeof digits - at);
	memcpy(to, at, length);
	return to + length;
}

static char *put_run(char *to, char sixel, size_t count)
{
	if (count >= RUN_LEAST) {
		*to++ = '!';
		to = put_number(to, count);
		count = 1;
	}
	memset(to, sixel, count);
	return to + count;
}

static void add_colour(struct strbuf *out, struct band *band, unsigned colour)
{
	unsigned char *bits = band->bits + colour * band->width;
	size_t first = band->first[colour], end = band->end[colour];
	strbuf_grow(out, 2 * band->width + 2 * ROOM);
	char *to = out->buf + out->len;
	*to++ = '#';
	to = put_number(to, colour);
	to = put_run(to, BLANK, first);
	for (size_t x = first, after; x < end; x = after) { /* blanks at the end need no bytes */
		after = run_end(bits, x, end);
		to = put_run(to, (char)(BLANK + bits[x]), after - x);
	}
	memset(bits + first, 0, end - first);
	*to = '\0';
	out->len = (size_t)(to - out->buf);
}

void sixel_add(struct strbuf *out, const struct sixel_area *area)
{
	struct band band = { .width = area->width };
	band.bits = xcalloc(PICTURE_COLOURS, area->width);
	strbuf_addf(out, "\033P0;1;0q\"1;1;%zu;%zu", area->width, area->height);
	for (size_t top = 0; top < area->height; top += BAND) {
		unsigned used = 0;
		memset(band.has, 0, sizeof band.has);
		for (unsigned row = 0; row < BAND && top + row < area->height; row++)
			take_row(&band, area->colours + (top + row) * area->stride, row, out);
		for (unsigned colour = 0; colour < PICTURE_COLOURS; colour++) {
			if (!band.has[colour])
				continue;
			if (used++)
				strbuf_addch(out, '$');
			add_colour(out, &band, colour);
		}
		strbuf_addch(out, '-');
	}
	strbuf_adds(out, "\033\\");
	free(band.bits);
}
