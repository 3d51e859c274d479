/* A picture in the terminal's format. The thread that converts documents makes the picture once, so that a key
 * press sends only the picture's position. For kitty's protocol, the bytes are all pixels, compressed if possible,
 * in base64; for sixels, the number of each pixel's colour in a fixed palette. The picture is personal data of a
 * client: dropping the last reference wipes the bytes. Only one thread at a time may change the reference count:
 * the converting thread transfers its reference together with the picture. */
#ifndef KYBDESK_TUI_PICTURE_DATA_H
#define KYBDESK_TUI_PICTURE_DATA_H

#include "model/pixels.h"

#include <stdbool.h>
#include <stdint.h>

enum picture_protocol { PICTURE_NONE, PICTURE_KITTY, PICTURE_SIXEL };

/* The format of pictures that the terminal accepts. */
struct picture_format {
	enum picture_protocol protocol; /* PICTURE_NONE: the terminal shows no pictures, and the other members are 0 */
	size_t cell_width, cell_height; /* pixels */
	size_t bytes_max; /* maximum bytes of a picture in base64; a larger picture is made coarser, then smaller */
};

bool picture_format_equal(const struct picture_format *a, const struct picture_format *b);

struct picture_data {
	enum picture_protocol protocol;
	size_t width, height;
	bool is_compressed;  /* PICTURE_KITTY: the pixels are compressed by zlib */
	struct strbuf bytes; /* PICTURE_KITTY: base64; PICTURE_SIXEL: width * height colour indexes */
	uint64_t serial;     /* each picture has a different number */
	unsigned reference_count;
};

/* The palette of sixels: a cube with six steps each of red, green and blue, then greys, since most documents are
 * grey. */
#define PICTURE_STEPS 6
#define PICTURE_CUBE_COLOURS (PICTURE_STEPS * PICTURE_STEPS * PICTURE_STEPS)
#define PICTURE_GREYS 24
#define PICTURE_COLOURS (PICTURE_CUBE_COLOURS + PICTURE_GREYS)

/* Makes the picture with one reference, and frees the pixels. width and height: for sixels, the size in pixels of
 * the cells that the picture covers; not used for kitty. */
struct picture_data *picture_data_new(struct pixels *pixels, const struct picture_format *format, size_t width,
				      size_t height);
void picture_data_release(struct picture_data *data); /* removes a reference; accepts NULL */

#endif
