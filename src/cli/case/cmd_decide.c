/* Decisions and notes: approve, reject, corrections, undo, reopen, reactivate, escalate, note. */
#include "../cli_internal.h"
#include "kybdesk/desk/decide.h"

static void add_webhook_text(struct strbuf *text, const struct use_out *result, int64_t now)
{
	if (!*result->event)
		return;
	if (result->deliveries == 0) {
		strbuf_addf(text, "; %s: no endpoint is subscribed", result->event);
		return;
	}
	strbuf_addf(text, "; %s to %lld endpoint%s", result->event, (long long)result->deliveries,
		    result->deliveries == 1 ? "" : "s");
	if (result->undo_until > now)
		strbuf_addf(text, " in %lld s", (long long)((result->undo_until - now + 999) / 1000));
}

/* The result of a first decision: a second person has to decide, so the status is unchanged. */
static const char *first_decision_text(const struct use_out *result)
{
	if (!strcmp(result->audit_action, FIRST_REJECTION_ACTION))
		return "rejection recorded; a colleague must decide";
	return !strcmp(result->audit_action, FIRST_APPROVAL_ACTION)
		       ? "first approval recorded; a second person must approve"
		       : "the first decision is undone";
}

enum err cli_print_decision(struct cli *cli, const struct use_out *result, struct error *error)
{
	const char *access_link = result->link;
	struct strbuf text = STRBUF_INIT;
	int64_t now = desk_now(cli->desk);
	struct case_view view;
	enum err err = desk_case(cli->desk, &cli->arena, result->id, false, &view, error);
	if (err) {
		error_prefix(error, "the change is saved, but the session cannot be shown");
		return err;
	}
	if (cli_is_json(cli)) {
		struct json_value *document = cli_case_json(cli, &view);
		if (*access_link)
			json_set_text(document, "access_link", access_link);
		return cli_print_json(cli, document);
	}
	if (result->approval_stage == APPROVAL_FIRST) {
		out_line(&cli->out, "%s: %s", cli_session_label(cli, &view.file.session), first_decision_text(result));
		return ERR_OK;
	}
	strbuf_addf(&text, "%s %s %s", session_status_text(result->from), cli_arrow(cli),
		    session_status_text(result->to));
	if (*result->first_approver)
		strbuf_addf(&text, ", approved by two people: %s at %s, and %s", result->first_approver,
			    time_text(&cli->arena, result->first_approval_at), desk_actor(cli->desk));
	if (*result->level_to)
		strbuf_addf(&text, ", level %s %s %s", result->level_from, cli_arrow(cli), result->level_to);
	add_webhook_text(&text, result, now);
	out_line(&cli->out, "%s: %s", cli_session_label(cli, &view.file.session), text.buf);
	if (result->undo_until != TIME_NONE && result->undo_until > now)
		out_line(&cli->out, "undo possible until %s: kybdesk undo %s",
			 time_text(&cli->arena, result->undo_until), cli_session_reference(&view.file.session));
	if (*access_link)
		out_line(&cli->out, "the client's access link: %s", access_link);
	strbuf_release(&text);
	return ERR_OK;
}

enum err cli_read_verb_input(struct cli *cli, struct use_in *in, struct error *error)
{
	const struct command_line *command_line = &cli->command_line;
	enum err err = ERR_OK;
	if (!in->session)
		in->session = parsed_argument(command_line, 0);
	if (command_argument_count(command_line->command) > 1)
		in->part = parsed_argument(command_line, 1);
	if (parsed_accepts_option(command_line, "reason"))
		in->reason = cli_option_text(cli, "reason");
	if (parsed_accepts_option(command_line, "note"))
		in->note = parsed_option_text(command_line, "note");
	if (parsed_accepts_option(command_line, "for"))
		err = cli_read_capacity(cli, command_line->command->verbs[0].capacity, &in->capacity, error);
	if (!err && parsed_accepts_option(command_line, "grace")) {
		err = cli_read_number(cli, "grace", 0, GRACE_MAX_S, -1, &in->grace_s, error);
		in->has_grace = in->grace_s >= 0;
	}
	if (!err && parsed_accepts_option(command_line, "expect-version"))
		err = cli_read_number(cli, "expect-version", 1, INT64_MAX, 0, &in->seen_version, error);
	return err;
}

