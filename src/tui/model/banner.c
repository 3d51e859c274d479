/* The banner in the header of a case: one sentence if the case can only be rejected, or needs a lead. The banner is
 * made from the unmet conditions, so it contains only facts that the reviewer may know. */
#include "model/case_model.h"
#include "kybdesk/domain/bad_news.h"
#include "input/keymap.h"

/* The banners in order of precedence: the case shows the first one that applies. */
enum banner { BANNER_SANCTIONS, BANNER_HELD, BANNER_SUSPICION, BANNER_RULE, BANNER_MATCH, BANNER_NONE };

static enum banner banner_of(const struct case_file *file, const struct checklist_item *item)
{
	const struct hit *hit;
	if (item->met)
		return BANNER_NONE;
	switch (item->code) {
	case BLOCKER_HIT_OPEN:
		hit = case_hit(file, item->ref, NULL);
		if (!hit || (hit->state != HIT_TRUE_MATCH && hit->state != HIT_ACCEPTED))
			return BANNER_NONE;
		return hit->class_ == HIT_SANCTIONS ? BANNER_SANCTIONS : BANNER_MATCH;
	case BLOCKER_HELD:
		return BANNER_HELD;
	case BLOCKER_SUSPICION_OPEN:
		return BANNER_SUSPICION;
	case BLOCKER_DESK_RULE:
		return BANNER_RULE;
	default:
		return BANNER_NONE;
	}
}

const struct news *case_alert_news(struct arena *arena, const struct case_file *file)
{
	struct news_list found;
	bad_news(arena, file, &found);
	for (size_t i = 0; i < found.count; i++)
		if (found.items[i].state != NEWS_ACCEPTED)
			return &found.items[i];
	return NULL;
}

/* What the alert is about, like "OFAC SDN 0.93". */
static const char *alert_cause(struct arena *arena, const struct case_file *file)
{
	const struct news *news = case_alert_news(arena, file);
	if (!news)
		return "to be closed,";
	if (news->hit)
		return arena_printf(arena, news->hit->score < 0 ? "%s%s" : "%s%s %.2f",
				    news->state == NEWS_CONFIRMED ? "confirmed " : "", news->hit->list,
				    news->hit->score);
	return news->result ? arena_printf(arena, "%s check", check_kind_text(news->check->kind))
			    : arena_printf(arena, "KYC of %s", news->party->name);
}

/* Like "ALERT · OFAC SDN 0.93 since 16:32 · still REGULAR: Enter", with the key of the dialog. */
static const char *alert_banner(struct arena *arena, const struct case_view *view, const struct frame *frame)
{
	const char *dot = glyph_text(frame->mode, GLYPH_DOT), *level = view->file.session.subject.level;
	const struct alert *alert = &view->alerts[0];
	return arena_printf(arena, "ALERT %s %s since %s %s still %s: %s", dot,
			    alert->kind == ALERT_RESTRICTED_REJECTION ? "rejected" : alert_cause(arena, &view->file),
			    since_text(arena, alert->raised_at, frame), dot,
			    *level ? level : session_status_text(view->file.session.status),
			    keymap_key_or_name(arena, COMMAND_OPEN));
}

const char *case_banner(struct arena *arena, const struct case_view *view, const struct frame *frame)
{
	const char *dot = glyph_text(frame->mode, GLYPH_DOT), *reject = keymap_key_or_name(arena, COMMAND_REJECT);
	const struct checklist_item *item = NULL;
	enum banner banner = BANNER_NONE;
	if (session_status_is_decided(view->file.session.status))
		return view->alert_count ? alert_banner(arena, view, frame) : "";
	for (size_t i = 0; i < view->checklist_count; i++) {
		enum banner this = banner_of(&view->file, &view->checklist[i]);
		if (this < banner) {
			banner = this;
			item = &view->checklist[i];
		}
	}
	switch (banner) {
	case BANNER_SANCTIONS:
		return arena_printf(arena, "SANCTIONS %s confirmed match: reject (%s)", dot, reject);
	case BANNER_HELD:
		return arena_printf(arena, "HELD %s a lead must review this case", dot);
	case BANNER_SUSPICION:
		return arena_printf(arena, "SUSPICION %s open: decide whether to file it, then close it", dot);
	case BANNER_RULE:
		return arena_printf(arena, "DESK RULE %s %s", dot, item->message);
	case BANNER_MATCH:
		return arena_printf(arena,
				    role_at_least(frame->role, use_cases[VERB_HIT_ACCEPT].role)
					    ? "CONFIRMED MATCH %s accept it with a reason, or reject (%s)"
					    : "CONFIRMED MATCH %s a lead may accept it; else reject (%s)",
				    dot, reject);
	case BANNER_NONE:
		break;
	}
	return "";
}
