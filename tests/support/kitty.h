/* Simulates a terminal with kitty's graphics protocol: decodes a program's output. */
#ifndef KYB_TESTS_KITTY_H
#define KYB_TESTS_KITTY_H

#include "kybdesk/base/strbuf.h"

#include <stdbool.h>

#define KITTY_IMAGES 4

struct kitty {
	struct kitty_image {
		unsigned id; /* 0: none */
		bool whole, placed, compressed;
		size_t width, height;
		struct strbuf data;		   /* base64; if whole: the pixels, three bytes each */
		size_t row, col, x, y, w, h, c, r; /* placement on the screen */
	} images[KITTY_IMAGES];
	struct kitty_image *open;				 /* image that needs more chunks; NULL: none */
	size_t row, col;					 /* last cursor position */
	size_t begun, whole, broken, placed, displaced, removed; /* counts since the beginning */
	size_t at;						 /* number of bytes read so far */
};
/* Continues where the last call ended; an incomplete sequence waits for its end. Asserts the rules of the protocol. */
void kitty_read(struct kitty *kitty, const char *bytes, size_t length);
/* NULL: the terminal's memory has no image with this id. */
struct kitty_image *kitty_image(struct kitty *kitty, unsigned id);
size_t kitty_placed(const struct kitty *kitty); /* number of images on the screen */
void kitty_release(struct kitty *kitty);

#endif
