#include "model/picture_data.h"

#include "kybdesk/base/deflate.h"
#include "kybdesk/base/digest.h"

#include <stdlib.h>

#define GREY_SPREAD 24 /* maximum difference between red, green and blue if a colour is shown as a grey */
#define COARSE_BITS 5  /* number of bits kept of each colour: a camera's noise is in the lower bits */

bool picture_format_equal(const struct picture_format *a, const struct picture_format *b)
{
	return a->protocol == b->protocol && a->cell_width == b->cell_width && a->cell_height == b->cell_height &&
	       a->bytes_max == b->bytes_max;
}

static unsigned char palette_index(const unsigned char *rgb)
{
	unsigned least = rgb[0], most = rgb[0], sum = 0, number = 0;
	for (size_t c = 0; c < 3; c++) {
		least = rgb[c] < least ? rgb[c] : least;
		most = rgb[c] > most ? rgb[c] : most;
		sum += rgb[c];
		number = number * PICTURE_STEPS + (rgb[c] * (PICTURE_STEPS - 1U) + 127) / 255;
	}
	if (most - least <= GREY_SPREAD)
		number = PICTURE_CUBE_COLOURS + (sum * (PICTURE_GREYS - 1U) + 3 * 127) / (3 * 255);
	return (unsigned char)number;
}

static void scale_picture(struct pixels *pixels, size_t width, size_t height)
{
	const struct pixels_part whole = { 0, 0, pixels->width, pixels->height };
	struct pixels scaled = { 0 };
	strbuf_init(&scaled.rgb);
	pixels_scale(&scaled, pixels, &whole, width, height);
	pixels_wipe(pixels);
	*pixels = scaled;
}

static void index_colours(struct picture_data *data, const struct pixels *pixels)
{
	const unsigned char *rgb = (const unsigned char *)pixels->rgb.buf;
	size_t count = pixels->width * pixels->height;
	strbuf_grow(&data->bytes, count);
	for (size_t i = 0; i < count; i++)
		data->bytes.buf[i] = (char)palette_index(rgb + 3 * i);
	data->bytes.len = count;
	data->bytes.buf[count] = '\0';
}

/* Keeps the highest COARSE_BITS bits of each colour, scaled to the full range again. */
static void quantise_colours(struct pixels *pixels)
{
	for (size_t i = 0; i < pixels->rgb.len; i++) {
		unsigned value = (unsigned char)pixels->rgb.buf[i] >> (8 - COARSE_BITS);
		pixels->rgb.buf[i] = (char)(value << (8 - COARSE_BITS) | value >> (2 * COARSE_BITS - 8));
	}
}

/* Sets data->bytes, compressed if possible. False: their base64 is longer than `most` bytes. */
static bool encode_pixels(struct picture_data *data, const struct pixels *pixels, size_t most)
{
	struct strbuf packed = STRBUF_INIT;
	size_t most_packed = most / 4 * 3;
	data->is_compressed = deflate_bytes(&packed, &pixels->rgb, most_packed);
	bool fits = data->is_compressed || pixels->rgb.len <= most_packed;
	const struct strbuf *bytes = data->is_compressed ? &packed : &pixels->rgb;
	if (fits) {
		strbuf_grow(&data->bytes, (bytes->len + 2) / 3 * 4);
		base64_encode(&data->bytes, bytes->buf, bytes->len);
	}
	strbuf_wipe(&packed);
	return fits;
}

struct picture_data *picture_data_new(struct pixels *pixels, const struct picture_format *format, size_t width,
				      size_t height)
{
	struct picture_data *data = xcalloc(1, sizeof *data);
	data->protocol = format->protocol;
	data->reference_count = 1;
	strbuf_init(&data->bytes);
	if (format->protocol == PICTURE_SIXEL) {
		scale_picture(pixels, width, height);
		index_colours(data, pixels);
	} else {
		for (bool coarse = false; !encode_pixels(data, pixels, format->bytes_max); coarse = true)
			if (!coarse)
				quantise_colours(pixels);
			else if (pixels->width * pixels->height > 1)
				scale_picture(pixels, pixels->width - (pixels->width + 3) / 5,
					      pixels->height - (pixels->height + 3) / 5);
	}
	data->width = pixels->width;
	data->height = pixels->height;
	pixels_wipe(pixels);
	return data;
}

void picture_data_release(struct picture_data *data)
{
	if (!data || --data->reference_count)
		return;
	strbuf_wipe(&data->bytes);
	free(data);
}
