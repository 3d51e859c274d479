#include "model/frame.h"
#include "input/keymap.h"

#include <stdlib.h>
#include <string.h>

#define NAME_CELLS_MIN 4
#define UNDO_OFFER_FULL_COLS_MIN 72
#define PART_SEPARATOR " · "

static void undo_offer_free(struct undo_offer *undo_offer)
{
	free(undo_offer->name);
	free(undo_offer->reference);
}

void status_release(struct status_line *status)
{
	status_clear(status);
	for (size_t i = 0; i < status->undo_count; i++)
		undo_offer_free(&status->undo_offers[i]);
	status->undo_count = 0;
}

void status_clear(struct status_line *status)
{
	free(status->text);
	free(status->short_text);
	free(status->name);
	free(status->reference);
	free(status->message_end);
	status->text = status->short_text = status->name = status->reference = status->message_end = NULL;
	status->tone = STATUS_PLAIN;
	status->names_newest_undo = false;
}

void status_set(struct status_line *status, enum status_tone tone, const char *format, ...)
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

void status_announce(struct status_line *status, enum status_tone tone, const struct announcement *announcement)
{
	status_set(status, tone, "%s", announcement->message_start);
	status->name = xstrdup(announcement->name);
	status->reference = xstrdup(announcement->reference);
	status->message_end = xstrdup(announcement->message_end);
}

char *case_title(struct arena *arena, const char *name, const char *reference)
{
	return reference[0] ? arena_printf(arena, "%s (%s)", name, reference) : arena_strdup(arena, name);
}

static void copy_id(char out[UUID_TEXT_SIZE], const char *id)
{
	size_t length = strnlen(id, UUID_TEXT_SIZE - 1);
	memcpy(out, id, length);
	out[length] = '\0';
}

void status_set_case(struct status_line *status, const char *id)
{
	copy_id(status->open_case_id, id);
}

static void drop_undo_offers(struct status_line *status, const char *id, bool verdict)
{
	char of[UUID_TEXT_SIZE]; /* a copy, since `id` may point into an entry that is dropped */
	copy_id(of, id);
	for (size_t i = status->undo_count; i-- > 0;) {
		struct undo_offer *undo_offer = &status->undo_offers[i];
		if (strcmp(undo_offer->id, of) || (verdict && undo_offer->expires_at != TIME_NONE))
			continue;
		undo_offer_free(undo_offer);
		status->undo_count--;
		memmove(undo_offer, undo_offer + 1, (status->undo_count - i) * sizeof *undo_offer);
	}
}

void status_drop_undos(struct status_line *status, const char *id)
{
	drop_undo_offers(status, id, false);
}

void status_drop_verdict_undo(struct status_line *status, const char *id)
{
	drop_undo_offers(status, id, true);
}

void status_add_undo(struct status_line *status, const struct undo_offer *undo_offer)
{
	drop_undo_offers(status, undo_offer->id, undo_offer->expires_at == TIME_NONE);
	if (status->undo_count == UNDO_MAX)
		status_drop_undos(status, status->undo_offers[0].id);
	struct undo_offer *added = &status->undo_offers[status->undo_count++];
	*added = *undo_offer;
	added->name = xstrdup(undo_offer->name);
	added->reference = xstrdup(undo_offer->reference);
	status->names_newest_undo =
		status->name && !strcmp(status->name, added->name) && !strcmp(status->reference, added->reference);
}

int64_t undo_seconds_left(const struct undo_offer *undo_offer, int64_t now)
{
	if (undo_offer->is_held_back || undo_offer->expires_at == TIME_NONE || undo_offer->expires_at <= now)
		return 0;
	return (undo_offer->expires_at - now + 999) / 1000;
}

const struct undo_offer *status_find_held_back_undo(const struct status_line *status)
{
	for (size_t i = 0; i < status->undo_count; i++)
		if (status->undo_offers[i].is_held_back)
			return &status->undo_offers[i];
	return NULL;
}

static bool is_undo_possible(const struct status_line *status, const struct undo_offer *undo_offer, int64_t now)
{
	return undo_offer->expires_at == TIME_NONE ? !strcmp(undo_offer->id, status->open_case_id)
						   : undo_seconds_left(undo_offer, now) > 0;
}

const struct undo_offer *status_latest_undo(const struct status_line *status, int64_t now)
{
	for (size_t i = status->undo_count; i-- > 0;)
		if (is_undo_possible(status, &status->undo_offers[i], now))
			return &status->undo_offers[i];
	return NULL;
}

