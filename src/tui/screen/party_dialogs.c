/* Dialogs about a party, and about blockers that depend on others: each asks for a reason. */
#include "workbench.h"

#include <string.h>

#define SIDE_CELLS 26

static const struct party *party_of(const struct dialog *dialog)
{
	return case_party(&dialog->answer->view.file, dialog->item);
}

static void say_who(struct dialog *dialog)
{
	dialog_line(dialog, "party", THEME_TITLE, dialog->item_name);
	dialog_line(dialog, "of", THEME_TEXT, dialog->name);
}

static void reason_form(struct dialog *dialog, const char *confirm)
{
	if (dialog->form.field_count)
		return;
	form_init(&dialog->form, confirm, "cancel");
	form_add(&dialog->form, INPUT_TEXT, "reason");
}

/* The desk checks the length of the reason. */
static struct job *act_with_reason(struct dialog *dialog, const struct ui_action *ui_action, size_t field)
{
	struct job *job = dialog_act(dialog, ui_action);
	job->in.reason = arena_strdup(&job->arena, dialog_typed(dialog, field));
	job->in.text = arena_strdup(&job->arena, dialog->item_name);
	return job;
}

static void remove_fill(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	const struct session *session = &dialog->answer->view.file.session;
	const struct party *party = party_of(dialog);
	if (!party) {
		dialog_only_line(dialog, "The party is not there any more.");
		return;
	}
	say_who(dialog);
	dialog_line(dialog, "then", THEME_TEXT,
		    party->session_id[0] && !party->session_shared
			    ? "It is kept and shown as removed, counts for nothing, and the link of its KYC stops."
			    : "It is kept and shown as removed, and counts for nothing.");
	if (session->submitted_at != TIME_NONE)
		dialog_line(dialog, "", THEME_WARNING,
			    "The case was submitted with this party: say why, in ten characters or more.");
	reason_form(dialog, "remove");
}

static const struct ui_action remove_ui_action = { .verb = VERB_PARTY_REMOVE, .did = "Removed", .to = "from" };

static struct job *remove_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	return act_with_reason(dialog, &remove_ui_action, 0);
}

const struct dialog_spec party_remove_dialog = { .action = ACTION_APPROVE,
						 .read_only = true,
						 .asking = "Remove a party of",
						 .fill = remove_fill,
						 .confirm = remove_confirm };

/* Whether the party stays verified without the mark. */
static bool stays_verified(const struct dialog *dialog, const struct party *party)
{
	const struct case_view *view = &dialog->answer->view;
	struct party bare = *party;
	bare.verified_elsewhere_by = "";
	return view->profile && party_is_verified(&bare, &view->file, view->profile);
}

static void verify_fill(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	const struct party *party = party_of(dialog);
	if (!party) {
		dialog_only_line(dialog, "The party is not there any more.");
		return;
	}
	say_who(dialog);
	if (party->session_id[0])
		dialog_line(dialog, "its KYC",
			    party->session_status == SESSION_REJECTED ? THEME_DANGER : THEME_TEXT,
			    session_status_title(party->session_status));
	bool marked = party->verified_elsewhere_by[0];
	/* A colleague may have set or removed the mark since the form was made. */
	if (dialog->form.field_count && (dialog->form.fields[0].kind == INPUT_TOGGLE) != marked)
		form_release(&dialog->form);
	if (marked) {
		dialog_line(dialog, "now", THEME_TEXT,
			    arena_printf(&dialog->arena, "verified elsewhere, says %s: %s",
					 party->verified_elsewhere_by, party->verified_elsewhere_reason));
		if (stays_verified(dialog, party))
			dialog_line(dialog, "then", THEME_TEXT,
				    "The mark is taken back; the party is verified without it, too.");
		else
			dialog_line(dialog, "then", THEME_WARNING,
				    "The mark is taken back; the party is not verified.");
		if (!dialog->form.field_count) { /* undoing a verdict needs more than one key */
			form_init(&dialog->form, "take it back", "cancel");
			form_add(&dialog->form, INPUT_TOGGLE, "take back");
		}
		return;
	}
	dialog_line(dialog, "then", THEME_TEXT,
		    "The party counts as verified, without a KYC here, and is shown as such with your name.");
	reason_form(dialog, "verified elsewhere");
}

