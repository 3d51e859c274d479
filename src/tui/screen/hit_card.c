/* Dialogs that compare. One shows a hit as a card: the entry of the list next to the screened person, field by
 * field, and the verdict. The other one shows two cases that may have the same applicant, to dismiss the duplicate
 * or to link the cases. */
#include "workbench.h"

#include <string.h>

enum hit_field { HIT_OUTCOME, HIT_REASON, HIT_REASON_MATCH, HIT_NOTE };
#define ACCEPTED_CODE "accepted"

/* The current verdict on the hit as text; "": no verdict yet. The reviewer may replace the verdict. */
static const char *hit_verdict_text(struct arena *arena, const struct hit *hit, const struct dialog_context *context)
{
	static const char *const words[] = { [HIT_OPEN] = "",
					     [HIT_TRUE_MATCH] = "a true match",
					     [HIT_FALSE_POSITIVE] = "a false positive",
					     [HIT_ACCEPTED] = "a confirmed match, accepted",
					     [HIT_UNDETERMINED] = "undetermined" };
	const char *when = date_time_text(arena, hit->resolved_at, context->frame);
	if (hit->state == HIT_OPEN)
		return "";
	const char *by = hit->resolved_by[0] ? arena_printf(arena, ", by %s", hit->resolved_by)
			 : hit->verdict_imported_by[0]
				 ? arena_printf(arena, ", imported by %s", hit->verdict_imported_by)
				 : ", imported";
	const char *why = hit_reason_text(context->reasons, hit->reason);
	return arena_printf(arena, "%s%s%s%s%s%s", words[hit->state], by, when[0] ? ", " : "", when, why[0] ? ": " : "",
			    why);
}

/* Whether the dialog offers to accept the match; the desk checks this, too. A confirmed sanctions match is never
 * accepted. */
static bool may_accept_hit(const struct hit *hit, const struct frame *frame)
{
	return hit && hit->class_ != HIT_SANCTIONS && hit->standing.valid &&
	       (hit->state == HIT_TRUE_MATCH || hit->state == HIT_ACCEPTED) &&
	       role_at_least(frame->role, use_cases[VERB_HIT_ACCEPT].role);
}

/* The mark and colour for each likeness of a field. The sentence below the fields lists the fields in this order. */
static const struct {
	enum likeness like;
	enum glyph mark;
	enum theme_role role;
	const char *words;
} likes[] = { { LIKENESS_DIFFERENT, GLYPH_DIFFERS, THEME_MARK, "different: " },
	      { LIKENESS_SAME, GLYPH_SAME, THEME_WARNING, "the same: " },
	      { LIKENESS_CLOSE, GLYPH_CLOSE, THEME_WARNING, "alike: " },
	      { LIKENESS_UNKNOWN, GLYPH_DASH, THEME_MUTED, "not comparable: " } };

static void add_line(struct dialog *dialog, const char *label, const struct card_line *line, enum text_mode mode)
{
	size_t at = 0;
	while (likes[at].like != line->likeness)
		at++;
	const char *nothing = glyph_text(mode, GLYPH_DASH);
	dialog_add_columns(dialog, &(const struct dialog_line){
					   .label = label,
					   .text = line->entry_value[0] ? line->entry_value : nothing,
					   .role = line->likeness == LIKENESS_UNKNOWN ? THEME_MUTED : THEME_TEXT,
					   .mark = glyph_text(mode, likes[at].mark),
					   .mark_role = likes[at].role,
					   .second_text = line->case_value[0] ? line->case_value : nothing });
}

static const char *const titles[] = { [CARD_NAME] = "name",
				      [CARD_BORN] = "born",
				      [CARD_FOUNDED] = "founded",
				      [CARD_COUNTRY] = "country",
				      [CARD_NUMBERS] = "numbers" };

/* Lists the fields that have this likeness, like "different: born, country"; "" none. */
static const char *likeness_text(struct arena *arena, const struct hit_card *card, enum likeness like, const char *verb)
{
	const char *text = "";
	for (size_t i = 0; i < card->line_count; i++)
		if (card->lines[i].likeness == like)
			text = arena_printf(arena, "%s%s%s", text, text[0] ? ", " : verb, titles[card->lines[i].field]);
	return text;
}

