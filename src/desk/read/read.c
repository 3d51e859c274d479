/* One case, as a reviewer sees it. */
#include "kybdesk/base/not_found.h"
#include "decide/decide.h"
#include "keep/keep.h"
#include "read/read.h"
#include "use/looks.h"
#include "kybdesk/domain/document_group.h"
#include "kybdesk/store/retention.h"

#include <stdlib.h>

const struct look *document_last_view(const struct case_view *view, const char *document, const char *by)
{
	for (size_t i = 0; i < view->document_view_count; i++) {
		const struct look *look = &view->document_views[i];

		if (!strcmp(look->document_id, document) && (!by || !strcmp(look->by, by)))
			return look;
	}
	return NULL;
}

static void find_missing_document_types(const struct desk *desk, struct arena *arena, struct case_view *view)
{
	const struct profile *profile = view->profile;
	const struct rules_input input = {
		.file = &view->file, .profile = profile, .countries = desk_countries(desk), .today = ""
	};
	size_t capacity = 0;

	for (size_t s = 0; s < profile->document_count; s++) {
		bool there = !profile->documents[s].mandatory;

		for (size_t i = 0; i < view->file.document_count && !there; i++)
			there = !view->file.documents[i].replaced &&
				!strcmp(view->file.documents[i].type, profile->documents[s].type);
		if (!there)
			*ARENA_PUSH(arena, view->missing_documents, view->missing_document_count, capacity) =
				&profile->documents[s];
	}
	for (size_t g = 0; g < profile->group_count; g++) {
		if (document_group_is_empty(arena, &input, &profile->groups[g]))
			*ARENA_PUSH(arena, view->missing_documents, view->missing_document_count, capacity) =
				&profile->groups[g].entry_spec;
	}
}

static int64_t undo_deadline(const struct desk *desk, const struct case_file *file, int64_t now)
{
	const struct decision *last = case_last_decision(file);

	return last && !strcmp(last->by, desk->actor) && !last->imported && decision_is_held(last, now) &&
			       decision_explains_status(last, file->session.status)
		       ? last->undo_until
		       : TIME_NONE;
}

static enum err find_parent_session(struct desk *desk, struct arena *arena, struct case_view *view, struct error *error)
{
	struct session *parent = arena_alloc(arena, sizeof *parent);
	enum err err;

	if (!view->file.session.parent_row)
		return ERR_OK;
	err = store_session_load(desk->store, arena, view->file.session.parent_row, parent, error);
	if (err)
		return err;
	view->parent = parent;
	view->parent_id = parent->id;
	view->parent_name = parent->subject.name;
	return ERR_OK;
}

/* Finds data besides the case: removed parties, possible duplicates, and facts that have changed since an approval. */
static enum err find_alerts_and_duplicates(struct desk *desk, struct arena *arena, struct case_view *view,
					   const struct gate_context *context, struct error *error)
{
	const struct case_file *file = &view->file;
	const struct alert_filter of_case = { .session = file->session.row, .limit = ALERTS_MAX };
	struct alert_list alerts;
	size_t capacity = 0;
	enum err err;

	view->duplicates = arena_alloc_array(arena, context->duplicate_count + 1, sizeof *view->duplicates);
	for (size_t i = 0; i < context->duplicate_count; i++) {
		if (duplicate_is_shown(&context->duplicates[i], desk->role))
			view->duplicates[view->duplicate_count++] = context->duplicates[i];
	}
	ownership_gap_find(arena, file, view->profile, &view->gap);
	for (size_t i = 0; file->session.status == SESSION_APPROVED && i < file->party_count; i++) {
		const struct party *party = &file->parties[i];

		if (party_must_be_verified(party, view->profile) && !party_is_verified(party, file, view->profile))
			*ARENA_PUSH(arena, view->lapsed_parties, view->lapsed_party_count, capacity) = i;
	}
	err = store_alert_list(desk->store, arena, &of_case, &alerts, error);
	if (err)
		return err;
	view->alerts = alerts.items;
	view->alert_count = alerts.count;
	return suspicion_list_visible(desk, arena, file->session.row, &view->suspicions, error);
}

/* Sets the legal holds and the retention in the view for staff; outside callers do not see them. */
static enum err find_retention(struct desk *desk, struct arena *arena, struct case_view *view, struct error *error)
{
	struct retention_unit *unit;
	enum err err;

	if (desk->caller)
		return ERR_OK;
	unit = arena_alloc(arena, sizeof *unit);
	err = store_legal_hold_list(desk->store, arena, view->file.session.row, &view->legal_holds, error);
	if (err || !session_is_closed(view->file.session.status))
		return err;
	err = retention_unit_load(desk, arena, view->file.session.row, unit, error);
	view->retention = err ? NULL : &unit->retention;
	return err;
}

struct diff_context {
	struct arena *arena;
	struct case_view *view;
	size_t capacity;
};

