/* Pictures in the pixels of the terminal, over the characters of the same cells, by kitty's graphics protocol or as
 * sixels. Every byte is made from prepared pixels (model/picture_data.h); no bytes of a file or a converter are
 * passed on. By kitty's protocol a picture is sent only once, in chunks, while no key waits; afterwards only the
 * picture's position is sent. Private to src/tui/term. */
#ifndef KYBDESK_TUI_PICTURE_H
#define KYBDESK_TUI_PICTURE_H

#include "model/surface.h"

struct pictures {
	struct picture_format format;
	struct picture_slot {
		struct picture_data *data; /* a reference to the picture in the last frame; NULL: none */
		/* Serial of the picture that the terminal may have in its memory under the slot's id; 0: none */
		uint64_t terminal_serial;
		size_t sent_byte_count; /* number of bytes of `data` that were sent so far */
		bool is_partly_sent;	/* the last chunk was not sent yet, so no other graphics command may be sent */
		/* wanted_picture: the picture in the last frame; shown_picture: the picture on the terminal. A box
		 * without rows: no picture */
		struct surface_picture wanted_picture, shown_picture;
		uint64_t shown_serial;
	} slots[SURFACE_PICTURES];
};

/* Takes the pictures of the next frame from the surface. */
void pictures_plan(struct pictures *pictures, const struct surface *surface);
/* Whether the next frame has a picture. */
bool has_wanted_pictures(const struct pictures *pictures);
/* Whether the cells of the slot's picture must be painted again, because the next frame does not have a picture in
 * exactly these cells. Only sixels need this, since they replace the content of the cells. If true, all pictures
 * are sent again. */
bool picture_uncovers_cells(struct pictures *pictures, const struct picture_slot *slot);
/* Appends the commands for changed pictures of the frame; a picture of kitty's protocol is shown only when it was
 * sent completely. The cursor returns to its position. */
void pictures_show(struct pictures *pictures, struct strbuf *out);
bool pictures_have_unsent(struct pictures *pictures); /* whether a chunk of a picture must still be sent */
/* Appends the next chunk of a picture if one must still be sent. After the last chunk, appends the picture's
 * position. */
void pictures_send_next(struct pictures *pictures, struct strbuf *out);

/* An area of pixels that sixel_add_area() encodes as sixels; public for tests. */
#define SIXEL_SIDE_MAX 960 /* maximum width and height of one graphic: xterm cuts off pixels after 1000 */
struct sixel_area {
	/* Numbers of colours (model/picture_data.h), one byte per pixel; points to the first pixel */
	const unsigned char *colours;
	size_t stride;	      /* number of bytes from one row to the next */
	size_t width, height; /* at most SIXEL_SIDE_MAX each */
};
/* Appends the area as one graphic of sixels. */
void sixel_add_area(struct strbuf *out, const struct sixel_area *area);

/* Call when the content of the terminal is lost: the next frame sends all pictures again. */
void pictures_forget(struct pictures *pictures);
/* Appends the commands that remove all pictures from the terminal and its memory. Sixels disappear with their cells. */
void pictures_remove(struct pictures *pictures, struct strbuf *out);

#endif