enum err cli_run_first_verb(struct cli *cli, struct error *error)
{
	struct use_in in = { .verb = cli->command_line.command->verbs[0].verb };
	struct use_out out;
	const char *done = cli->command_line.command->done_message;
	enum err err = cli_read_verb_input(cli, &in, error);
	if (!err)
		err = cli_run_use_case(cli, &cli->arena, &in, &out, error);
	if (err || !done)
		return err ? err : cli_print_decision(cli, &out, error);
	const char *place = strstr(done, "{}");
	return place ? cli_print_case_result(cli, out.id, error, "%.*s%s%s", (int)(place - done), done, in.part,
					     place + 2)
		     : cli_print_case_result(cli, out.id, error, "%s", done);
}

static enum err run_decision(struct cli *cli, struct use_in *in, struct error *error)
{
	struct use_out out;
	enum err err = cli_run_use_case(cli, &cli->arena, in, &out, error);
	return err ? err : cli_print_decision(cli, &out, error);
}

static enum err run_reject(struct cli *cli, struct error *error)
{
	struct use_in in = { .verb = VERB_REJECT, .text = cli_option_text(cli, "message") };
	const char *template = parsed_option_text(&cli->command_line, "template");
	bool retryable = parsed_has_option(&cli->command_line, "retryable"),
	     final = parsed_has_option(&cli->command_line, "final");
	enum err err = cli_read_verb_input(cli, &in, error);
	if (!err && retryable && final)
		err = error_set(error, ERR_USAGE, "use --retryable or --final, not both");
	if (!err && template && parsed_has_option(&cli->command_line, "message"))
		err = error_set(error, ERR_USAGE, "use --message or --template, not both");
	if (!err && template)
		err = cli_fill_message(cli, &(struct message_request){ .template = template, .session = in.session },
				       &in.text, error);
	in.retryable = retryable ? CHOICE_YES : final ? CHOICE_NO : CHOICE_DEFAULT;
	return err ? err : run_decision(cli, &in, error);
}

struct correction_list {
	struct correction_request *list;
	size_t count, capacity;
	const char **templates; /* the template of each item; NULL: the item has a message */
	/* capacities of the lists of fields and document types in the last item */
	size_t field_capacity, document_capacity;
};

/* Reads the correction items. Each --step starts an item; options before the first --step belong to the first item. */
static enum err read_correction_items(struct cli *cli, struct correction_list *correction_list, struct error *error)
{
	struct arena *arena = &cli->arena;
	bool names_step = false;
	correction_list->templates =
		arena_alloc_array(arena, cli->command_line.option_count + 1, sizeof *correction_list->templates);
	for (size_t i = 0; i < cli->command_line.option_count; i++) {
		const char *name = cli->command_line.options[i].spec->name, *value = cli->command_line.options[i].value;
		bool step = strcmp(name, "step") == 0, field = strcmp(name, "field") == 0;
		bool document = strcmp(name, "document") == 0, message = strcmp(name, "message") == 0;
		bool template = strcmp(name, "template") == 0, party = strcmp(name, "party") == 0;
		if (!step && !field && !document && !message && !template && !party)
			continue;
		if (correction_list->count == 0 || (step && names_step)) {
			*ARENA_PUSH(arena, correction_list->list, correction_list->count, correction_list->capacity) =
				(struct correction_request){ .step_id = "", .message = "" };
			correction_list->templates[correction_list->count - 1] = NULL;
			correction_list->field_capacity = correction_list->document_capacity = 0;
		}
		struct correction_request *item = &correction_list->list[correction_list->count - 1];
		if (step) {
			item->step_id = value;
			names_step = true;
		} else if (field) {
			*ARENA_PUSH(arena, item->field_ids, item->field_count, correction_list->field_capacity) = value;
		} else if (document) {
			*ARENA_PUSH(arena, item->document_types, item->document_type_count,
				    correction_list->document_capacity) = value;
		} else if (party && item->party_id) {
			return error_set(error, ERR_USAGE, "an item is about one party; --step begins a new item");
		} else if (party) {
			item->party_id = value;
		} else if (*item->message || correction_list->templates[correction_list->count - 1]) {
			return error_set(error, ERR_USAGE,
					 "the item of step '%s' has two messages; --step begins a new item",
					 item->step_id);
		} else if (template) {
			correction_list->templates[correction_list->count - 1] = value;
		} else {
			item->message = value;
		}
	}
	for (size_t i = 0; i < correction_list->count; i++) {
		if (!*correction_list->list[i].step_id && !correction_list->list[i].document_type_count &&
		    !correction_list->list[i].party_id)
			return error_set(error, ERR_USAGE,
					 "corrections needs --step ID (the step to correct), --document DOCUMENT or "
					 "--party PARTY");
		if (!*correction_list->list[i].message && !correction_list->templates[i])
			return error_set(error, ERR_USAGE,
					 "the item of step '%s' needs --message TEXT: the instruction to the client",
					 correction_list->list[i].step_id);
	}
	return ERR_OK;
}

