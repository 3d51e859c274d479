/* One verdict on the marked hits of a case: the reviewer chooses verdict, reason and note for all of them; the preview
 * (bulk.c) shows the differing facts of each hit if its card supports the reason, and only hits that were shown are judged. */
#include "workbench.h"

#include <string.h>

enum hits_field { HITS_VERDICT, HITS_REASON, HITS_REASON_MATCH, HITS_NOTE };

static const struct grounds *grounds_of(const struct hit_view *view, bool match)
{
	return match ? &view->match_grounds : &view->false_positive_grounds;
}

static size_t supported_count(struct dialog *dialog, bool match, const char *code)
{
	const struct bulk *bulk = dialog->response->bulk;
	size_t count = 0;
	for (size_t i = 0; i < bulk->count; i++) {
		const struct hit_view *view = bulk->cases[i].hit;
		count += !*grounds_lack_on_card(&dialog->arena, &view->card, grounds_of(view, match),
						match ? VERDICT_TRUE_MATCH : VERDICT_FALSE_POSITIVE, code);
	}
	return count;
}

/* Offers the reasons that the card of at least one hit supports, each with the number of these hits. */
static void offer_reasons(struct dialog *dialog, struct input *field, bool match)
{
	const struct bulk *bulk = dialog->response->bulk;
	const struct grounds *grounds = grounds_of(bulk->cases[0].hit, match);
	for (size_t i = 0; i < grounds->count; i++) {
		const struct reason *reason = grounds->items[i].reason;
		size_t count = supported_count(dialog, match, reason->code);
		if (count)
			DIALOG_ITEM(dialog, field, reason->code, "%s: %zu of %zu", reason->label, count, bulk->count);
	}
}

static void offer_no_match_reasons(struct dialog *dialog, struct input *field)
{
	offer_reasons(dialog, field, false);
}

static void offer_match_reasons(struct dialog *dialog, struct input *field)
{
	offer_reasons(dialog, field, true);
}

static bool is_match_chosen(const struct dialog *dialog)
{
	return dialog_has_chosen(dialog, HITS_VERDICT, "true_match");
}

static void hits_handle_edit(struct dialog *dialog)
{
	bool match = is_match_chosen(dialog), cleared = dialog_has_chosen(dialog, HITS_VERDICT, "false_positive");
	size_t reasons = match ? HITS_REASON_MATCH : HITS_REASON;
	dialog->form.fields[HITS_REASON].hidden = !cleared;
	dialog->form.fields[HITS_REASON_MATCH].hidden = !match;
	if ((match || cleared) && !dialog->form.fields[reasons].item_count)
		DIALOG_WARN(dialog, "No card supports this verdict: decide the hits one by one.");
	else if (cleared)
		DIALOG_HINT(dialog, "Without a note, each hit gets the differences on its own card as its note.");
	DIALOG_HINT(dialog, "A preview comes first, with the facts of each hit.");
}

static bool hits_prepare_job(struct dialog *dialog, struct job *job)
{
	struct bulk *bulk = dialog->bulk;
	bool match = is_match_chosen(dialog);
	const struct reason *reason = dialog_reason(dialog, REASONS_HIT, match ? HITS_REASON_MATCH : HITS_REASON);
	(void)job;
	if (!reason)
		return dialog_refuse(dialog, "No card supports this verdict: decide the hits one by one.");
	bulk->verb = VERB_HIT_RESOLVE;
	bulk->is_match = match;
	bulk->is_revealed = dialog->revealed || dialog->reveals_data || bulk->is_revealed;
	bulk->reason = reason->code;
	bulk->text = arena_strdup(&dialog->arena, dialog_get_text(dialog, HITS_NOTE));
	bulk->message_end = arena_printf(&dialog->arena, "marked as %s: %s", match ? "true match" : "false positive",
					 reason->label);
	dialog->reveals_data = false; /* the next dialog shows what this one has revealed */
	dialog->has_opened_next = true;
	dialog->next_dialog = &bulk_do_dialog;
	return false;
}

static const struct dialog_item verdicts[] = { { "false_positive", "false positive: a different person or company" },
					       { "true_match", "true match: the same person or company" },
					       { NULL, NULL } };
#define HITS_REASON_ROW(offers)                                                                                        \
	{                                                                                                              \
		.kind = INPUT_CHOICE, .label = "reason", .hidden = true,                                               \
		.missing_message = "Choose a reason first: Tab reaches the list.", .offer = (offers)                   \
	}
