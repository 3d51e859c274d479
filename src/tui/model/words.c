/* Words and marks for the items of a case. They are the same on every screen. */
#include "model/frame.h"
#include "input/keymap.h"

#include "kybdesk/domain/due.h"

#include <string.h>

#define MINUTE_MS (60 * 1000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * (int64_t)HOUR_MS)

char *number_text(struct arena *arena, int64_t number)
{
	if (number < 0)
		return arena_strdup(arena, "");
	if (number < 1000)
		return arena_printf(arena, "%lld", (long long)number);
	return arena_printf(arena, "%s %03lld", number_text(arena, number / 1000), (long long)(number % 1000));
}

char *capped_count_text(struct arena *arena, int64_t number)
{
	if (number <= COUNTED_CASES_MAX)
		return number_text(arena, number);
	return arena_printf(arena, "%s+", number_text(arena, COUNTED_CASES_MAX));
}

enum theme_role inbox_role(enum inbox inbox)
{
	return (enum theme_role)(THEME_MANUAL_REVIEW + (unsigned)inbox);
}

enum theme_role session_status_role(enum session_status status)
{
	return inbox_role(session_status_inbox(status));
}

enum glyph session_status_glyph(enum session_status status)
{
	if (status == SESSION_APPROVED)
		return GLYPH_MET;
	if (status == SESSION_REJECTED)
		return GLYPH_UNMET;
	return status == SESSION_DRAFT || status == SESSION_EXPIRED ? GLYPH_DASH : GLYPH_BULLET;
}

char *session_status_title_upper(struct arena *arena, enum session_status status)
{
	struct strbuf upper = STRBUF_INIT;
	text_add_upper(&upper, session_status_title(status), strlen(session_status_title(status)));
	return strbuf_finish(&upper, arena);
}

char *party_roles_text(struct arena *arena, const struct party *party)
{
	char *text = arena_strdup(arena, "");
	for (unsigned role = 0; role < PARTY_ROLE_COUNT; role++) {
		if (!(party->roles & 1u << role))
			continue;
		const char *word = role == ROLE_UBO		       ? "UBO"
				   : role == ROLE_AUTHORISED_SIGNATORY ? "authorised signatory"
								       : party_role_text((enum party_role)role);
		text = arena_printf(arena, "%s%s%s", text, text[0] ? ", " : "", word);
	}
	return arena_printf(arena, "%s%s%s", text, text[0] && party->control_role[0] ? ", " : "", party->control_role);
}

enum glyph document_glyph(const struct document *document)
{
	if (document->replaced)
		return GLYPH_DASH;
	if (document->review == REVIEW_ACCEPTED)
		return GLYPH_MET;
	if (document->review == REVIEW_REJECTED || document->upload == UPLOAD_REJECTED)
		return GLYPH_UNMET;
	return document->upload == UPLOAD_READY ? GLYPH_UNKNOWN : GLYPH_DASH;
}

enum theme_role document_role(const struct document *document)
{
	if (document->replaced)
		return THEME_MUTED;
	if (document->review == REVIEW_ACCEPTED)
		return THEME_OK;
	if (document->review == REVIEW_REJECTED || document->upload == UPLOAD_REJECTED)
		return THEME_DANGER;
	return THEME_WARNING;
}

const char *document_state_text(const struct document *document)
{
	static const char *const uploads[] = { [UPLOAD_REQUIRED] = "not uploaded",
					       [UPLOAD_WAITING] = "upload waiting",
					       [UPLOAD_PROCESSING] = "processing",
					       [UPLOAD_READY] = "to review",
					       [UPLOAD_REJECTED] = "upload rejected" };
	WORDS_CHECK_TABLE(uploads, UPLOAD_STATE_WORDS);
	if (document->replaced)
		return "replaced";
	if (document->review == REVIEW_ACCEPTED)
		return "accepted";
	return document->review == REVIEW_REJECTED ? "rejected" : uploads[document->upload];
}

const char *hit_state_title(enum hit_state state)
{
	static const char *const titles[] = { [HIT_OPEN] = "open",
					      [HIT_TRUE_MATCH] = "true match",
					      [HIT_FALSE_POSITIVE] = "false positive",
					      [HIT_ACCEPTED] = "accepted",
					      [HIT_UNDETERMINED] = "undetermined" };
	return titles[state];
}

