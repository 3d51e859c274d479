/* Dialogs about a party, and about blockers that depend on others: each asks for a reason. */
#include "workbench.h"

#include <string.h>

#define SIDE_CELLS 26

static const struct party *party_of(const struct dialog *dialog)
{
	return case_party(&dialog->answer->view.file, dialog->item);
}

static void name_party(struct dialog *dialog)
{
	dialog_line(dialog, "party", THEME_TITLE, dialog->item_name);
	dialog_line(dialog, "of", THEME_TEXT, dialog->name);
}

static const struct dialog_form remove_form = {
	.confirm = "remove",
	.fields = { { REASON_FIELD } },
	.act = ACT(.verb = VERB_PARTY_REMOVE, .did = "Removed", .to = "from"),
};

static const struct dialog_form *remove_fill(struct dialog *dialog)
{
	const struct session *session = &dialog->answer->view.file.session;
	const struct party *party = party_of(dialog);
	if (!party)
		return dialog_only_line(dialog, "The party no longer exists.");
	name_party(dialog);
	dialog_line(dialog, "then", THEME_TEXT,
		    party->session_id[0] && !party->session_shared
			    ? "The party is shown as removed and no longer counts; the KYC link stops working."
			    : "The party is shown as removed and no longer counts.");
	if (session->submitted_at != TIME_NONE)
		dialog_line(
			dialog, "", THEME_WARNING,
			"The case was submitted with this party: explain the removal, in ten characters or more.");
	return &remove_form;
}

const struct dialog_spec party_remove_dialog = { CASE_DIALOG("Remove a party of", remove_fill) };

/* Whether the party stays verified without the mark. */
static bool stays_verified(const struct dialog *dialog, const struct party *party)
{
	const struct case_view *view = &dialog->answer->view;
	struct party bare = *party;
	bare.verified_elsewhere_by = "";
	return view->profile && party_is_verified(&bare, &view->file, view->profile);
}

static const struct dialog_form verify_form = {
	.confirm = "verified elsewhere",
	.fields = { { REASON_FIELD } },
	.act = ACT(.verb = VERB_PARTY_VERIFY, .did = "Verified elsewhere:", .to = "of"),
};

/* Undoing a verdict needs more than one key. */
static const struct dialog_form unverify_form = {
	.confirm = "remove the mark",
	.fields = { { TOGGLE_FIELD("remove it"), .missing = "Tick \"remove it\" first: Tab, then space." } },
	.act = ACT(.verb = VERB_PARTY_UNVERIFY, .did = "No longer verified elsewhere:", .to = "of"),
};

static const struct dialog_form *verify_fill(struct dialog *dialog)
{
	const struct party *party = party_of(dialog);
	if (!party)
		return dialog_only_line(dialog, "The party no longer exists.");
	name_party(dialog);
	if (party->session_id[0])
		dialog_line(dialog, "its KYC",
			    party->session_status == SESSION_REJECTED ? THEME_DANGER : THEME_TEXT,
			    session_status_title(party->session_status));
	if (!party->verified_elsewhere_by[0]) {
		dialog_line(dialog, "then", THEME_TEXT,
			    "The party counts as verified without a KYC here; the mark shows your name.");
		return &verify_form;
	}
	DIALOG_LINE(dialog, "now", THEME_TEXT, "marked as verified elsewhere by %s: %s",
		    party->verified_elsewhere_by, party->verified_elsewhere_reason);
	if (stays_verified(dialog, party))
		dialog_line(dialog, "then", THEME_TEXT,
			    "The mark is removed; the party stays verified without it.");
	else
		dialog_line(dialog, "then", THEME_WARNING, "The mark is removed; the party is then not verified.");
	return &unverify_form;
}

const struct dialog_spec party_verify_dialog = { CASE_DIALOG("Verified elsewhere: a party of", verify_fill) };

const char *link_end(struct arena *arena, int64_t expires_at, const struct frame *frame)
{
	return expires_at == TIME_NONE ? "the case is decided" : when_text(arena, expires_at, frame);
}

static const char *days_sentence(struct dialog *dialog)
{
	return arena_printf(&dialog->arena, "Write a number of days, 1 to %d, or nothing for a new link.",
			    EXTEND_DAYS_MAX);
}

static void link_edited(struct dialog *dialog)
{
	int64_t days;
	if (!dialog_typed(dialog, 0)[0])
		DIALOG_WARN(dialog, "A new link is made; the previous link no longer works.");
	else if (!when_days(dialog_typed(dialog, 0), &days) || days < 1 || days > EXTEND_DAYS_MAX)
		dialog_line_below(dialog, "", THEME_DANGER, days_sentence(dialog));
	else if (dialog->answer->view.file.session.expires_at == TIME_NONE)
		DIALOG_WARN(dialog, "The link is valid until the decision and cannot be extended.");
	else
		DIALOG_BELOW(dialog, "", THEME_TEXT, "The current link is extended by %lld days.", (long long)days);
}