/* Adds a line that says in words how alike the fields are: the marks are not enough for a screen reader. */
static void add_likeness_summary(struct dialog *dialog, const struct hit_card *card)
{
	const char *sum = "";
	for (size_t i = 0; i < sizeof likes / sizeof likes[0]; i++) {
		const char *part = likeness_text(&dialog->arena, card, likes[i].like, likes[i].words);
		if (part[0])
			sum = arena_printf(&dialog->arena, "%s%s%s", sum, sum[0] ? "; " : "", part);
	}
	dialog_add_line(dialog, "in words", THEME_MUTED, sum);
}

/* The title of the right column, which names the screened person, like "the case's party: UBO, director, CEO, 54 %". */
static const char *screened_person_title(struct arena *arena, const struct hit_view *view)
{
	const struct party *party = view->card.subject.party;
	if (!party)
		return "the case's subject";
	const char *roles = party_roles_text(arena, party);
	return arena_printf(arena, "%s%s%s%s", view->other_subject_name[0] ? "a party of " : "the case's party",
			    view->other_subject_name, roles[0] ? ": " : "", roles);
}

static void show_list_entry(struct dialog *dialog, const struct hit *hit, const struct hit_view *view,
			    enum text_mode mode)
{
	static const char *const classes[] = { [HIT_SANCTIONS] = "sanctions",
					       [HIT_PEP] = "politically exposed person",
					       [HIT_ADVERSE_MEDIA] = "adverse media" };
	struct arena *arena = &dialog->arena;
	const struct hit_card *card = &view->card;
	const char *dot = glyph_text(mode, GLYPH_DOT);
	const char *score = hit->score < 0 ? "" : arena_printf(arena, " %s score %.2f", dot, hit->score);
	const char *version =
		card->list_version[0] ? arena_printf(arena, "version %s", card->list_version) : "version unknown";
	const char *entry = card->entry_id[0] ? arena_printf(arena, " %s entry %s", dot, card->entry_id) : "";
	dialog_add_line(dialog, "list", THEME_TEXT,
			arena_printf(arena, "%s%s %s %s %s%s%s", hit->list, hit->list[0] ? "," : "", version, dot,
				     classes[hit->class_], score, entry));
}

/* Shows what the provider knows about the list entry; each article is one row of plain text. */
static void show_evidence(struct dialog *dialog, const struct hit_card *card)
{
	if (card->programme[0])
		dialog_add_line(dialog, "programme", THEME_TEXT, card->programme);
	if (card->score_breakdown[0])
		dialog_add_line(dialog, "score of", THEME_TEXT, card->score_breakdown);
	for (size_t i = 0; card->articles && i < card->article_count; i++)
		dialog_add_line(dialog, i ? "" : "articles", THEME_TEXT, card->articles[i]);
	if (!card->articles && card->article_count)
		DIALOG_LINE(dialog, "articles", THEME_MUTED, "%zu, masked", card->article_count);
}

static void show_compared_person(struct dialog *dialog, const struct hit_view *view)
{
	const struct hit_card *card = &view->card;
	if (card->subject.method == NAMED_BY_NOBODY)
		dialog_add_line(dialog, "", THEME_WARNING, "No party has a similar name: the subject is compared.");
	if (card->similar_names[0])
		dialog_add_line(dialog, "also alike", THEME_WARNING, card->similar_names);
	if (card->other_details[0])
		dialog_add_line(dialog, "details", THEME_MUTED, card->other_details);
}

