/*
 * Pictures in the pixels of the terminal, over the characters of the same cells: kitty's graphics protocol, or
 * sixels. Every byte is made here from prepared pixels (tui/picture_data.h); no bytes of a file or a converter are
 * passed on. By kitty's protocol a picture is sent once, chunk by chunk while no key waits; afterwards only the
 * picture's position is sent. Private to src/tui/term.
 */
#ifndef KYBDESK_TUI_PICTURE_H
#define KYBDESK_TUI_PICTURE_H

#include "model/surface.h"

struct pictures {
	struct picture_format format;
	struct picture_slot {
		struct picture_data *data; /* a reference to the picture of the last frame; NULL: none */
		/* Serial of the picture that the terminal may have stored under the slot's id; 0: none */
		uint64_t held;
		size_t sent; /* number of bytes of the data that were sent */
		bool open;   /* the last chunk is not sent yet, so no other graphics command is allowed */
		/* `wanted`: in the last frame; `shown`: on the terminal. No rows: no picture */
		struct surface_picture wanted, shown;
		uint64_t shown_serial;
	} slots[SURFACE_PICTURES];
};

/* Sets the pictures of the next frame, from the surface. */
void pictures_plan(struct pictures *pictures, const struct surface *surface);
/* Whether the frame has a picture. */
bool pictures_are_wanted(const struct pictures *pictures);
/* For sixels, which occupy the cells: whether the cells of the slot's picture must be painted again, since the next
 * frame has no picture in exactly these cells. If true, all pictures are sent again. */
bool picture_uncovers(struct pictures *pictures, const struct picture_slot *slot);
/* Appends the commands for the frame's changes of pictures; the cursor returns to its position. */
void pictures_show(struct pictures *pictures, struct strbuf *out);
bool pictures_are_queued(struct pictures *pictures); /* a chunk is left to send */
/* Appends the next chunk, if one is left to send, and after the last chunk the picture's position. */
void pictures_send_next(struct pictures *pictures, struct strbuf *out);

/* An area of pixels that sixel_add() encodes as sixels; public for tests. */
#define SIXEL_SIDE_MOST 960 /* limit of one graphic: xterm cuts at 1000 */
struct sixel_area {
	const unsigned char *colours; /* number of the first pixel's colour (tui/picture_data.h) */
	size_t stride;		      /* colours from one row to the next */
	size_t width, height;	      /* at most SIXEL_SIDE_MOST each */
};
/* Appends the area as one graphic. */
void sixel_add(struct strbuf *out, const struct sixel_area *area);

/* Call when the terminal's content is lost: everything is sent again with the next frame. */
void pictures_forget(struct pictures *pictures);
/* Appends the commands that remove all pictures from the terminal and its memory. Sixels disappear with their cells. */
void pictures_remove(struct pictures *pictures, struct strbuf *out);

#endif
