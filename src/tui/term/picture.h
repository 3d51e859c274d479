/*
 * Pictures in the pixels of the terminal, over the characters of the same cells: kitty's graphics protocol, or sixels.
 * Every byte is made here from prepared pixels (tui/picture_data.h); nothing of a file or of a converter is passed on.
 * By kitty's protocol a picture is sent once, chunk by chunk while no key waits; then only its place is sent. Private to
 * src/tui/term.
 */
#ifndef KYBDESK_TUI_PICTURE_H
#define KYBDESK_TUI_PICTURE_H

#include "kybdesk/tui/surface.h"

struct pictures {
	struct picture_format format;
	struct picture_slot {
		struct picture_data *data; /* reference of the last frame; NULL: none */
		uint64_t held; /* serial of what the terminal may hold under the slot's id; 0: nothing */
		size_t sent;   /* bytes of the data */
		bool open;     /* its last chunk is not sent: until then no other graphics command is allowed */
		struct surface_picture wanted, shown; /* in the last frame; on the terminal. No rows: no picture */
		uint64_t shown_serial;
	} slots[SURFACE_PICTURES];
};

/* Takes the pictures of the next frame. */
void pictures_plan(struct pictures *pictures, const struct surface *surface);
/* Whether a picture of the frame is to be seen. */
bool pictures_are_wanted(const struct pictures *pictures);
/* For sixels, which are in the cells: whether the cells of the slot's picture must be painted again, since no other
 * picture will fill exactly these cells. Then the other pictures of its rows are sent again. */
bool picture_uncovers(struct pictures *pictures, const struct picture_slot *slot);
/* Appends what changes on the terminal with the frame, with the cursor back in its place. */
void pictures_show(struct pictures *pictures, struct strbuf *out);
/* Appends the next chunk, if one is left to send, and after the last chunk the place of the picture. */
bool pictures_are_coming(struct pictures *pictures);
void pictures_send_next(struct pictures *pictures, struct strbuf *out);
/* Call when the terminal's content is lost: everything is sent again with the next frame. */
void pictures_forget(struct pictures *pictures);
/* Appends the commands that remove all pictures from the terminal and its memory. Sixels disappear with their cells. */
void pictures_remove(struct pictures *pictures, struct strbuf *out);

#endif