/* Shows earlier verdicts on the same list entry, each with its case; a case of another merchant is not named. */
static void show_earlier_verdicts(struct dialog *dialog, const struct hit_view *view)
{
	struct arena *arena = &dialog->arena;
	const struct dialog_context *context = dialog->context;
	for (size_t i = 0; i < view->ruling_count; i++) {
		const struct hit_ruling *ruling = &view->rulings[i];
		const char *when = date_time_text(arena, ruling->at, context->frame);
		const char *where = ruling->session_id[0]
					    ? case_title(arena, ruling->subject_name, ruling->external_ref)
					    : "a case of another merchant";
		DIALOG_LINE(dialog, i ? "" : "before", THEME_TEXT, "%s by %s%s%s: %s, at %s",
			    hit_state_title(ruling->state), ruling->by, when[0] ? ", " : "", when,
			    hit_reason_text(context->reasons, ruling->reason), where);
	}
}

static void show_notes(struct dialog *dialog, const struct hit *hit)
{
	const struct case_file *file = &dialog->response->view.file;
	bool labelled = false;
	for (size_t i = file->note_count; i-- > 0;) {
		const struct note *note = &file->notes[i];
		if (strcmp(note->hit, hit->id) != 0)
			continue;
		DIALOG_LINE(dialog, labelled ? "" : "noted", THEME_TEXT, "%s, %s: %s", note->by,
			    date_time_text(&dialog->arena, note->at, dialog->context->frame), note->text);
		labelled = true;
	}
}

static void fill_hit_card(struct dialog *dialog, const struct hit *hit)
{
	const struct hit_view *view = &dialog->response->hit;
	enum text_mode mode = dialog->context->frame->mode;
	dialog_add_columns(dialog,
			   &(const struct dialog_line){ .label = "compare",
							.text = "the list's entry",
							.role = THEME_TITLE,
							.mark = "",
							.second_text = screened_person_title(&dialog->arena, view) });
	for (size_t i = 0; i < view->card.line_count; i++)
		add_line(dialog, titles[view->card.lines[i].field], &view->card.lines[i], mode);
	add_likeness_summary(dialog, &view->card);
	show_list_entry(dialog, hit, view, mode);
	show_evidence(dialog, &view->card);
	const char *verdict = hit_verdict_text(&dialog->arena, hit, dialog->context);
	if (verdict[0])
		dialog_add_line(dialog, "now", THEME_DANGER, verdict);
	show_notes(dialog, hit);
	show_compared_person(dialog, view);
	show_earlier_verdicts(dialog, view);
	if (view->match_grounds.must_reveal_hits)
		dialog_add_line(
			dialog, "", THEME_WARNING,
			"A verdict on a sanctions hit needs unmasked values: reveal them first; this is recorded.");
	else if (view->masked)
		DIALOG_LINE(dialog, "", THEME_MUTED, "Personal data is masked: Esc, then %s in the case reveals it.",
			    keymap_key_or_name(&dialog->arena, COMMAND_REVEAL));
}

static bool is_acceptance_chosen(const struct dialog *dialog)
{
	return dialog_has_chosen(dialog, HIT_OUTCOME, ACCEPTED_CODE);
}

/* What the card says of the chosen reason. */
static const struct ground *hit_ground(const struct dialog *dialog, const struct reason *reason)
{
	const struct hit_view *view = &dialog->response->hit;
	bool match = dialog_has_chosen(dialog, HIT_OUTCOME, "true_match");
	return reason ? ground_by_code(match ? &view->match_grounds : &view->false_positive_grounds, reason->code)
		      : NULL;
}

/* Whether the verdict needs a note as an explanation: a verdict on a sanctions hit, or a verdict that the compared
 * facts contradict. */
static bool needs_note(const struct dialog *dialog, const struct reason *reason)
{
	const struct ground *ground = hit_ground(dialog, reason);
	return dialog->response->hit.match_grounds.needs_note || (ground && ground->fit == FIT_WITH_NOTE);
}

static bool is_undetermined_chosen(const struct dialog *dialog)
{
	return dialog_has_chosen(dialog, HIT_OUTCOME, hit_state_text(HIT_UNDETERMINED));
}

static const struct reason *hit_reason(const struct dialog *dialog)
{
	size_t field = dialog_has_chosen(dialog, HIT_OUTCOME, "true_match") ? HIT_REASON_MATCH : HIT_REASON;
	return dialog_reason(dialog, REASONS_HIT, field);
}

