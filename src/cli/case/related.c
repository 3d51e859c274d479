/* Data related to a case: duplicates, removed parties, undeclared ownership, alerts, retention. */
#include "../cli_internal.h"

struct json_value *cli_duplicate_json(const struct duplicate *duplicate)
{
	struct json_value *out = json_new_object(), *same = json_new_array();
	JSON_SET(out, JSON_TEXT("id", duplicate->id), JSON_TEXT("external_ref", duplicate->external_ref),
		 JSON_TEXT("workflow", duplicate->workflow),
		 JSON_TEXT("status", session_status_text(duplicate->status)),
		 JSON_TEXT("compliance_status", inbox_text(session_status_inbox(duplicate->status))),
		 JSON_OR_NULL("parent_id", duplicate->parent_id));
	if (*duplicate->merchant)
		json_set_text(out, "merchant", duplicate->merchant);
	for (size_t i = 0; i < SAME_COUNT; i++)
		if (duplicate->same & same_words[i].same)
			json_append(same, json_new_string(same_words[i].word));
	JSON_SET(out, JSON_VALUE("same", same), JSON_BOOL("open", duplicate_is_open(duplicate)),
		 JSON_TEXT("uid", duplicate->uid), JSON_TEXT("name", duplicate->name),
		 JSON_TEXT("country", duplicate->country),
		 JSON_TEXT("registration_number", duplicate->registration_number),
		 JSON_TEXT("tax_id", duplicate->tax_id), JSON_TEXT("date_of_birth", duplicate->date_of_birth),
		 JSON_TEXT("incorporated_on", duplicate->incorporated_on),
		 JSON_TIME("created_at", duplicate->created_at),
		 JSON_TIME("submitted_at", duplicate->submitted_at));
	if (*duplicate->dismissed_by) {
		struct json_value *dismissed = JSON_NEW(
			JSON_TEXT("by", duplicate->dismissed_by), JSON_TEXT("reason", duplicate->dismissed_reason),
			JSON_TIME("at", duplicate->dismissed_at),
			JSON_BOOL("same_applicant", duplicate_is_linked(duplicate)));
		json_set(out, "dismissed", dismissed);
	} else {
		json_set_null(out, "dismissed");
	}
	return out;
}

static struct json_value *removed_json(const struct party *party)
{
	return JSON_NEW(JSON_TEXT("id", party->id), JSON_TEXT("kind", party_kind_text(party->kind)),
			JSON_TEXT("name", party->name), JSON_TEXT("by", party->removed_by),
			JSON_TIME("at", party->removed_at), JSON_TEXT("reason", party->removed_reason),
			JSON_OR_NULL("session", party->session_id));
}

static struct json_value *gap_json(const struct case_view *view)
{
	const struct session *session = &view->file.session;
	const struct ownership_gap *gap = &view->gap;
	struct json_value *out =
		JSON_NEW(JSON_TEXT("percent", gap->percent),
			 JSON_BOOL("open", gap->open && !ownership_gap_is_explained(session, gap)));
	JSON_SET_EACH(out, "layers", i, gap->layer_count,
		      JSON_NEW(JSON_OR_NULL("party", gap->layers[i].ref), JSON_TEXT("name", gap->layers[i].name),
			       JSON_TEXT("undeclared", gap->layers[i].undeclared),
			       JSON_TEXT("of_the_subject", gap->layers[i].subject_percent)));
	json_set_text_or_null(out, "stand_in",
			      gap->fallback_party == SIZE_MAX ? "" : view->file.parties[gap->fallback_party].id);
	if (*session->gap_reason)
		JSON_SET(out, JSON_TEXT("reason", session->gap_reason), JSON_TEXT("text", session->gap_text),
			 JSON_TEXT("by", session->gap_by), JSON_TIME("at", session->gap_at),
			 JSON_TEXT("holds_up_to", session->gap_percent));
	return out;
}

static struct json_value *contribution_json(const struct contribution *contribution)
{
	return JSON_NEW(JSON_TEXT("by", contribution->actor), JSON_TEXT("what", contribution->what),
			JSON_TIME("at", contribution->at),
			JSON_TEXT("material", material_text(contribution->material)),
			JSON_OR_NULL("part", contribution->part), JSON_TEXT("session", contribution->session_id));
}

struct json_value *cli_legal_hold_json(const struct legal_hold *hold)
{
	return JSON_NEW(JSON_TEXT("reason", hold->reason), JSON_TEXT("by", hold->set_by),
			JSON_TIME("at", hold->set_at), JSON_TIME("released_at", hold->released_at),
			JSON_OR_NULL("released_by", hold->released_by),
			JSON_OR_NULL("release_reason", hold->release_reason));
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
		json_set(document, "snoozed",
			 JSON_NEW(JSON_TIME("until", session->snoozed_until),
				  JSON_TEXT("reason", session->snooze_reason),
				  JSON_TEXT("by", session->snoozed_by)));
	if (session->unresponsive)
		json_set_bool(document, "unresponsive", true);
	if (view->lost_count)
		JSON_SET_EACH(document, "no_longer_verified", i, view->lost_count,
			      json_new_string(view->file.parties[view->lost[i]].id));
	if (view->alert_count)
		JSON_SET_EACH(document, "alerts", i, view->alert_count,
			      JSON_NEW(JSON_TEXT("kind", alert_kind_text(view->alerts[i].kind)),
				       JSON_TIME("at", view->alerts[i].raised_at)));
	if (view->judgements.count)
		json_set(document, "judgements", cli_judgements_json(view, false));
	if (session->parties_completed_at != TIME_NONE)
		json_set_time(document, "parties_completed_at", session->parties_completed_at);
	if (*view->rules_note)
		json_set_text(document, "rules_note", view->rules_note);
	if (view->retention)
		json_set(document, "retention",
			 JSON_NEW(JSON_TIME("until", view->retention->until),
				  JSON_TIME("ended_at", view->retention->ended_at),
				  JSON_INT("days", view->retention->days),
				  JSON_OR_NULL("while", view->retention->why),
				  JSON_BOOL("sanctions", view->retention->sanctions),
				  JSON_BOOL("held", view->retention->held)));
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
	TABLE_ADD(table, title, *mine ? mine : "-", *theirs ? theirs : "-");
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
		const struct table_column columns[] = { COLUMN_LEFT("", 0), COLUMN_LEFT(cli_reference(session), 10),
							COLUMN_LEFT(name, 10) };
		struct table *table = table_new(&cli->arena, columns, 3, cli->mode);
		add_rows(cli, table, session, duplicate);
		if (i)
			out_bytes(&cli->out, "\n", 1);
		out_table(&cli->out, table, 0);
		out_line(&cli->out, "the same: %s", duplicate_reasons(&cli->arena, duplicate->same));
		if (*duplicate->dismissed_by)
			out_line(&cli->out, "%s by %s: %s%s",
				 duplicate_is_linked(duplicate) ? "linked as the same applicant" : "dismissed",
				 duplicate->dismissed_by, duplicate->dismissed_reason,
				 duplicate_is_open(duplicate) ? " (outdated: more values are equal now)" : "");
	}
}
