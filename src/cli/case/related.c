/* Data related to a case: duplicates, removed parties, undeclared ownership, alerts, retention. */
#include "../cli_internal.h"

struct json_value *cli_duplicate_json(const struct duplicate *duplicate)
{
	struct json_value *out = json_new_object(), *same = json_new_array();
	json_set_text(out, "id", duplicate->id);
	json_set_text(out, "external_ref", duplicate->external_ref);
	json_set_text(out, "workflow", duplicate->workflow);
	json_set_text(out, "status", session_status_text(duplicate->status));
	json_set_text(out, "compliance_status", inbox_text(session_status_inbox(duplicate->status)));
	json_set_text_or_null(out, "parent_id", duplicate->parent_id);
	if (*duplicate->merchant)
		json_set_text(out, "merchant", duplicate->merchant);
	for (size_t i = 0; i < SAME_COUNT; i++)
		if (duplicate->same & same_words[i].same)
			json_append(same, json_new_string(same_words[i].word));
	json_set(out, "same", same);
	json_set_bool(out, "open", duplicate_is_open(duplicate));
	json_set_text(out, "uid", duplicate->uid);
	json_set_text(out, "name", duplicate->name);
	json_set_text(out, "country", duplicate->country);
	json_set_text(out, "registration_number", duplicate->registration_number);
	json_set_text(out, "tax_id", duplicate->tax_id);
	json_set_text(out, "date_of_birth", duplicate->date_of_birth);
	json_set_text(out, "incorporated_on", duplicate->incorporated_on);
	json_set_time(out, "created_at", duplicate->created_at);
	json_set_time(out, "submitted_at", duplicate->submitted_at);
	if (*duplicate->dismissed_by) {
		struct json_value *dismissed = json_new_object();
		json_set_text(dismissed, "by", duplicate->dismissed_by);
		json_set_text(dismissed, "reason", duplicate->dismissed_reason);
		json_set_time(dismissed, "at", duplicate->dismissed_at);
		json_set_bool(dismissed, "same_applicant", duplicate_is_linked(duplicate));
		json_set(out, "dismissed", dismissed);
	} else {
		json_set_null(out, "dismissed");
	}
	return out;
}

static struct json_value *removed_json(const struct party *party)
{
	struct json_value *out = json_new_object();
	json_set_text(out, "id", party->id);
	json_set_text(out, "kind", party_kind_text(party->kind));
	json_set_text(out, "name", party->name);
	json_set_text(out, "by", party->removed_by);
	json_set_time(out, "at", party->removed_at);
	json_set_text(out, "reason", party->removed_reason);
	json_set_text_or_null(out, "session", party->session_id);
	return out;
}

static struct json_value *gap_json(const struct case_view *view)
{
	const struct session *session = &view->file.session;
	const struct ownership_gap *gap = &view->gap;
	struct json_value *out = json_new_object(), *layers = json_new_array();
	json_set_text(out, "percent", gap->percent);
	json_set_bool(out, "open", gap->open && !ownership_gap_is_explained(session, gap));
	for (size_t i = 0; i < gap->layer_count; i++) {
		struct json_value *layer = json_new_object();
		json_set_text_or_null(layer, "party", gap->layers[i].ref);
		json_set_text(layer, "name", gap->layers[i].name);
		json_set_text(layer, "undeclared", gap->layers[i].undeclared);
		json_set_text(layer, "of_the_subject", gap->layers[i].of_the_subject);
		json_append(layers, layer);
	}
	json_set(out, "layers", layers);
	json_set_text_or_null(out, "stand_in",
			      gap->stand_in == SIZE_MAX ? "" : view->file.parties[gap->stand_in].id);
	if (*session->gap_reason) {
		json_set_text(out, "reason", session->gap_reason);
		json_set_text(out, "text", session->gap_text);
		json_set_text(out, "by", session->gap_by);
		json_set_time(out, "at", session->gap_at);
		json_set_text(out, "holds_up_to", session->gap_percent);
	}
	return out;
}

static struct json_value *snoozed_json(const struct session *session)
{
	struct json_value *out = json_new_object();
	json_set_time(out, "until", session->snoozed_until);
	json_set_text(out, "reason", session->snooze_reason);
	json_set_text(out, "by", session->snoozed_by);
	return out;
}

static struct json_value *contribution_json(const struct contribution *contribution)
{
	struct json_value *out = json_new_object();
	json_set_text(out, "by", contribution->actor);
	json_set_text(out, "what", contribution->what);
	json_set_time(out, "at", contribution->at);
	json_set_text(out, "material", material_text(contribution->material));
	json_set_text_or_null(out, "part", contribution->part);
	json_set_text(out, "session", contribution->session_id);
	return out;
}