static void on_difference(void *context, const struct audit_difference *difference)
{
	struct diff_context *diff_context = context;
	struct case_view *view = diff_context->view;

	if (!*difference->session || !strcmp(difference->session, view->file.session.id))
		*ARENA_PUSH(diff_context->arena, view->audit_differences, view->audit_difference_count,
			    diff_context->capacity) = arena_strdup(diff_context->arena, difference->sentence);
}

/* Finds changes of the case in the database that another program made. Outside callers do not see these changes. */
static enum err find_altered_data(struct desk *desk, struct arena *arena, struct case_view *view, struct error *error)
{
	struct diff_context diff_context = { .arena = arena, .view = view };
	struct audit_comparison comparison = { .subject = view->file.session.subject.row,
					       .on_difference = on_difference,
					       .context = &diff_context };

	return desk->caller ? ERR_OK : store_audit_compare(desk->store, &comparison, error);
}

static enum err load_case_view(struct desk *desk, struct arena *arena, const char *reference, struct case_view *out,
			       struct error *error)
{
	struct gate_context context;
	int64_t row = 0;
	enum err err = store_session_find(desk->store, reference, &row, error);

	if (!err)
		err = desk_case_load(desk, arena, row, &out->file, error);
	if (!err)
		err = desk_session_profile_or_empty(desk, &out->file.session, &out->profile, error);
	if (err)
		return err;
	out->reasons = desk_reasons(desk);
	ownership_compute(arena, &out->file, out->profile, NULL);
	context = desk_gate_context(desk, &out->file, out->profile, 0);
	err = desk_gate_load_facts(desk, arena, &out->file, &context, error);
	if (!err)
		err = desk_gate_find_bytes_states(desk, arena, &out->file, &context, error);
	if (!err)
		err = find_alerts_and_duplicates(desk, arena, out, &context, error);
	if (!err)
		err = contribution_of_case(desk, arena, &out->file.session, &out->contributions, error);
	if (!err)
		err = desk_describe_rules(desk, arena, &out->file.session, &out->rules_note, error);
	if (!err)
		err = desk_looks(desk, arena, out->file.session.id, &out->document_views, &out->document_view_count,
				 error);
	if (!err)
		err = contribution_fill_context(desk, arena, &out->file, &context, error);
	if (err)
		return err;
	judgements_list(arena, &out->file,
			&(struct facts_input){ .profile = out->profile,
					       .duplicates = out->duplicates,
					       .duplicate_count = out->duplicate_count },
			&out->judgements);
	out->approval_stage = gate_approval_stage(&out->file, &context);
	out->first_approval = context.first_approval;
	gate_check(arena, &out->file, &context, GATE_APPROVAL, &out->blockers);
	out->is_party_verified = arena_alloc_array(arena, out->file.party_count + 1, sizeof *out->is_party_verified);
	out->kyc_differences = arena_alloc_array(arena, out->file.party_count + 1, sizeof *out->kyc_differences);
	for (size_t i = 0; i < out->file.party_count; i++) {
		out->is_party_verified[i] = party_is_verified(&out->file.parties[i], &out->file, out->profile);
		out->kyc_differences[i] = facts_kyc_difference_bits(&out->file.parties[i]);
	}
	out->checklist = gate_checklist(arena, &out->file, &context, &out->checklist_count);
	context.contribution_count = 0; /* counts without contributions: all reviewers get the same counters */
	case_count(&out->file, &context, &out->counts);
	out->holder = session_holder(&out->file.session, context.now);
	out->undo_until = undo_deadline(desk, &out->file, context.now);
	find_missing_document_types(desk, arena, out);
	return find_parent_session(desk, arena, out, error);
}

/* Loads the records that can be undone, only for reviewers and only for undecided cases. */
static enum err find_undo_records(struct desk *desk, struct arena *arena, struct case_view *view, struct error *error)
{
	const struct session *session = &view->file.session;
	struct undo_records records = { 0 };
	enum err err;

	if (desk->caller || desk->store->readonly || !role_at_least(desk->role, ROLE_REVIEWER) ||
	    session->status == SESSION_APPROVED || session->status == SESSION_REJECTED)
		return ERR_OK;
	err = undo_records_read(desk, arena, session->id, "", &records, error);
	if (err)
		return err;
	undo_records_keep_undoable(desk, arena, &view->file, &records);
	view->undos = records.items;
	view->undo_count = records.count;
	return ERR_OK;
}

/* Whether the actor may reveal the case: the reviewer that holds the case may, and any lead. */
static enum err check_reveal_allowed(const struct desk *desk, struct arena *arena, const struct session *session,
				     struct error *error)
{
	const char *label = session_label(arena, session), *holder = session_holder(session, desk_now(desk));

	if (role_at_least(desk->role, ROLE_LEAD) || !strcmp(holder, desk->actor))
		return ERR_OK;
	if (*holder)
		return error_set(
			error, ERR_FORBIDDEN,
			"Only the holder or a lead can reveal personal data of a case, and %s holds %s; ask a lead",
			holder, label);
	return error_set(error, ERR_FORBIDDEN,
			 "Only the holder or a lead can reveal personal data of a case; claim %s first, or ask a lead",
			 label);
}

