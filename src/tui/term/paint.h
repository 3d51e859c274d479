/* The only function that writes text to the terminal; private to src/tui/term. */
#ifndef KYBDESK_TUI_PAINT_H
#define KYBDESK_TUI_PAINT_H

#include "colour.h"
#include "kybdesk/tui/surface.h"
#include "picture.h"

/* The terminal's content, so that curses gets only changed cells. */
struct painted {
	struct cell *cells;
	size_t rows, cols;
	bool cursor_shown;
	size_t bytes; /* sent so far, approximately */
	bool links;   /* the terminal supports links */
	struct painted_link {
		struct box box;
		uint64_t address; /* its hash */
	} * link_places;	  /* painted links */
	size_t link_count;
	struct pictures pictures;
};
void painted_release(struct painted *painted);
void painted_forget(struct painted *painted);
void painted_background(const struct colour_style *style);
void painted_update(struct painted *painted, const struct surface *surface,
		    const struct colour_style styles[THEME_ROLE_COUNT]);

#endif