const char *hit_reason_text(const struct reasons *reasons, const char *code)
{
	const struct reason *reason = reasons ? reason_find(reasons, REASONS_HIT, code) : NULL;
	return reason ? reason->label : code;
}

const struct duplicate *case_find_duplicate(const struct case_view *view, const char *id)
{
	return ITEM_WITH_TEXT(view->duplicates, view->duplicate_count, id, id);
}

char *date_time_text(struct arena *arena, int64_t ms, const struct frame *frame)
{
	if (ms == TIME_NONE)
		return arena_strdup(arena, "");
	int64_t shift = (int64_t)frame->clock_offset_minutes * MINUTE_MS;
	return arena_printf(arena, "%s %s", time_day_text(arena, ms + shift, frame->now + shift),
			    time_clock_text(arena, ms, frame->clock_offset_minutes));
}

char *since_text(struct arena *arena, int64_t ms, const struct frame *frame)
{
	int64_t shift = (int64_t)frame->clock_offset_minutes * MINUTE_MS;
	bool today = (ms + shift) / DAY_MS == (frame->now + shift) / DAY_MS;
	return today ? time_clock_text(arena, ms, frame->clock_offset_minutes) : date_time_text(arena, ms, frame);
}

char *size_text(struct arena *arena, int64_t bytes)
{
	if (bytes <= 0)
		return arena_strdup(arena, "");
	if (bytes < 1024)
		return arena_printf(arena, "%lld B", (long long)bytes);
	if (bytes < 1024 * 1024 - 512)
		return arena_printf(arena, "%lld kB", (long long)((bytes + 512) / 1024));
	if (bytes < 1024 * 1024)
		bytes = 1024 * 1024;
	return arena_printf(arena, "%lld.%lld MB", (long long)(bytes / (1024 * 1024)),
			    (long long)(bytes % (1024 * 1024) * 10 / (1024 * 1024)));
}

static char *span_text(struct arena *arena, int64_t ms)
{
	if (ms < HOUR_MS)
		return arena_printf(arena, "%lld min", (long long)(ms / MINUTE_MS));
	if (ms < 2 * DAY_MS)
		return arena_printf(arena, "%lld h", (long long)(ms / HOUR_MS));
	return arena_printf(arena, "%lld days", (long long)(ms / DAY_MS));
}

const struct session *due_session(const struct case_view *view)
{
	const struct session *parent = view->parent;
	return parent && !session_status_is_decided(parent->status) && parent->due_at != TIME_NONE
		       ? parent
		       : &view->file.session;
}

char *due_time_text(struct arena *arena, const struct case_view *view, int64_t now)
{
	const struct session *session = due_session(view);
	if (session->due_at == TIME_NONE || (session_status_is_decided(session->status) && !view->alert_count))
		return arena_strdup(arena, "");
	if (session->due_paused_at != TIME_NONE)
		return arena_strdup(arena, "due time stopped");
	if (session->due_at < now)
		return arena_printf(arena, "due %s ago", span_text(arena, now - session->due_at));
	return arena_printf(arena, "due in %s", span_text(arena, session->due_at - now));
}

char *claim_holder_text(struct arena *arena, const struct session *session, const char *actor, int64_t now)
{
	const char *holder = session_holder(session, now);
	if (!holder[0])
		return arena_strdup(arena, "nobody holds it");
	const char *held = strcmp(holder, actor) ? arena_printf(arena, "held by %s", holder) : "you hold it";
	if (session->claim_expires_at == TIME_NONE)
		return arena_printf(arena, "%s", held);
	int64_t minutes = (session->claim_expires_at - now + MINUTE_MS - 1) / MINUTE_MS;
	return arena_printf(arena, "%s · %lld min", held, (long long)minutes);
}

const char *all_conditions_met_text(struct arena *arena, const struct case_view *view)
{
	return arena_printf(arena, "All %zu conditions met: %s approves", view->checklist_count,
			    keymap_key_or_name(arena, COMMAND_APPROVE));
}

void draw_all_conditions_met(struct pen *pen, const struct case_view *view)
{
	pen_format(pen, THEME_TEXT, " %s", all_conditions_met_text(&pen->surface->arena, view));
	for (size_t i = 0; i < view->checklist_count; i++)
		if (view->checklist[i].code == BLOCKER_SECOND_REVIEWER)
			pen_format(pen, THEME_WARNING, " · %s", view->checklist[i].message);
}
