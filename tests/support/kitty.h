/* What a terminal with kitty's graphics protocol does with a program's output, by a decoder of the tests' own. */
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
		struct strbuf data;		   /* base64, then the pixels (three bytes each) of a whole one */
		size_t row, col, x, y, w, h, c, r; /* of its placement */
	} images[KITTY_IMAGES];
	struct kitty_image *open;				 /* chunks are still to come */
	size_t row, col;					 /* of the last cursor position */
	size_t begun, whole, broken, placed, displaced, removed; /* since the beginning */
	size_t at;						 /* of the bytes read so far */
};
/* Reads on from where the last reading ended; a sequence without its end waits. Asserts what the protocol asks for. */
void kitty_read(struct kitty *kitty, const char *bytes, size_t length);
/* NULL: it is not in the terminal's memory. */
struct kitty_image *kitty_image(struct kitty *kitty, unsigned id);
size_t kitty_placed(const struct kitty *kitty); /* how many are on the screen */
void kitty_release(struct kitty *kitty);

#endif
