/* Undoes the actor's own verdict on a document, hit or answer, or the actor's own removal of a party, while the
 * case is undecided. */
#include "review/review.h"
#include "read/read.h"

struct review_undo_run {
	struct use *use;
	struct undo_item *item;		 /* the record to undo; NULL: not found yet */
	const struct json_value *detail; /* detail of the record to undo */
};

static const char *detail_text(const struct review_undo_run *undoing, const char *key)
{
	const char *text = json_get_text(undoing->detail, key);

	return text ? arena_strdup(undoing->use->arena, text) : "";
}

/* Refuses the undo, because the desk cannot restore the former state completely. */
static enum err deny_undo(const struct review_undo_run *undoing, const char *why, struct error *error)
{
	return REFUSE(BLOCKER_CHANGED, undoing->item->ref, error, "Cannot undo: %s", why);
}

static int64_t old_verdict_time(const struct review_undo_run *undoing)
{
	int64_t at = TIME_NONE;

	return json_get_int(undoing->detail, "at_before", &at) ? at : TIME_NONE;
}

static const char *old_verdict_text(const struct review_undo_run *undoing)
{
	const char *by = detail_text(undoing, "by_before");

	return arena_printf(undoing->use->arena, "the previous verdict (%s%s)", detail_text(undoing, "from"),
			    *by ? arena_printf(undoing->use->arena, " by %s", by) : "");
}

/* Refuses the undo if the former verdict rested on other facts than the present `facts`. */
static enum err check_basis(const struct review_undo_run *undoing, const char *facts, struct error *error)
{
	struct arena *arena = undoing->use->arena;
	const char *before = detail_text(undoing, "basis_before");

	if (*before && !strcmp(facts_sha256(arena, facts), before))
		return ERR_OK;
	return deny_undo(undoing, arena_printf(arena, "%s is not based on the current data", old_verdict_text(undoing)),
			 error);
}

static enum err restore_document(struct review_undo_run *undoing, struct error *error)
{
	struct use *use = undoing->use;
	struct document *document = (struct document *)case_document(&use->file, undoing->item->ref);
	const struct facts_input of = { .profile = use->profile };
	const char *basis = "", *reason = detail_text(undoing, "reason_before");
	enum review_state before;
	enum err err = ERR_OK;

	if (!review_state_parse(detail_text(undoing, "from"), &before) || (before == REVIEW_REJECTED && !*reason))
		return deny_undo(undoing, "the audit log does not name the previous state", error);
	if (before == REVIEW_ACCEPTED) {
		basis = facts_document(use->arena, &use->file, &of, document);
		err = check_basis(undoing, basis, error);
		if (!err)
			err = document_check_bytes(use, document, error);
	}
	document->review = before;
	document->reviewed_by = detail_text(undoing, "by_before");
	document->reviewed_at = old_verdict_time(undoing);
	document->review_reason = reason;
	document->basis = basis;
	JSON_ADD(use->detail, { "type", AS_TEXT(document->type) }, { "sha256", AS_TEXT(document->sha256) });
	return err ? err : store_document_update(use->desk->store, document, error);
}

static enum err restore_verdict(struct review_undo_run *undoing, struct hit *hit, const struct check *check,
				enum hit_state before, struct error *error)
{
	struct use *use = undoing->use;
	bool noted = true;
	const char *basis = "";

	(void)json_get_bool(undoing->detail, "note_before", &noted);
	if (before == HIT_ACCEPTED || (before != HIT_OPEN && (noted || !*detail_text(undoing, "reason_before"))))
		return deny_undo(undoing,
				 arena_printf(use->arena,
					      "%s cannot be restored: the audit log does not contain its text",
					      old_verdict_text(undoing)),
				 error);
	if (before != HIT_OPEN) {
		enum err err;

		basis = facts_hit(use->arena, &use->file, check, hit);
		err = check_basis(undoing, basis, error);
		if (err)
			return err;
	}
	hit->state = before;
	hit->resolved_by = detail_text(undoing, "by_before");
	hit->resolved_at = old_verdict_time(undoing);
	hit->reason = detail_text(undoing, "reason_before");
	hit->note = "";
	hit->basis = basis;
	return store_hit_update(use->desk->store, hit, error);
}

/* Requires a lead and a note to undo a confirmed match, as for a revision (check.c). Adds the note to the case. */
static enum err require_match_note(struct use *use, const struct hit *hit, struct error *error)
{
	int64_t row;
	enum err err = text_check("note", "The note", use->in->note, false, error);

