/* Prints one case as text. */
#include "../cli_internal.h"
#include "kybdesk/desk/changes.h"

#include "kybdesk/domain/register.h"
#include "kybdesk/domain/results.h"
#include "kybdesk/domain/things.h"

/* --- details below the tables; struct case_view is already masked, unless the case is revealed --- */

#define HASH_SHOWN_DIGITS 12
#define DEPTH_MAX 6 /* maximum nesting; values below this depth are shown as JSON */

static bool has_members(const struct json_value *value)
{
	return (json_is_object(value) || json_is_array(value)) && json_count(value);
}

/* The members of an object in one line, for example "code: country; points: 14"; NULL if the value is not an
 * object, or if a member is an object or a list that is not empty. */
static const char *one_line_text(struct cli *cli, const struct json_value *value)
{
	struct strbuf text = STRBUF_INIT;
	bool flat = json_is_object(value);
	for (const char *key = json_first_key(value); flat && key; key = json_next_key(value, key)) {
		flat = !has_members(json_get(value, key));
		strbuf_addf(&text, "%s%s: %s", text.len ? "; " : "", key, cli_value_text(cli, json_get(value, key)));
	}
	const char *line = flat ? strbuf_to_arena(&text, &cli->arena) : NULL;
	strbuf_release(&text);
	return line;
}

/* Prints members by name and elements by number; nested values are indented. */
static void show_members(struct cli *cli, size_t indent_cells, const struct json_value *value, unsigned depth)
{
	bool list = json_is_array(value);
	const char *key = json_first_key(value);
	for (size_t i = 0; i < json_count(value); i++, key = json_next_key(value, key)) {
		const char *name = list ? arena_printf(&cli->arena, "%zu", i + 1) : key;
		const struct json_value *member = list ? json_at(value, i) : json_get(value, name);
		const char *text = list ? one_line_text(cli, member) : NULL;
		if (!text && (!has_members(member) || depth == DEPTH_MAX))
			text = cli_value_text(cli, member);
		out_paragraph(&cli->out, indent_cells, "%s%s%s", name, text ? ": " : "", text ? text : "");
		if (!text)
			show_members(cli, indent_cells + 2, member, depth + 1);
	}
}

void cli_show_members(struct cli *cli, size_t indent_cells, const struct json_value *object)
{
	show_members(cli, indent_cells, object, 0);
}

static void show_json(struct cli *cli, size_t indent_cells, const char *json)
{
	struct json_value *value = json_new_raw(*json ? json : "null");
	cli_show_members(cli, indent_cells, value);
	json_free(value);
}

static bool is_empty_json(const char *json)
{
	return !*json || !strcmp(json, "{}") || !strcmp(json, "[]") || !strcmp(json, "null");
}

static void show_value(struct cli *cli, const char *name, const char *value)
{
	if (*value)
		out_paragraph(&cli->out, 4, "%s: %s", name, value);
}

static void show_subject_details(struct cli *cli, const struct session *session)
{
	const struct subject *subject = &session->subject;
	OUT_FACTS(&cli->out, 10, FACT("website", subject->website), FACT("email", subject->email),
		  FACT("phone", subject->phone));
	if (session->expires_at != TIME_NONE)
		out_fact(&cli->out, 10, "link ends", time_text(&cli->arena, session->expires_at));
	if (!is_empty_json(subject->address_json)) {
		out_line(&cli->out, "address");
		show_json(cli, 4, subject->address_json);
	}
}

static void show_results(struct cli *cli, const struct session *session)
{
	if (!is_empty_json(session->risk_factors_json)) {
		out_heading(&cli->out, "Risk factors");
		show_json(cli, 2, session->risk_factors_json);
	}
	if (!is_empty_json(session->processing_results_json)) {
		out_heading(&cli->out, "Processing results");
		show_json(cli, 2, session->processing_results_json);
	}
}