/* Records that the actor reveals the case, or one decision (in->part: its number), before the data are shown. */
enum err use_reveal(struct use *use, struct error *error)
{
	const char *hits = hits_revealed_sha256(use->arena, &use->file);

	if (*use->in->part)
		json_set_int(use->detail, "decision", strtoll(use->in->part, NULL, 10));
	else if (*hits)
		json_set_text(use->detail, "hits_sha256", hits);
	return check_reveal_allowed(use->desk, use->arena, &use->file.session, error);
}

static enum err record_reveal(struct desk *desk, struct arena *arena, const char *reference, const char *decision,
			      struct error *error)
{
	struct use_in in = { .verb = VERB_REVEAL, .session = reference, .part = decision };
	struct use_out out;

	return desk_do(desk, arena, &in, &out, error);
}

static enum err read_view(struct desk *desk, struct arena *arena, const char *reference, struct case_view *out,
			  struct error *error)
{
	enum err err = desk_begin_read(desk, error);

	*out = (struct case_view){
		.holder = "", .parent_id = "", .parent_name = "", .undo_until = TIME_NONE, .rules_note = ""
	};
	if (err)
		return err;
	err = load_case_view(desk, arena, reference, out, error);
	if (!err)
		err = find_retention(desk, arena, out, error);
	if (!err)
		err = find_altered_data(desk, arena, out, error);
	if (!err)
		err = find_undo_records(desk, arena, out, error);
	return desk_finish_read(desk, err);
}

static bool was_case_revealed(const struct desk *desk, int64_t row)
{
	for (size_t i = 0; i < REVEALED_CASES_MAX; i++) {
		if (desk->revealed_case_rows[i] == row)
			return true;
	}
	return false;
}

bool view_remains_revealed(const struct desk *desk, struct arena *arena, const struct session *session)
{
	return was_case_revealed(desk, session->row) && !check_reveal_allowed(desk, arena, session, NULL);
}

enum err desk_case(struct desk *desk, struct arena *arena, const char *reference, bool reveal, struct case_view *out,
		   struct error *error)
{
	enum err err = reveal ? record_reveal(desk, arena, reference, NULL, error) : ERR_OK;

	if (!err)
		err = read_view(desk, arena, reference, out, error);
	if (err)
		return err;
	if (!reveal)
		mask_case_view(arena, out);
	else if (!was_case_revealed(desk, out->file.session.row))
		desk->revealed_case_rows[desk->revealed_case_count++ % REVEALED_CASES_MAX] = out->file.session.row;
	return ERR_OK;
}

enum err desk_case_reload(struct desk *desk, struct arena *arena, const char *reference, struct case_view *out,
			  struct error *error)
{
	enum err err = read_view(desk, arena, reference, out, error);

	if (!err && !view_remains_revealed(desk, arena, &out->file.session))
		mask_case_view(arena, out);
	return err;
}

static enum err load_decision(struct desk *desk, struct arena *arena, const char *reference, int64_t number,
			      struct decision *out, const struct profile **profile, struct error *error)
{
	struct case_file file;
	int64_t row = 0;
	enum err err = store_session_find(desk->store, reference, &row, error);

	if (!err)
		err = desk_case_load(desk, arena, row, &file, error);
	if (err)
		return err;
	if (!file.decision_count)
		return error_set(error, ERR_NOT_FOUND, "No decision on %s yet", session_label(arena, &file.session));
	if (number < 1 || (uint64_t)number > file.decision_count)
		return error_not_found(error, "decision", arena_printf(arena, "%lld", (long long)number),
				       arena_printf(arena, "%s has decisions 1 to %zu",
						    session_label(arena, &file.session), file.decision_count));
	err = desk_session_profile_or_empty(desk, &file.session, profile, error);
	if (!err)
		err = store_decision_load(desk->store, arena, row, file.decisions[number - 1].number, out, error);
	if (!err)
		err = store_signature_load(desk->store, arena, row, out->number, &out->signature, error);
	return err ? err : decision_check_audit_hash(desk, arena, &file.session, out, error);
}

enum err desk_decision(struct desk *desk, struct arena *arena, const char *reference, int64_t number, bool reveal,
		       struct decision *out, struct error *error)
{
	const struct profile *profile = NULL;
	enum err err = desk_begin_read(desk, error);

	if (err)
		return err;
	err = load_decision(desk, arena, reference, number, out, &profile, error);
	desk_end_read(desk);
	if (!err && reveal)
		return record_reveal(desk, arena, reference, arena_printf(arena, "%lld", (long long)out->number),
				     error);
	return err ? err : mask_decision(arena, profile, out, error);
}

enum err desk_subsessions(struct desk *desk, struct arena *arena, const char *reference, struct session_item **items,
			  size_t *count, struct error *error)
{
	int64_t row = 0;
	enum err err = desk_begin_read(desk, error);

	if (err)
		return err;
	err = store_session_find(desk->store, reference, &row, error);
	if (!err)
		err = store_subsession_list(desk->store, arena, row, items, count, error);
	return desk_finish_read(desk, err);
}