	if (!err)
		err = require_lead_with_reason(use,
					       "the hit is a confirmed match, and undoing the verdict needs a note",
					       use->in->note, error);
	if (err)
		return err;
	return note_insert(use,
			   arena_printf(use->arena, "The confirmed match %s was undone: %s", hit->name, use->in->note),
			   &row, error);
}

static enum err restore_hit(struct review_undo_run *undoing, struct error *error)
{
	struct use *use = undoing->use;
	const struct check *check = NULL;
	struct hit *hit = (struct hit *)case_hit(&use->file, undoing->item->ref, &check);
	enum hit_state before;
	enum err err = ERR_OK;

	if (!hit_state_parse(detail_text(undoing, "from"), &before))
		return deny_undo(undoing, "the audit log does not name the previous state", error);
	if (undoing->item->verb == VERB_HIT_RESOLVE) {
		if (hit->state == HIT_TRUE_MATCH)
			err = require_match_note(use, hit, error);
		return err ? err : restore_verdict(undoing, hit, check, before, error);
	}
	if (before != HIT_TRUE_MATCH)
		return deny_undo(undoing,
				 "the earlier acceptance cannot be restored: the audit log does not contain its text",
				 error);
	hit->state = before;
	hit->accepted_by = hit->accept_reason = hit->accept_basis = "";
	return store_hit_update(use->desk->store, hit, error);
}

static bool was_reopened(const struct case_file *file, const struct correction *correction)
{
	for (size_t i = 0; i < file->correction_count; i++) {
		if (file->corrections[i].round > correction->round &&
		    !strcmp(file->corrections[i].step_id, correction->step_id))
			return true;
	}
	return false;
}

static enum err restore_correction(struct review_undo_run *undoing, struct error *error)
{
	struct use *use = undoing->use;
	struct correction *correction = NULL;
	struct step *step;
	enum step_status before;
	enum err err = use_find_correction(&use->file, undoing->item->ref, &correction, error);

	if (err)
		return err;
	if (!step_status_parse(detail_text(undoing, "step_before"), &before))
		return deny_undo(undoing, "the audit log does not name the previous state of its step", error);
	if (was_reopened(&use->file, correction))
		return deny_undo(undoing, "the client has since been asked to correct the step again", error);
	correction->state = CORRECTION_ANSWERED;
	correction->closed_at = TIME_NONE;
	correction->accept_basis = "";
	step = case_step(&use->file, correction->step_id);
	err = store_correction_update(use->desk->store, correction, error);
	if (!err && step && step->status != before) {
		step->status = before;
		err = store_step_update(use->desk->store, step, error);
	}
	json_set_text(use->detail, "step", correction->step_id);
	return err;
}

/* --- parties --- */

/* Reads the shares from the record. Returns NULL, or a sentence with the reason for a failure. */
static const char *read_shares(struct review_undo_run *undoing, struct party *party)
{
	struct use *use = undoing->use;
	const struct json_value *shares = json_get(undoing->detail, "shares");

	if (!shares)
		return "the record does not contain the party's shares";
	party->share_count = 0;
	party->shares = arena_alloc_array(use->arena, json_count(shares) + 1, sizeof *party->shares);
	for (size_t i = 0; i < json_count(shares); i++) {
		const struct json_value *item = json_at(shares, i);
		const char *of = json_get_text(item, "of"), *percent = json_get_text(item, "percent");
		const struct party *owned = of ? case_party(&use->file, of) : NULL;

		if (of && !owned)
			return "a company that the party owned has been removed since; undo that removal first";
		party->shares[party->share_count++] =
			(struct party_share){ .owned_party_id = owned ? owned->id : "",
					      .owned_party_row = owned ? owned->row : 0,
					      .percent = arena_strdup(use->arena, percent ? percent : "") };
	}
	return NULL;
}

/* Reloads the case with the restored party or session: only the store knows whether the party is verified. */
static enum err reload_case(struct use *use, struct error *error)
{
	use->rewrites_search_text = true;
	return use_reload_case(use, error);
}

static enum err restore_party(struct review_undo_run *undoing, struct error *error)
{
	struct use *use = undoing->use;
	struct store *store = use->desk->store;
	struct party *party = parties_find(use->file.removed.items, use->file.removed.count, undoing->item->ref);
	bool erased = false;
	const char *why;
	enum err err;