/* Reports an extension; shows a new link, or reports it if the dialog was closed meanwhile. */
static void link_made(struct workbench *workbench, const struct job *job)
{
	struct arena arena = ARENA_INIT;
	if (!decide_show_link(workbench, job)) {
		if (dialog_of_request(workbench, job))
			decide_close(workbench);
		announce_done(workbench, "Extended the link of", job->name, job->reference,
			      arena_printf(&arena, " until %s",
					   link_end(&arena, job->out.expires_at, &workbench->frame)));
	}
	arena_release(&arena);
}

static bool link_send(struct dialog *dialog, struct job *job)
{
	const char *text = dialog_typed(dialog, 0);
	bool valid =
		when_days(text, &job->in.days) && (!text[0] || job->in.days) && job->in.days <= EXTEND_DAYS_MAX;
	return valid || dialog_refuse(dialog, days_sentence(dialog));
}

static const struct dialog_form link_form = {
	.confirm = "make the link",
	.fields = { { TEXT_FIELD("extend days", 0) } },
	.act = ACT(.verb = VERB_LINK, .finish = link_made),
	.send = link_send,
};

static const struct dialog_form *link_fill(struct dialog *dialog)
{
	const struct session *session = &dialog->answer->view.file.session;
	dialog_line(dialog, "link of", THEME_TITLE, dialog->name);
	dialog_line(dialog, "link until", THEME_TEXT,
		    link_end(&dialog->arena, session->expires_at, dialog->context->frame));
	return &link_form;
}

const struct dialog_spec party_link_dialog = { CASE_DIALOG("Access link of", link_fill), .link_of = "link of",
					       .edited = link_edited };

void dialog_show_link(struct dialog *dialog, const struct use_out *link, const struct dialog_context *context)
{
	dialog_restart(dialog, "copy it");
	dialog->copy = arena_strdup(&dialog->arena, link->link);
	dialog_line(dialog, dialog->spec->link_of, THEME_TITLE, dialog->name);
	dialog_line(dialog, "link", THEME_ACCENT, dialog->copy);
	dialog_line(dialog, "until", THEME_TEXT, link_end(&dialog->arena, link->expires_at, context->frame));
	if (dialog->spec == &party_link_dialog)
		dialog_line(dialog, "", THEME_WARNING, "The previous link no longer works.");
}

/* In the order of ownership_gap_reasons(). */
static const struct dialog_item gap_reasons[] = {
	{ "listed", "listed: the shares are traded on an exchange" },
	{ "state_owned", "state owned: a state or its bodies own the rest" },
	{ "regulated", "regulated: a supervised institution owns the rest" },
	{ "dispersed", "dispersed: no other owner reaches the threshold" },
	{ "other", "other: explain the gap, in ten characters or more" },
	{ NULL, NULL }
};

static const char *gap_words(const struct job *job, struct arena *arena)
{
	return arena_printf(arena, "Recorded undeclared ownership as %s in", job->in.reason);
}

static const struct dialog_form gap_form = {
	.confirm = "record it",
	.fields = { { ITEMS_FIELD("because", IN_REQUEST(in.reason), gap_reasons),
		      .missing = "Choose a reason first: Tab reaches the list." },
		    { TEXT_FIELD("text", IN_REQUEST(in.text)) } },
	.act = ACT(.verb = VERB_PARTY_GAP, .words = gap_words),
};

static const struct dialog_form *gap_fill(struct dialog *dialog)
{
	const struct ownership_gap *gap = &dialog->answer->view.gap;
	if (!gap->known || !gap->open)
		return dialog_only_line(dialog, "No undeclared share is large enough to hide an owner.");
	DIALOG_LINE(dialog, "", THEME_TITLE, "%s %% of the ownership is not declared.", gap->percent);
	for (size_t i = 0; i < gap->layer_count; i++)
		DIALOG_LINE(dialog, i ? "" : "where", THEME_TEXT, "%s: %s %% undeclared, %s %% of the subject",
			    gap->layers[i].name, gap->layers[i].undeclared, gap->layers[i].of_the_subject);
	dialog_line(dialog, "then", THEME_TEXT,
		    "Your reason is recorded and valid until the undeclared share grows.");
	return &gap_form;
}

const struct dialog_spec gap_dialog = { CASE_DIALOG("Undeclared ownership of", gap_fill) };

static enum err waive(struct desk *desk, struct job *job)
{
	if (!check_kind_parse(job->in.part, &job->in.check))
		return error_set(&job->error, ERR_USAGE, "Unknown check \"%s\"", job->in.part);
	return desk_do(desk, &job->arena, &job->in, &job->out, &job->error);
}

static const struct dialog_form waive_form = {
	.confirm = "waive it",
	.fields = { { REASON_FIELD } },
	.act = ACT(.verb = VERB_CHECK_WAIVE, .did = "Waived", .to = "of", .run = waive),
};

static const struct dialog_form *waive_fill(struct dialog *dialog)
{
	dialog_line(dialog, "check", THEME_TITLE, dialog->item);
	dialog_line(dialog, "of", THEME_TEXT, dialog->name);
	dialog_line(dialog, "then", THEME_TEXT,
		    "The case can be approved without this check; your name and reason are recorded.");
	return &waive_form;
}

const struct dialog_spec waive_dialog = { CASE_DIALOG("Waive a check of", waive_fill) };
