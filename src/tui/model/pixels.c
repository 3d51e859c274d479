#include "model/pixels.h"

#include <string.h>

#define WHITE_CHANNEL 255U

void pixels_wipe(struct pixels *pixels)
{
	strbuf_wipe(&pixels->rgb);
	*pixels = (struct pixels){ 0 };
}

static bool is_valid_size(size_t width, size_t height)
{
	return width && height && width <= PIXELS_SIDE_MAX && height <= PIXELS_SIDE_MAX &&
	       width * height <= PIXELS_ACCEPTED_MAX;
}

struct read_cursor {
	const char *at, *end;
};

static bool expect_text(struct read_cursor *in, const char *text)
{
	size_t length = strlen(text);
	if ((size_t)(in->end - in->at) < length || memcmp(in->at, text, length) != 0)
		return false;
	in->at += length;
	return true;
}

/* Reads decimal digits as a number; false: no digit. Stops at a number of at least 100000, which no size has, and
 * leaves the remaining digits unread. */
static bool parse_number(struct read_cursor *in, size_t *number)
{
	const char *begin = in->at;
	*number = 0;
	for (; in->at < in->end && *in->at >= '0' && *in->at <= '9' && *number < 100000; in->at++)
		*number = *number * 10 + (size_t)(*in->at - '0');
	return in->at > begin;
}

bool pixels_read_ppm(struct pixels *pixels, const struct strbuf *file)
{
	struct read_cursor in = { file->buf, file->buf + file->len };
	size_t width, height;
	if (!expect_text(&in, "P6\n") || !parse_number(&in, &width) || !expect_text(&in, " ") ||
	    !parse_number(&in, &height) || !expect_text(&in, "\n255\n") || !is_valid_size(width, height) ||
	    (size_t)(in.end - in.at) != width * height * 3)
		return false;
	pixels->width = width;
	pixels->height = height;
	strbuf_reset(&pixels->rgb);
	strbuf_add(&pixels->rgb, in.at, width * height * 3);
	return true;
}

/* Reads the keys of the first chunk. The key for the format must be 32; width and height are stored; other keys are
 * ignored. */
static bool parse_parameters(struct read_cursor *in, size_t *width, size_t *height)
{
	size_t format = 0, value;
	*width = *height = 0;
	do {
		if (in->end - in->at < 3 || in->at[1] != '=')
			return false;
		char key = *in->at;
		in->at += 2;
		if (!parse_number(in, &value))
			in->at++; /* skips the value, which is a letter */
		else if (key == 'f')
			format = value;
		else if (key == 's')
			*width = value;
		else if (key == 'v')
			*height = value;
	} while (expect_text(in, ","));
	return format == 32;
}

static int digit_of(char c)
{
	return c >= 'A' && c <= 'Z'   ? c - 'A'
	       : c >= 'a' && c <= 'z' ? c - 'a' + 26
	       : c >= '0' && c <= '9' ? c - '0' + 52
	       : c == '+'	      ? 62
	       : c == '/'	      ? 63
				      : -1;
}

/* Reads base64 up to the end of the escape sequence. base64_decode() would fail: chafa 1.12 shifts the last bits of
 * a chunk. */
static bool parse_base64(struct read_cursor *in, struct strbuf *rgba, size_t most)
{
	int value = 0;
	while (in->end - in->at >= 4 && *in->at != '\033') {
		unsigned word = 0, bytes = in->at[3] != '=' ? 3 : in->at[2] != '=' ? 2 : 1;
		for (unsigned i = 0; i < 4; i++) {
			value = i <= bytes ? digit_of(in->at[i]) : 0;
			if (value < 0)
				return false;
			word = word << 6 | (unsigned)value;
		}
		if (rgba->len + bytes > most)
			return false;
		for (unsigned i = 0; i < bytes; i++)
			rgba->buf[rgba->len++] = (char)(word >> (16 - 8 * i) & 255U);
		in->at += 4;
		if (bytes < 3)
			break;
	}
	return true;
}