/* Puts the card's sentence into the empty note of a false positive, and takes it out again if the verdict changes. */
static void write_card_sentence(struct dialog *dialog, bool cleared)
{
	const struct hit_view *view = &dialog->response->hit;
	struct editor *note = &dialog->form.fields[HIT_NOTE].editor;
	const char *sentence = hit_card_sentence(&dialog->arena, &view->card, view->masked);
	if (cleared && !dialog->has_card_sentence && !note->text.len)
		editor_set_text(note, sentence);
	else if (!cleared && dialog->has_card_sentence && !strcmp(note->text.buf, sentence))
		editor_set_text(note, "");
	dialog->has_card_sentence = cleared;
}

static void hit_handle_edit(struct dialog *dialog)
{
	bool cleared = dialog_has_chosen(dialog, HIT_OUTCOME, "false_positive"),
	     match = dialog_has_chosen(dialog, HIT_OUTCOME, "true_match");
	const struct reason *reason = hit_reason(dialog);
	dialog->form.fields[HIT_REASON].hidden = !cleared;
	dialog->form.fields[HIT_REASON_MATCH].hidden = !match;
	dialog->form.fields[HIT_NOTE].label = is_acceptance_chosen(dialog) ? "reason" : "note";
	write_card_sentence(dialog, cleared);
	const struct hit *hit = case_hit(&dialog->response->view.file, dialog->item, NULL);
	bool confirmed = hit && (hit->state == HIT_TRUE_MATCH || hit->state == HIT_ACCEPTED);
	if (cleared || match)
		dialog_show_contradiction(dialog, hit_ground(dialog, reason), "Explain it in the note");
	if (is_undetermined_chosen(dialog))
		DIALOG_WARN(dialog, "The hit still blocks an approval. Explain in the note, ten characters or more.");
	if ((cleared || match) && needs_note(dialog, reason))
		DIALOG_WARN(dialog, "Explain the verdict in the note, in ten characters or more.");
	if (confirmed && cleared)
		DIALOG_WARN(dialog, "You reverse a confirmed match: explain this in the note, ten characters or more.");
	if (is_acceptance_chosen(dialog))
		DIALOG_WARN(dialog, "You accept a confirmed match: give a reason of ten characters or more.");
}

static const char *hit_message_text(const struct job *job, struct arena *arena)
{
	return arena_printf(arena, "%s is %s, in", job->in.text,
			    job->in.is_match			     ? "a true match"
			    : job->in.verdict == RESULT_UNDETERMINED ? "undetermined"
								     : "a false positive");
}

static const struct ui_action hit_accept_ui_action = { .verb = VERB_HIT_ACCEPT,
						       .message_start = "Accepted the match",
						       .item_preposition = "of" };

static bool hit_prepare_job(struct dialog *dialog, struct job *job)
{
	const struct reason *reason = hit_reason(dialog);
	job->in.is_match = dialog_has_chosen(dialog, HIT_OUTCOME, "true_match");
	job->in.text = arena_strdup(&job->arena, dialog->item_name);
	if (is_acceptance_chosen(dialog)) {
		job_set_ui_action(job, &hit_accept_ui_action);
		job->in.reason = job->in.note;
		job->in.note = "";
		return true;
	}
	if (is_undetermined_chosen(dialog)) {
		job->in.verdict = RESULT_UNDETERMINED;
		job->in.reason = "other";
	}
	if (job->in.verdict != RESULT_UNDETERMINED && !dialog_check_ground(dialog, hit_ground(dialog, reason)))
		return false;
	return !(job->in.verdict == RESULT_UNDETERMINED || needs_note(dialog, reason)) ||
	       reason_text_is_long_enough(job->in.note) ||
	       dialog_refuse(dialog, "Explain the verdict in the note first: ten characters or more.");
}

