/* The key Enter on a blocker. A table has a function for each kind of blocker: the function opens the dialog or
 * item that resolves the blocker. If the function opens nothing, because of the role or the state of the case,
 * Enter moves the cursor to the item that the blocker is about. */
#include "workbench.h"

#include <string.h>

/* The blocker under the cursor, and its case. */
struct blocker_ctx {
	struct workbench *workbench;
	const struct case_view *view;
	const struct checklist_item *item;
};

/* Opens a dialog about an item if the reviewer may run the verb; else returns false. */
static bool open_item_dialog(const struct blocker_ctx *at, enum verb verb, const struct dialog_spec *spec,
			     const char *item, const char *name)
{
	if (!workbench_may_run(at->workbench, verb))
		return false;
	decide_open_dialog(at->workbench, spec, item, name);
	return true;
}

/* Opens the MORE dialog (key v) with this command preselected; false: the reviewer may not run the command. */
static bool open_more_dialog(const struct blocker_ctx *at, enum command command)
{
	const struct command_spec *spec = command_spec(command);
	if (!workbench_may_run(at->workbench, spec->verb))
		return false;
	decide_open_with_choice(at->workbench, &more_dialog, "", "", spec->name);
	return true;
}

/* Opens the dialog to request corrections from the client; false: the status of the case or the role does not allow
 * this. */
static bool request_from_client(const struct blocker_ctx *at, const char *item, const char *name)
{
	enum session_status to;
	const struct frame *frame = &at->workbench->frame;
	const struct transition_context context = { .profile = at->view->profile, .sandbox = frame->sandbox };
	if (transition_find(at->view->file.session.status, ACTION_REQUEST_CORRECTIONS, frame->role, &context, &to) !=
	    TRANSITION_ALLOWED)
		return false;
	return open_item_dialog(at, VERB_CORRECTIONS, &corrections_dialog, item, name);
}

/* Offers the action that moves the case from its current status towards review. */
static bool resolve_status(const struct blocker_ctx *at)
{
	static const struct {
		enum session_status status;
		enum command command;
	} resolving[] = { { SESSION_AWAITING_CLIENT_CORRECTION, COMMAND_WITHDRAW },
			  { SESSION_EXPIRED, COMMAND_REACTIVATE },
			  { SESSION_APPROVED, COMMAND_REOPEN },
			  { SESSION_REJECTED, COMMAND_REOPEN } };
	if (at->view->alert_count && session_status_is_decided(at->view->file.session.status))
		return open_item_dialog(at, VERB_HIT_RESOLVE, &alert_dialog, "", "");
	for (size_t i = 0; i < sizeof resolving / sizeof resolving[0]; i++)
		if (resolving[i].status == at->view->file.session.status)
			return open_more_dialog(at, resolving[i].command);
	return false;
}

static bool resolve_missing_document(const struct blocker_ctx *at)
{
	return at->item->ref[0] && request_from_client(at, at->item->ref, at->item->ref);
}

/* Opens an unreviewed document; for a rejected or altered document, opens a correction request to the client. */
static bool resolve_document(const struct blocker_ctx *at)
{
	const struct document *document = case_document(&at->view->file, at->item->ref);
	if (!document)
		return false;
	bool judged = document->review == REVIEW_REJECTED || at->item->code == BLOCKER_DOCUMENT_ALTERED;
	if (judged)
		return request_from_client(at, document->id, profile_document_title(at->view->profile, document->type));
	if (!workbench_may_run(at->workbench, VERB_DOCUMENT_OPEN))
		return false;
	viewer_open(at->workbench, top_case(at->workbench), &(const struct grid_row){ .ref = document->id });
	return true;
}

static bool resolve_unconfirmed_basis(const struct blocker_ctx *at)
{
	return open_more_dialog(at, COMMAND_CONFIRM);
}

static bool resolve_no_evidence(const struct blocker_ctx *at)
{
	return request_from_client(at, "", "");
}

/* Splits a path like "steps.company_info.address.city": returns the step "company_info", in the arena, and sets
 * *field to "address.city". Returns "" if the path does not begin with a step. */
static const char *split_field_path(struct arena *arena, const char *path, const char **field)
{
	static const char steps[] = "steps.";
	*field = "";
	if (!text_has_prefix(path, steps))
		return "";
	path += sizeof steps - 1;
	size_t length = strcspn(path, ".");
	if (path[length])
		*field = path + length + 1;
	return arena_strndup(arena, path, length);
}

static bool resolve_step(const struct blocker_ctx *at)
{
	const char *field, *step = split_field_path(&at->workbench->scratch, at->item->ref, &field);
	return step[0] && request_from_client(at, step, step);
}