/* Reads all chunks of base64; each chunk is in its own escape sequence. */
static bool parse_chunks(struct read_cursor *in, struct strbuf *rgba, size_t most)
{
	while (expect_text(in, "\033_G"))
		if ((!expect_text(in, "m=1") && !expect_text(in, "m=0")) ||
		    (expect_text(in, ";") && !parse_base64(in, rgba, most)) || !expect_text(in, "\033\\"))
			return false;
	return true;
}

/* Blends a colour with white paper. A nearly opaque colour counts as opaque, because chafa may have shifted bits of
 * the opacity. */
static unsigned char blend_on_white(unsigned colour, unsigned opacity)
{
	return (unsigned char)(opacity >= 0xf0 ? colour
					       : (colour * opacity + WHITE_CHANNEL * (255 - opacity) + 127) / 255);
}

bool pixels_read_kitty(struct pixels *pixels, const struct strbuf *output)
{
	struct read_cursor in = { output->buf, output->buf + output->len };
	struct strbuf rgba = STRBUF_INIT;
	size_t width, height;
	const char *begin = memmem(output->buf, output->len, "\033_G", 3);
	in.at = begin ? begin : in.end;
	bool read = expect_text(&in, "\033_G") && parse_parameters(&in, &width, &height) &&
		    expect_text(&in, "\033\\") && is_valid_size(width, height) &&
		    width * height * 4 < output->len; /* base64 must be longer than the pixels */
	if (read) {
		strbuf_grow(&rgba, width * height * 4 + 4);
		read = parse_chunks(&in, &rgba, width * height * 4) && rgba.len == width * height * 4;
	}
	if (read) {
		pixels->width = width;
		pixels->height = height;
		strbuf_reset(&pixels->rgb);
		strbuf_addn(&pixels->rgb, '\0', width * height * 3);
		const unsigned char *from = (const unsigned char *)rgba.buf;
		unsigned char *to = (unsigned char *)pixels->rgb.buf;
		for (size_t i = 0; i < width * height; i++)
			for (size_t c = 0; c < 3; c++)
				to[3 * i + c] = blend_on_white(from[4 * i + c], from[4 * i + 3]);
	}
	strbuf_wipe(&rgba);
	return read;
}

/* The range of source pixels that becomes pixel `i` of `count` pixels, at least one pixel. The source has `size`
 * pixels from `at` on. */
static void source_range(size_t i, size_t count, size_t at, size_t size, size_t *from, size_t *end)
{
	*from = at + i * size / count;
	*end = at + (i + 1) * size / count;
	*end = *end > *from ? *end : *from + 1;
}

void pixels_scale(struct pixels *pixels, const struct pixels *from, const struct pixels_part *part, size_t width,
		  size_t height)
{
	const unsigned char *bytes = (const unsigned char *)from->rgb.buf;
	strbuf_reset(&pixels->rgb);
	strbuf_addn(&pixels->rgb, '\0', width * height * 3);
	pixels->width = width;
	pixels->height = height;
	unsigned char *out = (unsigned char *)pixels->rgb.buf;
	for (size_t y = 0; y < height; y++) {
		size_t left, right, top, bottom;
		source_range(y, height, part->top, part->height, &top, &bottom);
		if (width == part->width && bottom == top + 1) {
			memcpy(out, bytes + (top * from->width + part->left) * 3, width * 3);
			out += width * 3;
			continue;
		}
		for (size_t x = 0; x < width; x++, out += 3) {
			size_t sum[3] = { 0 };
			source_range(x, width, part->left, part->width, &left, &right);
			for (size_t row = top; row < bottom; row++)
				for (size_t col = left; col < right; col++)
					for (size_t c = 0; c < 3; c++)
						sum[c] += bytes[(row * from->width + col) * 3 + c];
			for (size_t c = 0; c < 3; c++)
				out[c] = (unsigned char)(sum[c] / ((bottom - top) * (right - left)));
		}
	}
}
