#include "kybdesk/tui/frame.h"

#include <string.h>

char *frame_clock(struct arena *arena, const struct frame *frame)
{
	return time_clock(arena, frame->now, frame->clock_offset_minutes);
}

void frame_header(const struct frame *frame, struct surface *surface, size_t row)
{
	struct arena *arena = &surface->arena;
	const char *dot = glyph_text(frame->mode, GLYPH_DOT), *due = "", *off = "";
	if (frame->counts_known)
		due = arena_printf(arena, "webhooks %lld due %s %lld dead", (long long)frame->counts.webhooks_due,
				   dot, (long long)frame->counts.webhooks_dead);
	/* Endpoints that were disabled because of their responses: a person has to check and enable them. */
	if (frame->counts_known && frame->counts.endpoints_disabled)
		off = arena_printf(arena, "%lld endpoint%s off", (long long)frame->counts.endpoints_disabled,
				   frame->counts.endpoints_disabled == 1 ? "" : "s");
	struct piece left[] = {
		{ "kybdesk", "", THEME_HEADER, 1 },
		{ frame->sandbox ? "SANDBOX" : "", "  ", THEME_HEADER, 0 },
		{ frame->readonly ? "READ ONLY" : "", "  ", THEME_HEADER, 0 },
	};
	struct piece right[] = {
		{ arena_printf(arena, "%s %s %s", frame->actor, dot, role_text(frame->role)), "", THEME_HEADER, 0 },
		{ due, "    ", THEME_HEADER, frame->counts.webhooks_dead ? 1 : 3 },
		{ off, arena_printf(arena, " %s ", dot), THEME_HEADER, 1 },
		{ surface->still ? "" : frame_clock(arena, frame), "    ", THEME_HEADER, 2 },
	};
	size_t lefts = sizeof left / sizeof left[0], rights = sizeof right / sizeof right[0];
	size_t room = surface->cols > 2 ? surface->cols - 2 : 0, cells = pieces_fit(surface, left, lefts, room);
	size_t rest = room > cells + 2 ? room - cells - 2 : 0, taken = pieces_fit(surface, right, rights, rest);
	surface_fill(surface, (struct box){ row, 0, 1, surface->cols }, THEME_HEADER);
	struct pen pen = pen_at(surface, row, 1, room);
	pieces_put(&pen, left, lefts);
	surface_dye(surface, (struct box){ row, 1, 1, strlen(left[0].text) }, THEME_HEADER, CELL_BOLD);
	pen = pen_at(surface, row, 1 + room - (taken < rest ? taken : rest), taken);
	pieces_put(&pen, right, rights);
}