static const struct ui_action verify_ui_action = {
	.verb = VERB_PARTY_VERIFY, .did = "Verified elsewhere:", .to = "of"
};

static const struct ui_action unverify_ui_action = {
	.verb = VERB_PARTY_UNVERIFY, .did = "Not verified elsewhere any more:", .to = "of"
};

static struct job *verify_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	const struct input *field = &dialog->form.fields[0];
	if (field->kind == INPUT_TEXT)
		return act_with_reason(dialog, &verify_ui_action, 0);
	if (!field->on) {
		dialog->problem = "Tick \"take back\" first: Tab, then space.";
		return NULL;
	}
	struct job *job = dialog_act(dialog, &unverify_ui_action);
	job->in.text = arena_strdup(&job->arena, dialog->item_name);
	return job;
}

const struct dialog_spec party_verify_dialog = { .action = ACTION_APPROVE,
						 .read_only = true,
						 .asking = "Verified elsewhere, a party of",
						 .fill = verify_fill,
						 .confirm = verify_confirm };

const char *link_end(struct arena *arena, int64_t expires_at, const struct frame *frame)
{
	return expires_at == TIME_NONE ? "it is decided"
				       : when_text(arena, expires_at, frame->now, frame->clock_offset_minutes);
}

static void link_fill(struct dialog *dialog, const struct dialog_context *context)
{
	const struct session *session = &dialog->answer->view.file.session;
	dialog_line(dialog, "link of", THEME_TITLE, dialog->name);
	dialog_line(dialog, "link until", THEME_TEXT,
		    link_end(&dialog->arena, session->expires_at, context->frame));
	if (dialog->form.field_count)
		return;
	form_init(&dialog->form, "make the link", "cancel");
	form_add(&dialog->form, INPUT_TEXT, "extend days");
}

static const char *days_sentence(struct dialog *dialog)
{
	return arena_printf(&dialog->arena, "Write a number of days, 1 to %d, or nothing for a new link.",
			    EXTEND_DAYS_MAX);
}

static void link_edited(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	int64_t days;
	dialog->after_count = 0;
	if (!dialog->form.field_count)
		return;
	if (!dialog_typed(dialog, 0)[0])
		dialog_line_after(dialog, "", THEME_WARNING,
				  "A new link is made; the one before opens nothing any more.");
	else if (!when_days(dialog_typed(dialog, 0), &days) || days < 1 || days > EXTEND_DAYS_MAX)
		dialog_line_after(dialog, "", THEME_DANGER, days_sentence(dialog));
	else if (dialog->answer->view.file.session.expires_at == TIME_NONE)
		dialog_line_after(dialog, "", THEME_WARNING,
				  "It lasts until the case is decided: days make it no longer.");
	else
		dialog_line_after(
			dialog, "", THEME_TEXT,
			arena_printf(&dialog->arena, "The present link lasts %lld days longer.", (long long)days));
}

/* Reports an extension; shows a new link, or reports it if the dialog was closed meanwhile. */
static void link_made(struct workbench *workbench, const struct job *job)
{
	struct arena arena = ARENA_INIT;
	if (!decide_show_link(workbench, job)) {
		if (answer_question(workbench, job))
			decide_close(workbench);
		announce_done(workbench, "Extended the link of", job->name, job->reference,
			      arena_printf(&arena, " until %s",
					   link_end(&arena, job->out.expires_at, &workbench->frame)));
	}
	arena_release(&arena);
}

static const struct ui_action link_ui_action = { .verb = VERB_LINK, .finish = link_made };

static struct job *link_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	int64_t days;
	if (!when_days(dialog_typed(dialog, 0), &days) || (dialog_typed(dialog, 0)[0] && !days) ||
	    days > EXTEND_DAYS_MAX) {
		dialog->problem = days_sentence(dialog);
		return NULL;
	}
	struct job *job = dialog_act(dialog, &link_ui_action);
	job->in.days = days;
	return job;
}

const struct dialog_spec party_link_dialog = { .action = ACTION_APPROVE,
					       .read_only = true,
					       .link_of = "link of",
					       .asking = "Access link of",
					       .fill = link_fill,
					       .edited = link_edited,
					       .confirm = link_confirm };