static struct json_value *alert_json(const struct alert *alert)
{
	struct json_value *out = json_new_object();
	json_set_text(out, "kind", alert_kind_text(alert->kind));
	json_set_time(out, "at", alert->raised_at);
	return out;
}

struct json_value *cli_legal_hold_json(const struct legal_hold *hold)
{
	struct json_value *out = json_new_object();
	json_set_text(out, "reason", hold->reason);
	json_set_text(out, "by", hold->set_by);
	json_set_time(out, "at", hold->set_at);
	json_set_time(out, "released_at", hold->released_at);
	json_set_text_or_null(out, "released_by", hold->released_by);
	json_set_text_or_null(out, "release_reason", hold->release_reason);
	return out;
}

static struct json_value *retention_json(const struct retention *retention)
{
	struct json_value *out = json_new_object();
	json_set_time(out, "until", retention->until);
	json_set_time(out, "ended_at", retention->ended_at);
	json_set_int(out, "days", retention->days);
	json_set_text_or_null(out, "while", retention->why);
	json_set_bool(out, "sanctions", retention->sanctions);
	json_set_bool(out, "held", retention->held);
	return out;
}

void cli_related_json(struct json_value *document, const struct case_view *view)
{
	const struct session *session = &view->file.session;
	if (view->duplicate_count)
		JSON_SET_EACH(document, "duplicates", i, view->duplicate_count,
			      cli_duplicate_json(&view->duplicates[i]));
	if (view->removed_count)
		JSON_SET_EACH(document, "removed_parties", i, view->removed_count, removed_json(&view->removed[i]));
	if (view->gap.known)
		json_set(document, "ownership_gap", gap_json(view));
	if (session->snoozed_until != TIME_NONE)
		json_set(document, "snoozed", snoozed_json(session));
	if (session->unresponsive)
		json_set_bool(document, "unresponsive", true);
	if (view->lost_count)
		JSON_SET_EACH(document, "no_longer_verified", i, view->lost_count,
			      json_new_string(view->file.parties[view->lost[i]].id));
	if (view->alert_count)
		JSON_SET_EACH(document, "alerts", i, view->alert_count, alert_json(&view->alerts[i]));
	if (view->judgements.count)
		json_set(document, "judgements", cli_judgements_json(view, false));
	if (session->parties_completed_at != TIME_NONE)
		json_set_time(document, "parties_completed_at", session->parties_completed_at);
	if (*view->rules_note)
		json_set_text(document, "rules_note", view->rules_note);
	if (view->retention)
		json_set(document, "retention", retention_json(view->retention));
	if (view->legal_holds.count)
		JSON_SET_EACH(document, "legal_holds", i, view->legal_holds.count,
			      cli_legal_hold_json(&view->legal_holds.items[i]));
	if (view->contributions.count)
		JSON_SET_EACH(document, "handed_in", i, view->contributions.count,
			      contribution_json(&view->contributions.items[i]));
}

static void retention_lines(struct cli *cli, const struct case_view *view)
{
	const struct retention *retention = view->retention;
	if (retention)
		out_line(&cli->out, "kept       %s%s%s", retention_text(&cli->arena, retention),
			 retention->sanctions ? ", as a sanctions record" : "",
			 !retention_is_over(retention, desk_now(cli->desk)) ? ""
			 : retention->held				    ? "; a legal hold prevents erasure"
									    : "; kybdesk purge erases the case");
	for (size_t i = 0; i < view->legal_holds.count; i++) {
		const struct legal_hold *hold = &view->legal_holds.items[i];
		bool in_force = hold->released_at == TIME_NONE;
		out_styled_line(&cli->out, in_force ? CELL_WARNING : CELL_PLAIN,
				in_force ? "legal hold since %s by %s: %s" : "legal hold released %s by %s: %s",
				time_text(&cli->arena, in_force ? hold->set_at : hold->released_at),
				in_force ? hold->set_by : hold->released_by,
				in_force ? hold->reason : hold->release_reason);
	}
}