static bool has_details(const struct party *party)
{
	return *party->date_of_birth || *party->tax_id || *party->registration_number || *party->email ||
	       *party->phone || !is_empty_json(party->addresses_json) || !is_empty_json(party->fields_json);
}

static void show_party_details(struct cli *cli, const struct case_view *view)
{
	for (size_t i = 0; i < view->file.party_count; i++) {
		const struct party *party = &view->file.parties[i];
		if (!has_details(party))
			continue;
		out_line(&cli->out, "  %s", party->name);
		show_value(cli, "born", party->date_of_birth);
		show_value(cli, "tax id", party->tax_id);
		show_value(cli, "registered", party->registration_number);
		show_value(cli, "email", party->email);
		show_value(cli, "phone", party->phone);
		if (!is_empty_json(party->addresses_json)) {
			out_line(&cli->out, "    addresses");
			show_json(cli, 6, party->addresses_json);
		}
		if (!is_empty_json(party->fields_json))
			show_json(cli, 4, party->fields_json);
	}
}

/* Prints register data with the values that the applicant typed. Returns false if the check has no register data. */
static bool show_register_data(struct cli *cli, const struct subject *subject, const struct check *check)
{
	struct register_entry entry;
	struct register_view view;

	if (!register_entry_read(check, &entry))
		return false;
	register_compare(subject, &entry, &view);
	out_line(&cli->out, "  %s, %s: %s", check_kind_text(check->kind), entry.title,
		 view.difference_count ? register_differences(&cli->arena, &view)
				       : "agrees with the applicant's values");
	for (size_t i = 0; i < view.count; i++) {
		const struct register_pair *pair = &view.pairs[i];

		out_line(&cli->out, "    %s%s: %s%s%s%s", pair->differs ? "! " : "", pair->label, pair->entry,
			 pair->differs && *pair->typed ? " (typed: " : "",
			 pair->differs && *pair->typed ? pair->typed : "", pair->differs && *pair->typed ? ")" : "");
	}
	return true;
}

static void show_check_details(struct cli *cli, const struct case_view *view)
{
	for (size_t i = 0; i < view->file.check_count; i++) {
		const struct check *check = &view->file.checks[i];
		if (show_register_data(cli, &view->file.session.subject, check))
			continue;
		if (!is_empty_json(check->detail_json)) {
			out_line(&cli->out, "  %s", check_kind_text(check->kind));
			show_json(cli, 4, check->detail_json);
		}
		for (size_t j = 0; j < check->hit_count; j++) {
			if (is_empty_json(check->hits[j].detail_json))
				continue;
			out_line(&cli->out, "  %s, %s", check->hits[j].list, check->hits[j].name);
			show_json(cli, 4, check->hits[j].detail_json);
		}
	}
}

/* --- the parts of a case --- */