void dialog_show_link(struct dialog *dialog, const struct use_out *link, const struct dialog_context *context)
{
	form_release(&dialog->form);
	form_init(&dialog->form, "copy it", "close");
	dialog->copy = arena_strdup(&dialog->arena, link->link);
	dialog->state = DIALOG_READY;
	dialog_disarm(dialog);
	dialog->problem = "";
	dialog->line_count = dialog->after_count = 0;
	dialog_line(dialog, dialog->spec->link_of, THEME_TITLE, dialog->name);
	dialog_line(dialog, "link", THEME_ACCENT, dialog->copy);
	dialog_line(dialog, "until", THEME_TEXT, link_end(&dialog->arena, link->expires_at, context->frame));
	if (dialog->spec == &party_link_dialog)
		dialog_line(dialog, "", THEME_WARNING, "The one before opens nothing any more.");
}

enum gap_field { GAP_REASON, GAP_TEXT };

static void gap_fill(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	static const struct {
		const char *code, *label;
	} words[] = { { "listed", "listed: its shares are traded at an exchange" },
		      { "state_owned", "state owned: a state or its bodies own the rest" },
		      { "regulated", "regulated: a supervised institution owns the rest" },
		      { "dispersed", "dispersed: nobody of the rest reaches the threshold" },
		      { "other", "other: say what, in ten characters or more" } };
	const struct ownership_gap *gap = &dialog->answer->view.gap;
	size_t count, capacity = 0;
	if (!gap->known || !gap->open) {
		dialog_only_line(dialog, "No undeclared ownership could hide an owner.");
		return;
	}
	dialog_line(dialog, "", THEME_TITLE,
		    arena_printf(&dialog->arena, "%s %% of the ownership is not declared.", gap->percent));
	for (size_t i = 0; i < gap->layer_count; i++)
		dialog_line(dialog, i ? "" : "where", THEME_TEXT,
			    arena_printf(&dialog->arena, "%s: %s %% of it, %s %% of the subject",
					 gap->layers[i].name, gap->layers[i].undeclared,
					 gap->layers[i].of_the_subject));
	dialog_line(dialog, "then", THEME_TEXT,
		    "Your reason is recorded, and holds as long as no more is missing.");
	if (dialog->form.field_count)
		return;
	form_init(&dialog->form, "record it", "cancel");
	struct input *field = form_add(&dialog->form, INPUT_CHOICE, "because");
	const char *const *known = ownership_gap_reasons(&count);
	for (size_t i = 0; i < count; i++) {
		const char *label = known[i];
		for (size_t w = 0; w < sizeof words / sizeof words[0]; w++)
			if (!strcmp(words[w].code, known[i]))
				label = words[w].label;
		form_add_item(field, &dialog->arena, &capacity,
			      (struct input_item){ .code = known[i], .label = label });
	}
	form_add(&dialog->form, INPUT_TEXT, "text");
}

static const char *gap_words(const struct job *job, struct arena *arena)
{
	return arena_printf(arena, "Undeclared ownership is %s in", job->in.reason);
}

static const struct ui_action gap_ui_action = { .verb = VERB_PARTY_GAP, .words = gap_words };

static struct job *gap_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	const struct input_item *reason = field_chosen(&dialog->form.fields[GAP_REASON]);
	if (!reason) {
		dialog->problem = "Choose a reason first: Tab reaches the list.";
		return NULL;
	}
	struct job *job = dialog_act(dialog, &gap_ui_action);
	job->in.reason = arena_strdup(&job->arena, reason->code);
	job->in.text = arena_strdup(&job->arena, dialog_typed(dialog, GAP_TEXT));
	return job;
}

const struct dialog_spec gap_dialog = { .action = ACTION_APPROVE,
					.read_only = true,
					.asking = "Undeclared ownership of",
					.fill = gap_fill,
					.confirm = gap_confirm };

static void side_by_side(struct dialog *dialog, enum text_mode mode, const char *label, const char *here,
			 const char *there, bool compare)
{
	if (!here[0] && !there[0])
		return;
	struct strbuf line = STRBUF_INIT;
	bool same = compare && here[0] && !strcmp(here, there);
	text_fit(&line, text_safe(&dialog->arena, here[0] ? here : "-", mode), SIDE_CELLS, TEXT_LEFT, mode);
	strbuf_addf(&line, " %s ", same ? "=" : "|");
	strbuf_addf(&line, "%s", text_safe(&dialog->arena, there[0] ? there : "-", mode));
	dialog_line(dialog, label, same ? THEME_WARNING : THEME_TEXT, line.buf);
	strbuf_release(&line);
}