/* Opens the party's KYC session if a reviewer has to act on it, or the dialog that creates a KYC session. Opens
 * nothing if the party itself has to act: the party's row then offers the access link. */
static bool resolve_party(const struct blocker_ctx *at)
{
	const struct case_view *view = at->view;
	const struct party *party = case_party(&view->file, at->item->ref);
	if (!party)
		return false;
	if (!party->session_id[0])
		return view->profile && profile_party_verification(view->profile, party->kind) == VERIFY_SESSION &&
		       open_item_dialog(at, VERB_SUBSESSION_ADD, &kyc_add_dialog, party->id, party->name);
	if (party->session_status != SESSION_MANUAL_REVIEW && party->session_status != SESSION_COMPLETED &&
	    party->session_status != SESSION_PROCESSED)
		return false;
	(void)case_model_select_row(&top_case(at->workbench)->model, TAB_PARTIES, party->id);
	case_open(at->workbench, party->session_id, party->name, true);
	return true;
}

static bool resolve_missing_party(const struct blocker_ctx *at)
{
	return open_item_dialog(at, VERB_PARTY_ADD, &party_dialog, "", "");
}

static bool open_party_edit(const struct blocker_ctx *at, const struct party *party)
{
	return party && open_item_dialog(at, VERB_PARTY_EDIT, &party_dialog, party->id, party->name);
}

static bool resolve_ownership(const struct blocker_ctx *at)
{
	const struct party *party = case_party(&at->view->file, at->item->ref);

	if (party && *at->item->other_ref)
		return open_item_dialog(at, VERB_PARTY_OTHER, &pair_dialog, party->id, party->name);
	return open_party_edit(at, party);
}

static bool resolve_ownership_gap(const struct blocker_ctx *at)
{
	const struct ownership_gap *gap = &at->view->gap;
	if (!gap->is_computed || !gap->may_hide_owner)
		return resolve_missing_party(at);
	if (open_item_dialog(at, VERB_PARTY_GAP, &gap_dialog, "", ""))
		return true;
	status_set(&at->workbench->status, STATUS_PLAIN, "%s declares a missing owner; a lead can record a reason",
		   key_name_for(at->workbench, COMMAND_PARTY_ADD));
	return false;
}

/* The party that a path names: "parties[2].country" names the third party. NULL: the path names no party. */
static const struct party *party_of_path(const struct case_file *file, const char *path)
{
	static const char parties[] = "parties[";
	size_t index = 0;
	if (!text_has_prefix(path, parties))
		return NULL;
	for (path += sizeof parties - 1; *path >= '0' && *path <= '9' && index < file->party_count; path++)
		index = index * 10 + (size_t)(*path - '0');
	return *path == ']' && index < file->party_count ? &file->parties[index] : NULL;
}

/* If the path names a step, opens the dialog of the step with the field preselected; if it names a party, opens the
 * form of the party. For a field of the subject itself opens nothing, since only a step can correct such a field. */
static bool resolve_field(const struct blocker_ctx *at)
{
	const struct case_view *view = at->view;
	const char *field, *step = split_field_path(&at->workbench->scratch, at->item->ref, &field);
	if (!step[0])
		return open_party_edit(at, party_of_path(&view->file, at->item->ref));
	if (!view->profile || !profile_step(view->profile, step) || !workbench_may_run(at->workbench, VERB_STEP_EDIT))
		return false;
	decide_open_with_choice(at->workbench, &step_dialog, step, step, field);
	return true;
}

/* Offers to withdraw a correction request that the client has not answered. If the client has answered, opens
 * nothing: Enter moves the cursor to the row of the correction, where a key accepts the answer. */
static bool resolve_correction(const struct blocker_ctx *at)
{
	return at->view->file.session.status == SESSION_AWAITING_CLIENT_CORRECTION &&
	       open_more_dialog(at, COMMAND_WITHDRAW);
}

/* The blocker names a party, or a removed party: its KYC has bad news. */
static bool open_kyc_with_news(const struct blocker_ctx *at)
{
	const struct party *party = case_party_or_removed(&at->view->file, at->item->ref);
	if (party)
		case_open(at->workbench, party->session_id, party->name, true);
	return party != NULL;
}

static bool resolve_hit(const struct blocker_ctx *at)
{
	const struct hit *hit = case_hit(&at->view->file, at->item->ref, NULL);
	if (!hit)
		return open_kyc_with_news(at);
	if (hit->state == HIT_TRUE_MATCH)
		return hit->class_ != HIT_SANCTIONS &&
		       open_item_dialog(at, VERB_HIT_ACCEPT, &hit_dialog, hit->id, hit->name);
	return open_item_dialog(at, VERB_HIT_RESOLVE, &hit_dialog, hit->id, hit->name);
}