static const struct dialog_form hits_form = {
	.confirm_label = "preview",
	.fields = { [HITS_VERDICT] = { ITEMS_FIELD("verdict", 0, verdicts),
				       .missing_message =
					       "First choose the verdict: press Down, or type its first letters." },
		    [HITS_REASON] = HITS_REASON_ROW(offer_no_match_reasons),
		    [HITS_REASON_MATCH] = HITS_REASON_ROW(offer_match_reasons),
		    [HITS_NOTE] = { TEXT_FIELD("note", 0) } },
	.focus_fields = true,
	.ui_action = UI_ACTION(.verb = VERB_COUNT),
	.prepare_job = hits_prepare_job,
};

static const struct dialog_form *hits_fill_form(struct dialog *dialog)
{
	const struct bulk *bulk = dialog->response->bulk;
	size_t sanctions = 0, masked = 0;
	for (size_t i = 0; i < bulk->count; i++) {
		sanctions += bulk->cases[i].hit->match_grounds.needs_note;
		masked += bulk->cases[i].hit->match_grounds.must_reveal_hits;
	}
	DIALOG_LINE(dialog, "hits", THEME_TEXT, "%zu, of sanctions %zu", bulk->count, sanctions);
	if (masked)
		dialog_add_line(
			dialog, "", THEME_WARNING,
			"A verdict on a sanctions hit needs unmasked values: reveal them first; this is recorded.");
	return masked ? &reveal_form : &hits_form;
}

const struct dialog_spec hits_dialog = { CASE_DIALOG("One verdict on", hits_fill_form), .is_bulk = true,
					 .skips_draft = true, .handle_edit = hits_handle_edit };

/* --- the preview --- */

/* The hit with the facts that differ, like "Rosa Quill (OFAC SDN 0.93): born 1951 ≠ 1984, country SYR ≠ PRT"; if none
 * differs, the facts that agree. */
static const char *facts_text(struct dialog *dialog, const struct bulk_case *one)
{
	enum text_mode mode = dialog->context->frame->mode;
	const struct hit *hit = case_hit(&dialog->response->view.file, one->id, NULL);
	const struct hit_card *card = &one->hit->card;
	struct arena *arena = &dialog->arena;
	bool differs = *hit_card_sentence(arena, card, true);
	const char *facts = "", *nothing = glyph_text(mode, GLYPH_DASH);
	for (size_t i = 0; i < card->line_count; i++) {
		const struct card_line *line = &card->lines[i];
		if ((line->likeness == LIKENESS_DIFFERENT) != differs)
			continue;
		facts = arena_printf(arena, "%s%s%s %s %s %s", facts, *facts ? ", " : "", card_field_title(line->field),
				     *line->entry_value ? line->entry_value : nothing,
				     glyph_text(mode, differs ? GLYPH_DIFFERS : GLYPH_SAME),
				     *line->case_value ? line->case_value : nothing);
	}
	const char *score = !hit || hit->score < 0 ? "" : arena_printf(arena, " %.2f", hit->score);
	return arena_printf(arena, "%s (%s%s): %s", one->name, one->reference, score, facts);
}

/* Whether the preview shows the values of the hit: of a sanctions hit none may be masked. */
static bool shows_values(const struct hit_view *view)
{
	return !(view->match_grounds.needs_note && view->masked && view->card.has_personal_data);
}

void hits_add_preview(struct dialog *dialog)
{
	struct bulk *tried = dialog->response->bulk;
	if (tried->text[0])
		dialog_add_line(dialog, "note", THEME_TEXT, tried->text);
	else if (!tried->is_match)
		dialog_add_line(dialog, "note", THEME_MUTED, "of each hit: its differences, as they are here");
	dialog_add_line(dialog, "", THEME_MUTED, "Judged are the hits that were shown here: PgDn shows more.");
	for (size_t i = 0; i < tried->tried_count; i++) {
		struct bulk_case *one = &tried->cases[i];
		if (!one->status && !shows_values(one->hit))
			DIALOG_LINE(dialog, "", THEME_WARNING, "%s is masked again: it stays open", one->name);
		else if (!one->status)
			dialog_add_painted_line(dialog, one, facts_text(dialog, one));
	}
}

struct bulk *bulk_painted_hits(struct arena *arena, const struct bulk *tried)
{
	struct bulk shown = *tried;
	shown.count = 0;
	shown.cases = arena_alloc_array(arena, tried->count, sizeof *shown.cases);
	for (size_t i = 0; i < tried->tried_count; i++)
		if (!tried->cases[i].status && tried->cases[i].is_painted)
			shown.cases[shown.count++] = tried->cases[i];
	return bulk_copy(arena, &shown);
}