static const struct duplicate *duplicate_of(const struct dialog *dialog)
{
	const struct case_view *view = &dialog->answer->view;
	for (size_t i = 0; i < view->duplicate_count; i++)
		if (!strcmp(view->duplicates[i].id, dialog->item))
			return &view->duplicates[i];
	return NULL;
}

static void duplicate_fill(struct dialog *dialog, const struct dialog_context *context)
{
	enum text_mode mode = context->frame->mode;
	const struct duplicate *other = duplicate_of(dialog);
	const struct session *session = &dialog->answer->view.file.session;
	const struct subject *subject = &session->subject;
	if (!other) {
		dialog_only_line(dialog, "The two have nothing in common any more.");
		return;
	}
	int64_t now = context->frame->now;
	int offset = context->frame->clock_offset_minutes;
	side_by_side(dialog, mode, "compare", "this case", "the other", false);
	side_by_side(dialog, mode, "name", subject->name, other->name, true);
	side_by_side(dialog, mode, "country", subject->country, other->country, true);
	side_by_side(dialog, mode, "reg. number", subject->registration_number, other->registration_number,
		     other->same & SAME_REGISTRATION_NUMBER);
	side_by_side(dialog, mode, "tax id", subject->tax_id, other->tax_id, other->same & SAME_TAX_ID);
	side_by_side(dialog, mode, "born", subject->date_of_birth, other->date_of_birth, false);
	side_by_side(dialog, mode, "founded", subject->incorporated_on, other->incorporated_on, true);
	if (!strcmp(subject->uid, other->uid)) /* different uids carry no information */
		side_by_side(dialog, mode, "uid", subject->uid, other->uid, true);
	side_by_side(dialog, mode, "reference", session->external_ref, other->external_ref, false);
	side_by_side(dialog, mode, "workflow", session->workflow, other->workflow, false);
	side_by_side(dialog, mode, "status", session_status_title(session->status),
		     session_status_title(other->status), false);
	side_by_side(dialog, mode, "sent in", when_text(&dialog->arena, session->submitted_at, now, offset),
		     when_text(&dialog->arena, other->submitted_at, now, offset), false);
	reason_form(dialog, "they are two");
}

static const struct ui_action dismiss_ui_action = {
	.verb = VERB_DUPLICATE_DISMISS, .did = "Dismissed as another application:", .to = ", beside"
};

static struct job *duplicate_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	const struct duplicate *other = duplicate_of(dialog);
	struct job *job = act_with_reason(dialog, &dismiss_ui_action, 0);
	job->in.text = arena_strdup(&job->arena, other ? other->name : "");
	return job;
}

const struct dialog_spec duplicate_dialog = { .action = ACTION_APPROVE,
					      .read_only = true,
					      .asking = "A duplicate of",
					      .fill = duplicate_fill,
					      .confirm = duplicate_confirm };

static void waive_fill(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	dialog_line(dialog, "check", THEME_TITLE, dialog->item);
	dialog_line(dialog, "of", THEME_TEXT, dialog->name);
	dialog_line(dialog, "then", THEME_TEXT, "The case can be approved without it; your name and reason stay.");
	reason_form(dialog, "waive it");
}

static enum err waive(struct desk *desk, struct job *job)
{
	if (!check_kind_parse(job->in.part, &job->in.check))
		return error_set(&job->error, ERR_USAGE, "\"%s\" is not a check", job->in.part);
	return desk_do(desk, &job->arena, &job->in, &job->out, &job->error);
}

static const struct ui_action waive_ui_action = {
	.verb = VERB_CHECK_WAIVE, .did = "Waived", .to = "of", .run = waive
};

static struct job *waive_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	return act_with_reason(dialog, &waive_ui_action, 0);
}

const struct dialog_spec waive_dialog = { .action = ACTION_APPROVE,
					  .read_only = true,
					  .asking = "Waive a check of",
					  .fill = waive_fill,
					  .confirm = waive_confirm };