static bool resolve_stale_checks(const struct blocker_ctx *at)
{
	enum session_status status = at->view->file.session.status;
	return (status == SESSION_MANUAL_REVIEW || status == SESSION_COMPLETED || status == SESSION_PROCESSED) &&
	       open_more_dialog(at, COMMAND_PROCESS);
}

/* Opens the page of the check. For a check without any result, offers to run all checks, or to waive it. */
static bool resolve_check(const struct blocker_ctx *at)
{
	const struct case_view *view = at->view;
	enum check_kind kind;
	if (!view->profile || !check_kind_parse(at->item->ref, &kind))
		return false;
	if (case_check(&view->file, kind)) {
		page_open(at->workbench, &check_page, at->item->ref);
		return true;
	}
	return resolve_stale_checks(at) ||
	       (check_may_be_waived(kind, view->profile) &&
		open_item_dialog(at, VERB_CHECK_WAIVE, &waive_dialog, at->item->ref, at->item->ref));
}

static bool resolve_duplicate(const struct blocker_ctx *at)
{
	return open_item_dialog(at, VERB_DUPLICATE_DISMISS, &duplicate_dialog, at->item->ref, "");
}

static bool resolve_suspicion(const struct blocker_ctx *at)
{
	return find_open_suspicion(at->view) &&
	       open_item_dialog(at, VERB_SUSPICION_CLOSE, &suspicion_close_dialog, "", "");
}

static bool resolve_claim(const struct blocker_ctx *at)
{
	return open_item_dialog(at, VERB_ASSIGN, &take_over_dialog, "", "");
}

static bool resolve_changed_case(const struct blocker_ctx *at)
{
	at->workbench->stale_bits |= STALE_CASE;
	return true;
}

const struct blocker_resolution blocker_resolves[BLOCKER_CODE_COUNT] = {
	[BLOCKER_STATUS] = { resolve_status, "withdraw the corrections, reactivate or reopen the case" },
	[BLOCKER_DOCUMENT_MISSING] = { resolve_missing_document,
				       "ask the client for the document; the message is prefilled" },
	[BLOCKER_DOCUMENT_NOT_ACCEPTED] = { resolve_document,
					    "review the document, or request another if it is rejected" },
	[BLOCKER_BASIS_CHANGED] = { resolve_unconfirmed_basis, "confirm judgements that are based on changed facts" },
	[BLOCKER_DOCUMENT_ALTERED] = { resolve_document, "ask the client for another file" },
	[BLOCKER_NOTHING_EXAMINED] = { resolve_no_evidence, "ask the client for a document" },
	[BLOCKER_STEP_OPEN] = { resolve_step, "ask the client to complete the step" },
	[BLOCKER_PARTY_NOT_VERIFIED] = { resolve_party, "open or create the party's KYC session" },
	[BLOCKER_PARTY_MISSING] = { resolve_missing_party, "declare a party" },
	[BLOCKER_OWNERSHIP_INVALID] = { resolve_ownership, "change the party, or say who is who" },
	[BLOCKER_OWNERSHIP_GAP] = { resolve_ownership_gap, "declare the missing owner, or record the reason" },
	[BLOCKER_FIELD_INVALID] = { resolve_field, "change the field of the step, or the party" },
	[BLOCKER_CORRECTION_OPEN] = { resolve_correction, "withdraw the corrections" },
	[BLOCKER_HIT_OPEN] = { resolve_hit, "decide the hit, or accept a confirmed hit" },
	[BLOCKER_CHECK_FAILED] = { resolve_check,
				   "read what the check found, then judge it, run the checks again, or waive it" },
	[BLOCKER_CHECK_STALE] = { resolve_stale_checks, "run the checks again" },
	[BLOCKER_DESK_RULE] = { NULL, "this rule of the desk has no exception: reject the case" },
	[BLOCKER_DUPLICATE_OPEN] = { resolve_duplicate, "compare the two cases, then dismiss the duplicate" },
	[BLOCKER_HELD] = { NULL, "a lead must resolve the hold" },
	[BLOCKER_SUSPICION_OPEN] = { resolve_suspicion, "close the suspicion: filed, or not filed" },
	[BLOCKER_SECOND_REVIEWER] = { NULL, "another reviewer must approve; the case is in their queue" },
	[BLOCKER_CLAIMED_BY_OTHER] = { resolve_claim, "take the case over" },
	[BLOCKER_CHANGED] = { resolve_changed_case, "read the case again" },
};

bool blocker_open(struct workbench *workbench, const struct checklist_item *item)
{
	const struct blocker_resolution *resolve = &blocker_resolves[item->code];
	const struct blocker_ctx at = { workbench, case_model_view(&top_case(workbench)->model), item };
	return !item->met && resolve->open && resolve->open(&at);
}