static void offer_hit_verdicts(struct dialog *dialog, struct input *field)
{
	struct arena *arena = &dialog->arena;
	form_add_item(field, arena, "false_positive", "false positive: a different person or company");
	form_add_item(field, arena, "true_match", "true match: the same person or company");
	form_add_item(field, arena, hit_state_text(HIT_UNDETERMINED), "undetermined: facts do not suffice");
	if (may_accept_hit(case_hit(&dialog->response->view.file, dialog->item, NULL), dialog->context->frame))
		form_add_item(field, arena, ACCEPTED_CODE, "confirmed match, accepted with a reason");
}

static void offer_no_match_reasons(struct dialog *dialog, struct input *field)
{
	dialog_offer_grounds(dialog, field, &dialog->response->hit.false_positive_grounds);
}

static void offer_match_reasons(struct dialog *dialog, struct input *field)
{
	dialog_offer_grounds(dialog, field, &dialog->response->hit.match_grounds);
}

#define HIT_REASON_ROW(offers)                                                                                         \
	{                                                                                                              \
		.kind = INPUT_CHOICE, .label = "reason", .request_member = REQUEST_OFFSET(in.reason),                  \
		.missing_message = "Choose a reason first: Tab reaches the list.", .offer = (offers)                   \
	}

/* After the reveal, which asked for a key of its own, the verdict has the focus. */
static void hit_begin(struct dialog *dialog)
{
	if (dialog->reveals_data)
		dialog->form.focus = HIT_OUTCOME;
}

static const struct dialog_form hit_form = {
	.confirm_label = "decide",
	.begin = hit_begin,
	.fields = { [HIT_OUTCOME] = { CHOICE_FIELD("verdict", 0, offer_hit_verdicts),
				      .missing_message = "First choose the verdict: Tab reaches the list." },
		    [HIT_REASON] = HIT_REASON_ROW(offer_no_match_reasons),
		    [HIT_REASON_MATCH] = HIT_REASON_ROW(offer_match_reasons),
		    [HIT_NOTE] = { TEXT_FIELD("note", REQUEST_OFFSET(in.note)) } },
	.ui_action = UI_ACTION(.verb = VERB_HIT_RESOLVE, .make_message_start = hit_message_text),
	.prepare_job = hit_prepare_job,
};

/* Opens the same dialog again, with unmasked values. */
static bool reopen_revealed(struct dialog *dialog, struct job *job)
{
	(void)job;
	dialog->reveals_data = dialog->has_opened_next = true;
	dialog->next_dialog = dialog->spec;
	return false;
}

const struct dialog_form reveal_form = {
	.confirm_label = "reveal",
	.ui_action = UI_ACTION(.verb = VERB_REVEAL),
	.prepare_job = reopen_revealed,
};

static const struct dialog_form *hit_fill_form(struct dialog *dialog)
{
	const struct hit *hit = case_hit(&dialog->response->view.file, dialog->item, NULL);
	if (!hit)
		return dialog_show_notice(dialog, "The hit is no longer part of the case.");
	fill_hit_card(dialog, hit);
	return dialog->response->hit.match_grounds.must_reveal_hits ? &reveal_form : &hit_form;
}

const struct dialog_spec hit_dialog = { CASE_DIALOG("Decide a hit of", hit_fill_form), .reads_hit = true,
					.handle_edit = hit_handle_edit };

/* --- two cases --- */

enum duplicate_field { DUPLICATE_VERDICT, DUPLICATE_REASON };
#define SAME_CODE "same"

static const char *link_message_text(const struct job *job, struct arena *arena)
{
	return arena_printf(arena, "Linked as the same applicant: %s and", job->in.text);
}

static const struct ui_action link_ui_action = { .verb = VERB_DUPLICATE_LINK, .make_message_start = link_message_text };

static bool duplicate_prepare_job(struct dialog *dialog, struct job *job)
{
	const struct duplicate *other = case_find_duplicate(&dialog->response->view, dialog->item);
	job->in.text = arena_strdup(&job->arena, other ? other->name : "");
	if (dialog_has_chosen(dialog, DUPLICATE_VERDICT, SAME_CODE))
		job_set_ui_action(job, &link_ui_action);
	return true;
}