static enum err fill_correction_messages(struct cli *cli, const char *session, struct correction_list *correction_list,
					 struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < correction_list->count; i++) {
		struct correction_request *item = &correction_list->list[i];

		if (correction_list->templates[i])
			err = cli_fill_message(cli,
					       &(struct message_request){ .template = correction_list->templates[i],
									  .session = session,
									  .types = item->document_types,
									  .type_count = item->document_type_count },
					       &item->message, error);
	}
	return err;
}

static enum err accept_correction(struct cli *cli, const char *correction, struct error *error)
{
	struct use_out out;
	enum err err = CLI_RUN(cli, &out, error, .verb = VERB_CORRECTION_ACCEPT, .part = correction);
	return err ? err : cli_print_case_result(cli, out.id, error, "correction %s is accepted", correction);
}

/* Drafts an item for each rejected document, with the text of its reason. */
static enum err draft_correction_items(struct cli *cli, const char *reference, struct correction_list *correction_list,
				       struct error *error)
{
	enum err err = desk_correction_draft(cli->desk, &cli->arena, reference, &correction_list->list,
					     &correction_list->count, error);
	if (err || correction_list->count)
		return err;
	return error_invalid(error, "from-rejected",
			     "no rejected document of %s has a reason that may be shown to the client; describe "
			     "the problem with --step ID --message TEXT",
			     reference);
}

static enum err run_answer_move(struct cli *cli, struct error *error)
{
	struct use_out out;
	enum err err =
		CLI_RUN(cli, &out, error, .verb = VERB_CORRECTION_MOVE, .part = parsed_argument(&cli->command_line, 1),
			.document = cli_option_text(cli, "document"));
	return err ? err
		   : cli_print_case_result(cli, out.id, error, "document %s answers for %s", out.part_id,
					   parsed_argument(&cli->command_line, 1));
}

static enum err run_corrections(struct cli *cli, struct error *error)
{
	struct use_in in = { .verb = VERB_CORRECTIONS };
	struct correction_list correction_list = { 0 };
	enum err err;
	bool withdrawing = parsed_has_option(&cli->command_line, "withdraw"),
	     accepting = parsed_has_option(&cli->command_line, "accept");
	bool drafting = parsed_has_option(&cli->command_line, "from-rejected");
	if ((err = cli_read_verb_input(cli, &in, error)) ||
	    (err = read_correction_items(cli, &correction_list, error)) ||
	    (err = cli_read_number(cli, "extend", 1, EXTEND_DAYS_MAX, 0, &in.days, error)))
		return err;
	if ((correction_list.count > 0) + withdrawing + accepting + drafting != 1)
		return error_set(error, ERR_USAGE,
				 "corrections needs exactly one of: --step ID --message TEXT, --from-rejected, "
				 "--withdraw, --accept CORRECTION");
	if (accepting)
		return accept_correction(cli, cli_option_text(cli, "accept"), error);
	if ((err = drafting ? draft_correction_items(cli, in.session, &correction_list, error)
			    : fill_correction_messages(cli, in.session, &correction_list, error)))
		return err;
	if (withdrawing)
		in.verb = VERB_WITHDRAW;
	in.requests = correction_list.list;
	in.request_count = correction_list.count;
	return run_decision(cli, &in, error);
}

static void add_undo_row(struct entry row, const struct undo_item *item)
{
	JSON_SET(row.object, JSON_INT("seq", item->seq), JSON_TIME("at", item->at));
	table_add_cell(row.table, cli_time_text(row.cli, item->at));
	JSON_SET(row.object, JSON_TEXT("action", item->audit_action), JSON_TEXT("kind", item->kind),
		 JSON_TEXT("id", item->ref));
	entry_add_text(row, "what", undo_item_text(&row.cli->arena, item));
	table_addf(row.table, "--%s %s", item->kind, item->ref);
}