	if (json_get_bool(undoing->detail, "erased", &erased) && erased)
		why = "the KYC session of the party was never submitted, and was erased; add the party again";
	else if (case_party_of_session(&use->file, party->session_row))
		why = "another party of the case now has the KYC session";
	else
		why = read_shares(undoing, party);
	if (why)
		return deny_undo(undoing, why, error);
	json_set_text_or_null(use->detail, "subsession", party->session_id);
	err = store_party_set_removed(store, party, false, error);
	if (!err && party->share_count)
		err = store_party_set_shares(store, party, error);
	if (!err && party->session_row && !party->is_session_shared)
		err = store_link_set_revoked(store, party->session_row, party->removed_at, false, error);
	return err ? err : reload_case(use, error);
}

static enum err restore_subsession(struct review_undo_run *undoing, struct error *error)
{
	struct use *use = undoing->use;
	const char *id = detail_text(undoing, "subsession");
	const struct party *party = case_party(&use->file, undoing->item->ref);
	struct session session;
	bool erased = true;
	int64_t row = 0;
	enum err err;

	(void)json_get_bool(undoing->detail, "erased", &erased);
	if (erased)
		return deny_undo(undoing, "the KYC session was never submitted, and was erased; add a new KYC session",
				 error);
	err = store_session_by_uuid(use->desk->store, id, &row, error);
	if (err == ERR_OK && row)
		err = store_session_load(use->desk->store, use->arena, row, &session, error);
	if (err)
		return err;
	if (!row || session.merchant_row != use->file.session.merchant_row || case_party_of_session(&use->file, row))
		return deny_undo(undoing, "the KYC session was erased, or another party of the case now has it", error);
	json_set_text(use->detail, "subsession", id);
	err = store_party_set_subsession(use->desk->store, party->row, row, error);
	return err ? err : reload_case(use, error);
}

/* --- search for the record --- */

/* Finds the part for "KIND:REFERENCE", as the verbs on parts do, and sets its id. */
static enum err find_case_part(struct review_undo_run *undoing, const char *reference, const char **id,
			       struct error *error)
{
	struct use *use = undoing->use;
	const char *colon = strchr(reference, ':');
	const char *kind = colon ? arena_strndup(use->arena, reference, (size_t)(colon - reference)) : "";
	struct case_file removed = { .parties = use->file.removed.items, .party_count = use->file.removed.count };
	struct correction *correction = NULL;
	struct document *document = NULL;
	struct party *party = NULL;
	struct check *check = NULL;
	struct hit *hit = NULL;
	enum err err = ERR_OK;

	if (!strcmp(kind, "document"))
		err = use_find_document(&use->file, colon + 1, &document, error);
	else if (!strcmp(kind, "hit"))
		err = use_find_hit(&use->file, colon + 1, &hit, &check, error);
	else if (!strcmp(kind, "correction"))
		err = use_find_correction(&use->file, colon + 1, &correction, error);
	else if (strcmp(kind, "party") != 0)
		return error_set(error, ERR_USAGE,
				 "Unknown item \"%s\". Use document:ID, hit:ID, correction:ID or party:ID", reference);
	else if (use_find_party(&removed, colon + 1, &party, NULL) != ERR_OK)
		err = use_find_party(&use->file, colon + 1, &party, error);
	if (err)
		return err;
	*id = document ? document->id : hit ? hit->id : correction ? correction->id : party->id;
	return ERR_OK;
}

static enum err check_undo_item(const struct review_undo_run *undoing, const struct undo_item *item,
				struct error *error)
{
	struct use *use = undoing->use;
	const char *when = time_or_unknown_text(use->arena, item->at), *code = blocker_code_text(BLOCKER_CHANGED);

	if (strcmp(item->by, use->desk->actor) != 0)
		return refuse_with_blocker(ERR_CONFLICT, code, item->ref, error,
					   "Cannot undo: the last change is %s by %s at %s, and only %s can undo it",
					   item->audit_action, item->by, when, item->by);
	if (item->verb == VERB_COUNT)
		return refuse_with_blocker(ERR_BLOCKED, code, item->ref, error,
					   "Cannot undo: the last change is %s at %s, which cannot be undone",
					   item->audit_action, when);
	if (!undo_item_is_unchanged(use->arena, &use->file, item))
		return refuse_with_blocker(ERR_CONFLICT, code, item->ref, error,
					   "Cannot undo: the item has changed since your %s at %s; review it again",
					   item->audit_action, when);
	return ERR_OK;
}