static const struct dialog_item findings[] = { { "other", "two different applicants: not a duplicate" },
					       { SAME_CODE, "the same applicant: both cases show the link" },
					       { NULL, NULL } };

static const struct dialog_form duplicate_form = {
	.confirm_label = "record it",
	.fields = { [DUPLICATE_VERDICT] = { ITEMS_FIELD("they are", 0, findings),
					    .missing_message = "First choose whether the applicant is the same: "
							       "Tab reaches the "
							       "list." },
		    [DUPLICATE_REASON] = { REASON_FIELD } },
	.ui_action = UI_ACTION(.verb = VERB_DUPLICATE_DISMISS,
			       .message_start = "Not the same applicant:", .item_preposition = "and"),
	.prepare_job = duplicate_prepare_job,
};

static void add_pair(struct dialog *dialog, const char *label, const struct comparison_line *line)
{
	enum text_mode mode = dialog->context->frame->mode;
	const char *nothing = glyph_text(mode, GLYPH_DASH);
	dialog_add_columns(dialog, &(const struct dialog_line){
					   .label = label,
					   .text = line->this_value[0] ? line->this_value : nothing,
					   .role = line->is_same ? THEME_WARNING : THEME_TEXT,
					   .mark = line->is_same ? glyph_text(mode, GLYPH_SAME) : "",
					   .mark_role = THEME_WARNING,
					   .second_text = line->other_value[0] ? line->other_value : nothing });
}

/* Shows the reasons for which the other case was rejected, including rejections that were undone. */
static void add_rejection_reasons(struct dialog *dialog, const struct duplicate *other)
{
	for (size_t i = 0; i < other->rejection_count; i++)
		if (other->rejections[i][0])
			DIALOG_LINE(dialog, i ? "" : "rejected", THEME_DANGER, "%s",
				    hit_reason_text(dialog->context->reasons, other->rejections[i]));
}

static void add_duplicate_verdict(struct dialog *dialog, const struct duplicate *other)
{
	if (other->dismissed_by[0])
		DIALOG_LINE(dialog, "before", THEME_TEXT, "%s by %s: %s",
			    duplicate_is_linked(other) ? "linked as the same applicant" : "dismissed",
			    other->dismissed_by, other->dismissed_reason);
}

static const struct dialog_form *duplicate_fill_form(struct dialog *dialog)
{
	const struct duplicate *other = case_find_duplicate(&dialog->response->view, dialog->item);
	const struct duplicate_view *view = &dialog->response->duplicate_pair;
	if (!other)
		return dialog_show_notice(dialog, "The two cases no longer share any value.");
	dialog_add_line(dialog, "the same", THEME_WARNING, duplicate_reasons(&dialog->arena, other->same_bits));
	dialog_add_columns(dialog, &(const struct dialog_line){ .label = "compare",
								.text = "this case",
								.role = THEME_TITLE,
								.mark = "",
								.second_text = "the other case" });
	for (size_t i = 0; i < view->card.count; i++) {
		const struct comparison_line *line = &view->card.lines[i];
		bool repeated = i && !strcmp(line->label, view->card.lines[i - 1].label);
		add_pair(dialog, repeated ? "" : line->label, line);
	}
	add_rejection_reasons(dialog, other);
	add_duplicate_verdict(dialog, other);
	DIALOG_LINE(dialog, "", THEME_MUTED, "On a button, %c opens the other case.%s", OTHER_CASE_KEY,
		    view->masked ? " Personal data is masked." : "");
	return &duplicate_form;
}

static const char *duplicate_other_case(const struct dialog *dialog, const char **name)
{
	const struct duplicate *other = case_find_duplicate(&dialog->response->view, dialog->item);
	*name = other ? other->name : "";
	return other ? other->id : NULL;
}

const struct dialog_spec duplicate_dialog = { CASE_DIALOG("Possible duplicate of", duplicate_fill_form),
					      .reads_duplicate = true, .get_other_case = duplicate_other_case };