static void show_case_header(struct cli *cli, const struct case_view *view)
{
	const struct session *session = &view->file.session;
	const struct subject *subject = &session->subject;
	const char *trade_name = facts_trade_name(&view->file);
	int64_t now = desk_now(cli->desk);
	out_styled_line(&cli->out, CELL_TITLE, "%s", subject->name);
	out_line(&cli->out, "%s  %s  %s  %s", cli_session_reference(session), session->workflow, session->merchant,
		 subject->country);
	out_line(&cli->out, "id         %s", session->id);
	if (*trade_name) {
		out_line(&cli->out, "legal name %s", subject->name);
		out_line(&cli->out, "trade name %s", trade_name);
	}
	out_styled_line(&cli->out, inbox_style(session_status_inbox(session->status)),
			"status     %s (%s), version %lld", session_status_text(session->status),
			inbox_text(session_status_inbox(session->status)), (long long)session->version);
	if (*subject->level)
		out_line(&cli->out, "level      %s (user %s)", subject->level, subject->uid);
	if (session->risk_score != RISK_NONE)
		out_line(&cli->out, "risk       %d", session->risk_score);
	out_line(&cli->out, "held by    %s", *view->holder ? view->holder : "nobody");
	/* The due time of a decided case has no effect, so it is not printed. */
	if (session->due_at != TIME_NONE && (!session_status_is_decided(session->status) || view->alert_count))
		out_line(&cli->out, "due        %s (%s)%s", time_text(&cli->arena, session->due_at),
			 duration_short_text(&cli->arena, session->due_at - now),
			 session->due_paused_at != TIME_NONE ? ", stopped while the case waits" : "");
	if (*subject->registration_number)
		out_line(&cli->out, "registered %s%s%s", subject->registration_number,
			 *subject->incorporated_on ? " on " : "", subject->incorporated_on);
	OUT_FACTS(&cli->out, 10, FACT("tax id", subject->tax_id), FACT("born", subject->date_of_birth));
	show_subject_details(cli, session);
	if (*view->parent_id)
		out_line(&cli->out, "part of    %s (%s)", view->parent_name, view->parent_id);
	if (view->counts.waits_for_client || view->counts.waits_for_party || view->counts.waits_for_provider ||
	    view->counts.waits_for_second_reviewer)
		out_line(&cli->out, "waiting    for %s",
			 view->counts.waits_for_client	   ? "the client"
			 : view->counts.waits_for_party	   ? "a party's KYC"
			 : view->counts.waits_for_provider ? "a provider"
							   : "a second person");
	if (session->returned)
		out_line(&cli->out, "returned   the client submitted corrections");
	cli_print_related(cli, view);
	if (view->undo_until != TIME_NONE)
		out_line(&cli->out, "undo       until %s: kybdesk undo %s", time_text(&cli->arena, view->undo_until),
			 cli_session_reference(session));
}

static void show_checklist(struct cli *cli, const struct case_view *view)
{
	const char *met = cli->mode == TEXT_UTF8 ? "✓" : "+";
	const char *unmet = cli->mode == TEXT_UTF8 ? "✗" : "x";
	enum session_status status = view->file.session.status;
	bool decided = status == SESSION_APPROVED || status == SESSION_REJECTED;
	out_heading(&cli->out, decided		      ? "Conditions of an approval"
			       : view->blockers.count ? "Approval is blocked"
						      : "Nothing blocks approval");
	for (size_t i = 0; i < view->checklist_count; i++) {
		const struct checklist_item *item = &view->checklist[i];
		out_styled_line(&cli->out, item->met ? CELL_OK : CELL_DANGER, "  %s %s", item->met ? met : unmet,
				item->message);
	}
}

static const char *side_file_names(struct cli *cli, const struct document *document)
{
	if (!document->double_sided || !*document->back.file_name)
		return document->file_name;
	return arena_printf(&cli->arena, "%s%s%s", document->file_name, *document->file_name ? ", " : "",
			    document->back.file_name);
}

void cli_show_documents(struct cli *cli, const struct case_view *view, size_t from, size_t to, size_t indent_cells)
{
	const char **ids = arena_alloc_array(&cli->arena, view->file.document_count + 1, sizeof *ids);
	for (size_t i = 0; i < view->file.document_count; i++)
		ids[i] = view->file.documents[i].id;
	size_t length = cli_short_id_length(ids, view->file.document_count);
	struct table *table = table_from(&cli->arena, "Id|Type:12|File:10|>Size|Upload|Review|Reason:6", cli->mode);
	for (size_t i = from; i < to; i++) {
		const struct document *document = &view->file.documents[i];
		enum cell_style style = document->review == REVIEW_ACCEPTED   ? CELL_OK
					: document->review == REVIEW_REJECTED ? CELL_DANGER
									      : CELL_WARNING;
		table_addf(table, "%.*s", (int)length, document->id);
		table_addf(table, "%s%s", document->type, document->double_sided ? " (2 sides)" : "");
		table_add_cell(table, side_file_names(cli, document));
		if (document_has_bytes(document))
			table_addf(table, "%lld", (long long)(document->size_bytes + document->back.size_bytes));
		else
			table_add_cell(table, "-");
		table_add_cell(table, upload_state_text(document->upload));
		table_add_styled(table, document->replaced ? CELL_MUTED : style,
				 document->replaced ? "replaced" : review_state_text(document->review));
		table_add_cell(table, view->profile && document_answers_nothing(&view->file, view->profile, document)
					      ? "answers no requested document"
					      : document->review_reason);
	}
	out_table(&cli->out, table, indent_cells);
	for (size_t i = from; i < to; i++) {
		const struct document *document = &view->file.documents[i];
		for (size_t side = 0; side < document_side_count(document); side++) {
			const char *marks = document_side(document, side).marks;
			if (*marks)
				out_styled_line(&cli->out, CELL_WARNING, "%*s%s %.*s: %s", (int)indent_cells, "",
						document->type, (int)length, document->id,
						file_marks_text(&cli->arena, marks));
		}
	}
}

