#include "kybdesk/tui/frame.h"

#include <stdlib.h>
#include <string.h>

char *frame_clock(struct arena *arena, const struct frame *frame)
{
	return time_clock(arena, frame->now, frame->clock_offset_minutes);
}

void frame_header(const struct frame *frame, struct surface *surface, size_t row)
{
	struct arena arena = ARENA_INIT;
	const char *dot = glyph_text(frame->mode, GLYPH_DOT);
	surface_fill(surface, (struct box){ row, 0, 1, surface->cols }, THEME_HEADER);
	struct strbuf right = STRBUF_INIT;
	strbuf_addf(&right, "%s %s %s", frame->actor, dot, role_text(frame->role));
	if (frame->counts_known)
		strbuf_addf(&right, "    webhooks %lld due %s %lld dead", (long long)frame->counts.webhooks_due,
			    dot, (long long)frame->counts.webhooks_dead);
	/* By its own answers: somebody has to look, and enable it again. */
	if (frame->counts_known && frame->counts.endpoints_disabled)
		strbuf_addf(&right, " %s %lld endpoint%s off", dot, (long long)frame->counts.endpoints_disabled,
			    frame->counts.endpoints_disabled == 1 ? "" : "s");
	strbuf_addf(&right, "    %s", frame_clock(&arena, frame));
	size_t left = strlen("kybdesk") + 2;
	struct pen pen = pen_at(surface, row, 1, surface->cols > 2 ? surface->cols - 2 : 0);
	pen_put(&pen, THEME_HEADER, "kybdesk");
	surface_dye(surface, (struct box){ row, 1, 1, strlen("kybdesk") }, THEME_HEADER, CELL_BOLD);
	pen_skip(&pen, 2);
	if (frame->sandbox) {
		pen_put(&pen, THEME_HEADER, "SANDBOX");
		left += strlen("SANDBOX") + 2;
		pen_skip(&pen, 2);
	}
	if (frame->readonly) {
		pen_put(&pen, THEME_HEADER, "READ ONLY");
		left += strlen("READ ONLY") + 2;
	}
	size_t room = surface->cols > left + 3 ? surface->cols - left - 3 : 0;
	surface_put_aligned(surface, row, left + 2, room, THEME_HEADER, TEXT_RIGHT, right.buf);
	strbuf_release(&right);
	arena_release(&arena);
}