int64_t status_undo_seconds(const struct status_line *status, int64_t now)
{
	const struct undo_offer *newest = status_latest_undo(status, now);
	return newest ? undo_seconds_left(newest, now) : 0;
}

static size_t undo_count(const struct status_line *status, int64_t now)
{
	size_t count = 0;
	for (size_t i = 0; i < status->undo_count; i++)
		count += is_undo_possible(status, &status->undo_offers[i], now);
	return count;
}

/* Text that offers the newest undo, like " undo approval of RAL-2031 8 s". Omits the case if the text of the status
 * line names the case. */
static char *undo_offer_text(const struct status_line *status, struct arena *arena, size_t cols, bool is_spoken,
			     int64_t now)
{
	const struct undo_offer *newest = status_latest_undo(status, now);
	long long seconds = (long long)undo_seconds_left(newest, now);
	size_t others = undo_count(status, now) - 1;
	const char *more =
		others ? arena_printf(arena, ", %s %zu more", keymap_key_or_name(arena, COMMAND_UNDO_LIST), others)
		       : "";
	const char *title = newest->reference[0] ? newest->reference : newest->name;
	bool named = !status_find_held_back_undo(status) && status->names_newest_undo &&
		     newest == &status->undo_offers[status->undo_count - 1];
	/* If the text of the status line names the case, and the undo has no time limit, the text also names the
	 * change: so the offer omits case and change. */
	bool timed = !is_spoken && newest->expires_at != TIME_NONE, narrow = timed && cols < UNDO_OFFER_FULL_COLS_MIN;
	const char *what = named && (narrow || newest->expires_at == TIME_NONE) ? "" : newest->noun;
	const char *of = named ? "" : arena_printf(arena, " of %s", title);
	const char *left = timed ? arena_printf(arena, " %lld s", seconds) : "";
	return arena_printf(arena, " undo%s%s%s%s%s", *what ? " " : "", what, of, left, more);
}

/* Cuts off the last part of a text: " · level … · webhook …" becomes " · level …". */
static void cut_last_part(char *parts)
{
	char *last = parts, *next;
	while ((next = strstr(last + 1, PART_SEPARATOR)))
		last = next;
	last[0] = '\0';
}

/* The announcement as a sentence of at most `cells` cells. Drops parts of `message_end` first, then shortens the name,
 * but never the reference. */
static char *announcement_text(const struct announcement *announcement, struct surface *surface, size_t cells)
{
	struct arena *arena = &surface->arena;
	const char *title = case_title(arena, announcement->name, announcement->reference);
	char *text = arena_printf(arena, "%s %s%s", announcement->message_start, title, announcement->message_end);
	char *whole = text + strlen(announcement->message_start) + 1 + strlen(title);
	while (surface_text_width(surface, text) > cells && whole[0]) /* drops the last part of `message_end` */
		cut_last_part(whole);
	if (surface_text_width(surface, text) <= cells)
		return text;
	const char *reference = announcement->reference[0] ? arena_printf(arena, " (%s)", announcement->reference) : "";
	size_t fixed = surface_text_width(surface, reference) + 1,
	       done = surface_text_width(surface, announcement->message_start);
	if (done + fixed + NAME_CELLS_MIN > cells)
		done = cells > fixed + 2 * NAME_CELLS_MIN ? cells - fixed - NAME_CELLS_MIN : NAME_CELLS_MIN;
	size_t room = cells > done + fixed + NAME_CELLS_MIN ? cells - done - fixed : NAME_CELLS_MIN;
	return arena_printf(arena, "%s %s%s", surface_fit_text(surface, announcement->message_start, done),
			    surface_fit_text(surface, announcement->name, room), reference);
}

static size_t draw_undo_offer(const struct status_line *status, struct surface *surface, size_t row, int64_t now)
{
	struct arena *arena = &surface->arena;
	size_t end = sub_sat(surface->cols, 1);
	const char *offer = undo_offer_text(status, arena, surface->cols, surface->is_spoken, now);
	const char *key = keymap_key_or_name(arena, COMMAND_UNDO);
	size_t key_cells = surface_text_width(surface, key);
	size_t most = surface->cols * 2 / 3, cells = surface_text_width(surface, offer) + key_cells;
	cells = cells > most ? most : cells;
	end = end > cells + 2 ? end - cells : 0;
	surface_put(surface, row, end, key_cells, THEME_KEY, key);
	surface_put(surface, row, end + key_cells, cells - key_cells, THEME_WARNING, offer);
	return sub_sat(end, 2);
}

