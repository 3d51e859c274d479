/* The one function that puts text on the terminal; private to src/tui/term. */
#ifndef KYBDESK_TUI_PAINT_H
#define KYBDESK_TUI_PAINT_H

#include "colour.h"
#include "kybdesk/tui/surface.h"

/* What the terminal shows now, so that only changed cells are given to curses. */
struct painted {
	struct cell *cells;
	size_t rows, cols;
	bool cursor_shown;
	size_t bytes; /* sent so far, about */
	bool links;   /* this terminal has them */
	struct painted_link {
		struct box box;
		uint64_t address; /* its hash */
	} * link_places;	  /* of the links that were painted */
	size_t link_count;
};
void painted_release(struct painted *painted);
void painted_forget(struct painted *painted);
void painted_background(const struct colour_style *style);
void painted_update(struct painted *painted, const struct surface *surface,
		    const struct colour_style styles[THEME_ROLE_COUNT]);

#endif