void cli_show_parties(struct cli *cli, const struct case_view *view, size_t from, size_t to, size_t indent_cells)
{
	const char **ids = arena_alloc_array(&cli->arena, view->file.party_count + 1, sizeof *ids);
	for (size_t i = 0; i < view->file.party_count; i++)
		ids[i] = view->file.parties[i].id;
	size_t length = cli_short_id_length(ids, view->file.party_count);
	struct table *table =
		table_from(&cli->arena, "Id|Name:12|Kind|Country|>Effective|Roles:8|Verified:10", cli->mode);
	for (size_t i = from; i < to; i++) {
		const struct party *party = &view->file.parties[i];
		bool verified = view->is_party_verified[i];
		table_addf(table, "%.*s", (int)length, party->id);
		TABLE_ADD(table, party->name, party_kind_text(party->kind), *party->country ? party->country : "-");
		table_addf(table, *party->effective_percent ? "%s%%" : "-", party->effective_percent);
		table_addf(table, "%s%s%s", words_of_bits(&cli->arena, party->roles, party_role_words, ", "),
			   *party->control_role ? ", " : "", party->control_role);
		if (*party->verified_elsewhere_by)
			table_add_styled(table, CELL_OK, "elsewhere");
		else if (*party->session_id)
			table_add_styled(table, verified ? CELL_OK : CELL_WARNING,
					 party->session_unresponsive ? "unresponsive"
								     : session_status_text(party->session_status));
		else if (verified)
			table_add_styled(table, CELL_OK, "verified");
		else if (!party_must_be_verified(party, view->profile))
			table_add_cell(table, "not needed");
		else
			table_add_styled(table, CELL_WARNING,
					 profile_party_verification(view->profile, party->kind) == VERIFY_DOCUMENT
						 ? "document open"
						 : "no session");
	}
	out_table(&cli->out, table, indent_cells);
}

static void add_hit_row(struct table *table, const struct hit *hit, size_t length)
{
	table_addf(table, "  %.*s", (int)length, hit->id);
	table_addf(table, "%s, %s", hit->list, hit->name);
	table_add_styled(table, hit_is_blocking(hit) ? CELL_DANGER : CELL_OK, hit_state_text(hit->state));
	if (hit->score >= 0)
		table_addf(table, "%.2f", hit->score);
	else
		table_add_cell(table, "-");
	table_add_cell(table, *hit->accept_reason ? hit->accept_reason : hit->reason);
}

/* The person, the reporter, the time, and what became of the result. */
static void add_result_row(struct cli *cli, struct table *table, const struct case_view *view,
			   const struct check *check, const struct result *result)
{
	table_addf(table, "  %s", result->id);
	table_add_cell(table, result_text(&cli->arena, &view->file, result));
	table_add_styled(table, result_is_held(check, (size_t)(result - check->results)) ? CELL_DANGER : CELL_PLAIN,
			 check_status_text(result->status));
	if (result->score >= 0)
		table_addf(table, "%.2f", result->score);
	else
		table_add_cell(table, "-");
	table_add_cell(table, result_state_text(&cli->arena, check, result));
}