static enum err list_undos(struct cli *cli, struct error *error)
{
	struct case_view view;
	enum err err = desk_case(cli->desk, &cli->arena, parsed_argument(&cli->command_line, 0), false, &view, error);
	if (err)
		return err;
	struct cli_rows rows;
	cli_rows_begin_unlimited(cli, "At|What:20|Undo it with", &rows);
	for (size_t i = 0; i < view.undo_count; i++)
		add_undo_row(cli_add_entry(cli, &rows), &view.undos[i]);
	if (!view.undo_count && !cli_is_json(cli))
		out_line(&cli->out, "%s: you have no verdict or removal that can be undone",
			 cli_session_label(cli, &view.file.session));
	cli_print_page(cli, &(struct cli_page){ rows.data, view.undo_count ? rows.table : NULL, NULL, "", NULL });
	return ERR_OK;
}

/* *part: the part to undo, for example "document:ID"; "": the newest part; NULL: the decision. */
static enum err read_undo_target(struct cli *cli, const char **part, struct error *error)
{
	static const char *const kinds[] = { "document", "hit", "correction", "party" };
	size_t count = parsed_has_option(&cli->command_line, "last") + parsed_has_option(&cli->command_line, "list");
	*part = parsed_has_option(&cli->command_line, "last") ? "" : NULL;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		const char *id = parsed_option_text(&cli->command_line, kinds[i]);
		if (!id)
			continue;
		*part = arena_printf(&cli->arena, "%s:%s", kinds[i], id);
		count++;
	}
	if (count > 1)
		return error_set(error, ERR_USAGE,
				 "use only one of --document, --hit, --correction, --party, --last and --list");
	return ERR_OK;
}

static enum err run_undo(struct cli *cli, struct error *error)
{
	struct use_in in = { .verb = VERB_UNDO };
	struct use_out out;
	enum err err = read_undo_target(cli, &in.part, error);
	if (!err && parsed_has_option(&cli->command_line, "list"))
		return list_undos(cli, error);
	if (!err)
		err = cli_read_verb_input(cli, &in, error);
	if (err || !in.part)
		return err ? err : run_decision(cli, &in, error);
	in.verb = VERB_REVIEW_UNDO;
	err = cli_run_use_case(cli, &cli->arena, &in, &out, error);
	return err ? err : cli_print_case_result(cli, out.id, error, "undone: %s", out.undone_change);
}

static enum err run_reopen(struct cli *cli, struct error *error)
{
	/* has_grace without a time means that the webhook is sent at once: a reopening cannot be undone. */
	struct use_in in = { .verb = VERB_REOPEN, .has_grace = true };
	enum err err = cli_read_verb_input(cli, &in, error);
	return err ? err : run_decision(cli, &in, error);
}

static enum err run_reactivate(struct cli *cli, struct error *error)
{
	struct use_in in = { .verb = VERB_REACTIVATE, .session = parsed_argument(&cli->command_line, 0) };
	bool is_bulk;
	enum err err = cli_read_number(cli, "extend", 1, EXTEND_DAYS_MAX, 0, &in.days, error);
	if (!err)
		err = bulk_check_options(cli, *in.session != '\0', &is_bulk, error);
	if (!err && is_bulk)
		return bulk_run(cli, &(struct bulk_change){ .done_phrase = "reactivated", .in = &in }, error);
	return err ? err : run_decision(cli, &in, error);
}

static enum err run_note(struct cli *cli, struct error *error)
{
	struct use_out out;
	enum err err = CLI_RUN(cli, &out, error, .verb = VERB_NOTE, .text = parsed_argument(&cli->command_line, 1),
			       .document = cli_option_text(cli, "document"), .hit = cli_option_text(cli, "hit"));
	if (!err && *out.part_id)
		return cli_print_case_result(cli, out.id, error, "note added; it mentions %s", out.part_id);
	return err ? err : cli_print_case_result(cli, out.id, error, "note added");
}

static enum err run_note_pin(struct cli *cli, struct error *error)
{
	const char *number = parsed_argument(&cli->command_line, 1);
	bool off = parsed_has_option(&cli->command_line, "off");
	struct use_out out;
	enum err err = CLI_RUN(cli, &out, error, .verb = VERB_NOTE_PIN, .part = number, .revoke = off);
	return err ? err
		   : cli_print_case_result(cli, out.id, error, "note %s is %s", number, off ? "unpinned" : "pinned");
}