void cli_related_lines(struct cli *cli, const struct case_view *view)
{
	const struct session *session = &view->file.session;
	if (session->snoozed_until != TIME_NONE)
		out_line(&cli->out, "snoozed    until %s by %s: %s", time_text(&cli->arena, session->snoozed_until),
			 session->snoozed_by, session->snooze_reason);
	if (session->unresponsive)
		out_styled_line(&cli->out, CELL_WARNING, "unresponsive: %lld reminders without an answer",
				(long long)session->reminders);
	if (session->parties_completed_at != TIME_NONE && session->status != SESSION_APPROVED)
		out_styled_line(&cli->out, CELL_OK, "parties    the last party was verified %s",
				time_text(&cli->arena, session->parties_completed_at));
	retention_lines(cli, view);
	for (size_t i = 0; i < view->alert_count; i++)
		out_styled_line(&cli->out, CELL_DANGER, "alert      open for a lead since %s: %s",
				time_text(&cli->arena, view->alerts[i].raised_at),
				alert_sentence(view->alerts[i].kind));
	for (size_t i = 0; i < view->suspicions.count; i++) {
		const struct suspicion *suspicion = &view->suspicions.items[i];
		bool open = suspicion->closed_at == TIME_NONE;
		out_styled_line(&cli->out, open ? CELL_DANGER : CELL_PLAIN, "suspicion  %s %s: %s",
				open		   ? "open, due"
				: suspicion->filed ? "filed"
						   : "not filed,",
				time_text(&cli->arena, open ? suspicion->due_at : suspicion->closed_at),
				suspicion_cause_title(suspicion->cause));
	}
	for (size_t i = 0; i < view->lost_count; i++)
		out_styled_line(&cli->out, CELL_DANGER,
				"parties    %s is no longer verified, and this case is approved",
				view->file.parties[view->lost[i]].name);
	if (*view->rules_note)
		out_styled_line(&cli->out, CELL_WARNING, "rules      %s", view->rules_note);
	for (size_t i = 0; i < view->contributions.count; i++) {
		const struct contribution *c = &view->contributions.items[i];
		out_line(&cli->out, "changed by %s: %s, %s", c->actor,
			 contribution_text(&cli->arena, &view->file, c), time_text(&cli->arena, c->at));
	}
	for (size_t i = 0; i < view->removed_count; i++)
		out_line(&cli->out, "removed    %s by %s, %s%s%s", view->removed[i].name,
			 view->removed[i].removed_by, time_text(&cli->arena, view->removed[i].removed_at),
			 *view->removed[i].removed_reason ? ": " : "", view->removed[i].removed_reason);
}

static void add_row(struct table *table, const char *title, const char *mine, const char *theirs)
{
	if (!*mine && !*theirs)
		return;
	table_add(table, title);
	table_add(table, *mine ? mine : "-");
	table_add(table, *theirs ? theirs : "-");
}

static void add_rows(struct cli *cli, struct table *table, const struct session *session,
		     const struct duplicate *duplicate)
{
	const struct subject *subject = &session->subject;
	add_row(table, "name", subject->name, duplicate->name);
	add_row(table, "country", subject->country, duplicate->country);
	add_row(table, "registration number", subject->registration_number, duplicate->registration_number);
	add_row(table, "tax id", subject->tax_id, duplicate->tax_id);
	add_row(table, "born", subject->date_of_birth, duplicate->date_of_birth);
	add_row(table, "incorporated", subject->incorporated_on, duplicate->incorporated_on);
	add_row(table, "user", subject->uid, duplicate->uid);
	if (*duplicate->merchant)
		add_row(table, "merchant", session->merchant, duplicate->merchant);
	add_row(table, "workflow", session->workflow, duplicate->workflow);
	add_row(table, "status", session_status_text(session->status), session_status_text(duplicate->status));
	add_row(table, "submitted",
		session->submitted_at == TIME_NONE ? "" : time_text(&cli->arena, session->submitted_at),
		duplicate->submitted_at == TIME_NONE ? "" : time_text(&cli->arena, duplicate->submitted_at));
}

void cli_duplicate_tables(struct cli *cli, const struct case_view *view)
{
	const struct session *session = &view->file.session;
	for (size_t i = 0; i < view->duplicate_count; i++) {
		const struct duplicate *duplicate = &view->duplicates[i];
		const char *name = *duplicate->external_ref ? duplicate->external_ref : duplicate->id;
		const struct table_column columns[] = { { "", TEXT_LEFT, 0 },
							{ cli_reference(session), TEXT_LEFT, 10 },
							{ name, TEXT_LEFT, 10 } };
		struct table *table = table_new(&cli->arena, columns, 3, cli->mode);
		add_rows(cli, table, session, duplicate);
		if (i)
			out_bytes(&cli->out, "\n", 1);
		out_table(&cli->out, table, 0);
		out_line(&cli->out, "the same: %s", duplicate_same(&cli->arena, duplicate->same));
		if (*duplicate->dismissed_by)
			out_line(&cli->out, "%s by %s: %s%s",
				 duplicate_is_linked(duplicate) ? "linked as the same applicant" : "dismissed",
				 duplicate->dismissed_by, duplicate->dismissed_reason,
				 duplicate_is_open(duplicate) ? " (outdated: more values are equal now)" : "");
	}
}
