/* Data related to a case: duplicates, removed parties, undeclared ownership, alerts, retention. */
#include "../cli_internal.h"

struct json_value *cli_duplicate_json(const struct duplicate *duplicate)
{
	struct json_value *out = json_new_object(), *same_texts = json_new_array();
	JSON_SET(out, JSON_TEXT("id", duplicate->id), JSON_TEXT("external_ref", duplicate->external_ref),
		 JSON_TEXT("workflow", duplicate->workflow),
		 JSON_TEXT("status", session_status_text(duplicate->status)),
		 JSON_TEXT("compliance_status", inbox_text(session_status_inbox(duplicate->status))),
		 JSON_OR_NULL("parent_id", duplicate->parent_id));
	if (*duplicate->merchant)
		json_set_text(out, "merchant", duplicate->merchant);
	for (size_t i = 0; i < SAME_COUNT; i++)
		if (duplicate->same_bits & same_words[i].same_bits)
			json_append(same_texts, json_new_string(same_words[i].word));
	JSON_SET(out, JSON_VALUE("same", same_texts), JSON_BOOL("open", duplicate_is_open(duplicate)),
		 JSON_TEXT("uid", duplicate->uid), JSON_TEXT("name", duplicate->name),
		 JSON_TEXT("country", duplicate->country),
		 JSON_TEXT("registration_number", duplicate->registration_number),
		 JSON_TEXT("tax_id", duplicate->tax_id), JSON_TEXT("date_of_birth", duplicate->date_of_birth),
		 JSON_TEXT("incorporated_on", duplicate->incorporated_on),
		 JSON_TIME("created_at", duplicate->created_at), JSON_TIME("submitted_at", duplicate->submitted_at));
	if (*duplicate->dismissed_by) {
		struct json_value *dismissed = JSON_NEW(JSON_TEXT("by", duplicate->dismissed_by),
							JSON_TEXT("reason", duplicate->dismissed_reason),
							JSON_TIME("at", duplicate->dismissed_at),
							JSON_BOOL("same_applicant", duplicate_is_linked(duplicate)));
		json_set(out, "dismissed", dismissed);
	} else {
		json_set_null(out, "dismissed");
	}
	return out;
}

struct json_value *cli_legal_hold_json(const struct legal_hold *hold)
{
	return JSON_NEW(JSON_TEXT("reason", hold->reason), JSON_TEXT("by", hold->set_by), JSON_TIME("at", hold->set_at),
			JSON_TIME("released_at", hold->released_at), JSON_OR_NULL("released_by", hold->released_by),
			JSON_OR_NULL("release_reason", hold->release_reason));
}

static void print_retention(struct cli *cli, const struct case_view *view)
{
	const struct retention *retention = view->retention;
	if (retention)
		out_line(&cli->out, "kept       %s%s%s", retention_text(&cli->arena, retention),
			 retention->is_sanctions_retention ? ", as a sanctions record" : "",
			 !retention_is_over(retention, desk_now(cli->desk)) ? ""
			 : retention->has_legal_hold			    ? "; a legal hold prevents erasure"
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

void cli_print_related(struct cli *cli, const struct case_view *view)
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
	print_retention(cli, view);
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
	for (size_t i = 0; i < view->lapsed_party_count; i++)
		out_styled_line(&cli->out, CELL_DANGER,
				"parties    %s is no longer verified, and this case is approved",
				view->file.parties[view->lapsed_parties[i]].name);
	if (*view->rules_note)
		out_styled_line(&cli->out, CELL_WARNING, "rules      %s", view->rules_note);
	for (size_t i = 0; i < view->contributions.count; i++) {
		const struct contribution *c = &view->contributions.items[i];
		out_line(&cli->out, "changed by %s: %s, %s", c->actor, contribution_text(&cli->arena, &view->file, c),
			 time_text(&cli->arena, c->at));
	}
	for (size_t i = 0; i < view->file.removed.count; i++) {
		const struct party *party = &view->file.removed.items[i];
		out_line(&cli->out, "removed    %s by %s, %s%s%s", party->name, party->removed_by,
			 time_text(&cli->arena, party->removed_at), *party->removed_reason ? ": " : "",
			 party->removed_reason);
	}
}