/* Finds the record to undo: the last record about the requested part, or the actor's newest record if no part is
 * requested. */
static enum err find_undo_item(struct review_undo_run *undoing, struct undo_records *records, struct error *error)
{
	struct use *use = undoing->use;
	const char *part = use->in->part, *id = "";
	enum err err = *part ? find_case_part(undoing, part, &id, error) : ERR_OK;

	if (!err)
		err = undo_records_read(use->desk, use->arena, use->file.session.id, id, records, error);
	if (!err && !*part) {
		undo_records_keep_undoable(use->desk, use->arena, &use->file, records);
		id = records->count ? records->items[0].ref : "";
	}
	for (size_t i = 0; !err && !undoing->item && i < records->count; i++) {
		if (!strcmp(records->items[i].ref, id))
			undoing->item = &records->items[i];
	}
	if (!err && !undoing->item)
		err = REFUSE(BLOCKER_CHANGED, id, error, "Cannot undo: %s",
			     *part ? "the item has no verdict or removal here"
				   : "you have no verdict or removal in this case");
	if (!err)
		undoing->item->name = undo_item_name(&use->file, undoing->item);
	return err ? err : check_undo_item(undoing, undoing->item, error);
}

static enum err restore_undo_item(struct review_undo_run *undoing, struct error *error)
{
	switch (undoing->item->verb) {
	case VERB_HIT_RESOLVE:
	case VERB_HIT_ACCEPT:
		return restore_hit(undoing, error);
	case VERB_CORRECTION_ACCEPT:
		return restore_correction(undoing, error);
	case VERB_PARTY_REMOVE:
		return restore_party(undoing, error);
	case VERB_SUBSESSION_REMOVE:
		return restore_subsession(undoing, error);
	default:
		return restore_document(undoing, error);
	}
}

/* Sets whether the undo is material. An undone removal changes data, so its undo is material. An undone verdict is
 * material only if it is a verdict on a sanctions hit, or the acceptance of a hit. */
static void set_materiality(struct review_undo_run *undoing)
{
	struct use *use = undoing->use;
	const struct undo_item *item = undoing->item;
	const struct check *check;
	const struct hit *hit = case_hit(&use->file, item->ref, &check);

	use_add_changed_part(use, item->kind, item->ref);
	if (use_cases[item->verb].material == MATERIAL_DATA)
		use->material = MATERIAL_DATA;
	else if (!hit || (item->verb == VERB_HIT_RESOLVE && hit->class_ != HIT_SANCTIONS))
		use_set_immaterial(use);
}

static enum err undo_review(struct review_undo_run *undoing, struct error *error)
{
	struct use *use = undoing->use;
	const struct undo_item *item = undoing->item;
	enum err err = desk_require_role(use->desk, use_cases[item->verb].role, use->use_case->verb_phrase, error);

	json_set_text(use->detail, item->kind, item->ref);
	JSON_ADD(use->detail, { "action", AS_TEXT(item->audit_action) }, { "undone", AS_INT(item->seq) },
		 { "from", AS_TEXT(detail_text(undoing, "to")) }, { "to", AS_TEXT(detail_text(undoing, "from")) });
	set_materiality(undoing);
	return err ? err : restore_undo_item(undoing, error);
}

/* Restores the state before the actor's own last change of a document, hit, correction or party. Reads in->part:
 * "KIND:REFERENCE", or nothing for the actor's newest change in the case; in->note: required of a lead that undoes
 * a confirmed match. ERR_CONFLICT if another change of the part followed; ERR_BLOCKED if its former state cannot be
 * restored completely. */
enum err use_review_undo(struct use *use, struct error *error)
{
	struct review_undo_run undoing = { .use = use };
	struct undo_records records = { 0 };
	struct json_value *detail = NULL;
	enum err err = find_undo_item(&undoing, &records, error);

	if (!err)
		err = json_read(undoing.item->detail, strlen(undoing.item->detail), &detail, error);
	undoing.detail = detail;
	if (!err)
		err = undo_review(&undoing, error);
	if (!err) {
		use->out->part_id = undoing.item->ref;
		use->out->undone_change = undo_item_text(use->arena, undoing.item);
	}
	json_free(detail);
	return err;
}
