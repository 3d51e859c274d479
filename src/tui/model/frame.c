#include "kybdesk/tui/frame.h"

#include <stdlib.h>
#include <string.h>

void status_init(struct status *status)
{
	*status = (struct status){ .undo_until = TIME_NONE };
}

void status_release(struct status *status)
{
	status_clear(status);
	status->undo_until = TIME_NONE;
}

void status_clear(struct status *status)
{
	free(status->text);
	free(status->short_text);
	status->text = status->short_text = NULL;
	status->tone = STATUS_PLAIN;
}

void status_set(struct status *status, enum status_tone tone, const char *format, ...)
{
	struct strbuf text = STRBUF_INIT;
	va_list args;
	va_start(args, format);
	strbuf_vaddf(&text, format, args);
	va_end(args);
	status_clear(status);
	status->tone = tone;
	status->text = strbuf_detach(&text);
}

void status_set_short(struct status *status, const char *format, ...)
{
	struct strbuf text = STRBUF_INIT;
	va_list args;
	va_start(args, format);
	strbuf_vaddf(&text, format, args);
	va_end(args);
	free(status->short_text);
	status->short_text = strbuf_detach(&text);
}

int64_t status_undo_seconds(const struct status *status, int64_t now)
{
	if (status->undo_until == TIME_NONE || status->undo_until <= now)
		return 0;
	return (status->undo_until - now + 999) / 1000;
}

void status_draw(const struct status *status, struct surface *surface, size_t row, int64_t now)
{
	size_t end = surface->cols > 1 ? surface->cols - 1 : 0;
	int64_t seconds = status_undo_seconds(status, now);
	surface_fill(surface, (struct box){ row, 0, 1, surface->cols }, THEME_TEXT);
	if (seconds) {
		struct arena arena = ARENA_INIT;
		const char *offer = arena_printf(&arena, " undo %lld s", (long long)seconds);
		size_t cells = strlen(offer) + 1;
		end = end > cells + 2 ? end - cells : 0;
		surface_put(surface, row, end, 1, THEME_KEY, "u");
		surface_put(surface, row, end + 1, cells - 1, THEME_WARNING, offer);
		end = end > 2 ? end - 2 : 0;
		arena_release(&arena);
	}
	if (!status->text || end < 2)
		return;
	enum theme_role role = status->tone == STATUS_GOOD  ? THEME_OK
			       : status->tone == STATUS_BAD ? THEME_DANGER
							    : THEME_TEXT;
	bool fits = surface_width(surface, status->text) <= end - 1;
	const char *text = fits || !status->short_text ? status->text : status->short_text;
	const char *mark = status->tone == STATUS_GOOD	? glyph_text(surface->mode, GLYPH_MET)
			   : status->tone == STATUS_BAD ? "!"
							: glyph_text(surface->mode, GLYPH_DOT);
	struct pen pen = pen_at(surface, row, 1, end - 1);
	pen_put(&pen, role, mark);
	pen_skip(&pen, 1);
	pen_put(&pen, role, text);
}

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