void status_draw(const struct status_line *status, struct surface *surface, size_t row, int64_t now)
{
	size_t end = sub_sat(surface->cols, 1);
	surface_fill(surface, (struct box){ row, 0, 1, surface->cols }, THEME_TEXT);
	surface->screen_reader.has_status_row = true;
	surface->screen_reader.status_row = row;
	const struct undo_offer *held = status_find_held_back_undo(status);
	bool room = !held || surface->cols >= UNDO_OFFER_FULL_COLS_MIN;
	if (status_latest_undo(status, now) && room)
		end = draw_undo_offer(status, surface, row, now);
	if ((!status->text && !held) || end < 4)
		return;
	enum status_tone tone = held ? STATUS_BAD : status->tone;
	const struct announcement announcement_of =
		held ? (struct announcement){ .message_start = "Approval held, review again:",
					      .name = held->name,
					      .reference = held->reference,
					      .message_end = " · Enter opens it · nothing was sent" }
		     : (struct announcement){ status->text, status->name, status->reference, status->message_end };
	enum theme_role role = tone == STATUS_GOOD ? THEME_OK : tone == STATUS_BAD ? THEME_DANGER : THEME_TEXT;
	bool fits = surface_text_width(surface, announcement_of.message_start) <= end - 3;
	const char *text = announcement_of.name		 ? announcement_text(&announcement_of, surface, end - 3)
			   : fits || !status->short_text ? announcement_of.message_start
							 : status->short_text;
	const char *mark = tone == STATUS_GOOD	? glyph_text(surface->mode, GLYPH_MET)
			   : tone == STATUS_BAD ? "!"
						: glyph_text(surface->mode, GLYPH_DOT);
	if (!announcement_of.name && !status_latest_undo(status, now)) {
		surface_put_sentence(surface, row, role, mark, text);
	} else {
		struct pen pen = pen_at(surface, row, 1, end - 1);
		pen_put(&pen, role, mark);
		pen.col++;
		pen_put(&pen, role, text);
	}
}

void frame_draw_header(const struct frame *frame, struct surface *surface, size_t row)
{
	struct arena *arena = &surface->arena;
	const char *dot = glyph_text(frame->mode, GLYPH_DOT), *due = "", *off = "", *offers = "";
	if (frame->has_counts)
		due = arena_printf(arena, "webhooks %lld due %s %lld dead", (long long)frame->counts.webhooks.due, dot,
				   (long long)frame->counts.webhooks.dead);
	/* Webhook endpoints that were disabled because they failed: a person has to check and enable them. */
	if (frame->has_counts && frame->counts.webhooks.disabled)
		off = arena_printf(arena, "%lld endpoint%s off", (long long)frame->counts.webhooks.disabled,
				   frame->counts.webhooks.disabled == 1 ? "" : "s");
	if (frame->has_counts && frame->counts.offers)
		offers = arena_printf(arena, "%lld to confirm", (long long)frame->counts.offers);
	struct row_piece left[] = {
		{ "kybdesk", "", THEME_HEADER, 1 },
		{ frame->sandbox ? "SANDBOX" : "", "  ", THEME_HEADER, 0 },
		{ frame->readonly ? "READ ONLY" : "", "  ", THEME_HEADER, 0 },
	};
	struct row_piece right[] = {
		{ arena_printf(arena, "%s %s %s", frame->actor, dot, role_text(frame->role)), "", THEME_HEADER, 0 },
		{ due, "    ", THEME_HEADER, frame->counts.webhooks.dead ? 1 : 3 },
		{ off, arena_printf(arena, " %s ", dot), THEME_HEADER, 1 },
		{ offers, "    ", THEME_HEADER, 1 },
		{ surface->is_spoken ? "" : time_clock_text(arena, frame->now, frame->clock_offset_minutes), "    ",
		  THEME_HEADER, 2 },
	};
	size_t lefts = sizeof left / sizeof left[0], rights = sizeof right / sizeof right[0];
	size_t room = surface->cols > 2 ? surface->cols - 2 : 0, cells = drop_pieces_to_fit(surface, left, lefts, room);
	size_t rest = room > cells + 2 ? room - cells - 2 : 0, taken = drop_pieces_to_fit(surface, right, rights, rest);
	surface_fill(surface, (struct box){ row, 0, 1, surface->cols }, THEME_HEADER);
	struct pen pen = pen_at(surface, row, 1, room);
	put_pieces(&pen, left, lefts);
	surface_restyle(surface, (struct box){ row, 1, 1, strlen(left[0].text) }, THEME_HEADER, CELL_BOLD);
	pen = pen_at(surface, row, 1 + room - (taken < rest ? taken : rest), taken);
	put_pieces(&pen, right, rights);
}