#define EXTEND_OPTION "extend", "DAYS", 0, "extend the client's access link by this number of days, 1 to 366"

static const struct command rows[] = {
	{ .name = "approve",
	  .summary = "Approves a case when nothing blocks it",
	  .details = "If blockers exist, they are listed, nothing changes, and the exit code is 4 (5 if somebody "
		     "else holds or changed the case). If the workflow requires two people, or the reviewer is "
		     "supervised, the first approval is recorded and the status is unchanged; any change of the "
		     "case makes the first approval void.",
	  .verbs = { { VERB_APPROVE, "" } },
	  .example = "approve RAL-2032 --note 'Registry extract matches'",
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { { NOTE_OPTION }, { GRACE_OPTION }, { EXPECT_VERSION_OPTION } } },
	{ .name = "reject",
	  .summary = "Rejects a case with a reason",
	  .details = "If the case or one of its parties has a confirmed match, use the restricted reason of the "
		     "match (sanctions_match, pep_unacceptable, adverse_media); the rejection is never retryable. "
		     "Another reason then needs a --note of at least ten characters, or is refused if the workflow "
		     "says so. A rejection by a supervised reviewer is recorded, and a colleague decides. In "
		     "production, a sanctions hit needs its verdict first (check resolve), which may be "
		     "--as-undetermined.",
	  .verbs = { { VERB_REJECT, "" } },
	  .example = "reject RAL-2032 --reason invalid_document --retryable",
	  .run = run_reject,
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { { "reason", "CODE", OPTION_REQUIRED, "a code of the session reasons" },
		       { "message", "TEXT", 0, "the message to the client; not with a restricted reason" },
		       { "template", "TEMPLATE", 0, "in place of --message: the message of this template" },
		       { "retryable", NULL, 0, "the client may submit again; not with a confirmed match" },
		       { "final", NULL, 0, "the client may not submit again; default: as the reason says" },
		       { OVERRIDE_OPTION },
		       { NOTE_OPTION },
		       { GRACE_OPTION },
		       { EXPECT_VERSION_OPTION } } },
	{ .name = "corrections",
	  .summary = "Asks the client to correct steps, fields or documents",
	  .details = "Each --step begins a new item; the --field, --document, --party and --message after it belong "
		     "to this item. A type of documents means all rejected documents of the type, else the unreviewed "
		     "ones, else all. A field of a party is \"parties[PARTY].date_of_birth\".",
	  .verbs = { { VERB_CORRECTIONS, "" },
		     { VERB_WITHDRAW, "--withdraw" },
		     { VERB_CORRECTION_ACCEPT, "--accept" } },
	  .role_limit = "a lead if the case is approved or rejected",
	  .example = "corrections RAL-2032 --document proof_of_address --message 'Please upload a statement of the "
		     "last three months'",
	  .run = run_corrections,
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { { "step", "ID", OPTION_REPEATABLE,
			 "the step to correct; begins an item. Default: the step of the item's documents" },
		       { "field", "FIELD", OPTION_REPEATABLE, "a field of the step" },
		       { "document", "DOCUMENT", OPTION_REPEATABLE,
			 "a document to upload again: its id, its type, or a group of types" },
		       { "party", "PARTY", OPTION_REPEATABLE,
			 "the party that the item is about: its data and its identification" },
		       { "message", "TEXT", OPTION_REPEATABLE, "the instruction to the client, one for each item" },
		       { "template", "TEMPLATE", OPTION_REPEATABLE,
			 "in place of --message: the message of this template" },
		       { "from-rejected", NULL, 0,
			 "in place of --step: an item for each rejected document, with the text of its reason" },
		       { EXTEND_OPTION },
		       { "withdraw", NULL, 0, "withdraw the open corrections" },
		       { "accept", "CORRECTION", 0, "accept an answered item" },
		       { OVERRIDE_OPTION },
		       { NOTE_OPTION },
		       { GRACE_OPTION },
		       { EXPECT_VERSION_OPTION } } },
	{ .name = "corrections answer",
	  .summary = "Says which document a client's new file answers",
	  .details = "The file replaces ITEM, a document that a correction asks for. What the file had replaced before "
		     "gets the former answer of ITEM, or returns to the case.",
	  .verbs = { { VERB_CORRECTION_MOVE, "" } },
	  .example = "corrections answer RAL-2032 8f1c2a9b --document 41d07e55",
	  .run = run_answer_move,
	  .arguments = { { SESSION_ARGUMENT },
			 { "ITEM", 0, "the document to replace, or the correction if it asks for one document only" } },
	  .options = { { "document", "DOCUMENT", OPTION_REQUIRED, "the client's new file" },
		       { EXPECT_VERSION_OPTION } } },
	{ .name = "undo",
	  .summary = "Undoes your last decision within its grace time, or your own verdict or removal",
	  .details = "The author of the first of two approvals can undo it until the second approval. Verdicts on "
		     "documents, hits and answers, and removals of parties and of copied KYC sessions, can be "
		     "undone while the case is undecided and the document, hit, answer or party was not changed "
		     "later. The previous state is restored completely, or the undo is refused. Only a lead can "
		     "undo the verdict on a confirmed match, with a --note.",
	  .verbs = { { VERB_UNDO, "" }, { VERB_REVIEW_UNDO, "--document, --hit, --correction, --party, --last" } },
	  .role_limit = "the reviewer of the decision or verdict",
	  .example = "undo RAL-2032",
	  .run = run_undo,
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { { "document", "DOCUMENT", 0, "undo your verdict on a document, not the decision" },
		       { "hit", "HIT", 0, "undo your verdict on a hit" },
		       { "correction", "CORRECTION", 0, "undo your acceptance of an answer" },
		       { "party", "PARTY", 0, "undo your removal of a party or of its KYC session" },
		       { "last", NULL, 0, "undo your newest verdict or removal in the case" },
		       { "list", NULL, 0, "list your verdicts and removals that can be undone" },
		       { "note", "TEXT", 0, "the reason; required to undo a confirmed match" },
		       { EXPECT_VERSION_OPTION } } },
	{ .name = "reopen",
	  .summary = "Reopens a decided case: returns it to manual review",
	  .verbs = { { VERB_REOPEN, "" } },
	  .example = "reopen RAL-2008 --reason 'The merchant sent the missing register extract'",
	  .run = run_reopen,
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { { REASON_OPTION }, { EXPECT_VERSION_OPTION } } },
	{ .name = "reactivate",
	  .summary = "Restores the previous status of an expired session, with a new link expiry",
	  .verbs = { { VERB_REACTIVATE, "" } },
	  .example = "reactivate RAL-2063 --extend 14",
	  .run = run_reactivate,
	  .arguments = { { BULK_SESSION_ARGUMENT } },
	  .options = { { "extend", "DAYS", 0, "link validity in days, 1 to 366; default: as in the profile" },
		       BULK_OPTIONS } },
	{ .name = "escalate",
	  .summary = "Moves a completed or processed session to manual review",
	  .verbs = { { VERB_ESCALATE, "" } },
	  .example = "escalate RAL-2032",
	  .arguments = { { SESSION_ARGUMENT } } },
	{ .name = "note",
	  .summary = "Adds an internal note",
	  .details = "@NAME in the text mentions a reviewer: the case is listed in that reviewer's view "
		     "\"mentioned\" until the reviewer adds a note to the case or runs note read. Write @@ for an "
		     "@ that mentions nobody.",
	  .verbs = { { VERB_NOTE, "" } },
	  .example = "note RAL-2032 'Called the registry; the number is right. @bo: please check the address'",
	  .run = run_note,
	  .arguments = { { SESSION_ARGUMENT }, { "TEXT", 0, "the note" } },
	  .options = { { "document", "DOCUMENT", 0, "the document of the note: type or id" },
		       { "hit", "HIT", 0, "the screening hit of the note: id" } } },
	{ .name = "note pin",
	  .summary = "Pins a note above the others, or unpins it",
	  .verbs = { { VERB_NOTE_PIN, "" } },
	  .role_limit = "the note's author, or a lead",
	  .example = "note pin RAL-2032 2",
	  .run = run_note_pin,
	  .arguments = { { SESSION_ARGUMENT }, { "NUMBER", 0, "the note's number, as show prints it" } },
	  .options = { { "off", NULL, 0, "unpin the note" } } },
	{ .name = "note read",
	  .summary = "Marks the notes of a case and its subsessions that mention you as read",
	  .verbs = { { VERB_NOTE_READ, "" } },
	  .example = "note read RAL-2032",
	  .done_message = "notes that mention you are marked as read",
	  .arguments = { { SESSION_ARGUMENT } } },
};
const struct command_chapter commands_decide = { COMMAND_CHAPTER("Deciding", rows) };