void cli_show_checks(struct cli *cli, const struct case_view *view, size_t from, size_t to, size_t indent_cells)
{
	const char **ids = NULL;
	size_t count = 0, capacity = 0;
	for (size_t i = 0; i < view->file.check_count; i++)
		for (size_t j = 0; j < view->file.checks[i].hit_count; j++)
			*ARENA_PUSH(&cli->arena, ids, count, capacity) = view->file.checks[i].hits[j].id;
	size_t length = cli_short_id_length(ids, count);
	struct table *table = table_from(&cli->arena, "Check|:12|Status|>Score|Reason:8", cli->mode);
	for (size_t i = from; i < to; i++) {
		const struct check *check = &view->file.checks[i];
		table_add_cell(table, check_kind_text(check->kind));
		table_addf(table, check->hit_count ? "%zu hit%s" : "", check->hit_count,
			   check->hit_count == 1 ? "" : "s");
		table_add_styled(table, check_is_blocking(check, view->profile) ? CELL_DANGER : CELL_OK,
				 check_status_text(check->status));
		if (check->score >= 0)
			table_addf(table, "%.2f", check->score);
		else
			table_add_cell(table, "-");
		table_add_cell(table, *check->waive_reason ? check->waive_reason
							   : check_other_result_text(&cli->arena, check));
		for (size_t j = 0; check_results_say_more(check) && j < check->result_count; j++)
			add_result_row(cli, table, view, check, &check->results[j]);
		for (size_t j = 0; j < check->hit_count; j++)
			add_hit_row(table, &check->hits[j], length);
	}
	out_table(&cli->out, table, indent_cells);
}

static const char *change_value_text(struct cli *cli, const char *text, const char *hash, const char *nothing)
{
	if (!*text)
		return nothing;
	return *hash ? arena_printf(&cli->arena, "%s (%s)", text, hash) : text;
}

/* For example "zip_code: 12345 → 94104"; an unchanged value is marked as unchanged. */
static const char *change_text(struct cli *cli, const struct change *change)
{
	const char *was = change_value_text(cli, change->before, change->before_hash,
					    change->has_response ? "nothing" : "nothing yet");
	const char *is = change_value_text(cli, change->after, change->after_hash, "nothing");
	if (change->kind == CHANGE_EXPLANATION)
		return arena_printf(&cli->arena, "the client's explanation: %s", change->after);
	if (!change->has_response)
		return arena_printf(&cli->arena, "%s: %s", change->name, was);
	if (!change->changed)
		return arena_printf(&cli->arena, "%s: %s, unchanged", change->name, was);
	return arena_printf(&cli->arena, "%s: %s %s %s", change->name, was, cli_arrow(cli), is);
}

static void show_corrections(struct cli *cli, const struct case_view *view)
{
	struct change *changes;
	out_heading(&cli->out, "Corrections");
	for (size_t i = 0; i < view->file.correction_count; i++) {
		const struct correction *correction = &view->file.corrections[i];
		struct strbuf what = STRBUF_INIT;
		strbuf_adds(&what, correction->step_id);
		for (size_t j = 0; j < correction->field_count; j++)
			strbuf_addf(&what, " %s", correction->field_ids[j]);
		for (size_t j = 0; j < correction->document_type_count; j++)
			strbuf_addf(&what, " %s%s", correction->document_types[j],
				    correction_type_is_ambiguous(&view->file, correction, correction->document_types[j])
					    ? " (one of several)"
					    : "");
		for (size_t j = 0; j < correction->document_id_count; j++)
			strbuf_addf(&what, " %.8s", correction->document_ids[j]);
		if (*correction->party_id)
			strbuf_addf(&what, " party %.8s", correction->party_id);
		out_line(&cli->out, "  %s  round %lld  %s  %s", correction->id, (long long)correction->round,
			 correction_state_text(correction->state), what.buf);
		/* The message is indented more than the responses below, so that no line of the message looks like
		 * a response. */
		out_paragraph(&cli->out, 6, "%s", correction->message);
		size_t count = correction_changes(&cli->arena, view, correction, &changes);
		for (size_t c = 0; c < count; c++)
			out_paragraph(&cli->out, 4, "%s", change_text(cli, &changes[c]));
		strbuf_release(&what);
	}
}

static void show_attempts(struct cli *cli, const struct case_view *view)
{
	const struct session *session = &view->file.session;
	out_heading(&cli->out, "Attempts");
	for (size_t i = 0; i < view->file.attempt_count; i++) {
		const struct attempt *attempt = &view->file.attempts[i];
		out_line(&cli->out, "  %lld  %s  ended %s, %s%s%s", (long long)attempt->number,
			 time_text(&cli->arena, attempt->submitted_at), time_text(&cli->arena, attempt->ended_at),
			 attempt_result_text(attempt->result), *attempt->reason ? ": " : "", attempt->reason);
	}
	if (session_waits_for_retry(&view->file))
		out_line(&cli->out, "  the client may try again");
	else
		out_line(&cli->out, "  %lld  %s  current attempt", (long long)session->attempt_number,
			 time_text(&cli->arena, session->submitted_at));
}

/* Prints the values that a provider extracted from the documents, and the validity of the documents. */
static void show_extracted_values(struct cli *cli, const struct case_view *view)
{
	struct json_value *document = cli_case_json(cli, view);
	const struct json_value *documents = json_get(document, "documents");
	for (size_t i = 0; i < view->file.document_count; i++) {
		const struct document *shown = &view->file.documents[i];
		const struct json_value *extracted = json_get(json_at(documents, i), "extracted");
		const char *expires = json_get_text(json_at(documents, i), "expires_on");
		if (shown->replaced || (!extracted && !expires))
			continue;
		out_line(&cli->out, "  %s%s%s", shown->type, expires ? ", valid until " : "", expires ? expires : "");
		if (extracted)
			cli_show_members(cli, 4, extracted);
	}
	json_free(document);
}

/* The text ", imported by NAME" if a decision or judgement was imported; otherwise "". */
static const char *imported_by_text(struct cli *cli, const char *by, bool imported)
{
	if (*by)
		return arena_printf(&cli->arena, ", imported by %s", by);
	return imported ? ", imported" : "";
}

static void show_decisions(struct cli *cli, const struct case_view *view)
{
	out_heading(&cli->out, "Decisions");
	for (size_t i = 0; i < view->file.decision_count; i++) {
		const struct decision *decision = &view->file.decisions[i];
		out_line(&cli->out, "  %lld  %s  %s by %s%s%s%s%s%s", (long long)decision->number,
			 time_text(&cli->arena, decision->at), decision_kind_text(decision->kind), decision->by,
			 *decision->reason ? ", " : "", decision->reason,
			 imported_by_text(cli, decision->imported_by, decision->imported),
			 decision->undone ? ", undone" : "", decision->is_first_decision ? ", first of two" : "");
		if (*decision->message)
			out_paragraph(&cli->out, 5, "%s", decision->message);
		if (*decision->note)
			out_paragraph(&cli->out, 5, "%s", decision->note);
	}
}

/* Prints the steps from the session document, which is masked unless the case is revealed. */
static void show_steps(struct cli *cli, const struct case_view *view)
{
	struct json_value *document = cli_case_json(cli, view);
	const struct json_value *steps = json_get(document, "steps"), *tags = json_get(document, "custom_tags");
	out_heading(&cli->out, "Steps");
	for (size_t i = 0; i < view->file.step_count; i++) {
		out_line(&cli->out, "  %-20s %s", view->file.steps[i].id, step_status_text(view->file.steps[i].status));
		cli_show_members(cli, 4, json_get(json_at(steps, i), "fields"));
	}
	if (json_count(tags)) {
		out_heading(&cli->out, "Tags");
		cli_show_members(cli, 2, tags);
	}
	json_free(document);
}

/* Prints the differences between the case and the audit log above the values of the case, which may be altered. */
static void show_differences(struct cli *cli, const struct case_view *view)
{
	if (!view->audit_difference_count)
		return;
	out_styled_line(&cli->out, CELL_DANGER, "%s",
			"This case differs from the audit log; it was changed outside this program:");
	for (size_t i = 0; i < view->audit_difference_count; i++)
		out_styled_line(&cli->out, CELL_DANGER, "  %s", view->audit_differences[i]);
	out_bytes(&cli->out, "\n", 1);
}

/* Prints the notes with the numbers that "note pin" accepts. */
static void show_notes(struct cli *cli, const struct case_file *file, bool pinned)
{
	for (size_t i = 0; i < file->note_count; i++) {
		const struct note *note = &file->notes[i];
		const char *about = note_subject_text(&cli->arena, file, NULL, note);

		if (pinned != (*note->pinned_by != '\0'))
			continue;
		out_line(&cli->out, "  %zu  %s  %s%s%s%s%s%s", i + 1, time_text(&cli->arena, note->at), note->by,
			 imported_by_text(cli, note->imported_by, false), *about ? ", on " : "", about,
			 pinned ? ", pinned by " : "", note->pinned_by);
		out_paragraph(&cli->out, 4, "%s", note->text);
	}
}

static void show_judgements(struct cli *cli, const struct case_view *view)
{
	for (size_t i = 0; i < view->judgements.count; i++) {
		const struct judgement *judgement = &view->judgements.items[i];
		const char *basis = facts_sha256(&cli->arena, judgement->basis);
		const char *at = judgement->at != TIME_NONE ? time_text(&cli->arena, judgement->at) : "";
		if (judgement->valid)
			out_line(&cli->out, "  %.*s  %s%s%s", HASH_SHOWN_DIGITS, basis, judgement->description,
				 *at ? ", " : "", at);
		else
			out_styled_line(&cli->out, CELL_DANGER, "  %-*.*s  %s", HASH_SHOWN_DIGITS, HASH_SHOWN_DIGITS,
					*basis ? basis : "-", judgement_sentence(&cli->arena, judgement));
	}
}

enum err cli_show_case(struct cli *cli, const struct case_view *view)
{
	const struct case_file *file = &view->file;
	if (cli_is_json(cli))
		return cli_print_json(cli, cli_case_json(cli, view));
	show_differences(cli, view);
	show_case_header(cli, view);
	show_checklist(cli, view);
	if (file->step_count)
		show_steps(cli, view);
	if (file->document_count) {
		out_heading(&cli->out, "Documents");
		cli_show_documents(cli, view, 0, file->document_count, 2);
		show_extracted_values(cli, view);
	}
	if (file->party_count) {
		out_heading(&cli->out, "Parties");
		cli_show_parties(cli, view, 0, file->party_count, 2);
		show_party_details(cli, view);
	}
	if (file->check_count) {
		out_heading(&cli->out, "Checks");
		cli_show_checks(cli, view, 0, file->check_count, 2);
		show_check_details(cli, view);
	}
	show_results(cli, &file->session);
	if (file->correction_count)
		show_corrections(cli, view);
	if (view->judgements.count) {
		out_heading(&cli->out, "Basis of an approval");
		show_judgements(cli, view);
	}
	if (file->attempt_count)
		show_attempts(cli, view);
	if (file->decision_count)
		show_decisions(cli, view);
	if (file->note_count)
		out_heading(&cli->out, "Notes");
	show_notes(cli, file, true);
	show_notes(cli, file, false);
	return ERR_OK;
}
